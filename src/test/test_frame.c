/* SPDX-License-Identifier: MIT */
#include "parse/frame.h"

#include <stdlib.h>

#include "base/buf.h"
#include "test/ck.h"

Suite *test_frame(void);

/* 46 bytes of header; with the messages below LEN is easy to check. */
#define H "<190>1 2026-06-12T13:02:11+00:00 host app w - "
#define BIG "9999999"

/* Each item as "(frame)" or "!(bad bytes)", blanks passed over before it as
 * '+', "$" for the end. */
static const struct {
	const char *bytes, *want;
} bodies[] = {
	{ "", "$" },
	{ "\n\n", "++$" },
	{ "49 " H "ab\n", "(" H "ab)$" },
	{ "48 " H "ab", "(" H "ab)$" },
	{ "46 " H, "(" H ")$" },
	/* glued */
	{ "49 " H "ab\n49 " H "cd\n", "(" H "ab)(" H "cd)$" },
	{ "49 " H "ab\n48 " H "cd48 " H "ef",
	    "(" H "ab)(" H "cd)(" H "ef)$" },
	/* L10 has no newline: the next LEN follows at once */
	{ "49 " H "ab.49 " H "cd\n", "(" H "ab.)(" H "cd)$" },
	{ "49 " H "ab749 " H "cd\n", "(" H "ab7)(" H "cd)$" },
	/* newlines between frames that no LEN counts */
	{ "48 " H "ab\n48 " H "cd\n", "(" H "ab)+(" H "cd)+$" },
	{ " \t48 " H "ab\r\n 48 " H "cd\n ", "++(" H "ab)+++(" H "cd)++$" },
	{ "49 " H "ab\n\n\n49 " H "cd\n\n", "(" H "ab)++(" H "cd)+$" },
	{ "\n48 " H "ab", "+(" H "ab)$" },
	/* newlines inside */
	{ "51 " H "a\nb\n\n", "(" H "a\nb\n)$" },
	/* a head inside a message whose LEN is right */
	{ "99 " H "a48 " H "b\n\n", "(" H "a48 " H "b\n)$" },
	/* wrong LEN, short and long */
	{ "50 " H "ab\n48 " H "cd", "(" H "ab)(" H "cd)$" },
	{ "51 " H "ab\n48 " H "cd", "(" H "ab)(" H "cd)$" },
	{ "40 " H "ab\n48 " H "cd", "(" H "ab)(" H "cd)$" },
	{ "90 " H "ab\n48 " H "cd", "(" H "ab)(" H "cd)$" },
	{ "0 " H "ab\n48 " H "cd", "(" H "ab)(" H "cd)$" },
	{ "49 " H "ab48 " H "cd", "(" H "ab)(" H "cd)$" },
	/* LEN would end before the priority does, where a head could begin */
	{ "5 <190>1 <190>1 ab", "(<190>1 <190>1 ab)$" },
	/* a lost newline, and the message ends in a digit */
	{ "49 " H "a149 " H "c249 " H "d3", "(" H "a1)(" H "c2)(" H "d3)$" },
	{ "51 " H "2.46130 " H "cd", "(" H "2.46)(" H "cd)$" },
	/* LEN one too short before a digit */
	{ "48 " H "ab548 " H "cd", "(" H "ab5)(" H "cd)$" },
	{ "48 " H "ab549 " H "cd\n", "(" H "ab5)(" H "cd)$" },
	{ "48 " H "ab548 " H "cd748 " H "ef", "(" H "ab5)(" H "cd7)(" H "ef)$" },
	/* LEN two too long takes up to two digits of the next */
	{ "50 " H "ab48 " H "cd", "(" H "ab)(" H "cd)$" },
	{ "50 " H "ab50 " H "cd50 " H "ef", "(" H "ab)(" H "cd)(" H "ef)$" },
	{ "50 " H "a148 " H "c2", "(" H "a1)(" H "c2)$" },
	{ "50 " H "1250 " H "3448 " H "56", "(" H "12)(" H "34)(" H "56)$" },
	/* ... but a LEN that is more wrong tells nothing */
	{ "60 " H "2.46130 " H "cd", "(" H "2.)(" H "cd)$" },
	/* cut into lines between LEN and priority */
	{ "49 " H "ab 49\n" H "cd\n", "(" H "ab )(" H "cd)$" },
	{ "40 " H "ab 49\n" H "cd\n", "(" H "ab )(" H "cd)$" },
	/* absurd LEN */
	{ BIG " " H "ab\n48 " H "cd", "(" H "ab)(" H "cd)$" },
	{ BIG BIG " " H "ab\n48 " H "cd", "(" H "ab)(" H "cd)$" },
	{ BIG BIG BIG " " H "ab\n48 " H "cd",
	    "!(99999)(" H "ab)(" H "cd)$" },
	{ "0048 " H "ab48 " H "cd", "(" H "ab)(" H "cd)$" },
	/* the last frame is cut */
	{ "48 " H "ab48 " H "c", "(" H "ab)(" H "c)$" },
	{ "48 " H "ab48 <190>1 20", "(" H "ab)(<190>1 20)$" },
	{ "48 " H "ab48 <19", "(" H "ab)!(48 <19)$" },
	{ "49 " H "ab\n48 <1", "(" H "ab)!(48 <1)$" },
	/* without a LEN of its own it is no head */
	{ "0 <190>1 ", "(<190>1 )$" },
	/* garbage behind a frame that its newline ends is no part of it */
	{ "49 " H "ab\ngarbage\n49 " H "cd\n",
	    "(" H "ab)!(garbage\n)(" H "cd)$" },
	{ "48 " H "ab\n48", "(" H "ab)+!(48)$" },
	/* no frames */
	{ "x", "!(x)$" },
	{ "junk\n48 " H "ab", "!(junk\n)(" H "ab)$" },
	{ "12 12 12", "!(12 12 12)$" },
	{ "12 <190>1 no year 48 " H "ab", "(<190>1 no year )(" H "ab)$" },
	{ "junk 12 <190>1 no year", "!(junk 12 <190>1 no year)$" },
	{ "1 <1>1 ", "(<1>1 )$" },
	{ "49 <190>1 <190>1 2026-", "(<190>1 <190>1 2026-)$" },
	{ "<190>1 2026- 48 " H "ab", "!(<190>1 2026- )(" H "ab)$" },
};

