/* SPDX-License-Identifier: MIT */
#include "record/join.h"

#include "base/arena.h"
#include "base/utc.h"
#include "test/ck.h"

Suite *test_join(void);

/*
 * A case is a text of lines: "MICROSECONDS ORIGIN MESSAGE", or "=TEXT" for a
 * line without a header. A message "{N}text" is the text filled up with 'x' to
 * N bytes, with a blank as the last of them if it is "{N+}text". What comes out is one line for each: its number and message if it is
 * by itself ("1"), "2+3 split <text>" for a head of three, "3=2.2" for a part
 * (head, place), '!' behind what is broken. In texts '/' is a newline and
 * x*N a run of N x.
 */
struct world {
	struct arena mem;
	struct join_line line[4096];
	size_t n;
};

static sv
filled(struct arena *a, sv text)
{
	struct buf b = BUF_INIT;
	uint64_t n = 0;
	sv rest = text, size;
	bool blank;

	if (!sv_skip_lit(&rest, SV("{")))
		return text;
	size = sv_cut(&rest, '}');
	blank = sv_ends(size, SV("+"));
	size.n -= blank;
	if (!sv_to_u64(size, &n))
		return text;
	buf_add(&b, rest);
	while (b.n < n)
		buf_byte(&b, blank && b.n + 1 == n ? ' ' : 'x');
	text = arena_sv(a, buf_sv(&b));
	buf_release(&b);
	return text;
}

static void
add_case_line(struct world *w, sv text)
{
	struct join_line *l = &w->line[w->n];
	struct envelope *e = &l->env;
	uint64_t raw = 0;
	sv in;

	ck_assert(w->n < countof(w->line));
	*l = (struct join_line){ .line = ++w->n };
	l->bare = sv_skip_lit(&text, SV("="));
	if (!l->bare) {
		ck_assert(sv_to_i64(sv_cut(&text, ' '), &e->ts));
		e->ts += INT64_C(1780000000000001); /* no whole second */
		e->origin = in = sv_cut(&text, ' ');
		e->source = sv_cut(&in, '[');
		e->dyno = sv_cut(&in, ']');
		text = sv_null(text) ? SV("") : text;
	}
	if (sv_skip_lit(&text, SV("~")))
		ck_assert(sv_to_u64(sv_cut(&text, ' '), &raw));
	e->whole = filled(&w->mem, text);
	e->message = sv_trim(e->whole);
	e->raw = raw ? raw : e->whole.n;
}

static struct world *
world_open(const char *lines)
{
	static struct world w; /* each test has a process of its own, or ends */
	sv rest = sv_str(lines);

	arena_init(&w.mem);
	w.n = 0;
	while (rest.n)
		add_case_line(&w, sv_cut(&rest, '\n'));
	return &w;
}

static void
show_text(struct buf *b, sv text)
{
	size_t run;

	for (size_t i = 0; i < text.n; i++) {
		for (run = 0; i + run < text.n && text.p[i + run] == 'x';)
			run++;
		if (run > 20) {
			buf_printf(b, "x*%zu", run);
			i += run - 1;
		} else {
			buf_byte(b, text.p[i] == '\n' ? '/' : text.p[i]);
		}
	}
}

static void
show(struct buf *b, const struct joined *o)
{
	buf_printf(b, "%s%llu", b->n ? "\n" : "",
	    (unsigned long long)o->own->line);
	if (o->role == JOIN_PART)
		buf_printf(b, "=%llu.%u", (unsigned long long)o->head->line,
		    o->nth);
	if (o->role == JOIN_HEAD) {
		buf_printf(b, "+%u %s <", o->lines, join_how_name[o->how]);
		show_text(b, o->text);
		buf_byte(b, '>');
	}
	if (o->broken)
		buf_byte(b, '!');
}

static void
drain(struct join *j, enum join_flush flush, struct buf *out, uint64_t *n)
{
	struct joined o;

	while (join_next(j, flush, &o)) {
		ck_assert_uint_eq(o.own->line, ++*n);
		show(out, &o);
	}
}

/* How often join_next is called: after each line, or only at the end. */
static void
run(const struct world *w, bool bares, uint64_t every, struct buf *out)
{
	uint64_t n = 0;
	struct join j;

	join_init(&j, bares);
	for (size_t i = 0; i < w->n; i++) {
		join_add(&j, &w->line[i]);
		if (i % every == 0)
			drain(&j, JOIN_MORE, out, &n);
	}
	drain(&j, JOIN_END, out, &n);
	ck_assert_uint_eq(n, w->n);
	join_release(&j);
}

static void
check(const char *lines, const char *want)
{
	struct world *w = world_open(lines);
	bool bare = false;

	for (size_t i = 0; i < w->n; i++)
		bare |= w->line[i].bare;
	for (unsigned way = 0; way < 6; way++) {
		struct buf b = BUF_INIT;

		if (bare && way % 2 == 0)
			continue;
		run(w, way % 2, way < 2 ? 1 : way < 4 ? 3 : 1 << 20, &b);
		ck_sv(buf_sv(&b), sv_str(want));
		buf_release(&b);
	}
	arena_release(&w->mem);
}

#define W1 " app[web.1] "
#define OLD "-400000000000000" /* 2013 */
#define W2 " app[web.2] "
#define ROUTER " heroku[router] at=info status=200 bytes=3 protocol=https\n"

struct fixture {
	const char *lines, *want;
};

/* A blank at the cut that the text client took away, where only the start of an
 * object shows that there is more; a drain takes none. */
