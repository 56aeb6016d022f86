/*
 * nodes/msg/rules_vector.h - the shorthand for rules in tests/vectors/policy_combine.txt, made into a document.
 *
 * Two notations, both with rules separated by `;`:
 *   `id=1 who=bob sphere=home from=... until=... X=TRUE Y=10 Z=2`   the table of RFC 4745 §10.2
 *   `<one sip:bob@home1.net> allow`, `<many domain=home1.net> confirm`, `<many><except id=.../></many> block`
 * The generic permissions of the first become ones of RFC 5025 that combine in the same way: X (truth, OR) is
 * provide-mood, Y (number, MAX; the table's 3, 5, 10, 12 in this order) is sub-handling, Z (1, 2, 3) is
 * provide-user-input.
 */
#ifndef PRESEC_NODES_MSG_RULES_VECTOR_H
#define PRESEC_NODES_MSG_RULES_VECTOR_H

#include "nodes/msg/rules.h"

/* Write the document; false: not in this shorthand. */
bool rules_vector_document(Text shorthand, GString *out);

/* What one watcher gets, in the shorthand's words: "fired=3 5 X=TRUE Y=12 Z=2" */
typedef struct RulesVectorTable {
    char fired[64];
    bool x;
    unsigned y, z;
} RulesVectorTable;
/* First notation.  @who: the name without its domain.  False: shorthand, time or document is not valid. */
bool rules_vector_table(Text shorthand, Text who, Text time, Text sphere, RulesVectorTable *out);
/* Second notation.  False: as above. */
bool rules_vector_handling(Text shorthand, Text watcher, RulesHandling *out);

#endif
