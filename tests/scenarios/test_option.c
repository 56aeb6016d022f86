/*
 * tests/scenarios/test_option.c - options: fields, settings, branches, the shipped files.
 */
#include "scenarios/data.h"
#include "scenarios/option.h"
#include "scenarios/scenario.h"

#include <glib/gstdio.h>
#include <string.h>

static Option *load(const char *id)
{
    g_autoptr(Diagnostics) diagnostics = diagnostics_new();
    Option *option = option_load(id, diagnostics);
    g_autofree char *text = diagnostics_text(diagnostics);
    g_assert_cmpstr(text, ==, "");
    g_assert_nonnull(option);
    return option;
}

static void test_shipped_options_load(void)
{
    g_auto(GStrv) ids = option_ids();
    g_assert_cmpuint(g_strv_length(ids), >=, 22);
    for (char **id = ids; *id; id++) {
        g_autoptr(Option) option = load(*id);
        g_assert_cmpstr(option->id, ==, *id);
        g_assert_cmpstr(option->row, !=, "");
        g_assert_cmpstr(option->title, !=, "");
        g_assert_cmpstr(option->about, !=, "");
        g_assert_cmpuint(option->sources->len, >, 0);
    }
}

static void test_ids_are_in_order_of_presentation(void)
{
    g_auto(GStrv) ids = option_ids();
    g_assert_cmpstr(ids[0], ==, "rel5");
    g_assert_true(g_strv_contains((const char *const *)ids, "mandate+block-ue"));
}

static void test_every_field_prints_what_it_reads(void)
{
    for (size_t i = 0; i < option_n_fields(); i++) {
        OptionFieldInfo info = option_field(i);
        g_autoptr(Option) option = option_new();
        g_autofree char *standard = option_get(option, info.name);
        g_assert_cmpstr(standard, ==, info.standard);
        g_autoptr(GError) error = NULL;
        g_assert_true(option_set(option, info.name, standard, &error));
        g_autofree char *allowed = option_field_allowed(i);
        g_assert_cmpstr(allowed, !=, "");
    }
}

static void test_every_word_of_a_field_can_be_set(void)
{
    unsigned tried = 0;
    for (size_t i = 0; i < option_n_fields(); i++) {
        g_autofree char *allowed = option_field_allowed(i);
        if (strchr(allowed, ' ') && !strstr(allowed, ", "))
            continue; /* a number */
        if (g_str_has_prefix(allowed, "release, or"))
            continue; /* a list */
        g_auto(GStrv) words = g_strsplit(allowed, ", ", -1);
        for (char **word = words; *word; word++) {
            g_autoptr(Option) option = option_new();
            g_assert_true(option_set(option, option_field(i).name, *word, NULL));
            g_autofree char *now = option_get(option, option_field(i).name);
            g_assert_cmpstr(now, ==, *word);
            tried++;
        }
    }
    g_assert_cmpuint(tried, >, 50);
}

static void test_unknown_field_names_the_nearest(void)
{
    g_autoptr(Option) option = option_new();
    g_autoptr(GError) error = NULL;
    g_assert_false(option_set(option, "dualmode", "yes", &error));
    g_assert_error(error, OPTION_ERROR, OPTION_ERROR_FIELD);
    g_assert_nonnull(strstr(error->message, "did you mean 'dual-mode'?"));
}

static void test_wrong_value_says_what_is_allowed(void)
{
    g_autoptr(Option) option = option_new();
    g_autoptr(GError) error = NULL;
    g_assert_false(option_set(option, "access", "gprs-gea9", &error));
    g_assert_error(error, OPTION_ERROR, OPTION_ERROR_VALUE);
    g_assert_nonnull(strstr(error->message, "gprs-gea1"));
    g_autofree char *unchanged = option_get(option, "access");
    g_assert_cmpstr(unchanged, ==, "clear");
    static const char *const bad_work[] = {
        "-1", "129", "4e1", "44x", "", "0x10", "nan", "inf", "99999999999999999999"
    };
    for (size_t i = 0; i < G_N_ELEMENTS(bad_work); i++)
        g_assert_false(option_set(option, "work", bad_work[i], NULL));
    g_assert_true(option_set(option, "work", "45.5", NULL));
    g_assert_false(option_set(option, "throttle", "5.5", NULL));
}

static void test_reserved_word_is_refused_with_its_reason(void)
{
    g_autoptr(Option) option = option_new();
    g_autoptr(GError) error = NULL;
    g_assert_false(option_set(option, "gm", "tls-psk", &error));
    g_assert_nonnull(strstr(error->message, "reserved"));
    g_assert_nonnull(strstr(error->message, "ipsec"));
}

