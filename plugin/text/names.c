/* SPDX-License-Identifier: Apache-2.0 */
#include "text/names.h"

#include "base/buf.h"
#include "text/charset_table.h"
#include "text/coder.h"
#include "text/names_cost.h"

/* %XX; and no decoder makes more than three bytes of one. */
enum { NAME_OUT_PER_BYTE = 3 };

static void add_percent(struct buf *out, bytes raw)
{
    static const char digits[] = "0123456789ABCDEF";
    for (size_t i = 0; i < raw.len; i++) {
        buf_add_byte(out, '%');
        buf_add_byte(out, (uint8_t)digits[raw.ptr[i] >> 4]);
        buf_add_byte(out, (uint8_t)digits[raw.ptr[i] & 15]);
    }
}

static bool is_control(uint32_t c)
{
    return c < 0x20 || (c >= 0x7F && c <= 0x9F);
}

str name_decode(struct arena *arena, bytes name, const struct charset *charset, size_t *undecodable)
{
    const struct charset *const from = charset ? charset : charset_utf_8;
    struct coder_mode mode = {0};
    struct buf out;
    buf_init(&out, arena, name.len * NAME_OUT_PER_BYTE);
    *undecodable = 0;
    for (size_t at = 0; at < name.len;) {
        const struct step step = from->coder->step(name, at, &mode, from->upper_half);
        if (step.is_error || (step.count && is_control(step.first))) {
            add_percent(&out, bytes_slice(name, at, at + step.len));
            *undecodable += step.len;
        } else {
            for (uint8_t i = 0; i < step.count; i++) {
                buf_add_code_point(&out, i ? step.second : step.first);
            }
        }
        at += step.len;
    }
    /* The empty name is a text too: a pointer that is not NULL. */
    return buf_failed(&out) ? (str){0} : buf_str(&out);
}

enum {
    NAMES_WEIGHED_MAX = 256, /* names; more tell no more */
    LATIN = 1 << SCRIPT_LATIN,
    CYRILLIC = 1 << SCRIPT_CYRILLIC,
    GREEK = 1 << SCRIPT_GREEK,
    HEBREW = 1 << SCRIPT_HEBREW,
    ARABIC = 1 << SCRIPT_ARABIC,
    THAI = 1 << SCRIPT_THAI,
    EVERY_SCRIPT = (1 << SCRIPT_COUNT) - 1,
    HANS = 1 << LANGUAGE_HANS,
    HANT = 1 << LANGUAGE_HANT,
    JAPANESE = 1 << LANGUAGE_JAPANESE,
    KOREAN = 1 << LANGUAGE_KOREAN
};

/* The more common come first: of readings that give the same text the first is named. The pages of
 * DOS are what zip programs write, the others what web servers and old disks hold. */
static const struct name_reading readings[] = {
    {"utf-8", 0, EVERY_SCRIPT, HANS | HANT | JAPANESE | KOREAN},
    {"gb18030", 1, 0, HANS | HANT},
    {"shift_jis", 1, 0, JAPANESE},
    {"big5", 1, 0, HANT},
    {"euc-kr", 1, 0, KOREAN},
    {"windows-1252", 0.5F, LATIN, 0},
    {"windows-1251", 1, CYRILLIC, 0},
    {"ibm866", 1.5F, CYRILLIC, 0},
    {"euc-jp", 2.5F, 0, JAPANESE},
    {"koi8-r", 2, CYRILLIC, 0},
    {"windows-1250", 3, LATIN, 0},
    {"ibm850", 3, LATIN, 0},
    {"ibm852", 3.5F, LATIN, 0},
    {"ibm437", 3.5F, LATIN, 0},
    {"windows-1253", 2.5F, GREEK, 0},
    {"windows-1254", 3, LATIN, 0},
    {"windows-1255", 2.5F, HEBREW, 0},
    {"windows-1256", 2.5F, ARABIC, 0},
    {"windows-874", 2.5F, THAI, 0},
    {"windows-1257", 5, LATIN, 0},
    {"windows-1258", 3, LATIN, 0},
    {"koi8-u", 2.5F, CYRILLIC, 0},
    {"iso-8859-2", 4, LATIN, 0},
    {"iso-8859-5", 3, CYRILLIC, 0},
    {"macintosh", 4.5F, LATIN, 0},
    {"x-mac-cyrillic", 3.5F, CYRILLIC, 0},
    {"ibm737", 3.5F, GREEK, 0},
    {"ibm862", 3.5F, HEBREW, 0},
    {"ibm720", 4.5F, ARABIC, 0},
    {"ibm857", 5, LATIN, 0},
    {"ibm775", 7, LATIN, 0},
    {"mac-centraleurope", 5.5F, LATIN, 0},
    {"mac-greek", 5.5F, GREEK, 0},
};
enum { READING_COUNT = sizeof readings / sizeof readings[0] };

