/*
 * tests/msg/test_rules.c - authorization documents: reading and asking.  Filtering is in test_rules_filter.c.
 *
 * Source:  RFC 4745 §7, §10.2; RFC 5025 §3.1, §3.2; tests/vectors/policy_combine.txt.
 */
#include "nodes/msg/rules.h"
#include "nodes/msg/xmlsafe.h"

#define HEAD "<cr:ruleset xmlns:cr='" RULES_NS_COMMON "' xmlns:pr='" RULES_NS_PRES "' xmlns:x='" RULES_NS_PRESEC "'>"
#define TAIL "</cr:ruleset>"
#define RULE(id, conditions, handling)                                                                                 \
    "<cr:rule id='" id "'><cr:conditions>" conditions "</cr:conditions><cr:actions><pr:sub-handling>" handling         \
    "</pr:sub-handling></cr:actions></cr:rule>"

static Rules *parse(const char *text)
{
    g_autoptr(GString) errors = g_string_new(NULL);
    Rules *rules = rules_parse(text, strlen(text), errors);
    g_assert_cmpstr(errors->str, ==, "");
    g_assert_nonnull(rules);
    return rules;
}

static RulesDecision ask_at(const Rules *rules, const char *watcher, const char *time, const char *sphere)
{
    Text identity = text_from(watcher);
    RulesQuery query = {
        .identity = &identity, .n_identities = watcher != NULL, .sphere = text_from(sphere), .leg_protected = true
    };
    RulesDecision decision;
    if (time)
        g_assert_true(xmlsafe_time_parse(text_from(time), &query.unix_ms));
    rules_evaluate(rules, &query, &decision);
    return decision;
}

static RulesHandling ask(const Rules *rules, const char *watcher)
{
    return ask_at(rules, watcher, NULL, NULL).handling;
}

/* ---- the vectors ---- */

static char *vector_field(const char *block, const char *name)
{
    g_autofree char *text = NULL, *head = g_strdup_printf("[%s]", block), *key = g_strdup_printf("\n%s = \"", name);
    g_assert_true(g_file_get_contents("../vectors/policy_combine.txt", &text, NULL, NULL));
    const char *at = strstr(text, head);
    g_assert_nonnull(at);
    at = strstr(at, key);
    g_assert_nonnull(at);
    at += strlen(key);
    return g_strndup(at, (gsize)(strchr(at, '"') - at));
}

static char *word_of(const char *rule, const char *name)
{
    g_auto(GStrv) words = g_strsplit(rule, " ", -1);
    for (char **word = words; *word; word++)
        if (g_str_has_prefix(*word, name) && (*word)[strlen(name)] == '=')
            return g_strdup(*word + strlen(name) + 1);
    g_assert_not_reached();
}

/*
 * The table's generic permissions as ones of RFC 5025 that combine in the same way: X (truth) is provide-mood; Y
 * (number) is sub-handling, whose four values stand in the order of the table's 3, 5, 10, 12; Z (1, 2, 3) is
 * provide-user-input.
 */
static const char *handling_for(const char *y)
{
    return !strcmp(y, "3") ? "block" : !strcmp(y, "5") ? "confirm" : !strcmp(y, "10") ? "polite-block" : "allow";
}

static void append_table_rule(GString *xml, const char *rule)
{
    static const char *const inputs[] = { "", "false", "bare", "thresholds" };
    g_autofree char *id = word_of(rule, "id"), *who = word_of(rule, "who"), *sphere = word_of(rule, "sphere");
    g_autofree char *from = word_of(rule, "from"), *until = word_of(rule, "until");
    g_autofree char *x = word_of(rule, "X"), *y = word_of(rule, "Y"), *z = word_of(rule, "Z");
    g_string_append_printf(
        xml,
        "<cr:rule id='r%s'><cr:conditions><cr:identity><cr:one id='sip:%s@example.com'/></cr:identity>"
        "<cr:sphere value='%s'/><cr:validity><cr:from>%s</cr:from><cr:until>%s</cr:until></cr:validity>"
        "</cr:conditions><cr:actions><pr:sub-handling>%s</pr:sub-handling></cr:actions>"
        "<cr:transformations><pr:provide-user-input>%s</pr:provide-user-input>",
        id, who, sphere, from, until, handling_for(y), inputs[z[0] - '0']);
    if (strcmp(x, "NULL") != 0)
        g_string_append_printf(xml, "<pr:provide-mood>%s</pr:provide-mood>", strcmp(x, "TRUE") ? "false" : "true");
    g_string_append(xml, "</cr:transformations></cr:rule>");
}

