/*
 * tests/scenarios/test_library.c - every shipped scenario ends as it says, twice the same, and whatever the order of
 * events of one time.
 */
#include "nodes/pki.h"
#include "scenarios/run.h"

#include <string.h>

/* Of seeds 1 and 2: RSA numbers take longer than most scenarios. */
static Pki *authorities[2];

static Scenario *load(const char *id)
{
    g_autoptr(Diagnostics) diagnostics = diagnostics_new();
    Scenario *scenario = scenario_load(id, diagnostics);
    g_assert_nonnull(scenario);
    return scenario;
}

static bool report(const char *id, const char *how, const RunResult *result)
{
    for (guint i = 0; i < result->expectations->len; i++) {
        const ExpectationResult *one = result->expectations->pdata[i];
        if (!one->met)
            g_test_message("%s%s, line %u: %s; got: %s", id, how, one->place.line, one->expected, one->got);
    }
    return result->met;
}

static void test_expectations(const void *data)
{
    const char *id = data;
    g_autoptr(Scenario) scenario = load(id);
    RunConfig config = { .seed = 1, .flags = { .pki = authorities[0] } };
    g_autoptr(RunResult) result = run_scenario(scenario, &config, NULL);
    g_autoptr(RunResult) again = run_scenario(scenario, &config, NULL);
    g_assert_cmpuint(scenario->expectations->len, >, 0);
    g_assert_cmpint(result->stop, ==, WORLD_DONE);
    g_assert_cmpstr(result->digest, ==, again->digest);
    if (!report(id, "", result))
        g_test_fail();
}

/* The order of events of one time is nobody's promise. */
static void test_other_orders(const void *data)
{
    static const struct {
        SimTies ties;
        const char *name;
    } orders[] = { { SIM_TIES_REVERSED, ", events of one time reversed" },
                   { SIM_TIES_SHUFFLED, ", events of one time shuffled" } };
    g_autoptr(Scenario) scenario = load(data);
    for (unsigned i = 0; i < G_N_ELEMENTS(orders); i++) {
        RunConfig config = { .seed = 2, .flags = { .ties = orders[i].ties, .pki = authorities[1] } };
        g_autoptr(RunResult) result = run_scenario(scenario, &config, NULL);
        if (!report(data, orders[i].name, result))
            g_test_fail();
    }
}

static void test_every_option_has_a_scenario(void)
{
    g_auto(GStrv) options = option_ids(), scenarios = scenario_ids(SCENARIO_SCENARIO);
    g_assert_cmpuint(g_strv_length(scenarios), >=, 30);
    for (char **option = options; *option; option++) {
        bool found = false;
        for (char **id = scenarios; *id && !found; id++) {
            g_autoptr(Scenario) scenario = load(*id);
            found = scenario->option && strcmp(scenario->option->id, *option) == 0;
        }
        if (!found)
            g_test_message("no scenario is about %s", *option);
        g_assert_true(found);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_auto(GStrv) ids = scenario_ids(SCENARIO_SCENARIO);
    for (unsigned i = 0; i < G_N_ELEMENTS(authorities); i++)
        authorities[i] = pki_new(i + 1);
    g_test_add_func("/scenarios/library/every-option-has-one", test_every_option_has_a_scenario);
    for (char **id = ids; *id; id++) {
        g_autofree char *path = g_strconcat("/scenarios/library/", *id, NULL);
        g_autofree char *orders = g_strconcat("/scenarios/library/", *id, "/any-order", NULL);
        g_test_add_data_func(path, *id, test_expectations);
        g_test_add_data_func(orders, *id, test_other_orders);
    }
    int result = g_test_run();
    for (unsigned i = 0; i < G_N_ELEMENTS(authorities); i++)
        pki_unref(authorities[i]);
    return result;
}
