/*
 * tests/attacker/support/pair.c - a UE and a P-CSCF on one link, for an attacker between them.
 */
#include "tests/attacker/support/pair.h"

#include <string.h>

const EspKeys pair_keys = { .ik = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 },
                            .ck = { 101, 102, 103, 104, 105, 106, 107, 108, 109, 110, 111, 112, 113, 114, 115, 116 } };

static const NetLinkSpec pair_spec = { .segment = { { .name = "air", .delay = 10 * SIM_MS },
                                                    { .name = "gn", .delay = 5 * SIM_MS },
                                                    { .name = "gi", .delay = 2 * SIM_MS } },
                                       .n_segments = 3 };

static void got_free(gpointer data)
{
    PairGot *got = data;
    g_free(got->text);
    g_free(got);
}

static void frame_free(gpointer data)
{
    PairFrame *frame = data;
    g_byte_array_unref(frame->octets);
    g_free(frame);
}

static void pair_on_datagram(void *ctx, NetHost *host, const NetDatagram *datagram)
{
    Pair *pair = ctx;
    PairGot *got = g_new0(PairGot, 1);
    got->text = g_strndup((const char *)datagram->octets, datagram->len);
    got->port = datagram->dport;
    got->origin = sim_context(pair->sim).origin;
    got->at = sim_now(pair->sim);
    g_ptr_array_add(pair->got[host == pair->ue ? PAIR_UE : PAIR_PCSCF], got);
}

static void pair_record(void *ctx, const NetSighting *sighting)
{
    Pair *pair = ctx;
    PairFrame *frame = g_new0(PairFrame, 1);
    net_segment_name(sighting->link, sighting->segment, frame->segment, sizeof frame->segment);
    frame->dir = sighting->dir;
    frame->kind = (NetKind)sighting->packet->kind;
    frame->octets = g_byte_array_append(g_byte_array_new(), sighting->packet->data, sighting->packet->len);
    g_ptr_array_add(pair->frames, frame);
}

Pair *pair_new(void)
{
    static const uint16_t ports[2][4] = { { 5060, PORT_UC, PORT_US, 546 }, { 5060, PORT_PC, PORT_PS, 547 } };
    Pair *pair = g_new0(Pair, 1);
    pair->sim = sim_new(&(SimConfig){ .seed = 3, .trace = true });
    pair->net = net_new(pair->sim);
    pair->ue_addr = net_addr_make(UINT64_C(0x20010db800010000), 0xa11ce);
    pair->pcscf_addr = net_addr_make(UINT64_C(0x20010db8000c0000), 5);
    pair->ue = net_host_new(pair->net, "alice", &pair->ue_addr);
    pair->pcscf = net_host_new(pair->net, "pcscf", &pair->pcscf_addr);
    pair->link = net_link_new(pair->net, &pair_spec, "alice", pair->ue, pair->pcscf);
    net_route_default(pair->ue, pair->link);
    net_route_default(pair->pcscf, pair->link);
    pair->frames = g_ptr_array_new_with_free_func(frame_free);
    for (unsigned who = 0; who < 2; who++) {
        pair->got[who] = g_ptr_array_new_with_free_func(got_free);
        for (unsigned i = 0; i < 4; i++)
            g_assert_true(net_udp_bind(who == PAIR_UE ? pair->ue : pair->pcscf, ports[who][i], pair_on_datagram, pair));
    }
    net_set_recorder(pair->net, pair_record, pair);
    return pair;
}

void pair_free(Pair *pair)
{
    for (unsigned who = 0; who < 2; who++) {
        sad_free(pair->sad[who]);
        g_ptr_array_unref(pair->got[who]);
    }
    if (pair->attacker != NULL)
        attacker_free(pair->attacker);
    net_free(pair->net);
    sim_free(pair->sim);
    g_ptr_array_unref(pair->frames);
    g_free(pair);
}

void pair_run(Pair *pair)
{
    (void)sim_run(pair->sim, sim_now(pair->sim) + 10 * SIM_SEC, 100000);
}

