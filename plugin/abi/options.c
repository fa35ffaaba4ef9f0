/* SPDX-License-Identifier: Apache-2.0 */
#include "abi/options.h"

#include "abi/option_table.h"
#include "abi/secret.h"
#include "base/json.h"
#include "base/url.h"
#include "fetch/address.h"
#include "text/charset.h"
#include "text/utf8.h"

/* One option while it is read. */
struct reading {
    const struct option_row *row;
    str value;
    struct arena *arena;
    struct settings *settings;
    struct quern_error *error;
    size_t capacities[sizeof(struct settings) / sizeof(struct str_list)]; /* of lists, by offset */
};

#define COMPLAIN(reading, ...)                                                                     \
    error_set((reading)->error, QUERN_INVALID_ARGUMENT, (reading)->row->key, __VA_ARGS__)

static void *member(const struct reading *reading)
{
    return (char *)reading->settings + reading->row->offset;
}

static bool has_control(str s)
{
    for (size_t i = 0; i < s.len; i++) {
        if ((unsigned char)s.ptr[i] < 0x20 || s.ptr[i] == 0x7F) {
            return true;
        }
    }
    return false;
}

/* What holds for every string, alone or in a list. A line feed in a header's value would begin the
 * next header; U+0000 would end a path. `input` names files, and those may be called anything. */
static int32_t check_string(const struct reading *reading, str s)
{
    if (s.len > OPTION_VALUE_BYTES_MAX) {
        return COMPLAIN(reading, "must not be longer than %d bytes", OPTION_VALUE_BYTES_MAX);
    }
    const bool may_have_controls = str_equal(reading->row->key, STR("input"));
    if (may_have_controls ? str_find_byte(s, '\0', 0) < s.len : has_control(s)) {
        return COMPLAIN(reading, "must not contain control characters");
    }
    return QUERN_OK;
}

static int32_t check_proxy(const struct reading *reading, str s)
{
    struct url url;
    switch (url_parse(reading->arena, s, NULL, &url)) {
    case URL_OK:
        break;
    case URL_NO_MEMORY:
        return error_no_memory(reading->error, reading->row->key);
    case URL_NOT_HTTP:
    case URL_BAD:
        return COMPLAIN(reading, "must be an http or https URL");
    }
    if (url.had_userinfo) {
        return COMPLAIN(reading, "must be a URL without user name and password");
    }
    return QUERN_OK;
}

/* Rules of single options that the table's types cannot say. */
static int32_t check_meaning(const struct reading *reading, str s)
{
    const str key = reading->row->key;
    if (str_equal(key, STR("proxy")) && s.len) {
        return check_proxy(reading, s);
    }
    if (str_equal(key, STR("charset")) && s.len && !charset_find(str_bytes(s))) {
        return COMPLAIN(reading, "must be a label of the Encoding Standard, such as utf-8, gbk, "
                                 "gb18030, big5, shift_jis or windows-1252");
    }
    return QUERN_OK;
}

static int32_t read_text(struct reading *reading)
{
    int32_t status = check_string(reading, reading->value);
    if (status == QUERN_OK && reading->row->is_secret && !secret_is_reference(reading->value)) {
        status = COMPLAIN(reading, "is a secret: give it as env:NAME (an environment variable) or "
                                   "file:PATH, never as it is");
    }
    if (status == QUERN_OK) {
        status = check_meaning(reading, reading->value);
    }
    if (status != QUERN_OK) {
        return status;
    }
    const str copy = arena_copy(reading->arena, reading->value);
    if (!copy.ptr) {
        return error_no_memory(reading->error, reading->row->key);
    }
    *(str *)member(reading) = copy;
    return QUERN_OK;
}

static int32_t read_number(struct reading *reading)
{
    int64_t number = 0;
    if (!str_read_integer(reading->value, &number) || number < reading->row->min ||
        number > reading->row->max) {
        return COMPLAIN(reading, "must be a whole number from %lld to %lld (%.*s)",
                        (long long)reading->row->min, (long long)reading->row->max,
                        (int)reading->row->unit.len, reading->row->unit.ptr);
    }
    *(int64_t *)member(reading) = number;
    return QUERN_OK;
}

