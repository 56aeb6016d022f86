/*
 * nodes/msg/cx.c - typed Cx messages to and from Diameter.
 *
 * Source:  TS 29.228 §6.1, §6.3; TS 29.229 §6.1 (which AVPs a command has), §6.3 (their values).
 * Knows:   see cx.h.
 */
#include "nodes/msg/cx.h"

enum { /* TS 29.229 §6.3 */
       AVP_VISITED_NETWORK = 600,
       AVP_PUBLIC_IDENTITY = 601,
       AVP_SERVER_NAME = 602,
       AVP_USER_DATA = 606,
       AVP_NUMBER_AUTH_ITEMS = 607,
       AVP_SCHEME = 608,
       AVP_AUTHENTICATE = 609,
       AVP_AUTHORIZATION = 610,
       AVP_AUTH_DATA_ITEM = 612,
       AVP_ITEM_NUMBER = 613,
       AVP_ASSIGNMENT_TYPE = 614,
       AVP_AUTHORIZATION_TYPE = 623,
       AVP_USER_DATA_AVAILABLE = 624,
       AVP_CONFIDENTIALITY_KEY = 625,
       AVP_INTEGRITY_KEY = 626,
};
enum { NO_STATE_MAINTAINED = 1, XRES_MIN = 4 };

const char *cx_result_text(CxResult result)
{
    switch (result) {
    case CX_OK: return "well-formed";
    case CX_NOT_DIAMETER: return "not a Diameter message";
    case CX_UNKNOWN: return "not a Cx command";
    case CX_MISSING: return "an AVP is missing";
    case CX_BAD_VALUE: return "an AVP has a wrong length or value";
    case CX_TOO_MANY_AVS: return "too many authentication vectors";
    }
    return "?";
}

const char *cx_experimental_text(uint32_t code)
{
    switch (code) {
    case CX_FIRST_REGISTRATION: return "DIAMETER_FIRST_REGISTRATION";
    case CX_SUBSEQUENT_REGISTRATION: return "DIAMETER_SUBSEQUENT_REGISTRATION";
    case CX_UNREGISTERED_SERVICE: return "DIAMETER_UNREGISTERED_SERVICE";
    case CX_SERVER_NAME_NOT_STORED: return "DIAMETER_SUCCESS_SERVER_NAME_NOT_STORED";
    case CX_USER_UNKNOWN: return "DIAMETER_ERROR_USER_UNKNOWN";
    case CX_IDENTITIES_DONT_MATCH: return "DIAMETER_ERROR_IDENTITIES_DONT_MATCH";
    case CX_IDENTITY_NOT_REGISTERED: return "DIAMETER_ERROR_IDENTITY_NOT_REGISTERED";
    case CX_ROAMING_NOT_ALLOWED: return "DIAMETER_ERROR_ROAMING_NOT_ALLOWED";
    case CX_IDENTITY_ALREADY_REGISTERED: return "DIAMETER_ERROR_IDENTITY_ALREADY_REGISTERED";
    case CX_AUTH_SCHEME_NOT_SUPPORTED: return "DIAMETER_ERROR_AUTH_SCHEME_NOT_SUPPORTED";
    case CX_IN_ASSIGNMENT_TYPE: return "DIAMETER_ERROR_IN_ASSIGNMENT_TYPE";
    default: return NULL; /* a number from a stranger, not one of our states */
    }
}

bool cx_succeeded(const CxMessage *cx)
{
    uint32_t code = cx->result != 0 ? cx->result : cx->experimental;
    return code >= 2000 && code < 3000; /* RFC 6733 §7.1.2 */
}

/* ---- writing ---- */

static void put_text_if(DiameterWriter *w, uint32_t code, uint32_t vendor, Text text)
{
    if (text_present(text))
        diameter_put_text(w, code, vendor, text);
}

static void put_application(DiameterWriter *w, uint32_t application)
{
    diameter_begin(w, DIAMETER_VENDOR_SPECIFIC_APPLICATION_ID, 0);
    diameter_put_u32(w, DIAMETER_VENDOR_ID, 0, DIAMETER_3GPP);
    diameter_put_u32(w, DIAMETER_AUTH_APPLICATION_ID, 0, application);
    diameter_end(w);
}

