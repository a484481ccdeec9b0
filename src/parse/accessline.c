/* SPDX-License-Identifier: MIT */
#include "parse/accessline.h"

#include "base/ascii.h"
#include "base/attr.h"
#include "base/near.h"
#include "parse/textlog.h"

static sv
unless_dash(sv v)
{
	return v.n == 0 || sv_is(v, "-") ? SV_NULL : v;
}

/* What stands for a byte in a shape: '0' for any digit, 'a' for any letter, '+'
 * for any sign, a mark for itself. Others are in none. */
static const char shape_of[256] = {
	['0'] = '0', '0', '0', '0', '0', '0', '0', '0', '0', '0',
	['A'] = 'a', 'a', 'a', 'a', 'a', 'a', 'a', 'a', 'a', 'a', 'a', 'a', 'a',
	'a', 'a', 'a', 'a', 'a', 'a', 'a', 'a', 'a', 'a', 'a', 'a', 'a',
	['a'] = 'a', 'a', 'a', 'a', 'a', 'a', 'a', 'a', 'a', 'a', 'a', 'a', 'a',
	'a', 'a', 'a', 'a', 'a', 'a', 'a', 'a', 'a', 'a', 'a', 'a', 'a',
	['+'] = '+', ['-'] = '+',
	[' '] = ' ', ['.'] = '.', ['/'] = '/', [':'] = ':',
};

static bool
has_shape(sv v, sv shape)
{
	size_t i = 0;

	if (v.n != shape.n)
		return false;
	while (i < v.n && shape_of[(unsigned char)v.p[i]] == shape.p[i])
		i++;
	return i == v.n;
}

/* sv_find_byte of what is mostly near; v is not null. */
static inline size_t
find_near(sv v, char c)
{
	return (size_t)(near_byte(v.p, v.p + v.n, c) - v.p);
}

/* --- the request ---------------------------------------------------------- */

static bool
is_method(sv v)
{
	enum { LONGEST = 32 };

	if (v.n == 0 || v.n > LONGEST)
		return false;
	for (size_t i = 0; i < v.n; i++)
		if (!is_alpha(v.p[i]) && v.p[i] != '-' && v.p[i] != '_')
			return false;
	return true;
}

/* Hypercorn writes the bare version. */
static bool
is_protocol(sv v)
{
	return sv_starts(v, SV("HTTP/")) || has_shape(v, SV("0.0")) ||
	    has_shape(v, SV("0")) || sv_is(v, "ws");
}

/* Werkzeug writes all but answers of 2xx in colour, on a terminal or not. */
static sv
without_colour(sv v)
{
	while (sv_starts(v, SV("\x1b["))) {
		sv front = sv_take(v, 16);
		size_t end = sv_find_byte(front, 'm');

		if (end == front.n)
			break;
		v = sv_skip(v, end + 1);
	}
	return sv_ends(v, SV("\x1b[0m")) ? sv_take(v, v.n - 4) : v;
}

/* GET /x HTTP/1.1; daphne leaves the protocol out, as HTTP/0.9 does. */
static void
split_request(sv request, struct accessline *out)
{
	sv rest = without_colour(request);
	sv method = sv_cut_n(&rest, find_near(rest, ' '));
	sv protocol;
	size_t last;

	rest = sv_skip(rest, 1);
	last = sv_rfind(rest, SV(" "));
	protocol = last < rest.n ? sv_skip(rest, last + 1) : SV_NULL;
	if (!is_method(method) || rest.n == 0 ||
	    (sv_null(protocol) && !sv_starts(rest, SV("/"))) ||
	    (!sv_null(protocol) && !is_protocol(protocol))) {
		out->request = unless_dash(request);
		return;
	}
	out->method = method;
	out->path = sv_take(rest, last);
	out->protocol = protocol;
}

static bool
is_status(sv v)
{
	return v.n == 3 && is_digit(v.p[0]) && v.p[0] != '0' &&
	    is_digit(v.p[1]) && is_digit(v.p[2]);
}

/* Does a status follow the closing quote? Daphne has none for websockets. */
static bool
is_answer(sv after, bool websocket)
{
	if (!sv_skip_lit(&after, SV(" ")))
		return false;
	if (is_status(sv_take(after, 3)))
		return after.n == 3 || after.p[3] == ' ';
	return websocket && (sv_is(after, "-") || sv_starts(after, SV("- ")));
}

/*
 * "REQUEST" STATUS off the front. `escaped`: the server escapes quotes, or
 * lets no blank into a request, so that the first quote before a status ends
 * it; else it is the last quote of the line.
 */
