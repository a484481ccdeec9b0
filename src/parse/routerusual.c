/* SPDX-License-Identifier: MIT */
#include "parse/routerusual.h"

#include "base/ascii.h"
#include "base/near.h"
#include "base/utc.h"

enum { END = 43 /* bytes of " protocol=https tls=true tls_version=tls1.3" */ };

/*
 * The end of the line is known first, and so no search needs to look for its own:
 * all stop at the blank with which it begins, and may look at as many bytes behind
 * that as a step has. No key is found in it, nor begins before it and goes on in it.
 */
_Static_assert((int)NEAR_WIDE < (int)END, "a step goes that far");

static attr_inline bool
read_end(const char *p, struct router *r)
{
	if (!near_starts(p, SV(" protocol=https ")) ||
	    !near_starts(p + 16, SV("tls=true tls_ver")) ||
	    !near_starts(p + 32, SV("sion=tls1.")) || !is_digit(p[END - 1]))
		return false;
	r->protocol = sv_of(p + 10, 5);
	r->tls_version = sv_of(p + 37, 6);
	return true;
}

static attr_inline bool
take_key(const char **p, sv key)
{
	bool ok = near_starts(*p, key);

	*p += ok ? key.n : 0;
	return ok;
}

/* The others take a key, with what stands before it, and its value. */

/* Up to `stop`, or to a blank. */
static attr_inline bool
take_until(const char **p, sv key, char stop, sv *val)
{
	const char *start;

	if (!take_key(p, key))
		return false;
	start = *p;
	*p = near_sure(start, stop, ' ');
	*val = sv_of(start, (size_t)(*p - start));
	return true;
}

/* Past single blanks, but not past the end of all. */
static attr_inline bool
take_list(const char **p, sv key, const char *end, sv *val)
{
	if (!take_until(p, key, '"', val))
		return false;
	while (*p < end && **p == ' ' && (*p)[1] != ' ')
		*p = near_sure(*p + 1, '"', ' ');
	val->n = (size_t)(*p - val->p);
	return true;
}

static attr_inline bool
take_name(const char **p, sv key, const char *end, sv *val)
{
	const char *start;

	if (!take_key(p, key))
		return false;
	start = *p;
	*p = near_name_end(start, end);
	*val = sv_of(start, (size_t)(*p - start));
	return true;
}

/* Of up to seven digits; says how many. 0: it is none. */
static attr_inline size_t
take_number(const char **p, sv key, int64_t *out)
{
	size_t n;

	if (!take_key(p, key))
		return 0;
	n = swar_digits(*p);
	if (n == 0 || n == 8)
		return 0;
	*out = (int64_t)swar_number(*p, n);
	*p += n;
	return n;
}

static attr_inline bool
parse(sv msg, struct router *r)
{
	const char *p = msg.p, *end;

	if (msg.n < END)
		return false;
	end = p + msg.n - END;
	if (!read_end(end, r) ||
	    !take_until(&p, SV("at=info method="), ' ', &r->method) ||
	    !take_until(&p, SV(" path=\""), '"', &r->path) ||
	    !take_until(&p, SV("\" host="), ' ', &r->host) ||
	    !take_until(&p, SV(" request_id="), ' ', &r->request_id) ||
	    !take_list(&p, SV(" fwd=\""), end, &r->fwd) ||
	    !take_name(&p, SV("\" dyno="), end, &r->dyno) ||
	    !take_number(&p, SV(" connect="), &r->connect_ms) ||
	    !take_number(&p, SV("ms service="), &r->service_ms) ||
	    take_number(&p, SV("ms status="), &r->status_number) != 3 ||
	    !take_number(&p, SV(" bytes="), &r->bytes_number))
		return false;
	r->at = sv_of(msg.p + 3, 4);
	return p == end && r->status_number >= 100;
}

bool
routerusual_parse(sv message, struct router *r)
{
	r->flags = 0;
	return parse(message, r);
}

bool
routerusual_is(sv message)
{
	attr_unset struct router r;

	return parse(message, &r);
}

bool
routerusual_line(sv line, int64_t *ts)
{
	sv source = SV("+00:00 heroku[router]: ");
	size_t head = UTC_COMMON + source.n;

	return line.n > head &&
	    near_starts(line.p + UTC_COMMON, sv_take(source, 16)) &&
	    near_starts(line.p + head - 8, SV("outer]: ")) &&
	    utc_read_common(line.p, ts) && routerusual_is(sv_skip(line, head));
}
