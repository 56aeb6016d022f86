/*
 * crypto/selftest_aka.c - known answers of Milenage, AKA on both sides, GSM conversions, Digest.
 *
 * Source:  TS 35.207, TS 35.208, TS 55.205; RFC 2617, RFC 3310, RFC 4169; see each vector file.
 * Knows:   see selftest.h.
 */
#include "crypto/aka.h"
#include "crypto/digest.h"
#include "crypto/hash.h"
#include "crypto/selftest_kinds.h"

#include <string.h>

/* K with OPc given, or derived from OP; if both are there they must agree. */
static bool read_key(const SelftestBlock *block, const char *k_name, MilenageKey *key, SelftestCheck *check)
{
    const uint8_t *k = selftest_need(block, k_name, 16, check);
    const bool derive = selftest_has(block, "op");
    const uint8_t *op = selftest_need(block, derive ? "op" : "opc", 16, check);
    if (!k || !op)
        return false;
    memcpy(key->k, k, 16);
    if (derive)
        milenage_opc(k, op, key->opc);
    else
        memcpy(key->opc, op, 16);
    selftest_expect(block, "opc", key->opc, 16, check);
    return true;
}

static void xor_octets(uint8_t *out, const uint8_t *a, const uint8_t *b, size_t len)
{
    for (size_t i = 0; i < len; i++)
        out[i] = a[i] ^ b[i];
}

/* AUTS as a card at @sqn_ms makes it. */
static void make_auts(const MilenageKey *key, const uint8_t rand[16], const uint8_t sqn_ms[6], uint8_t auts[14])
{
    static const uint8_t amf_star[2];
    uint8_t ak_star[6];
    milenage_f2345(key, rand, NULL, NULL, NULL, NULL, ak_star);
    xor_octets(auts, sqn_ms, ak_star, 6);
    milenage_f1(key, rand, sqn_ms, amf_star, NULL, auts + 6);
}

static const char *aka_name(AkaResult result)
{
    switch (result) {
    case AKA_OK: return "accepted";
    case AKA_MAC_FAILURE: return "MAC failure";
    case AKA_SYNC_FAILURE: return "synchronisation failure";
    }
    return "";
}

/* A card that has seen the SEQ before this one takes the vector once and not twice. */
static void expect_card(const MilenageKey *key, const uint8_t rand[16], const uint8_t autn[16], const uint8_t sqn[6],
                        SelftestCheck *check)
{
    AkaIsim isim;
    AkaAnswer answer;
    uint64_t seq = 0;
    for (int i = 0; i < 6; i++)
        seq = seq << 8 | sqn[i];
    seq >>= AKA_IND_BITS;
    if (seq == 0)
        return; /* never fresh for any card */
    aka_isim_init(&isim, key);
    aka_isim_set_seq(&isim, sqn[5] % AKA_IND_COUNT, seq - 1);
    selftest_expect_text(check, "autn at the card", "accepted", aka_name(aka_isim_answer(&isim, rand, autn, &answer)));
    selftest_expect_text(check, "autn again", "synchronisation failure",
                         aka_name(aka_isim_answer(&isim, rand, autn, &answer)));
    aka_isim_clear(&isim);
}

/* Everything a challenge determines, under the names of both kinds of file. */
static void expect_challenge(const SelftestBlock *block, const MilenageKey *key, SelftestCheck *check)
{
    const uint8_t *rand = selftest_need(block, "rand", 16, check), *sqn = selftest_need(block, "sqn", 6, check);
    const uint8_t *amf = selftest_need(block, "amf", 2, check);
    if (!rand || !sqn || !amf)
        return;
    MilenageOut f;
    uint8_t autn[16], mac_a[8], mac_s[8];
    milenage_all(key, rand, sqn, amf, &f);
    milenage_f1(key, rand, sqn, amf, mac_a, mac_s); /* the other way to the same answer */
    selftest_expect(block, "f1", mac_a, 8, check);
    selftest_expect(block, "f1s", mac_s, 8, check);
    const struct {
        const char *name;
        const uint8_t *octets;
        size_t len;
    } out[] = { { "f1", f.mac_a, 8 }, { "f1s", f.mac_s, 8 },  { "f2", f.res, 8 }, { "res", f.res, 8 },
                { "f3", f.ck, 16 },   { "ck", f.ck, 16 },     { "f4", f.ik, 16 }, { "ik", f.ik, 16 },
                { "f5", f.ak, 6 },    { "f5s", f.ak_star, 6 } };
    for (size_t i = 0; i < G_N_ELEMENTS(out); i++)
        selftest_expect(block, out[i].name, out[i].octets, out[i].len, check);
    xor_octets(autn, sqn, f.ak, 6);
    memcpy(autn + 6, amf, 2);
    memcpy(autn + 8, f.mac_a, 8);
    selftest_expect(block, "autn", autn, sizeof autn, check);
    expect_card(key, rand, autn, sqn, check);
}

