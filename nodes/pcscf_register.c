/*
 * nodes/pcscf_register.c - registration at the P-CSCF: SM1 to SM12 as they pass, and the security associations they
 * make.
 *
 * Source:  TS 33.203 §6.1.5, §7.1-§7.4; TS 24.229 §5.2.2; draft TR Presence Security v0.5.0 §8.1.2.2 (S4).
 */
#include "nodes/pcscf_internal.h"
#include "crypto/hash.h"
#include "nodes/cscf.h"
#include "nodes/routing.h"

#define REG_AWAIT_AUTH (240 * SIM_SEC) /* TS 24.229 §7.8 */
#define SAS_LINGER     (128 * SIM_SEC) /* 64 * T1: retransmissions of what was sent last */
#define LIFETIME_EXTRA 30              /* seconds over the registration's, TS 33.203 §7.4 */

/* --- contacts and their SAs --- */

static void no_longer_half_open(Contact *contact)
{
    GHashTable *half_open = contact->pcscf->half_open;
    if (g_hash_table_lookup(half_open, contact->impi) == contact)
        g_hash_table_remove(half_open, contact->impi);
}

static void forget_contact(Contact *contact)
{
    Pcscf *pcscf = contact->pcscf;

    if (contact->sas != 0) {
        g_hash_table_remove(pcscf->by_sa, GUINT_TO_POINTER(contact->sas));
        sad_remove(pcscf->sad, contact->sas);
    }
    if (pcscf_contact_at(pcscf, &contact->ue) == contact)
        g_hash_table_remove(pcscf->by_addr, &contact->ue);
    no_longer_half_open(contact);
    sim_cancel(pcscf->sim, contact->timer);
    contact->timer = 0;
    contact->sas = 0;
    contact->forgotten = true;
    if (contact->relays == 0) /* else when the last REGISTER of it has come back */
        pcscf_contact_free(contact);
}

static void on_contact_timer(Sim *sim, void *ctx, uint64_t arg)
{
    Contact *contact = ctx;
    contact->timer = 0;
    if (contact->state == CONTACT_HALF_OPEN)
        trace_drop(sim, contact->pcscf->config.name, "sa-await-timeout",
                   "no valid SM7 of %s: temporary SAs are deleted", contact->impi);
    forget_contact(contact);
}

static void contact_expires_in(Contact *contact, SimTime delay)
{
    Sim *sim = contact->pcscf->sim;
    sim_cancel(sim, contact->timer);
    contact->timer = sim_after(sim, net_host_source(contact->pcscf->host), delay, on_contact_timer, contact, 0);
}

/* The SAs go when what was sent through them last can no longer be asked for again.  @answering: that last message is
 * still to be sent. */
static void leave(Contact *contact, bool answering)
{
    contact->state = CONTACT_LEAVING;
    no_longer_half_open(contact);
    sad_set_outbound(contact->pcscf->sad, contact->sas, answering);
    if (pcscf_contact_at(contact->pcscf, &contact->ue) == contact)
        g_hash_table_remove(contact->pcscf->by_addr, &contact->ue);
    contact_expires_in(contact, SAS_LINGER);
}

/* --- our list --- */

/* What SM6 lists: the static list, of which a policy that does not encrypt leaves the entries with ealg out. */
static unsigned own_list(const Pcscf *pcscf, const SipSecList *offered, SecAlgs out[SEC_ALGS_MAX])
{
    const PcscfPolicy *policy = &pcscf->config.policy;
    unsigned n = 0;
    for (unsigned i = 0; i < policy->n_list; i++) {
        if (policy->list[i].ealg != ESP_NULL && !policy->encrypts)
            continue;
        if (policy->list_is_intersection && !secagree_offers(offered, policy->list[i]))
            continue;
        out[n++] = policy->list[i];
    }
    return n;
}

static TraceId explain_list(Pcscf *pcscf, const SipSecList *offered)
{
    const PcscfPolicy *policy = &pcscf->config.policy;
    const char *name = pcscf->config.name;

    if (policy->encrypts)
        return trace_decision(pcscf->sim, name, "pcscf-list",
                              "TS 33.203 §7.2; draft TR Presence Security v0.5.0 §8.1.2.2 (S4)",
                              "%s lists encryption algorithms in SM6%s",
                              policy->release >= 6 ? "is Release 6 and its policy requires encryption:"
                                                   : "is Release 5 with the change of option 5:",
                              secagree_offers_encryption(offered) ? "" : ", though SM1 offered none");
    if (policy->release >= 6)
        return trace_decision(pcscf->sim, name, "pcscf-list", "draft TR Presence Security v0.5.0 §8.1.2.2 NOTE (S4)",
                              "is Release 6 but trusts the access network's ciphering: SM6 lists no ealg");
    return trace_decision(pcscf->sim, name, "pcscf-list", "SA3 discussion paper §2 (S3)",
                          "is Release 5: SM6 lists no ealg");
}

