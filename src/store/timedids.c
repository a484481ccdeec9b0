/* SPDX-License-Identifier: MIT */
#include "store/timedids.h"

#include <stdlib.h>

#include "base/hash.h"

enum {
	SCANS = 3,          /* that are cheaper than to make it */
	ROWS_MAX = 4 << 20  /* of it, 16 bytes each */
};

static bool
is_id(int type)
{
	return type == SQLITE_BLOB || type == SQLITE_TEXT;
}

/* Text and blob of equal bytes are two ids: who asks compares them again. */
static uint64_t
hash_of(sqlite3_value *v)
{
	const void *p = sqlite3_value_blob(v);
	size_t n = (size_t)sqlite3_value_bytes(v);

	return hash64(sv_of(p ? p : "", n), 0);
}

static int
compare(const void *a, const void *b)
{
	const struct timedid *x = a, *y = b;

	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	return (x->id > y->id) - (x->id < y->id);
}

static int
gather(struct timedids *x, sqlite3_stmt *s)
{
	size_t n = 0;
	int rc;

	while ((rc = sqlite3_step(s)) == SQLITE_ROW) {
		struct timedid one = { hash_of(sqlite3_column_value(s, 0)),
			sqlite3_column_int64(s, 1) };

		if (!is_id(sqlite3_column_type(s, 0)) || n++ == ROWS_MAX)
			return SQLITE_OK;
		buf_mem(&x->mem, &one, sizeof(one));
	}
	x->usable = rc == SQLITE_DONE;
	return x->usable ? SQLITE_OK : rc;
}

static int
make(struct timedids *x, sqlite3 *db, const char *table)
{
	struct buf b = BUF_INIT;
	sqlite3_stmt *s = NULL;
	int rc;

	buf_printf(&b, "SELECT " TIMEDIDS_COLUMN ", id FROM main.%s WHERE "
	    TIMEDIDS_COLUMN " IS NOT NULL%c", table, '\0');
	rc = sqlite3_prepare_v2(db, b.p, -1, &s, NULL);
	buf_release(&b);
	if (rc == SQLITE_OK)
		rc = gather(x, s);
	sqlite3_finalize(s);
	x->made = rc == SQLITE_OK;
	if (!x->usable)
		buf_release(&x->mem);
	if (x->mem.n)
		qsort(x->mem.p, x->mem.n / sizeof(struct timedid),
		    sizeof(struct timedid), compare);
	return rc;
}

/* Is it there for the state of the store? */
static bool
is_ready(struct timedids *x, sqlite3 *db, const char *table, uint32_t version,
    int *rc)
{
	if (x->version != version) {
		timedids_release(x);
		x->version = version;
	}
	if (!x->made && x->asked++ >= SCANS)
		*rc = make(x, db, table);
	return x->usable;
}

bool
timedids_find(struct timedids *x, sqlite3 *db, const char *table,
    uint32_t version, sqlite3_value *value, struct timedids_range *out, int *rc)
{
	const struct timedid *v;
	size_t lo = 0, n, hi;
	uint64_t hash;

	if (!is_id(sqlite3_value_type(value)) ||
	    !is_ready(x, db, table, version, rc))
		return false;
	hash = hash_of(value);
	v = (const struct timedid *)(const void *)x->mem.p;
	n = hi = x->mem.n / sizeof(*v);
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (v[mid].hash < hash)
			lo = mid + 1;
		else
			hi = mid;
	}
	*out = (struct timedids_range){ v ? v + lo : NULL, 0 };
	while (lo + out->n < n && out->v[out->n].hash == hash)
		out->n++;
	return true;
}

void
timedids_release(struct timedids *x)
{
	buf_release(&x->mem);
	*x = (struct timedids){ .version = 0 };
}
