/*
 * tests/scenarios/test_mistakes.c - a bad file gives one message for each mistake: none is hidden behind another, none
 * is an echo of another, and they come in the order of the file.
 */
#include "scenarios/option_load.h"
#include "scenarios/scenario.h"

#include <string.h>

#define HEAD   "<scenario xmlns=\"urn:presec:scenario:1\" id=\"t\" option=\"gap\">\n"
#define TITLE  "<title>t</title>\n"
#define A_NAME "a name of up to 64 letters, digits and . _ + -, beginning with a letter or digit"
#define A_TIME "a time with its unit, as 300ms, 1.3s, 2min or 1h, at most 10000 h"
#define PARTS  "title, claim, source, picture, option, ue, population, network, attacker, timeline, until, expect"

/* All that is said about a scenario, line by line. */
static void assert_scenario_says(const char *text, const char *said)
{
    g_autoptr(Diagnostics) diagnostics = diagnostics_new();
    g_autoptr(Scenario) scenario = scenario_parse("f", text, strlen(text), diagnostics);
    g_autofree char *got = diagnostics_text(diagnostics);
    g_assert_null(scenario);
    g_assert_cmpstr(got, ==, said);
}

static void assert_option_says(const char *text, const char *said)
{
    g_autoptr(Diagnostics) diagnostics = diagnostics_new();
    g_autoptr(Option) option = option_parse("f", text, strlen(text), diagnostics);
    g_autofree char *got = diagnostics_text(diagnostics);
    g_assert_null(option);
    g_assert_cmpstr(got, ==, said);
}

/* ---- nothing hidden, no echo ---- */

static void test_misspelt_title_hides_nothing(void)
{
    assert_scenario_says(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<scenario xmlns=\"urn:presec:scenario:1\" id=\"x\" option=\"gapp\">\n"
        "  <titel>t</titel>\n"
        "  <ue id=\"alice\" rules=\"alow\"/> <ue id=\"alice\"/>\n"
        "  <attacker id=\"m\" position=\"A99\" at=\"aire:bob\"/>\n"
        "  <timeline>\n"
        "    <at time=\"1x\"> <registr ue=\"alice\"/> </at>\n"
        "    <at time=\"2s\"> <subscribe watcher=\"bib\" to=\"alice\"/> </at>\n"
        "  </timeline>\n"
        "  <expect> <property id=\"replayy\" is=\"hold\"/> </expect>\n"
        "</scenario>\n",
        "f:2:48: there is no option 'gapp'; did you mean 'gap'?\n"
        "f:3:3: scenario has no element 'titel'; allowed: " PARTS "; did you mean 'title'?\n"
        "f:4:18: 'alow' is not a value of attribute 'rules'; allowed: allow, confirm, polite-block, block; did you "
        "mean 'allow'?\n"
        "f:4:33: the id 'alice' is used twice; allowed: once\n"
        "f:5:3: there is no segment 'aire:bob'; allowed: air, ran, iu, gn, gi, mw, mw2, isc, cx, inet, pcscf; did you "
        "mean "
        "'air'?\n"
        "f:5:3: there is no ue 'bob'; allowed: alice\n"
        "f:5:20: 'A99' is not a value of attribute 'position'; allowed: A1, A2, A3, A4, A5, A6, A7, A8; did you mean "
        "'A1'?\n"
        "f:7:9: '1x' is not a value of attribute 'time'; allowed: " A_TIME "\n"
        "f:7:20: at has no element 'registr'; did you mean 'register'?\n"
        "f:8:20: there is no ue 'bib'; allowed: alice\n"
        "f:10:22: there is no property 'replayy'; did you mean 'replay'?\n"
        "f:10:35: 'hold' is not a value of attribute 'is'; allowed: holds, violated, not-available, depends, "
        "inconclusive; did you mean 'holds'?\n");
}

