/* SPDX-License-Identifier: MIT */
/* The files: what exports would hold of the week. */
#define _POSIX_C_SOURCE 200809L
#define ZLIB_CONST
#include "demo.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

/* For qsort: by time, and what has one time in the order it was made. */
#define BY_TIME(name, type)                                            \
	static int name(const void *a, const void *b)                  \
	{                                                              \
		const type *x = a, *y = b;                             \
                                                                       \
		if (x->at != y->at)                                    \
			return x->at < y->at ? -1 : 1;                 \
		return x->order < y->order ? -1 : x->order > y->order; \
	}
BY_TIME(by_time, struct event)
BY_TIME(by_signup, struct signup)
BY_TIME(by_console, struct console)
BY_TIME(by_customer, struct customer)

void
sort_week(struct world *w)
{
	qsort(w->events.items, w->events.n, sizeof(struct event), by_time);
	qsort(w->signups.items, w->signups.n, sizeof(struct signup), by_signup);
	qsort(w->consoles.items, w->consoles.n, sizeof(struct console),
	    by_console);
	qsort(w->customers.items, w->customers.n, sizeof(struct customer),
	    by_customer);
	number_rows(w);
}

/* The router reports a little later than the dynos: drains are not sorted. */
static int64_t
arrival(const struct event *e)
{
	bool router = e->source == ROUTER || e->source == ROUTER2;

	return e->at + (router ? 200000 : 0);
}

static int
by_arrival(const void *a, const void *b)
{
	const struct event *x = a, *y = b;

	if (arrival(x) != arrival(y))
		return arrival(x) < arrival(y) ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

FILE *
create(const char *path)
{
	FILE *f = fopen(path, "wb");

	if (!f)
		die("cannot write", path);
	return f;
}

void
close_file(FILE *f, const char *path)
{
	bool bad = ferror(f) != 0;

	if (fclose(f) || bad)
		die("cannot write", path);
}

static void
cli_line(FILE *f, const struct event *e)
{
	const char *s = e->text + strspn(e->text, " ");
	char time[64];

	fprintf(f, "%s %s[%s]: %s\n", log_time(e->at, time),
	    source_of[e->source].app, source_of[e->source].proc, s);
}

/* The first of the last PULL_LINES events before time at; *end gets the end. */
static size_t
pull_range(const struct world *w, int64_t at, size_t *end)
{
	const struct event *e = w->events.items;
	size_t i = *end;

	while (i < w->events.n && e[i].at < at)
		i++;
	*end = i;
	return i > PULL_LINES ? i - PULL_LINES : 0;
}

static void
write_pull(struct world *w, int64_t at, size_t from, size_t to)
{
	const struct event *e = w->events.items;
	char stamp[64],
	    *path = text(w, "%s/logs/" APP ".heroku-logs.%s.log", w->dir,
		file_stamp(at, stamp));
	FILE *f = create(path);

	w->pulls++;
	w->pulled_lines += to - from;
	for (; from < to; from++)
		cli_line(f, &e[from]);
	close_file(f, path);
}

void
write_pulls(struct world *w)
{
	const struct event *e = w->events.items;
	size_t from, to = 0, last = 0;
	int day, hour;

	for (day = FIRST_DAY; day <= LAST_DAY; day++)
		for (hour = 13; hour <= 20; hour++) {
			int64_t at = AT(day, hour, 2, 9 + (3 * hour + day) % 7);

			from = pull_range(w, at, &to);
			if (last && from >= last)
				*(struct hole *)slot(
				    &w->holes, sizeof(struct hole)) =
				    (struct hole){ e[last - 1].at, e[from].at };
			write_pull(w, at, from, to);
			last = to;
		}
}

struct gz {
	z_stream z;
	FILE *f;
};

/* No file name and no time go into the header: the bytes depend on s only. */
static void
gz_write(struct gz *g, const char *s, size_t n, int flush)
{
	unsigned char out[16384];

	g->z.next_in = (const unsigned char *)s;
	g->z.avail_in = (uInt)n;
	do {
		g->z.next_out = out;
		g->z.avail_out = sizeof out;
		if (deflate(&g->z, flush) == Z_STREAM_ERROR)
			die("deflate", "stream error");
		fwrite(out, 1, sizeof out - g->z.avail_out, g->f);
	} while (g->z.avail_out == 0);
}

/* newline: a notice of logplex has none, so the next frame follows at once. */
static void
frame(struct gz *g, const struct event *e, bool newline)
{
	char time[64], body[2304], head[16];
	int n = snprintf(body, sizeof body, "<%d>1 %s host %s %s - %s%s",
	    source_of[e->source].pri, log_time(e->at, time),
	    source_of[e->source].app, source_of[e->source].proc, e->text,
	    newline ? "\n" : "");
	int k = snprintf(head, sizeof head, "%d ", n);

	gz_write(g, head, (size_t)k, Z_NO_FLUSH);
	gz_write(g, body, (size_t)n, Z_NO_FLUSH);
}

static void
loss_notice(struct gz *g)
{
	char since[64], line[160];
	struct event e = { LOSS_UNTIL, 0, LOGPLEX, line };

	snprintf(line, sizeof line,
	    "Error L10 (output buffer overflow): %d "
	    "messages dropped since %s.",
	    LOSS_LINES, log_time(LOSS_SINCE, since));
	frame(g, &e, false);
}

static void
drain_frames(struct world *w, struct gz *g)
{
	const struct event *e = w->events.items;
	int lost = 0;
	bool told = false;
	size_t i;

	for (i = 0; i < w->events.n; i++) {
		if (e[i].at < DRAIN_START || e[i].at >= DRAIN_END)
			continue;
		if (e[i].at >= LOSS_SINCE && lost < LOSS_LINES) {
			lost++;
			continue;
		}
		if (e[i].at >= LOSS_UNTIL && !told) {
			loss_notice(g);
			told = true;
		}
		frame(g, &e[i], true);
		w->drained_lines++;
	}
}

/* Reorders the events: to be called when everything else has been written. */
void
write_drain(struct world *w)
{
	char stamp[64],
	    *path = text(w, "%s/logs/" APP ".drain.%s.log.gz", w->dir,
		file_stamp(DRAIN_START, stamp));
	struct gz g = { .f = NULL };

	if (w->hours_only) {
		unlink(path);
		return;
	}
	g.f = create(path);
	if (deflateInit2(&g.z, 9, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY))
		die("deflate", "init");
	qsort(w->events.items, w->events.n, sizeof(struct event), by_arrival);
	drain_frames(w, &g);
	gz_write(&g, "", 0, Z_FINISH);
	deflateEnd(&g.z);
	close_file(g.f, path);
}

/* psql csv: NULL is nothing at all, an empty string is "". */
static void
csv_field(FILE *f, const char *s)
{
	if (!s)
		return;
	if (*s && !strpbrk(s, ",\"\n\r")) {
		fputs(s, f);
		return;
	}
	putc('"', f);
	for (; *s; s++) {
		if (*s == '"')
			putc('"', f);
		putc(*s, f);
	}
	putc('"', f);
}

void
csv_row(FILE *f, const char *const *field, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (i)
			putc(',', f);
		csv_field(f, field[i]);
	}
	putc('\n', f);
}

