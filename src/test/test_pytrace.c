/* SPDX-License-Identifier: MIT */
#include "parse/pytrace.h"

#include "base/buf.h"
#include "test/ck.h"

Suite *test_pytrace(void);

static const struct {
	const char *line;
	enum pytrace_kind kind;
} kinds[] = {
	{ "", PYTRACE_BLANK },
	{ "Traceback (most recent call last):", PYTRACE_HEADER },
	{ "ERROR:root:x Traceback (most recent call last):", PYTRACE_BEHIND },
	{ "+ Exception Group Traceback (most recent call last):",
	    PYTRACE_GROUP },
	{ "x + Exception Group Traceback (most recent call last):",
	    PYTRACE_GROUP_BEHIND },
	{ "noTraceback (most recent call last):", PYTRACE_TEXT },
	{ "Traceback (most recent call last): x", PYTRACE_TEXT },
	{ "File \"/app/a.py\", line 9, in <module>", PYTRACE_FRAME },
	{ "File \"<frozen importlib._bootstrap>\", line 1204, in _f",
	    PYTRACE_FRAME },
	{ "File \"/app/a \"b\", line 1, in x.py\", line 9, in f",
	    PYTRACE_FRAME },
	{ "File \"/app/a.py\", line 35", PYTRACE_PLACE },
	{ "File \"/app/a.py\", line 35 of it", PYTRACE_TEXT },
	{ "File \"/app/a.py\", line x", PYTRACE_TEXT },
	{ "File \"/app/a.py\"", PYTRACE_TEXT },
	{ "[Previous line repeated 975 more times]", PYTRACE_REPEATED },
	{ "[Previous line repeated 1 more time]", PYTRACE_REPEATED },
	{ "[Previous line repeated  more times]", PYTRACE_TEXT },
	{ "~~~~^^^^~~", PYTRACE_MARK },
	{ "^^^^  ^^", PYTRACE_MARK },
	{ "...<3 lines>...", PYTRACE_DOTS },
	{ "...<x lines>...", PYTRACE_TEXT },
	{ "During handling of the above exception, another exception occurred:",
	    PYTRACE_CHAIN },
	{ "The above exception was the direct cause of the following "
	    "exception:", PYTRACE_CHAIN },
	{ "|   File \"/app/a.py\", line 1, in f", PYTRACE_BAR },
	{ "|", PYTRACE_BAR },
	{ "+-+---------------- 1 ----------------", PYTRACE_RULE },
	{ "+---------------- 15 ----------------", PYTRACE_RULE },
	{ "+---------------- ... ----------------", PYTRACE_RULE },
	{ "+------------------------------------", PYTRACE_RULE_END },
	{ "+--x--+", PYTRACE_TEXT },
	{ "+---- head ----", PYTRACE_TEXT },
	/* exceptions */
	{ "KeyError: 'x'", PYTRACE_ERROR },
	{ "KeyboardInterrupt", PYTRACE_ERROR },
	{ "SystemExit: 3", PYTRACE_ERROR },
	{ "sqlalchemy.exc.NoSuchModuleError: Can't load", PYTRACE_ERROR },
	{ "ValueError:", PYTRACE_ERROR },
	{ "app.f.<locals>.OddError: x", PYTRACE_ERROR },
	{ "gunicorn.errors.HaltServer: <HaltServer 'x' 3>", PYTRACE_NAMED },
	{ "psycopg2.errors.UniqueViolation: duplicate", PYTRACE_NAMED },
	{ "app.models.User.DoesNotExist", PYTRACE_NAMED },
	{ "socket.gaierror: [Errno -2]", PYTRACE_NAMED },
	{ "Oops: Oops", PYTRACE_NAMED },
	{ "Oops", PYTRACE_NAMED },
	{ "app.Oops", PYTRACE_NAMED },
	{ "_Oops: x", PYTRACE_TEXT },
	/* source, or no exception */
	{ "raise", PYTRACE_TEXT },
	{ "self.sleep()", PYTRACE_TEXT },
	{ "self.timeout", PYTRACE_TEXT },
	{ "try:", PYTRACE_TEXT },
	{ "KeyError:'x'", PYTRACE_TEXT },
	{ "x: int = f()", PYTRACE_TEXT },
	{ "a..Error: x", PYTRACE_TEXT },
	{ "9Error: x", PYTRACE_TEXT },
	{ ".Error: x", PYTRACE_TEXT },
	{ "raise HaltServer(reason, self.WORKER_BOOT_ERROR)", PYTRACE_TEXT },
	{ "return fn(*args, **kwargs)  # type: ignore[no-any-return]",
	    PYTRACE_TEXT },
	{ "DEBUG = config('DEBUG', cast=bool)", PYTRACE_TEXT },
	{ "[1, 2][3]", PYTRACE_TEXT },
	{ "{**a, 'b': c()}", PYTRACE_TEXT },
	{ "Listen on: x", PYTRACE_TEXT },
	/* of others */
	{ "[2026-06-12 13:02:11 +0000] [9] [INFO] Booting", PYTRACE_FOREIGN },
	{ "[2026-06-12 13:02:11,781] ERROR in app: x", PYTRACE_FOREIGN },
	{ "2026-06-12 13:02:11 | ERROR | m:f:12 - x", PYTRACE_FOREIGN },
	{ "[12/Jun/2026 13:02:11] \"GET / HTTP/1.1\" 200 5", PYTRACE_FOREIGN },
	{ "10.1.2.3 - - [12/Jun/2026:13:02:11 +0000] \"GET /x HTTP/1.1\" 200 1",
	    PYTRACE_FOREIGN },
	{ "INFO:     192.0.2.1:0 - \"GET / HTTP/1.1\" 200 OK",
	    PYTRACE_FOREIGN },
	{ "{\"evt\":\"session.created\",\"rid\":\"a\"}", PYTRACE_FOREIGN },
	{ "at=error msg=\"x y\" err=z", PYTRACE_FOREIGN },
	{ "ERROR:root:boom", PYTRACE_FOREIGN },
	{ "[ERROR] boom", PYTRACE_FOREIGN },
	{ "WARNING: a development server", PYTRACE_FOREIGN },
};

