/* SPDX-License-Identifier: Apache-2.0 */
/* The leaves of a formula as LaTeX: characters, names, numbers, texts. For latex.c. */
#ifndef PAGE_LATEX_TOKEN_H
#define PAGE_LATEX_TOKEN_H

#include "base/buf.h"
#include "markup/dom.h"

struct latex {
    struct buf buf;
    bool after_command; /* a letter would run on the command that ends here */
};

/* A piece of LaTeX of our own. */
void latex_add(struct latex *out, const char *piece);

enum latex_token { LATEX_IDENTIFIER, LATEX_NUMBER, LATEX_OPERATOR, LATEX_TEXT };

/* The element's text, which has no white space at its ends. */
void latex_add_token(struct latex *out, enum latex_token kind, str text, str variant);

/* The only character of `text`; 0 when it has none or more. */
uint32_t latex_only_character(str text);

/* Sums, integrals, limits: what takes its limits as scripts. */
bool latex_is_big(str text);

#endif
