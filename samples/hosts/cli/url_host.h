/* SPDX-License-Identifier: Apache-2.0 */
/* Whose an address is.
 */
#ifndef CLI_URL_HOST_H
#define CLI_URL_HOST_H

#include "common/text.h"

/* "https://User@Example.org:8080/x" is of "example.org", whatever the case; of no other host. */
bool url_host_is(span url, span host);

#endif
