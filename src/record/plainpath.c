/* SPDX-License-Identifier: MIT */
#include "record/plainpath.h"

#include "base/attr.h"
#include "base/lanes.h"
#include "record/secretkind.h"
#include "record/secretshape.h"
#include "record/secrettext.h"

enum { MAX = 64 }; /* bytes: others are not worth a look of their own */

/* A bit for each byte of a path. */
struct look {
	uint64_t signs; /* no letter and no digit */
	uint64_t digits;
};

static inline void
look_at(lanes x, size_t at, struct look *l)
{
	l->signs |= lanes_bits(lanes_others(lanes_marks(lanes_alnum(x)))) << at;
	l->digits |= lanes_bits(lanes_marks(lanes_within(x, '0', '9'))) << at;
}

static inline struct look
look_all(sv path)
{
	struct look l = { 0, 0 };
	size_t last = path.n - LANES;

	if (path.n < LANES) {
		look_at(lanes_load_few(path.p, path.n), 0, &l);
		l.signs &= (UINT64_C(1) << path.n) - 1;
		return l;
	}
	look_at(lanes_load(path.p), 0, &l);
	for (size_t at = LANES; at < last; at += LANES)
		look_at(lanes_load(path.p + at), at, &l);
	look_at(lanes_load(path.p + last), last, &l);
	return l;
}

/* What a sign of a path does; of a path that has another one nothing is told, since it
 * may have escapes, quotes or blanks. */
enum { SIGN_KNOWN = 1, SIGN_BREAK = 2 /* a number may begin behind it */,
	SIGN_SLASH = 4, SIGN_EQUALS = 8 };

static const uint8_t signs[256] = {
	['-'] = SIGN_KNOWN, ['.'] = SIGN_KNOWN, ['_'] = SIGN_KNOWN,
	['+'] = SIGN_KNOWN, ['?'] = SIGN_KNOWN | SIGN_BREAK,
	['&'] = SIGN_KNOWN | SIGN_BREAK,
	['/'] = SIGN_KNOWN | SIGN_BREAK | SIGN_SLASH,
	['='] = SIGN_KNOWN | SIGN_BREAK | SIGN_EQUALS,
};

/* Words of secretshape.h begin behind a sign. Few things are asked at each, all of
 * them without a branch, since no two paths are alike; most have nothing else to be
 * asked. */
bool
plainpath_is(const struct redact *r, sv path)
{
	uint64_t breaks = 0, slashes = 0, keys = 0;
	unsigned all = SIGN_KNOWN;
	bool secret = false;
	struct look l;

	if (path.n == 0 || path.n > MAX || path.p[0] != '/' ||
	    secretshape_is_body(path))
		return false;
	l = look_all(path);
	for (; l.signs; l.signs &= l.signs - 1) {
		size_t i = swar_low_bit(l.signs);
		unsigned sign = signs[(unsigned char)path.p[i]];

		all &= sign;
		breaks |= (uint64_t)(sign / SIGN_BREAK & 1) << i;
		keys |= (uint64_t)(sign / SIGN_EQUALS & 1) << i;
		slashes |= (uint64_t)(sign / SIGN_SLASH &
		    r->begins[byte_at(path, i + 1)]) << i;
		secret |= secretfind_begins(&r->find, path, i + 1);
	}
	if (!all || secret ||
	    breaks & secretshape_cards(l.digits, path.n))
		return false;
	for (; keys; keys &= keys - 1)
		if (secretkind_of(path, swar_low_bit(keys)) != SECRETKIND_PLAIN)
			return false;
	for (; slashes; slashes &= slashes - 1)
		if (redact_begins_path(r, path, swar_low_bit(slashes)))
			return false;
	return true;
}
