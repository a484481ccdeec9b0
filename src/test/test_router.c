/* SPDX-License-Identifier: MIT */
#include "parse/router.h"
#include "parse/routerstrict.h"

#include "base/buf.h"
#include "test/ck.h"

Suite *test_router(void);

static void
put(struct buf *b, const char *key, sv val)
{
	if (sv_null(val))
		return;
	if (b->n)
		buf_byte(b, ' ');
	buf_printf(b, "%s=<%.*s>", key, SV_ARG(val));
}

/* Each key that is there, in the order of the struct. */
static void
show(struct buf *b, const struct router *r)
{
	put(b, "at", r->at);
	put(b, "code", r->code);
	put(b, "desc", r->desc);
	put(b, "sock", r->sock);
	put(b, "cause", r->cause);
	put(b, "method", r->method);
	put(b, "path", r->path);
	put(b, "host", r->host);
	put(b, "request_id", r->request_id);
	put(b, "fwd", r->fwd);
	put(b, "dyno", r->dyno);
	put(b, "connect", r->connect);
	put(b, "service", r->service);
	put(b, "status", r->status);
	put(b, "bytes", r->bytes);
	put(b, "protocol", r->protocol);
	put(b, "tls", r->tls);
	put(b, "tls_version", r->tls_version);
	put(b, "agent", r->agent);
	put(b, "more", r->more.n ? r->more : SV_NULL);
	put(b, "rest", r->rest);
}

#define ID "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"
#define HEAD "at=info method=GET path=\"/a\" host=h.example request_id=" ID \
	" fwd=\"192.0.2.7\""
#define HEAD_NO_FWD "at=<info> method=<GET> path=</a> host=<h.example>" \
	" request_id=<" ID ">"
#define HEAD_WANT HEAD_NO_FWD " fwd=<192.0.2.7>"
#define TAIL " dyno=web.1 connect=0ms service=18ms status=200 bytes=512"
#define TAIL_WANT " dyno=<web.1> connect=<0ms> service=<18ms> status=<200>" \
	" bytes=<512>"

