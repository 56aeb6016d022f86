/*
 * ui/validate.c - `presec validate`: everything that is wrong with scenario and option files, and where.
 *
 * Source:  README.md, "The command".
 * Knows:   nothing of the formats; scenarios/ checks them.
 */
#include "ui/commands.h"
#include "ui/input.h"
#include "ui/load.h"
#include "ui/output.h"
#include "ui/text.h"

#include <string.h>

static ExitStatus validate_file(const char *path, GString *out)
{
    ExitStatus status = load_check_file(path);
    if (status != EXIT_DONE)
        return status;
    g_autoptr(Diagnostics) diagnostics = diagnostics_new();
    if (!scenario_validate(path, diagnostics)) {
        load_say(diagnostics);
        return EXIT_INVALID;
    }
    text_visible(out, input_name(path), strlen(input_name(path)));
    g_string_append(out, ": valid\n");
    return EXIT_DONE;
}

/* Every file is looked at; a file that cannot be read weighs more than one that is wrong. */
ExitStatus validate_run(const CommandCall *call)
{
    g_autoptr(GString) out = g_string_new(NULL);
    ExitStatus worst = EXIT_DONE;
    for (size_t i = 0; i < call->n_args; i++) {
        ExitStatus status = validate_file(call->args[i], out);
        worst = MAX(worst, status);
    }
    ExitStatus printed = output_print(out->str, out->len);
    return printed == EXIT_DONE ? worst : printed;
}
