/*
 * nodes/seg.h - a pair of security gateways on a link between domains: ESP in tunnel mode with keys of this run
 * (NDS/IP).
 *
 * Source:  TS 33.210: Za between domains, integrity always, encryption when agreed (za_enc).  IKE is not simulated:
 * keys are drawn at set-up.
 */
#ifndef PRESEC_NODES_SEG_H
#define PRESEC_NODES_SEG_H

#include "sim/net.h"

typedef struct Seg Seg;
/* Covers every segment of @link.  @encrypt false: ESP-NULL, so a tap on it reads everything. */
Seg *seg_new(Net *net, NetLink *link, const NetAddr *gateway_a, const NetAddr *gateway_b, bool encrypt);
void seg_free(Seg *seg);

#endif
