/*
 * scenarios/option_check.c - settings of an option that contradict each other.
 *
 * Source:  scenarios/option_check.h.
 * Knows:   values.  A new contradiction is one row of the table at the end.
 */
#include "scenarios/option_check.h"
#include "scenarios/option_fields.h"

#include <string.h>

typedef bool (*Holds)(const Option *option);

/*
 * A row has either what its first field needs to mean anything (an error when that field was said and the need is met
 * in no branch), or a combination that is none (@in_any: an error when it happens in a branch; else when it happens in
 * all of them).
 */
typedef struct Rule {
    const char *fields[OPTION_CONFLICT_FIELDS + 1];
    Holds needs, is_broken;
    bool in_any;
    const char *why, *allowed;
} Rule;

/* ---- what is asked of an option ---- */

static bool has_smime(const Option *option)
{
    return option->guards.e2e != SMIME_NONE;
}

static bool asks_client_certificate(const Option *option)
{
    return option_uses_tls(option) && option->leg.client_certificate;
}

static bool subscribers_have_keys(const Option *option)
{
    return has_smime(option) || asks_client_certificate(option);
}

static bool asks_password(const Option *option)
{
    return option->home.asks_password;
}

static bool has_network_guard(const Option *option)
{
    return option->home.network_guard;
}

static bool scscf_knows_indication(const Option *option)
{
    return option->home.scscf_release >= 6;
}

static bool ue_knows_guards(const Option *option)
{
    return option->leg.ue_release >= 6;
}

static bool pcscf_encrypts(const Option *option)
{
    return option->leg.pcscf_encrypts;
}

static bool on_umts(const Option *option)
{
    return option_access_technology((OptionAccess)option->leg.access) == ACCESS_UMTS;
}

static bool may_fall_back_or_is_ipsec(const Option *option)
{
    return option->leg.gm != OPTION_GM_TLS || option->leg.falls_back;
}

/* ---- what cannot be ---- */

static bool sips_over_ipsec(const Option *option)
{
    return option->leg.sips && !option_uses_tls(option);
}

static bool sips_behind_tls(const Option *option)
{
    return option->leg.sips && option_uses_tls(option);
}

static bool tls_over_udp(const Option *option)
{
    return option_uses_tls(option) && option->home.udp_only;
}

static bool tls_of_release5(const Option *option)
{
    return option_uses_tls(option) && option->leg.ue_release < 6;
}

static bool smime_of_release5(const Option *option)
{
    return has_smime(option) && option->leg.ue_release < 6;
}

static bool null_suite_of_13(const Option *option)
{
    return option_uses_tls(option) && option->leg.tls_null && option->leg.tls_version == TLS_1_3;
}

static bool strict_without_certificates(const Option *option)
{
    return has_smime(option) && option->guards.certificates_missing && !option->guards.clear_without;
}

static bool signed_by_nobody(const Option *option)
{
    return has_smime(option) && option->guards.ignores_names && !option->guards.sign;
}

/* ---- the table ---- */

#define WITH_TLS   "with gm=tls or gm=tls-negotiated"
#define WITH_SMIME "with e2e=smime or e2e=smime-tunnel"
#define HANDSHAKE  "there is no handshake on a Gm of IPsec security associations (TS 33.203 §7.1)"
#define NO_BODIES  "no body is signed or enveloped between UE and Presence Server (S3 §2, option 3)"

