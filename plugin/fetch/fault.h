/* SPDX-License-Identifier: Apache-2.0 */
/* Tells why a fetch did not give the whole document: once, the first story stays. */
#ifndef FETCH_FAULT_H
#define FETCH_FAULT_H

#include "base/document.h"

/* printf-like; %.*s for slices. What does not fit is cut off; controls and bytes that are no UTF-8 (an
 * error text of a library may quote anything) become `?`. */
void fetch_tell(struct fault *fault, enum fault_code code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
