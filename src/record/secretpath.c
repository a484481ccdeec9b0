/* SPDX-License-Identifier: MIT */
#include "record/secretpath.h"

#include "base/ascii.h"
#include "record/secretmark.h"
#include "record/secrettext.h"

enum {
	SLASHES_MAX = 8,  /* backslashes before one slash */
	SEGMENTS_MAX = 16 /* that are looked at for "x/../" */
};

int
secretpath_byte(sv text, size_t at, size_t *width, unsigned *depth)
{
	size_t i = at + 1;
	int hi, lo;

	*width = 1;
	*depth = 0;
	if (text.p[at] != '%')
		return (unsigned char)text.p[at];
	while (byte_at(text, i) == '2' && byte_at(text, i + 1) == '5' &&
	    hex_value(byte_at(text, i + 2)) >= 0 &&
	    hex_value(byte_at(text, i + 3)) >= 0) {
		i += 2;
		++*depth;
	}
	hi = hex_value(byte_at(text, i));
	lo = hex_value(byte_at(text, i + 1));
	if (hi < 0 || lo < 0)
		return '%';
	++*depth;
	*width = i + 2 - at;
	return hi << 4 | lo;
}

/* The same, "\/" undone too. */
static int
path_byte(sv text, size_t at, size_t *width)
{
	unsigned depth;
	size_t i = at;

	while (i - at < SLASHES_MAX && byte_at(text, i) == '\\')
		i++;
	if (i > at && byte_at(text, i) == '/') {
		*width = i + 1 - at;
		return '/';
	}
	return secretpath_byte(text, at, width, &depth);
}

/* Behind "/", "//", "/./" at text[at]; `at` when no slash is there. */
static size_t
behind_slashes(sv text, size_t at)
{
	size_t i = at, n, m;

	while (i < text.n && path_byte(text, i, &n) == '/') {
		i += n;
		while (i < text.n && path_byte(text, i, &n) == '.' &&
		    i + n < text.n && path_byte(text, i + n, &m) == '/')
			i += n + m;
	}
	return i;
}

/* Index of the slash, or of what else ends the segment at text[at]. */
static size_t
behind_segment(sv text, size_t at)
{
	size_t i = at, n;

	for (; i < text.n; i += n) {
		int c = path_byte(text, i, &n);

		if (c == '/' || c == '?' || c == '#' || is_space(c) ||
		    is_quote(c))
			break;
	}
	return i < text.n ? i : text.n;
}

/* ".." from..to, in any spelling. */
static bool
is_parent(sv text, size_t from, size_t to)
{
	size_t n, m;

	return from < to && path_byte(text, from, &n) == '.' &&
	    from + n < to && path_byte(text, from + n, &m) == '.' &&
	    from + n + m == to;
}

/* Behind "x/../", "x/y/../../", "../" at text[at], which is behind a slash; `at`
 * when none is there. What an earlier pass left is no x: it may have been more
 * than a segment. */
static size_t
behind_parents(sv text, size_t at)
{
	size_t i = at, depth = 0;

	for (int n = 0; n < SEGMENTS_MAX; n++) {
		size_t end = behind_segment(text, i);
		bool up = is_parent(text, i, end);

		if (secretmark_length(sv_skip(text, i)))
			return at;
		i = behind_slashes(text, end);
		if (i == end)
			return at;
		depth += up ? 0 : 1;
		if (up && depth <= 1)
			return i;
		depth -= up ? 1 : 0;
	}
	return at;
}

static bool
is_plain(int c)
{
	return c != '/' && c != '%' && c != '\\' && c != '.';
}

/* Behind all that says no more than the slash at text[at]. */
static size_t
behind_slash(sv text, size_t at, bool dots)
{
	size_t i = behind_slashes(text, at), next;

	for (int n = 0; dots && n < SEGMENTS_MAX; n++) {
		next = behind_parents(text, i);
		if (next == i)
			break;
		i = next;
	}
	return i;
}

/* Some servers take either case; to the others the path is nothing, but who
 * sent it there meant the secret. */
static bool
same_letter(int c, char literal)
{
	return to_lower(c) == to_lower((unsigned char)literal);
}

size_t
secretpath_literal(sv text, size_t at, sv literal, bool dots)
{
	size_t i = at, n;

	for (size_t k = 0; k < literal.n; k++) {
		int c = byte_at(text, i);

		if (same_letter(c, literal.p[k]) && c != '%' &&
		    (c != '/' || (!dots && is_plain(byte_at(text, i + 1))))) {
			i++;
			continue;
		}
		if (i >= text.n || (is_plain(c) && c) ||
		    !same_letter(path_byte(text, i, &n), literal.p[k]))
			return at;
		i = literal.p[k] == '/' ? behind_slash(text, i, dots) : i + n;
	}
	return i;
}

