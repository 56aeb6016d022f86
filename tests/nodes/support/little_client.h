/*
 * tests/nodes/support/little_client.h - somebody with a TLS connection of his own to the P-CSCF, who says what a test
 * wants, as a subscriber or not.
 */
#ifndef PRESEC_TESTS_LITTLE_CLIENT_H
#define PRESEC_TESTS_LITTLE_CLIENT_H

#include "nodes/stack/endpoint.h"
#include "tests/nodes/support/little_ims.h"

typedef struct LittleClient {
    LittleIms *ims;
    NetHost *host;
    SipEndpoint *endpoint;
    AkaIsim isim;
    uint32_t connection; /* the last that was opened */
    unsigned opened, ended;
    unsigned status;  /* of the last answer; 0: there is none */
    char *nonce;      /* of the last challenge */
    unsigned version; /* of Digest AKA that it asked for */
    uint32_t cseq;
    unsigned requests; /* from the network */
} LittleClient;

/* @owner: whose ISIM he has, "carol"; @impi: whom his certificate speaks for, where subscribers have any. */
LittleClient *little_client_new(LittleIms *ims, const char *owner, const char *impi);
void little_client_free(LittleClient *client);
/* REGISTER as @impi, @impu; @answers: the last challenge; then runs for a while.  The status, 0: no answer. */
unsigned little_client_register(LittleClient *client, const char *impi, const char *impu, bool answers,
                                unsigned expires);
/* Another request of its own. */
unsigned little_client_say(LittleClient *client, const char *method, const char *uri, const char *from);
void little_client_close(LittleClient *client);

#endif
