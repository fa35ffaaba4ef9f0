/* SPDX-License-Identifier: Apache-2.0 */
/* The golden inputs: every file of tests/golden/FORMAT/ and every folder in it.
 *
 *   page.html          the content
 *   page.html.json     the rows it becomes
 *   page.html.with     optional: what was said of it from outside, a line each: `url=…`, `name=…`,
 *                      `media_type=…`, and any option of the plugin (`charset=big5`)
 *   report.docx/       a folder: the members of a ZIP file, `mimetype` first, the rest by name
 */
#ifndef HARNESS_INPUTS_H
#define HARNESS_INPUTS_H

#include "base/str.h"
#include "quern/plugin.h"

#include <stdio.h>

enum { INPUT_OPTIONS_MAX = 16 };

struct input {
    char path[1024]; /* tests/golden/html/page.html */
    uint8_t *data;
    size_t len;
    char *with; /* the .with file, cut into strings that `about` and `options` point to */
    struct quern_input about;
    struct quern_option options[INPUT_OPTIONS_MAX];
    size_t option_count;
};

/* Calls `each` for every input of a folder, by name; false: the folder cannot be read, or has no
 * input. `input` is lent for the call. */
bool inputs_each(const char *folder, void (*each)(void *context, struct input *input),
                 void *context);

/* One input by its path; false: it cannot be read (told on stderr). */
bool input_load(struct input *input, const char *path);
void input_release(struct input *input);

/* Converts `data` as the golden input `input` says; rows as in rows.h. What the open calls
 * answered: enum quern_status. */
struct rows;
int32_t input_convert(const struct input *input, const uint8_t *data, size_t len,
                      const struct quern_host *host, struct rows *rows);

#endif
