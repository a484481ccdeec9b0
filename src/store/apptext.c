/* SPDX-License-Identifier: MIT */
#include "store/apptext.h"

#include <assert.h>

#include "base/buf.h"
#include "store/dbpriv.h"
#include "store/form.h"
#include "store/idtext.h"
#include "store/kind.h"
#include "store/query.h"
#include "store/sqlvalue.h"
#include "store/subset.h"

#define FUNCTION "app_message"
/* How the store's view of app events asks for a text. */
#define LOOK_UP(column) \
	"'(SELECT " column " FROM app_text WHERE id = r.id)'"
enum { ARG_FORM, ARG_ID, ARG_CLIENT, ARG_VALUE, ARGS = ARG_VALUE + FORM_VALUES };

/* --- the function --------------------------------------------------------- */

static struct form_value
value_of(sqlite3_value *v)
{
	struct form_value x = { .kind = FORM_TEXT, .bytes = SV("") };

	switch (sqlite3_value_type(v)) {
	case SQLITE_INTEGER:
		x.kind = FORM_INT;
		x.i = sqlite3_value_int64(v);
		break;
	case SQLITE_FLOAT:
		x.kind = FORM_REAL;
		x.real = sqlite3_value_double(v);
		break;
	case SQLITE_BLOB:
		x.kind = FORM_BLOB;
		x.bytes = sqlvalue_bytes(v);
		break;
	case SQLITE_TEXT:
		x.bytes = sqlvalue_bytes(v);
		break;
	default: /* NULL */
		break;
	}
	return x;
}

/* app_message(form, request_id, client, v1, ..., v16) */
static void
put_together(sqlite3_context *out, int n, sqlite3_value **arg)
{
	struct buf b = BUF_INIT;
	size_t i = 0;
	sv rest;

	(void)n;
	if (sqlite3_value_type(arg[ARG_FORM]) == SQLITE_NULL)
		return;
	for (rest = sqlvalue_bytes(arg[ARG_FORM]); form_next(&b, &rest);) {
		struct form_value v;

		if (i == FORM_VALUES)
			continue;
		v = value_of(arg[ARG_VALUE + i++]);
		form_put_value(&b, &v, sqlvalue_bytes(arg[ARG_ID]),
		    sqlite3_value_int64(arg[ARG_CLIENT]));
	}
	sqlvalue_give_buf(out, &b);
}

/* --- the views ------------------------------------------------------------ */

static void
put_call(struct buf *b, const char *form, const char *column)
{
	buf_printf(b, "iif(r.%s IS NULL, r.%s, " FUNCTION "((SELECT s FROM "
	    "form WHERE id = r.%s), r.request_id, r.client", form, column,
	    form);
	for (int i = 1; i <= FORM_VALUES; i++)
		buf_printf(b, ", r.v%d", i);
	buf_lit(b, "))");
}

/* The columns of the store's view, in its order. */
static bool
put_app_text(struct store *st, struct buf *b, struct err *e)
{
	sqlite3_stmt *s = db_prepare(st,
	    "SELECT name FROM pragma_table_info('app_text', 'main')");
	const char *comma = "";
	int rc;

	buf_lit(b, "CREATE TEMP VIEW IF NOT EXISTS app_text AS SELECT ");
	while ((rc = sqlite3_step(s)) == SQLITE_ROW) {
		const char *name = (const char *)sqlite3_column_text(s, 0);

		buf_str(b, comma);
		comma = ", ";
		if (strcmp(name, "message") == 0)
			put_call(b, "form", name);
		else if (strcmp(name, "fields") == 0)
			put_call(b, "fields_form", name);
		else if (strcmp(name, "line") == 0)
			buf_lit(b, KIND_LINE);
		else if (strcmp(name, "byte") == 0)
			buf_lit(b, KIND_BYTE);
		else
			buf_printf(b, "r.%s", name);
		buf_printf(b, " AS %s", name);
	}
	buf_lit(b, " FROM app AS r;");
	sqlite3_finalize(s);
	return rc == SQLITE_DONE || db_err(st, e, "store");
}

/* As it is, but that texts are put together at once, not by a look-up. Without it
 * a store that is looked at as of an earlier time would show all of them. */
static bool
put_app_events(struct store *st, struct buf *b, struct err *e)
{
	sqlite3_stmt *s = db_prepare(st, "SELECT replace(replace(" IDTEXT_SHORT(
	    "substr(sql, length('CREATE VIEW') + 1)") ", " LOOK_UP("message")
	    ", ?1), " LOOK_UP("fields") ", ?2) FROM main.sqlite_schema "
	    "WHERE name = 'app_events'");
	struct buf message = BUF_INIT, fields = BUF_INIT;
	int rc;

	put_call(&message, "form", "message");
	put_call(&fields, "fields_form", "fields");
	db_bind_sv(s, 1, buf_sv(&message));
	db_bind_sv(s, 2, buf_sv(&fields));
	rc = sqlite3_step(s);
	if (rc == SQLITE_ROW)
		buf_printf(b, "CREATE TEMP VIEW IF NOT EXISTS%s;",
		    (const char *)sqlite3_column_text(s, 0));
	sqlite3_finalize(s);
	buf_release(&message);
	buf_release(&fields);
	return rc == SQLITE_ROW || db_err(st, e, "store");
}

bool
apptext_install(struct store *st, struct err *e)
{
	int rc = sqlite3_create_function_v2(st->db, FUNCTION, ARGS, SQLITE_UTF8 |
	    SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS, NULL, put_together, NULL,
	    NULL, NULL);
	struct buf b = BUF_INIT;
	bool ok;

	if (rc != SQLITE_OK)
		return db_err(st, e, "store");
	query_allow(st, FUNCTION);
	ok = idtext_install(st, e) && put_app_text(st, &b, e) &&
	    put_app_events(st, &b, e);
	buf_byte(&b, '\0');
	ok = ok && subset_change(st, b.p, e);
	buf_release(&b);
	return ok;
}
