/*
 * scenarios/requirements.c - the rules by which verdicts become answers to requirements.
 *
 * Source:  scenarios/requirements.h.  S3 §2 counts headers as privacy intensive; S4 §4.5.2 9) lets the P-CSCF trust the
 *          access network (R20); S0 §4.5.2, the editor's note: guaranteed behind a Release 5 P-CSCF as well, or the
 *          presentity decides (R27).
 * Knows:   one row at a time.
 */
#include "scenarios/requirements.h"

#include <string.h>

/* clang-format off: one requirement a paragraph */
const RequirementInfo requirement_info[N_REQUIREMENTS] = {
    [PEU_CONFIDENTIALITY] = { "R10-confidentiality", "R10", "conf", "What the presentity sends is confidential (Peu)" },
    [PEU_INTEGRITY] = { "R10-integrity", "R10", "int", "Its integrity is protected" },
    [PEU_REPLAY] = { "R10-replay", "R10", "rep", "It cannot be replayed" },
    [PW_CONFIDENTIALITY] = { "R11-confidentiality", "R11", "conf",
                             "What watchers ask for and get is confidential (Pw)" },
    [PW_INTEGRITY] = { "R11-integrity", "R11", "int", "Its integrity is protected" },
    [PW_REPLAY] = { "R11-replay", "R11", "rep", "It cannot be replayed" },
    [UE_TO_PCSCF] = { "R22", "R22", "R22", "IMS can encrypt between UE and P-CSCF; R23: operators see to the rest" },
    [COMPATIBLE_PEU] = { "R27-Peu", "R27", "Peu",
                         "Guaranteed behind a Release 5 P-CSCF too: what the presentity sends" },
    [COMPATIBLE_PW] = { "R27-Pw", "R27", "Pw", "... and what watchers get, or the presentity decides about that" },
};
/* clang-format on */

const bool requirement_properties[N_PROPERTIES] = {
    [PROPERTY_PUBLISH_BODY_AIR] = true,
    [PROPERTY_NOTIFY_BODY_AIR] = true,
    [PROPERTY_RELATION_AIR] = true,
    [PROPERTY_BODY_ACCESS_CORE] = true,
    [PROPERTY_INTEGRITY] = true,
    [PROPERTY_REPLAY] = true,
    [PROPERTY_RELATION_ACCESS_CORE] = true,
    [PROPERTY_DOWNGRADE] = true,
    [PROPERTY_AVAILABLE] = true,
    [PROPERTY_UDP] = true,
    [PROPERTY_OTHER_WATCHERS] = true,
};

const char *answer_text(Answer answer)
{
    switch (answer) {
    case ANSWER_YES: return "yes";
    case ANSWER_PARTLY: return "partly";
    case ANSWER_VACUOUSLY: return "vacuously";
    case ANSWER_NO: return "no";
    case ANSWER_NOT_APPLICABLE: return "not-applicable";
    case ANSWER_NOT_JUDGED: return "not-judged";
    }
    g_assert_not_reached();
}

#define READ_ON_AIR "the document is read on the air"

/* One requirement of one row, being answered. */
typedef struct Case {
    const CompareRow *row;
    bool rests_on[N_PROPERTIES];
    GPtrArray *remarks; /* char* */
} Case;

/* ---- what the row says ---- */

static bool judged(Case *item, Property property)
{
    const Judgement *judgement = item->row->judgement[property];
    return judgement != NULL && judgement->verdict != VERDICT_INCONCLUSIVE;
}

static Verdict verdict(Case *item, Property property)
{
    item->rests_on[property] = true;
    return judged(item, property) ? item->row->judgement[property]->verdict : VERDICT_INCONCLUSIVE;
}

static void say(Case *item, const char *text)
{
    g_ptr_array_add(item->remarks, g_strdup(text));
}

static void forget_remarks(Case *item)
{
    for (guint i = 0; i < item->remarks->len; i++)
        g_free(item->remarks->pdata[i]);
    g_ptr_array_set_size(item->remarks, 0);
}

