/* SPDX-License-Identifier: MIT */
#include "detect/stage.h"

#include "test/ck.h"

Suite *test_stage(void);

static struct arena arena;

static void
teardown(void)
{
	arena_release(&arena);
}

START_TEST(many)
{
	struct stages l = { .a = &arena };

	for (int64_t i = 0; i < 100; i++)
		stage_add(&l, (struct stage){ .of = i % 7 ? SV_NULL :
		    SV("x"), .in = i, .out = 100 - i });
	ck_assert_uint_eq(l.n, 100);
	ck_assert_int_eq(l.v[99].in, 99);
	ck_sv_lit(stage_of(&l, 97), "x");
	ck_sv_lit(stage_plain(&l, SV("a  -- b\n AND c")), "a AND c");
}
END_TEST

/* Steps that leave nothing: of way 0 the third, of way 1 the second. */
START_TEST(zeros)
{
	struct stages l = { .a = &arena };
	uint64_t a = stage_add_way(&l, SV("a"));
	uint64_t b = stage_add_way(&l, SV("b"));
	uint64_t c = stage_add_way(&l, SV_NULL);
	uint64_t d = stage_add_way(&l, SV_NULL);

	stage_add(&l, (struct stage){ .out = 0 }); /* on no way */
	stage_add(&l, (struct stage){ .out = 0, .way = b });
	stage_add(&l, (struct stage){ .out = 0, .way = a | b | d });
	stage_add(&l, (struct stage){ .out = STAGE_UNKNOWN, .way = c });
	stage_add(&l, (struct stage){ .out = 1, .way = c | d });
	stage_find_zeros(&l);
	ck_assert_uint_eq(l.way[0].zero, 2);
	ck_assert_uint_eq(l.way[1].zero, 1);
	ck_assert(l.way[2].zero == SIZE_MAX);
	ck_assert(l.way[3].zero == SIZE_MAX); /* a row came of none */
}
END_TEST

START_TEST(ways_end)
{
	struct stages l = { .a = &arena };

	for (int i = 0; i < STAGE_WAYS; i++)
		ck_assert(stage_add_way(&l, SV_NULL) != 0);
	ck_assert(stage_add_way(&l, SV_NULL) == 0);
	ck_assert_uint_eq(l.nways, STAGE_WAYS);
}
END_TEST

Suite *
test_stage(void)
{
	Suite *s = suite_create("stage");
	TCase *t = tcase_create("stage");

	tcase_add_checked_fixture(t, NULL, teardown);
	tcase_add_test(t, many);
	tcase_add_test(t, zeros);
	tcase_add_test(t, ways_end);
	suite_add_tcase(s, t);
	return s;
}