static void test_ten_kinds_of_mistakes(void)
{
    assert_scenario_says(
        HEAD "<ue id=\"alice\" legg=\"rel6\"/>\n"                                     /* title missing; attribute */
             "<ue/>\n"                                                                /* attribute missing */
             "<until time=\"1s\"/>\n"                                                 /* too early in time and place */
             "<attacker id=\"m\" position=\"A1\" at=\"air:bob\"><drop/></attacker>\n" /* impossible */
             "<timeline>stray\n"                                                      /* text */
             "<at time=\"3s\"><register ue=\"bob\"/></at>\n"
             "<at time=\"2s\"><register ue=\"alcie\"/></at>\n" /* order of time; reference */
             "</timeline>\n"
             "<timeline/>\n"                                  /* twice */
             "<expect><count at=\"ps\" is=\"1\"/></expect>\n" /* combination of attributes */
             "</scenario>\n",
        "f:1:1: scenario lacks its element 'title'; allowed: exactly one\n"
        "f:2:16: ue has no attribute 'legg'; allowed: id, leg, rules, forges, hostile, registration; did you mean "
        "'leg'?\n"
        "f:3:1: ue lacks its attribute 'id'; allowed: " A_NAME "\n"
        "f:4:1: until stands in the wrong place in scenario; allowed: in the order " PARTS "\n"
        "f:4:8: until lies before the last step of the timeline; allowed: later\n"
        "f:5:45: position A1 only listens; allowed for moves: A4 to A8\n"
        "f:6:1: timeline holds text; allowed: elements only\n"
        "f:8:5: this time lies before the one above; allowed: times in order\n"
        "f:8:15: there is no ue 'alcie'; allowed: alice; did you mean 'alice'?\n"
        "f:10:1: timeline stands in scenario more than once; allowed: once\n"
        "f:11:9: count counts nothing; allowed: one of the attributes 'of', 'sent', 'dropped', 'decided'\n");
}

static void test_misspelt_elements_at_every_depth(void)
{
    assert_scenario_says(
        "<scenaro xmlns=\"urn:presec:scenario:1\" idd=\"t\" optin=\"gap\">\n" TITLE
        "<UE id=\"alice\"><opton><sett field=\"acess\" value=\"cleer\"/></opton></UE>\n"
        "<atacker id=\"m\" position=\"A5\" at=\"air:alice\"><edt><replac text=\"a\" wiht=\"b\"/></edt></atacker>\n"
        "<timline><att time=\"0s\"><registr eu=\"alice\"/></att></timline>\n"
        "<expct><properti id=\"replay\" si=\"hold\"/></expct>\n"
        "</scenaro>\n",
        "f:1:1: a file cannot begin with the element 'scenaro'; allowed: scenario, cast, attack, option, lesson; did "
        "you "
        "mean 'scenario'?\n"
        "f:1:40: scenario has no attribute 'idd'; allowed: id, option; did you mean 'id'?\n"
        "f:1:48: scenario has no attribute 'optin'; allowed: id, option; did you mean 'option'?\n"
        "f:3:1: scenario has no element 'UE'; allowed: " PARTS "; did you mean 'ue'?\n"
        "f:3:16: ue has no element 'opton'; allowed: option, rules; did you mean 'option'?\n"
        "f:3:23: option has no element 'sett'; allowed: title, about, source, set, open, note; did you mean 'set'?\n"
        "f:3:29: an option has no field 'acess'; did you mean 'access'?\n"
        "f:3:43: 'cleer' is not a value of access; allowed: clear, umts-uea1, umts-uea0, gprs-gea0, gprs-gea1, "
        "gprs-gea2, gprs-gea3, wlan-open, wlan-wep; did you mean 'clear'?\n"
        "f:4:1: scenario has no element 'atacker'; allowed: " PARTS "; did you mean 'attacker'?\n"
        "f:4:46: attacker has no element 'edt'; did you mean 'edit'?\n"
        "f:4:51: edit has no element 'replac'; did you mean 'replace'?\n"
        "f:4:68: replace has no attribute 'wiht'; allowed: text, with; did you mean 'with'?\n"
        "f:5:1: scenario has no element 'timline'; allowed: " PARTS "; did you mean 'timeline'?\n"
        "f:5:10: timeline has no element 'att'; allowed: at; did you mean 'at'?\n"
        "f:5:25: at has no element 'registr'; did you mean 'register'?\n"
        "f:5:34: register has no attribute 'eu'; allowed: ue; did you mean 'ue'?\n"
        "f:6:1: scenario has no element 'expct'; allowed: " PARTS "; did you mean 'expect'?\n"
        "f:6:8: expect has no element 'properti'; allowed: property, outcome, count, reads, reads-not, moves, "
        "registered, displays, protection; did you mean 'property'?\n"
        "f:6:30: property has no attribute 'si'; allowed: id, is; did you mean 'is'?\n"
        "f:6:30: 'hold' is not a value of attribute 'is'; allowed: holds, violated, not-available, depends, "
        "inconclusive; did you mean 'holds'?\n");
}

