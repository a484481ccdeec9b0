/* SPDX-License-Identifier: MIT */
#include "base/exactsum.h"

#include <float.h>
#include <math.h>

enum {
	LOWEST = -1152, /* exponent of digit 0: 2^-1126 * 2^52 is a double */
	PENDING_MAX = 1 << 30 /* each adds less than 2^32 to a digit */
};

/* Digits 0 to 2^32-1, but the highest, which has the sign. */
static void
carry(struct exactsum *s)
{
	int64_t over = 0;

	for (int i = 0; i < EXACTSUM_DIGITS - 1; i++) {
		int64_t d = s->digit[i] + over, low = d & 0xffffffff;

		over = (d - low) / ((int64_t)1 << 32);
		s->digit[i] = low;
	}
	s->digit[EXACTSUM_DIGITS - 1] += over;
	s->pending = 0;
}

/* d = m * 2^e with a whole m of 53 bits, spread over three digits. */
static void
add(struct exactsum *s, double d, int64_t sign)
{
	int e, shift, at;
	uint64_t m;

	if (d < 0)
		sign = -sign;
	m = (uint64_t)ldexp(frexp(fabs(d), &e), 53);
	if (m == 0)
		return;
	e -= 53 + LOWEST;
	at = e / 32;
	shift = e % 32;
	s->digit[at] += sign * (int64_t)(m << shift & 0xffffffff);
	s->digit[at + 1] += sign * (int64_t)(m >> (32 - shift) & 0xffffffff);
	s->digit[at + 2] += shift ? sign * (int64_t)(m >> (64 - shift)) : 0;
	if (++s->pending == PENDING_MAX)
		carry(s);
}

void
exactsum_add(struct exactsum *s, double d)
{
	add(s, d, 1);
}

void
exactsum_sub(struct exactsum *s, double d)
{
	add(s, d, -1);
}

/* The highest digits that a double can hold, of the absolute value. */
double
exactsum_value(struct exactsum *s)
{
	struct exactsum v;
	double sum = 0;
	int top = EXACTSUM_DIGITS - 1, sign = 1;

	carry(s);
	v = *s;
	if (v.digit[top] < 0) {
		sign = -1;
		for (int i = 0; i < EXACTSUM_DIGITS; i++)
			v.digit[i] = -v.digit[i];
		carry(&v);
	}
	while (top > 0 && v.digit[top] == 0)
		top--;
	for (int i = top; i >= 0 && i > top - 4; i--)
		sum += ldexp((double)v.digit[i], 32 * i + LOWEST);
	return sign * (sum > DBL_MAX ? DBL_MAX : sum);
}
