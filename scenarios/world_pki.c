/*
 * scenarios/world_pki.c - who gets which certificate, TLS policy and password.
 *
 * Source:  S3 §2, options 3 and 4; S0 §8.1.4 (passwords); RFC 3261 §23.1, §26.2.1, §26.3.1; RFC 5922 §4; TS 23.003
 * §13.3 (an IMPI has the form of an address, so that a certificate can name it). Knows:   values of options, never
 * their names.  Nothing is made before somebody needs it: RSA numbers take time.
 */
#include "scenarios/world_private.h"

#include "nodes/attacker/dictionary.h"

#include <string.h>

#define PS_NAME "ps." HOME_DOMAIN

/* A client's context for each policy, shared by the handsets that have no certificate. */
typedef struct WorldTlsClient {
    TlsVersion version;
    TlsCheck check;
    bool null;
    const Cert *cert; /* NULL: shows none */
    TlsContext *context;
} WorldTlsClient;

static void client_free(void *item)
{
    WorldTlsClient *client = item;
    tls_context_free(client->context);
    g_free(client);
}

void world_plan_pki(World *world)
{
    world->pki = world->flags.pki ? pki_ref(world->flags.pki) : NULL;
    world->clients = g_ptr_array_new_with_free_func(client_free);
    world->contexts = g_ptr_array_new_with_free_func((GDestroyNotify)tls_context_free);
    world->user_certs = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    world->passwords = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
}

void world_free_pki(World *world)
{
    g_ptr_array_unref(world->clients);
    g_ptr_array_unref(world->contexts);
    g_hash_table_destroy(world->user_certs);
    g_hash_table_destroy(world->passwords);
    pki_desk_free(world->desk);
    pki_unref(world->pki);
}

static PkiDesk *desk(World *world)
{
    if (!world->pki)
        world->pki = pki_new(world->seed);
    g_assert(pki_seed(world->pki) == world->seed);
    if (!world->desk)
        world->desk = pki_desk_new(world->pki);
    return world->desk;
}

bool world_has_tls(const World *world)
{
    for (guint i = 0; i < world->legs->len; i++)
        if (option_uses_tls(((const WorldLeg *)world->legs->pdata[i])->option))
            return true;
    return false;
}

/* ---- TLS on Gm ---- */

/* Secrets of every connection go into the capture, told once, by the server. */
static void on_secret(void *ctx, const char *line)
{
    World *world = ctx;
    if (world->flags.capture && world->capture)
        capture_add_secret(world->capture, line);
}

/* RFC 3261 §26.2.1 names the suite that everybody has; TLS 1.3 has its own. */
static void set_policy(const OptionLeg *leg, TlsPolicy *policy)
{
    static const TlsSuite cbc[] = { TLS_RSA_AES_128_CBC_SHA, TLS_AES_128_GCM_SHA256 }, null[] = { TLS_RSA_NULL_SHA };
    policy->lowest = policy->highest = (TlsVersion)leg->tls_version;
    policy->suites = leg->tls_null ? null : cbc;
    policy->n_suites = leg->tls_null ? G_N_ELEMENTS(null) : G_N_ELEMENTS(cbc);
    policy->auth = leg->client_certificate ? TLS_AUTH_MUTUAL : TLS_AUTH_SERVER;
}

void world_certify_pcscf(World *world, WorldLeg *leg)
{
    if (!option_uses_tls(leg->option))
        return;
    CertName name = { CERT_NAME_DNS, leg->domain };
    Credentials own = pki_certify(desk(world), &(PkiRequest){ .owner = leg->domain,
                                                              .subject = leg->domain,
                                                              .names = &name,
                                                              .n_names = 1,
                                                              .purposes = CERT_FOR_SERVER,
                                                              .kind = PKI_RSA });
    world->certificates.pcscf++;
    TlsPolicy policy = { .server = true,
                         .check = TLS_CHECK_CHAIN,
                         .trust = own.trust,
                         .cert = own.cert,
                         .key = own.key,
                         .keylog = on_secret,
                         .keylog_ctx = world };
    set_policy(&leg->option->leg, &policy);
    leg->server = tls_context_new(&policy);
    g_assert(leg->server != NULL); /* contradictions were refused when the option was read */
    g_ptr_array_add(world->contexts, leg->server);
}

/* @own: without a certificate where none is shown. */
static TlsContext *client_context(World *world, const OptionLeg *leg, const Credentials *own)
{
    for (guint i = 0; i < world->clients->len; i++) {
        const WorldTlsClient *client = world->clients->pdata[i];
        if (client->version == (TlsVersion)leg->tls_version && client->check == (TlsCheck)leg->tls_check &&
            client->null == leg->tls_null && client->cert == own->cert)
            return client->context;
    }
    TlsPolicy policy = {
        .check = (TlsCheck)leg->tls_check, .trust = pki_desk_trust(desk(world)), .cert = own->cert, .key = own->key
    };
    set_policy(leg, &policy);
    WorldTlsClient *client = g_new(WorldTlsClient, 1);
    *client = (WorldTlsClient){ .version = (TlsVersion)leg->tls_version,
                                .check = (TlsCheck)leg->tls_check,
                                .null = leg->tls_null,
                                .cert = own->cert,
                                .context = tls_context_new(&policy) };
    g_assert(client->context != NULL);
    g_ptr_array_add(world->clients, client);
    return client->context;
}

