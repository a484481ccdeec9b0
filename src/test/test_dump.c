/* SPDX-License-Identifier: MIT */
#include "record/dump.h"

#include "base/buf.h"
#include "base/utc.h"
#include "record/ndjson.h"
#include "record/note.h"
#include "test/ck.h"

Suite *test_dump(void);

static struct arena a;
static struct redact redact;
static sv path_item = { "/api/beta/preview/{token}", 25 };
static const struct site_list paths = { &path_item, 1 };
static struct dump d;
static struct rec rec;
static struct bad_line bad;
static struct err err;

static void
setup(void)
{
	static const uint8_t key[REDACT_KEY_LEN] = { 7 };

	redact_init(&redact, key, &paths);
}

static void
teardown(void)
{
	arena_release(&a);
}

static struct csv_row
row_of(sv text)
{
	struct csv_row row;

	ck_assert_int_eq(csv_next(&text, ',', true, &a, &row), CSV_ROW);
	return row;
}

static bool
open_dump(const char *table, const char *header)
{
	struct csv_row row = row_of(sv_str(header));

	err = (struct err)ERR_INIT;
	return dump_open(&d, &a, sv_str(table), &row, &redact, &err);
}

static bool
read_row(const char *text)
{
	struct csv_row row = row_of(sv_str(text));

	return dump_row(&d, &row, &a, &rec, &bad);
}

/* The fields of the record as NDJSON; a reject as its reason. */
static sv
shown(const char *text)
{
	const struct source src = { .name = SV("f") };
	struct buf b = BUF_INIT;
	size_t end;
	sv out;

	if (!read_row(text))
		return sv_str(bad.reason);
	rec.line = rec.byte = 0;
	ndjson_rec(&b, &rec, &src);
	end = sv_find(buf_sv(&b), SV(",\"byte\":0}"));
	out = arena_sv(&a, sv_skip(buf_sv(&b), end + 10));
	out.n -= 2; /* "}\n" */
	buf_release(&b);
	return out;
}

#define WAITLIST "id,email,origin,ip,user_agent,created_at,confirmed_at"
#define CONSOLE "seq,actor_role,action,resource_type,outcome,created_at," \
	"actor_id,resource_id"
#define CUSTOMER "id,seq,tenant_id,action,detail,created_at,actor_id"
#define MAC32 "0123456789abcdefABCDEF0011223344"
#define MAC MAC32 MAC32
#define PGSS "snapshot_at,queryid,query,calls,toplevel,mean_exec_time"

