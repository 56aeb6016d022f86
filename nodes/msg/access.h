/*
 * nodes/msg/access.h - link signalling between a modem and its access network, as octets that taps see and attackers
 * forge.
 *
 * Source:  our own format.  DEVIATION: one compact TLV format stands for RRC and GMM/SM (TS 25.331, TS 24.008) and for
 * IEEE 802.11 management frames.  What is kept is what the attacks turn on: who names himself when, RAND and AUTN or a
 * bare RAND, which cipher is commanded, whether the command carries a MAC-I, who says which address and P-CSCF to use.
 * Knows:   octets.  The MAC-I is computed by others over access_mac_span(); ciphers are their numbers (crypto/radio.h,
 * RadioCipher).
 *
 * Wire: version 1 | type 1 | length 2 (of the whole) | fields: tag 1 | length 1 | value.  Tags ascend, each at most
 * once; the MAC-I is last.
 */
#ifndef PRESEC_NODES_MSG_ACCESS_H
#define PRESEC_NODES_MSG_ACCESS_H

#include "nodes/msg/text.h"

enum { ACCESS_VERSION = 1, ACCESS_HEADER_LEN = 4, ACCESS_MSG_MAX = 512, ACCESS_MAC_LEN = 4, ACCESS_PCSCFS_MAX = 4 };

typedef enum { ACCESS_UMTS, ACCESS_GPRS, ACCESS_WLAN } AccessTechnology;
enum { ACCESS_N_TECHNOLOGIES = 3 };

typedef enum {
    ACCESS_BEACON,               /* network: cell, technology, strength, cipher it will use, ssid */
    ACCESS_ATTACH_REQUEST,       /* modem: capabilities [imsi] */
    ACCESS_IDENTITY_REQUEST,     /* network */
    ACCESS_IDENTITY_RESPONSE,    /* modem: imsi */
    ACCESS_AUTH_REQUEST,         /* network: rand, autn unless GSM */
    ACCESS_AUTH_RESPONSE,        /* modem: res */
    ACCESS_AUTH_FAILURE,         /* modem: cause, auts when ACCESS_CAUSE_SYNC */
    ACCESS_CIPHER_MODE_COMMAND,  /* network: cipher, capabilities as received, fresh and MAC-I in UMTS */
    ACCESS_CIPHER_MODE_COMPLETE, /* modem: cipher, MAC-I in UMTS */
    ACCESS_ATTACH_ACCEPT,        /* network */
    ACCESS_ATTACH_REJECT,        /* network: cause */
    ACCESS_CONTEXT_REQUEST,      /* modem: PDP context or association */
    ACCESS_CONTEXT_ACCEPT,       /* network: address, P-CSCFs */
    ACCESS_DETACH,               /* either */
} AccessType;
enum { ACCESS_N_TYPES = ACCESS_DETACH + 1 };

typedef enum {
    ACCESS_CAUSE_NONE,
    ACCESS_CAUSE_MAC,  /* AUTN not from our home network */
    ACCESS_CAUSE_SYNC, /* SQN stale */
    ACCESS_CAUSE_UNKNOWN_SUBSCRIBER,
    ACCESS_CAUSE_WRONG_RES,
    ACCESS_CAUSE_CIPHER, /* none in common, or the command is refused */
    ACCESS_CAUSE_PROTOCOL,
} AccessCause;
enum { ACCESS_N_CAUSES = ACCESS_CAUSE_PROTOCOL + 1 };

/* Which fields are there. */
enum {
    ACCESS_HAS_CELL = 1 << 0,
    ACCESS_HAS_TECHNOLOGY = 1 << 1,
    ACCESS_HAS_STRENGTH = 1 << 2,
    ACCESS_HAS_CIPHER = 1 << 3,
    ACCESS_HAS_CAPABILITIES = 1 << 4,
    ACCESS_HAS_IMSI = 1 << 5,
    ACCESS_HAS_RAND = 1 << 6,
    ACCESS_HAS_AUTN = 1 << 7, /* absent: a GSM challenge, which does not authenticate the network */
    ACCESS_HAS_RES = 1 << 8,
    ACCESS_HAS_AUTS = 1 << 9,
    ACCESS_HAS_CAUSE = 1 << 10,
    ACCESS_HAS_ADDRESS = 1 << 11,
    ACCESS_HAS_PCSCF = 1 << 12,
    ACCESS_HAS_SSID = 1 << 13,
    ACCESS_HAS_COUNT = 1 << 14, /* COUNT-I */
    ACCESS_HAS_FRESH = 1 << 15,
    ACCESS_HAS_MAC = 1 << 16,
};

typedef struct AccessMsg {
    AccessType type;
    uint32_t has; /* ACCESS_HAS_...: set by the writer's caller, and by the parser */
    uint32_t cell;
    AccessTechnology technology;
    uint8_t strength;
    uint8_t cipher;        /* RadioCipher */
    uint32_t capabilities; /* bit n: RadioCipher n is supported */
    Text imsi;             /* digits, at most 15 */
    uint8_t rand[16];
    uint8_t autn[16];
    uint8_t res[16];
    uint8_t res_len; /* 4..16; 4 = a GSM SRES */
    uint8_t auts[14];
    AccessCause cause;
    uint8_t address[16];
    uint8_t pcscf[ACCESS_PCSCFS_MAX][16];
    uint8_t n_pcscfs;
    Text ssid; /* at most 32 octets */
    uint32_t count;
    uint32_t fresh;
    uint8_t mac_i[ACCESS_MAC_LEN];
} AccessMsg;

typedef enum {
    ACCESS_OK,
    ACCESS_SHORT,       /* cut off */
    ACCESS_BAD_VERSION, /* also what a frame looks like that is still ciphered */
    ACCESS_BAD_TYPE,
    ACCESS_BAD_LENGTH, /* the header's length is not that of the octets, or above ACCESS_MSG_MAX */
    ACCESS_BAD_FIELD,  /* wrong length or value, or an unknown tag */
    ACCESS_BAD_ORDER,  /* tags do not ascend */
    ACCESS_MISSING,    /* the type needs a field that is not there */
} AccessResult;
const char *access_result_text(AccessResult result);
const char *access_type_name(AccessType type);                   /* "cipher-mode-command" */
const char *access_technology_name(AccessTechnology technology); /* "UMTS" */
const char *access_cause_text(AccessCause cause);

/** Octets written; 0: does not fit into @cap, or a field is out of its range. */
size_t access_write(const AccessMsg *msg, uint8_t *out, size_t cap) G_GNUC_WARN_UNUSED_RESULT;
/** @out: views into @octets; set on ACCESS_OK. */
AccessResult access_parse(const uint8_t *octets, size_t len, AccessMsg *out) G_GNUC_WARN_UNUSED_RESULT;

/**
 * Which octets the MAC-I of a written message covers: the first @span ones, everything but the MAC-I's own value.
 * False: the message has none.  To protect one: access_write() with ACCESS_HAS_MAC and any value, compute over the
 * span, access_set_mac().
 */
bool access_mac_span(const uint8_t *octets, size_t len, size_t *span) G_GNUC_WARN_UNUSED_RESULT;
bool access_set_mac(uint8_t *octets, size_t len, const uint8_t mac_i[ACCESS_MAC_LEN]) G_GNUC_WARN_UNUSED_RESULT;

/** One line for the ladder, or the reason of rejection and false. */
bool access_describe(const uint8_t *octets, size_t len, GString *out);

#endif
