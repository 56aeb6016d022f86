/*
 * tests/nodes/test_presence.c - publications, subscriptions and notifications of the Presence Server, message by
 * message.
 */
#include "tests/nodes/support/presence_world.h"

static const PresencePolicy usual = { .clear_notifications = true, .anonymises = true };

static const char *subscribe(World *world, const char *watcher, const char *call_id, int seconds)
{
    return world_send(world,
                      &(Request){ .method = "SUBSCRIBE", .asserted = watcher, .call_id = call_id, .expires = seconds });
}

/* --- PUBLISH --- */

static void test_publish_life(void)
{
    World world;
    world_init(&world, 1, &usual);
    g_autofree char *first = world_publish(&world, "p1", 1, NULL, "one");
    assert_status(subscribe(&world, BOB, "c1", 3600), 200);
    assert_has(last_notify(&world), "<note>one</note>");
    world_run(&world, 10 * SIM_SEC);

    g_autofree char *second = world_publish(&world, "p1", 2, first, "two");
    g_assert_cmpstr(first, !=, second);
    assert_has(last_notify(&world), "<note>two</note>");
    assert_lacks(last_notify(&world), "<note>one</note>");
    world_run(&world, 10 * SIM_SEC);
    guint before = world.notifies->len;

    g_autofree char *third = world_publish(&world, "p1", 3, second, NULL); /* refresh: no state changed */
    g_assert_cmpstr(third, !=, second);
    g_assert_cmpuint(world.notifies->len, ==, before);

    g_autofree char *match = g_strdup_printf("SIP-If-Match: %s\r\n", third);
    const char *gone = world_send(
        &world,
        &(Request){
            .method = "PUBLISH", .asserted = ALICE, .call_id = "p1", .cseq = 4, .expires = -1, .extra = match });
    assert_status(gone, 200);
    g_assert_cmpstr(header_of(gone, "Expires"), ==, "0");
    assert_has(last_notify(&world), "<basic>closed</basic>");
    assert_lacks(last_notify(&world), "two");
    world_clear(&world);
}

typedef struct Refusal {
    const char *name;
    Request request;
    unsigned status;
    const char *needs; /* a line of the answer */
} Refusal;

#define PIDF_ONE                                                                                                       \
    "<presence xmlns=\"urn:ietf:params:xml:ns:pidf\" entity=\"" ALICE "\"><tuple "                                     \
    "id=\"a\"><status/></tuple></presence>"

static const Refusal publish_refusals[] = {
    { "no-event", { .method = "PUBLISH", .asserted = ALICE, .event = "", .body = PIDF_ONE }, 489, "Allow-Events: " },
    { "other-event", { .method = "PUBLISH", .asserted = ALICE, .event = "reg", .body = PIDF_ONE }, 489, NULL },
    { "winfo", { .method = "PUBLISH", .asserted = ALICE, .event = "presence.winfo", .body = PIDF_ONE }, 489, NULL },
    { "other-domain", { .method = "PUBLISH", .uri = "sip:alice@other.example", .asserted = ALICE }, 404, NULL },
    { "nobody", { .method = "PUBLISH", .uri = "sip:home.example", .asserted = ALICE }, 404, NULL },
    { "no-identity", { .method = "PUBLISH", .from = ALICE, .body = PIDF_ONE }, 403, NULL },
    { "someone-else", { .method = "PUBLISH", .asserted = BOB, .from = ALICE, .body = PIDF_ONE }, 403, NULL },
    { "no-body", { .method = "PUBLISH", .asserted = ALICE }, 400, NULL },
    { "unknown-etag", { .method = "PUBLISH", .asserted = ALICE, .extra = "SIP-If-Match: nonesuch\r\n" }, 412, NULL },
    { "two-etags", { .method = "PUBLISH", .asserted = ALICE, .extra = "SIP-If-Match: a, b\r\n" }, 400, NULL },
    { "two-etag-lines",
      { .method = "PUBLISH", .asserted = ALICE, .extra = "SIP-If-Match: a\r\nSIP-If-Match: b\r\n" },
      400,
      NULL },
    { "too-brief",
      { .method = "PUBLISH", .asserted = ALICE, .expires = 59, .body = PIDF_ONE },
      423,
      "Min-Expires: 60\r\n" },
    { "no-type", { .method = "PUBLISH", .asserted = ALICE, .type = "", .body = PIDF_ONE }, 415, "Accept: " },
    { "other-type", { .method = "PUBLISH", .asserted = ALICE, .type = "text/plain", .body = PIDF_ONE }, 415, NULL },
    { "not-xml", { .method = "PUBLISH", .asserted = ALICE, .body = "<presence" }, 400, NULL },
    { "not-pidf", { .method = "PUBLISH", .asserted = ALICE, .body = "<presence/>" }, 400, NULL },
    { "doctype", { .method = "PUBLISH", .asserted = ALICE, .body = "<!DOCTYPE presence>" PIDF_ONE }, 400, NULL },
    { "extension",
      { .method = "PUBLISH", .asserted = ALICE, .extra = "Require: eventlist\r\n" },
      420,
      "Unsupported: eventlist\r\n" },
    { "method", { .method = "MESSAGE", .asserted = ALICE }, 405, "Allow: PUBLISH, SUBSCRIBE\r\n" },
};

