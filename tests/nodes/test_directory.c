/*
 * tests/nodes/test_directory.c - names and addresses of a world.
 *
 * Source:  nodes/node.h.
 */
#include "nodes/node.h"

static const NetAddr *resolve(const Directory *directory, const char *name)
{
    static NetAddr out;
    return directory_resolve(directory, text_from(name), &out) ? &out : NULL;
}

static void test_names(void)
{
    Directory *directory = directory_new();
    NetAddr one = net_addr_make(1, 1), two = net_addr_make(1, 2);
    g_autofree char *long_name = g_strnfill(300, 'a');

    directory_add(directory, "PCSCF.visited.example", &one);
    directory_add(directory, "scscf.home.example", &one);
    g_assert_true(net_addr_equal(resolve(directory, "pcscf.VISITED.example"), &one));
    g_assert_true(net_addr_equal(resolve(directory, "pcscf.visited.example."), &one));
    g_assert_true(directory_has(directory, &one));
    g_assert_false(directory_has(directory, &two));
    directory_add(directory, "pcscf.visited.example", &two); /* the last entry wins */
    g_assert_true(net_addr_equal(resolve(directory, "pcscf.visited.example"), &two));
    g_assert_true(directory_has(directory, &one)); /* the S-CSCF is still there */
    directory_add(directory, "scscf.home.example", &two);
    g_assert_false(directory_has(directory, &one));

    g_assert_null(resolve(directory, "visited.example"));
    g_assert_null(resolve(directory, ""));
    g_assert_null(resolve(directory, "."));
    g_assert_null(resolve(directory, long_name));
    NetAddr out;
    g_assert_false(directory_resolve(directory, TEXT_NONE, &out));
    g_assert_false(directory_resolve(directory, TEXT("scscf.home.example\0"), &out));
    directory_free(directory);
}

static void test_literals(void)
{
    Directory *directory = directory_new();
    NetAddr addr = net_addr_make(UINT64_C(0x20010db800000000), 7);

    g_assert_true(net_addr_equal(resolve(directory, "2001:db8::7"), &addr));
    g_assert_true(net_addr_equal(resolve(directory, "[2001:DB8::7]"), &addr));
    g_assert_null(resolve(directory, "[2001:db8::7"));
    g_assert_null(resolve(directory, "2001:db8::7]"));
    g_assert_null(resolve(directory, "[]"));
    g_assert_null(resolve(directory, ":"));
    g_assert_null(resolve(directory, "2001:db8::7%lo"));
    directory_free(directory);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/nodes/directory/names", test_names);
    g_test_add_func("/nodes/directory/ipv6-literals", test_literals);
    return g_test_run();
}
