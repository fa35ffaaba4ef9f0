/* SPDX-License-Identifier: Apache-2.0 */
#include "adbc/settings.h"

#include "adbc/request.h"

#include "common/heap.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char prefix[] = "quern.";

static char *copy_text(const char *text)
{
    const size_t size = strlen(text) + 1;
    char *copy = heap_allocate(size);
    if (copy) {
        memcpy(copy, text, size);
    }
    return copy;
}

static struct setting *find(const struct settings *settings, const char *key)
{
    for (size_t i = 0; i < settings->count; i++) {
        if (strcmp(settings->list[i].key, key) == 0) {
            return &settings->list[i];
        }
    }
    return NULL;
}

static bool append(struct settings *settings, const char *key, char *value, struct fault *fault)
{
    if (settings->count == SETTINGS_MAX) {
        return fault_set_about(fault, ADBC_STATUS_INVALID_ARGUMENT, key, "too many options");
    }
    struct setting *larger =
        heap_resize(settings->list, (settings->count + 1) * sizeof *settings->list);
    if (!larger) {
        return fault_set_memory(fault);
    }
    settings->list = larger;
    char *key_copy = copy_text(key);
    if (!key_copy) {
        return fault_set_memory(fault);
    }
    settings->list[settings->count++] = (struct setting){.key = key_copy, .value = value};
    return true;
}

/* `key` without its prefix. */
static bool put(struct settings *settings, const char *key, const char *value, struct fault *fault)
{
    char *copy = copy_text(value);
    struct setting *old = find(settings, key);
    if (!copy) {
        return fault_set_memory(fault);
    }
    if (old) {
        heap_release(old->value);
        old->value = copy;
        return true;
    }
    if (!append(settings, key, copy, fault)) {
        heap_release(copy);
        return false;
    }
    return true;
}

bool settings_set(struct settings *settings, const char *key, const char *value,
                  struct fault *fault)
{
    if (!key || !value) {
        return fault_set_about(fault, ADBC_STATUS_INVALID_ARGUMENT, key ? key : "an option",
                               "a value is missing");
    }
    if (strncmp(key, prefix, sizeof prefix - 1) != 0 || !key[sizeof prefix - 1]) {
        return fault_set_about(fault, ADBC_STATUS_NOT_IMPLEMENTED, key,
                               "no such option; those of Quern begin with \"quern.\"");
    }
    if (!span_is_utf8(span_of(value))) {
        return fault_set_about(fault, ADBC_STATUS_INVALID_ARGUMENT, key, "is not UTF-8");
    }
    return put(settings, key + sizeof prefix - 1, value, fault);
}

bool settings_set_number(struct settings *settings, const char *key, int64_t value,
                         struct fault *fault)
{
    char digits[24];
    (void)snprintf(digits, sizeof digits, "%" PRId64, value);
    return settings_set(settings, key, digits, fault);
}

bool settings_add_all(struct settings *settings, const struct settings *from, struct fault *fault)
{
    for (size_t i = 0; i < from->count; i++) {
        if (!put(settings, from->list[i].key, from->list[i].value, fault)) {
            return false;
        }
    }
    return true;
}

const char *settings_find(const struct settings *settings, const char *key)
{
    const struct setting *setting = find(settings, key);
    return setting ? setting->value : NULL;
}

bool settings_give(const struct settings *settings, const char *key, char *value, size_t *len,
                   struct fault *fault)
{
    const char *found = NULL;
    if (!key || !len) {
        return fault_set(fault, ADBC_STATUS_INVALID_ARGUMENT, "a pointer is NULL");
    }
    if (strncmp(key, prefix, sizeof prefix - 1) == 0) {
        found = settings_find(settings, key + sizeof prefix - 1);
    }
    if (!found) {
        return fault_set_about(fault, ADBC_STATUS_NOT_FOUND, key, "is not set");
    }
    const size_t room = *len;
    *len = strlen(found) + 1;
    if (value && room >= *len) {
        memcpy(value, found, *len);
    }
    return true;
}

static bool is_known(const struct adapter *adapter, const char *name)
{
    for (size_t i = 0; i < adapter->option_count; i++) {
        if (strcmp(adapter->options[i].name, name) == 0) {
            return true;
        }
    }
    return strcmp(name, "columns") == 0;
}

bool settings_check(const struct settings *settings, const struct adapter *adapter,
                    struct fault *fault)
{
    for (size_t i = 0; i < settings->count; i++) {
        if (!is_known(adapter, settings->list[i].key)) {
            text_clear(&fault->message);
            text_add_format(&fault->message, "%s%s: no such option", prefix, settings->list[i].key);
            return fault_check(fault, false, ADBC_STATUS_INVALID_ARGUMENT);
        }
    }
    struct request request = {0};
    struct quern_convert *convert = NULL;
    const bool good = request_of_settings(&request, settings, fault) &&
                      request_open_converter(&request, adapter, NULL, &convert, fault);
    adapter->plugin->convert_close(convert);
    request_release(&request);
    return good;
}

void settings_release(struct settings *settings)
{
    for (size_t i = 0; i < settings->count; i++) {
        heap_release(settings->list[i].key);
        heap_release(settings->list[i].value);
    }
    heap_release(settings->list);
    *settings = (struct settings){0};
}
