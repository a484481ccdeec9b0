/* SPDX-License-Identifier: MIT */
#include <assert.h>

#include "base/attr.h"
#include "record/rectext.h"
#include "store/bindrec.h"
#include "store/bulkbind.h"
#include "store/kind.h"
#include "store/loadpriv.h"
#include "store/query.h"
#include "store/sampletext.h"

#define LINE_MAX (UINT64_C(1) << 40)
#define ID_MAX (INT64_C(1) << 50)

static attr_apart void
read_last(struct loader *l, int what)
{
	struct buf sql = BUF_INIT;

	buf_printf(&sql, "SELECT max(id) FROM main.%s%c", bulk_table_name(what),
	    '\0');
	l->last[what] = query_one_i64(l->st, sql.p, 0);
	bulk_begin(&l->bulk, what, l->last[what]);
	buf_release(&sql);
	l->numbered[what] = true;
}

/* The largest of the table. */
static inline int64_t
last_id(struct loader *l, int what)
{
	if (unlikely(!l->numbered[what]))
		read_last(l, what);
	return l->last[what];
}

static bool
add(struct loader *l, int what, int64_t id, struct err *e)
{
	return bulk_add(&l->bulk, what, id, &l->row, e);
}

/* --- ids of records --- */

/* Where a row is: its id, and what its columns line and byte say. */
struct seat {
	int64_t id;
	bool numbered; /* the id tells the line */
	int64_t byte;
};

static bool
add_stretch(struct loader *l, const struct stretch *s, struct err *e)
{
	bulkrow_clear(&l->text);
	bulkrow_int(&l->text, s->byte);
	bulkrow_int(&l->text, s->start);
	bulkrow_int(&l->text, s->stop);
	return bulk_add(&l->bulk, BULK_STRETCH, s->id, &l->text, e);
}

void
loadrow_begin(struct loader *l)
{
	int64_t before = query_one_i64(l->st, "SELECT max(id) FROM stretch",
	    -STRETCH);

	memset(l->numbered, 0, sizeof(l->numbered));
	bulk_begin(&l->bulk, BULK_STRETCH, before);
	l->first = before + STRETCH;
	l->stretches.n = 0;
}

bool
loadrow_end(struct loader *l, struct err *e)
{
	struct stretch s;

	while (stretch_pop(&l->stretches, &s))
		if (!add_stretch(l, &s, e))
			return false;
	return true;
}

/* Behind what the table and the queue have. */
static int64_t
next_id(const struct loader *l, int64_t last)
{
	const struct stretch_queue *q = &l->stretches;
	int64_t id = last < l->first ? l->first : last + 1;

	return q->n && id < q->kept[q->n - 1].id ? q->kept[q->n - 1].id : id;
}

/* The id is that of its line, unless the table has come further meanwhile (a
 * message waits for its lines) or the number is beyond what any input has. */
static bool
take_seat(struct loader *l, const struct rec *r, struct seat *out,
    struct err *e)
{
	int64_t byte = (int64_t)r->byte, last = last_id(l, (int)r->kind);
	const struct stretch *s = NULL;
	struct stretch done;

	out->id = l->first + (int64_t)(r->line & (LINE_MAX - 1));
	if (likely(r->line < LINE_MAX && out->id < ID_MAX && out->id > last))
		s = stretch_add(&l->stretches, out->id, r->ts, byte, &done);
	out->numbered = s != NULL && kind_numbered((int)r->kind);
	if (unlikely(s == NULL)) {
		out->id = next_id(l, last);
		s = stretch_add(&l->stretches, out->id, r->ts, byte, &done);
		assert(s);
	}
	l->last[r->kind] = out->id;
	out->byte = byte - (out->numbered ? s->byte : 0);
	return done.id < 0 || add_stretch(l, &done, e);
}

/* --- values --- */

/* The samples of a line that is a record of them, apart. */
static void
split_samples(struct loader *l, const struct rec *r)
{
	sv text = r->v[METRIC_samples].text;
	struct buf *made = l->made;

	l->samples.names = SV_NULL;
	if (!rec_has(r, METRIC_samples) || loadtext_is_full(l))
		return;
	if (!sv_null(r->samples.names))
		l->samples = r->samples;
	else if (sampletext_split(text, &made[0], &made[1]))
		l->samples = (struct sampleline){ buf_sv(&made[0]),
			buf_sv(&made[1]) };
}

