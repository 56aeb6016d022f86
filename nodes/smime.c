/*
 * nodes/smime.c - making S/MIME bodies.
 *
 * Source:  RFC 3261 §23.2 (identities), §23.3 (bodies), §23.4.3 (tunnels), RFC 3853 (AES), RFC 3893 (identity bodies).
 */
#include "nodes/smime_private.h"
#include "nodes/msg/sip_write.h"

#define ENVELOPED_TYPE MIME_PKCS7 "; smime-type=enveloped-data; name=smime.p7m"
#define SIGNED_TYPE    MIME_PKCS7 "; smime-type=signed-data; name=smime.p7m"

/* --- randomness --- */

static void fill(void *ctx, uint8_t *out, size_t len)
{
    SmimeDraw *draw = ctx;
    sim_random(draw->sim, &draw->stream, out, len);
}

const CryptoRandom *smime_draw(SmimeDraw *draw, const SmimeEnd *end, const char *purpose, const char *about,
                               uint64_t number)
{
    *draw = (SmimeDraw){ .sim = end->sim,
                         .stream =
                             sim_stream(end->sim, end->node, sim_text(end->sim, "smime %s %s", purpose, about), number),
                         .random = { fill, draw } };
    return &draw->random;
}

/* --- pieces --- */

int64_t smime_version(const SmimeEnd *end)
{
    return sim_unix_time(end->sim) * 1000 + sim_now(end->sim) % SIM_SEC / SIM_MS;
}

static CmsSigner signer_of(const SmimeEnd *end, bool with_certificate)
{
    return (CmsSigner){ .cert = end->own.cert,
                        .key = end->own.key,
                        .hash = CMS_SHA1,
                        .with_certificate = with_certificate,
                        .signing_time = sim_unix_time(end->sim) };
}

static bool can_sign(const SmimeEnd *end)
{
    return end->own.cert != NULL && end->own.key != NULL;
}

static Text keep(const SmimeEnd *end, GBytes *bytes)
{
    gsize len;
    const void *octets = g_bytes_get_data(bytes, &len);
    return text_of(memcpy(sim_alloc(end->sim, len + 1), octets, len), len);
}

/* The entity that is signed and enveloped.  Where freshness is checked it says which is the newer of two: its
 * Content-ID begins with the sender's time.  DEVIATION: RFC 2045 §7 orders no Content-IDs. */
static Text entity_of(const SmimeEnd *end, const SmimeContent *content)
{
    bool tunnel = text_present(content->inner);
    Text body = tunnel ? content->inner : content->body;
    size_t cap = body.len + content->type.len + 128;
    char *out = sim_alloc(end->sim, cap);
    MimeHeader headers[] = { { "Content-Type", tunnel ? TEXT(MIME_SIP) : content->type },
                             { SMIME_VERSION_HEADER,
                               text_from(sim_text(end->sim, "<%" G_GINT64_FORMAT "@p>", smime_version(end))) } };
    size_t len = mime_entity_write(headers, end->policy.checks_freshness ? 2 : 1, body, out, cap);
    g_assert(len > 0);
    return text_of(out, len);
}

/* --- making --- */

bool smime_protect(SmimeEnd *end, const SmimeContent *content, const Cert *to, SmimeBody *out)
{
    SmimeDraw draw;
    Text entity = entity_of(end, content);
    const CryptoRandom *random = smime_draw(&draw, end, "seal", content->about, content->number);
    const uint8_t *octets = (const uint8_t *)entity.p;
    CmsSigner signer = signer_of(end, content->with_certificate);

    if (end->policy.sign && !can_sign(end))
        return false;
    g_autoptr(GBytes) der = end->policy.sign
                                ? cms_sign_envelope(octets, entity.len, &signer, &to, 1, CMS_AES_128_CBC, random)
                                : cms_envelope(octets, entity.len, &to, 1, CMS_AES_128_CBC, random);
    if (der == NULL)
        return false;
    end->work.signatures += end->policy.sign;
    end->work.envelopes++;
    end->work.octets += entity.len;
    /* no Content-Disposition: handling is required all the same (RFC 3261 §20.11), and it costs 51 octets */
    *out = (SmimeBody){ ENVELOPED_TYPE, NULL, keep(end, der) };
    return true;
}

/* RFC 3893 §2: From, Date and Call-ID at least. */
static Text fragment_of(const SmimeEnd *end, const SmimeIdentity *identity)
{
    char date[MIME_DATE_MAX];
    size_t cap = 256 + identity->from.len + identity->to.len + identity->call_id.len;
    SipWriter w;

    sip_write_init(&w, sim_alloc(end->sim, cap), cap);
    sip_write_header(&w, "Content-Type", TEXT(MIME_SIPFRAG));
    sip_write_header(&w, "Content-Disposition", TEXT("aib; handling=optional"));
    sip_write_crlf(&w);
    sip_write_header(&w, "From", identity->from);
    sip_write_header(&w, "To", identity->to);
    sip_write_header(&w, "Call-ID", identity->call_id);
    sip_write_start(&w, "CSeq");
    sip_write_uint(&w, identity->cseq);
    sip_write_z(&w, " ");
    sip_write_text(&w, identity->method);
    sip_write_crlf(&w);
    sip_write_header(&w, "Date", text_from(mime_date(sim_unix_time(end->sim), date)));
    g_assert(!w.overflow);
    return text_of(w.out, w.len);
}

bool smime_identity(SmimeEnd *end, const SmimeIdentity *identity, SmimeBody *out)
{
    SmimeDraw draw;
    CmsSigner signer = signer_of(end, true);

    if (!can_sign(end))
        return false;
    Text fragment = fragment_of(end, identity);
    const CryptoRandom *random = smime_draw(&draw, end, identity->answer ? "answer" : "seal",
                                            sim_text(end->sim, TEXT_FMT, TEXT_ARG(identity->call_id)), identity->cseq);
    g_autoptr(GBytes) der = cms_sign((const uint8_t *)fragment.p, fragment.len, &signer, random);
    if (der == NULL)
        return false;
    end->work.signatures++;
    *out = (SmimeBody){ SIGNED_TYPE, "attachment;handling=optional", keep(end, der) };
    return true;
}
