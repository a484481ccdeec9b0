/* SPDX-License-Identifier: MIT */
#include "base/utc.h"

#include <assert.h>

#include "base/ascii.h"
#include "base/swar.h"

/* Days from 0000-03-01 to 1970-01-01. */
enum { EPOCH_DAYS = 719468 };

static bool
is_leap(unsigned year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static bool
date_ok(unsigned year, unsigned month, unsigned day)
{
	static const unsigned char len[] = {
		0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31
	};

	if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1)
		return false;
	return day <= len[month] ||
	    (month == 2 && day == 29 && is_leap(year));
}

/* Counts from March, so that the leap day is the last one of its year. */
static int64_t
days_of(unsigned year, unsigned month, unsigned day)
{
	unsigned y = month > 2 ? year : year - 1;
	unsigned m = month > 2 ? month - 3 : month + 9;
	unsigned n = y * 365 + y / 4 - y / 100 + y / 400;

	return (int64_t)(n + (153 * m + 2) / 5 + day - 1) - EPOCH_DAYS;
}

bool
utc_civil_valid(int64_t year, unsigned month, unsigned day)
{
	return year >= 1 && year <= 9999 &&
	    date_ok((unsigned)year, month, day);
}

int64_t
utc_days(int64_t year, unsigned month, unsigned day)
{
	assert(utc_civil_valid(year, month, day));
	return days_of((unsigned)year, month, day);
}

static int64_t
clock_us(unsigned hour, unsigned minute, unsigned second)
{
	return (int64_t)(hour * 3600 + minute * 60 + second) * UTC_SECOND;
}

/*
 * Eight bytes at once: text like "0000-00-", in `shape` the bytes it must
 * have, '0' for any digit, in `room` what may be added before bit 7 is set:
 * 'v' (0x7f - 9) for a digit, 0x7f elsewhere. *bad becomes nonzero when it is
 * not so. Returns the number of each two digits, at the place of the first.
 */
static inline uint64_t
pairs(const char *p, const char *shape, const char *room, uint64_t *bad)
{
	uint64_t x = swar_load(p) ^ swar_load(shape);

	*bad |= ((x + swar_load(room)) | x) & SWAR_HIGH;
	return x * 10 + (x >> 8);
}

static inline unsigned
byte_of(uint64_t x, int i)
{
	return (unsigned)(x >> (8 * i)) & 0xff;
}

/* Seconds and fraction behind "2026-06-12T13:02". */
static attr_inline bool
read_seconds(const char *p, int64_t *us)
{
	uint64_t bad = 0;
	uint64_t c = pairs(p + 16, ":00.0000", "\177vv\177vvvv", &bad);
	uint64_t d = pairs(p + 18, "0.000000", "v\177vvvvvv", &bad);
	unsigned second = byte_of(c, 1);

	*us = (int64_t)second * UTC_SECOND + (int64_t)(byte_of(d, 2) * 10000 +
	    byte_of(d, 4) * 100 + byte_of(d, 6));
	return !bad && second <= 59;
}

static attr_apart bool
read_minute(const char *p, int64_t *us)
{
	uint64_t bad = 0;
	const char *middle = p[10] == 'T' ? "00T00:00" : "00 00:00";
	uint64_t a = pairs(p, "0000-00-", "vvvv\177vv\177", &bad);
	uint64_t b = pairs(p + 8, middle, "vv\177vv\177vv", &bad);
	unsigned year = byte_of(a, 0) * 100 + byte_of(a, 2);
	unsigned hour = byte_of(b, 3), minute = byte_of(b, 6);

	if (bad || !date_ok(year, byte_of(a, 5), byte_of(b, 0)) ||
	    hour > 23 || minute > 59)
		return false;
	*us = days_of(year, byte_of(a, 5), byte_of(b, 0)) * UTC_DAY +
	    clock_us(hour, minute, 0);
	return true;
}

/* Up to the minute, which is mostly that of the time before it. What is kept
 * is a true minute from the start: no bytes can stand for "none yet". */
static attr_inline bool
add_minute(const char *p, int64_t *us)
{
	enum { LEN = 16 };
	static _Thread_local struct {
		char text[LEN + 1];
		int64_t us;
	} last = { "1970-01-01T00:00", 0 };

	if (unlikely(memcmp(p, last.text, LEN) != 0)) {
		if (!read_minute(p, &last.us))
			return false;
		memcpy(last.text, p, LEN);
	}
	*us += last.us;
	return true;
}

