/* SPDX-License-Identifier: MIT */
#include "record/ingest.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#define ZLIB_CONST
#include <zlib.h>

#include "base/utc.h"
#include "input/feed.h"
#include "test/ck.h"
#include "test/keeper.h"

Suite *test_ingest(void);

static char folder[] = "/tmp/raxx-ingest-XXXXXX";
static char path[120];
static struct arena a;
static struct normal normal;
static sv path_item = { "/api/beta/preview/{token}", 25 };
static const struct site_list paths = { &path_item, 1 };
static struct ingest g;
static struct source src;
static struct err err;

static struct keeper keeper;

static void
setup(void)
{
	static const uint8_t key[REDACT_KEY_LEN] = { 7 };

	ck_assert_ptr_nonnull(mkdtemp(folder));
	redact_init(&normal.redact, key, &paths);
	keeper.sink.ops = &keeper_ops;
	g = (struct ingest){ .normal = &normal, .sink = &keeper.sink,
	    .taken = UTC_NONE, .now = 42 };
}

static void
teardown(void)
{
	unlink(path);
	rmdir(folder);
	buf_release(&keeper.text);
	arena_release(&a);
}

static void
write_file(const char *name, sv bytes)
{
	int fd;

	unlink(path); /* of the last input */
	snprintf(path, sizeof(path), "%s/%s", folder, name);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	ck_assert(fd >= 0);
	ck_assert_int_eq(write(fd, bytes.p, bytes.n), (ssize_t)bytes.n);
	close(fd);
}

static enum ingest_end
ingest_file(const char *name, sv bytes)
{
	enum ingest_end end;

	write_file(name, bytes);
	err = (struct err)ERR_INIT;
	buf_clear(&keeper.text);
	end = ingest_input(&g, path, &a, &src, &err);
	if (end == INGEST_DONE)
		ck_assert(source_balances(&src));
	return end;
}

static void
ingest(const char *name, sv bytes)
{
	ck_assert_msg(ingest_file(name, bytes) == INGEST_DONE, "%s", err.msg);
}

/* "read stored rejected blank bytes" */
static sv
counts(void)
{
	struct buf b = BUF_INIT;
	sv out;

	buf_printf(&b, "%llu %llu %llu %llu %llu", (unsigned long long)src.read,
	    (unsigned long long)src.stored, (unsigned long long)src.rejected,
	    (unsigned long long)src.blank, (unsigned long long)src.bytes);
	out = arena_sv(&a, buf_sv(&b));
	buf_release(&b);
	return out;
}

#define T0 "2026-06-12T13:02:11.123456+00:00 "
#define LINE T0 "app[web.1]: hello\n"
#define FRAME "59 <190>1 " T0 "host app web.1 - h\n"
#define DATED "<190>1 " T0 "host app web.1 - h"

_Static_assert(sizeof(LINE) - 1 == 51, "counted below");

