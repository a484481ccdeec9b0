/* SPDX-License-Identifier: MIT */
#include "detect/mailaddr.h"

#include "test/ck.h"

Suite *test_mailaddr(void);

static const struct {
	const char *address, *canonical, *domain, *local; /* domain NULL: none */
} rows[] = {
	{ "Ann.B@Example.ORG", "ann.b@example.org", "example.org", "ann.b" },
	{ " ann+x+y@example.org ", "ann@example.org", "example.org", "ann" },
	{ "A.N.N+x@Gmail.com", "ann@gmail.com", "gmail.com", "ann" },
	{ "a.n.n@googlemail.com", "ann@gmail.com", "googlemail.com", "ann" },
	{ "a.n.n@gmail.com.", "ann@gmail.com", "gmail.com", "ann" },
	{ "a.n.n@notgmail.com", "a.n.n@notgmail.com", "notgmail.com",
	    "a.n.n" },
	{ "+x@example.org", "+x@example.org", "example.org", "+x" },
	{ "a@b@Example.org", "a@b@example.org", "example.org", "a@b" },
	{ "\uff21nn\uff20example\u3002org", "ann@example.org", "example.org",
	    "ann" },
	{ "J\u00dcRGEN@example.org", "j\u00dcrgen@example.org", "example.org",
	    "j\u00dcrgen" },
	{ "a\xff" "B@example.org", "a\xff" "b@example.org", "example.org",
	    "a\xff" "b" },
	{ "no mail+x", "no mail+x", NULL, "no mail+x" },
	{ "ann@", "ann@", "", "ann" },
	{ "@example.org", "@example.org", "example.org", "" },
	{ "", "", NULL, "" },
};

START_TEST(parts)
{
	sv address = sv_str(rows[_i].address);
	struct buf b = BUF_INIT;

	mail_canonical(&b, address);
	ck_sv(buf_sv(&b), sv_str(rows[_i].canonical));
	buf_clear(&b);
	ck_assert(mail_domain(&b, address) == (rows[_i].domain != NULL));
	ck_sv(buf_sv(&b), sv_str(rows[_i].domain ? rows[_i].domain : ""));
	buf_clear(&b);
	mail_local(&b, address);
	ck_sv(buf_sv(&b), sv_str(rows[_i].local));
	buf_release(&b);
}
END_TEST

static const struct {
	const char *local, *shape, *stem; /* stem NULL: no number */
	int64_t number;
} shapes[] = {
	{ "ann.b12", "a3.a102", "ann.b", 12 },
	{ "user007", "a403", "user", 7 },
	{ "ann", "a3", NULL, 0 },
	{ "12345", "05", NULL, 0 },
	{ "a-1", "a1-01", "a-", 1 },
	{ "j\u00fcrgen9", "a1\u00fca401", "j\u00fcrgen", 9 },
	{ "x123456789012345", "a1015", "x", INT64_C(123456789012345) },
	{ "x1234567890123456", "a1016", NULL, 0 },
	{ "", "", NULL, 0 },
};

START_TEST(shape)
{
	struct buf b = BUF_INIT;
	int64_t number = 0;
	sv stem = SV_NULL;

	mail_shape(&b, sv_str(shapes[_i].local));
	ck_sv(buf_sv(&b), sv_str(shapes[_i].shape));
	buf_release(&b);
	ck_assert(mail_number(sv_str(shapes[_i].local), &stem, &number) ==
	    (shapes[_i].stem != NULL));
	if (shapes[_i].stem)
		ck_sv(stem, sv_str(shapes[_i].stem));
	ck_assert_int_eq(number, shapes[_i].number);
}
END_TEST

START_TEST(numeric)
{
	ck_assert(mail_is_numeric(SV("1234567")));
	ck_assert(!mail_is_numeric(SV("12a")));
	ck_assert(!mail_is_numeric(SV("")));
}
END_TEST

static const struct {
	const char *text;
	bool mixed;
} scripts[] = {
	{ "ann.smith+1@example.org", false },
	{ "p\u0430ypal@example.org", true },           /* Cyrillic a */
	{ "ann@ex\u0430mple.org", true },
	{ "\u0438\u0432\u0430\u043d@example.org", false },
	{ "\u0438\u0432\u0430\u043d.smith@example.org", false },
	{ "b\u03bfb@example.org", true },              /* Greek o */
	{ "j\u00fcrgen@example.org", false },
	{ "\u1ea1nh@example.org", false },             /* Vietnamese */
	{ "\u00fc\u043ex@example.org", true },
	{ "\u5f20wei@example.org", false },            /* Han beside Latin */
	{ "a\u5f20\u0438@example.org", true },
	{ "an\u200bn@example.org", true },             /* zero width */
	{ "an\u0578@example.org", true },              /* Armenian */
	{ "\xff\xfe", false },
	{ "", false },
};

START_TEST(mixed)
{
	ck_assert(mail_is_mixed(sv_str(scripts[_i].text)) ==
	    scripts[_i].mixed);
}
END_TEST

Suite *
test_mailaddr(void)
{
	Suite *s = suite_create("mailaddr");
	TCase *t = tcase_create("mailaddr");

	add_table(t, parts, rows);
	add_table(t, shape, shapes);
	tcase_add_test(t, numeric);
	add_table(t, mixed, scripts);
	suite_add_tcase(s, t);
	return s;
}
