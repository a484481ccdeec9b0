/* SPDX-License-Identifier: MIT */
#include "detect/listing.h"

#include "base/utc.h"
#include "output/page.h"
#include "output/text.h"
#include "test/ck.h"

Suite *test_listing(void);

static struct arena arena;
static struct buf out;
static sv source[] = { { "heroku_router", 13 } };
static struct param param[] = { { { "fast", 4 }, 5, 8, "site" } };
static struct arm arm = { .name = { "fast", 4 }, .kind = ARM_SQL,
	.window = 10 * UTC_MINUTE, .threshold = 0, .metric = { "tokens", 6 },
	.key_name = { "client", 6 }, .level = -1, .on = ARM_ON_ANY };
static struct rule active = { .id = { "A", 1 }, .title = { "one", 3 },
	.level = LEVEL_HIGH, .route = { "digest", 6 }, .source = source,
	.nsources = 1, .param = param, .nparams = 1, .arm = &arm, .narms = 1,
	.file = { "a.sql", 5 }, .digest = { "00", 2 } };
static struct rule planned = { .id = { "B", 1 }, .title = { "two", 3 },
	.status = RULE_PLANNED, .reason = { "later", 5 },
	.route = { "digest", 6 } };
static struct rule *rules[] = { &active, &planned };
static const struct catalog catalog = { rules, 2, { "", 0 } };

static void
setup(void)
{
	arena_init(&arena);
	out = (struct buf)BUF_INIT;
}

static void
teardown(void)
{
	buf_release(&out);
	arena_release(&arena);
}

START_TEST(records)
{
	listing_ndjson(&out, &catalog);
	ck_sv_lit(buf_sv(&out), "{\"type\":\"rule\",\"id\":\"A\","
	    "\"title\":\"one\",\"level\":\"high\",\"status\":\"active\","
	    "\"reason\":null,\"route\":\"digest\","
	    "\"sources\":[\"heroku_router\"],\"fallback\":[],"
	    "\"prerequisite\":null,\"params\":[{\"name\":\"fast\",\"value\":5,"
	    "\"floor\":8,\"from\":\"site\"}],\"arms\":[{\"name\":\"fast\","
	    "\"kind\":\"sql\",\"window_s\":600,\"threshold\":5,"
	    "\"metric\":\"tokens\",\"key\":\"client\",\"level\":\"high\","
	    "\"never_baselined\":false,\"on\":\"any\",\"needs\":[]}],"
	    "\"posture\":false,\"file\":\"a.sql\",\"digest\":\"00\"}\n"
	    "{\"type\":\"rule\",\"id\":\"B\",\"title\":\"two\","
	    "\"level\":\"informational\",\"status\":\"planned\","
	    "\"reason\":\"later\",\"route\":\"digest\",\"sources\":[],"
	    "\"fallback\":[],\"prerequisite\":null,\"params\":[],\"arms\":[],"
	    "\"posture\":false,\"file\":null,\"digest\":null}\n");
}
END_TEST

static const char rules_text[] =
    "Rule  Status   Level          Route   Title\n"
    "----  -------  -------------  ------  -----\n"
    "A     active   high           digest  one\n"
    "B     planned  informational  digest  two\n";
static const char arms_text[] =
    "\nArms\n----\n"
    "Rule  Arm   Window  Fires at              Set by"
    "               Runs\n"
    "----  ----  ------  --------------------  -------------------"
    "  ------------\n"
    "A     fast     10m  tokens per client: 5  site; 8 in the rule"
    "  in any state\n";

START_TEST(table)
{
	struct page p;
	sv text;

	page_init(&p, &arena);
	listing_page(&p, &catalog, _i);
	text_render(&out, &p, &(const struct look){ false, 100 });
	text = buf_sv(&out);
	ck_assert_msg(sv_skip_lit(&text, SV(rules_text)), "%.*s",
	    SV_ARG(text));
	ck_sv(text, _i ? SV(arms_text) : SV(""));
}
END_TEST

Suite *
test_listing(void)
{
	Suite *s = suite_create("listing");
	TCase *t = tcase_create("listing");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, records);
	tcase_add_loop_test(t, table, 0, 2);
	suite_add_tcase(s, t);
	return s;
}