static const struct {
	const char *name, *text, *format, *form, *counts;
	const char *reason; /* of the first reject */
} shapes[] = {
	{ "a.log", "", "unknown", "pull", "0 0 0 0 0", NULL },
	{ "a.log", "\n", "unknown", "pull", "1 0 0 1 1", NULL },
	{ "a.log", LINE, "heroku-text", "pull", "1 1 0 0 51", NULL },
	{ "a.log", LINE "\r\n \t\n" LINE, "heroku-text", "pull", "4 2 0 2 107",
	    NULL },
	{ "a.log", T0 "app[web.1]: no newline", "heroku-text", "pull",
	    "1 1 0 0 55", NULL },
	{ "a.log", T0 "app[web.1]: \xff\r\n", "heroku-text", "pull", "1 1 0 0 48",
	    NULL },
	{ "a.log", T0 "app[web.1]: a\rb\n", "heroku-text", "pull", "1 1 0 0 49",
	    NULL },
	{ "a.log", "\xef\xbb\xbf" LINE, "heroku-text", "pull", "1 1 0 0 54",
	    NULL },
	/* a line without a header goes on with the message before it */
	{ "a.log", LINE "\xef\xbb\xbf" LINE, "heroku-text", "pull",
	    "2 2 0 0 105", NULL },
	{ "a.log", "Traceback\n" LINE, "heroku-text", "pull", "2 1 1 0 61",
	    "no-header" },
	{ "a.log", LINE "2026-02-30T00:00:00Z app[a]: x\n", "heroku-text",
	    "pull", "2 1 1 0 82", "bad-time" },
	{ "a.log", "what\nis this\n", "unknown", "pull", "2 0 2 0 13",
	    "unknown-format" },
	{ "a.log", "\xfe\xff", "unknown", "pull", "0 0 0 0 2", NULL },
	{ "a.log", DATED "\n" DATED, "rfc5424", "drain", "2 2 0 0 117", NULL },
	{ "a.log", FRAME FRAME "\n\n", "drain-frames", "drain", "2 2 0 0 126",
	    NULL },
	{ "api.drain.20260612T140000Z.log", LINE, "heroku-text", "drain",
	    "1 1 0 0 51", NULL },
	{ "t.csv", "a,b\n1,2\n\n3,4\n", "csv", "dump", "3 2 0 1 13", NULL },
	{ "t.csv", "", "csv", "dump", "0 0 0 0 0", NULL },
	{ "t.csv", "a,b\n1,2\n\\.\n", "csv", "dump", "2 1 0 1 11", NULL },
	{ "t.csv", "a,b\n\\.\n1,2\n", "csv", "dump", "2 1 1 0 11",
	    "csv-fields" },
	{ "t.csv", "\xef\xbb\xbf\"a\";\"b,c\"\r\n1;\"x\r\ny\"\r\n", "csv",
	    "dump", "1 1 0 0 24", NULL },
	{ "t.csv", "a\tb\n1\t2,3\n", "csv", "dump", "1 1 0 0 10", NULL },
	{ "t.csv", "a,b\n", "csv", "dump", "0 0 0 0 4", NULL },
	{ "t.csv", "a,b\n1\n1,2,3\n1,2\n", "csv", "dump", "3 1 2 0 16",
	    "csv-fields" },
	{ "t.csv", "a,b\n1,\"x\n2,y\n3,z\n", "csv", "dump", "3 2 1 0 17",
	    "csv-open-quote" },
	{ "t.csv", "a,b\n1,\"x\"y\n2,y\n", "csv", "dump", "2 1 1 0 15",
	    "csv-quote" },
	{ "t.csv", "a,b\n1,\"x\ny\"\n2,y\n", "csv", "dump", "2 2 0 0 16", NULL },
	{ "t.csv", "\xef\xbb\xbf" "a,b\r\n1,2\r\n", "csv", "dump", "1 1 0 0 13",
	    NULL },
	{ "stdin", "id,name,created_at\n1,a,\n", "csv", "dump", "1 1 0 0 24",
	    NULL },
};

static void
check_reason(const char *reason)
{
	struct buf b = BUF_INIT;

	buf_printf(&b, "\"reason\":\"%s\"", reason ? reason : "");
	ck_assert(sv_has(buf_sv(&keeper.text), reason ? buf_sv(&b) :
	    SV("\"reason\"")) == (reason != NULL));
	buf_release(&b);
}

START_TEST(shape)
{
	ingest(shapes[_i].name, sv_str(shapes[_i].text));
	ck_sv(src.format, sv_str(shapes[_i].format));
	ck_sv(src.form, sv_str(shapes[_i].form));
	ck_sv(counts(), sv_str(shapes[_i].counts));
	ck_assert(sv_null(src.damaged));
	check_reason(shapes[_i].reason);
}
END_TEST

/* In memory the same bytes of the same name are the same input; without a time
 * in the name they were taken now. */
START_TEST(shape_in_memory)
{
	err = (struct err)ERR_INIT;
	ck_assert_msg(ingest_bytes(&g, shapes[_i].name,
	    sv_str(shapes[_i].text), &a, &src, &err) == INGEST_DONE, "%s",
	    err.msg);
	ck_assert(source_balances(&src) && sv_null(src.damaged));
	ck_sv(src.format, sv_str(shapes[_i].format));
	ck_sv(src.form, sv_str(shapes[_i].form));
	ck_sv(counts(), sv_str(shapes[_i].counts));
	check_reason(shapes[_i].reason);
	ck_assert(src.arrived == 42 || sv_has(sv_str(shapes[_i].name),
	    SV("20260612T")));
}
END_TEST

static const struct {
	const char *name, *text, *damaged; /* NULL: it is not */
} broken[] = {
	{ "t.csv", "a,b\n1,2\n3,4\n", NULL },
	{ "t.csv", "a,b\n1,2\n3,4", "row-cut: the last row has no line end" },
	{ "t.csv", "a,b\n1,2\n3", "row-cut: the last row has no line end" },
	{ "t.csv", "a,b\n1,2\n3,\"4\n", "row-cut: the last row has no line end" },
	{ "t.csv", "a,b\n1,\"2\n3,4\n", NULL }, /* goes on behind it */
	{ "t.csv", "a,b\n1,2\n3\n", NULL }, /* a row that is bad, no cut */
	{ "t.csv", "a,b\n", NULL },
	{ "t.csv", "a,b", "row-cut: the last row has no line end" },
	{ "t.csv", "", NULL },
	{ "t.table", " a | b \n---+---\n 1 | 2\n(1 row)\n", NULL },
	{ "t.table", " a | b \n---+---\n 1 | 2",
	    "row-cut: the last row has no line end" },
	{ "sentry-events.json", "[]", NULL },
	{ "sentry-events.json", "[", "json-open: the array is never closed" },
	{ "sentry-events.json", "{\"eventID\":\"1\"}\n{\"event",
	    "json-cut: the last item has no end" },
	{ "sentry-events.json", "{\"eventID\":\"1\"}\n{\"event\n", NULL },
};

