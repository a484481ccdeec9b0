/* SPDX-License-Identifier: MIT */
#include "parse/pglog.h"

#include "base/arena.h"
#include "base/ascii.h"
#include "base/buf.h"
#include "base/utc.h"
#include "test/ck.h"

Suite *test_pglog(void);

static const struct {
	const char *line, *attachment;
	uint64_t number;
	uint32_t chunk;
	const char *text;
} chunks[] = {
	{ "[DATABASE] [7-1]  sql_error_code = 00000 LOG:  x", "DATABASE", 7, 1,
	    " sql_error_code = 00000 LOG:  x" },
	{ "[PINK] [18751-2] \tSELECT 1", "PINK", 18751, 2, "\tSELECT 1" },
	{ "[PINK] [7-3]       FROM t", "PINK", 7, 3, "      FROM t" },
	{ "[DBRIGHT_WHITE] [65-1] x", "DBRIGHT_WHITE", 65, 1, "x" },
	{ "[A] [7-4]", "A", 7, 4, "" },
	{ "[A] [7-4] ", "A", 7, 4, "" },
	{ "[A] [18446744073709551615-4294967295] x", "A", UINT64_MAX,
	    UINT32_MAX, "x" },
	{ "[A] [7-1] [B] [8-2] x", "A", 7, 1, "[B] [8-2] x" },
};

START_TEST(chunk)
{
	struct pglog_chunk c;

	ck_assert(pglog_chunk(sv_str(chunks[_i].line), &c));
	ck_sv(c.attachment, sv_str(chunks[_i].attachment));
	ck_assert_uint_eq(c.line, chunks[_i].number);
	ck_assert_uint_eq(c.chunk, chunks[_i].chunk);
	ck_sv(c.text, sv_str(chunks[_i].text));
	ck_assert(!sv_null(c.text));
}
END_TEST

static const char *const no_chunks[] = {
	"", "[", "[]", "[A]", "[A] ", "[A] [", "[A] []", "[A] [7]", "[A] [7-]",
	"[A] [-1]", "[A] [7-0] x", "[A] [7-x] x", "[A] [x-1] x", "[A] [7-1]x",
	"[A][7-1] x", "[A B] [7-1] x", "[] [7-1] x", "x [A] [7-1] x",
	"[A] [7--1] x", "[A] [7-4294967296] x", "[A] [7-1-1] x",
	"[A] [18446744073709551616-1] x", "[DATABASE] statement: SELECT 1",
	"[maturing-daily-1187] # CONFIG REWRITE",
};

START_TEST(no_chunk)
{
	struct pglog_chunk c;

	ck_assert(!pglog_chunk(sv_str(no_chunks[_i]), &c));
}
END_TEST

/* write_syslog() of Postgres, for text of one-byte characters: the next piece
 * off the front of *rest. */
static bool
next_piece(sv *rest, sv *piece)
{
	size_t n;

	while (sv_skip_lit(rest, SV("\n")))
		;
	n = sv_find_byte(*rest, '\n');
	n = n < 900 ? n : 900;
	if (n < rest->n && !is_space(rest->p[n])) {
		size_t i = n - 1;

		while (i > 0 && !is_space(rest->p[i]))
			i--;
		n = i ? i : n;
	}
	*piece = sv_cut_n(rest, n);
	return n > 0;
}

static void
join_pieces(sv text, struct buf *b)
{
	sv piece, before = SV_NULL;

	while (next_piece(&text, &piece)) {
		if (!sv_null(before))
			buf_add(b, pglog_glue(before, piece));
		buf_add(b, piece);
		before = piece;
	}
}

static void
repeat(struct buf *b, const char *s, int n)
{
	while (n-- > 0)
		buf_str(b, s);
}

START_TEST(pieces_join_to_the_message)
{
	struct buf text = BUF_INIT, got = BUF_INIT;

	buf_lit(&text, " sql_error_code = 00000 LOG:  statement: SELECT a,");
	buf_lit(&text, "\n\t       b\n\tFROM t\n\tWHERE c IN (");
	repeat(&text, "'value', ", 400);
	buf_lit(&text, "'')\n\t  AND d = '");
	repeat(&text, "0123456789", 300);
	buf_lit(&text, "' AND e = ");
	repeat(&text, "x", 2000);
	buf_lit(&text, "\n\tLIMIT 1");
	join_pieces(buf_sv(&text), &got);
	ck_sv(buf_sv(&got), buf_sv(&text));
	buf_release(&text);
	buf_release(&got);
}
END_TEST

