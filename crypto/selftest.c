/*
 * crypto/selftest.c - reads a vector file block by block and has each checked by its kind.
 *
 * Source:  the format of tests/vectors/README.md.
 * Knows:   see selftest.h.
 */
#include "crypto/selftest.h"

#include "crypto/selftest_kinds.h"

#include <string.h>

/* ---- reading ---- */

/* One file being read.  Lines come as views into the text. */
typedef struct {
    SelftestReport *report;
    const char *file;
    const char *p, *end; /* what is left */
    unsigned line;       /* of the line last read */
    char *id;            /* of the block being read; NULL outside of one */
    unsigned id_line;
    bool broken;      /* the block has a syntax error: its fields are ignored */
    GArray *fields;   /* of SelftestField */
    GPtrArray *owned; /* names and values of the fields */
} Reader;

typedef struct {
    const char *p;
    size_t len;
} Line;

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static Line trim(Line line)
{
    while (line.len && is_space(line.p[line.len - 1]))
        line.len--;
    while (line.len && is_space(*line.p)) {
        line.p++;
        line.len--;
    }
    return line;
}

static bool next_line(Reader *reader, Line *line)
{
    if (reader->p == reader->end)
        return false;
    const char *newline = memchr(reader->p, '\n', (size_t)(reader->end - reader->p));
    const char *stop = newline ? newline : reader->end;
    *line = trim((Line){ reader->p, (size_t)(stop - reader->p) });
    reader->p = newline ? newline + 1 : reader->end;
    reader->line++;
    return true;
}

static SelftestResult *add_result(Reader *reader, unsigned line)
{
    SelftestResult *result = g_new0(SelftestResult, 1);
    result->file = g_strdup(reader->file);
    result->block = g_strdup(reader->id ? reader->id : "");
    result->line = line;
    result->kind = "";
    g_ptr_array_add(reader->report->results, result);
    return result;
}

/* Whatever is left unset becomes the empty text, so that nobody has to look for NULL. */
static void seal_result(SelftestResult *result)
{
    char **const texts[] = { &result->what, &result->expected, &result->got };
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        if (!*texts[i])
            *texts[i] = g_strdup("");
}

static void syntax_error(Reader *reader, const char *what)
{
    SelftestResult *result = add_result(reader, reader->line);
    result->verdict = SELFTEST_SYNTAX;
    result->what = g_strdup(what);
    seal_result(result);
    reader->report->syntax++;
    reader->broken = true;
}