static void put_result(DiameterWriter *w, const CxMessage *cx)
{
    if (cx->result != 0)
        diameter_put_u32(w, DIAMETER_RESULT_CODE, 0, cx->result);
    if (cx->experimental == 0)
        return;
    diameter_begin(w, DIAMETER_EXPERIMENTAL_RESULT, 0);
    diameter_put_u32(w, DIAMETER_VENDOR_ID, 0, DIAMETER_3GPP);
    diameter_put_u32(w, DIAMETER_EXPERIMENTAL_RESULT_CODE, 0, cx->experimental);
    diameter_end(w);
}

/* What MAR asks for: the scheme, and on a synchronisation failure RAND || AUTS. */
static void put_asked(DiameterWriter *w, const CxMessage *cx)
{
    if (!text_present(cx->scheme) && !cx->resync)
        return;
    diameter_begin(w, AVP_AUTH_DATA_ITEM, DIAMETER_3GPP);
    put_text_if(w, AVP_SCHEME, DIAMETER_3GPP, cx->scheme);
    if (cx->resync)
        diameter_put(w, AVP_AUTHORIZATION, DIAMETER_3GPP, cx->rand_auts, CX_RAND_AUTS_LEN);
    diameter_end(w);
}

static void put_av(DiameterWriter *w, const CxMessage *cx, const CxAv *av)
{
    diameter_begin(w, AVP_AUTH_DATA_ITEM, DIAMETER_3GPP);
    diameter_put_u32(w, AVP_ITEM_NUMBER, DIAMETER_3GPP, av->item);
    diameter_put_text(w, AVP_SCHEME, DIAMETER_3GPP, text_present(cx->scheme) ? cx->scheme : TEXT(CX_SCHEME_AKA));
    diameter_put(w, AVP_AUTHENTICATE, DIAMETER_3GPP, av->rand_autn, CX_RAND_AUTN_LEN);
    diameter_put(w, AVP_AUTHORIZATION, DIAMETER_3GPP, av->xres, av->xres_len);
    diameter_put(w, AVP_CONFIDENTIALITY_KEY, DIAMETER_3GPP, av->ck, CX_KEY_LEN);
    diameter_put(w, AVP_INTEGRITY_KEY, DIAMETER_3GPP, av->ik, CX_KEY_LEN);
    diameter_end(w);
}

static void put_multimedia_auth(DiameterWriter *w, const CxMessage *cx)
{
    if (cx->n_auth_items != 0)
        diameter_put_u32(w, AVP_NUMBER_AUTH_ITEMS, DIAMETER_3GPP, cx->n_auth_items);
    if (cx->request)
        put_asked(w, cx);
    for (unsigned i = 0; i < cx->n_avs && i < CX_AVS_MAX && !cx->request; i++)
        put_av(w, cx, &cx->av[i]);
}

static void put_body(DiameterWriter *w, const CxMessage *cx)
{
    put_text_if(w, DIAMETER_USER_NAME, 0, cx->impi);
    put_text_if(w, AVP_PUBLIC_IDENTITY, DIAMETER_3GPP, cx->impu);
    put_text_if(w, AVP_VISITED_NETWORK, DIAMETER_3GPP, cx->visited_network);
    if (cx->has_authorization_type)
        diameter_put_u32(w, AVP_AUTHORIZATION_TYPE, DIAMETER_3GPP, cx->authorization_type);
    if (cx->command == CX_MULTIMEDIA_AUTH)
        put_multimedia_auth(w, cx);
    put_text_if(w, AVP_SERVER_NAME, DIAMETER_3GPP, cx->server_name);
    if (cx->has_assignment)
        diameter_put_u32(w, AVP_ASSIGNMENT_TYPE, DIAMETER_3GPP, cx->assignment);
    if (cx->has_user_data_available)
        diameter_put_u32(w, AVP_USER_DATA_AVAILABLE, DIAMETER_3GPP, cx->user_data_available);
    put_text_if(w, AVP_USER_DATA, DIAMETER_3GPP, cx->user_data);
}

