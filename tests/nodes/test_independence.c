/*
 * An unrelated subscriber leaves the others' packets as they were: streams are derived by name, never from a shared
 * counter.
 */
#include "tests/nodes/support/little_ims.h"

static NetTapVerdict hash_packet(void *ctx, const NetSighting *sighting)
{
    if (sighting->packet->kind == NET_IP)
        g_checksum_update(ctx, sighting->packet->data, (gssize)sighting->packet->len);
    return NET_TAP_PASS;
}

/* What crosses alice's and bob's air when @n_ues of them use the service, octet for octet. */
static char *packets_of_two(unsigned n_ues)
{
    LittleConfig config = little_config(6, 6, true);
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    config.n_ues = n_ues;
    LittleIms *ims = little_ims_new(&config);
    net_tap(ims->net, "air:alice", hash_packet, sum);
    net_tap(ims->net, "air:bob", hash_packet, sum);
    for (unsigned i = n_ues; i-- > 0;) /* the stranger first */
        ue_register(ims->ue[i].ue);
    little_run(ims, 10);
    for (unsigned i = n_ues; i-- > 0;)
        ue_publish(ims->ue[i].ue, true, ims->ue[i].name);
    little_run(ims, 10);
    ue_subscribe(ims->ue[1].ue, ims->ue[0].impu, 3600);
    if (n_ues > 2)
        ue_subscribe(ims->ue[2].ue, ims->ue[2].impu, 3600);
    little_run(ims, 10);
    ue_reregister(ims->ue[0].ue);
    little_run(ims, 30);
    little_ims_free(ims);
    return g_strdup(g_checksum_get_string(sum));
}

static void test_stranger_changes_nothing(void)
{
    g_autofree char *two = packets_of_two(2), *three = packets_of_two(3);
    g_assert_cmpstr(two, ==, three);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/nodes/independence/an-unrelated-subscriber-changes-no-packet-of-others",
                    test_stranger_changes_nothing);
    return g_test_run();
}
