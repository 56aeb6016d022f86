/*
 * nodes/attacker/moves_sip.c - moves that make octets: edited messages, forged ones, a steered DHCP answer, a false
 * SM6.
 */
#include "nodes/attacker/private.h"
#include "nodes/msg/dhcp.h"
#include "nodes/msg/sip_edit.h"
#include "nodes/msg/sip_fields.h"

/* --- packets --- */

static void put16(uint8_t *p, size_t value)
{
    p[0] = (uint8_t)(value >> 8);
    p[1] = (uint8_t)value;
}

static void put_ip_header(uint8_t *p, const uint8_t *src, const uint8_t *dst, uint8_t next_header, size_t payload)
{
    memset(p, 0, IP_HEADER_LEN);
    p[0] = 0x60;
    put16(p + 4, payload);
    p[6] = next_header;
    p[7] = 64;
    memcpy(p + 8, src, IP_ADDR_LEN);
    memcpy(p + 24, dst, IP_ADDR_LEN);
}

static GByteArray *udp_packet(const uint8_t *src, const uint8_t *dst, uint16_t sport, uint16_t dport,
                              const void *octets, size_t len)
{
    GByteArray *packet = g_byte_array_new();
    g_byte_array_set_size(packet, (guint)(IP_HEADER_LEN + 8 + len));
    uint8_t *udp = packet->data + IP_HEADER_LEN;
    put_ip_header(packet->data, src, dst, IP_UDP, 8 + len);
    put16(udp, sport);
    put16(udp + 2, dport);
    put16(udp + 4, 8 + len);
    put16(udp + 6, 0);
    memcpy(udp + 8, octets, len);
    uint16_t sum = ip_upper_checksum(src, dst, IP_UDP, udp, 8 + len);
    put16(udp + 6, sum != 0 ? sum : 0xFFFF);
    return packet;
}

/* The same in ESP with NULL encryption and an ICV that he has no key for. */
static GByteArray *esp_packet(const GByteArray *udp, uint32_t spi, uint32_t seq, const uint8_t icv[ESP_ICV_LEN])
{
    size_t segment = udp->len - IP_HEADER_LEN;
    size_t pad = (4 - (segment + 2) % 4) % 4;
    GByteArray *packet = g_byte_array_new();
    g_byte_array_set_size(packet, (guint)(IP_HEADER_LEN + ESP_HEADER_LEN + segment + pad + 2 + ESP_ICV_LEN));
    put_ip_header(packet->data, udp->data + 8, udp->data + 24, IP_ESP, packet->len - IP_HEADER_LEN);
    uint8_t *p = packet->data + IP_HEADER_LEN;
    put16(p, spi >> 16);
    put16(p + 2, spi & 0xFFFF);
    put16(p + 4, seq >> 16);
    put16(p + 6, seq & 0xFFFF);
    memcpy(p + 8, udp->data + IP_HEADER_LEN, segment);
    p += ESP_HEADER_LEN + segment;
    for (size_t i = 0; i < pad; i++)
        *p++ = (uint8_t)(i + 1);
    *p++ = (uint8_t)pad;
    *p++ = IP_UDP;
    memcpy(p, icv, ESP_ICV_LEN);
    return packet;
}

/* New contents for the packet he holds: under ESP-NULL the old ICV is all he has. */
static GByteArray *rebuilt(const Glimpse *glimpse, const void *octets, size_t len)
{
    GByteArray *udp = udp_packet(glimpse->ip.src, glimpse->ip.dst, glimpse->sport, glimpse->dport, octets, len);
    if (!glimpse->is_esp)
        return udp;
    const uint8_t *icv = glimpse->ip.upper.p + glimpse->ip.upper.len - ESP_ICV_LEN;
    GByteArray *esp = esp_packet(udp, glimpse->ip.esp.spi, glimpse->ip.esp.seq, icv);
    g_byte_array_unref(udp);
    return esp;
}

