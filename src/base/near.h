/* SPDX-License-Identifier: MIT */
/* near.h: searches for what is mostly near, where a call would cost more than the
 * search. */
#ifndef BASE_NEAR_H
#define BASE_NEAR_H

#include "base/ascii.h"
#include "base/attr.h"
#include "base/lanes.h"
#include "base/sv.h"
#include "base/swar.h"

/* A mark for each of p[0..LANES) that is c or d. */
static attr_inline lane_marks
near_marks(const char *p, char c, char d)
{
	lanes x = lanes_load(p), is = lanes_equal(x, c);

	return lanes_marks(c == d ? is : lanes_or(is, lanes_equal(x, d)));
}

/* As many bytes as there is room for marks: more often one look is enough. */
enum { NEAR_WIDE = LANE_BITS == 1 ? 2 * LANES : LANES };

static attr_inline lane_marks
near_wide_marks(const char *p, char c, char d)
{
	lane_marks m = near_marks(p, c, d);

	if ((int)NEAR_WIDE > (int)LANES)
		m |= near_marks(p + LANES, c, d) << LANES;
	return m;
}

/* A mark for each that is no name byte (ascii.h). */
static attr_inline lane_marks
near_strange(const char *p)
{
	lanes x = lanes_load(p);

	return lanes_others(lanes_marks(lanes_or(lanes_alnum(x), lanes_or(
	    lanes_within(x, '-', '.'), lanes_within(x, '_', '_')))));
}

/* The first c or d in [p, end), or end. */
static attr_inline const char *
near_either(const char *p, const char *end, char c, char d)
{
	const char *start = p;

	for (; end - p >= LANES; p += LANES) {
		lane_marks marks = near_marks(p, c, d);

		if (marks)
			return p + lanes_first(marks);
	}
	if (p > start && p < end) { /* some that have no mark once more */
		lane_marks marks = near_marks(end - LANES, c, d);

		return marks ? end - LANES + lanes_first(marks) : end;
	}
	while (p < end && *p != c && *p != d)
		p++;
	return p;
}

/* Does it start with a text of a constant length? memcmp of few bytes, as two
 * loads that may overlap. */
static attr_inline bool
near_starts(const char *p, sv lit)
{
	if (lit.n >= 8 && lit.n <= 16)
		return swar_load(p) == swar_load(lit.p) &&
		    swar_load(p + lit.n - 8) == swar_load(lit.p + lit.n - 8);
	if (lit.n >= 4 && lit.n < 8)
		return swar_load4(p) == swar_load4(lit.p) &&
		    swar_load4(p + lit.n - 4) == swar_load4(lit.p + lit.n - 4);
	return memcmp(p, lit.p, lit.n) == 0;
}

/* Are both n bytes equal? memcmp of what is mostly short, as loads that may
 * overlap. */
static attr_inline bool
near_same(const char *a, const char *b, size_t n)
{
	if (n < 4)
		return n == 0 || (a[0] == b[0] && a[n / 2] == b[n / 2] &&
		    a[n - 1] == b[n - 1]);
	if (n < 8)
		return swar_load4(a) == swar_load4(b) &&
		    swar_load4(a + n - 4) == swar_load4(b + n - 4);
	if (n < LANES)
		return swar_load(a) == swar_load(b) &&
		    swar_load(a + n - 8) == swar_load(b + n - 8);
	if (n > 32)
		return memcmp(a, b, n) == 0;
	for (size_t i = 0; i + LANES < n; i += LANES)
		if (lanes_differ(a + i, b + i))
			return false;
	return !lanes_differ(a + n - LANES, b + n - LANES);
}

/* Does the text start with these n bytes? Eight bytes of the front may be read,
 * however few there are of it. */
static attr_inline bool
near_begins(sv text, const char *front, size_t n)
{
	enum { STEP = sizeof(uint64_t) };
	uint64_t other;

	if (text.n < n || unlikely(text.n < STEP))
		return text.n >= n && memcmp(text.p, front, n) == 0;
	if (n >= LANES) {
		for (size_t i = 0; i + LANES < n; i += LANES)
			if (lanes_differ(text.p + i, front + i))
				return false;
		return !lanes_differ(text.p + n - LANES, front + n - LANES);
	}
	other = swar_load(text.p) ^ swar_load(front);
	if (n < STEP)
		return n == 0 || other << 8 * (STEP - n) == 0;
	return other == 0 && swar_load(text.p + n - STEP) ==
	    swar_load(front + n - STEP);
}

/* The first c or d from p on. There is one, and NEAR_WIDE bytes from it on may be
 * read. */
static attr_inline const char *
near_sure(const char *p, char c, char d)
{
	lane_marks marks;

	while ((marks = near_wide_marks(p, c, d)) == 0)
		p += NEAR_WIDE;
	return p + lanes_first(marks);
}

/* The first byte in [p, end) that is no name byte (ascii.h), or end. */
static attr_inline const char *
near_name_end(const char *p, const char *end)
{
	for (; end - p >= LANES; p += LANES) {
		lane_marks marks = near_strange(p);

		if (marks)
			return p + lanes_first(marks);
	}
	while (p < end && is_name_byte(*p))
		p++;
	return p;
}

/* The first c in [p, end), or end. */
static attr_inline const char *
near_byte(const char *p, const char *end, char c)
{
	return near_either(p, end, c, c);
}

#endif
