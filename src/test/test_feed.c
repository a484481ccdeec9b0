/* SPDX-License-Identifier: MIT */
#include "input/feed.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "test/ck.h"

Suite *test_feed(void);

/* A child writes the text to a pipe, `step` bytes at a time. */
static int
piped(sv text, size_t step)
{
	int fd[2];
	pid_t pid;

	ck_assert_int_eq(pipe(fd), 0);
	pid = fork();
	ck_assert(pid >= 0);
	if (pid) {
		close(fd[1]);
		return fd[0];
	}
	close(fd[0]);
	while (text.n) {
		ssize_t n = write(fd[1], text.p, step < text.n ? step : text.n);

		if (n < 0)
			_exit(1);
		text = sv_skip(text, (size_t)n);
	}
	_exit(0);
}

/* Each line as OFFSET:TEXT and '$', or '+' when it had no LF. */
static void
show_lines(int fd, struct buf *out)
{
	struct err e = ERR_INIT;
	struct stream *s = stream_open_fd(fd, "pipe", &e);
	enum feed_end got;
	struct feed f;
	uint64_t at, length, sum = 0;
	sv line;

	feed_open(&f, s);
	while ((got = feed_line(&f, &line, &at, &length, &e)) != FEED_END) {
		if (got == FEED_WAIT)
			continue;
		ck_assert_int_eq(got, FEED_OK);
		ck_assert(length == line.n || length == line.n + 1);
		ck_assert_uint_eq(at, sum);
		sum += length + !f.unended;
		buf_u64(out, at);
		buf_byte(out, ':');
		buf_add(out, line);
		buf_byte(out, f.unended ? '+' : '$');
	}
	ck_assert(f.eof && f.offset == sum);
	feed_close(&f);
	stream_close(s);
	close(fd);
}

static const struct {
	const char *text, *want;
	size_t n;
} texts[] = {
	{ "", "", 0 },
	{ "\n", "0:$", 1 },
	{ "a", "0:a+", 1 },
	{ "a\n", "0:a$", 2 },
	{ "a\nbc\n\nd", "0:a$2:bc$5:$6:d+", 7 },
	{ "a\r\nb\n\r\nc\r", "0:a$3:b$5:$7:c+", 9 },
	{ "a\rb\r\r\n", "0:a\rb\r$", 6 },
	{ "a\v\f\xe2\x80\xa8" "b\n", "0:a\v\f\xe2\x80\xa8" "b$", 8 },
	{ "\xff\xff\n\x80", "0:\xff\xff$3:\x80+", 4 },
};

START_TEST(lines)
{
	for (size_t step = 1; step <= 10; step += 3) {
		struct buf got = BUF_INIT;

		show_lines(piped(sv_of(texts[_i].text, texts[_i].n), step), &got);
		ck_sv(buf_sv(&got), sv_str(texts[_i].want));
		buf_release(&got);
	}
}
END_TEST

/* UTF-16 is shown as UTF-8; offsets are those of the input. */
static const struct {
	const char *text, *want;
	size_t n;
	bool odd;
} wides[] = {
	{ "\xff\xfe", "", 2, false },
	{ "\xff\xfe" "a\0\r\0\n\0b\0", "2:a$8:b$", 10, false },
	{ "\xfe\xff\0a\0\n\xd8\x3d\xde\0\0b\0\n\0c",
	    "2:a$6:\xf0\x9f\x98\x80" "b$14:c$", 16, false },
	{ "\xff\xfe" "a\0\n\0b", "2:a$", 7, true },
	{ "\xff\xfe" "a\0b\0\x3d", "2:ab$", 7, true },
	/* without a mark */
	{ "a\0\r\0\n\0b\0", "0:a$6:b$", 8, false },
	{ "\0a\0\n\0b\0\xe9", "0:a$4:b\xc3\xa9$", 8, false },
	{ "a\0b\0c\0d\0\n", "0:abcd$", 9, true },
};

