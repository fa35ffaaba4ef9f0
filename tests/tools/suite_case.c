/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/suite_case.h"

#include "base/memory.h"

#include <stdio.h>

enum { ARENA_BYTES_MAX = 1 << 30, OUT_BYTES_MAX = 1 << 29 };

static bool take_option(struct suite_case *input, str name, str value)
{
    const struct {
        str name;
        str *text;
        bool *flag;
    } options[] = {
        {STR("--state"), &input->state, NULL},
        {STR("--last-start-tag"), &input->last_start_tag, NULL},
        {STR("--fragment"), &input->fragment, NULL},
        {STR("--scripting"), NULL, &input->scripting},
        {STR("--spans"), NULL, &input->spans},
    };
    for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
        if (str_equal(options[i].name, name)) {
            if (options[i].text) {
                *options[i].text = value;
            } else {
                *options[i].flag = str_equal(value, STR("on"));
            }
            return true;
        }
    }
    fprintf(stderr, "unknown option: %.*s\n", (int)name.len, name.ptr);
    return false;
}

/* One case through the tool and out. */
static bool run_case(suite_case_function *run, const struct suite_case *input, bool is_framed)
{
    struct arena arena;
    struct buf out;
    arena_init(&arena, ARENA_BYTES_MAX);
    buf_init(&out, &arena, OUT_BYTES_MAX);
    const enum status status = run(&arena, input, &out);
    const bool is_whole = status == STATUS_OK && !buf_failed(&out);
    if (is_framed) {
        printf("%zu\n", out.len);
    }
    fwrite(buf_str(&out).ptr, 1, out.len, stdout);
    arena_release(&arena);
    return is_whole;
}

/* The next word up to `end` or a tab; *at moves behind it. */
static str next_word(str all, size_t *at, size_t end)
{
    const size_t tab = str_find_byte(all, '\t', *at);
    const size_t stop = tab < end ? tab : end;
    const str word = str_slice(all, *at, stop);
    *at = stop < end ? stop + 1 : end;
    return word;
}

static int run_batch(str all, suite_case_function *run)
{
    size_t at = 0;
    while (at < all.len) {
        struct suite_case input = {0};
        const size_t end = str_find_byte(all, '\n', at);
        int64_t len = 0;
        if (end >= all.len || !str_read_integer(next_word(all, &at, end), &len)) {
            fprintf(stderr, "a frame does not begin with a length\n");
            return 65;
        }
        while (at < end) {
            const str name = next_word(all, &at, end);
            if (!take_option(&input, name, next_word(all, &at, end))) {
                return 64;
            }
        }
        input.text = str_slice(all, end + 1, end + 1 + (size_t)len);
        at = end + 1 + (size_t)len;
        if (!run_case(run, &input, true)) {
            fprintf(stderr, "no memory\n");
            return 71;
        }
    }
    return 0;
}

/* All of stdin, in memory that lives as long as the program. */
static bool read_stdin(str *out)
{
    char *text = NULL;
    size_t len = 0;
    size_t capacity = 0;
    size_t got = 1;
    while (got) {
        if (len == capacity) {
            capacity = capacity ? capacity * 2 : 65536;
            char *larger = memory_resize(text, capacity);
            if (!larger) {
                memory_release(text);
                return false;
            }
            text = larger;
        }
        got = fread(text + len, 1, capacity - len, stdin);
        len += got;
    }
    *out = (str){.ptr = text, .len = len};
    return true;
}

int suite_case_main(int argc, char **argv, suite_case_function *run)
{
    struct suite_case input = {0};
    bool is_batch = false;
    for (int i = 1; i < argc; i++) {
        if (str_equal(str_of(argv[i]), STR("--batch"))) {
            is_batch = true;
        } else if (i + 1 == argc || !take_option(&input, str_of(argv[i]), str_of(argv[i + 1]))) {
            fprintf(stderr,
                    "usage: %s [--batch] [--state NAME] [--last-start-tag NAME] "
                    "[--fragment CONTEXT] [--scripting on] [--spans on] < INPUT\n",
                    argv[0]);
            return 64;
        } else {
            i++;
        }
    }
    if (!read_stdin(&input.text)) {
        fprintf(stderr, "no memory\n");
        return 71;
    }
    const str all = input.text;
    const int code = is_batch ? run_batch(all, run) : run_case(run, &input, false) ? 0 : 71;
    char *memory = NULL;
    memcpy(&memory, &all.ptr, sizeof memory);
    memory_release(memory);
    return code;
}
