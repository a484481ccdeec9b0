/* SPDX-License-Identifier: MIT */
#include "record/dump.h"

#include <stdio.h>

#include "base/ascii.h"
#include "base/attr.h"
#include "base/hash.h"
#include "base/jsonw.h"
#include "base/utc.h"
#include "base/utf8.h"
#include "record/note.h"
#include "record/secretname.h"

/* Known tables: the name of their time column and of all that they need, which
 * also tells them by header. */
static const struct {
	enum rec_kind kind;
	const char *time;
	bool timeless; /* it may be missing or NULL */
	const char *needs[8];
} tables[] = {
	{ REC_WAITLIST, "created_at", false,
	    { "id", "created_at", "email", "origin" } },
	{ REC_CONSOLE, "created_at", false,
	    { "seq", "created_at", "actor_id", "actor_role", "action",
	    "resource_type", "resource_id", "outcome" } },
	{ REC_CUSTOMER, "created_at", false,
	    { "id", "seq", "created_at", "tenant_id", "actor_id", "action",
	    "detail" } },
	{ REC_PGSS, "snapshot_at", true, { "queryid", "query", "calls" } },
};

/* Columns of pg_stat_statements before PostgreSQL 13 told planning from
 * execution. */
static const struct {
	const char *old, *name;
} pgss_names[] = {
	{ "total_time", "total_exec_time" },
	{ "min_time", "min_exec_time" },
	{ "max_time", "max_exec_time" },
	{ "mean_time", "mean_exec_time" },
	{ "stddev_time", "stddev_exec_time" },
};

/* Where an unknown table may keep its time, best first. */
static const char *const time_names[] = {
	"created_at", "timestamp", "ts", "time", "occurred_at", "updated_at",
};

static bool
has_column(const struct csv_row *h, const char *name)
{
	for (size_t i = 0; i < h->ncell; i++)
		if (sv_is(h->cell[i].text, name))
			return true;
	return false;
}

/* The columns that table t needs and the header has not, as a list. */
static size_t
missing(size_t t, const struct csv_row *h, struct buf *list)
{
	size_t n = 0;

	for (size_t i = 0; i < countof(tables[t].needs); i++) {
		const char *name = tables[t].needs[i];

		if (name && !has_column(h, name))
			buf_printf(list, "%s'%s'", n++ ? ", " : "", name);
	}
	return n;
}

static size_t
find_table(sv table, const struct csv_row *h)
{
	struct buf list = BUF_INIT;
	size_t i;

	for (i = 0; i < countof(tables); i++)
		if (sv_eq(table, rec_kinds[tables[i].kind].name))
			return i;
	for (i = 0; i < countof(tables) && missing(i, h, &list); i++)
		;
	buf_release(&list);
	return i;
}

/* The name of the field that a column is; null when a column only happens to
 * have a field's name. */
static sv
field_name(enum rec_kind kind, sv name, const struct csv_row *h)
{
	if (sv_is(name, "row_id"))
		return SV_NULL;
	if (sv_is(name, "id"))
		return SV("row_id");
	for (size_t i = 0; kind == REC_PGSS && i < countof(pgss_names); i++)
		if (sv_is(name, pgss_names[i].old) &&
		    !has_column(h, pgss_names[i].name))
			return sv_str(pgss_names[i].name);
	return name;
}

static int
find_field(const struct dump *d, sv name, const char *time,
    const struct csv_row *h)
{
	const struct kind *k = &rec_kinds[d->kind];

	if (time && sv_is(name, time))
		return DUMP_TIME;
	if (d->kind == REC_ROW)
		return DUMP_EXTRA;
	name = field_name(d->kind, name, h);
	for (int i = 0; i < k->nfields; i++)
		if (sv_eq(k->field[i].name, name) && k->field[i].type != F_JSON)
			return i;
	return DUMP_EXTRA;
}

/* Why a text can be no name of a column, or NULL. Lines in it come from a quote
 * that was not closed, more often than not: rows would be lost in a name. */
static const char *
flaw_of(sv name)
{
	uint32_t cp = 0;

	if (name.n == 0)
		return "is empty";
	if (name.n > DUMP_NAME_MAX)
		return "is too long";
	for (size_t n; name.n; name = sv_skip(name, n)) {
		n = utf8_decode(name, &cp);
		if (n == 0)
			return "is no valid UTF-8";
		if (cp < 0x80 ? is_control(name.p[0]) : utf8_is_unsafe(cp))
			return "has control characters or lines";
	}
	return NULL;
}

