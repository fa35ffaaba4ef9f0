/* SPDX-License-Identifier: Apache-2.0 */
/* A fuzz target without a fuzzer: each argument is a file, or a folder of files, that goes through
 * it once; so does every file's first half, which is damaged more often than not. */
#include "fuzz.h"

#include "harness/zip_folder.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>

static long file_count;

static int replay(const char *path, const struct stat *about, int kind, struct FTW *where)
{
    size_t len = 0;
    (void)about;
    (void)where;
    if (kind != FTW_F) {
        return 0;
    }
    uint8_t *data = file_read(path, &len);
    if (!data) {
        return 1;
    }
    /* Memory of exactly that size, so that a read behind the end is seen. */
    const size_t sizes[] = {len, len / 2};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        uint8_t *copy = malloc(sizes[i] ? sizes[i] : 1);
        memcpy(copy, data, sizes[i]);
        LLVMFuzzerTestOneInput(copy, sizes[i]);
        free(copy);
    }
    free(data);
    file_count++;
    return 0;
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (nftw(argv[i], replay, 16, FTW_PHYS) != 0) {
            return 1;
        }
    }
    printf("%ld files went through\n", file_count);
    return file_count == 0;
}
