/* SPDX-License-Identifier: MIT */
/*
 * SQLite's own accounting costs a lock for every allocation, of which loading
 * makes many; so only what a budget is for is counted. A block that was there
 * before a budget began may be given back in it: the count may go below zero.
 */
#include "store/memory.h"

#include <assert.h>
#include <sqlite3.h>
#include <stddef.h>

#include "base/oom.h"

/* Memory as SQLite gets it by default. */
static sqlite3_mem_methods plain;

static struct {
	bool on, refused;
	int64_t left;
} budget;

/* Is there room for n more bytes? */
static bool
room(int64_t n)
{
	if (!budget.on || n <= budget.left)
		return true;
	budget.refused = true;
	return false;
}

/* A block may be larger than what was asked for. */
static void *
taken(void *p)
{
	if (p == NULL)
		oom();
	if (budget.on)
		budget.left -= plain.xSize(p);
	return p;
}

static void
given(void *p)
{
	if (budget.on && p)
		budget.left += plain.xSize(p);
}

static void *
get(int n)
{
	return room(n) ? taken(plain.xMalloc(n)) : NULL;
}

static void
give(void *p)
{
	given(p);
	plain.xFree(p);
}

static void *
resize(void *p, int n)
{
	if (!room((int64_t)n - plain.xSize(p)))
		return NULL;
	given(p);
	return taken(plain.xRealloc(p, n));
}

/* A value that could not be copied for want of memory would be bound as NULL:
 * so running out of it ends the program here. */
void
memory_configure(void)
{
	sqlite3_mem_methods ours;

	sqlite3_config(SQLITE_CONFIG_GETMALLOC, &plain);
	ours = plain;
	ours.xMalloc = get;
	ours.xFree = give;
	ours.xRealloc = resize;
	sqlite3_config(SQLITE_CONFIG_MALLOC, &ours);
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

void
memory_begin(int64_t bytes)
{
	assert(!budget.on);
	budget.on = true;
	budget.refused = false;
	budget.left = bytes;
}

int64_t
memory_end(bool *refused)
{
	assert(budget.on);
	budget.on = false;
	*refused = budget.refused;
	return budget.left;
}
