/*
 * nodes/presence_document.c - what one watcher gets of what is published, and the presentity's log of it.
 *
 * Source:  RFC 3856 §6.6, RFC 5025 §3.2.1 and §3.3; R15 of S4 (the log), AT-64: one-shot fetches stand in it, anonymous
 * watchers without their name.
 */
#include "nodes/presence_private.h"
#include "nodes/msg/xmlsafe.h"

int64_t presence_unix_ms(const Presence *presence)
{
    int64_t ms = sim_now(presence->sim) / SIM_MS % 1000;
    return sim_unix_time(presence->sim) * 1000 + ms;
}

/* --- authorization --- */

/* An anonymous watcher is authenticated, but to the presentity he is nobody: rules about an identity do not fire. */
static void evaluate(const Presentity *presentity, const Text *identity, unsigned n, bool protected_leg,
                     RulesDecision *out)
{
    const Presence *presence = presentity->presence;
    RulesQuery query = { .identity = n > 0 ? identity : NULL,
                         .n_identities = n,
                         .unix_ms = presence_unix_ms(presence),
                         .sphere = text_from(presentity->sphere),
                         .leg_protected = protected_leg,
                         .clear_default = presence->config.policy.clear_notifications };
    rules_evaluate(presentity->rules, &query, out);
}

void presence_evaluate(const Subscription *sub, RulesDecision *out)
{
    Text identity[2] = { sub_text(sub, SUB_WATCHER), sub_text(sub, SUB_WATCHER_2) };
    unsigned n = sub->anonymous ? 0 : identity[1].len > 0 ? 2 : 1;
    bool is_protected =
        sub->indicated || presence_smime_confidential(sub->presentity->presence, sub_z(sub, SUB_WATCHER));
    evaluate(sub->presentity, identity, n, is_protected, out);
}

void presence_evaluate_identity(const Presentity *presentity, const Identity *identity, bool indicated,
                                RulesDecision *out)
{
    Text texts[2] = { text_from(identity->uri[0]), text_from(identity->uri[1]) };
    bool is_protected =
        indicated || (identity->n > 0 && presence_smime_confidential(presentity->presence, identity->uri[0]));
    evaluate(presentity, texts, identity->anonymous ? 0 : identity->n, is_protected, out);
}

/* --- the document --- */

/* Every publication in one document, RFC 3903 §1: composition. */
static Pidf *compose(const Presentity *presentity)
{
    Pidf *all = pidf_new(text_from(presentity->uri));
    for (const Publication *publication = presentity->publications; publication != NULL;
         publication = publication->next) {
        g_autoptr(Pidf) one = NULL;
        if (pidf_parse(publication->document, publication->len, &one, NULL) == PIDF_OK)
            pidf_append(all, one); /* what is above PIDF_TUPLES_MAX is left out */
    }
    return all;
}

static void make_document(const Presentity *presentity, const RulesDecision *decision, GString *out)
{
    g_autoptr(Pidf) pidf = compose(presentity);
    size_t len = 0;

    pidf_filter(pidf, presentity->rules, decision);
    for (size_t cap = 1024; len == 0 && cap <= 1024 * 1024; cap *= 2) {
        g_string_set_size(out, cap);
        len = pidf_save(pidf, out->str, cap);
    }
    g_string_set_size(out, len);
}

/* As a polite block, RFC 5025 §3.2.1; also before anything is published, so that the two look alike. */
static Text closed_document(const Presentity *presentity)
{
    size_t cap = 512 + 6 * strlen(presentity->uri); /* every octet may become an entity */
    char *out = sim_alloc(presentity->presence->sim, cap);
    return text_of(out, pidf_closed_polite(text_from(presentity->uri), out, cap));
}