/* Nats. What a single name may say against a reading, and a change of language inside a set; what
 * it takes to read one name unlike the others; a set of names being no text in any encoding. */
static const double NAME_SAYS_MAX = 14.0;
static const double LANGUAGE_CHANGES = 3.0;

static const double PRIOR_ANYTHING = 6.0;
static const double RIVAL_FAR = 20.0;
static const double VETO = 9.0;
static const double PLAUSIBLE_PER_BYTE = 1.0;

static bool is_ascii(bytes name)
{
    uint8_t all = 0;
    for (size_t i = 0; i < name.len; i++) {
        all |= name.ptr[i];
    }
    return all < 0x80;
}

static const struct charset *charset_of(const struct name_reading *reading)
{
    const str label = str_of(reading->label);
    return charset_find(str_bytes(label));
}

/* What all names together cost each reading, language by language. */
struct tally {
    struct name_models models;
    const struct charset *charset[READING_COUNT];
    float cost[READING_COUNT][NAME_LANGUAGE_COUNT];
    double anything;
};

static void tally_open(struct tally *tally)
{
    name_models_prepare(&tally->models);
    memset(tally->cost, 0, sizeof tally->cost);
    tally->anything = 0;
    for (size_t r = 0; r < READING_COUNT; r++) {
        tally->charset[r] = charset_of(&readings[r]);
    }
}

static double smaller(double a, double b)
{
    return a < b ? a : b;
}

static void tally_add(struct tally *tally, bytes name)
{
    float cost[READING_COUNT][NAME_LANGUAGE_COUNT];
    double own[READING_COUNT];
    uint8_t words[NAME_BYTES_JUDGED];
    name = name_words(name, words);
    double best = name_cost_of_anything(&tally->models, name);
    tally->anything += best;
    for (size_t r = 0; r < READING_COUNT; r++) {
        own[r] = name_cost(&tally->models, name, &readings[r], tally->charset[r],
                           best + NAME_SAYS_MAX, cost[r]);
        best = smaller(best, own[r]);
    }
    for (size_t r = 0; r < READING_COUNT; r++) {
        const double most = smaller(own[r] + LANGUAGE_CHANGES, best + NAME_SAYS_MAX);
        for (size_t i = 0; i < NAME_LANGUAGE_COUNT; i++) {
            tally->cost[r][i] += (float)smaller((double)cost[r][i], most);
        }
    }
}

static double tally_cost(const struct tally *tally, size_t r)
{
    float best = tally->cost[r][0];
    for (size_t i = 1; i < NAME_LANGUAGE_COUNT; i++) {
        best = tally->cost[r][i] < best ? tally->cost[r][i] : best;
    }
    return (double)best + (double)readings[r].prior;
}

static bool reads_alike(bytes name, const struct charset *a, const struct charset *b)
{
    struct coder_mode mode_a = {0};
    struct coder_mode mode_b = {0};
    for (size_t at = 0; at < name.len;) {
        const struct step one = a->coder->step(name, at, &mode_a, a->upper_half);
        const struct step two = b->coder->step(name, at, &mode_b, b->upper_half);
        if (one.len != two.len || one.first != two.first || one.second != two.second) {
            return false;
        }
        at += one.len;
    }
    return true;
}

static bool all_read_alike(const bytes *names, size_t count, const struct charset *a,
                           const struct charset *b)
{
    for (size_t i = 0; i < count; i++) {
        if (!reads_alike(names[i], a, b)) {
            return false;
        }
    }
    return true;
}