/* ---- elements that have no place where they stand ---- */

static void test_unknown_element_without_a_near_name(void)
{
    /* What it holds is looked at, and who was to be declared in it is not missed. */
    assert_scenario_says(HEAD TITLE "<participants>\n<ue id=\"alice\" rules=\"alow\"/>\n<xyzzy id=\"carol\"/>\n"
                                    "</participants>\n<timeline><at time=\"0s\"><register ue=\"alice\"/>\n"
                                    "<register ue=\"carol\"/><register ue=\"bob\"/></at></timeline></scenario>",
                         "f:3:1: scenario has no element 'participants'; allowed: " PARTS "\n"
                         "f:4:16: 'alow' is not a value of attribute 'rules'; allowed: allow, confirm, polite-block, "
                         "block; did you mean 'allow'?\n"
                         "f:8:23: there is no ue 'bob'; allowed: alice\n");
}

static void test_element_of_another_place_is_told_where_it_belongs(void)
{
    assert_scenario_says(HEAD TITLE "<ue id=\"a\"/>\n<timeline>\n<at time=\"0s\"/>\n<register ue=\"alice\"/>\n"
                                    "<until time=\"5x\"/>\n</timeline>\n<until time=\"60s\"/>\n</scenario>",
                         "f:6:1: timeline has no element 'register', which stands in at; allowed: at\n"
                         "f:6:1: there is no ue 'alice'; allowed: a\n"
                         "f:7:1: timeline has no element 'until', which stands in scenario, cast, attack; allowed: "
                         "at\n"
                         "f:7:8: '5x' is not a value of attribute 'time'; allowed: " A_TIME "\n");
}

static void test_one_element_out_of_place_is_one_message(void)
{
    assert_scenario_says(HEAD "<expect><property id=\"replay\" is=\"holds\"/></expect>\n" TITLE
                              "<ue id=\"a\"/>\n<timeline/>\n</scenario>",
                         "f:2:1: expect stands in the wrong place in scenario; allowed: in the order " PARTS "\n");
    assert_scenario_says(HEAD TITLE "<ue id=\"a\"/>\n<timeline/>\n<ue id=\"b\"/>\n"
                                    "<expect><registered ue=\"b\" is=\"maybe\"/></expect></scenario>",
                         "f:5:1: ue stands in the wrong place in scenario; allowed: in the order " PARTS "\n"
                         "f:6:28: 'maybe' is not a value of attribute 'is'; allowed: yes, no\n");
}

static void test_what_stands_twice_is_checked_too(void)
{
    assert_scenario_says(HEAD TITLE "<ue id=\"alice\"/>\n<timeline/>\n"
                                    "<timeline><at time=\"1x\"><register ue=\"alic\"/></at></timeline></scenario>",
                         "f:5:1: timeline stands in scenario more than once; allowed: once\n"
                         "f:5:15: '1x' is not a value of attribute 'time'; allowed: " A_TIME "\n"
                         "f:5:25: there is no ue 'alic'; allowed: alice; did you mean 'alice'?\n");
}

