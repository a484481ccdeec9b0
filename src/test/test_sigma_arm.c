/* SPDX-License-Identifier: MIT */
/* Correlations are loaded and run over a few requests; the times at which they
 * fire are compared, for chains with a brute force on random requests too. */
#include "detect/sigma_arm.h"

#include <math.h>
#include <stdio.h>

#include "base/utc.h"
#include "detect/hits.h"
#include "detect/sigma.h"
#include "detect/sqlfn.h"
#include "record/site.h"
#include "store/db.h"
#include "test/ck.h"
#include "test/stock.h"

Suite *test_sigma_arm(void);

enum { CASES = 60, EVENTS = 90, SECONDS = 120 };

struct event {
	int ts; /* seconds */
	int client, status, bytes;
};

static struct store *st;

static void
put_events(const struct event *v, size_t n)
{
	struct buf b = BUF_INIT;

	stock_sql(st, "DELETE FROM main.request_row; DELETE FROM str; INSERT INTO str "
	    "VALUES (1, 'GET'), (2, 'a,b'), (3, 'a'), (4, 'b, c'), "
	    "(5, 'b\\')");
	for (size_t i = 0; i < n; i++) {
		char client[16] = "NULL";

		if (v[i].client)
			snprintf(client, sizeof(client), "%d", v[i].client);
		buf_printf(&b, "INSERT INTO main.request_row(id, ts, source, line, byte,"
		    " hash, nth, method, path, client, status, bytes, flags)"
		    " VALUES (%zu, %d, 1, 1, 0, %zu, 1, 1, '/p%d', %s, %d, %d,"
		    " 0);", i + 1, v[i].ts * 1000000, i + 1, v[i].status,
		    client, v[i].status, v[i].bytes);
	}
	buf_byte(&b, '\0');
	stock_sql(st, b.p);
	buf_release(&b);
}

static const struct rule *
load(const char *text)
{
	struct err e = ERR_INIT;
	struct rule **r = NULL;
	size_t n = 0;
	struct rule_file f = { SV("r.yml"), sv_str(text) };

	ck_assert_msg(sigma_read(&stock_arena, f, true, &r, &n, &e), "%s",
	    e.msg);
	ck_assert_uint_eq(n, 1);
	return r[0];
}

static void
collect(const struct rule *r, int from, int to, struct hits *out)
{
	static struct site site;
	struct hits_env env = { .st = st, .site = &site, .seconds = 60 };

	site_default(&stock_arena, &site);
	hits_collect(&stock_arena, &env, r, NULL, from * UTC_SECOND,
	    to * UTC_SECOND, out);
	ck_assert_msg(out->end == HITS_DONE, "%.*s", SV_ARG(out->why));
}

/* "seconds key=metric; ..." of what fires, and of dropped rows "-n". */
static void
firing(const struct rule *r, int from, int to, struct buf *out)
{
	struct hits hits;
	const struct hit *h;
	size_t n;

	collect(r, from, to, &hits);
	h = hits_at(&hits, &n);
	for (size_t i = 0; i < n; i++)
		if (h[i].fire)
			buf_printf(out, "%s%d %.*s=%g", out->n ? "; " : "",
			    (int)(h[i].ts / UTC_SECOND), SV_ARG(h[i].key),
			    h[i].metric);
	if (hits.arm[0].dropped)
		buf_printf(out, " -%d", (int)hits.arm[0].dropped);
	buf_byte(out, '\0');
	hits_release(&hits);
}

/* --- what fires --- */

#define CORR(body) "title: t\nname: top\ncorrelation: {" body "}\n"
#define RULE(name, detection) "---\ntitle: " name "\nname: " name \
	"\nlogsource: {category: webserver}\ndetection: {s: {" detection \
	"}, condition: s}\n"
#define FAIL RULE("fail", "sc-status: 401")
#define OK RULE("ok", "sc-status: 200")
#define GONE RULE("gone", "sc-status: 404")
#define MANY "---\ntitle: many\nname: many\ncorrelation: {type: event_count, " \
	"rules: [fail], group-by: [c-ip], timespan: 10s, condition: " \
	"{gte: 3}}\n"

