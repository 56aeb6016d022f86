/*
 * scenarios/xml.c - parsing our own XML with the place of everything.
 *
 * Source:  scenarios/xml.h.  The schema's complaints are put into our words by scenarios/xml_schema.c.
 * Knows:   libxml2's tree.  libxml2 keeps lines only, so the start of every element is noted while it is parsed.
 */
#include "scenarios/xml.h"
#include "scenarios/xml_schema.h"

#include <errno.h>
#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

struct XmlFile {
    char *name;
    xmlDoc *doc;
    char *octets; /* a copy, for places */
    size_t len;
    GArray *line_starts;  /* size_t */
    GHashTable *ends;     /* xmlNode* -> offset where its start tag ends, + 1; looked up only */
    GHashTable *written;  /* xmlAttr* -> the name it was written with, when it has another now; looked up only */
    GPtrArray *taken_out; /* xmlNode*, unlinked from the document */
};

/* ---- files ---- */

static bool refuse_file(const char *file, Diagnostics *diagnostics, const char *why)
{
    diagnostics_add(diagnostics, file, (Place){ 0, 0 }, "%s", why);
    return false;
}

static bool read_stream(FILE *stream, GString *out)
{
    char chunk[65536];
    size_t n;
    while (out->len <= XML_OCTETS_MAX && (n = fread(chunk, 1, sizeof chunk, stream)) > 0)
        g_string_append_len(out, chunk, (gssize)n);
    return !ferror(stream);
}

static const char *why_not_a_file(const char *file)
{
    struct stat status;
    if (stat(file, &status) != 0)
        return errno == ENOENT ? "there is no such file; allowed: the id of a shipped one, a file, or - for standard "
                                 "input"
                               : g_strerror(errno);
    if (S_ISDIR(status.st_mode))
        return "is a directory; allowed: a file";
    if (!S_ISREG(status.st_mode) && !S_ISFIFO(status.st_mode))
        return "is neither a file nor a pipe";
    return NULL;
}

bool xml_read(const char *file, char **octets, size_t *len, Diagnostics *diagnostics)
{
    bool standard = strcmp(file, "-") == 0;
    const char *why = standard ? NULL : why_not_a_file(file);
    if (why)
        return refuse_file(file, diagnostics, why);
    FILE *stream = standard ? stdin : fopen(file, "rb");
    if (!stream)
        return refuse_file(file, diagnostics, g_strerror(errno));
    GString *out = g_string_new(NULL);
    bool good = read_stream(stream, out);
    if (!standard)
        fclose(stream);
    *len = out->len;
    *octets = g_string_free(out, FALSE);
    if (good)
        return true;
    g_clear_pointer(octets, g_free);
    return refuse_file(file, diagnostics, "cannot be read");
}

/* ---- places ---- */

static Place place_of_offset(const XmlFile *xml, size_t offset)
{
    guint low = 0, high = xml->line_starts->len;
    while (high - low > 1) {
        guint middle = low + (high - low) / 2;
        if (g_array_index(xml->line_starts, size_t, middle) <= offset)
            low = middle;
        else
            high = middle;
    }
    size_t start = g_array_index(xml->line_starts, size_t, low);
    return (Place){ .line = low + 1, .column = (unsigned)(offset - start) + 1 };
}

static bool element_tag(const XmlFile *xml, const xmlNode *element, size_t *start, size_t *end)
{
    size_t noted = GPOINTER_TO_SIZE(g_hash_table_lookup(xml->ends, element));
    if (noted == 0 || noted - 1 > xml->len)
        return false;
    *end = noted - 1;
    *start = *end;
    /* '<' cannot stand inside a start tag, not even in an attribute's value. */
    while (*start > 0 && xml->octets[*start] != '<')
        (*start)--;
    return true;
}

Place xml_place(const XmlFile *xml, const xmlNode *element)
{
    size_t start, end;
    if (element_tag(xml, element, &start, &end))
        return place_of_offset(xml, start);
    return (Place){ .line = (unsigned)MAX(xmlGetLineNo((xmlNode *)element), 0), .column = 1 };
}

