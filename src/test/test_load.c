/* SPDX-License-Identifier: MIT */
#include "store/load.h"

#include <stdio.h>

#include "record/rec.h"
#include "store/db.h"
#include "test/ck.h"
#include "test/stock.h"

Suite *test_load(void);

#define AT(sec) "2026-06-12T13:00:" sec "+00:00 "
#define ROUTER(sec, rid, client) AT(sec) "heroku[router]: at=info method=GET " \
	"path=\"/x?a=1\" host=api.example request_id=" rid " fwd=\"" client \
	"\" dyno=web.1 connect=0ms service=5ms status=200 bytes=7 " \
	"protocol=https\n"
#define RID "8b1a9953-c461-4296-a827-abf8c47804d7"
#define TEXT(sec, text) AT(sec) "app[web.1]: " text "\n"
#define PULL(app, stamp) app ".heroku-logs.20260612T" stamp "Z.log"

static struct store *st;

static void
setup(void)
{
	stock_setup();
	st = stock_memory();
}

static void
teardown(void)
{
	store_close(st);
	stock_teardown();
}

static int64_t
count(const char *what)
{
	char sql[200];

	snprintf(sql, sizeof(sql), "SELECT count(*) FROM %s", what);
	return stock_number(st, sql);
}

static void
check_balance(void)
{
	stock_check(st);
}

/* Once. */

START_TEST(same_input_adds_nothing)
{
	const sv text = SV("rubbish\n" ROUTER("01", RID, "192.0.2.1")
	    TEXT("02", "a") TEXT("02", "a") "\n");
	struct source one = stock_load(st, PULL("api", "130100"), text);
	sv before = stock_content(st);
	struct source two = stock_load(st, PULL("api", "130100"), text);
	struct source copy = stock_load(st, "copy.log", text);

	ck_assert(!one.known && two.known && copy.known);
	ck_assert_uint_eq(one.stored, 3);
	ck_assert_uint_eq(two.stored, 0);
	ck_assert_uint_eq(two.duplicates, 3);
	ck_assert_uint_eq(copy.duplicates, 3);
	ck_sv(stock_content(st), before);
	check_balance();
}
END_TEST

START_TEST(values_come_back)
{
	stock_load(st, PULL("api", "130100"),
	    SV(ROUTER("01", RID, "192.0.2.1")
	    ROUTER("02", "not-a-uuid", "198.51.100.9, 2001:db8:0:7:1::5")));
	ck_sv_lit(stock_text(st, "SELECT request_id || ' ' || client || ' ' || "
	    "fwd || ' ' || path || ' ' || app || ' ' || time FROM requests "
	    "WHERE line = 1"), RID " 192.0.2.1 192.0.2.1 /x?a=1 api "
	    "2026-06-12T13:00:01.000000Z");
	ck_sv_lit(stock_text(st, "SELECT request_id || ' ' || client || ' ' || "
	    "fwd FROM requests WHERE line = 2"), "not-a-uuid 2001:db8:0:7::/64 "
	    "198.51.100.9, 2001:db8:0:7:1::5");
	ck_assert_int_eq(count("request WHERE fwd IS NULL"), 1);
}
END_TEST

/* The first time a text comes that is not short it stays in its row. */
START_TEST(once_only_texts_stay_in_rows)
{
	const sv line = SV(ROUTER("01", RID, "192.0.2.1, 198.51.100.9")
	    ROUTER("02", RID, "192.0.2.2, 198.51.100.9")
	    ROUTER("03", RID, "192.0.2.1, 198.51.100.9")
	    ROUTER("04", RID, "192.0.2.1, 198.51.100.9"));

	stock_load(st, PULL("api", "130100"), line);
	ck_sv_lit(stock_text(st, "SELECT group_concat(typeof(path) || ' ' || "
	    "typeof(fwd)) FROM request"), "integer text,integer text,"
	    "integer integer,integer integer");
	ck_sv_lit(stock_text(st, "SELECT fwd || count(*) FROM requests GROUP BY "
	    "fwd ORDER BY line"), "192.0.2.1, 198.51.100.93");
}
END_TEST

/* App lines whose messages are of one form. */
static const struct {
	const char *before, *word[5], *after;
} alike[] = {
	{ "{\"level\":\"info\",\"n\":", { "1", "2", "3", "40", "5" }, "}" },
	{ "{\"request_id\":\"1052BDE2-B86A-4776-8A01-AD2CAE02000",
	    { "1", "2", "3", "4", "5" }, "\",\"n\":1}" },
	{ "{\"request_id\":\"req_0000000000000000000000000000000",
	    { "1", "2", "3", "4", "5" }, "\"}" },
	{ "level=info request_id=1052BDE2-B86A-4776-8A01-AD2CAE02000",
	    { "1", "2", "3", "4", "5" }, " n=1" },
	{ "", { "", "", "", "", "" }, "" },
	{ "level=info msg=\"open C:\\", { "data1", "data2", "data3", "new4",
	    "temp5" }, "\" user=bob" },
	{ "{\"k\":[\"caf\xe9\"],\"n\":", { "1", "2", "3", "4", "5" }, "}" },
};

