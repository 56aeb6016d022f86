/*
 * nodes/modem_cells.c - the cells a modem has heard, and which of them it would use.
 *
 * Source:  as nodes/modem_cells.h.
 * Knows:   beacons and the modem's policy.
 */
#include "nodes/modem_cells.h"

#define CIPHER_BIT(cipher) (UINT32_C(1) << (cipher))

bool modem_has_wep_key(const ModemPolicy *policy)
{
    for (size_t i = 0; i < radio_key_len(RADIO_WEP); i++) {
        if (policy->wep_key[i] != 0)
            return true;
    }
    return false;
}

uint32_t modem_capabilities(const ModemPolicy *policy)
{
    const uint32_t gprs = CIPHER_BIT(RADIO_GEA1) | CIPHER_BIT(RADIO_GEA2) | CIPHER_BIT(RADIO_GEA3);

    switch (policy->technology) {
    case ACCESS_UMTS: return CIPHER_BIT(RADIO_NONE) | CIPHER_BIT(RADIO_UEA1) | (policy->dual_mode ? gprs : 0);
    case ACCESS_GPRS: return CIPHER_BIT(RADIO_NONE) | gprs;
    case ACCESS_WLAN: return CIPHER_BIT(RADIO_NONE) | (modem_has_wep_key(policy) ? CIPHER_BIT(RADIO_WEP) : 0);
    }
    return 0;
}

static bool modem_wlan_fits(const ModemPolicy *policy, const AccessMsg *beacon)
{
    if (policy->ssid != NULL && !text_equal(beacon->ssid, text_from(policy->ssid)))
        return false;
    if (beacon->cipher == RADIO_NONE)
        return !policy->privacy_required;
    return beacon->cipher == RADIO_WEP && modem_has_wep_key(policy);
}

static bool modem_cell_fits(const ModemPolicy *policy, const AccessMsg *beacon)
{
    switch (beacon->technology) {
    case ACCESS_UMTS: return policy->technology == ACCESS_UMTS;
    case ACCESS_GPRS:
        return policy->technology == ACCESS_GPRS || (policy->technology == ACCESS_UMTS && policy->dual_mode);
    case ACCESS_WLAN: return policy->technology == ACCESS_WLAN && modem_wlan_fits(policy, beacon);
    }
    return false;
}

static ModemCell *modem_cells_find(ModemCells *cells, uint32_t id)
{
    for (unsigned i = 0; i < cells->n; i++) {
        if (cells->cell[i].id == id)
            return &cells->cell[i];
    }
    return NULL;
}

static ModemCell *modem_cells_room(ModemCells *cells, uint8_t strength)
{
    if (cells->n < MODEM_CELLS_MAX)
        return &cells->cell[cells->n++];
    ModemCell *weakest = &cells->cell[0];
    for (unsigned i = 1; i < cells->n; i++) {
        if (cells->cell[i].strength < weakest->strength)
            weakest = &cells->cell[i];
    }
    return weakest->strength < strength ? weakest : NULL;
}

void modem_cells_hear(ModemCells *cells, const ModemPolicy *policy, const AccessMsg *beacon)
{
    ModemCell *cell = modem_cells_find(cells, beacon->cell);
    bool barred = cell != NULL && cell->barred;

    if (cell == NULL)
        cell = modem_cells_room(cells, beacon->strength);
    if (cell == NULL)
        return;
    *cell = (ModemCell){ .id = beacon->cell,
                         .technology = (uint8_t)beacon->technology,
                         .strength = beacon->strength,
                         .cipher = beacon->cipher,
                         .fits = modem_cell_fits(policy, beacon),
                         .barred = barred };
}

const ModemCell *modem_cells_best(const ModemCells *cells)
{
    const ModemCell *best = NULL;

    for (unsigned i = 0; i < cells->n; i++) {
        const ModemCell *cell = &cells->cell[i];
        if (cell->fits && !cell->barred && (best == NULL || cell->strength > best->strength))
            best = cell;
    }
    return best;
}

void modem_cells_bar(ModemCells *cells, uint32_t id)
{
    ModemCell *cell = modem_cells_find(cells, id);

    if (cell != NULL)
        cell->barred = true;
}

void modem_cells_forget(ModemCells *cells, uint32_t id)
{
    ModemCell *cell = modem_cells_find(cells, id);

    if (cell != NULL)
        *cell = cells->cell[--cells->n];
}

void modem_cells_pardon(ModemCells *cells)
{
    for (unsigned i = 0; i < cells->n; i++)
        cells->cell[i].barred = false;
}
