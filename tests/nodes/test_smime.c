/*
 * S/MIME bodies and tunnels between two ends: what is made opens, and each cause of refusal is told from the others.
 */
#include "nodes/msg/mime.h"
#include "nodes/msg/pidf.h"
#include "nodes/smime.h"
#include "tests/nodes/support/smime_pki.h"

#include <string.h>

#define ALICE "sip:alice@home.example"
#define PS    "ps.home.example"
#define PIDF  "<presence entity=\"" ALICE "\"><tuple id=\"t\"><note>canary000001</note></tuple></presence>"

static TestPki *pki;
static Credentials alice_has, ps_has, eve_has, stranger_has;

static const CertName alice_name = { CERT_NAME_URI, ALICE };

typedef struct Ends {
    Sim *sim;
    SmimeEnd ue, ps;
} Ends;

static Ends ends_new(SmimeMode mode, bool sign, bool fresh)
{
    Sim *sim = sim_new(&(SimConfig){ .seed = 7 });
    SmimePolicy policy = { .mode = mode, .sign = sign, .checks_freshness = fresh };
    return (Ends){ .sim = sim,
                   .ue = { .sim = sim, .node = "alice", .policy = policy, .own = alice_has },
                   .ps = { .sim = sim, .node = "ps", .policy = policy, .own = ps_has } };
}

#define HEAD(contact)                                                                                                  \
    "PUBLISH " ALICE " SIP/2.0\r\nFrom: <" ALICE ">;tag=f\r\nTo: <" ALICE ">\r\nCall-ID: c1\r\nCSeq: 1 PUBLISH\r\n"    \
    "Contact: " contact "\r\nDate: Tue, 06 May 2003 00:00:00 GMT\r\nEvent: presence\r\n"
#define CONTACT "<sip:[2001:db8::1]:5065>"

static SmimeContent document(void)
{
    return (SmimeContent){
        .type = TEXT(PIDF_MIME), .body = TEXT(PIDF), .about = "c1", .number = 1, .with_certificate = true
    };
}

static SmimeContent tunnel(void)
{
    SmimeContent content = { .about = "c1", .number = 1, .with_certificate = true };
    content.inner = TEXT(HEAD(CONTACT) "Content-Type: " PIDF_MIME "\r\n\r\n" PIDF);
    return content;
}

/* A request with this body, as it arrives; its octets are in @store. */
static const SipMsg *arrives(Ends *ends, const char *head, const SmimeBody *body, GString *store)
{
    SipMsg *msg = sim_alloc(ends->sim, sizeof *msg);
    g_string_printf(store, "%sVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\nMax-Forwards: 70\r\n", head);
    if (body->type != NULL)
        g_string_append_printf(store, "Content-Type: %s\r\n", body->type);
    g_string_append_printf(store, "Content-Length: %u\r\n\r\n", body->octets.len);
    g_string_append_len(store, body->octets.p, body->octets.len);
    g_assert_cmpint(sip_parse(msg, store->str, store->len), ==, SIP_OK);
    return msg;
}

static SmimeResult opens_at(Ends *ends, SmimeEnd *end, const char *head, const SmimeBody *body, SmimePeer peer,
                            SmimeOpened *opened)
{
    g_autoptr(GString) store = g_string_new(NULL);
    SmimeResult result = smime_open(end, arrives(ends, head, body, store), &peer, opened);
    g_assert_nonnull(opened->why);
    if (!text_present(opened->body))
        return result;
    char *copy = sim_alloc(ends->sim, opened->body.len + 1); /* @store goes */
    memcpy(copy, opened->body.p, opened->body.len);
    opened->body.p = copy;
    return result;
}

static SmimeResult opens(Ends *ends, const SmimeBody *body, SmimeOpened *opened)
{
    return opens_at(ends, &ends->ps, HEAD(CONTACT), body, (SmimePeer){ .name = alice_name }, opened);
}

static SmimeBody made(Ends *ends, SmimeContent content, const Cert *to)
{
    SmimeBody body;
    g_assert_true(smime_protect(&ends->ue, &content, to, &body));
    g_assert_cmpuint(text_find_text(body.octets, TEXT("canary")), ==, body.octets.len);
    return body;
}

static void assert_pidf(const SmimeOpened *opened)
{
    g_assert_cmpmem(opened->body.p, opened->body.len, PIDF, strlen(PIDF));
}

