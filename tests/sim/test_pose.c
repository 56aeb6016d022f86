/*
 * tests/sim/test_pose.c - hosts that play another's part from a tap.
 *
 * Source:  sim/net.h.
 */
#include "sim/tcp.h"

#include <string.h>

typedef struct Scene {
    Sim *sim;
    Net *net;
    NetHost *server, *impostor;
    NetAddr addr, peer;
    NetIpHook hook;
    GByteArray *sent; /* the last packet that the impostor sent */
    unsigned n_sent;
    GString *heard;
    SimContext context;
} Scene;

static NetVerdict on_out(void *ctx, NetHost *host, NetPacket *packet)
{
    Scene *scene = ctx;
    g_byte_array_set_size(scene->sent, 0);
    g_byte_array_append(scene->sent, packet->data, packet->len);
    scene->n_sent++;
    return NET_DISCARD;
}

static void scene_init(Scene *scene)
{
    memset(scene, 0, sizeof *scene);
    scene->sim = sim_new(&(SimConfig){ .seed = 1 });
    scene->net = net_new(scene->sim);
    scene->addr = net_addr_make(1, 1);
    scene->peer = net_addr_make(2, 2);
    scene->server = net_host_new(scene->net, "server", &scene->addr);
    scene->impostor = net_host_new(scene->net, "impostor", NULL);
    net_host_pose_as(scene->impostor, &scene->addr);
    scene->sent = g_byte_array_new();
    scene->heard = g_string_new(NULL);
    scene->hook = (NetIpHook){ .out = on_out, .ctx = scene };
    net_host_set_ip_hook(scene->impostor, &scene->hook);
}

static void scene_clear(Scene *scene)
{
    net_free(scene->net);
    sim_free(scene->sim);
    g_byte_array_unref(scene->sent);
    g_string_free(scene->heard, TRUE);
}

static void on_datagram(void *ctx, NetHost *host, const NetDatagram *datagram)
{
    Scene *scene = ctx;
    g_string_append_len(scene->heard, (const char *)datagram->octets, (gssize)datagram->len);
    scene->context = sim_context(scene->sim);
}

static void test_nobody_finds_him(void)
{
    Scene scene;
    scene_init(&scene);
    g_assert_true(net_host_find(scene.net, &scene.addr) == scene.server);
    NetHost *late = net_host_new(scene.net, "late", NULL);
    net_host_pose_as(late, &scene.addr);
    g_assert_true(net_host_find(scene.net, &scene.addr) == scene.server);
    g_assert_true(net_addr_equal(net_host_addr(late), &scene.addr));
    scene_clear(&scene);
}

static void test_what_he_sends_is_his_hooks(void)
{
    Scene scene;
    scene_init(&scene);
    g_assert_cmpint(net_udp_send(scene.impostor, 5061, &scene.peer, 40000, "hello", 5), ==, NET_REFUSED);
    g_assert_cmpuint(scene.n_sent, ==, 1);
    g_assert_cmpuint(scene.sent->len, ==, 40 + 8 + 5);
    g_assert_cmpmem(scene.sent->data + 8, 16, scene.addr.octet, 16); /* the address he plays */
    g_assert_cmpmem(scene.sent->data + 48, 5, "hello", 5);
    scene_clear(&scene);
}

static void test_he_hears_what_he_is_given(void)
{
    const SimContext context = { .cause = 7, .origin = 9 };
    Scene scene;
    scene_init(&scene);
    g_assert_true(net_udp_bind(scene.impostor, 5061, on_datagram, &scene));
    NetHost *sender = net_host_new(scene.net, "sender", NULL);
    net_host_pose_as(sender, &scene.peer);
    net_host_set_ip_hook(sender, &scene.hook);
    (void)net_udp_send(sender, 40000, &scene.addr, 5061, "hi", 2);
    net_host_deliver(scene.impostor, scene.sent->data, scene.sent->len, 3, context);
    g_assert_cmpstr(scene.heard->str, ==, "hi");
    g_assert_cmpuint(scene.context.cause, ==, 7);
    g_assert_cmpuint(scene.context.origin, ==, 9);
    net_host_deliver(sender, scene.sent->data, scene.sent->len, 3, context); /* not to him */
    g_assert_cmpuint(net_host_counters(sender)->not_mine, ==, 1);
    net_host_deliver(scene.impostor, scene.sent->data, 10, 3, context); /* no packet */
    g_assert_cmpuint(net_host_counters(scene.impostor)->not_mine, ==, 1);
    scene_clear(&scene);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/sim/pose/nobody-finds-him", test_nobody_finds_him);
    g_test_add_func("/sim/pose/what-he-sends-is-his-hooks", test_what_he_sends_is_his_hooks);
    g_test_add_func("/sim/pose/he-hears-what-he-is-given", test_he_hears_what_he_is_given);
    return g_test_run();
}
