/*
 * scenarios/xml_repair.h - one message for every name and every place that is wrong, and no mistake hidden behind one.
 *
 * Source:  README.md: a bad file gives every error at once.  After a mistake the tree is put right as the writer most
 *          likely meant it, so that what stands in, behind and about the element is checked like everything else.
 * Knows:   names, places and counts of elements and attributes.  Their values are left to the schema.
 */
#ifndef PRESEC_SCENARIOS_XML_REPAIR_H
#define PRESEC_SCENARIOS_XML_REPAIR_H

#include "scenarios/xml.h"
#include "scenarios/xml_vocabulary.h"

/*
 * Complain about, then repair: a namespace that is not ours; elements and attributes of names that are not allowed
 * (given the nearest name, or moved to an element around or before them where they are allowed, or taken out, what
 * could stand there itself left behind); elements out of order, too often, or missing.
 *
 * @extra: out: elements that stand too often, taken out of the document; the schema is to see them one by one and
 *         xml_repair_extra() puts them back, so that the reader finds them
 *
 * False: the root element is none of ours and like none of ours.
 */
bool xml_repair(XmlFile *xml, const Vocabulary *vocabulary, GArray *extra,
                Diagnostics *diagnostics) G_GNUC_WARN_UNUSED_RESULT;

typedef struct XmlExtra {
    xmlNode *element, *parent;
} XmlExtra;
void xml_repair_extra(const GArray *extra);

#endif