static uint32_t new_spi(Pcscf *pcscf, SimStream *stream, const Contact *contact, uint32_t other)
{
    uint32_t spi;
    do /* different from the UE's: with one key both ways this stops reflection (TS 33.203 §7.1) */
        spi = (uint32_t)sim_random_u64(pcscf->sim, stream);
    while (spi < 256 || sad_spi_in_use(pcscf->sad, spi) || spi == contact->ue_end.spi_c ||
           spi == contact->ue_end.spi_s || spi == other);
    return spi;
}

static void choose_own_end(Pcscf *pcscf, Contact *contact, const SipMsg *response)
{
    /* a stream of this registration, so that other subscribers leave its SPIs as they are */
    SimStream stream =
        sim_stream(pcscf->sim, pcscf->config.name, routing_token(pcscf->sim, contact->impi, response, "spi", 16), 0);
    Contact *over = pcscf_contact_of_sa(pcscf, contact->over);

    contact->own_end.port_s = PCSCF_PORT_PS;
    contact->own_end.port_c =
        over == NULL ? PCSCF_PORT_PC
                     : (uint16_t)(PCSCF_PORT_PC + (over->own_end.port_c - PCSCF_PORT_PC + 1) % PCSCF_N_PORT_PC);
    if (pcscf->config.policy.equal_spis) { /* S35 */
        contact->own_end.spi_c = contact->ue_end.spi_c;
        contact->own_end.spi_s = contact->ue_end.spi_s;
        return;
    }
    contact->own_end.spi_c = new_spi(pcscf, &stream, contact, 0);
    contact->own_end.spi_s = new_spi(pcscf, &stream, contact, contact->own_end.spi_c);
}

/* --- SM6 --- */

static bool make_sas(Contact *contact, const SipDigest *challenge)
{
    Pcscf *pcscf = contact->pcscf;
    SaParams params = {
        .ue = contact->ue,
        .pcscf = *net_host_addr(pcscf->host),
        .spi_uc = contact->ue_end.spi_c,
        .spi_us = contact->ue_end.spi_s,
        .spi_pc = contact->own_end.spi_c,
        .spi_ps = contact->own_end.spi_s,
        .port_uc = contact->ue_end.port_c,
        .port_us = contact->ue_end.port_s,
        .port_pc = contact->own_end.port_c,
        .port_ps = contact->own_end.port_s,
        .alg = contact->algs.alg,
        .ealg = contact->algs.ealg,
        .user = contact->impi,
        .because = sim_context(pcscf->sim).cause,
    };
    if (!text_to_octets(challenge->ik, params.ik, sizeof params.ik) ||
        !text_to_octets(challenge->ck, params.ck, sizeof params.ck))
        return false;
    contact->sas = sad_add(pcscf->sad, &params, true);
    if (contact->sas != 0 && pcscf->config.policy.tries_both)
        sad_accept_also(pcscf->sad, contact->sas, ESP_NULL);
    crypto_wipe(&params, sizeof params);
    return contact->sas != 0;
}

static const char *list_text(Pcscf *pcscf, const SecAlgs algs[], unsigned n, const SecEnd *end)
{
    SipWriter w;
    size_t cap = 1024;
    sip_write_init(&w, sim_alloc(pcscf->sim, cap), cap - 1);
    secagree_write(&w, algs, n, end);
    w.out[w.len] = '\0';
    return w.out;
}

/* ik and ck are ours alone: TS 24.229 §5.2.2 */
static void strip_keys(const SipMsg *response, SipEdit *edit)
{
    static const char *const keys[] = { "ik", "ck" };
    const SipHeader *header = sip_first(response, SIP_H_WWW_AUTHENTICATE);
    if (header == NULL)
        return;
    for (unsigned i = 0; i < G_N_ELEMENTS(keys); i++) {
        Text span;
        if (sip_auth_param_span(header->value, keys[i], &span))
            sip_edit_remove_param(edit, header, span, ',');
    }
}