/* Clients are 0.0.0.1 and 0.0.0.2; one request has none. */
static const struct event events[] = {
	{ 1, 1, 401, 10 }, { 2, 1, 401, 20 }, { 2, 2, 401, 5 },
	{ 3, 1, 401, 30 }, { 4, 1, 401, 40 }, { 6, 1, 200, 1000 },
	{ 7, 2, 200, 3 }, { 8, 0, 401, 1 }, { 12, 2, 404, 7 },
	{ 13, 2, 200, 9 }, { 30, 1, 401, 1 }, { 31, 1, 401, 1 },
	{ 32, 1, 401, 1 }, { 60, 1, 404, 2 },
};

static const struct {
	const char *text, *want;
} fires[] = {
	{ CORR("type: event_count, rules: fail, group-by: c-ip, timespan: 2s, "
	    "condition: {gte: 3}") FAIL,
	    "3 0.0.0.1=3; 4 0.0.0.1=3; 32 0.0.0.1=3 -1" },
	/* inclusive: one second less loses those at the edge */
	{ CORR("type: event_count, rules: fail, group-by: c-ip, timespan: 1s, "
	    "condition: {gte: 3}") FAIL, " -1" },
	{ CORR("type: event_count, rules: fail, timespan: 2s, condition: "
	    "{gt: 3, lt: 5}") FAIL, "3 =4; 4 =4" },
	{ CORR("type: event_count, rules: fail, group-by: c-ip, timespan: 2s, "
	    "condition: {eq: 2}") FAIL, "2 0.0.0.1=2; 31 0.0.0.1=2 -1" },
	{ CORR("type: event_count, rules: fail, group-by: c-ip, timespan: 2s, "
	    "condition: {neq: 1}") FAIL, "2 0.0.0.1=2; 3 0.0.0.1=3; "
	    "4 0.0.0.1=3; 31 0.0.0.1=2; 32 0.0.0.1=3 -1" },
	/* numbers */
	{ CORR("type: value_sum, rules: [fail, ok], group-by: c-ip, "
	    "timespan: 5s, condition: {field: sc-bytes, gt: 100}") FAIL OK,
	    "6 0.0.0.1=1100 -1" },
	{ CORR("type: value_avg, rules: fail, group-by: c-ip, timespan: 3s, "
	    "condition: {field: sc-bytes, gte: 25}") FAIL,
	    "4 0.0.0.1=25 -1" },
	{ CORR("type: value_median, rules: fail, group-by: c-ip, timespan: 3s,"
	    " condition: {field: sc-bytes, gt: 15, lt: 25}") FAIL,
	    "3 0.0.0.1=20 -1" },
	{ CORR("type: value_percentile, rules: fail, group-by: c-ip, timespan:"
	    " 3s, condition: {field: sc-bytes, percentile: 100, gte: 40}")
	    FAIL, "4 0.0.0.1=40 -1" },
	{ CORR("type: value_sum, rules: ok, timespan: 1h, condition: {field: "
	    "cs-method, lt: 5}") OK, "" },
	{ CORR("type: value_avg, rules: ok, timespan: 1h, condition: {field: "
	    "cs-method, eq: 5}") OK, "" },
	{ CORR("type: value_count, rules: [fail, ok, gone], timespan: 1h, "
	    "condition: {field: [c-ip, sc-status], gte: 5}") FAIL OK GONE,
	    "12 =5; 13 =5; 30 =5; 31 =5; 32 =5; 60 =6" },
	/* temporal */
	{ CORR("type: temporal, rules: [ok, gone], group-by: c-ip, timespan: "
	    "5s") OK GONE, "12 0.0.0.2=2; 13 0.0.0.2=2" },
	{ CORR("type: temporal_ordered, rules: [ok, gone], group-by: c-ip, "
	    "timespan: 5s") OK GONE, "12 0.0.0.2=2" },
	{ CORR("type: temporal_ordered, rules: [gone, ok], group-by: c-ip, "
	    "timespan: 5s, condition: {gte: 2}") OK GONE, "13 0.0.0.2=2" },
	{ CORR("type: temporal, rules: [fail, ok, gone], group-by: c-ip, "
	    "timespan: 10s, condition: {gte: 2, lt: 3}") FAIL OK GONE,
	    "6 0.0.0.1=2; 7 0.0.0.2=2; 13 0.0.0.2=2 -1" },
	{ CORR("type: temporal, rules: [fail, ok, gone], group-by: c-ip, "
	    "timespan: 10s, condition: fail and ok and not gone") FAIL OK GONE,
	    "6 0.0.0.1=2; 7 0.0.0.2=2 -1" },
	{ CORR("type: temporal, group-by: c-ip, timespan: 10s, condition: "
	    "(fail or gone) and ok") FAIL OK GONE, "6 0.0.0.1=2; 7 0.0.0.2=2; "
	    "12 0.0.0.2=2; 13 0.0.0.2=2 -1" },
	{ CORR("type: temporal_ordered, rules: [fail, ok, gone], group-by: "
	    "c-ip, timespan: 1s, condition: ok and not (fail or gone)")
	    FAIL OK GONE, "6 0.0.0.1=1; 7 0.0.0.2=1 -1" },
	/* aliases: a request of one kind has the client in another field */
	{ CORR("type: temporal, rules: [fail, gone], aliases: {who: {fail: "
	    "c-ip, gone: src_ip}}, group-by: [who], timespan: 1m") FAIL GONE,
	    "60 0.0.0.1=2; 12 0.0.0.2=2 -1" },
	{ CORR("type: event_count, rules: [fail, gone], aliases: {n: {fail: "
	    "sc-status, gone: sc-bytes}}, group-by: [n], timespan: 3s, "
	    "condition: {gte: 4}") FAIL GONE, "3 401=4; 4 401=5" },
	/* chains: the event of a link is the record at which it fires, and in
	 * counts only the first of a run */
	{ CORR("type: temporal_ordered, rules: [many, ok], group-by: c-ip, "
	    "timespan: 10s") MANY FAIL OK, "6 0.0.0.1=2 -1" },
	{ CORR("type: temporal_ordered, rules: [many, ok], group-by: c-ip, "
	    "timespan: 1s") MANY FAIL OK, " -1" },
	{ CORR("type: temporal_ordered, rules: [many, ok], group-by: c-ip, "
	    "timespan: 2s") MANY FAIL OK, "6 0.0.0.1=2 -1" },
	{ CORR("type: event_count, rules: many, group-by: c-ip, timespan: 1m, "
	    "condition: {gte: 1}") MANY FAIL, "3 0.0.0.1=1; 32 0.0.0.1=2 -1" },
	{ CORR("type: event_count, rules: [many, fail], group-by: c-ip, "
	    "timespan: 1s, condition: {gte: 3}") MANY FAIL,
	    "3 0.0.0.1=3; 3 0.0.0.1=3; 4 0.0.0.1=3; 32 0.0.0.1=3; "
	    "32 0.0.0.1=3 -2" },
	{ CORR("type: temporal, rules: [many, gone], timespan: 1m, condition: "
	    "many and not gone") MANY FAIL GONE, "3 =1; 4 =1 -1" },
	/* groups by another field than its link does */
	{ CORR("type: value_count, rules: many, group-by: sc-status, timespan:"
	    " 1m, condition: {field: c-uri-stem, gte: 1}") MANY FAIL,
	    "3 401=1; 32 401=1 -1" },
	/* three deep */
	{ CORR("type: temporal_ordered, rules: [twice, gone], timespan: 1m")
	    "---\ntitle: u\nname: twice\ncorrelation: {type: event_count, "
	    "rules: [many], timespan: 1m, condition: {gte: 2}}\n" MANY FAIL
	    GONE, "60 =2 -1" },
};

