/* SPDX-License-Identifier: Apache-2.0 */
#include "text/singles.h"

#include "text/charset_table.h"

#include <stdatomic.h>

enum {
    CANDIDATES = 0
#define SINGLE(label, prior, homes) +1
#include "text/singles.def"
#undef SINGLE
};

enum {
    FIRST_BYTES = 160, /* every reading in every language it is at home with */
    SIBLING_HIGH_BYTES = 300,
    FINALISTS = 6 /* readings that are looked at in full */
};
/* Behind the best by this after the first bytes is behind for good. */
static const double HOPELESS_NATS = 25.0;
/* Where they are all there is, the second best need not be known better than this. */
static const double HOPELESS_NATS_SHORT = 10.0;
static const double WORST = 1e9;
/* What words of ASCII count for: less than those with the letters in question, and never all. */
static const double PLAIN_SHARE = 0.5;
static const double PLAIN_NATS_MAX = 12.0;
static const double PLAIN_NATS_READ = 24.0;

struct candidate {
    bytes label;
    double prior;
    uint64_t homes;
};

/* Languages by where they are at home. */
/* clang-format off */
#define OF(language) (UINT64_C(1) << LETTERS_##language)
#define NORDIC (OF(da) | OF(nb) | OF(sv) | OF(fi) | OF(is) | OF(et) | OF(de) | OF(en))
#define WESTERN (OF(af) | OF(br) | OF(ca) | OF(da) | OF(de) | OF(en) | OF(es) | OF(et) | OF(eu) | OF(fi) | \
                 OF(fr) | OF(ga) | OF(gd) | OF(gl) | OF(is) | OF(it) | OF(lb) | OF(nb) | OF(nl) | OF(pt) | OF(sq) | OF(sv))
#define CENTRAL (OF(cs) | OF(de) | OF(en) | OF(hr) | OF(hsb) | OF(hu) | OF(pl) | OF(ro) | OF(sk) | OF(sl) | OF(sq))
#define BALTIC (OF(et) | OF(lt) | OF(lv) | OF(de) | OF(en) | OF(pl))
#define CYRILLIC (OF(be) | OF(bg) | OF(mk) | OF(ru) | OF(sr) | OF(uk))
#define ARABIC (OF(ar) | OF(fa) | OF(ur))
#define VIETNAMESE (OF(vi) | OF(vi_tones))
/* clang-format on */

#define LABEL(text)                                                                                \
    {                                                                                              \
        .ptr = (const uint8_t *)(text), .len = sizeof(text) - 1                                    \
    }
static const struct candidate candidates[CANDIDATES] = {
#define SINGLE(label, prior, homes) {LABEL(label), prior, homes},
#include "text/singles.def"
#undef SINGLE
};

/* Found by its label once a run of the program; the same whoever finds it first. */
static const struct charset *charset_of(size_t index)
{
    static _Atomic(const struct charset *) found[CANDIDATES];
    const struct charset *charset = atomic_load_explicit(&found[index], memory_order_relaxed);
    if (!charset) {
        charset = charset_find(candidates[index].label);
        atomic_store_explicit(&found[index], charset, memory_order_relaxed);
    }
    return charset;
}

/* One way to read the bytes that occur. */
struct view {
    const struct charset *charset;
    double prior;
    sign signs[256];
    uint64_t key;
    uint64_t homes;   /* bits: languages it was made for */
    unsigned scripts; /* bits: of its letters */
    bool is_declared;
    double floor; /* its first bytes cost hardly less in any language */
    double cost;
    enum letters language;
    float costs[LETTERS_COUNT]; /* after the first bytes */
};

struct views {
    struct view all[CANDIDATES + 1];
    size_t count;
    const uint8_t *text;
    size_t len;
    sign ascii[128];
    uint8_t bytes_seen[128];
    size_t seen_count;
    uint32_t counts[128];
    uint32_t first_counts[128];       /* in the first bytes */
    double priors[LETTERS_COUNT];     /* how rare a language is, and what the words of ASCII add */
    uint64_t of_script[SCRIPT_COUNT]; /* bits: languages */
    uint8_t languages[LETTERS_COUNT]; /* in the order they are tried: the likeliest first */
    struct letters_model models[LETTERS_COUNT];
    struct letters_model any[SCRIPT_COUNT];
    bool has_any[SCRIPT_COUNT];
    bool is_ready[LETTERS_COUNT];
};