START_TEST(glue)
{
	char full[900];

	memset(full, 'x', sizeof(full));
	ck_sv_lit(pglog_glue(SV("a"), SV("\tb")), "\n");
	ck_sv_lit(pglog_glue(SV("a"), SV("#011b")), "\n");
	ck_sv_lit(pglog_glue(SV("a"), SV("    b")), "\n");
	ck_sv_lit(pglog_glue(SV("a"), SV("b")), "\n");
	ck_sv_lit(pglog_glue(SV("a"), SV("")), "\n");
	ck_sv_lit(pglog_glue(SV_NULL, SV_NULL), "\n");
	ck_sv_lit(pglog_glue(SV("a"), SV(" b")), "");
	ck_sv_lit(pglog_glue(sv_of(full, 900), SV("b")), "");
	ck_sv_lit(pglog_glue(sv_of(full, 897), SV("  b")), "");
	ck_sv_lit(pglog_glue(sv_of(full, 896), SV("b")), "\n");
	ck_sv_lit(pglog_glue(sv_of(full, 900), SV("\tb")), "\n");
}
END_TEST

static void
put(struct buf *b, const char *key, sv val)
{
	if (!sv_null(val))
		buf_printf(b, "%s%s=<%.*s>", b->n ? " " : "", key, SV_ARG(val));
}

static void
show(struct buf *b, const struct pglog *p)
{
	put(b, "level", p->level);
	put(b, "severity", p->severity);
	put(b, "state", p->sqlstate);
	put(b, "pid", p->pid);
	put(b, "db", p->database);
	put(b, "user", p->user);
	put(b, "name", p->application_name);
	put(b, "session", p->session_id);
	put(b, "address", p->address);
	put(b, "port", p->port);
	if (p->time != UTC_NONE) {
		buf_lit(b, " time=");
		utc_write_short(b, p->time);
	}
	put(b, "on", p->attachment);
	put(b, "message", p->message);
	if (p->ambiguous)
		buf_lit(b, " ambiguous");
}

#define HEAD(user, name) " sql_error_code = 28P01 time_ms = " \
	"\"2026-06-12 13:00:00.123 UTC\" pid=\"42\" proc_start_time=" \
	"\"2026-06-12 12:59:00 UTC\" session_id=\"647e.1e62e5\" vtid=\"2/0\" " \
	"tid=\"0\" log_line=\"6\" database=\"d1\" connection_source=" \
	"\"192.0.2.1(34910)\" user=\"" user "\" application_name=\"" name "\" "
#define WANT(user, name) "state=<28P01> pid=<42> db=<d1> user=<" user "> " \
	"name=<" name "> session=<647e.1e62e5> address=<192.0.2.1> " \
	"port=<34910> time=2026-06-12T13:00:00.123000Z "

