/* SPDX-License-Identifier: MIT */
#include "store/rowwhole.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/oom.h"
#include "record/rec.h"
#include "store/dbpriv.h"
#include "store/query.h"

enum { ID_MAX = 1 << 16 }; /* numbers of both are few, and begin at 1 */

enum { PART_FORM, PART_REQUEST_ID, PART_CLIENT, PART_VALUE };
static const char *const form_part[ROWWHOLE_PARTS] = {
	[PART_FORM] = "form", [PART_REQUEST_ID] = "request_id",
	[PART_CLIENT] = "client", [PART_VALUE] = "v1", "v2", "v3", "v4", "v5",
	"v6", "v7", "v8", "v9", "v10", "v11", "v12", "v13", "v14", "v15",
	"v16" };
enum { PART_SHAPE };
static const char *const shape_part[] = { [PART_SHAPE] = "shape" };
static const char *const shape_column[] = { "at", "method", "host", "dyno",
	"protocol", "tls", "flags", "tls_version" };

struct rowwhole {
	size_t at[ROWWHOLE_PARTS]; /* cell of each part */
	const char *own[ROWWHOLE_PARTS]; /* parts that nobody asked for */
	size_t nown;
	struct arena mem;
	bool lent;             /* that belongs to the first one */
	size_t message;        /* its cell */
	sv *form;              /* by number; null: none */
	size_t nforms;
	struct buf text;       /* of the message */
	size_t to[countof(shape_column)]; /* cells that a shape has */
	size_t nto;            /* 0: it is about messages */
	struct rowcell *shape; /* nto of each */
	size_t nshapes;
};

/* --- messages ------------------------------------------------------------- */

static struct form_value
value_of(const struct rowcell *c)
{
	struct form_value v = { .kind = FORM_TEXT, .i = c->i, .bytes = c->text };

	if (c->kind == ROWCELL_INT)
		v.kind = FORM_INT;
	else if (c->kind == ROWCELL_OTHER && sv_null(c->text))
		v.kind = FORM_REAL;
	else if (c->kind == ROWCELL_OTHER)
		v.kind = FORM_BLOB;
	memcpy(&v.real, &c->i, sizeof(v.real));
	return v;
}

static void
put_message(struct rowwhole *w, struct rowcell *cell)
{
	const struct rowcell *form = &cell[w->at[PART_FORM]];
	const size_t *value = &w->at[PART_VALUE];
	sv rest;

	if (form->kind != ROWCELL_INT)
		return;
	if (form->i <= 0 || (uint64_t)form->i >= w->nforms ||
	    sv_null(w->form[form->i]))
		return;
	rest = w->form[form->i];
	buf_clear(&w->text);
	for (size_t i = 0; form_next(&w->text, &rest);)
		if (i < FORM_VALUES) {
			struct form_value v = value_of(&cell[value[i++]]);

			form_put_value(&w->text, &v,
			    cell[w->at[PART_REQUEST_ID]].text,
			    cell[w->at[PART_CLIENT]].i);
		}
	cell[w->message] = (struct rowcell){ ROWCELL_TEXT, 0,
		buf_sv(&w->text) };
}

static size_t
largest_id(struct store *st, const char *sql)
{
	int64_t n = query_one_i64(st, sql, 0);

	return n < 0 ? 0 : n < ID_MAX ? (size_t)n : ID_MAX - 1;
}

static bool
read_forms(struct rowwhole *w, struct store *st, struct err *e)
{
	sqlite3_stmt *s = db_prepare(st, "SELECT id, s FROM main.form");
	int rc;

	w->nforms = largest_id(st, "SELECT max(id) FROM main.form") + 1;
	w->form = arena_array(&w->mem, w->nforms, sizeof(*w->form));
	while ((rc = sqlite3_step(s)) == SQLITE_ROW) {
		int64_t id = sqlite3_column_int64(s, 0);

		if (id > 0 && (uint64_t)id < w->nforms)
			w->form[id] = arena_sv(&w->mem, db_column_sv(s, 1));
	}
	sqlite3_finalize(s);
	return rc == SQLITE_DONE || db_err(st, e, "forms");
}

/* --- requests ------------------------------------------------------------- */

static void
put_shape(const struct rowwhole *w, struct rowcell *cell)
{
	const struct rowcell *shape = &cell[w->at[PART_SHAPE]];
	bool is = shape->kind == ROWCELL_INT && shape->i > 0 &&
	    (uint64_t)shape->i < w->nshapes;

	if (shape->kind == ROWCELL_NULL)
		return;
	for (size_t i = 0; i < w->nto; i++)
		cell[w->to[i]] = is ? w->shape[(size_t)shape->i * w->nto + i] :
		    (struct rowcell){ ROWCELL_NULL, 0, SV_NULL };
}