static void test_body_goes_round(void)
{
    for (unsigned form = 0; form < 4; form++) {
        Ends ends = ends_new(SMIME_BODY, form & 1, form & 2);
        SmimeBody body = made(&ends, document(), ps_has.cert);
        g_auto(SmimeOpened) opened;
        g_assert_cmpint(opens(&ends, &body, &opened), ==, SMIME_OK);
        assert_pidf(&opened);
        g_assert_true(mime_is(opened.type, PIDF_MIME));
        g_assert_cmpint(opened.signer != NULL, ==, form & 1);
        g_assert_cmpint(opened.version > 0, ==, (form & 2) != 0);
        g_assert_cmpuint(ends.ue.work.envelopes, ==, 1);
        g_assert_cmpuint(ends.ue.work.signatures, ==, form & 1);
        g_assert_cmpuint(ends.ps.work.openings, ==, 1);
        g_assert_cmpuint(ends.ps.work.verifications, ==, form & 1);
        g_assert_cmpuint(ends.ps.work.octets, >=, strlen(PIDF));
        sim_free(ends.sim);
    }
}

static void test_tunnel_goes_round(void)
{
    for (unsigned form = 0; form < 4; form++) {
        Ends ends = ends_new(SMIME_TUNNEL, form & 1, form & 2);
        SmimeBody body = made(&ends, tunnel(), ps_has.cert);
        g_auto(SmimeOpened) opened;
        g_assert_cmpint(opens(&ends, &body, &opened), ==, SMIME_OK);
        assert_pidf(&opened);
        g_assert_true(opened.tunnelled);
        sim_free(ends.sim);
    }
}

static void test_sizes_of_the_discussion(void)
{
    Ends ends = ends_new(SMIME_BODY, false, false);
    SmimeBody plain = made(&ends, document(), ps_has.cert);
    g_assert_cmpuint(plain.octets.len, <, strlen(PIDF) + 500); /* RSA-2048 and AES: + 425 */
    ends.ue.policy.sign = true;
    SmimeBody both = made(&ends, document(), ps_has.cert);
    g_assert_cmpuint(both.octets.len, >, plain.octets.len + 500);
    sim_free(ends.sim);
}

static void test_same_message_same_octets(void)
{
    Ends a = ends_new(SMIME_BODY, true, true), b = ends_new(SMIME_BODY, true, true);
    SmimeBody one = made(&a, document(), ps_has.cert), two = made(&b, document(), ps_has.cert);
    g_assert_cmpmem(one.octets.p, one.octets.len, two.octets.p, two.octets.len);
    SmimeContent next = document();
    next.number = 2;
    SmimeBody other = made(&b, next, ps_has.cert);
    g_assert_false(text_equal(one.octets, other.octets));
    sim_free(a.sim);
    sim_free(b.sim);
}

/* --- refusals, by cause --- */

static void test_for_somebody_else_is_undecipherable(void)
{
    Ends ends = ends_new(SMIME_BODY, true, false);
    SmimeBody body = made(&ends, document(), eve_has.cert);
    g_auto(SmimeOpened) opened;
    g_assert_cmpint(opens(&ends, &body, &opened), ==, SMIME_UNDECIPHERABLE);
    g_assert_false(text_present(opened.body));
    g_assert_cmpuint(smime_refusal(SMIME_UNDECIPHERABLE), ==, 493);
    ends.ps.own = (Credentials){ 0 };
    g_assert_cmpint(opens(&ends, &body, &opened), ==, SMIME_UNDECIPHERABLE);
    sim_free(ends.sim);
}

static void test_changed_octets_never_pass(void)
{
    Ends ends = ends_new(SMIME_BODY, true, false);
    SmimeBody body = made(&ends, document(), ps_has.cert);
    for (uint32_t at = 0; at < body.octets.len; at += 7) {
        char *octets = sim_alloc(ends.sim, body.octets.len);
        memcpy(octets, body.octets.p, body.octets.len);
        octets[at] ^= 1;
        SmimeBody changed = { body.type, body.disposition, text_of(octets, body.octets.len) };
        g_auto(SmimeOpened) opened;
        SmimeResult result = opens(&ends, &changed, &opened);
        if (result == SMIME_OK) /* a tag that says the same, or an attribute nobody reads */
            assert_pidf(&opened);
    }
    sim_free(ends.sim);
}

