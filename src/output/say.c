/* SPDX-License-Identifier: MIT */
#include "output/say.h"

#include <math.h>

#include "base/ascii.h"
#include "base/attr.h"
#include "base/jsonw.h"
#include "base/utc.h"
#include "output/escape.h"

enum { VALUE_MAX = 512 }; /* bytes of one value */

const struct say_look say_result[] = {
	[REPORT_FIRED] = { "fired", TONE_BAD },
	[REPORT_CLEAR] = { "clear", TONE_GOOD },
	[REPORT_CLEAR_PARTIAL] = { "clear in what was seen", TONE_WARN },
	[REPORT_INSUFFICIENT_DATA] = { "not enough data", TONE_WARN },
	[REPORT_NOT_EVALUATED] = { "not evaluated", TONE_WARN },
	[REPORT_UNDECIDED] = { "undecided", TONE_WARN },
	[REPORT_CANNOT_VERIFY] = { "cannot verify", TONE_WARN },
	[REPORT_OTHER] = { "unknown result", TONE_WARN },
};
_Static_assert(countof(say_result) == REPORT_RESULT_N, "words per result");

const struct say_look say_level[] = {
	{ "critical", TONE_BAD },
	{ "high", TONE_BAD },
	{ "medium", TONE_WARN },
	{ "low", TONE_PLAIN },
	{ "informational", TONE_PLAIN },
	{ "other", TONE_PLAIN },
};
_Static_assert(countof(say_level) == SAY_LEVEL_N, "a look per level");

size_t
say_level_row(sv level)
{
	size_t i = 0;

	while (i < SAY_LEVEL_N - 1 && !sv_is(level, say_level[i].words))
		i++;
	return i;
}

sv
say_take(struct say *s)
{
	sv v = arena_sv(s->page->a, buf_sv(&s->b));

	buf_clear(&s->b);
	return v;
}

struct cell
say_words(sv text)
{
	return (struct cell){ .text = text };
}

struct cell
say_value(sv text)
{
	return (struct cell){ .text = text, .code = true };
}

struct cell
say_cell(struct say *s)
{
	return say_words(say_take(s));
}

void
say_time(struct buf *b, int64_t us)
{
	if (us == REPORT_NONE)
		buf_lit(b, "unknown");
	else
		utc_write_short(b, us);
}

void
say_second(struct buf *b, int64_t us)
{
	/* Before 1970 the remainder is negative: left whole. */
	say_time(b, us > 0 ? us - us % UTC_SECOND : us);
}

void
say_real(struct buf *b, double v)
{
	if (isfinite(v))
		jsonw_double(b, v);
	else
		buf_byte(b, '?');
}

void
say_count(struct buf *b, int64_t n)
{
	if (n == REPORT_NONE)
		buf_byte(b, '?');
	else
		buf_i64(b, n);
}

void
say_many(struct buf *b, size_t n, const char *what)
{
	buf_u64(b, n);
	buf_byte(b, ' ');
	buf_str(b, what);
	if (n != 1)
		buf_byte(b, 's');
}

/* From a minute on nobody asks for fractions of a second. */
void
say_length(struct buf *b, int64_t us)
{
	if (us >= UTC_MINUTE)
		us -= us % UTC_SECOND;
	utc_span_write(b, us);
}

void
say_span(struct buf *b, double seconds)
{
	if (fabs(seconds) < 1e12)
		say_length(b, (int64_t)(seconds * (double)UTC_SECOND));
	else
		buf_byte(b, '?');
}

void
say_share(struct buf *b, double share)
{
	int64_t mille;

	if (!(share >= 0 && share <= 1)) {
		buf_lit(b, "n/a");
		return;
	}
	mille = (int64_t)(share * 1000);
	if (mille == 0 && share > 0)
		buf_byte(b, '<');
	mille = mille == 0 && share > 0 ? 1 : mille;
	buf_i64(b, mille / 10);
	if (mille % 10) {
		buf_byte(b, '.');
		buf_i64(b, mille % 10);
	}
	buf_lit(b, " %");
}

void
say_shares(struct buf *b, double share, double low)
{
	struct buf worst = BUF_INIT;
	size_t start = b->n;

	say_share(b, share);
	say_share(&worst, low);
	if (share >= 0 && share <= 1 && low < share &&
	    !sv_eq(buf_sv(&worst), sv_skip(buf_sv(b), start))) {
		buf_lit(b, " (at worst ");
		buf_add(b, buf_sv(&worst));
		buf_byte(b, ')');
	}
	buf_release(&worst);
}

void
say_date(struct buf *b, int64_t us)
{
	size_t start = b->n;

	say_time(b, us);
	if (us != REPORT_NONE)
		b->n = start + strlen("2026-06-12");
}

int64_t
say_end(int64_t to)
{
	/* The last day there is has nothing behind it. */
	if (to < 0 || to >= utc_days(9999, 12, 31) * UTC_DAY)
		return to;
	return to % UTC_SECOND == UTC_SECOND - 1 ? to + 1 : to;
}

void
say_window(struct buf *b, int64_t from, int64_t to)
{
	if (from == REPORT_NONE && to == REPORT_NONE) {
		buf_lit(b, "none");
		return;
	}
	say_time(b, from);
	buf_lit(b, " to ");
	say_time(b, to);
	if (from == REPORT_NONE || to == REPORT_NONE)
		return;
	buf_lit(b, " (");
	say_length(b, to - from);
	buf_byte(b, ')');
}

void
say_sep(struct buf *b, size_t start, const char *sep)
{
	if (b->n > start)
		buf_str(b, sep);
}

void
say_texts(struct buf *b, const struct report_texts *t)
{
	for (size_t i = 0; i < t->n; i++) {
		if (i)
			buf_lit(b, ", ");
		buf_add(b, t->item[i]);
	}
}

void
say_lower(struct buf *b, sv v)
{
	for (size_t i = 0; i < v.n; i++) {
		char c = v.p[i] == '_' ? ' ' : v.p[i];

		buf_byte(b, (char)to_lower(c));
	}
}

sv
say_clip(struct say *s, sv v)
{
	size_t n = 0;

	if (v.n <= VALUE_MAX)
		return v;
	while (n < VALUE_MAX)
		n += escape_char(sv_skip(v, n));
	buf_add(&s->b, sv_take(v, n));
	buf_printf(&s->b, " [%zu more bytes]", v.n - n);
	return say_take(s);
}

void
say_section(struct say *s, const char *title)
{
	page_put(s->page, BLOCK_SECTION, say_words(sv_str(title)));
}

void
say_para(struct say *s)
{
	page_put(s->page, BLOCK_PARA, say_cell(s));
}
