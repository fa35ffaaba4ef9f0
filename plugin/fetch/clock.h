/* SPDX-License-Identifier: Apache-2.0 */
/* Two clocks: one that only runs forwards, for waiting; one that knows the date, for records. */
#ifndef FETCH_CLOCK_H
#define FETCH_CLOCK_H

#include <stdint.h>
#include <time.h>

/* Milliseconds since some moment of this boot. [any thread] */
static inline int64_t clock_ms(void)
{
    struct timespec now = {.tv_sec = 0};
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Microseconds since 1970-01-01 UTC. [any thread] */
static inline int64_t clock_wall_us(void)
{
    struct timespec now = {.tv_sec = 0};
    (void)clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

#endif
