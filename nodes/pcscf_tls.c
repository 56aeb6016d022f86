/*
 * nodes/pcscf_tls.c - TLS at the P-CSCF: connections that UEs open, whose they are, REGISTER over them.
 *
 * Source:  S3 §2, option 4; TS 24.229 §5.2.2, §7.2A.2 (marks); RFC 3261 §26.3.1; RFC 3329 §2.3; RFC 5923.
 *
 * A connection is nobody's until a REGISTER over it was accepted; from then on it is one user's, and its messages are
 * his as those of an SA are.  It is also the only way to him.
 */
#include "nodes/pcscf_internal.h"
#include "nodes/msg/sip_uri.h"

/* --- connections --- */

/* The URIs of subjectAltName; NULL: there is no certificate. */
static char **uris_of(const Cert *cert)
{
    if (cert == NULL)
        return NULL;
    GPtrArray *uris = g_ptr_array_new();
    for (size_t i = 0; i < cert_n_names(cert); i++)
        if (cert_name(cert, i).kind == CERT_NAME_URI)
            g_ptr_array_add(uris, g_strdup(cert_name(cert, i).name));
    g_ptr_array_add(uris, NULL);
    return (char **)g_ptr_array_free(uris, FALSE);
}

static void on_open(void *node, const SipTlsConnection *connection)
{
    Pcscf *pcscf = node;
    Contact *contact = pcscf_contact_new(pcscf);

    contact->ue = connection->flow.addr;
    contact->port = connection->flow.port;
    contact->connection = connection->number;
    contact->encrypts = tls_suite_encrypts(connection->status->suite);
    contact->names = uris_of(connection->peer);
    g_hash_table_insert(pcscf->by_connection, GUINT_TO_POINTER(contact->connection), contact);
    pcscf_contact_of_nobody(contact);
}

static void on_ended(void *node, const SipTlsConnection *connection, const char *why)
{
    Pcscf *pcscf = node;
    Contact *contact = g_hash_table_lookup(pcscf->by_connection, GUINT_TO_POINTER(connection->number));

    if (contact == NULL) /* its handshake never ended */
        return;
    if (contact->impus != NULL)
        trace_decision(pcscf->sim, pcscf->config.name, "pcscf-connection-lost", "RFC 5923; S3 §2, option 4 (K40)",
                       "cannot reach %s any more: the connection has ended (%s)", contact->impi, why);
    g_hash_table_remove(pcscf->by_connection, GUINT_TO_POINTER(contact->connection));
    contact->connection = 0;
    pcscf_contact_forget(contact);
}

bool pcscf_tls_start(Pcscf *pcscf)
{
    SipTls tls = { .server = pcscf->config.tls, .port = SIPS_PORT, .open = on_open, .ended = on_ended };
    return sip_endpoint_use_tls(pcscf->endpoint, &tls);
}

/* --- whose REGISTER it is --- */

static void drop_agreement(Contact *contact)
{
    g_clear_pointer(&contact->security_client, g_free);
    g_clear_pointer(&contact->security_server, g_free);
}

/* A connection is one user's; while it is nobody's, one user's at a time. */
static bool is_his(Contact *contact, const SipDigest *digest)
{
    Pcscf *pcscf = contact->pcscf;

    if (contact->impi != NULL && text_is(digest->username, contact->impi))
        return true;
    if (contact->impus == NULL && contact->relays == 0) {
        drop_agreement(contact);
        g_free(contact->impi);
        contact->impi = text_dup(digest->username);
        return true;
    }
    trace_decision(pcscf->sim, pcscf->config.name, "pcscf-connection-of-another", "TS 33.203 §7.1 (rule 4)",
                   "refuses a REGISTER of " TEXT_FMT " over the connection of %s", TEXT_ARG(digest->username),
                   contact->impi);
    trace_drop(pcscf->sim, pcscf->config.name, "sip-wrong-user", "a connection of another user");
    return false;
}

/* The certificate that opened the connection speaks for the IMPI, which has the form of an address (TS 23.003 §13.3).
 */