static bool
check_header(const struct csv_row *h, struct err *e)
{
	if (h->ncell > DUMP_COLUMNS_MAX)
		return err_set(e, ST_FAIL, "csv-header: %zu columns, at most %d",
		    h->ncell, DUMP_COLUMNS_MAX);
	for (size_t i = 0; i < h->ncell; i++) {
		const char *flaw = flaw_of(h->cell[i].text);

		if (flaw)
			return err_set(e, ST_FAIL, "csv-header: the name of "
			    "column %zu %s", i + 1, flaw);
		for (size_t j = 0; j < i; j++)
			if (sv_eq(h->cell[i].text, h->cell[j].text))
				return err_set(e, ST_FAIL,
				    "csv-header: column %zu repeats column "
				    "%zu", i + 1, j + 1);
	}
	return true;
}

/* What kind of datum a cell is that can be no column's name, or NULL. A name
 * may start with '@', such as "@timestamp". */
static const char *
kind_of_datum(sv cell)
{
	sv v = sv_trim(cell);
	size_t at = sv_find_byte(v, '@');
	int64_t us;
	double num;

	if (utc_parse(v, &us))
		return "a time";
	if (sv_to_double(v, &num))
		return "a number";
	if (sv_is_uuid(v))
		return "a UUID";
	return at > 0 && at + 1 < v.n ? "an e-mail address" : NULL;
}

bool
dump_is_header(const struct csv_row *first, struct err *e)
{
	for (size_t i = 0; i < first->ncell; i++) {
		const char *kind = kind_of_datum(first->cell[i].text);

		if (kind)
			return err_set(e, ST_FAIL, "csv-header: the first row "
			    "looks like data: its cell %zu is %s; write the "
			    "table with a header: \\copy (...) to ... csv "
			    "header", i + 1, kind);
	}
	return true;
}

static bool
check_needs(size_t t, const struct csv_row *h, struct err *e)
{
	struct buf list = BUF_INIT;
	size_t n = missing(t, h, &list);

	if (n)
		err_set(e, ST_FAIL, "csv-header: table %.*s has no column%s "
		    "%.*s, which it needs",
		    SV_ARG(rec_kinds[tables[t].kind].name), n > 1 ? "s" : "",
		    SV_ARG(buf_sv(&list)));
	buf_release(&list);
	return n == 0;
}

static const char *
own_time(const struct csv_row *h)
{
	for (size_t i = 0; i < countof(time_names); i++)
		if (has_column(h, time_names[i]))
			return time_names[i];
	return NULL;
}

bool
dump_open(struct dump *d, struct arena *perm, sv table,
    const struct csv_row *header, const struct redact *redact, struct err *e)
{
	size_t t = find_table(table, header);
	bool known = t < countof(tables);
	const char *time = known ? tables[t].time : own_time(header);

	if (!check_header(header, e) || (known && !check_needs(t, header, e)))
		return false;
	d->kind = known ? tables[t].kind : REC_ROW;
	d->table = known ? rec_kinds[d->kind].name :
	    sv_null(table) ? SV("unnamed") :
	    arena_sv(perm, utf8_clean(table, perm));
	d->redact = redact;
	d->secret = false;
	d->timeless = !known || tables[t].timeless;
	d->null_text = SV_NULL;
	d->ncolumns = header->ncell;
	d->name = arena_array(perm, header->ncell, sizeof(*d->name));
	d->field = arena_array(perm, header->ncell, sizeof(*d->field));
	for (size_t i = 0; i < header->ncell; i++) {
		sv raw = header->cell[i].text;

		d->name[i] = arena_sv(perm, redact_text(redact, raw, perm));
		d->field[i] = find_field(d, d->name[i], time, header);
		d->secret |= secretname_is(raw, false);
		if (d->field[i] == DUMP_TIME)
			d->time = i;
	}
	return true;
}

static bool
read_bool(sv v, bool *out)
{
	*out = sv_is(v, "t") || sv_is(v, "true");
	return *out || sv_is(v, "f") || sv_is(v, "false");
}

