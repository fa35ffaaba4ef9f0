/* SPDX-License-Identifier: Apache-2.0 */
#include "page/latex_token.h"

#include "text/utf8.h"

struct symbol {
    uint32_t code_point;
    const char *latex;
};

static const struct symbol symbols[] = {
#define SYMBOL(code_point_, latex_) {.code_point = (code_point_), .latex = (latex_)},
#include "page/latex_symbols.def"
};

static const char *symbol_of(uint32_t c)
{
    size_t low = 0;
    size_t high = sizeof symbols / sizeof symbols[0];
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (symbols[middle].code_point < c) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    const bool found = low < sizeof symbols / sizeof symbols[0] && symbols[low].code_point == c;
    return found ? symbols[low].latex : NULL;
}

/* Letters of one style in Mathematical Alphanumeric Symbols: 26 capitals, then 26 small ones. */
struct alphabet {
    uint32_t first;
    const char *command; /* NULL: as any letter is */
};

static const struct alphabet alphabets[] = {
    {0x1D400, "\\mathbf"},  {0x1D434, NULL},         {0x1D468, "\\boldsymbol"},
    {0x1D49C, "\\mathcal"}, {0x1D4D0, "\\mathcal"},  {0x1D504, "\\mathfrak"},
    {0x1D538, "\\mathbb"},  {0x1D56C, "\\mathfrak"}, {0x1D5A0, "\\mathsf"},
    {0x1D5D4, "\\mathsf"},  {0x1D608, "\\mathsf"},   {0x1D63C, "\\mathsf"},
    {0x1D670, "\\mathtt"},
};

static const struct alphabet digits[] = {
    {0x1D7CE, "\\mathbf"}, {0x1D7D8, "\\mathbb"}, {0x1D7E2, "\\mathsf"},
    {0x1D7EC, "\\mathsf"}, {0x1D7F6, "\\mathtt"},
};

enum {
    LETTERS_END = 0x1D6A4,
    GREEK_FIRST = 0x1D6A8,
    GREEK_END = 0x1D7CA,
    GREEK_COUNT = 58, /* of one style: 25 capitals, nabla, 25 small ones, seven variants */
    DIGITS_FIRST = 0x1D7CE,
    DIGITS_END = 0x1D800
};

static bool ends_in_command(const char *piece)
{
    const char *slash = strrchr(piece, '\\');
    bool letters = slash && slash[1];
    for (const char *c = slash ? slash + 1 : piece; letters && *c; c++) {
        letters = ascii_is_letter((unsigned char)*c);
    }
    return letters;
}

void latex_add(struct latex *out, const char *piece)
{
    if (!*piece) {
        return;
    }
    if (out->after_command && ascii_is_letter((unsigned char)*piece)) {
        buf_add_byte(&out->buf, ' ');
    }
    buf_add(&out->buf, str_of(piece));
    out->after_command = ends_in_command(piece);
}

static void add_code_point(struct latex *out, uint32_t c)
{
    if (out->after_command && ascii_is_letter(c)) {
        buf_add_byte(&out->buf, ' ');
    }
    buf_add_code_point(&out->buf, c);
    out->after_command = false;
}

static void add_styled(struct latex *out, const char *command, uint32_t c)
{
    if (!command) {
        add_code_point(out, c);
        return;
    }
    latex_add(out, command);
    latex_add(out, "{");
    add_code_point(out, c);
    latex_add(out, "}");
}

static uint32_t plain_greek(uint32_t place)
{
    static const uint32_t variants[] = {0x2202, 0x03F5, 0x03D1, 0x03F0, 0x03D5, 0x03F1, 0x03D6};
    if (place < 25) {
        return place == 17 ? 0x0398 : 0x0391 + place;
    }
    if (place == 25) {
        return 0x2207;
    }
    return place < 51 ? 0x03B1 + (place - 26) : variants[place - 51];
}

