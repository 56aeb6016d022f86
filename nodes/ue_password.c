/*
 * nodes/ue_password.c - the UE's password towards a Presence Server that asks watchers for one.
 *
 * Source:  RFC 3261 §22.2 (challenges of servers), §22.1 (anonymous), RFC 2617 §3.2.2; S0 §8.1.4.
 */
#include "crypto/digest.h"
#include "nodes/msg/sip_write.h"
#include "nodes/ue_internal.h"

enum { CNONCE_LEN = 12 };

void ue_password_clear(Ue *ue)
{
    g_clear_pointer(&ue->password.realm, g_free);
    g_clear_pointer(&ue->password.nonce, g_free);
    g_clear_pointer(&ue->password.opaque, g_free);
    ue->password.nc = 0;
}

static void learn(Ue *ue, const SipDigest *challenge)
{
    UePassword *password = &ue->password;
    if (password->nonce != NULL && text_is(challenge->nonce, password->nonce) &&
        text_is(challenge->realm, password->realm))
        return; /* its count goes on */
    ue_password_clear(ue);
    password->realm = text_dup(challenge->realm);
    password->nonce = text_dup(challenge->nonce);
    password->opaque = text_dup(challenge->opaque);
}

bool ue_password_challenged(Ue *ue, const SipMsg *response, bool proved)
{
    SipDigest challenge;

    if (ue->config.watcher_password == NULL || !sip_digest(response, SIP_H_WWW_AUTHENTICATE, &challenge) ||
        !text_present(challenge.realm) || !text_present(challenge.nonce) ||
        (text_present(challenge.algorithm) && !text_is_nocase(challenge.algorithm, "MD5")) ||
        text_find_text(challenge.qop, TEXT("auth")) == challenge.qop.len)
        return false;
    if (proved && !text_is_nocase(challenge.stale, "true")) { /* RFC 2617 §3.2.1: the password was wrong */
        ue_password_clear(ue);
        return false;
    }
    learn(ue, &challenge);
    return true;
}

static DigestText view(const char *z)
{
    return (DigestText){ z, strlen(z) };
}

static void write_part(SipWriter *w, const char *name, const char *value, bool quoted)
{
    sip_write_z(w, name);
    sip_write_z(w, quoted ? "=\"" : "=");
    sip_write_z(w, value); /* as the challenge had it in its quotes, or ours without any */
    sip_write_z(w, quoted ? "\"" : "");
}

bool ue_password_write(Ue *ue, SipWriter *w, const char *uri)
{
    UePassword *password = &ue->password;
    char response[DIGEST_HEX_LEN + 1];

    if (password->nonce == NULL || ue->config.watcher_password == NULL)
        return false;
    const char *secret = ue->config.watcher_password;
    const char *username = secret[0] == '\0' ? "anonymous" : ue_default_impu(ue);
    const char *cnonce = sip_token(ue->endpoint, CNONCE_LEN), *nc = sim_text(ue->sim, "%08x", ++password->nc);
    DigestInput in = { .username = view(username),
                       .realm = view(password->realm),
                       .password = (const uint8_t *)secret,
                       .password_len = strlen(secret),
                       .method = view("SUBSCRIBE"),
                       .uri = view(uri),
                       .nonce = view(password->nonce),
                       .nc = view(nc),
                       .cnonce = view(cnonce),
                       .qop = DIGEST_QOP_AUTH };
    digest_response(&in, response);
    sip_write_start(w, "Authorization");
    write_part(w, "Digest username", username, true);
    write_part(w, ", realm", password->realm, true);
    write_part(w, ", nonce", password->nonce, true);
    write_part(w, ", uri", uri, true);
    write_part(w, ", response", response, true);
    write_part(w, ", algorithm", "MD5", false);
    write_part(w, ", qop", "auth", false);
    write_part(w, ", nc", nc, false);
    write_part(w, ", cnonce", cnonce, true);
    if (password->opaque != NULL)
        write_part(w, ", opaque", password->opaque, true);
    sip_write_crlf(w);
    return true;
}
