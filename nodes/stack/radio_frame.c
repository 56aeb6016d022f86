/*
 * nodes/stack/radio_frame.c - a frame on a ciphered radio link.
 *
 * Source:  as nodes/stack/radio_frame.h.
 * Knows:   one packet's octets and a key.
 */
#include "nodes/stack/radio_frame.h"

enum { RADIO_FRAME_DOWN = 0x80, RADIO_FRAME_BEARER_MASK = 0x1f };

bool radio_frame_parse(const uint8_t *octets, size_t len, RadioFrame *out)
{
    if (len < RADIO_FRAME_HEAD_LEN || octets[0] == RADIO_NONE || octets[0] >= RADIO_N_CIPHERS)
        return false;
    out->cipher = (RadioCipher)octets[0];
    out->dir = octets[1] & RADIO_FRAME_DOWN ? NET_DOWN : NET_UP;
    out->bearer = octets[1] & RADIO_FRAME_BEARER_MASK;
    out->count = (uint32_t)octets[2] << 24 | (uint32_t)octets[3] << 16 | (uint32_t)octets[4] << 8 | octets[5];
    out->body = RADIO_FRAME_HEAD_LEN;
    return true;
}

static void radio_frame_write_head(uint8_t *at, RadioCipher cipher, NetDir dir, uint32_t count)
{
    at[0] = (uint8_t)cipher;
    at[1] = (uint8_t)(RADIO_FRAME_BEARER | (dir == NET_DOWN ? RADIO_FRAME_DOWN : 0));
    at[2] = (uint8_t)(count >> 24);
    at[3] = (uint8_t)(count >> 16);
    at[4] = (uint8_t)(count >> 8);
    at[5] = (uint8_t)count;
}

static bool radio_frame_seal_wep(NetPacket *packet, const uint8_t *key, uint32_t count)
{
    size_t len = packet->len;

    if (!net_packet_push(packet, WEP_HEAD_LEN) || !net_packet_grow(packet, WEP_ICV_LEN))
        return false;
    return radio_wep_seal(key, count & 0xffffff, packet->data, packet->capacity, &len);
}

bool radio_frame_seal(NetPacket *packet, RadioCipher cipher, const uint8_t key[RADIO_KEY_LEN], NetDir dir,
                      uint32_t count)
{
    if (cipher == RADIO_NONE || !net_packet_push(packet, 1))
        return false;
    packet->data[0] = packet->kind;
    if (cipher == RADIO_WEP) {
        if (!radio_frame_seal_wep(packet, key, count))
            return false;
    } else {
        radio_crypt(cipher, key, count, RADIO_FRAME_BEARER, dir, packet->data, packet->len);
    }
    if (!net_packet_push(packet, RADIO_FRAME_HEAD_LEN))
        return false;
    radio_frame_write_head(packet->data, cipher, dir, count);
    packet->kind = NET_CIPHERED;
    return true;
}

static bool radio_frame_decipher(NetPacket *packet, const RadioFrame *frame, const uint8_t *key)
{
    uint8_t *data;
    size_t len;

    if (frame->cipher != RADIO_WEP) {
        radio_crypt(frame->cipher, key, frame->count, frame->bearer, frame->dir, packet->data, packet->len);
        return true;
    }
    if (!radio_wep_open(key, packet->data, packet->len, &data, &len) ||
        !net_packet_pull(packet, (uint32_t)(data - packet->data)))
        return false;
    packet->len = (uint32_t)len;
    return true;
}

bool radio_frame_open(NetPacket *packet, RadioCipher cipher, const uint8_t key[RADIO_KEY_LEN], NetDir dir)
{
    RadioFrame frame;

    if (packet->kind != NET_CIPHERED || !radio_frame_parse(packet->data, packet->len, &frame) ||
        frame.cipher != cipher || frame.dir != dir || !net_packet_pull(packet, (uint32_t)frame.body))
        return false;
    if (!radio_frame_decipher(packet, &frame, key) || packet->len < 1)
        return false;
    uint8_t kind = packet->data[0];
    if ((kind != NET_IP && kind != NET_LINK) || !net_packet_pull(packet, 1))
        return false;
    packet->kind = kind;
    return true;
}
