/* SPDX-License-Identifier: Apache-2.0 */
/* The host of an http URL in its one canonical spelling, so that a policy or a politeness table
 * never meets the same address in two forms.
 *
 *   LocalHost  0x7f.1  [::FFFF:7F00:1]  例子.中国
 *   localhost  127.0.0.1  [::ffff:7f00:1]  xn--fsqu00a.xn--fiqs8s
 *
 * Names outside ASCII: the code points whose IDNA mapping (UTS #46) is themselves or their lower
 * case (ideographs, kana, Hangul syllables, Latin-1, Greek and Cyrillic letters, full-width ASCII);
 * any other is refused rather than sent in a form that another parser would not have made.
 */
#ifndef BASE_HOST_H
#define BASE_HOST_H

#include "base/arena.h"

enum {
    HOST_LABEL_BYTES_MAX = 63, /* RFC 1035 2.3.4 */
    HOST_BYTES_MAX = 255       /* RFC 1035 2.3.4 */
};

enum host_verdict { HOST_OK, HOST_BAD, HOST_NO_MEMORY };

/* `text`: what stands between `//` (or `@`) and the port. [any thread] */
enum host_verdict host_parse(struct arena *arena, str text, str *out);

#endif
