/*
 * tests/mutants/test_cipher_is_identity.c - ESP that forgets to encipher: every verdict that rests on encryption turns.
 *
 * Source:  TS 33.203 §7.1 (encryption of the SAs), RFC 2451.
 */
#include "crypto/esp.h"
#include "tests/mutants/support/cells.h"

/* In the place of crypto/esp_cipher.c. */
void esp_transform_cipher(EspEalg ealg, const uint8_t ck[ESP_KEY_LEN], bool encrypt, const uint8_t iv[],
                          uint8_t *octets, size_t len)
{
}

#define ALL_READABLE(id)                                                                                               \
    { id, PROPERTY_PUBLISH_BODY_AIR, VERDICT_VIOLATED, "AT-01" },                                                      \
        { id, PROPERTY_NOTIFY_BODY_AIR, VERDICT_VIOLATED, "AT-01" },                                                   \
        { id, PROPERTY_RELATION_AIR, VERDICT_VIOLATED, "AT-02" },                                                      \
        { id, PROPERTY_BODY_ACCESS_CORE, VERDICT_VIOLATED, "AT-01" },                                                  \
        { id, PROPERTY_RELATION_ACCESS_CORE, VERDICT_VIOLATED, "AT-02" },                                              \
    {                                                                                                                  \
        id, PROPERTY_DOWNGRADE, VERDICT_NOT_AVAILABLE, NULL                                                            \
    } /* already clear */

static void test_everything_that_was_encrypted_is_read(void)
{
    static const char *const options[] = { "rel6", "mandate", "gap", "block-ue", "access-gea3", NULL };
    static const Change changes[] = { ALL_READABLE("rel6"), ALL_READABLE("mandate") };
    cells_expect(options, changes, G_N_ELEMENTS(changes));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/mutants/cipher-is-identity/everything-that-was-encrypted-is-read",
                    test_everything_that_was_encrypted_is_read);
    return g_test_run();
}
