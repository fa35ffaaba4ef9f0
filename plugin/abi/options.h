/* SPDX-License-Identifier: Apache-2.0 */
/* Options as a host gives them become struct settings, or an error that names the one that is
 * wrong and says what is allowed. base/options.def is the list; nothing else is taken.
 *
 * No error repeats a value: it may be a secret that was put in the wrong place, or a URL with a
 * password in it. The caller knows what it wrote.
 */
#ifndef ABI_OPTIONS_H
#define ABI_OPTIONS_H

#include "abi/error.h"
#include "base/arena.h"
#include "base/settings.h"
#include "quern/plugin.h"

enum {
    OPTION_COUNT_MAX = 1 << 20,          /* given in one call: a host may pass each input singly */
    OPTION_KEY_BYTES_MAX = 64,           /* longer than any key there is */
    OPTION_VALUE_BYTES_MAX = 64 * 1024,  /* one string; no path, URL or header is longer */
    OPTION_LIST_BYTES_MAX = 64 << 20,    /* a JSON array: a million URLs of usual length */
    OPTION_LIST_ITEMS_MAX = 1 << 20,     /* of one list; more belong into input_file */
    OPTION_MEMORY_BYTES_MAX = 512 << 20, /* all of a source's options, with their growth */
};

/* QUERN_OK with every member of *out set, texts living in `arena`; else what quern_error says.
 * [any thread] */
int32_t options_read(const struct quern_option *options, size_t count, struct arena *arena,
                     struct settings *out, struct quern_error *error);

#endif
