/* SPDX-License-Identifier: MIT */
/*
 * table.h: memory for a table in which places are looked at before they are
 * written. That of calloc comes page by page, at the first look as a page that all
 * have, at the first write as one of its own, of which each time the processors of
 * the other threads have to be told.
 */
#ifndef BASE_TABLE_H
#define BASE_TABLE_H

#include <stddef.h>

/* n items of `size` bytes, all 0; where the system can, all of it is there at once.
 * To be freed. */
void *table_new(size_t n, size_t size);

#endif
