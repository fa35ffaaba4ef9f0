/* SPDX-License-Identifier: Apache-2.0 */
/* robots.txt by RFC 9309: which paths of an origin one crawler may ask for.
 *
 *   bytes ─► lines ─► the groups that name our product token, or else those of `*` ─► rules
 *   path  ─► the rule of most octets that matches; at a tie Allow; without one allowed
 *
 *   2.2    lines end with CR, LF or CR LF, `#` begins a comment, a BOM is passed over
 *   2.2.1  tokens are compared without regard to case; groups of one token are one group; a token is
 *          what a User-agent line begins with (letters, `-`, `_`; also digits, for names have them)
 *   2.2.2  the path from its first octet, octets in one spelling (robots_pattern.h); rules outside
 *          any group are none; /robots.txt itself is always allowed
 *   2.2.3  `*` is any octets, `$` the end
 *   2.2.4  other lines end no group: Crawl-delay, Sitemap, Content-Signal, Content-Usage are kept
 *   2.5    what lies beyond ROBOTS_BYTES_MAX is not read
 *
 * More lenient than the RFC, and only where an author's wish is plain: misspelt names of lines, a
 * missing colon, a path without its first slash. No I/O, no clock: robots_cache.h.
 */
#ifndef FETCH_ROBOTS_H
#define FETCH_ROBOTS_H

#include "base/status.h"
#include "fetch/robots_pattern.h"

enum {
    ROBOTS_BYTES_MAX = 500 * 1024, /* RFC 9309 2.5: at least 500 KiB */
    ROBOTS_TOKEN_BYTES_MAX = 64,
    /* Comparisons for one path, for a file that is made to be slow: with ordinary ones a few
     * hundred. */
    ROBOTS_STEPS_MAX = 1 << 24
};

struct robots_rule {
    struct robots_rule *next;
    struct robots_pattern pattern;
    bool allows;
    size_t line; /* from 1 */
    bytes text;  /* the line as it stood, without comment and outer blanks */
};

/* A line that is kept as it stood. */
struct robots_line {
    struct robots_line *next;
    size_t line;
    bytes name;  /* before the colon */
    bytes value; /* behind it; never empty */
};

struct robots {
    bool is_named;     /* a group names the crawler; else these are the rules for all */
    int64_t delay_ms;  /* Crawl-delay, the longest stated; -1: none */
    size_t delay_line; /* 0: none */
    struct robots_rule *rules;
    struct robots_line *signals;  /* Content-Signal and Content-Usage of the crawler's groups, and
                                   * those before the first group */
    struct robots_line *sitemaps; /* of the whole file */
};

struct robots_verdict {
    bool allowed;
    bool is_costly;                 /* ROBOTS_STEPS_MAX was reached: not allowed */
    const struct robots_rule *rule; /* NULL: none matches, or the path is /robots.txt */
};

/* The product token that a name begins with: `Quern/0.1 (+…)` says `Quern`. Empty: none. */
str robots_token(str name);

/* `content`: lent as long as `out` is used. `token`: as of robots_token. All else lives in the arena.
 * Time and memory are linear in the content. OK, NO_MEMORY. [any thread] */
enum status robots_parse(struct arena *arena, bytes content, str token,
                         struct robots *out) MUST_CHECK;

/* `path`: of a parsed URL, with its query. OK, NO_MEMORY. [any thread] */
enum status robots_judge(const struct robots *robots, struct arena *arena, str path,
                         struct robots_verdict *out) MUST_CHECK;

#endif
