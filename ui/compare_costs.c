/*
 * ui/compare_costs.c - the tables of costs.
 *
 * Source:  ui/compare_costs.h.
 * Knows:   numbers and columns.
 */
#include "ui/compare_costs.h"

#include "ui/compare_groups.h"
#include "ui/text.h"

#include <string.h>

enum { ROW_INDENT = 1 };

/* A column: what stands in it, right-aligned under its head; columns with one band stand together. */
typedef struct CostColumn {
    const char *band, *head;
    int width; /* with the blank before it */
    void (*cell)(GString *out, int width, const Costs *costs, int which);
    int which;
} CostColumn;

typedef struct CostTable {
    const char *title, *about;
    const CostColumn *columns;
    size_t n_columns;
} CostTable;

/* ---- cells ---- */

/* A number, or "-" for what did not happen. */
static void append_number(GString *out, int width, uint64_t number)
{
    if (number > 0)
        g_string_append_printf(out, "%*" G_GUINT64_FORMAT, width, number);
    else
        g_string_append_printf(out, "%*s", width, "-");
}

static void append_decimal(GString *out, int width, const char *format, double number, bool known)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    g_string_append_printf(out, "%*s", width, known ? g_ascii_formatd(text, sizeof text, format, number) : "-");
}

static void append_seconds(GString *out, int width, double seconds)
{
    append_decimal(out, width, "%.2f", seconds, seconds >= 0);
}

static void append_kilo(GString *out, int width, uint64_t octets)
{
    append_decimal(out, width, "%.1f", (double)octets / 1000, octets > 0);
}

static void cell_octets(GString *out, int width, const Costs *costs, int kind)
{
    append_number(out, width, costs->air[kind].octets);
}

static void cell_packets(GString *out, int width, const Costs *costs, int kind)
{
    append_number(out, width, costs->air[kind].packets);
}

static void cell_trips(GString *out, int width, const Costs *costs, int kind)
{
    append_number(out, width,
                  kind == COST_PUBLISH     ? costs->publish_round_trips
                  : kind == COST_SUBSCRIBE ? costs->subscribe_round_trips
                                           : costs->registration_round_trips);
}

static void cell_seconds(GString *out, int width, const Costs *costs, int which)
{
    append_seconds(out, width, costs->times.registration);
}

static void cell_registration(GString *out, int width, const Costs *costs, int access)
{
    append_seconds(out, width, costs->on[access].registration);
}

static void cell_subscribe(GString *out, int width, const Costs *costs, int access)
{
    append_seconds(out, width, costs->on[access].subscribe);
}

static void cell_notify(GString *out, int width, const Costs *costs, int access)
{
    append_seconds(out, width, costs->on[access].notify);
}

static void cell_enciphered(GString *out, int width, const Costs *costs, int node)
{
    append_kilo(out, width, costs->work[node].enciphered);
}

static void cell_authenticated(GString *out, int width, const Costs *costs, int node)
{
    append_kilo(out, width, costs->work[node].authenticated);
}

static void cell_private(GString *out, int width, const Costs *costs, int node)
{
    append_number(out, width, costs->work[node].private_operations);
}

static void cell_public(GString *out, int width, const Costs *costs, int node)
{
    append_number(out, width, costs->work[node].public_operations);
}

static void cell_state(GString *out, int width, const Costs *costs, int which)
{
    append_number(out, width, costs->pcscf_state_octets);
}

static void cell_vectors(GString *out, int width, const Costs *costs, int which)
{
    append_number(out, width, costs->vectors);
}

static void cell_certificates(GString *out, int width, const Costs *costs, int node)
{
    append_number(out, width, costs->certificates[node]);
}

static void cell_change(GString *out, int width, const Costs *costs, int node)
{
    bool frozen = node == COST_CHANGES_PCSCF && costs->changes & COST_CHANGES_PCSCF_REL5;
    g_string_append_printf(out, "%*s", width, frozen ? "Rel-5" : costs->changes & (unsigned)node ? "new" : "-");
}

static void cell_message(GString *out, int width, const Costs *costs, int which)
{
    append_number(out, width, costs->notify_message_octets);
}

static void cell_deflated(GString *out, int width, const Costs *costs, int bare)
{
    append_number(out, width, bare ? costs->notify_deflated_bare_octets : costs->notify_deflated_octets);
}

/* ---- tables ---- */

