/* SPDX-License-Identifier: Apache-2.0 */
/* Only the texts, plain or as Markdown: on standard output with a line between them (a form feed, or
 * a thematic break), or a folder of ID.txt or ID.md. Records without a text write nothing.
 */
#ifndef CLI_SINK_TEXT_H
#define CLI_SINK_TEXT_H

#include "cli/record_sink.h"

enum text_form { TEXT_PLAIN, TEXT_MARKDOWN };

/* The two columns that the form needs. */
enum { TEXT_COLUMNS = 2 };
const char *const *sink_text_columns(enum text_form form);

/* NULL: no memory. */
struct record_sink *sink_text_to(int descriptor, const char *name, enum text_form form);

/* The folder is made if it is not there (not its parents). */
struct record_sink *sink_text_folder(const char *folder, enum text_form form,
                                     struct trouble *trouble);

#endif
