/* SPDX-License-Identifier: Apache-2.0 */
/* A sink in front of the normaliser: text that was misread is put right (text/repair.h).
 *
 *   text "caf" ─ text "Ã" ─ text "©" ─ close   ──►   text "caf" ─ text "é" ─ close
 *
 * Text that cannot be mojibake passes as it is. What may be is gathered, for a character may be
 * split between two pieces, and leaves in one piece whose range covers all it was made of.
 */
#ifndef JOB_REPAIRER_H
#define JOB_REPAIRER_H

#include "base/document.h"
#include "base/sink.h"
#include "base/vector.h"
#include "text/repair.h"

struct repairer {
    struct sink sink; /* first: formats speak to this, unless the option `repair` is off */
    struct sink *next;
    struct document *document; /* notes and counts; scratch from its arena */
    struct vector gathered;    /* char */
    struct span span;          /* of what is gathered */
};

/* For one document; keeps its buffer from the last one. */
void repairer_begin(struct repairer *repairer, struct sink *next, struct document *document);
void repairer_release(struct repairer *repairer);

#endif
