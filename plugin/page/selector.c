/* SPDX-License-Identifier: Apache-2.0 */
#include "page/selector.h"

static bool is_name(char c)
{
    return ascii_is_letter((unsigned char)c) || ascii_is_digit((unsigned char)c) || c == '-' ||
           c == '_';
}

static str take_name(str text, size_t *at)
{
    const size_t from = *at;
    while (*at < text.len && is_name(text.ptr[*at])) {
        (*at)++;
    }
    return str_slice(text, from, *at);
}

/* "[href*=/u-]", behind its bracket. */
static bool take_attribute(str text, size_t *at, struct selector_step *step)
{
    const size_t end = str_find_byte(text, ']', *at);
    step->attribute = take_name(text, at);
    if (end >= text.len || !step->attribute.len) {
        return false;
    }
    if (*at < end && (text.ptr[*at] == '*' || text.ptr[*at] == '^')) {
        step->operation = text.ptr[(*at)++];
    }
    if (*at < end) {
        if (text.ptr[*at] != '=') {
            return false;
        }
        step->operation = step->operation ? step->operation : '=';
        step->value = str_slice(text, *at + 1, end);
    }
    *at = end + 1;
    return true;
}

static bool take_class(str text, size_t *at, struct selector_step *step)
{
    for (size_t i = 0; i < SELECTOR_CLASSES_MAX; i++) {
        if (!step->classes[i].len) {
            step->classes[i] = take_name(text, at);
            return step->classes[i].len > 0;
        }
    }
    return false;
}

static bool take_step(str text, size_t *at, struct selector_step *step)
{
    const size_t from = *at;
    step->tag = take_name(text, at);
    while (*at < text.len && text.ptr[*at] != ' ') {
        const char what = text.ptr[(*at)++];
        bool taken = false;
        if (what == '#') {
            step->id = take_name(text, at);
            taken = step->id.len > 0;
        } else if (what == '.') {
            taken = take_class(text, at, step);
        } else if (what == '[') {
            taken = take_attribute(text, at, step);
        }
        if (!taken) {
            return false;
        }
    }
    return *at > from;
}

bool selector_parse(str text, struct selector *out)
{
    size_t at = 0;
    *out = (struct selector){0};
    while (at < text.len) {
        if (out->count == SELECTOR_STEPS_MAX || !take_step(text, &at, &out->steps[out->count])) {
            return false;
        }
        out->count++;
        at += at < text.len;
    }
    return out->count > 0;
}

str class_next(str classes, size_t *at)
{
    while (*at < classes.len && ascii_is_space((unsigned char)classes.ptr[*at])) {
        (*at)++;
    }
    const size_t from = *at;
    while (*at < classes.len && !ascii_is_space((unsigned char)classes.ptr[*at])) {
        (*at)++;
    }
    return str_slice(classes, from, *at);
}

static bool has_class(const struct node *element, str wanted)
{
    const str classes = node_attribute_value(element, STR("class"));
    for (size_t at = 0; at < classes.len;) {
        if (str_equal(class_next(classes, &at), wanted)) {
            return true;
        }
    }
    return false;
}

static bool attribute_matches(const struct selector_step *step, const struct node *element)
{
    const struct attribute *attribute = node_attribute(element, step->attribute);
    if (!attribute || !step->operation) {
        return attribute != NULL;
    }
    if (step->operation == '*') {
        return str_find(attribute->value, step->value, 0) != SIZE_MAX;
    }
    return step->operation == '^' ? str_starts(attribute->value, step->value)
                                  : str_equal(attribute->value, step->value);
}

static bool step_matches(const struct selector_step *step, const struct node *element)
{
    if (step->tag.len && !str_equal(step->tag, element->name)) {
        return false;
    }
    if (step->id.len && !str_equal(step->id, node_attribute_value(element, STR("id")))) {
        return false;
    }
    for (size_t i = 0; i < SELECTOR_CLASSES_MAX && step->classes[i].len; i++) {
        if (!has_class(element, step->classes[i])) {
            return false;
        }
    }
    return !step->attribute.len || attribute_matches(step, element);
}

bool selector_matches(const struct selector *selector, const struct node *element)
{
    int step = selector->count - 1;
    if (!step_matches(&selector->steps[step], element)) {
        return false;
    }
    const struct node *above = element->parent;
    for (int i = 0; i < ANCESTORS_MAX && step > 0 && above; i++) {
        step -= above->kind == NODE_ELEMENT && step_matches(&selector->steps[step - 1], above);
        above = above->parent;
    }
    return step == 0;
}

str selector_key(const struct selector *selector)
{
    const struct selector_step *last = &selector->steps[selector->count - 1];
    return last->id.len ? last->id : last->classes[0].len ? last->classes[0] : last->tag;
}