static NetTapVerdict replace(ActiveMove *active, const NetSighting *at, const Glimpse *glimpse, const void *octets,
                             size_t len, const char *verb, const char *what)
{
    Attacker *attacker = active->attacker;
    GByteArray *packet = rebuilt(glimpse, octets, len);
    if (active->done++ == 0)
        attacker->n_moves++;
    TraceId record = move_record(attacker, verb, at->frame, "%s", what);
    net_inject(attacker->net, at->link, at->segment, at->dir, NET_IP, packet->data, packet->len, 0,
               (SimContext){ record, record });
    g_byte_array_unref(packet);
    return NET_TAP_TAKE;
}

/* --- edits of SIP messages --- */

/* The values of @header without the entries that have @param; g_free. */
static char *without_entries(const SipMsg *msg, SipHeaderId id, const char *param)
{
    GString *kept = g_string_new(NULL);
    SipValues it;
    Text value, found;
    for (sip_values(&it, msg, id); sip_values_next(&it, &value);) {
        uint32_t semicolon = text_find(value, ';');
        if (semicolon < value.len && sip_param(text_after(value, semicolon + 1), param, &found))
            continue;
        g_string_append_printf(kept, "%s" TEXT_FMT, kept->len > 0 ? ", " : "", TEXT_ARG(value));
    }
    return g_string_free(kept, FALSE);
}

/* Every value with @param taken out (@with NULL) or set. */
static char *with_param(const SipMsg *msg, SipHeaderId id, const char *param, const char *with)
{
    GString *out = g_string_new(NULL);
    SipValues it;
    Text value;
    for (sip_values(&it, msg, id); sip_values_next(&it, &value);) {
        SipParams params;
        Text name, text;
        uint32_t semicolon = text_find(value, ';');
        g_string_append_printf(out, "%s" TEXT_FMT, out->len > 0 ? ", " : "", TEXT_ARG(text_first(value, semicolon)));
        if (semicolon < value.len)
            for (sip_params(&params, text_after(value, semicolon + 1)); sip_params_next(&params, &name, &text);)
                if (!text_is_nocase(name, param))
                    g_string_append_printf(out, ";" TEXT_FMT "%s" TEXT_FMT, TEXT_ARG(name), text.len > 0 ? "=" : "",
                                           TEXT_ARG(text));
        if (with != NULL)
            g_string_append_printf(out, ";%s=%s", param, with);
    }
    return g_string_free(out, FALSE);
}

static bool make_edit(SipEdit *edit, const SipMsg *msg, const MoveEdit *change, GPtrArray *texts)
{
    SipHeaderId id = change->header != NULL ? sip_header_id(text_from(change->header)) : SIP_H_OTHER;
    char *value = NULL;

    if (change->kind != EDIT_SET_HEADER && change->kind != EDIT_REPLACE && !sip_has(msg, id))
        return false;
    switch (change->kind) {
    case EDIT_REMOVE_HEADER: sip_edit_remove_all(edit, id); return true;
    case EDIT_SET_HEADER: sip_edit_set(edit, id, text_from(change->value)); return true;
    case EDIT_REMOVE_ENTRIES: value = without_entries(msg, id, change->param); break;
    case EDIT_REMOVE_PARAM: value = with_param(msg, id, change->param, NULL); break;
    case EDIT_SET_PARAM: value = with_param(msg, id, change->param, change->value); break;
    case EDIT_REPLACE: return false; /* done on the text, see moves_edit_sip() */
    }
    g_ptr_array_add(texts, value);
    if (value[0] == '\0')
        sip_edit_remove_all(edit, id);
    else
        sip_edit_set(edit, id, text_from(value));
    return true;
}

static void replace_text(GString *out, const MoveEdit *change)
{
    size_t n = strlen(change->param);
    const char *hit = n > 0 ? memmem(out->str, out->len, change->param, n) : NULL;
    if (hit == NULL)
        return;
    gssize at = hit - out->str;
    g_string_erase(out, at, (gssize)n);
    g_string_insert(out, at, change->value);
}

