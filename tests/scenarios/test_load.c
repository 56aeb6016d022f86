/*
 * tests/scenarios/test_load.c - loading scenarios: every mistake with its place, hostile files, the shipped ones, the
 * templates.
 */
#include "scenarios/data.h"
#include "scenarios/scenario.h"

#include <glib/gstdio.h>
#include <string.h>

#define HEAD "<scenario xmlns=\"urn:presec:scenario:1\" id=\"t\" option=\"gap\">\n<title>t</title>\n"

static Scenario *parse(const char *text, Diagnostics *diagnostics)
{
    return scenario_parse("t.xml", text, strlen(text), diagnostics);
}

/* One diagnostic at this place whose text contains @part. */
static void assert_says(const Diagnostics *diagnostics, unsigned line, unsigned column, const char *part)
{
    for (size_t i = 0; i < diagnostics_count(diagnostics); i++) {
        const Diagnostic *d = diagnostics_get(diagnostics, i);
        if (d->place.line == line && d->place.column == column && strstr(d->text, part))
            return;
    }
    g_autofree char *text = diagnostics_text(diagnostics);
    g_error("nothing at %u:%u says '%s' in\n%s", line, column, part, text);
}

static void assert_refused(const char *text, const char *part)
{
    g_autoptr(Diagnostics) diagnostics = diagnostics_new();
    g_autoptr(Scenario) scenario = parse(text, diagnostics);
    g_autofree char *said = diagnostics_text(diagnostics);
    g_assert_null(scenario);
    g_assert_cmpuint(diagnostics_count(diagnostics), >=, 1);
    if (!strstr(said, part))
        g_error("'%s' is not in\n%s", part, said);
}

static void test_every_mistake_gives_one_message(void)
{
    static const char text[] = "<scenario xmlns=\"urn:presec:scenario:1\" id=\"t\" option=\"gpa\">\n" /* 1: option */
                               "<title>t</title>\n"
                               "<ue id=\"alice\" leeg=\"rel6\"/>\n"                      /* 3: attribute */
                               "<ue id=\"alice\"/>\n"                                    /* 4: twice */
                               "<attacker id=\"m\" position=\"A9\" at=\"air:alice\"/>\n" /* 5: position */
                               "<attacker id=\"n\" position=\"A1\" at=\"air:alise\"/>\n" /* 6: segment of */
                               "<timeline>\n"
                               " <at time=\"5s\"><subscibe watcher=\"alice\" to=\"n\"/></at>\n" /* 8: element */
                               " <at time=\"3s\"><register ue=\"alicia\"/></at>\n"              /* 9: time, ue */
                               " <at time=\"5 seconds\"><register/></at>\n" /* 10: time, missing ue */
                               "</timeline>\n"
                               "</scenario>\n";
    g_autoptr(Diagnostics) diagnostics = diagnostics_new();
    g_autoptr(Scenario) scenario = parse(text, diagnostics);
    g_assert_null(scenario);
    g_autofree char *said = diagnostics_text(diagnostics);
    g_test_message("%s", said);
    assert_says(diagnostics, 1, 48, "there is no option 'gpa'; did you mean 'gap'?");
    assert_says(
        diagnostics, 3, 16,
        "ue has no attribute 'leeg'; allowed: id, leg, rules, forges, hostile, registration; did you mean 'leg'?");
    assert_says(diagnostics, 4, 1, "the id 'alice' is used twice");
    assert_says(diagnostics, 5, 18, "'A9' is not a value of attribute 'position'");
    assert_says(diagnostics, 6, 1, "there is no ue 'alise'; allowed: alice; did you mean 'alice'?");
    assert_says(diagnostics, 8, 16, "at has no element 'subscibe'; did you mean 'subscribe'?");
    assert_says(diagnostics, 8, 16, "there is no ue 'n'; allowed: alice");
    assert_says(diagnostics, 9, 6, "before the one above");
    assert_says(diagnostics, 9, 16, "there is no ue 'alicia'; allowed: alice; did you mean 'alice'?");
    assert_says(diagnostics, 10, 6, "'5 seconds' is not a value of attribute 'time'; allowed: a time with its unit");
    assert_says(diagnostics, 10, 23, "register lacks its attribute 'ue'");
    g_assert_cmpuint(diagnostics_count(diagnostics), ==, 11);
}

