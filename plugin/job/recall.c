/* SPDX-License-Identifier: Apache-2.0 */
#include "job/recall.h"

#include "base/hash.h"
#include "base/http_date.h"
#include "base/json.h"
#include "convert/format.h"
#include "fetch/clock.h"
#include "job/found.h"

enum {
    ENTRY_BYTES_MAX = 64 * 1024,     /* key and value of one document */
    VALUE_BYTES_MAX = 32 * 1024,     /* a longer one is not ours */
    URL_BYTES_MAX = 8 * 1024,        /* of longer ones no validators are kept */
    VALIDATOR_BYTES_MAX = 1024,      /* an entity tag is a few dozen bytes long */
    INTERVAL_FIRST_S = 24 * 60 * 60, /* of a document that was read once */
    SAME_SECOND_S = 2,               /* a page may change twice in the second it is dated with */
    COUNT_MAX = 1000000000
};

/* ---- what makes a record ---- */

static bool add_number(struct hash *hash, int64_t number)
{
    return hash_add_counted(hash, (bytes){.ptr = (const uint8_t *)&number, .len = sizeof number});
}

static bool add_text(struct hash *hash, str text)
{
    return hash_add_counted(hash, str_bytes(text));
}

/* The options that shape the records of one content. */
static bool add_settings(struct hash *hash, const struct settings *settings)
{
    const str texts[] = {settings->charset, settings->normalise, settings->repair, settings->keep};
    const int64_t numbers[] = {
        settings->fold_width,
        settings->content_bytes_max,
        settings->arena_bytes_max,
        settings->text_bytes_max,
        settings->depth_max,
        settings->archive_depth_max,
        settings->archive_entries_max,
        settings->archive_bytes_max,
        settings->archive_ratio_max,
        settings->archive_entry_bytes_max,
        settings->archive_name_bytes_max,
    };
    bool added = true;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        added = added && add_text(hash, texts[i]);
    }
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        added = added && add_number(hash, numbers[i]);
    }
    return added;
}

static bool add_converters(struct hash *hash)
{
    size_t count;
    const struct format *const *formats = format_list(&count);
    bool added = add_text(hash, STR(QUERN_VERSION));
    for (size_t i = 0; i < count; i++) {
        added = added && add_text(hash, formats[i]->name) && add_text(hash, formats[i]->version);
    }
    return added;
}

static bool add_columns(struct hash *hash, const struct job_want *want)
{
    bool added = true;
    for (size_t i = 0; i < COLUMN_COUNT; i++) {
        added = added && add_number(hash, want->columns[i]);
    }
    return added;
}

static bool write_made(const struct settings *settings, const struct job_want *want,
                       char out[RECALL_MADE_LEN])
{
    char hex[HASH_HEX_LEN];
    struct hash *hash = hash_open();
    const bool made = hash && add_converters(hash) && add_settings(hash, settings) &&
                      add_columns(hash, want) && hash_finish(hash, hex);
    hash_close(hash);
    if (made) {
        memcpy(out, hex, RECALL_MADE_LEN);
    }
    return made;
}

bool recall_open(struct recall *recall, const struct memo *memo, const struct settings *settings,
                 const struct job_want *want)
{
    *recall = (struct recall){.memo = memo, .settings = settings};
    arena_init(&recall->arena, 2 * ENTRY_BYTES_MAX);
    return !memo || write_made(settings, want, recall->made);
}

void recall_release(struct recall *recall)
{
    arena_release(&recall->arena);
    recall->memo = NULL;
}

static str made_of(const struct recall *recall)
{
    return (str){.ptr = recall->made, .len = RECALL_MADE_LEN};
}

/* ---- reading ---- */

static bool is_hash(str text)
{
    for (size_t i = 0; i < text.len; i++) {
        const char c = text.ptr[i];
        if (!ascii_is_digit((uint8_t)c) && (c < 'a' || c > 'f')) {
            return false;
        }
    }
    return text.len == HASH_HEX_LEN;
}

