/*
 * tests/nodes/test_presence_policy.c - who may watch: rules, clear notifications, anonymity; and watcher information.
 */
#include "tests/nodes/support/presence_world.h"

#include "nodes/cscf.h"

static const PresencePolicy usual = { .clear_notifications = true, .anonymises = true };

#define INDICATED   INDICATION_HEADER ": yes\r\n"
#define UNINDICATED INDICATION_HEADER ": no\r\n"

static const char *subscribe_with(World *world, const char *watcher, const char *call_id, const char *extra)
{
    return world_send(world,
                      &(Request){ .method = "SUBSCRIBE", .asserted = watcher, .call_id = call_id, .extra = extra });
}

static const char *subscribe(World *world, const char *watcher, const char *call_id)
{
    return subscribe_with(world, watcher, call_id, NULL);
}

static const char *watch_watchers(World *world, const char *call_id, int seconds)
{
    return world_send(world, &(Request){ .method = "SUBSCRIBE",
                                         .asserted = ALICE,
                                         .call_id = call_id,
                                         .event = "presence.winfo",
                                         .expires = seconds });
}

/* The last NOTIFY of a dialog. */
static const char *notify_of(const World *world, const char *call_id)
{
    for (guint i = world->notifies->len; i > 0; i--)
        if (strcmp(header_of(world->notifies->pdata[i - 1], "Call-ID"), call_id) == 0)
            return world->notifies->pdata[i - 1];
    return "";
}

static void assert_state(const World *world, const char *call_id, const char *prefix)
{
    const char *state = header_of(notify_of(world, call_id), "Subscription-State");
    if (!g_str_has_prefix(state, prefix))
        g_error("Subscription-State of %s is \"%s\", not \"%s\"", call_id, state, prefix);
}

/* --- rules --- */

static void test_block(void)
{
    World world;
    world_init(&world, 1, &usual);
    world_rules(&world, RULES_HEAD RULE_FOR("a", CAROL, "allow") RULES_END);
    assert_status(subscribe(&world, BOB, "c1"), 403);
    assert_status(subscribe(&world, CAROL, "c2"), 200);
    g_assert_cmpuint(world.notifies->len, ==, 1);
    world_clear(&world);
}

static void test_confirm_then_allow_then_block(void)
{
    World world;
    world_init(&world, 1, &usual);
    g_autofree char *etag = world_publish(&world, "p1", 1, NULL, "secret");
    world_rules(&world, RULES_HEAD RULE_ALL("a", "confirm") RULES_END);
    assert_status(subscribe(&world, BOB, "c1"), 202);
    assert_state(&world, "c1", "pending;expires=");
    g_assert_cmpstr(body_of(last_notify(&world)), ==, "");
    g_autofree char *next G_GNUC_UNUSED = world_publish(&world, "p1", 2, etag, "secret2");
    world_run(&world, 10 * SIM_SEC);
    g_assert_cmpuint(world.notifies->len, ==, 1); /* nothing for who is pending */

    world_rules(&world, RULES_HEAD RULE_FOR("a", BOB, "allow") RULES_END);
    assert_state(&world, "c1", "active;expires=");
    assert_has(last_notify(&world), "<note>secret2</note>");
    world_run(&world, 10 * SIM_SEC);
    world_rules(&world, RULES_HEAD RULE_ALL("a", "confirm") RULES_END);
    assert_state(&world, "c1", "pending;expires=");
    g_assert_cmpstr(body_of(last_notify(&world)), ==, "");
    world_run(&world, 10 * SIM_SEC);
    world_rules(&world, RULES_HEAD RULE_ALL("a", "block") RULES_END);
    assert_state(&world, "c1", "terminated;reason=rejected");
    g_assert_cmpstr(body_of(last_notify(&world)), ==, "");
    g_autofree char *went = world_transitions(&world, "presence");
    g_assert_cmpstr(went, ==, "pending/subscribe active/approved pending/subscribe terminated/rejected ");
    world_clear(&world);
}

