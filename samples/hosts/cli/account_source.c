/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/account_source.h"

#include "common/heap.h"

#include <errno.h>
#include <iconv.h>
#include <stdio.h>
#include <string.h>

enum { CHARSET_MAX = 64, DECODED_BYTES = 4096 };

/* Where the C library calls an encoding otherwise than the Encoding Standard, or has a smaller one
 * by that name. */
static const struct {
    const char *standard;
    const char *library;
} names[] = {
    {"GBK", "GB18030"},           {"Big5", "BIG5-HKSCS"},     {"Shift_JIS", "CP932"},
    {"EUC-KR", "CP949"},          {"windows-874", "CP874"},   {"ISO-8859-8-I", "ISO-8859-8"},
    {"x-mac-cyrillic", "MAC-UK"}, {"macintosh", "MACINTOSH"},
};

static iconv_t open_charset(span charset)
{
    char name[CHARSET_MAX] = "UTF-8";
    if (charset.len > 0 && charset.len < sizeof name) {
        memcpy(name, charset.ptr, charset.len);
        name[charset.len] = '\0';
    }
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(name, names[i].standard) == 0) {
            (void)snprintf(name, sizeof name, "%s", names[i].library);
            break;
        }
    }
    const iconv_t opened = iconv_open("UTF-8", name);
    return opened != (iconv_t)-1 ? opened : iconv_open("UTF-8", "ISO-8859-1");
}

static void decode(iconv_t charset, span part, struct text *out)
{
    char *from = (char *)(uintptr_t)part.ptr; /* iconv takes it so and leaves it alone */
    size_t left = part.len;
    (void)iconv(charset, NULL, NULL, NULL, NULL);
    while (left > 0) {
        char decoded[DECODED_BYTES];
        char *to = decoded;
        size_t room = sizeof decoded;
        const size_t answer = iconv(charset, &from, &left, &to, &room);
        const int problem = errno;
        text_add(out, (span){decoded, (size_t)(to - decoded)});
        if (answer == (size_t)-1 && problem != E2BIG) {
            text_add_string(out, "\xEF\xBF\xBD");
            from++;
            left--;
        }
    }
}

/* The piece of each byte, as its place in account->pieces and one more; 0: none. Drops are painted
 * over blocks. */
static uint32_t *paint(const struct account *account, size_t len)
{
    uint32_t *owners = heap_allocate((len + 1) * sizeof *owners);
    for (int layer = 0; owners && layer < 2; layer++) {
        for (size_t i = 0; i < account->piece_count; i++) {
            const struct account_piece *piece = &account->pieces[i];
            if (piece->is_kept != (layer == 0) || piece->start < 0) {
                continue;
            }
            for (int64_t at = piece->start; at < piece->end && (size_t)at < len; at++) {
                owners[at] = (uint32_t)i + 1;
            }
        }
    }
    return owners;
}

bool account_source(const struct account *account, span content,
                    void (*each)(void *context, const struct account_piece *piece, span text),
                    void *context)
{
    const iconv_t charset = open_charset(account_cell(account, "charset"));
    uint32_t *owners = paint(account, content.len);
    struct text part = {0};
    for (size_t from = 0; owners && from < content.len;) {
        size_t to = from + 1;
        while (to < content.len && owners[to] == owners[from]) {
            to++;
        }
        text_clear(&part);
        decode(charset, (span){content.ptr + from, to - from}, &part);
        each(context, owners[from] ? &account->pieces[owners[from] - 1] : NULL, text_span(&part));
        from = to;
    }
    const bool good = owners && !part.failed;
    text_release(&part);
    heap_release(owners);
    (void)iconv_close(charset);
    return good;
}