static const struct {
	const char *line, *want;
} lines[] = {
	/* legacy router */
	{ HEAD TAIL " protocol=https", HEAD_WANT TAIL_WANT
	    " protocol=<https>" },
	{ HEAD TAIL, HEAD_WANT TAIL_WANT },
	{ HEAD TAIL " tls_version=tls1.2 protocol=https", HEAD_WANT TAIL_WANT
	    " protocol=<https> tls_version=<tls1.2>" },
	/* Router 2.0 */
	{ HEAD TAIL " protocol=http1.1 tls=true tls_version=unknown", HEAD_WANT
	    TAIL_WANT " protocol=<http1.1> tls=<true> tls_version=<unknown>" },
	{ HEAD TAIL " protocol=http2.0 tls=true tls_version=tls1.3", HEAD_WANT
	    TAIL_WANT " protocol=<http2.0> tls=<true> tls_version=<tls1.3>" },
	{ HEAD TAIL " protocol=http1.1 tls=false", HEAD_WANT TAIL_WANT
	    " protocol=<http1.1> tls=<false>" },
	/* errors */
	{ "at=error code=H10 desc=\"App crashed\" method=GET path=\"/\" "
	    "host=h.example request_id=" ID " fwd=\"192.0.2.7\" dyno= connect= "
	    "service= status=503 bytes= protocol=https",
	    "at=<error> code=<H10> desc=<App crashed> method=<GET> path=</> "
	    "host=<h.example> request_id=<" ID "> fwd=<192.0.2.7> dyno=<> "
	    "connect=<> service=<> status=<503> bytes=<> protocol=<https>" },
	{ "sock=backend at=error code=H18 desc=\"Server Request Interrupted\" "
	    "method=POST path=\"/up\" host=h.example request_id=" ID
	    " fwd=\"192.0.2.7\"" TAIL " protocol=https",
	    "at=<error> code=<H18> desc=<Server Request Interrupted> "
	    "sock=<backend> method=<POST> path=</up> host=<h.example> "
	    "request_id=<" ID "> fwd=<192.0.2.7>" TAIL_WANT
	    " protocol=<https>" },
	{ "sock= at=warning code=H27 desc=\"Client Request Interrupted\" "
	    "method=GET path=\"/\" host=h.example request_id=" ID " fwd=\"\" "
	    "dyno=web.2 connect=1ms service=4ms status=499 bytes= protocol=http",
	    "at=<warning> code=<H27> desc=<Client Request Interrupted> sock=<> "
	    "method=<GET> path=</> host=<h.example> request_id=<" ID "> fwd=<> "
	    "dyno=<web.2> connect=<1ms> service=<4ms> status=<499> bytes=<> "
	    "protocol=<http>" },
	{ "at=error code=H26 desc=\"Request Error\" cause=\"unsupported expect "
	    "header value\" method=GET path=\"/\" host=h.example request_id=" ID
	    " fwd=\"192.0.2.7\" dyno= connect=1 service=2 status=417 bytes=",
	    "at=<error> code=<H26> desc=<Request Error> cause=<unsupported "
	    "expect header value> method=<GET> path=</> host=<h.example> "
	    "request_id=<" ID "> fwd=<192.0.2.7> dyno=<> connect=<1> "
	    "service=<2> status=<417> bytes=<>" },
	{ "at=error code=H24 desc=\"Forced close\" method=GET path=\"/\" host= "
	    "request_id=" ID " fwd=\"192.0.2.7\" dyno=web.1 connect=1ms "
	    "service=80000ms status= bytes=18",
	    "at=<error> code=<H24> desc=<Forced close> method=<GET> path=</> "
	    "host=<> request_id=<" ID "> fwd=<192.0.2.7> dyno=<web.1> "
	    "connect=<1ms> service=<80000ms> status=<> bytes=<18>" },
	{ "at=error code=H31 desc=\"Misdirected Request\" method=GET path=\"/\" "
	    "host=h.example request_id=" ID " fwd=\"192.0.2.7\" dyno= connect= "
	    "service= status=421 bytes= protocol=http agent=\"probe 1.0\"",
	    "at=<error> code=<H31> desc=<Misdirected Request> method=<GET> "
	    "path=</> host=<h.example> request_id=<" ID "> fwd=<192.0.2.7> "
	    "dyno=<> connect=<> service=<> status=<421> bytes=<> "
	    "protocol=<http> agent=<probe 1.0>" },
	/* 2012 and 2013: no quotes, no request_id, queue= and wait= */
	{ "at=info method=GET path=/x?a=b host=h.example fwd=192.0.2.7 "
	    "dyno=web.1 queue=0 wait=0ms connect=2ms service=9ms status=200 "
	    "bytes=13",
	    "at=<info> method=<GET> path=</x?a=b> host=<h.example> "
	    "fwd=<192.0.2.7> dyno=<web.1> connect=<2ms> service=<9ms> "
	    "status=<200> bytes=<13>" },
	{ "at=info method=GET path=/ host=h.example fwd=203.0.113.1, 192.0.2.7"
	    TAIL, "at=<info> method=<GET> path=</> host=<h.example> "
	    "fwd=<203.0.113.1, 192.0.2.7>" TAIL_WANT },
	{ "at=info method=GET path=/ host=h.example fwd=\"192.0.2.7\"" TAIL,
	    "at=<info> method=<GET> path=</> host=<h.example> "
	    "fwd=<192.0.2.7>" TAIL_WANT },
	{ "at=info code=blank-app desc=\"Blank app\" method=GET path=/ "
	    "host=h.example fwd=192.0.2.7 dyno= connect= service= status=502 "
	    "bytes=", "at=<info> code=<blank-app> desc=<Blank app> "
	    "method=<GET> path=</> host=<h.example> fwd=<192.0.2.7> dyno=<> "
	    "connect=<> service=<> status=<502> bytes=<>" },
	{ "at=error code=H10 desc=\"App crashed\" method=GET path=/ "
	    "host=h.example fwd= dyno= queue= wait= connect= service= "
	    "status=503 bytes=", "at=<error> code=<H10> desc=<App crashed> "
	    "method=<GET> path=</> host=<h.example> fwd=<> dyno=<> connect=<> "
	    "service=<> status=<503> bytes=<>" },
	/* the same without bytes, as some samples end */
	{ "at=error code=H10 desc=\"App crashed\" method=GET path=/ "
	    "host=h.example fwd=192.0.2.7 dyno= queue= wait= connect= service= "
	    "status=503", "at=<error> code=<H10> desc=<App crashed> "
	    "method=<GET> path=</> host=<h.example> fwd=<192.0.2.7> dyno=<> "
	    "connect=<> service=<> status=<503>" },
	{ "at=error code=H18 desc=\"Request Interrupted\" method=GET path=/ "
	    "host=h.example fwd=192.0.2.7 dyno=web.1 connect=1ms service=0ms "
	    "status=503 bytes=0 sock=client", "at=<error> code=<H18> "
	    "desc=<Request Interrupted> sock=<client> method=<GET> path=</> "
	    "host=<h.example> fwd=<192.0.2.7> dyno=<web.1> connect=<1ms> "
	    "service=<0ms> status=<503> bytes=<0>" },
	{ "at=info method=GET path=/ host=h.example fwd=\"192.0.2.7\" web=web.1 "
	    "queue=0 wait=0ms connect=1ms service=4ms status=200 bytes=7",
	    "at=<info> method=<GET> path=</> host=<h.example> fwd=<192.0.2.7> "
	    "dyno=<web.1> connect=<1ms> service=<4ms> status=<200> bytes=<7>" },
	/* H18 after the answer had begun */
	{ "sock=backend at=error code=H18 desc=\"Server Request Interrupted\" "
	    "method=GET path=\"/s\" host=h.example request_id=" ID
	    " fwd=\"192.0.2.7\" dyno=web.1 connect=1ms service=90000ms "
	    "status=200 bytes=7340032 protocol=http1.1 tls=true "
	    "tls_version=unknown", "at=<error> code=<H18> "
	    "desc=<Server Request Interrupted> sock=<backend> method=<GET> "
	    "path=</s> host=<h.example> request_id=<" ID "> fwd=<192.0.2.7> "
	    "dyno=<web.1> connect=<1ms> service=<90000ms> status=<200> "
	    "bytes=<7340032> protocol=<http1.1> tls=<true> "
	    "tls_version=<unknown>" },
	{ "at=info code=H80 desc=\"Maintenance mode\" method=GET path=/ "
	    "host=h.example fwd=192.0.2.7 dyno= connect= service= status=503 "
	    "bytes=", "at=<info> code=<H80> desc=<Maintenance mode> "
	    "method=<GET> path=</> host=<h.example> fwd=<192.0.2.7> dyno=<> "
	    "connect=<> service=<> status=<503> bytes=<>" },
	{ "at=error code=H25 desc=\"HTTP Restriction\" cause=\"oversized status "
	    "line\" method=GET path=\"/\" host=h.example request_id=" ID
	    " fwd=\"192.0.2.7\" dyno=web.1 connect=1 service=1 status=502 "
	    "bytes=537", "at=<error> code=<H25> desc=<HTTP Restriction> "
	    "cause=<oversized status line> method=<GET> path=</> "
	    "host=<h.example> request_id=<" ID "> fwd=<192.0.2.7> "
	    "dyno=<web.1> connect=<1> service=<1> status=<502> bytes=<537>" },
	/* a key that nobody knows yet */
	{ HEAD TAIL " protocol=http3.0 tls=true tls_version=tls1.3 region=eu-1",
	    HEAD_WANT TAIL_WANT " protocol=<http3.0> tls=<true> "
	    "tls_version=<tls1.3> more=< region=eu-1>" },
	{ HEAD TAIL " protocol=https new=\"x y\" b=1", HEAD_WANT TAIL_WANT
	    " protocol=<https> more=< new=\"x y\" b=1>" },
	{ HEAD TAIL " protocol=https new=\"x y", HEAD_WANT TAIL_WANT
	    " protocol=<https> more=< new=\"x y>" },
	{ HEAD " new=1" TAIL, HEAD_WANT TAIL_WANT " more=< new=1>" },
	{ HEAD " new=1 b=" TAIL " c=2", HEAD_WANT TAIL_WANT
	    " more=< new=1 b=" TAIL " c=2>" },
	{ "at=info method=GET path=\"/a\" host=h.example new=1 request_id=" ID
	    " fwd=\"192.0.2.7\"" TAIL, HEAD_WANT TAIL_WANT " rest=<new=1>" },
	/* values that nobody expected */
	{ HEAD " dyno=web.1 connect=1.5ms service=2s status=abc bytes=1,5 "
	    "protocol=http/4", HEAD_WANT " dyno=<web.1> connect=<1.5ms> "
	    "service=<2s> status=<abc> bytes=<1,5> protocol=<http/4>" },
	{ HEAD " dyno=web.1 connect=\"1ms\" service=2ms status=200",
	    HEAD_NO_FWD " dyno=<web.1> connect=<1ms> service=<2ms> "
	    "status=<200> rest=<fwd=\"192.0.2.7\">" },
	/* before */
	{ "POST a.example/datasets dyno=web.1 queue=0 wait=0ms service=230ms "
	    "status=302 bytes=113", "at=<info> method=<POST> path=</datasets> "
	    "host=<a.example> dyno=<web.1> service=<230ms> status=<302> "
	    "bytes=<113>" },
	{ "GET a.example dyno=web.1 queue=0 wait=0ms service=2ms status=200 "
	    "bytes=1", "at=<info> method=<GET> path=</> host=<a.example> "
	    "dyno=<web.1> service=<2ms> status=<200> bytes=<1>" },
	{ "Error H10 (App crashed) -> GET a.example/ dyno= queue= wait= "
	    "service= status=503 bytes=", "at=<error> code=<H10> "
	    "desc=<App crashed> method=<GET> path=</> host=<a.example> dyno=<> "
	    "service=<> status=<503> bytes=<>" },
	{ "Error H12 (Request timeout) -> PUT a.example/b?c=d dyno=web.2 "
	    "queue=0 wait=0ms service=30001ms status=503 bytes=0",
	    "at=<error> code=<H12> desc=<Request timeout> method=<PUT> "
	    "path=</b?c=d> host=<a.example> dyno=<web.2> service=<30001ms> "
	    "status=<503> bytes=<0>" },
	{ "Error H13 -> GET a.example/b dyno=web.2 queue= wait= service= "
	    "status=503 bytes=", "at=<error> code=<H13> method=<GET> path=</b> "
	    "host=<a.example> dyno=<web.2> service=<> status=<503> bytes=<>" },
	/* what a client may send without leaving its quotes */
	{ "at=info method=GET path=\"/data:image/png;base64,iVBOR+/=?x=y&z=\" "
	    "host=h.example request_id=" ID " fwd=\"192.0.2.7\"" TAIL,
	    "at=<info> method=<GET> path=</data:image/png;base64,iVBOR+/=?x=y&z="
	    "> host=<h.example> request_id=<" ID "> fwd=<192.0.2.7>" TAIL_WANT },
	{ "at=info method=GET path=\"/a b host=x status=1\" host=h.example "
	    "request_id=" ID " fwd=\"junk, unknown,::1, 192.0.2.7\"" TAIL,
	    "at=<info> method=<GET> path=</a b host=x status=1> "
	    "host=<h.example> request_id=<" ID "> "
	    "fwd=<junk, unknown,::1, 192.0.2.7>" TAIL_WANT },
	/* Router 2.0 writes the path decoded */
	{ "at=info method=GET path=\"/caf\xc3\xa9 au lait/\\n\\t?q=' or 1=1 --\" "
	    "host=h.example request_id=" ID " fwd=\"192.0.2.7\"" TAIL,
	    "at=<info> method=<GET> path=</caf\xc3\xa9 au lait/\\n\\t?q=' or 1=1 "
	    "--> host=<h.example> request_id=<" ID "> fwd=<192.0.2.7>"
	    TAIL_WANT },
	{ "at=info method=GET path=\"/a\nb\tc\" host=h.example request_id=" ID
	    " fwd=\"192.0.2.7\"" TAIL, "at=<info> method=<GET> path=</a\nb\tc> "
	    "host=<h.example> request_id=<" ID "> fwd=<192.0.2.7>" TAIL_WANT },
	/* entries of fwd are not judged here */
	{ "at=info method=GET path=\"/\" host=192.0.2.1:443 request_id=" ID
	    " fwd=\",, ,unknown,x y,192.0.2.9:8080,[2001:db8::1]:443,"
	    "2001:db8::2\"" TAIL, "at=<info> method=<GET> path=</> "
	    "host=<192.0.2.1:443> request_id=<" ID "> fwd=<,, ,unknown,x y,"
	    "192.0.2.9:8080,[2001:db8::1]:443,2001:db8::2>" TAIL_WANT },
	{ "at=info method=M-SEARCH path=\"/\" host=[::1] request_id=a+/=-b"
	    " fwd=\"192.0.2.7\"" TAIL, "at=<info> method=<M-SEARCH> path=</> "
	    "host=<[::1]> request_id=<a+/=-b> fwd=<192.0.2.7>" TAIL_WANT },
	/* any order; samples in documents */
	{ "status=503 at=error code=H99 desc=\"Platform error\" dyno=web.1 "
	    "method=GET fwd=\"192.0.2.7\"", "at=<error> code=<H99> "
	    "desc=<Platform error> method=<GET> dyno=<web.1> status=<503> "
	    "rest=<fwd=\"192.0.2.7\">" },
	{ "at=error code=H13 desc=\"Connection closed\" method=GET path=\"/\" "
	    "host=h.example fwd=192.0.2.7 dyno=web.1 connect=3030ms "
	    "service=9767ms status=503 bytes=0",
	    "at=<error> code=<H13> desc=<Connection closed> method=<GET> "
	    "path=</> host=<h.example> fwd=<192.0.2.7> dyno=<web.1> "
	    "connect=<3030ms> service=<9767ms> status=<503> bytes=<0>" },
	/* cut: what is there, but no fwd unless the dyno begins behind it */
	{ HEAD " dyno=web.1 connect=0ms service=18ms status=200 b", HEAD_WANT
	    " dyno=<web.1> connect=<0ms> service=<18ms> status=<200> "
	    "more=< b>" },
	{ HEAD " dyno=web.1 connect=0ms serv", HEAD_WANT
	    " dyno=<web.1> connect=<0ms> more=< serv>" },
	{ HEAD " dyno=we", HEAD_WANT " dyno=<we>" },
	{ HEAD " dyn", HEAD_WANT " more=< dyn>" },
	{ HEAD " ", HEAD_NO_FWD " rest=<fwd=\"192.0.2.7\">" },
	{ HEAD, HEAD_NO_FWD " rest=<fwd=\"192.0.2.7\">" },
	{ "at=info method=GET path=\"/a\" host=h.example fwd=\"6.6.6.6, 192",
	    "at=<info> method=<GET> path=</a> host=<h.example> "
	    "rest=<fwd=\"6.6.6.6, 192>" },
	{ "at=info method=GET path=/ host=h.example fwd=192.0.2",
	    "at=<info> method=<GET> path=</> host=<h.example> "
	    "rest=<fwd=192.0.2>" },
	{ "at=info method=GET path=\"/a\" ho",
	    "at=<info> method=<GET> path=</a> rest=<ho>" },
	{ "at=info method=GET path=\"/a\"b c\"",
	    "at=<info> method=<GET> path=</a\"b c>" },
};

