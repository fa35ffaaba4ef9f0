/* SPDX-License-Identifier: Apache-2.0 */
/* Only the texts: on standard output with a form feed line between them, or a folder of ID.txt.
 * Needs the columns id and text. Records without a text write nothing.
 */
#ifndef CLI_SINK_TEXT_H
#define CLI_SINK_TEXT_H

#include "cli/record_sink.h"

/* NULL: no memory. */
struct record_sink *sink_text_to(int descriptor, const char *name);

/* The folder is made if it is not there (not its parents). */
struct record_sink *sink_text_folder(const char *folder, struct trouble *trouble);

#endif