static bool
read_time(sv v, int64_t *us)
{
	return utc_read(&v, true, us) && v.n == 0;
}

/* False when the text is no value of the field's type. */
static bool
put_cell(struct rec *r, int field, sv text)
{
	enum field_type type = rec_kinds[r->kind].field[field].type;
	int64_t num;
	double real;
	bool yes;

	if (type == F_INT) {
		if (!sv_to_i64(text, &num))
			return false;
		rec_put_i64(r, field, num);
	} else if (type == F_BOOL) {
		if (!read_bool(text, &yes))
			return false;
		rec_put_i64(r, field, yes);
	} else if (type == F_REAL) {
		if (!sv_to_double(text, &real))
			return false;
		rec_put_real(r, field, real);
	} else if (type == F_TIME) {
		if (!read_time(text, &num))
			return false;
		rec_put_i64(r, field, num);
	} else {
		rec_put_sv(r, field, text);
	}
	return true;
}

enum { MAC_DIGITS = 64 };

/* The digits of a MAC, alone or as a bytea's text; null if it is none. */
static sv
mac_digits(sv text)
{
	sv_skip_lit(&text, SV("\\x"));
	return text.n == MAC_DIGITS && sv_is_hex(text) ? text : SV_NULL;
}

static bool
is_mac(const struct dump *d, size_t i, sv text)
{
	return d->kind == REC_CUSTOMER && (d->field[i] == CUSTOMER_mac ||
	    d->field[i] == CUSTOMER_prev_mac) && !sv_null(mac_digits(text));
}

/* A row of the audit chain: its MAC is computed over the exact detail. */
static bool
is_chained(const struct dump *d, const struct csv_row *row)
{
	for (size_t i = 0; i < row->ncell && d->kind == REC_CUSTOMER; i++)
		if (d->field[i] == CUSTOMER_mac)
			return is_mac(d, i, row->cell[i].text);
	return false;
}

/* The cell's text; of a MAC the digits alone. */
static sv
cell_text(const struct dump *d, const struct csv_row *row, size_t i)
{
	sv text = row->cell[i].text;

	return is_mac(d, i, text) ? mac_digits(text) : text;
}

/* A cell without secrets. */
static sv
safe_text(const struct dump *d, size_t i, sv text, bool chained,
    struct arena *a)
{
	if ((chained && d->field[i] == CUSTOMER_detail) || is_mac(d, i, text))
		return text;
	if (text.n && d->field[i] < 0 && secretname_is(d->name[i], false))
		return redact_value(d->redact, text, a);
	return redact_text(d->redact, text, a);
}

static bool
is_null(const struct dump *d, const struct csv_cell *c)
{
	return !c->quoted && sv_eq(c->text, d->null_text);
}

/* NULL and "" hash differently, and so do shifted cells. How NULL or a MAC is
 * written does not matter. */
static uint64_t
hash_row(const struct dump *d, const struct csv_row *row, bool secret)
{
	uint64_t h = hash64(d->table, secret ? d->redact->seed : 0);

	for (size_t i = 0; i < row->ncell; i++) {
		const struct csv_cell *c = &row->cell[i];

		h = hash64(d->name[i], h);
		h = is_null(d, c) ? hash64(SV(""), h ^ 2) :
		    hash64(cell_text(d, row, i), h ^ 1);
	}
	return h;
}

enum { DETAIL_MAX = 256, SHOWN_MAX = 64 };

static bool
bad_fields(struct bad_line *bad, struct arena *a, size_t want, size_t got)
{
	char *p = arena_alloc(a, DETAIL_MAX);

	snprintf(p, DETAIL_MAX, "expected %zu fields, got %zu", want, got);
	*bad = (struct bad_line){ "csv-fields", p, 0 };
	return false;
}

/* What was expected instead of a text that psql can write and that is no time
 * here. */
static const char *
wanted_time(sv text)
{
	size_t year = 0;

	if (sv_is(text, "infinity") || sv_is(text, "-infinity"))
		return "expected a point in time";
	if (sv_ends(text, SV(" BC")))
		return "expected a time from the year 1 on";
	while (year < text.n && is_digit(text.p[year]))
		year++;
	if (year > 4 && year < text.n && text.p[year] == '-')
		return "expected a time up to the year 9999";
	return "expected a time";
}

