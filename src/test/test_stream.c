/* SPDX-License-Identifier: MIT */
#include "input/stream.h"

#define ZLIB_CONST
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <zlib.h>

#include "base/buf.h"
#include "test/ck.h"

Suite *test_stream(void);

static char path[32], folder[32];
static struct buf file, got;
static char damage[96], ended[96];
static uint64_t trails;

static void
setup(void)
{
	int fd;

	snprintf(path, sizeof(path), "/tmp/raxx-stream-XXXXXX");
	snprintf(folder, sizeof(folder), "/tmp/raxx-folder-XXXXXX");
	fd = mkstemp(path);
	ck_assert(fd >= 0 && mkdtemp(folder) != NULL);
	close(fd);
}

static void
teardown(void)
{
	unlink(path);
	rmdir(folder);
	buf_release(&file);
	buf_release(&got);
}

/* Appends a gzip member that holds the text. */
static void
put_member(struct buf *b, sv text)
{
	z_stream z = { 0 };
	static uint8_t out[1 << 19];

	ck_assert_int_eq(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8,
	    Z_DEFAULT_STRATEGY), Z_OK);
	z.next_in = (const Bytef *)text.p;
	z.avail_in = (uInt)text.n;
	z.next_out = out;
	z.avail_out = sizeof(out);
	ck_assert_int_eq(deflate(&z, Z_FINISH), Z_STREAM_END);
	buf_mem(b, out, z.total_out);
	deflateEnd(&z);
}

static void
write_file(sv bytes)
{
	FILE *f = fopen(path, "wb");

	ck_assert(f && fwrite(bytes.p, 1, bytes.n, f) == bytes.n);
	ck_assert_int_eq(fclose(f), 0);
}

static void
digest_of(sv bytes, uint8_t out[BLAKE3_LEN])
{
	struct blake3 sum;

	blake3_init(&sum);
	blake3_add(&sum, bytes.p, bytes.n);
	blake3_end(&sum, out);
}

static void
check_digest(struct stream *s, sv bytes)
{
	uint8_t have[BLAKE3_LEN], want[BLAKE3_LEN];

	stream_digest(s, have);
	digest_of(bytes, want);
	ck_assert_mem_eq(have, want, sizeof(want));
}

/* Reads it in pieces of at most `step` bytes into `got`, and closes it. */
static void
read_stream(struct stream *s, sv bytes, size_t step)
{
	struct err e = ERR_INIT;
	size_t n;
	sv head;

	buf_clear(&got);
	do {
		char *p = malloc(step);

		ck_assert_msg(stream_read(s, p, step, &n, &e), "%s", e.msg);
		buf_mem(&got, p, n);
		free(p);
	} while (n);
	ck_assert(stream_read(s, damage, step < 9 ? step : 9, &n, &e) && n == 0);
	snprintf(damage, sizeof(damage), "%s",
	    stream_damage(s) ? stream_damage(s) : "");
	snprintf(ended, sizeof(ended), "%s",
	    stream_cut(s) ? stream_cut(s) : "");
	trails = stream_trailing(s, &head);
	ck_assert(stream_position(s) == bytes.n && !stream_changed(s));
	check_digest(s, bytes);
	stream_close(s);
}

/* The bytes as a file. In memory, and by zlib alone, they read the same. */
static void
read_file(sv bytes, size_t step)
{
	struct err e = ERR_INIT;
	struct stream *s = stream_open_bytes(bytes, "x");
	struct buf by_zlib = BUF_INIT, in_memory = BUF_INIT;

	stream_by_zlib(s);
	read_stream(s, bytes, step);
	buf_add(&by_zlib, buf_sv(&got));
	buf_str(&by_zlib, damage);
	s = stream_open_bytes(bytes, "x");
	ck_assert(!stream_is_regular(s) && !stream_would_wait(s));
	read_stream(s, bytes, step);
	buf_add(&in_memory, buf_sv(&got));
	buf_str(&in_memory, damage);
	write_file(bytes);
	s = stream_open(path, &e);
	ck_assert_msg(s != NULL, "%s", e.msg);
	ck_assert(stream_is_regular(s) && stream_size(s) == bytes.n);
	read_stream(s, bytes, step);
	ck_assert(sv_starts(buf_sv(&in_memory), buf_sv(&got)));
	ck_sv(sv_skip(buf_sv(&in_memory), got.n), sv_str(damage));
	/* isa-l may give more before the damage, see igz.h */
	ck_assert(sv_ends(buf_sv(&by_zlib), sv_str(damage)));
	ck_assert(sv_starts(buf_sv(&got), sv_take(buf_sv(&by_zlib),
	    by_zlib.n - strlen(damage))));
	buf_release(&by_zlib);
	buf_release(&in_memory);
}

