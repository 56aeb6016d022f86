/*
 * nodes/attacker/inject.c - messages of an attacker's own making.
 *
 * Source:  threats 5 (inject: an own message built from known material), AT-12, AT-41.
 * Knows:   a template, and what he has read.  A message that needs what he does not know is not made.
 */
#include "nodes/attacker/private.h"

static const NetAddr nowhere;

/* The first that his dictionary had. */
static const char *password(const Knowledge *knowledge)
{
    for (size_t i = 0; i < knowledge_secrets(knowledge); i++)
        if (knowledge_secret(knowledge, i)->kind == SECRET_PASSWORD)
            return knowledge_secret(knowledge, i)->text;
    return NULL;
}

/* NULL: he does not know it. */
static const char *variable(const Knowledge *knowledge, const Victim *victim, const char *name,
                            char addr[NET_ADDR_TEXT_MAX])
{
    if (strcmp(name, "password") == 0)
        return password(knowledge);
    if (victim == NULL)
        return NULL;
    if (strcmp(name, "impu") == 0)
        return victim->impu;
    if (strcmp(name, "impi") == 0)
        return victim->impi;
    if (strcmp(name, "home") == 0)
        return victim->home;
    if (strcmp(name, "authorization") == 0)
        return victim->authorization;
    if (strcmp(name, "challenge") == 0)
        return victim->challenge;
    if (strcmp(name, "nonce") == 0)
        return victim->nonce;
    if (strcmp(name, "answer") == 0)
        return victim->answer;
    if (strcmp(name, "address") == 0)
        return net_addr_equal(&victim->addr, &nowhere) ? NULL : net_addr_text(&victim->addr, addr);
    if (strcmp(name, "pcscf") == 0)
        return net_addr_equal(&victim->pcscf, &nowhere) ? NULL : net_addr_text(&victim->pcscf, addr);
    return NULL;
}

/* @text with ${...} filled in, ${token} fresh each time; NULL: something he does not know.  g_free. */
static char *filled(Attacker *attacker, const Victim *victim, const char *session, const char *text)
{
    g_autoptr(GString) out = g_string_new(NULL);
    while (*text != '\0') {
        const char *close = text[0] == '$' && text[1] == '{' ? strchr(text, '}') : NULL;
        if (close == NULL) {
            g_string_append_c(out, *text++);
            continue;
        }
        char addr[NET_ADDR_TEXT_MAX], token[13];
        g_autofree char *name = g_strndup(text + 2, (gsize)(close - text - 2));
        bool fresh = strcmp(name, "token") == 0;
        if (fresh)
            sim_random_token(attacker->sim, &attacker->stream, token, sizeof token - 1);
        const char *value = fresh                          ? token
                            : strcmp(name, "session") == 0 ? session
                                                           : variable(&attacker->knowledge, victim, name, addr);
        if (value == NULL)
            return NULL;
        g_string_append(out, value);
        text = close + 1;
    }
    return g_string_free(g_steal_pointer(&out), FALSE);
}

/*
 * A template in a file becomes a message: lines without the file's indentation, ended by CRLF, up to the first empty
 * one; then the body as it stands; Content-Length unless the template has one.
 */
static GString *message_of(const char *text)
{
    GString *head = g_string_new(NULL);
    bool has_length = false;
    while (g_ascii_isspace(*text))
        text++;
    while (*text != '\0') {
        size_t len = strcspn(text, "\n");
        g_autofree char *line = g_strstrip(g_strndup(text, len));
        text += text[len] == '\n' ? len + 1 : len;
        if (line[0] == '\0')
            break;
        has_length = has_length || g_ascii_strncasecmp(line, "Content-Length:", 15) == 0;
        g_string_append_printf(head, "%s\r\n", line);
    }
    g_autofree char *body = g_strstrip(g_strdup(text));
    if (!has_length)
        g_string_append_printf(head, "Content-Length: %zu\r\n", strlen(body));
    g_string_append_printf(head, "\r\n%s", body);
    return head;
}

static GByteArray *packet_of(ActiveMove *active, const Victim *victim, NetDir dir, const GString *message)
{
    Attacker *attacker = active->attacker;
    const Move *move = active->move;
    const NetAddr *src = dir == NET_UP ? &victim->addr : &victim->pcscf,
                  *dst = dir == NET_UP ? &victim->pcscf : &victim->addr;
    uint16_t port = move->to_port != 0 ? move->to_port : victim->port[dir] != 0 ? victim->port[dir] : 5060;
    GByteArray *udp = packet_udp(src->octet, dst->octet, 5060, port, message->str, message->len);
    if (!move->as_esp)
        return udp;
    uint8_t icv[ESP_ICV_LEN];
    sim_random(attacker->sim, &attacker->stream, icv, sizeof icv);
    GByteArray *esp = packet_esp(udp, victim->spi[dir], victim->seq[dir] + 1, icv);
    g_byte_array_unref(udp);
    return esp;
}

GString *own_message(ActiveMove *active, const Victim *victim, const char *session)
{
    Attacker *attacker = active->attacker;
    SimStream before = attacker->stream;
    g_autofree char *text = filled(attacker, victim, session, active->move->template_text);
    if (text == NULL)
        attacker->stream = before;
    return text != NULL ? message_of(text) : NULL;
}

/* As the node that he runs: it puts its own Via on top. */
static bool inject_in_node(ActiveMove *active, OwnNode *node, NetDir dir)
{
    Attacker *attacker = active->attacker;
    GString *message =
        node->has_next[dir]
            ? own_message(active, knowledge_victim(&attacker->knowledge, net_host_name(node->host)), NULL)
            : NULL;
    if (message == NULL)
        return false;
    TraceId record = move_record(active, "inject", 0,
                                 node->is_his ? "sends a message from a host of his own"
                                              : "lets the node send a message of his own");
    own_node_send(node, dir, message->str, message->len, record);
    g_string_free(message, TRUE);
    return true;
}

bool moves_inject(ActiveMove *active)
{
    Attacker *attacker = active->attacker;
    const Move *move = active->move;
    const Place *place = attacker_place(attacker, move->match.segment);
    NetDir dir = move->match.dir >= 0 ? (NetDir)move->match.dir : NET_UP;
    const Victim *victim = knowledge_victim(&attacker->knowledge, move->match.segment);
    OwnNode *node = attacker_node(attacker, move->match.segment);

    if (node != NULL)
        return inject_in_node(active, node, dir);
    if (place == NULL || victim == NULL || net_addr_equal(&victim->addr, &nowhere) ||
        (move->as_esp && victim->spi[dir] == 0))
        return false;
    g_autoptr(GString) message = own_message(active, victim, NULL);
    if (message == NULL)
        return false;
    GByteArray *packet = packet_of(active, victim, dir, message);
    TraceId record =
        move_record(active, "inject", 0, sim_text(attacker->sim, "puts a message of his own on %s", place->segment));
    net_inject(attacker->net, place->link, place->index, dir, NET_IP, packet->data, packet->len, 0,
               (SimContext){ record, record });
    g_byte_array_unref(packet);
    return true;
}
