/* SPDX-License-Identifier: Apache-2.0 */
#include "page/pattern.h"

#include "text/utf8.h"

enum { PINYIN_MAX = 7 /* letters of the longest syllable: zhuang, and what a mirror adds */ };

/* Traditional characters of the wording, each with its simplified one, sorted. Not a conversion of
 * text: only what labels and notices are written with. */
static const char16_t simplified[] = u"佈布個个傳传僅仅價价優优內内別别動动務务區区員员單单國国圖图"
                                     u"報报學学實实專专導导屆届屬属帳账幣币"
                                     u"庫库後后從从戶户掃扫換换擇择擊击數数於于時时書书會会業业極极"
                                     u"標标檔档檢检權权歸归沒没溫温瀏浏為为"
                                     u"無无獲获獻献產产當当發发盜盗碼码種种積积節节簡简級级細细結结"
                                     u"絡络經经網网線线編编總总繫系繼继續续"
                                     u"習习聯联聲声腦脑與与舉举萬万處处號号製制複复視视覽览觀观訊讯"
                                     u"記记評评詞词試试該该詳详認认誤误說说"
                                     u"請请論论證证讀读貝贝貢贡責责買买費费資资賣卖購购贈赠軟软載载"
                                     u"轉转這这連连進进過过達达選选還还錄录"
                                     u"錯错鍵键鑑鉴鑒鉴閉闭開开間间閱阅關关際际電电頁页須须預预領领"
                                     u"頭头題题顏颜類类顯显餘余驗验體体麼么"
                                     u"點点";

static uint32_t simplify(uint32_t c)
{
    size_t low = 0;
    size_t high = sizeof simplified / sizeof simplified[0] / 2;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (simplified[2 * middle] == c) {
            return simplified[2 * middle + 1];
        }
        if (simplified[2 * middle] < c) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return c;
}

uint32_t point_fold(uint32_t c)
{
    c = c < 0x80 ? c : code_point_fold_width(c);
    if (c >= 'A' && c <= 'Z') {
        return c + ('a' - 'A');
    }
    return c >= 0x4E00 && c <= 0x9FFF ? simplify(c) : c;
}

size_t pinyin_skip(str text, size_t at)
{
    size_t end = at;
    bool toned = false;
    if (code_point_fold_width(utf8_next(text, &end)) != '(') {
        return at;
    }
    for (int letters = 0; letters <= PINYIN_MAX && end < text.len; letters++) {
        const uint32_t c = utf8_next(text, &end);
        if (code_point_fold_width(c) == ')') {
            return toned ? end : at;
        }
        toned = toned || (c >= 0xE0 && c <= 0x1DC);
        if (!ascii_is_letter(c) && !(c >= 0xE0 && c <= 0x1DC)) {
            break;
        }
    }
    return at;
}

static void fold_up_to(str text, size_t from, size_t to, int most, struct folded *out)
{
    const str head = str_slice(text, 0, to);
    bool behind_blank = true;
    out->count = 0;
    while (from < head.len && out->count < most) {
        const size_t at = from;
        const uint32_t c = utf8_next(head, &from);
        if (blank_is(c)) {
            behind_blank = true;
            continue;
        }
        out->at[out->count] = at;
        out->behind_blank[out->count] = behind_blank;
        out->points[out->count] = point_fold(c);
        out->count++;
        behind_blank = false;
        if (c >= 0x3400 && from < head.len && (head.ptr[from] == '(' || head.ptr[from] == '\xEF')) {
            from = pinyin_skip(head, from);
        }
    }
    out->at[out->count] = from;
    out->whole = blank_skip(head, from, head.len) == head.len;
}

void fold(str text, size_t from, size_t to, struct folded *out)
{
    fold_up_to(text, from, to, FOLDED_MAX, out);
}

void fold_notice(str text, size_t from, size_t to, struct folded *out)
{
    const bool fits = to - from <= NOTICE_BYTES_MAX;
    fold_up_to(text, from, fits ? to : from, FOLDED_MAX, out);
    out->whole = fits && out->whole;
}

void fold_head(str text, size_t from, size_t to, struct folded *out)
{
    fold_up_to(text, from, to, HEAD_MAX, out);
}

struct matcher {
    struct pattern pattern;
    int at;    /* in the pattern */
    int point; /* in the line */
    int retry; /* behind the last `*`; 0: there was none */
    int retry_point;
};

/* One step of the pattern; false: it does not hold here. */
static bool step(struct matcher *m, const struct folded *folded)
{
    const uint32_t wanted = m->pattern.points[m->at++];
    if (wanted == '*') {
        m->retry = m->at;
        m->retry_point = m->point;
        return true;
    }
    if (m->point >= folded->count) {
        return false;
    }
    if (wanted == '#') {
        const int first = m->point;
        while (m->point < folded->count && ascii_is_digit(folded->points[m->point])) {
            m->point++;
        }
        return m->point > first;
    }
    return folded->points[m->point++] == wanted;
}

int pattern_match(struct pattern pattern, const struct folded *folded, int from)
{
    struct matcher m = {.pattern = pattern, .point = from};
    while (m.at < pattern.count) {
        if (step(&m, folded)) {
            continue;
        }
        if (!m.retry || m.retry_point >= folded->count) {
            return NO_MATCH;
        }
        m.at = m.retry;
        m.point = ++m.retry_point;
    }
    return m.point;
}

int pattern_find(struct pattern pattern, const struct folded *folded, int from, int *end)
{
    const uint32_t first = pattern.points[0];
    const bool plain = first != '*' && first != '#';
    for (int i = from; i < folded->count; i++) {
        if (plain && folded->points[i] != first) {
            continue;
        }
        *end = pattern_match(pattern, folded, i);
        if (*end != NO_MATCH) {
            return i;
        }
    }
    return NO_MATCH;
}

bool folded_begins(const struct folded *folded, const struct folded *start)
{
    return start->whole && start->count > 0 && folded->count >= start->count &&
           memcmp(folded->points, start->points, (size_t)start->count * sizeof start->points[0]) ==
               0;
}

bool folded_equal(const struct folded *a, const struct folded *b)
{
    return a->whole && b->whole && a->count > 0 && a->count == b->count &&
           memcmp(a->points, b->points, (size_t)a->count * sizeof a->points[0]) == 0;
}

bool pattern_is_folded(struct pattern pattern)
{
    for (int i = 0; i < pattern.count; i++) {
        const uint32_t c = pattern.points[i];
        if (point_fold(c) != c || blank_is(c)) {
            return false;
        }
    }
    return pattern.count > 0;
}
