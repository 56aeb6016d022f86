/*
 * ui/compare_groups.c - headings of rows and of columns.
 *
 * Source:  ui/compare_groups.h.
 * Knows:   names only.
 */
#include "ui/compare_groups.h"

#include <string.h>

static const char *const group_titles[][2] = {
    { "baseline", "Baselines: who meets whom" },
    { "0", "The presentity's policy decides" },
    { "1", "Answer 1: no presence through Release 5 proxies" },
    { "2", "Answer 2: presence where the access network ciphers" },
    { "3", "Answer 3: S/MIME" },
    { "4", "Answer 4: TLS instead of IPsec" },
    { "5", "Answer 5: encryption mandated in Release 5" },
    { "combined", "Answers combined" },
};

const char *compare_group_title(const char *group)
{
    for (size_t i = 0; i < G_N_ELEMENTS(group_titles); i++)
        if (strcmp(group_titles[i][0], group) == 0)
            return group_titles[i][1];
    return "Others";
}

void compare_group_append(const Term *term, GString *out, const Option *before, const Option *option)
{
    const char *title = compare_group_title(option->group);
    if (before && strcmp(title, compare_group_title(before->group)) == 0)
        return;
    term_append(term, out, STYLE_HEADING, title);
    g_string_append_c(out, '\n');
}

static const CompareBand band_air = { "hidden on the air", "on air" }, band_core = { "and behind it", "core" },
                         band_forging = { "nothing forged", "forged" }, band_service = { "it works", "works" };

const CompareBand *compare_band(Property property)
{
    switch (property) {
    case PROPERTY_PUBLISH_BODY_AIR:
    case PROPERTY_NOTIFY_BODY_AIR:
    case PROPERTY_RELATION_AIR: return &band_air;
    case PROPERTY_BODY_ACCESS_CORE:
    case PROPERTY_RELATION_ACCESS_CORE: return &band_core;
    case PROPERTY_INTEGRITY:
    case PROPERTY_REPLAY:
    case PROPERTY_MASQUERADE: return &band_forging;
    case PROPERTY_AVAILABLE:
    case PROPERTY_UDP:
    case PROPERTY_WLAN: return &band_service;
    default: return NULL; /* columns that stand alone */
    }
}
