/* SPDX-License-Identifier: Apache-2.0 */
#include "page/latex.h"

#include "page/latex_token.h"

/* How an element's children come out. */
enum shape {
    SHAPE_ROW,    /* one after the other */
    SHAPE_FIRST,  /* only the first is shown */
    SHAPE_PARTS,  /* each in its place: see struct parts */
    SHAPE_CELLS,  /* mtr: joined by & */
    SHAPE_ROWS,   /* mtable: joined by \\ */
    SHAPE_FENCED, /* mfenced: joined by its separators */
    SHAPE_PRESCRIPTS,
    SHAPE_TOKEN,
    SHAPE_NOTHING
};

enum {
    PART_COUNT_MAX = 3,
    LOOK_COUNT_MAX = 4 /* elements around an operator that are seen through */
};

/* before[0] child order[0] before[1] child order[1] … close */
struct parts {
    uint8_t count;
    uint8_t order[PART_COUNT_MAX];
    bool bare_base; /* the first child takes scripts without braces around it, whatever it is */
    const char *before[PART_COUNT_MAX];
    const char *close;
};

static const struct parts fraction = {2, {0, 1}, true, {"\\frac{", "}{"}, "}"};
static const struct parts atop = {2, {0, 1}, true, {"{", "\\atop "}, "}"};
static const struct parts root = {2, {1, 0}, true, {"\\sqrt[", "]{"}, "}"};
static const struct parts sub = {2, {0, 1}, false, {"", "_{"}, "}"};
static const struct parts sup = {2, {0, 1}, false, {"", "^{"}, "}"};
static const struct parts sub_sup = {3, {0, 1, 2}, false, {"", "_{", "}^{"}, "}"};
static const struct parts underset = {2, {1, 0}, true, {"\\underset{", "}{"}, "}"};
static const struct parts overset = {2, {1, 0}, true, {"\\overset{", "}{"}, "}"};
static const struct parts under_over = {
    3, {2, 1, 0}, true, {"\\overset{", "}{\\underset{", "}{"}, "}}"};
static const struct parts arrow_over = {1, {1}, true, {"\\xrightarrow{"}, "}"};
static const struct parts arrow_both = {2, {1, 2}, true, {"\\xrightarrow[", "]{"}, "}"};
static const struct parts back_over = {1, {1}, true, {"\\xleftarrow{"}, "}"};
static const struct parts back_both = {2, {1, 2}, true, {"\\xleftarrow[", "]{"}, "}"};

struct accent {
    uint32_t sign;
    struct parts narrow; /* over a single character */
    struct parts wide;
};

#define AROUND(command_)                                                                           \
    {                                                                                              \
        1, {0}, true, {command_ "{"}, "}"                                                          \
    }

static const struct accent accents_over[] = {
#define OVER(sign_, narrow_, wide_) {(sign_), AROUND(narrow_), AROUND(wide_)},
#include "page/latex_accents.def"
};

static const struct accent accents_under[] = {
#define UNDER(sign_, narrow_, wide_) {(sign_), AROUND(narrow_), AROUND(wide_)},
#include "page/latex_accents.def"
};

/* An element on the way down. */
struct level {
    const struct node *element;
    const struct node *child; /* the next to be entered */
    const struct parts *parts;
    enum shape shape;
    uint8_t part;        /* of SHAPE_PARTS: the next */
    bool base_is_closed; /* a brace opened around the base waits to be closed */
    bool fenced;         /* \left was said, \right is to come */
    size_t count;        /* children entered */
    const char *close;
};

struct maker {
    struct arena *arena;
    struct latex out;
    struct level *levels;
    size_t depth;
    size_t capacity;
    bool failed;
};

static const struct node *element_at(const struct node *node)
{
    while (node && node->kind != NODE_ELEMENT) {
        node = node->next;
    }
    return node;
}

static const struct node *child_at(const struct node *element, size_t index)
{
    const struct node *child = element_at(element->first);
    while (child && index--) {
        child = element_at(child->next);
    }
    return child;
}

static size_t count_children(const struct node *element)
{
    size_t count = 0;
    for (const struct node *child = element_at(element->first); child;
         child = element_at(child->next)) {
        count++;
    }
    return count;
}

