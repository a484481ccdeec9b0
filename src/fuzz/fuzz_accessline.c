/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "parse/accessline.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The views lie in the line, one behind the other. */
static void
check_views(sv line)
{
	const char *at = line.p;
	struct accessline a;

	if (!accessline_parse(line, &a))
		return;
	{
		const sv all[] = { a.peer, a.method, a.path, a.protocol,
			a.status, a.bytes, a.referer, a.user_agent, a.host };

		for (size_t i = 0; i < countof(all); i++) {
			if (sv_null(all[i]))
				continue;
			assert(all[i].p >= at);
			at = all[i].p + all[i].n;
		}
		assert(at <= line.p + line.n);
	}
	assert(a.method.n && a.status.n == 3 && sv_starts(a.protocol,
	    SV("HTTP/")));
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

/* Three lines: path, referer, agent. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	sv text = sv_of((const char *)data, size), rest = text, path, referer;

	check_views(text);
	path = sv_cut(&rest, '\n');
	referer = sv_cut(&rest, '\n');
	if (path.n && sv_find_byte(path, ' ') == path.n)
		check_client(path, sv_trim(referer), sv_trim(rest));
	return 0;
}
