/*
 * nodes/hss.c - the HSS: subscriber data, authentication vectors, S-CSCF assignment.
 *
 * Source:  TS 29.228 §6.1.1 (UAR), §6.1.2 (SAR), §6.1.4 (LIR), §6.3 (MAR, checks in the order given there); TS 29.229
 * §6.2 (results).
 */
#include "nodes/hss.h"
#include "nodes/msg/cx_user_data.h"
#include "nodes/msg/sip_uri.h"
#include "nodes/stack/diameter_peer.h"

typedef struct Subscriber {
    HssSubscriber data;
    const char **impu;
    bool registered, pending;    /* "initial registration pending" until SAR, TS 33.203 §6.1.1 */
    const char *server;          /* the S-CSCF's stored name; NULL: none is assigned */
    SimStream rand_ims, rand_ps; /* its own, so that other subscribers leave its challenges as they are */
} Subscriber;

struct Hss {
    HssConfig config;
    Sim *sim;
    NetHost *host;
    DiameterPeer *peer;
    GHashTable *by_impi, *by_impu, *by_imsi; /* looked up, never walked */
    GPtrArray *all;
    GStringChunk *servers; /* names of S-CSCFs, each once */
    uint64_t vectors;
};

static Subscriber *lookup(GHashTable *table, Text key)
{
    char buffer[256];
    if (key.len >= sizeof buffer)
        return NULL;
    memcpy(buffer, key.p, key.len);
    buffer[key.len] = '\0';
    return g_hash_table_lookup(table, buffer);
}

/* Identities are compared as addresses-of-record (RFC 3261 §10.3 step 5). */
static Subscriber *lookup_impu(const Hss *hss, Text text)
{
    SipUri uri;
    char key[CX_URI_MAX];
    size_t len = sip_uri(text, &uri) ? sip_uri_canonical(&uri, key, sizeof key) : 0;
    return len > 0 ? lookup(hss->by_impu, text_of(key, len)) : NULL;
}

/* Both identities exist (5001) and belong together (5002): TS 29.228 §6.3.1. */
static Subscriber *check_identities(Hss *hss, const CxMessage *request, CxMessage *answer)
{
    Subscriber *by_impu = lookup_impu(hss, request->impu);
    Subscriber *by_impi = text_present(request->impi) ? lookup(hss->by_impi, request->impi) : by_impu;

    if (by_impu == NULL || by_impi == NULL) {
        answer->experimental = CX_USER_UNKNOWN;
        return NULL;
    }
    if (by_impu != by_impi) {
        answer->experimental = CX_IDENTITIES_DONT_MATCH;
        return NULL;
    }
    return by_impi;
}

/* The stored S-CSCF, or the one that would be assigned. */
static Text serving(const Hss *hss, const Subscriber *sub)
{
    return text_from(sub->server != NULL ? sub->server : hss->config.scscf);
}

static void assign(Hss *hss, Subscriber *sub, Text server)
{
    if (text_present(server) && (sub->server == NULL || !text_is(server, sub->server)))
        sub->server = g_string_chunk_insert_const(hss->servers, sim_text(hss->sim, TEXT_FMT, TEXT_ARG(server)));
}

static void serve_uar(Hss *hss, const CxMessage *request, CxMessage *answer)
{
    Subscriber *sub = check_identities(hss, request, answer);
    if (sub == NULL)
        return;
    if (request->has_authorization_type && request->authorization_type == CX_DE_REGISTRATION && !sub->registered) {
        answer->experimental = CX_IDENTITY_NOT_REGISTERED;
        return;
    }
    answer->experimental = sub->server != NULL ? CX_SUBSEQUENT_REGISTRATION : CX_FIRST_REGISTRATION;
    answer->server_name = serving(hss, sub);
}

/* One application has one SEQ_HE, whichever domain asks (TS 33.102 §C.1.1.2). */
static void advance(const Subscriber *sub, AkaHe *used, AkaHe *other, const uint8_t rand[AKA_RAND_LEN], AkaAv *out)
{
    aka_he_av(used, rand, out);
    if (sub->data.one_application)
        other->seq = used->seq;
}