static void expect_auts(const SelftestBlock *block, const MilenageKey *key, SelftestCheck *check)
{
    const uint8_t *rand = selftest_need(block, "rand", 16, check);
    const uint8_t *sqn_ms = selftest_need(block, selftest_has(block, "sqn_ms") ? "sqn_ms" : "sqn", 6, check);
    uint8_t auts[14];
    if (!rand || !sqn_ms)
        return;
    make_auts(key, rand, sqn_ms, auts);
    selftest_expect(block, "auts", auts, sizeof auts, check);
}

static bool is_aka(const SelftestBlock *block)
{
    return selftest_has(block, "k") && selftest_has(block, "rand") && selftest_has(block, "sqn") &&
           !selftest_has(block, "response");
}

static void check_aka(const SelftestBlock *block, SelftestCheck *check)
{
    MilenageKey key;
    if (!read_key(block, "k", &key, check))
        return;
    expect_challenge(block, &key, check);
    if (selftest_has(block, "auts"))
        expect_auts(block, &key, check);
    const SelftestField *nonce = selftest_field(block, "nonce_b64");
    uint8_t raw[32];
    size_t raw_len;
    if (nonce && crypto_base64_decode((const char *)nonce->octets, nonce->len, raw, sizeof raw, &raw_len)) {
        selftest_expect(block, "rand", raw, 16, check);
        selftest_expect(block, "autn", raw + 16, 16, check);
    } else if (nonce)
        selftest_invalid(check, "nonce_b64 is not base64 of RAND and AUTN");
}

static bool is_gsm(const SelftestBlock *block)
{
    return selftest_has(block, "ki") && selftest_has(block, "kc");
}

static void check_gsm(const SelftestBlock *block, SelftestCheck *check)
{
    MilenageKey key;
    const uint8_t *rand = selftest_need(block, "rand", 16, check);
    if (!read_key(block, "ki", &key, check) || !rand)
        return;
    uint8_t res[8], ck[16], ik[16], sres[4], kc[8];
    milenage_f2345(&key, rand, res, ck, ik, NULL, NULL);
    aka_gsm_c2(res, sizeof res, sres);
    aka_gsm_c3(ck, ik, kc);
    selftest_expect(block, "sres1", sres, sizeof sres, check);
    selftest_expect(block, "sres2", res, 4, check); /* TS 55.205 §3, the second of the two output functions */
    selftest_expect(block, "kc", kc, sizeof kc, check);
}

/* ---- Digest ---- */

static bool is_digest(const SelftestBlock *block)
{
    return selftest_has(block, "username") && selftest_has(block, "realm") && selftest_has(block, "response");
}

static DigestText text_of(const SelftestBlock *block, const char *name)
{
    const SelftestField *field = selftest_field(block, name);
    return field ? (DigestText){ (const char *)field->octets, field->len } : (DigestText){ NULL, 0 };
}

static bool read_qop(const SelftestBlock *block, DigestQop *qop, SelftestCheck *check)
{
    *qop = DIGEST_QOP_NONE;
    if (!selftest_has(block, "qop"))
        return true;
    *qop = selftest_text_is(block, "qop", "auth-int") ? DIGEST_QOP_AUTH_INT : DIGEST_QOP_AUTH;
    if (*qop == DIGEST_QOP_AUTH && !selftest_text_is(block, "qop", "auth"))
        selftest_invalid(check, "qop must be \"auth\" or \"auth-int\"");
    return selftest_need(block, "nc", SIZE_MAX, check) && selftest_need(block, "cnonce", SIZE_MAX, check);
}

