/*
 * nodes/pcscf_register.c - registration at the P-CSCF, the way there: SM1 and SM7 as they come, SM2 and SM8 as they go.
 *
 * Source:  TS 33.203 §6.1.5, §7.1-§7.3; TS 24.229 §5.2.2; RFC 3329.  The way back is in pcscf_answer.c.
 */
#include "nodes/pcscf_internal.h"
#include "nodes/cscf.h"
#include "nodes/routing.h"

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

/* Nothing is left of an SM1 that goes no further. */
static void forget_new(Contact *contact)
{
    if (contact->state == CONTACT_NEW && contact->connection == 0)
        pcscf_contact_forget(contact);
}

void pcscf_register_forward(Contact *contact, SipServerTx *tx, const SipMsg *msg, const char *mark, bool sealed)
{
    Pcscf *pcscf = contact->pcscf;
    SipEdit edit;
    SipFlow to;

    if (!routing_resolve(pcscf->config.directory, msg->uri, &to)) {
        sip_respond_status(tx, 404, "Not Found", NULL);
        forget_new(contact);
        return;
    }
    sip_edit_init(&edit, msg);
    sip_edit_remove_all(&edit, SIP_H_SECURITY_CLIENT);
    sip_edit_remove_all(&edit, SIP_H_SECURITY_VERIFY);
    take_sec_agree(pcscf, msg, &edit, SIP_H_REQUIRE);
    take_sec_agree(pcscf, msg, &edit, SIP_H_PROXY_REQUIRE);
    const SipHeader *authorization = only_authorization(msg, &edit);
    set_auth_param(pcscf, &edit, authorization, "integrity-protected", mark);
    if (pcscf->config.policy.indicates_confidentiality)
        set_auth_param(pcscf, &edit, authorization, INDICATION_PARAM, sealed ? "yes" : "no");
    say_where(pcscf, &edit);
    contact->relays++;
    sip_forward(tx, &edit, &to, pcscf_register_response, contact);
    if (sip_server_branch(tx) != NULL)
        return;
    contact->relays--; /* refused at once, for instance without a hop left: nothing will come back */
    forget_new(contact);
}