static const struct {
	const char *lines, *cli, *drain;
} trims[] = {
	{ "0" W1 "{9999}{\"a\":\"\n0" W1 "b\"}",
	    "1+2 split <{\"a\":\"x*9993b\"}>\n2=1.2", "1\n2" },
	{ "0" W1 "{10000}{\"a\":\"\n0" W1 "{9999}b\n0" W1 "c\"}",
	    "1+3 split <{\"a\":\"x*9994bx*9998c\"}>\n2=1.2\n3=1.3",
	    "1+2 split <{\"a\":\"x*9994bx*9998>\n2=1.2\n3" },
	/* the last chunk has this length, too */
	{ "0" W1 "{10000}a\n0" W1 "{9999}b\n0" W1 "c",
	    "1+2 split <ax*9999bx*9998>\n2=1.2\n3",
	    "1+2 split <ax*9999bx*9998>\n2=1.2\n3" },
	/* cut behind a bracket that closes another */
	{ "0" W1 "{9999}{\"a\":{\"b\":1}\n0" W1 "b\"}",
	    "1+2 split <{\"a\":{\"b\":1}x*9987b\"}>\n2=1.2", "1\n2" },
	{ "0" W1 "{9999}{\"a\":\"", "1!", "1" },
	{ "0" W1 "{9999}{\"a\":\"\n1" W1 "b\"}", "1!\n2", "1\n2" },
	{ "0" W1 "{9999}{\"a\":\"\n0" W1 "{\"evt\":\"x\"}", "1!\n2", "1\n2" },
	{ "0" W1 "{9983}{\"a\":\"\n0" W1 "b\"}", "1\n2", "1\n2" },
	{ "0" W1 "{9999}a\n0" W1 "b", "1\n2", "1\n2" },
	{ "0 heroku[web.1] {9999}{\"a\":\"\n0 heroku[web.1] b", "1\n2",
	    "1\n2" },
};

START_TEST(trimmed)
{
	struct world *w = world_open(trims[_i].lines);
	struct buf cli = BUF_INIT, drain = BUF_INIT;

	run(w, true, 1, &cli);
	ck_sv(buf_sv(&cli), sv_str(trims[_i].cli));
	run(w, false, 1, &drain);
	ck_sv(buf_sv(&drain), sv_str(trims[_i].drain));
	buf_release(&cli);
	buf_release(&drain);
	arena_release(&w->mem);
}
END_TEST

static const struct fixture splits[] = {
	/* colours were cut, too */
	{ "0" W1 "~10000 {9990}a\n0" W1 "b", "1+2 split <ax*9989b>\n2=1.2" },
	{ "0" W1 "{10000}a\n0" W1 "~10000 {9000}b\n0" W1 "c",
	    "1+3 split <ax*9999bx*8999c>\n2=1.2\n3=1.3" },
	{ "0" W1 "~10001 {9990}a\n0" W1 "b", "1\n2" },
	{ "0" W1 "a\n0" W1 "b\n1" W2 "\n0" ROUTER, "1\n2\n3\n4" },
	{ "0" W1 "{10000}a\n0" W1 "b", "1+2 split <ax*9999b>\n2=1.2" },
	{ "0" W1 "{10000}a\n0" W1 "{10000}b\n0" W1 "c\n0" W1 "d",
	    "1+3 split <ax*9999bx*9999c>\n2=1.2\n3=1.3\n4" },
	{ "0" W1 "{10000}a\n0" W1, "1+2 split <ax*9999>\n2=1.2" },
	/* blanks and halves of characters at the cut; JSON */
	{ "0" W1 "{10000}x\n0" W1 "  b ", "1+2 split <x*10000  b>\n2=1.2" },
	{ "0" W1 "{10000}{\"a\":\"\xc3\xa9\n0" W1 "\xa9\"}",
	    "1+2 split <{\"a\":\"\xc3\xa9x*9992\xa9\"}>\n2=1.2" },
	/* other lines between, two dynos mixed */
	{ "0" W1 "{10000}a\n0" ROUTER "0" W2 "{10000}b\n0" W2 "c\n0" W1 "d",
	    "1+2 split <ax*9999d>\n2\n3+2 split <bx*9999c>\n4=3.2\n5=1.2" },
	{ "0" W1 "{10000}a\n0" W2 "{10000}b\n0" W1 "d\n0" W2 "c",
	    "1+2 split <ax*9999d>\n2+2 split <bx*9999c>\n3=1.2\n4=2.2" },
	/* older shuttles */
	{ OLD W1 "{1024}a\n" OLD W1 "b", "1+2 split <ax*1023b>\n2=1.2" },
	{ OLD W1 "{1024}a\n" OLD W1 "{10000}b\n" OLD W1 "c",
	    "1\n2+2 split <bx*9999c>\n3=2.2" },
	/* the same again */
	{ "0" W1 "{10000}{\"a\":\"\n0" W1 "{10000}{\"a\":\"\n0" W1 "\"}",
	    "1!\n2+2 split <{\"a\":\"x*9994\"}>\n3=2.2" },
	/* not joined */
	{ "0" W1 "{10000}a\n1" W1 "b", "1!\n2" },
	{ "0" W1 "{1024}a\n0" W1 "b", "1\n2" },
	{ OLD W1 "{1024}a\n" "1" W1 "b", "1\n2" },
	{ "0" W1 "{10000}a\n0" W1 "{10001}b\n0" W1 "c", "1!\n2\n3" },
	{ "0" W1 "{10000}a\n0" W1 "{1048577}b\n0" W1 "c", "1!\n2\n3" },
	{ "0" W1 "{10000}a\n0" W1 "{10000}b\n1" W1 "c",
	    "1+2 split <ax*9999bx*9999>!\n2=1.2\n3" },
	{ "0" W1 "{10000}a", "1!" },
	{ OLD W1 "{1024}a", "1" },
	{ "0" W1 "{9999}a\n0" W1 "b", "1\n2" },
	{ "0 heroku[router] {10000}a\n0 heroku[router] b", "1\n2" },
	{ "-400000000000001" W1 "{1024}a\n-400000000000001" W1 "b",
	    "1\n2" }, /* a whole second */
	{ "0" W1 "{10000}a\n1999999" W2 "b\n0" W1 "c",
	    "1+2 split <ax*9999c>\n2\n3=1.2" },
	{ "0" W1 "{10000}a\n2000000" W2 "b\n0" W1 "c", "1!\n2\n3" },
};

