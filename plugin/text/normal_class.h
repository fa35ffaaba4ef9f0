/* SPDX-License-Identifier: Apache-2.0 */
/* What every code point is to text/normal: one class each, from a generated table. Code points are
 * those of a str, at most U+10FFFF. */
#ifndef TEXT_NORMAL_CLASS_H
#define TEXT_NORMAL_CLASS_H

#include "base/str.h"
#include "text/normal.h"

/* In the order of tables/generate_normal.py. From full width on they are what normal forms may
 * change; of these, a *_START is one that never joins what stands before it, nor does what becomes
 * of it. */
enum normal_class {
    CLASS_PLAIN,        /* nothing here concerns it, and it never joins what stands before it */
    CLASS_CONTROL,      /* C0, DEL and C1 without tab and line ends */
    CLASS_LINE,         /* line ends other than LF */
    CLASS_INVISIBLE,    /* U+2060 to U+2064, U+206A to U+206F, U+FEFF */
    CLASS_JOINER,       /* U+200C, U+200D, U+180E */
    CLASS_SEPARATOR,    /* U+200B */
    CLASS_TAG,          /* U+E0000 to U+E007F */
    CLASS_SOFT_HYPHEN,  /* U+00AD */
    CLASS_PRIVATE,      /* private use */
    CLASS_REPLACEMENT,  /* U+FFFD */
    CLASS_NONCHARACTER, /* U+FDD0 to U+FDEF, U+xFFFE, U+xFFFF */
    CLASS_DIRECTION,    /* U+061C, U+200E, U+200F, U+202A to U+202E, U+2066 to U+2069 */
    CLASS_FULL_WIDTH,   /* full-width ASCII that is no CJK punctuation */
    CLASS_COMPATIBILITY_IDEOGRAPH, /* those of them that NFC changes */
    CLASS_MARK,                    /* joins nothing, but may have to stand before another mark */
    CLASS_MAYBE,                   /* may join what stands before it; mostly a mark, too */
    CLASS_DIRTY,                   /* NFC changes it */
    CLASS_DIRTY_START,
    CLASS_COMPATIBLE, /* only NFKC changes it */
    CLASS_COMPATIBLE_START
};

#define CLASS_BIT(name) (1u << CLASS_##name)

enum {
    /* Those that a zero-width run is made of: most of them go. */
    CLASSES_ZERO_WIDTH = CLASS_BIT(CONTROL) | CLASS_BIT(INVISIBLE) | CLASS_BIT(JOINER) |
                         CLASS_BIT(SEPARATOR) | CLASS_BIT(TAG) | CLASS_BIT(SOFT_HYPHEN),
    /* Those whose neighbour before decides whether anything happens to them. */
    CLASSES_BEHIND = CLASS_BIT(MARK) | CLASS_BIT(MAYBE),
    /* Those that text may be cut before without changing what becomes of either part. */
    CLASSES_START = CLASS_BIT(PRIVATE) | CLASS_BIT(REPLACEMENT) | CLASS_BIT(NONCHARACTER) |
                    CLASS_BIT(FULL_WIDTH) | CLASS_BIT(COMPATIBILITY_IDEOGRAPH) |
                    CLASS_BIT(DIRTY_START) | CLASS_BIT(COMPATIBLE_START)
};

enum { NORMAL_CLASS_BLOCK = 128 };
extern const uint8_t normal_class_index[0x110000 / NORMAL_CLASS_BLOCK];
extern const uint8_t normal_class_blocks[][NORMAL_CLASS_BLOCK];

static inline enum normal_class normal_class_of(uint32_t code_point)
{
    const uint8_t block = normal_class_index[code_point / NORMAL_CLASS_BLOCK];
    return (enum normal_class)normal_class_blocks[block][code_point % NORMAL_CLASS_BLOCK];
}

static inline bool normal_class_is_among(enum normal_class class, uint32_t classes)
{
    return classes >> class & 1;
}

/* The length and the code point of the character at `at`, which must be inside the text; only for
 * str, as utf8_next, but part of the loop that calls it. */
static inline size_t normal_character_at(str text, size_t at, uint32_t *out)
{
    const uint8_t *const b = (const uint8_t *)text.ptr + at;
    const size_t left = text.len - at;
    if (b[0] < 0x80 || left < 2) {
        *out = b[0];
        return 1;
    }
    if (b[0] < 0xE0 || left < 3) {
        *out = (b[0] & 0x1Fu) << 6 | (b[1] & 0x3Fu);
        return 2;
    }
    if (b[0] < 0xF0 || left < 4) {
        *out = (b[0] & 0x0Fu) << 12 | (b[1] & 0x3Fu) << 6 | (b[2] & 0x3Fu);
        return 3;
    }
    const uint32_t c =
        (b[0] & 0x07u) << 18 | (b[1] & 0x3Fu) << 12 | (b[2] & 0x3Fu) << 6 | (b[3] & 0x3Fu);
    *out = c <= 0x10FFFF ? c : 0xFFFD; /* only a str that is none has such a one */
    return 4;
}

/* Bits of the classes that are not plain under these rules. */
uint32_t normal_stops(struct normal_rules rules);

bool normal_is_joining(uint32_t code_point);  /* of a script that U+200C and U+200D serve */
bool normal_is_unspaced(uint32_t code_point); /* of a script without spaces: U+200B separates */
bool normal_is_pictograph(uint32_t code_point);
/* What may stand between a pictograph and U+200D: variation selector, skin tone, keycap. */
bool normal_is_emoji_extender(uint32_t code_point);

#endif
