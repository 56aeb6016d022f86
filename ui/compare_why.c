/*
 * ui/compare_why.c - one cell of the comparison in full.
 *
 * Source:  ui/compare_why.h.
 * Knows:   verdicts and their evidence.
 */
#include "ui/compare_why.h"

#include "ui/report.h"
#include "ui/text.h"

#include <string.h>

enum { INDENT = 2, TEXT_INDENT = 4 };

static void append_heading(const Term *term, GString *out, const char *text)
{
    g_string_append_c(out, '\n');
    term_append(term, out, STYLE_HEADING, text);
    g_string_append_c(out, '\n');
}

/* Running text that may hold what came off a wire. */
static void append_text(const Term *term, GString *out, const char *text, int indent)
{
    g_autoptr(GString) shown = g_string_new(NULL);
    text_visible(shown, text, strlen(text));
    text_fill(out, shown->str, indent, term->columns);
}

static void append_verdict(const Term *term, GString *out, const CompareRow *row, const PropertyInfo *property,
                           const Judgement *judgement)
{
    term_append(term, out, STYLE_NAME, row->option->id);
    g_string_append_printf(out, ", %s (%s): ", property->id, property->column);
    term_append(term, out, report_style(judgement->verdict),
                judgement->verdict == VERDICT_NOT_AVAILABLE ? "not available" : report_word(judgement->verdict));
    g_string_append(out, judgement->in_trust_model ? "\n" : ", outside the trust model\n");
    append_text(term, out, judgement->reason, INDENT);
}

static void append_question(const Term *term, GString *out, const CompareRow *row, const PropertyInfo *property)
{
    g_autofree char *attacker = report_title("positions", property->attacker);
    append_heading(term, out, "What was asked");
    append_text(term, out, property->title, INDENT);
    append_text(term, out, property->predicate, INDENT);
    g_autofree char *who = attacker ? g_strdup_printf("Attacker %s: %s", property->attacker, attacker)
                                    : g_strdup("No attacker takes part.");
    append_text(term, out, who, INDENT);
    g_autofree char *option = g_strdup_printf("Option %s: %s", row->option->id, row->option->title);
    append_text(term, out, option, INDENT);
}

static void append_attack(const Term *term, GString *out, const Judgement *judgement)
{
    if (!judgement->attack || !*judgement->attack)
        return;
    g_autofree char *title = report_title("attacks", judgement->attack);
    g_autofree char *line = g_strdup_printf("%s%s%s", judgement->attack, title ? ": " : "", title ? title : "");
    append_heading(term, out, "The attack that decided");
    append_text(term, out, line, INDENT);
}

static int widest_set(const GPtrArray *conditions)
{
    int width = 0;
    for (guint i = 0; i < conditions->len; i++)
        width = MAX(width, (int)g_utf8_strlen(((const Condition *)conditions->pdata[i])->set, -1));
    return width + 2;
}

static void append_conditions(const Term *term, GString *out, const Judgement *judgement)
{
    const GPtrArray *conditions = judgement->conditions;
    if (conditions->len == 0)
        return;
    append_heading(term, out,
                   judgement->verdict == VERDICT_DEPENDS ? "What it depends on (each was run)"
                                                         : "Conditions (each was run)");
    int width = widest_set(conditions);
    for (guint i = 0; i < conditions->len; i++) {
        const Condition *condition = conditions->pdata[i];
        g_string_append_printf(out, "%*s", INDENT, "");
        text_pad(out, *condition->set ? condition->set : "as it is", width);
        term_append(term, out, report_style(condition->verdict), report_word(condition->verdict));
        if (condition->attack && *condition->attack)
            g_string_append_printf(out, " by %s", condition->attack);
        g_string_append_c(out, '\n');
    }
}

/* Lines of the excerpt stay lines; each is marked as quoted. */
static void append_excerpt(const Term *term, GString *out, const char *excerpt)
{
    g_autoptr(GString) shown = g_string_new(NULL);
    text_visible(shown, excerpt, strlen(excerpt));
    g_auto(GStrv) lines = g_strsplit(g_strchomp(shown->str), "\n", -1);
    for (char **line = lines; *line; line++) {
        int room = term->columns - TEXT_INDENT - 3;
        bool cut = g_utf8_strlen(*line, -1) > room;
        g_autofree char *part = cut ? g_utf8_substring(*line, 0, room - 3) : g_strdup(*line);
        g_string_append_printf(out, "%*s| %s%s\n", INDENT, "", part, cut ? "..." : "");
    }
}

