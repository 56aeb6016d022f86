/*
 * scenarios/search_edits.c - the single moves of a search, made from the messages of a run in which nobody acted.
 *
 * Source:  threats 5, Appendix A (E1: all ordered sub-lists, reversal, null rewrites, of SM1's and SM6's lists);
 *          AT-18 to AT-22, AT-30p, AT-57.
 * Knows:   what the attacker read there; the elements of scenario files.
 */
#include "scenarios/search_private.h"

#include "nodes/attacker/scout.h"

#include <string.h>

/* Longer lists have too many orders: their sub-lists are tried in the order given and reversed; of still longer ones
 * none is. */
enum { ORDERED_MAX = 4, SUBSETS_MAX = 8 };

typedef struct Edits {
    SearchPlan *plan;
    const char *message, *direction, *header;
    char **entries; /* of @header */
    unsigned n;
    GHashTable *seen; /* char *: the lists that came of it so far */
} Edits;

void search_move_free(gpointer data)
{
    SearchMove *move = data;
    if (move == NULL) /* handed over */
        return;
    g_free(move->xml);
    g_free(move->words);
    g_free(move->takes);
    g_free(move);
}

void search_plan_add(SearchPlan *plan, const char *takes, char *words, char *xml)
{
    SearchMove *move = g_new0(SearchMove, 1);
    *move = (SearchMove){ .xml = xml, .words = words, .takes = g_strdup(takes) };
    if (g_hash_table_contains(plan->known, xml) || !g_hash_table_add(plan->own, xml))
        search_move_free(move);
    else
        g_ptr_array_add(plan->moves, move);
}

bool search_moves_collide(const SearchMove *a, const SearchMove *b)
{
    return a->takes[0] != '\0' && strcmp(a->takes, b->takes) == 0;
}

/* The first request or response of that name; NULL: it was not read. */
static const Reading *find(const Knowledge *knowledge, const char *message)
{
    for (size_t i = 0; i < knowledge_count(knowledge); i++) {
        const Reading *reading = knowledge_get(knowledge, i);
        if (scout_is(reading, message))
            return reading;
    }
    return NULL;
}

/* --- lists --- */

/* What is done to every entry that stays. */
typedef enum { EALG_AS_IT_IS, EALG_REMOVED, EALG_NULL, N_REWRITES } Rewrite;

/* An entry's name afterwards: "hmac-sha-1-96+null". */
static char *rewritten(const char *entry, Rewrite rewrite)
{
    const char *plus = strchr(entry, '+');
    g_autofree char *alg = plus != NULL ? g_strndup(entry, (gsize)(plus - entry)) : g_strdup(entry);
    switch (rewrite) {
    case EALG_REMOVED: return g_steal_pointer(&alg);
    case EALG_NULL: return g_strconcat(alg, "+null", NULL);
    case EALG_AS_IT_IS:
    case N_REWRITES: break;
    }
    return g_strdup(entry);
}

static char *list_after(const Edits *edits, const unsigned order[], unsigned n, Rewrite rewrite)
{
    GString *list = g_string_new(NULL);
    for (unsigned i = 0; i < n; i++) {
        g_autofree char *name = rewritten(edits->entries[order[i]], rewrite);
        g_string_append_printf(list, "%s%s", i > 0 ? " " : "", name);
    }
    return g_string_free(list, FALSE);
}

static bool is_whole(const Edits *edits, const unsigned order[], unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        if (order[i] != i)
            return false;
    return n == edits->n;
}

static char *words_of(const Edits *edits, const char *kept, bool whole, unsigned n, Rewrite rewrite)
{
    static const char *const then[] = {
        [EALG_AS_IT_IS] = "", [EALG_REMOVED] = ", without ealg", [EALG_NULL] = ", with ealg null"
    };
    static const char *const alone[] = {
        [EALG_AS_IT_IS] = "", [EALG_REMOVED] = "take every ealg out of", [EALG_NULL] = "set every ealg to null in"
    };
    if (whole)
        return g_strdup_printf("%s: %s %s", edits->message, alone[rewrite], edits->header);
    return g_strdup_printf("%s: %s %s of %s%s", edits->message, n == edits->n ? "reorder to" : "keep only", kept,
                           edits->header, then[rewrite]);
}

