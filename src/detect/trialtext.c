/* SPDX-License-Identifier: MIT */
#include "detect/trialtext.h"

#include <stdio.h>

#include "base/ascii.h"
#include "base/sha256.h"
#include "base/utc.h"

/* No product of two leaves the range of int64. */
static const int64_t number_max = 1000000000;
enum { WIDTH_MAX = 32 };

static int64_t
clamp(int64_t v)
{
	return v > number_max ? number_max : v < -number_max ? -number_max : v;
}

/* Cuts a run of digits off the front. */
static bool
cut_number(sv *rest, int64_t *out)
{
	size_t n = 0;

	while (n < rest->n && is_digit(rest->p[n]))
		n++;
	return sv_to_i64(sv_cut_n(rest, n), out) && *out <= number_max;
}

static bool
reckon(char op, int64_t *v, int64_t by)
{
	if ((op == '/' || op == '%') && by == 0)
		return false;
	switch (op) {
	case '+':
		*v += by;
		break;
	case '-':
		*v -= by;
		break;
	case '*':
		*v *= by;
		break;
	case '/':
		*v /= by;
		break;
	case '%':
		*v %= by;
		break;
	default:
		return false;
	}
	*v = clamp(*v);
	return true;
}

/* "i*7+1": everything up to the ':' or the end. */
static bool
eval(sv text, int64_t i, int64_t *out)
{
	sv name = sv_cut_n(&text, 1);
	int64_t by;

	*out = sv_is(name, "n") ? i + 1 : i;
	if (!sv_is(name, "i") && !sv_is(name, "n"))
		return false;
	while (text.n) {
		char op = sv_cut_n(&text, 1).p[0];

		if (!cut_number(&text, &by) || !reckon(op, out, by))
			return false;
	}
	return true;
}

/* "02", "x", "04x" or nothing. */
static bool
put_number(struct buf *b, int64_t v, sv form)
{
	bool hex = sv_ends(form, SV("x"));
	sv width = sv_take(form, form.n - hex);
	int64_t n = 0;

	if (width.n && (!sv_to_i64(width, &n) || n < 1 || n > WIDTH_MAX ||
	    width.p[0] != '0'))
		return false;
	if (!hex)
		buf_printf(b, "%0*lld", (int)n, (long long)v);
	else
		buf_printf(b, "%s%0*llx", v < 0 ? "-" : "", (int)n,
		    (unsigned long long)(v < 0 ? -v : v));
	return true;
}

/* Behind "$(". */
static bool
put_reckoned(struct buf *b, sv *rest, const struct trialevent *ev)
{
	size_t end = sv_find_byte(*rest, ')');
	sv form, text;
	int64_t v;

	if (end == rest->n)
		return false;
	form = sv_cut_n(rest, end);
	*rest = sv_skip(*rest, 1);
	text = sv_cut(&form, ':');
	if (form.n == 0 && !sv_null(form)) /* a ':' with nothing behind it */
		return false;
	return eval(text, ev->i, &v) && put_number(b, v, form);
}

/* Up to "(5m)" behind $time. */
static bool
cut_shift(sv *rest, int64_t *us)
{
	size_t end;
	bool back;
	sv text;

	*us = 0;
	if (!sv_skip_lit(rest, SV("(")))
		return true;
	end = sv_find_byte(*rest, ')');
	if (end == rest->n)
		return false;
	text = sv_cut_n(rest, end);
	*rest = sv_skip(*rest, 1);
	back = sv_skip_lit(&text, SV("-"));
	if (!utc_span_parse(text, us) || *us > 3660 * UTC_DAY)
		return false;
	*us = back ? -*us : *us;
	return true;
}

/* "2026-06-12T13:00:00.000000Z" to "2026-06-12 13:00:00.000000+00". */
static void
put_dump_time(struct buf *b, int64_t us)
{
	size_t start = b->n;

	utc_write(b, us);
	b->p[start + sizeof("2026-06-12") - 1] = ' ';
	b->n--;
	buf_lit(b, "+00");
}

static bool
put_time(struct buf *b, sv *rest, const struct trialevent *ev)
{
	int64_t shift;

	if (!cut_shift(rest, &shift))
		return false;
	if (ev->dump)
		put_dump_time(b, ev->ts + shift);
	else
		utc_write(b, ev->ts + shift);
	return true;
}

/* A version 4 uuid, but for its bits being a hash. */
static bool
put_rid(struct buf *b, const struct trialevent *ev)
{
	enum { LEN = 16, VERSION = 6, VARIANT = 8 };
	uint8_t sum[SHA256_LEN];
	struct sha256 s;
	char nr[24];

	snprintf(nr, sizeof(nr), " %lld", (long long)ev->i);
	sha256_init(&s);
	sha256_add(&s, ev->seed.p, ev->seed.n);
	sha256_add(&s, nr, strlen(nr));
	sha256_end(&s, sum);
	sum[VERSION] = (uint8_t)((sum[VERSION] & 0x0f) | 0x40);
	sum[VARIANT] = (uint8_t)((sum[VARIANT] & 0x3f) | 0x80);
	for (int k = 0; k < LEN; k++) {
		if (k == 4 || k == 6 || k == 8 || k == 10)
			buf_byte(b, '-');
		buf_hex(b, &sum[k], 1);
	}
	return true;
}

/* Behind a '$'. */
static bool
put_one(struct buf *b, sv *rest, const struct trialevent *ev)
{
	size_t n = 0;
	sv name;

	if (sv_skip_lit(rest, SV("$"))) {
		buf_byte(b, '$');
		return true;
	}
	if (sv_skip_lit(rest, SV("(")))
		return put_reckoned(b, rest, ev);
	while (n < rest->n && is_alpha(rest->p[n]))
		n++;
	name = sv_cut_n(rest, n);
	if (sv_is(name, "i") || sv_is(name, "n")) {
		buf_i64(b, ev->i + (name.p[0] == 'n'));
		return true;
	}
	return sv_is(name, "time") ? put_time(b, rest, ev) :
	    sv_is(name, "rid") && put_rid(b, ev);
}

bool
trialtext_put(struct buf *b, sv text, const struct trialevent *ev, size_t *at)
{
	sv rest = text;

	while (rest.n) {
		size_t n = sv_find_byte(rest, '$');

		buf_add(b, sv_cut_n(&rest, n));
		*at = text.n - rest.n;
		if (rest.n && (rest = sv_skip(rest, 1),
		    !put_one(b, &rest, ev)))
			return false;
	}
	return true;
}
