/* SPDX-License-Identifier: MIT */
#include "store/bulkbind.h"

#include "store/dbnum.h"

enum { TYPE_REAL = 7, TYPE_ZERO = 8, TYPE_ONE = 9, TYPE_BYTES = 12 };

static int64_t
read_int(const uint8_t *p, size_t n)
{
	uint64_t v = p[0] & 0x80 ? UINT64_MAX : 0;

	for (size_t i = 0; i < n; i++)
		v = v << 8 | p[i];
	return (int64_t)v;
}

/* Returns the bytes that the value has. */
static size_t
bind(sqlite3_stmt *s, int at, uint64_t type, const uint8_t *p)
{
	static const uint8_t bytes[] = { 0, 1, 2, 3, 4, 6, 8, 8, 0, 0 };
	size_t n = type < TYPE_BYTES ? bytes[type] : (type - TYPE_BYTES) / 2;
	int64_t bits;
	double real;

	if (type == 0) {
		sqlite3_bind_null(s, at);
	} else if (type == TYPE_ZERO || type == TYPE_ONE) {
		sqlite3_bind_int(s, at, type == TYPE_ONE);
	} else if (type == TYPE_REAL) {
		bits = read_int(p, n);
		memcpy(&real, &bits, sizeof(real));
		sqlite3_bind_double(s, at, real);
	} else if (type < TYPE_BYTES) {
		sqlite3_bind_int64(s, at, read_int(p, n));
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
