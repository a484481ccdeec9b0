/* SPDX-License-Identifier: MIT */
#include "detect/patlit.h"

#include <string.h>

#include "base/ascii.h"
#include "base/attr.h"
#include "base/buf.h"

bool
patlit_wildcard(struct arena *a, sv pattern, sv *literal, bool *at_start,
    bool *at_end)
{
	struct buf b = BUF_INIT;
	sv best = SV("");

	for (size_t i = 0, from = 0; i <= pattern.n; i++) {
		char c = i < pattern.n ? pattern.p[i] : '*';

		if (c == '*' || c == '?') {
			if (b.n > best.n) {
				best = arena_sv(a, buf_sv(&b));
				*at_start = from == 0;
				*at_end = i >= pattern.n;
			}
			buf_clear(&b);
			from = i + 1;
			continue;
		}
		if (c == '\\' && i + 1 < pattern.n)
			c = pattern.p[++i];
		buf_byte(&b, c);
	}
	buf_release(&b);
	*literal = best;
	return best.n > 0;
}

/* Behind the class that starts at i, "[a-z]"; a ']' at its front is in it. */
static size_t
skip_class(sv p, size_t i)
{
	i += i + 1 < p.n && p.p[i + 1] == '^' ? 2 : 1;
	i += i < p.n && p.p[i] == ']';
	for (; i < p.n && p.p[i] != ']'; i++)
		i += p.p[i] == '\\';
	return i + 1;
}

/* Behind the group that starts at i; the end when it does not end. */
static size_t
skip_group(sv p, size_t i)
{
	int depth = 0;

	while (i < p.n) {
		char c = p.p[i];

		if (c == '[') {
			i = skip_class(p, i);
			continue;
		}
		depth += c == '(' ? 1 : c == ')' ? -1 : 0;
		i += c == '\\' ? 2 : 1;
		if (depth == 0)
			break;
	}
	return i;
}

/* The flags at the front that do not change what a literal means; nothing else
 * that could: \Q, comments, looking around, classes with names. */
static bool
is_simple(sv *p)
{
	static const char *const odd[] = { "\\Q", "(*", "[:", "[.", "[=" };
	size_t i = 2;

	if (sv_starts(*p, SV("(?"))) {
		while (i < p->n && strchr("ism", p->p[i]))
			i++;
		if (i < p->n && p->p[i] == ')')
			*p = sv_skip(*p, i + 1);
	}
	for (i = 0; i < countof(odd); i++)
		if (sv_has(*p, sv_str(odd[i])))
			return false;
	for (sv rest = *p; (i = sv_find(rest, SV("(?"))) < rest.n;) {
		rest = sv_skip(rest, i + 2);
		if (!sv_starts(rest, SV(":")))
			return false;
	}
	return true;
}

struct literal {
	struct arena *a;
	struct buf run; /* plain bytes that follow one another, so far */
	sv best;        /* the longest of them that ended */
};

static void
end_run(struct literal *l)
{
	if (l->run.n > l->best.n)
		l->best = arena_sv(l->a, buf_sv(&l->run));
	buf_clear(&l->run);
}

/* An escape: a plain byte, a kind of bytes or a place, or (false) something
 * else. */
static bool
take_escape(struct literal *l, sv rest)
{
	char c = rest.n > 1 ? rest.p[1] : 'Q';

	if (is_alnum(c) || (unsigned char)c >= 0x80) {
		end_run(l);
		return strchr("dDwWsSbBAzZntrf", c) != NULL;
	}
	buf_byte(&l->run, c);
	return true;
}

/* Behind "{2,3}"; 0: it is none, but plain bytes. */
static size_t
skip_count(sv p, size_t i)
{
	for (i++; i < p.n && strchr("0123456789, ", p.p[i]); i++)
		;
	return i < p.n && p.p[i] == '}' ? i + 1 : 0;
}

/* What stands at i; returns where the next begins, 0 for what ends it all:
 * alternatives, and what is not known. */
static size_t
take_regex(struct literal *l, sv p, size_t i)
{
	char c = p.p[i];

	switch (c) {
	case '|':
		return 0;
	case '(':
		end_run(l);
		return skip_group(p, i);
	case '[':
		end_run(l);
		return skip_class(p, i);
	case '*': case '?': case '{':
		if (l->run.n)
			l->run.n--;
		end_run(l);
		return c == '{' ? skip_count(p, i) : i + 1;
	case '.': case '^': case '$': case '+': case ')':
		end_run(l);
		return i + 1;
	case '\\':
		return take_escape(l, sv_skip(p, i)) ? i + 2 : 0;
	default:
		if ((unsigned char)c >= 0x80)
			end_run(l);
		else
			buf_byte(&l->run, c);
		return i + 1;
	}
}

/* Only what stands outside of groups and classes is looked at. */
bool
patlit_regex(struct arena *a, sv p, sv *literal)
{
	struct literal l = { a, BUF_INIT, SV("") };
	bool ok = is_simple(&p);

	for (size_t i = 0; ok && i < p.n;) {
		i = take_regex(&l, p, i);
		ok = i > 0;
	}
	end_run(&l);
	buf_release(&l.run);
	*literal = l.best;
	return ok && l.best.n > 0;
}
