/*
 * sim/poison.h - tell the address sanitizer what memory is not to be touched; nothing in other builds.
 *
 * Knows:   the compilers' names for the sanitizer.
 */
#ifndef PRESEC_SIM_POISON_H
#define PRESEC_SIM_POISON_H

#if defined(__SANITIZE_ADDRESS__)
#define PRESEC_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define PRESEC_ASAN 1
#endif
#endif

#ifdef PRESEC_ASAN
#include <sanitizer/asan_interface.h>
#define POISON(at, len)   __asan_poison_memory_region((at), (len))
#define UNPOISON(at, len) __asan_unpoison_memory_region((at), (len))
#else
#define POISON(at, len)   ((void)(at), (void)(len))
#define UNPOISON(at, len) ((void)(at), (void)(len))
#endif

#endif
