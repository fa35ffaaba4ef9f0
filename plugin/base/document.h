/* SPDX-License-Identifier: Apache-2.0 */
/* One document on its way: its content, what was said of it outside, and what was found inside.
 *
 *   content ──(text/ decodes)──► text ──(formats)──► events with spans in `text`
 *      ▲                           │
 *      └──── origin: text offset ──┘   asked only when somebody wants byte ranges
 *
 * It knows no host, no source and no job: everything a converter may see is in here.
 */
#ifndef BASE_DOCUMENT_H
#define BASE_DOCUMENT_H

#include "base/arena.h"
#include "base/status.h"

/* What one word for a failed, partial or refused record may be (column error_code). */
#define FAULT_LIST(X)                                                                              \
    X(none)                                                                                        \
    X(empty)              /* no byte of content */                                                 \
    X(not_text)           /* binary content that no format claims */                               \
    X(unsupported_format) /* recognised, but there is no converter yet */                          \
    X(bad_format)         /* its own structure does not hold */                                    \
    X(encrypted)          /* needs a password */                                                   \
    X(limit)              /* a named limit was reached */                                          \
    X(no_memory)                                                                                   \
    X(not_found)  /* no such file */                                                               \
    X(unreadable) /* the file cannot be opened or read */                                          \
    X(bad_url)                                                                                     \
    X(http_status) /* the server's answer was not a success */                                     \
    X(connect)     /* no connection: name, address, refusal, TLS */                                \
    X(timeout)                                                                                     \
    X(truncated)       /* the transfer or the archive ended early */                               \
    X(bad_coding)      /* the content coding (gzip, deflate) does not decode */                    \
    X(redirect)        /* too many, circular, or to where we do not go */                          \
    X(address_refused) /* the address policy forbids it */                                         \
    X(robots)          /* robots.txt forbids it, or an answer to it that means no */               \
    X(internal)

enum fault_code {
#define X(name) FAULT_##name,
    FAULT_LIST(X)
#undef X
};
str fault_code_name(enum fault_code code);

/* Why the document is not whole, told once, where it was seen. */
struct fault {
    enum fault_code code;
    char message[240]; /* NUL-terminated UTF-8 for people; cut at a code point */
    int64_t offset;    /* byte offset into the content; -1: nowhere in particular */
};

/* The first fault stays. `offset` as in struct fault. printf-like; %.*s for slices. What does not
 * fit is cut off; controls and bytes that are no UTF-8 become `?`. */
