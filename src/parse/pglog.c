/* SPDX-License-Identifier: MIT */
#include "parse/pglog.h"

#include "base/ascii.h"
#include "base/attr.h"
#include "base/utc.h"
#include "parse/textlog.h"

/* The longest piece write_syslog() makes, less a character it keeps whole. */
enum { FULL = 900 - 3 };

/* [WORD] */
static bool
take_bracket(sv *rest, sv *out)
{
	size_t close;

	if (!sv_starts(*rest, SV("[")))
		return false;
	close = sv_find_byte(*rest, ']');
	if (close == rest->n || close < 2)
		return false;
	*out = sv_skip(sv_take(*rest, close), 1);
	*rest = sv_skip(*rest, close + 1);
	return true;
}

static bool
is_attachment(sv v)
{
	for (size_t i = 0; i < v.n; i++)
		if (!is_alnum(v.p[i]) && v.p[i] != '_' && v.p[i] != '-')
			return false;
	return true;
}

bool
pglog_chunk(sv message, struct pglog_chunk *out)
{
	uint64_t chunk;
	sv mark, line;

	if (!take_bracket(&message, &out->attachment) ||
	    !is_attachment(out->attachment) ||
	    !sv_skip_lit(&message, SV(" ")) || !take_bracket(&message, &mark))
		return false;
	line = sv_cut(&mark, '-');
	if (!sv_to_u64(line, &out->line) || !sv_to_u64(mark, &chunk) ||
	    chunk == 0 || chunk > UINT32_MAX)
		return false;
	out->chunk = (uint32_t)chunk;
	if (message.n && !sv_skip_lit(&message, SV(" ")))
		return false;
	out->text = message;
	return true;
}

/*
 * A newline's piece starts with a tab (some relays write tabs as #011 or as
 * several blanks); one that a length cut off starts with one blank, or follows
 * a full piece.
 */
sv
pglog_glue(sv before, sv after)
{
	if (after.n == 0 || after.p[0] == '\t' || sv_starts(after, SV("#011")))
		return SV("\n");
	if (before.n >= FULL)
		return SV("");
	return after.p[0] == ' ' && !sv_starts(after, SV("  ")) ?
	    SV("") : SV("\n");
}

/* In the order of the settings; the hobby plans' has database first. */
enum key {
	SQLSTATE, TIME, PID, STARTED, SESSION, VTID, TID, LINE, DATABASE,
	SOURCE, USER, APPLICATION, KEY_N
};

static const sv keys[] = {
	[SQLSTATE] = { "sql_error_code", 14 },
	[TIME] = { "time_ms", 7 },
	[PID] = { "pid", 3 },
	[STARTED] = { "proc_start_time", 15 },
	[SESSION] = { "session_id", 10 },
	[VTID] = { "vtid", 4 },
	[TID] = { "tid", 3 },
	[LINE] = { "log_line", 8 },
	[DATABASE] = { "database", 8 },
	[SOURCE] = { "connection_source", 17 },
	[USER] = { "user", 4 },
	[APPLICATION] = { "application_name", 16 },
};
_Static_assert(countof(keys) == KEY_N, "a name per key");

/* KEY= or KEY = , off the front. */
static bool
take_key(sv *rest, enum key *key)
{
	for (size_t i = 0; i < countof(keys); i++) {
		sv r = *rest;

		if (!sv_skip_lit(&r, keys[i]))
			continue;
		sv_skip_lit(&r, SV(" "));
		if (!sv_skip_lit(&r, SV("=")))
			continue;
		sv_skip_lit(&r, SV(" "));
		*key = (enum key)i;
		*rest = r;
		return true;
	}
	return false;
}

static const sv additions[] = {
	{ "DETAIL", 6 }, { "HINT", 4 }, { "QUERY", 5 }, { "CONTEXT", 7 },
	{ "STATEMENT", 9 }, { "LOCATION", 8 }, { "BACKTRACE", 9 },
};

static const sv severities[] = {
	{ "LOG", 3 }, { "ERROR", 5 }, { "FATAL", 5 }, { "WARNING", 7 },
	{ "NOTICE", 6 }, { "INFO", 4 }, { "PANIC", 5 }, { "DEBUG", 5 },
	{ "DEBUG1", 6 }, { "DEBUG2", 6 }, { "DEBUG3", 6 }, { "DEBUG4", 6 },
	{ "DEBUG5", 6 },
};

static bool
is_among(sv v, const sv *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (sv_eq(v, list[i]))
			return true;
	return false;
}

/* LEVEL:, then two blanks unless the text is empty and was trimmed. */
static bool
take_level(sv *rest, sv *level, sv *severity)
{
	size_t n = 0;
	sv word;

	while (n < rest->n && is_alnum(rest->p[n]))
		n++;
	word = sv_take(*rest, n);
	if (n == rest->n || rest->p[n] != ':' ||
	    (rest->n > n + 1 && rest->p[n + 1] != ' '))
		return false;
	if (is_among(word, severities, countof(severities)))
		*severity = textlog_level(word);
	else if (is_among(word, additions, countof(additions)))
		*severity = SV_NULL;
	else
		return false;
	*level = word;
	*rest = sv_skip(*rest, n + 1);
	if (!sv_skip_lit(rest, SV("  ")))
		sv_skip_lit(rest, SV(" "));
	return true;
}

