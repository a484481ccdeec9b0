/* SPDX-License-Identifier: MIT */
#include "detect/trialgen.h"

#include <assert.h>
#include <stdlib.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/utc.h"

/* As Heroku samples a dyno. */
#define HEARTBEAT (20 * UTC_SECOND)

static const char app[] = "raxx-api-prod";

struct line {
	int64_t ts;
	size_t nr;        /* events of one time stay in the order of the file */
	sv source, dyno, text;
};

struct gen {
	struct arena *a;
	const struct trial_doc *d;
	const struct trial_case *c;
	struct line *line;
	size_t n, cap;
	struct trial_span *span; /* absolute times */
	size_t nspans;
	struct buf b;     /* scratch */
};

static void
put(struct buf *b, sv text, const struct trialevent *at)
{
	size_t bad;
	bool ok = trialtext_put(b, text, at, &bad);

	assert(ok); /* the reader tried it */
	(void)ok;
}

static sv
expand(struct gen *g, sv text, const struct trialevent *at)
{
	buf_clear(&g->b);
	put(&g->b, text, at);
	return arena_sv(g->a, buf_sv(&g->b));
}

/* --- the lines of the log ------------------------------------------------- */

static void
add_line(struct gen *g, int64_t ts, sv source, sv dyno, sv text)
{
	if (g->n == g->cap) {
		size_t cap = g->cap ? 2 * g->cap : 256;
		struct line *v = arena_array(g->a, cap, sizeof(*v));

		if (g->n)
			memcpy(v, g->line, g->n * sizeof(*v));
		g->line = v;
		g->cap = cap;
	}
	g->line[g->n] = (struct line){ ts, g->n, source, dyno, text };
	g->n++;
}

/* A text of several lines is as many messages of one time. */
static void
add_message(struct gen *g, const struct trial_event *ev,
    const struct trialevent *at)
{
	sv dyno = expand(g, ev->dyno, at), rest = expand(g, ev->text, at);

	if (sv_ends(rest, SV("\n")))
		rest.n--;
	while (!sv_null(rest))
		add_line(g, at->ts, ev->source, dyno, sv_cut(&rest, '\n'));
}

struct part {
	const char *before;
	enum trial_member member;
	const char *unit; /* behind a value that is not empty */
	const char *after;
};

static const struct part error_parts[] = {
	{ "at=error code=", TM_CODE, "", "" },
	{ " desc=\"", TM_DESC, "", "\" " },
};

static const struct part router_parts[] = {
	{ "method=", TM_METHOD, "", "" },
	{ " path=\"", TM_PATH, "", "\"" },
	{ " host=", TM_HOST, "", "" },
	{ " request_id=", TM_REQUEST_ID, "", "" },
	{ " fwd=\"", TM_FWD, "", "\"" },
	{ " dyno=", TM_DYNO, "", "" },
	{ " connect=", TM_CONNECT, "ms", "" },
	{ " service=", TM_SERVICE, "ms", "" },
	{ " status=", TM_STATUS, "", "" },
	{ " bytes=", TM_BYTES, "", "" },
	{ " protocol=", TM_PROTOCOL, "", "" },
};

static const struct part access_parts[] = {
	{ "\"", TM_METHOD, "", " " },
	{ "", TM_PATH, "", " HTTP/1.1\"" },
	{ " ", TM_STATUS, "", "" },
	{ " ", TM_BYTES, "", "" },
	{ " \"", TM_REFERER, "", "\"" },
	{ " \"", TM_AGENT, "", "\"" },
};

static void
put_parts(struct buf *b, const struct part *part, size_t n,
    const struct trial_event *ev, const struct trialevent *at)
{
	for (size_t i = 0; i < n; i++) {
		sv value = ev->member[part[i].member];

		if (sv_null(value) && part[i].member == TM_FWD)
			value = ev->member[TM_CLIENT];
		buf_str(b, part[i].before);
		put(b, value, at);
		buf_str(b, value.n ? part[i].unit : "");
		buf_str(b, part[i].after);
	}
}

static void
add_router(struct gen *g, const struct trial_event *ev,
    const struct trialevent *at)
{
	struct buf *b = &g->b;

	buf_clear(b);
	if (sv_null(ev->member[TM_CODE]))
		buf_lit(b, "at=info ");
	else
		put_parts(b, error_parts, countof(error_parts), ev, at);
	put_parts(b, router_parts, countof(router_parts), ev, at);
	add_line(g, at->ts, SV("heroku"), SV("router"),
	    arena_sv(g->a, buf_sv(b)));
}

