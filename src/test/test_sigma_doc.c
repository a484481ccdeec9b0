/* SPDX-License-Identifier: MIT */
/* Documents of several files: filters, references, what they make together. */
#include "detect/sigma_doc.h"

#include "detect/rule.h"
#include "record/site.h"
#include "test/ck.h"

Suite *test_sigma_doc(void);

static struct arena arena;
static struct site site;

#define RULE(name, extra) "title: " name "\nname: " name "\n" extra \
	"logsource: {category: webserver, product: nginx}\n" \
	"detection: {s: {sc-status: 404}, condition: s}\n"
#define FILTER(source, body) "title: F\nlogsource: {" source "}\n" \
	"filter: {" body "}\n"
#define CORR(name, extra) "title: " name "\nname: " name "\n" extra \
	"correlation: {type: event_count, rules: [a], timespan: 1m, " \
	"condition: {gte: 2}}\n"

/* Files a.yml, b.yml ... up to a NULL. */
static void
load(const char *const *text, struct rules *out)
{
	static const char *const name[] = { "a.yml", "b.yml", "c.yml" };
	struct rule_file f[countof(name)];
	size_t n = 0;

	for (; n < countof(name) && text[n]; n++)
		f[n] = (struct rule_file){ sv_str(name[n]), sv_str(text[n]) };
	rules_load(&arena, f, n, &site, false, out);
}

/* The values that are bound, in order: what the rule looks for. */
static void
values(const struct rule *r, struct buf *b)
{
	for (size_t i = 0; r->narms && i < r->arm[0].nbinds; i++) {
		const struct bind *v = &r->arm[0].bind[i];

		if (i)
			buf_byte(b, ' ');
		if (v->kind == BIND_TEXT)
			buf_add(b, v->text);
		else
			buf_i64(b, v->num);
	}
}

/* Rules as "id: values (reason)", then errors as "!", warnings as "?". */
static void
show(const char *const *text, struct buf *b)
{
	struct rules r;

	load(text, &r);
	for (size_t i = 0; i < r.n; i++) {
		buf_printf(b, "%s%.*s: ", b->n ? "; " : "",
		    SV_ARG(r.rule[i]->id));
		values(r.rule[i], b);
		if (r.rule[i]->status == RULE_UNSERVED)
			buf_printf(b, "(%.*s)", SV_ARG(r.rule[i]->reason));
	}
	for (size_t i = 0; i < r.nerrors; i++)
		buf_printf(b, " !%s", r.error[i].msg);
	for (size_t i = 0; i < r.nwarnings; i++)
		buf_printf(b, " ?%.*s", SV_ARG(r.warning[i]));
	buf_byte(b, '\0');
}

#define NOT_OPS "ops: {cs-host: x}, condition: not ops"

