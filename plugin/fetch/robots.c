/* SPDX-License-Identifier: Apache-2.0 */
#include "fetch/robots.h"

enum {
    DELAY_MS_MAX = 1000000000 /* eleven days: whoever states more wants nobody */
};

/* --- what a line is --- */

enum line_kind {
    LINE_USER_AGENT,
    LINE_ALLOW,
    LINE_DISALLOW,
    LINE_CRAWL_DELAY,
    LINE_SITEMAP,
    LINE_SIGNAL,
    LINE_OTHER
};

static enum line_kind kind_of(bytes name)
{
    static const struct {
        str name;
        enum line_kind kind;
    } names[] = {
        {STR_INIT("user-agent"), LINE_USER_AGENT},   {STR_INIT("useragent"), LINE_USER_AGENT},
        {STR_INIT("user agent"), LINE_USER_AGENT},   {STR_INIT("allow"), LINE_ALLOW},
        {STR_INIT("disallow"), LINE_DISALLOW},       {STR_INIT("dissallow"), LINE_DISALLOW},
        {STR_INIT("dissalow"), LINE_DISALLOW},       {STR_INIT("disalow"), LINE_DISALLOW},
        {STR_INIT("diasllow"), LINE_DISALLOW},       {STR_INIT("disallaw"), LINE_DISALLOW},
        {STR_INIT("crawl-delay"), LINE_CRAWL_DELAY}, {STR_INIT("crawldelay"), LINE_CRAWL_DELAY},
        {STR_INIT("sitemap"), LINE_SITEMAP},         {STR_INIT("site-map"), LINE_SITEMAP},
        {STR_INIT("content-signal"), LINE_SIGNAL},   {STR_INIT("content-usage"), LINE_SIGNAL},
    };
    const str text = {.ptr = (const char *)name.ptr, .len = name.len};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (str_equal_ignoring_ascii_case(text, names[i].name)) {
            return names[i].kind;
        }
    }
    return LINE_OTHER;
}

static bool is_blank(uint8_t c)
{
    return c == ' ' || c == '\t';
}

static bytes trim(bytes b)
{
    while (b.len && is_blank(b.ptr[0])) {
        b = bytes_slice(b, 1, b.len);
    }
    while (b.len && is_blank(b.ptr[b.len - 1])) {
        b.len--;
    }
    return b;
}

/* SIZE_MAX: it is not there. */
static size_t find_byte(bytes b, uint8_t byte)
{
    const uint8_t *at = b.len ? memchr(b.ptr, byte, b.len) : NULL;
    return at ? (size_t)(at - b.ptr) : SIZE_MAX;
}

/* Name and value around the colon; without one around the only gap. False: neither is there. */
static bool split_line(bytes text, bytes *name, bytes *value)
{
    size_t at = find_byte(text, ':');
    if (at == SIZE_MAX) {
        for (at = 0; at < text.len && !is_blank(text.ptr[at]); at++) {
        }
        *value = trim(bytes_slice(text, at, text.len));
        if (find_byte(*value, ' ') != SIZE_MAX || find_byte(*value, '\t') != SIZE_MAX) {
            return false;
        }
    } else {
        *value = trim(bytes_slice(text, at + 1, text.len));
    }
    *name = trim(bytes_slice(text, 0, at));
    return at < text.len;
}

/* --- whom a group is for --- */

static bool is_token_byte(uint8_t c)
{
    return ascii_is_letter(c) || ascii_is_digit(c) || c == '-' || c == '_';
}

str robots_token(str name)
{
    size_t len = 0;
    while (len < name.len && len < ROBOTS_TOKEN_BYTES_MAX &&
           is_token_byte((uint8_t)name.ptr[len])) {
        len++;
    }
    return str_slice(name, 0, len);
}

static bool names_all(bytes value)
{
    return value.len && value.ptr[0] == '*' && (value.len == 1 || is_blank(value.ptr[1]));
}

static bool names_token(bytes value, str token)
{
    size_t len = 0;
    while (len < value.len && is_token_byte(value.ptr[len])) {
        len++;
    }
    const str said = {.ptr = (const char *)value.ptr, .len = len};
    return token.len && str_equal_ignoring_ascii_case(said, token);
}

/* --- reading --- */

