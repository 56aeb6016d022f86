/*
 * scenarios/option_fields.c - the table of an option's fields.
 *
 * Source:  S3 §2, S4 §8.1.2.2; TS 33.203 §7.2, Annex H (algorithm names); TS 33.210 (Za).
 * Knows:   where a field lies in an Option and which texts it takes.
 */
#include "scenarios/option_fields.h"

#include <stdlib.h>
#include <string.h>

static const FieldWord no_yes[] = { { "no", 0, false }, { "yes", 1, false }, { NULL, 0, false } };
static const FieldWord deny_allow[] = { { "deny", 0, false }, { "allow", 1, false }, { NULL, 0, false } };
static const FieldWord accept_refuse[] = { { "accept", 0, false }, { "refuse", 1, false }, { NULL, 0, false } };
static const FieldWord releases[] = { { "5", 5, false }, { "6", 6, false }, { NULL, 0, false } };
static const FieldWord accesses[] = {
    { "clear", LEG_CLEAR, false },         { "umts-uea1", LEG_UMTS_UEA1, false },
    { "umts-uea0", LEG_UMTS_UEA0, false }, { "gprs-gea0", LEG_GPRS_GEA0, false },
    { "gprs-gea1", LEG_GPRS_GEA1, false }, { "gprs-gea2", LEG_GPRS_GEA2, false },
    { "gprs-gea3", LEG_GPRS_GEA3, false }, { "wlan-open", LEG_WLAN_OPEN, false },
    { "wlan-wep", LEG_WLAN_WEP, false },   { NULL, 0, false },
};
static const FieldWord locations[] = { { "visited", OPTION_VISITED, false },
                                       { "home", OPTION_HOME, false },
                                       { NULL, 0, false } };
static const FieldWord neighbours[] = { { "none", OPTION_NEIGHBOUR_NONE, false },
                                        { "rel5", OPTION_NEIGHBOUR_REL5, false },
                                        { NULL, 0, false } };
static const FieldWord discoveries[] = { { "open", 0, false }, { "protected", 1, false }, { NULL, 0, false } };
static const FieldWord gm_words[] = { { "ipsec", OPTION_GM_IPSEC, false },
                                      { "tls", OPTION_GM_TLS, false },
                                      { "tls-negotiated", OPTION_GM_NEGOTIATED, false },
                                      { "tls-psk", 0, true },
                                      { NULL, 0, false } };
static const FieldWord schemes[] = { { "sip", 0, false }, { "sips", 1, false }, { NULL, 0, false } };
static const FieldWord transports[] = { { "any", 0, false }, { "udp", 1, false }, { NULL, 0, false } };
static const FieldWord tls_auths[] = { { "server", 0, false }, { "client-cert", 1, false }, { NULL, 0, false } };
static const FieldWord tls_checks[] = { { "name", TLS_CHECK_NAME, false },
                                        { "chain", TLS_CHECK_CHAIN, false },
                                        { "nothing", TLS_CHECK_NOTHING, false },
                                        { NULL, 0, false } };
static const FieldWord tls_versions[] = { { "1.0", TLS_1_0, false },
                                          { "1.1", TLS_1_1, false },
                                          { "1.2", TLS_1_2, false },
                                          { "1.3", TLS_1_3, false },
                                          { NULL, 0, false } };
static const FieldWord tls_suites[] = { { "aes-cbc", 0, false }, { "null", 1, false }, { NULL, 0, false } };
static const FieldWord tls_modes[] = { { "seed", 0, false }, { "strict", 1, false }, { NULL, 0, false } };
static const FieldWord aka_versions[] = { { "akav1", 1, false }, { "akav2", 2, false }, { NULL, 0, false } };
static const FieldWord credentials[] = { { "isim", 0, false }, { "usim-reuse", 1, false }, { NULL, 0, false } };
static const FieldWord key_kinds[] = { { "ec", 0, false }, { "rsa", 1, false }, { NULL, 0, false } };
static const FieldWord e2e_words[] = { { "none", SMIME_NONE, false },
                                       { "smime", SMIME_BODY, false },
                                       { "smime-tunnel", SMIME_TUNNEL, false },
                                       { NULL, 0, false } };
