/* SPDX-License-Identifier: MIT */
#include "base/utc.h"

#include <stdlib.h>

#include "test/ck.h"

Suite *test_utc(void);

/* 2026-06-12T13:02:11Z */
#define NOON (INT64_C(1781269331) * UTC_SECOND)

static const struct {
	const char *text;
	int64_t want;
	const char *rest;
} good[] = {
	{ "2026-06-12T13:02:11.123456+00:00 app", NOON + 123456, " app" },
	{ "2026-06-12T13:02:11.123456+00:00", NOON + 123456, "" },
	{ "2026-06-12T13:02:11.123456Z", NOON + 123456, "" },
	{ "2026-06-12 13:02:11.123456Z", NOON + 123456, "" },
	{ "2026-06-12 13:02:11.123456+00,x", NOON + 123456, ",x" },
	{ "2026-06-12 13:02:11 UTC", NOON, "" },
	{ "2026-06-12 13:02:11.5 UTC,", NOON + 500000, "," },
	{ "2026-06-12 05:02:11 -0800", NOON, "" },
	{ "2026-06-12 05:02:11 -08:00, x", NOON, ", x" },
	{ "2026-06-12T05:02:11.123456 -0800\tx", NOON + 123456, "\tx" },
	{ "2026-06-12 13:02:11.5 +0000 UTC", NOON + 500000, " UTC" },
	{ "2026-06-12T13:02:11Z -0800", NOON, " -0800" },
	{ "2026-06-12T13:02:11+00 -0800", NOON, " -0800" },
	{ "2026-06-12T13:02:11Z", NOON, "" },
	{ "2026-06-12T13:02:11.0Z", NOON, "" },
	{ "2026-06-12T13:02:11.1Z", NOON + 100000, "" },
	{ "2026-06-12T13:02:11.12Z", NOON + 120000, "" },
	{ "2026-06-12T13:02:11.123Z", NOON + 123000, "" },
	{ "2026-06-12T13:02:11.1234Z", NOON + 123400, "" },
	{ "2026-06-12T13:02:11.12345Z", NOON + 123450, "" },
	{ "2026-06-12T13:02:11.1234567Z", NOON + 123456, "" },
	{ "2026-06-12T13:02:11.12345678Z", NOON + 123456, "" },
	{ "2026-06-12T13:02:11.123456789Z", NOON + 123456, "" },
	{ "2026-06-12T13:02:11.999999999Z", NOON + 999999, "" },
	{ "2026-06-12T06:02:11-07:00", NOON, "" },
	{ "2026-06-12T06:02:11.123456-07:00", NOON + 123456, "" },
	{ "2026-06-12T18:32:11+0530", NOON, "" },
	{ "2026-06-12 18:32:11+05:30", NOON, "" },
	{ "2026-06-12 18:32:11.5+05:30\t", NOON + 500000, "\t" },
	{ "2026-06-12 13:02:11+00", NOON, "" },
	{ "2026-06-12 13:02:11-00", NOON, "" },
	{ "2026-06-12 13:02:11.12345+00:00 app[api]:", NOON + 123450,
	    " app[api]:" },
	/* psql marks the years before 1; the caller sees the rest */
	{ "2026-06-12 13:02:11+00 BC", NOON, " BC" },
	{ "2026-06-12T15:02:11.000001+02", NOON + 1, "" },
	{ "2026-06-13T05:01:11+15:59", NOON, "" },
	{ "2026-06-12T13:02:11-00:00", NOON, "" },
	{ "2026-06-12T13:02:11+00:x", NOON, ":x" },
	{ "1970-01-01T00:00:00Z", 0, "" },
	{ "1969-12-31T23:59:59.999999Z", -1, "" },
	{ "2000-02-29T00:00:00Z", INT64_C(951782400) * UTC_SECOND, "" },
	{ "2024-02-29T00:00:00Z", INT64_C(1709164800) * UTC_SECOND, "" },
	{ "0001-01-01T00:00:00Z", INT64_C(-62135596800) * UTC_SECOND, "" },
	{ "9999-12-31T23:59:59.999999+00:00",
	    INT64_C(253402300800) * UTC_SECOND - 1, "" },
	{ "2016-12-31T23:59:60Z",
	    INT64_C(1483228800) * UTC_SECOND - 1, "" },
	{ "2016-12-31T23:59:60.000000+00:00",
	    INT64_C(1483228800) * UTC_SECOND - 1, "" },
};

