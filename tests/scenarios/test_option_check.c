/*
 * tests/scenarios/test_option_check.c - settings that contradict each other are explained with the clause, all at once,
 * where they stand, and never repaired.
 */
#include "scenarios/option_check.h"
#include "scenarios/option_load.h"
#include "scenarios/run.h"

#include <string.h>

#define HEAD "<option xmlns=\"urn:presec:scenario:1\" id=\"t\">\n<title>t</title><about>a</about>\n"

static Option *with(const char *settings)
{
    Option *option = option_new();
    g_auto(GStrv) list = g_strsplit(settings, " ", -1);
    for (char **setting = list; *setting; setting++)
        g_assert_true(option_set_text(option, *setting, NULL));
    return option;
}

/* Every contradiction, a line each: its words, why, and what is allowed. */
static const struct {
    const char *settings, *begins, *why, *allowed;
} table[] = {
    { "uri-scheme=sips", "uri-scheme=sips with gm=ipsec: ", "RFC 3261 §26.2.2", "uri-scheme=sip" },
    { "uri-scheme=sips gm=tls", "uri-scheme=sips with gm=tls: ", "TS 33.210", "uri-scheme=sip" },
    { "transport=udp gm=tls", "transport=udp with gm=tls: TLS cannot be used with UDP", "S3 §2", "gm=ipsec" },
    { "transport=udp gm=tls-negotiated", "transport=udp with gm=tls-negotiated: ", "RFC 2246 §1", "transport=any" },
    { "gm=tls ue-release=5", "gm=tls with ue-release=5: ", "S3 §2", "ue-release=6" },
    { "e2e=smime-tunnel ue-release=5", "e2e=smime-tunnel with ue-release=5: ", "S3 §2, option 3", "e2e=none" },
    { "gm=tls tls-suite=null tls-version=1.3", "tls-suite=null with tls-version=1.3: ", "RFC 8446", "1.2" },
    { "e2e=smime certificates=missing",
      "missing-certificate=refuse with certificates=missing and e2e=smime: strict S/MIME sends nothing",
      "subscriber certificates", "missing-certificate=clear" },
    { "e2e=smime-tunnel certificates=missing", "missing-certificate=refuse with ", "S3 §2", "certificates=both" },
    { "e2e=smime smime-names=unchecked signature=no", "smime-names=unchecked with signature=no: ", "RFC 3261 §23.3",
      "signature=yes" },
    { "aka=akav2", "aka=akav2 with gm=ipsec: ", "RFC 4169", "gm=tls" },
    { "tls-authentication=client-cert", "tls-authentication=client-cert with gm=ipsec: ", "TS 33.203 §7.1", "gm=tls" },
    { "tls-check=nothing", "tls-check=nothing with gm=ipsec: ", "TS 33.203 §7.1", "gm=tls" },
    { "tls-version=1.2", "tls-version=1.2 with gm=ipsec: ", "TS 33.203 §7.1", "gm=tls" },
    { "tls-suite=null", "tls-suite=null with gm=ipsec: ", "TS 33.203 §7.1", "gm=tls" },
    { "certificate-binding=no gm=tls", "certificate-binding=no with tls-authentication=server and gm=tls: ",
      "RFC 2246 §7.4.6", "tls-authentication=client-cert" },
    { "rel5-tls-mode=strict", "rel5-tls-mode=strict with gm=ipsec: ", "TS 24.229", "gm=tls" },
    { "fallback=yes", "fallback=yes with gm=ipsec: ", "S3 §2", "gm=tls" },
    { "akav2-outside=yes", "akav2-outside=yes with gm=ipsec: ", "RFC 4169", "gm=tls" },
    { "subscriber-keys=rsa", "subscriber-keys=rsa with e2e=none and gm=ipsec: ", "S3 §2", "e2e=smime" },
    { "signature=no", "signature=no with e2e=none: ", "S3 §2", "e2e=smime" },
    { "certificates=missing", "certificates=missing with e2e=none: ", "S3 §2", "e2e=smime" },
    { "missing-certificate=clear", "missing-certificate=clear with e2e=none: ", "S3 §2", "e2e=smime" },
    { "certificate-source=cached", "certificate-source=cached with e2e=none: ", "S3 §2", "e2e=smime" },
    { "freshness=no", "freshness=no with e2e=none: ", "S3 §2", "e2e=smime" },
    { "smime-names=unchecked", "smime-names=unchecked with e2e=none: ", "S3 §2", "e2e=smime" },
    { "smime-is-confidential=yes", "smime-is-confidential=yes with e2e=none: ", "S3 §2", "e2e=smime" },
    { "password=dictionary", "password=dictionary with watcher-authentication=none: ", "S0 §8.1.4",
      "watcher-authentication=digest" },
    { "guard=encrypted ue-release=5", "guard=encrypted with ue-release=5: ", "S4 §8.1.2.2", "ue-release=6" },
    { "missing-encryption=refuse ue-release=5", "missing-encryption=refuse with ue-release=5: ", "S4 §8.1.2.2",
      "ue-release=6" },
    { "missing-encryption=refuse gm=tls", "missing-encryption=refuse with gm=tls and fallback=no: ", "RFC 3329",
      "fallback=yes" },
    { "forwards-indication=yes", "forwards-indication=yes with scscf-release=5: ", "S4 §8.1.2.2", "scscf-release=6" },
    { "network-guard=yes", "network-guard=yes with scscf-release=5: ", "S4 §8.1.2.2", "scscf-release=6" },
    { "checks-indication-source=yes", "checks-indication-source=yes with scscf-release=5: ", "S4 §8.1.2.2",
      "scscf-release=6" },
    { "pcscf-requires-encryption=yes", "pcscf-requires-encryption=yes with pcscf-encrypts=no: ", "TS 33.203 §7.2",
      "pcscf-encrypts=yes" },
    { "dual-mode=yes access=wlan-open", "dual-mode=yes with access=wlan-open: ", "TS 33.102 §6.8", "umts-uea1" },
    { "messages-too=yes", "messages-too=yes with network-guard=no: ", "S3 §2", "network-guard=yes" },
};

