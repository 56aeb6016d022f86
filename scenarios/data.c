/*
 * scenarios/data.c - finding a compiled-in data file.
 *
 * Source:  scenarios/data.h.
 * Knows:   the table only.
 */
#include "scenarios/data.h"

#include <string.h>

/* The first entry whose path is not before this one: binary search in a table sorted by strcmp. */
static size_t data_lower_bound(const char *path)
{
    size_t low = 0, high = data_files_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(data_files[middle].path, path) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const DataFile *data_find(const char *path)
{
    const DataFile *file = &data_files[data_lower_bound(path)];
    return file->path && strcmp(file->path, path) == 0 ? file : NULL;
}

static const DataFile *data_if_prefix(const DataFile *file, const char *prefix)
{
    return file->path && strncmp(file->path, prefix, strlen(prefix)) == 0 ? file : NULL;
}

const DataFile *data_first(const char *prefix)
{
    return data_if_prefix(&data_files[data_lower_bound(prefix)], prefix);
}

const DataFile *data_next(const DataFile *file, const char *prefix)
{
    return data_if_prefix(file + 1, prefix);
}
