/* SPDX-License-Identifier: Apache-2.0 */
#include "text/repair.h"

#include "base/buf.h"
#include "text/charset_table.h"
#include "text/coder.h"
#include "text/repair_cost.h"
#include "text/repair_unit.h"
#include "text/tables.h"
#include "text/utf8.h"

enum {
    ROUNDS_MAX = 6, /* text that was misread so many times over */
    MISREADINGS_MAX = 40,
    LINE_BACK_BYTES = 1024, /* of a line before the place that caught the eye */
    FIRST_TRAIL = 0x40,
    UTF8_FIRST_LEAD = 0xC2,
    ALPHABETS_END = 0x530 /* Latin, Greek, Cyrillic: what single-byte sets are made of */
};

/* What letters cost in any of the languages that are written with them, and a little more. */
static const double GOOD_COMPANY_NATS = 4.2;
static const double STRAY_NATS = 1.5;
static const double LOST_NATS = 4;
/* Twice misread is rarer than once, but not where the first step showed it. */
static const double AGAIN_SHARE = 0.5;

struct workshop {
    struct arena *arena;
    struct repair_changes *changes;
    struct buf out;
    str text;
    size_t copied; /* bytes of `text` that are in `out` */
    bool changed;
    struct repair_line line;
    size_t line_start; /* of `line`, in the text */
    struct repair_line next;
    uint32_t made[2 * REPAIR_LINE_MAX];
    struct misreading misreadings[MISREADINGS_MAX];
    size_t misreading_count;
};

struct plan {
    const struct misreading *misreading; /* NULL: none */
    double gain;                         /* nats, what speaks against it taken off */
    uint64_t sum;                        /* of what it makes of the line */
};

static void add_misreading(struct workshop *shop, enum wrong_set wrong, const struct charset *right,
                           double handicap)
{
    shop->misreadings[shop->misreading_count++] = (struct misreading){
        .wrong = wrong, .right = right, .handicap = handicap, .is_cjk = right != charset_utf_8};
}

/* Rare mistakes and rare encodings pay for being rare. */
static void list_misreadings(struct workshop *shop)
{
    static const double of_set[WRONG_COUNT] = {0, 1, 1, 3, 2, 3, 2, 3, 1, 2, 3};
    const struct charset *const cjk[] = {charset_gb18030, charset_big5, charset_shift_jis,
                                         charset_euc_kr, charset_euc_jp};
    static const enum wrong_set as_cjk[] = {WRONG_WINDOWS_1252, WRONG_WINDOWS_1250,
                                            WRONG_WINDOWS_1251, WRONG_CP437};
    for (enum wrong_set wrong = 0; wrong < WRONG_COUNT; wrong++) {
        add_misreading(shop, wrong, charset_utf_8, of_set[wrong]);
    }
    for (size_t right = 0; right < sizeof cjk / sizeof *cjk; right++) {
        for (size_t i = 0; i < sizeof as_cjk / sizeof *as_cjk; i++) {
            add_misreading(shop, as_cjk[i], cjk[right],
                           of_set[as_cjk[i]] + (cjk[right] == charset_euc_jp ? 1 : 0));
        }
    }
}

/* ---- judging a line ---- */

/* Characters of [from, to) that `wrong` would have made something of, or could not have written: the
 * more there are, the less is it what the line was misread in. */
static size_t count_strays(const struct repair_line *line, enum wrong_set wrong, size_t from,
                           size_t to)
{
    size_t strays = 0;
    for (size_t at = from; wrong < WRONG_SINGLE_COUNT && at < to; at++) {
        const uint32_t c = line->text[at];
        const unsigned byte = c < 0x80 ? 0 : wrong_bytes(c)[wrong];
        strays += byte >= UTF8_FIRST_LEAD || (!byte && c >= 0x80 && c < ALPHABETS_END);
    }
    return strays;
}

/* Whether a unit is repaired, once its line is. */
static bool is_fit(const struct repair_unit *unit)
{
    return unit->gain > 0;
}

