/* SPDX-License-Identifier: MIT */
#include "record/docrec.h"

#include "base/buf.h"
#include "base/utc.h"
#include "record/note.h"
#include "test/ck.h"

Suite *test_docrec(void);

static struct arena a;
static struct redact redact;
static const struct site_list no_paths = { NULL, 0 };

static void
setup(void)
{
	static const uint8_t key[REDACT_KEY_LEN] = { 7 };

	redact_init(&redact, key, &no_paths);
}

static void
teardown(void)
{
	arena_release(&a);
}

static struct rec
made(const char *table, const struct doc_cell *cell, size_t n)
{
	struct doc_row row = DOCROW_INIT;
	struct rec rec;

	for (size_t i = 0; i < n; i++)
		docrow_add(&a, &row, cell[i]);
	memset(&rec, 0xa5, sizeof(rec));
	docrec_make(&redact, sv_str(table), &row, &a, &rec);
	ck_assert(rec.kind == REC_ROW && rec.ts == UTC_NONE);
	ck_sv(rec_text(&rec, ROW_dump), sv_str(table));
	return rec;
}

#define C(type, text, num) { { "c", 1 }, type, { text, sizeof(text) - 1 }, num }
#define NAMED(name, type, text) \
	{ { name, sizeof(name) - 1 }, type, { text, sizeof(text) - 1 }, 0 }

static const struct {
	struct doc_cell cell;
	const char *want;
} plain[] = {
	{ C(DOC_NULL, "", 0), "{\"c\":null}" },
	{ C(DOC_TEXT, "", 0), "{\"c\":\"\"}" },
	{ C(DOC_TEXT, "a \"b\"\n", 0), "{\"c\":\"a \\\"b\\\"\\u000a\"}" },
	{ C(DOC_TEXT, "nul \0 \xff", 0), "{\"c\":\"nul \\\\x00 \\\\xff\"}" },
	{ C(DOC_NUMBER, "12.50", 12), "{\"c\":12.50}" },
	{ C(DOC_NUMBER, "-1e400", 0), "{\"c\":-1e400}" },
	{ C(DOC_BOOL, "true", 1), "{\"c\":true}" },
	{ C(DOC_BOOL, "false", 0), "{\"c\":false}" },
	{ C(DOC_TIME, "x", 1781269331000000),
	    "{\"c\":\"2026-06-12T13:02:11.000000Z\"}" },
	/* one line, strings as raxx writes them */
	{ C(DOC_JSON, "{ \"a\" :\n\t[ 1, \"b \\u0041\\/\" ] }", 0),
	    "{\"c\":{\"a\":[1,\"b A/\"]}}" },
	{ C(DOC_JSON, "[]", 0), "{\"c\":[]}" },
	/* no secret, whatever its name: log lines have it too */
	{ NAMED("token", DOC_TEXT, "d.0a1b2c3d-0000-4000-8000-0123456789ab"),
	    "{\"token\":\"d.0a1b2c3d-0000-4000-8000-0123456789ab\"}" },
};

START_TEST(one_cell)
{
	struct rec rec = made("t", &plain[_i].cell, 1);

	ck_sv(rec_text(&rec, ROW_fields), sv_str(plain[_i].want));
	ck_assert_uint_eq(rec.notes, 0);
}
END_TEST

static const struct {
	struct doc_cell cell;
	const char *start, *end;
} secrets[] = {
	{ C(DOC_SECRET, "m4rker", 0), "{\"c\":\"\\u003csecret:",
	    "\\u003e\"}" },
	{ C(DOC_SECRET, "", 0), "{\"c\":\"\\u003csecret:", "\\u003e\"}" },
	{ C(DOC_TEXT, "x --password=m4rker y", 0),
	    "{\"c\":\"x --password=\\u003csecret:", "\\u003e y\"}" },
	{ NAMED("password", DOC_TEXT, "m4rker"),
	    "{\"password\":\"\\u003csecret:", "\\u003e\"}" },
	{ NAMED("token", DOC_TEXT, "d.m4rker"), "{\"token\":\"\\u003csecret:",
	    "\\u003e\"}" },
	{ C(DOC_JSON, "{\"password\":\"m4rker\",\"n\":1}", 0),
	    "{\"c\":{\"password\":\"\\u003csecret:", "\\u003e\",\"n\":1}}" },
	{ C(DOC_JSON, "{\"pass\\u0077ord\": \"m4rker\"}", 0),
	    "{\"c\":{\"password\":\"\\u003csecret:", "\\u003e\"}}" },
	{ NAMED("token", DOC_JSON, "[\"m4rker\"]"),
	    "{\"token\":\"\\u003csecret:", "\\u003e\"}" },
	/* a number that is a secret stays JSON */
	{ C(DOC_JSON, "{\"password\":123456}", 0),
	    "{\"c\":{\"password\":\"\\u003csecret:", "\\u003e\"}}" },
};

