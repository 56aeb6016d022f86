/*
 * tests/attacker/test_tls_intercept.c - TLS ended on the path: who takes it, what passes, what moves do to it.
 *
 * Source:  threats AT-44, AT-45, AT-12, AT-14, K43; RFC 5922 §7.2.
 */
#include "tests/attacker/support/tls_spy.h"

static const Move intercept = { .verb = MOVE_INTERCEPT,
                                .match = { .segment = "ap", .message = "tcp:5061", .dir = -1 },
                                .shows = SHOWS_SELF_SIGNED };

/* a checks as @check says; the attacker shows what @shows says. */
static Spy *middle(TlsVersion version, TlsCheck check, const Move *move, TlsContext **context)
{
    Spy *spy = spy_new(&(TlsWish){ .version = version });
    *context = spy_client_checks(spy, version, check);
    attacker_add_move(spy->attacker, move);
    return spy;
}

static void test_who_takes_it(gconstpointer data)
{
    static const struct {
        TlsCheck check;
        MoveShows shows;
        bool taken;
    } cases[] = {
        { TLS_CHECK_NAME, SHOWS_SELF_SIGNED, false },   { TLS_CHECK_NAME, SHOWS_OTHER_NAME, false },
        { TLS_CHECK_CHAIN, SHOWS_SELF_SIGNED, false },  { TLS_CHECK_CHAIN, SHOWS_OTHER_NAME, true },
        { TLS_CHECK_NOTHING, SHOWS_SELF_SIGNED, true }, { TLS_CHECK_NOTHING, SHOWS_OTHER_NAME, true },
    };
    TlsVersion version = (TlsVersion)GPOINTER_TO_INT(data);
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(TlsContext) context = NULL;
        Move move = intercept;
        move.shows = cases[i].shows;
        g_autoptr(Spy) spy = middle(version, cases[i].check, &move, &context);
        (void)tls_say(spy->t->a, spy->t->chain->p, 0, "OPTIONS", 10);
        tls_run(spy->t, 60 * SIM_SEC);
        g_assert_cmpuint(spy->t->p->requests, ==, cases[i].taken);
        g_assert_cmpuint(attacker_moves(spy->attacker), ==, cases[i].taken ? 2 : 1);
        g_assert_true((spy_reading(spy, "OPTIONS sip:bob") != NULL) == cases[i].taken);
        if (!cases[i].taken)
            g_assert_cmpint(spy->t->a->failure, ==, TLS_CERTIFICATE_REFUSED);
        spy_free(g_steal_pointer(&spy)); /* before its client's policy */
    }
}

static void test_what_passes_stays_honest(void)
{
    g_autoptr(TlsContext) context = NULL;
    g_autoptr(Spy) spy = middle(TLS_1_0, TLS_CHECK_NOTHING, &intercept, &context);
    for (unsigned i = 1; i <= 3; i++) {
        (void)tls_say(spy->t->a, spy->t->chain->p, 0, "OPTIONS", i * 2000); /* several segments */
        tls_run(spy->t, 20 * SIM_SEC);
        g_assert_cmpuint(spy->t->p->requests, ==, i);
        g_assert_cmpuint(spy->t->p->origin, ==, 0);
        g_assert_nonnull(strstr(spy->t->a->body, "SIP/2.0 200"));
        g_assert_cmpuint(spy->t->a->origin, ==, 0);
    }
    (void)tls_say(spy->t->p, spy->t->chain->a, spy->t->p->connection, "NOTIFY", 30); /* by the same connection */
    tls_run(spy->t, 20 * SIM_SEC);
    g_assert_cmpuint(spy->t->a->requests, ==, 1);
    g_assert_cmpuint(spy->t->a->origin, ==, 0);
    const Reading *reading = spy_reading(spy, "NOTIFY");
    g_assert_nonnull(reading);
    g_assert_cmpstr(reading->how, ==, "TLS that he ended himself");
    g_assert_cmpint(reading->dir, ==, NET_DOWN);
    g_assert_true(net_addr_equal(&reading->src, net_host_addr(spy->t->chain->p)));
    g_assert_cmpuint(attacker_moves(spy->attacker), ==, 2);
    spy_free(g_steal_pointer(&spy));
}

