/*
 * crypto/esp_window.c - the anti-replay window, alone in its file so that a test can link another one.
 *
 * Source:  RFC 4303 §3.4.3; RFC 2406 §3.4.3.
 * Knows:   sequence numbers.
 */
#include "crypto/esp.h"

bool esp_window_accepts(const EspWindow *window, uint32_t seq)
{
    if (seq == 0)
        return false; /* the first packet is number 1 */
    if (seq > window->top)
        return true;
    const uint32_t behind = window->top - seq;
    return behind < window->size && !(window->seen >> behind & 1);
}

void esp_window_mark(EspWindow *window, uint32_t seq)
{
    if (seq <= window->top) {
        const uint32_t behind = window->top - seq;
        if (behind < window->size)
            window->seen |= UINT64_C(1) << behind;
        return;
    }
    const uint32_t ahead = seq - window->top;
    window->seen = (ahead < 64 ? window->seen << ahead : 0) | 1;
    window->top = seq;
}