START_TEST(broken_off)
{
	ingest(broken[_i].name, sv_str(broken[_i].text));
	if (broken[_i].damaged)
		ck_sv(src.damaged, sv_str(broken[_i].damaged));
	else
		ck_assert(sv_null(src.damaged));
}
END_TEST

START_TEST(nul_bytes)
{
	ingest("a.log", SV(LINE T0 "app[web.1]: a\0b\n\0\n"));
	ck_sv_lit(counts(), "3 3 0 0 102");
	ck_assert(sv_has(buf_sv(&keeper.text), SV("\"a\\\\x00b\\u000a\\\\x00\"")));
}
END_TEST

/* Places are those of the bytes: line and offset of each record and reject. */
START_TEST(places)
{
	ingest("t.csv", SV("\xef\xbb\xbf" "a,\"b c\"\n1,\"x\ny\"\n\n1\n3,4\n"));
	ck_assert(sv_has(buf_sv(&keeper.text), SV("\"line\":2,\"byte\":11")));
	ck_assert(sv_has(buf_sv(&keeper.text), SV("\"line\":5,\"byte\":20")));
	ck_assert(sv_has(buf_sv(&keeper.text), SV("\"line\":6,\"byte\":22")));
	ingest("a.log", SV("\n" FRAME "x" FRAME));
	ck_sv(src.format, SV("drain-frames"));
	ingest("a.log", SV(FRAME "\n" FRAME));
	ck_assert(sv_has(buf_sv(&keeper.text), SV("\"line\":2,\"byte\":63")));
}
END_TEST

START_TEST(duplicates_balance)
{
	keeper.dup_each = 2;
	ingest("a.log", SV(LINE LINE LINE));
	ck_assert(src.stored == 2 && src.duplicates == 1);
}
END_TEST

START_TEST(dry_run)
{
	g.sink = NULL;
	ingest("a.log", SV("x\n" LINE));
	ck_sv_lit(counts(), "2 1 1 0 53");
}
END_TEST

static const struct {
	const char *name, *text, *why;
} refused[] = {
	{ "t.csv", "a,b,a\n1,2,3\n", "column 3 repeats column 1" },
	{ "t.csv", "a,,b\n1,2,3\n", "column 2 is empty" },
	{ "t.csv", "\na,b\n", "no list of column names" },
	{ "t.csv", "\"a\nb", "no list of column names" },
	{ "waitlist_signups.csv", "id,email\n",
	    "no columns 'created_at', 'origin'" },
};

START_TEST(bad_header)
{
	ck_assert_int_eq(ingest_file(refused[_i].name, sv_str(refused[_i].text)),
	    INGEST_BAD_INPUT);
	ck_assert_int_eq(err.status, ST_FAIL);
	ck_assert_msg(strstr(err.msg, refused[_i].why) != NULL, "%s", err.msg);
	ck_assert_uint_eq(keeper.text.n, 0);
	ck_assert(keeper.cancelled);
}
END_TEST

START_TEST(what_cannot_be_read)
{
	ck_assert_int_eq(ingest_input(&g, folder, &a, &src, &err),
	    INGEST_BAD_INPUT);
	ck_assert_ptr_nonnull(strstr(err.msg, "is a directory"));
	err = (struct err)ERR_INIT;
	ck_assert_int_eq(ingest_input(&g, "/tmp/raxx-no-such-file", &a, &src,
	    &err), INGEST_BAD_INPUT);
}
END_TEST

START_TEST(full_sink)
{
	keeper.fail_at = 2;
	ck_assert_int_eq(ingest_file("a.log", SV(LINE LINE LINE)),
	    INGEST_BAD_SINK);
	ck_assert(keeper.cancelled);
	ck_assert_str_eq(err.msg, "the sink is full");
}
END_TEST

/* Secrets in what is rejected. */
static const struct {
	const char *name, *text;
} secrets[] = {
	{ "a.log", "password=m4rker\n" LINE },
	{ "a.log", "GET /api/beta/preview/m4rker\n" LINE },
	{ "a.log", "postgres://u:m4rker@h/d\n" },
	{ "t.csv", "id,api_key\n1\n1,m4rker,2\n" },
	{ "t.csv", "id,api_key\n1,\"m4rker\n" },
	{ "t.csv", "id,api_key\n1,\"m4rker\"x\n" },
	{ "t.csv", "id,api_key,ts\n1,m4rker,x\n" },
	{ "t.csv", "id,name,ts\n1,m4rker,token=m4rker\n" },
	{ "a.log", "\xff\xfepassword=m4rker" },
	/* config vars among items of another shape */
	{ "a.json", "[{\"command\":\"x\",\"id\":\"f1\",\"quantity\":2,"
	    "\"size\":\"standard-1X\",\"type\":\"web\"},"
	    "{\"COLOUR\":\"m4rker\",\"SHADE\":\"m4rker\"}]" },
};