static struct rowcell
cell_of(struct rowwhole *w, sqlite3_stmt *s, int i)
{
	switch (sqlite3_column_type(s, i)) {
	case SQLITE_INTEGER:
		return (struct rowcell){ ROWCELL_INT,
			sqlite3_column_int64(s, i), SV_NULL };
	case SQLITE_TEXT:
		return (struct rowcell){ ROWCELL_TEXT, 0,
			arena_sv(&w->mem, db_column_sv(s, i)) };
	default:
		return (struct rowcell){ ROWCELL_NULL, 0, SV_NULL };
	}
}

static bool
read_shapes(struct rowwhole *w, struct store *st, const char *const *column,
    struct err *e)
{
	struct buf sql = BUF_INIT;
	sqlite3_stmt *s;
	int rc;

	buf_lit(&sql, "SELECT id");
	for (size_t i = 0; i < w->nto; i++)
		buf_printf(&sql, ", %s", column[w->to[i]]);
	buf_printf(&sql, " FROM main.shape%c", '\0');
	s = db_prepare(st, sql.p);
	buf_release(&sql);
	w->nshapes = largest_id(st, "SELECT max(id) FROM main.shape") + 1;
	w->shape = arena_array(&w->mem, w->nshapes * w->nto,
	    sizeof(*w->shape));
	while ((rc = sqlite3_step(s)) == SQLITE_ROW) {
		int64_t id = sqlite3_column_int64(s, 0);

		for (size_t i = 0; id > 0 && (uint64_t)id < w->nshapes &&
		    i < w->nto; i++)
			w->shape[(size_t)id * w->nto + i] = cell_of(w, s,
			    (int)i + 1);
	}
	sqlite3_finalize(s);
	return rc == SQLITE_DONE || db_err(st, e, "shapes");
}

/* --- both ----------------------------------------------------------------- */

static bool
in_shape(const char *name)
{
	for (size_t i = 0; i < countof(shape_column); i++)
		if (strcmp(shape_column[i], name) == 0)
			return true;
	return false;
}

/* A part that the caller asked for is in his cell. */
static void
place_parts(struct rowwhole *w, const char *const *column, size_t n)
{
	const char *const *part = w->nto ? shape_part : form_part;
	size_t nparts = w->nto ? countof(shape_part) : countof(form_part);

	for (size_t k = 0; k < nparts; k++) {
		size_t i = 0;

		while (i < n && strcmp(column[i], part[k]) != 0)
			i++;
		w->at[k] = i < n ? i : n + w->nown;
		if (i == n)
			w->own[w->nown++] = part[k];
	}
}

bool
rowwhole_open(struct store *st, const char *table, const char *const *column,
    size_t n, struct rowwhole **out, struct err *e)
{
	bool app = strcmp(table, rec_kinds[REC_APP].table) == 0;
	bool request = strcmp(table, rec_kinds[REC_REQUEST].table) == 0;
	struct rowwhole w = { .message = n };

	for (size_t i = 0; i < n; i++)
		if (app && strcmp(column[i], "message") == 0)
			w.message = i;
		else if (request && in_shape(column[i]))
			w.to[w.nto++] = i;
	*out = NULL;
	if (w.message == n && w.nto == 0)
		return true;
	place_parts(&w, column, n);
	*out = malloc(sizeof(w));
	if (*out == NULL)
		oom();
	**out = w;
	return w.nto ? read_shapes(*out, st, column, e) :
	    read_forms(*out, st, e);
}

struct rowwhole *
rowwhole_lend(const struct rowwhole *of)
{
	struct rowwhole *w = malloc(sizeof(*w));

	if (w == NULL)
		oom();
	*w = *of;
	w->text = (struct buf)BUF_INIT;
	w->lent = true;
	return w;
}

void
rowwhole_close(struct rowwhole *w)
{
	if (w == NULL)
		return;
	buf_release(&w->text);
	if (!w->lent)
		arena_release(&w->mem);
	free(w);
}

size_t
rowwhole_parts(const struct rowwhole *w)
{
	return w->nown;
}

const char *
rowwhole_part(const struct rowwhole *w, size_t i)
{
	return w->own[i];
}

void
rowwhole_put(struct rowwhole *w, struct rowcell *cell)
{
	if (w->nto)
		put_shape(w, cell);
	else
		put_message(w, cell);
}