static void test_wrong_namespace_is_said_once(void)
{
    assert_scenario_says("<scenario id=\"t\" option=\"gap\">\n" TITLE "<ue id=\"a\" rules=\"alow\"/></scenario>",
                         "f:1:1: scenario is not in the namespace of presec; allowed: "
                         "xmlns=\"urn:presec:scenario:1\"\n"
                         "f:3:12: 'alow' is not a value of attribute 'rules'; allowed: allow, confirm, polite-block, "
                         "block; did you mean 'allow'?\n");
    assert_scenario_says(HEAD TITLE "<timeline xmlns=\"urn:x\"><at time=\"0s\"><attach ue=\"b\"/></at></timeline>"
                                    "</scenario>",
                         "f:3:11: timeline is not in the namespace of presec; allowed: "
                         "xmlns=\"urn:presec:scenario:1\"\n"
                         "f:3:39: there is no ue 'b'; the file has no ue\n");
}

/* ---- no echo ---- */

static void test_refused_values_have_no_echo(void)
{
    assert_scenario_says(
        HEAD TITLE "<population id=\"p\" count=\"many\" rate=\"fast\" watches=\"3\"/>\n"
                   "<attacker id=\"m\" position=\"A99\" at=\"air:?\"><cell technology=\"umtss\" wep=\"yes\"/>"
                   "<flip offset=\"x\" xor=\"0xzz\"/></attacker>\n"
                   "<until time=\"soon\"/>\n"
                   "<expect><count at=\"ps\" of=\"x\" is=\"one\"/></expect></scenario>",
        "f:3:20: 'many' is not a value of attribute 'count'; allowed: a whole number from 0 to 999999999\n"
        "f:3:33: 'fast' is not a value of attribute 'rate'; allowed: a number as 44 or 0.5\n"
        "f:4:18: 'A99' is not a value of attribute 'position'; allowed: A1, A2, A3, A4, A5, A6, A7, A8; did you mean "
        "'A1'?\n"
        "f:4:33: 'air:?' is not a value of attribute 'at'; allowed: segments with their participant, as 'air:bob "
        "air:alice', or without, as 'mw'; 'pcscf:bob' is the inside of a P-CSCF\n"
        "f:4:50: 'umtss' is not a value of attribute 'technology'; allowed: umts, gprs, wlan; did you mean 'umts'?\n"
        "f:4:86: 'x' is not a value of attribute 'offset'; allowed: a whole number of octets, negative from the end\n"
        "f:4:97: '0xzz' is not a value of attribute 'xor'; allowed: an octet as 0x01 to 0xff\n"
        "f:5:8: 'soon' is not a value of attribute 'time'; allowed: " A_TIME "\n"
        "f:6:31: 'one' is not a value of attribute 'is'; allowed: a whole number from 0 to 999999999\n");
}

static void test_a_participant_without_id_is_not_missed_again(void)
{
    assert_scenario_says(HEAD TITLE
                         "<ue name=\"bob\"/>\n<attacker position=\"A5\" at=\"air:bob\"/>\n"
                         "<timeline><at time=\"0s\"><register ue=\"bob\"/><drop by=\"eve\"/></at></timeline>\n"
                         "<expect><registered ue=\"bob\" is=\"yes\"/><moves by=\"eve\" is=\"1\"/></expect></scenario>",
                         "f:3:1: ue lacks its attribute 'id'; allowed: " A_NAME "\n"
                         "f:3:5: ue has no attribute 'name'; allowed: id, leg, rules, forges, hostile, registration\n"
                         "f:4:1: attacker lacks its attribute 'id'; allowed: " A_NAME "\n");
}

static void test_moves_of_an_unknown_attacker_are_checked(void)
{
    assert_scenario_says(
        HEAD TITLE "<ue id=\"a\"/><attacker id=\"mallory\" position=\"A5\" at=\"air:a\"/>\n<timeline><at time=\"0s\">\n"
                   "<inject by=\"malory\" to-port=\"70000\"/>\n<delay by=\"zz\" for=\"9999999h\"/>\n<drop/>\n"
                   "</at></timeline></scenario>",
        "f:5:1: inject is empty; allowed: a SIP message\n"
        "f:5:9: there is no attacker 'malory'; allowed: mallory; did you mean 'mallory'?\n"
        "f:5:21: to-port is 70000; allowed: at most 65535\n"
        "f:6:8: there is no attacker 'zz'; allowed: mallory\n"
        "f:6:16: '9999999h' is too long; allowed: at most 10000h\n"
        "f:7:1: drop lacks its attribute 'by'; allowed: mallory\n");
}

