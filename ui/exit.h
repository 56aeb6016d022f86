/*
 * ui/exit.h - what the exit status of the command means.
 *
 * Source:  README.md, "Exit status"; 70 and 74 are those of sysexits.h, 130 is the shell's for an interrupt.
 * Knows:   nothing else.
 */
#ifndef PRESEC_UI_EXIT_H
#define PRESEC_UI_EXIT_H

typedef enum {
    EXIT_DONE = 0,             /* done, and every stated expectation was met */
    EXIT_UNMET = 1,            /* an expectation was not met; a message must be rejected; a known answer was wrong */
    EXIT_USAGE = 2,            /* the command line is wrong, or this needs a terminal */
    EXIT_INVALID = 3,          /* an input file is invalid */
    EXIT_INCONCLUSIVE = 4,     /* a bound was reached before an answer was */
    EXIT_NONDETERMINISTIC = 5, /* two runs of the same input differed */
    EXIT_INTERNAL = 70,        /* a bug in presec */
    EXIT_IO = 74,              /* a file could not be read or written */
    EXIT_INTERRUPTED = 130,    /* Ctrl-C; what was complete has been said and kept */
} ExitStatus;

#endif
