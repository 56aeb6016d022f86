/*
 * ui/interrupt.c - Ctrl-C as a flag.
 *
 * Source:  ui/interrupt.h; POSIX sigaction.
 * Knows:   signals only.
 */
#include "ui/interrupt.h"

#include <signal.h>
#include <stddef.h>

/* The one mutable global of the user interface: a signal handler has nowhere else to write. */
static volatile sig_atomic_t interrupted;

static void interrupt_note(int signal_number)
{
    (void)signal_number;
    interrupted = 1;
}

void interrupt_install(void)
{
    /* Without SA_RESTART a read that waits for a person returns; SA_RESETHAND lets a second Ctrl-C through. */
    struct sigaction on_interrupt = { .sa_handler = interrupt_note, .sa_flags = (int)SA_RESETHAND };
    struct sigaction ignore = { .sa_handler = SIG_IGN };
    sigemptyset(&on_interrupt.sa_mask);
    sigemptyset(&ignore.sa_mask);
    sigaction(SIGINT, &on_interrupt, NULL);
    sigaction(SIGTERM, &on_interrupt, NULL);
    sigaction(SIGPIPE, &ignore, NULL);
}

bool interrupt_requested(void)
{
    return interrupted != 0;
}