static void test_polite_block(void)
{
    World world;
    world_init(&world, 1, &usual);
    world_rules(&world, RULES_HEAD RULE_ALL("a", "polite-block") RULES_END);
    subscribe(&world, BOB, "c1"); /* nothing published */
    g_autofree char *before = g_strdup(body_of(last_notify(&world)));
    g_autofree char *etag G_GNUC_UNUSED = world_publish(&world, "p1", 1, NULL, "secret");
    world_run(&world, 10 * SIM_SEC);
    assert_status(subscribe(&world, CAROL, "c2"), 200);
    g_assert_cmpstr(body_of(last_notify(&world)), ==, before);
    assert_has(before, "<basic>closed</basic>");
    g_assert_cmpuint(world.notifies->len, ==, 2); /* not even that something was published */
    world_clear(&world);
}

static void test_filter(void)
{
    World world;
    world_init(&world, 1, &usual);
    g_autofree char *etag = world_publish(&world, "p1", 1, NULL, "private");
    world_rules(
        &world,
        RULES_HEAD RULE_FOR(
            "a", BOB, "allow") "<cr:rule id=\"b\"><cr:actions><pr:sub-handling>allow</pr:sub-handling></cr:actions>"
                               "<cr:transformations><pr:provide-services><pr:all-services/></pr:provide-services>"
                               "</cr:transformations></cr:rule>" RULES_END);
    subscribe(&world, BOB, "c1");
    assert_has(last_notify(&world), "<note>private</note>");
    subscribe(&world, CAROL, "c2");
    assert_has(last_notify(&world), "<basic>open</basic>");
    assert_lacks(last_notify(&world), "<note>private</note>");
    world_run(&world, 10 * SIM_SEC);
    g_autofree char *next G_GNUC_UNUSED = world_publish(&world, "p1", 2, etag, "other");
    assert_has(notify_of(&world, "c1"), "<note>other</note>");
    assert_lacks(notify_of(&world, "c2"), "<note>other</note>");
    g_autoptr(GString) log = g_string_new(NULL);
    presence_log(world.ps, ALICE, log);
    assert_has(log->str, CAROL ": filtered document");
    world_clear(&world);
}

/* Every NOTIFY has what is published now, by any rules. */
static void test_filter_follows_publication(void)
{
    World world;
    world_init(&world, 1, &usual);
    world_rules(&world, RULES_HEAD RULE_ALL("a", "allow") RULES_END);
    g_autofree char *first = world_publish(&world, "p1", 1, NULL, "one");
    subscribe(&world, BOB, "c1");
    subscribe(&world, CAROL, "c2");
    world_run(&world, 10 * SIM_SEC);
    g_autofree char *second G_GNUC_UNUSED = world_publish(&world, "p1", 2, first, "two");
    assert_has(notify_of(&world, "c1"), "<note>two</note>");
    assert_has(notify_of(&world, "c2"), "<note>two</note>");
    world_run(&world, 10 * SIM_SEC);
    world_rules(
        &world,
        RULES_HEAD RULE_FOR(
            "a", CAROL, "block") "<cr:rule id=\"b\"><cr:actions><pr:sub-handling>allow</pr:sub-handling></cr:actions>"
                                 "<cr:transformations/></cr:rule>" RULES_END);
    assert_lacks(notify_of(&world, "c1"), "<note>two</note>");
    world_clear(&world);
}

