/* SPDX-License-Identifier: MIT */
/*
 * role.h: inputs cut inside messages, in every order and way. What the store
 * holds then depends on the set of inputs alone, holds each line once, and the
 * text of each in some message.
 */
#include "store/role.h"

#include <stdio.h>

#include "store/db.h"
#include "test/ck.h"
#include "test/stock.h"

Suite *test_role(void);

static void
setup(void)
{
	stock_setup();
}

static void
teardown(void)
{
	stock_teardown();
}

#define AT(sec) "2026-06-12T13:00:" sec "+00:00 "
#define WEB(sec, text) AT(sec) "app[web.1]: " text "\n"
#define OTHER(sec, text) AT(sec) "app[worker.1]: " text "\n"
#define PG(sec, text) AT(sec) "app[postgres.7]: " text "\n"
#define RUN(sec, text) AT(sec) "heroku[web.1]: " text "\n"
#define PULL(n) "api.heroku-logs.20260612T13010" n "Z.log"
#define DRAIN "api.drain.20260612T125900Z.log"

#define X10 "xxxxxxxxxx"
#define X50 X10 X10 X10 X10 X10
#define X90 X50 X10 X10 X10 X10
#define X100 X50 X50
#define X500 X100 X100 X100 X100 X100
#define X900 X500 X100 X100 X100 X100
#define X1000 X500 X500
#define X9000 X1000 X1000 X1000 X1000 X1000 X1000 X1000 X1000 X1000
#define X9990 X9000 X900 X90

enum { SET = 4, ORDERS = 24 };

struct input {
	const char *name, *text;
};

#define T1 WEB("01.000100", "Traceback (most recent call last):")
#define T2 WEB("01.000200", "File \"/app/a.py\", line 3, in f")
#define T3 WEB("01.000300", "g(1)")
#define T4 WEB("01.000400", "ValueError: one")
#define T5 WEB("01.000500", \
    "During handling of the above exception, another exception occurred:")
#define T6 WEB("01.000600", "Traceback (most recent call last):")
#define T7 WEB("01.000700", "File \"/app/b.py\", line 4, in h")
#define T8 WEB("01.000800", "i(2)")
#define T9 WEB("01.000900", "KeyError: 'two'")
#define TEXT1 WEB("00.500000", "before")
#define TEXT2 OTHER("01.000450", "{\"evt\":\"login\",\"ok\":false}")
#define TEXT3 WEB("05.000000", "{\"evt\":\"behind\"}")

static const struct input tracebacks[SET] = {
	{ PULL("1"), TEXT1 T1 T2 T3 },
	{ PULL("2"), T3 T4 TEXT3 },
	{ PULL("3"), T2 T3 T4 },
	{ PULL("4"), TEXT1 T1 T2 T3 T4 TEXT3 },
};

/* No input has it all: what each has is in some message. */
static const struct input shards[SET] = {
	{ PULL("1"), T1 T2 T3 T4 TEXT2 T5 T6 T7 },
	{ PULL("2"), T6 T7 T8 T9 TEXT3 },
	{ PULL("3"), T3 T4 TEXT2 T5 T6 },
	{ PULL("4"), T8 T9 TEXT3 },
};

static const struct input chains[SET] = {
	{ PULL("1"), T6 T7 T8 T9 },
	{ PULL("2"), T1 T2 T3 T4 TEXT2 T5 T6 },
	{ PULL("3"), T1 T2 T3 T4 TEXT2 T5 T6 T7 T8 T9 TEXT3 },
	{ PULL("4"), T5 T6 T7 },
};

#define S0 WEB("00.900000", "before")
#define S1 WEB("02.000001", "{\"evt\":\"ab" X9990)
#define S2 WEB("02.000001", "y" X9000 X900 X90 "xxxxxxxxx")
#define S3 WEB("02.000001", "z\",\"n\":1}")
#define S4 WEB("02.000002", "after")

static const struct input splits[SET] = {
	{ PULL("1"), S0 S1 S2 },
	{ PULL("2"), S2 S3 S4 },
	{ PULL("3"), S3 S4 },
	{ PULL("4"), S0 S1 },
};

