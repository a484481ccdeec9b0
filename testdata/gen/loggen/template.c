/* SPDX-License-Identifier: MIT */
/* Lines of the app, samples of metrics, lines of the platform. */
#include "loggen.h"

#include <stdlib.h>
#include <string.h>

#include "base/attr.h"
#include "base/utc.h"

/*
 * They are templates: text with fields in angle brackets, drawn from left to
 * right. <5+10> is one of the ten numbers from 5 on, <0+100:2> has two digits.
 * The letters are in put_field().
 */
struct line {
	int64_t at;
	unsigned dyno;
	uint32_t client;
};

static const char dyno_load[] =
    "heroku[web.<d>]: source=web.<d> dyno=<i> sample#load_avg_1m=0.<0+100:2> "
    "sample#load_avg_5m=0.<0+100:2> sample#load_avg_15m=0.<0+100:2>";
static const char dyno_memory[] =
    "heroku[web.<d>]: source=web.<d> dyno=<i> "
    "sample#memory_total=<200+300>.<0+100:2>MB "
    "sample#memory_rss=<190+300>.<0+100:2>MB "
    "sample#memory_cache=<0+9>.10MB sample#memory_swap=0.00MB "
    "sample#memory_pgpgin=<0+900000>pages "
    "sample#memory_pgpgout=<0+900000>pages sample#memory_quota=512.00MB";
static const char postgres[] =
    "app[heroku-postgres]: source=DATABASE addon=postgresql-cubed-12345 "
    "sample#current_transaction=<800000+100000> "
    "sample#db_size=<26219348+1000000>bytes sample#tables=42 "
    "sample#active-connections=<0+60> sample#waiting-connections=0 "
    "sample#index-cache-hit-rate=0.99<0+1000:3> "
    "sample#table-cache-hit-rate=0.98<0+1000:3> "
    "sample#load-avg-1m=0.<0+100:2> sample#read-iops=<0+300> "
    "sample#write-iops=<0+300> sample#memory-total=4045592kB "
    "sample#memory-free=<0+900000>kB sample#tmp-disk-used=543600640";
static const char *const metric_lines[] = { dyno_load, dyno_memory, dyno_memory,
	postgres, postgres };

static const char *const other_lines[] = {
	"heroku[web.<d>]: State changed from starting to up",
	"heroku[web.<d>]: State changed from up to down",
	"heroku[web.<d>]: Restarting",
	"heroku[web.<d>]: Error R14 (Memory quota exceeded)",
	"app[api]: Release v<100+100> created by user dev@example.com",
	"heroku[worker.<d>]: Process exited with status 0",
	"app[worker.<d>]: sidekiq: TID-<x> INFO: start",
};

static const char *const app_lines[] = {
	"app[web.<d>]: {\"level\":\"<l>\",\"ts\":\"<t>\",\"msg\":\"<m>\","
	"\"request_id\":\"<u>\",\"user_id\":<0+200000>,\"session\":\"<s>\","
	"\"ip\":\"<c>\",\"duration_ms\":<0+900>.<0+100>,"
	"\"ctx\":{\"controller\":\"orders\",\"action\":\"show\","
	"\"tags\":[\"a\",\"b\"],\"ok\":<o>}}",
	"app[web.<d>]: <c> - - [03/Mar/2025:<h> +0000] \"GET <p> HTTP/1.1\" "
	"<f> <0+60000> \"-\" \"Mozilla/5.0 (X11; Linux x86_64) "
	"AppleWebKit/537.36 "
	"(KHTML, like Gecko) Chrome/122.0 Safari/537.36\"",
	"app[web.<d>]: level=info msg=\"job done\" job=Mailer::Deliver id=<j> "
	"queue=default duration=<0+5000>ms user=<0+200000>",
	"app[web.<d>]: [<0+60>] Processing by OrdersController#show as HTML "
	"for user <0+200000> from <c>",
	"app[web.<d>]: Traceback (most recent call last): "
	"File \"/app/views.py\", line <0+900>, in get: ValueError(\"bad token\")",
};