static const struct {
	const char *table, *header, *row, *kind, *want;
} rows[] = {
	{ NULL, WAITLIST, "5,a@example.com,web,,\"\",2026-06-12 13:02:11.5+00,",
	    "waitlist_signups", ",\"row_id\":\"5\",\"email\":\"a@example.com\","
	    "\"origin\":\"web\",\"user_agent\":\"\"" },
	{ NULL, WAITLIST ",x", "5,a,b,c,d,2026-06-12 13:02:11.5+00,"
	    "2026-06-12 15:02:11+02,y", "waitlist_signups",
	    ",\"row_id\":\"5\",\"email\":\"a\",\"origin\":\"b\",\"ip\":\"c\","
	    "\"user_agent\":\"d\",\"confirmed_at\":"
	    "\"2026-06-12T13:02:11.000000Z\",\"extra\":{\"x\":\"y\"}" },
	{ "waitlist_signups", "created_at,row_id,id,email,origin",
	    "2026-06-12 13:02:11.5+00,1,2,,", "waitlist_signups",
	    ",\"row_id\":\"2\",\"extra\":{\"row_id\":\"1\"}" },
	{ "waitlist_signups", "created_at,extra,id,email,origin",
	    "2026-06-12 13:02:11.5+00,x,,,", "waitlist_signups",
	    ",\"extra\":{\"extra\":\"x\"}" },
	{ NULL, CONSOLE, "x7,admin,read,org,denied,2026-06-12 13:02:11.5+00,,",
	    "console_audit_events", ",\"actor_role\":\"admin\",\"action\":"
	    "\"read\",\"resource_type\":\"org\",\"outcome\":\"denied\","
	    "\"extra\":{\"seq\":\"x7\"}" },
	/* the detail is exact where a MAC is computed over it */
	{ NULL, CUSTOMER ",mac", "1,2,3,4,\"password=abc\","
	    "2026-06-12 13:02:11.5+00,," MAC, "customer_audit_events",
	    ",\"row_id\":\"1\",\"seq\":2,\"tenant_id\":\"3\",\"action\":"
	    "\"4\",\"detail\":\"password=abc\",\"mac\":\"" MAC "\"" },
	{ NULL, CUSTOMER ",mac,prev_mac", "1,2,3,4,\"password=abc\","
	    "2026-06-12 13:02:11.5+00,,\\x" MAC ",\\x" MAC,
	    "customer_audit_events",
	    ",\"row_id\":\"1\",\"seq\":2,\"tenant_id\":\"3\",\"action\":"
	    "\"4\",\"detail\":\"password=abc\",\"prev_mac\":\"" MAC "\","
	    "\"mac\":\"" MAC "\"" },
	/* what is no MAC stays as it is */
	{ NULL, CUSTOMER ",mac,prev_mac", "1,2,3,4,\"password=*\","
	    "2026-06-12 13:02:11.5+00,,\\x00ff,\\xyz",
	    "customer_audit_events",
	    ",\"row_id\":\"1\",\"seq\":2,\"tenant_id\":\"3\",\"action\":"
	    "\"4\",\"detail\":\"password=*\",\"prev_mac\":\"\\\\xyz\","
	    "\"mac\":\"\\\\x00ff\"" },
	{ NULL, CUSTOMER ",mac", "1,2,3,4,\"password=*\","
	    "2026-06-12 13:02:11.5+00,,", "customer_audit_events",
	    ",\"row_id\":\"1\",\"seq\":2,\"tenant_id\":\"3\",\"action\":"
	    "\"4\",\"detail\":\"password=*\"" },
	/* a header that lacks what a known table needs is of another table */
	{ NULL, "created_at,id,email", "2026-06-12 13:02:11.5+00,1,a", "row",
	    ",\"dump\":\"unnamed\",\"fields\":{\"created_at\":"
	    "\"2026-06-12 13:02:11.5+00\",\"id\":\"1\",\"email\":\"a\"}" },
	{ NULL, PGSS, "2026-06-12 13:02:11.5+00,-5,SELECT $1,7,t,0.25",
	    "pg_stat_statements", ",\"toplevel\":true,\"queryid\":\"-5\","
	    "\"query\":\"SELECT $1\",\"calls\":7,\"mean_exec_time\":0.25" },
	{ NULL, PGSS, "2026-06-12 13:02:11.5+00,5,q,1e3,maybe,nan",
	    "pg_stat_statements", ",\"queryid\":\"5\",\"query\":\"q\",\"extra\":{"
	    "\"calls\":\"1e3\",\"toplevel\":\"maybe\","
	    "\"mean_exec_time\":\"nan\"}" },
	{ "plans", "id,name,ts", "1,,2026-06-12 13:02:11.5+00", "row",
	    ",\"dump\":\"plans\",\"fields\":{\"id\":\"1\",\"name\":null,"
	    "\"ts\":\"2026-06-12 13:02:11.5+00\"}" },
	{ NULL, "a,created_at,ts", "\"\",2026-06-12 13:02:11.5+00,x", "row",
	    ",\"dump\":\"unnamed\",\"fields\":{\"a\":\"\",\"created_at\":"
	    "\"2026-06-12 13:02:11.5+00\",\"ts\":\"x\"}" },
	{ "request", "a,ts", "\"x\ny\",2026-06-12 13:02:11.5+00", "row",
	    ",\"dump\":\"request\",\"fields\":{\"a\":\"x\\u000ay\",\"ts\":"
	    "\"2026-06-12 13:02:11.5+00\"}" },
	{ "t", "a,ts", "\xff,2026-06-12 13:02:11.5+00", "row", ",\"dump\":\"t\","
	    "\"fields\":{\"a\":\"\\\\xff\",\"ts\":\"2026-06-12 13:02:11.5+00\"}" },
};

