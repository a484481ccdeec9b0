/* SPDX-License-Identifier: MIT */
#include "store/query.h"

#include <assert.h>
#include <stdlib.h>

#include "base/attr.h"
#include "base/oom.h"
#include "base/stopwatch.h"
#include "store/dbpriv.h"
#include "store/memory.h"
#include "store/sqlallow.h"

enum { PROGRESS_STEPS = 1000 };

struct query {
	struct store *st;
	sqlite3_stmt *s;
	char *text;
	struct deadline deadline; /* set by query_limit */
	uint64_t rows;   /* left, UINT64_MAX no limit */
	uint64_t read;   /* rows so far */
	uint64_t scanned; /* of tables of timed.h */
	int64_t memory;  /* bytes that it may still take */
	const char *limit; /* that was hit */
};

/* SQLite's, as far as they are harmless, and those that were added for rules. */
static bool
may_call(const struct store *st, sv name)
{
	for (size_t i = 0; i < st->nallowed; i++)
		if (sv_eq_nocase(name, sv_str(st->allowed[i])))
			return true;
	return sqlallow_function(name);
}

void
query_allow(struct store *st, const char *function)
{
	for (size_t i = 0; i < st->nallowed; i++)
		if (strcmp(st->allowed[i], function) == 0)
			return;
	assert(st->nallowed < countof(st->allowed));
	st->allowed[st->nallowed++] = function;
}

static int
authorize(void *ctx, int action, const char *a, const char *b, const char *db,
    const char *trigger)
{
	struct store *st = ctx;
	bool ok;

	(void)db;
	(void)trigger;
	if (st->guarded == 0)
		return SQLITE_OK;
	switch (action) {
	case SQLITE_SELECT:
	case SQLITE_RECURSIVE:
		ok = true;
		break;
	case SQLITE_READ:
		ok = sqlallow_table(sv_str(a));
		break;
	case SQLITE_FUNCTION:
		ok = may_call(st, sv_str(b));
		break;
	default:
		ok = false;
	}
	return ok ? SQLITE_OK : SQLITE_DENY;
}

static int
progress(void *ctx)
{
	const struct store *st = ctx;

	return st->deadline.now > 0 && stopwatch_now() > st->deadline.now &&
	    stopwatch_cpu() > st->deadline.cpu;
}

static const struct {
	int id, value;
} limits[] = {
	{ SQLITE_LIMIT_LENGTH, 256 * 1024 * 1024 },
	{ SQLITE_LIMIT_SQL_LENGTH, 1000000 },
	{ SQLITE_LIMIT_COLUMN, 600 }, /* a dump has at most 512 */
	{ SQLITE_LIMIT_EXPR_DEPTH, 200 }, { SQLITE_LIMIT_COMPOUND_SELECT, 50 },
	{ SQLITE_LIMIT_FUNCTION_ARG, 64 }, { SQLITE_LIMIT_ATTACHED, 0 },
	{ SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 500 },
	{ SQLITE_LIMIT_TRIGGER_DEPTH, 1 }, { SQLITE_LIMIT_WORKER_THREADS, 0 },
};

/* Table-valued functions declare their columns when first named, which the
 * authorizer would take for CREATE TABLE: name them before it watches. */
static void
name_table_functions(sqlite3 *db)
{
	sqlite3_stmt *s = NULL;

	sqlite3_set_authorizer(db, NULL, NULL);
	sqlite3_prepare_v2(db, "SELECT 1 FROM json_each('[]'), json_tree('[]')",
	    -1, &s, NULL);
	sqlite3_finalize(s);
}

/* The authorizer says it once more than needed: a statement that got past it
 * cannot write either. Each change of it has SQLite compile all anew. */
static void
set_read_only(struct store *st, bool on)
{
	if (st->query_only != on)
		sqlite3_exec(st->db, on ? "PRAGMA query_only=1" :
		    "PRAGMA query_only=0", NULL, NULL, NULL);
	st->query_only = on;
}

static void
guard(struct store *st)
{
	if (!st->watched) {
		name_table_functions(st->db);
		for (size_t i = 0; i < countof(limits); i++)
			sqlite3_limit(st->db, limits[i].id, limits[i].value);
		sqlite3_set_authorizer(st->db, authorize, st);
		sqlite3_progress_handler(st->db, PROGRESS_STEPS, progress, st);
		st->watched = true;
	}
	set_read_only(st, true);
}

/* --- statements that are kept --- */

static void
forget(struct kept *k)
{
	sqlite3_finalize(k->s);
	free(k->text);
	*k = (struct kept){ NULL, NULL };
}

void
query_forget(struct store *st)
{
	for (size_t i = 0; i < countof(st->kept); i++)
		forget(&st->kept[i]);
}

/* A free place, else that of the oldest. */
static struct kept *
place(struct store *st)
{
	for (size_t i = 0; i < countof(st->kept); i++)
		if (st->kept[i].s == NULL)
			return &st->kept[i];
	return &st->kept[st->ndropped++ % KEPT_MAX];
}

