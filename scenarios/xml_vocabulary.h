/*
 * scenarios/xml_vocabulary.h - what may stand in which element, read from the schema document itself.
 *
 * Source:  scenarios/schema/presec.xsd.  libxml2's messages name at most ten elements and no attribute, and it gives up
 *          on what follows a mistake; with this the mistakes are found, named and repaired before it looks.
 * Knows:   xs:element, xs:sequence, xs:choice, xs:group, xs:attributeGroup, xs:extension as presec.xsd uses them.
 */
#ifndef PRESEC_SCENARIOS_XML_VOCABULARY_H
#define PRESEC_SCENARIOS_XML_VOCABULARY_H

#include <glib.h>
#include <libxml/tree.h>
#include <stdbool.h>

typedef struct VocabularyChild {
    char *name;
    unsigned rank; /* from 1; a child stands after those of lower rank, equal ranks may be mixed */
    bool many;     /* may stand more than once */
    bool required;
} VocabularyChild;

/* An element; its name has one meaning wherever it stands. */
typedef struct VocabularyElement {
    char *name;
    GArray *children;         /* VocabularyChild, by rank */
    const char **child_names; /* NULL-terminated */
    GPtrArray *attributes;    /* char*, NULL-terminated */
} VocabularyElement;

typedef struct Vocabulary Vocabulary;
Vocabulary *vocabulary_new(void) G_GNUC_WARN_UNUSED_RESULT;
void vocabulary_free(Vocabulary *vocabulary);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Vocabulary, vocabulary_free)

xmlDoc *vocabulary_document(const Vocabulary *vocabulary);
const VocabularyElement *vocabulary_element(const Vocabulary *vocabulary, const char *name); /* NULL: none */
const VocabularyChild *vocabulary_child(const VocabularyElement *element, const char *name); /* NULL: none */
/* In which elements it may stand, as "at, attacker"; NULL: in none. */
char *vocabulary_parents(const Vocabulary *vocabulary, const char *name) G_GNUC_WARN_UNUSED_RESULT;

/* The values an attribute is limited to, NULL-terminated, empty: not a list. */
GPtrArray *vocabulary_values(const Vocabulary *vocabulary, const char *element,
                             const char *attribute) G_GNUC_WARN_UNUSED_RESULT;
/* What the schema says in words about the values of an attribute; NULL: nothing. */
char *vocabulary_words(const Vocabulary *vocabulary, const char *element,
                       const char *attribute) G_GNUC_WARN_UNUSED_RESULT;

#endif