START_TEST(reads)
{
	sv rest = sv_str(good[_i].text);
	int64_t us = 0;

	ck_assert(utc_read(&rest, false, &us));
	ck_assert_int_eq(us, good[_i].want);
	ck_sv(rest, sv_str(good[_i].rest));
}
END_TEST

static const char *const bad[] = {
	"",
	"2026",
	"2026-06-12",
	"2026-06-12T13:02Z",
	"2026-06-12T13:02:11",
	"2026-06-12T13:02:11.123456",
	"2026-06-12T13:02:11.Z",
	"2026-06-12T13:02:11.1234567890Z",
	"2026-06-12T13:02:11.123456+16:00",
	"2026-06-12T13:02:11+16:00",
	"2026-06-12T13:02:11+00:60",
	"2026-06-12T13:02:11+0",
	"2026-06-12T13:02:11+000",
	"2026-06-12T13:02:11+00:0",
	"2026-06-12T13:02:11+00000",
	"2026-06-12T13:02:11.123456+00:000",
	"2026-06-12T13:02:11 -08",
	"2026-06-12T13:02:11 -080",
	"2026-06-12T13:02:11 -08:0",
	"2026-06-12T13:02:11 -08:",
	"2026-06-12T13:02:11 -08000",
	"2026-06-12T13:02:11 -08:000",
	"2026-06-12T13:02:11  -0800",
	"2026-06-12T13:02:11\t-0800",
	"2026-06-12T13:02:11 - 0800",
	"2026-06-12T13:02:11 0800",
	"2026-06-12T13:02:11 -1600",
	"2026-06-12T13:02:11 -0860",
	"2026-06-12T13:02:11 ",
	"2026-06-12T13:02:11 -",
	"2026-06-12T13:02:11 UTCX",
	"2026-06-12T13:02:11 GMT",
	"2026-06-12T13:02:11.123456 UTC1",
	"2026-06-12T13:02:111Z",
	"2026-06-12T13:02:1Z",
	"2026-06-12T24:00:00Z",
	"2026-06-12T24:00:00.000000+00:00",
	"2026-06-12T13:60:00Z",
	"2026-06-12T13:60:00.000000+00:00",
	"2026-06-12T13:02:61Z",
	"2026-06-12T13:02:61.000000+00:00",
	"2026-06-12  13:02:11Z",
	"2026-06-12t13:02:11Z",
	"2026-06-12x13:02:11.123456+00:00",
	"2026-02-29T00:00:00Z",
	"2026-02-30T00:00:00.000000+00:00",
	"2024-02-30T00:00:00Z",
	"1900-02-29T00:00:00.000000+00:00",
	"1900-02-29T00:00:00Z",
	"2026-04-31T00:00:00Z",
	"2026-13-01T00:00:00Z",
	"2026-00-01T00:00:00Z",
	"2026-01-00T00:00:00Z",
	"2026-01-32T00:00:00.000000+00:00",
	"0000-01-01T00:00:00Z",
	"0001-01-01T00:00:00+00:01",
	"0001-01-01T00:00:00.000000+00:01",
	"9999-12-31T23:59:59-00:01",
	"9999-12-31T23:59:59.999999-00:01",
	"10000-01-01T00:00:00Z",
	"10000-01-01 00:00:00+00",
	"0000-12-31 23:59:59+00",
	"infinity",
	"-infinity",
	"epoch",
	"now",
	"-026-06-12T13:02:11Z",
	" 2026-06-12T13:02:11Z",
	"2026-06-12T13:02:1\xb2Z",
	"2026-06-12T13:02:11.12345\xff+00:00",
	"2O26-06-12T13:02:11.123456+00:00",
	"2026/06/12T13:02:11.123456+00:00",
	"2026-06-12T13.02.11.123456+00:00",
	"2026-06-12T13:02:11,123456+00:00",
};

START_TEST(rejects)
{
	sv text = sv_str(bad[_i]), rest = text;
	int64_t us = 4711;

	ck_assert(!utc_read(&rest, false, &us));
	ck_assert_ptr_eq(rest.p, text.p);
	ck_assert_uint_eq(rest.n, text.n);
	ck_assert_int_eq(us, 4711);
}
END_TEST

