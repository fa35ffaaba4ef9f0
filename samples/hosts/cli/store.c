/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/store.h"

#include <inttypes.h>
#include <string.h>

static uint64_t hash_text(uint64_t hash, const char *terminated)
{
    const size_t len = strlen(terminated) + 1; /* its end, too: "ab" "c" is not "a" "bc" */
    for (size_t i = 0; i < len; i++) {
        hash = (hash ^ (unsigned char)terminated[i]) * 0x100000001b3u;
    }
    return hash;
}

uint64_t store_hash(const char *terminated)
{
    return hash_text(0xcbf29ce484222325u, terminated);
}

void store_fingerprint(struct text *to, const struct quern_option *options, size_t count)
{
    uint64_t hash = 0xcbf29ce484222325u; /* FNV-1a */
    for (size_t i = 0; i < count; i++) {
        const char *key = options[i].key;
        if (strcmp(key, "input") == 0 || strcmp(key, "input_file") == 0 ||
            strcmp(key, "root") == 0) {
            hash = hash_text(hash_text(hash, key), options[i].value);
        }
    }
    text_add_format(to, "%016" PRIx64, hash);
}

void store_close(struct store *store)
{
    if (!store) {
        return;
    }
    text_release(&store->round.fingerprint);
    text_release(&store->round.state);
    store->type->close(store);
}