static bool is_named(const struct node *element, const char *name)
{
    return element && str_equal(element->name, str_of(name));
}

static str attribute_of(const struct node *element, str name)
{
    return element->attributes ? node_attribute_value(element, name) : STR("");
}

static str text_of(struct maker *maker, const struct node *element)
{
    const str text = latex_source(maker->arena, element);
    maker->failed |= !text.ptr;
    return text.ptr ? text : STR("");
}

/* Some renderers put whole formulas into an operator, to give it that one's space. There the
 * standard's parser makes HTML elements of them, of the same names. */
static bool holds_elements(const struct node *token)
{
    const struct node *child = element_at(token->first);
    return child && child->name.len && child->name.ptr[0] == 'm' && !is_named(child, "mglyph") &&
           !is_named(child, "malignmark");
}

static bool is_function_application(const struct node *element)
{
    const struct node *text = element ? element->first : NULL;
    return is_named(element, "mo") && text && text->kind == NODE_TEXT &&
           str_equal(text->text, STR("\u2061"));
}

/* What stands alone in rows and styles around it. */
static const struct node *core_of(const struct node *element)
{
    for (size_t i = 0; element && i < LOOK_COUNT_MAX; i++) {
        const bool row = is_named(element, "mrow") || is_named(element, "mstyle") ||
                         is_named(element, "mpadded") || is_named(element, "mo") ||
                         is_named(element, "mi");
        const struct node *child = row ? element_at(element->first) : NULL;
        const struct node *next = child ? element_at(child->next) : NULL;
        if (!child || (next && !(is_function_application(next) && !element_at(next->next)))) {
            break;
        }
        element = child;
    }
    return element;
}

/* The text of an operator or identifier that stands alone; empty: none. */
static str core_text(struct maker *maker, const struct node *element)
{
    const struct node *core = core_of(element);
    const bool token = core && (is_named(core, "mo") || is_named(core, "mi"));
    return token && !element_at(core->first) ? text_of(maker, core) : STR("");
}

static uint32_t sign_of(struct maker *maker, const struct node *element)
{
    return latex_only_character(core_text(maker, element));
}

/* ---- what an element is ---- */

static bool takes_limits(struct maker *maker, const struct node *base)
{
    const struct node *core = core_of(base);
    if (is_named(core, "munder") || is_named(core, "mover")) {
        const uint32_t sign = sign_of(maker, child_at(core, 1));
        return sign == 0x23DE || sign == 0x23DF || sign == 0xFE37 || sign == 0xFE38;
    }
    return latex_is_big(core_text(maker, core));
}

static const struct parts *accent_of(struct maker *maker, const struct node *element,
                                     const struct accent *accents, size_t count)
{
    const uint32_t sign = sign_of(maker, child_at(element, 1));
    const uint32_t base = sign_of(maker, child_at(element, 0));
    for (size_t i = 0; sign && i < count; i++) {
        if (accents[i].sign == sign) {
            return base ? &accents[i].narrow : &accents[i].wide;
        }
    }
    return NULL;
}

static const struct parts *parts_over(struct maker *maker, const struct node *element, bool over)
{
    const struct node *base = child_at(element, 0);
    const uint32_t arrow = sign_of(maker, base);
    const struct parts *accent =
        over ? accent_of(maker, element, accents_over, sizeof accents_over / sizeof *accents_over)
             : accent_of(maker, element, accents_under,
                         sizeof accents_under / sizeof *accents_under);
    if (takes_limits(maker, base)) {
        return over ? &sup : &sub;
    }
    if (accent) {
        return accent;
    }
    if (over && (arrow == 0x2192 || arrow == 0x27F6)) {
        return &arrow_over;
    }
    if (over && (arrow == 0x2190 || arrow == 0x27F5)) {
        return &back_over;
    }
    return over ? &overset : &underset;
}

static const struct parts *parts_both(struct maker *maker, const struct node *element)
{
    const struct node *base = child_at(element, 0);
    const uint32_t arrow = sign_of(maker, base);
    if (takes_limits(maker, base)) {
        return &sub_sup;
    }
    return arrow == 0x2192 || arrow == 0x27F6   ? &arrow_both
           : arrow == 0x2190 || arrow == 0x27F5 ? &back_both
                                                : &under_over;
}

