/* SPDX-License-Identifier: Apache-2.0 */
/* HTML: decoded, parsed, and read as a page. */
#include "convert/decoded.h"
#include "convert/format.h"

#include "markup/html.h"
#include "page/page.h"
#include "text/detect.h"

enum { HEAD_BYTES = 1024, NAME_MAX = 16 };

/* The first bytes as one-byte characters: UTF-16 is narrowed by its byte order mark, a UTF-8 mark
 * is passed over. Names of tags are ASCII in every encoding a page may be in. */
struct head {
    char text[HEAD_BYTES];
    size_t len;
    size_t at;
};

static void head_init(struct head *head, bytes content)
{
    const bool little = content.len >= 2 && content.ptr[0] == 0xFF && content.ptr[1] == 0xFE;
    const bool big = content.len >= 2 && content.ptr[0] == 0xFE && content.ptr[1] == 0xFF;
    const bool mark = content.len >= 3 && content.ptr[0] == 0xEF && content.ptr[1] == 0xBB &&
                      content.ptr[2] == 0xBF;
    const size_t step = little || big ? 2 : 1;
    head->len = 0;
    head->at = 0;
    for (size_t at = little ? 2
                     : big  ? 3
                     : mark ? 3
                            : 0;
         at < content.len && head->len < HEAD_BYTES; at += step) {
        head->text[head->len++] = (char)content.ptr[at];
    }
}

static str head_rest(const struct head *head)
{
    return (str){.ptr = head->text + head->at, .len = head->len - head->at};
}

static bool head_starts(const struct head *head, str word)
{
    return str_equal_ignoring_ascii_case(str_slice(head_rest(head), 0, word.len), word);
}

/* Behind the end of what begins here, or the head's end. */
static void head_skip_to(struct head *head, str end)
{
    const size_t found = str_find(head_rest(head), end, 0);
    head->at = found < HEAD_BYTES ? head->at + found + end.len : head->len;
}

static void head_skip_space(struct head *head)
{
    while (head->at < head->len && ascii_is_space((unsigned char)head->text[head->at])) {
        head->at++;
    }
}

/* White space, comments, an XML declaration. */
static void head_skip_preamble(struct head *head)
{
    for (;;) {
        head_skip_space(head);
        if (head_starts(head, STR("<!--"))) {
            head->at += 4;
            head_skip_to(head, STR("-->"));
        } else if (head_starts(head, STR("<?xml"))) {
            head_skip_to(head, STR("?>"));
        } else {
            return;
        }
    }
}

/* Bits of `<name` when a tag of HTML stands here, with what ends a tag's name behind it; 0: none. */
static unsigned tag_bits(const struct head *head)
{
    const str rest = head_rest(head);
    char name[NAME_MAX];
    size_t len = 0;
    if (rest.len < 2 || rest.ptr[0] != '<') {
        return 0;
    }
    while (len < NAME_MAX && len + 1 < rest.len &&
           (ascii_is_letter((unsigned char)rest.ptr[len + 1]) ||
            (len > 0 && ascii_is_digit((unsigned char)rest.ptr[len + 1])))) {
        name[len] = ascii_lower(rest.ptr[len + 1]);
        len++;
    }
    const bool ends = len + 1 < rest.len && (ascii_is_space((unsigned char)rest.ptr[len + 1]) ||
                                             rest.ptr[len + 1] == '>' || rest.ptr[len + 1] == '/');
    const enum tag tag = len && ends ? tag_find((str){.ptr = name, .len = len}) : TAG_unknown;
    const bool html = tag != TAG_unknown && tag != TAG_svg && tag != TAG_math;
    return html ? 8 * ((unsigned)len + 1) : 0;
}

static unsigned first_bits(struct head *head)
{
    const str doctype = STR("<!doctype html");
    head_skip_preamble(head);
    return head_starts(head, doctype) ? 8 * (unsigned)doctype.len : tag_bits(head);
}

/* A tag anywhere in the head counts when the content is declared to be HTML. */
static unsigned any_bits(struct head *head)
{
    for (head->at = 0; head->at < head->len; head->at++) {
        const unsigned bits = tag_bits(head);
        if (bits) {
            return bits;
        }
    }
    return 0;
}

static bool is_declared(const struct document *document)
{
    static const str endings[] = {STR_INIT(".html"), STR_INIT(".htm"), STR_INIT(".shtml"),
                                  STR_INIT(".shtm"), STR_INIT(".xhtml")};
    const str type = document->hints.media_type;
    const str name = document->hints.name;
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        if (name.len >= endings[i].len &&
            str_equal_ignoring_ascii_case(str_slice(name, name.len - endings[i].len, name.len),
                                          endings[i])) {
            return true;
        }
    }
    return str_equal(type, STR("text/html")) || str_equal(type, STR("application/xhtml+xml"));
}

static struct detection detect_html(const struct document *document, bool is_text)
{
    str source = {.ptr = "", .len = 0};
    const bytes declared = html_prescan(document->content, &source);
    const struct detect_hints hints = {.option = str_bytes(document->hints.charset_set),
                                       .http = str_bytes(document->hints.charset),
                                       .declared = declared,
                                       .declared_source = source,
                                       .is_text = is_text};
    struct detection detection;
    detect(document->content, &hints, &detection);
    return detection;
}

/* A page that is declared and shows no tag in its first bytes is taken for one only if it is text:
 * one bit more than plain text bids for the same. */
static unsigned bid(const struct document *document)
{
    struct head head;
    const bool declared = is_declared(document);
    head_init(&head, document->content);
    unsigned bits = first_bits(&head);
    if (!bits && declared) {
        bits = any_bits(&head);
    }
    if (bits) {
        return bits + declared;
    }
    return declared && document->content.len && detect_html(document, false).charset ? 2 : 0;
}

static enum status read_page(struct document *document, str text, struct sink *sink)
{
    struct dom dom;
    const struct arena_position mark = arena_mark(document->arena);
    enum status status = html_parse(document->arena, text, document->depth_max, sink, &dom);
    if (status == STATUS_NO_MEMORY) {
        return document_out_of_memory(document);
    }
    TRY(status);
    document_note_many(document, NOTE_bad_reference, -1, dom.bad_references);
    if (dom.depth_limited) {
        document_note(document, NOTE_depth_limit, -1);
    }
    status = page_say(document, &dom, sink);
    arena_rewind(document->arena, mark); /* whoever listens has copied what was said */
    return status;
}

static enum status convert(struct document *document, struct sink *sink)
{
    if (document->content.len == 0) {
        return document_fail(document, FAULT_empty, 0, "there is no byte of content");
    }
    struct head head;
    head_init(&head, document->content);
    const bool has_tags = first_bits(&head) || any_bits(&head);
    struct detection detection = detect_html(document, has_tags);
    if (!detection.charset) {
        return document_fail(document, FAULT_not_text, 0,
                             "the page is not text in any encoding that is known here");
    }
    str text;
    TRY(document_decode(document, &detection, sink, &text));
    return read_page(document, text, sink);
}

extern const struct format format_html;
const struct format format_html = {
    .name = STR_INIT("html"),
    .media_type = STR_INIT("text/html"),
    .version = STR_INIT("html/1"),
    .bid = bid,
    .convert = convert,
};
