/*
 * tests/attacker/test_moves.c - what each move on passing packets does on the wire, to the receiver and in the trace.
 *
 * Source:  threats 5 (moves), AT-12 to AT-15; RFC 4303 §3.4.3, §3.4.4.
 */
#include "nodes/attacker/private.h"
#include "tests/attacker/support/pair.h"

#include <string.h>

#define AT_GN .segment = "gn:alice", .dir = -1

static Pair *moved(const Move *move)
{
    Pair *pair = pair_new();
    pair_attacker(pair, "gn:alice", 0, 2021);
    attacker_add_move(pair->attacker, move);
    return pair;
}

static void publish(Pair *pair, const char *note)
{
    g_autofree char *text = sip_publish("", note);
    pair_send(pair, NET_UP, text);
}

static unsigned got(const Pair *pair, unsigned who)
{
    return pair->got[who]->len;
}

static const TraceRecord *move_behind(const Pair *pair, TraceId origin)
{
    const TraceRecord *move = trace_get(sim_trace(pair->sim), origin);
    g_assert_nonnull(move);
    g_assert_cmpint(move->kind, ==, TRACE_MOVE);
    g_assert_cmpstr(move->move.attacker, ==, "mallory");
    return move;
}

/* ---- drop and delay ---- */

static void test_drop(void)
{
    static const Move move = { .verb = MOVE_DROP, .match = { AT_GN, .message = "PUBLISH", .first = 1, .times = 2 } };
    g_autoptr(Pair) pair = moved(&move);
    for (unsigned i = 0; i < 5; i++)
        publish(pair, "x");
    g_assert_cmpuint(got(pair, PAIR_PCSCF), ==, 3);
    g_assert_cmpuint(pair_moves(pair, "drop"), ==, 2);
    g_assert_cmpuint(attacker_moves(pair->attacker), ==, 1); /* one move, however often it acts */
    g_assert_cmpuint(knowledge_count(attacker_knowledge(pair->attacker)), ==, 5);
    g_assert_cmpuint(pair->frames->len, ==, 3 * 3 + 2 * 2);
}

static void test_not_before_its_time(void)
{
    static const Move move = { .verb = MOVE_DROP, .match = { AT_GN }, .at = 15 * SIM_SEC };
    g_autoptr(Pair) pair = moved(&move);
    publish(pair, "x");
    publish(pair, "x");
    publish(pair, "x");
    g_assert_cmpuint(got(pair, PAIR_PCSCF), ==, 2);
}

static void test_delay(void)
{
    static const Move move = { .verb = MOVE_DELAY, .match = { AT_GN }, .delay = 3 * SIM_SEC };
    g_autoptr(Pair) pair = moved(&move);
    publish(pair, "late");
    const PairGot *last = pair_last(pair, PAIR_PCSCF);
    g_assert_cmpint(last->at, ==, 3 * SIM_SEC + 17 * SIM_MS);
    g_assert_cmpuint(last->origin, ==, 0); /* honest octets, held back */
    g_assert_cmpuint(pair_moves(pair, "delay"), ==, 1);
}

/* ---- edit ---- */

static void test_edit_in_the_clear(void)
{
    static const MoveEdit edits[] = { { .kind = EDIT_REPLACE, .param = "open", .value = "closed" },
                                      { .kind = EDIT_SET_HEADER, .header = "Event", .value = "spoilt" } };
    static const Move move = {
        .verb = MOVE_EDIT, .match = { AT_GN, .message = "PUBLISH" }, .edits = edits, .n_edits = 2
    };
    g_autoptr(Pair) pair = moved(&move);
    publish(pair, "<basic>open</basic><basic>open</basic>");
    const PairGot *last = pair_last(pair, PAIR_PCSCF); /* so its checksum is right */
    g_autofree SipMsg *msg = g_new(SipMsg, 1);
    g_assert_cmpint(sip_parse(msg, last->text, strlen(last->text)), ==, SIP_OK);
    g_assert_true(text_is(msg->body, "<basic>closed</basic><basic>closed</basic>"));
    g_assert_true(text_is(sip_value(msg, SIP_H_EVENT), "spoilt"));
    const TraceRecord *record = move_behind(pair, last->origin);
    g_assert_cmpstr(record->move.verb, ==, "edit");
    g_assert_cmpuint(record->move.frame, ==, 2);
    g_assert_cmpuint(got(pair, PAIR_PCSCF), ==, 1);
    g_assert_cmpuint(pair->frames->len, ==, 4); /* gn twice: as it came, and as it went on */
}

