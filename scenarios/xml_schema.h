/*
 * scenarios/xml_schema.h - the schema's complaints in our words.
 *
 * Source:  scenarios/schema/presec.xsd.
 * Knows:   the form of libxml2's messages; what it does not recognise is passed on with the namespace stripped.
 */
#ifndef PRESEC_SCENARIOS_XML_SCHEMA_H
#define PRESEC_SCENARIOS_XML_SCHEMA_H

#include "scenarios/xml.h"

/* @taken_out: elements that have no place where they stand are moved here (libxml2 gives up on what follows them).
 * False: the root element is none of ours. */
bool xml_schema_check(const XmlFile *xml, xmlDoc *doc, GPtrArray *taken_out,
                      Diagnostics *diagnostics) G_GNUC_WARN_UNUSED_RESULT;

#endif