START_TEST(fire)
{
	struct buf b = BUF_INIT;

	put_events(events, countof(events));
	firing(load(fires[_i].text), 0, 100, &b);
	ck_assert_msg(strcmp(b.p, fires[_i].want) == 0, "got '%s', want '%s' "
	    "of\n%s", b.p, fires[_i].want, fires[_i].text);
	buf_release(&b);
}
END_TEST

/* What a window shows does not depend on where it begins. */
START_TEST(any_window)
{
	const struct rule *r = load(fires[_i].text);
	struct hits all, part;
	struct hit *h, *g;
	size_t n, m, k = 0;
	int from = 4, to = 31;

	put_events(events, countof(events));
	collect(r, 0, 100, &all);
	collect(r, from, to, &part);
	h = hits_at(&all, &n);
	g = hits_at(&part, &m);
	for (size_t i = 0; i < n; i++) {
		if (!h[i].fire || h[i].ts < from * UTC_SECOND ||
		    h[i].ts > to * UTC_SECOND)
			continue;
		while (k < m && !g[k].fire)
			k++;
		ck_assert(k < m && hit_cmp(&h[i], &g[k]) == 0);
		ck_assert(!(h[i].metric < g[k].metric) &&
		    !(h[i].metric > g[k].metric));
		k++;
	}
	while (k < m)
		ck_assert(!g[k++].fire);
	hits_release(&all);
	hits_release(&part);
}
END_TEST

