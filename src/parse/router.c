/* SPDX-License-Identifier: MIT */
#include "parse/router.h"

#include "base/ascii.h"
#include "base/attr.h"

bool
router_ms(sv v, int64_t *ms)
{
	if (sv_ends(v, SV("ms")))
		v.n -= 2;
	return sv_to_i64(v, ms) && *ms >= 0;
}

static bool
is_token(sv v)
{
	for (size_t i = 0; i < v.n; i++)
		if (!is_alnum(v.p[i]) && v.p[i] != '.' && v.p[i] != '_' &&
		    v.p[i] != '-')
			return false;
	return true;
}

static bool
is_number(sv v, bool ms)
{
	int64_t n;

	return v.n == 0 || (ms ? router_ms(v, &n) : sv_to_i64(v, &n));
}

/* `key`, which holds its '=' and the blank before it, then a bare word. */
static bool
take_key(sv *rest, sv key, sv *val)
{
	if (!sv_skip_lit(rest, key))
		return false;
	*val = sv_cut_n(rest, sv_find_byte(*rest, ' '));
	return true;
}

static bool
take_quoted(sv *rest, sv key, sv *val)
{
	size_t end;

	if (!sv_skip_lit(rest, key))
		return false;
	end = sv_find_byte(*rest, '"');
	if (end == rest->n)
		return false;
	*val = sv_cut_n(rest, end);
	*rest = sv_skip(*rest, 1);
	return true;
}

/* To the end of the line: quoted, or a word. Without `inner` a quote that is
 * not the agent's own is refused, for it would make the end of fwd a matter of
 * taste. */
static bool
take_agent(sv rest, bool inner, struct router *r)
{
	if (rest.n == 0)
		return true;
	if (sv_skip_lit(&rest, SV(" agent=\"")) && sv_ends(rest, SV("\""))) {
		r->agent = sv_take(rest, rest.n - 1);
		return inner || sv_find_byte(r->agent, '"') == r->agent.n;
	}
	return take_key(&rest, SV(" agent="), &r->agent) && rest.n == 0 &&
	    sv_find_byte(r->agent, '"') == r->agent.n;
}

static sv *
find_key(struct router *r, sv key)
{
	const struct { sv key; sv *val; } keys[] = {
		{ SV("at"), &r->at }, { SV("code"), &r->code },
		{ SV("desc"), &r->desc }, { SV("sock"), &r->sock },
		{ SV("cause"), &r->cause }, { SV("method"), &r->method },
		{ SV("path"), &r->path }, { SV("host"), &r->host },
		{ SV("request_id"), &r->request_id }, { SV("fwd"), &r->fwd },
		{ SV("dyno"), &r->dyno }, { SV("web"), &r->dyno },
		{ SV("connect"), &r->connect }, { SV("service"), &r->service },
		{ SV("status"), &r->status }, { SV("bytes"), &r->bytes },
		{ SV("protocol"), &r->protocol }, { SV("tls"), &r->tls },
		{ SV("tls_version"), &r->tls_version },
		{ SV("agent"), &r->agent },
		{ SV("queue"), &r->queue }, { SV("wait"), &r->wait },
	};

	for (size_t i = 0; i < countof(keys); i++)
		if (sv_eq(key, keys[i].key))
			return keys[i].val;
	return NULL;
}

/* A key that a router of tomorrow adds must not make the line unreadable. Its
 * value is a token, for other bytes could be a client's. */
static bool
take_unknown(sv *rest, struct router *r)
{
	sv left = *rest, key, val;

	if (!sv_skip_lit(&left, SV(" ")))
		return false;
	key = sv_cut_n(&left, sv_find_byte(left, '='));
	if (key.n == 0 || !is_token(key) || find_key(r, key) ||
	    !take_key(&left, SV("="), &val) || !is_token(val))
		return false;
	*rest = left;
	return true;
}

/* Behind the bytes: keys that only some generations of the router write. */
static bool
take_late_keys(sv *rest, struct router *r)
{
	if (sv_null(r->sock)) /* 2012; today it stands in front */
		take_key(rest, SV(" sock="), &r->sock);
	if (!take_key(rest, SV(" protocol="), &r->protocol)) {
		take_key(rest, SV(" tls_version="), &r->tls_version);
		take_key(rest, SV(" protocol="), &r->protocol);
	}
	take_key(rest, SV(" tls="), &r->tls);
	take_key(rest, SV(" tls_version="), &r->tls_version);
	r->more = *rest;
	while (take_unknown(rest, r))
		;
	r->more = sv_take(r->more, r->more.n - rest->n);
	return is_token(r->sock) && is_token(r->protocol) &&
	    is_token(r->tls) && is_token(r->tls_version);
}

/* What only the router writes, from " dyno=" to the end of the line, and the
 * agent. Strict: all of the rest must be of this form, without quotes but the
 * agent's. Some samples of 2013 end at the status. */
