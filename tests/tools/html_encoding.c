/* SPDX-License-Identifier: Apache-2.0 */
/* A page on stdin, on stdout the encoding that it declares; windows-1252 when it declares none. */
#include "markup/html.h"
#include "text/charset.h"
#include "tools/suite_case.h"

static enum status run(struct arena *arena, const struct suite_case *input, struct buf *out)
{
    str source;
    bytes label = html_prescan(str_bytes(input->text), &source);
    if (str_starts(input->text, STR("\xEF\xBB\xBF"))) {
        label = str_bytes(STR("UTF-8"));
    }
    if (!label.len) {
        struct dom dom;
        TRY(html_parse(arena, input->text, 512, NULL, &dom));
        label = html_late_label(&dom);
    }
    const struct charset *charset = label.len ? charset_find(label) : charset_windows_1252;
    buf_add(out, charset ? charset_name(charset) : STR("unknown"));
    buf_add(out, STR("\n"));
    return STATUS_OK;
}

int main(int argc, char **argv)
{
    return suite_case_main(argc, argv, run);
}
