/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "parse/accessline.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_inside(sv line, sv v)
{
	if (!sv_null(v))
		assert(v.p >= line.p && v.p + v.n <= line.p + line.n);
}

/* The views lie in the line; those of the request one behind the other. */
static void
check_views(sv line)
{
	const char *at = line.p;
	struct accessline a;

	if (!accessline_parse(line, &a))
		return;
	{
		const sv all[] = { a.method, a.path, a.protocol, a.request,
			a.bytes, a.referer, a.user_agent };

		for (size_t i = 0; i < countof(all); i++) {
			if (sv_null(all[i]))
				continue;
			assert(all[i].p >= at);
			at = all[i].p + all[i].n;
		}
		assert(at <= line.p + line.n);
	}
	check_inside(line, a.peer);
	check_inside(line, a.port);
	check_inside(line, a.status);
	check_inside(line, a.host);
	check_inside(line, a.last);
	check_inside(line, a.request_id);
	assert(sv_null(a.method) == sv_null(a.path));
	assert(sv_null(a.method) || sv_null(a.request));
	assert(a.status.n == 3 || sv_starts(a.method, SV("WS")) ||
	    sv_starts(a.request, SV("WS")));
}

/* As gunicorn does: a backslash before each quote, none before a backslash. */
static void
add_safe(struct buf *b, sv v)
{
	for (size_t i = 0; i < v.n; i++) {
		if (v.p[i] == '"')
			buf_byte(b, '\\');
		buf_byte(b, v.p[i]);
	}
}

/* Whatever a client sends as path (no blank gets there), referer and agent
 * (servers trim them), the status is the server's and the line is known for
 * what it is. */
static void
check_client(sv path, sv referer, sv agent)
{
	struct buf b = BUF_INIT;
	struct accessline a;
	bool ok;

	buf_lit(&b, "10.0.0.1 - - [12/Jun/2026:13:02:11 +0000] \"GET ");
	add_safe(&b, path);
	buf_lit(&b, " HTTP/1.1\" 201 77 \"");
	add_safe(&b, referer);
	buf_lit(&b, "\" \"");
	add_safe(&b, agent);
	buf_lit(&b, "\"");
	ok = accessline_parse(buf_sv(&b), &a);
	assert(ok && sv_is(a.peer, "10.0.0.1") && sv_is(a.method, "GET"));
	assert(sv_is(a.status, "201") && sv_is(a.bytes, "77"));
	assert(sv_null(a.host));
	if (sv_find_byte(path, '"') == path.n)
		assert(sv_eq(a.path, path));
	if (sv_find_byte(referer, '"') == referer.n && !sv_is(referer, "-"))
		assert(sv_eq(a.referer, referer));
	if (sv_find_byte(agent, '"') == agent.n && !sv_is(agent, "-"))
		assert(sv_eq(a.user_agent, agent));
	buf_release(&b);
}

/* Servers that escape nothing: still the status is theirs. */
static void
check_raw(const char *before, sv request, const char *after)
{
	struct buf b = BUF_INIT;
	struct accessline a;
	bool ok;

	buf_str(&b, before);
	buf_add(&b, request);
	buf_str(&b, after);
	ok = accessline_parse(buf_sv(&b), &a);
	assert(ok && sv_is(a.status, "418"));
	assert(sv_null(a.method) == !sv_null(a.request) ||
	    request.n == 0 || sv_is(request, "-"));
	buf_release(&b);
}

/* Three lines: path, referer, agent; the last also as a whole request. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	sv text = sv_of((const char *)data, size), rest = text, path, referer;

	check_views(text);
	path = sv_cut(&rest, '\n');
	referer = sv_cut(&rest, '\n');
	if (path.n && sv_find_byte(path, ' ') == path.n)
		check_client(path, sv_trim(referer), sv_trim(rest));
	check_raw("INFO:     198.51.100.7:0 - \"", rest, "\" 418 OK");
	check_raw("192.0.2.1 - - [12/Jun/2026 13:02:11] \"", rest, "\" 418 -");
	check_raw("[12/Jun/2026 13:02:11] \"", rest, "\" 418 5");
	return 0;
}