static sv
column_of(struct store *of, const char *column, size_t line)
{
	struct buf sql = BUF_INIT;
	sv text;

	buf_printf(&sql, "SELECT quote(%s) FROM app_events WHERE line = %zu%c",
	    column, line, '\0');
	text = stock_text(of, sql.p);
	buf_release(&sql);
	return text;
}

/* The view has of each what it has of one that stands alone. */
START_TEST(messages_come_back)
{
	struct store *one[countof(alike->word)];
	struct buf all = BUF_INIT;

	for (size_t i = 0; i < countof(one); i++) {
		struct buf b = BUF_INIT;

		buf_printf(&b, AT("0%zu") "app[web.1]: %s%s%s\n", i,
		    alike[_i].before, alike[_i].word[i], alike[_i].after);
		buf_add(&all, buf_sv(&b));
		one[i] = stock_memory();
		stock_load(one[i], PULL("api", "130100"), buf_sv(&b));
		buf_release(&b);
	}
	stock_load(st, PULL("api", "130100"), buf_sv(&all));
	for (size_t i = 0; i < countof(one); i++) {
		ck_sv(column_of(st, "message", i + 1),
		    column_of(one[i], "message", 1));
		ck_sv(column_of(st, "fields", i + 1),
		    column_of(one[i], "fields", 1));
		store_close(one[i]);
	}
	buf_release(&all);
}
END_TEST

START_TEST(metrics_are_taken_apart)
{
	stock_load(st, PULL("api", "130100"), SV(AT("01") "heroku[web.1]: "
	    "source=web.1 dyno=heroku.1 sample#load_avg_1m=0.25 "
	    "sample#memory_total=21.00MB\n"));
	ck_assert_int_eq(count("metrics"), 2);
	ck_sv_lit(stock_text(st, "SELECT name || value || unit FROM metrics "
	    "WHERE name = 'memory_total'"), "memory_total21MB");
}
END_TEST

/* What is no number has no value that a rule could compare. */
START_TEST(odd_metrics)
{
	stock_load(st, PULL("api", "130100"), SV(AT("01") "heroku[web.1]: "
	    "source=web.1 sample#a=0x1f4 count#a=2 tag#a=z foo=3\n"));
	ck_sv_lit(stock_text(st, "SELECT group_concat(kind || ' ' || "
	    "coalesce(value, 'NULL') || ' ' || coalesce(text, 'NULL') || ' ' "
	    "|| extra) FROM metrics"), "sample NULL 0x1f4 foo=3,"
	    "count 2 NULL foo=3,tag NULL z foo=3");
}
END_TEST

/* Overlap. */

START_TEST(real_repeats_stay)
{
	struct source a = stock_load(st, PULL("api", "130100"),
	    SV(TEXT("01", "r") TEXT("01", "r") TEXT("02", "x")));
	struct source b = stock_load(st, PULL("api", "130200"),
	    SV(TEXT("01", "r") TEXT("01", "r") TEXT("01", "r")
	    TEXT("03", "y")));

	ck_assert_uint_eq(a.stored, 3);
	ck_assert_uint_eq(b.stored, 2);
	ck_assert_uint_eq(b.duplicates, 2);
	ck_assert_int_eq(count("app_events WHERE message = 'r'"), 3);
	ck_assert_int_eq(stock_number(st, "SELECT group_concat(nth, '') = '123' "
	    "FROM (SELECT nth FROM app_events WHERE message = 'r' ORDER BY nth)"),
	    1);
	ck_assert_int_eq(count("also"), 2);
	check_balance();
}
END_TEST

START_TEST(a_request_is_one_event)
{
#define ONE(sec) ROUTER(sec, RID, "192.0.2.1")
	struct source a = stock_load(st, PULL("api", "130100"),
	    SV(ONE("01.5") ONE("01.5") ONE("01.5")));

	ck_assert_uint_eq(a.stored, 1);
	ck_assert_uint_eq(a.duplicates, 2);
	a = stock_load(st, PULL("api", "130200"), SV(ONE("02") ONE("02")));
	ck_assert_uint_eq(a.stored, 2); /* where times are in seconds */
	ck_assert_int_eq(count("requests"), 3);
	check_balance();
#undef ONE
}
END_TEST

START_TEST(apps_are_apart)
{
	stock_load(st, PULL("api", "130100"), SV(TEXT("01", "same")));
	stock_load(st, PULL("console", "130100"), SV(TEXT("01", "same")
	    TEXT("01", "more")));
	stock_load(st, "unknown.log", SV(TEXT("01", "same") TEXT("02", "else")));
	ck_assert_int_eq(count("app_events WHERE message = 'same'"), 3);
	ck_assert_int_eq(count("also"), 0);
	check_balance();
}
END_TEST

