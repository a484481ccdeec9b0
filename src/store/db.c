/* SPDX-License-Identifier: MIT */
#define _XOPEN_SOURCE 700 /* realpath */
#include "store/db.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/io.h"
#include "base/oom.h"
#include "base/outfile.h"
#include "store/dbnum.h"
#include "store/dbpriv.h"
#include "store/memory.h"
#include "store/timeless.h"
#include "store_sql.h"

enum {
	/* how long to wait for another program's lock; a reader for as long as
	 * the writing of a large input takes */
	WRITE_BUSY_MS = 10000,
	READ_BUSY_MS = 60000
};

/* The code of the message for one of SQLite's. */
static const char *
reason_of(const struct store *st, int rc)
{
	switch (rc & 0xff) {
	case SQLITE_BUSY:
		return "store-busy";
	case SQLITE_LOCKED:
		return st->mode == STORE_READ ? "read-failed" : "store-busy";
	case SQLITE_NOTADB:
	case SQLITE_CORRUPT:
		return "store-refused";
	default:
		break;
	}
	if (rc == SQLITE_IOERR_FSYNC || rc == SQLITE_IOERR_DIR_FSYNC)
		return "sync-failed";
	return st->mode == STORE_READ ? "read-failed" : "write-failed";
}

/* What the system said; of a failed COMMIT only the file knows it. */
static int
system_errno(struct store *st)
{
	int why = sqlite3_system_errno(st->db);

	if (why == 0)
		sqlite3_file_control(st->db, "main", SQLITE_FCNTL_LAST_ERRNO,
		    &why);
	return why;
}

bool
db_err(struct store *st, struct err *e, const char *what)
{
	int rc = sqlite3_extended_errcode(st->db);
	int why = (rc & 0xff) == SQLITE_IOERR ? system_errno(st) : 0;

	return err_set(e, ST_FAIL, "%s: %s: %s%s%s", reason_of(st, rc), what,
	    sqlite3_errmsg(st->db), why ? ": " : "", why ? strerror(why) : "");
}

bool
db_exec(struct store *st, const char *sql, struct err *e)
{
	return sqlite3_exec(st->db, sql, NULL, NULL, NULL) == SQLITE_OK ||
	    db_err(st, e, "store");
}

sqlite3_stmt *
db_prepare(struct store *st, const char *sql)
{
	sqlite3_stmt *s = NULL;
	int rc = sqlite3_prepare_v3(st->db, sql, -1, SQLITE_PREPARE_PERSISTENT,
	    &s, NULL);

	if (rc == SQLITE_ERROR)
		fprintf(stderr, "raxx: internal error: %s\n  in %s\n",
		    sqlite3_errmsg(st->db), sql);
	assert(rc != SQLITE_ERROR);
	return s;
}

void
db_bind_sv(sqlite3_stmt *s, int i, sv v)
{
	if (sv_null(v))
		sqlite3_bind_null(s, i);
	else
		sqlite3_bind_text64(s, i, v.p, v.n, SQLITE_STATIC, SQLITE_UTF8);
}

sv
db_column_sv(sqlite3_stmt *s, int col)
{
	const char *p = (const char *)sqlite3_column_text(s, col);

	return p ? sv_of(p, (size_t)sqlite3_column_bytes(s, col)) : SV("");
}

bool
db_run(struct store *st, sqlite3_stmt *s, struct err *e)
{
	int rc = sqlite3_step(s);

	sqlite3_reset(s);
	return rc == SQLITE_DONE || db_err(st, e, "store");
}

struct sqlite3 *
store_handle(struct store *st)
{
	return st->db;
}

void
store_set_undecided(struct store *st)
{
	st->undecided = true;
}

static bool
refused(struct err *e, const char *path, const char *why)
{
	return err_set(e, ST_FAIL, "store-refused: %s: %s", path, why);
}

/* The file's own header. SQLite is not asked: a foreign file with a journal
 * or write-ahead log beside it changes when SQLite opens it. */