static void test_two_misspelt_elements_are_both_found(void)
{
    g_autoptr(Diagnostics) diagnostics = diagnostics_new();
    g_autoptr(Scenario) scenario = parse(HEAD "<ue id=\"a\"/>\n<timeline>\n<att time=\"0s\"/>\n<at time=\"1s\">\n"
                                              "<pubish ue=\"a\"/>\n<registr ue=\"a\"/></at>\n</timeline></scenario>",
                                         diagnostics);
    g_assert_null(scenario);
    assert_says(diagnostics, 5, 1, "did you mean 'at'?");
    assert_says(diagnostics, 7, 1, "did you mean 'publish'?");
    assert_says(diagnostics, 8, 1, "did you mean 'register'?");
    g_assert_cmpuint(diagnostics_count(diagnostics), ==, 3);
}

static void test_diagnostics_are_in_order_of_place(void)
{
    g_autoptr(Diagnostics) diagnostics = diagnostics_new();
    g_autoptr(Scenario) scenario =
        parse(HEAD "<ue id=\"a\"/><ue id=\"a\"/>\n<until time=\"x\"/>\n<expect>\n<count at=\"ps\" of=\"REGISTER\"/>\n"
                   "<outcome ue=\"b\" action=\"dance\" is=\"200\"/></expect></scenario>",
              diagnostics);
    g_assert_null(scenario);
    unsigned line = 0;
    for (size_t i = 0; i < diagnostics_count(diagnostics); i++) {
        g_assert_cmpuint(diagnostics_get(diagnostics, i)->place.line, >=, line);
        line = diagnostics_get(diagnostics, i)->place.line;
    }
    g_assert_cmpuint(diagnostics_count(diagnostics), ==, 5);
}

static void test_misplaced_element_is_told_its_place(void)
{
    assert_refused(HEAD "<timeline/><ue id=\"a\"/></scenario>", "ue stands in the wrong place in scenario");
}

static void test_impossible_combinations_are_refused(void)
{
    assert_refused(HEAD "<ue id=\"a\"/><attacker id=\"m\" position=\"A1\" at=\"air:a\"><drop/></attacker></scenario>",
                   "A1 only listens");
    assert_refused(
        HEAD "<ue id=\"a\"/><attacker id=\"m\" position=\"A5\" at=\"air:a\"><drop on=\"gn:a\"/></attacker></scenario>",
        "m has no tap on 'gn:a'");
    assert_refused(HEAD "<ue id=\"a\"/><attacker id=\"m\" position=\"A5\" at=\"air:a\"><cell "
                        "technology=\"gprs\"/></attacker></scenario>",
                   "A5 has no base station");
    assert_refused(HEAD "<ue id=\"a\"/><attacker id=\"m\" position=\"A5\" at=\"air\"/></scenario>",
                   "segment 'air' does not say whose; allowed: with a ue, as 'air:a'");
    assert_refused(HEAD "<ue id=\"a\"/><attacker id=\"m\" position=\"A5\" at=\"mw:a\"/></scenario>",
                   "belongs to nobody");
    assert_refused(HEAD "<ue id=\"a\"/><attacker id=\"m\" position=\"A5\" at=\"sky:a\"/></scenario>",
                   "no segment 'sky:a'");
    assert_refused(HEAD "<ue id=\"scscf\"/></scenario>", "the name of a network node");
    assert_refused(HEAD "<ue id=\"a\" forges=\"a\"/></scenario>", "forges itself");
    assert_refused(HEAD "<population id=\"p\" count=\"0\" rate=\"1\"/></scenario>", "a population of 0");
    assert_refused(
        HEAD
        "<ue id=\"a\"/><timeline><at time=\"2s\"><register ue=\"a\"/></at></timeline><until time=\"1s\"/></scenario>",
        "until lies before");
    assert_refused(
        HEAD "<ue id=\"a\"/><timeline><at time=\"2s\"><subscribe watcher=\"a\" to=\"a\"/></at></timeline></scenario>",
        "does this to itself");
    assert_refused(HEAD "<timeline><at time=\"2s\"><drop by=\"m\"/></at></timeline></scenario>",
                   "there is no attacker 'm'");
    assert_refused(HEAD "<expect><property id=\"reply\" is=\"holds\"/></expect></scenario>", "did you mean 'replay'?");
    assert_refused(HEAD "<expect><count at=\"pq\" of=\"x\" is=\"1\"/></expect></scenario>", "there is no node 'pq'");
    assert_refused(HEAD "<ue id=\"a\"/><expect><displays ue=\"a\"/></expect></scenario>",
                   "displays does not say how many");
    assert_refused(HEAD "<option/></scenario>", "names more than one option");
    assert_refused("<scenario xmlns=\"urn:presec:scenario:1\" id=\"t\"><title>t</title></scenario>", "names no option");
}

