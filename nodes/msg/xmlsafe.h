/*
 * nodes/msg/xmlsafe.h - XML from a stranger: parsed by libxml2 with everything dangerous shut.
 *
 * No network, no DOCTYPE (so no entities beyond XML's five, no DTD), UTF-8 only, limits on size, depth and number of
 * elements. Knows:   libxml2, and XML escaping for our writers.  No document format.
 */
#ifndef PRESEC_NODES_MSG_XMLSAFE_H
#define PRESEC_NODES_MSG_XMLSAFE_H

#include "nodes/msg/text.h"

#include <libxml/tree.h>

enum {
    XMLSAFE_OCTETS_MAX = 256 * 1024,
    XMLSAFE_DEPTH_MAX = 32,
    XMLSAFE_ELEMENTS_MAX = 8192,
    XMLSAFE_ATTRIBUTES_MAX = 128, /* of one element; libxml2's check for doubles is quadratic */
    XMLSAFE_ERRORS_MAX = 20,      /* lines of errors that are kept */
};

typedef enum {
    XMLSAFE_OK,
    XMLSAFE_TOO_LONG,
    XMLSAFE_NOT_UTF8,
    XMLSAFE_DOCTYPE, /* refused, whatever it says */
    XMLSAFE_TOO_DEEP,
    XMLSAFE_TOO_MANY, /* elements, or attributes of one */
    XMLSAFE_MALFORMED,
} XmlSafeResult;

/**
 * Parse a document.
 *
 * @out:    set on XMLSAFE_OK: taken by the caller (xmlFreeDoc); it has a root element
 * @errors: may be NULL; gets "line:column: what is wrong" lines
 */
XmlSafeResult xmlsafe_parse(const char *octets, size_t len, xmlDocPtr *out, GString *errors) G_GNUC_WARN_UNUSED_RESULT;

/** Refuse external entities process-wide and set up libxml2; called by xmlsafe_parse(), harmless to repeat. */
void xmlsafe_init(void);

/* Reading a tree.  Names are compared with the namespace; @ns NULL: no namespace. */
bool xmlsafe_is(const xmlNode *node, const char *ns, const char *name);
xmlNodePtr xmlsafe_child(const xmlNode *parent, const char *ns, const char *name); /* first; NULL */
xmlNodePtr xmlsafe_first(const xmlNode *parent);                                   /* first element child */
xmlNodePtr xmlsafe_next(const xmlNode *node);                                      /* next element sibling */
/** The text directly inside an element, trimmed, as a view of the tree; absent when it is in more than one piece or
 * empty. */
Text xmlsafe_text(const xmlNode *node);
/** An attribute without a namespace, as a view of the tree; absent if there is none. */
Text xmlsafe_attribute(const xmlNode *node, const char *name);
/** Append "line: message" for this element. */
void xmlsafe_complain(GString *errors, const xmlNode *node, const char *format, ...) G_GNUC_PRINTF(3, 4);

/* Writing without a tree. */
typedef struct XmlWriter {
    char *out;
    size_t cap, len;
    bool full;
} XmlWriter;
void xmlwriter_init(XmlWriter *writer, char *out, size_t cap);
void xmlwriter_raw(XmlWriter *writer, Text markup);
void xmlwriter_literal(XmlWriter *writer, const char *markup);
/** Text or attribute value: < > & " and ' escaped; octets XML cannot carry become U+FFFD. */
void xmlwriter_text(XmlWriter *writer, Text text);
void xmlwriter_number(XmlWriter *writer, int64_t value);
/** `<name>text</name>` when @text is present, nothing otherwise. */
void xmlwriter_element(XmlWriter *writer, const char *name, Text text);
/** ` name="text"` when @text is present, nothing otherwise. */
void xmlwriter_attribute(XmlWriter *writer, const char *name, Text text);
/** Octets written; 0 when something did not fit. */
size_t xmlwriter_finish(const XmlWriter *writer);

/* XML dateTime <-> milliseconds since 1970-01-01T00:00:00Z.  Without a zone it is taken as UTC.  Years 1 to 9999. */
bool xmlsafe_time_parse(Text text, int64_t *unix_ms) G_GNUC_WARN_UNUSED_RESULT;
#define XMLSAFE_TIME_MAX 28
/** "2003-05-06T00:00:00Z"; milliseconds are written when they are not 0.  @out: with a NUL */
Text xmlsafe_time_text(int64_t unix_ms, char out[XMLSAFE_TIME_MAX]);

#endif
