/* SPDX-License-Identifier: Apache-2.0 */
/* The main guard of the ABI: where every member of every public struct lies, and every number. A
 * change here is a change for everybody who was compiled before. 64-bit machines. */
#include "harness/test.h"
#include "quern/ext/store.h"
#include "quern/plugin.h"

#define AT(type, member, offset)                                                                   \
    _Static_assert(offsetof(struct type, member) == (offset), #type "." #member " moved")
#define SIZE(type, size)     _Static_assert(sizeof(struct type) == (size), #type " changed its size")
#define NUMBER(name, number) _Static_assert((name) == (number), #name " changed")

AT(quern_error, struct_size, 0);
AT(quern_error, status, 4);
AT(quern_error, sys_errno, 8);
AT(quern_error, http_status, 12);
AT(quern_error, flags, 16);
AT(quern_error, reserved, 20);
AT(quern_error, where, 24);
AT(quern_error, message, 280);
SIZE(quern_error, 792);

AT(quern_progress, struct_size, 0);
AT(quern_progress, reserved, 4);
AT(quern_progress, documents_done, 8);
AT(quern_progress, documents_total, 16);
AT(quern_progress, records, 24);
AT(quern_progress, received_bytes, 32);
AT(quern_progress, wait_ms, 40);
AT(quern_progress, current, 48);
AT(quern_progress, unchanged, 56);
AT(quern_progress, not_due, 64);
AT(quern_progress, failed, 72);
AT(quern_progress, unanswered, 80);
SIZE(quern_progress, 88);

AT(quern_host, struct_size, 0);
AT(quern_host, reserved, 4);
AT(quern_host, context, 8);
AT(quern_host, log, 16);
AT(quern_host, is_cancelled, 24);
AT(quern_host, progress, 32);
AT(quern_host, get_extension, 40);
SIZE(quern_host, 48);

AT(quern_option, key, 0);
AT(quern_option, value, 8);
SIZE(quern_option, 16);

AT(quern_bytes, data, 0);
AT(quern_bytes, len, 8);
SIZE(quern_bytes, 16);

AT(quern_split, struct_size, 0);
AT(quern_split, reserved, 4);
AT(quern_split, bytes, 8);
AT(quern_split, documents, 24);
AT(quern_split, bytes_estimate, 32);
AT(quern_split, summary, 40);
SIZE(quern_split, 56);

AT(quern_read, struct_size, 0);
AT(quern_read, column_count, 4);
AT(quern_read, columns, 8);
AT(quern_read, split, 16);
AT(quern_read, state, 32);
SIZE(quern_read, 48);

AT(quern_input, struct_size, 0);
AT(quern_input, reserved, 4);
AT(quern_input, data, 8);
AT(quern_input, len, 16);
AT(quern_input, name, 24);
AT(quern_input, url, 32);
AT(quern_input, media_type, 40);
SIZE(quern_input, 48);

AT(quern_plugin, struct_size, 0);
AT(quern_plugin, abi_major, 4);
AT(quern_plugin, abi_minor, 8);
AT(quern_plugin, reserved, 12);
AT(quern_plugin, name, 16);
AT(quern_plugin, version, 24);
AT(quern_plugin, manifest, 32);
AT(quern_plugin, get_extension, 40);
AT(quern_plugin, source_open, 48);
AT(quern_plugin, source_close, 56);
AT(quern_plugin, source_plan, 64);
AT(quern_plugin, plan_next, 72);
AT(quern_plugin, plan_close, 80);
AT(quern_plugin, reader_open, 88);
AT(quern_plugin, reader_stream, 96);
AT(quern_plugin, reader_state, 104);
AT(quern_plugin, reader_error, 112);
AT(quern_plugin, reader_cancel, 120);
AT(quern_plugin, reader_close, 128);
AT(quern_plugin, convert_open, 136);
AT(quern_plugin, convert_stream, 144);
AT(quern_plugin, convert_cancel, 152);
AT(quern_plugin, convert_close, 160);
AT(quern_plugin, convert_error, 168);
SIZE(quern_plugin, 176);

AT(quern_store, struct_size, 0);
AT(quern_store, reserved, 4);
AT(quern_store, get, 8);
AT(quern_store, put, 16);
AT(quern_store, scan, 24);
SIZE(quern_store, 32);
_Static_assert(QUERN_STORE_KEY_BYTES_MAX == 512, "a limit of quern.store/1");
_Static_assert(QUERN_STORE_VALUE_BYTES_MAX == 1048576, "a limit of quern.store/1");

AT(ArrowSchema, format, 0);
AT(ArrowSchema, name, 8);
AT(ArrowSchema, metadata, 16);
AT(ArrowSchema, flags, 24);
AT(ArrowSchema, n_children, 32);
AT(ArrowSchema, children, 40);
AT(ArrowSchema, dictionary, 48);
AT(ArrowSchema, release, 56);
AT(ArrowSchema, private_data, 64);
SIZE(ArrowSchema, 72);

AT(ArrowArray, length, 0);
AT(ArrowArray, null_count, 8);
AT(ArrowArray, offset, 16);
AT(ArrowArray, n_buffers, 24);
AT(ArrowArray, n_children, 32);
AT(ArrowArray, buffers, 40);
AT(ArrowArray, children, 48);
AT(ArrowArray, dictionary, 56);
AT(ArrowArray, release, 64);
AT(ArrowArray, private_data, 72);
SIZE(ArrowArray, 80);

AT(ArrowArrayStream, get_schema, 0);
AT(ArrowArrayStream, get_next, 8);
AT(ArrowArrayStream, get_last_error, 16);
AT(ArrowArrayStream, release, 24);
AT(ArrowArrayStream, private_data, 32);
SIZE(ArrowArrayStream, 40);

NUMBER(QUERN_OK, 0);
NUMBER(QUERN_INVALID_ARGUMENT, 1);
NUMBER(QUERN_INVALID_STATE, 2);
NUMBER(QUERN_IO, 3);
NUMBER(QUERN_HTTP, 4);
NUMBER(QUERN_TIMEOUT, 5);
NUMBER(QUERN_CANCELLED, 6);
NUMBER(QUERN_CORRUPT, 7);
NUMBER(QUERN_UNSUPPORTED, 8);
NUMBER(QUERN_LIMIT, 9);
NUMBER(QUERN_NO_MEMORY, 10);
NUMBER(QUERN_INTERNAL, 11);
NUMBER(QUERN_ERROR_RETRYABLE, 1);
NUMBER(QUERN_LOG_DEBUG, 0);
NUMBER(QUERN_LOG_INFO, 1);
NUMBER(QUERN_LOG_WARNING, 2);
NUMBER(QUERN_LOG_ERROR, 3);
NUMBER(ARROW_FLAG_NULLABLE, 2);

/* The compiler did the rest; this proves that the library was compiled with the same header. */
#include "loaded.h"

TEST(library_fills_the_table_as_far_as_this_header_knows_it)
{
    struct loaded loaded = loaded_open();
    CHECK_INT(loaded.plugin->struct_size, sizeof(struct quern_plugin));
    CHECK_INT(loaded.plugin->abi_major, QUERN_ABI_MAJOR);
    CHECK_INT(loaded.plugin->abi_minor, QUERN_ABI_MINOR);
    CHECK(loaded.plugin->name && loaded.plugin->version && loaded.plugin->manifest);
    void (*const *functions)(void) =
        (void (*const *)(void))(const void *)&loaded.plugin->get_extension;
    for (int i = 0; i < 16; i++) {
        CHECK(functions[i] != NULL);
    }
    loaded_close(&loaded);
}

TEST_MAIN()