#define PG " app[postgres.7] "
#define PH " app[postgres.8] "

static const struct fixture chunks[] = {
	{ "0" PG "[A] [7-1]  LOG:  statement: BEGIN;\n0" PG
	    "[A] [7-2]       SELECT\n0" PG "[A] [7-3]\n0" PG "[A] [7-4] \tc",
	    "1+4 chunk <[A] [7-1]  LOG:  statement: BEGIN;/      SELECT//\tc>\n"
	    "2=1.2\n3=1.3\n4=1.4" },
	{ "0" PG "[A] [7-1] a", "1" },
	{ "0" PG "[A] [7-1] a\n0" PG "[A] [8-1] b\n0" PG "[A] [8-2] c\n0" PG
	    "[A] [7-2] d", "1+2 chunk <[A] [7-1] a/d>\n"
	    "2+2 chunk <[A] [8-1] b/c>\n3=2.2\n4=1.2" },
	/* other databases, other processes */
	{ "0" PG "[A] [7-1] a\n0" PG "[B] [7-2] b\n0" PH "[A] [7-2] c",
	    "1\n2!\n3!" },
	/* any order */
	{ "0" PG "[A] [7-3] c\n0" PG "[A] [7-1] a\n0" W1 "x\n0" PG
	    "[A] [7-2] b", "1=2.3\n2+3 chunk <[A] [7-1] a/b/c>\n3\n4=2.2" },
	/* one missing */
	{ "0" PG "[A] [7-1] a\n0" PG "[A] [7-2] b\n0" PG "[A] [7-4] d\n0" PG
	    "[A] [7-5] e", "1+2 chunk <[A] [7-1] a/b>\n2=1.2\n3!\n4!" },
	{ "0" PG "[A] [7-2] b\n0" PG "[A] [7-3] c", "1!\n2!" },
	{ "0" PG "[A] [7-1] a\n0" PG "[A] [7-3] b", "1\n2!" },
	{ "0" PG "[A] [7-1] a\n0" PG "[A] [7-4294967295] b",
	    "1\n2!" },
	/* the same again */
	{ "0" PG "[A] [7-1] a\n0" PG "[A] [7-2] b\n0" PG "[A] [7-1] a\n0" PG
	    "[A] [7-2] b", "1+2 chunk <[A] [7-1] a/b>\n2=1.2\n"
	    "3+2 chunk <[A] [7-1] a/b>\n4=3.2" },
	{ "0" PG "[A] [7-1] a\n0" PG "[A] [7-2] b\n0" PG "[A] [7-2] b",
	    "1+2 chunk <[A] [7-1] a/b>\n2=1.2\n3!" },
	/* two seconds, of any origin */
	{ "0" PG "[A] [7-1] a\n1999999" W1 "x\n0" PG "[A] [7-2] b",
	    "1+2 chunk <[A] [7-1] a/b>\n2\n3=1.2" },
	{ "0" PG "[A] [7-1] a\n2000000" W1 "x\n0" PG "[A] [7-2] b",
	    "1\n2\n3!" },
	/* no chunks */
	{ "0" PG "[A] statement: x\n0" PG "[A] [7] x\n0" PG "[A] [x-1] x\n0" PG
	    "[A] [7-0] x\n0" PG "[A] [7-1\n0" PG "[A", "1\n2\n3\n4\n5\n6" },
	{ "0" W1 "[A] [7-1] a\n0" W1 "[A] [7-2] b", "1\n2" },
};

#define HEAD "Traceback (most recent call last):\n"
#define FRAME "File \"/app/a.py\", line 9, in f\n"
#define T(us) us W1
#define CHAIN "During handling of the above exception, another exception " \
	"occurred:\n"
#define TRACE T("0") HEAD T("20") FRAME T("30") "f()\n" T("40") "KeyError: x\n"
#define TRACE_TEXT "Traceback (most recent call last):/" \
	"File \"/app/a.py\", line 9, in f/f()/KeyError: x"

