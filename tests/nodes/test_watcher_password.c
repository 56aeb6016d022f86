/*
 * Watchers prove that they know a password (S0 §8.1.4): HTTP Digest at the Presence Server, bound to the asserted
 * identity.
 */
#include "nodes/msg/sip_auth.h"
#include "tests/nodes/support/little_ims.h"

#include <string.h>

#define URI(name) "sip:" name ".x8f2m4q7p1zz@home.example"

static const char *password_of(void *ctx, const char *impu)
{
    if (strcmp(impu, URI("bob")) == 0)
        return "bob's secret";
    return strcmp(impu, URI("alice")) == 0 ? "alice's secret" : NULL;
}

static LittleConfig config_with(const char *password)
{
    LittleConfig config = little_config(6, 6, true);
    config.presence.asks_password = true;
    config.watcher_password = password_of;
    config.password[0] = "alice's secret";
    config.password[1] = password;
    return config;
}

static LittleIms *used(const LittleConfig *config)
{
    LittleIms *ims = little_ims_registered(config, 10);
    ue_publish(ims->ue[0].ue, true, "canary000001");
    little_run(ims, 10);
    ue_subscribe(ims->ue[1].ue, ims->ue[0].impu, 600);
    little_run(ims, 20);
    return ims;
}

static size_t shown(const LittleIms *ims)
{
    return little_count(ims, TRACE_DISPLAY, "bob", NULL);
}

static void test_who_knows_it_is_served(void)
{
    LittleConfig config = config_with("bob's secret");
    LittleIms *ims = used(&config);
    g_assert_cmpint(little_outcome(ims, "bob", "subscribe"), ==, 200);
    g_assert_cmpuint(little_count(ims, TRACE_SEND, "bob", "SUBSCRIBE"), ==, 2);
    g_assert_cmpuint(little_count(ims, TRACE_SEND, "ps", "401 Unauthorized"), ==, 1);
    g_assert_true(little_decided(ims, "ps", "ps-takes-password"));
    g_assert_cmpuint(shown(ims), ==, 1);
    little_run(ims, 400); /* refreshed with the next count of the same nonce: no challenge */
    g_assert_cmpuint(little_count(ims, TRACE_SEND, "bob", "SUBSCRIBE"), ==, 3);
    g_assert_cmpuint(little_count(ims, TRACE_SEND, "ps", "401 Unauthorized"), ==, 1);
    little_run(ims, 500); /* then the nonce is too old: a new one, and the same password */
    g_assert_cmpuint(little_count(ims, TRACE_SEND, "ps", "401 Unauthorized"), ==, 2);
    g_assert_cmpint(little_outcome(ims, "bob", "subscribe"), ==, 200);
    little_ims_finish(ims);
}

static void test_who_does_not_is_refused(void)
{
    static const struct {
        const char *password;
        int status;
        unsigned sent;
    } cases[] = { { "a guess", 401, 2 }, { NULL, 401, 1 } };
    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        LittleConfig config = config_with(cases[i].password);
        LittleIms *ims = used(&config);
        g_assert_cmpint(little_outcome(ims, "bob", "subscribe"), ==, cases[i].status);
        g_assert_cmpuint(little_count(ims, TRACE_SEND, "bob", "SUBSCRIBE"), ==, cases[i].sent);
        g_assert_cmpuint(shown(ims), ==, 0);
        little_ims_finish(ims);
    }
}

static void test_who_has_none_at_the_server(void)
{
    LittleConfig config = config_with("carol's");
    config.n_ues = 3;
    config.password[2] = "carol's";
    LittleIms *ims = used(&config);
    ue_register(ims->ue[2].ue);
    little_run(ims, 10);
    ue_subscribe(ims->ue[2].ue, ims->ue[0].impu, 600);
    little_run(ims, 20);
    g_assert_cmpint(little_outcome(ims, "carol", "subscribe"), ==, 403);
    little_ims_finish(ims);
}