static inline void
put_numbers(struct bulkrow *row, const struct value *v, int n)
{
	struct bulkpen pen = bulkrow_pen(row);

	do
		bulkpen_int(&pen, v++->u.num);
	while (--n);
	bulkrow_wrote(row, pen);
}

static attr_inline void
put_ip(struct bulkrow *row, const struct rec_ip *ip)
{
	if (ip->family == 4)
		bulkrow_int(row, (int32_t)ip_v4_number(ip->addr));
	else
		bulkrow_blob(row, sv_of((const char *)ip->addr, 8));
}

static attr_inline void
put_rid(struct bulkrow *row, sv text)
{
	if (likely(rec_uuid(text, bulkrow_id_room(row))))
		bulkrow_id_there(row);
	else
		bulkrow_text(row, text);
}

/* The number of something, 0: none. */
static void
put_id(struct bulkrow *row, int64_t id)
{
	if (id)
		bulkrow_int(row, id);
	else
		bulkrow_null(row);
}

/* A text, unless it is `apart`. */
static void
put_unless(struct loader *l, bool apart, const struct rec *r, int field)
{
	if (apart)
		bulkrow_null(&l->row);
	else
		bulkrow_text(&l->row, rectext_get(r, field, l->made));
}

/* A column of what is not simply a field. */
static attr_inline bool
put_odd(struct loader *l, const struct columns *c, const struct column *column,
    const struct rec *r, struct err *e)
{
	const struct sampleline *samples = &l->samples;
	struct bulkrow *row = &l->row;

	switch (column->what) {
	case COLUMN_NAMES:
		if (!sv_null(samples->names))
			return loadtext_put(l, c->recent[column->at],
			    samples->names, false, e);
		bulkrow_null(row);
		break;
	case COLUMN_SAMPLES:
		if (sv_null(samples->names))
			put_unless(l, false, r, METRIC_samples);
		else
			bulkrow_text(row, samples->values);
		break;
	case COLUMN_MESSAGE:
		put_unless(l, l->form_id, r, APP_message);
		break;
	case COLUMN_FIELDS:
		put_unless(l, l->fields_id, r, APP_fields);
		break;
	case COLUMN_FORM:
		put_id(row, l->form_id);
		break;
	case COLUMN_FIELDS_FORM:
		put_id(row, l->fields_id);
		break;
	case COLUMN_VALUES:
		bulkrow_nulls(row, FORM_VALUES - loadform_put_values(l, r));
		break;
	}
	return true;
}

/* A column whose field the record has. */
static attr_inline bool
put_column(struct loader *l, const struct columns *c,
    const struct column *column, const struct rec *r, struct err *e)
{
	const struct value *v = &r->v[column->field];
	struct bulkrow *row = &l->row;

	switch (column->what) {
	case COLUMN_NULLS:
		bulkrow_nulls(row, (size_t)column->run);
		break;
	case COLUMN_NUMBER:
		put_numbers(row, v, column->run);
		break;
	case COLUMN_REAL:
		bulkrow_real(row, v->u.real);
		break;
	case COLUMN_TEXT:
		bulkrow_text(row, v->text);
		break;
	case COLUMN_ADDR:
		put_ip(row, &v->u.ip);
		break;
	case COLUMN_RID:
		put_rid(row, v->text);
		break;
	case COLUMN_STR:
	case COLUMN_ANY:
		return loadtext_put(l, c->recent[column->at], v->text,
		    column->what == COLUMN_ANY, e);
	case COLUMN_PATH:
		return loadtext_put_path(l, r, v->text, e);
	case COLUMN_FWD:
		if (!bindrec_is_implied(r, REQUEST_fwd))
			return loadtext_put(l, c->recent[column->at], v->text,
			    true, e);
		bulkrow_null(row);
		break;
	case COLUMN_SHAPE:
		put_id(row, l->shape);
		break;
	default:
		return put_odd(l, c, column, r, e);
	}
	return true;
}

/* --- rows as bytes --- */

/* A row of shape, from the columns that a request has none of then. */
static attr_apart bool
add_shape(struct loader *l, const struct columns *c, const struct rec *r,
    struct err *e)
{
	bulkrow_clear(&l->row);
	for (int i = c->nown; i < c->n; i++)
		if (!rec_has(r, c->column[i].field))
			bulkrow_null(&l->row);
		else if (!put_column(l, c, &c->column[i], r, e))
			return false;
	return add(l, BULK_SHAPE, l->shape, e);
}

