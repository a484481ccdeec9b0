/* SPDX-License-Identifier: MIT */
/*
 * raxx-chain: rows of an audit log into a chain of MACs, format raxx-audit-v1.
 *
 *	raxx-chain KEYID=FILE... <rows.csv >customer_audit_events.csv
 *
 * Columns of the input, in any order: seq, created_at, tenant_id, actor_id,
 * action, detail; of these may be missing or empty:
 *
 *   key_id  the key of the row; the first one named
 *   after   seq of the row of the tenant that this one follows, 0 for none; the
 *           row before it
 *   as      seq that the row shows instead, with the MAC it has
 *
 * {mac N} in a detail is the MAC of row N of the tenant. An empty cell without
 * quotes is NULL, as psql writes it. The output is what psql would print, with
 * id, key_id, prev_mac and mac. To break a chain, edit it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/io.h"
#include "base/utc.h"
#include "detect/auditmac.h"
#include "detect/chainkey.h"
#include "parse/csv.h"
#include "record/sitechain.h"

enum { INPUT_MAX = 256 << 20 };

enum column {
	SEQ, CREATED_AT, TENANT_ID, ACTOR_ID, ACTION, DETAIL, KEY_ID, AFTER, AS,
	COLUMN_N
};
static const char *const column_name[] = {
	"seq", "created_at", "tenant_id", "actor_id", "action", "detail",
	"key_id", "after", "as"
};
_Static_assert(countof(column_name) == COLUMN_N, "a name per column");

/* A row that is made; of one tenant they form a list, newest first. */
struct made {
	int64_t seq;
	uint8_t mac[AUDITMAC_LEN];
	const struct made *before;
};

struct tenant {
	sv name;
	const struct made *last;
	struct tenant *next;
};

struct maker {
	struct arena a;
	struct chainkey *ring;
	sv first_key;
	int column[COLUMN_N]; /* of the input, -1 none */
	struct tenant *tenants;
	int64_t rows;
	struct buf out;
	struct err e;
};

static struct tenant *
tenant_of(struct maker *m, sv name)
{
	struct tenant *t = m->tenants;

	while (t && !sv_eq(t->name, name))
		t = t->next;
	if (t)
		return t;
	t = arena_new(&m->a, struct tenant);
	*t = (struct tenant){ arena_sv(&m->a, name), NULL, m->tenants };
	m->tenants = t;
	return t;
}

static const struct made *
find_made(const struct tenant *t, int64_t seq)
{
	const struct made *r = t->last;

	while (r && r->seq != seq)
		r = r->before;
	return r;
}

/* NULL is a null view. */
static sv
cell(const struct maker *m, const struct csv_row *row, enum column c)
{
	int i = m->column[c];

	if (i < 0 || (row->cell[i].text.n == 0 && !row->cell[i].quoted))
		return SV_NULL;
	return row->cell[i].text;
}

static bool
bad(struct maker *m, const char *what, sv v)
{
	return err_set(&m->e, ST_USAGE, "row %lld: %s '%.*s'",
	    (long long)m->rows + 1, what, SV_ARG(v));
}

static bool
number(struct maker *m, sv v, int64_t *out)
{
	return sv_to_i64(v, out) || bad(m, "no number:", v);
}

/* The detail with {mac N} resolved. */
static bool
detail_of(struct maker *m, const struct tenant *t, sv in, sv *out)
{
	struct buf b = BUF_INIT;
	bool ok = true;

	*out = in;
	if (sv_null(in))
		return true;
	while (ok && in.n) {
		size_t at = sv_find(in, SV("{mac "));
		const struct made *r;
		int64_t seq;
		sv rest;

		buf_add(&b, sv_take(in, at));
		rest = sv_skip(in, at + 5);
		in = SV_NULL;
		if (rest.n == 0)
			break;
		in = sv_skip(rest, sv_find_byte(rest, '}') + 1);
		ok = number(m, sv_take(rest, sv_find_byte(rest, '}')), &seq);
		r = ok ? find_made(t, seq) : NULL;
		if (r)
			buf_hex(&b, r->mac, sizeof(r->mac));
		else
			ok = bad(m, "no row before this has the seq of", rest);
	}
	*out = arena_sv(&m->a, buf_sv(&b));
	buf_release(&b);
	return ok;
}

static void
put_cell(struct buf *b, sv v)
{
	if (sv_null(v))
		return;
	buf_byte(b, '"');
	while (v.n) {
		size_t n = sv_find_byte(v, '"');

		buf_add(b, sv_take(v, n));
		if (n < v.n)
			buf_lit(b, "\"\"");
		v = sv_skip(v, n + 1);
	}
	buf_byte(b, '"');
}

/* psql leaves out the quotes where it can, but not those of "". */
static void
put_plain(struct buf *b, sv v)
{
	bool quote = !sv_null(v) && (v.n == 0 || sv_has(v, SV("\"")) ||
	    sv_has(v, SV(",")) || sv_has(v, SV("\n")) || sv_has(v, SV("\r")));

	if (quote)
		put_cell(b, v);
	else
		buf_add(b, v);
}

