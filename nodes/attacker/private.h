/*
 * nodes/attacker/private.h - what the files of an attacker share.
 *
 * Knows:   as nodes/attacker/attacker.h.  README.md says which file does what.
 */
#ifndef PRESEC_ATTACKER_PRIVATE_H
#define PRESEC_ATTACKER_PRIVATE_H

#include "crypto/ca.h"
#include "crypto/cms.h"
#include "crypto/digest.h"
#include "crypto/esp.h"
#include "crypto/radio_break.h"
#include "nodes/attacker/attacker.h"
#include "nodes/msg/ip.h"
#include "nodes/stack/radio_frame.h"
#include "sim/trace.h"

/* Where octets were seen; copied into what is read from them. */
typedef struct Seen {
    const char *segment; /* interned */
    NetDir dir;
    uint64_t frame;
    SimTime at;
    SimContext context;
    bool late; /* read only afterwards, with a key that came later */
} Seen;

/* What a packet went through before it could be read. */
typedef struct Layers {
    GString *how; /* "UEA1 broken, then ESP with NULL encryption"; empty = in the clear */
    double work_log2;
} Layers;

/* A packet that no key opened when it came: tried again when keys are known. */
typedef struct Sealed {
    Seen seen;
    NetKind kind;
    GByteArray *octets;
    char *how; /* layers opened so far */
    double work_log2;
} Sealed;

/* Octets of sealed packets that are kept at most; further ones are only counted. */
#define SEALED_KEPT_MAX ((size_t)64 << 20)

typedef struct KnownKeys { /* of a registration, as SM4 or SM5 gave them */
    EspKeys keys;
    char *from; /* "IK and CK from frame 17 on mw" */
} KnownKeys;

typedef struct OwnKey { /* borrowed */
    const Cert *cert;
    const CertKey *key;
} OwnKey;

typedef struct KnownRadioKey {
    char *segment;
    RadioCipher cipher;
    uint8_t inner[RADIO_KEY_LEN];
    char *how;
    double work_log2;
} KnownRadioKey;

/* The reduction: what the world gives away so that a search fits (crypto/radio_break.h). */
typedef struct Revealed {
    char *segment;
    RadioCipher cipher;
    uint8_t revealed[RADIO_KEY_LEN];
    unsigned hidden_bits;
    SimTime since; /* the key is in use from then on, until the next one of this segment */
} Revealed;

/* A Digest response that he read, and what went into it; texts are in @texts. */
typedef struct CapturedDigest {
    Seen seen;
    const char *algorithm, *response, *username, *realm, *method, *uri, *nonce, *nc, *cnonce;
    DigestQop qop;
    bool unusable;
    bool tried; /* with the dictionary */
} CapturedDigest;

/* The reduction of an answer to a challenge. */
enum { CHALLENGE_LEN = 32, RES_MAX = 16, RES_HIDDEN_MAX = 22 };
typedef struct RevealedRes {
    uint8_t challenge[CHALLENGE_LEN], res[RES_MAX];
    size_t len;
    unsigned hidden_bits;
} RevealedRes;

/* What he can name in messages of his own: of the UE behind one access. */
typedef struct Victim {
    const char *access; /* "alice" of "air:alice" and "gn:alice"; interned */
    char *impu, *impi, *home;
    char *authorization; /* of a REGISTER with an answer to a challenge, that he could read */
    char *challenge;     /* WWW-Authenticate that a session of his own was given in the victim's name */
    char *nonce, *realm; /* of it */
    char *answer;        /* the Authorization that answers it: lifted, or computed from RES */
    NetAddr addr, pcscf;
    uint16_t port[2]; /* by direction: the protected server port of whom it leads to; 0: not seen */
    uint32_t spi[2], seq[2];
} Victim;

