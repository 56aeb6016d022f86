/*
 * scenarios/option_policy.c - what the values of an option mean to the nodes.
 *
 * Source:  S3 §2, S4 §8.1.2.2; TS 33.203 §7.2; RFC 3261 §23, §26.
 * Knows:   values.  Never an id.
 */
#include "scenarios/option.h"

#include <string.h>

AccessTechnology option_access_technology(OptionAccess access)
{
    switch (access) {
    case LEG_CLEAR:
    case LEG_UMTS_UEA1:
    case LEG_UMTS_UEA0: return ACCESS_UMTS;
    case LEG_GPRS_GEA0:
    case LEG_GPRS_GEA1:
    case LEG_GPRS_GEA2:
    case LEG_GPRS_GEA3: return ACCESS_GPRS;
    case LEG_WLAN_OPEN:
    case LEG_WLAN_WEP: return ACCESS_WLAN;
    case LEG_N_ACCESS: break;
    }
    g_assert_not_reached();
}

RadioCipher option_access_cipher(OptionAccess access)
{
    switch (access) {
    case LEG_UMTS_UEA1: return RADIO_UEA1;
    case LEG_GPRS_GEA1: return RADIO_GEA1;
    case LEG_GPRS_GEA2: return RADIO_GEA2;
    case LEG_GPRS_GEA3: return RADIO_GEA3;
    case LEG_WLAN_WEP: return RADIO_WEP;
    case LEG_CLEAR:
    case LEG_UMTS_UEA0:
    case LEG_GPRS_GEA0:
    case LEG_WLAN_OPEN: return RADIO_NONE;
    case LEG_N_ACCESS: break;
    }
    g_assert_not_reached();
}

/* What both ends have without being told: Release 5 integrity only, Release 6 the same with encryption before it.
 * DEVIATION: HMAC-SHA-1-96 alone of the two integrity algorithms, because SM7 repeats every entry of both lists and
 * must stay below 1300 octets on UDP (RFC 3261 §18.1.1). */
static OptionAlgs algs_of_release(bool encrypts)
{
    OptionAlgs algs = { .n = 0 };
    if (encrypts)
        algs.algs[algs.n++] = (SecAlgs){ ESP_HMAC_SHA1_96, ESP_DES_EDE3_CBC };
    algs.algs[algs.n++] = (SecAlgs){ ESP_HMAC_SHA1_96, ESP_NULL };
    return algs;
}

static UeGm gm_of(const OptionLeg *leg)
{
    switch (leg->gm) {
    case OPTION_GM_TLS: return UE_GM_TLS;
    case OPTION_GM_NEGOTIATED: return UE_GM_NEGOTIATED;
    default: return UE_GM_IPSEC;
    }
}

bool option_uses_tls(const Option *option)
{
    return option->leg.gm != OPTION_GM_IPSEC;
}

UePolicy option_ue_policy(const Option *option)
{
    const OptionLeg *leg = &option->leg;
    bool release6 = leg->ue_release >= 6;
    OptionAlgs offer = leg->offer.n > 0 ? leg->offer : algs_of_release(release6);
    UePolicy policy = {
        .release = leg->ue_release,
        .n_offer = offer.n,
        .refuse_null = release6 && option->guards.refuse_null,
        .guard = release6 ? (UeGuard)option->guards.guard : UE_GUARD_NONE,
        .early_dialect = leg->early_dialect,
        .falls_back_without_server_list = leg->falls_back_without_server_list,
        .retries_without_encryption = leg->retries_without_encryption,
        .smuggles_confidentiality = leg->smuggles_confidentiality,
        .gm = gm_of(leg),
        .falls_back = leg->falls_back,
        .tls_aka = option->home.tls_aka,
        .akav2_outside = leg->akav2_outside,
    };
    memcpy(policy.offer, offer.algs, sizeof policy.offer);
    return policy;
}

PcscfPolicy option_pcscf_policy(const Option *option)
{
    const OptionLeg *leg = &option->leg;
    OptionAlgs list = leg->list.n > 0 ? leg->list : algs_of_release(leg->pcscf_encrypts);
    PcscfPolicy policy = {
        .release = leg->pcscf_release,
        .encrypts = leg->pcscf_encrypts,
        .indicates_confidentiality = leg->pcscf_indicates,
        .n_list = list.n,
        .requires_encryption = leg->pcscf_requires_encryption,
        .lists_tls = leg->gm == OPTION_GM_NEGOTIATED,
        .marks_tls = option_uses_tls(option) && !option->home.tls_strict,
        .binds_certificate = leg->client_certificate && leg->binds_certificate,
        .echo_check = (EchoCheck)leg->echo_check,
        .list_is_intersection = leg->list_is_intersection,
        .tries_both = leg->tries_both,
        .equal_spis = leg->equal_spis,
        .sad = { .no_replay_check = leg->no_replay_check,
                 .no_icv_check = leg->no_icv_check,
                 .no_selector_check = leg->no_selector_check },
    };
    memcpy(policy.list, list.algs, sizeof policy.list);
    return policy;
}

PcscfPolicy option_neighbour_policy(void)
{
    OptionAlgs list = algs_of_release(false);
    PcscfPolicy policy = { .release = 5, .n_list = list.n, .echo_check = ECHO_CHECK_FULL };
    memcpy(policy.list, list.algs, sizeof policy.list);
    return policy;
}

SmimePolicy option_smime_policy(const Option *option)
{
    const OptionGuards *guards = &option->guards;
    return (SmimePolicy){
        .mode = (SmimeMode)guards->e2e,
        .source = (SmimeSource)guards->certificate_source,
        .sign = guards->sign,
        .clear_without = guards->clear_without,
        .checks_freshness = guards->freshness,
        .ignores_names = guards->ignores_names,
    };
}

/* By the texts of the fields, so that padding does not count. */
bool option_same_pcscf(const Option *a, const Option *b)
{
    static const char *const of_pcscf[] = { "pcscf-release",      "pcscf-encrypts",      "pcscf-indicates",
                                            "pcscf-list",         "pcscf-location",      "pcscf-requires-encryption",
                                            "neighbour-pcscf",    "echo-check",          "list-is-intersection",
                                            "tries-both",         "equal-spis",          "no-replay-check",
                                            "no-icv-check",       "no-selector-check",   "gm",
                                            "tls-authentication", "certificate-binding", "tls-version",
                                            "tls-suite",          "rel5-tls-mode" };
    for (size_t i = 0; i < G_N_ELEMENTS(of_pcscf); i++) {
        g_autofree char *of_a = option_get(a, of_pcscf[i]), *of_b = option_get(b, of_pcscf[i]);
        if (strcmp(of_a, of_b) != 0)
            return false;
    }
    return true;
}
