/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_BASE_SORT_H
#define ICWS_BASE_SORT_H

#include <stddef.h>

#define ICWS_SORT_ITEM_MAX_BYTES 64

/* Compares two items: negative, zero or positive. */
typedef int icws_sort_compare_fn(const void *a, const void *b);

/* icws_sort puts the |count| items of |size| bytes (ICWS_SORT_ITEM_MAX_BYTES at most) at |items| in
 * increasing order, in place and in O(n log n) steps whatever the order was: others choose it. */
void icws_sort(void *items, size_t count, size_t size, icws_sort_compare_fn *compare);

#endif