static const struct {
	const char *name, *text;
	size_t n;
} plain[] = {
	{ "empty", "", 0 },
	{ "a byte", "x", 1 },
	{ "half a magic", "\x1f", 1 },
	{ "no gzip", "\x1f\x8c\x08", 3 },
	{ "NUL", "a\0b\n", 4 },
	{ "BOM stays", "\xef\xbb\xbfx", 4 },
};

START_TEST(plain_as_it_is)
{
	sv text = sv_of(plain[_i].text, plain[_i].n);

	for (size_t step = 1; step < 6; step++) {
		read_file(text, step);
		ck_sv(buf_sv(&got), text);
		ck_assert_str_eq(damage, "");
	}
}
END_TEST

/* A cell of the table is a gzip file: members, then a tail, then one byte
 * that is changed. */
static const struct {
	const char *one, *two, *tail;
	size_t ntail;
	int flip; /* from the end of the file; 0: none */
	const char *want, *damage;
} zipped[] = {
	{ "", NULL, NULL, 0, 0, "", "" },
	{ "a\nb\n", NULL, NULL, 0, 0, "a\nb\n", "" },
	{ "a\nb", "c\nd\n", NULL, 0, 0, "a\nbc\nd\n", "" },
	{ "", "x", NULL, 0, 0, "x", "" },
	{ "a\n", NULL, "\0\0\0\0\0", 5, 0, "a\n", "" },
	{ "a\n", "b\n", "\0\0garbage", 9, 0, "a\nb\n", "" },
	{ "a\n", NULL, "g", 1, 0, "a\n", "" },
	{ "a\n", NULL, "garbage\n", 8, 0, "a\n", "" },
	{ "a\n", NULL, "\x1f\x8b", 2, 0, "a\n", "gzip-truncated" },
	{ "a\nb\n", NULL, NULL, 0, 5, "a\nb\n", "gzip-crc" },
	{ "a\nb\n", NULL, NULL, 0, 1, "a\nb\n", "gzip-length" },
	{ "a\nb\n", "c\n", NULL, 0, 2, "a\nb\nc\n", "gzip-length" },
};

static void
make_zipped(int i)
{
	put_member(&file, sv_str(zipped[i].one));
	if (zipped[i].two)
		put_member(&file, sv_str(zipped[i].two));
	buf_mem(&file, zipped[i].tail, zipped[i].ntail);
	if (zipped[i].flip)
		file.p[file.n - (size_t)zipped[i].flip] ^= 1;
}

/* What is behind the last member, at most its start, however it comes. */
START_TEST(trailing)
{
	struct err e = ERR_INIT;
	struct stream *s;
	sv head;
	size_t n;
	char text[64];

	put_member(&file, SV("a\n"));
	buf_lit(&file, "\0\0");
	for (int i = 0; i < 300; i++)
		buf_byte(&file, (char)('a' + i % 26));
	write_file(buf_sv(&file));
	s = stream_open(path, &e);
	ck_assert(s != NULL);
	do
		ck_assert(stream_read(s, text, sizeof(text), &n, &e));
	while (n);
	ck_assert_uint_eq(stream_trailing(s, &head), 300);
	ck_assert(head.n == 256 && sv_starts(head, SV("abc")));
	ck_assert_ptr_null(stream_damage(s));
	stream_close(s);
}
END_TEST

START_TEST(gzip)
{
	make_zipped(_i);
	for (size_t step = 1; step < 9; step++) {
		read_file(buf_sv(&file), step);
		ck_sv(buf_sv(&got), sv_str(zipped[_i].want));
		ck_assert_msg(sv_starts(sv_str(damage),
		    sv_str(zipped[_i].damage)), "%s", damage);
		ck_assert((damage[0] == 0) == (zipped[_i].damage[0] == 0));
	}
}
END_TEST

static sv
lines(struct buf *b, int n)
{
	for (int i = 0; i < n; i++)
		buf_printf(b, "line %d of %d, and again and again and again\n",
		    i * i % 97, n);
	return buf_sv(b);
}

/* Cut anywhere: the bytes decoded are a beginning of the text, the same for any
 * size of pieces, and the longer the file the more of them. */
