/* SPDX-License-Identifier: MIT */
#include "parse/bsdline.h"

#include "base/ascii.h"

/* Times further apart than LEAP are of different years, or one is astray. */
#define LEAP (180 * UTC_DAY)
#define RIGHT_AFTER (30 * UTC_DAY)

/* A time as written: `year` is 0 when it is not. */
struct stamp {
	int64_t year;
	unsigned month, day;
	int64_t clock; /* since midnight */
	sv behind;     /* the line behind it */
};

static bool
read_month(sv *rest, unsigned *month)
{
	static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

	for (unsigned m = 0; m < 12; m++)
		if (sv_skip_lit(rest, sv_of(names + m * 3, 3))) {
			*month = m + 1;
			return sv_skip_lit(rest, SV(" "));
		}
	return false;
}

/* From `min` to `max` digits and the blank behind them. */
static bool
read_number(sv *rest, size_t min, size_t max, int64_t *out)
{
	size_t n = 0;

	while (n < rest->n && n <= max && is_digit(rest->p[n]))
		n++;
	if (n < min || n > max || !sv_to_i64(sv_take(*rest, n), out))
		return false;
	*rest = sv_skip(*rest, n);
	return sv_skip_lit(rest, SV(" "));
}

static bool
at_clock(sv rest)
{
	return rest.n > 2 && is_digit(rest.p[0]) && is_digit(rest.p[1]) &&
	    rest.p[2] == ':';
}

static bool
no_header(struct bad_line *bad, sv line, sv rest)
{
	return envelope_bad(bad, "no-header",
	    "expected Mon dd hh:mm:ss HOST source[dyno] or source/dyno",
	    line, rest);
}

static bool
bad_time(struct bad_line *bad, sv line, sv rest)
{
	return envelope_bad(bad, "bad-time", "there is no such day or time",
	    line, rest);
}

/* "Jun  9 23:27:08 ", "Jul 28 2026 06:27:46 ". Only what has the form of a
 * time can be a bad one: any text may begin with "May 5". */
static bool
read_stamp(sv line, sv *rest, struct stamp *out, struct bad_line *bad)
{
	int64_t day;
	bool year = false;
	sv at;

	if (!read_month(rest, &out->month))
		return no_header(bad, line, *rest);
	sv_skip_lit(rest, SV(" "));
	at = *rest;
	if (!read_number(rest, 1, 2, &day))
		return no_header(bad, line, *rest);
	out->day = (unsigned)day;
	out->year = 0;
	if (!at_clock(*rest))
		year = read_number(rest, 4, 4, &out->year);
	if (!at_clock(*rest))
		return no_header(bad, line, *rest);
	/* 2000 has a 29 February, as the year to be found may. */
	if (!utc_civil_valid(year ? out->year : 2000, out->month, out->day))
		return bad_time(bad, line, at);
	if (!utc_read_clock(rest, &out->clock))
		return bad_time(bad, line, *rest);
	out->behind = *rest;
	return sv_skip_lit(rest, SV(" ")) || no_header(bad, line, *rest);
}

/* Heroku's own sources; they may stand without a dyno. */
static bool
is_platform(sv source)
{
	return sv_is(source, "heroku") || sv_starts(source, SV("heroku-")) ||
	    sv_eq_nocase(source, SV("logplex"));
}

/* Heroku's dynos and services write no message that begins with "- ". */
static bool
is_own(const struct envelope *env)
{
	return sv_is(env->source, "heroku") && env->dyno.n;
}

/* "app[web.1]", "app/web.1", "heroku", and with a colon any source. */
static bool
read_program(sv *rest, struct envelope *out)
{
	if (!envelope_source(rest, out) || out->source.n == 0)
		return false;
	if (out->dyno.n == 0 && sv_skip_lit(rest, SV("/"))) {
		out->dyno = envelope_name(rest);
		return out->dyno.n > 0;
	}
	return out->dyno.n || !sv_null(out->drain) ||
	    is_platform(out->source) || sv_starts(*rest, SV(":"));
}

/* All but ts and origin. */
static bool
read_line(sv line, struct stamp *stamp, struct envelope *out,
    struct bad_line *bad)
{
	sv rest = line, host;

