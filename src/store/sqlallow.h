/* SPDX-License-Identifier: MIT */
/*
 * sqlallow.h: what rules may name of SQLite: functions that give the same
 * answer for the same arguments and have no effect, and tables that tell of
 * events.
 */
#ifndef STORE_SQLALLOW_H
#define STORE_SQLALLOW_H

#include <stdbool.h>

#include "base/sv.h"

/* Of SQLite's own; letters in either case. */
bool sqlallow_function(sv name);
/* False for tables of SQLite's own, which tell about the machine. */
bool sqlallow_table(sv name);

#endif