/* "a=x b=y" without what is the option's default: the settings that make the difference. */
static char **unusual(const Option *option, const char *set)
{
    g_auto(GStrv) settings = g_strsplit(set, " ", -1);
    GPtrArray *kept = g_ptr_array_new();
    for (char **setting = settings; *setting; setting++) {
        g_auto(GStrv) halves = g_strsplit(*setting, "=", 2);
        g_autofree char *now = halves[0] ? option_get(option, halves[0]) : NULL;
        if (!now || strcmp(now, halves[1] ? halves[1] : "") != 0)
            g_ptr_array_add(kept, g_strdup(*setting));
    }
    g_ptr_array_add(kept, NULL);
    return (char **)g_ptr_array_free(kept, FALSE);
}

static bool contains_all(char *const *settings, char *const *of)
{
    for (; *of; of++)
        if (!g_strv_contains((const char *const *)settings, *of))
            return false;
    return true;
}

/* Whether fewer settings of another condition make the same difference. */
static bool is_needless(const Option *option, const GPtrArray *conditions, guint i)
{
    const Condition *this = conditions->pdata[i];
    g_auto(GStrv) mine = unusual(option, this->set);
    for (guint k = 0; k < conditions->len; k++) {
        const Condition *other = conditions->pdata[k];
        g_auto(GStrv) theirs = unusual(option, other->set);
        if (k != i && other->verdict == this->verdict && g_strv_length(theirs) < g_strv_length(mine) &&
            contains_all(mine, theirs))
            return true;
    }
    return false;
}

/* "work=46 or dual-mode=yes": the settings under which it came out so. */
static char *settings_with(const Case *item, Property property, Verdict which)
{
    const Option *option = item->row->option;
    const GPtrArray *conditions = item->row->judgement[property]->conditions;
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < conditions->len; i++) {
        const Condition *condition = conditions->pdata[i];
        if (condition->verdict != which || is_needless(option, conditions, i))
            continue;
        g_auto(GStrv) settings = unusual(option, condition->set);
        g_autofree char *words = *settings ? g_strjoinv(" ", settings) : g_strdup("the defaults");
        g_string_append_printf(text, "%s%s", text->len > 0 ? " or " : "", words);
    }
    return g_string_free(text, FALSE);
}

/* The P-CSCF is of Release 6 and relies on the access network, as R20 allows it to. */
static bool trusts_access(const Option *option)
{
    const OptionLeg *leg = &option->leg;
    return leg->ue_release == 6 && leg->pcscf_release == 6 && !leg->pcscf_encrypts && leg->gm == OPTION_GM_IPSEC;
}

static bool is_gap(const Option *option)
{
    return option->leg.ue_release == 6 && option->leg.pcscf_release == 5;
}

/* A Release 5 P-CSCF that encrypts has the change request of option 5. */
static bool is_upgraded(const Option *option)
{
    return option->leg.pcscf_release == 5 && option->leg.pcscf_encrypts && option->leg.gm == OPTION_GM_IPSEC;
}

/* The indication reaches the Presence Server and her policy, not the operator's rule, answers to it. */
static bool presentity_decides(const Option *option)
{
    return option->home.forwards_indication && !option->home.network_guard;
}

/* ---- confidentiality ---- */

static bool all_judged(Case *item, Property body)
{
    return verdict(item, body) != VERDICT_INCONCLUSIVE &&
           verdict(item, PROPERTY_RELATION_AIR) != VERDICT_INCONCLUSIVE &&
           verdict(item, PROPERTY_BODY_ACCESS_CORE) != VERDICT_INCONCLUSIVE &&
           verdict(item, PROPERTY_RELATION_ACCESS_CORE) != VERDICT_INCONCLUSIVE;
}

static Answer not_sent(Case *item)
{
    if (verdict(item, PROPERTY_RELATION_AIR) == VERDICT_VIOLATED) {
        say(item, "refused only when who watches whom has been read");
        return ANSWER_NO;
    }
    say(item, "nothing is sent");
    return ANSWER_VACUOUSLY;
}

static Answer depends_on(Case *item, Property property)
{
    g_autofree char *with = settings_with(item, property, VERDICT_VIOLATED);
    g_autofree char *text = g_strdup_printf("not with %s", with);
    say(item, text);
    return ANSWER_PARTLY;
}

