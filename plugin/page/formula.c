/* SPDX-License-Identifier: Apache-2.0 */
#include "page/formula.h"

#include "page/latex.h"

enum {
    STEPS_BASE = 65536,
    WRAPPED_NODES_MAX = 20000, /* in one wrapper: more is no formula */
    LATEX_BYTES_MAX = 16384
};

void formula_finder_init(struct formula_finder *finder, struct arena *arena, size_t source_len)
{
    *finder = (struct formula_finder){.arena = arena, .steps_left = STEPS_BASE + source_len};
}

static bool starts_ignoring_case(str text, str head)
{
    return str_equal_ignoring_ascii_case(str_slice(text, 0, head.len), head);
}

static bool contains(str text, str part)
{
    return str_find(text, part, 0) < text.len;
}

/* ---- TeX, tidied ---- */

static str without(str text, str head, str tail)
{
    if (text.len >= head.len + tail.len && str_starts(text, head) &&
        str_equal(str_slice(text, text.len - tail.len, text.len), tail)) {
        return str_trim_ascii(str_slice(text, head.len, text.len - tail.len));
    }
    return text;
}

/* Without the delimiters and the style that renderers wrap sources in. Empty for what would end
 * early inside our own delimiters, or is no formula by its length. */
static str tidy(str tex)
{
    tex = str_trim_ascii(tex);
    tex = without(tex, STR("$$"), STR("$$"));
    tex = without(tex, STR("\\["), STR("\\]"));
    tex = without(tex, STR("\\("), STR("\\)"));
    if (starts_ignoring_case(tex, STR("{\\displaystyle")) ||
        starts_ignoring_case(tex, STR("{\\textstyle"))) {
        const size_t head =
            tex.ptr[2] == 'd' ? STR("{\\displaystyle").len : STR("{\\textstyle").len;
        tex = without(tex, str_slice(tex, 0, head), STR("}"));
    }
    return tex.len > LATEX_BYTES_MAX || contains(tex, STR("\\)")) || contains(tex, STR("\\("))
               ? STR("")
               : tex;
}

/* ---- MathML ---- */

static bool is_math(const struct node *node)
{
    return node->tag == TAG_math && node->name_space == NAME_SPACE_MATHML;
}

static const struct node *next_within(struct formula_finder *finder, const struct node *node,
                                      const struct node *root)
{
    finder->steps_left -= finder->steps_left > 0;
    return finder->steps_left ? node_next(node, root) : NULL;
}

static bool is_tex_annotation(const struct node *node)
{
    if (node->kind != NODE_ELEMENT || !str_equal(node->name, STR("annotation"))) {
        return false;
    }
    const str encoding = node_attribute_value(node, STR("encoding"));
    return str_equal_ignoring_ascii_case(encoding, STR("application/x-tex")) ||
           str_equal_ignoring_ascii_case(encoding, STR("TeX")) ||
           str_equal_ignoring_ascii_case(encoding, STR("LaTeX"));
}

static str annotation_of(struct formula_finder *finder, const struct node *math)
{
    for (const struct node *node = math; node; node = next_within(finder, node, math)) {
        if (is_tex_annotation(node)) {
            const str tex = latex_source(finder->arena, node);
            finder->failed |= !tex.ptr;
            return tex.ptr ? tidy(tex) : STR("");
        }
    }
    return STR("");
}

static str latex_of_math(struct formula_finder *finder, const struct node *math)
{
    str latex = annotation_of(finder, math);
    const str alttext = node_attribute_value(math, STR("alttext"));
    if (latex.len == 0 && contains(alttext, STR("\\"))) {
        latex = tidy(alttext);
    }
    if (latex.len == 0) {
        latex = latex_of_mathml(finder->arena, math);
        finder->failed |= !latex.ptr;
        latex = latex.ptr ? tidy(latex) : STR("");
    }
    return latex;
}

static size_t end_of(const struct node *element)
{
    size_t end = element->src_end;
    const struct node *last = element;
    while (node_last(last)) {
        last = node_last(last);
        end = last->src_end > end ? last->src_end : end;
    }
    return end;
}

static bool read_math(struct formula_finder *finder, const struct node *math, struct formula *out)
{
    if (!finder->steps_left) {
        return false;
    }
    *out = (struct formula){.latex = latex_of_math(finder, math),
                            .display = str_equal_ignoring_ascii_case(
                                node_attribute_value(math, STR("display")), STR("block")),
                            .src_start = math->src_start,
                            .src_end = end_of(math)};
    return out->latex.len > 0 && finder->steps_left;
}

/* ---- scripts and images ---- */

static bool is_tex_script(const struct node *node)
{
    return node && node->tag == TAG_script &&
           starts_ignoring_case(node_attribute_value(node, STR("type")), STR("math/tex"));
}

static bool read_script(struct formula_finder *finder, const struct node *script,
                        struct formula *out)
{
    const str tex = latex_source(finder->arena, script);
    finder->failed |= !tex.ptr;
    *out = (struct formula){
        .latex = tex.ptr ? tidy(without(tex, STR("% <![CDATA["), STR("%]]>"))) : STR(""),
        .display = contains(node_attribute_value(script, STR("type")), STR("mode=display")),
        .src_start = script->src_start,
        .src_end = end_of(script)};
    return out->latex.len > 0;
}

