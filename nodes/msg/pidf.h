/*
 * nodes/msg/pidf.h - presence documents: writing them, reading them, putting several together.
 *
 * Source:  RFC 3863 (PIDF); RFC 4479 (persons and devices), RFC 4480 (RPID) pass through unread.
 * Knows:   the document.  Filtering by policy is in nodes/msg/rules.h.
 */
#ifndef PRESEC_NODES_MSG_PIDF_H
#define PRESEC_NODES_MSG_PIDF_H

#include "nodes/msg/text.h"

#define PIDF_MIME     "application/pidf+xml"
#define PIDF_NS       "urn:ietf:params:xml:ns:pidf"
#define PIDF_NS_MODEL "urn:ietf:params:xml:ns:pidf:data-model"
#define PIDF_NS_RPID  "urn:ietf:params:xml:ns:pidf:rpid"
enum { PIDF_TUPLES_MAX = 32 };

typedef enum { PIDF_UNSTATED, PIDF_OPEN, PIDF_CLOSED } PidfBasic;

typedef struct PidfTuple {
    Text id; /* needed */
    PidfBasic basic;
    Text contact;   /* a URI */
    Text priority;  /* of the contact: "0.8" */
    Text note;      /* the first one */
    Text timestamp; /* xmlsafe_time_text() makes one */
} PidfTuple;

/**
 * Write a document; nothing is allocated.
 *
 * @entity: the presentity's URI
 *
 * Returns its octets, without a NUL; 0: it does not fit into @cap.
 */
size_t pidf_write(Text entity, const PidfTuple *tuples, unsigned n_tuples, char *out,
                  size_t cap) G_GNUC_WARN_UNUSED_RESULT;

/** The same for a narrow link: no XML declaration, which UTF-8 does not need (XML 1.0 §2.8), and no layout. */
size_t pidf_write_compact(Text entity, const PidfTuple *tuples, unsigned n_tuples, char *out,
                          size_t cap) G_GNUC_WARN_UNUSED_RESULT;

/** The document of a polite block: one closed tuple that says nothing else, RFC 5025 §3.2.1. */
size_t pidf_closed_polite(Text entity, char *out, size_t cap) G_GNUC_WARN_UNUSED_RESULT;

/* A parsed document, with everything in it that we do not know.  Texts are views of it. */
typedef struct Pidf Pidf;
typedef enum {
    PIDF_OK,
    PIDF_NOT_XML,   /* malformed, or refused by nodes/msg/xmlsafe.h */
    PIDF_NOT_PIDF,  /* the root is not presence, or it has no entity */
    PIDF_BAD_TUPLE, /* without id or status, with an id twice, or a basic that is neither open nor closed */
    PIDF_TOO_MANY,  /* above PIDF_TUPLES_MAX */
} PidfResult;
const char *pidf_result_text(PidfResult result);

/** @out: on PIDF_OK taken by the caller.  @errors: may be NULL; gets a line for each reason. */
PidfResult pidf_parse(const char *octets, size_t len, Pidf **out, GString *errors) G_GNUC_WARN_UNUSED_RESULT;
void pidf_free(Pidf *pidf);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Pidf, pidf_free)

Text pidf_entity(const Pidf *pidf);
unsigned pidf_n_tuples(const Pidf *pidf);
const PidfTuple *pidf_tuple(const Pidf *pidf, unsigned i);
/** The first note: of the first tuple that has one, else the document's. */
Text pidf_note(const Pidf *pidf);
/** RPID sphere of the persons, RFC 5025 §3.1.2: absent when there is none or they differ. */
Text pidf_sphere(const Pidf *pidf);

/** Take the tuples, persons, devices and notes of @from to the end of @to, as one presentity's publications are
 * composed. Ids already taken in @to get a suffix.  False: above PIDF_TUPLES_MAX; @to then has what fitted. */
bool pidf_append(Pidf *to, const Pidf *from);
/** A document without any tuple, to append to. */
Pidf *pidf_new(Text entity);

/** Octets written, without a NUL; 0: it does not fit into @cap. */
size_t pidf_save(const Pidf *pidf, char *out, size_t cap) G_GNUC_WARN_UNUSED_RESULT;

/** The document in lines.  False: it must be rejected; the last line says why. */
bool pidf_describe(const uint8_t *octets, size_t len, GString *out);

#endif
