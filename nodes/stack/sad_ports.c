/*
 * nodes/stack/sad_ports.c - the ports of a host that take and send nothing but ESP.
 *
 * Source:  TS 33.203 §7.1: no unprotected traffic on protected ports.
 * Knows:   ports, in a sorted array: a UE has two or four, a P-CSCF as many as it gives out.
 */
#include "nodes/stack/sad_private.h"

#include <string.h>

/* Where @port is in the sorted array, or belongs. */
static uint32_t port_position(const Sad *sad, uint16_t port)
{
    uint32_t low = 0, high = sad->n_ports;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (sad->ports[middle].port < port)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static ProtectedPort *find_port(const Sad *sad, uint16_t port)
{
    uint32_t at = port_position(sad, port);
    return at < sad->n_ports && sad->ports[at].port == port ? &sad->ports[at] : NULL;
}

static bool retired(const Sad *sad, uint16_t port)
{
    for (unsigned i = 0; i < SAD_RETIRED_MAX; i++)
        if (port != 0 && sad->retired[i] == port)
            return true;
    return false;
}

bool sad_port_protected(const Sad *sad, uint16_t port)
{
    return find_port(sad, port) != NULL || retired(sad, port);
}

static ProtectedPort *make_port(Sad *sad, uint16_t port)
{
    uint32_t at = port_position(sad, port);
    if (at == sad->n_ports || sad->ports[at].port != port) {
        sad->ports = g_renew(ProtectedPort, sad->ports, sad->n_ports + 1);
        memmove(&sad->ports[at + 1], &sad->ports[at], (sad->n_ports - at) * sizeof *sad->ports);
        sad->ports[at] = (ProtectedPort){ .port = port };
        sad->n_ports++;
    }
    return &sad->ports[at];
}

void sad_hold_port(Sad *sad, uint16_t port)
{
    make_port(sad, port)->users++;
}

void sad_release_port(Sad *sad, uint16_t port)
{
    ProtectedPort *entry = find_port(sad, port);
    if (--entry->users > 0 || entry->permanent)
        return;
    sad->n_ports--;
    memmove(entry, entry + 1, (size_t)(sad->ports + sad->n_ports - entry) * sizeof *entry);
    if (retired(sad, port))
        return;
    sad->retired[sad->next_retired] = port;
    sad->next_retired = (sad->next_retired + 1) % SAD_RETIRED_MAX;
}

void sad_protect_port(Sad *sad, uint16_t port)
{
    make_port(sad, port)->permanent = true;
}
