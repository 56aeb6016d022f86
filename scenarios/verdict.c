/*
 * scenarios/verdict.c - verdicts and properties as values.
 *
 * Source:  scenarios/verdict.h; the columns are those of the question: what a listener, a meddler and the service
 * itself say about an option (S3 §2, S4 §4.4). Knows:   texts.  How a verdict is reached is the judge's affair.
 */
#include "scenarios/verdict.h"

#include <string.h>

static const char *const verdict_texts[] = {
    [VERDICT_HOLDS] = "holds",     [VERDICT_VIOLATED] = "violated",         [VERDICT_NOT_AVAILABLE] = "not-available",
    [VERDICT_DEPENDS] = "depends", [VERDICT_INCONCLUSIVE] = "inconclusive",
};

const char *verdict_text(Verdict verdict)
{
    return verdict_texts[verdict];
}

bool verdict_parse(const char *text, Verdict *out)
{
    for (size_t i = 0; i < G_N_ELEMENTS(verdict_texts); i++) {
        if (strcmp(verdict_texts[i], text) == 0) {
            *out = (Verdict)i;
            return true;
        }
    }
    return false;
}

const PropertyInfo property_info[N_PROPERTIES] = {
    [PROPERTY_PUBLISH_BODY_AIR] = { PROPERTY_PUBLISH_BODY_AIR, "publish-body-air", "P1",
                                    "The published document is hidden on the presentity's radio link", "A1",
                                    "violated when the body is read from a PUBLISH that was sent, accepted or not, or "
                                    "from watcher "
                                    "information; not available when none was sent",
                                    true },
    [PROPERTY_NOTIFY_BODY_AIR] = { PROPERTY_NOTIFY_BODY_AIR, "notify-body-air", "P2",
                                   "The notified document is hidden on the watcher's radio link", "A1",
                                   "violated when the body is read from a NOTIFY; not available when no document was "
                                   "ever sent to "
                                   "the watcher",
                                   true },
    [PROPERTY_RELATION_AIR] = { PROPERTY_RELATION_AIR, "relation-air", "P3",
                                "Who watches whom is hidden on the radio links", "A1",
                                "violated when watcher and presentity are joined, directly or through an address; not "
                                "available when "
                                "neither PUBLISH nor SUBSCRIBE was sent",
                                true },
    [PROPERTY_BODY_ACCESS_CORE] = { PROPERTY_BODY_ACCESS_CORE, "body-access-core", "P4",
                                    "The documents are hidden behind the radio, up to the P-CSCF", "A2",
                                    "as publish-body-air and notify-body-air, on iu, gn and gi", true },
    [PROPERTY_RELATION_ACCESS_CORE] = { PROPERTY_RELATION_ACCESS_CORE, "relation-access-core", "P5",
                                        "Who watches whom is hidden behind the radio, up to the P-CSCF", "A2",
                                        "as relation-air, on iu, gn and gi", true },
    [PROPERTY_BODY_VISITED_PCSCF] = { PROPERTY_BODY_VISITED_PCSCF, "body-visited-pcscf", "P6",
                                      "The documents are hidden from the visited P-CSCF", "A4",
                                      "violated when a body is read inside the visited P-CSCF; not available when "
                                      "nothing was sent",
                                      false },
    [PROPERTY_INTEGRITY] = { PROPERTY_INTEGRITY, "integrity", "P7",
                             "Nothing forged or changed on the access hop takes effect", "A5",
                             "violated when octets that no honest node sent in that context have a lasting effect: a "
                             "binding, a "
                             "subscription, a publication, a displayed document",
                             true },
    [PROPERTY_REPLAY] = { PROPERTY_REPLAY, "replay", "P8", "Nothing on the access hop takes effect twice or late", "A5",
                          "violated when an honest message has its effect a second time, or late", true },
    [PROPERTY_MASQUERADE] = { PROPERTY_MASQUERADE, "masquerade", "P13", "Nobody passes for the UE towards the network",
                              "A5",
                              "violated when the network attributes an attacker's traffic to her, or registers a "
                              "foreign contact "
                              "for her",
                              true },
    [PROPERTY_IDENTITY_UNLINKABLE] = { PROPERTY_IDENTITY_UNLINKABLE, "identity-unlinkable", "P9b",
                                       "Her identities cannot be joined on the air", "A1",
                                       "violated when a private and a public identity, or a pseudonym and the real "
                                       "public identity, "
                                       "are joined from registration",
                                       true },
    [PROPERTY_AVAILABLE] = { PROPERTY_AVAILABLE, "available", "P10", "Presence can be used", "none",
                             "never violated; not available when PUBLISH, SUBSCRIBE, NOTIFY do not complete", true },
    [PROPERTY_UDP] = { PROPERTY_UDP, "udp", "P11", "Presence works over UDP alone", "none",
                       "never violated; not available when something fails with TCP blocked that completes without, or "
                       "nothing "
                       "completes either way",
                       true },
    [PROPERTY_WLAN] = { PROPERTY_WLAN, "wlan", "P12", "Presence works on WLAN", "none",
                        "never violated; not available when something fails on the option's WLAN, else an open one, "
                        "that completes "
                        "without, or nothing completes either way",
                        true },
    [PROPERTY_DOWNGRADE] = { PROPERTY_DOWNGRADE, "downgrade", "P16",
                             "An active attacker cannot make clear what is protected without him", "A5",
                             "violated when the body or the relation is clear with the attacker and not without, "
                             "because less "
                             "protection was applied or he became its endpoint; not available when it is clear without "
                             "him",
                             true },
    [PROPERTY_OTHER_WATCHERS] = { PROPERTY_OTHER_WATCHERS, "other-watchers", "P17",
                                  "Her documents are hidden on other watchers' legs", "A1",
                                  "violated when her body is read at the cell of a watcher on a Release 5 leg; a "
                                  "refusal to that "
                                  "watcher holds",
                                  true },
};