void pair_protect(Pair *pair, EspAlg alg, EspEalg ealg)
{
    SaParams params = { .ue = pair->ue_addr,
                        .pcscf = pair->pcscf_addr,
                        .spi_uc = 1001,
                        .spi_us = 1002,
                        .spi_pc = 1003,
                        .spi_ps = 1004,
                        .port_uc = PORT_UC,
                        .port_us = PORT_US,
                        .port_pc = PORT_PC,
                        .port_ps = PORT_PS,
                        .alg = alg,
                        .ealg = ealg };
    memcpy(params.ik, pair_keys.ik, sizeof params.ik);
    memcpy(params.ck, pair_keys.ck, sizeof params.ck);
    pair->sad[PAIR_UE] = sad_new(pair->ue, "alice", SAD_UE, NULL);
    pair->sad[PAIR_PCSCF] = sad_new(pair->pcscf, "pcscf", SAD_PCSCF, NULL);
    for (unsigned who = 0; who < 2; who++)
        g_assert_cmpuint(sad_add(pair->sad[who], &params, true), !=, 0);
}

/* --- the air --- */

static NetVerdict pair_seal(void *ctx, NetLink *link, NetDir dir, NetPacket *packet)
{
    Pair *pair = ctx;
    return radio_frame_seal(packet, pair->cipher, pair->key, dir, ++pair->count[dir]) ? NET_PASS : NET_DISCARD;
}

static NetVerdict pair_open(void *ctx, NetLink *link, NetDir dir, NetPacket *packet)
{
    Pair *pair = ctx;
    return radio_frame_open(packet, pair->cipher, pair->key, dir) ? NET_PASS : NET_DISCARD;
}

static const char *pair_label(void *ctx, NetLink *link)
{
    return radio_cipher_name(((Pair *)ctx)->cipher);
}

void pair_cipher(Pair *pair, RadioCipher cipher, const uint8_t key[RADIO_KEY_LEN])
{
    pair->cipher = cipher;
    memcpy(pair->key, key, RADIO_KEY_LEN);
    pair->cover = (NetCover){ pair_seal, pair_open, pair_label, pair };
    net_link_cover(pair->link, 0, 0, &pair->cover);
}

Attacker *pair_attacker(Pair *pair, const char *segment, double work_log2, unsigned year)
{
    AttackerConfig config = { .name = "mallory", .position = "A5", .work_log2 = work_log2, .knowledge_year = year };
    pair->attacker = attacker_new(pair->net, &config);
    attacker_tap(pair->attacker, segment);
    return pair->attacker;
}

/* --- traffic --- */

void pair_send(Pair *pair, NetDir dir, const char *text)
{
    NetHost *from = dir == NET_UP ? pair->ue : pair->pcscf;
    const NetAddr *to = dir == NET_UP ? &pair->pcscf_addr : &pair->ue_addr;
    bool protects = pair->sad[0] != NULL;
    uint16_t sport = !protects ? 5060 : dir == NET_UP ? PORT_UC : PORT_PC;
    uint16_t dport = !protects ? 5060 : dir == NET_UP ? PORT_PS : PORT_US;
    sim_set_context(pair->sim, (SimContext){ 0 });
    g_assert_cmpint(net_udp_send(from, sport, to, dport, text, strlen(text)), ==, NET_SENT);
    pair_run(pair);
}

void pair_feed(Pair *pair, NetDir dir, const uint8_t *octets, size_t len)
{
    net_inject(pair->net, pair->link, dir == NET_UP ? 0 : 2, dir, NET_IP, octets, len, 0, (SimContext){ 0 });
    pair_run(pair);
}

const PairGot *pair_last(const Pair *pair, unsigned who)
{
    const GPtrArray *got = pair->got[who];
    return got->len > 0 ? got->pdata[got->len - 1] : NULL;
}

/* --- what is left --- */

