/* SPDX-License-Identifier: MIT */
#include "store/bulkbind.h"

#include "store/dbnum.h"

/* Returns the bytes that the value has. Behind them a row has room for more. */
static size_t
bind(sqlite3_stmt *s, int at, uint64_t type, const uint8_t *p)
{
	size_t n = dbnum_size(type);
	int64_t bits;
	double real;

	if (type == 0) {
		sqlite3_bind_null(s, at);
	} else if (type == DBNUM_FALSE || type == DBNUM_TRUE) {
		sqlite3_bind_int(s, at, type == DBNUM_TRUE);
	} else if (type == DBNUM_REAL) {
		bits = dbnum_int(p, (unsigned)n);
		memcpy(&real, &bits, sizeof(real));
		sqlite3_bind_double(s, at, real);
	} else if (type < DBNUM_BYTES) {
		sqlite3_bind_int64(s, at, dbnum_int(p, (unsigned)n));
	} else if (type % 2 == 0) {
		sqlite3_bind_blob64(s, at, p, n, SQLITE_STATIC);
	} else {
		sqlite3_bind_text64(s, at, (const char *)p, n, SQLITE_STATIC,
		    SQLITE_UTF8);
	}
	return n;
}

void
bulkbind_row(sqlite3_stmt *s, int64_t id, const struct bulkrow *r)
{
	const uint8_t *type = r->type + 1, *end = r->type + r->nset;
	const uint8_t *p = (const uint8_t *)r->value.p;
	int n = sqlite3_bind_parameter_count(s), column = 2;
	uint64_t t;

	sqlite3_bind_int64(s, 1, id);
	for (; dbnum_varint(&type, end, &t); column++)
		p += bind(s, column, t, p);
	for (; column <= n; column++)
		sqlite3_bind_null(s, column);
}