static const FieldWord certificate_words[] = { { "both", 0, false }, { "missing", 1, false }, { NULL, 0, false } };
static const FieldWord refuse_clear[] = { { "refuse", 0, false }, { "clear", 1, false }, { NULL, 0, false } };
static const FieldWord sources[] = { { "fetched", SMIME_FETCHED, false },
                                     { "cached", SMIME_CACHED, false },
                                     { "included", SMIME_INCLUDED, false },
                                     { NULL, 0, false } };
static const FieldWord documents[] = { { "minimal", 0, false }, { "rich", 1, false }, { NULL, 0, false } };
static const FieldWord name_checks[] = { { "checked", 0, false }, { "unchecked", 1, false }, { NULL, 0, false } };
static const FieldWord watcher_auths[] = { { "none", 0, false }, { "digest", 1, false }, { NULL, 0, false } };
static const FieldWord passwords[] = { { "random", 0, false }, { "dictionary", 1, false }, { NULL, 0, false } };
static const FieldWord res_lengths[] = { { "64", 64, false }, { "32", 32, false }, { NULL, 0, false } };
static const FieldWord sqn_words[] = { { "array", 0, false }, { "single", 1, false }, { NULL, 0, false } };
static const FieldWord echo_checks[] = { { "full", ECHO_CHECK_FULL, false },
                                         { "no-ealg", ECHO_CHECK_NO_EALG, false },
                                         { "none", ECHO_CHECK_NONE, false },
                                         { NULL, 0, false } };
static const FieldWord isim_faults[] = { { "none", ISIM_FAULT_NONE, false },
                                         { "wrong-key", ISIM_FAULT_WRONG_KEY, false },
                                         { "sqn-ahead", ISIM_FAULT_SQN_AHEAD, false },
                                         { NULL, 0, false } };
static const FieldWord guards[] = { { "none", UE_GUARD_NONE, false },
                                    { "encrypted", UE_GUARD_ENCRYPTED, false },
                                    { "access-type", UE_GUARD_ACCESS_TYPE, false },
                                    { "cipher-state", UE_GUARD_CIPHER_STATE, false },
                                    { NULL, 0, false } };
static const FieldWord years[] = { { "2003", 2003, false }, { "2021", 2021, false }, { NULL, 0, false } };

#define AT(member) offsetof(Option, member)
#define LEG        OPTION_SCOPE_LEG
#define GUARDS     OPTION_SCOPE_GUARDS
#define HOME       OPTION_SCOPE_HOME
#define ATTACKERS  OPTION_SCOPE_ATTACKERS
#define SWITCH(name, title, scope, member)                                                                             \
    {                                                                                                                  \
        name, title, scope, FIELD_BOOL, AT(member), no_yes, 0, 0, "no"                                                 \
    }
#define WORD(name, title, scope, member, words, standard)                                                              \
    {                                                                                                                  \
        name, title, scope, FIELD_ENUM, AT(member), words, 0, 0, standard                                              \
    }
#define FLAG(name, title, scope, member, words, standard)                                                              \
    {                                                                                                                  \
        name, title, scope, FIELD_BOOL, AT(member), words, 0, 0, standard                                              \
    }

