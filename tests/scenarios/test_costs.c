/*
 * tests/scenarios/test_costs.c - costs come from runs, in the order that the answers have in the documents.
 *
 * Source:  S3 §2; TS 33.203 §7.2 (four messages, two round trips); RFC 2246 §7.3 and RFC 793 §3.4 (two and one more for
 *          a TLS connection).
 */
#include "scenarios/costs.h"
#include "scenarios/compare.h"

#include <string.h>

static Option *load(const char *id)
{
    g_autoptr(Diagnostics) diagnostics = diagnostics_new();
    Option *option = option_load(id, diagnostics);
    g_assert_nonnull(option);
    return option;
}

/* All that the tests look at, compared once. */
static const char *const compared[] = { "rel5", "rel6", "gap", "block-ue", "mandate", "tls-akav1", "tls-client-cert",
                                        "smime" };
static Comparison *comparison;

static void compare_all(GPtrArray *options)
{
    for (size_t i = 0; i < G_N_ELEMENTS(compared); i++)
        g_ptr_array_add(options, load(compared[i]));
    CompareConfig config = { .options = (Option *const *)options->pdata,
                             .n_options = options->len,
                             .seed = 1,
                             .jobs = 2,
                             .costs_in_full = true };
    config.properties[PROPERTY_PUBLISH_BODY_AIR] = true;
    comparison = compare_options(&config, NULL);
}

static Costs costs_of(const char *id)
{
    for (guint i = 0; i < comparison->rows->len; i++) {
        const CompareRow *row = comparison->rows->pdata[i];
        g_assert_true(row->has_costs);
        if (strcmp(row->option->id, id) == 0)
            return row->costs;
    }
    g_assert_not_reached();
}

static void test_registration_is_four_messages(void)
{
    Costs gap = costs_of("gap"), rel5 = costs_of("rel5"), rel6 = costs_of("rel6");
    const CostAir *air = &gap.air[COST_REGISTRATION];
    g_assert_cmpuint(air->times, ==, 1);
    g_assert_cmpuint(air->messages, ==, 4);
    g_assert_cmpuint(air->packets, ==, 4);
    g_assert_cmpuint(gap.registration_round_trips, ==, 2);
    g_assert_cmpuint(gap.vectors, ==, 1);
    /* SM1 offers what nobody takes; then SM6 lists it, and SM7 echoes it. */
    g_assert_cmpuint(rel5.air[COST_REGISTRATION].octets, <, air->octets);
    g_assert_cmpuint(rel6.air[COST_REGISTRATION].octets, >, air->octets);
    g_assert_cmpuint(gap.air[COST_NOTIFY].messages, ==, 2);
    g_assert_cmpuint(gap.air[COST_NOTIFY].octets, <, rel6.air[COST_NOTIFY].octets);
}

static void test_ciphers_cost_what_goes_through_them(void)
{
    Costs gap = costs_of("gap"), mandate = costs_of("mandate");
    g_assert_cmpuint(gap.work[COST_UE].enciphered, ==, 0);
    g_assert_cmpuint(gap.work[COST_UE].authenticated, ==, gap.work[COST_PCSCF].authenticated);
    g_assert_cmpuint(mandate.work[COST_PCSCF].enciphered, >, 30000);
    g_assert_cmpuint(mandate.work[COST_PCSCF].enciphered, <, mandate.work[COST_PCSCF].authenticated);
    g_assert_cmpuint(mandate.work[COST_PCSCF].private_operations, ==, 0);
    g_assert_cmpuint(gap.work[COST_GATEWAYS].enciphered, >, 0);
}

static void test_tls_opens_a_connection_first(void)
{
    Costs gap = costs_of("gap"), tls = costs_of("tls-akav1"), mutual = costs_of("tls-client-cert");
    g_assert_cmpuint(tls.registration_round_trips, ==, 5);
    g_assert_cmpuint(tls.air[COST_REGISTRATION].octets, >, gap.air[COST_REGISTRATION].octets + 1000);
    g_assert_cmpuint(tls.air[COST_REREGISTRATION].octets, <, gap.air[COST_REREGISTRATION].octets);
    g_assert_cmpuint(mutual.air[COST_REGISTRATION].octets, >, tls.air[COST_REGISTRATION].octets);
    g_assert_cmpuint(tls.work[COST_PCSCF].private_operations, ==, 2); /* two UEs, a connection each */
    g_assert_cmpuint(tls.work[COST_UE].private_operations, ==, 0);
    g_assert_cmpuint(mutual.work[COST_UE].private_operations, ==, 2);
    g_assert_cmpuint(tls.pcscf_state_octets, >, gap.pcscf_state_octets);
    g_assert_cmpuint(tls.certificates[COST_PCSCF], ==, 1);
    g_assert_cmpuint(tls.certificates[COST_UE], ==, 0);
    g_assert_cmpuint(mutual.certificates[COST_UE], ==, 2);
}

