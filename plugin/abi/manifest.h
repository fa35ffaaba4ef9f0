/* SPDX-License-Identifier: Apache-2.0 */
/* plugin.toml as it stood when this library was built; made by manifest_main.c. */
#ifndef ABI_MANIFEST_H
#define ABI_MANIFEST_H

extern const char manifest_text[]; /* NUL-terminated UTF-8 */

#endif