const PropertyInfo *property_find(const char *id_or_column)
{
    for (size_t i = 0; i < N_PROPERTIES; i++)
        if (strcmp(property_info[i].id, id_or_column) == 0 || strcmp(property_info[i].column, id_or_column) == 0)
            return &property_info[i];
    return NULL;
}

static void condition_free(void *item)
{
    Condition *condition = item;
    g_free(condition->set);
    g_free(condition->attack);
    g_free(condition);
}

Judgement *judgement_new(Verdict verdict, const char *attacker, const char *attack, const char *reason)
{
    Judgement *judgement = g_new0(Judgement, 1);
    judgement->verdict = verdict;
    judgement->attacker = g_strdup(attacker ? attacker : "");
    judgement->attack = g_strdup(attack ? attack : "");
    judgement->reason = g_strdup(reason ? reason : "");
    judgement->in_trust_model = true;
    judgement->conditions = g_ptr_array_new_with_free_func(condition_free);
    return judgement;
}

void judgement_free(Judgement *judgement)
{
    if (!judgement)
        return;
    g_free(judgement->attacker);
    g_free(judgement->attack);
    g_free(judgement->reason);
    witness_free(judgement->witness);
    g_ptr_array_unref(judgement->conditions);
    g_free(judgement);
}

Witness *witness_copy(const Witness *witness)
{
    if (!witness)
        return NULL;
    Witness *copy = g_new(Witness, 1);
    *copy = *witness;
    copy->scenario = g_strdup(witness->scenario);
    copy->segment = g_strdup(witness->segment);
    copy->excerpt = g_strdup(witness->excerpt);
    copy->because = g_strdupv(witness->because);
    return copy;
}

void witness_free(Witness *witness)
{
    if (!witness)
        return;
    g_free(witness->scenario);
    g_free(witness->segment);
    g_free(witness->excerpt);
    g_strfreev(witness->because);
    g_free(witness);
}