/* True when the character is one of the styled ones, and said. */
static bool add_alphanumeric(struct latex *out, uint32_t c)
{
    if (c < alphabets[0].first || c >= DIGITS_END) {
        return false;
    }
    if (c < LETTERS_END) {
        const struct alphabet *alphabet = &alphabets[(c - alphabets[0].first) / 52];
        const uint32_t letter = (c - alphabet->first) % 52;
        add_styled(out, alphabet->command, letter < 26 ? 'A' + letter : 'a' + letter - 26);
        return true;
    }
    if (c >= GREEK_FIRST && c < GREEK_END) {
        const char *symbol = symbol_of(plain_greek((c - GREEK_FIRST) % GREEK_COUNT));
        latex_add(out, symbol ? symbol : "");
        return symbol != NULL;
    }
    if (c >= DIGITS_FIRST) {
        const struct alphabet *alphabet = &digits[(c - DIGITS_FIRST) / 10];
        add_styled(out, alphabet->command, '0' + (c - alphabet->first));
        return true;
    }
    return false;
}

/* What LaTeX reads as something else than the character itself. */
static const char *escape_of(uint32_t c)
{
    switch (c) {
    case '#':
        return "\\#";
    case '$':
        return "\\$";
    case '%':
        return "\\%";
    case '&':
        return "\\&";
    case '_':
        return "\\_";
    case '{':
        return "\\{";
    case '}':
        return "\\}";
    case '~':
        return "\\sim";
    case '^':
        return "\\hat{}";
    case '\\':
        return "\\backslash";
    default:
        return NULL;
    }
}

static void add_character(struct latex *out, uint32_t c)
{
    const char *symbol = c < 0x80 ? escape_of(c) : symbol_of(c);
    if (symbol) {
        latex_add(out, symbol);
    } else if (c < 0x80 || !add_alphanumeric(out, c)) {
        add_code_point(out, c);
    }
}

static void add_characters(struct latex *out, str text)
{
    for (size_t at = 0; at < text.len;) {
        const uint32_t c = utf8_next(text, &at);
        if (c < 0x80 && ascii_is_space(c)) {
            latex_add(out, "\\ ");
        } else {
            add_character(out, c);
        }
    }
}

/* Inside \text: the characters of text mode that mean something. */
static void add_text(struct latex *out, str text)
{
    latex_add(out, "\\text{");
    bool space = false;
    for (size_t at = 0; at < text.len;) {
        const uint32_t c = utf8_next(text, &at);
        const bool is_space = code_point_is_space(c);
        const char *escape = c == '~'    ? "\\textasciitilde{}"
                             : c == '^'  ? "\\textasciicircum{}"
                             : c == '\\' ? "\\textbackslash{}"
                                         : escape_of(c);
        if (is_space && !space) {
            buf_add_byte(&out->buf, ' ');
        } else if (escape) {
            buf_add(&out->buf, str_of(escape));
        } else if (!is_space) {
            buf_add_code_point(&out->buf, c);
        }
        space = is_space;
    }
    out->after_command = false;
    latex_add(out, "}");
}

static const str functions[] = {
    STR_INIT("arccos"), STR_INIT("arcsin"), STR_INIT("arctan"), STR_INIT("arg"),
    STR_INIT("cos"),    STR_INIT("cosh"),   STR_INIT("cot"),    STR_INIT("coth"),
    STR_INIT("csc"),    STR_INIT("deg"),    STR_INIT("det"),    STR_INIT("dim"),
    STR_INIT("exp"),    STR_INIT("gcd"),    STR_INIT("hom"),    STR_INIT("inf"),
    STR_INIT("ker"),    STR_INIT("lg"),     STR_INIT("lim"),    STR_INIT("liminf"),
    STR_INIT("limsup"), STR_INIT("ln"),     STR_INIT("log"),    STR_INIT("max"),
    STR_INIT("min"),    STR_INIT("Pr"),     STR_INIT("sec"),    STR_INIT("sin"),
    STR_INIT("sinh"),   STR_INIT("sup"),    STR_INIT("tan"),    STR_INIT("tanh"),
};

static bool is_function(str name)
{
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++) {
        if (str_equal(functions[i], name)) {
            return true;
        }
    }
    return false;
}

uint32_t latex_only_character(str text)
{
    size_t at = 0;
    const uint32_t c = utf8_next(text, &at);
    return at && at == text.len ? c : 0;
}

