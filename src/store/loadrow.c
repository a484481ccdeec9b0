/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "base/ascii.h"
#include "base/attr.h"
#include "base/oom.h"
#include "base/swar.h"
#include "store/bindrec.h"
#include "store/kind.h"
#include "store/loadpriv.h"
#include "store/query.h"
#include "store/sampletext.h"

/* Above these a text that may be unique is kept in its row: the dictionary is in
 * memory. So is one that is not short the first time it comes: half of the paths
 * of a log come once, and cost more in the dictionary. */
enum {
	STR_BOUND = 4 * 1000 * 1000,
	STR_BYTES = 160 * 1000 * 1000,
	STR_SHORT = 16,
	STR_SEEN = 1 << 20 /* of the texts that came once: where to remember them */
};

#define LINE_MAX (UINT64_C(1) << 40)
#define ID_MAX (INT64_C(1) << 50)

/* --- columns and numbers --- */

static int
field_of(const struct kind *k, const char *name)
{
	for (int i = 0; i < k->nfields; i++)
		if (sv_is(k->field[i].name, name))
			return i;
	return -1;
}

/* Those of a message apart; FORM_COLUMN_NONE: any other. */
static int
form_column(const char *name)
{
	int at = 0;

	if (strcmp(name, "form") == 0)
		return FORM_COLUMN_ITSELF;
	if (strcmp(name, "fields_form") == 0)
		return FORM_COLUMN_FIELDS;
	for (const char *p = name + 1; name[0] == 'v' && is_digit(*p); p++)
		at = at * 10 + (*p - '0');
	return at ? FORM_COLUMN_VALUE + at - 1 : FORM_COLUMN_NONE;
}

static attr_apart void
read_columns(struct loader *l, enum rec_kind kind, struct columns *c)
{
	const struct kind *k = &rec_kinds[kind];
	struct buf sql = BUF_INIT;
	sqlite3_stmt *s;

	buf_printf(&sql, "SELECT * FROM main.%s%c", kind_base((int)kind), '\0');
	s = db_prepare(l->st, sql.p);
	buf_release(&sql);
	c->n = c->nown = sqlite3_column_count(s) - COMMON_COLUMNS;
	c->implied = c->path = c->names = c->message = c->fields = c->shape =
	    -1;
	for (int i = 0; i < c->n; i++) {
		const char *name = sqlite3_column_name(s, COMMON_COLUMNS + i);
		int field = field_of(k, name);

		if (kind == REC_APP && field < 0) {
			c->form[i] = (int8_t)form_column(name);
			if (c->form[i] >= FORM_COLUMN_VALUE)
				c->values |= UINT64_C(1) << i;
			field = APP_message;
		} else if (kind == REC_APP && field == APP_message) {
			c->message = i;
		} else if (kind == REC_APP && field == APP_fields) {
			c->fields = i;
		}
		if (kind == REC_REQUEST && field < 0) { /* "shape" */
			c->shape = i;
			field = REQUEST_flags; /* all have it */
		} else if (kind == REC_REQUEST && loadshape_has(field) &&
		    i < c->nown) {
			c->nown = i;
		}
		if (kind == REC_METRIC && field < 0) { /* "names" */
			c->names = i;
			field = METRIC_samples;
		}
		c->field[i] = (int8_t)field;
		c->type[i] = i == c->names ? F_STR : k->field[field].type;
		c->odd[i] = (kind == REC_METRIC && field == METRIC_samples) ||
		    (kind == REC_REQUEST && field == REQUEST_fwd) ||
		    i == c->shape || i == c->message || i == c->fields;
		if (kind == REC_REQUEST && field == REQUEST_fwd)
			c->implied = i;
		if (kind == REC_REQUEST && field == REQUEST_path)
			c->path = i;
	}
	sqlite3_finalize(s);
	c->recent = calloc((size_t)c->n * RECENT, sizeof(*c->recent));
	if (c->recent == NULL)
		oom();
	c->known = true;
}

static inline struct columns *
columns_of(struct loader *l, enum rec_kind kind)
{
	struct columns *c = &l->columns[kind];

	if (unlikely(!c->known))
		read_columns(l, kind, c);
	return c;
}

