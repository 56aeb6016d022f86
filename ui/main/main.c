/*
 * ui/main/main.c - the executable; everything it does is in ui/command.c, where tests can call it.
 *
 * Source:  README.md, "The command".
 * Knows:   ui/command.h.
 */
#include "ui/command.h"

int main(int argc, char **argv)
{
    return command_main(argc, argv);
}
