/* SPDX-License-Identifier: Apache-2.0 */
#include "job/identity.h"

#include "base/hash.h"

/* Deeper containers than archive_depth_max allows (64) do not come here. */
enum { STEP_MAX = 80 };

static bool add_steps(struct hash *hash, const struct identity_step *innermost)
{
    const struct identity_step *steps[STEP_MAX];
    size_t count = 0;
    for (const struct identity_step *step = innermost; step && count < STEP_MAX;
         step = step->outer) {
        steps[count++] = step;
    }
    while (count--) {
        uint8_t occurrence[8];
        for (unsigned i = 0; i < 8; i++) {
            occurrence[i] = (uint8_t)((uint64_t)steps[count]->occurrence >> (56 - 8 * i));
        }
        if (!hash_add_counted(hash, steps[count]->raw_name) ||
            !hash_add_counted(hash, (bytes){.ptr = occurrence, .len = sizeof occurrence})) {
            return false;
        }
    }
    return true;
}

bool identity_write(enum identity_kind kind, bytes value, const struct identity_step *member,
                    char out[IDENTITY_LEN])
{
    static const str kinds[] = {
        [IDENTITY_URL] = STR_INIT("url"),
        [IDENTITY_FILE] = STR_INIT("file"),
        [IDENTITY_NAME] = STR_INIT("name"),
        [IDENTITY_CONTENT] = STR_INIT("content"),
    };
    char hex[HASH_HEX_LEN];
    struct hash *hash = hash_open();
    if (!hash) {
        return false;
    }
    const bool done = hash_add_counted(hash, str_bytes(kinds[kind])) &&
                      hash_add_counted(hash, value) && add_steps(hash, member) &&
                      hash_finish(hash, hex);
    hash_close(hash);
    if (done) {
        memcpy(out, hex, IDENTITY_LEN);
    }
    return done;
}