static const struct input whole_split[SET] = {
	{ PULL("1"), S2 S3 S4 },
	{ PULL("2"), S0 S1 },
	{ PULL("3"), S0 S1 S2 S3 S4 },
	{ DRAIN, "<190>1 2026-06-12T13:00:02.000002+00:00 host app web.1 - "
	    "after\n" },
};

/* The whole is of another kind than its first line. */
#define A1 WEB("03.000001", "192.0.2.9 - - [12/Jun/2026:13:00:03 +0000] " \
    "\"GET /z HTTP/1.1\" 200 12 \"-\" \"" X9000 X900 "xxxxxxxxxxxxxxxxxxxxxxxxxxx")
#define A2 WEB("03.000001", "curl/8\"")

static const struct input kinds[SET] = {
	{ PULL("1"), S0 A1 },
	{ PULL("2"), A2 TEXT3 },
	{ PULL("3"), S0 A1 A2 TEXT3 },
	{ PULL("4"), A1 },
};

#define P1 PG("03", "[DATABASE] [11-1] sql_error_code = 42601 ERROR:  syntax error")
#define P2 PG("03", "[DATABASE] [11-2] \tSELECT a,")
#define P3 PG("03", "[DATABASE] [11-3] \tb")
#define P4 PG("03", "[DATABASE] [11-4] \tFROM t;")

static const struct input chunks[SET] = {
	{ PULL("1"), S0 P1 P2 },
	{ PULL("2"), P2 P3 P4 TEXT3 },
	{ PULL("3"), P4 TEXT3 },
	{ PULL("4"), P1 P2 P3 },
};

#define C1 RUN("04.000001", "Starting process with command `sh -c 'a")
#define C2 RUN("04.000001", "b")
#define C3 RUN("04.000001", "c'`")

static const struct input commands[SET] = {
	{ PULL("1"), S0 C1 },
	{ PULL("2"), C3 TEXT3 },
	{ PULL("3"), C2 C3 TEXT3 },
	{ PULL("4"), C1 C2 C3 },
};

#define B1 WEB("04.000100", "first")
#define R1 AT("04.000200") "heroku[router]: at=info method=GET path=\"/\" " \
    "host=api.example request_id=abc fwd=\"192.0.2.1\" dyno=web.1 conn\n"
#define R2 "ect=0ms service=5ms stat\n"
#define R3 "us=200 bytes=7 protocol=https\n"

static const struct input bares[SET] = {
	{ PULL("1"), S0 B1 "second\n" R1 },
	{ PULL("2"), "second\nthird\n" R1 R2 },
	{ PULL("3"), B1 "second\nthird\n" R1 R2 R3 TEXT3 },
	{ PULL("4"), R2 R3 TEXT3 },
};

/* Two workers: a reader that does not see the first head gives its lines to the
 * other message. As long, but not the same. */
#define M1 WEB("06.000100", "Traceback (most recent call last):")
#define M2 WEB("06.000200", "File \"/app/m.py\", line 1, in m")
#define M3 WEB("06.000300", "Traceback (most recent call last):")
#define M4 WEB("06.000400", "m(1)")
#define M5 WEB("06.000500", "File \"/app/n.py\", line 2, in n")
#define M6 WEB("06.000600", "File \"/app/m.py\", line 3, in m2")
#define M7 WEB("06.000700", "n(2)")
#define M8 WEB("06.000800", "ValueError: of one")
#define M9 WEB("06.000900", "KeyError: 'of the other'")

static const struct input workers[SET] = {
	{ PULL("1"), M1 M2 M3 M4 M5 M6 M7 M8 M9 },
	{ PULL("2"), M2 M3 M4 M5 M6 M7 M8 M9 },
	{ PULL("3"), M3 M4 M5 M6 M7 M8 M9 TEXT3 },
	{ PULL("4"), M5 M6 M7 M8 },
};

#define K1 T1 T2 WEB("01.000300", "g(") "1, 2)\n"

static const struct input bare_inside[SET] = {
	{ PULL("1"), T1 T2 },
	{ PULL("2"), K1 T4 TEXT3 },
	{ PULL("3"), WEB("01.000300", "g(") "1, 2)\n" T4 },
	{ PULL("4"), K1 },
};