/* What an active attacker can take away again. */
static Answer against_active(Case *item, Answer answer)
{
    Verdict downgrade = judged(item, PROPERTY_DOWNGRADE) ? verdict(item, PROPERTY_DOWNGRADE) : VERDICT_HOLDS;
    if (downgrade == VERDICT_VIOLATED) {
        say(item, "only against who merely listens (P16)");
        return answer == ANSWER_YES ? ANSWER_PARTLY : answer;
    }
    if (downgrade == VERDICT_DEPENDS) {
        g_autofree char *with = settings_with(item, PROPERTY_DOWNGRADE, VERDICT_VIOLATED);
        g_autofree char *text = g_strdup_printf("an active attacker takes it away with %s (P16)", with);
        say(item, text);
    }
    return answer;
}

static Answer hidden(Case *item)
{
    const Option *option = item->row->option;
    Answer answer = ANSWER_PARTLY;
    if (verdict(item, PROPERTY_BODY_ACCESS_CORE) == VERDICT_VIOLATED)
        say(item, "the radio part only");
    else if (verdict(item, PROPERTY_RELATION_AIR) == VERDICT_VIOLATED ||
             verdict(item, PROPERTY_RELATION_ACCESS_CORE) == VERDICT_VIOLATED)
        say(item, "documents yes, headers no");
    else if (verdict(item, PROPERTY_RELATION_AIR) == VERDICT_DEPENDS)
        return depends_on(item, PROPERTY_RELATION_AIR);
    else
        answer = ANSWER_YES;
    if (answer == ANSWER_YES && is_upgraded(option))
        say(item, "on upgraded proxies whose policy uses it");
    if (judged(item, PROPERTY_UDP) && verdict(item, PROPERTY_UDP) == VERDICT_NOT_AVAILABLE)
        say(item, "over TCP only (P11)");
    return against_active(item, answer);
}

static Answer confidential(Case *item, Property body)
{
    if (!all_judged(item, body))
        return ANSWER_NOT_JUDGED;
    if (trusts_access(item->row->option) && verdict(item, body) != VERDICT_NOT_AVAILABLE) {
        say(item, "as R20 reads: the P-CSCF may trust the access network's encryption, whatever that is worth");
        return ANSWER_YES;
    }
    switch (verdict(item, body)) {
    case VERDICT_VIOLATED: say(item, READ_ON_AIR); return ANSWER_NO;
    case VERDICT_NOT_AVAILABLE: return not_sent(item);
    case VERDICT_DEPENDS: return depends_on(item, body);
    case VERDICT_HOLDS: return hidden(item);
    case VERDICT_INCONCLUSIVE: return ANSWER_NOT_JUDGED;
    }
    g_assert_not_reached();
}

/* Pw has as many legs as she has watchers (K55); the one judged so far is the option's. */
static Answer on_every_leg(Case *item, Answer answer)
{
    bool sent = answer == ANSWER_YES || answer == ANSWER_PARTLY || answer == ANSWER_VACUOUSLY;
    if (sent && judged(item, PROPERTY_OTHER_WATCHERS) && verdict(item, PROPERTY_OTHER_WATCHERS) == VERDICT_VIOLATED)
        say(item, "not on Release 5 watchers' legs (P17)");
    return answer;
}

/* ---- integrity and replay ---- */

static Answer protected(Case *item, Property property)
{
    switch (verdict(item, property)) {
    case VERDICT_HOLDS: return ANSWER_YES;
    case VERDICT_VIOLATED: {
        const char *attack = item->row->judgement[property]->attack;
        g_autofree char *text =
            g_strdup_printf("%s is violated%s%s", property_info[property].id, *attack ? " by " : "", attack);
        say(item, text);
        return ANSWER_NO;
    }
    case VERDICT_NOT_AVAILABLE: return ANSWER_VACUOUSLY;
    case VERDICT_DEPENDS: return depends_on(item, property);
    case VERDICT_INCONCLUSIVE: return ANSWER_NOT_JUDGED;
    }
    g_assert_not_reached();
}

/* ---- R22: IMS's own confidentiality between UE and P-CSCF ---- */

static bool holds_up_to_pcscf(Case *item)
{
    return verdict(item, PROPERTY_BODY_ACCESS_CORE) == VERDICT_HOLDS &&
           verdict(item, PROPERTY_RELATION_ACCESS_CORE) == VERDICT_HOLDS;
}

