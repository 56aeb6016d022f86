/*
 * tests/sim/test_alloc.c - the steady state allocates nothing.
 *
 * Source:  design of scale: no allocation per message.  Every malloc of the process is counted: through the sanitizer's
 *          hooks where it is built with one, else by standing before the C library's.
 */
#include "sim/bench.h"
#include "sim/poison.h"
#include "sim/tcp.h"
#include "tests/sim/world.h"

static size_t n_allocations; /* the tests' own: a hook has no other place */

#ifdef PRESEC_ASAN
/* From sanitizer/allocator_interface.h, which not every compiler installs. */
int __sanitizer_install_malloc_and_free_hooks(void (*malloc_hook)(const volatile void *, size_t),
                                              void (*free_hook)(const volatile void *));

static void on_malloc(const volatile void *memory, size_t size)
{
    n_allocations++;
}

static void on_free(const volatile void *memory)
{
}

static void count_allocations(void)
{
    g_assert_cmpint(__sanitizer_install_malloc_and_free_hooks(on_malloc, on_free), >, 0);
}
#else
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t n, size_t size);
extern void *__libc_realloc(void *memory, size_t size);
void *malloc(size_t size);
void *calloc(size_t n, size_t size);
void *realloc(void *memory, size_t size);

void *malloc(size_t size)
{
    n_allocations++;
    return __libc_malloc(size);
}

void *calloc(size_t n, size_t size)
{
    n_allocations++;
    return __libc_calloc(n, size);
}

void *realloc(void *memory, size_t size)
{
    n_allocations++;
    return __libc_realloc(memory, size);
}

static void count_allocations(void)
{
}
#endif

static void counting_works(void)
{
    size_t before = n_allocations;
    void *volatile memory = g_malloc(10);

    g_assert_cmpuint(n_allocations, ==, before + 1);
    g_free(memory);
}

static void udp_echo(void)
{
    g_autoptr(BenchEcho) echo = bench_echo_new(100, 800);

    bench_echo_run(echo, 10000);
    size_t before = n_allocations;
    g_assert_cmpuint(bench_echo_run(echo, 10000), ==, 10000);
    g_assert_cmpuint(n_allocations, ==, before);
}

/* --- watched, over TCP, with timers and the event's memory --- */

typedef struct Chat {
    World *world;
    unsigned left;
    uint64_t frames;
} Chat;

static void connected(void *ctx, TcpConn *conn)
{
    tcp_send(conn, "ball", 4);
}

static void send_back(void *ctx, TcpConn *conn, const uint8_t *octets, size_t len)
{
    Chat *chat = ctx;
    char *text = sim_text(chat->world->sim, "%.*s", (int)len, (const char *)octets);

    if (chat->left > 0 && --chat->left > 0) {
        tcp_send(conn, text, len);
    }
}

static void ended(void *ctx, TcpConn *conn, TcpEnd why)
{
}

static const TcpEvents events = { connected, send_back, ended };

static void accepted(void *ctx, TcpConn *conn)
{
    tcp_set_events(conn, &events, ctx);
}

static void count_frame(void *ctx, const NetSighting *sighting)
{
    ((Chat *)ctx)->frames++;
}

static void tcp_ball(void)
{
    g_autoptr(World) w = world_new(&(SimConfig){ .seed = 1 }, &world_cellular, "bob");
    Chat chat = { .world = w, .left = 100000 };

    net_set_recorder(w->net, count_frame, &chat);
    tcp_listen(w->b, 5060, accepted, &chat);
    tcp_connect(w->a, 0, net_host_addr(w->b), 5060, &events, &chat);
    sim_run(w->sim, 400 * SIM_SEC, 0);
    size_t before = n_allocations;
    uint64_t frames = chat.frames;
    sim_run(w->sim, 800 * SIM_SEC, 0);
    g_assert_cmpuint(chat.frames, >, frames + 10000);
    g_assert_cmpuint(n_allocations, ==, before);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    count_allocations();
    g_test_add_func("/sim/alloc/counting-works", counting_works);
    g_test_add_func("/sim/alloc/udp-echo", udp_echo);
    g_test_add_func("/sim/alloc/tcp-ball", tcp_ball);
    return g_test_run();
}