static const struct input *const sets[] = { tracebacks, shards, chains, splits,
	whole_split, kinds, chunks, commands, bares, bare_inside, workers };

/* The i-th order of four. */
static void
order(int i, int out[SET])
{
	int left[SET] = { 0, 1, 2, 3 };

	for (int n = SET, k = 0; n > 0; n--, k++) {
		int at = i % n;

		i /= n;
		out[k] = left[at];
		for (int j = at; j + 1 < n; j++)
			left[j] = left[j + 1];
	}
}

enum way { LOADERS, ONE_LOADER, PIPE, WAY_N };

/* Files written before, in this order. */
static struct store *
loaded(const char *const *name, size_t n, enum way way)
{
	struct store *st = stock_memory();

	if (way == ONE_LOADER)
		stock_load_files(st, name, n);
	else if (way == PIPE)
		stock_pipe(st, stock_ndjson(name, n));
	else
		for (size_t i = 0; i < n; i++)
			stock_load_files(st, &name[i], 1);
	stock_check(st);
	return st;
}

static sv
content_of(const char *const *name, size_t n, enum way way)
{
	struct store *st = loaded(name, n, way);
	sv out = stock_content(st);

	store_close(st);
	return out;
}

/* Contents are long: what is told is where they part. */
static void
check_same(sv got, sv want)
{
	size_t at = 0, from;

	while (at < got.n && at < want.n && got.p[at] == want.p[at])
		at++;
	from = at < 100 ? 0 : at - 100;
	ck_assert_msg(sv_eq(got, want), "got ...%.*s..., want ...%.*s...",
	    SV_ARG(sv_take(sv_skip(got, from), 300)),
	    SV_ARG(sv_take(sv_skip(want, from), 300)));
}

static void
write_set(const struct input *set, int i, const char *name[SET])
{
	int at[SET];

	order(i, at);
	for (int k = 0; k < SET; k++) {
		name[k] = set[at[k]].name;
		stock_write(name[k], sv_str(set[at[k]].text));
	}
}

START_TEST(order_does_not_matter)
{
	const char *name[SET];
	sv want;

	write_set(sets[_i], 0, name);
	want = content_of(name, SET, ONE_LOADER);
	for (int i = 1; i < ORDERS * WAY_N; i++) {
		write_set(sets[_i], i / WAY_N, name);
		check_same(content_of(name, SET, (enum way)(i % WAY_N)),
		    want);
	}
}
END_TEST

/* What stands there in the end: an expression and its value. */
static const struct {
	const struct input *set;
	const char *sql, *want;
} ends[] = {
	{ tracebacks, "SELECT group_concat(lines || payload) FROM app_events "
	    "WHERE lines > 1", "4traceback" },
	{ tracebacks, "SELECT count(*) FROM app_events", "3" },
	{ tracebacks, "SELECT group_concat(place || lines, ' ') FROM (SELECT * "
	    "FROM parts ORDER BY place)", "23 32 41" },
	/* the head of the second one knows more */
	{ shards, "SELECT group_concat(lines, ' ') FROM (SELECT * FROM "
	    "app_events WHERE joined = 'traceback' ORDER BY ts)", "7 4" },
	{ shards, "SELECT count(*) FROM app_events WHERE message LIKE '%two%'",
	    "1" },
	{ shards, "SELECT count(*) FROM app_events WHERE event = 'login'",
	    "1" },
	{ chains, "SELECT group_concat(lines, ' ') FROM app_events "
	    "WHERE joined = 'traceback'", "9" },
	{ chains, "SELECT count(*) FROM parts", "8" },
	{ splits, "SELECT group_concat(lines, ' ') FROM (SELECT * FROM "
	    "app_events WHERE joined = 'split' ORDER BY line)", "2 2" },
	{ splits, "SELECT count(*) FROM app_events WHERE message LIKE "
	    "'%\"n\":1}'", "1" },
	{ whole_split, "SELECT group_concat(payload || lines) FROM app_events "
	    "WHERE joined = 'split'", "json3" },
	{ kinds, "SELECT group_concat(joined || lines) FROM access_lines",
	    "split2" },
	{ kinds, "SELECT count(*) FROM app_events", "2" },
	{ chunks, "SELECT group_concat(joined || lines) FROM app_events "
	    "WHERE origin LIKE '%postgres%'", "chunk3" },
	{ chunks, "SELECT count(*) FROM app_events WHERE message LIKE "
	    "'%FROM t;'", "1" },
	{ commands, "SELECT group_concat(joined || lines) FROM platform_events",
	    "command3" },
	{ bares, "SELECT group_concat(message, '|') FROM app_events "
	    "WHERE lines > 1", "first\nsecond\nthird" },
	{ bares, "SELECT group_concat(status || lines) FROM requests", "2003" },
	{ bares, "SELECT count(*) FROM platform_events", "0" },
	{ bare_inside, "SELECT group_concat(lines) FROM app_events "
	    "WHERE lines > 1", "5" },
	{ bare_inside, "SELECT count(*) FROM parts", "4" },
};

