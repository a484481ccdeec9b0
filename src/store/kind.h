/* SPDX-License-Identifier: MIT */
/*
 * kind.h: numbers of record kinds inside the store. `rec`, as the views show
 * it, names one record over all tables: id * 16 + kind.
 */
#ifndef STORE_KIND_H
#define STORE_KIND_H

#include <stdint.h>

#include "record/rec.h"

enum { REC_KIND_BITS = 4 };

/* The table that rows of a kind are written to; rec_kinds[].table has them
 * whole, and is a view where they are not kept so. */
static inline const char *
kind_base(int kind)
{
	return kind == REC_REQUEST ? "request_row" : rec_kinds[kind].table;
}

#endif