static const struct letters_model *model_of(struct views *views, enum letters language)
{
    if (!views->is_ready[language]) {
        letters_prepare(&views->models[language], language);
        views->is_ready[language] = true;
    }
    return &views->models[language];
}

static void count_bytes(struct views *views)
{
    for (uint8_t byte = 0; byte < 0x80; byte++) {
        views->ascii[byte] = sign_of(byte);
    }
    for (size_t i = 0; i < views->len; i++) {
        if (views->text[i] >= 0x80) {
            const uint8_t high = views->text[i] - 0x80;
            views->first_counts[high] += i < FIRST_BYTES;
            if (!views->counts[high]++) {
                views->bytes_seen[views->seen_count++] = views->text[i];
            }
        }
    }
}

/* Scripts with at least half as many letters as the most frequent one has. */
static unsigned scripts_of(const struct views *views, const struct view *view)
{
    uint32_t letters[SCRIPT_COUNT] = {0};
    uint32_t most = 0;
    for (size_t i = 0; i < views->seen_count; i++) {
        const uint8_t byte = views->bytes_seen[i];
        if (sign_is_letter(view->signs[byte])) {
            uint32_t *const count = &letters[sign_script(view->signs[byte])];
            *count += views->counts[byte - 0x80];
            most = *count > most ? *count : most;
        }
    }
    unsigned scripts = most ? 0 : 1U << SCRIPT_LATIN;
    for (unsigned i = 0; i < SCRIPT_COUNT; i++) {
        scripts |= most && letters[i] * 2 >= most ? 1U << i : 0;
    }
    return scripts;
}

/* Encodings that read all bytes that occur alike have the same. */
static uint64_t key_of(const struct views *views, const struct charset *charset)
{
    uint64_t key = 0;
    for (size_t i = 0; i < views->seen_count; i++) {
        key =
            (key ^ charset->upper_half[views->bytes_seen[i] - 0x80]) * UINT64_C(0x9E3779B97F4A7C15);
        key ^= key >> 29;
    }
    return key;
}

static void add_view(struct views *views, const struct charset *charset,
                     const struct candidate *candidate, const struct charset *declared)
{
    struct view *const view = &views->all[views->count];
    view->key = key_of(views, charset);
    for (size_t i = 0; i < views->count; i++) {
        if (views->all[i].key == view->key) {
            views->all[i].homes |= candidate->homes;
            return;
        }
    }
    for (size_t i = 0; i < views->seen_count; i++) {
        const uint8_t byte = views->bytes_seen[i];
        const uint32_t c = charset->upper_half[byte - 0x80];
        view->signs[byte] = c < 0x80 ? sign_undefined : sign_of(c);
    }
    view->charset = charset;
    view->prior = candidate->prior;
    view->homes = candidate->homes;
    view->is_declared = charset == declared;
    view->scripts = scripts_of(views, view);
    view->cost = WORST;
    for (unsigned i = 0; i < LETTERS_COUNT; i++) {
        view->costs[i] = (float)WORST;
    }
    views->count++;
}

static double prior_of(const struct views *views, const struct view *view, enum letters language)
{
    return view->prior + views->priors[language];
}

/* Those that explain the words of ASCII best come first: the others are given up soon. */
static void order_languages(struct views *views)
{
    for (size_t i = 0; i < LETTERS_COUNT; i++) {
        size_t at = i;
        for (; at && views->priors[views->languages[at - 1]] > views->priors[i]; at--) {
            views->languages[at] = views->languages[at - 1];
        }
        views->languages[at] = (uint8_t)i;
    }
}

/* What explained one reading best is likely to explain the next. */
static void move_ahead(struct views *views, size_t at)
{
    const uint8_t language = views->languages[at];
    memmove(views->languages + 1, views->languages, at);
    views->languages[0] = language;
}

/* What the words of ASCII say of the language, at a discount: they may be code or names. Among words
 * of another script they are English, as a rule. */
