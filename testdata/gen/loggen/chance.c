/* SPDX-License-Identifier: MIT */
/* Numbers, and who sends a request. */
#include "loggen.h"

#include <math.h>

/* splitmix64 */
uint64_t
mix_next(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

uint64_t
mix(uint64_t v)
{
	return mix_next(&v);
}

static uint64_t
rotate(uint64_t v, int by)
{
	return v << by | v >> (64 - by);
}

/* xoshiro256** */
uint64_t
draw(struct gen *g)
{
	uint64_t *s = g->rng, out = rotate(s[1] * 5, 7) * 9, t = s[1] << 17;

	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= t;
	s[3] = rotate(s[3], 45);
	return out;
}

uint32_t
below(struct gen *g, uint32_t n)
{
	return (uint32_t)((draw(g) >> 32) * n >> 32);
}

double
fraction(struct gen *g)
{
	return (double)(draw(g) >> 11) * (1.0 / 9007199254740992.0);
}

unsigned
choose(struct gen *g, const struct choice *table, size_t n)
{
	uint32_t drawn = below(g, table[n - 1].bound);

	while (drawn >= table->bound)
		table++;
	return table->value;
}

uint32_t
draw_client(struct gen *g)
{
	double u = fraction(g);
	const uint32_t *bucket = g->bucket + (int)(u * (int)BUCKETS);
	uint32_t low = bucket[0], high = bucket[1] + 2;

	if (high > CLIENTS - 1)
		high = CLIENTS - 1;
	while (low < high) {
		uint32_t middle = (low + high) / 2;

		if ((double)g->reach[middle] < u)
			low = middle + 1;
		else
			high = middle;
	}
	return g->client[low];
}

/* Public addresses, as far as it matters. */
static void
draw_clients(struct gen *g)
{
	for (uint64_t i = 0; i < CLIENTS; i++) {
		uint64_t k = g->seed * 1000003 + i;
		uint32_t net;

		do {
			g->client[i] = (uint32_t)mix(k);
			net = g->client[i] >> 24;
			k += 1 << 20;
		} while (net == 0 || net == 10 || net == 127 || net >= 224);
	}
}

void
seed(struct gen *g)
{
	uint64_t state = g->seed;
	double all = 0, sum = 0;
	uint32_t at = 0;

	for (int i = 0; i < 4; i++)
		g->rng[i] = mix_next(&state);
	for (int i = 0; i < CLIENTS; i++)
		all += 1.0 / pow(i + 10, 0.95);
	for (int i = 0; i < CLIENTS; i++) {
		sum += 1.0 / pow(i + 10, 0.95) / all;
		g->reach[i] = (float)sum;
	}
	g->reach[CLIENTS - 1] = 2;
	for (int i = 0; i <= BUCKETS; i++) {
		while (at < CLIENTS - 1 &&
		    (double)g->reach[at] < i / (double)BUCKETS)
			at++;
		g->bucket[i] = at > 2 ? (at - 2) & ~UINT32_C(1) : 0;
	}
	draw_clients(g);
}