/* Lists of parts with commas are not mixed up. */
START_TEST(groups_are_exact)
{
	static const struct event two[] = { { 1, 1, 401, 1 },
		{ 2, 1, 401, 2 } };
	struct buf b = BUF_INIT;

	put_events(two, 2);
	stock_sql(st, "UPDATE main.request_row SET host = 2, path = 'c' WHERE id = 1;"
	    "UPDATE main.request_row SET host = 3, path = 'b, c' WHERE id = 2");
	firing(load(CORR("type: event_count, rules: fail, group-by: [cs-host, "
	    "cs-uri], timespan: 1m, condition: {gte: 1}") FAIL), 0, 100, &b);
	ck_assert_str_eq(b.p, "2 a, b\\, c=1; 1 a\\,b, c=1");
	buf_release(&b);
}
END_TEST

/* --- chains against a brute force --- */

static uint64_t
rnd(uint64_t *s)
{
	*s ^= *s << 13;
	*s ^= *s >> 7;
	*s ^= *s << 17;
	return *s;
}

static size_t
make(uint64_t *s, struct event *v)
{
	size_t n = 1 + rnd(s) % EVENTS;

	for (size_t i = 0; i < n; i++)
		v[i] = (struct event){ (int)(rnd(s) % SECONDS),
			1 + (int)(rnd(s) % 2), rnd(s) % 4 ? 401 : 200, 0 };
	return n;
}

static int
fails_seen(const struct event *v, size_t n, int client, int to, int span)
{
	int m = 0;

	for (size_t i = 0; i < n; i++)
		m += v[i].client == client && v[i].status == 401 &&
		    v[i].ts <= to && v[i].ts >= to - span;
	return m;
}

/* many (3 fails in 10 s of a client), then ok within 7 s. */
static bool
brute_order(const struct event *v, size_t n, size_t at)
{
	for (size_t i = 0; i < n; i++)
		if (v[i].client == v[at].client && v[i].status == 401 &&
		    v[i].ts <= v[at].ts && v[i].ts >= v[at].ts - 7 &&
		    fails_seen(v, n, v[i].client, v[i].ts, 10) >= 3)
			return v[at].status == 200;
	return false;
}

START_TEST(chain_in_order)
{
	uint64_t s = (uint64_t)_i * 2654435761u + 5;
	const struct rule *r = load(CORR("type: temporal_ordered, rules: [many,"
	    " ok], group-by: c-ip, timespan: 7s") MANY FAIL OK);
	struct event v[EVENTS];
	struct hits hits;
	size_t n = make(&s, v), m, fired = 0, want = 0;
	const struct hit *h;

	put_events(v, n);
	collect(r, 0, SECONDS, &hits);
	h = hits_at(&hits, &m);
	for (size_t i = 0; i < m; i++) {
		fired += h[i].fire;
		ck_assert(!h[i].fire || brute_order(v, n,
		    (size_t)(h[i].rec / 16) - 1));
	}
	for (size_t i = 0; i < n; i++)
		want += brute_order(v, n, i);
	ck_assert_uint_eq(fired, want);
	hits_release(&hits);
}
END_TEST

/* Times at which a client has its third fail of 10 s, and had not before. */
static int
brute_begins(const struct event *v, size_t n, int client, int from, int to)
{
	int last = -1000, m = 0;
	bool before = false;

	for (int t = 0; t <= to; t++) {
		bool any = false, now;

		for (size_t i = 0; i < n; i++)
			any = any || (v[i].client == client &&
			    v[i].status == 401 && v[i].ts == t);
		if (!any)
			continue;
		now = fails_seen(v, n, client, t, 10) >= 3;
		m += now && (!before || t - last > 10) && t >= from;
		before = now;
		last = t;
	}
	return m;
}

