/* SPDX-License-Identifier: MIT */
/* Findings from hits, without a store: order, edges, identity. */
#include "detect/finding.h"

#include <math.h>

#include "base/utc.h"
#include "detect/hits.h"
#include "test/ck.h"

/* In a static initialiser. */
#define LIT(text) { (text), sizeof(text) - 1 }

enum { MIN = 60 };

static struct arena arena;
static struct param param[] = { { LIT("fast"), 3, 3, "rule" } };
static struct arm arm = { .name = LIT("fast"), .kind = ARM_VALUE_COUNT,
	.window = 10 * UTC_MINUTE, .cond = { { CMP_GTE, 0 } }, .ncond = 1,
	.threshold = 0, .metric = LIT("distinct tokens"),
	.key_name = LIT("client"), .nsteps = 1, .level = -1 };
static const struct rule rule = { .id = LIT("T-1"), .title = LIT("test"),
	.level = LEVEL_MEDIUM, .route = LIT("digest"), .param = param,
	.nparams = 1, .arm = &arm, .narms = 1 };

static struct hit
hit(const char *key, const char *val, int64_t second, uint64_t hash)
{
	return (struct hit){ .arm = SV("fast"), .key = sv_str(key),
		.val = sv_str(val), .ts = second * UTC_SECOND,
		.rec = (int64_t)hash * 16 + 1, .hash = hash, .nth = 1,
		.level = -1 };
}

static struct findings
find(struct hit *h, size_t n, int64_t from, int64_t to, bool *open)
{
	struct findings f = { NULL, 0, 0 };

	*open = false;
	hits_sort(h, n);
	hits_fire(&arena, &rule, h, n, from * UTC_SECOND, to * UTC_SECOND);
	findings_add(&arena, &rule, &arm, h, n, from * UTC_SECOND,
	    from * UTC_SECOND, open, &f);
	findings_sort(&f);
	return f;
}

/* One below the threshold is silent, the threshold fires. */
START_TEST(fires_at_the_threshold)
{
	struct hit h[] = { hit("k", "a", 5000, 1), hit("k", "b", 5001, 2),
		hit("k", "b", 5002, 3), hit("k", "c", 5003, 4) };
	bool open;

	ck_assert_uint_eq(find(h, 3, 0, 9000, &open).n, 0);
	ck_assert_uint_eq(find(h, 4, 0, 9000, &open).n, 1);
	ck_assert(!open);
}
END_TEST

/* Both ends of the window count; a microsecond more does not. */
START_TEST(window_edge_is_inclusive)
{
	struct hit h[] = { hit("k", "a", 5000, 1), hit("k", "b", 5001, 2),
		hit("k", "c", 5000 + 10 * MIN, 3) };
	bool open;

	ck_assert_uint_eq(find(h, 3, 0, 9000, &open).n, 1);
	h[2].ts += 1;
	ck_assert_uint_eq(find(h, 3, 0, 9000, &open).n, 0);
}
END_TEST

START_TEST(firing_hit_lies_in_the_window)
{
	struct hit h[] = { hit("k", "a", 5000, 1), hit("k", "b", 5001, 2),
		hit("k", "c", 5002, 3) };
	bool open;

	ck_assert_uint_eq(find(h, 3, 5002, 5002, &open).n, 1);
	ck_assert(open); /* an earlier firing might belong to it */
	ck_assert_uint_eq(find(h, 3, 5003, 9000, &open).n, 0);
	ck_assert_uint_eq(find(h, 3, 0, 5001, &open).n, 0);
}
END_TEST

START_TEST(close_runs_are_one_finding)
{
	struct hit h[] = { hit("k", "a", 5000, 1), hit("k", "b", 5001, 2),
		hit("k", "c", 5002, 3),
		hit("k", "d", 5002 + 50 * MIN, 4),
		hit("k", "e", 5002 + 55 * MIN, 5),
		hit("k", "f", 5002 + 60 * MIN, 6) };
	bool open;
	struct findings f = find(h, 6, 0, 20000, &open);

	ck_assert_uint_eq(f.n, 1);
	ck_assert_uint_eq(f.v[0].events, 6);
	ck_assert_int_eq(f.v[0].first, 5000 * UTC_SECOND);
	ck_assert_int_eq(f.v[0].fired_at, 5002 * UTC_SECOND);
	h[3].ts += 1;
	h[5].ts += 1;
	f = find(h, 6, 0, 20000, &open);
	ck_assert_uint_eq(f.n, 2);
	ck_assert_str_ne(f.v[0].id, f.v[1].id);
}
END_TEST