static void test_algorithm_lists(void)
{
    g_autoptr(Option) option = option_new();
    g_assert_true(option_set(option, "offer", "hmac-sha-1-96+aes-cbc,hmac-md5-96", NULL));
    UePolicy policy = option_ue_policy(option);
    g_assert_cmpuint(policy.n_offer, ==, 2);
    g_assert_cmpint(policy.offer[0].ealg, ==, ESP_AES_CBC);
    g_assert_cmpint(policy.offer[1].alg, ==, ESP_HMAC_MD5_96);
    g_assert_cmpint(policy.offer[1].ealg, ==, ESP_NULL);
    static const char *const bad[] = {
        "",
        ",",
        "hmac-sha-1-96+",
        "des-ede3-cbc",
        "hmac-sha-1-96+aes-cbc+null",
        "release,release",
        "hmac-md5-96,hmac-md5-96,hmac-md5-96,hmac-md5-96,hmac-md5-96,hmac-md5-96,hmac-md5-96"
    };
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++)
        g_assert_false(option_set(option, "offer", bad[i], NULL));
}

static void test_release_five_ue_offers_no_encryption_and_runs_no_guard(void)
{
    g_autoptr(Option) option = load("block-ue");
    g_assert_cmpint(option_ue_policy(option).guard, ==, UE_GUARD_ENCRYPTED);
    g_assert_true(option_set(option, "ue-release", "5", NULL));
    UePolicy policy = option_ue_policy(option);
    g_assert_cmpint(policy.guard, ==, UE_GUARD_NONE);
    for (unsigned i = 0; i < policy.n_offer; i++)
        g_assert_cmpint(policy.offer[i].ealg, ==, ESP_NULL);
}

static void test_trusting_p_cscf_lists_what_a_release_five_one_lists(void)
{
    g_autoptr(Option) trusts = load("rel6-trusts-access");
    g_autoptr(Option) gap = load("gap");
    PcscfPolicy a = option_pcscf_policy(trusts), b = option_pcscf_policy(gap);
    g_assert_cmpuint(a.n_list, ==, b.n_list);
    g_assert_cmpmem(a.list, sizeof a.list, b.list, sizeof b.list);
}

static void test_release_six_list_begins_with_encryption(void)
{
    g_autoptr(Option) option = load("rel6");
    PcscfPolicy policy = option_pcscf_policy(option);
    g_assert_cmpuint(policy.n_list, ==, 2);
    g_assert_cmpint(policy.list[0].ealg, ==, ESP_DES_EDE3_CBC);
    g_assert_cmpint(policy.list[1].ealg, ==, ESP_NULL);
}

static void test_branches_are_the_combinations_of_open_fields_ranged_over(void)
{
    g_autoptr(Option) option = load("access-uea1");
    const char *const none[] = { "work", NULL }, *const mode[] = { "work", "dual-mode", NULL };
    g_autoptr(GPtrArray) one = option_branches(option, none);
    g_assert_cmpuint(one->len, ==, 1);
    g_assert_cmpstr(((OptionBranch *)one->pdata[0])->set, ==, "");
    g_autoptr(GPtrArray) two = option_branches(option, mode);
    g_assert_cmpuint(two->len, ==, 2);
    const OptionBranch *first = two->pdata[0], *second = two->pdata[1];
    g_assert_cmpstr(first->set, ==, "dual-mode=no");
    g_assert_cmpstr(second->set, ==, "dual-mode=yes");
    g_assert_false(first->option->leg.dual_mode);
    g_assert_true(second->option->leg.dual_mode);
}

static void test_two_open_fields_give_their_product(void)
{
    g_autoptr(Option) option = option_new();
    const char *const fields[] = { "access", "guard", NULL };
    for (unsigned i = 0; i < 2; i++) {
        OptionOpen *open = g_new(OptionOpen, 1);
        open->field = g_strdup(fields[i]);
        open->values = g_strsplit(i == 0 ? "clear wlan-open wlan-wep" : "none encrypted", " ", -1);
        g_ptr_array_add(option->open, open);
    }
    g_autoptr(GPtrArray) branches = option_branches(option, fields);
    g_assert_cmpuint(branches->len, ==, 6);
    g_assert_cmpstr(((OptionBranch *)branches->pdata[5])->set, ==, "access=wlan-wep guard=encrypted");
    g_assert_cmpuint(((OptionBranch *)branches->pdata[5])->option->open->len, ==, 0);
}

