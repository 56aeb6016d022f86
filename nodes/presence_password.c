/*
 * nodes/presence_password.c - HTTP Digest at the Presence Server: a watcher proves that he knows his password.
 *
 * Source:  S0 §8.1.4 (mandatory to support; the Subscription Authorization Policy says when), R35, M24; RFC 3261 §22,
 *          RFC 2617 §3.2.1 (nonces), §3.2.2 (responses).
 *
 * The credentials are bound to the identity that the network asserts: who has another's password does not become him.
 * What Digest does not cover is not proved by it: Contact and Event of the same request (AT-37).
 */
#include "nodes/presence_private.h"
#include "crypto/digest.h"
#include "nodes/msg/sip_uri.h"

#define CLAUSE "S0 §8.1.4"

/* --- nonces --- */

void presence_password_init(Presence *presence)
{
    presence->nonces = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
}

void presence_password_clear(Presence *presence)
{
    g_hash_table_destroy(presence->nonces);
}

static WatcherNonce *nonce_of(Presence *presence, const char *watcher)
{
    WatcherNonce *nonce = g_hash_table_lookup(presence->nonces, watcher);
    if (nonce == NULL) {
        size_t len = strlen(watcher);
        nonce = g_malloc0(sizeof *nonce + len + 1);
        memcpy(nonce->uri, watcher, len);
        g_hash_table_insert(presence->nonces, nonce->uri, nonce);
    }
    return nonce;
}

static bool is_alive(const Presence *presence, const WatcherNonce *nonce)
{
    return nonce->n > 0 && sim_now(presence->sim) - nonce->since < PRESENCE_NONCE_LIFE * SIM_SEC;
}

/* From the watcher's name alone: other watchers change nothing. */
static void renew(Presence *presence, WatcherNonce *nonce)
{
    SimStream stream =
        sim_stream(presence->sim, presence->config.name, sim_text(presence->sim, "nonce %s", nonce->uri), nonce->n++);
    sim_random_token(presence->sim, &stream, nonce->nonce, PRESENCE_NONCE_LEN);
    nonce->since = sim_now(presence->sim);
    nonce->last_nc = 0;
}

/* --- answers --- */

/* A nonce may be used many times, each with a greater count, by requests that were challenged together. */
static bool challenge(Presence *presence, SipServerTx *tx, WatcherNonce *nonce, bool stale, const char *why)
{
    if (!is_alive(presence, nonce))
        renew(presence, nonce);
    trace_decision(presence->sim, presence->config.name, "ps-asks-password", CLAUSE, "asks %s for his password: %s",
                   nonce->uri, why);
    sip_respond_status(
        tx, 401, NULL,
        sim_text(presence->sim,
                 "WWW-Authenticate: Digest realm=\"%s\", nonce=\"%s\", qop=\"auth\", algorithm=MD5%s\r\n",
                 presence->config.domain, nonce->nonce, stale ? ", stale=true" : ""));
    return false;
}

static bool refuse(Presence *presence, SipServerTx *tx, const char *watcher, const char *why)
{
    trace_decision(presence->sim, presence->config.name, "ps-refuses-password", CLAUSE, "refuses SUBSCRIBE of %s: %s",
                   watcher, why);
    sip_respond_status(tx, 403, NULL, NULL);
    return false;
}

/* --- the response --- */

static DigestText view(Text text)
{
    return (DigestText){ text.p, text.len };
}

static bool is_right(const SipMsg *msg, const SipDigest *digest, const char *password)
{
    char expected[DIGEST_HEX_LEN + 1];
    DigestInput in = { .username = view(digest->username),
                       .realm = view(digest->realm),
                       .password = (const uint8_t *)password,
                       .password_len = strlen(password),
                       .method = view(msg->method_text),
                       .uri = view(digest->uri),
                       .nonce = view(digest->nonce),
                       .nc = view(digest->nc),
                       .cnonce = view(digest->cnonce),
                       .qop = DIGEST_QOP_AUTH };
    digest_response(&in, expected);
    return digest_equal(expected, view(digest->response));
}

static bool read_count(Text nc, uint32_t *out)
{
    uint8_t octets[4];
    if (!text_to_octets(nc, octets, sizeof octets))
        return false;
    *out = (uint32_t)octets[0] << 24 | (uint32_t)octets[1] << 16 | (uint32_t)octets[2] << 8 | octets[3];
    return true;
}

/* RFC 2617 §3.2.2.5: the URI of the credentials is the request's. */
static bool is_well_formed(const Presence *presence, const SipMsg *msg, const SipDigest *digest, uint32_t *count)
{
    return text_is(digest->realm, presence->config.domain) && text_is_nocase(digest->qop, "auth") &&
           (!text_present(digest->algorithm) || text_is_nocase(digest->algorithm, "MD5")) &&
           text_present(digest->cnonce) && read_count(digest->nc, count) && sip_uri_text_equal(digest->uri, msg->uri);
}

/* Whose name the credentials have; NULL: neither his own nor nobody's. */
static const char *password_for(Presence *presence, const SipDigest *digest, const char *watcher, bool *anonymous)
{
    char name[PRESENCE_URI_MAX];
    *anonymous = text_is(digest->username, "anonymous");
    if (*anonymous) /* RFC 3261 §22.1 */
        return "";
    if (!presence_canonical(digest->username, name) || strcmp(name, watcher) != 0 || presence->config.password == NULL)
        return NULL;
    return presence->config.password(presence->config.ctx, watcher);
}

bool presence_password(Presence *presence, SipServerTx *tx, const SipMsg *msg, const char *watcher, bool *anonymous)
{
    WatcherNonce *nonce = nonce_of(presence, watcher);
    SipDigest digest;
    uint32_t count;

    if (!sip_digest(msg, SIP_H_AUTHORIZATION, &digest))
        return challenge(presence, tx, nonce, false, "SUBSCRIBE came without credentials");
    if (!is_well_formed(presence, msg, &digest, &count))
        return challenge(presence, tx, nonce, false, "the credentials are not for us");
    const char *password = password_for(presence, &digest, watcher, anonymous);
    if (password == NULL)
        return refuse(presence, tx, watcher, "the credentials are not of whom the network asserts, or he has none");
    if (!is_right(msg, &digest, password))
        return challenge(presence, tx, nonce, false, "the response is wrong");
    if (!is_alive(presence, nonce) || !text_is(digest.nonce, nonce->nonce) || count <= nonce->last_nc)
        return challenge(presence, tx, nonce, true, "the nonce is not the last one, or its count was used");
    nonce->last_nc = count;
    trace_decision(presence->sim, presence->config.name, "ps-takes-password", CLAUSE, "%s %s", watcher,
                   *anonymous ? "comes as anonymous: he is nobody to the presentity" : "knows his password");
    return true;
}
