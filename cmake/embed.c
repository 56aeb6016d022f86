/*
 * cmake/embed.c - turns the data files into one C table, at build time.
 *
 * Usage:   embed OUTPUT.c ROOT LIST; LIST holds one path below ROOT per line.
 * Knows:   the C library only.  The table's shape is in scenarios/data.h.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PATH_MAX_LEN = 1024, OCTETS_PER_LINE = 96 };

typedef struct {
    char **paths;
    size_t count;
} PathList;

static int compare_paths(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool path_list_read(PathList *list, const char *name)
{
    char line[PATH_MAX_LEN];
    FILE *file = fopen(name, "r");
    if (!file)
        return false;
    while (fgets(line, sizeof line, file)) {
        line[strcspn(line, "\n")] = '\0';
        if (line[0] == '\0')
            continue;
        char **grown = realloc(list->paths, (list->count + 1) * sizeof *grown);
        if (!grown)
            abort();
        list->paths = grown;
        list->paths[list->count++] = strdup(line);
    }
    fclose(file);
    if (list->count > 0)
        qsort(list->paths, list->count, sizeof *list->paths, compare_paths);
    return true;
}

static void path_list_clear(PathList *list)
{
    for (size_t i = 0; i < list->count; i++)
        free(list->paths[i]);
    free(list->paths);
}

/* A string literal compiles many times faster than a list of numbers.  Everything that is not a letter, digit or
 * plain sign is written in three octal digits, so neither trigraphs nor a following digit can change its meaning. */
static void put_octet(FILE *out, int octet)
{
    if (octet == ' ' || octet == '.' || octet == ',' || octet == '-' || octet == '=' || octet == '<' || octet == '>' ||
        octet == '/' || octet == ':' || (octet >= '0' && octet <= '9') || (octet >= 'A' && octet <= 'Z') ||
        (octet >= 'a' && octet <= 'z'))
        fputc(octet, out);
    else
        fprintf(out, "\\%03o", (unsigned)octet);
}

static bool put_file(FILE *out, size_t number, const char *root, const char *path)
{
    char full[2 * PATH_MAX_LEN];
    snprintf(full, sizeof full, "%s/%s", root, path);
    FILE *in = fopen(full, "rb");
    if (!in) {
        perror(full);
        return false;
    }
    fprintf(out, "static const char file_%zu[] =\n    \"", number);
    size_t column = 0;
    for (int octet = fgetc(in); octet != EOF; octet = fgetc(in)) {
        if (column++ == OCTETS_PER_LINE) {
            fputs("\"\n    \"", out);
            column = 1;
        }
        put_octet(out, octet);
    }
    fputs("\";\n", out);
    bool read = !ferror(in);
    fclose(in);
    return read;
}

static bool put_table(FILE *out, const PathList *list, const char *root)
{
    fputs("/* Made by cmake/embed.c from the data files; change those. */\n#include \"scenarios/data.h\"\n\n", out);
    for (size_t i = 0; i < list->count; i++)
        if (!put_file(out, i, root, list->paths[i]))
            return false;
    fputs("\nconst DataFile data_files[] = {\n", out);
    for (size_t i = 0; i < list->count; i++)
        fprintf(out, "    { \"%s\", (const uint8_t *)file_%zu, sizeof file_%zu - 1 },\n", list->paths[i], i, i);
    fprintf(out, "    { 0 },\n};\nconst size_t data_files_count = %zu;\n", list->count);
    return !ferror(out);
}

int main(int argc, char **argv)
{
    PathList list = { 0 };
    if (argc != 4 || !path_list_read(&list, argv[3])) {
        fprintf(stderr, "usage: embed OUTPUT.c ROOT LIST\n");
        return EXIT_FAILURE;
    }
    FILE *out = fopen(argv[1], "w");
    bool written = out && put_table(out, &list, argv[2]);
    if (out && fclose(out) != 0)
        written = false;
    if (!written) {
        fprintf(stderr, "embed: %s was not written\n", argv[1]);
        remove(argv[1]);
    }
    path_list_clear(&list);
    return written ? EXIT_SUCCESS : EXIT_FAILURE;
}