/* Where an answer to this UE goes: on the old SAs if SM1 came through them, else unprotected (the Via's place). */
static void answer_over(Contact *contact, SaSetId sas, SipFlow *back)
{
    Contact *over = pcscf_contact_of_sa(contact->pcscf, sas);
    if (over == NULL)
        return;
    back->addr = over->ue;
    back->port = over->ue_end.port_s;
    back->local_port = over->own_end.port_c;
}

/* A new challenge of the same UE supersedes the one under way: its "registration SAs" go (TS 33.203 §6.1.2.3). */
static void become_half_open(Contact *contact)
{
    GHashTable *half_open = contact->pcscf->half_open;
    Contact *before = g_hash_table_lookup(half_open, contact->impi);
    if (before != NULL && net_addr_equal(&before->ue, &contact->ue))
        forget_contact(before);
    contact->state = CONTACT_HALF_OPEN;
    g_hash_table_replace(half_open, contact->impi, contact);
    contact_expires_in(contact, REG_AWAIT_AUTH);
}

static void on_challenge(Contact *contact, const SipMsg *response, SipEdit *edit, SipFlow *back)
{
    Pcscf *pcscf = contact->pcscf;
    SipDigest challenge;
    SipSecList offered;
    SecAlgs own[SEC_ALGS_MAX];

    if (!sip_digest(response, SIP_H_WWW_AUTHENTICATE, &challenge))
        return;
    if (contact->security_client == NULL || !sip_sec_list_decode(text_from(contact->security_client), &offered))
        return;
    unsigned n = own_list(pcscf, &offered, own);
    explain_list(pcscf, &offered);
    choose_own_end(pcscf, contact, response);
    if (!make_sas(contact, &challenge))
        return; /* the UE will find no Security-Server and abandon */
    g_hash_table_insert(pcscf->by_sa, GUINT_TO_POINTER(contact->sas), contact);
    become_half_open(contact);
    contact->security_server = g_strdup(list_text(pcscf, own, n, &contact->own_end));
    sip_edit_append(edit, TEXT("Security-Server"), text_from(contact->security_server));
    answer_over(contact, contact->over, back);
}

/* --- SM12 --- */

static char **associated_uris(const SipMsg *response, const SipMsg *request)
{
    GPtrArray *uris = g_ptr_array_new();
    SipValues it;
    Text value;
    SipNameAddr addr;

    for (sip_values(&it, response, SIP_H_P_ASSOCIATED_URI); sip_values_next(&it, &value);)
        if (sip_nameaddr_decode(value, &addr))
            g_ptr_array_add(uris, text_dup(addr.uri));
    if (uris->len == 0 && sip_nameaddr(request, SIP_H_TO, &addr))
        g_ptr_array_add(uris, text_dup(addr.uri));
    g_ptr_array_add(uris, NULL);
    return (char **)g_ptr_array_free(uris, FALSE);
}

/* The SAs of this authentication take over; those that SM1 came through serve pending transactions, others go
 * (TS 33.203 §7.4). */
static void supersede(Contact *contact)
{
    Contact *before = pcscf_contact_at(contact->pcscf, &contact->ue);
    if (before == NULL || before == contact)
        return;
    if (before->sas == contact->over)
        leave(before, false);
    else if (strcmp(before->impi, contact->impi) == 0)
        forget_contact(before);
}

static void on_accepted(Contact *contact, const SipMsg *response, const SipMsg *request, SipFlow *back)
{
    SipNameAddr addr;
    bool has_contact = sip_nameaddr(response, SIP_H_CONTACT, &addr);
    uint32_t seconds = has_contact ? sip_expires(response, &addr, 0) : 0;

    if (seconds == 0 || !has_contact) { /* de-registered: the SAs go, the answer still uses them */
        if (contact->state == CONTACT_HALF_OPEN)
            supersede(contact);
        answer_over(contact, contact->sas, back);
        leave(contact, true);
        return;
    }
    g_strfreev(contact->impus);
    contact->impus = associated_uris(response, request);
    g_free(contact->service_route);
    contact->service_route = routing_join(response, SIP_H_SERVICE_ROUTE, ",");
    if (contact->state == CONTACT_HALF_OPEN)
        supersede(contact);
    no_longer_half_open(contact);
    contact->state = CONTACT_REGISTERED;
    g_clear_pointer(&contact->security_client, g_free); /* SM7 has been compared with them */
    g_clear_pointer(&contact->security_server, g_free);
    g_hash_table_replace(contact->pcscf->by_addr, &contact->ue, contact);
    contact_expires_in(contact, ((SimTime)seconds + LIFETIME_EXTRA) * SIM_SEC);
    answer_over(contact, contact->sas, back);
}

