/* SPDX-License-Identifier: Apache-2.0 */
#include "page/lines.h"

#include "text/utf8.h"

/* U+200B and U+FEFF show as nothing, but they are no white space: they stay, and are accounted
 * for. */
bool blank_is(uint32_t c)
{
    return c < 0x80 ? ascii_is_space(c) || c == '\v'
                    : c <= 0x3000 && c != 0x200B && code_point_is_space(c);
}

size_t blank_skip(str text, size_t from, size_t to)
{
    const str head = str_slice(text, 0, to);
    while (from < head.len) {
        size_t next = from;
        if (!blank_is(utf8_next(head, &next))) {
            break;
        }
        from = next;
    }
    return from;
}

size_t blank_trim(str text, size_t from, size_t to)
{
    while (to > from) {
        size_t before = to;
        if (!blank_is(utf8_previous(text, &before))) {
            break;
        }
        to = before;
    }
    return to > from ? to : from;
}

str line_text(const struct lines *lines, const struct line *line)
{
    return str_slice(lines->text, line->from, line->to);
}

/* The last run that begins at or before `at`. */
static const struct run *run_find(const struct lines *lines, size_t at)
{
    size_t low = 0;
    size_t high = lines->run_count;
    while (high - low > 1) {
        const size_t middle = low + (high - low) / 2;
        if (lines->runs[middle].at <= at) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return &lines->runs[low];
}

struct span lines_span(const struct lines *lines, size_t from, size_t to)
{
    if (lines->run_count == 0) {
        return (struct span){.start = from, .end = to};
    }
    const struct run *first = run_find(lines, from);
    const struct run *last = to > from ? run_find(lines, to - 1) : first;
    return (struct span){
        .start = first->exact ? first->src_start + (from - first->at) : first->src_start,
        .end = last->exact ? last->src_start + (to - last->at) : last->src_end,
    };
}

enum status line_cut(const struct lines *lines, struct line *line, size_t to,
                     struct verdict verdict)
{
    struct cut *cut = ARENA_NEW(lines->arena, struct cut);
    if (!cut) {
        return STATUS_NO_MEMORY;
    }
    cut->to = to;
    cut->verdict = verdict;
    if (line->last_cut) {
        line->last_cut->next = cut;
    } else {
        line->first_cut = cut;
    }
    line->last_cut = cut;
    return STATUS_OK;
}

static bool ends_line(char c)
{
    return c == '\n' || c == '\r' || c == '\f' || c == '\v';
}

static size_t line_end(str text, size_t from)
{
    while (from < text.len && !ends_line(text.ptr[from])) {
        from++;
    }
    return from;
}

enum status lines_read_text(struct arena *arena, str text, struct lines *out)
{
    *out = (struct lines){.arena = arena, .text = text, .source_len = text.len};
    size_t capacity = 1;
    for (size_t at = 0; at < text.len; at++) {
        capacity += ends_line(text.ptr[at]);
    }
    out->items =
        text.len <= LINES_TEXT_BYTES_MAX ? ARENA_ARRAY(arena, capacity, struct line) : NULL;
    if (!out->items) {
        return STATUS_NO_MEMORY;
    }
    for (size_t at = 0; at < text.len; at++) {
        const size_t end = line_end(text, at);
        const size_t from = blank_skip(text, at, end);
        const size_t to = blank_trim(text, from, end);
        if (from < to) {
            out->items[out->count++] = (struct line){.from = (uint32_t)from,
                                                     .to = (uint32_t)to,
                                                     .verdict = VERDICT_BODY,
                                                     .kind = BLOCK_paragraph,
                                                     .join = JOIN_BLOCK};
        }
        at = end;
    }
    return STATUS_OK;
}