static bool
take_request(sv *rest, bool escaped, struct accessline *out)
{
	bool websocket;
	size_t n;

	if (!sv_skip_lit(rest, SV("\"")))
		return false;
	websocket = sv_starts(*rest, SV("WS"));
	n = escaped ? find_near(*rest, '"') : sv_rfind(*rest, SV("\""));
	for (;;) {
		if (n >= rest->n)
			return false;
		if (is_answer(sv_skip(*rest, n + 1), websocket))
			break;
		if (!escaped)
			return false;
		n += 1 + sv_find_byte(sv_skip(*rest, n + 1), '"');
	}
	split_request(sv_cut_n(rest, n), out);
	*rest = sv_skip(*rest, 1);
	out->status = unless_dash(sv_word(rest));
	return true;
}

/* --- what follows --------------------------------------------------------- */

/*
 * Does the quote at n end its value? gunicorn writes \" for a quote but leaves
 * backslashes alone, so that a client's final backslash looks like an escape:
 * then the next value or the end must follow.
 */
static bool
is_closing(sv v, size_t n)
{
	sv after = sv_skip(v, n + 1);

	return n == 0 || v.p[n - 1] != '\\' || after.n == 0 ||
	    sv_starts(after, SV(" \""));
}

/* False without a quote, *rest then unmoved; or when it was cut off: then
 * nothing in *rest is the server's, and it becomes null. */
static bool
take_quoted(sv *rest, sv *val)
{
	size_t n;

	if (!sv_skip_lit(rest, SV(" \""))) { /* one is usual */
		*rest = sv_trim_left(*rest);
		if (!sv_skip_lit(rest, SV("\"")))
			return false;
	}
	for (n = find_near(*rest, '"'); n < rest->n && !is_closing(*rest, n);)
		n += 1 + sv_find_byte(sv_skip(*rest, n + 1), '"');
	if (n >= rest->n) {
		*rest = SV_NULL;
		return false;
	}
	*val = sv_cut_n(rest, n);
	*rest = sv_skip(*rest, 1);
	return true;
}

/* The value of request_id=VALUE, or a UUID alone; else null. */
static sv
request_id(sv item)
{
	static const sv names[] = {
		{ "request_id=", 11 }, { "req_id=", 7 }, { "rid=", 4 },
	};

	if (sv_is_uuid(item))
		return item;
	for (size_t i = 0; i < countof(names); i++) {
		if (!sv_skip_lit(&item, names[i]))
			continue;
		if (sv_skip_lit(&item, SV("\"")) && sv_ends(item, SV("\"")))
			item = sv_take(item, item.n - 1);
		return unless_dash(item);
	}
	return SV_NULL;
}

/* What should be a number: it stands before the headers, or alone and begins
 * like one. A field of the team's is none. */
static bool
is_bytes(sv word, sv after)
{
	if (word.n == 0 || word.p[0] == '"' || !sv_null(request_id(word)))
		return false;
	after = sv_trim_left(after);
	return sv_starts(after, SV("\"")) ||
	    (after.n == 0 && !is_alpha(word.p[0]));
}

/* A number, a dash or what stands in its place; anything else stays. */
static void
take_bytes(sv *rest, struct accessline *out)
{
	sv r = *rest, word = sv_word(&r);
	uint64_t n;

	if (!sv_to_u64(word, &n) && !sv_is(word, "-") && !is_bytes(word, r))
		return;
	out->bytes = unless_dash(word);
	*rest = r;
}

/* a.example, 192.0.2.1, a.example:443; no time such as 0.02s. */
static bool
is_host(sv v)
{
	size_t dot = sv_rfind(v, SV("."));
	struct ip ip;

	if (dot == v.n || sv_find_byte(v, '=') < v.n)
		return false;
	return ip_parse(v, true, &ip) ||
	    (dot + 1 < v.n && is_alpha(v.p[dot + 1]));
}

/* Fields that the team added: the first id counts, a host only if alone. */
static void
read_extras(sv rest, struct accessline *out)
{
	bool alone = !sv_null(out->user_agent);
	sv item;

	for (rest = sv_trim(rest); rest.n; rest = sv_trim_left(rest)) {
		bool quoted = sv_starts(rest, SV("\""));

		if (!quoted)
			item = sv_word(&rest);
		else if (!take_quoted(&rest, &item))
			break;
		if (sv_null(out->request_id))
			out->request_id = request_id(item);
		if (alone && !quoted && rest.n == 0)
			out->last = unless_dash(item);
		alone = false;
	}
	if (is_host(out->last))
		out->host = out->last;
}

/* --- forms ---------------------------------------------------------------- */

/* False: it is no address. */
static bool
set_peer(sv word, struct accessline *out)
{
	const struct ip none = { 0 };

	out->peer = word;
	out->ip = none;
	return ip_parse(word, false, &out->ip);
}

