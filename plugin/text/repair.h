/* SPDX-License-Identifier: Apache-2.0 */
/* Mojibake, put right where it is certain: text whose bytes were read in a wrong encoding.
 *
 *   text ──(back to bytes: the wrong encoding)──► bytes ──(the right one, strictly)──► text
 *
 *   ÖÐÎÄ → 中文    GBK, Big5, Shift_JIS, EUC-KR, EUC-JP taken for Latin-1, windows-125x, CP437
 *   cafÃ© → café   UTF-8 taken for windows-125x, ISO-8859-2, Macintosh, CP437; several times over
 *   浣犲ソ → 你好   UTF-8 taken for GBK, where no byte was lost on the way
 *   譌･譛ｬ → 日本   UTF-8 taken for Shift_JIS; likewise
 *
 * Certain is what inverts exactly, byte for byte, and reads better (text/repair_cost.h): by two nats
 * for each character that changes, on the average of a line, by REPAIR_NATS in all of it, and no
 * single place of it worse. So a name of two characters may stay as it is, and text about mojibake
 * is repaired like any other. A byte that was lost before (U+FFFD) stays lost: beside what is
 * repaired, the rest of its character goes with it.
 * 锟斤拷 is what is left of two characters that were lost; it is counted and left.
 */
#ifndef TEXT_REPAIR_H
#define TEXT_REPAIR_H

#include "base/arena.h"
#include "base/status.h"

/* What a repair must gain, in nats: for each character that changes, and in all of a line; for
 * ideographs more, as any two bytes are one. Half of that where a repair before it showed that the
 * line was misread. */
static const double REPAIR_NATS_PER_CHARACTER = 2;
static const double REPAIR_NATS = 7;
static const double REPAIR_NATS_CJK = 11;

/* Counts; `_first`: the offset in the text, where the count is not 0. */
struct repair_changes {
    int64_t repaired; /* code points of the text that are others now */
    size_t repaired_first;
    int64_t lost; /* characters of which 锟斤拷 or a repaired U+FFFD is left */
    size_t lost_first;
    int64_t filled; /* 烫烫烫 and 屯屯屯: memory that nobody wrote to */
    size_t filled_first;
};

/* `*out` is `text` itself where nothing changed, else in the arena. Adds to `*changes`, whose
 * firsts are set when a count leaves 0. Linear. OK or NO_MEMORY. [any thread] */
enum status repair(struct arena *arena, str text, str *out,
                   struct repair_changes *changes) MUST_CHECK;

/* The first place from `from` on that may need repair or counting; the text's length: none. Clean
 * text passes at the speed of memory. [any thread] */
size_t repair_find(str text, size_t from);

#endif
