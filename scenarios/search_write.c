/*
 * scenarios/search_write.c - the scenario that a search runs, and a found trace as a file of its own: the same text.
 *
 * Source:  scenarios/schema/presec.xsd; threats 5.
 * Knows:   elements and attributes.
 */
#include "scenarios/judge.h"
#include "scenarios/search_private.h"

#include <inttypes.h>
#include <string.h>

/*
 * One subscriber who registers, tries once more when that times out (timer F is 128 s, TS 24.229 §7.7), and then
 * publishes and watches somebody: one document and one relation to be read.
 */
#define CAST_TIMELINE                                                                                                  \
    "  <timeline>\n"                                                                                                   \
    "    <at time=\"0s\">   <register ue=\"" SEARCH_UE "\"/> </at>\n"                                                  \
    "    <at time=\"300s\"> <publish ue=\"" SEARCH_UE "\" status=\"open\" note=\"at her desk\"/> </at>\n"              \
    "    <at time=\"302s\"> <subscribe watcher=\"" SEARCH_UE "\" to=\"" SEARCH_OTHER "\"/> </at>\n"                    \
    "  </timeline>\n"                                                                                                  \
    "  <until time=\"306s\"/>\n"

char *search_write(const SearchText *text)
{
    GString *xml = g_string_new("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    g_string_append_printf(xml, "<scenario xmlns=\"urn:presec:scenario:1\" id=\"%s\"%s>\n", text->id,
                           text->option != NULL ? text->option : "");
    g_string_append_printf(xml, "  <title>%s</title>\n  <claim>\n%s  </claim>\n", text->title, text->claim);
    g_string_append(xml,
                    "  <source document=\"S4\" clause=\"8.1.2.2\"/> <source document=\"TS 33.203\" clause=\"7.2\"/>\n");
    if (text->settings != NULL)
        g_string_append_printf(xml, "  <option>\n%s  </option>\n", text->settings);
    g_string_append(xml, "  <ue id=\"" SEARCH_UE "\"/> <ue id=\"" SEARCH_OTHER "\"/>\n");
    g_string_append_printf(
        xml, "  <attacker id=\"" SEARCH_ATTACKER "\" position=\"A5\" at=\"%s\" knows=\"" SEARCH_UE "\" work=\"0\">\n%s",
        text->segment, text->moves);
    g_string_append(xml, "  </attacker>\n" CAST_TIMELINE);
    if (text->expectations != NULL)
        g_string_append_printf(xml, "  <expect>\n%s  </expect>\n", text->expectations);
    g_string_append(xml, "</scenario>\n");
    return g_string_free(xml, FALSE);
}

static void append_moves(GString *out, const SearchMove *const *moves, guint n)
{
    for (guint i = 0; i < n; i++)
        g_string_append_printf(out, "    %s\n", moves[i]->xml);
}

Scenario *search_parse(const char *segment, const GPtrArray *moves)
{
    g_autoptr(GString) elements = g_string_new(NULL);
    append_moves(elements, (const SearchMove *const *)moves->pdata, moves->len);
    g_autofree char *xml = search_write(&(SearchText){ .id = "search",
                                                       .title = "Search",
                                                       .claim = "",
                                                       .segment = segment,
                                                       .option = " option=\"gap\"", /* the run brings its own */
                                                       .moves = elements->str });
    g_autoptr(Diagnostics) diagnostics = diagnostics_new();
    Scenario *scenario = scenario_parse("search", xml, strlen(xml), diagnostics);
    if (scenario == NULL) { /* our own words */
        g_autofree char *wrong = diagnostics_text(diagnostics);
        g_error("%s", wrong);
    }
    return scenario;
}

/* --- the option --- */

static bool is_shipped(const char *id)
{
    g_auto(GStrv) ids = option_ids();
    return g_strv_contains((const char *const *)ids, id);
}

/* Whether this is the option of its id, with nothing set. */
static bool is_as_shipped(const Option *option)
{
    g_autoptr(Diagnostics) diagnostics = diagnostics_new();
    g_autoptr(Option) shipped =
        option->id != NULL && is_shipped(option->id) ? option_load(option->id, diagnostics) : NULL;
    if (shipped == NULL)
        return false;
    g_autofree char *a = option_print(shipped, true), *b = option_print(option, true);
    return strcmp(a, b) == 0;
}

