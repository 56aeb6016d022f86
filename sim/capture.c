/*
 * sim/capture.c - the network's recorder: digest, file, frames in the trace.
 *
 * Source:  sim/capture.h.
 * Knows:   segments by their names.
 */
#include "sim/capture.h"
#include "sim/ip.h"
#include "sim/pcapng.h"
#include "sim/trace.h"

#include <string.h>

#define SEGMENT_NAME_MAX 256

struct Capture {
    Net *net;
    bool keeps_frames, digests;
    GChecksum *sha;
    uint64_t n_frames, n_lost;
    char digest[65];
    GByteArray *file;       /* NULL: none is kept */
    GHashTable *interfaces; /* link type and segment name to number + 1; looked up, never iterated */
    uint32_t n_interfaces;
    GHashTable *named;   /* addresses that have had their name written */
    GHashTable *secrets; /* lines written; looked up, never iterated */
};

static void digest_frame(Capture *capture, const char *segment, const NetSighting *sighting)
{
    uint8_t numbers[13];

    numbers[0] = sighting->dir == NET_UP ? 0 : 1;
    put_u32(numbers + 1, (uint32_t)((uint64_t)sighting->at >> 32));
    put_u32(numbers + 5, (uint32_t)sighting->at);
    put_u32(numbers + 9, sighting->packet->len);
    g_checksum_update(capture->sha, (const guchar *)segment, (gssize)strlen(segment) + 1);
    g_checksum_update(capture->sha, numbers, sizeof numbers);
    g_checksum_update(capture->sha, sighting->packet->data, (gssize)sighting->packet->len);
}

static uint32_t interface_of(Capture *capture, uint16_t linktype, const char *segment)
{
    char key[SEGMENT_NAME_MAX + 1];

    key[0] = linktype == PCAPNG_RAW ? 'r' : 'u';
    g_strlcpy(key + 1, segment, sizeof key - 1);
    uint32_t known = GPOINTER_TO_UINT(g_hash_table_lookup(capture->interfaces, key));
    if (known == 0) {
        pcapng_interface(capture->file, linktype, segment);
        known = ++capture->n_interfaces;
        g_hash_table_insert(capture->interfaces, g_strdup(key), GUINT_TO_POINTER(known));
    }
    return known - 1;
}

static guint addr_hash(gconstpointer key)
{
    const NetAddr *addr = key;

    return get_u32(addr->octet) ^ get_u32(addr->octet + 4) * 31 ^ get_u32(addr->octet + 8) * 37 ^
           get_u32(addr->octet + 12) * 41;
}

static gboolean addr_equal(gconstpointer a, gconstpointer b)
{
    return net_addr_equal(a, b);
}

/* Names go before the first packet that needs them. */
static void name_addr(Capture *capture, const uint8_t octets[16])
{
    NetAddr addr;

    memcpy(addr.octet, octets, sizeof addr.octet);
    if (g_hash_table_contains(capture->named, &addr)) {
        return;
    }
    const NetHost *host = net_host_find(capture->net, &addr);
    if (host != NULL) {
        pcapng_host_name(capture->file, &addr, net_host_name(host));
        g_hash_table_add(capture->named, g_memdup2(&addr, sizeof addr));
    }
}

static void file_frame(Capture *capture, const char *segment, const NetSighting *sighting)
{
    const NetPacket *packet = sighting->packet;
    IpView ip;

    if (packet->kind == NET_IP && ip_parse(packet->data, packet->len, &ip)) {
        name_addr(capture, ip.src);
        name_addr(capture, ip.dst);
    }
    Sim *sim = net_sim(capture->net);
    int64_t epoch = sim_unix_time(sim) - sim_now(sim) / SIM_SEC;
    pcapng_packet(capture->file,
                  &(PcapngPacket){
                      .interface = interface_of(capture, packet->kind == NET_IP ? PCAPNG_RAW : PCAPNG_USER0, segment),
                      .ns = (uint64_t)(epoch * SIM_SEC + sighting->at),
                      .octets = packet->data,
                      .len = packet->len,
                      .comment = packet->context.origin != 0 ? "made by an attacker" : NULL });
}

static void trace_frame(Capture *capture, const char *segment, const NetSighting *sighting)
{
    const NetPacket *packet = sighting->packet;

    (void)trace_add(net_sim(capture->net), &(TraceRecord){ .kind = TRACE_FRAME,
                                                           .node = "",
                                                           .cause = packet->context.cause,
                                                           .origin = packet->context.origin,
                                                           .frame = { .frame = sighting->frame,
                                                                      .segment = segment,
                                                                      .dir = sighting->dir,
                                                                      .kind = packet->kind,
                                                                      .octets = packet->data,
                                                                      .len = packet->len } });
}

static void record(void *ctx, const NetSighting *sighting)
{
    Capture *capture = ctx;
    char segment[SEGMENT_NAME_MAX];

    net_segment_name(sighting->link, sighting->segment, segment, sizeof segment);
    capture->n_frames++;
    if (capture->digests) {
        digest_frame(capture, segment, sighting);
    }
    if (capture->file != NULL && capture->file->len + sighting->packet->len > CAPTURE_FILE_MAX) {
        capture->n_lost++;
    } else if (capture->file != NULL) {
        file_frame(capture, segment, sighting);
    }
    if (capture->keeps_frames) {
        trace_frame(capture, segment, sighting);
    }
}

Capture *capture_new(Net *net, bool frames, bool file)
{
    Capture *capture = g_new0(Capture, 1);

    capture->net = net;
    capture->keeps_frames = frames;
    capture->digests = true;
    capture->sha = g_checksum_new(G_CHECKSUM_SHA256);
    if (file) {
        capture->file = g_byte_array_new();
        capture->interfaces = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        capture->named = g_hash_table_new_full(addr_hash, addr_equal, g_free, NULL);
        capture->secrets = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        pcapng_section(capture->file, "presec");
    }
    net_set_recorder(net, record, capture);
    return capture;
}

void capture_free(Capture *capture)
{
    if (capture == NULL) {
        return;
    }
    net_set_recorder(capture->net, NULL, NULL);
    g_checksum_free(capture->sha);
    if (capture->file != NULL) {
        g_byte_array_free(capture->file, TRUE);
        g_hash_table_destroy(capture->interfaces);
        g_hash_table_destroy(capture->named);
        g_hash_table_destroy(capture->secrets);
    }
    g_free(capture);
}

uint64_t capture_frames(const Capture *capture)
{
    return capture->n_frames;
}

void capture_set_digest(Capture *capture, bool on)
{
    capture->digests = on;
}

const char *capture_digest(Capture *capture)
{
    if (!capture->digests) {
        return "";
    }
    g_autoptr(GChecksum) so_far = g_checksum_copy(capture->sha); /* reading it ends it */

    g_strlcpy(capture->digest, g_checksum_get_string(so_far), sizeof capture->digest);
    return capture->digest;
}

void capture_add_secret(Capture *capture, const char *keylog_line)
{
    g_autofree char *line = g_strconcat(keylog_line, "\n", NULL);

    if (capture->file == NULL || capture->file->len + strlen(line) > CAPTURE_FILE_MAX ||
        g_hash_table_contains(capture->secrets, line)) {
        return;
    }
    pcapng_tls_secrets(capture->file, line);
    g_hash_table_add(capture->secrets, g_steal_pointer(&line));
}

uint64_t capture_lost(const Capture *capture)
{
    return capture->n_lost;
}

const uint8_t *capture_file(Capture *capture, size_t *len)
{
    *len = capture->file != NULL ? capture->file->len : 0;
    return capture->file != NULL ? capture->file->data : NULL;
}