static void test_unknown_segment_of_a_link(void)
{
    assert_scenario_says(
        HEAD TITLE "<network><link segment=\"mww\" loss-ppm=\"1\"/></network></scenario>",
        "f:3:16: there is no segment 'mww'; allowed: air, ran, iu, gn, gi, mw, mw2, isc, cx, inet; did you "
        "mean 'mw'?\n");
}

/* ---- options ---- */

#define SOME_SETTINGS                                                                                                  \
    "<set field=\"pcscf-encrypt\" value=\"yess\"/>\n"                                                                  \
    "<set field=\"pcscf-requires-encryption\" value=\"yes\"/>\n"                                                       \
    "<set field=\"access\" value=\"gsm\"/>\n"                                                                          \
    "<set field=\"dual-mode\" value=\"yes\"/>\n"                                                                       \
    "<open field=\"guard\" values=\"none encrypt quic\"/>\n"                                                           \
    "<set field=\"dual-mode\" value=\"no\"/>\n"                                                                        \
    "<sets field=\"network-guard\" value=\"no\"/>\n"

#define ACCESSES "clear, umts-uea1, umts-uea0, gprs-gea0, gprs-gea1, gprs-gea2, gprs-gea3, wlan-open, wlan-wep"

/* The settings contradict each other only as long as they are misspelt. */
#define SAID_OF_THEM                                                                                                   \
    "f:3:6: an option has no field 'pcscf-encrypt'; did you mean 'pcscf-encrypts'?\n"                                  \
    "f:3:28: 'yess' is not a value of pcscf-encrypts; allowed: no, yes; did you mean 'yes'?\n"                         \
    "f:5:21: 'gsm' is not a value of access; allowed: " ACCESSES "\n"                                                  \
    "f:7:21: 'encrypt' is not a value of guard; allowed: none, encrypted, access-type, cipher-state; did you mean "    \
    "'encrypted'?\n"                                                                                                   \
    "f:7:21: 'quic' is not a value of guard; allowed: none, encrypted, access-type, cipher-state\n"                    \
    "f:8:6: the field 'dual-mode' is given twice; allowed: once\n"                                                     \
    "f:9:1: option has no element 'sets'; allowed: title, about, source, set, open, note; did you mean 'set'?\n"

static void test_mistakes_in_an_inline_option(void)
{
    assert_scenario_says(
        "<scenario xmlns=\"urn:presec:scenario:1\" id=\"t\"><title>t</title>\n<opption>\n" SOME_SETTINGS
        "</opption>\n<ue id=\"a\" leg=\"rel66\"/></scenario>",
        "f:2:1: scenario has no element 'opption'; allowed: " PARTS "; did you mean 'option'?\n" SAID_OF_THEM
        "f:11:12: there is no option 'rel66'; did you mean 'rel6'?\n");
}

static void test_mistakes_in_an_option_file(void)
{
    assert_option_says("<option xmlns=\"urn:presec:scenario:1\" id=\"my option\">\n<titel>t</titel>\n" SOME_SETTINGS
                       "<about>late</about>\n</option>",
                       "f:1:39: 'my option' is not a value of attribute 'id'; allowed: " A_NAME "\n"
                       "f:2:1: option has no element 'titel'; allowed: title, about, source, set, open, note; did you "
                       "mean 'title'?\n" SAID_OF_THEM
                       "f:10:1: about stands in the wrong place in option; allowed: in the order title, about, source, "
                       "set, open, note\n");
}

/* ---- XML itself ---- */

