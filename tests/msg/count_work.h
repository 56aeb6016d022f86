/*
 * tests/msg/count_work.h - put before the sources of the codec to count what the C library does for them.
 *
 * Knows:   the basic blocks of the codec count themselves (-fsanitize-coverage=trace-pc); these calls are the rest of
 * its work.
 */
#ifndef PRESEC_TESTS_MSG_COUNT_WORK_H
#define PRESEC_TESTS_MSG_COUNT_WORK_H

#include <stddef.h>
#include <string.h>

void *count_memchr(const void *p, int c, size_t n);
int count_memcmp(const void *a, const void *b, size_t n);
void *count_memcpy(void *to, const void *from, size_t n);
void *count_memmem(const void *p, size_t n, const void *needle, size_t m);

#define memchr count_memchr
#define memcmp count_memcmp
#define memcpy count_memcpy
#define memmem count_memmem

#endif
