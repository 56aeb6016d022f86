/*
 * nodes/msg/sip_describe.h - the structure of a message for people (`presec decode sip`).
 *
 * Knows:   prints offsets, header ids and every typed field; the same text on every machine.
 */
#ifndef PRESEC_NODES_MSG_SIP_DESCRIBE_H
#define PRESEC_NODES_MSG_SIP_DESCRIBE_H

#include "nodes/msg/sip.h"

/* Append the description; a refused message is described as far as it was read, with the reason first. */
void sip_describe(const SipMsg *msg, GString *out);

#endif
