/* SPDX-License-Identifier: MIT */
#include "parse/envelope.h"

#include "base/ascii.h"
#include "base/buf.h"
#include "base/utc.h"

static bool
bad_at(struct bad_line *bad, const char *reason, const char *detail, sv line,
    sv rest)
{
	*bad = (struct bad_line){ reason, detail,
	    sv_null(rest) ? line.n : line.n - rest.n };
	return false;
}

static bool
is_name(int c)
{
	return is_alnum(c) || c == '_' || c == '.' || c == '-';
}

static sv
take_name(sv *rest)
{
	size_t n = 0;

	while (n < rest->n && is_name(rest->p[n]))
		n++;
	return sv_cut_n(rest, n);
}

/* A line that begins like a date but cannot be read is a bad time; anything
 * else has no header at all. */
static bool
bad_start(struct bad_line *bad, sv line)
{
	bool dated = line.n > 10 && is_digit(line.p[0]) && is_digit(line.p[3]) &&
	    line.p[4] == '-' && line.p[7] == '-';

	if (dated)
		return bad_at(bad, "bad-time",
		    "expected YYYY-MM-DDThh:mm:ss[.f]+00:00", line, line);
	return bad_at(bad, "no-header",
	    "expected TIME source[dyno]: message", line, line);
}

bool
envelope_cli(sv line, struct envelope *out, struct bad_line *bad)
{
	sv rest = line, start;

	if (!utc_read(&rest, false, &out->ts) || !sv_skip_lit(&rest, SV(" ")))
		return bad_start(bad, line);
	start = rest;
	out->source = take_name(&rest);
	out->dyno = SV("");
	if (sv_skip_lit(&rest, SV("["))) {
		out->dyno = take_name(&rest);
		if (out->dyno.n == 0 || !sv_skip_lit(&rest, SV("]")))
			return bad_at(bad, "no-header",
			    "expected [dyno] after the source", line, rest);
	}
	out->origin = sv_take(start, start.n - rest.n);
	if (out->source.n == 0 || !sv_skip_lit(&rest, SV(":")))
		return bad_at(bad, "no-header",
		    "expected source[dyno]: after the time", line, rest);
	out->message = sv_trim(rest);
	out->drain = SV_NULL;
	return true;
}

/* "<158>1 ": priority 0-191, version 1. */
static bool
take_priority(sv *rest)
{
	uint64_t pri;
	sv text;

	if (!sv_skip_lit(rest, SV("<")))
		return false;
	text = sv_take(*rest, sv_find_byte(*rest, '>'));
	if (text.n > 3 || !sv_to_u64(text, &pri) || pri > 191)
		return false;
	*rest = sv_skip(*rest, text.n);
	return sv_skip_lit(rest, SV(">1 "));
}

/* One header word and the blank behind it; the last may end the frame. */
static sv
take_word(sv *rest)
{
	size_t n = sv_find_byte(*rest, ' ');
	sv word = sv_cut_n(rest, n);

	sv_skip_lit(rest, SV(" "));
	return word;
}

/* "[id k="v" ...] ": true when one well-formed element was cut off. */
static bool
skip_element(sv *rest)
{
	bool quoted = false;

	if (rest->n < 2 || rest->p[0] != '[' || !is_alnum(rest->p[1]) ||
	    !sv_has(sv_take(*rest, sv_find_byte(*rest, ']')), SV("=\"")))
		return false;
	for (size_t i = 1; i < rest->n; i++) {
		if (quoted && rest->p[i] == '\\')
			i++;
		else if (rest->p[i] == '"')
			quoted = !quoted;
		else if (!quoted && rest->p[i] == ']') {
			*rest = sv_skip(*rest, i + 1);
			sv_skip_lit(rest, SV(" "));
			return true;
		}
	}
	return false;
}

/*
 * What stands between PROC and the message: MSGID, then structured data that
 * HTTPS drains leave out altogether. A nil is taken only from a syslog drain
 * (HOST is a drain token): "- item" is a message too.
 */
static void
skip_msgid(sv *rest, bool syslog_drain)
{
	take_word(rest);
	while (skip_element(rest))
		syslog_drain = false;
	if (syslog_drain && !sv_skip_lit(rest, SV("- ")) && sv_is(*rest, "-"))
		*rest = sv_skip(*rest, 1);
}

static sv
build_origin(struct arena *a, sv source, sv dyno)
{
	char *p;

	if (dyno.n == 0)
		return source;
	p = arena_alloc(a, source.n + dyno.n + 2);
	memcpy(p, source.p, source.n);
	p[source.n] = '[';
	memcpy(p + source.n + 1, dyno.p, dyno.n);
	p[source.n + 1 + dyno.n] = ']';
	return sv_of(p, source.n + dyno.n + 2);
}

bool
envelope_syslog(sv frame, struct arena *scratch, struct envelope *out,
    struct bad_line *bad)
{
	sv rest = frame, host, proc;
	bool token;

	if (!take_priority(&rest))
		return bad_at(bad, "no-header", "expected <PRI>1", frame, rest);
	if (!utc_read(&rest, false, &out->ts) || !sv_skip_lit(&rest, SV(" ")))
		return bad_at(bad, "bad-time", "expected an RFC 3339 time",
		    frame, rest);
	host = take_word(&rest);
	out->source = take_word(&rest);
	proc = take_word(&rest);
	if (host.n == 0 || out->source.n == 0 || proc.n == 0)
		return bad_at(bad, "no-header", "expected HOST APP PROC",
		    frame, rest);
	token = sv_starts(host, SV("d."));
	skip_msgid(&rest, token);
	out->drain = token ? host : SV_NULL;
	out->dyno = sv_is(proc, "-") ? SV("") : proc;
	out->origin = build_origin(scratch, out->source, out->dyno);
	out->message = sv_trim(rest);
	return true;
}
