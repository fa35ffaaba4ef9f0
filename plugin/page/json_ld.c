/* SPDX-License-Identifier: Apache-2.0 */
#include "page/json_ld.h"

#include "base/json.h"
#include "page/plain.h"

enum {
    SCRIPT_BYTES_MAX = 1 << 20, /* of one script; what is longer is data, not a description */
    AGENTS_MAX = 16,            /* authors of one thing */
    WORDS_MAX = 32,             /* keywords of one thing */
    NAMED_MAX = 64,             /* things with an @id and a name */
    REFERENCES_MAX = 32         /* to them, and names that wait beside them */
};

enum property {
    PROPERTY_NONE,
    PROPERTY_TYPE,
    PROPERTY_ID,
    PROPERTY_GRAPH,
    PROPERTY_MAIN, /* mainEntity, mainEntityOfPage */
    PROPERTY_AUTHOR,
    PROPERTY_KEYWORDS,
    /* From here on the first value counts: */
    PROPERTY_NAME,
    PROPERTY_HEADLINE,
    PROPERTY_PUBLISHED,
    PROPERTY_CREATED,
    PROPERTY_MODIFIED,
    PROPERTY_PUBLISHER,
    PROPERTY_SECTION,
    PROPERTY_LANGUAGE,
    PROPERTY_LICENCE,
    PROPERTY_DESCRIPTION,
    PROPERTY_RIGHTS,
    PROPERTY_URL,
    PROPERTY_COUNT
};

struct agent {
    str text;
    bool is_reference; /* text is an @id */
};

struct agents {
    struct agent items[AGENTS_MAX];
    size_t count;
};

struct thing {
    bool is_array;         /* of things that stand under `under` of the thing around */
    bool is_subject;       /* the page may be about it */
    enum property under;   /* its place in the thing around */
    enum property pending; /* the key that was read last */
    enum thing_type type;
    struct agents authors;
    struct agents publishers;
    str keywords[WORDS_MAX];
    size_t keyword_count;
    str values[PROPERTY_COUNT];
    str id;
};

struct named {
    str id;
    str name;
};

struct reference_claim {
    enum claim_kind kind;
    unsigned rank;
    uint16_t group;
    struct agent agent;
};

struct json_ld {
    /* By depth, made when first needed; [0] is around everything. */
    struct thing *things[JSON_DEPTH_MAX + 1];
    struct named named[NAMED_MAX];
    size_t named_count;
    struct reference_claim references[REFERENCES_MAX];
    size_t reference_count;
    struct claims *claims;
    struct span span;
};

enum thing_type thing_type_of(str name)
{
    static const struct {
        enum thing_type type;
        str name;
    } types[] = {
#define THING(type_, name_) {.type = THING_##type_, .name = STR_INIT(name_)},
#include "page/json_ld.def"
    };
    size_t from = name.len;
    while (from > 0 && name.ptr[from - 1] != '/' && name.ptr[from - 1] != '#' &&
           name.ptr[from - 1] != ':') {
        from--;
    }
    const str last = str_slice(name, from, name.len);
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        if (str_equal(last, types[i].name)) {
            return types[i].type;
        }
    }
    if (str_ends(last, STR("Article")) || str_ends(last, STR("Posting"))) {
        return THING_ARTICLE;
    }
    return str_ends(last, STR("Organization")) ? THING_AGENT : THING_OTHER;
}

static enum property property_of(str key)
{
    static const struct {
        enum property property;
        str name;
    } names[] = {
        {PROPERTY_TYPE, STR_INIT("@type")},
        {PROPERTY_TYPE, STR_INIT("type")},
        {PROPERTY_ID, STR_INIT("@id")},
        {PROPERTY_GRAPH, STR_INIT("@graph")},
        {PROPERTY_MAIN, STR_INIT("mainEntity")},
        {PROPERTY_MAIN, STR_INIT("mainEntityOfPage")},
        {PROPERTY_AUTHOR, STR_INIT("author")},
        {PROPERTY_AUTHOR, STR_INIT("creator")},
        {PROPERTY_KEYWORDS, STR_INIT("keywords")},
        {PROPERTY_NAME, STR_INIT("name")},
        {PROPERTY_HEADLINE, STR_INIT("headline")},
        {PROPERTY_PUBLISHED, STR_INIT("datePublished")},
        {PROPERTY_CREATED, STR_INIT("dateCreated")},
        {PROPERTY_CREATED, STR_INIT("uploadDate")},
        {PROPERTY_MODIFIED, STR_INIT("dateModified")},
        {PROPERTY_PUBLISHER, STR_INIT("publisher")},
        {PROPERTY_SECTION, STR_INIT("articleSection")},
        {PROPERTY_LANGUAGE, STR_INIT("inLanguage")},
        {PROPERTY_LICENCE, STR_INIT("license")},
        {PROPERTY_DESCRIPTION, STR_INIT("description")},
        {PROPERTY_RIGHTS, STR_INIT("copyrightNotice")},
        {PROPERTY_URL, STR_INIT("url")},
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (str_equal(key, names[i].name)) {
            return names[i].property;
        }
    }
    return PROPERTY_NONE;
}