START_TEST(a_frame_and_a_line_are_one_event)
{
	struct source a, b;

	a = stock_load(st, PULL("api", "130100"), SV(TEXT("01.000001", "hello")));
	b = stock_load(st, "api.drain.20260612T130000Z.log",
	    SV("66 <190>1 2026-06-12T13:00:01.000001+00:00 host app web.1 - "
	    "hello   \n"));
	ck_assert_uint_eq(a.stored, 1);
	ck_assert_uint_eq(b.duplicates, 1);
	ck_assert_int_eq(count("app_events"), 1);
	ck_assert_int_eq(count("also"), 1);
	ck_sv_lit(stock_text(st, "SELECT format FROM source WHERE id = "
	    "(SELECT source FROM app)"), "drain-frames");
	check_balance();
}
END_TEST

START_TEST(home_is_the_earliest)
{
	stock_load(st, PULL("api", "130300"), SV(TEXT("00", "0")
	    TEXT("01", "a") TEXT("02", "b")));
	stock_load(st, PULL("api", "130200"), SV(TEXT("01", "a")
	    TEXT("02", "b")));
	stock_load(st, PULL("api", "130100"), SV(TEXT("01", "a")));
	ck_assert_int_eq(count("app_events AS e WHERE source LIKE '%130100Z.log' "
	    "AND message = 'a' AND line = 1"), 1);
	ck_assert_int_eq(count("app_events AS e WHERE source LIKE '%130200Z.log' "
	    "AND message = 'b' AND line = 2"), 1);
	ck_assert_int_eq(count("also"), 3);
	ck_assert_int_eq(count("source WHERE stored = 1 AND "
	    "duplicates + stored = read"), 3);
	check_balance();
}
END_TEST

/* The same set of inputs in every order. */

struct input {
	const char *name;
	sv text;
};

#define LIT(text) { text, sizeof(text) - 1 }

static const struct input logs[] = {
	{ PULL("api", "130100"), LIT(TEXT("01", "a") TEXT("02", "b")
	    TEXT("02", "b") ROUTER("03", RID, "192.0.2.1")) },
	{ PULL("api", "130200"), LIT(TEXT("02", "b") TEXT("02", "b")
	    TEXT("02", "b") ROUTER("03", RID, "192.0.2.1")
	    ROUTER("03", RID, "192.0.2.1") "rubbish\n" TEXT("04", "c")) },
	{ "api.drain.20260612T125900Z.log", LIT(
	    "<158>1 2026-06-12T13:00:02+00:00 host app web.1 - b\n"
	    "<158>1 2026-06-12T13:00:30+00:00 host app web.1 - d\n\n") },
	{ PULL("api", "130400"), LIT(TEXT("04", "c")
	    ROUTER("03", RID, "192.0.2.1") TEXT("05", "e")
	    "2026-06-12T13:03:59+00:00 app[web.1]: f\n") },
};

static const struct input pulls[] = {
	{ PULL("api", "130100"), LIT(TEXT("01", "a")) },
	{ PULL("api", "130200"),
	    LIT("2026-06-12T13:01:30+00:00 app[web.1]: b\n") },
	{ PULL("api", "130300"),
	    LIT("2026-06-12T13:02:30+00:00 app[web.1]: c\n"
	    "2026-06-12T13:02:31+00:00 app[web.1]: d\n") },
	{ PULL("api", "130400"),
	    LIT("2026-06-12T13:02:31+00:00 app[web.1]: d\n") },
};

#define WAITLIST "id,created_at,email,origin,confirmed_at\n"

static const struct input dumps[] = {
	{ "waitlist_signups_20260610T000000Z.csv", LIT(WAITLIST
	    "1,2026-06-09 10:00:00+00,a@example.org,web,\n"
	    "2,2026-06-09 11:00:00+00,b@example.org,web,\n") },
	{ "waitlist_signups_20260611T000000Z.csv", LIT(WAITLIST
	    "1,2026-06-09 10:00:00+00,a@example.org,web,2026-06-10 12:00:00+00\n"
	    "2,2026-06-09 11:00:00+00,b@example.org,web,\n") },
	{ "waitlist_signups_20260612T000000Z.csv", LIT(WAITLIST
	    "2,2026-06-09 11:00:00+00,b@example.net,web,\n"
	    ",2026-06-09 11:00:00+00,c@example.org,web,\n"
	    ",2026-06-09 11:00:00+00,c@example.org,web,\n") },
	{ "waitlist_signups_20260613T000000Z.csv", LIT(WAITLIST
	    "2,2026-06-09 11:00:00+00,b@example.org,web,\n") },
};

static const struct input rows[] = {
	{ "my-table_20260610T000000Z.csv", LIT("b,a,c d\n1,2,3\n4,5,6\n") },
	{ "my-table_20260611T000000Z.csv", LIT("new,b,a,c d\n0,1,2,3\n") },
	{ "my_table_20260609T000000Z.csv", LIT("a,b,é\n7,8,9\n1,,\"\"\n") },
	{ "waitlist_signups_20260613T000000Z.csv", LIT(WAITLIST
	    "2,2026-06-09 11:00:00+00,b@example.org,web,\n") },
};

