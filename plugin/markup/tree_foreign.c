/* SPDX-License-Identifier: Apache-2.0 */
/* HTML: the rules for parsing tokens in foreign content. */
#include "markup/tree.h"

struct adjustment {
    str from;
    str to;
};

/* clang-format off */
#define ADJUST(from_, to_) {.from = STR_INIT(from_), .to = STR_INIT(to_)}
static const struct adjustment svg_names[] = {
    ADJUST("altglyph", "altGlyph"), ADJUST("altglyphdef", "altGlyphDef"),
    ADJUST("altglyphitem", "altGlyphItem"), ADJUST("animatecolor", "animateColor"),
    ADJUST("animatemotion", "animateMotion"), ADJUST("animatetransform", "animateTransform"),
    ADJUST("clippath", "clipPath"), ADJUST("feblend", "feBlend"),
    ADJUST("fecolormatrix", "feColorMatrix"),
    ADJUST("fecomponenttransfer", "feComponentTransfer"), ADJUST("fecomposite", "feComposite"),
    ADJUST("feconvolvematrix", "feConvolveMatrix"),
    ADJUST("fediffuselighting", "feDiffuseLighting"),
    ADJUST("fedisplacementmap", "feDisplacementMap"), ADJUST("fedistantlight", "feDistantLight"),
    ADJUST("fedropshadow", "feDropShadow"), ADJUST("feflood", "feFlood"),
    ADJUST("fefunca", "feFuncA"), ADJUST("fefuncb", "feFuncB"), ADJUST("fefuncg", "feFuncG"),
    ADJUST("fefuncr", "feFuncR"), ADJUST("fegaussianblur", "feGaussianBlur"),
    ADJUST("feimage", "feImage"), ADJUST("femerge", "feMerge"),
    ADJUST("femergenode", "feMergeNode"), ADJUST("femorphology", "feMorphology"),
    ADJUST("feoffset", "feOffset"), ADJUST("fepointlight", "fePointLight"),
    ADJUST("fespecularlighting", "feSpecularLighting"), ADJUST("fespotlight", "feSpotLight"),
    ADJUST("fetile", "feTile"), ADJUST("feturbulence", "feTurbulence"),
    ADJUST("foreignobject", "foreignObject"), ADJUST("glyphref", "glyphRef"),
    ADJUST("lineargradient", "linearGradient"), ADJUST("radialgradient", "radialGradient"),
    ADJUST("textpath", "textPath"),
};

static const struct adjustment svg_attributes[] = {
    ADJUST("attributename", "attributeName"), ADJUST("attributetype", "attributeType"),
    ADJUST("basefrequency", "baseFrequency"), ADJUST("baseprofile", "baseProfile"),
    ADJUST("calcmode", "calcMode"), ADJUST("clippathunits", "clipPathUnits"),
    ADJUST("diffuseconstant", "diffuseConstant"), ADJUST("edgemode", "edgeMode"),
    ADJUST("filterunits", "filterUnits"), ADJUST("glyphref", "glyphRef"),
    ADJUST("gradienttransform", "gradientTransform"), ADJUST("gradientunits", "gradientUnits"),
    ADJUST("kernelmatrix", "kernelMatrix"), ADJUST("kernelunitlength", "kernelUnitLength"),
    ADJUST("keypoints", "keyPoints"), ADJUST("keysplines", "keySplines"),
    ADJUST("keytimes", "keyTimes"), ADJUST("lengthadjust", "lengthAdjust"),
    ADJUST("limitingconeangle", "limitingConeAngle"), ADJUST("markerheight", "markerHeight"),
    ADJUST("markerunits", "markerUnits"), ADJUST("markerwidth", "markerWidth"),
    ADJUST("maskcontentunits", "maskContentUnits"), ADJUST("maskunits", "maskUnits"),
    ADJUST("numoctaves", "numOctaves"), ADJUST("pathlength", "pathLength"),
    ADJUST("patterncontentunits", "patternContentUnits"),
    ADJUST("patterntransform", "patternTransform"), ADJUST("patternunits", "patternUnits"),
    ADJUST("pointsatx", "pointsAtX"), ADJUST("pointsaty", "pointsAtY"),
    ADJUST("pointsatz", "pointsAtZ"), ADJUST("preservealpha", "preserveAlpha"),
    ADJUST("preserveaspectratio", "preserveAspectRatio"),
    ADJUST("primitiveunits", "primitiveUnits"), ADJUST("refx", "refX"), ADJUST("refy", "refY"),
    ADJUST("repeatcount", "repeatCount"), ADJUST("repeatdur", "repeatDur"),
    ADJUST("requiredextensions", "requiredExtensions"),
    ADJUST("requiredfeatures", "requiredFeatures"),
    ADJUST("specularconstant", "specularConstant"),
    ADJUST("specularexponent", "specularExponent"), ADJUST("spreadmethod", "spreadMethod"),
    ADJUST("startoffset", "startOffset"), ADJUST("stddeviation", "stdDeviation"),
    ADJUST("stitchtiles", "stitchTiles"), ADJUST("surfacescale", "surfaceScale"),
    ADJUST("systemlanguage", "systemLanguage"), ADJUST("tablevalues", "tableValues"),
    ADJUST("targetx", "targetX"), ADJUST("targety", "targetY"),
    ADJUST("textlength", "textLength"), ADJUST("viewbox", "viewBox"),
    ADJUST("viewtarget", "viewTarget"), ADJUST("xchannelselector", "xChannelSelector"),
    ADJUST("ychannelselector", "yChannelSelector"), ADJUST("zoomandpan", "zoomAndPan"),
};
/* clang-format on */