/* ---- one script put right ---- */

/* Between the first bracket and the end, which drops `<!--` and `//<![CDATA[`. */
static str without_wrapper(str script)
{
    size_t from = 0;
    size_t to = script.len;
    while (from < to && script.ptr[from] != '{' &&
           (script.ptr[from] != '[' || str_starts(str_slice(script, from, to), STR("[CDATA[")))) {
        from++;
    }
    while (to > from && script.ptr[to - 1] != '}' && script.ptr[to - 1] != ']') {
        to--;
    }
    return str_slice(script, from, to > from ? to : script.len);
}

/* Controls are spaces, a comma before a bracket is one too, and an escape that JSON does not know
 * loses its backslash. */
static str put_right(struct arena *arena, str script)
{
    char *out = arena_text(arena, script.len);
    bool in_string = false;
    size_t comma = SIZE_MAX; /* the last one, if nothing but space stands behind it */
    if (!out) {
        return (str){0};
    }
    for (size_t i = 0; i < script.len; i++) {
        const unsigned char c = (unsigned char)script.ptr[i];
        out[i] = c < 0x20 ? ' ' : (char)c;
        if (in_string && c == '\\' && i + 1 < script.len) {
            const bool known = memchr("\"\\/bfnrtu", script.ptr[i + 1], 9) != NULL;
            out[i] = known ? '\\' : ' ';
            if (known) {
                i++;
                out[i] = script.ptr[i];
            }
            continue;
        }
        in_string = in_string != (c == '"');
        if (!in_string && (c == '}' || c == ']') && comma != SIZE_MAX) {
            out[comma] = ' ';
        }
        if (c > 0x20) {
            comma = !in_string && c == ',' ? i : SIZE_MAX;
        }
    }
    return (str){.ptr = out, .len = script.len};
}

/* ---- things become claims ---- */

static void claim(struct json_ld *self, enum claim_kind kind, unsigned rank, str text)
{
    if (text.len) {
        const str plain = plain_value(self->claims->arena, text);
        claims_add(self->claims, kind, rank, (struct stated){.text = plain, .span = self->span});
    }
}

/* All of them wait for the end when one is named elsewhere, so that they keep their order. */
static void claim_agents(struct json_ld *self, enum claim_kind kind, unsigned rank,
                         const struct agents *agents)
{
    bool waits = false;
    for (size_t i = 0; i < agents->count; i++) {
        waits = waits || agents->items[i].is_reference;
    }
    for (size_t i = 0; i < agents->count; i++) {
        if (!waits) {
            claim(self, kind, rank, agents->items[i].text);
        } else if (self->reference_count < REFERENCES_MAX) {
            self->references[self->reference_count++] =
                (struct reference_claim){.kind = kind,
                                         .rank = rank,
                                         .group = self->claims->group,
                                         .agent = agents->items[i]};
        }
    }
}

/* Things that a page is more seldom about come behind what its meta elements say. */
static unsigned rank_of(enum thing_type type)
{
    switch (type) {
    case THING_ARTICLE:
        return RANK_JSON_LD;
    case THING_WORK:
        return RANK_META + 6;
    case THING_PAGE:
        return RANK_META + 8;
    case THING_SITE:
    case THING_UNKNOWN:
    case THING_AGENT:
    case THING_OTHER:
        break;
    }
    return RANK_META + 10;
}

