/*
 * tests/scenarios/test_world.c - worlds: the same seed gives the same octets, and strangers change nothing.
 */
#include "scenarios/run.h"

#include <string.h>

static Scenario *load(const char *id)
{
    g_autoptr(Diagnostics) diagnostics = diagnostics_new();
    Scenario *scenario = scenario_load(id, diagnostics);
    g_autofree char *text = diagnostics_text(diagnostics);
    g_assert_cmpstr(text, ==, "");
    return scenario;
}

static Scenario *parse(const char *text)
{
    g_autoptr(Diagnostics) diagnostics = diagnostics_new();
    Scenario *scenario = scenario_parse("t.xml", text, strlen(text), diagnostics);
    g_autofree char *said = diagnostics_text(diagnostics);
    g_assert_cmpstr(said, ==, "");
    return scenario;
}

static Option *option(const char *id)
{
    g_autoptr(Diagnostics) diagnostics = diagnostics_new();
    Option *loaded = option_load(id, diagnostics);
    g_assert_nonnull(loaded);
    return loaded;
}

static World *run(const Scenario *scenario, const Option *values, uint64_t seed, WorldFlags flags)
{
    flags.trace = true;
    World *world = world_new(scenario, values, seed, &flags);
    g_assert_cmpint(world_run(world, 0), ==, WORLD_DONE);
    return world;
}

static void test_same_seed_same_octets(void)
{
    g_autoptr(Scenario) cast = load("standard");
    g_autoptr(Option) rel6 = option("rel6");
    g_autoptr(World) a = run(cast, rel6, 7, (WorldFlags){ 0 });
    g_autoptr(World) b = run(cast, rel6, 7, (WorldFlags){ .capture = true, .frames = true });
    g_autoptr(World) c = run(cast, rel6, 8, (WorldFlags){ 0 });
    g_assert_cmpuint(strlen(world_digest(a)), ==, 64);
    g_assert_cmpstr(world_digest(a), ==, world_digest(b)); /* watching changes nothing */
    g_assert_cmpstr(world_digest(a), !=, world_digest(c));
}

static void test_two_worlds_share_nothing(void)
{
    g_autoptr(Scenario) cast = load("standard");
    g_autoptr(Option) gap = option("gap");
    g_autoptr(World) alone = run(cast, gap, 1, (WorldFlags){ 0 });
    g_autofree char *digest = g_strdup(world_digest(alone));
    WorldFlags flags = { .trace = true };
    g_autoptr(World) a = world_new(cast, gap, 1, &flags);
    g_autoptr(World) b = world_new(cast, gap, 1, &flags);
    for (SimTime t = SIM_SEC; t <= world_end(a); t += SIM_SEC) { /* taking turns */
        world_advance(a, t, 0);
        world_advance(b, t, 0);
    }
    world_finish(a);
    world_finish(b);
    g_assert_cmpstr(world_digest(a), ==, digest);
    g_assert_cmpstr(world_digest(b), ==, digest);
}

static gpointer run_in_thread(gpointer scenario)
{
    g_autoptr(Option) gap = option("gap");
    g_autoptr(World) world = run(scenario, gap, 1, (WorldFlags){ 0 });
    return g_strdup(world_digest(world));
}

static void test_worlds_in_threads(void)
{
    g_autoptr(Scenario) cast = load("standard");
    GThread *threads[3];
    for (unsigned i = 0; i < G_N_ELEMENTS(threads); i++)
        threads[i] = g_thread_new("world", run_in_thread, cast);
    g_autofree char *first = g_thread_join(threads[0]);
    for (unsigned i = 1; i < G_N_ELEMENTS(threads); i++) {
        g_autofree char *digest = g_thread_join(threads[i]);
        g_assert_cmpstr(digest, ==, first);
    }
}

/* Names, rows and titles are not in the network. */
static void test_renaming_an_option_changes_no_octet(void)
{
    g_autoptr(Scenario) cast = load("standard");
    g_autoptr(Option) rel6 = option("rel6");
    g_autoptr(Option) renamed = option_copy(rel6);
    char **names[] = { &renamed->id, &renamed->row, &renamed->title, &renamed->group };
    for (unsigned i = 0; i < G_N_ELEMENTS(names); i++) {
        g_free(*names[i]);
        *names[i] = g_strdup("something else");
    }
    g_autoptr(World) a = run(cast, rel6, 3, (WorldFlags){ 0 });
    g_autoptr(World) b = run(cast, renamed, 3, (WorldFlags){ 0 });
    g_assert_cmpstr(world_digest(a), ==, world_digest(b));
}