static void test_smime_costs_the_ends(void)
{
    Costs gap = costs_of("gap"), smime = costs_of("smime");
    g_assert_cmpuint(smime.air[COST_REGISTRATION].octets, ==, gap.air[COST_REGISTRATION].octets);
    g_assert_cmpuint(smime.air[COST_NOTIFY].octets, >, gap.air[COST_NOTIFY].octets + 800);
    g_assert_cmpuint(smime.work[COST_PCSCF].private_operations, ==, 0);
    g_assert_cmpuint(smime.work[COST_PCSCF].enciphered, ==, 0);
    g_assert_cmpuint(smime.work[COST_PS].private_operations, >, 0);
    g_assert_cmpuint(smime.work[COST_UE].private_operations, >, 0);
    g_assert_cmpuint(smime.certificates[COST_PS], ==, 1);
    /* What is enciphered, and a signature, cannot be compressed. */
    g_assert_cmpuint(gap.notify_deflated_octets, ==, gap.notify_deflated_bare_octets);
    g_assert_cmpuint(gap.notify_deflated_octets * 4, <, gap.notify_message_octets);
    g_assert_cmpuint(smime.notify_deflated_bare_octets * 4, <, smime.notify_deflated_octets);
}

static void test_time_is_the_access_networks(void)
{
    Costs gap = costs_of("gap"), tls = costs_of("tls-akav1"), block = costs_of("block-ue");
    const CostTimes *on = gap.on;
    g_assert_cmpfloat(on[COST_WLAN].registration, >, 0);
    g_assert_cmpfloat(on[COST_WLAN].registration, <, on[COST_UMTS].registration);
    g_assert_cmpfloat(on[COST_UMTS].registration, <, on[COST_GPRS].registration);
    g_assert_cmpfloat(on[COST_UMTS].registration, ==, gap.times.registration);
    g_assert_cmpfloat(tls.on[COST_GPRS].registration, >, on[COST_GPRS].registration * 1.5);
    g_assert_cmpfloat(block.on[COST_GPRS].registration, >, 0);
    g_assert_cmpfloat(block.on[COST_GPRS].notify, <, 0); /* nothing is notified */
}

static void test_what_must_change(void)
{
    static const struct {
        const char *option;
        unsigned changes;
    } expected[] = {
        { "gap", 0 },
        { "rel5", 0 },
        { "block-ue", COST_CHANGES_UE },
        { "block-network", COST_CHANGES_SCSCF | COST_CHANGES_PS },
        { "policy-deny", COST_CHANGES_SCSCF | COST_CHANGES_PS },
        { "access-uea1", COST_CHANGES_UE },
        { "smime", COST_CHANGES_UE | COST_CHANGES_PS },
        { "tls-akav1", COST_CHANGES_UE | COST_CHANGES_PCSCF | COST_CHANGES_PCSCF_REL5 | COST_CHANGES_SCSCF },
        { "mandate", COST_CHANGES_PCSCF | COST_CHANGES_PCSCF_REL5 | COST_CHANGES_SCSCF },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(expected); i++) {
        g_autoptr(Option) option = load(expected[i].option);
        if (costs_changes(option) != expected[i].changes)
            g_error("%s: %u instead of %u", expected[i].option, costs_changes(option), expected[i].changes);
    }
}

/* A new field must say whose it is: in scenarios/costs_change.c, or here. */
static void test_every_field_is_somebodys(void)
{
    static const char *const nobodys[] = {
        "pcscf-location",       "neighbour-pcscf", "access",        "dual-mode", "discovery", "isim-fault",
        "certificates",         "za-enc",          "rel5-tls-mode", "transport", "res-bits",  "hss-sqn",
        "edge-passes-identity", "throttle",        "work",          "knowledge", NULL
    };
    for (size_t i = 0; i < option_n_fields(); i++) {
        const char *name = option_field(i).name;
        bool known = cost_field_nodes(name) != 0, none = g_strv_contains(nobodys, name);
        if (known == none)
            g_error("field '%s': add it to scenarios/costs_change.c, or say here that it is no node's", name);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_autoptr(GPtrArray) options = g_ptr_array_new_with_free_func((GDestroyNotify)option_free);
    compare_all(options);
    g_test_add_func("/scenarios/costs/registration-is-four-messages", test_registration_is_four_messages);
    g_test_add_func("/scenarios/costs/ciphers-cost-what-goes-through-them", test_ciphers_cost_what_goes_through_them);
    g_test_add_func("/scenarios/costs/tls-opens-a-connection-first", test_tls_opens_a_connection_first);
    g_test_add_func("/scenarios/costs/smime-costs-the-ends", test_smime_costs_the_ends);
    g_test_add_func("/scenarios/costs/time-is-the-access-networks", test_time_is_the_access_networks);
    g_test_add_func("/scenarios/costs/what-must-change", test_what_must_change);
    g_test_add_func("/scenarios/costs/every-field-is-somebodys", test_every_field_is_somebodys);
    int status = g_test_run();
    comparison_free(comparison);
    return status;
}
