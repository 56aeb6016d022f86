/*
 * nodes/attacker/scout.h - what somebody who plans an attack finds in a message that was read: its name, its lists.
 *
 * Source:  threats 5 (moves are edits of what is really there); TS 33.203 §7.2 (SM1 to SM12, told apart by what they
 *          carry), Annex H (the entries of a list).
 * Knows:   one reading, as the moves' matcher and editor would see its octets.
 */
#ifndef PRESEC_ATTACKER_SCOUT_H
#define PRESEC_ATTACKER_SCOUT_H

#include "nodes/attacker/knowledge.h"

/* Whether MoveMatch.message calls it so: "SM1", "SM6", "421 REGISTER". */
bool scout_is(const Reading *reading, const char *message);
/* An SM7 with the answer to a challenge in it (RFC 3310 §3.3); one that says AUTS answers nothing. */
bool scout_answers_challenge(const Reading *reading);
/*
 * The entries of Security-Client or Security-Server as EDIT_SELECT_ENTRIES calls them, in order, NULL-terminated;
 * g_strfreev.  NULL: there is no such list, or it cannot be read.
 */
char **scout_list(const Reading *reading, const char *header) G_GNUC_WARN_UNUSED_RESULT;
/* Whether any line or list entry of @header is just @value. */
bool scout_has(const Reading *reading, const char *header, const char *value);

#endif