struct Knowledge {
    Sim *sim;
    const char *attacker;
    GPtrArray *readings; /* Reading *; their texts are in @texts */
    GPtrArray *sealed;   /* Sealed * */
    size_t sealed_kept;  /* octets in it */
    uint64_t n_sealed;
    GPtrArray *keys;     /* KnownKeys * */
    GPtrArray *radio;    /* KnownRadioKey * */
    GHashTable *opened;  /* Association: which key opened packets with an SPI; looked up, never iterated */
    GHashTable *streams; /* Stream: directions of TCP connections; looked up, never iterated */
    GHashTable *victims; /* Victim by access; looked up, never iterated */
    Victim *first_victim;
    GPtrArray *own;      /* OwnKey * */
    GPtrArray *certs;    /* Cert *: seen, each once */
    GBytes *opened_last; /* by a key of his: an entity; NULL */
    GHashTable *decoded; /* of decode_cms.c: looked up, never iterated */
    SimStream *stream;   /* for CMS */
    GStringChunk *texts;
    GPtrArray *digests; /* CapturedDigest * */
    GPtrArray *secrets; /* Secret * */
    double work_log2;   /* his budget */
    unsigned lessons;   /* grows when there is something new to name */
};

typedef struct Waiting {
    uint8_t *octets;
    size_t len;
    NetKind kind;
    uint64_t due; /* when so many packets of this direction have passed */
    TraceId move;
    unsigned talk; /* in which it passed; 0: on the segment */
} Waiting;

/* What changing bodies needs of an attacker, and what one move remembers of them. */
typedef struct BodyEditor {
    struct Attacker *attacker;
    GBytes *old; /* of the first message that matched */
    char *old_type;
} BodyEditor;

typedef struct ActiveMove {
    const Move *move;
    struct Attacker *attacker;
    unsigned seen, done; /* matches, acts */
    uint64_t passed[2];  /* packets on the move's segment, by direction; counted once something waits */
    GQueue waiting[2];   /* Waiting *: packets to be replayed after some more have passed, by due */
    bool wants;          /* MOVE_INJECT: its time has come, but he does not know enough */
    unsigned lessons;    /* ... with so many */
    Cell *cell;
    BodyEditor bodies;
    bool second;           /* MOVE_INTERCEPT: its second move is made */
    uint8_t challenge[32]; /* MOVE_PLAY_CHALLENGE: RAND, AUTN */
} ActiveMove;

/* A node that he runs, as far as one of its users is concerned. */
typedef struct OwnNode {
    struct Attacker *attacker;
    const char *place; /* "pcscf:bob" */
    const char *user;  /* "bob", in @place */
    NetHost *host;
    SipEndpoint *endpoint;
    SipTamper tamper;
    SipFlow next[2]; /* where the last message went, by direction */
    bool has_next[2];
    bool busy;   /* he himself is sending */
    bool is_his; /* host, endpoint and all */
} OwnNode;

/* In whose place a certificate of his went out. */
typedef struct Substitution {
    const Cert *his, *genuine; /* borrowed */
} Substitution;

typedef struct Place {
    const char *segment;
    NetLink *link;
    unsigned index;
} Place;

struct Attacker {
    AttackerConfig config;
    Net *net;
    Sim *sim;
    SimSource source;
    SimStream stream;
    Knowledge knowledge;
    GPtrArray *moves;        /* ActiveMove * */
    GPtrArray *tapped;       /* segment names */
    GPtrArray *watched;      /* NetHost * */
    GPtrArray *revealed;     /* Revealed * */
    GPtrArray *revealed_res; /* RevealedRes * */
    GPtrArray *nodes;        /* OwnNode *: that he runs */
    GPtrArray *later;        /* of node.c: messages that go out again */
    GArray *places;          /* Place */
    GArray *substitutions;   /* Substitution, newest last */
    Ca *ca;                  /* of his own, that nobody trusts; NULL until it is needed */
    GPtrArray *forged;       /* Cert *: issued by it */
    CertKey *forged_key;     /* of all of them */
    GPtrArray *talks;        /* Talk *, by number: talk.h */
    GPtrArray *in_talks;     /* TalkMessage *: to be sent in one of them */
    unsigned talk;           /* whose message the moves are looking at; 0: what crosses a segment */
    uint64_t n_lines;
    uint64_t heard;       /* the last crossing that he saw */
    const char *heard_on; /* its segment; interned */
    bool prompted;        /* what he learned from it makes him act now */
    unsigned n_moves;
    unsigned n_wanting; /* moves that want to act */
};

/* --- knowledge.c --- */
void knowledge_init(Knowledge *knowledge, Sim *sim, const char *attacker);
void knowledge_clear(Knowledge *knowledge);
void knowledge_add_keys(Knowledge *knowledge, const EspKeys *keys, const char *from, const Seen *seen);
void knowledge_add_radio_key(Knowledge *knowledge, const char *segment, RadioCipher cipher,
                             const uint8_t inner[RADIO_KEY_LEN], const char *how, double work_log2);