/* Where a byte that is no digit may stand in the common form instead of what
 * is there: the other separator, a shorter fraction or zone, the other sign, a
 * blank before the offset. */
static bool
may_be(int place, int c)
{
	if (c == 'Z' && place >= 19 && place <= 26)
		return place != 20;
	if (c == ' ')
		return place == 10 || place == 25 || place == 29 || place == 30;
	return (place == 26 && c == '-') || place == 29 || place == 30;
}

START_TEST(each_byte_counts)
{
	char text[] = "2026-06-12T13:02:11.123456+00:00";
	char old = text[_i];

	for (int c = 0; c < 256; c++) {
		sv rest = sv_of(text, sizeof(text) - 1);
		int64_t us;

		if (c == old || (c >= '0' && c <= '9'))
			continue;
		text[_i] = (char)c;
		ck_assert_msg(utc_read(&rest, false, &us) == may_be(_i, c),
		    "place %d byte %d", _i, c);
	}
}
END_TEST

/* With each byte in each place, what is read is what utc_read reads of it. */
START_TEST(millis_as_any_other)
{
	char text[] = "2026-06-12T13:02:11.123Z";
	char old = text[_i];

	for (int c = 0; c < 256; c++) {
		sv rest = sv_of(text, UTC_MILLIS);
		int64_t want, us;
		bool is;

		text[_i] = (char)c;
		is = text[10] == 'T' && utc_read(&rest, false, &want) &&
		    rest.n == 0 && text[19] == '.' && text[23] == 'Z';
		ck_assert_msg(utc_read_millis(text, &us) == is,
		    "place %d byte %d", _i, c);
		if (is)
			ck_assert_int_eq(us, want);
	}
	text[_i] = old;
}
END_TEST

START_TEST(no_byte_behind_the_view_is_read)
{
	static const char text[] = "2026-06-12T13:02:11.123456+00:00";
	char *copy = malloc((size_t)_i + 1);
	sv rest = sv_of(copy, (size_t)_i);
	int64_t us;

	/* ASan sees it if one is. */
	memcpy(copy, text, (size_t)_i);
	ck_assert(utc_read(&rest, false, &us) == (_i == 29 || _i == 30 ||
	    _i == 32));
	free(copy);
}
END_TEST

static const struct {
	const char *text;
	bool ok;
	const char *rest;
} naive[] = {
	{ "2026-06-12 13:02:11", true, "" },
	{ "2026-06-12 13:02:11. Then", true, ". Then" },
	{ "2026-06-12 13:02:11-x", true, "-x" },
	{ "2026-06-12 13:02:11 - x", true, " - x" },
	{ "2026-06-12 13:02:11 -5 items", true, " -5 items" },
	{ "2026-06-12 13:02:11 -12345", true, " -12345" },
	{ "2026-06-12 05:02:11 -0800", true, "" },
	{ "2026-06-12 13:02:11 -9900", false, "" },
	{ "2026-06-12 13:02:11.000000 app", true, " app" },
	{ "2026-06-12 06:02:11-07:00", true, "" },
	{ "2026-06-12 13:02:11+99:00", false, "" },
	{ "2026-06-12 13:02", false, "" },
	{ "2026-06-12", false, "" },
};

START_TEST(naive_is_utc)
{
	sv rest = sv_str(naive[_i].text);
	int64_t us = 0;

	ck_assert(utc_read(&rest, true, &us) == naive[_i].ok);
	if (naive[_i].ok) {
		ck_assert_int_eq(us, NOON);
		ck_sv(rest, sv_str(naive[_i].rest));
	}
}
END_TEST

static const struct {
	const char *text;
	bool ok;
	int64_t want;
} typed[] = {
	{ "2026-06-12T13:02:11Z", true, NOON },
	{ "2026-06-12 13:02:11", true, NOON },
	{ "2026-06-12T13:02Z", true, NOON - 11 * UTC_SECOND },
	{ "2026-06-12T13:02", true, NOON - 11 * UTC_SECOND },
	{ "2026-06-12T15:02+02:00", true, NOON - 11 * UTC_SECOND },
	{ "2026-06-12", true, INT64_C(1781222400) * UTC_SECOND },
	{ "2026-06-12T13Z", false, 0 },
	{ "2026-06-12T", false, 0 },
	{ "2026-06-12Z", false, 0 },
	{ "2026-06-12 13:02:11 ", false, 0 },
	{ "2026-06-12T13:02:11ZZ", false, 0 },
	{ "2026-06-12T13:02.5Z", false, 0 },
	{ "2026-6-12", false, 0 },
	{ "20260612", false, 0 },
	{ "", false, 0 },
};