START_TEST(secret)
{
	struct rec rec = made("t", &secrets[_i].cell, 1);
	struct buf b = BUF_INIT;
	sv text = rec_text(&rec, ROW_fields), start = sv_str(secrets[_i].start);

	/* Strings are written so that < never stands in them, JSON is not. */
	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] == '<')
			buf_lit(&b, "\\u003c");
		else if (text.p[i] == '>')
			buf_lit(&b, "\\u003e");
		else
			buf_byte(&b, text.p[i]);
	text = buf_sv(&b);
	ck_assert_msg(sv_starts(text, start), "%.*s", SV_ARG(text));
	ck_sv(sv_skip(text, start.n + 16), sv_str(secrets[_i].end));
	ck_assert_uint_eq(rec.notes, NOTE_BIT(NOTE_REDACTED));
	buf_release(&b);
}
END_TEST

/* An empty text under a secret's name hides nothing. */
START_TEST(empty_secret_name)
{
	static const struct doc_cell cell = NAMED("password", DOC_TEXT, "");
	struct rec rec = made("t", &cell, 1);

	ck_sv_lit(rec_text(&rec, ROW_fields), "{\"password\":\"\"}");
	ck_assert_uint_eq(rec.notes, 0);
}
END_TEST

START_TEST(no_cells)
{
	struct rec rec = made("t", NULL, 0);

	ck_sv_lit(rec_text(&rec, ROW_fields), "{}");
}
END_TEST

/* Which rows are the same: pairs of cells. */
static const struct {
	struct doc_cell one, two;
	bool same;
} pairs[] = {
	{ C(DOC_TEXT, "a", 0), C(DOC_TEXT, "a", 0), true },
	{ C(DOC_TEXT, "a", 0), C(DOC_TEXT, "b", 0), false },
	{ C(DOC_TEXT, "1", 0), C(DOC_NUMBER, "1", 1), false },
	{ C(DOC_TEXT, "", 0), C(DOC_NULL, "", 0), false },
	{ C(DOC_JSON, "[\"a\",1]", 0), C(DOC_JSON, "[ \"a\",\n1]", 0), true },
	{ C(DOC_JSON, "[\"a\",1]", 0), C(DOC_JSON, "[\"a \",1]", 0), false },
	{ C(DOC_SECRET, "a", 0), C(DOC_SECRET, "a", 0), true },
	{ C(DOC_SECRET, "a", 0), C(DOC_SECRET, "b", 0), false },
	{ NAMED("a", DOC_TEXT, "x"), NAMED("b", DOC_TEXT, "x"), false },
};

START_TEST(hash)
{
	uint64_t one = made("t", &pairs[_i].one, 1).hash;
	uint64_t two = made("t", &pairs[_i].two, 1).hash;

	ck_assert_int_eq(one == two, pairs[_i].same);
	ck_assert(one != made("u", &pairs[_i].one, 1).hash);
}
END_TEST

/* Without the key nobody can look for a secret by its row's hash. */
START_TEST(hash_of_a_secret_is_keyed)
{
	static const uint8_t other[REDACT_KEY_LEN] = { 8 };
	static const struct doc_cell cell[] = { C(DOC_SECRET, "a", 0),
		C(DOC_TEXT, "token=m4rker", 0), C(DOC_TEXT, "a", 0) };
	uint64_t before[countof(cell)];

	for (size_t i = 0; i < countof(cell); i++)
		before[i] = made("t", &cell[i], 1).hash;
	redact_init(&redact, other, &no_paths);
	for (size_t i = 0; i < countof(cell); i++)
		ck_assert_int_eq(made("t", &cell[i], 1).hash == before[i],
		    i == 2);
}
END_TEST

START_TEST(time_of_the_row)
{
	struct doc_row row = DOCROW_INIT;
	struct rec rec;

	row.ts = 42;
	docrec_make(&redact, SV("t"), &row, &a, &rec);
	ck_assert(rec.ts == 42);
}
END_TEST

Suite *
test_docrec(void)
{
	Suite *s = suite_create("docrec");
	TCase *tc = tcase_create("docrec");

	tcase_add_checked_fixture(tc, setup, teardown);
	add_table(tc, one_cell, plain);
	add_table(tc, secret, secrets);
	tcase_add_test(tc, empty_secret_name);
	tcase_add_test(tc, no_cells);
	add_table(tc, hash, pairs);
	tcase_add_test(tc, hash_of_a_secret_is_keyed);
	tcase_add_test(tc, time_of_the_row);
	suite_add_tcase(s, tc);
	return s;
}
