/* SPDX-License-Identifier: Apache-2.0 */
/* Lines of a forum that say when a contribution was made and what may be done with it:
 *
 *   沙发 发表于 2020-10-24 10:34 | 只看该作者        #3 Posted on 12 March 2019 at 10:22 · Reply
 */
#ifndef PAGE_POST_LINE_H
#define PAGE_POST_LINE_H

#include "base/str.h"

/* Is it a day, and beside it nothing but times, numbers, signs and words of post_line.def? Linear;
 * a long line is none. [any thread] */
bool post_line_is(str line);

#endif
