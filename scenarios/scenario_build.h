/*
 * scenarios/scenario_build.h - making the items of a scenario; for its loader and for scenario_merge().
 *
 * Source:  scenarios/scenario.h.
 * Knows:   memory: items are shared by count, arrays are not.
 */
#ifndef PRESEC_SCENARIOS_SCENARIO_BUILD_H
#define PRESEC_SCENARIOS_SCENARIO_BUILD_H

#include "scenarios/scenario.h"
#include "scenarios/xml.h"

Scenario *scenario_new(const char *file, ScenarioKind kind) G_GNUC_WARN_UNUSED_RESULT;

/* Items with every string "" (or NULL where said); owned by the array they are added to. */
ScenarioUe *scenario_add_ue(Scenario *scenario);
ScenarioPopulation *scenario_add_population(Scenario *scenario);
ScenarioAttacker *scenario_add_attacker(Scenario *scenario);
ScenarioMove *attacker_item_add_move(ScenarioAttacker *attacker);
ScenarioAction *scenario_add_action(Scenario *scenario);
Expectation *scenario_add_expectation(Scenario *scenario);
ScenarioSource *scenario_add_source(Scenario *scenario);
ScenarioDelay *scenario_add_delay(Scenario *scenario);

/* Expectations without a scenario: those of a lesson's choices. */
GPtrArray *expectations_new(void) G_GNUC_WARN_UNUSED_RESULT;
Expectation *expectations_add(GPtrArray *expectations);

/* Puts @text (taken; NULL: nothing changes) in place of what the slot owns. */
void slot_take(char **slot, char *text);

/* "1.3s" in nanoseconds; the schema has checked the form.  False: none of ours. */
bool scenario_time(const char *text, SimTime *out);
/* A pres-rules document (RFC 5025) that treats everybody so: "allow", "confirm", "polite-block", "block". */
char *scenario_rules(const char *handling) G_GNUC_WARN_UNUSED_RESULT;

/* A move element into an item; @segment: the attacker's first, "" = none.  scenarios/scenario_moves.c */
void move_from_xml(const XmlFile *xml, const xmlNode *element, ScenarioMove *item, const char *segment,
                   Diagnostics *diagnostics);
bool element_is_move(const xmlNode *element);

/* An element of expect into an item.  scenarios/scenario_expect.c */
void expectation_from_xml(const XmlFile *xml, const xmlNode *element, Expectation *expectation,
                          Diagnostics *diagnostics);
/* The property that an attribute names; NULL: none, which has been complained about unless the attribute is absent. */
const PropertyInfo *property_from_reference(const XmlFile *xml, const xmlNode *element, const char *attribute,
                                            Diagnostics *diagnostics);

/* An attribute as time; the schema has checked the form, this checks the size.  scenarios/scenario_moves.c */
SimTime time_from_xml(const XmlFile *xml, const xmlNode *element, const char *attribute, SimTime otherwise,
                      Diagnostics *diagnostics);
/* Likewise a whole number, which has no size to check; @otherwise too when the schema has refused it. */
int64_t number_from_xml(const xmlNode *element, const char *attribute, int64_t otherwise);

/* The names of segments; "pcscf", no segment but a place for a tap, is the last.  scenarios/scenario_check.c */
extern const char *const scenario_segments[];

/* What the schema cannot see: references, order, impossible combinations; @xml is where it was read from.
 * scenarios/scenario_check.c */
void scenario_check(const Scenario *scenario, const XmlFile *xml, Diagnostics *diagnostics);
/* Expectations that stand in another file than the scenario they are about: a lesson's. */
void expectations_check(const GPtrArray *expectations, const Scenario *scenario, const XmlFile *xml,
                        Diagnostics *diagnostics);

#endif