static const struct fixture traces[] = {
	{ TRACE, "1+4 traceback <" TRACE_TEXT ">\n2=1.2\n3=1.3\n4=1.4" },
	{ "0" W1 "boom " HEAD T("20") FRAME T("30") "f()\n" T("40")
	    "KeyError: x\n", "1+4 traceback <boom " TRACE_TEXT
	    ">\n2=1.2\n3=1.3\n4=1.4" },
	/* chained; the blank line alone is not taken */
	{ TRACE T("40") "\n" T("41") CHAIN T("41") "\n" T("42") HEAD T("43")
	    FRAME T("44") "ValueError: y\n",
	    "1+10 traceback <" TRACE_TEXT "//During handling of the above "
	    "exception, another exception occurred://Traceback (most recent "
	    "call last):/File \"/app/a.py\", line 9, in f/ValueError: y>\n"
	    "2=1.2\n3=1.3\n4=1.4\n5=1.5\n6=1.6\n7=1.7\n8=1.8\n9=1.9\n10=1.10" },
	{ TRACE T("40") "\n" T("41") "more text\n", "1+4 traceback <" TRACE_TEXT
	    ">\n2=1.2\n3=1.3\n4=1.4\n5\n6" },
	{ TRACE TRACE, "1+4 traceback <" TRACE_TEXT ">\n2=1.2\n3=1.3\n4=1.4\n"
	    "5+4 traceback <" TRACE_TEXT ">\n6=5.2\n7=5.3\n8=5.4" },
	/* lines of others: router, other dyno, other workers of this one */
	{ T("0") HEAD "1" ROUTER T("2") FRAME "2" W2 "g()\n" T("3")
	    "INFO:     192.0.2.1:0 - \"GET / HTTP/1.1\" 200 OK\n" T("4")
	    "f()\n" T("4") "{\"evt\":\"x\"}\n" T("4") "hello\n" T("5")
	    "KeyError: x\n", "1+4 traceback <" TRACE_TEXT
	    ">\n2\n3=1.2\n4\n5\n6=1.3\n7\n8\n9=1.4" },
	/* two at once */
	{ T("0") HEAD T("1") FRAME T("2") HEAD T("3") FRAME T("4") "g()\n"
	    T("5") "ValueError: y\n" T("6") "f()\n" T("7") "KeyError: x\n",
	    "1+4 traceback <" TRACE_TEXT ">\n2=1.2\n3+4 traceback <Traceback "
	    "(most recent call last):/File \"/app/a.py\", line 9, in f/g()/"
	    "ValueError: y>\n4=3.2\n5=3.3\n6=3.4\n7=1.3\n8=1.4" },
	/* each takes what fits it, not what comes next */
	{ T("0") HEAD T("1") FRAME T("2") "f()\n" T("3") HEAD T("4") FRAME
	    T("5") "^^^\n" T("6") "[Previous line repeated 2 more times]\n",
	    "1+3 traceback <Traceback (most recent call last):/"
	    "File \"/app/a.py\", line 9, in f/f()>!\n2=1.2\n3=1.3\n"
	    "4+4 traceback <Traceback (most recent call last):/"
	    "File \"/app/a.py\", line 9, in f/^^^/"
	    "[Previous line repeated 2 more times]>!\n5=4.2\n6=4.3\n7=4.4" },
	/* of two that fit alike: the newest in time, then in order */
	{ T("0") HEAD T("0") FRAME T("0") HEAD T("0") FRAME T("0") "g()\n"
	    T("0") "f()\n" T("0") "KeyError: x\n" T("0") "KeyError: x\n",
	    "1+4 traceback <" TRACE_TEXT ">\n2=1.2\n3+4 traceback <Traceback "
	    "(most recent call last):/File \"/app/a.py\", line 9, in f/g()/"
	    "KeyError: x>\n4=3.2\n5=3.3\n6=1.3\n7=1.4\n8=3.4" },
	{ T("9") HEAD T("9") FRAME T("0") HEAD T("0") FRAME T("9") "f()\n",
	    "1+3 traceback <Traceback (most recent call last):/File "
	    "\"/app/a.py\", line 9, in f/f()>!\n2=1.2\n3+2 traceback "
	    "<Traceback (most recent call last):/File \"/app/a.py\", line 9, "
	    "in f>!\n4=3.2\n5=1.3" },
	/* the same in other dynos */
	{ "0" W1 HEAD "0" W2 HEAD "1" W1 FRAME "1" W2 FRAME "2" W2 "g()\n2" W1
	    "f()\n3" W1 "KeyError: x\n3" W2 "ValueError: y\n",
	    "1+4 traceback <" TRACE_TEXT ">\n2+4 traceback <Traceback (most "
	    "recent call last):/File \"/app/a.py\", line 9, in f/g()/ValueError"
	    ": y>\n3=1.2\n4=2.2\n5=2.3\n6=1.3\n7=1.4\n8=2.4" },
	/* a syntax error without a header, or only what looks like one */
	{ T("0") "File \"/app/a.py\", line 35\n" T("1") "iif x:\n" T("1")
	    "^^\n" T("2") "SyntaxError: invalid syntax\n",
	    "1+4 traceback <File \"/app/a.py\", line 35/iif x:/^^/SyntaxError: "
	    "invalid syntax>\n2=1.2\n3=1.3\n4=1.4" },
	{ T("0") "File \"/app/a.py\", line 35\n" T("1") "iif x:\n", "1\n2" },
	/* too late, without an end */
	{ T("0") HEAD T("5000") FRAME T("10000") "f()\n" T("15000")
	    "KeyError: x\n", "1+4 traceback <" TRACE_TEXT
	    ">\n2=1.2\n3=1.3\n4=1.4" },
	{ T("0") HEAD T("10") FRAME T("5011") "f()\n",
	    "1+2 traceback <Traceback (most recent call last):/File "
	    "\"/app/a.py\", line 9, in f>!\n2=1.2\n3" },
	{ T("0") HEAD T("5001") FRAME, "1!\n2" },
	{ T("0") HEAD T("-5001") FRAME, "1!\n2" },
	{ T("0") HEAD, "1!" },
	/* whole seconds tell less */
	{ T("-1") HEAD T("-1") FRAME T("999999") "f()\n" T("999999")
	    "KeyError: x\n", "1+4 traceback <" TRACE_TEXT
	    ">\n2=1.2\n3=1.3\n4=1.4" },
	/* a last line that log-shuttle cut */
	{ T("0") HEAD T("1") FRAME T("2") "f()\n" T("3")
	    "{10000}KeyError: \n" T("3") "yz\n" T("3") "\n" T("3") CHAIN,
	    "1+7 traceback <Traceback (most recent call last):/File "
	    "\"/app/a.py\", line 9, in f/f()/KeyError: x*9990yz//During "
	    "handling of the above exception, another exception occurred:>!\n"
	    "2=1.2\n3=1.3\n4=1.4\n5=1.5\n6=1.6\n7=1.7" },
	{ T("0") "File \"/app/a.py\", line 3\n" T("0")
	    "{10000+}   a\n" T("0") " y", "1\n2+2 split <ax*9995  y>\n"
	    "3=2.2" },
	{ T("0") HEAD T("1") FRAME T("1") "f()\n" T("3")
	    "{10000+}KeyError: \n" T("3") "yz\n",
	    "1+5 traceback <Traceback (most recent call last):/File "
	    "\"/app/a.py\", line 9, in f/f()/KeyError: x*9989 yz>\n"
	    "2=1.2\n3=1.3\n4=1.4\n5=1.5" },
	{ T("0") HEAD T("1") FRAME T("1") "f()\n" T("3")
	    "{10000}KeyError: \n" T("4") "yz\n",
	    "1+4 traceback <Traceback (most recent call last):/File "
	    "\"/app/a.py\", line 9, in f/f()/KeyError: x*9990>!\n"
	    "2=1.2\n3=1.3\n4=1.4\n5" },
	/* not Python, not an app */
	{ "0 heroku[web.1] " HEAD "0 heroku[web.1] " FRAME, "1\n2" },
	{ T("0") FRAME T("1") "f()\n" T("2") "KeyError: x\n", "1\n2\n3" },
	{ T("0") "words:\n" T("0") "F\n", "1\n2" },
};

