/* SPDX-License-Identifier: Apache-2.0 */
#include "text/detect.h"

#include "text/charset_table.h"
#include "text/coder.h"
#include "text/contest.h"
#include "text/ebcdic.h"
#include "text/sample.h"
#include "text/utf8.h"
#include "text/wide.h"

static const double DECLARED_CONFIDENCE = 0.95;

enum { FILLING_BYTES = 64 };

/* Where nothing speaks for an encoding, a few high bytes among ASCII are read as the likeliest one
 * has it. One in many pages is damage as likely as not, and tells nothing. */
static const double FEW_CONFIDENCE_MAX = 0.8;
static const double NO_EVIDENCE_CONFIDENCE = 0.3;
enum { ASCII_PER_HIGH_BYTE = 12, TELLING_BYTES = 4096 };

static const double EBCDIC_CONFIDENCE = 0.8;

static const double DAMAGED_CONFIDENCE = 0.9;
enum { DAMAGED_CHARACTERS_MIN = 4 };

/* Damage that an encoding is allowed before it is doubted: contents have some. */
enum { ERRORS_FORGIVEN = 4, BYTES_PER_ERROR_FORGIVEN = 2000 };

static bool is_control(uint8_t byte)
{
    return (byte < 0x20 && !ascii_is_space(byte) && byte != 0x0B && byte != 0x1A && byte != 0x1B) ||
           byte == 0x7F;
}

/* Controls that no text has. A few are damage; many, or any share of NUL, mean other data. A long
 * row of NUL is the filling of a block, before or behind whatever the content is. */
static bool is_binary(const struct sample *sample)
{
    size_t controls = 0;
    size_t total = 0;
    for (size_t i = 0; i < sample->count; i++) {
        const bytes slice = sample->slices[i];
        size_t row = 0;
        total += slice.len;
        for (size_t at = 0; at < slice.len; at++) {
            row = slice.ptr[at] ? 0 : row + 1;
            if (row == FILLING_BYTES) {
                total -= FILLING_BYTES;
                controls -= FILLING_BYTES - 1;
            }
            total -= row > FILLING_BYTES;
            controls += row < FILLING_BYTES && is_control(slice.ptr[at]);
        }
    }
    return controls * 100 > total || (!total && sample->count);
}

/* 1 / (1 + e^-nats): what odds of so many nats are, and what was measured. */
static double confidence_of(double nats)
{
    double against = 1;
    for (; nats >= 0.25 && against > 1e-6; nats -= 0.25) {
        against *= 0.7788;
    }
    return 1 / (1 + against);
}

/* A few sequences of two bytes may be chance: that is also what short GBK text can look like. */
static bool is_surely_utf8(bytes content)
{
    int two = 0;
    for (size_t at = 0; at < content.len; at++) {
        uint64_t word;
        if (content.len - at >= sizeof word) {
            memcpy(&word, content.ptr + at, sizeof word);
            if (!(word & UINT64_C(0x8080808080808080))) {
                at += sizeof word - 1;
                continue;
            }
        }
        if (content.ptr[at] >= 0xE0) {
            return true;
        }
        if (content.ptr[at] >= 0xC0 && ++two >= 4) {
            return true;
        }
    }
    return false;
}

/* UTF-8 in which some bytes were lost or overwritten: its sequences are many, and no other encoding's
 * text falls into more of them than it breaks (Russian of DOS, the nearest, one to four errors). */
static bool is_damaged_utf8(const struct sample *high_bytes)
{
    size_t characters = 0;
    size_t errors = 0;
    for (size_t i = 0; i < high_bytes->count; i++) {
        const bytes slice = high_bytes->slices[i];
        struct coder_mode mode = {0};
        for (size_t at = 0; at < slice.len;) {
            const struct step step = charset_utf_8->coder->step(slice, at, &mode, NULL);
            errors += step.is_error;
            characters += !step.is_error && step.first >= 0x80;
            at += step.len;
        }
    }
    return characters >= DAMAGED_CHARACTERS_MIN && errors <= characters;
}