START_TEST(forms)
{
	struct buf b = BUF_INIT;
	struct router r;

	ck_assert(router_parse(sv_str(lines[_i].line), &r));
	show(&b, &r);
	ck_sv(buf_sv(&b), sv_str(lines[_i].want));
	ck_assert_uint_eq(r.flags, 0);
	buf_release(&b);
}
END_TEST

#define AT "at=info method=GET path=\""
#define FROM "\" host=h.example request_id=" ID " fwd=\""
#define END_ "\"" TAIL " protocol=http1.1 tls=true tls_version=tls1.3"
#define FAKE " dyno=web.9 connect=9ms service=9ms status=404 bytes=9"
#define FAKE_FWD "\" host=evil.example request_id=forged fwd=\"6.6.6.6"
#define LINE "at=info method=GET path=\"/y" FAKE_FWD "\"" FAKE
#define H31 "at=error code=H31 desc=\"Misdirected Request\" method=GET path=\""
#define H31_TAIL " dyno= connect= service= status=421 bytes= protocol=http"

/* What a client writes must not become what the router wrote. */
static const struct {
	const char *line, *path, *fwd, *dyno, *status;
} forged[] = {
	/* the path breaks out of its quotes */
	{ AT "/x\"y" FROM "192.0.2.7" END_, "/x\"y", "192.0.2.7", "web.1",
	    "200" },
	{ AT "/x\" host=evil.example status=500" FROM "192.0.2.7" END_,
	    "/x\" host=evil.example status=500", "192.0.2.7", "web.1", "200" },
	{ AT "/x" FAKE_FWD FROM "192.0.2.7" END_,
	    "/x" FAKE_FWD, "192.0.2.7", "web.1", "200" },
	{ AT "/x" FAKE_FWD "\"" FAKE FROM "192.0.2.7" END_,
	    "/x" FAKE_FWD "\"" FAKE, "192.0.2.7", "web.1", "200" },
	{ AT "/x" FAKE_FWD "\"" FAKE " agent=\"" FROM "192.0.2.7" END_,
	    "/x" FAKE_FWD "\"" FAKE " agent=\"", "192.0.2.7", "web.1", "200" },
	/* fwd does */
	{ AT "/x" FROM "6.6.6.6\"" FAKE ", 192.0.2.7" END_,
	    "/x", "6.6.6.6\"" FAKE ", 192.0.2.7", "web.1", "200" },
	{ AT "/x" FROM "6.6.6.6\"" FAKE " protocol=https, 192.0.2.7" END_,
	    "/x", "6.6.6.6\"" FAKE " protocol=https, 192.0.2.7", "web.1",
	    "200" },
	{ AT "/x" FROM "6.6.6.6\"" FAKE " agent=,192.0.2.7" END_,
	    "/x", "6.6.6.6\"" FAKE " agent=,192.0.2.7", "web.1", "200" },
	{ AT "/x" FROM "6.6.6.6\"" FAKE " agent=\"x, 192.0.2.7" END_,
	    "/x", "6.6.6.6\"" FAKE " agent=\"x, 192.0.2.7", "web.1", "200" },
	{ AT "/x" FROM "a fwd=\"6.6.6.6, 192.0.2.7" END_,
	    "/x", "a fwd=\"6.6.6.6, 192.0.2.7", "web.1", "200" },
	{ AT "/x" FROM "a request_id=forged fwd=\"6.6.6.6, 192.0.2.7" END_,
	    "/x", "a request_id=forged fwd=\"6.6.6.6, 192.0.2.7", "web.1",
	    "200" },
	/* a whole middle inside fwd: the path takes the blame */
	{ AT "/x" FROM "a" FAKE_FWD ", 192.0.2.7" END_,
	    "/x" FROM "a", "6.6.6.6, 192.0.2.7", "web.1", "200" },
	/* both */
	{ AT "/x\" host=a request_id=b fwd=\"" FROM "6.6.6.6\"" FAKE
	    ", 192.0.2.7" END_, "/x\" host=a request_id=b fwd=\"",
	    "6.6.6.6\"" FAKE ", 192.0.2.7", "web.1", "200" },
	/* the host too: only fwd and the tail are certain */
	{ AT "/x\" host=a request_id=b fwd=\"6.6.6.6\" dyno=web.9\" host=a b "
	    "request_id=" ID " fwd=\"192.0.2.7" END_, "/x\" host=a request_id=b "
	    "fwd=\"6.6.6.6\" dyno=web.9", "192.0.2.7", "web.1", "200" },
	/* fwd without quotes */
	{ "at=info method=GET path=/x host=h.example fwd=6.6.6.6\"" FAKE
	    ", fwd=\"7.7.7.7, 192.0.2.7" TAIL, "/x", "6.6.6.6\"" FAKE
	    ", fwd=\"7.7.7.7, 192.0.2.7", "web.1", "200" },
	/* H31 tells the client's agent behind all else */
	{ H31 "/x" FAKE_FWD FROM "192.0.2.7\"" H31_TAIL " agent=\"a\"",
	    "/x" FAKE_FWD, "192.0.2.7", "", "421" },
	{ H31 "/x" FROM "192.0.2.7\"" H31_TAIL " agent=\"a, 6.6.6.6\"" FAKE
	    " agent=\"b\"", "/x", NULL, "", "421" },
	{ H31 "/x" FROM "192.0.2.7\"" H31_TAIL " agent=\"a\"b\"", "/x",
	    "192.0.2.7", "", "421" },
	{ H31 "/x" FROM "192.0.2.7\"" H31_TAIL " agent=a\"" FAKE, "/x", NULL,
	    "", "421" },
	/* a whole line in path, fwd and agent */
	{ AT "/x" LINE FROM "192.0.2.7" END_, "/x" LINE, "192.0.2.7", "web.1",
	    "200" },
	{ AT "/x" FROM "6.6.6.6\" dyno=web.9 " LINE ", 192.0.2.7" END_,
	    "/x" FROM "6.6.6.6\" dyno=web.9 at=info method=GET path=\"/y",
	    "6.6.6.6\"" FAKE ", 192.0.2.7", "web.1", "200" },
	{ AT "/x" LINE FROM LINE ", 192.0.2.7" END_, "/x" LINE FROM
	    "at=info method=GET path=\"/y", "6.6.6.6\"" FAKE ", 192.0.2.7",
	    "web.1", "200" },
	{ H31 "/x" LINE FROM "192.0.2.7\"" H31_TAIL " agent=\"a\"",
	    "/x" LINE, "192.0.2.7", "", "421" },
	{ H31 "/x" FROM "192.0.2.7\"" H31_TAIL " agent=\"a\"" FAKE "\"", "/x",
	    "192.0.2.7", "", "421" },
	{ H31 "/x" FROM "192.0.2.7\"" H31_TAIL " agent=\"" LINE "\"",
	    "/x", NULL, "", "421" },
	{ H31 "/x" FROM "192.0.2.7\"" H31_TAIL " agent=\"a, 6.6.6.6\" dy",
	    "/x", NULL, "", "421" },
	/* a path that opens an agent or a new key, cut behind it */
	{ AT "/x" FAKE_FWD "\"" FAKE " agent=" FROM "192.0.2.7\"",
	    "/x" FAKE_FWD "\"" FAKE " agent=", NULL, NULL, NULL },
	{ AT "/x" FAKE_FWD "\"" FAKE " agent=\"" FROM "192.0.2.7\"",
	    "/x" FAKE_FWD "\"" FAKE " agent=\"", NULL, NULL, NULL },
	{ AT "/x" FAKE_FWD "\"" FAKE " new=" FROM "192.0.2.7\"",
	    "/x" FAKE_FWD "\"" FAKE " new=", NULL, NULL, NULL },
	{ AT "/x" FAKE_FWD "\"" FAKE " new=\"" FROM "192",
	    "/x" FAKE_FWD "\"" FAKE " new=\"", NULL, NULL, NULL },
	/* a path without quotes, cut inside */
	{ AT "/x host=a fwd=6.6.6.6" FAKE, "/x host=a fwd=6.6.6.6" FAKE, NULL,
	    NULL, NULL },
	{ AT " host=a fwd=6.6.6.6" FAKE, " host=a fwd=6.6.6.6" FAKE, NULL,
	    NULL, NULL },
	/* so a list */
	{ AT "/x" FROM "a fwd=6.6.6.6" FAKE, "/x", NULL, "web.9", "404" },
	/* a list that a client breaks, cut inside the router's part */
	{ AT "/x" FROM "6.6.6.6\"" FAKE ",192.0", "/x", NULL, "web.9", "404" },
	{ AT "/x" FROM "6.6.6.6\"" FAKE ", 192.0", "/x", NULL, "web.9", "404" },
	/* web= is a key of the router only where dyno= is not */
	{ AT "/x" FROM "6.6.6.6\" web=web.9 service=1ms status=404, 192.0.2.7"
	    END_, "/x", "6.6.6.6\" web=web.9 service=1ms status=404, 192.0.2.7",
	    "web.1", "200" },
	{ AT "/x dyno=y" FROM "192.0.2.7\" web=web.1 service=1ms status=200",
	    "/x dyno=y", "192.0.2.7", "web.1", "200" },
	/* keys that are none of the router's do not end a line */
	{ AT "/x" FROM "6.6.6.6\"" FAKE " x=y z=, 192.0.2.7" END_, "/x",
	    "6.6.6.6\"" FAKE " x=y z=, 192.0.2.7", "web.1", "200" },
	/* the true tail was cut off */
	{ AT "/x" FROM "6.6.6.6\"" FAKE ", 192.0.2.7\" dyno=we", "/x",
	    "6.6.6.6\"" FAKE ", 192.0.2.7", "we", NULL },
	{ AT "/x" FAKE_FWD FROM "192.0.2.7\" dyno=web.1 conn",
	    "/x" FAKE_FWD, "192.0.2.7", "web.1", NULL },
};