#define API " app[api] "
#define START "Starting process with command `"

static const struct fixture commands[] = {
	{ "0" API START "bash` by user ops@raxx.example\n0" API "Deploy x",
	    "1\n2" },
	{ "0" API START "sh -c 'a\n0" API "b\n0" API
	    "c'` by user ops@raxx.example\n0" API "Deploy x",
	    "1+3 command <" START "sh -c 'a/b/c'` by user ops@raxx.example>\n"
	    "2=1.2\n3=1.3\n4" },
	{ "0 heroku[run.1] " START "a\n0" API "x\n0" ROUTER
	    "0 heroku[run.1] b`", "1+2 command <" START
	    "a/b`>\n2\n3\n4=1.2" },
	/* backticks inside: only where none is open does a last one end it */
	{ "0" API START "x=`date`\n0" API "`date`\n0" API
	    "echo` by user m@raxx.example\n0" API "Deploy x",
	    "1+3 command <" START "x=`date`/`date`/echo` by user "
	    "m@raxx.example>\n2=1.2\n3=1.3\n4" },
	{ "0 heroku[run.1] " START "bash` by user test user\n"
	    "0 heroku[run.1] foo bar", "1\n2" },
	/* other events of the same time */
	{ "0" API START "a\n0" API "Release v9 created by user m@raxx.example"
	    "\n0" API "b`", "1+2 command <" START "a/b`>\n2\n3=1.2" },
	/* the rest is not there */
	{ "0 heroku[run.1] " START "a\n9 heroku[run.1] State changed from "
	    "starting to up\n0 heroku[run.1] b`", "1!\n2\n3" },
	{ "0" API START "a\n0" API "b\n1" API "Deploy x",
	    "1+2 command <" START "a/b>!\n2=1.2\n3" },
	{ "0" API START "a", "1!" },
	/* an app can print that too */
	{ "0" W1 START "a\n0" W1 "b`", "1\n2" },
};

static const struct fixture bares[] = {
	{ "=a\n=b\n0" W1 "c", "1\n2\n3" },
	{ "0" W1 "a\n=  b \n=\n=c\n0" W1 "d",
	    "1+4 continued <a/  b//c>\n2=1.2\n3=1.3\n4=1.4\n5" },
	{ "0" W1 "a\n=b", "1+2 continued <a/b>\n2=1.2" },
	{ "0" W1 "\n=b", "1+2 continued <b>\n2=1.2" },
	/* router lines, whole and broken */
	{ "0" ROUTER "=b", "1\n2" },
	{ "0 heroku[router] at=info status=200 b\n=ytes=3636\n=noise",
	    "1+2 continued <at=info status=200 bytes=3636>\n2=1.2\n3" },
	{ "0 heroku[router] at=info bytes=3 proto\n=col=htt\n=p\n=noise",
	    "1+3 continued <at=info bytes=3 protocol=http>\n2=1.2\n3=1.3\n4" },
	{ "0 heroku[router] at=info bytes=36\n=Log stream timed out.\n=x",
	    "1\n2\n3" },
	{ "0 heroku[router] at=info bytes=36\n=36 \n= protocol=https\n=noise",
	    "1+3 continued <at=info bytes=3636  protocol=https>\n2=1.2\n3=1.3\n"
	    "4" },
	{ "0 heroku[router] at=info status=200 \n=bytes=3636",
	    "1+2 continued <at=info status=200 bytes=3636>\n2=1.2" },
	{ "0 heroku[router] at=info bytes=36\n=Log stream timed out.",
	    "1\n2" },
	{ "0 heroku[router] at=info bytes=36\n0 heroku[router] x\n=Log",
	    "1\n2+2 continued <xLog>\n3=2.2" },
	/* behind the other kinds */
	{ "0" API START "a\n=b\n=c`\n=d\n0" API "e", "1+4 command <" START
	    "a/b/c`/d>\n2=1.2\n3=1.3\n4=1.4\n5" },
	{ "0" API START "a\n0" API "b`\n=c\n0" API "e", "1+3 command <" START
	    "a/b`/c>\n2=1.2\n3=1.3\n4" },
	{ T("0") HEAD T("1") FRAME "=f()\n=KeyError: x\n" T("2") "\n=y\n" T("3")
	    "z", "1+6 traceback <" TRACE_TEXT "//y>\n2=1.2\n3=1.3\n4=1.4\n"
	    "5=1.5\n6=1.6\n7" },
	{ "0" W1 "{10000}a\n0" W1 "b\n=c\n0" W1 "d",
	    "1+3 split <ax*9999b/c>\n2=1.2\n3=1.3\n4" },
	{ "0" PG "[A] [7-2] b\n=c\n0" PG "[A] [7-1] a\n=d\n0" PG
	    "[A] [7-9] z\n=y", "1=3.3\n2=3.4\n3+4 chunk <[A] [7-1] a/d/b/c>\n"
	    "4=3.2\n5+2 continued <z/y>!\n6=5.2" },
	{ "0" W1 "a\n0" ROUTER "=b", "1\n2\n3" },
	{ T("0") "File \"/app/a.py\", line 35\n=a\n" T("1") "b",
	    "1+2 continued <File \"/app/a.py\", line 35/a>\n2=1.2\n3" },
	{ "0" W1 "File \"/a\", line 3\n0" W1 "{10000}if \n=a\n0" W1 "b",
	    "1\n2+3 split <if x*9997/ab>\n3=2.2\n4=2.3" },
};


