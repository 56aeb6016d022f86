/*
 * tests/scenarios/test_data.c - the compiled-in files are all there, sorted, and the same octets as on disk.
 *
 * Source:  scenarios/data.h; run from tests/scenarios, so ../../ is the source root.
 */
#include "scenarios/data.h"

#include <glib.h>
#include <string.h>

static void test_sorted(void)
{
    for (size_t i = 1; i < data_files_count; i++)
        g_assert_cmpstr(data_files[i - 1].path, <, data_files[i].path);
    g_assert_null(data_files[data_files_count].path);
}

static void test_same_as_on_disk(void)
{
    for (size_t i = 0; i < data_files_count; i++) {
        g_autofree char *full = g_build_filename("..", "..", data_files[i].path, NULL);
        g_autofree char *octets = NULL;
        gsize len = 0;
        g_assert_true(g_file_get_contents(full, &octets, &len, NULL));
        g_assert_cmpmem(octets, len, data_files[i].octets, data_files[i].len);
        g_assert_cmpint(data_files[i].octets[data_files[i].len], ==, 0);
        g_assert_true(data_find(data_files[i].path) == &data_files[i]);
    }
}

static void test_unknown_is_null(void)
{
    g_assert_null(data_find(""));
    g_assert_null(data_find("scenarios/options"));
    g_assert_null(data_find("zzz"));
    g_assert_null(data_first("zzz/"));
}

static void test_folder_is_walked_whole(void)
{
    size_t walked = 0, counted = 0;
    for (size_t i = 0; i < data_files_count; i++)
        counted += g_str_has_prefix(data_files[i].path, "ui/help/");
    for (const DataFile *file = data_first("ui/help/"); file; file = data_next(file, "ui/help/"))
        walked++;
    g_assert_cmpuint(walked, ==, counted);
    g_assert_cmpuint(walked, >, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/scenarios/data/sorted-by-path", test_sorted);
    g_test_add_func("/scenarios/data/same-octets-as-on-disk", test_same_as_on_disk);
    g_test_add_func("/scenarios/data/unknown-path-is-null", test_unknown_is_null);
    g_test_add_func("/scenarios/data/folder-is-walked-whole", test_folder_is_walked_whole);
    return g_test_run();
}
