/* SPDX-License-Identifier: Apache-2.0 */
/* Which vectors this machine has: AVX2 is asked for at run time, NEON is part of every aarch64. */
#ifndef TEXT_SIMD_H
#define TEXT_SIMD_H

#include <stdbool.h>

/* For tests only: the portable paths are taken, as on a machine without vectors. */
extern bool simd_is_refused;

#if defined(__x86_64__)
#define SIMD_X86  1
#define SIMD_AVX2 __attribute__((target("avx2,bmi,popcnt")))
/* Of what must become part of the function that calls it. */
#define SIMD_AVX2_INLINE SIMD_AVX2 static inline __attribute__((always_inline))
static inline bool simd_has_avx2(void)
{
    return !simd_is_refused && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("popcnt") &&
           __builtin_cpu_supports("bmi");
}
#elif defined(__aarch64__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define SIMD_NEON 1
#endif

#endif
