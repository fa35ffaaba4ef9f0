/* SPDX-License-Identifier: Apache-2.0 */
/* What every format written in text does once its encoding is known: decode, and say so in the
 * document. Not the judgement which encoding it is; that differs by format. */
#ifndef CONVERT_DECODED_H
#define CONVERT_DECODED_H

#include "base/document.h"
#include "base/sink.h"
#include "text/detect.h"

/* Sets charset, charset_source, origin and replaced, and notes what was wrong. `detection` names a
 * charset, and another one afterwards where too many errors show that it was wrong; `sink` gets
 * pulses. Text that was misread as a whole before it came is put right (text/misread.h) and counted
 * in `repaired`, unless that is -1. OK, NO_MEMORY or the sink's answer. */
enum status document_decode(struct document *document, struct detection *detection,
                            struct sink *sink, str *out) MUST_CHECK;

#endif