static void test_unsigned_where_a_signature_is_wanted(void)
{
    Ends ends = ends_new(SMIME_BODY, true, false);
    ends.ue.policy.sign = false;
    SmimeBody body = made(&ends, document(), ps_has.cert);
    g_auto(SmimeOpened) opened;
    g_assert_cmpint(opens(&ends, &body, &opened), ==, SMIME_UNSIGNED);
    assert_pidf(&opened);
    g_assert_false(smime_accepts(&ends.ps.policy, SMIME_UNSIGNED));
    ends.ps.policy.clear_without = true;
    g_assert_true(smime_accepts(&ends.ps.policy, SMIME_UNSIGNED));
    g_assert_false(smime_accepts(&ends.ps.policy, SMIME_BAD_SIGNATURE));
    sim_free(ends.sim);
}

static void test_signed_by_whom(void)
{
    static const struct {
        const Credentials *signer;
        SmimeResult result;
    } cases[] = { { &alice_has, SMIME_OK }, { &eve_has, SMIME_WRONG_NAME }, { &stranger_has, SMIME_NOT_TRUSTED } };
    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        Ends ends = ends_new(SMIME_BODY, true, false);
        ends.ue.own = *cases[i].signer;
        SmimeBody body = made(&ends, document(), ps_has.cert);
        {
            g_auto(SmimeOpened) opened;
            g_assert_cmpint(opens(&ends, &body, &opened), ==, cases[i].result);
        }
        ends.ps.policy.ignores_names = true; /* S34 */
        g_auto(SmimeOpened) opened;
        g_assert_cmpint(opens(&ends, &body, &opened), ==, SMIME_OK);
        sim_free(ends.sim);
    }
}

static void test_who_trusts_nobody(void)
{
    Ends ends = ends_new(SMIME_BODY, true, false);
    ends.ps.own.trust = NULL;
    SmimeBody body = made(&ends, document(), ps_has.cert);
    g_auto(SmimeOpened) opened;
    g_assert_cmpint(opens(&ends, &body, &opened), ==, SMIME_NOT_TRUSTED);
    g_assert_cmpint(smime_judge(&ends.ps, alice_has.cert, alice_name), ==, SMIME_NOT_TRUSTED);
    sim_free(ends.sim);
}

static void test_signer_must_be_at_hand(void)
{
    Ends ends = ends_new(SMIME_BODY, true, false);
    SmimeContent content = document();
    content.with_certificate = false;
    SmimeBody body = made(&ends, content, ps_has.cert);
    {
        g_auto(SmimeOpened) opened;
        g_assert_cmpint(opens(&ends, &body, &opened), ==, SMIME_NO_CERTIFICATE);
    }
    g_auto(SmimeOpened) opened;
    SmimePeer peer = { .name = alice_name, .known = alice_has.cert };
    g_assert_cmpint(opens_at(&ends, &ends.ps, HEAD(CONTACT), &body, peer, &opened), ==, SMIME_OK);
    sim_free(ends.sim);
}

static void test_clear_content_is_told(void)
{
    Ends ends = ends_new(SMIME_BODY, true, false);
    SmimeBody clear = { PIDF_MIME, NULL, TEXT(PIDF) }, none = { NULL, NULL, TEXT("") };
    g_auto(SmimeOpened) opened;
    g_assert_cmpint(opens(&ends, &clear, &opened), ==, SMIME_CLEAR);
    assert_pidf(&opened);
    g_assert_cmpuint(smime_refusal(SMIME_CLEAR), ==, 415);
    g_assert_cmpint(opens(&ends, &none, &opened), ==, SMIME_OK);
    g_assert_false(text_present(opened.body));
    ends.ps.policy.mode = SMIME_TUNNEL;
    g_assert_cmpint(opens(&ends, &none, &opened), ==, SMIME_CLEAR);
    sim_free(ends.sim);
}