static char *xml_of(const Edits *edits, const char *kept, bool whole, Rewrite rewrite)
{
    GString *xml = g_string_new(NULL);
    g_string_append_printf(xml, "<edit message=\"%s\" direction=\"%s\">", edits->message, edits->direction);
    if (!whole)
        g_string_append_printf(xml, "<select-entries header=\"%s\" entries=\"%s\"/>", edits->header, kept);
    if (rewrite == EALG_REMOVED)
        g_string_append_printf(xml, "<remove-parameter header=\"%s\" parameter=\"ealg\"/>", edits->header);
    if (rewrite == EALG_NULL)
        g_string_append_printf(xml, "<set-parameter header=\"%s\" parameter=\"ealg\" value=\"null\"/>", edits->header);
    g_string_append(xml, "</edit>");
    return g_string_free(xml, FALSE);
}

/* These entries in this order, rewritten: unless a move before makes the same list of them. */
static void add_selection(Edits *edits, const unsigned order[], unsigned n, Rewrite rewrite)
{
    g_autofree char *kept = list_after(edits, order, n, EALG_AS_IT_IS);
    bool whole = is_whole(edits, order, n);
    if (g_hash_table_add(edits->seen, list_after(edits, order, n, rewrite)))
        search_plan_add(edits->plan, edits->message, words_of(edits, kept, whole, n, rewrite),
                        xml_of(edits, kept, whole, rewrite));
}

static void add_orders(Edits *edits, unsigned order[], unsigned n, unsigned used, Rewrite rewrite)
{
    for (unsigned i = 0; i < edits->n; i++) {
        if (used & (1u << i))
            continue;
        order[n] = i;
        add_selection(edits, order, n + 1, rewrite);
        add_orders(edits, order, n + 1, used | (1u << i), rewrite);
    }
}

static void add_subsets(Edits *edits, Rewrite rewrite)
{
    for (unsigned set = 1; set < (1u << edits->n); set++) {
        unsigned order[SUBSETS_MAX], back[SUBSETS_MAX], n = 0;
        for (unsigned i = 0; i < edits->n; i++)
            if (set & (1u << i))
                order[n++] = i;
        for (unsigned i = 0; i < n; i++)
            back[i] = order[n - 1 - i];
        add_selection(edits, order, n, rewrite);
        add_selection(edits, back, n, rewrite);
    }
}

static void add_list_edits(Edits *edits)
{
    unsigned order[SUBSETS_MAX];
    if (edits->n > SUBSETS_MAX)
        return;
    edits->seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (unsigned i = 0; i < edits->n; i++)
        order[i] = i;
    g_hash_table_add(edits->seen, list_after(edits, order, edits->n, EALG_AS_IT_IS)); /* no change is no move */
    for (Rewrite rewrite = EALG_AS_IT_IS; rewrite < N_REWRITES; rewrite++) {
        if (edits->n <= ORDERED_MAX)
            add_orders(edits, order, 0, 0, rewrite);
        else
            add_subsets(edits, rewrite);
    }
    g_hash_table_unref(edits->seen);
}

/* --- headers --- */

static void add_removal(const Edits *edits, const char *words, const char *const *headers)
{
    GString *xml = g_string_new(NULL);
    g_string_append_printf(xml, "<edit message=\"%s\" direction=\"%s\">", edits->message, edits->direction);
    for (; *headers != NULL; headers++)
        g_string_append_printf(xml, "<remove-header header=\"%s\"/>", *headers);
    g_string_append(xml, "</edit>");
    search_plan_add(edits->plan, edits->message, g_strdup_printf("%s: %s", edits->message, words),
                    g_string_free(xml, FALSE));
}