size_t cx_write(const CxMessage *cx, uint8_t *out, size_t cap)
{
    uint32_t application = cx->application != 0 ? cx->application : DIAMETER_APP_CX;
    DiameterMsg header = { .flags = (cx->request ? DIAMETER_REQUEST : 0) | DIAMETER_PROXIABLE |
                                    (cx->error_flag ? DIAMETER_ERROR : 0),
                           .command = cx->command,
                           .application = application,
                           .hop_by_hop = cx->hop_by_hop,
                           .end_to_end = cx->end_to_end };
    DiameterWriter writer, *w = &writer;
    diameter_start(w, out, cap, &header);
    put_text_if(w, DIAMETER_SESSION_ID, 0, cx->session_id);
    put_application(w, application);
    diameter_put_u32(w, DIAMETER_AUTH_SESSION_STATE, 0, NO_STATE_MAINTAINED);
    put_text_if(w, DIAMETER_ORIGIN_HOST, 0, cx->origin_host);
    put_text_if(w, DIAMETER_ORIGIN_REALM, 0, cx->origin_realm);
    if (cx->request) {
        put_text_if(w, DIAMETER_DESTINATION_HOST, 0, cx->destination_host);
        put_text_if(w, DIAMETER_DESTINATION_REALM, 0, cx->destination_realm);
    } else
        put_result(w, cx);
    put_body(w, cx);
    return diameter_finish(w);
}

/* ---- reading ---- */

static CxParse outcome(CxResult result, uint32_t avp)
{
    return (CxParse){ result, DIAMETER_OK, avp };
}

static CxParse bad_value(uint32_t avp)
{
    return outcome(CX_BAD_VALUE, avp);
}

/* A number that must be one of an enumeration 0..@max. */
static bool read_enumerated(const DiameterAvp *avp, uint32_t max, uint32_t *out)
{
    return diameter_u32(avp, out) && *out <= max;
}

static bool read_fixed(const DiameterAvp *avp, uint8_t *out, size_t len)
{
    if (avp->data.len != len)
        return false;
    memcpy(out, avp->data.p, len);
    return true;
}

static bool read_experimental(const DiameterCursor *outer, const DiameterAvp *group, uint32_t *code)
{
    DiameterAvp avp;
    uint32_t vendor;
    DiameterCursor inner = diameter_group(outer, group);
    return diameter_find(inner, DIAMETER_VENDOR_ID, 0, &avp) && diameter_u32(&avp, &vendor) &&
           vendor == DIAMETER_3GPP && diameter_find(inner, DIAMETER_EXPERIMENTAL_RESULT_CODE, 0, &avp) &&
           diameter_u32(&avp, code) && *code != 0;
}

static bool read_xres(const DiameterAvp *avp, CxAv *av)
{
    if (avp->data.len < XRES_MIN || avp->data.len > CX_XRES_MAX)
        return false;
    av->xres_len = (uint8_t)avp->data.len;
    memcpy(av->xres, avp->data.p, avp->data.len);
    return true;
}

/* One 3GPP AVP inside MAA's SIP-Auth-Data-Item; true for others, which are skipped. */
static bool read_av_part(const DiameterAvp *avp, CxMessage *out, CxAv *av)
{
    switch (avp->code) {
    case AVP_ITEM_NUMBER: return diameter_u32(avp, &av->item);
    case AVP_SCHEME: out->scheme = diameter_text(avp); return true;
    case AVP_AUTHENTICATE: return read_fixed(avp, av->rand_autn, CX_RAND_AUTN_LEN);
    case AVP_AUTHORIZATION: return read_xres(avp, av);
    case AVP_CONFIDENTIALITY_KEY: return read_fixed(avp, av->ck, CX_KEY_LEN);
    case AVP_INTEGRITY_KEY: return read_fixed(avp, av->ik, CX_KEY_LEN);
    default: return true;
    }
}

