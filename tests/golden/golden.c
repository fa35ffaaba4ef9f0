/* SPDX-License-Identifier: Apache-2.0 */
/* Every golden input becomes exactly the rows that stand beside it.
 *
 *   golden FOLDER…            compares, and shows the first line that differs
 *   UPDATE_GOLDEN=1 golden …  writes what came out: read the diff as if someone else had
 *   golden --seeds OUT FOLDER…   writes the inputs as plain files: seeds for the fuzzers
 */
#include "harness/inputs.h"
#include "harness/rows.h"
#include "harness/zip_folder.h"

#include <stdlib.h>

struct golden {
    const char *seeds; /* folder; NULL: compare */
    bool update;
    int input_count;
    int failure_count;
    long rows_of_input;
    FILE *out;
};

static void write_row(void *context, const struct row *row)
{
    struct golden *golden = context;
    fputs(golden->rows_of_input++ ? ",\n" : "[\n", golden->out);
    row_write(row, golden->out);
}

/* All rows of one input as text; NULL after a problem that was told. The caller frees it. */
static char *rows_as_text(struct golden *golden, const struct input *input)
{
    char *text = NULL;
    size_t len = 0;
    struct rows rows = {.each = write_row, .context = golden};
    golden->rows_of_input = 0;
    golden->out = open_memstream(&text, &len);
    const int32_t status = input_convert(input, input->data, input->len, NULL, &rows);
    fputs("\n]\n", golden->out);
    fclose(golden->out);
    if (status != QUERN_OK || rows.error || rows.problem_count || rows.row_count == 0) {
        fprintf(stderr, "%s: status %d, errno %d, %ld rows, %ld rules broken\n", input->path,
                (int)status, rows.error, rows.row_count, rows.problem_count);
        free(text);
        return NULL;
    }
    return text;
}

static void show_difference(const char *path, const char *expected, const char *actual)
{
    int line = 1;
    const char *e = expected;
    const char *a = actual;
    for (; *e && *e == *a; e++, a++) {
        if (*e == '\n') {
            line++;
            expected = e + 1;
            actual = a + 1;
        }
    }
    fprintf(stderr, "%s:%d: expected %.*s\n%s:%d: got      %.*s\n", path, line,
            (int)strcspn(expected, "\n"), expected, path, line, (int)strcspn(actual, "\n"), actual);
}

static bool write_file(const char *path, const void *data, size_t len)
{
    FILE *file = fopen(path, "wb");
    const bool written = file && fwrite(data, 1, len, file) == len;
    if (!file || fclose(file) != 0 || !written) {
        perror(path);
        return false;
    }
    return true;
}

static bool compare(const struct input *input, const char *actual, bool update)
{
    char path[1100];
    size_t len = 0;
    (void)snprintf(path, sizeof path, "%s.json", input->path);
    if (update) {
        return write_file(path, actual, strlen(actual));
    }
    char *expected = (char *)file_read(path, &len);
    const bool same = expected && strcmp(expected, actual) == 0;
    if (expected && !same) {
        show_difference(path, expected, actual);
    }
    free(expected);
    return same;
}

static void take(void *context, struct input *input)
{
    struct golden *golden = context;
    golden->input_count++;
    if (golden->seeds) {
        char path[1100];
        (void)snprintf(path, sizeof path, "%s/%d-%s", golden->seeds, golden->input_count,
                       strrchr(input->path, '/') + 1);
        golden->failure_count += !write_file(path, input->data, input->len);
        return;
    }
    char *actual = rows_as_text(golden, input);
    const bool good = actual && compare(input, actual, golden->update);
    golden->failure_count += !good;
    printf("%s %s\n", good ? "ok  " : "FAIL", input->path);
    free(actual);
}

int main(int argc, char **argv)
{
    const char *update = getenv("UPDATE_GOLDEN");
    struct golden golden = {.update = update && *update == '1'};
    int first = 1;
    if (argc > 3 && strcmp(argv[1], "--seeds") == 0) {
        golden.seeds = argv[2];
        first = 3;
    }
    for (int i = first; i < argc; i++) {
        if (!inputs_each(argv[i], take, &golden)) {
            fprintf(stderr, "%s: no inputs, or one of them cannot be read\n", argv[i]);
            golden.failure_count++;
        }
    }
    printf("%d inputs, %d failed\n", golden.input_count, golden.failure_count);
    return golden.failure_count || !golden.input_count;
}
