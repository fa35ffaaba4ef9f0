/* SPDX-License-Identifier: Apache-2.0 */
/* robots.txt of any bytes: the first line is the crawler's name, the second a path, the rest the
 * file. The rule that is named stands in the file where it says, the verdict is the rule's, a path
 * spelt again is judged the same, and a file of both halves is no longer than its limit. */
#include "fuzz.h"

#include "base/buf.h"
#include "fetch/robots.h"
#include "text/utf8.h"

/* Is `part` inside `whole`? */
static bool lies_in(bytes part, bytes whole)
{
    return part.ptr >= whole.ptr && part.ptr + part.len <= whole.ptr + whole.len;
}

static void check_lines(const struct robots_line *first, bytes content)
{
    size_t before = 0;
    for (const struct robots_line *line = first; line; line = line->next) {
        MUST(line->line > before && line->value.len && lies_in(line->value, content));
        MUST(lies_in(line->name, content));
        before = line->line;
    }
}

static void check_rules(const struct robots *robots, bytes content)
{
    size_t before = 0;
    for (const struct robots_rule *rule = robots->rules; rule; rule = rule->next) {
        MUST(rule->line > before && rule->text.len && lies_in(rule->text, content));
        MUST(rule->pattern.octets > 0);
        before = rule->line;
    }
}

/* Each character that may be decoded is the same path encoded. */
static void check_spelling(const struct robots *robots, struct arena *arena, str path,
                           struct robots_verdict verdict)
{
    static const char digits[] = "0123456789abcdef";
    struct robots_verdict again;
    struct buf spelt;
    buf_init(&spelt, arena, 1 << 20);
    for (size_t i = 0; i < path.len; i++) {
        const uint8_t c = (uint8_t)path.ptr[i];
        if (ascii_is_letter(c) && (i < 1 || path.ptr[i - 1] != '%') &&
            (i < 2 || path.ptr[i - 2] != '%')) {
            buf_add_byte(&spelt, '%');
            buf_add_byte(&spelt, (uint8_t)digits[c >> 4]);
            buf_add_byte(&spelt, (uint8_t)digits[c & 15]);
        } else {
            buf_add_byte(&spelt, c);
        }
    }
    if (buf_failed(&spelt) || verdict.is_costly || str_equal(path, STR("/robots.txt")) ||
        robots_judge(robots, arena, buf_str(&spelt), &again) != STATUS_OK || again.is_costly) {
        return;
    }
    MUST(again.rule == verdict.rule && again.allowed == verdict.allowed);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct robots robots;
    struct robots_verdict verdict;
    const str all = {.ptr = (const char *)data, .len = size};
    const size_t first = str_find_byte(all, '\n', 0);
    const size_t second = first == SIZE_MAX ? SIZE_MAX : str_find_byte(all, '\n', first + 1);
    if (second == SIZE_MAX) {
        return 0;
    }
    const str path = str_slice(all, first + 1, second);
    const bytes content = bytes_slice((bytes){.ptr = data, .len = size}, second + 1, size);
    arena_init(&arena, 64 << 20);
    if (robots_parse(&arena, content, robots_token(str_slice(all, 0, first)), &robots) ==
        STATUS_OK) {
        check_rules(&robots, content);
        check_lines(robots.signals, content);
        check_lines(robots.sitemaps, content);
        MUST(robots.delay_ms >= -1);
        if (robots_judge(&robots, &arena, path, &verdict) == STATUS_OK) {
            MUST(verdict.allowed ==
                 (!verdict.is_costly && (!verdict.rule || verdict.rule->allows)));
            check_spelling(&robots, &arena, path, verdict);
        }
    }
    arena_release(&arena);
    return 0;
}