/* Both would have the same id. */
START_TEST(a_fact_is_one_finding_at_any_distance)
{
	struct rule fact = rule;
	struct hit h[] = { hit("k", "a", 5000, 1), hit("k", "b", 900000, 2),
		hit("l", "b", 900000, 2) };
	struct findings f = { NULL, 0, 0 };
	bool open = false;

	for (size_t i = 0; i < countof(h); i++)
		h[i].fire = true;
	findings_add(&arena, &fact, &arm, h, 3, 0, -UTC_DAY, &open, &f);
	ck_assert_uint_eq(f.n, 3);
	fact.posture = true;
	f.n = 0;
	findings_add(&arena, &fact, &arm, h, 3, 0, -UTC_DAY, &open, &f);
	ck_assert_uint_eq(f.n, 2);
	ck_assert_uint_eq(f.v[0].events, 2);
	ck_assert_str_ne(f.v[0].id, f.v[1].id);
}
END_TEST

START_TEST(evidence_holds_the_firing_record)
{
	struct hit h[24];
	bool open;
	struct findings f;

	for (size_t i = 0; i < 22; i++)
		h[i] = hit("k", i % 2 ? "a" : "b", 5000 + (int64_t)i, i + 1);
	h[22] = hit("k", "c", 5022, 99);
	h[23] = hit("k", "c", 5023, 100);
	f = find(h, 24, 0, 9000, &open);
	ck_assert_uint_eq(f.n, 1);
	ck_assert_uint_eq(f.v[0].nevidence, FINDING_EVIDENCE_MAX);
	ck_assert_uint_eq(f.v[0].events, 24);
	ck_assert_uint_eq(f.v[0].evidence[0].hash, 1);
	ck_assert_uint_eq(f.v[0].evidence[9].hash, 99);
}
END_TEST

/* A line of two apps is two records; several hits of one record are one. */
START_TEST(evidence_counts_records)
{
	struct hit h[6];
	bool open;
	struct findings f;

	for (size_t i = 0; i < countof(h); i++) {
		h[i] = hit("k", i % 2 ? "a" : "b", 5000, 7);
		h[i].rec = i % 2 ? 16 + 1 : 32 + 1;
	}
	h[0].val = SV("c");
	f = find(h, countof(h), 0, 9000, &open);
	ck_assert_uint_eq(f.n, 1);
	ck_assert_uint_eq(f.v[0].events, 2);
	ck_assert_uint_eq(f.v[0].nevidence, 2);
	ck_assert(f.v[0].evidence[0].rec != f.v[0].evidence[1].rec);
}
END_TEST

/* The level of a row wins, upwards and downwards. */
START_TEST(level_of_a_row_wins)
{
	struct hit h[] = { hit("k", "a", 5000, 1), hit("k", "b", 5001, 2),
		hit("k", "c", 5002, 3) };
	bool open;

	ck_assert_int_eq(find(h, 3, 0, 9000, &open).v[0].level, LEVEL_MEDIUM);
	h[2].level = LEVEL_INFORMATIONAL;
	ck_assert_int_eq(find(h, 3, 0, 9000, &open).v[0].level,
	    LEVEL_INFORMATIONAL);
	h[2].level = LEVEL_CRITICAL;
	ck_assert_int_eq(find(h, 3, 0, 9000, &open).v[0].level,
	    LEVEL_CRITICAL);
}
END_TEST

static const struct {
	enum level level;
	const char *ours, *own;
} routes[] = {
	{ LEVEL_INFORMATIONAL, "digest", "digest" },
	{ LEVEL_LOW, "digest", "digest" },
	{ LEVEL_MEDIUM, "elsewhere", "same-day" },
	{ LEVEL_HIGH, "same-day", "same-day" },
	{ LEVEL_CRITICAL, "immediate", "immediate" },
};

/* The rule's route is for findings of the rule's level. */
START_TEST(route_follows_the_level)
{
	struct rule r = { .level = LEVEL_MEDIUM, .route = SV("elsewhere") };
	struct finding f = { .rule = &r, .level = (int)routes[_i].level };

	ck_sv(finding_route(&f), sv_str(routes[_i].ours));
	r.route = SV_NULL;
	ck_sv(finding_route(&f), sv_str(routes[_i].own));
}
END_TEST

