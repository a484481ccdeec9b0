/* SPDX-License-Identifier: MIT */
/* sqlfnmail.c: addresses of mail, and how likely people have them. */
#include "detect/sqlfnset.h"

#include <sqlite3.h>

#include "base/attr.h"
#include "base/buf.h"
#include "detect/bigram.h"
#include "detect/mailaddr.h"
#include "detect/maildomain.h"
#include "store/sqlvalue.h"

static void
fn_email_canonical(sqlite3_context *c, int argc, sqlite3_value **argv)
{
	struct buf b = BUF_INIT;

	(void)argc;
	if (sqlite3_value_type(argv[0]) == SQLITE_NULL)
		return;
	mail_canonical(&b, sqlvalue_bytes(argv[0]));
	sqlvalue_give_buf(c, &b);
}

static void
fn_email_domain(sqlite3_context *c, int argc, sqlite3_value **argv)
{
	struct buf b = BUF_INIT;

	(void)argc;
	if (mail_domain(&b, sqlvalue_bytes(argv[0])))
		sqlvalue_give_buf(c, &b);
	buf_release(&b);
}

static void
fn_email_local(sqlite3_context *c, int argc, sqlite3_value **argv)
{
	struct buf b = BUF_INIT;

	(void)argc;
	if (sqlite3_value_type(argv[0]) == SQLITE_NULL)
		return;
	mail_local(&b, sqlvalue_bytes(argv[0]));
	sqlvalue_give_buf(c, &b);
}

static void
fn_email_kind(sqlite3_context *c, int argc, sqlite3_value **argv)
{
	struct buf b = BUF_INIT;

	(void)argc;
	if (mail_domain(&b, sqlvalue_bytes(argv[0])))
		sqlvalue_give(c, maildomain_kind(buf_sv(&b)));
	buf_release(&b);
}

static void
fn_email_kinds_date(sqlite3_context *c, int argc, sqlite3_value **argv)
{
	(void)argc;
	(void)argv;
	sqlvalue_give(c, sv_str(maildomain_date));
}

static void
fn_email_is_mixed(sqlite3_context *c, int argc, sqlite3_value **argv)
{
	(void)argc;
	if (sqlite3_value_type(argv[0]) != SQLITE_NULL)
		sqlite3_result_int(c, mail_is_mixed(sqlvalue_bytes(argv[0])));
}

static void
fn_local_shape(sqlite3_context *c, int argc, sqlite3_value **argv)
{
	struct buf b = BUF_INIT;

	(void)argc;
	if (sqlite3_value_type(argv[0]) == SQLITE_NULL)
		return;
	mail_shape(&b, sqlvalue_bytes(argv[0]));
	sqlvalue_give_buf(c, &b);
}

static void
fn_local_stem(sqlite3_context *c, int argc, sqlite3_value **argv)
{
	int64_t number;
	sv stem;

	(void)argc;
	if (mail_number(sqlvalue_bytes(argv[0]), &stem, &number))
		sqlvalue_give(c, stem);
}

static void
fn_local_number(sqlite3_context *c, int argc, sqlite3_value **argv)
{
	int64_t number;
	sv stem;

	(void)argc;
	if (mail_number(sqlvalue_bytes(argv[0]), &stem, &number))
		sqlite3_result_int64(c, number);
}

static void
fn_local_is_numeric(sqlite3_context *c, int argc, sqlite3_value **argv)
{
	(void)argc;
	if (sqlite3_value_type(argv[0]) != SQLITE_NULL)
		sqlite3_result_int(c, mail_is_numeric(sqlvalue_bytes(argv[0])));
}

static void
fn_bigram_score(sqlite3_context *c, int argc, sqlite3_value **argv)
{
	struct bigram m;
	double bits;

	(void)argc;
	if (bigram_read(sqlvalue_bytes(argv[0]), &m) &&
	    bigram_score(&m, sqlvalue_bytes(argv[1]), &bits))
		sqlite3_result_double(c, bits);
}

/* Of the texts that can be scored. */
static void
model_step(sqlite3_context *c, int argc, sqlite3_value **argv)
{
	struct bigram *m = sqlite3_aggregate_context(c, sizeof(*m));

	(void)argc;
	if (!m)
		sqlite3_result_error_nomem(c);
	else if (bigram_takes(sqlvalue_bytes(argv[0])))
		bigram_add(m, sqlvalue_bytes(argv[0]));
}

static void
model_final(sqlite3_context *c)
{
	const struct bigram *m = sqlite3_aggregate_context(c, sizeof(*m));
	struct buf b = BUF_INIT;

	if (m)
		bigram_write(&b, m);
	sqlite3_result_blob64(c, b.p, b.n, SQLITE_TRANSIENT);
	buf_release(&b);
}

static const struct sqlfn_call calls[] = {
	{ "email_canonical", 1, fn_email_canonical },
	{ "email_domain", 1, fn_email_domain },
	{ "email_local", 1, fn_email_local },
	{ "email_kind", 1, fn_email_kind },
	{ "email_kinds_date", 0, fn_email_kinds_date },
	{ "email_is_mixed", 1, fn_email_is_mixed },
	{ "local_shape", 1, fn_local_shape },
	{ "local_stem", 1, fn_local_stem },
	{ "local_number", 1, fn_local_number },
	{ "local_is_numeric", 1, fn_local_is_numeric },
	{ "bigram_score", 2, fn_bigram_score },
};

static const struct sqlfn_aggregate aggregates[] = {
	{ "bigram_model", 1, model_step, model_final, NULL, NULL },
};

const struct sqlfn_set sqlfn_mail = {
	calls, countof(calls), aggregates, countof(aggregates)
};