/* In one straight run. */
static attr_inline bool
read_common(const char *p, int64_t *us)
{
	return read_seconds(p, us) && add_minute(p, us);
}

bool
utc_read_common(const char *p, int64_t *us)
{
	return read_common(p, us);
}

bool
utc_read_millis(const char *p, int64_t *us)
{
	uint64_t bad = 0;
	uint64_t c = pairs(p + 16, ":00.000Z", "\177vv\177vvv\177", &bad);
	unsigned second = byte_of(c, 1);

	*us = (int64_t)second * UTC_SECOND + (int64_t)(byte_of(c, 4) * 10000 +
	    byte_of(c, 6) * 100);
	return !bad && second <= 59 && p[10] == 'T' && add_minute(p, us);
}

static bool
at_digit(sv r)
{
	return r.n && is_digit(r.p[0]);
}

/* Exactly n digits. */
static bool
read_digits(sv *r, unsigned n, unsigned *out)
{
	unsigned v = 0;

	for (; n; n--) {
		if (!at_digit(*r))
			return false;
		v = v * 10 + (unsigned)(sv_cut_n(r, 1).p[0] - '0');
	}
	*out = v;
	return true;
}

static bool
read_date(sv *r, int64_t *us)
{
	unsigned year, month, day;

	if (!read_digits(r, 4, &year) || !sv_skip_lit(r, SV("-")) ||
	    !read_digits(r, 2, &month) || !sv_skip_lit(r, SV("-")) ||
	    !read_digits(r, 2, &day) || !date_ok(year, month, day))
		return false;
	*us = days_of(year, month, day) * UTC_DAY;
	return true;
}

/* A dot without a digit is no fraction and stays. */
static bool
read_fraction(sv *r, unsigned *us)
{
	unsigned unit = 100000, n = 0;

	*us = 0;
	if (r->n < 2 || r->p[0] != '.' || !is_digit(r->p[1]))
		return true;
	*r = sv_skip(*r, 1);
	for (; at_digit(*r); n++, unit /= 10)
		*us += unit * (unsigned)(sv_cut_n(r, 1).p[0] - '0');
	return n <= 9;
}

static bool
read_clock(sv *r, bool brief, int64_t *us)
{
	unsigned hour, minute, second = 0, frac = 0;

	if (!read_digits(r, 2, &hour) || !sv_skip_lit(r, SV(":")) ||
	    !read_digits(r, 2, &minute))
		return false;
	if (sv_skip_lit(r, SV(":"))) {
		if (!read_digits(r, 2, &second) || !read_fraction(r, &frac))
			return false;
	} else if (!brief) {
		return false;
	}
	if (at_digit(*r) || hour > 23 || minute > 59 || second > 60)
		return false;
	if (second == 60) {
		second = 59;
		frac = 999999;
	}
	*us = clock_us(hour, minute, second) + frac;
	return true;
}

/* What follows the sign: 07, 0700 or 07:00. */
static bool
read_offset(sv *r, int64_t *us)
{
	unsigned hour, minute = 0;

	if (!read_digits(r, 2, &hour))
		return false;
	if (r->n > 1 && r->p[0] == ':' && is_digit(r->p[1]))
		*r = sv_skip(*r, 1);
	if (at_digit(*r) && !read_digits(r, 2, &minute))
		return false;
	if (at_digit(*r) || hour > 15 || minute > 59)
		return false;
	*us = clock_us(hour, minute, 0);
	return true;
}

/* " -0800" or " -08:00": a blank and a sign alone may begin a message. */
static bool
at_spaced_offset(sv r)
{
	unsigned n;

	if (!sv_skip_lit(&r, SV(" +")) && !sv_skip_lit(&r, SV(" -")))
		return false;
	if (!read_digits(&r, 2, &n))
		return false;
	sv_skip_lit(&r, SV(":"));
	return read_digits(&r, 2, &n) && !at_digit(r);
}

