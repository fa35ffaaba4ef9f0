/* SPDX-License-Identifier: Apache-2.0 */
/* The plugin: one function, one table.
 *
 *   options ─► source ─► plan ─► split, split, split …      on any thread, no network
 *                 │                 │
 *                 └── reader_open ◄─┘ (here, or in another process)
 *                        └► ArrowArrayStream ─ get_next ─► batch of records
 *                        └► reader_state after each batch: where to go on
 *   options ─► convert ─► convert_stream(bytes) ─► ArrowArrayStream    no network, no state
 *
 * Rules that hold for everything here:
 * - struct_size comes first in every struct and is set by whoever fills it; a member is read only
 *   if it lies inside it.
 * - Nothing allocated on one side is freed on the other, except through a `release` in the struct.
 * - Closing a child after its parent is legal: parents live until their last child is closed.
 *   Arrays and schemas outlive streams, readers and sources. NULL may be closed.
 * - No thread, socket or global state before the first reader opens, so a host may fork before.
 *   A handle opened before a fork answers QUERN_INVALID_STATE in the child.
 * - The plugin never calls abort or exit, changes the locale, the environment or signal handlers,
 *   or writes to standard streams. The library must not be unloaded while anything of it is open;
 *   it is linked so that dlclose leaves its code where it is.
 *
 * Thread tags: [any thread] may be called at any time from any thread. [one thread at a time] the
 * host serialises calls on that handle.
 */
#ifndef QUERN_PLUGIN_H
#define QUERN_PLUGIN_H

#include "quern/host.h"
#include "quern/record.h"
#include "quern/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Stays 0 until hosts and the recurring fetcher were both built on it; while it is 0, any minor
 * version may break. */
#define QUERN_ABI_MAJOR 0u
#define QUERN_ABI_MINOR 2u

struct quern_source;  /* options checked; immutable */
struct quern_plan;    /* a walk over the splits */
struct quern_reader;  /* one split being read */
struct quern_convert; /* bytes the host holds become records */

/* Key and value are NUL-terminated UTF-8, and anything else is refused: a path that is not UTF-8 is
 * given as a file: URL with its bytes percent-encoded. Keys are in plugin.toml; a value is one string. A list
 * option takes a JSON array of strings or one bare string, and given twice it appends; any other
 * option given twice: the last one counts. Secret options take `env:NAME` or `file:PATH`, nothing
 * else, and are resolved where a reader opens. */
struct quern_option {
    const char *key;
    const char *value;
};

/* A slice that the plugin lends. */
struct quern_bytes {
    const uint8_t *data;
    size_t len;
};

/* A piece of work: self-contained, opaque, usable in another process with the same plugin version
 * and the same environment for its secrets. */
struct quern_split {
    uint32_t struct_size; /* set by the host */
    uint32_t reserved;
    struct quern_bytes bytes;    /* lent until the next plan_next or plan_close; copy it */
    int64_t documents;           /* how many inputs are in it */
    int64_t bytes_estimate;      /* of their content; -1: unknown */
    /* UTF-8 JSON, lent as `bytes`: whom it asks how often, without asking anybody:
     * {"files":3,"web_hosts":[{"web_host":"example.org","requests":2,"delay_ms":1000}]} */
    struct quern_bytes summary;
};

struct quern_read {
    uint32_t struct_size; /* set by the host */
    uint32_t column_count;
    /* Columns by name, in the order wanted; NULL: all of them. Not NULL with a count of 0: rows
     * without columns, for counting. Lent for the call. */
    const char *const *columns;
    struct quern_bytes split; /* what plan_next gave */
    struct quern_bytes state; /* what reader_state gave for this split, or empty: from its start */
};

/* Bytes that the host holds. Only `data` is needed. Texts are UTF-8, NULL when unknown. All lent
 * until the stream is released. */
struct quern_input {
    uint32_t struct_size; /* set by the host */
    uint32_t reserved;
    const uint8_t *data;
    size_t len;
    const char *name;       /* file name: names the document in its id, and breaks ties of format */
    /* Where it came from: id, column `url`, and of http the base of relative links. Any scheme
     * (file:, s3a:); what is no absolute URL is passed over. Userinfo and fragment are cut. */
    const char *url;
    const char *media_type; /* declared, may have parameters (charset) */
};

struct quern_plugin {
    uint32_t struct_size; /* set by the plugin */
    uint32_t abi_major;
    uint32_t abi_minor;
    uint32_t reserved;
    const char *name;     /* "quern" */
    const char *version;  /* "0.1.0" */
    const char *manifest; /* plugin.toml as text: columns, formats, options; static */