static void
note(struct buf *b, enum frame_result got, sv frame, size_t skipped)
{
	while (skipped--)
		buf_byte(b, '+');
	if (got == FRAME_END) {
		buf_byte(b, '$');
		return;
	}
	buf_printf(b, "%s(", got == FRAME_BAD ? "!" : "");
	buf_add(b, frame);
	buf_byte(b, ')');
}

/* As a reader does it: `step` bytes more whenever they are needed, in memory of
 * just that size. */
static void
read_all(sv text, size_t step, struct buf *out)
{
	enum frame_result got = FRAME_MORE;
	size_t done = 0, have = 0;

	while (got != FRAME_END) {
		size_t n = have - done, skipped;
		char *part = malloc(n + 1);
		sv frame, rest = sv_of(part + 1, n);

		if (n)
			memcpy(part + 1, text.p + done, n);
		got = frame_next(&rest, have == text.n, &frame, &skipped);
		ck_assert(got == FRAME_MORE || got == FRAME_END || rest.n < n);
		ck_assert(got != FRAME_MORE || (have < text.n && rest.n == n));
		done += n - rest.n;
		if (got != FRAME_MORE)
			note(out, got, frame, skipped);
		else
			have += step < text.n - have ? step : text.n - have;
		free(part);
	}
	ck_assert_uint_eq(done, text.n);
}

START_TEST(whole)
{
	struct buf b = BUF_INIT;
	sv text = sv_str(bodies[_i].bytes);

	read_all(text, text.n, &b);
	ck_sv(buf_sv(&b), sv_str(bodies[_i].want));
	buf_release(&b);
}
END_TEST

START_TEST(in_pieces)
{
	struct buf b = BUF_INIT;

	for (size_t step = 1; step <= 7; step++) {
		buf_clear(&b);
		read_all(sv_str(bodies[_i].bytes), step, &b);
		ck_sv(buf_sv(&b), sv_str(bodies[_i].want));
	}
	buf_release(&b);
}
END_TEST

/* So many bytes behind a LEN that is wrong, or (junk) behind none, then frames. */
static const struct {
	size_t n;
	bool junk, frames;
} longs[] = {
	{ 5 * FRAME_MAX / 2, false, true }, { 5 * FRAME_MAX / 2, true, true },
	{ FRAME_MAX - 60, false, true }, { FRAME_MAX - 20, false, true },
	{ FRAME_MAX, true, true }, { FRAME_MAX + FRAME_HEAD_MAX - 1, true, false },
	{ FRAME_MAX + FRAME_HEAD_MAX, true, false },
	{ FRAME_MAX + FRAME_HEAD_MAX + 1, true, false },
};

