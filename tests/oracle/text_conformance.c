/* SPDX-License-Identifier: Apache-2.0 */
/* Decoding against data that is not ours: every pointer of every index of the Encoding Standard, the
 * four-byte ranges of gb18030 in full, every label, and encoding_rs's decode cases.
 *
 * QUERN_DATA names the folder with encoding/ in it; without it this fails. The bytes of a pointer
 * are made here by the standard's encoder formulas, so that a slip in the decoder's cannot hide. */
#include "base/memory.h"
#include "text/decode.h"

#include <stdio.h>
#include <stdlib.h>

enum { LINE_MAX = 4096, PATH_MAX_LEN = 4096 };

static long compared;
static long failed;
static const char *data;

static void complain(const char *what, const char *name, unsigned long pointer)
{
    if (++failed <= 20) {
        fprintf(stderr, "%s: %s, pointer %lu\n", name, what, pointer);
    }
}

static const struct charset *by_label(const char *label)
{
    return charset_find((bytes){.ptr = (const uint8_t *)label, .len = strlen(label)});
}

static size_t encode_utf8(uint32_t c, char *out)
{
    size_t len = 0;
    if (c < 0x80) {
        out[len++] = (char)c;
    } else if (c < 0x800) {
        out[len++] = (char)(0xC0 + c / 64);
        out[len++] = (char)(0x80 + c % 64);
    } else if (c < 0x10000) {
        out[len++] = (char)(0xE0 + c / 4096);
        out[len++] = (char)(0x80 + c / 64 % 64);
        out[len++] = (char)(0x80 + c % 64);
    } else {
        out[len++] = (char)(0xF0 + c / 262144);
        out[len++] = (char)(0x80 + c / 4096 % 64);
        out[len++] = (char)(0x80 + c / 64 % 64);
        out[len++] = (char)(0x80 + c % 64);
    }
    return len;
}

/* Does the sequence decode to exactly this? */
static bool decodes_to(const struct charset *charset, bytes in, str expected)
{
    struct arena arena;
    struct decoded out;
    arena_init(&arena, 1 << 20);
    const bool equal =
        decode(&arena, in, charset, &out) == STATUS_OK && str_equal(out.text, expected);
    arena_release(&arena);
    compared++;
    return equal;
}

static void check_pointer(const char *label, uint32_t pointer, bytes in, uint32_t code_point)
{
    char expected[4];
    const size_t len = encode_utf8(code_point, expected);
    if (!decodes_to(by_label(label), in, (str){.ptr = expected, .len = len})) {
        complain("other character", label, pointer);
    }
}

/* A pointer without a character: one U+FFFD, and an ASCII trail is kept. */
static void check_hole(const char *label, uint32_t pointer, bytes in)
{
    char expected[4] = "\xEF\xBF\xBD";
    const uint8_t last = in.ptr[in.len - 1];
    size_t len = 3;
    if (last < 0x80) {
        expected[len++] = (char)last;
    }
    if (!decodes_to(by_label(label), in, (str){.ptr = expected, .len = len})) {
        complain("not one error", label, pointer);
    }
}

typedef size_t pointer_bytes(uint32_t pointer, uint8_t *out);

static size_t gb18030_bytes(uint32_t pointer, uint8_t *out)
{
    const uint32_t trail = pointer % 190;
    out[0] = (uint8_t)(pointer / 190 + 0x81);
    out[1] = (uint8_t)(trail + (trail < 0x3F ? 0x40 : 0x41));
    return 2;
}

static size_t big5_bytes(uint32_t pointer, uint8_t *out)
{
    const uint32_t trail = pointer % 157;
    out[0] = (uint8_t)(pointer / 157 + 0x81);
    out[1] = (uint8_t)(trail + (trail < 0x3F ? 0x40 : 0x62));
    return 2;
}

static size_t euc_kr_bytes(uint32_t pointer, uint8_t *out)
{
    out[0] = (uint8_t)(pointer / 190 + 0x81);
    out[1] = (uint8_t)(pointer % 190 + 0x41);
    return 2;
}