    /* Extensions of the plugin by id; static tables, NULL: not offered. [any thread] */
    const void *(*get_extension)(const char *id);

    /* Checks options; touches no network and no input. `host` may be NULL. QUERN_INVALID_ARGUMENT
     * names the option in `where`. [any thread] */
    int32_t (*source_open)(const struct quern_host *host, const struct quern_option *options,
                           size_t option_count, struct quern_source **out,
                           struct quern_error *error);
    void (*source_close)(struct quern_source *source); /* [any thread] */

    /* A new walk from the start. Folders are listed as it goes; URLs of one web host stay in one
     * split. QUERN_IO: `where` names the folder or list that cannot be read. [any thread] */
    int32_t (*source_plan)(struct quern_source *source, struct quern_plan **out,
                           struct quern_error *error);
    /* QUERN_OK with split->bytes.data == NULL at the end. [one thread at a time] */
    int32_t (*plan_next)(struct quern_plan *plan, struct quern_split *split,
                         struct quern_error *error);
    void (*plan_close)(struct quern_plan *plan);

    /* QUERN_INVALID_ARGUMENT: an unknown column or a secret that does not resolve; QUERN_CORRUPT: a
     * split or state that is not ours; QUERN_IO: the folder of the option `keep` cannot be written.
     * [any thread] */
    int32_t (*reader_open)(struct quern_source *source, const struct quern_read *read,
                           struct quern_reader **out, struct quern_error *error);
    /* Once a reader. get_next and release: [one thread at a time]. A batch leaves when it is full
     * (options batch_rows_max, batch_bytes_max), batch_wait_ms after its first row, or at the
     * split's end; it is never empty. */
    int32_t (*reader_stream)(struct quern_reader *reader, struct ArrowArrayStream *out,
                             struct quern_error *error);
    /* UTF-8 JSON of at most 64 KiB describing everything up to the batch that get_next returned
     * last. Lent until the next get_next or reader_close. Store it in the transaction that stores
     * the batch. [one thread at a time, the stream's] */
    int32_t (*reader_state)(struct quern_reader *reader, struct quern_bytes *out,
                            struct quern_error *error);
    /* Why get_next last answered an errno value: answers the status it writes, or QUERN_OK when
     * nothing went wrong. [one thread at a time, the stream's] */
    int32_t (*reader_error)(struct quern_reader *reader, struct quern_error *error);
    /* Ends a get_next that is under way (goal: within 100 ms) and all later ones with ECANCELED.
     * Idempotent. [any thread, until reader_close] */
    void (*reader_cancel)(struct quern_reader *reader);
    /* At once, even while a name is looked up. [any thread, but not during get_next] */
    void (*reader_close)(struct quern_reader *reader);

    /* The same records from bytes: options that speak of fetching are checked and not used.
     * `columns` as in struct quern_read. [any thread] */
    int32_t (*convert_open)(const struct quern_host *host, const struct quern_option *options,
                            size_t option_count, const char *const *columns,
                            uint32_t column_count, struct quern_convert **out,
                            struct quern_error *error);
    /* An archive gives several rows. Streams of one converter may be open side by side, each one
     * thread at a time. [any thread] */
    int32_t (*convert_stream)(struct quern_convert *convert, const struct quern_input *input,
                              struct ArrowArrayStream *out, struct quern_error *error);
    /* Ends every stream of this converter with ECANCELED, those opened later too. [any thread, until
     * convert_close] */
    void (*convert_cancel)(struct quern_convert *convert);
    void (*convert_close)(struct quern_convert *convert); /* [any thread] */
    /* reader_error of a stream that convert_stream opened and that is not released yet; it may have
     * been moved. QUERN_INVALID_ARGUMENT: not such a stream. [one thread at a time, the stream's] */
    int32_t (*convert_error)(const struct ArrowArrayStream *stream, struct quern_error *error);
};

/* The one exported symbol. NULL when `abi_major` is not one this library speaks; `error` then tells
 * which it does. The table is static and the same at every call. [any thread] */
#if defined(_WIN32)
#define QUERN_EXPORT __declspec(dllexport)
#else
#define QUERN_EXPORT __attribute__((visibility("default")))
#endif
QUERN_EXPORT const struct quern_plugin *quern_plugin_entry(uint32_t abi_major,
                                                           struct quern_error *error);

/* What a host looks up with dlsym. */
typedef const struct quern_plugin *(*quern_plugin_entry_function)(uint32_t abi_major,
                                                                  struct quern_error *error);
#define QUERN_PLUGIN_ENTRY_SYMBOL "quern_plugin_entry"

#ifdef __cplusplus
}
#endif

#endif
