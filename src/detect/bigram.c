/* SPDX-License-Identifier: MIT */
#include "detect/bigram.h"

#include <math.h>

#include "base/ascii.h"

enum { DIGIT = 26, NONE = -1, BYTES = 4 };

/* As many pairs of chance as are thought to be seen after each symbol before
 * any text is: a small dump has not seen most, and says nothing of those. */
static const double prior = 10;

static int
symbol(char c)
{
	if (is_digit(c))
		return DIGIT;
	return is_alpha(c) ? to_lower(c) - 'a' : NONE;
}

bool
bigram_takes(sv local)
{
	size_t letters = 0, digits = 0;

	for (size_t i = 0; i < local.n; i++) {
		if ((unsigned char)local.p[i] >= 0x80)
			return false;
		letters += is_alpha(local.p[i]);
		digits += is_digit(local.p[i]);
	}
	return letters > 0 && letters + digits >= BIGRAM_TEXT_MIN;
}

/* The next two symbols that stand side by side. */
static bool
next_pair(sv v, size_t *at, int *a, int *b)
{
	for (; *at + 1 < v.n; ++*at) {
		*a = symbol(v.p[*at]);
		*b = symbol(v.p[*at + 1]);
		if (*a != NONE && *b != NONE) {
			++*at;
			return true;
		}
	}
	return false;
}

void
bigram_add(struct bigram *m, sv local)
{
	size_t at = 0;
	int a, b;

	while (next_pair(local, &at, &a, &b)) {
		m->pair[a][b]++;
		m->first[a]++;
	}
}

/* How likely chance is to draw it: letters alone, or letters and ten digits. */
static double
by_chance(int c, bool digits)
{
	if (!digits)
		return 1.0 / 26;
	return c == DIGIT ? 10.0 / 36 : 1.0 / 36;
}

static double
pair_bits(const struct bigram *m, int a, int b, bool digits)
{
	double chance = by_chance(b, digits);

	return log2((m->pair[a][b] + prior * chance) /
	    (m->first[a] + prior) / chance);
}

bool
bigram_score(const struct bigram *m, sv local, double *bits)
{
	bool digits = false;
	double sum = 0;
	size_t at = 0, n = 0;
	int a, b;

	if (!bigram_takes(local))
		return false;
	for (size_t i = 0; i < local.n; i++)
		digits = digits || is_digit(local.p[i]);
	for (; next_pair(local, &at, &a, &b); n++)
		sum += pair_bits(m, a, b, digits);
	*bits = n ? round(1000 * sum / (double)n) / 1000 : 0;
	return n > 0;
}

void
bigram_write(struct buf *b, const struct bigram *m)
{
	for (int i = 0; i < BIGRAM_SYMBOLS; i++)
		for (int j = 0; j < BIGRAM_SYMBOLS; j++)
			for (int k = 0; k < BYTES; k++)
				buf_byte(b, (char)(m->pair[i][j] >> 8 * k));
}

bool
bigram_read(sv v, struct bigram *out)
{
	const unsigned char *p = (const unsigned char *)v.p;

	*out = (struct bigram){ 0 };
	if (v.n != (size_t)BIGRAM_SYMBOLS * BIGRAM_SYMBOLS * BYTES)
		return false;
	for (int i = 0; i < BIGRAM_SYMBOLS; i++)
		for (int j = 0; j < BIGRAM_SYMBOLS; j++, p += BYTES) {
			out->pair[i][j] = p[0] | (uint32_t)p[1] << 8 |
			    (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
			out->first[i] += out->pair[i][j];
		}
	return true;
}