static size_t euc_jp_bytes(uint32_t pointer, uint8_t *out)
{
    out[0] = (uint8_t)(pointer / 94 + 0xA1);
    out[1] = (uint8_t)(pointer % 94 + 0xA1);
    return pointer < 94 * 94 ? 2 : 0;
}

static size_t jis0212_bytes(uint32_t pointer, uint8_t *out)
{
    out[0] = 0x8F;
    return 1 + euc_jp_bytes(pointer, out + 1);
}

static size_t iso_2022_jp_bytes(uint32_t pointer, uint8_t *out)
{
    out[0] = 0x1B;
    out[1] = '$';
    out[2] = 'B';
    out[3] = (uint8_t)(pointer / 94 + 0x21);
    out[4] = (uint8_t)(pointer % 94 + 0x21);
    return pointer < 94 * 94 ? 5 : 0;
}

static size_t shift_jis_bytes(uint32_t pointer, uint8_t *out)
{
    const uint32_t lead = pointer / 188;
    const uint32_t trail = pointer % 188;
    out[0] = (uint8_t)(lead + (lead < 0x1F ? 0x81 : 0xC1));
    out[1] = (uint8_t)(trail + (trail < 0x3F ? 0x40 : 0x41));
    return 2;
}

static size_t single_bytes(uint32_t pointer, uint8_t *out)
{
    out[0] = (uint8_t)(pointer + 0x80);
    return 1;
}

static FILE *open_data(const char *name)
{
    char path[PATH_MAX_LEN];
    snprintf(path, sizeof path, "%s/encoding/%s", data, name);
    FILE *file = fopen(path, "rb");
    if (!file) {
        fprintf(stderr, "cannot read %s: QUERN_DATA must name the folder with encoding/\n", path);
        exit(1);
    }
    return file;
}

/* The index as an array; 0 where it has no line. */
static void read_index(const char *name, uint32_t *out, uint32_t count)
{
    char line[LINE_MAX];
    FILE *file = open_data(name);
    memset(out, 0, count * sizeof *out);
    while (fgets(line, sizeof line, file)) {
        char *rest = NULL;
        const unsigned long pointer = strtoul(line, &rest, 10);
        if (line[0] != '#' && rest != line && pointer < count) {
            out[pointer] = (uint32_t)strtoul(rest, NULL, 16);
        }
    }
    fclose(file);
}

static uint32_t index_rows[126 * 190];

static void check_index(const char *file, const char *label, pointer_bytes *make, uint32_t count)
{
    read_index(file, index_rows, count);
    for (uint32_t pointer = 0; pointer < count; pointer++) {
        uint8_t raw[8];
        const bytes in = {.ptr = raw, .len = make(pointer, raw)};
        const bool private_use = make == shift_jis_bytes && pointer >= 8836 && pointer <= 10715;
        const bool two_letters = make == big5_bytes && (pointer == 1133 || pointer == 1135 ||
                                                        pointer == 1164 || pointer == 1166);
        if (!in.len || two_letters) {
            continue;
        }
        if (private_use) {
            check_pointer(label, pointer, in, 0xE000 - 8836 + pointer);
        } else if (index_rows[pointer]) {
            check_pointer(label, pointer, in, index_rows[pointer]);
        } else if (make == iso_2022_jp_bytes) {
            if (!decodes_to(by_label(label), in, STR("\xEF\xBF\xBD"))) {
                complain("not one error", label, pointer);
            }
        } else {
            check_hole(label, pointer, in);
        }
    }
}

static void check_big5_letters(void)
{
    static const struct {
        uint32_t pointer;
        const char *text;
    } rows[] = {{1133, "\xC3\x8A\xCC\x84"},
                {1135, "\xC3\x8A\xCC\x8C"},
                {1164, "\xC3\xAA\xCC\x84"},
                {1166, "\xC3\xAA\xCC\x8C"}};
    for (size_t i = 0; i < 4; i++) {
        uint8_t raw[2];
        const bytes in = {.ptr = raw, .len = big5_bytes(rows[i].pointer, raw)};
        if (!decodes_to(by_label("big5"), in, (str){.ptr = rows[i].text, .len = 4})) {
            complain("other letters", "big5", rows[i].pointer);
        }
    }
}

