/* SPDX-License-Identifier: Apache-2.0 */
/* How far is text certainly what it should be? Most text is, to its end.
 *
 * Where the machine can, 16 or 32 bytes are asked at once: half bytes of a lead byte and of the one
 * or two behind it are looked up in small tables. Of what these suspect, a closer look lets marks
 * pass that stand behind what is not suspected; what is left is looked up in full (normal_class.h)
 * with the character before it. No other character of those bytes is read. */
#ifndef TEXT_NORMAL_SCAN_H
#define TEXT_NORMAL_SCAN_H

#include "text/normal.h"

struct normal_scan {
    uint32_t stops; /* bits of the classes that stop it; CLASSES_BEHIND only where they must */
    const uint8_t (*tables)[16];
    bool looks_closer; /* of NFKC there are no closer tables */
};

struct normal_scan normal_scan_of(struct normal_rules rules);

/* How many bytes are asked at once. */
enum normal_scan_width { NORMAL_SCAN_1, NORMAL_SCAN_16, NORMAL_SCAN_32 };
enum normal_scan_width normal_scan_widest(void);

/* The offset of the first character at or behind `at`, where one begins, that stops the scan; the
 * text's length: none does. `width` is at most the widest that the machine has. */
size_t normal_scan_next(const struct normal_scan *scan, str text, size_t at,
                        enum normal_scan_width width);

#endif