#define FORGED "0" W1 HEAD "1" W1 FRAME
#define FORGED_TEXT "1+2 traceback <Traceback (most recent call last):/" \
	"File \"/app/a.py\", line 9, in f>!\n2=1.2"
#define SECOND "-1" /* the next whole second is not far */

/* What clients can make an app log swallows no event that has a form of its own,
 * nor a line of another origin. */
static const struct fixture hostile[] = {
	{ FORGED "2" W1 "{\"evt\":\"login\",\"ok\":false}", FORGED_TEXT "\n3" },
	{ FORGED "2" W1 "{ \"evt\": \"login\" }", FORGED_TEXT "\n3" },
	{ FORGED "2" W1 "{\"cut\":\"x}", FORGED_TEXT "\n3" },
	{ FORGED "2" W1 "level=info evt=login ok=false", FORGED_TEXT "\n3" },
	{ FORGED "2" W1 "192.0.2.1 - - [12/Jun/2026:13:00:00 +0000] "
	    "\"GET / HTTP/1.1\" 200 1 \"-\" \"-\"", FORGED_TEXT "\n3" },
	{ FORGED "2" W1 "INFO:     192.0.2.1:0 - \"GET / HTTP/1.1\" 200 OK",
	    FORGED_TEXT "\n3" },
	{ FORGED "2" W1 "WARNING:auth:login failed", FORGED_TEXT "\n3" },
	{ FORGED "2" W1 "[2026-06-12 13:00:00 +0000] [7] [INFO] up",
	    FORGED_TEXT "\n3" },
	{ FORGED "2" W1 "source=web.1 sample#memory_total=1MB", FORGED_TEXT
	    "\n3" },
	{ FORGED "2" W2 "f()\n2 heroku[web.1] f()\n2" ROUTER "2 app[api] f()",
	    FORGED_TEXT "\n3\n4\n5\n6" },
	{ FORGED "2" W1 "f()\n3" W1 "{\"a\":1}\n4" W1 "KeyError: x",
	    "1+4 traceback <" TRACE_TEXT ">\n2=1.2\n3=1.3\n4\n5=1.4" },
	/* a head that is an event stays one */
	{ "0" W1 "a=1 b=2 c=3 d=4 e=5 f=6 g=7 h=8 i=9 j=1 k=2 l=3 "
	    "ua=Traceback (most recent call last):\n1" W1 FRAME, "1\n2" },
	{ "0" W1 "{10000}{\"a\":\"\n0" W1 "{\"evt\":\"login\"}", "1!\n2" },
	{ "0" W1 "{10000}a\n0" W1 "192.0.2.1 - - [12/Jun/2026:13:00:00 +0000] "
	    "\"GET / HTTP/1.1\" 200 1 \"-\" \"-\"", "1!\n2" },
	{ "0" W1 HEAD "0" W1 "{10000}File \"/a\", line 9, in a\n0" W1
	    "{\"a\":1}", "1+2 traceback <Traceback (most recent call last):/"
	    "File \"/a\", line 9, in ax*9977>!\n2=1.2\n3" },
	{ "0" W1 "{10000}192.0.2.1 - - [12/Jun/2026:13:00:00 +0000] "
	    "\"GET / HTTP/1.1\" 200 1 \"-\" \"\n0" W1 "curl\"",
	    "1+2 split <192.0.2.1 - - [12/Jun/2026:13:00:00 +0000] \"GET / "
	    "HTTP/1.1\" 200 1 \"-\" \"x*9929curl\">\n2=1.2" },
	/* a cut proves nothing in whole seconds */
	{ SECOND W1 "{10000}a\n" SECOND W1 "level=info evt=login ok=false",
	    "1!\n2" },
	{ SECOND W1 "{10000}a\n" SECOND W1 "b", "1+2 split <ax*9999b>\n2=1.2" },
	{ "0" W1 "{10000}a=1 b=\n0" W1 "level=info evt=login ok=false",
	    "1+2 split <a=1 b=x*9994level=info evt=login ok=false>\n2=1.2" },
	/* chunks only of Postgres, commands only of the platform */
	{ "0" W1 "[A] [7-1] a\n0" W1 "[A] [7-2] b\n0" W1
	    "Starting process with command `a\n0" W1 "b", "1\n2\n3\n4" },
	{ "0" PG "[A] [7-1] Traceback (most recent call last):\n0" PG FRAME,
	    "1\n2" },
};

START_TEST(split)
{
	check(splits[_i].lines, splits[_i].want);
}
END_TEST

START_TEST(chunk)
{
	check(chunks[_i].lines, chunks[_i].want);
}
END_TEST

START_TEST(traceback)
{
	check(traces[_i].lines, traces[_i].want);
}
END_TEST

START_TEST(hostile_lines)
{
	check(hostile[_i].lines, hostile[_i].want);
}
END_TEST

START_TEST(command)
{
	check(commands[_i].lines, commands[_i].want);
}
END_TEST

START_TEST(bare)
{
	check(bares[_i].lines, bares[_i].want);
}
END_TEST