bool
secretpath_may_begin(sv text, size_t at, sv template)
{
	for (size_t k = 0; k < template.n && template.p[k] != '{'; k++) {
		int c = byte_at(text, at + k);

		if (at + k == text.n)
			return false;
		if (c == '/' && !is_plain(byte_at(text, at + k + 1)))
			return true;
		if (!same_letter(c, template.p[k]))
			return !is_plain(c);
	}
	return true;
}

/* Index at or after `from` of a slash, however it is spelled, or text.n. */
static size_t
find_slash(sv text, size_t from, bool encoded)
{
	size_t i = from, n = 0;

	if (!encoded)
		return from + sv_find_byte(sv_skip(text, from), '/');
	for (; i < text.n; i++) {
		if (text.p[i] != '/' && text.p[i] != '%' && text.p[i] != '\\')
			continue;
		if (path_byte(text, i, &n) == '/')
			break;
	}
	return i;
}

/* How often the last slash of text[from..to) is percent-encoded. */
static unsigned
slash_depth(sv text, size_t from, size_t to)
{
	unsigned depth, last = 0;
	size_t n;

	for (; from < to; from += n)
		if (secretpath_byte(text, from, &n, &depth) == '/')
			last = depth;
	return last;
}

/* In text a token ends where sentences, quotes and brackets do too. */
static bool
ends_mention(int c, unsigned depth)
{
	static const sv ends = { "'\\>,;)]}&|`", 11 };

	return c == '?' || c == '#' || c == '"' || is_space(c) ||
	    (depth ? c == '&' : sv_find_byte(ends, (char)c) < ends.n);
}

/* A byte that is encoded once more than the path itself belongs to the segment,
 * as "%20" does: only a slash is one to every server. */
static size_t
segment_end(const struct secretpath *m, size_t at)
{
	size_t n = secretmark_length(sv_skip(m->text, at)), i = at + n;
	unsigned depth, of_path = slash_depth(m->text, m->at, at);

	for (; i < m->text.n; i += n) {
		int c = secretpath_byte(m->text, i, &n, &depth);

		if (c == '/' || (m->inside ?
		    depth <= of_path && ends_mention(c, depth) :
		    depth == 0 && c == '?'))
			break;
	}
	return i < m->text.n ? i : m->text.n;
}

void
secretpath_init(struct secretpath *m, sv template, sv text, size_t at,
    bool inside)
{
	*m = (struct secretpath){ template, text, at, inside, false };
}

bool
secretpath_has_dots(sv text, bool encoded)
{
	return sv_has(text, SV("/..")) || (encoded && (sv_has(text, SV("..")) ||
	    sv_has(text, SV("2e")) || sv_has(text, SV("2E"))));
}

bool
secretpath_next(struct secretpath *m, sv *segment)
{
	sv literal = sv_take(m->template, sv_find_byte(m->template, '{'));
	size_t start, close;
	sv tail;

	if (literal.n == m->template.n || m->at >= m->text.n)
		return false;
	start = secretpath_literal(m->text, m->at, literal, m->dots);
	if (start == m->at || is_parent(m->text, start,
	    behind_segment(m->text, start)))
		return false;
	close = sv_find_byte(m->template, '}');
	m->template = sv_skip(m->template, close + 1);
	tail = sv_take(m->template, sv_find_byte(m->template, '/'));
	tail = sv_take(tail, sv_find_byte(tail, '{'));
	*segment = sv_of(m->text.p + start, segment_end(m, start) - start);
	if (segment->n > tail.n && sv_ends(*segment, tail))
		segment->n -= tail.n;
	m->at = start + segment->n;
	return segment->n > 0;
}

bool
secretpath_find(struct secretpath *m, bool encoded, sv *segment)
{
	size_t at = m->at;
	bool dots = m->dots;
	sv template = m->template;

	while ((at = find_slash(m->text, at, encoded)) < m->text.n) {
		int c = byte_at(m->text, at + 1);
		bool one = m->text.p[at] == '/' && is_plain(c);

		secretpath_init(m, template, m->text, at, true);
		m->dots = dots;
		if ((!one || dots || same_letter(c, template.p[1])) &&
		    secretpath_next(m, segment))
			return true;
		at = one ? at + 1 : behind_slashes(m->text, at);
	}
	return false;
}
