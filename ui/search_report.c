/*
 * ui/search_report.c - what a search found, for people and for programs.
 *
 * Source:  ui/search_report.h; threats 2.0: leak, denial and detected abort are told apart.
 * Knows:   values.
 */
#include "ui/search_report.h"

#include "scenarios/judge.h"
#include "ui/text.h"

#include <inttypes.h>
#include <string.h>

enum { INDENT = 2, GOAL_WIDTH = 13, TRACE_INDENT = 7 };

unsigned search_complete(const Search *search)
{
    unsigned moves = 0;
    for (guint i = 0; i < search->depths->len; i++) {
        const SearchDepth *depth = &g_array_index(search->depths, SearchDepth, i);
        if (depth->runs == depth->combinations)
            moves = depth->moves;
    }
    return moves;
}

static const char *plural(uint64_t n)
{
    return n == 1 ? "" : "s";
}

/* ---- what was searched ---- */

static void append_title(const Term *term, GString *out, const Search *search, const Option *option, char *const *sets)
{
    g_autofree char *set = sets && *sets ? g_strjoinv(" ", (char **)sets) : NULL;
    g_autofree char *title = g_strdup_printf("Search for attacks on %s: %s", option->id, option->title);
    g_autofree char *bound = g_strdup_printf("%c%s; seed %" PRIu64 "%s%s.", g_ascii_toupper(search->bound[0]),
                                             search->bound + 1, search->seed, set ? "; with " : "", set ? set : "");
    g_autoptr(GString) visible = g_string_new(NULL);
    text_visible(visible, title, strlen(title));
    g_string_append(out, term_style(term, STYLE_HEADING));
    text_fill(out, visible->str, 0, term->columns);
    g_string_append(out, term_style(term, STYLE_PLAIN));
    g_string_truncate(visible, 0);
    text_visible(visible, bound, strlen(bound));
    text_fill(out, visible->str, INDENT, term->columns);
}

static void append_depths(const Term *term, GString *out, const Search *search)
{
    g_string_append_c(out, '\n');
    static const char *const heads[] = { "moves",      "combinations",  "runs",          "acted",
                                         "registered", "silent denial", "detected abort" };
    static const int widths[] = { 7, 14, 8, 8, 12, 15, 16 };
    g_autoptr(GString) head = g_string_new(NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(heads); i++)
        g_string_append_printf(head, "%*s", widths[i], heads[i]);
    term_append(term, out, STYLE_HEADING, head->str);
    g_string_append_c(out, '\n');
    for (guint i = 0; i < search->depths->len; i++) {
        const SearchDepth *depth = &g_array_index(search->depths, SearchDepth, i);
        const uint64_t numbers[] = { depth->moves,      depth->combinations, depth->runs,   depth->made,
                                     depth->registered, depth->silent,       depth->aborted };
        for (size_t k = 0; k < G_N_ELEMENTS(numbers); k++)
            g_string_append_printf(out, "%*" PRIu64, widths[k], numbers[k]);
        g_string_append_c(out, '\n');
    }
}

/* ---- what was found ---- */

static char *not_found(const Search *search)
{
    unsigned complete = search_complete(search);
    g_autofree char *within = g_strdup_printf(" within %u move%s", complete, plural(complete));
    if (search_is_inconclusive(search))
        return g_strdup_printf("none found%s, nor among the longer ones that were run (%" PRIu64 " runs)",
                               complete > 0 ? within : "", search->runs);
    return g_strdup_printf("none found within %u move%s (%" PRIu64 " runs)", search->max_moves,
                           plural(search->max_moves), search->runs);
}

static char *finding(const Search *search, const SearchAnswer *answer)
{
    if (answer->already)
        return g_strdup("so without a move");
    if (answer->moves > 0)
        return g_strdup_printf("found with %u move%s, in %" PRIu64 " way%s", answer->moves, plural(answer->moves),
                               answer->n, plural(answer->n));
    return not_found(search);
}