static const Refusal subscribe_refusals[] = {
    { "no-event",
      { .method = "SUBSCRIBE", .asserted = BOB, .event = "" },
      489,
      "Allow-Events: presence, presence.winfo" },
    { "other-event", { .method = "SUBSCRIBE", .asserted = BOB, .event = "presence.winfo.winfo" }, 489, NULL },
    { "other-format",
      { .method = "SUBSCRIBE", .asserted = BOB, .extra = "Accept: text/html, image/*\r\n" },
      406,
      NULL },
    { "no-identity", { .method = "SUBSCRIBE", .from = BOB }, 403, NULL },
    { "no-contact", { .method = "SUBSCRIBE", .asserted = BOB, .no_contact = true }, 400, NULL },
    { "other-domain", { .method = "SUBSCRIBE", .asserted = BOB, .uri = "sip:alice@other.example" }, 404, NULL },
    { "no-such-dialog", { .method = "SUBSCRIBE", .asserted = BOB, .to_tag = "xyz" }, 481, NULL },
    { "winfo-of-another", { .method = "SUBSCRIBE", .asserted = BOB, .event = "presence.winfo" }, 403, NULL },
};

/* Refused, and nothing is left behind of it. */
static void test_refusal(const void *data)
{
    const Refusal *refusal = data;
    World world;
    world_init(&world, 1, &usual);
    const char *answer = world_send(&world, &refusal->request);
    assert_status(answer, refusal->status);
    if (refusal->needs != NULL)
        assert_has(answer, refusal->needs);
    g_assert_cmpuint(world.notifies->len, ==, 0);
    subscribe(&world, CAROL, "c9", 3600);
    assert_has(last_notify(&world), "<basic>closed</basic>");
    world_clear(&world);
}

static void test_publications_composed(void)
{
    World world;
    world_init(&world, 1, &usual);
    g_autofree char *a = world_publish(&world, "p1", 1, NULL, "phone");
    g_autofree char *b = world_publish(&world, "p2", 1, NULL, "desk");
    g_assert_cmpstr(a, !=, b);
    assert_status(subscribe(&world, BOB, "c1", 86400), 200);
    const char *both = body_of(last_notify(&world));
    assert_has(both, "<note>phone</note>");
    assert_has(both, "<note>desk</note>");
    g_assert_true(strstr(both, "phone") < strstr(both, "desk")); /* in order of creation */

    world_run(&world, 2000 * SIM_SEC); /* refresh one, let the other run out after 3600 s */
    g_autofree char *c G_GNUC_UNUSED = world_publish(&world, "p2", 2, b, NULL);
    world_run(&world, 1700 * SIM_SEC);
    assert_has(last_notify(&world), "<note>desk</note>");
    assert_lacks(last_notify(&world), "<note>phone</note>");
    world_run(&world, 2000 * SIM_SEC);
    assert_has(last_notify(&world), "<basic>closed</basic>");
    g_assert_cmpuint(world.notifies->len, ==, 3);
    world_clear(&world);
}

static void test_same_publish_twice(void)
{
    World world;
    world_init(&world, 1, &usual);
    g_autofree char *a = world_publish(&world, "p1", 1, NULL, "x");
    g_autofree char *b = world_publish(&world, "p1", 1, NULL, "y"); /* same Call-ID and CSeq, another transaction */
    g_assert_cmpstr(a, !=, b);
    world_clear(&world);
}

