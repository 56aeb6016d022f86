/*
 * nodes/msg/cx_user_data.c - the IMSSubscription document, and initial filter criteria applied.
 *
 * Source:  TS 29.228 Annex B, Annex E; TS 23.218 §5.2.2.
 * Knows:   see cx_user_data.h.
 */
#include "nodes/msg/cx_user_data.h"
#include "nodes/msg/xmlsafe.h"

/* ---- writing ---- */

static void write_identity(XmlWriter *w, const char *impu, bool barred)
{
    xmlwriter_literal(w, "<PublicIdentity>");
    if (barred)
        xmlwriter_literal(w, "<BarringIndication>1</BarringIndication>");
    xmlwriter_element(w, "Identity", text_from(impu));
    xmlwriter_literal(w, "</PublicIdentity>");
}

static void write_number(XmlWriter *w, const char *name, unsigned number)
{
    char digits[12];
    g_snprintf(digits, sizeof digits, "%u", number);
    xmlwriter_element(w, name, text_from(digits));
}

static void write_trigger(XmlWriter *w, const CxTrigger *trigger)
{
    xmlwriter_literal(w, "<SPT>");
    write_number(w, "ConditionNegated", trigger->negated);
    write_number(w, "Group", trigger->group);
    switch (trigger->kind) {
    case CX_TRIGGER_METHOD: xmlwriter_element(w, "Method", text_from(trigger->pattern)); break;
    case CX_TRIGGER_REQUEST_URI: xmlwriter_element(w, "RequestURI", text_from(trigger->pattern)); break;
    case CX_TRIGGER_SESSION_CASE: write_number(w, "SessionCase", trigger->session_case); break;
    case CX_TRIGGER_HEADER:
        xmlwriter_literal(w, "<SIPHeader>");
        xmlwriter_element(w, "Header", text_from(trigger->pattern));
        if (trigger->content[0])
            xmlwriter_element(w, "Content", text_from(trigger->content));
        xmlwriter_literal(w, "</SIPHeader>");
        break;
    }
    xmlwriter_literal(w, "</SPT>");
}

static void write_filter(XmlWriter *w, const CxFilter *filter)
{
    xmlwriter_literal(w, "<InitialFilterCriteria>");
    write_number(w, "Priority", filter->priority);
    if (filter->n_triggers > 0) {
        xmlwriter_literal(w, "<TriggerPoint>");
        write_number(w, "ConditionTypeCNF", filter->conjunctive);
        for (unsigned i = 0; i < filter->n_triggers; i++)
            write_trigger(w, &filter->trigger[i]);
        xmlwriter_literal(w, "</TriggerPoint>");
    }
    xmlwriter_literal(w, "<ApplicationServer>");
    xmlwriter_element(w, "ServerName", text_from(filter->server));
    write_number(w, "DefaultHandling", filter->terminate_by_default);
    xmlwriter_literal(w, "</ApplicationServer></InitialFilterCriteria>");
}