static void test_rfc_4745_table(void)
{
    g_autofree char *table = vector_field("rfc4745-10", "rules"), *who = vector_field("rfc4745-10", "query_who");
    g_autofree char *time = vector_field("rfc4745-10", "query_time");
    g_autofree char *sphere = vector_field("rfc4745-10", "query_sphere");
    g_autofree char *fired = vector_field("rfc4745-10", "fired"), *x = vector_field("rfc4745-10", "X");
    g_autofree char *y = vector_field("rfc4745-10", "Y"), *z = vector_field("rfc4745-10", "Z");
    g_autofree char *uri = g_strdup_printf("sip:%s@example.com", who);
    g_auto(GStrv) lines = g_strsplit(table, "; ", -1);
    g_autoptr(GString) xml = g_string_new(HEAD), got = g_string_new(NULL);
    for (char **line = lines; *line; line++)
        append_table_rule(xml, *line);
    g_string_append(xml, TAIL);
    g_autoptr(Rules) rules = parse(xml->str);
    RulesDecision decision = ask_at(rules, uri, time, sphere);
    for (unsigned i = 0; i < rules_count(rules); i++)
        if (decision.fired[0] >> i & 1)
            g_string_append_printf(got, got->len ? " " TEXT_FMT : TEXT_FMT,
                                   TEXT_ARG(text_after(rules_id(rules, i), 1)));
    g_assert_cmpstr(got->str, ==, fired);
    g_assert_cmpstr(decision.visible & RULES_MOOD ? "TRUE" : "FALSE", ==, x);
    g_assert_cmpstr(rules_handling_name(decision.handling), ==, handling_for(y));
    g_assert_cmpint(decision.user_input / 10 + 1, ==, atoi(z));
}

static void check_results(const char *block, const char *xml, unsigned n)
{
    g_autoptr(Rules) rules = parse(xml);
    for (unsigned i = 0; i < n; i++) {
        g_autofree char *name = g_strdup_printf("result_%u", i), *result = vector_field(block, name);
        g_auto(GStrv) parts = g_strsplit(result, " -> ", 2);
        g_assert_cmpstr(rules_handling_name(ask(rules, parts[0])), ==, parts[1]);
    }
    g_assert_cmpint(ask(rules, NULL), ==, RULES_BLOCK); /* the note of both blocks */
}

static void test_derived_vectors(void)
{
    check_results("derived-A",
                  HEAD RULE("a", "<cr:identity><cr:one id='sip:bob@home1.net'/></cr:identity>", "allow")
                      RULE("b", "<cr:identity><cr:many domain='home1.net'/></cr:identity>", "confirm") TAIL,
                  3);
    check_results("derived-B",
                  HEAD RULE("a",
                            "<cr:identity><cr:many><cr:except id='sip:eve@home1.net'/><cr:except domain='evil.net'/>"
                            "</cr:many></cr:identity>",
                            "polite-block")
                      RULE("b", "<cr:identity><cr:one id='sip:eve@home1.net'/></cr:identity>", "block") TAIL,
                  3);
}

/* ---- conditions ---- */

static void test_no_conditions_match_anyone(void)
{
    g_autoptr(Rules) none =
        parse(HEAD "<cr:rule id='a'><cr:actions><pr:sub-handling>allow</pr:sub-handling></cr:actions>"
                   "</cr:rule>" TAIL);
    g_autoptr(Rules) empty = parse(HEAD RULE("a", "<cr:identity/>", "allow") TAIL);
    g_autoptr(Rules) many = parse(HEAD RULE("a", "<cr:identity><cr:many/></cr:identity>", "allow") TAIL);
    g_assert_cmpint(ask(none, NULL), ==, RULES_ALLOW);
    g_assert_cmpint(ask(empty, NULL), ==, RULES_ALLOW); /* RFC 5025 §3.1.1.2 */
    g_assert_cmpint(ask(many, NULL), ==, RULES_BLOCK);
    g_assert_cmpint(ask(many, "sip:a@b"), ==, RULES_ALLOW);
}

