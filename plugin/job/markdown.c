/* SPDX-License-Identifier: Apache-2.0 */
#include "job/markdown.h"

#include <stdio.h>

enum {
    LEVELS_MAX = 32, /* of lists in lists; what is deeper stands at this level */
    HEADING_MAX = 6,
    FENCE_MIN = 3,
    ORDINAL_MAX = 999999999, /* CommonMark 0.31, section 5.2 */
    FORMULA_MAX = 4096       /* bytes; an end further off belongs to something else */
};

/* An item that further blocks and deeper items may stand in. */
struct item {
    size_t width;    /* of its mark */
    int64_t ordinal; /* 0: a bullet */
    char behind;     /* the sign behind the ordinal, '.' or ')' */
};

struct writer {
    struct vector *out;
    bool failed;
    struct item items[LEVELS_MAX]; /* the open ones, outermost first */
    size_t depth;                  /* of these */
    size_t indent;                 /* of what is written now: it stands in an item */
};

/* Where text goes, which decides what has to be escaped and what a line end becomes. */
enum place { PLACE_LINES, PLACE_HEADING, PLACE_CELL };

static void add(struct writer *self, str text)
{
    if (text.len && !self->failed) {
        self->failed = !vector_add_text(self->out, text);
    }
}

static void add_times(struct writer *self, str text, size_t times)
{
    for (size_t i = 0; i < times; i++) {
        add(self, text);
    }
}

static void begin_line(struct writer *self)
{
    add_times(self, STR(" "), self->indent);
}

static bool is_word(unsigned char byte)
{
    return byte >= 0x80 || ascii_is_letter(byte) || ascii_is_digit(byte);
}

/* Signs that mean something wherever they stand. An underscore inside a word does not. */
static bool is_mark(str text, size_t at, enum place place)
{
    const unsigned char next = at + 1 < text.len ? (unsigned char)text.ptr[at + 1] : 0;
    switch (text.ptr[at]) {
    case '\\':
    case '`':
    case '*':
    case '[':
    case ']':
    case '<':
    case '~':
    case '$':
    case '|':
        return true;
    case '_':
        return at == 0 || !is_word((unsigned char)text.ptr[at - 1]) || !is_word(next);
    case '&':
        return next == '#' || ascii_is_letter(next);
    case '#':
        return place == PLACE_HEADING;
    default:
        return false;
    }
}

/* The length of the number at `at` when a line that begins with it would be a list's. */
static size_t list_number(str line)
{
    size_t digits = 0;
    while (digits < line.len && ascii_is_digit((unsigned char)line.ptr[digits])) {
        digits++;
    }
    const bool ends = digits < line.len && (line.ptr[digits] == '.' || line.ptr[digits] == ')');
    return ends ? digits : 0;
}

/* What a line must not begin with is set apart; answers how much of the line has been written. */
static size_t add_line_start(struct writer *self, str line)
{
    const size_t digits = list_number(line);
    if (digits) {
        add(self, str_slice(line, 0, digits));
        add(self, STR("\\"));
        add(self, str_slice(line, digits, digits + 1));
        return digits + 1;
    }
    if (line.len && memchr("#>+-=:", line.ptr[0], 6)) {
        add(self, STR("\\"));
        add(self, str_slice(line, 0, 1));
        return 1;
    }
    return 0;
}

/* Behind the formula that begins at `at`, written \( … \) as in the blocks; `at`: there is none, or
 * one with a sign in it that ends a table's cell or a formula of Markdown. */
static size_t formula_end(str text, size_t at)
{
    if (!str_starts(str_slice(text, at, text.len), STR("\\("))) {
        return at;
    }
    const str here = str_slice(text, 0, at + FORMULA_MAX);
    const size_t close = str_find(here, STR("\\)"), at);
    const str formula =
        str_trim_ascii(close < here.len ? str_slice(text, at + 2, close) : (str){0});
    const bool is_plain = formula.len > 0 && formula.ptr[formula.len - 1] != '\\' &&
                          str_find_byte(formula, '$', 0) >= formula.len &&
                          str_find_byte(formula, '|', 0) >= formula.len &&
                          str_find_byte(formula, '\t', 0) >= formula.len;
    return is_plain ? close + 2 : at;
}

static void add_escaped(struct writer *self, str text, enum place place)
{
    size_t from = 0;
    for (size_t at = 0; at < text.len; at++) {
        const size_t end = formula_end(text, at);
        if (end > at) {
            add(self, str_slice(text, from, at));
            add(self, STR("$"));
            add(self, str_trim_ascii(str_slice(text, at + 2, end - 2)));
            add(self, STR("$"));
            from = end;
            at = end - 1;
        } else if (is_mark(text, at, place)) {
            add(self, str_slice(text, from, at));
            add(self, STR("\\"));
            from = at;
        }
    }
    add(self, str_slice(text, from, text.len));
}

