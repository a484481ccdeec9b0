/* SPDX-License-Identifier: MIT */
#include "store/timeless.h"

#include <sqlite3.h>
#include <stddef.h>

static int
no_time(sqlite3_vfs *vfs, double *days)
{
	(void)vfs;
	*days = 0;
	return SQLITE_ERROR;
}

static int
no_time_ms(sqlite3_vfs *vfs, sqlite3_int64 *ms)
{
	(void)vfs;
	*ms = 0;
	return SQLITE_ERROR;
}

const char *
timeless_vfs(void)
{
	static sqlite3_vfs ours;
	const sqlite3_vfs *theirs;

	if (ours.zName)
		return ours.zName;
	theirs = sqlite3_vfs_find(NULL);
	if (theirs == NULL)
		return NULL;
	ours = *theirs;
	ours.pNext = NULL;
	ours.zName = "raxx";
	ours.xCurrentTime = no_time;
	if (ours.iVersion >= 2)
		ours.xCurrentTimeInt64 = no_time_ms;
	sqlite3_vfs_register(&ours, 0);
	return ours.zName;
}