static bool
read_zone(sv *r, bool naive, int64_t *east)
{
	*east = 0;
	if (sv_skip_lit(r, SV("Z")))
		return true;
	if (sv_starts(*r, SV("+00:00")) && (r->n == 6 || !is_digit(r->p[6]))) {
		*r = sv_skip(*r, 6);
		return true;
	}
	if (at_spaced_offset(*r))
		*r = sv_skip(*r, 1);
	if (r->n > 1 && (r->p[0] == '+' || r->p[0] == '-') &&
	    is_digit(r->p[1])) {
		bool west = sv_cut_n(r, 1).p[0] == '-';

		if (!read_offset(r, east))
			return false;
		*east = west ? -*east : *east;
		return true;
	}
	if (sv_starts(*r, SV(" UTC")) && (r->n == 4 || !is_alnum(r->p[4]))) {
		*r = sv_skip(*r, 4);
		return true;
	}
	return naive;
}

/* `brief` lets the seconds or the whole time of day be missing. */
static bool
read_any(sv *rest, bool naive, bool brief, int64_t *us)
{
	sv r = *rest;
	int64_t date, clock = 0, east = 0;

	if (!read_date(&r, &date))
		return false;
	if (sv_skip_lit(&r, SV("T")) || sv_skip_lit(&r, SV(" "))) {
		if (!read_clock(&r, brief, &clock) ||
		    !read_zone(&r, naive, &east))
			return false;
	} else if (!brief) {
		return false;
	}
	date += clock - east;
	if (date < UTC_MIN || date > UTC_MAX)
		return false;
	*us = date;
	*rest = r;
	return true;
}

/* Of any zone. */
static attr_apart bool
read_zoned(sv *rest, bool naive, int64_t *us)
{
	sv r = *rest;
	int64_t t, east = 0;

	if (r.n <= UTC_COMMON || is_digit(r.p[UTC_COMMON]) || !read_common(r.p, &t))
		return read_any(rest, naive, false, us);
	r = sv_skip(r, UTC_COMMON);
	if (!read_zone(&r, naive, &east))
		return false;
	t -= east;
	if (t < UTC_MIN || t > UTC_MAX)
		return false;
	*us = t;
	*rest = r;
	return true;
}

bool
utc_read(sv *rest, bool naive, int64_t *us)
{
	enum { LEN = UTC_COMMON + 6 };
	const char *p = rest->p;
	size_t n = rest->n;

	if (n <= LEN || memcmp(p + UTC_COMMON, "+00:00", 6) != 0 ||
	    is_digit(p[LEN]) || !read_common(p, us))
		return read_zoned(rest, naive, us);
	*rest = sv_of(p + LEN, n - LEN);
	return true;
}

bool
utc_read_clock(sv *rest, int64_t *us)
{
	sv r = *rest;
	int64_t clock;

	if (!read_clock(&r, false, &clock))
		return false;
	*us = clock;
	*rest = r;
	return true;
}

bool
utc_parse(sv v, int64_t *us)
{
	int64_t t;

	if (!read_any(&v, true, true, &t) || v.n)
		return false;
	*us = t;
	return true;
}

static void
put_pair(char *p, unsigned v)
{
	p[0] = (char)('0' + v / 10);
	p[1] = (char)('0' + v % 10);
}

static void
put_date(char *p, unsigned days)
{
	unsigned era = days / 146097, doe = days % 146097;
	unsigned yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	unsigned doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	unsigned m = (5 * doy + 2) / 153;
	unsigned month = m < 10 ? m + 3 : m - 9;
	unsigned year = era * 400 + yoe + (month <= 2);

	put_pair(p, year / 100);
	put_pair(p + 2, year % 100);
	put_pair(p + 5, month);
	put_pair(p + 8, doy - (153 * m + 2) / 5 + 1);
}

enum { FULL_LEN = 27, MINUTE_LEN = 16 };

/* "2026-06-12T13:02" of minutes since year 1, which is mostly that of the time
 * before it. */
static void
put_minute(char *p, uint64_t minute)
{
	static _Thread_local struct {
		uint64_t minute;
		char text[MINUTE_LEN + 1];
	} last = { 0, "0001-01-01T00:00" };
	unsigned of_day = (unsigned)(minute % (24 * 60));

	if (minute != last.minute) {
		last.minute = minute;
		/* 0001-01-01 is 306 days after 0000-03-01. */
		put_date(last.text, (unsigned)(minute / (24 * 60)) + 306);
		put_pair(last.text + 11, of_day / 60);
		put_pair(last.text + 14, of_day % 60);
	}
	memcpy(p, last.text, MINUTE_LEN);
}

