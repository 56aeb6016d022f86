/*
 * nodes/msg/diameter.h - Diameter messages: a cursor over AVPs, and a writer into a caller's buffer.
 *
 * Source:  RFC 6733 §3 (header), §4 (AVPs); code points of TS 29.229 §6 and TS 29.109 §6.  The typed Cx messages are
 *          in nodes/msg/cx.h.
 * Knows:   octets.  No allocation; views live as long as the octets they were parsed from.
 */
#ifndef PRESEC_NODES_MSG_DIAMETER_H
#define PRESEC_NODES_MSG_DIAMETER_H

#include "nodes/msg/octets.h"
#include "nodes/msg/text.h"

enum {
    DIAMETER_PORT = 3868,
    DIAMETER_HEADER_LEN = 20,
    DIAMETER_LEN_MAX = 65536, /* ours; the length field could say 2^24 - 4 */
    DIAMETER_AVPS_MAX = 1024, /* in one list */
    DIAMETER_DEPTH_MAX = 4,   /* of grouped AVPs inside each other */
};

enum { /* command flags, RFC 6733 §3 */
       DIAMETER_REQUEST = 0x80,
       DIAMETER_PROXIABLE = 0x40,
       DIAMETER_ERROR = 0x20,
       DIAMETER_RETRANSMITTED = 0x10,
};
enum { /* AVP flags, RFC 6733 §4.1 */
       DIAMETER_VENDOR = 0x80,
       DIAMETER_MANDATORY = 0x40,
};
enum { DIAMETER_BASE_VENDOR = 0, DIAMETER_3GPP = 10415 };
enum { DIAMETER_APP_BASE = 0, DIAMETER_APP_CX = 16777216, DIAMETER_APP_ZN = 16777220, DIAMETER_APP_ZH = 16777221 };
enum { DIAMETER_CER = 257, DIAMETER_DWR = 280, DIAMETER_DPR = 282, DIAMETER_BIR = 310 }; /* Cx: CxCommand */
enum {                                                                                   /* base AVPs, RFC 6733 §4.5 */
       DIAMETER_USER_NAME = 1,
       DIAMETER_HOST_IP_ADDRESS = 257,
       DIAMETER_AUTH_APPLICATION_ID = 258,
       DIAMETER_VENDOR_SPECIFIC_APPLICATION_ID = 260,
       DIAMETER_SESSION_ID = 263,
       DIAMETER_ORIGIN_HOST = 264,
       DIAMETER_SUPPORTED_VENDOR_ID = 265,
       DIAMETER_VENDOR_ID = 266,
       DIAMETER_RESULT_CODE = 268,
       DIAMETER_PRODUCT_NAME = 269, /* without the M bit: diameter_put_optional() */
       DIAMETER_AUTH_SESSION_STATE = 277,
       DIAMETER_DESTINATION_REALM = 283,
       DIAMETER_DESTINATION_HOST = 293,
       DIAMETER_ORIGIN_REALM = 296,
       DIAMETER_EXPERIMENTAL_RESULT = 297,
       DIAMETER_EXPERIMENTAL_RESULT_CODE = 298,
};

/* Why octets are not a Diameter message. */
typedef enum {
    DIAMETER_OK,
    DIAMETER_SHORT,       /* fewer octets than a header, or than its length field says */
    DIAMETER_BAD_VERSION, /* not 1; DIAMETER_UNSUPPORTED_VERSION */
    DIAMETER_BAD_LENGTH,  /* length field below 20, no multiple of 4, or not that of the octets given */
    DIAMETER_TOO_LONG,    /* above DIAMETER_LEN_MAX */
    DIAMETER_BAD_AVP,     /* an AVP shorter than its header or longer than what holds it */
    DIAMETER_BAD_PADDING, /* an AVP's padding is cut off or not zero, RFC 6733 §4 */
    DIAMETER_TOO_MANY,    /* above DIAMETER_AVPS_MAX */
    DIAMETER_TOO_DEEP,    /* above DIAMETER_DEPTH_MAX */
} DiameterResult;
const char *diameter_result_text(DiameterResult result);