START_TEST(row_becomes_record)
{
	ck_assert_msg(open_dump(rows[_i].table, rows[_i].header), "%s", err.msg);
	ck_sv(shown(rows[_i].row), sv_str(rows[_i].want));
	ck_sv(rec_kinds[rec.kind].name, sv_str(rows[_i].kind));
	ck_assert_int_eq(rec.ts, INT64_C(1781269331500000));
	ck_assert(rec.kind == REC_ROW || sv_eq(d.table, sv_str(rows[_i].kind)));
}
END_TEST

/* Rows as psql, dataclips and people write them: T stands for the time. */
#define T "2026-06-12 13:02:11.5+00"
/* What else the tables need; NULL in the rows. */
#define CONSOLE_REST ",actor_id,actor_role,resource_type,resource_id,outcome"
#define CONSOLE_NULL ",,,,,"
#define PGSS_REST ",queryid,query"
#define PGSS_NULL ",,"
#define BAD_NUMBER NOTE_BIT(NOTE_BAD_NUMBER)
#define BAD_TIME NOTE_BIT(NOTE_BAD_TIME)
#define V12 "userid,dbid,queryid,query,calls,total_time,min_time,max_time," \
	"mean_time,stddev_time,rows,shared_blks_hit,blk_read_time"
#define V13 "userid,dbid,queryid,query,plans,total_plan_time,calls," \
	"total_exec_time,min_exec_time,max_exec_time,mean_exec_time," \
	"stddev_exec_time,rows,blk_read_time,wal_bytes"
#define V17 "userid,dbid,toplevel,queryid,query,calls,total_exec_time,rows," \
	"shared_blk_read_time,local_blk_read_time,jit_deform_count,stats_since," \
	"minmax_stats_since"