/* A dump at a time knows no later row, and no later confirmation either. */
void
dump_signups(struct world *w, int64_t at)
{
	const struct signup *s = w->signups.items;
	char stamp[64],
	    *path = text(w, "%s/dumps/waitlist_signups_%s.csv", w->dir,
		file_stamp(at, stamp));
	FILE *f = create(path);
	size_t i;

	ROW(f, "id", "created_at", "email", "origin", "ip", "user_agent",
	    "referrer", "confirmed_at");
	for (i = 0; i < w->signups.n && s[i].at < at; i++)
		ROW(f, text(w, "%zu", 101 + i), sql_time(w, s[i].at),
		    s[i].email, s[i].origin, s[i].ip, s[i].agent, s[i].referrer,
		    sql_time(w, s[i].confirmed < at ? s[i].confirmed : 0));
	close_file(f, path);
}

void
dump_console(struct world *w)
{
	const struct console *c = w->consoles.items;
	char stamp[64],
	    *path = text(w, "%s/dumps/console_audit_events_%s.csv", w->dir,
		file_stamp(LATE_DUMP, stamp));
	FILE *f = create(path);
	size_t i;

	ROW(f, "seq", "created_at", "actor_id", "actor_role", "actor_tenant_id",
	    "action", "resource_type", "resource_id", "resource_tenant_id",
	    "outcome", "reason", "ip", "request_id");
	for (i = 0; i < w->consoles.n; i++)
		ROW(f, text(w, "%zu", 5001 + i), sql_time(w, c[i].at),
		    c[i].actor, c[i].role, c[i].tenant, c[i].action, c[i].type,
		    c[i].resource, c[i].owner, c[i].outcome, c[i].reason,
		    c[i].ip, c[i].rid);
	close_file(f, path);
}