typedef struct DiameterMsg {
    uint8_t flags;
    uint32_t command;
    uint32_t application;
    uint32_t hop_by_hop;
    uint32_t end_to_end;
    Octets avps; /* everything behind the header */
} DiameterMsg;

typedef struct DiameterAvp {
    uint32_t code;
    uint32_t vendor; /* 0 without the V bit */
    uint8_t flags;
    Octets data; /* without padding */
} DiameterAvp;

/* A position in a list of AVPs. */
typedef struct DiameterCursor {
    OctetReader rest;
    uint16_t seen;
    uint8_t depth; /* 0: the message's own list */
    DiameterResult result;
} DiameterCursor;

/**
 * How long is the message that starts here?  For reading from a stream.
 *
 * @need: out; octets of the whole message, or DIAMETER_HEADER_LEN while those are not there yet
 *
 * DIAMETER_OK: the whole message is there.  DIAMETER_SHORT: wait until @need octets are.  Others: give up the
 * connection.
 */
DiameterResult diameter_frame(const uint8_t *octets, size_t have, size_t *need) G_GNUC_WARN_UNUSED_RESULT;

/** Read the header and walk the top-level AVPs, so that diameter_next() on them cannot fail.  @out: set on DIAMETER_OK.
 */
DiameterResult diameter_parse(const uint8_t *octets, size_t len, DiameterMsg *out) G_GNUC_WARN_UNUSED_RESULT;

/** The message's AVPs. */
DiameterCursor diameter_avps(const DiameterMsg *msg);
/** The AVPs inside a grouped one.  An error shows as an empty list whose @result is not DIAMETER_OK. */
DiameterCursor diameter_group(const DiameterCursor *outer, const DiameterAvp *avp);
/** Next AVP.  False: the end, or cursor->result says why there is none. */
bool diameter_next(DiameterCursor *cursor, DiameterAvp *out);
/** First AVP with this code from here on; the cursor itself does not move. */
bool diameter_find(DiameterCursor cursor, uint32_t code, uint32_t vendor, DiameterAvp *out);

/** Unsigned32 and Enumerated; false unless the data is 4 octets. */
bool diameter_u32(const DiameterAvp *avp, uint32_t *out);
Text diameter_text(const DiameterAvp *avp);

/* The parts of a message under construction.  After overflow nothing more is written and diameter_finish() is 0. */
typedef struct DiameterWriter {
    OctetWriter w;
    size_t group[DIAMETER_DEPTH_MAX];
    uint8_t depth;
} DiameterWriter;

/** @header: its avps are not read */
void diameter_start(DiameterWriter *writer, uint8_t *out, size_t cap, const DiameterMsg *header);
/* With the M bit, and V when @vendor is not 0: what RFC 6733 §4.5 and TS 29.229 §6.3 ask of all AVPs but the optional
 * ones. */
void diameter_put(DiameterWriter *writer, uint32_t code, uint32_t vendor, const void *data, size_t len);
void diameter_put_u32(DiameterWriter *writer, uint32_t code, uint32_t vendor, uint32_t value);
void diameter_put_text(DiameterWriter *writer, uint32_t code, uint32_t vendor, Text value);
/** An IPv6 address, RFC 6733 §4.3.1. */
void diameter_put_address(DiameterWriter *writer, uint32_t code, const uint8_t ipv6[16]);
void diameter_put_optional(DiameterWriter *writer, uint32_t code, uint32_t vendor, const void *data,
                           size_t len); /* no M bit */
/* Groups nest; at most DIAMETER_DEPTH_MAX. */
void diameter_begin(DiameterWriter *writer, uint32_t code, uint32_t vendor);
void diameter_end(DiameterWriter *writer);
/** Octets of the whole message; 0: it did not fit into @cap or DIAMETER_LEN_MAX. */
size_t diameter_finish(DiameterWriter *writer);

/** "Multimedia-Auth-Request"; NULL if unknown. */
const char *diameter_command_name(uint32_t command, uint32_t application, bool request);
/** "SIP-Auth-Data-Item"; NULL if unknown. */
const char *diameter_avp_name(uint32_t code, uint32_t vendor);
/** The message in lines.  False: it must be rejected; the last line says why. */
bool diameter_describe(const uint8_t *octets, size_t len, GString *out);

#endif