static bool has_class(str classes, str wanted)
{
    for (size_t at = 0; at < classes.len;) {
        size_t end = at;
        while (end < classes.len && !ascii_is_space((unsigned char)classes.ptr[end])) {
            end++;
        }
        if (str_equal(str_slice(classes, at, end), wanted)) {
            return true;
        }
        at = end + 1;
    }
    return false;
}

/* Images that are formulas by what made them: MediaWiki, WordPress, Zhihu. */
static bool read_image(const struct node *image, struct formula *out)
{
    const struct attribute *alt = node_attribute(image, STR("alt"));
    if (!alt || alt->value.len == 0) {
        return false;
    }
    const str classes = node_attribute_value(image, STR("class"));
    const bool inline_of_wiki = has_class(classes, STR("mwe-math-fallback-image-inline"));
    const bool display_of_wiki = has_class(classes, STR("mwe-math-fallback-image-display"));
    if (!inline_of_wiki && !display_of_wiki && !has_class(classes, STR("latex")) &&
        !has_class(classes, STR("tex")) && !node_attribute(image, STR("eeimg")) &&
        !contains(node_attribute_value(image, STR("src")), STR("/equation?tex="))) {
        return false;
    }
    *out = (struct formula){.latex = tidy(alt->value),
                            .display = display_of_wiki,
                            .src_start = image->src_start,
                            .src_end = image->src_end};
    return out->latex.len > 0;
}

/* ---- what renderers wrap ---- */

static const struct {
    str word;
    bool display;
} wrappers[] = {
    {STR_INIT("katex"), false},
    {STR_INIT("katex-display"), true},
    {STR_INIT("katex--inline"), false},
    {STR_INIT("katex--display"), true},
    {STR_INIT("MathJax"), false},
    {STR_INIT("MathJax_Preview"), false},
    {STR_INIT("MathJax_Display"), true},
    {STR_INIT("MathJax_SVG"), false},
    {STR_INIT("MathJax_SVG_Display"), true},
    {STR_INIT("MathJax_CHTML"), false},
    {STR_INIT("MJXc-display"), true},
    {STR_INIT("mjx-chtml"), false},
    {STR_INIT("mwe-math-element"), false},
};

static bool is_wrapper(const struct node *element, bool *display)
{
    *display = str_equal(node_attribute_value(element, STR("display")), STR("true"));
    if (str_equal(element->name, STR("mjx-container"))) {
        return true;
    }
    const str classes = node_attribute_value(element, STR("class"));
    if (classes.len == 0 || !(classes.ptr[0] == 'k' || (classes.ptr[0] | 0x20) == 'm')) {
        return false;
    }
    for (size_t i = 0; i < sizeof wrappers / sizeof wrappers[0]; i++) {
        if (has_class(classes, wrappers[i].word)) {
            *display = wrappers[i].display;
            return true;
        }
    }
    return false;
}

/* MathJax puts what it drew in front of the script that it read. */
static bool stands_before_script(const struct node *element)
{
    const struct node *next = element->next;
    bool display = false;
    for (size_t i = 0; next && i < 4; i++) {
        if (is_tex_script(next)) {
            return true;
        }
        if (next->kind == NODE_ELEMENT && !is_wrapper(next, &display)) {
            return false;
        }
        if (next->kind == NODE_TEXT && str_trim_ascii(next->text).len) {
            return false;
        }
        next = next->next;
    }
    return false;
}

/* The one source in a wrapper: a math element, a script, or the image of a wiki. NULL when there is
 * none, or more than a formula. */
static const struct node *source_within(struct formula_finder *finder, const struct node *wrapper)
{
    const struct node *source = NULL;
    const struct node *node = wrapper;
    for (size_t i = 0; node && i < WRAPPED_NODES_MAX; i++) {
        const bool found = node->kind == NODE_ELEMENT && (is_math(node) || is_tex_script(node));
        if (found && source) {
            return is_tex_script(node) ? node : NULL;
        }
        source = found ? node : source;
        node = found ? node_next_outside(node, wrapper) : next_within(finder, node, wrapper);
    }
    return node ? NULL : source;
}

static bool read_wrapper(struct formula_finder *finder, const struct node *wrapper, bool display,
                         struct formula *out)
{
    if (stands_before_script(wrapper)) {
        *out = (struct formula){.latex = STR("")};
        return true;
    }
    const struct node *source = finder->steps_left ? source_within(finder, wrapper) : NULL;
    if (!source) {
        return false;
    }
    const bool found =
        is_math(source) ? read_math(finder, source, out) : read_script(finder, source, out);
    out->display = out->display || display;
    return found;
}

bool formula_find(struct formula_finder *finder, const struct node *element, struct formula *out)
{
    bool display = false;
    switch ((int)element->tag) {
    case TAG_math:
        return is_math(element) && read_math(finder, element, out);
    case TAG_script:
        return is_tex_script(element) && read_script(finder, element, out);
    case TAG_img:
        return element->attributes && read_image(element, out);
    case TAG_span:
    case TAG_div:
    case TAG_unknown:
        return element->attributes && element->name_space == NAME_SPACE_HTML &&
               is_wrapper(element, &display) && read_wrapper(finder, element, display, out);
    default:
        return false;
    }
}
