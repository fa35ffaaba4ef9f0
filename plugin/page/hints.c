/* SPDX-License-Identifier: Apache-2.0 */
#include "page/hints.h"

enum {
    WORD_MAX = 24,
    ATTRIBUTE_MAX = 1024 /* of a class list, the first part is looked at */
};

/* MARK_FIRM to MARK_POST, and what only words within one name can say. */
enum {
    WORD_PART = 1024,
    WORD_MODIFIER = 2048,
};

struct hint {
    str word;
    struct verdict verdict;
    unsigned marks;
};

static const struct hint hints[] = {
#define NEVER(word_, reason_)                                                                      \
    {.word = STR_INIT(word_),                                                                      \
     .marks = MARK_FIRM | MARK_NEVER,                                                              \
     .verdict = {.dropped = true,                                                                  \
                 .reason = DROP_##reason_,                                                         \
                 .column = COLUMN_NONE,                                                            \
                 .rule = "class or id: " word_}},
#define FIRM(word_, reason_)                                                                       \
    {.word = STR_INIT(word_),                                                                      \
     .marks = MARK_FIRM,                                                                           \
     .verdict = {.dropped = true,                                                                  \
                 .reason = DROP_##reason_,                                                         \
                 .column = COLUMN_NONE,                                                            \
                 .rule = "class or id: " word_}},
#define SOFT(word_, reason_)                                                                       \
    {.word = STR_INIT(word_),                                                                      \
     .marks = MARK_SOFT,                                                                           \
     .verdict = {.dropped = true,                                                                  \
                 .reason = DROP_##reason_,                                                         \
                 .column = COLUMN_NONE,                                                            \
                 .rule = "short, class or id: " word_}},
#define COMMENTS(word_) {.word = STR_INIT(word_), .marks = MARK_COMMENTS},
#define REVIEWS(word_)  {.word = STR_INIT(word_), .marks = MARK_REVIEWS},
#define POST(word_)     {.word = STR_INIT(word_), .marks = MARK_POST | MARK_SUBJECT},
#define SUBJECT(word_)  {.word = STR_INIT(word_), .marks = MARK_SUBJECT},
#define PART(word_)     {.word = STR_INIT(word_), .marks = WORD_PART},
#define BODY(word_)     {.word = STR_INIT(word_), .marks = MARK_BODY},
#define MODIFIER(word_) {.word = STR_INIT(word_), .marks = WORD_MODIFIER},
#include "page/hints.def"
};

enum { HINT_COUNT = sizeof hints / sizeof hints[0] };

_Static_assert(sizeof hints / sizeof hints[0] <= HINT_WORDS_MAX, "a hint for each place");

static uint32_t word_hash(uint32_t hash, char c)
{
    return (hash ^ (unsigned char)c) * 16777619u; /* FNV-1a */
}

static uint32_t bucket_of(uint32_t hash)
{
    return (hash ^ hash >> 16) & (HINT_BUCKETS - 1);
}

static const uint32_t hash_start = 0x811C9DC5u;

void hint_table_init(struct hint_table *table)
{
    memset(table->first, 0, sizeof table->first);
    for (uint16_t i = HINT_COUNT; i-- > 0;) {
        uint32_t hash = hash_start;
        for (size_t n = 0; n < hints[i].word.len; n++) {
            hash = word_hash(hash, hints[i].word.ptr[n]);
        }
        uint16_t *first = &table->first[bucket_of(hash)];
        table->next[i] = *first;
        *first = (uint16_t)(i + 1);
    }
}

struct word {
    str text;
    uint32_t hash; /* of its letters in lower case */
};

static const struct hint *hint_find(const struct hint_table *table, const struct word *word)
{
    uint16_t at = word->text.len <= WORD_MAX ? table->first[bucket_of(word->hash)] : 0;
    while (at && !str_equal_ignoring_ascii_case(hints[at - 1].word, word->text)) {
        at = table->next[at - 1];
    }
    return at ? &hints[at - 1] : NULL;
}

/* The next word of a name. False at the name's end. */
static bool word_next(str name, size_t *at, struct word *word)
{
    size_t to = *at;
    while (to < name.len && !ascii_is_letter((unsigned char)name.ptr[to])) {
        to++;
    }
    const size_t from = to;
    bool was_small = false;
    word->hash = hash_start;
    while (to < name.len && ascii_is_letter((unsigned char)name.ptr[to])) {
        const char c = name.ptr[to];
        if (c < 'a' && was_small) {
            break;
        }
        was_small = c >= 'a';
        word->hash = word_hash(word->hash, (char)(c | ('a' - 'A')));
        to++;
    }
    word->text = str_slice(name, from, to);
    *at = to;
    return to > from;
}

/* What all names of an element say together. */
struct opinion {
    unsigned marks;
    const struct hint *firm; /* the first of each */
    const struct hint *soft;
};

