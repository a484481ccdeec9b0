/* SPDX-License-Identifier: MIT */
#include "output/explain.h"

#include "record/rec.h"
#include "test/ck.h"

Suite *test_explain(void);

static struct buf b;

static void
setup(void)
{
	b = (struct buf)BUF_INIT;
}

static void
teardown(void)
{
	buf_release(&b);
}

START_TEST(a_record)
{
	struct rec r;

	rec_init(&r, REC_LOSS);
	r.ts = 0;
	r.line = 3;
	r.byte = 250;
	r.reader = "loss notice";
	r.notes = NOTE_BIT(NOTE_NUL_BYTES) | NOTE_BIT(NOTE_REDACTED);
	rec_put_sv(&r, LOSS_code, SV("L10\x1b"));
	rec_put_i64(&r, LOSS_lost, 5);
	explain_rec(&b, &r);
	ck_sv_lit(buf_sv(&b), "line 3, byte 250: loss (loss notice)\n"
	    "    ts             \"1970-01-01T00:00:00.000000Z\"\n"
	    "    code           \"L10\\u001b\"\n"
	    "    lost           5\n"
	    "    noticed        nul-bytes (records with NUL bytes, written "
	    "\\x00); redacted (records with secrets, replaced by keyed hashes)"
	    "\n");
}
END_TEST

/* The mark stands under the byte, whatever escaping and width do. */
static const struct {
	const char *bytes;
	uint64_t at;
	const char *want;
} marks[] = {
	{ "abc", 0, "    | abc\n    | ^\n" },
	{ "abc", 2, "    | abc\n    |   ^\n" },
	{ "abc", 3, "    | abc\n    |    ^\n" },
	{ "abc", 99, "    | abc\n    |    ^\n" },
	{ "\x1b" "bc", 1, "    | \\x1bbc\n    |     ^\n" },
	{ "\xe2\x82\xac" "bc", 3, "    | \xe2\x82\xac" "bc\n    |  ^\n" },
	{ "", 0, "    | \n    | ^\n" },
};

START_TEST(a_reject)
{
	sv bytes = sv_str(marks[_i].bytes);
	struct reject j = { 7, 9, bytes.n, "bad-time", SV("expected x"), bytes,
	    marks[_i].at };

	explain_reject(&b, &j);
	ck_assert(sv_starts(buf_sv(&b), SV("line 7, byte 9: rejected: bad-time\n"
	    "    stopped at     byte ")));
	ck_assert(sv_has(buf_sv(&b), SV("    because        expected x\n")));
	ck_assert_msg(sv_ends(buf_sv(&b), sv_str(marks[_i].want)), "%.*s",
	    SV_ARG(buf_sv(&b)));
}
END_TEST

Suite *
test_explain(void)
{
	Suite *s = suite_create("explain");
	TCase *tc = tcase_create("blocks");

	suite_add_tcase(s, tc);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, a_record);
	add_table(tc, a_reject, marks);
	return s;
}