/* Line by line; each line but the first stands behind `prefix`. */
static void add_lines(struct writer *self, str text, str prefix)
{
    for (size_t from = 0; from <= text.len;) {
        const size_t end = str_find_byte(text, '\n', from);
        const size_t to = end < text.len ? end : text.len;
        const str line = str_trim_ascii(str_slice(text, from, to));
        if (from > 0) {
            add(self, STR("\\\n"));
            begin_line(self);
            add(self, prefix);
        }
        const size_t written = add_line_start(self, line);
        add_escaped(self, str_slice(line, written, line.len), PLACE_LINES);
        from = to + 1;
    }
}

/* On one line: a line end becomes `separator`. */
static void add_one_line(struct writer *self, str text, str separator, enum place place)
{
    for (size_t from = 0; from <= text.len;) {
        const size_t end = str_find_byte(text, '\n', from);
        const size_t to = end < text.len ? end : text.len;
        add(self, from > 0 ? separator : STR(""));
        add_escaped(self, str_trim_ascii(str_slice(text, from, to)), place);
        from = to + 1;
    }
}

static void add_heading(struct writer *self, str text, int64_t level)
{
    begin_line(self);
    const size_t marks = level < 1 ? 2 : level > HEADING_MAX ? HEADING_MAX : (size_t)level;
    add_times(self, STR("#"), marks);
    add(self, STR(" "));
    add_one_line(self, text, STR(" "), PLACE_HEADING);
    add(self, STR("\n"));
}

static void add_quote(struct writer *self, str text)
{
    begin_line(self);
    add(self, STR("> "));
    add_lines(self, text, STR("> "));
    add(self, STR("\n"));
}

/* A block of lines as they stand, between two lines of the fence. */
static void add_fenced(struct writer *self, str text, str fence, size_t times)
{
    begin_line(self);
    add_times(self, fence, times);
    for (size_t from = 0; from < text.len;) {
        const size_t end = str_find_byte(text, '\n', from);
        const size_t to = end < text.len ? end : text.len;
        add(self, STR("\n"));
        begin_line(self);
        add(self, str_slice(text, from, to));
        from = to + 1;
    }
    add(self, STR("\n"));
    begin_line(self);
    add_times(self, fence, times);
    add(self, STR("\n"));
}

