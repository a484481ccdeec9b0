/* SPDX-License-Identifier: MIT */
/*
 * slot.h: the place of something in a table of 1 << bits places, by one or two
 * numbers that say what it is. In memory only. Whoever chooses the numbers can
 * choose the place too, so it is for tables that only remember what came last.
 */
#ifndef BASE_SLOT_H
#define BASE_SLOT_H

#include <stddef.h>
#include <stdint.h>

static inline size_t
slot_by(uint64_t x, unsigned bits)
{
	return (size_t)(x * UINT64_C(0x9e3779b97f4a7c15) >> (64 - bits));
}

static inline size_t
slot_by_two(uint64_t x, uint64_t y, unsigned bits)
{
	return slot_by(x * UINT64_C(0xc2b2ae3d27d4eb4f) + y, bits);
}

#endif