static const struct {
	const char *table, *header, *null_text, *row, *want;
	uint32_t notes;
	bool timeless;
} cells[] = {
	/* NULL is nothing, "" is a text; in a number or a time it is none */
	{ "waitlist_signups", "created_at,email,origin,id", NULL, T ",,\"\",",
	    ",\"origin\":\"\"", 0, false },
	{ "console_audit_events", "created_at,seq,action" CONSOLE_REST, NULL,
	    T ",,\"\"" CONSOLE_NULL,
	    ",\"action\":\"\"", 0, false },
	{ "console_audit_events", "created_at,seq,action" CONSOLE_REST, NULL,
	    T ",\"\"," CONSOLE_NULL,
	    ",\"extra\":{\"seq\":\"\"}", BAD_NUMBER, false },
	{ "console_audit_events", "created_at,seq,action" CONSOLE_REST, NULL,
	    T ",\"7\"," CONSOLE_NULL,
	    ",\"seq\":7", 0, false },
	{ "waitlist_signups", "created_at,confirmed_at,email,id,origin", NULL,
	    T ",\"\",a,,",
	    ",\"email\":\"a\",\"extra\":{\"confirmed_at\":\"\"}", BAD_TIME,
	    false },
	{ "waitlist_signups", "created_at,confirmed_at,email,id,origin", NULL,
	    T ",infinity,a,,", ",\"email\":\"a\",\"extra\":{\"confirmed_at\":"
	    "\"infinity\"}", BAD_TIME, false },
	{ "t", "ts,a,b", NULL, T ",,\"\"", ",\"dump\":\"t\",\"fields\":{"
	    "\"ts\":\"" T "\",\"a\":null,\"b\":\"\"}", 0, false },
	/* another text for NULL */
	{ "t", "ts,a,b,c,d", "\\N", T ",\\N,\"\\N\",,\"\"", ",\"dump\":\"t\","
	    "\"fields\":{\"ts\":\"" T "\",\"a\":null,\"b\":\"\\\\N\","
	    "\"c\":\"\",\"d\":\"\"}", 0, false },
	{ "t", "ts,a,b", "", T ",,\"\"", ",\"dump\":\"t\",\"fields\":{"
	    "\"ts\":\"" T "\",\"a\":null,\"b\":\"\"}", 0, false },
	{ "console_audit_events", "created_at,seq,action" CONSOLE_REST, "NULL",
	    T ",NULL,\"NULL\",NULL,NULL,NULL,NULL,NULL",
	    ",\"action\":\"NULL\"", 0, false },
	{ "console_audit_events", "created_at,seq,action" CONSOLE_REST, "NULL",
	    T ",,null,NULL,NULL,NULL,NULL,NULL", ",\"action\":\"null\","
	    "\"extra\":{\"seq\":\"\"}", BAD_NUMBER, false },
	/* numbers that are none keep their text */
	{ "console_audit_events", "created_at,seq,action" CONSOLE_REST, NULL,
	    T ",0x1f4," CONSOLE_NULL,
	    ",\"extra\":{\"seq\":\"0x1f4\"}", BAD_NUMBER, false },
	{ "console_audit_events", "created_at,seq,action" CONSOLE_REST, NULL,
	    T ",99999999999999999999," CONSOLE_NULL, ",\"extra\":{\"seq\":"
	    "\"99999999999999999999\"}", BAD_NUMBER, false },
	{ "console_audit_events", "created_at,seq,action" CONSOLE_REST, NULL,
	    T ",-9," CONSOLE_NULL,
	    ",\"seq\":-9", 0, false },
	{ "pg_stat_statements", "snapshot_at,calls,mean_exec_time,toplevel"
	    PGSS_REST, NULL, T ",1.0,\"1,5\",TRUE" PGSS_NULL, ",\"extra\":{"
	    "\"calls\":\"1.0\",\"mean_exec_time\":\"1,5\",\"toplevel\":"
	    "\"TRUE\"}", BAD_NUMBER, false },
	{ "pg_stat_statements", "snapshot_at,calls,max_exec_time,min_exec_time"
	    PGSS_REST, NULL, T ",,1e309,NaN" PGSS_NULL, ",\"extra\":{"
	    "\"max_exec_time\":\"1e309\",\"min_exec_time\":\"NaN\"}",
	    BAD_NUMBER, false },
	{ "pg_stat_statements", "snapshot_at,calls,toplevel" PGSS_REST, NULL,
	    T ",,f" PGSS_NULL,
	    ",\"toplevel\":false", 0, false },
	{ "pg_stat_statements", "snapshot_at,calls,toplevel" PGSS_REST, NULL,
	    T ",,true" PGSS_NULL,
	    ",\"toplevel\":true", 0, false },
	{ "pg_stat_statements", "snapshot_at,calls,stats_reset" PGSS_REST, NULL,
	    T ",x,-infinity" PGSS_NULL, ",\"extra\":{\"calls\":\"x\","
	    "\"stats_reset\":\"-infinity\"}", BAD_NUMBER | BAD_TIME, false },
	/* types without a field of their own */
	{ "t", "ts,bytea,list,json,span,n,m,flag", NULL, T ",\\x6869,\"{a,"
	    "\"\"b c\"\"}\",\"{\"\"k\"\": null}\",1 day 02:03:04,NaN,-Infinity,t",
	    ",\"dump\":\"t\",\"fields\":{\"ts\":\"" T "\",\"bytea\":"
	    "\"\\\\x6869\",\"list\":\"{a,\\\"b c\\\"}\",\"json\":"
	    "\"{\\\"k\\\": null}\",\"span\":\"1 day 02:03:04\",\"n\":\"NaN\","
	    "\"m\":\"-Infinity\",\"flag\":\"t\"}", 0, false },
	/* pg_stat_statements of every server */
	{ NULL, V12, NULL, "10,5,-9123456789012345678,\"SELECT\n\t$1\",7,1.5,"
	    "0.25,1,0.5,1e-05,8,9,0.125", ",\"userid\":\"10\",\"dbid\":\"5\","
	    "\"queryid\":\"-9123456789012345678\",\"query\":"
	    "\"SELECT\\u000a\\u0009$1\",\"calls\":7,\"total_exec_time\":1.5,"
	    "\"min_exec_time\":0.25,\"max_exec_time\":1,\"mean_exec_time\":0.5,"
	    "\"stddev_exec_time\":1e-05,\"rows\":8,\"extra\":{"
	    "\"shared_blks_hit\":\"9\",\"blk_read_time\":\"0.125\"}", 0,
	    true },
	{ NULL, V13, NULL, "10,5,1234567890123456789,<insufficient privilege>,3,"
	    "0,7,1.5,0.25,1,0.5,0,8,0,4711", ",\"userid\":\"10\",\"dbid\":\"5\","
	    "\"queryid\":\"1234567890123456789\",\"query\":"
	    "\"\\u003cinsufficient privilege\\u003e\",\"calls\":7,\"total_exec_time\":1.5,"
	    "\"min_exec_time\":0.25,\"max_exec_time\":1,\"mean_exec_time\":0.5,"
	    "\"stddev_exec_time\":0,\"rows\":8,\"extra\":{\"plans\":\"3\","
	    "\"total_plan_time\":\"0\",\"blk_read_time\":\"0\",\"wal_bytes\":"
	    "\"4711\"}", 0, true },
	{ NULL, V17, NULL, "10,5,t,,,7,1.5,8,0.5,0,0," T "," T,
	    ",\"userid\":\"10\",\"dbid\":\"5\",\"toplevel\":true,\"calls\":7,"
	    "\"total_exec_time\":1.5,\"rows\":8,\"extra\":{"
	    "\"shared_blk_read_time\":\"0.5\",\"local_blk_read_time\":\"0\","
	    "\"jit_deform_count\":\"0\",\"stats_since\":\"" T "\","
	    "\"minmax_stats_since\":\"" T "\"}", 0, true },
	{ NULL, "snapshot_at,queryid,query,calls", NULL, ",1,a,2",
	    ",\"queryid\":\"1\",\"query\":\"a\",\"calls\":2", 0, true },
	/* the old name is the field only where the new one is not */
	{ "pg_stat_statements", "total_time,total_exec_time,calls" PGSS_REST,
	    NULL, "1,2," PGSS_NULL,
	    ",\"total_exec_time\":2,\"extra\":{\"total_time\":\"1\"}", 0,
	    true },
	{ "t", "ts,total_time", NULL, T ",1", ",\"dump\":\"t\",\"fields\":{"
	    "\"ts\":\"" T "\",\"total_time\":\"1\"}", 0, false },
};

