/* SPDX-License-Identifier: MIT */
#include "detect/armtext.h"

#include "base/utc.h"
#include "test/ck.h"

Suite *test_armtext(void);

static struct param param[] = {
	{ { "a", 1 }, 8, 8, "rule" },
	{ { "b", 1 }, 20.5, 30, "site" },
};
static struct rule rule = { .param = param, .nparams = 2 };
static sv need[] = { { "heroku_app", 10 }, { "heroku_app.client", 17 } };

static const struct {
	struct arm arm;
	const char *window, *condition, *origin, *when;
} rows[] = {
	{ { .kind = ARM_EVENT, .threshold = -1 }, "-", "events", "rule", "" },
	{ { .kind = ARM_SQL, .threshold = 0, .window = 10 * UTC_MINUTE,
	    .metric = { "denials", 7 }, .key_name = { "actor", 5 } },
	    "10m", "denials per actor: 8", "rule", "" },
	{ { .kind = ARM_SQL, .threshold = 1, .on = ARM_ON_FALLBACK }, "-",
	    "events: 20.5", "site; 30 in the rule", "on the fallback" },
	{ { .kind = ARM_EVENT_COUNT, .threshold = 0, .ncond = 2,
	    .cond = { { CMP_GTE, 0 }, { CMP_LT, 1 } }, .window = UTC_DAY,
	    .on = ARM_ON_ANY, .need = need, .nneeds = 2 }, "24h",
	    "events >= 8 and < 20.5", "rule",
	    "in any state, needs heroku_app, heroku_app.client" },
	{ { .kind = ARM_VALUE_COUNT, .threshold = -1, .ncond = 1,
	    .cond = { { CMP_NEQ, 1 } }, .need = need, .nneeds = 1 }, "-",
	    "events <> 20.5", "site; 30 in the rule", "needs heroku_app" },
};

START_TEST(words)
{
	const struct arm *arm = &rows[_i].arm;
	struct buf b = BUF_INIT;

	armtext_window(&b, arm);
	ck_sv(buf_sv(&b), sv_str(rows[_i].window));
	buf_clear(&b);
	armtext_condition(&b, &rule, arm);
	ck_sv(buf_sv(&b), sv_str(rows[_i].condition));
	buf_clear(&b);
	armtext_origin(&b, &rule, arm);
	ck_sv(buf_sv(&b), sv_str(rows[_i].origin));
	buf_clear(&b);
	armtext_when(&b, arm);
	ck_sv(buf_sv(&b), sv_str(rows[_i].when));
	buf_release(&b);
}
END_TEST

Suite *
test_armtext(void)
{
	Suite *s = suite_create("armtext");
	TCase *t = tcase_create("armtext");

	add_table(t, words, rows);
	suite_add_tcase(s, t);
	return s;
}
