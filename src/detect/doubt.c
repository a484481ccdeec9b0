/* SPDX-License-Identifier: MIT */
#include "detect/doubt.h"

#include <math.h>

#include "base/buf.h"
#include "detect/eval.h"

/* As if they came evenly. */
static int64_t
router_lines(const struct source_fact *f, struct span w)
{
	int64_t from = f->first > w.from ? f->first : w.from;
	int64_t to = f->last < w.to ? f->last : w.to;

	if (f->records == 0 || from >= to)
		return 0;
	return (int64_t)((double)f->records * (double)(to - from) /
	    (double)(f->last - f->first));
}

bool
doubt_check(struct eval *ev, struct err *e)
{
	struct coverage c[2];

	if (ev->checked || ev->empty)
		return true;
	for (int i = 0; i < 2; i++) {
		struct stream s = streams_of(ev->a, &ev->streams, 0,
		    i ? STREAM_APP : STREAM_ROUTER);

		coverage_make(ev->a, &s, ev->window, &c[i]);
	}
	ev->checked = crosscheck_load(ev->st, ev->window,
	    router_lines(&ev->source[SRC_HEROKU_ROUTER], ev->window), &c[0],
	    &c[1], &ev->check, e);
	return ev->checked;
}

/* --- words ---------------------------------------------------------------- */

static void
put_side(struct buf *b, const char *stream, const struct crosscheck_side *s)
{
	if (!s->flagged)
		return;
	buf_printf(b, "%scross-check: %.1f %% of the %s lines that must be "
	    "there were found", b->n ? "; " : "", floor(s->estimate * 1000) / 10,
	    stream);
}

static void
put_names(struct buf *b, const char *about, const sv *name, size_t n)
{
	for (size_t i = 0; i < n; i++)
		buf_printf(b, "%s%.*s", i ? ", " : about, SV_ARG(name[i]));
}

/* Lines of other apps are no sign that nothing happened in ours. */
static void
put_apps(struct buf *b, const struct streams *s)
{
	put_names(b, "no log of ", s->app, s->napps);
	put_names(b, ", only of ", s->other, s->nothers);
}

bool
doubt_find(struct eval *ev, unsigned mask, const struct coverage *c, sv *out,
    struct err *e)
{
	struct flaws flaws = flaws_in(ev->a, &ev->streams.flaws, mask,
	    ev->window);
	struct buf b = BUF_INIT;

	*out = SV_NULL;
	if (!doubt_check(ev, e))
		return false;
	if (!(c->seen > 0) && ev->streams.nothers)
		put_apps(&b, &ev->streams);
	if (flaws.n)
		buf_printf(&b, "%s%.*s", b.n ? "; " : "",
		    SV_ARG(flaws_text(ev->a, &flaws)));
	if (mask & STREAM_ROUTER)
		put_side(&b, "router", &ev->check.router);
	if (mask & STREAM_APP)
		put_side(&b, "app", &ev->check.app);
	if (b.n)
		*out = arena_sv(ev->a, buf_sv(&b));
	buf_release(&b);
	return true;
}
