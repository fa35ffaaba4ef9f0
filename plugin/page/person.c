/* SPDX-License-Identifier: Apache-2.0 */
#include "page/person.h"

#include "page/date.h"
#include "page/lines.h"
#include "text/utf8.h"

enum {
    NAME_BYTES_MAX = 120,
    WORDS_MAX = 10, /* of a stated value; beyond, it is a sentence */
    FOUND_WORDS_MAX = 5,
    CJK_NAME_BYTES_MIN = 6, /* two ideographs */
    CJK_NAME_MAX = 12       /* ideographs of a name in running text, names of offices included */
};

static uint32_t lower(uint32_t c)
{
    if (c < 0x80) {
        return (uint32_t)ascii_lower((char)c);
    }
    return (c >= 0xC0 && c <= 0xDE) || (c >= 0x410 && c <= 0x42F) ? c + 0x20 : c;
}

static bool is_colon(uint32_t c)
{
    return c == ':' || c == 0xFF1A;
}

/* Behind the word, when the text at `from` begins with it and the word ends there. */
static bool word_ends(str text, size_t from, str word, size_t *to)
{
    uint32_t last = 0;
    for (size_t i = 0; i < word.len;) {
        last = utf8_next(word, &i);
        if (from >= text.len || lower(utf8_next(text, &from)) != last) {
            return false;
        }
    }
    size_t behind = from;
    const uint32_t c = from < text.len ? utf8_next(text, &behind) : 0;
    *to = from;
    return c == 0 || blank_is(c) || is_colon(c) || code_point_is_cjk(last);
}

/* A look at the first bytes, which settles most words: capitals of other scripts have other bytes,
 * but ideographs have no capitals. */
static bool may_begin(str text, size_t from, str word)
{
    const unsigned char c = from < text.len ? (unsigned char)text.ptr[from] : 0;
    if (c < 0x80) {
        return ascii_lower((char)c) == word.ptr[0];
    }
    return c < 0xE0 ? (unsigned char)word.ptr[0] >= 0x80
                    : (unsigned char)word.ptr[0] == c && from + 2 < text.len &&
                          word.ptr[1] == text.ptr[from + 1] && word.ptr[2] == text.ptr[from + 2];
}

#define LETTER(c) (1U << ((c) - 'a'))

/* The same for the ideograph here. */
static bool may_lead_ideograph(str text, size_t from)
{
    static const char firsts[][4] = {"作", "撰", "记", "記", "本", "发", "發", "楼", "文", "编",
                                     "編", "责", "責", "时", "時", "日", "更", "修", "最"};
    for (size_t i = 0; from + 2 < text.len && i < sizeof firsts / sizeof firsts[0]; i++) {
        if (memcmp(firsts[i], text.ptr + from, 3) == 0) {
            return true;
        }
    }
    return false;
}