#define HEAD "<scenario xmlns=\"urn:presec:scenario:1\" id=\"t\" option=\"rel6\"><title>t</title>"
#define THEY "<ue id=\"alice\"/><ue id=\"bob\"/>"
#define WHEN                                                                                                           \
    "<timeline><at time=\"0s\"><register ue=\"alice\"/><register ue=\"bob\"/></at>"                                    \
    "<at time=\"20s\"><publish ue=\"alice\" note=\"x\"/></at>"                                                         \
    "<at time=\"40s\"><subscribe watcher=\"bob\" to=\"alice\"/></at></timeline><until time=\"60s\"/></scenario>"

/* What crossed a segment, in order, as text. */
static GString *crossings(const World *world, const char *segment)
{
    GString *out = g_string_new(NULL);
    const Trace *trace = world_trace(world);
    for (TraceId id = 1; id <= trace_count(trace); id++) {
        const TraceRecord *record = trace_get(trace, id);
        if (record->kind != TRACE_FRAME || strcmp(record->frame.segment, segment) != 0)
            continue;
        g_string_append_printf(out, "%d %d ", record->frame.dir, record->frame.kind);
        for (uint32_t i = 0; i < record->frame.len; i++)
            g_string_append_printf(out, "%02x", record->frame.octets[i]);
        g_string_append_c(out, '\n');
    }
    return out;
}

static void assert_same_air(const World *a, const World *b)
{
    static const char *const segments[] = { "air:alice", "air:bob", "gi:alice", "gi:bob" };
    for (unsigned i = 0; i < G_N_ELEMENTS(segments); i++) {
        g_autoptr(GString) of_a = crossings(a, segments[i]), of_b = crossings(b, segments[i]);
        g_assert_cmpuint(of_a->len, >, 1000);
        g_assert_true(g_string_equal(of_a, of_b));
    }
}

static void test_a_stranger_changes_no_packet_of_others(void)
{
    g_autoptr(Scenario) two = parse(HEAD THEY WHEN);
    g_autoptr(Scenario) three =
        parse(HEAD THEY "<ue id=\"carol\"/>"
                        "<timeline><at time=\"0s\"><register ue=\"alice\"/><register ue=\"bob\"/></at>"
                        "<at time=\"3.333s\"><register ue=\"carol\"/></at>"
                        "<at time=\"11.7s\"><publish ue=\"carol\" note=\"y\"/></at>"
                        "<at time=\"20s\"><publish ue=\"alice\" note=\"x\"/></at>"
                        "<at time=\"40s\"><subscribe watcher=\"bob\" to=\"alice\"/></at>"
                        "<at time=\"50.1s\"><subscribe watcher=\"carol\" to=\"bob\"/></at></timeline>"
                        "<until time=\"60s\"/></scenario>");
    WorldFlags flags = { .frames = true };
    g_autoptr(World) a = run(two, two->option, 5, flags);
    g_autoptr(World) b = run(three, three->option, 5, flags);
    g_assert_true(ue_registered(world_find(b, "carol")->ue));
    assert_same_air(a, b);
}

static void test_a_stranger_who_comes_first_changes_no_packet_of_others(void)
{
    g_autoptr(Scenario) two = parse(HEAD THEY WHEN);
    g_autoptr(Scenario) three = parse(HEAD "<ue id=\"aaron\"/>" THEY WHEN);
    WorldFlags flags = { .frames = true };
    g_autoptr(World) a = run(two, two->option, 5, flags);
    g_autoptr(World) b = run(three, three->option, 5, flags);
    assert_same_air(a, b);
}