START_TEST(kind_of_line)
{
	ck_assert_int_eq(pytrace_look(sv_str(kinds[_i].line)),
	    kinds[_i].kind);
}
END_TEST

START_TEST(odd_bytes)
{
	ck_assert_int_eq(pytrace_look(SV_NULL), PYTRACE_BLANK);
	ck_assert_int_eq(pytrace_look(SV("\0")), PYTRACE_TEXT);
	ck_assert_int_eq(pytrace_look(SV("\xff\xfe")), PYTRACE_TEXT);
	ck_assert_int_eq(pytrace_look(SV("\xc3\x89rreurError: x")),
	    PYTRACE_ERROR);
	ck_assert_int_eq(pytrace_look(SV("Key\0Error: x")), PYTRACE_TEXT);
}
END_TEST

#define HEAD "Traceback (most recent call last):\n"
#define FRAME "File \"/app/a.py\", line 9, in f\n"
#define FROZEN "File \"<frozen importlib._bootstrap>\", line 9, in f\n"
#define CHAIN "During handling of the above exception, another exception " \
	"occurred:\n"

/*
 * A text of lines, and for each line behind the first: y (taken), ? (taken
 * where anything can stand), n (not taken); behind it w when the traceback may
 * end there.
 */
static const struct {
	const char *lines, *want;
} traces[] = {
	{ HEAD FRAME "with open('x') as f:\nFileNotFoundError: x\n", "y?yw" },
	{ HEAD FRAME "raise\nValueError: x\n", "y?yw" },
	{ HEAD FRAME "a.B(c)\n^^^\n~~^~\nKeyError: x\n", "y?yyyw" },
	{ HEAD FROZEN FROZEN "ModuleNotFoundError: No module\n", "yyyw" },
	{ HEAD FROZEN "self.x()\nKeyError: x\n", "ynyw" },
	{ HEAD FROZEN "gunicorn.errors.HaltServer: x\n", "yyw" },
	{ HEAD FRAME "Oops\nOops\n", "y?yw" },
	{ HEAD FRAME "f()\ngunicorn.errors.HaltServer: x\n", "y?yw" },
	{ HEAD FRAME "f()\nf()\nKeyError: x\n", "y?nyw" },
	{ HEAD FRAME "f()\n[Previous line repeated 9 more times]\n" FRAME
	    "g()\nRecursionError: x\n", "y?yy?yw" },
	{ HEAD "f()\nKeyError: x\n", "nn" },
	{ HEAD "\n" FRAME "\nf()\n", "nyn?" },
	{ HEAD HEAD FRAME, "ny" },
	/* lines of others */
	{ HEAD FRAME "INFO:     192.0.2.1:0 - \"GET / HTTP/1.1\" 200 OK\n"
	    "f()\nERROR: x\n[2026-06-12 13:02:11 +0000] [9] [INFO] x\n"
	    "KeyError: x\n", "yn?nnyw" },
	{ HEAD FRAME "f()\nGET /x 200 9 ms\nKeyError: x\n", "y?nyw" },
	/* several lines of one statement, from 3.13 on */
	{ HEAD FRAME "x = f(\n~^\n1/0,\n^^^\n)\n^\nZeroDivisionError: x\n",
	    "y?y?y?yyw" },
	{ HEAD FRAME "x = f(\n~~^^\n...<3 lines>...\n)\n^\nKeyError: x\n",
	    "y?yy?yyw" },
	{ HEAD FRAME "x = f()\n)\nKeyError: x\n", "y??yw" },
	/* chains */
	{ HEAD FRAME "f()\nKeyError: x\n\n" CHAIN "\n" HEAD FRAME
	    "g()\nValueError: y\n", "y?yw?wy?yy?yw" },
	{ HEAD FRAME "f()\nKeyError: x\n" CHAIN HEAD FRAME
	    "g()\nValueError: y\n", "y?ywyyy?yw" },
	{ HEAD FRAME "f()\nKeyError: x\n\n\n" CHAIN, "y?yw?wnwy" },
	{ HEAD FRAME "f()\nKeyError: x\nmore text\n" HEAD, "y?ywnwnw" },
	{ HEAD FRAME "f()\n" CHAIN, "y?n" },
	{ HEAD FRAME "f()\nKeyError: x\n" CHAIN FRAME, "y?ywyn" },
	/* a syntax error in the main file */
	{ "File \"/app/a.py\", line 35\niif x:\n^^\nSyntaxError: invalid\n",
	    "?yyw" },
	/* groups */
	{ "+ Exception Group Traceback (most recent call last):\n"
	    "|   File \"/app/a.py\", line 1, in f\n"
	    "| ExceptionGroup: two (2 sub-exceptions)\n"
	    "+-+---------------- 1 ----------------\n"
	    "| Traceback (most recent call last):\n"
	    "f()\n"
	    "| KeyError: x\n"
	    "+---------------- 2 ----------------\n"
	    "| ValueError: x\n"
	    "+------------------------------------\n"
	    "| table |\n" HEAD CHAIN HEAD,
	    "yyyynyyyywnwnwyy" },
	{ HEAD FRAME "f()\nKeyError: x\n" CHAIN
	    "+ Exception Group Traceback (most recent call last):\n"
	    "| x\n+------------------------------------\n", "y?ywyyyyw" },
};

