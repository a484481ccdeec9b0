/* SPDX-License-Identifier: MIT */
#include "output/evidence.h"

#include "base/utc.h"
#include "test/ck.h"

Suite *test_evidence(void);

static struct evidence_line line[2];
static struct evidence_item item;
static struct evidence_page page;
static struct buf out;

static void
setup(void)
{
	line[0] = (struct evidence_line){ EVIDENCE_VERIFIED, SV("a.log"),
		SV_NULL, 7, 70, SV("GET by joe.doe@x.example"), 0 };
	line[1] = line[0];
	item = (struct evidence_item){ .record = SV("9f86d081884c7d65"),
		.ts = UTC_HOUR, .summary = SV("GET joe.doe@x.example"),
		.known = true, .line = line, .nlines = 1 };
	page = (struct evidence_page){ .id = SV("0123456789abcdef"),
		.rule = SV("R"), .title = SV("T"), .arm = SV("main"),
		.level = SV("low"), .key_name = SV("client"),
		.key = SV("jane.roe@x.example"), .first = 0, .last = UTC_HOUR,
		.total = 3, .item = &item, .n = 1 };
}

static void
teardown(void)
{
	buf_release(&out);
}

static sv
text(bool raw, bool personal)
{
	const struct evidence_look look = { raw, personal };

	buf_clear(&out);
	evidence_write(&out, &page, &look);
	return buf_sv(&out);
}

START_TEST(page_of_one_record)
{
	ck_sv_lit(text(false, false),
	    "finding 0123456789abcdef: R T (main), low\n"
	    "client j***e@x.example, 1970-01-01T00:00Z to 1970-01-01T01:00Z\n"
	    "\n"
	    "1 of 1, record 9f86d081884c7d65, 1970-01-01T01:00Z\n"
	    "  a.log:7 (byte 70): verified\n"
	    "  7: GET by j***e@x.example\n"
	    "\n"
	    "1 of 3 records; 1 verified\n");
	ck_assert(sv_has(text(false, true), SV("GET by joe.doe@x.example")));
	ck_assert(!sv_has(text(true, false), SV("GET by")));
	ck_assert(evidence_is_whole(&page));
}
END_TEST

/* A row with newlines is shown with them; no line of it passes for ours. */
START_TEST(rows_of_several_lines)
{
	line[0].bytes = SV("1,\"a\n2 of 2, record x\n\n\x1b[2J\"");
	ck_assert(sv_has(text(false, false), SV("\n  7: 1,\"a\n"
	    "     2 of 2, record x\n     \n     \\x1b[2J\"\n\n1 of 3")));
}
END_TEST

START_TEST(lines_of_several_files)
{
	line[1].line = 8;
	item.nlines = 2;
	ck_assert(sv_has(text(false, false), SV("verified\n  7: GET by "
	    "j***e@x.example\n  8: GET")));
	line[1].file = SV("b.log");
	ck_assert(sv_has(text(false, false), SV("\n  b.log:8 (byte 70): "
	    "verified\n  8: GET")));
	ck_assert(sv_has(text(true, false), SV("verified\n  b.log:8")));
}
END_TEST

static const struct {
	enum evidence_state state;
	const char *want;
} states[] = {
	{ EVIDENCE_CHANGED, "  a.log:7 (byte 70): file changed; not found in "
	    "it; looked for x\n  stored: GET j***e@x.example\n\n1 of 3 records; "
	    "1 file changed; not found in it\n" },
	{ EVIDENCE_MISSING, "  a.log:7 (byte 70): file missing or not "
	    "readable; looked for x\n  stored: GET j***e@x.example\n\n1 of 3 "
	    "records; 1 file missing or not readable\n" },
	{ EVIDENCE_NO_FILE, "  a.log:7 (byte 70): no file: it was read from a "
	    "pipe; looked for x\n  stored: GET j***e@x.example\n\n1 of 3 "
	    "records; 1 no file: it was read from a pipe\n" },
};

START_TEST(what_is_not_there)
{
	line[0].state = states[_i].state;
	line[0].bytes = SV_NULL;
	line[0].looked = SV("x");
	ck_assert_msg(sv_ends(text(false, false), sv_str(states[_i].want)),
	    "%.*s", SV_ARG(buf_sv(&out)));
	ck_assert(!evidence_is_whole(&page));
}
END_TEST

START_TEST(hidden_and_unknown)
{
	item.hidden = true;
	ck_assert(!sv_has(text(false, true), SV("GET by")));
	ck_assert(sv_has(buf_sv(&out), SV("not shown")));
	ck_assert(sv_has(buf_sv(&out), SV("  stored: GET joe")));
	item = (struct evidence_item){ .record = SV("x") };
	ck_assert(sv_ends(text(false, false), SV("1 of 1, record x\n"
	    "  not in this store\n\n1 of 3 records; 1 not in this store\n")));
	ck_assert(!evidence_is_whole(&page));
}
END_TEST

START_TEST(raw_bytes)
{
	line[0].bytes = SV("a\x1b\n\"b");
	line[1].bytes = SV_NULL;
	item.nlines = 2;
	evidence_write_raw(&out, &page);
	ck_sv_lit(buf_sv(&out), "a\x1b\n\"b\n");
}
END_TEST

Suite *
test_evidence(void)
{
	Suite *s = suite_create("evidence");
	TCase *t = tcase_create("evidence");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, page_of_one_record);
	tcase_add_test(t, rows_of_several_lines);
	tcase_add_test(t, lines_of_several_files);
	add_table(t, what_is_not_there, states);
	tcase_add_test(t, hidden_and_unknown);
	tcase_add_test(t, raw_bytes);
	suite_add_tcase(s, t);
	return s;
}