START_TEST(forged_keys)
{
	struct router r;

	ck_assert(router_parse(sv_str(forged[_i].line), &r));
	ck_sv(r.path, sv_str(forged[_i].path));
	ck_sv(r.fwd, sv_str(forged[_i].fwd));
	ck_assert(sv_null(r.fwd) == (forged[_i].fwd == NULL));
	ck_sv(r.dyno, sv_str(forged[_i].dyno));
	ck_sv(r.status, sv_str(forged[_i].status));
}
END_TEST

/* Lines of one request each: what a client sends as path and as fwd. */
static const struct {
	const char *path, *fwd;
} sent[] = {
	{ "/a", "" },
	{ "/a?b=c&d=e", "192.0.2.1, " },
	{ "/a b \"c", "unknown,,  [2001:db8::1]:443,\" , " },
	{ "/", "6.6.6.6\", " },
	{ "/", "6.6.6.6\" dyno=web.9, " },
	{ "/", "6.6.6.6\" dyno=web.9 connect=9ms service=9ms, " },
	{ "/", "6.6.6.6\"" FAKE ", " },
	{ "/", "6.6.6.6\"" FAKE " dyno=, " },
	{ "/", "a fwd=\"6.6.6.6\"" FAKE " fwd=\"7.7.7.7\", " },
	{ "/x" FAKE_FWD, "" },
	{ "/x" FAKE_FWD "\"", "" },
	{ "/x" FAKE_FWD "\"" FAKE "\"", "" },
	{ "/x" FAKE_FWD "\"" FAKE " \"x", "7.7.7.7, " },
	{ "/x dyno=y fwd=6.6.6.6 ", "7.7.7.7, " },
	{ "/x" FAKE_FWD "\"" FAKE "\"", "7.7.7.7" FAKE_FWD "\"" FAKE ", " },
};