static int hex_digit(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/* NULL and a reason, or the octets with a NUL behind them. */
static uint8_t *read_hex(Line value, size_t *len, const char **why)
{
    g_autofree uint8_t *out = g_malloc(value.len / 2 + 1);
    *why = value.len % 2 ? "odd number of hex digits" : NULL;
    for (size_t i = 0; i + 1 < value.len; i += 2) {
        const int high = hex_digit(value.p[i]), low = hex_digit(value.p[i + 1]);
        if (high < 0 || low < 0)
            *why = "a value is hex digits, or text in double quotes";
        else
            out[i / 2] = (uint8_t)(high << 4 | low);
    }
    *len = value.len / 2;
    out[*len] = '\0';
    return *why ? NULL : g_steal_pointer(&out);
}

static uint8_t *read_text(Line value, size_t *len, const char **why)
{
    g_autofree uint8_t *out = g_malloc(value.len + 1);
    size_t n = 0, i = 1; /* past the opening quote */
    for (; i < value.len && value.p[i] != '"'; i++) {
        char c = value.p[i];
        if (c == '\\' && ++i < value.len) {
            const char *escape = strchr("\"\\rn", value.p[i]);
            if (!escape || !*escape) {
                *why = "unknown escape; allowed are \\\" \\\\ \\r \\n";
                return NULL;
            }
            c = value.p[i] == 'r' ? '\r' : value.p[i] == 'n' ? '\n' : value.p[i];
        }
        out[n++] = (uint8_t)c;
    }
    *why = i + 1 == value.len ? NULL
           : i >= value.len   ? "the closing quote is missing"
                              : "something follows the closing quote";
    out[n] = '\0';
    *len = n;
    return *why ? NULL : g_steal_pointer(&out);
}

static bool name_is_good(Line name)
{
    if (name.len == 0)
        return false;
    for (size_t i = 0; i < name.len; i++)
        if (!g_ascii_isalnum(name.p[i]) && name.p[i] != '_')
            return false;
    return true;
}

static bool seen_before(const Reader *reader, Line name)
{
    for (guint i = 0; i < reader->fields->len; i++) {
        const char *other = g_array_index(reader->fields, SelftestField, i).name;
        if (strlen(other) == name.len && memcmp(other, name.p, name.len) == 0)
            return true;
    }
    return false;
}

static void read_field(Reader *reader, Line line)
{
    const char *equals = memchr(line.p, '=', line.len);
    if (!equals) {
        syntax_error(reader, "expected [block-id], name = value, or a # comment");
        return;
    }
    const Line name = trim((Line){ line.p, (size_t)(equals - line.p) });
    const Line value = trim((Line){ equals + 1, line.len - (size_t)(equals + 1 - line.p) });
    const char *why = NULL;
    if (!name_is_good(name))
        why = "a name is letters, digits and underscores";
    else if (seen_before(reader, name))
        why = "this name was already given in the block";
    else if (reader->fields->len == SELFTEST_FIELDS_MAX)
        why = "too many fields in one block";
    if (why) {
        syntax_error(reader, why);
        return;
    }
    SelftestField field = { .line = reader->line, .is_text = value.len && *value.p == '"' };
    uint8_t *octets = field.is_text ? read_text(value, &field.len, &why) : read_hex(value, &field.len, &why);
    if (!octets) {
        syntax_error(reader, why);
        return;
    }
    char *own_name = g_strndup(name.p, name.len);
    g_ptr_array_add(reader->owned, octets);
    g_ptr_array_add(reader->owned, own_name);
    field.octets = octets;
    field.name = own_name;
    g_array_append_val(reader->fields, field);
}

/* ---- checking ---- */

static const SelftestKind *find_in(const SelftestKind kinds[], const SelftestBlock *block)
{
    for (; kinds->name; kinds++)
        if (kinds->applies(block))
            return kinds;
    return NULL;
}

static const SelftestKind *find_kind(const SelftestReport *report, const SelftestBlock *block)
{
    static const SelftestKind *const own[] = { selftest_aka_kinds, selftest_esp_kinds, selftest_plain_kinds };
    for (guint i = 0; i < report->kinds->len; i++) {
        const SelftestKind *kind = g_ptr_array_index(report->kinds, i);
        if (kind->applies(block))
            return kind;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(own); i++) {
        const SelftestKind *kind = find_in(own[i], block);
        if (kind)
            return kind;
    }
    return NULL;
}

static void count(SelftestReport *report, SelftestVerdict verdict)
{
    switch (verdict) {
    case SELFTEST_PASS: report->passed++; return;
    case SELFTEST_FAIL:
    case SELFTEST_INVALID: report->failed++; return;
    case SELFTEST_UNKNOWN: report->unknown++; return;
    case SELFTEST_SYNTAX: report->syntax++; return;
    }
}

static void check_block(Reader *reader)
{
    const SelftestBlock block = { reader->id, reader->id_line, (const SelftestField *)(void *)reader->fields->data,
                                  reader->fields->len };
    SelftestResult *result = add_result(reader, reader->id_line);
    SelftestCheck check = { result };
    const SelftestKind *kind = find_kind(reader->report, &block);
    if (kind) {
        result->kind = kind->name;
        kind->check(&block, &check);
        if (result->verdict == SELFTEST_PASS && result->checks == 0)
            selftest_invalid(&check, "no answer to compare with");
    } else {
        result->verdict = SELFTEST_UNKNOWN;
        result->what = g_strdup("unknown block kind");
    }
    seal_result(result);
    count(reader->report, result->verdict);
}

static void end_block(Reader *reader)
{
    if (reader->id && !reader->broken)
        check_block(reader);
    g_clear_pointer(&reader->id, g_free);
    reader->broken = false;
    g_array_set_size(reader->fields, 0);
    g_ptr_array_set_size(reader->owned, 0);
}

static void begin_block(Reader *reader, Line line)
{
    end_block(reader);
    reader->id_line = reader->line;
    if (line.len < 3 || line.p[line.len - 1] != ']' || memchr(line.p, '\0', line.len)) {
        reader->id = g_strdup("");
        syntax_error(reader, "a block begins with [block-id]");
        return;
    }
    reader->id = g_strndup(line.p + 1, line.len - 2);
}

static void read_line(Reader *reader, Line line)
{
    if (line.len == 0)
        end_block(reader);
    else if (*line.p == '#')
        return;
    else if (*line.p == '[')
        begin_block(reader, line);
    else if (!reader->id && !reader->broken)
        syntax_error(reader, "a field outside of any block; a block begins with [block-id] and ends at an empty line");
    else if (!reader->broken)
        read_field(reader, line);
}

bool selftest_run(const char *name, const char *text, size_t len, SelftestReport *report)
{
    const unsigned bad = report->failed + report->unknown + report->syntax;
    Reader reader = { .report = report, .file = name, .p = text, .end = text + len };
    reader.fields = g_array_new(FALSE, FALSE, sizeof(SelftestField));
    reader.owned = g_ptr_array_new_with_free_func(g_free);
    if (len > SELFTEST_FILE_MAX)
        syntax_error(&reader, "the file is too large");
    else
        for (Line line; next_line(&reader, &line);)
            read_line(&reader, line);
    end_block(&reader);
    g_array_free(reader.fields, TRUE);
    g_ptr_array_free(reader.owned, TRUE);
    return report->failed + report->unknown + report->syntax == bad;
}

/* ---- the report ---- */

static void result_free(gpointer data)
{
    SelftestResult *result = data;
    g_free(result->file);
    g_free(result->block);
    g_free(result->what);
    g_free(result->expected);
    g_free(result->got);
    g_free(result);
}

void selftest_report_init(SelftestReport *report)
{
    *report = (SelftestReport){ .results = g_ptr_array_new_with_free_func(result_free), .kinds = g_ptr_array_new() };
}

void selftest_report_clear(SelftestReport *report)
{
    g_ptr_array_free(report->results, TRUE);
    g_ptr_array_free(report->kinds, TRUE);
    *report = (SelftestReport){ 0 };
}

void selftest_add(SelftestReport *report, const SelftestKind *kind)
{
    g_ptr_array_add(report->kinds, (gpointer)kind);
}

const char *selftest_verdict_name(SelftestVerdict verdict)
{
    switch (verdict) {
    case SELFTEST_PASS: return "pass";
    case SELFTEST_FAIL: return "fail";
    case SELFTEST_INVALID: return "invalid";
    case SELFTEST_UNKNOWN: return "unknown";
    case SELFTEST_SYNTAX: return "syntax error";
    }
    g_assert_not_reached();
}
