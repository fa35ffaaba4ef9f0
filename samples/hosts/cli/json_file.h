/* SPDX-License-Identifier: Apache-2.0 */
/* A JSON file that somebody hands to the command: config, catalog, state. Read as a whole; a
 * U+0000 in a text and what is no JSON are errors that name file and place.
 *
 * Not for what the plugin writes: that is lent and handed on as it stands.
 */
#ifndef CLI_JSON_FILE_H
#define CLI_JSON_FILE_H

#include "cli/trouble.h"

#include <jansson.h>

enum { JSON_FILE_BYTES_MAX = 16 << 20 /* as a job file; more inputs belong into input_file */ };

/* An object or an array, which json_decref frees. NULL: trouble tells. `is_ours`: written by people, so
 * that a key that stands twice is a slip; programs on the way write some twice, and the last counts. */
json_t *json_file_read(const char *path, bool is_ours, struct trouble *trouble);

/* "PATH: PLACE: why", TROUBLE_JOB. `place` is dotted, as in options.delay_ms; empty: the whole file.
 * Always false. */
bool json_file_fail(struct trouble *trouble, const char *path, const char *place, const char *why);

/* The value of a string; empty: it is none. Lent by the value. */
span json_file_text(const json_t *value);

/* The member of that name when it is there and not null. Lent; NULL: not given. */
json_t *json_file_find(const json_t *object, const char *key);

#endif