/* @protected_well: by SAs, as TS 33.203 §6.1.5 has it. */
static void forward(Contact *contact, SipServerTx *tx, const SipMsg *msg, bool protected_well)
{
    SaSetId through = sip_server_flow(tx)->sa;
    bool sealed = protected_well && through != 0 && sad_ealg(contact->pcscf->sad, through) != ESP_NULL;
    pcscf_register_forward(contact, tx, msg, protected_well ? "yes" : "no", sealed);
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
    unsigned n = pcscf_own_list(pcscf, &offered, own);
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
    if (sad_outbound(pcscf->sad, &contact->ue, PCSCF_PORT_PS, contact->ue_end.port_c) != 0) {
        trace_decision(pcscf->sim, pcscf->config.name, "pcscf-port-in-use", "TS 33.203 §7.1",
                       "aborts: there are SAs with this address and port_uc");
        sip_respond_status(tx, 403, "Forbidden", NULL);
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
bool pcscf_echo_is_right(const Contact *contact, const SipMsg *msg)
{
    const Pcscf *pcscf = contact->pcscf;
    if (pcscf->config.policy.echo_check == ECHO_CHECK_NONE)
        return true;
    if (!lists_agree(pcscf, msg, SIP_H_SECURITY_VERIFY, contact->security_server))
        return false;
    return !sip_has(msg, SIP_H_SECURITY_CLIENT) ||
           lists_agree(pcscf, msg, SIP_H_SECURITY_CLIENT, contact->security_client);
}

void pcscf_refuse_echo(const Contact *contact, SipServerTx *tx)
{
    Pcscf *pcscf = contact->pcscf;
    trace_decision(pcscf->sim, pcscf->config.name, "pcscf-echo-mismatch", "TS 33.203 §7.2; RFC 3329 §2.3.1",
                   "aborts the registration: the list in SM7 is not the one it sent in SM6 or got in SM1");
    trace_drop(pcscf->sim, pcscf->config.name, "secagree-mismatch", "SM7 of %s", contact->impi);
    sip_respond_status(tx, 494, "Security Agreement Required", NULL);
}

static void on_echo(Contact *contact, SipServerTx *tx, const SipMsg *msg)
{
    if (pcscf_echo_is_right(contact, msg)) {
        forward(contact, tx, msg, true);
        return;
    }
    SipFlow back = *sip_server_flow(tx);
    pcscf_contact_answer_over(contact, contact->over != 0 ? contact->over : contact->sas, &back);
    sip_server_set_flow(tx, &back);
    pcscf_refuse_echo(contact, tx);
    pcscf_contact_leave(contact, contact->over == 0);
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

/* Answered: false.  RFC 3261 §16.3 step 5. */
static bool takes_extensions(Pcscf *pcscf, SipServerTx *tx, const SipMsg *msg)
{
    Text unknown = routing_tags_without(pcscf->sim, msg, SIP_H_PROXY_REQUIRE, "sec-agree");
    if (!text_present(unknown))
        return true;
    sip_respond_status(tx, 420, NULL, sim_text(pcscf->sim, "Unsupported: " TEXT_FMT "\r\n", TEXT_ARG(unknown)));
    return false;
}

/* TS 33.203 §7.1: the user of an SA is the user of its messages (rule 4), and Via says where they come from (rule 1).
 */
static bool is_his_sa(Pcscf *pcscf, const Contact *through, const SipMsg *msg, const SipFlow *from,
                      const SipDigest *digest)
{
    if (through == NULL || through->state == CONTACT_LEAVING || !text_is(digest->username, through->impi)) {
        trace_drop(pcscf->sim, pcscf->config.name, "sip-wrong-user", "an SA of another user");
        return false;
    }
    if (!via_is_source(msg, from)) {
        trace_drop(pcscf->sim, pcscf->config.name, "sip-wrong-via",
                   "the Via of a protected REGISTER is not where it came from");
        return false;
    }
    return true;
}

/* SM1, or a REGISTER that needs no new SAs.  @through: registered SAs, NULL = unprotected. */
static void on_sm1(Pcscf *pcscf, Contact *through, SipServerTx *tx, const SipMsg *msg, const SipDigest *digest)
{
    const SipFlow *from = sip_server_flow(tx);
    bool has_response = digest->response.len > 0;

    if (through != NULL)
        pcscf_contact_heard(through);
    if (!has_response && digest->nonce.len > 0 && !text_present(digest->auts))
        pcscf_contact_drop_half_open(pcscf, digest->username,
                                     from); /* the UE found the network false, TS 33.203 §6.1.2.2 */
    if (through != NULL && through->state == CONTACT_REGISTERED && !sip_has(msg, SIP_H_SECURITY_CLIENT)) {
        forward(through, tx, msg, !has_response); /* no new SAs wanted */
        return;
    }
    Contact *contact = contact_new(pcscf, from, digest->username);
    if (!take_offer(pcscf, contact, tx, msg)) {
        pcscf_contact_free(contact);
        return;
    }
    /* an answer to a challenge counts as protected only in the SAs of that challenge */
    forward(contact, tx, msg, through != NULL && through->state == CONTACT_REGISTERED && !has_response);
}

void pcscf_register(Pcscf *pcscf, SipServerTx *tx, const SipMsg *msg, const SipFlow *from)
{
    SipDigest digest;
    Contact *through = pcscf_contact_of(pcscf, from);

    if (!sip_digest(msg, SIP_H_AUTHORIZATION, &digest) || digest.username.len == 0) {
        sip_respond_status(tx, 403, "Forbidden", NULL);
        return;
    }
    if (from->sa != 0 && !is_his_sa(pcscf, through, msg, from, &digest)) {
        sip_respond_status(tx, 403, "Forbidden", NULL);
        return;
    }
    if (from->sa != 0 && through->state == CONTACT_HALF_OPEN) { /* SM7, or a message on the wrong SA */
        if (digest.response.len > 0)
            on_echo(through, tx, msg);
        else
            sip_server_drop(tx, "sip-wrong-sa");
        return;
    }
    if (!takes_extensions(pcscf, tx, msg))
        return;
    if (from->connection == 0)
        on_sm1(pcscf, through, tx, msg, &digest);
    else if (through != NULL)
        pcscf_tls_register(through, tx, msg, &digest);
    else /* it ended while this was on its way */
        sip_server_drop(tx, "sip-no-connection");
}
