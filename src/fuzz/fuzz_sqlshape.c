/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as SQL: tokens follow each other, and every part that is cut out
 * lies inside of what it was cut from.
 */
#include "detect/sqlshape.h"

#include <assert.h>
#include <stdint.h>

#include "base/buf.h"
#include "detect/sqlcheck.h"
#include "detect/sqlscan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
inside(sv part, sv whole)
{
	if (part.n == 0)
		return;
	assert(part.p >= whole.p && part.n <= whole.n);
	assert((size_t)(part.p - whole.p) <= whole.n - part.n);
}

static void
tokens(sv text)
{
	struct sqlscan s = { text, 0 };
	struct sqltok t;
	size_t end = 0;
	int line, col;

	while (sqlscan_next(&s, &t)) {
		assert(t.text.n > 0 && t.at >= end);
		inside(t.text, text);
		end = t.at + t.text.n;
		assert(s.at == end);
	}
	assert(end <= text.n);
	sqlscan_place(text, end, &line, &col);
	assert(line >= 1 && col >= 1);
}

static void
parts(struct arena *a, sv select)
{
	struct sqlpart *p;
	size_t n = sqlshape_parts(a, select, &p);

	for (size_t i = 0; i < n; i++) {
		const sv clause[] = { p[i].list, p[i].from, p[i].where,
			p[i].group, p[i].having, p[i].window, p[i].rest };
		struct sqlsource *s;
		sv *term;
		size_t m;

		inside(p[i].text, select);
		for (size_t k = 0; k < sizeof(clause) / sizeof(*clause); k++)
			inside(clause[k], p[i].text);
		m = sqlshape_terms(a, p[i].where, &term);
		for (size_t k = 0; k < m; k++)
			inside(term[k], p[i].where);
		m = sqlshape_sources(a, p[i].from, &s);
		for (size_t k = 0; k < m; k++)
			inside(sv_null(s[k].name) ? s[k].body : s[k].name,
			    p[i].from);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena a = ARENA_INIT;
	struct buf b = BUF_INIT;
	sv text = sv_of(n ? (const char *)data : "", n);
	struct sqlshape s;
	char why[SQLCHECK_WHY];
	size_t at = n;

	tokens(text);
	sqlshape_read(&a, text, &s);
	inside(s.main, text);
	parts(&a, s.main);
	for (size_t i = 0; i < s.nctes; i++) {
		inside(s.cte[i].text, text);
		inside(s.cte[i].body, s.cte[i].text);
		parts(&a, s.cte[i].body);
	}
	if (!sqlcheck_text(&a, text, &at, why))
		assert(why[0] && at <= n);
	sqlscan_plain(&b, text);
	assert(b.n <= n);
	buf_release(&b);
	arena_release(&a);
	return 0;
}