static void test_edited(void)
{
    static const MoveEdit edits[] = { { .kind = EDIT_REPLACE, .param = "xxxx", .value = "forged" } };
    static const Move edit = { .verb = MOVE_EDIT,
                               .match = { .segment = "ap", .message = "NOTIFY", .dir = NET_DOWN },
                               .edits = edits,
                               .n_edits = 1 };
    g_autoptr(TlsContext) context = NULL;
    g_autoptr(Spy) spy = middle(TLS_1_0, TLS_CHECK_NOTHING, &intercept, &context);
    attacker_add_move(spy->attacker, &edit);
    (void)tls_say(spy->t->a, spy->t->chain->p, 0, "OPTIONS", 4);
    tls_run(spy->t, 20 * SIM_SEC);
    g_assert_null(strstr(spy->t->p->body, "forged"));
    (void)tls_say(spy->t->p, spy->t->chain->a, spy->t->p->connection, "NOTIFY", 4);
    tls_run(spy->t, 20 * SIM_SEC);
    g_assert_nonnull(strstr(spy->t->a->body, "\r\n\r\nforged"));
    g_assert_cmpstr(spy_move_behind(spy, spy->t->a->origin)->move.verb, ==, "edit");
    g_assert_cmpuint(attacker_moves(spy->attacker), ==, 3);
    spy_free(g_steal_pointer(&spy));
}

static void test_dropped_delayed_and_replayed(void)
{
    static const Move drop = { .verb = MOVE_DROP, .match = { .segment = "ap", .message = "MESSAGE", .dir = -1 } };
    static const Move delay = { .verb = MOVE_DELAY,
                                .match = { .segment = "ap", .message = "SUBSCRIBE", .dir = -1 },
                                .delay = 3 * SIM_SEC };
    static const Move replay = { .verb = MOVE_REPLAY,
                                 .match = { .segment = "ap", .message = "PUBLISH", .dir = -1 },
                                 .delay = 5 * SIM_SEC };
    g_autoptr(TlsContext) context = NULL;
    g_autoptr(Spy) spy = middle(TLS_1_0, TLS_CHECK_NOTHING, &intercept, &context);
    attacker_add_move(spy->attacker, &drop);
    attacker_add_move(spy->attacker, &delay);
    attacker_add_move(spy->attacker, &replay);
    (void)tls_say(spy->t->a, spy->t->chain->p, 0, "MESSAGE", 4);
    tls_run(spy->t, 10 * SIM_SEC);
    g_assert_cmpuint(spy->t->p->requests, ==, 0);
    (void)tls_say(spy->t->a, spy->t->chain->p, 0, "SUBSCRIBE", 4);
    tls_run(spy->t, 2 * SIM_SEC);
    g_assert_cmpuint(spy->t->p->requests, ==, 0);
    tls_run(spy->t, 2 * SIM_SEC);
    g_assert_cmpuint(spy->t->p->requests, ==, 1);
    g_assert_cmpuint(spy->t->p->origin, ==, 0); /* late, and honest */
    (void)tls_say(spy->t->a, spy->t->chain->p, 0, "PUBLISH", 4);
    tls_run(spy->t, 2 * SIM_SEC);
    g_assert_cmpuint(spy->t->p->requests, ==, 2);
    g_assert_cmpuint(spy->t->p->origin, ==, 0);
    tls_run(spy->t, 10 * SIM_SEC);
    g_assert_cmpuint(spy->t->p->requests, ==, 3); /* no transaction of the first is left: RFC 3261 §17.2.2 */
    g_assert_cmpstr(spy_move_behind(spy, spy->t->p->origin)->move.verb, ==, "replay");
    g_assert_cmpuint(attacker_moves(spy->attacker), ==, 5);
    spy_free(g_steal_pointer(&spy));
}

static void test_a_message_of_his_own(void)
{
    static const Move send = { .verb = MOVE_SEND,
                               .match = { .segment = "ap", .dir = NET_DOWN },
                               .at = 30 * SIM_SEC,
                               .template_text = "NOTIFY sip:bob@home.example SIP/2.0\n"
                                                "Via: SIP/2.0/TLS p;branch=z9hG4bK${token}\n"
                                                "Max-Forwards: 70\n"
                                                "From: <sip:a@b>;tag=1\n"
                                                "To: <sip:c@d>;tag=2\n"
                                                "Call-ID: ${session}\n"
                                                "CSeq: 1 NOTIFY\n" };
    g_autoptr(TlsContext) context = NULL;
    g_autoptr(Spy) spy = middle(TLS_1_0, TLS_CHECK_NOTHING, &intercept, &context);
    attacker_add_move(spy->attacker, &send);
    (void)tls_say(spy->t->a, spy->t->chain->p, 0, "OPTIONS", 4);
    tls_run(spy->t, 20 * SIM_SEC);
    g_assert_cmpuint(spy->t->a->requests, ==, 0);
    tls_run(spy->t, 20 * SIM_SEC);
    g_assert_cmpuint(spy->t->a->requests, ==, 1);
    g_assert_cmpstr(spy_move_behind(spy, spy->t->a->origin)->move.verb, ==, "send");
    g_assert_nonnull(strstr(spy->t->a->body, "NOTIFY sip:bob"));
    spy_free(g_steal_pointer(&spy));
}

