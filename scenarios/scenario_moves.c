/*
 * scenarios/scenario_moves.c - an attacker's moves from XML.
 *
 * Source:  scenarios/schema/presec.xsd, group move; what they do is said in nodes/attacker/attacker.h.
 * Knows:   names and texts: octets and nodes come in with the world.
 */
#include "scenarios/scenario_build.h"

#include <inttypes.h>
#include <string.h>

static const struct {
    const char *element;
    MoveVerb verb;
} verbs[] = {
    { "drop", MOVE_DROP },
    { "delay", MOVE_DELAY },
    { "edit", MOVE_EDIT },
    { "flip", MOVE_FLIP },
    { "replay", MOVE_REPLAY },
    { "reflect", MOVE_REFLECT },
    { "inject", MOVE_INJECT },
    { "steer", MOVE_STEER },
    { "rogue-proxy", MOVE_ROGUE_PROXY },
    { "cell", MOVE_CELL },
    { "session", MOVE_SESSION },
    { "send", MOVE_SEND },
    { "play-challenge", MOVE_PLAY_CHALLENGE },
    { "intercept", MOVE_INTERCEPT },
};

static const struct {
    const char *element;
    EditKind kind;
} edit_kinds[] = {
    { "remove-header", EDIT_REMOVE_HEADER },
    { "set-header", EDIT_SET_HEADER },
    { "remove-parameter", EDIT_REMOVE_PARAM },
    { "remove-entries", EDIT_REMOVE_ENTRIES },
    { "set-parameter", EDIT_SET_PARAM },
    { "replace", EDIT_REPLACE },
    { "select-entries", EDIT_SELECT_ENTRIES },
    { "old-body", EDIT_OLD_BODY },
    { "flip-body", EDIT_FLIP_BODY },
    { "seal-body", EDIT_SEAL_BODY },
    { "substitute-certificate", EDIT_SUBSTITUTE_CERT },
    { "re-encrypt", EDIT_RE_ENCRYPT },
    { "splice-body", EDIT_SPLICE_BODY },
};

bool element_is_move(const xmlNode *element)
{
    for (size_t i = 0; i < G_N_ELEMENTS(verbs); i++)
        if (xml_is(element, verbs[i].element))
            return true;
    return false;
}

/* The item keeps the text; "" when the attribute is absent. */
static const char *keep(ScenarioMove *item, char *text)
{
    char *kept = text ? text : g_strdup("");
    g_ptr_array_add(item->strings, kept);
    return kept;
}

SimTime time_from_xml(const XmlFile *xml, const xmlNode *element, const char *attribute, SimTime otherwise,
                      Diagnostics *diagnostics)
{
    g_autofree char *text = xml_get(element, attribute);
    SimTime time = otherwise;
    if (!text || text[0] == '\0' || scenario_time(text, &time))
        return time;
    xml_complain(xml, diagnostics, element, attribute, "'%s' is too long; allowed: at most 10000h", text);
    return otherwise;
}

int64_t number_from_xml(const xmlNode *element, const char *attribute, int64_t otherwise)
{
    g_autofree char *text = xml_get(element, attribute);
    return text && text[0] ? g_ascii_strtoll(text, NULL, 10) : otherwise;
}

/* A number that the schema lets be larger than it can be. */
static unsigned number_up_to(const XmlFile *xml, const xmlNode *element, const char *attribute, unsigned most,
                             unsigned otherwise, Diagnostics *diagnostics)
{
    int64_t number = number_from_xml(element, attribute, otherwise);
    if (number <= most)
        return (unsigned)number;
    xml_complain(xml, diagnostics, element, attribute, "%s is %" PRId64 "; allowed: at most %u", attribute, number,
                 most);
    return otherwise;
}

static bool yes(const xmlNode *element, const char *attribute)
{
    g_autofree char *text = xml_get(element, attribute);
    return text && strcmp(text, "yes") == 0;
}

static void match_from_xml(const xmlNode *element, ScenarioMove *item, const char *segment)
{
    MoveMatch *match = &item->move.match;
    g_autofree char *direction = xml_get(element, "direction");
    char *on = xml_get(element, "on");
    match->segment = keep(item, on ? on : g_strdup(segment));
    match->message = keep(item, xml_get(element, "message"));
    match->address = keep(item, xml_get(element, "address"));
    match->dir = !direction ? -1 : strcmp(direction, "up") == 0 ? NET_UP : NET_DOWN;
    match->first = (unsigned)number_from_xml(element, "skip", 0);
    match->times = (unsigned)number_from_xml(element, "times", 0);
}

/* Which attributes say what a kind of edit needs; NULL: its value is the element's text. */
static MoveEdit edit_from_xml(const xmlNode *node, EditKind kind, ScenarioMove *item)
{
    const char *header = "header", *param = "parameter", *value = "value";
    switch (kind) {
    case EDIT_REPLACE: param = "text", value = "with"; break;
    case EDIT_SELECT_ENTRIES: param = "entries"; break;
    case EDIT_FLIP_BODY: header = "offset", param = "text", value = "with"; break;
    case EDIT_SUBSTITUTE_CERT: value = "with"; break;
    case EDIT_SEAL_BODY: value = NULL; break;
    default: break;
    }
    return (MoveEdit){
        .kind = kind,
        .header = keep(item, xml_get(node, header)),
        .param = keep(item, xml_get(node, param)),
        .value = keep(item, value ? xml_get(node, value) : xml_text(node)),
    };
}