void knowledge_seal(Knowledge *knowledge, const Seen *seen, NetKind kind, const uint8_t *octets, size_t len,
                    const Layers *layers);
/* Everything sealed so far; the caller unrefs it. */
GPtrArray *knowledge_take_sealed(Knowledge *knowledge);
/* A SIP message: decoded, kept; keys and names in it are learned.  What is none is left. */
void knowledge_read_sip(Knowledge *knowledge, const Seen *seen, const NetAddr *src, const NetAddr *dst, uint16_t sport,
                        uint16_t dport, const char *octets, size_t len, const Layers *layers);

/* Where something was read that is no message. */
typedef struct Crossing {
    Knowledge *knowledge;
    const Seen *seen;
    const NetAddr *src, *dst;
    uint16_t sport, dport;
    const Layers *layers;
} Crossing;
/* Names that stand somewhere in the clear.  @what: "certificate" */
void knowledge_read_text(const Crossing *at, const char *what, const char *text);

/* --- decode_tls.c --- */
typedef struct TlsTap { /* one direction of a connection, from its first record on */
    uint16_t suite;     /* that the server chose, in its direction; 0: not seen */
    bool sealed;        /* it has changed to the keys it agreed on */
    GByteArray *handshake;
    GByteArray *plain; /* data that nothing hides */
    size_t needed;     /* octets of it until it is worth parsing again */
} TlsTap;
TlsTap *tls_tap_new(void);
void tls_tap_free(TlsTap *tap);
/* @suite: of the connection, as far as it is known; @record: whole */
void tls_tap_record(TlsTap *tap, const Crossing *at, uint16_t suite, const uint8_t *record, size_t len);

/* --- victim.c --- */
/* Of the UE behind this segment; NULL: nothing of it was seen.  "" or NULL: the first one seen. */
const Victim *knowledge_victim(const Knowledge *knowledge, const char *segment);
void victim_free(gpointer victim);
void victim_learn_sip(Knowledge *knowledge, const Reading *reading, const SipMsg *msg);
/* Who opens a connection to a P-CSCF's port for TLS, and to whom. */
void victim_learn_tcp(Knowledge *knowledge, const Seen *seen, const IpPacket *ip);
void victim_told(Knowledge *knowledge, const char *access, const char *impi, const char *impu, const char *home);
/* Of the UE behind this segment, as far as it was seen. */
Victim *victim_at(Knowledge *knowledge, const char *segment);
void victim_set(char **member, char *text); /* taken */
void victim_learn_esp(Knowledge *knowledge, const Seen *seen, const IpPacket *ip);

/* --- plain.c: undoing what hides text without a key; the result is NUL-terminated and lives in @texts --- */
typedef struct Plain Plain;
struct Plain {
    GString *out;
    /* What is in a CMS, appended; false: nothing to be read, so that its octets are. */
    bool (*cms)(Plain *plain, Text der, unsigned depth);
    Knowledge *knowledge; /* of @cms */
    const char *opened;   /* whose key opened something; NULL */
};
const char *plain_text(GStringChunk *texts, Text text);
const char *plain_body(Plain *plain, GStringChunk *texts, const SipMsg *msg);
/* Headers, an empty line and a body: whatever is in it. */
void plain_append_entity(Plain *plain, Text entity, unsigned depth);

/* --- decode_cms.c --- */
/* Plain.cms: certificates are learned on the way. */
bool decode_cms(Plain *plain, Text der, unsigned depth);
GHashTable *decoded_new(void); /* what was made of which octets */
/* A key of his own, with its certificate; both borrowed. */
void knowledge_own(Knowledge *knowledge, const Cert *cert, const CertKey *key);
bool knowledge_owns(const Knowledge *knowledge, const Cert *cert);
/* What an enveloped body holds, if a key of his opens it; NULL: none does. */
GBytes *knowledge_open(const Knowledge *knowledge, const uint8_t *der, size_t len, const Cert **with);
/* A certificate that he sees, kept once; the kept one. */
const Cert *knowledge_note_cert(Knowledge *knowledge, const Cert *cert);
/* The newest certificate that he has seen of somebody else with this name; NULL: none. */
const Cert *knowledge_cert_of(const Knowledge *knowledge, CertName name);
/* The certificate that a recipient is named by; NULL: he has not seen it. */
const Cert *knowledge_cert_with(const Knowledge *knowledge, const CertId *id);
/* His randomness for CMS; @fill's ctx is the knowledge. */
CryptoRandom knowledge_random(const Knowledge *knowledge);

