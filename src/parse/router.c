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

/* What only the router writes, from " dyno=" to the end of the line. Strict:
 * all of the rest must be of this form. */
static bool
take_tail(sv rest, struct router *r)
{
	if (!take_key(&rest, SV(" dyno="), &r->dyno) ||
	    !take_key(&rest, SV(" connect="), &r->connect) ||
	    !take_key(&rest, SV(" service="), &r->service) ||
	    !take_key(&rest, SV(" status="), &r->status) ||
	    !take_key(&rest, SV(" bytes="), &r->bytes))
		return false;
	if (!take_key(&rest, SV(" protocol="), &r->protocol)) {
		take_key(&rest, SV(" tls_version="), &r->tls_version);
		take_key(&rest, SV(" protocol="), &r->protocol);
	}
	take_key(&rest, SV(" tls="), &r->tls);
	take_key(&rest, SV(" tls_version="), &r->tls_version);
	return rest.n == 0 && is_token(r->dyno) && is_number(r->connect, true) &&
	    is_number(r->service, true) && is_number(r->status, false) &&
	    is_number(r->bytes, false) && is_token(r->protocol) &&
	    is_token(r->tls) && is_token(r->tls_version);
}

/* Keys before the path; the router writes them all but the method, which is a
 * token without blanks. */
static bool
take_head(sv *rest, struct router *r)
{
	take_key(rest, SV("sock="), &r->sock);
	if (r->sock.n)
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
	    take_quoted(&rest, SV(" fwd=\""), &r->fwd) && take_tail(rest, r);
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
 * A quote or a key inside path or fwd. The rightmost `" dyno=` ends fwd, since
 * nothing behind it is a client's; the rightmost ` fwd="` before it opens a
 * list whose last entry is the router's in any reading.
 */
static bool
parse_from_right(sv msg, struct router *r)
{
	sv rest = msg, mid;
	size_t end, open, id, host;

	if (!take_head(&rest, r) || !sv_skip_lit(&rest, SV(" path=\"")))
		return false;
	end = sv_rfind(rest, SV("\" dyno="));
	if (end == rest.n || !take_tail(sv_skip(rest, end + 1), r))
		return false;
	mid = sv_take(rest, end);
	open = sv_rfind(mid, SV(" fwd=\""));
	if (open == mid.n)
		return false;
	r->fwd = sv_skip(mid, open + 6);
	mid = sv_take(mid, open);
	id = sv_rfind(mid, SV(" request_id="));
	if (id == mid.n)
		return false;
	r->request_id = sv_skip(mid, id + 12);
	mid = sv_take(mid, id);
	host = sv_rfind(mid, SV("\" host="));
	if (host == mid.n)
		return false;
	r->host = sv_skip(mid, host + 7);
	r->path = sv_take(mid, host);
	return true;
}

/* Any order, quoted or not, the first of a repeated key wins: documentation
 * samples, 2013 lines, lines cut by a terminal. */
static bool
parse_loose(sv msg, struct router *r)
{
	const struct { sv key; sv *val; } keys[] = {
		{ SV("at"), &r->at }, { SV("code"), &r->code },
		{ SV("desc"), &r->desc }, { SV("sock"), &r->sock },
		{ SV("cause"), &r->cause }, { SV("method"), &r->method },
		{ SV("path"), &r->path }, { SV("host"), &r->host },
		{ SV("request_id"), &r->request_id }, { SV("fwd"), &r->fwd },
		{ SV("dyno"), &r->dyno }, { SV("connect"), &r->connect },
		{ SV("service"), &r->service }, { SV("status"), &r->status },
		{ SV("bytes"), &r->bytes }, { SV("protocol"), &r->protocol },
		{ SV("tls"), &r->tls }, { SV("tls_version"), &r->tls_version },
	};
	size_t known = 0;
	sv rest = msg;

	while (rest.n) {
		sv word = sv_trim_left(rest), key;
		size_t eq = sv_find_byte(word, '=');

		key = sv_take(word, eq);
		if (eq == word.n || sv_find_byte(key, ' ') < key.n) {
			sv_word(&rest);
			continue;
		}
		rest = sv_skip(word, eq + 1);
		word = sv_cut_n(&rest, sv_find_byte(rest, ' '));
		if (sv_starts(word, SV("\""))) {
			rest = sv_of(word.p + 1, (size_t)(rest.p + rest.n - word.p) - 1);
			word = sv_cut_n(&rest, sv_find_byte(rest, '"'));
			rest = sv_skip(rest, 1);
		}
		for (size_t i = 0; i < countof(keys); i++)
			if (sv_eq(key, keys[i].key) && sv_null(*keys[i].val)) {
				*keys[i].val = word;
				known++;
			}
	}
	return known >= 3 && (!sv_null(r->at) || !sv_null(r->status));
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
