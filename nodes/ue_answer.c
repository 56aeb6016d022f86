/*
 * nodes/ue_answer.c - what the UE says in REGISTER: its identities, the security lists, the answer to a challenge.
 *
 * Source:  TS 24.229 §5.1.1.2, §5.1.1.5; TS 33.203 §7.2; RFC 3310; RFC 4169; RFC 3329.
 */
#include "nodes/ue_internal.h"
#include "crypto/digest.h"
#include "crypto/hash.h"

#define REG_EXPIRES_DEFAULT 600000 /* seconds, TS 24.229 §5.1.1.2 */

/* --- writing REGISTER --- */

static void write_authorization(Ue *ue, SipWriter *w, const UeAnswer *answer)
{
    sip_write_start(w, "Authorization");
    sip_write_z(w, "Digest username=\"");
    sip_write_z(w, ue->config.impi);
    sip_write_z(w, "\",realm=\"");
    sip_write_z(w, ue->config.home_domain);
    sip_write_z(w, "\",nonce=\"");
    sip_write_text(w, answer->nonce);
    sip_write_z(w, "\",uri=\"sip:");
    sip_write_z(w, ue->config.home_domain);
    sip_write_z(w, "\",response=\"");
    sip_write_z(w, answer->response);
    sip_write_z(w, "\"");
    if (answer->version != 0)
        sip_write_z(w, answer->version == 2 ? ",algorithm=AKAv2-MD5" : ",algorithm=AKAv1-MD5");
    if (answer->qop != NULL) {
        sip_write_z(w, ",qop=");
        sip_write_z(w, answer->qop);
        sip_write_z(w, ",nc=00000001,cnonce=\"");
        sip_write_z(w, answer->cnonce);
        sip_write_z(w, "\"");
    }
    if (answer->auts != NULL) {
        sip_write_z(w, ",auts=\"");
        sip_write_z(w, answer->auts);
        sip_write_z(w, "\"");
    }
    if (ue->config.policy.smuggles_confidentiality)
        sip_write_z(w, ",confidentiality-protected=\"yes\"");
    sip_write_crlf(w);
}

static void write_security(Ue *ue, SipWriter *w, bool echo)
{
    unsigned n;
    const SecAlgs *algs = ue_offer(ue, &n);

    sip_write_header(w, "Require", TEXT("sec-agree"));
    sip_write_header(w, "Proxy-Require", TEXT("sec-agree"));
    if (!echo ||
        !ue->config.policy.early_dialect) { /* the published SM7 repeats SM1's list; the seeds' does not (I10) */
        sip_write_start(w, "Security-Client");
        if (ue->negotiates)
            secagree_write_with_tls(w, false, algs, n, &ue->end);
        else
            secagree_write(w, algs, n, &ue->end);
        sip_write_crlf(w);
    }
    if (echo)
        sip_write_header(w, "Security-Verify", text_from(ue->security_server));
}

static void write_register(Ue *ue, SipWriter *w, const UeAnswer *answer, bool echo, bool protected)
{
    int64_t expires = ue->deregistering                     ? 0
                      : ue->config.registration_seconds > 0 ? ue->config.registration_seconds
                                                            : REG_EXPIRES_DEFAULT;
    ue_request_begin(ue, w,
                     &(UeRequest){ .method = SIP_REGISTER,
                                   .uri = sim_text(ue->sim, "sip:%s", ue->config.home_domain),
                                   .to = ue->config.impu,
                                   .from_tag = ue->from_tag,
                                   .call_id = ue->call_id,
                                   .cseq = ++ue->cseq });
    ue_write_contact(ue, w, ue->by_tls);
    sip_write_z(w, ";expires=");
    sip_write_uint(w, (uint64_t)expires);
    sip_write_crlf(w);
    write_authorization(ue, w, answer);
    if (!ue->by_tls || echo) /* where TLS comes first there is nothing to agree on */
        write_security(ue, w, echo);
    sip_write_header(w, "Supported", TEXT("path"));
    if (protected)
        sip_write_header(w, "P-Access-Network-Info", text_from(modem_access_info(ue->config.modem)));
}

