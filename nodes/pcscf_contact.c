/*
 * nodes/pcscf_contact.c - the SA_table of the P-CSCF: which SAs a UE has, which are used towards it, when they go.
 *
 * Source:  TS 33.203 §7.1 (rows, at most six SAs in a direction), §7.3, §7.4 (lifetimes, old and new SAs).
 */
#include "nodes/pcscf_internal.h"

#define REG_AWAIT_AUTH (240 * SIM_SEC) /* TS 24.229 §7.8 */
#define SAS_LINGER     (128 * SIM_SEC) /* 64 * T1: retransmissions of what was sent last */
#define LIFETIME_EXTRA 30              /* seconds over the registration's, TS 33.203 §7.4 */

/* --- finding, making, freeing --- */

Contact *pcscf_contact_of_sa(Pcscf *pcscf, SaSetId id)
{
    return id != 0 ? g_hash_table_lookup(pcscf->by_sa, GUINT_TO_POINTER(id)) : NULL;
}

Contact *pcscf_contact_of(Pcscf *pcscf, const SipFlow *from)
{
    if (from->connection != 0)
        return g_hash_table_lookup(pcscf->by_connection, GUINT_TO_POINTER(from->connection));
    return pcscf_contact_of_sa(pcscf, from->sa);
}

Contact *pcscf_contact_at(Pcscf *pcscf, const NetAddr *addr)
{
    return g_hash_table_lookup(pcscf->by_addr, addr);
}

Contact *pcscf_contact_new(Pcscf *pcscf)
{
    Contact *contact = g_new0(Contact, 1);
    contact->pcscf = pcscf;
    contact->next = pcscf->contacts;
    if (pcscf->contacts != NULL)
        pcscf->contacts->previous = contact;
    pcscf->contacts = contact;
    return contact;
}

void pcscf_contact_free(Contact *contact)
{
    Pcscf *pcscf = contact->pcscf;
    if (contact->previous != NULL)
        contact->previous->next = contact->next;
    else
        pcscf->contacts = contact->next;
    if (contact->next != NULL)
        contact->next->previous = contact->previous;
    sim_cancel(pcscf->sim, contact->timer);
    g_free(contact->impi);
    g_strfreev(contact->names);
    g_strfreev(contact->impus);
    g_free(contact->service_route);
    g_free(contact->security_client);
    g_free(contact->security_server);
    g_free(contact);
}

/* --- in use, and no longer --- */

void pcscf_contact_not_half_open(Contact *contact)
{
    GHashTable *half_open = contact->pcscf->half_open;
    if (contact->impi != NULL && g_hash_table_lookup(half_open, contact->impi) == contact)
        g_hash_table_remove(half_open, contact->impi);
}

/* Use these SAs, or this connection, towards the UE. */
static void use_contact(Contact *contact)
{
    g_hash_table_replace(contact->pcscf->by_addr, &contact->ue, contact);
}

/* No longer used towards the UE; the one that was registered through it is, if there is one. */
static void stop_using(Contact *contact)
{
    Pcscf *pcscf = contact->pcscf;
    Contact *successor = pcscf_contact_of_sa(pcscf, contact->successor);

    if (pcscf_contact_at(pcscf, &contact->ue) != contact)
        return;
    g_hash_table_remove(pcscf->by_addr, &contact->ue);
    if (successor != NULL && successor->state == CONTACT_REGISTERED)
        use_contact(successor);
}

void pcscf_contact_forget(Contact *contact)
{
    Pcscf *pcscf = contact->pcscf;

    stop_using(contact);
    if (contact->sas != 0) {
        g_hash_table_remove(pcscf->by_sa, GUINT_TO_POINTER(contact->sas));
        sad_remove(pcscf->sad, contact->sas);
    }
    if (contact->connection != 0) {
        g_hash_table_remove(pcscf->by_connection, GUINT_TO_POINTER(contact->connection));
        sip_endpoint_close_tls(pcscf->endpoint, contact->connection);
    }
    pcscf_contact_not_half_open(contact);
    sim_cancel(pcscf->sim, contact->timer);
    contact->timer = 0;
    contact->sas = 0;
    contact->connection = 0;
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
    if (contact->state == CONTACT_NEW)
        trace_drop(sim, contact->pcscf->config.name, "tls-of-nobody", "nobody registered over the connection");
    pcscf_contact_forget(contact);
}

static void contact_expires_in(Contact *contact, SimTime delay)
{
    Sim *sim = contact->pcscf->sim;
    sim_cancel(sim, contact->timer);
    contact->timer = sim_after(sim, net_host_source(contact->pcscf->host), delay, on_contact_timer, contact, 0);
}

/* The SAs go when what was sent through them last can no longer be asked for again.  @answering: that last message is
 * still to be sent. */
void pcscf_contact_leave(Contact *contact, bool answering)
{
    contact->state = CONTACT_LEAVING;
    pcscf_contact_not_half_open(contact);
    sad_set_outbound(contact->pcscf->sad, contact->sas, answering);
    stop_using(contact);
    contact_expires_in(contact, SAS_LINGER);
}

void pcscf_contact_heard(Contact *contact)
{
    Contact *before = pcscf_contact_of_sa(contact->pcscf, contact->over);
    if (contact->state == CONTACT_REGISTERED && before != NULL && before->state == CONTACT_REGISTERED &&
        before->successor == contact->sas)
        pcscf_contact_leave(before, false);
}