static bool
check_header(const char *path, struct err *e)
{
	enum { SIZE = 100, AT_USER_VERSION = 60, AT_APPLICATION_ID = 68 };
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	uint8_t head[SIZE];
	size_t n;

	if (fd < 0)
		return err_sys(e, ST_FAIL, "%s", path);
	n = io_read_upto(fd, head, sizeof(head));
	close(fd);
	if (n != SIZE || memcmp(head, "SQLite format 3", 16) != 0 ||
	    dbnum_be32(head + AT_APPLICATION_ID) != STORE_APPLICATION_ID)
		return refused(e, path, "not a store of raxx");
	if (dbnum_be32(head + AT_USER_VERSION) != STORE_VERSION)
		return refused(e, path, "made by another version of raxx");
	return true;
}

/* What a file must be before SQLite may touch it. */
static bool
check_file(const char *path, enum store_mode mode, struct err *e)
{
	struct stat sb;
	bool there;
	int fd;

	if (!outfile_look(path, &there, &sb, e))
		return false;
	if (there)
		return (sb.st_size == 0 && mode == STORE_WRITE) ||
		    check_header(path, e);
	if (mode == STORE_READ)
		return err_sys(e, ST_FAIL, "%s", path);
	fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0 && errno != EEXIST) /* another writer may be as far */
		return err_sys(e, ST_FAIL, "%s", path);
	if (fd >= 0)
		close(fd);
	return true;
}

/* The absolute name with no link in its folders: SQLite then sees neither a
 * URI nor ":memory:" in it, and can refuse a link. False sets errno. */
static bool
absolute(const char *path, struct buf *out)
{
	sv v = sv_str(path);
	size_t slash = sv_rfind(v, SV("/"));
	struct buf b = BUF_INIT;
	char *folder;

	if (slash < v.n)
		buf_add(&b, sv_take(v, slash + 1));
	else
		buf_lit(&b, ".");
	buf_byte(&b, '\0');
	folder = realpath(b.p, NULL);
	buf_release(&b);
	if (folder == NULL)
		return false;
	buf_printf(out, "%s/%s%c", folder, slash < v.n ? path + slash + 1 : path,
	    '\0');
	free(folder);
	return true;
}

static const struct {
	int option, value;
} db_config[] = {
	{ SQLITE_DBCONFIG_DEFENSIVE, 1 },
	{ SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0 },
	{ SQLITE_DBCONFIG_ENABLE_TRIGGER, 0 },
	{ SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0 },
	{ SQLITE_DBCONFIG_DQS_DML, 0 },
	{ SQLITE_DBCONFIG_DQS_DDL, 0 },
};

static const char pragmas[] =
    "PRAGMA cell_size_check=ON; PRAGMA mmap_size=0; PRAGMA trusted_schema=OFF;"
    "PRAGMA temp_store=MEMORY;";

/* In KiB. What is read is in the system's cache too. */
static const char read_cache[] = "PRAGMA cache_size=-16384";
static const char write_cache[] = "PRAGMA cache_size=-65536";

/* WAL is avoided: releases before 3.51.3 may lose committed pages in it. */
static const char write_pragmas[] =
    "PRAGMA journal_mode=DELETE; PRAGMA synchronous=EXTRA;";

/* Views of unknown dumps (csv_NAME) come and go; the rest is fixed. */
static const char schema_query[] =
    "SELECT sql FROM sqlite_schema "
    "WHERE NOT (type = 'view' AND name GLOB 'csv_*') "
    "AND name NOT GLOB 'sqlite_*'";

/* How many statements of schemas/store.sql make something. */
static int
count_made(void)
{
	const char *p = store_sql;
	int n = 0;

	for (; (p = strstr(p, "CREATE ")) != NULL; p++)
		n += p == store_sql || p[-1] == '\n';
	return n;
}