START_TEST(rejects_hold_no_secrets)
{
	sv text;

	ingest(secrets[_i].name, sv_str(secrets[_i].text));
	text = buf_sv(&keeper.text);
	ck_assert(src.rejected > 0);
	if (sv_has(sv_str(secrets[_i].text), SV(",name,"))) {
		ck_assert(!sv_has(text, SV("got 'token=m4rker'")));
		return;
	}
	ck_assert(!sv_has(text, SV("m4rker")));
	ck_assert(sv_has(text, SV(":")));
}
END_TEST

/* A cut between the ends of a long reject parts no secret from its key. */
START_TEST(long_rejects)
{
	struct buf b = BUF_INIT;

	while (b.n < 4096 - 4)
		buf_byte(&b, 'x');
	buf_lit(&b, " password=");
	while (b.n < 9000)
		buf_lit(&b, "m4rker");
	buf_lit(&b, " end\n" LINE);
	ingest("a.log", buf_sv(&b));
	ck_sv(src.format, SV("heroku-text"));
	ck_assert_uint_eq(src.rejected, 1);
	ck_assert(!sv_has(buf_sv(&keeper.text), SV("m4rker")));
	ck_assert(sv_has(buf_sv(&keeper.text), SV(" end\"")));
	buf_release(&b);
}
END_TEST

/* gzip */

static void
put_member(struct buf *b, sv text)
{
	z_stream z = { 0 };
	uint8_t out[1 << 14];

	ck_assert_int_eq(deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 8,
	    Z_DEFAULT_STRATEGY), Z_OK);
	z.next_in = (const Bytef *)text.p;
	z.avail_in = (uInt)text.n;
	z.next_out = out;
	z.avail_out = sizeof(out);
	ck_assert_int_eq(deflate(&z, Z_FINISH), Z_STREAM_END);
	buf_mem(b, out, z.total_out);
	deflateEnd(&z);
}

static const struct {
	const char *name, *one, *two, *tail;
	size_t ntail;
	int flip;
	const char *counts, *damage;
} zipped[] = {
	{ "a.gz", LINE LINE, NULL, NULL, 0, 0, "2 2 0 0 102", NULL },
	{ "a.log", LINE, LINE, NULL, 0, 0, "2 2 0 0 102", NULL },
	{ "a.gz", LINE T0 "app[we", "b.1]: x\n" LINE, NULL, 0, 0,
	    "3 3 0 0 149", NULL },
	{ "a.gz", LINE, NULL, "\0\0\0", 3, 0, "1 1 0 0 51", NULL },
	{ "a.gz", LINE, NULL, "garbage", 7, 0, "2 1 1 0 51", NULL },
	{ "a.gz", T0 "app[web.1]: no newline", NULL, "garbage", 7, 0,
	    "2 1 1 0 55", NULL },
	{ "a.gz", LINE LINE, NULL, NULL, 0, 6, "2 2 0 0 102", "gzip-crc" },
	{ "a.gz", LINE LINE, NULL, NULL, 0, 2, "2 2 0 0 102", "gzip-length" },
	{ "a.gz", T0 "app[web.1]: no newline", NULL, NULL, 0, 6, "1 1 0 0 55",
	    "gzip-crc" },
	{ "t.csv.gz", "a,b\n1,2\n", NULL, NULL, 0, 0, "1 1 0 0 8", NULL },
};

START_TEST(gzip)
{
	struct buf b = BUF_INIT;

	put_member(&b, sv_str(zipped[_i].one));
	if (zipped[_i].two)
		put_member(&b, sv_str(zipped[_i].two));
	buf_mem(&b, zipped[_i].tail, zipped[_i].ntail);
	if (zipped[_i].flip)
		b.p[b.n - (size_t)zipped[_i].flip] ^= 1;
	ingest(zipped[_i].name, buf_sv(&b));
	ck_sv(counts(), sv_str(zipped[_i].counts));
	ck_assert(sv_null(src.damaged) == (zipped[_i].damage == NULL));
	ck_assert(sv_starts(src.damaged, sv_str(zipped[_i].damage)));
	buf_release(&b);
}
END_TEST

START_TEST(text_named_gz)
{
	ingest("a.gz", SV(LINE));
	ck_sv_lit(counts(), "1 1 0 0 51");
}
END_TEST

static const char *const cut_texts[][2] = {
	{ "a.gz", T0 "app[web.1]: one two\n" LINE LINE T0 "app[web.2]: x y z\n" },
	{ "a.gz", FRAME FRAME FRAME },
	{ "t.csv.gz", "a,b\n1,2\n3,4\n5,\"six\nseven\"\n8,9\n" },
};