static void test_the_victim_comes_again(void)
{
    g_autoptr(TlsContext) context = NULL;
    g_autoptr(Spy) spy = middle(TLS_1_0, TLS_CHECK_NOTHING, &intercept, &context);
    for (unsigned i = 1; i <= 3; i++) {
        (void)tls_say(spy->t->a, spy->t->chain->p, 0, "OPTIONS", 4);
        tls_run(spy->t, 20 * SIM_SEC);
        g_assert_cmpuint(spy->t->p->requests, ==, i);
        sip_endpoint_close_tls(spy->t->a->endpoint, spy->t->a->connection);
        tls_run(spy->t, 100 * SIM_SEC);
        g_assert_cmpuint(spy->t->p->ended, ==, i); /* both sides of it */
    }
    g_assert_cmpuint(attacker_moves(spy->attacker), ==, 2); /* however often */
    spy_free(g_steal_pointer(&spy));
}

static void test_who_was_there_before_is_left_alone(void)
{
    Move later = intercept;
    g_autoptr(TlsContext) context = NULL;
    later.at = 10 * SIM_SEC;
    g_autoptr(Spy) spy = middle(TLS_1_0, TLS_CHECK_NOTHING, &later, &context);
    (void)tls_say(spy->t->a, spy->t->chain->p, 0, "OPTIONS", 4);
    tls_run(spy->t, 20 * SIM_SEC);
    (void)tls_say(spy->t->a, spy->t->chain->p, 0, "OPTIONS", 4);
    tls_run(spy->t, 20 * SIM_SEC);
    g_assert_cmpuint(spy->t->p->requests, ==, 2);
    g_assert_cmpuint(attacker_moves(spy->attacker), ==, 0);
    g_assert_null(spy_reading(spy, "OPTIONS"));
    spy_free(g_steal_pointer(&spy));
}

static char *what_happens(void)
{
    g_autoptr(TlsContext) context = NULL;
    g_autoptr(Spy) spy = middle(TLS_1_2, TLS_CHECK_NOTHING, &intercept, &context);
    (void)tls_say(spy->t->a, spy->t->chain->p, 0, "OPTIONS", 4000);
    tls_run(spy->t, 20 * SIM_SEC);
    char *log = g_strdup_printf("%s %" G_GUINT64_FORMAT, spy->t->chain->log->str, sim_events(spy->t->chain->sim));
    spy_free(g_steal_pointer(&spy));
    return log;
}

static void test_the_same_again(void)
{
    g_autofree char *once = what_happens(), *again = what_happens();
    g_assert_cmpstr(once, ==, again);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_data_func("/attacker/tls/intercept/who-takes-it/1.0", GINT_TO_POINTER(TLS_1_0), test_who_takes_it);
    g_test_add_data_func("/attacker/tls/intercept/who-takes-it/1.3", GINT_TO_POINTER(TLS_1_3), test_who_takes_it);
    g_test_add_func("/attacker/tls/intercept/what-passes-stays-honest", test_what_passes_stays_honest);
    g_test_add_func("/attacker/tls/intercept/edited", test_edited);
    g_test_add_func("/attacker/tls/intercept/dropped-delayed-and-replayed", test_dropped_delayed_and_replayed);
    g_test_add_func("/attacker/tls/intercept/a-message-of-his-own", test_a_message_of_his_own);
    g_test_add_func("/attacker/tls/intercept/the-victim-comes-again", test_the_victim_comes_again);
    g_test_add_func("/attacker/tls/intercept/who-was-there-before-is-left-alone",
                    test_who_was_there_before_is_left_alone);
    g_test_add_func("/attacker/tls/intercept/the-same-again", test_the_same_again);
    return g_test_run();
}