/* How likely a cost is beside none: e to the minus nats, well enough without a library of functions. */
static double likelihood_of(double nats)
{
    double share = 1;
    for (; nats > 0 && share > 1e-9; nats -= 0.125) {
        share *= 0.8825;
    }
    return share;
}

/* The share of the best reading among all that give another text, each as likely as its cost says. */
static double confidence_of(const struct tally *tally, size_t best, const bytes *names,
                            size_t count)
{
    const double least = tally_cost(tally, best);
    double rivals = likelihood_of(tally->anything + PRIOR_ANYTHING - least);
    for (size_t r = 0; r < READING_COUNT; r++) {
        const double behind = tally_cost(tally, r) - least;
        if (r != best && behind < RIVAL_FAR &&
            !all_read_alike(names, count, tally->charset[r], tally->charset[best])) {
            rivals += likelihood_of(behind);
        }
    }
    return 1 / (1 + rivals);
}

static struct names_verdict verdict_of(const struct tally *tally, const bytes *names, size_t count)
{
    size_t best = 0;
    for (size_t r = 1; r < READING_COUNT; r++) {
        best = tally_cost(tally, r) < tally_cost(tally, best) ? r : best;
    }
    if (tally_cost(tally, best) > tally->anything + PRIOR_ANYTHING) {
        return (struct names_verdict){.charset = NULL};
    }
    return (struct names_verdict){.charset = tally->charset[best],
                                  .confidence = confidence_of(tally, best, names, count)};
}

struct names_verdict names_judge(const bytes *names, size_t count)
{
    bytes weighed[NAMES_WEIGHED_MAX];
    size_t weighed_count = 0;
    const size_t stride = count / NAMES_WEIGHED_MAX + 1;
    struct tally tally;
    for (size_t i = 0; i < count && weighed_count < NAMES_WEIGHED_MAX; i++) {
        const bool is_due = i % stride == 0 || count - i <= NAMES_WEIGHED_MAX - weighed_count;
        if (!is_ascii(names[i]) && is_due) {
            weighed[weighed_count++] = names[i];
        }
    }
    if (!weighed_count) {
        return (struct names_verdict){.charset = charset_utf_8, .confidence = 1};
    }
    tally_open(&tally);
    for (size_t i = 0; i < weighed_count; i++) {
        tally_add(&tally, weighed[i]);
    }
    return verdict_of(&tally, weighed, weighed_count);
}

const struct charset *names_detect(const bytes *names, size_t count)
{
    return names_judge(names, count).charset;
}

/* Nothing speaks against a reading that costs that much less than no encoding does. */
static bool is_plausible(const struct name_models *models, bytes words, size_t r,
                         const struct charset *charset)
{
    float cost[NAME_LANGUAGE_COUNT];
    size_t high_bytes = 0;
    for (size_t i = 0; i < words.len; i++) {
        high_bytes += words.ptr[i] >= 0x80;
    }
    const double enough =
        name_cost_of_anything(models, words) - PLAUSIBLE_PER_BYTE * (double)high_bytes;
    return name_cost(models, words, &readings[r], charset, enough, cost) < enough;
}

static size_t find_reading(const struct charset *charset)
{
    size_t r = 0;
    while (r < READING_COUNT && charset_of(&readings[r]) != charset) {
        r++;
    }
    return r;
}

const struct charset *names_reading_of(bytes name, const struct charset *pooled)
{
    uint8_t words[NAME_BYTES_JUDGED];
    struct tally tally;
    const size_t r = find_reading(pooled);
    if (is_ascii(name) || r == READING_COUNT) {
        return pooled;
    }
    tally_open(&tally);
    if (is_plausible(&tally.models, name_words(name, words), r, pooled)) {
        return pooled;
    }
    tally_add(&tally, name);
    size_t best = 0;
    for (size_t i = 1; i < READING_COUNT; i++) {
        best = tally_cost(&tally, i) < tally_cost(&tally, best) ? i : best;
    }
    const bool is_far_better = tally_cost(&tally, best) + VETO < tally_cost(&tally, r);
    return is_far_better ? tally.charset[best] : pooled;
}
