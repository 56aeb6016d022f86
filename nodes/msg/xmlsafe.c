/*
 * nodes/msg/xmlsafe.c - libxml2 with everything dangerous shut, and its trees read.
 *
 * Knows:   see xmlsafe.h.
 *
 * The limits are kept by our own SAX callbacks in front of libxml2's: a DOCTYPE, an element too deep or one too many
 * stops the parser where it stands, before anything is built from it.
 */
#include "nodes/msg/xmlsafe.h"

#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>

/* One parse. */
typedef struct {
    XmlSafeResult result;
    GString *errors;
    unsigned depth, elements, n_errors;
} SafeParse;

static xmlParserInputPtr refuse_entity(const char *url, const char *id, xmlParserCtxtPtr ctxt)
{
    return NULL;
}

void xmlsafe_init(void)
{
    static gsize done;
    if (g_once_init_enter(&done)) {
        xmlInitParser();
        xmlSetExternalEntityLoader(refuse_entity);
        g_once_init_leave(&done, 1);
    }
}

static void complain_at(SafeParse *parse, int line, int column, const char *message)
{
    if (!parse->errors || parse->n_errors++ >= XMLSAFE_ERRORS_MAX)
        return;
    size_t len = strcspn(message, "\n");
    g_string_append_printf(parse->errors, "%d:%d: %.*s\n", line, column, (int)len, message);
}

static void stop(xmlParserCtxtPtr ctxt, XmlSafeResult why, const char *message)
{
    SafeParse *parse = ctxt->_private;
    parse->result = why;
    complain_at(parse, xmlSAX2GetLineNumber(ctxt), xmlSAX2GetColumnNumber(ctxt), message);
    xmlStopParser(ctxt);
}

static void on_doctype(void *ctx, const xmlChar *name, const xmlChar *public_id, const xmlChar *system_id)
{
    stop(ctx, XMLSAFE_DOCTYPE, "a DOCTYPE is not allowed");
}

static void on_start(void *ctx, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri, int n_namespaces,
                     const xmlChar **namespaces, int n_attributes, int n_defaulted, const xmlChar **attributes)
{
    xmlParserCtxtPtr ctxt = ctx;
    SafeParse *parse = ctxt->_private;
    if (parse->result != XMLSAFE_OK)
        return;
    if (++parse->depth > XMLSAFE_DEPTH_MAX)
        stop(ctxt, XMLSAFE_TOO_DEEP, "elements are too deep inside each other");
    else if (++parse->elements > XMLSAFE_ELEMENTS_MAX)
        stop(ctxt, XMLSAFE_TOO_MANY, "too many elements");
    else
        xmlSAX2StartElementNs(ctx, name, prefix, uri, n_namespaces, namespaces, n_attributes, n_defaulted, attributes);
}

static void on_end(void *ctx, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
    xmlParserCtxtPtr ctxt = ctx;
    SafeParse *parse = ctxt->_private;
    if (parse->result != XMLSAFE_OK)
        return;
    parse->depth--;
    xmlSAX2EndElementNs(ctx, name, prefix, uri);
}

static void on_error(void *ctx, xmlErrorPtr error)
{
    xmlParserCtxtPtr ctxt = ctx;
    SafeParse *parse = ctxt->_private;
    if (parse->result == XMLSAFE_OK)
        complain_at(parse, error->line, error->int2, error->message ? error->message : "not well-formed");
}

static void shut(xmlParserCtxtPtr ctxt, SafeParse *parse)
{
    ctxt->_private = parse;
    ctxt->sax->internalSubset = on_doctype;
    ctxt->sax->startElementNs = on_start;
    ctxt->sax->endElementNs = on_end;
    ctxt->sax->serror = on_error;
}

static XmlSafeResult refuse(GString *errors, XmlSafeResult why, const char *message)
{
    if (errors)
        g_string_append_printf(errors, "1:1: %s\n", message);
    return why;
}

/* More attributes than are allowed in one start tag?  It holds no other <, so whatever libxml2 takes for one ends here
 * as well. */
static bool too_many_attributes(const char *octets, size_t len)
{
    unsigned n = 0;
    for (size_t i = 0; i < len; i++) {
        if (octets[i] == '<')
            n = 0;
        else if (octets[i] == '=' && ++n > XMLSAFE_ATTRIBUTES_MAX)
            return true;
    }
    return false;
}