static void test_what_is_no_cms(void)
{
    Ends ends = ends_new(SMIME_BODY, true, false);
    SmimeBody bodies[] = { { MIME_PKCS7 "; smime-type=enveloped-data", NULL, TEXT("nothing") },
                           { MIME_PKCS7 "; smime-type=signed-data", NULL, TEXT("nothing") },
                           { MIME_PKCS7 "; smime-type=other", NULL, TEXT("nothing") },
                           { MIME_PKCS7, NULL, TEXT("nothing") } };
    for (unsigned i = 0; i < G_N_ELEMENTS(bodies); i++) {
        g_auto(SmimeOpened) opened;
        g_assert_cmpint(opens(&ends, &bodies[i], &opened), ==, SMIME_MALFORMED);
    }
    sim_free(ends.sim);
}

static void later(Ends *ends, int64_t seconds)
{
    sim_run(ends->sim, sim_now(ends->sim) + seconds * SIM_SEC, 0);
}

static void test_replayed_body_is_stale(void)
{
    Ends ends = ends_new(SMIME_BODY, true, true);
    SmimeBody first = made(&ends, document(), ps_has.cert);
    g_autofree char *octets = g_memdup2(first.octets.p, first.octets.len);
    SmimeBody kept = { first.type, first.disposition, text_of(octets, first.octets.len) };
    SmimePeer peer = { .name = alice_name };
    g_auto(SmimeOpened) opened;
    g_assert_cmpint(opens_at(&ends, &ends.ps, HEAD(CONTACT), &kept, peer, &opened), ==, SMIME_OK);
    peer.newest = opened.version;
    smime_opened_clear(&opened);
    g_assert_cmpint(opens_at(&ends, &ends.ps, HEAD(CONTACT), &kept, peer, &opened), ==, SMIME_STALE);
    smime_opened_clear(&opened);
    later(&ends, 2 * 3600);
    peer.newest = 0;
    g_assert_cmpint(opens_at(&ends, &ends.ps, HEAD(CONTACT), &kept, peer, &opened), ==, SMIME_STALE);
    smime_opened_clear(&opened);
    ends.ps.policy.checks_freshness = false; /* S32 */
    g_assert_cmpint(opens_at(&ends, &ends.ps, HEAD(CONTACT), &kept, peer, &opened), ==, SMIME_OK);
    sim_free(ends.sim);
}

static void test_without_a_version_is_stale(void)
{
    Ends ends = ends_new(SMIME_BODY, true, true);
    ends.ue.policy.checks_freshness = false;
    SmimeBody body = made(&ends, document(), ps_has.cert);
    g_auto(SmimeOpened) opened;
    g_assert_cmpint(opens(&ends, &body, &opened), ==, SMIME_STALE);
    sim_free(ends.sim);
}

/* --- inner and outer --- */

static const char *const changed_heads[] = {
    HEAD("<sip:[2001:db8::bad]:5065>"), /* AT-37 */
    "PUBLISH " ALICE " SIP/2.0\r\nFrom: <sip:eve@home.example>;tag=f\r\nTo: <" ALICE ">\r\nCall-ID: c1\r\n"
    "CSeq: 1 PUBLISH\r\nContact: " CONTACT "\r\nDate: Tue, 06 May 2003 00:00:00 GMT\r\nEvent: presence\r\n",
    "PUBLISH " ALICE " SIP/2.0\r\nFrom: <" ALICE ">;tag=g\r\nTo: <" ALICE ">\r\nCall-ID: c1\r\n"
    "CSeq: 1 PUBLISH\r\nContact: " CONTACT "\r\nDate: Tue, 06 May 2003 00:00:00 GMT\r\nEvent: presence\r\n",
    HEAD(CONTACT) "Expires: 60\r\n", /* added */
    HEAD(CONTACT) "SIP-If-Match: x\r\n",
    "PUBLISH " ALICE " SIP/2.0\r\nFrom: <" ALICE ">;tag=f\r\nTo: <" ALICE ">\r\nCall-ID: c1\r\n" /* taken away */
    "CSeq: 1 PUBLISH\r\nContact: " CONTACT "\r\nDate: Tue, 06 May 2003 00:00:00 GMT\r\n",
};

static void test_changes_on_the_way_are_seen(void)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(changed_heads); i++) {
        Ends ends = ends_new(SMIME_TUNNEL, true, false);
        SmimeBody body = made(&ends, tunnel(), ps_has.cert);
        g_auto(SmimeOpened) opened;
        SmimePeer peer = { .name = alice_name };
        g_assert_cmpint(opens_at(&ends, &ends.ps, changed_heads[i], &body, peer, &opened), ==, SMIME_DIFFERS);
        g_assert_false(text_present(opened.body));
        g_assert_cmpuint(smime_refusal(SMIME_DIFFERS), ==, 403);
        sim_free(ends.sim);
    }
}

