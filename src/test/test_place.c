/* SPDX-License-Identifier: MIT */
#include "detect/place.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "test/ck.h"

static struct arena arena;
static char dir[32];

static void
setup(void)
{
	snprintf(dir, sizeof(dir), "/tmp/raxx-place-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(dir));
	ck_assert_int_eq(chdir(dir), 0);
}

static void
teardown(void)
{
	unlink("pipelines/site.yml");
	rmdir("pipelines/rules");
	rmdir("pipelines");
	ck_assert_int_eq(chdir("/"), 0);
	rmdir(dir);
	arena_release(&arena);
}

static struct place
find(const char *rules, const char *rules_env, const char *site,
    const char *site_env)
{
	return place_find(&arena, rules, rules_env, site, site_env, "/data");
}

START_TEST(installed_rules_come_last)
{
	ck_assert_str_eq(find(NULL, NULL, NULL, NULL).rules, "/data/rules");
	ck_assert_ptr_null(find(NULL, "", NULL, "").site);
	ck_assert_int_eq(mkdir("pipelines", 0700), 0);
	ck_assert_int_eq(mkdir("pipelines/rules", 0700), 0);
	ck_assert_str_eq(find(NULL, "", NULL, NULL).rules, "pipelines/rules");
	ck_assert_str_eq(find(NULL, "env", NULL, NULL).rules, "env");
	ck_assert_str_eq(find("opt", "env", NULL, NULL).rules, "opt");
}
END_TEST

START_TEST(key_of_the_user)
{
	ck_assert_str_eq(place_key(&arena, "k", "/c", "/h"), "k");
	ck_assert_str_eq(place_key(&arena, NULL, "/c", "/h"), "/c/raxx/key");
	ck_assert_str_eq(place_key(&arena, NULL, "c", "/h"),
	    "/h/.config/raxx/key");
	ck_assert_str_eq(place_key(&arena, NULL, NULL, "/h"),
	    "/h/.config/raxx/key");
	ck_assert_ptr_null(place_key(&arena, NULL, "", "h"));
}
END_TEST

START_TEST(site_beside_the_rules)
{
	FILE *f;

	ck_assert_int_eq(mkdir("pipelines", 0700), 0);
	ck_assert_int_eq(mkdir("pipelines/rules", 0700), 0);
	ck_assert_ptr_null(find(NULL, NULL, NULL, NULL).site);
	f = fopen("pipelines/site.yml", "w");
	ck_assert_ptr_nonnull(f);
	fclose(f);
	ck_assert_str_eq(find(NULL, NULL, NULL, NULL).site,
	    "pipelines/rules/../site.yml");
	ck_assert_str_eq(find(NULL, NULL, NULL, "env").site, "env");
	ck_assert_str_eq(find(NULL, NULL, "opt", "env").site, "opt");
}
END_TEST

Suite *
test_place(void)
{
	Suite *s = suite_create("place");
	TCase *tc = tcase_create("place");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, installed_rules_come_last);
	tcase_add_test(tc, key_of_the_user);
	tcase_add_test(tc, site_beside_the_rules);
	suite_add_tcase(s, tc);
	return s;
}
