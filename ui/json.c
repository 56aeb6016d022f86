/*
 * ui/json.c - JSON documents.
 *
 * Source:  ui/json.h.
 * Knows:   json-glib.
 */
#include "ui/json.h"

#include "ui/output.h"

enum { JSON_INDENT = 2 };

JsonBuilder *json_begin(const char *schema)
{
    JsonBuilder *builder = json_builder_new();
    json_builder_begin_object(builder);
    json_add_text(builder, "schema", schema);
    return builder;
}

ExitStatus json_save(JsonBuilder *builder, const char *path)
{
    json_builder_end_object(builder);
    g_autoptr(JsonNode) root = json_builder_get_root(builder);
    g_autoptr(JsonGenerator) generator = json_generator_new();
    json_generator_set_pretty(generator, TRUE);
    json_generator_set_indent(generator, JSON_INDENT);
    json_generator_set_root(generator, root);
    g_autoptr(GString) out = g_string_new(NULL);
    json_generator_to_gstring(generator, out);
    g_string_append_c(out, '\n');
    return output_save(path, out->str, out->len);
}

void json_add_text(JsonBuilder *builder, const char *name, const char *value)
{
    json_builder_set_member_name(builder, name);
    if (value)
        json_builder_add_string_value(builder, value);
    else
        json_builder_add_null_value(builder);
}

void json_add_number(JsonBuilder *builder, const char *name, gint64 value)
{
    json_builder_set_member_name(builder, name);
    json_builder_add_int_value(builder, value);
}

void json_add_bool(JsonBuilder *builder, const char *name, bool value)
{
    json_builder_set_member_name(builder, name);
    json_builder_add_boolean_value(builder, value);
}

void json_add_texts(JsonBuilder *builder, const char *name, char *const *values)
{
    json_open_array(builder, name);
    for (; *values; values++)
        json_builder_add_string_value(builder, *values);
    json_builder_end_array(builder);
}

void json_open_object(JsonBuilder *builder, const char *name)
{
    json_builder_set_member_name(builder, name);
    json_builder_begin_object(builder);
}

void json_open_array(JsonBuilder *builder, const char *name)
{
    json_builder_set_member_name(builder, name);
    json_builder_begin_array(builder);
}