/* A document about someone else goes out as one about its presentity. */
static void test_entity_is_the_presentity(void)
{
    World world;
    world_init(&world, 1, &usual);
    const char *body = "<presence xmlns=\"urn:ietf:params:xml:ns:pidf\" entity=\"" CAROL "\"><tuple id=\"a\"><status/>"
                       "</tuple></presence>";
    assert_status(world_send(&world, &(Request){ .method = "PUBLISH", .asserted = ALICE, .body = body }), 200);
    subscribe(&world, BOB, "c1", 3600);
    assert_has(last_notify(&world), "entity=\"" ALICE "\"");
    assert_lacks(last_notify(&world), CAROL);
    world_clear(&world);
}

static void test_publication_is_traced(void)
{
    World world;
    world_init(&world, 1, &usual);
    g_autofree char *etag = world_publish(&world, "p1", 1, NULL, "seen");
    world_run(&world, 4000 * SIM_SEC);
    const Trace *trace = sim_trace(world.sim);
    unsigned n = 0;
    for (TraceId id = 1; id <= trace_count(trace); id++) {
        const TraceRecord *record = trace_get(trace, id);
        if (record->kind != TRACE_PUBLICATION)
            continue;
        g_assert_cmpstr(record->publication.publisher, ==, ALICE);
        g_assert_cmpstr(record->publication.presentity, ==, ALICE);
        g_assert_cmpstr(record->publication.etag, ==, etag);
        if (n++ == 0)
            assert_has(record->publication.document, "<note>seen</note>");
        else
            g_assert_cmpstr(record->publication.document, ==, "");
    }
    g_assert_cmpuint(n, ==, 2);
    world_clear(&world);
}

static void test_trusts_from(void)
{
    World world;
    PresencePolicy broken = usual;
    broken.trusts_from = true;
    world_init(&world, 1, &broken);
    Request forged = { .method = "PUBLISH", .from = ALICE, .asserted = BOB, .body = PIDF_ONE };
    assert_status(world_send(&world, &forged), 200);
    world_clear(&world);
}

/* --- SUBSCRIBE and NOTIFY --- */

static void test_notify_in_the_dialog(void)
{
    World world;
    world_init(&world, 1, &usual);
    g_autofree char *etag G_GNUC_UNUSED = world_publish(&world, "p1", 1, NULL, "hello");
    const char *answer = subscribe(&world, BOB, "call-1", 600);
    assert_status(answer, 200);
    g_assert_cmpstr(header_of(answer, "Expires"), ==, "600");
    g_assert_cmpstr(header_of(answer, "Contact"), ==, "<sip:ps.home.example>");
    g_autofree char *tag = to_tag_of(answer);
    g_assert_cmpuint(strlen(tag), ==, 8);

    g_assert_cmpuint(world.notifies->len, ==, 1);
    const char *notify = last_notify(&world);
    g_assert_true(g_str_has_prefix(notify, "NOTIFY sip:[2001:db8::b0b]:6101 SIP/2.0\r\n"));
    g_assert_cmpstr(header_of(notify, "Route"), ==, "<sip:scscf.home.example;lr>,<sip:pcscf.visited.example;lr>");
    g_autofree char *from = g_strdup_printf("<" ALICE ">;tag=%s", tag);
    g_assert_cmpstr(header_of(notify, "From"), ==, from);
    g_assert_cmpstr(header_of(notify, "To"), ==, "<" BOB ">;tag=ft");
    g_assert_cmpstr(header_of(notify, "Call-ID"), ==, "call-1");
    g_assert_cmpstr(header_of(notify, "Event"), ==, "presence");
    g_assert_cmpstr(header_of(notify, "Subscription-State"), ==, "active;expires=600");
    g_assert_cmpstr(header_of(notify, "Content-Type"), ==, "application/pidf+xml");
    /* leaves room for two more Via and the rest of 1300 octets on the way to the UE */
    g_assert_cmpuint(strlen(notify), <, 900);
    world_clear(&world);
}