/* At most six SAs in a direction for one IMPI, TS 33.203 §7.1: three sets, of which the oldest only lingers. */
static void keep_three_sets(const Contact *newest)
{
    unsigned n = 1;
    Contact *over;
    for (const Contact *c = newest; (over = pcscf_contact_of_sa(newest->pcscf, c->over)) != NULL; c = over) {
        if (++n > 3) {
            pcscf_contact_forget(over);
            return;
        }
    }
}

/* A new challenge of the same UE supersedes the one under way: its "registration SAs" go (TS 33.203 §6.1.2.3). */
void pcscf_contact_half_open(Contact *contact)
{
    GHashTable *half_open = contact->pcscf->half_open;
    Contact *before = g_hash_table_lookup(half_open, contact->impi);
    if (before != NULL && net_addr_equal(&before->ue, &contact->ue))
        pcscf_contact_forget(before);
    contact->state = CONTACT_HALF_OPEN;
    g_hash_table_replace(half_open, contact->impi, contact);
    keep_three_sets(contact);
    contact_expires_in(contact, REG_AWAIT_AUTH);
}

void pcscf_contact_leave_successor(Contact *contact)
{
    Contact *successor = pcscf_contact_of_sa(contact->pcscf, contact->successor);
    contact->successor = 0;
    if (successor != NULL)
        pcscf_contact_leave(successor, false);
}

/* SAs that SM1 came through stay in use until the UE is heard on the new ones; without such, the new ones are used at
 * once and others of this user go (TS 33.203 §7.4.2). */
void pcscf_contact_supersede(Contact *contact)
{
    Pcscf *pcscf = contact->pcscf;
    Contact *over = pcscf_contact_of_sa(pcscf, contact->over), *before = pcscf_contact_at(pcscf, &contact->ue);

    if (over != NULL && over->state == CONTACT_REGISTERED) {
        pcscf_contact_leave_successor(over); /* its SM12 was lost */
        over->successor = contact->sas;
        contact->expires_at = over->expires_at;
        return;
    }
    if (before != NULL && strcmp(before->impi, contact->impi) == 0) {
        pcscf_contact_leave_successor(before);
        pcscf_contact_forget(before);
    }
    use_contact(contact);
}

/* The user's earlier SAs or connection go.  Where another user is served at this address he stays served. */
void pcscf_contact_use(Contact *contact)
{
    Pcscf *pcscf = contact->pcscf;
    Contact *before = pcscf_contact_at(pcscf, &contact->ue);

    if (before == contact)
        return;
    if (before != NULL && strcmp(before->impi, contact->impi) != 0) {
        trace_decision(pcscf->sim, pcscf->config.name, "pcscf-address-in-use", "TS 33.203 §7.1",
                       "sends nothing over the new connection: another user is registered at its address");
        return;
    }
    if (before != NULL) {
        pcscf_contact_leave_successor(before);
        pcscf_contact_forget(before);
    }
    use_contact(contact);
}

void pcscf_contact_of_nobody(Contact *contact)
{
    stop_using(contact);
    contact->state = CONTACT_NEW;
    contact->expires_at = 0;
    contact_expires_in(contact, REG_AWAIT_AUTH);
}

/* The registration's lifetime and a little more, never less than before (TS 33.203 §7.4). */
void pcscf_contact_live_for(Contact *contact, uint32_t seconds)
{
    SimTime now = sim_now(contact->pcscf->sim);
    contact->expires_at = MAX(contact->expires_at, now + ((SimTime)seconds + LIFETIME_EXTRA) * SIM_SEC);
    contact_expires_in(contact, contact->expires_at - now);
}

void pcscf_contact_drop_half_open(Pcscf *pcscf, Text impi, const SipFlow *from)
{
    g_autofree char *key = text_dup(impi);
    Contact *contact = g_hash_table_lookup(pcscf->half_open, key);
    if (contact != NULL && net_addr_equal(&contact->ue, &from->addr))
        pcscf_contact_forget(contact);
}

/* Where an answer to this UE goes: on the old SAs if SM1 came through them, else unprotected (the Via's place). */
void pcscf_contact_answer_over(Contact *contact, SaSetId sas, SipFlow *back)
{
    Contact *over = pcscf_contact_of_sa(contact->pcscf, sas);
    if (over == NULL)
        return;
    back->addr = over->ue;
    back->port = over->ue_end.port_s;
    back->local_port = over->own_end.port_c;
}

/* --- what it costs --- */

static size_t octets_of(const char *text)
{
    return text != NULL ? strlen(text) + 1 : 0;
}

static size_t contact_octets(const Contact *contact)
{
    size_t sum = sizeof *contact + octets_of(contact->impi) + octets_of(contact->service_route);
    if (contact->connection != 0)
        sum += sip_endpoint_tls_octets();
    if (contact->sas != 0)
        sum += sad_set_octets();
    for (char **name = contact->names; name != NULL && *name != NULL; name++)
        sum += sizeof *name + octets_of(*name);
    for (char **impu = contact->impus; impu != NULL && *impu != NULL; impu++)
        sum += sizeof *impu + octets_of(*impu);
    return sum;
}

/* Of the UE with the longest row, with its SAs or its end of TLS. */
size_t pcscf_state_octets(const Pcscf *pcscf)
{
    size_t most = sizeof(Contact);
    for (const Contact *c = pcscf->contacts; c != NULL; c = c->next)
        most = MAX(most, contact_octets(c));
    return most;
}
