/* SPDX-License-Identifier: MIT */
/* sqlfnweb.c: addresses and networks, paths, Heroku's codes. */
#include "detect/sqlfnset.h"

#include <sqlite3.h>
#include <string.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/ip.h"
#include "base/pathplain.h"
#include "parse/code.h"
#include "record/rec.h"
#include "store/sqlvalue.h"

/* An address: integer, 8 bytes or text, perhaps with port or "/bits". For an
 * IPv6 address that may be known by its first half only, *half is set. */
static bool
arg_ip(sqlite3_value *v, struct ip *ip, bool *half)
{
	int type = sqlite3_value_type(v);
	sv text = sqlvalue_bytes(v);

	*half = type == SQLITE_BLOB;
	*ip = (struct ip){ 0 };
	if (type == SQLITE_INTEGER) {
		*ip = ip_from_v4((uint32_t)sqlite3_value_int64(v));
		return true;
	}
	if (type == SQLITE_BLOB) {
		ip->family = 6;
		if (text.n == 8)
			memcpy(ip->addr, text.p, 8);
		return text.n == 8;
	}
	if (type != SQLITE_TEXT)
		return false;
	*half = sv_find_byte(text, '/') < text.n;
	return ip_parse(sv_take(text, sv_find_byte(text, '/')), true, ip);
}

/* The network that an address is in, of so many bits. */
static void
give_network(sqlite3_context *c, sqlite3_value *v, unsigned bits4,
    unsigned bits6)
{
	struct buf b = BUF_INIT;
	struct ip ip;
	bool half;

	if (!arg_ip(v, &ip, &half))
		return;
	ip = ip_mask(ip, bits4, bits6);
	ip_net_write(&b, &ip, ip.family == 4 ? bits4 : bits6);
	sqlvalue_give_buf(c, &b);
}

static void
fn_ip_key(sqlite3_context *c, int argc, sqlite3_value **argv)
{
	(void)argc;
	give_network(c, argv[0], 32, 64);
}

static void
fn_ip_rollup(sqlite3_context *c, int argc, sqlite3_value **argv)
{
	(void)argc;
	give_network(c, argv[0], 24, 48);
}

/* As the views of the store write an address column. */
static void
fn_ip_text(sqlite3_context *c, int argc, sqlite3_value **argv)
{
	struct buf b = BUF_INIT;
	struct ip ip;
	bool half;

	(void)argc;
	if (!arg_ip(argv[0], &ip, &half))
		return;
	rec_ip_write(&b, &ip);
	sqlvalue_give_buf(c, &b);
}

static void
fn_ip_in(sqlite3_context *c, int argc, sqlite3_value **argv)
{
	struct ip_net net;
	struct ip ip;
	bool half;

	(void)argc;
	if (!ip_net_parse(sqlvalue_bytes(argv[1]), &net)) {
		sqlite3_result_error(c, "ip_in: no network", -1);
		return;
	}
	if (!arg_ip(argv[0], &ip, &half))
		return;
	if (half && ip.family == 6 && net.ip.family == 6 && net.bits > 64) {
		net.bits = 64;
		net.ip = ip_mask(net.ip, 32, 64);
	}
	sqlite3_result_int(c, ip_in_net(&ip, &net));
}

static sv
stem(sv path)
{
	return sv_take(path, sv_find_byte(path, '?'));
}

static void
fn_path_stem(sqlite3_context *c, int argc, sqlite3_value **argv)
{
	(void)argc;
	sqlvalue_give(c, stem(sqlvalue_bytes(argv[0])));
}

static void
fn_path_query(sqlite3_context *c, int argc, sqlite3_value **argv)
{
	sv v = sqlvalue_bytes(argv[0]);
	size_t at = sv_find_byte(v, '?');

	(void)argc;
	if (at < v.n)
		sqlvalue_give(c, sv_skip(v, at + 1));
}

static void
fn_path_plain(sqlite3_context *c, int argc, sqlite3_value **argv)
{
	struct arena a = ARENA_INIT;
	sv path = sqlvalue_bytes(argv[0]);

	(void)argc;
	if (!sv_null(path))
		sqlvalue_give(c, pathplain(path, &a));
	arena_release(&a);
}

static void
fn_path_segment(sqlite3_context *c, int argc, sqlite3_value **argv)
{
	sv rest = stem(sqlvalue_bytes(argv[0])), name = sqlvalue_bytes(argv[1]), seg;
	bool found = false;

	(void)argc;
	if (sv_null(rest) || sv_null(name))
		return;
	sv_cut(&rest, '/');
	while (!sv_null(rest) && !found)
		found = sv_eq(sv_cut(&rest, '/'), name);
	seg = sv_null(rest) ? rest : sv_cut(&rest, '/');
	if (found && seg.n)
		sqlvalue_give(c, seg);
}

static void
fn_path_extension(sqlite3_context *c, int argc, sqlite3_value **argv)
{
	sv v = stem(sqlvalue_bytes(argv[0]));
	size_t slash = sv_rfind(v, SV("/")), dot;

	(void)argc;
	v = slash < v.n ? sv_skip(v, slash + 1) : v;
	dot = sv_rfind(v, SV("."));
	if (dot < v.n)
		sqlvalue_give(c, sv_skip(v, dot + 1));
}

static void
fn_code_severity(sqlite3_context *c, int argc, sqlite3_value **argv)
{
	const struct code *code = code_find(sqlvalue_bytes(argv[0]));

	(void)argc;
	sqlvalue_give(c, code ? sv_str(code->severity) : SV_NULL);
}

static void
fn_code_meaning(sqlite3_context *c, int argc, sqlite3_value **argv)
{
	const struct code *code = code_find(sqlvalue_bytes(argv[0]));

	(void)argc;
	sqlvalue_give(c, code ? sv_str(code->meaning) : SV_NULL);
}

static const struct sqlfn_call calls[] = {
	{ "ip_key", 1, fn_ip_key },
	{ "ip_rollup", 1, fn_ip_rollup },
	{ "ip_text", 1, fn_ip_text },
	{ "ip_in", 2, fn_ip_in },
	{ "path_stem", 1, fn_path_stem },
	{ "path_query", 1, fn_path_query },
	{ "path_plain", 1, fn_path_plain },
	{ "path_segment", 2, fn_path_segment },
	{ "path_extension", 1, fn_path_extension },
	{ "code_severity", 1, fn_code_severity },
	{ "code_meaning", 1, fn_code_meaning },
};

const struct sqlfn_set sqlfn_web = {
	calls, countof(calls), NULL, 0
};
