/* SPDX-License-Identifier: Apache-2.0 */
/* One entry of a list (a <url>, an <item>, an <entry>) gathered as a whole before any of its links
 * is handed out, for its date may stand behind them. listing.c's own. */
#ifndef FORMATS_LISTING_ENTRY_H
#define FORMATS_LISTING_ENTRY_H

#include "formats/listing.h"

enum { LISTING_VALUE_BYTES_MAX = 8192 /* an address, a date: what is longer is none */ };

struct listing_entry {
    struct listing_link links[LISTING_ENTRY_LINKS_MAX];
    size_t count;
    size_t next;
    str modified;
    str change_frequency;
    int64_t priority_milli;
    bool has_page;
};

void listing_entry_clear(struct listing *listing);

/* Resolves an address and adds it, or counts it as a bad one. */
void listing_entry_add(struct listing *listing, str text, enum listing_rel rel,
                       const struct url *base);

/* At the XML_OPEN of an entry: reads to its XML_CLOSE. An entry that does not end is forgotten. */
void listing_entry_read(struct listing *listing);

/* At the XML_OPEN of anything else beside entries: the next page of a feed, or nothing. */
void listing_entry_read_outside(struct listing *listing);

/* The base in force at the XML_OPEN found last: its xml:base resolved, in the arena, else `base`,
 * which may be NULL. */
const struct url *listing_entry_base(struct listing *listing, struct arena *arena,
                                     const struct url *base);

/* The next link of the entry that was read; false: none is left. */
bool listing_entry_next(struct listing *listing, struct listing_link *out);

#endif
