/*
 * tests/attacker/support/pair.h - a UE and a P-CSCF on one link, for an attacker between them.
 *
 * Knows:   nodes/stack/sad.h, nodes/stack/radio_frame.h.  No SIP node: the tests write the messages.
 *
 *     ue --- air, gn, gi of "alice" --- pcscf
 */
#ifndef PRESEC_TESTS_ATTACKER_PAIR_H
#define PRESEC_TESTS_ATTACKER_PAIR_H

#include "nodes/attacker/attacker.h"
#include "nodes/stack/radio_frame.h"
#include "nodes/stack/sad.h"

typedef struct PairGot { /* a datagram that came in */
    char *text;
    uint16_t port;
    TraceId origin;
    SimTime at;
} PairGot;

typedef struct PairFrame { /* a crossing */
    char segment[32];
    NetDir dir;
    NetKind kind;
    GByteArray *octets;
} PairFrame;

typedef struct Pair {
    Sim *sim;
    Net *net;
    NetHost *ue, *pcscf;
    NetAddr ue_addr, pcscf_addr;
    NetLink *link;
    Sad *sad[2];        /* of the UE, of the P-CSCF; NULL: no protection */
    GPtrArray *got[2];  /* PairGot *: by the UE, by the P-CSCF */
    GPtrArray *frames;  /* PairFrame * */
    Attacker *attacker; /* freed with the pair */
    RadioCipher cipher; /* of the air; the key is below */
    uint8_t key[RADIO_KEY_LEN];
    uint32_t count[2];
    NetCover cover;
} Pair;

enum { PORT_UC = 6001, PORT_US = 6002, PORT_PC = 6003, PORT_PS = 6004 };
enum { PAIR_UE, PAIR_PCSCF };

Pair *pair_new(void);
void pair_free(Pair *pair);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Pair, pair_free)
void pair_run(Pair *pair);

/* ik and ck of pair_protect() */
extern const EspKeys pair_keys;
void pair_protect(Pair *pair, EspAlg alg, EspEalg ealg);
/* A cipher on the air from now on. */
void pair_cipher(Pair *pair, RadioCipher cipher, const uint8_t key[RADIO_KEY_LEN]);

/* An attacker who listens at a segment; all year, 2021. */
Attacker *pair_attacker(Pair *pair, const char *segment, double work_log2, unsigned year);

/* Up from the UE: through the SAs when there are any, else port 5060 to 5060.  Down from the P-CSCF likewise. */
void pair_send(Pair *pair, NetDir dir, const char *text);
/* A packet made elsewhere appears at the sender's end. */
void pair_feed(Pair *pair, NetDir dir, const uint8_t *octets, size_t len);
const PairGot *pair_last(const Pair *pair, unsigned who); /* NULL: nothing */

/* How many records of this kind; of moves, by verb ("" any). */
size_t pair_moves(const Pair *pair, const char *verb);
size_t pair_drops(const Pair *pair, const char *cause);
/* The reading that has @text in headers or body; NULL: none. */
const Reading *pair_reading(const Pair *pair, const char *text);

/* --- messages; g_free --- */
char *sip_register(bool answers, const char *security);
/* SM5 or SM6: @challenge goes behind the nonce, @security is a Security-Server value or NULL. */
char *sip_challenge(const char *challenge, const char *security);
char *sip_publish(const char *headers, const char *body);

#endif