START_TEST(parses_what_people_type)
{
	int64_t us = 4711;

	ck_assert(utc_parse(sv_str(typed[_i].text), &us) == typed[_i].ok);
	ck_assert_int_eq(us, typed[_i].ok ? typed[_i].want : 4711);
}
END_TEST

static const struct {
	const char *text;
	int64_t want; /* -1: refused */
	const char *rest;
} clocks[] = {
	{ "00:00:00", 0, "" },
	{ "13:02:11 x", 13 * UTC_HOUR + 2 * UTC_MINUTE + 11 * UTC_SECOND,
	    " x" },
	{ "00:00:01.25Z", 1250000, "Z" },
	{ "23:59:59", UTC_DAY - UTC_SECOND, "" },
	{ "23:59:60", UTC_DAY - 1, "" },
	{ "00:00:01.", UTC_SECOND, "." },
	{ "24:00:00", -1, "24:00:00" },
	{ "13:60:00", -1, "13:60:00" },
	{ "13:00:61", -1, "13:00:61" },
	{ "13:00", -1, "13:00" },
	{ "1:00:00", -1, "1:00:00" },
	{ "13:00:000", -1, "13:00:000" },
	{ "", -1, "" },
};

START_TEST(reads_a_clock)
{
	sv rest = sv_str(clocks[_i].text);
	int64_t us = -1;

	ck_assert(utc_read_clock(&rest, &us) == (clocks[_i].want >= 0));
	ck_assert_int_eq(us, clocks[_i].want);
	ck_sv(rest, sv_str(clocks[_i].rest));
}
END_TEST

START_TEST(embedded_nul)
{
	int64_t us;

	ck_assert(!utc_parse(SV("2026-06-12\0"), &us));
	ck_assert(!utc_parse(SV("2026-06-12\00013:02:11Z"), &us));
}
END_TEST

/* As the first thing read, and behind a time that only differs in front. */
START_TEST(nul_is_no_minute)
{
	char text[] = "2026-06-12T13:02:11.123456+00:00";
	int64_t us;

	for (size_t n = 16; n; n--) {
		char nul[sizeof(text)];

		memcpy(nul, text, sizeof(text));
		memset(nul, 0, n);
		for (int again = 0; again < 2; again++) {
			sv rest = sv_of(nul, sizeof(nul) - 1);

			ck_assert_msg(!utc_read(&rest, true, &us), "%zu", n);
			ck_assert_msg(!utc_read_common(nul, &us), "%zu", n);
		}
		ck_assert(utc_read_common(text, &us));
		ck_assert_int_eq(us, NOON + 123456);
	}
}
END_TEST

START_TEST(civil_dates)
{
	ck_assert(utc_civil_valid(2000, 2, 29));
	ck_assert(!utc_civil_valid(1900, 2, 29));
	ck_assert(!utc_civil_valid(2100, 2, 29));
	ck_assert(utc_civil_valid(2400, 2, 29));
	ck_assert(!utc_civil_valid(0, 1, 1));
	ck_assert(!utc_civil_valid(10000, 1, 1));
	ck_assert(!utc_civil_valid(INT64_C(4294967296) + 2000, 1, 1));
	ck_assert(!utc_civil_valid(2000, 1, 0));
	ck_assert(!utc_civil_valid(2000, 0, 1));
	ck_assert(!utc_civil_valid(2000, 13, 1));
	ck_assert_int_eq(utc_days(1970, 1, 1), 0);
	ck_assert_int_eq(utc_days(1969, 12, 31), -1);
	ck_assert_int_eq(utc_days(2000, 3, 1), 11017);
	ck_assert_int_eq(utc_days(1, 1, 1), -719162);
	ck_assert_int_eq(utc_days(9999, 12, 31), 2932896);
}
END_TEST

