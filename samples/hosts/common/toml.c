/* SPDX-License-Identifier: Apache-2.0 */
#include "common/toml.h"

#include "common/heap.h"
#include "common/toml_scalar.h"

#include <string.h>

/* How a table or array came to be decides who may still add to it (TOML: table, dotted keys,
 * inline table, array of tables). */
enum kind {
    KIND_VALUE,      /* no table, or an array written as a value: nothing may be added */
    KIND_IMPLICIT,   /* a name before the last in a header: a header may define it once */
    KIND_HEADER,     /* [name] or an element of [[name]] */
    KIND_DOTTED,     /* a name before the last in a.b = 1 */
    KIND_INLINE,     /* {…} */
    KIND_TABLE_ARRAY /* [[name]]: grows by further [[name]] */
};

/* One hash table for all keys of the document: a slot holds the value, found by its parent and its
 * key. That keeps the reader linear however many keys one table has. */
struct index {
    struct toml_value **slots;
    size_t slot_count; /* a power of two */
    size_t used;
};

struct reader {
    struct toml_scan scan;
    struct toml *toml;
    struct index index;
    struct toml_value *section; /* the table of the last header */
};

static size_t hash_key(const struct toml_value *parent, span key)
{
    uint64_t hash = 0xcbf29ce484222325u ^ (uint64_t)(uintptr_t)parent; /* FNV-1a */
    for (size_t i = 0; i < key.len; i++) {
        hash = (hash ^ (unsigned char)key.ptr[i]) * 0x100000001b3u;
    }
    return (size_t)(hash ^ hash >> 29);
}

/* The slot of that key, or the empty one where it belongs. */
static struct toml_value **index_slot(const struct index *index, const struct toml_value *parent,
                                      span key)
{
    size_t i = hash_key(parent, key) & (index->slot_count - 1);
    while (index->slots[i] &&
           (index->slots[i]->parent != parent || !span_equal(index->slots[i]->key, key))) {
        i = (i + 1) & (index->slot_count - 1);
    }
    return &index->slots[i];
}

static bool index_grow(struct reader *reader)
{
    struct index *old = &reader->index;
    if (old->used * 2 < old->slot_count) {
        return true;
    }
    struct index larger = {.slot_count = old->slot_count ? old->slot_count * 2 : 64};
    larger.slots = heap_allocate(larger.slot_count * sizeof *larger.slots);
    if (!larger.slots) {
        return toml_fail(&reader->scan, "out of memory");
    }
    for (size_t i = 0; i < old->slot_count; i++) {
        if (old->slots[i]) {
            *index_slot(&larger, old->slots[i]->parent, old->slots[i]->key) = old->slots[i];
        }
    }
    larger.used = old->used;
    heap_release(old->slots);
    *old = larger;
    return true;
}

static struct toml_value *find_value(const struct reader *reader, const struct toml_value *parent,
                                     span key)
{
    return reader->index.slot_count ? *index_slot(&reader->index, parent, key) : NULL;
}

/* --- building --- */

static struct toml_value *new_value(struct reader *reader)
{
    struct toml_value *value = pool_allocate(reader->scan.pool, sizeof *value);
    if (!value) {
        (void)toml_fail(&reader->scan, "out of memory");
        return NULL;
    }
    value->line = reader->scan.line;
    value->column = toml_column(&reader->scan);
    return value;
}

static void list_append(struct toml_value *parent, struct toml_value *value)
{
    value->parent = parent;
    if (parent->as.list.last) {
        parent->as.list.last->next = value;
    } else {
        parent->as.list.first = value;
    }
    parent->as.list.last = value;
    parent->as.list.count++;
}

static bool add_key(struct reader *reader, struct toml_value *table, span key,
                    struct toml_value *value)
{
    if (!index_grow(reader)) {
        return false;
    }
    value->key = key;
    list_append(table, value);
    *index_slot(&reader->index, table, key) = value;
    reader->index.used++;
    return true;
}

static struct toml_value *add_table(struct reader *reader, struct toml_value *table, span key,
                                    enum kind kind)
{
    struct toml_value *value = new_value(reader);
    if (!value) {
        return NULL;
    }
    value->type = TOML_TABLE;
    value->kind = kind;
    return add_key(reader, table, key, value) ? value : NULL;
}

/* --- keys --- */