/* By halves: the tables are sorted. */
static str adjust(const struct adjustment *table, size_t count, str name)
{
    size_t low = 0;
    size_t high = count;
    while (low < high) {
        const size_t middle = (low + high) / 2;
        const int order = str_compare(table[middle].from, name);
        if (order == 0) {
            return table[middle].to;
        }
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return name;
}

void tree_adjust_attributes(struct token *token, enum name_space name_space)
{
    for (struct attribute *each = token->attributes; each; each = each->next) {
        if (name_space == NAME_SPACE_SVG) {
            each->name =
                adjust(svg_attributes, sizeof svg_attributes / sizeof *svg_attributes, each->name);
        } else if (str_equal(each->name, STR("definitionurl"))) {
            each->name = STR("definitionURL");
        }
    }
}

/* Start tags that cannot stand in foreign content. */
static bool breaks_out(const struct token *token)
{
    switch ((int)token->tag) {
    case TAG_b:
    case TAG_big:
    case TAG_blockquote:
    case TAG_body:
    case TAG_br:
    case TAG_center:
    case TAG_code:
    case TAG_dd:
    case TAG_div:
    case TAG_dl:
    case TAG_dt:
    case TAG_em:
    case TAG_embed:
    case TAG_h1:
    case TAG_h2:
    case TAG_h3:
    case TAG_h4:
    case TAG_h5:
    case TAG_h6:
    case TAG_head:
    case TAG_hr:
    case TAG_i:
    case TAG_img:
    case TAG_li:
    case TAG_listing:
    case TAG_menu:
    case TAG_meta:
    case TAG_nobr:
    case TAG_ol:
    case TAG_p:
    case TAG_pre:
    case TAG_ruby:
    case TAG_s:
    case TAG_small:
    case TAG_span:
    case TAG_strong:
    case TAG_strike:
    case TAG_sub:
    case TAG_sup:
    case TAG_table:
    case TAG_tt:
    case TAG_u:
    case TAG_ul:
    case TAG_var:
        return true;
    case TAG_font: {
        const struct node font = {.attributes = token->attributes};
        return node_attribute(&font, STR("color")) || node_attribute(&font, STR("face")) ||
               node_attribute(&font, STR("size"));
    }
    default:
        return false;
    }
}

static bool is_integration_point(const struct open_element *element)
{
    const bool is_mathml_text = element->key > KEY_MATHML && element->key < KEY_ANNOTATION_XML &&
                                (element_properties(element->key) & ELEMENT_SPECIAL);
    return element->key < TAG_COUNT || element->html_integration || is_mathml_text;
}

static void break_out(struct tree *tree)
{
    while (tree->open_count > 1 && !is_integration_point(tree_current(tree))) {
        tree_pop(tree);
    }
}

static bool take_start_tag(struct tree *tree, struct token *token)
{
    if (breaks_out(token)) {
        break_out(tree);
        /* Not by the mode alone: a fragment's context may still be foreign. */
        tree_process_as_html(tree, token);
        return true;
    }
    const enum name_space name_space = tree_adjusted_current(tree)->node->name_space;
    if (name_space == NAME_SPACE_SVG) {
        token->name = adjust(svg_names, sizeof svg_names / sizeof *svg_names, token->name);
    }
    tree_adjust_attributes(token, name_space);
    if (tree_insert_foreign_element(tree, token, name_space) && token->self_closing) {
        tree_pop(tree);
    }
    return true;
}

/* HTML: foreign content, any other end tag. */
static bool take_end_tag(struct tree *tree, struct token *token)
{
    if (token->tag == TAG_br || token->tag == TAG_p) {
        break_out(tree);
        tree_process_as_html(tree, token);
        return true;
    }
    for (size_t i = tree->open_count - 1; i > 0; i--) {
        tree->dom->steps++;
        if (str_equal_ignoring_ascii_case(tree->open[i].node->name, token->name)) {
            tree_pop_to(tree, i);
            return true;
        }
        if (tree->open[i - 1].key < TAG_COUNT) {
            tree_process_as_html(tree, token);
            return true;
        }
    }
    return true;
}

static void take_text(struct tree *tree, struct token *token)
{
    if (token->is_null) {
        token->text = STR("\xEF\xBF\xBD");
        tree_insert_text(tree, token);
        return;
    }
    tree_insert_text(tree, token);
    if (tree->frameset_ok && token_space_len(token) < token->text.len) {
        tree->frameset_ok = false;
    }
}

bool tree_foreign_content(struct tree *tree, struct token *token)
{
    switch (token->kind) {
    case TOKEN_TEXT:
        take_text(tree, token);
        return true;
    case TOKEN_COMMENT:
        tree_insert_comment(tree, token, NULL);
        return true;
    case TOKEN_DOCTYPE:
    case TOKEN_END:
        return true;
    case TOKEN_START_TAG:
        return take_start_tag(tree, token);
    case TOKEN_END_TAG:
        return take_end_tag(tree, token);
    }
    return true;
}
