/* SPDX-License-Identifier: MIT */
#include "store/idtext.h"

#include "base/attr.h"
#include "base/buf.h"
#include "store/dbpriv.h"
#include "store/query.h"
#include "store/sqlvalue.h"

void
idtext_put_uuid(struct buf *b, sv bytes)
{
	static const size_t size[] = { 4, 2, 2, 2 };

	for (size_t i = 0; i < countof(size); i++) {
		sv part = sv_cut_n(&bytes, size[i]);

		buf_hex(b, part.p, part.n);
		buf_byte(b, '-');
	}
	buf_hex(b, bytes.p, bytes.n);
}

void
idtext_put_ip4(struct buf *b, int64_t ip)
{
	for (int shift = 24; shift >= 0; shift -= 8) {
		buf_u64(b, (uint64_t)ip >> shift & 255);
		buf_str(b, shift ? "." : "");
	}
}

static void
uuid_text(sqlite3_context *c, int n, sqlite3_value **v)
{
	struct buf b = BUF_INIT;

	(void)n;
	idtext_put_uuid(&b, sqlvalue_bytes(v[0]));
	sqlvalue_give_buf(c, &b);
}

static void
ip4_text(sqlite3_context *c, int n, sqlite3_value **v)
{
	struct buf b = BUF_INIT;

	(void)n;
	if (sqlite3_value_type(v[0]) == SQLITE_NULL)
		return;
	idtext_put_ip4(&b, sqlite3_value_int64(v[0]));
	sqlvalue_give_buf(c, &b);
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
