/* SPDX-License-Identifier: MIT */
#include "detect/sender.h"

#include "store/db.h"
#include "test/ck.h"
#include "test/stock.h"

Suite *test_sender(void);

#define LINE "2026-06-12T13:05:00.000500+00:00 "
#define ROUTER(client) LINE "heroku[router]: at=info method=GET path=\"/a\" " \
	"host=h request_id=r-1 fwd=\"" client "\" dyno=web.1 connect=0ms " \
	"service=4ms status=404 bytes=9 protocol=https\n"
#define EVENT(ip, agent) LINE "app[web.1]: {\"evt\":\"x\",\"rid\":\"r-1\"," \
	"\"ip\":\"" ip "\",\"ua\":\"" agent "\"}\n"
#define LATER "2026-06-12T13:06:00.000501+00:00 app[web.1]: {\"evt\":\"x\"," \
	"\"rid\":\"r-1\",\"ip\":\"192.0.2.9\",\"ua\":\"late\"}\n"

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

static const struct {
	const char *log, *rec, *client, *agent; /* NULL: not known */
} rows[] = {
	{ ROUTER("192.0.2.7"), "requests", "192.0.2.7", NULL },
	{ ROUTER("192.0.2.7") EVENT("192.0.2.8", "curl"), "requests",
	    "192.0.2.7", "curl" },
	{ ROUTER("192.0.2.7") EVENT("192.0.2.8", "curl"), "app_events",
	    "192.0.2.7", "curl" },
	{ EVENT("192.0.2.8", "curl"), "app_events", "192.0.2.8", "curl" },
	{ ROUTER("192.0.2.7") ROUTER("192.0.2.9") EVENT("192.0.2.7", "curl"),
	    "app_events", NULL, "curl" },
	/* the router's own line says whose it is */
	{ ROUTER("192.0.2.7") ROUTER("192.0.2.9"), "requests", "192.0.2.7",
	    NULL },
	{ EVENT("192.0.2.8", "curl") EVENT("192.0.2.8", "wget"), "app_events",
	    "192.0.2.8", NULL },
	/* more than a minute later it is another request */
	{ ROUTER("192.0.2.7") LATER, "requests", "192.0.2.7", NULL },
	{ ROUTER("10.1.2.3") EVENT("192.0.2.8", "curl"), "app_events", NULL,
	    "curl" },
	{ LINE "heroku[web.1]: State changed from up to down\n",
	    "platform_events", NULL, NULL },
};

START_TEST(of_a_record)
{
	struct err e = ERR_INIT;
	struct buf b = BUF_INIT;
	struct sender s;

	stock_load(st, "api.heroku-logs.20260612T140000Z.log",
	    sv_str(rows[_i].log));
	buf_printf(&b, "SELECT rec FROM %s ORDER BY line", rows[_i].rec);
	ck_assert_msg(sender_load(&stock_arena, st, stock_number(st,
	    arena_str(&stock_arena, buf_sv(&b))), &s, &e), "%s", e.msg);
	ck_sv(s.client, sv_str(rows[_i].client));
	ck_sv(s.agent, sv_str(rows[_i].agent));
	ck_assert(sv_null(s.client) == (rows[_i].client == NULL));
	ck_assert(sv_null(s.agent) == (rows[_i].agent == NULL));
	buf_release(&b);
}
END_TEST

START_TEST(of_a_dump)
{
	struct err e = ERR_INIT;
	struct sender s;

	stock_load(st, "waitlist_signups_20260613T000000Z.csv", SV(
	    "id,created_at,email,origin,ip,user_agent\n1,2026-06-12 13:08:00+00,"
	    "a@x.example,web,192.0.2.5,curl/8\n"));
	ck_assert(sender_load(&stock_arena, st, stock_number(st,
	    "SELECT rec FROM waitlist_signups"), &s, &e));
	ck_sv_lit(s.client, "192.0.2.5");
	ck_sv_lit(s.agent, "curl/8");
}
END_TEST

Suite *
test_sender(void)
{
	Suite *s = suite_create("sender");
	TCase *t = tcase_create("sender");

	tcase_add_checked_fixture(t, setup, teardown);
	add_table(t, of_a_record, rows);
	tcase_add_test(t, of_a_dump);
	suite_add_tcase(s, t);
	return s;
}
