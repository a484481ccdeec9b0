/* SPDX-License-Identifier: MIT */
#include "test/ruling.h"

#include <stdio.h>

#include "base/utc.h"
#include "detect/allow.h"
#include "detect/rule.h"
#include "parse/json.h"
#include "record/site.h"
#include "store/db.h"
#include "test/ck.h"
#include "test/stock.h"

struct store *ruling_store;
struct run_summary ruling_sum;

static struct rule **rules;
static struct catalog catalog;
static struct site site;

void
ruling_setup(void)
{
	stock_setup();
	ruling_store = stock_memory();
	site_default(&stock_arena, &site);
}

void
ruling_teardown(void)
{
	store_close(ruling_store);
	stock_teardown();
}

void
ruling_rule(const char *sql)
{
	struct rule_file f = { SV("r.sql"), sv_str(sql) };
	struct err e = ERR_INIT;
	size_t n = 0;

	rules = NULL;
	ck_assert_msg(rule_load(&stock_arena, f, true, &rules, &n, &e), "%s",
	    e.msg);
	catalog = (struct catalog){ rules, n, SV("c0ffee") };
}

void
ruling_site(const char *yaml)
{
	struct err e = ERR_INIT;

	ck_assert_msg(site_read(&stock_arena, SV("s"), sv_str(yaml), &site, &e)
	    && allow_check(&catalog, &site, false, &e), "%s", e.msg);
}

const char *
ruling_site_error(const char *yaml)
{
	static struct err e;

	e = (struct err)ERR_INIT;
	ck_assert_msg(site_read(&stock_arena, SV("s"), sv_str(yaml), &site,
	    &e), "%s", e.msg);
	ck_assert(!allow_check(&catalog, &site, true, &e));
	ck_assert_int_eq(e.status, ST_USAGE);
	return e.msg;
}

void
ruling_requests(const char *client, const char *path, const char *const *time,
    size_t n)
{
	static int nr;
	struct buf b = BUF_INIT;
	char name[80];

	nr++;
	for (size_t i = 0; i < n; i++)
		buf_printf(&b, "2026-06-12T%s.%06d+00:00 heroku[router]: "
		    "at=info method=GET path=\"%s\" host=api.raxx.example "
		    "request_id=00000000-0000-4000-8000-%06d%06zu fwd=\"%s\" "
		    "dyno=web.1 connect=0ms service=4ms status=404 bytes=9 "
		    "protocol=https\n", time[i], nr, path, nr, i, client);
	snprintf(name, sizeof(name), "api.heroku-logs.20260612T%.2s%02d00Z.log",
	    time[n - 1], 30 + nr % 30);
	stock_load(ruling_store, name, buf_sv(&b));
	buf_release(&b);
}

static int64_t
at(const char *clock)
{
	char text[40];
	int64_t us;

	snprintf(text, sizeof(text), "2026-06-12T%sZ", clock);
	ck_assert(utc_parse(sv_str(text), &us));
	return us;
}

sv
ruling_run(const char *from, const char *to, const struct run_before *before)
{
	struct run_options opt = { .from = at(from), .to = at(to),
		.now = UTC_NONE };
	struct buf out = BUF_INIT;
	struct err e = ERR_INIT;
	sv text;

	ck_assert_msg(run_eval(ruling_store, &catalog, &site, &opt, before,
	    &out, &ruling_sum, &e), "%s", e.msg);
	text = arena_sv(&stock_arena, buf_sv(&out));
	buf_release(&out);
	return text;
}

sv
ruling_member(sv line, const char *name)
{
	struct json_value obj, v;

	ck_assert(json_parse(line, &obj));
	ck_assert_msg(json_find(&obj, sv_str(name), &v), "no %s in %.*s", name,
	    SV_ARG(line));
	return v.raw;
}

sv
ruling_line(sv ndjson, const char *type, size_t n)
{
	char want[40];

	snprintf(want, sizeof(want), "{\"type\":\"%s\",", type);
	while (ndjson.n) {
		sv line = sv_cut(&ndjson, '\n');

		if (sv_starts(line, sv_str(want)) && n-- == 0)
			return line;
	}
	return SV_NULL;
}
