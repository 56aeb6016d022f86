/*
 * tests/fuzz/fuzz_scenario.c - any octets as a scenario, an option or a lesson: refused with a place, or good.
 */
#include "scenarios/lesson.h"
#include "scenarios/scenario.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(Diagnostics) diagnostics = diagnostics_new();
    g_autoptr(Scenario) scenario = scenario_parse("fuzz.xml", data, size, diagnostics);
    g_assert((scenario != NULL) == (diagnostics_count(diagnostics) == 0));
    g_autoptr(Diagnostics) of_lesson = diagnostics_new();
    g_autoptr(Lesson) lesson = lesson_parse("fuzz.xml", data, size, of_lesson);
    g_assert((lesson != NULL) == (diagnostics_count(of_lesson) == 0));
    g_assert(scenario == NULL || lesson == NULL);
    if (scenario) {
        g_autoptr(Scenario) copy = scenario_copy(scenario);
        g_autoptr(Scenario) merged = scenario_merge(scenario, copy);
        g_assert(scenario_end(merged) >= scenario_end(scenario));
    }
    return 0;
}
