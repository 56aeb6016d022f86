/*
 * tests/stack/test_radio_frame.c - frames on a ciphered radio link: sealed, opened, and refused.
 */
#include "nodes/stack/radio_frame.h"

#include <string.h>

typedef struct Frame {
    NetPacket packet;
    uint8_t room[NET_HEADROOM + 100 + NET_TAILROOM];
} Frame;

static const uint8_t key[RADIO_KEY_LEN] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 };
static const char text[] = "From: <sip:alice@home.example>";

static void frame_init(Frame *frame, NetKind kind)
{
    memset(frame, 0, sizeof *frame);
    frame->packet = (NetPacket){ .data = frame->room + NET_HEADROOM,
                                 .len = sizeof text,
                                 .capacity = 100 + NET_TAILROOM,
                                 .headroom = NET_HEADROOM,
                                 .kind = (uint8_t)kind };
    memcpy(frame->packet.data, text, sizeof text);
}

static void test_there_and_back(void)
{
    for (int cipher = RADIO_UEA1; cipher < RADIO_N_CIPHERS; cipher++) {
        for (int kind = NET_IP; kind <= NET_LINK; kind++) {
            for (int dir = NET_UP; dir <= NET_DOWN; dir++) {
                Frame frame;
                RadioFrame head;
                frame_init(&frame, (NetKind)kind);
                g_assert_true(radio_frame_seal(&frame.packet, (RadioCipher)cipher, key, (NetDir)dir, 0x01020304));
                g_assert_cmpint(frame.packet.kind, ==, NET_CIPHERED);
                g_assert_null(memmem(frame.packet.data, frame.packet.len, text, sizeof text));
                g_assert_true(radio_frame_parse(frame.packet.data, frame.packet.len, &head));
                g_assert_cmpint(head.cipher, ==, cipher);
                g_assert_cmpint(head.dir, ==, dir);
                g_assert_cmpuint(head.bearer, ==, RADIO_FRAME_BEARER);
                g_assert_cmphex(head.count, ==, 0x01020304);
                g_assert_true(radio_frame_open(&frame.packet, (RadioCipher)cipher, key, (NetDir)dir));
                g_assert_cmpint(frame.packet.kind, ==, kind);
                g_assert_cmpmem(frame.packet.data, frame.packet.len, text, sizeof text);
            }
        }
    }
}

static void test_other_cipher_or_direction_is_refused(void)
{
    Frame frame;

    frame_init(&frame, NET_IP);
    g_assert_true(radio_frame_seal(&frame.packet, RADIO_UEA1, key, NET_UP, 1));
    g_assert_false(radio_frame_open(&frame.packet, RADIO_GEA3, key, NET_UP));
    g_assert_false(radio_frame_open(&frame.packet, RADIO_UEA1, key, NET_DOWN));
    g_assert_false(radio_frame_open(&frame.packet, RADIO_NONE, key, NET_UP));
    g_assert_true(radio_frame_open(&frame.packet, RADIO_UEA1, key, NET_UP));
}

static void test_other_key_gives_no_text(void)
{
    uint8_t other[RADIO_KEY_LEN];

    memcpy(other, key, sizeof other);
    other[3] ^= 1;
    for (int cipher = RADIO_UEA1; cipher < RADIO_N_CIPHERS; cipher++) {
        Frame frame;
        frame_init(&frame, NET_IP);
        g_assert_true(radio_frame_seal(&frame.packet, (RadioCipher)cipher, key, NET_UP, 1));
        bool opened = radio_frame_open(&frame.packet, (RadioCipher)cipher, other, NET_UP);
        g_assert_false(opened && cipher == RADIO_WEP);
        g_assert_null(memmem(frame.packet.data, frame.packet.len, "alice", 5));
    }
}

static void test_cut_off_frames_are_refused(void)
{
    for (int cipher = RADIO_UEA1; cipher < RADIO_N_CIPHERS; cipher++) {
        for (uint32_t len = 0; len < RADIO_FRAME_HEAD_LEN + 1; len++) {
            Frame frame;
            RadioFrame head;
            frame_init(&frame, NET_IP);
            g_assert_true(radio_frame_seal(&frame.packet, (RadioCipher)cipher, key, NET_UP, 1));
            g_assert_true(radio_frame_parse(frame.packet.data, len, &head) == (len >= RADIO_FRAME_HEAD_LEN));
            frame.packet.len = len;
            g_assert_false(radio_frame_open(&frame.packet, (RadioCipher)cipher, key, NET_UP));
        }
    }
}

static void test_no_cipher_is_no_frame(void)
{
    Frame frame;
    RadioFrame head;
    uint8_t unknown[RADIO_FRAME_HEAD_LEN] = { RADIO_N_CIPHERS };

    frame_init(&frame, NET_IP);
    g_assert_false(radio_frame_seal(&frame.packet, RADIO_NONE, key, NET_UP, 1));
    g_assert_false(radio_frame_parse(unknown, sizeof unknown, &head));
    unknown[0] = RADIO_NONE;
    g_assert_false(radio_frame_parse(unknown, sizeof unknown, &head));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/stack/radio-frame/there-and-back", test_there_and_back);
    g_test_add_func("/stack/radio-frame/other-cipher-or-direction-is-refused",
                    test_other_cipher_or_direction_is_refused);
    g_test_add_func("/stack/radio-frame/other-key-gives-no-text", test_other_key_gives_no_text);
    g_test_add_func("/stack/radio-frame/cut-off-frames-are-refused", test_cut_off_frames_are_refused);
    g_test_add_func("/stack/radio-frame/no-cipher-is-no-frame", test_no_cipher_is_no_frame);
    return g_test_run();
}
