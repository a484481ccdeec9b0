/* SPDX-License-Identifier: MIT */
#include "parse/routerstrict.h"

#include "base/ascii.h"
#include "base/attr.h"
#include "base/near.h"
#include "base/swar.h"

enum { SAFE_DIGITS = 18 }; /* as many fit into 63 bits, whatever they are */

bool
routerstrict_is_token(sv v)
{
	size_t i = 0;

	while (i < v.n && is_name_byte(v.p[i]))
		i++;
	return i == v.n;
}

bool
routerstrict_number(sv v, bool ms, int64_t *out)
{
	int64_t n = 0;
	size_t i = 0;

	*out = -1;
	if (v.n == 0)
		return true;
	if (ms && sv_ends(v, SV("ms")))
		v.n -= 2;
	for (; i < v.n && is_digit(v.p[i]); i++)
		if (i < SAFE_DIGITS)
			n = n * 10 + (v.p[i] - '0');
	if (unlikely(i < v.n || i == 0 || i > SAFE_DIGITS)) {
		if (!sv_to_i64(v, &n) || (ms && n < 0))
			return false;
	}
	*out = n;
	return true;
}

/* --- a place in the line that moves on ------------------------------------ */

struct cursor {
	const char *p, *end;
	bool bad; /* a value was none */
};

static attr_inline bool
skip(struct cursor *c, sv lit)
{
	if ((size_t)(c->end - c->p) < lit.n || !near_starts(c->p, lit))
		return false;
	c->p += lit.n;
	return true;
}

/* Up to the byte, or to the end. */
static attr_inline sv
cut(struct cursor *c, char stop)
{
	const char *start = c->p;

	c->p = near_byte(start, c->end, stop);
	return sv_of(start, (size_t)(c->p - start));
}

/* `key`, which holds its '=' and the blank before it, then a bare word. */
static attr_inline bool
word(struct cursor *c, sv key, sv *val)
{
	if (!skip(c, key))
		return false;
	*val = cut(c, ' ');
	return true;
}

/* A word that is a token. */
static attr_inline bool
token(struct cursor *c, sv key, sv *val)
{
	const char *p;

	if (!skip(c, key))
		return false;
	for (p = c->p; p < c->end && is_name_byte(*p);)
		p++;
	c->bad |= p < c->end && *p != ' ';
	*val = sv_of(c->p, (size_t)(p - c->p));
	c->p = p;
	return true;
}

/* A word that is a number; empty is none. */
static attr_inline bool
number(struct cursor *c, sv key, bool ms, sv *val, int64_t *out)
{
	const char *p;
	uint64_t n = 0;

	if (!skip(c, key))
		return false;
	for (p = c->p; p < c->end && is_digit(*p); p++)
		n = n * 10 + (unsigned)(*p - '0');
	if (p > c->p && p - c->p <= SAFE_DIGITS) {
		p += ms && c->end - p >= 2 && p[0] == 'm' && p[1] == 's' ? 2 : 0;
		if (p == c->end || *p == ' ') {
			*val = sv_of(c->p, (size_t)(p - c->p));
			*out = (int64_t)n;
			c->p = p;
			return true;
		}
	}
	*val = cut(c, ' ');
	c->bad |= !routerstrict_number(*val, ms, out);
	return true;
}

/* `key` with its opening quote too. */
static attr_inline bool
quoted(struct cursor *c, sv key, sv *val)
{
	if (!skip(c, key))
		return false;
	*val = cut(c, '"');
	return skip(c, SV("\""));
}

/* --- pieces of the line --------------------------------------------------- */

/* Keys before the path; the router writes them all but the method, which is a
 * token without blanks. */
static attr_inline bool
read_head(struct cursor *c, struct router *r)
{
	if (token(c, SV("sock="), &r->sock))
		skip(c, SV(" "));
	if (!word(c, SV("at="), &r->at))
		return false;
	word(c, SV(" code="), &r->code);
	quoted(c, SV(" desc=\""), &r->desc);
	quoted(c, SV(" cause=\""), &r->cause);
	return word(c, SV(" method="), &r->method);
}

/* A key that a router of tomorrow adds must not make the line unreadable. Its
 * value is a token, for other bytes could be a client's. */
static bool
skip_unknown(struct cursor *c)
{
	struct cursor left = *c;
	sv key, val;

	if (!skip(&left, SV(" ")))
		return false;
	key = cut(&left, '=');
	if (key.n == 0 || !routerstrict_is_token(key) || router_knows(key) ||
	    !word(&left, SV("="), &val) || !routerstrict_is_token(val))
		return false;
	*c = left;
	return true;
}

/* Behind the bytes: keys that only some generations of the router write. */
static void
read_late_keys(struct cursor *c, struct router *r)
{
	const char *start;

	if (sv_null(r->sock)) /* 2012; today it stands in front */
		token(c, SV(" sock="), &r->sock);
	if (!token(c, SV(" protocol="), &r->protocol)) {
		token(c, SV(" tls_version="), &r->tls_version);
		token(c, SV(" protocol="), &r->protocol);
	}
	token(c, SV(" tls="), &r->tls);
	token(c, SV(" tls_version="), &r->tls_version);
	start = c->p;
	if (unlikely(c->p < c->end)) {
		struct cursor late = *c;

		while (skip_unknown(&late))
			;
		c->p = late.p;
	}
	r->more = sv_of(start, (size_t)(c->p - start));
}

/* To the end of the line: quoted, or a word. A quote that is not the agent's own
 * is refused, for it would make the end of fwd a matter of taste. */
static bool
read_agent(struct cursor c, struct router *r)
{
	sv rest = sv_of(c.p, (size_t)(c.end - c.p));

	if (rest.n == 0)
		return true;
	if (sv_skip_lit(&rest, SV(" agent=\"")) && sv_ends(rest, SV("\"")))
		r->agent = sv_take(rest, rest.n - 1);
	else if (!word(&c, SV(" agent="), &r->agent) || c.p < c.end)
		return false;
	return sv_find_byte(r->agent, '"') == r->agent.n;
}

/* What only the router writes, from " dyno=" to the end of the line, and the
 * agent. All of the rest must be of this form, without quotes but the agent's
 * and without a doubt. Some samples of 2013 end at the status. */
static attr_inline bool
read_tail(struct cursor *c, struct router *r)
{
	r->connect_ms = r->bytes_number = -1;
	if (!token(c, SV(" dyno="), &r->dyno) &&
	    !token(c, SV(" web="), &r->dyno))
		return false;
	token(c, SV(" queue="), &r->queue);
	token(c, SV(" wait="), &r->wait);
	number(c, SV(" connect="), true, &r->connect, &r->connect_ms);
	if (!number(c, SV(" service="), true, &r->service, &r->service_ms) ||
	    !number(c, SV(" status="), false, &r->status, &r->status_number))
		return false;
	number(c, SV(" bytes="), false, &r->bytes, &r->bytes_number);
	read_late_keys(c, r);
	return !c->bad && read_agent(*c, r);
}

bool
routerstrict_parse(sv msg, struct router *r)
{
	struct cursor c = { msg.p, msg.p + msg.n, false };

	return read_head(&c, r) && quoted(&c, SV(" path=\""), &r->path) &&
	    word(&c, SV(" host="), &r->host) &&
	    word(&c, SV(" request_id="), &r->request_id) &&
	    quoted(&c, SV(" fwd=\""), &r->fwd) && read_tail(&c, r);
}
