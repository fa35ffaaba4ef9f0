/* SPDX-License-Identifier: Apache-2.0 */
#include "text/singles.h"

#include "text/charset_table.h"

enum {
    CANDIDATES = 0
#define SINGLE(label, prior, homes) +1
#include "text/singles.def"
#undef SINGLE
};

enum {
    FIRST_BYTES = 384, /* every reading in every language */
    FINALISTS = 8      /* readings that are looked at in full */
};
/* Behind the best by this after the first bytes is behind for good. */
static const double HOPELESS_NATS = 40.0;
static const double WORST = 1e9;
/* A language in an encoding that was not made for it, though its letters may all be there. */
static const double FOREIGN_NATS = 60.0;

struct candidate {
    bytes label;
    double prior;
    uint64_t homes;
};

/* Languages by where they are at home. */
/* clang-format off */
#define OF(language) (UINT64_C(1) << LETTERS_##language)
#define NORDIC (OF(da) | OF(nb) | OF(sv) | OF(fi) | OF(is) | OF(et) | OF(de) | OF(en))
#define WESTERN (OF(af) | OF(ca) | OF(da) | OF(de) | OF(en) | OF(es) | OF(et) | OF(eu) | OF(fi) | \
                 OF(fr) | OF(ga) | OF(gl) | OF(is) | OF(it) | OF(nb) | OF(nl) | OF(pt) | OF(sq) | OF(sv))
#define CENTRAL (OF(cs) | OF(de) | OF(en) | OF(hr) | OF(hu) | OF(pl) | OF(ro) | OF(sk) | OF(sl) | OF(sq))
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

/* One way to read the bytes that occur. */
struct view {
    const struct charset *charset;
    double prior;
    sign signs[256];
    uint64_t key;
    uint64_t homes;   /* bits: languages it was made for */
    unsigned scripts; /* bits: of its letters */
    bool is_declared;
    double cost;
    enum letters language;
    float costs[LETTERS_COUNT]; /* after the first bytes */
};

struct views {
    struct view all[CANDIDATES + 1];
    size_t count;
    const uint8_t *text;
    size_t len;
    uint8_t bytes_seen[128];
    size_t seen_count;
    uint32_t counts[128];
};

static void count_bytes(struct views *views)
{
    for (size_t i = 0; i < views->len; i++) {
        if (views->text[i] >= 0x80 && !views->counts[views->text[i] - 0x80]++) {
            views->bytes_seen[views->seen_count++] = views->text[i];
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
    views->count++;
}

static double prior_of(const struct view *view, enum letters language)
{
    return view->prior + letters_prior(language) + (view->homes >> language & 1 ? 0 : FOREIGN_NATS);
}

static void spell(const struct views *views, const struct view *view, size_t len, sign *out)
{
    for (size_t i = 0; i < len; i++) {
        const uint8_t byte = views->text[i];
        out[i] = byte < 0x80 ? sign_of(byte) : view->signs[byte];
    }
}

static void read_first(struct views *views, size_t len)
{
    sign text[FIRST_BYTES];
    struct letters_model models[LETTERS_COUNT];
    double best = WORST;
    for (unsigned i = 0; i < LETTERS_COUNT; i++) {
        letters_prepare(&models[i], (enum letters)i);
    }
    for (size_t i = 0; i < views->count; i++) {
        struct view *const view = &views->all[i];
        spell(views, view, len, text);
        for (unsigned j = 0; j < LETTERS_COUNT; j++) {
            view->costs[j] = (float)WORST;
            if (!(view->scripts >> letters_script((enum letters)j) & 1)) {
                continue;
            }
            const double enough = best + HOPELESS_NATS;
            const double cost =
                prior_of(view, (enum letters)j) + letters_cost(&models[j], text, len, enough);
            view->costs[j] = (float)cost;
            best = cost < best ? cost : best;
            if (cost < view->cost) {
                view->cost = cost;
                view->language = (enum letters)j;
            }
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
    for (size_t i = 0; i < count; i++) {
        struct view *const view = final[i];
        spell(views, view, views->len, text);
        view->cost = WORST;
        for (unsigned j = 0; j < LETTERS_COUNT; j++) {
            if ((double)view->costs[j] > first + HOPELESS_NATS) {
                continue;
            }
            struct letters_model model;
            letters_prepare(&model, (enum letters)j);
            const double cost = prior_of(view, (enum letters)j) +
                                letters_cost(&model, text, views->len, view->cost);
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
    const uint16_t *const own = letters_own(language);
    for (size_t i = 0; own[i]; i++) {
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
        const struct charset *const charset = charset_find(candidates[i].label);
        if (charset && candidates[i].homes >> best->language & 1 &&
            key_of(views, charset) == best->key && has_letters_of(charset, best->language)) {
            return charset;
        }
    }
    return best->charset;
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
    count_bytes(&views);
    if (declared && declared->upper_half) {
        add_view(&views, declared, &(struct candidate){.homes = UINT64_MAX}, declared);
    }
    for (size_t i = 0; i < CANDIDATES; i++) {
        const struct charset *const charset = charset_find(candidates[i].label);
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
