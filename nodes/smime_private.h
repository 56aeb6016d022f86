/*
 * nodes/smime_private.h - what the files about S/MIME share.
 */
#ifndef PRESEC_NODES_SMIME_PRIVATE_H
#define PRESEC_NODES_SMIME_PRIVATE_H

#include "nodes/msg/mime.h"
#include "nodes/smime.h"

#define SMIME_VERSION_HEADER "Content-ID"

/* A stream of one node and message: other subscribers change nothing in it. */
typedef struct SmimeDraw {
    Sim *sim;
    SimStream stream;
    CryptoRandom random;
} SmimeDraw;
/* @draw: must outlive the use of what is returned, and stay where it is. */
const CryptoRandom *smime_draw(SmimeDraw *draw, const SmimeEnd *end, const char *purpose, const char *about,
                               uint64_t number);

/* Now, as versions count. */
int64_t smime_version(const SmimeEnd *end);

#endif
