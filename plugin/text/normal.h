/* SPDX-License-Identifier: Apache-2.0 */
/* Text as records carry it: one normal form, no controls, no invisible characters but where a
 * script needs them.
 *
 *   text   plain……… │e ◌́│ plain……… │a NUL ◌́│ plain        plain: found by the scan (normal_scan.h)
 *   out    plain……… │ é │ plain……… │   á   │ plain        spans between: rewritten (normal_span.h)
 *
 * What goes, what changes and what stays:
 * - Controls (C0 but tab and line ends, DEL, C1) go. CR LF, CR, VT, FF, U+0085, U+2028, U+2029 are LF.
 * - Zero-width characters and U+FEFF go, except: U+200C and U+200D beside a letter of a script that
 *   joins or stacks (Arabic, Syriac, Mongolian, the Indic ones), U+180E there too, U+200D between
 *   two pictographs, U+200B beside a letter of a script without spaces (Thai, Lao, Khmer, Myanmar…).
 *   No more than three joiners stay in a row, and one separator.
 * - Tag characters go, except a subdivision's code behind U+1F3F4 that ends in U+E007F: a flag.
 * - Soft hyphens go; at a line's end, where a reader saw one, it is a hyphen.
 * - Private use stays, but at a line's beginning the codes that Symbol and Wingdings have for the
 *   usual bullets are these bullets: text that lost its font still is a list.
 * - U+FFFD, non-characters and marks of direction stay; they are counted.
 * - fold_width: full-width letters, digits and signs are ASCII; ！（），：；？［］｛｝～ stay.
 * Nothing is ever put between two characters, no space either.
 */
#ifndef TEXT_NORMAL_H
#define TEXT_NORMAL_H

#include "base/arena.h"
#include "base/status.h"

enum normal_form {
    NORMAL_FORM_NFC,
    NORMAL_FORM_NFC_KEEP_COMPAT, /* NFC, but CJK compatibility ideographs stay what they are */
    NORMAL_FORM_NFKC,
    NORMAL_FORM_NONE /* nothing changes but U+0000, which goes, for no record may carry it */
};

struct normal_rules {
    enum normal_form form;
    bool fold_width; /* with NONE nothing is folded */
};

/* What is counted. Those that say "kept" are no changes. */
#define NORMAL_CHANGE_LIST(X)                                                                      \
    X(control_removed)                                                                             \
    X(normalised) /* places that the normal form changed */                                        \
    X(line_end_changed)                                                                            \
    X(invisible_removed)                                                                           \
    X(tag_removed)                                                                                 \
    X(soft_hyphen_removed)                                                                         \
    X(width_folded)                                                                                \
    X(bullet_mapped)                                                                               \
    X(private_use_kept)                                                                            \
    X(replacement_kept)                                                                            \
    X(noncharacter_kept)                                                                           \
    X(direction_kept)

enum normal_change {
#define X(name) NORMAL_##name,
    NORMAL_CHANGE_LIST(X)
#undef X
        NORMAL_CHANGE_COUNT
};

struct normal_changes {
    int64_t count[NORMAL_CHANGE_COUNT];
    size_t first[NORMAL_CHANGE_COUNT]; /* byte offset in the text, where count is not 0 */
};

/* "nfc", "nfc-keep-compat", "nfkc", "none"; false: no such form. */
bool normal_form_find(str name, enum normal_form *out);

/* `*out` is `text` itself when nothing had to change (the common case), else in the arena. Doing it
 * again changes nothing. OK or NO_MEMORY. Adds to `*changes`. */
enum status normalise(struct arena *arena, str text, struct normal_rules rules, str *out,
                      struct normal_changes *changes) MUST_CHECK;

/* The last offset in (0, len) at which text may be cut so that its parts, each normalised, are the
 * whole normalised, whatever follows; 0: there is none. Looks at the last `reach` bytes only. */
size_t normal_cut(str text, size_t reach);

#endif
