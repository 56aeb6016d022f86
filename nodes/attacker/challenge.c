/*
 * nodes/attacker/challenge.c - a challenge that his own session was given in the victim's name, and how he gets it
 * answered.
 *
 * Source:  threats AT-40, AT-41; RFC 3310 §3.3 (the password is RES), RFC 4169 §1; TS 33.102 §6.3.3.
 * Knows:   RAND and AUTN as anybody who asks gets them; RES only from the victim.
 */
#include "nodes/attacker/private.h"

#include "crypto/digest.h"
#include "crypto/hash.h"
#include "nodes/msg/sip_auth.h"

void victim_challenged(Knowledge *knowledge, const char *segment, const SipMsg *response)
{
    Victim *victim = victim_at(knowledge, segment);
    SipDigest digest;

    if (response->status != 401 || !sip_digest(response, SIP_H_WWW_AUTHENTICATE, &digest))
        return;
    victim_set(&victim->challenge, text_dup(sip_value(response, SIP_H_WWW_AUTHENTICATE)));
    victim_set(&victim->nonce, text_dup(digest.nonce));
    victim_set(&victim->realm, text_dup(digest.realm));
    victim_set(&victim->answer, NULL);
    knowledge->lessons++;
}

char *challenge_to_play(const Victim *victim, const char *algorithm)
{
    Text whole = text_from(victim->challenge), span;
    if (algorithm == NULL || algorithm[0] == '\0' || !sip_auth_param_span(whole, "algorithm", &span))
        return g_strdup(victim->challenge);
    return g_strdup_printf(TEXT_FMT "algorithm=%s" TEXT_FMT, TEXT_ARG(text_between(whole.p, span.p)), algorithm,
                           TEXT_ARG(text_between(span.p + span.len, whole.p + whole.len)));
}

/* --- RES, raw --- */

static DigestText view(const char *text)
{
    return (DigestText){ text, strlen(text) };
}

/* Inside AKAv1 RES is all the password there is. */
static void take_res(Attacker *attacker, Victim *victim, const uint8_t *res, size_t len)
{
    char cnonce[17], response[DIGEST_HEX_LEN + 1];

    if (victim->nonce == NULL || victim->impi == NULL)
        return;
    sim_random_token(attacker->sim, &attacker->stream, cnonce, sizeof cnonce - 1);
    g_autofree char *uri = g_strdup_printf("sip:%s", victim->realm);
    DigestInput in = { .username = view(victim->impi),
                       .realm = view(victim->realm),
                       .password = res,
                       .password_len = len,
                       .method = view("REGISTER"),
                       .uri = view(uri),
                       .nonce = view(victim->nonce),
                       .nc = view("00000001"),
                       .cnonce = view(cnonce),
                       .qop = DIGEST_QOP_AUTH };
    digest_response(&in, response);
    victim_set(&victim->answer,
               g_strdup_printf("Digest username=\"%s\",realm=\"%s\",nonce=\"%s\",uri=\"%s\",response=\"%s\","
                               "algorithm=AKAv1-MD5,qop=auth,nc=00000001,cnonce=\"%s\"",
                               victim->impi, victim->realm, victim->nonce, uri, response, cnonce));
    attacker->knowledge.lessons++;
}

static void on_answered(void *ctx, const uint8_t *res, size_t len)
{
    ActiveMove *active = ctx;
    Attacker *attacker = active->attacker;
    take_res(attacker, victim_at(&attacker->knowledge, active->move->match.segment), res, len);
    moves_wanted(attacker);
}

/* --- asked for over the radio --- */

bool moves_play_challenge(ActiveMove *active)
{
    Attacker *attacker = active->attacker;
    const char *segment = active->move->match.segment;
    const Place *place = attacker_place(attacker, segment);
    const Victim *victim = knowledge_victim(&attacker->knowledge, segment);
    size_t len = 0;

    if (place == NULL || victim == NULL || victim->nonce == NULL || active->move->cell == NULL ||
        !crypto_base64_decode(victim->nonce, strlen(victim->nonce), active->challenge, sizeof active->challenge,
                              &len) ||
        len != sizeof active->challenge)
        return false;
    CellConfig config = *active->move->cell;
    config.victim = place->link;
    config.challenge = active->challenge;
    config.answered = on_answered;
    config.answered_ctx = active;
    active->cell = cell_new(attacker->net, &config);
    cell_start(active->cell);
    return true;
}
