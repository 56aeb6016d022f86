/*
 * nodes/node.h - what every network function stands on: its host, its name, who is where.
 *
 * Knows:   no protocol.  A node asks its own policy, never which experiment it is in.
 */
#ifndef PRESEC_NODES_NODE_H
#define PRESEC_NODES_NODE_H

#include "nodes/msg/text.h"
#include "sim/net.h"
#include "sim/trace.h"

/* Names and addresses of the hosts of a world: what DNS would answer.  Owned by the world. */
typedef struct Directory Directory;
Directory *directory_new(void);
void directory_free(Directory *directory);
void directory_add(Directory *directory, const char *name, const NetAddr *addr); /* the last entry for a name wins */
/* A domain name, or an IPv6 literal with or without brackets.  False: no such name. */
bool directory_resolve(const Directory *directory, Text host, NetAddr *out);
/* Whether some name stands for this address: a node of the networks, not a user's. */
bool directory_has(const Directory *directory, const NetAddr *addr);

#endif