START_TEST(the_longest_stays)
{
	const char *name[SET];
	struct store *st;

	write_set(ends[_i].set, 7, name);
	st = loaded(name, SET, LOADERS);
	ck_sv(stock_text(st, ends[_i].sql), sv_str(ends[_i].want));
	store_close(st);
}
END_TEST

/* Each line is seen from when an input that holds it arrived. */
START_TEST(as_of)
{
	const char *name[SET];
	struct err e = ERR_INIT;
	struct store *st;

	write_set(tracebacks, 7, name);
	st = loaded(name, SET, LOADERS);
	ck_assert(store_as_of(st, INT64_C(1781269261000000), &e)); /* 13:01:01 */
	ck_sv_lit(stock_text(st, "SELECT (SELECT count(*) FROM app_events) || "
	    "' ' || (SELECT group_concat(place, '') FROM (SELECT place FROM "
	    "parts ORDER BY place))"), "2 23");
	store_close(st);
}
END_TEST

/* A log of messages of all ways to be broken, cut at random. Each line has a
 * mark of its own. */

enum { LINES = 200, LINES_MAX = 320, PULLS = 5, CUTS = 12 };

struct log {
	uint64_t state; /* of the random numbers */
	int64_t us;
	bool mixed;     /* workers share a stream */
	size_t n;
	sv line[LINES_MAX];
};

static unsigned
pick(struct log *g, unsigned n)
{
	g->state = g->state * UINT64_C(6364136223846793005) +
	    UINT64_C(1442695040888963407);
	return (unsigned)(g->state >> 33) % n;
}

static void
put_bare(struct log *g)
{
	struct buf b = BUF_INIT;

	ck_assert_uint_lt(g->n, LINES_MAX);
	buf_printf(&b, "bare m%zum\n", g->n);
	g->line[g->n++] = arena_sv(&stock_arena, buf_sv(&b));
	buf_release(&b);
}

/* A line at the time of the log; '@' stands for its mark, '*' for bytes that
 * fill the message up to 10,000. */
static void
put(struct log *g, const char *origin, const char *text)
{
	struct buf b = BUF_INIT;
	size_t start;

	ck_assert_uint_lt(g->n, LINES_MAX);
	buf_printf(&b, "2026-06-12T13:%02d:%02d.%06d+00:00 %s: ",
	    (int)(g->us / 60000000 % 60), (int)(g->us / 1000000 % 60),
	    (int)(g->us % 1000000), origin);
	start = b.n;
	for (; *text; text++) {
		if (*text == '@')
			buf_printf(&b, "m%zum", g->n);
		else if (*text == '*')
			while (b.n - start < 10000)
				buf_byte(&b, 'x');
		else
			buf_byte(&b, *text);
	}
	buf_byte(&b, '\n');
	g->line[g->n++] = arena_sv(&stock_arena, buf_sv(&b));
	buf_release(&b);
}

/* Something of another origin may come between two lines. */
static void
step(struct log *g)
{
	g->us += 100;
	if (pick(g, 4) == 0)
		put(g, "app[worker.1]", "{\"evt\":\"between\",\"m\":\"@\"}");
}

