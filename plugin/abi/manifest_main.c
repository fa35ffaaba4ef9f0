/* SPDX-License-Identifier: Apache-2.0 */
/* Writes plugin.toml, at build time: what a host reads before it loads anything. Not part of the
 * library, so it may use stdio.
 *
 *   quern_manifest OUT LIBRARY DRIVER   OUT as TOML; LIBRARY: what [quern] library says; DRIVER: what
 *                                       [Driver.shared] says
 *   quern_manifest OUT | --c OUT        both by their file's name; --c: OUT as a C file that defines
 *                                       manifest_text
 *
 * The text follows from columns.def, options.def, formats.def, containers.def and the lists of words
 * in base/document.h and base/sink.h.
 */
#include "abi/option_table.h"
#include "base/column.h"
#include "base/document.h"
#include "base/sink.h"
#include "convert/format.h"
#include "quern/plugin.h"

#include <stdio.h>
#include <stdlib.h>

static const str containers[] = {
#define CONTAINER(name, kind, format, media_type) STR_INIT(format),
#include "unpack/containers.def"
#undef CONTAINER
};

/* TOML 1.0, basic strings. */
static void write_string(FILE *out, str s)
{
    fputc('"', out);
    for (size_t i = 0; i < s.len; i++) {
        const unsigned char c = (unsigned char)s.ptr[i];
        if (c == '"' || c == '\\') {
            fprintf(out, "\\%c", c);
        } else if (c < 0x20 || c == 0x7F) {
            fprintf(out, "\\u%04X", c);
        } else {
            fputc(c, out);
        }
    }
    fputc('"', out);
}

static void write_entry(FILE *out, const char *key, str value)
{
    fprintf(out, "%s = ", key);
    write_string(out, value);
    fputc('\n', out);
}

/* One element of an array; a newline before every eighth keeps lines readable in a diff. */
static void write_element(FILE *out, size_t index, str value)
{
    fputs(index == 0 ? "\n    " : index % 8 == 0 ? ",\n    " : ", ", out);
    write_string(out, value);
}

static void write_head(FILE *out, const char *library, const char *driver)
{
    fputs("# SPDX-License-Identifier: Apache-2.0\n"
          "# Written by the build target `manifest`; do not edit. Also an ADBC driver manifest: "
          "name\n"
          "# the one of a build or an installation to a driver manager, where [Driver.shared] is\n"
          "# absolute, because ADBC looks for a relative name in the system's folders.\n"
          "manifest_version = 1\n",
          out);
    write_entry(out, "name", STR("Quern"));
    write_entry(out, "version", STR(QUERN_VERSION));
    write_entry(out, "publisher", STR("the Quern project"));
    write_entry(out, "license", STR("Apache-2.0"));
    fputs("\n[ADBC]\nversion = \"v1.1.0\"\n\n[ADBC.features]\nsupported = []\n\n[Driver]\n", out);
    write_entry(out, "entrypoint", STR("AdbcDriverQuernInit"));
    fputs("\n[Driver.shared]\n", out);
    write_entry(out, "linux_amd64", str_of(driver)); /* a tree is built for one of the two */
    write_entry(out, "linux_arm64", str_of(driver));
    fputs("\n[quern]\n", out);
    fprintf(out, "abi_major = %u\nabi_minor = %u\n", QUERN_ABI_MAJOR, QUERN_ABI_MINOR);
    write_entry(out, "entry", STR(QUERN_PLUGIN_ENTRY_SYMBOL));
    write_entry(out, "library", str_of(library));
}

static void write_formats(FILE *out)
{
    size_t count = 0;
    size_t written = 0;
    const struct format *const *formats = format_list(&count);
    fputs("\n[quern.formats]\nconverted = [", out);
    for (size_t i = 0; i < count; i++) {
        if (formats[i]->convert) {
            write_element(out, written++, formats[i]->name);
        }
    }
    fputs("\n]\nrecognised = [", out);
    written = 0;
    for (size_t i = 0; i < count; i++) {
        if (!formats[i]->convert) {
            write_element(out, written++, formats[i]->name);
        }
    }
    fputs("\n]\nunpacked = [", out);
    written = 0;
    for (size_t i = 0; i < sizeof containers / sizeof *containers; i++) {
        if (i == 0 || !str_equal(containers[i], containers[i - 1])) {
            write_element(out, written++, containers[i]);
        }
    }
    fputs("\n]\n", out);
}

#define X(name) STR_INIT(#name),
static const str faults[] = {FAULT_LIST(X)};
static const str blocks[] = {BLOCK_LIST(X)};
static const str drops[] = {DROP_LIST(X)};
static const str notes[] = {NOTE_LIST(X)};
#undef X

static void write_words(FILE *out, const char *key, const str *words, size_t count)
{
    fprintf(out, "%s = [", key);
    for (size_t i = 0; i < count; i++) {
        write_element(out, i, words[i]);
    }
    fputs("\n]\n", out);
}

/* The words that columns use. Fault `none` stands in no record. */
static void write_vocabulary(FILE *out)
{
    fputs("\n# Words of the columns, so that hosts can branch on them; later versions add more.\n"
          "[quern.words]\n",
          out);
    write_words(out, "error_code", faults + 1, sizeof faults / sizeof *faults - 1);
    write_words(out, "block_kind", blocks, sizeof blocks / sizeof *blocks);
    write_words(out, "dropped_reason", drops, sizeof drops / sizeof *drops);
    write_words(out, "note_code", notes, sizeof notes / sizeof *notes);
}