static void test_what_proxies_change_is_let_pass(void)
{
    static const char head[] = "PUBLISH sip:elsewhere@home.example SIP/2.0\r\nRoute: <sip:ps.home.example;lr>\r\n"
                               "P-Asserted-Identity: <" ALICE ">\r\nFrom: <" SMIME_DUMMY_URI ">;tag=f\r\n"
                               "To: <" SMIME_DUMMY_URI ">\r\nCall-ID: c1\r\nCSeq: 1 PUBLISH\r\nContact: " CONTACT "\r\n"
                               "Date: Tue, 06 May 2003 00:00:00 GMT\r\nEvent: presence\r\n";
    Ends ends = ends_new(SMIME_TUNNEL, true, true);
    SmimeBody body = made(&ends, tunnel(), ps_has.cert);
    g_auto(SmimeOpened) opened;
    g_assert_cmpint(opens_at(&ends, &ends.ps, head, &body, (SmimePeer){ .name = alice_name }, &opened), ==, SMIME_OK);
    assert_pidf(&opened);
    sim_free(ends.sim);
}

static void test_old_tunnel_in_a_new_request(void)
{
    static const char head[] = "PUBLISH " ALICE " SIP/2.0\r\nFrom: <" ALICE ">;tag=f\r\nTo: <" ALICE
                               ">\r\nCall-ID: c1\r\nCSeq: 2 PUBLISH\r\nContact: " CONTACT
                               "\r\nDate: Tue, 06 May 2003 00:00:30 GMT\r\nEvent: presence\r\n";
    for (int fresh = 0; fresh < 2; fresh++) {
        Ends ends = ends_new(SMIME_TUNNEL, true, fresh);
        SmimeBody body = made(&ends, tunnel(), ps_has.cert);
        g_auto(SmimeOpened) opened;
        SmimeResult result = opens_at(&ends, &ends.ps, head, &body, (SmimePeer){ .name = alice_name }, &opened);
        g_assert_cmpint(result, ==, fresh ? SMIME_DIFFERS : SMIME_OK);
        sim_free(ends.sim);
    }
}

static void test_body_without_a_tunnel(void)
{
    Ends ends = ends_new(SMIME_TUNNEL, true, false);
    SmimeBody body = made(&ends, document(), ps_has.cert);
    g_auto(SmimeOpened) opened;
    g_assert_cmpint(opens(&ends, &body, &opened), ==, SMIME_DIFFERS);
    sim_free(ends.sim);
}

/* --- certificates --- */

static void test_identity_hands_over_a_certificate(void)
{
    static const struct {
        const Credentials *signer;
        SmimeResult result;
    } cases[] = { { &alice_has, SMIME_OK }, { &eve_has, SMIME_WRONG_NAME }, { &stranger_has, SMIME_NOT_TRUSTED } };
    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        Ends ends = ends_new(SMIME_BODY, true, true);
        SmimeIdentity identity = { .from = TEXT("<" ALICE ">;tag=f"),
                                   .to = TEXT("<" ALICE ">"),
                                   .call_id = TEXT("c1"),
                                   .cseq = 1,
                                   .method = TEXT("PUBLISH") };
        SmimePeer peer = { .name = alice_name };
        SmimeBody body;
        g_autoptr(GString) store = g_string_new(NULL);
        g_autoptr(Cert) cert = NULL;
        const char *why;
        ends.ue.own = *cases[i].signer;
        g_assert_true(smime_identity(&ends.ue, &identity, &body));
        g_assert_cmpint(
            smime_take_certificate(&ends.ps, arrives(&ends, HEAD(CONTACT), &body, store), &peer, &cert, &why), ==,
            cases[i].result);
        g_assert_cmpint(cert != NULL, ==, cases[i].result == SMIME_OK);
        sim_free(ends.sim);
    }
}

