/* SPDX-License-Identifier: Apache-2.0 */
/* Runs of characters that are not seen: what of them does something for the text beside them stays.
 *
 * What decides are the characters beside the run that are seen, marks left out, and what the run
 * holds as a whole: taking the rest out changes neither, so doing it again changes nothing. */
#include "text/normal_span.h"
#include "text/utf8.h"

#include <utf8proc.h>

enum {
    JOINERS_MAX = 3,   /* U+200D U+200C U+200D: joined, but no ligature */
    FLAG_TAGS_MIN = 4, /* two letters, one to four letters or digits, and the end */
    FLAG_TAGS_MAX = 7,
    FORMED_MAX = 32
};

enum {
    ZERO_WIDTH_JOINER = 0x200D,
    BLACK_FLAG = 0x1F3F4,
    TAG_FIRST = 0xE0000,
    TAG_END = 0x7F /* behind TAG_FIRST */
};

struct run {
    size_t start;
    size_t end;
    uint32_t before; /* 0: nothing */
    uint32_t after;  /* 0: nothing, or a mark */
    size_t joiner_count;
    uint32_t joiner; /* the last */
    size_t tag_count;
    char tags[FLAG_TAGS_MAX];
    bool keeps_joiners;
    bool keeps_separator; /* the first */
    bool keeps_tags;
    bool breaks_line;    /* a line ends behind it */
    bool shows_a_hyphen; /* a soft one, at a line's end */
};

/* The first or last character, no mark, of what NFKC makes of it: what will stand there. */
static uint32_t formed_side(const struct span_rewriter *rewriter, uint32_t c, bool first)
{
    int32_t formed[FORMED_MAX];
    int boundary = 0;
    if (rewriter->rules.form != NORMAL_FORM_NFKC || c == 0) {
        return c;
    }
    const utf8proc_ssize_t count =
        utf8proc_decompose_char((utf8proc_int32_t)c, formed, FORMED_MAX,
                                UTF8PROC_STABLE | UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT, &boundary);
    if (count < 1 || count > FORMED_MAX) {
        return c;
    }
    utf8proc_ssize_t at = first ? 0 : count - 1;
    while (at && code_point_is_mark((uint32_t)formed[at])) {
        at--;
    }
    return (uint32_t)formed[at];
}

static struct run run_at(const struct span_rewriter *rewriter, size_t start)
{
    const str text = rewriter->text;
    struct run run = {.start = start, .end = start};
    while (run.end < text.len) {
        size_t next = run.end;
        const uint32_t c = utf8_next(text, &next);
        const enum normal_class class = normal_class_of(c);
        if (!normal_class_is_among(class, CLASSES_ZERO_WIDTH)) {
            run.breaks_line = c == '\n' || class == CLASS_LINE;
            run.after = code_point_is_mark(c) ? 0 : c;
            break;
        }
        if (class == CLASS_JOINER) {
            run.joiner_count++;
            run.joiner = c;
        } else if (class == CLASS_TAG && run.tag_count++ < FLAG_TAGS_MAX) {
            run.tags[run.tag_count - 1] = (char)(c - TAG_FIRST);
        }
        run.end = next;
    }
    return run;
}

/* Unicode Technical Standard 51: a subdivision's flag is U+1F3F4, its code in tags, the end tag. */
static bool is_flag(const struct run *run)
{
    if (run->before != BLACK_FLAG || run->tag_count < FLAG_TAGS_MIN ||
        run->tag_count > FLAG_TAGS_MAX || run->tags[run->tag_count - 1] != TAG_END) {
        return false;
    }
    for (size_t i = 0; i + 1 < run->tag_count; i++) {
        const char c = run->tags[i];
        if (!(c >= 'a' && c <= 'z') && (i < 2 || !ascii_is_digit((uint32_t)c))) {
            return false;
        }
    }
    return true;
}

static bool joins_pictographs(const struct run *run)
{
    return run->joiner_count == 1 && run->joiner == ZERO_WIDTH_JOINER &&
           normal_is_pictograph(run->after) &&
           (normal_is_pictograph(run->before) || normal_is_emoji_extender(run->before));
}

static void judge(const struct span_rewriter *rewriter, struct run *run)
{
    run->before = formed_side(rewriter, rewriter->before, false);
    run->after = formed_side(rewriter, run->after, true);
    run->keeps_joiners =
        run->joiner_count && run->joiner_count <= JOINERS_MAX &&
        (normal_is_joining(run->before) || normal_is_joining(run->after) || joins_pictographs(run));
    run->keeps_separator = normal_is_unspaced(run->before) || normal_is_unspaced(run->after);
    run->keeps_tags = is_flag(run);
}

static bool is_kept(struct span_rewriter *rewriter, struct run *run, uint32_t c, size_t at)
{
    const enum normal_class class = normal_class_of(c);
    if (class == CLASS_JOINER && run->keeps_joiners) {
        return true;
    }
    if (class == CLASS_SEPARATOR && run->keeps_separator) {
        run->keeps_separator = false;
        return true;
    }
    if (class == CLASS_TAG) {
        if (run->keeps_tags) {
            return true;
        }
        normal_change_count(rewriter, NORMAL_tag_removed, at);
    } else if (class == CLASS_SOFT_HYPHEN) {
        normal_change_count(rewriter, NORMAL_soft_hyphen_removed, at);
        run->shows_a_hyphen = run->breaks_line && run->before > ' ' && run->before != '-';
    } else {
        normal_change_count(
            rewriter, class == CLASS_CONTROL ? NORMAL_control_removed : NORMAL_invisible_removed,
            at);
    }
    return false;
}

/* The hyphen that a soft one stood for is written where a line ends behind it: only there was it
 * seen. It stands behind all that stays of the run, which so keeps its neighbour. */
enum status zero_width_rewrite(struct span_rewriter *rewriter, size_t *at, bool *changed)
{
    struct run run = run_at(rewriter, *at);
    judge(rewriter, &run);
    while (*at < run.end) {
        const size_t here = *at;
        const uint32_t c = utf8_next(rewriter->text, at);
        if (!is_kept(rewriter, &run, c, here)) {
            *changed = true;
        } else if (!points_add(&rewriter->kept, rewriter->arena, c)) {
            return STATUS_NO_MEMORY;
        }
    }
    if (run.shows_a_hyphen && !points_add(&rewriter->kept, rewriter->arena, '-')) {
        return STATUS_NO_MEMORY;
    }
    return STATUS_OK;
}