/* Does text, cut here, end inside a forged tail? No reader can tell who wrote
 * it. */
static bool
ends_forged(sv text)
{
	size_t at = sv_rfind(text, SV("\" d"));
	sv end = sv_skip(text, at + 1);

	return at < text.n && sv_starts(SV(FAKE " "), end);
}

/* However a line is cut, the last entry of fwd is the router's or there is
 * none. */
START_TEST(cut_anywhere)
{
	struct buf b = BUF_INIT;
	struct router r;
	size_t shown = 0;

	buf_printf(&b, AT "%s" FROM "%s192.0.2.7" END_, sent[_i].path,
	    sent[_i].fwd);
	for (size_t n = 0; n <= b.n; n++) {
		sv text = sv_take(buf_sv(&b), n);

		if (ends_forged(text) || !router_parse(text, &r) ||
		    sv_null(r.fwd))
			continue;
		ck_assert_msg(sv_ends(r.fwd, SV("192.0.2.7")), "%.*s",
		    SV_ARG(text));
		ck_assert(sv_starts(SV("web.1"), r.dyno));
		ck_assert(n > sv_rfind(buf_sv(&b), SV(" dyno=")) + 1);
		shown++;
	}
	ck_assert_uint_gt(shown, 0);
	buf_release(&b);
}
END_TEST