/* A head and n other lines, then its rest. */
static void
check_far(uint32_t n, const char *between, const char *want_end)
{
	struct buf in = BUF_INIT, want = BUF_INIT;

	buf_lit(&in, "0" W1 "{10000}a\n");
	for (uint32_t i = 0; i < n; i++)
		buf_str(&in, between);
	buf_lit(&in, "0" W1 "b");
	buf_str(&want, *want_end ? "1+2 split <ax*9999b>" : "1!");
	for (uint32_t i = 0; i < n; i++)
		buf_printf(&want, "\n%u", i + 2);
	buf_printf(&want, "\n%u%s", n + 2, want_end);
	buf_byte(&in, '\0');
	buf_byte(&want, '\0');
	check(in.p, want.p);
	buf_release(&in);
	buf_release(&want);
}

START_TEST(limits)
{
	check_far(JOIN_LINES - 2, "0" ROUTER, "=1.2");
	check_far(JOIN_LINES - 1, "0" ROUTER, "");
	check_far(4, "0" W2 "{1040000}b\n", "=1.2");
	check_far(5, "0" W2 "{1040000}b\n", "");
	check_far(1, "0" W2 "{5000000}b\n", "");
}
END_TEST

START_TEST(bare_limits)
{
	struct buf in = BUF_INIT, out = BUF_INIT, want = BUF_INIT;
	struct world *w;

	buf_lit(&in, "0" W1 "a\n");
	for (unsigned i = 2; i < 1003; i++)
		buf_lit(&in, "=x\n");
	buf_byte(&in, '\0');
	w = world_open(in.p);
	run(w, true, 1, &out);
	ck_assert(sv_starts(buf_sv(&out), SV("1+1000 continued <a/")));
	ck_assert(sv_ends(buf_sv(&out), SV("\n1000=1.1000\n1001\n1002")));
	run(w, true, 1 << 20, &want);
	ck_sv(buf_sv(&out), buf_sv(&want));
	arena_release(&w->mem);
	check("0" W1 "{1000000}a\n={48576}b\n=c", "1+2 continued <ax*999999/"
	    "bx*48575>\n2=1.2\n3");
	check("0" W1 "{1048577}a\n=b", "1\n2");
	buf_release(&in);
	buf_release(&out);
	buf_release(&want);
}
END_TEST

/* More open joins than are kept: the oldest gives way. */
START_TEST(many_open)
{
	struct buf in = BUF_INIT, want = BUF_INIT;

	for (unsigned i = 1; i <= JOIN_OPEN + 1; i++)
		buf_printf(&in, "0 app[web.%u] {10000}a\n", i);
	for (unsigned i = 1; i <= JOIN_OPEN + 1; i++)
		buf_printf(&in, "0 app[web.%u] b\n", i);
	buf_str(&want, "1!");
	for (unsigned i = 2; i <= JOIN_OPEN + 1; i++)
		buf_printf(&want, "\n%u+2 split <ax*9999b>", i);
	buf_printf(&want, "\n%u", JOIN_OPEN + 2);
	for (unsigned i = 2; i <= JOIN_OPEN + 1; i++)
		buf_printf(&want, "\n%u=%u.2", JOIN_OPEN + 1 + i, i);
	buf_byte(&in, '\0');
	buf_byte(&want, '\0');
	check(in.p, want.p);
	buf_release(&in);
	buf_release(&want);
}
END_TEST

/* More lines wait than the ring first holds, heads behind their parts. */
START_TEST(growth)
{
	struct buf in = BUF_INIT, want = BUF_INIT;

	for (unsigned i = 0; i < 1200; i++) {
		buf_printf(&in, "0" PG "[A] [%u-2] b\n0" PG "[A] [%u-1] a\n"
		    "2000000" W1 "c\n", i, i);
		buf_printf(&want, "%s%u=%u.2\n%u+2 chunk <[A] [%u-1] a/b>\n%u",
		    i ? "\n" : "", 3 * i + 1, 3 * i + 2, 3 * i + 2, i,
		    3 * i + 3);
	}
	buf_byte(&in, '\0');
	buf_byte(&want, '\0');
	check(in.p, want.p);
	buf_release(&in);
	buf_release(&want);
}
END_TEST

static void
check_idle(const char *lines, const char *idle, const char *end)
{
	struct buf out = BUF_INIT, rest = BUF_INIT;
	struct world *w = world_open(lines);
	uint64_t n = 0;
	struct join j;

	join_init(&j, true);
	for (size_t i = 0; i < w->n; i++)
		join_add(&j, &w->line[i]);
	drain(&j, JOIN_IDLE, &out, &n);
	drain(&j, JOIN_END, &rest, &n);
	ck_sv(buf_sv(&out), sv_str(idle));
	ck_sv(buf_sv(&rest), sv_str(end));
	join_release(&j);
	arena_release(&w->mem);
	buf_release(&out);
	buf_release(&rest);
}

START_TEST(idle)
{
	check_idle("0" W1 "a\n", "1", "");
	check_idle("0" W1 "a\n=b\n", "1+2 continued <a/b>\n2=1.2", "");
	check_idle("0" W1 "{10000}a\n", "", "1!");
	check_idle("0" W1 "{10000}a\n0" W1 "b\n", "1+2 split <ax*9999b>\n2=1.2",
	    "");
	check_idle("0" W2 "c\n0" W1 "{10000}a\n0" W2 "b\n", "1", "2!\n3");
	check_idle("0" W1 "{10000}a\n0" PG "[A] [1-1] a\n0" W1 "b\n",
	    "1+2 split <ax*9999b>", "2\n3=1.2");
	check_idle(TRACE, "", "1+4 traceback <" TRACE_TEXT
	    ">\n2=1.2\n3=1.3\n4=1.4");
}
END_TEST

