/*
 * nodes/msg/pidf_tree.h - the inside of a parsed presence document, for those who edit it: nodes/msg/pidf.c and
 * rules_filter.c.
 */
#ifndef PRESEC_NODES_MSG_PIDF_TREE_H
#define PRESEC_NODES_MSG_PIDF_TREE_H

#include "nodes/msg/pidf.h"
#include "nodes/msg/xmlsafe.h"

struct Pidf {
    xmlDocPtr doc;
    PidfTuple tuple[PIDF_TUPLES_MAX]; /* views of the tree */
    unsigned n_tuples;
};

/* After the tree was changed: look at its tuples again. */
PidfResult pidf_reread(Pidf *pidf, GString *errors);

#endif
