/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "parse/pglog.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_inside(sv text, sv v)
{
	if (!sv_null(v))
		assert(v.p >= text.p && v.p + v.n <= text.p + text.n);
}

static void
check_views(sv text)
{
	struct pglog p;

	if (!pglog_parse(text, &p))
		return;
	{
		const sv all[] = { p.level, p.sqlstate, p.pid, p.database,
			p.user, p.application_name, p.session_id, p.address,
			p.port, p.attachment, p.message };

		for (size_t i = 0; i < countof(all); i++)
			check_inside(text, all[i]);
	}
	assert(p.message.p + p.message.n == text.p + text.n);
	assert(sv_null(p.level) || p.sqlstate.n == 5);
}

/* Whatever user and name a client chose, what Postgres wrote before is read as
 * written; with neither holding a quote, all of it. What is read otherwise is
 * flagged. */
static void
check_client(sv user, sv name, sv message)
{
	struct buf b = BUF_INIT;
	struct pglog p;
	bool ok;

	buf_lit(&b, " sql_error_code = 28P01 pid=\"42\" database=\"d\" user=\"");
	buf_add(&b, user);
	buf_lit(&b, "\" application_name=\"");
	buf_add(&b, name);
	buf_lit(&b, "\" FATAL:  ");
	buf_add(&b, message);
	ok = pglog_parse(buf_sv(&b), &p);
	if (ok)
		assert(sv_is(p.sqlstate, "28P01") && sv_is(p.pid, "42") &&
		    sv_is(p.database, "d"));
	if (sv_find_byte(user, '"') == user.n &&
	    sv_find_byte(name, '"') == name.n) {
		assert(ok && sv_is(p.level, "FATAL"));
		assert(sv_eq(p.message, message));
		assert(sv_null(p.user) || sv_eq(p.user, user));
	}
	if (ok && !p.ambiguous)
		assert(sv_is(p.level, "FATAL") && sv_eq(p.message, message) &&
		    (sv_null(p.user) || sv_eq(p.user, user)));
	buf_release(&b);
}

/* A chunk written again is the same bytes, but for leading zeros and a blank
 * before nothing. */
static void
check_chunk(sv line)
{
	struct buf b = BUF_INIT;
	struct pglog_chunk c, again;
	bool ok;

	if (!pglog_chunk(line, &c))
		return;
	assert(c.text.p + c.text.n == line.p + line.n);
	buf_printf(&b, "[%.*s] [", SV_ARG(c.attachment));
	buf_u64(&b, c.line);
	buf_byte(&b, '-');
	buf_u64(&b, c.chunk);
	buf_lit(&b, "] ");
	buf_add(&b, c.text);
	ok = pglog_chunk(buf_sv(&b), &again);
	assert(ok && c.line == again.line && c.chunk == again.chunk &&
	    sv_eq(c.text, again.text));
	check_views(c.text);
	buf_release(&b);
}

/* One line; or three: user, name, message. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	sv text = sv_of((const char *)data, size), rest = text, user, name;

	check_chunk(text);
	check_views(text);
	user = sv_cut(&rest, '\n');
	name = sv_cut(&rest, '\n');
	if (!sv_null(rest))
		check_client(user, name, rest);
	return 0;
}