static void
keep(struct query *q)
{
	struct kept *k = place(q->st);

	forget(k);
	sqlite3_reset(q->s);
	sqlite3_clear_bindings(q->s);
	*k = (struct kept){ q->s, q->text };
}

/* Takes one of q's text. */
static bool
find_kept(struct query *q)
{
	struct query_cost spent = { 0 };

	for (size_t i = 0; i < countof(q->st->kept); i++) {
		struct kept *k = &q->st->kept[i];

		if (k->s == NULL || strcmp(k->text, q->text) != 0)
			continue;
		q->s = k->s;
		k->s = NULL;
		forget(k);
		query_cost(q, &spent); /* of whoever had it before */
		return true;
	}
	return false;
}

/* Nothing but blanks, comments and semicolons? */
static bool
is_blank(sqlite3 *db, const char *tail)
{
	sqlite3_stmt *s = NULL;
	bool blank = sqlite3_prepare_v2(db, tail, -1, &s, NULL) == SQLITE_OK &&
	    s == NULL;

	sqlite3_finalize(s);
	return blank;
}

/* An error whose place is known without SQLite. */
static bool
refuse(struct err *e, int *at, const char *from, const char *where,
    const char *why)
{
	if (at)
		*at = (int)(where - from);
	return err_set(e, ST_USAGE, "%s", why);
}

static bool
compile(struct query *q, sv sql, int *at, struct err *e)
{
	sqlite3 *db = q->st->db;
	const char *tail = NULL;
	int rc;

	if (at)
		*at = -1;
	if (strlen(sql.p) + 1 != sql.n)
		return refuse(e, at, sql.p, sql.p + strlen(sql.p),
		    "a NUL byte in the statement");
	rc = sqlite3_prepare_v2(db, sql.p, (int)sql.n, &q->s, &tail);
	if (rc != SQLITE_OK) {
		if (at)
			*at = sqlite3_error_offset(db);
		return err_set(e, ST_USAGE, "%s", sqlite3_errmsg(db));
	}
	if (q->s == NULL)
		return err_set(e, ST_USAGE, "no statement");
	if (!sqlite3_stmt_readonly(q->s) || sqlite3_stmt_isexplain(q->s) ||
	    sqlite3_column_count(q->s) == 0)
		return err_set(e, ST_USAGE, "expected one SELECT");
	if (!is_blank(db, tail))
		return refuse(e, at, sql.p, tail, "more than one statement");
	return true;
}

void
query_replace(struct store *st, sv (*replace)(void *ctx, sv sql),
    void *ctx)
{
	st->replace = replace;
	st->replace_ctx = ctx;
}

struct query *
query_open(struct store *st, sv sql, int *at, struct err *e)
{
	struct query *q = calloc(1, sizeof(*q));

	if (st->replace)
		sql = st->replace(st->replace_ctx, sql);
	if (q == NULL || (q->text = malloc(sql.n + 1)) == NULL)
		oom();
	memcpy(q->text, sql.p, sql.n);
	q->text[sql.n] = '\0';
	q->st = st;
	q->rows = UINT64_MAX;
	q->memory = QUERY_MEMORY;
	if (st->guarded == 0)
		guard(st);
	st->guarded++;
	if ((strlen(q->text) == sql.n && find_kept(q)) ||
	    compile(q, sv_of(q->text, sql.n + 1), at, e))
		return q;
	sqlite3_finalize(q->s);
	q->s = NULL;
	query_close(q);
	return NULL;
}

void
query_close(struct query *q)
{
	if (q == NULL)
		return;
	if (q->s && strlen(q->text) >= KEPT_MIN) {
		keep(q);
	} else {
		sqlite3_finalize(q->s);
		free(q->text);
	}
	if (--q->st->guarded == 0 && q->st->mode != STORE_READ)
		set_read_only(q->st, false);
	free(q);
}

static int
param_index(struct query *q, const char *name)
{
	for (int i = 1; i <= sqlite3_bind_parameter_count(q->s); i++) {
		const char *p = query_param(q, i);

		if (p && sv_is(sv_str(p), name))
			return i;
	}
	return 0;
}

const char *
query_param(struct query *q, int i)
{
	const char *p = sqlite3_bind_parameter_name(q->s, i);

	return p && p[0] == ':' ? p + 1 : NULL;
}

bool
query_bind_i64(struct query *q, const char *name, int64_t v)
{
	int i = param_index(q, name);

	return i && sqlite3_bind_int64(q->s, i, v) == SQLITE_OK;
}

bool
query_bind_real(struct query *q, const char *name, double v)
{
	int i = param_index(q, name);

	return i && sqlite3_bind_double(q->s, i, v) == SQLITE_OK;
}

bool
query_bind_text(struct query *q, const char *name, sv v)
{
	int i = param_index(q, name);

	if (i)
		query_bind_text_at(q, i, v);
	return i != 0;
}

void
query_bind_i64_at(struct query *q, int i, int64_t v)
{
	sqlite3_bind_int64(q->s, i, v);
}

void
query_bind_real_at(struct query *q, int i, double v)
{
	sqlite3_bind_double(q->s, i, v);
}

