/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "parse/router.h"
#include "parse/routerstrict.h"
#include "parse/routerusual.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool
is_view(sv v, sv line)
{
	static const char *const constants[] = { "info", "error", "/" };

	if (v.n == 0 || (v.p >= line.p && v.p + v.n <= line.p + line.n))
		return true;
	for (size_t i = 0; i < countof(constants); i++)
		if (sv_is(v, constants[i]))
			return true;
	return false;
}

static void
check_views(sv line)
{
	struct router r;
	int64_t ms;

	if (!router_parse(line, &r))
		return;
	{
		const sv all[] = { r.at, r.code, r.desc, r.sock, r.cause,
			r.method, r.path, r.host, r.request_id, r.fwd, r.dyno,
			r.connect, r.service, r.status, r.bytes, r.protocol,
			r.tls, r.tls_version, r.agent, r.more,
			r.rest };

		for (size_t i = 0; i < countof(all); i++)
			assert(is_view(all[i], line));
	}
	assert(!routerstrict_number(r.service, true, &ms) || ms >= 0 ||
	    r.service.n == 0);
	assert(ms == r.service_ms);
}

/* What is usual is what it is to others. */
static void
check_usual(sv line)
{
	struct router r = { 0 }, s = { 0 };

	assert(routerusual_is(line) == routerusual_parse(line, &r));
	if (!routerusual_is(line))
		return;
	assert(routerstrict_parse(line, &s) && !sv_has(line, SV("  ")));
	{
		const sv got[] = { r.at, r.method, r.path, r.host, r.request_id,
			r.fwd, r.dyno, r.protocol, r.tls_version };
		const sv want[] = { s.at, s.method, s.path, s.host,
			s.request_id, s.fwd, s.dyno, s.protocol,
			s.tls_version };

		for (size_t i = 0; i < countof(got); i++)
			assert(got[i].p == want[i].p && got[i].n == want[i].n);
	}
	assert(r.connect_ms == s.connect_ms && r.service_ms == s.service_ms);
	assert(r.status_number == s.status_number && r.status_number >= 100);
	assert(r.bytes_number == s.bytes_number && s.flags == 0);
	assert(sv_is(s.tls, "true") && s.more.n == 0 && s.rest.n == 0);
	assert(sv_null(s.code) && sv_null(s.desc) && sv_null(s.cause));
	assert(sv_null(s.sock) && sv_null(s.agent) && sv_null(s.queue));
}

#define ROUTER "198.51.100.77"

static sv
last_entry(sv list)
{
	size_t comma = sv_rfind(list, SV(","));

	return sv_trim(comma < list.n ? sv_skip(list, comma + 1) : list);
}

/* The line a router writes of what a client sent. `old` has no quotes, and then
 * a raw path has no blanks and a list none either. */
static sv
write_line(struct buf *b, sv path, sv fwd, bool old)
{
	const char *quote = old ? "" : "\"";

	buf_printf(b, "at=info method=GET path=%s", quote);
	buf_add(b, path);
	buf_printf(b, "%s host=h.example request_id=0f1e2d3c fwd=%s", quote,
	    quote);
	buf_add(b, fwd);
	buf_printf(b, "%s" ROUTER "%s dyno=web.1 connect=1ms service=2ms "
	    "status=201 bytes=3 protocol=http", fwd.n ? ", " : "", quote);
	return buf_sv(b);
}

/* Whatever a client puts into path and the left of fwd, the last entry of fwd
 * and all behind it is the router's. */
static void
check_forgery(sv path, sv fwd, bool old)
{
	struct buf b = BUF_INIT;
	struct router r;
	bool ok = router_parse(write_line(&b, path, fwd, old), &r);

	assert(ok && sv_is(r.at, "info") && sv_is(r.method, "GET"));
	assert(sv_is(last_entry(r.fwd), ROUTER));
	assert(sv_is(r.dyno, "web.1") && sv_is(r.connect, "1ms"));
	assert(sv_is(r.service, "2ms") && sv_is(r.status, "201"));
	assert(sv_is(r.bytes, "3") && sv_is(r.protocol, "http"));
	if (!old && sv_find_byte(path, '"') == path.n &&
	    sv_find_byte(fwd, '"') == fwd.n) {
		assert(sv_eq(r.path, path) && sv_is(r.host, "h.example"));
		assert(r.fwd.n == fwd.n + (fwd.n ? 2 : 0) + sizeof(ROUTER) - 1);
		assert(r.flags == 0);
	}
	buf_release(&b);
}

/* The same line cut: without quotes of a client fwd is there as soon as the
 * dyno begins, and with them never a client's behind it. */
static void
check_cut(sv path, sv fwd, size_t n)
{
	struct buf b = BUF_INIT;
	struct router r;
	sv line = write_line(&b, path, fwd, false);
	size_t tail = sv_rfind(line, SV("\" dyno=")) + 1;
	bool calm = sv_find_byte(path, '"') == path.n &&
	    sv_find_byte(fwd, '"') == fwd.n;

	n %= line.n;
	if (router_parse(sv_take(line, n), &r)) {
		if (n < tail + 2)
			assert(!calm || sv_null(r.fwd));
		else
			assert(sv_null(r.fwd) ? !calm :
			    sv_is(last_entry(r.fwd), ROUTER));
	}
	buf_release(&b);
}

/* Behind fwd the client's agent too: then fwd is the router's or null. */
static void
check_agent(sv path, sv agent, bool quoted)
{
	struct buf b = BUF_INIT;
	struct router r;
	bool ok;

	buf_lit(&b, "at=error code=H31 desc=\"Misdirected Request\" method=GET "
	    "path=\"");
	buf_add(&b, path);
	buf_lit(&b, "\" host=h.example request_id=0f1e2d3c fwd=\"" ROUTER "\" "
	    "dyno= connect= service= status=421 bytes= protocol=http agent=");
	buf_printf(&b, "%s", quoted ? "\"" : "");
	buf_add(&b, agent);
	buf_printf(&b, "%s", quoted ? "\"" : "");
	ok = router_parse(buf_sv(&b), &r);
	assert(ok && sv_is(r.code, "H31"));
	assert(sv_null(r.fwd) || sv_is(last_entry(r.fwd), ROUTER));
	buf_release(&b);
}

/* The first line of the input is a path, the rest a list of addresses. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	sv text = sv_of((const char *)data, size), rest = text, path;

	check_views(text);
	check_usual(text);
	path = sv_cut(&rest, '\n');
	check_forgery(path, rest, false);
	check_cut(path, rest, size);
	check_agent(path, rest, true);
	check_agent(path, rest, false);
	if (sv_find_byte(path, ' ') == path.n && sv_find_byte(path, '"') != 0)
		check_forgery(path, rest, true);
	return 0;
}
