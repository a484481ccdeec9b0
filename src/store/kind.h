/* SPDX-License-Identifier: MIT */
/*
 * kind.h: numbers of record kinds inside the store. `rec`, as the views show
 * it, names one record over all tables: id * 16 + kind.
 */
#ifndef STORE_KIND_H
#define STORE_KIND_H

#include <stdbool.h>
#include <stdint.h>

#include "record/rec.h"

enum { REC_KIND_BITS = 4 };

/* Line and byte of a row r of a kind's table, which do not stand in most. */
#define KIND_LINE \
	"coalesce(r.line, r.id - (SELECT first FROM source WHERE id = r.source))"
#define KIND_BYTE "iif(r.line IS NULL, r.byte + (SELECT byte FROM stretch " \
	"WHERE id = r.id & -64), r.byte)"

/* Are rows of the kind so many that their line is left out? The schema says so
 * too. */
static inline bool
kind_numbered(int kind)
{
	return kind >= REC_REQUEST && kind <= REC_METRIC;
}

/* The table that rows of a kind are written to; rec_kinds[].table has them
 * whole, and is a view where they are not kept so. */
static inline const char *
kind_base(int kind)
{
	return kind == REC_REQUEST ? "request_row" : rec_kinds[kind].table;
}

#endif
