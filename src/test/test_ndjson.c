/* SPDX-License-Identifier: MIT */
#include "record/ndjson.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/utc.h"
#include "test/ck.h"

Suite *test_ndjson(void);

static struct arena a;
static struct buf b, again;
static struct rec r, back;
static struct reject j, reject_back;
static struct source src, src_back;
static const char *why;

static void
setup(void)
{
	src = (struct source){ .name = SV("a \"b\".log"), .app = SV("api"),
	    .arrived = 0 };
}

static void
teardown(void)
{
	buf_release(&b);
	buf_release(&again);
	arena_release(&a);
}

static enum ndjson_line
read_line(sv line)
{
	back = (struct rec){ .line = 77, .byte = 77 };
	src_back = (struct source){ 0 };
	return ndjson_read(&a, line, &back, &reject_back, &src_back, &why);
}

static const char *const samples[FIELD_TYPE_N][4] = {
	[F_STR] = { "x", "", "a\"\\\n\t", "\xe2\x80\xae<b>&\x7f" },
	[F_ANY] = { "/p?q=1", "\xf0\x9f\x92\xa9", "\\x00", "e\xcc\x81" },
	[F_TEXT] = { "t", " ", "null", "{}" },
	[F_JSON] = { "{}", "[1,\"\\u0000\"]", "{\"a\":null}", "[]" },
	[F_RID] = { "00112233-4455-6677-8899-aabbccddeeff", "R-1", "", "\x1b" },
};
static const int64_t numbers[] = { 0, 1, INT64_MAX, INT64_MIN + 1 };
static const double reals[] = { 0.5, -1e300, 5e-324, 12345678901 };
static const char *const ips[] = { "203.0.113.7", "2001:db8::1", "::1",
	"255.255.255.255" };

static void
put_sample(int field, enum field_type type, int n)
{
	struct ip ip;

	switch (type) {
	case F_INT:
		rec_put_i64(&r, field, numbers[n]);
		break;
	case F_BOOL:
		rec_put_i64(&r, field, n % 2);
		break;
	case F_TIME:
		rec_put_i64(&r, field, n * UTC_DAY + n);
		break;
	case F_REAL:
		rec_put_real(&r, field, reals[n]);
		break;
	case F_ADDR:
		ck_assert(ip_parse(sv_str(ips[n]), false, &ip));
		rec_put_ip(&r, field, ip);
		break;
	case F_STR:
	case F_ANY:
	case F_TEXT:
	case F_JSON:
	case F_RID:
	case FIELD_TYPE_N:
		rec_put_sv(&r, field, sv_str(samples[type][n]));
	}
}

/* A record with every field of its kind, every second or every third ... */
static void
make_rec(int kind, int n)
{
	rec_init(&r, (enum rec_kind)kind);
	r.ts = n ? n * UTC_DAY + 123456 : UTC_NONE;
	r.hash = UINT64_MAX / 3 * (uint64_t)n;
	r.line = (uint64_t)n + 1;
	r.byte = (uint64_t)n * 1000;
	for (int i = 0; i < rec_kinds[kind].nfields; i += n + 1)
		put_sample(i, rec_kinds[kind].field[i].type, n);
}

static void
same_value(enum field_type type, const struct value *x, const struct value *y)
{
	if (type == F_INT || type == F_BOOL || type == F_TIME)
		ck_assert_int_eq(x->u.num, y->u.num);
	else if (type == F_REAL)
		ck_assert(!(x->u.real < y->u.real || x->u.real > y->u.real));
	else if (type == F_ADDR)
		ck_assert_mem_eq(&x->u.ip, &y->u.ip, sizeof(x->u.ip));
	else
		ck_sv(x->text, y->text);
}