/* ---- subscribers ---- */

static bool has_smime(const Option *option)
{
    return option->guards.e2e != SMIME_NONE;
}

static Credentials certify_subscriber(World *world, const Option *values, const WorldCard *card, const char *name)
{
    g_autofree char *private_uri = g_strconcat("sip:", card->impi, NULL);
    CertName names[] = { { CERT_NAME_URI, card->impu }, { CERT_NAME_URI, private_uri } };
    return pki_certify(desk(world), &(PkiRequest){ .owner = name,
                                                   .subject = name,
                                                   .names = names,
                                                   .n_names = G_N_ELEMENTS(names),
                                                   .purposes = CERT_FOR_CLIENT | CERT_FOR_MAIL,
                                                   .kind = values->guards.rsa_subscribers ? PKI_RSA : PKI_EC });
}

static void provide_smime(World *world, const Option *values, const WorldCard *card, const Credentials *own,
                          UeConfig *config)
{
    config->smime = option_smime_policy(values);
    config->ps_name = PS_NAME;
    config->credentials.trust = pki_desk_trust(desk(world));
    if (config->smime.source == SMIME_CACHED)
        config->ps_cert = world->presence_cert;
    if (values->guards.certificates_missing)
        return;
    config->credentials = *own;
    if (config->smime.source == SMIME_CACHED)
        g_hash_table_insert(world->user_certs, g_strdup(card->impu), (void *)own->cert);
}

/* A word that anybody may think of, or one that nobody can guess (R36). */
static const char *draw_password(World *world, const char *name)
{
    SimStream stream = sim_stream(world->sim, name, "watcher-password", 0);
    char token[CANARY_LEN + 1];
    if (world->option->home.weak_password)
        return attacker_dictionary[sim_random_below(world->sim, &stream, attacker_dictionary_len)];
    sim_random_token(world->sim, &stream, token, CANARY_LEN);
    return world_text(world, "%s", token);
}

void world_certify_ue(World *world, const Option *values, const WorldLeg *leg, const WorldCard *card, UeConfig *config)
{
    bool tls = option_uses_tls(values), shows = tls && values->leg.client_certificate, smime = has_smime(values);
    Credentials none = { 0 }, own = none;
    if (shows || smime)
        own = certify_subscriber(world, values, card, config->name);
    world->certificates.subscribers += shows || (smime && !values->guards.certificates_missing);
    if (tls)
        config->tls = client_context(world, &values->leg, shows ? &own : &none);
    config->pcscf_name = leg->domain;
    if (smime)
        provide_smime(world, values, card, &own, config);
    if (world->option->home.asks_password) {
        config->watcher_password = draw_password(world, config->name);
        g_hash_table_insert(world->passwords, g_strdup(card->impu), (void *)config->watcher_password);
    }
}

/* ---- the Presence Server ---- */

static const Cert *find_cert(void *ctx, const char *impu)
{
    return g_hash_table_lookup(((const World *)ctx)->user_certs, impu);
}

static const char *find_password(void *ctx, const char *impu)
{
    return g_hash_table_lookup(((const World *)ctx)->passwords, impu);
}

void world_certify_presence(World *world, PresenceConfig *config)
{
    config->ctx = world;
    config->policy.smime_is_confidential = world->option->home.smime_is_confidential;
    config->policy.asks_password = world->option->home.asks_password;
    config->password = find_password;
    if (!has_smime(world->option))
        return;
    CertName name = { CERT_NAME_DNS, PS_NAME };
    config->credentials = pki_certify(desk(world), &(PkiRequest){ .owner = PS_NAME,
                                                                  .subject = PS_NAME,
                                                                  .names = &name,
                                                                  .n_names = 1,
                                                                  .purposes = CERT_FOR_SERVER | CERT_FOR_MAIL,
                                                                  .kind = PKI_EC });
    world->certificates.ps++;
    config->smime = option_smime_policy(world->option);
    config->user_cert = find_cert;
    world->presence_cert = config->credentials.cert;
}

/* ---- attackers ---- */

