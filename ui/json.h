/*
 * ui/json.h - JSON documents out of json-glib, written the same way everywhere.
 *
 * Source:  README.md: one documented, versioned schema for each reporting command.
 * Knows:   json-glib and where files go.
 */
#ifndef PRESEC_UI_JSON_H
#define PRESEC_UI_JSON_H

#include "ui/exit.h"

#include <json-glib/json-glib.h>
#include <stdbool.h>

/* Begins the document: an object whose first member is "schema": "presec.NAME/VERSION". */
JsonBuilder *json_begin(const char *schema) G_GNUC_WARN_UNUSED_RESULT;

/* Ends the object and writes it, indented, to @path ("-" is standard output). */
ExitStatus json_save(JsonBuilder *builder, const char *path) G_GNUC_WARN_UNUSED_RESULT;

/* "name": value.  A NULL text is null. */
void json_add_text(JsonBuilder *builder, const char *name, const char *value);
void json_add_number(JsonBuilder *builder, const char *name, gint64 value);
void json_add_bool(JsonBuilder *builder, const char *name, bool value);
/* "name": [ ... ]; @values ended by NULL */
void json_add_texts(JsonBuilder *builder, const char *name, char *const *values);
/* "name": { and "name": [, to be ended with json_builder_end_object and _array. */
void json_open_object(JsonBuilder *builder, const char *name);
void json_open_array(JsonBuilder *builder, const char *name);

#endif