static void
put_row(struct maker *m, const struct csv_row *row, sv detail, sv key,
    const uint8_t *prev, const struct made *r)
{
	sv as = cell(m, row, AS);
	struct buf *b = &m->out;

	buf_i64(b, ++m->rows);
	buf_byte(b, ',');
	buf_add(b, sv_null(as) ? cell(m, row, SEQ) : as);
	for (int c = CREATED_AT; c <= ACTION; c++) {
		buf_byte(b, ',');
		put_plain(b, cell(m, row, (enum column)c));
	}
	buf_byte(b, ',');
	put_plain(b, detail);
	buf_byte(b, ',');
	put_plain(b, key);
	buf_byte(b, ',');
	if (prev)
		buf_hex(b, prev, AUDITMAC_LEN);
	buf_byte(b, ',');
	buf_hex(b, r->mac, sizeof(r->mac));
	buf_byte(b, '\n');
}

/* What the row follows; NULL: nothing. */
static bool
find_before(struct maker *m, const struct tenant *t, sv after,
    const struct made **out)
{
	int64_t seq;

	*out = t->last;
	if (sv_null(after))
		return true;
	if (!number(m, after, &seq))
		return false;
	*out = find_made(t, seq);
	return *out || seq == 0 || bad(m, "no row before this has seq", after);
}

static bool
make_row(struct maker *m, const struct csv_row *row)
{
	static const uint8_t zeros[AUDITMAC_LEN];
	struct tenant *t = tenant_of(m, cell(m, row, TENANT_ID));
	sv key = cell(m, row, KEY_ID), time = cell(m, row, CREATED_AT), detail;
	struct made *r = arena_new(&m->a, struct made);
	struct audit_row fields = { .actor_id = cell(m, row, ACTOR_ID),
		.action = cell(m, row, ACTION) };
	const struct made *before;

	if (sv_null(key))
		key = m->first_key;
	if (!number(m, cell(m, row, SEQ), &r->seq) ||
	    !find_before(m, t, cell(m, row, AFTER), &before) ||
	    !detail_of(m, t, cell(m, row, DETAIL), &detail))
		return false;
	if (!utc_parse(time, &fields.created_at))
		return bad(m, "no time:", time);
	if (!chainkey_find(m->ring, key))
		return bad(m, "no such key:", key);
	fields.seq = r->seq;
	fields.detail = detail;
	auditmac_row(chainkey_find(m->ring, key),
	    before ? before->mac : zeros, &fields, r->mac);
	put_row(m, row, detail, key, before ? before->mac : NULL, r);
	r->before = t->last;
	t->last = r;
	return true;
}

static bool
read_header(struct maker *m, const struct csv_row *h)
{
	for (int c = 0; c < COLUMN_N; c++) {
		m->column[c] = -1;
		for (size_t i = 0; i < h->ncell; i++)
			if (sv_is(h->cell[i].text, column_name[c]))
				m->column[c] = (int)i;
		if (m->column[c] < 0 && c < KEY_ID)
			return err_set(&m->e, ST_USAGE, "no column '%s'",
			    column_name[c]);
	}
	buf_lit(&m->out, "id,seq,created_at,tenant_id,actor_id,action,detail,"
	    "key_id,prev_mac,mac\n");
	return true;
}

static bool
make_all(struct maker *m, sv rest)
{
	struct csv_row row;
	size_t width;

	if (csv_next(&rest, ',', true, &m->a, &row) != CSV_ROW)
		return err_set(&m->e, ST_USAGE, "no header");
	width = row.ncell;
	if (!read_header(m, &row))
		return false;
	for (;;) {
		enum csv_result got = csv_next(&rest, ',', true, &m->a, &row);

		if (got == CSV_END)
			return true;
		if (got == CSV_BLANK)
			continue;
		if (got != CSV_ROW || row.ncell != width)
			return bad(m, "no row:", sv_trim(row.raw));
		if (!make_row(m, &row))
			return false;
	}
}

static bool
read_keys(struct maker *m, int argc, char **argv)
{
	struct site_chain c = { SV(AUDITMAC_FORMAT),
		arena_array(&m->a, (size_t)argc, sizeof(*c.key)), 0 };
	struct buf b = BUF_INIT;

	for (int i = 1; i < argc; i++) {
		sv rest = sv_str(argv[i]);

		c.key[c.nkeys].id = sv_cut(&rest, '=');
		c.key[c.nkeys++].file = sv_null(rest) ? SV("") : rest;
	}
	m->first_key = c.nkeys ? c.key[0].id : SV_NULL;
	m->ring = chainkey_open(&c);
	if (c.nkeys && chainkey_usable(m->ring) == c.nkeys)
		return true;
	chainkey_json(&b, m->ring);
	err_set(&m->e, ST_USAGE, "usage: raxx-chain KEYID=FILE...; %.*s",
	    SV_ARG(buf_sv(&b)));
	buf_release(&b);
	return false;
}

int
main(int argc, char **argv)
{
	struct maker m = { .a = ARENA_INIT, .out = BUF_INIT, .e = ERR_INIT };
	sv text;
	bool ok = read_keys(&m, argc, argv) &&
	    io_read_file(&m.a, "/dev/stdin", INPUT_MAX, &text, &m.e) &&
	    make_all(&m, text) &&
	    io_write_all(STDOUT_FILENO, buf_sv(&m.out), &m.e);

	if (!ok)
		fprintf(stderr, "raxx-chain: %s\n", m.e.msg);
	chainkey_close(m.ring);
	buf_release(&m.out);
	arena_release(&m.a);
	return ok ? 0 : (int)m.e.status;
}