static const struct parts *parts_of(struct maker *maker, const struct node *element)
{
    const size_t count = count_children(element);
    if (count == 2) {
        if (is_named(element, "mfrac")) {
            const str thickness = attribute_of(element, STR("linethickness"));
            return thickness.len && thickness.ptr[0] == '0' ? &atop : &fraction;
        }
        return is_named(element, "mroot")    ? &root
               : is_named(element, "msub")   ? &sub
               : is_named(element, "msup")   ? &sup
               : is_named(element, "munder") ? parts_over(maker, element, false)
               : is_named(element, "mover")  ? parts_over(maker, element, true)
                                             : NULL;
    }
    if (count == 3) {
        return is_named(element, "msubsup")      ? &sub_sup
               : is_named(element, "munderover") ? parts_both(maker, element)
                                                 : NULL;
    }
    return NULL;
}

static const struct {
    const char *name;
    enum shape shape;
    const char *open;
    const char *close;
} shapes[] = {
#define SHAPE(name_, shape_, open_, close_) {(name_), SHAPE_##shape_, (open_), (close_)},
#include "page/latex_shapes.def"
};

static const struct {
    const char *notation;
    const char *open;
} enclosures[] = {
    {"box", "\\boxed{"},
    {"roundedbox", "\\boxed{"},
    {"top", "\\overline{"},
    {"bottom", "\\underline{"},
    {"radical", "\\sqrt{"},
    {"updiagonalstrike", "\\cancel{"},
    {"downdiagonalstrike", "\\bcancel{"},
    {"horizontalstrike", "\\cancel{"},
};

static const char *enclosure_of(const struct node *element)
{
    const str notation = str_trim_ascii(attribute_of(element, STR("notation")));
    for (size_t i = 0; i < sizeof enclosures / sizeof enclosures[0]; i++) {
        if (str_equal(notation, str_of(enclosures[i].notation))) {
            return enclosures[i].open;
        }
    }
    return NULL;
}

/* ---- the walk ---- */

static void say_token(struct maker *maker, const struct node *element)
{
    const str variant = attribute_of(element, STR("mathvariant"));
    const str text = text_of(maker, element);
    if (is_named(element, "mspace")) {
        const str width = attribute_of(element, STR("width"));
        latex_add(&maker->out,
                  width.len && width.ptr[0] != '0' && width.ptr[0] != '-' ? "\\ " : "");
    } else if (is_named(element, "mtext") || is_named(element, "ms")) {
        latex_add_token(&maker->out, LATEX_TEXT, text, variant);
    } else if (is_named(element, "mn")) {
        latex_add_token(&maker->out, LATEX_NUMBER, text, variant);
    } else if (is_named(element, "mo")) {
        latex_add_token(&maker->out, LATEX_OPERATOR, text, variant);
    } else {
        latex_add_token(&maker->out, LATEX_IDENTIFIER, text, variant);
    }
}

static struct level *push(struct maker *maker)
{
    if (maker->depth == maker->capacity) {
        const size_t capacity = maker->capacity ? maker->capacity * 2 : 32;
        struct level *levels = ARENA_ARRAY(maker->arena, capacity, struct level);
        if (!levels) {
            maker->failed = true;
            return NULL;
        }
        if (maker->depth) {
            memcpy(levels, maker->levels, maker->depth * sizeof *levels);
        }
        maker->levels = levels;
        maker->capacity = capacity;
    }
    struct level *level = &maker->levels[maker->depth++];
    *level = (struct level){.close = ""};
    return level;
}

static bool is_opening(uint32_t sign)
{
    return sign == '(' || sign == '[' || sign == '{' || sign == '|' || sign == 0x2016 ||
           sign == 0x2223 || sign == 0x2225 || sign == 0x27E8 || sign == 0x230A || sign == 0x2308;
}

static bool is_closing(uint32_t sign)
{
    return sign == ')' || sign == ']' || sign == '}' || sign == '|' || sign == 0x2016 ||
           sign == 0x2223 || sign == 0x2225 || sign == 0x27E9 || sign == 0x230B || sign == 0x2309;
}