/* kB of an inline image in a path. */
START_TEST(long_path)
{
	struct buf b = BUF_INIT;
	struct router r;
	sv path;

	buf_lit(&b, AT "/data:image/png;base64,");
	for (int i = 0; i < 4096; i++)
		buf_lit(&b, "iVB+/=");
	path = sv_skip(buf_sv(&b), sizeof(AT) - 1);
	buf_lit(&b, FROM "192.0.2.7" END_);
	ck_assert(router_parse(buf_sv(&b), &r));
	ck_assert_uint_eq(r.path.n, path.n);
	ck_sv_lit(r.fwd, "192.0.2.7");
	buf_release(&b);
}
END_TEST

static const struct {
	const char *line;
	unsigned flags;
} doubts[] = {
	{ AT "/x" FROM "192.0.2.7" END_, 0 },
	{ AT "/x\"y" FROM "192.0.2.7" END_, 0 },
	{ AT "/x host=a status=1" FROM "192.0.2.7" END_, 0 },
	{ AT "/x\" status=1" FROM "192.0.2.7" END_, ROUTER_AMBIGUOUS },
	{ AT "/x" FROM "6.6.6.6\"" FAKE ", 192.0.2.7" END_, ROUTER_AMBIGUOUS },
	{ AT "/x" FROM "a fwd=\"b, 192.0.2.7" END_, ROUTER_AMBIGUOUS },
	{ H31 "/x" FROM "192.0.2.7\"" H31_TAIL " agent=a\"" FAKE,
	    ROUTER_AMBIGUOUS },
	{ AT "/x" FROM "6.6.6.6\"" FAKE ", 192.0.2.7\" dyno=we",
	    ROUTER_AMBIGUOUS },
	{ AT "/x" FROM "192.0.2.7\" new=1" TAIL, 0 },
	{ AT "/x" FROM "192.0.2.7\" new=\"x y\"" TAIL, ROUTER_AMBIGUOUS },
	{ H31 "/x" FROM "192.0.2.7\"" H31_TAIL " agent=\"a, 6.6.6.6\" dy",
	    ROUTER_AMBIGUOUS },
	{ AT "/a", ROUTER_AMBIGUOUS },
	{ AT "/a\"b", ROUTER_AMBIGUOUS },
};