size_t pair_moves(const Pair *pair, const char *verb)
{
    const Trace *trace = sim_trace(pair->sim);
    size_t n = 0;
    for (TraceId id = 1; id <= trace_count(trace); id++) {
        const TraceRecord *record = trace_get(trace, id);
        n += record->kind == TRACE_MOVE && (verb[0] == '\0' || strcmp(record->move.verb, verb) == 0);
    }
    return n;
}

size_t pair_drops(const Pair *pair, const char *cause)
{
    return trace_count_drops(sim_trace(pair->sim), "", cause);
}

const Reading *pair_reading(const Pair *pair, const char *text)
{
    const Knowledge *knowledge = attacker_knowledge(pair->attacker);
    for (size_t i = 0; i < knowledge_count(knowledge); i++) {
        const Reading *reading = knowledge_get(knowledge, i);
        if (strstr(reading->headers, text) != NULL || strstr(reading->body, text) != NULL)
            return reading;
    }
    return NULL;
}

/* --- messages --- */

char *sip_register(bool answers, const char *security)
{
    return g_strdup_printf("REGISTER sip:home.example SIP/2.0\r\n"
                           "Via: SIP/2.0/UDP [2001:db8:1::a:11ce];branch=z9hG4bK1\r\n"
                           "Max-Forwards: 70\r\n"
                           "From: <sip:alice@home.example>;tag=1\r\n"
                           "To: <sip:alice@home.example>\r\n"
                           "Call-ID: r1\r\n"
                           "CSeq: 1 REGISTER\r\n"
                           "Contact: <sip:[2001:db8:1::a:11ce]:6002>;expires=600000\r\n"
                           "Authorization: Digest username=\"alice-private@home.example\",realm=\"home.example\","
                           "nonce=\"%s\",uri=\"sip:home.example\",response=\"%s\"\r\n"
                           "Security-Client: %s\r\n"
                           "Content-Length: 0\r\n\r\n",
                           answers ? "bm9uY2U=" : "", answers ? "0123456789abcdef0123456789abcdef" : "",
                           security != NULL ? security
                                            : "ipsec-3gpp;alg=hmac-sha-1-96;ealg=des-ede3-cbc;spi-c=1001;spi-s=1002;"
                                              "port-c=6001;port-s=6002, "
                                              "ipsec-3gpp;alg=hmac-sha-1-96;spi-c=1001;spi-s=1002;port-c=6001;"
                                              "port-s=6002");
}

char *sip_challenge(const char *challenge, const char *security)
{
    return g_strdup_printf(
        "SIP/2.0 401 Unauthorized\r\n"
        "Via: SIP/2.0/UDP [2001:db8:1::a:11ce];branch=z9hG4bK1\r\n"
        "From: <sip:alice@home.example>;tag=1\r\n"
        "To: <sip:alice@home.example>;tag=2\r\n"
        "Call-ID: r1\r\n"
        "CSeq: 1 REGISTER\r\n"
        "WWW-Authenticate: Digest realm=\"home.example\",nonce=\"bm9uY2U=\",algorithm=AKAv1-MD5%s\r\n"
        "%s%s%s"
        "Content-Length: 0\r\n\r\n",
        challenge, security != NULL ? "Security-Server: " : "", security != NULL ? security : "",
        security != NULL ? "\r\n" : "");
}

char *sip_publish(const char *headers, const char *body)
{
    return g_strdup_printf("PUBLISH sip:alice@home.example SIP/2.0\r\n"
                           "Via: SIP/2.0/UDP [2001:db8:1::a:11ce]:6002;branch=z9hG4bK2\r\n"
                           "Max-Forwards: 70\r\n"
                           "From: <sip:alice@home.example>;tag=3\r\n"
                           "To: <sip:alice@home.example>\r\n"
                           "Call-ID: p1\r\n"
                           "CSeq: 1 PUBLISH\r\n"
                           "%s"
                           "Content-Length: %zu\r\n\r\n%s",
                           headers, strlen(body), body);
}