static void test_refresh_and_unsubscribe(void)
{
    World world;
    world_init(&world, 1, &usual);
    g_autofree char *tag = to_tag_of(subscribe(&world, BOB, "c1", 600));
    world_run(&world, 300 * SIM_SEC);
    Request again = { .method = "SUBSCRIBE", .call_id = "c1", .from = BOB, .to_tag = tag, .cseq = 2, .expires = 900 };
    const char *answer = world_send(&world, &again); /* in a dialog nobody asserts an identity again */
    assert_status(answer, 200);
    g_assert_cmpstr(header_of(answer, "Expires"), ==, "900");
    g_assert_cmpuint(world.notifies->len, ==, 2);
    g_assert_cmpstr(header_of(last_notify(&world), "Subscription-State"), ==, "active;expires=900");
    assert_status(world_send(&world, &again), 500); /* CSeq did not grow */

    again.cseq = 3;
    again.asserted = CAROL;
    assert_status(world_send(&world, &again), 403);
    again.asserted = BOB;
    again.cseq = 4;
    again.event = "presence.winfo";
    assert_status(world_send(&world, &again), 481);
    again.event = "presence;id=7";
    assert_status(world_send(&world, &again), 481);
    again.event = NULL;
    again.expires = -1;
    answer = world_send(&world, &again);
    assert_status(answer, 200);
    g_assert_cmpstr(header_of(answer, "Expires"), ==, "0");
    g_assert_cmpstr(header_of(last_notify(&world), "Subscription-State"), ==, "terminated;reason=timeout");
    g_assert_cmpstr(body_of(last_notify(&world)), ==, "");
    again.cseq = 5;
    assert_status(world_send(&world, &again), 481);
    g_autofree char *went = world_transitions(&world, "presence");
    g_assert_cmpstr(went, ==, "active/subscribe terminated/timeout ");
    world_clear(&world);
}

static void test_expiry(void)
{
    World world;
    world_init(&world, 1, &usual);
    subscribe(&world, BOB, "c1", 60);
    world_run(&world, 59 * SIM_SEC);
    g_assert_cmpuint(world.notifies->len, ==, 1);
    world_run(&world, 2 * SIM_SEC);
    g_assert_cmpuint(world.notifies->len, ==, 2);
    g_assert_cmpstr(header_of(last_notify(&world), "Subscription-State"), ==, "terminated;reason=timeout");
    g_autofree char *etag G_GNUC_UNUSED = world_publish(&world, "p1", 1, NULL, "late");
    g_assert_cmpuint(world.notifies->len, ==, 2);
    world_run(&world, 100000 * SIM_SEC);
    g_assert_cmpint(sim_run(world.sim, SIM_NEVER, 100), ==, SIM_IDLE);
    world_clear(&world);
}

static void test_fetch(void)
{
    World world;
    world_init(&world, 1, &usual);
    g_autofree char *etag = world_publish(&world, "p1", 1, NULL, "once");
    const char *answer = subscribe(&world, BOB, "c1", -1);
    assert_status(answer, 200);
    g_assert_cmpstr(header_of(answer, "Expires"), ==, "0");
    g_assert_cmpstr(header_of(last_notify(&world), "Subscription-State"), ==, "terminated;reason=timeout");
    assert_has(last_notify(&world), "<note>once</note>");
    world_run(&world, 10 * SIM_SEC);
    g_autofree char *next G_GNUC_UNUSED = world_publish(&world, "p1", 2, etag, "twice");
    g_assert_cmpuint(world.notifies->len, ==, 1);
    g_autoptr(GString) log = g_string_new(NULL);
    presence_log(world.ps, ALICE, log);
    assert_has(log->str, BOB ": document");
    assert_has(log->str, "fetched");
    world_clear(&world);
}

static void test_throttle(void)
{
    World world;
    world_init(&world, 1, &usual);
    g_autofree char *a = world_publish(&world, "p1", 1, NULL, "n0");
    subscribe(&world, BOB, "c1", 3600);
    g_autofree char *b = world_publish(&world, "p1", 2, a, "n1");
    g_autofree char *c = world_publish(&world, "p1", 3, b, "n2");
    g_autofree char *d G_GNUC_UNUSED = world_publish(&world, "p1", 4, c, "n3");
    g_assert_cmpuint(world.notifies->len, ==, 1);
    world_run(&world, 20 * SIM_SEC);
    g_assert_cmpuint(world.notifies->len, ==, 2); /* the last state, once */
    assert_has(last_notify(&world), "<note>n3</note>");
    SimTime *times = (SimTime *)(void *)world.times->data;
    g_assert_cmpint(times[1] - times[0], ==, 5 * SIM_SEC);
    world_clear(&world);
}

static void test_no_throttle(void)
{
    World world;
    PresencePolicy policy = usual;
    policy.throttle_seconds = -1;
    world_init(&world, 1, &policy);
    g_autofree char *a = world_publish(&world, "p1", 1, NULL, "n0");
    subscribe(&world, BOB, "c1", 3600);
    g_autofree char *b = world_publish(&world, "p1", 2, a, "n1");
    g_autofree char *c G_GNUC_UNUSED = world_publish(&world, "p1", 3, b, "n2");
    g_assert_cmpuint(world.notifies->len, ==, 3);
    world_clear(&world);
}