Text presence_document(Subscription *sub, const RulesDecision *decision, LogKind *kind)
{
    const Presentity *presentity = sub->presentity;
    const Publication *only = presentity->publications;
    DocumentCache *cache = &presentity->presence->cache;

    *kind = LOG_CLOSED;
    if (decision->withheld || decision->handling < RULES_POLITE_BLOCK)
        return TEXT_NONE;
    if (decision->handling == RULES_POLITE_BLOCK || only == NULL)
        return closed_document(presentity);
    *kind = presentity->rules != NULL ? LOG_FILTERED : LOG_DOCUMENT;
    if (presentity->rules == NULL && only->next == NULL && only->names_presentity)
        return text_of(only->document, only->len);
    if (cache->presentity != presentity || memcmp(&cache->decision, decision, sizeof *decision) != 0) {
        make_document(presentity, decision, cache->text);
        cache->presentity = presentity;
        cache->decision = *decision;
    }
    return text_of(cache->text->str, cache->text->len);
}

void presence_document_changed(Presentity *presentity)
{
    if (presentity->presence->cache.presentity == presentity)
        presentity->presence->cache.presentity = NULL;
    g_clear_pointer(&presentity->sphere, g_free);
    if (presentity->rules == NULL)
        return;
    g_autoptr(Pidf) pidf = compose(presentity);
    presentity->sphere = text_dup(pidf_sphere(pidf));
}

/* --- the log --- */

static LogLine read_line(const char *at)
{
    LogLine line;
    memcpy(&line, at, sizeof line);
    return line;
}

static void forget_oldest(Presentity *presentity)
{
    size_t size = sizeof(LogLine) + read_line(presentity->log).name_len;
    presentity->log_len -= (uint32_t)size;
    memmove(presentity->log, presentity->log + size, presentity->log_len);
    presentity->log_n--;
}

void presence_log_add(Subscription *sub, LogKind kind, uint32_t octets)
{
    Presentity *presentity = sub->presentity;
    bool unnamed = sub->anonymous && presentity->presence->config.policy.anonymises;
    Text name = unnamed ? TEXT_NONE : sub_text(sub, SUB_WATCHER);
    LogLine line = { .unix_ms = presence_unix_ms(presentity->presence),
                     .octets = octets,
                     .name_len = (uint16_t)name.len, /* below PRESENCE_URI_MAX */
                     .kind = (uint8_t)kind,
                     .fetch = sub->fetch };

    if (presentity->log_n == PRESENCE_LOG_MAX)
        forget_oldest(presentity);
    presentity->log = g_realloc(presentity->log, presentity->log_len + sizeof line + name.len);
    char *at = mempcpy(presentity->log + presentity->log_len, &line, sizeof line);
    if (name.len > 0)
        memcpy(at, name.p, name.len);
    presentity->log_len += (uint32_t)(sizeof line + name.len);
    presentity->log_n++;
}

static void describe_line(const LogLine *line, const char *name, GString *out)
{
    static const char *const kinds[] = { "document", "filtered document", "closed document" };
    char when[XMLSAFE_TIME_MAX];
    Text watcher = line->name_len > 0 ? text_of(name, line->name_len) : TEXT("anonymous");
    g_string_append_printf(out, TEXT_FMT " " TEXT_FMT ": %s, %u octets%s\n",
                           TEXT_ARG(xmlsafe_time_text(line->unix_ms, when)), TEXT_ARG(watcher), kinds[line->kind],
                           line->octets, line->fetch ? ", fetched" : "");
}

void presence_log(const Presence *presence, const char *uri, GString *out)
{
    char key[PRESENCE_URI_MAX];

    const Presentity *presentity = presence_canonical(text_from(uri), key) ? presence_find(presence, key) : NULL;
    if (presentity == NULL)
        return;
    for (uint32_t at = 0; at < presentity->log_len;) {
        LogLine line = read_line(presentity->log + at);
        describe_line(&line, presentity->log + at + sizeof line, out);
        at += (uint32_t)sizeof line + line.name_len;
    }
}
