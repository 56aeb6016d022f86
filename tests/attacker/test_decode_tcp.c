/*
 * tests/attacker/test_decode_tcp.c - messages put together from TCP segments as they crossed a tap.
 *
 * Source:  RFC 9293 §3.4; RFC 3261 §18.3.
 */
#include "nodes/attacker/private.h"
#include "tests/attacker/support/pair.h"

#include <string.h>

typedef struct Connection {
    Pair *pair;
    uint16_t sport;
    uint32_t isn;
    EspSa *sa; /* NULL: in the clear */
} Connection;

static void put16(uint8_t *at, size_t value)
{
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
}

/* In transport mode the whole segment goes into ESP. */
static void feed_sealed(const Connection *connection, const GByteArray *packet)
{
    uint8_t buffer[4096], iv[ESP_IV_MAX] = { 1 };
    EspEalg ealg = (EspEalg)connection->sa->ealg;
    size_t len = packet->len - IP_HEADER_LEN;
    memcpy(buffer + IP_HEADER_LEN + esp_head_len(ealg), packet->data + IP_HEADER_LEN, len);
    g_assert_cmpint(esp_seal(connection->sa, ealg == ESP_NULL ? NULL : iv, buffer + IP_HEADER_LEN,
                             sizeof buffer - IP_HEADER_LEN, &len, IP_TCP),
                    ==, ESP_OK);
    memcpy(buffer, packet->data, IP_HEADER_LEN);
    put16(buffer + 4, len);
    buffer[6] = IP_ESP;
    pair_feed(connection->pair, NET_UP, buffer, IP_HEADER_LEN + len);
}

/* @offset: of the first octet in the stream */
static void segment(const Connection *connection, uint8_t flags, uint32_t offset, const char *octets, size_t len)
{
    const Pair *pair = connection->pair;
    uint32_t seq = connection->isn + ((flags & IP_SYN) != 0 ? 0 : 1 + offset);
    g_autofree uint8_t *tcp = g_malloc0(12 + len);
    put16(tcp, 0); /* the first eight octets of the TCP header stand where packet_udp() puts UDP's */
    tcp[4] = 5 << 4;
    tcp[5] = flags;
    put16(tcp + 6, 65535);
    memcpy(tcp + 12, octets, len);
    g_autoptr(GByteArray) packet =
        packet_udp(pair->ue_addr.octet, pair->pcscf_addr.octet, connection->sport, 5060, tcp, 12 + len);
    packet->data[6] = IP_TCP;
    put16(packet->data + IP_HEADER_LEN + 4, seq >> 16);
    put16(packet->data + IP_HEADER_LEN + 6, seq & 0xffff);
    packet_fix_checksum(packet->data, packet->len);
    if (connection->sa != NULL)
        feed_sealed(connection, packet);
    else
        pair_feed(connection->pair, NET_UP, packet->data, packet->len);
}

static void part(const Connection *connection, const char *stream, uint32_t from, uint32_t to)
{
    segment(connection, IP_ACK | IP_PSH, from, stream + from, to - from);
}

static Connection connected(Pair *pair, uint32_t isn)
{
    Connection connection = { pair, 40000, isn, NULL };
    pair_attacker(pair, "gn:alice", 0, 2021);
    segment(&connection, IP_SYN, 0, "", 0);
    return connection;
}

static char *message(const char *note)
{
    return sip_publish("Content-Type: application/pidf+xml\r\n", note);
}

static size_t readings(const Pair *pair)
{
    return knowledge_count(attacker_knowledge(pair->attacker));
}

static void test_pieces(void)
{
    g_autoptr(Pair) pair = pair_new();
    Connection connection = connected(pair, 5000);
    g_autofree char *text = message("first-note");
    part(&connection, text, 0, 50);
    part(&connection, text, 50, 51);
    g_assert_cmpuint(readings(pair), ==, 0);
    part(&connection, text, 51, (uint32_t)strlen(text));
    g_assert_cmpuint(readings(pair), ==, 1);
    const Reading *reading = pair_reading(pair, "first-note");
    g_assert_cmpstr(reading->how, ==, "in the clear");
    g_assert_cmpuint(reading->sport, ==, 40000);
    g_assert_cmpuint(reading->len, ==, strlen(text));
}

static void test_twice_and_out_of_order(void)
{
    g_autoptr(Pair) pair = pair_new();
    Connection connection = connected(pair, UINT32_MAX - 100); /* the numbers wrap within the message */
    g_autofree char *text = message("second-note");
    uint32_t len = (uint32_t)strlen(text);
    part(&connection, text, 200, len);
    part(&connection, text, 120, 210);
    part(&connection, text, 0, 100);
    part(&connection, text, 0, 100);
    g_assert_cmpuint(readings(pair), ==, 0);
    part(&connection, text, 90, 130); /* overlaps on both sides */
    g_assert_cmpuint(readings(pair), ==, 1);
    g_assert_cmpmem(pair_reading(pair, "second-note")->octets, len, text, len);
    part(&connection, text, 0, len); /* all of it once more */
    segment(&connection, IP_SYN, 0, "", 0);
    part(&connection, text, 0, len);
    g_assert_cmpuint(readings(pair), ==, 1);
}

