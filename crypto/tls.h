/*
 * crypto/tls.h - a TLS endpoint over octets: what came from the transport goes in, what is to be sent comes out.
 *
 * Source:  RFC 2246, 4346, 5246, 8446; RFC 4279 and TS 33.222 §5.4 (pre-shared keys); RFC 3261 §26.2.1, §26.3.1 (which
 *          suite, which names); RFC 3546 is not used (no server name is sent).
 * Knows:   octets, certificates and keys.  No socket, no segment, no node, no clock: the caller says what time it is.
 *
 * Use:     one TlsContext for each policy of a node, one Tls for each connection.
 *
 *     client: tls_new() -> tls_take() and send it
 *     both:   octets arrive -> tls_feed() -> tls_receive() until 0 -> tls_take() and send it
 *             tls_send() as soon as tls_status()->state is TLS_OPEN -> tls_take() and send it
 *             TLS_FAILED: tls_take() once more (the alert), then drop the transport
 *
 * A TLS 1.3 client is open one flight before the server is: if the server then refuses it, an open client fails.
 *
 * When the connection is open and idle, crypto/tls_hibernate.h keeps it in 124 octets instead of about 20,000.
 *
 * No session tickets, no resumption, no renegotiation, no compression, no encrypt-then-MAC and no empty records before
 * TLS 1.0 data: records have the sizes of the RFCs of their version.
 */
#ifndef PRESEC_CRYPTO_TLS_H
#define PRESEC_CRYPTO_TLS_H

#include "crypto/cert.h"

/* ---- policy ---- */

typedef enum {
    TLS_1_0, /* what 2003 had */
    TLS_1_1,
    TLS_1_2,
    TLS_1_3,
} TlsVersion;

typedef enum {
    TLS_AUTH_SERVER, /* the server shows a certificate, the client proves itself above TLS or not at all */
    TLS_AUTH_MUTUAL, /* both show certificates; a client without one is refused */
    TLS_AUTH_PSK,    /* no certificates; one is refused even if a server offers it */
} TlsAuth;

/* What is checked of the other's certificate. */
typedef enum {
    TLS_CHECK_NAME,    /* the chain, then the name of TlsPeer; without a name there, the chain */
    TLS_CHECK_CHAIN,   /* the chain only: any subscriber of the CA can pose as the server */
    TLS_CHECK_NOTHING, /* the negative control: anybody can */
} TlsCheck;

/* Values are IANA's. */
typedef enum {
    TLS_RSA_NULL_SHA = 0x0002, /* integrity only: the negative control.  Only where it is listed, never by default */
    TLS_PSK_NULL_SHA = 0x002c,
    TLS_RSA_AES_128_CBC_SHA = 0x002f, /* mandatory in SIP: RFC 3261 §26.2.1 */
    TLS_RSA_AES_128_CBC_SHA256 = 0x003c,
    TLS_PSK_AES_128_CBC_SHA = 0x008c,
    TLS_RSA_AES_128_GCM_SHA256 = 0x009c,
    TLS_PSK_AES_128_GCM_SHA256 = 0x00a8,
    TLS_PSK_AES_128_CBC_SHA256 = 0x00ae,
    TLS_AES_128_GCM_SHA256 = 0x1301, /* TLS 1.3, the only one there */
    TLS_ECDHE_ECDSA_AES_128_CBC_SHA = 0xc009,
    TLS_ECDHE_RSA_AES_128_CBC_SHA = 0xc013,
    TLS_ECDHE_ECDSA_AES_128_CBC_SHA256 = 0xc023,
    TLS_ECDHE_RSA_AES_128_CBC_SHA256 = 0xc027,
    TLS_ECDHE_ECDSA_AES_128_GCM_SHA256 = 0xc02b,
    TLS_ECDHE_RSA_AES_128_GCM_SHA256 = 0xc02f,
} TlsSuite;
const char *tls_suite_name(TlsSuite suite); /* the registered name; "unknown" for other numbers */
bool tls_suite_encrypts(TlsSuite suite);    /* or gives integrity alone; false for other numbers */

enum {
    TLS_PSK_MAX = 64,           /* octets of a key: Ks_NAF has 32 */
    TLS_PSK_IDENTITY_MAX = 255, /* octets of an identity; longer ones are unknown */
    TLS_SUITES_MAX = 16,
};

/* The 33.222 names of GBA: the hint, and the identity is hint, ";", B-TID.  TS 33.222 §5.4.1. */
#define TLS_PSK_HINT_GBA "3GPP-bootstrapping"

/**
 * Find the key of an identity that a client sent.
 *
 * @identity: terminated, at most TLS_PSK_IDENTITY_MAX
 * @key:      out, at most TLS_PSK_MAX
 *
 * Returns the key's length; 0: unknown, the client is refused with unknown_psk_identity (handshake_failure in TLS 1.3).
 */
typedef size_t (*TlsPskLookup)(void *ctx, const char *identity, uint8_t key[TLS_PSK_MAX]);

/* One line of NSS key log text, which a capture file carries so that its reader can decrypt. */
typedef void (*TlsKeylog)(void *ctx, const char *line);

