/*
 * nodes/pcscf_answer.c - registration at the P-CSCF, the way back: SM6 with its list and the SAs it makes, SM12.
 *
 * Source:  TS 33.203 §6.1, §7.2-§7.4; TS 24.229 §5.2.2; draft TR Presence Security v0.5.0 §8.1.2.2 (S4).
 */
#include "nodes/pcscf_internal.h"
#include "crypto/hash.h"
#include "nodes/routing.h"

/* --- our list --- */

/* What SM6 lists: the static list, of which a policy that does not encrypt leaves the entries with ealg out. */
unsigned pcscf_own_list(const Pcscf *pcscf, const SipSecList *offered, SecAlgs out[SEC_ALGS_MAX])
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

/* Beside ipsec-3gpp, whose SAs are made all the same: which of them SM7 takes is the UE's to say. */
static bool lists_tls(Pcscf *pcscf, const SipSecList *offered)
{
    const PcscfPolicy *policy = &pcscf->config.policy;
    if (!policy->lists_tls || (policy->list_is_intersection && !secagree_offers_tls(offered)))
        return false;
    trace_decision(pcscf->sim, pcscf->config.name, "pcscf-lists-tls", "RFC 3329 §2.2, §2.3.1; S3 §2, option 4",
                   "lists tls before ipsec-3gpp in SM6");
    return true;
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

static const char *list_text(Pcscf *pcscf, bool tls, const SecAlgs algs[], unsigned n, const SecEnd *end)
{
    SipWriter w;
    size_t cap = 1024;
    sip_write_init(&w, sim_alloc(pcscf->sim, cap), cap - 1);
    if (tls)
        secagree_write_with_tls(&w, true, algs, n, end);
    else
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
    unsigned n = pcscf_own_list(pcscf, &offered, own);
    explain_list(pcscf, &offered);
    choose_own_end(pcscf, contact, response);
    if (!make_sas(contact, &challenge))
        return; /* the UE will find no Security-Server and abandon */
    g_hash_table_insert(pcscf->by_sa, GUINT_TO_POINTER(contact->sas), contact);
    pcscf_contact_half_open(contact);
    contact->security_server = g_strdup(list_text(pcscf, lists_tls(pcscf, &offered), own, n, &contact->own_end));
    sip_edit_append(edit, TEXT("Security-Server"), text_from(contact->security_server));
    pcscf_contact_answer_over(contact, contact->over, back);
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

/* De-registered: nothing more is taken from the UE, but the answer still uses the SAs. */
static void deregister(Contact *contact, SipFlow *back)
{
    Contact *over = pcscf_contact_of_sa(contact->pcscf, contact->over);

    if (contact->state == CONTACT_HALF_OPEN && over != NULL) {
        pcscf_contact_leave_successor(over);
        g_clear_pointer(&over->impus, g_strfreev);
        pcscf_contact_leave(over, false);
    }
    pcscf_contact_leave_successor(contact);
    g_clear_pointer(&contact->impus, g_strfreev);
    pcscf_contact_answer_over(contact, contact->sas, back);
    pcscf_contact_leave(contact, true);
}

uint32_t pcscf_take_profile(Contact *contact, const SipMsg *response, const SipMsg *request)
{
    SipNameAddr addr;
    bool has_contact = sip_nameaddr(response, SIP_H_CONTACT, &addr);
    uint32_t seconds = has_contact ? sip_expires(response, &addr, 0) : 0;

    if (seconds == 0)
        return 0;
    g_strfreev(contact->impus);
    contact->impus = associated_uris(response, request);
    g_free(contact->service_route);
    contact->service_route = routing_join(response, SIP_H_SERVICE_ROUTE, ",");
    return seconds;
}

static void on_accepted(Contact *contact, const SipMsg *response, const SipMsg *request, SipFlow *back)
{
    uint32_t seconds = pcscf_take_profile(contact, response, request);

    if (seconds == 0) {
        deregister(contact, back);
        return;
    }
    bool is_new = contact->state == CONTACT_HALF_OPEN;
    pcscf_contact_not_half_open(contact);
    contact->state = CONTACT_REGISTERED;
    if (is_new)
        pcscf_contact_supersede(contact);
    g_clear_pointer(&contact->security_client, g_free); /* SM7 has been compared with them */
    g_clear_pointer(&contact->security_server, g_free);
    pcscf_contact_live_for(contact, seconds);
    pcscf_contact_answer_over(contact, contact->sas, back);
}

void pcscf_register_response(void *ctx, SipServerTx *tx, const SipMsg *response, SipEdit *edit, SipFlow *back)
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
    if (contact->connection != 0) {
        pcscf_tls_registered(contact, response, sip_server_request(tx));
        return;
    }
    if (response != NULL && response->status == 401 && contact->state == CONTACT_NEW) {
        on_challenge(contact, response, edit, back);
        if (contact->state == CONTACT_NEW)
            pcscf_contact_forget(contact);
        return;
    }
    if (response != NULL && response->status < 300 &&
        (contact->state == CONTACT_HALF_OPEN || contact->state == CONTACT_REGISTERED)) {
        on_accepted(contact, response, sip_server_request(tx), back);
        return;
    }
    if (contact->state == CONTACT_NEW) {
        Contact *over = pcscf_contact_of_sa(contact->pcscf, contact->over);
        pcscf_contact_forget(contact);
        if (response != NULL && response->status < 300 &&
            over != NULL) /* accepted without a new challenge: the SAs live on */
            on_accepted(over, response, sip_server_request(tx), back);
        else if (response != NULL && over != NULL)
            pcscf_contact_answer_over(over, over->sas, back);
    } else if (contact->state == CONTACT_HALF_OPEN) { /* a wrong RES goes back on the new SAs if SM1 was unprotected,
                                                         then they are deleted */
        pcscf_contact_answer_over(contact, contact->over != 0 ? contact->over : contact->sas, back);
        pcscf_contact_leave(contact, contact->over == 0);
    }
}