/* Names that a site's own words stand in: the tags of a post, its categories. */
static bool is_of_content(str name)
{
    static const str starts[] = {STR_INIT("tag-"), STR_INIT("category-"), STR_INIT("tag_"),
                                 STR_INIT("postid-")};
    const char first = name.ptr[0];
    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++) {
        if (first == starts[i].ptr[0] && str_starts(name, starts[i])) {
            return true;
        }
    }
    return false;
}

/* One name of a class list, or an id. */
static void look_at_name(const struct hint_table *table, str name, struct opinion *opinion)
{
    struct word word;
    size_t at = 0;
    unsigned marks = 0;
    const struct hint *firm = NULL;
    const struct hint *soft = NULL;
    while (word_next(name, &at, &word)) {
        const struct hint *hint = hint_find(table, &word);
        if (hint) {
            marks |= hint->marks;
            firm = firm || !(hint->marks & MARK_FIRM) ? firm : hint;
            soft = soft || !(hint->marks & MARK_SOFT) ? soft : hint;
        }
    }
    if (marks & WORD_MODIFIER) {
        return;
    }
    if ((marks & WORD_PART) && (marks & MARK_SUBJECT)) {
        marks |= MARK_BODY;
    }
    if (marks & (MARK_FIRM | MARK_SOFT | MARK_COMMENTS)) {
        marks &= ~(unsigned)(MARK_BODY | MARK_SUBJECT | MARK_POST);
    }
    opinion->marks |= marks;
    opinion->firm = opinion->firm ? opinion->firm : firm;
    opinion->soft = opinion->soft ? opinion->soft : soft;
}

static void look_at(const struct hint_table *table, str value, struct opinion *opinion)
{
    value = str_slice(value, 0, ATTRIBUTE_MAX);
    for (size_t at = 0; at < value.len;) {
        size_t end = at;
        bool has_colon = false;
        while (end < value.len && !ascii_is_space((unsigned char)value.ptr[end])) {
            has_colon = has_colon || value.ptr[end] == ':';
            end++;
        }
        const str name = str_slice(value, at, end);
        if (name.len && !has_colon && !is_of_content(name)) {
            look_at_name(table, name, opinion);
        }
        at = end + 1;
    }
}

static struct element_hint firm(struct verdict verdict)
{
    return (struct element_hint){.verdict = verdict, .marks = MARK_FIRM};
}

static const struct element_hint says_nothing = {.verdict = {.column = COLUMN_NONE}};

struct role {
    str name;
    unsigned marks;
    bool outside; /* only outside of the document's article */
    enum drop_reason reason;
};

static struct element_hint role_hint(str role, bool in_article)
{
    static const struct role roles[] = {
        {STR_INIT("navigation"), MARK_FIRM, false, DROP_navigation},
        {STR_INIT("search"), MARK_FIRM, false, DROP_navigation},
        {STR_INIT("menu"), MARK_FIRM, false, DROP_navigation},
        {STR_INIT("menubar"), MARK_FIRM, false, DROP_navigation},
        {STR_INIT("toolbar"), MARK_FIRM, false, DROP_navigation},
        {STR_INIT("dialog"), MARK_FIRM, false, DROP_boilerplate},
        {STR_INIT("alertdialog"), MARK_FIRM, false, DROP_boilerplate},
        {STR_INIT("tooltip"), MARK_FIRM, false, DROP_boilerplate},
        {STR_INIT("contentinfo"), MARK_FIRM, true, DROP_boilerplate},
        {STR_INIT("complementary"), MARK_FIRM, true, DROP_boilerplate},
        {STR_INIT("banner"), MARK_FIRM, true, DROP_boilerplate},
        {STR_INIT("button"), MARK_SOFT, false, DROP_boilerplate},
        {STR_INIT("main"), MARK_MAIN, false, DROP_boilerplate},
        {STR_INIT("article"), MARK_ARTICLE, false, DROP_boilerplate},
    };
    for (size_t i = 0; i < sizeof roles / sizeof roles[0]; i++) {
        if (!str_equal(role, roles[i].name) || (roles[i].outside && in_article)) {
            continue;
        }
        const bool drops = roles[i].marks & (MARK_FIRM | MARK_SOFT);
        return (struct element_hint){
            .verdict = drops ? (struct verdict){.dropped = true,
                                                .reason = roles[i].reason,
                                                .column = COLUMN_NONE,
                                                .rule = "role attribute"}
                             : VERDICT_BODY,
            .marks = roles[i].marks,
        };
    }
    return says_nothing;
}

static struct element_hint soft(struct verdict verdict)
{
    return (struct element_hint){.verdict = verdict, .marks = MARK_SOFT};
}

