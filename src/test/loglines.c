/* SPDX-License-Identifier: MIT */
#include "test/loglines.h"

#include <stdio.h>

#include "base/utc.h"
#include "store/db.h"
#include "test/stock.h"

struct store *
log_open(void)
{
	stock_setup();
	return stock_memory();
}

void
log_close(struct store *st)
{
	store_close(st);
	stock_teardown();
}

int64_t
log_us(int second)
{
	return utc_days(2026, 6, 12) * UTC_DAY + 10 * UTC_HOUR +
	    second * UTC_SECOND;
}

void
log_line(struct buf *b, int second, const char *origin, const char *text)
{
	int s = 10 * 3600 + second;

	buf_printf(b, "2026-06-%02dT%02d:%02d:%02d.000000+00:00 %s: %s\n",
	    12 + s / 86400, s / 3600 % 24, s / 60 % 60, s % 60, origin, text);
}

void
log_beats(struct buf *b, int from, int to, int step)
{
	for (int s = from; s <= to; s += step)
		log_line(b, s, "heroku[web.1]", "source=web.1 "
		    "dyno=heroku.1.0f1e sample#load_avg_1m=0.10");
}

void
log_request(struct buf *b, int second, int id)
{
	char text[300];

	snprintf(text, sizeof(text), "at=info method=GET path=\"/api/v1/me\" "
	    "host=api.example request_id=00000000-0000-4000-8000-%012d "
	    "fwd=\"192.0.2.1\" dyno=web.1 connect=0ms service=4ms status=200 "
	    "bytes=2 protocol=https", id);
	log_line(b, second, "heroku[router]", text);
}

static void
load(struct store *st, const char *app, const char *what, int second,
    struct buf *b)
{
	struct buf name = BUF_INIT;
	int s = 10 * 3600 + second;

	buf_printf(&name, "%s.%s.202606%02dT%02d%02d%02dZ.log%c", app, what,
	    12 + s / 86400, s / 3600 % 24, s / 60 % 60, s % 60, '\0');
	stock_load(st, name.p, buf_sv(b));
	buf_release(&name);
	buf_clear(b);
}

void
log_pull(struct store *st, const char *app, int taken, struct buf *b)
{
	load(st, app, "heroku-logs", taken, b);
}

void
log_drain(struct store *st, const char *app, int begun, struct buf *b)
{
	load(st, app, "drain", begun, b);
}
