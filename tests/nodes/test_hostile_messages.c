/*
 * Every node gets spoilt messages on every port, from whom it listens to: nothing asserts, leaks or hangs, and who
 * comes afterwards is served.
 */
#include "tests/nodes/support/little_ims.h"
#include <string.h>

#define OCTETS_MAX 6000

typedef struct Corpus {
    GPtrArray *messages; /* GBytes */
} Corpus;

static NetTapVerdict collect(void *ctx, const NetSighting *sighting)
{
    Corpus *corpus = ctx;
    const uint8_t *data = sighting->packet->data;
    bool udp = sighting->packet->kind == NET_IP && sighting->packet->len > 48 && data[6] == 17;
    if (udp && memmem(data, sighting->packet->len, "SIP/2.0", 7) != NULL && corpus->messages->len < 200)
        g_ptr_array_add(corpus->messages, g_bytes_new(data + 48, sighting->packet->len - 48));
    return NET_TAP_PASS;
}

static const GString *line_of(GString *from, GRand *rand)
{
    static GString line;
    const char *at = from->str + g_rand_int_range(rand, 0, (int)from->len);
    const char *start = memchr(at, '\n', (size_t)(from->str + from->len - at));
    start = start != NULL ? start + 1 : from->str;
    const char *end = memchr(start, '\n', (size_t)(from->str + from->len - start));
    line.str = (char *)(uintptr_t)start;
    line.len = end != NULL ? (gsize)(end + 1 - start) : 0;
    return &line;
}

/* One change: octets, numbers, lines of this or another message, lengths. */
static void spoil(GString *s, GString *other, GRand *rand)
{
    static const char *const bits[] = { "4294967296",
                                        "-1",
                                        "%00",
                                        "\"",
                                        "<",
                                        ";",
                                        ",",
                                        "\r\n\r\n",
                                        "@",
                                        "sip:",
                                        "[::1]",
                                        "0",
                                        "*",
                                        " ",
                                        "=",
                                        ":",
                                        "99999999999999999999" };
    gsize at = (gsize)g_rand_int_range(rand, 0, (int)s->len);
    gsize wanted = (gsize)g_rand_int_range(rand, 1, 40), cut = MIN(wanted, s->len - at);
    const GString *line;

    switch (g_rand_int_range(rand, 0, 7)) {
    case 0: s->str[at] = (char)g_rand_int_range(rand, 0, 256); break;
    case 1: g_string_erase(s, (gssize)at, (gssize)cut); break;
    case 2: g_string_insert(s, (gssize)at, bits[g_rand_int_range(rand, 0, G_N_ELEMENTS(bits))]); break;
    case 3:
        line = line_of(other, rand);
        g_string_insert_len(s, (gssize)MIN(strcspn(s->str, "\n") + 1, s->len), line->str, (gssize)line->len);
        break;
    case 4: {
        g_autofree char *copy = g_strndup(s->str + at, cut);
        for (unsigned i = 0; i < 20 && s->len < OCTETS_MAX; i++)
            g_string_insert(s, (gssize)at, copy);
        break;
    }
    case 5: g_string_truncate(s, at + 1); break;
    default: {
        char *digit = strpbrk(s->str + at, "0123456789");
        if (digit != NULL)
            *digit = (char)('0' + g_rand_int_range(rand, 0, 10));
        break;
    }
    }
    if (s->len == 0)
        g_string_append_c(s, 'x');
}

/* Who says it to whom: from an address and port that the other listens to. */
typedef struct Way {
    NetHost *from, *to;
    uint16_t sport, dport;
} Way;

static void throw_at(LittleIms *ims, const Corpus *corpus, const Way *way, unsigned n, guint32 seed)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(seed);
    for (unsigned i = 0; i < n; i++) {
        GBytes *a = corpus->messages->pdata[g_rand_int_range(rand, 0, (int)corpus->messages->len)];
        GBytes *b = corpus->messages->pdata[g_rand_int_range(rand, 0, (int)corpus->messages->len)];
        g_autoptr(GString) message = g_string_new_len(g_bytes_get_data(a, NULL), (gssize)g_bytes_get_size(a));
        g_autoptr(GString) other = g_string_new_len(g_bytes_get_data(b, NULL), (gssize)g_bytes_get_size(b));
        char *branch = strstr(message->str, "z9hG4bK"); /* a transaction of its own */
        for (unsigned k = 7; branch != NULL && k < 11 && branch[k] != '\0'; k++)
            branch[k] = (char)('a' + g_rand_int_range(rand, 0, 26));
        for (unsigned changes = (unsigned)g_rand_int_range(rand, 0, 3); changes > 0; changes--)
            spoil(message, other, rand);
        net_udp_send(way->from, way->sport, net_host_addr(way->to), way->dport, message->str, message->len);
        little_run(ims, 0.05);
    }
}

static void test_spoilt_messages(void)
{
    LittleConfig config = little_config(6, 5, false);
    config.n_ues = 3;
    LittleIms *ims = little_ims_new(&config);
    Corpus corpus = { g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref) };
    static const char *const segments[] = { "gi:alice", "gi:bob", "mw", "mw2", "isc" };
    for (unsigned i = 0; i < G_N_ELEMENTS(segments); i++)
        net_tap(ims->net, segments[i], collect, &corpus);
    ue_register(ims->ue[0].ue);
    ue_register(ims->ue[1].ue);
    little_run(ims, 20);
    ue_publish(ims->ue[0].ue, true, "canary");
    ue_subscribe(ims->ue[1].ue, ims->ue[0].impu, 3600);
    ue_message(ims->ue[1].ue, ims->ue[0].impu, "hello");
    little_run(ims, 20);
    g_assert_cmpuint(corpus.messages->len, >, 20);

    NetHost *alice = ims->ue[0].host, *pcscf = pcscf_host(ims->pcscf), *icscf = icscf_host(ims->icscf),
            *scscf = scscf_host(ims->scscf);
    const Way ways[] = {
        { alice, pcscf, 5060, 5060 }, { alice, pcscf, 5066, 5063 }, { alice, pcscf, 5065, 5070 },
        { pcscf, alice, 5060, 5060 }, { pcscf, alice, 5070, 5065 }, { pcscf, icscf, 5060, 5060 },
        { pcscf, scscf, 5060, 5060 }, { icscf, scscf, 5060, 5060 }, { scscf, pcscf, 5060, 5060 },
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(ways); i++)
        throw_at(ims, &corpus, &ways[i], 1200, 1000 + i);
    little_run(ims, 800);
    ue_register(ims->ue[2].ue);
    little_run(ims, 60);
    g_assert_true(ue_registered(ims->ue[2].ue));
    little_ims_free(ims);
    g_ptr_array_unref(corpus.messages);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/nodes/hostile-messages/spoilt-ones-stop-nobody", test_spoilt_messages);
    return g_test_run();
}