/* The fourth holds, earlier, only what the second holds too. */
static const struct input moved_rows[] = {
	{ "t_20260610T000000Z.csv", LIT("b,a,c\n1,2,3\n4,5,6\n") },
	{ "t_20260611T000000Z.csv", LIT("new,b,a\n0,1,2\n") },
	{ "t_20260612T000000Z.csv", LIT("new,b,a\n") },
	{ "t_20260609T000000Z.csv", LIT("new,b,a\n0,1,2\n\n") },
};

static const struct input copies[] = {
	{ PULL("api", "130100"), LIT(TEXT("01", "a") TEXT("02", "b")) },
	{ PULL("api", "130500"), LIT(TEXT("01", "a") TEXT("02", "b")) },
	{ PULL("api", "130300"), LIT(TEXT("02", "b") TEXT("03", "c")) },
	{ PULL("api", "130700"),
	    LIT("2026-06-12T13:04:00+00:00 app[web.1]: z\n") },
};

static const struct input *const sets[] = { logs, pulls, dumps, rows,
	moved_rows, copies };

enum { SET = 4, ORDERS = 24 };

/* The i-th order of four. */
static void
order(int i, int out[SET])
{
	int left[SET] = { 0, 1, 2, 3 };

	for (int n = SET, k = 0; n > 0; n--, k++) {
		int at = i % n;

		i /= n;
		out[k] = left[at];
		for (int j = at; j + 1 < n; j++)
			left[j] = left[j + 1];
	}
}

static sv
content_of(const struct input *set, int i, bool one_loader)
{
	const char *name[SET];
	int at[SET];
	sv out;

	order(i, at);
	st = stock_memory();
	for (int k = 0; k < SET; k++) {
		name[k] = set[at[k]].name;
		stock_write(name[k], set[at[k]].text);
		if (!one_loader)
			stock_load_files(st, &name[k], 1);
	}
	if (one_loader)
		stock_load_files(st, name, SET);
	check_balance();
	out = stock_content(st);
	store_close(st);
	st = NULL;
	return out;
}

START_TEST(order_does_not_matter)
{
	const struct input *set = sets[_i];
	sv want;

	store_close(st);
	want = content_of(set, 0, true);
	for (int i = 0; i < ORDERS; i++) {
		ck_sv(content_of(set, i, false), want);
		ck_sv(content_of(set, i, true), want);
	}
}
END_TEST

static void
load_set(const struct input *set)
{
	for (int i = 0; i < SET; i++)
		stock_load(st, set[i].name, set[i].text);
}

/* Dumps. */

START_TEST(newest_version_shows)
{
	load_set(dumps);
	ck_sv_lit(stock_text(st, "SELECT confirmed_at IS NOT NULL FROM "
	    "waitlist_signups WHERE id = '1'"), "1");
	ck_sv_lit(stock_text(st, "SELECT email FROM waitlist_signups "
	    "WHERE id = '2'"), "b@example.org");
	ck_assert_int_eq(count("waitlist_signups WHERE id = '2'"), 1);
	ck_assert_int_eq(count("waitlist_signups WHERE id IS NULL"), 2);
	check_balance();
}
END_TEST

#define RELEASE(v, current) "{\"version\":" v ",\"description\":\"Deploy\"," \
	"\"status\":\"succeeded\",\"user\":null,\"current\":" current ",\"created_at\":" \
	"\"2026-06-12T12:0" v ":00Z\"}"

/* What was so, was otherwise, and is so again. */
START_TEST(a_dump_taken_again_counts)
{
	const sv none = SV("[]"), one = SV("[" RELEASE("1", "true") "]");
	const sv signups = SV("id,created_at,email,origin,ip,user_agent,"
	    "referrer,confirmed_at\n1,2026-06-09 10:00:00+00,a@b.example,web,,,,\n");
	struct source s;

	stock_load(st, "api.releases.20260612T140000Z.json", none);
	stock_load(st, "api.releases.20260613T140000Z.json", one);
	s = stock_load(st, "api.releases.20260614T140000Z.json", none);
	ck_assert(!s.known);
	ck_assert_int_eq(count("source"), 3);
	stock_load(st, "waitlist_signups_20260612T140000Z.csv", signups);
	s = stock_load(st, "waitlist_signups_20260614T140000Z.csv", signups);
	ck_assert(!s.known && s.stored == 0 && s.duplicates == 1);
	ck_assert_int_eq(count("source"), 5);
	ck_assert_int_eq(count("waitlist_signups"), 1);
	/* the same again, and copies of which nobody knows when */
	s = stock_load(st, "waitlist_signups_20260612T140000Z.csv", signups);
	ck_assert(s.known && s.duplicates == 1);
	s = stock_load(st, "waitlist_signups.csv", signups);
	ck_assert(s.known);
	ck_assert_int_eq(count("source"), 5);
	ck_assert_int_eq(count("source WHERE name LIKE '%20260614T%'"), 2);
	check_balance();
}
END_TEST

