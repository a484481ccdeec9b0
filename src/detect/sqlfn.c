/* SPDX-License-Identifier: MIT */
/*
 * Text is taken by length, so that a NUL byte hides nothing. What depends on a
 * constant argument only (a compiled pattern, a network) is kept with it for
 * the life of the statement.
 */
#include "detect/sqlfn.h"

#include <math.h>
#include <sqlite3.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/ascii.h"
#include "base/buf.h"
#include "base/hash.h"
#include "base/ip.h"
#include "base/pathplain.h"
#include "base/sha256.h"
#include "base/utc.h"
#include "detect/auditmac.h"
#include "detect/bigram.h"
#include "detect/chainkey.h"
#include "detect/distinct.h"
#include "detect/editdistance.h"
#include "detect/lognormal.h"
#include "detect/mailaddr.h"
#include "detect/maildomain.h"
#include "detect/progression.h"
#include "detect/regex.h"
#include "detect/spans.h"
#include "detect/uafamily.h"
#include "detect/wildcard.h"
#include "parse/code.h"
#include "record/sitechain.h"
#include "store/apptext.h"
#include "store/db.h"
#include "store/query.h"

/* The bytes of a value as text; null view for NULL. */
static sv
arg_sv(sqlite3_value *v)
{
	const void *p;
	int type = sqlite3_value_type(v);

	if (type == SQLITE_NULL)
		return SV_NULL;
	p = type == SQLITE_BLOB ? sqlite3_value_blob(v) :
	    (const void *)sqlite3_value_text(v);
	/* value_bytes belongs to the form asked for last: so p first */
	return sv_of(p ? p : "", (size_t)sqlite3_value_bytes(v));
}

static void
result_sv(sqlite3_context *c, sv v)
{
	if (sv_null(v))
		sqlite3_result_null(c);
	else
		sqlite3_result_text64(c, v.p, v.n, SQLITE_TRANSIENT,
		    SQLITE_UTF8);
}

static void
result_buf(sqlite3_context *c, struct buf *b)
{
	result_sv(c, buf_sv(b));
	buf_release(b);
}

/* --- patterns --- */

static void
close_regex(void *r)
{
	regex_close(r);
}

static void
close_set(void *w)
{
	wildset_close(w);
}

/* The compiled first argument, or NULL after setting the error. */
static struct regex *
cached_regex(sqlite3_context *c, sqlite3_value **argv)
{
	struct regex *r = sqlite3_get_auxdata(c, 0);
	struct err e = ERR_INIT;

	if (r)
		return r;
	r = regex_open(arg_sv(argv[0]), 0, &e);
	if (!r) {
		sqlite3_result_error(c, e.msg, -1);
		return NULL;
	}
	sqlite3_set_auxdata(c, 0, r, close_regex);
	/* NULL when SQLite had no memory for it: r is closed then */
	r = sqlite3_get_auxdata(c, 0);
	if (!r)
		sqlite3_result_error_nomem(c);
	return r;
}

static void
fn_regexp(sqlite3_context *c, int argc, sqlite3_value **argv)
{
	struct regex *r;

	(void)argc;
	if (sqlite3_value_type(argv[0]) == SQLITE_NULL ||
	    sqlite3_value_type(argv[1]) == SQLITE_NULL)
		return;
	r = cached_regex(c, argv);
	if (!r)
		return;
	switch (regex_match(r, arg_sv(argv[1]))) {
	case REGEX_MATCH:
		sqlite3_result_int(c, 1);
		break;
	case REGEX_NO_MATCH:
		sqlite3_result_int(c, 0);
		break;
	case REGEX_UNDECIDED:
		store_set_undecided(sqlite3_user_data(c));
		sqlite3_result_error(c, "a pattern hit its limit", -1);
		break;
	}
}

/* The compiled first argument. */
static struct wildset *
cached_set(sqlite3_context *c, sqlite3_value **argv, bool cased)
{
	struct wildset *w = sqlite3_get_auxdata(c, 0);

	if (w)
		return w;
	w = wildset_open(arg_sv(argv[0]), cased);
	sqlite3_set_auxdata(c, 0, w, close_set);
	/* NULL when SQLite had no memory for it: w is closed then */
	w = sqlite3_get_auxdata(c, 0);
	if (!w)
		sqlite3_result_error_nomem(c);
	return w;
}

