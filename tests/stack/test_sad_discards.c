/*
 * tests/stack/test_sad_discards.c - what a host with security associations must discard, and what broken ones let
 * through.
 *
 * Source:  TS 33.203 §7.1; RFC 4303 §3.4.
 */
#include "tests/stack/sa_ends.h"

/* ---- what is discarded ---- */

static void test_replay(void)
{
    g_autoptr(Ends) ends = ends_new(ESP_HMAC_SHA1_96, ESP_AES_CBC);
    size_t len;

    up(ends, UC, PS, "once");
    run(ends);
    const uint8_t *ip = crossed(ends, 0, &len);
    inject(ends, NET_UP, ip, len);
    g_assert_cmpuint(ends->got[PS], ==, 1);
    g_assert_cmpuint(drops(ends, "p", "esp-replay"), ==, 1);
}

/* The P-CSCF's own packet sent back to it: its SPI is the UE's, and not one that the P-CSCF receives on. */
static void test_reflection(void)
{
    g_autoptr(Ends) ends = ends_new(ESP_HMAC_SHA1_96, ESP_NULL);
    size_t len;

    down(ends, PC, US, "to the UE");
    run(ends);
    const uint8_t *ip = crossed(ends, 0, &len);
    g_autofree uint8_t *back = g_memdup2(ip, len);
    memcpy(back + 8, ip + 24, 16);
    memcpy(back + 24, ip + 8, 16);
    inject(ends, NET_UP, back, len);
    g_assert_cmpuint(drops(ends, "p", "esp-no-sa"), ==, 1);
    g_assert_cmpuint(ends->got[PC] + ends->got[PS], ==, 0);
}

static void test_bad_icv(void)
{
    g_autoptr(Ends) ends = ends_new(ESP_HMAC_MD5_96, ESP_NULL);
    size_t len;

    ends->takes = true;
    up(ends, UC, PS, "changed");
    run(ends);
    ends->takes = false;
    g_autofree uint8_t *ip = copy_of(ends, 0, &len);
    ip[40 + 8 + 8] ^= 1;
    inject(ends, NET_UP, ip, len);
    g_assert_cmpuint(drops(ends, "p", "esp-bad-icv"), ==, 1);
    ip[40 + 8 + 8] ^= 1; /* the window has not moved: the true one is still taken */
    inject(ends, NET_UP, ip, len);
    g_assert_cmpuint(ends->got[PS], ==, 1);
    g_assert_cmpstr(ends->last->str, ==, "changed");
}

/* ESP protects no address: RFC 4303 §3.4.4.1 looks at it afterwards. */
static void test_selector(void)
{
    g_autoptr(Ends) ends = ends_new(ESP_HMAC_SHA1_96, ESP_AES_CBC);
    size_t len;

    ends->takes = true;
    up(ends, UC, PS, "from elsewhere");
    run(ends);
    ends->takes = false;
    g_autofree uint8_t *ip = copy_of(ends, 0, &len);
    ip[8 + 15] = 77;
    inject(ends, NET_UP, ip, len);
    g_assert_cmpuint(drops(ends, "p", "esp-selector"), ==, 1);
    g_assert_cmpuint(ends->got[PS], ==, 0);
}

/* Through the right SA to a port that it is not for. */
static void test_wrong_port(void)
{
    g_autoptr(Ends) ends = ends_new(ESP_HMAC_SHA1_96, ESP_NULL);
    uint8_t ip[256] = { 0x60 };
    uint8_t *udp = ip + 40 + 8;
    SaParams params = params_for(ends->chain, ESP_HMAC_SHA1_96, ESP_NULL);
    EspKeys keys;
    EspSa sa;
    size_t len = 8 + 4;

    memcpy(keys.ik, params.ik, 16);
    memcpy(keys.ck, params.ck, 16);
    esp_sa_init(&sa, SPI_PS, ESP_HMAC_SHA1_96, ESP_NULL, &keys);
    udp[0] = UC >> 8;
    udp[1] = UC & 255;
    udp[2] = PC >> 8;
    udp[3] = PC & 255;
    udp[5] = 12;
    g_assert_cmpint(esp_seal(&sa, NULL, ip + 40, sizeof ip - 40, &len, 17), ==, ESP_OK);
    ip[5] = (uint8_t)len;
    ip[6] = 50;
    ip[7] = 64;
    memcpy(ip + 8, net_host_addr(ends->chain->a), 16);
    memcpy(ip + 24, net_host_addr(ends->chain->p), 16);
    inject(ends, NET_UP, ip, 40 + len);
    g_assert_cmpuint(drops(ends, "p", "esp-selector"), ==, 1);
    g_assert_cmpuint(ends->got[PC], ==, 0);
}

static void test_unprotected(void)
{
    g_autoptr(Ends) ends = ends_new(ESP_HMAC_SHA1_96, ESP_NULL);

    g_assert_cmpint(up(ends, SIP_PORT, PS, "in clear"), ==, NET_SENT);
    g_assert_cmpint(down(ends, SIP_PORT, US, "in clear"), ==, NET_SENT);
    run(ends);
    g_assert_cmpuint(drops(ends, "p", "esp-unprotected-port"), ==, 1);
    g_assert_cmpuint(drops(ends, "a", "esp-unprotected-port"), ==, 1);
    g_assert_cmpuint(ends->got[PS] + ends->got[US], ==, 0);
    up(ends, SIP_PORT, SIP_PORT, "in clear"); /* the unprotected port is for that */
    run(ends);
    g_assert_cmpuint(ends->got[SIP_PORT], ==, 1);
    g_assert_cmpuint(ends->last_sa, ==, 0);
    g_assert_cmpint(up(ends, UC, SIP_PORT, "out in clear"), ==, NET_REFUSED);
    g_assert_cmpuint(drops(ends, "a", "esp-no-outbound-sa"), ==, 1);
}