START_TEST(wide_lines)
{
	for (size_t step = 1; step <= 17; step++) {
		int fd = piped(sv_of(wides[_i].text, wides[_i].n), step);
		struct err e = ERR_INIT;
		struct stream *s = stream_open_fd(fd, "pipe", &e);
		struct buf got = BUF_INIT;
		enum feed_end end;
		struct feed f;
		uint64_t at, length;
		sv line;

		feed_open(&f, s);
		while ((end = feed_line(&f, &line, &at, &length, &e)) !=
		    FEED_END) {
			if (end == FEED_WAIT)
				continue;
			ck_assert_int_eq(end, FEED_OK);
			buf_u64(&got, at);
			buf_byte(&got, ':');
			buf_add(&got, line);
			buf_byte(&got, '$');
		}
		ck_sv(buf_sv(&got), sv_str(wides[_i].want));
		ck_assert_uint_eq(feed_position(&f), wides[_i].n);
		ck_assert((feed_damage(&f) != NULL) == wides[_i].odd);
		buf_release(&got);
		feed_close(&f);
		stream_close(s);
		close(fd);
	}
}
END_TEST

START_TEST(nul_is_a_byte)
{
	struct buf got = BUF_INIT;

	show_lines(piped(SV("a\0b\n\0"), 2), &got);
	ck_sv_lit(buf_sv(&got), "0:a\0b$4:\0+");
	buf_release(&got);
}
END_TEST

/* Lines at the limit, whatever the pieces: the limit is kept to the byte. */
static const struct {
	size_t n;
	bool newline, full;
} longs[] = {
	{ FEED_LINE_MAX, true, true }, { FEED_LINE_MAX, false, true },
	{ FEED_LINE_MAX + 1, true, false }, { FEED_LINE_MAX + 1, false, false },
	{ 3 * FEED_LINE_MAX, true, false },
};

static void
check_long(struct feed *f, size_t n, struct err *e)
{
	struct feed_skipped rest;
	uint64_t at, length;
	enum feed_end got;
	sv line;

	do
		got = feed_line(f, &line, &at, &length, e);
	while (got == FEED_WAIT);
	ck_assert_int_eq(got, FEED_LONG);
	ck_assert(line.n == FEED_LONG_HEAD && line.p[0] == 'x' && at == 2);
	got = feed_skip_line(f, &rest, e);
	ck_assert(got == FEED_OK || got == FEED_END);
	ck_assert_uint_eq(rest.length, n);
	ck_assert(rest.ntail == FEED_LONG_HEAD && rest.tail[0] == 'x');
}

START_TEST(long_lines)
{
	size_t n = longs[_i].n;
	struct err e = ERR_INIT;
	struct buf b = BUF_INIT;
	struct stream *s;
	uint64_t at, length;
	struct feed f;
	sv line;
	int fd;

	buf_lit(&b, "a\n");
	memset(buf_reserve(&b, n), 'x', n);
	b.n += n;
	buf_str(&b, longs[_i].newline ? "\nb\n" : "");
	fd = piped(buf_sv(&b), 65536);
	s = stream_open_fd(fd, "pipe", &e);
	feed_open(&f, s);
	while (feed_line(&f, &line, &at, &length, &e) == FEED_WAIT)
		;
	ck_sv_lit(line, "a");
	if (longs[_i].full) {
		while (feed_line(&f, &line, &at, &length, &e) == FEED_WAIT)
			;
		ck_assert(line.n == n && at == 2 && length == n);
	} else {
		check_long(&f, n, &e);
	}
	while (longs[_i].newline &&
	    feed_line(&f, &line, &at, &length, &e) == FEED_WAIT)
		;
	if (longs[_i].newline)
		ck_sv_lit(line, "b");
	while ((fd = (int)feed_line(&f, &line, &at, &length, &e)) == FEED_WAIT)
		;
	ck_assert_int_eq(fd, FEED_END);
	ck_assert_uint_eq(f.offset, b.n);
	feed_close(&f);
	stream_close(s);
	buf_release(&b);
}
END_TEST

/* A window that is filled by hand. */
START_TEST(views)
{
	struct err e = ERR_INIT;
	int fd = piped(SV("abcdef"), 6);
	struct stream *s = stream_open_fd(fd, "pipe", &e);
	struct feed f;

	feed_open(&f, s);
	ck_assert_uint_eq(feed_view(&f).n, 0);
	while (feed_view(&f).n < 6)
		ck_assert_int_ne(feed_more(&f, &e), FEED_FAILED);
	feed_consume(&f, 4);
	ck_sv_lit(feed_view(&f), "ef");
	ck_assert_uint_eq(f.offset, 4);
	while (feed_more(&f, &e) != FEED_END)
		;
	ck_assert(f.eof);
	ck_sv_lit(feed_view(&f), "ef");
	feed_close(&f);
	stream_close(s);
	close(fd);
}
END_TEST

