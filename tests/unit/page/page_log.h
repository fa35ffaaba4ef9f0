/* SPDX-License-Identifier: Apache-2.0 */
/* What a page says, as lines, for the tests of this floor. */
#ifndef UNIT_PAGE_LOG_H
#define UNIT_PAGE_LOG_H

#include "harness/event_log.h"
#include "harness/test.h"
#include "markup/html.h"
#include "page/page.h"

struct page_log {
    struct event_log log;
    struct arena arena;
    struct document document;
    struct dom dom;
    enum status status;
};

static inline void page_log_begin(struct page_log *self, str text)
{
    *self = (struct page_log){0};
    event_log_init(&self->log);
    arena_init(&self->arena, 1 << 26);
    self->log.source = text;
    self->document = (struct document){.arena = &self->arena,
                                       .content = str_bytes(text),
                                       .text_bytes_max = 1 << 26,
                                       .depth_max = 512};
}

static inline str page_log_read(struct page_log *self, str html)
{
    page_log_begin(self, html);
    self->status = html_parse(&self->arena, html, 512, NULL, &self->dom);
    if (self->status == STATUS_OK) {
        self->status = page_say(&self->document, &self->dom, &self->log.sink);
    }
    return buf_str(&self->log.lines);
}

static inline void page_log_end(struct page_log *self)
{
    arena_release(&self->arena);
    event_log_release(&self->log);
}

/* A whole small file; the caller frees `.ptr`. */
static inline str page_log_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    char *text = malloc(1 << 16);
    size_t len = 0;
    if (CHECK(file && text)) {
        len = fread(text, 1, 1 << 16, file);
        fclose(file);
    }
    return (str){.ptr = text, .len = len};
}

#endif
