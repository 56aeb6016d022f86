/*
 * tests/ui/child.h - runs the built command as a user would, through the shell, and keeps what came of it.
 *
 * Usage:   Child c = child_run("$presec list | head -1"); child_clear(&c).  The environment holds PATH, a TERM of
 *          "dumb", and "presec", the path of the command; nothing of the one who runs the tests.
 */
#ifndef PRESEC_TESTS_UI_CHILD_H
#define PRESEC_TESTS_UI_CHILD_H

#include <glib.h>
#include <string.h>
#include <sys/wait.h>

typedef struct {
    char *out, *err;
    int status; /* the exit status, or 128 + the signal */
} Child;

static inline Child child_run_with(const char *script, const char *const *more_environment)
{
    g_autoptr(GPtrArray) environment = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(environment, g_strdup_printf("PATH=%s", g_getenv("PATH")));
    g_ptr_array_add(environment, g_strdup("presec=" PRESEC_COMMAND));
    g_ptr_array_add(environment, g_strdup("TERM=dumb"));
    for (; more_environment && *more_environment; more_environment++)
        g_ptr_array_add(environment, g_strdup(*more_environment));
    g_ptr_array_add(environment, NULL);
    const char *argv[] = { "/bin/sh", "-c", script, NULL };
    Child child = { 0 };
    int wait_status = 0;
    g_autoptr(GError) error = NULL;
    gboolean ran = g_spawn_sync(NULL, (char **)argv, (char **)environment->pdata, G_SPAWN_DEFAULT, NULL, NULL,
                                &child.out, &child.err, &wait_status, &error);
    g_assert_no_error(error);
    g_assert_true(ran);
    child.status = WIFEXITED(wait_status) ? WEXITSTATUS(wait_status) : 128 + WTERMSIG(wait_status);
    return child;
}

static inline Child child_run(const char *script)
{
    return child_run_with(script, NULL);
}

static inline void child_clear(Child *child)
{
    g_free(child->out);
    g_free(child->err);
}

/* Runs it and requires the status, and each text (NULL: nothing at all) somewhere in the stream. */
static inline void child_expect(const char *script, int status, const char *in_out, const char *in_err)
{
    Child child = child_run(script);
    gboolean out_right = in_out ? strstr(child.out, in_out) != NULL : *child.out == '\0';
    gboolean err_right = in_err ? strstr(child.err, in_err) != NULL : *child.err == '\0';
    if (child.status != status || !out_right || !err_right)
        g_error("%s\nstatus %d, expected %d\nstandard output (expected %s):\n%s\nstandard error (expected %s):\n%s",
                script, child.status, status, in_out ? in_out : "nothing", child.out, in_err ? in_err : "nothing",
                child.err);
    child_clear(&child);
}

#endif