size_t cx_user_data_write(const CxUserData *data, char *out, size_t cap)
{
    XmlWriter w;
    xmlwriter_init(&w, out, cap);
    xmlwriter_literal(&w, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<IMSSubscription>");
    xmlwriter_element(&w, "PrivateID", text_from(data->impi));
    xmlwriter_literal(&w, "<ServiceProfile>");
    for (unsigned i = 0; i < data->n_impus && i < CX_IMPUS_MAX; i++)
        write_identity(&w, data->impu[i], data->barred[i]);
    for (unsigned i = 0; i < data->n_filters && i < CX_FILTERS_MAX; i++)
        write_filter(&w, &data->filter[i]);
    xmlwriter_literal(&w, "</ServiceProfile></IMSSubscription>");
    return xmlwriter_finish(&w);
}

/* ---- reading ---- */

static bool complain(GString *errors, const xmlNode *node, const char *why)
{
    xmlsafe_complain(errors, node, "%s", why);
    return false;
}

/* A child's text into a fixed array; false when it is missing, empty or too long. */
static bool read_text(const xmlNode *parent, const char *name, char *out, size_t cap)
{
    const xmlNode *child = xmlsafe_child(parent, NULL, name);
    Text text = child ? xmlsafe_text(child) : TEXT_NONE;
    if (text.len == 0 || text.len >= cap)
        return false;
    memcpy(out, text.p, text.len);
    out[text.len] = '\0';
    return true;
}

/* A child's number; @otherwise when there is no such child. */
static bool read_number(const xmlNode *parent, const char *name, uint32_t max, uint32_t otherwise, uint32_t *out)
{
    const xmlNode *child = xmlsafe_child(parent, NULL, name);
    *out = otherwise;
    return !child || text_to_u32(xmlsafe_text(child), max, out);
}

static bool read_header_trigger(const xmlNode *header, CxTrigger *out)
{
    out->kind = CX_TRIGGER_HEADER;
    return read_text(header, "Header", out->pattern, sizeof out->pattern) &&
           (!xmlsafe_child(header, NULL, "Content") || read_text(header, "Content", out->content, sizeof out->content));
}

static bool read_trigger(const xmlNode *node, CxTrigger *out)
{
    uint32_t negated, session_case;
    const xmlNode *header = xmlsafe_child(node, NULL, "SIPHeader");
    *out = (CxTrigger){ 0 };
    if (!read_number(node, "ConditionNegated", 1, 0, &negated) ||
        !read_number(node, "Group", UINT32_MAX, 0, &out->group))
        return false;
    out->negated = negated;
    if (header)
        return read_header_trigger(header, out);
    if (xmlsafe_child(node, NULL, "SessionCase")) {
        out->kind = CX_TRIGGER_SESSION_CASE;
        if (!read_number(node, "SessionCase", CX_TERMINATING_UNREGISTERED, 0, &session_case))
            return false;
        out->session_case = (CxSessionCase)session_case;
        return true;
    }
    bool method = xmlsafe_child(node, NULL, "Method") != NULL;
    out->kind = method ? CX_TRIGGER_METHOD : CX_TRIGGER_REQUEST_URI;
    return read_text(node, method ? "Method" : "RequestURI", out->pattern, sizeof out->pattern);
}

static bool read_triggers(const xmlNode *point, CxFilter *out, GString *errors)
{
    uint32_t conjunctive;
    if (!read_number(point, "ConditionTypeCNF", 1, 0, &conjunctive))
        return complain(errors, point, "ConditionTypeCNF is neither 0 nor 1");
    out->conjunctive = conjunctive;
    for (const xmlNode *node = xmlsafe_first(point); node; node = xmlsafe_next(node)) {
        if (!xmlsafe_is(node, NULL, "SPT"))
            continue;
        if (out->n_triggers == CX_TRIGGERS_MAX)
            return complain(errors, node, "too many service point triggers");
        if (!read_trigger(node, &out->trigger[out->n_triggers++]))
            return complain(errors, node, "a service point trigger we cannot use");
    }
    return true;
}

static bool read_filter(const xmlNode *node, CxFilter *out, GString *errors)
{
    const xmlNode *server = xmlsafe_child(node, NULL, "ApplicationServer");
    const xmlNode *point = xmlsafe_child(node, NULL, "TriggerPoint");
    uint32_t handling;
    *out = (CxFilter){ 0 };
    if (!server || !read_text(server, "ServerName", out->server, sizeof out->server))
        return complain(errors, node, "filter criteria without an application server");
    if (!read_number(node, "Priority", INT32_MAX, 0, &out->priority) ||
        !read_number(server, "DefaultHandling", 1, 0, &handling))
        return complain(errors, node, "Priority or DefaultHandling is out of range");
    out->terminate_by_default = handling;
    return !point || read_triggers(point, out, errors);
}

static bool read_identity(const xmlNode *node, CxUserData *out, GString *errors)
{
    uint32_t barred;
    if (out->n_impus == CX_IMPUS_MAX)
        return complain(errors, node, "too many public identities");
    if (!read_text(node, "Identity", out->impu[out->n_impus], CX_URI_MAX) ||
        !read_number(node, "BarringIndication", 1, 0, &barred))
        return complain(errors, node, "a public identity we cannot use");
    out->barred[out->n_impus++] = barred;
    return true;
}

/* Kept in order of priority; of equal ones the first stays first. */
static bool add_filter(const xmlNode *node, CxUserData *out, GString *errors)
{
    CxFilter filter;
    if (out->n_filters == CX_FILTERS_MAX)
        return complain(errors, node, "too many initial filter criteria");
    if (!read_filter(node, &filter, errors))
        return false;
    unsigned at = out->n_filters++;
    for (; at > 0 && out->filter[at - 1].priority > filter.priority; at--)
        out->filter[at] = out->filter[at - 1];
    out->filter[at] = filter;
    return true;
}

static bool read_profile(const xmlNode *profile, CxUserData *out, GString *errors)
{
    for (const xmlNode *node = xmlsafe_first(profile); node; node = xmlsafe_next(node)) {
        if (xmlsafe_is(node, NULL, "PublicIdentity") && !read_identity(node, out, errors))
            return false;
        if (xmlsafe_is(node, NULL, "InitialFilterCriteria") && !add_filter(node, out, errors))
            return false;
    }
    return out->n_impus > 0 || complain(errors, profile, "a service profile without a public identity");
}

static bool read_subscription(const xmlNode *root, CxUserData *out, GString *errors)
{
    const xmlNode *profile = xmlsafe_child(root, NULL, "ServiceProfile");
    if (!xmlsafe_is(root, NULL, "IMSSubscription") || !profile)
        return complain(errors, root, "not an IMSSubscription with a ServiceProfile");
    if (!read_text(root, "PrivateID", out->impi, sizeof out->impi))
        return complain(errors, root, "no PrivateID, or it is too long");
    return read_profile(profile, out, errors);
}

bool cx_user_data_parse(Text xml, CxUserData *out, GString *errors)
{
    xmlDocPtr doc;
    memset(out, 0, sizeof *out);
    if (xmlsafe_parse(xml.p, xml.len, &doc, errors) != XMLSAFE_OK)
        return false;
    bool good = read_subscription(xmlDocGetRootElement(doc), out, errors);
    xmlFreeDoc(doc);
    return good;
}

/* ---- applying ---- */

static bool header_matches(const CxTrigger *trigger, const CxRequest *request)
{
    Text value = request->header ? request->header(request->message, text_from(trigger->pattern)) : TEXT_NONE;
    if (!text_present(value) || trigger->content[0] == '\0')
        return text_present(value);
    return text_is_nocase(text_trim(text_first(value, text_find(value, ';'))), trigger->content);
}

static bool trigger_matches(const CxTrigger *trigger, const CxRequest *request)
{
    bool met = false;
    switch (trigger->kind) {
    case CX_TRIGGER_METHOD: met = text_is(request->method, trigger->pattern); break;
    case CX_TRIGGER_HEADER: met = header_matches(trigger, request); break;
    case CX_TRIGGER_SESSION_CASE: met = trigger->session_case == request->session_case; break;
    case CX_TRIGGER_REQUEST_URI: met = text_is(request->request_uri, trigger->pattern); break;
    }
    return met != trigger->negated;
}

/* One group: ORed in the conjunctive form, ANDed in the disjunctive one. */
static bool group_matches(const CxFilter *filter, uint32_t group, const CxRequest *request)
{
    for (unsigned i = 0; i < filter->n_triggers; i++)
        if (filter->trigger[i].group == group && trigger_matches(&filter->trigger[i], request) == filter->conjunctive)
            return filter->conjunctive;
    return !filter->conjunctive;
}

bool cx_filter_matches(const CxFilter *filter, const CxRequest *request)
{
    for (unsigned i = 0; i < filter->n_triggers; i++)
        if (group_matches(filter, filter->trigger[i].group, request) != filter->conjunctive)
            return !filter->conjunctive;
    return filter->conjunctive || filter->n_triggers == 0;
}
