/*
 * nodes/stack/tls_why.c - why a TLS connection was refused or failed, in plain words.
 *
 * Source:  RFC 5246 §7.2, RFC 8446 §6 (alerts and their names).
 * Knows:   crypto/tls.h.
 */
#include "nodes/stack/endpoint_private.h"

const char *tls_version_name(TlsVersion version)
{
    switch (version) {
    case TLS_1_0: return "TLS 1.0";
    case TLS_1_1: return "TLS 1.1";
    case TLS_1_2: return "TLS 1.2";
    case TLS_1_3: return "TLS 1.3";
    }
    g_assert_not_reached();
}

const char *tls_why_alert(int alert)
{
    switch (alert) {
    case 0: return "refused: close_notify";
    case 10: return "refused: unexpected_message";
    case 20: return "refused: bad_record_mac";
    case 22: return "refused: record_overflow";
    case 40: return "refused: handshake_failure";
    case 42: return "refused: bad_certificate";
    case 43: return "refused: unsupported_certificate";
    case 44: return "refused: certificate_revoked";
    case 45: return "refused: certificate_expired";
    case 46: return "refused: certificate_unknown";
    case 47: return "refused: illegal_parameter";
    case 48: return "refused: unknown_ca";
    case 49: return "refused: access_denied";
    case 50: return "refused: decode_error";
    case 51: return "refused: decrypt_error";
    case 70: return "refused: protocol_version";
    case 71: return "refused: insufficient_security";
    case 80: return "refused: internal_error";
    case 86: return "refused: inappropriate_fallback";
    case 90: return "refused: user_canceled";
    case 109: return "refused: missing_extension";
    case 110: return "refused: unsupported_extension";
    case 112: return "refused: unrecognized_name";
    case 115: return "refused: unknown_psk_identity";
    case 116: return "refused: certificate_required";
    case 120: return "refused: no_application_protocol";
    default: return "refused";
    }
}

static const char *why_certificate(CertResult result)
{
    switch (result) {
    case CERT_OK: return "the certificate was refused";
    case CERT_NOT_A_CERTIFICATE: return "what it shows is no certificate";
    case CERT_UNKNOWN_CA: return "the certificate comes from nobody we trust";
    case CERT_BAD_SIGNATURE: return "the certificate was not signed by the authority it names";
    case CERT_NOT_YET_VALID: return "the certificate is not valid yet";
    case CERT_EXPIRED: return "the certificate has expired";
    case CERT_WRONG_PURPOSE: return "the certificate is for another purpose";
    case CERT_REFUSED: return "the certificate breaks a rule of RFC 5280";
    case CERT_WRONG_NAME: return "the certificate speaks for somebody else";
    }
    g_assert_not_reached();
}

const char *tls_why(const TlsStatus *status)
{
    switch (status->failure) {
    case TLS_NO_FAILURE: return "it ended";
    case TLS_BAD_RECORD: return "a record is not from the other end";
    case TLS_ALERT_RECEIVED: return tls_why_alert(status->alert_received);
    case TLS_CERTIFICATE_REFUSED: return why_certificate(status->certificate);
    case TLS_NO_CERTIFICATE: return "the client shows no certificate";
    case TLS_PSK_UNKNOWN: return "the key's identity is unknown";
    case TLS_NOTHING_SHARED: return "no version or suite in common";
    case TLS_BAD_HANDSHAKE: return "what came is no TLS handshake";
    }
    g_assert_not_reached();
}