void ue_send_register(Ue *ue, const UeAnswer *answer, const UeSas *over, bool echo, SipDone done)
{
    SipWriter w = ue_writer(ue);
    SipFlow flow = ue->by_tls ? ue_tls_flow(ue) : ue_flow(ue, over);

    write_register(ue, &w, answer, echo, ue->by_tls || (over != NULL && over->id != 0));
    size_t len = sip_write_end(&w, TEXT_NONE);
    g_assert(len > 0);
    ue->register_tx = sip_send_request(ue->endpoint, &flow, w.out, len, false, done, ue);
    if (ue->by_tls)
        ue_tls_opening(ue, ue->register_tx);
}

/* --- the challenge and its answer --- */

bool ue_challenge_read(const SipMsg *msg, UeChallenge *challenge)
{
    SipDigest *digest = &challenge->digest;
    size_t len;

    if (!sip_digest(msg, SIP_H_WWW_AUTHENTICATE, digest))
        return false;
    challenge->version = text_is_nocase(digest->algorithm, "AKAv1-MD5")   ? 1
                         : text_is_nocase(digest->algorithm, "AKAv2-MD5") ? 2
                                                                          : 0;
    return challenge->version != 0 &&
           crypto_base64_decode(digest->nonce.p, digest->nonce.len, challenge->nonce, sizeof challenge->nonce, &len) &&
           len >= AKA_RAND_LEN + AKA_AUTN_LEN;
}

static DigestInput digest_input(Ue *ue, const UeChallenge *challenge)
{
    const SipDigest *digest = &challenge->digest;
    const char *uri = sim_text(ue->sim, "sip:%s", ue->config.home_domain);
    return (DigestInput){ .username = { ue->config.impi, strlen(ue->config.impi) },
                          .realm = { digest->realm.p, digest->realm.len },
                          .method = { "REGISTER", 8 },
                          .uri = { uri, strlen(uri) },
                          .nonce = { digest->nonce.p, digest->nonce.len } };
}

UeAnswer ue_answer(Ue *ue, const UeChallenge *challenge, const AkaAnswer *aka)
{
    DigestInput in = digest_input(ue, challenge);
    char *response = sim_alloc(ue->sim, DIGEST_HEX_LEN + 1), *cnonce = sim_alloc(ue->sim, 9);
    char derived[DIGEST_AKAV2_PASSWORD_LEN + 1];
    bool qop = text_present(challenge->digest.qop);

    sim_random_token(ue->sim, &ue->stream, cnonce, 8);
    in.password = aka->res;
    in.password_len = aka->res_len;
    if (challenge->version == 2) {
        digest_akav2_password(aka->res, aka->res_len, aka->ik, aka->ck, derived);
        in.password = (const uint8_t *)derived;
        in.password_len = DIGEST_AKAV2_PASSWORD_LEN;
    }
    in.nc = (DigestText){ "00000001", 8 };
    in.cnonce = (DigestText){ cnonce, 8 };
    in.qop = qop ? DIGEST_QOP_AUTH : DIGEST_QOP_NONE;
    digest_response(&in, response);
    crypto_wipe(derived, sizeof derived);
    return (UeAnswer){ .nonce = challenge->digest.nonce,
                       .response = response,
                       .cnonce = cnonce,
                       .qop = qop ? "auth" : NULL,
                       .version = challenge->version };
}

/* RFC 3310 §3.4: an empty password. */
UeAnswer ue_answer_resync(Ue *ue, const UeChallenge *challenge, const AkaAnswer *aka)
{
    DigestInput in = digest_input(ue, challenge);
    char *response = sim_alloc(ue->sim, DIGEST_HEX_LEN + 1);
    char *auts = sim_alloc(ue->sim, CRYPTO_BASE64_LEN(AKA_AUTS_LEN) + 1);

    in.realm = (DigestText){ ue->config.home_domain, strlen(ue->config.home_domain) };
    digest_response(&in, response);
    bool fits = crypto_base64_encode(aka->auts, AKA_AUTS_LEN, auts, CRYPTO_BASE64_LEN(AKA_AUTS_LEN) + 1);
    g_assert(fits);
    return (UeAnswer){
        .nonce = challenge->digest.nonce, .response = response, .auts = auts, .version = challenge->version
    };
}
