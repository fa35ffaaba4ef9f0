/* SPDX-License-Identifier: Apache-2.0 */
/* normalise FORM [fold]: UTF-8 on standard input, normalised on standard output, what was changed
 * on standard error (name TAB count TAB first byte). FORM: nfc, nfc-keep-compat, nfkc, none. With
 * `lines` as last argument each line is a text of its own. */
#include "text/normal.h"
#include "text/utf8.h"

#include <stdio.h>
#include <stdlib.h>

enum { READ_BYTES = 1 << 20 };

/* NULL: not all of it. What it gives is to be freed. */
static char *read_all(FILE *file, size_t *len)
{
    char *content = NULL;
    size_t got;
    *len = 0;
    do {
        char *const larger = realloc(content, *len + READ_BYTES);
        if (!larger) {
            free(content);
            return NULL;
        }
        content = larger;
        got = fread(content + *len, 1, READ_BYTES, file);
        *len += got;
    } while (got);
    return content;
}

static bool write_normal(str text, struct normal_rules rules, struct normal_changes *changes)
{
    struct arena arena;
    str out = {0};
    arena_init(&arena, SIZE_MAX);
    const bool ok = normalise(&arena, text, rules, &out, changes) == STATUS_OK &&
                    fwrite(out.ptr, 1, out.len, stdout) == out.len;
    arena_release(&arena);
    return ok;
}

static bool write_lines(str text, struct normal_rules rules, struct normal_changes *changes)
{
    for (size_t at = 0; at < text.len;) {
        const size_t found = str_find_byte(text, '\n', at);
        const size_t end = found == SIZE_MAX ? text.len : found;
        if (!write_normal(str_slice(text, at, end), rules, changes) || putchar('\n') == EOF) {
            return false;
        }
        at = end + 1;
    }
    return true;
}

static void say_changes(const struct normal_changes *changes)
{
    static const char *const names[] = {
#define X(name) #name,
        NORMAL_CHANGE_LIST(X)
#undef X
    };
    for (enum normal_change change = 0; change < NORMAL_CHANGE_COUNT; change++) {
        if (changes->count[change]) {
            fprintf(stderr, "%s\t%lld\t%zu\n", names[change], (long long)changes->count[change],
                    changes->first[change]);
        }
    }
}

int main(int argc, char **argv)
{
    struct normal_rules rules = {.form = NORMAL_FORM_NFC};
    struct normal_changes changes = {0};
    size_t len = 0;
    bool by_line = false;
    if (argc < 2 || !normal_form_find(str_of(argv[1]), &rules.form)) {
        fprintf(stderr, "usage: normalise nfc|nfc-keep-compat|nfkc|none [fold] [lines]\n");
        return 2;
    }
    for (int i = 2; i < argc; i++) {
        rules.fold_width |= strcmp(argv[i], "fold") == 0;
        by_line |= strcmp(argv[i], "lines") == 0;
    }
    char *const content = read_all(stdin, &len);
    const str text = {.ptr = content, .len = len};
    if (!content || ferror(stdin) || !utf8_is_valid(str_bytes(text))) {
        fprintf(stderr, "standard input is not UTF-8\n");
        free(content);
        return 1;
    }
    const bool written =
        by_line ? write_lines(text, rules, &changes) : write_normal(text, rules, &changes);
    say_changes(&changes);
    free(content);
    return written && fflush(stdout) == 0 ? 0 : 1;
}
