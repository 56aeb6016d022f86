/*
 * nodes/attacker/offline_dictionary.c - passwords of watchers, tried on a response that he read.
 *
 * Source:  threats AT-34; RFC 2617 §4.9, RFC 3261 §26.3.2.4.
 * Knows:   the list in dictionary.c and what people do to such words.  Every try is made: nothing is reduced.
 */
#include "nodes/attacker/private.h"

#include "nodes/attacker/dictionary.h"

enum { GUESS_MAX = 64, PLAIN = 0, CAPITAL = 1, BANG = 2, DIGITS = 3, YEARS = DIGITS + 10, N_FORMS = YEARS + 5 };

/* "monkey", "Monkey", "monkey!", "monkey0" to "monkey9", "monkey1999" to "monkey2003" */
static void guess_of(const char *word, unsigned form, char out[GUESS_MAX])
{
    if (form == PLAIN || form == CAPITAL)
        g_strlcpy(out, word, GUESS_MAX);
    else if (form == BANG)
        g_snprintf(out, GUESS_MAX, "%s!", word);
    else if (form < YEARS)
        g_snprintf(out, GUESS_MAX, "%s%u", word, form - DIGITS);
    else
        g_snprintf(out, GUESS_MAX, "%s%u", word, 1999 + form - YEARS);
    if (form == CAPITAL)
        out[0] = g_ascii_toupper(out[0]);
}

/* Two MD5 for each guess: H(A1), and the response.  The next power of two. */
static unsigned full_work(void)
{
    return g_bit_storage(2 * N_FORMS * attacker_dictionary_len - 1);
}

/* A password is somebody's, not a request's: what failed once fails again. */
static bool was_tried(const Knowledge *knowledge, const CapturedDigest *captured)
{
    for (guint i = 0; i < knowledge->digests->len; i++) {
        const CapturedDigest *other = knowledge->digests->pdata[i];
        if (other != captured && other->tried && strcmp(other->username, captured->username) == 0 &&
            strcmp(other->realm, captured->realm) == 0)
            return true;
    }
    return false;
}

static bool search(const CapturedDigest *captured, char guess[GUESS_MAX], uint64_t *executed)
{
    DigestInput input = digest_input(captured);
    for (*executed = 0; *executed < N_FORMS * (uint64_t)attacker_dictionary_len; ++*executed) {
        unsigned form = (unsigned)(*executed / attacker_dictionary_len);
        guess_of(attacker_dictionary[*executed % attacker_dictionary_len], form, guess);
        if (digest_fits(captured, &input, guess, strlen(guess)))
            return true;
    }
    return false;
}

void dictionary_try(Knowledge *knowledge, CapturedDigest *captured)
{
    char guess[GUESS_MAX];
    uint64_t executed;
    bool plain_md5 = captured->algorithm[0] == '\0' || g_ascii_strcasecmp(captured->algorithm, "MD5") == 0;

    if (!plain_md5 || captured->unusable || full_work() > knowledge->work_log2 || was_tried(knowledge, captured))
        return;
    captured->tried = true;
    if (!search(captured, guess, &executed))
        return;
    g_autofree char *how =
        g_strdup_printf("dictionary of %zu words in %d forms on the response in frame %" G_GUINT64_FORMAT
                        ": found after %" G_GUINT64_FORMAT " tries",
                        attacker_dictionary_len, N_FORMS, captured->seen.frame, executed + 1);
    knowledge_add_secret(knowledge, SECRET_PASSWORD, captured, guess, how, full_work());
}
