/* SPDX-License-Identifier: Apache-2.0 */
#include "fetch/response.h"

#include "base/http_date.h"
#include "base/media_type.h"
#include "base/percent.h"
#include "text/names.h"

enum {
    STATUS_LINE_MIN = sizeof "HTTP/2 200" - 1,
    FILE_NAME_BYTES_MAX = 1024,
    /* A century: long enough for "never", short enough to add to a clock. */
    RETRY_AFTER_S_MAX = INT32_MAX
};

static bytes trim(bytes b)
{
    while (b.len && (ascii_is_space(b.ptr[0]))) {
        b = bytes_slice(b, 1, b.len);
    }
    while (b.len && ascii_is_space(b.ptr[b.len - 1])) {
        b.len--;
    }
    return b;
}

static bool equals(bytes value, str word)
{
    return str_equal_ignoring_ascii_case((str){.ptr = (const char *)value.ptr, .len = value.len},
                                         word);
}

/* Where the header of this name is kept; NULL: it does not matter to us. */
static bytes *find_field(struct response *response, bytes name)
{
    const struct {
        str name;
        bytes *field;
    } fields[] = {
        {STR("location"), &response->location},
        {STR("etag"), &response->etag},
        {STR("last-modified"), &response->last_modified},
        {STR("content-type"), &response->content_type},
        {STR("content-disposition"), &response->content_disposition},
        {STR("content-encoding"), &response->content_encoding},
        {STR("transfer-encoding"), &response->transfer_encoding},
        {STR("retry-after"), &response->retry_after},
    };
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        if (equals(name, fields[i].name)) {
            return fields[i].field;
        }
    }
    return NULL;
}

/* X-Robots-Tag may come once for each crawler: every line of it counts. */
static void keep_signal(struct response *response, struct arena *arena, bytes name, bytes value)
{
    static const str names[] = {STR_INIT("x-robots-tag"), STR_INIT("content-signal"),
                                STR_INIT("content-usage"), STR_INIT("tdm-reservation"),
                                STR_INIT("tdm-policy")};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (!value.len || response->signal_count == RESPONSE_SIGNALS_MAX ||
            !equals(name, names[i])) {
            continue;
        }
        struct response_signal *signal = &response->signals[response->signal_count++];
        *signal =
            (struct response_signal){.name = names[i], .value = arena_copy_bytes(arena, value)};
        response->no_memory = response->no_memory || !signal->value.ptr;
    }
}

/* The old value, a comma and the new one: RFC 9110 5.3. */
static bytes joined(struct arena *arena, bytes first, bytes second)
{
    struct buf buf;
    buf_init(&buf, arena, RESPONSE_HEADER_BYTES_MAX);
    buf_add_bytes(&buf, first);
    buf_add_byte(&buf, ',');
    buf_add_bytes(&buf, second);
    return buf_failed(&buf) ? (bytes){.ptr = NULL, .len = 0} : buf_bytes(&buf);
}

static void keep(struct response *response, struct arena *arena, bytes name, bytes value)
{
    bytes *field = find_field(response, name);
    if (!field) {
        keep_signal(response, arena, name, value);
        return;
    }
    const bool is_coding =
        field == &response->content_encoding || field == &response->transfer_encoding;
    if (field->ptr && is_coding) {
        *field = joined(arena, *field, value);
    } else if (!field->ptr) {
        *field = arena_copy_bytes(arena, value);
    }
    response->no_memory = response->no_memory || !field->ptr;
}

static void begin_answer(struct response *response, bytes line)
{
    size_t at = 0;
    int64_t status = 0;
    while (at < line.len && line.ptr[at] != ' ') {
        at++;
    }
    for (at++; at < line.len && ascii_is_digit(line.ptr[at]) && status < 1000; at++) {
        status = status * 10 + (line.ptr[at] - '0');
    }
    *response = (struct response){
        .http_status = status,
        .header_bytes = response->header_bytes,
        .no_memory = response->no_memory,
    };
}

bool response_add_line(struct response *response, struct arena *arena, bytes line)
{
    response->header_bytes += line.len;
    if (response->header_bytes > RESPONSE_HEADER_BYTES_MAX) {
        return false;
    }
    if (response->complete) {
        return true; /* a trailer behind the body */
    }
    if (line.len >= STATUS_LINE_MIN && memcmp(line.ptr, "HTTP/", 5) == 0) {
        begin_answer(response, line);
        return true;
    }
    if (trim(line).len == 0) {
        response->complete = response->http_status >= 200;
        return true;
    }
    for (size_t i = 0; i < line.len; i++) {
        if (line.ptr[i] == ':') {
            keep(response, arena, bytes_slice(line, 0, i),
                 trim(bytes_slice(line, i + 1, line.len)));
            break;
        }
    }
    return !response->no_memory;
}

bool response_add_head(struct response *response, struct arena *arena, bytes head)
{
    for (size_t at = 0; at < head.len;) {
        const uint8_t *end = memchr(head.ptr + at, '\n', head.len - at);
        const size_t next = end ? (size_t)(end - head.ptr) + 1 : head.len;
        if (!response_add_line(response, arena, bytes_slice(head, at, next))) {
            return false;
        }
        at = next;
    }
    return true;
}

