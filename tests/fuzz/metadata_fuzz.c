/* SPDX-License-Identifier: Apache-2.0 */
/* Any text as JSON-LD, as a line with dates, names and labels: reading ends, what is found lies in the
 * text, days exist, and claims keep their limit and are valid UTF-8. */
#include "fuzz.h"

#include "page/date.h"
#include "page/json_ld.h"
#include "page/person.h"
#include "page/plain.h"
#include "text/utf8.h"

enum { DAY_1900 = -25567, DAY_2200 = 84006 };

static void check_json_ld(struct arena *arena, str text)
{
    struct json_ld *json_ld = NULL;
    struct claims claims = {.arena = arena};
    (void)json_ld_read(&json_ld, &claims, text, (struct span){0});
    (void)json_ld_read(&json_ld, &claims, text, (struct span){0});
    json_ld_finish(json_ld, &claims);
    MUST(claims.count <= CLAIMS_MAX);
    for (size_t i = 0; i < claims.count; i++) {
        const str stated = claims.items[i].stated.text;
        MUST(stated.len > 0 && stated.len <= CLAIM_TEXT_MAX && utf8_is_valid(str_bytes(stated)));
    }
}

static void check_dates(str text)
{
    static const enum date_order orders[] = {DATE_ORDER_UNKNOWN, DATE_ORDER_MONTH_FIRST,
                                             DATE_ORDER_DAY_FIRST};
    for (size_t i = 0; i < sizeof orders / sizeof orders[0]; i++) {
        struct date date;
        size_t from = 0;
        while (date_find(text, from, orders[i], &date)) {
            MUST(date.from >= from && date.to > date.from && date.to <= text.len);
            MUST(date.days >= DAY_1900 && date.days < DAY_2200);
            MUST(utf8_is_valid(str_bytes(str_slice(text, date.from, date.to))));
            from = date.to;
        }
    }
}

static void check_inside(str text, str part)
{
    MUST(part.len == 0 || (part.ptr >= text.ptr && part.ptr + part.len <= text.ptr + text.len));
    MUST(utf8_is_valid(str_bytes(part)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    size_t to = 0;
    const str text = {.ptr = (const char *)data, .len = size};
    if (!utf8_is_valid(str_bytes(text))) {
        return 0;
    }
    arena_init(&arena, 64 << 20);
    check_json_ld(&arena, text);
    check_dates(text);
    check_inside(text, person_read(text));
    check_inside(text, person_find(text));
    MUST(lead_read(text, 0, &to) == LEAD_NONE || to <= text.len);
    MUST(utf8_is_valid(str_bytes(plain_value(&arena, text))));
    arena_release(&arena);
    return 0;
}
