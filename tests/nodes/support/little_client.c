/*
 * tests/nodes/support/little_client.c - see little_client.h.
 */
#include "tests/nodes/support/little_client.h"
#include "crypto/digest.h"
#include "crypto/hash.h"
#include "nodes/msg/sip_auth.h"
#include <string.h>

#define REALM "home.example"

static bool on_expected(void *node, const SipFlow *to, CertName *name)
{
    return false;
}

static void on_open(void *node, const SipTlsConnection *connection)
{
    LittleClient *client = node;
    client->connection = connection->number;
    client->opened++;
}

static void on_ended(void *node, const SipTlsConnection *connection, const char *why)
{
    LittleClient *client = node;
    client->ended++;
    client->connection = 0;
}

static void on_request(void *node, SipServerTx *tx, const SipMsg *msg, const SipFlow *from)
{
    LittleClient *client = node;
    client->requests++;
    sip_respond_status(tx, 200, "OK", NULL);
}

static void on_done(void *ctx, SipClientTx *tx, const SipMsg *response, const char *why)
{
    LittleClient *client = ctx;
    SipDigest digest;
    if (response == NULL)
        return;
    client->status = response->status;
    if (response->status != 401 || !sip_digest(response, SIP_H_WWW_AUTHENTICATE, &digest))
        return;
    g_assert_false(text_present(digest.ik));
    g_assert_false(text_present(digest.ck));
    g_free(client->nonce);
    client->nonce = text_dup(digest.nonce);
    client->version = text_is(digest.algorithm, "AKAv2-MD5") ? 2 : 1;
}

LittleClient *little_client_new(LittleIms *ims, const char *owner, const char *impi)
{
    static const NetLinkSpec inet = { .segment = { { .name = "inet", .delay = 30 * SIM_MS } }, .n_segments = 1 };
    static const NetAddr addr = { { 0x20, 0x01, 0x0d, 0xb8, 0x00, 0x02, [15] = 0x42 } };
    LittleClient *client = g_new0(LittleClient, 1);
    NetHost *pcscf = pcscf_host(ims->pcscf);

    client->ims = ims;
    client->isim = little_isim(ims, owner);
    client->host = net_host_new(ims->net, "mallory", &addr);
    NetLink *link = net_link_new(ims->net, &inet, "mallory", client->host, pcscf);
    net_route_default(client->host, link);
    net_route_addr(pcscf, &addr, link);
    SipEndpointConfig config = { .name = "mallory",
                                 .host = client->host,
                                 .timers = &sip_timers_radio,
                                 .tcp_above = 1300,
                                 .request = on_request,
                                 .node = client };
    client->endpoint = sip_endpoint_new(&config);
    SipTls tls = { .client = little_pki_client(ims->pki, "mallory", impi),
                   .expected = on_expected,
                   .open = on_open,
                   .ended = on_ended };
    sip_endpoint_use_tls(client->endpoint, &tls);
    return client;
}

void little_client_free(LittleClient *client)
{
    sip_endpoint_free(client->endpoint);
    aka_isim_clear(&client->isim);
    g_free(client->nonce);
    g_free(client);
}

void little_client_close(LittleClient *client)
{
    sip_endpoint_close_tls(client->endpoint, client->connection);
    client->connection = 0;
    little_run(client->ims, 1);
}

static unsigned send(LittleClient *client, char *octets)
{
    SipFlow flow = { .addr = *net_host_addr(pcscf_host(client->ims->pcscf)),
                     .port = SIPS_PORT,
                     .transport = SIP_TLS,
                     .connection = client->connection };
    client->status = 0;
    sip_send_request(client->endpoint, &flow, octets, strlen(octets), false, on_done, client);
    g_free(octets);
    little_run(client->ims, 5);
    return client->status;
}

static void answer(LittleClient *client, const char *impi, char response[DIGEST_HEX_LEN + 1])
{
    uint8_t nonce[64];
    size_t len;
    AkaAnswer aka;
    char derived[DIGEST_AKAV2_PASSWORD_LEN + 1];
    g_assert_true(crypto_base64_decode(client->nonce, strlen(client->nonce), nonce, sizeof nonce, &len));
    g_assert_cmpint(aka_isim_answer(&client->isim, nonce, nonce + AKA_RAND_LEN, &aka), ==, AKA_OK);
    digest_akav2_password(aka.res, aka.res_len, aka.ik, aka.ck, derived);
    DigestInput in = { .username = { impi, strlen(impi) },
                       .realm = { REALM, strlen(REALM) },
                       .password = client->version == 2 ? (const uint8_t *)derived : aka.res,
                       .password_len = client->version == 2 ? DIGEST_AKAV2_PASSWORD_LEN : aka.res_len,
                       .method = { "REGISTER", 8 },
                       .uri = { "sip:" REALM, strlen("sip:" REALM) },
                       .nonce = { client->nonce, strlen(client->nonce) },
                       .nc = { "00000001", 8 },
                       .cnonce = { "abcdefgh", 8 },
                       .qop = DIGEST_QOP_AUTH };
    digest_response(&in, response);
}

unsigned little_client_register(LittleClient *client, const char *impi, const char *impu, bool answers,
                                unsigned expires)
{
    char response[DIGEST_HEX_LEN + 1] = "", addr[NET_ADDR_TEXT_MAX];
    if (answers)
        answer(client, impi, response);
    g_autofree char *call_id = g_strdup_printf("call-of-%s", impi);
    return send(client,
                g_strdup_printf("REGISTER sip:" REALM " SIP/2.0\r\nMax-Forwards: 70\r\n"
                                "From: <%s>;tag=f\r\nTo: <%s>\r\nCall-ID: %s\r\nCSeq: %u REGISTER\r\n"
                                "Contact: <sip:[%s]:5061;transport=tls>;expires=%u\r\n"
                                "Authorization: Digest username=\"%s\",realm=\"" REALM "\",nonce=\"%s\","
                                "uri=\"sip:" REALM "\",response=\"%s\",algorithm=AKAv%u-MD5,qop=auth,"
                                "nc=00000001,cnonce=\"abcdefgh\",integrity-protected=\"tls-yes\"\r\n"
                                "Content-Length: 0\r\n\r\n",
                                impu, impu, call_id, ++client->cseq, net_addr_text(net_host_addr(client->host), addr),
                                expires, impi, answers ? client->nonce : "", response, client->version == 2 ? 2 : 1));
}

unsigned little_client_say(LittleClient *client, const char *method, const char *uri, const char *from)
{
    return send(client, g_strdup_printf("%s %s SIP/2.0\r\nMax-Forwards: 70\r\nFrom: <%s>;tag=f\r\nTo: <%s>\r\n"
                                        "P-Preferred-Identity: <%s>\r\nCall-ID: call-%u\r\nCSeq: %u %s\r\n"
                                        "Content-Type: text/plain\r\nContent-Length: 2\r\n\r\nhi",
                                        method, uri, from, uri, from, client->cseq, client->cseq, method));
}