XmlSafeResult xmlsafe_parse(const char *octets, size_t len, xmlDocPtr *out, GString *errors)
{
    xmlsafe_init();
    if (len > XMLSAFE_OCTETS_MAX)
        return refuse(errors, XMLSAFE_TOO_LONG, "the document is too long");
    if (len == 0)
        return refuse(errors, XMLSAFE_MALFORMED, "the document is empty");
    if (!text_is_utf8(text_of(octets, len)) || memchr(octets, 0, len))
        return refuse(errors, XMLSAFE_NOT_UTF8, "the document is not UTF-8");
    if (too_many_attributes(octets, len))
        return refuse(errors, XMLSAFE_TOO_MANY, "too many attributes in one element");
    SafeParse parse = { .result = XMLSAFE_OK, .errors = errors };
    xmlParserCtxtPtr ctxt = xmlNewParserCtxt();
    shut(ctxt, &parse);
    /* never NOENT, DTDLOAD, DTDATTR, XINCLUDE or HUGE */
    xmlDocPtr doc = xmlCtxtReadMemory(ctxt, octets, (int)len, NULL, "UTF-8", XML_PARSE_NONET | XML_PARSE_BIG_LINES);
    bool sound = doc && ctxt->wellFormed && parse.result == XMLSAFE_OK && !doc->intSubset && xmlDocGetRootElement(doc);
    xmlFreeParserCtxt(ctxt);
    if (sound) {
        *out = doc;
        return XMLSAFE_OK;
    }
    if (doc)
        xmlFreeDoc(doc);
    return parse.result != XMLSAFE_OK ? parse.result : XMLSAFE_MALFORMED;
}

/* ---- reading a tree ---- */

bool xmlsafe_is(const xmlNode *node, const char *ns, const char *name)
{
    if (!node || node->type != XML_ELEMENT_NODE || strcmp((const char *)node->name, name) != 0)
        return false;
    if (!ns)
        return node->ns == NULL;
    return node->ns && node->ns->href && strcmp((const char *)node->ns->href, ns) == 0;
}

static xmlNodePtr element_from(xmlNodePtr node)
{
    while (node && node->type != XML_ELEMENT_NODE)
        node = node->next;
    return node;
}

xmlNodePtr xmlsafe_first(const xmlNode *parent)
{
    return element_from(parent->children);
}

xmlNodePtr xmlsafe_next(const xmlNode *node)
{
    return element_from(node->next);
}

xmlNodePtr xmlsafe_child(const xmlNode *parent, const char *ns, const char *name)
{
    xmlNodePtr child = xmlsafe_first(parent);
    while (child && !xmlsafe_is(child, ns, name))
        child = xmlsafe_next(child);
    return child;
}

/* The only text node of a list; comments beside it do not count. */
static Text only_text(const xmlNode *node)
{
    Text text = TEXT_NONE;
    for (; node; node = node->next) {
        if (node->type == XML_COMMENT_NODE || node->type == XML_PI_NODE)
            continue;
        bool is_text = node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE;
        if (!is_text || text_present(text))
            return TEXT_NONE;
        text = text_from((const char *)node->content);
    }
    return text;
}

Text xmlsafe_text(const xmlNode *node)
{
    Text text = text_trim(only_text(node->children));
    return text.len > 0 ? text : TEXT_NONE;
}

Text xmlsafe_attribute(const xmlNode *node, const char *name)
{
    const xmlAttr *attribute = node->properties;
    while (attribute && (attribute->ns || strcmp((const char *)attribute->name, name) != 0))
        attribute = attribute->next;
    if (!attribute)
        return TEXT_NONE;
    return attribute->children ? text_trim(only_text(attribute->children)) : TEXT("");
}

void xmlsafe_complain(GString *errors, const xmlNode *node, const char *format, ...)
{
    if (!errors)
        return;
    va_list args;
    va_start(args, format);
    g_string_append_printf(errors, "%ld: ", xmlGetLineNo(node));
    g_string_append_vprintf(errors, format, args);
    g_string_append_c(errors, '\n');
    va_end(args);
}