/* What is gathered for one kind of group. */
struct side {
    bool is_there;
    bool in_group; /* the group being read is for it */
    struct robots robots;
    struct robots_rule **rules_end;
    struct robots_line **signals_end;
};

struct parse {
    struct arena *arena;
    str token;
    struct side named;
    struct side all;
    struct robots_line *sitemaps;
    struct robots_line **sitemaps_end;
    bool has_group;    /* a User-agent line was seen */
    bool group_begins; /* only User-agent lines of this group were seen */
    size_t line;
};

static void begin_side(struct side *side, bool is_named)
{
    side->robots = (struct robots){.is_named = is_named, .delay_ms = -1};
    side->rules_end = &side->robots.rules;
    side->signals_end = &side->robots.signals;
}

static void take_user_agent(struct parse *parse, bytes value)
{
    if (!parse->group_begins) {
        parse->named.in_group = false;
        parse->all.in_group = false;
    }
    parse->has_group = true;
    parse->group_begins = true;
    parse->named.in_group = parse->named.in_group || names_token(value, parse->token);
    parse->all.in_group = parse->all.in_group || names_all(value);
    parse->named.is_there = parse->named.is_there || parse->named.in_group;
}

static enum status add_rule(struct parse *parse, struct side *side, const struct robots_rule *rule)
{
    if (side->in_group) {
        struct robots_rule *added = ARENA_NEW(parse->arena, struct robots_rule);
        if (!added) {
            return STATUS_NO_MEMORY;
        }
        *added = *rule;
        *side->rules_end = added;
        side->rules_end = &added->next;
    }
    return STATUS_OK;
}

static enum status take_rule(struct parse *parse, bytes text, bytes value, bool allows)
{
    struct robots_rule rule = {.allows = allows, .line = parse->line, .text = text};
    parse->group_begins = false;
    if (value.len == 0 || (!parse->named.in_group && !parse->all.in_group)) {
        return STATUS_OK; /* RFC 9309 2.2: an empty pattern is no rule */
    }
    rule.pattern = robots_pattern_read(parse->arena, value);
    if (!rule.pattern.path.units) {
        return STATUS_NO_MEMORY;
    }
    TRY(add_rule(parse, &parse->named, &rule));
    return add_rule(parse, &parse->all, &rule);
}

static enum status add_line(struct parse *parse, struct robots_line ***end, bytes name, bytes value)
{
    struct robots_line *added = ARENA_NEW(parse->arena, struct robots_line);
    if (!added) {
        return STATUS_NO_MEMORY;
    }
    *added = (struct robots_line){.line = parse->line, .name = name, .value = value};
    **end = added;
    *end = &added->next;
    return STATUS_OK;
}

static enum status take_signal(struct parse *parse, bytes name, bytes value)
{
    struct side *const sides[] = {&parse->named, &parse->all};
    for (size_t i = 0; value.len && i < sizeof sides / sizeof *sides; i++) {
        if (sides[i]->in_group || !parse->has_group) {
            TRY(add_line(parse, &sides[i]->signals_end, name, value));
        }
    }
    return STATUS_OK;
}

/* Seconds, with a fraction or not, as ms; -1: no number. */
static int64_t read_delay_ms(bytes value)
{
    int64_t ms = 0;
    int64_t unit_ms = 1000;
    bool in_fraction = false;
    size_t at = 0;
    for (; at < value.len && unit_ms > 0; at++) {
        const uint8_t c = value.ptr[at];
        if (c == '.' && !in_fraction) {
            in_fraction = true;
        } else if (!ascii_is_digit(c)) {
            break;
        } else if (in_fraction) {
            unit_ms /= 10;
            ms += (c - '0') * unit_ms;
        } else {
            ms = ms < DELAY_MS_MAX ? ms * 10 + (c - '0') * unit_ms : DELAY_MS_MAX;
        }
    }
    if (at == 0 || (at == 1 && in_fraction)) {
        return -1;
    }
    return ms < DELAY_MS_MAX ? ms : DELAY_MS_MAX;
}