/* The attribute's name, outside quotes, followed by '=' or blanks. */
static bool find_attribute(const XmlFile *xml, size_t start, size_t end, const char *attribute, size_t *out)
{
    size_t len = strlen(attribute);
    char quote = 0;
    for (size_t i = start; i + len < end; i++) {
        char c = xml->octets[i];
        if (quote) {
            quote = c == quote ? 0 : quote;
        } else if (c == '"' || c == '\'') {
            quote = c;
        } else if (i > start && g_ascii_isspace(xml->octets[i - 1]) && strncmp(xml->octets + i, attribute, len) == 0 &&
                   (xml->octets[i + len] == '=' || g_ascii_isspace(xml->octets[i + len]))) {
            *out = i;
            return true;
        }
    }
    return false;
}

Place xml_attribute_place(const XmlFile *xml, const xmlNode *element, const char *attribute)
{
    size_t start, end, found;
    xmlAttr *node = attribute ? xmlHasProp((xmlNode *)element, (const xmlChar *)attribute) : NULL;
    const char *written = node ? g_hash_table_lookup(xml->written, node) : NULL;
    attribute = written ? written : attribute;
    if (attribute && element_tag(xml, element, &start, &end) && find_attribute(xml, start, end, attribute, &found))
        return place_of_offset(xml, found);
    return xml_place(xml, element);
}

void xml_complain(const XmlFile *xml, Diagnostics *diagnostics, const xmlNode *element, const char *attribute,
                  const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    diagnostics_add(diagnostics, xml->name, xml_attribute_place(xml, element, attribute), "%s", text);
}

/* ---- parsing ---- */

typedef struct ParseState {
    XmlFile *xml;
    Diagnostics *diagnostics;
    bool refused;
} ParseState;

static void on_start_element(void *ctx, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri, int n_ns,
                             const xmlChar **ns, int n_attributes, int n_defaulted, const xmlChar **attributes)
{
    xmlParserCtxt *parser = ctx;
    ParseState *state = parser->_private;
    xmlSAX2StartElementNs(ctx, name, prefix, uri, n_ns, ns, n_attributes, n_defaulted, attributes);
    long offset = xmlByteConsumed(parser);
    if (parser->node && offset >= 0)
        g_hash_table_insert(state->xml->ends, parser->node, GSIZE_TO_POINTER((size_t)offset + 1));
}

static void on_doctype(void *ctx, const xmlChar *name, const xmlChar *public_id, const xmlChar *system_id)
{
    xmlParserCtxt *parser = ctx;
    ParseState *state = parser->_private;
    Place place = { .line = (unsigned)MAX(parser->input->line, 0), .column = (unsigned)MAX(parser->input->col, 0) };
    diagnostics_add(state->diagnostics, state->xml->name, place,
                    "a DOCTYPE is not allowed; our formats need no entities");
    state->refused = true;
    xmlStopParser(parser);
}

/* libxml2's complaint in words that say what to do; NULL: its own will do.  @harmless: the tree is as it was meant. */
static char *parse_error_words(const xmlError *error, bool *harmless)
{
    const char *one = error->str1 ? error->str1 : "", *two = error->str2 ? error->str2 : "";
    *harmless = error->code == XML_ERR_ATTRIBUTE_REDEFINED || error->code == XML_ERR_ENTITYREF_SEMICOL_MISSING ||
                (error->code == XML_ERR_NAME_REQUIRED && strstr(error->message, "EntityRef"));
    if (error->code == XML_ERR_ATTRIBUTE_REDEFINED)
        return g_strdup_printf("the attribute '%s' is given twice; allowed: once", two[0] ? two : one);
    if (*harmless)
        return g_strdup("'&' stands alone; allowed: &amp; for the character itself");
    switch (error->code) {
    case XML_ERR_TAG_NAME_MISMATCH:
        return g_strdup_printf("</%s> comes before the end of %s, which began in line %d; allowed: </%s> first", two,
                               one, error->int1, one);
    case XML_ERR_TAG_NOT_FINISHED:
        return g_strdup_printf("the file ends inside %s, which began in line %d; allowed: </%s>", one, error->int1,
                               one);
    case XML_ERR_LT_IN_ATTRIBUTE:
        return g_strdup("'<' stands in the value of an attribute; allowed: &lt;, or a quotation mark before it to end "
                        "the value");
    case XML_ERR_ATTRIBUTE_NOT_STARTED:
        return g_strdup("the value of an attribute has no quotation marks; allowed: name=\"value\"");
    case XML_ERR_UNDECLARED_ENTITY:
    case XML_WAR_UNDECLARED_ENTITY:
        return g_strdup_printf("&%s; is not known; allowed: &amp; &lt; &gt; &quot; &apos;", one);
    case XML_ERR_DOCUMENT_EMPTY: return g_strdup("it does not begin with '<'; allowed: an XML document");
    default: return NULL;
    }
}