/* Cut at every byte: what is stored is a beginning of what the whole gives, a
 * stump is a reject, and nothing is lost without a word. */
START_TEST(gzip_cut_anywhere)
{
	struct buf b = BUF_INIT, whole = BUF_INIT;
	uint64_t most = 0;

	g.taken = 42;
	put_member(&b, sv_str(cut_texts[_i][1]));
	ingest(cut_texts[_i][0], buf_sv(&b));
	buf_add(&whole, buf_sv(&keeper.text));
	for (size_t cut = 2; cut < b.n; cut++) {
		enum ingest_end end = ingest_file(cut_texts[_i][0],
		    sv_take(buf_sv(&b), cut));
		sv text = buf_sv(&keeper.text);
		size_t n = sv_find(text, SV("{\"kind\":\"reject\""));

		if (end == INGEST_BAD_INPUT) /* not even a header */
			continue;
		/* half a head of the next frame may cost the one before it */
		ck_assert(!sv_null(src.damaged) && src.stored + 1 >= most);
		most = src.stored;
		n = n < text.n ? n : sv_find(text, SV("{\"kind\":\"input_end\""));
		ck_assert(sv_starts(buf_sv(&whole), sv_take(text, n)));
	}
	ck_assert_uint_gt(most, 1);
	buf_release(&b);
	buf_release(&whole);
}
END_TEST

/* Long lines and rows: too long is one reject, and the neighbours stay. */
static void
fill(struct buf *b, const char *start, const char *end)
{
	buf_str(b, start);
	memset(buf_reserve(b, FEED_LINE_MAX), 'x', FEED_LINE_MAX);
	b->n += FEED_LINE_MAX;
	buf_str(b, end);
}

static const struct {
	const char *name, *start, *end, *counts, *reason;
} longs[] = {
	{ "a.log", LINE T0 "app[web.1]: ", "\n" LINE, "3 2 1 0 16777364",
	    "line-too-long" },
	{ "a.log", LINE T0 "app[web.1]: ", "", "2 1 1 0 16777312",
	    "line-too-long" },
	{ "t.csv", "a,b\n1,2\n3,", "\n4,5\n", "3 2 1 0 16777231",
	    "line-too-long" },
	{ "t.csv", "a,b\n1,2\n3,\"", "\n4,5\n", "3 2 1 0 16777232",
	    "line-too-long" },
	{ "t.csv", "a,b\n1,\"2\n3,4\n5,", "\n6,7\n", "4 2 2 0 16777236",
	    "csv-open-quote" },
	{ ".env", "A=1\nB=2\nC=", "\nD=3\n", "4 3 1 0 16777231",
	    "line-too-long" },
	{ "t.txt", " a | b \n---+---\n 1 | 2\n 3 | ", "\n 4 | 5\n",
	    "4 2 1 1 16777252", "line-too-long" },
};

/* What came first is shown first, however long it waited for a next line. */
static void
check_order(void)
{
	const sv key = SV("\"line\":");
	sv rest = buf_sv(&keeper.text);
	uint64_t line = 0, last = 0;

	for (size_t at; (at = sv_find(rest, key)) < rest.n; last = line) {
		rest = sv_skip(rest, at + key.n);
		ck_assert(sv_to_u64(sv_take(rest, sv_find_byte(rest, ',')),
		    &line));
		ck_assert_uint_gt(line, last);
	}
}

START_TEST(too_long)
{
	struct buf b = BUF_INIT;

	fill(&b, longs[_i].start, longs[_i].end);
	ingest(longs[_i].name, buf_sv(&b));
	ck_sv(counts(), sv_str(longs[_i].counts));
	check_reason(longs[_i].reason);
	check_order();
	ck_assert_uint_lt(keeper.text.n, 20000);
	buf_release(&b);
}
END_TEST

START_TEST(header_without_end)
{
	struct buf b = BUF_INIT;

	fill(&b, "", "");
	ck_assert_int_eq(ingest_file("t.csv", buf_sv(&b)), INGEST_BAD_INPUT);
	buf_release(&b);
}
END_TEST

/* A quote that is never closed, in a file of many rows, costs little. */
START_TEST(open_quote_in_a_large_file)
{
	struct buf b = BUF_INIT;

	buf_lit(&b, "a,b\n1,\"x\n");
	for (int i = 0; i < 5000000; i++)
		buf_lit(&b, "12345,6\n");
	g.sink = NULL;
	ingest("t.csv", buf_sv(&b));
	ck_assert(src.stored == 5000000 && src.rejected == 1);
	buf_release(&b);
}
END_TEST

/* A row of a table that goes on for more lines than one may have is refused up
 * to there, and so is what goes on with it. */