static const struct {
	const char *text[4];
	const char *want;
} sets[] = {
	/* filters: in the file of the rule, in another, for any rule */
	{ { RULE("a", "") "---\n" FILTER("category: webserver",
	    "rules: [a], " NOT_OPS) }, "a: 404 x" },
	{ { FILTER("category: webserver", "rules: a, " NOT_OPS),
	    RULE("a", ""), RULE("b", "") }, "a: 404 x; b: 404" },
	{ { FILTER("category: webserver", "rules: any, " NOT_OPS),
	    RULE("a", ""), RULE("b", "") }, "a: 404 x; b: 404 x" },
	{ { FILTER("product: nginx", "rules: [], " NOT_OPS), RULE("a", "") },
	    "a: 404 x" },
	{ { FILTER("product: nginx", "rules: [u1], " NOT_OPS),
	    RULE("a", "id: u1\n") }, "u1: 404 x" },
	{ { FILTER("product: nginx", "rules: a, " NOT_OPS), FILTER("category: "
	    "webserver", "rules: Any, s: {cs-method: y}, z: {path: w}, "
	    "condition: not 1 of them"), RULE("a", "") }, "a: 404 x y w" },
	/* another log source: pySigma does not apply it, and neither is it */
	{ { FILTER("category: proxy", "rules: any, " NOT_OPS), RULE("a", "") },
	    "a: 404" },
	{ { FILTER("product: apache", "rules: a, " NOT_OPS), RULE("a", "") },
	    "a: 404 ?a.yml:3:17: warning: the rule has another log source than the "
	    "filter" },
	{ { FILTER("category: webserver", "rules: [nope], " NOT_OPS) },
	    " ?a.yml:3:18: warning: the filter names no rule that is here" },
	{ { FILTER("category: webserver", "rules: a, ops: {cs-host: x}, "
	    "condition: ops"), RULE("a", "") }, "a: 404 x ?a.yml:3:50: warning: "
	    "rules keep only what fits a filter's condition: 'not' is missing?" },
	/* base rules of correlations are filtered too */
	{ { CORR("c", ""), RULE("a", ""), FILTER("category: webserver",
	    "rules: any, " NOT_OPS) }, "c: 404 x" },
	/* a filter may need what the rule's table lacks */
	{ { FILTER("category: webserver", "rules: a, s: {cs-user-agent: x}, "
	    "condition: not s"), RULE("a", "") }, "a: 404 x" },
	{ { FILTER("category: webserver", "rules: a, s: {cs-cookie: x}, "
	    "condition: not s"), RULE("a", "") },
	    "a: (field cs-cookie unavailable)" },
	/* bad filters */
	{ { FILTER("category: webserver", NOT_OPS) },
	    " !a.yml:3:9: 'rules' must be any, a rule or a list of rules" },
	{ { FILTER("category: webserver", "rules: any, s: {path: x}") },
	    " !a.yml:3:9: 'condition' is missing" },
	{ { FILTER("category: webserver", "rules: any, s: {path: x}, "
	    "condition: [s]") }, " !a.yml:3:47: 'condition' must be a text" },
	{ { FILTER("category: webserver", "rules: any, condition: rules") },
	    " !a.yml:3:33: no selection is called 'rules'" },
	{ { FILTER("category: webserver", "rules: any, s: {path|x: x}, "
	    "condition: not s") }, " !a.yml:3:31: unknown modifier 'x'" },
	{ { FILTER("category: webserver", "rules: any, " NOT_OPS)
	    "raxx: {id: X}\n" }, " !a.yml:4:7: a filter takes no 'raxx'" },
	{ { RULE("a", "") "filter: {}\n" }, " !a.yml:1:1: either 'detection', "
	    "'correlation' or 'filter' is expected" },
	/* references to other files */
	{ { CORR("c", ""), RULE("a", "") }, "c: 404" },
	{ { CORR("c", ""), RULE("x", "id: a\n") }, "c: 404" },
	{ { CORR("c", "generate: true\n"), RULE("a", "") },
	    "c: 404; a: 404" },
	{ { CORR("c", ""), CORR("d", "generate: true\n"), RULE("a", "") },
	    "c: 404; d: 404; a: 404" },
	{ { CORR("c", "") "---\n" RULE("a", ""), RULE("b", "id: a\n") },
	    "c: 404; a: 404" },
	{ { CORR("c", ""), RULE("a", ""), RULE("b", "id: a\n") },
	    "a: 404; a: 404 !a.yml:3:42: 'a' is in b.yml and c.yml" },
	{ { CORR("c", ""), RULE("b", "") },
	    "b: 404 !a.yml:3:42: no rule 'a' in this file or beside it" },
	/* what is wrong in a file is said once, and others still load */
	{ { CORR("c", ""), "title: a\nname: a\nlogsource: {category: "
	    "webserver}\ndetection: {s: {path|re: '('}, condition: s}\n",
	    RULE("z", "") }, "z: 404 !b.yml:4:28: pattern, byte 1: missing "
	    "closing parenthesis" },
	{ { "title: [", RULE("z", "") }, "z: 404 !a.yml:2:1: did not find "
	    "expected node content (while parsing a flow node)" },
	/* a file that is one rule stays so */
	{ { CORR("c", ""), RULE("a", "raxx: {id: DET-A}\n") },
	    "c: 404; DET-A: 404" },
	/* a correlation is served where all that it needs is */
	{ { "title: c\ncorrelation: {type: event_count, rules: [a], group-by: "
	    "[cs-user-agent], timespan: 1m, condition: {gte: 2}}\n",
	    RULE("a", "") }, "c: 404" },
	{ { "title: c\ncorrelation: {type: value_count, rules: [a], group-by: "
	    "[cs-user-agent], timespan: 1m, condition: {gte: 2, field: "
	    "time-taken}}\n", RULE("a", "") }, "c: (field cs-user-agent "
	    "unavailable in router lines, field time-taken unavailable in "
	    "access lines)" },
	{ { CORR("c", ""), "title: a\nname: a\nlogsource: {category: dns}\n"
	    "detection: {s: {q: x}, condition: s}\n" }, "c: (no source for "
	    "log source category 'dns', product '')" },
	/* placeholders stand for lists of the site */
	{ { "title: a\nlogsource: {category: webserver}\ndetection: {s: "
	    "{sc-status|expand: '%invalid_token_status%'}, condition: s}\n" },
	    "a: 401 403" },
	{ { "title: a\nlogsource: {category: webserver}\ndetection: {s: "
	    "{c-ip|expand|cidr: '%monitor_clients%'}, condition: s}\n" },
	    "a: 192.0.2.0/24" },
	{ { "title: a\nlogsource: {category: webserver}\ndetection: {s: "
	    "{cs-host|expand: '%host%'}, t: {cs-host|expand: "
	    "'%monitor_tokens%'}, condition: s and not t}\n" },
	    "a: api.raxx.example" },
	{ { "title: a\nlogsource: {category: webserver}\ndetection: {s: "
	    "{cs-host|expand: '%Servers%'}, condition: s}\n" },
	    "a: (site.yml has no list for placeholder 'Servers')" },
	/* 'all' of a value that is alone */
	{ { "title: a\nlogsource: {category: webserver}\ndetection: {s: "
	    "{cs-host|contains|all: x}, condition: s}\n" },
	    "a: *x* ?a.yml:3:17: warning: 'all' needs a list of values" },
};