/* Is it one of these? SQLite keeps them as they were, up to their semicolon. */
static bool
is_made(const char *sql)
{
	const char *at = strstr(store_sql, sql);

	return at && at[strlen(sql)] == ';';
}

/* All of ours, and nothing else: SQLite has seen to it that none is there twice, or
 * by another name. */
static bool
same_schema(sqlite3 *db)
{
	sqlite3_stmt *s = NULL;
	int rc = sqlite3_prepare_v2(db, schema_query, -1, &s, NULL), n = 0;
	bool same = rc == SQLITE_OK;

	while (same && (rc = sqlite3_step(s)) == SQLITE_ROW) {
		const char *sql = (const char *)sqlite3_column_text(s, 0);

		same = sql && is_made(sql);
		n++;
	}
	sqlite3_finalize(s);
	return same && rc == SQLITE_DONE && n == count_made();
}

/* The number a statement gives; -1 when it fails. */
static int64_t
one_number(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *s = NULL;
	int64_t v = -1;

	if (sqlite3_prepare_v2(db, sql, -1, &s, NULL) == SQLITE_OK &&
	    sqlite3_step(s) == SQLITE_ROW)
		v = sqlite3_column_int64(s, 0);
	sqlite3_finalize(s);
	return v;
}

static const char count_schema[] = "SELECT count(*) FROM sqlite_schema";

/* Another writer may have made it since it was seen to be empty. */
static bool
create_schema(struct store *st, struct err *e)
{
	char ids[128];

	if (!db_exec(st, "PRAGMA page_size=8192; BEGIN IMMEDIATE;", e))
		return false;
	if (one_number(st->db, count_schema) > 0)
		return db_exec(st, "ROLLBACK", e);
	snprintf(ids, sizeof(ids),
	    "PRAGMA application_id=%d; PRAGMA user_version=%d; COMMIT;",
	    STORE_APPLICATION_ID, STORE_VERSION);
	return db_exec(st, store_sql, e) && db_exec(st, ids, e);
}

static bool
check_size(struct store *st, const char *path, struct err *e)
{
	int64_t pages = one_number(st->db, "PRAGMA page_count");
	int64_t size = one_number(st->db, "PRAGMA page_size");
	struct stat sb;

	return (stat(path, &sb) == 0 && sb.st_size == pages * size) ||
	    refused(e, path, "cut or grown: its size is wrong");
}

static bool
check_schema(struct store *st, const char *path, struct err *e)
{
	if (one_number(st->db, "PRAGMA application_id") != STORE_APPLICATION_ID)
		return refused(e, path, "not a store of raxx");
	if (one_number(st->db, "PRAGMA user_version") != STORE_VERSION)
		return refused(e, path, "made by another version of raxx");
	return same_schema(st->db) ||
	    refused(e, path, "its schema was changed");
}

/* In a transaction, so that no other process writes meanwhile. */
static bool
check_content(struct store *st, const char *path, struct err *e)
{
	bool ok = db_exec(st, "BEGIN", e) && check_size(st, path, e) &&
	    check_schema(st, path, e);

	sqlite3_exec(st->db, "COMMIT", NULL, NULL, NULL);
	return ok;
}

/* The first time the file is read. *empty: it has no tables yet. */
static bool
first_look(struct store *st, const char *path, bool *empty, struct err *e)
{
	int64_t n = one_number(st->db, count_schema);

	*empty = n == 0;
	if (n >= 0)
		return true;
	if (sqlite3_errcode(st->db) == SQLITE_READONLY_ROLLBACK)
		return refused(e, path, "a write to it was interrupted: run "
		    "raxx-parse -o on it again");
	return db_err(st, e, path);
}