START_TEST(truncated_anywhere)
{
	struct buf text = BUF_INIT;
	size_t before = 0, border;

	put_member(&file, lines(&text, 20));
	border = file.n;
	put_member(&file, SV("the second member\n"));
	buf_lit(&text, "the second member\n");
	for (size_t cut = 2; cut <= file.n; cut++) {
		size_t n;

		read_file(sv_take(buf_sv(&file), cut), 100000);
		n = got.n;
		ck_assert(n >= before && sv_starts(buf_sv(&text), buf_sv(&got)));
		before = n;
		for (size_t step = 1; step < 20; step += 6) {
			read_file(sv_take(buf_sv(&file), cut), step);
			ck_assert_uint_eq(got.n, n);
		}
		ck_assert((damage[0] == 0) == (cut == file.n || cut == border));
	}
	ck_assert_uint_eq(before, text.n);
	buf_release(&text);
}
END_TEST

/* Whatever bit flips, what was decoded before stays, and the digest is that
 * of the whole file. */
START_TEST(bit_flips)
{
	struct buf text = BUF_INIT;
	size_t same = 0;

	put_member(&file, lines(&text, 30));
	for (size_t i = 10; i < file.n; i++) {
		file.p[i] ^= 0x10;
		read_file(buf_sv(&file), 64);
		ck_assert_str_ne(damage, "");
		while (same < got.n && same < text.n &&
		    got.p[same] == text.p[same])
			same++;
		file.p[i] ^= 0x10;
	}
	ck_assert_uint_eq(same, text.n);
	buf_release(&text);
}
END_TEST

/* Three members, with a line across each border; their ends in the file. */
static void
put_three(struct buf *text, size_t end[3])
{
	put_member(&file, lines(text, 5));
	end[0] = file.n;
	put_member(&file, SV("not the end"));
	end[1] = file.n;
	put_member(&file, SV(" of a line\nlast\n"));
	end[2] = file.n;
	buf_lit(text, "not the end of a line\nlast\n");
}

/* A loop: the member whose check is wrong. All is read, whichever byte of it
 * and however it comes, and the first damage is told. */
START_TEST(wrong_checks)
{
	struct buf text = BUF_INIT;
	size_t end[3];

	put_three(&text, end);
	for (size_t i = 1; i <= 8; i++) {
		for (size_t step = 1; step < 90; step += 11) {
			file.p[end[_i] - i] ^= 0x10;
			file.p[end[2] - 1] ^= 0x20;
			read_file(buf_sv(&file), step);
			ck_sv(buf_sv(&got), buf_sv(&text));
			ck_assert_str_eq(ended, "");
			ck_assert_msg(sv_starts(sv_str(damage), i > 4 ?
			    SV("gzip-crc") : SV("gzip-length")), "%s", damage);
			file.p[end[2] - 1] ^= 0x20;
			file.p[end[_i] - i] ^= 0x10;
		}
	}
	buf_release(&text);
}
END_TEST

/* The first check is wrong, and the file is cut: text as before, and the
 * damage is told from where the check is known to be wrong. */
START_TEST(wrong_check_and_cut)
{
	struct buf text = BUF_INIT;
	size_t end[3], before = 0;

	put_three(&text, end);
	file.p[end[0] - 6] ^= 1;
	for (size_t n = end[0] - 8; n <= file.n; n++) {
		bool whole = n == end[0] || n == end[1] || n == end[2];

		read_file(sv_take(buf_sv(&file), n), 1 + n % 7);
		ck_assert(sv_starts(buf_sv(&text), buf_sv(&got)));
		ck_assert(got.n >= before);
		before = got.n;
		ck_assert(sv_starts(sv_str(damage), n < end[0] - 4 ?
		    SV("gzip-truncated") : SV("gzip-crc")));
		ck_assert_msg(whole ? ended[0] == 0 : sv_starts(sv_str(ended),
		    SV("gzip-truncated")), "%zu: %s", n, ended);
	}
	ck_assert_uint_eq(before, text.n);
	buf_release(&text);
}
END_TEST

/* Whichever byte of three members is changed: text is never lost before it, and
 * only bytes that say nothing of the text go unnoticed. */
START_TEST(flips_in_members)
{
	struct buf text = BUF_INIT;
	size_t end[3], unnoticed = 0;

	put_three(&text, end);
	for (size_t i = 0; i < file.n * 8; i++) {
		size_t at = i / 8;

		if (at < 2)
			continue;
		file.p[at] ^= (char)(1 << i % 8);
		read_file(buf_sv(&file), 1000);
		ck_assert(at < end[1] || sv_starts(buf_sv(&got),
		    sv_take(buf_sv(&text), text.n - 16)));
		ck_assert(damage[0] || trails || sv_eq(buf_sv(&got),
		    buf_sv(&text)));
		unnoticed += damage[0] == 0 && !trails;
		file.p[at] ^= (char)(1 << i % 8);
	}
	/* a time, a system and flags, of each of three headers */
	ck_assert_uint_le(unnoticed, 3 * (4 + 1 + 1 + 1) * 8);
	buf_release(&text);
}
END_TEST