static Answer ue_to_pcscf(Case *item)
{
    if (!all_judged(item, PROPERTY_PUBLISH_BODY_AIR))
        return ANSWER_NOT_JUDGED;
    if (holds_up_to_pcscf(item))
        return ANSWER_YES;
    if (trusts_access(item->row->option)) {
        say(item, "possible, and left unused by the P-CSCF's policy; R23: its operator answers for what is clear");
        return ANSWER_YES;
    }
    if (verdict(item, PROPERTY_BODY_ACCESS_CORE) == VERDICT_NOT_AVAILABLE) {
        say(item, "nothing is sent that would need it");
        return ANSWER_VACUOUSLY;
    }
    if (verdict(item, PROPERTY_BODY_ACCESS_CORE) == VERDICT_HOLDS) {
        say(item, "end to end and for documents, not between UE and P-CSCF");
        return ANSWER_PARTLY;
    }
    say(item, verdict(item, PROPERTY_PUBLISH_BODY_AIR) == VERDICT_VIOLATED ? "there is none"
                                                                           : "the access network's, not IMS's own");
    return ANSWER_NO;
}

/* ---- R27: behind a Release 5 P-CSCF ---- */

static bool is_of_network(const char *field)
{
    for (size_t i = 0; i < option_n_fields(); i++)
        if (strcmp(option_field(i).name, field) == 0)
            return option_field(i).scope == OPTION_SCOPE_HOME;
    return false;
}

/* What of these settings says that the network behaves otherwise than the option's default; "" when nothing does. */
static char *other_network(const Option *option, const char *set)
{
    g_auto(GStrv) settings = g_strsplit(set, " ", -1);
    GString *others = g_string_new(NULL);
    for (char **setting = settings; *setting; setting++) {
        g_auto(GStrv) halves = g_strsplit(*setting, "=", 2);
        g_autofree char *now = halves[0] && is_of_network(halves[0]) ? option_get(option, halves[0]) : NULL;
        if (now && strcmp(now, halves[1] ? halves[1] : "") != 0)
            g_string_append_printf(others, "%s%s", others->len > 0 ? " " : "", *setting);
    }
    return g_string_free(others, FALSE);
}

/* Readings of how the network behaves under which there is no service: threats Q1. */
static Answer under_all_readings(Case *item, Answer answer)
{
    const Judgement *available = item->row->judgement[PROPERTY_AVAILABLE];
    for (guint i = 0; available != NULL && i < available->conditions->len; i++) {
        const Condition *condition = available->conditions->pdata[i];
        g_autofree char *network = other_network(item->row->option, condition->set);
        if (condition->verdict != VERDICT_NOT_AVAILABLE || !*network)
            continue;
        g_autofree char *text = g_strdup_printf("no service with %s (P10)", network);
        item->rests_on[PROPERTY_AVAILABLE] = true;
        say(item, text);
        return ANSWER_PARTLY;
    }
    return answer;
}

static Answer first_half(Case *item, Property body)
{
    switch (verdict(item, body)) {
    case VERDICT_VIOLATED: say(item, READ_ON_AIR); return ANSWER_NO;
    case VERDICT_DEPENDS: return depends_on(item, body);
    case VERDICT_INCONCLUSIVE: return ANSWER_NOT_JUDGED;
    case VERDICT_NOT_AVAILABLE:
        if (verdict(item, PROPERTY_RELATION_AIR) == VERDICT_VIOLATED)
            return not_sent(item);
        say(item, "yes, at the price of the service");
        return ANSWER_VACUOUSLY;
    case VERDICT_HOLDS: break;
    }
    if (verdict(item, PROPERTY_BODY_ACCESS_CORE) == VERDICT_VIOLATED) {
        say(item, "the radio part only");
        return ANSWER_PARTLY;
    }
    if (is_upgraded(item->row->option))
        say(item, "by removing the problem");
    return under_all_readings(item, ANSWER_YES);
}

static Answer compatible(Case *item, Property body)
{
    if (!all_judged(item, body))
        return ANSWER_NOT_JUDGED;
    if (!is_gap(item->row->option)) {
        say(item, "no Release 6 UE behind a Release 5 P-CSCF here");
        return ANSWER_NOT_APPLICABLE;
    }
    Answer answer = first_half(item, body);
    if (body != PROPERTY_NOTIFY_BODY_AIR || answer == ANSWER_YES || !presentity_decides(item->row->option))
        return answer;
    forget_remarks(item);
    say(item, "the presentity decides about clear notifications");
    return ANSWER_YES;
}