START_TEST(table_row_without_end)
{
	struct buf b = BUF_INIT;

	buf_lit(&b, " a | b \n---+---\n 1 | 2\n 3 | x+\n");
	while (b.n < 2 * FEED_LINE_MAX + FEED_LINE_MAX / 2)
		buf_lit(&b, "   | x+\n");
	ingest("t.txt", buf_sv(&b));
	ck_sv_lit(sv_take(counts(), 7), "5 2 2 1");
	check_reason("line-too-long");
	buf_release(&b);
}
END_TEST

/* Forms and spans. */

static void
put_lines(struct buf *b, int n, int step)
{
	for (int i = 0; i < n; i++)
		buf_printf(b, "2026-06-12T%02d:%02d:%02d+00:00 app[web.1]: %d\n",
		    i * step / 3600 % 24, i * step / 60 % 60, i * step % 60, i);
}

#define PULL "api.heroku-logs.20260612T130500Z.log"

static const struct {
	const char *name;
	int lines, step;
	int64_t taken; /* minutes of the day; -1: not stated */
	const char *form;
	bool head_cut;
	size_t spans;
	int64_t stop;  /* of the last span, seconds of the day */
} forms[] = {
	{ "a.log", 1499, 1, -1, "pull", false, 1, 1498 },
	{ "a.log", 1500, 1, -1, "pull", true, 1, 1499 },
	{ "a.log", 1501, 1, -1, "stream", false, 1, 1500 },
	{ "a.log", 1499, 1, 30, "pull", false, 1, 1800 },
	{ "a.log", 1499, 1, 20, "pull", false, 1, 1498 },
	{ "a.log", 1499, 1, 60, "pull", false, 1, 1498 + 900 },
	{ PULL, 1501, 1, -1, "pull", true, 1, 1500 + 900 },
	{ PULL, 2, 3600 * 13 + 200, -1, "pull", false, 1, 13 * 3600 + 300 },
	{ "a.log", 2, 3600, -1, "pull", false, 1, 3600 },
	{ "api.drain.x.log", 2, 3600, -1, "drain", false, 2, 3600 },
	{ "api.drain.x.log", 3, 900, 600, "drain", false, 1, 1800 },
};

START_TEST(form)
{
	int64_t day = utc_days(2026, 6, 12) * UTC_DAY;
	struct buf b = BUF_INIT;

	if (forms[_i].taken >= 0)
		g.taken = day + forms[_i].taken * UTC_MINUTE;
	put_lines(&b, forms[_i].lines, forms[_i].step);
	ingest(forms[_i].name, buf_sv(&b));
	ck_sv(src.form, sv_str(forms[_i].form));
	ck_assert_uint_eq(src.nspans, forms[_i].spans);
	ck_assert_int_eq(src.span[0].head_cut, forms[_i].head_cut);
	ck_assert(src.span[0].start == day);
	ck_assert_int_eq((src.span[src.nspans - 1].stop - day) / UTC_SECOND,
	    forms[_i].stop);
	ck_assert_uint_eq(src.span[0].lines, (uint64_t)forms[_i].lines);
	ck_assert(sv_null(src.app) == sv_is(sv_str(forms[_i].name), "a.log"));
	buf_release(&b);
}
END_TEST

START_TEST(options_win)
{
	const struct format *forced = format_find(SV("rfc5424"));

	g.app = SV("other");
	g.table = SV("waitlist_signups");
	ingest("api.drain.x.log", SV("id,created_at,email,origin\n"));
	ck_sv_lit(src.app, "other");
	ck_sv_lit(src.dump, "waitlist_signups");
	ck_sv_lit(src.form, "dump");
	ingest("x", SV(""));
	ck_sv_lit(src.dump, "waitlist_signups");
	g.format = forced;
	ingest("x", SV(LINE));
	ck_sv_lit(counts(), "1 0 1 0 51");
}
END_TEST

/* Pipes. */

/* Reads the text as standard input. */
static sv
from_pipe(sv text, size_t step)
{
	keeper_feed(text, 0, step);
	buf_clear(&keeper.text);
	ck_assert_msg(ingest_input(&g, "-", &a, &src, &err) == INGEST_DONE,
	    "%s", err.msg);
	ck_assert(src.arrived == 42 && source_balances(&src));
	return arena_sv(&a, buf_sv(&keeper.text));
}

static const char *const streams[] = {
	"", "x", LINE, LINE LINE "\r\n" LINE "x", "\xef\xbb\xbf" LINE LINE,
	"\n\nTraceback\n  File\n" LINE "  x\n" LINE, "what\nis this\n",
	"\xff\xfe" "a\0b\0", "\x1b[31m" LINE,
	FRAME FRAME "\n" FRAME, FRAME "garbage\n" FRAME, DATED "\n" DATED "\n\n",
	"id,name,created_at\n1,\"a\nb\",\n2\n3,\"open\n4,x,\n",
	"\xef\xbb\xbfid;name;note\r\n1;a;\r\n\r\n2;b;c\r\n",
	"id,name,x\n" LINE "1,2,3\n",
};