typedef struct Failure {
    const char *name;
    unsigned status; /* of the peer's answer to NOTIFY; 0: none */
    const char *extra;
    bool survives;
} Failure;

static const Failure failures[] = {
    { "481", 481, NULL, false },
    { "500", 500, NULL, false },
    { "silence", 0, NULL, false },
    { "retry-after", 503, "Retry-After: 10\r\n", true },
};

static void test_notify_fails(const void *data)
{
    const Failure *failure = data;
    World world;
    world_init(&world, 1, &usual);
    world.notify_status = failure->status;
    world.notify_extra = failure->extra;
    g_autofree char *tag = to_tag_of(subscribe(&world, BOB, "c1", 3600));
    world_run(&world, 40 * SIM_SEC);
    world.notify_status = 200;
    guint before = world.notifies->len;
    g_autofree char *etag G_GNUC_UNUSED = world_publish(&world, "p1", 1, NULL, "after");
    g_assert_cmpuint(world.notifies->len, ==, before + (failure->survives ? 1 : 0));
    Request again = { .method = "SUBSCRIBE", .call_id = "c1", .from = BOB, .to_tag = tag, .cseq = 2 };
    assert_status(world_send(&world, &again), failure->survives ? 200 : 481);
    g_assert_cmpuint(world_decisions(&world, "ps-ends-failed-subscription"), ==, failure->survives ? 0 : 1);
    world_clear(&world);
}

/* While a NOTIFY is not answered the next one waits, and then says what is true by then. */
static void test_one_notify_at_a_time(void)
{
    World world;
    world_init(&world, 1, &usual);
    world.notify_status = 0;
    subscribe(&world, BOB, "c1", 3600);
    world_run(&world, 6 * SIM_SEC);
    g_autofree char *a = world_publish(&world, "p1", 1, NULL, "n1");
    g_autofree char *b G_GNUC_UNUSED = world_publish(&world, "p1", 2, a, "n2");
    for (guint i = 0; i < world.notifies->len; i++)
        g_assert_cmpstr(header_of(world.notifies->pdata[i], "CSeq"), ==, "1 NOTIFY");
    world.notify_status = 200;
    world_run(&world, 10 * SIM_SEC);
    g_assert_cmpstr(header_of(last_notify(&world), "CSeq"), ==, "2 NOTIFY");
    assert_has(last_notify(&world), "<note>n2</note>");
    world_clear(&world);
}

static void test_merged_request(void)
{
    World world;
    world_init(&world, 1, &usual);
    assert_status(subscribe(&world, BOB, "c1", 3600), 200);
    assert_status(subscribe(&world, BOB, "c1", 3600), 482);
    Request other = { .method = "SUBSCRIBE", .asserted = BOB, .call_id = "c1", .from_tag = "second" };
    assert_status(world_send(&world, &other), 200); /* another dialog with the same Call-ID */
    g_autofree char *etag G_GNUC_UNUSED = world_publish(&world, "p1", 1, NULL, "n");
    world_run(&world, 10 * SIM_SEC);
    g_assert_cmpuint(world.notifies->len, ==, 4);
    world_clear(&world);
}

static void test_event_id(void)
{
    World world;
    world_init(&world, 1, &usual);
    Request request = { .method = "SUBSCRIBE",
                        .asserted = BOB,
                        .event = "presence;id=a7",
                        .extra = "Accept: text/plain, application/pidf+xml;q=0.5\r\n" };
    assert_status(world_send(&world, &request), 200);
    g_assert_cmpstr(header_of(last_notify(&world), "Event"), ==, "presence;id=a7");
    world_clear(&world);
}

static void test_strangers_are_not_heard(void)
{
    World world;
    world_init(&world, 1, &usual);
    Request forged = { .method = "PUBLISH", .asserted = ALICE, .body = PIDF_ONE, .from_stranger = true };
    g_assert_cmpstr(world_send(&world, &forged), ==, "");
    forged.method = "SUBSCRIBE";
    g_assert_cmpstr(world_send(&world, &forged), ==, "");
    g_assert_cmpuint(trace_count_drops(sim_trace(world.sim), "ps", "sip-stranger"), ==, 2);
    g_assert_cmpuint(world.notifies->len, ==, 0);
    world_clear(&world);
}