/* ---- all of a row ---- */

static Answer answer(Case *item, Requirement requirement)
{
    switch (requirement) {
    case PEU_CONFIDENTIALITY: return confidential(item, PROPERTY_PUBLISH_BODY_AIR);
    case PW_CONFIDENTIALITY: return on_every_leg(item, confidential(item, PROPERTY_NOTIFY_BODY_AIR));
    case PEU_INTEGRITY:
    case PW_INTEGRITY: return protected(item, PROPERTY_INTEGRITY);
    case PEU_REPLAY:
    case PW_REPLAY: return protected(item, PROPERTY_REPLAY);
    case UE_TO_PCSCF: return ue_to_pcscf(item);
    case COMPATIBLE_PEU: return compatible(item, PROPERTY_PUBLISH_BODY_AIR);
    case COMPATIBLE_PW: return compatible(item, PROPERTY_NOTIFY_BODY_AIR);
    case N_REQUIREMENTS: break;
    }
    g_assert_not_reached();
}

static void judge_one(const CompareRow *row, Requirement requirement, Conformance *out)
{
    Case item = { .row = row, .remarks = g_ptr_array_new() };
    out->answer = answer(&item, requirement);
    g_ptr_array_add(item.remarks, NULL);
    out->remarks = (char **)g_ptr_array_free(item.remarks, FALSE);
    memcpy(out->rests_on, item.rests_on, sizeof out->rests_on);
}

static bool says(const Conformance *item, const char *remark)
{
    return item->answer != ANSWER_NOT_APPLICABLE && g_strv_contains((const char *const *)item->remarks, remark);
}

/* Whether everything that is asked under this number has this remark. */
static bool all_say(const Conformances *all, const char *asks, const char *remark)
{
    for (Requirement r = 0; r < N_REQUIREMENTS; r++)
        if (strcmp(requirement_info[r].asks, asks) == 0 && *all->item[r].remarks && !says(&all->item[r], remark))
            return false;
    return true;
}

/* "R10, R11", "R27 Peu": those with this remark, each named once. */
static char *who_says(const Conformances *all, const char *remark)
{
    GString *names = g_string_new(NULL);
    for (Requirement r = 0; r < N_REQUIREMENTS; r++) {
        const RequirementInfo *info = &requirement_info[r];
        if (!says(&all->item[r], remark) || strstr(names->str, info->asks) != NULL)
            continue;
        bool whole = all_say(all, info->asks, remark);
        g_string_append_printf(names, "%s%s%s%s", names->len > 0 ? ", " : "", info->asks, whole ? "" : " ",
                               whole ? "" : info->head);
    }
    return g_string_free(names, FALSE);
}

/* Every remark once, in the order of its first appearance. */
static char *joined_remarks(const Conformances *all)
{
    GString *text = g_string_new(NULL);
    g_autoptr(GPtrArray) said = g_ptr_array_new();
    g_autofree char *before = g_strdup("");
    for (Requirement r = 0; r < N_REQUIREMENTS; r++)
        for (char **remark = all->item[r].remarks; *remark; remark++) {
            if (!says(&all->item[r], *remark) || g_ptr_array_find_with_equal_func(said, *remark, g_str_equal, NULL))
                continue;
            char *names = who_says(all, *remark);
            bool same = strcmp(names, before) == 0;
            g_string_append_printf(text, "%s%s%s%s",
                                   text->len == 0 ? ""
                                   : same         ? ", "
                                                  : "; ",
                                   same ? "" : names, same ? "" : ": ", *remark);
            g_ptr_array_add(said, *remark);
            g_free(before);
            before = names;
        }
    return g_string_free(text, FALSE);
}

Conformances *requirements_judge(const CompareRow *row)
{
    Conformances *all = g_new0(Conformances, 1);
    for (Requirement r = 0; r < N_REQUIREMENTS; r++)
        judge_one(row, r, &all->item[r]);
    all->remark = joined_remarks(all);
    return all;
}

void conformances_free(Conformances *conformances)
{
    if (conformances == NULL)
        return;
    for (Requirement r = 0; r < N_REQUIREMENTS; r++)
        g_strfreev(conformances->item[r].remarks);
    g_free(conformances->remark);
    g_free(conformances);
}