static const struct {
	const char *text, *want;
} heads[] = {
	{ HEAD("u1", "psql") "FATAL:  password authentication failed",
	    "level=<FATAL> severity=<critical> " WANT("u1", "psql")
	    "message=<password authentication failed>" },
	{ HEAD("u1", "sidekiq 7 [6 of 16] \"x\"") "LOG:  duration: 4 ms",
	    "level=<LOG> severity=<info> "
	    WANT("u1", "sidekiq 7 [6 of 16] \"x\"") "message=<duration: 4 ms>" },
	{ HEAD("u1", "psql") "DETAIL:  Key (id)=(1) exists.",
	    "level=<DETAIL> " WANT("u1", "psql")
	    "message=<Key (id)=(1) exists.>" },
	{ HEAD("u1", "psql") "STATEMENT:  SELECT\n\t\"user\" LOG:  x",
	    "level=<STATEMENT> " WANT("u1", "psql")
	    "message=<SELECT\n\t\"user\" LOG:  x> ambiguous" },
	/* a message cannot change what stands before it */
	{ HEAD("u1", "a") "ERROR:  no \" user=\"u2\" LOG:  x",
	    "level=<ERROR> severity=<error> " WANT("u1", "a")
	    "message=<no \" user=\"u2\" LOG:  x> ambiguous" },
	/* nor a user what stands before the user */
	{ HEAD("u\" pid=\"1\" database=\"x", "a") "LOG:  x",
	    "level=<LOG> severity=<info> "
	    WANT("u\" pid=\"1\" database=\"x", "a") "message=<x> ambiguous" },
	/* who chooses a name forges what follows; that can be seen */
	{ HEAD("u1", "evil\" FATAL:  forged") "LOG:  real",
	    "level=<FATAL> severity=<critical> " WANT("u1", "evil")
	    "message=<forged\" LOG:  real> ambiguous" },
	{ HEAD("u1", "evil\" FATAL:  forged") "LOG:", "level=<FATAL> "
	    "severity=<critical> " WANT("u1", "evil")
	    "message=<forged\" LOG:> ambiguous" },
	{ HEAD("u1\" application_name=\"b\" PANIC:  x", "a") "LOG:  y",
	    "level=<PANIC> severity=<critical> " WANT("u1", "b")
	    "message=<x\" application_name=\"a\" LOG:  y> ambiguous" },
	{ HEAD("u1\" application_name=\"b", "a") "LOG:  y", "level=<LOG> "
	    "severity=<info> " WANT("u1", "b\" application_name=\"a")
	    "message=<y> ambiguous" },
	{ " database = d sql_error_code = 00000 LOG:  x sql_error_code = 28P01 "
	    "FATAL:  y", "level=<LOG> severity=<info> state=<00000> db=<d> "
	    "message=<x sql_error_code = 28P01 FATAL:  y> ambiguous" },
	{ " sql_error_code = 28P01 user=\"u1\" application_name=e vtid= \" "
	    "application_name=\"a\" LOG:  y", "level=<LOG> severity=<info> "
	    "state=<28P01> user=<u1> name=<e> message=<y> ambiguous" },
	{ " sql_error_code = 28P01 user=\"u1\" application_name=  vtid= \" "
	    "application_name=\"a\" LOG:  y", "level=<LOG> severity=<info> "
	    "state=<28P01> user=<u1> message=<y> ambiguous" },
	{ " sql_error_code = 28P01 user=\"u1\" application_name= \" "
	    "application_name=\"a\" LOG:  y", "level=<LOG> severity=<info> "
	    "state=<28P01> user=<u1> name=< application_name=\"a> "
	    "message=<y> ambiguous" },
	/* quotes and levels that end nothing */
	{ HEAD("\"u\"", "a\" b") "ERROR:  \"x\" LOG, \"LOG:  y\" and  LOG:  z",
	    "level=<ERROR> severity=<error> " WANT("\"u\"", "a\" b")
	    "message=<\"x\" LOG, \"LOG:  y\" and  LOG:  z>" },
	/* checkpointer and others have no session */
	{ " sql_error_code = 00000 time_ms = \"2026-06-12 13:00:00 UTC\" "
	    "pid=\"9\" session_id=\"a.b\" vtid=\"\" tid=\"0\" log_line=\"6\" "
	    "LOG:  checkpoint starting: time",
	    "level=<LOG> severity=<info> state=<00000> pid=<9> session=<a.b> "
	    "time=2026-06-12T13:00Z message=<checkpoint starting: time>" },
	{ " sql_error_code = 08P01 database=\"[unknown]\" "
	    "connection_source=\"[local]\" user=\"\" "
	    "application_name=\"[unknown]\" LOG:  x",
	    "level=<LOG> severity=<info> state=<08P01> address=<[local]> "
	    "message=<x>" },
	{ " sql_error_code = 00000 connection_source=\"2001:db8::1(5)\" "
	    "WARNING:  x", "level=<WARNING> severity=<warning> state=<00000> "
	    "address=<2001:db8::1> port=<5> message=<x>" },
	{ " sql_error_code = 00000 LOG:  duration: 2688.600 ms",
	    "level=<LOG> severity=<info> state=<00000> "
	    "message=<duration: 2688.600 ms>" },
	{ "sql_error_code = 42P01 ERROR:  relation \"x\"",
	    "level=<ERROR> severity=<error> state=<42P01> "
	    "message=<relation \"x\">" },
	{ " sql_error_code = 00000 LOG:  ", "level=<LOG> severity=<info> "
	    "state=<00000> message=<>" },
	{ " sql_error_code = 00000 LOG:", "level=<LOG> severity=<info> "
	    "state=<00000> message=<>" },
	{ " sql_error_code = 00000 LOG:    indented", "level=<LOG> "
	    "severity=<info> state=<00000> message=<  indented>" },
	/* hobby plans */
	{ " database = d1 connection_source = 192.0.2.1(5) "
	    "sql_error_code = 00000 LOG:  x",
	    "level=<LOG> severity=<info> state=<00000> db=<d1> "
	    "address=<192.0.2.1> port=<5> message=<x>" },
	{ " database =  connection_source =  sql_error_code = 00000 LOG:  x",
	    "level=<LOG> severity=<info> state=<00000> message=<x>" },
	/* 2016 */
	{ "[DATABASE] statement: CREATE OR REPLACE FUNCTION f()",
	    "on=<DATABASE> message=<statement: CREATE OR REPLACE FUNCTION f()>" },
	{ "[DATABASE] duration: 2000 ms  statement: SELECT 1",
	    "on=<DATABASE> message=<duration: 2000 ms  statement: SELECT 1>" },
};

