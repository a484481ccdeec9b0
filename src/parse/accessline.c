/* SPDX-License-Identifier: MIT */
#include "parse/accessline.h"

#include "base/ascii.h"

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

static bool
take_quoted(sv *rest, sv *val)
{
	size_t n;

	*rest = sv_trim_left(*rest);
	if (!sv_skip_lit(rest, SV("\"")))
		return false;
	for (n = sv_find_byte(*rest, '"'); n < rest->n && !is_closing(*rest, n);)
		n += 1 + sv_find_byte(sv_skip(*rest, n + 1), '"');
	if (n == rest->n)
		return false;
	*val = sv_cut_n(rest, n);
	*rest = sv_skip(*rest, 1);
	return true;
}

static sv
unless_dash(sv v)
{
	return sv_is(v, "-") ? SV_NULL : v;
}

/* "GET /x HTTP/1.1" */
static bool
split_request(sv request, struct accessline *out)
{
	size_t last;

	out->method = sv_cut(&request, ' ');
	if (out->method.n == 0 || sv_null(request))
		return false;
	for (size_t i = 0; i < out->method.n; i++)
		if (!is_upper(out->method.p[i]))
			return false;
	last = sv_rfind(request, SV(" "));
	if (last == request.n)
		return false;
	out->protocol = sv_skip(request, last + 1);
	out->path = sv_take(request, last);
	return sv_starts(out->protocol, SV("HTTP/"));
}

static bool
take_status(sv *rest, struct accessline *out)
{
	int64_t n;

	out->status = sv_word(rest);
	return out->status.n == 3 && sv_to_i64(out->status, &n) && n >= 100;
}

/* PEER - USER [TIME] "REQUEST" STATUS BYTES ["REFERER" "AGENT" [HOST]] */
static bool
parse_combined(sv rest, struct accessline *out)
{
	sv request;
	size_t close;

	out->peer = sv_word(&rest);
	sv_word(&rest);
	sv_word(&rest);
	rest = sv_trim_left(rest);
	close = sv_find_byte(rest, ']');
	if (!sv_starts(rest, SV("[")) || close == rest.n || close > 40)
		return false;
	rest = sv_skip(rest, close + 1);
	if (!take_quoted(&rest, &request) || !split_request(request, out) ||
	    !take_status(&rest, out))
		return false;
	out->bytes = unless_dash(sv_word(&rest));
	if (take_quoted(&rest, &out->referer) &&
	    take_quoted(&rest, &out->user_agent)) {
		out->host = sv_word(&rest);
		if (out->host.n == 0)
			out->host = SV_NULL;
	}
	out->referer = unless_dash(out->referer);
	out->user_agent = unless_dash(out->user_agent);
	return true;
}

/* INFO:     198.18.7.7:0 - "GET / HTTP/1.1" 200 OK */
static bool
parse_uvicorn(sv rest, struct accessline *out)
{
	sv request, dash;

	if (!sv_skip_lit(&rest, SV("INFO:")))
		return false;
	out->peer = sv_word(&rest);
	dash = sv_word(&rest);
	return sv_is(dash, "-") && take_quoted(&rest, &request) &&
	    split_request(request, out) && take_status(&rest, out);
}

bool
accessline_parse(sv message, struct accessline *out)
{
	const struct accessline none = { 0 };

	*out = none;
	if (sv_find_byte(message, '"') == message.n)
		return false;
	if (parse_uvicorn(message, out))
		return true;
	*out = none;
	return parse_combined(message, out);
}
