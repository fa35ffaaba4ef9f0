/* SPDX-License-Identifier: Apache-2.0 */
/* Text as records carry it: NFC, without U+0000 and without the controls that mean nothing. */
#ifndef TEXT_NORMAL_H
#define TEXT_NORMAL_H

#include "base/arena.h"
#include "base/status.h"

struct normal_changes {
    int64_t
        controls_removed; /* U+0000–U+0008, U+000B, U+000E–U+001F, U+007F–U+009F, U+FEFF, non-characters stay */
    bool composed; /* NFC changed something */
};

enum normal_form { NORMAL_FORM_NFC, NORMAL_FORM_NONE };

/* `*out` is `text` itself when nothing had to change (the common case, found by a fast scan), else
 * in the arena. With NONE only U+0000 is taken out, for no record may carry it. Controls are
 * removed, line ends (CR LF, CR, U+0085, U+2028, U+2029) become LF, form feed and vertical tab
 * become LF, tabs stay. OK or NO_MEMORY. Adds to `*changes`. */
enum status normalise(struct arena *arena, str text, enum normal_form form, str *out,
                      struct normal_changes *changes) MUST_CHECK;

#endif
