/* SPDX-License-Identifier: Apache-2.0 */
/* How fast bytes become UTF-8, beside glibc's iconv, ICU, encoding_rs and simdutf, in interleaved
 * rounds of one run: a row an encoding and kind of text, the median of the rounds in MB/s of input and
 * processor time.
 *
 *   speed DATA PAGES [ROW]      DATA: the folder QUERN_DATA; PAGES: a list of HTML files
 *
 * "ours" is the decoder with its checkpoints into memory that is there, as the peers do it;
 * "decode()" is the whole door: memory taken, written for the first time and given back.
 */
#include "corpus.h"

#include "text/charset_table.h"
#include "text/coder.h"
#include "text/decode.h"
#include "text/origin.h"
#include "text/utf8.h"

#include <iconv.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unicode/ucnv.h>

enum { TEXT_UNITS = 8 << 20, ROUNDS = 7, PEERS_MAX = 6, OUT_SLACK = 64 };

size_t peer_encoding_rs(const uint8_t *label, size_t label_len, const uint8_t *content, size_t len,
                        uint8_t *out, size_t capacity);
size_t peer_encoding_rs_valid(const uint8_t *content, size_t len);
const char *peer_simdutf_name(const char *name);
const char *peer_simdutf_version(void);
size_t peer_simdutf_utf16le(const char *name, const void *content, size_t len, char *out);
size_t peer_simdutf_utf8(const char *name, const void *content, size_t len);

struct job {
    const char *label; /* of the Encoding Standard */
    const char *iconv_name;
    const char *icu_name;
    const uint8_t *content;
    size_t len;
    uint8_t *out;
    size_t capacity;
    struct checkpoint *checkpoints;
};

typedef size_t peer(const struct job *job);

static const struct charset *charset_of(const struct job *job)
{
    return charset_find((bytes){(const uint8_t *)job->label, strlen(job->label)});
}

static size_t run_ours(const struct job *job)
{
    const struct charset *const charset = charset_of(job);
    struct coder_run run = {.content = {job->content, job->len}, .out = job->out};
    run.upper_half = charset->upper_half;
    for (size_t count = 0; run.at < job->len; count++) {
        job->checkpoints[count] = (struct checkpoint){
            .content = run.at, .text = (size_t)(run.out - job->out), .mode = run.mode};
        run.stop = run.at + ORIGIN_BLOCK_BYTES < job->len ? run.at + ORIGIN_BLOCK_BYTES : job->len;
        charset->coder->run(&run);
    }
    return (size_t)(run.out - job->out);
}

static size_t run_decode(const struct job *job)
{
    struct arena arena;
    struct decoded out;
    arena_init(&arena, (size_t)1 << 30);
    const enum status status =
        decode(&arena, (bytes){job->content, job->len}, charset_of(job), &out);
    const size_t len = status == STATUS_OK ? out.text.len : 0;
    arena_release(&arena);
    return len;
}

static size_t run_valid(const struct job *job)
{
    return utf8_is_valid((bytes){job->content, job->len}) ? job->len : 0;
}

static size_t run_iconv(const struct job *job)
{
    const iconv_t converter = iconv_open("UTF-8", job->iconv_name);
    char *in = (char *)(uintptr_t)job->content;
    char *out = (char *)job->out;
    size_t left = job->len;
    size_t room = job->capacity;
    const size_t result = iconv(converter, &in, &left, &out, &room);
    iconv_close(converter);
    return result == (size_t)-1 ? 0 : job->capacity - room;
}

static size_t run_icu(const struct job *job)
{
    UErrorCode error = U_ZERO_ERROR;
    UConverter *const from = ucnv_open(job->icu_name, &error);
    UConverter *const to = ucnv_open("UTF-8", &error);
    static UChar pivot[2048];
    UChar *pivot_source = pivot;
    UChar *pivot_target = pivot;
    const char *in = (const char *)job->content;
    char *out = (char *)job->out;
    ucnv_convertEx(to, from, &out, out + job->capacity, &in, in + job->len, pivot, &pivot_source,
                   &pivot_target, pivot + 2048, 1, 1, &error);
    ucnv_close(from);
    ucnv_close(to);
    return U_FAILURE(error) ? 0 : (size_t)(out - (char *)job->out);
}

static size_t run_encoding_rs(const struct job *job)
{
    return peer_encoding_rs((const uint8_t *)job->label, strlen(job->label), job->content, job->len,
                            job->out, job->capacity);
}

