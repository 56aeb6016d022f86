/*
 * tests/mutants/test_window_takes_all.c - an anti-replay window that takes every number: replays have their effect.
 *
 * Source:  RFC 4303 §3.4.3; TS 33.203 §7.1.
 */
#include "crypto/esp.h"
#include "tests/mutants/support/cells.h"

/* In the place of crypto/esp_window.c. */
bool esp_window_accepts(const EspWindow *window, uint32_t seq)
{
    return true;
}

void esp_window_mark(EspWindow *window, uint32_t seq)
{
}

static void test_replays_have_an_effect(void)
{
    static const char *const options[] = { "rel5", "rel6", "gap", "mandate", "access-gea3", NULL };
    static const Change changes[] = {
        { "rel5", PROPERTY_REPLAY, VERDICT_VIOLATED, NULL },
        { "rel6", PROPERTY_REPLAY, VERDICT_VIOLATED, NULL },
        { "gap", PROPERTY_REPLAY, VERDICT_VIOLATED, NULL },
        { "mandate", PROPERTY_REPLAY, VERDICT_VIOLATED, NULL },
        { "access-gea3", PROPERTY_REPLAY, VERDICT_VIOLATED, NULL }, /* behind the radio cipher, at gi */
    };
    cells_expect(options, changes, G_N_ELEMENTS(changes));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/mutants/window-takes-all/replays-have-an-effect", test_replays_have_an_effect);
    return g_test_run();
}
