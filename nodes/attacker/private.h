/*
 * nodes/attacker/private.h - what the files of an attacker share: attacker.c (taps, offline work), decode.c (octets to
 * readings), knowledge.c, match.c, moves.c, moves_sip.c (moves).
 */
#ifndef PRESEC_ATTACKER_PRIVATE_H
#define PRESEC_ATTACKER_PRIVATE_H

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

typedef struct KnownKeys { /* of a registration, as SM5 or an SA record of his own gave them */
    EspKeys keys;
    char *from; /* "the ik and ck of SM5, frame 17" */
} KnownKeys;

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
} Revealed;

typedef struct Stream { /* one direction of a TCP connection */
    NetAddr src, dst;
    uint16_t sport, dport;
    const char *segment;
    uint32_t next;
    bool synced;
    GByteArray *octets;
} Stream;

struct Knowledge {
    Sim *sim;
    const char *attacker;
    GPtrArray *readings; /* Reading *, owned with their texts */
    GPtrArray *sealed;   /* Sealed * */
    GPtrArray *keys;     /* KnownKeys * */
    GPtrArray *radio;    /* KnownRadioKey * */
    GPtrArray *streams;  /* Stream * */
    GStringChunk *texts;
    uint64_t n_sealed;
    /* what he can name in his own messages */
    char *victim_impu, *victim_impi, *victim_home;
    NetAddr victim_addr, pcscf_addr;
    uint16_t pcscf_port;
    char *victim_authorization;        /* of a REGISTER with a response, that he could read */
    uint32_t last_spi[2], last_seq[2]; /* by direction of the segment */
};

typedef struct Waiting {
    uint8_t *octets;
    size_t len;
    unsigned packets; /* still to pass */
    NetDir dir;
    TraceId move;
} Waiting;

typedef struct ActiveMove {
    const Move *move;
    struct Attacker *attacker;
    unsigned seen, done; /* matches, acts */
    GArray *waiting;     /* Waiting: packets to be replayed after some more have passed */
    bool rogue;          /* MOVE_ROGUE_PROXY: SM6 was replaced, the UE now talks to him */
    Cell *cell;
} ActiveMove;

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
    GPtrArray *moves;    /* ActiveMove * */
    GPtrArray *tapped;   /* segment names */
    GPtrArray *revealed; /* Revealed * */
    GArray *places;      /* Place */
    unsigned n_moves;
};

/* --- knowledge.c --- */
void knowledge_init(Knowledge *knowledge, Sim *sim, const char *attacker);
void knowledge_clear(Knowledge *knowledge);
void knowledge_add_keys(Knowledge *knowledge, const EspKeys *keys, const char *from);
void knowledge_add_radio_key(Knowledge *knowledge, const char *segment, RadioCipher cipher,
                             const uint8_t inner[RADIO_KEY_LEN], const char *how, double work_log2);
void knowledge_seal(Knowledge *knowledge, const Seen *seen, NetKind kind, const uint8_t *octets, size_t len,
                    const Layers *layers);
/* Everything sealed so far; the caller unrefs it. */
GPtrArray *knowledge_take_sealed(Knowledge *knowledge);
/* A SIP message: parsed, decoded, kept; keys and names in it are learned. */
void knowledge_read_sip(Knowledge *knowledge, const Seen *seen, const NetAddr *src, const NetAddr *dst, uint16_t sport,
                        uint16_t dport, const char *octets, size_t len, const Layers *layers);

/* --- decode.c --- */
void decode_packet(Knowledge *knowledge, const Seen *seen, NetKind kind, const uint8_t *octets, size_t len,
                   const Layers *layers);
/* Everything sealed once more, with the keys known now. */
void decode_again(Knowledge *knowledge);

/* --- match.c --- */
/* What a packet is, as far as he can tell.  @sip: set when it carries a whole SIP message that he can read (then @msg
 * is parsed). */
typedef struct Glimpse {
    NetKind kind;
    IpPacket ip;
    bool is_ip, is_esp, is_udp, readable_esp, has_sip;
    uint16_t sport, dport;
    const uint8_t *payload; /* of UDP, also inside readable ESP */
    size_t payload_len;
    SipMsg msg;
} Glimpse;
void glimpse_look(Glimpse *glimpse, NetKind kind, const uint8_t *octets, size_t len);
bool glimpse_matches(const Glimpse *glimpse, const MoveMatch *match, const char *segment, NetDir dir);

/* --- moves.c --- */
const Place *attacker_place(const Attacker *attacker, const char *segment); /* NULL: nothing has crossed it yet */
NetTapVerdict moves_act(Attacker *attacker, const char *segment, const NetSighting *sighting);
TraceId move_record(Attacker *attacker, const char *verb, uint64_t frame, const char *format, ...) G_GNUC_PRINTF(4, 5);
void active_move_start(ActiveMove *active);
void active_move_free(ActiveMove *active);

/* --- moves_sip.c --- */
/* The message with the edits made; NULL: nothing changed.  g_free; @out_len. */
char *moves_edit_sip(const SipMsg *msg, const MoveEdit *edits, unsigned n_edits, size_t *out_len);
NetTapVerdict moves_edit(ActiveMove *active, const NetSighting *at, const Glimpse *glimpse);
NetTapVerdict moves_steer(ActiveMove *active, const NetSighting *at, const Glimpse *glimpse);
NetTapVerdict moves_rogue_proxy(ActiveMove *active, const NetSighting *at, const Glimpse *glimpse);
/* False: he does not know enough to make the message, or nothing has crossed the segment yet. */
bool moves_inject(ActiveMove *active);

#endif