static TermStyle style_of(const Search *search, const SearchAnswer *answer)
{
    if (answer->already || answer->moves > 0)
        return STYLE_BAD;
    return search_is_inconclusive(search) ? STYLE_DOUBT : STYLE_GOOD;
}

/* Leak, silent denial, detected abort: whatever was reached, it is said how the registration ended. */
static char *end_of(SearchGoal goal, const SearchTrace *trace)
{
    bool registered = trace->ending == SEARCH_REGISTERED;
    g_autofree char *end = g_strdup_printf("%s (%s)", search_ending_text(trace->ending), trace->end);
    if (goal == SEARCH_DENIAL)
        return g_strdup_printf("-> %s", end);
    return g_strdup_printf("-> %s; %s", trace->how, registered ? "and the registration succeeds" : end);
}

/* The number stands before the first move. */
static void append_moves(const Term *term, GString *out, const SearchTrace *trace, unsigned number)
{
    for (unsigned i = 0; i < trace->n_elements; i++) {
        bool more = i + 1 < trace->n_elements;
        g_autofree char *words = g_strdup_printf("%s%s", trace->moves[i]->words, more ? ", and" : "");
        gsize line = out->len;
        text_fill(out, words, TRACE_INDENT, term->columns);
        if (i == 0) {
            g_autofree char *head = g_strdup_printf("%*u. ", TRACE_INDENT - 2, number);
            g_string_overwrite(out, line, head);
        }
    }
}

/* What several traces in a row lead to is said once, below them. */
static void append_traces(const Term *term, GString *out, SearchGoal goal, const GPtrArray *traces)
{
    for (guint i = 0; i < traces->len; i++) {
        append_moves(term, out, traces->pdata[i], i + 1);
        g_autofree char *end = end_of(goal, traces->pdata[i]);
        g_autofree char *next = i + 1 < traces->len ? end_of(goal, traces->pdata[i + 1]) : NULL;
        if (next != NULL && strcmp(end, next) == 0)
            continue;
        g_autoptr(GString) visible = g_string_new(NULL);
        text_visible(visible, end, strlen(end));
        text_fill(out, visible->str, TRACE_INDENT, term->columns);
    }
}

/* "" when nothing is. */
static const char *clear_anyhow(const Search *search)
{
    if (search->clear_before & CLEAR_BODY)
        return "(the document is readable without a move)";
    return search->clear_before & CLEAR_RELATION ? "(who watches whom is readable without a move)" : "";
}

static void append_answer(const Term *term, GString *out, const Search *search, SearchGoal goal)
{
    const SearchAnswer *answer = &search->answers[goal];
    g_autofree char *found = finding(search, answer);
    g_string_append_c(out, '\n');
    term_append(term, out, STYLE_NAME, search_goal_info[goal].id);
    g_string_append_printf(out, "%*s", GOAL_WIDTH - (int)strlen(search_goal_info[goal].id), "");
    term_append(term, out, style_of(search, answer), found);
    g_string_append_c(out, '\n');
    text_fill(out, search_goal_info[goal].title, GOAL_WIDTH, term->columns);
    if (goal == SEARCH_CLEAR && !answer->already)
        text_fill(out, clear_anyhow(search), GOAL_WIDTH, term->columns);
    append_traces(term, out, goal, answer->traces);
    if (answer->n > answer->traces->len)
        g_string_append_printf(out, "%*sand %" PRIu64 " more\n", TRACE_INDENT, "", answer->n - answer->traces->len);
}

void search_append(const Term *term, GString *out, const Search *search, const Option *option, char *const *sets)
{
    append_title(term, out, search, option, sets);
    append_depths(term, out, search);
    for (SearchGoal goal = 0; goal < SEARCH_N_GOALS; goal++)
        if (search->answers[goal].asked)
            append_answer(term, out, search, goal);
    g_string_append_c(out, '\n');
    text_fill(out, "None found means only: this attacker, with these moves, in these runs, within this bound.", 0,
              term->columns);
}

/* ---- JSON ---- */