static void test_identities_are_compared_as_addresses(void)
{
    g_autoptr(Rules) rules =
        parse(HEAD RULE("a", "<cr:identity><cr:one id='sip:bob@Home.example'/></cr:identity>", "allow")
                  RULE("b", "<cr:identity><cr:one id='tel:+1-212-555-1234'/></cr:identity>", "confirm") TAIL);
    g_assert_cmpint(ask(rules, "sip:bob@home.EXAMPLE"), ==, RULES_ALLOW);
    g_assert_cmpint(ask(rules, "sip:b%6fb@home.example"), ==, RULES_ALLOW);
    g_assert_cmpint(ask(rules, "sip:Bob@home.example"), ==, RULES_BLOCK);
    g_assert_cmpint(ask(rules, "sips:bob@home.example"), ==, RULES_BLOCK);
    g_assert_cmpint(ask(rules, "tel:+12125551234"), ==, RULES_CONFIRM);
    g_assert_cmpint(ask(rules, "sip:+12125551234@home.example;user=phone"), ==, RULES_BLOCK);
}

/* A watcher cannot step around an exclusion by being asserted with a parameter, in other case, or with a second
 * identity. */
static void test_except_cannot_be_stepped_around(void)
{
    g_autoptr(Rules) rules = parse(HEAD RULE("a",
                                             "<cr:identity><cr:many><cr:except id='sip:eve@home.example'/>"
                                             "<cr:except domain='evil.example'/></cr:many></cr:identity>",
                                             "allow") TAIL);
    static const char *const out[] = {
        "sip:eve@home.example",    "sip:eve@HOME.example", "sip:eve@home.example;user=phone", "sip:%65ve@home.example",
        "sip:x@Evil.example:5070", "pres:x@evil.example",  "mailto:x@evil.example?subject=y"
    };
    for (size_t i = 0; i < G_N_ELEMENTS(out); i++)
        g_assert_cmpint(ask(rules, out[i]), ==, RULES_BLOCK);
    g_assert_cmpint(ask(rules, "sip:carol@home.example"), ==, RULES_ALLOW);
    Text both[] = { TEXT("sip:carol@home.example"), TEXT("sip:eve@home.example") };
    RulesQuery query = { .identity = both, .n_identities = 2, .leg_protected = true };
    RulesDecision decision;
    rules_evaluate(rules, &query, &decision);
    g_assert_cmpint(decision.handling, ==, RULES_BLOCK);
}

static void test_unknown_conditions_are_false(void)
{
    g_autoptr(Rules) rules =
        parse(HEAD RULE("a", "<y:moon xmlns:y='urn:y'/>", "allow")
                  RULE("b", "<cr:identity><y:moon xmlns:y='urn:y'/></cr:identity>", "allow")
                      RULE("c", "<cr:identity><y:moon xmlns:y='urn:y'/><cr:one id='sip:a@b'/></cr:identity>", "confirm")
                          TAIL);
    g_assert_cmpint(ask(rules, "sip:a@b"), ==, RULES_CONFIRM);
    g_assert_cmpint(ask(rules, "sip:c@b"), ==, RULES_BLOCK);
}

static void test_sphere(void)
{
    g_autoptr(Rules) rules = parse(HEAD RULE("a", "<cr:sphere value='home  Work'/>", "allow") TAIL);
    g_assert_cmpint(ask_at(rules, NULL, NULL, "work").handling, ==, RULES_ALLOW);
    g_assert_cmpint(ask_at(rules, NULL, NULL, "HOME").handling, ==, RULES_ALLOW);
    g_assert_cmpint(ask_at(rules, NULL, NULL, "").handling, ==, RULES_BLOCK);
    g_assert_cmpint(ask_at(rules, NULL, NULL, NULL).handling, ==, RULES_BLOCK);
}

