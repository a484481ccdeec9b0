/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdint.h>

#include "base/utc.h"
#include "base/utf8.h"
#include "parse/json.h"
#include "record/dump.h"
#include "record/note.h"

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

static size_t
count_members(sv object)
{
	struct json_value v, key, val;
	size_t n = 0;

	if (sv_null(object) || !json_parse(object, &v))
		return 0;
	for (sv it = json_begin(&v); json_member(&it, &key, &val);)
		n++;
	return n;
}

/* Each cell is a value of the record, but for the time of a known table and
 * NULL where there is a field. */
static void
check_cells(const struct dump *d, const struct csv_row *row,
    const struct rec *r)
{
	int last = rec_kinds[r->kind].nfields - 1;
	size_t want = 0, got = count_members(rec_text(r, last));

	for (size_t i = 0; i < row->ncell; i++) {
		const struct csv_cell *c = &row->cell[i];
		bool null = !c->quoted && sv_eq(c->text, d->null_text);

		if (r->kind == REC_ROW)
			want++;
		else if (d->field[i] >= 0)
			want += !null;
		else
			want += d->field[i] == DUMP_EXTRA;
	}
	for (int i = 0; i < last; i++)
		got += rec_has(r, i) && r->kind != REC_ROW;
	assert(got == want);
}

/* Notes of a cell that does not fit its field. */
#define ODD (NOTE_BIT(NOTE_BAD_NUMBER) | NOTE_BIT(NOTE_BAD_TIME))

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
	assert(r.ts != UTC_NONE || d->kind == REC_ROW || d->kind == REC_PGSS);
	assert((r.notes & ODD) == 0 ||
	    rec_has(&r, rec_kinds[r.kind].nfields - 1));
	check_rec(&r, a);
	check_cells(d, row, &r);
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
		if (got == CSV_ROW) {
			d.null_text = SV_NULL;
			check_row(&d, &row, &a);
			d.null_text = SV("\\N");
			check_row(&d, &row, &a);
		}
		assert(!sv_null(dump_reject(&d, row.raw, &a)));
	}
	arena_release(&a);
	return 0;
}