static void test_identity_of_another_transaction(void)
{
    Ends ends = ends_new(SMIME_BODY, true, true);
    SmimeIdentity identity = { .from = TEXT("<" ALICE ">;tag=f"),
                               .to = TEXT("<" ALICE ">"),
                               .call_id = TEXT("c0"),
                               .cseq = 1,
                               .method = TEXT("PUBLISH") };
    SmimePeer peer = { .name = alice_name };
    SmimeBody body;
    g_autoptr(GString) store = g_string_new(NULL);
    g_autoptr(Cert) cert = NULL;
    const char *why;
    g_assert_true(smime_identity(&ends.ue, &identity, &body));
    const SipMsg *msg = arrives(&ends, HEAD(CONTACT), &body, store);
    g_assert_cmpint(smime_take_certificate(&ends.ps, msg, &peer, &cert, &why), ==, SMIME_STALE);
    ends.ps.policy.checks_freshness = false;
    g_assert_cmpint(smime_take_certificate(&ends.ps, msg, &peer, &cert, &why), ==, SMIME_OK);
    ends.ue.own = (Credentials){ 0 };
    g_assert_false(smime_identity(&ends.ue, &identity, &body));
    sim_free(ends.sim);
}

static void test_provisioned_certificates_are_judged(void)
{
    Ends ends = ends_new(SMIME_BODY, true, false);
    g_assert_cmpint(smime_judge(&ends.ps, alice_has.cert, alice_name), ==, SMIME_OK);
    g_assert_cmpint(smime_judge(&ends.ps, eve_has.cert, alice_name), ==, SMIME_WRONG_NAME);
    g_assert_cmpint(smime_judge(&ends.ps, stranger_has.cert, alice_name), ==, SMIME_NOT_TRUSTED);
    g_assert_cmpint(smime_judge(&ends.ue, ps_has.cert, (CertName){ CERT_NAME_DNS, PS }), ==, SMIME_OK);
    sim_free(ends.sim);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    pki = test_pki_new();
    alice_has = test_pki_issue(pki, ALICE, false, false);
    ps_has = test_pki_issue(pki, PS, true, false);
    eve_has = test_pki_issue(pki, "sip:eve@home.example", false, false);
    stranger_has = test_pki_issue(pki, ALICE, false, true);
    g_test_add_func("/nodes/smime/body-goes-round", test_body_goes_round);
    g_test_add_func("/nodes/smime/tunnel-goes-round", test_tunnel_goes_round);
    g_test_add_func("/nodes/smime/sizes-of-the-discussion", test_sizes_of_the_discussion);
    g_test_add_func("/nodes/smime/same-message-same-octets", test_same_message_same_octets);
    g_test_add_func("/nodes/smime/for-somebody-else-is-undecipherable", test_for_somebody_else_is_undecipherable);
    g_test_add_func("/nodes/smime/changed-octets-never-pass", test_changed_octets_never_pass);
    g_test_add_func("/nodes/smime/unsigned-where-a-signature-is-wanted", test_unsigned_where_a_signature_is_wanted);
    g_test_add_func("/nodes/smime/signed-by-whom", test_signed_by_whom);
    g_test_add_func("/nodes/smime/who-trusts-nobody", test_who_trusts_nobody);
    g_test_add_func("/nodes/smime/signer-must-be-at-hand", test_signer_must_be_at_hand);
    g_test_add_func("/nodes/smime/clear-content-is-told", test_clear_content_is_told);
    g_test_add_func("/nodes/smime/what-is-no-cms", test_what_is_no_cms);
    g_test_add_func("/nodes/smime/replayed-body-is-stale", test_replayed_body_is_stale);
    g_test_add_func("/nodes/smime/without-a-version-is-stale", test_without_a_version_is_stale);
    g_test_add_func("/nodes/smime/changes-on-the-way-are-seen", test_changes_on_the_way_are_seen);
    g_test_add_func("/nodes/smime/what-proxies-change-is-let-pass", test_what_proxies_change_is_let_pass);
    g_test_add_func("/nodes/smime/old-tunnel-in-a-new-request", test_old_tunnel_in_a_new_request);
    g_test_add_func("/nodes/smime/body-without-a-tunnel", test_body_without_a_tunnel);
    g_test_add_func("/nodes/smime/identity-hands-over-a-certificate", test_identity_hands_over_a_certificate);
    g_test_add_func("/nodes/smime/identity-of-another-transaction", test_identity_of_another_transaction);
    g_test_add_func("/nodes/smime/provisioned-certificates-are-judged", test_provisioned_certificates_are_judged);
    int result = g_test_run();
    test_pki_free(pki);
    return result;
}