static void test_validity(void)
{
    g_autoptr(Rules) rules =
        parse(HEAD RULE("a",
                        "<cr:validity><cr:from>2003-05-06T10:00:00Z</cr:from>"
                        "<cr:until>2003-05-06T11:00:00Z</cr:until><cr:from>2003-05-06T15:00:00+02:00"
                        "</cr:from><cr:until>2003-05-06T14:00:00Z</cr:until></cr:validity>",
                        "allow") TAIL);
    int64_t ten, eleven;
    g_assert_cmpint(ask_at(rules, NULL, "2003-05-06T09:59:59.999Z", NULL).handling, ==, RULES_BLOCK);
    g_assert_cmpint(ask_at(rules, NULL, "2003-05-06T10:00:00Z", NULL).handling, ==, RULES_ALLOW);
    g_assert_cmpint(ask_at(rules, NULL, "2003-05-06T11:00:00Z", NULL).handling, ==, RULES_BLOCK);
    g_assert_cmpint(ask_at(rules, NULL, "2003-05-06T13:00:00Z", NULL).handling, ==, RULES_ALLOW);
    g_assert_true(xmlsafe_time_parse(TEXT("2003-05-06T10:00:00Z"), &ten));
    g_assert_true(xmlsafe_time_parse(TEXT("2003-05-06T11:00:00Z"), &eleven));
    g_assert_true(rules_uses_time(rules));
    g_assert_cmpint(rules_next_change(rules, ten - 1), ==, ten);
    g_assert_cmpint(rules_next_change(rules, ten), ==, eleven);
    g_assert_cmpint(rules_next_change(rules, eleven + 86400000), ==, INT64_MAX);
}

/* ---- the switch of seed S3 ---- */

static bool withheld(const char *text, bool leg_protected, bool clear_default)
{
    g_autoptr(Rules) rules = text ? parse(text) : NULL;
    Text identity = TEXT("sip:bob@b");
    RulesQuery query = {
        .identity = &identity, .n_identities = 1, .leg_protected = leg_protected, .clear_default = clear_default
    };
    RulesDecision decision;
    rules_evaluate(rules, &query, &decision);
    return decision.withheld;
}

#define CLEAR(word) "<x:clear-notifications>" word "</x:clear-notifications>"
#define CLEAR_RULE(id, who, word)                                                                                      \
    "<cr:rule id='" id "'><cr:conditions><cr:identity><cr:one id='" who                                                \
    "'/></cr:identity></cr:conditions><cr:actions>" CLEAR(word) "</cr:actions></cr:rule>"

static void test_clear_notifications(void)
{
    g_assert_false(withheld(NULL, false, true));
    g_assert_true(withheld(NULL, false, false));
    g_assert_false(withheld(NULL, true, false));
    g_assert_true(withheld(HEAD CLEAR("deny") TAIL, false, true));
    g_assert_false(withheld(HEAD CLEAR("deny") TAIL, true, true));
    g_assert_false(withheld(HEAD CLEAR("allow") TAIL, false, false));
    g_assert_false(withheld(HEAD CLEAR("deny") CLEAR_RULE("a", "sip:bob@b", "allow") TAIL, false, false));
    g_assert_true(withheld(HEAD CLEAR("allow") CLEAR_RULE("a", "sip:bob@b", "deny") TAIL, false, true));
    g_assert_true(withheld(HEAD CLEAR("deny") CLEAR_RULE("a", "sip:eve@b", "allow") TAIL, false, true));
    g_assert_false(
        withheld(HEAD CLEAR_RULE("a", "sip:bob@b", "deny") CLEAR_RULE("b", "sip:bob@b", "allow") TAIL, false, false));
}

/* ---- documents ---- */

static void test_without_document_all_is_allowed(void)
{
    RulesDecision decision = ask_at(NULL, NULL, NULL, NULL);
    g_assert_cmpint(decision.handling, ==, RULES_ALLOW);
    g_assert_true(decision.visible & RULES_ALL_ATTRIBUTES && decision.visible & RULES_ALL_SERVICES);
}

static void test_equal_questions_give_equal_octets(void)
{
    g_autoptr(Rules) rules = parse(HEAD RULE("a", "<cr:identity><cr:many/></cr:identity>", "allow") TAIL);
    RulesDecision one = ask_at(rules, "sip:a@b", NULL, NULL), two = ask_at(rules, "sip:c@d", NULL, NULL);
    g_assert_cmpmem(&one, sizeof one, &two, sizeof two);
}