const Field option_fields[] = {
    WORD("ue-release", "release of the UE", LEG, leg.ue_release, releases, "6"),
    { "offer", "algorithms the UE offers in SM1; release = what its release has", LEG, FIELD_ALGS, AT(leg.offer), NULL,
      0, 0, "release" },
    WORD("pcscf-release", "release of the P-CSCF", LEG, leg.pcscf_release, releases, "5"),
    SWITCH("pcscf-encrypts", "the P-CSCF's policy is to encrypt (Release 5: with the change of option 5)", LEG,
           leg.pcscf_encrypts),
    SWITCH("pcscf-indicates", "the P-CSCF tells the home network in SM8 whether it encrypts", LEG, leg.pcscf_indicates),
    SWITCH("pcscf-requires-encryption", "the P-CSCF refuses UEs that offer none", LEG, leg.pcscf_requires_encryption),
    { "pcscf-list", "algorithms the P-CSCF lists in SM6; release = what release and policy give", LEG, FIELD_ALGS,
      AT(leg.list), NULL, 0, 0, "release" },
    WORD("pcscf-location", "network of the P-CSCF", LEG, leg.pcscf_location, locations, "visited"),
    WORD("neighbour-pcscf", "another P-CSCF in the same network", LEG, leg.neighbour_pcscf, neighbours, "none"),
    WORD("access", "access network; clear = UMTS with UEA0", LEG, leg.access, accesses, "clear"),
    SWITCH("dual-mode", "the handset also takes a GSM/GPRS cell", LEG, leg.dual_mode),
    FLAG("discovery", "whether the P-CSCF's address comes in a protected answer", LEG, leg.discovery_protected,
         discoveries, "open"),
    WORD("gm", "protection between UE and P-CSCF", LEG, leg.gm, gm_words, "ipsec"),
    FLAG("uri-scheme", "scheme of the identities; sips wants TLS on every hop", LEG, leg.sips, schemes, "sip"),
    FLAG("tls-authentication", "TLS: who shows a certificate; client-cert = P-CSCF and UE", LEG, leg.client_certificate,
         tls_auths, "server"),
    FLAG("certificate-binding", "TLS: the P-CSCF compares the UE's certificate with the IMPI", LEG,
         leg.binds_certificate, no_yes, "yes"),
    WORD("tls-check", "TLS: what the UE checks of the P-CSCF's certificate", LEG, leg.tls_check, tls_checks, "name"),
    WORD("tls-version", "TLS: version of both ends", LEG, leg.tls_version, tls_versions, "1.0"),
    FLAG("tls-suite", "TLS: cipher suites; null = integrity only", LEG, leg.tls_null, tls_suites, "aes-cbc"),
    SWITCH("fallback", "TLS: the UE registers over IPsec when TLS cannot be had", LEG, leg.falls_back),
    SWITCH("akav2-outside", "TLS: broken UE: answers AKAv2 outside TLS too", LEG, leg.akav2_outside),
    FLAG("credential", "the UE's IMS application: an ISIM, or the USIM's key and sequence", LEG, leg.usim_reuse,
         credentials, "isim"),
    WORD("isim-fault", "the subscriber's card", LEG, leg.isim_fault, isim_faults, "none"),
    WORD("echo-check", "broken P-CSCF: what it compares in SM7", LEG, leg.echo_check, echo_checks, "full"),
    SWITCH("list-is-intersection", "broken P-CSCF: SM6 lists only what SM1 offered", LEG, leg.list_is_intersection),
    SWITCH("tries-both", "broken P-CSCF: takes NULL on the same SPI too", LEG, leg.tries_both),
    SWITCH("equal-spis", "broken P-CSCF: takes the UE's SPIs as its own", LEG, leg.equal_spis),
    SWITCH("no-replay-check", "broken IPsec: no anti-replay window", LEG, leg.no_replay_check),
    SWITCH("no-icv-check", "broken IPsec: the ICV is not compared", LEG, leg.no_icv_check),
    SWITCH("no-selector-check", "broken IPsec: addresses and ports of an opened packet are not compared", LEG,
           leg.no_selector_check),
    SWITCH("early-dialect", "UE of the draft's SM7: echoes the P-CSCF's list only", LEG, leg.early_dialect),
    SWITCH("falls-back-without-list", "broken UE: goes on unprotected when SM6 has no Security-Server", LEG,
           leg.falls_back_without_server_list),
    SWITCH("retries-without-encryption", "broken UE: offers no encryption after a failed registration", LEG,
           leg.retries_without_encryption),
    SWITCH("smuggles-confidentiality", "modified UE: puts the network's indication into its REGISTER", LEG,
           leg.smuggles_confidentiality),
    WORD("guard", "when a Release 6 UE uses presence although SM6 listed no encryption", GUARDS, guards.guard, guards,
         "none"),
    FLAG("missing-encryption", "a Release 6 UE that is offered no encryption registers or not", GUARDS,
         guards.refuse_null, accept_refuse, "accept"),
    WORD("e2e", "protection between UE and Presence Server", GUARDS, guards.e2e, e2e_words, "none"),
    FLAG("signature", "S/MIME: bodies are signed before they are enveloped", GUARDS, guards.sign, no_yes, "yes"),
    FLAG("certificates", "S/MIME: both ends have certificates, or the subscribers' are missing", GUARDS,
         guards.certificates_missing, certificate_words, "both"),
    FLAG("missing-certificate", "S/MIME: without the other's certificate a body is not sent, or sent in clear", GUARDS,
         guards.clear_without, refuse_clear, "refuse"),
    WORD("certificate-source", "S/MIME: how the other's certificate is found", GUARDS, guards.certificate_source,
         sources, "fetched"),
    FLAG("freshness", "S/MIME: what is older than the last is not taken", GUARDS, guards.freshness, no_yes, "yes"),
    FLAG("smime-names", "S/MIME: broken ends: whose certificate it is is not looked at", GUARDS, guards.ignores_names,
         name_checks, "checked"),
    FLAG("subscriber-keys", "kind of the keys in subscribers' certificates", GUARDS, guards.rsa_subscribers, key_kinds,
         "ec"),
    FLAG("document", "what a presentity publishes: status and a short note, or 250 octets more", GUARDS,
         guards.rich_document, documents, "minimal"),
    WORD("scscf-release", "release of the S-CSCF", HOME, home.scscf_release, releases, "5"),
    FLAG("za-enc", "NDS/IP encrypts between visited and home network", HOME, home.za_enc, no_yes, "yes"),
    SWITCH("forwards-indication", "the S-CSCF tells the Presence Server whether a leg is encrypted", HOME,
           home.forwards_indication),
    SWITCH("network-guard", "S-CSCF and Presence Server refuse presence on legs without the indication", HOME,
           home.network_guard),
    SWITCH("messages-too", "the network's refusal covers MESSAGE", HOME, home.messages_too),
    FLAG("clear-notifications", "default policy: notifications without confidentiality protection", HOME,
         home.clear_notifications, deny_allow, "allow"),
    SWITCH("checks-indication-source", "the S-CSCF takes the indication only from Release 6 P-CSCFs", HOME,
           home.checks_indication_source),
    SWITCH("smime-is-confidential", "default policy: what is encrypted to the watcher's certificate is not in clear",
           HOME, home.smime_is_confidential),
    FLAG("watcher-authentication", "default policy: watchers authenticate to the Presence Server", HOME,
         home.asks_password, watcher_auths, "none"),
    FLAG("password", "... with a password that is random, or a word of a dictionary", HOME, home.weak_password,
         passwords, "random"),
    WORD("aka", "Digest AKA version of challenges inside TLS", HOME, home.tls_aka, aka_versions, "akav1"),
    FLAG("rel5-tls-mode", "TLS at Release 5 nodes: a REGISTER over TLS counts as protected, or only over an SA", HOME,
         home.tls_strict, tls_modes, "seed"),
    FLAG("transport", "what the network carries of SIP: UDP and TCP, or UDP alone", HOME, home.udp_only, transports,
         "any"),
    WORD("res-bits", "length of RES, in bits", HOME, home.res_bits, res_lengths, "64"),
    FLAG("hss-sqn", "SQN: one sequence for each IND, or broken HSS and cards: a single counter", HOME, home.single_sqn,
         sqn_words, "array"),
    FLAG("ps-anonymises", "the Presence Server does not name an anonymous watcher", HOME, home.ps_anonymises, no_yes,
         "yes"),
    SWITCH("ps-trusts-from", "broken Presence Server: takes From for the sender", HOME, home.ps_trusts_from),
    SWITCH("edge-passes-identity", "broken edge: lets P-Asserted-Identity in", HOME, home.edge_passes_identity),
    { "throttle", "seconds between two notifications of one subscription", HOME, FIELD_NUMBER, AT(home.throttle_s),
      NULL, 0, 3600, "5" },
    { "work", "log2 of the operations an attacker may spend on ciphers", ATTACKERS, FIELD_REAL, AT(attackers.work_log2),
      NULL, 0, 128, "44" },
    WORD("knowledge", "year of the attackers' literature", ATTACKERS, attackers.knowledge, years, "2021"),
};
const size_t option_fields_count = G_N_ELEMENTS(option_fields);

