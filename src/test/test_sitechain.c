/* SPDX-License-Identifier: MIT */
#include "record/sitechain.h"

#include "parse/yaml.h"
#include "record/site.h"
#include "test/ck.h"

Suite *test_sitechain(void);

#define MAC "5da9846ff1e8b06ca6135a929611a5e2e179ad585003f506219eb46bdeb5a367"

static struct arena arena;

static bool
read_in(const char *file, const char *text, struct site_chain *out,
    struct err *e)
{
	struct yaml *doc;

	ck_assert(yaml_parse(&arena, sv_str(file), sv_str(text), &doc, e));
	return sitechain_read(&arena, sv_str(file), doc, out, e);
}

START_TEST(everything)
{
	struct err e = ERR_INIT;
	struct site_chain c;

	ck_assert_msg(read_in("etc/site.yml", "format: raxx-audit-v1\n"
	    "keys: {k1: a.hex, 2: /etc/raxx/b.hex, k3: ../c.hex}\n"
	    "heads: [{tenant: t, seq: 40, mac: " MAC "}]\n", &c, &e), "%s",
	    e.msg);
	ck_sv_lit(c.format, "raxx-audit-v1");
	ck_assert_uint_eq(c.nkeys, 3);
	ck_sv_lit(c.key[0].id, "k1");
	ck_sv_lit(c.key[0].file, "etc/a.hex");
	ck_sv_lit(c.key[1].id, "2");
	ck_sv_lit(c.key[1].file, "/etc/raxx/b.hex");
	ck_sv_lit(c.key[2].file, "etc/../c.hex");
}
END_TEST

START_TEST(beside_us)
{
	struct err e = ERR_INIT;
	struct site_chain c;

	ck_assert(read_in("site.yml", "{format: x, keys: {k: a.hex}}", &c, &e));
	ck_sv_lit(c.key[0].file, "a.hex");
	ck_assert(read_in("/site.yml", "{format: x}", &c, &e));
	ck_assert_uint_eq(c.nkeys, 0);
	ck_assert(read_in("/site.yml", "{format: x, keys: {k: a}}", &c, &e));
	ck_sv_lit(c.key[0].file, "/a");
}
END_TEST

START_TEST(part_of_a_site)
{
	struct err e = ERR_INIT;
	struct site s;

	ck_assert(site_read(&arena, SV("d/s"), SV("audit_chain: "
	    "{format: f, keys: {k: x}}\n"), &s, &e));
	ck_sv_lit(s.chain.key[0].file, "d/x");
	ck_sv_lit(site_fact_json(&s, SV("audit_chain")),
	    "{\"format\":\"f\",\"keys\":{\"k\":\"x\"}}");
	site_default(&arena, &s);
	ck_assert(sv_null(s.chain.format));
	ck_sv_lit(site_fact_json(&s, SV("audit_chain")), "{}");
}
END_TEST

static const struct {
	const char *in, *want;
} bad[] = {
	{ "{keys: {k: a}}", "s:1:1: 'audit_chain' needs 'format'" },
	{ "{format: }", "s:1:10: 'format' must be a text" },
	{ "{format: [a]}", "s:1:10: 'format' must be a text" },
	{ "{format: f, key: a}", "s:1:13: unknown key 'key'" },
	{ "{format: f, keys: a}",
	    "s:1:19: 'keys' must be a map such as {k1: FILE}" },
	{ "{format: f, keys: {}}",
	    "s:1:19: 'keys' must be a map such as {k1: FILE}" },
	{ "{format: f, keys: {k: ' '}}", "s:1:23: 'k' must be a text" },
	{ "{format: f, heads: {}}", "s:1:20: 'heads' must be a list of maps "
	    "such as {tenant: t1, seq: 40, mac: '5da9...'}" },
	{ "{format: f, heads: [a]}",
	    "s:1:21: a head needs 'tenant', 'seq' and 'mac'" },
	{ "{format: f, heads: [{tenant: t, seq: 1}]}",
	    "s:1:21: a head needs 'tenant', 'seq' and 'mac'" },
	{ "{format: f, heads: [{tenant: t, seq: 1, mac: " MAC ", x: 1}]}",
	    "s:1:112: unknown key 'x'" },
	{ "{format: f, heads: [{tenant: [t], seq: 1, mac: " MAC "}]}",
	    "s:1:30: 'tenant' must be a text" },
	{ "{format: f, heads: [{tenant: t, seq: -1, mac: " MAC "}]}",
	    "s:1:38: 'seq' must be a number" },
	{ "{format: f, heads: [{tenant: t, seq: x, mac: " MAC "}]}",
	    "s:1:38: 'seq' must be a number" },
	{ "{format: f, heads: [{tenant: t, seq: 1, mac: 5da9}]}",
	    "s:1:46: 'mac' must be 64 hexadecimal digits in quotes" },
};

START_TEST(errors)
{
	struct err e = ERR_INIT;
	struct site_chain c;

	ck_assert(!read_in("s", bad[_i].in, &c, &e));
	ck_assert_str_eq(e.msg, bad[_i].want);
	ck_assert_int_eq(e.status, ST_USAGE);
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
test_sitechain(void)
{
	Suite *s = suite_create("sitechain");
	TCase *t = tcase_create("sitechain");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, everything);
	tcase_add_test(t, beside_us);
	tcase_add_test(t, part_of_a_site);
	add_table(t, errors, bad);
	suite_add_tcase(s, t);
	return s;
}
