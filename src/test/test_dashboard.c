/* SPDX-License-Identifier: MIT */
/* The numbers at the head of a page are those of its rows. */
#include "output/dashboard.h"

#include <stdio.h>

#include "output/page.h"
#include "output/report.h"
#include "test/ck.h"

Suite *test_dashboard(void);

static struct arena arena;
static struct page page;

static void
teardown(void)
{
	arena_release(&arena);
}

static const struct {
	const char *states;   /* of the rules, by first letter */
	const char *findings; /* a rule's number and a level's first letter, as
	                       * a capital if it is suppressed */
} made[] = {
	{ "LMDXLX", "1h1h2c4m" }, { "X", "" }, { "L", "0l" },
	{ "XXXMMMMDDLLLLL", "3c3c4h5m6l7i9i9i" }, { "", "" },
	{ "LM", "0h0H1M1m1L" },
};

static const char *
state_of(char c)
{
	return c == 'L' ? "LIVE" : c == 'M' ? "MANUAL" : c == 'D' ? "DEGRADED"
	    : "DORMANT";
}

static bool
is_open(char level)
{
	return level >= 'a';
}

static const char *
level_of(char c)
{
	c = (char)(is_open(c) ? c : c - 'A' + 'a');
	return c == 'c' ? "critical" : c == 'h' ? "high" : c == 'm' ? "medium"
	    : c == 'l' ? "low" : "informational";
}

static int
findings_of(const char *findings, size_t rule)
{
	int n = 0;

	for (; *findings; findings += 2)
		n += (size_t)(findings[0] - '0') == rule;
	return n;
}

static size_t
open_findings(const char *findings)
{
	size_t n = 0;

	for (; *findings; findings += 2)
		n += is_open(findings[1]);
	return n;
}

static void
put_finding(struct buf *b, int id, char rule, char level)
{
	buf_printf(b, "{\"type\":\"finding\",\"id\":\"%d\",\"rule\":\"R-%c\","
	    "\"level\":\"%s\"}\n", id, rule, level_of(level));
	if (!is_open(level))
		buf_printf(b, "{\"type\":\"status\",\"finding\":\"%d\","
		    "\"status\":\"new\",\"suppressed\":{\"entry\":1,"
		    "\"owner\":\"o\",\"reason\":\"r\",\"expires\":null}}\n",
		    id);
}

/* A record of a run with such rules and findings, made into a page. */
static void
make(const char *states, const char *findings)
{
	struct buf b = BUF_INIT;
	struct report r;

	buf_printf(&b, "{\"type\":\"run\",\"window\":{\"from\":null,"
	    "\"to\":null},\"catalog\":{\"digest\":\"d\",\"rules\":%zu}}\n",
	    strlen(states));
	for (size_t i = 0; states[i]; i++)
		buf_printf(&b, "{\"type\":\"verdict\",\"rule\":\"R-%zu\","
		    "\"state\":\"%s\",\"result\":\"%s\",\"findings\":%d}\n", i,
		    state_of(states[i]), findings_of(findings, i) ? "FIRED" :
		    "CLEAR", findings_of(findings, i));
	for (int i = 0; findings[i]; i += 2)
		put_finding(&b, i, findings[i], findings[i + 1]);
	report_read(&arena, arena_sv(&arena, buf_sv(&b)), false, &r);
	buf_release(&b);
	ck_assert_uint_eq(r.nproblems, 0);
	page_init(&page, &arena);
	dashboard_make(&page, &r);
}

/* The value of a field of the head. */
static sv
field(const char *label)
{
	for (const struct block *k = page.first; k; k = k->next)
		for (const struct row *r = k->row; r; r = r->next)
			if (k->kind == BLOCK_FIELDS &&
			    sv_is(r->cell[0].text, label))
				return r->cell[1].text;
	ck_abort_msg("no %s", label);
	return SV_NULL;
}

static size_t
number(const char *label)
{
	sv v = field(label);
	size_t n = 0;

	for (size_t i = 0; i < v.n && v.p[i] >= '0' && v.p[i] <= '9'; i++)
		n = n * 10 + (size_t)(v.p[i] - '0');
	return n;
}

/* Rows of the first table behind the section. */
static size_t
rows_of(const char *section)
{
	const struct block *k = page.first;
	size_t n = 0;

	while (k && !(k->kind == BLOCK_SECTION &&
	    sv_is(k->row->cell[0].text, section)))
		k = k->next;
	while (k && k->kind != BLOCK_TABLE)
		k = k->next;
	ck_assert_ptr_nonnull(k);
	for (const struct row *r = k->row; r; r = r->next)
		n++;
	return n;
}

/* "2: A, B" */
static size_t
names_of(const char *label)
{
	sv v = field(label);

	return sv_has(v, SV(": ")) ? sv_count_byte(v, ',') + 1 : 0;
}

static size_t
cards(const char *level)
{
	struct buf b = BUF_INIT;
	size_t n = 0;

	buf_printf(&b, "[%s", level);
	for (const struct block *k = page.first; k; k = k->next)
		n += k->kind == BLOCK_ITEM &&
		    sv_starts(k->row->cell[0].text, buf_sv(&b));
	buf_release(&b);
	return n;
}

