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
	put(b, "port", a->port);
	put(b, "method", a->method);
	put(b, "path", a->path);
	put(b, "protocol", a->protocol);
	put(b, "status", a->status);
	put(b, "bytes", a->bytes);
	put(b, "referer", a->referer);
	put(b, "agent", a->user_agent);
	put(b, "host", a->host);
	put(b, "id", a->request_id);
	put(b, "request", a->request);
}

#define TIME " [07/Feb/2026:15:19:56 +0000] "
#define DEV " [07/Feb/2026 15:19:56] "
#define DEV_WANT "peer=<127.0.0.1> method=<GET> path=</> " \
	"protocol=<HTTP/1.1> status=<200>"
#define LOGGED "[2026-02-07 15:19:56 +0000] [9] [INFO] "
#define UUID "0b5c9f8e-1d2a-4c3b-9e8f-0123456789ab"
#define PEER "10.1.2.3 - -" TIME
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
	/* what stands in the place of the size hides nothing behind it */
	{ PEER "\"GET / HTTP/1.1\" 200 1e309 \"r\" \"a\"", "peer=<10.1.2.3> "
	    "method=<GET> path=</> protocol=<HTTP/1.1> status=<200> "
	    "bytes=<1e309> referer=<r> agent=<a>" },
	{ PEER "\"GET / HTTP/1.1\" 200 NaN \"-\" \"a\"", "peer=<10.1.2.3> "
	    "method=<GET> path=</> protocol=<HTTP/1.1> status=<200> "
	    "bytes=<NaN> agent=<a>" },
	{ PEER "\"GET / HTTP/1.1\" 200 0x1f4", "peer=<10.1.2.3> "
	    "method=<GET> path=</> protocol=<HTTP/1.1> status=<200> "
	    "bytes=<0x1f4>" },
	{ PEER "\"GET / HTTP/1.1\" 200 OK", "peer=<10.1.2.3> "
	    "method=<GET> path=</> protocol=<HTTP/1.1> status=<200>" },
	{ PEER "\"GET / HTTP/1.1\" 200 " UUID, "peer=<10.1.2.3> "
	    "method=<GET> path=</> protocol=<HTTP/1.1> status=<200> "
	    "id=<" UUID ">" },
	{ PEER "\"GET / HTTP/1.1\" 200 rid=7 \"x\"", "peer=<10.1.2.3> "
	    "method=<GET> path=</> protocol=<HTTP/1.1> status=<200> id=<7>" },
	/* Heroku's nginx of 2012 */
	{ GET " \"-\" \"agent\" a.example", GET_WANT
	    " agent=<agent> host=<a.example>" },
	/* werkzeug */
	{ "127.0.0.1 - - [07/Feb/2026 15:19:56] \"GET / HTTP/1.1\" 200 -",
	    "peer=<127.0.0.1> method=<GET> path=</> protocol=<HTTP/1.1> "
	    "status=<200>" },
	/* uvicorn */
	{ "INFO:     198.51.100.7:0 - \"GET /a HTTP/1.1\" 200 OK",
	    "peer=<198.51.100.7> port=<0> method=<GET> path=</a> "
	    "protocol=<HTTP/1.1> status=<200>" },
	{ "INFO: 198.51.100.7:0 - \"GET / HTTP/1.1\" 404",
	    "peer=<198.51.100.7> port=<0> method=<GET> path=</> "
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
	/* requests that are garbage, or nearly */
	{ PEER "\"-\" 408 0", "peer=<10.1.2.3> status=<408> bytes=<0>" },
	{ PEER "\"\" 400 0 \"-\" \"-\"",
	    "peer=<10.1.2.3> status=<400> bytes=<0>" },
	{ PEER "\"\\x16\\x03\\x01\" 400 157 \"-\" \"-\"",
	    "peer=<10.1.2.3> status=<400> bytes=<157> "
	    "request=<\\x16\\x03\\x01>" },
	{ PEER "\"a\" b \\\" 200\" 400 1", "peer=<10.1.2.3> status=<400> "
	    "bytes=<1> request=<a\" b \\\" 200>" },
	{ PEER "\"GET /x y z\" 400 1",
	    "peer=<10.1.2.3> status=<400> bytes=<1> request=<GET /x y z>" },
	{ PEER "\"GET /x\" 200 1", "peer=<10.1.2.3> method=<GET> path=</x> "
	    "status=<200> bytes=<1>" },
	{ PEER "\"get /x HTTP/1.1\" 200 1", "peer=<10.1.2.3> method=<get> "
	    "path=</x> protocol=<HTTP/1.1> status=<200> bytes=<1>" },
	{ PEER "\"M-SEARCH * HTTP/2\" 200 1", "peer=<10.1.2.3> "
	    "method=<M-SEARCH> path=<*> protocol=<HTTP/2> status=<200> "
	    "bytes=<1>" },
	/* Rack: quotes are not escaped, but no blank gets into a request */
	{ PEER "\"GET /x?a=\"b HTTP/1.1\" 200 - 0.0123",
	    "peer=<10.1.2.3> method=<GET> path=</x?a=\"b> "
	    "protocol=<HTTP/1.1> status=<200>" },
	/* a name a client logs in with */
	{ "10.1.2.3 - x [07/Feb/2026:15:19:56 +0000] \\\"GET / HTTP/1.1\\\" "
	    "200 1" TIME "\"GET /x HTTP/1.1\" 401 12", "peer=<10.1.2.3> "
	    "method=<GET> path=</x> protocol=<HTTP/1.1> status=<401> "
	    "bytes=<12>" },
	/* fields behind the agent */
	{ GET " \"-\" \"a\" " UUID, GET_WANT " agent=<a> id=<" UUID ">" },
	{ GET " \"-\" \"a\" \"" UUID "\" 0.012", GET_WANT
	    " agent=<a> id=<" UUID ">" },
	{ GET " \"-\" \"a\" 0.012s request_id=abc.1", GET_WANT
	    " agent=<a> id=<abc.1>" },
	{ GET " \"-\" \"a\" request_id=\"r-1\"", GET_WANT
	    " agent=<a> id=<r-1>" },
	{ GET " \"-\" \"a\" request_id=-", GET_WANT " agent=<a>" },
	{ GET " \"-\" \"a\" \"192.0.2.1, 192.0.2.2\"", GET_WANT
	    " agent=<a>" },
	{ GET " \"-\" \"a\" 0.012", GET_WANT " agent=<a>" },
	{ GET " \"-\" \"a\" 1.5s", GET_WANT " agent=<a>" },
	{ GET " \"-\" \"a\" " UUID "0", GET_WANT " agent=<a>" },
	{ GET " \"-\" \"a\\\" " UUID "\"", GET_WANT " agent=<a\\\" " UUID ">" },
	{ GET " \"-\" \"a " UUID, GET_WANT },
	{ GET " \"" UUID " a.example", GET_WANT },
	/* aiohttp, a unix socket */
	{ "10.1.2.3" TIME "\"GET /x HTTP/1.1\" 200 12 \"-\" \"a\"", GET_WANT
	    " agent=<a>" },
	{ "- -" TIME "\"GET /x HTTP/1.1\" 200 12 \"-\" \"a\"",
	    "method=<GET> path=</x> protocol=<HTTP/1.1> status=<200> "
	    "bytes=<12> agent=<a>" },
	/* X-Forwarded-For in place of the peer */
	{ "forged, 192.0.2.1, 10.1.2.3 - -" TIME "\"GET /x HTTP/1.1\" 200 12",
	    GET_WANT },
	/* hypercorn */
	{ LOGGED "[2001:db8::1]:5 - -" TIME "\"GET /x 1.1\" 200 12 \"-\" \"a\"",
	    "peer=<[2001:db8::1]> port=<5> method=<GET> path=</x> protocol=<1.1> "
	    "status=<200> bytes=<12> agent=<a>" },
	{ LOGGED "2001:db8::1:5 - -" TIME "\"GET /x 2\" 200 - \"-\" \"a\"",
	    "peer=<2001:db8::1> port=<5> method=<GET> path=</x> protocol=<2> "
	    "status=<200> agent=<a>" },
	/* daphne */
	{ "10.1.2.3:5 - - [07/Feb/2026:15:19:56] \"GET /x?a=\"\" 200 12",
	    "peer=<10.1.2.3> port=<5> method=<GET> path=</x?a=\"> status=<200> "
	    "bytes=<12>" },
	{ "2001:db8::1:5 - - [07/Feb/2026:15:19:56] \"WSCONNECT /ws\" - -",
	    "peer=<2001:db8::1> port=<5> method=<WSCONNECT> path=</ws>" },
	/* http.server: runserver and werkzeug, whose clients may send quotes */
	{ "[07/Feb/2026 15:19:56] \"GET / HTTP/1.1\" 200 512", "method=<GET> "
	    "path=</> protocol=<HTTP/1.1> status=<200> bytes=<512>" },
	{ "127.0.0.1 - -" DEV "\"GET /?a=\" 200 5 \"x\" \"y HTTP/1.1\" 404 -",
	    "peer=<127.0.0.1> method=<GET> path=</?a=\" 200 5 \"x\" \"y> "
	    "protocol=<HTTP/1.1> status=<404>" },
	{ "2001:db8::1 - -" DEV "\"GET / HTTP/1.1\" 200 -", "peer=<2001:db8::1> "
	    "method=<GET> path=</> protocol=<HTTP/1.1> status=<200>" },
	{ "INFO:werkzeug:127.0.0.1 - -" DEV "\"GET / HTTP/1.1\" 200 -", DEV_WANT },
	{ "[2026-02-07 15:19:56,123] INFO in _internal: 127.0.0.1 - -" DEV
	    "\"GET / HTTP/1.1\" 200 -", DEV_WANT },
	{ "2026-02-07 15:19:56,123 - werkzeug - INFO - 127.0.0.1 - -" DEV
	    "\"GET / HTTP/1.1\" 200 -", DEV_WANT },
	{ "127.0.0.1 - -" DEV "\"\x1b[33mGET / HTTP/1.1\x1b[0m\" 200 -", DEV_WANT },
	{ "127.0.0.1 - -" DEV "\"\x1b[31m\x1b[1mGET / HTTP/1.1\x1b[0m\" 200 -",
	    DEV_WANT },
	{ "127.0.0.1 - -" DEV "\"\x1b[\" 400 -", "peer=<127.0.0.1> "
	    "status=<400> request=<\x1b[>" },
	/* uvicorn without its head, or without a client; quotes in a query */
	{ "127.0.0.1:1234 - \"GET / HTTP/1.1\" 200", "peer=<127.0.0.1> port=<1234> "
	    "method=<GET> path=</> protocol=<HTTP/1.1> status=<200>" },
	{ "INFO:      - \"GET / HTTP/2\" 404 Not Found", "method=<GET> "
	    "path=</> protocol=<HTTP/2> status=<404>" },
	{ "INFO:     2001:db8::1:80 - \"GET / HTTP/1.1\" 200 OK",
	    "peer=<2001:db8::1> port=<80> method=<GET> path=</> "
	    "protocol=<HTTP/1.1> status=<200>" },
	{ "INFO:     [2001:db8::1]:80 - \"GET /?\" 200 OK HTTP/1.1\" 500 "
	    "Internal Server Error", "peer=<[2001:db8::1]> port=<80> method=<GET> "
	    "path=</?\" 200 OK> protocol=<HTTP/1.1> status=<500>" },
	{ "INFO:     198.51.100.7:0 - \"WebSocket /ws\" 403",
	    "peer=<198.51.100.7> port=<0> method=<WebSocket> path=</ws> "
	    "status=<403>" },
	/* ... and what a client sent for its address */
	{ "INFO:     2001:db8::7:0 - \"GET / HTTP/1.1\" 200 OK",
	    "peer=<2001:db8::7> port=<0> method=<GET> path=</> "
	    "protocol=<HTTP/1.1> status=<200>" },
	{ "INFO:     unknown, 1.2.3.4:0 - \"GET / HTTP/1.1\" 401 Unauthorized",
	    "port=<0> method=<GET> path=</> protocol=<HTTP/1.1> status=<401>" },
	{ "INFO:     x - \"GET /y HTTP/1.1\" 200:0 - \"GET / HTTP/1.1\" 401",
	    "port=<0> method=<GET> path=</> protocol=<HTTP/1.1> status=<401>" },
	/* Heroku's nginx of 2012, no app behind it */
	{ "GET /a | b HTTP/1.1 | 192.0.2.1 | 8132 | http | 503",
	    "peer=<192.0.2.1> port=<8132> method=<GET> path=</a | b> "
	    "protocol=<HTTP/1.1> status=<503>" },
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
	"INFO:     here - \"GET /a HTTP/1.1\" 200 OK",
	"INFO:     198.51.100.7:0 - \"GET /a HTTP/1.1\" 200 0K",
	"198.51.100.7 - \"GET /a HTTP/1.1\" 200",
	"198.51.100.7:0 - \"GET /a HTTP/1.1\"",
	"INFO:app:127.0.0.1 - -" DEV "\"GET / HTTP/1.1\" 200 -",
	"user 127.0.0.1 - -" DEV "\"GET / HTTP/1.1\" 200 - said",
	"127.0.0.1 - -" DEV "\"GET / HTTP/1.1\" 200 - more",
	"who, me? - -" TIME "\"GET / HTTP/1.1\" 200 1",
	"web - -" TIME "\"GET / HTTP/1.1\" 200 1",
	", ," TIME "\"GET / HTTP/1.1\" 200 1",
	"- x -" TIME "\"GET / HTTP/1.1\" 200 1",
	"192.0.2.1 x -" TIME "\"GET / HTTP/1.1\" 200 1",
	"me" TIME "\"GET / HTTP/1.1\" 200 1",
	"10.1.2.3 - - [yesterday] \"GET / HTTP/1.1\" 200 1",
	"10.1.2.3 - - [07/Feb/2026:15:19:56 UTC] \"GET / HTTP/1.1\" 200 1",
	"10.1.2.3 - -" TIME "\"WSCONNECT /ws\" x -",
	"10.1.2.3 - -" TIME "\"GET /ws\" - -",
	"GET / HTTP/1.1 | 192.0.2.1 | 8132 | http | 5030",
	"GET / HTTP/1.1 | here | 8132 | http | 503",
	"GET / | 192.0.2.1 | 8132 | http | 503",
	"a | b | c | d", "192.0.2.1 | 8132 | http | 503",
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