static void
wildcard(sqlite3_context *c, sqlite3_value **argv, bool cased)
{
	struct wildset *w;

	if (sqlite3_value_type(argv[0]) == SQLITE_NULL ||
	    sqlite3_value_type(argv[1]) == SQLITE_NULL)
		return;
	w = cached_set(c, argv, cased);
	if (w)
		sqlite3_result_int(c, wildset_match(w, arg_sv(argv[1])));
}

static void
fn_wildcard(sqlite3_context *c, int argc, sqlite3_value **argv)
{
	(void)argc;
	wildcard(c, argv, false);
}

static void
fn_wildcard_cased(sqlite3_context *c, int argc, sqlite3_value **argv)
{
	(void)argc;
	wildcard(c, argv, true);
}

/* --- one text and another --- */

/* Where y stands in x when case is folded or not; x.n + 1 when nowhere. */
static size_t
find_text(sv x, sv y, bool cased)
{
	for (size_t i = 0; i + y.n <= x.n; i++) {
		sv here = sv_take(sv_skip(x, i), y.n);

		if (cased ? sv_eq(here, y) : sv_eq_nocase(here, y))
			return i;
	}
	return x.n + 1;
}

enum text_how { TEXT_IS = 1, TEXT_STARTS, TEXT_ENDS, TEXT_CONTAINS,
	TEXT_CASED = 8 };

static void
text_test(sqlite3_context *c, sqlite3_value **argv, int how)
{
	sv x = arg_sv(argv[0]), y = arg_sv(argv[1]);
	bool cased = how & TEXT_CASED, found;

	if (sv_null(x) || sv_null(y))
		return;
	how &= ~TEXT_CASED;
	if (how == TEXT_STARTS)
		x = sv_take(x, y.n);
	else if (how == TEXT_ENDS && y.n < x.n)
		x = sv_skip(x, x.n - y.n);
	found = find_text(x, y, cased) <= x.n;
	sqlite3_result_int(c, found && (how == TEXT_CONTAINS || x.n == y.n));
}

#define TEXT_TEST(name, how) \
	static void \
	name(sqlite3_context *c, int argc, sqlite3_value **argv) \
	{ \
		(void)argc; \
		text_test(c, argv, how); \
	}

TEXT_TEST(fn_text_is, TEXT_IS)
TEXT_TEST(fn_text_starts, TEXT_STARTS)
TEXT_TEST(fn_text_ends, TEXT_ENDS)
TEXT_TEST(fn_text_contains, TEXT_CONTAINS)
TEXT_TEST(fn_text_is_cased, TEXT_IS | TEXT_CASED)
TEXT_TEST(fn_text_starts_cased, TEXT_STARTS | TEXT_CASED)
TEXT_TEST(fn_text_ends_cased, TEXT_ENDS | TEXT_CASED)
TEXT_TEST(fn_text_contains_cased, TEXT_CONTAINS | TEXT_CASED)

/* --- aggregates --- */

/* Type and bytes; 1 and 1.0 are the same value. Of a number these are in *n. */
static sv
value_key(sqlite3_value *v, int64_t *n, char *type)
{
	double d;

	*type = (char)sqlite3_value_type(v);
	if (*type != SQLITE_INTEGER && *type != SQLITE_FLOAT)
		return arg_sv(v);
	*n = sqlite3_value_int64(v);
	d = *type == SQLITE_FLOAT ? sqlite3_value_double(v) : 0;
	if (*type == SQLITE_FLOAT && d == (double)*n && fabs(d) < 9e15)
		*type = SQLITE_INTEGER;
	if (*type == SQLITE_FLOAT)
		memcpy(n, &d, sizeof(*n));
	return sv_of((const char *)n, sizeof(*n));
}

static void
distinct_step(sqlite3_context *c, int argc, sqlite3_value **argv)
{
	struct distinct *d = sqlite3_aggregate_context(c, sizeof(*d));
	int64_t n;
	char type;
	sv key;

	(void)argc;
	if (!d) {
		sqlite3_result_error_nomem(c);
	} else if (sqlite3_value_type(argv[0]) != SQLITE_NULL) {
		key = value_key(argv[0], &n, &type);
		distinct_add(d, type, key);
	}
}

static void
distinct_inverse(sqlite3_context *c, int argc, sqlite3_value **argv)
{
	struct distinct *d = sqlite3_aggregate_context(c, sizeof(*d));
	int64_t n;
	char type;
	sv key;

	(void)argc;
	if (d && sqlite3_value_type(argv[0]) != SQLITE_NULL) {
		key = value_key(argv[0], &n, &type);
		distinct_drop(d, type, key);
	}
}

