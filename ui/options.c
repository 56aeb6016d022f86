/*
 * ui/options.c - filling a command's settings from its command line.
 *
 * Source:  ui/options.h.
 * Knows:   tables of options.  Unknown options are left to us by GLib, so that the nearest one can be named.
 */
#include "ui/options.h"

#include "scenarios/nearest.h"
#include "ui/output.h"

#include <string.h>

const CommandOption common_options[] = {
    { "help", 'h', OPTION_FLAG, offsetof(CommonSettings, help), NULL, "Show this help" },
    { "no-color", 0, OPTION_FLAG, offsetof(CommonSettings, no_color), NULL, "Plain text even on a terminal" },
    { 0 },
};

static void *member(void *settings, const CommandOption *option)
{
    return (char *)settings + option->offset;
}

/* Numbers are read as texts first: GLib would take 0x10, -1 and locale blanks. */
static void *target_of(void *settings, const CommandOption *option, GPtrArray *numbers)
{
    if (option->kind != OPTION_NUMBER)
        return member(settings, option);
    char **text = g_new0(char *, 1);
    g_ptr_array_add(numbers, text);
    return text;
}

static GOptionArg kind_of(const CommandOption *option)
{
    switch (option->kind) {
    case OPTION_FLAG: return G_OPTION_ARG_NONE;
    case OPTION_TEXT: return G_OPTION_ARG_STRING;
    case OPTION_TEXTS: return G_OPTION_ARG_STRING_ARRAY;
    case OPTION_NUMBER: return G_OPTION_ARG_STRING;
    }
    return G_OPTION_ARG_NONE;
}

static void add_entries(GArray *entries, const CommandOption *options, void *settings, GPtrArray *numbers)
{
    for (const CommandOption *option = options; option && option->name; option++) {
        GOptionEntry entry = { .long_name = option->name,
                               .short_name = option->letter,
                               .arg = kind_of(option),
                               .arg_data = target_of(settings, option, numbers) };
        g_array_append_val(entries, entry);
    }
}

/* In the order of target_of: the n-th number option was given the n-th text. */
static ExitStatus read_numbers(const CommandOption *options, void *settings, GPtrArray *numbers)
{
    guint n = 0;
    for (const CommandOption *option = options; option && option->name; option++) {
        if (option->kind != OPTION_NUMBER)
            continue;
        char **text = g_ptr_array_index(numbers, n++);
        OptionNumber *number = member(settings, option);
        number->given = *text != NULL;
        if (*text && !g_ascii_string_to_unsigned(*text, 10, 0, G_MAXUINT64, &number->value, NULL)) {
            output_message("--%s: '%s' is not a whole number", option->name, *text);
            return EXIT_USAGE;
        }
    }
    return EXIT_DONE;
}

static ExitStatus unknown_option(const Command *command, const char *written)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    for (const CommandOption *option = common_options; option->name; option++)
        g_ptr_array_add(names, (char *)option->name);
    for (const CommandOption *option = command->options; option && option->name; option++)
        g_ptr_array_add(names, (char *)option->name);
    g_ptr_array_add(names, NULL);
    g_autofree char *name = g_strndup(written, strcspn(written, "="));
    const char *nearest = nearest_name(name + strspn(name, "-"), (const char *const *)names->pdata);
    if (nearest && name[1] == '-')
        output_message("%s: there is no option %s; did you mean --%s?", command->name, name, nearest);
    else
        output_message("%s: there is no option %s; see presec help %s", command->name, name, command->name);
    return EXIT_USAGE;
}

/* What GLib left is the command's words: an option among them is one that nobody knows; "--" ends the options. */
static ExitStatus take_words(const Command *command, int argc, char **argv, ParsedLine *line)
{
    GPtrArray *words = g_ptr_array_new();
    ExitStatus status = EXIT_DONE;
    bool options_over = false;
    for (int i = 1; i < argc; i++) {
        bool option = !options_over && argv[i][0] == '-' && argv[i][1] != '\0';
        if (option && strcmp(argv[i], "--") == 0)
            options_over = true;
        else if (option && status == EXIT_DONE)
            status = unknown_option(command, argv[i]);
        else
            g_ptr_array_add(words, g_strdup(argv[i]));
    }
    line->n_args = words->len;
    g_ptr_array_add(words, NULL);
    line->args = (char **)g_ptr_array_free(words, FALSE);
    return status;
}

static void free_number(void *data)
{
    char **text = data;
    g_free(*text);
    g_free(text);
}

static bool takes_value(const CommandOption *options, char letter)
{
    for (const CommandOption *option = options; option && option->name; option++)
        if (option->letter == letter)
            return option->kind != OPTION_FLAG;
    return false;
}

/* "-j4" means "-j 4", which is all that GLib reads.  The texts are borrowed, the array is the caller's. */
static GPtrArray *split_short(const Command *command, char **words, GPtrArray *made)
{
    GPtrArray *split = g_ptr_array_new();
    for (bool over = false; *words; words++) {
        over = over || strcmp(*words, "--") == 0;
        const char *word = *words;
        bool joined = !over && word[0] == '-' && g_ascii_isalpha(word[1]) && word[2] != '\0';
        if (!joined || !takes_value(command->options, word[1])) {
            g_ptr_array_add(split, *words);
            continue;
        }
        g_ptr_array_add(made, g_strndup(word, 2));
        g_ptr_array_add(split, made->pdata[made->len - 1]);
        g_ptr_array_add(split, *words + 2);
    }
    g_ptr_array_add(split, NULL);
    return split;
}

ExitStatus options_parse(const Command *command, char **words, ParsedLine *line)
{
    *line = (ParsedLine){ .settings = g_malloc0(MAX(command->settings_size, 1)) };
    g_autoptr(GPtrArray) numbers = g_ptr_array_new_with_free_func(free_number);
    g_autoptr(GArray) entries = g_array_new(TRUE, TRUE, sizeof(GOptionEntry));
    add_entries(entries, common_options, &line->common, numbers);
    add_entries(entries, command->options, line->settings, numbers);

    g_autoptr(GOptionContext) context = g_option_context_new(NULL);
    g_autoptr(GError) error = NULL;
    g_option_context_set_help_enabled(context, FALSE);
    g_option_context_set_ignore_unknown_options(context, TRUE);
    g_option_context_add_main_entries(context, (GOptionEntry *)(void *)entries->data, NULL);
    g_autoptr(GPtrArray) made = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) split = split_short(command, words, made);
    int argc = (int)split->len - 1;
    g_autofree char **argv = g_memdup2(split->pdata, sizeof(char *) * split->len);
    if (!g_option_context_parse(context, &argc, &argv, &error)) {
        output_message("%s: %s", command->name, error->message);
        return EXIT_USAGE;
    }
    ExitStatus status = take_words(command, argc, argv, line);
    return status == EXIT_DONE ? read_numbers(command->options, line->settings, numbers) : status;
}

void options_clear(const Command *command, ParsedLine *line)
{
    for (const CommandOption *option = command->options; option && option->name; option++) {
        if (option->kind == OPTION_TEXT)
            g_free(*(char **)member(line->settings, option));
        else if (option->kind == OPTION_TEXTS)
            g_strfreev(*(char ***)member(line->settings, option));
    }
    g_free(line->settings);
    g_strfreev(line->args);
}
