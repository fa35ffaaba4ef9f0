/* SPDX-License-Identifier: Apache-2.0 */
/* ICU's UTF-8 normaliser, which is C++ only, as two functions. */
#ifndef BENCH_TEXT_NORMAL_ICU_H
#define BENCH_TEXT_NORMAL_ICU_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The length of the text in NFC; 0: it failed. */
size_t icu_normalize(const char *text, size_t len);
/* The text's length when it is NFC, else 0. */
size_t icu_is_normalized(const char *text, size_t len);
const char *icu_version(void);

#ifdef __cplusplus
}
#endif

#endif
