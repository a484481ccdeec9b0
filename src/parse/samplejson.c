/* SPDX-License-Identifier: MIT */
#include "parse/samplejson.h"

#include <string.h>

#include "base/ascii.h"
#include "base/buf.h"
#include "parse/sampleshape.h"

static struct sampleshape *
find_shape(sv text)
{
	static _Thread_local struct sampleshape shapes[SAMPLESHAPES];

	return sampleshape_place(shapes, text, strlen("[[\""));
}

/* --- learning --- */

/* "name" of ASCII without escapes. */
static bool
skip_name(sv *rest)
{
	if (!sv_skip_lit(rest, SV("\"")))
		return false;
	while (rest->n && is_json_plain(rest->p[0]))
		*rest = sv_skip(*rest, 1);
	return sv_skip_lit(rest, SV("\""));
}

static bool
add_piece(struct sampleshape *s, struct buf *names, sv before)
{
	buf_add(names, before);
	buf_byte(names, '0');
	return sampleshape_number(s, before);
}

/* What stands in place of a number is not looked at. */
static bool
learn_items(struct sampleshape *s, struct buf *names, sv rest)
{
	const char *done = rest.p;
	sv behind;

	if (!sv_skip_lit(&rest, SV("[")))
		return false;
	do {
		if (!sv_skip_lit(&rest, SV("[")) || !skip_name(&rest) ||
		    !sv_skip_lit(&rest, SV(",")) || !add_piece(s, names,
		    sv_of(done, (size_t)(rest.p - done))))
			return false;
		rest = sv_skip(rest, sv_find_byte(rest, ','));
		done = rest.p;
		if (!sv_skip_lit(&rest, SV(",")) || !skip_name(&rest) ||
		    !sv_skip_lit(&rest, SV("]")))
			return false;
	} while (sv_skip_lit(&rest, SV(",")));
	if (!sv_skip_lit(&rest, SV("]")))
		return false;
	behind = sv_of(done, (size_t)(rest.p - done));
	buf_add(names, behind);
	return sampleshape_end(s, behind, buf_sv(names));
}

static bool
learn(struct sampleshape *s, sv text)
{
	struct buf names = BUF_INIT;
	bool ok;

	sampleshape_clear(s);
	ok = learn_items(s, &names, text);
	if (!ok)
		sampleshape_clear(s);
	buf_release(&names);
	return ok;
}

/* --- */

/* Numbers that are not in their shortest form stay as they are, so they are for
 * others: with them the text is longer than its parts. */
static bool
fill_in(const struct sampleshape *s, sv *rest, struct arena *a,
    struct sampleline *out)
{
	char *names = arena_bytes(a, s->nnames + 1 +
	    s->n * (size_t)SAMPLESHAPE_VALUE);
	char *values = names + s->nnames, *to = values + 1;
	size_t n = sampleshape_fill(s, *rest, &to);

	if (n == 0 || s->nline + (size_t)(to - values) != n + 1 + s->n)
		return false;
	memcpy(names, s->names, s->nnames);
	values[0] = '[';
	to[-1] = ']'; /* was a comma */
	out->names = sv_of(names, s->nnames);
	out->values = sv_of(values, (size_t)(to - values));
	*rest = sv_skip(*rest, n);
	return true;
}

bool
samplejson_cut(sv *rest, struct arena *a, struct sampleline *text)
{
	struct sampleshape *s = find_shape(*rest);

	return fill_in(s, rest, a, text) ||
	    (learn(s, *rest) && fill_in(s, rest, a, text));
}
