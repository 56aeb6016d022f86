/*
 * tests/fuzz/driver.c - runs a fuzz target without libFuzzer: the seeds, and simple changes of each.
 *
 * Usage:   fuzz_NAME PATH...; a folder stands for the files in it, a missing one for no seed.
 * Knows:   LLVMFuzzerTestOneInput only.  The changes are a fixed sequence, so a failure repeats.
 */
#include <glib.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* How many changed copies of each seed are tried, and how long a seed may be to have them. */
enum { CHANGES_PER_SEED = 200, CHANGED_LEN_MAX = 65536 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The target gets a copy of exactly this size, so that the sanitizer sees a read past the end. */
static void try_octets(const uint8_t *octets, size_t len)
{
    uint8_t *copy = malloc(len ? len : 1);
    g_assert_nonnull(copy);
    if (len)
        memcpy(copy, octets, len);
    LLVMFuzzerTestOneInput(copy, len);
    free(copy);
}

/* A linear congruential sequence (Knuth, TAOCP 2, 3.3.4): the state is the seed's own, no clock and no rand(). */
static uint32_t next_number(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*state >> 33);
}

static void try_changes(const uint8_t *octets, size_t len)
{
    static const uint8_t telling[] = { 0x00, 0xff, 0x7f, 0x80, '\r', '\n', '<', '"', ';', ' ', '%', '9' };
    g_autofree uint8_t *changed = g_malloc(len);
    uint64_t state = len;
    for (int i = 0; i < CHANGES_PER_SEED; i++) {
        memcpy(changed, octets, len);
        size_t changed_len = i % 4 == 3 ? next_number(&state) % len : len;
        for (uint32_t n = next_number(&state) % 4 + 1; n > 0 && changed_len > 0; n--) {
            uint32_t at = next_number(&state) % (uint32_t)changed_len;
            uint32_t how = next_number(&state);
            changed[at] = how % 2 ? telling[how / 2 % sizeof telling] : (uint8_t)(changed[at] ^ (1u << how / 2 % 8));
        }
        try_octets(changed, changed_len);
    }
}

static unsigned try_file(const char *path)
{
    g_autofree char *octets = NULL;
    gsize len = 0;
    if (!g_file_get_contents(path, &octets, &len, NULL))
        return 0;
    try_octets((const uint8_t *)octets, len);
    if (len > 0 && len <= CHANGED_LEN_MAX)
        try_changes((const uint8_t *)octets, len);
    return 1;
}

static unsigned try_folder(const char *path)
{
    unsigned tried = 0;
    g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
    for (const char *name = folder ? g_dir_read_name(folder) : NULL; name; name = g_dir_read_name(folder)) {
        g_autofree char *full = g_build_filename(path, name, NULL);
        tried += try_file(full);
    }
    return tried;
}

int main(int argc, char **argv)
{
    unsigned tried = 0;
    try_octets(NULL, 0);
    for (int i = 1; i < argc; i++)
        tried += g_file_test(argv[i], G_FILE_TEST_IS_DIR) ? try_folder(argv[i]) : try_file(argv[i]);
    g_print("%u seeds, %d changes of each\n", tried, CHANGES_PER_SEED);
    return EXIT_SUCCESS;
}