/* A row that begins with a bracket around a table: the bracket grows with it. */
static bool is_fenced_table(struct maker *maker, const struct node *row)
{
    const struct node *first = element_at(row->first);
    const struct node *second = first ? element_at(first->next) : NULL;
    const struct node *core = core_of(second);
    return is_named(core, "mtable") && is_named(first, "mo") && is_opening(sign_of(maker, first));
}

static void open_level(struct maker *maker, struct level *level, const struct node *element)
{
    level->element = element;
    level->child = element_at(element->first);
    level->shape = SHAPE_ROW;
    level->parts = parts_of(maker, element);
    if (level->parts) {
        level->shape = SHAPE_PARTS;
        return;
    }
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        if (is_named(element, shapes[i].name)) {
            const bool is_row = shapes[i].shape == SHAPE_TOKEN && holds_elements(element);
            level->shape = is_row ? SHAPE_ROW : shapes[i].shape;
            level->close = shapes[i].close;
            latex_add(&maker->out, shapes[i].open);
            return;
        }
    }
    const char *enclosure = is_named(element, "menclose") ? enclosure_of(element) : NULL;
    if (enclosure) {
        latex_add(&maker->out, enclosure);
        level->close = "}";
    }
    level->fenced = is_fenced_table(maker, element);
}

/* Do scripts need braces around this? Rows of several and what has scripts itself do. */
static bool needs_braces(const struct node *base)
{
    const struct node *core = core_of(base);
    return is_named(core, "mrow") || is_named(core, "msup") || is_named(core, "msub") ||
           is_named(core, "msubsup") || is_named(core, "mstyle") || is_named(core, "mpadded") ||
           is_named(core, "mmultiscripts") || is_named(core, "mfrac");
}

static const struct node *next_part(struct maker *maker, struct level *level)
{
    const struct parts *parts = level->parts;
    if (level->base_is_closed) {
        latex_add(&maker->out, "}");
        level->base_is_closed = false;
    }
    if (level->part == parts->count) {
        latex_add(&maker->out, parts->close);
        return NULL;
    }
    const struct node *child = child_at(level->element, parts->order[level->part]);
    latex_add(&maker->out, parts->before[level->part]);
    if (level->part == 0 && !parts->bare_base && needs_braces(child)) {
        latex_add(&maker->out, "{");
        level->base_is_closed = true;
    }
    level->part++;
    return child;
}

static const struct node *take_child(struct level *level)
{
    const struct node *child = level->child;
    if (child) {
        level->child = element_at(child->next);
        level->count++;
    }
    return child;
}

/* The bracket that opens or closes around a table; true: `child` was it. */
static bool say_fence(struct maker *maker, struct level *level, const struct node *child)
{
    const bool last = !level->child;
    if (!level->fenced || (level->count != 1 && !last)) {
        return false;
    }
    const bool closes = level->count > 1 && is_named(child, "mo") &&
                        (is_closing(sign_of(maker, child)) || text_of(maker, child).len == 0);
    if (level->count == 1) {
        latex_add(&maker->out, "\\left");
        maker->out.after_command = false;
        say_token(maker, child);
        return true;
    }
    if (closes) {
        const bool shown = text_of(maker, child).len > 0;
        latex_add(&maker->out, shown ? "\\right" : "\\right.");
        maker->out.after_command = false;
        say_token(maker, child);
        level->fenced = false;
    }
    return closes;
}

static const struct node *next_in_row(struct maker *maker, struct level *level)
{
    const struct node *child = take_child(level);
    while (child && say_fence(maker, level, child)) {
        child = take_child(level);
    }
    if (!child) {
        latex_add(&maker->out, level->fenced ? "\\right." : "");
        latex_add(&maker->out, level->close);
    }
    return child;
}

static const struct node *next_joined(struct maker *maker, struct level *level, const char *joint)
{
    if (level->count == 0 && is_named(level->element, "mlabeledtr")) {
        (void)take_child(level);
        level->count = 0;
    }
    const struct node *child = take_child(level);
    latex_add(&maker->out, !child ? level->close : level->count > 1 ? joint : "");
    return child;
}

