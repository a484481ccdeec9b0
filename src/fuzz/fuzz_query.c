/* SPDX-License-Identifier: MIT */
/*
 * Arbitrary text as a rule's SQL over a small store: whatever it says, it ends
 * in time and the store is as before.
 */
#include <assert.h>
#include <sqlite3.h>
#include <stdint.h>

#include "store/db.h"
#include "store/query.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

enum { ROWS = 1000 };

static const char content[] =
    "INSERT INTO source VALUES (1, x'01', 'a.log', 'x', 'pull', 'api', NULL, "
    "1, 0, 2, 2, 0, 0, 0, NULL, '{}', NULL, 0); "
    "INSERT INTO str VALUES (1, 'GET');"
    "INSERT INTO main.request_row (ts, source, line, byte, hash, nth, flags, method, "
    "path, client) VALUES (5, 1, 1, 0, 7, 1, 0, 1, '/x', 16909060);"
    "INSERT INTO main.metric (id, ts, source, line, byte, hash, nth, origin, "
    "samples) VALUES (1, 6, 1, 2, 9, 8, 1, 1, '[[\"a\",1,\"b\"]]');";

static struct store *
make_store(void)
{
	struct err e = ERR_INIT;
	struct store *st = store_open(NULL, STORE_MEMORY, &e);
	int rc;

	assert(st != NULL);
	rc = sqlite3_exec(store_handle(st), content, NULL, NULL, NULL);
	assert(rc == SQLITE_OK);
	(void)rc;
	return st;
}

/* Statements of ours are not guarded once the query is closed. */
static int64_t
schema_version(struct store *st)
{
	return query_one_i64(st, "SELECT (SELECT count(*) FROM sqlite_schema) "
	    "+ (SELECT count(*) FROM sqlite_temp_schema) * 1000 + "
	    "(SELECT count(*) FROM pragma_database_list) * 1000000", -1);
}

static void
read_row(struct query *q)
{
	for (int i = 0; i < query_columns(q); i++) {
		sv text = query_text(q, i);

		assert(text.p != NULL || query_is_null(q, i));
		(void)text;
	}
}

static void
run(struct query *q)
{
	struct err e = ERR_INIT;
	enum query_end end;
	int rows = 0;

	query_limit(q, 0.2, ROWS);
	while ((end = query_next(q, &e)) == QUERY_MORE) {
		read_row(q);
		rows++;
	}
	assert(rows <= ROWS);
	assert((end == QUERY_FAILED) == (e.status != ST_OK));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static struct store *st;
	struct err e = ERR_INIT;
	struct query *q;
	int64_t schema;
	int changes, at;

	if (st == NULL)
		st = make_store();
	changes = sqlite3_total_changes(store_handle(st));
	schema = schema_version(st);
	q = query_open(st, sv_of(n ? (const char *)data : "", n), &at, &e);
	assert((q == NULL) == (e.status == ST_USAGE));
	if (q)
		run(q);
	query_close(q);
	assert(sqlite3_total_changes(store_handle(st)) == changes);
	assert(sqlite3_get_autocommit(store_handle(st)));
	assert(schema_version(st) == schema);
	return 0;
}