static CxParse read_av(const DiameterCursor *outer, const DiameterAvp *group, CxMessage *out)
{
    static const uint32_t needed[] = { AVP_AUTHENTICATE, AVP_AUTHORIZATION, AVP_CONFIDENTIALITY_KEY,
                                       AVP_INTEGRITY_KEY };
    if (out->n_avs == CX_AVS_MAX)
        return outcome(CX_TOO_MANY_AVS, AVP_AUTH_DATA_ITEM);
    CxAv av = { 0 };
    DiameterAvp avp;
    DiameterCursor inner = diameter_group(outer, group);
    for (size_t i = 0; i < G_N_ELEMENTS(needed); i++)
        if (!diameter_find(inner, needed[i], DIAMETER_3GPP, &avp))
            return outcome(CX_MISSING, needed[i]);
    while (diameter_next(&inner, &avp))
        if (avp.vendor == DIAMETER_3GPP && !read_av_part(&avp, out, &av))
            return bad_value(avp.code);
    if (inner.result != DIAMETER_OK)
        return bad_value(AVP_AUTH_DATA_ITEM);
    out->av[out->n_avs++] = av;
    return outcome(CX_OK, 0);
}

static CxParse read_asked(const DiameterCursor *outer, const DiameterAvp *group, CxMessage *out)
{
    DiameterAvp avp;
    DiameterCursor inner = diameter_group(outer, group);
    while (diameter_next(&inner, &avp)) {
        if (avp.vendor != DIAMETER_3GPP)
            continue;
        if (avp.code == AVP_SCHEME)
            out->scheme = diameter_text(&avp);
        if (avp.code == AVP_AUTHORIZATION) {
            if (!read_fixed(&avp, out->rand_auts, CX_RAND_AUTS_LEN))
                return bad_value(AVP_AUTHORIZATION);
            out->resync = true;
        }
    }
    return inner.result == DIAMETER_OK ? outcome(CX_OK, 0) : bad_value(AVP_AUTH_DATA_ITEM);
}

static CxParse read_base_avp(const DiameterCursor *cursor, const DiameterAvp *avp, CxMessage *out)
{
    bool good = true;
    switch (avp->code) {
    case DIAMETER_SESSION_ID: out->session_id = diameter_text(avp); break;
    case DIAMETER_ORIGIN_HOST: out->origin_host = diameter_text(avp); break;
    case DIAMETER_ORIGIN_REALM: out->origin_realm = diameter_text(avp); break;
    case DIAMETER_DESTINATION_HOST: out->destination_host = diameter_text(avp); break;
    case DIAMETER_DESTINATION_REALM: out->destination_realm = diameter_text(avp); break;
    case DIAMETER_USER_NAME: out->impi = diameter_text(avp); break;
    case DIAMETER_RESULT_CODE: good = diameter_u32(avp, &out->result); break;
    case DIAMETER_EXPERIMENTAL_RESULT: good = read_experimental(cursor, avp, &out->experimental); break;
    default: break;
    }
    return good ? outcome(CX_OK, 0) : bad_value(avp->code);
}

static CxParse read_3gpp_avp(const DiameterCursor *cursor, const DiameterAvp *avp, CxMessage *out)
{
    bool good = true;
    uint32_t number = 0;
    switch (avp->code) {
    case AVP_PUBLIC_IDENTITY: out->impu = diameter_text(avp); break;
    case AVP_VISITED_NETWORK: out->visited_network = diameter_text(avp); break;
    case AVP_SERVER_NAME: out->server_name = diameter_text(avp); break;
    case AVP_USER_DATA: out->user_data = diameter_text(avp); break;
    case AVP_NUMBER_AUTH_ITEMS: good = diameter_u32(avp, &out->n_auth_items); break;
    case AVP_AUTH_DATA_ITEM: return out->request ? read_asked(cursor, avp, out) : read_av(cursor, avp, out);
    case AVP_AUTHORIZATION_TYPE:
        good = out->has_authorization_type = read_enumerated(avp, CX_REGISTRATION_AND_CAPABILITIES, &number);
        out->authorization_type = (CxAuthorizationType)number;
        break;
    case AVP_ASSIGNMENT_TYPE:
        good = out->has_assignment = read_enumerated(avp, CX_ASSIGN_TOO_MUCH_DATA, &number);
        out->assignment = (CxAssignment)number;
        break;
    case AVP_USER_DATA_AVAILABLE:
        good = out->has_user_data_available = read_enumerated(avp, 1, &out->user_data_available);
        break;
    default: break;
    }
    return good ? outcome(CX_OK, 0) : bad_value(avp->code);
}

