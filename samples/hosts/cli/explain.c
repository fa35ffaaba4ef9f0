/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/commands.h"

#include "cli/account.h"
#include "cli/account_source.h"
#include "cli/input.h"
#include "cli/schedule.h"
#include "cli/sink_stream.h"
#include "common/file_read.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The sink, and all else of this command: rows are told as they come. */
struct explanation {
    struct record_sink sink; /* first: rows arrive here */
    const struct args *args;
    struct session session;
    struct schedule schedule;
    struct sink_stream out;
    struct pool pool;
    char kept[sizeof "/quern-explain-XXXXXX" + 4096]; /* a folder; empty: nothing is kept */
    bool is_html;
    bool is_coloured;
};

/* --- what was received, for the page --- */

static bool make_folder(struct explanation *self, struct trouble *trouble)
{
    const char *where = getenv("TMPDIR");
    const int len = snprintf(self->kept, sizeof self->kept, "%s/quern-explain-XXXXXX",
                             where && *where ? where : "/tmp");
    if (len < 0 || (size_t)len >= sizeof self->kept || !mkdtemp(self->kept)) {
        (void)trouble_set(trouble, TROUBLE_CANNOT_CREATE, "%s: no folder can be made: %s",
                          self->kept, strerror(errno));
        self->kept[0] = '\0';
        return false;
    }
    return true;
}

static void remove_folder(const struct explanation *self)
{
    DIR *folder = self->kept[0] ? opendir(self->kept) : NULL;
    const struct dirent *entry;
    while (folder && (entry = readdir(folder))) {
        (void)unlinkat(dirfd(folder), entry->d_name, 0);
    }
    if (folder) {
        (void)closedir(folder);
        (void)rmdir(self->kept);
    }
}

/* The content by its hash; members of archives are not kept by themselves. */
static void read_content(const struct explanation *self, const struct account *account,
                         struct text *out)
{
    const span hash = account_cell(account, "content_sha256");
    struct text path = {0};
    text_add_format(&path, "%s/", self->kept);
    text_add(&path, hash);
    if (hash.len == 0 || path.failed || !file_read(text_string(&path), ACCOUNT_SOURCE_MAX, out)) {
        text_release(out);
    }
    text_release(&path);
}

/* --- rows --- */

static bool begin(struct record_sink *sink, const struct ArrowSchema *schema, int64_t shown,
                  struct trouble *trouble)
{
    (void)schema;
    (void)trouble;
    sink->shown = shown;
    return true;
}

static void tell(struct explanation *self, const struct account *account)
{
    struct text *to = &self->out.held;
    if (!self->is_html) {
        account_text(to, account, self->is_coloured);
        text_add_byte(to, '\n');
        return;
    }
    struct text content = {0};
    read_content(self, account, &content);
    account_html(to, account, (span){content.ptr, content.len});
    text_release(&content);
}

static bool write_rows(struct record_sink *sink, struct arrow_view rows, struct trouble *trouble)
{
    struct explanation *self = (struct explanation *)sink;
    for (int64_t row = 0; row < rows.array->length; row++) {
        struct pool pool = {0};
        struct account account;
        const bool good = account_read(rows, row, &pool, &account);
        if (good) {
            tell(self, &account);
        }
        pool_release(&pool);
        if (!good || self->out.held.failed) {
            return trouble_memory(trouble);
        }
        if (!sink_stream_flush(&self->out, false, trouble)) {
            return false;
        }
    }
    return true;
}

static bool sync_rows(struct record_sink *sink, struct trouble *trouble)
{
    struct explanation *self = (struct explanation *)sink;
    return sink_stream_flush(&self->out, true, trouble);
}

static void close_sink(struct record_sink *sink)
{
    (void)sink; /* it is the command's own */
}

static const struct record_sink_type type = {
    .begin = begin, .write = write_rows, .sync = sync_rows, .close = close_sink};

/* --- the command --- */

static bool open_output(struct explanation *self, struct trouble *trouble)
{
    const char *path = args_value(self->args, "html");
    self->is_html = path != NULL;
    self->out = (struct sink_stream){.descriptor = STDOUT_FILENO, .name = "standard output"};
    self->is_coloured = !path && isatty(STDOUT_FILENO) && !getenv("NO_COLOR");
    if (!path) {
        return true;
    }
    self->out.name = path;
    self->out.descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    return self->out.descriptor >= 0 ||
           trouble_set(trouble, TROUBLE_CANNOT_CREATE, "%s: cannot be made: %s", path,
                       strerror(errno));
}

static bool read_split(void *context, const struct quern_split *split, struct trouble *trouble)
{
    struct explanation *self = context;
    return schedule_read_split(&self->schedule,
                               (span){(const char *)split->bytes.data, split->bytes.len},
                               split->documents, trouble);
}

static bool open_source(struct explanation *self, struct trouble *trouble)
{
    size_t count = 0;
    struct quern_option *options = session_set_options(&self->pool, self->args, 2, &count, trouble);
    if (!options) {
        return false;
    }
    options[count++] = (struct quern_option){.key = "input", .value = self->args->operands[0]};
    if (self->is_html) {
        options[count++] = (struct quern_option){.key = "keep", .value = self->kept};
    }
    return session_open(&self->session, self->args, trouble) &&
           session_open_source(&self->session, options, count, trouble);
}

static bool explain(struct explanation *self, struct trouble *trouble)
{
    if (!input_check(self->args->operands[0], trouble) || !open_output(self, trouble) ||
        (self->is_html && !make_folder(self, trouble)) || !open_source(self, trouble) ||
        !schedule_open(&self->schedule, &self->session, &self->sink, NULL, NULL, 0, trouble)) {
        return false;
    }
    if (self->is_html) {
        account_html_begin(&self->out.held, span_of(self->args->operands[0]));
    }
    const bool good = schedule_plan(&self->session, read_split, self, trouble);
    if (self->is_html) {
        account_html_end(&self->out.held);
    }
    return sync_rows(&self->sink, trouble) && good;
}

void explain_command(const struct args *args, struct trouble *trouble)
{
    struct explanation self = {.sink = {.type = &type}, .args = args};
    if (explain(&self, trouble)) {
        const enum trouble_code verdict = schedule_verdict(&self.schedule.position.tally, 0.0);
        trouble->code = verdict == TROUBLE_UNAVAILABLE ? TROUBLE_DATA : verdict;
    }
    if (self.is_html && self.out.descriptor >= 0) {
        (void)close(self.out.descriptor);
    }
    schedule_close(&self.schedule);
    session_close(&self.session);
    remove_folder(&self);
    text_release(&self.out.held);
    pool_release(&self.pool);
}