bool
db_connect(struct store *st, const char *path, const char *name, struct err *e)
{
	int flags = st->mode == STORE_READ ? SQLITE_OPEN_READONLY :
	    SQLITE_OPEN_READWRITE;

	if (sqlite3_open_v2(name, &st->db, flags | SQLITE_OPEN_NOMUTEX |
	    SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_EXRESCODE, timeless_vfs()) !=
	    SQLITE_OK)
		return err_set(e, ST_FAIL, "store-refused: %s: %s", path,
		    st->db ? sqlite3_errmsg(st->db) : "out of memory");
	sqlite3_busy_timeout(st->db, st->mode == STORE_READ ? READ_BUSY_MS :
	    WRITE_BUSY_MS);
	for (size_t i = 0; i < countof(db_config); i++)
		sqlite3_db_config(st->db, db_config[i].option,
		    db_config[i].value, NULL);
	return db_exec(st, pragmas, e);
}

/* json_extract is no function for a schema that is not trusted. This one is:
 * it was compared with ours, and what views of dumps call, the authorizer of
 * query.c sees. */
void
db_trust(struct store *st)
{
	sqlite3_db_config(st->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 1, NULL);
}

static bool
prepare_file(struct store *st, const char *path, struct err *e)
{
	bool empty;

	return first_look(st, path, &empty, e) &&
	    db_exec(st, st->mode == STORE_READ ? read_cache : write_cache, e) &&
	    (st->mode == STORE_READ || db_exec(st, write_pragmas, e)) &&
	    (!empty || st->mode == STORE_READ || create_schema(st, e)) &&
	    check_content(st, path, e);
}

/* SQLite tells in no other way that it rolled a journal back. */
static bool recovered;

static void
on_log(void *ctx, int code, const char *message)
{
	(void)ctx;
	(void)message;
	recovered |= code == SQLITE_NOTICE_RECOVER_ROLLBACK;
}

/* Before the first connection. */
static void
configure(void)
{
	static bool done;

	if (done)
		return;
	done = true;
	memory_configure();
	sqlite3_config(SQLITE_CONFIG_LOG, on_log, NULL);
}

static bool
open_file(struct store *st, const char *path, struct err *e)
{
	if (st->mode == STORE_MEMORY)
		return db_connect(st, ":memory:", ":memory:", e) &&
		    create_schema(st, e);
	if (!check_file(path, st->mode, e))
		return false;
	buf_clear(&st->name);
	if (!absolute(path, &st->name))
		return err_sys(e, ST_FAIL, "%s", path);
	return db_connect(st, path, st->name.p, e) && prepare_file(st, path, e);
}

struct store *
store_open(const char *path, enum store_mode mode, struct err *e)
{
	struct store *st = calloc(1, sizeof(*st));

	if (st == NULL)
		oom();
	st->mode = mode;
	configure();
	recovered = false;
	if (path)
		buf_printf(&st->path, "%s%c", path, '\0');
	if (open_file(st, path, e)) {
		st->recovered = recovered;
		db_trust(st);
		return st;
	}
	store_close(st);
	return NULL;
}

bool
db_reopen(struct store *st, struct err *e)
{
	query_forget(st);
	sqlite3_close(st->db);
	st->db = NULL;
	if (!open_file(st, st->path.p, e))
		return false;
	db_trust(st);
	return true;
}

/* Another process may have put another file in its place: see draft.h. */
bool
db_begin(struct store *st, bool *moved, struct err *e)
{
	int gone = 0;

	*moved = false;
	if (!db_exec(st, "BEGIN IMMEDIATE", e))
		return false;
	if (st->mode == STORE_WRITE)
		sqlite3_file_control(st->db, "main", SQLITE_FCNTL_HAS_MOVED,
		    &gone);
	*moved = gone != 0;
	return !*moved || db_exec(st, "ROLLBACK", e);
}

void
store_close(struct store *st)
{
	if (st == NULL)
		return;
	query_forget(st);
	sqlite3_close(st->db);
	sqlite3_close(st->twin);
	buf_release(&st->path);
	buf_release(&st->name);
	free(st);
}

bool
store_recovered(const struct store *st)
{
	return st->recovered;
}
