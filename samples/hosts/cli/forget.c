/* SPDX-License-Identifier: Apache-2.0 */
/* Everything that a job's database and its kept files hold of an address, or of a web host, goes. What
 * is still among the job's inputs is fetched by the next run: whoever wants it gone for good takes it out
 * there, too. Pace and robots.txt of a host stay, since they hold nothing of a document. */
#include "cli/commands.h"

#include "cli/run_lock.h"
#include "cli/sink_sqlite.h"
#include "cli/sink_stream.h"
#include "cli/url_host.h"
#include "common/file_read.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SIDECAR_BYTES_MAX = 1 << 20, HASH_LEN = 64 };

struct forget {
    const char *what;
    bool is_host;
    bool is_dry;
    struct job_file job;
    struct run_lock lock;
    struct record_sink *sink;
    sqlite3 *database;
    const char *keep; /* folder; NULL: none */
    int64_t files;
    int64_t file_bytes;
    struct text output;
};

/* --- whose an address is --- */

/* quern_is_meant(url) in SQL. */
static void is_meant(sqlite3_context *context, int count, sqlite3_value **values)
{
    const struct forget *f = sqlite3_user_data(context);
    const char *text = count == 1 ? (const char *)sqlite3_value_text(values[0]) : NULL;
    const span url = span_of(text);
    sqlite3_result_int(context, f->is_host ? url_host_is(url, span_of(f->what))
                                           : span_equal(url, span_of(f->what)));
}

/* --- the database --- */

static bool execute(struct forget *f, const char *sql, struct trouble *trouble)
{
    return sqlite3_exec(f->database, sql, NULL, NULL, NULL) == SQLITE_OK ||
           sink_sqlite_fail(f->sink, trouble);
}

static int64_t read_integer(struct forget *f, const char *sql, struct trouble *trouble)
{
    sqlite3_stmt *row = NULL;
    const bool good = sqlite3_prepare_v2(f->database, sql, -1, &row, NULL) == SQLITE_OK &&
                      sqlite3_step(row) == SQLITE_ROW;
    const int64_t value = good ? sqlite3_column_int64(row, 0) : 0;
    if (!good) {
        (void)sink_sqlite_fail(f->sink, trouble);
    }
    (void)sqlite3_finalize(row);
    return value;
}

static bool has_column(struct forget *f, const char *name, struct trouble *trouble)
{
    struct text sql = {0};
    text_add_format(
        &sql, "SELECT count(*) FROM pragma_table_info('quern_record') WHERE name = '%s'", name);
    const bool has = !sql.failed && read_integer(f, text_string(&sql), trouble) > 0;
    text_release(&sql);
    return has;
}

static bool open_database(struct forget *f, struct trouble *trouble)
{
    if (f->job.sink != JOB_SINK_SQLITE) {
        return trouble_set(trouble, TROUBLE_JOB,
                           "only the sink sqlite can be asked what it holds of an address");
    }
    if (access(f->job.sink_path, F_OK) != 0) {
        return trouble_set(trouble, TROUBLE_NO_INPUT, "%s: %s", f->job.sink_path, strerror(errno));
    }
    f->sink = sink_sqlite_open(f->job.sink_path, trouble);
    if (!f->sink) {
        return false;
    }
    f->database = sink_sqlite_database(f->sink);
    if (sqlite3_create_function(f->database, "quern_is_meant", 1, SQLITE_UTF8, f, is_meant, NULL,
                                NULL) != SQLITE_OK) {
        return sink_sqlite_fail(f->sink, trouble);
    }
    if (!has_column(f, "url", trouble)) {
        return trouble_set(trouble, TROUBLE_JOB,
                           "%s: its records have no column url, so none can be found by address",
                           f->job.sink_path);
    }
    return true;
}