char *moves_edit_sip(const SipMsg *msg, const MoveEdit *edits, unsigned n_edits, size_t *out_len)
{
    g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
    SipEdit *edit = g_new(SipEdit, 1);

    sip_edit_init(edit, msg);
    for (unsigned i = 0; i < n_edits; i++)
        make_edit(edit, msg, &edits[i], texts);
    size_t size = sip_edit_size(edit);
    GString *out = g_string_sized_new(size + 1);
    if (size > 0) {
        g_string_set_size(out, size);
        g_string_set_size(out, sip_edit_write(edit, out->str, size));
    }
    g_free(edit);
    for (unsigned i = 0; i < n_edits && size > 0; i++)
        if (edits[i].kind == EDIT_REPLACE)
            replace_text(out, &edits[i]);
    bool changed = out->len > 0 && (out->len != msg->all.len || memcmp(out->str, msg->all.p, out->len) != 0);
    *out_len = out->len;
    return g_string_free(out, !changed);
}

NetTapVerdict moves_edit(ActiveMove *active, const NetSighting *at, const Glimpse *glimpse)
{
    size_t len;
    if (!glimpse->has_sip)
        return NET_TAP_PASS;
    g_autofree char *edited = moves_edit_sip(&glimpse->msg, active->move->edits, active->move->n_edits, &len);
    if (edited == NULL)
        return NET_TAP_PASS;
    return replace(active, at, glimpse, edited, len, "edit",
                   sim_text(active->attacker->sim, "changes %s", active->move->match.message));
}

/* --- DHCP --- */

NetTapVerdict moves_steer(ActiveMove *active, const NetSighting *at, const Glimpse *glimpse)
{
    static const NetAddr nowhere;
    DhcpMsg dhcp;
    uint8_t out[DHCP_MSG_MAX];

    if (net_addr_equal(&active->move->steer_to, &nowhere) || !glimpse->is_udp ||
        dhcp_parse(glimpse->payload, glimpse->payload_len, &dhcp) != DHCP_OK || dhcp.n_sip_servers == 0)
        return NET_TAP_PASS;
    dhcp.n_sip_servers = 1;
    memcpy(dhcp.sip_server[0], active->move->steer_to.octet, 16);
    size_t len = dhcp_write(&dhcp, out, sizeof out);
    return len == 0 ? NET_TAP_PASS
                    : replace(active, at, glimpse, out, len, "steer",
                              "names another P-CSCF in the answer to the UE's DHCP question");
}

/* --- a proxy of his own --- */

/* SM1 goes to the genuine network; its challenge comes back in an SM6 that lists what he likes; what the UE then sends
 * is his. */
NetTapVerdict moves_rogue_proxy(ActiveMove *active, const NetSighting *at, const Glimpse *glimpse)
{
    if (active->rogue)
        return glimpse->is_esp && at->dir == NET_UP ? NET_TAP_TAKE : NET_TAP_PASS;
    if (!glimpse->has_sip || glimpse->msg.is_request || glimpse->msg.status != 401)
        return NET_TAP_PASS;
    const MoveEdit own_list = { .kind = EDIT_SET_HEADER, .header = "Security-Server", .value = active->move->value };
    size_t len;
    g_autofree char *edited = moves_edit_sip(&glimpse->msg, &own_list, 1, &len);
    if (edited == NULL)
        return NET_TAP_PASS;
    active->rogue = true;
    return replace(active, at, glimpse, edited, len, "rogue-proxy",
                   "relays the genuine challenge in an SM6 with a list of his own");
}

/* --- messages of his own --- */