static bool
take_peer(sv word, struct accessline *out)
{
	size_t colon;

	if (set_peer(word, out))
		return true;
	colon = sv_rfind(word, SV(":"));
	out->port = sv_skip(word, colon + 1);
	return colon < word.n && set_peer(sv_take(word, colon), out);
}

/* For servers that always write a port: behind an IPv6 address without brackets
 * it passes for the address's end. */
static void
split_port(struct accessline *out)
{
	size_t colon = sv_rfind(out->peer, SV(":"));

	if (!sv_null(out->port) || colon == out->peer.n)
		return;
	out->port = sv_skip(out->peer, colon + 1);
	set_peer(sv_take(out->peer, colon), out);
}

/*
 * PEER - USER: nothing for runserver, the two dashes for a unix socket, only a
 * peer for aiohttp. The user may hold anything, a client chose it. In place of
 * the peer X-Forwarded-For may stand, whose last entry is Heroku's.
 */
static bool
read_peer(sv who, struct accessline *out)
{
	sv first, second;

	who = sv_trim(who);
	if (who.n == 0 || sv_is(who, "- -"))
		return true;
	do
		first = sv_word(&who);
	while (sv_ends(first, SV(",")));
	second = sv_word(&who);
	return (second.n == 0 || sv_is(second, "-")) && take_peer(first, out);
}

/* ["REFERER" "AGENT" [EXTRA ...]] */
static void
read_headers(struct accessline *out)
{
	sv rest = out->behind;

	if (take_quoted(&rest, &out->referer))
		take_quoted(&rest, &out->user_agent);
	read_extras(rest, out);
	if (sv_is(out->referer, "-"))
		out->referer = SV_NULL;
	if (sv_is(out->user_agent, "-"))
		out->user_agent = SV_NULL;
}

#define ZONE_TIME "00/aaa/0000:00:00:00 +0000"

/* PEER - - [TIME] up to the request, of a peer with an IPv4 address: most lines. */
static bool
take_common_front(sv *rest, struct accessline *out)
{
	enum { TIME = sizeof(ZONE_TIME) - 1 };
	sv r = *rest, peer = sv_cut_n(&r, find_near(r, ' '));

	if (!sv_skip_lit(&r, SV(" - - [")) ||
	    !sv_starts(sv_skip(r, TIME), SV("] \"")) ||
	    !has_shape(sv_take(r, TIME), SV(ZONE_TIME)) ||
	    !ip_parse_v4(peer, &out->ip))
		return false;
	out->peer = peer;
	*rest = sv_skip(r, TIME + 2);
	return true;
}

/* WHO [TIME] "REQUEST" STATUS BYTES, then headers where times have a zone */
static bool
parse_bracketed(sv rest, struct accessline *out)
{
	bool zone, daphne;
	size_t close, open;
	sv head, time;

	if (take_common_front(&rest, out)) {
		if (!take_request(&rest, true, out))
			return false;
		take_bytes(&rest, out);
		out->behind = rest;
		return true;
	}
	close = sv_find(rest, SV("] \""));
	if (close == rest.n)
		return false;
	head = sv_cut_n(&rest, close);
	open = sv_rfind(head, SV("["));
	time = sv_skip(head, open + 1);
	zone = has_shape(time, SV(ZONE_TIME));
	daphne = has_shape(time, SV("00/aaa/0000:00:00:00"));
	if (!zone && !daphne && !has_shape(time, SV("00/aaa/0000 00:00:00")))
		return false;
	rest = sv_skip(rest, 2);
	if (!read_peer(sv_take(head, open), out) ||
	    !take_request(&rest, zone, out))
		return false;
	take_bytes(&rest, out);
	if (daphne)
		split_port(out);
	if (!zone)
		return sv_trim(rest).n == 0;
	out->behind = rest;
	return true;
}

static bool
is_phrase(sv v)
{
	for (size_t i = 0; i < v.n; i++)
		if (!is_alpha(v.p[i]) && v.p[i] != ' ' && v.p[i] != '-' &&
		    v.p[i] != '\'')
			return false;
	return true;
}

/* PEER:PORT, or nothing. */
static bool
read_client(sv who, bool info, struct accessline *out)
{
	if (who.n == 0)
		return info;
	if (!take_peer(who, out))
		return false;
	split_port(out);
	return !sv_null(out->port);
}

/* What a client sent in X-Forwarded-For stands for its address, with port 0,
 * whatever it is: the request was made all the same. */
static bool
read_claim(sv who, bool info, struct accessline *out)
{
	if (!info || !sv_ends(who, SV(":0")))
		return false;
	out->peer = SV_NULL;
	out->ip = (struct ip){ 0 };
	out->port = sv_skip(who, who.n - 1);
	return true;
}