/* CBC changes octets in their places. */
static void check_flip(const XmlFile *xml, const xmlNode *node, const MoveEdit *edit, Diagnostics *diagnostics)
{
    if (edit->kind == EDIT_FLIP_BODY && strlen(edit->param) != strlen(edit->value))
        xml_complain(xml, diagnostics, node, "with", "%zu octets in the place of %zu; allowed: as many",
                     strlen(edit->value), strlen(edit->param));
}

static void edits_from_xml(const XmlFile *xml, const xmlNode *element, ScenarioMove *item, Diagnostics *diagnostics)
{
    for (xmlNode *node = xml_first(element); node; node = xml_next(node)) {
        for (size_t i = 0; i < G_N_ELEMENTS(edit_kinds); i++) {
            if (!xml_is(node, edit_kinds[i].element))
                continue;
            MoveEdit edit = edit_from_xml(node, edit_kinds[i].kind, item);
            check_flip(xml, node, &edit, diagnostics);
            g_array_append_val(item->edits, edit);
        }
    }
    item->move.edits = (const MoveEdit *)(const void *)item->edits->data;
    item->move.n_edits = item->edits->len;
}

static AccessTechnology technology_of(const xmlNode *element)
{
    g_autofree char *text = xml_get(element, "technology");
    if (text && strcmp(text, "gprs") == 0)
        return ACCESS_GPRS;
    return text && strcmp(text, "wlan") == 0 ? ACCESS_WLAN : ACCESS_UMTS;
}

static void cell_from_xml(const XmlFile *xml, const xmlNode *element, ScenarioMove *item, Diagnostics *diagnostics)
{
    char *ssid = xml_get(element, "ssid");
    item->cell_has_key = yes(element, "wep");
    item->cell = (CellConfig){
        .technology = technology_of(element),
        .strength = (uint8_t)number_up_to(xml, element, "strength", 255, 255, diagnostics),
        .ssid = ssid ? keep(item, ssid) : NULL,
        .cipher = item->cell_has_key ? RADIO_WEP : RADIO_NONE,
        .relay_challenge = yes(element, "relay-challenge"),
    };
}

static MoveShows shows_of(const xmlNode *element)
{
    g_autofree char *text = xml_get(element, "certificate");
    if (!text || strcmp(text, "none") == 0)
        return SHOWS_NOTHING;
    return strcmp(text, "self-signed") == 0 ? SHOWS_SELF_SIGNED : SHOWS_OTHER_NAME;
}

/* What is said in a template is a message. */
static void template_from_xml(const XmlFile *xml, const xmlNode *element, ScenarioMove *item, Diagnostics *diagnostics)
{
    item->move.template_text = keep(item, xml_text(element));
    if (item->move.template_text[0] == '\0')
        xml_complain(xml, diagnostics, element, NULL, "%s is empty; allowed: a SIP message",
                     (const char *)element->name);
}

static void rogue_proxy_from_xml(const xmlNode *element, ScenarioMove *item)
{
    g_autofree char *challenge = xml_get(element, "challenge");
    item->move.own_challenge = challenge && strcmp(challenge, "own") == 0;
    item->move.algorithm = keep(item, xml_get(element, "algorithm"));
}

void move_from_xml(const XmlFile *xml, const xmlNode *element, ScenarioMove *item, const char *segment,
                   Diagnostics *diagnostics)
{
    Move *move = &item->move;
    for (size_t i = 0; i < G_N_ELEMENTS(verbs); i++)
        if (xml_is(element, verbs[i].element))
            move->verb = verbs[i].verb;
    item->place = xml_place(xml, element);
    match_from_xml(element, item, segment);
    move->at = time_from_xml(xml, element, "at", 0, diagnostics);
    move->delay = time_from_xml(xml, element, move->verb == MOVE_DELAY ? "for" : "after", 0, diagnostics);
    move->packets = (unsigned)number_from_xml(element, "packets", 0);
    move->offset = (int)number_from_xml(element, "offset", 0);
    g_autofree char *flip = xml_get(element, "xor");
    move->flip = flip && strlen(flip) == 4 ? (uint8_t)g_ascii_strtoull(flip + 2, NULL, 16) : 0;
    if (move->verb == MOVE_FLIP && flip && flip[0] && move->flip == 0)
        xml_complain(xml, diagnostics, element, "xor", "'%s' changes nothing; allowed: 0x01 to 0xff", flip);
    move->to_port = (uint16_t)number_up_to(xml, element, "to-port", 65535, 0, diagnostics);
    move->as_esp = yes(element, "as-esp");
    move->value = keep(item, xml_get(element, "list"));
    if (move->verb == MOVE_EDIT)
        edits_from_xml(xml, element, item, diagnostics);
    if (move->verb == MOVE_INJECT || move->verb == MOVE_SEND)
        template_from_xml(xml, element, item, diagnostics);
    if (move->verb == MOVE_CELL || move->verb == MOVE_PLAY_CHALLENGE)
        cell_from_xml(xml, element, item, diagnostics);
    if (move->verb == MOVE_ROGUE_PROXY)
        rogue_proxy_from_xml(element, item);
    move->shows = shows_of(element);
}