static void test_edit_under_an_icv(void)
{
    static const MoveEdit edit = { .kind = EDIT_REPLACE, .param = "open", .value = "closed" };
    static const Move move = {
        .verb = MOVE_EDIT, .match = { AT_GN, .message = "PUBLISH" }, .edits = &edit, .n_edits = 1
    };
    for (unsigned ealg = ESP_NULL; ealg <= ESP_AES_CBC; ealg++) {
        g_autoptr(Pair) pair = moved(&move);
        bool readable = ealg == ESP_NULL;
        pair_protect(pair, ESP_HMAC_SHA1_96, (EspEalg)ealg);
        publish(pair, "open");
        g_assert_cmpuint(got(pair, PAIR_PCSCF), ==, readable ? 0 : 1); /* what he cannot read passes */
        g_assert_cmpuint(pair_drops(pair, "esp-bad-icv"), ==, readable ? 1 : 0);
        g_assert_cmpuint(attacker_moves(pair->attacker), ==, readable ? 1 : 0);
    }
}

static void test_an_edit_without_effect_is_none(void)
{
    static const MoveEdit edits[] = { { .kind = EDIT_REMOVE_HEADER, .header = "Privacy" },
                                      { .kind = EDIT_REMOVE_ENTRIES, .header = "Security-Client", .param = "ealg" } };
    static const Move move = { .verb = MOVE_EDIT, .match = { AT_GN }, .edits = edits, .n_edits = 2 };
    g_autoptr(Pair) pair = moved(&move);
    publish(pair, "x");
    g_assert_cmpuint(pair_last(pair, PAIR_PCSCF)->origin, ==, 0);
    g_assert_cmpuint(attacker_moves(pair->attacker), ==, 0);
    g_assert_cmpuint(pair_moves(pair, ""), ==, 0);
}

static char *edited(const char *text, const MoveEdit *edits, unsigned n)
{
    g_autofree SipMsg *msg = g_new(SipMsg, 1);
    size_t len;
    g_assert_cmpint(sip_split(msg, text, strlen(text)), ==, SIP_OK);
    g_autofree char *out = edit_sip(msg, edits, n, &len);
    return out != NULL ? g_strndup(out, len) : NULL;
}

static void test_kinds_of_edits(void)
{
    static const struct {
        const char *before;
        MoveEdit edit;
        const char *after; /* NULL: nothing changes */
    } rows[] = {
        { "Security-Client: a;ealg=x;q=1, b;q=2",
          { EDIT_REMOVE_ENTRIES, "Security-Client", "ealg", "" },
          "Security-Client: b;q=2" },
        { "Security-Client: a;ealg=x", { EDIT_REMOVE_ENTRIES, "Security-Client", "ealg", "" }, "" },
        { "Security-Client: a;alg=x", { EDIT_REMOVE_ENTRIES, "Security-Client", "ealg", "" }, NULL },
        { "Security-Server: a;ealg=x;q=1, b",
          { EDIT_REMOVE_PARAM, "Security-Server", "ealg", "" },
          "Security-Server: a;q=1, b" },
        { "Security-Server: a;ealg=x, b",
          { EDIT_SET_PARAM, "Security-Server", "ealg", "null" },
          "Security-Server: a;ealg=null, b;ealg=null" },
        { "Security-Client: ipsec-3gpp;alg=a;ealg=c;spi-c=1, ipsec-3gpp;alg=a;spi-c=1, tls;q=0.1",
          { EDIT_SELECT_ENTRIES, "Security-Client", "tls b a+C a", "" },
          "Security-Client: tls;q=0.1, ipsec-3gpp;alg=a;ealg=c;spi-c=1, ipsec-3gpp;alg=a;spi-c=1" },
        { "Security-Server: ipsec-3gpp;alg=a;q=0.1, ipsec-3gpp;alg=a;q=0.2, ipsec-3gpp;alg=b",
          { EDIT_SELECT_ENTRIES, "Security-Server", "b a", "" },
          "Security-Server: ipsec-3gpp;alg=b, ipsec-3gpp;alg=a;q=0.1" },
        { "Security-Server: tls, ipsec-3gpp;alg=a", { EDIT_SELECT_ENTRIES, "Security-Server", "tls a", "" }, NULL },
        { "Security-Server: tls", { EDIT_SELECT_ENTRIES, "Security-Server", "a", "" }, "" },
        { "Contact: <sip:a@b;transport=tcp>;expires=60",
          { EDIT_SET_PARAM, "Contact", "expires", "1" },
          "Contact: <sip:a@b;transport=tcp>;expires=1" },
        { "Event: presence", { EDIT_REMOVE_HEADER, "Event", "", "" }, "" },
        { "Event: presence", { EDIT_SET_HEADER, "Event", "", "winfo" }, "Event: winfo" },
        { "X-Own: 1", { EDIT_SET_HEADER, "x-own", "", "2" }, "X-Own: 2" },
        { "X-Own: 1", { EDIT_REMOVE_HEADER, "X-Own", "", "" }, "" },
        { "X-Own: 1", { EDIT_REMOVE_HEADER, "X-Other", "", "" }, NULL },
        { "Event: presence", { EDIT_REPLACE, "", "presence", "p" }, "Event: p" },
        { "Event: presence", { EDIT_REPLACE, "", "", "p" }, NULL },
        { "Event: presence", { EDIT_REPLACE, "", "absent", "p" }, NULL },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *text =
            g_strdup_printf("NOTIFY sip:a SIP/2.0\r\n%s\r\nContent-Length: 2\r\n\r\nok", rows[i].before);
        g_autofree char *after = edited(text, &rows[i].edit, 1);
        g_autofree char *expected = rows[i].after == NULL
                                        ? NULL
                                        : g_strdup_printf("NOTIFY sip:a SIP/2.0\r\n%s%sContent-Length: 2\r\n\r\nok",
                                                          rows[i].after, rows[i].after[0] != '\0' ? "\r\n" : "");
        g_assert_cmpstr(after, ==, expected);
    }
}

