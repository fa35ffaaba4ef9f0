/* SPDX-License-Identifier: Apache-2.0 */
/* Paths of robots.txt rules and of URLs in one spelling, so that both can be compared (RFC 9309
 * 2.2.2 and 2.2.3).
 *
 *   /a b/%7e%e4*x$    the rule  ─► / a %20 b / ~ %E4 ANY x, held to the end
 *   /a%20b/~%E4…x     the path  ─► units of one character or one encoded byte each
 *
 * Encoded unreserved characters are decoded, all that is outside ASCII is encoded, everything else
 * stays as it was written; `*` and `$` are special in rules only, and %2A and %24 there mean the
 * characters. A delimiter in a URL's query equals itself encoded: the RFC's table has both as one.
 */
#ifndef FETCH_ROBOTS_PATTERN_H
#define FETCH_ROBOTS_PATTERN_H

#include "base/arena.h"

/* A path taken apart. */
struct robots_path {
    const uint16_t *units;
    size_t count;
};

struct robots_pattern {
    struct robots_path path;
    bool is_whole; /* `$`: the path must end where the pattern does */
    size_t octets; /* in this spelling, `*` and `$` counted: how specific it is */
};

/* The path of a URL with its query. `.units` NULL: no memory. */
struct robots_path robots_path_read(struct arena *arena, str path);

/* The value of an Allow or Disallow line, which may be any bytes. `.path.units` NULL: no memory. */
struct robots_pattern robots_pattern_read(struct arena *arena, bytes value);

/* Each comparison of two units takes one of *steps; with none left the answer is false. A pattern
 * with `*` costs at most its length times the path's: the leftmost place is always the best one. */
bool robots_pattern_matches(const struct robots_pattern *pattern, struct robots_path path,
                            int64_t *steps);

#endif