/* What was made, as a number to tell two readings apart. */
static uint64_t sum_of(uint64_t sum, const struct repair_unit *unit)
{
    for (size_t i = 0; i < unit->made_count; i++) {
        sum = (sum ^ unit->made[i]) * UINT64_C(0x100000001B3);
    }
    return (sum ^ unit->from) * UINT64_C(0x100000001B3);
}

/* Units that lost a byte say less, and strays speak against. */
static struct plan plan_of(struct workshop *shop, const struct misreading *misreading)
{
    struct repair_unit unit = {.made = shop->made};
    struct plan plan = {.misreading = misreading};
    size_t strays = 0;
    size_t changed = 0;
    size_t at = 0;
    for (; repair_unit_next(&shop->line, misreading, at, &unit); at = unit.to) {
        const bool fits = is_fit(&unit);
        strays += count_strays(&shop->line, misreading->wrong, at, fits ? unit.from : unit.to);
        if (fits) {
            plan.gain += unit.gain - LOST_NATS * (double)unit.lost_bytes;
            plan.sum = sum_of(plan.sum, &unit);
            changed += unit.changed;
        }
    }
    if (changed) {
        strays += count_strays(&shop->line, misreading->wrong, at, shop->line.count);
    }
    plan.gain -= (misreading->is_cjk ? 0 : STRAY_NATS * (double)strays) + misreading->handicap;
    if (plan.gain < REPAIR_NATS_PER_CHARACTER * (double)changed || !changed) {
        plan.gain = 0;
    }
    return plan;
}

/* What a look at the line leaves to be judged. */
struct glance {
    bool may_be_utf8[WRONG_SINGLE_COUNT]; /* a lead byte stands before one that continues it */
    bool has_odd_ideograph;
    bool has_odd_kana; /* half-width, behind an ideograph */
    bool may_be_cjk;
};

static void look_at_pair(struct glance *glance, uint32_t c, uint32_t next)
{
    const uint8_t *const lead = wrong_bytes(c);
    const uint8_t *const trail = wrong_bytes(next);
    for (unsigned set = 0; set < WRONG_SINGLE_COUNT; set++) {
        glance->may_be_utf8[set] =
            glance->may_be_utf8[set] ||
            (lead[set] >= UTF8_FIRST_LEAD &&
             ((trail[set] && trail[set] < 0xC0) || next == REPLACEMENT_CHARACTER));
    }
}

/* Two bytes a character: a quarter of what is not ASCII stands beside more of it, in no good
 * company. */
static struct glance look_at(const struct repair_line *line)
{
    struct glance glance = {0};
    size_t high = 0;
    size_t pairs = 0;
    for (size_t at = 0; at < line->count; at++) {
        const uint32_t c = line->text[at];
        if (c < 0x80) {
            continue;
        }
        high++;
        glance.has_odd_ideograph = glance.has_odd_ideograph || ideograph_is_odd(c);
        if (line->text[at + 1] >= 0x80) {
            pairs++;
            look_at_pair(&glance, c, line->text[at + 1]);
            glance.has_odd_kana = glance.has_odd_kana || kana_is_odd(c, line->text[at + 1]);
        }
    }
    glance.may_be_cjk = 4 * pairs >= high && pairs > 0 &&
                        cost_of((struct cost_context){0}, line->text, line->count, 0) >=
                            GOOD_COMPANY_NATS * (double)high;
    return glance;
}

static bool is_worth_judging(const struct glance *glance, const struct misreading *misreading)
{
    if (misreading->wrong == WRONG_GBK) {
        return glance->has_odd_ideograph;
    }
    if (misreading->wrong == WRONG_SHIFT_JIS) {
        return glance->has_odd_kana;
    }
    return misreading->is_cjk ? glance->may_be_cjk : glance->may_be_utf8[misreading->wrong];
}

