/* SPDX-License-Identifier: MIT */
/* loadcolumn.c: what the columns of a kind's table hold. */
#include <stdlib.h>

#include "base/ascii.h"
#include "base/attr.h"
#include "base/table.h"
#include "store/kind.h"
#include "store/loadpriv.h"

static int
field_of(const struct kind *k, const char *name)
{
	for (int i = 0; i < k->nfields; i++)
		if (sv_is(k->field[i].name, name))
			return i;
	return -1;
}

static enum column_what
what_of_type(enum field_type type)
{
	switch (type) {
	case F_STR:
		return COLUMN_STR;
	case F_ANY:
		return COLUMN_ANY;
	case F_INT:
	case F_BOOL:
	case F_TIME:
		return COLUMN_NUMBER;
	case F_REAL:
		return COLUMN_REAL;
	case F_ADDR:
		return COLUMN_ADDR;
	case F_RID:
		return COLUMN_RID;
	case F_TEXT:
	case F_JSON:
	case FIELD_TYPE_N:
		break;
	}
	return COLUMN_TEXT;
}

/* Of a name that no field has, and which field its record must have. */
static struct column
column_apart(enum rec_kind kind, const char *name)
{
	if (kind == REC_REQUEST) /* "shape": all have flags */
		return (struct column){ COLUMN_SHAPE, REQUEST_flags, 0, 0 };
	if (kind == REC_METRIC)
		return (struct column){ COLUMN_NAMES, METRIC_samples, 0, 0 };
	return (struct column){ strcmp(name, "form") == 0 ? COLUMN_FORM :
	    strcmp(name, "fields_form") == 0 ? COLUMN_FIELDS_FORM :
	    strcmp(name, "v1") == 0 ? COLUMN_VALUES : COLUMN_VALUE,
	    APP_message, 0, 0 };
}

static struct column
column_of(enum rec_kind kind, const char *name)
{
	static const struct {
		enum rec_kind kind;
		int8_t field, what;
	} odd[] = {
		{ REC_REQUEST, REQUEST_path, COLUMN_PATH },
		{ REC_REQUEST, REQUEST_fwd, COLUMN_FWD },
		{ REC_ACCESS, ACCESS_path, COLUMN_PATH },
		{ REC_METRIC, METRIC_samples, COLUMN_SAMPLES },
		{ REC_APP, APP_message, COLUMN_MESSAGE },
		{ REC_APP, APP_fields, COLUMN_FIELDS },
	};
	const struct kind *k = &rec_kinds[kind];
	int field = field_of(k, name);
	struct column c = { .field = (int8_t)field };

	if (field < 0)
		return column_apart(kind, name);
	c.what = (int8_t)what_of_type(k->field[field].type);
	for (size_t i = 0; i < countof(odd); i++)
		if (odd[i].kind == kind && odd[i].field == field)
			c.what = odd[i].what;
	return c;
}

void
loadcolumn_read(struct loader *l, enum rec_kind kind, struct columns *c)
{
	struct buf sql = BUF_INIT;
	sqlite3_stmt *s;

	buf_printf(&sql, "SELECT * FROM main.%s%c", kind_base((int)kind), '\0');
	s = db_prepare(l->st, sql.p);
	buf_release(&sql);
	c->n = c->nown = sqlite3_column_count(s) - COMMON_COLUMNS;
	for (int i = 0; i < c->n; i++) {
		struct column *column = &c->column[i];

		*column = column_of(kind,
		    sqlite3_column_name(s, COMMON_COLUMNS + i));
		column->at = (int8_t)i;
		column->run = 1;
		if (kind == REC_REQUEST && i < c->nown &&
		    column->what != COLUMN_SHAPE &&
		    loadshape_has(column->field))
			c->nown = i;
	}
	sqlite3_finalize(s);
	c->recent = table_new((size_t)c->n * RECENT, sizeof(*c->recent));
	c->known = true;
}

void
loadcolumn_release(struct loader *l)
{
	for (int k = 0; k < REC_KIND_N; k++) {
		free(l->columns[k].recent);
		l->columns[k] = (struct columns){ .known = false };
	}
}

/* Does the number stand in the column behind those of `run`, and in the record
 * behind theirs? Columns that a row of shape may have begin a run of their own. */
static bool
goes_on(const struct columns *c, const struct column *run,
    const struct column *column)
{
	return run && run->what == COLUMN_NUMBER && column->what == COLUMN_NUMBER &&
	    run->at + run->run == column->at && column->at != c->nown &&
	    run->field + run->run == column->field;
}

static void
fill(const struct columns *c, uint64_t set, struct column *out)
{
	struct column *last = NULL;
	int8_t nulls = 0;

	for (int i = 0; i < c->n; i++) {
		const struct column *column = &c->column[i];

		if (!(set >> column->field & 1)) {
			nulls++;
			continue;
		}
		if (column->what == COLUMN_VALUE)
			continue;
		if (nulls)
			*out++ = (struct column){ COLUMN_NULLS, 0, column->at,
				nulls };
		nulls = 0;
		if (goes_on(c, last, column)) {
			last->run++;
		} else {
			last = out++;
			*last = *column;
		}
	}
	out->at = COLUMNS_END;
}

/* Where there are too many, one after the other gives way. */
static attr_apart const struct column *
add_set(struct columns *c, uint64_t set)
{
	unsigned i = c->nsets++ % FILLED;

	c->set[i] = set;
	fill(c, set, c->filled[i]);
	return c->filled[i];
}

const struct column *
loadcolumn_filled(struct columns *c, uint64_t set)
{
	for (unsigned i = 0; i < FILLED && i < c->nsets; i++)
		if (c->set[i] == set)
			return c->filled[i];
	return add_set(c, set);
}