#define EVENT(id, more) "{\"id\":\"" id "\",\"eventID\":\"" id "\"," \
	"\"dateCreated\":\"2026-06-12T12:10:00Z\",\"title\":\"KeyError\"," \
	"\"platform\":\"python\",\"type\":\"error\"" more "}"
#define THROWN ",\"entries\":[{\"type\":\"exception\",\"data\":{\"values\":" \
	"[{\"type\":\"KeyError\",\"value\":\"x\"}]}}]"
#define A "0000000000000000000000000000000a"
#define B "0000000000000000000000000000000b"

/* A list of events or releases has them as they were when it was taken. */
START_TEST(newest_version_of_an_event_shows)
{
	stock_load(st, "api.sentry-events.20260612T130000Z.json",
	    SV("[" EVENT(A, ",\"nextEventID\":null" THROWN) ","
	    EVENT(B, ",\"nextEventID\":null") "]"));
	stock_load(st, "api.sentry-events.20260612T140000Z.json",
	    SV("[" EVENT(A, ",\"nextEventID\":\"" B "\"") ","
	    EVENT(B, ",\"nextEventID\":\"c\"") "]"));
	ck_assert_int_eq(count("dump_row"), 4);
	ck_assert_int_eq(count("sentry_events"), 2);
	ck_assert_int_eq(count("sentry_events WHERE exception_type = 'KeyError' "
	    "AND event_id = '" A "'"), 1);
	ck_assert_int_eq(count("sentry_events WHERE event_id = '" B "' "
	    "AND source LIKE '%T140000Z%'"), 1);
	check_balance();
}
END_TEST

START_TEST(newest_version_of_a_release_shows)
{
	stock_load(st, "api.releases.20260612T140000Z.json",
	    SV("[" RELEASE("2", "true") "," RELEASE("1", "false") "]"));
	stock_load(st, "api.releases.20260612T130000Z.json",
	    SV("[" RELEASE("1", "true") "]"));
	ck_sv_lit(stock_text(st, "SELECT group_concat(version || ' ' || current) "
	    "FROM (SELECT * FROM releases ORDER BY version)"), "1 0,2 1");
}
END_TEST

#undef A
#undef B

#define CONSOLE "seq,created_at,actor_id,actor_role,action,resource_type," \
	"resource_id,outcome\n1,2026-06-09 10:00:00+00,m,admin,view,tenant,t,"

START_TEST(newest_audit_row_shows)
{
	stock_load(st, "console_audit_events_20260611T000000Z.csv",
	    SV(CONSOLE "allowed\n"));
	stock_load(st, "console_audit_events_20260610T000000Z.csv",
	    SV(CONSOLE "denied\n"));
	ck_assert_int_eq(count("dump_console_audit_events"), 2);
	ck_sv_lit(stock_text(st, "SELECT group_concat(outcome) FROM "
	    "console_audit_events"), "allowed");
}
END_TEST

/* Two apps number their rows each for itself. */
START_TEST(newest_version_of_each_app_shows)
{
	stock_load(st, "waitlist_signups_20260610T000000Z.csv", SV(WAITLIST
	    "1,2026-06-09 10:00:00+00,a@example.org,web,\n"
	    "2,2026-06-09 11:00:00+00,b@example.org,web,\n"));
	stock_load(st, "console_audit_events_20260610T000000Z.csv",
	    SV(CONSOLE "allowed\n"));
	stock_sql(st, "UPDATE source SET app = 'prod'");
	stock_load(st, "waitlist_signups_20260611T000000Z.csv", SV(WAITLIST
	    "1,2026-06-09 12:00:00+00,c@example.org,web,\n"));
	stock_load(st, "waitlist_signups_20260612T000000Z.csv", SV(WAITLIST
	    "1,2026-06-09 12:00:00+00,d@example.org,web,\n"));
	stock_load(st, "console_audit_events_20260611T000000Z.csv",
	    SV(CONSOLE "denied\n"));
	ck_sv_lit(stock_text(st, "SELECT group_concat(coalesce(app, '-') || id "
	    "|| email) FROM (SELECT * FROM waitlist_signups ORDER BY app, id)"),
	    "-1d@example.org,prod1a@example.org,prod2b@example.org");
	ck_sv_lit(stock_text(st, "SELECT group_concat(coalesce(app, '-') || seq "
	    "|| outcome) FROM (SELECT * FROM console_audit_events ORDER BY app)"),
	    "-1denied,prod1allowed");
}
END_TEST

START_TEST(customer_audit_rows_all_show)
{
	stock_load(st, "customer_audit_events_20260611T000000Z.csv",
	    SV("id,seq,created_at,tenant_id,actor_id,action,detail\n"
	    "1,1,2026-06-09 10:00:00+00,t,m,x,{}\n"));
	stock_load(st, "customer_audit_events_20260612T000000Z.csv",
	    SV("id,seq,created_at,tenant_id,actor_id,action,detail\n"
	    "1,1,2026-06-09 10:00:00+00,t,m,x,changed\n"));
	ck_assert_int_eq(count("customer_audit_events"), 2);
}
END_TEST