/* A member that ends too early: what follows its end is told as well. */
START_TEST(wrong_check_and_garbage)
{
	put_member(&file, SV("a\nb"));
	file.p[file.n - 8] ^= 1;
	buf_lit(&file, "garbage");
	for (size_t step = 1; step < 9; step++) {
		read_file(buf_sv(&file), step);
		ck_sv_lit(buf_sv(&got), "a\nb");
		ck_assert(sv_starts(sv_str(damage), SV("gzip-crc")));
		ck_assert(sv_starts(sv_str(ended), SV("gzip-data")));
		ck_assert_uint_eq(trails, 7);
	}
}
END_TEST

/* Members that take more room than is read at once. What is wrong is found where
 * it is, and all that comes before it is there. */
START_TEST(damage_far_behind)
{
	struct buf text = BUF_INIT;
	size_t end[3], member;
	uint32_t x = 1;

	for (size_t m = 0; m < 3; m++) {
		for (int i = 0; i < 400000; i++) {
			x = x * 1664525 + 1013904223;
			buf_byte(&text, (char)(x >> 24));
		}
		put_member(&file, sv_skip(buf_sv(&text), m * 400000));
		end[m] = file.n;
	}
	ck_assert_uint_gt(end[0], 256 * 1024);
	member = text.n / 3;
	file.p[end[1] - 5] ^= 1;
	read_file(buf_sv(&file), 70000);
	ck_sv(buf_sv(&got), buf_sv(&text));
	ck_assert(sv_starts(sv_str(damage), SV("gzip-crc")));
	read_file(sv_take(buf_sv(&file), end[2] - 1000), 70000);
	ck_assert(got.n > 2 * member && sv_starts(buf_sv(&text), buf_sv(&got)));
	ck_assert(sv_starts(sv_str(ended), SV("gzip-truncated")));
	file.p[end[0] + 12] ^= 6; /* a block of no kind there is */
	read_file(buf_sv(&file), 70000);
	ck_assert(sv_starts(buf_sv(&got), sv_take(buf_sv(&text), member)));
	ck_assert_str_ne(ended, "");
	buf_release(&text);
}
END_TEST

/* Damage long before the end: the digest still covers all of it. */
START_TEST(digest_of_a_damaged_file)
{
	uint32_t x = 1;

	put_member(&file, SV("a\n"));
	buf_lit(&file, "garbage");
	for (int i = 0; i < 700000; i++) {
		x = x * 1664525 + 1013904223;
		buf_byte(&file, (char)(x >> 24));
	}
	read_file(buf_sv(&file), 4096);
	ck_sv_lit(buf_sv(&got), "a\n");
}
END_TEST

START_TEST(what_cannot_be_opened)
{
	struct err e = ERR_INIT, f = ERR_INIT;

	ck_assert_ptr_null(stream_open(folder, &e));
	ck_assert(e.status == ST_FAIL && strstr(e.msg, "directory"));
	ck_assert_ptr_null(stream_open("/tmp/raxx-no-such-file", &f));
	ck_assert(f.status == ST_FAIL && strstr(f.msg, "raxx-no-such-file"));
	stream_close(NULL);
}
END_TEST

/* A pipe says when it would wait; its descriptor stays open. */
START_TEST(pipes)
{
	struct err e = ERR_INIT;
	struct stream *s;
	char room[8];
	size_t n;
	int fd[2];

	ck_assert_int_eq(pipe(fd), 0);
	s = stream_open_fd(fd[0], "pipe", &e);
	ck_assert(stream_would_wait(s) && !stream_is_regular(s));
	ck_assert_int_eq(write(fd[1], "abc", 3), 3);
	ck_assert(!stream_would_wait(s));
	ck_assert(stream_read(s, room, 2, &n, &e) && n == 2);
	ck_assert(!stream_would_wait(s));
	ck_assert(stream_read(s, room, 2, &n, &e) && n == 1);
	ck_assert(stream_would_wait(s));
	close(fd[1]);
	ck_assert(!stream_would_wait(s));
	ck_assert(stream_read(s, room, 2, &n, &e) && n == 0);
	stream_close(s);
	ck_assert_int_eq(close(fd[0]), 0);
}
END_TEST