static struct plan best_plan(struct workshop *shop, bool is_again)
{
    const struct glance glance = look_at(&shop->line);
    struct plan best = {0};
    double second = 0; /* the best of those that read something else */
    for (size_t i = 0; i < shop->misreading_count; i++) {
        const struct misreading *const misreading = &shop->misreadings[i];
        if (!is_worth_judging(&glance, misreading)) {
            continue;
        }
        const struct plan plan = plan_of(shop, misreading);
        if (plan.gain > best.gain) {
            second = best.sum != plan.sum ? best.gain : second;
            best = plan;
        } else if (plan.sum != best.sum && plan.gain > second) {
            second = plan.gain;
        }
    }
    const bool is_cjk = best.misreading && best.misreading->is_cjk;
    /* Between two encodings of ideographs certainty takes more than a nose's length. */
    const double least = is_again ? AGAIN_SHARE * REPAIR_NATS : REPAIR_NATS;
    if (best.gain < (is_cjk ? REPAIR_NATS_CJK : least) ||
        (is_cjk && best.gain - second < REPAIR_NATS_PER_CHARACTER)) {
        best.misreading = NULL;
    }
    return best;
}

/* ---- carrying it out ---- */

static size_t utf8_len(uint32_t c)
{
    return c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
}

static size_t offset_of(const struct workshop *shop, size_t index)
{
    size_t offset = shop->line_start;
    for (size_t at = 0; at < index; at++) {
        offset += utf8_len(shop->line.text[at]);
    }
    return offset;
}

static void count_repaired(struct workshop *shop, size_t index, size_t count)
{
    struct repair_changes *const changes = shop->changes;
    if (!changes->repaired) {
        changes->repaired_first = offset_of(shop, index);
    }
    changes->repaired += (int64_t)count;
    shop->changed = true;
}

static void count_lost(struct workshop *shop, size_t index, size_t count)
{
    if (count && !shop->changes->lost) {
        shop->changes->lost_first = offset_of(shop, index);
    }
    shop->changes->lost += (int64_t)count;
}

static void add_text(struct repair_line *line, const uint32_t *text, size_t count)
{
    const size_t room = REPAIR_LINE_MAX - line->count;
    const size_t take = count < room ? count : room;
    memcpy(line->text + line->count, text, take * sizeof *text);
    line->count += take;
}

/* `is_first`: later rounds see what the first one made and count nothing. */
static void carry_out(struct workshop *shop, const struct misreading *misreading, bool is_first)
{
    struct repair_unit unit = {.made = shop->made};
    size_t done = 0;
    shop->next.count = 0;
    for (size_t at = 0; repair_unit_next(&shop->line, misreading, at, &unit); at = unit.to) {
        if (!is_fit(&unit)) {
            continue;
        }
        if (is_first) {
            count_repaired(shop, unit.from, unit.changed);
            count_lost(shop, unit.from, unit.lost);
        }
        add_text(&shop->next, shop->line.text + done, unit.from - done);
        add_text(&shop->next, unit.made, unit.made_count);
        done = unit.to;
    }
    add_text(&shop->next, shop->line.text + done, shop->line.count - done);
    shop->line = shop->next;
    shop->line.text[shop->line.count] = 0;
}

/* What Latin-1 calls a control, windows-1252 calls a quotation mark. U+0085 also ends lines. */
static void replace_controls(struct workshop *shop, bool is_first)
{
    struct repair_line *const line = &shop->line;
    for (size_t at = 0; at < line->count; at++) {
        const uint32_t c = line->text[at];
        if (c < 0x80 || c > 0x9F || single_windows_1252[c - 0x80] == c ||
            (c == 0x85 && (at == 0 || line->text[at - 1] <= ' ' ||
                           (!shop->changed && line->text[at + 1] != ' ')))) {
            continue;
        }
        if (is_first) {
            count_repaired(shop, at, 1);
        }
        line->text[at] = single_windows_1252[c - 0x80];
        shop->changed = true;
    }
}

