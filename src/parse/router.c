/* SPDX-License-Identifier: MIT */
#include "parse/router.h"

#include "base/ascii.h"
#include "base/attr.h"
#include "base/near.h"
#include "parse/routerstrict.h"

static sv
cut_token(sv *rest)
{
	size_t n = 0;

	while (n < rest->n && routerstrict_is_token(sv_take(sv_skip(*rest, n), 1)))
		n++;
	return sv_cut_n(rest, n);
}

/* Index of the byte, which is near, or v.n. */
static attr_inline size_t
find_near(sv v, char c)
{
	size_t i = 0;

	while (i < v.n && v.p[i] != c)
		i++;
	return i;
}

/* `key`, which holds its '=' and the blank before it, then a bare word. */
static attr_inline bool
take_key(sv *rest, sv key, sv *val)
{
	if (!sv_skip_lit(rest, key))
		return false;
	*val = sv_cut_n(rest, find_near(*rest, ' '));
	return true;
}

static attr_inline bool
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

struct key {
	sv key;
	sv *val;
};

/* `cut`: a key not set yet that begins so. */
static sv *
find(const struct key *keys, size_t n, sv key, bool cut)
{
	for (size_t i = 0; i < n; i++)
		if (cut ? sv_starts(keys[i].key, key) &&
		    sv_null(*keys[i].val) : sv_eq(key, keys[i].key))
			return keys[i].val;
	return NULL;
}

/* Keys before the dyno. */
static sv *
find_front_key(struct router *r, sv key)
{
	const struct key keys[] = {
		{ SV("at"), &r->at }, { SV("code"), &r->code },
		{ SV("desc"), &r->desc }, { SV("cause"), &r->cause },
		{ SV("method"), &r->method }, { SV("path"), &r->path },
		{ SV("host"), &r->host }, { SV("request_id"), &r->request_id },
		{ SV("fwd"), &r->fwd },
	};

	return find(keys, countof(keys), key, false);
}

/* Keys from the dyno on. */
static sv *
find_tail_key(struct router *r, sv key, bool cut)
{
	const struct key keys[] = {
		{ SV("dyno"), &r->dyno }, { SV("web"), &r->dyno },
		{ SV("connect"), &r->connect }, { SV("service"), &r->service },
		{ SV("status"), &r->status }, { SV("bytes"), &r->bytes },
		{ SV("protocol"), &r->protocol }, { SV("tls"), &r->tls },
		{ SV("tls_version"), &r->tls_version },
		{ SV("sock"), &r->sock }, { SV("agent"), &r->agent },
		{ SV("queue"), &r->queue }, { SV("wait"), &r->wait },
	};

	return find(keys, countof(keys), key, cut);
}

