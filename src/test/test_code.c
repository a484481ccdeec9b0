/* SPDX-License-Identifier: MIT */
#include "parse/code.h"

#include "test/ck.h"

Suite *test_code(void);

/* What Heroku is known to write, with the CLI's severity where it has one;
 * listed anew so that a row cannot get lost with its test. */
static const struct {
	const char *code, *severity;
} known[] = {
	{ "H10", "critical" }, { "H11", "critical" }, { "H12", "critical" },
	{ "H13", "critical" }, { "H14", "critical" }, { "H15", "warning" },
	{ "H16", "warning" }, { "H17", "warning" }, { "H18", "critical" },
	{ "H19", "critical" }, { "H20", "critical" }, { "H21", "critical" },
	{ "H22", "critical" }, { "H23", "critical" }, { "H24", "critical" },
	{ "H25", "critical" }, { "H26", "critical" }, { "H27", "info" },
	{ "H28", "warning" }, { "H31", "critical" }, { "H32", NULL },
	{ "H80", "warning" }, { "H81", "info" }, { "H82", "info" },
	{ "H83", NULL }, { "H99", "critical" }, { "R10", "critical" },
	{ "R11", NULL }, { "R12", "warning" }, { "R13", "warning" },
	{ "R14", "critical" }, { "R15", "critical" }, { "R151", "warning" },
	{ "R16", "warning" }, { "R17", NULL }, { "R99", "warning" },
	{ "L10", "warning" }, { "L11", "warning" }, { "L12", "warning" },
	{ "L13", "critical" }, { "L14", NULL }, { "L15", NULL },
	{ "L20", NULL }, { "blank-app", NULL }, { "history", NULL },
};

START_TEST(has_a_row)
{
	const struct code *c = code_find(sv_str(known[_i].code));

	ck_assert(c != NULL);
	ck_assert_str_eq(c->code, known[_i].code);
	if (known[_i].severity)
		ck_assert_str_eq(c->severity, known[_i].severity);
}
END_TEST

static bool
is_severity(const char *s)
{
	sv v = sv_str(s);

	return sv_is(v, "info") || sv_is(v, "warning") || sv_is(v, "error") ||
	    sv_is(v, "critical");
}

/* Sorted without duplicates; each row is found and whole. */
START_TEST(table)
{
	ck_assert_uint_eq(ncodes, countof(known));
	for (size_t i = 0; i < ncodes; i++) {
		const struct code *c = &codes[i];
		sv meaning = sv_str(c->meaning);

		ck_assert_ptr_eq(code_find(sv_str(c->code)), c);
		ck_assert(i == 0 ||
		    sv_cmp(sv_str(codes[i - 1].code), sv_str(c->code)) < 0);
		ck_assert_msg(is_severity(c->severity), "%s", c->code);
		ck_assert(sv_str(c->name).n > 0);
		ck_assert_msg(sv_ends(meaning, SV(".")) &&
		    !sv_has(meaning, SV("  ")), "%s", c->code);
	}
}
END_TEST

static const sv unknown[] = {
	{ NULL, 0 }, { "", 0 }, { "H", 1 }, { "H1", 2 }, { "H100", 4 },
	{ "H29", 3 }, { "h10", 3 }, { "H10 ", 4 }, { " H10", 4 },
	{ "H10\0", 4 }, { "R1", 2 }, { "R152", 4 }, { "L1", 2 }, { "Z99", 3 },
	{ "\xff\xff\xff", 3 }, { "\0", 1 }, { "histor", 6 }, { "historyx", 8 },
};

START_TEST(not_found)
{
	ck_assert_ptr_null(code_find(unknown[_i]));
}
END_TEST

Suite *
test_code(void)
{
	Suite *s = suite_create("code");
	TCase *tc = tcase_create("codes");

	suite_add_tcase(s, tc);
	add_table(tc, has_a_row, known);
	tcase_add_test(tc, table);
	add_table(tc, not_found, unknown);
	return s;
}