static void serve_mar(Hss *hss, const CxMessage *request, CxMessage *answer)
{
    Subscriber *sub = check_identities(hss, request, answer);
    if (sub == NULL)
        return;
    if (!text_is(request->scheme, CX_SCHEME_AKA)) {
        answer->experimental = CX_AUTH_SCHEME_NOT_SUPPORTED;
        return;
    }
    /* RAND || AUTS: the batch starts where the card is; only from the S-CSCF that had the challenge */
    if (request->resync && sub->server != NULL && text_is(request->server_name, sub->server)) {
        AkaResync done = aka_he_resync(&sub->data.isim, request->rand_auts, request->rand_auts + AKA_RAND_LEN);
        trace_decision(hss->sim, hss->config.name, "hss-resync", "TS 33.102 §6.3.5", "%s",
                       done == AKA_RESYNC_DONE         ? "takes the card's SQN from AUTS"
                       : done == AKA_RESYNC_NOT_NEEDED ? "needs no AUTS: the next SQN would be accepted"
                                                       : "ignores an AUTS that is not the card's");
        if (done == AKA_RESYNC_BAD_MAC) {
            answer->result = CX_UNABLE_TO_COMPLY;
            return;
        }
    }
    AkaAv av;
    uint8_t rand[AKA_RAND_LEN];
    sim_random(hss->sim, &sub->rand_ims, rand, sizeof rand);
    advance(sub, &sub->data.isim, &sub->data.usim, rand, &av);
    hss->vectors++;
    if (hss->config.made != NULL)
        hss->config.made(hss->config.ctx, sub->data.impi, &av);
    sub->pending = true;
    assign(hss, sub, request->server_name);
    answer->result = CX_SUCCESS;
    answer->impi = text_from(sub->data.impi);
    answer->impu = request->impu;
    answer->n_avs = 1;
    answer->n_auth_items = 1;
    answer->scheme = TEXT(CX_SCHEME_AKA);
    answer->av[0].item = 1;
    memcpy(answer->av[0].rand_autn, av.rand, AKA_RAND_LEN);
    memcpy(answer->av[0].rand_autn + AKA_RAND_LEN, av.autn, AKA_AUTN_LEN);
    memcpy(answer->av[0].xres, av.xres, av.res_len);
    answer->av[0].xres_len = av.res_len;
    memcpy(answer->av[0].ck, av.ck, AKA_CK_LEN);
    memcpy(answer->av[0].ik, av.ik, AKA_IK_LEN);
}

/* The implicit registration set, and: what its user publishes, and what others ask about presence, goes to the Presence
 * Server. */
static void user_data(Hss *hss, const Subscriber *sub, CxMessage *answer)
{
    static const struct {
        const char *method;
        CxSessionCase session_case;
    } criteria[] = { { "PUBLISH", CX_ORIGINATING },
                     { "SUBSCRIBE", CX_TERMINATING_REGISTERED },
                     { "SUBSCRIBE", CX_TERMINATING_UNREGISTERED },
                     { "OPTIONS", CX_ORIGINATING } }; /* for the Presence Server's certificate, RFC 3261 §23.2 */
    CxUserData *data = sim_alloc(hss->sim, sizeof *data);
    size_t cap = 8192;
    char *xml = sim_alloc(hss->sim, cap);

    memset(data, 0, sizeof *data);
    g_strlcpy(data->impi, sub->data.impi, sizeof data->impi);
    data->n_impus = MIN(sub->data.n_impu, CX_IMPUS_MAX);
    for (unsigned i = 0; i < data->n_impus; i++) {
        g_strlcpy(data->impu[i], sub->data.impu[i], sizeof data->impu[i]);
        data->barred[i] = (sub->data.barred >> i & 1) != 0;
    }
    for (unsigned i = 0; i < G_N_ELEMENTS(criteria); i++) {
        CxFilter *filter = &data->filter[data->n_filters++];
        *filter = (CxFilter){ .priority = i, .conjunctive = true, .n_triggers = 2 };
        filter->trigger[0] = (CxTrigger){ .group = 0, .kind = CX_TRIGGER_METHOD };
        g_strlcpy(filter->trigger[0].pattern, criteria[i].method, sizeof filter->trigger[0].pattern);
        filter->trigger[1] =
            (CxTrigger){ .group = 1, .kind = CX_TRIGGER_SESSION_CASE, .session_case = criteria[i].session_case };
        g_strlcpy(filter->server, hss->config.presence_server, sizeof filter->server);
    }
    size_t len = cx_user_data_write(data, xml, cap);
    g_assert(len > 0);
    answer->user_data = text_of(xml, len);
}

static void serve_sar(Hss *hss, const CxMessage *request, CxMessage *answer)
{
    Subscriber *sub = check_identities(hss, request, answer);
    if (sub == NULL)
        return;
    answer->result = CX_SUCCESS;
    answer->impi = text_from(sub->data.impi);
    switch (request->assignment) {
    case CX_ASSIGN_REGISTRATION:
    case CX_ASSIGN_RE_REGISTRATION:
        sub->registered = true;
        sub->pending = false;
        assign(hss, sub, request->server_name);
        if (request->user_data_available == 0) /* TS 29.228 §6.1.2.1: the S-CSCF may have it already */
            user_data(hss, sub, answer);
        return;
    case CX_ASSIGN_NONE:
    case CX_ASSIGN_UNREGISTERED_USER: user_data(hss, sub, answer); return;
    case CX_ASSIGN_AUTHENTICATION_FAILURE:
    case CX_ASSIGN_AUTHENTICATION_TIMEOUT: /* a registered user stays registered: TS 33.203 §6.1.1 */
        sub->pending = false;
        if (!sub->registered)
            sub->server = NULL;
        return;
    default:
        sub->registered = sub->pending = false;
        sub->server = NULL;
        return;
    }
}

