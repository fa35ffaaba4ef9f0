/* SPDX-License-Identifier: Apache-2.0 */
/* What every fuzz target shares: a rule that must hold, and the entry point libFuzzer calls.
 * Without libFuzzer the same targets are programs that take files (replay.c): the golden inputs go
 * through them in every build. */
#ifndef FUZZ_FUZZ_H
#define FUZZ_FUZZ_H

#include "base/str.h"

#define MUST(condition)                                                                            \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            __builtin_trap();                                                                      \
        }                                                                                          \
    } while (0)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