/* Every field that differs from the default, as the element's lines. */
static char *settings_of(const Option *option)
{
    g_autofree char *fields = option_print(option, false);
    g_auto(GStrv) lines = g_strsplit(fields, "\n", -1);
    GString *xml = g_string_new(NULL);
    for (char **line = lines; *line != NULL; line++) {
        char *equals = strchr(*line, '=');
        if (equals == NULL)
            continue;
        *equals = '\0';
        g_autofree char *value = g_markup_escape_text(equals + 1, -1);
        g_string_append_printf(xml, "    <set field=\"%s\" value=\"%s\"/>\n", *line, value);
    }
    return g_string_free(xml, FALSE);
}

/* --- what comes of it --- */

static void expect_registered(GString *out, const SearchTrace *trace)
{
    g_string_append_printf(out, "    <registered ue=\"" SEARCH_UE "\" is=\"%s\"/>\n",
                           trace->ending == SEARCH_REGISTERED ? "yes" : "no");
}

static void expect_end(GString *out, const SearchTrace *trace)
{
    g_string_append(out, "    <outcome ue=\"" SEARCH_UE "\" action=\"register\" is=\"");
    if (trace->end_status > 0)
        g_string_append_printf(out, "%d\"/>\n", trace->end_status);
    else
        g_string_append_printf(out, "%s\"/>\n", trace->end_status == 0 ? "refused" : "timeout");
}

static void expect_protection(GString *out, const SearchTrace *trace)
{
    g_string_append_printf(out, "    <protection ue=\"" SEARCH_UE "\" is=\"%s\"/>\n", trace->sa_ealg);
}

/* A relation is told by whom she watches: the property of a scenario takes her for both (scenarios/run_judge.c). */
static void expect_clear(GString *out, unsigned made_clear)
{
    if (made_clear & CLEAR_BODY)
        g_string_append(out, "    <reads by=\"" SEARCH_ATTACKER "\" what=\"body\" of=\"" SEARCH_UE
                             "\"/>\n    <property id=\"downgrade\" is=\"violated\"/>\n");
    if (made_clear & CLEAR_RELATION)
        g_string_append(out, "    <reads by=\"" SEARCH_ATTACKER "\" what=\"impu\" of=\"" SEARCH_OTHER
                             "\" in=\"SUBSCRIBE\"/>\n");
}

static char *expectations_of(const Search *search, SearchGoal goal, const SearchTrace *trace)
{
    GString *out = g_string_new(NULL);
    expect_registered(out, trace);
    expect_end(out, trace);
    switch (goal) {
    case SEARCH_CLEAR:
        expect_protection(out, trace);
        expect_clear(out, trace->clear & ~search->clear_before);
        break;
    case SEARCH_SM7:
    case SEARCH_UNPROTECTED:
        expect_protection(out, trace);
        g_string_append(out, "    <reads by=\"" SEARCH_ATTACKER "\" what=\"response\" of=\"" SEARCH_UE "\"/>\n");
        break;
    case SEARCH_MASQUERADE: g_string_append(out, "    <property id=\"masquerade\" is=\"violated\"/>\n"); break;
    case SEARCH_DENIAL:
    case SEARCH_N_GOALS: break;
    }
    g_string_append_printf(out, "    <moves by=\"" SEARCH_ATTACKER "\" is=\"%u\"/>\n", trace->n_moves);
    return g_string_free(out, FALSE);
}

/* The moves in words, and how it ended. */
static char *claim_of(const SearchTrace *trace)
{
    g_autoptr(GString) out = g_string_new(NULL);
    for (unsigned i = 0; i < trace->n_elements; i++)
        g_string_append_printf(out, "    %u. %s.\n", i + 1, trace->moves[i]->words);
    g_string_append_printf(out, "    %s.\n    The registration ends: %s (%s).\n", trace->how,
                           search_ending_text(trace->ending), trace->end);
    return g_markup_escape_text(out->str, -1);
}

char *search_scenario(const Search *search, const Option *option, SearchGoal goal, const SearchTrace *trace,
                      const char *id)
{
    bool named = is_as_shipped(option);
    g_autoptr(GString) moves = g_string_new(NULL);
    append_moves(moves, trace->moves, trace->n_elements);
    g_autofree char *attribute = named ? g_strdup_printf(" option=\"%s\"", option->id) : NULL;
    g_autofree char *settings = named ? NULL : settings_of(option);
    g_autofree char *claim = claim_of(trace);
    g_autofree char *title = g_strdup_printf("Found by search: with %u move%s %s", trace->n_moves,
                                             trace->n_moves == 1 ? "" : "s", search_goal_info[goal].title);
    g_autofree char *expectations = expectations_of(search, goal, trace);
    return search_write(&(SearchText){ .id = id,
                                       .title = title,
                                       .claim = claim,
                                       .segment = search->segment,
                                       .option = attribute,
                                       .settings = settings,
                                       .moves = moves->str,
                                       .expectations = expectations });
}
