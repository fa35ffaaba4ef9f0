/* SPDX-License-Identifier: Apache-2.0 */
/* A bounded share of a content, for detection: its start, and windows spread over the rest. */
#ifndef TEXT_SAMPLE_H
#define TEXT_SAMPLE_H

#include "base/str.h"

enum { SAMPLE_START_BYTES = 16 * 1024, SAMPLE_WINDOW_BYTES = 1024, SAMPLE_WINDOWS = 8 };

struct sample {
    bytes slices[SAMPLE_WINDOWS + 1];
    size_t count;
};

/* The content as it stands. Windows begin at multiples of 4, for UTF-16 and UTF-32. */
struct sample sample_of(bytes content);

/* The same amount where there are high bytes, however far apart they are; none: the content is
 * ASCII. No slice but the first begins inside a character. */
struct sample sample_high_bytes(bytes content);

#endif