static const char *column_type_name(enum column_type type)
{
    switch (type) {
    case COLUMN_TYPE_ID:
    case COLUMN_TYPE_STATUS:
    case COLUMN_TYPE_TEXT:
        return "utf8";
    case COLUMN_TYPE_INT:
        return "int64";
    case COLUMN_TYPE_REAL:
        return "float64";
    case COLUMN_TYPE_BOOL:
        return "bool";
    case COLUMN_TYPE_TIME:
        return "timestamp[us, UTC]";
    case COLUMN_TYPE_DATE:
        return "date32";
    case COLUMN_TYPE_TEXTS:
        return "list<utf8>";
    case COLUMN_TYPE_PARTS:
        return "list<struct<part int64, url utf8, final_url utf8, http_status int64, "
               "content_sha256 utf8, content_bytes int64, fetched_at timestamp[us, UTC]>>";
    case COLUMN_TYPE_LINKS:
        return "list<struct<rel utf8, url utf8, text utf8>>";
    case COLUMN_TYPE_BLOCKS:
        return "list<struct<kind utf8, level int64, page_number int64, text utf8, src_part utf8, "
               "src_start int64, src_end int64>>";
    case COLUMN_TYPE_DROPPED:
        return "list<struct<reason utf8, column utf8, text utf8, src_part utf8, src_start int64, "
               "src_end int64>>";
    case COLUMN_TYPE_NOTES:
        return "list<struct<code utf8, offset int64, count int64>>";
    }
    return "";
}

static void write_columns(FILE *out)
{
    for (enum column column = 0; column < COLUMN_COUNT; column++) {
        const enum column_type type = column_type(column);
        fputs("\n[[quern.columns]]\n", out);
        write_entry(out, "name", column_name(column));
        write_entry(out, "type", str_of(column_type_name(type)));
        fprintf(out, "nullable = %s\n",
                type == COLUMN_TYPE_ID || type == COLUMN_TYPE_STATUS ? "false" : "true");
        write_entry(out, "sentence", column_sentence(column));
    }
}

static void write_choices(FILE *out, str words)
{
    str word;
    size_t index = 0;
    fputs("choices = [", out);
    for (size_t at = 0; option_next_word(words, &at, &word);) {
        fputs(index++ ? ", " : "", out);
        write_string(out, word);
    }
    fputs("]\n", out);
}

static void write_option(FILE *out, const struct option_row *row)
{
    static const char *const types[] = {[OPTION_TEXT] = "text",
                                        [OPTION_LIST] = "list",
                                        [OPTION_NUMBER] = "number",
                                        [OPTION_CHOICE] = "choice",
                                        [OPTION_FLAG] = "flag"};
    fputs("\n[[quern.options]]\n", out);
    write_entry(out, "name", row->key);
    write_entry(out, "type", str_of(types[row->kind]));
    switch (row->kind) {
    case OPTION_TEXT:
        write_entry(out, "default", row->default_text);
        break;
    case OPTION_LIST:
        fputs("default = []\n", out);
        break;
    case OPTION_NUMBER:
        fprintf(out, "default = %s\nmin = %lld\nmax = %lld\n", row->default_text.ptr,
                (long long)row->min, (long long)row->max);
        write_entry(out, "unit", row->unit);
        break;
    case OPTION_CHOICE:
        write_entry(out, "default", row->default_text);
        write_choices(out, row->words);
        break;
    case OPTION_FLAG:
        fprintf(out, "default = %s\n", row->default_text.ptr);
        break;
    }
    if (row->is_secret) {
        fputs("secret = true\n", out);
    }
    write_entry(out, "sentence", row->sentence);
}

static void write_manifest(FILE *out, const char *library, const char *driver)
{
    size_t count = 0;
    const struct option_row *rows = option_rows(&count);
    write_head(out, library, driver);
    write_formats(out);
    write_vocabulary(out);
    write_columns(out);
    for (size_t i = 0; i < count; i++) {
        write_option(out, &rows[i]);
    }
}

/* Numbers and not a literal: a standard compiler need not take literals this long. */
static void write_c(FILE *out, const char *text, size_t len)
{
    fputs("/* Made by manifest_main.c. */\n#include \"abi/manifest.h\"\n\n"
          "const char manifest_text[] = {",
          out);
    for (size_t i = 0; i < len; i++) {
        fprintf(out, "%s%d,", i % 20 == 0 ? "\n" : "", (signed char)text[i]);
    }
    fputs("\n0};\n", out);
}

int main(int argc, char **argv)
{
    const bool as_c = argc == 3 && strcmp(argv[1], "--c") == 0;
    if (argc != 2 && argc != 4 && !as_c) {
        fputs("usage: quern_manifest OUT [LIBRARY DRIVER] | quern_manifest --c OUT\n", stderr);
        return EXIT_FAILURE;
    }
    char *text = NULL;
    size_t len = 0;
    FILE *memory = open_memstream(&text, &len);
    FILE *out = fopen(as_c ? argv[2] : argv[1], "wb");
    if (!memory || !out) {
        perror(as_c ? argv[2] : argv[1]);
        return EXIT_FAILURE;
    }
    write_manifest(memory, argc == 4 ? argv[2] : "libquern.so",
                   argc == 4 ? argv[3] : "adbc_driver_quern.so");
    bool written = fclose(memory) == 0;
    if (as_c) {
        write_c(out, text, len);
    } else {
        fwrite(text, 1, len, out);
    }
    written = !ferror(out) && fclose(out) == 0 && written;
    free(text);
    return written ? EXIT_SUCCESS : EXIT_FAILURE;
}
