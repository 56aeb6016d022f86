/*
 * tests/oracle/test_oracle.c - the verdicts of every shipped option against those worked out by hand from the
 * documents, and what a verdict must come with.
 *
 * Source:  oracle.csv (one verdict a line, with reasons).  Only this test reads it.
 */
#include "nodes/pki.h"
#include "scenarios/compare.h"
#include "scenarios/scenario.h"
#include "scenarios/world.h"
#include "tests/oracle/support/frames.h"
#include "tests/oracle/table/table.h"

#include <glib/gstdio.h>
#include <string.h>

enum { SEED = 1, KNOWLEDGE = 2021 };

/* ---- the comparison, once for all tests ---- */

typedef struct Fixture {
    GPtrArray *options; /* Option * */
    Comparison *comparison;
    Pki *pki; /* for the runs that are made once more */
} Fixture;

/* Under the sanitizers, ten times as slow, the options asked about first stand for all; the release build runs all. */
#ifdef __SANITIZE_ADDRESS__
#define SANITIZED true
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED true
#endif
#endif
#ifndef SANITIZED
#define SANITIZED false
#endif
enum { CELLS_LEAST = SANITIZED ? 150 : 375 };

static bool is_wanted(const Option *option)
{
    static const char *const others[] = { "access-gea1", "access-gea2", "block-ue", NULL }; /* tests below name them */
    return !SANITIZED || option->shown_first || g_strv_contains(others, option->id);
}

