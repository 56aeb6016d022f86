/*
 * tests/msg/sofia_oracle.c - an independent SIP parser (sofia-sip, LGPL, tests only).
 */
#include "tests/msg/sofia_oracle.h"

#include <string.h>
#include <sofia-sip/sip.h>
#include <sofia-sip/sip_header.h>
#include <sofia-sip/sip_parser.h>
#include <sofia-sip/sip_util.h>
#include <sofia-sip/msg_addr.h>

struct SofiaOracle {
    su_home_t home[1];
};

SofiaOracle *sofia_oracle_new(void)
{
    return su_home_new(sizeof(SofiaOracle));
}

void sofia_oracle_free(SofiaOracle *oracle)
{
    su_home_unref(oracle->home);
}

static void keep(char *out, size_t cap, const char *text)
{
    size_t n = text != NULL ? strlen(text) : 0;
    n = n < cap ? n : cap - 1;
    if (n > 0)
        memcpy(out, text, n);
    out[n] = '\0';
}
#define KEEP(member, text) keep(view->member, sizeof view->member, text)

static void read_fields(const sip_t *sip, SofiaView *view)
{
    view->is_request = sip->sip_request != NULL;
    if (view->is_request) {
        KEEP(method, sip->sip_request->rq_method_name);
        KEEP(host, sip->sip_request->rq_url->url_host);
    } else {
        view->status = sip->sip_status->st_status;
    }
    for (const sip_via_t *via = sip->sip_via; via != NULL; via = via->v_next)
        view->n_vias++;
    KEEP(branch, sip->sip_via->v_branch);
    KEEP(via_host, sip->sip_via->v_host);
    KEEP(from_tag, sip->sip_from->a_tag);
    KEEP(to_tag, sip->sip_to->a_tag);
    KEEP(call_id, sip->sip_call_id->i_id);
    view->cseq = sip->sip_cseq->cs_seq;
    view->body_len = sip->sip_payload != NULL ? (uint32_t)sip->sip_payload->pl_len : 0;
}

void sofia_oracle_read(SofiaOracle *oracle, const char *octets, size_t len, SofiaView *view)
{
    memset(view, 0, sizeof *view);
    msg_t *msg = msg_make(sip_default_mclass(), MSG_DO_EXTRACT_COPY, octets, (ssize_t)len);
    sip_t *sip = msg != NULL ? sip_object(msg) : NULL;
    bool whole = sip != NULL && (sip->sip_request != NULL || sip->sip_status != NULL) && sip->sip_error == NULL;
    if (whole && sip_sanity_check(sip) == 0 && msg_extract_errors(msg) == 0 && sip->sip_via != NULL) {
        view->accepted = true;
        read_fields(sip, view);
    }
    if (msg != NULL)
        msg_destroy(msg);
}