/* "... high 2, medium 1": the number behind the word, 0 without it. */
static size_t
counted(sv v, const char *level)
{
	size_t at = sv_find(v, sv_str(level)), n = 0;

	if (at == v.n)
		return 0;
	v = sv_skip(v, at + strlen(level) + 1);
	for (size_t i = 0; i < v.n && v.p[i] >= '0' && v.p[i] <= '9'; i++)
		n = n * 10 + (size_t)(v.p[i] - '0');
	return n;
}

START_TEST(active_and_dormant_are_the_rows)
{
	size_t rules = strlen(made[_i].states);
	size_t active, dormant;

	make(made[_i].states, made[_i].findings);
	active = number("Active rules");
	dormant = number("Dormant rules");
	ck_assert_uint_eq(rows_of("Rule status summary"), rules);
	ck_assert_uint_eq(number("Catalog size"), rules);
	ck_assert_uint_eq(active + dormant, rules);
	ck_assert_uint_eq(active, names_of("Active rules"));
	ck_assert_uint_eq(dormant, names_of("Dormant rules"));
}
END_TEST

START_TEST(findings_per_level_are_the_cards)
{
	static const char *const level[] = { "critical", "high", "medium",
		"low", "informational" };
	size_t all = 0;
	sv head;

	make(made[_i].states, made[_i].findings);
	head = field("Findings");
	for (size_t i = 0; i < countof(level); i++) {
		ck_assert_uint_eq(counted(head, level[i]), cards(level[i]));
		all += counted(head, level[i]);
	}
	ck_assert_uint_eq(number("Findings"), all);
	ck_assert_uint_eq(all, open_findings(made[_i].findings));
}
END_TEST

/* Each rule has one result; all together are the rows. */
START_TEST(results_are_the_rows)
{
	size_t rules = strlen(made[_i].states), fired = 0;

	for (size_t i = 0; i < rules; i++)
		fired += findings_of(made[_i].findings, i) > 0;
	make(made[_i].states, made[_i].findings);
	ck_assert_uint_eq(counted(field("Results"), "fired"), fired);
	ck_assert_uint_eq(counted(field("Results"), "clear"), rules - fired);
}
END_TEST

static bool
says(sv text)
{
	for (const struct block *k = page.first; k; k = k->next)
		for (const struct row *r = k->row; r; r = r->next)
			for (size_t i = 0; i < k->ncols; i++)
				if (sv_has(r->cell[i].text, text))
					return true;
	return false;
}

/* What a source, an action or a finding is said to be. */
static const struct {
	const char *sources, *wake, *threshold, *want, *not;
} told[] = {
	{ "{\"name\":\"heroku_drain\",\"label\":\"D\","
	    "\"status\":\"automated\",\"records\":3,"
	    "\"last\":\"2026-06-16T11:59:47.000000Z\"}",
	    "{\"action\":\"wire it\",\"source\":\"heroku_drain\","
	    "\"why\":\"manual\"}", "null", "wire it (the log comes by hand)",
	    "heroku_drain: manual" },
	{ "", "{\"action\":\"dump it\",\"source\":\"x\","
	    "\"why\":\"manual\"}", "null", "dump it (x: manual)",
	    "by hand)" },
	{ "{\"name\":\"audit_chain_key\",\"label\":\"K\","
	    "\"status\":\"automated\",\"records\":2,\"last\":null}", "",
	    "null", "from site.yml", "never" },
	{ "{\"name\":\"audit_chain_key\",\"label\":\"K\","
	    "\"status\":\"absent\",\"records\":0,\"last\":null}", "",
	    "null", "never", "from site.yml" },
	{ "", "", "null", "rows 14 in 24h", "threshold" },
	{ "", "", "10", "rows 14, threshold 10 in 24h", "null" },
};

START_TEST(words_say_what_it_is)
{
	struct buf b = BUF_INIT;
	struct report r;

	buf_printf(&b, "{\"type\":\"run\",\"window\":{\"from\":null,"
	    "\"to\":null},\"catalog\":{\"digest\":\"d\",\"rules\":1},"
	    "\"sources\":[%s],\"wake\":[%s]}\n{\"type\":\"verdict\","
	    "\"rule\":\"R\",\"state\":\"LIVE\",\"result\":\"FIRED\","
	    "\"findings\":1}\n{\"type\":\"finding\",\"id\":\"1\","
	    "\"rule\":\"R\",\"level\":\"low\",\"metric_name\":\"rows\","
	    "\"metric\":14,\"threshold\":%s,\"window_s\":86400}\n",
	    told[_i].sources, told[_i].wake, told[_i].threshold);
	report_read(&arena, arena_sv(&arena, buf_sv(&b)), false, &r);
	buf_release(&b);
	ck_assert_uint_eq(r.nproblems, 0);
	page_init(&page, &arena);
	dashboard_make(&page, &r);
	ck_assert(says(sv_str(told[_i].want)));
	ck_assert(!says(sv_str(told[_i].not)));
}
END_TEST

Suite *
test_dashboard(void)
{
	Suite *s = suite_create("dashboard");
	TCase *tc = tcase_create("dashboard");

	tcase_add_checked_fixture(tc, NULL, teardown);
	add_table(tc, active_and_dormant_are_the_rows, made);
	add_table(tc, findings_per_level_are_the_cards, made);
	add_table(tc, results_are_the_rows, made);
	add_table(tc, words_say_what_it_is, told);
	suite_add_tcase(s, tc);
	return s;
}