static size_t run_encoding_rs_valid(const struct job *job)
{
    return peer_encoding_rs_valid(job->content, job->len);
}

static size_t run_simdutf_best_16(const struct job *job)
{
    return peer_simdutf_utf16le("best", job->content, job->len, (char *)job->out);
}

static size_t run_simdutf_avx2_16(const struct job *job)
{
    return peer_simdutf_utf16le("haswell", job->content, job->len, (char *)job->out);
}

static size_t run_simdutf_best_8(const struct job *job)
{
    return peer_simdutf_utf8("best", job->content, job->len);
}

static size_t run_simdutf_avx2_8(const struct job *job)
{
    return peer_simdutf_utf8("haswell", job->content, job->len);
}

enum contender { OURS, DECODE, ENCODING_RS, ICONV, ICU, SIMDUTF, SIMDUTF_AVX2, COLUMNS };

static const char *const heads[COLUMNS] = {"ours", "decode()", "encoding_rs", "iconv",
                                           "ICU",  "simdutf",  "simdutf AVX2"};

static peer *const transcoders[COLUMNS] = {run_ours, run_decode, run_encoding_rs, run_iconv,
                                           run_icu};
static peer *const transcoders_16[COLUMNS] = {run_ours,           run_decode, run_encoding_rs,
                                              run_iconv,          run_icu,    run_simdutf_best_16,
                                              run_simdutf_avx2_16};
static peer *const validators[COLUMNS] = {
    run_valid, NULL, run_encoding_rs_valid, NULL, NULL, run_simdutf_best_8, run_simdutf_avx2_8};

/* Of the processor, so that other programs on the machine disturb little. */
static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a;
    const double y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The rows that failed to agree with the reference peer. */
static int differences;

/* Our text is encoding_rs's, byte for byte. */
static void check_same(const struct job *job, const char *name)
{
    uint8_t *const copy = malloc(job->capacity);
    const size_t len = run_ours(job);
    memcpy(copy, job->out, len);
    const size_t peer_len = run_encoding_rs(job);
    if (peer_len != len || memcmp(copy, job->out, len) != 0) {
        fprintf(stderr, "%s: our text is not encoding_rs's (%zu and %zu bytes)\n", name, len,
                peer_len);
        differences++;
    }
    free(copy);
}

static double high_share(const struct job *job)
{
    size_t high = 0;
    for (size_t i = 0; i < job->len; i++) {
        high += job->content[i] >= 0x80;
    }
    return 100.0 * (double)high / (double)job->len;
}

static void print_head(void)
{
    printf("%-22s %5s %5s", "MB/s of input", "MB", "high%");
    for (int c = 0; c < COLUMNS; c++) {
        printf(" %12s", heads[c]);
    }
    printf("  %s\n", "ours by the best peer");
}

static void measure(struct job *job, const char *name, peer *const *peers)
{
    double rates[COLUMNS][ROUNDS] = {0};
    for (int round = -1; round < ROUNDS; round++) { /* the first is for warmth */
        for (int c = 0; c < COLUMNS; c++) {
            if (peers[c]) {
                const double start = seconds();
                const size_t len = peers[c](job);
                const double took = seconds() - start;
                if (round >= 0) {
                    rates[c][round] = len ? (double)job->len / 1e6 / took : 0;
                }
            }
        }
    }
    printf("%-22s %5.1f %5.1f", name, (double)job->len / 1e6, high_share(job));
    double best = 0;
    double ours = 0;
    for (int c = 0; c < COLUMNS; c++) {
        qsort(rates[c], ROUNDS, sizeof(double), compare);
        const double median = rates[c][ROUNDS / 2];
        ours = c == OURS ? median : ours;
        best = c > DECODE && median > best ? median : best;
        if (median > 0) {
            printf(" %12.0f", median);
        } else {
            printf(" %12s", peers[c] ? "fails" : "-");
        }
    }
    printf("  %.2f\n", best > 0 ? ours / best : 0);
    fflush(stdout);
}

static void measure_encoding(const struct corpus *corpus, const char *name, struct job job,
                             peer *const *peers, const char *only)
{
    if (only && !strstr(name, only)) {
        return;
    }
    job.content = corpus_encode(corpus, job.iconv_name, &job.len);
    job.capacity = job.len * CODER_OUT_PER_BYTE + OUT_SLACK;
    job.out = malloc(job.capacity);
    memset(job.out, 1, job.capacity);
    job.checkpoints = calloc(job.len / ORIGIN_BLOCK_BYTES + 2, sizeof *job.checkpoints);
    if (peers[DECODE]) {
        check_same(&job, name);
    }
    measure(&job, name, peers);
    free(job.checkpoints);
    free(job.out);
    free((void *)(uintptr_t)job.content);
}