static bool
take_tail(sv rest, bool inner, struct router *r)
{

	if (!take_key(&rest, SV(" dyno="), &r->dyno) &&
	    !take_key(&rest, SV(" web="), &r->dyno))
		return false;
	take_key(&rest, SV(" queue="), &r->queue);
	take_key(&rest, SV(" wait="), &r->wait);
	take_key(&rest, SV(" connect="), &r->connect);
	if (!take_key(&rest, SV(" service="), &r->service) ||
	    !take_key(&rest, SV(" status="), &r->status))
		return false;
	take_key(&rest, SV(" bytes="), &r->bytes);
	return take_late_keys(&rest, r) && take_agent(rest, inner, r) &&
	    is_token(r->dyno) && is_token(r->queue) && is_token(r->wait) &&
	    is_number(r->connect, true) &&
	    is_number(r->service, true) && is_number(r->status, false) &&
	    is_number(r->bytes, false);
}

/* Keys before the path; the router writes them all but the method, which is a
 * token without blanks. */
static bool
take_head(sv *rest, struct router *r)
{
	if (take_key(rest, SV("sock="), &r->sock))
		sv_skip_lit(rest, SV(" "));
	if (!take_key(rest, SV("at="), &r->at))
		return false;
	take_key(rest, SV(" code="), &r->code);
	take_quoted(rest, SV(" desc=\""), &r->desc);
	take_quoted(rest, SV(" cause=\""), &r->cause);
	return take_key(rest, SV(" method="), &r->method);
}

/* The order and form in which today's routers write, without a doubt. */
static bool
parse_strict(sv msg, struct router *r)
{
	sv rest = msg;

	return take_head(&rest, r) &&
	    take_quoted(&rest, SV(" path=\""), &r->path) &&
	    take_key(&rest, SV(" host="), &r->host) &&
	    take_key(&rest, SV(" request_id="), &r->request_id) &&
	    take_quoted(&rest, SV(" fwd=\""), &r->fwd) &&
	    take_tail(rest, false, r);
}

static size_t
count(sv v, sv needle)
{
	size_t n = 0;

	for (size_t at; (at = sv_find(v, needle)) < v.n; n++)
		v = sv_skip(v, at + needle.n);
	return n;
}

static bool
repeats(sv msg)
{
	static const char *const own[] = { " host=", " request_id=", " fwd=",
	    " dyno=", " connect=", " service=", " status=", " bytes=",
	    " protocol=" };

	for (size_t i = 0; i < countof(own); i++)
		if (count(msg, sv_str(own[i])) > 1)
			return true;
	return false;
}

/*
 * The rightmost " dyno=" ends fwd, since nothing behind it is a client's: cuts
 * the tail off *front. Only the agent is, which H31 lines have: if that could
 * hold the " dyno=" it is not known where fwd ends. r->code is already set.
 * " web=" is the old name; a client can write either, so it counts only where
 * there is no " dyno=" at all.
 */
static bool
take_right(sv *front, struct router *r)
{
	sv mark = sv_has(*front, SV(" dyno=")) ? SV(" dyno=") : SV(" web=");
	size_t end = sv_rfind(*front, mark);

	if (end == front->n || !take_tail(sv_skip(*front, end), true, r))
		return false;
	if ((!sv_null(r->agent) || sv_is(r->code, "H31")) &&
	    sv_find(*front, mark) < end)
		return false;
	*front = sv_take(*front, end);
	return true;
}

static sv
unquoted(sv v)
{
	sv_skip_lit(&v, SV("\""));
	return sv_ends(v, SV("\"")) ? sv_take(v, v.n - 1) : v;
}

/* How long fwd can be with its key: the router's own entry, behind the last
 * comma, holds no key, or fwd begins there. */
static size_t
fwd_room(sv middle)
{
	size_t fwd = sv_rfind(middle, SV(" fwd=")), comma;

	comma = sv_rfind(middle, SV(","));
	return comma < middle.n && comma > fwd ? middle.n : middle.n - fwd;
}

/* "host=H [request_id=I] [fwd=LIST]" and nothing more. */
static bool
take_middle(sv rest, size_t room, struct router *r)
{
	r->request_id = SV_NULL;
	if (!take_key(&rest, SV("host="), &r->host))
		return false;
	take_key(&rest, SV(" request_id="), &r->request_id);
	if (rest.n == 0)
		return true;
	if (rest.n > room || !sv_skip_lit(&rest, SV(" fwd=")))
		return false;
	r->fwd = unquoted(rest);
	return true;
}

/*
 * A quote or a key inside path or fwd, or no quotes at all (2013). fwd is what
 * ends at the tail; path goes up to the rightmost host= that fits.
 */
