/* SPDX-License-Identifier: MIT */
#include "parse/accessline.h"

#include "base/buf.h"
#include "test/ck.h"

Suite *test_accessline(void);

static void
put(struct buf *b, const char *key, sv val)
{
	if (!sv_null(val))
		buf_printf(b, "%s%s=<%.*s>", b->n ? " " : "", key, SV_ARG(val));
}

static void
show(struct buf *b, const struct accessline *a)
{
	put(b, "peer", a->peer);
	put(b, "method", a->method);
	put(b, "path", a->path);
	put(b, "protocol", a->protocol);
	put(b, "status", a->status);
	put(b, "bytes", a->bytes);
	put(b, "referer", a->referer);
	put(b, "agent", a->user_agent);
	put(b, "host", a->host);
}

#define TIME " [07/Feb/2026:15:19:56 +0000] "
#define GET "10.1.2.3 - -" TIME "\"GET /x HTTP/1.1\" 200 12"
#define GET_WANT "peer=<10.1.2.3> method=<GET> path=</x> " \
	"protocol=<HTTP/1.1> status=<200> bytes=<12>"

static const struct {
	const char *line, *want;
} lines[] = {
	/* gunicorn, nginx */
	{ GET " \"https://r.example/\" \"agent/1 (x; y)\"", GET_WANT
	    " referer=<https://r.example/> agent=<agent/1 (x; y)>" },
	{ GET " \"-\" \"-\"", GET_WANT },
	{ GET " \"\" \"\"", GET_WANT " referer=<> agent=<>" },
	{ GET, GET_WANT },
	{ GET " ", GET_WANT },
	{ "2001:db8::1 - user" TIME "\"POST /a?b=c HTTP/2\" 304 -",
	    "peer=<2001:db8::1> method=<POST> path=</a?b=c> "
	    "protocol=<HTTP/2> status=<304>" },
	{ "10.1.2.3 - -" TIME "\"GET /a b HTTP/1.1\" 404 0",
	    "peer=<10.1.2.3> method=<GET> path=</a b> protocol=<HTTP/1.1> "
	    "status=<404> bytes=<0>" },
	/* Heroku's nginx of 2012 */
	{ GET " \"-\" \"agent\" a.example", GET_WANT
	    " agent=<agent> host=<a.example>" },
	/* werkzeug */
	{ "127.0.0.1 - - [07/Feb/2026 15:19:56] \"GET / HTTP/1.1\" 200 -",
	    "peer=<127.0.0.1> method=<GET> path=</> protocol=<HTTP/1.1> "
	    "status=<200>" },
	/* uvicorn */
	{ "INFO:     198.51.100.7:0 - \"GET /a HTTP/1.1\" 200 OK",
	    "peer=<198.51.100.7:0> method=<GET> path=</a> "
	    "protocol=<HTTP/1.1> status=<200>" },
	{ "INFO: 198.51.100.7:0 - \"GET / HTTP/1.1\" 404",
	    "peer=<198.51.100.7:0> method=<GET> path=</> "
	    "protocol=<HTTP/1.1> status=<404>" },
	/* quotes that a client sent */
	{ GET " \"-\" \"say \\\"hi\\\" twice\"", GET_WANT
	    " agent=<say \\\"hi\\\" twice>" },
	{ GET " \"a\\\" \\\"b\" \"c\"", GET_WANT
	    " referer=<a\\\" \\\"b> agent=<c>" },
	{ GET " \"-\" \"quoted\\\"\"", GET_WANT " agent=<quoted\\\">" },
	{ GET " \"a\\\\\" \"b\\\\\"", GET_WANT
	    " referer=<a\\\\> agent=<b\\\\>" },
	/* a client's backslash that is no escape */
	{ GET " \"a\\\" \"b\"", GET_WANT " referer=<a\\> agent=<b>" },
	{ GET " \"-\" \"b\\\"", GET_WANT " agent=<b\\>" },
	{ "10.1.2.3 - -" TIME "\"GET /x\\\\\" HTTP/1.1\" 404 7 \"-\" \"a\"",
	    "peer=<10.1.2.3> method=<GET> path=</x\\\\\"> "
	    "protocol=<HTTP/1.1> status=<404> bytes=<7> agent=<a>" },
	/* cut off */
	{ GET " \"https://r.exam", GET_WANT },
	{ GET " \"-\" \"agen", GET_WANT },
};

START_TEST(forms)
{
	struct buf b = BUF_INIT;
	struct accessline a;

	ck_assert(accessline_parse(sv_str(lines[_i].line), &a));
	show(&b, &a);
	ck_sv(buf_sv(&b), sv_str(lines[_i].want));
	buf_release(&b);
}
END_TEST

static const char *const others[] = {
	"", "\"", "hello", "say \"hello\"",
	"10.1.2.3 - -" TIME "\"-\" 400 0",
	"10.1.2.3 - -" TIME "\"GET /x\" 200 1",
	"10.1.2.3 - -" TIME "\"get /x HTTP/1.1\" 200 1",
	"10.1.2.3 - -" TIME "\"GET /x HTTP/1.1\" 20 1",
	"10.1.2.3 - -" TIME "\"GET /x HTTP/1.1\" -20 1",
	"10.1.2.3 - -" TIME "\"GET /x HTTP/1.1\" 099 1",
	"10.1.2.3 - -" TIME "\"GET /x HTTP/1.1\"",
	"10.1.2.3 - -" TIME "\"GET /x HTTP/1.1",
	"10.1.2.3 - -" TIME "GET /x HTTP/1.1 200 1 \"-\"",
	"10.1.2.3 - - \"GET /x HTTP/1.1\" 200 1",
	"1 - - [0123456789012345678901234567890123456789] \"GET / HTTP/1\" 200",
	"INFO:     198.51.100.7:0 \"GET /a HTTP/1.1\" 200 OK",
	"INFO:     198.51.100.7:0 - \"WebSocket /ws\" [accepted]",
	"INFO:     Started server process [\"2\"]",
	"WARN:     198.51.100.7:0 - \"GET /a HTTP/1.1\" 200 OK",
	"{\"evt\":\"x\",\"m\":\"GET / HTTP/1.1\"}",
};

START_TEST(no_access_line)
{
	struct accessline a;

	ck_assert(!accessline_parse(sv_str(others[_i]), &a));
}
END_TEST

START_TEST(embedded_nul)
{
	struct accessline a;

	ck_assert(accessline_parse(SV("10.1.2.3 - -" TIME
	    "\"GET /\0 HTTP/1.1\" 200 1 \"-\" \"\0\""), &a));
	ck_sv_lit(a.path, "/\0");
	ck_sv_lit(a.user_agent, "\0");
	ck_assert(!accessline_parse(SV_NULL, &a));
}
END_TEST

Suite *
test_accessline(void)
{
	Suite *s = suite_create("accessline");
	TCase *tc = tcase_create("lines");

	suite_add_tcase(s, tc);
	add_table(tc, forms, lines);
	add_table(tc, no_access_line, others);
	tcase_add_test(tc, embedded_nul);
	return s;
}