const Field *field_find(const char *name)
{
    for (size_t i = 0; i < option_fields_count; i++)
        if (strcmp(option_fields[i].name, name) == 0)
            return &option_fields[i];
    return NULL;
}

/* ---- lists of algorithms ---- */

static const char *const alg_names[] = { [ESP_HMAC_MD5_96] = "hmac-md5-96", [ESP_HMAC_SHA1_96] = "hmac-sha-1-96" };
static const char *const ealg_names[] = {
    [ESP_NULL] = "null", [ESP_DES_EDE3_CBC] = "des-ede3-cbc", [ESP_AES_CBC] = "aes-cbc"
};

static bool algs_name(const char *const names[], unsigned n, const char *text, unsigned *out)
{
    for (unsigned i = 0; i < n; i++) {
        if (strcmp(names[i], text) == 0) {
            *out = i;
            return true;
        }
    }
    return false;
}

/* "hmac-sha-1-96+des-ede3-cbc" or "hmac-sha-1-96" */
static bool algs_parse_one(const char *text, SecAlgs *out)
{
    g_auto(GStrv) halves = g_strsplit(text, "+", 3);
    unsigned alg = 0, ealg = ESP_NULL, n = g_strv_length(halves);
    if (n < 1 || n > 2 || !algs_name(alg_names, G_N_ELEMENTS(alg_names), halves[0], &alg))
        return false;
    if (n == 2 && !algs_name(ealg_names, G_N_ELEMENTS(ealg_names), halves[1], &ealg))
        return false;
    *out = (SecAlgs){ .alg = (EspAlg)alg, .ealg = (EspEalg)ealg };
    return true;
}