static void
put_frames(struct log *g)
{
	put(g, "app[web.1]", "Traceback (most recent call last):");
	for (unsigned n = 1 + pick(g, 3); n; n--) {
		step(g);
		put(g, "app[web.1]", "File \"/app/@.py\", line 3, in f");
		step(g);
		put(g, "app[web.1]", "call(@)");
		if (pick(g, 8) == 0)
			put_bare(g);
	}
	step(g);
	put(g, "app[web.1]", "ValueError: @");
}

static void
put_traceback(struct log *g)
{
	put_frames(g);
	for (unsigned n = pick(g, 3); n; n--) {
		step(g);
		put(g, "app[web.1]", "During handling of the above exception, "
		    "another exception occurred:");
		step(g);
		put_frames(g);
	}
}

static void
put_mixed(struct log *g)
{
	static const char *const text[] = { "File \"/app/@.py\", line 9, in f",
		"call(@)", "ValueError: @", "Traceback (most recent call last):" };

	put(g, "app[web.1]", "Traceback (most recent call last):");
	g->us += 100;
	put(g, "app[web.1]", "Traceback (most recent call last):");
	for (unsigned n = 4 + pick(g, 8); n; n--) {
		g->us += 100;
		put(g, "app[web.1]", text[pick(g, 4)]);
	}
}

static void
put_split(struct log *g)
{
	put(g, "app[web.1]", "{\"evt\":\"long\",\"a\":\"@*");
	for (unsigned n = pick(g, 3); n; n--)
		put(g, "app[web.1]", "@*");
	if (pick(g, 3) == 0)
		put(g, "app[worker.1]", "{\"evt\":\"between\",\"m\":\"@\"}");
	put(g, "app[web.1]", "@\"}");
}

static void
put_chunks(struct log *g)
{
	unsigned last = 2 + pick(g, 3), number = 10 + (unsigned)g->n;
	char text[60];

	for (unsigned n = 1; n <= last; n++) {
		snprintf(text, sizeof(text), "[DATABASE] [%u-%u] \ttext @", number, n);
		put(g, "app[postgres.7]", text);
		step(g);
	}
}

static void
put_command(struct log *g)
{
	put(g, "heroku[run.1]", "Starting process with command `sh -c '@");
	for (unsigned n = 1 + pick(g, 3); n; n--)
		put(g, "heroku[run.1]", "echo @");
	put(g, "heroku[run.1]", "@'`");
}

static void
put_message(struct log *g)
{
	switch (pick(g, g->mixed ? 8 : 7)) {
	case 0:
		put_traceback(g);
		break;
	case 1:
		put_split(g);
		break;
	case 2:
		put_chunks(g);
		break;
	case 3:
		put_command(g);
		break;
	case 4:
		put(g, "app[web.1]", "level=info msg=@ n=1");
		break;
	case 7:
		put_mixed(g);
		break;
	default:
		put(g, "app[web.1]", "some text @");
		for (unsigned n = pick(g, 3); n; n--)
			put_bare(g);
	}
}

static void
make_log(struct log *g, int seed, bool mixed)
{
	*g = (struct log){ .state = (uint64_t)seed, .mixed = mixed };
	while (g->n < LINES) {
		put_message(g);
		g->us += pick(g, 2) ? 300 : 3000001;
	}
}

static const char *const pull[PULLS] = {
	PULL("1"), PULL("2"), PULL("3"), PULL("4"), PULL("5"),
};

/* Pulls of random lines that leave none out. */
static void
write_pulls(struct log *g)
{
	struct buf b = BUF_INIT;
	size_t stop = 0;

	for (unsigned i = 0; i < PULLS; i++) {
		unsigned back = i ? pick(g, 8) : 0;
		size_t start = stop > back ? stop - back : 0;

		stop += 1 + pick(g, 2 * LINES / PULLS);
		if (i == PULLS - 1 || stop > g->n)
			stop = g->n;
		if (start >= stop)
			start = stop - 1;
		/* What has no header behind nothing would be a reject. */
		while (sv_starts(g->line[start], SV("bare")))
			start--;
		buf_clear(&b);
		for (size_t k = start; k < stop; k++)
			buf_add(&b, g->line[k]);
		stock_write(pull[i], buf_sv(&b));
	}
	buf_release(&b);
}