/* Bob's messages are the same octets whether carol is there or not. */
static char *notify_to_bob(bool carol_too)
{
    World world;
    world_init(&world, 42, &usual);
    if (carol_too)
        subscribe(&world, CAROL, "c0", 3600);
    sim_run(world.sim, SIM_SEC, 0);
    g_autofree char *etag G_GNUC_UNUSED = world_publish(&world, "p1", 1, NULL, "hi");
    subscribe(&world, BOB, "c1", 3600);
    char *notify = g_strdup(last_notify(&world));
    world_clear(&world);
    return notify;
}

static void test_others_change_nothing(void)
{
    g_autofree char *alone = notify_to_bob(false);
    g_autofree char *with_carol = notify_to_bob(true);
    g_assert_cmpstr(alone, ==, with_carol);
    assert_has(alone, "<note>hi</note>");
}

static void test_log_is_bounded(void)
{
    World world;
    PresencePolicy policy = usual;
    policy.throttle_seconds = -1;
    world_init(&world, 1, &policy);
    for (unsigned i = 0; i < 130; i++) {
        g_autofree char *call_id = g_strdup_printf("c%u", i);
        g_autofree char *who = g_strdup_printf("sip:w%u@home.example", i);
        subscribe(&world, who, call_id, -1);
    }
    g_autoptr(GString) log = g_string_new(NULL);
    presence_log(world.ps, ALICE, log);
    unsigned lines = 0;
    for (const char *at = log->str; (at = strchr(at, '\n')) != NULL; at++)
        lines++;
    g_assert_cmpuint(lines, ==, 100);
    assert_lacks(log->str, "sip:w29@");
    g_assert_true(strstr(log->str, "sip:w30@") < strstr(log->str, "sip:w129@"));
    world_clear(&world);
}

static void add_cases(const char *folder, const Refusal *cases, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        g_autofree char *path = g_strdup_printf("/nodes/presence/%s/refuses-%s", folder, cases[i].name);
        g_test_add_data_func(path, &cases[i], test_refusal);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/nodes/presence/publish/initial-modify-refresh-remove", test_publish_life);
    add_cases("publish", publish_refusals, G_N_ELEMENTS(publish_refusals));
    g_test_add_func("/nodes/presence/publish/several-are-composed-and-expire-apart", test_publications_composed);
    g_test_add_func("/nodes/presence/publish/one-message-twice-gets-two-etags", test_same_publish_twice);
    g_test_add_func("/nodes/presence/publish/entity-is-the-presentity", test_entity_is_the_presentity);
    g_test_add_func("/nodes/presence/publish/traced-with-its-publisher", test_publication_is_traced);
    g_test_add_func("/nodes/presence/publish/mutant-trusts-from", test_trusts_from);
    add_cases("subscribe", subscribe_refusals, G_N_ELEMENTS(subscribe_refusals));
    g_test_add_func("/nodes/presence/subscribe/notify-in-the-dialog", test_notify_in_the_dialog);
    g_test_add_func("/nodes/presence/subscribe/refresh-and-unsubscribe", test_refresh_and_unsubscribe);
    g_test_add_func("/nodes/presence/subscribe/expires", test_expiry);
    g_test_add_func("/nodes/presence/subscribe/fetch", test_fetch);
    g_test_add_func("/nodes/presence/subscribe/merged-request", test_merged_request);
    g_test_add_func("/nodes/presence/subscribe/event-id", test_event_id);
    g_test_add_func("/nodes/presence/notify/throttled-to-the-last-state", test_throttle);
    g_test_add_func("/nodes/presence/notify/throttle-can-be-off", test_no_throttle);
    for (size_t i = 0; i < G_N_ELEMENTS(failures); i++) {
        g_autofree char *path = g_strdup_printf("/nodes/presence/notify/answered-by-%s", failures[i].name);
        g_test_add_data_func(path, &failures[i], test_notify_fails);
    }
    g_test_add_func("/nodes/presence/notify/one-at-a-time", test_one_notify_at_a_time);
    g_test_add_func("/nodes/presence/strangers-are-not-heard", test_strangers_are_not_heard);
    g_test_add_func("/nodes/presence/others-change-nothing", test_others_change_nothing);
    g_test_add_func("/nodes/presence/log-is-bounded", test_log_is_bounded);
    return g_test_run();
}
