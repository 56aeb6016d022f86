/*
 * scenarios/xml_schema.h - the schema's complaints in our words.
 *
 * Source:  scenarios/schema/presec.xsd.
 * Knows:   the form of libxml2's messages; what it does not recognise is passed on with the namespace stripped.
 */
#ifndef PRESEC_SCENARIOS_XML_SCHEMA_H
#define PRESEC_SCENARIOS_XML_SCHEMA_H

#include "scenarios/xml.h"

/* Checks and repairs as xml_parse() promises.  False: the root element is none of ours. */
bool xml_schema_check(XmlFile *xml, Diagnostics *diagnostics) G_GNUC_WARN_UNUSED_RESULT;

#endif