static sv *
find_key(struct router *r, sv key)
{
	sv *val = find_front_key(r, key);

	return val ? val : find_tail_key(r, key, false);
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

/* A key of the router occurs twice, or fwd can end at a quote inside. */
static unsigned
in_doubt(sv msg, const struct router *r)
{
	size_t quote = sv_find(r->fwd, SV("\" "));
	sv key = sv_skip(r->fwd, quote + 2);

	if (quote < r->fwd.n && cut_token(&key).n && sv_starts(key, SV("=")))
		return ROUTER_AMBIGUOUS;
	return repeats(msg) ? ROUTER_AMBIGUOUS : 0;
}

/* In how many ways bytes of a line can be read as the end of one. */
enum reading { IMPOSSIBLE, CERTAIN, DOUBTFUL };

/* A value of the tail that is not as it should be: `status=abc`. A comma at the
 * end, or in the last word, may be of a list that a client broke. */
static bool
take_odd(sv *rest, sv *val)
{
	*val = sv_cut_n(rest, sv_find_byte(*rest, ' '));
	return sv_find_byte(*val, '"') == val->n && !sv_ends(*val, SV(",")) &&
	    (rest->n || sv_find_byte(*val, ',') == val->n);
}

/* Of an unknown key: a token, or quoted, which may be cut. A quote before a
 * blank ends a value, it begins none. */
static bool
skip_unknown(sv *rest)
{
	sv val;

	if (!sv_skip_lit(rest, SV("\"")))
		return take_odd(rest, &val) && routerstrict_is_token(val);
	if (sv_starts(*rest, SV(" ")))
		return false;
	*rest = sv_skip(*rest, sv_find_byte(*rest, '"') + 1);
	return rest->n == 0 || rest->p[0] == ' ';
}

/*
 * To the end of the line, as it may be cut. A quote inside makes the end of the
 * agent doubtful where the line was cut; a quote before a host, or before a
 * blank at the start, may be that of a path that holds all the rest.
 */
static enum reading
read_agent(sv rest, struct router *r)
{
	bool host = sv_has(rest, SV("\" host=")), whole, inner;

	if (!sv_skip_lit(&rest, SV("\""))) {
		r->agent = rest;
		return sv_find_byte(rest, ' ') < rest.n ||
		    sv_find_byte(rest, '"') < rest.n ? DOUBTFUL : CERTAIN;
	}
	whole = sv_ends(rest, SV("\""));
	r->agent = sv_take(rest, rest.n - whole);
	inner = sv_find_byte(r->agent, '"') < r->agent.n;
	return host || sv_starts(rest, SV(" ")) || (inner && !whole) ?
	    DOUBTFUL : CERTAIN;
}

/* A key that nobody knows with its value, or what is left of any key. */
static bool
skip_new(sv *rest, sv key, struct router *r)
{
	if (!sv_skip_lit(rest, SV("=")))
		return rest->n == 0 && find_tail_key(r, key, true);
	return key.n && !find_front_key(r, key) && skip_unknown(rest);
}

/* The tail as it may be, too: cut anywhere, with values that nobody expected
 * and new keys. */
static enum reading
read_tail(sv rest, struct router *r)
{
	size_t behind = 0; /* bytes behind the last new key */

	while (rest.n) {
		sv item = rest, key, *val;

		if (!sv_skip_lit(&rest, SV(" ")))
			return IMPOSSIBLE;
		key = cut_token(&rest);
		val = find_tail_key(r, key, false);
		if (val == &r->agent && sv_skip_lit(&rest, SV("=")))
			return read_agent(rest, r);
		if (val && sv_skip_lit(&rest, SV("="))) {
			if (!sv_null(*val) || !take_odd(&rest, val))
				return IMPOSSIBLE;
			continue;
		}
		if (!skip_new(&rest, key, r))
			return IMPOSSIBLE;
		if (sv_null(r->more))
			r->more = item;
		behind = rest.n;
	}
	r->more = sv_take(r->more, r->more.n - behind);
	return CERTAIN;
}

/* Where a line ends inside the name of the key behind the quote of fwd; its
 * length if it does not. */
static size_t
cut_mark(sv line)
{
	sv mark = SV("\" dyno");

	for (size_t n = 3; n <= mark.n; n++)
		if (sv_ends(line, sv_take(mark, n)))
			return line.n - n + 1;
	return line.n;
}

/* New keys between the quote of fwd and `end` belong to the tail. */
static size_t
before_new_keys(sv front, size_t end, struct router *r)
{
	sv left = sv_take(front, end);

	while (!sv_ends(left, SV("\""))) {
		size_t at = sv_rfind(left, SV(" "));
		sv word = sv_skip(left, at + 1), key = cut_token(&word);

		if (key.n == 0 || find_key(r, key) ||
		    !sv_skip_lit(&word, SV("=")) || !routerstrict_is_token(word))
			return end;
		left = sv_take(left, at);
	}
	return left.n;
}

/*
 * The rightmost " dyno=" ends fwd, since nothing behind it is a client's: cuts
 * the tail off *front. Only the agent is, which H31 lines have: there each
 * " dyno=" is tried, and if there are two ways to read the line it is not known
 * where fwd ends. r->code is already set. " web=" is the old name; a client can
 * write either, so it counts only where there is no " dyno=" at all.
 */
static bool
take_right(sv *front, struct router *r)
{
	const struct router before = *r;
	sv mark = sv_has(*front, SV(" dyno=")) ? SV(" dyno=") : SV(" web=");
	sv left = *front;
	size_t end = cut_mark(left), cut = left.n;
	unsigned readings = 0;

	if (end == left.n)
		end = sv_rfind(left, mark);
	for (; end < left.n && readings < 2; end = sv_rfind(left, mark)) {
		size_t at = before_new_keys(left, end, r);
		struct router try = before;
		enum reading how = read_tail(sv_skip(*front, at), &try);

		readings += how;
		if (how == CERTAIN) {
			*r = try;
			cut = at;
		}
		if (sv_null(try.agent) && !sv_is(before.code, "H31"))
			break;
		left = sv_take(left, end);
	}
	if (readings == 1)
		*front = sv_take(*front, cut);
	else
		*r = before;
	if (readings > 1)
		r->flags = ROUTER_AMBIGUOUS;
	return readings == 1;
}
/* The list between fwd= and the tail. One that opens with a quote must end with
 * it, or the tail is none, except where a client can have opened it. */
static bool
read_fwd(sv v, bool quoted, sv *fwd)
{
	bool open = sv_skip_lit(&v, SV("\"")), close = sv_ends(v, SV("\""));

	*fwd = sv_take(v, v.n - close);
	return !open || close || !quoted;
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
take_middle(sv rest, size_t room, bool quoted, struct router *r)
{
	r->request_id = SV_NULL;
	if (!take_key(&rest, SV("host="), &r->host))
		return false;
	take_key(&rest, SV(" request_id="), &r->request_id);
	if (rest.n == 0)
		return true;
	return rest.n <= room && sv_skip_lit(&rest, SV(" fwd=")) &&
	    read_fwd(rest, quoted, &r->fwd);
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
	bool quoted;

	if (!take_head(&rest, r) || !sv_skip_lit(&rest, SV(" path=")) ||
	    !take_right(&rest, r))
		return false;
	quoted = sv_skip_lit(&rest, SV("\""));
	mark = quoted ? SV("\" host=") : SV(" host=");
	room = fwd_room(rest);
	for (sv left = rest; (at = sv_rfind(left, mark)) < left.n;) {
		if (take_middle(sv_skip(rest, at + mark.n - 5), room, quoted,
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

/* Can it be the front of a key, at the end of a cut line? */
static bool
is_cut_key(sv word)
{
	for (size_t i = 0; i < word.n; i++)
		if (!is_lower(word.p[i]) && word.p[i] != '_')
			return false;
	return true;
}

/* Is what follows a quote the end of the line, or another key, maybe cut? */
static bool
at_key(sv rest, struct router *r)
{
	sv key;

	if (!sv_skip_lit(&rest, SV(" ")))
		return rest.n == 0;
	key = cut_token(&rest);
	return rest.n == 0 ? is_cut_key(key) :
	    rest.p[0] == '=' && find_key(r, key);
}

/* A path may hold quotes: its own is the last before a host=, of an H31, whose
 * agent may hold more of them, the first; else the first before another key.
 * Without one it is not known where the path ends. */
static sv
take_path(sv *rest, struct router *r)
{
	size_t end;
	sv path;

	if (!sv_skip_lit(rest, SV("\"")))
		return take_value(rest);
	end = sv_is(r->code, "H31") ? sv_find(*rest, SV("\" host=")) :
	    sv_rfind(*rest, SV("\" host="));
	if (end == rest->n)
		end = sv_find_byte(*rest, '"');
	while (end < rest->n && !at_key(sv_skip(*rest, end + 1), r))
		end += 1 + sv_find_byte(sv_skip(*rest, end + 1), '"');
	if (end >= rest->n)
		r->flags = ROUTER_AMBIGUOUS;
	path = sv_cut_n(rest, end);
	*rest = sv_skip(*rest, 1);
	return path;
}

/* "key=value" off the front into its field, if that is not set yet; false when
 * the value has no field. fwd is none: where it ends is for the tail to say. */
static bool
scan_key(sv *rest, struct router *r)
{
	sv probe = *rest, word = sv_word(&probe), key, val;
	size_t eq = sv_find_byte(word, '=');

	if (eq == word.n) {
		*rest = probe;
		return false;
	}
	key = sv_take(word, eq);
	*rest = sv_skip(*rest, eq + 1);
	val = sv_is(key, "path") && sv_null(r->path) ? take_path(rest, r) :
	    take_value(rest);
	return !sv_is(key, "fwd") && set_key(key, val, r);
}

/* Sets what is not set yet; how many keys that were. r->rest is from the first
 * byte without a field to the last. */
static size_t
scan_keys(sv rest, struct router *r)
{
	size_t known = 0, behind = 0;

	for (rest = sv_trim_left(rest); rest.n; rest = sv_trim_left(rest)) {
		sv item = rest;

		if (scan_key(&rest, r)) {
			known++;
			continue;
		}
		if (sv_null(r->rest))
			r->rest = item;
		behind = rest.n;
	}
	r->rest = sv_take(r->rest, r->rest.n - behind);
	return known;
}

/* Cuts off what stands between the last fwd= and the router's tail; not out of
 * another whose quote is still open. */
static void
cut_fwd(sv *front, struct router *r)
{
	size_t at = sv_rfind(*front, SV(" fwd="));
	bool quoted = sv_has(*front, SV(" fwd=\""));

	if (at < front->n && (!quoted || sv_ends(*front, SV("\""))) &&
	    read_fwd(sv_skip(*front, at + 5), true, &r->fwd))
		*front = sv_take(*front, at);
	else
		r->fwd = SV_NULL;
}

/* Can all behind it be of the path, since its quote was cut off? */
static bool
in_path(sv front)
{
	sv mark = SV(" path=\"");
	size_t at = sv_find(front, mark);

	return at < front.n &&
	    !sv_has(sv_skip(front, at + mark.n), SV("\" host="));
}

/* take_right for a line in any order; r->code is as it was. */
static bool
find_right(sv *front, struct router *r)
{
	const struct router before = *r;
	struct router head = { 0 };
	sv rest = *front, left = *front;

	take_head(&rest, &head);
	if (sv_null(r->code))
		r->code = head.code;
	if (!take_right(&left, r) || in_path(left)) {
		unsigned flags = r->flags;

		*r = before;
		r->flags = flags;
		return false;
	}
	r->code = before.code;
	*front = left;
	return true;
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
	sv front = msg;
	bool right = find_right(&front, r);

	if (right)
		cut_fwd(&front, r);
	if (scan_keys(front, r) < 3 && !right)
		return false;
	return !sv_null(r->at) || !sv_null(r->status);
}

/* "Error H10 (App crashed) -> ", before 2013; maybe without the brackets. */
static bool
take_old_error(sv *rest, struct router *r)
{
	if (!sv_skip_lit(rest, SV("Error ")))
		return true;
	r->at = SV("error");
	r->code = sv_cut_n(rest, sv_find_byte(*rest, ' '));
	if (sv_skip_lit(rest, SV(" (")))
		r->desc = sv_cut_n(rest, sv_find(*rest, SV(") -> ")));
	return sv_skip_lit(rest, sv_null(r->desc) ? SV(" -> ") : SV(") -> "));
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
router_knows(sv key)
{
	struct router any;

	return find_key(&any, key) != NULL;
}

/* Anything else than the form of today. */
static bool
parse_other(sv message, struct router *out)
{
	const struct router none = { 0 };

	*out = none;
	if (parse_from_right(message, out)) {
		out->flags |= in_doubt(message, out);
		return true;
	}
	*out = none;
	if (parse_old(message, out))
		return true;
	*out = none;
	if (!parse_loose(message, out))
		return false;
	out->flags |= in_doubt(message, out);
	return true;
}

/* A view into the message. Most have no blank at all. */
static attr_inline bool
has_two_blanks(sv v, sv message)
{
	return v.n && near_byte(v.p, message.p + message.n, ' ') < v.p + v.n &&
	    sv_has(v, SV("  "));
}

/* Values between quotes are all that can hold blanks. */
bool
router_quick(sv message, struct router *out)
{
	*out = (struct router){ .flags = 0 };
	return routerstrict_parse(message, out) &&
	    !has_two_blanks(out->path, message) &&
	    !has_two_blanks(out->fwd, message) &&
	    !has_two_blanks(out->desc, message) &&
	    !has_two_blanks(out->cause, message) &&
	    !has_two_blanks(out->agent, message);
}

bool
router_parse(sv message, struct router *out)
{
	*out = (struct router){ .flags = 0 };
	if (likely(routerstrict_parse(message, out)))
		return true;
	if (!parse_other(message, out))
		return false;
	routerstrict_number(out->connect, true, &out->connect_ms);
	routerstrict_number(out->service, true, &out->service_ms);
	routerstrict_number(out->status, false, &out->status_number);
	routerstrict_number(out->bytes, false, &out->bytes_number);
	return true;
}