static const Rule rules[] = {
    { { "uri-scheme", "gm" },
      .is_broken = sips_over_ipsec,
      .in_any = true,
      .why = "SIPS wants TLS on every hop (RFC 3261 §26.2.2, S4 §8.1.4), and the first hop has IPsec (TS 33.203 §7.1)",
      .allowed = "uri-scheme=sip" },
    { { "uri-scheme", "gm" },
      .is_broken = sips_behind_tls,
      .in_any = true,
      .why = "SIPS wants TLS on every hop (RFC 3261 §26.2.2, S4 §8.1.4); Gm has it here, but between the nodes of the "
             "core there is NDS/IP (TS 33.210 §5)",
      .allowed = "uri-scheme=sip" },
    { { "transport", "gm" },
      .is_broken = tls_over_udp,
      .in_any = true,
      .why = "TLS cannot be used with UDP (S3 §2, option 4; RFC 2246 §1: it needs a reliable transport)",
      .allowed = "transport=any, or gm=ipsec" },
    { { "gm", "ue-release" },
      .is_broken = tls_of_release5,
      .in_any = true,
      .why =
          "it is Release 6 that replaces IPsec by TLS (S3 §2, option 4); a Release 5 UE speaks IPsec (TS 33.203 §7.1)",
      .allowed = "ue-release=6, or gm=ipsec" },
    { { "e2e", "ue-release" },
      .is_broken = smime_of_release5,
      .in_any = true,
      .why = "it is Release 6 that brings S/MIME and a certificate to the UE (S3 §2, option 3)",
      .allowed = "ue-release=6, or e2e=none" },
    { { "tls-suite", "tls-version" },
      .is_broken = null_suite_of_13,
      .in_any = true,
      .why = "TLS 1.3 has no suite without encryption (RFC 8446 §B.4)",
      .allowed = "tls-version 1.0, 1.1, 1.2" },
    { { "missing-certificate", "certificates", "e2e" },
      .is_broken = strict_without_certificates,
      .why =
          "strict S/MIME sends nothing without the other's certificate, and here nobody has one, so presence is never "
          "used (S3 §2, option 3: subscriber certificates; RFC 3261 §23.2)",
      .allowed = "certificates=both, missing-certificate=clear, or one of the two left open" },
    { { "smime-names", "signature" },
      .is_broken = signed_by_nobody,
      .why = "without a signature there is no signer whose name could go unchecked (RFC 3261 §23.3)",
      .allowed = "signature=yes" },
    { { "aka", "gm" },
      .needs = option_uses_tls,
      .why = "AKAv2 is for an answer that goes through TLS (RFC 4169 §1); over IPsec the challenge is AKAv1 (TS 33.203 "
             "§6.1.1)",
      .allowed = WITH_TLS },
    { { "tls-authentication", "gm" }, .needs = option_uses_tls, .why = HANDSHAKE, .allowed = WITH_TLS },
    { { "tls-check", "gm" }, .needs = option_uses_tls, .why = HANDSHAKE, .allowed = WITH_TLS },
    { { "tls-version", "gm" }, .needs = option_uses_tls, .why = HANDSHAKE, .allowed = WITH_TLS },
    { { "tls-suite", "gm" }, .needs = option_uses_tls, .why = HANDSHAKE, .allowed = WITH_TLS },
    { { "certificate-binding", "tls-authentication", "gm" },
      .needs = asks_client_certificate,
      .why = "the P-CSCF has no certificate of the UE's to compare with the IMPI (RFC 2246 §7.4.6)",
      .allowed = "with tls-authentication=client-cert and gm=tls or gm=tls-negotiated" },
    { { "rel5-tls-mode", "gm" },
      .needs = option_uses_tls,
      .why = "it says whether Release 5 nodes take a REGISTER over TLS for a protected one (TS 24.229 §5.4.1.2.2)",
      .allowed = WITH_TLS },
    { { "fallback", "gm" },
      .needs = option_uses_tls,
      .why = "the UE falls back from TLS to IPsec (S3 §2, option 4), and has IPsec already",
      .allowed = WITH_TLS },
    { { "akav2-outside", "gm" },
      .needs = option_uses_tls,
      .why = "no AKAv2 is used anywhere (RFC 4169 §1)",
      .allowed = WITH_TLS },
    { { "subscriber-keys", "e2e", "gm" },
      .needs = subscribers_have_keys,
      .why = "subscribers have no certificates: neither S/MIME (S3 §2, option 3) nor TLS asks for them",
      .allowed = "with e2e=smime, e2e=smime-tunnel or tls-authentication=client-cert" },
    { { "signature", "e2e" }, .needs = has_smime, .why = NO_BODIES, .allowed = WITH_SMIME },
    { { "certificates", "e2e" }, .needs = has_smime, .why = NO_BODIES, .allowed = WITH_SMIME },
    { { "missing-certificate", "e2e" }, .needs = has_smime, .why = NO_BODIES, .allowed = WITH_SMIME },
    { { "certificate-source", "e2e" }, .needs = has_smime, .why = NO_BODIES, .allowed = WITH_SMIME },
    { { "freshness", "e2e" }, .needs = has_smime, .why = NO_BODIES, .allowed = WITH_SMIME },
    { { "smime-names", "e2e" }, .needs = has_smime, .why = NO_BODIES, .allowed = WITH_SMIME },
    { { "smime-is-confidential", "e2e" }, .needs = has_smime, .why = NO_BODIES, .allowed = WITH_SMIME },
    { { "password", "watcher-authentication" },
      .needs = asks_password,
      .why = "no watcher is asked for a password (S0 §8.1.4)",
      .allowed = "with watcher-authentication=digest" },
    { { "guard", "ue-release" },
      .needs = ue_knows_guards,
      .why = "a Release 5 UE knows no rule of Release 6 (S4 §8.1.2.2)",
      .allowed = "with ue-release=6" },
    { { "missing-encryption", "ue-release" },
      .needs = ue_knows_guards,
      .why = "a Release 5 UE offers no encryption and expects none (S4 §8.1.2.2)",
      .allowed = "with ue-release=6" },
    { { "missing-encryption", "gm", "fallback" },
      .needs = may_fall_back_or_is_ipsec,
      .why = "with TLS alone there is no list of algorithms to refuse (RFC 3329 §2.2)",
      .allowed = "with gm=ipsec, gm=tls-negotiated or fallback=yes" },
    { { "forwards-indication", "scscf-release" },
      .needs = scscf_knows_indication,
      .why = "a Release 5 S-CSCF knows no indication to forward (S4 §8.1.2.2)",
      .allowed = "with scscf-release=6" },
    { { "network-guard", "scscf-release" },
      .needs = scscf_knows_indication,
      .why = "a Release 5 S-CSCF knows no indication to miss (S4 §8.1.2.2)",
      .allowed = "with scscf-release=6" },
    { { "checks-indication-source", "scscf-release" },
      .needs = scscf_knows_indication,
      .why = "a Release 5 S-CSCF knows no indication to check (S4 §8.1.2.2)",
      .allowed = "with scscf-release=6" },
    { { "pcscf-requires-encryption", "pcscf-encrypts" },
      .needs = pcscf_encrypts,
      .why = "a P-CSCF that offers no encryption cannot ask for it (TS 33.203 §7.2)",
      .allowed = "with pcscf-encrypts=yes" },
    { { "dual-mode", "access" },
      .needs = on_umts,
      .why = "a handset that also takes GSM cells is one of UMTS (TS 33.102 §6.8)",
      .allowed = "with access clear, umts-uea0, umts-uea1" },
    { { "messages-too", "network-guard" },
      .needs = has_network_guard,
      .why = "it extends a refusal that the network does not make (S3 §2, option 1)",
      .allowed = "with network-guard=yes" },
};

