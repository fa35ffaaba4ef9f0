/* SPDX-License-Identifier: Apache-2.0 */
/* What a plan was given, in order: the items of the option `input`, then the lines of `input_file` or
 * the addresses of the sitemap or feed that it is.
 *
 *   inputs_next_url     "https://…"       first pass: URLs alone, since one web host's may stand
 *                                         anywhere in the list
 *   inputs_next_target  "/data"           second pass: the rest, folders walked and web archives read
 *                       "keep:/kept"      as they come up; a URL that cannot be read is a target that
 *                       "warc:/a.warc"    says so
 *                       "file:///a%20b"
 */
#ifndef JOB_INPUTS_H
#define JOB_INPUTS_H

#include "base/blob.h"
#include "base/settings.h"
#include "job/target.h"
#include "job/walk.h"
#include "job/web_archive.h"

/* What a local input's files are. */
enum input_kind { INPUT_FILES, INPUT_KEPT, INPUT_ARCHIVES };

struct inputs {
    const struct settings *settings; /* lent, and so are both arenas */
    struct arena *arena;             /* as long as the inputs */
    struct arena *scratch;           /* of the targets given out, which last until it is reset */
    struct blob *list;               /* settings->input_file */
    bytes list_lines;                /* what it says, an input a line */
    size_t list_at;
    size_t next_input;
    size_t local_count; /* inputs that are no URL: one alone names its files relative to itself */
    struct walk *walk;
    enum input_kind walk_kind;
    struct web_archive *archive; /* whose documents come next; NULL: none is open */
    bytes archive_path;
    bytes archive_name;
};

/* All but OK: the fault tells, except of NO_MEMORY. inputs_close in any case. */
enum status inputs_open(struct inputs *inputs, const struct settings *settings, struct arena *arena,
                        struct arena *scratch, struct fault *fault) MUST_CHECK;

/* The next that is meant as a URL, as it was given. False at the end; from then on inputs_next_target
 * tells the others. */
bool inputs_next_url(struct inputs *inputs, str *out);

/* The next document, in scratch. OK with *found false: there is none. NO_MEMORY. */
enum status inputs_next_target(struct inputs *inputs, bool *found, struct target *out) MUST_CHECK;

void inputs_close(struct inputs *inputs);

#endif