static void test_attack_names_no_option(void)
{
    assert_refused(
        "<attack xmlns=\"urn:presec:scenario:1\" id=\"t\" property=\"replay\" position=\"A5\"><title>t</title>"
        "<ue id=\"m\" leg=\"rel6\"/></attack>",
        "an attack names no option");
    assert_refused(
        "<attack xmlns=\"urn:presec:scenario:1\" id=\"t\" option=\"gap\" property=\"replay\" position=\"A5\">"
        "<title>t</title></attack>",
        "attack has no attribute 'option'");
}

static void test_inline_option_is_checked_like_a_file(void)
{
    assert_refused("<scenario xmlns=\"urn:presec:scenario:1\" id=\"t\"><title>t</title><option><set field=\"acess\" "
                   "value=\"clear\"/></option></scenario>",
                   "did you mean 'access'?");
    assert_refused("<scenario xmlns=\"urn:presec:scenario:1\" id=\"t\"><title>t</title><option><open field=\"access\" "
                   "values=\"clear\"/></option></scenario>",
                   "at least two values");
    assert_refused("<scenario xmlns=\"urn:presec:scenario:1\" id=\"t\"><title>t</title><option><set field=\"access\" "
                   "value=\"clear\"/><set field=\"access\" value=\"wlan-wep\"/></option></scenario>",
                   "the field 'access' is given twice");
}

/* ---- hostile files ---- */

static void test_doctype_is_refused(void)
{
    assert_refused("<!DOCTYPE scenario>\n" HEAD "</scenario>", "DOCTYPE is not allowed");
    assert_refused("<!DOCTYPE s SYSTEM \"file:///etc/passwd\">\n" HEAD "</scenario>", "DOCTYPE is not allowed");
}

static void test_entity_bomb_is_refused(void)
{
    assert_refused("<!DOCTYPE s [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c "
                   "\"&b;&b;&b;&b;&b;&b;&b;&b;\">]>\n" HEAD "<claim>&c;</claim></scenario>",
                   "DOCTYPE is not allowed");
    assert_refused(HEAD "<claim>&c;</claim></scenario>", "not well-formed");
}

static void test_depth_is_bounded(void)
{
    g_autoptr(GString) deep = g_string_new(HEAD);
    for (unsigned i = 0; i < 5000; i++)
        g_string_append(deep, "<claim>");
    assert_refused(deep->str, "nested too deeply");
}

static void test_size_is_bounded(void)
{
    g_autoptr(GString) huge = g_string_new(HEAD "<claim>");
    for (unsigned i = 0; i < 17 * 16; i++)
        g_string_append_printf(huge, "%065536d", 0);
    assert_refused(huge->str, "16 MiB");
}

static void test_many_mistakes_are_bounded(void)
{
    g_autoptr(GString) many = g_string_new(HEAD);
    for (unsigned i = 0; i < 3000; i++)
        g_string_append_printf(many, "<x%u/>\n", i);
    g_string_append(many, "</scenario>");
    g_autoptr(Diagnostics) diagnostics = diagnostics_new();
    g_autoptr(Scenario) scenario = parse(many->str, diagnostics);
    g_assert_null(scenario);
    g_assert_cmpuint(diagnostics_count(diagnostics), >, 100);
    g_assert_cmpuint(diagnostics_count(diagnostics), <=, 1000);
}