START_TEST(cell_keeps_what_it_says)
{
	ck_assert_msg(open_dump(cells[_i].table, cells[_i].header), "%s",
	    err.msg);
	d.null_text = sv_str(cells[_i].null_text);
	ck_sv(shown(cells[_i].row), sv_str(cells[_i].want));
	ck_assert_uint_eq(rec.notes, cells[_i].notes);
	ck_assert_int_eq(rec.ts, cells[_i].timeless ? UTC_NONE :
	    INT64_C(1781269331500000));
}
END_TEST

/* NULL is one content, however it is written; the text for it in quotes is
 * not NULL. */
START_TEST(null_text_does_not_change_the_row)
{
	uint64_t plain, other;

	ck_assert(open_dump("t", "a,b") && read_row("1,"));
	plain = rec.hash;
	d.null_text = SV("\\N");
	ck_assert(read_row("1,\\N") && rec.hash == plain);
	ck_assert(read_row("1,\"\\N\"") && rec.hash != plain);
	other = rec.hash;
	ck_assert(read_row("1,") && rec.hash != plain && rec.hash != other);
	ck_assert(open_dump("t", "a,b") && sv_null(d.null_text));
}
END_TEST

/* A MAC is one content, as text and as bytea. */
START_TEST(bytea_does_not_change_the_row)
{
	uint64_t plain;

	ck_assert(open_dump(NULL, CUSTOMER ",mac"));
	ck_assert(read_row("1,2,3,4,5," T ",6," MAC));
	plain = rec.hash;
	ck_assert(read_row("1,2,3,4,5," T ",6,\\x" MAC) && rec.hash == plain);
	ck_assert(read_row("1,2,3,4,5," T ",6,\\x") && rec.hash != plain);
}
END_TEST

