/*
 * tests/attacker/test_match.c - which packets a move is meant for.
 *
 * Source:  TS 33.203 §7.2 (SM1, SM6, SM7, SM12).
 */
#include "nodes/attacker/private.h"
#include "nodes/msg/dhcp.h"
#include "tests/attacker/support/pair.h"

#include <string.h>

typedef struct Packet {
    GByteArray *octets;
    Glimpse *glimpse;
} Packet;

static Packet packet_of(const char *text, size_t len, uint16_t dport)
{
    uint8_t src[16] = { 0x20, 1 }, dst[16] = { 0x20, 2 };
    Packet packet = { packet_udp(src, dst, 5060, dport, text, len), g_new0(Glimpse, 1) };
    glimpse_look(packet.glimpse, NET_IP, packet.octets->data, packet.octets->len);
    return packet;
}

static void packet_clear(Packet *packet)
{
    g_byte_array_unref(packet->octets);
    g_free(packet->glimpse);
}

static bool is(const Packet *packet, const char *message)
{
    MoveMatch match = { .message = message, .dir = -1 };
    return glimpse_matches(packet->glimpse, &match, "air:alice", NET_UP);
}

/* Of all names, just those in @names (separated by spaces). */
static void expect_names(const char *text, const char *names)
{
    static const char *const all[] = { "SM1", "SM6",    "SM7",     "SM12",         "REGISTER",      "401",    "200",
                                       "403", "NOTIFY", "PUBLISH", "200 REGISTER", "200 SUBSCRIBE", "any-sip" };
    g_auto(GStrv) expected = g_strsplit(names, ",", -1);
    Packet packet = packet_of(text, strlen(text), 5060);
    for (size_t i = 0; i < G_N_ELEMENTS(all); i++) {
        g_test_message("%s", all[i]);
        g_assert_true(is(&packet, all[i]) == g_strv_contains((const char *const *)expected, all[i]));
    }
    g_assert_true(is(&packet, ""));
    g_assert_true(is(&packet, NULL));
    g_assert_true(is(&packet, "ip"));
    g_assert_false(is(&packet, "esp"));
    g_assert_false(is(&packet, "ciphered"));
    packet_clear(&packet);
}

static void test_messages(void)
{
    g_autofree char *sm1 = sip_register(false, NULL), *sm7 = sip_register(true, NULL), *sm6 = sip_challenge("", NULL),
                    *publish = sip_publish("", "x");
    expect_names(sm1, "SM1,REGISTER,any-sip");
    expect_names(sm7, "SM7,REGISTER,any-sip");
    expect_names(sm6, "SM6,401,any-sip");
    expect_names(publish, "PUBLISH,any-sip");
    expect_names("SIP/2.0 200 OK\r\nCSeq: 2 REGISTER\r\n\r\n", "SM12,200,200 REGISTER,any-sip");
    expect_names("SIP/2.0 200 OK\r\nCSeq: 2 SUBSCRIBE\r\n\r\n", "200,200 SUBSCRIBE,any-sip");
    expect_names("SIP/2.0 401 Unauthorized\r\nCSeq: 2 SUBSCRIBE\r\n\r\n", "401,any-sip");
    expect_names("SIP/2.0 200 OK\r\n\r\n", "200,any-sip");
    expect_names("this is not SIP", "");
}

static void test_place_and_direction(void)
{
    Packet packet = packet_of("x", 1, 5060);
    static const struct {
        MoveMatch match;
        bool matches;
    } rows[] = {
        { { .dir = -1 }, true },
        { { .segment = "", .dir = -1 }, true },
        { { .segment = "air:alice", .dir = -1 }, true },
        { { .segment = "air:bob", .dir = -1 }, false },
        { { .segment = "air", .dir = -1 }, false },
        { { .dir = NET_UP }, true },
        { { .dir = NET_DOWN }, false },
        { { .dir = -1, .address = "" }, true },
        { { .dir = -1, .address = "2001::" }, true },
        { { .dir = -1, .address = "2002::" }, true },
        { { .dir = -1, .address = "2003::" }, false },
        { { .dir = -1, .address = "nonsense" }, false },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        g_assert_true(glimpse_matches(packet.glimpse, &rows[i].match, "air:alice", NET_UP) == rows[i].matches);
    packet_clear(&packet);
}

static void test_inside_esp(void)
{
    uint8_t icv[ESP_ICV_LEN] = { 1 };
    g_autofree char *publish = sip_publish("", "x");
    Packet packet = packet_of(publish, strlen(publish), 6004);
    g_autoptr(GByteArray) esp = packet_esp(packet.octets, 1, 1, icv);
    glimpse_look(packet.glimpse, NET_IP, esp->data, esp->len);
    g_assert_true(is(&packet, "esp"));
    g_assert_true(is(&packet, "PUBLISH"));
    esp->data[IP_HEADER_LEN + ESP_HEADER_LEN + 20] ^= 1; /* as if encrypted */
    glimpse_look(packet.glimpse, NET_IP, esp->data, esp->len);
    g_assert_true(is(&packet, "esp"));
    g_assert_false(is(&packet, "PUBLISH"));
    g_assert_false(is(&packet, "any-sip"));
    packet_clear(&packet);
}

static void test_dhcp(void)
{
    uint8_t duid[DHCP_DUID_LL_LEN], octets[DHCP_MSG_MAX];
    DhcpMsg reply = { .type = DHCP_REPLY, .transaction = 1, .n_sip_servers = 1 };
    dhcp_duid(1, duid);
    reply.client_duid = reply.server_duid = (Octets){ duid, sizeof duid };
    size_t len = dhcp_write(&reply, octets, sizeof octets);
    g_assert_cmpuint(len, >, 0);
    Packet packet = packet_of((const char *)octets, len, DHCP_CLIENT_PORT);
    g_assert_true(is(&packet, "dhcp-reply"));
    packet_clear(&packet);
    packet = packet_of((const char *)octets, len, 5060);
    g_assert_false(is(&packet, "dhcp-reply"));
    packet_clear(&packet);
    packet = packet_of("\x07", 1, DHCP_CLIENT_PORT);
    g_assert_false(is(&packet, "dhcp-reply"));
    packet_clear(&packet);
}

static void test_what_is_no_packet(void)
{
    static const uint8_t noise[] = { 3, 1, 0, 0, 0, 1, 0xaa, 0xbb };
    g_autofree Glimpse *glimpse = g_new(Glimpse, 1);
    Packet packet = { NULL, glimpse };
    for (unsigned kind = NET_IP; kind <= NET_CIPHERED; kind++) {
        glimpse_look(glimpse, (NetKind)kind, noise, sizeof noise);
        g_assert_true(is(&packet, ""));
        g_assert_true(is(&packet, "ciphered") == (kind == NET_CIPHERED));
        g_assert_false(is(&packet, "ip"));
        g_assert_false(is(&packet, "any-sip"));
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/attacker/match/messages", test_messages);
    g_test_add_func("/attacker/match/place-and-direction", test_place_and_direction);
    g_test_add_func("/attacker/match/inside-esp", test_inside_esp);
    g_test_add_func("/attacker/match/dhcp", test_dhcp);
    g_test_add_func("/attacker/match/what-is-no-packet", test_what_is_no_packet);
    return g_test_run();
}
