/*
 * ui/dash/screen_type.c - whether a type of terminal can be drawn on.
 *
 * Source:  ui/dash/screen_type.h.
 */
#include "ui/dash/screen_type.h"

#include <curses.h>
#include <term.h>
#include <unistd.h>

bool screen_type_is_known(const char *type)
{
    int found = 0;
    if (setupterm(type, STDOUT_FILENO, &found) != OK)
        return false;
    bool moves = cursor_address != NULL;
    del_curterm(cur_term);
    return moves;
}