/* clang-format off: one column a line */
static const CostColumn air_columns[] = {
    { "REGISTER", "octets", 8, cell_octets, COST_REGISTRATION },
    { "REGISTER", "pkts", 5, cell_packets, COST_REGISTRATION },
    { "REGISTER", "RTT", 4, cell_trips, COST_REGISTRATION },
    { "REGISTER", "sec.", 6, cell_seconds, 0 },
    { "REGISTER", "again", 6, cell_octets, COST_REREGISTRATION },
    { NULL, "PUBLISH", 8, cell_octets, COST_PUBLISH },
    { NULL, "SUBSCR.", 8, cell_octets, COST_SUBSCRIBE },
    { NULL, "NOTIFY", 7, cell_octets, COST_NOTIFY },
    { NULL, "cert.", 6, cell_octets, COST_CERTIFICATE },
};
static const CostColumn time_columns[] = {
    { "GPRS", "reg.", 7, cell_registration, COST_GPRS }, { "GPRS", "sub.", 6, cell_subscribe, COST_GPRS },
    { "GPRS", "not.", 6, cell_notify, COST_GPRS },       { "UMTS", "reg.", 7, cell_registration, COST_UMTS },
    { "UMTS", "sub.", 6, cell_subscribe, COST_UMTS },    { "UMTS", "not.", 6, cell_notify, COST_UMTS },
    { "WLAN", "reg.", 7, cell_registration, COST_WLAN }, { "WLAN", "sub.", 6, cell_subscribe, COST_WLAN },
    { "WLAN", "not.", 6, cell_notify, COST_WLAN },
};
static const CostColumn work_columns[] = {
    { "both UEs", "ciph", 6, cell_enciphered, COST_UE },
    { "both UEs", "MAC", 6, cell_authenticated, COST_UE },
    { "both UEs", "prv", 4, cell_private, COST_UE },
    { "both UEs", "pub", 4, cell_public, COST_UE },
    { "P-CSCF", "ciph", 6, cell_enciphered, COST_PCSCF },
    { "P-CSCF", "MAC", 6, cell_authenticated, COST_PCSCF },
    { "P-CSCF", "prv", 4, cell_private, COST_PCSCF },
    { "P-CSCF", "pub", 4, cell_public, COST_PCSCF },
    { "PS", "ciph", 6, cell_enciphered, COST_PS },
    { "PS", "prv", 4, cell_private, COST_PS },
    { "PS", "pub", 4, cell_public, COST_PS },
};
static const CostColumn need_columns[] = {
    { NULL, "state", 6, cell_state, 0 },
    { NULL, "AV", 3, cell_vectors, 0 },
    { "owned by", "UE", 4, cell_certificates, COST_UE },
    { "owned by", "P-C", 4, cell_certificates, COST_PCSCF },
    { "owned by", "PS", 3, cell_certificates, COST_PS },
    { "must change", "UE", 5, cell_change, COST_CHANGES_UE },
    { "must change", "P-C", 6, cell_change, COST_CHANGES_PCSCF },
    { "must change", "S-C", 4, cell_change, COST_CHANGES_SCSCF },
    { "must change", "PS", 4, cell_change, COST_CHANGES_PS },
    { "NOTIFY", "as is", 7, cell_message, 0 },
    { "NOTIFY", "defl.", 6, cell_deflated, false },
    { "NOTIFY", "bare", 6, cell_deflated, true },
};
static const CostTable tables[] = {
    { "What it costs on the air", "octets, with the answers, TCP and TLS", air_columns, G_N_ELEMENTS(air_columns) },
    { "How long it takes", "seconds, with the access replaced", time_columns, G_N_ELEMENTS(time_columns) },
    { "What is computed in the run", "kilo-octets and operations", work_columns, G_N_ELEMENTS(work_columns) },
    { "What there must be", "", need_columns, G_N_ELEMENTS(need_columns) },
};
static const char *const meanings[][2] = {
    { "REGISTER", "the first registration: packets, round trips to the P-CSCF, seconds; again: a later one" },
    { "NOTIFY", "with its answer; its time is from the Presence Server's sending to the watcher's screen" },
    { "cert.", "a certificate that is asked for" },
    { "GPRS", "GEA3, UMTS with UEA1, an open WLAN, unless the option has one of its own; - is not completed" },
    { "ciph, MAC", "octets through ciphers (ESP, TLS, CMS) and under MACs, in thousands; radio ciphers left out" },
    { "prv, pub", "operations with private and with public keys" },
    { "state", "octets that the P-CSCF keeps for one UE" },
    { "AV", "authentication vectors for one registration" },
    { "owned by", "certificates in a network of two UEs" },
    { "must change", "where the gap is now: new, or Rel-5: a specification that was frozen" },
    { "defl.", "what DEFLATE makes of a NOTIFY when both ends know the messages before it; bare: of one that is "
               "not protected end to end" },
};
/* clang-format on */

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