static const struct {
	const char *table, *header, *row, *reason, *detail;
} refused[] = {
	{ NULL, "a,b,c", "1,2", "csv-fields", "expected 3 fields, got 2" },
	{ NULL, "a,b,c", "1,2,3,4", "csv-fields", "expected 3 fields, got 4" },
	{ NULL, "a,ts", "1,yesterday", "bad-time",
	    "column ts: expected a time, got 'yesterday'" },
	{ NULL, "a,ts", "1,2026-02-30 00:00:00", "bad-time",
	    "column ts: expected a time, got '2026-02-30 00:00:00'" },
	{ "waitlist_signups", "id,created_at,email,origin", "1,,,", "bad-time",
	    "column created_at: expected a time, got ''" },
	{ NULL, "a,ts", "1,\"\"", "bad-time",
	    "column ts: expected a time, got ''" },
	{ NULL, "a,ts", "1,infinity", "bad-time",
	    "column ts: expected a point in time, got 'infinity'" },
	{ NULL, "a,ts", "1,-infinity", "bad-time",
	    "column ts: expected a point in time, got '-infinity'" },
	{ NULL, "a,ts", "1,0044-03-15 12:00:00+00 BC", "bad-time",
	    "column ts: expected a time from the year 1 on, got "
	    "'0044-03-15 12:00:00+00 BC'" },
	{ NULL, "a,ts", "1,12026-06-12 13:02:11+00", "bad-time",
	    "column ts: expected a time up to the year 9999, got "
	    "'12026-06-12 13:02:11+00'" },
	{ NULL, "a,ts", "1,0000-06-12 13:02:11+00", "bad-time",
	    "column ts: expected a time, got '0000-06-12 13:02:11+00'" },
	{ NULL, "a,ts", "1,06/12/2026 13:02", "bad-time",
	    "column ts: expected a time, got '06/12/2026 13:02'" },
	{ NULL, "password,ts", "1,infinity", "bad-time",
	    "column ts: expected a time, got 'another value'" },
	{ NULL, "snapshot_at,queryid,query,calls", "x,1,q,2", "bad-time",
	    "column snapshot_at: expected a time, got 'x'" },
	{ NULL, "api_key,ts", "1,k3yk3y", "bad-time",
	    "column ts: expected a time, got 'another value'" },
	{ NULL, "a,ts", "1,\"a\xff\nb\"", "bad-time",
	    "column ts: expected a time, got 'a\\xff\nb'" },
};

START_TEST(row_is_refused)
{
	ck_assert(open_dump(refused[_i].table, refused[_i].header));
	ck_assert(!read_row(refused[_i].row));
	ck_assert_str_eq(bad.reason, refused[_i].reason);
	ck_assert_str_eq(bad.detail, refused[_i].detail);
}
END_TEST

