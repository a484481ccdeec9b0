/* SPDX-License-Identifier: MIT */
#include "parse/urlhost.h"

#include "base/ascii.h"

enum { SCHEME_MAX = 32, PORT_MAX = 5, HOST_MAX = 253 };

static bool
is_scheme(sv v)
{
	if (v.n == 0 || v.n > SCHEME_MAX || !is_alpha(v.p[0]))
		return false;
	for (size_t i = 0; i < v.n; i++)
		if (!is_alnum(v.p[i]) && sv_find_byte(SV("+-."), v.p[i]) == 3)
			return false;
	return true;
}

static bool
is_port(sv v)
{
	for (size_t i = 0; i < v.n; i++)
		if (!is_digit(v.p[i]))
			return false;
	return v.n && v.n <= PORT_MAX;
}

static bool
is_name(sv v)
{
	for (size_t i = 0; i < v.n; i++)
		if (!is_alnum(v.p[i]) && sv_find_byte(SV("-._"), v.p[i]) == 3)
			return false;
	return v.n && v.n <= HOST_MAX;
}

/* "[2001:db8::1]"; the address itself is not checked. */
static bool
is_bracketed(sv v)
{
	sv inner = sv_take(sv_skip(v, 1), v.n < 2 ? 0 : v.n - 2);

	if (inner.n == 0 || !sv_starts(v, SV("[")) || !sv_ends(v, SV("]")))
		return false;
	for (size_t i = 0; i < inner.n; i++)
		if (hex_value(inner.p[i]) < 0 &&
		    sv_find_byte(SV(":."), inner.p[i]) == 2)
			return false;
	return inner.n <= HOST_MAX;
}

/* Up to the first byte that ends the authority. */
static sv
cut_authority(sv *rest)
{
	size_t n = 0;

	while (n < rest->n && sv_find_byte(SV("/?#"), rest->p[n]) == 3)
		n++;
	return sv_cut_n(rest, n);
}

bool
urlhost_read(sv url, struct urlhost *out)
{
	const struct urlhost none = { SV_NULL, SV_NULL, SV_NULL };
	size_t at = sv_find(sv_take(url, SCHEME_MAX + 3), SV("://"));
	sv rest = sv_skip(url, at + 3), host = cut_authority(&rest);
	size_t user = sv_rfind(host, SV("@")), colon;

	*out = none;
	if (!is_scheme(sv_take(url, at)) || at + 3 > url.n ||
	    sv_find_byte(rest, '@') < rest.n)
		return false;
	if (user < host.n)
		host = sv_skip(host, user + 1);
	colon = sv_rfind(host, SV(":"));
	if (colon < host.n && !sv_ends(host, SV("]"))) {
		if (!is_port(sv_skip(host, colon + 1)))
			return false;
		out->port = sv_skip(host, colon + 1);
		host = sv_take(host, colon);
	}
	if (!is_name(host) && !is_bracketed(host)) {
		*out = none;
		return false;
	}
	out->scheme = sv_take(url, at);
	out->host = host;
	return true;
}