/* A node's policy for one kind of connection.  All pointers are borrowed until tls_context_free(). */
typedef struct {
    bool server;
    TlsVersion lowest, highest;
    TlsAuth auth;
    TlsCheck check;
    const CertTrust *trust; /* NULL: nobody is trusted */
    const Cert *cert;       /* own certificate and key; both NULL where auth needs none of us */
    const CertKey *key;
    const TlsSuite *suites;  /* by preference, at most TLS_SUITES_MAX; the server's order decides */
    size_t n_suites;         /* 0: all that encrypt and that auth allows, the strongest first */
    const char *psk_hint;    /* server: sent in TLS 1.0 to 1.2; NULL: none */
    TlsPskLookup psk_lookup; /* server with TLS_AUTH_PSK */
    void *psk_ctx;
    TlsKeylog keylog; /* NULL: secrets are told to nobody */
    void *keylog_ctx;
} TlsPolicy;

typedef struct TlsContext TlsContext;
/** NULL: the policy cannot work (no suite of these versions, certificate and key do not fit, none for a server). */
TlsContext *tls_context_new(const TlsPolicy *policy) G_GNUC_WARN_UNUSED_RESULT;
/** After the last Tls made from it. */
void tls_context_free(TlsContext *context);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TlsContext, tls_context_free)

/* ---- one connection ---- */

/* What this connection knows of the other end; borrowed for tls_new() only. */
typedef struct {
    const CertName *name;     /* TLS_CHECK_NAME: whom the certificate must speak for; NULL: anyone of a good chain */
    int64_t now;              /* seconds since 1970, for certificates */
    const char *psk_identity; /* client with TLS_AUTH_PSK */
    const uint8_t *psk;
    size_t psk_len;       /* 1..TLS_PSK_MAX */
    const char *psk_hint; /* one of the hints that the server lists (";" between) must be this, or we refuse with
                             TLS_PSK_UNKNOWN; NULL: any or none.  TLS 1.3 has no hints: not checked there */
} TlsPeer;

typedef enum {
    TLS_HANDSHAKING,
    TLS_OPEN,
    TLS_PEER_CLOSED, /* close_notify came; tls_close() answers it */
    TLS_CLOSED,      /* we sent close_notify; what still comes is not delivered */
    TLS_FAILED,      /* for the reason in TlsStatus; nothing goes in or out but the alert already made */
} TlsState;

typedef enum {
    TLS_NO_FAILURE,
    TLS_BAD_RECORD,     /* MAC, tag, padding or length wrong: changed, injected, or another key (a wrong PSK, too) */
    TLS_ALERT_RECEIVED, /* the other end gave up: alert_received */
    TLS_CERTIFICATE_REFUSED, /* ours to refuse: certificate says why */
    TLS_NO_CERTIFICATE,      /* the client showed none though it must */
    TLS_PSK_UNKNOWN,         /* server: identity; client: hint */
    TLS_NOTHING_SHARED,      /* no version or no suite in common */
    TLS_BAD_HANDSHAKE,       /* not TLS, or not what the protocol allows here */
} TlsFailure;
const char *tls_failure_name(TlsFailure failure);

enum { TLS_NO_ALERT = -1 };

typedef struct {
    TlsState state;
    TlsFailure failure;
    CertResult certificate; /* what we think of the other's; CERT_OK if there was none or it is not checked */
    int alert_sent;         /* number of the last fatal alert, or 0 for close_notify; TLS_NO_ALERT */
    int alert_received;
    TlsVersion version; /* from TLS_OPEN on */
    TlsSuite suite;     /* from TLS_OPEN on */
} TlsStatus;

/* What an end computed, for the cost table.  Counted when done, in handshakes that fail, too. */
typedef struct {
    unsigned signatures, verifications; /* certificates verified count as one each */
    unsigned rsa_encryptions, rsa_decryptions;
    unsigned key_agreements; /* ECDH: a key pair and a shared secret */
    unsigned records_sealed, records_opened;
    uint64_t octets_sealed, octets_opened; /* protected record bodies, so MAC, padding and tag are in */
} TlsWork;

typedef struct Tls Tls;
/**
 * @context: borrowed, outlives the connection
 * @random:  this connection's own stream; copied, its ctx borrowed.  Nothing else is ever drawn from
 */
Tls *tls_new(TlsContext *context, const TlsPeer *peer, const CryptoRandom *random) G_GNUC_WARN_UNUSED_RESULT;
void tls_free(Tls *tls);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Tls, tls_free)

/** Octets of the transport in their order, cut anywhere; copied.  Once closed or failed they are ignored. */
void tls_feed(Tls *tls, const uint8_t *octets, size_t len);
/** Octets waiting to be sent. */
size_t tls_waiting(const Tls *tls);
/** Moves at most @capacity of them to @out; returns how many. */
size_t tls_take(Tls *tls, uint8_t *out, size_t capacity);
/** Seal application data.  False: the state is neither TLS_OPEN nor TLS_PEER_CLOSED, nothing was made. */
bool tls_send(Tls *tls, const uint8_t *plain, size_t len) G_GNUC_WARN_UNUSED_RESULT;
/** At most @capacity octets of application data to @out; returns how many, 0: none now.  Look at the state after 0. */
size_t tls_receive(Tls *tls, uint8_t *out, size_t capacity);
/** Send close_notify (TLS_OPEN, TLS_PEER_CLOSED); in other states nothing happens. */
void tls_close(Tls *tls);

const TlsStatus *tls_status(const Tls *tls);
const TlsWork *tls_work(const Tls *tls);
/** The other's certificate, refused ones too; NULL: it showed none.  Lives as long as @tls. */
const Cert *tls_peer_certificate(const Tls *tls);
/** Server: the identity the client named, known or not; client: its own.  "" before. */
const char *tls_psk_identity(const Tls *tls);
/** Client: the server's hint; "" if none came. */
const char *tls_psk_hint(const Tls *tls);

#endif
