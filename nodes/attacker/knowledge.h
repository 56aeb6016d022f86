/*
 * nodes/attacker/knowledge.h - what an attacker could read, from which octets, by which key.
 *
 * Source:  threats 2.0: the attacker owns its tapped octets, its own keys, and what follows from them by real
 * computation within its work budget.  It decodes before it searches: TCP reassembly, ESP-NULL, ESP and radio ciphers
 * with a known key, transfer encodings, XML entities, URI escapes. Knows:   octets.  It is told no identity, no canary,
 * no option.
 */
#ifndef PRESEC_ATTACKER_KNOWLEDGE_H
#define PRESEC_ATTACKER_KNOWLEDGE_H

#include "nodes/msg/sip.h"
#include "sim/net.h"

/* One message recovered from tapped octets. */
typedef struct Reading {
    uint64_t frame;      /* of the crossing that completed it: its frame in the capture */
    const char *segment; /* "air:bob"; "pcscf" for what a host itself sees */
    SimTime at;
    NetDir dir;
    SimContext context; /* of the packet: cause = its TRACE_SEND record.  Only the judge follows it, to explain. */
    NetAddr src, dst;   /* of the IPv6 packet that carried it */
    uint16_t sport, dport;
    const char *how;  /* "in the clear", "inside the node", "ESP with NULL encryption", "GEA1 (stand-in) broken: 2^40,
                         ...", "ESP opened with IK and CK from frame 17 on mw"; several are joined with ", then " */
    double work_log2; /* accounted work needed to read it, 0 = none */
    TraceId learned;  /* the record that says so; 0 = the trace was off */
    const char *what; /* "request", "response"; "certificate", "PSK identity": names and nothing else */
    bool is_request;
    SipMethod method; /* of a response: the method of its CSeq */
    unsigned status;
    const char *octets; /* the SIP message as recovered; of a certificate the names */
    uint32_t len;
    const char *headers; /* start line and headers, decoded (escapes undone), NUL-terminated */
    const char *body;    /* decoded, NUL-terminated; "" when none */
    const char *request_uri, *from, *to, *asserted, *username; /* URIs and Digest username, decoded; "" when absent */
    bool carries_document; /* the body is a presence document or watcher information */
} Reading;

typedef struct Knowledge Knowledge;
size_t knowledge_count(const Knowledge *knowledge);
const Reading *knowledge_get(const Knowledge *knowledge, size_t i); /* in order of time */
/* What he had read when the first @until records of the trace had happened; the readings are shared. */
Knowledge *knowledge_beginning(const Knowledge *knowledge, TraceId until) G_GNUC_WARN_UNUSED_RESULT;
void knowledge_beginning_free(Knowledge *beginning);
/* Something that he computed at home. */
typedef enum { SECRET_PASSWORD, SECRET_RES } SecretKind;
typedef struct Secret {
    SecretKind kind;
    const char *username, *realm; /* of the Digest response that proved it */
    const char *text;             /* the password; RES in hexadecimal */
    const char *how;
    double work_log2; /* accounted in full */
    uint64_t frame;   /* where the response was */
} Secret;
size_t knowledge_secrets(const Knowledge *knowledge);
const Secret *knowledge_secret(const Knowledge *knowledge, size_t i);
/* Octets that no key of his opened: counted, so that "nothing read" is told from "nothing there". */
uint64_t knowledge_sealed(const Knowledge *knowledge);

#endif