static void test_binary_is_refused(void)
{
    g_autoptr(Diagnostics) diagnostics = diagnostics_new();
    g_autoptr(Scenario) zeros = scenario_parse("t", "<s\0c>", 5, diagnostics);
    g_assert_null(zeros);
    assert_refused("\x7f"
                   "ELF\xff\xfe",
                   "not UTF-8");
    assert_refused("", "empty");
    assert_refused("register alice", "not well-formed");
    assert_refused("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><scenario/>", "UTF-8");
}

static void test_truncated_files_never_crash(void)
{
    const DataFile *file = data_find("scenarios/casts/standard.xml");
    g_assert_nonnull(file);
    for (size_t len = 0; len < file->len; len += 1 + file->len / 200) {
        g_autoptr(Diagnostics) diagnostics = diagnostics_new();
        g_autoptr(Scenario) scenario = scenario_parse("t.xml", file->octets, len, diagnostics);
        g_assert_null(scenario);
        g_assert_cmpuint(diagnostics_count(diagnostics), >, 0);
    }
}

static void test_wrong_root_is_told_the_right_ones(void)
{
    assert_refused("<scenaro xmlns=\"urn:presec:scenario:1\"/>", "did you mean 'scenario'?");
    assert_refused("<scenario/>", "xmlns=\"urn:presec:scenario:1\"");
    assert_refused("<option xmlns=\"urn:presec:scenario:1\" id=\"x\"/>", "this is an option");
}

static void assert_file_refused(const char *path, const char *part)
{
    g_autoptr(Diagnostics) diagnostics = diagnostics_new();
    g_assert_false(scenario_validate(path, diagnostics));
    g_assert_cmpuint(diagnostics_count(diagnostics), ==, 1);
    g_autofree char *said = diagnostics_text(diagnostics);
    g_assert_nonnull(strstr(said, part));
}

static void test_option_file_needs_an_id(void)
{
    g_autofree char *path = g_strdup("/tmp/presec-load-XXXXXX.xml");
    int fd = g_mkstemp(path);
    g_assert_cmpint(fd, >=, 0);
    g_close(fd, NULL);
    g_assert_true(g_file_set_contents(path, "<option xmlns=\"urn:presec:scenario:1\"/>", -1, NULL));
    assert_file_refused(path, "lacks its attribute 'id'");
    g_unlink(path);
}

static void test_directories_and_missing_files(void)
{
    assert_file_refused("/tmp", "is a directory");
    assert_file_refused("/tmp/there-is-no/such.xml", "no such file");
}

/* ---- what is shipped ---- */

static void assert_valid(const char *name, const void *octets, size_t len)
{
    g_autofree char *path = g_strdup("/tmp/presec-load-XXXXXX.xml");
    int fd = g_mkstemp(path);
    g_assert_cmpint(fd, >=, 0);
    g_close(fd, NULL);
    g_assert_true(g_file_set_contents(path, octets, (gssize)len, NULL));
    g_autoptr(Diagnostics) diagnostics = diagnostics_new();
    bool valid = scenario_validate(path, diagnostics);
    g_unlink(path);
    g_autofree char *said = diagnostics_text(diagnostics);
    if (!valid)
        g_error("%s:\n%s", name, said);
}

static void test_every_shipped_file_validates(void)
{
    static const char *const folders[] = { "scenarios/options/", "scenarios/library/", "scenarios/casts/",
                                           "scenarios/attacks/" };
    unsigned n = 0;
    for (size_t i = 0; i < G_N_ELEMENTS(folders); i++)
        for (const DataFile *file = data_first(folders[i]); file; file = data_next(file, folders[i]), n++)
            assert_valid(file->path, file->octets, file->len);
    g_assert_cmpuint(n, >=, 60);
}