/* Writing and reading is identity, for every kind and field. */
START_TEST(round_trip)
{
	for (int n = 0; n < 4; n++) {
		make_rec(_i, n);
		buf_clear(&b);
		ndjson_rec(&b, &r, &src);
		ck_assert_uint_eq(sv_find_byte(buf_sv(&b), '\n'), b.n - 1);
		ck_assert_msg(read_line(buf_sv(&b)) == NDJSON_RECORD, "%s", why);
		ck_assert(back.kind == r.kind && back.ts == r.ts);
		ck_assert(back.line == r.line && back.byte == r.byte);
		ck_assert(back.hash == r.hash && back.set == r.set);
		ck_sv(src_back.name, src.name);
		for (int i = 0; i < rec_kinds[_i].nfields; i++)
			if (rec_has(&r, i))
				same_value(rec_kinds[_i].field[i].type, &r.v[i],
				    &back.v[i]);
	}
}
END_TEST

START_TEST(looks_like_this)
{
	rec_init(&r, REC_APP);
	r.ts = 0;
	r.hash = 0xab;
	r.line = 3;
	r.byte = 40;
	rec_put_sv(&r, APP_message, SV("hi"));
	rec_put_i64(&r, APP_ok, 1);
	ndjson_rec(&b, &r, &src);
	ck_sv_lit(buf_sv(&b), "{\"kind\":\"app\",\"ts\":"
	    "\"1970-01-01T00:00:00.000000Z\",\"app\":\"api\","
	    "\"id\":\"00000000000000ab\",\"src\":{\"source\":\"a \\\"b\\\".log\","
	    "\"line\":3,\"byte\":40},\"message\":\"hi\",\"ok\":true}\n");
}
END_TEST

START_TEST(rejects)
{
	j = (struct reject){ 4, 99, 12, "bad-time", SV("x\x1b"), SV("raw\\xff"),
	    0 };
	ndjson_reject(&b, &j, &src);
	ck_assert_int_eq(read_line(buf_sv(&b)), NDJSON_REJECT);
	ck_assert(reject_back.line == 4 && reject_back.byte == 99);
	ck_assert_uint_eq(reject_back.length, 12);
	ck_assert_str_eq(reject_back.reason, "bad-time");
	ck_sv(reject_back.detail, j.detail);
	ck_sv(reject_back.bytes, j.bytes);
	ndjson_reject(&again, &reject_back, &src_back);
	ck_sv(buf_sv(&again), buf_sv(&b));
}
END_TEST

START_TEST(inputs)
{
	static const struct span spans[] = { { 1, 2, 3, true }, { 4, 5, 0, false } };

	src.format = SV("csv");
	src.form = SV("dump");
	src.dump = SV("t");
	ndjson_begin(&b, &src);
	ck_assert_int_eq(read_line(buf_sv(&b)), NDJSON_BEGIN);
	ndjson_begin(&again, &src_back);
	ck_sv(buf_sv(&again), buf_sv(&b));
	src.format = SV_NULL; /* stays null, not "null" */
	src.arrived = UTC_NONE;
	src.bytes = 9;
	src.read = 8;
	src.stored = 1;
	src.duplicates = 2;
	src.rejected = 3;
	src.blank = 2;
	src.damaged = SV("gzip-crc");
	src.span = spans;
	src.nspans = 2;
	src.digest[31] = 0xfe;
	buf_clear(&b);
	buf_clear(&again);
	ndjson_end(&b, &src);
	ck_assert_int_eq(read_line(buf_sv(&b)), NDJSON_INPUT_END);
	ndjson_end(&again, &src_back);
	ck_sv(buf_sv(&again), buf_sv(&b));
}
END_TEST

#define HEX64 "0011223344556677001122334455667700112233445566770011223344556677"

