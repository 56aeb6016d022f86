/*
 * nodes/attacker/decode_esp.c - what is inside an ESP packet, for somebody with some keys or with none.
 *
 * Source:  RFC 4303 §2, RFC 2410 (NULL encryption); TS 33.203 Annex I; threats AT-05 (IK and CK of SM5 open a UE's
 * ESP). Knows:   one packet and the keys collected so far.  A key is the right one when the ICV says so.
 */
#include "nodes/attacker/private.h"

/* Which key opened packets with this SPI and destination: tried first for the next one. */
typedef struct Association {
    uint8_t dst[IP_ADDR_LEN];
    uint32_t spi;
    EspAlg alg;
    EspEalg ealg;
    guint key; /* index */
} Association;

static guint association_hash(gconstpointer data)
{
    const Association *a = data;
    guint hash = a->spi;
    for (size_t i = 0; i < sizeof a->dst; i++)
        hash = hash * 31 + a->dst[i];
    return hash;
}

static gboolean association_equal(gconstpointer a, gconstpointer b)
{
    const Association *x = a, *y = b;
    return x->spi == y->spi && memcmp(x->dst, y->dst, sizeof x->dst) == 0;
}

/*
 * A plausible content, as a packet of its own; in transport mode under the outer addresses.  The checksum inside tells
 * the right cipher from another under which the trailer makes sense by chance (crypto/esp.h, ESP_BAD_PADDING).
 */
static uint8_t *inner_packet(const IpPacket *ip, uint8_t next_header, const uint8_t *payload, size_t len,
                             size_t *out_len)
{
    bool tunnel = next_header == IP_IPV6;
    g_autofree uint8_t *packet = g_malloc0(IP_HEADER_LEN + len);
    IpPacket inner;

    if (!tunnel) {
        packet[0] = 0x60;
        packet[4] = (uint8_t)(len >> 8);
        packet[5] = (uint8_t)len;
        packet[6] = next_header;
        packet[7] = ip->hop_limit;
        memcpy(packet + 8, ip->src, IP_ADDR_LEN);
        memcpy(packet + 24, ip->dst, IP_ADDR_LEN);
    }
    memcpy(packet + (tunnel ? 0 : IP_HEADER_LEN), payload, len);
    *out_len = tunnel ? len : IP_HEADER_LEN + len;
    if (ip_packet_parse(packet, *out_len, &inner) != IP_OK)
        return NULL;
    bool plausible = tunnel || (inner.next_header == IP_UDP && inner.udp.checksum_ok) ||
                     (inner.next_header == IP_TCP && inner.tcp.checksum_ok);
    return plausible ? g_steal_pointer(&packet) : NULL;
}

/* ESP_OK: @inside is set.  ESP_BAD_ICV: another key or another integrity algorithm.  Else: another cipher. */
static EspResult try_key(const KnownKeys *known, EspAlg alg, EspEalg ealg, const IpPacket *ip, Inside *inside)
{
    g_autofree uint8_t *copy = g_memdup2(ip->upper.p, ip->upper.len);
    uint8_t *payload, next;
    size_t len;
    EspSa sa;

    esp_sa_init(&sa, ip->esp.spi, alg, ealg, &known->keys);
    sa.check_replay = false;
    EspResult result = esp_open(&sa, copy, ip->upper.len, &payload, &len, &next);
    esp_sa_clear(&sa);
    if (result != ESP_OK)
        return result;
    inside->packet = inner_packet(ip, next, payload, len, &inside->len);
    if (inside->packet == NULL)
        return ESP_BAD_PADDING;
    inside->how = g_strdup_printf("ESP opened with %s", known->from);
    return ESP_OK;
}

static bool try_association(const Knowledge *knowledge, const IpPacket *ip, const Association *wanted, Inside *inside)
{
    const Association *found = g_hash_table_lookup(knowledge->opened, wanted);
    return found != NULL && try_key(knowledge->keys->pdata[found->key], found->alg, found->ealg, ip, inside) == ESP_OK;
}

static bool try_all(Knowledge *knowledge, const IpPacket *ip, Association *wanted, Inside *inside)
{
    for (guint i = knowledge->keys->len; i > 0; i--) { /* the newest first */
        wanted->key = i - 1;
        for (unsigned alg = ESP_HMAC_MD5_96; alg <= ESP_HMAC_SHA1_96; alg++) {
            for (unsigned ealg = ESP_NULL; ealg <= ESP_AES_CBC; ealg++) {
                wanted->alg = (EspAlg)alg;
                wanted->ealg = (EspEalg)ealg;
                EspResult result = try_key(knowledge->keys->pdata[i - 1], wanted->alg, wanted->ealg, ip, inside);
                if (result == ESP_BAD_ICV)
                    break; /* the ICV does not depend on the cipher */
                if (result == ESP_OK)
                    return true;
            }
        }
    }
    return false;
}

/*
 * Without a key: what lies open although it looks sealed.  Whoever reads octets also sees an open content behind what
 * would be an IV.
 */
static bool read_open(const IpPacket *ip, Inside *inside)
{
    static const struct {
        uint32_t iv_len;
        const char *how;
    } forms[] = { { 0, "ESP with NULL encryption" },
                  { 8, "ESP with an IV of 8 octets and nothing encrypted" },
                  { 16, "ESP with an IV of 16 octets and nothing encrypted" } };
    for (size_t i = 0; i < G_N_ELEMENTS(forms); i++) {
        IpPacket behind = *ip;
        IpEspNull null;
        if (ip->esp.body.len < forms[i].iv_len)
            return false;
        behind.esp.body = (Octets){ ip->esp.body.p + forms[i].iv_len, ip->esp.body.len - forms[i].iv_len };
        if (!ip_esp_null(&behind, &null))
            continue;
        inside->packet = inner_packet(ip, null.next_header, null.inner.p, null.inner.len, &inside->len);
        if (inside->packet == NULL)
            continue;
        inside->how = g_strdup(forms[i].how);
        return true;
    }
    return false;
}

bool decode_esp(Knowledge *knowledge, const IpPacket *ip, Inside *inside)
{
    Association wanted = { .spi = ip->esp.spi };

    *inside = (Inside){ 0 };
    if (read_open(ip, inside))
        return true;
    if (knowledge->keys->len == 0)
        return false;
    memcpy(wanted.dst, ip->dst, sizeof wanted.dst);
    if (knowledge->opened == NULL)
        knowledge->opened = g_hash_table_new_full(association_hash, association_equal, g_free, NULL);
    if (try_association(knowledge, ip, &wanted, inside))
        return true;
    if (!try_all(knowledge, ip, &wanted, inside))
        return false;
    g_hash_table_add(knowledge->opened, g_memdup2(&wanted, sizeof wanted));
    return true;
}
