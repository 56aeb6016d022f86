/*
 * nodes/msg/cx.h - the Cx messages between I-CSCF or S-CSCF and HSS, typed.
 *
 * Source:  TS 29.228 §6.1 (UAR, SAR, LIR), §6.3 (MAR), Annex B (user data); TS 29.229 §6.  The Zh messages of GBA are
 * MAR and MAA with another application (TS 29.109 §4.2). Knows:   nodes/msg/diameter.h.  The user data is XML, in
 * nodes/msg/cx_user_data.h.
 *
 * All Text and Octets are views: of the parsed message, or of what the writer's caller owns.
 */
#ifndef PRESEC_NODES_MSG_CX_H
#define PRESEC_NODES_MSG_CX_H

#include "nodes/msg/diameter.h"

typedef enum {                              /* the command codes, TS 29.229 §6.1 */
               CX_USER_AUTHORIZATION = 300, /* UAR, UAA */
               CX_SERVER_ASSIGNMENT = 301,  /* SAR, SAA */
               CX_LOCATION_INFO = 302,      /* LIR, LIA */
               CX_MULTIMEDIA_AUTH = 303,    /* MAR, MAA */
} CxCommand;

enum { /* Experimental-Result-Code, TS 29.229 §6.2; not to be mixed up with Result-Code 2001 */
       CX_FIRST_REGISTRATION = 2001,
       CX_SUBSEQUENT_REGISTRATION = 2002,
       CX_UNREGISTERED_SERVICE = 2003,
       CX_SERVER_NAME_NOT_STORED = 2004,
       CX_USER_UNKNOWN = 5001,
       CX_IDENTITIES_DONT_MATCH = 5002,
       CX_IDENTITY_NOT_REGISTERED = 5003,
       CX_ROAMING_NOT_ALLOWED = 5004,
       CX_IDENTITY_ALREADY_REGISTERED = 5005,
       CX_AUTH_SCHEME_NOT_SUPPORTED = 5006,
       CX_IN_ASSIGNMENT_TYPE = 5007,
};
enum { /* Result-Code, RFC 6733 §7.1 */
       CX_SUCCESS = 2001,
       CX_UNABLE_TO_DELIVER = 3002,
       CX_AVP_UNSUPPORTED = 5001,
       CX_MISSING_AVP = 5005,
       CX_UNABLE_TO_COMPLY = 5012,
};
typedef enum { CX_REGISTRATION, CX_DE_REGISTRATION, CX_REGISTRATION_AND_CAPABILITIES } CxAuthorizationType;
typedef enum { /* TS 29.229 §6.3.15 */
               CX_ASSIGN_NONE,
               CX_ASSIGN_REGISTRATION,
               CX_ASSIGN_RE_REGISTRATION,
               CX_ASSIGN_UNREGISTERED_USER,
               CX_ASSIGN_TIMEOUT_DEREGISTRATION,
               CX_ASSIGN_USER_DEREGISTRATION,
               CX_ASSIGN_TIMEOUT_DEREGISTRATION_STORE,
               CX_ASSIGN_USER_DEREGISTRATION_STORE,
               CX_ASSIGN_ADMINISTRATIVE_DEREGISTRATION,
               CX_ASSIGN_AUTHENTICATION_FAILURE,
               CX_ASSIGN_AUTHENTICATION_TIMEOUT,
               CX_ASSIGN_TOO_MUCH_DATA,
} CxAssignment;

enum { CX_AVS_MAX = 5, CX_RAND_AUTN_LEN = 32, CX_RAND_AUTS_LEN = 30, CX_KEY_LEN = 16, CX_XRES_MAX = 16 };
#define CX_SCHEME_AKA "Digest-AKAv1-MD5" /* also when the S-CSCF then uses AKAv2, TS 29.229 §6.3.9 */

/* One authentication vector, SIP-Auth-Data-Item.  Lower item numbers are used first. */
typedef struct CxAv {
    uint32_t item;
    uint8_t rand_autn[CX_RAND_AUTN_LEN];
    uint8_t xres[CX_XRES_MAX];
    uint8_t xres_len; /* 4..CX_XRES_MAX */
    uint8_t ck[CX_KEY_LEN];
    uint8_t ik[CX_KEY_LEN];
} CxAv;

/* Texts that are absent (p NULL) are not in the message. */
typedef struct CxMessage {
    CxCommand command;
    bool request;
    bool error_flag;      /* E bit: a protocol error of a Diameter node */
    uint32_t application; /* 0 stands for DIAMETER_APP_CX when writing */
    uint32_t hop_by_hop, end_to_end;
    Text session_id, origin_host, origin_realm;
    Text destination_host, destination_realm; /* requests */

    uint32_t result;       /* answers: Result-Code; 0 when there is an Experimental-Result instead */
    uint32_t experimental; /* answers: Experimental-Result-Code of vendor 3GPP; 0 = none */

    Text impi;            /* User-Name */
    Text impu;            /* Public-Identity */
    Text visited_network; /* UAR */
    Text server_name;     /* a SIP URI: of the S-CSCF */
    bool has_authorization_type;
    CxAuthorizationType authorization_type; /* UAR */

    Text scheme;           /* MAR, and every AV of MAA: CX_SCHEME_AKA */
    uint32_t n_auth_items; /* MAR: vectors asked for; MAA: how many there are; 0 = not in the message */
    bool resync;           /* MAR carries RAND || AUTS */
    uint8_t rand_auts[CX_RAND_AUTS_LEN];
    CxAv av[CX_AVS_MAX]; /* MAA */
    unsigned n_avs;

    bool has_assignment;
    CxAssignment assignment; /* SAR */
    bool has_user_data_available;
    uint32_t user_data_available; /* SAR: 0 the HSS must send it, 1 it need not */
    Text user_data;               /* SAA: IMSSubscription document */
} CxMessage;

/* Why octets are not a Cx message that can be answered normally. */
typedef enum {
    CX_OK,
    CX_NOT_DIAMETER, /* diameter_parse() refused it; @diameter says why */
    CX_UNKNOWN,      /* another application or command */
    CX_MISSING,      /* an AVP that this command must have; @avp: which.  Answer: CX_MISSING_AVP */
    CX_BAD_VALUE,    /* an AVP with a wrong length or value; @avp: which */
    CX_TOO_MANY_AVS, /* above CX_AVS_MAX */
} CxResult;
typedef struct CxParse {
    CxResult result;
    DiameterResult diameter;
    uint32_t avp; /* its code */
} CxParse;

/**
 * Write a message; the AVPs come in the order of TS 29.228 §6 and vectors/diameter.txt.
 *
 * Returns its octets; 0: it does not fit into @cap.
 */
size_t cx_write(const CxMessage *cx, uint8_t *out, size_t cap) G_GNUC_WARN_UNUSED_RESULT;

/**
 * Read a message.  AVPs in any order; unknown ones are skipped.
 *
 * @out: on CX_OK all of it, as views into @octets; on CX_MISSING and CX_BAD_VALUE the header and what had been read, so
 * that an answer can name the session
 */
CxParse cx_parse(const uint8_t *octets, size_t len, CxMessage *out) G_GNUC_WARN_UNUSED_RESULT;

/** True for an answer with success in Result-Code or Experimental-Result. */
bool cx_succeeded(const CxMessage *cx);
const char *cx_result_text(CxResult result);
const char *cx_experimental_text(uint32_t code); /* "DIAMETER_ERROR_USER_UNKNOWN"; NULL if unknown */

#endif
