/*
 * scenarios/option_load.h - options from XML: files of their own, and inline in a scenario.
 *
 * Source:  scenarios/schema/presec.xsd, element option.
 * Knows:   the XML and the table of fields.
 */
#ifndef PRESEC_SCENARIOS_OPTION_LOAD_H
#define PRESEC_SCENARIOS_OPTION_LOAD_H

#include "scenarios/option.h"
#include "scenarios/xml.h"

/* From an option element that the schema has seen.  Never NULL: what is wrong is in @diagnostics. */
Option *option_from_xml(const XmlFile *xml, const xmlNode *element, Diagnostics *diagnostics) G_GNUC_WARN_UNUSED_RESULT;

/* A file of its own, from octets; @file names them in diagnostics.  NULL: see @diagnostics. */
Option *option_parse(const char *file, const void *octets, size_t len,
                     Diagnostics *diagnostics) G_GNUC_WARN_UNUSED_RESULT;

/* A reference to an option in an attribute; NULL: the attribute is absent or there is no such option. */
Option *option_from_reference(const XmlFile *xml, const xmlNode *element, const char *attribute,
                              Diagnostics *diagnostics) G_GNUC_WARN_UNUSED_RESULT;

/* Whether a name given by the user is a file rather than a shipped id. */
bool name_is_file(const char *name);

/* source elements below @parent as "S3 §2" */
void sources_from_xml(const xmlNode *parent, GPtrArray *sources);

#endif