/* What follows a mistake in the XML itself is mostly its echo: the first that leaves no tree to trust is the last. */
static void on_parse_error(void *ctx, xmlErrorPtr error)
{
    xmlParserCtxt *parser = ctx;
    ParseState *state = parser->_private;
    if (state->refused || !error->message || error->level == XML_ERR_WARNING)
        return;
    bool harmless = false;
    g_autofree char *words = parse_error_words(error, &harmless), *text = g_strdup(words ? words : error->message);
    g_strchomp(text);
    Place place = { .line = (unsigned)MAX(error->line, 0), .column = (unsigned)MAX(error->int2, 0) };
    const char *file = state->xml->name;
    state->refused = !harmless;
    if (strstr(text, "depth"))
        diagnostics_add(state->diagnostics, file, place, "elements are nested too deeply; allowed: 256 levels");
    else if (strstr(text, "XML_PARSE_HUGE"))
        diagnostics_add(state->diagnostics, file, place, "a text is too long; allowed: 10 million octets");
    else
        diagnostics_add(state->diagnostics, file, place, "this is not well-formed XML: %s", text);
}

static bool octets_acceptable(const char *file, const char *octets, size_t len, Diagnostics *diagnostics)
{
    if (len > XML_OCTETS_MAX)
        return refuse_file(file, diagnostics, "the file is too long; allowed: 16 MiB");
    if (len == 0)
        return refuse_file(file, diagnostics, "the file is empty; allowed: an XML document");
    if (memchr(octets, 0, len))
        return refuse_file(file, diagnostics, "this is a binary file; allowed: an XML document in UTF-8");
    if (!g_utf8_validate_len(octets, len, NULL))
        return refuse_file(file, diagnostics, "this is not UTF-8 text; allowed: an XML document in UTF-8");
    return true;
}

static void note_lines(XmlFile *xml)
{
    size_t start = 0;
    g_array_append_val(xml->line_starts, start);
    for (size_t i = 0; i < xml->len; i++) {
        if (xml->octets[i] == '\n') {
            start = i + 1;
            g_array_append_val(xml->line_starts, start);
        }
    }
}

static XmlFile *xml_new(const char *file, const char *octets, size_t len)
{
    XmlFile *xml = g_new0(XmlFile, 1);
    xml->name = g_strdup(file);
    xml->octets = g_malloc(len + 1);
    memcpy(xml->octets, octets, len);
    xml->octets[len] = '\0';
    xml->len = len;
    xml->line_starts = g_array_new(FALSE, FALSE, sizeof(size_t));
    xml->ends = g_hash_table_new(NULL, NULL);
    xml->written = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    xml->taken_out = g_ptr_array_new();
    note_lines(xml);
    return xml;
}

void xml_free(XmlFile *xml)
{
    if (!xml)
        return;
    for (guint i = 0; i < xml->taken_out->len; i++)
        xmlFreeNode(xml->taken_out->pdata[i]);
    g_ptr_array_unref(xml->taken_out);
    if (xml->doc)
        xmlFreeDoc(xml->doc);
    g_hash_table_unref(xml->ends);
    g_hash_table_unref(xml->written);
    g_array_unref(xml->line_starts);
    g_free(xml->octets);
    g_free(xml->name);
    g_free(xml);
}

static xmlDoc *parse_document(XmlFile *xml, Diagnostics *diagnostics)
{
    ParseState state = { .xml = xml, .diagnostics = diagnostics };
    xmlParserCtxt *parser = xmlNewParserCtxt();
    parser->_private = &state;
    parser->sax->startElementNs = on_start_element;
    parser->sax->internalSubset = on_doctype;
    parser->sax->serror = on_parse_error;
    xmlDoc *doc = xmlCtxtReadMemory(parser, xml->octets, (int)xml->len, xml->name, NULL,
                                    XML_PARSE_NONET | XML_PARSE_BIG_LINES | XML_PARSE_RECOVER);
    xmlFreeParserCtxt(parser);
    if (doc && !state.refused)
        return doc;
    if (doc)
        xmlFreeDoc(doc);
    if (diagnostics_count(diagnostics) == 0)
        refuse_file(xml->name, diagnostics, "this is not well-formed XML");
    return NULL;
}

