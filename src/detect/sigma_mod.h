/* SPDX-License-Identifier: MIT */
/*
 * sigma_mod.h: the modifiers behind a field's name, "field|wide|contains".
 * Those that change a value are kept in their order; where the others stand
 * does not matter.
 */
#ifndef DETECT_SIGMA_MOD_H
#define DETECT_SIGMA_MOD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/sv.h"

enum sigma_mod {
	MOD_CONTAINS = 1 << 0,
	MOD_STARTS = 1 << 1,
	MOD_ENDS = 1 << 2,
	MOD_ALL = 1 << 3,
	MOD_CASED = 1 << 4,
	MOD_EXISTS = 1 << 5,
	MOD_NEQ = 1 << 6,
	MOD_RE = 1 << 7,
	MOD_I = 1 << 8,
	MOD_M = 1 << 9,
	MOD_S = 1 << 10,
	MOD_LT = 1 << 11,
	MOD_LTE = 1 << 12,
	MOD_GT = 1 << 13,
	MOD_GTE = 1 << 14,
	MOD_CIDR = 1 << 15,
	MOD_FIELDREF = 1 << 16,
	MOD_EXPAND = 1 << 17,
	MOD_WINDASH = 1 << 18,
	MOD_UTF16LE = 1 << 19,
	MOD_UTF16BE = 1 << 20,
	MOD_UTF16 = 1 << 21,
	MOD_BASE64 = 1 << 22,
	MOD_BASE64OFFSET = 1 << 23,
	MOD_MINUTE = 1 << 24,
	MOD_HOUR = 1 << 25,
	MOD_DAY = 1 << 26,
	MOD_WEEK = 1 << 27,
	MOD_MONTH = 1 << 28,
	MOD_YEAR = 1 << 29
};

enum {
	MODS_NUMERIC = MOD_LT | MOD_LTE | MOD_GT | MOD_GTE,
	MODS_AFFIX = MOD_CONTAINS | MOD_STARTS | MOD_ENDS,
	MODS_RE_FLAGS = MOD_I | MOD_M | MOD_S,
	MODS_UTF16 = MOD_UTF16LE | MOD_UTF16BE | MOD_UTF16,
	MODS_BASE64 = MOD_BASE64 | MOD_BASE64OFFSET,
	MODS_CHANGE = MOD_EXPAND | MOD_WINDASH | MODS_UTF16 | MODS_BASE64,
	MODS_TIME = MOD_MINUTE | MOD_HOUR | MOD_DAY | MOD_WEEK | MOD_MONTH |
	    MOD_YEAR
};

enum { SIGMA_CHANGES_MAX = 8 };

struct sigma_mods {
	unsigned bits; /* of enum sigma_mod */
	unsigned change[SIGMA_CHANGES_MAX]; /* of MODS_CHANGE, in order */
	size_t nchanges;
};

enum sigma_mods_end {
	MODS_OK,
	MODS_UNKNOWN, /* no such modifier */
	MODS_LATE,    /* it must be the first one */
	MODS_CLASH    /* it cannot stand behind those before it */
};

/* Reads "a|b|c", or a null view for none; *name is then the modifier that an
 * answer other than MODS_OK is about. */
enum sigma_mods_end sigma_mods_read(sv text, struct sigma_mods *out, sv *name);

#endif
