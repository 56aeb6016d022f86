/*
 * nodes/msg/mime.h - MIME entities as SIP bodies have them inside: header lines, an empty line, octets.
 *
 * Source:  RFC 2045 §3 (entities), RFC 2046 §5.1 (multipart), RFC 1847 §2.1 (multipart/signed), RFC 8551 §3.2
 *          (application/pkcs7-mime); RFC 3261 §23.3, §27.5 (message/sip).
 * Knows:   octets and names.  Nothing is signed or enveloped here: that is crypto/cms.h, and what to demand is
 *          nodes/smime.h.  Nothing allocates; every reader is linear and gives views.
 */
#ifndef PRESEC_NODES_MSG_MIME_H
#define PRESEC_NODES_MSG_MIME_H

#include "nodes/msg/text.h"

#define MIME_PKCS7     "application/pkcs7-mime"
#define MIME_SIGNATURE "application/pkcs7-signature"
#define MIME_SIP       "message/sip"
#define MIME_SIPFRAG   "message/sipfrag"
#define MIME_SIGNED    "multipart/signed"

enum {
    MIME_HEADERS_MAX = 32,  /* of one entity */
    MIME_PARTS_MAX = 32,    /* of one multipart body */
    MIME_BOUNDARY_MAX = 70, /* RFC 2046 §5.1.1 */
};

/* What anybody does with an entity depends on these; others are there to be read by name. */
typedef struct MimeEntity {
    Text head; /* the header lines, the empty line not included; may be empty */
    Text body; /* all behind it; may be empty */
    Text type; /* the value of Content-Type: absent when there is none, which means text/plain */
} MimeEntity;

typedef enum {
    MIME_OK,
    MIME_BAD_HEADER, /* no colon, no token before it, a NUL, or a line that does not end in CRLF */
    MIME_NO_BODY,    /* the empty line is missing */
    MIME_TOO_MANY,   /* above MIME_HEADERS_MAX */
    MIME_ENCODED, /* Content-Transfer-Encoding is neither 7bit, 8bit nor binary: SIP is 8-bit clean (RFC 3261 §27.5) */
} MimeResult;
const char *mime_result_text(MimeResult result);

/** @out: views of @octets; on MIME_ENCODED set too. */
MimeResult mime_entity_parse(Text octets, MimeEntity *out) G_GNUC_WARN_UNUSED_RESULT;
/** The value of the first header of this name, trimmed, ASCII case of the name ignored; absent when there is none. */
Text mime_header(const MimeEntity *entity, const char *name);

/** Whether a Content-Type value is @full ("message/sip"), parameters aside; false for a malformed one. */
bool mime_is(Text type, const char *full);
/** A parameter of a value, without its quotes; absent when there is none or the value is malformed. */
Text mime_parameter(Text type, const char *name);
/** What stands for the value before its parameters ("attachment"), for Content-Disposition and the like. */
Text mime_value(Text value);

/* One header line to write. */
typedef struct MimeHeader {
    const char *name;
    Text value;
} MimeHeader;

/** Octets written, without a NUL; 0: it does not fit into @cap. */
size_t mime_entity_write(const MimeHeader *headers, unsigned n, Text body, char *out,
                         size_t cap) G_GNUC_WARN_UNUSED_RESULT;

/*
 * The parts of a multipart body, in order; preamble and epilogue are passed over.
 *
 *   MimeParts it; Text part;
 *   if (mime_parts(&it, type, body))
 *       while (mime_parts_next(&it, &part)) ...       part is an entity: for a signature it is what was signed
 *   if (it.bad) ...
 */
typedef struct MimeParts {
    Text rest, boundary;
    unsigned n;
    bool bad; /* no first boundary, the last one missing, or more than MIME_PARTS_MAX */
} MimeParts;

/** False: not a multipart type, or no boundary that could be one. */
bool mime_parts(MimeParts *it, Text type, Text body);
bool mime_parts_next(MimeParts *it, Text *part);
/** A multipart body of these parts.  0: it does not fit, or the boundary stands inside a part. */
size_t mime_parts_write(const Text *parts, unsigned n, Text boundary, char *out, size_t cap) G_GNUC_WARN_UNUSED_RESULT;

enum { MIME_DATE_MAX = 32 };
/** "Tue, 06 May 2003 00:00:00 GMT": RFC 3261 §20.17, which sip_date_decode() reads.  @out: with a NUL. */
const char *mime_date(int64_t unix_seconds, char out[MIME_DATE_MAX]);

#endif
