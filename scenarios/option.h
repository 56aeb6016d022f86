/*
 * scenarios/option.h - an option: one way to deploy presence, as pure data.
 *
 * Source:  S3 (the alternatives), S4 §8.1.2.2 (what a P-CSCF may be configured to do); one table of fields drives
 * reading, checking, --set, defaults and printing, so a new field is one row in scenarios/option_fields.c. Knows:
 * values.  Nothing asks an option for its id: worlds are built from its values alone, so renaming a file changes
 * nothing but the name printed.
 */
#ifndef PRESEC_SCENARIOS_OPTION_H
#define PRESEC_SCENARIOS_OPTION_H

#include "nodes/pcscf.h"
#include "nodes/ue.h"
#include "scenarios/diagnostic.h"

/* What is under the IP packets of a leg.  LEG_CLEAR is UMTS with UEA0: the worst case for the air. */
typedef enum {
    LEG_CLEAR,
    LEG_UMTS_UEA1,
    LEG_UMTS_UEA0,
    LEG_GPRS_GEA0,
    LEG_GPRS_GEA1,
    LEG_GPRS_GEA2,
    LEG_GPRS_GEA3,
    LEG_WLAN_OPEN,
    LEG_WLAN_WEP,
    LEG_N_ACCESS
} OptionAccess;

/* A list of algorithm combinations by preference: "hmac-sha-1-96+des-ede3-cbc,hmac-sha-1-96". */
typedef struct OptionAlgs {
    SecAlgs algs[SEC_ALGS_MAX];
    unsigned n;
} OptionAlgs;

/* One leg: a UE, its access, the P-CSCF it is attached to.  Members are set by field name only; enumerations are
 * unsigned. */
typedef struct OptionLeg {
    unsigned ue_release;    /* 5, 6 */
    OptionAlgs offer;       /* n = 0: the release's own list */
    unsigned pcscf_release; /* 5, 6 */
    bool pcscf_encrypts, pcscf_indicates, pcscf_requires_encryption;
    OptionAlgs list;          /* n = 0: what release and policy give */
    unsigned pcscf_location;  /* OPTION_VISITED, OPTION_HOME */
    unsigned neighbour_pcscf; /* OPTION_NEIGHBOUR_NONE, OPTION_NEIGHBOUR_REL5 */
    unsigned access;          /* OptionAccess */
    unsigned gm;              /* OPTION_GM_IPSEC ... */
    bool sips;                /* always a contradiction: option_check.h says which */
    /* gm other than ipsec */
    bool client_certificate; /* the UE shows a certificate in the handshake */
    bool binds_certificate;  /* the P-CSCF compares it with the IMPI */
    unsigned tls_check;      /* TlsCheck of the UE */
    unsigned tls_version;    /* TlsVersion of both ends, no other */
    bool tls_null;           /* the suites that do not encrypt, and no other */
    bool falls_back;         /* to IPsec when TLS cannot be had */
    bool akav2_outside;      /* AT-42: the UE answers AKAv2 outside TLS too */
    bool usim_reuse;         /* the ISIM is implemented with the USIM: one key, one sequence */
    bool dual_mode;
    bool discovery_protected;
    /* broken implementations, for negative controls */
    unsigned echo_check; /* EchoCheck */
    bool list_is_intersection, tries_both, equal_spis, no_replay_check, no_icv_check, no_selector_check;
    bool early_dialect, falls_back_without_server_list, retries_without_encryption, smuggles_confidentiality;
    /* faults of a subscriber, for the failure cases of TS 33.203 §6.1.2 */
    unsigned isim_fault; /* OptionIsimFault */
} OptionLeg;
enum { OPTION_VISITED, OPTION_HOME };
enum { OPTION_GM_IPSEC, OPTION_GM_TLS, OPTION_GM_NEGOTIATED };
enum { OPTION_NEIGHBOUR_NONE, OPTION_NEIGHBOUR_REL5 };
typedef enum {
    ISIM_FAULT_NONE,
    ISIM_FAULT_WRONG_KEY, /* card and home differ in K: every challenge fails its MAC */
    ISIM_FAULT_SQN_AHEAD  /* the card has seen vectors that the home has forgotten: synchronisation failure */
} OptionIsimFault;

/* What a UE of this option demands before it uses presence.  Applies on every leg of a run; a Release 5 UE runs none of
 * it. */
typedef struct OptionGuards {
    unsigned guard;   /* UeGuard */
    bool refuse_null; /* missing-encryption refuse: abandons the registration */
    /* between UE and Presence Server */
    unsigned e2e;                /* SmimeMode */
    unsigned certificate_source; /* SmimeSource */
    bool sign;
    bool certificates_missing; /* the subscribers have none */
    bool clear_without;        /* missing-certificate clear */
    bool freshness;
    bool ignores_names;
    bool rich_document;
    bool rsa_subscribers; /* keys of the subscribers' certificates; else EC */
} OptionGuards;