static bool algs_parse(const char *text, OptionAlgs *out)
{
    OptionAlgs algs = { .n = 0 };
    if (strcmp(text, "release") != 0) {
        g_auto(GStrv) entries = g_strsplit(text, ",", SEC_ALGS_MAX + 1);
        for (char **entry = entries; *entry; entry++)
            if (algs.n == SEC_ALGS_MAX || !algs_parse_one(*entry, &algs.algs[algs.n++]))
                return false;
        if (algs.n == 0)
            return false;
    }
    *out = algs;
    return true;
}

static char *algs_print(const OptionAlgs *algs)
{
    GString *out = g_string_new(algs->n == 0 ? "release" : NULL);
    for (unsigned i = 0; i < algs->n; i++) {
        g_string_append_printf(out, "%s%s", i == 0 ? "" : ",", alg_names[algs->algs[i].alg]);
        if (algs->algs[i].ealg != ESP_NULL)
            g_string_append_printf(out, "+%s", ealg_names[algs->algs[i].ealg]);
    }
    return g_string_free(out, FALSE);
}

/* ---- any field ---- */

static bool number_parse(const Field *field, const char *text, double *out)
{
    size_t len = strlen(text);
    if (!g_ascii_isdigit(text[0]) || len > 16 || strspn(text, "0123456789.") != len)
        return false;
    char *end = NULL;
    double value = g_ascii_strtod(text, &end);
    bool whole = value == (double)(unsigned)value;
    if (*end || value < field->least || value > field->most || (field->kind == FIELD_NUMBER && !whole))
        return false;
    *out = value;
    return true;
}