static bool certificate_is_his(const Contact *contact)
{
    Pcscf *pcscf = contact->pcscf;
    const char *own = sim_text(pcscf->sim, "sip:%s", contact->impi);

    if (!pcscf->config.policy.binds_certificate)
        return true;
    for (char **name = contact->names; name != NULL && *name != NULL; name++)
        if (sip_uri_text_equal(text_from(*name), text_from(own)))
            return true;
    trace_decision(pcscf->sim, pcscf->config.name, "pcscf-certificate-mismatch", "RFC 5922 §7.1; threats AT-48",
                   contact->names == NULL ? "refuses a REGISTER of %s: the connection was opened without a certificate"
                                          : "refuses a REGISTER of %s: the connection was opened with another's "
                                            "certificate",
                   contact->impi);
    trace_drop(pcscf->sim, pcscf->config.name, "sip-wrong-certificate", "a REGISTER of %s", contact->impi);
    return false;
}

/* --- what was agreed on in the clear before, RFC 3329 --- */

/* The lists of this user's SM1 and SM6 are the connection's from now on; the SAs that SM6 promised are not needed. */
static void take_agreement(Contact *contact)
{
    Contact *asked = g_hash_table_lookup(contact->pcscf->half_open, contact->impi);

    if (asked == NULL || !net_addr_equal(&asked->ue, &contact->ue))
        return;
    g_free(contact->security_client);
    g_free(contact->security_server);
    contact->security_client = g_steal_pointer(&asked->security_client);
    contact->security_server = g_steal_pointer(&asked->security_server);
    pcscf_contact_forget(asked);
}

/* Without Security-Verify the UE asked for TLS and nothing else, and there is no list to compare. */
static bool agrees(Contact *contact, const SipMsg *msg)
{
    if (!sip_has(msg, SIP_H_SECURITY_VERIFY))
        return true;
    take_agreement(contact);
    return contact->security_server != NULL && pcscf_echo_is_right(contact, msg);
}

/* --- REGISTER --- */

/* TS 24.229 §7.2A.2; the seeds' P-CSCF takes TLS for integrity protection, one of Release 5 knows SAs only (K39). */
static const char *mark(const Contact *contact)
{
    Pcscf *pcscf = contact->pcscf;

    if (!pcscf->config.policy.marks_tls) {
        trace_decision(pcscf->sim, pcscf->config.name, "pcscf-marks-tls", "TS 24.229 §5.2.2 (K39)",
                       "marks a REGISTER over TLS as not integrity protected: it came through no SA");
        return "no";
    }
    trace_decision(pcscf->sim, pcscf->config.name, "pcscf-marks-tls", "S3 §2, option 4; TS 24.229 §7.2A.2",
                   "marks a REGISTER over TLS as integrity protected%s",
                   contact->impus != NULL ? "" : ", by a user who has yet to prove himself");
    return contact->impus != NULL ? "tls-yes" : "tls-pending";
}

void pcscf_tls_register(Contact *contact, SipServerTx *tx, const SipMsg *msg, const SipDigest *digest)
{
    if (!is_his(contact, digest) || !certificate_is_his(contact)) {
        sip_respond_status(tx, 403, "Forbidden", NULL);
        return;
    }
    if (!agrees(contact, msg)) {
        pcscf_refuse_echo(contact, tx);
        drop_agreement(contact);
        return;
    }
    bool sealed = contact->pcscf->config.policy.marks_tls && contact->encrypts;
    pcscf_register_forward(contact, tx, msg, mark(contact), sealed);
}

void pcscf_tls_registered(Contact *contact, const SipMsg *response, const SipMsg *request)
{
    if (response == NULL || response->status >= 300)
        return;
    drop_agreement(contact);
    uint32_t seconds = pcscf_take_profile(contact, response, request);
    if (seconds == 0) { /* he leaves; his UE closes it */
        g_clear_pointer(&contact->impus, g_strfreev);
        pcscf_contact_of_nobody(contact);
        return;
    }
    contact->state = CONTACT_REGISTERED;
    pcscf_contact_use(contact);
    pcscf_contact_live_for(contact, seconds);
}

const TlsWork *pcscf_tls_work(const Pcscf *pcscf)
{
    return sip_endpoint_tls_work(pcscf->endpoint);
}
