/*
 * scenarios/nearest.c - which valid name the user probably meant.
 *
 * Source:  scenarios/nearest.h.
 * Knows:   names only.
 */
#include "scenarios/nearest.h"

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* Longer names are not misspelt, they are something else; also bounds the work on a hostile one. */
enum { NAME_LEN_MAX = 63 };

static bool same(char a, char b)
{
    return g_ascii_tolower(a) == g_ascii_tolower(b);
}

/* d(i, j) = min( d(i-1, j) + 1, d(i, j-1) + 1, d(i-1, j-1) + [a_i != b_j], d(i-2, j-2) + 1 if the two are swapped ) */
static size_t distance(const char *a, size_t a_len, const char *b, size_t b_len)
{
    size_t d[NAME_LEN_MAX + 1][NAME_LEN_MAX + 1];
    for (size_t i = 0; i <= a_len; i++) {
        for (size_t j = 0; j <= b_len; j++) {
            if (i == 0 || j == 0) {
                d[i][j] = i + j;
                continue;
            }
            d[i][j] = MIN(MIN(d[i - 1][j], d[i][j - 1]) + 1, d[i - 1][j - 1] + !same(a[i - 1], b[j - 1]));
            if (i > 1 && j > 1 && same(a[i - 1], b[j - 2]) && same(a[i - 2], b[j - 1]))
                d[i][j] = MIN(d[i][j], d[i - 2][j - 2] + 1);
        }
    }
    return d[a_len][b_len];
}

const char *nearest_name(const char *written, const char *const *names)
{
    size_t len = strlen(written);
    if (len == 0 || len > NAME_LEN_MAX)
        return NULL;
    const char *best = NULL;
    size_t best_distance = len / 3 + 1; /* one slip in a short word, one in three letters of a long one */
    for (; *names; names++) {
        size_t name_len = strlen(*names);
        if (name_len > NAME_LEN_MAX)
            continue;
        bool begins = len >= 2 && g_ascii_strncasecmp(*names, written, len) == 0;
        size_t away = begins ? 1 : distance(written, len, *names, name_len);
        if (away < best_distance || (away == best_distance && !best)) {
            best = *names;
            best_distance = away;
        }
    }
    return best;
}