static uint64_t
rnd(uint64_t *s)
{
	*s ^= *s << 13;
	*s ^= *s >> 7;
	*s ^= *s << 17;
	return *s;
}

static void
shuffle(struct hit *h, size_t n, uint64_t *s)
{
	for (size_t i = n; i > 1; i--) {
		size_t j = (size_t)(rnd(s) % i);
		struct hit t = h[j];

		h[j] = h[i - 1];
		h[i - 1] = t;
	}
}

static void
write_all(struct buf *b, const struct findings *f)
{
	buf_clear(b);
	for (size_t i = 0; i < f->n; i++)
		finding_write(b, &f->v[i]);
}

START_TEST(order_of_arrival_changes_nothing)
{
	static const char *const key[] = { "k", "l", "m" };
	static const char *const val[] = { "a", "b", "c", "d", "e" };
	uint64_t seed = 88172645463325252u + (uint64_t)_i;
	struct buf want = BUF_INIT, got = BUF_INIT;
	struct hit h[80];
	bool open;

	for (size_t i = 0; i < countof(h); i++)
		h[i] = hit(key[rnd(&seed) % 3], val[rnd(&seed) % 5],
		    (int64_t)(rnd(&seed) % 400) * 60, i + 1);
	for (int i = 0; i < 10; i++) {
		struct findings f = find(h, countof(h), 0, 30000, &open);

		ck_assert_uint_gt(f.n, 0);
		write_all(i ? &got : &want, &f);
		if (i)
			ck_sv(buf_sv(&got), buf_sv(&want));
		shuffle(h, countof(h), &seed);
	}
	buf_release(&want);
	buf_release(&got);
}
END_TEST

START_TEST(id_names_rule_key_and_first_record)
{
	struct hit h = hit("k", "a", 5000, 1), other = h;
	char id[FINDING_ID_LEN + 1], again[FINDING_ID_LEN + 1];

	finding_id(id, &rule, &arm, &h);
	other.rec = 4711; /* numbers of a store say nothing */
	finding_id(again, &rule, &arm, &other);
	ck_assert_str_eq(id, again);
	ck_assert_uint_eq(strlen(id), FINDING_ID_LEN);
	other.nth = 2;
	finding_id(again, &rule, &arm, &other);
	ck_assert_str_ne(id, again);
	other = h;
	other.key = SV("l");
	finding_id(again, &rule, &arm, &other);
	ck_assert_str_ne(id, again);
}
END_TEST

static const struct {
	enum cmp_op op;
	bool below, equal, above;
} ops[] = {
	{ CMP_GTE, false, true, true }, { CMP_GT, false, false, true },
	{ CMP_LTE, true, true, false }, { CMP_LT, true, false, false },
	{ CMP_EQ, false, true, false }, { CMP_NEQ, true, false, true },
};

START_TEST(conditions)
{
	ck_assert_int_eq(condition_holds(ops[_i].op, 2, 3), ops[_i].below);
	ck_assert_int_eq(condition_holds(ops[_i].op, 3, 3), ops[_i].equal);
	ck_assert_int_eq(condition_holds(ops[_i].op, 4, 3), ops[_i].above);
}
END_TEST

/* Numbers in a note are those of the metric beside it. */
START_TEST(note_is_that_of_the_metric)
{
	struct hit h[] = { hit("k", "a", 5000, 1), hit("k", "b", 5001, 2),
		hit("k", "c", 5002, 3), hit("k", "c", 5003, 4) };
	struct findings f = { NULL, 0, 0 };
	struct arm lasting = arm;
	bool open = false;

	lasting.standing = true;
	for (size_t i = 0; i < countof(h); i++) {
		h[i].fire = true;
		h[i].metric = (double[]){ 3, 5, 5, 4 }[i];
		h[i].note = sv_str((const char *[]){ "3", "5", "5 again",
		    "4" }[i]);
	}
	findings_add(&arena, &rule, &arm, h, 4, 0, 0, &open, &f);
	ck_sv_lit(f.v[0].note, "5");
	findings_add(&arena, &rule, &lasting, h, 4, 0, 0, &open, &f);
	ck_sv_lit(f.v[1].note, "3");
	h[1].note = h[2].note = SV_NULL;
	findings_add(&arena, &rule, &arm, h, 4, 0, 0, &open, &f);
	ck_sv_lit(f.v[2].note, "3");
}
END_TEST

