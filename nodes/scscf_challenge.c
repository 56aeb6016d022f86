/*
 * nodes/scscf_challenge.c - authentication at the S-CSCF: which vector and which Digest AKA a user is challenged with,
 * what the answer must be.
 *
 * Source:  TS 33.203 §6.1.1-§6.1.3; TS 24.229 §5.4.1.2; TS 29.228 §6.3; RFC 3310; RFC 4169.
 */
#include "nodes/scscf_internal.h"
#include "crypto/digest.h"
#include "crypto/hash.h"
#include "nodes/msg/sip_fields.h"

#define REG_AWAIT_AUTH (240 * SIM_SEC)

/* --- CM1, SM4: the challenge --- */

void scscf_forget_challenge(Subscriber *sub)
{
    sim_cancel(sub->scscf->sim, sub->await);
    sub->await = 0;
    sub->challenged = false;
    g_clear_pointer(&sub->nonce, g_free);
    g_clear_pointer(&sub->call_id, g_free);
    g_clear_pointer(&sub->challenged_impu, g_free);
    crypto_wipe(&sub->av, sizeof sub->av);
}

/* No answer: a failure, but a registered user stays registered (TS 33.203 §6.1.1). */
static void on_await_timeout(Sim *sim, void *ctx, uint64_t arg)
{
    Subscriber *sub = ctx;
    g_autofree char *impu = g_steal_pointer(&sub->challenged_impu);
    sub->await = 0;
    trace_drop(sim, sub->scscf->config.name, "reg-await-timeout", "no answer to the challenge of %s", sub->impi);
    scscf_forget_challenge(sub);
    if (!sub->registered)
        scscf_assign((Job){ .scscf = sub->scscf, .sub = sub }, CX_ASSIGN_AUTHENTICATION_TIMEOUT, text_from(impu));
}

/* Inside a tunnel whose server alone is authenticated a response of AKAv1 may be one that was lifted from elsewhere:
 * it proves RES and no key (RFC 4169 §1).  Outside, the SAs prove IK. */
static unsigned version_for(const Scscf *scscf, const SipDigest *request)
{
    if (scscf_through(request) == THROUGH_NOTHING || scscf_through(request) == THROUGH_SAS)
        return 1;
    unsigned version = scscf->config.policy.tls_aka == 2 ? 2 : 1;
    trace_decision(scscf->sim, scscf->config.name, "scscf-challenges", "RFC 4169 §1, §4; S3 §2, option 4",
                   version == 2 ? "challenges with AKAv2: the REGISTER came through TLS"
                                : "challenges with AKAv1, whose response proves no key, though the REGISTER came "
                                  "through TLS");
    return version;
}

static void keep_challenge(Subscriber *sub, const CxAv *av, const SipMsg *request, const SipDigest *digest)
{
    SipNameAddr to;
    char nonce[CRYPTO_BASE64_LEN(CX_RAND_AUTN_LEN) + 1];
    bool fits = crypto_base64_encode(av->rand_autn, CX_RAND_AUTN_LEN, nonce, sizeof nonce);
    g_assert(fits);
    scscf_forget_challenge(sub); /* a new challenge supersedes the one under way, TS 33.203 §6.1.2.3 */
    sub->challenged = true;
    sub->aka_version = version_for(sub->scscf, digest);
    sub->nonce = g_strdup(nonce);
    sub->call_id = text_dup(sip_value(request, SIP_H_CALL_ID));
    sub->challenged_impu = sip_nameaddr(request, SIP_H_TO, &to) ? text_dup(to.uri) : NULL;
    memcpy(sub->av.rand, av->rand_autn, AKA_RAND_LEN);
    memcpy(sub->av.autn, av->rand_autn + AKA_RAND_LEN, AKA_AUTN_LEN);
    memcpy(sub->av.xres, av->xres, av->xres_len);
    sub->av.res_len = av->xres_len;
    memcpy(sub->av.ck, av->ck, AKA_CK_LEN);
    memcpy(sub->av.ik, av->ik, AKA_IK_LEN);
    sub->await =
        sim_after(sub->scscf->sim, net_host_source(sub->scscf->host), REG_AWAIT_AUTH, on_await_timeout, sub, 0);
}

/* IK and CK for the P-CSCF (TS 24.229 §7.2A.1); with AKAv2 the keys made from them, RFC 4169 §2.2. */
static void write_keys(const Subscriber *sub, SipWriter *w)
{
    uint8_t ik[AKA_IK_LEN], ck[AKA_CK_LEN];
    memcpy(ik, sub->av.ik, sizeof ik);
    memcpy(ck, sub->av.ck, sizeof ck);
    if (sub->aka_version == 2)
        digest_akav2_keys(sub->av.ik, sub->av.ck, ik, ck);
    sip_write_z(w, ",ik=\"");
    sip_write_hex(w, ik, sizeof ik);
    sip_write_z(w, "\",ck=\"");
    sip_write_hex(w, ck, sizeof ck);
    sip_write_z(w, "\"");
    crypto_wipe(ik, sizeof ik);
    crypto_wipe(ck, sizeof ck);
}