static size_t band_end(const CostTable *table, size_t first)
{
    size_t next = first + 1;
    while (table->columns[first].band && next < table->n_columns && table->columns[next].band &&
           strcmp(table->columns[next].band, table->columns[first].band) == 0)
        next++;
    return next;
}

/* " --- UE ---" over the columns of a band. */
static void append_band(GString *out, const char *band, int width)
{
    int room = width - 1, spare = room - (int)strlen(band), left = (spare - 2) / 2;
    g_string_append_c(out, ' ');
    for (int i = 0; i < left; i++)
        g_string_append_c(out, '-');
    g_string_append_printf(out, "%s%s%s", left >= 0 ? " " : "", band, left >= 0 ? " " : "");
    for (int i = left + (int)strlen(band) + 2; i < room; i++)
        g_string_append_c(out, '-');
}

static void append_bands(GString *out, const CostTable *table)
{
    for (size_t i = 0, next; i < table->n_columns; i = next) {
        int width = 0;
        next = band_end(table, i);
        for (size_t k = i; k < next; k++)
            width += table->columns[k].width;
        if (table->columns[i].band)
            append_band(out, table->columns[i].band, width);
        else
            g_string_append_printf(out, "%*s", width, "");
    }
    g_string_append_c(out, '\n');
}

static void append_heads(const Term *term, GString *out, const CostTable *table, int width)
{
    g_string_append_printf(out, "%*s", ROW_INDENT + width, "");
    gsize start = out->len;
    append_bands(out, table);
    while (out->len > start + 1 && out->str[out->len - 2] == ' ')
        g_string_erase(out, (gssize)out->len - 2, 1);
    g_string_append_printf(out, "%*s%s%-*s", ROW_INDENT, "", term_style(term, STYLE_HEADING), width, "option");
    for (size_t i = 0; i < table->n_columns; i++)
        g_string_append_printf(out, "%*s", table->columns[i].width, table->columns[i].head);
    g_string_append_printf(out, "%s\n", term_style(term, STYLE_PLAIN));
}

static void append_row(const Term *term, GString *out, const CostTable *table, int width, const CompareRow *row)
{
    g_string_append_printf(out, "%*s", ROW_INDENT, "");
    term_append(term, out, STYLE_NAME, row->option->id);
    g_string_append_printf(out, "%*s", width - (int)g_utf8_strlen(row->option->id, -1), "");
    for (size_t i = 0; i < table->n_columns; i++)
        table->columns[i].cell(out, table->columns[i].width, &row->costs, table->columns[i].which);
    g_string_append_c(out, '\n');
}

static void append_table(const Term *term, GString *out, const Comparison *comparison, const CostTable *table,
                         bool grouped)
{
    int width = id_width(comparison);
    const Option *before = NULL;
    term_append(term, out, STYLE_HEADING, table->title);
    g_string_append_printf(out, "%s%s\n", *table->about ? ", " : "", table->about);
    append_heads(term, out, table, width);
    for (guint i = 0; i < comparison->rows->len; i++) {
        const CompareRow *row = row_at(comparison, i);
        if (!row->has_costs)
            continue;
        if (grouped)
            compare_group_append(term, out, before, row->option);
        append_row(term, out, table, width, row);
        before = row->option;
    }
}

static bool any_costs(const Comparison *comparison)
{
    for (guint i = 0; i < comparison->rows->len; i++)
        if (row_at(comparison, i)->has_costs)
            return true;
    return false;
}

void compare_costs_append_short(const Term *term, GString *out, const Comparison *comparison)
{
    if (!any_costs(comparison))
        return;
    g_string_append_c(out, '\n');
    append_table(term, out, comparison, &tables[0], false);
}

void compare_costs_append(const Term *term, GString *out, const Comparison *comparison)
{
    for (size_t i = 0; i < G_N_ELEMENTS(tables); i++) {
        g_string_append(out, i > 0 ? "\n" : "");
        append_table(term, out, comparison, &tables[i], true);
    }
    g_string_append_c(out, '\n');
    for (size_t i = 0; i < G_N_ELEMENTS(meanings); i++) {
        g_autofree char *line = g_strdup_printf("%s: %s.", meanings[i][0], meanings[i][1]);
        text_fill(out, line, ROW_INDENT + 1, term->columns);
    }
}

/* ---- for other pages ---- */

size_t compare_costs_tables(void)
{
    return G_N_ELEMENTS(tables);
}

const char *compare_costs_title(size_t table)
{
    return tables[table].title;
}

size_t compare_costs_columns(size_t table)
{
    return tables[table].n_columns;
}

