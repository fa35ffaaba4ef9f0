/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/account.h"

#include "cli/account_source.h"

#include <inttypes.h>

enum { SUMS_MAX = 64, HUES = 360, GOLDEN_ANGLE = 137 };

/* Everything the page needs; it loads nothing, and its policy says so to the browser. */
static const char head[] =
    "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
    "style-src 'unsafe-inline'; script-src 'unsafe-inline'\">\n";

static const char style[] =
    "<style>\n"
    ":root{color-scheme:light dark;--ink:CanvasText;--rule:color-mix(in srgb,CanvasText "
    "20%,Canvas)}\n"
    "body{font:15px/1.5 system-ui,sans-serif;margin:0;color:var(--ink);background:Canvas}\n"
    "header,.legend{padding:.6rem 1rem}h1{font-size:1.2rem;margin:.2rem 0;overflow-wrap:anywhere}\n"
    "dl{display:grid;grid-template-columns:max-content 1fr;gap:.1rem 1rem;margin:.5rem 0;"
    "max-height:14rem;overflow:auto}\n"
    "dt{opacity:.7}dd{margin:0;overflow-wrap:anywhere}\n"
    ".legend label{display:inline-block;margin:.1rem .8rem .1rem 0;padding:0 "
    ".4rem;border-radius:3px}\n"
    ".panes{display:grid;grid-template-columns:1fr 1fr;border-top:1px solid "
    "var(--rule);height:80vh}\n"
    ".panes>*{overflow:auto;padding:.6rem 1rem;margin:0}.source{border-right:1px solid "
    "var(--rule)}\n"
    ".source{font:13px/1.45 ui-monospace,monospace;white-space:pre-wrap;overflow-wrap:anywhere;"
    "color:color-mix(in srgb,CanvasText 45%,Canvas)}\n"
    ".source .kept{color:var(--ink);font-weight:600}\n"
    ".dropped{background:hsl(var(--hue) 80% 50%/.22);color:var(--ink)}\n"
    ".piece{border-left:4px solid transparent;padding:.1rem .6rem;margin:.15rem 0;"
    "white-space:pre-wrap;overflow-wrap:anywhere}\n"
    ".piece.kept{border-color:var(--rule)}.piece.dropped{border-color:hsl(var(--hue) 70% 45%)}\n"
    ".piece small{display:block;opacity:.7;font-size:.78rem}\n"
    ".heading b{font-size:1.15em}.code b,.formula b{font-family:ui-monospace,monospace}\n"
    ".piece b{font-weight:400}.heading b{font-weight:700}.list_item{margin-left:1.5rem}\n"
    ".here{outline:2px solid Highlight}.off{display:none}[data-piece]{cursor:pointer}\n"
    "@media(max-width:700px){.panes{grid-template-columns:1fr;height:auto}}\n"
    "</style>\n";

static const char script[] =
    "<script>\n"
    "document.addEventListener('click',function(event){\n"
    "  var from=event.target.closest('[data-piece]');if(!from)return;\n"
    "  var record=from.closest('.record'),other=from.closest('.source')?'.result':'.source';\n"
    "  record.querySelectorAll('.here').forEach(function(e){e.classList.remove('here')});\n"
    "  var same='[data-piece=\"'+from.dataset.piece+'\"]';\n"
    "  record.querySelectorAll(same).forEach(function(e){e.classList.add('here')});\n"
    "  var to=record.querySelector(other+' '+same);if(to)to.scrollIntoView({block:'center'});\n"
    "});\n"
    "document.addEventListener('change',function(event){\n"
    "  var box=event.target,record=box.closest('.record');if(!box.dataset.what)return;\n"
    "  record.querySelectorAll('.piece').forEach(function(e){\n"
    "    if(e.dataset.what===box.dataset.what)e.classList.toggle('off',!box.checked)});\n"
    "});\n"
    "</script>\n";

static void add_escaped(struct text *to, span text)
{
    for (size_t i = 0; i < text.len; i++) {
        switch (text.ptr[i]) {
        case '&':
            text_add_string(to, "&amp;");
            break;
        case '<':
            text_add_string(to, "&lt;");
            break;
        case '>':
            text_add_string(to, "&gt;");
            break;
        case '"':
            text_add_string(to, "&quot;");
            break;
        case '\0':
            text_add_string(to, "\xEF\xBF\xBD");
            break;
        default:
            text_add_byte(to, text.ptr[i]);
        }
    }
}

/* What a page of one record is written with. */
struct page {
    struct text *to;
    struct account_sum sums[SUMS_MAX]; /* kinds and reasons, most of them first */
    size_t sum_count;
};

