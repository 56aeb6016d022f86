/*
 * nodes/attacker/attacker.h - an attacker: taps at places, a decoder behind them, and general moves.
 *
 * Source:  threats 2.0 (positions A1-A10), 5 (moves: drop, replay, edit, redirect, inject, own session, radio cipher,
 * relay a challenge). Knows:   octets it tapped, keys it owns or computed.  A move never asks what protects a message:
 * it acts on what it can parse, or on packets as such.
 */
#ifndef PRESEC_ATTACKER_ATTACKER_H
#define PRESEC_ATTACKER_ATTACKER_H

#include "crypto/tls.h"
#include "nodes/attacker/cell.h"
#include "nodes/attacker/knowledge.h"
#include "nodes/stack/endpoint.h"

typedef struct Attacker Attacker;

typedef struct AttackerCredentials {
    const Cert *cert;
    const CertKey *key;
} AttackerCredentials;

/*
 * His TLS policies: any version, any suite (those without encryption too), and nothing checked of the other end.  NULL:
 * he has none, and moves that need it are not made.
 */
typedef struct AttackerTls {
    TlsContext *client;             /* shows no certificate */
    TlsContext *client_certified;   /* shows @credentials when asked */
    TlsContext *server_self_signed; /* shows @self_signed: the right name, and nobody issued it */
    TlsContext *server_other_name;  /* shows @credentials: a good chain, and another name */
} AttackerTls;

typedef struct AttackerConfig {
    const char *name;        /* "mallory"; strings borrowed */
    const char *position;    /* "A5" */
    double work_log2;        /* budget for breaking ciphers; 0: breaks none */
    unsigned knowledge_year; /* attacks published later do not exist for him */
    /* What he owns, lent by the world; members of an absent one are NULL.  The keys belong to this run alone. */
    AttackerCredentials credentials; /* issued by the operators' CA, for names of his own */
    AttackerCredentials subscriber;  /* of a participant who works with him (A6) */
    AttackerCredentials self_signed; /* names whom he plays (the victim's P-CSCF), but nobody issued it */
    const CertTrust *trust;          /* the operators' CA, that everybody knows */
    AttackerTls tls;
} AttackerConfig;

Attacker *attacker_new(Net *net, const AttackerConfig *config);
void attacker_free(Attacker *attacker);
/* Listen on a segment ("air:bob").  All taps of one attacker share one knowledge. */
void attacker_tap(Attacker *attacker, const char *segment);
/* A4: read what this host's own stack sends and takes in, after its ESP. */
void attacker_watch_host(Attacker *attacker, NetHost *host);
/*
 * A4: he runs this node.  Moves whose segment is @place ("pcscf:bob") act on the messages that it is about to send to
 * bob, or on bob's behalf: whatever protects the hop is put on afterwards.  @place is borrowed.
 */
void attacker_run_node(Attacker *attacker, const char *place, NetHost *host, SipEndpoint *endpoint);
/*
 * A8: a host of his own.  What he injects at @place ("inet") it sends over UDP or TCP to port 5060 of @entry; every
 * request that comes to it is answered with 200, for a subscription of his to live.
 */
void attacker_run_host(Attacker *attacker, const char *place, NetHost *host, const NetAddr *entry);
const Knowledge *attacker_knowledge(const Attacker *attacker);
/*
 * The reduction: of the key that ciphers this air segment all but the last @hidden_bits are given to him, so that a
 * search which his budget allows can be executed; the work of the published attack is accounted in full
 * (crypto/radio_break.h).
 */
void attacker_reveal(Attacker *attacker, const char *segment, RadioCipher cipher, const uint8_t revealed[RADIO_KEY_LEN],
                     unsigned hidden_bits);
#define ATTACKER_HIDDEN_BITS 14 /* what is left to search in a run */
/*
 * The same for the answer to a challenge (RAND and AUTN), of which @len octets are RES: 2^(bits + 1) MD5 is what a
 * search of all of it costs (threats AT-43).
 */
void attacker_reveal_res(Attacker *attacker, const uint8_t rand_autn[32], const uint8_t *res, size_t len,
                         unsigned hidden_bits);
/* Offline work when the run is over: breaks ciphers within the budget and decodes what had to wait for the key. */
void attacker_finish(Attacker *attacker);
unsigned attacker_moves(const Attacker *attacker);                /* made so far */
bool attacker_move_acted(const Attacker *attacker, unsigned nth); /* in the order of attacker_add_move() */

/* --- moves --- */
/* In a node that he runs only these are possible: drop, edit, replay, inject. */
/* Which octets a move acts on.  Everything must match; an empty member matches all. */
typedef struct MoveMatch {
    const char *segment; /* where; one of the attacker's taps (made active) */
    const char *message; /* "SM1", "SM6", "SM7", "REGISTER", "401", "NOTIFY", "200 SUBSCRIBE", "esp", "ip", "ciphered",
                            "dhcp-reply", "tcp", "tcp:5061" (either port), "any-sip" ...: as far as he can read it */
    int dir;             /* -1 either, else NetDir */
    const char *address; /* "" or the IPv6 source or destination, as text */
    unsigned first;      /* skip that many matches */
    unsigned times;      /* act on at most that many; 0 = all */
} MoveMatch;

