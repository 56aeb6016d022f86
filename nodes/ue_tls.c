/*
 * nodes/ue_tls.c - the UE's TLS connection to the P-CSCF: opened for a registration, kept for all that follows.
 *
 * Source:  S3 §2, option 4; RFC 3261 §26.2.1, §26.3.1; RFC 5922 §7; RFC 5923, RFC 5626 §4.5 (it is the only way to the
 *          UE, which opens it anew when it is lost; K40).
 */
#include "nodes/ue_internal.h"

/* Until somebody has finished the handshake: five round trips of GPRS and three SYNs; time to try another way. */
#define PATIENCE       (20 * SIM_SEC)
#define AGAIN_FIRST    (1 * SIM_SEC)
#define AGAIN_BASE     (30 * SIM_SEC) /* RFC 5626 §4.5: doubled each time */
#define RECONNECTS_MAX 3
#define LONG_ENOUGH    (60 * SIM_SEC) /* a connection that lasted so long says nothing against the next */

/* --- by policy --- */

bool ue_tls_wanted(const Ue *ue)
{
    return ue->config.policy.gm != UE_GM_IPSEC && !ue->fell_back;
}

SipFlow ue_tls_flow(const Ue *ue)
{
    return (SipFlow){ .addr = ue->pcscf, .port = SIPS_PORT, .transport = SIP_TLS, .connection = ue->tls.connection };
}

bool ue_tls_is_own(const Ue *ue, const SipFlow *from)
{
    return from->connection != 0 && from->connection == ue->tls.connection && ue->tls.registered;
}

/* --- its end --- */

/* Nothing is left of it but what it taught us. */
static void no_connection(Ue *ue)
{
    sim_cancel(ue->sim, ue->tls.patience);
    ue->tls.patience = 0;
    ue->tls.connection = 0;
    ue->tls.open = ue->tls.encrypts = ue->tls.registered = false;
}

void ue_tls_close(Ue *ue)
{
    uint32_t connection = ue->tls.connection;
    sim_cancel(ue->sim, ue->tls.again);
    no_connection(ue);
    if (connection != 0)
        sip_endpoint_close_tls(ue->endpoint, connection);
}

static void on_again(Sim *sim, void *ctx, uint64_t arg)
{
    Ue *ue = ctx;
    ue->tls.again = 0;
    if (ue->wanted && ue->state == UE_IDLE)
        ue_register_start(ue);
}

bool ue_tls_again(Ue *ue)
{
    UeTls *tls = &ue->tls;
    if (tls->reconnects == RECONNECTS_MAX) {
        trace_decision(ue->sim, ue->config.name, "ue-gives-up", "RFC 5626 §4.5",
                       "gives up: %u connections in a row did not last", RECONNECTS_MAX + 1);
        return false;
    }
    SimTime delay = tls->reconnects == 0 ? AGAIN_FIRST : AGAIN_BASE << (tls->reconnects - 1);
    tls->reconnects++;
    tls->again = sim_after(ue->sim, net_host_source(ue->host), delay, on_again, ue, 0);
    return true;
}

/* Registered, and nothing under way that would notice. */
static void on_lost(Ue *ue, const char *why)
{
    if (sim_now(ue->sim) - ue->tls.since >= LONG_ENOUGH)
        ue->tls.reconnects = 0;
    trace_decision(ue->sim, ue->config.name, "ue-connection-lost", "RFC 5626 §4.5 (K40)",
                   "cannot be reached any more, and registers anew: its connection has ended (%s)", why);
    ue_go(ue, UE_IDLE);
    ue_outcome(ue, "connection", ue->config.pcscf_name != NULL ? ue->config.pcscf_name : "", -1, why);
    if (!ue_tls_again(ue))
        ue_presence_clear(ue);
}

/* --- the endpoint's news --- */

static bool on_expected(void *node, const SipFlow *to, CertName *name)
{
    const Ue *ue = node;
    *name = (CertName){ CERT_NAME_DNS, ue->config.pcscf_name };
    return ue->config.pcscf_name != NULL;
}

static void on_open(void *node, const SipTlsConnection *connection)
{
    Ue *ue = node;
    if (connection->number != ue->tls.connection) { /* came too late: nobody waits for it any more */
        sip_endpoint_close_tls(ue->endpoint, connection->number);
        return;
    }
    sim_cancel(ue->sim, ue->tls.patience);
    ue->tls.patience = 0;
    ue->tls.open = ue->tls.reached = true;
    ue->tls.encrypts = tls_suite_encrypts(connection->status->suite);
    ue->tls.since = sim_now(ue->sim);
}

/* A REGISTER that waits for it hears of it in an event of its own. */
static void on_ended(void *node, const SipTlsConnection *connection, const char *why)
{
    Ue *ue = node;
    bool registered = ue->tls.registered;

    if (connection->number != ue->tls.connection)
        return;
    no_connection(ue);
    if (connection->status->failure == TLS_CERTIFICATE_REFUSED) {
        ue->tls.refused = true;
        trace_decision(ue->sim, ue->config.name, "ue-refuses-certificate", "RFC 3261 §26.3.1; RFC 5922 §7.2",
                       "refuses the P-CSCF's certificate: %s", cert_result_name(connection->status->certificate));
    }
    if (registered && ue->state == UE_REGISTERED)
        on_lost(ue, why);
}

static void on_no_patience(Sim *sim, void *ctx, uint64_t arg)
{
    Ue *ue = ctx;
    ue->tls.patience = 0;
    if (ue->register_tx != NULL)
        sip_client_forget(ue->register_tx);
    ue->register_tx = NULL;
    ue_register_failed(ue, "nobody speaks TLS at the P-CSCF's address");
}

void ue_tls_start(Ue *ue)
{
    SipTls tls = { .client = ue->config.tls, .expected = on_expected, .open = on_open, .ended = on_ended };
    if (ue->config.tls != NULL)
        sip_endpoint_use_tls(ue->endpoint, &tls);
}

/* --- a registration over it --- */

void ue_tls_opening(Ue *ue, const SipClientTx *tx)
{
    if (ue->tls.connection != 0)
        return;
    ue->tls.connection = sip_client_flow(tx)->connection; /* 0: refused at once, which comes back as its answer */
    ue->tls.reached = ue->tls.refused = false;
    if (ue->tls.connection != 0)
        ue->tls.patience = sim_after(ue->sim, net_host_source(ue->host), PATIENCE, on_no_patience, ue, 0);
}

/* SAs of earlier registrations are not needed any more. */
void ue_tls_use(Ue *ue)
{
    ue_sas_forget(ue);
    ue->tls.registered = true;
}

const TlsWork *ue_tls_work(const Ue *ue)
{
    return sip_endpoint_tls_work(ue->endpoint);
}
