/*
 * sim/route.c - through which link a host reaches an address.
 *
 * Source:  the exact address first, then its /64 prefix, then the default: longest prefix first, for the three lengths
 *          there are.
 * Knows:   hosts and links; no octets.
 */
#include "sim/network.h"

static NetRoutes *host_routes(NetHost *host)
{
    if (host->routes == NULL) {
        host->routes = g_new0(NetRoutes, 1);
    }
    return host->routes;
}

static PrefixRoute *find_prefix(const NetRoutes *routes, uint64_t prefix)
{
    for (uint32_t i = 0; i < routes->n_prefixes; i++) {
        if (routes->prefixes[i].prefix == prefix) {
            return &routes->prefixes[i];
        }
    }
    return NULL;
}

void net_route_prefix(NetHost *host, uint64_t prefix, NetLink *link)
{
    NetRoutes *routes = host_routes(host);
    PrefixRoute *known = find_prefix(routes, prefix);

    if (known != NULL) {
        known->link = link;
        if (link == NULL) {
            *known = routes->prefixes[--routes->n_prefixes];
        }
        return;
    }
    if (link == NULL) {
        return;
    }
    if (routes->n_prefixes == routes->prefix_room) {
        routes->prefix_room = MAX(routes->prefix_room * 2, 4);
        routes->prefixes = g_renew(PrefixRoute, routes->prefixes, routes->prefix_room);
    }
    routes->prefixes[routes->n_prefixes++] = (PrefixRoute){ .prefix = prefix, .link = link };
}

void net_route_addr(NetHost *host, const NetAddr *addr, NetLink *link)
{
    if (link == NULL) {
        routes_forget_addr(host, addr);
    } else {
        addrtable_put(&host_routes(host)->exact, addr, link);
    }
}

void net_route_default(NetHost *host, NetLink *link)
{
    host->default_link = link;
}

NetLink *net_route(NetHost *host, const NetAddr *addr)
{
    const NetRoutes *routes = host->routes;

    if (routes != NULL) {
        NetLink *link = addrtable_get(&routes->exact, addr);
        if (link != NULL) {
            return link;
        }
        const PrefixRoute *known = find_prefix(routes, net_addr_prefix(addr));
        if (known != NULL) {
            return known->link;
        }
    }
    return host->default_link;
}

void routes_forget_addr(NetHost *host, const NetAddr *addr)
{
    if (host->routes != NULL) {
        addrtable_remove(&host->routes->exact, addr);
    }
}

void routes_free(NetRoutes *routes)
{
    if (routes != NULL) {
        addrtable_clear(&routes->exact);
        g_free(routes->prefixes);
        g_free(routes);
    }
}
