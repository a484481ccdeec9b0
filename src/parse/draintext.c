/* SPDX-License-Identifier: MIT */
#include "parse/draintext.h"

#include "base/utc.h"

bool
draintext_parse(sv line, struct envelope *out, struct bad_line *bad)
{
	sv rest = line;

	if (!utc_read(&rest, false, &out->ts) || !sv_skip_lit(&rest, SV(" ")))
		return envelope_bad_start(bad,
		    "expected TIME d.TOKEN source[dyno] message", line);
	out->drain = sv_take(rest, sv_find_byte(rest, ' '));
	if (!envelope_is_token(out->drain))
		return envelope_bad(bad, "no-header",
		    "expected a drain token after the time", line, rest);
	rest = sv_skip(rest, out->drain.n);
	if (!sv_skip_lit(&rest, SV(" ")) || !envelope_source(&rest, out) ||
	    out->source.n == 0 || !envelope_tail(rest, true, out))
		return envelope_bad(bad, "no-header",
		    "expected source[dyno] after the drain token", line, rest);
	return true;
}

bool
draintext_is(sv line)
{
	struct envelope env;
	struct bad_line bad;

	return draintext_parse(line, &env, &bad);
}