static void
shuffle(struct log *g, const char *name[PULLS])
{
	memcpy(name, pull, sizeof(pull));
	for (unsigned i = PULLS; i > 1; i--) {
		unsigned k = pick(g, i);
		const char *swap = name[k];

		name[k] = name[i - 1];
		name[i - 1] = swap;
	}
}

static int64_t
records(struct store *st)
{
	struct buf b = BUF_INIT;
	int64_t n;

	buf_lit(&b, "SELECT 0");
	for (int k = REC_NONE + 1; k < REC_KIND_N; k++)
		buf_printf(&b, " + (SELECT count(*) FROM %s)",
		    rec_kinds[k].table);
	buf_byte(&b, '\0');
	n = stock_number(st, b.p);
	buf_release(&b);
	return n;
}

/* The mark of every line that has one is in the text of a message. */
static void
check_texts(const struct log *g, struct store *st)
{
	struct buf all = BUF_INIT, b = BUF_INIT;

	buf_add(&all, stock_text(st, "SELECT group_concat(m) FROM ("
	    "SELECT message AS m FROM app_events UNION ALL "
	    "SELECT message FROM platform_events)"));
	for (size_t i = 0; i < g->n; i++) {
		buf_clear(&b);
		buf_printf(&b, "m%zum", i);
		ck_assert_msg(!sv_has(g->line[i], buf_sv(&b)) ||
		    sv_has(buf_sv(&all), buf_sv(&b)), "%.*s",
		    SV_ARG(sv_take(g->line[i], 200)));
	}
	buf_release(&all);
	buf_release(&b);
}

static void
check_cuts(int seed, bool mixed)
{
	const char *name[PULLS];
	struct store *st;
	struct log g;
	sv want;

	make_log(&g, seed, mixed);
	write_pulls(&g);
	st = loaded(pull, PULLS, LOADERS);
	want = stock_content(st);
	ck_assert_int_eq(records(st), (int64_t)g.n);
	check_texts(&g, st);
	store_close(st);
	for (int i = 0; i < 4; i++) {
		shuffle(&g, name);
		check_same(content_of(name, PULLS, (enum way)(i % WAY_N)),
		    want);
	}
}

START_TEST(cut_at_random)
{
	check_cuts(_i, false);
}
END_TEST

START_TEST(cut_at_random_and_mixed)
{
	check_cuts(_i, true);
}
END_TEST

static const char messages_sql[] = "SELECT group_concat(m, char(10)) FROM "
    "(SELECT ts || ' ' || message AS m FROM app_events UNION ALL "
    "SELECT ts || ' ' || message FROM platform_events ORDER BY m)";

/* One input that has it all mends every cut. */
START_TEST(the_whole_log_mends_cuts)
{
	const char *all[PULLS + 1], *whole = PULL("6");
	struct buf b = BUF_INIT;
	struct store *st;
	struct log g;
	sv want;

	make_log(&g, 1000 + _i, false);
	write_pulls(&g);
	for (size_t i = 0; i < g.n; i++)
		buf_add(&b, g.line[i]);
	stock_write(whole, buf_sv(&b));
	buf_release(&b);
	st = loaded(&whole, 1, LOADERS);
	want = stock_text(st, messages_sql);
	store_close(st);
	shuffle(&g, all);
	all[PULLS] = all[_i % PULLS];
	all[_i % PULLS] = whole;
	st = loaded(all, PULLS + 1, LOADERS);
	check_same(stock_text(st, messages_sql), want);
	store_close(st);
}
END_TEST

Suite *
test_role(void)
{
	Suite *s = suite_create("role");
	TCase *t = tcase_create("role");

	tcase_set_timeout(t, 120);
	tcase_add_checked_fixture(t, setup, teardown);
	add_table(t, order_does_not_matter, sets);
	add_table(t, the_longest_stays, ends);
	tcase_add_test(t, as_of);
	tcase_add_loop_test(t, cut_at_random, 0, CUTS);
	tcase_add_loop_test(t, cut_at_random_and_mixed, 0, CUTS);
	tcase_add_loop_test(t, the_whole_log_mends_cuts, 0, CUTS);
	suite_add_tcase(s, t);
	return s;
}