/* Neighbours in the legend are far apart on the circle of hues, whatever words a plugin brings. */
static unsigned hue_of(const struct page *page, span what)
{
    size_t at = 0;
    while (at < page->sum_count && !span_equal(page->sums[at].what, what)) {
        at++;
    }
    return (unsigned)(at * GOLDEN_ANGLE % HUES);
}

static void add_class(const struct page *page, const struct account_piece *piece, const char *more)
{
    text_add_format(page->to, " class=\"%s%s ", more, piece->is_kept ? "kept" : "dropped");
    add_escaped(page->to, piece->what);
    text_add_format(page->to, "\" style=\"--hue:%u\" data-piece=\"%zu\"", hue_of(page, piece->what),
                    piece->number);
}

static void add_fact(void *context, const char *column, span value)
{
    struct text *to = context;
    text_add_string(to, "<dt>");
    add_escaped(to, span_of(column));
    text_add_string(to, "</dt><dd>");
    add_escaped(to, value);
    text_add_string(to, "</dd>\n");
}

static void add_legend(const struct page *page)
{
    struct text *to = page->to;
    text_add_string(to, "<div class=\"legend\">");
    for (size_t i = 0; i < page->sum_count; i++) {
        const struct account_sum *sum = &page->sums[i];
        text_add_format(to, "<label%s style=\"--hue:%u\"><input type=\"checkbox\" checked ",
                        sum->is_kept ? "" : " class=\"dropped\"", hue_of(page, sum->what));
        text_add_string(to, "data-what=\"");
        add_escaped(to, sum->what);
        text_add_string(to, "\"> ");
        add_escaped(to, sum->what);
        text_add_format(to, " %" PRId64 " <small>(%" PRId64 " characters)</small></label>\n",
                        sum->pieces, sum->characters);
    }
    text_add_string(to, "</div>\n");
}

static void add_part(void *context, const struct account_piece *piece, span text)
{
    const struct page *page = context;
    if (piece) {
        text_add_string(page->to, "<span");
        add_class(page, piece, "");
        text_add_byte(page->to, '>');
    }
    add_escaped(page->to, text);
    text_add_string(page->to, piece ? "</span>" : "");
}

static void add_source(struct page *page, const struct account *account, span content)
{
    text_add_string(page->to, "<pre class=\"source\">");
    if (!content.ptr) {
        text_add_string(page->to,
                        "The content is not at hand: it lies in an archive, or is too long.");
    } else if (!account_source(account, content, add_part, page)) {
        page->to->failed = true;
    }
    text_add_string(page->to, "</pre>\n");
}

static void add_piece(const struct page *page, const struct account_piece *piece)
{
    struct text *to = page->to;
    text_add_string(to, "<div");
    add_class(page, piece, "piece ");
    text_add_string(to, " data-what=\"");
    add_escaped(to, piece->what);
    text_add_string(to, "\"><small>");
    add_escaped(to, piece->what);
    if (piece->is_kept && piece->level > 0) {
        text_add_format(to, " %" PRId64, piece->level);
    }
    if (piece->column.len > 0) {
        text_add_string(to, " → ");
        add_escaped(to, piece->column);
    }
    if (piece->rule.len > 0) {
        text_add_string(to, " · ");
        add_escaped(to, piece->rule);
    }
    if (piece->start >= 0) {
        text_add_format(to, " · bytes %" PRId64 "–%" PRId64, piece->start, piece->end);
    }
    text_add_string(to, "</small><b>");
    add_escaped(to, piece->text);
    text_add_string(to, "</b></div>\n");
}

void account_html_begin(struct text *to, span title)
{
    text_add_string(to, head);
    text_add_string(to, "<title>");
    add_escaped(to, title);
    text_add_string(to, "</title>\n");
    text_add_string(to, style);
    text_add_string(to, "</head><body>\n");
}

void account_html(struct text *to, const struct account *account, span content)
{
    const span member = account_cell(account, "member");
    struct page page = {.to = to};
    page.sum_count = account_sums(account, page.sums, SUMS_MAX);
    text_add_string(to, "<section class=\"record\"><header><h1>");
    add_escaped(to, account_cell(account, "url"));
    text_add_string(to, member.len ? " · " : "");
    add_escaped(to, member);
    text_add_string(to, "</h1><dl>\n");
    account_facts(account, add_fact, to);
    text_add_string(to, "</dl></header>\n");
    add_legend(&page);
    text_add_string(to, "<div class=\"panes\">\n");
    add_source(&page, account, content);
    text_add_string(to, "<div class=\"result\">\n");
    for (size_t i = 0; i < account->piece_count; i++) {
        add_piece(&page, &account->pieces[i]);
    }
    text_add_string(to, "</div></div></section>\n");
}

void account_html_end(struct text *to)
{
    text_add_string(to, script);
    text_add_string(to, "</body></html>\n");
}