/* Every day of the range follows the day before and comes back as written. */
START_TEST(calendar_has_no_gap)
{
	struct buf b = BUF_INIT;
	int64_t want = utc_days(1, 1, 1), us;

	for (unsigned y = 1; y <= 9999; y++)
		for (unsigned m = 1; m <= 12; m++)
			for (unsigned d = 1; utc_civil_valid(y, m, d); d++) {
				ck_assert(utc_days(y, m, d) == want);
				buf_clear(&b);
				utc_write(&b, want * UTC_DAY);
				ck_assert(utc_parse(buf_sv(&b), &us) &&
				    us == want * UTC_DAY);
				want++;
			}
	ck_assert_int_eq(want, 2932897);
	buf_release(&b);
}
END_TEST

/* Another way to the same number: slow, by counting, without tables. */

struct fields {
	unsigned year, month, day, hour, minute, second;
	unsigned digits; /* of the fraction */
	unsigned frac;   /* as many digits as said, at most 10 */
	int east;        /* minutes */
};

static bool
slow_leap(unsigned y)
{
	if (y % 400 == 0)
		return true;
	return y % 100 != 0 && y % 4 == 0;
}

static unsigned
slow_length(unsigned y, unsigned m)
{
	if (m == 2)
		return slow_leap(y) ? 29 : 28;
	return m == 4 || m == 6 || m == 9 || m == 11 ? 30 : 31;
}

/* Days from 0001-01-01. */
static int64_t
slow_days(const struct fields *f)
{
	int64_t n = 0;

	for (unsigned y = 1; y < f->year; y++)
		n += slow_leap(y) ? 366 : 365;
	for (unsigned m = 1; m < f->month; m++)
		n += slow_length(f->year, m);
	return n + (int64_t)f->day - 1;
}

static bool
slow_time(const struct fields *f, int64_t *us)
{
	const int64_t first = INT64_C(-62135596800000000); /* 0001-01-01 */
	const int64_t behind = INT64_C(253402300800000000); /* 10000-01-01 */
	int64_t frac = f->frac;

	if (f->year < 1 || f->year > 9999 || f->month < 1 || f->month > 12 ||
	    f->day < 1 || f->day > slow_length(f->year, f->month) ||
	    f->hour > 23 || f->minute > 59 || f->second > 60 ||
	    f->digits > 9 || f->east >= 16 * 60 || f->east <= -16 * 60)
		return false;
	for (unsigned i = f->digits; i < 6; i++)
		frac *= 10;
	for (unsigned i = f->digits; i > 6; i--)
		frac /= 10;
	*us = slow_days(f) * 86400 + f->hour * 3600 + f->minute * 60 +
	    (f->second == 60 ? 59 : f->second);
	*us = *us * 1000000 + (f->second == 60 ? 999999 : frac);
	*us += first - (int64_t)f->east * 60000000;
	return *us >= first && *us < behind;
}

/* Numbers from 0 to n - 1; the same in every run. */
static unsigned
next_number(uint64_t *seed, unsigned n)
{
	*seed = *seed * UINT64_C(6364136223846793005) + 1442695040888963407;
	return (unsigned)(*seed >> 33) % n;
}

/* Mostly good, often at an edge, sometimes just behind it. */
static struct fields
some_fields(uint64_t *seed)
{
	static const unsigned years[] = { 0, 1, 4, 100, 400, 1600, 1899, 1900,
		1970, 2000, 2024, 2026, 2100, 9998, 9999, 10000 };
	static const unsigned pow10[] = { 1, 10, 100, 1000, 10000, 100000,
		1000000, 10000000, 100000000, 1000000000, 1000000000 };
	struct fields f;

	f.year = next_number(seed, 2) ? next_number(seed, 9999) + 1 :
	    years[next_number(seed, countof(years))];
	f.month = next_number(seed, 14);
	f.day = next_number(seed, 4) ? next_number(seed, 28) + 1 :
	    next_number(seed, 33);
	f.hour = next_number(seed, 25);
	f.minute = next_number(seed, 61);
	f.second = next_number(seed, 62);
	f.digits = next_number(seed, 11);
	f.frac = next_number(seed, pow10[f.digits]);
	f.east = (int)next_number(seed, 33 * 60) - 33 * 30;
	return f;
}

