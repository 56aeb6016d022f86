/*
 * nodes/node.c - the directory: what DNS would answer.
 *
 * Source:  RFC 1035 §2.3.3 (names compare without case), §2.3.4 (their length); RFC 3261 §25.1 (IPv6reference).
 * Knows:   names and addresses.  Looked up, never walked.
 */
#include "nodes/node.h"

enum { NAME_MAX_LEN = 255 };

struct Directory {
    GHashTable *by_name; /* char * in lower case -> NetAddr * */
    GHashTable *by_addr; /* NetAddr * -> number of names */
};

static guint addr_hash(gconstpointer key)
{
    const NetAddr *addr = key;
    uint64_t mixed = (net_addr_prefix(addr) * 31 + net_addr_interface(addr)) * UINT64_C(0x9e3779b97f4a7c15);
    return (guint)(mixed >> 32);
}

static gboolean addr_equal(gconstpointer a, gconstpointer b)
{
    return net_addr_equal(a, b);
}

Directory *directory_new(void)
{
    Directory *directory = g_new0(Directory, 1);
    directory->by_name = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    directory->by_addr = g_hash_table_new_full(addr_hash, addr_equal, g_free, NULL);
    return directory;
}

void directory_free(Directory *directory)
{
    if (directory == NULL)
        return;
    g_hash_table_unref(directory->by_name);
    g_hash_table_unref(directory->by_addr);
    g_free(directory);
}

static void count_addr(Directory *directory, const NetAddr *addr, int change)
{
    int names = GPOINTER_TO_INT(g_hash_table_lookup(directory->by_addr, addr)) + change;
    if (names > 0)
        g_hash_table_replace(directory->by_addr, g_memdup2(addr, sizeof *addr), GINT_TO_POINTER(names));
    else
        g_hash_table_remove(directory->by_addr, addr);
}

void directory_add(Directory *directory, const char *name, const NetAddr *addr)
{
    g_autofree char *key = g_ascii_strdown(name, -1);
    const NetAddr *before = g_hash_table_lookup(directory->by_name, key);

    if (before != NULL)
        count_addr(directory, before, -1);
    count_addr(directory, addr, 1);
    g_hash_table_replace(directory->by_name, g_steal_pointer(&key), g_memdup2(addr, sizeof *addr));
}

static bool literal(Text host, NetAddr *out)
{
    if (host.len >= 2 && host.p[0] == '[' && host.p[host.len - 1] == ']')
        return net_addr_parse(host.p + 1, host.len - 2, out);
    return net_addr_parse(host.p, host.len, out);
}

bool directory_resolve(const Directory *directory, Text host, NetAddr *out)
{
    char key[NAME_MAX_LEN + 1];

    if (host.len == 0)
        return false;
    if (text_find(host, ':') < host.len)
        return literal(host, out);
    if (host.p[host.len - 1] == '.') /* the root, RFC 1034 §3.1 */
        host.len--;
    if (host.len == 0 || host.len > NAME_MAX_LEN || memchr(host.p, '\0', host.len) != NULL)
        return false;
    for (uint32_t i = 0; i < host.len; i++)
        key[i] = g_ascii_tolower(host.p[i]);
    key[host.len] = '\0';
    const NetAddr *addr = g_hash_table_lookup(directory->by_name, key);
    if (addr == NULL)
        return false;
    *out = *addr;
    return true;
}

bool directory_has(const Directory *directory, const NetAddr *addr)
{
    return g_hash_table_contains(directory->by_addr, addr);
}
