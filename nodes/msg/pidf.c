/*
 * nodes/msg/pidf.c - presence documents.
 *
 * Source:  RFC 3863 §4; RFC 4479 §3 (persons and devices); RFC 5025 §3.1.2 (sphere), §3.2.1 (polite block).
 * Knows:   see pidf.h.
 */
#include "nodes/msg/pidf_tree.h"

const char *pidf_result_text(PidfResult result)
{
    switch (result) {
    case PIDF_OK: return "well-formed";
    case PIDF_NOT_XML: return "not acceptable XML";
    case PIDF_NOT_PIDF: return "not a presence document with an entity";
    case PIDF_BAD_TUPLE: return "a tuple is not as RFC 3863 requires";
    case PIDF_TOO_MANY: return "too many tuples";
    }
    return "?";
}

/* ---- writing ---- */

static const char *basic_name(PidfBasic basic)
{
    switch (basic) {
    case PIDF_OPEN: return "open";
    case PIDF_CLOSED: return "closed";
    case PIDF_UNSTATED: return NULL;
    }
    return NULL;
}

/* Where a document is laid out: a line end and so much before the next. */
static void lay(XmlWriter *w, bool compact, const char *layout)
{
    if (!compact)
        xmlwriter_literal(w, layout);
}

static void write_simple(XmlWriter *w, bool compact, const char *name, Text value)
{
    if (!text_present(value))
        return;
    lay(w, compact, "\n    ");
    xmlwriter_element(w, name, value);
}

static void write_tuple(XmlWriter *w, bool compact, const PidfTuple *tuple)
{
    lay(w, compact, "  ");
    xmlwriter_literal(w, "<tuple");
    xmlwriter_attribute(w, "id", tuple->id);
    xmlwriter_literal(w, ">");
    lay(w, compact, "\n    ");
    xmlwriter_literal(w, "<status>");
    xmlwriter_element(w, "basic", text_from(basic_name(tuple->basic)));
    xmlwriter_literal(w, "</status>");
    if (text_present(tuple->contact)) {
        lay(w, compact, "\n    ");
        xmlwriter_literal(w, "<contact");
        xmlwriter_attribute(w, "priority", tuple->priority);
        xmlwriter_literal(w, ">");
        xmlwriter_text(w, tuple->contact);
        xmlwriter_literal(w, "</contact>");
    }
    write_simple(w, compact, "note", tuple->note);
    write_simple(w, compact, "timestamp", tuple->timestamp);
    lay(w, compact, "\n  ");
    xmlwriter_literal(w, "</tuple>");
    lay(w, compact, "\n");
}

