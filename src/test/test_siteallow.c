/* SPDX-License-Identifier: MIT */
#include "record/siteallow.h"

#include "base/utc.h"
#include "record/site.h"
#include "test/ck.h"

Suite *test_siteallow(void);

static struct arena arena;

#define WHO "owner: o, reason: r, expires: 2026-07-01"

static const struct {
	const char *in, *want;
} bad[] = {
	{ "allow: [{rule: R, key: k, owner: o, reason: r}]",
	    "s:1:9: an entry of 'allow' needs 'expires'" },
	{ "allow: [{rule: R, key: k, reason: r, expires: 2026-07-01}]",
	    "s:1:9: an entry of 'allow' needs 'owner'" },
	{ "allow: [{rule: R, key: k, owner: o, expires: 2026-07-01}]",
	    "s:1:9: an entry of 'allow' needs 'reason'" },
	{ "allow: [{key: k, " WHO "}]",
	    "s:1:9: an entry of 'allow' needs 'rule'" },
	{ "allow:\n  - rule: R\n    kye: k\n    " "owner: o",
	    "s:3:5: unknown key 'kye'" },
	{ "allow: [{rule: R, " WHO "}]", "s:1:9: an entry of 'allow' needs one "
	    "of 'arm', 'key' and 'client'" },
	{ "allow: [{rule: '*', arm: a, " WHO "}]",
	    "s:1:9: every rule ('*') needs a 'key' or a 'client'" },
	{ "allow: [{rule: R, user_agent: curl, " WHO "}]",
	    "s:1:31: 'user_agent' needs a 'client': anyone can send it" },
	{ "allow: [{rule: R, key: k, user_agent: curl, " WHO "}]",
	    "s:1:39: 'user_agent' needs a 'client': anyone can send it" },
	{ "allow: [{rule: R, client: 192.0.2.1/24, " WHO "}]",
	    "s:1:27: '192.0.2.1/24' is no address or network such as "
	    "192.0.2.0/24" },
	{ "allow: [{rule: R, client: 0.0.0.0/0, " WHO "}]",
	    "s:1:27: '0.0.0.0/0' is every address" },
	{ "allow: [{rule: R, client: '2001:db8::1', " WHO "}]",
	    "s:1:27: '2001:db8::1': a client is told apart by its /64; write "
	    "the network" },
	{ "allow: [{rule: R, key: [a], " WHO "}]",
	    "s:1:24: 'key' must be a text" },
	{ "allow: [{rule: R, key: k, owner: '', reason: r}]",
	    "s:1:34: 'owner' is empty" },
	{ "allow: [{rule: R, key: k, owner: o, reason: r, expires: never}]",
	    "s:1:57: 'never' is no day such as 2026-07-01" },
	{ "allow: [{rule: R, key: k, owner: o, reason: r, "
	    "expires: 2026-02-30}]",
	    "s:1:57: '2026-02-30' is no day such as 2026-07-01" },
	{ "allow: [x]", "s:1:9: 'allow' must be a list of maps" },
};

START_TEST(errors)
{
	struct err e = ERR_INIT;
	struct site s;

	ck_assert(!site_read(&arena, SV("s"), sv_str(bad[_i].in), &s, &e));
	ck_assert_str_eq(e.msg, bad[_i].want);
	ck_assert_int_eq(e.status, ST_USAGE);
}
END_TEST

START_TEST(members)
{
	static const char text[] = "host: x\n"
	    "allow:\n"
	    "  - {rule: R, arm: fast, client: 192.0.2.0/24, user_agent: 'a b',\n"
	    "     owner: ops@raxx.example, reason: the monitor,\n"
	    "     expires: 2026-07-01}\n"
	    "  - {rule: '*', key: 42, owner: o, reason: r,\n"
	    "     expires: '2026-07-01T12:00Z'}\n";
	struct err e = ERR_INIT;
	struct site s;
	int64_t day;

	ck_assert_msg(site_read(&arena, SV("s"), SV(text), &s, &e), "%s",
	    e.msg);
	ck_assert_uint_eq(s.nallows, 2);
	ck_sv_lit(s.allow[0].rule, "R");
	ck_sv_lit(s.allow[0].arm, "fast");
	ck_assert(sv_null(s.allow[0].key));
	ck_sv_lit(s.allow[0].client, "192.0.2.0/24");
	ck_assert_uint_eq(s.allow[0].net.bits, 24);
	ck_sv_lit(s.allow[0].user_agent, "a b");
	ck_sv_lit(s.allow[0].owner, "ops@raxx.example");
	ck_sv_lit(s.allow[0].reason, "the monitor");
	ck_assert(utc_parse(SV("2026-07-01"), &day));
	ck_assert_int_eq(s.allow[0].expires, day);
	ck_assert_int_eq(s.allow[0].line, 3);
	ck_sv_lit(s.allow[1].rule, "*");
	ck_sv_lit(s.allow[1].key, "42");
	ck_assert(sv_null(s.allow[1].client) && sv_null(s.allow[1].arm));
	ck_assert_int_eq(s.allow[1].expires, day + 12 * UTC_HOUR);
	ck_assert_int_eq(s.allow[1].line, 6);
}
END_TEST

START_TEST(none)
{
	struct err e = ERR_INIT;
	struct site s;

	ck_assert(site_read(&arena, SV("s"), SV("allow: []\n"), &s, &e));
	ck_assert_uint_eq(s.nallows, 0);
	ck_assert(site_read(&arena, SV("s"), SV("host: x\n"), &s, &e));
	ck_assert_uint_eq(s.nallows, 0);
}
END_TEST

static void
setup(void)
{
	arena_init(&arena);
}

static void
teardown(void)
{
	arena_release(&arena);
}

Suite *
test_siteallow(void)
{
	Suite *s = suite_create("siteallow");
	TCase *t = tcase_create("siteallow");

	tcase_add_checked_fixture(t, setup, teardown);
	add_table(t, errors, bad);
	tcase_add_test(t, members);
	tcase_add_test(t, none);
	suite_add_tcase(s, t);
	return s;
}
