/* SPDX-License-Identifier: MIT */
#include "store/sqlvalue.h"

sv
sqlvalue_bytes(sqlite3_value *v)
{
	const void *p;
	int type = sqlite3_value_type(v);

	if (type == SQLITE_NULL)
		return SV_NULL;
	p = type == SQLITE_BLOB ? sqlite3_value_blob(v) :
	    (const void *)sqlite3_value_text(v);
	/* value_bytes belongs to the form asked for last: so p first */
	return sv_of(p ? p : "", (size_t)sqlite3_value_bytes(v));
}

bool
sqlvalue_any_null(int n, sqlite3_value **v)
{
	for (int i = 0; i < n; i++)
		if (sqlite3_value_type(v[i]) == SQLITE_NULL)
			return true;
	return false;
}

void
sqlvalue_give(sqlite3_context *c, sv text)
{
	if (sv_null(text))
		sqlite3_result_null(c);
	else
		sqlite3_result_text64(c, text.p, text.n, SQLITE_TRANSIENT,
		    SQLITE_UTF8);
}

void
sqlvalue_give_buf(sqlite3_context *c, struct buf *b)
{
	sqlvalue_give(c, buf_sv(b));
	buf_release(b);
}
