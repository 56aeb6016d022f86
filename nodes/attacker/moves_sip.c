/*
 * nodes/attacker/moves_sip.c - moves that put other contents into a packet on its way: an edited message, a steered
 * DHCP answer, an SM6 of his own.
 *
 * Source:  threats AT-12, AT-18 to AT-22 (edits, the rogue P-CSCF), AT-30p (steering); RFC 3319, TS 33.203 §7.2.
 * Knows:   what he can read.  Under ESP with NULL encryption he can write too, but not make the ICV.
 */
#include "nodes/attacker/private.h"

#include "nodes/msg/dhcp.h"
#include "nodes/msg/sip_fields.h"
#include "nodes/msg/sip_write.h"

enum { SM6_MAX = 4096 };

/* New contents for the packet he holds: under ESP the old ICV is all he has. */
static GByteArray *rebuilt(const Glimpse *glimpse, const void *octets, size_t len)
{
    GByteArray *udp = packet_udp(glimpse->ip.src, glimpse->ip.dst, glimpse->sport, glimpse->dport, octets, len);
    if (!glimpse->is_esp)
        return udp;
    const uint8_t *icv = glimpse->ip.upper.p + glimpse->ip.upper.len - ESP_ICV_LEN;
    GByteArray *esp = packet_esp(udp, glimpse->ip.esp.spi, glimpse->ip.esp.seq, icv);
    g_byte_array_unref(udp);
    return esp;
}

static NetTapVerdict replace(ActiveMove *active, const NetSighting *at, const Glimpse *glimpse, const void *octets,
                             size_t len, const char *verb, const char *what)
{
    GByteArray *packet = rebuilt(glimpse, octets, len);
    TraceId record = move_record(active, verb, at->frame, what);
    moves_put(active->attacker, active->attacker->talk, at, at->dir, NET_IP, packet->data, packet->len, 0,
              (SimContext){ record, record });
    g_byte_array_unref(packet);
    return NET_TAP_TAKE;
}

/* --- edits of SIP messages --- */

NetTapVerdict moves_edit(ActiveMove *active, const NetSighting *at, const Glimpse *glimpse)
{
    size_t len;
    if (!glimpse->has_sip)
        return NET_TAP_PASS;
    g_autofree char *edited =
        edit_message(&active->bodies, &glimpse->msg, active->move->edits, active->move->n_edits, &len);
    if (edited == NULL)
        return NET_TAP_PASS;
    const char *message = active->move->match.message;
    return replace(
        active, at, glimpse, edited, len, "edit",
        sim_text(active->attacker->sim, "changes %s", message != NULL && message[0] != '\0' ? message : "a message"));
}

/* --- DHCP --- */

NetTapVerdict moves_steer(ActiveMove *active, const NetSighting *at, const Glimpse *glimpse)
{
    static const NetAddr nowhere;
    const NetAddr *to = &active->move->steer_to;
    DhcpMsg dhcp;
    uint8_t out[DHCP_MSG_MAX];

    if (net_addr_equal(to, &nowhere) || !glimpse->is_udp || glimpse->is_esp ||
        dhcp_parse(glimpse->payload, glimpse->payload_len, &dhcp) != DHCP_OK || dhcp.n_sip_servers == 0 ||
        (dhcp.n_sip_servers == 1 && memcmp(dhcp.sip_server[0], to->octet, IP_ADDR_LEN) == 0))
        return NET_TAP_PASS;
    dhcp.n_sip_servers = 1;
    memcpy(dhcp.sip_server[0], to->octet, IP_ADDR_LEN);
    size_t len = dhcp_write(&dhcp, out, sizeof out);
    if (len == 0)
        return NET_TAP_PASS;
    return replace(active, at, glimpse, out, len, "steer",
                   "names another P-CSCF in the answer to the UE's DHCP question");
}

/* --- a proxy of his own --- */

/* SM1 stays with him; the UE gets an SM6 that the network never made. */
static NetTapVerdict answer_sm1(ActiveMove *active, const NetSighting *at, const Glimpse *glimpse)
{
    Attacker *attacker = active->attacker;
    const Victim *victim = knowledge_victim(&attacker->knowledge, active->move->match.segment);
    char out[SM6_MAX], tag[9];
    SipWriter w;

    if (victim == NULL || victim->challenge == NULL || victim->answer != NULL || glimpse->is_esp)
        return NET_TAP_PASS; /* there is none, or it has served */
    g_autofree char *challenge = challenge_to_play(victim, active->move->algorithm);
    sim_random_token(attacker->sim, &attacker->stream, tag, sizeof tag - 1);
    sip_write_init(&w, out, sizeof out);
    sip_reply_start(&w, &glimpse->msg, 401, TEXT_NONE, text_from(tag));
    sip_write_header(&w, "WWW-Authenticate", text_from(challenge));
    if (active->move->value != NULL && active->move->value[0] != '\0')
        sip_write_header(&w, "Security-Server", text_from(active->move->value));
    size_t len = sip_write_end(&w, TEXT_NONE);
    if (len == 0)
        return NET_TAP_PASS;
    GByteArray *packet = packet_udp(glimpse->ip.dst, glimpse->ip.src, glimpse->dport, glimpse->sport, out, len);
    TraceId record = move_record(active, "rogue-proxy", at->frame,
                                 "answers SM1 himself, with the challenge that his own session was given");
    moves_put(attacker, attacker->talk, at, NET_DOWN, NET_IP, packet->data, packet->len, SIM_MS,
              (SimContext){ record, record });
    g_byte_array_unref(packet);
    return NET_TAP_TAKE;
}

/* SM1 went to the genuine network; its challenge comes back in an SM6 that lists what he likes. */
NetTapVerdict moves_rogue_proxy(ActiveMove *active, const NetSighting *at, const Glimpse *glimpse)
{
    const MoveEdit own_list = { .kind = EDIT_SET_HEADER, .header = "Security-Server", .value = active->move->value };
    size_t len;
    if (active->move->own_challenge && glimpse->has_sip && glimpse->msg.is_request && at->dir == NET_UP)
        return glimpse->msg.method == SIP_REGISTER ? answer_sm1(active, at, glimpse) : NET_TAP_PASS;
    if (active->move->own_challenge || !glimpse->has_sip || glimpse->msg.is_request || glimpse->msg.status != 401)
        return NET_TAP_PASS;
    g_autofree char *edited = edit_sip(&glimpse->msg, &own_list, 1, &len);
    if (edited == NULL)
        return NET_TAP_PASS;
    return replace(active, at, glimpse, edited, len, "rogue-proxy",
                   "relays the genuine challenge in an SM6 with a list of his own");
}

/* An SPI of the list in his SM6. */
static bool is_his_spi(const Move *move, uint32_t spi)
{
    char text[32];
    g_snprintf(text, sizeof text, "spi-s=%u;", spi);
    return move->value != NULL && strstr(move->value, text) != NULL;
}

/* The UE then talks to the addresses and ports of that SM6: to him, as long as he is on its segment.  Once he has what
 * he wanted, he lets it have others. */
bool moves_rogue_takes(const ActiveMove *active, const char *segment, const NetSighting *at, const Glimpse *glimpse)
{
    return active->move->verb == MOVE_ROGUE_PROXY && active->done > 0 && glimpse->is_esp && at->dir == NET_UP &&
           active->move->match.segment != NULL && strcmp(active->move->match.segment, segment) == 0 &&
           (!active->move->own_challenge || is_his_spi(active->move, glimpse->ip.esp.spi));
}