static void test_mistakes_in_the_xml_have_no_echo(void)
{
    assert_scenario_says(HEAD TITLE "<ue id=\"a\">\n</scenario>",
                         "f:4:12: this is not well-formed XML: </scenario> comes before the end of ue, which began in "
                         "line 3; allowed: </ue> first\n");
    assert_scenario_says(HEAD TITLE "<ue id=a/>\n</scenario>",
                         "f:3:8: this is not well-formed XML: the value of an attribute has no quotation marks; "
                         "allowed: name=\"value\"\n");
    assert_scenario_says(HEAD TITLE "<timeline>\n", "f:4:1: this is not well-formed XML: the file ends inside "
                                                    "timeline, which began in line 3; allowed: </timeline>\n");
}

static void test_harmless_mistakes_in_the_xml_hide_nothing(void)
{
    assert_scenario_says(HEAD TITLE "<claim>a & b</claim>\n<ue id=\"a\" id=\"b\" rules=\"alow\"/></scenario>",
                         "f:3:11: this is not well-formed XML: '&' stands alone; allowed: &amp; for the character "
                         "itself\n"
                         "f:4:19: 'alow' is not a value of attribute 'rules'; allowed: allow, confirm, polite-block, "
                         "block; did you mean 'allow'?\n"
                         "f:4:31: this is not well-formed XML: the attribute 'id' is given twice; allowed: once\n");
}

static void test_a_full_list_says_so(void)
{
    g_autoptr(GString) many = g_string_new(HEAD TITLE);
    for (unsigned i = 0; i < 1500; i++)
        g_string_append(many, "<xyzzy/>\n");
    g_string_append(many, "</scenario>");
    g_autoptr(Diagnostics) diagnostics = diagnostics_new();
    g_autoptr(Scenario) scenario = scenario_parse("f", many->str, many->len, diagnostics);
    g_autofree char *said = diagnostics_text(diagnostics);
    g_assert_null(scenario);
    g_assert_true(diagnostics_full(diagnostics));
    g_assert_true(g_str_has_suffix(said, "\nthese are the first 1000 mistakes; there may be more\n"));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/scenarios/mistakes/misspelt-title-hides-nothing", test_misspelt_title_hides_nothing);
    g_test_add_func("/scenarios/mistakes/ten-kinds", test_ten_kinds_of_mistakes);
    g_test_add_func("/scenarios/mistakes/misspelt-at-every-depth", test_misspelt_elements_at_every_depth);
    g_test_add_func("/scenarios/mistakes/unknown-element", test_unknown_element_without_a_near_name);
    g_test_add_func("/scenarios/mistakes/element-of-another-place",
                    test_element_of_another_place_is_told_where_it_belongs);
    g_test_add_func("/scenarios/mistakes/out-of-place-is-one", test_one_element_out_of_place_is_one_message);
    g_test_add_func("/scenarios/mistakes/twice-is-checked-too", test_what_stands_twice_is_checked_too);
    g_test_add_func("/scenarios/mistakes/namespace-once", test_wrong_namespace_is_said_once);
    g_test_add_func("/scenarios/mistakes/values-have-no-echo", test_refused_values_have_no_echo);
    g_test_add_func("/scenarios/mistakes/no-id-no-echo", test_a_participant_without_id_is_not_missed_again);
    g_test_add_func("/scenarios/mistakes/unknown-attacker", test_moves_of_an_unknown_attacker_are_checked);
    g_test_add_func("/scenarios/mistakes/link-segment", test_unknown_segment_of_a_link);
    g_test_add_func("/scenarios/mistakes/inline-option", test_mistakes_in_an_inline_option);
    g_test_add_func("/scenarios/mistakes/option-file", test_mistakes_in_an_option_file);
    g_test_add_func("/scenarios/mistakes/xml-has-no-echo", test_mistakes_in_the_xml_have_no_echo);
    g_test_add_func("/scenarios/mistakes/harmless-xml", test_harmless_mistakes_in_the_xml_hide_nothing);
    g_test_add_func("/scenarios/mistakes/full-list", test_a_full_list_says_so);
    return g_test_run();
}
