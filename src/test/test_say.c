/* SPDX-License-Identifier: MIT */
#include "output/say.h"

#include "test/ck.h"

Suite *test_say(void);

static const struct {
	double share, low;
	const char *want;
} shares[] = {
	{ 1, 1, "100 %" },
	{ 0.9999, 0.9999, "99.9 %" },
	{ 0.5, 0.25, "50 % (at worst 25 %)" },
	{ 0.9999, 0, "99.9 % (at worst 0 %)" },
	{ 0.50437, 0.50412, "50.4 %" }, /* no difference that could be read */
	{ 0.0004, 0, "<0.1 % (at worst 0 %)" },
	{ 0.0004, 0.0002, "<0.1 %" },
	{ 0.5, 0.7, "50 %" },
	{ -1, -1, "n/a" },
	{ 2, 0.5, "n/a" },
};

START_TEST(shares_at_worst)
{
	struct buf b = BUF_INIT;

	buf_lit(&b, "of ");
	say_shares(&b, shares[_i].share, shares[_i].low);
	ck_sv(sv_skip(buf_sv(&b), 3), sv_str(shares[_i].want));
	buf_release(&b);
}
END_TEST

Suite *
test_say(void)
{
	Suite *s = suite_create("say");
	TCase *t = tcase_create("say");

	tcase_add_loop_test(t, shares_at_worst, 0, countof(shares));
	suite_add_tcase(s, t);
	return s;
}
