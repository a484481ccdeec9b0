/* SPDX-License-Identifier: MIT */
#include "detect/profile.h"

#include "output/page.h"
#include "test/ck.h"

Suite *test_profile(void);

static struct arena arena;

static struct profile
three(void)
{
	struct profile p = { .a = &arena };

	profile_row(&p, SV("B"))->seconds = 0.001;
	profile_row(&p, SV("C"))->seconds = 0.0123456;
	profile_row(&p, SV("A"))->seconds = 0.0005;
	profile_row(&p, SV("A"))->seconds += 0.0005;
	profile_row(&p, SV("C"))->hits = 7;
	profile_row(&p, SV("C"))->statements = 2;
	profile_row(&p, SV("C"))->cost =
	    (struct query_cost){ 1, 20, 300, 4000 };
	return p;
}

START_TEST(sorted_by_time)
{
	struct profile p = three();

	profile_sort(&p);
	ck_assert_uint_eq(p.n, 3);
	ck_sv_lit(p.row[0].rule, "C");
	ck_sv_lit(p.row[1].rule, "A"); /* as long as B */
	ck_sv_lit(p.row[2].rule, "B");
}
END_TEST

START_TEST(as_ndjson)
{
	struct profile p = three();
	struct buf b = BUF_INIT;
	sv rest, line;

	profile_sort(&p);
	profile_ndjson(&b, &p);
	rest = buf_sv(&b);
	line = sv_cut(&rest, '\n');
	ck_sv_lit(line, "{\"type\":\"profile\",\"rule\":\"C\","
	    "\"wall_ms\":12.35,\"statements\":2,\"vm_steps\":20,"
	    "\"scan_steps\":300,\"sorts\":4000,\"rows\":1,\"hits\":7}");
	ck_assert_uint_eq(sv_count_lines(buf_sv(&b)), 3);
	buf_release(&b);
}
END_TEST

START_TEST(as_page)
{
	struct profile p = three();
	struct page page;

	page_init(&page, &arena);
	profile_page(&page, &p);
	ck_assert_uint_eq(page.first->ncols, 8);
	ck_sv_lit(page.first->row->next->cell[1].text, "12.35");
	ck_sv_lit(page.first->row->next->cell[3].text, "20");
}
END_TEST

START_TEST(many_rules)
{
	struct profile p = { .a = &arena };
	char name[8];

	for (int i = 0; i < 100; i++) {
		name[0] = (char)('a' + i / 26);
		name[1] = (char)('a' + i % 26);
		profile_row(&p, sv_of(name, 2))->hits = (uint64_t)i;
	}
	ck_assert_uint_eq(p.n, 100);
	ck_assert_uint_eq(profile_row(&p, SV("bc"))->hits, 28);
}
END_TEST

static void
teardown(void)
{
	arena_release(&arena);
}

Suite *
test_profile(void)
{
	Suite *s = suite_create("profile");
	TCase *t = tcase_create("profile");

	tcase_add_checked_fixture(t, NULL, teardown);
	tcase_add_test(t, sorted_by_time);
	tcase_add_test(t, as_ndjson);
	tcase_add_test(t, as_page);
	tcase_add_test(t, many_rules);
	suite_add_tcase(s, t);
	return s;
}
