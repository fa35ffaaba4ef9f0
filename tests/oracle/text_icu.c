/* SPDX-License-Identifier: Apache-2.0 */
/* text_icu nfc|nfkc: each line of standard input as ICU normalises it; its versions on standard
 * error. The other side of text_forms.py. */
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

#include <stdio.h>
#include <string.h>

enum { LINE_LEN_MAX = 65536, UNITS_MAX = 20 * LINE_LEN_MAX };

int main(int argc, char **argv)
{
    static char line[LINE_LEN_MAX];
    static char out[3 * UNITS_MAX];
    static UChar units[UNITS_MAX];
    static UChar formed[UNITS_MAX];
    UErrorCode error = U_ZERO_ERROR;
    const UNormalizer2 *const form = argc > 1 && strcmp(argv[1], "nfkc") == 0
                                         ? unorm2_getNFKCInstance(&error)
                                         : unorm2_getNFCInstance(&error);
    fprintf(stderr, "ICU %s, Unicode %s\n", U_ICU_VERSION, U_UNICODE_VERSION);
    while (fgets(line, sizeof line, stdin)) {
        int32_t unit_count = 0;
        int32_t len = 0;
        u_strFromUTF8(units, UNITS_MAX, &unit_count, line, -1, &error);
        unit_count = unorm2_normalize(form, units, unit_count, formed, UNITS_MAX, &error);
        u_strToUTF8(out, sizeof out, &len, formed, unit_count, &error);
        if (U_FAILURE(error) || fwrite(out, 1, (size_t)len, stdout) != (size_t)len) {
            fprintf(stderr, "%s\n", u_errorName(error));
            return 1;
        }
    }
    return fflush(stdout) != 0;
}