static void test_each_contradiction_is_explained(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autoptr(Option) option = with(table[i].settings);
        g_autofree char *before = option_print(option, true);
        g_autoptr(GPtrArray) conflicts = option_conflicts(option);
        g_test_message("%s", table[i].settings);
        g_assert_cmpuint(conflicts->len, ==, 1);
        const char *text = ((const OptionConflict *)conflicts->pdata[0])->text;
        const char *allowed = strstr(text, "; allowed: ");
        g_assert_true(g_str_has_prefix(text, table[i].begins));
        g_assert_nonnull(strstr(text, table[i].why));
        g_assert_nonnull(allowed);
        g_assert_nonnull(strstr(allowed, table[i].allowed));
        g_autofree char *after = option_print(option, true);
        g_assert_cmpstr(before, ==, after); /* nothing is repaired */
    }
}

static void test_what_makes_sense_is_left_alone(void)
{
    static const char *const good[] = {
        "gm=tls aka=akav2",
        "gm=tls tls-authentication=client-cert certificate-binding=no subscriber-keys=rsa",
        "gm=tls tls-version=1.3",
        "gm=tls-negotiated fallback=yes missing-encryption=refuse",
        "e2e=smime certificates=missing missing-certificate=clear",
        "e2e=smime-tunnel signature=no freshness=no",
        "e2e=smime transport=udp",
        "credential=usim-reuse res-bits=32 hss-sqn=single",
        "watcher-authentication=digest password=dictionary",
        "document=rich",
    };
    for (size_t i = 0; i < G_N_ELEMENTS(good); i++) {
        g_autoptr(Option) option = with(good[i]);
        g_autoptr(GError) error = NULL;
        g_assert_true(option_check(option, &error));
        g_assert_no_error(error);
    }
}

static void test_shipped_options_contradict_nothing(void)
{
    g_auto(GStrv) ids = option_ids();
    for (char **id = ids; *id; id++) {
        g_autoptr(Diagnostics) diagnostics = diagnostics_new();
        g_autoptr(Option) option = option_load(*id, diagnostics);
        g_assert_nonnull(option);
        g_assert_true(option_check(option, NULL));
    }
}

/* ---- in files ---- */

static void assert_says(const char *text, const char *said)
{
    g_autoptr(Diagnostics) diagnostics = diagnostics_new();
    g_autoptr(Option) option = option_parse("f", text, strlen(text), diagnostics);
    g_autofree char *got = diagnostics_text(diagnostics);
    g_assert_null(option);
    g_assert_cmpstr(got, ==, said);
}

static void test_all_of_a_file_at_once_each_in_its_place(void)
{
    assert_says(
        HEAD "<set field=\"uri-scheme\" value=\"sips\"/>\n"
             "<set field=\"transport\" value=\"udp\"/>\n"
             "  <set field=\"aka\" value=\"akav2\"/>\n"
             "<set field=\"e2e\" value=\"smime\"/>\n"
             "<set field=\"certificates\" value=\"missing\"/>\n"
             "</option>\n",
        "f:3:1: uri-scheme=sips with gm=ipsec: SIPS wants TLS on every hop (RFC 3261 §26.2.2, S4 §8.1.4), and "
        "the first hop has IPsec (TS 33.203 §7.1); allowed: uri-scheme=sip\n"
        "f:5:3: aka=akav2 with gm=ipsec: AKAv2 is for an answer that goes through TLS (RFC 4169 §1); over IPsec "
        "the challenge is AKAv1 (TS 33.203 §6.1.1); allowed: with gm=tls or gm=tls-negotiated\n"
        "f:7:1: missing-certificate=refuse with certificates=missing and e2e=smime: strict S/MIME sends nothing "
        "without the other's certificate, and here nobody has one, so presence is never used (S3 §2, option 3: "
        "subscriber certificates; RFC 3261 §23.2); allowed: certificates=both, missing-certificate=clear, or one "
        "of the two left open\n");
}

