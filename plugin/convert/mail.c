/* SPDX-License-Identifier: Apache-2.0 */
/* Mail messages and web pages saved as one (RFC 5322, RFC 2557), known by their header fields. Not
 * converted yet. A text that merely begins like a letter lacks the fields that machines write. */
#include "convert/format.h"

enum { HEAD_BYTES = 8192 };

enum field_kind {
    FIELD_TYPED,    /* a person might begin a text with it */
    FIELD_MACHINE,  /* only programs write it */
    FIELD_TRANSPORT /* only what was sent to somebody has it */
};

struct mail_head {
    unsigned bits; /* eight for each letter of a known field's name */
    unsigned field_count;
    unsigned machine_count; /* of these, fields that only programs write */
    bool was_sent;
    bool is_related; /* RFC 2387: multipart/related */
};

static const struct {
    str name;
    enum field_kind kind;
} known_fields[] = {
    {STR_INIT("From:"), FIELD_TYPED},
    {STR_INIT("To:"), FIELD_TRANSPORT},
    {STR_INIT("Subject:"), FIELD_TYPED},
    {STR_INIT("Date:"), FIELD_TYPED},
    {STR_INIT("Message-ID:"), FIELD_MACHINE},
    {STR_INIT("MIME-Version:"), FIELD_MACHINE},
    {STR_INIT("Content-Type:"), FIELD_MACHINE},
    {STR_INIT("Received:"), FIELD_TRANSPORT},
    {STR_INIT("Return-Path:"), FIELD_TRANSPORT},
    {STR_INIT("Delivered-To:"), FIELD_TRANSPORT},
};

static bool starts_ignoring_case(bytes line, str prefix)
{
    for (size_t i = 0; i < prefix.len; i++) {
        if (i >= line.len || ascii_lower((char)line.ptr[i]) != ascii_lower(prefix.ptr[i])) {
            return false;
        }
    }
    return true;
}

/* RFC 5322 2.2: printable ASCII but the colon, then the colon. */
static bool is_field(bytes line)
{
    size_t i = 0;
    while (i < line.len && line.ptr[i] > ' ' && line.ptr[i] < 0x7F && line.ptr[i] != ':') {
        i++;
    }
    return i > 0 && i < line.len && line.ptr[i] == ':';
}

static void count_field(struct mail_head *head, bytes line)
{
    for (size_t i = 0; i < sizeof known_fields / sizeof known_fields[0]; i++) {
        if (starts_ignoring_case(line, known_fields[i].name)) {
            head->bits += 8 * (unsigned)known_fields[i].name.len;
            head->field_count++;
            head->machine_count += known_fields[i].kind == FIELD_MACHINE;
            head->was_sent = head->was_sent || known_fields[i].kind == FIELD_TRANSPORT;
        }
    }
}

/* False: the first lines are not the head of a message. */
static bool read_head(bytes content, struct mail_head *head)
{
    bytes rest = bytes_slice(content, 0, HEAD_BYTES);
    *head = (struct mail_head){.bits = 0};
    while (rest.len > 0) {
        const uint8_t *end = memchr(rest.ptr, '\n', rest.len);
        bytes line = bytes_slice(rest, 0, end ? (size_t)(end - rest.ptr) : rest.len);
        rest = bytes_slice(rest, line.len + 1, rest.len);
        line.len -= line.len > 0 && line.ptr[line.len - 1] == '\r';
        if (line.len == 0) {
            break;
        }
        const bool is_folded = line.ptr[0] == ' ' || line.ptr[0] == '\t';
        if (end && !is_folded && !is_field(line)) {
            return false;
        }
        count_field(head, line);
        head->is_related =
            head->is_related || memmem(line.ptr, line.len, "multipart/related", 17) != NULL;
    }
    return true;
}

static unsigned bid_eml(const struct document *document)
{
    struct mail_head head;
    const bool holds =
        read_head(document->content, &head) && head.field_count >= 3 && head.machine_count > 0;
    return holds ? head.bits : 0;
}

/* A message with pictures is multipart/related, too; a saved page was never sent. */
static unsigned bid_mhtml(const struct document *document)
{
    struct mail_head head;
    const bool holds = read_head(document->content, &head) && head.is_related &&
                       head.machine_count >= 2 && !head.was_sent;
    return holds ? head.bits + 8 * (unsigned)STR("multipart/related").len : 0;
}

/* RFC 4155: messages one after the other, each behind a line that begins with "From ". */
static unsigned bid_mbox(const struct document *document)
{
    struct mail_head head;
    const bytes content = document->content;
    const str mark = STR("From ");
    if (!bytes_start(content, str_bytes(mark))) {
        return 0;
    }
    const uint8_t *end = memchr(content.ptr, '\n', content.len);
    const size_t first_line = end ? (size_t)(end - content.ptr) + 1 : content.len;
    const bool holds = read_head(bytes_slice(content, first_line, content.len), &head) &&
                       head.field_count >= 3 && head.machine_count > 0;
    return holds ? head.bits + 8 * (unsigned)mark.len : 0;
}

const struct format format_eml = {
    .name = STR_INIT("eml"), .media_type = STR_INIT("message/rfc822"), .bid = bid_eml};
const struct format format_mhtml = {
    .name = STR_INIT("mhtml"), .media_type = STR_INIT("multipart/related"), .bid = bid_mhtml};
const struct format format_mbox = {
    .name = STR_INIT("mbox"), .media_type = STR_INIT("application/mbox"), .bid = bid_mbox};
