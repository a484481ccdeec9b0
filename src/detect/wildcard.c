/* SPDX-License-Identifier: MIT */
/*
 * A set looks for one literal of each pattern, its longest run between
 * wildcards. Literals are found by a table over hashes of their first two
 * bytes; most bytes of a text lead to an empty slot. Where the literal is, the
 * pattern as a whole is tried, unless it is "*literal*" and so decided.
 */
#include "detect/wildcard.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/ascii.h"
#include "base/buf.h"
#include "base/oom.h"

/* --- one pattern --- */

static size_t
char_len(sv v)
{
	size_t n = 1;

	if ((unsigned char)v.p[0] >= 0xc0)
		while (n < v.n && n < 4 && ((unsigned char)v.p[n] & 0xc0) == 0x80)
			n++;
	return n;
}

static bool
same_byte(char a, char b, bool cased)
{
	return a == b || (!cased && to_lower(a) == to_lower(b));
}

/* Takes what precedes a '*' (or the end) off both; false when they differ. */
static bool
match_part(sv *pattern, sv *text, bool cased)
{
	while (pattern->n && pattern->p[0] != '*') {
		bool any = pattern->p[0] == '?';
		size_t take = 1;

		if (text->n == 0)
			return false;
		if (!any && pattern->p[0] == '\\' && pattern->n > 1)
			*pattern = sv_skip(*pattern, 1);
		if (any)
			take = char_len(*text);
		else if (!same_byte(pattern->p[0], text->p[0], cased))
			return false;
		*pattern = sv_skip(*pattern, 1);
		*text = sv_skip(*text, take);
	}
	return pattern->n || text->n == 0;
}

/* Only the last '*' passed needs to be tried again: the first place where a
 * part fits leaves the most text for the parts behind it. */
bool
wildcard_match(sv pattern, sv text, bool cased)
{
	sv p = pattern, t = text;

	if (!match_part(&p, &t, cased))
		return false;
	while (p.n) {
		sv part = sv_skip(p, 1);

		for (;; t = sv_skip(t, 1)) {
			sv tt = t;

			p = part;
			if (p.n == 0)
				return true;
			if (match_part(&p, &tt, cased)) {
				t = tt;
				break;
			}
			if (t.n == 0)
				return false;
		}
	}
	return t.n == 0;
}

/* --- a set --- */

enum { SLOTS = 4096 }; /* power of two */

struct member {
	sv pattern;
	sv literal;     /* folded unless cased; empty: none */
	bool plain;     /* "*literal*" */
	uint64_t tried; /* number of the text it was last tried on */
	uint32_t next;  /* of the same slot, n = end */
};

struct wildset {
	struct arena a;
	bool cased;
	uint64_t texts; /* asked for so far */
	struct member *m;
	uint32_t n;
	uint32_t pair[SLOTS]; /* by hash of two bytes: first member, n = none */
	uint32_t single[256]; /* literals of one byte */
	uint32_t *bare;       /* members without a literal */
	size_t nbare;
};

/* Bytes up to a newline that no '\' makes plain. */
static sv
cut_pattern(sv *rest)
{
	size_t i = 0;
	sv head;

	while (i < rest->n && rest->p[i] != '\n')
		i += rest->p[i] == '\\' && i + 1 < rest->n ? 2 : 1;
	head = sv_take(*rest, i);
	*rest = i < rest->n ? sv_skip(*rest, i + 1) : SV_NULL;
	return head;
}

static char
fold(const struct wildset *w, char c)
{
	return w->cased ? c : (char)to_lower(c);
}

/* The run of plain bytes at the front of *rest, and the wildcard behind it; 0
 * at the end. */
static char
cut_literal(const struct wildset *w, sv *rest, struct buf *b)
{
	char end;

	buf_clear(b);
	while (rest->n && rest->p[0] != '*' && rest->p[0] != '?') {
		if (rest->p[0] == '\\' && rest->n > 1)
			*rest = sv_skip(*rest, 1);
		buf_byte(b, fold(w, rest->p[0]));
		*rest = sv_skip(*rest, 1);
	}
	end = rest->n ? rest->p[0] : '\0';
	*rest = sv_skip(*rest, 1);
	return end;
}

