/*
 * tests/mutants/test_lists_always_equal.c - a P-CSCF whose comparison of the echoed list always agrees: two consistent
 * edits bid the association down.
 *
 * Source:  RFC 3329 §2.3.1; TS 33.203 §7.2; threats AT-20, S13.
 */
#include "nodes/msg/sip_auth.h"
#include "scenarios/compare_run.h"
#include "scenarios/judge.h"
#include "tests/mutants/support/cells.h"

#include <string.h>

/* In the place of nodes/msg/sip_sec_equal.c. */
bool sip_sec_list_equal(const SipSecList *a, const SipSecList *b)
{
    return true;
}

static void test_both_lists_edited(void)
{
    static const char *const options[] = { "rel6", "mandate", "gap", "rel5", "block-ue", NULL };
    static const Change changes[] = { { "rel6", PROPERTY_DOWNGRADE, VERDICT_VIOLATED, "AT-20" },
                                      { "mandate", PROPERTY_DOWNGRADE, VERDICT_VIOLATED, "AT-20" } };
    cells_expect(options, changes, G_N_ELEMENTS(changes));
}

/* One-sided edits still end in denial: only the two together get through. */
static void test_by_no_other_attack(void)
{
    g_auto(GStrv) ids = scenario_ids(SCENARIO_ATTACK);
    g_autoptr(Diagnostics) diagnostics = diagnostics_new();
    g_autoptr(Option) option = option_load("rel6", diagnostics);
    g_autoptr(Scenario) cast = scenario_load("standard", diagnostics);
    static const JudgeRoles roles = { "alice", "bob", NULL };

    for (char **id = ids; *id != NULL; id++) {
        g_autoptr(Scenario) attack = scenario_load(*id, diagnostics);
        if (strcmp(attack->property, "downgrade") != 0)
            continue;
        CompareRun *run = compare_run_new(scenario_merge(cast, attack), option_copy(option), 1, NULL, false);
        Judgement *judgement = judge_downgrade(&run->exhibits.evidence, &roles, *id, 0);
        g_test_message("%s: %s", *id, verdict_text(judgement->verdict));
        g_assert_cmpint(judgement->verdict, ==, strcmp(*id, "AT-20") == 0 ? VERDICT_VIOLATED : VERDICT_HOLDS);
        judgement_free(judgement);
        compare_run_free(run);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/mutants/lists-always-equal/both-lists-edited", test_both_lists_edited);
    g_test_add_func("/mutants/lists-always-equal/by-no-other-attack", test_by_no_other_attack);
    return g_test_run();
}