static void read_plain(struct views *views, const struct evidence *evidence)
{
    sign text[EVIDENCE_PLAIN_BYTES];
    size_t count = 0;
    double best = WORST;
    for (size_t i = 0; i < evidence->plain_len; i++) {
        text[i] = views->ascii[evidence->plain[i] & 0x7F];
    }
    letters_spell(text, evidence->plain_len, &count);
    for (unsigned i = 0; i < LETTERS_COUNT; i++) {
        views->priors[i] = 0;
        if (letters_script((enum letters)i) == SCRIPT_LATIN && evidence->plain_len) {
            views->priors[i] = letters_follow(model_of(views, (enum letters)i), text, count,
                                              best + PLAIN_NATS_READ);
            best = views->priors[i] < best ? views->priors[i] : best;
        }
    }
    for (unsigned i = 0; i < LETTERS_COUNT; i++) {
        if (letters_script((enum letters)i) == SCRIPT_LATIN && evidence->plain_len) {
            const double behind = PLAIN_SHARE * (views->priors[i] - best);
            views->priors[i] = behind < PLAIN_NATS_MAX ? behind : PLAIN_NATS_MAX;
        }
    }
    for (unsigned i = 0; i < LETTERS_COUNT; i++) {
        const enum letters_script script = letters_script((enum letters)i);
        views->priors[i] = script == SCRIPT_LATIN ? views->priors[i] : views->priors[LETTERS_en];
        views->of_script[script] |= UINT64_C(1) << i;
    }
    for (unsigned i = 0; i < SCRIPT_COUNT; i++) {
        views->has_any[i] = letters_prepare_any(&views->any[i], (enum letters_script)i);
    }
    for (unsigned i = 0; i < LETTERS_COUNT; i++) {
        views->priors[i] += letters_prior((enum letters)i);
    }
}

/* Only languages that the encoding was made for, though it may have the letters of others. */
static uint64_t languages_of(const struct views *views, const struct view *view)
{
    uint64_t found = 0;
    for (unsigned i = 0; i < SCRIPT_COUNT; i++) {
        found |= view->scripts >> i & 1 ? views->of_script[i] : 0;
    }
    return found & view->homes;
}

/* The first `len` bytes as a view has them, spelled; what that costs in any language. */
static double spell(const struct views *views, const struct view *view, size_t len, sign *out,
                    size_t *count)
{
    for (size_t i = 0; i < len; i++) {
        const uint8_t byte = views->text[i];
        out[i] = byte < 0x80 ? views->ascii[byte] : view->signs[byte];
    }
    return letters_spell(out, len, count);
}

/* The likeliest first, so that the others are given up soon. Insertion sort: they are few. */
static void order_views(struct views *views, uint8_t *order)
{
    for (size_t i = 0; i < views->count; i++) {
        struct view *const view = &views->all[i];
        double floor = view->prior;
        for (size_t j = 0; j < views->seen_count; j++) {
            const uint8_t byte = views->bytes_seen[j];
            floor += views->first_counts[byte - 0x80] * letters_floor(view->signs[byte]);
        }
        view->floor = floor;
        size_t at = i;
        for (; at && views->all[order[at - 1]].floor > floor; at--) {
            order[at] = order[at - 1];
        }
        order[at] = (uint8_t)i;
    }
}

struct stretch {
    const sign *units;
    size_t count;
    double spelled;
    bool is_all; /* nothing follows: of languages that are not the best, nothing need be known */
};

/* Nats that the letters and signs of the first bytes cost at the least. */
static double least_of(const struct views *views, const struct view *view,
                       const struct letters_model *model)
{
    double least = 0;
    for (size_t i = 0; i < views->seen_count; i++) {
        const uint8_t byte = views->bytes_seen[i];
        least += views->first_counts[byte - 0x80] * letters_least(model, view->signs[byte]);
    }
    return least;
}

/* Nats that the view costs at the least in any language of its scripts; those of one language alone
 * are not looked at. Stops where they pass `enough`. */