START_TEST(long_in_pieces)
{
	static const size_t step[] = { 300000, FRAME_MAX + FRAME_HEAD_MAX,
		FRAME_MAX + FRAME_HEAD_MAX + 1 };
	struct buf text = BUF_INIT, all = BUF_INIT, pieces = BUF_INIT;

	buf_str(&text, longs[_i].junk ? "" : BIG " " H);
	memset(buf_reserve(&text, longs[_i].n), 'x', longs[_i].n);
	text.n += longs[_i].n;
	for (int i = 0; longs[_i].frames && i < 3; i++)
		buf_lit(&text, "49 " H "ab\n");
	read_all(buf_sv(&text), text.n, &all);
	for (size_t i = 0; i < countof(step); i++) {
		buf_clear(&pieces);
		read_all(buf_sv(&text), step[i], &pieces);
		ck_assert_msg(sv_eq(buf_sv(&pieces), buf_sv(&all)), "%zu",
		    step[i]);
	}
	buf_release(&text);
	buf_release(&all);
	buf_release(&pieces);
}
END_TEST

static const struct {
	const char *text;
	bool want;
} heads[] = {
	{ "48 <190>1 ", true }, { "1 <1>1 2026", true }, { "", false },
	{ "48", false }, { "48 ", false }, { "48 <190>1", false },
	{ " 48 <190>1 ", false }, { "48  <190>1 ", false },
	{ "<190>1 ", false }, { "48 <1900>1 ", false }, { "48 <>1 ", false },
	{ "48 <a>1 ", false }, { "48 <190>2 ", false }, { "-8 <190>1 ", false },
	{ "48\t<190>1 ", false }, { "1234567890123456 <190>1 ", true },
	{ "12345678901234567 <190>1 ", false },
};

START_TEST(head)
{
	ck_assert(frame_is_head(sv_str(heads[_i].text)) == heads[_i].want);
}
END_TEST

START_TEST(any_byte)
{
	sv rest = SV("49 " H "\0\xff\n49 " H "\n\0\n"), frame;
	size_t skipped;

	ck_assert(frame_next(&rest, true, &frame, &skipped) == FRAME_OK);
	ck_sv_lit(frame, H "\0\xff");
	ck_assert(frame_next(&rest, true, &frame, &skipped) == FRAME_OK);
	ck_sv_lit(frame, H "\n\0");
	ck_assert(frame_next(&rest, true, &frame, &skipped) == FRAME_END);
	rest = SV_NULL;
	ck_assert(frame_next(&rest, false, &frame, &skipped) == FRAME_MORE);
	ck_assert(frame_next(&rest, true, &frame, &skipped) == FRAME_END);
}
END_TEST

/* Bytes that are no frame are given up in large pieces, and soon: a piece a
 * byte would take hours here. */
START_TEST(junk_ends)
{
	size_t n = FRAME_MAX + 1000, skipped, bad = 0;
	char *p = malloc(n);
	sv rest = sv_of(p, n), frame;

	memset(p, '9', n);
	memcpy(p + n - 10, " <190>1 20", 10);
	ck_assert(frame_next(&rest, false, &frame, &skipped) == FRAME_BAD);
	rest = sv_of(p, n - 2);
	while (frame_next(&rest, true, &frame, &skipped) != FRAME_END)
		bad++;
	ck_assert_uint_le(bad, 2);
	memcpy(p + n - 13, " <190>1 2026-", 13);
	for (rest = sv_of(p, n), bad = 0; rest.n; bad++)
		frame_next(&rest, true, &frame, &skipped);
	ck_assert_uint_eq(bad, 3);
	ck_sv_lit(frame, "<190>1 2026-");
	free(p);
}
END_TEST

Suite *
test_frame(void)
{
	Suite *s = suite_create("frame");
	TCase *tc = tcase_create("frames");

	suite_add_tcase(s, tc);
	add_table(tc, whole, bodies);
	add_table(tc, in_pieces, bodies);
	add_table(tc, long_in_pieces, longs);
	add_table(tc, head, heads);
	tcase_add_test(tc, any_byte);
	tcase_add_test(tc, junk_ends);
	return s;
}
