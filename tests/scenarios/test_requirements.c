/*
 * tests/scenarios/test_requirements.c - answers follow from verdicts and values: by running, and from rows made up.
 *
 * Source:  S3 §2; S4 §4.5.1, §4.5.2; the answers that the documents give for each option.
 */
#include "scenarios/requirements.h"

#include <string.h>

static Option *load(const char *id)
{
    g_autoptr(Diagnostics) diagnostics = diagnostics_new();
    Option *option = option_load(id, diagnostics);
    g_assert_nonnull(option);
    g_free(option->id); /* nothing may depend on it */
    option->id = g_strdup("somebody");
    return option;
}

typedef struct {
    const char *option;
    Answer peu, pw, r22, r27_peu, r27_pw;
    const char *says; /* part of the joined remark */
    MessageFate message;
} Expected;

static void check(const Expected *expected)
{
    g_autoptr(Option) option = load(expected->option);
    Option *const options[] = { option };
    CompareConfig config = { .options = options, .n_options = 1, .seed = 3 };
    memcpy(config.properties, requirement_properties, sizeof config.properties);
    g_autoptr(Comparison) comparison = compare_options(&config, NULL);
    const CompareRow *row = comparison->rows->pdata[0];
    g_autoptr(Conformances) all = requirements_judge(row);
    g_assert_cmpint(all->item[PEU_CONFIDENTIALITY].answer, ==, expected->peu);
    g_assert_cmpint(all->item[PW_CONFIDENTIALITY].answer, ==, expected->pw);
    g_assert_cmpint(all->item[PEU_INTEGRITY].answer, ==, ANSWER_YES);
    g_assert_cmpint(all->item[PW_REPLAY].answer, ==, ANSWER_YES);
    g_assert_cmpint(all->item[UE_TO_PCSCF].answer, ==, expected->r22);
    g_assert_cmpint(all->item[COMPATIBLE_PEU].answer, ==, expected->r27_peu);
    g_assert_cmpint(all->item[COMPATIBLE_PW].answer, ==, expected->r27_pw);
    if (!strstr(all->remark, expected->says))
        g_error("%s: '%s' lacks '%s'", expected->option, all->remark, expected->says);
    g_assert_cmpint(row->message, ==, expected->message);
}

#define YES  ANSWER_YES
#define PART ANSWER_PARTLY
#define VAC  ANSWER_VACUOUSLY
#define NO   ANSWER_NO
#define NA   ANSWER_NOT_APPLICABLE

static void test_by_running(void)
{
    static const Expected expected[] = {
        { "gap", NO, NO, NO, NO, NO, "R10, R11, R27: the document is read on the air", MESSAGE_READ },
        /* The requirement is changed: its second half is met for Pw, not for Peu. */
        { "policy-deny", NO, NO, NO, NO, YES, "R27 Pw: the presentity decides", MESSAGE_READ },
        { "block-ue", VAC, VAC, VAC, VAC, VAC, "at the price of the service", MESSAGE_NOT_SENT },
        { "block-network", NO, NO, NO, NO, NO, "when who watches whom has been read", MESSAGE_REFUSED_TOO_LATE },
        { "access-uea1", PART, PART, NO, PART, PART, "the radio part only", MESSAGE_HIDDEN },
        { "mandate", YES, YES, YES, YES, YES, "by removing the problem", MESSAGE_HIDDEN },
        /* R20 allows it (threats Q9), whatever the radio does. */
        { "rel6-trusts-access", YES, YES, YES, NA, NA, "as R20 reads", MESSAGE_READ },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(expected); i++)
        check(&expected[i]);
}

/* ---- rows made up ---- */

static CompareRow *row_of(Option *option, const char *verdicts)
{
    static const char letters[] = "hvndi";
    CompareRow *row = g_new0(CompareRow, 1);
    row->option = option;
    for (size_t i = 0; i < N_PROPERTIES; i++)
        if (verdicts[i] != '.')
            row->judgement[i] = judgement_new((Verdict)(strchr(letters, verdicts[i]) - letters), "A1", "AT-12", "");
    return row;
}

static void free_row(CompareRow *row)
{
    for (size_t i = 0; i < N_PROPERTIES; i++)
        judgement_free(row->judgement[i]);
    g_free(row);
}

static void add_condition(CompareRow *row, Property property, const char *set, Verdict verdict)
{
    Condition *condition = g_new0(Condition, 1);
    *condition = (Condition){ .set = g_strdup(set), .verdict = verdict, .attack = g_strdup("") };
    g_ptr_array_add(row->judgement[property]->conditions, condition);
}

/* S/MIME: documents yes, headers no; guaranteed behind a Release 5 P-CSCF. */
static void test_documents_without_headers(void)
{
    g_autoptr(Option) option = option_new();
    CompareRow *row = row_of(option, "hhvhvhhhhvhhhhh");
    g_autoptr(Conformances) all = requirements_judge(row);
    g_assert_cmpint(all->item[PEU_CONFIDENTIALITY].answer, ==, ANSWER_PARTLY);
    g_assert_cmpstr(all->item[PEU_CONFIDENTIALITY].remarks[0], ==, "documents yes, headers no");
    g_assert_cmpint(all->item[UE_TO_PCSCF].answer, ==, ANSWER_PARTLY);
    g_assert_cmpint(all->item[COMPATIBLE_PW].answer, ==, ANSWER_YES);
    g_assert_true(all->item[PEU_CONFIDENTIALITY].rests_on[PROPERTY_RELATION_AIR]);
    g_assert_false(all->item[PEU_CONFIDENTIALITY].rests_on[PROPERTY_WLAN]);
    free_row(row);
}