START_TEST(changes_are_seen)
{
	struct err e = ERR_INIT;
	struct stream *s;

	write_file(SV("a\n"));
	s = stream_open(path, &e);
	ck_assert(!stream_changed(s));
	write_file(SV("a\nb\n"));
	ck_assert(stream_changed(s));
	stream_close(s);
}
END_TEST

static const struct {
	uint64_t max;
	bool zipped;
	const char *want, *damage;
} limits[] = {
	{ 1, false, "a", "plain-limit: stopped after 1 bytes" },
	{ 5, false, "a\nb\nc", "plain-limit: stopped after 5 bytes" },
	{ 6, false, "a\nb\nc\n", "" },
	{ 7, false, "a\nb\nc\n", "" },
	{ 1, true, "a", "plain-limit: stopped after 1 bytes" },
	{ 5, true, "a\nb\nc", "plain-limit: stopped after 5 bytes" },
	{ 6, true, "a\nb\nc\n", "" },
	{ UINT64_MAX, true, "a\nb\nc\n", "" },
};

/* Reads the file up to a limit, in pieces of `step` bytes. */
static void
read_limited(uint64_t max, size_t step, uint8_t digest[BLAKE3_LEN])
{
	struct err e = ERR_INIT;
	struct stream *s = stream_open(path, &e);
	char p[8];
	size_t n;

	stream_limit(s, max);
	buf_clear(&got);
	do {
		ck_assert_msg(stream_read(s, p, step, &n, &e), "%s", e.msg);
		buf_mem(&got, p, n);
	} while (n);
	snprintf(damage, sizeof(damage), "%s",
	    stream_damage(s) ? stream_damage(s) : "");
	stream_digest(s, digest);
	stream_close(s);
}

/* No byte more; and it is another input than the whole one. */
START_TEST(limit_of_plain_bytes)
{
	static const sv text = { "a\nb\nc\n", 6 };
	uint8_t have[BLAKE3_LEN], whole[BLAKE3_LEN];

	buf_clear(&file);
	if (limits[_i].zipped)
		put_member(&file, text);
	else
		buf_add(&file, text);
	write_file(buf_sv(&file));
	digest_of(buf_sv(&file), whole);
	for (size_t step = 1; step <= 8; step++) {
		read_limited(limits[_i].max, step, have);
		ck_sv(buf_sv(&got), sv_str(limits[_i].want));
		ck_assert_str_eq(damage, limits[_i].damage);
		ck_assert((memcmp(have, whole, sizeof(have)) == 0) ==
		    (damage[0] == '\0'));
	}
}
END_TEST

/* The limit makes another input of a file whose check is wrong, too. */
START_TEST(limit_behind_a_wrong_check)
{
	uint8_t have[BLAKE3_LEN], whole[BLAKE3_LEN];

	put_member(&file, SV("a\n"));
	file.p[file.n - 8] ^= 1;
	put_member(&file, SV("b\n"));
	write_file(buf_sv(&file));
	digest_of(buf_sv(&file), whole);
	read_limited(3, 8, have);
	ck_sv_lit(buf_sv(&got), "a\nb");
	ck_assert(sv_starts(sv_str(damage), SV("gzip-crc")));
	ck_assert(memcmp(have, whole, sizeof(have)) != 0);
}
END_TEST

Suite *
test_stream(void)
{
	Suite *s = suite_create("stream");
	TCase *tc = tcase_create("stream");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_set_timeout(tc, 30);
	add_table(tc, plain_as_it_is, plain);
	tcase_add_test(tc, trailing);
	add_table(tc, gzip, zipped);
	add_table(tc, limit_of_plain_bytes, limits);
	tcase_add_test(tc, limit_behind_a_wrong_check);
	tcase_add_test(tc, truncated_anywhere);
	tcase_add_test(tc, bit_flips);
	tcase_add_loop_test(tc, wrong_checks, 0, 3);
	tcase_add_test(tc, wrong_check_and_cut);
	tcase_add_test(tc, flips_in_members);
	tcase_add_test(tc, wrong_check_and_garbage);
	tcase_add_test(tc, damage_far_behind);
	tcase_add_test(tc, digest_of_a_damaged_file);
	tcase_add_test(tc, what_cannot_be_opened);
	tcase_add_test(tc, pipes);
	tcase_add_test(tc, changes_are_seen);
	suite_add_tcase(s, tc);
	return s;
}