/* MD5: as given.  AKAv1: RES, or as given (empty) with AUTS.  AKAv2: derived, into @derived. */
static bool read_password(const SelftestBlock *block, DigestInput *in, char derived[DIGEST_AKAV2_PASSWORD_LEN + 1],
                          SelftestCheck *check)
{
    if (selftest_text_is(block, "algorithm", "AKAv2-MD5")) {
        const uint8_t *res = selftest_need(block, "res", 8, check), *ik = selftest_need(block, "ik", 16, check);
        const uint8_t *ck = selftest_need(block, "ck", 16, check);
        uint8_t ik_prime[16], ck_prime[16];
        if (!res || !ik || !ck)
            return false;
        digest_akav2_password(res, 8, ik, ck, derived);
        digest_akav2_keys(ik, ck, ik_prime, ck_prime);
        selftest_expect(block, "password", derived, DIGEST_AKAV2_PASSWORD_LEN, check);
        selftest_expect(block, "ik_prime", ik_prime, sizeof ik_prime, check);
        selftest_expect(block, "ck_prime", ck_prime, sizeof ck_prime, check);
        in->password = (const uint8_t *)derived;
        in->password_len = DIGEST_AKAV2_PASSWORD_LEN;
        return true;
    }
    if (!selftest_text_is(block, "algorithm", "MD5") && !selftest_text_is(block, "algorithm", "AKAv1-MD5")) {
        selftest_invalid(check, "algorithm must be \"MD5\", \"AKAv1-MD5\" or \"AKAv2-MD5\"");
        return false;
    }
    const char *name = selftest_has(block, "password") ? "password" : "res";
    const SelftestField *field = selftest_field(block, name);
    in->password = selftest_need(block, name, SIZE_MAX, check);
    in->password_len = field ? field->len : 0;
    return in->password != NULL;
}

/* H(A2), which digest.h keeps to itself. */
static void make_ha2(const DigestInput *in, char out[DIGEST_HEX_LEN + 1])
{
    char body[DIGEST_HEX_LEN + 1];
    uint8_t md5[CRYPTO_MD5_LEN];
    crypto_hash(CRYPTO_MD5, in->body, in->body_len, md5);
    crypto_hex(md5, sizeof md5, body);
    const CryptoPiece a2[] = {
        { in->method.p, in->method.len }, { ":", 1 }, { in->uri.p, in->uri.len }, { ":", 1 }, { body, DIGEST_HEX_LEN }
    };
    crypto_hash_pieces(CRYPTO_MD5, a2, in->qop == DIGEST_QOP_AUTH_INT ? 5 : 3, md5);
    crypto_hex(md5, sizeof md5, out);
}

/* Where the block gives the challenge in parts, the nonce is their base64. */
static void expect_nonce(const SelftestBlock *block, SelftestCheck *check)
{
    const SelftestField *rand = selftest_field(block, "rand"), *autn = selftest_field(block, "autn");
    uint8_t raw[32];
    char nonce[CRYPTO_BASE64_LEN(32) + 1];
    if (!rand || !autn || rand->len != 16 || autn->len != 16)
        return;
    memcpy(raw, rand->octets, 16);
    memcpy(raw + 16, autn->octets, 16);
    if (crypto_base64_encode(raw, sizeof raw, nonce, sizeof nonce))
        selftest_expect(block, "nonce", nonce, strlen(nonce), check);
}

static void check_digest(const SelftestBlock *block, SelftestCheck *check)
{
    DigestInput in = { .username = text_of(block, "username"),
                       .realm = text_of(block, "realm"),
                       .method = text_of(block, "method"),
                       .uri = text_of(block, "uri"),
                       .nonce = text_of(block, "nonce"),
                       .nc = text_of(block, "nc"),
                       .cnonce = text_of(block, "cnonce") };
    const SelftestField *body = selftest_field(block, "body");
    char derived[DIGEST_AKAV2_PASSWORD_LEN + 1], hex[DIGEST_HEX_LEN + 1];
    MilenageKey key;
    if (!selftest_need(block, "method", SIZE_MAX, check) || !selftest_need(block, "uri", SIZE_MAX, check) ||
        !selftest_need(block, "nonce", SIZE_MAX, check) || !read_qop(block, &in.qop, check) ||
        !read_password(block, &in, derived, check))
        return;
    if (body) {
        in.body = body->octets;
        in.body_len = body->len;
    }
    if (selftest_has(block, "k") && read_key(block, "k", &key, check))
        expect_challenge(block, &key, check);
    expect_nonce(block, check);
    digest_ha1(&in, hex);
    selftest_expect(block, "ha1", hex, DIGEST_HEX_LEN, check);
    make_ha2(&in, hex);
    selftest_expect(block, "ha2", hex, DIGEST_HEX_LEN, check);
    digest_response(&in, hex);
    selftest_expect(block, "response", hex, DIGEST_HEX_LEN, check);
}

const SelftestKind selftest_aka_kinds[] = {
    { "Milenage and AKA", is_aka, check_aka },
    { "GSM Milenage", is_gsm, check_gsm },
    { "Digest", is_digest, check_digest },
    { NULL, NULL, NULL },
};