START_TEST(unknown_dump_gets_a_view)
{
	stock_load(st, "My-table.csv", SV("a,B c,\"d\"\"e\",f'g\n"
	    "1,two,3,\n,\"\",x,y\n"));
	ck_sv_lit(stock_text(st, "SELECT group_concat(c_a || c_b_c || c_d_e, '|') "
	    "FROM csv_my_table WHERE c_a = '1'"), "1two3");
	ck_assert_int_eq(count("csv_my_table WHERE c_a IS NULL AND c_b_c = '' "
	    "AND c_f_g = 'y'"), 1);
	ck_assert_int_eq(count("csv_my_table WHERE c_f_g IS NULL"), 1);
	ck_sv_lit(stock_text(st, "SELECT group_concat(name) FROM "
	    "pragma_table_info('csv_my_table')"), "rec,ts,time,c_a,c_b_c,c_d_e,"
	    "c_f_g,source,line,byte,hash,nth");
	ck_assert_int_eq(count("csv_my_table WHERE rec % 16 = 7 AND "
	    "source LIKE '%/My-table.csv'"), 2);
}
END_TEST

START_TEST(view_grows_with_columns)
{
	load_set(rows);
	ck_sv_lit(stock_text(st, "SELECT group_concat(name) FROM "
	    "pragma_table_info('csv_my_table') WHERE name GLOB 'c_*'"),
	    "c_a,c_b,c___,c_c_d,c_new");
	ck_assert_int_eq(count("csv_my_table"), 5);
	ck_assert_int_eq(count("sqlite_schema WHERE name GLOB 'csv_*'"), 1);
}
END_TEST

/* More than a view may have. */
START_TEST(view_of_too_many_columns)
{
	for (int i = 0; i < 5; i++) {
		struct buf b = BUF_INIT;
		char name[64];

		for (int c = 0; c < 500; c++)
			buf_printf(&b, "%sx%d", c ? "," : "", i * 500 + c);
		buf_byte(&b, '\n');
		for (int c = 0; c < 500; c++)
			buf_printf(&b, "%s%d", c ? "," : "", c);
		buf_byte(&b, '\n');
		snprintf(name, sizeof(name), "many_2026060%dT000000Z.csv",
		    i + 1);
		stock_load(st, name, buf_sv(&b));
		buf_release(&b);
	}
	ck_assert_int_eq(count("csv_many"), 5);
	ck_assert_int_eq(count("csv_many WHERE c_x1000 = '0'"), 1);
	ck_assert_int_eq(count("dump_row WHERE fields ->> '$.x2499' = '499'"),
	    1);
}
END_TEST

/* Failure. */

START_TEST(cancel_leaves_nothing)
{
	struct rec r = { .kind = REC_APP, .ts = 5, .hash = 9, .line = 1 };
	struct source src = { .name = SV("x"), .form = SV("stream"),
	    .format = SV("x"), .digest = { 1 } };
	struct err e = ERR_INIT;
	struct loader *l;
	sv before;
	bool dup;

	stock_load(st, PULL("api", "130100"), SV(TEXT("01", "a")));
	before = stock_content(st);
	l = loader_open(st, &e);
	rec_put_sv(&r, APP_origin, SV("new[1]"));
	rec_put_sv(&r, APP_message, SV("new text"));
	rec_put_i64(&r, APP_payload, 0);
	for (int i = 0; i < 2; i++) {
		struct sink *s = loader_sink(l);

		ck_assert_msg(s->ops->begin(s, &src, &e), "%s", e.msg);
		ck_assert_msg(s->ops->record(s, &r, &dup, &e), "%s", e.msg);
		ck_assert(!dup);
		if (i == 0) {
			s->ops->cancel(s);
			ck_sv(stock_content(st), before);
			continue;
		}
		src.read = src.stored = 1;
		ck_assert_msg(s->ops->end(s, &src, &e), "%s", e.msg);
	}
	loader_close(l);
	ck_assert_int_eq(count("app_events WHERE message = 'new text' AND "
	    "origin = 'new[1]'"), 1);
	check_balance();
}
END_TEST

START_TEST(close_rolls_back)
{
	struct source src = { .name = SV("x"), .form = SV("stream"),
	    .format = SV("x") };
	struct reject j = { 1, 0, 1, "why", SV(""), SV("x"), 0 };
	struct err e = ERR_INIT;
	struct loader *l = loader_open(st, &e);
	struct sink *s = loader_sink(l);

	ck_assert(s->ops->begin(s, &src, &e) && s->ops->reject(s, &j, &e));
	loader_close(l);
	ck_assert_int_eq(count("reject"), 0);
	loader_close(NULL);
}
END_TEST

/* Somebody deleted inputs, and left their rejects. */
START_TEST(rejects_stay_with_their_input)
{
	stock_load(st, "a.drain.20260612T130000Z.log", SV("what\n"));
	stock_load(st, "b.drain.20260612T130000Z.log", SV("whose\nwhen\n"));
	stock_sql(st, "DELETE FROM source");
	stock_load(st, "c.drain.20260612T130000Z.log", SV("where\n"));
	ck_assert_int_eq(stock_number(st, "SELECT id FROM source"), 3);
	ck_assert_int_eq(count("reject JOIN source ON source.id = "
	    "reject.source"), 1);
}
END_TEST