static void claim_thing(struct json_ld *self, const struct thing *thing)
{
    const unsigned rank = rank_of(thing->type);
    const str *values = thing->values;
    if (thing->type == THING_SITE) {
        claim(self, CLAIM_site, RANK_META, values[PROPERTY_NAME]);
        return;
    }
    if (thing->type == THING_AGENT || thing->type == THING_OTHER) {
        return;
    }
    claims_next_group(self->claims);
    claim(self, CLAIM_title, rank, values[PROPERTY_HEADLINE]);
    claim(self, CLAIM_title, rank + 1, values[PROPERTY_NAME]);
    claim_agents(self, CLAIM_author, rank, &thing->authors);
    claim(self, CLAIM_published, rank, values[PROPERTY_PUBLISHED]);
    claim(self, CLAIM_published, rank + 1, values[PROPERTY_CREATED]);
    claim(self, CLAIM_modified, rank, values[PROPERTY_MODIFIED]);
    claim_agents(self, CLAIM_site, RANK_META + 2, &thing->publishers);
    claim(self, CLAIM_category, rank, values[PROPERTY_SECTION]);
    claim(self, CLAIM_language, rank, values[PROPERTY_LANGUAGE]);
    claim(self, CLAIM_licence, rank, values[PROPERTY_LICENCE]);
    claim(self, CLAIM_description, rank + RANK_META, values[PROPERTY_DESCRIPTION]);
    claim(self, CLAIM_rights, rank, values[PROPERTY_RIGHTS]);
    for (size_t i = 0; i < thing->keyword_count; i++) {
        claim(self, CLAIM_keywords, rank, thing->keywords[i]);
    }
    claims_next_group(self->claims);
}

static void name_thing(struct json_ld *self, const struct thing *thing)
{
    const str name = thing->values[PROPERTY_NAME];
    if (thing->id.len && name.len && self->named_count < NAMED_MAX) {
        self->named[self->named_count++] = (struct named){.id = thing->id, .name = name};
    }
}

static void add_agent(struct agents *agents, str text, bool is_reference)
{
    if (text.len && agents->count < AGENTS_MAX) {
        agents->items[agents->count++] = (struct agent){.text = text, .is_reference = is_reference};
    }
}

static void add_keyword(struct thing *thing, str text)
{
    if (thing->keyword_count < WORDS_MAX) {
        thing->keywords[thing->keyword_count++] = text;
    }
}

/* A value that is a text, in the thing that it says something of. */
static void take_text(struct thing *thing, enum property property, str text)
{
    switch (property) {
    case PROPERTY_TYPE:
        if (thing->type == THING_UNKNOWN || thing->type == THING_OTHER) {
            thing->type = thing_type_of(text);
        }
        break;
    case PROPERTY_ID:
        thing->id = text;
        break;
    case PROPERTY_AUTHOR:
        add_agent(&thing->authors, text, false);
        break;
    case PROPERTY_PUBLISHER:
        add_agent(&thing->publishers, text, false);
        break;
    case PROPERTY_KEYWORDS:
        add_keyword(thing, text);
        break;
    case PROPERTY_NAME:
    case PROPERTY_HEADLINE:
    case PROPERTY_PUBLISHED:
    case PROPERTY_CREATED:
    case PROPERTY_MODIFIED:
    case PROPERTY_SECTION:
    case PROPERTY_LANGUAGE:
    case PROPERTY_LICENCE:
    case PROPERTY_DESCRIPTION:
    case PROPERTY_RIGHTS:
    case PROPERTY_URL:
        if (!thing->values[property].len) {
            thing->values[property] = text;
        }
        break;
    case PROPERTY_NONE:
    case PROPERTY_GRAPH:
    case PROPERTY_MAIN:
    case PROPERTY_COUNT:
        break;
    }
}

/* A value that is a thing, in the one around it. */
static void take_thing(struct thing *around, const struct thing *thing)
{
    const str name = thing->values[PROPERTY_NAME];
    switch (thing->under) {
    case PROPERTY_AUTHOR:
    case PROPERTY_PUBLISHER: {
        struct agents *agents =
            thing->under == PROPERTY_AUTHOR ? &around->authors : &around->publishers;
        add_agent(agents, name.len ? name : thing->id, name.len == 0);
        break;
    }
    case PROPERTY_KEYWORDS:
        take_text(around, PROPERTY_KEYWORDS, name);
        break;
    case PROPERTY_LANGUAGE:
        take_text(around, PROPERTY_LANGUAGE, name);
        break;
    case PROPERTY_LICENCE:
        take_text(around, PROPERTY_LICENCE,
                  thing->values[PROPERTY_URL].len ? thing->values[PROPERTY_URL] : thing->id);
        break;
    case PROPERTY_NONE:
    case PROPERTY_TYPE:
    case PROPERTY_ID:
    case PROPERTY_GRAPH:
    case PROPERTY_MAIN:
    case PROPERTY_NAME:
    case PROPERTY_HEADLINE:
    case PROPERTY_PUBLISHED:
    case PROPERTY_CREATED:
    case PROPERTY_MODIFIED:
    case PROPERTY_SECTION:
    case PROPERTY_DESCRIPTION:
    case PROPERTY_RIGHTS:
    case PROPERTY_URL:
    case PROPERTY_COUNT:
        break;
    }
}