static void test_a_crowd_changes_no_packet_of_others(void)
{
    g_autoptr(Scenario) two = parse(HEAD THEY WHEN);
    g_autoptr(Scenario) many =
        parse(HEAD THEY "<population id=\"crowd\" count=\"20\" rate=\"1.7\" watches=\"2\"/>" WHEN);
    WorldFlags flags = { .frames = true };
    g_autoptr(World) a = run(two, two->option, 5, flags);
    g_autoptr(World) b = run(many, many->option, 5, flags);
    g_assert_cmpuint(world_crowd(b).arrived, ==, 20);
    assert_same_air(a, b);
}

static void test_a_passive_listener_changes_nothing(void)
{
    g_autoptr(Scenario) without = parse(HEAD THEY WHEN);
    g_autoptr(Scenario) with =
        parse(HEAD THEY "<attacker id=\"x\" position=\"A1\" at=\"air:alice gn:bob mw pcscf:alice\"/>" WHEN);
    g_autoptr(World) a = run(without, without->option, 5, (WorldFlags){ 0 });
    g_autoptr(World) b = run(with, with->option, 5, (WorldFlags){ 0 });
    g_assert_cmpstr(world_digest(a), ==, world_digest(b));
}

static void test_canaries_are_fresh_and_stand_nowhere_else(void)
{
    g_autoptr(Scenario) cast = load("standard");
    g_autoptr(Option) gap = option("gap");
    g_autoptr(World) world = run(cast, gap, 1, (WorldFlags){ 0 });
    const WorldParticipant *alice = world_find(world, "alice"), *bob = world_find(world, "bob");
    g_assert_cmpuint(strlen(alice->impu_token), ==, 12);
    g_assert_cmpstr(alice->impu_token, !=, alice->impi_token);
    g_assert_cmpstr(alice->impu_token, !=, bob->impu_token);
    g_assert_nonnull(strstr(alice->impu, alice->impu_token));
    g_assert_nonnull(strstr(alice->impi, alice->impi_token));
    g_assert_cmpuint(alice->bodies->len, ==, 9); /* eight documents, one message */
    g_assert_cmpuint(bob->bodies->len, ==, 0);
    g_assert_cmpuint(alice->addresses->len, ==, 1);
    g_assert_cmpstr(alice->bodies->pdata[0], !=, alice->bodies->pdata[1]);
}

static void test_attackers_are_found_by_name_and_position(void)
{
    g_autoptr(Scenario) cast = load("standard");
    g_autoptr(Option) gap = option("gap");
    g_autoptr(World) world = run(cast, gap, 1, (WorldFlags){ 0 });
    g_assert_cmpuint(world_n_attackers(world), ==, 4);
    const WorldAttacker *a1 = world_find_attacker(world, "A1"), *idle = world_find_attacker(world, "A1-work-0");
    g_assert_cmpfloat(a1->work_log2, ==, 44);
    g_assert_cmpfloat(idle->work_log2, ==, 0);
    g_assert_cmpstr(idle->position, ==, "A1");
    g_assert_cmpuint(knowledge_count(attacker_knowledge(a1->attacker)), >, 0);
    g_assert_null(world_find_attacker(world, "A9"));
}

static void test_traffic_is_counted_by_segment(void)
{
    g_autoptr(Scenario) cast = load("standard");
    g_autoptr(Option) gap = option("gap");
    g_autoptr(World) world = run(cast, gap, 1, (WorldFlags){ 0 });
    WorldTraffic alice = world_traffic(world, "air:alice"), bob = world_traffic(world, "air:bob"),
                 all = world_traffic(world, "air"), mw = world_traffic(world, "mw");
    g_assert_cmpuint(alice.frames, >, 10);
    g_assert_cmpuint(all.frames, ==, alice.frames + bob.frames);
    g_assert_cmpuint(all.octets, ==, alice.octets + bob.octets);
    g_assert_cmpuint(mw.octets, >, 0);
    g_assert_cmpuint(world_traffic(world, "ai").frames, ==, 0);
}

static void test_node_names_as_people_write_them(void)
{
    g_autoptr(Scenario) scenario = load("the-other-leg");
    WorldFlags flags = { .trace = true };
    g_autoptr(World) world = world_new(scenario, scenario->option, 1, &flags);
    g_assert_cmpstr(world_node_name(world, "PS"), ==, "ps");
    g_assert_cmpstr(world_node_name(world, "S-CSCF"), ==, "scscf");
    g_assert_cmpstr(world_node_name(world, "P-CSCF:alice"), ==, "pcscf");
    g_assert_cmpstr(world_node_name(world, "pcscf:carol"), ==, "pcscf2");
    g_assert_cmpstr(world_node_name(world, "cell:carol"), ==, "cell:carol");
}