/* ESC, or the tilde and brace of HZ. */
static bool has_escapes(bytes slice)
{
    bool has_tilde = false;
    for (size_t at = 0; at + 1 < slice.len; at++) {
        has_tilde = has_tilde || (slice.ptr[at] == '~' && slice.ptr[at + 1] == '{');
        if (slice.ptr[at] == 0x1B || slice.ptr[at] >= 0x80) {
            return slice.ptr[at] == 0x1B;
        }
    }
    return has_tilde;
}

/* All of it without an error, some of it beyond ASCII. */
static bool reads_escapes(bytes slice, const struct charset *charset)
{
    struct coder_mode mode = {0};
    size_t characters = 0;
    for (size_t at = 0; at < slice.len;) {
        const struct step step = charset->coder->step(slice, at, &mode, charset->upper_half);
        if (step.is_error && at + step.len < slice.len) {
            return false;
        }
        characters += !step.is_error && step.count && step.first >= 0x80;
        at += step.len;
    }
    return characters > 0;
}

/* Encodings whose bytes are ASCII, told by their escapes: ESC ( B, ESC $ ) C, ~{ … */
static const struct charset *detect_escapes(const struct sample *sample)
{
    static const char *const labels[] = {"iso-2022-jp", "iso-2022-kr", "iso-2022-cn", "hz-gb-2312"};
    const bytes slice = sample->slices[0];
    if (!has_escapes(slice)) {
        return NULL;
    }
    for (size_t i = 0; i < sizeof labels / sizeof labels[0]; i++) {
        const struct charset *const charset = charset_find(str_bytes(str_of(labels[i])));
        if (charset && reads_escapes(slice, charset)) {
            return charset;
        }
    }
    return NULL;
}

static void accept(struct detection *out, const struct charset *charset, str source,
                   double confidence)
{
    out->charset = charset;
    out->source = source;
    out->confidence = confidence;
}

/* The bytes decided. */
static void find(struct detection *out, const struct charset *charset, str evidence,
                 double confidence)
{
    accept(out, charset, STR("detected"), confidence);
    out->evidence = evidence;
}

static bool detect_mark(bytes content, struct detection *out)
{
    static const uint8_t marks[] = {0xEF, 0xBB, 0xBF, 0xFF, 0xFE, 0, 0, 0, 0, 0xFE, 0xFF};
    const struct {
        bytes mark;
        const struct charset *charset;
    } rows[] = {
        {{marks, 3}, charset_utf_8},        {{marks + 3, 4}, charset_utf_32le},
        {{marks + 3, 2}, charset_utf_16le}, {{marks + 7, 4}, charset_utf_32be},
        {{marks + 9, 2}, charset_utf_16be},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (bytes_start(content, rows[i].mark)) {
            accept(out, rows[i].charset, STR("bom"), 1);
            return true;
        }
    }
    return false;
}

/* What is known of a content while its encoding is sought. */
struct inquiry {
    struct sample sample;     /* as it stands */
    struct sample high_bytes; /* empty: the content is ASCII */
    struct evidence evidence; /* gathered once a contest is needed */
    bool has_evidence;
    bool is_utf8;         /* all of it is valid UTF-8, ASCII included */
    bool is_surely_utf8;  /* and not by chance */
    bool is_damaged_utf8; /* most of what is not ASCII is */
};

static const struct evidence *evidence_of(struct inquiry *inquiry)
{
    if (!inquiry->has_evidence) {
        contest_evidence(&inquiry->high_bytes, &inquiry->evidence);
        inquiry->has_evidence = true;
    }
    return &inquiry->evidence;
}

static bool is_wide(const struct charset *charset)
{
    return charset == charset_utf_16le || charset == charset_utf_16be ||
           charset == charset_utf_32le || charset == charset_utf_32be;
}

/* UTF-16, UTF-32, EBCDIC: their text is full of bytes that ASCII has no text with, or says the space
 * another way. What is ASCII or UTF-8 on its face is not in them. */
static bool unlike_ascii_holds(const struct inquiry *inquiry, const struct charset *declared)
{
    const struct sample *const sample = &inquiry->sample;
    if (is_wide(declared)) {
        const struct charset *const wide = wide_detect(sample->slices, sample->count);
        return wide == declared || (!wide && is_binary(sample));
    }
    return !inquiry->is_utf8 && ebcdic_is_likely(sample->slices, sample->count);
}