/* What a handset lacks is not the network's: only readings of the network's behaviour count against R27 (Q1). */
static void test_service_under_one_reading_only(void)
{
    g_autoptr(Option) option = option_new();
    CompareRow *row = row_of(option, "hhhhhvhhhhdnhdv");
    add_condition(row, PROPERTY_AVAILABLE, "throttle=5", VERDICT_HOLDS);
    add_condition(row, PROPERTY_AVAILABLE, "guard=encrypted", VERDICT_NOT_AVAILABLE);
    g_autoptr(Conformances) handset = requirements_judge(row);
    g_assert_cmpint(handset->item[COMPATIBLE_PEU].answer, ==, ANSWER_YES);
    add_condition(row, PROPERTY_AVAILABLE, "throttle=7 guard=none", VERDICT_NOT_AVAILABLE);
    g_autoptr(Conformances) all = requirements_judge(row);
    g_assert_cmpint(all->item[COMPATIBLE_PEU].answer, ==, ANSWER_PARTLY);
    g_assert_nonnull(strstr(all->remark, "no service with throttle=7 (P10)"));
    g_assert_nonnull(strstr(all->remark, "over TCP only (P11)"));
    g_assert_cmpint(all->item[PEU_CONFIDENTIALITY].answer, ==, ANSWER_YES);
    free_row(row);
}

/* No certificate is checked: hidden from who listens, and from nobody else. */
static void test_only_listeners_are_kept_out(void)
{
    g_autoptr(Option) option = option_new();
    CompareRow *row = row_of(option, "hhhhhvvvvhhnhvv");
    g_autoptr(Conformances) all = requirements_judge(row);
    g_assert_cmpint(all->item[PEU_CONFIDENTIALITY].answer, ==, ANSWER_PARTLY);
    g_assert_cmpint(all->item[PEU_INTEGRITY].answer, ==, ANSWER_NO);
    g_assert_cmpstr(all->item[PEU_INTEGRITY].remarks[0], ==, "integrity is violated by AT-12");
    free_row(row);
}

/* Of the settings that an attacker needs, those that are enough are named, and only what is not the default. */
static void test_settings_that_make_the_difference(void)
{
    g_autoptr(Option) option = option_new();
    CompareRow *row = row_of(option, "hhhhhvhhhhhhhdv");
    add_condition(row, PROPERTY_DOWNGRADE, "dual-mode=no fallback=no", VERDICT_HOLDS);
    add_condition(row, PROPERTY_DOWNGRADE, "dual-mode=no fallback=yes", VERDICT_VIOLATED);
    add_condition(row, PROPERTY_DOWNGRADE, "dual-mode=yes fallback=no", VERDICT_VIOLATED);
    add_condition(row, PROPERTY_DOWNGRADE, "dual-mode=yes fallback=yes", VERDICT_VIOLATED);
    g_autoptr(Conformances) all = requirements_judge(row);
    g_assert_cmpint(all->item[PEU_CONFIDENTIALITY].answer, ==, ANSWER_YES);
    g_assert_cmpstr(all->item[PEU_CONFIDENTIALITY].remarks[0], ==,
                    "an active attacker takes it away with fallback=yes or dual-mode=yes (P16)");
    free_row(row);
}

/* A bound that was reached, or a column that was left out, is no answer. */
static void test_nothing_is_made_of_nothing(void)
{
    g_autoptr(Option) option = option_new();
    CompareRow *row = row_of(option, "i.vvvvh........");
    g_autoptr(Conformances) all = requirements_judge(row);
    g_assert_cmpint(all->item[PEU_CONFIDENTIALITY].answer, ==, ANSWER_NOT_JUDGED);
    g_assert_cmpint(all->item[PW_CONFIDENTIALITY].answer, ==, ANSWER_NOT_JUDGED);
    g_assert_cmpint(all->item[PEU_INTEGRITY].answer, ==, ANSWER_YES);
    g_assert_cmpint(all->item[PEU_REPLAY].answer, ==, ANSWER_NOT_JUDGED);
    g_assert_cmpint(all->item[COMPATIBLE_PEU].answer, ==, ANSWER_NOT_JUDGED);
    free_row(row);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/scenarios/requirements/by-running", test_by_running);
    g_test_add_func("/scenarios/requirements/documents-without-headers", test_documents_without_headers);
    g_test_add_func("/scenarios/requirements/service-under-one-reading-only", test_service_under_one_reading_only);
    g_test_add_func("/scenarios/requirements/only-listeners-are-kept-out", test_only_listeners_are_kept_out);
    g_test_add_func("/scenarios/requirements/settings-that-make-the-difference",
                    test_settings_that_make_the_difference);
    g_test_add_func("/scenarios/requirements/nothing-is-made-of-nothing", test_nothing_is_made_of_nothing);
    return g_test_run();
}
