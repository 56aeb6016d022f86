/*
 * scenarios/option_load.c - options from XML.
 *
 * Source:  scenarios/option_load.h.
 * Knows:   the XML and the table of fields.
 */
#include "scenarios/option_load.h"
#include "scenarios/data.h"
#include "scenarios/option_fields.h"

#include <string.h>

#define OPTIONS_FOLDER "scenarios/options/"

/* The order of presentation: baselines, then the answers as S3 numbers them. */
static const char *const presented[] = {
    "rel5",
    "rel6",
    "rel6-trusts-access",
    "rel5-ue",
    "gap",
    "policy-allow",
    "policy-deny",
    "block-ue",
    "block-network",
    "block",
    "access-uea1",
    "access-uea0",
    "access-uea0-true",
    "access-gea0",
    "access-gea1",
    "access-gea2",
    "access-gea3",
    "access-wlan-open",
    "access-wep",
    "smime",
    "smime-tunnel",
    "tls-akav1",
    "tls-akav2",
    "tls-negotiated",
    "tls-client-cert",
    "tls-psk",
    "tls-unchecked",
    "mandate",
    "mandate-not-upgraded",
    "mandate+block-ue",
};

/* ---- fields ---- */

static void read_set(const XmlFile *xml, const xmlNode *element, Option *option, GHashTable *seen,
                     Diagnostics *diagnostics)
{
    g_autofree char *field = xml_get(element, "field"), *value = xml_get(element, "value");
    if (!field || !value)
        return; /* the schema has said so */
    g_autoptr(GError) error = NULL;
    if (!option_set(option, field, value, &error)) {
        bool name = g_error_matches(error, OPTION_ERROR, OPTION_ERROR_FIELD);
        xml_complain(xml, diagnostics, element, name ? "field" : "value", "%s", error->message);
    } else if (!g_hash_table_add(seen, g_steal_pointer(&field))) {
        xml_complain(xml, diagnostics, element, "field", "this field was given before; allowed: once");
    }
}

static bool open_values_good(const XmlFile *xml, const xmlNode *element, const char *field, char **values,
                             Diagnostics *diagnostics)
{
    if (g_strv_length(values) < 2) {
        xml_complain(xml, diagnostics, element, "values",
                     "an open field has at least two values; allowed: the default, then the others, as 'no yes'");
        return false;
    }
    for (char **value = values; *value; value++) {
        g_autoptr(Option) probe = option_new();
        g_autoptr(GError) error = NULL;
        if (!option_set(probe, field, *value, &error)) {
            bool name = g_error_matches(error, OPTION_ERROR, OPTION_ERROR_FIELD);
            xml_complain(xml, diagnostics, element, name ? "field" : "values", "%s", error->message);
            return false;
        }
    }
    return true;
}

static void read_open(const XmlFile *xml, const xmlNode *element, Option *option, GHashTable *seen,
                      Diagnostics *diagnostics)
{
    g_autofree char *field = xml_get(element, "field"), *text = xml_get(element, "values");
    if (!field || !text)
        return;
    g_auto(GStrv) values = g_strsplit(text, " ", -1);
    if (!open_values_good(xml, element, field, values, diagnostics))
        return;
    bool set = option_set(option, field, values[0], NULL);
    g_assert(set);
    OptionOpen *open = g_new(OptionOpen, 1);
    *open = (OptionOpen){ .field = g_strdup(field), .values = g_steal_pointer(&values) };
    g_ptr_array_add(option->open, open);
    if (!g_hash_table_add(seen, g_steal_pointer(&field)))
        xml_complain(xml, diagnostics, element, "field", "this field was given before; allowed: once");
}

/* ---- an option ---- */

static void take(char **slot, char *text)
{
    if (!text)
        return;
    g_free(*slot);
    *slot = text;
}

void sources_from_xml(const xmlNode *parent, GPtrArray *sources)
{
    for (xmlNode *node = xml_first(parent); node; node = xml_next(node)) {
        if (!xml_is(node, "source"))
            continue;
        g_autofree char *document = xml_get(node, "document"), *clause = xml_get(node, "clause");
        g_ptr_array_add(sources, clause ? g_strdup_printf("%s \u00a7%s", document ? document : "", clause)
                                        : g_strdup(document ? document : ""));
    }
}

/* Settings that contradict each other. */
static void check_together(const XmlFile *xml, const xmlNode *element, const Option *option, Diagnostics *diagnostics)
{
    const OptionLeg *leg = &option->leg;
    if (leg->pcscf_requires_encryption && !leg->pcscf_encrypts)
        xml_complain(xml, diagnostics, element, NULL,
                     "pcscf-requires-encryption=yes needs a P-CSCF that encrypts; allowed: with pcscf-encrypts=yes");
    if (leg->dual_mode && option_access_technology(leg->access) != ACCESS_UMTS)
        xml_complain(xml, diagnostics, element, NULL,
                     "dual-mode=yes needs a UMTS access; allowed: with access clear, umts-uea0, umts-uea1");
    if (option->home.messages_too && !option->home.network_guard)
        xml_complain(xml, diagnostics, element, NULL,
                     "messages-too=yes extends the network's refusal; allowed: with network-guard=yes");
}

Option *option_from_xml(const XmlFile *xml, const xmlNode *element, Diagnostics *diagnostics)
{
    Option *option = option_new();
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    take(&option->id, xml_get(element, "id"));
    take(&option->row, xml_get(element, "row"));
    take(&option->group, xml_get(element, "group"));
    for (xmlNode *node = xml_first(element); node; node = xml_next(node)) {
        if (xml_is(node, "title"))
            take(&option->title, xml_line(node));
        else if (xml_is(node, "about"))
            take(&option->about, xml_line(node));
        else if (xml_is(node, "note"))
            take(&option->note, xml_line(node));
        else if (xml_is(node, "set"))
            read_set(xml, node, option, seen, diagnostics);
        else if (xml_is(node, "open"))
            read_open(xml, node, option, seen, diagnostics);
    }
    sources_from_xml(element, option->sources);
    check_together(xml, element, option, diagnostics);
    return option;
}

