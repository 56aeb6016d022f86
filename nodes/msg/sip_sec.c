/*
 * nodes/msg/sip_sec.c - the mechanisms of Security-Client, Security-Server and Security-Verify.
 *
 * Source:  RFC 3329 §2.2, Appendix A; TS 33.203 Annex H.
 * Knows:   text.  What is acceptable is the policy of a node.
 */
#include "nodes/msg/sip_auth.h"
#include "nodes/msg/sip_fields.h"
#include "nodes/msg/sip_scan.h"

#define MAX_PARAMS 32 /* of one mechanism; Annex H knows nine */

/* qvalue in thousandths: 0[.ddd] or 1[.000] */
static bool read_q(Text text, unsigned *q)
{
    static const unsigned scale[] = { 1000, 100, 10, 1 };
    uint32_t fraction = 0;
    if (text.len == 0 || (text.p[0] != '0' && text.p[0] != '1'))
        return false;
    *q = text.p[0] == '1' ? 1000 : 0;
    if (text.len == 1 || (text.len == 2 && text.p[1] == '.'))
        return text.len == 1 || text.p[1] == '.';
    if (text.p[1] != '.' || text.len > 5 || !text_to_u32(text_after(text, 2), 999, &fraction))
        return false;
    *q += fraction * scale[text.len - 2];
    return *q <= 1000;
}

static bool read_number(SipSecMechanism *m, unsigned bit, Text text, uint32_t max, uint32_t *out)
{
    if (m->present & bit)
        return false;
    m->present |= bit;
    return text.len <= 10 && text_to_u32(text, max, out);
}

static bool read_port(SipSecMechanism *m, unsigned bit, Text text, uint16_t *out)
{
    uint32_t port = 0;
    if (!read_number(m, bit, text, UINT16_MAX, &port) || port == 0)
        return false;
    *out = (uint16_t)port;
    return true;
}

static bool read_token(Text *member, Text value)
{
    if (text_present(*member) || value.len == 0)
        return false;
    *member = value;
    return true;
}

static bool take_param(SipSecMechanism *m, Text name, Text value)
{
    if (text_is_nocase(name, "q")) {
        bool again = m->present & SIP_SEC_Q;
        m->present |= SIP_SEC_Q;
        return !again && read_q(value, &m->q);
    }
    if (text_is_nocase(name, "alg"))
        return read_token(&m->alg, value);
    if (text_is_nocase(name, "ealg"))
        return read_token(&m->ealg, value);
    if (text_is_nocase(name, "prot"))
        return read_token(&m->prot, value);
    if (text_is_nocase(name, "mod"))
        return read_token(&m->mod, value);
    if (text_is_nocase(name, "spi-c"))
        return read_number(m, SIP_SEC_SPI_C, value, UINT32_MAX, &m->spi_c);
    if (text_is_nocase(name, "spi-s"))
        return read_number(m, SIP_SEC_SPI_S, value, UINT32_MAX, &m->spi_s);
    if (text_is_nocase(name, "spi"))
        return read_number(m, SIP_SEC_SPI, value, UINT32_MAX, &m->spi);
    if (text_is_nocase(name, "port-c"))
        return read_port(m, SIP_SEC_PORT_C, value, &m->port_c);
    if (text_is_nocase(name, "port-s"))
        return read_port(m, SIP_SEC_PORT_S, value, &m->port_s);
    if (text_is_nocase(name, "port1"))
        return read_port(m, SIP_SEC_PORT1, value, &m->port1);
    if (text_is_nocase(name, "port2"))
        return read_port(m, SIP_SEC_PORT2, value, &m->port2);
    return true; /* an extension; sip_sec_list_equal looks at it again */
}

bool sip_sec_mechanism_decode(Text value, SipSecMechanism *mechanism)
{
    Scan s = scan_of(value);
    SipParams it;
    Text name, its;
    unsigned n = 0;
    *mechanism = (SipSecMechanism){ .value = value, .q = 1000 };
    if (!scan_run(&s, SIP_C_TOKEN, &mechanism->name))
        return false;
    scan_space(&s);
    if (scan_at_end(&s))
        return true;
    if (!scan_char(&s, ';'))
        return false;
    mechanism->params = scan_rest(&s);
    for (sip_params(&it, mechanism->params); sip_params_next(&it, &name, &its); n++)
        if (n == MAX_PARAMS || !take_param(mechanism, name, its))
            return false;
    return !it.bad;
}

static bool read_list(SipValues *it, SipSecList *list)
{
    Text value;
    list->n = 0;
    while (sip_values_next(it, &value)) {
        if (list->n == SIP_SEC_MAX || !sip_sec_mechanism_decode(value, &list->items[list->n]))
            return false;
        list->n++;
    }
    return list->n > 0;
}

bool sip_sec_list(const SipMsg *msg, SipHeaderId id, SipSecList *list)
{
    SipValues it;
    sip_values(&it, msg, id);
    return read_list(&it, list);
}

bool sip_sec_list_decode(Text text, SipSecList *list)
{
    SipValues it;
    sip_values_text(&it, text);
    return read_list(&it, list);
}
