/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright lines: "© 2019 Verlag", "Copyright 2019 …", 版权所有, "All rights reserved". One that is
 * dropped anyway is dropped for what it is and becomes a value of the column rights; one in the body
 * stays there, and is a value too. */
#ifndef PAGE_RIGHTS_H
#define PAGE_RIGHTS_H

#include "page/lines.h"
#include "page/metadata.h"

/* Behind the choice of lines. */
void rights_read(struct lines *lines, struct metadata *metadata);

#endif
