/* SPDX-License-Identifier: Apache-2.0 */
#include "base/hash.h"

#include "base/memory.h"

#include <openssl/evp.h>

struct hash {
    EVP_MD_CTX *context;
};

struct hash *hash_open(void)
{
    struct hash *hash = memory_allocate(sizeof *hash);
    if (!hash) {
        return NULL;
    }
    hash->context = EVP_MD_CTX_new();
    if (!hash->context || EVP_DigestInit_ex(hash->context, EVP_sha256(), NULL) != 1) {
        hash_close(hash);
        return NULL;
    }
    return hash;
}

bool hash_add(struct hash *hash, bytes part)
{
    return part.len == 0 || EVP_DigestUpdate(hash->context, part.ptr, part.len) == 1;
}

bool hash_add_counted(struct hash *hash, bytes part)
{
    uint8_t length[8];
    for (unsigned i = 0; i < 8; i++) {
        length[i] = (uint8_t)((uint64_t)part.len >> (56 - 8 * i));
    }
    return hash_add(hash, (bytes){.ptr = length, .len = sizeof length}) && hash_add(hash, part);
}

bool hash_finish(struct hash *hash, char out[HASH_HEX_LEN])
{
    static const char digits[] = "0123456789abcdef";
    unsigned char sum[EVP_MAX_MD_SIZE];
    unsigned int len = 0;
    if (EVP_DigestFinal_ex(hash->context, sum, &len) != 1 || len * 2 != HASH_HEX_LEN) {
        return false;
    }
    for (unsigned i = 0; i < len; i++) {
        out[2 * i] = digits[sum[i] >> 4];
        out[2 * i + 1] = digits[sum[i] & 15];
    }
    return true;
}

void hash_close(struct hash *hash)
{
    if (hash) {
        EVP_MD_CTX_free(hash->context);
        memory_release(hash);
    }
}
