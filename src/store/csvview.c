/* SPDX-License-Identifier: MIT */
#include "store/csvview.h"

#include "base/ascii.h"
#include "base/buf.h"
#include "record/rec.h"
#include "store/dbpriv.h"

/* SQLite takes 2,000 of a view (https://www.sqlite.org/limits.html); what is behind
 * is in dump_row alone. */
enum { COLUMNS_MAX = 1900 };

static const char time_of_ts[] =
    "strftime('%Y-%m-%dT%H:%M:%S', ts / 1000000, 'unixepoch') || "
    "printf('.%06dZ', ts % 1000000)";

/* Names of dumps and columns are data: only letters, digits and _ go into SQL
 * as they are. */
static bool
is_plain(char c)
{
	return is_alnum(c) || c == '_';
}

static void
put_name(struct buf *b, sv name)
{
	for (size_t i = 0; i < name.n; i++)
		buf_byte(b, is_plain(name.p[i]) ?
		    (char)to_lower(name.p[i]) : '_');
}

static bool
all_plain(sv name)
{
	for (size_t i = 0; i < name.n; i++)
		if (!is_plain(name.p[i]))
			return false;
	return true;
}

static void
put_text(struct buf *b, sv text)
{
	if (all_plain(text)) {
		buf_printf(b, "'%.*s'", SV_ARG(text));
		return;
	}
	buf_lit(b, "CAST(x'");
	buf_hex(b, text.p, text.n);
	buf_lit(b, "' AS TEXT)");
}

/* Several names may make one: "a-b" and "a_b" share the view csv_a_b. */
static void
put_dumps(struct store *st, struct buf *b, sv name)
{
	sqlite3_stmt *s = db_prepare(st, "SELECT DISTINCT dump FROM source "
	    "WHERE dump IS NOT NULL ORDER BY dump");
	struct buf other = BUF_INIT;
	const char *between = "dump IN (SELECT id FROM str WHERE s IN (";

	while (sqlite3_step(s) == SQLITE_ROW) {
		sv dump = db_column_sv(s, 0);

		buf_clear(&other);
		put_name(&other, dump);
		if (!sv_eq(buf_sv(&other), name))
			continue;
		buf_add(b, sv_str(between));
		put_text(b, dump);
		between = ", ";
	}
	buf_lit(b, "))");
	sqlite3_finalize(s);
	buf_release(&other);
}

/* All rows of one input have the same columns: one row of each tells them. In
 * order of arrival, so that the order of loading does not show. */
static void
put_columns(struct store *st, struct buf *b, sv dumps)
{
	struct buf sql = BUF_INIT;
	sqlite3_stmt *s;

	buf_printf(&sql, "SELECT key FROM (SELECT j.key, row_number() OVER "
	    "(ORDER BY s.arrived, s.digest, j.id) AS n FROM dump_row AS r "
	    "JOIN source AS s ON s.id = r.source, json_each(r.fields) AS j "
	    "WHERE r.id IN (SELECT min(id) FROM dump_row WHERE %.*s "
	    "GROUP BY source)) GROUP BY key ORDER BY min(n) LIMIT %d%c",
	    SV_ARG(dumps), COLUMNS_MAX, '\0');
	s = db_prepare(st, sql.p);
	while (sqlite3_step(s) == SQLITE_ROW) {
		sv key = db_column_sv(s, 0);

		if (all_plain(key)) {
			buf_printf(b, ", fields ->> '$.\"%.*s\"' AS c_",
			    SV_ARG(key));
		} else {
			buf_lit(b, ", (SELECT value FROM json_each(fields) "
			    "WHERE key = ");
			put_text(b, key);
			buf_lit(b, ") AS c_");
		}
		put_name(b, key);
	}
	sqlite3_finalize(s);
	buf_release(&sql);
}

static void
put_view(struct buf *b, sv name, sv dumps, sv columns)
{
	buf_printf(b, "DROP VIEW IF EXISTS csv_%.*s; CREATE VIEW csv_%.*s AS "
	    "SELECT id * 16 + %d AS rec, ts, %s AS time%.*s, "
	    "(SELECT name FROM source WHERE id = dump_row.source) AS source, "
	    "line, byte, hash, nth FROM dump_row WHERE %.*s%c", SV_ARG(name),
	    SV_ARG(name), REC_ROW, time_of_ts, SV_ARG(columns), SV_ARG(dumps),
	    '\0');
}

bool
csvview_make(struct store *st, sv dump, struct err *e)
{
	struct buf b = BUF_INIT, name = BUF_INIT, dumps = BUF_INIT;
	struct buf columns = BUF_INIT;
	bool ok = true;

	put_name(&name, dump);
	put_dumps(st, &dumps, buf_sv(&name));
	put_columns(st, &columns, buf_sv(&dumps));
	if (columns.n) {
		put_view(&b, buf_sv(&name), buf_sv(&dumps), buf_sv(&columns));
		ok = db_exec(st, b.p, e);
	}
	buf_release(&b);
	buf_release(&name);
	buf_release(&dumps);
	buf_release(&columns);
	return ok;
}
