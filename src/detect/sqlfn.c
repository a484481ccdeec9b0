/* SPDX-License-Identifier: MIT */
#include "detect/sqlfn.h"

#include <sqlite3.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/sha256.h"
#include "detect/auditmac.h"
#include "detect/chainkey.h"
#include "detect/sqlfnset.h"
#include "record/sitechain.h"
#include "store/apptext.h"
#include "store/db.h"
#include "store/query.h"
#include "store/sqlvalue.h"

enum { FLAGS = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY };

static const struct sqlfn_set *const sets[] = {
	&sqlfn_text, &sqlfn_count, &sqlfn_mail, &sqlfn_web, &sqlfn_math,
};

/* --- the audit chain: functions with keys --- */

static void
fn_audit_mac(sqlite3_context *c, int argc, sqlite3_value **argv)
{
	const struct hmac_key *key = chainkey_find(sqlite3_user_data(c),
	    sqlvalue_bytes(argv[0]));
	struct audit_row row = { sqlite3_value_int64(argv[2]),
		sqlite3_value_int64(argv[3]), sqlvalue_bytes(argv[4]),
		sqlvalue_bytes(argv[5]), sqlvalue_bytes(argv[6]) };
	uint8_t mac[AUDITMAC_LEN];
	struct buf b = BUF_INIT;

	(void)argc;
	if (!key || sqlvalue_any_null(2, argv + 2) ||
	    !auditmac_read(sqlvalue_bytes(argv[1]), mac))
		return;
	auditmac_row(key, mac, &row, mac);
	buf_hex(&b, mac, sizeof(mac));
	sqlvalue_give_buf(c, &b);
}

static void
fn_audit_keyring(sqlite3_context *c, int argc, sqlite3_value **argv)
{
	struct buf b = BUF_INIT;

	(void)argc;
	(void)argv;
	chainkey_json(&b, sqlite3_user_data(c));
	sqlvalue_give_buf(c, &b);
}

static void
close_ring(void *ring)
{
	chainkey_close(ring);
}

bool
sqlfn_set_keys(struct store *st, struct chainkey *ring, struct err *e)
{
	sqlite3 *db = store_handle(st);
	int rc = sqlite3_create_function_v2(db, "audit_keyring", 0, FLAGS,
	    ring, fn_audit_keyring, NULL, NULL, NULL);

	/* The last one owns the ring: it closes it when it is replaced. */
	if (rc == SQLITE_OK)
		rc = sqlite3_create_function_v2(db, "audit_mac", 7, FLAGS,
		    ring, fn_audit_mac, NULL, NULL, close_ring);
	else
		chainkey_close(ring);
	return rc == SQLITE_OK || err_set(e, ST_FAIL,
	    "cannot register SQL functions: %s", sqlite3_errmsg(db));
}

/* Registered when there are keys. */
static const char *const keyed[] = { "audit_mac", "audit_keyring" };

/* --- all --- */

static bool
is_of(const struct sqlfn_set *s, sv name)
{
	for (size_t i = 0; i < s->ncalls; i++)
		if (sv_eq_nocase(name, sv_str(s->call[i].name)))
			return true;
	for (size_t i = 0; i < s->naggregates; i++)
		if (sv_eq_nocase(name, sv_str(s->aggregate[i].name)))
			return true;
	return false;
}

bool
sqlfn_is(sv name)
{
	for (size_t i = 0; i < countof(sets); i++)
		if (is_of(sets[i], name))
			return true;
	for (size_t i = 0; i < countof(keyed); i++)
		if (sv_eq_nocase(name, sv_str(keyed[i])))
			return true;
	return false;
}

static int
register_set(struct store *st, const struct sqlfn_set *s)
{
	sqlite3 *db = store_handle(st);
	int rc = SQLITE_OK;

	for (size_t i = 0; i < s->ncalls && rc == SQLITE_OK; i++) {
		const struct sqlfn_call *f = &s->call[i];

		rc = sqlite3_create_function_v2(db, f->name, f->nargs, FLAGS,
		    st, f->call, NULL, NULL, NULL);
		query_allow(st, f->name);
	}
	for (size_t i = 0; i < s->naggregates && rc == SQLITE_OK; i++) {
		const struct sqlfn_aggregate *f = &s->aggregate[i];

		rc = sqlite3_create_window_function(db, f->name, f->nargs,
		    FLAGS, st, f->step, f->final, f->value, f->inverse, NULL);
		query_allow(st, f->name);
	}
	return rc;
}

bool
sqlfn_register(struct store *st, struct err *e)
{
	static const struct site_chain none;
	int rc = SQLITE_OK;

	for (size_t i = 0; i < countof(sets) && rc == SQLITE_OK; i++)
		rc = register_set(st, sets[i]);
	for (size_t i = 0; i < countof(keyed); i++)
		query_allow(st, keyed[i]);
	if (rc != SQLITE_OK)
		return err_set(e, ST_FAIL, "cannot register SQL functions: %s",
		    sqlite3_errmsg(store_handle(st)));
	if (!apptext_install(st, e))
		return false;
	return sqlfn_set_keys(st, chainkey_open(&none), e);
}
