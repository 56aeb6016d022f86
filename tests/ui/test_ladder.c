/*
 * tests/ui/test_ladder.c - the message sequence of a small trace made by hand: names, sights, attackers, widths.
 *
 * Source:  TS 33.203 §6.1.1 for SM1 to SM12; ui/ladder.h.
 */
#include "tests/ui/golden.h"

#include "ui/ladder.h"
#include "ui/ladder_fold.h"
#include "ui/narrate.h"

static const Term plain = { .columns = 80 };

typedef struct {
    Sim *sim;
    SimTime now;
} Maker;

static Maker maker_new(void)
{
    return (Maker){ .sim = sim_new(&(SimConfig){ .seed = 1, .trace = true }) };
}

static TraceId add(Maker *maker, TraceRecord record)
{
    sim_run(maker->sim, maker->now += 10 * SIM_MS, 0);
    sim_set_context(maker->sim, (SimContext){ 0 });
    return trace_add(maker->sim, &record);
}

static TraceRecord message(TraceKind kind, const char *node, const char *peer, const char *label, TraceId cause)
{
    TraceRecord record = { .kind = kind, .node = node, .cause = cause };
    record.message.protocol = TRACE_SIP;
    record.message.peer = peer;
    record.message.label = label;
    record.message.method = "REGISTER";
    record.message.protection = "clear";
    record.message.octets = (const uint8_t *)label;
    record.message.len = (uint32_t)strlen(label);
    return record;
}

static void cross(Maker *maker, TraceId send, const char *segment, const char *octets)
{
    TraceRecord record = { .kind = TRACE_FRAME, .node = "", .cause = send };
    record.frame.segment = segment;
    record.frame.octets = (const uint8_t *)octets;
    record.frame.len = (uint32_t)strlen(octets);
    add(maker, record);
}

/* Sends, crosses the segments (a NULL ends them) with the octets as they are or sealed, arrives. */
static TraceId pass(Maker *maker, const char *from, const char *to, const char *label, TraceId cause,
                    const char *const *segments, bool sealed)
{
    TraceId send = add(maker, message(TRACE_SEND, from, to, label, cause));
    g_autofree char *clear = g_strdup_printf("header %s", label);
    for (; segments && *segments; segments++)
        cross(maker, send, *segments, sealed ? "################################" : clear);
    return add(maker, message(TRACE_RECEIVE, to, from, label, send));
}

static TraceId decide(Maker *maker, const char *node, const char *text, TraceId cause)
{
    TraceRecord record = { .kind = TRACE_DECISION, .node = node, .cause = cause };
    record.decision.rule = "rule";
    record.decision.clause = "TS 33.203 \u00a77.2";
    record.decision.text = text;
    return add(maker, record);
}

static TraceId move(Maker *maker, const char *text, TraceId cause)
{
    TraceRecord record = { .kind = TRACE_MOVE, .node = "mallory", .cause = cause };
    record.move.attacker = "mallory";
    record.move.verb = "edit";
    record.move.text = text;
    return add(maker, record);
}

static void learn(Maker *maker, const char *text)
{
    TraceRecord record = { .kind = TRACE_LEARN, .node = "mallory" };
    record.learn.attacker = "mallory";
    record.learn.what = "request";
    record.learn.text = text;
    record.learn.how = "in the clear";
    add(maker, record);
}

static const char *const radio[] = { "air:alice", "ran:alice", NULL }, *const mw[] = { "mw", NULL };

/* A registration whose SM6 an attacker changes on the way. */
static void attacked_registration(Maker *maker)
{
    TraceId at = decide(maker, "alice", "offers encryption", 0);
    at = pass(maker, "alice", "pcscf", "REGISTER", at, radio, false);
    learn(maker, "REGISTER sip:home.example SIP/2.0");
    learn(maker, "REGISTER sip:home.example SIP/2.0");
    at = pass(maker, "pcscf", "icscf", "REGISTER", at, mw, true);
    at = pass(maker, "icscf", "scscf", "REGISTER", at, NULL, false);
    at = pass(maker, "scscf", "icscf", "401 Unauthorized", at, NULL, false);
    at = pass(maker, "icscf", "pcscf", "401 Unauthorized", at, mw, true);
    TraceId sm6 = add(maker, message(TRACE_SEND, "pcscf", "alice", "401 Unauthorized", at));
    TraceId edit = move(maker, "removes the encryption algorithms from SM6", sm6);
    TraceRecord forged = message(TRACE_RECEIVE, "alice", "pcscf", "401 Unauthorized", edit);
    forged.origin = edit;
    at = decide(maker, "alice", "selects NULL encryption: SM6 lists no ealg", add(maker, forged));
    TraceRecord sm7 = message(TRACE_SEND, "alice", "pcscf", "REGISTER", at);
    sm7.message.protection = "ESP null hmac-sha-1-96";
    at = add(maker, sm7);
    TraceRecord drop = { .kind = TRACE_DROP, .node = "pcscf", .cause = at };
    drop.drop.cause = "secagree-mismatch";
    drop.drop.text = "\033[2Jthe list is not the one of SM6";
    add(maker, drop);
    TraceRecord outcome = { .kind = TRACE_OUTCOME, .node = "alice", .cause = at };
    outcome.outcome.action = "register";
    outcome.outcome.target = "sip:alice@home.example";
    outcome.outcome.status = -1;
    outcome.outcome.text = "timer F";
    add(maker, outcome);
}

static char *ladder(const Maker *maker, int width, const char *const *only)
{
    GString *out = g_string_new(NULL);
    ladder_append(&plain, out, sim_trace(maker->sim), &(LadderView){ .width = width, .only = only });
    return g_string_free(out, FALSE);
}

