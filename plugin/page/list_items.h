/* SPDX-License-Identifier: Apache-2.0 */
/* The numbers that a browser puts in front of the items of a list. */
#ifndef PAGE_LIST_ITEMS_H
#define PAGE_LIST_ITEMS_H

#include "markup/dom.h"

/* A list while it is walked. */
struct list {
    bool numbered;
    bool reversed;
    int32_t next;
};

/* HTML: the ol element: start, reversed. Any other list has no numbers. */
struct list list_begin(const struct node *element);

/* The number of the item that begins; 0: none is shown, or one below 1. */
uint32_t list_number(struct list *list, const struct node *item);

#endif