struct reading {
    struct recalled *out;
    str made;
    int64_t version;
};

static void take_text(struct reading *reading, str key, str text)
{
    struct recalled *out = reading->out;
    if (str_equal(key, STR("made"))) {
        reading->made = text;
    } else if (str_equal(key, STR("url")) && text.len <= URL_BYTES_MAX) {
        out->validators.url = text;
    } else if (str_equal(key, STR("etag")) && text.len <= VALIDATOR_BYTES_MAX) {
        out->validators.etag = text;
    } else if (str_equal(key, STR("last_modified")) && text.len <= VALIDATOR_BYTES_MAX) {
        out->validators.last_modified = text;
    } else if (str_equal(key, STR("sha256")) && is_hash(text)) {
        out->sha256 = text;
    }
}

static void take_number(struct reading *reading, str key, int64_t number)
{
    struct recalled *out = reading->out;
    const struct {
        str key;
        int64_t *to;
        int64_t max;
    } numbers[] = {
        {STR("v"), &reading->version, INT64_MAX},
        {STR("checked_s"), &out->checked_s, INT64_MAX / 4},
        {STR("changed_s"), &out->changed_s, INT64_MAX / 4},
        {STR("due_s"), &out->due_s, INT64_MAX / 4},
        {STR("interval_s"), &out->interval_s, INT64_MAX / 4},
        {STR("asked"), &out->asked_count, COUNT_MAX},
        {STR("changed"), &out->changed_count, COUNT_MAX},
        {STR("failed"), &out->failed_count, COUNT_MAX},
    };
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        if (str_equal(key, numbers[i].key) && number >= 0) {
            *numbers[i].to = number < numbers[i].max ? number : numbers[i].max;
        }
    }
}

/* The whole of a flat object. Keys of later versions are passed over. */
static bool read_members(struct json *json, struct reading *reading)
{
    if (json_next(json) != JSON_OBJECT_BEGIN) {
        return false;
    }
    while (json_next(json) == JSON_KEY) {
        const str key = json->text;
        const enum json_kind kind = json_next(json);
        if (kind == JSON_STRING) {
            take_text(reading, key, json->text);
        } else if (kind == JSON_NUMBER && json->is_integer) {
            take_number(reading, key, json->number);
        } else if (kind == JSON_TRUE && str_equal(key, STR("good"))) {
            reading->out->is_good = true;
        } else if (!json_skip(json)) {
            return false;
        }
    }
    return json->kind == JSON_OBJECT_END && json_next(json) == JSON_END;
}

static bool read_value(bytes value, struct arena *arena, str made, struct recalled *out)
{
    struct json json;
    struct reading reading = {.out = out};
    *out = (struct recalled){.is_known = true};
    json_init(&json, value, arena);
    if (value.len > VALUE_BYTES_MAX || !read_members(&json, &reading) || reading.version != 1) {
        *out = (struct recalled){.is_known = false};
        return false;
    }
    out->is_made_alike = made.len > 0 && str_equal(reading.made, made);
    if (!out->validators.etag.len && !out->validators.last_modified.len) {
        out->validators.url = STR("");
    }
    return true;
}

bool recall_read(bytes value, struct arena *arena, struct recalled *out)
{
    return read_value(value, arena, STR(""), out);
}

static str key_of(str id, struct arena *arena)
{
    struct buf key;
    buf_init(&key, arena, MEMO_KEY_BYTES_MAX);
    buf_add(&key, STR("doc/"));
    buf_add(&key, id);
    return buf_failed(&key) ? (str){0} : buf_str(&key);
}

void recall_find(const struct recall *recall, str id, struct arena *arena, struct recalled *out)
{
    bytes value = {0};
    const str key = recall->memo ? key_of(id, arena) : (str){0};
    *out = (struct recalled){.is_known = false};
    if (key.ptr && memo_find(recall->memo, key, arena, &value) && value.ptr) {
        (void)read_value(value, arena, made_of(recall), out);
    }
}