/* SM4: RAND and AUTN for the UE, keys for the P-CSCF (TS 24.229 §5.4.1.2.1). */
static void send_challenge(Subscriber *sub, SipServerTx *tx)
{
    Scscf *scscf = sub->scscf;
    SipWriter w = scscf_reply(scscf, tx, 401, 0);
    sip_write_start(&w, "WWW-Authenticate");
    sip_write_z(&w, "Digest realm=\"");
    sip_write_z(&w, scscf->config.home_domain);
    sip_write_z(&w, "\",nonce=\"");
    sip_write_z(&w, sub->nonce);
    sip_write_z(&w,
                sub->aka_version == 2 ? "\",algorithm=AKAv2-MD5,qop=\"auth\"" : "\",algorithm=AKAv1-MD5,qop=\"auth\"");
    write_keys(sub, &w);
    sip_write_crlf(&w);
    scscf_finish(tx, &w);
}

static Subscriber *subscriber(Scscf *scscf, Text impi)
{
    g_autofree char *key = text_dup(impi);
    Subscriber *sub = g_hash_table_lookup(scscf->by_impi, key);
    if (sub == NULL) {
        sub = g_new0(Subscriber, 1);
        sub->scscf = scscf;
        sub->impi = g_steal_pointer(&key);
        g_hash_table_insert(scscf->by_impi, sub->impi, sub);
        g_ptr_array_add(scscf->all, sub);
    }
    return sub;
}

static void on_vectors(void *ctx, const CxMessage *answer)
{
    g_autofree Job *job = ctx;
    SipDigest digest;
    if (answer == NULL || !cx_succeeded(answer) || answer->n_avs == 0) {
        unsigned status = answer == NULL ? 504 : 403;
        sip_respond_status(job->tx, status, status == 504 ? "Server Time-out" : "Forbidden", NULL);
        return;
    }
    const SipMsg *request = sip_server_request(job->tx);
    bool has_digest = sip_digest(request, SIP_H_AUTHORIZATION, &digest);
    g_assert(has_digest);                                      /* scscf_register() saw it */
    Subscriber *sub = subscriber(job->scscf, digest.username); /* the HSS knows him: now he is worth remembering */
    keep_challenge(sub, &answer->av[0], request, &digest);
    send_challenge(sub, job->tx);
}

void scscf_challenge(Scscf *scscf, Text impi, SipServerTx *tx, const Subscriber *sub, const uint8_t *auts)
{
    SipNameAddr to;
    bool has_to = sip_nameaddr(sip_server_request(tx), SIP_H_TO, &to);
    g_assert(has_to); /* sip_parse() saw it */
    CxMessage *mar = scscf_cx_request(scscf, CX_MULTIMEDIA_AUTH, to.uri);
    mar->impi = impi;
    mar->scheme = TEXT(CX_SCHEME_AKA);
    mar->n_auth_items = 1;
    if (auts != NULL) {
        mar->resync = true;
        memcpy(mar->rand_auts, sub->av.rand, AKA_RAND_LEN);
        memcpy(mar->rand_auts + AKA_RAND_LEN, auts, AKA_AUTS_LEN);
    }
    scscf_ask((Job){ .scscf = scscf, .tx = tx }, mar, on_vectors);
}

/* --- SM9: the answer --- */

G_STATIC_ASSERT((int)AKA_RES_MAX_LEN <= (int)DIGEST_AKAV2_PASSWORD_LEN);
/* RES as it is, or what AKAv2 makes of it with IK and CK. */
typedef struct Password {
    uint8_t octets[DIGEST_AKAV2_PASSWORD_LEN + 1];
    size_t len;
} Password;

/* Of the version that was challenged, whatever the answer says of itself. */
static Password password(const Subscriber *sub)
{
    Password out = { .len = sub->av.res_len };
    if (sub->aka_version == 2) {
        char text[DIGEST_AKAV2_PASSWORD_LEN + 1];
        digest_akav2_password(sub->av.xres, sub->av.res_len, sub->av.ik, sub->av.ck, text);
        memcpy(out.octets, text, sizeof text);
        out.len = DIGEST_AKAV2_PASSWORD_LEN;
    } else {
        memcpy(out.octets, sub->av.xres, sub->av.res_len);
    }
    return out;
}

static DigestInput digest_input(const SipDigest *digest, const Password *expected)
{
    return (DigestInput){ .username = { digest->username.p, digest->username.len },
                          .realm = { digest->realm.p, digest->realm.len },
                          .password = expected->octets,
                          .password_len = expected->len,
                          .uri = { digest->uri.p, digest->uri.len },
                          .nonce = { digest->nonce.p, digest->nonce.len },
                          .nc = { digest->nc.p, digest->nc.len },
                          .cnonce = { digest->cnonce.p, digest->cnonce.len },
                          .qop = text_is_nocase(digest->qop, "auth") ? DIGEST_QOP_AUTH : DIGEST_QOP_NONE };
}

bool scscf_response_is_right(const Subscriber *sub, const SipDigest *digest)
{
    char expected[DIGEST_HEX_LEN + 1];
    Password own = password(sub);
    DigestInput in = digest_input(digest, &own);
    in.method = (DigestText){ "REGISTER", 8 };
    digest_response(&in, expected);
    crypto_wipe(&own, sizeof own);
    return digest_equal(expected, (DigestText){ digest->response.p, digest->response.len });
}

void scscf_make_rspauth(const Subscriber *sub, const SipDigest *digest, char rspauth[DIGEST_HEX_LEN + 1])
{
    if (!text_is_nocase(digest->qop, "auth"))
        return;
    Password own = password(sub);
    DigestInput in = digest_input(digest, &own);
    digest_rspauth(&in, rspauth);
    crypto_wipe(&own, sizeof own);
}