START_TEST(steps)
{
	sv rest = sv_str(traces[_i].lines), line = sv_cut(&rest, '\n');
	struct buf b = BUF_INIT;
	struct pytrace t, next;

	ck_assert(pytrace_open(&t, pytrace_look(line), line));
	while (rest.n) {
		enum pytrace_fit fit;

		line = sv_cut(&rest, '\n');
		fit = pytrace_step(&t, pytrace_look(line), line, &next);
		buf_byte(&b, "n?y"[fit]);
		if (fit)
			t = next;
		if (pytrace_is_whole(&t))
			buf_byte(&b, 'w');
	}
	ck_sv(buf_sv(&b), sv_str(traces[_i].want));
	buf_release(&b);
}
END_TEST

START_TEST(opens)
{
	struct pytrace t;

	for (size_t i = 0; i < countof(kinds); i++) {
		bool want = kinds[i].kind == PYTRACE_HEADER ||
		    kinds[i].kind == PYTRACE_BEHIND ||
		    kinds[i].kind == PYTRACE_GROUP ||
		    kinds[i].kind == PYTRACE_GROUP_BEHIND ||
		    kinds[i].kind == PYTRACE_PLACE;

		ck_assert_int_eq(pytrace_open(&t, kinds[i].kind,
		    sv_str(kinds[i].line)), want);
		ck_assert(!want || !pytrace_is_whole(&t));
	}
}
END_TEST

Suite *
test_pytrace(void)
{
	Suite *s = suite_create("pytrace");
	TCase *tc = tcase_create("lines");

	suite_add_tcase(s, tc);
	add_table(tc, kind_of_line, kinds);
	tcase_add_test(tc, odd_bytes);
	add_table(tc, steps, traces);
	tcase_add_test(tc, opens);
	return s;
}
