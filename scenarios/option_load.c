/*
 * scenarios/option_load.c - options from XML.
 *
 * Source:  scenarios/option_load.h.
 * Knows:   the XML and the table of fields.
 */
#include "scenarios/option_load.h"
#include "scenarios/data.h"
#include "scenarios/nearest.h"
#include "scenarios/option_check.h"
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
    "policy-deny+smime",
    "access-uea1+smime",
    "rel6+smime",
    "smime+tls-akav2",
};

/* ---- fields ---- */

typedef struct Reader {
    const XmlFile *xml;
    Option *option;
    GHashTable *seen;   /* field -> where it was set */
    GHashTable *unsure; /* fields whose value cannot be told */
    Diagnostics *diagnostics;
} Reader;

/* The field's name, or the one most likely meant; NULL: cannot be told. */
static const Field *read_field(const Reader *reader, const xmlNode *element)
{
    g_autofree char *written = xml_get(element, "field");
    g_autofree const char **names = field_names();
    const Field *field = written ? field_find(written) : NULL;
    if (!written || field)
        return field;
    g_autoptr(GError) error = NULL;
    g_autoptr(Option) probe = option_new();
    if (!option_set(probe, written, "", &error))
        xml_complain(reader->xml, reader->diagnostics, element, "field", "%s", error->message);
    const char *near = nearest_name(written, names);
    return near ? field_find(near) : NULL;
}

/* Set it to the value, or to the one most likely meant; false: it is not a value, and that has been said. */
static bool set_value(const Reader *reader, const xmlNode *element, const char *attribute, const Field *field,
                      const char *value, Option *option)
{
    g_autoptr(GError) error = NULL;
    if (option_set(option, field->name, value, &error))
        return true;
    xml_complain(reader->xml, reader->diagnostics, element, attribute, "%s", error->message);
    g_autofree const char **words = field_words(field);
    const char *near = nearest_name(value, words);
    if (!near || !option_set(option, field->name, near, NULL))
        g_hash_table_add(reader->unsure, (void *)field->name);
    return false;
}

static void see(const Reader *reader, const xmlNode *element, const Field *field)
{
    if (!g_hash_table_insert(reader->seen, (void *)field->name, (void *)element))
        xml_complain(reader->xml, reader->diagnostics, element, "field", "the field '%s' is given twice; allowed: once",
                     field->name);
}

static void read_set(const Reader *reader, const xmlNode *element)
{
    const Field *field = read_field(reader, element);
    g_autofree char *value = xml_get(element, "value");
    if (!field || !value)
        return; /* has been complained about */
    set_value(reader, element, "value", field, value, reader->option);
    see(reader, element, field);
}

static char **words_of(const char *text)
{
    g_auto(GStrv) pieces = g_strsplit_set(text, " \t\r\n", -1);
    GPtrArray *words = g_ptr_array_new();
    for (char **piece = pieces; *piece; piece++)
        if (**piece)
            g_ptr_array_add(words, g_strdup(*piece));
    g_ptr_array_add(words, NULL);
    return (char **)g_ptr_array_free(words, FALSE);
}

static void read_open(const Reader *reader, const xmlNode *element)
{
    const Field *field = read_field(reader, element);
    g_autofree char *text = xml_get(element, "values");
    if (!field || !text)
        return;
    g_auto(GStrv) values = words_of(text);
    bool good = g_strv_length(values) >= 2;
    if (!good)
        xml_complain(reader->xml, reader->diagnostics, element, "values",
                     "an open field has at least two values; allowed: the default, then the others, as 'no yes'");
    for (char **value = values; *value; value++) {
        g_autoptr(Option) probe = option_new();
        good = set_value(reader, element, "values", field, *value, value == values ? reader->option : probe) && good;
    }
    see(reader, element, field);
    if (!good)
        return;
    OptionOpen *open = g_new(OptionOpen, 1);
    *open = (OptionOpen){ .field = g_strdup(field->name), .values = g_steal_pointer(&values) };
    g_ptr_array_add(reader->option->open, open);
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

/* The fields of a contradiction that cannot be told are a mistake already; it may be no contradiction. */
static bool all_sure(const Reader *reader, const OptionConflict *conflict)
{
    for (const char *const *field = conflict->fields; *field; field++)
        if (g_hash_table_contains(reader->unsure, *field))
            return false;
    return true;
}

/* Settings that contradict each other, each where the first of its fields was set; nothing is repaired. */
static void check_together(const Reader *reader, const xmlNode *element)
{
    g_autoptr(GPtrArray) conflicts = option_conflicts(reader->option);
    for (guint i = 0; i < conflicts->len; i++) {
        const OptionConflict *conflict = conflicts->pdata[i];
        const xmlNode *at = NULL;
        for (const char *const *field = conflict->fields; *field && !at; field++)
            at = g_hash_table_lookup(reader->seen, *field);
        if (all_sure(reader, conflict))
            xml_complain(reader->xml, reader->diagnostics, at ? at : element, NULL, "%s", conflict->text);
    }
}

Option *option_from_xml(const XmlFile *xml, const xmlNode *element, Diagnostics *diagnostics)
{
    Option *option = option_new();
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GHashTable) unsure = g_hash_table_new(g_str_hash, g_str_equal);
    Reader reader = { .xml = xml, .option = option, .seen = seen, .unsure = unsure, .diagnostics = diagnostics };
    take(&option->id, xml_get(element, "id"));
    take(&option->row, xml_get(element, "row"));
    take(&option->group, xml_get(element, "group"));
    g_autofree char *shown = xml_get(element, "shown");
    option->shown_first = g_strcmp0(shown, "first") == 0;
    for (xmlNode *node = xml_first(element); node; node = xml_next(node)) {
        if (xml_is(node, "title"))
            take(&option->title, xml_line(node));
        else if (xml_is(node, "about"))
            take(&option->about, xml_line(node));
        else if (xml_is(node, "note"))
            take(&option->note, xml_line(node));
        else if (xml_is(node, "set"))
            read_set(&reader, node);
        else if (xml_is(node, "open"))
            read_open(&reader, node);
    }
    sources_from_xml(element, option->sources);
    check_together(&reader, element);
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
    if (!xmlHasProp(xml_root(xml), (const xmlChar *)"id"))
        xml_complain(xml, diagnostics, xml_root(xml), NULL,
                     "option lacks its attribute 'id'; an option in a file of its own needs one; allowed: a name");
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

char **option_ids_shown_first(void)
{
    GPtrArray *first = g_ptr_array_new();
    g_auto(GStrv) ids = option_ids();
    for (char **id = ids; *id; id++) {
        g_autoptr(Diagnostics) diagnostics = diagnostics_new();
        g_autoptr(Option) option = option_load(*id, diagnostics);
        if (option && option->shown_first)
            g_ptr_array_add(first, g_strdup(*id));
    }
    g_ptr_array_add(first, NULL);
    return (char **)g_ptr_array_free(first, FALSE);
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