/* ---- asking ---- */

static int64_t now_s(void)
{
    return clock_wall_us() / 1000000;
}

bool recall_is_early(const struct recall *recall, const struct recalled *last)
{
    const int64_t left_s = last->due_s - now_s();
    /* Further ahead than any interval: the clock was wrong then or is now. */
    return last->is_known && last->is_made_alike &&
           str_equal(recall->settings->revisit, STR("due")) && left_s > 0 &&
           left_s <= recall->settings->revisit_max_s;
}

static bool compares(const struct recall *recall, const struct recalled *last)
{
    return last->is_known && last->is_made_alike &&
           str_equal(recall->settings->revalidate, STR("on"));
}

const struct fetch_known *recall_conditions(const struct recall *recall,
                                            const struct recalled *last)
{
    return recall->memo && compares(recall, last) && last->validators.url.len ? &last->validators
                                                                              : NULL;
}

/* ---- putting ---- */

static void add_key(struct buf *buf, const char *key)
{
    buf_add(buf, STR(",\""));
    buf_add(buf, str_of(key));
    buf_add(buf, STR("\":"));
}

static void add_string_member(struct buf *buf, const char *key, str value)
{
    if (value.len) {
        add_key(buf, key);
        json_add_string(buf, value);
    }
}

static void add_number_member(struct buf *buf, const char *key, int64_t value)
{
    add_key(buf, key);
    buf_add_integer(buf, value);
}

static void write_value(struct buf *buf, str made, const struct recalled *value)
{
    buf_add(buf, STR("{\"v\":1"));
    add_string_member(buf, "made", made);
    add_key(buf, "good");
    buf_add(buf, value->is_good ? STR("true") : STR("false"));
    add_string_member(buf, "url", value->validators.url);
    add_string_member(buf, "etag", value->validators.etag);
    add_string_member(buf, "last_modified", value->validators.last_modified);
    add_string_member(buf, "sha256", value->sha256);
    add_number_member(buf, "checked_s", value->checked_s);
    add_number_member(buf, "changed_s", value->changed_s);
    add_number_member(buf, "interval_s", value->interval_s);
    add_number_member(buf, "due_s", value->due_s);
    add_number_member(buf, "asked", value->asked_count);
    add_number_member(buf, "changed", value->changed_count);
    add_number_member(buf, "failed", value->failed_count);
    buf_add_byte(buf, '}');
}

/* What cannot be put is not known next time, and the document is read again. */
static void put(struct recall *recall, str id, str made, const struct recalled *value)
{
    struct buf buf;
    const str key = key_of(id, &recall->arena);
    buf_init(&buf, &recall->arena, VALUE_BYTES_MAX);
    write_value(&buf, made, value);
    if (key.ptr) {
        (void)memo_keep(recall->memo, key, buf_failed(&buf) ? (bytes){0} : buf_bytes(&buf));
    }
}

static int64_t clamp(int64_t value, int64_t min, int64_t max)
{
    return value < min ? min : value > max ? max : value;
}

/* Asked for once more, and it was reached. */
static void note_visit(const struct recall *recall, struct recalled *value, bool is_changed)
{
    const struct settings *settings = recall->settings;
    const int64_t max_s = settings->revisit_max_s;
    const int64_t min_s = settings->revisit_min_s < max_s ? settings->revisit_min_s : max_s;
    const bool is_first = value->asked_count == 0;
    const int64_t before_s =
        value->interval_s ? clamp(value->interval_s, min_s, max_s) : INTERVAL_FIRST_S;
    value->checked_s = now_s();
    if (is_first || is_changed) {
        value->changed_s = value->checked_s;
    }
    if (!is_first) {
        value->interval_s = is_changed ? before_s / 10 * 8 : before_s / 10 * 14;
        value->changed_count += is_changed;
    } else {
        value->interval_s = before_s;
    }
    value->interval_s = clamp(value->interval_s, min_s, max_s);
    value->due_s = value->checked_s + value->interval_s;
    value->asked_count++;
    value->failed_count = 0;
}