/* All 1,587,600 four-byte codes, by walking the ranges in step instead of searching them. */
static void check_ranges(void)
{
    static uint32_t code_points[126 * 10 * 126 * 10];
    char line[LINE_MAX];
    FILE *file = open_data("index-gb18030-ranges.txt");
    while (fgets(line, sizeof line, file)) {
        char *rest = NULL;
        const unsigned long pointer = strtoul(line, &rest, 10);
        if (line[0] != '#' && rest != line && pointer < 126ul * 10 * 126 * 10) {
            code_points[pointer] = (uint32_t)strtoul(rest, NULL, 16);
        }
    }
    fclose(file);
    for (uint32_t pointer = 1; pointer < 126 * 10 * 126 * 10; pointer++) {
        if (!code_points[pointer]) {
            code_points[pointer] = code_points[pointer - 1] + 1;
        }
    }
    const struct charset *const charset = by_label("gb18030");
    for (uint32_t pointer = 0; pointer < 126 * 10 * 126 * 10; pointer++) {
        const uint8_t raw[4] = {
            (uint8_t)(pointer / 12600 + 0x81), (uint8_t)(pointer / 1260 % 10 + 0x30),
            (uint8_t)(pointer / 10 % 126 + 0x81), (uint8_t)(pointer % 10 + 0x30)};
        const bool none = (pointer > 39419 && pointer < 189000) || pointer > 1237575;
        const uint32_t c = none ? 0xFFFD : pointer == 7457 ? 0xE7C7 : code_points[pointer];
        char expected[4];
        const size_t len = encode_utf8(c, expected);
        if (!decodes_to(charset, (bytes){.ptr = raw, .len = 4},
                        (str){.ptr = expected, .len = len})) {
            complain("other character", "gb18030, four bytes", pointer);
        }
    }
}

static bytes read_all(const char *name)
{
    FILE *file = open_data(name);
    static const size_t room = 16 << 20;
    uint8_t *const ptr = malloc(room);
    const size_t len = ptr ? fread(ptr, 1, room, file) : 0;
    fclose(file);
    if (!len) {
        fprintf(stderr, "%s is empty\n", name);
        exit(1);
    }
    return (bytes){.ptr = ptr, .len = len};
}

/* Whole files, and so whole blocks with errors in them; every character's origin is asked too. */
static void check_case(const char *stem, const char *label)
{
    char name[256];
    snprintf(name, sizeof name, "cases/%s_in.txt", stem);
    const bytes in = read_all(name);
    snprintf(name, sizeof name, "cases/%s_in_ref.txt", stem);
    const bytes expected = read_all(name);
    struct arena arena;
    struct decoded out;
    arena_init(&arena, (size_t)1 << 28);
    compared++;
    if (decode(&arena, in, by_label(label), &out) != STATUS_OK ||
        !bytes_equal(str_bytes(out.text), expected)) {
        complain("other text", stem, 0);
    }
    arena_release(&arena);
    memory_release((void *)(uintptr_t)in.ptr);
    memory_release((void *)(uintptr_t)expected.ptr);
}