void fault_tell(struct fault *fault, enum fault_code code, int64_t offset, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Damage that was read past and changes that were made: counted, with the first place. */
#define NOTE_LIST(X)                                                                               \
    X(bad_bytes)            /* bytes that the charset has no character for: U+FFFD */              \
    X(control_removed)      /* U+0000 to U+001F and the like, taken out */                         \
    X(normalised)           /* places that the normal form changed */                              \
    X(line_end_changed)     /* CR LF, CR, VT, FF, U+0085, U+2028, U+2029 became LF */              \
    X(invisible_removed)    /* zero-width characters that did nothing where they stood */          \
    X(tag_removed)          /* characters of the block U+E0000 that spell no flag */               \
    X(soft_hyphen_removed)  /* U+00AD; at a line's end it became a hyphen */                       \
    X(width_folded)         /* full-width ASCII became ASCII: option fold_width */                 \
    X(bullet_mapped)        /* bullets of Symbol and Wingdings that had lost their font */         \
    X(private_use_kept)     /* characters that mean nothing without their font */                  \
    X(replacement_kept)     /* U+FFFD that stood in the content already */                         \
    X(noncharacter_kept)    /* U+FDD0 to U+FDEF, U+xFFFE, U+xFFFF */                               \
    X(direction_kept)       /* marks of writing direction, not seen themselves */                  \
    X(bad_reference)        /* a character reference the standard calls an error */                \
    X(charset_label_wrong)  /* the declared charset was not the one it is in */                    \
    X(depth_limit)          /* elements nested deeper than we keep */                              \
    X(cut_mid_sentence)     /* the text ends inside a sentence */                                  \
    X(preview_gate)         /* a gate stands behind the text */                                    \
    X(text_cap)             /* the text ends at a round number of characters */                    \
    X(page_missing)         /* pages stated but not shown */                                       \
    X(body_absent)          /* a document page without the document */                             \
    X(fragment_unproven)    /* numbers that look like fragment marks and were left */              \
    X(entry_passed_over)    /* links and devices in an archive: entries without content */         \
    X(bad_checksum)         /* an archive's checksum does not match its data */                    \
    X(name_charset_guessed) /* a member's name was decoded by detection */                         \
    X(name_undecodable)     /* bytes of a member's name were percent-encoded */                    \
    X(redirected)                                                                                  \
    X(retried)                                                                                     \
    X(crawl_delay_capped)  /* robots.txt states more than crawl_delay_max_s */                     \
    X(media_type_wrong)    /* declared and actual type differ */                                   \
    X(text_after_end)      /* content behind the end of the format, converted too */               \
    X(repaired_mojibake)   /* code points that were read in a wrong encoding, put right */         \
    X(lost_to_replacement) /* characters of which U+FFFD misread is left: 锟斤拷 for two */     \
    X(memory_filling)      /* 烫烫烫, 屯屯屯: memory that was never written, read as GBK */  \
    X(name_repaired)       /* code points of a member's name, put right like repaired_mojibake */  \
    X(pinyin_noise)        /* readings that a mirror put behind characters, left: 說(shuō) */    \
    X(masked)              /* characters that a site made unreadable, left: 世*** */              \
    X(noscript_read)       /* noscript elements that were read, for the page shows nothing else */ \
    X(json_ld_skipped)     /* scripts of JSON-LD that are too long to be read */

enum note_code {
#define X(name) NOTE_##name,
    NOTE_LIST(X)
#undef X
        NOTE_COUNT
};
str note_code_name(enum note_code code);

struct note {
    int64_t count;  /* 0: did not happen */
    int64_t offset; /* of the first one, in bytes of content; -1: nowhere in particular */
};

/* What was said of the content from outside; each may be empty. Lent for the document's life. */
struct hints {
    str name;        /* file or member name; only its ending is looked at */
    str url;         /* final URL: base of relative links */
    str media_type;  /* declared, without parameters, lower case */
    str charset;     /* declared by the transport (HTTP Content-Type) */
    str charset_set; /* the option `charset`: overrules everything else */
};

/* How an offset in the decoded text becomes an offset in the content. Made by text/decode. */
struct origin;

struct document {
    struct arena *arena;
    bytes content;
    struct hints hints;
    size_t text_bytes_max;
    size_t depth_max; /* of nested elements; deeper ones are flattened, with a note */

    /* Found on the way. */
    str format;
    str media_type;
    str converter;      /* "html/1" */
    str charset;        /* WHATWG name */
    str charset_source; /* column charset_source */
    str page_type;
    const struct origin *origin; /* NULL: offsets of events are offsets of the content */
    int64_t replaced;            /* U+FFFD put in by decoding, and characters lost before */
    int64_t repaired;            /* code points changed by repair; -1: the option `repair` is off */
    struct fault fault;
    struct note notes[NOTE_COUNT];
};

/* fault_tell for the document's fault; answers FAILED, so that `return document_fail(…)` reads
 * well. */
enum status document_fail(struct document *document, enum fault_code code, int64_t offset,
                          const char *format, ...) __attribute__((format(printf, 4, 5)));

/* The same for the arena's limit; answers NO_MEMORY. */
enum status document_out_of_memory(struct document *document);

/* `offset` in bytes of content, or -1. */
void document_note(struct document *document, enum note_code code, int64_t offset);
void document_note_many(struct document *document, enum note_code code, int64_t offset,
                        int64_t count);

#endif