/* --- decode.c --- */
bool looks_like_sip(const uint8_t *octets, size_t len);
void decode_packet(Knowledge *knowledge, const Seen *seen, NetKind kind, const uint8_t *octets, size_t len,
                   const Layers *layers);
/* Everything sealed once more, with the keys known now. */
void decode_again(Knowledge *knowledge);

/* --- decode_esp.c --- */
/* What is inside, as an IPv6 packet (transport mode: under the outer addresses); NULL: no key of his opens it. */
typedef struct Inside {
    uint8_t *packet; /* g_free */
    size_t len;
    char *how; /* g_free */
} Inside;
bool decode_esp(Knowledge *knowledge, const IpPacket *ip, Inside *inside);

/* --- stream.c: TCP --- */
void stream_free(gpointer stream);
void stream_feed(Knowledge *knowledge, const Seen *seen, const IpPacket *ip, const Layers *layers);
guint stream_hash(gconstpointer key);
gboolean stream_equal(gconstpointer a, gconstpointer b);

/* --- digests.c --- */
/* The responses in this request are kept; those that a dictionary may open are tried at once. */
void digests_read(Knowledge *knowledge, const Seen *seen, const SipMsg *msg);
DigestInput digest_input(const CapturedDigest *captured); /* without a password */
bool digest_fits(const CapturedDigest *captured, DigestInput *input, const void *password, size_t len);
void knowledge_add_secret(Knowledge *knowledge, SecretKind kind, const CapturedDigest *from, const char *text,
                          const char *how, double work_log2);

/* --- offline_dictionary.c --- */
void dictionary_try(Knowledge *knowledge, CapturedDigest *captured);

/* --- offline_res.c --- */
void offline_break_res(Attacker *attacker);

/* --- offline.c --- */
void offline_break(Attacker *attacker, guint nth); /* the cipher of that revealed key, if he can afford it */

/* --- match.c --- */
/* What a packet is, as far as he can tell.  @has_sip: it carries a whole SIP message that he can read, @msg. */
typedef struct Glimpse {
    NetKind kind;
    IpPacket ip;
    bool is_ip, is_esp, is_udp, has_sip;
    uint16_t sport, dport;
    const uint8_t *payload; /* of UDP, also inside readable ESP */
    size_t payload_len;
    SipMsg msg;
} Glimpse;
void glimpse_look(Glimpse *glimpse, NetKind kind, const uint8_t *octets, size_t len);
/* "SM7", "NOTIFY", "401", "200 SUBSCRIBE", "any-sip" */
bool sip_is_called(const SipMsg *msg, const char *name);
bool glimpse_matches(const Glimpse *glimpse, const MoveMatch *match, const char *segment, NetDir dir);

/* --- moves.c --- */
const Place *attacker_place(const Attacker *attacker, const char *segment); /* NULL: nothing has crossed it yet */
NetTapVerdict moves_act(Attacker *attacker, const char *segment, const NetSighting *sighting);
/* A match is counted; whether the move acts on this one. */
bool move_may_act(ActiveMove *active, const Glimpse *glimpse);
/* The same for a message in a conversation of his, as a datagram: what moves put goes there. */
NetTapVerdict moves_act_in_talk(Attacker *attacker, unsigned talk, const char *segment, const NetSighting *sighting);
/* Moves whose time has come are tried again when he has learned something. */
void moves_wanted(Attacker *attacker);
/* Put a packet there, now or after @delay: on the segment, or in the conversation that it was made from. */
void moves_put(Attacker *attacker, unsigned talk, const NetSighting *at, NetDir dir, NetKind kind,
               const uint8_t *octets, size_t len, SimTime delay, SimContext context);
/* The record of what a move does besides, that counts as a second one. */
TraceId move_record_second(ActiveMove *active, const char *verb, uint64_t frame, const char *text);
/* A record of this move; the move is counted when it acts for the first time. */
TraceId move_record(ActiveMove *active, const char *verb, uint64_t frame, const char *text);
void active_move_start(ActiveMove *active);
void active_move_free(ActiveMove *active);

