/*
 * ui/selftest_msg.h - known answers about messages: the kinds of block that the codecs check, for crypto/selftest.h.
 *
 * Source:  tests/vectors/diameter.txt, policy_combine.txt.  crypto/ and nodes/msg/ do not know each other; they meet
 * here. Knows:   crypto/selftest.h and the codecs.
 */
#ifndef PRESEC_UI_SELFTEST_MSG_H
#define PRESEC_UI_SELFTEST_MSG_H

#include "crypto/selftest.h"

/* A whole Diameter message: `message` and `length`; the block's name is interface and command, "cx-uar-...". */
extern const SelftestKind selftest_diameter_kind;

/* Rules about watchers in a short notation: `rules`, and either `result_N` ("URI -> handling") or a query with the
 * rules that `fired` and what they grant together. */
extern const SelftestKind selftest_policy_kind;

#endif