static const struct {
	const char *line;
	int want;
} lines[] = {
	{ "", NDJSON_BAD }, { "{}", NDJSON_BAD }, { "[]", NDJSON_BAD },
	{ "{\"kind\":5}", NDJSON_BAD }, { "{\"kind\":\"x\"}", NDJSON_BAD },
	{ "{\"kind\":\"\"}", NDJSON_BAD }, { "{\"kind\":\"app\"", NDJSON_BAD },
	{ "{\"kind\":\"app\"}", NDJSON_RECORD },
	{ " {\"level\":\"x\", \"kind\":\"app\"} ", NDJSON_RECORD },
	{ "{\"kind\":\"app\",\"ts\":null,\"level\":null}", NDJSON_RECORD },
	{ "{\"kind\":\"app\",\"ts\":5}", NDJSON_BAD },
	{ "{\"kind\":\"app\",\"ts\":\"2026-02-30T00:00:00Z\"}", NDJSON_BAD },
	{ "{\"kind\":\"app\",\"ts\":\"2026-02-03T00:00:00Z \"}", NDJSON_BAD },
	{ "{\"kind\":\"app\",\"id\":\"00\"}", NDJSON_BAD },
	{ "{\"kind\":\"app\",\"id\":\"000000000000000g\"}", NDJSON_BAD },
	{ "{\"kind\":\"app\",\"src\":5}", NDJSON_BAD },
	{ "{\"kind\":\"app\",\"src\":{\"line\":-1}}", NDJSON_BAD },
	{ "{\"kind\":\"app\",\"src\":{\"source\":1}}", NDJSON_BAD },
	{ "{\"kind\":\"app\",\"src\":{}}", NDJSON_RECORD },
	{ "{\"kind\":\"app\",\"level\":5}", NDJSON_BAD },
	{ "{\"kind\":\"app\",\"ok\":\"true\"}", NDJSON_BAD },
	{ "{\"kind\":\"app\",\"ok\":1}", NDJSON_BAD },
	{ "{\"kind\":\"app\",\"payload\":1.5}", NDJSON_BAD },
	{ "{\"kind\":\"app\",\"payload\":9223372036854775808}", NDJSON_BAD },
	{ "{\"kind\":\"app\",\"client\":\"1.2.3\"}", NDJSON_BAD },
	{ "{\"kind\":\"app\",\"client\":7}", NDJSON_BAD },
	{ "{\"kind\":\"app\",\"fields\":{\"a\":\"\xff\"}}", NDJSON_BAD },
	{ "{\"kind\":\"app\",\"nosuch\":1}", NDJSON_BAD },
	{ "{\"kind\":\"pg_stat_statements\",\"calls\":1e400}", NDJSON_BAD },
	{ "{\"kind\":\"reject\"}", NDJSON_BAD },
	{ "{\"kind\":\"reject\",\"reason\":\"x\"}", NDJSON_REJECT },
	{ "{\"kind\":\"reject\",\"reason\":\"x\",\"length\":-1}", NDJSON_BAD },
	{ "{\"kind\":\"reject\",\"reason\":null}", NDJSON_BAD },
	{ "{\"kind\":\"reject\",\"reason\":\"x\",\"bytes\":1}", NDJSON_BAD },
	{ "{\"kind\":\"input\",\"name\":null}", NDJSON_BAD },
	{ "{\"kind\":\"input\",\"name\":\"x\",\"app\":5}", NDJSON_BAD },
	{ "{\"kind\":\"input\",\"name\":\"x\",\"app\":null}", NDJSON_BEGIN },
	{ "{\"kind\":\"input\"}", NDJSON_BAD },
	{ "{\"kind\":\"input\",\"name\":\"x\"}", NDJSON_BEGIN },
	{ "{\"kind\":\"input_end\",\"name\":\"x\"}", NDJSON_INPUT_END },
	{ "{\"kind\":\"input_end\",\"name\":\"x\",\"spans\":5}", NDJSON_INPUT_END },
	{ "{\"kind\":\"input_end\",\"name\":\"x\",\"spans\":{\"a\":1}}",
	    NDJSON_INPUT_END },
	{ "{\"kind\":\"input_end\",\"name\":\"x\",\"spans\":[1,[2],{}]}",
	    NDJSON_INPUT_END },
	{ "{\"kind\":\"input_end\",\"name\":\"x\",\"spans\":[{\"start\":1}]}",
	    NDJSON_BAD },
	{ "{\"kind\":\"input_end\",\"name\":\"x\",\"read\":-1}", NDJSON_BAD },
	{ "{\"kind\":\"input_end\",\"name\":\"x\",\"digest\":\"" HEX64 "\"}",
	    NDJSON_INPUT_END },
	{ "{\"kind\":\"input_end\",\"name\":\"x\",\"digest\":\"00\"}", NDJSON_BAD },
};