static bool
parse_from_right(sv msg, struct router *r)
{
	sv rest = msg, mark;
	size_t at, room;

	if (!take_head(&rest, r) || !sv_skip_lit(&rest, SV(" path=")) ||
	    !take_right(&rest, r))
		return false;
	mark = sv_skip_lit(&rest, SV("\"")) ? SV("\" host=") : SV(" host=");
	room = fwd_room(rest);
	for (sv left = rest; (at = sv_rfind(left, mark)) < left.n;) {
		if (take_middle(sv_skip(rest, at + mark.n - 5), room,
		    r)) {
			r->path = sv_take(rest, at);
			return true;
		}
		left = sv_take(left, at);
	}
	return false;
}

/* A key that is set already stays as it is. */
static bool
set_key(sv key, sv val, struct router *r)
{
	sv *known = find_key(r, key);

	if (known == NULL || !sv_null(*known))
		return false;
	*known = val;
	return true;
}

/* A bare word, or up to the next quote or the end. */
static sv
take_value(sv *rest)
{
	sv val;

	if (!sv_skip_lit(rest, SV("\"")))
		return sv_cut_n(rest, sv_find_byte(*rest, ' '));
	val = sv_cut_n(rest, sv_find_byte(*rest, '"'));
	*rest = sv_skip(*rest, 1);
	return val;
}

/* Sets what is not set yet; how many keys that were. */
static size_t
scan_keys(sv rest, struct router *r)
{
	size_t known = 0;

	while (rest.n) {
		sv left = sv_trim_left(rest), probe = left;
		sv word = sv_word(&probe);
		size_t eq = sv_find_byte(word, '=');

		rest = probe;
		if (eq == word.n)
			continue;
		rest = sv_skip(left, eq + 1);
		known += set_key(sv_take(word, eq), take_value(&rest), r);
	}
	return known;
}

/* What stands between the last fwd= and the router's tail. */
static sv
last_fwd(sv front)
{
	size_t at = sv_rfind(front, SV(" fwd="));

	return at < front.n ? unquoted(sv_skip(front, at + 5)) : SV_NULL;
}

/*
 * Any order, quoted or not: samples in documents, lines cut by a terminal. Of a
 * repeated key the router's own wins if its tail is there, else the first.
 * Without the tail there is no fwd: a client can send quotes and keys, so that
 * what looks like the whole list may be cut before the router's own entry.
 */
static bool
parse_loose(sv msg, struct router *r)
{
	struct router before, head = { 0 };
	sv front = msg;
	bool right;

	take_head(&front, &head);
	if (sv_null(r->code))
		r->code = head.code;
	before = *r;
	front = msg;
	right = take_right(&front, r);
	if (!right)
		*r = before;
	if (scan_keys(msg, r) < 3 && !right)
		return false;
	r->fwd = right ? last_fwd(front) : SV_NULL;
	return !sv_null(r->at) || !sv_null(r->status);
}

/* "Error H10 (App crashed) -> ", before 2013. */
static bool
take_old_error(sv *rest, struct router *r)
{
	size_t close;

	if (!sv_skip_lit(rest, SV("Error ")))
		return true;
	r->code = sv_word(rest);
	*rest = sv_trim_left(*rest);
	close = sv_find(*rest, SV(") -> "));
	if (!sv_skip_lit(rest, SV("(")) || close >= rest->n)
		return false;
	r->desc = sv_cut_n(rest, close - 1);
	*rest = sv_skip(*rest, 5);
	r->at = SV("error");
	return true;
}

/* "POST a.heroku.com/path dyno=web.1 queue=0 wait=0ms service=1ms status=302
 * bytes=113", the form before December 2012. */
static bool
parse_old(sv msg, struct router *r)
{
	sv rest = msg, url;
	size_t end, slash;

	if (!take_old_error(&rest, r))
		return false;
	r->method = sv_word(&rest);
	end = sv_rfind(rest, SV(" dyno="));
	if (r->method.n == 0 || end == rest.n)
		return false;
	for (size_t i = 0; i < r->method.n; i++)
		if (!is_upper(r->method.p[i]))
			return false;
	url = sv_trim(sv_take(rest, end));
	slash = sv_find_byte(url, '/');
	r->host = sv_take(url, slash);
	r->path = slash < url.n ? sv_skip(url, slash) : SV("/");
	if (sv_null(r->at))
		r->at = SV("info");
	return url.n && parse_loose(sv_skip(rest, end), r);
}

bool
router_parse(sv message, struct router *out)
{
	const struct router none = { 0 };

	*out = none;
	if (likely(parse_strict(message, out)))
		return true;
	*out = none;
	if (parse_from_right(message, out)) {
		out->flags = repeats(message) ? ROUTER_AMBIGUOUS : 0;
		return true;
	}
	*out = none;
	if (parse_old(message, out))
		return true;
	*out = none;
	if (!parse_loose(message, out))
		return false;
	out->flags = repeats(message) ? ROUTER_AMBIGUOUS : 0;
	return true;
}