static void test_setting_an_open_field_closes_it(void)
{
    g_autoptr(Option) option = load("mandate");
    g_assert_nonnull(option_find_open(option, "neighbour-pcscf"));
    g_assert_true(option_set_text(option, "neighbour-pcscf=rel5", NULL));
    g_assert_null(option_find_open(option, "neighbour-pcscf"));
}

static void test_another_leg_keeps_home_and_guards(void)
{
    g_autoptr(Option) block = load("block");
    g_autoptr(Option) rel6 = load("rel6");
    g_autoptr(Option) mixed = option_with_leg(block, rel6);
    g_assert_cmpuint(mixed->leg.pcscf_release, ==, 6);
    g_assert_true(mixed->home.network_guard);
    g_assert_cmpuint(mixed->guards.guard, ==, UE_GUARD_ENCRYPTED);
}

static void test_one_p_cscf_serves_equal_legs_only(void)
{
    g_autoptr(Option) gap = load("gap");
    g_autoptr(Option) rel5 = load("rel5");
    g_autoptr(Option) rel6 = load("rel6");
    g_assert_true(option_same_pcscf(gap, rel5)); /* they differ in the UE only */
    g_assert_false(option_same_pcscf(gap, rel6));
}

/* The same octets under another id: nothing but the name differs. */
static void test_renaming_an_option_changes_its_name_only(void)
{
    const DataFile *file = data_find("scenarios/options/policy-deny.xml");
    g_assert_nonnull(file);
    g_auto(GStrv) pieces = g_strsplit((const char *)file->octets, "id=\"policy-deny\"", 2);
    g_autofree char *renamed = g_strjoinv("id=\"something-else\"", pieces);
    g_autofree char *path = g_strdup("/tmp/presec-test-XXXXXX.xml");
    int fd = g_mkstemp(path);
    g_assert_cmpint(fd, >=, 0);
    g_close(fd, NULL);
    g_assert_true(g_file_set_contents(path, renamed, -1, NULL));
    g_autoptr(Option) original = load("policy-deny");
    g_autoptr(Option) copy = load(path);
    g_unlink(path);
    g_assert_cmpstr(copy->id, ==, "something-else");
    g_autofree char *a = option_print(original, true), *b = option_print(copy, true);
    g_assert_cmpstr(a, ==, b);
}

static void test_unknown_option_names_the_nearest(void)
{
    g_autoptr(Diagnostics) diagnostics = diagnostics_new();
    g_autoptr(Option) option = option_load("mandat", diagnostics);
    g_assert_null(option);
    g_assert_cmpuint(diagnostics_count(diagnostics), ==, 1);
    g_assert_nonnull(strstr(diagnostics_get(diagnostics, 0)->text, "did you mean 'mandate'?"));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/scenarios/option/shipped-options-load", test_shipped_options_load);
    g_test_add_func("/scenarios/option/ids-in-order", test_ids_are_in_order_of_presentation);
    g_test_add_func("/scenarios/option/fields-print-what-they-read", test_every_field_prints_what_it_reads);
    g_test_add_func("/scenarios/option/every-word-can-be-set", test_every_word_of_a_field_can_be_set);
    g_test_add_func("/scenarios/option/unknown-field", test_unknown_field_names_the_nearest);
    g_test_add_func("/scenarios/option/wrong-value", test_wrong_value_says_what_is_allowed);
    g_test_add_func("/scenarios/option/reserved-word", test_reserved_word_is_refused_with_its_reason);
    g_test_add_func("/scenarios/option/algorithm-lists", test_algorithm_lists);
    g_test_add_func("/scenarios/option/release-five-ue", test_release_five_ue_offers_no_encryption_and_runs_no_guard);
    g_test_add_func("/scenarios/option/trusting-p-cscf", test_trusting_p_cscf_lists_what_a_release_five_one_lists);
    g_test_add_func("/scenarios/option/release-six-list", test_release_six_list_begins_with_encryption);
    g_test_add_func("/scenarios/option/branches", test_branches_are_the_combinations_of_open_fields_ranged_over);
    g_test_add_func("/scenarios/option/branches-product", test_two_open_fields_give_their_product);
    g_test_add_func("/scenarios/option/setting-closes", test_setting_an_open_field_closes_it);
    g_test_add_func("/scenarios/option/another-leg", test_another_leg_keeps_home_and_guards);
    g_test_add_func("/scenarios/option/equal-legs-share-a-p-cscf", test_one_p_cscf_serves_equal_legs_only);
    g_test_add_func("/scenarios/option/renaming", test_renaming_an_option_changes_its_name_only);
    g_test_add_func("/scenarios/option/unknown-option", test_unknown_option_names_the_nearest);
    return g_test_run();
}