/* What went when all was quiet cannot be continued. */
START_TEST(bare_after_idle)
{
	struct world *w = world_open("0" W1 "a\n=b\n0" W1 "c");
	struct join j;
	struct joined o;

	join_init(&j, true);
	join_add(&j, &w->line[0]);
	ck_assert(!join_next(&j, JOIN_MORE, &o));
	ck_assert(join_next(&j, JOIN_IDLE, &o) && o.role == JOIN_LONE);
	join_add(&j, &w->line[1]);
	ck_assert(join_next(&j, JOIN_MORE, &o) && o.role == JOIN_LONE);
	ck_assert(o.own->bare);
	ck_sv_lit(o.own->env.message, "b");
	join_add(&j, &w->line[2]);
	ck_assert(!join_next(&j, JOIN_MORE, &o));
	ck_assert(join_next(&j, JOIN_END, &o));
	ck_assert(!join_next(&j, JOIN_END, &o));
	join_release(&j);
	arena_release(&w->mem);
}
END_TEST

/* All of the line comes out again, from the join's own memory if it waited. */
START_TEST(own_copy)
{
	char text[] = "app[web.1]app[web.1]d.1 "
	    "Traceback (most recent call last):";
	struct join_line l = { .line = 7, .byte = 99, .env = { .ts = 5,
	    .origin = { text, 10 }, .source = { text + 10, 3 },
	    .dyno = { text + 14, 5 }, .drain = { text + 20, 3 },
	    .message = { text + 24, 34 }, .whole = { text + 23, 35 } } };
	struct join j;
	struct joined o;

	join_init(&j, false);
	join_add(&j, &l);
	ck_assert(!join_next(&j, JOIN_MORE, &o));
	memset(text, 'z', sizeof(text));
	ck_assert(join_next(&j, JOIN_END, &o));
	ck_assert_uint_eq(o.own->line, 7);
	ck_assert_uint_eq(o.own->byte, 99);
	ck_assert_int_eq(o.own->env.ts, 5);
	ck_sv_lit(o.own->env.origin, "app[web.1]");
	ck_sv_lit(o.own->env.source, "app");
	ck_sv_lit(o.own->env.dyno, "web.1");
	ck_sv_lit(o.own->env.drain, "d.1");
	ck_sv_lit(o.own->env.message, "Traceback (most recent call last):");
	ck_sv_lit(o.own->env.whole, " Traceback (most recent call last):");
	ck_assert(o.role == JOIN_LONE && o.broken && o.lines == 1);
	join_release(&j);
}
END_TEST

/* Two drains of one app in one file hold each line twice. */
START_TEST(drains)
{
	struct world *w = world_open("0" W1 "{10000}a\n0" W1 "{10000}a\n"
	    "0" W1 "b\n0" W1 "b");
	struct buf b = BUF_INIT;

	w->line[0].env.drain = w->line[2].env.drain = SV("d.1");
	w->line[1].env.drain = w->line[3].env.drain = SV("d.2");
	run(w, false, 1, &b);
	ck_sv_lit(buf_sv(&b), "1+2 split <ax*9999b>\n2+2 split <ax*9999b>\n"
	    "3=1.2\n4=2.2");
	buf_release(&b);
	arena_release(&w->mem);
}
END_TEST

/* Of a line without a header nothing but its text is looked at. */
START_TEST(bare_envelope)
{
	struct world *w = world_open("0" W1 "a\n=b");
	struct envelope *e = &w->line[1].env;
	struct buf b = BUF_INIT;

	e->origin = e->source = e->dyno = e->drain = sv_of(NULL, SIZE_MAX / 8);
	e->ts = INT64_MAX;
	run(w, true, 1, &b);
	ck_sv_lit(buf_sv(&b), "1+2 continued <a/b>\n2=1.2");
	buf_release(&b);
	arena_release(&w->mem);
}
END_TEST

/* Lines that open nothing pass as they are: the same memory. */
START_TEST(passes)
{
	struct world *w = world_open("0" ROUTER "0" W1 "a\n0" PG "x");
	struct join j;
	struct joined o;

	join_init(&j, false);
	for (size_t i = 0; i < w->n; i++) {
		join_add(&j, &w->line[i]);
		ck_assert(join_next(&j, JOIN_MORE, &o));
		ck_assert_ptr_eq(o.own->env.whole.p, w->line[i].env.whole.p);
		ck_assert(o.role == JOIN_LONE && !o.broken && o.lines == 1);
		ck_sv(o.text, w->line[i].env.message);
		ck_assert(!join_next(&j, JOIN_MORE, &o));
	}
	ck_assert(j.cap == 0);
	join_release(&j);
	arena_release(&w->mem);
}
END_TEST

START_TEST(nothing)
{
	struct join j;
	struct joined o;

	join_init(&j, true);
	ck_assert(!join_next(&j, JOIN_MORE, &o));
	ck_assert(!join_next(&j, JOIN_IDLE, &o));
	ck_assert(!join_next(&j, JOIN_END, &o));
	join_release(&j);
}
END_TEST

Suite *
test_join(void)
{
	Suite *s = suite_create("join");
	TCase *tc = tcase_create("kinds");

	suite_add_tcase(s, tc);
	add_table(tc, split, splits);
	add_table(tc, trimmed, trims);
	add_table(tc, chunk, chunks);
	add_table(tc, traceback, traces);
	add_table(tc, hostile_lines, hostile);
	add_table(tc, command, commands);
	add_table(tc, bare, bares);
	tc = tcase_create("flow");
	suite_add_tcase(s, tc);
	tcase_add_test(tc, limits);
	tcase_add_test(tc, bare_limits);
	tcase_add_test(tc, many_open);
	tcase_add_test(tc, growth);
	tcase_add_test(tc, idle);
	tcase_add_test(tc, bare_after_idle);
	tcase_add_test(tc, own_copy);
	tcase_add_test(tc, drains);
	tcase_add_test(tc, bare_envelope);
	tcase_add_test(tc, passes);
	tcase_add_test(tc, nothing);
	return s;
}
