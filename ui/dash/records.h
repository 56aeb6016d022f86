/*
 * ui/dash/records.h - state records as lines and as pages, the same for every view that shows them.
 *
 * Knows:   the members of records.  What matters first stands first: names before addresses, canaries last.
 */
#ifndef PRESEC_UI_DASH_RECORDS_H
#define PRESEC_UI_DASH_RECORDS_H

#include "ui/dash/app.h"

/* One row: what exists; marked when it was made or changed by this step. */
void record_draw(App *app, const TraceRecord *r, const GridArea *row);
/* What the columns of such rows are called, for the heading above them; "" where they need no names. */
const char *record_columns(NowKind kind);
/* All of it, with what caused it; @keys: session keys in hex, too. */
void record_page(App *app, const TraceRecord *r, bool keys);
/* Whether a text stands in it. */
bool record_matches(App *app, const TraceRecord *r, const char *text);

/* "alice" of "sip:alice.x8f3...@home.example": without the canary. */
char *record_name(const char *uri) G_GNUC_WARN_UNUSED_RESULT;
/* "P-CSCF" of "2001:db8:1::1 5060", the address when nobody sends from it. */
char *record_host(const Story *story, const char *address) G_GNUC_WARN_UNUSED_RESULT;

/* Whether this says that octets are encrypted: "ESP aes-cbc hmac-sha-1-96", not "clear" and not "ESP null ...". */
bool protection_encrypts(const char *protection);
/* Without what authenticates: "ESP aes-cbc", "TLS 1.0". */
char *protection_short(const char *protection) G_GNUC_WARN_UNUSED_RESULT;

#endif