static void test_one_p_cscf_for_equal_legs(void)
{
    g_autoptr(Scenario) cast = load("standard");
    g_autoptr(Option) gap = option("gap");
    WorldFlags flags = { .trace = true };
    g_autoptr(World) world = world_new(cast, gap, 1, &flags);
    g_assert_true(world_find(world, "alice")->pcscf == world_find(world, "bob")->pcscf);
}

static void test_event_bound_is_reported(void)
{
    g_autoptr(Scenario) cast = load("standard");
    g_autoptr(Option) gap = option("gap");
    WorldFlags flags = { .trace = true };
    g_autoptr(World) world = world_new(cast, gap, 1, &flags);
    g_assert_cmpint(world_run(world, 100), ==, WORLD_BOUND_REACHED);
}

static void test_settings_are_made_and_checked(void)
{
    g_autoptr(Scenario) scenario = load("gap");
    const char *const good[] = { "pcscf-encrypts=yes", NULL }, *const bad[] = { "pcscf-encrypt=yes", NULL };
    RunConfig config = { .sets = good, .seed = 1 };
    g_autoptr(GError) error = NULL;
    g_autoptr(RunResult) result = run_scenario(scenario, &config, &error);
    g_assert_no_error(error);
    g_assert_true(result->option->leg.pcscf_encrypts);
    g_assert_false(result->met); /* it is the gap no more */
    config.sets = bad;
    g_assert_null(run_scenario(scenario, &config, &error));
    g_assert_error(error, OPTION_ERROR, OPTION_ERROR_FIELD);
}

static void test_crowd_arrives_and_is_served(void)
{
    g_autoptr(Scenario) scenario = load("a-crowd");
    g_autoptr(World) world = run(scenario, scenario->option, 1, (WorldFlags){ 0 });
    WorldCrowd crowd = world_crowd(world);
    g_assert_cmpuint(crowd.arrived, ==, 50);
    g_assert_cmpuint(crowd.registered_now, ==, 50);
    g_assert_cmpuint(crowd.sum.published, ==, 50);
    g_assert_cmpuint(crowd.sum.subscribed, >=, 97); /* the first has nobody to watch, the second one */
    g_assert_cmpuint(crowd.sum.failed, ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/scenarios/world/same-seed-same-octets", test_same_seed_same_octets);
    g_test_add_func("/scenarios/world/two-worlds-share-nothing", test_two_worlds_share_nothing);
    g_test_add_func("/scenarios/world/in-threads", test_worlds_in_threads);
    g_test_add_func("/scenarios/world/renaming-an-option", test_renaming_an_option_changes_no_octet);
    g_test_add_func("/scenarios/world/a-stranger", test_a_stranger_changes_no_packet_of_others);
    g_test_add_func("/scenarios/world/a-stranger-first", test_a_stranger_who_comes_first_changes_no_packet_of_others);
    g_test_add_func("/scenarios/world/a-crowd", test_a_crowd_changes_no_packet_of_others);
    g_test_add_func("/scenarios/world/passive-listener", test_a_passive_listener_changes_nothing);
    g_test_add_func("/scenarios/world/canaries", test_canaries_are_fresh_and_stand_nowhere_else);
    g_test_add_func("/scenarios/world/attackers", test_attackers_are_found_by_name_and_position);
    g_test_add_func("/scenarios/world/traffic", test_traffic_is_counted_by_segment);
    g_test_add_func("/scenarios/world/node-names", test_node_names_as_people_write_them);
    g_test_add_func("/scenarios/world/equal-legs", test_one_p_cscf_for_equal_legs);
    g_test_add_func("/scenarios/world/event-bound", test_event_bound_is_reported);
    g_test_add_func("/scenarios/world/settings", test_settings_are_made_and_checked);
    g_test_add_func("/scenarios/world/crowd", test_crowd_arrives_and_is_served);
    return g_test_run();
}