static void add_trace(JsonBuilder *json, const SearchTrace *trace)
{
    json_builder_begin_object(json);
    json_open_array(json, "moves");
    for (unsigned i = 0; i < trace->n_elements; i++) {
        json_builder_begin_object(json);
        json_add_text(json, "words", trace->moves[i]->words);
        json_add_text(json, "element", trace->moves[i]->xml);
        json_builder_end_object(json);
    }
    json_builder_end_array(json);
    json_add_text(json, "how", trace->how);
    json_add_text(json, "ending", search_ending_text(trace->ending));
    json_add_text(json, "registration", trace->end);
    json_builder_end_object(json);
}

static void add_answer(JsonBuilder *json, const Search *search, SearchGoal goal)
{
    const SearchAnswer *answer = &search->answers[goal];
    bool none = !answer->already && answer->moves == 0;
    json_builder_begin_object(json);
    json_add_text(json, "goal", search_goal_info[goal].id);
    json_add_text(json, "title", search_goal_info[goal].title);
    json_add_bool(json, "found", !none);
    if (!none)
        json_add_number(json, "moves", answer->moves);
    json_add_bool(json, "inconclusive", none && search_is_inconclusive(search));
    json_add_number(json, "ways", (gint64)answer->n);
    json_open_array(json, "traces");
    for (guint i = 0; i < answer->traces->len; i++)
        add_trace(json, answer->traces->pdata[i]);
    json_builder_end_array(json);
    json_builder_end_object(json);
}

static void add_depth(JsonBuilder *json, const SearchDepth *depth)
{
    json_builder_begin_object(json);
    json_add_number(json, "moves", depth->moves);
    json_add_number(json, "combinations", (gint64)depth->combinations);
    json_add_number(json, "runs", (gint64)depth->runs);
    json_add_number(json, "acted", (gint64)depth->made);
    json_add_number(json, "registered", (gint64)depth->registered);
    json_add_number(json, "silent-denial", (gint64)depth->silent);
    json_add_number(json, "detected-abort", (gint64)depth->aborted);
    json_open_object(json, "reached");
    for (SearchGoal goal = 0; goal < SEARCH_N_GOALS; goal++)
        json_add_number(json, search_goal_info[goal].id, (gint64)depth->reached[goal]);
    json_builder_end_object(json);
    json_builder_end_object(json);
}

JsonBuilder *search_json(const Search *search, const Option *option, char *const *sets)
{
    static char *const none[] = { NULL };
    JsonBuilder *json = json_begin("presec.search/1");
    json_add_text(json, "option", option->id);
    json_add_text(json, "title", option->title);
    json_add_texts(json, "set", sets ? sets : none);
    json_add_number(json, "seed", (gint64)search->seed);
    json_add_text(json, "segment", search->segment);
    json_add_number(json, "max-moves", search->max_moves);
    json_open_array(json, "single-moves");
    for (guint i = 0; i < search->moves->len; i++)
        json_builder_add_string_value(json, ((const SearchMove *)search->moves->pdata[i])->words);
    json_builder_end_array(json);
    json_add_number(json, "runs", (gint64)search->runs);
    json_add_number(json, "events", (gint64)search->events);
    json_add_text(json, "bound", search->bound);
    json_add_bool(json, "document-clear-anyhow", search->clear_before & CLEAR_BODY);
    json_add_bool(json, "relation-clear-anyhow", search->clear_before & CLEAR_RELATION);
    json_add_bool(json, "interrupted", search->interrupted);
    json_add_bool(json, "runs-exhausted", search->runs_exhausted);
    json_open_array(json, "depths");
    for (guint i = 0; i < search->depths->len; i++)
        add_depth(json, &g_array_index(search->depths, SearchDepth, i));
    json_builder_end_array(json);
    json_open_array(json, "goals");
    for (SearchGoal goal = 0; goal < SEARCH_N_GOALS; goal++)
        if (search->answers[goal].asked)
            add_answer(json, search, goal);
    json_builder_end_array(json);
    return json;
}