static void test_validity(void)
{
    World world;
    world_init(&world, 1, &usual);
    world_rules(&world,
                RULES_HEAD "<cr:rule id=\"a\"><cr:conditions><cr:validity><cr:from>2003-05-06T00:00:00Z</cr:from>"
                           "<cr:until>2003-05-06T00:10:00Z</cr:until></cr:validity></cr:conditions><cr:actions>"
                           "<pr:sub-handling>allow</pr:sub-handling></cr:actions></cr:rule>" RULES_END);
    assert_status(subscribe(&world, BOB, "c1"), 200);
    world_run(&world, 590 * SIM_SEC);
    assert_state(&world, "c1", "active");
    world_run(&world, 20 * SIM_SEC);
    assert_state(&world, "c1", "terminated;reason=rejected");
    SimTime *times = (SimTime *)(void *)world.times->data;
    g_assert_cmpint(times[1], <, 600 * SIM_SEC + 10 * SIM_MS);
    g_assert_cmpint(times[1], >=, 600 * SIM_SEC);
    world_clear(&world);
}

static void test_same_rules_again(void)
{
    World world;
    world_init(&world, 1, &usual);
    world_rules(&world, RULES_HEAD RULE_ALL("a", "allow") RULES_END);
    subscribe(&world, BOB, "c1");
    world_run(&world, 10 * SIM_SEC);
    world_rules(&world, RULES_HEAD RULE_FOR("a", CAROL, "block") RULE_ALL("b", "allow") RULES_END);
    g_assert_cmpuint(world.notifies->len, ==, 1); /* bob sees what he saw */
    world_clear(&world);
}

static void test_bad_rules(void)
{
    World world;
    char *error = NULL;
    world_init(&world, 1, &usual);
    world_rules(&world, RULES_HEAD RULE_ALL("a", "block") RULES_END);
    g_assert_false(presence_set_rules(world.ps, ALICE, "<nonsense/>", 11, &error));
    g_assert_nonnull(error);
    g_clear_pointer(&error, g_free);
    g_assert_false(presence_set_rules(world.ps, "sip:alice@other.example", NULL, 0, &error));
    assert_has(error, "other.example");
    g_clear_pointer(&error, g_free);
    assert_status(subscribe(&world, BOB, "c1"), 403); /* the old ones stand */
    world_rules(&world, NULL);
    assert_status(subscribe(&world, BOB, "c2"), 200);
    world_clear(&world);
}

/* --- clear notifications, S3 §2 --- */

static const PresencePolicy denies = { .clear_notifications = false, .anonymises = true };

static void test_denies_clear(void)
{
    World world;
    world_init(&world, 1, &denies);
    g_autofree char *etag G_GNUC_UNUSED =
        world_publish(&world, "p1", 1, NULL, "x"); /* Q7: publishing is not asked about */
    assert_status(subscribe(&world, BOB, "c1"), 403);
    assert_status(subscribe_with(&world, BOB, "c2", UNINDICATED), 403);
    g_assert_cmpuint(world_decisions(&world, "ps-denies-clear"), ==, 2);
    assert_status(subscribe_with(&world, BOB, "c3", INDICATED), 200);
    assert_has(last_notify(&world), "<note>x</note>");
    g_assert_cmpuint(world.notifies->len, ==, 1);
    world_clear(&world);
}

static void test_document_overrides_default(void)
{
    World world;
    world_init(&world, 1, &denies);
    world_rules(&world,
                RULES_HEAD "<px:clear-notifications>allow</px:clear-notifications>" RULE_ALL("a", "allow") RULES_END);
    assert_status(subscribe(&world, BOB, "c1"), 200);
    assert_status(subscribe_with(&world, CAROL, "c2", INDICATED), 200);
    world_rules(&world,
                RULES_HEAD "<px:clear-notifications>deny</px:clear-notifications>" RULE_ALL("a", "allow") RULES_END);
    assert_state(&world, "c1", "terminated;reason=rejected");
    g_assert_cmpstr(body_of(notify_of(&world, "c1")), ==, "");
    assert_state(&world, "c2", "active");
    world_clear(&world);
}