START_TEST(chunks_do_not_matter)
{
	sv text = sv_str(streams[_i]), whole = from_pipe(text, text.n);

	for (size_t step = 1; step <= 17; step++)
		ck_sv(from_pipe(text, step), whole);
}
END_TEST

static void
count_rejects(void *ctx, const struct source *s, const struct reject *j)
{
	ck_assert(s == &src && j->reason != NULL);
	++*(int *)ctx;
}

static void
count_formats(void *ctx, const struct source *s)
{
	ck_assert(s == &src && s->why[0]);
	*(int *)ctx += 100;
}

START_TEST(callbacks)
{
	int n = 0;

	g.on_reject = count_rejects;
	g.on_format = count_formats;
	g.ctx = &n;
	ingest("a.log", SV("x\ny\n" LINE));
	ck_assert_int_eq(n, 102);
}
END_TEST

/* What the caller knows of a CSV file wins over what its header looks like. */
START_TEST(stated_delimiter_and_null)
{
	sv text = SV("a;x|b;y|c\n1;2|\\N|\n");

	g.delim = '|';
	g.null_text = SV("\\N");
	ingest("t.csv", text);
	ck_sv_lit(counts(), "1 1 0 0 18");
	ck_assert(sv_has(buf_sv(&keeper.text), SV("{\"a;x\":\"1;2\","
	    "\"b;y\":null,\"c\":\"\"}")));
	g.delim = 0;
	g.null_text = SV_NULL;
	ingest("t.csv", text);
	ck_sv_lit(counts(), "1 0 1 0 18");
}
END_TEST

/* The view alone says nothing of the time: the dump's is taken. */
START_TEST(statistics_without_time)
{
	g.taken = INT64_C(1781269331000000);
	ingest("pg_stat_statements.csv", SV("userid,dbid,queryid,query,calls,"
	    "total_time\n10,5,-7,SELECT $1,3,1.5\n"));
	ck_sv_lit(counts(), "1 1 0 0 67");
	ck_assert(sv_has(buf_sv(&keeper.text),
	    SV("\"ts\":\"2026-06-12T13:02:11.000000Z\"")));
	ck_assert(sv_has(buf_sv(&keeper.text),
	    SV("\"queryid\":\"-7\"")));
}
END_TEST

/* Lines of every kind of join, some in each other's way, and what is no line. */
static void
put_medley(struct buf *b, unsigned i)
{
	static const char *const messages[] = {
		"heroku[router]: at=info method=GET path=\"/a\" host=h "
		    "request_id=r fwd=\"8.8.8.8\" dyno=web.1 connect=1ms "
		    "service=2ms status=200 bytes=3 protocol=https",
		"heroku[router]: at=info method=GET path=\"/b\" host=h "
		    "request_id=r fwd=\"8.8.8.8, 9.9.9.9\" dyno=web.1 "
		    "connect=1ms service=2ms status=200 bytes=3 "
		    "protocol=https tls=true tls_version=tls1.3",
		"heroku[router]: at=info method=GET path=\"/broken",
		"app[web.1]: {\"level\":\"info\",\"token\":\"abc123\"}",
		"app[web.1]: text", "app[web.1]: Traceback (most recent call last):",
		"app[web.1]:   File \"a.py\", line 1, in f", "app[web.1]:     x()",
		"app[web.1]: KeyError: 'x'", "app[web.2]: other",
		"app[web.1]: -----BEGIN RSA PRIVATE KEY-----",
		"app[web.1]: MIIEpAIBAAKCAQEA", "app[web.1]: MIIEpAIBAAKCAQEB",
		"app[web.1]: -----END RSA PRIVATE KEY-----",
		"app[api]: Starting process with command `a", "app[api]: b` by c@d.e",
		"heroku[web.1]: State changed from up to down",
	};

	if (i % 29 == 3)
		buf_str(b, "a line without a header");
	else if (i % 31 == 5)
		buf_str(b, i % 2 ? "" : " \t");
	else if (i % 37 == 7)
		buf_str(b, "2026-13-45T99:99:99+00:00 app[web.1]: bad time");
	else
		buf_printf(b, "2026-06-12T13:%02u:%02u.%06u+00:00 %s",
		    i / 2000 % 60, i / 40 % 60, i / 3 % 1000000,
		    messages[(i / 64 % 2 ? i : i * 7) % countof(messages)]);
	if (i % 997 == 500) /* fills a chunk of log-shuttle */
		buf_printf(b, "%9940s", "cut");
	buf_str(b, i % 11 ? "\n" : "\r\n");
}

/* Lines of a file are read ahead, of a pipe in turn: that does not show, nor by
 * how many threads. */