struct key_path {
    span parts[TOML_DEPTH_MAX];
    size_t count;
};

static bool is_bare(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
}

static bool read_key_part(struct reader *reader, span *out)
{
    struct toml_scan *scan = &reader->scan;
    const char c = toml_peek(scan);
    if (c == '"' || c == '\'') {
        return toml_read_line_string(scan, out);
    }
    const char *start = scan->at;
    while (scan->at < scan->end && is_bare(*scan->at)) {
        scan->at++;
    }
    if (scan->at == start) {
        return toml_fail(scan, "a key is missing; keys of other than A-Z a-z 0-9 _ - stand in "
                               "\"…\"");
    }
    *out = pool_copy(scan->pool, (span){start, (size_t)(scan->at - start)});
    return out->ptr || toml_fail(scan, "out of memory");
}

static bool read_key_path(struct reader *reader, struct key_path *path)
{
    struct toml_scan *scan = &reader->scan;
    path->count = 0;
    for (;;) {
        if (path->count == TOML_DEPTH_MAX) {
            return toml_fail(scan, "a key of more than %d parts", (int)TOML_DEPTH_MAX);
        }
        if (!read_key_part(reader, &path->parts[path->count++])) {
            return false;
        }
        toml_skip_blanks(scan);
        if (toml_peek(scan) != '.') {
            return true;
        }
        scan->at++;
        toml_skip_blanks(scan);
    }
}

static bool fail_key(struct reader *reader, span key, const char *why)
{
    return toml_fail(&reader->scan, "%.*s %s", (int)(key.len < 60 ? key.len : 60), key.ptr, why);
}

/* The table that a dotted key's last part goes into: its former parts may only pass tables that
 * dotted keys made. */
static struct toml_value *walk_dotted(struct reader *reader, struct toml_value *table,
                                      const struct key_path *path)
{
    for (size_t i = 0; table && i + 1 < path->count; i++) {
        struct toml_value *next = find_value(reader, table, path->parts[i]);
        if (!next) {
            next = add_table(reader, table, path->parts[i], KIND_DOTTED);
        } else if (next->kind != KIND_DOTTED) {
            (void)fail_key(reader, path->parts[i],
                           "is defined already, nothing can be added to it");
            return NULL;
        }
        table = next;
    }
    return table;
}

/* The same for a header. */
static struct toml_value *walk_header(struct reader *reader, const struct key_path *path)
{
    struct toml_value *table = reader->toml->root;
    for (size_t i = 0; table && i + 1 < path->count; i++) {
        struct toml_value *next = find_value(reader, table, path->parts[i]);
        if (!next) {
            next = add_table(reader, table, path->parts[i], KIND_IMPLICIT);
        } else if (next->kind == KIND_TABLE_ARRAY) {
            next = next->as.list.last;
        } else if (next->kind == KIND_VALUE || next->kind == KIND_INLINE) {
            (void)fail_key(reader, path->parts[i], "is a value, not a table that can be added to");
            return NULL;
        }
        table = next;
    }
    return table;
}

/* --- values --- */

/* Reads a scalar, or opens an array or inline table whose content is read by read_containers. */
static bool begin_value(struct reader *reader, struct toml_value *value)
{
    struct toml_scan *scan = &reader->scan;
    const char c = toml_peek(scan);
    if (c != '[' && c != '{') {
        return toml_read_scalar(scan, value);
    }
    scan->at++;
    value->type = c == '[' ? TOML_ARRAY : TOML_TABLE;
    value->kind = c == '[' ? KIND_VALUE : KIND_INLINE;
    return true;
}

static bool is_open(const struct toml_value *value)
{
    return value->type == TOML_ARRAY || value->type == TOML_TABLE;
}

/* key = value, standing at the key. *out: the value, perhaps opened only. */
static bool begin_pair(struct reader *reader, struct toml_value *table, struct toml_value **out)
{
    struct toml_scan *scan = &reader->scan;
    struct key_path path;
    struct toml_value *value = new_value(reader);
    if (!value || !read_key_path(reader, &path)) {
        return false;
    }
    const span key = path.parts[path.count - 1];
    struct toml_value *owner = walk_dotted(reader, table, &path);
    if (!owner) {
        return false;
    }
    if (find_value(reader, owner, key)) {
        return fail_key(reader, key, "is defined twice; keep one of them");
    }
    if (toml_peek(scan) != '=') {
        return fail_key(reader, key, "needs = and a value");
    }
    scan->at++;
    toml_skip_blanks(scan);
    *out = value;
    return begin_value(reader, value) && add_key(reader, owner, key, value);
}

