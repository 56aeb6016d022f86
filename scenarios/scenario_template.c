/*
 * scenarios/scenario_template.c - a scenario to begin with, and the check of any file of ours.
 *
 * Source:  scenarios/scenario.h.
 * Knows:   the vocabulary.
 */
#include "scenarios/lesson.h"
#include "scenarios/option_load.h"
#include "scenarios/scenario_build.h"

#include <string.h>

char *scenario_template(void)
{
    return g_strdup(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<!-- A scenario: who takes part, who attacks, what happens when, what must come of it.\n"
        "     Check it:  presec validate FILE        Run it:  presec run FILE - with ladder and narrate -->\n"
        "<scenario xmlns=\"" XML_NAMESPACE "\" id=\"mine\" option=\"gap\">\n"
        "  <title>A listener at bob's cell reads what alice published</title>\n"
        "  <claim>Behind a Release 5 P-CSCF the notification crosses the air in the clear.</claim>\n"
        "  <source document=\"S3\" clause=\"2\"/>\n"
        "  <picture>\n"
        "    alice ===ESP, NULL=== P-CSCF --- S-CSCF --- PS\n"
        "    bob   ===ESP, NULL===   |\n"
        "       ^ listener\n"
        "  </picture>\n"
        "  <!-- Everybody is on the option's leg unless he has a leg of his own:\n"
        "       ue id=\"bob\" leg=\"rel6\".  presec list options names them. -->\n"
        "  <ue id=\"alice\" rules=\"allow\"/>\n"
        "  <ue id=\"bob\"/>\n"
        "  <!-- A1 listens on the air, A2 behind it (iu, gn, gi), A4 is inside the P-CSCF (pcscf:bob), A5 also acts,\n"
        "       A7 has a base station.  Moves are elements in the attacker, or in the timeline with by=\"...\":\n"
        "       drop delay edit flip replay reflect inject steer rogue-proxy cell session send\n"
        "       play-challenge intercept. -->\n"
        "  <attacker id=\"listener\" position=\"A1\" at=\"air:bob\"/>\n"
        "  <timeline>\n"
        "    <at time=\"0s\"> <register ue=\"alice\"/> <register ue=\"bob\"/> </at>\n"
        "    <at time=\"20s\"> <publish ue=\"alice\" status=\"open\" note=\"in a meeting\"/> </at>\n"
        "    <at time=\"40s\"> <subscribe watcher=\"bob\" to=\"alice\"/> </at>\n"
        "  </timeline>\n"
        "  <until time=\"60s\"/>\n"
        "  <!-- property, outcome, count, reads, reads-not, moves, registered, displays, protection -->\n"
        "  <expect>\n"
        "    <outcome ue=\"bob\" action=\"subscribe\" to=\"alice\" is=\"200\"/>\n"
        "    <displays ue=\"bob\" of=\"alice\" at-least=\"1\"/>\n"
        "    <reads by=\"listener\" what=\"body\" of=\"alice\"/>\n"
        "  </expect>\n"
        "</scenario>\n");
}

/* Which kind of file it is, is known only once it is parsed; equal complaints of two parsings are kept once. */
static void validate_octets(const char *file, const char *octets, size_t len, Diagnostics *diagnostics)
{
    g_autoptr(XmlFile) xml = xml_parse(file, octets, len, diagnostics);
    if (!xml)
        return;
    if (xml_is(xml_root(xml), "option"))
        option_free(option_parse(file, octets, len, diagnostics));
    else if (xml_is(xml_root(xml), "lesson"))
        lesson_free(lesson_parse(file, octets, len, diagnostics));
    else
        scenario_free(scenario_parse(file, octets, len, diagnostics));
}

bool scenario_validate(const char *file, Diagnostics *diagnostics)
{
    size_t before = diagnostics_count(diagnostics), len = 0;
    g_autofree char *octets = NULL;
    if (!xml_read(file, &octets, &len, diagnostics))
        return false;
    validate_octets(file, octets, len, diagnostics);
    diagnostics_sort(diagnostics);
    return diagnostics_count(diagnostics) == before;
}
