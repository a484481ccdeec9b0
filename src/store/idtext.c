/* SPDX-License-Identifier: MIT */
#include "store/idtext.h"

#include "base/attr.h"
#include "base/buf.h"
#include "store/dbpriv.h"
#include "store/query.h"

/* Hexadecimal, with '-' behind the 8th, 12th, 16th and 20th digit. */
static void
uuid_text(sqlite3_context *c, int n, sqlite3_value **v)
{
	static const int size[] = { 4, 2, 2, 2 };
	const char *p = sqlite3_value_blob(v[0]);
	sv rest = sv_of(p ? p : "", (size_t)sqlite3_value_bytes(v[0]));
	struct buf b = BUF_INIT;

	(void)n;
	for (size_t i = 0; i < countof(size); i++) {
		sv part = sv_cut_n(&rest, (size_t)size[i] < rest.n ?
		    (size_t)size[i] : rest.n);

		buf_hex(&b, part.p, part.n);
		buf_byte(&b, '-');
	}
	buf_hex(&b, rest.p, rest.n);
	sqlite3_result_text64(c, b.p, b.n, SQLITE_TRANSIENT, SQLITE_UTF8);
	buf_release(&b);
}

static void
ip4_text(sqlite3_context *c, int n, sqlite3_value **v)
{
	uint64_t ip = (uint64_t)sqlite3_value_int64(v[0]);
	struct buf b = BUF_INIT;

	(void)n;
	if (sqlite3_value_type(v[0]) == SQLITE_NULL)
		return;
	for (int shift = 24; shift >= 0; shift -= 8) {
		buf_u64(&b, ip >> shift & 255);
		buf_str(&b, shift ? "." : "");
	}
	sqlite3_result_text64(c, b.p, b.n, SQLITE_TRANSIENT, SQLITE_UTF8);
	buf_release(&b);
}

static const struct {
	const char *name;
	void (*call)(sqlite3_context *, int, sqlite3_value **);
} function[] = { { "uuid_text", uuid_text }, { "ip4_text", ip4_text } };

bool
idtext_install(struct store *st, struct err *e)
{
	for (size_t i = 0; i < countof(function); i++) {
		if (sqlite3_create_function_v2(st->db, function[i].name, 1,
		    SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS, NULL,
		    function[i].call, NULL, NULL, NULL) != SQLITE_OK)
			return db_err(st, e, "store");
		query_allow(st, function[i].name);
	}
	return true;
}