static bool skip_lines(struct toml_scan *scan)
{
    do {
        toml_skip_blanks(scan);
        if (!toml_skip_comment(scan)) {
            return false;
        }
    } while (toml_take_newline(scan));
    return true;
}

/* One step inside an array. *out NULL: it was closed. */
static bool step_array(struct reader *reader, struct toml_value *array, struct toml_value **out)
{
    struct toml_scan *scan = &reader->scan;
    *out = NULL;
    if (!skip_lines(scan)) {
        return false;
    }
    bool comma = array->as.list.count == 0;
    if (!comma && toml_peek(scan) == ',') {
        scan->at++;
        comma = true;
        if (!skip_lines(scan)) {
            return false;
        }
    }
    if (toml_peek(scan) == ']') {
        scan->at++;
        return true;
    }
    if (!comma) {
        return toml_fail(scan, "an array needs , or ] here (it began in line %u)", array->line);
    }
    struct toml_value *value = new_value(reader);
    if (!value || !begin_value(reader, value)) {
        return false;
    }
    list_append(array, value);
    *out = value;
    return true;
}

/* One step inside an inline table: one line, no comma before the closing brace (TOML 1.0). */
static bool step_inline(struct reader *reader, struct toml_value *table, bool first,
                        struct toml_value **out)
{
    struct toml_scan *scan = &reader->scan;
    *out = NULL;
    toml_skip_blanks(scan);
    if (toml_peek(scan) == '}') {
        scan->at++;
        return true;
    }
    if (!first) {
        if (toml_peek(scan) != ',') {
            return toml_fail(scan, "an inline table needs , or } on its line (it began in line %u)",
                             table->line);
        }
        scan->at++;
        toml_skip_blanks(scan);
    }
    return begin_pair(reader, table, out);
}

/* Reads what was opened, and all that opens inside, without recursion. */
static bool read_containers(struct reader *reader, struct toml_value *outermost)
{
    struct toml_value *open[TOML_DEPTH_MAX];
    bool first[TOML_DEPTH_MAX];
    size_t depth = 0;
    struct toml_value *value = outermost;
    do {
        if (value && is_open(value)) {
            if (depth == TOML_DEPTH_MAX) {
                return toml_fail(&reader->scan, "values nested deeper than %d",
                                 (int)TOML_DEPTH_MAX);
            }
            first[depth] = true;
            open[depth++] = value;
        }
        struct toml_value *top = open[depth - 1];
        if (top->type == TOML_ARRAY ? !step_array(reader, top, &value)
                                    : !step_inline(reader, top, first[depth - 1], &value)) {
            return false;
        }
        first[depth - 1] = false;
        depth -= value == NULL;
    } while (depth > 0);
    return true;
}

/* --- lines --- */

static bool read_pair(struct reader *reader)
{
    struct toml_value *value = NULL;
    return begin_pair(reader, reader->section, &value) &&
           (!is_open(value) || read_containers(reader, value));
}

static struct toml_value *define_table(struct reader *reader, struct toml_value *owner, span key)
{
    struct toml_value *table = find_value(reader, owner, key);
    if (!table) {
        return add_table(reader, owner, key, KIND_HEADER);
    }
    if (table->kind != KIND_IMPLICIT) {
        (void)fail_key(reader, key, "is defined twice; keep one of them");
        return NULL;
    }
    table->kind = KIND_HEADER;
    table->line = reader->scan.line;
    return table;
}

static struct toml_value *add_element(struct reader *reader, struct toml_value *owner, span key)
{
    struct toml_value *array = find_value(reader, owner, key);
    if (!array) {
        array = add_table(reader, owner, key, KIND_TABLE_ARRAY);
        if (!array) {
            return NULL;
        }
        array->type = TOML_ARRAY;
    } else if (array->kind != KIND_TABLE_ARRAY) {
        (void)fail_key(reader, key, "is defined already and is no array of tables");
        return NULL;
    }
    struct toml_value *element = new_value(reader);
    if (!element) {
        return NULL;
    }
    element->type = TOML_TABLE;
    element->kind = KIND_HEADER;
    list_append(array, element);
    return element;
}

