/*
 * scenarios/data.h - the data files compiled into the command.
 *
 * Source:  design section 2: the experiments are data files, compiled in so that the installed command needs no path.
 * Knows:   paths and octets, not what is in them.  The table is made by cmake/data.cmake.
 */
#ifndef PRESEC_SCENARIOS_DATA_H
#define PRESEC_SCENARIOS_DATA_H

#include <stddef.h>
#include <stdint.h>

/* One file.  path is relative to the source root ("scenarios/options/gap.xml"); octets are followed by a NUL that is
 * not counted in len, so a text file can be read as a string. */
typedef struct {
    const char *path;
    const uint8_t *octets;
    size_t len;
} DataFile;

/* Sorted by path (strcmp); the entry after the last has a NULL path. */
extern const DataFile data_files[];
extern const size_t data_files_count;

/* The file with exactly this path, or NULL.  Borrowed: lives as long as the program. */
const DataFile *data_find(const char *path);

/* The first file whose path begins with prefix ("scenarios/options/"), or NULL.  The others of the folder follow it in
 * the table: go on with data_next until it returns NULL. */
const DataFile *data_first(const char *prefix);
const DataFile *data_next(const DataFile *file, const char *prefix);

#endif
