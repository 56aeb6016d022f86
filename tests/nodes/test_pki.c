/*
 * tests/nodes/test_pki.c - keys and certificates follow from the seed and from whom they are for.
 */
#include "nodes/pki.h"

#include <string.h>

typedef struct Fixture {
    Pki *pki;
    Sim *sim;
    PkiDesk *desk;
} Fixture;

static void fixture_init(Fixture *f, uint64_t seed, Pki *pki)
{
    f->pki = pki ? pki_ref(pki) : pki_new(seed);
    f->sim = sim_new(&(SimConfig){ .seed = seed });
    f->desk = pki_desk_new(f->pki);
}

static void fixture_clear(Fixture *f)
{
    pki_desk_free(f->desk);
    sim_free(f->sim);
    pki_unref(f->pki);
}

static Credentials certify(Fixture *f, const char *owner, PkiKind kind)
{
    g_autofree char *uri = g_strdup_printf("sip:%s@home.example", owner);
    CertName name = { CERT_NAME_URI, uri };
    return pki_certify(f->desk, &(PkiRequest){ .owner = owner,
                                               .subject = owner,
                                               .names = &name,
                                               .n_names = 1,
                                               .purposes = CERT_FOR_CLIENT | CERT_FOR_MAIL,
                                               .kind = kind });
}

static void assert_same(const Cert *a, const Cert *b, bool same)
{
    size_t a_len = 0, b_len = 0;
    const uint8_t *a_der = cert_der(a, &a_len), *b_der = cert_der(b, &b_len);
    g_assert_true((a_len == b_len && memcmp(a_der, b_der, a_len) == 0) == same);
}

static void assert_same_key(const CertKey *a, const CertKey *b, bool same)
{
    g_autoptr(GBytes) a_der = cert_key_to_der(a), b_der = cert_key_to_der(b);
    g_assert_true(g_bytes_equal(a_der, b_der) == same);
}

static void test_the_same_seed_gives_the_same_octets(void)
{
    Fixture a, b, c;
    fixture_init(&a, 1, NULL);
    fixture_init(&b, 1, NULL);
    fixture_init(&c, 2, NULL);
    g_assert_true(g_bytes_equal(pki_root(a.pki), pki_root(b.pki)));
    g_assert_false(g_bytes_equal(pki_root(a.pki), pki_root(c.pki)));
    static const PkiKind kinds[] = { PKI_EC, PKI_RSA, PKI_SELF_SIGNED };
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
        Credentials of_a = certify(&a, "alice", kinds[i]), of_b = certify(&b, "alice", kinds[i]),
                    of_c = certify(&c, "alice", kinds[i]);
        assert_same(of_a.cert, of_b.cert, true);
        assert_same(of_a.cert, of_c.cert, false);
        assert_same_key(of_a.key, of_b.key, true);
        assert_same_key(of_a.key, of_c.key, false);
    }
    fixture_clear(&a);
    fixture_clear(&b);
    fixture_clear(&c);
}

/* One more subscriber, before or after, changes nobody's certificate. */
static void test_somebody_else_changes_nothing(void)
{
    Fixture alone, among;
    fixture_init(&alone, 1, NULL);
    fixture_init(&among, 1, alone.pki);
    certify(&among, "bob", PKI_RSA);
    certify(&among, "carol", PKI_EC);
    assert_same(certify(&alone, "alice", PKI_EC).cert, certify(&among, "alice", PKI_EC).cert, true);
    assert_same(certify(&alone, "ps", PKI_RSA).cert, certify(&among, "ps", PKI_RSA).cert, true);
    assert_same(certify(&among, "bob", PKI_RSA).cert, certify(&alone, "bob", PKI_RSA).cert, true);
    fixture_clear(&among);
    fixture_clear(&alone);
}