void
query_bind_text_at(struct query *q, int i, sv v)
{
	sqlite3_bind_text64(q->s, i, v.p ? v.p : "", v.n, SQLITE_TRANSIENT,
	    SQLITE_UTF8);
}

void
query_limit(struct query *q, double seconds, uint64_t rows)
{
	q->deadline = (struct deadline){ 0, 0 };
	if (seconds > 0)
		q->deadline = (struct deadline){ stopwatch_now() + seconds,
			stopwatch_cpu() + seconds };
	q->rows = rows ? rows : UINT64_MAX;
}

void
query_limit_memory(struct query *q, int64_t bytes)
{
	q->memory = bytes;
}

void
query_cost(struct query *q, struct query_cost *sum)
{
	static const int counter[] = { SQLITE_STMTSTATUS_VM_STEP,
		SQLITE_STMTSTATUS_FULLSCAN_STEP, SQLITE_STMTSTATUS_SORT };
	uint64_t *const out[] = { &sum->steps, &sum->scanned, &sum->sorts };

	for (size_t i = 0; i < countof(counter); i++)
		*out[i] += (uint32_t)sqlite3_stmt_status(q->s, counter[i], 1);
	sum->rows += q->read;
	sum->scanned += q->scanned;
	q->read = q->scanned = 0;
}

void
query_cost_add(struct query_cost *sum, const struct query_cost *more)
{
	sum->rows += more->rows;
	sum->steps += more->steps;
	sum->scanned += more->scanned;
	sum->sorts += more->sorts;
}

/* One step within the limits of time and memory. */
static int
step(struct query *q, bool *full)
{
	uint64_t scanned = q->st->scanned;
	int rc;

	q->st->deadline = q->deadline;
	q->st->undecided = false;
	memory_begin(q->memory);
	rc = sqlite3_step(q->s);
	q->memory = memory_end(full);
	q->scanned += q->st->scanned - scanned;
	q->st->deadline = (struct deadline){ 0, 0 };
	return rc;
}

static enum query_end
hit(struct query *q, const char *limit)
{
	q->limit = limit;
	return QUERY_LIMIT;
}

const char *
query_limit_hit(const struct query *q)
{
	return q->limit;
}

enum query_end
query_next(struct query *q, struct err *e)
{
	bool full; /* of use only when the step failed: SQLite can do without */
	int rc = step(q, &full);

	if (rc == SQLITE_ROW) {
		if (q->rows == 0)
			return hit(q, "rows");
		q->rows -= q->rows != UINT64_MAX;
		q->read++;
		return QUERY_MORE;
	}
	if (rc == SQLITE_DONE)
		return QUERY_DONE;
	if (q->st->undecided)
		return hit(q, "a pattern");
	if ((rc & 0xff) == SQLITE_INTERRUPT)
		return hit(q, "time");
	if (full)
		return hit(q, "memory");
	err_set(e, ST_FAIL, "%s", sqlite3_errmsg(q->st->db));
	return QUERY_FAILED;
}

int
query_columns(struct query *q)
{
	return sqlite3_column_count(q->s);
}

sv
query_column_name(struct query *q, int col)
{
	return sv_str(sqlite3_column_name(q->s, col));
}

int
query_column(struct query *q, const char *name)
{
	for (int i = 0; i < query_columns(q); i++)
		if (sv_is(query_column_name(q, i), name))
			return i;
	return -1;
}

bool
query_is_null(struct query *q, int col)
{
	return sqlite3_column_type(q->s, col) == SQLITE_NULL;
}

int64_t
query_i64(struct query *q, int col)
{
	return sqlite3_column_int64(q->s, col);
}

double
query_real(struct query *q, int col)
{
	return sqlite3_column_double(q->s, col);
}

sv
query_text(struct query *q, int col)
{
	const unsigned char *p;

	if (query_is_null(q, col))
		return SV_NULL;
	if (sqlite3_column_type(q->s, col) == SQLITE_BLOB) {
		const void *b = sqlite3_column_blob(q->s, col);

		return sv_of(b ? b : "", (size_t)sqlite3_column_bytes(q->s, col));
	}
	p = sqlite3_column_text(q->s, col);
	if (p == NULL)
		oom();
	return sv_of((const char *)p, (size_t)sqlite3_column_bytes(q->s, col));
}

bool
query_read_i64(struct store *st, const char *sql, int64_t *out, struct err *e)
{
	sqlite3_stmt *s = db_prepare(st, sql);
	int rc = sqlite3_step(s);

	if (rc == SQLITE_ROW && sqlite3_column_type(s, 0) != SQLITE_NULL)
		*out = sqlite3_column_int64(s, 0);
	sqlite3_finalize(s);
	return rc == SQLITE_ROW || rc == SQLITE_DONE ||
	    db_err(st, e, "store");
}

int64_t
query_one_i64(struct store *st, const char *sql, int64_t def)
{
	struct err e = ERR_INIT;

	(void)query_read_i64(st, sql, &def, &e);
	return def;
}