typedef struct OptionHome {
    unsigned scscf_release;
    bool za_enc; /* NDS/IP encrypts between visited and home network */
    bool forwards_indication;
    bool network_guard;       /* option 1 in the network */
    bool messages_too;        /* ... also for MESSAGE */
    bool clear_notifications; /* default Subscription Authorization Policy */
    bool checks_indication_source;
    bool ps_anonymises, ps_trusts_from, edge_passes_identity;
    unsigned throttle_s;
    unsigned tls_aka;           /* Digest AKA version inside TLS: 1, 2 */
    bool tls_strict;            /* rel5-tls-mode strict: only SA-protected REGISTERs count (K39) */
    bool udp_only;              /* no TCP for SIP anywhere in the network */
    bool smime_is_confidential; /* to the policy: encrypted to the watcher's certificate */
    bool asks_password;         /* the policy: watchers authenticate with HTTP Digest */
    bool weak_password;         /* ... with a word of a dictionary */
    unsigned res_bits;          /* 64, 32 */
    bool single_sqn;            /* broken AuC and cards: one counter, strictly increasing */
} OptionHome;

typedef struct OptionAttackers {
    double work_log2;   /* of the attackers that do not say their own */
    unsigned knowledge; /* year */
} OptionAttackers;

typedef struct Option {
    char *id, *row, *title, *group, *about, *note;
    bool shown_first;   /* one of the dozen rows that a delegate asks about first */
    GPtrArray *sources; /* char*, "S3 §2" */
    OptionLeg leg;
    OptionGuards guards;
    OptionHome home;
    OptionAttackers attackers;
    GPtrArray *open; /* OptionOpen*, fields that the definition leaves open */
} Option;

typedef struct OptionOpen {
    char *field;
    char **values; /* the first is the default; NULL-terminated */
} OptionOpen;

Option *option_new(void); /* every field at its default: the gap, Release 6 UE at Release 5 P-CSCF */
Option *option_copy(const Option *option) G_GNUC_WARN_UNUSED_RESULT;
void option_free(Option *option);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Option, option_free)

/* A shipped id, or a file name (one with a '/' or a '.', or "-" for standard input).  NULL: see @diagnostics. */
Option *option_load(const char *id_or_file, Diagnostics *diagnostics) G_GNUC_WARN_UNUSED_RESULT;
/* Ids of the shipped options in their order of presentation, NULL-terminated; g_strfreev. */
char **option_ids(void) G_GNUC_WARN_UNUSED_RESULT;
/* Those of them that are shown first. */
char **option_ids_shown_first(void) G_GNUC_WARN_UNUSED_RESULT;

#define OPTION_ERROR option_error_quark()
GQuark option_error_quark(void);
typedef enum { OPTION_ERROR_FIELD, OPTION_ERROR_VALUE, OPTION_ERROR_CONTRADICTION } OptionErrorCode;

/* --set FIELD=VALUE.  An open field is closed by it.  False: no such field or value, @error says what is allowed. */
bool option_set(Option *option, const char *field, const char *value, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* "FIELD=VALUE" */
bool option_set_text(Option *option, const char *setting, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The field's value as text; NULL: no such field.  g_free. */
char *option_get(const Option *option, const char *field) G_GNUC_WARN_UNUSED_RESULT;
/* NULL: not open. */
const OptionOpen *option_find_open(const Option *option, const char *field);
/* Every field that differs from the default, one "field=value" a line, in order of the table. */
char *option_print(const Option *option, bool all) G_GNUC_WARN_UNUSED_RESULT;

/* Which part of an option a field belongs to. */
typedef enum { OPTION_SCOPE_LEG, OPTION_SCOPE_GUARDS, OPTION_SCOPE_HOME, OPTION_SCOPE_ATTACKERS } OptionScope;
typedef struct OptionFieldInfo {
    const char *name, *title;
    OptionScope scope;
    const char *standard; /* the default */
} OptionFieldInfo;
size_t option_n_fields(void);
OptionFieldInfo option_field(size_t i);
char *option_field_allowed(size_t i) G_GNUC_WARN_UNUSED_RESULT; /* "no, yes" */

/* @base with the leg fields of @leg: a participant on another leg, under the home settings, guards and attackers of
 * @base. */
Option *option_with_leg(const Option *base, const Option *leg) G_GNUC_WARN_UNUSED_RESULT;

/* One combination of open fields. */
typedef struct OptionBranch {
    char *set; /* "dual-mode=yes", "a=x b=y", "" = the defaults and nothing is open */
    Option *option;
} OptionBranch;
/* Every combination of those of @fields (NULL-terminated) that are open in @option, the defaults first; the other open
 * fields stay at their default.  At least one branch.  OptionBranch*; the array frees them. */
GPtrArray *option_branches(const Option *option, const char *const *fields) G_GNUC_WARN_UNUSED_RESULT;

/* What the values mean to the nodes. */
AccessTechnology option_access_technology(OptionAccess access);
RadioCipher option_access_cipher(OptionAccess access);
UePolicy option_ue_policy(const Option *option);
PcscfPolicy option_pcscf_policy(const Option *option);
PcscfPolicy option_neighbour_policy(void);
SmimePolicy option_smime_policy(const Option *option);
bool option_uses_tls(const Option *option);
/* Whether two legs can be served by one P-CSCF. */
bool option_same_pcscf(const Option *a, const Option *b);

/* A commented file that validates. */
char *option_template(void) G_GNUC_WARN_UNUSED_RESULT;

#endif