static void on_response(void *ctx, SipServerTx *tx, const SipMsg *response, SipEdit *edit, SipFlow *back)
{
    Contact *contact = ctx;

    if (response != NULL && response->status < 200)
        return;
    contact->relays--;
    if (response != NULL && response->status == 401) /* whatever else becomes of it */
        strip_keys(response, edit);
    if (contact->forgotten) {
        if (contact->relays == 0)
            pcscf_contact_free(contact);
        return;
    }
    if (response != NULL && response->status == 401 && contact->state == CONTACT_NEW) {
        on_challenge(contact, response, edit, back);
        if (contact->state == CONTACT_NEW)
            forget_contact(contact);
        return;
    }
    if (response != NULL && response->status < 300 && contact->state != CONTACT_NEW) {
        on_accepted(contact, response, sip_server_request(tx), back);
        return;
    }
    if (contact->state == CONTACT_NEW) {
        Contact *over = pcscf_contact_of_sa(contact->pcscf, contact->over);
        forget_contact(contact);
        if (response != NULL && response->status < 300 &&
            over != NULL) /* accepted without a new challenge: the SAs live on */
            on_accepted(over, response, sip_server_request(tx), back);
        else if (response != NULL && over != NULL)
            answer_over(over, over->sas, back);
    } else if (contact->state == CONTACT_HALF_OPEN) { /* a wrong RES goes back on the new SAs if SM1 was unprotected,
                                                         then they are deleted */
        answer_over(contact, contact->over != 0 ? contact->over : contact->sas, back);
        leave(contact, contact->over == 0);
    }
}

/* --- SM2 and SM8 --- */

/* The Authorization that sip_digest() reads, here and at the S-CSCF; others go, so that our verdict cannot stand in one
 * and the UE's own in another. */
static const SipHeader *only_authorization(const SipMsg *msg, SipEdit *edit)
{
    const SipHeader *only = NULL;
    for (const SipHeader *h = sip_first(msg, SIP_H_AUTHORIZATION); h != NULL; h = sip_next(msg, h)) {
        SipDigest digest;
        if (only == NULL && sip_digest_decode(h->value, &digest) && text_is_nocase(digest.scheme, "Digest"))
            only = h;
        else
            sip_edit_remove(edit, h);
    }
    return only;
}

/* sec-agree ended here; what else is required others must see (RFC 3329 §2.4). */
static void take_sec_agree(Pcscf *pcscf, const SipMsg *msg, SipEdit *edit, SipHeaderId id)
{
    Text rest = routing_tags_without(pcscf->sim, msg, id, "sec-agree");
    if (text_present(rest))
        sip_edit_set(edit, id, rest);
    else
        sip_edit_remove_all(edit, id);
}

/* Our verdict on how the REGISTER came, TS 33.203 §6.1.5; whatever the UE wrote there goes. */
static void set_auth_param(Pcscf *pcscf, SipEdit *edit, const SipHeader *authorization, const char *name,
                           const char *value)
{
    Text span;
    if (sip_auth_param_span(authorization->value, name, &span))
        sip_edit_replace(edit, span, text_from(sim_text(pcscf->sim, "%s=\"%s\"", name, value)));
    else
        sip_edit_insert_at(edit, text_end(authorization->value),
                           text_from(sim_text(pcscf->sim, ",%s=\"%s\"", name, value)));
}

/* What the first trusted proxy says of itself, whatever the UE claims: TS 24.229 §5.2.2, RFC 3327 §5.2. */
static void say_where(Pcscf *pcscf, SipEdit *edit)
{
    sip_edit_remove_all(edit, SIP_H_PATH);
    sip_edit_remove_all(edit, SIP_H_P_VISITED_NETWORK_ID);
    sip_edit_append(edit, TEXT("Path"), text_from(sim_text(pcscf->sim, "<sip:%s;lr>", pcscf->config.domain)));
    sip_edit_append(edit, TEXT("Require"), TEXT("path"));
    sip_edit_append(edit, TEXT("P-Visited-Network-ID"),
                    text_from(sim_text(pcscf->sim, "\"%s\"", pcscf->config.visited_network)));
}