START_TEST(flags)
{
	struct router r;

	ck_assert(router_parse(sv_str(doubts[_i].line), &r));
	ck_assert_uint_eq(r.flags, doubts[_i].flags);
}
END_TEST

static const char *const others[] = {
	"", " ", "=", "at", "at=info", "at=info method=GET",
	"POST a.example/x", "dyno=web.1", "POST dyno=web.1",
	"Error H10 (App crashed)", "Error H10 -> GET a/",
	"Error R14 (Memory quota exceeded)", "State changed from up to down",
	"a=1 b=2 c=3 d=4", "path=\"", "GET / HTTP/1.1 | 192.0.2.7 | 1 | http",
};

START_TEST(no_router_line)
{
	struct router r;

	ck_assert(!router_parse(sv_str(others[_i]), &r));
}
END_TEST

START_TEST(embedded_nul)
{
	struct router r;

	ck_assert(router_parse(SV("at=info method=GET path=\"/a\0b\" host=h "
	    "request_id=i fwd=\"\0, 192.0.2.7\"" TAIL), &r));
	ck_sv_lit(r.path, "/a\0b");
	ck_sv_lit(r.fwd, "\0, 192.0.2.7");
	ck_assert(!router_parse(SV_NULL, &r));
}
END_TEST

static const struct {
	const char *text;
	bool ok;
	int64_t ms;
} times[] = {
	{ "18ms", true, 18 }, { "18", true, 18 }, { "0ms", true, 0 },
	{ "86400000ms", true, 86400000 }, { "", false, 0 }, { "ms", false, 0 },
	{ "-1ms", false, 0 }, { "1.5ms", false, 0 }, { "18 ms", false, 0 },
	{ "18s", false, 0 }, { "99999999999999999999ms", false, 0 },
};

START_TEST(milliseconds)
{
	int64_t ms;

	ck_assert((routerstrict_number(sv_str(times[_i].text), true, &ms) &&
	    ms >= 0) == times[_i].ok);
	if (times[_i].ok)
		ck_assert_int_eq(ms, times[_i].ms);
}
END_TEST

Suite *
test_router(void)
{
	Suite *s = suite_create("router");
	TCase *tc = tcase_create("lines");

	suite_add_tcase(s, tc);
	add_table(tc, forms, lines);
	add_table(tc, forged_keys, forged);
	add_table(tc, cut_anywhere, sent);
	tcase_add_test(tc, long_path);
	add_table(tc, flags, doubts);
	add_table(tc, no_router_line, others);
	tcase_add_test(tc, embedded_nul);
	add_table(tc, milliseconds, times);
	return s;
}
