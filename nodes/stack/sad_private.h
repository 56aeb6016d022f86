/*
 * nodes/stack/sad_private.h - what sad.c (the database) and sad_hook.c (the packets) share.
 *
 * Knows:   as sad.h.
 */
#ifndef PRESEC_STACK_SAD_PRIVATE_H
#define PRESEC_STACK_SAD_PRIVATE_H

#include "nodes/stack/index.h"
#include "nodes/stack/sad.h"

/*
 * A set as one host sees it: two pairs of SAs.  Pair 0 joins our client port with the peer's server port, pair 1 our
 * server port with the peer's client port.  For a UE out[0] is SA 1, in[0] SA 2, in[1] SA 3, out[1] SA 4 of sad.h.
 */
typedef struct SaSet {
    SaSetId id;
    NetAddr local, peer;
    uint16_t local_port[2], peer_port[2];
    EspKeys keys;
    EspSa out[2], in[2];
    SimStream iv;
    TraceId record;
    bool outbound;
} SaSet;

/* The mutant that accepts a second algorithm on the same SPIs, and the user of a traced set: both rare. */
typedef struct SaExtra {
    char *user;
    bool accepts_also;
    EspEalg also;
} SaExtra;

typedef struct ProtectedPort {
    uint16_t port;
    uint32_t users; /* sets that have it */
    bool permanent; /* by sad_protect_port() */
} ProtectedPort;

#define SAD_RETIRED_MAX 8 /* ports kept protected after their last set went, so that what is still queued stays in */

/* Kept only by a host with many sets: a UE has one or two, which are looked through. */
typedef struct SadIndexes {
    Index by_id;       /* slot * 2 */
    Index by_spi;      /* slot * 2 + pair: inbound SAs */
    Index by_selector; /* slot * 2 + pair: outbound selectors */
} SadIndexes;
#define SAD_FEW 4

struct Sad {
    NetHost *host;
    Sim *sim;
    const char *node;
    SadSide side;
    SadPolicy policy;
    NetIpHook hook;
    SaSetId last_id;
    uint32_t count;
    SaSet **set; /* by slot; slot 0 is not used */
    uint32_t n_slots, slots_room;
    uint32_t *free; /* slots without a set */
    uint32_t n_free, free_room;
    SadIndexes *indexes;  /* NULL until there were more than SAD_FEW sets */
    ProtectedPort *ports; /* by port */
    uint32_t n_ports;
    uint16_t retired[SAD_RETIRED_MAX];
    unsigned next_retired;
    GHashTable *extra; /* SaSetId -> SaExtra; NULL until one is needed */
};

/* The newest outbound set for this selector; when all that match only listen, the newest of them.  @pair: out. */
SaSet *sad_find_outbound(const Sad *sad, const NetAddr *dst, uint16_t sport, uint16_t dport, unsigned *pair);
/* The set that receives on this SPI; among several (equal SPIs are a mutant) the one whose peer is @src. */
SaSet *sad_find_inbound(const Sad *sad, uint32_t spi, const NetAddr *src, unsigned *pair);
bool sad_port_protected(const Sad *sad, uint16_t port);
/* One more or one less set has this port. */
void sad_hold_port(Sad *sad, uint16_t port);
void sad_release_port(Sad *sad, uint16_t port);
const SaExtra *sad_extra(const Sad *sad, SaSetId id); /* NULL: none */

NetVerdict sad_hook_out(void *ctx, NetHost *host, NetPacket *packet);
NetVerdict sad_hook_in(void *ctx, NetHost *host, NetPacket *packet);

#endif
