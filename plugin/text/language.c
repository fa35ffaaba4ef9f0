/* SPDX-License-Identifier: Apache-2.0 */
#include "text/language.h"

#include "text/letters.h"
#include "text/likelihood.h"
#include "text/utf8.h"

enum {
    READ_BYTES = 4096, /* looked at, at most */
    SIGNS_MAX = 256,   /* of letters and what stands between them */
    IDEOGRAPHS_MAX = 256,
    LETTERS_MIN = 12,
    IDEOGRAPHS_MIN = 4
};
static const double AHEAD_NATS_MIN = 3.0;
/* Random letters cost 3.5 and more each; a language costs its own about 2.3. */
static const double NATS_PER_LETTER_MAX = 3.1;
static const double TOO_MUCH = 1e9;

struct letters_seen {
    sign text[SIGNS_MAX];
    size_t len;
    size_t scripts[SCRIPT_COUNT];
    size_t letters;
    double east_asian[LANGUAGE_OF_LETTERS];
    size_t ideographs; /* kana and hangul with them */
};

static void see(struct letters_seen *seen, uint32_t c)
{
    if (code_point_is_cjk(c)) {
        if (seen->ideographs < IDEOGRAPHS_MAX && c >= 0x3040) {
            for (unsigned i = 0; i < LANGUAGE_OF_LETTERS; i++) {
                seen->east_asian[i] += character_cost(c, (enum language)i);
            }
        }
        seen->ideographs += c >= 0x3040;
        return;
    }
    const sign unit = sign_of(c);
    if (seen->len < SIGNS_MAX) {
        seen->text[seen->len++] = unit;
        seen->letters += sign_is_letter(unit);
        seen->scripts[sign_script(unit)] += sign_is_letter(unit);
    }
}

/* The best is named where it is ahead, or where the two are one language in two scripts. */
static str east_asian(const struct letters_seen *seen)
{
    static const str tags[LANGUAGE_OF_LETTERS] = {STR_INIT("zh-Hans"), STR_INIT("zh-Hant"),
                                                  STR_INIT("ja"), STR_INIT("ko")};
    unsigned best = 0;
    for (unsigned i = 1; i < LANGUAGE_OF_LETTERS; i++) {
        best = seen->east_asian[i] < seen->east_asian[best] ? i : best;
    }
    for (unsigned i = 0; i < LANGUAGE_OF_LETTERS; i++) {
        if (i != best && seen->east_asian[i] < seen->east_asian[best] + AHEAD_NATS_MIN) {
            return best + i == LANGUAGE_HANS + LANGUAGE_HANT ? STR("zh") : STR("");
        }
    }
    return tags[best];
}

static str alphabetic(const struct letters_seen *seen)
{
    enum letters best = LETTERS_COUNT;
    double least = TOO_MUCH;
    double second = TOO_MUCH;
    size_t most = 0;
    for (unsigned i = 1; i < SCRIPT_COUNT; i++) {
        most = seen->scripts[i] > seen->scripts[most] ? i : most;
    }
    for (unsigned i = 0; i < LETTERS_COUNT; i++) {
        if (letters_script((enum letters)i) != most) {
            continue;
        }
        struct letters_model model;
        letters_prepare(&model, (enum letters)i);
        const double cost = letters_prior((enum letters)i) +
                            letters_cost(&model, seen->text, seen->len, second + AHEAD_NATS_MIN);
        if (cost < least) {
            second = least;
            least = cost;
            best = (enum letters)i;
        } else if (cost < second) {
            second = cost;
        }
    }
    const bool fits = best < LETTERS_COUNT && second > least + AHEAD_NATS_MIN &&
                      least < NATS_PER_LETTER_MAX * (double)seen->len;
    return fits ? letters_tag(best) : STR("");
}

str language_detect(str text)
{
    struct letters_seen seen;
    seen.len = 0;
    seen.letters = 0;
    seen.ideographs = 0;
    memset(seen.scripts, 0, sizeof seen.scripts);
    for (unsigned i = 0; i < LANGUAGE_OF_LETTERS; i++) {
        seen.east_asian[i] = 0;
    }
    for (size_t at = 0; at < text.len && at < READ_BYTES;) {
        see(&seen, utf8_next(text, &at));
    }
    /* An ideograph says about as much as three letters do. */
    if (seen.ideographs >= IDEOGRAPHS_MIN && seen.ideographs * 3 >= seen.letters) {
        return east_asian(&seen);
    }
    return seen.letters >= LETTERS_MIN ? alphabetic(&seen) : STR("");
}
