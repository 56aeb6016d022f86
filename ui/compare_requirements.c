/*
 * ui/compare_requirements.c - the table of requirements.
 *
 * Source:  ui/compare_requirements.h.
 * Knows:   answers as values.
 */
#include "ui/compare_requirements.h"

#include "ui/compare_groups.h"
#include "ui/text.h"

#include <string.h>

enum { ROW_INDENT = 1, REMARK_INDENT = 4, LEGEND_INDENT = 2, CELL_WIDTH = 4, FATE_WIDTH = 8 };

const char *compare_answer_word(Answer answer)
{
    switch (answer) {
    case ANSWER_YES: return "yes";
    case ANSWER_PARTLY: return "part";
    case ANSWER_VACUOUSLY: return "vac.";
    case ANSWER_NO: return "NO";
    case ANSWER_NOT_APPLICABLE: return "n/a";
    case ANSWER_NOT_JUDGED: return "-";
    }
    g_assert_not_reached();
}

TermStyle compare_answer_style(Answer answer)
{
    switch (answer) {
    case ANSWER_YES: return STYLE_GOOD;
    case ANSWER_PARTLY: return STYLE_DOUBT;
    case ANSWER_VACUOUSLY: return STYLE_ABSENT;
    case ANSWER_NO: return STYLE_BAD;
    case ANSWER_NOT_APPLICABLE:
    case ANSWER_NOT_JUDGED: return STYLE_ABSENT;
    }
    g_assert_not_reached();
}

static const char *fate_word(MessageFate fate)
{
    switch (fate) {
    case MESSAGE_NONE: return "-";
    case MESSAGE_HIDDEN: return "hidden";
    case MESSAGE_READ: return "READ";
    case MESSAGE_NOT_SENT: return "not sent";
    case MESSAGE_REFUSED: return "refused";
    case MESSAGE_REFUSED_TOO_LATE: return "too late";
    case MESSAGE_FAILED: return "failed";
    }
    g_assert_not_reached();
}

static TermStyle fate_style(MessageFate fate)
{
    switch (fate) {
    case MESSAGE_HIDDEN: return STYLE_GOOD;
    case MESSAGE_READ:
    case MESSAGE_REFUSED_TOO_LATE: return STYLE_BAD;
    case MESSAGE_NONE:
    case MESSAGE_NOT_SENT:
    case MESSAGE_REFUSED:
    case MESSAGE_FAILED: return STYLE_ABSENT;
    }
    g_assert_not_reached();
}

static const CompareRow *row_at(const Comparison *comparison, guint i)
{
    return comparison->rows->pdata[i];
}

static int id_width(const Comparison *comparison)
{
    int width = (int)strlen("option");
    for (guint i = 0; i < comparison->rows->len; i++)
        width = MAX(width, (int)g_utf8_strlen(row_at(comparison, i)->option->id, -1));
    return width;
}

/* ---- head ---- */

static bool begins_span(Requirement r)
{
    return r == 0 || strcmp(requirement_info[r].asks, requirement_info[r - 1].asks) != 0;
}

/* "----- R10 ----" over the columns of one requirement; nothing over one that stands alone. */
static void append_spans(GString *out, int indent)
{
    g_string_append_printf(out, "%*s", indent, "");
    for (Requirement r = 0, next; r < N_REQUIREMENTS; r = next) {
        for (next = r + 1; next < N_REQUIREMENTS && !begins_span(next); next++)
            ;
        int width = (int)(next - r) * (CELL_WIDTH + 1) - 1;
        int left = (width - (int)strlen(requirement_info[r].asks) - 2) / 2;
        if (next == r + 1) {
            g_string_append_printf(out, " %*s", width, "");
            continue;
        }
        g_string_append_c(out, ' ');
        for (int i = 0; i < width; i++)
            g_string_append_c(out, '-');
        char *span = out->str + out->len - width;
        memset(span + left, ' ', strlen(requirement_info[r].asks) + 2);
        memcpy(span + left + 1, requirement_info[r].asks, strlen(requirement_info[r].asks));
    }
    g_string_append_c(out, '\n');
}

static void append_head(const Term *term, GString *out, int width)
{
    append_spans(out, ROW_INDENT + width);
    g_string_append_printf(out, "%*s%s%-*s", ROW_INDENT, "", term_style(term, STYLE_HEADING), width, "option");
    for (Requirement r = 0; r < N_REQUIREMENTS; r++)
        g_string_append_printf(out, " %-*s", CELL_WIDTH, requirement_info[r].head);
    g_string_append_printf(out, " MESSAGE%s\n", term_style(term, STYLE_PLAIN));
}

/* ---- rows ---- */

