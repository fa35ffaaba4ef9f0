/* SPDX-License-Identifier: Apache-2.0 */
/* Guards the fast loops: whatever the bytes, wherever a run begins and ends, it gives what the same
 * step gives one character after the other. */
#include "text/coder.h"

#include "base/memory.h"
#include "harness/test.h"
#include "text/charset_table.h"
#include "text/simd.h"

enum { CONTENT_MAX = 700, ROUNDS = 3000 };

static uint32_t random_state = 1;

static uint32_t random_below(uint32_t limit)
{
    random_state = random_state * 1664525 + 1013904223;
    return (uint32_t)((uint64_t)random_state * limit >> 32);
}

static const struct charset *find(const char *label)
{
    return charset_find((bytes){.ptr = (const uint8_t *)label, .len = strlen(label)});
}

static uint8_t *put(uint8_t *out, uint32_t c)
{
    const unsigned more = c < 0x80 ? 0 : c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
    static const uint8_t leads[] = {0, 0xC0, 0xE0, 0xF0};
    *out++ = (uint8_t)(leads[more] | c >> 6 * more);
    for (unsigned i = more; i-- > 0;) {
        *out++ = (uint8_t)(0x80 | (c >> 6 * i & 0x3F));
    }
    return out;
}

/* What coder.h promises of a run, by steps alone. */
static void run_by_steps(const struct coder *coder, struct coder_run *run)
{
    while (run->at < run->stop) {
        const struct step step = coder->step(run->content, run->at, &run->mode, run->upper_half);
        run->out = step.count > 0 ? put(run->out, step.first) : run->out;
        run->out = step.count > 1 ? put(run->out, step.second) : run->out;
        if (step.is_error) {
            run->replaced_first = run->replaced ? run->replaced_first : run->at;
            run->replaced++;
        }
        run->at += step.len;
    }
}

/* Runs of ASCII, of bytes that mostly are pairs, of units of UTF-16 and of anything. */
static size_t fill(uint8_t *content)
{
    const size_t len = random_below(CONTENT_MAX);
    for (size_t at = 0; at < len;) {
        const uint32_t kind = random_below(8);
        const uint8_t low = (uint8_t[]){0x81, 0xA1, 0xB0, 0xC0}[random_below(4)];
        for (uint32_t n = 1 + random_below(random_below(40) + 1); n && at < len; n--) {
            const uint8_t any = (uint8_t)random_below(256);
            const uint8_t high = (uint8_t)(low + random_below(0x30));
            content[at++] = kind < 2   ? any & 0x7F
                            : kind < 5 ? high
                            : kind < 6 ? (n & 1 ? (uint8_t)(0x4E + random_below(0x50)) : any)
                            : kind < 7 ? (n & 1 ? 0 : any & 0x7F)
                                       : any;
        }
    }
    return len;
}

/* One content in its own memory, in runs of any length; the count of those that differ. */
static long compare_runs(const struct charset *charset, const uint8_t *content, size_t len)
{
    static uint8_t fast[CONTENT_MAX * CODER_OUT_PER_BYTE + CODER_OUT_SLACK];
    static uint8_t slow[sizeof fast];
    uint8_t *const own = memory_allocate(len ? len : 1);
    memcpy(own, content, len);
    struct coder_run a = {.content = {own, len}, .upper_half = charset->upper_half};
    struct coder_run b = a;
    long wrong = 0;
    while (a.at < len && !wrong) {
        const size_t left = len - a.at;
        a.stop = b.stop = a.at + 1 + random_below((uint32_t)left);
        const size_t room = (a.stop - a.at) * CODER_OUT_PER_BYTE + CODER_OUT_SLACK;
        uint8_t *const exact = memory_allocate(room);
        a.out = exact;
        b.out = slow;
        charset->coder->run(&a);
        run_by_steps(charset->coder, &b);
        const size_t written = (size_t)(a.out - exact);
        wrong += a.at != b.at || written != (size_t)(b.out - slow) || a.replaced != b.replaced ||
                 a.replaced_first != b.replaced_first || a.mode.set != b.mode.set ||
                 memcmp(exact, slow, written) != 0;
        memory_release(exact);
    }
    memory_release(own);
    return wrong;
}

static void check_runs(void)
{
    static const char *const labels[] = {"gb18030", "big5",     "shift_jis",   "euc-jp",
                                         "euc-kr",  "utf-16le", "utf-16be",    "utf-8",
                                         "koi8-r",  "ibm866",   "iso-2022-jp", "x-user-defined"};
    static uint8_t content[CONTENT_MAX];
    for (size_t l = 0; l < sizeof labels / sizeof labels[0]; l++) {
        const struct charset *const charset = find(labels[l]);
        long wrong = 0;
        for (long round = 0; round < ROUNDS; round++) {
            const size_t len = fill(content);
            wrong += compare_runs(charset, content, len);
        }
        CHECK_INT(wrong, 0);
    }
}

TEST(a_run_gives_what_its_steps_give)
{
    check_runs();
}

TEST(so_it_does_on_machines_without_vectors)
{
    simd_is_refused = true;
    check_runs();
    simd_is_refused = false;
}

/* Units of one kind only, as long texts have them, and one of another kind at every place. */
TEST(every_unit_of_utf16_is_the_same_in_a_run)
{
    const struct charset *const charset = find("utf-16le");
    static const uint8_t kinds[][2] = {{'a', 0}, {0xE9, 0}, {0x2D, 0x4E}};
    long wrong = 0;
    for (uint32_t unit = 0; unit < 0x10000; unit++) {
        uint8_t content[128];
        for (size_t i = 0; i < sizeof content; i++) {
            content[i] = kinds[unit % 3][i % 2];
        }
        const size_t place = unit % 61 * 2;
        content[place] = (uint8_t)unit;
        content[place + 1] = (uint8_t)(unit >> 8);
        wrong += compare_runs(charset, content, sizeof content);
    }
    CHECK_INT(wrong, 0);
}

/* Every pair of bytes, where the fast loop meets it and where the step does. */
TEST(every_pair_of_bytes_is_the_same_in_a_run)
{
    static const char *const labels[] = {"gb18030", "big5", "shift_jis", "euc-jp", "euc-kr"};
    for (size_t l = 0; l < sizeof labels / sizeof labels[0]; l++) {
        const struct charset *const charset = find(labels[l]);
        long wrong = 0;
        for (uint32_t pair = 0; pair < 0x10000; pair++) {
            uint8_t content[64];
            memset(content, 'a', sizeof content);
            const size_t place = pair * 7 % 24;
            content[place] = (uint8_t)(pair >> 8);
            content[place + 1] = (uint8_t)pair;
            wrong += compare_runs(charset, content, sizeof content);
        }
        CHECK_INT(wrong, 0);
    }
}

TEST_MAIN()