/* The standard refuses these; charset.c says why they are decoded here. */
static bool is_decoded_though_refused(const char *label, str name)
{
    static const char *const rows[][2] = {{"csiso2022kr", "ISO-2022-KR"},
                                          {"hz-gb-2312", "HZ-GB-2312"},
                                          {"iso-2022-cn", "ISO-2022-CN"},
                                          {"iso-2022-cn-ext", "ISO-2022-CN"},
                                          {"iso-2022-kr", "ISO-2022-KR"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (strcmp(rows[i][0], label) == 0) {
            return str_equal(str_of(rows[i][1]), name);
        }
    }
    return false;
}

/* encodings.json, read by its shape: one string a line, "name" behind its labels. */
static void check_labels(void)
{
    char line[LINE_MAX];
    char labels[32][64];
    size_t count = 0;
    FILE *file = open_data("encodings.json");
    while (fgets(line, sizeof line, file)) {
        char text[64];
        if (sscanf(line, " \"name\": \"%63[^\"]\"", text) == 1) {
            for (size_t i = 0; i < count; i++) {
                const struct charset *const charset = by_label(labels[i]);
                compared++;
                if (!charset || (!str_equal(charset_name(charset), str_of(text)) &&
                                 !is_decoded_though_refused(labels[i], charset_name(charset)))) {
                    complain("label without its encoding", labels[i], i);
                }
            }
            count = 0;
        } else if (!strstr(line, "\": ") && sscanf(line, " \"%63[^\"]\"", text) == 1 &&
                   count < 32) {
            snprintf(labels[count++], sizeof labels[0], "%s", text);
        }
    }
    fclose(file);
}

static void report(const char *what)
{
    static long before;
    printf("%-28s %8ld compared, %ld failed in all\n", what, compared - before, failed);
    if (compared == before) {
        complain("nothing was compared", what, 0);
    }
    before = compared;
}

int main(void)
{
    static const char *const singles[] = {
        "ibm866",       "iso-8859-2",    "iso-8859-3",   "iso-8859-4",   "iso-8859-5",
        "iso-8859-6",   "iso-8859-7",    "iso-8859-8",   "iso-8859-10",  "iso-8859-13",
        "iso-8859-14",  "iso-8859-15",   "iso-8859-16",  "koi8-r",       "koi8-u",
        "macintosh",    "windows-874",   "windows-1250", "windows-1251", "windows-1252",
        "windows-1253", "windows-1254",  "windows-1255", "windows-1256", "windows-1257",
        "windows-1258", "x-mac-cyrillic"};
    static const char *const cases[][2] = {
        {"big5", "big5"},          {"euc_kr", "euc-kr"},
        {"gb18030", "gb18030"},    {"iso_2022_jp", "iso-2022-jp"},
        {"jis0208", "euc-jp"},     {"jis0212", "euc-jp"},
        {"shift_jis", "shift_jis"}};
    data = getenv("QUERN_DATA");
    if (!data) {
        fprintf(stderr, "QUERN_DATA is not set: it must name the folder with encoding/\n");
        return 1;
    }
    check_labels();
    report("labels");
    for (size_t i = 0; i < sizeof singles / sizeof singles[0]; i++) {
        char name[64];
        snprintf(name, sizeof name, "index-%s.txt", singles[i]);
        check_index(name, singles[i], single_bytes, 128);
    }
    report("single-byte indexes");
    check_index("index-gb18030.txt", "gb18030", gb18030_bytes, 126 * 190);
    check_index("index-gb18030.txt", "gbk", gb18030_bytes, 126 * 190);
    report("index gb18030");
    check_ranges();
    report("gb18030 ranges");
    check_index("index-big5.txt", "big5", big5_bytes, 126 * 157);
    check_big5_letters();
    report("index Big5");
    check_index("index-euc-kr.txt", "euc-kr", euc_kr_bytes, 126 * 190);
    report("index EUC-KR");
    check_index("index-jis0208.txt", "euc-jp", euc_jp_bytes, 94 * 94);
    check_index("index-jis0208.txt", "shift_jis", shift_jis_bytes, 60 * 188);
    check_index("index-jis0208.txt", "iso-2022-jp", iso_2022_jp_bytes, 94 * 94);
    report("index jis0208");
    check_index("index-jis0212.txt", "euc-jp", jis0212_bytes, 94 * 94);
    report("index jis0212");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        check_case(cases[i][0], cases[i][1]);
    }
    report("encoding_rs cases");
    printf("%ld compared, %ld failed\n", compared, failed);
    return failed != 0;
}
