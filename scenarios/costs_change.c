/*
 * scenarios/costs_change.c - which nodes must change, and which certificates there must be.
 *
 * Source:  S3 §2: "big change to Release 5 specifications" is a price, too.
 * Knows:   to which nodes a field belongs.  What must change is computed from the values.
 */
#include "scenarios/costs_private.h"

#include <string.h>

#define UE    COST_CHANGES_UE
#define PCSCF COST_CHANGES_PCSCF
#define SCSCF COST_CHANGES_SCSCF
#define PS    COST_CHANGES_PS

/* Fields that are not here say where something stands, not what it can do: accesses, neighbours, attackers. */
static const struct {
    const char *field;
    unsigned nodes;
} field_nodes[] = {
    { "ue-release", UE },
    { "offer", UE },
    { "pcscf-release", PCSCF },
    { "pcscf-encrypts", PCSCF },
    { "pcscf-indicates", PCSCF },
    { "pcscf-requires-encryption", PCSCF },
    { "pcscf-list", PCSCF },
    { "gm", UE | PCSCF | SCSCF }, /* who registers over TLS must be marked, and the mark believed (K39) */
    { "uri-scheme", UE },
    { "tls-authentication", UE | PCSCF },
    { "certificate-binding", PCSCF },
    { "tls-check", UE },
    { "tls-version", UE | PCSCF },
    { "tls-suite", UE | PCSCF },
    { "fallback", UE },
    { "akav2-outside", UE },
    { "credential", UE },
    { "echo-check", PCSCF },
    { "list-is-intersection", PCSCF },
    { "tries-both", PCSCF },
    { "equal-spis", PCSCF },
    { "no-replay-check", UE | PCSCF },
    { "no-icv-check", UE | PCSCF },
    { "no-selector-check", UE | PCSCF },
    { "early-dialect", UE },
    { "falls-back-without-list", UE },
    { "retries-without-encryption", UE },
    { "smuggles-confidentiality", UE },
    { "guard", UE },
    { "missing-encryption", UE },
    { "e2e", UE | PS },
    { "signature", UE | PS },
    { "missing-certificate", UE | PS },
    { "certificate-source", UE | PS },
    { "freshness", UE | PS },
    { "smime-names", UE | PS },
    { "subscriber-keys", UE },
    { "document", UE },
    { "scscf-release", SCSCF },
    { "forwards-indication", SCSCF | PS },
    { "network-guard", SCSCF | PS },
    { "messages-too", SCSCF },
    { "clear-notifications", PS },
    { "checks-indication-source", SCSCF },
    { "smime-is-confidential", PS },
    { "watcher-authentication", UE | PS },
    { "password", PS },
    { "aka", UE | SCSCF },
    { "ps-anonymises", PS },
    { "ps-trusts-from", PS },
};

unsigned cost_field_nodes(const char *field)
{
    for (size_t i = 0; i < G_N_ELEMENTS(field_nodes); i++)
        if (strcmp(field_nodes[i].field, field) == 0)
            return field_nodes[i].nodes;
    return 0;
}

/* An older release is no change: it is what was there before. */
static bool is_older(const char *field, const char *value, const char *standard)
{
    return g_str_has_suffix(field, "-release") &&
           g_ascii_strtoull(value, NULL, 10) < g_ascii_strtoull(standard, NULL, 10);
}

/* A field at its default is as in the gap: the defaults are the gap. */
unsigned costs_changes(const Option *option)
{
    unsigned changes = 0;
    for (size_t i = 0; i < option_n_fields(); i++) {
        OptionFieldInfo field = option_field(i);
        g_autofree char *value = option_get(option, field.name);
        if (strcmp(value, field.standard) != 0 && !is_older(field.name, value, field.standard))
            changes |= cost_field_nodes(field.name);
    }
    if ((changes & PCSCF) && option->leg.pcscf_release == 5)
        changes |= COST_CHANGES_PCSCF_REL5;
    return changes;
}