static void
put_clock(struct buf *b, int64_t at)
{
	unsigned s = (unsigned)(at / UTC_SECOND % 86400);

	buf_printf(b, "%02u:%02u:%02u", s / 3600, s / 60 % 60, s % 60);
}

/* NULL if name is not one of these. */
static const char *
draw_word(struct gen *g, char name)
{
	static const char *const messages[] = { "request completed",
		"login succeeded", "login failed", "order \\\"placed\\\"" };

	switch (name) {
	case 'f': /* found or not */
		return below(g, 20) ? "200" : "404";
	case 'l': /* level */
		if (below(g, 20))
			return "info";
		return below(g, 3) ? "warn" : "error";
	case 'm': /* message */
		return messages[below(g, countof(messages))];
	case 'o': /* ok */
		return below(g, 9) ? "true" : "false";
	default:
		return NULL;
	}
}

static void
put_field(struct gen *g, const struct line *l, char name)
{
	struct buf *b = &g->out;
	uint64_t id;

	switch (name) {
	case 'c': /* client */
		put_ip(b, l->client);
		break;
	case 'd': /* dyno */
		buf_u64(b, l->dyno);
		break;
	case 'h': /* hours, minutes, seconds */
		put_clock(b, l->at);
		break;
	case 'i': /* instance of the dyno */
		buf_lit(b, "heroku.145151706.");
		put_uuid(b, mix(l->dyno), mix(l->dyno + 9));
		break;
	case 'j': /* job */
		put_hex(b, draw(g), 12);
		break;
	case 'p': /* path */
		id = draw(g) >> 8;
		put_path(b, below(g, 2) ? STATIC : PRODUCT, id, 1);
		break;
	case 's': /* session */
		put_session(b, below(g, SESSIONS));
		break;
	case 't': /* time in milliseconds */
		put_time(b, l->at);
		b->n -= 3;
		buf_byte(b, 'Z');
		break;
	case 'u': /* UUID */
		put_random_uuid(g);
		break;
	case 'x': /* thread */
		put_token(b, draw(g), 8);
		break;
	default:
		buf_str(b, draw_word(g, name));
	}
}

static void
put_drawn(struct gen *g, const char *field)
{
	char *end;
	unsigned base = (unsigned)strtoul(field, &end, 10);
	uint32_t n = (uint32_t)strtoul(end + 1, &end, 10);

	if (*end == ':')
		put_padded(&g->out, base + below(g, n), (unsigned)end[1] - '0');
	else
		buf_u64(&g->out, base + below(g, n));
}

static void
put_template(struct gen *g, const struct line *l, const char *template)
{
	struct buf *b = &g->out;
	size_t n;

	put_time(b, l->at);
	buf_lit(b, "+00:00 ");
	for (; n = strcspn(template, "<"), template[n]; template++) {
		buf_mem(b, template, n);
		template += n + 1;
		if (*template >= 'a')
			put_field(g, l, *template);
		else
			put_drawn(g, template);
		template += strcspn(template, ">");
	}
	buf_str(b, template);
	buf_byte(b, '\n');
}

void
app_line(struct gen *g, int64_t at)
{
	static const struct choice choices[] = { { 50, 0 }, { 68, 1 },
		{ 84, 2 }, { 97, 3 }, { 100, 4 } };
	struct line l = { .at = at, .dyno = 1 + below(g, 8) };

	l.client = draw_client(g);
	put_template(g, &l, app_lines[CHOOSE(g, choices)]);
	g->app++;
}

void
metric_line(struct gen *g, int64_t at)
{
	struct line l = { .at = at, .dyno = 1 + below(g, 8) };

	put_template(g, &l, metric_lines[below(g, countof(metric_lines))]);
	g->metrics++;
}

void
other_line(struct gen *g, int64_t at)
{
	struct line l = { .at = at, .dyno = 1 + below(g, 8) };

	put_template(g, &l, other_lines[below(g, countof(other_lines))]);
	g->other++;
}