static int32_t read_choice(struct reading *reading)
{
    const str words = reading->row->words;
    str word;
    for (size_t at = 0; option_next_word(words, &at, &word);) {
        if (str_equal(word, reading->value)) {
            *(str *)member(reading) = word;
            return QUERN_OK;
        }
    }
    return COMPLAIN(reading, "must be one of %.*s", (int)words.len, words.ptr);
}

static int32_t read_flag(struct reading *reading)
{
    const bool is_true = str_equal(reading->value, STR("true"));
    if (!is_true && !str_equal(reading->value, STR("false"))) {
        return COMPLAIN(reading, "must be true or false");
    }
    *(bool *)member(reading) = is_true;
    return QUERN_OK;
}

/* Doubles in the arena: what is left behind is at most as much as what is kept. */
static bool reserve_item(struct reading *reading, struct str_list *list)
{
    size_t *capacity = &reading->capacities[reading->row->offset / sizeof(struct str_list)];
    if (list->count < *capacity) {
        return true;
    }
    const size_t wanted = *capacity ? *capacity * 2 : 8;
    str *larger = ARENA_ARRAY(reading->arena, wanted, str);
    if (!larger) {
        return false;
    }
    if (list->count) {
        memcpy(larger, list->items, list->count * sizeof *larger);
    }
    list->items = larger;
    *capacity = wanted;
    return true;
}

static int32_t append_item(struct reading *reading, str item)
{
    struct str_list *list = member(reading);
    if (item.len == 0) {
        return COMPLAIN(reading, "must not hold an empty string; the empty list is []");
    }
    int32_t status = check_string(reading, item);
    if (status == QUERN_OK) {
        status = check_meaning(reading, item);
    }
    if (status != QUERN_OK) {
        return status;
    }
    if (list->count == OPTION_LIST_ITEMS_MAX) {
        return error_set(reading->error, QUERN_LIMIT, reading->row->key,
                         "holds more than %d strings", OPTION_LIST_ITEMS_MAX);
    }
    const str copy = arena_copy(reading->arena, item);
    if (!copy.ptr || !reserve_item(reading, list)) {
        return error_no_memory(reading->error, reading->row->key);
    }
    ((str *)(uintptr_t)list->items)[list->count++] = copy; /* the array is ours: reserve_item */
    return QUERN_OK;
}

/* A value that begins with [ is JSON; a string that begins so is written as JSON as well. */
static int32_t read_list(struct reading *reading)
{
    const str trimmed = str_trim_ascii(reading->value);
    if (!str_starts(trimmed, STR("["))) {
        return append_item(reading, reading->value);
    }
    struct json json;
    json_init(&json, str_bytes(trimmed), reading->arena);
    (void)json_next(&json);
    enum json_kind kind = json_next(&json);
    while (kind == JSON_STRING) {
        const int32_t status = append_item(reading, json.text);
        if (status != QUERN_OK) {
            return status;
        }
        kind = json_next(&json);
    }
    if (reading->arena->refused) {
        return error_no_memory(reading->error, reading->row->key);
    }
    if (kind != JSON_ARRAY_END || json_next(&json) != JSON_END) {
        return COMPLAIN(reading, "must be one string or a JSON array of strings; a string that "
                                 "begins with [ must stand in such an array");
    }
    return QUERN_OK;
}

static int32_t read_value(struct reading *reading)
{
    switch (reading->row->kind) {
    case OPTION_TEXT:
        return read_text(reading);
    case OPTION_LIST:
        return read_list(reading);
    case OPTION_NUMBER:
        return read_number(reading);
    case OPTION_CHOICE:
        return read_choice(reading);
    case OPTION_FLAG:
        return read_flag(reading);
    }
    return QUERN_INTERNAL;
}