/* AT-58 at the server: what a refresh indicates counts from then on; silence leaves it. */
static void test_indication_changes(void)
{
    World world;
    world_init(&world, 1, &denies);
    g_autofree char *tag = to_tag_of(subscribe_with(&world, BOB, "c1", INDICATED));
    Request again = { .method = "SUBSCRIBE", .call_id = "c1", .from = BOB, .to_tag = tag, .cseq = 2 };
    assert_status(world_send(&world, &again), 200);
    again.cseq = 3;
    again.extra = UNINDICATED;
    assert_status(world_send(&world, &again), 403);
    assert_state(&world, "c1", "terminated;reason=rejected");
    world_clear(&world);
}

static void test_requires_indication(void)
{
    World world;
    PresencePolicy option1 = usual;
    option1.requires_indication = true;
    world_init(&world, 1, &option1);
    g_autofree char *body = pidf_with("x");
    Request publish = { .method = "PUBLISH", .asserted = ALICE, .call_id = "p1", .body = body };
    assert_status(world_send(&world, &publish), 403);
    publish.extra = INDICATED;
    assert_status(world_send(&world, &publish), 200);
    assert_status(subscribe(&world, BOB, "c1"), 403);
    assert_status(watch_watchers(&world, "w1", 600), 403);
    g_assert_cmpuint(world_decisions(&world, "ps-requires-indication"), ==, 3);
    g_autofree char *tag = to_tag_of(subscribe_with(&world, BOB, "c2", INDICATED));
    Request again = {
        .method = "SUBSCRIBE", .call_id = "c2", .from = BOB, .to_tag = tag, .cseq = 2, .extra = UNINDICATED
    };
    assert_status(world_send(&world, &again), 403);
    assert_state(&world, "c2", "terminated;reason=rejected");
    world_clear(&world);
}

/* --- anonymity --- */

#define ANONYMOUS "Privacy: id\r\n"

static const char *subscribe_anonymously(World *world, const char *call_id, const char *privacy)
{
    return world_send(world, &(Request){ .method = "SUBSCRIBE",
                                         .asserted = BOB,
                                         .call_id = call_id,
                                         .from = "sip:anonymous@anonymous.invalid",
                                         .extra = privacy });
}

static void test_anonymous_is_not_named(void)
{
    World world;
    world_init(&world, 1, &usual);
    assert_status(subscribe_anonymously(&world, "c1", ANONYMOUS), 200);
    g_assert_cmpstr(header_of(last_notify(&world), "To"), ==, "<sip:anonymous@anonymous.invalid>;tag=ft");
    watch_watchers(&world, "w1", 600);
    assert_has(last_notify(&world), ">sip:anonymous@anonymous.invalid</watcher>");
    assert_lacks(last_notify(&world), "bob");
    g_autoptr(GString) log = g_string_new(NULL);
    presence_log(world.ps, ALICE, log);
    assert_has(log->str, " anonymous: closed document");
    assert_lacks(log->str, "bob");
    world_clear(&world);
}

static void test_mutant_names_anonymous(void)
{
    World world;
    PresencePolicy mutant = usual;
    mutant.anonymises = false;
    world_init(&world, 1, &mutant);
    subscribe_anonymously(&world, "c1", ANONYMOUS);
    watch_watchers(&world, "w1", 600);
    assert_has(last_notify(&world), ">" BOB "</watcher>");
    g_autoptr(GString) log = g_string_new(NULL);
    presence_log(world.ps, ALICE, log);
    assert_has(log->str, BOB);
    world_clear(&world);
}

static void test_anonymous_matches_no_identity(void)
{
    World world;
    world_init(&world, 1, &usual);
    world_rules(&world, RULES_HEAD RULE_FOR("a", BOB, "allow") RULES_END);
    assert_status(subscribe_anonymously(&world, "c1", ANONYMOUS), 403);
    assert_status(subscribe_anonymously(&world, "c2", "Privacy: critical;id\r\n"), 403);
    assert_status(subscribe_anonymously(&world, "c3", "Privacy: none\r\n"), 200);
    assert_status(subscribe_anonymously(&world, "c5", "Privacy: id; none\r\n"), 200); /* RFC 3323 §4.2 */
    world_rules(&world, RULES_HEAD RULE_FOR("a", BOB, "allow") RULE_ALL("b", "confirm") RULES_END);
    assert_status(subscribe_anonymously(&world, "c4", ANONYMOUS), 202);
    world_clear(&world);
}