static bool
bad_time(const struct dump *d, const struct csv_row *row, struct arena *a,
    struct bad_line *bad)
{
	char *p = arena_alloc(a, DETAIL_MAX);
	sv column = sv_take(d->name[d->time], SHOWN_MAX);
	sv text = utf8_clean(row->cell[d->time].text, a);
	const char *want = d->secret ? "expected a time" : wanted_time(text);

	text = sv_take(safe_text(d, d->time, text, false, a), SHOWN_MAX);
	if (d->secret)
		text = SV("another value");
	snprintf(p, DETAIL_MAX, "column %.*s: %s, got '%.*s'",
	    SV_ARG(column), want, SV_ARG(text));
	*bad = (struct bad_line){ "bad-time", p, 0 };
	return false;
}

/* A cell that has a field; its text stays in `extra` if it does not fit. */
static bool
take_field(struct rec *out, int field, sv text)
{
	bool is_time = rec_kinds[out->kind].field[field].type == F_TIME;
	bool fits = put_cell(out, field, text);

	if (!fits)
		out->notes |= NOTE_BIT(is_time ? NOTE_BAD_TIME :
		    NOTE_BAD_NUMBER);
	return fits;
}

/* The cell with what no text may hold written out, which the record notes. */
static sv
clean_cell(const struct dump *d, const struct csv_row *row, size_t i,
    struct arena *scratch, struct rec *out)
{
	sv text = cell_text(d, row, i), clean = utf8_clean(text, scratch);

	if (clean.p == text.p)
		return clean;
	if (sv_find_byte(text, '\0') < text.n)
		out->notes |= NOTE_BIT(NOTE_NUL_BYTES);
	if (!utf8_valid(text))
		out->notes |= NOTE_BIT(NOTE_INVALID_UTF8);
	return clean;
}

/* Takes one cell. False: it has no field of its own, or does not fit, and
 * belongs to `extra`. */
static bool
take_cell(const struct dump *d, size_t i, sv text, bool null, struct rec *out,
    bool *time_ok)
{
	if (d->field[i] >= 0)
		return null || take_field(out, d->field[i], text);
	if (d->field[i] == DUMP_EXTRA)
		return false;
	*time_ok = null ? d->timeless : read_time(text, &out->ts);
	return d->kind != REC_ROW;
}

bool
dump_row(const struct dump *d, const struct csv_row *row,
    struct arena *scratch, struct rec *out, struct bad_line *bad)
{
	struct buf extra = BUF_INIT;
	struct jsonw w = JSONW_INIT(&extra);
	bool any = d->kind == REC_ROW, ok = true, secret = false;
	bool chained;

	if (row->ncell != d->ncolumns)
		return bad_fields(bad, scratch, d->ncolumns, row->ncell);
	chained = is_chained(d, row);
	rec_init(out, d->kind);
	out->ts = UTC_NONE;
	jsonw_open(&w, '{');
	for (size_t i = 0; i < row->ncell && ok; i++) {
		const struct csv_cell *c = &row->cell[i];
		bool null = is_null(d, c);
		sv clean = clean_cell(d, row, i, scratch, out);
		sv text = null ? clean : safe_text(d, i, clean, chained,
		    scratch);

		secret |= text.p != clean.p;
		if (take_cell(d, i, text, null, out, &ok))
			continue;
		any = true;
		jsonw_key(&w, d->name[i]);
		jsonw_sv(&w, null ? SV_NULL : text);
	}
	jsonw_close(&w, '}');
	if (!ok)
		bad_time(d, row, scratch, bad);
	if (any)
		rec_put_sv(out, rec_kinds[d->kind].nfields - 1,
		    arena_sv(scratch, buf_sv(&extra)));
	if (d->kind == REC_ROW)
		rec_put_sv(out, ROW_dump, d->table);
	if (secret)
		out->notes |= NOTE_BIT(NOTE_REDACTED);
	out->hash = hash_row(d, row, secret);
	buf_release(&extra);
	return ok;
}

sv
dump_reject(const struct dump *d, sv raw, struct arena *scratch)
{
	return d->secret ? redact_value(d->redact, raw, scratch) :
	    redact_text(d->redact, raw, scratch);
}