static Comparison *compare(Option *const *options, unsigned n)
{
    CompareConfig config = { .options = options, .n_options = n, .seed = SEED, .knowledge = KNOWLEDGE, .jobs = 2 };
    g_autoptr(GError) error = NULL;
    Comparison *comparison = compare_options(&config, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(comparison->rows->len, ==, n);
    return comparison;
}

static Option *load(const char *id_or_file)
{
    g_autoptr(Diagnostics) diagnostics = diagnostics_new();
    Option *option = option_load(id_or_file, diagnostics);
    g_assert_nonnull(option);
    return option;
}

static void fixture_init(Fixture *fixture)
{
    g_auto(GStrv) ids = option_ids();
    fixture->options = g_ptr_array_new_with_free_func((GDestroyNotify)option_free);
    for (char **id = ids; *id != NULL; id++) {
        Option *option = load(*id);
        if (is_wanted(option))
            g_ptr_array_add(fixture->options, option);
        else
            option_free(option);
    }
    fixture->pki = pki_new(SEED);
    fixture->comparison = compare((Option *const *)fixture->options->pdata, fixture->options->len);
}

static void fixture_clear(Fixture *fixture)
{
    comparison_free(fixture->comparison);
    g_ptr_array_unref(fixture->options);
    pki_unref(fixture->pki);
}

static const CompareRow *row_named(const Fixture *fixture, const char *row, guint from, guint *at)
{
    for (guint i = from; i < fixture->comparison->rows->len; i++) {
        const CompareRow *candidate = fixture->comparison->rows->pdata[i];
        if (candidate->option->row == NULL || strcmp(candidate->option->row, row) != 0)
            continue;
        *at = i;
        return candidate;
    }
    return NULL;
}

/* ---- every verdict of the table ---- */

/* Where the runs say otherwise and are believed.  The table keeps its verdict; this one must stay what it is. */
static const struct {
    const char *row, *column;
    Verdict ours;
    const char *why;
} contested[] = {
    { "O3t", "P11", VERDICT_NOT_AVAILABLE,
      "the table takes O3b's sizes; a tunnel carries the headers twice, and the least NOTIFY and PUBLISH of it measure "
      "1.4 to 1.8 kB, above the 1300 of RFC 3261 18.1.1, unsigned and minimal too" },
};

static const Verdict *contested_verdict(const Expected *expected)
{
    for (size_t i = 0; i < G_N_ELEMENTS(contested); i++)
        if (strcmp(contested[i].row, expected->row) == 0 && strcmp(contested[i].column, expected->column) == 0)
            return &contested[i].ours;
    return NULL;
}

static bool agrees(const CompareRow *row, const Expected *expected)
{
    const PropertyInfo *property = property_find(expected->column);
    if (property == NULL)
        return true; /* a column that is not computed */
    const Judgement *judgement = row->judgement[property->property];
    const Verdict *ours = contested_verdict(expected);
    if (strcmp(verdict_text(judgement->verdict), ours != NULL ? verdict_text(*ours) : expected->verdict) == 0)
        return true;
    g_test_message("%s (%s) %s: %s, expected %s because %s: %s", row->option->id, expected->row, expected->column,
                   verdict_text(judgement->verdict), expected->verdict, expected->reasons, judgement->reason);
    return false;
}

static void test_table(gconstpointer data)
{
    const Fixture *fixture = data;
    g_autoptr(GPtrArray) table = oracle_table();
    unsigned compared = 0, differing = 0;

    for (guint i = 0; i < table->len; i++) {
        const Expected *expected = table->pdata[i];
        const CompareRow *row;
        for (guint at = 0; (row = row_named(fixture, expected->row, at, &at)) != NULL; at++) {
            compared++;
            differing += !agrees(row, expected);
        }
    }
    g_test_message("%u cells compared, %u differ", compared, differing);
    g_assert_cmpuint(compared, >=, CELLS_LEAST);
    g_assert_cmpuint(differing, ==, 0);
}

/* ---- what is in no table ---- */

static const Judgement *cell(const Fixture *fixture, const char *id, Property property)
{
    for (guint i = 0; i < fixture->comparison->rows->len; i++) {
        const CompareRow *row = fixture->comparison->rows->pdata[i];
        if (strcmp(row->option->id, id) == 0)
            return row->judgement[property];
    }
    g_error("no option %s", id);
}

/* threats K16: work and known octets are the hurdle; both sides are run. */
static void test_gea2_depends_on_work(gconstpointer data)
{
    static const Property properties[] = { PROPERTY_PUBLISH_BODY_AIR, PROPERTY_NOTIFY_BODY_AIR, PROPERTY_RELATION_AIR,
                                           PROPERTY_IDENTITY_UNLINKABLE };
    for (size_t i = 0; i < G_N_ELEMENTS(properties); i++) {
        const Judgement *judgement = cell(data, "access-gea2", properties[i]);
        g_test_message("%s: %s", property_info[properties[i]].id, verdict_text(judgement->verdict));
        g_assert_cmpint(judgement->verdict, ==, VERDICT_DEPENDS);
        g_assert_cmpuint(judgement->conditions->len, ==, 2);
    }
}

static void test_gea1_holds_in_2003(gconstpointer data)
{
    static const Property properties[] = { PROPERTY_PUBLISH_BODY_AIR, PROPERTY_NOTIFY_BODY_AIR, PROPERTY_RELATION_AIR,
                                           PROPERTY_IDENTITY_UNLINKABLE };
    g_autoptr(Option) option = load("access-gea1");
    for (size_t i = 0; i < G_N_ELEMENTS(properties); i++) {
        Judgement *judgement = compare_property(option, properties[i], SEED, 2003);
        g_assert_cmpint(judgement->verdict, ==, VERDICT_HOLDS);
        judgement_free(judgement);
    }
}

/* ---- a name is only a name ---- */

static void assert_same(const Judgement *a, const Judgement *b)
{
    g_assert_cmpint(a->verdict, ==, b->verdict);
    g_assert_cmpstr(a->attack, ==, b->attack);
    g_assert_cmpstr(a->reason, ==, b->reason);
    g_assert_true((a->witness == NULL) == (b->witness == NULL));
    if (a->witness == NULL)
        return;
    g_assert_cmpuint(a->witness->packet, ==, b->witness->packet);
    g_assert_cmpstr(a->witness->excerpt, ==, b->witness->excerpt);
}

/* The shipped file under another name and with another id. */
static Option *renamed(const char *id, const char *directory)
{
    g_autofree char *from = g_strdup_printf("../../scenarios/options/%s.xml", id);
    g_autofree char *to = g_build_filename(directory, "something-else.xml", NULL);
    g_autofree char *old = g_strdup_printf("id=\"%s\"", id);
    g_autofree char *text = NULL;
    g_assert_true(g_file_get_contents(from, &text, NULL, NULL));
    g_auto(GStrv) parts = g_strsplit(text, old, 2);
    g_assert_nonnull(parts[1]);
    g_autofree char *changed = g_strjoinv("id=\"something-else\"", parts);
    g_assert_true(g_file_set_contents(to, changed, -1, NULL));
    Option *option = load(to);
    g_assert_cmpint(g_unlink(to), ==, 0);
    return option;
}

static void test_names(gconstpointer data)
{
    static const char *const ids[] = { "rel6", "mandate", "access-gea1", "block-ue" };
    const Fixture *fixture = data;
    g_autofree char *directory = g_dir_make_tmp("presec-oracle-XXXXXX", NULL);

    g_assert_nonnull(directory);
    for (size_t i = 0; i < G_N_ELEMENTS(ids); i++) {
        g_autoptr(Option) other = renamed(ids[i], directory);
        g_assert_cmpstr(other->id, ==, "something-else");
        g_autoptr(Comparison) comparison = compare(&other, 1);
        const CompareRow *row = comparison->rows->pdata[0];
        for (unsigned p = 0; p < N_PROPERTIES; p++)
            assert_same(row->judgement[p], cell(fixture, ids[i], (Property)p));
    }
    g_assert_cmpint(g_rmdir(directory), ==, 0);
}

/* ---- witnesses ---- */

static Scenario *load_scenario(const char *id)
{
    g_autoptr(Diagnostics) diagnostics = diagnostics_new();
    Scenario *scenario = scenario_load(id, diagnostics);
    g_assert_nonnull(scenario);
    return scenario;
}

/* "standard", "standard+AT-20" */
static Scenario *scenario_of(const char *run)
{
    g_auto(GStrv) parts = g_strsplit(run, "+", 2);
    g_autoptr(Scenario) cast = load_scenario(parts[0]);
    if (parts[1] == NULL)
        return g_steal_pointer(&cast);
    g_autoptr(Scenario) attack = load_scenario(parts[1]);
    return scenario_merge(cast, attack);
}

/* The settings of the branch that the witness comes from: the first one that is violated. */
static Option *branch_of(const Option *option, const Judgement *judgement)
{
    Option *branch = option_copy(option);
    bool set = option_set(branch, "knowledge", G_STRINGIFY(2021), NULL);
    g_assert_true(set);
    for (guint i = 0; i < judgement->conditions->len; i++) {
        const Condition *condition = judgement->conditions->pdata[i];
        if (condition->verdict != VERDICT_VIOLATED)
            continue;
        g_auto(GStrv) settings = g_strsplit(condition->set, " ", -1);
        for (char **setting = settings; *setting != NULL; setting++)
            g_assert_true(**setting == '\0' || option_set_text(branch, *setting, NULL));
        break;
    }
    return branch;
}

/* Whether the witness is what somebody read, and its octets stand in the frame as they are. */
static bool is_plain(const char *reason)
{
    return strstr(reason, " read ") != NULL && strstr(reason, "broken") == NULL && strstr(reason, "relayed") == NULL &&
           strstr(reason, "opened") == NULL && strstr(reason, "inside the node") == NULL &&
           strstr(reason, "ended himself") == NULL && strstr(reason, " certificate ") == NULL;
}

enum { SEGMENTS_MAX = 40 };

/* A message over TCP is complete with its last segment; what is shown of it may stand in one before. */
static bool stands_in(const uint8_t *file, size_t len, const Witness *witness)
{
    for (uint64_t back = 0; back < SEGMENTS_MAX && back < witness->packet; back++) {
        Frame frame;
        g_assert_true(frames_get(file, len, witness->packet - back, &frame));
        if (strcmp(frame.interface, witness->segment) == 0 && frame_contains(&frame, witness->excerpt))
            return true;
    }
    return false;
}

static void check_frame(const Judgement *judgement, const uint8_t *file, size_t len)
{
    const Witness *witness = judgement->witness;
    Frame frame;
    g_assert_true(frames_get(file, len, witness->packet, &frame));
    if (strchr(witness->segment, ':') != NULL && strstr(judgement->reason, "relayed") == NULL)
        g_assert_cmpstr(frame.interface, ==, witness->segment);
    if (is_plain(judgement->reason))
        g_assert_true(stands_in(file, len, witness));
}

static void check_witness(const CompareRow *row, Property property, Pki *pki)
{
    const Judgement *judgement = row->judgement[property];
    const Witness *witness = judgement->witness;

    g_test_message("%s %s: %s, frame %" G_GUINT64_FORMAT " on %s, \"%s\"", row->option->id, property_info[property].id,
                   witness->scenario, witness->packet, witness->segment, witness->excerpt);
    g_assert_nonnull(witness->because);
    g_assert_nonnull(witness->because[0]);
    g_assert_cmpuint(strlen(witness->excerpt), >, 0);
    g_assert_cmpuint(witness->packet, >, 0);
    g_autoptr(Scenario) scenario = scenario_of(witness->scenario);
    g_autoptr(Option) option = branch_of(row->option, judgement);
    WorldFlags flags = { .trace = true, .capture = true, .pki = pki };
    g_autoptr(World) world = world_new(scenario, option, SEED, &flags);
    size_t len;
    g_assert_cmpint(world_run(world, 0), ==, WORLD_DONE);
    const uint8_t *file = capture_file(world_capture(world), &len);
    check_frame(judgement, file, len);
}

static void test_witnesses(gconstpointer data)
{
    const Fixture *fixture = data;
    unsigned checked = 0;
    for (guint i = 0; i < fixture->comparison->rows->len; i++) {
        const CompareRow *row = fixture->comparison->rows->pdata[i];
        for (unsigned p = 0; p < N_PROPERTIES; p++) {
            const Judgement *judgement = row->judgement[p];
            bool violated = judgement->verdict == VERDICT_VIOLATED;
            for (guint c = 0; c < judgement->conditions->len; c++)
                violated |= ((const Condition *)judgement->conditions->pdata[c])->verdict == VERDICT_VIOLATED;
            if (!violated) {
                g_assert_null(judgement->witness);
                continue;
            }
            g_assert_nonnull(judgement->witness);
            check_witness(row, (Property)p, fixture->pki);
            checked++;
        }
    }
    g_assert_cmpuint(checked, >, 50);
}

int main(int argc, char **argv)
{
    Fixture fixture;

    g_test_init(&argc, &argv, NULL);
    fixture_init(&fixture);
    g_test_add_data_func("/oracle/every-verdict-of-the-table", &fixture, test_table);
    g_test_add_data_func("/oracle/gea2-depends-on-the-work", &fixture, test_gea2_depends_on_work);
    g_test_add_data_func("/oracle/gea1-holds-in-2003", &fixture, test_gea1_holds_in_2003);
    g_test_add_data_func("/oracle/a-name-is-only-a-name", &fixture, test_names);
    g_test_add_data_func("/oracle/witnesses-are-in-the-capture", &fixture, test_witnesses);
    int result = g_test_run();
    fixture_clear(&fixture);
    return result;
}