static const FieldWord *word_find(const Field *field, const char *text)
{
    for (const FieldWord *word = field->words; word && word->name; word++)
        if (strcmp(word->name, text) == 0)
            return word;
    return NULL;
}

bool field_parse(const Field *field, const char *text, Option *option)
{
    char *place = (char *)option + field->offset;
    double number = 0;
    const FieldWord *word = word_find(field, text);
    switch (field->kind) {
    case FIELD_BOOL:
        if (!word || word->reserved)
            return false;
        *(bool *)(void *)place = word->value != 0;
        return true;
    case FIELD_ENUM:
        if (!word || word->reserved)
            return false;
        *(unsigned *)(void *)place = word->value;
        return true;
    case FIELD_NUMBER:
        if (!number_parse(field, text, &number))
            return false;
        *(unsigned *)(void *)place = (unsigned)number;
        return true;
    case FIELD_REAL:
        if (!number_parse(field, text, &number))
            return false;
        *(double *)(void *)place = number;
        return true;
    case FIELD_ALGS: return algs_parse(text, (OptionAlgs *)(void *)place);
    }
    return false;
}

static char *word_print(const Field *field, unsigned value)
{
    for (const FieldWord *word = field->words; word->name; word++)
        if (word->value == value && !word->reserved)
            return g_strdup(word->name);
    g_assert_not_reached();
}

char *field_print(const Field *field, const Option *option)
{
    const char *place = (const char *)option + field->offset;
    char number[G_ASCII_DTOSTR_BUF_SIZE];
    switch (field->kind) {
    case FIELD_BOOL: return word_print(field, *(const bool *)(const void *)place);
    case FIELD_ENUM: return word_print(field, *(const unsigned *)(const void *)place);
    case FIELD_NUMBER: return g_strdup_printf("%u", *(const unsigned *)(const void *)place);
    case FIELD_REAL:
        return g_strdup(g_ascii_formatd(number, sizeof number, "%.12g", *(const double *)(const void *)place));
    case FIELD_ALGS: return algs_print((const OptionAlgs *)(const void *)place);
    }
    g_assert_not_reached();
}

char *field_allowed(const Field *field)
{
    if (field->kind == FIELD_ALGS)
        return g_strdup("release, or up to 6 of hmac-sha-1-96 or hmac-md5-96, each alone or with +des-ede3-cbc or "
                        "+aes-cbc, separated by commas");
    if (field->kind == FIELD_NUMBER || field->kind == FIELD_REAL)
        return g_strdup_printf("a%snumber from %g to %g", field->kind == FIELD_NUMBER ? " whole " : " ", field->least,
                               field->most);
    g_autofree const char **words = field_words(field);
    return g_strjoinv(", ", (char **)words);
}

bool field_is_reserved(const Field *field, const char *text)
{
    const FieldWord *word = word_find(field, text);
    return word && word->reserved;
}

const char **field_names(void)
{
    const char **names = g_new0(const char *, option_fields_count + 1);
    for (size_t i = 0; i < option_fields_count; i++)
        names[i] = option_fields[i].name;
    return names;
}

const char **field_words(const Field *field)
{
    GPtrArray *words = g_ptr_array_new();
    for (const FieldWord *word = field->words; word && word->name; word++)
        if (!word->reserved)
            g_ptr_array_add(words, (void *)word->name);
    g_ptr_array_add(words, NULL);
    return (const char **)g_ptr_array_free(words, FALSE);
}