/* Also later: a rule that comes to allow him by name does not reveal that he is there. */
static void test_anonymous_stays_unknown_to_rules(void)
{
    World world;
    world_init(&world, 1, &usual);
    world_rules(&world, RULES_HEAD RULE_ALL("a", "confirm") RULES_END);
    assert_status(subscribe_anonymously(&world, "c1", ANONYMOUS), 202);
    assert_status(subscribe(&world, BOB, "c2"), 202);
    world_rules(&world, RULES_HEAD RULE_FOR("a", BOB, "allow") RULES_END);
    world_run(&world, 10 * SIM_SEC);
    assert_state(&world, "c1", "terminated;reason=rejected");
    assert_state(&world, "c2", "active");
    world_clear(&world);
}

/* Two anonymous subscriptions cannot be told to be of one watcher; one keeps its id. */
static void test_pseudonyms(void)
{
    World world;
    world_init(&world, 1, &usual);
    subscribe_anonymously(&world, "c1", ANONYMOUS);
    watch_watchers(&world, "w1", -1);
    const char *at = strstr(last_notify(&world), "watcher id=\"");
    g_autofree char *id = g_strndup(at, 20);
    subscribe_anonymously(&world, "c2", ANONYMOUS);
    watch_watchers(&world, "w2", -1);
    at = strstr(last_notify(&world), "watcher id=\"");
    g_assert_true(strncmp(at, id, 20) == 0);
    at = strstr(at + 20, "watcher id=\"");
    g_assert_nonnull(at);
    g_assert_true(strncmp(at, id, 20) != 0);
    world_clear(&world);
}

/* --- watcher information --- */

static void test_winfo_full_then_partial(void)
{
    World world;
    world_init(&world, 1, &usual);
    subscribe(&world, BOB, "c1");
    assert_status(watch_watchers(&world, "w1", 600), 200);
    assert_has(last_notify(&world), "version=\"0\" state=\"full\"");
    assert_has(last_notify(&world), "status=\"active\" event=\"subscribe\"");
    assert_has(last_notify(&world), ">" BOB "</watcher>");
    world_run(&world, 10 * SIM_SEC);
    g_autofree char *tag = to_tag_of(subscribe(&world, CAROL, "c2"));
    assert_has(notify_of(&world, "w1"), "version=\"1\" state=\"partial\"");
    assert_has(notify_of(&world, "w1"), CAROL);
    assert_lacks(notify_of(&world, "w1"), BOB);
    Request leave = { .method = "SUBSCRIBE", .call_id = "c2", .from = CAROL, .to_tag = tag, .cseq = 2, .expires = -1 };
    world_send(&world, &leave);
    assert_lacks(notify_of(&world, "w1"), "version=\"2\""); /* throttled */
    world_run(&world, 6 * SIM_SEC);
    assert_has(notify_of(&world, "w1"), "version=\"2\" state=\"partial\"");
    assert_has(notify_of(&world, "w1"), "status=\"terminated\" event=\"timeout\"");

    subscribe_with(&world, "sip:dan@home.example", "c3", NULL);
    world_run(&world, 10 * SIM_SEC);
    g_autofree char *once = g_strdup(notify_of(&world, "w1"));
    assert_has(once, "version=\"3\"");
    assert_lacks(once, CAROL); /* told once that she went */
    world_clear(&world);
}