static const char *variable(const Knowledge *knowledge, const char *name, char addr[NET_ADDR_TEXT_MAX])
{
    static const NetAddr nowhere;
    if (strcmp(name, "impu") == 0)
        return knowledge->victim_impu;
    if (strcmp(name, "impi") == 0)
        return knowledge->victim_impi;
    if (strcmp(name, "home") == 0)
        return knowledge->victim_home;
    if (strcmp(name, "authorization") == 0)
        return knowledge->victim_authorization;
    if (strcmp(name, "address") == 0)
        return net_addr_equal(&knowledge->victim_addr, &nowhere) ? NULL : net_addr_text(&knowledge->victim_addr, addr);
    if (strcmp(name, "pcscf") == 0)
        return net_addr_equal(&knowledge->pcscf_addr, &nowhere) ? NULL : net_addr_text(&knowledge->pcscf_addr, addr);
    return NULL;
}

/* Every line gets CRLF; ${...} from what he has read, ${token} fresh; Content-Length is added.  NULL: something he does
 * not know. */
static GString *expand(Attacker *attacker, const char *text)
{
    g_autoptr(GString) head = g_string_new(NULL);
    const char *body = strstr(text, "\n\n");
    const char *end = body != NULL ? body : text + strlen(text);

    while (g_ascii_isspace(*text))
        text++;
    for (const char *p = text; p < end; p++) {
        const char *close = p[0] == '$' && p[1] == '{' ? memchr(p, '}', (size_t)(end - p)) : NULL;
        if (close != NULL) {
            char addr[NET_ADDR_TEXT_MAX], token[13];
            g_autofree char *name = g_strndup(p + 2, (gsize)(close - p - 2));
            sim_random_token(attacker->sim, &attacker->stream, token, 12);
            const char *value = strcmp(name, "token") == 0 ? token : variable(&attacker->knowledge, name, addr);
            if (value == NULL)
                return NULL;
            g_string_append(head, value);
            p = close;
        } else if (*p == '\n') {
            g_string_append(head, "\r\n");
            while (p[1] == ' ' || p[1] == '\t') /* the file's indentation */
                p++;
        } else if (*p != '\r') {
            g_string_append_c(head, *p);
        }
    }
    g_autofree char *content = g_strstrip(g_strdup(body != NULL ? body : ""));
    g_string_append_printf(head, "%sContent-Length: %zu\r\n\r\n%s", g_str_has_suffix(head->str, "\r\n") ? "" : "\r\n",
                           strlen(content), content);
    return g_steal_pointer(&head);
}

bool moves_inject(ActiveMove *active)
{
    Attacker *attacker = active->attacker;
    const Move *move = active->move;
    const Place *place = attacker_place(attacker, move->match.segment);
    NetDir dir = move->match.dir >= 0 ? (NetDir)move->match.dir : NET_UP;
    const Knowledge *known = &attacker->knowledge;

    if (place == NULL || known->victim_impu == NULL)
        return false;
    g_autoptr(GString) message = expand(attacker, move->template_text);
    if (message == NULL)
        return false;
    const NetAddr *src = dir == NET_UP ? &known->victim_addr : &known->pcscf_addr,
                  *dst = dir == NET_UP ? &known->pcscf_addr : &known->victim_addr;
    uint16_t port = move->to_port != 0 ? move->to_port : 5060;
    GByteArray *packet = udp_packet(src->octet, dst->octet, 5060, port, message->str, message->len);
    if (move->as_esp) {
        uint8_t icv[ESP_ICV_LEN];
        sim_random(attacker->sim, &attacker->stream, icv, sizeof icv);
        GByteArray *esp = esp_packet(packet, known->last_spi[dir], known->last_seq[dir] + 1, icv);
        g_byte_array_unref(packet);
        packet = esp;
    }
    TraceId record = move_record(attacker, "inject", 0, "puts a message of his own on %s", place->segment);
    net_inject(attacker->net, place->link, place->index, dir, NET_IP, packet->data, packet->len, 0,
               (SimContext){ record, record });
    g_byte_array_unref(packet);
    return true;
}