static void test_edits_follow_one_another(void)
{
    static const MoveEdit edits[] = { { EDIT_REMOVE_PARAM, "Security-Client", "ealg", "" },
                                      { EDIT_SET_PARAM, "Security-Client", "alg", "weak" },
                                      { EDIT_REPLACE, "", "weak", "none at all" } };
    g_autofree char *after = edited("NOTIFY sip:a SIP/2.0\r\nSecurity-Client: x;ealg=1;alg=2\r\n\r\n", edits, 3);
    g_assert_cmpstr(after, ==, "NOTIFY sip:a SIP/2.0\r\nSecurity-Client: x;alg=none at all\r\n\r\n");
}

/* ---- flip ---- */

static void test_flip_in_the_clear(void)
{
    static const Move move = { .verb = MOVE_FLIP, .match = { AT_GN }, .offset = -1, .flip = 'x' ^ 'y' };
    g_autoptr(Pair) pair = moved(&move);
    publish(pair, "x");
    const PairGot *last = pair_last(pair, PAIR_PCSCF); /* the checksum is anybody's */
    g_assert_nonnull(last);
    g_assert_true(g_str_has_suffix(last->text, "y"));
    g_assert_cmpstr(move_behind(pair, last->origin)->move.verb, ==, "flip");
}

static void test_flip_under_an_icv(void)
{
    static const int offsets[] = { 0, 3, 4, 8, 60, -1, -12, -13 };
    for (size_t i = 0; i < G_N_ELEMENTS(offsets); i++) {
        Move move = { .verb = MOVE_FLIP, .match = { AT_GN, .message = "esp" }, .offset = offsets[i], .flip = 0x10 };
        g_autoptr(Pair) pair = moved(&move);
        pair_protect(pair, ESP_HMAC_SHA1_96, ESP_AES_CBC);
        publish(pair, "x");
        g_assert_cmpuint(got(pair, PAIR_PCSCF), ==, 0);
        g_assert_cmpuint(pair_drops(pair, "esp-bad-icv") + pair_drops(pair, "esp-no-sa"), ==, 1);
        g_assert_cmpuint(attacker_moves(pair->attacker), ==, 1);
    }
}

static void test_flip_beyond_the_end(void)
{
    static const Move move = { .verb = MOVE_FLIP, .match = { AT_GN }, .offset = 5000, .flip = 1 },
                      before = { .verb = MOVE_FLIP, .match = { AT_GN }, .offset = -5000, .flip = 1 };
    const Move *const moves[] = { &move, &before };
    for (size_t i = 0; i < G_N_ELEMENTS(moves); i++) {
        g_autoptr(Pair) pair = moved(moves[i]);
        publish(pair, "x");
        g_assert_cmpuint(got(pair, PAIR_PCSCF), ==, 1); /* nothing to change: it passes as it is */
        g_assert_cmpuint(attacker_moves(pair->attacker), ==, 0);
    }
}