/* Before a read that may block the caller is told once. */
START_TEST(waiting_is_told)
{
	struct err e = ERR_INIT;
	struct stream *s;
	uint64_t at, length;
	struct feed f;
	int fd[2];
	sv line;

	ck_assert_int_eq(pipe(fd), 0);
	s = stream_open_fd(fd[0], "pipe", &e);
	feed_open(&f, s);
	ck_assert_int_eq(feed_line(&f, &line, &at, &length, &e), FEED_WAIT);
	ck_assert_int_eq(write(fd[1], "a\nb", 3), 3);
	ck_assert_int_eq(feed_line(&f, &line, &at, &length, &e), FEED_OK);
	ck_sv_lit(line, "a");
	ck_assert_int_eq(feed_line(&f, &line, &at, &length, &e), FEED_WAIT);
	close(fd[1]);
	ck_assert_int_eq(feed_line(&f, &line, &at, &length, &e), FEED_OK);
	ck_sv_lit(line, "b");
	ck_assert_int_eq(feed_line(&f, &line, &at, &length, &e), FEED_END);
	feed_close(&f);
	stream_close(s);
	close(fd[0]);
}
END_TEST

START_TEST(read_errors_are_told)
{
	struct err e = ERR_INIT;
	int fd = open("/dev/null", O_WRONLY);
	struct stream *s = stream_open_fd(fd, "null", &e);
	uint64_t at, length;
	struct feed f;
	sv line;

	feed_open(&f, s);
	ck_assert_int_eq(feed_line(&f, &line, &at, &length, &e), FEED_FAILED);
	ck_assert(e.status == ST_FAIL && strstr(e.msg, "byte 0"));
	feed_close(&f);
	stream_close(s);
	close(fd);
}
END_TEST

/* As many bytes in lines of `step` as the blocks hold, and `rest` without LF. */
static const struct {
	size_t total, step, rest;
} heaps[] = {
	{ 0, 1, 0 }, { 0, 1, 1 }, { 1, 1, 0 }, { 10, 2, 3 },
	{ FEED_BLOCK, FEED_BLOCK, 0 }, { FEED_BLOCK, FEED_BLOCK, 5 },
	{ 3 * FEED_BLOCK + 7, 100, 0 }, { 20 * FEED_BLOCK, 1000, 77 },
	{ 4 << 20, 3 << 20, 0 }, { 18 << 20, 8 << 20, 1 << 20 },
};

static void
fill_heap(struct buf *b, size_t i)
{
	for (size_t left = heaps[i].total; left;) {
		size_t n = left < heaps[i].step ? left : heaps[i].step;

		memset(buf_reserve(b, n), 'a' + (int)(left % 26), n);
		b->p[b->n + n - 1] = '\n';
		b->n += n;
		left -= n;
	}
	memset(buf_reserve(b, heaps[i].rest + 1), 'z', heaps[i].rest);
	b->n += heaps[i].rest;
}

/* A large one, of what was looked at before, does not make later ones large. */
START_TEST(blocks_are_alike)
{
	struct err e = ERR_INIT;
	struct buf b = BUF_INIT;
	struct feed_block block = { .p = NULL };
	struct stream *s;
	struct feed f;
	size_t n = 0;

	memset(buf_reserve(&b, 16 << 20), '\n', 16 << 20);
	b.n = 16 << 20;
	s = stream_open_bytes(buf_sv(&b), "bytes");
	feed_open(&f, s);
	while (feed_view(&f).n < 1 << 20)
		ck_assert_int_eq(feed_more(&f, &e), FEED_OK);
	while (feed_block(&f, &block, &e) == FEED_OK)
		if (n++ == 0)
			ck_assert_uint_ge(block.n, 1 << 20);
		else
			ck_assert_uint_le(block.n, FEED_BLOCK);
	ck_assert_uint_gt(n, 10);
	feed_block_release(&block);
	feed_close(&f);
	stream_close(s);
	buf_release(&b);
}
END_TEST

