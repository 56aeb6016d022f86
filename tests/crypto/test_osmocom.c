/*
 * tests/crypto/test_osmocom.c - Milenage, AUTS and GEA3 against libosmogsm, where it is installed.
 *
 * Source:  libosmogsm's exported functions, declared here as its headers have them; loaded, never linked.
 * Knows:   crypto/aka.h, crypto/radio.h.
 */
#include "crypto/aka.h"
#include "crypto/radio.h"

#include <dlfcn.h>
#include <string.h>

typedef struct {
    int (*f1)(const uint8_t *opc, const uint8_t *k, const uint8_t *rand, const uint8_t *sqn, const uint8_t *amf,
              uint8_t *mac_a, uint8_t *mac_s);
    int (*f2345)(const uint8_t *opc, const uint8_t *k, const uint8_t *rand, uint8_t *res, uint8_t *ck, uint8_t *ik,
                 uint8_t *ak, uint8_t *ak_star);
    int (*auts)(const uint8_t *opc, const uint8_t *k, const uint8_t *rand, const uint8_t *auts, uint8_t *sqn);
    int (*opc_gen)(uint8_t *opc, const uint8_t *k, const uint8_t *op);
    void (*c3)(uint8_t kc[], const uint8_t ck[], const uint8_t ik[]);
    int (*gprs_run)(uint8_t *out, uint16_t len, int algo, uint8_t *kc, uint32_t iv, int direction);
    int (*gprs_supported)(int algo);
} Osmo;

static Osmo osmo;

/* Function pointers come out of dlsym() as object pointers. */
static bool find(void *library, const char *name, void *function)
{
    void *symbol = dlsym(library, name);
    memcpy(function, &symbol, sizeof symbol);
    return symbol != NULL;
}

static bool load(void)
{
    static const char *const names[] = { "libosmogsm.so.22", "libosmogsm.so.21", "libosmogsm.so.20",
                                         "libosmogsm.so.19", "libosmogsm.so.18", "libosmogsm.so" };
    void *library = NULL;
    for (size_t i = 0; i < G_N_ELEMENTS(names) && !library; i++)
        library = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
    return library && find(library, "milenage_f1", &osmo.f1) && find(library, "milenage_f2345", &osmo.f2345) &&
           find(library, "milenage_auts", &osmo.auts) && find(library, "milenage_opc_gen", &osmo.opc_gen) &&
           find(library, "osmo_auth_c3", &osmo.c3) && find(library, "gprs_cipher_run", &osmo.gprs_run) &&
           find(library, "gprs_cipher_supported", &osmo.gprs_supported);
}

static bool missing(void)
{
    if (osmo.f1)
        return false;
    g_test_skip("libosmogsm is not installed");
    return true;
}

/* Octets that differ from call to call; GLib's generator with a fixed seed. */
static void fill(GRand *source, uint8_t *out, size_t len)
{
    for (size_t i = 0; i < len; i++)
        out[i] = (uint8_t)g_rand_int_range(source, 0, 256);
}

static void test_milenage_agrees(void)
{
    if (missing())
        return;
    g_autoptr(GRand) source = g_rand_new_with_seed(1);
    for (int i = 0; i < 200; i++) {
        uint8_t op[16], rand[16], sqn[6], amf[2], opc[16];
        MilenageKey key;
        MilenageOut ours, theirs;
        fill(source, key.k, 16);
        fill(source, op, 16);
        fill(source, rand, 16);
        fill(source, sqn, 6);
        fill(source, amf, 2);
        milenage_opc(key.k, op, key.opc);
        g_assert_cmpint(osmo.opc_gen(opc, key.k, op), ==, 0);
        g_assert_cmpmem(key.opc, 16, opc, 16);
        milenage_all(&key, rand, sqn, amf, &ours);
        g_assert_cmpint(osmo.f1(opc, key.k, rand, sqn, amf, theirs.mac_a, theirs.mac_s), ==, 0);
        g_assert_cmpint(osmo.f2345(opc, key.k, rand, theirs.res, theirs.ck, theirs.ik, theirs.ak, theirs.ak_star), ==,
                        0);
        g_assert_cmpmem(&ours, sizeof ours, &theirs, sizeof theirs);
        uint8_t our_kc[8], their_kc[8];
        aka_gsm_c3(ours.ck, ours.ik, our_kc);
        osmo.c3(their_kc, theirs.ck, theirs.ik);
        g_assert_cmpmem(our_kc, 8, their_kc, 8);
    }
}

static void test_our_auts_is_read_by_libosmocore(void)
{
    if (missing())
        return;
    const MilenageKey key = { .k = { 1, 2, 3 }, .opc = { 4, 5, 6 } };
    const uint8_t rand[AKA_RAND_LEN] = { 7, 8, 9 };
    AkaHe he;
    AkaIsim isim;
    AkaAv av;
    AkaAnswer answer;
    uint8_t sqn_ms[6];
    aka_he_init(&he, &key, 0, 32);
    aka_isim_init(&isim, &key);
    aka_isim_set_seq(&isim, 0, 0x123456789);
    aka_he_av(&he, rand, &av);
    g_assert_cmpint(aka_isim_answer(&isim, rand, av.autn, &answer), ==, AKA_SYNC_FAILURE);
    g_assert_cmpint(osmo.auts(key.opc, key.k, rand, answer.auts, sqn_ms), ==, 0);
    uint64_t sqn = 0;
    for (int i = 0; i < 6; i++)
        sqn = sqn << 8 | sqn_ms[i];
    g_assert_cmphex(sqn, ==, UINT64_C(0x123456789) << AKA_IND_BITS);
    answer.auts[13] ^= 1;
    g_assert_cmpint(osmo.auts(key.opc, key.k, rand, answer.auts, sqn_ms), !=, 0);
}

static void test_gea3_agrees(void)
{
    enum { GEA3 = 3, LEN = 200 };
    if (missing())
        return;
    if (osmo.gprs_supported(GEA3) != 1) {
        g_test_skip("libosmogsm has no GEA3");
        return;
    }
    g_autoptr(GRand) source = g_rand_new_with_seed(2);
    for (int i = 0; i < 50; i++) {
        uint8_t key[RADIO_KEY_LEN] = { 0 }, ours[LEN] = { 0 }, theirs[LEN] = { 0 };
        const uint32_t input = g_rand_int(source);
        fill(source, key, 8);
        radio_crypt(RADIO_GEA3, key, input, 0, i & 1, ours, LEN);
        g_assert_cmpint(osmo.gprs_run(theirs, LEN, GEA3, key, input, i & 1), ==, 0);
        g_assert_cmpmem(ours, LEN, theirs, LEN);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    if (!load())
        memset(&osmo, 0, sizeof osmo);
    g_test_add_func("/crypto/osmocom/milenage-agrees", test_milenage_agrees);
    g_test_add_func("/crypto/osmocom/our-auts-is-read-by-libosmocore", test_our_auts_is_read_by_libosmocore);
    g_test_add_func("/crypto/osmocom/gea3-agrees", test_gea3_agrees);
    return g_test_run();
}
