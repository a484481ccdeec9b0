/* SPDX-License-Identifier: MIT */
#include "parse/envelope.h"

#include "base/ascii.h"
#include "base/buf.h"
#include "base/glance.h"
#include "base/near.h"
#include "base/utc.h"

bool
envelope_bad(struct bad_line *bad, const char *reason, const char *detail,
    sv line, sv rest)
{
	*bad = (struct bad_line){ reason, detail,
	    sv_null(rest) ? line.n : line.n - rest.n };
	return false;
}

sv
envelope_name(sv *rest)
{
	size_t n = 0;

	while (n < rest->n && is_name_byte(rest->p[n]))
		n++;
	return sv_cut_n(rest, n);
}

bool
envelope_source(sv *rest, struct envelope *out)
{
	sv start = *rest;

	out->source = envelope_name(rest);
	out->dyno = SV("");
	if (sv_skip_lit(rest, SV("["))) {
		out->dyno = envelope_name(rest);
		if (out->dyno.n == 0 || !sv_skip_lit(rest, SV("]")))
			return false;
	}
	out->origin = sv_take(start, start.n - rest->n);
	out->named = true;
	return true;
}

static inline void
set_message(struct envelope *out, sv whole, bool odd)
{
	out->whole = whole;
	out->raw = whole.n;
	out->odd = odd;
	out->message = sv_trim(whole);
}

void
envelope_message(struct envelope *out, sv whole)
{
	set_message(out, whole, glance_odd(whole));
}

bool
envelope_tail(sv rest, bool nil, struct envelope *out)
{
	bool colon = sv_skip_lit(&rest, SV(":"));

	if (!colon && rest.n && rest.p[0] != ' ')
		return false;
	sv_skip_lit(&rest, SV(" "));
	if (!colon && nil && !sv_skip_lit(&rest, SV("- ")) && sv_is(rest, "-"))
		rest = sv_skip(rest, 1);
	envelope_message(out, rest);
	return true;
}

bool
envelope_bad_start(struct bad_line *bad, const char *want, sv line)
{
	size_t year = 0;

	while (year < line.n && is_digit(line.p[year]))
		year++;
	if (year >= 4 && line.n > year + 6 && line.p[year] == '-' &&
	    is_digit(line.p[year + 1]) && line.p[year + 3] == '-')
		return envelope_bad(bad, "bad-time",
		    "expected YYYY-MM-DDThh:mm:ss[.f]+00:00", line, line);
	return envelope_bad(bad, "no-header", want, line, line);
}

/* What stands before most messages: the router's. */
static inline bool
skip_router(sv *rest, struct envelope *out)
{
	sv head = SV(" heroku[router]: ");
	const char *p = rest->p;

	if (rest->n < head.n || !near_starts(p, sv_take(head, 16)) ||
	    p[16] != ' ')
		return false;
	out->source = sv_of(p + 1, 6);
	out->dyno = sv_of(p + 8, 6);
	out->origin = sv_of(p + 1, 14);
	out->named = true;
	*rest = sv_of(p + head.n, rest->n - head.n);
	return true;
}

/* What stands before nearly all messages, " source[dyno]: ", in one run. The first
 * two bytes that are of no name end both: mostly they are near. False means no more
 * than: ask skip_source. */
static inline bool
skip_usual(sv *rest, struct envelope *out)
{
	const char *p = rest->p, *end = p + rest->n, *open, *close;
	lane_marks strange;

	if (rest->n <= LANES || *p++ != ' ' || (strange = near_strange(p)) == 0)
		return false;
	open = p + lanes_first(strange);
	strange &= strange - 1;
	close = strange ? p + lanes_first(strange) :
	    near_name_end(open + 1, end);
	if (open == p || *open != '[' || close == open + 1 ||
	    end - close < 3 || memcmp(close, "]: ", 3) != 0)
		return false;
	out->source = sv_of(p, (size_t)(open - p));
	out->dyno = sv_of(open + 1, (size_t)(close - open - 1));
	out->origin = sv_of(p, (size_t)(close + 1 - p));
	out->named = true;
	*rest = sv_of(close + 3, (size_t)(end - close - 3));
	return true;
}

/* " source[dyno]: " */
static attr_apart bool
skip_source(sv line, sv *rest, struct envelope *out, struct bad_line *bad)
{
	if (!sv_skip_lit(rest, SV(" ")))
		return envelope_bad_start(bad,
		    "expected TIME source[dyno]: message", line);
	if (!envelope_source(rest, out))
		return envelope_bad(bad, "no-header",
		    "expected [dyno] after the source", line, *rest);
	if (out->source.n == 0 || !sv_skip_lit(rest, SV(":")))
		return envelope_bad(bad, "no-header",
		    "expected source[dyno]: after the time", line, *rest);
	sv_skip_lit(rest, SV(" "));
	return true;
}

/* Up to the message. */
static bool
skip_head(sv line, sv *rest, struct envelope *out, struct bad_line *bad)
{
	*rest = line;
	out->drain = SV_NULL;
	if (!utc_read(rest, false, &out->ts))
		return envelope_bad_start(bad,
		    "expected TIME source[dyno]: message", line);
	return skip_usual(rest, out) || skip_source(line, rest, out, bad);
}