START_TEST(read_ahead_or_in_turn)
{
	const char *name = "raxx-api-prod.drain.20260612T130000Z.log";
	struct buf log = BUF_INIT, want = BUF_INIT;
	struct source in_turn;

	for (unsigned i = 0; i < 20000; i++)
		put_medley(&log, i + (unsigned)_i * 12345);
	buf_str(&log, "2026-06-12T15:00:00+00:00 app[web.1]: no end");
	buf_clear(&keeper.text);
	write_file(name, SV(""));
	ck_assert(ingest_bytes(&g, path, buf_sv(&log), &a, &in_turn, &err) ==
	    INGEST_DONE);
	buf_add(&want, buf_sv(&keeper.text));
	ck_assert(in_turn.rejected > 0 && in_turn.note[NOTE_JOINED] > 0);
	for (g.threads = 1; g.threads <= 2; g.threads++) {
		ingest(name, buf_sv(&log));
		ck_assert(sv_eq(buf_sv(&keeper.text), buf_sv(&want)));
		ck_assert(memcmp(src.note, in_turn.note, sizeof(src.note)) ==
		    0);
	}
	buf_release(&log);
	buf_release(&want);
}
END_TEST

/* As if its records were seen, but for secrets, which nobody looked for. */
static void
check_counts(const struct source *want)
{
	ck_assert_uint_eq(src.read, want->read);
	ck_assert_uint_eq(src.stored, want->stored);
	ck_assert_uint_eq(src.rejected, want->rejected);
	ck_assert_uint_eq(src.blank, want->blank);
	ck_assert_uint_eq(src.nspans, want->nspans);
	for (size_t i = 0; i < src.nspans; i++) {
		ck_assert_int_eq(src.span[i].start, want->span[i].start);
		ck_assert_int_eq(src.span[i].stop, want->span[i].stop);
		ck_assert_uint_eq(src.span[i].lines, want->span[i].lines);
	}
	for (int i = 0; i < NOTE_N; i++)
		ck_assert(i == NOTE_REDACTED || src.note[i] == want->note[i]);
}

/* Most lines are told briefly where nobody sees them. */
START_TEST(a_dry_run_counts_the_same)
{
	struct buf log = BUF_INIT;
	struct source want;

	for (unsigned i = 0; i < 20000; i++)
		put_medley(&log, i % 3000 < 1500 ? i + (unsigned)_i * 12345 :
		    i & 1);
	ingest("a.log", buf_sv(&log));
	want = src;
	g.sink = NULL;
	normal.unseen = true;
	for (g.threads = 1; g.threads <= 2; g.threads++) {
		ingest("a.log", buf_sv(&log));
		check_counts(&want);
	}
	normal.unseen = false;
	buf_release(&log);
}
END_TEST

/* What fails in one thread ends the other's work too. */
START_TEST(a_full_sink_ends_reading_ahead)
{
	struct buf log = BUF_INIT;

	for (unsigned i = 0; i < 20000; i++)
		put_medley(&log, i);
	keeper.fail_at = 1000;
	g.threads = 2;
	ck_assert(ingest_file("a.log", buf_sv(&log)) == INGEST_BAD_SINK);
	buf_release(&log);
}
END_TEST

Suite *
test_ingest(void)
{
	Suite *s = suite_create("ingest");
	TCase *tc = tcase_create("ingest");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_set_timeout(tc, 30);
	add_table(tc, shape, shapes);
	add_table(tc, shape_in_memory, shapes);
	tcase_add_loop_test(tc, broken_off, 0, (int)countof(broken));
	tcase_add_test(tc, nul_bytes);
	tcase_add_test(tc, places);
	tcase_add_test(tc, duplicates_balance);
	tcase_add_test(tc, dry_run);
	add_table(tc, bad_header, refused);
	tcase_add_test(tc, what_cannot_be_read);
	tcase_add_test(tc, full_sink);
	add_table(tc, rejects_hold_no_secrets, secrets);
	tcase_add_test(tc, long_rejects);
	add_table(tc, gzip, zipped);
	tcase_add_test(tc, text_named_gz);
	add_table(tc, gzip_cut_anywhere, cut_texts);
	add_table(tc, too_long, longs);
	tcase_add_test(tc, header_without_end);
	tcase_add_test(tc, open_quote_in_a_large_file);
	tcase_add_test(tc, table_row_without_end);
	add_table(tc, form, forms);
	tcase_add_test(tc, options_win);
	add_table(tc, chunks_do_not_matter, streams);
	tcase_add_test(tc, stated_delimiter_and_null);
	tcase_add_test(tc, statistics_without_time);
	tcase_add_test(tc, callbacks);
	tcase_add_loop_test(tc, read_ahead_or_in_turn, 0, 3);
	tcase_add_loop_test(tc, a_dry_run_counts_the_same, 0, 3);
	tcase_add_test(tc, a_full_sink_ends_reading_ahead);
	suite_add_tcase(s, tc);
	return s;
}
