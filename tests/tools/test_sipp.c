/*
 * tests/tools/test_sipp.c - SIPp takes the requests of a run over real datagrams, and we take its answers.
 *
 * Source:  RFC 3261 §8.2.6.2 (what an answer repeats of its request).
 * Knows:   the requests that honest nodes sent, from the trace.  Loopback only; bounded in time.  Skipped where sipp is
 *          not installed.
 */
#include "nodes/msg/sip_fields.h"
#include "scenarios/world.h"

#include <arpa/inet.h>
#include <glib/gstdio.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TRIES = 40, TRY_MS = 150 };

/* An answering side for one request of a method. */
static const char scenario_text[] = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                                    "<scenario name=\"answer\">\n"
                                    "  <recv request=\"%s\"/>\n"
                                    "  <send><![CDATA[\n"
                                    "    SIP/2.0 200 OK\n"
                                    "    [last_Via:]\n"
                                    "    [last_From:]\n"
                                    "    [last_To:];tag=sipp\n"
                                    "    [last_Call-ID:]\n"
                                    "    [last_CSeq:]\n"
                                    "    Content-Length: 0\n"
                                    "\n"
                                    "  ]]></send>\n"
                                    "</scenario>\n";

/* ---- sockets ---- */

static int udp_socket(uint16_t *port)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t len = sizeof address;
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    g_assert_cmpint(fd, >=, 0);
    g_assert_cmpint(bind(fd, (struct sockaddr *)&address, sizeof address), ==, 0);
    g_assert_cmpint(getsockname(fd, (struct sockaddr *)&address, &len), ==, 0);
    *port = ntohs(address.sin_port);
    return fd;
}

static uint16_t free_port(void)
{
    uint16_t port;
    int fd = udp_socket(&port);
    (void)close(fd);
    return port;
}