XmlFile *xml_parse(const char *file, const void *octets, size_t len, Diagnostics *diagnostics)
{
    if (!octets_acceptable(file, octets, len, diagnostics))
        return NULL;
    g_autoptr(XmlFile) xml = xml_new(file, octets, len);
    xml->doc = parse_document(xml, diagnostics);
    if (!xml->doc)
        return NULL;
    if (xml->doc->encoding && g_ascii_strcasecmp((const char *)xml->doc->encoding, "UTF-8") != 0) {
        refuse_file(file, diagnostics, "the declared encoding is not UTF-8; allowed: UTF-8");
        return NULL;
    }
    if (!xml_schema_check(xml, diagnostics))
        return NULL;
    return g_steal_pointer(&xml);
}

/* ---- repairing ---- */

void xml_rename_attribute(XmlFile *xml, xmlAttr *attribute, const char *name)
{
    g_hash_table_insert(xml->written, attribute, g_strdup((const char *)attribute->name));
    xmlNodeSetName((xmlNode *)attribute, (const xmlChar *)name);
}

void xml_take_out(XmlFile *xml, xmlNode *element)
{
    xmlUnlinkNode(element);
    g_ptr_array_add(xml->taken_out, element);
}

static bool holds_id(const xmlNode *element, const char *id)
{
    g_autofree char *own = xml_get(element, "id");
    bool held = own && strcmp(own, id) == 0;
    for (xmlNode *child = xml_first(element); child && !held; child = xml_next(child))
        held = holds_id(child, id);
    return held;
}

bool xml_took_out(const XmlFile *xml, const char *id)
{
    for (guint i = 0; i < xml->taken_out->len; i++)
        if (holds_id(xml->taken_out->pdata[i], id))
            return true;
    return false;
}

/* ---- walking ---- */

const char *xml_name(const XmlFile *xml)
{
    return xml->name;
}

xmlDoc *xml_document(const XmlFile *xml)
{
    return xml->doc;
}

xmlNode *xml_root(const XmlFile *xml)
{
    return xmlDocGetRootElement(xml->doc);
}

static xmlNode *element_from(xmlNode *node)
{
    while (node && node->type != XML_ELEMENT_NODE)
        node = node->next;
    return node;
}

xmlNode *xml_first(const xmlNode *parent)
{
    return parent ? element_from(parent->children) : NULL;
}

xmlNode *xml_next(const xmlNode *element)
{
    return element_from(element->next);
}

bool xml_is(const xmlNode *element, const char *name)
{
    return strcmp((const char *)element->name, name) == 0;
}

xmlNode *xml_child(const xmlNode *parent, const char *name)
{
    xmlNode *child = xml_first(parent);
    while (child && !xml_is(child, name))
        child = xml_next(child);
    return child;
}

char *xml_get(const xmlNode *element, const char *attribute)
{
    xmlChar *value = xmlGetNoNsProp((xmlNode *)element, (const xmlChar *)attribute);
    char *copy = g_strdup((const char *)value);
    xmlFree(value);
    return copy;
}

static size_t indentation(const char *line)
{
    return strspn(line, " \t");
}

static bool blank(const char *line)
{
    return line[strspn(line, " \t\r")] == '\0';
}

char *xml_text(const xmlNode *element)
{
    if (!element)
        return g_strdup("");
    xmlChar *content = xmlNodeGetContent((xmlNode *)element);
    g_auto(GStrv) lines = g_strsplit((const char *)content, "\n", -1);
    xmlFree(content);
    guint first = 0, last = g_strv_length(lines);
    while (first < last && blank(lines[first]))
        first++;
    while (last > first && blank(lines[last - 1]))
        last--;
    size_t common = SIZE_MAX;
    for (guint i = first; i < last; i++)
        if (!blank(lines[i]) && (i > 0 || first > 0))
            common = MIN(common, indentation(lines[i]));
    GString *out = g_string_new(NULL);
    for (guint i = first; i < last; i++) {
        const char *line = lines[i] + MIN(common, indentation(lines[i]));
        g_string_append_printf(out, "%s%s", g_strchomp((char *)line), i + 1 < last ? "\n" : "");
    }
    return g_string_free(out, FALSE);
}

char *xml_line(const xmlNode *element)
{
    g_autofree char *text = xml_text(element);
    g_auto(GStrv) words = g_strsplit_set(text, " \t\r\n", -1);
    GString *out = g_string_new(NULL);
    for (char **word = words; *word; word++)
        if (**word)
            g_string_append_printf(out, "%s%s", out->len > 0 ? " " : "", *word);
    return g_string_free(out, FALSE);
}