static void test_winfo_refresh_is_full(void)
{
    World world;
    world_init(&world, 1, &usual);
    g_autofree char *tag = to_tag_of(watch_watchers(&world, "w1", 600));
    assert_has(last_notify(&world), "version=\"0\" state=\"full\"");
    subscribe(&world, BOB, "c1");
    world_run(&world, 10 * SIM_SEC);
    Request again = { .method = "SUBSCRIBE",
                      .call_id = "w1",
                      .from = ALICE,
                      .to_tag = tag,
                      .cseq = 2,
                      .event = "presence.winfo",
                      .expires = 600 };
    assert_status(world_send(&world, &again), 200);
    assert_has(last_notify(&world), "version=\"2\" state=\"full\"");
    assert_has(last_notify(&world), BOB);
    world_clear(&world);
}

static void test_winfo_leaves_fetches_out(void)
{
    World world;
    world_init(&world, 1, &usual);
    watch_watchers(&world, "w1", 600);
    world_run(&world, 10 * SIM_SEC);
    guint before = world.notifies->len;
    world_send(&world, &(Request){ .method = "SUBSCRIBE", .asserted = BOB, .call_id = "c1", .expires = -1 });
    world_run(&world, 10 * SIM_SEC);
    g_assert_cmpuint(world.notifies->len, ==, before + 1); /* bob's own */
    world_clear(&world);
}

static void test_waiting_and_giveup(void)
{
    World world;
    world_init(&world, 1, &usual);
    world_rules(&world, RULES_HEAD RULE_ALL("a", "confirm") RULES_END);
    world_send(&world, &(Request){ .method = "SUBSCRIBE", .asserted = BOB, .call_id = "c1", .expires = 60 });
    world_run(&world, 61 * SIM_SEC);
    assert_state(&world, "c1", "terminated;reason=timeout");
    watch_watchers(&world, "w1", -1);
    assert_has(last_notify(&world), "status=\"waiting\" event=\"timeout\"");

    assert_status(subscribe(&world, BOB, "c2"), 202); /* comes again */
    watch_watchers(&world, "w2", -1);
    assert_has(last_notify(&world), "status=\"pending\"");
    assert_lacks(last_notify(&world), "status=\"waiting\"");
    world_send(&world, &(Request){ .method = "SUBSCRIBE", .asserted = CAROL, .call_id = "c3", .expires = -1 });
    assert_state(&world, "c3", "terminated;reason=timeout"); /* a fetch waits for the decision too */
    world_run(&world, 8 * 86400 * SIM_SEC);
    watch_watchers(&world, "w3", -1);
    assert_lacks(last_notify(&world), "<watcher ");
    g_autofree char *went = world_transitions(&world, "presence");
    g_assert_cmpstr(went, ==,
                    "pending/subscribe waiting/timeout terminated/giveup pending/subscribe "
                    "pending/subscribe waiting/timeout waiting/timeout terminated/giveup terminated/giveup ");
    world_clear(&world);
}

static void test_waiting_is_approved(void)
{
    World world;
    world_init(&world, 1, &usual);
    world_rules(&world, RULES_HEAD RULE_ALL("a", "confirm") RULES_END);
    world_send(&world, &(Request){ .method = "SUBSCRIBE", .asserted = BOB, .call_id = "c1", .expires = 60 });
    world_run(&world, 61 * SIM_SEC);
    watch_watchers(&world, "w1", 3600);
    world_run(&world, 10 * SIM_SEC);
    guint before = world.notifies->len;
    world_rules(&world, RULES_HEAD RULE_ALL("a", "allow") RULES_END);
    world_run(&world, 10 * SIM_SEC);
    g_assert_cmpuint(world.notifies->len, ==, before + 1); /* alice's; bob has no dialog */
    assert_has(last_notify(&world), "status=\"terminated\" event=\"approved\"");
    world_clear(&world);
}