/* What was freed is overwritten: the text shall not be readable in the file. */
static bool choose(struct forget *f, struct trouble *trouble)
{
    if (!execute(f,
                 "PRAGMA secure_delete = ON; BEGIN IMMEDIATE;"
                 "CREATE TABLE IF NOT EXISTS quern_memo (job TEXT NOT NULL, key TEXT NOT NULL, "
                 "value BLOB NOT NULL, PRIMARY KEY (job, key)) WITHOUT ROWID;"
                 "CREATE TEMP TABLE gone (id TEXT PRIMARY KEY);"
                 "CREATE TEMP TABLE gone_hash (hash TEXT PRIMARY KEY);"
                 "INSERT OR IGNORE INTO gone SELECT id FROM quern_record WHERE quern_is_meant(url);"
                 "INSERT OR IGNORE INTO gone SELECT id FROM quern_failure WHERE "
                 "quern_is_meant(url)",
                 trouble)) {
        return false;
    }
    if (has_column(f, "final_url", trouble) &&
        !execute(f,
                 "INSERT OR IGNORE INTO gone SELECT id FROM quern_record WHERE "
                 "quern_is_meant(final_url)",
                 trouble)) {
        return false;
    }
    if (has_column(f, "parent_id", trouble) &&
        !execute(f,
                 "WITH RECURSIVE child (id) AS (SELECT id FROM gone UNION SELECT r.id FROM "
                 "quern_record r JOIN child c ON r.parent_id = c.id) "
                 "INSERT OR IGNORE INTO gone SELECT id FROM child",
                 trouble)) {
        return false;
    }
    return trouble->code == TROUBLE_NONE;
}

static bool remove_rows(struct forget *f, struct trouble *trouble)
{
    static const struct {
        const char *noun;
        const char *sql;
    } kinds[] = {
        {"record", "DELETE FROM quern_record WHERE id IN (SELECT id FROM gone)"},
        {"validator", "DELETE FROM quern_memo WHERE key IN (SELECT 'doc/' || id FROM gone)"},
        {"dead letter", "DELETE FROM quern_failure WHERE id IN (SELECT id FROM gone)"},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (!execute(f, kinds[i].sql, trouble)) {
            return false;
        }
        text_add_count(&f->output, sqlite3_changes(f->database), kinds[i].noun);
        text_add_string(&f->output, ", ");
    }
    return execute(f, "DELETE FROM quern_memo WHERE key IN (SELECT 'dead/' || id FROM gone)",
                   trouble);
}

/* --- kept files: SHA256, and ID.json, which names it --- */

static bool run_bound(struct forget *f, const char *sql, span value, bool *found,
                      struct trouble *trouble)
{
    sqlite3_stmt *statement = NULL;
    int step = sqlite3_prepare_v2(f->database, sql, -1, &statement, NULL);
    if (step == SQLITE_OK) {
        step = sqlite3_bind_text64(statement, 1, value.ptr, value.len, SQLITE_STATIC, SQLITE_UTF8);
    }
    step = step == SQLITE_OK ? sqlite3_step(statement) : step;
    *found = step == SQLITE_ROW;
    const bool good =
        step == SQLITE_ROW || step == SQLITE_DONE || sink_sqlite_fail(f->sink, trouble);
    (void)sqlite3_finalize(statement);
    return good;
}

static bool remove_file(struct forget *f, int folder, const char *name, struct trouble *trouble)
{
    struct stat entry;
    if (fstatat(folder, name, &entry, AT_SYMLINK_NOFOLLOW) != 0) {
        return errno == ENOENT || trouble_set(trouble, TROUBLE_CANNOT_WRITE, "%s/%s: %s", f->keep,
                                              name, strerror(errno));
    }
    f->files++;
    f->file_bytes += entry.st_size;
    return f->is_dry || unlinkat(folder, name, 0) == 0 ||
           trouble_set(trouble, TROUBLE_CANNOT_WRITE, "%s/%s: %s", f->keep, name, strerror(errno));
}

/* The hash that a sidecar names. Empty: it names none. */
static span hash_in(span sidecar)
{
    static const char key[] = "\"sha256\":\"";
    const char *at = sidecar.len > 0 ? memmem(sidecar.ptr, sidecar.len, key, sizeof key - 1) : NULL;
    const size_t from = at ? (size_t)(at - sidecar.ptr) + sizeof key - 1 : sidecar.len;
    return from + HASH_LEN <= sidecar.len ? (span){sidecar.ptr + from, HASH_LEN} : SPAN("");
}

/* First walk: the hashes of what goes. Second walk: those that another document has stay. */
static bool note_sidecar(struct forget *f, const char *name, bool is_second,
                         struct trouble *trouble)
{
    struct text path = {0};
    struct text content = {0};
    const span id = {name, strlen(name) - (sizeof ".json" - 1)};
    bool is_gone = false;
    bool ignored = false;
    bool good = run_bound(f, "SELECT 1 FROM gone WHERE id = ?1", id, &is_gone, trouble);
    text_add_format(&path, "%s/%s", f->keep, name);
    if (good && is_gone != is_second && !path.failed &&
        file_read(text_string(&path), SIDECAR_BYTES_MAX, &content)) {
        good = run_bound(f,
                         is_second ? "DELETE FROM gone_hash WHERE hash = ?1"
                                   : "INSERT OR IGNORE INTO gone_hash VALUES (?1)",
                         hash_in(text_span(&content)), &ignored, trouble);
    }
    text_release(&path);
    text_release(&content);
    return good;
}

