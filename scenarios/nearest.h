/*
 * scenarios/nearest.h - which valid name the user probably meant.
 *
 * Source:  README.md: an unknown name is answered with the nearest valid one.
 * Knows:   names only.
 */
#ifndef PRESEC_SCENARIOS_NEAREST_H
#define PRESEC_SCENARIOS_NEAREST_H

/**
 * The nearest of the names, or NULL when none is near enough to be worth a guess.
 *
 * @names: borrowed, ended by NULL; the first of equally near ones wins
 *
 * Distance: letters changed, left out, put in or swapped with their neighbour (restricted Damerau-Levenshtein), without
 * regard to ASCII case; a name that begins with what was written counts as one step away.
 */
const char *nearest_name(const char *written, const char *const *names);

#endif
