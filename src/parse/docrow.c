/* SPDX-License-Identifier: MIT */
#include "parse/docrow.h"

#include "base/buf.h"
#include "base/jsonw.h"
#include "base/utc.h"
#include "parse/urlhost.h"

enum { CELLS_MIN = 32 };

/* 9999-12-31T23:59:59 */
static const double last_second = 253402300799;

void
docrow_add(struct arena *a, struct doc_row *row, struct doc_cell cell)
{
	if (row->ncell == row->cap) {
		struct doc_cell *old = row->cell;

		row->cap = row->cap ? row->cap * 2 : CELLS_MIN;
		row->cell = arena_array(a, row->cap, sizeof(*old));
		if (row->ncell)
			memcpy(row->cell, old, row->ncell * sizeof(*old));
	}
	row->cell[row->ncell++] = cell;
}

static struct doc_cell *
find_cell(const struct doc_row *row, sv name)
{
	for (size_t i = 0; i < row->ncell; i++)
		if (sv_eq(row->cell[i].name, name))
			return &row->cell[i];
	return NULL;
}

const struct doc_cell *
docrow_find(const struct doc_row *row, sv name)
{
	return find_cell(row, name);
}

void
docrow_text(struct arena *a, struct doc_row *row, const char *name, sv v)
{
	docrow_add(a, row, (struct doc_cell){ sv_str(name), DOC_TEXT, v, 0 });
}

void
docrow_count(struct arena *a, struct doc_row *row, const char *name, uint64_t n)
{
	struct buf b = BUF_INIT;

	buf_u64(&b, n);
	docrow_add(a, row, (struct doc_cell){ sv_str(name), DOC_NUMBER,
	    arena_sv(a, buf_sv(&b)), (int64_t)n });
	buf_release(&b);
}

void
docrow_url(struct arena *a, struct doc_row *row, sv url)
{
	struct urlhost u;
	int64_t port;

	if (!urlhost_read(url, &u))
		return;
	docrow_text(a, row, "url_scheme", u.scheme);
	docrow_text(a, row, "url_host", u.host);
	if (sv_to_i64(u.port, &port))
		docrow_count(a, row, "url_port", (uint64_t)port);
}

/* A cell of the type that the value has by itself. */
static void
set_plain(struct doc_cell *c, struct arena *a, const struct json_value *v)
{
	static const enum doc_type type[] = {
		[JSON_NULL] = DOC_NULL, [JSON_BOOL] = DOC_BOOL,
		[JSON_NUMBER] = DOC_NUMBER, [JSON_STRING] = DOC_TEXT,
		[JSON_OBJECT] = DOC_JSON, [JSON_ARRAY] = DOC_JSON
	};
	_Static_assert(countof(type) == JSON_KIND_N, "a type per kind");

	c->type = type[v->kind];
	c->text = v->kind == JSON_NULL ? SV_NULL : json_text(a, v);
	c->num = 0;
	if (v->kind == JSON_BOOL)
		c->num = sv_is(v->raw, "true");
	json_i64(v, &c->num);
}

static bool
is_nested(const struct json_value *v)
{
	return v->kind == JSON_OBJECT || v->kind == JSON_ARRAY;
}

static bool
set_time(struct doc_cell *c, const struct json_value *v)
{
	double seconds;

	c->type = DOC_TIME;
	if (v->kind == JSON_STRING)
		return utc_parse(c->text, &c->num);
	if (!json_double(v, &seconds) || !(seconds >= 0) ||
	    seconds > last_second)
		return false;
	/* A double of this size is exact to less than half a microsecond. */
	c->num = (int64_t)(seconds * (double)UTC_SECOND + 0.5);
	return true;
}

void
docrow_no_time(struct arena *a, const char *member, size_t at,
    struct bad_line *bad)
{
	struct buf b = BUF_INIT;

	buf_add(&b, sv_str(member));
	buf_lit(&b, ": expected a time");
	*bad = (struct bad_line){ "bad-time", arena_str(a, buf_sv(&b)), at };
	buf_release(&b);
}

/* False for a time that is none. */
static bool
set_cell(struct doc_cell *c, struct arena *a, enum doc_type want,
    const struct json_value *v)
{
	struct json_value number;

	set_plain(c, a, v);
	if (v->kind == JSON_NULL)
		return true;
	switch (want) {
	case DOC_TEXT:
		c->type = is_nested(v) ? DOC_JSON : DOC_TEXT;
		break;
	case DOC_NUMBER:
		if (v->kind == JSON_STRING && json_parse(c->text, &number) &&
		    number.kind == JSON_NUMBER)
			set_plain(c, a, &number);
		break;
	case DOC_TIME:
		return set_time(c, v);
	case DOC_SECRET:
		c->type = DOC_SECRET;
		break;
	case DOC_NULL:
	case DOC_BOOL:
	case DOC_JSON:
	case DOC_TYPE_N:
		break;
	}
	return true;
}

bool
docrow_set(struct arena *a, struct doc_row *row, const char *name,
    enum doc_type type, const struct json_value *v)
{
	struct doc_cell c = { .name = sv_str(name) };
	struct doc_cell *old = find_cell(row, c.name);

	if (!set_cell(&c, a, type, v))
		return false;
	if (old)
		*old = c;
	else
		docrow_add(a, row, c);
	return true;
}