/* Pure ASCII fits every encoding but those that give ASCII bytes another meaning. */
static bool declaration_holds(struct inquiry *inquiry, const struct charset *declared,
                              str *language)
{
    const struct sample *const sample = &inquiry->sample;
    if (declared->coder == &coder_replacement) {
        return false;
    }
    if (!charset_is_ascii_based(declared)) {
        return unlike_ascii_holds(inquiry, declared);
    }
    if (!inquiry->high_bytes.count) {
        return declared != charset_iso_2022_jp || detect_escapes(sample) == declared;
    }
    if (inquiry->is_surely_utf8 || (inquiry->is_utf8 && declared == charset_utf_8)) {
        return declared == charset_utf_8;
    }
    if (inquiry->is_damaged_utf8) {
        return declared == charset_utf_8;
    }
    if (!inquiry->is_utf8 && contest_fits(&inquiry->high_bytes, declared, language)) {
        return true;
    }
    const struct verdict verdict = contest(evidence_of(inquiry), declared);
    *language = verdict.is_declared ? verdict.language : STR("");
    return verdict.is_declared;
}

/* What the hints say, as encodings; NULL: nothing, or a label that is none. */
struct declarations {
    const struct charset *http;
    const struct charset *inside;
};

static struct declarations declarations_of(const struct detect_hints *hints)
{
    struct declarations declared = {.http = charset_find(hints->http),
                                    .inside = charset_find(hints->declared)};
    if (declared.inside == charset_utf_16le || declared.inside == charset_utf_16be) {
        declared.inside = charset_utf_8; /* HTML: it was read as ASCII, so it is not UTF-16 */
    }
    return declared;
}

static bool detect_declared(struct inquiry *inquiry, const struct declarations *declared,
                            str inside_source, struct detection *out)
{
    if (declared->http && declaration_holds(inquiry, declared->http, &out->language)) {
        accept(out, declared->http, STR("http"), DECLARED_CONFIDENCE);
        return true;
    }
    /* It was read as ASCII where it stands, so the content is in nothing that is not. */
    if (declared->inside && charset_is_ascii_based(declared->inside) &&
        declaration_holds(inquiry, declared->inside, &out->language)) {
        out->label_wrong = declared->http && declared->http != declared->inside;
        accept(out, declared->inside, inside_source, DECLARED_CONFIDENCE);
        return true;
    }
    return false;
}

/* A declaration that did not hold may still be what was found: damaged content in the encoding it
 * says. And where nothing was found, text is better read by its label than by none. */
static void reconcile(const struct declarations *declared, str inside_source, bool is_text,
                      struct detection *out)
{
    const struct charset *const said = declared->http ? declared->http : declared->inside;
    const str source = declared->http ? STR("http") : inside_source;
    const bool is_nothing = !out->charset || str_equal(out->source, STR("default"));
    if (!said) {
        return;
    }
    if (out->charset && out->charset->coder == said->coder && !said->upper_half) {
        accept(out, said, source, out->confidence);
    } else if (is_nothing && is_text && said->coder != &coder_replacement &&
               charset_is_ascii_based(said)) {
        accept(out, said, source, 0);
    } else {
        out->label_wrong = true;
    }
}

/* A sign here and there in text that is ASCII otherwise. */
static bool is_nearly_ascii(const struct sample *sample)
{
    size_t high = 0;
    size_t total = 0;
    for (size_t i = 0; i < sample->count; i++) {
        const bytes slice = sample->slices[i];
        total += slice.len;
        for (size_t at = 0; at < slice.len; at++) {
            high += slice.ptr[at] >= 0x80;
        }
    }
    return high * ASCII_PER_HIGH_BYTE <= total;
}

/* Quotes and dashes of Windows; the ISO encodings have nothing there. */
static bool has_c1(bytes content)
{
    size_t count = 0;
    for (size_t at = 0; at < content.len; at++) {
        count += (content.ptr[at] & 0xE0) == 0x80;
    }
    return count > 0;
}

/* A few high bytes among ASCII. */
static void detect_few(const struct verdict *verdict, bool is_telling, struct detection *out)
{
    if (!is_telling || !verdict->likeliest) {
        find(out, charset_windows_1252, STR("few"), NO_EVIDENCE_CONFIDENCE);
        return;
    }
    const double confidence = confidence_of(verdict->likeliest_margin);
    out->margin = verdict->likeliest_margin;
    find(out, verdict->likeliest, STR("few"),
         confidence < FEW_CONFIDENCE_MAX ? confidence : FEW_CONFIDENCE_MAX);
}

