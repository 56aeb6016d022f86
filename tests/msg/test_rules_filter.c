/*
 * tests/msg/test_rules_filter.c - presence documents as a watcher may see them.
 *
 * Source:  RFC 5025 §3.3, §6 (example).
 */
#include "nodes/msg/rules.h"

#define HEAD                                                                                                           \
    "<cr:ruleset xmlns:cr='" RULES_NS_COMMON "' xmlns:pr='" RULES_NS_PRES "'><cr:rule id='a'><cr:transformations>"
#define TAIL "</cr:transformations></cr:rule></cr:ruleset>"

static const char rich[] =
    "<?xml version='1.0'?><!-- secret1 --><presence xmlns='" PIDF_NS "' xmlns:dm='" PIDF_NS_MODEL
    "' xmlns:r='" PIDF_NS_RPID "' xmlns:v='urn:v' entity='pres:alice@home.example'>\n"
    "  <tuple id='voice'><status><basic>open</basic><v:extra>inside-status</v:extra></status><r:class>biz</r:class>"
    "<dm:deviceID>urn:dev:1</dm:deviceID><contact>sip:alice@home.example</contact><note>tuple-note</note>"
    "<timestamp>2003-05-06T00:00:00Z</timestamp></tuple>\n"
    "  <tuple id='mail'><status><basic>closed</basic></status><!-- secret2 --><v:foo>unknown-foo</v:foo>"
    "<r:service-class><r:electronic/></r:service-class><contact>mailto:alice@home.example</contact></tuple>\n"
    "  <note>document-note</note>\n"
    "  <dm:person "
    "id='p1'><r:activities><r:meeting/><r:note>in-activities</r:note></r:activities><r:mood><r:sad/></r:mood>"
    "<r:user-input idle-threshold='600' "
    "last-input='2003-05-06T00:00:00Z'>idle</r:user-input><dm:note>person-note</dm:note>"
    "<dm:timestamp>2003-05-06T00:00:00Z</dm:timestamp></dm:person>\n"
    "  <dm:device id='d1'><dm:deviceID>urn:dev:1</dm:deviceID><r:class>home</r:class></dm:device>\n"
    "  <v:other>root-extension</v:other>\n</presence>";

/* @rich as these transformations leave it.  @transformations NULL: no document. */
static char *filtered(const char *transformations)
{
    g_autofree char *text = transformations ? g_strconcat(HEAD, transformations, TAIL, NULL) : NULL;
    g_autoptr(Rules) rules = NULL;
    g_autoptr(Pidf) pidf = NULL;
    RulesQuery query = { .leg_protected = true };
    RulesDecision decision;
    if (text) {
        rules = rules_parse(text, strlen(text), NULL);
        g_assert_nonnull(rules);
    }
    g_assert_cmpint(pidf_parse(rich, strlen(rich), &pidf, NULL), ==, PIDF_OK);
    rules_evaluate(rules, &query, &decision);
    pidf_filter(pidf, rules, &decision);
    char *out = g_malloc0(8192);
    g_assert_cmpuint(pidf_save(pidf, out, 8191), >, 0);
    return out;
}

static void has(const char *document, const char *const *words, bool wanted)
{
    for (; *words; words++) {
        if ((strstr(document, *words) != NULL) != wanted)
            g_test_message("%s %s in %s", wanted ? "missing" : "unexpected", *words, document);
        g_assert_true((strstr(document, *words) != NULL) == wanted);
    }
}
#define HAS(document, ...)     has(document, (const char *const[]){ __VA_ARGS__, NULL }, true)
#define HAS_NOT(document, ...) has(document, (const char *const[]){ __VA_ARGS__, NULL }, false)

static void test_nothing_is_granted(void)
{
    g_autofree char *out = filtered("");
    HAS(out, "entity=\"pres:alice@home.example\"");
    HAS_NOT(out, "tuple", "person", "device>", "note", "secret", "root-extension", "\n\n", "> <");
}

static void test_without_document_nothing_is_taken(void)
{
    g_autofree char *out = filtered(NULL);
    HAS(out, "secret1", "inside-status", "unknown-foo", "person-note", "root-extension", "last-input");
}

/* Services alone: what RFC 5025 §3.3.2 always reports, and nothing else. */
static void test_minimal_services(void)
{
    g_autofree char *out = filtered("<pr:provide-services><pr:all-services/></pr:provide-services>");
    HAS(out, "voice", "mail", "open", "sip:alice@home.example", "2003-05-06", "service-class");
    HAS_NOT(out, "inside-status", "r:class", "deviceID", "note", "unknown-foo", "dm:person", "dm:device", "secret");
}

static void test_services_by_each_way(void)
{
    static const char *const ways[] = { "<pr:occurrence-id>voice</pr:occurrence-id>", "<pr:class>biz</pr:class>",
                                        "<pr:service-uri>sip:alice@HOME.example</pr:service-uri>",
                                        "<pr:service-uri-scheme>sip</pr:service-uri-scheme>" };
    for (size_t i = 0; i < G_N_ELEMENTS(ways); i++) {
        g_autofree char *set = g_strdup_printf("<pr:provide-services>%s</pr:provide-services>", ways[i]);
        g_autofree char *out = filtered(set);
        HAS(out, "voice");
        HAS_NOT(out, "mail");
    }
}

