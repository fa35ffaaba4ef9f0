/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/sink_text.h"

#include "cli/sink_stream.h"
#include "common/heap.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The one name a text has before it is whole: what a crash leaves is overwritten by the next. */
static const char unfinished_name[] = ".quern-unfinished";

static const struct form {
    const char *columns[TEXT_COLUMNS];
    const char *separator; /* a line between two texts */
    const char *ending;    /* of a file's name */
} forms[] = {
    [TEXT_PLAIN] = {.columns = {"id", "text"}, .separator = "\f\n", .ending = ".txt"},
    [TEXT_MARKDOWN] = {.columns = {"id", "markdown"}, .separator = "\n---\n\n", .ending = ".md"},
};

const char *const *sink_text_columns(enum text_form form)
{
    return forms[form].columns;
}

struct texts {
    struct record_sink sink;
    const struct form *form;
    struct sink_stream stream;
    int folder; /* descriptor; -1: everything goes to the stream */
    int64_t id;
    int64_t text;
    bool any; /* a text was written to the stream */
};

static bool begin(struct record_sink *sink, const struct ArrowSchema *schema, int64_t shown,
                  struct trouble *trouble)
{
    struct texts *out = (struct texts *)sink;
    sink->shown = shown;
    out->id = arrow_find(schema, out->form->columns[0]);
    out->text = arrow_find(schema, out->form->columns[1]);
    if (out->id < 0 || out->text < 0) {
        return trouble_set(trouble, TROUBLE_INTERNAL, "the plugin gave no columns %s and %s",
                           out->form->columns[0], out->form->columns[1]);
    }
    return true;
}

static bool write_to_stream(struct texts *out, span text, struct trouble *trouble)
{
    if (out->any) {
        text_add_string(&out->stream.held, out->form->separator);
    }
    out->any = true;
    text_add(&out->stream.held, text);
    if (!span_ends(text, SPAN("\n"))) {
        text_add_byte(&out->stream.held, '\n');
    }
    return sink_stream_flush(&out->stream, false, trouble);
}

/* An id is 32 hex digits; anything else must not become a path. */
static bool is_plain_name(span id)
{
    for (size_t i = 0; i < id.len; i++) {
        const char c = id.ptr[i];
        if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))) {
            return false;
        }
    }
    return id.len > 0 && id.len <= 128;
}

static bool fail_file(const struct texts *out, const char *name, struct trouble *trouble)
{
    return trouble_set(trouble, TROUBLE_CANNOT_WRITE, "%s/%s: cannot be written: %s",
                       out->stream.name, name, strerror(errno));
}

static bool write_file(struct texts *out, span id, span text, struct trouble *trouble)
{
    char name[128 + sizeof ".txt"];
    const char *ending = out->form->ending;
    if (!is_plain_name(id)) {
        return trouble_set(trouble, TROUBLE_INTERNAL, "the plugin gave an id that names no file");
    }
    memcpy(name, id.ptr, id.len);
    memcpy(name + id.len, ending, strlen(ending) + 1);
    struct sink_stream file = {.descriptor = openat(out->folder, unfinished_name,
                                                    O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666),
                               .name = name};
    if (file.descriptor < 0) {
        return fail_file(out, unfinished_name, trouble);
    }
    text_add(&file.held, text);
    text_add_string(&file.held, span_ends(text, SPAN("\n")) || text.len == 0 ? "" : "\n");
    bool good = sink_stream_sync(&file, trouble);
    text_release(&file.held);
    if (close(file.descriptor) != 0 && good) {
        good = fail_file(out, name, trouble);
    }
    if (good && renameat(out->folder, unfinished_name, out->folder, name) != 0) {
        good = fail_file(out, name, trouble);
    }
    return good;
}

static bool write_rows(struct record_sink *sink, struct arrow_view rows, struct trouble *trouble)
{
    struct texts *out = (struct texts *)sink;
    const struct arrow_view ids = arrow_child(rows, out->id);
    const struct arrow_view texts = arrow_child(rows, out->text);
    for (int64_t row = 0; row < rows.array->length; row++) {
        const int64_t at = arrow_struct_row(rows, row);
        if (arrow_is_null(texts, at)) {
            continue;
        }
        const span text = arrow_text(texts, at);
        if (out->folder < 0 ? !write_to_stream(out, text, trouble)
                            : !write_file(out, arrow_text(ids, at), text, trouble)) {
            return false;
        }
    }
    return out->folder >= 0 || sink_stream_flush(&out->stream, true, trouble);
}

/* Each file is on the disk by itself; the names are there when their folder is. */
static bool sync_rows(struct record_sink *sink, struct trouble *trouble)
{
    struct texts *out = (struct texts *)sink;
    if (out->folder < 0) {
        return sink_stream_flush(&out->stream, true, trouble);
    }
    return fsync(out->folder) == 0 || fail_file(out, "", trouble);
}

static void close_sink(struct record_sink *sink)
{
    struct texts *out = (struct texts *)sink;
    if (out->folder >= 0) {
        (void)unlinkat(out->folder, unfinished_name, 0);
        (void)close(out->folder);
    }
    text_release(&out->stream.held);
    heap_release(out);
}

static const struct record_sink_type type = {
    .begin = begin, .write = write_rows, .sync = sync_rows, .close = close_sink};

struct record_sink *sink_text_to(int descriptor, const char *name, enum text_form form)
{
    struct texts *out = heap_allocate(sizeof *out);
    if (!out) {
        return NULL;
    }
    out->sink.type = &type;
    out->form = &forms[form];
    out->folder = -1;
    out->stream = (struct sink_stream){.descriptor = descriptor, .name = name};
    return &out->sink;
}

struct record_sink *sink_text_folder(const char *folder, enum text_form form,
                                     struct trouble *trouble)
{
    if (mkdir(folder, 0777) != 0 && errno != EEXIST) {
        (void)trouble_set(trouble, TROUBLE_CANNOT_CREATE, "%s: cannot be made: %s", folder,
                          strerror(errno));
        return NULL;
    }
    const int descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) {
        (void)trouble_set(trouble, TROUBLE_CANNOT_CREATE, "%s: cannot be opened: %s", folder,
                          strerror(errno));
        return NULL;
    }
    struct record_sink *sink = sink_text_to(-1, folder, form);
    if (!sink) {
        (void)close(descriptor);
        (void)trouble_memory(trouble);
        return NULL;
    }
    ((struct texts *)sink)->folder = descriptor;
    return sink;
}