/* The AVPs in braces of TS 29.229 §6.1 that our nodes cannot do without. */
static CxParse check_present(const CxMessage *cx)
{
    if (!text_present(cx->session_id))
        return outcome(CX_MISSING, DIAMETER_SESSION_ID);
    if (!text_present(cx->origin_host))
        return outcome(CX_MISSING, DIAMETER_ORIGIN_HOST);
    if (!text_present(cx->origin_realm))
        return outcome(CX_MISSING, DIAMETER_ORIGIN_REALM);
    if (!cx->request)
        return cx->result || cx->experimental ? outcome(CX_OK, 0) : outcome(CX_MISSING, DIAMETER_RESULT_CODE);
    if (!text_present(cx->destination_realm))
        return outcome(CX_MISSING, DIAMETER_DESTINATION_REALM);
    bool zh = cx->application == DIAMETER_APP_ZH; /* has neither, TS 29.109 §4.2 */
    if (!text_present(cx->impu) && !zh)
        return outcome(CX_MISSING, AVP_PUBLIC_IDENTITY);
    bool has_impi = cx->command == CX_USER_AUTHORIZATION || cx->command == CX_MULTIMEDIA_AUTH;
    if (has_impi && !text_present(cx->impi))
        return outcome(CX_MISSING, DIAMETER_USER_NAME);
    if (cx->command == CX_USER_AUTHORIZATION && !text_present(cx->visited_network))
        return outcome(CX_MISSING, AVP_VISITED_NETWORK);
    bool has_server = cx->command == CX_SERVER_ASSIGNMENT || (cx->command == CX_MULTIMEDIA_AUTH && !zh);
    if (has_server && !text_present(cx->server_name))
        return outcome(CX_MISSING, AVP_SERVER_NAME);
    if (cx->command == CX_SERVER_ASSIGNMENT && !cx->has_assignment)
        return outcome(CX_MISSING, AVP_ASSIGNMENT_TYPE);
    return outcome(CX_OK, 0);
}

static bool known_command(const DiameterMsg *msg)
{
    if (msg->application == DIAMETER_APP_ZH)
        return msg->command == CX_MULTIMEDIA_AUTH;
    return msg->application == DIAMETER_APP_CX && msg->command >= CX_USER_AUTHORIZATION &&
           msg->command <= CX_MULTIMEDIA_AUTH;
}

CxParse cx_parse(const uint8_t *octets, size_t len, CxMessage *out)
{
    DiameterMsg msg;
    memset(out, 0, sizeof *out);
    DiameterResult diameter = diameter_parse(octets, len, &msg);
    if (diameter != DIAMETER_OK)
        return (CxParse){ CX_NOT_DIAMETER, diameter, 0 };
    if (!known_command(&msg))
        return outcome(CX_UNKNOWN, 0);
    out->command = (CxCommand)msg.command;
    out->request = msg.flags & DIAMETER_REQUEST;
    out->error_flag = msg.flags & DIAMETER_ERROR;
    out->application = msg.application;
    out->hop_by_hop = msg.hop_by_hop;
    out->end_to_end = msg.end_to_end;
    CxParse first_wrong = outcome(CX_OK, 0);
    DiameterAvp avp;
    DiameterCursor cursor = diameter_avps(&msg);
    while (diameter_next(&cursor, &avp)) {
        CxParse parse = outcome(CX_OK, 0);
        if (avp.vendor == 0)
            parse = read_base_avp(&cursor, &avp, out);
        else if (avp.vendor == DIAMETER_3GPP)
            parse = read_3gpp_avp(&cursor, &avp, out);
        if (first_wrong.result == CX_OK)
            first_wrong = parse;
    }
    return first_wrong.result == CX_OK ? check_present(out) : first_wrong;
}
