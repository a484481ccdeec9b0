/* SPDX-License-Identifier: MIT */
#include "parse/routerstrict.h"

#include "base/ascii.h"
#include "base/attr.h"
#include "base/near.h"
#include "base/swar.h"
#include "base/utc.h"

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

static attr_inline uint32_t
load4(const char *p)
{
	uint32_t v;

	memcpy(&v, p, sizeof(v));
	return v;
}

/* memcmp of few bytes, as two loads that may overlap. */
static attr_inline bool
starts(const char *p, sv lit)
{
	if (lit.n >= 8 && lit.n <= 16)
		return swar_load(p) == swar_load(lit.p) &&
		    swar_load(p + lit.n - 8) == swar_load(lit.p + lit.n - 8);
	if (lit.n >= 4 && lit.n < 8)
		return load4(p) == load4(lit.p) &&
		    load4(p + lit.n - 4) == load4(lit.p + lit.n - 4);
	return memcmp(p, lit.p, lit.n) == 0;
}

static attr_inline bool
skip(struct cursor *c, sv lit)
{
	if ((size_t)(c->end - c->p) < lit.n || !starts(c->p, lit))
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

enum { USUAL_END = 43 }; /* bytes */

/* How nearly all lines end. */
static attr_inline bool
is_usual_end(const char *p)
{
	return starts(p, SV(" protocol=https ")) &&
	    starts(p + 16, SV("tls=true tls_ver")) &&
	    starts(p + 32, SV("sion=tls1.")) && is_digit(p[42]);
}

static attr_inline bool
skip_usual_end(struct cursor *c, struct router *r)
{
	const char *p = c->p;

	if (c->end - p != USUAL_END || !is_usual_end(p))
		return false;
	r->protocol = sv_of(p + 10, 5);
	r->tls = sv_of(p + 20, 4);
	r->tls_version = sv_of(p + 37, 6);
	r->more = sv_of(p + USUAL_END, 0);
	c->p = c->end;
	return true;
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
	if (skip_usual_end(c, r))
		return !c->bad;
	read_late_keys(c, r);
	return !c->bad && read_agent(*c, r);
}

/* --- nothing but a yes or no ---------------------------------------------- */

/*
 * The end of the line is known first, and so no search needs to look for its own:
 * all stop at the blank with which it begins, and may look at as many bytes behind
 * that as a step has. No key is found in it, nor begins before it and goes on in it.
 */

static attr_inline bool
pass_key(const char **p, sv key)
{
	bool ok = starts(*p, key);

	*p += ok ? key.n : 0;
	return ok;
}

/* Each passes a key, with what stands before it, and its value. */

static attr_inline bool
pass_word(const char **p, sv key)
{
	if (!pass_key(p, key))
		return false;
	*p = near_sure(*p, ' ', ' ');
	return true;
}

/* To a quote, or to a blank. */
static attr_inline bool
pass_quoted(const char **p, sv key)
{
	if (!pass_key(p, key))
		return false;
	*p = near_sure(*p, '"', ' ');
	return true;
}

/* To a quote, past single blanks; not past the end of all. */
static attr_inline bool
pass_list(const char **p, sv key, const char *end)
{
	if (!pass_quoted(p, key))
		return false;
	while (*p < end && **p == ' ' && (*p)[1] != ' ')
		*p = near_sure(*p + 1, '"', ' ');
	return true;
}

static attr_inline bool
pass_token(const char **p, sv key)
{
	if (!pass_key(p, key))
		return false;
	while (is_name_byte(**p))
		++*p;
	return true;
}

/* One to seven digits. */
static attr_inline bool
pass_digits(const char **p, sv key)
{
	size_t n;

	if (!pass_key(p, key))
		return false;
	n = swar_digits(*p);
	*p += n;
	return n > 0 && n < 8;
}

bool
routerstrict_is_usual(sv msg)
{
	const char *p = msg.p, *end;

	if (msg.n < USUAL_END)
		return false;
	end = p + msg.n - USUAL_END;
	return is_usual_end(end) && pass_word(&p, SV("at=info method=")) &&
	    pass_quoted(&p, SV(" path=\"")) && pass_word(&p, SV("\" host=")) &&
	    pass_word(&p, SV(" request_id=")) && pass_list(&p, SV(" fwd=\""), end) &&
	    pass_token(&p, SV("\" dyno=")) && pass_digits(&p, SV(" connect=")) &&
	    pass_digits(&p, SV("ms service=")) &&
	    pass_key(&p, SV("ms status=")) && *p != '0' &&
	    swar_digits(p) == 3 && (p += 3) && pass_digits(&p, SV(" bytes=")) && p == end;
}

bool
routerstrict_usual_line(sv line, int64_t *ts)
{
	sv source = SV("+00:00 heroku[router]: ");
	size_t head = UTC_COMMON + source.n;

	return line.n > head && starts(line.p + UTC_COMMON, sv_take(source, 16)) &&
	    starts(line.p + head - 8, SV("outer]: ")) &&
	    utc_read_common(line.p, ts) &&
	    routerstrict_is_usual(sv_skip(line, head));
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
