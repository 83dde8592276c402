/** SHA-256 of many messages at once: what every tree of a tensor is made of. */
#ifndef R3MES_SHA256_H
#define R3MES_SHA256_H

#include <stddef.h>
#include <stdint.h>

#define DIGEST_BYTES 32

/**
 * The digests of `count` messages of `length` bytes that lie one behind the other, in their order.
 * The digests must not overlap the messages.
 */
void r3mes_sha256_each(const uint8_t *messages, size_t length, size_t count, uint8_t *digests);

#endif