static bool read_header(struct reader *reader)
{
    struct toml_scan *scan = &reader->scan;
    const bool is_element = span_starts(toml_rest(scan), SPAN("[["));
    const span close = is_element ? SPAN("]]") : SPAN("]");
    struct key_path path;
    scan->at += close.len;
    toml_skip_blanks(scan);
    if (!read_key_path(reader, &path)) {
        return false;
    }
    if (!span_starts(toml_rest(scan), close)) {
        return toml_fail(scan, "a table's header needs %s here", close.ptr);
    }
    struct toml_value *owner = walk_header(reader, &path);
    if (!owner) {
        return false;
    }
    scan->at += close.len;
    const span key = path.parts[path.count - 1];
    reader->section =
        is_element ? add_element(reader, owner, key) : define_table(reader, owner, key);
    return reader->section != NULL;
}

static bool read_line(struct reader *reader)
{
    struct toml_scan *scan = &reader->scan;
    toml_skip_blanks(scan);
    if (scan->at < scan->end && !strchr("#\r\n", toml_peek(scan))) {
        if (toml_peek(scan) == '[' ? !read_header(reader) : !read_pair(reader)) {
            return false;
        }
        toml_skip_blanks(scan);
    }
    if (!toml_skip_comment(scan)) {
        return false;
    }
    return toml_take_newline(scan) || scan->at == scan->end ||
           toml_fail(scan, "nothing more can stand on this line but a comment");
}

/* A byte that is not UTF-8 is told where it stands. */
static bool check_utf8(struct toml_scan *scan)
{
    struct toml_scan ahead = *scan;
    while (ahead.at < ahead.end) {
        const size_t len = utf8_sequence_len(toml_rest(&ahead));
        if (len == 0) {
            return toml_fail(&ahead, "this byte (0x%02X) is not UTF-8; save the file as UTF-8",
                             (unsigned)(unsigned char)*ahead.at);
        }
        if (!toml_take_newline(&ahead)) {
            ahead.at += len;
        }
    }
    return true;
}

bool toml_read(struct toml *toml, span text)
{
    *toml = (struct toml){.error = {.line = 1, .column = 1}};
    if (span_starts(text, SPAN("\xEF\xBB\xBF"))) {
        text = (span){text.ptr + 3, text.len - 3};
    }
    struct reader reader = {.scan = {.at = text.ptr,
                                     .end = text.ptr + text.len,
                                     .counted = text.ptr,
                                     .column = 1,
                                     .line = 1,
                                     .pool = &toml->pool,
                                     .error = &toml->error},
                            .toml = toml};
    if (text.len > TOML_BYTES_MAX) {
        return toml_fail(&reader.scan,
                         "longer than %d MiB; put the inputs into a file and name it "
                         "in input_file",
                         (int)(TOML_BYTES_MAX >> 20));
    }
    toml->root = new_value(&reader);
    bool good = toml->root && check_utf8(&reader.scan);
    reader.section = toml->root;
    while (good && reader.scan.at < reader.scan.end) {
        good = read_line(&reader);
    }
    heap_release(reader.index.slots);
    if (!good) {
        toml->root = NULL;
    }
    return good;
}

void toml_release(struct toml *toml)
{
    pool_release(&toml->pool);
    toml->root = NULL;
}

const struct toml_value *toml_find(const struct toml_value *table, const char *key)
{
    if (!table || table->type != TOML_TABLE) {
        return NULL;
    }
    for (const struct toml_value *value = table->as.list.first; value; value = value->next) {
        if (span_equal(value->key, span_of(key))) {
            return value;
        }
    }
    return NULL;
}

const char *toml_type_name(enum toml_type type)
{
    switch (type) {
    case TOML_TABLE:
        return "table";
    case TOML_ARRAY:
        return "array";
    case TOML_STRING:
        return "string";
    case TOML_INTEGER:
        return "integer";
    case TOML_FLOAT:
        return "float";
    case TOML_BOOLEAN:
        return "boolean";
    case TOML_OFFSET_DATETIME:
    case TOML_LOCAL_DATETIME:
        return "date-time";
    case TOML_LOCAL_DATE:
        return "date";
    case TOML_LOCAL_TIME:
        return "time";
    }
    return "value";
}