static double least_of_any(const struct views *views, const struct view *view,
                           struct stretch stretch, double enough)
{
    const double prior = view->prior + stretch.spelled;
    double least = WORST;
    for (unsigned i = 0; i < SCRIPT_COUNT && enough > prior; i++) {
        if (view->scripts >> i & 1) {
            const double cost = views->has_any[i] ? letters_follow(&views->any[i], stretch.units,
                                                                   stretch.count, enough - prior)
                                                  : 0;
            least = cost < least ? cost : least;
        }
    }
    return prior + (least < WORST ? least : 0);
}

/* The first bytes as one view has them, in every language; the least cost so far. */
static double read_view(struct views *views, struct view *view, struct stretch stretch,
                        double worst, double best)
{
    const uint64_t languages = languages_of(views, view);
    size_t found = 0;
    for (size_t i = 0; i < LETTERS_COUNT; i++) {
        const enum letters language = (enum letters)views->languages[i];
        if (!(languages >> language & 1)) {
            continue;
        }
        const double prior = prior_of(views, view, language) + stretch.spelled;
        const double enough = stretch.is_all && view->cost < worst ? view->cost : worst;
        if (prior >= enough) {
            continue;
        }
        const struct letters_model *const model = model_of(views, language);
        if (prior + least_of(views, view, model) >= enough) {
            continue;
        }
        const double cost =
            prior + letters_follow(model, stretch.units, stretch.count, enough - prior);
        view->costs[language] = (float)cost;
        if (cost < view->cost) {
            view->cost = cost;
            view->language = language;
            found = i;
        }
    }
    move_ahead(views, found);
    return view->cost < best ? view->cost : best;
}

static void read_first(struct views *views, size_t len)
{
    sign text[FIRST_BYTES];
    uint8_t order[CANDIDATES + 1];
    double best = WORST;
    const bool is_all = len < FIRST_BYTES;
    const double hopeless = is_all ? HOPELESS_NATS_SHORT : HOPELESS_NATS;
    order_views(views, order);
    for (size_t i = 0; i < views->count; i++) {
        struct view *const view = &views->all[order[i]];
        if (view->floor > best + hopeless) {
            continue;
        }
        struct stretch stretch = {.units = text, .is_all = is_all};
        stretch.spelled = spell(views, view, len, text, &stretch.count);
        const double worst = best + hopeless;
        if (least_of_any(views, view, stretch, worst) < worst) {
            best = read_view(views, view, stretch, worst, best);
        }
    }
}

/* The view with the least cost that is not among `done`; NULL: none. */
static struct view *next_best(struct views *views, const struct view *const *done, size_t count)
{
    struct view *best = NULL;
    for (size_t i = 0; i < views->count; i++) {
        bool is_done = false;
        for (size_t j = 0; j < count; j++) {
            is_done = is_done || done[j] == &views->all[i];
        }
        if (!is_done && (!best || views->all[i].cost < best->cost)) {
            best = &views->all[i];
        }
    }
    return best;
}

/* The best few again, over all of the evidence; the others keep no chance. */
static void read_all(struct views *views)
{
    sign text[EVIDENCE_BYTES];
    const struct view *finalists[FINALISTS];
    struct view *final[FINALISTS];
    size_t count = 0;
    double first = WORST;
    while (count < FINALISTS) {
        struct view *const view = next_best(views, finalists, count);
        if (!view || view->cost > first + HOPELESS_NATS) {
            break;
        }
        first = count ? first : view->cost;
        finalists[count] = view;
        final[count++] = view;
    }
    for (size_t i = 0; i < views->count; i++) {
        views->all[i].cost += WORST;
    }
    double best = WORST;
    for (size_t i = 0; i < count; i++) {
        struct view *const view = final[i];
        size_t units = 0;
        const double spelled = spell(views, view, views->len, text, &units);
        view->cost = WORST;
        for (unsigned j = 0; j < LETTERS_COUNT; j++) {
            if ((double)view->costs[j] > first + HOPELESS_NATS) {
                continue;
            }
            const double worst = best + HOPELESS_NATS;
            const double prior = prior_of(views, view, (enum letters)j) + spelled;
            const double enough = (view->cost < worst ? view->cost : worst) - prior;
            const double cost =
                prior + letters_follow(model_of(views, (enum letters)j), text, units, enough);
            best = cost < best ? cost : best;
            if (cost < view->cost) {
                view->cost = cost;
                view->language = (enum letters)j;
            }
        }
    }
}