static void serve_lir(Hss *hss, const CxMessage *request, CxMessage *answer)
{
    Subscriber *sub = lookup_impu(hss, request->impu);
    if (sub == NULL) {
        answer->experimental = CX_USER_UNKNOWN;
        return;
    }
    if (sub->server != NULL)
        answer->result = CX_SUCCESS;
    else /* unregistered users have services too: the presence server serves their watchers */
        answer->experimental = CX_UNREGISTERED_SERVICE;
    answer->server_name = serving(hss, sub);
}

static void serve(void *node, DiameterRequest *request, const CxMessage *cx)
{
    Hss *hss = node;
    CxMessage *answer = sim_alloc(hss->sim, sizeof *answer);

    memset(answer, 0, sizeof *answer);
    answer->command = cx->command;
    switch (cx->command) {
    case CX_USER_AUTHORIZATION: serve_uar(hss, cx, answer); break;
    case CX_MULTIMEDIA_AUTH: serve_mar(hss, cx, answer); break;
    case CX_SERVER_ASSIGNMENT: serve_sar(hss, cx, answer); break;
    case CX_LOCATION_INFO: serve_lir(hss, cx, answer); break;
    default: answer->result = CX_UNABLE_TO_COMPLY; break;
    }
    diameter_answer(request, answer);
}

Hss *hss_new(Net *net, const HssConfig *config)
{
    Hss *hss = g_new0(Hss, 1);

    hss->config = *config;
    hss->sim = net_sim(net);
    hss->host = net_host_new(net, config->name, &config->addr);
    hss->by_impi = g_hash_table_new(g_str_hash, g_str_equal);
    hss->by_impu = g_hash_table_new(g_str_hash, g_str_equal);
    hss->by_imsi = g_hash_table_new(g_str_hash, g_str_equal);
    hss->all = g_ptr_array_new();
    hss->servers = g_string_chunk_new(64);
    hss->peer = diameter_peer_new(hss->host, config->name, config->domain, config->home_domain, serve, hss);
    return hss;
}

void hss_free(Hss *hss)
{
    diameter_peer_free(hss->peer);
    for (guint i = 0; i < hss->all->len; i++) {
        Subscriber *sub = hss->all->pdata[i];
        aka_he_clear(&sub->data.isim);
        aka_he_clear(&sub->data.usim);
        g_free(sub->impu);
        g_free(sub);
    }
    g_ptr_array_free(hss->all, TRUE);
    g_string_chunk_free(hss->servers);
    g_hash_table_destroy(hss->by_impi);
    g_hash_table_destroy(hss->by_impu);
    g_hash_table_destroy(hss->by_imsi);
    g_free(hss);
}

NetHost *hss_host(Hss *hss)
{
    return hss->host;
}

void hss_add(Hss *hss, const HssSubscriber *subscriber)
{
    Subscriber *sub = g_new0(Subscriber, 1);

    sub->data = *subscriber;
    sub->impu = g_memdup2(subscriber->impu, subscriber->n_impu * sizeof *subscriber->impu);
    sub->data.impu = sub->impu;
    sub->rand_ims = sim_stream(hss->sim, sub->data.imsi, "rand-ims", 0);
    sub->rand_ps = sim_stream(hss->sim, sub->data.imsi, "rand-ps", 0);
    g_ptr_array_add(hss->all, sub);
    g_hash_table_insert(hss->by_impi, (char *)sub->data.impi, sub);
    g_hash_table_insert(hss->by_imsi, (char *)sub->data.imsi, sub);
    for (unsigned i = 0; i < sub->data.n_impu; i++)
        g_hash_table_insert(hss->by_impu, (char *)sub->data.impu[i], sub);
}

bool hss_access_vector(void *ctx, const char *imsi, const uint8_t *auts_rand, const uint8_t *auts, AkaAv *out)
{
    Hss *hss = ctx;
    Subscriber *sub = g_hash_table_lookup(hss->by_imsi, imsi);
    uint8_t rand[AKA_RAND_LEN];

    if (sub == NULL)
        return false;
    if (auts != NULL && aka_he_resync(&sub->data.usim, auts_rand, auts) == AKA_RESYNC_BAD_MAC)
        return false;
    sim_random(hss->sim, &sub->rand_ps, rand, sizeof rand);
    advance(sub, &sub->data.usim, &sub->data.isim, rand, out);
    return true;
}

uint64_t hss_vectors(const Hss *hss)
{
    return hss->vectors;
}