START_TEST(set)
{
	struct buf b = BUF_INIT;

	show(sets[_i].text, &b);
	ck_assert_str_eq(b.p, sets[_i].want);
	buf_release(&b);
}
END_TEST

/* Rules of others are credited where their findings are shown. */
START_TEST(credits)
{
	static const char *const text[] = {
		"title: c\nraxx: {id: X}\ncorrelation: {type: temporal, rules: "
		    "[a, b, d], timespan: 1m}\n---\n"
		    "title: e\nauthor: Eve\nlicense: MIT\ncorrelation: {type: "
		    "event_count, rules: [a], timespan: 1m, condition: {gte: "
		    "2}}\n",
		RULE("a", "author: Ann\nlicense: DRL-1.1\n") "---\n"
		    RULE("b", "author: Bob\nlicense: DRL-1.1\n"),
		RULE("d", "author: Ann\n"), NULL
	};
	struct rules r;

	load(text, &r);
	ck_assert_uint_eq(r.nerrors, 0);
	ck_assert_uint_eq(r.rule[0]->narms, 2);
	ck_sv_lit(r.rule[0]->author, "Ann, Bob");
	ck_sv_lit(r.rule[0]->arm[0].author, "Ann, Bob");
	ck_sv_lit(r.rule[0]->arm[0].license, "DRL-1.1");
	ck_sv_lit(r.rule[0]->arm[1].author, "Eve");
	ck_sv_lit(r.rule[0]->arm[1].license, "MIT");
}
END_TEST

static sv
digest_of(const char *a, const char *b)
{
	const char *const text[] = { a, b, NULL };
	struct rules r;

	load(text, &r);
	ck_assert(r.nerrors == 0 && r.n > 0);
	ck_sv_lit(r.rule[0]->id, "c");
	return r.rule[0]->digest;
}

/* A rule is another one when a file that it is made of is. */
START_TEST(digests)
{
	sv alone = digest_of(RULE("c", ""), NULL);
	sv with = digest_of(RULE("c", ""), FILTER("category: webserver",
	    "rules: any, " NOT_OPS));

	ck_sv(digest_of(RULE("c", ""), RULE("x", "")), alone);
	ck_assert(!sv_eq(with, alone));
	ck_assert(!sv_eq(digest_of(CORR("c", ""), RULE("a", "")),
	    digest_of(CORR("c", ""), RULE("a", "level: low\n"))));
	ck_sv(digest_of(RULE("c", ""), FILTER("category: proxy",
	    "rules: any, " NOT_OPS)), alone);
}
END_TEST

START_TEST(strict_names_the_place)
{
	struct rule_file f = { SV("a.yml"), SV(RULE("a", "raxx: {id: X}\n")
	    "---\n" FILTER("category: webserver", "rules: any, s: {nope: x}, "
	    "condition: not s")) };
	struct rules r;

	rules_load(&arena, &f, 1, NULL, false, &r);
	ck_assert_uint_eq(r.nerrors, 1);
	ck_assert_str_eq(r.error[0].msg,
	    "a.yml:9:26: field nope unavailable");
}
END_TEST

static void
setup(void)
{
	struct err e = ERR_INIT;

	arena_init(&arena);
	ck_assert_msg(site_read(&arena, SV("site.yml"), SV("host: "
	    "api.raxx.example\ninvalid_token_status: [401, 403]\n"
	    "monitor_clients: [192.0.2.0/24]\n"), &site, &e), "%s", e.msg);
}

static void
teardown(void)
{
	arena_release(&arena);
}

Suite *
test_sigma_doc(void)
{
	Suite *s = suite_create("sigma_doc");
	TCase *t = tcase_create("sigma_doc");

	tcase_add_checked_fixture(t, setup, teardown);
	add_table(t, set, sets);
	tcase_add_test(t, credits);
	tcase_add_test(t, digests);
	tcase_add_test(t, strict_names_the_place);
	suite_add_tcase(s, t);
	return s;
}