/* Any version, any suite, and nothing checked of the other end. */
static TlsContext *attacker_context(World *world, bool server, const AttackerCredentials *own)
{
    static const TlsSuite suites[] = { TLS_RSA_AES_128_CBC_SHA,
                                       TLS_RSA_AES_128_CBC_SHA256,
                                       TLS_RSA_AES_128_GCM_SHA256,
                                       TLS_ECDHE_RSA_AES_128_CBC_SHA,
                                       TLS_ECDHE_RSA_AES_128_GCM_SHA256,
                                       TLS_ECDHE_ECDSA_AES_128_CBC_SHA,
                                       TLS_ECDHE_ECDSA_AES_128_GCM_SHA256,
                                       TLS_AES_128_GCM_SHA256,
                                       TLS_RSA_NULL_SHA };
    TlsPolicy policy = { .server = server,
                         .lowest = TLS_1_0,
                         .highest = TLS_1_3,
                         .auth = TLS_AUTH_SERVER,
                         .check = TLS_CHECK_NOTHING,
                         .cert = own ? own->cert : NULL,
                         .key = own ? own->key : NULL,
                         .suites = suites,
                         .n_suites = G_N_ELEMENTS(suites),
                         .keylog = server ? on_secret : NULL,
                         .keylog_ctx = world };
    if (!server && own)
        policy.auth = TLS_AUTH_MUTUAL;
    TlsContext *context = tls_context_new(&policy);
    g_assert(context != NULL);
    g_ptr_array_add(world->contexts, context);
    return context;
}

static AttackerCredentials attacker_certificate(World *world, const AttackerConfig *config, PkiKind kind,
                                                const char *subject, const CertName *names, size_t n_names)
{
    Credentials own =
        pki_certify(desk(world), &(PkiRequest){ .owner = config->name,
                                                .subject = subject,
                                                .names = names,
                                                .n_names = n_names,
                                                .purposes = CERT_FOR_SERVER | CERT_FOR_CLIENT | CERT_FOR_MAIL,
                                                .kind = kind });
    return (AttackerCredentials){ .cert = own.cert, .key = own.key };
}

/* Whose P-CSCF he pretends to be: that of the first participant at whose segments he stands. */
static const char *played_by(const World *world, const ScenarioAttacker *item)
{
    for (char **at = item->at; *at; at++) {
        const char *colon = strchr(*at, ':');
        const WorldUe *victim = colon ? world_ue(world, colon + 1) : NULL;
        if (victim)
            return victim->leg->domain;
    }
    return ((const WorldLeg *)world->legs->pdata[0])->domain;
}

static bool edits_with_keys(const Move *move)
{
    for (unsigned i = 0; i < move->n_edits; i++) {
        EditKind kind = move->edits[i].kind;
        if (kind == EDIT_SUBSTITUTE_CERT || kind == EDIT_RE_ENCRYPT || kind == EDIT_SPLICE_BODY ||
            kind == EDIT_SEAL_BODY)
            return true;
    }
    return false;
}

/* Keys and signatures take longer than the rest of a run: who only listens, drops or replays needs none. */
static bool shows_certificates(const ScenarioAttacker *item)
{
    for (guint i = 0; i < item->moves->len; i++) {
        const Move *move = &((const ScenarioMove *)item->moves->pdata[i])->move;
        if (move->verb == MOVE_SESSION || move->verb == MOVE_INTERCEPT || edits_with_keys(move))
            return true;
    }
    return false;
}

/* A subscriber's certificate, of the authority that everybody trusts, for a host and an identity of his own; and one
 * that he wrote himself. */
void world_certify_attacker(World *world, const ScenarioAttacker *item, AttackerConfig *config)
{
    bool tls = world_has_tls(world);
    if (world->legs->len == 0 || (!tls && !has_smime(world->option)) || !shows_certificates(item))
        return;
    g_autofree char *host = g_strdup_printf("%s.example", config->name);
    g_autofree char *identity = g_strdup_printf("sip:%s@" HOME_DOMAIN, config->name);
    CertName own[] = { { CERT_NAME_DNS, host }, { CERT_NAME_URI, identity } };
    config->trust = pki_desk_trust(desk(world));
    config->credentials = attacker_certificate(world, config, PKI_RSA, host, own, G_N_ELEMENTS(own));
    CertName played = { CERT_NAME_DNS, played_by(world, item) };
    config->self_signed = attacker_certificate(world, config, PKI_SELF_SIGNED, played.name, &played, 1);
    const WorldUe *accomplice = item->owns[0] ? world_ue(world, item->owns) : NULL;
    if (accomplice) {
        Credentials theirs = certify_subscriber(world, accomplice->values, &accomplice->card, item->owns);
        config->subscriber = (AttackerCredentials){ theirs.cert, theirs.key };
    }
    if (!tls)
        return;
    config->tls.client = attacker_context(world, false, NULL);
    config->tls.client_certified = attacker_context(world, false, &config->credentials);
    config->tls.server_self_signed = attacker_context(world, true, &config->self_signed);
    config->tls.server_other_name = attacker_context(world, true, &config->credentials);
}