static void detect_bytes(bytes content, struct inquiry *inquiry, bool is_text,
                         struct detection *out)
{
    const struct sample *const sample = &inquiry->sample;
    const struct charset *const wide = wide_detect(sample->slices, sample->count);
    if (wide) {
        find(out, wide, STR("wide"), 0.9);
        return;
    }
    if (!inquiry->high_bytes.count) {
        const struct charset *const escaped = detect_escapes(sample);
        if (escaped || is_text || !is_binary(sample)) {
            find(out, escaped ? escaped : charset_utf_8, escaped ? STR("escapes") : STR("ascii"),
                 1);
        }
        return;
    }
    if (!is_text && is_binary(sample)) {
        return;
    }
    if (inquiry->is_surely_utf8) {
        find(out, charset_utf_8, STR("utf-8"), 0.99);
        return;
    }
    if (inquiry->is_damaged_utf8) {
        find(out, charset_utf_8, STR("damaged"), DAMAGED_CONFIDENCE);
        return;
    }
    const struct verdict verdict = contest(evidence_of(inquiry), NULL);
    if (verdict.charset) {
        const bool is_sibling = verdict.sibling && !has_c1(content);
        out->language = verdict.language;
        out->margin = verdict.margin;
        find(out, is_sibling ? verdict.sibling : verdict.charset,
             verdict.gain > 0 ? STR("words") : STR("valid"), confidence_of(verdict.margin));
    } else if (inquiry->is_utf8) {
        find(out, charset_utf_8, STR("utf-8"), 0.5);
    } else if (!inquiry->evidence.is_full && is_nearly_ascii(sample)) {
        detect_few(&verdict, content.len / TELLING_BYTES < inquiry->evidence.high_bytes, out);
    } else if (is_text) {
        accept(out, charset_windows_1252, STR("default"), 0);
    }
}

void detect(bytes content, const struct detect_hints *hints, struct detection *out)
{
    *out = (struct detection){
        .source = STR(""), .evidence = STR(""), .language = STR(""), .hints = *hints};
    const struct charset *const option = charset_find(hints->option);
    if (option) {
        accept(out, option, STR("option"), 1);
        return;
    }
    if (detect_mark(content, out)) {
        return;
    }
    struct inquiry inquiry;
    inquiry.sample = sample_of(content);
    inquiry.high_bytes = sample_high_bytes(content);
    inquiry.has_evidence = false;
    inquiry.is_utf8 = utf8_is_valid(content);
    inquiry.is_surely_utf8 = inquiry.is_utf8 && is_surely_utf8(content);
    inquiry.is_damaged_utf8 = !inquiry.is_utf8 && is_damaged_utf8(&inquiry.high_bytes);
    const struct declarations declared = declarations_of(hints);
    if (!detect_declared(&inquiry, &declared, hints->declared_source, out)) {
        detect_bytes(content, &inquiry, hints->is_text, out);
        if (hints->ebcdic && out->confidence <= FEW_CONFIDENCE_MAX) {
            const struct charset *const ebcdic = ebcdic_detect(content);
            if (ebcdic) {
                find(out, ebcdic, STR("ebcdic"), EBCDIC_CONFIDENCE);
            }
        }
        reconcile(&declared, hints->declared_source, hints->is_text, out);
    }
}

bool detect_again(bytes content, int64_t errors, struct detection *detection)
{
    const bool is_fixed =
        str_equal(detection->source, STR("option")) || str_equal(detection->source, STR("bom"));
    if (is_fixed || errors <= ERRORS_FORGIVEN ||
        errors < (int64_t)content.len / BYTES_PER_ERROR_FORGIVEN) {
        return false;
    }
    const struct detect_hints hints = {.is_text = detection->hints.is_text};
    struct detection other;
    detect(content, &hints, &other);
    if (!other.charset || other.charset->coder == detection->charset->coder ||
        !str_equal(other.source, STR("detected"))) {
        return false;
    }
    other.label_wrong = detection->label_wrong || !str_equal(detection->source, STR("detected"));
    *detection = other;
    return true;
}