/* --- packets.c: IPv6 packets of his own; g_byte_array_unref --- */
GByteArray *packet_udp(const uint8_t *src, const uint8_t *dst, uint16_t sport, uint16_t dport, const void *octets,
                       size_t len);
/* @udp in ESP with NULL encryption, and an ICV that he has no key for. */
GByteArray *packet_esp(const GByteArray *udp, uint32_t spi, uint32_t seq, const uint8_t icv[ESP_ICV_LEN]);
/* The checksum of the UDP datagram or TCP segment in this packet made right. */
void packet_fix_checksum(uint8_t *packet, size_t len);

/* --- edit.c --- */
/* The message with the edits made, Content-Length right; NULL: nothing changed.  g_free; @out_len. */
char *edit_sip(const SipMsg *msg, const MoveEdit *edits, unsigned n_edits, size_t *out_len);
/* With the edits of bodies too. */
char *edit_message(BodyEditor *editor, const SipMsg *msg, const MoveEdit *edits, unsigned n_edits, size_t *out_len);

/* --- edit_body.c --- */
/* The body of @msg as @change says; NULL: it is not like that.  @type: out, another Content-Type, g_free; else NULL. */
GBytes *body_edited(BodyEditor *editor, const SipMsg *msg, const MoveEdit *change, char **type);
/* A message that a move matches: its body is kept if it is the first with one and the move wants it. */
void body_keep(BodyEditor *editor, const Move *move, const SipMsg *msg);
void body_editor_clear(BodyEditor *editor);

/* What EDIT_SELECT_ENTRIES calls an entry of a sec-agree list; g_free. */
char *sec_entry_name(Text value);

/* --- moves_sip.c --- */
NetTapVerdict moves_edit(ActiveMove *active, const NetSighting *at, const Glimpse *glimpse);
NetTapVerdict moves_steer(ActiveMove *active, const NetSighting *at, const Glimpse *glimpse);
NetTapVerdict moves_rogue_proxy(ActiveMove *active, const NetSighting *at, const Glimpse *glimpse);
/* MOVE_ROGUE_PROXY: what the UE answers to the false SM6 is his. */
bool moves_rogue_takes(const ActiveMove *active, const char *segment, const NetSighting *at, const Glimpse *glimpse);

/* --- node.c: in a node that he runs --- */
OwnNode *attacker_node(const Attacker *attacker, const char *place); /* NULL: he does not run it */
/* A message of his own, sent by the node the way its last one in that direction went; false: none went yet. */
bool own_node_send(OwnNode *node, NetDir dir, const char *octets, size_t len, TraceId move);
void own_node_free(gpointer node);

/* --- inject.c --- */
/* False: he does not know enough to make the message, or nothing has crossed the segment yet. */
bool moves_inject(ActiveMove *active);
/* Of the move's template; @session: what ${session} stands for, or NULL.  NULL: it needs what he does not know, and
 * nothing was drawn. */
GString *own_message(ActiveMove *active, const Victim *victim, const char *session);

/* --- session.c, challenge.c: as moves_inject() --- */
bool moves_session(ActiveMove *active);
bool moves_send(ActiveMove *active);
bool moves_play_challenge(ActiveMove *active);
/* A response to his own REGISTER in the victim's name: its challenge is his to have answered. */
void victim_challenged(Knowledge *knowledge, const char *segment, const SipMsg *response);
/* WWW-Authenticate of that challenge, with another algorithm unless that is NULL or ""; g_free. */
char *challenge_to_play(const Victim *victim, const char *algorithm);

/* --- intercept.c --- */
NetTapVerdict moves_intercept(ActiveMove *active, const NetSighting *at, const Glimpse *glimpse);

/* --- talk.c --- */
enum { TALK_MESSAGE_MAX = 60000 }; /* longer ones pass unseen by moves */
/* A segment of a conversation that he is an end of: it is heard, and goes no further. */
bool talks_take(Attacker *attacker, const char *segment, const NetSighting *at, const Glimpse *glimpse);
bool tcp_opens(const Glimpse *glimpse); /* a first SYN */
/* The message in this datagram, sent in a conversation; nothing when that is over. */
void talk_put_packet(Attacker *attacker, unsigned talk, NetDir dir, const uint8_t *packet, size_t len, SimTime delay,
                     SimContext context);
void talk_free(gpointer talk);
void talk_message_free(gpointer message);

#endif