static bool walk_sidecars(struct forget *f, DIR *folder, bool is_second, struct trouble *trouble)
{
    const struct dirent *entry = NULL;
    bool good = true;
    rewinddir(folder);
    while (good && (entry = readdir(folder))) {
        if (span_ends(span_of(entry->d_name), SPAN(".json"))) {
            good = note_sidecar(f, entry->d_name, is_second, trouble);
        }
    }
    return good;
}

static bool is_plain(const char *name)
{
    size_t len = 0;
    while (isxdigit((unsigned char)name[len])) {
        len++;
    }
    return len > 0 && name[len] == 0;
}

static bool remove_named(struct forget *f, int folder, const char *sql, const char *ending,
                         struct trouble *trouble)
{
    sqlite3_stmt *rows = NULL;
    int step = sqlite3_prepare_v2(f->database, sql, -1, &rows, NULL);
    bool good = step == SQLITE_OK || sink_sqlite_fail(f->sink, trouble);
    while (good && (step = sqlite3_step(rows)) == SQLITE_ROW) {
        const char *name = (const char *)sqlite3_column_text(rows, 0);
        struct text file = {0};
        text_add_format(&file, "%s%s", name ? name : "", ending);
        if (name && is_plain(name) && !file.failed) {
            good = remove_file(f, folder, text_string(&file), trouble);
        }
        text_release(&file);
    }
    (void)sqlite3_finalize(rows);
    return good && (step == SQLITE_DONE || sink_sqlite_fail(f->sink, trouble));
}

static bool remove_kept(struct forget *f, struct trouble *trouble)
{
    DIR *folder = f->keep ? opendir(f->keep) : NULL;
    if (!folder) {
        return !f->keep || errno == ENOENT ||
               trouble_set(trouble, TROUBLE_NO_INPUT, "%s: %s", f->keep, strerror(errno));
    }
    const bool good = walk_sidecars(f, folder, false, trouble) &&
                      walk_sidecars(f, folder, true, trouble) &&
                      remove_named(f, dirfd(folder), "SELECT hash FROM gone_hash", "", trouble) &&
                      remove_named(f, dirfd(folder), "SELECT id FROM gone", ".json", trouble);
    (void)closedir(folder);
    return good;
}

/* --- the command --- */

static bool read_job(struct forget *f, const char *path, struct trouble *trouble)
{
    struct text error = {0};
    const bool good = job_file_read(&f->job, path, &error);
    if (!good) {
        (void)trouble_set(trouble, errno ? TROUBLE_NO_INPUT : TROUBLE_JOB, "%s",
                          text_string(&error));
    }
    text_release(&error);
    for (size_t i = 0; good && i < f->job.option_count; i++) {
        if (strcmp(f->job.options[i].key, "keep") == 0) {
            f->keep = f->job.options[i].value;
        }
    }
    return good;
}

/* Files go first: a forget that is killed is done again, and finds what is left by its records. */
static bool forget(struct forget *f, struct trouble *trouble)
{
    text_add_string(&f->output, f->is_dry ? "would remove " : "removed ");
    if (!choose(f, trouble) || !remove_kept(f, trouble) || !remove_rows(f, trouble)) {
        return false;
    }
    text_add_count(&f->output, f->files, "kept file");
    text_add_format(&f->output, " (%" PRId64 " bytes)\n", f->file_bytes);
    if (!execute(f, f->is_dry ? "ROLLBACK" : "COMMIT", trouble)) {
        return false;
    }
    return sink_stream_print(&f->output, trouble);
}

void forget_command(const struct args *args, struct trouble *trouble)
{
    struct forget f = {.what = args->operands[0],
                       .is_host = !strstr(args->operands[0], "://"),
                       .is_dry = args_has(args, "dry-run"),
                       .lock = {.descriptor = -1}};
    if (read_job(&f, args->operands[1], trouble) &&
        run_lock_take(&f.lock, &f.job, args->operands[1], trouble) && open_database(&f, trouble)) {
        (void)forget(&f, trouble);
    }
    record_sink_close(f.sink);
    run_lock_release(&f.lock);
    job_file_release(&f.job);
    text_release(&f.output);
}
