/*
 * nodes/attacker/cell.h - a false base station or evil-twin access point.
 *
 * Source:  threats AT-25 (GPRS), AT-26 (Meyer and Wetzel, "A man-in-the-middle attack on UMTS", 2004), AT-27 (evil
 *          twin), AT-28 (in the middle of a subscription), AT-30p (P-CSCF steering).
 * Knows:   what is on the victim's air segment, and what his own subscription gets from the genuine network.  It works
 *          through an active tap and injected octets there, and through his own hosts; it asks no node anything.
 *          Whether the victim falls for it is the victim's affair.
 *
 *     victim ~~~ false cell | his host ~~~ genuine cell --- core
 *                           ` his probe (a second handset, for a challenge meant for the victim)
 *
 * The victim gets the address of the attacker's own context, so the genuine network routes the victim's packets both
 * ways; they are passed on octet for octet.  Records: TRACE_MOVE with the verbs "present-cell", "ask-identity",
 * "fetch-challenge", "play-challenge", "set-cipher", "bridge", "steer".
 */
#ifndef PRESEC_ATTACKER_CELL_H
#define PRESEC_ATTACKER_CELL_H

#include "crypto/radio.h"
#include "nodes/msg/access.h"
#include "sim/net.h"
#include "sim/trace.h"

typedef struct Cell Cell;

typedef struct CellConfig {
    const char *attacker; /* "mallory"; all strings are borrowed */
    const char *segment;  /* the victim's air segment, "air:alice" */
    /* the radio link that has that segment; NULL: known from the first frame heard there */
    NetLink *victim;
    AccessTechnology technology; /* what it pretends to be */
    uint32_t cell_id;            /* 0: drawn from the attacker's stream */
    uint8_t strength;            /* of its beacon; a victim camps on the strongest */
    const char *ssid;            /* WLAN; NULL: the one heard in the genuine beacon */
    RadioCipher cipher;          /* announced and commanded; RADIO_NONE, or a WEP whose key he knows */
    uint8_t wep_key[RADIO_KEY_LEN];
    /* answer the attach with a challenge fetched from the genuine network in the victim's name */
    bool relay_challenge;
    /* the victim's; NULL: as his attach says, else asked for by IDENTITY REQUEST */
    const char *imsi;
    /* radio link (end a) of a host of his to the genuine cell, with no modem on it; for relay_challenge only */
    NetLink *probe;
    NetHost *host; /* of his own modem; its IP hook is taken over once the victim is bridged */
    NetAddr pcscf; /* told to the victim; all zero: the one his own context came with */
    /* RAND 16, AUTN 16: ask the victim for RES to this, pass it to @answered, and let it go; NULL: not */
    const uint8_t *challenge;
    void (*answered)(void *ctx, const uint8_t *res, size_t len);
    void *answered_ctx;
} CellConfig;

/*
 * An IPv6 packet on its way through the false cell.  @octets borrowed.
 * @frame: of the crossing that brought it: going up on the victim's air segment, going down on the air of his own link.
 */
typedef void (*CellReader)(void *ctx, const uint8_t *octets, size_t len, NetDir dir, uint64_t frame,
                           SimContext context);

/* Silent until cell_start().  @config is copied, what it points to is borrowed.  Lives as long as @net: taps stay. */
Cell *cell_new(Net *net, const CellConfig *config);
void cell_free(Cell *cell); /* after the last event, before net_free() */
void cell_set_reader(Cell *cell, CellReader reader, void *ctx);
/* His own modem is attached: from ModemEvents.attached.  Before this no victim gets a context from the cell. */
void cell_own_context(Cell *cell, const NetAddr *addr, const NetAddr *pcscf);
void cell_start(Cell *cell);           /* goes on the air */
void cell_stop(Cell *cell);            /* off the air: what comes for the victim is no longer touched */
bool cell_bridges(const Cell *cell);   /* a victim has a context through it */
unsigned cell_moves(const Cell *cell); /* TRACE_MOVE records made, counted also when the trace is off */
/*
 * The same as threats 5 counts: the cell with its cipher and its bridge is one move, a session in the victim's name for
 * a challenge one, giving the victim that challenge one, a P-CSCF of his choice one; however often.
 */
unsigned cell_counted_moves(const Cell *cell);

#endif