static attr_apart void
read_last(struct loader *l, int what)
{
	struct buf sql = BUF_INIT;

	buf_printf(&sql, "SELECT max(id) FROM main.%s%c", bulk_table_name(what),
	    '\0');
	l->before[what] = l->last[what] = query_one_i64(l->st, sql.p, 0);
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
	return bulk_add(&l->bulk, what, l->before[what], id, &l->row, e);
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
	return bulk_add(&l->bulk, BULK_STRETCH, l->before[BULK_STRETCH], s->id,
	    &l->text, e);
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

/* The id of its line, unless the table has come further meanwhile (a message
 * waits for its lines) or the number is beyond what any input has. */
static int64_t
choose_id(struct loader *l, const struct rec *r, bool *numbered)
{
	const struct stretch_queue *q = &l->stretches;
	int64_t last = last_id(l, (int)r->kind);
	int64_t id = l->first + (int64_t)(r->line & (LINE_MAX - 1));

	*numbered = r->line < LINE_MAX && id < ID_MAX && id > last &&
	    stretch_takes(&l->stretches, id);
	if (likely(*numbered))
		return id;
	id = last < l->first ? l->first : last + 1;
	return q->n && id < q->kept[q->n - 1].id ? q->kept[q->n - 1].id : id;
}

static bool
take_seat(struct loader *l, const struct rec *r, struct seat *out,
    struct err *e)
{
	const struct stretch *s;
	struct stretch done;

	out->id = choose_id(l, r, &out->numbered);
	l->last[r->kind] = out->id;
	s = stretch_add(&l->stretches, out->id, r->ts, (int64_t)r->byte, &done);
	out->numbered &= kind_numbered((int)r->kind);
	out->byte = (int64_t)r->byte - (out->numbered ? s->byte : 0);
	return done.id < 0 || add_stretch(l, &done, e);
}

/* --- texts --- */

static bool
load_dict(struct loader *l, struct err *e)
{
	sqlite3_stmt *s = db_prepare(l->st, "SELECT id, s FROM str");
	int rc;

	loadrow_release(l);
	dict_init(&l->dict);
	l->text_seen = calloc(STR_SEEN, sizeof(*l->text_seen));
	if (l->text_seen == NULL)
		oom();
	while ((rc = sqlite3_step(s)) == SQLITE_ROW)
		dict_load(&l->dict, sv_of((const char *)sqlite3_column_text(s, 1),
		    (size_t)sqlite3_column_bytes(s, 1)),
		    sqlite3_column_int64(s, 0));
	sqlite3_finalize(s);
	return rc == SQLITE_DONE ? loadshape_load(l, e) :
	    db_err(l->st, e, "dictionary");
}

bool
loadrow_begin(struct loader *l, struct err *e)
{
	int64_t now = query_one_i64(l->st, "PRAGMA data_version", 0);
	int64_t last = query_one_i64(l->st,
	    "SELECT coalesce(max(id), 0) FROM str", 0);

	memset(l->numbered, 0, sizeof(l->numbered));
	/* A new connection does not know what was written just before it. */
	if (now != l->version || last != l->dict.next - 1) {
		l->version = now;
		if (!load_dict(l, e))
			return false;
	}
	l->before[BULK_STR] = l->dict.next - 1;
	l->before[BULK_SHAPE] = l->shapes.next - 1;
	l->before[BULK_STRETCH] = query_one_i64(l->st,
	    "SELECT max(id) FROM stretch", -STRETCH);
	l->first = l->before[BULK_STRETCH] + STRETCH;
	l->stretches.n = 0;
	return loadform_begin(l, e);
}

/* What is remembered of texts goes with the dictionary they are in. */
void
loadrow_release(struct loader *l)
{
	for (int k = 0; k < REC_KIND_N; k++) {
		free(l->columns[k].recent);
		l->columns[k] = (struct columns){ .known = false };
	}
	dict_release(&l->dict);
	free(l->text_seen);
	l->text_seen = NULL;
}

static bool
intern(struct loader *l, sv text, uint64_t hash, struct recent *to,
    struct err *e)
{
	bool fresh;

	to->id = dict_intern(&l->dict, text, hash, &fresh, &to->text);
	if (!fresh)
		return true;
	bulkrow_clear(&l->text);
	bulkrow_text(&l->text, text);
	return bulk_add(&l->bulk, BULK_STR, l->before[BULK_STR], to->id,
	    &l->text, e);
}

static bool
is_full(const struct dict *d)
{
	return d->used >= STR_BOUND || dict_bytes(d) >= STR_BYTES;
}

static uint32_t *
place_seen(struct loader *l, uint64_t hash)
{
	return &l->text_seen[hash % STR_SEEN];
}

/* Does the text, which is not in the dictionary, go into the row? */
static bool
stays_in_row(struct loader *l, sv text, uint64_t hash)
{
	uint32_t tag = (uint32_t)(hash >> 32) | 1, *seen;

	if (is_full(&l->dict))
		return true;
	if (text.n <= STR_SHORT)
		return false;
	seen = place_seen(l, hash);
	if (*seen == tag)
		return false;
	*seen = tag;
	return true;
}

/* Where a text of the column may be remembered. */
static struct recent *
recent(const struct columns *c, int i, sv text)
{
	unsigned at = (unsigned)text.n * 5;

	if (text.n)
		at += (unsigned char)text.p[0] +
		    (unsigned)(unsigned char)text.p[text.n - 1] * 3;
	return &c->recent[i * RECENT + (int)(at % RECENT)];
}

/* Of a text that may go into the row; *id is 0 then. */
static bool
number_any(struct loader *l, sv text, uint64_t hash, struct recent *r,
    int64_t *id, struct err *e)
{
	*id = dict_find(&l->dict, text, hash);
	if (*id || stays_in_row(l, text, hash))
		return true;
	if (!intern(l, text, hash, r, e))
		return false;
	*id = r->id;
	return true;
}

/* *id is 0 when the text goes into the row. */
static bool
number_of(struct loader *l, const struct columns *c, int i, sv text,
    int64_t *id, struct err *e)
{
	struct recent *r, seldom;

	if (i == c->path) /* most are another one than those before */
		return number_any(l, text, l->path_hash, &seldom, id, e);
	r = recent(c, i, text);
	if (r->text.n != text.n || sv_null(r->text) ||
	    memcmp(r->text.p, text.p, text.n) != 0) {
		uint64_t hash = dict_hash(text);

		if (c->type[i] == F_ANY)
			return number_any(l, text, hash, r, id, e);
		if (!intern(l, text, hash, r, e))
			return false;
	}
	*id = r->id;
	return true;
}

/* Paths are what the dictionary has most of: where one may be is fetched from
 * memory some records before, what is there one record before. */
void
loadrow_prefetch(struct loader *l, struct rec *r, bool next)
{
	if (r->kind != REC_REQUEST || !rec_has(r, REQUEST_path))
		return;
	if (next) {
		dict_prefetch_text(&l->dict, r->noted);
		return;
	}
	r->noted = dict_hash(r->v[REQUEST_path].text);
	dict_prefetch(&l->dict, r->noted);
	prefetch(place_seen(l, r->noted));
}

static uint64_t
path_hash(const struct rec *r)
{
	return r->noted ? r->noted : dict_hash(r->v[REQUEST_path].text);
}

/* --- values --- */

/* The samples of a line that is a record of them, apart. */
static void
split_samples(struct loader *l, const struct rec *r)
{
	l->split = r->kind == REC_METRIC && rec_has(r, METRIC_samples) &&
	    !is_full(&l->dict);
	if (!l->split)
		return;
	l->apart[0].text = r->names;
	l->apart[1].text = r->values;
	if (!sv_null(r->names))
		return;
	l->split = sampletext_split(r->v[METRIC_samples].text, &l->names,
	    &l->values);
	l->apart[0].text = buf_sv(&l->names);
	l->apart[1].text = buf_sv(&l->values);
}

static uint64_t
columns_with(const struct columns *c, uint64_t set)
{
	uint64_t with = 0;

	for (int i = 0; i < c->n; i++)
		with |= (set >> c->field[i] & 1) << i;
	return with;
}

/* The columns whose field the record has. */
static inline uint64_t
filled_columns(struct columns *c, uint64_t set)
{
	size_t at = set * UINT64_C(0x9e3779b97f4a7c15) >> (64 - FILLED_BITS);

	if (unlikely(c->filled[at].set != set)) {
		c->filled[at].set = set;
		c->filled[at].with = columns_with(c, set);
	}
	return c->filled[at].with;
}

/* Of a column that is not simply a field. */
static const struct value *
odd_value(struct loader *l, const struct columns *c, int i, const struct rec *r)
{
	int field = c->field[i];

	if (i == c->shape)
		return l->shape.u.num ? &l->shape : NULL;
	if (i == c->implied)
		return bindrec_is_implied(r, field) ? NULL : &r->v[field];
	if (i == c->message || i == c->fields)
		return (i == c->message ? l->form_id : l->fields_id) ? NULL :
		    &r->v[field];
	if (l->split)
		return &l->apart[i != c->names];
	return i == c->names ? NULL : &r->v[field];
}

/* What column i of the record's row holds, if the record has its field; NULL:
 * nothing. */
static inline const struct value *
value_of(struct loader *l, const struct columns *c, int i, const struct rec *r)
{
	return likely(!c->odd[i]) ? &r->v[c->field[i]] : odd_value(l, c, i, r);
}

/* --- rows as bytes --- */

static bool
put_text(struct loader *l, const struct columns *c, int i, sv text,
    struct err *e)
{
	int64_t id;

	if (!number_of(l, c, i, text, &id, e))
		return false;
	if (id)
		bulkrow_int(&l->row, id);
	else
		bulkrow_text(&l->row, text);
	return true;
}

static void
put_ip(struct bulkrow *row, const struct rec_ip *cut)
{
	struct ip whole = rec_ip_whole(cut), *ip = &whole;

	if (ip->family == 4)
		bulkrow_int(row, (int32_t)ip_v4(ip));
	else
		bulkrow_blob(row, sv_of((const char *)ip->addr, 8));
}

static void
put_rid(struct bulkrow *row, sv text)
{
	uint8_t id[16];

	if (rec_uuid(text, id))
		bulkrow_blob(row, sv_of((const char *)id, sizeof(id)));
	else
		bulkrow_text(row, text);
}

static attr_inline bool
put_value(struct loader *l, const struct columns *c, int i,
    const struct value *v, struct err *e)
{
	switch (c->type[i]) {
	case F_STR:
	case F_ANY:
		return put_text(l, c, i, v->text, e);
	case F_TEXT:
	case F_JSON:
		bulkrow_text(&l->row, v->text);
		break;
	case F_INT:
	case F_BOOL:
	case F_TIME:
		bulkrow_int(&l->row, v->u.num);
		break;
	case F_REAL:
		bulkrow_real(&l->row, v->u.real);
		break;
	case F_ADDR:
		put_ip(&l->row, &v->u.ip);
		break;
	case F_RID:
		put_rid(&l->row, v->text);
		break;
	case FIELD_TYPE_N:
		break;
	}
	return true;
}

/* The record has its field. */
static attr_inline bool
put_column(struct loader *l, const struct columns *c, int i,
    const struct rec *r, struct err *e)
{
	const struct value *v = value_of(l, c, i, r);

	if (v)
		return put_value(l, c, i, v, e);
	bulkrow_null(&l->row);
	return true;
}

/* A column of a message apart; of its values all, which are in a row. Returns the
 * number of the next column. */
static int
put_form(struct loader *l, const struct columns *c, int i, const struct rec *r,
    uint64_t *with)
{
	if (c->form[i] < FORM_COLUMN_VALUE) {
		loadform_put(l, c->form[i]);
		return i + 1;
	}
	*with &= ~c->values;
	return i + loadform_put_values(l, r);
}

/* A row of shape, from the columns that a request has none of then. */
static attr_apart bool
add_shape(struct loader *l, const struct columns *c, const struct rec *r,
    struct err *e)
{
	bulkrow_clear(&l->row);
	for (int i = c->nown; i < c->n; i++)
		if (!rec_has(r, c->field[i]))
			bulkrow_null(&l->row);
		else if (!put_value(l, c, i, &r->v[c->field[i]], e))
			return false;
	return add(l, BULK_SHAPE, l->shape.u.num, e);
}

/* *n: how many columns its row has. */
static bool
prepare_record(struct loader *l, const struct columns *c, const struct rec *r,
    int *n, struct err *e)
{
	*n = c->n;
	l->roles.parts |= r->kind == REC_PART;
	if (r->kind != REC_REQUEST) {
		split_samples(l, r);
		return loadform_split(l, r, e);
	}
	l->split = false;
	if (rec_has(r, REQUEST_path))
		l->path_hash = path_hash(r);
	if (loadshape_find(l, r) && !add_shape(l, c, r, e))
		return false;
	if (l->shape.u.num)
		*n = c->nown;
	return true;
}

static void
put_common(struct loader *l, const struct rec *r, uint32_t nth,
    const struct seat *seat)
{
	struct bulkrow *row = &l->row;

	bulkrow_clear(row);
	bulkrow_int(row, r->ts);
	bulkrow_int(row, l->source);
	if (seat->numbered)
		bulkrow_null(row);
	else
		bulkrow_int(row, (int64_t)r->line);
	bulkrow_int(row, seat->byte);
	bulkrow_int(row, (int64_t)r->hash);
	bulkrow_int(row, nth);
}

/* The columns up to n that the record has anything for. */
static bool
put_columns(struct loader *l, struct columns *c, const struct rec *r, int n,
    struct err *e)
{
	uint64_t with = filled_columns(c, r->set);
	int next = 0;

	while (with) {
		int i = (int)swar_low_bit(with);

		if (i >= n)
			break;
		with &= with - 1;
		bulkrow_nulls(&l->row, i - next);
		if (c->form[i]) {
			next = put_form(l, c, i, r, &with);
			continue;
		}
		next = i + 1;
		if (!put_column(l, c, i, r, e))
			return false;
	}
	return true;
}

bool
loadrow_add(struct loader *l, const struct rec *r, uint32_t nth,
    struct err *e)
{
	struct columns *c = columns_of(l, r->kind);
	struct seat seat;
	int64_t id;
	int n;

	if (!bulk_takes((int)r->kind))
		return loadrow_insert(l, r, nth, &id, e);
	if (!prepare_record(l, c, r, &n, e) || !take_seat(l, r, &seat, e))
		return false;
	put_common(l, r, nth, &seat);
	return put_columns(l, c, r, n, e) && add(l, (int)r->kind, seat.id, e);
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

static bool
bind_column(struct loader *l, sqlite3_stmt *s, const struct columns *c, int i,
    const struct value *v, struct err *e)
{
	int at = COMMON_COLUMNS + 1 + i;
	int64_t id = 0;

	if (v == NULL) {
		sqlite3_bind_null(s, at);
		return true;
	}
	if ((c->type[i] == F_STR || c->type[i] == F_ANY) &&
	    !number_of(l, c, i, v->text, &id, e))
		return false;
	if (id)
		sqlite3_bind_int64(s, at, id);
	else
		bindrec_value(s, at, c->type[i], v);
	return true;
}

bool
loadrow_insert(struct loader *l, const struct rec *r, uint32_t nth,
    int64_t *id, struct err *e)
{
	const struct columns *c = columns_of(l, r->kind);
	sqlite3_stmt *s = l->insert[r->kind];
	struct seat seat;
	int n;

	if (!prepare_record(l, c, r, &n, e) || !take_seat(l, r, &seat, e))
		return false;
	if (s == NULL)
		s = l->insert[r->kind] = prepare_insert(l->st, (int)r->kind,
		    c->n);
	*id = seat.id;
	sqlite3_bind_int64(s, 1, seat.id);
	sqlite3_bind_int64(s, 2, r->ts);
	sqlite3_bind_int64(s, 3, l->source);
	if (seat.numbered)
		sqlite3_bind_null(s, 4);
	else
		sqlite3_bind_int64(s, 4, (int64_t)r->line);
	sqlite3_bind_int64(s, 5, seat.byte);
	sqlite3_bind_int64(s, 6, (int64_t)r->hash);
	sqlite3_bind_int64(s, 7, nth);
	for (int i = 0; i < c->n; i++)
		if (c->form[i])
			loadform_bind(l, r, c->form[i], s, COMMON_COLUMNS + 1 +
			    i);
		else if (!bind_column(l, s, c, i, i < n && rec_has(r,
		    c->field[i]) ? value_of(l, c, i, r) : NULL, e))
			return false;
	l->changed = true;
	l->roles.added = l->first;
	return db_run(l->st, s, e);
}