static const struct {
	const char *table, *header, *why; /* why NULL: good */
} headers[] = {
	{ NULL, "a", NULL },
	{ NULL, "a,A", NULL },
	{ NULL, "a,b,a", "column 3 repeats column 1" },
	{ NULL, "a,\"a\"", "column 2 repeats column 1" },
	{ NULL, "a,,b", "column 2 is empty" },
	{ NULL, "a,\"\"", "column 2 is empty" },
	{ NULL, "a,b c/d\xc3\xa9", NULL },
	{ NULL, "a,\"b\nc\"", "column 2 has control characters or lines" },
	{ NULL, "a,\"b\tc\"", "column 2 has control characters or lines" },
	{ NULL, "a,\x1b[2J", "column 2 has control characters or lines" },
	{ NULL, "a,b\xe2\x80\xae" "c", "column 2 has control characters or lines" },
	{ NULL, "a,b\xff", "column 2 is no valid UTF-8" },
	{ "waitlist_signups", "id,email,origin",
	    "table waitlist_signups has no column 'created_at', which it needs" },
	{ "waitlist_signups", "id,created_at,email",
	    "table waitlist_signups has no column 'origin', which it needs" },
	{ "waitlist_signups", "id,created_at,email,origin", NULL },
	{ "console_audit_events", "seq,created_at,actor_id",
	    "table console_audit_events has no columns 'actor_role', 'action', "
	    "'resource_type', 'resource_id', 'outcome', which it needs" },
	{ "console_audit_events", CONSOLE, NULL },
	{ "customer_audit_events", "mac",
	    "table customer_audit_events has no columns 'id', 'seq', "
	    "'created_at', 'tenant_id', 'actor_id', 'action', 'detail', which" },
	{ "customer_audit_events", CUSTOMER, NULL },
	{ "pg_stat_statements", "queryid,query,calls", NULL },
	{ "pg_stat_statements", "created_at,query",
	    "no columns 'queryid', 'calls', which it needs" },
	{ "waitlist", "id", NULL },
};

START_TEST(header)
{
	bool ok = open_dump(headers[_i].table, headers[_i].header);

	ck_assert_msg(ok == (headers[_i].why == NULL), "%s", err.msg);
	if (ok)
		return;
	ck_assert_int_eq(err.status, ST_FAIL);
	ck_assert(sv_starts(sv_str(err.msg), SV("csv-header: ")));
	ck_assert_msg(strstr(err.msg, headers[_i].why) != NULL, "%s", err.msg);
}
END_TEST

START_TEST(too_many_columns)
{
	struct buf b = BUF_INIT;

	for (int i = 0; i <= DUMP_COLUMNS_MAX; i++)
		buf_printf(&b, "%sc%d", i ? "," : "", i);
	ck_assert(!open_dump(NULL, arena_str(&a, buf_sv(&b))));
	ck_assert_ptr_nonnull(strstr(err.msg, "513 columns, at most 512"));
	buf_release(&b);
}
END_TEST

START_TEST(no_time_at_all)
{
	ck_assert(open_dump("t", "a,b") && read_row("1,2"));
	ck_assert(rec.ts == UTC_NONE);
	ck_assert(open_dump("t", "a,ts") && read_row("1,"));
	ck_assert(rec.ts == UTC_NONE);
}
END_TEST

/* What is written out was not there: a MAC over it cannot hold. */
START_TEST(odd_bytes_are_noted)
{
	ck_assert(open_dump("t", "a,ts") && read_row("caf\xc3\xa9,"));
	ck_assert_uint_eq(rec.notes, 0);
	ck_assert(read_row("caf\xe9,"));
	ck_assert_uint_eq(rec.notes, NOTE_BIT(NOTE_INVALID_UTF8));
}
END_TEST