/* 锟斤拷 is U+FFFD twice in UTF-8, read as GBK. */
static void count_losses(struct workshop *shop)
{
    static const uint32_t lost[] = {0x951F, 0x65A4, 0x62F7};
    const struct repair_line *const line = &shop->line;
    for (size_t at = 0; at + 2 < line->count; at++) {
        const uint32_t *const c = line->text + at;
        if (memcmp(c, lost, sizeof lost) == 0) {
            count_lost(shop, at, 2);
            at += 2;
        } else if ((c[0] == 0x70EB || c[0] == 0x5C6F) && c[1] == c[0] && c[2] == c[0]) {
            if (!shop->changes->filled) {
                shop->changes->filled_first = offset_of(shop, at);
            }
            while (at < line->count && line->text[at] == c[0]) {
                shop->changes->filled++;
                at++;
            }
            at--;
        }
    }
}

static bool repair_line(struct workshop *shop)
{
    shop->changed = false;
    count_losses(shop);
    bool is_first = true;
    bool is_again = false;
    for (int round = 0; round < ROUNDS_MAX; round++) {
        const struct plan plan = best_plan(shop, is_again);
        if (!plan.misreading) {
            break;
        }
        carry_out(shop, plan.misreading, is_first);
        is_first = false;
        is_again = !plan.misreading->is_cjk;
    }
    replace_controls(shop, is_first);
    return shop->changed;
}

/* ---- going through the text ---- */

/* Where the line that holds `hit` begins, but not before `from` and not far before `hit`. */
static size_t line_start(str text, size_t from, size_t hit)
{
    const size_t least = hit - from > LINE_BACK_BYTES ? hit - LINE_BACK_BYTES : from;
    size_t at = hit;
    while (at > least && text.ptr[at - 1] != '\n') {
        at--;
    }
    while (at < hit && ((unsigned char)text.ptr[at] & 0xC0) == 0x80) {
        at++;
    }
    return at;
}

/* Reads a line, or as much as fits, ending where no character is cut in two if there is such a
 * place; the offset behind it. */
static size_t read_line(struct workshop *shop, size_t from)
{
    struct repair_line *const line = &shop->line;
    size_t at = from;
    size_t safe_count = 0;
    size_t safe_at = from;
    line->count = 0;
    while (at < shop->text.len && line->count < REPAIR_LINE_MAX && shop->text.ptr[at] != '\n') {
        const uint32_t c = utf8_next(shop->text, &at);
        line->text[line->count++] = c;
        if (c < FIRST_TRAIL) {
            safe_count = line->count;
            safe_at = at;
        }
    }
    if (line->count == REPAIR_LINE_MAX && safe_count) {
        line->count = safe_count;
        at = safe_at;
    }
    line->text[line->count] = 0;
    shop->line_start = from;
    return at;
}

static enum status finish(struct workshop *shop, str *out)
{
    if (shop->copied == 0 && shop->out.len == 0) {
        *out = shop->text;
        return STATUS_OK;
    }
    buf_add(&shop->out, str_slice(shop->text, shop->copied, shop->text.len));
    *out = buf_str(&shop->out);
    return buf_failed(&shop->out) ? STATUS_NO_MEMORY : STATUS_OK;
}

static void write_line(struct workshop *shop, size_t start, size_t end)
{
    buf_add(&shop->out, str_slice(shop->text, shop->copied, start));
    for (size_t i = 0; i < shop->line.count; i++) {
        buf_add_code_point(&shop->out, shop->line.text[i]);
    }
    shop->copied = end;
}

enum status repair(struct arena *arena, str text, str *out, struct repair_changes *changes)
{
    size_t hit = repair_find(text, 0);
    *out = text;
    if (hit == text.len) {
        return STATUS_OK;
    }
    struct workshop *const shop = ARENA_NEW(arena, struct workshop);
    if (!shop) {
        return STATUS_NO_MEMORY;
    }
    shop->arena = arena;
    shop->changes = changes;
    shop->text = text;
    buf_init(&shop->out, arena, 4 * text.len + 64);
    list_misreadings(shop);
    for (size_t at = 0; hit < text.len; hit = repair_find(text, at)) {
        const size_t start = line_start(text, at, hit);
        at = read_line(shop, start);
        if (repair_line(shop)) {
            write_line(shop, start, at);
        }
    }
    return finish(shop, out);
}