/* RSA numbers are found once; key objects are each run's own, because blinding draws from the run's streams. */
static void test_runs_share_numbers_and_no_key_object(void)
{
    Fixture a, b;
    fixture_init(&a, 1, NULL);
    fixture_init(&b, 1, a.pki);
    g_assert_true(pki_key(a.pki, "ps", false) == pki_key(b.pki, "ps", false));
    Credentials of_a = certify(&a, "ps", PKI_RSA), of_b = certify(&b, "ps", PKI_RSA);
    g_assert_true(of_a.key != of_b.key);
    assert_same_key(of_a.key, of_b.key, true);
    g_assert_true(certify(&a, "ps", PKI_RSA).key == of_a.key);
    fixture_clear(&b);
    fixture_clear(&a);
}

static gpointer in_thread(gpointer pki)
{
    Fixture f;
    fixture_init(&f, 1, pki);
    Credentials own = certify(&f, "ps", PKI_RSA);
    size_t len = 0;
    const uint8_t *der = cert_der(own.cert, &len);
    GBytes *octets = g_bytes_new(der, len);
    fixture_clear(&f);
    crypto_thread_end();
    return octets;
}

static void test_threads_find_the_same(void)
{
    Pki *pki = pki_new(1);
    GThread *threads[3];
    for (unsigned i = 0; i < G_N_ELEMENTS(threads); i++)
        threads[i] = g_thread_new("pki", in_thread, pki);
    g_autoptr(GBytes) first = g_thread_join(threads[0]);
    for (unsigned i = 1; i < G_N_ELEMENTS(threads); i++) {
        g_autoptr(GBytes) other = g_thread_join(threads[i]);
        g_assert_true(g_bytes_equal(first, other));
    }
    pki_unref(pki);
}

/* RFC 3261 §23.3, RFC 5922 §7: whom everybody trusts, and whom nobody does. */
static void test_what_is_issued_is_trusted_and_what_signs_itself_is_not(void)
{
    Fixture f;
    fixture_init(&f, 1, NULL);
    int64_t now = sim_unix_time(f.sim);
    Credentials good = certify(&f, "alice", PKI_EC), own = certify(&f, "mallory", PKI_SELF_SIGNED);
    CertName alice = { CERT_NAME_URI, "sip:alice@home.example" },
             mallory = { CERT_NAME_URI, "sip:mallory@home.example" };
    g_assert_cmpint(cert_check_chain(good.cert, good.trust, CERT_FOR_MAIL, now), ==, CERT_OK);
    g_assert_cmpint(cert_check_chain(good.cert, good.trust, CERT_FOR_CLIENT, now), ==, CERT_OK);
    g_assert_cmpint(cert_check_chain(good.cert, good.trust, CERT_FOR_SERVER, now), ==, CERT_WRONG_PURPOSE);
    g_assert_true(cert_speaks_for(good.cert, alice));
    g_assert_false(cert_speaks_for(good.cert, mallory));
    g_assert_cmpint(cert_check_chain(own.cert, own.trust, CERT_FOR_MAIL, now), ==, CERT_UNKNOWN_CA);
    g_assert_true(cert_speaks_for(own.cert, mallory));
    g_assert_true(cert_has_key(own.cert, own.key));
    g_assert_cmpint(cert_check_chain(good.cert, good.trust, CERT_FOR_MAIL, now + 20 * 365 * 86400LL), ==, CERT_EXPIRED);
    fixture_clear(&f);
}

#define ADD(name, function) g_test_add_func("/nodes/pki/" name, function)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("the-same-seed-gives-the-same-octets", test_the_same_seed_gives_the_same_octets);
    ADD("somebody-else-changes-nothing", test_somebody_else_changes_nothing);
    ADD("runs-share-numbers-and-no-key-object", test_runs_share_numbers_and_no_key_object);
    ADD("threads-find-the-same", test_threads_find_the_same);
    ADD("what-is-issued-is-trusted-and-what-signs-itself-is-not",
        test_what_is_issued_is_trusted_and_what_signs_itself_is_not);
    return g_test_run();
}