static const struct node *next_fenced(struct maker *maker, struct level *level)
{
    const struct attribute *open = node_attribute(level->element, STR("open"));
    const struct attribute *close = node_attribute(level->element, STR("close"));
    const struct attribute *separators = node_attribute(level->element, STR("separators"));
    const struct node *child = take_child(level);
    if (level->count <= 1 && child) {
        const str fence = open ? str_trim_ascii(open->value) : STR("(");
        latex_add(&maker->out, fence.len ? "\\left" : "\\left.");
        maker->out.after_command = false;
        latex_add_token(&maker->out, LATEX_OPERATOR, fence, STR(""));
    } else if (child && (!separators || str_trim_ascii(separators->value).len)) {
        const str signs = separators ? str_trim_ascii(separators->value) : STR(",");
        const size_t at = level->count - 2 < signs.len ? level->count - 2 : signs.len - 1;
        const bool ascii = (signed char)signs.ptr[at] > 0;
        latex_add_token(&maker->out, LATEX_OPERATOR,
                        ascii ? str_slice(signs, at, at + 1) : STR(","), STR(""));
    } else if (!child && level->count) {
        const str fence = close ? str_trim_ascii(close->value) : STR(")");
        latex_add(&maker->out, fence.len ? "\\right" : "\\right.");
        maker->out.after_command = false;
        latex_add_token(&maker->out, LATEX_OPERATOR, fence, STR(""));
    }
    return child;
}

static const struct node *prescripts_of(const struct node *element)
{
    const struct node *child = element_at(element->first);
    while (child && !is_named(child, "mprescripts")) {
        child = element_at(child->next);
    }
    return child;
}

/* {}_{a}^{b} of what stands in front, the base, then the rest in pairs. `part`: 0 in front, 1 the
 * base, 2 behind. */
static const struct node *next_prescript(struct maker *maker, struct level *level)
{
    if (level->part == 0 && level->count == 0) {
        const struct node *marker = prescripts_of(level->element);
        level->child = marker ? element_at(marker->next) : NULL;
        latex_add(&maker->out, level->child ? "{}" : "");
    }
    const struct node *child = level->part == 1 ? NULL : take_child(level);
    if (child && !is_named(child, "mprescripts")) {
        latex_add(&maker->out, level->count == 1 ? "" : "}");
        latex_add(&maker->out, level->count % 2 ? "_{" : "^{");
        return child;
    }
    if (level->part == 0) {
        latex_add(&maker->out, level->count ? "}" : "");
        child = element_at(level->element->first);
        level->child = child ? element_at(child->next) : NULL;
        level->count = 0;
        level->part = 2;
        return child;
    }
    const size_t said = level->count - (child != NULL);
    latex_add(&maker->out, said ? "}" : "");
    return NULL;
}

/* The child to be entered next, after what stands in front of it was said; NULL: none is left. */
static const struct node *next_child(struct maker *maker, struct level *level)
{
    switch (level->shape) {
    case SHAPE_PARTS:
        return next_part(maker, level);
    case SHAPE_ROW:
        return next_in_row(maker, level);
    case SHAPE_CELLS:
        return next_joined(maker, level, " & ");
    case SHAPE_ROWS:
        return next_joined(maker, level, " \\\\ ");
    case SHAPE_FENCED:
        return next_fenced(maker, level);
    case SHAPE_PRESCRIPTS:
        return next_prescript(maker, level);
    case SHAPE_FIRST:
        return level->count ? NULL : take_child(level);
    case SHAPE_TOKEN:
        say_token(maker, level->element);
        return NULL;
    case SHAPE_NOTHING:
        return NULL;
    }
    return NULL;
}

str latex_of_mathml(struct arena *arena, const struct node *element)
{
    struct maker maker = {.arena = arena};
    buf_init(&maker.out.buf, arena, arena->limit_bytes);
    for (const struct node *node = element; node && !maker.failed;) {
        struct level *level = push(&maker);
        if (level) {
            open_level(&maker, level, node);
        }
        node = NULL;
        while (maker.depth && !node && !maker.failed) {
            node = next_child(&maker, &maker.levels[maker.depth - 1]);
            maker.depth -= !node;
        }
    }
    return maker.failed || buf_failed(&maker.out.buf) ? (str){0} : buf_str(&maker.out.buf);
}
