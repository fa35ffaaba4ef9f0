/* SPDX-License-Identifier: Apache-2.0 */
/* What becomes of a document or container: the verdict, and why its content is not whole. */
#ifndef JOB_OUTCOME_H
#define JOB_OUTCOME_H

#include "job/containers.h"

/* `status`: how the conversion ended; `seen_text`: some of it came out. */
struct outcome outcome_of_document(const struct found *found, const struct document *document,
                                   enum status status, bool seen_text);

/* Of one whose members are all through. */
struct outcome outcome_of_container(const struct container_level *level);

#endif