/* In one of the forms that sources write; some can say only UTC. */
static void
write_fields(struct buf *b, struct fields *f, unsigned form)
{
	unsigned off = (unsigned)(f->east < 0 ? -f->east : f->east);
	char sign = f->east < 0 ? '-' : '+';

	buf_printf(b, "%04u-%02u-%02u%c%02u:%02u:%02u", f->year, f->month,
	    f->day, form & 1 ? 'T' : ' ', f->hour, f->minute, f->second);
	if (f->digits)
		buf_printf(b, ".%0*u", (int)f->digits, f->frac);
	switch (form >> 1) {
	case 0:
		buf_printf(b, "%c%02u:%02u", sign, off / 60, off % 60);
		return;
	case 1:
		buf_printf(b, "%c%02u%02u", sign, off / 60, off % 60);
		return;
	case 2:
		buf_printf(b, "%c%02u", sign, off / 60);
		f->east -= f->east % 60;
		return;
	case 3:
		buf_str(b, "Z");
		break;
	case 4:
		buf_str(b, "-00:00");
		break;
	case 5:
		buf_str(b, " UTC");
		break;
	default:
		break; /* none */
	}
	f->east = 0;
}

START_TEST(agrees_with_slow_way)
{
	enum { ROUNDS = 20000, FORMS = 14 };
	struct buf b = BUF_INIT;
	uint64_t seed = 7;
	unsigned good_ones = 0;

	for (unsigned i = 0; i < ROUNDS; i++) {
		struct fields f = some_fields(&seed);
		int64_t want, us = 4711;
		bool ok;
		sv rest;

		buf_clear(&b);
		write_fields(&b, &f, i % FORMS);
		ok = slow_time(&f, &want);
		good_ones += ok;
		rest = buf_sv(&b);
		ck_assert_msg(utc_read(&rest, true, &us) == ok, "%.*s",
		    SV_ARG(buf_sv(&b)));
		ck_assert_msg(us == (ok ? want : 4711), "%.*s",
		    SV_ARG(buf_sv(&b)));
		ck_assert_uint_eq(rest.n, ok ? 0 : b.n);
	}
	/* neither side may be rare */
	ck_assert_uint_gt(good_ones, ROUNDS / 4);
	ck_assert_uint_lt(good_ones, ROUNDS * 3 / 4);
	buf_release(&b);
}
END_TEST

static const struct {
	int64_t us;
	const char *full, *brief;
} written[] = {
	{ NOON + 123456, "2026-06-12T13:02:11.123456Z",
	    "2026-06-12T13:02:11.123456Z" },
	{ NOON + 120000, "2026-06-12T13:02:11.120000Z",
	    "2026-06-12T13:02:11.120000Z" },
	{ NOON, "2026-06-12T13:02:11.000000Z", "2026-06-12T13:02:11Z" },
	{ NOON - 11 * UTC_SECOND, "2026-06-12T13:02:00.000000Z",
	    "2026-06-12T13:02Z" },
	{ 0, "1970-01-01T00:00:00.000000Z", "1970-01-01T00:00Z" },
	{ -1, "1969-12-31T23:59:59.999999Z", "1969-12-31T23:59:59.999999Z" },
	{ -UTC_SECOND, "1969-12-31T23:59:59.000000Z", "1969-12-31T23:59:59Z" },
	{ INT64_C(-62135596800) * UTC_SECOND, "0001-01-01T00:00:00.000000Z",
	    "0001-01-01T00:00Z" },
	{ INT64_C(253402300800) * UTC_SECOND - 1,
	    "9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z" },
};

START_TEST(writes)
{
	struct buf b = BUF_INIT;
	int64_t us;

	utc_write(&b, written[_i].us);
	ck_sv(buf_sv(&b), sv_str(written[_i].full));
	buf_clear(&b);
	utc_write_short(&b, written[_i].us);
	ck_sv(buf_sv(&b), sv_str(written[_i].brief));
	ck_assert(utc_parse(buf_sv(&b), &us));
	ck_assert_int_eq(us, written[_i].us);
	buf_release(&b);
}
END_TEST