START_TEST(chain_counts_beginnings)
{
	uint64_t s = (uint64_t)_i * 40503u + 3;
	const struct rule *r = load(CORR("type: event_count, rules: [many], "
	    "group-by: c-ip, timespan: 20s, condition: {gte: 1}") MANY FAIL);
	struct event v[EVENTS];
	struct hits hits;
	size_t n = make(&s, v), m;
	int from = (int)(rnd(&s) % SECONDS), want = 0;
	const struct hit *h;

	put_events(v, n);
	collect(r, from, SECONDS, &hits);
	h = hits_at(&hits, &m);
	for (size_t i = 0; i < m; i++) {
		int at = (int)(h[i].ts / UTC_SECOND);
		int client = v[h[i].rec / 16 - 1].client;

		ck_assert(fabs(h[i].metric - brute_begins(v, n, client,
		    at - 20, at)) < 0.5 || at < from);
		want -= h[i].fire;
	}
	for (int c = 1; c <= 2; c++)
		want += brute_begins(v, n, c, from, SECONDS);
	ck_assert_int_eq(want, 0);
	hits_release(&hits);
}
END_TEST

/* --- what is made --- */

START_TEST(parameters)
{
	const struct rule *r = load(CORR("type: event_count, rules: [many, "
	    "fail], timespan: 1h, condition: {gte: 2, lt: 9}") MANY FAIL);

	ck_assert_uint_eq(r->nparams, 3);
	ck_sv_lit(r->param[0].name, "main");
	ck_sv_lit(r->param[1].name, "main.max");
	ck_sv_lit(r->param[2].name, "main.many");
	ck_assert_int_eq(r->arm[0].threshold, 0);
	ck_assert_int_eq(r->arm[0].link[0].threshold, -1);
	ck_assert_uint_eq(r->arm[0].nlinks, 1);
}
END_TEST

START_TEST(words)
{
	static const char *const text[] = {
		CORR("type: value_percentile, rules: fail, group-by: [c-ip, "
		    "cs-host], timespan: 1w, condition: {field: sc-bytes, "
		    "percentile: 99.5, gte: 2}") FAIL,
		CORR("type: value_median, rules: fail, timespan: 1M, condition:"
		    " {field: sc-bytes, gte: 2}") FAIL,
		CORR("type: temporal, rules: fail, timespan: 1y") FAIL,
	};
	static const struct {
		const char *metric, *key;
		int64_t window;
	} want[] = {
		{ "percentile 99.5 of sc-bytes", "c-ip, cs-host",
		    7 * UTC_DAY },
		{ "median of sc-bytes", "", 2629746 * UTC_SECOND },
		{ "steps", "", 31556952 * UTC_SECOND },
	};

	for (size_t i = 0; i < countof(text); i++) {
		const struct arm *arm = &load(text[i])->arm[0];

		ck_sv(arm->metric, sv_str(want[i].metric));
		ck_sv(arm->key_name, sv_str(want[i].key));
		ck_assert(arm->window == want[i].window);
	}
}
END_TEST

