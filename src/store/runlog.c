/* SPDX-License-Identifier: MIT */
#include "store/runlog.h"

#include "base/utc.h"
#include "parse/json.h"
#include "store/dbpriv.h"

/* One line of the run under way. */
struct entry {
	struct store *st;
	struct arena *a;
	int64_t run;
	sv body;
	struct json_value obj;
	struct err *e;
};

static sv
text_of(const struct entry *en, const struct json_value *obj, sv name)
{
	struct json_value v;

	if (!json_find(obj, name, &v) || v.kind != JSON_STRING)
		return SV("");
	return json_text(en->a, &v);
}

static int64_t
time_of(const struct entry *en, const struct json_value *obj, sv name)
{
	sv text = text_of(en, obj, name);
	int64_t us;

	return utc_read(&text, false, &us) ? us : 0;
}

static bool
is_recorded(struct entry *en)
{
	sqlite3_stmt *s = db_prepare(en->st, "SELECT 1 FROM run WHERE body = ?1");
	bool found;

	db_bind_sv(s, 1, en->body);
	found = sqlite3_step(s) == SQLITE_ROW;
	sqlite3_finalize(s);
	return found;
}

static bool
finish(struct entry *en, sqlite3_stmt *s)
{
	bool ok = db_run(en->st, s, en->e);

	sqlite3_finalize(s);
	return ok;
}

static bool
add_run(struct entry *en)
{
	sqlite3_stmt *s = db_prepare(en->st,
	    "INSERT INTO run VALUES (NULL, ?1, ?2, ?3, ?4)");
	struct json_value window = en->obj;

	json_find(&en->obj, SV("window"), &window);
	sqlite3_bind_int64(s, 1, time_of(en, &window, SV("from")));
	sqlite3_bind_int64(s, 2, time_of(en, &window, SV("to")));
	sqlite3_bind_int64(s, 3, time_of(en, &en->obj, SV("now")));
	db_bind_sv(s, 4, en->body);
	if (!finish(en, s))
		return false;
	en->run = sqlite3_last_insert_rowid(en->st->db);
	return true;
}

static bool
add_verdict(struct entry *en)
{
	sqlite3_stmt *s = db_prepare(en->st,
	    "INSERT INTO verdict VALUES (?1, ?2, ?3, ?4, ?5)");

	sqlite3_bind_int64(s, 1, en->run);
	db_bind_sv(s, 2, text_of(en, &en->obj, SV("rule")));
	db_bind_sv(s, 3, text_of(en, &en->obj, SV("state")));
	db_bind_sv(s, 4, text_of(en, &en->obj, SV("result")));
	db_bind_sv(s, 5, en->body);
	return finish(en, s);
}

static bool
add_finding(struct entry *en)
{
	sqlite3_stmt *s = db_prepare(en->st,
	    "INSERT INTO finding VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");

	sqlite3_bind_int64(s, 1, en->run);
	db_bind_sv(s, 2, text_of(en, &en->obj, SV("id")));
	db_bind_sv(s, 3, text_of(en, &en->obj, SV("rule")));
	db_bind_sv(s, 4, text_of(en, &en->obj, SV("arm")));
	db_bind_sv(s, 5, text_of(en, &en->obj, SV("key")));
	sqlite3_bind_int64(s, 6, time_of(en, &en->obj, SV("first")));
	sqlite3_bind_int64(s, 7, time_of(en, &en->obj, SV("last")));
	db_bind_sv(s, 8, en->body);
	return finish(en, s);
}

static bool
add_line(struct entry *en, bool *known)
{
	sv type;

	if (!json_parse(en->body, &en->obj))
		return err_set(en->e, ST_FAIL, "run record: not JSON");
	type = text_of(en, &en->obj, SV("type"));
	if (sv_is(type, "run")) {
		*known = is_recorded(en);
		return *known || add_run(en);
	}
	if (sv_is(type, "verdict"))
		return add_verdict(en);
	if (sv_is(type, "finding"))
		return add_finding(en);
	return true; /* evidence is found again through the record ids */
}

static bool
begin(struct store *st, struct err *e)
{
	bool moved;

	while (db_begin(st, &moved, e)) {
		if (!moved)
			return true;
		if (!db_reopen(st, e))
			return false;
	}
	return false;
}

bool
runlog_add(struct store *st, sv ndjson, struct err *e)
{
	struct arena scratch = ARENA_INIT;
	struct entry en = { .st = st, .a = &scratch, .e = e };
	bool ok = begin(st, e), known = false;

	while (ok && !known && ndjson.n) {
		struct arena_mark mark = arena_mark(&scratch);

		en.body = sv_cut(&ndjson, '\n');
		ok = en.body.n == 0 || add_line(&en, &known);
		arena_rewind(&scratch, mark);
	}
	ok = ok && db_exec(st, "COMMIT", e);
	if (!ok)
		sqlite3_exec(st->db, "ROLLBACK", NULL, NULL, NULL);
	arena_release(&scratch);
	return ok;
}
