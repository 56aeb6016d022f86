/*
 * scenarios/xml.h - reading our own XML formats: safely, with every mistake and its place.
 *
 * Source:  W3C XML Schema 1.0; the vocabulary is scenarios/schema/presec.xsd.
 * Knows:   files and octets.  No network, no external entity, no DOCTYPE, at most 16 MiB, at most 256 levels.
 */
#ifndef PRESEC_SCENARIOS_XML_H
#define PRESEC_SCENARIOS_XML_H

#include "scenarios/diagnostic.h"

#include <libxml/tree.h>

#define XML_OCTETS_MAX ((size_t)16 * 1024 * 1024)
#define XML_NAMESPACE  "urn:presec:scenario:1"

/* The octets of a file ("-": standard input).  False: it cannot be read, one line in @diagnostics. */
bool xml_read(const char *file, char **octets, size_t *len, Diagnostics *diagnostics) G_GNUC_WARN_UNUSED_RESULT;

typedef struct XmlFile XmlFile;
/*
 * Parse and check against the schema.  NULL: not XML of ours at all.  Otherwise what is refused is in @diagnostics, and
 * the tree is put right so that its reader finds the other mistakes and no echo of these: names and places as
 * scenarios/xml_repair.h says, and an attribute whose value was refused is there and empty.
 */
XmlFile *xml_parse(const char *file, const void *octets, size_t len,
                   Diagnostics *diagnostics) G_GNUC_WARN_UNUSED_RESULT;
void xml_free(XmlFile *xml);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(XmlFile, xml_free)

/* For the repair of what has been complained about; places stay those of what was written. */
void xml_rename_attribute(XmlFile *xml, xmlAttr *attribute, const char *name);
void xml_take_out(XmlFile *xml, xmlNode *element);
/* Whether an element that was taken out had this id: whoever refers to it makes no mistake of his own. */
bool xml_took_out(const XmlFile *xml, const char *id);

const char *xml_name(const XmlFile *xml); /* of the file */
xmlDoc *xml_document(const XmlFile *xml);
xmlNode *xml_root(const XmlFile *xml);
/* Of the element's '<'. */
Place xml_place(const XmlFile *xml, const xmlNode *element);
/* Of the attribute's name; of the element when it has none. */
Place xml_attribute_place(const XmlFile *xml, const xmlNode *element, const char *attribute);

/* Child elements; NULL after the last. */
xmlNode *xml_first(const xmlNode *parent);
xmlNode *xml_next(const xmlNode *element);
bool xml_is(const xmlNode *element, const char *name);
xmlNode *xml_child(const xmlNode *parent, const char *name); /* the first; NULL: none */
/* The attribute's value, NULL: absent.  g_free. */
char *xml_get(const xmlNode *element, const char *attribute) G_GNUC_WARN_UNUSED_RESULT;
/* The text in an element, common indentation and blank lines around it taken off; "" when none. */
char *xml_text(const xmlNode *element) G_GNUC_WARN_UNUSED_RESULT;
/* The text in one line. */
char *xml_line(const xmlNode *element) G_GNUC_WARN_UNUSED_RESULT;

/* Complain about an attribute (or, @attribute NULL, an element). */
void xml_complain(const XmlFile *xml, Diagnostics *diagnostics, const xmlNode *element, const char *attribute,
                  const char *format, ...) G_GNUC_PRINTF(5, 6);

#endif