static void test_all_errors_are_reported(void)
{
    static const char bad[] = HEAD "\n<cr:rule><cr:conditions>\n<cr:identity><cr:one/></cr:identity>\n"
                                   "<cr:identity><cr:many><cr:exept id='sip:eve@b'/></cr:many></cr:identity>\n"
                                   "<cr:validity><cr:from>yesterday</cr:from></cr:validity></cr:conditions>\n"
                                   "<cr:actions><pr:sub-handling>maybe</pr:sub-handling></cr:actions>\n"
                                   "<cr:transformations><pr:provide-moods>true</pr:provide-moods>\n"
                                   "<pr:provide-mood>yes</pr:provide-mood></cr:transformations></cr:rule>\n" TAIL;
    static const char *const expected[] = {
        "2: a rule needs an id",
        "3: one needs an id",
        "4: exept is not allowed in many; allowed are except",
        "5: validity holds pairs of from and until",
        "6: sub-handling cannot be \"maybe\"; allowed are block, confirm, polite-block, allow",
        "7: provide-moods is not allowed in transformations",
        "8: provide-mood cannot be \"yes\"; allowed are true, false",
    };
    g_autoptr(GString) errors = g_string_new(NULL);
    g_assert_null(rules_parse(bad, strlen(bad), errors));
    g_auto(GStrv) lines = g_strsplit(g_strchomp(errors->str), "\n", -1);
    g_assert_cmpuint(g_strv_length(lines), ==, G_N_ELEMENTS(expected));
    for (size_t i = 0; i < G_N_ELEMENTS(expected); i++)
        g_assert_true(g_str_has_prefix(lines[i], expected[i]));
}

static void test_other_documents_are_refused(void)
{
    static const char *const bad[] = { "",
                                       "<ruleset/>",
                                       "<!DOCTYPE x>" HEAD TAIL,
                                       HEAD "<pr:rule id='a'/>" TAIL,
                                       HEAD "<cr:rule id='a'/><cr:rule id='a'/>" TAIL,
                                       HEAD RULE("a", "<cr:identity><cr:many><cr:except/></cr:many></cr:identity>",
                                                 "allow") TAIL };
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(GString) errors = g_string_new(NULL);
        g_assert_null(rules_parse(bad[i], strlen(bad[i]), errors));
        g_assert_cmpuint(errors->len, >, 0);
    }
}

static void test_too_many_rules(void)
{
    g_autoptr(GString) text = g_string_new(HEAD);
    for (unsigned i = 0; i < RULES_MAX; i++)
        g_string_append_printf(text, "<cr:rule id='r%u'/>", i);
    g_autofree char *full = g_strconcat(text->str, TAIL, NULL);
    g_autofree char *over = g_strconcat(text->str, "<cr:rule id='x'/>" TAIL, NULL);
    g_autoptr(Rules) rules = parse(full);
    RulesDecision decision = ask_at(rules, NULL, NULL, NULL);
    g_assert_cmpuint(decision.fired[RULES_MAX / 64 - 1] >> 63, ==, 1);
    g_assert_null(rules_parse(over, strlen(over), NULL));
}

static void test_describe(void)
{
    static const char good[] =
        HEAD RULE("a", "<cr:identity><cr:many domain='b'><cr:except id='sip:c@b'/></cr:many></cr:identity>", "allow")
            TAIL;
    g_autoptr(GString) out = g_string_new(NULL);
    g_assert_true(rules_describe((const uint8_t *)good, strlen(good), out));
    g_assert_nonnull(strstr(out->str, "    if the watcher is anyone in b except sip:c@b\n    then allow, "));
    g_string_truncate(out, 0);
    g_assert_false(rules_describe((const uint8_t *)"<a/>", 4, out));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/msg/rules/rfc-4745-table", test_rfc_4745_table);
    g_test_add_func("/msg/rules/derived-vectors", test_derived_vectors);
    g_test_add_func("/msg/rules/no-conditions-match-anyone", test_no_conditions_match_anyone);
    g_test_add_func("/msg/rules/identities-are-compared-as-addresses", test_identities_are_compared_as_addresses);
    g_test_add_func("/msg/rules/except-cannot-be-stepped-around", test_except_cannot_be_stepped_around);
    g_test_add_func("/msg/rules/unknown-conditions-are-false", test_unknown_conditions_are_false);
    g_test_add_func("/msg/rules/sphere", test_sphere);
    g_test_add_func("/msg/rules/validity", test_validity);
    g_test_add_func("/msg/rules/clear-notifications", test_clear_notifications);
    g_test_add_func("/msg/rules/without-document-all-is-allowed", test_without_document_all_is_allowed);
    g_test_add_func("/msg/rules/equal-questions-give-equal-octets", test_equal_questions_give_equal_octets);
    g_test_add_func("/msg/rules/all-errors-are-reported", test_all_errors_are_reported);
    g_test_add_func("/msg/rules/other-documents-are-refused", test_other_documents_are_refused);
    g_test_add_func("/msg/rules/too-many-rules", test_too_many_rules);
    g_test_add_func("/msg/rules/describe", test_describe);
    return g_test_run();
}
