/*
 * nodes/attacker/offline_res.c - RES by brute force from one AKAv1 response.
 *
 * Source:  threats AT-43; RFC 3310 §3.3 (RES is the password), §5.2; RFC 4169 §4.4 (RES may be as short as 32 bits).
 * Knows:   responses that he read.  The reduction is that of the radio ciphers (offline.c): all but the last bits are
 *          given to him, those are searched, and the search of all of them is what is accounted.
 */
#include "nodes/attacker/private.h"

#include "crypto/hash.h"

/* Each guess costs two MD5. */
static unsigned full_work(size_t len)
{
    return 8 * (unsigned)len + 1;
}

void attacker_reveal_res(Attacker *attacker, const uint8_t rand_autn[CHALLENGE_LEN], const uint8_t *res, size_t len,
                         unsigned hidden_bits)
{
    if (len > RES_MAX || hidden_bits > 8 * len || hidden_bits > RES_HIDDEN_MAX ||
        full_work(len) > attacker->config.work_log2) /* what he cannot afford is not given either */
        return;
    RevealedRes *item = g_new0(RevealedRes, 1);
    *item = (RevealedRes){ .len = len, .hidden_bits = hidden_bits };
    memcpy(item->challenge, rand_autn, CHALLENGE_LEN);
    memcpy(item->res, res, len);
    for (unsigned bit = 0; bit < hidden_bits; bit++)
        item->res[len - 1 - bit / 8] &= (uint8_t) ~(1u << bit % 8);
    g_ptr_array_add(attacker->revealed_res, item);
}

/* The challenge is the beginning of the nonce, RFC 3310 §3.2. */
static const RevealedRes *revealed_for(const Attacker *attacker, const CapturedDigest *captured)
{
    uint8_t octets[256];
    size_t len;
    if (!crypto_base64_decode(captured->nonce, strlen(captured->nonce), octets, sizeof octets, &len) ||
        len < CHALLENGE_LEN)
        return NULL;
    for (guint i = 0; i < attacker->revealed_res->len; i++) {
        const RevealedRes *item = attacker->revealed_res->pdata[i];
        if (memcmp(item->challenge, octets, CHALLENGE_LEN) == 0)
            return item;
    }
    return NULL;
}

static bool search(const CapturedDigest *captured, const RevealedRes *revealed, uint8_t res[])
{
    DigestInput input = digest_input(captured);
    for (uint32_t guess = 0; guess < 1u << revealed->hidden_bits; guess++) {
        memcpy(res, revealed->res, revealed->len);
        for (size_t i = 0; i < MIN(revealed->len, sizeof guess); i++)
            res[revealed->len - 1 - i] |= (uint8_t)(guess >> 8 * i);
        if (digest_fits(captured, &input, res, revealed->len))
            return true;
    }
    return false;
}

static void break_one(Attacker *attacker, const CapturedDigest *captured)
{
    const RevealedRes *revealed = revealed_for(attacker, captured);
    uint8_t res[RES_MAX];
    char hex[2 * RES_MAX + 1];

    if (revealed == NULL || !search(captured, revealed, res))
        return;
    g_autofree char *how =
        g_strdup_printf("RES of %zu bits searched: 2^%u MD5, on the response in frame %" G_GUINT64_FORMAT
                        " (executed 2^%u on an answer reduced to fit)",
                        8 * revealed->len, full_work(revealed->len), captured->seen.frame, revealed->hidden_bits + 1);
    crypto_hex(res, revealed->len, hex);
    knowledge_add_secret(&attacker->knowledge, SECRET_RES, captured, hex, how, full_work(revealed->len));
    crypto_wipe(res, sizeof res);
}

void offline_break_res(Attacker *attacker)
{
    const GPtrArray *digests = attacker->knowledge.digests;
    for (guint i = 0; i < digests->len; i++) {
        const CapturedDigest *captured = digests->pdata[i];
        if (!captured->unusable && g_ascii_strcasecmp(captured->algorithm, "AKAv1-MD5") == 0)
            break_one(attacker, captured);
    }
}
