/* SPDX-License-Identifier: MIT */
#include "record/plainpath.h"

#include "base/attr.h"
#include "base/lanes.h"
#include "record/secretkind.h"
#include "record/secretshape.h"
#include "record/secrettext.h"

/* Marks for what is no letter and no digit of path[at..at + LANES), or up to its end. */
static inline lane_marks
signs_at(sv path, size_t at)
{
	size_t left = path.n - at;
	const char *p = path.p + at;
	lanes x = likely(left >= LANES) ? lanes_load(p) :
	    at > 0 ? lanes_load(p + left - LANES) : lanes_load_few(p, left);
	lane_marks signs = lanes_others(lanes_marks(lanes_alnum(x)));

	if (left >= LANES)
		return signs;
	return at > 0 ? signs >> (LANES - left) * LANE_BITS :
	    signs & lanes_below(left);
}

/* Is nothing decided at the sign path[at]? In a path without escapes, quotes and
 * blanks that is up to the key before it or the number behind it. */
static inline bool
is_plain_sign(const struct redact *r, sv path, size_t at)
{
	switch (path.p[at]) {
	case '-': case '.': case '_': case '+':
		return true;
	case '/':
		if (redact_may_begin(r, path, at))
			return false;
		break;
	case '=':
		if (secretkind_of(path, at) != SECRETKIND_PLAIN)
			return false;
		break;
	case '?': case '&':
		break;
	default:
		return false;
	}
	return !secretshape_may_be_card(sv_of(path.p + at + 1,
	    path.n - at - 1));
}

/* Words of secretshape.h begin behind a sign. */
bool
plainpath_is(const struct redact *r, sv path)
{
	enum { MIN = 8, MAX = 128 }; /* others are not worth a look of their own */

	if (path.n < MIN || path.n > MAX || path.p[0] != '/' ||
	    secretshape_is_body(path))
		return false;
	for (size_t at = 0; at < path.n; at += LANES) {
		lane_marks signs = signs_at(path, at);

		for (; signs; signs &= signs - 1) {
			size_t i = at + lanes_first(signs);

			if (secretfind_begins(&r->find, path, i + 1) ||
			    !is_plain_sign(r, path, i))
				return false;
		}
	}
	return true;
}
