/* SPDX-License-Identifier: Apache-2.0 */
#include "markup/tree.h"

enum {
    PULSE_BYTES = 64 * 1024,
    DEPTH_MIN = 16,
    OPEN_FIRST = 64, /* elements that there is room for before any comes */
    DEPTH_MAX = 65535,
    CLONES_BASE = 1024,       /* formatting elements opened again, whatever the length */
    CLONES_BYTES_PER_ONE = 8, /* and one more for so many bytes of text */
};

/* Places in the text are 32 bits wide; a tree of so much text fits into no arena's limit. */
static const size_t text_bytes_max = UINT32_MAX;

static mode_function *const modes[] = {
#define X(name) [MODE_##name] = tree_##name,
    INSERTION_MODE_LIST(X)
#undef X
};

size_t token_space_len(const struct token *token)
{
    size_t len = 0;
    while (len < token->text.len && ascii_is_space((uint8_t)token->text.ptr[len])) {
        len++;
    }
    return len;
}

struct token token_split_text(struct token *token, size_t len)
{
    struct token front = *token;
    if (len >= token->text.len) {
        token->text = STR("");
        token->src_start = token->src_end;
        return front;
    }
    /* Only what is spelt as it is comes in pieces of more than one character. */
    front.text.len = len;
    front.src_end = token->src_start + (uint32_t)len;
    token->text.ptr += len;
    token->text.len -= len;
    token->src_start += (uint32_t)len;
    return front;
}

void tree_process_as_html(struct tree *tree, struct token *token)
{
    bool is_spent = false;
    while (!is_spent && !tree->no_memory) {
        tree->dom->steps++;
        is_spent = modes[tree->mode](tree, token);
    }
}

/* HTML: tree construction dispatcher. */
static bool is_for_html(struct tree *tree, const struct token *token)
{
    if (tree->open_count == 0) {
        return true;
    }
    const struct open_element *current = tree_adjusted_current(tree);
    if (current->key < TAG_COUNT || token->kind == TOKEN_END) {
        return true;
    }
    const bool is_start = token->kind == TOKEN_START_TAG;
    const bool is_text = token->kind == TOKEN_TEXT;
    if (current->html_integration && (is_start || is_text)) {
        return true;
    }
    if (current->key == KEY_ANNOTATION_XML) {
        return is_start && token->tag == TAG_svg;
    }
    const bool is_text_integration =
        current->key > KEY_MATHML && (element_properties(current->key) & ELEMENT_SPECIAL);
    return is_text_integration &&
           (is_text || (is_start && token->tag != TAG_mglyph && token->tag != TAG_malignmark));
}

static void process(struct tree *tree, struct token *token)
{
    if (tree->skip_line_feed) {
        tree->skip_line_feed = false;
        if (token->kind == TOKEN_TEXT && token->text.ptr[0] == '\n') {
            (void)token_split_text(token, 1);
            if (token->text.len == 0) {
                return;
            }
        }
    }
    if (token->kind != TOKEN_TEXT) {
        tree->table_text_decided = false;
    }
    if (is_for_html(tree, token)) {
        tree_process_as_html(tree, token);
    } else if (!tree_foreign_content(tree, token)) {
        tree_process_as_html(tree, token);
    }
}

/* At the depth limit an element may have lost the table, row or cell around it. The mode is taken
 * from the stack again, so that the two agree. */
static void settle_mode(struct tree *tree)
{
    const bool is_near = tree->open_count + 4 > tree->open_max;
    const bool is_settled_by_stack =
        tree->mode >= MODE_in_body && tree->mode <= MODE_in_template && tree->mode != MODE_text;
    if (tree->mode_doubtful && is_near && is_settled_by_stack) {
        tree_reset_insertion_mode(tree);
    }
}

static bool is_foreign(struct tree *tree)
{
    return tree->open_count > 0 && tree_adjusted_current(tree)->key >= TAG_COUNT;
}

static enum status run(struct tree *tree, struct sink *pulse)
{
    size_t pulsed_at = 0;
    struct token token = {0};
    while (!tree->stopped) {
        tree->tokenizer.cdata_allowed = is_foreign(tree);
        TRY(tokenizer_next(&tree->tokenizer, &token));
        process(tree, &token);
        if (tree->no_memory) {
            return STATUS_NO_MEMORY;
        }
        if (token.kind != TOKEN_TEXT) {
            settle_mode(tree);
        }
        tree->stopped |= token.kind == TOKEN_END;
        if (pulse && tree->tokenizer.at - pulsed_at >= PULSE_BYTES) {
            pulsed_at = tree->tokenizer.at;
            TRY(sink_pulse(pulse, pulsed_at));
        }
    }
    return STATUS_OK;
}

/* The next node in document order; a template's content comes before its children. */
static struct node *next_with_contents(struct node *node)
{
    if (node_content(node)) {
        return node_content(node);
    }
    if (node->first) {
        return node->first;
    }
    while (!node->next) {
        struct node *parent = node->parent;
        if (!parent || (node_content(parent) == node && parent->first)) {
            return parent ? parent->first : NULL;
        }
        node = parent;
    }
    return node->next;
}