/* For the names read so far: a further User-agent line of the same group is not delayed by it. */
static void take_delay(struct parse *parse, bytes value)
{
    const int64_t delay_ms = read_delay_ms(value);
    struct side *const sides[] = {&parse->named, &parse->all};
    for (size_t i = 0; i < sizeof sides / sizeof *sides; i++) {
        struct robots *robots = &sides[i]->robots;
        if ((sides[i]->in_group || !parse->has_group) && delay_ms > robots->delay_ms) {
            robots->delay_ms = delay_ms;
            robots->delay_line = parse->line;
        }
    }
}

static enum status take_line(struct parse *parse, bytes line)
{
    bytes name;
    bytes value;
    const bytes text = trim(bytes_slice(line, 0, find_byte(line, '#')));
    if (!split_line(text, &name, &value)) {
        return STATUS_OK;
    }
    switch (kind_of(name)) {
    case LINE_USER_AGENT:
        take_user_agent(parse, value);
        return STATUS_OK;
    case LINE_ALLOW:
        return take_rule(parse, text, value, true);
    case LINE_DISALLOW:
        return take_rule(parse, text, value, false);
    case LINE_CRAWL_DELAY:
        take_delay(parse, value);
        return STATUS_OK;
    case LINE_SITEMAP:
        return value.len ? add_line(parse, &parse->sitemaps_end, name, value) : STATUS_OK;
    case LINE_SIGNAL:
        return take_signal(parse, name, value);
    case LINE_OTHER:
        break;
    }
    return STATUS_OK;
}

/* The line at *at, without its end; *at moves behind that. */
static bytes next_line(bytes content, size_t *at)
{
    const size_t start = *at;
    while (*at < content.len && content.ptr[*at] != '\n' && content.ptr[*at] != '\r') {
        ++*at;
    }
    const bytes line = bytes_slice(content, start, *at);
    if (content.len - *at >= 2 && content.ptr[*at] == '\r' && content.ptr[*at + 1] == '\n') {
        ++*at;
    }
    ++*at;
    return line;
}

/* Without a BOM, and without a line that the limit cuts: half a path would match too much. */
static bytes readable_part(bytes content)
{
    static const uint8_t bom[] = {0xEF, 0xBB, 0xBF};
    const bytes mark = {.ptr = bom, .len = sizeof bom};
    size_t len = content.len;
    if (len > ROBOTS_BYTES_MAX) {
        for (len = ROBOTS_BYTES_MAX;
             len > 0 && content.ptr[len - 1] != '\n' && content.ptr[len - 1] != '\r'; len--) {
        }
    }
    return bytes_slice(content, bytes_start(content, mark) ? mark.len : 0, len);
}

enum status robots_parse(struct arena *arena, bytes content, str token, struct robots *out)
{
    struct parse parse = {.arena = arena, .token = token};
    const bytes readable = readable_part(content);
    begin_side(&parse.named, true);
    begin_side(&parse.all, false);
    parse.sitemaps_end = &parse.sitemaps;
    for (size_t at = 0; at < readable.len;) {
        parse.line++;
        TRY(take_line(&parse, next_line(readable, &at)));
    }
    *out = parse.named.is_there ? parse.named.robots : parse.all.robots;
    out->sitemaps = parse.sitemaps;
    return STATUS_OK;
}

/* --- the verdict --- */

enum status robots_judge(const struct robots *robots, struct arena *arena, str path,
                         struct robots_verdict *out)
{
    const struct arena_position mark = arena_mark(arena);
    const struct robots_rule *best = NULL;
    int64_t steps = ROBOTS_STEPS_MAX;
    *out = (struct robots_verdict){.allowed = true};
    if (str_equal(path, STR("/robots.txt"))) {
        return STATUS_OK;
    }
    const struct robots_path read = robots_path_read(arena, path);
    if (!read.units) {
        return STATUS_NO_MEMORY;
    }
    for (const struct robots_rule *rule = robots->rules; rule && steps >= 0; rule = rule->next) {
        const size_t octets = rule->pattern.octets;
        const bool better = !best || octets > best->pattern.octets ||
                            (octets == best->pattern.octets && rule->allows && !best->allows);
        if (better && robots_pattern_matches(&rule->pattern, read, &steps)) {
            best = rule;
        }
    }
    arena_rewind(arena, mark);
    out->is_costly = steps < 0;
    out->rule = best;
    out->allowed = !out->is_costly && (!best || best->allows);
    return STATUS_OK;
}