bool latex_is_big(str text)
{
    static const str limits[] = {STR_INIT("lim"), STR_INIT("max"),     STR_INIT("min"),
                                 STR_INIT("sup"), STR_INIT("inf"),     STR_INIT("det"),
                                 STR_INIT("gcd"), STR_INIT("liminf"),  STR_INIT("limsup"),
                                 STR_INIT("Pr"),  STR_INIT("lim sup"), STR_INIT("lim inf")};
    const uint32_t c = latex_only_character(text);
    if ((c >= 0x220F && c <= 0x2211) || (c >= 0x222B && c <= 0x2233) ||
        (c >= 0x22C0 && c <= 0x22C3) || (c >= 0x2A00 && c <= 0x2A21)) {
        return true;
    }
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
        if (str_equal(limits[i], text)) {
            return true;
        }
    }
    return false;
}

/* The command of a mathvariant that changes how a letter is drawn; NULL: none. */
static const char *variant_command(str variant)
{
    static const struct {
        str variant;
        const char *command;
    } variants[] = {
        {STR_INIT("normal"), "\\mathrm"},          {STR_INIT("bold"), "\\mathbf"},
        {STR_INIT("bold-italic"), "\\boldsymbol"}, {STR_INIT("double-struck"), "\\mathbb"},
        {STR_INIT("script"), "\\mathcal"},         {STR_INIT("bold-script"), "\\mathcal"},
        {STR_INIT("fraktur"), "\\mathfrak"},       {STR_INIT("bold-fraktur"), "\\mathfrak"},
        {STR_INIT("sans-serif"), "\\mathsf"},      {STR_INIT("bold-sans-serif"), "\\mathsf"},
        {STR_INIT("monospace"), "\\mathtt"},       {STR_INIT("-tex-caligraphic"), "\\mathcal"},
    };
    for (size_t i = 0; i < sizeof variants / sizeof variants[0]; i++) {
        if (str_equal(variants[i].variant, variant)) {
            return variants[i].command;
        }
    }
    return NULL;
}

static bool is_letters(str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (!ascii_is_letter((unsigned char)text.ptr[i])) {
            return false;
        }
    }
    return text.len > 0;
}

static bool has_ideographs(str text)
{
    for (size_t at = 0; at < text.len;) {
        if (code_point_is_cjk(utf8_next(text, &at))) {
            return true;
        }
    }
    return false;
}

static void add_wrapped(struct latex *out, const char *command, str text)
{
    latex_add(out, command);
    latex_add(out, "{");
    add_characters(out, text);
    latex_add(out, "}");
}

/* A letter is drawn in italics unless it says otherwise; a name upright. */
static void add_identifier(struct latex *out, str text, str variant)
{
    const char *command = variant_command(variant);
    const uint32_t only = latex_only_character(text);
    const bool plain_sign = only >= 0x80 && command && str_equal(variant, STR("normal"));
    if (is_function(text)) {
        latex_add(out, "\\");
        out->after_command = false;
        buf_add(&out->buf, text);
        out->after_command = true;
    } else if (command && !plain_sign) {
        add_wrapped(out, command, text);
    } else if (only) {
        add_character(out, only);
    } else if (is_letters(text)) {
        add_wrapped(out, "\\operatorname", text);
    } else {
        add_wrapped(out, "\\mathrm", text);
    }
}

void latex_add_token(struct latex *out, enum latex_token kind, str text, str variant)
{
    const char *command = variant_command(variant);
    if (text.len == 0) {
        return;
    }
    if (kind == LATEX_TEXT || has_ideographs(text)) {
        add_text(out, text);
        return;
    }
    switch (kind) {
    case LATEX_IDENTIFIER:
        add_identifier(out, text, variant);
        break;
    case LATEX_NUMBER:
        if (command && !str_equal(variant, STR("normal"))) {
            add_wrapped(out, command, text);
        } else {
            add_characters(out, text);
        }
        break;
    case LATEX_OPERATOR:
        if (is_letters(text) && text.len > 1) {
            add_identifier(out, text, STR(""));
        } else {
            add_characters(out, text);
        }
        break;
    case LATEX_TEXT:
        break;
    }
}