START_TEST(lines_of_others)
{
	int got = (int)read_line(sv_str(lines[_i].line));

	ck_assert_int_eq(got, lines[_i].want);
	ck_assert(got != NDJSON_BAD || why[0]);
}
END_TEST

/* A NUL would hide the rest of a text from SQL. */
START_TEST(text_of_others_is_cleaned)
{
	ck_assert_int_eq(read_line(SV("{\"kind\":\"app\",\"message\":"
	    "\"a\\u0000b\xff\",\"src\":{\"source\":\"\\u0000\"}}")),
	    NDJSON_RECORD);
	ck_sv_lit(rec_text(&back, APP_message), "a\\x00b\\xff");
	ck_sv_lit(src_back.name, "\\x00");
	ck_assert(back.line == 0 && back.byte == 0 && back.ts == UTC_NONE);
}
END_TEST

START_TEST(sink_writes_what_the_writers_write)
{
	char path[] = "/tmp/raxx-ndjson-XXXXXX", room[4096];
	int fd = mkstemp(path);
	struct err e = ERR_INIT;
	struct ndjson_sink s;
	bool dup = true;
	ssize_t n;

	ck_assert(fd >= 0);
	unlink(path);
	make_rec(REC_APP, 1);
	j = (struct reject){ 1, 2, 3, "r", SV(""), SV(""), 0 };
	ndjson_begin(&b, &src);
	ndjson_rec(&b, &r, &src);
	ndjson_reject(&b, &j, &src);
	ndjson_end(&b, &src);
	ndjson_sink_init(&s, fd);
	ck_assert(s.sink.ops->begin(&s.sink, &src, &e));
	ck_assert(s.sink.ops->record(&s.sink, &r, &dup, &e) && !dup);
	ck_assert(s.sink.ops->reject(&s.sink, &j, &e));
	ck_assert_int_eq(lseek(fd, 0, SEEK_END), 0);
	ck_assert(s.sink.ops->idle(&s.sink, &e));
	ck_assert_int_gt(lseek(fd, 0, SEEK_END), 0);
	ck_assert(s.sink.ops->end(&s.sink, &src, &e));
	n = pread(fd, room, sizeof(room), 0);
	ck_assert_int_gt(n, 0);
	ck_sv(sv_of(room, (size_t)n), buf_sv(&b));
	ndjson_sink_release(&s);
	close(fd);
}
END_TEST

START_TEST(sink_tells_a_failed_write)
{
	int fd = open("/dev/null", O_RDONLY);
	struct err e = ERR_INIT;
	struct ndjson_sink s;

	ndjson_sink_init(&s, fd);
	ck_assert(s.sink.ops->begin(&s.sink, &src, &e));
	ck_assert(!s.sink.ops->end(&s.sink, &src, &e));
	ck_assert_int_eq(e.status, ST_FAIL);
	ndjson_sink_release(&s);
	close(fd);
}
END_TEST

Suite *
test_ndjson(void)
{
	Suite *s = suite_create("ndjson");
	TCase *tc = tcase_create("ndjson");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, round_trip, REC_NONE + 1, REC_KIND_N);
	tcase_add_test(tc, looks_like_this);
	tcase_add_test(tc, rejects);
	tcase_add_test(tc, inputs);
	add_table(tc, lines_of_others, lines);
	tcase_add_test(tc, text_of_others_is_cleaned);
	tcase_add_test(tc, sink_writes_what_the_writers_write);
	tcase_add_test(tc, sink_tells_a_failed_write);
	suite_add_tcase(s, tc);
	return s;
}