/* *n: how many columns its row has. */
static bool
prepare_record(struct loader *l, const struct columns *c, const struct rec *r,
    int *n, struct err *e)
{
	*n = c->n;
	if (r->kind == REC_APP)
		return loadform_split(l, r, e);
	if (r->kind == REC_METRIC)
		split_samples(l, r);
	l->roles.parts |= r->kind == REC_PART;
	if (r->kind != REC_REQUEST)
		return true;
	if (loadshape_find(l, r) && !add_shape(l, c, r, e))
		return false;
	if (l->shape)
		*n = c->nown;
	return true;
}

static void
put_common(struct loader *l, const struct rec *r, uint32_t nth,
    const struct seat *seat)
{
	struct bulkpen pen;

	bulkrow_clear(&l->row);
	pen = bulkrow_pen(&l->row);
	bulkpen_wide(&pen, r->ts);
	bulkpen_one(&pen, l->source);
	if (seat->numbered)
		bulkpen_null(&pen);
	else
		bulkpen_int(&pen, (int64_t)r->line);
	bulkpen_int(&pen, seat->byte);
	bulkpen_wide(&pen, (int64_t)r->hash);
	bulkpen_one(&pen, nth);
	bulkrow_wrote(&l->row, pen);
}

/* The columns up to n that the record has anything for. */
static bool
put_columns(struct loader *l, struct columns *c, const struct rec *r, int n,
    struct err *e)
{
	const struct column *column = loadcolumn_filled(c, r->set);

	for (; column->at < n; column++)
		if (!put_column(l, c, column, r, e))
			return false;
	return true;
}

/* The record's row, and its id. */
static bool
make_row(struct loader *l, const struct rec *r, uint32_t nth, int64_t *id,
    struct err *e)
{
	struct columns *c = loadcolumn_of(l, r->kind);
	struct seat seat;
	int n;

	if (!prepare_record(l, c, r, &n, e) || !take_seat(l, r, &seat, e))
		return false;
	put_common(l, r, nth, &seat);
	*id = seat.id;
	return put_columns(l, c, r, n, e);
}

bool
loadrow_reject(struct loader *l, const struct reject *j, struct err *e)
{
	struct bulkrow *row = &l->row;

	bulkrow_clear(row);
	bulkrow_int(row, l->source);
	bulkrow_int(row, (int64_t)j->line);
	bulkrow_int(row, (int64_t)j->byte);
	bulkrow_int(row, (int64_t)j->length);
	bulkrow_text(row, sv_str(j->reason));
	bulkrow_text(row, sv_null(j->detail) ? SV("") : j->detail);
	bulkrow_blob(row, sv_null(j->bytes) ? SV("") : j->bytes);
	l->last[BULK_REJECT] = last_id(l, BULK_REJECT) + 1;
	return add(l, BULK_REJECT, l->last[BULK_REJECT], e);
}

/* --- rows one by one --- */

static sqlite3_stmt *
prepare_insert(struct store *st, int kind, int ncolumns)
{
	struct buf b = BUF_INIT;
	sqlite3_stmt *s;

	buf_printf(&b, "INSERT INTO main.%s VALUES (?1", kind_base(kind));
	for (int i = 2; i <= COMMON_COLUMNS + ncolumns; i++)
		buf_printf(&b, ",?%d", i);
	buf_printf(&b, ")%c", '\0');
	s = db_prepare(st, b.p);
	buf_release(&b);
	return s;
}

/* The row that was made, in the transaction. */
static attr_apart bool
insert(struct loader *l, const struct rec *r, int64_t id, struct err *e)
{
	sqlite3_stmt *s = l->insert[r->kind];

	if (s == NULL)
		s = l->insert[r->kind] = prepare_insert(l->st, (int)r->kind,
		    loadcolumn_of(l, r->kind)->n);
	bulkbind_row(s, id, &l->row);
	l->changed = true;
	l->roles.added = l->first;
	return db_run(l->st, s, e);
}

bool
loadrow_add(struct loader *l, const struct rec *r, uint32_t nth, bool now,
    int64_t *id, struct err *e)
{
	if (!make_row(l, r, nth, id, e))
		return false;
	return now || unlikely(!bulk_takes((int)r->kind)) ?
	    insert(l, r, *id, e) : add(l, (int)r->kind, *id, e);
}