/* f8 is a keystream: a flipped bit goes through to whoever has no integrity above it (threats AT-12). */
static void test_flip_through_a_stream_cipher(void)
{
    static const uint8_t key[RADIO_KEY_LEN] = { 5 };
    static const Move move = { .verb = MOVE_FLIP,
                               .match = { .segment = "air:alice", .dir = -1, .message = "ciphered" },
                               .offset = -1,
                               .flip = 1 };
    g_autoptr(Pair) pair = moved(&move);
    pair_cipher(pair, RADIO_UEA1, key);
    pair_protect(pair, ESP_HMAC_SHA1_96, ESP_NULL);
    publish(pair, "x");
    g_assert_cmpuint(pair_drops(pair, "esp-bad-icv"), ==, 1);
    g_assert_cmpuint(got(pair, PAIR_PCSCF), ==, 0);
}

/* ---- replay ---- */

static void test_replay_after_a_while(void)
{
    static const Move move = { .verb = MOVE_REPLAY, .match = { AT_GN, .times = 1 }, .delay = 2 * SIM_SEC };
    g_autoptr(Pair) pair = moved(&move);
    publish(pair, "x");
    g_assert_cmpuint(got(pair, PAIR_PCSCF), ==, 2);
    const PairGot *first = pair->got[PAIR_PCSCF]->pdata[0], *second = pair_last(pair, PAIR_PCSCF);
    g_assert_cmpstr(first->text, ==, second->text);
    g_assert_cmpuint(first->origin, ==, 0);
    g_assert_cmpstr(move_behind(pair, second->origin)->move.verb, ==, "replay");
    g_assert_cmpint(second->at - first->at, ==, 2 * SIM_SEC);
}

static void test_replay_under_esp(void)
{
    static const Move move = { .verb = MOVE_REPLAY, .match = { AT_GN, .message = "esp" }, .delay = SIM_SEC };
    g_autoptr(Pair) pair = moved(&move);
    pair_protect(pair, ESP_HMAC_SHA1_96, ESP_AES_CBC);
    for (unsigned i = 0; i < 3; i++)
        publish(pair, "x");
    g_assert_cmpuint(got(pair, PAIR_PCSCF), ==, 3);
    g_assert_cmpuint(pair_drops(pair, "esp-replay"), ==, 3);
    g_assert_cmpuint(attacker_moves(pair->attacker), ==, 1);
    g_assert_cmpuint(pair_moves(pair, "replay"), ==, 3);
}

static void test_replay_after_packets(void)
{
    static const Move move = { .verb = MOVE_REPLAY,
                               .match = { .segment = "gn:alice", .dir = NET_UP, .times = 2 },
                               .packets = 3 };
    static const char *const expected[] = { "0", "1", "2", "3", "0", "4", "1", "5" };
    g_autoptr(Pair) pair = moved(&move);
    for (unsigned i = 0; i < 6; i++) {
        char note[2] = { (char)('0' + i), 0 };
        publish(pair, note);
        pair_send(pair, NET_DOWN, "SIP/2.0 200 OK\r\n\r\n"); /* the other direction does not count */
    }
    g_assert_cmpuint(got(pair, PAIR_PCSCF), ==, G_N_ELEMENTS(expected));
    for (guint i = 0; i < G_N_ELEMENTS(expected); i++) {
        const PairGot *datagram = pair->got[PAIR_PCSCF]->pdata[i];
        g_assert_true(g_str_has_suffix(datagram->text, expected[i]));
    }
}

/* Counting goes on behind a move that takes the packets away. */
static void test_replay_counts_what_others_take(void)
{
    static const Move drop = { .verb = MOVE_DROP, .match = { AT_GN, .first = 1 } };
    static const Move replay = { .verb = MOVE_REPLAY, .match = { AT_GN, .times = 1 }, .packets = 2 };
    g_autoptr(Pair) pair = moved(&replay);
    attacker_add_move(pair->attacker, &drop);
    for (unsigned i = 0; i < 3; i++)
        publish(pair, "x");
    g_assert_cmpuint(got(pair, PAIR_PCSCF), ==, 2);
    g_assert_cmpuint(attacker_moves(pair->attacker), ==, 2);
}

/* ---- reflect ---- */