/* Behind a value: a blank and a later key or a level. */
static bool
is_value_end(sv after, enum key key)
{
	enum key next;
	sv word;

	return sv_skip_lit(&after, SV(" ")) &&
	    (take_level(&after, &word, &word) ||
	    (take_key(&after, &next) && next > key));
}

static bool
take_quoted(sv *rest, enum key key, sv *val)
{
	size_t n = sv_find_byte(*rest, '"');

	while (n < rest->n && !is_value_end(sv_skip(*rest, n + 1), key))
		n += 1 + sv_find_byte(sv_skip(*rest, n + 1), '"');
	if (n >= rest->n)
		return false;
	*val = sv_cut_n(rest, n);
	*rest = sv_skip(*rest, 1);
	return true;
}

/* Without quotes a value has no blank and may be empty. */
static bool
take_value(sv *rest, enum key key, sv *val)
{
	if (sv_skip_lit(rest, SV("\"")))
		return take_quoted(rest, key, val);
	*val = sv_cut_n(rest, sv_find_byte(*rest, ' '));
	return true;
}

/* Could a value have ended inside `val`, or where it begins, before one of the
 * keys? */
static bool
holds_key(sv val)
{
	enum key key;

	while (val.n) {
		if (sv_skip_lit(&val, SV(" ")) && take_key(&val, &key))
			return true;
		val = sv_skip(val, sv_find_byte(val, '"') + 1);
	}
	return false;
}

/* Could the head have ended inside the message? `bare`: a value that the client
 * chose has no quotes. */
static bool
holds_level(sv message, bool bare)
{
	sv word;

	for (size_t i = 0; i < message.n; i++) {
		sv after = sv_skip(message, i + 1);

		if (message.p[i] == ' ' &&
		    (bare || (i > 0 && message.p[i - 1] == '"')) &&
		    take_level(&after, &word, &word))
			return true;
	}
	return false;
}

/* A value never starts the text: a key and its sign stand before. */
static bool
is_bare(sv val)
{
	return !sv_null(val) && val.p[-1] != '"';
}

static bool
is_ambiguous(const sv *val, sv message)
{
	static const enum key chosen[] = { DATABASE, USER, APPLICATION };
	bool bare = false, quoted = false; /* one prefix has but one of them */

	for (size_t i = 0; i < KEY_N; i++)
		if (holds_key(val[i]))
			return true;
	for (size_t i = 0; i < countof(chosen); i++) {
		sv v = val[chosen[i]];

		bare |= is_bare(v);
		quoted |= !sv_null(v) && !is_bare(v);
	}
	return (bare && quoted) || holds_level(message, bare);
}

static sv
known(sv v)
{
	return v.n == 0 || sv_is(v, "[unknown]") ? SV_NULL : v;
}

/* 192.0.2.1(34910) or [local] */
static void
split_source(sv source, struct pglog *out)
{
	size_t open = sv_rfind(source, SV("("));

	out->address = known(sv_take(source, open));
	if (open < source.n && sv_ends(source, SV(")")))
		out->port = sv_skip(sv_take(source, source.n - 1), open + 1);
}

static bool
is_sqlstate(sv v)
{
	for (size_t i = 0; i < v.n; i++)
		if (!is_digit(v.p[i]) && !is_upper(v.p[i]))
			return false;
	return v.n == 5;
}

static bool
fill(struct pglog *out, const sv *val)
{
	int64_t t;

	if (!is_sqlstate(val[SQLSTATE]))
		return false;
	out->sqlstate = val[SQLSTATE];
	out->pid = known(val[PID]);
	out->session_id = known(val[SESSION]);
	out->database = known(val[DATABASE]);
	out->user = known(val[USER]);
	out->application_name = known(val[APPLICATION]);
	split_source(val[SOURCE], out);
	if (utc_parse(val[TIME], &t))
		out->time = t;
	return true;
}

static bool
parse_head(sv r, struct pglog *out)
{
	sv val[KEY_N] = { { NULL, 0 } };
	enum key key;

	while (sv_skip_lit(&r, SV(" ")))
		;
	while (take_key(&r, &key)) {
		if (!sv_null(val[key]) || !take_value(&r, key, &val[key]) ||
		    !sv_skip_lit(&r, SV(" ")))
			return false;
	}
	if (!take_level(&r, &out->level, &out->severity))
		return false;
	out->message = r;
	out->ambiguous = is_ambiguous(val, r);
	return fill(out, val);
}

/* [DATABASE] statement: text */
static bool
parse_old(sv r, struct pglog *out)
{
	sv attachment;

	if (!take_bracket(&r, &attachment) || !is_attachment(attachment) ||
	    !sv_skip_lit(&r, SV(" ")))
		return false;
	out->attachment = attachment;
	out->message = r;
	return sv_starts(r, SV("statement: ")) ||
	    sv_starts(r, SV("duration: "));
}

bool
pglog_parse(sv text, struct pglog *out)
{
	const struct pglog none = { .time = UTC_NONE };

	*out = none;
	if (parse_head(text, out))
		return true;
	*out = none;
	return parse_old(text, out);
}

bool
pglog_is_session(sv id)
{
	enum { LONGEST = 16 }; /* digits of 64 bits */
	sv pid = id, start = sv_cut(&pid, '.');

	return start.n && start.n <= LONGEST && sv_is_hex(start) &&
	    pid.n && pid.n <= LONGEST && sv_is_hex(pid);
}
