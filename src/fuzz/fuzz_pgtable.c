/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/attr.h"
#include "base/buf.h"
#include "parse/pgtable.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
note(struct buf *b, enum pgtable_result got, const struct pgtable_row *row)
{
	buf_printf(b, "%d %zu %zu:", (int)got, row->ncell, row->lines);
	buf_add(b, row->raw);
	for (size_t i = 0; i < row->ncell; i++) {
		buf_printf(b, " %zu:", row->cell[i].n);
		buf_add(b, row->cell[i]);
	}
}

/* Reads text in pieces of `step` bytes, each in memory of just that size. */
static void
read_all(sv text, size_t step, struct buf *out)
{
	struct pgtable t = PGTABLE_INIT;
	enum pgtable_result got = PGTABLE_MORE;
	struct arena a = ARENA_INIT;
	size_t done = 0, have = 0;

	while (got != PGTABLE_END) {
		size_t n = have - done;
		char *part = malloc(n + 1);
		sv rest = sv_of(part + 1, n);
		struct pgtable_row row;

		if (n)
			memcpy(part + 1, text.p + done, n);
		got = pgtable_next(&t, &rest, have == text.n, &a, &row);
		assert(rest.p == part + 1 + n - rest.n);
		if (got == PGTABLE_MORE) {
			assert(have < text.n && rest.n == n);
			have += step < text.n - have ? step : text.n - have;
		} else if (got != PGTABLE_END) {
			assert(row.raw.n == n - rest.n && row.lines);
			if (got == PGTABLE_ROW || got == PGTABLE_HEADER)
				assert(row.ncell == t.ncolumn);
			note(out, got, &row);
		}
		done += n - rest.n;
		free(part);
	}
	assert(done == text.n);
	arena_release(&a);
}

struct style {
	const char *top, *rule, *bottom;
	const char *left, *bar, *mark, *none, *right;
};

static const struct style styles[] = {
	{ "", "---+-------\n", "", "", "|", "+", "", "" },
	{ "+---+--+\n", "+---+--+\n", "+---+--+\n", "|", "|", "+", " ", "|" },
	{ "", "\xe2\x94\x80\xe2\x94\x80\xe2\x94\x80\xe2\x94\xbc"
	    "\xe2\x94\x80\n", "", "", "\xe2\x94\x82", "\xe2\x86\xb5", "",
	    "" },
};

/* One row as psql prints it; `want` gets what can be told of the text: blanks
 * at the end of its lines are padding. */
static void
print_row(struct buf *b, const struct style *s, char key, sv text,
    struct buf *want)
{
	for (bool first = true; first || !sv_null(text); first = false) {
		sv line = sv_cut(&text, '\n');

		buf_printf(b, "%s %c %s ", s->left, first ? key : ' ', s->bar);
		buf_add(b, line);
		buf_printf(b, "   %s%s\n", sv_null(text) ? s->none : s->mark,
		    s->right);
		buf_add(want, first ? sv_trim(line) : sv_trim_right(line));
		if (!sv_null(text))
			buf_byte(want, '\n');
	}
}

/* Whatever a query's text is, it comes back, and no row is added or lost. */
static void
check_round_trip(const struct style *s, sv text)
{
	struct buf b = BUF_INIT, want = BUF_INIT, rest_want = BUF_INIT;
	struct pgtable t = PGTABLE_INIT;
	struct pgtable_row row;
	struct arena a = ARENA_INIT;
	sv rest;

	buf_printf(&b, "%s%s n %s query %s\n%s", s->top, s->left, s->bar,
	    s->right, s->rule);
	print_row(&b, s, '1', text, &want);
	print_row(&b, s, '2', SV("COMMIT"), &rest_want);
	buf_printf(&b, "%s(2 rows)\n", s->bottom);
	rest = buf_sv(&b);
	assert(pgtable_is(rest));
	if (s->top[0])
		assert(pgtable_next(&t, &rest, true, &a, &row) ==
		    PGTABLE_BLANK);
	assert(pgtable_next(&t, &rest, true, &a, &row) == PGTABLE_HEADER);
	assert(pgtable_next(&t, &rest, true, &a, &row) == PGTABLE_ROW);
	assert(sv_is(row.cell[0], "1"));
	assert(sv_eq(row.cell[1], buf_sv(&want)));
	assert(pgtable_next(&t, &rest, true, &a, &row) == PGTABLE_ROW);
	assert(sv_is(row.cell[1], "COMMIT"));
	if (s->bottom[0])
		assert(pgtable_next(&t, &rest, true, &a, &row) ==
		    PGTABLE_BLANK);
	assert(pgtable_next(&t, &rest, true, &a, &row) == PGTABLE_FOOT);
	assert(pgtable_next(&t, &rest, true, &a, &row) == PGTABLE_END);
	arena_release(&a);
	buf_release(&rest_want);
	buf_release(&want);
	buf_release(&b);
}

/* The first byte chooses the step. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf whole = BUF_INIT, parts = BUF_INIT;
	sv text = sv_skip(sv_of((const char *)data, size), 1);
	int64_t n;

	if (size == 0 || size > 2048)
		return 0;
	read_all(text, text.n, &whole);
	read_all(text, 1 + data[0] % 17, &parts);
	assert(sv_eq(buf_sv(&whole), buf_sv(&parts)));
	for (size_t i = 0; i < countof(styles); i++)
		check_round_trip(&styles[i], text);
	pgtable_interval(text, &n);
	if (pgtable_count(text, &n))
		assert(n >= 0);
	buf_release(&parts);
	buf_release(&whole);
	return 0;
}