static void test_reflect(void)
{
    static const Move move = { .verb = MOVE_REFLECT, .match = { AT_GN, .times = 1 } };
    g_autoptr(Pair) pair = moved(&move);
    publish(pair, "mirror");
    g_assert_cmpuint(got(pair, PAIR_PCSCF), ==, 1);
    const PairGot *back = pair_last(pair, PAIR_UE);
    g_assert_nonnull(back);
    g_assert_nonnull(strstr(back->text, "mirror"));
    g_assert_cmpstr(move_behind(pair, back->origin)->move.verb, ==, "reflect");
}

static void test_reflect_under_esp(void)
{
    static const Move move = { .verb = MOVE_REFLECT, .match = { AT_GN, .message = "esp" } };
    g_autoptr(Pair) pair = moved(&move);
    pair_protect(pair, ESP_HMAC_SHA1_96, ESP_NULL);
    publish(pair, "mirror");
    g_assert_cmpuint(got(pair, PAIR_UE), ==, 0);
    g_assert_cmpuint(pair_drops(pair, "esp-no-sa"), ==, 1);
}

/* ---- together ---- */

static void test_the_first_taker_wins(void)
{
    static const MoveEdit edit = { .kind = EDIT_REPLACE, .param = "x", .value = "y" };
    static const Move edits = { .verb = MOVE_EDIT, .match = { AT_GN }, .edits = &edit, .n_edits = 1 };
    static const Move drop = { .verb = MOVE_DROP, .match = { AT_GN } };
    g_autoptr(Pair) pair = moved(&edits);
    attacker_add_move(pair->attacker, &drop);
    publish(pair, "xxx");
    g_assert_cmpuint(got(pair, PAIR_PCSCF), ==, 1);
    g_assert_cmpuint(pair_moves(pair, "drop"), ==, 0);
}

static NetTapVerdict after_him(void *ctx, const NetSighting *sighting)
{
    *(SimContext *)ctx = sim_context(net_sim(net_host_net(net_link_end(sighting->link, 0))));
    return NET_TAP_PASS;
}

/* Who taps behind him does not take an honest packet for his doing. */
static void test_the_context_stays(void)
{
    static const Move move = { .verb = MOVE_REPLAY, .match = { AT_GN }, .delay = SIM_SEC };
    g_autoptr(Pair) pair = moved(&move);
    SimContext seen = { 1, 1 };
    net_tap(pair->net, "gn:alice", after_him, &seen);
    publish(pair, "x");
    g_assert_cmpuint(pair_moves(pair, "replay"), ==, 1);
    g_assert_cmpuint(seen.cause, ==, 0);
    g_assert_cmpuint(seen.origin, ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/attacker/moves/drop", test_drop);
    g_test_add_func("/attacker/moves/not-before-its-time", test_not_before_its_time);
    g_test_add_func("/attacker/moves/delay", test_delay);
    g_test_add_func("/attacker/moves/edit-in-the-clear", test_edit_in_the_clear);
    g_test_add_func("/attacker/moves/edit-under-an-icv", test_edit_under_an_icv);
    g_test_add_func("/attacker/moves/an-edit-without-effect-is-none", test_an_edit_without_effect_is_none);
    g_test_add_func("/attacker/moves/kinds-of-edits", test_kinds_of_edits);
    g_test_add_func("/attacker/moves/edits-follow-one-another", test_edits_follow_one_another);
    g_test_add_func("/attacker/moves/flip-in-the-clear", test_flip_in_the_clear);
    g_test_add_func("/attacker/moves/flip-under-an-icv", test_flip_under_an_icv);
    g_test_add_func("/attacker/moves/flip-beyond-the-end", test_flip_beyond_the_end);
    g_test_add_func("/attacker/moves/flip-through-a-stream-cipher", test_flip_through_a_stream_cipher);
    g_test_add_func("/attacker/moves/replay-after-a-while", test_replay_after_a_while);
    g_test_add_func("/attacker/moves/replay-under-esp", test_replay_under_esp);
    g_test_add_func("/attacker/moves/replay-after-packets", test_replay_after_packets);
    g_test_add_func("/attacker/moves/replay-counts-what-others-take", test_replay_counts_what_others_take);
    g_test_add_func("/attacker/moves/reflect", test_reflect);
    g_test_add_func("/attacker/moves/reflect-under-esp", test_reflect_under_esp);
    g_test_add_func("/attacker/moves/the-first-taker-wins", test_the_first_taker_wins);
    g_test_add_func("/attacker/moves/the-context-stays", test_the_context_stays);
    return g_test_run();
}