static const struct view *best_but(const struct views *views, const struct view *but)
{
    const struct view *best = NULL;
    for (size_t i = 0; i < views->count; i++) {
        const struct view *const view = &views->all[i];
        if (view != but && (!best || view->cost < best->cost)) {
            best = view;
        }
    }
    return best;
}

static bool has_letters_of(const struct charset *charset, enum letters language)
{
    size_t core = 0;
    const uint16_t *const own = letters_own(language, &core);
    for (size_t i = 0; i < core; i++) {
        size_t at = 0;
        while (at < 128 && charset->upper_half[at] != own[i]) {
            at++;
        }
        if (at == 128) {
            return false;
        }
    }
    return true;
}

/* Among encodings that read the evidence alike, the rest of the content may tell: one made for the
 * language that has all of its letters is named before one that has only those seen. */
static const struct charset *home_of(const struct views *views, const struct view *best)
{
    if (best->is_declared || has_letters_of(best->charset, best->language)) {
        return best->charset;
    }
    for (size_t i = 0; i < CANDIDATES; i++) {
        const struct charset *const charset = charset_of(i);
        if (charset && candidates[i].homes >> best->language & 1 &&
            key_of(views, charset) == best->key && has_letters_of(charset, best->language)) {
            return charset;
        }
    }
    return best->charset;
}

/* Text of any length that was written in Windows has its quotes and dashes. Where none is seen among
 * that many letters, what ISO had before Windows is likelier, if it has the language's letters. */
static const struct charset *sibling_of(const struct views *views, const struct view *best)
{
    for (size_t i = 0; i < CANDIDATES; i++) {
        const struct charset *const charset = charset_of(i);
        if (charset && candidates[i].homes >> best->language & 1 &&
            str_starts(charset_name(charset), STR("ISO-8859-")) &&
            key_of(views, charset) == best->key && has_letters_of(charset, best->language)) {
            return charset;
        }
    }
    return NULL;
}

static void conclude(const struct views *views, const struct evidence *evidence,
                     struct singles *out)
{
    const double anything = evidence_cost(evidence);
    const struct view *const best = best_but(views, NULL);
    const struct view *const second = best ? best_but(views, best) : NULL;
    if (!best) {
        return;
    }
    out->best = (struct reading){.charset = home_of(views, best),
                                 .gain = anything - best->cost,
                                 .language = letters_tag(best->language)};
    if (evidence->high_bytes >= SIBLING_HIGH_BYTES && !best->is_declared &&
        str_starts(charset_name(out->best.charset), STR("windows-"))) {
        out->sibling = sibling_of(views, best);
    }
    out->margin = second ? second->cost - best->cost : WORST;
    out->is_declared = best->is_declared;
    for (size_t i = 0; i < views->count; i++) {
        if (views->all[i].is_declared) {
            out->declared = anything - views->all[i].cost + views->all[i].prior;
        }
    }
}

void singles_contest(const struct evidence *evidence, const struct charset *declared,
                     struct singles *out)
{
    struct views views;
    *out = (struct singles){.declared = -WORST};
    views.count = 0;
    views.text = evidence->text;
    views.len = evidence->len;
    views.seen_count = 0;
    memset(views.counts, 0, sizeof views.counts);
    memset(views.first_counts, 0, sizeof views.first_counts);
    memset(views.is_ready, 0, sizeof views.is_ready);
    memset(views.of_script, 0, sizeof views.of_script);
    count_bytes(&views);
    read_plain(&views, evidence);
    order_languages(&views);
    if (declared && declared->upper_half) {
        add_view(&views, declared, &(struct candidate){.homes = UINT64_MAX}, declared);
    }
    for (size_t i = 0; i < CANDIDATES; i++) {
        const struct charset *const charset = charset_of(i);
        if (charset && charset != declared) {
            add_view(&views, charset, &candidates[i], declared);
        }
    }
    read_first(&views, views.len < FIRST_BYTES ? views.len : FIRST_BYTES);
    if (views.len > FIRST_BYTES) {
        read_all(&views);
    }
    conclude(&views, evidence, out);
}