static void test_waiting_is_bounded(void)
{
    World world;
    world_init(&world, 1, &usual);
    world_rules(&world, RULES_HEAD RULE_ALL("a", "confirm") RULES_END);
    for (unsigned i = 0; i < 70; i++) {
        g_autofree char *call_id = g_strdup_printf("c%u", i);
        g_autofree char *who = g_strdup_printf("sip:w%u@home.example", i);
        world_send(&world, &(Request){ .method = "SUBSCRIBE", .asserted = who, .call_id = call_id, .expires = -1 });
    }
    watch_watchers(&world, "w1", -1);
    assert_lacks(last_notify(&world), ">sip:w5@");
    assert_has(last_notify(&world), ">sip:w6@");
    assert_has(last_notify(&world), ">sip:w69@");
    world_clear(&world);
}

/* More watchers than one document holds come in several, in order. */
static void test_many_watchers(void)
{
    World world;
    world_init(&world, 1, &usual);
    for (unsigned i = 0; i < 200; i++) {
        g_autofree char *call_id = g_strdup_printf("c%u", i);
        g_autofree char *who = g_strdup_printf("sip:w%u@home.example", i);
        assert_status(subscribe(&world, who, call_id), 200);
    }
    watch_watchers(&world, "w1", 600);
    assert_has(last_notify(&world), "version=\"0\" state=\"full\"");
    assert_has(last_notify(&world), ">sip:w127@");
    assert_lacks(last_notify(&world), ">sip:w128@");
    world_run(&world, 10 * SIM_SEC);
    assert_has(last_notify(&world), "version=\"1\" state=\"partial\"");
    assert_has(last_notify(&world), ">sip:w128@");
    assert_has(last_notify(&world), ">sip:w199@");
    world_clear(&world);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/nodes/presence/rules/block-is-403", test_block);
    g_test_add_func("/nodes/presence/rules/confirm-allow-confirm-block", test_confirm_then_allow_then_block);
    g_test_add_func("/nodes/presence/rules/polite-block-looks-like-nothing-published", test_polite_block);
    g_test_add_func("/nodes/presence/rules/documents-are-filtered", test_filter);
    g_test_add_func("/nodes/presence/rules/filtered-documents-follow-publications", test_filter_follows_publication);
    g_test_add_func("/nodes/presence/rules/validity-ends", test_validity);
    g_test_add_func("/nodes/presence/rules/no-notify-when-nothing-changes", test_same_rules_again);
    g_test_add_func("/nodes/presence/rules/bad-ones-change-nothing", test_bad_rules);
    g_test_add_func("/nodes/presence/clear/denied-without-indication", test_denies_clear);
    g_test_add_func("/nodes/presence/clear/document-overrides-default", test_document_overrides_default);
    g_test_add_func("/nodes/presence/clear/indication-changes-in-the-dialog", test_indication_changes);
    g_test_add_func("/nodes/presence/clear/option-1-requires-indication", test_requires_indication);
    g_test_add_func("/nodes/presence/anonymous/not-named", test_anonymous_is_not_named);
    g_test_add_func("/nodes/presence/anonymous/mutant-names-him", test_mutant_names_anonymous);
    g_test_add_func("/nodes/presence/anonymous/matches-no-identity", test_anonymous_matches_no_identity);
    g_test_add_func("/nodes/presence/anonymous/stays-unknown-to-rules", test_anonymous_stays_unknown_to_rules);
    g_test_add_func("/nodes/presence/anonymous/pseudonyms", test_pseudonyms);
    g_test_add_func("/nodes/presence/winfo/full-then-partial", test_winfo_full_then_partial);
    g_test_add_func("/nodes/presence/winfo/refresh-is-full", test_winfo_refresh_is_full);
    g_test_add_func("/nodes/presence/winfo/fetches-are-left-out", test_winfo_leaves_fetches_out);
    g_test_add_func("/nodes/presence/winfo/waiting-and-giveup", test_waiting_and_giveup);
    g_test_add_func("/nodes/presence/winfo/waiting-is-approved", test_waiting_is_approved);
    g_test_add_func("/nodes/presence/winfo/waiting-is-bounded", test_waiting_is_bounded);
    g_test_add_func("/nodes/presence/winfo/many-watchers-come-in-parts", test_many_watchers);
    return g_test_run();
}