/* AT-38: "anonymous" with an empty password is authenticated as nobody. */
static void test_anonymous_is_nobody(void)
{
    static const char allow_bob[] =
        "<cr:ruleset xmlns:cr=\"urn:ietf:params:xml:ns:common-policy\" xmlns:pr=\"urn:ietf:params:xml:ns:pres-rules\">"
        "<cr:rule id=\"a\"><cr:conditions><cr:identity><cr:one id=\"" URI(
            "bob") "\"/></cr:identity></cr:conditions>"
                   "<cr:actions><pr:sub-handling>allow</pr:sub-handling></cr:actions></cr:rule></cr:ruleset>";
    for (int anonymous = 0; anonymous < 2; anonymous++) {
        LittleConfig config = config_with(anonymous ? "" : "bob's secret");
        LittleIms *ims = little_ims_registered(&config, 10);
        g_assert_true(presence_set_rules(ims->presence, ims->ue[0].impu, allow_bob, strlen(allow_bob), NULL));
        ue_subscribe(ims->ue[1].ue, ims->ue[0].impu, 600);
        little_run(ims, 20);
        g_assert_cmpint(little_outcome(ims, "bob", "subscribe"), ==, anonymous ? 403 : 200);
        little_ims_finish(ims);
    }
}

static void test_anonymous_is_not_named(void)
{
    LittleConfig config = config_with("");
    LittleIms *ims = used(&config);
    g_autoptr(GString) log = g_string_new(NULL);
    g_assert_cmpint(little_outcome(ims, "bob", "subscribe"), ==, 200);
    presence_log(ims->presence, ims->ue[0].impu, log);
    g_assert_nonnull(strstr(log->str, "anonymous"));
    g_assert_null(strstr(log->str, "bob"));
    little_ims_finish(ims);
}

static void test_the_presentity_needs_none_for_her_watchers(void)
{
    LittleConfig config = config_with("bob's secret");
    LittleIms *ims = used(&config);
    ue_watch_watchers(ims->ue[0].ue, 600);
    little_run(ims, 20);
    g_assert_cmpint(little_outcome(ims, "alice", "subscribe"), ==, 200);
    g_assert_cmpuint(little_count(ims, TRACE_SEND, "ps", "401 Unauthorized"), ==, 1);
    little_ims_finish(ims);
}

/* Two presentities at once: two challenges with one nonce, two counts. */
static void test_two_subscriptions_at_once(void)
{
    LittleConfig config = config_with("bob's secret");
    config.n_ues = 3;
    LittleIms *ims = little_ims_registered(&config, 10);
    ue_register(ims->ue[2].ue);
    little_run(ims, 10);
    ue_subscribe(ims->ue[1].ue, ims->ue[0].impu, 600);
    ue_subscribe(ims->ue[1].ue, ims->ue[2].impu, 600);
    little_run(ims, 30);
    g_assert_cmpuint(little_outcomes(ims, "bob", "subscribe"), ==, 2);
    g_assert_cmpint(little_outcome(ims, "bob", "subscribe"), ==, 200);
    g_assert_cmpuint(ue_counters(ims->ue[1].ue)->subscribed, ==, 2);
    little_ims_finish(ims);
}

static void test_with_smime_in_a_tunnel(void)
{
    LittleConfig config = config_with("bob's secret");
    config.smime.ps.clear_without = true;
    config.smime.ps.mode = SMIME_TUNNEL;
    LittleIms *ims = used(&config);
    g_assert_cmpint(little_outcome(ims, "bob", "subscribe"), ==, 200);
    little_ims_finish(ims);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(path, test) g_test_add_func("/nodes/watcher-password/" path, test)
    ADD("who-knows-it-is-served", test_who_knows_it_is_served);
    ADD("who-does-not-is-refused", test_who_does_not_is_refused);
    ADD("who-has-none-at-the-server", test_who_has_none_at_the_server);
    ADD("anonymous-is-nobody", test_anonymous_is_nobody);
    ADD("anonymous-is-not-named", test_anonymous_is_not_named);
    ADD("the-presentity-needs-none-for-her-watchers", test_the_presentity_needs_none_for_her_watchers);
    ADD("two-subscriptions-at-once", test_two_subscriptions_at_once);
    ADD("with-an-opportunistic-tunnel", test_with_smime_in_a_tunnel);
    return g_test_run();
}
