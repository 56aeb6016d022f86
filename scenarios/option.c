/*
 * scenarios/option.c - options as values: defaults, settings, branches.
 *
 * Source:  scenarios/option.h.  Files are read in scenarios/option_load.c, what values mean to nodes is in
 * scenarios/option_policy.c.
 * Knows:   values.  Never an id.
 */
#include "scenarios/option.h"
#include "scenarios/option_fields.h"

#include <string.h>

G_DEFINE_QUARK(presec - option - error, option_error)

static void open_free(void *item)
{
    OptionOpen *open = item;
    g_free(open->field);
    g_strfreev(open->values);
    g_free(open);
}

Option *option_new(void)
{
    Option *option = g_new0(Option, 1);
    option->sources = g_ptr_array_new_with_free_func(g_free);
    option->open = g_ptr_array_new_with_free_func(open_free);
    char **texts[] = { &option->id, &option->row, &option->title, &option->group, &option->about, &option->note };
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        *texts[i] = g_strdup("");
    for (size_t i = 0; i < option_fields_count; i++) {
        bool good = field_parse(&option_fields[i], option_fields[i].standard, option);
        g_assert(good);
    }
    return option;
}

void option_free(Option *option)
{
    if (!option)
        return;
    char *texts[] = { option->id, option->row, option->title, option->group, option->about, option->note };
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    g_ptr_array_unref(option->sources);
    g_ptr_array_unref(option->open);
    g_free(option);
}

Option *option_copy(const Option *option)
{
    Option *copy = g_new(Option, 1);
    *copy = *option;
    char **texts[] = { &copy->id, &copy->row, &copy->title, &copy->group, &copy->about, &copy->note };
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        *texts[i] = g_strdup(*texts[i]);
    copy->sources = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < option->sources->len; i++)
        g_ptr_array_add(copy->sources, g_strdup(option->sources->pdata[i]));
    copy->open = g_ptr_array_new_with_free_func(open_free);
    for (guint i = 0; i < option->open->len; i++) {
        const OptionOpen *from = option->open->pdata[i];
        OptionOpen *open = g_new(OptionOpen, 1);
        *open = (OptionOpen){ .field = g_strdup(from->field), .values = g_strdupv(from->values) };
        g_ptr_array_add(copy->open, open);
    }
    return copy;
}

const OptionOpen *option_find_open(const Option *option, const char *field)
{
    for (guint i = 0; i < option->open->len; i++) {
        const OptionOpen *open = option->open->pdata[i];
        if (strcmp(open->field, field) == 0)
            return open;
    }
    return NULL;
}

/* ---- settings ---- */

static bool refuse_field(const char *field, GError **error)
{
    g_autofree const char **names = field_names();
    g_autofree char *hint = diagnostic_names(field, names);
    g_set_error(error, OPTION_ERROR, OPTION_ERROR_FIELD, "an option has no field '%s'%s", field, hint);
    return false;
}

static bool refuse_value(const Field *field, const char *value, GError **error)
{
    g_autofree char *allowed = field_allowed(field);
    g_autofree const char **words = field_words(field);
    g_autofree char *hint = words[0] ? diagnostic_names(value, words) : g_strdup_printf("; allowed: %s", allowed);
    if (field_is_reserved(field, value))
        g_set_error(error, OPTION_ERROR, OPTION_ERROR_VALUE,
                    "%s '%s' is reserved: this version cannot simulate it; allowed: %s", field->name, value, allowed);
    else
        g_set_error(error, OPTION_ERROR, OPTION_ERROR_VALUE, "'%s' is not a value of %s%s", value, field->name, hint);
    return false;
}

bool option_set(Option *option, const char *field, const char *value, GError **error)
{
    const Field *found = field_find(field);
    if (!found)
        return refuse_field(field, error);
    if (!field_parse(found, value, option))
        return refuse_value(found, value, error);
    const OptionOpen *open = option_find_open(option, field);
    if (open)
        g_ptr_array_remove(option->open, (void *)open);
    return true;
}

bool option_set_text(Option *option, const char *setting, GError **error)
{
    g_auto(GStrv) halves = g_strsplit(setting, "=", 2);
    if (g_strv_length(halves) == 2)
        return option_set(option, halves[0], halves[1], error);
    g_set_error(error, OPTION_ERROR, OPTION_ERROR_FIELD, "'%s' is not a setting; allowed: FIELD=VALUE", setting);
    return false;
}

char *option_get(const Option *option, const char *field)
{
    const Field *found = field_find(field);
    return found ? field_print(found, option) : NULL;
}

char *option_print(const Option *option, bool all)
{
    GString *out = g_string_new(NULL);
    for (size_t i = 0; i < option_fields_count; i++) {
        g_autofree char *value = field_print(&option_fields[i], option);
        if (all || strcmp(value, option_fields[i].standard) != 0)
            g_string_append_printf(out, "%s=%s\n", option_fields[i].name, value);
    }
    return g_string_free(out, FALSE);
}

size_t option_n_fields(void)
{
    return option_fields_count;
}

OptionFieldInfo option_field(size_t i)
{
    const Field *field = &option_fields[i];
    return (OptionFieldInfo){
        .name = field->name, .title = field->title, .scope = field->scope, .standard = field->standard
    };
}

char *option_field_allowed(size_t i)
{
    return field_allowed(&option_fields[i]);
}

Option *option_with_leg(const Option *base, const Option *leg)
{
    Option *mixed = option_copy(base);
    mixed->leg = leg->leg;
    return mixed;
}

/* ---- branches ---- */

static void branch_free(void *item)
{
    OptionBranch *branch = item;
    g_free(branch->set);
    option_free(branch->option);
    g_free(branch);
}

static OptionBranch *branch_extend(const OptionBranch *branch, const OptionOpen *open, const char *value)
{
    OptionBranch *extended = g_new(OptionBranch, 1);
    extended->option = option_copy(branch->option);
    extended->set = g_strdup_printf("%s%s%s=%s", branch->set, branch->set[0] ? " " : "", open->field, value);
    bool set = option_set(extended->option, open->field, value, NULL);
    g_assert(set); /* the values of an open field were checked when it was read */
    return extended;
}

GPtrArray *option_branches(const Option *option, const char *const *fields)
{
    GPtrArray *branches = g_ptr_array_new_with_free_func(branch_free);
    OptionBranch *first = g_new(OptionBranch, 1);
    *first = (OptionBranch){ .set = g_strdup(""), .option = option_copy(option) };
    g_ptr_array_add(branches, first);
    for (; fields && *fields; fields++) {
        const OptionOpen *open = option_find_open(option, *fields);
        if (!open)
            continue;
        GPtrArray *next = g_ptr_array_new_with_free_func(branch_free);
        for (guint i = 0; i < branches->len; i++)
            for (char **value = open->values; *value; value++)
                g_ptr_array_add(next, branch_extend(branches->pdata[i], open, *value));
        g_ptr_array_unref(branches);
        branches = next;
    }
    return branches;
}