START_TEST(head)
{
	struct buf b = BUF_INIT;
	struct pglog p;

	ck_assert(pglog_parse(sv_str(heads[_i].text), &p));
	show(&b, &p);
	ck_sv(buf_sv(&b), sv_str(heads[_i].want));
	buf_release(&b);
}
END_TEST

static const char *const no_heads[] = {
	"", " ", "\tSELECT 1", "LOG:  x", "sql_error_code", "sql_error_code = ",
	" sql_error_code = 0000 LOG:  x", " sql_error_code = 0000x LOG:  x",
	" sql_error_code = 000000 LOG:  x", " sql_error_code = 00000 x",
	" sql_error_code = 00000", " sql_error_code = 00000 LOGS:  x",
	" sql_error_code = 00000 LOG:x", " sql_error_code = 00000 log:  x",
	" sql_error_code = 00000 sql_error_code = 00000 LOG:  x",
	" pid=\"1\" LOG:  x", " sql_error_code = 00000 pid=\"1 LOG:  x",
	" sql_error_code = 00000 pid=\"1\"LOG:  x",
	" sql_error_code = 00000 colour=\"1\" LOG:  x",
	"[DATABASE] text", "[DATA BASE] statement: x", "statement: x",
	"[DATABASE] [7-1]  sql_error_code = 00000 LOG:  x",
};

START_TEST(no_head)
{
	struct pglog p;

	ck_assert(!pglog_parse(sv_str(no_heads[_i]), &p));
}
END_TEST

START_TEST(any_byte)
{
	struct pglog_chunk c;
	struct pglog p;

	ck_assert(pglog_chunk(SV("[A] [1-1] \0\xff"), &c));
	ck_sv_lit(c.text, "\0\xff");
	ck_assert(!pglog_chunk(SV("[A\0] [1-1] x"), &c));
	ck_assert(!pglog_chunk(SV_NULL, &c));
	ck_assert(pglog_parse(SV(" sql_error_code = 00000 LOG:  \0\xff"), &p));
	ck_sv_lit(p.message, "\0\xff");
	ck_assert(pglog_parse(SV(" sql_error_code = 00000 "
	    "user=\"\0\xff\" LOG:  x"), &p));
	ck_sv_lit(p.user, "\0\xff");
	ck_assert(!pglog_parse(SV_NULL, &p));
}
END_TEST

START_TEST(session)
{
	ck_assert(pglog_is_session(SV("666a1267.1267")));
	ck_assert(pglog_is_session(SV("666a12670a1b2c3d.ffffffffffffffff")));
	ck_assert(!pglog_is_session(SV("666a12670a1b2c3d0.1")));
	ck_assert(!pglog_is_session(SV("1.666a12670a1b2c3d0")));
	ck_assert(!pglog_is_session(SV("666a1267")));
	ck_assert(!pglog_is_session(SV("666a1267.")));
	ck_assert(!pglog_is_session(SV(".1267")));
	ck_assert(!pglog_is_session(SV("1.2.3")));
	ck_assert(!pglog_is_session(SV("666g.1")));
	ck_assert(!pglog_is_session(SV_NULL));
}
END_TEST

Suite *
test_pglog(void)
{
	Suite *s = suite_create("pglog");
	TCase *tc = tcase_create("lines");

	suite_add_tcase(s, tc);
	add_table(tc, chunk, chunks);
	add_table(tc, no_chunk, no_chunks);
	tcase_add_test(tc, glue);
	tcase_add_test(tc, pieces_join_to_the_message);
	add_table(tc, head, heads);
	add_table(tc, no_head, no_heads);
	tcase_add_test(tc, any_byte);
	tcase_add_test(tc, session);
	return s;
}
