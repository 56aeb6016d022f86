/*
 * tests/fuzz/fuzz_mime.c - any octets as a MIME entity and as the multipart body it says it is.
 */
#include "nodes/msg/mime.h"

#define SIGNED_EXAMPLE TEXT("multipart/signed; boundary=boundary42")

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void walk(Text type, Text body, unsigned depth)
{
    MimeParts it;
    Text part;
    MimeEntity entity;

    if (depth == 4 || !mime_parts(&it, type, body))
        return;
    while (mime_parts_next(&it, &part)) {
        g_assert(part.len <= body.len);
        if (mime_entity_parse(part, &entity) == MIME_OK)
            walk(entity.type, entity.body, depth + 1);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    MimeEntity entity;
    Text octets = text_of((const char *)data, size);

    if (mime_entity_parse(octets, &entity) == MIME_OK) {
        g_assert(entity.head.len + entity.body.len + 2 == octets.len);
        (void)mime_is(entity.type, MIME_PKCS7);
        (void)mime_value(mime_header(&entity, "Content-Disposition"));
        walk(entity.type, entity.body, 0);
    }
    walk(SIGNED_EXAMPLE, octets, 0);
    return 0;
}
