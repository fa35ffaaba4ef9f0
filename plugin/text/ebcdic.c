/* SPDX-License-Identifier: Apache-2.0 */
#include "text/ebcdic.h"

#include "text/charset_table.h"
#include "text/coder.h"
#include "text/letters.h"

enum { READ_BYTES = 512, SPACES_PER_BYTES = 30 };
/* ln 256 is a byte that may be any; words cost about half of it. */
static const double COST_ANY = 5.545;
static const double SHARE_MAX = 0.6;

/* The common ones first: they differ in a few signs. */
static const char *const labels[] = {"ibm037", "ibm500",  "ibm1047", "ibm1140",
                                     "ibm273", "ibm1026", "ibm424"};

static double cost_in(bytes head, const struct charset *charset, double enough)
{
    sign text[READ_BYTES];
    struct coder_mode mode = {0};
    size_t len = 0;
    double best = enough;
    for (size_t at = 0; at < head.len;) {
        const struct step step = charset->coder->step(head, at, &mode, charset->upper_half);
        const bool is_control = step.first < 0x20 && !ascii_is_space(step.first);
        text[len++] = step.is_error || is_control ? sign_undefined : sign_of(step.first);
        at += step.len;
    }
    for (unsigned i = 0; i < LETTERS_COUNT; i++) {
        struct letters_model model;
        letters_prepare(&model, (enum letters)i);
        const double cost = letters_cost(&model, text, len, best);
        best = cost < best ? cost : best;
    }
    return best;
}

bool ebcdic_is_likely(const bytes *slices, size_t count)
{
    size_t spaces = 0;
    size_t ascii_spaces = 0;
    for (size_t i = 0; i < count; i++) {
        for (size_t at = 0; at < slices[i].len; at++) {
            spaces += slices[i].ptr[at] == 0x40;
            ascii_spaces += slices[i].ptr[at] == ' ' || slices[i].ptr[at] == '\n';
        }
    }
    return spaces > ascii_spaces || (!spaces && !ascii_spaces);
}

const struct charset *ebcdic_detect(bytes content)
{
    const bytes head = bytes_slice(content, 0, READ_BYTES);
    double best = SHARE_MAX * COST_ANY * (double)head.len;
    const struct charset *found = NULL;
    size_t spaces = 0;
    for (size_t i = 0; i < head.len; i++) {
        spaces += head.ptr[i] == 0x40;
    }
    if (spaces * SPACES_PER_BYTES < head.len) {
        return NULL;
    }
    for (size_t i = 0; i < sizeof labels / sizeof labels[0]; i++) {
        const struct charset *const charset = charset_find(str_bytes(str_of(labels[i])));
        const double cost = charset ? cost_in(head, charset, best) : best;
        if (cost < best) {
            best = cost;
            found = charset;
        }
    }
    return found;
}