/* The list, the demand for it, both. */
static void add_removals(const Edits *edits, const Reading *reading)
{
    bool demanded = scout_has(reading, "Require", "sec-agree") || scout_has(reading, "Proxy-Require", "sec-agree");
    g_autofree char *list = g_strdup_printf("remove %s", edits->header);
    g_autofree char *all = g_strdup_printf("remove %s and the demand for sec-agree", edits->header);
    if (edits->entries != NULL)
        add_removal(edits, list, (const char *const[]){ edits->header, NULL });
    if (demanded)
        add_removal(edits, "remove the demand for sec-agree",
                    (const char *const[]){ "Require", "Proxy-Require", NULL });
    if (demanded && edits->entries != NULL)
        add_removal(edits, all, (const char *const[]){ edits->header, "Require", "Proxy-Require", NULL });
}

/* What only a P-CSCF says of a REGISTER (TS 33.203 §6.1.5; S4 §8.1.2.2), put in by somebody before it. */
static void add_indications(SearchPlan *plan)
{
    static const struct {
        const char *param, *value;
    } said[] = { { "confidentiality-protected", "yes" },
                 { "confidentiality-protected", "no" },
                 { "integrity-protected", "yes" } };
    for (size_t i = 0; i < G_N_ELEMENTS(said); i++)
        search_plan_add(
            plan, "SM1", g_strdup_printf("SM1: say %s=%s in Authorization", said[i].param, said[i].value),
            g_strdup_printf("<edit message=\"SM1\" direction=\"up\"><replace text=\"response=&quot;&quot;\" "
                            "with=\"response=&quot;&quot;,%s=&quot;%s&quot;\"/></edit>",
                            said[i].param, said[i].value));
}

/* AT-22: SM1 goes to the genuine network, its challenge comes back with a list of his own, all its entries without
 * encryption. */
static void add_rogue(SearchPlan *plan, const Reading *challenge)
{
    g_auto(GStrv) entries = scout_list(challenge, "Security-Server");
    if (entries == NULL || !g_str_has_prefix(entries[0], "hmac-"))
        return;
    g_autofree char *alg = rewritten(entries[0], EALG_REMOVED);
    search_plan_add(plan, "SM6", g_strdup_printf("SM6: relay the challenge with a list of his own, %s alone", alg),
                    g_strdup_printf("<rogue-proxy message=\"SM6\" direction=\"down\" list=\"ipsec-3gpp;alg=%s;"
                                    "spi-c=4711001;spi-s=4711002;port-c=40001;port-s=40002\"/>",
                                    alg));
}

/* A response that nothing protects says what somebody on the way wants. */
static void add_acceptance(SearchPlan *plan, unsigned status)
{
    g_autofree char *takes = status == 401 ? g_strdup("SM6") : g_strdup_printf("%u", status);
    search_plan_add(plan, takes, g_strdup_printf("say 200 instead of %u to REGISTER", status),
                    g_strdup_printf("<edit message=\"%u REGISTER\" direction=\"down\"><replace text=\"SIP/2.0 %u \" "
                                    "with=\"SIP/2.0 200 \"/></edit>",
                                    status, status));
}

static void add_acceptances(SearchPlan *plan, const Knowledge *knowledge)
{
    for (size_t i = 0; i < knowledge_count(knowledge); i++) {
        const Reading *reading = knowledge_get(knowledge, i);
        if (!reading->is_request && reading->method == SIP_REGISTER && reading->status >= 300)
            add_acceptance(plan, reading->status);
    }
}

static void add_message_edits(SearchPlan *plan, const Knowledge *knowledge, const char *message, const char *direction,
                              const char *header)
{
    const Reading *reading = find(knowledge, message);
    if (reading == NULL)
        return;
    g_auto(GStrv) entries = scout_list(reading, header);
    Edits edits = { .plan = plan,
                    .message = message,
                    .direction = direction,
                    .header = header,
                    .entries = entries,
                    .n = entries != NULL ? g_strv_length(entries) : 0 };
    if (edits.n > 0)
        add_list_edits(&edits);
    add_removals(&edits, reading);
}