static void test_devices_and_persons(void)
{
    g_autofree char *device = filtered("<pr:provide-devices><pr:deviceID>urn:dev:1</pr:deviceID></pr:provide-devices>");
    g_autofree char *person =
        filtered("<pr:provide-persons><pr:occurrence-id>p1</pr:occurrence-id></pr:provide-persons>");
    HAS(device, "d1", "urn:dev:1"); /* a device's own id is always told */
    HAS_NOT(device, "r:class", "tuple", "person");
    HAS(person, "p1", "dm:timestamp");
    HAS_NOT(person, "activities", "mood", "note", "user-input", "d1");
}

/* RFC 5025 §6: sip and mailto services, persons, activities, bare user-input, one unknown attribute. */
static void test_rfc_5025_example(void)
{
    g_autofree char *out =
        filtered("<pr:provide-services><pr:service-uri-scheme>sip</pr:service-uri-scheme>"
                 "<pr:service-uri-scheme>mailto</pr:service-uri-scheme></pr:provide-services>"
                 "<pr:provide-persons><pr:all-persons/></pr:provide-persons>"
                 "<pr:provide-activities>true</pr:provide-activities>"
                 "<pr:provide-user-input>bare</pr:provide-user-input>"
                 "<pr:provide-unknown-attribute ns='urn:v' name='foo'>true</pr:provide-unknown-attribute>");
    HAS(out, "voice", "mail", "meeting", "in-activities", "user-input", "unknown-foo");
    HAS_NOT(out, "dm:device ", "mood", "person-note", "idle-threshold", "last-input", "inside-status", "tuple-note");
}

static void test_user_input_levels(void)
{
    static const struct {
        const char *level;
        bool element, threshold, last;
    } levels[] = { { "false", 0, 0, 0 }, { "bare", 1, 0, 0 }, { "thresholds", 1, 1, 0 }, { "full", 1, 1, 1 } };
    for (size_t i = 0; i < G_N_ELEMENTS(levels); i++) {
        g_autofree char *set = g_strdup_printf("<pr:provide-persons><pr:all-persons/></pr:provide-persons>"
                                               "<pr:provide-user-input>%s</pr:provide-user-input>",
                                               levels[i].level);
        g_autofree char *out = filtered(set);
        g_assert_true((strstr(out, "user-input") != NULL) == levels[i].element);
        g_assert_true((strstr(out, "idle-threshold") != NULL) == levels[i].threshold);
        g_assert_true((strstr(out, "last-input") != NULL) == levels[i].last);
    }
}

static void test_notes(void)
{
    g_autofree char *out = filtered("<pr:provide-services><pr:all-services/></pr:provide-services>"
                                    "<pr:provide-persons><pr:all-persons/></pr:provide-persons>"
                                    "<pr:provide-note>true</pr:provide-note>");
    HAS(out, "tuple-note", "person-note", "document-note");
    HAS_NOT(out, "in-activities");
}

static void test_all_attributes(void)
{
    g_autofree char *out =
        filtered("<pr:provide-services><pr:all-services/></pr:provide-services><pr:provide-all-attributes/>");
    HAS(out, "inside-status", "unknown-foo", "r:class", "tuple-note", "root-extension");
    HAS_NOT(out, "dm:person ", "dm:device ", "secret");
}

/* Sets are united, and only over the rules that fire. */
static void test_union_over_rules(void)
{
    static const char text[] =
        "<cr:ruleset xmlns:cr='" RULES_NS_COMMON "' xmlns:pr='" RULES_NS_PRES "'>"
        "<cr:rule id='a'><cr:transformations><pr:provide-services><pr:occurrence-id>voice</pr:occurrence-id>"
        "</pr:provide-services></cr:transformations></cr:rule>"
        "<cr:rule id='b'><cr:transformations><pr:provide-services><pr:occurrence-id>mail</pr:occurrence-id>"
        "</pr:provide-services></cr:transformations></cr:rule>"
        "<cr:rule id='c'><cr:conditions><cr:identity><cr:many/></cr:identity></cr:conditions><cr:transformations>"
        "<pr:provide-note>true</pr:provide-note></cr:transformations></cr:rule></cr:ruleset>";
    g_autoptr(Rules) rules = rules_parse(text, strlen(text), NULL);
    g_autoptr(Pidf) pidf = NULL;
    RulesQuery query = { .leg_protected = true };
    RulesDecision decision;
    g_assert_nonnull(rules);
    g_assert_cmpint(pidf_parse(rich, strlen(rich), &pidf, NULL), ==, PIDF_OK);
    rules_evaluate(rules, &query, &decision);
    pidf_filter(pidf, rules, &decision);
    g_assert_cmpuint(pidf_n_tuples(pidf), ==, 2);
    g_assert_false(text_present(pidf_note(pidf)));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/msg/rules-filter/nothing-is-granted", test_nothing_is_granted);
    g_test_add_func("/msg/rules-filter/without-document-nothing-is-taken", test_without_document_nothing_is_taken);
    g_test_add_func("/msg/rules-filter/minimal-services", test_minimal_services);
    g_test_add_func("/msg/rules-filter/services-by-each-way", test_services_by_each_way);
    g_test_add_func("/msg/rules-filter/devices-and-persons", test_devices_and_persons);
    g_test_add_func("/msg/rules-filter/rfc-5025-example", test_rfc_5025_example);
    g_test_add_func("/msg/rules-filter/user-input-levels", test_user_input_levels);
    g_test_add_func("/msg/rules-filter/notes", test_notes);
    g_test_add_func("/msg/rules-filter/all-attributes", test_all_attributes);
    g_test_add_func("/msg/rules-filter/union-over-rules-that-fire", test_union_over_rules);
    return g_test_run();
}