static str dead_key_of(str id, struct arena *arena)
{
    struct buf key;
    buf_init(&key, arena, MEMO_KEY_BYTES_MAX);
    buf_add(&key, STR("dead/"));
    buf_add(&key, id);
    return buf_failed(&key) ? (str){0} : buf_str(&key);
}

/* For people: what failed stands with the dead letters of the host. */
static void put_dead(struct recall *recall, str id, str url, const struct fault *fault)
{
    struct buf buf;
    const str key = dead_key_of(id, &recall->arena);
    buf_init(&buf, &recall->arena, VALUE_BYTES_MAX);
    buf_add(&buf, STR("{\"error_code\":"));
    json_add_string(&buf, fault_code_name(fault->code));
    add_string_member(&buf, "error_message", str_of(fault->message));
    add_string_member(&buf, "url", url.len <= URL_BYTES_MAX ? url : STR(""));
    buf_add_byte(&buf, '}');
    if (key.ptr && !buf_failed(&buf)) {
        (void)memo_keep(recall->memo, key, buf_bytes(&buf));
    }
}

static void remove_dead(struct recall *recall, str id, bool was_dead)
{
    const str key = was_dead ? dead_key_of(id, &recall->arena) : (str){0};
    if (key.ptr) {
        (void)memo_keep(recall->memo, key, (bytes){0});
    }
}

static enum recall_end end_withheld(struct recall *recall, str id, const struct recalled *last,
                                    str url, const struct fault *fault)
{
    struct recalled value = *last;
    value.checked_s = now_s();
    value.failed_count++;
    /* Of another making it stays: then its validators are of no use, and it is due at once. */
    value.due_s = last->is_made_alike ? value.checked_s + last->interval_s : 0;
    put(recall, id, last->is_made_alike ? made_of(recall) : STR(""), &value);
    put_dead(recall, id, url, fault);
    recall->entry = (struct recall_entry){.is_open = false};
    return RECALL_WITHHELD;
}

static enum recall_end end_unchanged(struct recall *recall, str id, const struct recalled *now)
{
    struct recalled value = *now;
    remove_dead(recall, id, now->failed_count > 0);
    note_visit(recall, &value, false);
    put(recall, id, made_of(recall), &value);
    return RECALL_UNCHANGED;
}

/* ---- one document ---- */

static bool is_whole(const struct found *found)
{
    return found->has_content && !found->truncated &&
           (found->fault.code == FAULT_none || found->fault.code == FAULT_limit);
}

/* A page without an entity tag that was changed in the very second it was read may change once more
 * in that second, and nobody could tell. */
static str usable_date(const struct found *found)
{
    int64_t modified_s;
    const struct provenance *provenance = &found->provenance;
    const int64_t fetched_s = provenance->fetched_at_us / 1000000;
    const bool is_date =
        provenance->last_modified.len <= VALIDATOR_BYTES_MAX &&
        http_date_parse(str_bytes(provenance->last_modified), fetched_s, &modified_s);
    return is_date && (provenance->etag.len || fetched_s - modified_s >= SAME_SECOND_S)
               ? provenance->last_modified
               : STR("");
}

/* The validators and hash of what was received. */
static void take_content(struct recalled *value, const struct found *found)
{
    const struct provenance *provenance = &found->provenance;
    const str etag = provenance->etag;
    value->validators = (struct fetch_known){
        .url = provenance->final_url,
        .etag = etag.len <= VALIDATOR_BYTES_MAX ? etag : STR(""),
        .last_modified = usable_date(found),
    };
    value->sha256 = provenance->content_sha256;
    if (provenance->final_url.len > URL_BYTES_MAX ||
        (!value->validators.etag.len && !value->validators.last_modified.len)) {
        value->validators = (struct fetch_known){.url = STR("")};
    }
}