/* Can a word of byline.def begin with the two letters here? Nearly all words of a text end here. */
static bool may_lead(str text, size_t from)
{
    static const uint32_t second[26] = {
        ['a' - 'a'] = LETTER('u') | LETTER('r') | LETTER('k') | LETTER('t') | LETTER('g'),
        ['b' - 'a'] = LETTER('y') | LETTER('i'),
        ['c' - 'a'] = LETTER('r'),
        ['d' - 'a'] = LETTER('i') | LETTER('o') | LETTER('a'),
        ['e' - 'a'] = LETTER('i') | LETTER('s') | LETTER('d') | LETTER('r'),
        ['g' - 'a'] = LETTER('e'),
        ['l' - 'a'] = LETTER('a') | LETTER('e'),
        ['m' - 'a'] = LETTER('o') | LETTER('i'),
        ['o' - 'a'] = LETTER('p'),
        ['p' - 'a'] = LETTER('o') | LETTER('u') | LETTER('a'),
        ['r' - 'a'] = LETTER('e'),
        ['s' - 'a'] = LETTER('t') | LETTER('c'),
        ['t' - 'a'] = LETTER('e'),
        ['u' - 'a'] = LETTER('p'),
        ['v' - 'a'] = LETTER('o') | LETTER('e'),
        ['w' - 'a'] = LETTER('r') | LETTER('o'),
        ['y' - 'a'] = LETTER('a'),
        ['z' - 'a'] = LETTER('u') | LETTER('a'),
    };
    const unsigned char c = from < text.len ? (unsigned char)text.ptr[from] : 0;
    if (c >= 0xE0) {
        return may_lead_ideograph(text, from);
    }
    if (c >= 0x80) {
        return c == 0xC3 || c == 0xD0; /* é; а, о */
    }
    const unsigned letter = (unsigned)ascii_lower((char)c) - 'a';
    if (letter >= 26 || from + 1 >= text.len || second[letter] == 0) {
        return false;
    }
    const unsigned char next = (unsigned char)text.ptr[from + 1];
    const unsigned behind = (unsigned)ascii_lower((char)next) - 'a';
    return next >= 0x80 || (behind < 26 && (second[letter] & 1U << behind));
}

enum lead lead_read(str text, size_t from, size_t *to)
{
    if (!may_lead(text, from)) {
        return LEAD_NONE;
    }
    static const struct {
        enum lead lead;
        str word;
    } leads[] = {
#define LEAD(lead_, word_) {LEAD_##lead_, STR_INIT(word_)},
#include "page/byline.def"
    };
    enum lead found = LEAD_NONE;
    size_t longest = from;
    for (size_t i = 0; i < sizeof leads / sizeof leads[0]; i++) {
        size_t end = 0;
        if (may_begin(text, from, leads[i].word) && word_ends(text, from, leads[i].word, &end) &&
            end > longest) {
            size_t at = blank_skip(text, end, text.len);
            size_t behind = at;
            const bool colon =
                at < text.len && (is_colon(utf8_next(text, &behind)) ||
                                  (leads[i].lead == LEAD_LABEL && text.ptr[at] == '/'));
            if ((leads[i].lead == LEAD_LABEL || leads[i].lead == LEAD_EDITOR) && !colon) {
                continue;
            }
            at = colon ? blank_skip(text, behind, text.len) : at;
            longest = end;
            found = leads[i].lead;
            *to = at;
        }
    }
    return found;
}

static bool ends_name(uint32_t c)
{
    return c == '|' || c == 0x2022 || c == 0xB7 || c == '/' || c == '(' || c == '[' || c == '<' ||
           c == 0xFF5C || c == 0xFF08 || c == 0x3010 || c == 0x2014 || c == 0x2013 || c == '\t' ||
           c == '\n';
}

/* Up to what sets a name apart from what follows it. */
static size_t name_end(str text, size_t from)
{
    size_t at = from;
    while (at < text.len) {
        const size_t start = at;
        const uint32_t c = utf8_next(text, &at);
        const bool dash = c == '-' && start > from && text.ptr[start - 1] == ' ' && at < text.len &&
                          text.ptr[at] == ' ';
        if (ends_name(c) || dash) {
            return start;
        }
    }
    return text.len;
}

static bool is_address(str text)
{
    return str_find(text, STR("://"), 0) != SIZE_MAX || str_find_byte(text, '@', 0) != SIZE_MAX ||
           str_starts(text, STR("www.")) || str_starts(text, STR("/")) ||
           str_find_byte(text, '{', 0) != SIZE_MAX || str_find_byte(text, '%', 0) != SIZE_MAX;
}

static size_t count_words(str text)
{
    size_t words = 0;
    bool inside = false;
    for (size_t i = 0; i < text.len; i++) {
        const bool space = text.ptr[i] == ' ';
        words += !space && !inside;
        inside = !space;
    }
    return words;
}