/* The element children of a node, and what stands between and behind them, come to stand behind
 * the node itself. */
static void flatten(struct tree *tree, struct node *node)
{
    struct node *child = node->first;
    while (child && child->kind != NODE_ELEMENT) {
        child = child->next;
    }
    struct node *behind = node->next;
    while (child) {
        struct node *next = child->next;
        node_detach(child);
        node_insert(node->parent, child, behind);
        tree->dom->depth_limited = true;
        tree->dom->steps++;
        child = next;
    }
}

/* Depths, and the depth limit once more: the adoption agency moves what was closed already to where
 * it is deeper. Every node is moved once at most, for then it stands at the limit. */
static void settle_depths(struct tree *tree, size_t depth_max)
{
    for (struct node *node = tree->dom->document; node; node = next_with_contents(node)) {
        tree->dom->steps++;
        node->depth = node->parent ? node->parent->depth + 1 : 0;
        if (node->depth >= depth_max && node->kind == NODE_ELEMENT) {
            flatten(tree, node);
        }
    }
}

static bool set_up(struct tree *tree, struct arena *arena, str text,
                   const struct tree_options *options, struct dom *out)
{
    size_t depth_max = options->depth_max < DEPTH_MIN ? DEPTH_MIN : options->depth_max;
    depth_max = depth_max > DEPTH_MAX ? DEPTH_MAX : depth_max;
    *tree = (struct tree){
        .arena = arena,
        .dom = out,
        .mode = MODE_initial,
        .scripting = options->scripting,
        .frameset_ok = true,
        .open_max = depth_max,
        .open_capacity = OPEN_FIRST,
        .open = ARENA_ARRAY(arena, OPEN_FIRST, struct open_element),
        .formatting = ARENA_ARRAY(arena, FORMATTING_COUNT_MAX + 1, struct formatting_element),
        .template_modes = ARENA_ARRAY(arena, depth_max + 1, uint8_t),
        .clones_left = CLONES_BASE + text.len / CLONES_BYTES_PER_ONE,
    };
    /* The longest run of text is the whole text; a reference may double its spelling. */
    buf_init(&tree->text_buf, arena, text.len < SIZE_MAX / 4 ? text.len * 3 + 16 : SIZE_MAX);
    struct node *document = ARENA_NEW(arena, struct node);
    *out = (struct dom){.document = document, .source = text};
    if (text.len > text_bytes_max || !document || !tree->open || !tree->formatting ||
        !tree->template_modes || !tokenizer_init(&tree->tokenizer, arena, text)) {
        return false;
    }
    *document =
        (struct node){.kind = NODE_DOCUMENT, .name = STR(""), .src_end = (uint32_t)text.len};
    return true;
}

/* HTML: fragment parsing algorithm, step on the tokenizer's state. */
static enum tokenizer_state state_for_context(const struct tree *tree, enum tag tag)
{
    switch ((int)tag) {
    case TAG_title:
    case TAG_textarea:
        return TOKENIZER_rcdata;
    case TAG_style:
    case TAG_xmp:
    case TAG_iframe:
    case TAG_noembed:
    case TAG_noframes:
        return TOKENIZER_rawtext;
    case TAG_script:
        return TOKENIZER_script_data;
    case TAG_noscript:
        return tree->scripting ? TOKENIZER_rawtext : TOKENIZER_data;
    case TAG_plaintext:
        return TOKENIZER_plaintext;
    default:
        return TOKENIZER_data;
    }
}

/* HTML: fragment parsing algorithm. */
static void begin_fragment(struct tree *tree, const struct tree_options *options)
{
    struct node *context = tree_make_element(tree, &options->context);
    const struct node like = {.tag = TAG_html, .implied = true, .name = tag_name(TAG_html)};
    struct node *root = tree_make_element(tree, &like);
    if (!context || !root) {
        return;
    }
    tree->dom->quirks = options->quirks;
    tree->context = element_of(context);
    node_insert(tree->dom->document, root, NULL);
    tree_push(tree, root);
    if (tree->context.key == TAG_template) {
        tree_push_template_mode(tree, MODE_in_template);
    }
    if (tree->context.key < TAG_COUNT) {
        tree->tokenizer.state = state_for_context(tree, context->tag);
    }
    tree_reset_insertion_mode(tree);
    if (tree->context.key == TAG_form) {
        tree->form = context;
    }
}

enum status tree_parse(struct arena *arena, str text, const struct tree_options *options,
                       struct dom *out)
{
    struct tree tree;
    if (!set_up(&tree, arena, text, options, out)) {
        return STATUS_NO_MEMORY;
    }
    if (options->context.name.len) {
        begin_fragment(&tree, options);
    }
    const enum status status = tree.no_memory ? STATUS_NO_MEMORY : run(&tree, options->pulse);
    tree_end_text(&tree);
    out->bad_references = tree.tokenizer.bad_references;
    out->steps += tree.tokenizer.steps;
    out->attributes_limited = tree.tokenizer.attributes_limited;
    settle_depths(&tree, tree.open_max);
    return status == STATUS_OK && tree.no_memory ? STATUS_NO_MEMORY : status;
}
