/*
 * nodes/access_radio.h - one radio link as its two ends see it: each end's own idea of the cipher and of the integrity
 * of signalling.
 *
 * Source:  TS 33.102 §6.5 (integrity), §6.6 (ciphering), TS 43.020 §4.4 and Annex D (GPRS), IEEE 802.11-1999 §8.2.
 * Knows:   frames, keys and counters.  Who attaches how is in nodes/modem.c and nodes/access.c; only these two include
 * this.
 *
 * The cover asks the modem's end to seal what goes up and to open what comes down, and the network's end for the
 * reverse.  Nothing here lets one end look at the other's key: a false cell that has none can neither read nor be read.
 *
 * What starts an attach is sent in the clear in every state (a real one runs over a new, unciphered connection); the
 * node behind the receiving end decides by its own state what it is worth.  IP passes an end only while that has a
 * context, and in the clear only while its cipher is none.
 */
#ifndef PRESEC_NODES_ACCESS_RADIO_H
#define PRESEC_NODES_ACCESS_RADIO_H

#include "crypto/aka.h"
#include "crypto/radio.h"
#include "nodes/msg/access.h"
#include "sim/net.h"
#include "sim/trace.h"

/* One end's idea of the link. */
typedef struct RadioEnd {
    uint8_t key[RADIO_KEY_LEN];
    uint32_t sent;  /* COUNT of the last frame sealed */
    uint8_t cipher; /* RadioCipher in use; RADIO_NONE: everything is clear */
    bool context;   /* IP may pass */
} RadioEnd;

/* UMTS signalling under IK, TS 33.102 §6.5. */
typedef struct RadioIntegrity {
    uint8_t ik[AKA_IK_LEN];
    uint32_t fresh;
    uint32_t sent, received; /* COUNT-I; the first one is 1 */
    bool on;
} RadioIntegrity;

/* On the network's side, by which both ends are found from the link. */
typedef struct RadioCover {
    NetCover cover;
    NetLink *link;
    RadioEnd network;
    RadioEnd *ue;   /* borrowed from the modem; NULL while there is none */
    NetAddr source; /* the only address from which the network takes IP in: that of the context (TS 29.060) */
    uint8_t first, last;
} RadioCover;

/* Covers [first, last] of @link until radio_cover_clear(). */
void radio_cover_init(RadioCover *cover, NetLink *link, unsigned first, unsigned last);
void radio_cover_clear(RadioCover *cover);
RadioCover *radio_cover_of(NetLink *link);          /* NULL: nobody serves this link */
void radio_cover_join(NetLink *link, RadioEnd *ue); /* the modem's end; harmless when nobody serves */
void radio_cover_leave(NetLink *link, const RadioEnd *ue);

/* Switch a cipher on or off and say so in the trace.  @key may be NULL with RADIO_NONE. */
void radio_end_switch(RadioEnd *end, NetHost *host, NetLink *link, RadioCipher cipher, const uint8_t *key);
/* What a cipher takes from one AKA run: CK for UEA1, Kc = c3(CK, IK) for GEA.  @key: out */
void radio_cipher_key(RadioCipher cipher, const uint8_t ck[AKA_CK_LEN], const uint8_t ik[AKA_IK_LEN],
                      uint8_t key[RADIO_KEY_LEN]);

void radio_integrity_start(RadioIntegrity *integrity, const uint8_t ik[AKA_IK_LEN], uint32_t fresh);
/* Is the MAC-I of this message there, right and new?  @octets: as received; @msg: parsed from them.  Advances the
 * counter if so. */
bool radio_integrity_check(RadioIntegrity *integrity, NetDir dir, const AccessMsg *msg, const uint8_t *octets,
                           size_t len);

/*
 * Send signalling from @host over @link: traced, honest (its origin is cleared), with a MAC-I when @integrity is on.
 * @msg: borrowed; cell and the MAC-I's fields are filled in.  @peer: who is meant, for the trace.
 */
void radio_send(NetLink *link, NetHost *host, const char *peer, uint32_t cell, RadioIntegrity *integrity,
                AccessMsg *msg);
/* A message taken in, for the trace. */
void radio_trace_receive(NetLink *link, NetHost *host, const AccessMsg *msg, const uint8_t *octets, size_t len);
/* Does this type come without a MAC-I even when integrity is on: it starts a connection, or carries its own proof? */
bool radio_is_unprotected(AccessType type);
/* "CIPHER MODE COMMAND" */
const char *radio_label(AccessType type);

#endif
