/* SPDX-License-Identifier: Apache-2.0 */
#include "unpack/member_name.h"

#include "text/coder.h"
#include "text/names.h"
#include "text/repair.h"
#include "text/utf8.h"

enum {
    SURE_CHARACTERS = 2, /* that many of three or more bytes in UTF-8 are no accident */
    CUT_MARGIN = 64,     /* raw bytes read past the limit, so that the cut is inside whole text */
    REPAIR_BYTES_MAX = 1 << 20 /* beside eight for each byte of the name */
};

enum status judge_open(struct name_judge *judge, struct arena *arena,
                       const struct settings *settings)
{
    *judge = (struct name_judge){.arena = arena,
                                 .name_bytes_max = (size_t)settings->archive_name_bytes_max,
                                 .repairs = !str_equal(settings->repair, STR("off"))};
    judge->names = ARENA_ARRAY(arena, NAMES_JUDGED_MAX, bytes);
    return judge->names ? STATUS_OK : STATUS_NO_MEMORY;
}

static bool is_ascii(bytes raw)
{
    uint8_t all = 0;
    for (size_t i = 0; i < raw.len; i++) {
        all |= raw.ptr[i];
    }
    return all < 0x80;
}

/* Valid UTF-8 whose characters outside ASCII all take three bytes or more: the double bytes of GBK,
 * Big5 and Shift_JIS fall into that pattern by chance once, hardly twice. */
static bool is_surely_utf8(bytes raw)
{
    size_t characters = 0;
    if (!utf8_is_valid(raw)) {
        return false;
    }
    for (size_t i = 0; i < raw.len; i++) {
        if (raw.ptr[i] >= 0xC0 && raw.ptr[i] < 0xE0) {
            return false;
        }
        characters += raw.ptr[i] >= 0xE0;
    }
    return characters >= SURE_CHARACTERS;
}

static bool needs_no_judge(bytes raw, bool is_declared_utf8)
{
    return is_ascii(raw) || (is_declared_utf8 && utf8_is_valid(raw)) || is_surely_utf8(raw);
}

enum status judge_add(struct name_judge *judge, bytes raw, bool is_declared_utf8, bool is_lent)
{
    if (judge->count == NAMES_JUDGED_MAX || needs_no_judge(raw, is_declared_utf8)) {
        return STATUS_OK;
    }
    raw = bytes_slice(raw, 0, judge->name_bytes_max);
    raw = is_lent ? raw : arena_copy_bytes(judge->arena, raw);
    if (!raw.ptr) {
        return STATUS_NO_MEMORY;
    }
    judge->names[judge->count++] = raw;
    return STATUS_OK;
}

void judge_settle(struct name_judge *judge)
{
    judge->charset = judge->count > 0 ? names_detect(judge->names, judge->count) : charset_utf_8;
}

static enum status decode(const struct name_judge *judge, struct arena *arena, bytes raw,
                          bool is_declared_utf8, struct member *out)
{
    size_t undecodable = 0;
    const bytes read = bytes_slice(raw, 0, judge->name_bytes_max + CUT_MARGIN);
    const struct charset *charset = needs_no_judge(raw, is_declared_utf8)
                                        ? charset_utf_8
                                        : names_reading_of(read, judge->charset);
    out->name = name_decode(arena, read, charset, &undecodable);
    if (out->name.ptr && undecodable > 0 && charset != charset_utf_8 && utf8_is_valid(raw)) {
        charset = charset_utf_8;
        out->name = name_decode(arena, read, charset, &undecodable);
    }
    out->notes[NOTE_name_charset_guessed] = charset && charset != charset_utf_8;
    out->notes[NOTE_name_undecodable] = (int64_t)undecodable; /* at most read.len */
    return out->name.ptr ? STATUS_OK : STATUS_NO_MEMORY;
}

static bool has_lost_characters(str name)
{
    for (size_t at = 0; at < name.len;) {
        if (utf8_next(name, &at) == REPLACEMENT_CHARACTER) {
            return true;
        }
    }
    return false;
}

/* Exactly or not at all: a name of which a byte was lost stays. */
static enum status repair_name(struct arena *arena, struct member *out)
{
    struct arena scratch;
    struct repair_changes changes = {0};
    str right = out->name;
    if (repair_find(out->name, 0) == out->name.len || has_lost_characters(out->name)) {
        return STATUS_OK;
    }
    arena_init(&scratch, REPAIR_BYTES_MAX + 8 * out->name.len);
    enum status status = repair(&scratch, out->name, &right, &changes);
    if (status == STATUS_OK && changes.repaired > 0 && !has_lost_characters(right)) {
        out->name = arena_copy(arena, right);
        out->notes[NOTE_name_repaired] = changes.repaired;
        status = out->name.ptr ? STATUS_OK : STATUS_NO_MEMORY;
    }
    arena_release(&scratch);
    return status;
}

enum status judge_name(const struct name_judge *judge, struct arena *arena, bytes raw,
                       bool is_declared_utf8, struct member *out)
{
    const str mark = STR("…");
    const size_t limit = judge->name_bytes_max;
    TRY(decode(judge, arena, raw, is_declared_utf8, out));
    if (judge->repairs && out->notes[NOTE_name_undecodable] == 0) {
        TRY(repair_name(arena, out));
    }
    const bool is_cut = out->name.len > limit || raw.len > limit + CUT_MARGIN;
    size_t keep = out->name.len < limit ? out->name.len : limit;
    while (is_cut && keep > 0 && keep < out->name.len &&
           ((uint8_t)out->name.ptr[keep] & 0xC0) == 0x80) {
        keep--;
    }
    char *text = arena_text(arena, keep + mark.len);
    if (!text) {
        return STATUS_NO_MEMORY;
    }
    for (size_t i = 0; i < keep; i++) {
        text[i] = out->name.ptr[i] == '\\' ? '/' : out->name.ptr[i];
    }
    memcpy(text + keep, mark.ptr, mark.len);
    out->name = (str){.ptr = text, .len = is_cut ? keep + mark.len : keep};
    return STATUS_OK;
}
