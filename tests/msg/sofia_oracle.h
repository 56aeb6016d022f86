/*
 * tests/msg/sofia_oracle.h - what sofia-sip makes of a message, in plain texts.  Its own headers stay in
 * sofia_oracle.c.
 */
#ifndef PRESEC_TESTS_MSG_SOFIA_ORACLE_H
#define PRESEC_TESTS_MSG_SOFIA_ORACLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
    bool accepted; /* its parser, its sanity check and its list of errors have nothing against it */
    bool is_request;
    int status;
    uint32_t cseq, body_len;
    unsigned n_vias;
    /* "" where there is none; cut at the size of the member */
    char method[1024], host[1024], branch[1024], via_host[1024], from_tag[1024], to_tag[1024], call_id[1024];

} SofiaView;

typedef struct SofiaOracle SofiaOracle;

SofiaOracle *sofia_oracle_new(void);
void sofia_oracle_free(SofiaOracle *oracle);
void sofia_oracle_read(SofiaOracle *oracle, const char *octets, size_t len, SofiaView *view);

#endif