/* Fenced by more ticks than stand in a row inside. */
static void add_code(struct writer *self, str text)
{
    size_t longest = 0;
    size_t run = 0;
    for (size_t i = 0; i < text.len; i++) {
        run = text.ptr[i] == '`' ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    add_fenced(self, text, STR("`"), longest < FENCE_MIN ? FENCE_MIN : longest + 1);
}

static size_t indent_of(const struct writer *self, size_t depth)
{
    size_t indent = 0;
    for (size_t i = 0; i < depth; i++) {
        indent += self->items[i].width;
    }
    return indent;
}

/* An item below one that is not there stands below the deepest that is. */
static size_t item_depth(const struct writer *self, const struct record_block *block)
{
    const size_t wanted = block->level > 0 ? (size_t)block->level - 1 : 0;
    const size_t possible = self->depth < LEVELS_MAX - 1 ? self->depth : LEVELS_MAX - 1;
    return wanted < possible ? wanted : possible;
}

/* Of what stands in the item that `block` goes on with. */
static size_t indent_inside(const struct writer *self, const struct record_block *block)
{
    const size_t depth = item_depth(self, block) + 1;
    return indent_of(self, depth < self->depth ? depth : self->depth);
}

/* Markdown counts on from a list's first number. Where the page does not, another list begins: of the
 * other sign. */
static char behind_ordinal(const struct item *before, int64_t ordinal)
{
    if (!before || before->ordinal <= 0) {
        return '.';
    }
    const bool runs_on = ordinal == before->ordinal + 1;
    return runs_on == (before->behind == '.') ? '.' : ')';
}

static void add_item(struct writer *self, const struct record_block *block)
{
    if (block->continued && self->depth > 0) {
        self->indent = indent_inside(self, block);
        begin_line(self);
        add_lines(self, block->text, STR(""));
        add(self, STR("\n"));
        return;
    }
    const size_t depth = item_depth(self, block);
    const struct item *before = depth < self->depth ? &self->items[depth] : NULL;
    struct item item = {.ordinal = block->ordinal,
                        .behind = behind_ordinal(before, block->ordinal)};
    char mark[24] = "- ";
    if (block->ordinal > 0 && block->ordinal <= ORDINAL_MAX) {
        (void)snprintf(mark, sizeof mark, "%lld%c ", (long long)block->ordinal, item.behind);
    }
    item.width = strlen(mark);
    self->items[depth] = item;
    self->depth = depth + 1;
    self->indent = indent_of(self, depth);
    begin_line(self);
    add(self, str_of(mark));
    self->indent += item.width;
    add_lines(self, block->text, STR(""));
    add(self, STR("\n"));
}

static size_t count_cells(str row)
{
    size_t cells = 1;
    for (size_t at = str_find_byte(row, '\t', 0); at < row.len;
         at = str_find_byte(row, '\t', at + 1)) {
        cells++;
    }
    return cells;
}

static void add_row(struct writer *self, str row, size_t columns)
{
    size_t from = 0;
    begin_line(self);
    for (size_t column = 0; column < columns; column++) {
        add(self, STR("| "));
        if (from <= row.len) {
            const size_t end = str_find_byte(row, '\t', from);
            const size_t to = end < row.len ? end : row.len;
            add_one_line(self, str_slice(row, from, to), STR("<br>"), PLACE_CELL);
            from = to + 1;
        }
        add(self, STR(" "));
    }
    add(self, STR("|\n"));
}

/* The rows that make one table: a header row behind others begins the next. */
static size_t table_rows(const struct record_block *blocks, size_t count)
{
    size_t rows = 1;
    while (rows < count && blocks[rows].kind == BLOCK_table_row &&
           (!blocks[rows].header || blocks[rows - 1].header)) {
        rows++;
    }
    return rows;
}

/* A table has a header row here: an empty one where the page has none. */
static void add_table(struct writer *self, const struct record_block *rows, size_t count)
{
    size_t columns = 1;
    for (size_t i = 0; i < count; i++) {
        const size_t cells = count_cells(rows[i].text);
        columns = cells > columns ? cells : columns;
    }
    add_row(self, rows[0].header ? rows[0].text : STR(""), columns);
    begin_line(self);
    add_times(self, STR("| --- "), columns);
    add(self, STR("|\n"));
    for (size_t i = rows[0].header; i < count; i++) {
        add_row(self, rows[i].text, columns);
    }
}

static void add_block(struct writer *self, const struct record_block *block)
{
    switch (block->kind) {
    case BLOCK_heading:
        add_heading(self, block->text, block->level);
        return;
    case BLOCK_sheet:
        add_heading(self, block->text, 0);
        return;
    case BLOCK_list_item:
        add_item(self, block);
        return;
    case BLOCK_code:
        add_code(self, block->text);
        return;
    case BLOCK_quote:
    case BLOCK_comment:
    case BLOCK_slide_note:
        add_quote(self, block->text);
        return;
    case BLOCK_formula:
        add_fenced(self, block->text, STR("$$"), 1);
        return;
    case BLOCK_caption:
        begin_line(self);
        add(self, STR("*"));
        add_one_line(self, block->text, STR(" "), PLACE_LINES);
        add(self, STR("*\n"));
        return;
    case BLOCK_paragraph:
    case BLOCK_footnote:
    case BLOCK_slide:
    case BLOCK_table_row:
        begin_line(self);
        add_lines(self, block->text, STR(""));
        add(self, STR("\n"));
        return;
    }
}

/* Items follow each other closely; quotes are held together by their mark. */
static void separate(struct writer *self, const struct record_block *before,
                     const struct record_block *block)
{
    const bool quotes =
        before->kind == block->kind && (block->kind == BLOCK_quote || block->kind == BLOCK_comment);
    const bool items = before->kind == BLOCK_list_item && block->kind == BLOCK_list_item;
    if (quotes) {
        begin_line(self);
        add(self, STR(">"));
    }
    add(self, items && !block->continued ? STR("") : STR("\n"));
}

/* What follows an item stands in it when a further block of the item follows: code between two of its
 * paragraphs. Else the list is over. */
static void enter_between(struct writer *self, const struct record_block *blocks, size_t count)
{
    size_t next = 0;
    while (next < count && blocks[next].kind != BLOCK_list_item) {
        next++;
    }
    if (next < count && blocks[next].continued && self->depth > 0) {
        self->indent = indent_inside(self, &blocks[next]);
    } else {
        self->depth = 0;
        self->indent = 0;
    }
}

bool markdown_write(const struct record_block *blocks, size_t count, struct vector *out)
{
    struct writer self = {.out = out};
    for (size_t i = 0; i < count && !self.failed;) {
        if (i > 0) {
            separate(&self, &blocks[i - 1], &blocks[i]);
        }
        if (blocks[i].kind != BLOCK_list_item &&
            (i == 0 || blocks[i - 1].kind == BLOCK_list_item)) {
            enter_between(&self, &blocks[i], count - i);
        }
        if (blocks[i].kind == BLOCK_table_row) {
            const size_t rows = table_rows(&blocks[i], count - i);
            add_table(&self, &blocks[i], rows);
            i += rows;
        } else {
            add_block(&self, &blocks[i]);
            i++;
        }
    }
    return !self.failed;
}