static void print_load(const char *when)
{
    double load[1] = {0};
    if (getloadavg(load, 1) == 1) {
        printf("load %s: %.2f\n", when, load[0]);
    }
}

static const struct {
    const char *name;
    enum speed_language language;
    struct job job;
} rows[] = {
    {"GB18030", SPEED_HANS, {.label = "gb18030", .iconv_name = "GB18030", .icu_name = "gb18030"}},
    {"Big5", SPEED_HANT, {.label = "big5", .iconv_name = "BIG5", .icu_name = "Big5"}},
    {"Shift_JIS",
     SPEED_JAPANESE,
     {.label = "shift_jis", .iconv_name = "CP932", .icu_name = "ibm-943_P15A-2003"}},
    {"EUC-JP", SPEED_JAPANESE, {.label = "euc-jp", .iconv_name = "EUC-JP", .icu_name = "EUC-JP"}},
    {"EUC-KR", SPEED_KOREAN, {.label = "euc-kr", .iconv_name = "UHC", .icu_name = "windows-949"}},
};

static void measure_kind(const struct corpus corpora[SPEED_LANGUAGES], const char *kind,
                         const char *only)
{
    char name[64];
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        snprintf(name, sizeof name, "%s %s", rows[i].name, kind);
        measure_encoding(&corpora[rows[i].language], name, rows[i].job, transcoders, only);
    }
    snprintf(name, sizeof name, "UTF-16LE %s", kind);
    measure_encoding(
        &corpora[SPEED_HANS], name,
        (struct job){.label = "utf-16le", .iconv_name = "UTF-16LE", .icu_name = "UTF-16LE"},
        transcoders_16, only);
    snprintf(name, sizeof name, "UTF-8 is valid %s", kind);
    measure_encoding(&corpora[SPEED_HANS], name,
                     (struct job){.label = "utf-8", .iconv_name = "UTF-8", .icu_name = "UTF-8"},
                     validators, only);
}

/* What is left of it; `corpus` changes. */
static void measure_ascii(struct corpus *corpus, const char *only)
{
    size_t count = 0;
    for (size_t i = 0; i < corpus->count; i++) {
        if (corpus->unit[i] < 0x80) {
            corpus->unit[count++] = corpus->unit[i];
        }
    }
    corpus->count = count;
    measure_encoding(corpus, "GB18030 ASCII", rows[0].job, transcoders, only);
    measure_encoding(corpus, "UTF-8 is valid ASCII",
                     (struct job){.label = "utf-8", .iconv_name = "UTF-8", .icu_name = "UTF-8"},
                     validators, only);
}

/* Paragraphs; pages without scripts and styles, as feeds are; pages as they are served. */
enum kind { DENSE, WEB, PAGE, KINDS };
static const char *const kind_names[KINDS] = {"dense", "web", "page"};

int main(int argc, char **argv)
{
    if (argc < 3) {
        fprintf(stderr, "usage: speed DATA PAGES [ROW]\n");
        return 2;
    }
    const char *const only = argc > 3 ? argv[3] : NULL;
    char folder[4096];
    snprintf(folder, sizeof folder, "%s/charcounts", argv[1]);
    printf("simdutf %s: best here is %s; encoding_rs 0.8.44; ICU %s; medians of %d rounds\n",
           peer_simdutf_version(), peer_simdutf_name("best"), U_ICU_VERSION, ROUNDS);
    print_load("before");
    print_head();
    for (int kind = 0; kind < KINDS; kind++) {
        struct corpus corpora[SPEED_LANGUAGES];
        for (int i = 0; i < SPEED_LANGUAGES; i++) {
            const enum speed_language language = (enum speed_language)i;
            corpora[i] = kind == DENSE
                             ? corpus_dense(folder, language, TEXT_UNITS)
                             : corpus_web(folder, language, kind == WEB, argv[2], TEXT_UNITS);
            if (!corpora[i].unit) {
                return 1;
            }
        }
        measure_kind(corpora, kind_names[kind], only);
        if (kind == PAGE) {
            measure_ascii(&corpora[SPEED_HANS], only);
        }
        for (int i = 0; i < SPEED_LANGUAGES; i++) {
            free(corpora[i].unit);
        }
    }
    print_load("after");
    return differences ? 1 : 0;
}