/* Were time to grow with the square of what moves, check's limit would end
 * this test. */
START_TEST(many_records_move)
{
	enum { MANY = 20000 };
	struct buf b = BUF_INIT;

	for (int i = 0; i < MANY; i++)
		buf_printf(&b, "2026-06-12T13:%02d:%02d.%06d+00:00 app[web.1]: "
		    "n %d\n", i / 60 % 60, i % 60, i, i);
	stock_load(st, "api.drain.20260612T130000Z.log", buf_sv(&b));
	buf_lit(&b, "\n");
	stock_load(st, "api.drain.20260612T120000Z.log", buf_sv(&b));
	buf_release(&b);
	ck_assert_int_eq(count("app_events WHERE source LIKE '%T120000Z.log'"),
	    MANY);
	ck_assert_int_eq(count("also"), MANY);
	check_balance();
}
END_TEST

/* What is equal in two apps is not the same: variables, empty lists. */
START_TEST(dumps_of_apps_stay_apart)
{
	struct source a = stock_load(st, "a.config.20260612T130000Z.json",
	    SV("{\"DEBUG\":\"1\"}"));
	struct source b = stock_load(st, "b.config.20260612T130000Z.json",
	    SV("{\"DEBUG\":\"1\"}"));

	ck_assert(a.stored == 1 && b.stored == 1 && !b.known);
	ck_assert_int_eq(count("config_vars WHERE app = 'b'"), 1);
	a = stock_load(st, "a.drains.20260612T130000Z.json", SV("[]"));
	b = stock_load(st, "b.drains.20260612T130000Z.json", SV("[]"));
	ck_assert(!a.known && !b.known);
	b = stock_load(st, "b.drains.20260613T130000Z.json", SV("[]"));
	ck_assert(!b.known);
	ck_assert_int_eq(count("source WHERE dump = 'drain'"), 3);
	b = stock_load(st, "c.log", SV("{\"DEBUG\":\"1\"}"));
	ck_assert(b.known);
	check_balance();
}
END_TEST

/* Lines of all sorts, from the n-th on; every tenth is late, some are long. */
static sv
many_lines(int from, int to)
{
	struct buf b = BUF_INIT;
	sv out;

	for (int i = from; i < to; i++) {
		int at = i % 10 ? i : i > 40 ? i - 37 : 0;

		buf_printf(&b, "2026-06-12T%02d:%02d:%02d.%06d+00:00 ",
		    10 + at / 36000, at / 600 % 60, at / 10 % 60,
		    at % 10 * 100000 + i % 7);
		if (i % 3 == 0)
			buf_printf(&b, "heroku[router]: at=info method=GET "
			    "path=\"/p/%d?q=%d\" host=api.example.com "
			    "request_id=%08x-0000-4000-8000-00000000%04x fwd="
			    "\"198.51.100.%d\" dyno=web.%d connect=%dms "
			    "service=%dms status=200 bytes=%d protocol=https\n",
			    i % 5000, i, i, i % 65536, i % 250, i % 5, i % 9,
			    i % 900, i % 100000);
		else if (i % 11 == 0)
			buf_printf(&b, "heroku[web.%d]: source=web.%d dyno="
			    "heroku.1.%d sample#memory_total=%d.%dMB "
			    "sample#load_avg_1m=0.%d\n", i % 4, i % 4, i % 4,
			    i % 512, i % 10, i % 100);
		else if (i % 701 == 0)
			buf_printf(&b, "app[web.1]: long %0*d\n", i % 90000, i);
		else if (i % 997 == 0)
			buf_printf(&b, "nothing\nat all %d\n", i);
		else
			buf_printf(&b, "app[web.%d]: line %d of many\n", i % 3,
			    i);
	}
	out = arena_sv(&stock_arena, buf_sv(&b));
	buf_release(&b);
	return out;
}

static struct store *
open_file(const char *name)
{
	struct err e = ERR_INIT;
	struct store *file = store_open(stock_path(name), STORE_WRITE, &e);

	ck_assert_msg(file != NULL, "%s", e.msg);
	return file;
}

/* What is large enough extends a copy of the file, what is small or overlaps is
 * moved or inserted: in memory all is. The content is the same. */
static const struct {
	struct {
		int from, to;
	} input[4];
} large[] = {
	{ { { 0, 14000 } } },
	{ { { 0, 14000 }, { 14000, 28000 } } },
	{ { { 14000, 28000 }, { 0, 14000 } } },
	{ { { 0, 14000 }, { 13500, 28000 }, { 28000, 28300 } } },
	{ { { 100, 200 }, { 0, 14000 }, { 0, 100 }, { 14000, 21000 } } },
	{ { { 0, 14000 }, { 0, 14000 }, { 1, 14000 } } },
};

