/* SPDX-License-Identifier: MIT */
/*
 * timeless.h: files as the system has them, without its clock: for a connection
 * opened with it the time 'now' is NULL in every form that SQL knows, also where
 * the word comes out of data. Same store, same answer.
 */
#ifndef STORE_TIMELESS_H
#define STORE_TIMELESS_H

/* The name to open with, for any number of connections; NULL, the default, when
 * SQLite has no file system at all. */
const char *timeless_vfs(void);

#endif
