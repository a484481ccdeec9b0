/* SPDX-License-Identifier: MIT */
/* Memory, text, chance, times. */
#include "demo.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
die(const char *what, const char *name)
{
	fprintf(stderr, "raxx-demo: %s: %s: %s\n", what, name, strerror(errno));
	exit(3);
}

/* A new zeroed item at the end of l; valid until the next slot(). */
void *
slot(struct list *l, size_t size)
{
	if (l->n == l->cap) {
		size_t cap = l->cap ? 2 * l->cap : 256;
		void *p = realloc(l->items, cap * size);

		if (!p)
			die("out of memory", "list");
		l->items = p;
		l->cap = cap;
	}
	return memset((char *)l->items + l->n++ * size, 0, size);
}

static char *
keep(struct world *w, const char *s, size_t n)
{
	char *p;

	if (!w->blocks || sizeof w->blocks->bytes - w->blocks->used <= n) {
		struct block *b = malloc(sizeof *b);

		if (!b)
			die("out of memory", "text");
		b->next = w->blocks;
		b->used = 0;
		w->blocks = b;
	}
	p = w->blocks->bytes + w->blocks->used;
	memcpy(p, s, n);
	p[n] = '\0';
	w->blocks->used += n + 1;
	return p;
}

PRINTF(2, 0)
char *
vtext(struct world *w, const char *fmt, va_list ap)
{
	char buf[2048];
	int n = vsnprintf(buf, sizeof buf, fmt, ap);

	if (n < 0 || (size_t)n >= sizeof buf)
		die("text too long", fmt);
	return keep(w, buf, (size_t)n);
}

PRINTF(2, 3)
char *
text(struct world *w, const char *fmt, ...)
{
	va_list ap;
	char *s;

	va_start(ap, fmt);
	s = vtext(w, fmt, ap);
	va_end(ap);
	return s;
}

void
world_release(struct world *w)
{
	struct block *b, *next;

	for (b = w->blocks; b; b = next) {
		next = b->next;
		free(b);
	}
	free(w->events.items);
	free(w->signups.items);
	free(w->consoles.items);
	free(w->customers.items);
	free(w->errors.items);
	free(w->truths.items);
	free(w->holes.items);
}

uint64_t
mix(uint64_t z)
{
	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

uint64_t
draw(struct rng *r)
{
	return mix(r->state += UINT64_C(0x9e3779b97f4a7c15));
}

uint64_t
hash(const char *s)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	for (; *s; s++)
		h = (h ^ (unsigned char)*s) * UINT64_C(0x100000001b3);
	return mix(h);
}

/*
 * Each kind of traffic has its own stream: one does not disturb another. Never
 * draw twice in one call or initializer: C leaves open which comes first.
 */
struct rng
stream(const struct world *w, const char *name)
{
	return (struct rng){ mix(w->seed) ^ hash(name) };
}

int
below(struct rng *r, int n)
{
	return (int)(draw(r) % (uint64_t)n);
}

int
between(struct rng *r, int lo, int hi)
{
	return lo + below(r, hi - lo + 1);
}

int64_t
within(struct rng *r, int64_t span)
{
	return (int64_t)(draw(r) % (uint64_t)span);
}

/*
 * n times from within a second of start, span apart from first to last. loose
 * is how far, in thousandths, a gap may differ from the mean gap: 0 is a clock,
 * 750 a person.
 */
void
pace(struct rng *r, int64_t start, int64_t span, int loose, int n, int64_t *out)
{
	int64_t sum = 0;
	int i;

	out[0] = start += within(r, SEC);
	for (i = 1; i < n; i++)
		out[i] = sum += 1000 - loose + below(r, 2 * loose + 1);
	for (i = 1; i < n; i++)
		out[i] = start + span / sum * out[i];
}

char *
new_id(struct world *w)
{
	uint64_t a = draw(&w->ids), b = draw(&w->ids);

	return text(w, "%08x-%04x-4%03x-%04x-%012" PRIx64, (unsigned)(a >> 32),
	    (unsigned)(a >> 16 & 0xffff), (unsigned)(a & 0xfff),
	    (unsigned)(0x8000 | (b >> 48 & 0x3fff)),
	    b & UINT64_C(0xffffffffffff));
}

void
new_token(struct rng *r, char out[TOKEN_LEN + 1])
{
	static const char base62[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz";
	int i;

	for (i = 0; i < TOKEN_LEN; i++)
		out[i] = base62[below(r, 62)];
	out[TOKEN_LEN] = '\0';
}

/* What the app's own keyed hash looks like. */
char *
hashed(struct world *w, const char *s)
{
	return text(w, "%016" PRIx64, mix(hash(s) ^ w->seed));
}

struct civil
civil(int64_t at)
{
	return (struct civil){ (int)(at / DAY) + 1, (int)(at / HOUR % 24),
		(int)(at / MINUTE % 60), (int)(at / SEC % 60),
		(int)(at % SEC) };
}

const char *
log_time(int64_t at, char out[64])
{
	struct civil c = civil(at);

	snprintf(out, 64, "2026-06-%02dT%02d:%02d:%02d.%06d+00:00", c.day,
	    c.hour, c.min, c.sec, c.us);
	return out;
}

const char *
zulu(int64_t at, char out[64])
{
	struct civil c = civil(at);

	snprintf(out, 64, "2026-06-%02dT%02d:%02d:%02d.%06dZ", c.day, c.hour,
	    c.min, c.sec, c.us);
	return out;
}

const char *
file_stamp(int64_t at, char out[64])
{
	struct civil c = civil(at);

	snprintf(
	    out, 64, "202606%02dT%02d%02d%02dZ", c.day, c.hour, c.min, c.sec);
	return out;
}

/* timestamptz as psql prints it: no zeros at the end of the fraction. */
const char *
sql_time(struct world *w, int64_t at)
{
	struct civil c = civil(at);
	char us[16];
	size_t n;

	if (!at)
		return NULL;
	snprintf(us, sizeof us, ".%06d", c.us);
	for (n = strlen(us); us[n - 1] == '0'; n--)
		;
	us[n == 1 ? 0 : n] = '\0';
	return text(w, "2026-06-%02d %02d:%02d:%02d%s+00", c.day, c.hour, c.min,
	    c.sec, us);
}