/* ---- the walk ---- */

/* The innermost object at or above this depth; things[0] at the outside. */
static struct thing *object_at(struct json_ld *self, unsigned depth)
{
    while (depth > 0 && self->things[depth]->is_array) {
        depth--;
    }
    return self->things[depth];
}

/* False: the arena refused. */
static bool make_thing(struct json_ld *self, unsigned depth, struct thing like)
{
    if (!self->things[depth]) {
        self->things[depth] = ARENA_NEW(self->claims->arena, struct thing);
    }
    if (!self->things[depth]) {
        self->claims->failed = true;
        return false;
    }
    *self->things[depth] = like;
    return true;
}

static bool begin(struct json_ld *self, unsigned depth, bool is_array)
{
    const struct thing *parent = self->things[depth - 1];
    const enum property under = parent->is_array ? parent->under : parent->pending;
    const bool is_subject =
        parent->is_subject &&
        (depth == 1 || parent->is_array || under == PROPERTY_GRAPH || under == PROPERTY_MAIN);
    return make_thing(
        self, depth,
        (struct thing){.is_array = is_array, .under = under, .is_subject = is_subject});
}

static void end(struct json_ld *self, unsigned depth)
{
    struct thing *thing = self->things[depth];
    if (thing->is_array) {
        return;
    }
    name_thing(self, thing);
    take_thing(object_at(self, depth - 1), thing);
    if (thing->is_subject) {
        claim_thing(self, thing);
    }
}

static void take_value(struct json_ld *self, const struct json *json)
{
    const struct thing *inner = self->things[json->depth];
    const enum property property = inner->is_array ? inner->under : inner->pending;
    take_text(object_at(self, json->depth), property, str_trim_ascii(json->text));
}

/* What stands open where the script breaks has been read so far, and says what it said. */
static void end_broken(struct json_ld *self, const struct json *json)
{
    for (unsigned depth = json->depth; depth > 0; depth--) {
        end(self, depth);
    }
}

static void walk(struct json_ld *self, struct json *json)
{
    for (;;) {
        switch (json_next(json)) {
        case JSON_END:
            return;
        case JSON_ERROR:
            end_broken(self, json);
            return;
        case JSON_OBJECT_BEGIN:
        case JSON_ARRAY_BEGIN:
            if (!begin(self, json->depth, json->kind == JSON_ARRAY_BEGIN)) {
                return;
            }
            break;
        case JSON_OBJECT_END:
        case JSON_ARRAY_END:
            end(self, json->depth + 1);
            break;
        case JSON_KEY:
            self->things[json->depth]->pending = property_of(json->text);
            break;
        case JSON_STRING:
            take_value(self, json);
            break;
        case JSON_NUMBER:
        case JSON_TRUE:
        case JSON_FALSE:
        case JSON_NULL:
            break;
        }
    }
}

bool json_ld_read(struct json_ld **json_ld, struct claims *claims, str script, struct span span)
{
    struct json json;
    if (script.len > SCRIPT_BYTES_MAX) {
        return false;
    }
    if (!*json_ld) {
        *json_ld = ARENA_NEW(claims->arena, struct json_ld);
    }
    const str text = put_right(claims->arena, without_wrapper(script));
    if (!*json_ld || !text.ptr) {
        claims->failed = true;
        return true;
    }
    struct json_ld *self = *json_ld;
    self->claims = claims;
    self->span = span;
    if (make_thing(self, 0, (struct thing){.is_subject = true})) {
        json_init(&json, str_bytes(text), claims->arena);
        walk(self, &json);
    }
    return true;
}

static str name_of(const struct json_ld *self, const struct agent *agent)
{
    if (!agent->is_reference) {
        return agent->text;
    }
    for (size_t i = 0; i < self->named_count; i++) {
        if (str_equal(self->named[i].id, agent->text)) {
            return self->named[i].name;
        }
    }
    return (str){0};
}

void json_ld_finish(struct json_ld *json_ld, struct claims *claims)
{
    const uint16_t group = claims->group;
    for (size_t i = 0; json_ld && i < json_ld->reference_count; i++) {
        const struct reference_claim *reference = &json_ld->references[i];
        claims->group = reference->group;
        claim(json_ld, reference->kind, reference->rank, name_of(json_ld, &reference->agent));
    }
    claims->group = group;
}