static void
distinct_value(sqlite3_context *c)
{
	const struct distinct *d = sqlite3_aggregate_context(c, 0);

	sqlite3_result_int64(c, d ? (int64_t)d->n : 0);
}

static void
distinct_final(sqlite3_context *c)
{
	struct distinct *d = sqlite3_aggregate_context(c, 0);

	distinct_value(c);
	if (d)
		distinct_release(d);
}

/* Doubles, sorted but for the newest: those are sorted in when it matters, one
 * by one in a window, all at once in a plain aggregate. */
struct values {
	struct buf mem;
	size_t sorted; /* of them, from the front */
};

static int
cmp_double(const void *pa, const void *pb)
{
	double a, b;

	memcpy(&a, pa, sizeof(a));
	memcpy(&b, pb, sizeof(b));
	return (a > b) - (a < b);
}

static double
value_at(const struct values *v, size_t i)
{
	double d;

	memcpy(&d, v->mem.p + i * sizeof(d), sizeof(d));
	return d;
}

/* Index of the first sorted value that is not less than d. */
static size_t
lower_bound(const struct values *v, double d)
{
	size_t lo = 0, hi = v->sorted;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (value_at(v, mid) < d)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

/* Moves the sorted values behind `from` to `to`, one place up or down. */
static void
shift(struct values *v, size_t from, size_t to)
{
	memmove(v->mem.p + to * sizeof(double),
	    v->mem.p + from * sizeof(double),
	    (v->sorted - from) * sizeof(double));
}

static void
sort_values(struct values *v)
{
	size_t n = v->mem.n / sizeof(double);

	if (n - v->sorted > 8) {
		qsort(v->mem.p, n, sizeof(double), cmp_double);
		v->sorted = n;
	}
	for (; v->sorted < n; v->sorted++) {
		double d = value_at(v, v->sorted);
		size_t at = lower_bound(v, d);

		shift(v, at, at + 1);
		memcpy(v->mem.p + at * sizeof(d), &d, sizeof(d));
	}
}

static void
median_step(sqlite3_context *c, int argc, sqlite3_value **argv)
{
	struct values *v = sqlite3_aggregate_context(c, sizeof(*v));
	double d = sqlite3_value_double(argv[0]);

	(void)argc;
	if (!v)
		sqlite3_result_error_nomem(c);
	else if (sqlite3_value_type(argv[0]) != SQLITE_NULL)
		buf_mem(&v->mem, &d, sizeof(d));
}

static void
median_inverse(sqlite3_context *c, int argc, sqlite3_value **argv)
{
	struct values *v = sqlite3_aggregate_context(c, sizeof(*v));
	size_t at;

	(void)argc;
	if (!v || sqlite3_value_type(argv[0]) == SQLITE_NULL)
		return;
	sort_values(v);
	at = lower_bound(v, sqlite3_value_double(argv[0]));
	if (at == v->sorted)
		return; /* never given: cannot happen */
	shift(v, at + 1, at);
	v->sorted--;
	v->mem.n -= sizeof(double);
}

static void
median_value(sqlite3_context *c)
{
	struct values *v = sqlite3_aggregate_context(c, 0);

	if (!v || v->mem.n == 0)
		return;
	sort_values(v);
	sqlite3_result_double(c, (value_at(v, (v->sorted - 1) / 2) +
	    value_at(v, v->sorted / 2)) / 2);
}

static void
median_final(sqlite3_context *c)
{
	struct values *v = sqlite3_aggregate_context(c, 0);

	median_value(c);
	if (v)
		buf_release(&v->mem);
}

static void
progression_value(sqlite3_context *c)
{
	struct values *v = sqlite3_aggregate_context(c, 0);

	if (!v)
		return;
	sort_values(v);
	sqlite3_result_int64(c, (int64_t)progression_longest(
	    (const double *)(const void *)v->mem.p, v->sorted));
}

static void
progression_final(sqlite3_context *c)
{
	struct values *v = sqlite3_aggregate_context(c, 0);

	progression_value(c);
	if (v)
		buf_release(&v->mem);
}

/* --- spans of time --- */

/* What lacks a start or a stop is none. */
static void
spans_step(sqlite3_context *c, int argc, sqlite3_value **argv)
{
	struct buf *b = sqlite3_aggregate_context(c, sizeof(*b));
	struct spans_one s;

	(void)argc;
	if (!b) {
		sqlite3_result_error_nomem(c);
		return;
	}
	if (sqlite3_value_type(argv[0]) == SQLITE_NULL ||
	    sqlite3_value_type(argv[1]) == SQLITE_NULL)
		return;
	s = (struct spans_one){ sqlite3_value_int64(argv[0]),
		sqlite3_value_int64(argv[1]), sqlite3_value_int64(argv[2]),
		sqlite3_value_int64(argv[3]), sqlite3_value_int64(argv[4]) };
	buf_mem(b, &s, sizeof(s));
}

static void
spans_final(sqlite3_context *c)
{
	struct buf *b = sqlite3_aggregate_context(c, 0), out = BUF_INIT;

	if (!b || b->n == 0)
		return;
	spans_join((struct spans_one *)(void *)b->p,
	    b->n / sizeof(struct spans_one), &out);
	result_sv(c, buf_sv(&out));
	buf_release(&out);
	buf_release(b);
}

/* --- numbers, texts --- */

static void
fn_number(sqlite3_context *c, int argc, sqlite3_value **argv)
{
	int type = sqlite3_value_type(argv[0]);
	int64_t i;
	double d;

	(void)argc;
	if (type == SQLITE_INTEGER || type == SQLITE_FLOAT)
		sqlite3_result_value(c, argv[0]);
	else if (type != SQLITE_TEXT)
		return;
	else if (sv_to_i64(sv_trim(arg_sv(argv[0])), &i))
		sqlite3_result_int64(c, i);
	else if (sv_to_double(sv_trim(arg_sv(argv[0])), &d))
		sqlite3_result_double(c, d);
}

static void
fn_span_us(sqlite3_context *c, int argc, sqlite3_value **argv)
{
	int64_t us;

	(void)argc;
	if (utc_span_parse(arg_sv(argv[0]), &us))
		sqlite3_result_int64(c, us);
}

static void
fn_edit_distance(sqlite3_context *c, int argc, sqlite3_value **argv)
{
	int max = sqlite3_value_int(argv[2]);

	(void)argc;
	if (sqlite3_value_type(argv[0]) == SQLITE_NULL ||
	    sqlite3_value_type(argv[1]) == SQLITE_NULL)
		return;
	sqlite3_result_int64(c, edit_distance(arg_sv(argv[0]),
	    arg_sv(argv[1]), max > 0 ? (unsigned)max : 0));
}

static void
fn_ua_family(sqlite3_context *c, int argc, sqlite3_value **argv)
{
	(void)argc;
	result_sv(c, ua_family(arg_sv(argv[0])));
}

/* --- mail --- */

static void
fn_email_canonical(sqlite3_context *c, int argc, sqlite3_value **argv)
{
	struct buf b = BUF_INIT;

	(void)argc;
	if (sqlite3_value_type(argv[0]) == SQLITE_NULL)
		return;
	mail_canonical(&b, arg_sv(argv[0]));
	result_buf(c, &b);
}

static void
fn_email_domain(sqlite3_context *c, int argc, sqlite3_value **argv)
{
	struct buf b = BUF_INIT;

	(void)argc;
	if (mail_domain(&b, arg_sv(argv[0])))
		result_buf(c, &b);
	buf_release(&b);
}

static void
fn_email_local(sqlite3_context *c, int argc, sqlite3_value **argv)
{
	struct buf b = BUF_INIT;

	(void)argc;
	if (sqlite3_value_type(argv[0]) == SQLITE_NULL)
		return;
	mail_local(&b, arg_sv(argv[0]));
	result_buf(c, &b);
}

static void
fn_email_kind(sqlite3_context *c, int argc, sqlite3_value **argv)
{
	struct buf b = BUF_INIT;

	(void)argc;
	if (mail_domain(&b, arg_sv(argv[0])))
		result_sv(c, maildomain_kind(buf_sv(&b)));
	buf_release(&b);
}

static void
fn_email_kinds_date(sqlite3_context *c, int argc, sqlite3_value **argv)
{
	(void)argc;
	(void)argv;
	result_sv(c, sv_str(maildomain_date));
}

static void
fn_email_is_mixed(sqlite3_context *c, int argc, sqlite3_value **argv)
{
	(void)argc;
	if (sqlite3_value_type(argv[0]) != SQLITE_NULL)
		sqlite3_result_int(c, mail_is_mixed(arg_sv(argv[0])));
}

static void
fn_local_shape(sqlite3_context *c, int argc, sqlite3_value **argv)
{
	struct buf b = BUF_INIT;

	(void)argc;
	if (sqlite3_value_type(argv[0]) == SQLITE_NULL)
		return;
	mail_shape(&b, arg_sv(argv[0]));
	result_buf(c, &b);
}

static void
fn_local_stem(sqlite3_context *c, int argc, sqlite3_value **argv)
{
	int64_t number;
	sv stem;

	(void)argc;
	if (mail_number(arg_sv(argv[0]), &stem, &number))
		result_sv(c, stem);
}

static void
fn_local_number(sqlite3_context *c, int argc, sqlite3_value **argv)
{
	int64_t number;
	sv stem;

	(void)argc;
	if (mail_number(arg_sv(argv[0]), &stem, &number))
		sqlite3_result_int64(c, number);
}

static void
fn_local_is_numeric(sqlite3_context *c, int argc, sqlite3_value **argv)
{
	(void)argc;
	if (sqlite3_value_type(argv[0]) != SQLITE_NULL)
		sqlite3_result_int(c, mail_is_numeric(arg_sv(argv[0])));
}

static void
fn_bigram_score(sqlite3_context *c, int argc, sqlite3_value **argv)
{
	struct bigram m;
	double bits;

	(void)argc;
	if (bigram_read(arg_sv(argv[0]), &m) &&
	    bigram_score(&m, arg_sv(argv[1]), &bits))
		sqlite3_result_double(c, bits);
}

/* Of the texts that can be scored. */
static void
model_step(sqlite3_context *c, int argc, sqlite3_value **argv)
{
	struct bigram *m = sqlite3_aggregate_context(c, sizeof(*m));

	(void)argc;
	if (!m)
		sqlite3_result_error_nomem(c);
	else if (bigram_takes(arg_sv(argv[0])))
		bigram_add(m, arg_sv(argv[0]));
}

static void
model_final(sqlite3_context *c)
{
	const struct bigram *m = sqlite3_aggregate_context(c, sizeof(*m));
	struct buf b = BUF_INIT;

	if (m)
		bigram_write(&b, m);
	sqlite3_result_blob64(c, b.p, b.n, SQLITE_TRANSIENT);
	buf_release(&b);
}

/* --- addresses, paths, codes --- */

/* An address: integer, 8 bytes or text, perhaps with port or "/bits". For an
 * IPv6 address that may be known by its first half only, *half is set. */
static bool
arg_ip(sqlite3_value *v, struct ip *ip, bool *half)
{
	int type = sqlite3_value_type(v);
	sv text = arg_sv(v);

	*half = type == SQLITE_BLOB;
	*ip = (struct ip){ 0 };
	if (type == SQLITE_INTEGER) {
		*ip = ip_from_v4((uint32_t)sqlite3_value_int64(v));
		return true;
	}
	if (type == SQLITE_BLOB) {
		ip->family = 6;
		if (text.n == 8)
			memcpy(ip->addr, text.p, 8);
		return text.n == 8;
	}
	if (type != SQLITE_TEXT)
		return false;
	*half = sv_find_byte(text, '/') < text.n;
	return ip_parse(sv_take(text, sv_find_byte(text, '/')), true, ip);
}

static void
fn_ip_key(sqlite3_context *c, int argc, sqlite3_value **argv)
{
	struct buf b = BUF_INIT;
	struct ip ip;
	bool half;

	(void)argc;
	if (!arg_ip(argv[0], &ip, &half))
		return;
	ip = ip_mask(ip, 32, 64);
	ip_net_write(&b, &ip, ip.family == 4 ? 32 : 64);
	result_buf(c, &b);
}

static void
fn_ip_rollup(sqlite3_context *c, int argc, sqlite3_value **argv)
{
	struct buf b = BUF_INIT;
	struct ip ip;
	bool half;

	(void)argc;
	if (!arg_ip(argv[0], &ip, &half))
		return;
	ip = ip_mask(ip, 24, 48);
	ip_net_write(&b, &ip, ip.family == 4 ? 24 : 48);
	result_buf(c, &b);
}

/* As the views of the store write an address column. */
static void
fn_ip_text(sqlite3_context *c, int argc, sqlite3_value **argv)
{
	struct buf b = BUF_INIT;
	struct ip ip;
	bool half;

	(void)argc;
	if (!arg_ip(argv[0], &ip, &half))
		return;
	if (ip.family == 4)
		ip_write(&b, &ip);
	else
		buf_printf(&b, "%x:%x:%x:%x::/64",
		    (unsigned)(ip.addr[0] << 8 | ip.addr[1]),
		    (unsigned)(ip.addr[2] << 8 | ip.addr[3]),
		    (unsigned)(ip.addr[4] << 8 | ip.addr[5]),
		    (unsigned)(ip.addr[6] << 8 | ip.addr[7]));
	result_buf(c, &b);
}

static void
fn_ip_in(sqlite3_context *c, int argc, sqlite3_value **argv)
{
	struct ip_net net;
	struct ip ip;
	bool half;

	(void)argc;
	if (!ip_net_parse(arg_sv(argv[1]), &net)) {
		sqlite3_result_error(c, "ip_in: no network", -1);
		return;
	}
	if (!arg_ip(argv[0], &ip, &half))
		return;
	if (half && ip.family == 6 && net.ip.family == 6 && net.bits > 64) {
		net.bits = 64;
		net.ip = ip_mask(net.ip, 32, 64);
	}
	sqlite3_result_int(c, ip_in_net(&ip, &net));
}

static sv
stem(sv path)
{
	return sv_take(path, sv_find_byte(path, '?'));
}

static void
fn_path_stem(sqlite3_context *c, int argc, sqlite3_value **argv)
{
	(void)argc;
	result_sv(c, stem(arg_sv(argv[0])));
}

static void
fn_path_query(sqlite3_context *c, int argc, sqlite3_value **argv)
{
	sv v = arg_sv(argv[0]);
	size_t at = sv_find_byte(v, '?');

	(void)argc;
	if (at < v.n)
		result_sv(c, sv_skip(v, at + 1));
}

static void
fn_path_plain(sqlite3_context *c, int argc, sqlite3_value **argv)
{
	struct arena a = ARENA_INIT;
	sv path = arg_sv(argv[0]);

	(void)argc;
	if (!sv_null(path))
		result_sv(c, pathplain(path, &a));
	arena_release(&a);
}

static void
fn_path_segment(sqlite3_context *c, int argc, sqlite3_value **argv)
{
	sv rest = stem(arg_sv(argv[0])), name = arg_sv(argv[1]), seg;
	bool found = false;

	(void)argc;
	if (sv_null(rest) || sv_null(name))
		return;
	sv_cut(&rest, '/');
	while (!sv_null(rest) && !found)
		found = sv_eq(sv_cut(&rest, '/'), name);
	seg = sv_null(rest) ? rest : sv_cut(&rest, '/');
	if (found && seg.n)
		result_sv(c, seg);
}

static void
fn_path_extension(sqlite3_context *c, int argc, sqlite3_value **argv)
{
	sv v = stem(arg_sv(argv[0]));
	size_t slash = sv_rfind(v, SV("/")), dot;

	(void)argc;
	v = slash < v.n ? sv_skip(v, slash + 1) : v;
	dot = sv_rfind(v, SV("."));
	if (dot < v.n)
		result_sv(c, sv_skip(v, dot + 1));
}

static void
fn_code_severity(sqlite3_context *c, int argc, sqlite3_value **argv)
{
	const struct code *code = code_find(arg_sv(argv[0]));

	(void)argc;
	result_sv(c, code ? sv_str(code->severity) : SV_NULL);
}

static void
fn_code_meaning(sqlite3_context *c, int argc, sqlite3_value **argv)
{
	const struct code *code = code_find(arg_sv(argv[0]));

	(void)argc;
	result_sv(c, code ? sv_str(code->meaning) : SV_NULL);
}

/* --- mathematics --- */

/* NULL takes the place of what is no number or too large for one. */
static void
result_real(sqlite3_context *c, double d)
{
	if (isfinite(d))
		sqlite3_result_double(c, d);
}

static bool
any_null(int argc, sqlite3_value **argv)
{
	for (int i = 0; i < argc; i++)
		if (sqlite3_value_type(argv[i]) == SQLITE_NULL)
			return true;
	return false;
}

static void
fn_ln(sqlite3_context *c, int argc, sqlite3_value **argv)
{
	if (!any_null(argc, argv))
		result_real(c, log(sqlite3_value_double(argv[0])));
}

static void
fn_exp(sqlite3_context *c, int argc, sqlite3_value **argv)
{
	if (!any_null(argc, argv))
		result_real(c, exp(sqlite3_value_double(argv[0])));
}

static void
fn_sqrt(sqlite3_context *c, int argc, sqlite3_value **argv)
{
	if (!any_null(argc, argv))
		result_real(c, sqrt(sqlite3_value_double(argv[0])));
}

static void
fn_pow(sqlite3_context *c, int argc, sqlite3_value **argv)
{
	if (!any_null(argc, argv))
		result_real(c, pow(sqlite3_value_double(argv[0]),
		    sqlite3_value_double(argv[1])));
}

/* mean, sd, max; a max of NULL is not known. */
static struct lognormal
arg_lognormal(sqlite3_value **argv)
{
	return (struct lognormal){ sqlite3_value_double(argv[0]),
		sqlite3_value_double(argv[1]), sqlite3_value_double(argv[2]),
		1 };
}

static bool
arg_share(sqlite3_value *v, double *p)
{
	*p = sqlite3_value_double(v);
	return *p > 0 && *p < 1;
}

static void
fn_lognormal_quantile(sqlite3_context *c, int argc, sqlite3_value **argv)
{
	struct lognormal d = arg_lognormal(argv + 1);
	double p;

	(void)argc;
	if (arg_share(argv[0], &p) && !any_null(2, argv + 1))
		result_real(c, lognormal_quantile(&d, p));
}

struct mix {
	struct buf mem; /* of struct lognormal */
	double p;
};

static void
mix_step(sqlite3_context *c, int argc, sqlite3_value **argv)
{
	struct mix *m = sqlite3_aggregate_context(c, sizeof(*m));
	struct lognormal d = arg_lognormal(argv + 2);

	(void)argc;
	if (!m) {
		sqlite3_result_error_nomem(c);
	} else if (arg_share(argv[0], &m->p) && !any_null(3, argv + 1)) {
		d.weight = sqlite3_value_double(argv[1]);
		buf_mem(&m->mem, &d, sizeof(d));
	}
}

static int
cmp_lognormal(const void *pa, const void *pb)
{
	return memcmp(pa, pb, sizeof(struct lognormal));
}

/* Sums of doubles depend on their order: so they are given one. */
static void
mix_final(sqlite3_context *c)
{
	struct mix *m = sqlite3_aggregate_context(c, 0);
	size_t n = m ? m->mem.n / sizeof(struct lognormal) : 0;
	struct lognormal *d = n ? (void *)m->mem.p : NULL;

	if (n) {
		qsort(d, n, sizeof(*d), cmp_lognormal);
		result_real(c, lognormal_mix(d, n, m->p));
	}
	if (m)
		buf_release(&m->mem);
}

/* --- the audit chain --- */

static void
fn_audit_mac(sqlite3_context *c, int argc, sqlite3_value **argv)
{
	const struct hmac_key *key = chainkey_find(sqlite3_user_data(c),
	    arg_sv(argv[0]));
	struct audit_row row = { sqlite3_value_int64(argv[2]),
		sqlite3_value_int64(argv[3]), arg_sv(argv[4]), arg_sv(argv[5]),
		arg_sv(argv[6]) };
	uint8_t mac[AUDITMAC_LEN];
	struct buf b = BUF_INIT;

	(void)argc;
	if (!key || any_null(2, argv + 2) ||
	    !auditmac_read(arg_sv(argv[1]), mac))
		return;
	auditmac_row(key, mac, &row, mac);
	buf_hex(&b, mac, sizeof(mac));
	result_buf(c, &b);
}

static void
fn_audit_keyring(sqlite3_context *c, int argc, sqlite3_value **argv)
{
	struct buf b = BUF_INIT;

	(void)argc;
	(void)argv;
	chainkey_json(&b, sqlite3_user_data(c));
	result_buf(c, &b);
}

static const struct {
	const char *name;
	int nargs;
	void (*call)(sqlite3_context *, int, sqlite3_value **);
} plain[] = {
	{ "regexp", 2, fn_regexp },
	{ "wildcard", 2, fn_wildcard },
	{ "wildcard_cased", 2, fn_wildcard_cased },
	{ "text_is", 2, fn_text_is },
	{ "text_starts", 2, fn_text_starts },
	{ "text_ends", 2, fn_text_ends },
	{ "text_contains", 2, fn_text_contains },
	{ "text_is_cased", 2, fn_text_is_cased },
	{ "text_starts_cased", 2, fn_text_starts_cased },
	{ "text_ends_cased", 2, fn_text_ends_cased },
	{ "text_contains_cased", 2, fn_text_contains_cased },
	{ "number", 1, fn_number },
	{ "span_us", 1, fn_span_us },
	{ "edit_distance", 3, fn_edit_distance },
	{ "ua_family", 1, fn_ua_family },
	{ "email_canonical", 1, fn_email_canonical },
	{ "email_domain", 1, fn_email_domain },
	{ "email_local", 1, fn_email_local },
	{ "email_kind", 1, fn_email_kind },
	{ "email_kinds_date", 0, fn_email_kinds_date },
	{ "email_is_mixed", 1, fn_email_is_mixed },
	{ "local_shape", 1, fn_local_shape },
	{ "local_stem", 1, fn_local_stem },
	{ "local_number", 1, fn_local_number },
	{ "local_is_numeric", 1, fn_local_is_numeric },
	{ "bigram_score", 2, fn_bigram_score },
	{ "ip_key", 1, fn_ip_key },
	{ "ip_rollup", 1, fn_ip_rollup },
	{ "ip_text", 1, fn_ip_text },
	{ "ip_in", 2, fn_ip_in },
	{ "path_stem", 1, fn_path_stem },
	{ "path_query", 1, fn_path_query },
	{ "path_plain", 1, fn_path_plain },
	{ "path_segment", 2, fn_path_segment },
	{ "path_extension", 1, fn_path_extension },
	{ "code_severity", 1, fn_code_severity },
	{ "code_meaning", 1, fn_code_meaning },
	{ "ln", 1, fn_ln },
	{ "exp", 1, fn_exp },
	{ "sqrt", 1, fn_sqrt },
	{ "pow", 2, fn_pow },
	{ "lognormal_quantile", 4, fn_lognormal_quantile },
};

static void
close_ring(void *ring)
{
	chainkey_close(ring);
}

bool
sqlfn_set_keys(struct store *st, struct chainkey *ring, struct err *e)
{
	sqlite3 *db = store_handle(st);
	int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY;
	int rc = sqlite3_create_function_v2(db, "audit_keyring", 0, flags,
	    ring, fn_audit_keyring, NULL, NULL, NULL);

	/* The last one owns the ring: it closes it when it is replaced. */
	if (rc == SQLITE_OK)
		rc = sqlite3_create_function_v2(db, "audit_mac", 7, flags,
		    ring, fn_audit_mac, NULL, NULL, close_ring);
	else
		chainkey_close(ring);
	return rc == SQLITE_OK || err_set(e, ST_FAIL,
	    "cannot register SQL functions: %s", sqlite3_errmsg(db));
}

/* Aggregates; those with a value and an inverse serve windows too. */
static const struct {
	const char *name;
	int nargs;
	void (*step)(sqlite3_context *, int, sqlite3_value **);
	void (*final)(sqlite3_context *);
	void (*value)(sqlite3_context *);
	void (*inverse)(sqlite3_context *, int, sqlite3_value **);
} many[] = {
	{ "count_distinct", 1, distinct_step, distinct_final, distinct_value,
	    distinct_inverse },
	{ "median", 1, median_step, median_final, median_value,
	    median_inverse },
	{ "progression", 1, median_step, progression_final, progression_value,
	    median_inverse },
	{ "join_spans", 5, spans_step, spans_final, NULL, NULL },
	{ "bigram_model", 1, model_step, model_final, NULL, NULL },
	{ "lognormal_mix", 5, mix_step, mix_final, NULL, NULL },
};

/* Registered when there are keys. */
static const char *const keyed[] = { "audit_mac", "audit_keyring" };

bool
sqlfn_is(sv name)
{
	for (size_t i = 0; i < countof(plain); i++)
		if (sv_eq_nocase(name, sv_str(plain[i].name)))
			return true;
	for (size_t i = 0; i < countof(many); i++)
		if (sv_eq_nocase(name, sv_str(many[i].name)))
			return true;
	for (size_t i = 0; i < countof(keyed); i++)
		if (sv_eq_nocase(name, sv_str(keyed[i])))
			return true;
	return false;
}

bool
sqlfn_register(struct store *st, struct err *e)
{
	static const struct site_chain none;
	sqlite3 *db = store_handle(st);
	int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY;
	int rc = SQLITE_OK;

	for (size_t i = 0; i < countof(plain) && rc == SQLITE_OK; i++) {
		rc = sqlite3_create_function_v2(db, plain[i].name,
		    plain[i].nargs, flags, st, plain[i].call, NULL, NULL, NULL);
		query_allow(st, plain[i].name);
	}
	for (size_t i = 0; i < countof(many) && rc == SQLITE_OK; i++) {
		rc = sqlite3_create_window_function(db, many[i].name,
		    many[i].nargs, flags, st, many[i].step, many[i].final,
		    many[i].value, many[i].inverse, NULL);
		query_allow(st, many[i].name);
	}
	for (size_t i = 0; i < countof(keyed); i++)
		query_allow(st, keyed[i]);
	if (rc != SQLITE_OK)
		return err_set(e, ST_FAIL, "cannot register SQL functions: %s",
		    sqlite3_errmsg(db));
	if (!apptext_install(st, e))
		return false;
	return sqlfn_set_keys(st, chainkey_open(&none), e);
}