static void append_witness(const Term *term, GString *out, const Witness *witness)
{
    g_autofree char *time = report_time(witness->time_ns);
    g_autoptr(GString) place = g_string_new(NULL);
    g_string_append_printf(place, "Run %s, ", witness->scenario);
    if (witness->packet > 0)
        g_string_append_printf(place, "packet %" G_GUINT64_FORMAT " on %s, ", witness->packet, witness->segment);
    else if (witness->segment && *witness->segment)
        g_string_append_printf(place, "at %s, ", witness->segment);
    g_string_append(place, time);
    append_heading(term, out, "Where it can be seen");
    append_text(term, out, place->str, INDENT);
    if (witness->excerpt && *witness->excerpt)
        append_excerpt(term, out, witness->excerpt);
}

/* "  1. alice selects NULL encryption ...", further lines under the text. */
static void append_because(const Term *term, GString *out, char *const *because)
{
    append_heading(term, out, "Because");
    for (int n = 1; because && *because; because++, n++) {
        g_autofree char *number = g_strdup_printf("%2d. ", n);
        gsize start = out->len;
        append_text(term, out, *because, INDENT + (int)strlen(number));
        if (out->len > start)
            memcpy(out->str + start + INDENT, number, strlen(number));
    }
}

static bool is_shipped(const Option *option)
{
    g_auto(GStrv) ids = option_ids();
    return g_strv_contains((const char *const *)ids, option->id);
}

static void append_sets(GString *command, const char *set)
{
    g_auto(GStrv) settings = g_strsplit(set, " ", -1);
    for (char **setting = settings; *setting; setting++)
        if (**setting)
            g_string_append_printf(command, " --set %s", *setting);
}

/* Lines that a shell takes for one. */
static void append_command(const Term *term, GString *out, const char *command)
{
    g_auto(GStrv) parts = g_strsplit(command, " --", -1);
    int column = INDENT;
    g_string_append_printf(out, "%*s", INDENT, "");
    for (char **part = parts; *part; part++) {
        int width = (int)strlen(*part) + (part > parts ? (int)strlen(" --") : 0);
        if (part > parts && column + width + (int)strlen(" \\") > term->columns) {
            g_string_append_printf(out, " \\\n%*s", TEXT_INDENT - 1, "");
            column = TEXT_INDENT - 1;
        }
        g_string_append_printf(out, "%s%s", part > parts ? " --" : "", *part);
        column += width;
    }
    g_string_append_c(out, '\n');
}

/* The command that makes the same run again, in the branch that the witness is from. */
static void append_again(const Term *term, GString *out, const Comparison *comparison, const CompareRow *row,
                         const Judgement *judgement, char *const *settings)
{
    if (!is_shipped(row->option))
        return;
    g_autoptr(GString) command = g_string_new(NULL);
    g_string_append_printf(command, "presec run %s --option %s", judgement->witness->scenario, row->option->id);
    for (char *const *setting = settings; setting && *setting; setting++)
        append_sets(command, *setting);
    append_sets(command, report_witness_set(judgement));
    if (comparison->knowledge != 0 && comparison->knowledge != row->option->attackers.knowledge)
        g_string_append_printf(command, " --set knowledge=%u", comparison->knowledge);
    if (comparison->seed != 1)
        g_string_append_printf(command, " --seed %" G_GUINT64_FORMAT, comparison->seed);
    g_string_append(command, " --ladder");
    append_heading(term, out, "To watch it happen");
    append_command(term, out, command->str);
}

void compare_why_append(const Term *term, GString *out, const Comparison *comparison, const CompareRow *row,
                        Property property, char *const *settings)
{
    const Judgement *judgement = row->judgement[property];
    const PropertyInfo *info = &property_info[property];
    append_verdict(term, out, row, info, judgement);
    append_question(term, out, row, info);
    append_attack(term, out, judgement);
    append_conditions(term, out, judgement);
    if (judgement->witness) {
        append_witness(term, out, judgement->witness);
        append_because(term, out, judgement->witness->because);
        append_again(term, out, comparison, row, judgement, settings);
    }
}
