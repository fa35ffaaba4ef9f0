/* SPDX-License-Identifier: Apache-2.0 */
/* Lists of addresses that sites publish: sitemaps (sitemaps.org: urlset, index, plain text) and
 * feeds (RSS 0.9x to 2.0, RSS 1.0, Atom), read as one sequence of links.
 *
 *   listing_open ─► listing_next … ─► false: listing.end says whether that was all of it
 *
 * A list that is cut off or breaks gives every entry that was whole before. Addresses are resolved
 * and normalised by base/url; what is no http or https URL is counted and passed over. Compressed
 * lists are unpacked by the caller. Not for HTML pages with links in them.
 */
#ifndef FORMATS_LISTING_H
#define FORMATS_LISTING_H

#include "base/url.h"
#include "markup/xml.h"

enum {
    LISTING_LINKS_MAX = 50000,                   /* sitemaps.org, "Sitemap file location" */
    LISTING_BYTES_MAX = 50 * 1024 * 1024,        /* the same, uncompressed */
    LISTING_ENTRY_LINKS_MAX = 64,                /* of one entry: its page and enclosures */
    LISTING_SCRATCH_BYTES_MAX = 16 * 1024 * 1024 /* what one entry may cost */
};

enum listing_kind {
    LISTING_FOREIGN, /* none of these */
    LISTING_URLSET,
    LISTING_INDEX, /* of sitemaps */
    LISTING_TEXT,
    LISTING_RSS,
    LISTING_RDF, /* RSS 1.0 and 0.90 */
    LISTING_ATOM
};
str listing_kind_name(enum listing_kind kind);

enum listing_rel {
    LISTING_PAGE,
    LISTING_SITEMAP,   /* another list */
    LISTING_ENCLOSURE, /* a file that belongs to an entry */
    LISTING_NEXT       /* the next page of this feed (RFC 5005 3) */
};
str listing_rel_name(enum listing_rel rel);

enum listing_end {
    LISTING_OPEN, /* there may be more */
    LISTING_WHOLE,
    LISTING_CUT,    /* the content ended first */
    LISTING_BROKEN, /* from some place on it is no XML */
    LISTING_LIMIT,  /* a limit of the above */
    LISTING_NO_MEMORY
};
str listing_end_name(enum listing_end end);

struct listing_link {
    str url; /* normalised, without fragment */
    enum listing_rel rel;
    bool other_host;        /* not the web host of the list itself */
    str modified;           /* as it stands; empty: not stated */
    int64_t modified_us;    /* since 1970-01-01 UTC; INT64_MIN: not stated, or not a date */
    str change_frequency;   /* always … never, as sitemaps.org has it; empty: not stated */
    int64_t priority_milli; /* 0 to 1000; -1: not stated */
};

struct listing_entry;

struct listing {
    enum listing_kind kind;
    enum listing_end end;
    int64_t link_count; /* handed out */
    int64_t bad_count;  /* addresses that are no URLs of http or https */

    /* Its own. */
    struct arena *arena;
    struct arena scratch;
    struct arena_position scratch_start;
    struct xml xml;
    str lines;              /* LISTING_TEXT: what is left of it */
    bool is_clipped;        /* there was more than LISTING_BYTES_MAX */
    const struct url *base; /* with xml:base; NULL: none */
    str web_host;           /* of the list itself; empty: unknown */
    struct listing_entry *entry;
};

/* What the content is, by its first element or line; `listing->kind` tells. `charset`: of the
 * transport, may be empty. `base`: the address it came from; NULL: relative addresses are bad ones.
 * All lent until listing_close. False: no memory. [any thread; afterwards one thread at a time] */
bool listing_open(struct listing *listing, struct arena *arena, bytes content, str charset,
                  const struct url *base);

/* The next link, lent until the next call. False: `listing->end` is no longer LISTING_OPEN. */
bool listing_next(struct listing *listing, struct listing_link *out);

void listing_close(struct listing *listing);

#endif
