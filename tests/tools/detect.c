/* SPDX-License-Identifier: Apache-2.0 */
/* File names on standard input; for each: name TAB encoding ("-": no evidence, or
 * no text) TAB confidence TAB language ("-": not known). --ebcdic: EBCDIC is looked for, too;
 * --evidence: two columns more, what decided and by how many nats. */
#include "base/blob.h"
#include "text/detect.h"

#include <stdio.h>

enum { NAME_LEN_MAX = 4096, FILE_BYTES_MAX = 1 << 28 };

int main(int count, char **arguments)
{
    bool ebcdic = false;
    bool evidence = false;
    for (int i = 1; i < count; i++) {
        ebcdic = ebcdic || strcmp(arguments[i], "--ebcdic") == 0;
        evidence = evidence || strcmp(arguments[i], "--evidence") == 0;
    }
    char name[NAME_LEN_MAX];
    while (fgets(name, sizeof name, stdin)) {
        name[strcspn(name, "\n")] = '\0';
        int reason = 0;
        struct blob *const blob = blob_open_file(name, FILE_BYTES_MAX, FILE_BYTES_MAX, &reason);
        if (!blob) {
            fprintf(stderr, "%s: %s\n", name, strerror(reason));
            return 1;
        }
        struct detection found;
        detect(blob_content(blob), &(struct detect_hints){.ebcdic = ebcdic}, &found);
        const str label = found.charset ? charset_name(found.charset) : STR("-");
        const str language = found.language.len ? found.language : STR("-");
        printf("%s\t%.*s\t%.3f\t%.*s", name, (int)label.len, label.ptr, found.confidence,
               (int)language.len, language.ptr);
        if (evidence) {
            const str what = found.evidence.len ? found.evidence : found.source;
            printf("\t%.*s\t%.1f", (int)what.len, what.ptr, found.margin);
        }
        printf("\n");
        blob_close(blob);
    }
    return 0;
}