/* Until the last row of the document: what was received is gone before the last member of an
 * archive. */
static bool keep_texts(struct arena *arena, struct recall_entry *entry)
{
    str *const texts[] = {&entry->id,
                          &entry->url,
                          &entry->now.validators.url,
                          &entry->now.validators.etag,
                          &entry->now.validators.last_modified,
                          &entry->now.sha256};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        *texts[i] = arena_copy(arena, *texts[i]);
        if (!texts[i]->ptr) {
            return false;
        }
    }
    return true;
}

static void open_entry(struct recall *recall, const struct found *found)
{
    struct recall_entry *entry = &recall->entry;
    entry->id = found->provenance.id;
    entry->url = found->provenance.url;
    entry->was_dead = found->recalled.failed_count > 0;
    entry->now = found->recalled;
    entry->is_whole = is_whole(found);
    entry->is_open = true;
    if (entry->is_whole) {
        const bool is_same = str_equal(found->recalled.sha256, found->provenance.content_sha256);
        take_content(&entry->now, found);
        note_visit(recall, &entry->now, !is_same);
    }
    entry->is_open = keep_texts(&recall->arena, entry);
}

enum recall_end recall_begin(struct recall *recall, const struct found *found)
{
    const struct recalled *last = &found->recalled;
    const str id = found->provenance.id;
    recall->entry = (struct recall_entry){.is_open = false};
    if (!recall->memo || !found->is_recalled) {
        return RECALL_TELL;
    }
    arena_reset(&recall->arena);
    if (found->is_early) {
        return RECALL_NOT_DUE;
    }
    if (found->is_unchanged) {
        return end_unchanged(recall, id, last);
    }
    if (last->is_good && !is_whole(found)) {
        return end_withheld(recall, id, last, found->provenance.url, &found->fault);
    }
    if (is_whole(found) && compares(recall, last) &&
        str_equal(last->sha256, found->provenance.content_sha256)) {
        struct recalled value = *last;
        take_content(&value, found);
        return end_unchanged(recall, id, &value);
    }
    open_entry(recall, found);
    return RECALL_TELL;
}

/* What may be otherwise the next time, though the content is the same. */
static bool is_passing(enum fault_code code)
{
    return code == FAULT_no_memory || code == FAULT_internal || code == FAULT_unreadable;
}

enum recall_end recall_judge(struct recall *recall, const struct outcome *outcome,
                             const struct fault *fault)
{
    struct recall_entry *entry = &recall->entry;
    if (!entry->is_open) {
        return RECALL_TELL;
    }
    const bool is_failure =
        outcome->verdict == VERDICT_FAILED || outcome->verdict == VERDICT_REFUSED;
    if (is_failure && entry->now.is_good) {
        entry->now.validators = (struct fetch_known){.url = STR("")};
        entry->now.sha256 = STR("");
        return end_withheld(recall, entry->id, &entry->now, entry->url, fault);
    }
    entry->is_good = !is_failure;
    entry->is_whole = entry->is_whole && !is_passing(fault->code);
    return RECALL_TELL;
}

void recall_commit(struct recall *recall)
{
    struct recall_entry *entry = &recall->entry;
    if (!entry->is_open) {
        return;
    }
    struct recalled value = entry->now;
    value.is_good = entry->is_good;
    if (!entry->is_whole) {
        value.validators = (struct fetch_known){.url = STR("")};
        value.sha256 = STR("");
        value.due_s = 0;
    }
    remove_dead(recall, entry->id, entry->was_dead);
    put(recall, entry->id, made_of(recall), &value);
    *entry = (struct recall_entry){.is_open = false};
}