START_TEST(blocks_are_whole_lines)
{
	struct err e = ERR_INIT;
	struct buf want = BUF_INIT, got = BUF_INIT;
	struct feed_block block = { .p = NULL };
	struct stream *s;
	struct feed f;
	bool unended = false;

	fill_heap(&want, (size_t)_i);
	s = stream_open_bytes(buf_sv(&want), "bytes");
	feed_open(&f, s);
	while (feed_block(&f, &block, &e) == FEED_OK) {
		ck_assert(!unended && block.n > 0);
		ck_assert_uint_eq(block.offset, got.n);
		unended = block.p[block.n - 1] != '\n';
		ck_assert(unended == block.unended);
		buf_mem(&got, block.p, block.n);
	}
	ck_sv(buf_sv(&got), buf_sv(&want));
	ck_assert(f.eof && f.offset == want.n && unended == (heaps[_i].rest > 0));
	ck_assert_int_eq(feed_block(&f, &block, &e), FEED_END);
	feed_block_release(&block);
	feed_close(&f);
	stream_close(s);
	buf_release(&want);
	buf_release(&got);
}
END_TEST

/* A line that is too long for a block is left to feed_line, wherever it is. */
START_TEST(blocks_end_before_a_long_line)
{
	static const size_t before[] = { 0, 10, 2 << 20 };
	struct err e = ERR_INIT;
	struct buf b = BUF_INIT;
	struct feed_block block = { .p = NULL };
	struct stream *s;
	struct feed f;
	enum feed_end end;
	uint64_t at, length;
	sv line;

	memset(buf_reserve(&b, before[_i / 2] + 1), '\n', before[_i / 2]);
	b.n += before[_i / 2];
	memset(buf_reserve(&b, FEED_LINE_MAX + 2), 'x', FEED_LINE_MAX + 1);
	b.n += FEED_LINE_MAX + 1;
	if (_i % 2)
		buf_byte(&b, '\n');
	s = stream_open_bytes(buf_sv(&b), "bytes");
	feed_open(&f, s);
	while ((end = feed_block(&f, &block, &e)) == FEED_OK)
		ck_assert(block.p[block.n - 1] == '\n');
	ck_assert_int_eq(end, FEED_LONG);
	ck_assert_int_eq(feed_line(&f, &line, &at, &length, &e), FEED_LONG);
	ck_assert_uint_eq(at, before[_i / 2]);
	feed_block_release(&block);
	feed_close(&f);
	stream_close(s);
	buf_release(&b);
}
END_TEST

static void
put_line(struct buf *b, size_t n)
{
	memset(buf_reserve(b, n), 'x', n);
	b->n += n;
	buf_byte(b, '\n');
}

/* The window is large behind the first one; no block takes the second. */
START_TEST(each_long_line_is_told)
{
	struct err e = ERR_INIT;
	struct buf b = BUF_INIT;
	struct feed_block block = { .p = NULL };
	struct feed_skipped skipped;
	struct stream *s;
	struct feed f;
	enum feed_end end;
	size_t found = 0, taken = 0;

	put_line(&b, 2 * FEED_LINE_MAX + 600000);
	put_line(&b, 1000);
	put_line(&b, FEED_LINE_MAX + 100000);
	put_line(&b, 1000);
	s = stream_open_bytes(buf_sv(&b), "bytes");
	feed_open(&f, s);
	while ((end = feed_block(&f, &block, &e)) != FEED_END) {
		uint64_t at, length;
		sv line;

		if (end == FEED_OK) {
			taken += block.n;
			continue;
		}
		ck_assert_int_eq(end, FEED_LONG);
		ck_assert_int_eq(feed_line(&f, &line, &at, &length, &e),
		    FEED_LONG);
		ck_assert_int_ne(feed_skip_line(&f, &skipped, &e), FEED_FAILED);
		found++;
	}
	ck_assert_uint_eq(found, 2);
	ck_assert_uint_eq(taken, 2 * 1001);
	feed_block_release(&block);
	feed_close(&f);
	stream_close(s);
	buf_release(&b);
}
END_TEST

Suite *
test_feed(void)
{
	Suite *s = suite_create("feed");
	TCase *tc = tcase_create("feed");

	tcase_set_timeout(tc, 30);
	add_table(tc, lines, texts);
	add_table(tc, wide_lines, wides);
	tcase_add_test(tc, nul_is_a_byte);
	add_table(tc, long_lines, longs);
	tcase_add_test(tc, blocks_are_alike);
	add_table(tc, blocks_are_whole_lines, heaps);
	tcase_add_loop_test(tc, blocks_end_before_a_long_line, 0, 6);
	tcase_add_test(tc, each_long_line_is_told);
	tcase_add_test(tc, views);
	tcase_add_test(tc, waiting_is_told);
	tcase_add_test(tc, read_errors_are_told);
	suite_add_tcase(s, tc);
	return s;
}
