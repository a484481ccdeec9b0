/* SPDX-License-Identifier: MIT */
#include "detect/maildomain.h"

#include "test/ck.h"

Suite *test_maildomain(void);

static const struct {
	const char *domain, *kind; /* NULL: null */
} rows[] = {
	{ "gmail.com", "free" },
	{ "qq.com", "numeric" },
	{ "vip.qq.com", "numeric" },
	{ "mailinator.com", "disposable" },
	{ "x.y.mailinator.com", "disposable" },
	{ "notmailinator.com", NULL },
	{ "mailinator.com.example", NULL },
	{ "team.mozmail.com", "relay" },
	{ "private.icloud.com", "relay" },
	{ "icloud.com", "free" },
	{ "example.com", NULL },
	{ "com", NULL },
	{ "", NULL },
	{ "..", NULL },
};

START_TEST(kinds)
{
	sv got = maildomain_kind(sv_str(rows[_i].domain));

	if (rows[_i].kind)
		ck_sv(got, sv_str(rows[_i].kind));
	else
		ck_assert(sv_null(got));
}
END_TEST

START_TEST(has_a_date)
{
	ck_assert_uint_eq(strlen(maildomain_date), 10);
	ck_assert(maildomain_date[4] == '-' && maildomain_date[7] == '-');
}
END_TEST

Suite *
test_maildomain(void)
{
	Suite *s = suite_create("maildomain");
	TCase *t = tcase_create("maildomain");

	add_table(t, kinds, rows);
	tcase_add_test(t, has_a_date);
	suite_add_tcase(s, t);
	return s;
}