typedef enum {
    EDIT_REMOVE_HEADER,  /* header */
    EDIT_SET_HEADER,     /* header, value: replaces or adds */
    EDIT_REMOVE_PARAM,   /* header, param: from every value of the header */
    EDIT_REMOVE_ENTRIES, /* header, param: drop list entries that have this parameter */
    EDIT_SET_PARAM,      /* header, param, value */
    EDIT_SELECT_ENTRIES, /* header, param = which entries of a sec-agree list stay, in which order: names separated by
                            spaces, an ipsec-3gpp entry by its algorithms ("hmac-sha-1-96+des-ede3-cbc hmac-sha-1-96"),
                            others by their mechanism ("tls"); a name that the list does not have is passed over */
    EDIT_REPLACE,        /* param = text sought anywhere, value = replacement of the same or another length */
    /* of bodies; what the body is not like is left as it is */
    EDIT_OLD_BODY,  /* the body of the first message that matched, with its type (threats AT-51) */
    EDIT_FLIP_BODY, /* an unsigned S/MIME body: its content's @param at octet @header (a number) becomes @value, of the
                       same length; the cipher block before it becomes garbage, unless it is the first (AT-53) */
    EDIT_SEAL_BODY, /* a content of his own, @value: headers, empty line, body; encrypted to the recipient, in the clear
                       if the body is (AT-12, AT-53) */
    EDIT_SUBSTITUTE_CERT, /* a certificate in the body becomes one of his: @value is "own" (of the operators' CA, for
                             his own name) or "forged" (with the names of the genuine one, of a CA that nobody knows)
                             (AT-49)
                           */
    EDIT_RE_ENCRYPT,      /* what one of his keys opens is encrypted to the certificate that he substituted it for */
    EDIT_SPLICE_BODY      /* the signed content that he opened last is encrypted to this message's recipient (AT-52) */
} EditKind;
typedef struct MoveEdit {
    EditKind kind;
    const char *header, *param, *value;
} MoveEdit;

typedef enum {
    MOVE_DROP,
    MOVE_DELAY, /* by @delay */
    MOVE_EDIT,  /* @edits; re-encoded with lengths and checksums made right; sealed packets cannot be edited: the move
                   does not happen */
    MOVE_FLIP, /* xor @flip into octet @offset counted from the start of the ESP or UDP payload (negative: from its end)
                */
    MOVE_REPLAY,      /* the same packet again @delay later, or after @packets more packets that way */
    MOVE_REFLECT,     /* back to its sender, addresses and ports swapped */
    MOVE_INJECT,      /* @template, from the victim's address to @to_port of the P-CSCF (or of the UE: @dir), as an UDP
                         datagram or in the victim's ESP form with a guessed ICV */
    MOVE_STEER,       /* a DHCP answer names another P-CSCF of the network that he knows of, if there is one */
    MOVE_ROGUE_PROXY, /* plays P-CSCF towards the UE: forwards SM1 as its own, relays the genuine challenge in an SM6 of
                         its own that lists @value; takes what the UE answers.  @own_challenge: keeps SM1 and answers it
                         with the challenge that a session of his own was given */
    MOVE_CELL,        /* nodes/attacker/cell.h */
    MOVE_SESSION,     /* opens TCP and TLS of his own to the victim's P-CSCF, from the victim's address: what comes back
                         crosses his tap.  @shows: SHOWS_NOTHING or SHOWS_OTHER_NAME */
    MOVE_SEND,        /* @template in the newest session on this segment, of his own or one that he is in the middle of;
                         @dir says to whom, up when it says nothing */
    MOVE_PLAY_CHALLENGE, /* a cell of his (@cell) asks the victim's handset for RES to the challenge that a session of
                            his was given, and lets it go */
    MOVE_INTERCEPT       /* takes connections that the victim opens to the P-CSCF, ends TLS on both sides (@shows:
                            SHOWS_SELF_SIGNED or SHOWS_OTHER_NAME) and passes messages on; the moves of that segment act
                            on them as on any message.  Two moves: the victim's connection, and his own */
} MoveVerb;

/* The certificate that he shows in a handshake; AttackerConfig.tls has a policy for each. */
typedef enum { SHOWS_NOTHING, SHOWS_SELF_SIGNED, SHOWS_OTHER_NAME } MoveShows;

typedef struct Move {
    MoveVerb verb;
    MoveMatch match;
    SimTime at; /* MOVE_INJECT, MOVE_CELL: when; others: not before */
    SimTime delay;
    unsigned packets;
    int offset;
    uint8_t flip;
    const char *template_text; /* ${impu} ${impi} ${address} ${home} ${pcscf} ${authorization} ${password} ${token}:
                                  from what he has read, else the move does not happen.  MOVE_SEND also: ${nonce}
                                  ${challenge}, of the challenge that his own session was given; ${answer}, the
                                  Authorization that answers it, lifted from a message of the victim's or computed from
                                  RES; ${session}, a token that stays the same for a session */
    const char *value;
    uint16_t to_port; /* 0: the protected server port he has seen, else 5060 */
    bool as_esp;
    const MoveEdit *edits;
    unsigned n_edits;
    const CellConfig *cell;
    MoveShows shows;
    bool own_challenge;    /* MOVE_ROGUE_PROXY */
    const char *algorithm; /* MOVE_ROGUE_PROXY: written into the challenge instead of its own; NULL or "": as it came */
    NetAddr steer_to; /* MOVE_STEER: given by the world: another P-CSCF of this network; all zero = there is none */
} Move;
/*
 * He knows whom he attacks, from before this run: the names of the UE behind this access ("alice").  They are no
 * reading.
 */
void attacker_told(Attacker *attacker, const char *access, const char *impi, const char *impu, const char *home);
/* His own subscription is attached (ModemEvents.attached of his modem): for false cells that bridge. */
void attacker_own_context(Attacker *attacker, const NetAddr *addr, const NetAddr *pcscf);
/* @move and its texts are borrowed. */
void attacker_add_move(Attacker *attacker, const Move *move);

#endif