static const struct {
	const char *header, *row, *marker;
} secrets[] = {
	{ "id,api_key,ts", "1,m4rker,", "m4rker" },
	{ "id,password_digest,ts", "1,\"a m4rker b\",", "m4rker" },
	{ "id,note,ts", "1,see postgres://u:m4rker@h/d,", "m4rker" },
	{ "id,url,ts", "1,/api/beta/preview/m4rker,", "m4rker" },
	{ WAITLIST ",referrer", "1,a,b,c,d,2026-06-12 13:02:11+00,,"
	    "https://h/api/beta/preview/m4rker", "m4rker" },
	{ WAITLIST ",invite_token", "1,a,b,c,d,2026-06-12 13:02:11+00,,m4rker",
	    "m4rker" },
	{ CUSTOMER ",mac", "1,2,3,4,password=m4rker,2026-06-12 13:02:11+00,,",
	    "m4rker" },
	{ CUSTOMER ",mac", "1,2,3,4,password=m4rker,2026-06-12 13:02:11+00,,"
	    "nothex", "m4rker" },
	{ CUSTOMER ",mac", "1,2,3,4,password=m4rker,2026-06-12 13:02:11+00,,"
	    "\\x" MAC "0", "m4rker" },
	{ CUSTOMER ",mac", "1,2,3,4,password=m4rker,2026-06-12 13:02:11+00,,"
	    "\\x\\x" MAC, "m4rker" },
	{ CUSTOMER ",mac", "1,2,3,4,password=m4rker,2026-06-12 13:02:11+00,,"
	    MAC32, "m4rker" },
	{ CUSTOMER ",prev_mac,mac", "1,2,3,4,password=m4rker,"
	    "2026-06-12 13:02:11+00,," MAC ",", "m4rker" },
	{ CUSTOMER, "1,2,3,4,password=m4rker,2026-06-12 13:02:11+00,", "m4rker" },
	{ CONSOLE ",reason", "1,a,b,c,d,2026-06-12 13:02:11+00,,,token=m4rker",
	    "m4rker" },
};

/* A secret leaves the record, and its hash cannot be had without the key. */
START_TEST(secrets_leave)
{
	static const uint8_t other[REDACT_KEY_LEN] = { 8 };
	uint64_t hash;

	ck_assert(open_dump(NULL, secrets[_i].header));
	ck_assert(!sv_has(shown(secrets[_i].row), sv_str(secrets[_i].marker)));
	ck_assert(sv_has(shown(secrets[_i].row), SV(":")));
	hash = rec.hash;
	redact_init(&redact, other, &paths);
	ck_assert(read_row(secrets[_i].row) && rec.hash != hash);
}
END_TEST

START_TEST(secrets_leave_rejects)
{
	sv raw = SV("1,m4rker\n"), plain;

	ck_assert(open_dump(NULL, "id,api_key,ts"));
	ck_assert(sv_starts(dump_reject(&d, raw, &a), SV("<secret:")));
	ck_assert(open_dump(NULL, "id,name,ts"));
	plain = dump_reject(&d, raw, &a);
	ck_sv(plain, raw);
	ck_assert(!sv_has(dump_reject(&d, SV("1,token=m4rker"), &a),
	    SV("m4rker")));
}
END_TEST

/* NULL is not "", and cells do not run into each other. */
START_TEST(hash_tells_rows_apart)
{
	static const char *const text[] = { "1,2", "12,", "12,\"\"", ",12",
		"\"\",12", "1,3" };
	uint64_t hash[countof(text)];

	ck_assert(open_dump("t", "a,b"));
	for (size_t i = 0; i < countof(text); i++) {
		ck_assert(read_row(text[i]));
		hash[i] = rec.hash;
		for (size_t j = 0; j < i; j++)
			ck_assert(hash[i] != hash[j]);
	}
	ck_assert(read_row("\"1\",2") && rec.hash == hash[0]);
	ck_assert(open_dump("u", "a,b") && read_row("1,2"));
	ck_assert(rec.hash != hash[0]);
}
END_TEST

Suite *
test_dump(void)
{
	Suite *s = suite_create("dump");
	TCase *tc = tcase_create("dump");

	tcase_add_checked_fixture(tc, setup, teardown);
	add_table(tc, row_becomes_record, rows);
	add_table(tc, cell_keeps_what_it_says, cells);
	tcase_add_test(tc, null_text_does_not_change_the_row);
	tcase_add_test(tc, bytea_does_not_change_the_row);
	add_table(tc, row_is_refused, refused);
	add_table(tc, header, headers);
	tcase_add_test(tc, too_many_columns);
	tcase_add_test(tc, no_time_at_all);
	tcase_add_test(tc, odd_bytes_are_noted);
	add_table(tc, secrets_leave, secrets);
	tcase_add_test(tc, secrets_leave_rejects);
	tcase_add_test(tc, hash_tells_rows_apart);
	suite_add_tcase(s, tc);
	return s;
}
