/* SPDX-License-Identifier: MIT */
#include "detect/seen.h"

#include <math.h>

#include "base/jsonw.h"
#include "base/utc.h"
#include "detect/complete.h"
#include "detect/crosscheck.h"
#include "detect/doubt.h"
#include "detect/eval.h"

/* Six digits, never rounded up: 1 means that nothing was missed. */
static void
put_share(struct jsonw *w, double share)
{
	jsonw_real(w, floor(share * 1e6) / 1e6);
}

static void
put_blind(struct jsonw *w, const struct coverage *c)
{
	jsonw_key(w, SV("blind"));
	jsonw_open(w, '[');
	for (size_t i = 0; i < c->nblind; i++) {
		jsonw_open(w, '{');
		jsonw_put_utc(w, "from", c->blind[i].from);
		jsonw_put_utc(w, "to", c->blind[i].to);
		jsonw_put_sv(w, "why", c->blind[i].why);
		jsonw_close(w, '}');
	}
	jsonw_close(w, ']');
}

static void
put_stream(struct jsonw *w, const char *name, sv app, const struct coverage *c)
{
	jsonw_put_str(w, "stream", name);
	jsonw_put_sv(w, "app", app);
	jsonw_key(w, SV("share"));
	put_share(w, c->share);
	jsonw_key(w, SV("share_low"));
	put_share(w, c->low);
	jsonw_put_real(w, "covered_s", floor(c->covered / 1e6));
	jsonw_put_real(w, "unknown_s", floor(c->unknown / 1e6));
	jsonw_put_real(w, "window_s",
	    (double)(c->window.to - c->window.from) / 1e6);
	put_blind(w, c);
}

static void
put_dump(struct jsonw *w, const struct dumps *dumps,
    const struct complete *d)
{
	jsonw_put_utc(w, "taken", dumps ? dumps->taken : UTC_NONE);
	jsonw_key(w, SV("rows"));
	if (d)
		jsonw_i64(w, d->rows);
	else
		jsonw_null(w);
	jsonw_key(w, SV("max_id"));
	if (d && d->max_id >= 0)
		jsonw_i64(w, d->max_id);
	else
		jsonw_null(w);
	jsonw_put_sv(w, "flaw", dumps ? dumps->flaw : SV_NULL);
}

static void
put_streams(struct jsonw *w, const struct eval *ev, size_t app)
{
	for (unsigned k = 0; k < STREAM_N; k++) {
		struct stream s = streams_of(ev->a, &ev->streams, app,
		    1U << k);
		struct coverage c;

		coverage_make(ev->a, &s, ev->window, &c);
		jsonw_open(w, '{');
		put_stream(w, stream_name[k], s.app, &c);
		put_dump(w, NULL, NULL);
		jsonw_close(w, '}');
	}
}

/* A dump shows all that was there until when it vouches. */
static bool
put_dumps(struct jsonw *w, const struct eval *ev, struct err *e)
{
	struct span always = { INT64_MIN / 2, INT64_MAX / 2 };

	for (int i = 0; i < SRC_N; i++) {
		const struct source_fact *f = &ev->source[i];
		struct stream s = { .seen = &always, .nseen = 1,
			.until = f->dumps.until,
			.until_why = SV("after the dump") };
		struct complete d;
		struct coverage c;

		if (source_def[i].feed != FEED_DUMP ||
		    f->status == SOURCE_ABSENT)
			continue;
		if (!complete_load(ev->st, i, f, &d, e))
			return false;
		coverage_make(ev->a, &s, ev->window, &c);
		jsonw_open(w, '{');
		put_stream(w, source_def[i].name, SV_NULL, &c);
		put_dump(w, &f->dumps, &d);
		jsonw_close(w, '}');
	}
	return true;
}

/* The streams of all apps together, then of each if there are several. */
static bool
put_coverage(struct jsonw *w, const struct eval *ev, struct err *e)
{
	size_t n = ev->streams.n > 2 ? ev->streams.n : 1;
	bool ok = true;

	jsonw_key(w, SV("coverage"));
	jsonw_open(w, '[');
	for (size_t i = 0; i < n && !ev->empty; i++)
		put_streams(w, ev, i);
	if (!ev->empty)
		ok = put_dumps(w, ev, e);
	jsonw_close(w, ']');
	return ok;
}

bool
seen_write_run(struct jsonw *w, struct eval *ev, struct err *e)
{
	if (!put_coverage(w, ev, e) || !doubt_check(ev, e))
		return false;
	crosscheck_write(w, &ev->check);
	return true;
}

static void
put_observed(struct jsonw *w, sv name, const struct verdict *v, double share)
{
	jsonw_key(w, name);
	if (v->observed)
		put_share(w, share);
	else
		jsonw_null(w);
}

void
seen_write_verdict(struct jsonw *w, const struct verdict *v)
{
	put_observed(w, SV("coverage"), v, v->coverage.share);
	put_observed(w, SV("share_low"), v, v->coverage.low);
	jsonw_key(w, SV("unknown_s"));
	if (v->observed)
		jsonw_real(w, floor(v->coverage.unknown / 1e6));
	else
		jsonw_null(w);
	put_blind(w, &v->coverage);
}