const char *compare_costs_band(size_t table, size_t column)
{
    return tables[table].columns[column].band;
}

const char *compare_costs_head(size_t table, size_t column)
{
    return tables[table].columns[column].head;
}

void compare_costs_cell(GString *out, size_t table, size_t column, const Costs *costs)
{
    tables[table].columns[column].cell(out, 0, costs, tables[table].columns[column].which);
}

const char *compare_costs_meaning(size_t i, unsigned part)
{
    return i < G_N_ELEMENTS(meanings) ? meanings[i][part] : NULL;
}

/* ---- JSON ---- */

static void add_seconds(JsonBuilder *json, const char *name, double seconds)
{
    json_builder_set_member_name(json, name);
    if (seconds >= 0)
        json_builder_add_double_value(json, seconds);
    else
        json_builder_add_null_value(json);
}

static void add_times(JsonBuilder *json, const char *name, const CostTimes *given)
{
    json_open_object(json, name);
    add_seconds(json, "registration", given->registration);
    add_seconds(json, "publish", given->publish);
    add_seconds(json, "subscribe", given->subscribe);
    add_seconds(json, "notify", given->notify);
    json_builder_end_object(json);
}

static void add_air(JsonBuilder *json, const char *kind, const CostAir *item)
{
    const struct {
        const char *what;
        unsigned number;
    } members[] = { { "octets-air", item->octets },
                    { "packets-air", item->packets },
                    { "messages-air", item->messages },
                    { "times", item->times } };
    for (size_t i = 0; i < G_N_ELEMENTS(members); i++) {
        g_autofree char *name = g_strdup_printf("%s-%s", kind, members[i].what);
        json_add_number(json, name, members[i].number);
    }
}

static void add_work(JsonBuilder *json, const char *node, const CostWork *item)
{
    json_open_object(json, node);
    json_add_number(json, "enciphered-octets", (gint64)item->enciphered);
    json_add_number(json, "authenticated-octets", (gint64)item->authenticated);
    json_add_number(json, "private-key-operations", item->private_operations);
    json_add_number(json, "public-key-operations", item->public_operations);
    json_add_number(json, "key-agreements", item->agreements);
    json_builder_end_object(json);
}

static void add_changes(JsonBuilder *json, unsigned changes)
{
    static const struct {
        unsigned node;
        const char *name;
    } nodes[] = { { COST_CHANGES_UE, "UE" },
                  { COST_CHANGES_PCSCF, "P-CSCF" },
                  { COST_CHANGES_SCSCF, "S-CSCF" },
                  { COST_CHANGES_PS, "PS" } };
    json_open_array(json, "changes");
    for (size_t i = 0; i < G_N_ELEMENTS(nodes); i++)
        if (changes & nodes[i].node)
            json_builder_add_string_value(json, nodes[i].name);
    json_builder_end_array(json);
    json_add_bool(json, "changes-release-5", changes & COST_CHANGES_PCSCF_REL5);
}

static void add_in_full(JsonBuilder *json, const Costs *costs)
{
    json_open_object(json, "on");
    for (CostAccess access = 0; access < N_COST_ACCESSES; access++)
        add_times(json, cost_access_name[access], &costs->on[access]);
    json_builder_end_object(json);
    json_add_number(json, "notify-message-octets", costs->notify_message_octets);
    json_add_number(json, "notify-deflated-octets", costs->notify_deflated_octets);
    json_add_number(json, "notify-deflated-octets-without-e2e", costs->notify_deflated_bare_octets);
}

void compare_costs_add(JsonBuilder *json, const Costs *costs)
{
    for (CostKind kind = 0; kind < N_COST_KINDS; kind++)
        add_air(json, cost_kind_name[kind], &costs->air[kind]);
    json_add_number(json, "registration-round-trips", costs->registration_round_trips);
    json_add_number(json, "publish-round-trips", costs->publish_round_trips);
    json_add_number(json, "subscribe-round-trips", costs->subscribe_round_trips);
    add_times(json, "seconds", &costs->times);
    json_open_object(json, "work");
    for (CostNode node = 0; node < N_COST_NODES; node++)
        add_work(json, cost_node_name[node], &costs->work[node]);
    json_builder_end_object(json);
    json_add_number(json, "authentication-vectors", costs->vectors);
    json_add_number(json, "pcscf-state-octets", costs->pcscf_state_octets);
    json_open_object(json, "certificates");
    for (CostNode node = 0; node < COST_GATEWAYS; node++)
        json_add_number(json, cost_node_name[node], costs->certificates[node]);
    json_builder_end_object(json);
    add_changes(json, costs->changes);
    if (costs->has_accesses)
        add_in_full(json, costs);
}