/* "12/Jun/2026:13:00:00 +0000" */
static void
put_clf_time(struct buf *b, int64_t us)
{
	static const char *const month[] = { "Jan", "Feb", "Mar", "Apr", "May",
		"Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	struct buf t = BUF_INIT;
	int64_t m = 0;

	utc_write(&t, us); /* 2026-06-12T13:00:00.000000Z */
	sv_to_i64(sv_of(t.p + 5, 2), &m);
	buf_mem(b, t.p + 8, 2);
	buf_printf(b, "/%s/%.4s:", month[m - 1], t.p);
	buf_mem(b, t.p + 11, 8);
	buf_lit(b, " +0000");
	buf_release(&t);
}

static void
add_access(struct gen *g, const struct trial_event *ev,
    const struct trialevent *at)
{
	struct buf *b = &g->b;
	sv dyno = expand(g, ev->member[TM_DYNO], at);

	buf_clear(b);
	put(b, ev->member[TM_PEER], at);
	buf_lit(b, " - - [");
	put_clf_time(b, at->ts);
	buf_lit(b, "] ");
	put_parts(b, access_parts, countof(access_parts), ev, at);
	add_line(g, at->ts, SV("app"), dyno, arena_sv(g->a, buf_sv(b)));
}

static void
add_web(struct gen *g, const struct trial_event *ev,
    const struct trialevent *at)
{
	add_access(g, ev, at);
	add_router(g, ev, at);
}

static void (*const adder[])(struct gen *g, const struct trial_event *ev,
    const struct trialevent *at) = {
	[TL_APP] = add_message,
	[TL_PLATFORM] = add_message,
	[TL_ROUTER] = add_router,
	[TL_ACCESS] = add_access,
	[TL_WEB] = add_web,
};
_Static_assert(countof(adder) == TL_N, "every kind of line");

static void
add_events(struct gen *g)
{
	for (size_t k = 0; k < g->c->log.n; k++) {
		const struct trial_event *ev = &g->c->log.v[k];

		for (int64_t i = 0; i < ev->times; i++) {
			struct trialevent at = trial_at(ev, g->d->start, i,
			    false);

			adder[ev->log](g, ev, &at);
		}
	}
}

/* Every 20 s and at the end. */
static void
add_heartbeats(struct gen *g)
{
	static const char text[] =
	    "source=web.1 dyno=heroku.1 sample#load_avg_1m=0.01";

	for (size_t k = 0; k < g->nspans; k++) {
		int64_t to = g->span[k].to;

		for (int64_t t = g->span[k].from; t < to; t += HEARTBEAT)
			add_line(g, t, SV("heroku"), SV("web.1"), SV(text));
		add_line(g, to, SV("heroku"), SV("web.1"), SV(text));
	}
}

static int
line_cmp(const void *pa, const void *pb)
{
	const struct line *a = pa, *b = pb;

	if (a->ts != b->ts)
		return a->ts < b->ts ? -1 : 1;
	return (a->nr > b->nr) - (a->nr < b->nr);
}

/* --- what the log covers -------------------------------------------------- */

/* The window, and what there is outside of it. */
static void
cover_all(struct gen *g)
{
	int64_t from = g->d->start, to = from + g->c->window;

	for (size_t i = 0; i < g->n; i++) {
		from = g->line[i].ts < from ? g->line[i].ts : from;
		to = g->line[i].ts > to ? g->line[i].ts : to;
	}
	g->span = arena_new(g->a, struct trial_span);
	*g->span = (struct trial_span){ from, to };
	g->nspans = 1;
}

static bool
is_covered(const struct gen *g, int64_t ts)
{
	for (size_t i = 0; i < g->nspans; i++)
		if (ts >= g->span[i].from && ts <= g->span[i].to)
			return true;
	return false;
}

/* What happens elsewhere is not in the log. */
static void
cover_spans(struct gen *g)
{
	size_t n = 0;

	g->nspans = g->c->nspans;
	g->span = arena_array(g->a, g->nspans, sizeof(*g->span));
	for (size_t i = 0; i < g->nspans; i++)
		g->span[i] = (struct trial_span){
			g->d->start + g->c->span[i].from,
			g->d->start + g->c->span[i].to };
	for (size_t i = 0; i < g->n; i++)
		if (is_covered(g, g->line[i].ts))
			g->line[n++] = g->line[i];
	g->n = n;
}

/* --- inputs --------------------------------------------------------------- */

/* "2026-06-12T13:00:00.000000+00:00" */
static void
put_time(struct buf *b, int64_t us)
{
	utc_write(b, us);
	b->n--;
	buf_lit(b, "+00:00");
}

static const char *
priority(const struct line *l)
{
	if (sv_is(l->dyno, "router"))
		return "<158>";
	return sv_is(l->source, "heroku") || sv_is(l->dyno, "api") ? "<45>" :
	    "<190>";
}

/* "LEN <190>1 TIME host app web.1 - MESSAGE" */
static void
put_frame(struct buf *out, struct buf *b, const struct line *l)
{
	buf_clear(b);
	buf_printf(b, "%s1 ", priority(l));
	put_time(b, l->ts);
	buf_printf(b, " host %.*s %s", SV_ARG(l->source),
	    l->dyno.n ? "" : "-");
	buf_add(b, l->dyno);
	buf_lit(b, " - ");
	buf_add(b, l->text);
	buf_byte(b, '\n');
	buf_printf(out, "%zu ", b->n);
	buf_add(out, buf_sv(b));
}

/* "TIME app[web.1]: MESSAGE" */
static void
put_cli(struct buf *out, struct buf *b, const struct line *l)
{
	(void)b;
	put_time(out, l->ts);
	buf_byte(out, ' ');
	buf_add(out, l->source);
	if (l->dyno.n) {
		buf_byte(out, '[');
		buf_add(out, l->dyno);
		buf_byte(out, ']');
	}
	buf_lit(out, ": ");
	buf_add(out, l->text);
	buf_byte(out, '\n');
}

/* "raxx-api-prod.drain.20260612T120000Z.log" */
static sv
log_name(struct gen *g, const char *form, int64_t us)
{
	size_t end;

	buf_clear(&g->b);
	buf_printf(&g->b, "%s.%s.", app, form);
	end = g->b.n;
	utc_write(&g->b, us);
	for (size_t i = end; i < g->b.n && g->b.p[i] != '.'; i++)
		if (g->b.p[i] != '-' && g->b.p[i] != ':')
			g->b.p[end++] = g->b.p[i];
	g->b.n = end;
	buf_lit(&g->b, "Z.log");
	return arena_sv(g->a, buf_sv(&g->b));
}

static struct trial_input
drain_of(struct gen *g)
{
	struct buf out = BUF_INIT;
	struct trial_input in = { .taken = UTC_NONE };

	for (size_t i = 0; i < g->n; i++)
		put_frame(&out, &g->b, &g->line[i]);
	in.name = log_name(g, "drain", g->line[0].ts);
	in.bytes = buf_keep(&out, g->a);
	return in;
}

/* What `heroku logs` shows at the end of the span. */
static struct trial_input
pull_of(struct gen *g, struct trial_span s)
{
	struct trial_input in = { .taken = s.to };
	struct buf out = BUF_INIT;

	for (size_t i = 0; i < g->n; i++)
		if (g->line[i].ts >= s.from && g->line[i].ts <= s.to)
			put_cli(&out, &g->b, &g->line[i]);
	in.name = log_name(g, "heroku-logs", s.to);
	in.bytes = buf_keep(&out, g->a);
	return in;
}

static void
add_pulls(struct gen *g, struct trial_inputs *out)
{
	struct trial_span all = { g->d->start, g->d->start + g->c->window };

	if (g->nspans == 0) {
		all.from = g->line[0].ts < all.from ? g->line[0].ts : all.from;
		out->v[out->n++] = pull_of(g, all);
	}
	for (size_t i = 0; i < g->nspans; i++)
		out->v[out->n++] = pull_of(g, g->span[i]);
}

static void
add_log(struct gen *g, struct trial_inputs *out)
{
	if (g->n == 0)
		return;
	if (g->c->form != TF_PULL)
		out->v[out->n++] = drain_of(g);
	if (g->c->form != TF_DRAIN)
		add_pulls(g, out);
}

static void
put_rows(struct gen *g, struct buf *b, const struct trial_events *rows,
    bool dump, bool list)
{
	bool first = true;

	for (size_t k = 0; k < rows->n; k++)
		for (int64_t i = 0; i < rows->v[k].times; i++) {
			struct trialevent at = trial_at(&rows->v[k],
			    g->d->start, i, dump);

			if (list)
				buf_str(b, first ? "" : ",\n");
			put(b, rows->v[k].text, &at);
			buf_str(b, list ? "" : "\n");
			first = false;
		}
}

/* Rows of a .json are the items of a list. */
static struct trial_input
file_of(struct gen *g, const struct trial_file *f)
{
	bool dump = sv_ends(f->name, SV(".csv"));
	bool list = sv_ends(f->name, SV(".json")) && sv_null(f->text);
	struct trialevent at = { 0, g->d->start, dump, f->name };
	struct trial_input in = { .name = f->name, .taken = UTC_NONE };
	struct buf b = BUF_INIT;

	if (f->taken != UTC_NONE)
		in.taken = g->d->start + f->taken;
	if (!sv_null(f->text))
		put(&b, f->text, &at);
	if (!sv_null(f->header)) {
		buf_add(&b, f->header);
		buf_byte(&b, '\n');
	}
	buf_str(&b, list ? "[" : "");
	put_rows(g, &b, &f->row, dump, list);
	buf_str(&b, list ? "]\n" : "");
	in.bytes = buf_keep(&b, g->a);
	return in;
}

void
trialgen_inputs(struct arena *a, const struct trial_doc *d,
    const struct trial_case *c, struct trial_inputs *out)
{
	struct gen g = { .a = a, .d = d, .c = c, .b = BUF_INIT };

	add_events(&g);
	if (c->cover == TC_FULL)
		cover_all(&g);
	else if (c->cover == TC_SPANS)
		cover_spans(&g);
	add_heartbeats(&g);
	if (g.n)
		qsort(g.line, g.n, sizeof(*g.line), line_cmp);
	*out = (struct trial_inputs){ .n = 0 };
	out->v = arena_array(a, g.nspans + 2 + c->nfiles, sizeof(*out->v));
	add_log(&g, out);
	for (size_t i = 0; i < c->nfiles; i++)
		out->v[out->n++] = file_of(&g, &c->file[i]);
	buf_release(&g.b);
}
