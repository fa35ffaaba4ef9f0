/* SPDX-License-Identifier: Apache-2.0 */
/* What was asked and what was answered, kept as it went over the wire: WARC 1.1 files (ISO 28500) in
 * a folder, a gzip member a record.
 *
 *   FOLDER/quern-20240517083015-PID-00000.warc.gz     warcinfo, then request and response in turn
 *
 * A 304 to conditions of ours is a `revisit`. Fields of our own: `Quern-Document` is the same for all
 * requests of one document, `Quern-Ended` says how an answer broke off. Values of Authorization headers are left out. Reading: formats/warc.
 */
#ifndef FETCH_ARCHIVE_H
#define FETCH_ARCHIVE_H

#include "base/arena.h"
#include "base/document.h"
#include "base/settings.h"
#include "fetch/tap.h"

struct archive;

/* Makes the folder where it is missing, finishes what killed writers left in it. The settings `warc`
 * and `warc_bytes_max` are lent until archive_close. NULL: the fault tells. [any thread; afterwards one thread
 * at a time] */
struct archive *archive_open(const struct settings *settings, struct fault *fault);

/* Finishes what killed writers left, and nothing else. [any thread] */
void archive_recover(const struct settings *settings);

/* The requests of one document and what was answered, one after the other in one file; those without
 * an answer are left out. False: errno says why they are not in the archive. */
bool archive_add(struct archive *archive, const struct tap *first);

/* Everything to the disk and under its final name. NULL is allowed. */
void archive_close(struct archive *archive);

#endif