static void forward(Pcscf *pcscf, Contact *contact, SipServerTx *tx, const SipMsg *msg, bool protected_well)
{
    SipEdit edit;
    SipFlow to;

    if (!routing_resolve(pcscf->config.directory, msg->uri, &to)) {
        sip_respond_status(tx, 404, "Not Found", NULL);
        if (contact->state == CONTACT_NEW)
            forget_contact(contact);
        return;
    }
    sip_edit_init(&edit, msg);
    sip_edit_remove_all(&edit, SIP_H_SECURITY_CLIENT);
    sip_edit_remove_all(&edit, SIP_H_SECURITY_VERIFY);
    take_sec_agree(pcscf, msg, &edit, SIP_H_REQUIRE);
    take_sec_agree(pcscf, msg, &edit, SIP_H_PROXY_REQUIRE);
    const SipHeader *authorization = only_authorization(msg, &edit);
    set_auth_param(pcscf, &edit, authorization, "integrity-protected", protected_well ? "yes" : "no");
    if (pcscf->config.policy.indicates_confidentiality) {
        SaSetId through = sip_server_flow(tx)->sa;
        bool sealed = protected_well && through != 0 && sad_ealg(pcscf->sad, through) != ESP_NULL;
        set_auth_param(pcscf, &edit, authorization, INDICATION_PARAM, sealed ? "yes" : "no");
    }
    say_where(pcscf, &edit);
    contact->relays++;
    sip_forward(tx, &edit, &to, on_response, contact);
    if (sip_server_branch(tx) != NULL)
        return;
    contact->relays--; /* refused at once, for instance without a hop left: nothing will come back */
    if (contact->state == CONTACT_NEW)
        forget_contact(contact);
}

/* --- SM1 --- */

static Contact *contact_new(Pcscf *pcscf, const SipFlow *from, Text impi)
{
    Contact *contact = pcscf_contact_new(pcscf);
    contact->ue = from->addr;
    contact->impi = text_dup(impi);
    contact->over = from->sa;
    return contact;
}

/* False: answered with an error. */
static bool take_offer(Pcscf *pcscf, Contact *contact, SipServerTx *tx, const SipMsg *msg)
{
    SipSecList offered;
    SecAlgs own[SEC_ALGS_MAX];

    if (!sip_sec_list(msg, SIP_H_SECURITY_CLIENT, &offered)) {
        sip_respond_status(tx, 421, "Extension Required", "Require: sec-agree\r\n");
        return false;
    }
    unsigned n = own_list(pcscf, &offered, own);
    if (pcscf->config.policy.requires_encryption && !secagree_offers_encryption(&offered)) {
        trace_decision(pcscf->sim, pcscf->config.name, "pcscf-requires-encryption", "TS 33.203 M.7.2 NOTE 4",
                       "aborts: SM1 offers no encryption");
        sip_respond_status(tx, 494, "Security Agreement Required", NULL);
        return false;
    }
    if (!secagree_choose_own(own, n, &offered, &contact->algs, &contact->ue_end)) {
        trace_decision(pcscf->sim, pcscf->config.name, "pcscf-no-common-algorithm", "TS 33.203 §7.3",
                       "aborts: nothing in SM1's list is on its own");
        sip_respond_status(tx, 494, "Security Agreement Required", NULL);
        return false;
    }
    contact->security_client = routing_join(msg, SIP_H_SECURITY_CLIENT, ", ");
    return true;
}

/* --- SM7 --- */

/* For the broken comparison of S13: lists with every ealg taken out. */
static void drop_ealg(SipSecList *list)
{
    for (unsigned i = 0; i < list->n; i++)
        list->items[i].ealg = TEXT_NONE;
}

static bool same_numbers_and_alg(const SipSecList *a, const SipSecList *b)
{
    if (a->n != b->n)
        return false;
    for (unsigned i = 0; i < a->n; i++) {
        const SipSecMechanism *x = &a->items[i], *y = &b->items[i];
        if (x->spi_c != y->spi_c || x->spi_s != y->spi_s || x->port_c != y->port_c || x->port_s != y->port_s ||
            !text_equal_nocase(x->alg, y->alg))
            return false;
    }
    return true;
}

static bool lists_agree(const Pcscf *pcscf, const SipMsg *msg, SipHeaderId id, const char *kept)
{
    SipSecList got, ours;
    if (!sip_sec_list(msg, id, &got) || !sip_sec_list_decode(text_from(kept), &ours))
        return false;
    if (pcscf->config.policy.echo_check == ECHO_CHECK_NO_EALG) {
        drop_ealg(&got);
        drop_ealg(&ours);
        return same_numbers_and_alg(&got, &ours);
    }
    return sip_sec_list_equal(&got, &ours);
}

