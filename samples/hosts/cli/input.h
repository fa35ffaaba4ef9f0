/* SPDX-License-Identifier: Apache-2.0 */
/* Inputs as people name them: files, folders, URLs, keep:FOLDER, warc:PATH.
 */
#ifndef CLI_INPUT_H
#define CLI_INPUT_H

#include "cli/trouble.h"

/* Of a web host, as the plugin sees it: in any case, with however many slashes. */
bool input_is_web(span input);

/* What is named here and is not there is a slip, to be told before anything is begun. */
bool input_check(const char *input, struct trouble *trouble);

#endif