/* Metrics of four rows, and which fire; the threshold is 3. */
static const struct {
	enum cmp_op op;
	double metric[4];
	bool fire[4];
	double want;
} peaks[] = {
	{ CMP_GTE, { 1, 2, 2, 1 }, { 0 }, 2 },
	{ CMP_GTE, { 1, 2, 3, 9 }, { 0 }, 2 }, /* left out otherwise */
	{ CMP_GTE, { 1, 4, 9, 2 }, { 0, 1, 0, 0 }, 4 },
	{ CMP_GTE, { 1, 4, 5, 2 }, { 0, 1, 1, 0 }, 5 },
	{ CMP_GTE, { 3, 4, 5, 6 }, { 0 }, 0 },
	{ CMP_GT, { 1, 2, 1, 3 }, { 0 }, 2 },
	{ CMP_LTE, { 9, 4, 5, 3 }, { 0 }, 4 },
	{ CMP_LT, { 9, 2, 1, 5 }, { 0, 1, 1, 0 }, 2 },
	{ CMP_LT, { 3, 2, 1, 0 }, { 0 }, (double)NAN },
	{ CMP_EQ, { 3, 2, 4, 0 }, { 0 }, 4 },
};

START_TEST(peak_is_of_what_could_fire)
{
	struct hit h[6];
	struct arm a = arm;
	double got;

	a.cond[0].op = peaks[_i].op;
	for (size_t i = 0; i < 6; i++) {
		h[i] = hit("k", "a", 5000 + (int64_t)i, i + 1);
		h[i].metric = i < 4 ? peaks[_i].metric[i] : 100;
		h[i].fire = i >= 4 || peaks[_i].fire[i];
	}
	got = hits_peak(&rule, &a, h, 6, 0, 5003 * UTC_SECOND);
	ck_assert(isnan(peaks[_i].want) ? isnan(got) :
	    !(got < peaks[_i].want || got > peaks[_i].want));
	ck_assert(hits_peak(&rule, &a, h, 6, 5004 * UTC_SECOND,
	    9000 * UTC_SECOND) >= 100);
}
END_TEST

/* A number that decides nothing is not printed as one. */
START_TEST(a_statement_may_have_no_threshold)
{
	struct arm bare = arm;
	struct finding f = { .rule = &rule, .arm = &bare, .key = SV("k"),
		.near = NEARBY_NONE };
	struct buf b = BUF_INIT;
	const char *from;

	bare.kind = ARM_SQL;
	bare.ncond = 0;
	bare.threshold = -1;
	ck_assert(isnan(arm_threshold(&rule, &bare, &from)));
	ck_assert_ptr_null(from);
	ck_assert_uint_eq(arm_least(&rule, &bare), 1);
	finding_write(&b, &f);
	ck_assert(sv_has(buf_sv(&b),
	    SV("\"threshold\":null,\"threshold_from\":null")));
	bare.threshold = 0;
	ck_assert(arm_threshold(&rule, &bare, &from) >= 3);
	ck_assert_str_eq(from, "rule");
	buf_release(&b);
}
END_TEST

Suite *
test_finding(void)
{
	Suite *s = suite_create("finding");
	TCase *tc = tcase_create("finding");

	tcase_add_test(tc, fires_at_the_threshold);
	tcase_add_test(tc, window_edge_is_inclusive);
	tcase_add_test(tc, firing_hit_lies_in_the_window);
	tcase_add_test(tc, close_runs_are_one_finding);
	tcase_add_test(tc, a_fact_is_one_finding_at_any_distance);
	tcase_add_test(tc, evidence_holds_the_firing_record);
	tcase_add_test(tc, evidence_counts_records);
	tcase_add_test(tc, level_of_a_row_wins);
	add_table(tc, route_follows_the_level, routes);
	tcase_add_loop_test(tc, order_of_arrival_changes_nothing, 0, 20);
	tcase_add_test(tc, id_names_rule_key_and_first_record);
	tcase_add_test(tc, note_is_that_of_the_metric);
	add_table(tc, peak_is_of_what_could_fire, peaks);
	tcase_add_test(tc, a_statement_may_have_no_threshold);
	add_table(tc, conditions, ops);
	suite_add_tcase(s, tc);
	return s;
}