/* --- packets --- */

/* Messages of a registration by name, and what stands for them when they cannot be read. */
static const struct {
    const char *message, *direction, *called;
} packets[] = {
    { "SM1", "up", "SM1" },
    { "SM6", "down", "SM6" },
    { "SM7", "up", "SM7, where it can be read" },
    { "esp", "up", "the first ESP packet up" },
    { "esp", "down", "the first ESP packet down" },
    { "ciphered", "up", "the first ciphered frame up" },
    { "ciphered", "down", "the first ciphered frame down" },
};

static bool nothing_is_ciphered(const char *message, const Knowledge *knowledge)
{
    return strcmp(message, "ciphered") == 0 && find(knowledge, "SM1") != NULL;
}

/* He repeats, and lets the honest packet pass: at once, and later than any answer takes. */
static void add_replays(SearchPlan *plan, const Knowledge *knowledge)
{
    static const char *const after[] = { "1s", "60s" };
    for (size_t i = 0; i < G_N_ELEMENTS(packets); i++)
        for (size_t k = 0; k < G_N_ELEMENTS(after) && !nothing_is_ciphered(packets[i].message, knowledge); k++)
            search_plan_add(plan, "", g_strdup_printf("send %s again after %s", packets[i].called, after[k]),
                            g_strdup_printf("<replay message=\"%s\" direction=\"%s\" times=\"1\" after=\"%s\"/>",
                                            packets[i].message, packets[i].direction, after[k]));
}

static void add_drops(SearchPlan *plan, const Knowledge *knowledge)
{
    static const char *const all[] = {
        "drop every SM1",
        "drop every SM6",
        "drop every SM7 that can be read",
        "drop all ESP up",
        "drop all ESP down",
        "drop all ciphered frames up",
        "drop all ciphered frames down",
    };
    for (size_t i = 0; i < G_N_ELEMENTS(packets); i++)
        if (!nothing_is_ciphered(packets[i].message, knowledge))
            search_plan_add(
                plan, packets[i].message, g_strdup(all[i]),
                g_strdup_printf("<drop message=\"%s\" direction=\"%s\"/>", packets[i].message, packets[i].direction));
}

static void add_what_is_read(SearchPlan *plan, const Knowledge *knowledge)
{
    add_message_edits(plan, knowledge, "SM1", "up", "Security-Client");
    add_message_edits(plan, knowledge, "SM6", "down", "Security-Server");
    if (find(knowledge, "SM1") != NULL)
        add_indications(plan);
    if (find(knowledge, "SM6") != NULL)
        add_rogue(plan, find(knowledge, "SM6"));
    add_acceptances(plan, knowledge);
    search_plan_contacts(plan);
}

static bool uses_tls(const Trace *trace)
{
    for (TraceId id = 1; id <= trace_count(trace); id++)
        if (trace_get(trace, id)->kind == TRACE_TLS)
            return true;
    return false;
}

/* In the order in which the attacker asks them whether they take a packet: who only repeats it or waits for it first,
 * who drops whatever comes last. */
GPtrArray *search_moves_from(const World *world, GHashTable *known)
{
    const Knowledge *knowledge = attacker_knowledge(world_find_attacker(world, SEARCH_ATTACKER)->attacker);
    g_autoptr(GHashTable) own = g_hash_table_new(g_str_hash, g_str_equal);
    SearchPlan plan = { .moves = g_ptr_array_new_with_free_func(search_move_free), .known = known, .own = own };
    bool tls = uses_tls(world_trace(world));
    add_replays(&plan, knowledge);
    if (tls)
        search_plan_sessions(&plan);
    add_what_is_read(&plan, knowledge);
    add_drops(&plan, knowledge);
    if (tls)
        search_plan_tls(&plan);
    search_plan_add(&plan, "dhcp-reply",
                    g_strdup("name another P-CSCF of the network in the answer to the UE's DHCP question"),
                    g_strdup("<steer message=\"dhcp-reply\" direction=\"down\"/>"));
    return plan.moves;
}
