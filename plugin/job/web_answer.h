/* SPDX-License-Identifier: Apache-2.0 */
/* One document of a web archive, read back: its answers go the way they went when they came
 * (fetch/replay.h), a resource is its content. No network, nothing but the named spans is read. */
#ifndef JOB_WEB_ANSWER_H
#define JOB_WEB_ANSWER_H

#include "fetch/fetch.h"
#include "job/web_archive.h"

struct web_answer {
    str url;                /* that was asked first; of a resource whatever it is called */
    struct fetched fetched; /* its content is the caller's to close */
    bool is_resource;       /* of `fetched` only time, type, charset and content hold */
};

/* OK with out->fetched.fault for whatever is wrong with it; NO_MEMORY, CANCELLED, INTERNAL. `path` with
 * a NUL behind. */
enum status web_answer_open(struct arena *arena, const struct settings *settings,
                            const struct fetch_watch *watch, const char *path, str spans,
                            struct web_answer *out) MUST_CHECK;

#endif