/* ---- deciding ---- */

/* Said otherwise than by default, or left open. */
static bool was_said(const Option *option, const char *name)
{
    const Field *field = field_find(name);
    g_autofree char *value = field_print(field, option);
    return strcmp(value, field->standard) != 0 || option_find_open(option, name) != NULL;
}

static bool need_is_met(const Rule *rule, const Option *option)
{
    g_autoptr(GPtrArray) branches = option_branches(option, rule->fields + 1);
    for (guint i = 0; i < branches->len; i++)
        if (rule->needs(((const OptionBranch *)branches->pdata[i])->option))
            return true;
    return false;
}

static bool is_broken(const Rule *rule, const Option *option)
{
    g_autoptr(GPtrArray) branches = option_branches(option, rule->fields);
    guint broken = 0;
    for (guint i = 0; i < branches->len; i++)
        broken += rule->is_broken(((const OptionBranch *)branches->pdata[i])->option);
    return rule->in_any ? broken > 0 : broken == branches->len;
}

static bool contradicts(const Rule *rule, const Option *option)
{
    if (rule->needs)
        return was_said(option, rule->fields[0]) && !need_is_met(rule, option);
    return is_broken(rule, option);
}

/* "gm=tls", "fallback open (no, yes)" */
static void describe(const Option *option, const char *name, GString *out)
{
    const OptionOpen *open = option_find_open(option, name);
    g_autofree char *value = open ? g_strjoinv(", ", open->values) : option_get(option, name);
    g_string_append_printf(out, open ? "%s open (%s)" : "%s=%s", name, value);
}

static char *text_of_rule(const Rule *rule, const Option *option)
{
    GString *out = g_string_new(NULL);
    for (const char *const *field = rule->fields; *field; field++) {
        g_string_append(out, field == rule->fields ? "" : field == rule->fields + 1 ? " with " : " and ");
        describe(option, *field, out);
    }
    g_string_append_printf(out, ": %s; allowed: %s", rule->why, rule->allowed);
    return g_string_free(out, FALSE);
}

static void conflict_free(void *item)
{
    OptionConflict *conflict = item;
    g_free(conflict->text);
    g_free(conflict);
}

GPtrArray *option_conflicts(const Option *option)
{
    GPtrArray *found = g_ptr_array_new_with_free_func(conflict_free);
    for (size_t i = 0; i < G_N_ELEMENTS(rules); i++) {
        if (!contradicts(&rules[i], option))
            continue;
        OptionConflict *conflict = g_new(OptionConflict, 1);
        memcpy(conflict->fields, rules[i].fields, sizeof conflict->fields);
        conflict->text = text_of_rule(&rules[i], option);
        g_ptr_array_add(found, conflict);
    }
    return found;
}

bool option_check(const Option *option, GError **error)
{
    g_autoptr(GPtrArray) conflicts = option_conflicts(option);
    g_autoptr(GString) all = g_string_new(NULL);
    for (guint i = 0; i < conflicts->len; i++)
        g_string_append_printf(all, "%s%s", i > 0 ? "\n" : "", ((const OptionConflict *)conflicts->pdata[i])->text);
    if (conflicts->len == 0)
        return true;
    g_set_error_literal(error, OPTION_ERROR, OPTION_ERROR_CONTRADICTION, all->str);
    return false;
}