static void
find_literal(struct wildset *w, struct member *m)
{
	struct buf b = BUF_INIT;
	sv rest = m->pattern;

	while (rest.n) {
		cut_literal(w, &rest, &b);
		if (b.n > m->literal.n)
			m->literal = arena_sv(&w->a, buf_sv(&b));
	}
	rest = m->pattern;
	m->plain = m->literal.n && sv_skip_lit(&rest, SV("*")) &&
	    cut_literal(w, &rest, &b) == '*' && rest.n == 0;
	buf_release(&b);
}

static size_t
slot_of(char a, char b)
{
	return ((size_t)(unsigned char)a * 37 + (unsigned char)b * 101u) &
	    (SLOTS - 1);
}

static void
add_member(struct wildset *w, uint32_t i)
{
	struct member *m = &w->m[i];
	uint32_t *head;

	find_literal(w, m);
	if (m->literal.n == 0) {
		w->bare[w->nbare++] = i;
		return;
	}
	head = m->literal.n == 1 ? &w->single[(unsigned char)m->literal.p[0]] :
	    &w->pair[slot_of(m->literal.p[0], m->literal.p[1])];
	m->next = *head;
	*head = i;
}

struct wildset *
wildset_open(sv patterns, bool cased)
{
	struct wildset *w = calloc(1, sizeof(*w));
	size_t max = 1 + sv_count_byte(patterns, '\n');
	sv rest;

	if (!w)
		oom();
	arena_init(&w->a);
	w->cased = cased;
	w->m = arena_array(&w->a, max, sizeof(*w->m));
	w->bare = arena_array(&w->a, max, sizeof(*w->bare));
	rest = arena_sv(&w->a, sv_null(patterns) ? SV("") : patterns);
	while (!sv_null(rest))
		w->m[w->n++].pattern = cut_pattern(&rest);
	for (size_t i = 0; i < SLOTS; i++)
		w->pair[i] = w->n;
	for (size_t i = 0; i < 256; i++)
		w->single[i] = w->n;
	for (uint32_t i = 0; i < w->n; i++)
		add_member(w, i);
	return w;
}

void
wildset_close(struct wildset *w)
{
	if (!w)
		return;
	arena_release(&w->a);
	free(w);
}

/* Is the literal at the front of the text? */
static bool
starts_folded(const struct wildset *w, sv text, sv literal)
{
	if (text.n < literal.n)
		return false;
	for (size_t i = 0; i < literal.n; i++)
		if (fold(w, text.p[i]) != literal.p[i])
			return false;
	return true;
}

/* A pattern of the chain, whose literals start with the byte at `at`? */
static bool
chain_match(struct wildset *w, uint32_t i, sv text, size_t at)
{
	for (; i < w->n; i = w->m[i].next) {
		struct member *m = &w->m[i];
		sv here = sv_skip(text, at);

		if (m->tried == w->texts ||
		    !starts_folded(w, here, m->literal))
			continue;
		if (m->plain || wildcard_match(m->pattern, text, w->cased))
			return true;
		m->tried = w->texts;
	}
	return false;
}

static bool
literals_match(struct wildset *w, sv text)
{
	for (size_t i = 0; i < text.n; i++) {
		char c = fold(w, text.p[i]);
		uint32_t one = w->single[(unsigned char)c], two = w->n;

		if (i + 1 < text.n)
			two = w->pair[slot_of(c, fold(w, text.p[i + 1]))];
		if (one < w->n && chain_match(w, one, text, i))
			return true;
		if (two < w->n && chain_match(w, two, text, i))
			return true;
	}
	return false;
}

bool
wildset_match(struct wildset *w, sv text)
{
	for (size_t i = 0; i < w->nbare; i++)
		if (wildcard_match(w->m[w->bare[i]].pattern, text, w->cased))
			return true;
	w->texts++;
	return literals_match(w, text);
}
