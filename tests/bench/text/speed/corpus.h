/* SPDX-License-Identifier: Apache-2.0 */
/* Text to measure decoders with, that never repeats a line: characters drawn by how often they
 * stand in a Wikipedia (charcounts), as dense paragraphs or in the place of the words of real pages.
 * It is not language: only how often characters, marks and markup alternate is as in texts. */
#ifndef SPEED_CORPUS_H
#define SPEED_CORPUS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

enum speed_language { SPEED_HANS, SPEED_HANT, SPEED_JAPANESE, SPEED_KOREAN, SPEED_LANGUAGES };

/* UTF-16 units, all of the basic plane, as the machine orders them. */
struct corpus {
    uint16_t *unit;
    size_t count;
};

/* `folder` holds NAME.counts. NULL units: it could not be read, said on stderr. */
struct corpus corpus_dense(const char *folder, enum speed_language language, size_t count);

/* `list` names one page a line: tags and marks stay, words become characters. A feed has no
 * scripts, styles and comments and only the beginning of a long tag. */
struct corpus corpus_web(const char *folder, enum speed_language language, bool feed,
                         const char *list, size_t count);

/* What stands in `encoding` (a name iconv knows); characters it lacks are left out. */
uint8_t *corpus_encode(const struct corpus *corpus, const char *encoding, size_t *len);

#endif