static void test_ladder_at_two_widths(void)
{
    Maker maker = maker_new();
    attacked_registration(&maker);
    g_autofree char *narrow = ladder(&maker, 80, NULL), *wide = ladder(&maker, 120, NULL);
    golden_fits(narrow, 80);
    golden_fits(wide, 120);
    g_assert_null(strchr(narrow, '\033'));
    golden_compare("ladder-80", narrow);
    golden_compare("ladder-120", wide);
    sim_free(maker.sim);
}

static void test_only_what_passes_between_the_named(void)
{
    static const char *const only[] = { "P-CSCF", "icscf", NULL };
    Maker maker = maker_new();
    attacked_registration(&maker);
    g_autofree char *text = ladder(&maker, 80, only);
    g_assert_nonnull(strstr(text, "REGISTER SM2"));
    g_assert_nonnull(strstr(text, "401 SM5"));
    g_assert_null(strstr(text, "SM1"));
    g_assert_null(strstr(text, "SM4"));
    g_assert_null(strstr(text, "alice"));
    g_assert_true(ladder_knows(sim_trace(maker.sim), "p-cscf"));
    g_assert_true(ladder_knows(sim_trace(maker.sim), "diameter"));
    g_assert_false(ladder_knows(sim_trace(maker.sim), "bob"));
    sim_free(maker.sim);
}

static void test_story(void)
{
    Maker maker = maker_new();
    attacked_registration(&maker);
    g_autoptr(GString) out = g_string_new(NULL);
    narrate_append(&plain, out, sim_trace(maker.sim), &(LadderView){ .width = 80 });
    golden_fits(out->str, 80);
    golden_compare("narrate-80", out->str);
    sim_free(maker.sim);
}

/* A registration that went wrong is followed by a new SM1; the same octets again are the same message. */
static void test_numbers_begin_anew_but_not_for_a_retransmission(void)
{
    Maker maker = maker_new();
    TraceId first = add(&maker, message(TRACE_SEND, "alice", "pcscf", "REGISTER", 0));
    TraceId again = add(&maker, message(TRACE_SEND, "alice", "pcscf", "REGISTER", first));
    TraceRecord other = message(TRACE_SEND, "alice", "pcscf", "REGISTER", again);
    other.message.octets = (const uint8_t *)"REGISTER anew";
    other.message.len = 13;
    TraceId anew = add(&maker, other);
    TraceId sm2 = add(&maker, message(TRACE_SEND, "pcscf", "icscf", "REGISTER",
                                      add(&maker, message(TRACE_RECEIVE, "pcscf", "alice", "REGISTER", anew))));
    g_autoptr(LadderFold) fold = ladder_fold_new(sim_trace(maker.sim));
    g_assert_cmpuint(ladder_sm(fold, first), ==, 1);
    g_assert_cmpuint(ladder_sm(fold, again), ==, 1);
    g_assert_cmpuint(ladder_sm(fold, anew), ==, 1);
    g_assert_cmpuint(ladder_sm(fold, sm2), ==, 2);
    g_assert_cmpstr(ladder_owner(fold, sm2), ==, "alice");
    sim_free(maker.sim);
}

/* What can be read is looked for in the octets, whatever the sender says about protection. */
static void test_sight_is_found_in_octets(void)
{
    Maker maker = maker_new();
    TraceRecord record = message(TRACE_SEND, "alice", "pcscf", "REGISTER", 0);
    record.message.protection = "ESP des-ede3-cbc";
    TraceId send = add(&maker, record);
    cross(&maker, send, "air:alice", "xxxxxxxxxxxxxxxx");
    cross(&maker, send, "air:mallory", "....REGISTER....");
    cross(&maker, send, "gi:alice", "....REGISTER....");
    cross(&maker, send, "mw", "ack");
    g_autoptr(LadderFold) fold = ladder_fold_new(sim_trace(maker.sim));
    g_autofree char *sight = ladder_sight(fold, send);
    g_assert_cmpstr(sight, ==, "air:alice: sealed | air:mallory gi: in the clear");
    sim_free(maker.sim);
}

/* More UEs than there are columns share one; an empty trace is no error. */
static void test_crowd_and_nobody(void)
{
    Maker maker = maker_new(), empty = maker_new();
    for (int i = 0; i < 40; i++) {
        g_autofree char *name = g_strdup_printf("ue-%d", i);
        pass(&maker, name, "pcscf", "REGISTER", 0, NULL, false);
    }
    g_autofree char *text = ladder(&maker, 80, NULL), *nothing = ladder(&empty, 80, NULL);
    golden_fits(text, 80);
    g_assert_nonnull(strstr(text, "others"));
    g_assert_null(strstr(text, "ue-39"));
    g_assert_nonnull(strstr(nothing, "Under a message"));
    sim_free(maker.sim);
    sim_free(empty.sim);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/ui/ladder/at-two-widths", test_ladder_at_two_widths);
    g_test_add_func("/ui/ladder/only-what-passes-between-the-named", test_only_what_passes_between_the_named);
    g_test_add_func("/ui/ladder/story", test_story);
    g_test_add_func("/ui/ladder/numbers-begin-anew-but-not-for-a-retransmission",
                    test_numbers_begin_anew_but_not_for_a_retransmission);
    g_test_add_func("/ui/ladder/sight-is-found-in-octets", test_sight_is_found_in_octets);
    g_test_add_func("/ui/ladder/crowd-and-nobody", test_crowd_and_nobody);
    return g_test_run();
}