START_TEST(a_file_holds_what_memory_does)
{
	struct store *file = open_file("s.db");

	for (int i = 0; i < 4 && large[_i].input[i].to; i++) {
		sv text = many_lines(large[_i].input[i].from,
		    large[_i].input[i].to);
		char name[64];

		snprintf(name, sizeof(name), "api.drain.20260612T1%d0000Z.log",
		    i);
		stock_load(st, name, text);
		stock_load(file, name, text);
		ck_sv_lit(stock_text(file, "PRAGMA integrity_check"), "ok");
	}
	ck_assert(sv_eq(stock_content(file), stock_content(st)));
	stock_check(file);
	store_close(file);
}
END_TEST

/* One writer puts another file in the place of the store: the other, which had
 * it open, adds to that. */
START_TEST(two_writers_of_large_inputs)
{
	struct store *file[2] = { open_file("s.db"), open_file("s.db") };

	stock_load(file[0], "api.drain.20260612T130000Z.log",
	    many_lines(0, 14000));
	stock_load(file[1], "api.drain.20260612T140000Z.log",
	    many_lines(14000, 14100));
	stock_load(file[0], "api.drain.20260612T150000Z.log",
	    many_lines(14100, 42000));
	stock_load(file[1], "api.drain.20260612T160000Z.log",
	    many_lines(42000, 42010));
	store_close(file[0]);
	ck_assert_int_eq(stock_number(file[1], "SELECT sum(stored) FROM source"),
	    stock_number(file[1], "SELECT sum(read - rejected - blank) FROM "
	    "source"));
	ck_assert_int_eq(stock_number(file[1], "SELECT count(*) FROM source"),
	    4);
	stock_check(file[1]);
	store_close(file[1]);
}
END_TEST

/* What is not read again is counted as if it were; rejects are told anew. */
START_TEST(known_file_is_not_read)
{
	static const char name[] = "api.drain.20260612T130000Z.log";
	static const char copy[] = "api.drain.20260612T120000Z.log";
	struct source a, b;

	for (int bad = 0; bad < 2; bad++) {
		sv text = many_lines(bad ? 0 : 1, bad ? 3000 : 900);

		a = stock_load(st, name, text);
		b = stock_load(st, copy, text);
		ck_assert_int_eq(a.rejected > 0, bad);
		ck_assert(b.known && b.stored == 0);
		ck_assert_uint_eq(b.read, a.read);
		ck_assert_uint_eq(b.rejected, a.rejected);
		ck_assert_uint_eq(b.blank, a.blank);
		ck_assert_uint_eq(b.bytes, a.bytes);
		ck_assert_uint_eq(b.duplicates, a.stored + a.duplicates);
		ck_assert(memcmp(a.note, b.note, sizeof(a.note)) == 0);
		ck_assert(memcmp(a.digest, b.digest, sizeof(a.digest)) == 0);
	}
	ck_assert_int_eq(count("source WHERE name LIKE '%T120000Z.log'"), 2);
}
END_TEST

Suite *
test_load(void)
{
	Suite *s = suite_create("load");
	TCase *t = tcase_create("load");

	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, same_input_adds_nothing);
	tcase_add_test(t, dumps_of_apps_stay_apart);
	tcase_add_test(t, values_come_back);
	tcase_add_test(t, once_only_texts_stay_in_rows);
	tcase_add_loop_test(t, messages_come_back, 0, countof(alike));
	tcase_add_test(t, metrics_are_taken_apart);
	tcase_add_test(t, odd_metrics);
	tcase_add_test(t, real_repeats_stay);
	tcase_add_test(t, a_request_is_one_event);
	tcase_add_test(t, apps_are_apart);
	tcase_add_test(t, a_frame_and_a_line_are_one_event);
	tcase_add_test(t, home_is_the_earliest);
	add_table(t, order_does_not_matter, sets);
	tcase_add_test(t, newest_version_shows);
	tcase_add_test(t, a_dump_taken_again_counts);
	tcase_add_test(t, newest_version_of_an_event_shows);
	tcase_add_test(t, newest_version_of_a_release_shows);
	tcase_add_test(t, newest_audit_row_shows);
	tcase_add_test(t, newest_version_of_each_app_shows);
	tcase_add_test(t, customer_audit_rows_all_show);
	tcase_add_test(t, unknown_dump_gets_a_view);
	tcase_add_test(t, view_grows_with_columns);
	tcase_add_test(t, view_of_too_many_columns);
	tcase_add_test(t, cancel_leaves_nothing);
	tcase_add_test(t, close_rolls_back);
	tcase_add_test(t, rejects_stay_with_their_input);
	add_table(t, a_file_holds_what_memory_does, large);
	tcase_add_test(t, two_writers_of_large_inputs);
	tcase_add_test(t, known_file_is_not_read);
	suite_add_tcase(s, t);

	t = tcase_create("growth");
	tcase_set_timeout(t, 20);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, many_records_move);
	suite_add_tcase(s, t);
	return s;
}