/* The next element of a list between commas; false at the end. */
static bool next_element(bytes list, size_t *at, bytes *element)
{
    while (*at < list.len) {
        const size_t start = *at;
        while (*at < list.len && list.ptr[*at] != ',') {
            ++*at;
        }
        *element = trim(bytes_slice(list, start, *at));
        ++*at;
        if (element->len) {
            return true;
        }
    }
    return false;
}

enum response_coding response_coding(const struct response *response)
{
    enum response_coding coding = RESPONSE_PLAIN;
    size_t at = 0;
    bytes name;
    while (next_element(response->content_encoding, &at, &name)) {
        if (equals(name, STR("identity"))) {
            continue;
        }
        if (coding != RESPONSE_PLAIN) {
            return RESPONSE_FOREIGN;
        }
        if (equals(name, STR("gzip")) || equals(name, STR("x-gzip"))) {
            coding = RESPONSE_GZIP;
        } else if (equals(name, STR("deflate"))) {
            coding = RESPONSE_DEFLATE;
        } else {
            return RESPONSE_FOREIGN;
        }
    }
    return coding;
}

bool response_is_plainly_transferred(const struct response *response)
{
    size_t at = 0;
    bytes name;
    while (next_element(response->transfer_encoding, &at, &name)) {
        if (!equals(name, STR("chunked")) && !equals(name, STR("identity"))) {
            return false;
        }
    }
    return true;
}

bool response_is_chunked(const struct response *response)
{
    size_t at = 0;
    bytes name;
    while (next_element(response->transfer_encoding, &at, &name)) {
        if (equals(name, STR("chunked"))) {
            return true;
        }
    }
    return false;
}

int64_t response_retry_after_ms(const struct response *response, int64_t now_s)
{
    const bytes value = response->retry_after;
    int64_t seconds = 0;
    if (value.len == 0) {
        return -1;
    }
    if (!str_read_integer((str){.ptr = (const char *)value.ptr, .len = value.len}, &seconds)) {
        if (!http_date_parse(value, now_s, &seconds)) {
            return -1;
        }
        seconds = seconds > now_s ? seconds - now_s : 0;
    }
    return (seconds < RETRY_AFTER_S_MAX ? seconds : RETRY_AFTER_S_MAX) * 1000;
}

str response_text(struct arena *arena, bytes value)
{
    static const char digits[] = "0123456789ABCDEF";
    struct buf out;
    buf_init(&out, arena, 3 * RESPONSE_HEADER_BYTES_MAX);
    for (size_t at = 0; at < value.len;) {
        const size_t start = at;
        if (percent_code_point(value, &at) != UINT32_MAX) {
            buf_add_bytes(&out, bytes_slice(value, start, at));
            continue;
        }
        buf_add_byte(&out, '%');
        buf_add_byte(&out, (uint8_t)digits[value.ptr[start] >> 4]);
        buf_add_byte(&out, (uint8_t)digits[value.ptr[start] & 15]);
    }
    return buf_failed(&out) ? (str){.ptr = NULL, .len = 0} : buf_str(&out);
}

/* RFC 8187: charset'language'percent-encoded. */
static bytes take_charset(bytes value, bytes *charset)
{
    size_t quotes = 0;
    for (size_t i = 0; i < value.len; i++) {
        if (value.ptr[i] == '\'' && ++quotes == 1) {
            *charset = bytes_slice(value, 0, i);
        }
        if (quotes == 2) {
            return bytes_slice(value, i + 1, value.len);
        }
    }
    *charset = (bytes){.ptr = NULL, .len = 0};
    return value;
}

static bytes last_element(bytes path)
{
    for (size_t i = path.len; i > 0; i--) {
        if (path.ptr[i - 1] == '/' || path.ptr[i - 1] == '\\') {
            return bytes_slice(path, i, path.len);
        }
    }
    return path;
}

str response_file_name(struct arena *arena, const struct response *response)
{
    bytes name;
    bytes value;
    bytes chosen = {.ptr = NULL, .len = 0};
    bytes label = chosen;
    size_t at = 0;
    while (media_type_next_parameter(arena, response->content_disposition, &at, &name, &value)) {
        if (equals(name, STR("filename*"))) { /* RFC 6266 4.3: it is preferred */
            chosen = take_charset(value, &label);
            break;
        }
        if (equals(name, STR("filename")) && !chosen.ptr) {
            chosen = value;
        }
    }
    if (chosen.len == 0 || chosen.len > FILE_NAME_BYTES_MAX) {
        return STR("");
    }
    const bytes decoded = percent_decode(arena, chosen);
    if (!decoded.ptr) {
        return (str){.ptr = NULL, .len = 0};
    }
    size_t undecodable;
    const struct charset *declared = label.len ? charset_find(label) : NULL;
    const struct charset *charset = declared ? declared : names_detect(&decoded, 1);
    /* Decoded first: in GBK and Shift_JIS a byte of a character may look like a backslash. */
    const str text = name_decode(arena, decoded, charset, &undecodable);
    if (!text.ptr) {
        return text;
    }
    const bytes last = last_element(str_bytes(text));
    return (str){.ptr = (const char *)last.ptr, .len = last.len};
}