bool
envelope_cli(sv line, struct envelope *out, struct bad_line *bad)
{
	sv rest;

	if (!skip_head(line, &rest, out, bad))
		return false;
	envelope_message(out, rest);
	return true;
}

bool
envelope_cli_plain(sv line, struct envelope *out, struct bad_line *bad)
{
	sv zone = SV("+00:00"), rest = SV_NULL;
	size_t time = UTC_COMMON + zone.n;

	out->drain = SV_NULL;
	if (line.n > time && near_starts(line.p + UTC_COMMON, zone) &&
	    utc_read_common(line.p, &out->ts))
		rest = sv_of(line.p + time, line.n - time);
	if (!skip_router(&rest, out) && !skip_usual(&rest, out) &&
	    !skip_head(line, &rest, out, bad))
		return false;
	set_message(out, rest, false);
	return true;
}

bool
envelope_priority(sv *rest)
{
	uint64_t pri;
	sv text;

	if (!sv_skip_lit(rest, SV("<")))
		return false;
	text = sv_take(*rest, sv_find_byte(*rest, '>'));
	if (text.n > 3 || !sv_to_u64(text, &pri) || pri > 191)
		return false;
	*rest = sv_skip(*rest, text.n);
	return true;
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

/* A name of structured data: an id, or a key before its '='. */
static bool
skip_sd_name(sv *rest)
{
	size_t n = 0;

	while (n < rest->n && (is_name_byte(rest->p[n]) || rest->p[n] == '@'))
		n++;
	*rest = sv_skip(*rest, n);
	return n > 0;
}

/* ` key="value"`, with \" \\ and \] inside the value. */
static bool
skip_sd_param(sv *rest)
{
	size_t n = 0;

	if (!sv_skip_lit(rest, SV(" ")) || !skip_sd_name(rest) ||
	    !sv_skip_lit(rest, SV("=\"")))
		return false;
	while (n < rest->n && rest->p[n] != '"')
		n += rest->p[n] == '\\' ? 2 : 1;
	*rest = sv_skip(*rest, n);
	return sv_skip_lit(rest, SV("\""));
}

/* `[id key="value" ...]`: true when one well-formed element was cut off. */
static bool
skip_element(sv *rest)
{
	sv r = *rest;

	if (!sv_skip_lit(&r, SV("[")) || !skip_sd_name(&r) ||
	    !skip_sd_param(&r))
		return false;
	while (!sv_skip_lit(&r, SV("]")))
		if (!skip_sd_param(&r))
			return false;
	*rest = r;
	return true;
}

/* One or more elements and the blank behind them, or nothing. */
static bool
skip_elements(sv *rest)
{
	sv r = *rest;

	if (!skip_element(&r))
		return false;
	while (skip_element(&r))
		;
	if (r.n && !sv_skip_lit(&r, SV(" ")))
		return false;
	*rest = r;
	return true;
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
	if (!skip_elements(rest) && syslog_drain &&
	    !sv_skip_lit(rest, SV("- ")) && sv_is(*rest, "-"))
		*rest = sv_skip(*rest, 1);
	sv_skip_lit(rest, SV("\xef\xbb\xbf"));
}

bool
envelope_is_token(sv v)
{
	if (v.n != 38 || !sv_skip_lit(&v, SV("d.")))
		return false;
	for (size_t i = 0; i < v.n; i++)
		if (i == 8 || i == 13 || i == 18 || i == 23 ? v.p[i] != '-' :
		    hex_value(v.p[i]) < 0)
			return false;
	return true;
}

/* Very old drains write "heroku web.3 TOKEN -": HOST is missing. */
static void
shift_old(sv *host, sv *app, sv *proc)
{
	sv token = *proc;

	if (sv_starts(*host, SV("d.")) || !envelope_is_token(token))
		return;
	*proc = *app;
	*app = *host;
	*host = token;
}

sv
envelope_origin(struct arena *a, sv source, sv dyno)
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
	sv rest = frame, host, app, proc;
	bool token;

	if (!envelope_priority(&rest) || !sv_skip_lit(&rest, SV(">1 ")))
		return envelope_bad(bad, "no-header", "expected <PRI>1",
		    frame, rest);
	if (!utc_read(&rest, false, &out->ts) || !sv_skip_lit(&rest, SV(" ")))
		return envelope_bad(bad, "bad-time",
		    "expected an RFC 3339 time", frame, rest);
	host = take_word(&rest);
	app = take_word(&rest);
	proc = take_word(&rest);
	if (host.n == 0 || app.n == 0 || proc.n == 0)
		return envelope_bad(bad, "no-header", "expected HOST APP PROC",
		    frame, rest);
	shift_old(&host, &app, &proc);
	token = sv_starts(host, SV("d."));
	skip_msgid(&rest, token);
	out->drain = token ? host : SV_NULL;
	out->source = app;
	out->dyno = sv_is(proc, "-") ? SV("") : proc;
	out->origin = envelope_origin(scratch, out->source, out->dyno);
	envelope_message(out, rest);
	return true;
}