static void test_other_cipher(void)
{
    g_autoptr(Ends) ends = ends_new(ESP_HMAC_SHA1_96, ESP_NULL);
    SaParams params = params_for(ends->chain, ESP_HMAC_SHA1_96, ESP_AES_CBC);

    sad_remove(ends->pcscf, ends->pcscf_set);
    ends->pcscf_set = sad_add(ends->pcscf, &params, true);
    for (unsigned i = 0; i < 8; i++)
        up(ends, UC, PS, "eight octets and more");
    run(ends);
    g_assert_cmpuint(ends->got[PS], ==, 0);
    g_assert_cmpuint(drops(ends, "p", "esp-bad-padding") + drops(ends, "p", "esp-too-short"), ==, 8);
    sad_accept_also(ends->pcscf, ends->pcscf_set, ESP_NULL); /* the mutant that tries both */
    up(ends, UC, PS, "in NULL");
    run(ends);
    g_assert_cmpuint(ends->got[PS], ==, 1);
    g_assert_cmpstr(ends->last->str, ==, "in NULL");
    size_t len;
    const uint8_t *ip = crossed(ends, 8, &len);
    inject(ends, NET_UP, ip, len); /* one window for both readings */
    g_assert_cmpuint(ends->got[PS], ==, 1);
}

static void test_other_keys(void)
{
    g_autoptr(Ends) ends = ends_new(ESP_HMAC_SHA1_96, ESP_NULL);
    SaParams params = params_for(ends->chain, ESP_HMAC_SHA1_96, ESP_NULL);

    params.ik[0] ^= 1;
    sad_remove(ends->ue, ends->ue_set);
    ends->ue_set = sad_add(ends->ue, &params, true);
    up(ends, UC, PS, "wrong IK");
    run(ends);
    g_assert_cmpuint(ends->got[PS], ==, 0);
    g_assert_cmpuint(drops(ends, "p", "esp-bad-icv"), ==, 1);
}

/* ---- broken implementations ---- */

static void test_broken(void)
{
    g_autoptr(Ends) no_window = ends_with(ESP_HMAC_SHA1_96, ESP_NULL, &(SadPolicy){ .no_replay_check = true }, true);
    g_autoptr(Ends) no_icv = ends_with(ESP_HMAC_SHA1_96, ESP_NULL, &(SadPolicy){ .no_icv_check = true }, true);
    g_autoptr(Ends) no_selector =
        ends_with(ESP_HMAC_SHA1_96, ESP_NULL, &(SadPolicy){ .no_selector_check = true }, true);
    size_t len;

    up(no_window, UC, PS, "twice");
    run(no_window);
    const uint8_t *ip = crossed(no_window, 0, &len);
    inject(no_window, NET_UP, ip, len);
    g_assert_cmpuint(no_window->got[PS], ==, 2);

    no_icv->takes = true;
    up(no_icv, UC, PS, "aaaa");
    run(no_icv);
    g_autofree uint8_t *changed = copy_of(no_icv, 0, &len);
    changed[len - 1] ^= 1;
    no_icv->takes = false;
    inject(no_icv, NET_UP, changed, len);
    g_assert_cmpuint(no_icv->got[PS], ==, 1);

    no_selector->takes = true;
    up(no_selector, UC, PS, "from elsewhere");
    run(no_selector);
    no_selector->takes = false;
    g_autofree uint8_t *moved = copy_of(no_selector, 0, &len);
    moved[8 + 15] ^= 1;
    inject(no_selector, NET_UP, moved, len);
    g_assert_cmpuint(drops(no_selector, "p", "esp-selector"), ==, 0);
    g_assert_cmpuint(net_host_counters(no_selector->chain->p)->bad_checksum, ==, 1); /* only UDP minds */
}

static void test_permanent_port(void)
{
    g_autoptr(Ends) ends = ends_new(ESP_HMAC_SHA1_96, ESP_NULL);

    sad_protect_port(ends->pcscf, 7777);
    g_assert_true(net_udp_bind(ends->chain->p, 7777, hear, ends));
    up(ends, SIP_PORT, 7777, "in clear");
    run(ends);
    g_assert_cmpuint(ends->got[7777], ==, 0);
    g_assert_cmpuint(drops(ends, "p", "esp-unprotected-port"), ==, 1);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/stack/sad/replay-is-discarded", test_replay);
    g_test_add_func("/stack/sad/reflection-is-discarded", test_reflection);
    g_test_add_func("/stack/sad/changed-octets-are-discarded", test_bad_icv);
    g_test_add_func("/stack/sad/other-address-is-discarded", test_selector);
    g_test_add_func("/stack/sad/other-port-is-discarded", test_wrong_port);
    g_test_add_func("/stack/sad/unprotected-packet-to-a-protected-port-is-discarded", test_unprotected);
    g_test_add_func("/stack/sad/other-cipher-is-discarded-unless-both-are-tried", test_other_cipher);
    g_test_add_func("/stack/sad/other-keys-are-discarded", test_other_keys);
    g_test_add_func("/stack/sad/broken-implementations-are-broken", test_broken);
    g_test_add_func("/stack/sad/port-protected-for-good", test_permanent_port);
    return g_test_run();
}