static bool has_letter(str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (ascii_is_letter((unsigned char)text.ptr[i]) || (unsigned char)text.ptr[i] >= 0x80) {
            return true;
        }
    }
    return false;
}

static str trim_name(str text)
{
    size_t from = blank_skip(text, 0, text.len);
    size_t to = blank_trim(text, from, text.len);
    while (to > from && (text.ptr[to - 1] == ',' || text.ptr[to - 1] == ';' ||
                         text.ptr[to - 1] == ':' || text.ptr[to - 1] == '-')) {
        to = blank_trim(text, from, to - 1);
    }
    return str_slice(text, from, to);
}

static bool is_nobody(str name)
{
    static const str names[] = {
        STR_INIT("admin"),     STR_INIT("administrator"), STR_INIT("author"),
        STR_INIT("unknown"),   STR_INIT("anonymous"),     STR_INIT("null"),
        STR_INIT("undefined"), STR_INIT("none"),          STR_INIT("user"),
        STR_INIT("root"),      STR_INIT("default"),       STR_INIT("guest"),
        STR_INIT("publisher"), STR_INIT("post author"),   STR_INIT("webmaster"),
        STR_INIT("text"),      STR_INIT("hr strategy"),   STR_INIT("gesponserte inhalte"),
        STR_INIT("review"),    STR_INIT("news"),          STR_INIT("wordpressadmin")};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (str_equal_ignoring_ascii_case(name, names[i])) {
            return true;
        }
    }
    return false;
}

/* What stands in front of a Chinese name without a colon: 记者张三 is 张三. 文 needs a bar behind it,
 * for it is a surname too. */
static str without_office(str name)
{
    static const str offices[] = {STR_INIT("本报"),     STR_INIT("本网"),     STR_INIT("本刊"),
                                  STR_INIT("特约"),     STR_INIT("记者"),     STR_INIT("記者"),
                                  STR_INIT("通讯员"),   STR_INIT("通訊員"),   STR_INIT("作者"),
                                  STR_INIT("责任编辑"), STR_INIT("責任編輯"), STR_INIT("编辑"),
                                  STR_INIT("編輯"),     STR_INIT("文/"),      STR_INIT("文|"),
                                  STR_INIT("文丨"),     STR_INIT("文：")};
    for (size_t i = 0; i < sizeof offices / sizeof offices[0]; i++) {
        if (str_starts(name, offices[i]) && name.len >= offices[i].len + CJK_NAME_BYTES_MIN) {
            name = str_slice(name, offices[i].len, name.len);
            name = str_slice(name, blank_skip(name, 0, name.len), name.len);
        }
    }
    return name;
}

str person_read(str text)
{
    size_t from = 0;
    text = trim_name(text);
    if (is_address(text)) {
        return (str){0};
    }
    if (lead_read(text, 0, &from) == LEAD_NONE) {
        from = 0;
    }
    text = without_office(str_slice(text, from, text.len));
    from = 0;
    const str name = trim_name(str_slice(text, from, name_end(text, from)));
    if (name.len < 2 || name.len > NAME_BYTES_MAX || !has_letter(name) ||
        count_words(name) > WORDS_MAX || is_nobody(name)) {
        return (str){0};
    }
    return name;
}

/* ---- in running text ---- */

static bool is_capital(uint32_t c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 0xC0 && c <= 0xDE) || (c >= 0x410 && c <= 0x42F) ||
           (c >= 0x100 && c <= 0x17F && !(c & 1));
}

/* Words that stand in names in small letters, or between two names. */
static bool is_joint(str word)
{
    static const str joints[] = {STR_INIT("von"), STR_INIT("van"), STR_INIT("der"), STR_INIT("den"),
                                 STR_INIT("de"),  STR_INIT("la"),  STR_INIT("le"),  STR_INIT("di"),
                                 STR_INIT("da"),  STR_INIT("del"), STR_INIT("dos"), STR_INIT("zu"),
                                 STR_INIT("bin"), STR_INIT("al"),  STR_INIT("el"),  STR_INIT("und"),
                                 STR_INIT("and"), STR_INIT("et"),  STR_INIT("y"),   STR_INIT("e"),
                                 STR_INIT("&")};
    for (size_t i = 0; i < sizeof joints / sizeof joints[0]; i++) {
        if (str_equal(word, joints[i])) {
            return true;
        }
    }
    return false;
}

