/* SPDX-License-Identifier: Apache-2.0 */
#include "abi/keeper.h"

#include "abi/watch.h"
#include "base/memory.h"

_Static_assert((int)QUERN_STORE_KEY_BYTES_MAX == (int)MEMO_KEY_BYTES_MAX, "one limit, two names");
_Static_assert((int)QUERN_STORE_VALUE_BYTES_MAX == (int)MEMO_VALUE_BYTES_MAX,
               "one limit, two names");

/* The last member of the first version. */
static const size_t store_size_min =
    offsetof(struct quern_store, scan) + sizeof(((struct quern_store *)0)->scan);

struct keeper_put {
    struct keeper_put *next;
    size_t key_len;
    size_t value_len;  /* 0: remove */
    uint8_t content[]; /* the key, then the value */
};

static bool complain(struct keeper *keeper, const char *what, int32_t status)
{
    if (!keeper->has_complained) {
        watch_log(keeper->host, QUERN_LOG_WARNING,
                  "the host's store %s (%d): what it should know counts as unknown", what,
                  (int)status);
    }
    keeper->has_complained = true;
    return false;
}

static struct quern_bytes lend(const uint8_t *data, size_t len)
{
    return (struct quern_bytes){.data = len ? data : NULL, .len = len};
}

static struct quern_bytes key_of(const struct keeper_put *put)
{
    return lend(put->content, put->key_len);
}

static struct quern_bytes value_of(const struct keeper_put *put)
{
    return lend(put->content + put->key_len, put->value_len);
}

/* The last one with that key; NULL: none. */
static const struct keeper_put *find_held(const struct keeper *keeper, str key)
{
    const struct keeper_put *found = NULL;
    for (const struct keeper_put *put = keeper->first; put; put = put->next) {
        if (put->key_len == key.len && memcmp(put->content, key.ptr, key.len) == 0) {
            found = put;
        }
    }
    return found;
}

static bool find(struct keeper *keeper, str key, struct quern_bytes *out)
{
    const struct keeper_put *held = find_held(keeper, key);
    *out = (struct quern_bytes){.data = NULL};
    if (held) {
        *out = value_of(held);
        return true;
    }
    const int32_t status =
        keeper->store->get(keeper->host->context, lend((const uint8_t *)key.ptr, key.len), out);
    if (status != QUERN_OK) {
        return complain(keeper, "cannot be read", status);
    }
    return out->len <= QUERN_STORE_VALUE_BYTES_MAX ||
           complain(keeper, "gave a value that is too long", QUERN_LIMIT);
}

static bool get(void *context, str key, struct arena *arena, bytes *value)
{
    struct quern_bytes found;
    *value = (bytes){.ptr = NULL};
    if (key.len == 0 || key.len > MEMO_KEY_BYTES_MAX || !find(context, key, &found)) {
        return false;
    }
    if (!found.data || !found.len) {
        return true;
    }
    *value = arena_copy_bytes(arena, (bytes){.ptr = found.data, .len = found.len});
    return value->ptr != NULL;
}

static bool put(void *context, str key, bytes value)
{
    struct keeper *keeper = context;
    if (key.len == 0 || key.len > MEMO_KEY_BYTES_MAX || value.len > MEMO_VALUE_BYTES_MAX) {
        return false;
    }
    struct keeper_put *added = memory_allocate(sizeof *added + key.len + value.len);
    if (!added) {
        return false;
    }
    added->key_len = key.len;
    added->value_len = value.len;
    memcpy(added->content, key.ptr, key.len);
    if (value.len) {
        memcpy(added->content + key.len, value.ptr, value.len);
    }
    if (keeper->last) {
        keeper->last->next = added;
    } else {
        keeper->first = added;
    }
    keeper->last = added;
    return true;
}

void keeper_open(struct keeper *keeper, const struct quern_host *host)
{
    *keeper = (struct keeper){.host = host};
    keeper->memo = (struct memo){.context = keeper, .get = get, .put = put};
    const struct quern_store *store =
        host->get_extension ? host->get_extension(host->context, QUERN_EXT_STORE) : NULL;
    if (store && (store->struct_size < store_size_min || !store->get || !store->put)) {
        (void)complain(keeper, "is not one", QUERN_INVALID_ARGUMENT);
        store = NULL;
    }
    keeper->store = store;
}

const struct memo *keeper_memo(const struct keeper *keeper)
{
    return keeper->store ? &keeper->memo : NULL;
}

static struct keeper_put *take_first(struct keeper *keeper)
{
    struct keeper_put *put = keeper->first;
    if (put) {
        keeper->first = put->next;
        keeper->last = keeper->first ? keeper->last : NULL;
    }
    return put;
}

void keeper_flush(struct keeper *keeper)
{
    for (struct keeper_put *put = take_first(keeper); put; put = take_first(keeper)) {
        const int32_t status =
            keeper->store->put(keeper->host->context, key_of(put), value_of(put));
        if (status != QUERN_OK) {
            (void)complain(keeper, "cannot be written", status);
        }
        memory_release(put);
    }
}

void keeper_close(struct keeper *keeper)
{
    for (struct keeper_put *put = take_first(keeper); put; put = take_first(keeper)) {
        memory_release(put);
    }
}