/* ---- files ---- */

bool name_is_file(const char *name)
{
    return strcmp(name, "-") == 0 || strchr(name, '/') || strchr(name, '.');
}

Option *option_parse(const char *file, const void *octets, size_t len, Diagnostics *diagnostics)
{
    size_t before = diagnostics_count(diagnostics);
    g_autoptr(XmlFile) xml = xml_parse(file, octets, len, diagnostics);
    if (!xml)
        return NULL;
    if (!xml_is(xml_root(xml), "option")) {
        xml_complain(xml, diagnostics, xml_root(xml), NULL, "this is a %s; allowed here: an option",
                     (const char *)xml_root(xml)->name);
        return NULL;
    }
    g_autoptr(Option) option = option_from_xml(xml, xml_root(xml), diagnostics);
    if (option->id[0] == '\0')
        xml_complain(xml, diagnostics, xml_root(xml), NULL,
                     "option lacks its attribute 'id'; a file of its own needs one");
    diagnostics_sort(diagnostics);
    return diagnostics_count(diagnostics) > before ? NULL : g_steal_pointer(&option);
}

static Option *option_load_shipped(const char *id, const char *said_in, Place place, Diagnostics *diagnostics)
{
    g_autofree char *path = g_strconcat(OPTIONS_FOLDER, id, ".xml", NULL);
    const DataFile *data = data_find(path);
    if (data)
        return option_parse(data->path, data->octets, data->len, diagnostics);
    g_auto(GStrv) ids = option_ids();
    g_autofree char *hint = diagnostic_names(id, (const char *const *)ids);
    diagnostics_add(diagnostics, said_in, place, "there is no option '%s'%s", id, hint);
    return NULL;
}

Option *option_load(const char *id_or_file, Diagnostics *diagnostics)
{
    if (!name_is_file(id_or_file))
        return option_load_shipped(id_or_file, id_or_file, (Place){ 0, 0 }, diagnostics);
    g_autofree char *octets = NULL;
    size_t len = 0;
    if (!xml_read(id_or_file, &octets, &len, diagnostics))
        return NULL;
    return option_parse(id_or_file, octets, len, diagnostics);
}

Option *option_from_reference(const XmlFile *xml, const xmlNode *element, const char *attribute,
                              Diagnostics *diagnostics)
{
    g_autofree char *id = xml_get(element, attribute);
    if (!id)
        return NULL;
    /* A file named in a file is not followed: what a scenario does must be in it or be shipped. */
    return option_load_shipped(id, xml_name(xml), xml_attribute_place(xml, element, attribute), diagnostics);
}

static char *id_of_path(const char *path)
{
    const char *name = path + strlen(OPTIONS_FOLDER);
    return g_str_has_suffix(name, ".xml") ? g_strndup(name, strlen(name) - strlen(".xml")) : g_strdup(name);
}

char **option_ids(void)
{
    GPtrArray *ids = g_ptr_array_new();
    for (size_t i = 0; i < G_N_ELEMENTS(presented); i++) {
        g_autofree char *path = g_strconcat(OPTIONS_FOLDER, presented[i], ".xml", NULL);
        if (data_find(path))
            g_ptr_array_add(ids, g_strdup(presented[i]));
    }
    const DataFile *file = data_first(OPTIONS_FOLDER);
    for (; file; file = data_next(file, OPTIONS_FOLDER)) {
        g_autofree char *id = id_of_path(file->path);
        if (!g_ptr_array_find_with_equal_func(ids, id, g_str_equal, NULL))
            g_ptr_array_add(ids, g_steal_pointer(&id));
    }
    g_ptr_array_add(ids, NULL);
    return (char **)g_ptr_array_free(ids, FALSE);
}

/* ---- a template ---- */

char *option_template(void)
{
    GString *out = g_string_new(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<!-- An option: one way to deploy presence.  Only what differs from the default needs a line.\n"
        "     Check it:  presec validate FILE        Try it:  presec help compare (options gap,FILE) -->\n"
        "<option xmlns=\"" XML_NAMESPACE "\" id=\"mine\">\n"
        "  <title>A Release 6 UE behind a Release 5 P-CSCF that takes part in option 5</title>\n"
        "  <about>What a delegate should know about it, in two sentences.  Then the second one.</about>\n"
        "  <source document=\"S3\" clause=\"2\"/>\n"
        "  <set field=\"ue-release\" value=\"6\"/>\n"
        "  <set field=\"pcscf-release\" value=\"5\"/>\n"
        "  <set field=\"pcscf-encrypts\" value=\"yes\"/>\n"
        "  <!-- A field that your answer leaves open: every value is run, and verdicts that differ become 'depends'.\n"
        "  <open field=\"neighbour-pcscf\" values=\"none rel5\"/>\n"
        "  -->\n"
        "  <!-- Every field, with its default and what it takes:\n");
    for (size_t i = 0; i < option_fields_count; i++) {
        g_autofree char *allowed = field_allowed(&option_fields[i]);
        g_string_append_printf(out, "       %s = %s   (%s)\n         %s\n", option_fields[i].name,
                               option_fields[i].standard, allowed, option_fields[i].title);
    }
    g_string_append(out, "  -->\n</option>\n");
    return g_string_free(out, FALSE);
}