static str find_cjk_name(str text)
{
    size_t at = 0;
    size_t count = 0;
    while (at < text.len) {
        const size_t start = at;
        const uint32_t c = utf8_next(text, &at);
        const bool ideograph = c >= 0x3400 && c <= 0x9FFF;
        if (!ideograph && c != 0xB7) {
            return count >= 2 && count <= CJK_NAME_MAX ? str_slice(text, 0, start) : (str){0};
        }
        count++;
    }
    return count >= 2 && count <= CJK_NAME_MAX ? text : (str){0};
}

/* Words with a capital that begin no name where a name is looked for. */
static bool is_no_name(str word)
{
    static const str words[] = {
        STR_INIT("Text"),     STR_INIT("Publiziert"), STR_INIT("Autor"),   STR_INIT("Author"),
        STR_INIT("The"),      STR_INIT("This"),       STR_INIT("Last"),    STR_INIT("Share"),
        STR_INIT("Mon"),      STR_INIT("Tue"),        STR_INIT("Wed"),     STR_INIT("Thu"),
        STR_INIT("Fri"),      STR_INIT("Sat"),        STR_INIT("Sun"),     STR_INIT("Ist"),
        STR_INIT("Der"),      STR_INIT("Die"),        STR_INIT("Das"),     STR_INIT("Montag"),
        STR_INIT("Home"),     STR_INIT("Donnerstag"), STR_INIT("Freitag"), STR_INIT("Dienstag"),
        STR_INIT("Mittwoch"), STR_INIT("Samstag"),    STR_INIT("Sonntag"), STR_INIT("Comment"),
        STR_INIT("Review"),   STR_INIT("Copyright"),  STR_INIT("Editor"),  STR_INIT("Editors")};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (str_equal(word, words[i])) {
            return true;
        }
    }
    return false;
}

/* A word that goes on to a day, or to another label. */
static bool is_foreign(str word)
{
    size_t end = 0;
    return is_no_name(word) || date_is_month(word) || lead_read(word, 0, &end) != LEAD_NONE ||
           word.ptr[word.len - 1] == ':';
}

static bool is_name_word(str word)
{
    size_t at = 0;
    const uint32_t first = utf8_next(word, &at);
    if (!is_capital(first) || is_foreign(word)) {
        return false;
    }
    for (size_t i = 0; i < word.len; i++) {
        if (ascii_is_digit((unsigned char)word.ptr[i])) {
            return false;
        }
    }
    return true;
}

str person_find(str text)
{
    text = str_slice(text, 0, name_end(text, 0));
    size_t at = 0;
    const uint32_t first = text.len ? utf8_next(text, &at) : 0;
    if (first >= 0x3400 && first <= 0x9FFF) {
        return find_cjk_name(text);
    }
    size_t end = 0;
    size_t words = 0;
    size_t from = 0;
    while (from < text.len && words < FOUND_WORDS_MAX * 2) {
        const size_t space = str_find_byte(text, ' ', from);
        const size_t to = space < text.len ? space : text.len;
        const str word = str_slice(text, from, to);
        const bool comma = word.len && text.ptr[to - 1] == ',';
        if (is_name_word(word)) {
            end = to;
            words++;
        } else if (words == 0 || !is_joint(word)) {
            break;
        }
        if (comma) {
            break;
        }
        from = to + 1;
    }
    const str name = trim_name(str_slice(text, 0, end));
    return words <= FOUND_WORDS_MAX ? person_read(name) : (str){0};
}