static size_t write_document(bool compact, Text entity, const PidfTuple *tuples, unsigned n_tuples, char *out,
                             size_t cap)
{
    XmlWriter w;
    xmlwriter_init(&w, out, cap);
    lay(&w, compact, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    xmlwriter_literal(&w, "<presence xmlns=\"" PIDF_NS "\"");
    xmlwriter_attribute(&w, "entity", entity);
    xmlwriter_literal(&w, ">");
    lay(&w, compact, "\n");
    for (unsigned i = 0; i < n_tuples; i++)
        write_tuple(&w, compact, &tuples[i]);
    xmlwriter_literal(&w, "</presence>");
    lay(&w, compact, "\n");
    return xmlwriter_finish(&w);
}

size_t pidf_write(Text entity, const PidfTuple *tuples, unsigned n_tuples, char *out, size_t cap)
{
    return write_document(false, entity, tuples, n_tuples, out, cap);
}

size_t pidf_write_compact(Text entity, const PidfTuple *tuples, unsigned n_tuples, char *out, size_t cap)
{
    return write_document(true, entity, tuples, n_tuples, out, cap);
}

size_t pidf_closed_polite(Text entity, char *out, size_t cap)
{
    PidfTuple closed = { .id = TEXT("t1"), .basic = PIDF_CLOSED };
    return pidf_write(entity, &closed, 1, out, cap);
}

/* ---- reading ---- */

static PidfResult bad_tuple(GString *errors, const xmlNode *node, const char *why)
{
    xmlsafe_complain(errors, node, "%s", why);
    return PIDF_BAD_TUPLE;
}

static bool read_basic(const xmlNode *status, PidfBasic *out)
{
    const xmlNode *basic = xmlsafe_child(status, PIDF_NS, "basic");
    *out = PIDF_UNSTATED;
    if (!basic)
        return true;
    Text text = xmlsafe_text(basic);
    if (text_is(text, "open"))
        *out = PIDF_OPEN;
    else if (text_is(text, "closed"))
        *out = PIDF_CLOSED;
    return *out != PIDF_UNSTATED;
}

static Text child_text(const xmlNode *parent, const char *name)
{
    const xmlNode *child = xmlsafe_child(parent, PIDF_NS, name);
    return child ? xmlsafe_text(child) : TEXT_NONE;
}

static PidfResult read_tuple(const xmlNode *node, PidfTuple *out, GString *errors)
{
    *out = (PidfTuple){ .id = xmlsafe_attribute(node, "id") };
    const xmlNode *status = xmlsafe_child(node, PIDF_NS, "status");
    const xmlNode *contact = xmlsafe_child(node, PIDF_NS, "contact");
    if (out->id.len == 0)
        return bad_tuple(errors, node, "a tuple without an id");
    if (!status)
        return bad_tuple(errors, node, "a tuple without a status");
    if (!read_basic(status, &out->basic))
        return bad_tuple(errors, status, "basic is neither open nor closed");
    if (contact) {
        out->contact = xmlsafe_text(contact);
        out->priority = xmlsafe_attribute(contact, "priority");
    }
    out->note = child_text(node, "note");
    out->timestamp = child_text(node, "timestamp");
    return PIDF_OK;
}

static bool id_is_taken(const Pidf *pidf, Text id)
{
    for (unsigned i = 0; i < pidf->n_tuples; i++)
        if (text_equal(pidf->tuple[i].id, id))
            return true;
    return false;
}

PidfResult pidf_reread(Pidf *pidf, GString *errors)
{
    PidfResult result = PIDF_OK;
    pidf->n_tuples = 0;
    const xmlNode *node = xmlsafe_first(xmlDocGetRootElement(pidf->doc));
    for (; node && result == PIDF_OK; node = xmlsafe_next(node)) {
        PidfTuple tuple;
        if (!xmlsafe_is(node, PIDF_NS, "tuple"))
            continue;
        if (pidf->n_tuples == PIDF_TUPLES_MAX)
            return PIDF_TOO_MANY;
        result = read_tuple(node, &tuple, errors);
        if (result == PIDF_OK && id_is_taken(pidf, tuple.id))
            result = bad_tuple(errors, node, "two tuples have the same id");
        pidf->tuple[pidf->n_tuples++] = tuple;
    }
    return result;
}

PidfResult pidf_parse(const char *octets, size_t len, Pidf **out, GString *errors)
{
    xmlDocPtr doc;
    if (xmlsafe_parse(octets, len, &doc, errors) != XMLSAFE_OK)
        return PIDF_NOT_XML;
    g_autoptr(Pidf) pidf = g_new0(Pidf, 1);
    pidf->doc = doc;
    const xmlNode *root = xmlDocGetRootElement(doc);
    if (!xmlsafe_is(root, PIDF_NS, "presence") || xmlsafe_attribute(root, "entity").len == 0) {
        xmlsafe_complain(errors, root, "the root is not a presence element with an entity");
        return PIDF_NOT_PIDF;
    }
    PidfResult result = pidf_reread(pidf, errors);
    if (result == PIDF_OK)
        *out = g_steal_pointer(&pidf);
    return result;
}

Pidf *pidf_new(Text entity)
{
    Pidf *pidf = g_new0(Pidf, 1);
    xmlsafe_init();
    pidf->doc = xmlNewDoc(BAD_CAST "1.0");
    xmlNodePtr root = xmlNewDocNode(pidf->doc, NULL, BAD_CAST "presence", NULL);
    xmlDocSetRootElement(pidf->doc, root);
    xmlSetNs(root, xmlNewNs(root, BAD_CAST PIDF_NS, NULL));
    g_autofree char *value = text_dup(entity);
    xmlNewProp(root, BAD_CAST "entity", BAD_CAST(value ? value : ""));
    return pidf;
}

void pidf_free(Pidf *pidf)
{
    if (!pidf)
        return;
    xmlFreeDoc(pidf->doc);
    g_free(pidf);
}

Text pidf_entity(const Pidf *pidf)
{
    return xmlsafe_attribute(xmlDocGetRootElement(pidf->doc), "entity");
}

unsigned pidf_n_tuples(const Pidf *pidf)
{
    return pidf->n_tuples;
}

const PidfTuple *pidf_tuple(const Pidf *pidf, unsigned i)
{
    g_assert(i < pidf->n_tuples);
    return &pidf->tuple[i];
}

Text pidf_note(const Pidf *pidf)
{
    for (unsigned i = 0; i < pidf->n_tuples; i++)
        if (text_present(pidf->tuple[i].note))
            return pidf->tuple[i].note;
    return child_text(xmlDocGetRootElement(pidf->doc), "note");
}

/* RFC 4480 §3.9: one of its elements (home, work) or free text. */
static Text sphere_of(const xmlNode *person)
{
    const xmlNode *sphere = xmlsafe_child(person, PIDF_NS_RPID, "sphere");
    const xmlNode *value = sphere ? xmlsafe_first(sphere) : NULL;
    if (value)
        return text_from((const char *)value->name);
    return sphere ? xmlsafe_text(sphere) : TEXT_NONE;
}

Text pidf_sphere(const Pidf *pidf)
{
    Text found = TEXT_NONE;
    const xmlNode *node = xmlsafe_first(xmlDocGetRootElement(pidf->doc));
    for (; node; node = xmlsafe_next(node)) {
        Text sphere = xmlsafe_is(node, PIDF_NS_MODEL, "person") ? sphere_of(node) : TEXT_NONE;
        if (!text_present(sphere))
            continue;
        if (text_present(found) && !text_equal_nocase(found, sphere))
            return TEXT_NONE;
        found = sphere;
    }
    return found;
}

/* ---- composing ---- */

static bool is_tuple(const xmlNode *node)
{
    return xmlsafe_is(node, PIDF_NS, "tuple");
}

static bool is_pidf(const xmlNode *node)
{
    return node->ns && node->ns->href && strcmp((const char *)node->ns->href, PIDF_NS) == 0;
}

/* The schema wants tuples, then notes, then the elements of others (RFC 3863 §4.4): before which child does @node go?
 */
static xmlNodePtr place_for(xmlNodePtr root, const xmlNode *node)
{
    xmlNodePtr before = xmlsafe_first(root);
    while (before && (is_tuple(node) ? is_tuple(before) : is_pidf(node) ? is_pidf(before) : true))
        before = xmlsafe_next(before);
    return before;
}

static void add_copy(xmlNodePtr root, xmlNodePtr node)
{
    xmlNodePtr copy = xmlDocCopyNode(node, root->doc, 1);
    xmlNodePtr before = place_for(root, node);
    if (before)
        xmlAddPrevSibling(before, copy);
    else
        xmlAddChild(root, copy);
    xmlReconciliateNs(root->doc, copy);
}

static bool root_has_id(const xmlNode *root, Text id)
{
    for (const xmlNode *node = xmlsafe_first(root); node; node = xmlsafe_next(node))
        if (text_equal(xmlsafe_attribute(node, "id"), id))
            return true;
    return false;
}

/* Tuples, persons and devices share one space of ids, RFC 4479 §3.  "t1" becomes "t1-2", "t1-3" ... */
static void make_id_unique(const xmlNode *root, xmlNodePtr node)
{
    Text id = xmlsafe_attribute(node, "id");
    if (id.len == 0 || !root_has_id(root, id))
        return;
    g_autoptr(GString) other = g_string_new(NULL);
    for (unsigned n = 2; n == 2 || root_has_id(root, text_of(other->str, other->len)); n++)
        g_string_printf(other, TEXT_FMT "-%u", TEXT_ARG(id), n);
    xmlSetProp(node, BAD_CAST "id", BAD_CAST other->str);
}

bool pidf_append(Pidf *to, const Pidf *from)
{
    xmlNodePtr root = xmlDocGetRootElement(to->doc);
    unsigned n_tuples = to->n_tuples;
    bool fitted = true;
    for (xmlNodePtr node = xmlsafe_first(xmlDocGetRootElement(from->doc)); node; node = xmlsafe_next(node)) {
        if (is_tuple(node) && n_tuples == PIDF_TUPLES_MAX) {
            fitted = false;
            continue;
        }
        n_tuples += is_tuple(node);
        xmlNodePtr copy = xmlCopyNode(node, 1);
        make_id_unique(root, copy);
        add_copy(root, copy);
        xmlFreeNode(copy);
    }
    return pidf_reread(to, NULL) == PIDF_OK && fitted;
}

size_t pidf_save(const Pidf *pidf, char *out, size_t cap)
{
    xmlChar *text = NULL;
    int len = 0;
    xmlDocDumpMemoryEnc(pidf->doc, &text, &len, "UTF-8");
    bool fits = text && len > 0 && (size_t)len <= cap;
    if (fits)
        memcpy(out, text, (size_t)len);
    xmlFree(text);
    return fits ? (size_t)len : 0;
}

/* ---- for people ---- */

static void describe_field(GString *out, const char *name, Text text)
{
    if (!text_present(text))
        return;
    g_string_append_printf(out, "    %s: ", name);
    for (uint32_t i = 0; i < text.len; i++) /* the document is UTF-8; only controls could disturb a terminal */
        g_string_append_c(out, (unsigned char)text.p[i] < ' ' || text.p[i] == 0x7f ? ' ' : text.p[i]);
    g_string_append_c(out, '\n');
}

static void describe_others(const Pidf *pidf, GString *out)
{
    const xmlNode *node = xmlsafe_first(xmlDocGetRootElement(pidf->doc));
    for (; node; node = xmlsafe_next(node))
        if (!is_pidf(node))
            g_string_append_printf(out, "  %s in %s\n", node->name,
                                   node->ns ? (const char *)node->ns->href : "no namespace");
}

bool pidf_describe(const uint8_t *octets, size_t len, GString *out)
{
    g_autoptr(Pidf) pidf = NULL;
    PidfResult result = pidf_parse((const char *)octets, len, &pidf, out);
    if (result != PIDF_OK) {
        g_string_append_printf(out, "rejected: %s\n", pidf_result_text(result));
        return false;
    }
    g_string_append_printf(out, "presence of " TEXT_FMT ", %u tuples\n", TEXT_ARG(pidf_entity(pidf)), pidf->n_tuples);
    for (unsigned i = 0; i < pidf->n_tuples; i++) {
        const PidfTuple *tuple = &pidf->tuple[i];
        const char *basic = basic_name(tuple->basic);
        g_string_append_printf(out, "  tuple " TEXT_FMT ": %s\n", TEXT_ARG(tuple->id),
                               basic ? basic : "status not stated");
        describe_field(out, "contact", tuple->contact);
        describe_field(out, "priority", tuple->priority);
        describe_field(out, "note", tuple->note);
        describe_field(out, "timestamp", tuple->timestamp);
    }
    describe_field(out, "note", child_text(xmlDocGetRootElement(pidf->doc), "note"));
    describe_others(pidf, out);
    return true;
}
