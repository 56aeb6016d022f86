/*
 * ui/compare_costs.h - what options cost, as tables and for programs.
 *
 * Source:  scenarios/costs.h; README.md, "The command".
 * Knows:   a finished Comparison and the width of the terminal.
 */
#ifndef PRESEC_UI_COMPARE_COSTS_H
#define PRESEC_UI_COMPARE_COSTS_H

#include "scenarios/compare.h"
#include "ui/json.h"
#include "ui/term.h"

/* One table: the air.  For the foot of the page of verdicts. */
void compare_costs_append_short(const Term *term, GString *out, const Comparison *comparison);
/* Every table, with what the heads mean. */
void compare_costs_append(const Term *term, GString *out, const Comparison *comparison);

/* The same table by table, for other pages: numbers of tables and columns, what stands over a column (band: NULL for
 * one that stands alone), and a cell without blanks. */
size_t compare_costs_tables(void);
const char *compare_costs_title(size_t table);
size_t compare_costs_columns(size_t table);
const char *compare_costs_band(size_t table, size_t column);
const char *compare_costs_head(size_t table, size_t column);
void compare_costs_cell(GString *out, size_t table, size_t column, const Costs *costs);
/* What a head means: 0 the head, 1 the text; NULL after the last. */
const char *compare_costs_meaning(size_t i, unsigned part);

/*
 * The members of "costs" in presec.compare/1.  KIND is registration, reregistration, publish, subscribe, notify or
 * certificate; seconds are null where nothing completed.
 *     "KIND-octets-air", "KIND-packets-air", "KIND-messages-air", "KIND-times", "registration-round-trips", ...,
 *     "seconds": { "registration", "publish", "subscribe", "notify" }, "on": { "GPRS": { as seconds }, ... },
 *     "work": { "UE": { "enciphered-octets", "authenticated-octets", "private-key-operations",
 *                       "public-key-operations", "key-agreements" }, ... },
 *     "authentication-vectors", "pcscf-state-octets", "certificates": { "UE", "P-CSCF", "PS" },
 *     "changes": [ "UE", ... ], "changes-release-5": whether a frozen specification is among them,
 *     "notify-message-octets", "notify-deflated-octets", "notify-deflated-octets-without-e2e"
 * "on" and the last three are there with --costs.
 */
void compare_costs_add(JsonBuilder *json, const Costs *costs);

#endif
