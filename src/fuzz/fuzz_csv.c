/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/buf.h"
#include "parse/csv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A row without ambiguity: counts before the bytes. */
static void
note(struct buf *b, enum csv_result res, const struct csv_row *row)
{
	buf_printf(b, "%d %zu %zu %zu\n", (int)res, row->ncell, row->lines,
	    row->raw.n);
	for (size_t i = 0; i < row->ncell; i++) {
		const struct csv_cell *c = &row->cell[i];

		assert(c->text.n <= row->raw.n && !sv_null(c->text));
		buf_printf(b, "%d %zu:", c->quoted, c->text.n);
		buf_add(b, c->text);
	}
}

/* Reads text in pieces of `step` bytes, each in memory of just that size. */
static void
read_all(sv text, size_t step, char delim, struct buf *out)
{
	struct arena a = ARENA_INIT;
	struct csv_row row;
	enum csv_result res = CSV_MORE;
	size_t done = 0, have = 0;

	while (res != CSV_END) {
		size_t n = have - done;
		char *part = malloc(n + 1);
		sv rest = sv_of(part + 1, n);

		if (n)
			memcpy(part + 1, text.p + done, n);
		res = csv_next(&rest, delim, have == text.n, &a, &row);
		assert(res == CSV_MORE || res == CSV_END || rest.n < n);
		done += n - rest.n;
		if (res != CSV_MORE)
			note(out, res, &row);
		else
			assert(have < text.n && rest.n == n);
		if (res == CSV_MORE)
			have += step < text.n - have ? step : text.n - have;
		free(part);
	}
	assert(done == text.n);
	arena_release(&a);
}

/* The first byte chooses delimiter and step; pieces give what the whole
 * gives. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf whole = BUF_INIT, parts = BUF_INIT;
	sv text = sv_skip(sv_of((const char *)data, size), 1);
	char delim = csv_delim(text);

	if (size == 0 || size > 4096)
		return 0;
	read_all(text, text.n, delim, &whole);
	read_all(text, 1 + data[0] % 17, delim, &parts);
	assert(sv_eq(buf_sv(&whole), buf_sv(&parts)));
	buf_release(&parts);
	buf_release(&whole);
	return 0;
}