	if (sv_starts(line, SV("<")) &&
	    (!envelope_priority(&rest) || !sv_skip_lit(&rest, SV(">"))))
		return no_header(bad, line, rest);
	if (!read_stamp(line, &rest, stamp, bad))
		return false;
	host = sv_cut_n(&rest, sv_find_byte(rest, ' '));
	out->drain = envelope_is_token(host) ? host : SV_NULL;
	if (host.n == 0 || !sv_skip_lit(&rest, SV(" ")) ||
	    !read_program(&rest, out) ||
	    !envelope_tail(rest, !sv_null(out->drain) || is_own(out), out))
		return no_header(bad, line, rest);
	return true;
}

/* 29 February counts as 1 March where there is none: good enough to find the
 * year. */
static int64_t
time_in(int64_t year, const struct stamp *s)
{
	return (utc_days(year, s->month, 1) + s->day - 1) * UTC_DAY + s->clock;
}

/* 0: none. Years counted as 365 days, and one more for those before 1970, give
 * no year too early and few too late. */
static int64_t
latest_year(const struct stamp *s, int64_t limit)
{
	int64_t year = 1971 + limit / (365 * UTC_DAY);

	if (year > 9999)
		year = 9999;
	while (year >= 1 && time_in(year, s) > limit)
		year--;
	return year >= 1 ? year : 0;
}

static int64_t
distance(int64_t a, int64_t b)
{
	return a < b ? b - a : a - b;
}

/* Of the year and its neighbours. */
static int64_t
nearest_year(const struct stamp *s, int64_t year, int64_t to)
{
	int64_t best = year, least = distance(time_in(year, s), to);

	for (int64_t y = year - 1; y <= year + 1; y++) {
		int64_t d;

		if (y < 1 || y > 9999)
			continue;
		d = distance(time_in(y, s), to);
		if (d < least) {
			best = y;
			least = d;
		}
	}
	return best;
}

/* The year of the line behind y->last; *leapt: it is not of the same run. */
static int64_t
next_year(const struct bsdline_year *y, const struct stamp *s, bool *leapt)
{
	int64_t t = time_in(y->year, s);

	*leapt = y->last != UTC_NONE && distance(t, y->last) > LEAP;
	if (!*leapt)
		return y->year;
	if (y->from != UTC_NONE && distance(y->last, y->to) <= RIGHT_AFTER)
		return nearest_year(s, y->year, y->from);
	return t < y->last ? y->year + 1 : y->year;
}

static bool
follow_year(struct bsdline_year *y, const struct stamp *s, int64_t *ts)
{
	bool leapt;
	int64_t year;

	if (y->year < 1 || y->year > 9999)
		return false;
	year = next_year(y, s, &leapt);
	if (!utc_civil_valid(year, s->month, s->day))
		return false;
	*ts = time_in(year, s);
	if (leapt) {
		y->from = y->last;
		y->to = *ts;
	}
	y->year = (int)year;
	y->last = *ts;
	return true;
}

static bool
find_time(struct bsdline_year *y, const struct stamp *s, int64_t *ts)
{
	int64_t year = s->year;

	if (year == 0 && y->year)
		return follow_year(y, s, ts);
	if (year == 0)
		year = latest_year(s, y->taken + UTC_DAY);
	if (!utc_civil_valid(year, s->month, s->day))
		return false;
	*ts = time_in(year, s);
	return true;
}

bool
bsdline_parse(sv line, struct bsdline_year *year, struct arena *scratch,
    struct envelope *out, struct bad_line *bad)
{
	struct stamp stamp;

	if (!read_line(line, &stamp, out, bad))
		return false;
	if (stamp.year == 0 && year->year == 0 && year->taken == UTC_NONE)
		return envelope_bad(bad, "no-year",
		    "a time without a year: give --year or --taken-at", line,
		    stamp.behind);
	if (!find_time(year, &stamp, &out->ts))
		return bad_time(bad, line, stamp.behind);
	out->origin = envelope_origin(scratch, out->source, out->dyno);
	return true;
}

bool
bsdline_is(sv line)
{
	struct envelope env;
	struct stamp stamp;
	struct bad_line bad;

	if (!read_line(line, &stamp, &env, &bad))
		return false;
	return !sv_null(env.drain) || (env.dyno.n &&
	    (sv_is(env.source, "app") || is_platform(env.source)));
}