static void test_shipped_ids_are_their_file_names(void)
{
    for (ScenarioKind kind = SCENARIO_SCENARIO; kind <= SCENARIO_ATTACK; kind++) {
        g_auto(GStrv) ids = scenario_ids(kind);
        g_assert_cmpuint(g_strv_length(ids), >, 0);
        for (char **id = ids; *id; id++) {
            g_autoptr(Diagnostics) diagnostics = diagnostics_new();
            g_autoptr(Scenario) scenario = scenario_load(*id, diagnostics);
            g_assert_nonnull(scenario);
            g_assert_cmpstr(scenario->id, ==, *id);
            g_assert_cmpint(scenario->kind, ==, kind);
        }
    }
}

static void test_templates_validate(void)
{
    g_autofree char *scenario = scenario_template(), *option = option_template();
    assert_valid("the scenario template", scenario, strlen(scenario));
    assert_valid("the option template", option, strlen(option));
}

/* ---- what is read ---- */

static void test_times_are_exact(void)
{
    g_autoptr(Diagnostics) diagnostics = diagnostics_new();
    g_autoptr(Scenario) scenario =
        parse(HEAD "<ue id=\"a\"/><timeline><at time=\"300ms\"><register ue=\"a\"/></at><at time=\"1.3s\"><register "
                   "ue=\"a\"/></at><at time=\"0.000000001h\"/></timeline></scenario>",
              diagnostics);
    g_assert_null(scenario); /* the last one lies before */
    g_autoptr(Diagnostics) none = diagnostics_new();
    g_autoptr(Scenario) good =
        parse(HEAD "<ue id=\"a\"/><timeline><at time=\"300ms\"><register ue=\"a\"/></at><at time=\"1.3s\"><register "
                   "ue=\"a\"/></at><at time=\"2.5min\"><register ue=\"a\"/></at></timeline></scenario>",
              none);
    g_assert_nonnull(good);
    const SimTime times[] = { 300 * SIM_MS, 1300 * SIM_MS, 150 * SIM_SEC };
    for (unsigned i = 0; i < 3; i++)
        g_assert_cmpint(((ScenarioAction *)good->actions->pdata[i])->at, ==, times[i]);
}

static void test_too_long_a_time_is_refused(void)
{
    assert_refused(HEAD "<until time=\"9999999h\"/></scenario>", "too long");
}

static void test_moves_are_read(void)
{
    g_autoptr(Diagnostics) diagnostics = diagnostics_new();
    g_autoptr(Scenario) scenario = parse(
        HEAD
        "<ue id=\"a\"/><attacker id=\"m\" position=\"A5\" at=\"air:a gi:a\" work=\"0\">"
        "<edit message=\"SM6\" direction=\"down\" times=\"1\"><remove-entries header=\"Security-Server\" "
        "parameter=\"ealg\"/><replace text=\"open\" with=\"closed\"/></edit>"
        "<flip on=\"gi:a\" message=\"esp\" offset=\"-3\" xor=\"0x80\"/></attacker>"
        "<timeline><at time=\"4s\"><inject by=\"m\" to-port=\"5060\">\n  PUBLISH ${impu} SIP/2.0\n  To: x\n</inject>"
        "</at></timeline></scenario>",
        diagnostics);
    g_autofree char *said = diagnostics_text(diagnostics);
    g_assert_cmpstr(said, ==, "");
    const ScenarioAttacker *attacker = scenario->attackers->pdata[0];
    g_assert_cmpuint(attacker->moves->len, ==, 3);
    const Move *edit = &((ScenarioMove *)attacker->moves->pdata[0])->move;
    g_assert_cmpstr(edit->match.segment, ==, "air:a");
    g_assert_cmpint(edit->match.dir, ==, NET_DOWN);
    g_assert_cmpuint(edit->n_edits, ==, 2);
    g_assert_cmpint(edit->edits[0].kind, ==, EDIT_REMOVE_ENTRIES);
    g_assert_cmpstr(edit->edits[0].param, ==, "ealg");
    g_assert_cmpstr(edit->edits[1].value, ==, "closed");
    const Move *flip = &((ScenarioMove *)attacker->moves->pdata[1])->move;
    g_assert_cmpint(flip->offset, ==, -3);
    g_assert_cmpuint(flip->flip, ==, 0x80);
    const Move *inject = &((ScenarioMove *)attacker->moves->pdata[2])->move;
    g_assert_cmpint(inject->at, ==, 4 * SIM_SEC);
    g_assert_cmpstr(inject->template_text, ==, "PUBLISH ${impu} SIP/2.0\nTo: x");
}