/* [INFO:     ]PEER:PORT - "REQUEST" STATUS [PHRASE]; a claim may hold anything,
 * a request no blank before a quote, but it is not asked to. */
static bool
parse_uvicorn(sv rest, struct accessline *out)
{
	static const sv sign = { " - \"", 4 };
	bool info = sv_skip_lit(&rest, SV("INFO:"));
	size_t at = sv_find(rest, sign);

	if (at == rest.n)
		return false;
	if (!read_client(sv_trim(sv_take(rest, at)), info, out)) {
		at = sv_rfind(rest, sign);
		if (!read_claim(sv_trim(sv_take(rest, at)), info, out))
			return false;
	}
	rest = sv_skip(rest, at + 3);
	return take_request(&rest, false, out) && is_phrase(rest);
}

/* A status at the end, and a bar before it. */
static bool
has_bars(sv v)
{
	return v.n >= 3 && is_status(sv_skip(v, v.n - 3)) &&
	    near_byte(v.p, v.p + v.n, '|') < v.p + v.n &&
	    sv_has(v, SV(" | "));
}

/* REQUEST | PEER | PORT | SCHEME | STATUS */
static bool
parse_pipes(sv rest, struct accessline *out)
{
	sv part[4];

	if (!has_bars(rest))
		return false;
	for (size_t i = 0; i < countof(part); i++) {
		size_t at = sv_rfind(rest, SV(" | "));

		if (at == rest.n)
			return false;
		part[i] = sv_skip(rest, at + 3);
		rest = sv_take(rest, at);
	}
	out->status = part[0];
	out->port = part[2];
	split_request(rest, out);
	return is_status(part[0]) && sv_starts(part[1], SV("http")) &&
	    set_peer(part[3], out) &&
	    sv_starts(out->protocol, SV("HTTP/"));
}

static bool
parse_bare(sv message, struct accessline *out)
{
	static bool (*const forms[])(sv, struct accessline *) = {
		parse_bracketed, parse_uvicorn, parse_pipes,
	};

	for (size_t i = 0; i < countof(forms); i++) {
		memset(out, 0, sizeof(*out));
		if (forms[i](message, out))
			return true;
	}
	memset(out, 0, sizeof(*out));
	return false;
}

/* Loggers whose text is an access line. Others pass on what clients sent. */
static bool
is_access_log(const struct textlog *head)
{
	static const sv loggers[] = {
		{ "werkzeug", 8 }, { "uvicorn.access", 14 },
		{ "gunicorn.access", 15 }, { "hypercorn.access", 16 },
		{ "aiohttp.access", 14 }, { "django.server", 13 },
	};

	if (sv_is(sv_str(head->form), "gunicorn")) /* hypercorn */
		return true;
	if (sv_is(sv_str(head->form), "flask")) /* werkzeug */
		return sv_is(head->location, "_internal");
	if (!sv_is(sv_str(head->form), "python") &&
	    !sv_is(sv_str(head->form), "dashes"))
		return false;
	for (size_t i = 0; i < countof(loggers); i++)
		if (sv_eq(head->logger, loggers[i]))
			return true;
	return false;
}

/* Does a quote open a request, as in `] "` or `- "`? */
static bool
opens_request(sv message)
{
	const char *end = message.p + message.n, *p = message.p;

	for (; (p = near_byte(p, end, '"')) < end; p++)
		if (p - message.p >= 2 && p[-1] == ' ' &&
		    (p[-2] == ']' || p[-2] == '-'))
			return true;
	return false;
}

/* Has it what every form has? A request in quotes, or a status at the end; and no
 * form begins like JSON. */
static bool
may_be_any(sv message)
{
	return message.n && message.p[0] != '{' &&
	    (opens_request(message) || has_bars(message));
}

static attr_apart bool
parse_any(sv message, struct accessline *out)
{
	struct textlog head;
	sv front;

	if (parse_bare(message, out))
		return true;
	front = sv_take(message, sv_find_byte(message, '"'));
	if (!sv_ends(front, SV("] ")) && !sv_ends(front, SV("- ")))
		return false;
	if (!textlog_parse(message, &head) || !is_access_log(&head) ||
	    !parse_bare(head.message, out))
		return false;
	if (sv_is(sv_str(head.form), "gunicorn"))
		split_port(out);
	return true;
}

bool
accessline_parse_front(sv message, struct accessline *out)
{
	return may_be_any(message) && parse_any(message, out);
}

bool
accessline_parse(sv message, struct accessline *out)
{
	if (!accessline_parse_front(message, out))
		return false;
	if (!sv_null(out->behind))
		read_headers(out);
	return true;
}
