/* SPDX-License-Identifier: Apache-2.0 */
/* Lines such as "大小:20.33 KB  页数:4页": which values they state, and how they are accounted for. */
#ifndef PAGE_LABELS_H
#define PAGE_LABELS_H

#include "page/metadata.h"
#include "page/profile.h"

/* What a library says of a document, in the page's text and its markup. */
struct statement {
    struct stated doc_id;
    struct stated title;
    struct stated uploader;
    struct stated declared_format;
    struct stated category;
    struct stated site;
    struct stated keywords;
    int64_t declared_bytes; /* -1: not stated */
    int64_t page_count;
    int64_t preview_pages;
    int64_t published; /* days; INT64_MIN: not stated */
};

#define STATEMENT_EMPTY                                                                            \
    ((struct statement){                                                                           \
        .declared_bytes = -1, .page_count = -1, .preview_pages = -1, .published = INT64_MIN})

/* How lines are held against the table. */
struct label_reader {
    const struct lines *lines;
    const struct lexicon *lexicon;
    enum family family;
    bool loose; /* a label needs no colon where its value shows what it is */
    bool apart; /* nor does a name's, where white space sets it apart */
    struct folded *scratch;
};

/* How many values of different columns the line states; 0: it is no line of labels. `*columns` has
 * the bit 1 << column of each. `next` and `*took_next` as in labels_read. */
int labels_count(const struct label_reader *reader, const struct line *line,
                 const struct line *next, uint64_t *columns, bool *took_next);

/* The line's labels and values get their cuts; values that are of their kind go into `statement`.
 * A label that ends the line takes `next` (may be NULL), when that is a value and nothing more;
 * `*took_next` tells. */
enum status labels_read(const struct label_reader *reader, struct line *line, struct line *next,
                        struct statement *statement, bool *took_next) MUST_CHECK;

/* Is the text a value of this kind? */
bool value_fits(enum value_kind kind, str text);

/* Takes the value if it is of its kind and nothing is known of its column yet. */
void statement_take(struct statement *statement, enum column column, enum value_kind kind,
                    struct stated stated);

/* "《…》由会员上传分享,…更多相关内容在CATEGORY-SITE" and its kin. */
enum status sharing_read(const struct lines *lines, struct line *line, const char *rule,
                         struct folded *scratch, struct statement *statement) MUST_CHECK;

enum status statement_say(const struct statement *statement, struct sink *sink) MUST_CHECK;

#endif