static void
put_full(char text[FULL_LEN], int64_t us)
{
	uint64_t since = (uint64_t)(us - UTC_MIN);
	unsigned left = (unsigned)(since % (uint64_t)UTC_MINUTE);
	unsigned frac = left % (unsigned)UTC_SECOND;

	assert(us >= UTC_MIN && us <= UTC_MAX);
	put_minute(text, since / (uint64_t)UTC_MINUTE);
	memcpy(text + MINUTE_LEN, ":00.000000Z", FULL_LEN - MINUTE_LEN);
	put_pair(text + 17, left / (unsigned)UTC_SECOND);
	put_pair(text + 20, frac / 10000);
	put_pair(text + 22, frac / 100 % 100);
	put_pair(text + 24, frac % 100);
}

void
utc_write(struct buf *b, int64_t us)
{
	put_full(buf_reserve(b, FULL_LEN), us);
	b->n += FULL_LEN;
}

void
utc_write_short(struct buf *b, int64_t us)
{
	char text[FULL_LEN];

	put_full(text, us);
	if (us % UTC_SECOND) {
		buf_mem(b, text, FULL_LEN);
		return;
	}
	buf_mem(b, text, us % UTC_MINUTE ? 19 : 16);
	buf_byte(b, 'Z');
}

static const struct {
	char name;
	int64_t us;
} unit[] = {
	{ 'w', 7 * UTC_DAY },
	{ 'd', UTC_DAY },
	{ 'h', UTC_HOUR },
	{ 'm', UTC_MINUTE },
	{ 's', UTC_SECOND },
};

static bool
add_span(int64_t *sum, uint64_t n, int64_t us)
{
	if (n > (uint64_t)((INT64_MAX - *sum) / us))
		return false;
	*sum += (int64_t)n * us;
	return true;
}

static bool
read_count(sv *r, uint64_t *n)
{
	size_t i = 0;

	while (i < r->n && is_digit(r->p[i]))
		i++;
	return sv_to_u64(sv_cut_n(r, i), n);
}

/* One count with its unit, which must be smaller than the one before. Only
 * seconds have a fraction. */
static bool
read_part(sv *r, size_t *next, int64_t *sum)
{
	uint64_t n;
	unsigned frac;
	size_t u = *next, whole;

	if (!read_count(r, &n))
		return false;
	whole = r->n;
	if (!read_fraction(r, &frac) || r->n == 0)
		return false;
	while (u < countof(unit) && unit[u].name != r->p[0])
		u++;
	if (u == countof(unit) || (r->n != whole && r->p[0] != 's'))
		return false;
	*r = sv_skip(*r, 1);
	*next = u + 1;
	return add_span(sum, n, unit[u].us) && add_span(sum, frac, 1);
}

bool
utc_span_parse(sv v, int64_t *us)
{
	int64_t sum = 0;
	size_t next = 0;
	uint64_t n;

	if (sv_to_u64(v, &n)) {
		if (!add_span(&sum, n, UTC_SECOND))
			return false;
		v = SV_NULL;
	}
	while (v.n)
		if (!read_part(&v, &next, &sum))
			return false;
	if (sum <= 0)
		return false;
	*us = sum;
	return true;
}

static void
write_seconds(struct buf *b, uint64_t us)
{
	char text[7] = ".000000";
	unsigned frac = (unsigned)(us % (uint64_t)UTC_SECOND);
	size_t n = frac ? sizeof(text) : 0;

	put_pair(text + 1, frac / 10000);
	put_pair(text + 3, frac / 100 % 100);
	put_pair(text + 5, frac % 100);
	while (n && text[n - 1] == '0')
		n--;
	buf_u64(b, us / (uint64_t)UTC_SECOND);
	buf_mem(b, text, n);
	buf_byte(b, 's');
}

void
utc_span_write(struct buf *b, int64_t us)
{
	uint64_t left = us < 0 ? 0 - (uint64_t)us : (uint64_t)us;
	/* Up to two days people count in hours. */
	size_t from = left < 2 * (uint64_t)UTC_DAY ? 2 : 1;

	if (us < 0)
		buf_byte(b, '-');
	for (size_t u = from; u + 1 < countof(unit); u++) {
		uint64_t each = (uint64_t)unit[u].us;

		if (left / each == 0)
			continue;
		buf_u64(b, left / each);
		buf_byte(b, unit[u].name);
		left %= each;
	}
	if (left || us == 0)
		write_seconds(b, left);
}
