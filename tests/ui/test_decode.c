/*
 * tests/ui/test_decode.c - `presec decode`: good messages, bad ones, and what is no message at all.
 *
 * Source:  README.md, "The command"; RFC 3261 §7, RFC 6733 §3, RFC 8200 §3.  Run from tests/ui.
 */
#include "tests/ui/child.h"

#include "ui/exit.h"

#include <stdbool.h>

/* IPv6 header, UDP to port 5060 with a right checksum over the payload "x". */
#define IP_UDP                                                                                                         \
    "printf '6000000000091140"                                                                                         \
    "20010db8000000000000000000000001"                                                                                 \
    "20010db8000000000000000000000002"                                                                                 \
    "13c413c40009%s78' "

/* Hexadecimal to octets, in the shell. */
static bool no_xxd(void)
{
    g_autofree char *xxd = g_find_program_in_path("xxd");
    if (!xxd)
        g_test_skip("xxd is not installed");
    return !xxd;
}

static void test_good_message_is_described(void)
{
    child_expect("$presec decode sip data/subscribe.sip", EXIT_DONE, "cseq: number=61 method=SUBSCRIBE", NULL);
    child_expect("$presec decode sip - < data/subscribe.sip", EXIT_DONE, "event: package=presence", NULL);
}

static void test_diameter_message_is_described(void)
{
    if (no_xxd())
        return;
    child_expect("sed -n 's/^message = //p' ../vectors/diameter.txt | head -1 | xxd -r -p | $presec decode diameter -",
                 EXIT_DONE, "User-Authorization-Request", NULL);
    child_expect("sed -n 's/^message = //p' ../vectors/diameter.txt | head -1 | cut -c 1-100 | xxd -r -p | "
                 "$presec decode diameter -",
                 EXIT_UNMET, NULL, "rejected: ");
}

static void test_bad_message_is_rejected_with_the_reason(void)
{
    child_expect("sed 's/^CSeq: 61/CSeq: x/' data/subscribe.sip | $presec decode sip -", EXIT_UNMET,
                 "cseq: (malformed)", "standard input: must be refused (400) at octet");
    child_expect("head -c 100 data/subscribe.sip | $presec decode sip -", EXIT_UNMET, "request method=SUBSCRIBE",
                 "no empty line");
    child_expect("$presec decode ip data/subscribe.sip", EXIT_UNMET, NULL, "not IP version 6");
}

/* The checksum of the second is wrong by one; the first one's is computed apart, by RFC 8200 §8.1. */
static void test_ip_checksum_is_looked_at(void)
{
    if (no_xxd())
        return;
    child_expect(IP_UDP "04df | xxd -r -p | $presec decode ip -", EXIT_DONE, "5060", NULL);
    Child right = child_run(IP_UDP "04df | xxd -r -p | $presec decode ip -");
    Child wrong = child_run(IP_UDP "04e0 | xxd -r -p | $presec decode ip -");
    g_assert_cmpstr(right.out, !=, wrong.out);
    child_clear(&right);
    child_clear(&wrong);
}

#define PRESENCE "<presence xmlns=\"urn:ietf:params:xml:ns:pidf\" entity=\"pres:a@b\">\n"
static void test_documents(void)
{
    child_expect("echo '" PRESENCE "<tuple id=\"t\"><status><basic>open</basic></status></tuple></presence>' | "
                 "$presec decode pidf -",
                 EXIT_DONE, "tuple t: open", NULL);
    child_expect("echo '" PRESENCE "<tuple id=\"t\"><status><basic>opn</basic></status></tuple></presence>' | "
                 "$presec decode pidf -",
                 EXIT_UNMET, NULL, "standard input:2: basic");
    child_expect("echo '<ruleset xmlns=\"urn:ietf:params:xml:ns:common-policy\"><rule/>\n<rul/></ruleset>' | "
                 "$presec decode rules -",
                 EXIT_UNMET, NULL, "standard input:2: rul");
    child_expect("echo '<!DOCTYPE a><a/>' | $presec decode winfo -", EXIT_UNMET, NULL, "standard input: ");
}

static void test_binary_is_rejected_and_not_obeyed(void)
{
    Child child =
        child_run("{ printf 'OPTIONS sip:a SIP/2.0\\r\\nX: \\033[2Jboo\\377\\r\\n\\r\\n'; } | $presec decode sip -");
    g_assert_cmpint(child.status, ==, EXIT_UNMET);
    g_assert_null(strchr(child.out, '\033'));
    g_assert_null(strchr(child.err, '\033'));
    child_clear(&child);
    for (const char *const *format =
             (const char *const[]){ "sip", "diameter", "pidf", "winfo", "rules", "ip", "access", NULL };
         *format; format++) {
        g_autofree char *script = g_strdup_printf("head -c 3000 $presec | $presec decode %s - > /dev/null", *format);
        child_expect(script, EXIT_UNMET, NULL, "standard input: ");
        g_autofree char *empty = g_strdup_printf("$presec decode %s /dev/null > /dev/null", *format);
        child_expect(empty, EXIT_UNMET, NULL, "/dev/null: ");
    }
}

static void test_what_is_no_message(void)
{
    child_expect("$presec decode sip /nonexistent/file", EXIT_IO, NULL, "/nonexistent/file: No such file");
    child_expect("$presec decode sip data", EXIT_IO, NULL, "data: Is a directory");
    child_expect("head -c 16777217 /dev/zero | $presec decode sip -", EXIT_INVALID, NULL,
                 "standard input: longer than the 16777216 octets");
    child_expect("head -c 16777216 /dev/zero | $presec decode sip - > /dev/null", EXIT_UNMET, NULL, "standard input: ");
    child_expect("$presec decode sip - <&-", EXIT_IO, NULL, "standard input: Bad file descriptor");
    child_expect("$presec decode spi data/subscribe.sip", EXIT_USAGE, NULL, "did you mean 'sip'?");
    child_expect("$presec decode sip", EXIT_USAGE, NULL, "usage: presec decode");
    child_expect("$presec decode -- sip data/subscribe.sip", EXIT_DONE, "SUBSCRIBE", NULL);
}

static void test_interrupt_ends_a_wait_for_input(void)
{
    child_expect("{ sleep 2 2> /dev/null | $presec decode sip - & pid=$!; sleep 0.5; kill -INT $pid; wait $pid; }",
                 EXIT_INTERRUPTED, NULL, "interrupted");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/ui/decode/good-message-is-described", test_good_message_is_described);
    g_test_add_func("/ui/decode/diameter-message-is-described", test_diameter_message_is_described);
    g_test_add_func("/ui/decode/bad-message-is-rejected-with-the-reason", test_bad_message_is_rejected_with_the_reason);
    g_test_add_func("/ui/decode/ip-checksum-is-looked-at", test_ip_checksum_is_looked_at);
    g_test_add_func("/ui/decode/documents", test_documents);
    g_test_add_func("/ui/decode/binary-is-rejected-and-not-obeyed", test_binary_is_rejected_and_not_obeyed);
    g_test_add_func("/ui/decode/what-is-no-message", test_what_is_no_message);
    g_test_add_func("/ui/decode/interrupt-ends-a-wait-for-input", test_interrupt_ends_a_wait_for_input);
    return g_test_run();
}
