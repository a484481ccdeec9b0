/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdint.h>

#include "base/utc.h"
#include "base/utf8.h"
#include "parse/json.h"
#include "record/dump.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_rec(const struct rec *r, struct arena *a)
{
	const struct kind *k = &rec_kinds[r->kind];
	struct json_value v;

	assert(!k->log && r->set >> k->nfields == 0);
	for (int i = 0; i < k->nfields; i++) {
		enum field_type t = k->field[i].type;

		if (!rec_has(r, i) || t == F_INT || t == F_BOOL || t == F_REAL ||
		    t == F_TIME)
			continue;
		assert(utf8_clean(r->v[i].text, a).p == r->v[i].text.p);
		assert(t != F_JSON || (json_parse(r->v[i].text, &v) &&
		    v.kind == JSON_OBJECT));
	}
}

/* Each cell ends in a field, in `extra`, or is NULL: a row of n cells without
 * NULL, but for time, is n values. */
static void
check_row(const struct dump *d, const struct csv_row *row, struct arena *a)
{
	struct bad_line bad;
	struct rec r;

	if (!dump_row(d, row, a, &r, &bad)) {
		assert(bad.reason && bad.detail);
		return;
	}
	assert(row->ncell == d->ncolumns && r.kind == d->kind);
	assert(r.ts != UTC_NONE || d->kind == REC_ROW);
	check_rec(&r, a);
}

/* The first line of the input is the name of the table, the next the header. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t key[REDACT_KEY_LEN] = { 1 };
	const struct site_list none = { NULL, 0 };
	sv rest = sv_of((const char *)data, size), table = sv_cut(&rest, '\n');
	struct arena a = ARENA_INIT;
	struct redact redact;
	struct csv_row row;
	struct err e = ERR_INIT;
	struct dump d = { .ncolumns = 0 };
	enum csv_result got;

	redact_init(&redact, key, &none);
	if (csv_next(&rest, ',', true, &a, &row) != CSV_ROW ||
	    !dump_open(&d, &a, table.n ? table : SV_NULL, &row, &redact, &e)) {
		assert(e.status == ST_OK || e.status == ST_FAIL);
		arena_release(&a);
		return 0;
	}
	while ((got = csv_next(&rest, ',', true, &a, &row)) != CSV_END) {
		if (got == CSV_ROW)
			check_row(&d, &row, &a);
		assert(!sv_null(dump_reject(&d, row.raw, &a)));
	}
	arena_release(&a);
	return 0;
}