/* One object being read. */
struct reader {
	const struct docrow_layout *l;
	const struct json_value *item;
	struct arena *a;
	struct doc_row *row;
	struct bad_line *bad;
	struct buf extra;
	bool known; /* a member with a column was seen */
};

/* Is path the member `key`, of the object `outer` unless that is empty? */
static bool
is_path(sv path, sv outer, sv key)
{
	if (outer.n && (!sv_skip_lit(&path, outer) ||
	    !sv_skip_lit(&path, SV("."))))
		return false;
	return sv_eq(path, key) && sv_find_byte(key, '.') == key.n;
}

static const struct docrow_column *
find_column(const struct docrow_layout *l, sv outer, sv key)
{
	for (size_t i = 0; i < l->ncolumn; i++)
		if (is_path(sv_str(l->column[i].member), outer, key))
			return &l->column[i];
	return NULL;
}

/* Are there columns for members of the object called key? */
static bool
has_inner(const struct docrow_layout *l, sv key)
{
	for (size_t i = 0; i < l->ncolumn; i++) {
		sv path = sv_str(l->column[i].member);

		if (sv_skip_lit(&path, key) && sv_starts(path, SV(".")))
			return true;
	}
	return false;
}

static bool
is_left(const struct docrow_layout *l, sv outer, sv key)
{
	for (size_t i = 0; l->left && l->left[i]; i++)
		if (is_path(sv_str(l->left[i]), outer, key))
			return true;
	return false;
}

static void
put_extra(struct reader *rd, sv outer, sv key, const struct json_value *v)
{
	struct jsonw w = { &rd->extra, rd->extra.n == 0 };
	struct buf name = BUF_INIT;

	if (is_nested(v) && is_left(rd->l, outer, key))
		return;
	if (w.first)
		jsonw_open(&w, '{');
	if (outer.n) {
		buf_add(&name, outer);
		buf_byte(&name, '.');
	}
	buf_add(&name, key);
	jsonw_key(&w, buf_sv(&name));
	if (v->kind == JSON_STRING)
		jsonw_sv(&w, json_text(rd->a, v));
	else
		jsonw_raw(&w, v->raw);
	buf_release(&name);
}

static bool
put_cell(struct reader *rd, const struct docrow_column *col, sv outer, sv key,
    const struct json_value *v)
{
	const struct doc_cell *old = find_cell(rd->row, sv_str(col->name));

	rd->known = true;
	if (old && old->type != DOC_NULL) {
		if (col->type != DOC_SECRET)
			put_extra(rd, outer, key, v);
		return true;
	}
	if (!docrow_set(rd->a, rd->row, col->name, col->type, v)) {
		docrow_no_time(rd->a, col->member,
		    (size_t)(v->raw.p - rd->item->raw.p), rd->bad);
		return false;
	}
	return true;
}

static bool
put_member(struct reader *rd, sv outer, sv key, const struct json_value *v)
{
	const struct docrow_column *col = find_column(rd->l, outer, key);

	if (col)
		return put_cell(rd, col, outer, key, v);
	put_extra(rd, outer, key, v);
	return true;
}

/* The members of a member; none if it is null. */
static bool
put_inner(struct reader *rd, sv outer, const struct json_value *obj)
{
	struct json_value key, v;
	sv it = json_begin(obj);

	while (json_member(&it, &key, &v))
		if (!put_member(rd, outer, json_text(rd->a, &key), &v))
			return false;
	return true;
}

static bool
put_all(struct reader *rd)
{
	struct json_value key, v;
	sv it = json_begin(rd->item);

	while (json_member(&it, &key, &v)) {
		sv name = json_text(rd->a, &key);
		bool inner = (v.kind == JSON_OBJECT || v.kind == JSON_NULL) &&
		    has_inner(rd->l, name);

		if (inner && !put_inner(rd, name, &v))
			return false;
		if (!inner && !put_member(rd, SV_NULL, name, &v))
			return false;
	}
	return true;
}

/* The time of the row is that of its column. */
static void
set_ts(struct reader *rd)
{
	const struct doc_cell *c = NULL;

	if (rd->l->time)
		c = find_cell(rd->row, sv_str(rd->l->time));
	if (c && c->type == DOC_TIME)
		rd->row->ts = c->num;
}

static bool
bad_item(struct bad_line *bad, const char *why)
{
	*bad = (struct bad_line){ "bad-item", why, 0 };
	return false;
}

bool
docrow_read(const struct docrow_layout *l, const struct json_value *item,
    struct arena *a, struct doc_row *row, struct bad_line *bad)
{
	struct reader rd = { l, item, a, row, bad, BUF_INIT, false };
	bool ok;

	*row = (struct doc_row)DOCROW_INIT;
	if (item->kind != JSON_OBJECT)
		return bad_item(bad, "no object");
	ok = put_all(&rd);
	if (ok && !rd.known)
		ok = bad_item(bad, "no known member");
	set_ts(&rd);
	if (ok && rd.extra.n) {
		buf_byte(&rd.extra, '}');
		docrow_add(a, row, (struct doc_cell){ SV("extra"), DOC_JSON,
		    arena_sv(a, buf_sv(&rd.extra)), 0 });
	}
	buf_release(&rd.extra);
	return ok;
}

bool
docrow_has(const struct json_value *item, const char *const *name, size_t n)
{
	struct json_value v;

	for (size_t i = 0; i < n; i++)
		if (!json_find(item, sv_str(name[i]), &v))
			return false;
	return true;
}