static void test_merging_adds_an_attack_to_a_cast(void)
{
    g_autoptr(Diagnostics) diagnostics = diagnostics_new();
    g_autoptr(Scenario) cast = scenario_load("standard", diagnostics);
    g_autoptr(Scenario) attack = scenario_load("AT-20", diagnostics);
    g_assert_nonnull(cast);
    g_assert_nonnull(attack);
    guint before = cast->attackers->len;
    g_autoptr(Scenario) merged = scenario_merge(cast, attack);
    g_assert_cmpstr(merged->id, ==, "standard+AT-20");
    g_assert_cmpstr(merged->property, ==, "downgrade");
    g_assert_cmpuint(cast->attackers->len, ==, before);
    g_assert_cmpuint(merged->attackers->len, ==, before + attack->attackers->len);
    for (guint i = 1; i < merged->actions->len; i++)
        g_assert_cmpint(((ScenarioAction *)merged->actions->pdata[i])->at, >=,
                        ((ScenarioAction *)merged->actions->pdata[i - 1])->at);
    g_clear_pointer(&cast, scenario_free);
    g_clear_pointer(&attack, scenario_free);
    g_assert_cmpstr(((ScenarioAttacker *)merged->attackers->pdata[before])->position, !=, ""); /* items are shared */
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/scenarios/load/every-mistake-one-message", test_every_mistake_gives_one_message);
    g_test_add_func("/scenarios/load/two-misspelt-elements", test_two_misspelt_elements_are_both_found);
    g_test_add_func("/scenarios/load/order-of-place", test_diagnostics_are_in_order_of_place);
    g_test_add_func("/scenarios/load/misplaced-element", test_misplaced_element_is_told_its_place);
    g_test_add_func("/scenarios/load/impossible-combinations", test_impossible_combinations_are_refused);
    g_test_add_func("/scenarios/load/attack-names-no-option", test_attack_names_no_option);
    g_test_add_func("/scenarios/load/inline-option", test_inline_option_is_checked_like_a_file);
    g_test_add_func("/scenarios/load/doctype", test_doctype_is_refused);
    g_test_add_func("/scenarios/load/entity-bomb", test_entity_bomb_is_refused);
    g_test_add_func("/scenarios/load/depth", test_depth_is_bounded);
    g_test_add_func("/scenarios/load/size", test_size_is_bounded);
    g_test_add_func("/scenarios/load/many-mistakes", test_many_mistakes_are_bounded);
    g_test_add_func("/scenarios/load/binary", test_binary_is_refused);
    g_test_add_func("/scenarios/load/truncated", test_truncated_files_never_crash);
    g_test_add_func("/scenarios/load/wrong-root", test_wrong_root_is_told_the_right_ones);
    g_test_add_func("/scenarios/load/option-needs-an-id", test_option_file_needs_an_id);
    g_test_add_func("/scenarios/load/directories-and-missing-files", test_directories_and_missing_files);
    g_test_add_func("/scenarios/load/shipped-files-validate", test_every_shipped_file_validates);
    g_test_add_func("/scenarios/load/shipped-ids", test_shipped_ids_are_their_file_names);
    g_test_add_func("/scenarios/load/templates-validate", test_templates_validate);
    g_test_add_func("/scenarios/load/times-are-exact", test_times_are_exact);
    g_test_add_func("/scenarios/load/too-long-a-time", test_too_long_a_time_is_refused);
    g_test_add_func("/scenarios/load/moves", test_moves_are_read);
    g_test_add_func("/scenarios/load/merging", test_merging_adds_an_attack_to_a_cast);
    return g_test_run();
}