/* SM7 echoes SM6's list, and repeats SM1's where the dialect does (TS 33.203 §7.2; I10: the seeds' SM7 has only the
 * former). */
static bool echo_is_right(const Contact *contact, const SipMsg *msg)
{
    const Pcscf *pcscf = contact->pcscf;
    if (pcscf->config.policy.echo_check == ECHO_CHECK_NONE)
        return true;
    if (!lists_agree(pcscf, msg, SIP_H_SECURITY_VERIFY, contact->security_server))
        return false;
    return !sip_has(msg, SIP_H_SECURITY_CLIENT) ||
           lists_agree(pcscf, msg, SIP_H_SECURITY_CLIENT, contact->security_client);
}

static void on_echo(Contact *contact, SipServerTx *tx, const SipMsg *msg)
{
    Pcscf *pcscf = contact->pcscf;

    if (echo_is_right(contact, msg)) {
        forward(pcscf, contact, tx, msg, true);
        return;
    }
    trace_decision(pcscf->sim, pcscf->config.name, "pcscf-echo-mismatch", "TS 33.203 §7.2; RFC 3329 §2.3.1",
                   "aborts the registration: the list in SM7 is not the one it sent in SM6 or got in SM1");
    trace_drop(pcscf->sim, pcscf->config.name, "secagree-mismatch", "SM7 of %s", contact->impi);
    SipFlow back = *sip_server_flow(tx);
    answer_over(contact, contact->over != 0 ? contact->over : contact->sas, &back);
    sip_server_set_flow(tx, &back);
    sip_respond_status(tx, 494, "Security Agreement Required", NULL);
    leave(contact, contact->over == 0);
}

/* --- REGISTER --- */

/* TS 33.203 §7.1 rule 1: the source address of a protected REGISTER is the one in Via. */
static bool via_is_source(const SipMsg *msg, const SipFlow *from)
{
    SipVia via;
    NetAddr addr;
    return sip_via(msg, 0, &via) && net_addr_parse(via.host.p, via.host.len, &addr) &&
           net_addr_equal(&addr, &from->addr);
}

void pcscf_register(Pcscf *pcscf, SipServerTx *tx, const SipMsg *msg, const SipFlow *from)
{
    SipDigest digest;
    Contact *through = pcscf_contact_of_sa(pcscf, from->sa);

    if (!sip_digest(msg, SIP_H_AUTHORIZATION, &digest) || digest.username.len == 0) {
        sip_respond_status(tx, 403, "Forbidden", NULL);
        return;
    }
    if (from->sa != 0 &&
        (through == NULL || through->state == CONTACT_LEAVING || !text_is(digest.username, through->impi))) {
        trace_drop(pcscf->sim, pcscf->config.name, "sip-wrong-user",
                   "an SA of another user"); /* TS 33.203 §7.1 rule 4 */
        sip_respond_status(tx, 403, "Forbidden", NULL);
        return;
    }
    if (from->sa != 0 && !via_is_source(msg, from)) {
        trace_drop(pcscf->sim, pcscf->config.name, "sip-wrong-via",
                   "the Via of a protected REGISTER is not where it came from");
        sip_respond_status(tx, 403, "Forbidden", NULL);
        return;
    }
    bool has_response = digest.response.len > 0;
    if (through != NULL && through->state == CONTACT_HALF_OPEN && has_response && sip_has(msg, SIP_H_SECURITY_VERIFY)) {
        on_echo(through, tx, msg);
        return;
    }
    if (through != NULL && through->state == CONTACT_REGISTERED && !sip_has(msg, SIP_H_SECURITY_CLIENT)) {
        forward(pcscf, through, tx, msg, !has_response); /* no new SAs wanted */
        return;
    }
    Contact *contact = contact_new(pcscf, from, digest.username);
    if (!take_offer(pcscf, contact, tx, msg)) {
        pcscf_contact_free(contact);
        return;
    }
    /* an answer to a challenge counts as protected only in the SAs of that challenge */
    forward(pcscf, contact, tx, msg, through != NULL && through->state == CONTACT_REGISTERED && !has_response);
}

size_t pcscf_state_octets(const Pcscf *pcscf)
{
    (void)pcscf;
    return sizeof(Contact);
}
