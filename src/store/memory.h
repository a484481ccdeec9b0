/* SPDX-License-Identifier: MIT */
/*
 * memory.h: the memory that SQLite gets. Running out of it ends the program, as
 * elsewhere, but for a statement with a budget: that one fails alone.
 */
#ifndef STORE_MEMORY_H
#define STORE_MEMORY_H

#include <stdbool.h>
#include <stdint.h>

/* For sqlite3_config(), before the first connection. */
void memory_configure(void);

/*
 * Until memory_end() SQLite gets at most `bytes` more than it gives back; what
 * exceeds them is refused and SQLite reports SQLITE_NOMEM. Budgets do not nest.
 */
void memory_begin(int64_t bytes);
/* What is left of them; *refused: was something too much? */
int64_t memory_end(bool *refused);

#endif
