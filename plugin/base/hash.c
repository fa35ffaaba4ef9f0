/* SPDX-License-Identifier: Apache-2.0 */
#include "base/hash.h"

#include "base/memory.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdatomic.h>

struct hash {
    EVP_MD_CTX *context;
};

/* Looked up once, for each look-up takes locks and walks OpenSSL's providers. Unless the host's own
 * start of OpenSSL came first, OpenSSL is not closed at exit: threads may still read then. */
static const EVP_MD *algorithm(void)
{
    static _Atomic(EVP_MD *) found;
    EVP_MD *known = atomic_load(&found);
    if (known) {
        return known;
    }
    (void)OPENSSL_init_crypto(OPENSSL_INIT_NO_ATEXIT, NULL);
    EVP_MD *fetched = EVP_MD_fetch(NULL, "SHA2-256", NULL);
    if (fetched && !atomic_compare_exchange_strong(&found, &known, fetched)) {
        EVP_MD_free(fetched); /* another thread was first */
        return known;
    }
    return fetched;
}

struct hash *hash_open(void)
{
    struct hash *hash = memory_allocate(sizeof *hash);
    if (!hash) {
        return NULL;
    }
    hash->context = EVP_MD_CTX_new();
    const EVP_MD *sha256 = algorithm();
    if (!sha256 || !hash->context || EVP_DigestInit_ex(hash->context, sha256, NULL) != 1) {
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
