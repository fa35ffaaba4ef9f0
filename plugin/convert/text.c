/* SPDX-License-Identifier: Apache-2.0 */
/* Plain text: every line that is not empty is a paragraph, nothing is dropped; unless it is the
 * capture of a library page, proven (page/library.h). */
#include "convert/decoded.h"
#include "convert/format.h"

#include "page/lines.h"
#include "page/page.h"
#include "page/say.h"
#include "text/detect.h"

enum {
    PULSE_BYTES = 65536,
    BID_BYTES = 1 << 20 /* looked at for a bid; the whole content is judged when it is converted */
};

static struct detection detect_text(const struct document *document, bytes content)
{
    const struct detect_hints hints = {.option = str_bytes(document->hints.charset_set),
                                       .http = str_bytes(document->hints.charset)};
    struct detection detection;
    detect(content, &hints, &detection);
    return detection;
}

static bool is_declared(const struct document *document)
{
    return str_equal(document->hints.media_type, STR("text/plain")) ||
           str_ends(document->hints.name, STR(".txt")) ||
           str_ends(document->hints.name, STR(".TXT"));
}

/* The head of a large content, ending behind an ASCII byte where one is near, so that the cut does
 * not look like damage. Even, for UTF-16. */
static bytes head_of(bytes content)
{
    size_t len = content.len < BID_BYTES ? content.len : BID_BYTES;
    for (size_t back = 0; len < content.len && back < 8 && content.ptr[len - 1] >= 0x80;
         back += 2) {
        len -= 2;
    }
    /* None near: at least no character of UTF-8 is cut. */
    for (size_t back = 0; len < content.len && back < 3 && (content.ptr[len] & 0xC0) == 0x80;
         back++) {
        len--;
    }
    return bytes_slice(content, 0, len);
}

/* That bytes are text says little: any format that is written in text bids more. A large archive is
 * not read through to learn that it is none. */
static unsigned bid(const struct document *document)
{
    const bool declared = is_declared(document);
    if (document->content.len == 0) {
        return 1;
    }
    return detect_text(document, head_of(document->content)).charset ? 1 + declared : 0;
}

static size_t line_end(str text, size_t from)
{
    while (from < text.len && text.ptr[from] != '\n' && text.ptr[from] != '\r' &&
           text.ptr[from] != '\f' && text.ptr[from] != '\v') {
        from++;
    }
    return from;
}

static enum status say_paragraph(struct sink *sink, str text, size_t from, size_t to, size_t *said)
{
    TRY(sink_open(sink, BLOCK_paragraph, 0));
    TRY(say_text(sink, str_slice(text, from, to), (struct span){.start = from, .end = to}, said));
    return sink_close(sink);
}

/* Lines keep their blanks: an indented line of code, a first cell that is empty. *said: up to where
 * the sink took it. */
static enum status say_lines(struct sink *sink, str text, size_t *said)
{
    size_t pulsed = 0;
    for (size_t at = 0; at < text.len; at++) {
        const size_t end = line_end(text, at);
        if (blank_skip(text, at, end) < end) {
            *said = at;
            TRY(say_paragraph(sink, text, at, end, said));
        }
        if (end - pulsed >= PULSE_BYTES) {
            pulsed = end;
            TRY(sink_pulse(sink, end));
        }
        at = end;
    }
    return STATUS_OK;
}

static enum status say(struct document *document, str text, struct sink *sink)
{
    bool is_capture = false;
    size_t said = 0;
    TRY(page_say_capture(document, text, sink, &is_capture));
    if (is_capture) {
        return STATUS_OK;
    }
    const enum status status = say_lines(sink, text, &said);
    return status == STATUS_LIMIT ? say_rest(sink, said, text.len) : status;
}

static enum status convert(struct document *document, struct sink *sink)
{
    if (document->content.len == 0) {
        return document_fail(document, FAULT_empty, 0, "there is no byte of content");
    }
    struct detection detection = detect_text(document, document->content);
    if (!detection.charset) {
        return document_fail(document, FAULT_not_text, 0,
                             "the content is not text in any encoding that is known here");
    }
    str text;
    TRY(document_decode(document, &detection, sink, &text));
    return say(document, text, sink);
}

extern const struct format format_text;
const struct format format_text = {
    .name = STR_INIT("text"),
    .media_type = STR_INIT("text/plain"),
    .version = STR_INIT("text/1"),
    .bid = bid,
    .bits_max = 2,
    .convert = convert,
};