static void test_tls_over_udp_in_a_file(void)
{
    assert_says(
        HEAD "<set field=\"gm\" value=\"tls\"/>\n<set field=\"transport\" value=\"udp\"/>\n</option>\n",
        "f:4:1: transport=udp with gm=tls: TLS cannot be used with UDP (S3 §2, option 4; RFC 2246 §1: it needs a "
        "reliable transport); allowed: transport=any, or gm=ipsec\n");
}

/* What cannot be told is a mistake of its own; whether it contradicts anything cannot be said. */
static void test_a_mistake_is_no_contradiction(void)
{
    assert_says(HEAD "<set field=\"gm\" value=\"quic\"/>\n<set field=\"aka\" value=\"akav2\"/>\n</option>\n",
                "f:3:17: 'quic' is not a value of gm; allowed: ipsec, tls, tls-negotiated\n");
}

/* ---- open fields ---- */

static Option *parse(const char *text)
{
    g_autoptr(Diagnostics) diagnostics = diagnostics_new();
    Option *option = option_parse("f", text, strlen(text), diagnostics);
    g_autofree char *said = diagnostics_text(diagnostics);
    g_assert_cmpstr(said, ==, "");
    return option;
}

static void test_an_open_field_counts_with_each_value(void)
{
    g_autoptr(Option) fine = parse(HEAD "<set field=\"aka\" value=\"akav2\"/>\n"
                                        "<open field=\"gm\" values=\"ipsec tls\"/>\n</option>\n");
    g_assert_true(option_check(fine, NULL)); /* in one branch it has an effect */
    g_autoptr(Option) open = parse(HEAD "<set field=\"e2e\" value=\"smime\"/>\n"
                                        "<open field=\"certificates\" values=\"both missing\"/>\n</option>\n");
    g_assert_true(option_check(open, NULL)); /* that nothing works then is what the branch shows */
    assert_says(
        HEAD "<set field=\"transport\" value=\"udp\"/>\n"
             "<open field=\"gm\" values=\"ipsec tls\"/>\n</option>\n",
        "f:3:1: transport=udp with gm open (ipsec, tls): TLS cannot be used with UDP (S3 §2, option 4; RFC 2246 "
        "§1: it needs a reliable transport); allowed: transport=any, or gm=ipsec\n");
    assert_says(
        HEAD "<open field=\"fallback\" values=\"no yes\"/>\n</option>\n",
        "f:3:1: fallback open (no, yes) with gm=ipsec: the UE falls back from TLS to IPsec (S3 §2, option 4), and "
        "has IPsec already; allowed: with gm=tls or gm=tls-negotiated\n");
}

/* ---- settings of a run ---- */

static void test_settings_that_contradict_the_option(void)
{
    static const char *const sets[] = { "gm=ipsec", "tls-version=1.1", NULL };
    g_autoptr(Diagnostics) diagnostics = diagnostics_new();
    g_autoptr(Option) option = option_load("tls-akav2", diagnostics);
    g_autoptr(Scenario) scenario = scenario_load("standard", diagnostics);
    RunConfig config = { .option = option, .sets = sets, .seed = 1 };
    g_autoptr(GError) error = NULL;
    g_assert_null(run_scenario(scenario, &config, &error));
    g_assert_error(error, OPTION_ERROR, OPTION_ERROR_CONTRADICTION);
    g_assert_nonnull(strstr(error->message, "aka=akav2 with gm=ipsec"));
    g_assert_nonnull(strstr(error->message, "\ntls-version=1.1 with gm=ipsec"));
    g_assert_nonnull(strstr(error->message, "\nfallback open (no, yes) with gm=ipsec"));
}

#define ADD(name, function) g_test_add_func("/scenarios/option-check/" name, function)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("each-contradiction-is-explained", test_each_contradiction_is_explained);
    ADD("what-makes-sense-is-left-alone", test_what_makes_sense_is_left_alone);
    ADD("shipped-options-contradict-nothing", test_shipped_options_contradict_nothing);
    ADD("all-of-a-file-at-once-each-in-its-place", test_all_of_a_file_at_once_each_in_its_place);
    ADD("tls-over-udp-in-a-file", test_tls_over_udp_in_a_file);
    ADD("a-mistake-is-no-contradiction", test_a_mistake_is_no_contradiction);
    ADD("an-open-field-counts-with-each-value", test_an_open_field_counts_with_each_value);
    ADD("settings-that-contradict-the-option", test_settings_that_contradict_the_option);
    return g_test_run();
}