static const struct {
	const char *text;
	int64_t want; /* 0: refused */
	const char *back;
} spans[] = {
	{ "90s", 90 * UTC_SECOND, "1m30s" },
	{ "10m", 10 * UTC_MINUTE, "10m" },
	{ "24h", 24 * UTC_HOUR, "24h" },
	{ "47h", 47 * UTC_HOUR, "47h" },
	{ "2d", 2 * UTC_DAY, "2d" },
	{ "7d", 7 * UTC_DAY, "7d" },
	{ "180h", 180 * UTC_HOUR, "7d12h" },
	{ "2w", 14 * UTC_DAY, "14d" },
	{ "1h30m", 90 * UTC_MINUTE, "1h30m" },
	{ "1w2d3h4m5s", 9 * UTC_DAY + 3 * UTC_HOUR + 4 * UTC_MINUTE +
	    5 * UTC_SECOND, "9d3h4m5s" },
	{ "300", 5 * UTC_MINUTE, "5m" },
	{ "1.5s", 1500000, "1.5s" },
	{ "0.000001s", 1, "0.000001s" },
	{ "1m0.25s", 60250000, "1m0.25s" },
	{ "0h5s", 5 * UTC_SECOND, "5s" },
	{ "9223372036854s", INT64_C(9223372036854) * UTC_SECOND, NULL },
	{ "9223372036855s", 0, NULL },
	{ "9223372036855", 0, NULL },
	{ "106751991d24h", 0, NULL },
	{ "15250285w", 0, NULL },
	{ "99999999999999999999s", 0, NULL },
	{ "", 0, NULL },
	{ "0", 0, NULL },
	{ "0s", 0, NULL },
	{ "-5m", 0, NULL },
	{ "+5m", 0, NULL },
	{ "5", 5 * UTC_SECOND, "5s" },
	{ "m", 0, NULL },
	{ "5x", 0, NULL },
	{ "5M", 0, NULL },
	{ "5m ", 0, NULL },
	{ "5 m", 0, NULL },
	{ "1h30", 0, NULL },
	{ "30m1h", 0, NULL },
	{ "1h1h", 0, NULL },
	{ "1.5m", 0, NULL },
	{ "1.5", 0, NULL },
	{ "1.s", 0, NULL },
	{ "5ms", 0, NULL },
};

START_TEST(durations)
{
	struct buf b = BUF_INIT;
	int64_t us = 4711, again;
	bool ok = utc_span_parse(sv_str(spans[_i].text), &us);

	ck_assert(ok == (spans[_i].want != 0));
	ck_assert_int_eq(us, ok ? spans[_i].want : 4711);
	if (ok) {
		utc_span_write(&b, us);
		if (spans[_i].back)
			ck_sv(buf_sv(&b), sv_str(spans[_i].back));
		ck_assert(utc_span_parse(buf_sv(&b), &again));
		ck_assert_int_eq(again, us);
	}
	buf_release(&b);
}
END_TEST

START_TEST(durations_that_are_not_positive)
{
	struct buf b = BUF_INIT;

	utc_span_write(&b, 0);
	buf_byte(&b, ' ');
	utc_span_write(&b, -90 * UTC_MINUTE);
	buf_byte(&b, ' ');
	utc_span_write(&b, INT64_MIN);
	ck_sv_lit(buf_sv(&b), "0s -1h30m -106751991d4h54.775808s");
	buf_release(&b);
}
END_TEST

Suite *
test_utc(void)
{
	Suite *s = suite_create("utc");
	TCase *tc = tcase_create("times");
	TCase *all = tcase_create("calendar");

	suite_add_tcase(s, tc);
	add_table(tc, reads, good);
	add_table(tc, rejects, bad);
	tcase_add_loop_test(tc, each_byte_counts, 0, 32);
	tcase_add_loop_test(tc, millis_as_any_other, 0, UTC_MILLIS);
	tcase_add_loop_test(tc, no_byte_behind_the_view_is_read, 0, 33);
	add_table(tc, naive_is_utc, naive);
	add_table(tc, reads_a_clock, clocks);
	add_table(tc, parses_what_people_type, typed);
	tcase_add_test(tc, embedded_nul);
	tcase_add_test(tc, nul_is_no_minute);
	tcase_add_test(tc, civil_dates);
	add_table(tc, writes, written);
	add_table(tc, durations, spans);
	tcase_add_test(tc, durations_that_are_not_positive);
	suite_add_tcase(s, all);
	tcase_set_timeout(all, 60);
	tcase_add_test(all, calendar_has_no_gap);
	tcase_add_test(all, agrees_with_slow_way);
	return s;
}