/* Could this be one of our keys? Anything else is not repeated: it may be a value gone astray. */
static bool looks_like_key(str key)
{
    for (size_t i = 0; i < key.len; i++) {
        const char c = key.ptr[i];
        if (!ascii_is_letter((unsigned char)c) && !ascii_is_digit((unsigned char)c) && c != '_' &&
            c != '-') {
            return false;
        }
    }
    return key.len > 0;
}

static int32_t unknown_key(struct quern_error *error, str key)
{
    const struct option_row *nearest = option_nearest(key);
    if (!looks_like_key(key)) {
        return error_set(error, QUERN_INVALID_ARGUMENT, STR("option"),
                         "a key is not a name: keys are lower-case words joined by _");
    }
    if (!nearest) {
        return error_set(error, QUERN_INVALID_ARGUMENT, key,
                         "there is no such option; plugin.toml lists them");
    }
    return error_set(error, QUERN_INVALID_ARGUMENT, key,
                     "there is no such option; did you mean %.*s?", (int)nearest->key.len,
                     nearest->key.ptr);
}

static int32_t read_option(struct reading *reading, const struct quern_option *option)
{
    if (!option->key || !option->value) {
        return error_set(reading->error, QUERN_INVALID_ARGUMENT, STR("option"),
                         "key and value of an option must not be NULL");
    }
    const str key = {.ptr = option->key, .len = strnlen(option->key, OPTION_KEY_BYTES_MAX + 1)};
    reading->row = option_find(key);
    if (!reading->row) {
        return unknown_key(reading->error, key);
    }
    const size_t max =
        reading->row->kind == OPTION_LIST ? OPTION_LIST_BYTES_MAX : OPTION_VALUE_BYTES_MAX;
    const bytes raw = {.ptr = (const uint8_t *)option->value,
                       .len = strnlen(option->value, max + 1)};
    if (raw.len > max) {
        return error_set(reading->error, QUERN_LIMIT, key, "must not be longer than %zu bytes",
                         max);
    }
    if (!utf8_is_valid(raw)) {
        return COMPLAIN(reading, "must be valid UTF-8");
    }
    reading->value = (str){.ptr = option->value, .len = raw.len};
    return read_value(reading);
}

/* What only shows when every option was read. The floor that uses the ranges says whether they are
 * any; its words repeat the value, so they stay here. */
static int32_t check_together(const struct settings *settings, struct quern_error *error)
{
    struct address_policy policy;
    struct fault fault = {0};
    struct settings without_ports = *settings;
    without_ports.allow_ports = (struct str_list){0};
    if (!address_policy_read(&policy, &without_ports, &fault)) {
        return error_set(error, QUERN_INVALID_ARGUMENT, STR("allow_addresses"),
                         "must be address ranges such as 10.0.0.0/8 or fd00::/8, at most %d",
                         ADDRESS_RANGES_MAX);
    }
    if (!address_policy_read(&policy, settings, &fault)) {
        return error_set(error, QUERN_INVALID_ARGUMENT, STR("allow_ports"),
                         "must be TCP ports from 1 to 65535, at most %d of them",
                         ADDRESS_PORTS_MAX);
    }
    if (str_equal(settings->isolation, STR("process"))) {
        return error_set(error, QUERN_UNSUPPORTED, STR("isolation"),
                         "process is not supported by this version; none is");
    }
    return QUERN_OK;
}

int32_t options_read(const struct quern_option *options, size_t count, struct arena *arena,
                     struct settings *out, struct quern_error *error)
{
    *out = settings_default();
    if (count > OPTION_COUNT_MAX || (count && !options)) {
        return error_set(error, QUERN_INVALID_ARGUMENT, STR("options"),
                         "must be an array of at most %d options", OPTION_COUNT_MAX);
    }
    struct reading reading = {.arena = arena, .settings = out, .error = error};
    for (size_t i = 0; i < count; i++) {
        const int32_t status = read_option(&reading, &options[i]);
        if (status != QUERN_OK) {
            return status;
        }
    }
    return check_together(out, error);
}