static void test_several_in_one(void)
{
    g_autoptr(Pair) pair = pair_new();
    Connection connection = connected(pair, 1);
    g_autofree char *one = message("note-one"), *two = message("note-two");
    g_autofree char *text = g_strconcat("\r\n\r\n", one, "\r\n", two, NULL);
    uint32_t len = (uint32_t)strlen(text);
    part(&connection, text, 0, len - 4);
    g_assert_cmpuint(readings(pair), ==, 1);
    part(&connection, text, len - 4, len);
    g_assert_cmpuint(readings(pair), ==, 2);
    g_assert_nonnull(pair_reading(pair, "note-one"));
    g_assert_nonnull(pair_reading(pair, "note-two"));
}

static void test_without_the_beginning(void)
{
    g_autoptr(Pair) pair = pair_new();
    Connection connection = { pair, 40000, 77, NULL };
    pair_attacker(pair, "gn:alice", 0, 2021);
    g_autofree char *text = message("late-note");
    uint32_t len = (uint32_t)strlen(text);
    segment(&connection, IP_ACK, 0, "tail of something older", 23);
    g_assert_cmpuint(readings(pair), ==, 0);
    Connection later = { pair, 40000, 77 + 23, NULL };
    part(&later, text, 0, 60);
    part(&later, text, 60, len);
    g_assert_cmpuint(readings(pair), ==, 1);
}

static void test_same_ports_again(void)
{
    g_autoptr(Pair) pair = pair_new();
    Connection connection = connected(pair, 1000);
    g_autofree char *one = message("note-one"), *two = message("note-two");
    part(&connection, one, 0, 100); /* and then it breaks */
    connection.isn = 900000;
    segment(&connection, IP_SYN, 0, "", 0);
    part(&connection, two, 0, (uint32_t)strlen(two));
    g_assert_cmpuint(readings(pair), ==, 1);
    g_assert_nonnull(pair_reading(pair, "note-two"));
}

static void test_tls_stays_closed(void)
{
    static const char hello[] = "\x16\x03\x01\x00\x05hello SIP/2.0\r\n\r\n";
    g_autoptr(Pair) pair = pair_new();
    Connection connection = connected(pair, 1000);
    segment(&connection, IP_ACK, 0, hello, sizeof hello - 1);
    segment(&connection, IP_ACK, sizeof hello - 1, hello, sizeof hello - 1);
    g_assert_cmpuint(readings(pair), ==, 0);
    g_assert_cmpuint(knowledge_sealed(attacker_knowledge(pair->attacker)), ==, 2);
}

static void test_inside_esp(void)
{
    for (unsigned ealg = ESP_NULL; ealg <= ESP_AES_CBC; ealg++) {
        g_autoptr(Pair) pair = pair_new();
        EspSa sa;
        Connection connection = { pair, 40000, 5, &sa };
        Attacker *attacker = pair_attacker(pair, "gn:alice", 0, 2021);
        g_autofree char *text = message("sealed-note");
        uint32_t len = (uint32_t)strlen(text);
        esp_sa_init(&sa, 4711, ESP_HMAC_MD5_96, (EspEalg)ealg, &pair_keys);
        segment(&connection, IP_SYN, 0, "", 0);
        part(&connection, text, 0, 100);
        part(&connection, text, 200, len);
        part(&connection, text, 100, 200);
        g_assert_cmpuint(readings(pair), ==, ealg == ESP_NULL ? 1 : 0);
        knowledge_add_keys(&attacker->knowledge, &pair_keys, "the test", NULL);
        attacker_finish(attacker);
        g_assert_cmpuint(readings(pair), ==, 1);
        g_assert_nonnull(pair_reading(pair, "sealed-note"));
    }
}

/* A stream that never completes keeps no more than its bound. */
static void test_a_gap_is_bounded(void)
{
    g_autoptr(Pair) pair = pair_new();
    Connection connection = connected(pair, 9);
    g_autofree char *noise = g_strnfill(1000, 'x');
    g_autofree char *text = message("after-the-gap");
    for (uint32_t i = 0; i < 1500; i++)
        segment(&connection, IP_ACK, 100000 + 1000 * i, noise, 1000);
    part(&connection, text, 0, (uint32_t)strlen(text));
    g_assert_cmpuint(readings(pair), ==, 1);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/attacker/decode/tcp/pieces", test_pieces);
    g_test_add_func("/attacker/decode/tcp/twice-and-out-of-order", test_twice_and_out_of_order);
    g_test_add_func("/attacker/decode/tcp/several-in-one", test_several_in_one);
    g_test_add_func("/attacker/decode/tcp/without-the-beginning", test_without_the_beginning);
    g_test_add_func("/attacker/decode/tcp/same-ports-again", test_same_ports_again);
    g_test_add_func("/attacker/decode/tcp/tls-stays-closed", test_tls_stays_closed);
    g_test_add_func("/attacker/decode/tcp/inside-esp", test_inside_esp);
    g_test_add_func("/attacker/decode/tcp/a-gap-is-bounded", test_a_gap_is_bounded);
    return g_test_run();
}