static struct element_hint tag_hint(enum tag tag, bool in_article)
{
    switch ((int)tag) {
    case TAG_nav:
    case TAG_search:
        return firm(VERDICT_DROP_BY(navigation, "element nav or search"));
    case TAG_footer:
        return in_article ? soft(VERDICT_DROP_BY(boilerplate, "short, element footer"))
                          : firm(VERDICT_DROP_BY(boilerplate, "element footer"));
    case TAG_header:
        return in_article ? soft(VERDICT_DROP_BY(boilerplate, "short, element header"))
                          : firm(VERDICT_DROP_BY(boilerplate, "element header"));
    case TAG_aside:
        return firm(VERDICT_DROP_BY(boilerplate, "element aside"));
    case TAG_form:
    case TAG_label:
    case TAG_fieldset:
        return soft(VERDICT_DROP_BY(boilerplate, "short, part of a form"));
    case TAG_address:
        return soft(VERDICT_DROP_BY(boilerplate, "short, element address"));
    case TAG_article:
        return (struct element_hint){.verdict = VERDICT_BODY, .marks = MARK_ARTICLE};
    case TAG_main:
        return (struct element_hint){.verdict = VERDICT_BODY, .marks = MARK_MAIN};
    default:
        return says_nothing;
    }
}

static bool takes_no_hint(enum tag tag)
{
    return tag == TAG_html || tag == TAG_body || tag == TAG_main || tag == TAG_h1;
}

static bool is_body_property(str property)
{
    return str_equal(property, STR("articleBody")) || str_equal(property, STR("text"));
}

struct element_hint element_hint(const struct hint_table *table, const struct node *element,
                                 bool in_article)
{
    const struct element_hint by_tag = tag_hint(element->tag, in_article);
    if (takes_no_hint(element->tag) || (by_tag.marks & MARK_FIRM) || !element->attributes) {
        return by_tag;
    }
    struct opinion opinion = {0};
    struct element_hint by_role = says_nothing;
    for (const struct attribute *a = element->attributes; a; a = a->next) {
        if (str_equal(a->name, STR("class")) || str_equal(a->name, STR("id"))) {
            look_at(table, a->value, &opinion);
        } else if (str_equal(a->name, STR("role"))) {
            by_role = role_hint(a->value, in_article);
        } else if (str_equal(a->name, STR("itemprop")) && is_body_property(a->value)) {
            opinion.marks |= MARK_BODY;
        }
    }
    if (by_role.marks & MARK_FIRM) {
        return by_role;
    }
    const unsigned good = MARK_BODY | MARK_SUBJECT | MARK_ARTICLE;
    unsigned marks = (opinion.marks | by_tag.marks | by_role.marks) & MARK_ALL;
    /* An element with a good name beside a bad one is not the bad one's kind. */
    if ((marks & MARK_FIRM) && (marks & good)) {
        marks &= ~(unsigned)MARK_FIRM;
    }
    struct verdict verdict = VERDICT_BODY;
    if (marks & MARK_FIRM) {
        verdict = opinion.firm->verdict;
        marks &= ~(unsigned)MARK_SOFT;
    } else if (marks & MARK_SOFT) {
        verdict = opinion.soft              ? opinion.soft->verdict
                  : by_role.verdict.dropped ? by_role.verdict
                                            : by_tag.verdict;
    }
    return (struct element_hint){.verdict = verdict, .marks = marks};
}

/* Does the style declare `property` with a value that begins with `value`? Comments and escapes in
 * an inline style are not unravelled: such a style hides nothing. */
static bool style_says(str style, str property, str value)
{
    size_t at = 0;
    while (at < style.len) {
        const size_t semicolon = str_find_byte(style, ';', at);
        const size_t end = semicolon < style.len ? semicolon : style.len;
        const str declaration = str_slice(style, at, end);
        const size_t colon = str_find_byte(declaration, ':', 0);
        if (colon < declaration.len) {
            const str name = str_trim_ascii(str_slice(declaration, 0, colon));
            const str said = str_trim_ascii(str_slice(declaration, colon + 1, declaration.len));
            if (str_equal_ignoring_ascii_case(name, property) &&
                str_equal_ignoring_ascii_case(str_slice(said, 0, value.len), value)) {
                return true;
            }
        }
        at = end + 1;
    }
    return false;
}

bool element_is_hidden(const struct node *element)
{
    if (element->tag == TAG_html || element->tag == TAG_body) {
        return false;
    }
    for (const struct attribute *a = element->attributes; a; a = a->next) {
        if (str_equal(a->name, STR("hidden"))) {
            return true;
        }
        if (str_equal(a->name, STR("style"))) {
            const str style = str_slice(a->value, 0, ATTRIBUTE_MAX);
            return style_says(style, STR("display"), STR("none")) ||
                   style_says(style, STR("visibility"), STR("hidden"));
        }
    }
    return element->tag == TAG_dialog && !node_attribute(element, STR("open"));
}