/* Until an answer comes, as a client without timers would.  Length of the answer, 0: none. */
static size_t ask(const char *request, size_t len, uint16_t port, char *answer, size_t capacity)
{
    struct sockaddr_in to = { .sin_family = AF_INET,
                              .sin_port = htons(port),
                              .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    uint16_t own;
    int fd = udp_socket(&own);
    ssize_t got = 0;
    for (unsigned i = 0; i < TRIES && got <= 0; i++) {
        struct pollfd poller = { .fd = fd, .events = POLLIN };
        (void)sendto(fd, request, len, 0, (struct sockaddr *)&to, sizeof to);
        if (poll(&poller, 1, TRY_MS) == 1)
            got = recv(fd, answer, capacity, 0);
    }
    (void)close(fd);
    return got > 0 ? (size_t)got : 0;
}

/* ---- sipp ---- */

typedef struct Sipp {
    char *directory, *file;
    uint16_t port;
    GPid pid;
} Sipp;

static void sipp_init(Sipp *sipp, const char *method)
{
    g_autofree char *text = g_strdup_printf(scenario_text, method);
    g_autoptr(GError) error = NULL;
    sipp->directory = g_dir_make_tmp("presec-sipp-XXXXXX", NULL);
    g_assert_nonnull(sipp->directory);
    sipp->file = g_build_filename(sipp->directory, "answer.xml", NULL);
    g_assert_true(g_file_set_contents(sipp->file, text, -1, NULL));
    sipp->port = free_port();
    g_autofree char *port = g_strdup_printf("%u", sipp->port);
    const char *argv[] = { "sipp", "-sf",      sipp->file, "-i",       "127.0.0.1", "-p", port, "-m",
                           "1",    "-timeout", "20s",      "-nostdin", "-cp",       "0",  NULL };
    g_assert_true(g_spawn_async(sipp->directory, (char **)argv, NULL,
                                G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDOUT_TO_DEV_NULL |
                                    G_SPAWN_STDERR_TO_DEV_NULL,
                                NULL, NULL, &sipp->pid, &error));
    g_assert_no_error(error);
}

static void sipp_clear(Sipp *sipp)
{
    int status;
    (void)kill(sipp->pid, SIGKILL);
    (void)waitpid(sipp->pid, &status, 0);
    g_spawn_close_pid(sipp->pid);
    (void)g_unlink(sipp->file);
    (void)g_rmdir(sipp->directory);
    g_free(sipp->file);
    g_free(sipp->directory);
}

/* ---- the run ---- */

static World *world_of_a_run(Scenario **scenario, Option **option)
{
    g_autoptr(Diagnostics) diagnostics = diagnostics_new();
    WorldFlags flags = { .trace = true, .no_digest = true };
    *scenario = scenario_load("standard", diagnostics);
    *option = option_load("rel6", diagnostics);
    g_assert_nonnull(*scenario);
    g_assert_nonnull(*option);
    World *world = world_new(*scenario, *option, 1, &flags);
    g_assert_cmpint(world_run(world, 0), ==, WORLD_DONE);
    return world;
}

/* The @nth request of this method that @node sent. */
static const TraceRecord *sent(const World *world, const char *node, const char *method, unsigned nth)
{
    const Trace *trace = world_trace(world);
    for (TraceId id = 1; id <= trace_count(trace); id++) {
        const TraceRecord *record = trace_get(trace, id);
        if (record->kind == TRACE_SEND && record->message.protocol == TRACE_SIP && strcmp(record->node, node) == 0 &&
            strcmp(record->message.label, method) == 0 && nth-- == 0)
            return record;
    }
    return NULL;
}

/* SIPp puts several Via header fields into one: RFC 3261 §7.3.1 makes no difference. */
static void assert_repeats(const SipMsg *answer, const SipMsg *request, SipHeaderId id)
{
    SipValues in_answer, in_request;
    Text a, b;
    sip_values(&in_answer, answer, id);
    for (sip_values(&in_request, request, id); sip_values_next(&in_request, &b);) {
        g_assert_true(sip_values_next(&in_answer, &a));
        g_assert_true(text_equal(text_first(a, b.len), b)); /* To gets a tag behind it */
    }
    g_assert_false(sip_values_next(&in_answer, &a));
}

static void exchange(const World *world, const char *node, const char *method, unsigned nth)
{
    static const SipHeaderId repeated[] = { SIP_H_VIA, SIP_H_FROM, SIP_H_TO, SIP_H_CALL_ID, SIP_H_CSEQ };
    const TraceRecord *record = sent(world, node, method, nth);
    g_autofree SipMsg *request = g_new(SipMsg, 1);
    g_autofree SipMsg *answer = g_new(SipMsg, 1);
    char octets[8192];
    Sipp sipp;

    g_assert_nonnull(record);
    g_test_message("%s of %s, %u octets", method, node, record->message.len);
    sipp_init(&sipp, method);
    size_t len = ask((const char *)record->message.octets, record->message.len, sipp.port, octets, sizeof octets);
    sipp_clear(&sipp);
    g_assert_cmpuint(len, >, 0);
    g_assert_cmpint(sip_parse(request, (const char *)record->message.octets, record->message.len), ==, SIP_OK);
    g_assert_cmpint(sip_parse(answer, octets, len), ==, SIP_OK);
    g_assert_cmpuint(answer->status, ==, 200);
    for (size_t i = 0; i < G_N_ELEMENTS(repeated); i++)
        assert_repeats(answer, request, repeated[i]);
}

static void test_requests(void)
{
    g_autofree char *path = g_find_program_in_path("sipp");
    Scenario *scenario;
    Option *option;

    if (path == NULL) {
        g_test_skip("sipp is not installed");
        return;
    }
    World *world = world_of_a_run(&scenario, &option);
    exchange(world, "alice", "REGISTER", 0); /* SM1 */
    exchange(world, "alice", "REGISTER", 1); /* SM7 */
    exchange(world, "alice", "PUBLISH", 0);
    exchange(world, "bob", "SUBSCRIBE", 0);
    exchange(world, "pcscf", "NOTIFY", 0);
    world_free(world);
    scenario_free(scenario);
    option_free(option);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/tools/sipp/takes-our-requests", test_requests);
    return g_test_run();
}