static void append_row(const Term *term, GString *out, int width, const CompareRow *row)
{
    g_autoptr(Conformances) all = requirements_judge(row);
    g_string_append_printf(out, "%*s", ROW_INDENT, "");
    term_append(term, out, STYLE_NAME, row->option->id);
    g_string_append_printf(out, "%*s", width - (int)g_utf8_strlen(row->option->id, -1), "");
    for (Requirement r = 0; r < N_REQUIREMENTS; r++) {
        const char *word = compare_answer_word(all->item[r].answer);
        g_string_append_c(out, ' ');
        term_append(term, out, compare_answer_style(all->item[r].answer), word);
        g_string_append_printf(out, "%*s", CELL_WIDTH - (int)strlen(word), "");
    }
    g_string_append_c(out, ' ');
    term_append(term, out, fate_style(row->message), fate_word(row->message));
    g_string_append_c(out, '\n');
    text_fill(out, all->remark, REMARK_INDENT, term->columns);
}

/* ---- legend ---- */

static void append_answers(const Term *term, GString *out)
{
    static const struct {
        Answer answer;
        const char *means;
    } meanings[] = {
        { ANSWER_YES, "satisfied" },
        { ANSWER_PARTLY, "in part, see the remark" },
        { ANSWER_VACUOUSLY, "vacuously: nothing is sent" },
        { ANSWER_NO, "not satisfied" },
        { ANSWER_NOT_APPLICABLE, "does not apply" },
    };
    g_string_append_printf(out, "\n%*s", LEGEND_INDENT, "");
    for (size_t i = 0; i < G_N_ELEMENTS(meanings); i++) {
        g_string_append(out, i == 3 ? "\n  " : i > 0 ? "   " : "");
        term_append(term, out, compare_answer_style(meanings[i].answer), compare_answer_word(meanings[i].answer));
        g_string_append_printf(out, " %s", meanings[i].means);
    }
    g_string_append_c(out, '\n');
}

static void append_legend(const Term *term, GString *out)
{
    append_answers(term, out);
    for (Requirement r = 0; r < N_REQUIREMENTS; r++) {
        const RequirementInfo *info = &requirement_info[r];
        bool named = strcmp(info->asks, info->head) == 0;
        g_autofree char *head = g_strdup_printf("%s%s%s", info->asks, named ? "" : " ", named ? "" : info->head);
        g_string_append_printf(out, "%*s", LEGEND_INDENT, "");
        g_string_append(out, term_style(term, STYLE_HEADING));
        text_pad(out, head, 9);
        g_string_append_printf(out, "%s%s\n", term_style(term, STYLE_PLAIN), info->title);
    }
    text_fill(out,
              "MESSAGE: an instant message of hers on the same leg: hidden (delivered, not read on the air), READ "
              "(delivered and read), not sent (her UE refused), refused, too late (refused when it had been read).",
              LEGEND_INDENT, term->columns);
    text_fill(out,
              "An answer is about the words of the requirement; the verdicts it rests on are those of presec compare. "
              "presec explain R27 gives the source.",
              LEGEND_INDENT, term->columns);
}

void compare_requirements_append(const Term *term, GString *out, const Comparison *comparison)
{
    int width = id_width(comparison);
    append_head(term, out, width);
    for (guint i = 0; i < comparison->rows->len; i++) {
        compare_group_append(term, out, i > 0 ? row_at(comparison, i - 1)->option : NULL,
                             row_at(comparison, i)->option);
        append_row(term, out, width, row_at(comparison, i));
    }
    append_legend(term, out);
}

/* ---- JSON ---- */

static void add_one(JsonBuilder *json, Requirement requirement, const Conformance *item)
{
    json_open_object(json, requirement_info[requirement].id);
    json_add_text(json, "requirement", requirement_info[requirement].asks);
    json_add_text(json, "answer", answer_text(item->answer));
    json_add_texts(json, "remarks", item->remarks);
    json_open_array(json, "rests-on");
    for (size_t p = 0; p < N_PROPERTIES; p++)
        if (item->rests_on[p])
            json_builder_add_string_value(json, property_info[p].id);
    json_builder_end_array(json);
    json_builder_end_object(json);
}

void compare_requirements_add(JsonBuilder *json, const CompareRow *row)
{
    g_autoptr(Conformances) all = requirements_judge(row);
    json_open_object(json, "requirements");
    json_open_object(json, "answers");
    for (Requirement r = 0; r < N_REQUIREMENTS; r++)
        add_one(json, r, &all->item[r]);
    json_builder_end_object(json);
    json_add_text(json, "message", message_fate_text(row->message));
    json_add_text(json, "remark", all->remark);
    json_builder_end_object(json);
}