static const struct {
	const char *text, *want;
} errors[] = {
	{ CORR("type: temporal, rules: [fail, ok], timespan: 1m, condition: "
	    "fail and OK") FAIL OK, "no rule is called 'OK'" },
	{ CORR("type: temporal, rules: [fail, ok], timespan: 1m, condition: "
	    "fail AND ok") FAIL OK, "write in lower case: 'AND'" },
	{ CORR("type: temporal, rules: [fail, ok], timespan: 1m, condition: "
	    "1 of them") FAIL OK, "no rule is called '1'" },
	{ CORR("type: temporal, rules: [fail, ok], timespan: 1m, condition: "
	    "fail") FAIL OK, "the condition does not name all rules" },
	{ CORR("type: temporal, rules: [fail, ok], timespan: 1m, condition: "
	    "fail or not ok") FAIL OK,
	    "the condition holds where none of the rules fits" },
	{ CORR("type: temporal, rules: [fail, ok], timespan: 1m, condition: "
	    "ok and not ok and fail") FAIL OK, "the condition can never hold" },
	{ CORR("type: event_count, rules: [fail], timespan: 1m, condition: "
	    "fail") FAIL, "'condition' must be a map" },
	{ CORR("type: event_count, timespan: 1m, condition: {gte: 1}") FAIL,
	    "'rules' must name rules" },
	{ CORR("type: temporal_ordered, rules: [fail, ok], timespan: 1m, "
	    "condition: {gte: 1}") FAIL OK, "temporal_ordered takes a "
	    "condition such as 'a and b and not c'" },
	{ CORR("type: value_percentile, rules: fail, timespan: 1m, condition: "
	    "{field: sc-bytes, gte: 1}") FAIL,
	    "'percentile' is missing: 0 to 100" },
	{ CORR("type: value_percentile, rules: fail, timespan: 1m, condition: "
	    "{field: sc-bytes, percentile: 101, gte: 1}") FAIL,
	    "'percentile' must be a number from 0 to 100" },
	{ CORR("type: value_sum, rules: fail, timespan: 1m, condition: "
	    "{field: sc-bytes, percentile: 1, gte: 1}") FAIL,
	    "only value_percentile takes a 'percentile'" },
	{ CORR("type: value_avg, rules: fail, timespan: 1m, condition: "
	    "{field: [sc-bytes, c-ip], gte: 1}") FAIL,
	    "one field is expected" },
	{ CORR("type: event_count, rules: [fail, ok], aliases: {a: {fail: "
	    "c-ip}}, group-by: [a], timespan: 1m, condition: {gte: 1}") FAIL
	    OK, "alias 'a' has no field for rule 'ok'" },
	{ CORR("type: event_count, rules: fail, aliases: [a], timespan: 1m, "
	    "condition: {gte: 1}") FAIL, "'aliases' must be a map" },
	{ CORR("type: event_count, rules: fail, aliases: {a: b}, timespan: 1m,"
	    " condition: {gte: 1}") FAIL, "a field for each rule is expected" },
	{ CORR("type: temporal, rules: [top, fail], timespan: 1m") FAIL,
	    "the correlation refers to itself" },
	{ CORR("type: temporal, rules: [b, fail], timespan: 1m") FAIL
	    "---\ntitle: b\nname: b\ncorrelation: {type: temporal, rules: "
	    "[top], timespan: 1m}", "the correlation refers to itself" },
	{ CORR("type: event_count, rules: fail, generate: 1, timespan: 1m, "
	    "condition: {gte: 1}") FAIL, "'generate' must be true or false" },
};

START_TEST(error)
{
	struct err e = ERR_INIT;
	struct rule **r = NULL;
	size_t n = 0;
	struct rule_file f = { SV("r.yml"), sv_str(errors[_i].text) };

	ck_assert(!sigma_read(&stock_arena, f, true, &r, &n, &e));
	ck_assert_msg(strncmp(e.msg, "r.yml:3:", 8) == 0, "%s", e.msg);
	ck_assert_msg(sv_ends(sv_str(e.msg), sv_str(errors[_i].want)),
	    "got '%s', want '%s'", e.msg, errors[_i].want);
}
END_TEST

static void
setup(void)
{
	struct err e = ERR_INIT;

	stock_setup();
	st = stock_memory();
	ck_assert_msg(sqlfn_register(st, &e), "%s", e.msg);
	stock_sql(st, "INSERT INTO source(id, digest, name, format, form, "
	    "arrived, bytes, read, stored, duplicates, rejected, blank, first) VALUES "
	    "(1, x'00', 'a.log', 'heroku-text', 'pull', 0, 0, 0, 0, 0, 0, 0, 0)");
}

static void
teardown(void)
{
	store_close(st);
	stock_teardown();
}

Suite *
test_sigma_arm(void)
{
	Suite *s = suite_create("sigma_arm");
	TCase *t = tcase_create("sigma_arm");

	tcase_add_checked_fixture(t, setup, teardown);
	add_table(t, fire, fires);
	add_table(t, any_window, fires);
	tcase_add_test(t, groups_are_exact);
	tcase_add_loop_test(t, chain_in_order, 0, CASES);
	tcase_add_loop_test(t, chain_counts_beginnings, 0, CASES);
	tcase_add_test(t, parameters);
	tcase_add_test(t, words);
	add_table(t, error, errors);
	suite_add_tcase(s, t);
	return s;
}
