/*
 * sim/net.c - the network as a whole: what it owns, how its hosts are found, what it blocks.
 *
 * Source:  sim/net.h.
 * Knows:   hosts and links by index, in order of creation.
 */
#include "sim/network.h"

#include <string.h>

Net *net_new(Sim *sim)
{
    Net *net = g_new0(Net, 1);

    net->sim = sim;
    net->texts = g_string_chunk_new(4096);
    net->host_chunks = g_ptr_array_new_with_free_func(g_free);
    net->link_chunks = g_ptr_array_new_with_free_func(g_free);
    net->taps = g_array_new(FALSE, FALSE, sizeof(NetTap));
    net->blocks = g_array_new(FALSE, FALSE, sizeof(NetBlock));
    net->watches = g_array_new(FALSE, FALSE, sizeof(HostWatch));
    pool_init(&net->pool);
    return net;
}

static void host_clear(NetHost *host)
{
    routes_free(host->routes);
    if (host->sockets != NULL) {
        tcp_host_free(host->sockets->tcp);
        g_free(host->sockets->udp);
        g_free(host->sockets);
    }
}

void net_free(Net *net)
{
    if (net == NULL) {
        return;
    }
    for (size_t i = 0; i < net->n_hosts; i++) {
        host_clear(net_host_at(net, i));
    }
    g_ptr_array_free(net->host_chunks, TRUE);
    g_ptr_array_free(net->link_chunks, TRUE);
    g_array_free(net->taps, TRUE);
    g_array_free(net->blocks, TRUE);
    g_array_free(net->watches, TRUE);
    addrtable_clear(&net->by_addr);
    g_clear_pointer(&net->by_name, g_hash_table_destroy);
    pool_clear(&net->pool);
    g_string_chunk_free(net->texts);
    g_free(net);
}

Sim *net_sim(Net *net)
{
    return net->sim;
}

NetHost *net_host_at(const Net *net, size_t index)
{
    NetHost *chunk = g_ptr_array_index(net->host_chunks, index / NET_CHUNK);

    return &chunk[index % NET_CHUNK];
}

NetLink *net_link_at(const Net *net, size_t index)
{
    NetLink *chunk = g_ptr_array_index(net->link_chunks, index / NET_CHUNK);

    return &chunk[index % NET_CHUNK];
}

/* --- finding hosts: the tables are made when first asked for --- */

void net_remember_host(Net *net, NetHost *host)
{
    if (net->by_name != NULL) {
        g_hash_table_insert(net->by_name, (gpointer)host->name, host);
    }
    if (net->finds_by_addr && host->has_addr && !host->poses) {
        addrtable_put(&net->by_addr, &host->addr, host);
    }
}

void net_forget_addr(Net *net, NetHost *host)
{
    if (net->finds_by_addr && addrtable_get(&net->by_addr, &host->addr) == host) {
        addrtable_remove(&net->by_addr, &host->addr);
    }
}

static void remember_all(Net *net)
{
    for (size_t i = 0; i < net->n_hosts; i++) {
        net_remember_host(net, net_host_at(net, i));
    }
}

NetHost *net_host_find(Net *net, const NetAddr *addr)
{
    if (!net->finds_by_addr) {
        net->finds_by_addr = true;
        remember_all(net);
    }
    return addrtable_get(&net->by_addr, addr);
}

NetHost *net_host_by_name(Net *net, const char *name)
{
    if (net->by_name == NULL) {
        net->by_name = g_hash_table_new(g_str_hash, g_str_equal);
        remember_all(net);
    }
    return g_hash_table_lookup(net->by_name, name);
}

/* --- blocking --- */

void net_block_protocol(Net *net, uint8_t next_header, uint16_t port)
{
    NetBlock block = { next_header, port, false };

    g_array_append_val(net->blocks, block);
}

void net_block_except(Net *net, uint8_t next_header, uint16_t port)
{
    NetBlock block = { next_header, port, true };

    g_array_append_val(net->blocks, block);
}

static bool block_fits(const NetBlock *block, const IpView *ip)
{
    if (block->next_header != ip->next_header) {
        return false;
    }
    if (block->port == 0) {
        return true;
    }
    return (ip->next_header == IP_TCP || ip->next_header == IP_UDP) && ip->payload_len >= 4 &&
           (get_u16(ip->payload) == block->port || get_u16(ip->payload + 2) == block->port);
}

bool net_blocks(const Net *net, const NetPacket *packet)
{
    IpView ip;
    bool blocked = false;

    if (net->blocks->len == 0 || packet->kind != NET_IP || !ip_parse(packet->data, packet->len, &ip)) {
        return false;
    }
    for (guint i = 0; i < net->blocks->len; i++) {
        const NetBlock *block = &g_array_index(net->blocks, NetBlock, i);
        if (block_fits(block, &ip)) {
            if (block->passes) {
                return false;
            }
            blocked = true;
        }
    }
    return blocked;
}
