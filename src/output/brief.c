/* SPDX-License-Identifier: MIT */
#include "output/brief.h"

#include <math.h>

#include "base/attr.h"
#include "base/jsonw.h"
#include "base/utc.h"
#include "output/page.h"
#include "output/report.h"
#include "output/say.h"
#include "output/triage.h"

struct brief {
	struct page *page;
	struct buf b; /* a text being put together */
};

static struct cell
taken(struct brief *d)
{
	struct cell c = { .text = arena_sv(d->page->a, buf_sv(&d->b)) };

	buf_clear(&d->b);
	return c;
}

static void
put_time(struct buf *b, int64_t us)
{
	if (us == REPORT_NONE)
		buf_lit(b, "unknown");
	else
		utc_write_short(b, us);
}

static void
put_number(struct buf *b, double v)
{
	if (isfinite(v))
		jsonw_double(b, v);
	else
		buf_byte(b, '?');
}

static enum tone
tone_of(enum report_result r)
{
	static const enum tone tone[REPORT_RESULT_N] = {
		[REPORT_FIRED] = TONE_BAD,
		[REPORT_CLEAR] = TONE_GOOD,
		[REPORT_CLEAR_PARTIAL] = TONE_WARN,
		[REPORT_INSUFFICIENT_DATA] = TONE_WARN,
		[REPORT_UNDECIDED] = TONE_WARN,
		[REPORT_CANNOT_VERIFY] = TONE_WARN,
	};

	return tone[r];
}

static void
head(struct brief *d, const struct report_run *run)
{
	buf_lit(&d->b, "Window ");
	put_time(&d->b, run->from);
	buf_lit(&d->b, " to ");
	put_time(&d->b, run->to);
	page_put(d->page, BLOCK_SECTION, taken(d));
}

static struct cell
percent(struct brief *d, double share)
{
	if (isfinite(share))
		buf_printf(&d->b, "%.1f %%", floor(share * 1000) / 10);
	else
		buf_byte(&d->b, '-');
	return taken(d);
}

static void
rule_row(struct brief *d, const struct report_verdict *v)
{
	struct cell c[6] = {
		{ .text = v->rule, .code = true },
		{ .text = v->state },
		{ .text = v->result_name, .tone = tone_of(v->result) },
		{ .text = SV_NULL },
		{ .text = SV_NULL },
		{ .text = v->reason },
	};

	buf_printf(&d->b, "%zu", v->nfindings - v->nsuppressed);
	c[3] = taken(d);
	c[4] = percent(d, v->coverage);
	page_row(d->page, c);
}

static void
rules(struct brief *d, const struct report_run *run)
{
	static const struct column col[] = {
		{ "Rule", false }, { "State", false }, { "Result", false },
		{ "Findings", true }, { "Coverage", true },
		{ "Reason", false },
	};

	page_table(d->page, col, countof(col));
	for (const struct report_verdict *v = run->verdict; v; v = v->next)
		rule_row(d, v);
}

static void
measure(struct brief *d, const struct report_finding *f)
{
	put_number(&d->b, f->metric);
	buf_byte(&d->b, ' ');
	buf_add(&d->b, f->metric_name);
	if (isfinite(f->threshold)) {
		buf_lit(&d->b, ", threshold ");
		put_number(&d->b, f->threshold);
	}
	if (f->window_s > 0) {
		buf_lit(&d->b, " in ");
		utc_span_write(&d->b, (int64_t)(f->window_s * 1e6));
	}
	page_field(d->page, "metric", taken(d));
}

static void
times(struct brief *d, const struct report_finding *f)
{
	put_time(&d->b, f->first);
	buf_lit(&d->b, " to ");
	put_time(&d->b, f->last);
	if (f->events != REPORT_NONE)
		buf_printf(&d->b, ", %lld events", (long long)f->events);
	page_field(d->page, "seen", taken(d));
}

static void
evidence(struct brief *d, const struct report_finding *f)
{
	const char *label = "evidence";

	for (const struct report_evidence *ev = f->evidence; ev;
	     ev = ev->next) {
		buf_add(&d->b, sv_null(ev->source) ? SV("?") : ev->source);
		if (ev->line != REPORT_NONE)
			buf_printf(&d->b, ":%lld", (long long)ev->line);
		buf_lit(&d->b, ": ");
		buf_add(&d->b, ev->summary);
		page_field(d->page, label, taken(d));
		label = "";
	}
}

static void
finding(struct brief *d, const struct report_finding *f)
{
	buf_add(&d->b, f->rule);
	buf_byte(&d->b, ' ');
	buf_add(&d->b, f->arm);
	buf_lit(&d->b, " (");
	buf_add(&d->b, f->level);
	buf_lit(&d->b, "): ");
	buf_add(&d->b, f->title);
	page_put(d->page, BLOCK_ITEM, taken(d));
	page_fields(d->page);
	buf_add(&d->b, f->key_name);
	buf_lit(&d->b, " = ");
	buf_add(&d->b, f->key);
	page_field(d->page, "key", taken(d));
	measure(d, f);
	times(d, f);
	if (f->note.n)
		page_field(d->page, "note", (struct cell){ .text = f->note });
	if (f->status.n)
		page_field(d->page, "status",
		    (struct cell){ .text = f->status });
	page_field(d->page, "id",
	    (struct cell){ .text = f->id, .code = true });
	evidence(d, f);
}

void
brief_make(struct page *p, const struct report *r)
{
	struct brief d = { p, BUF_INIT };
	struct say say = { p, BUF_INIT };

	for (const struct report_run *run = r->run; run; run = run->next) {
		head(&d, run);
		rules(&d, run);
		for (const struct report_finding *f = run->finding; f;
		     f = f->next)
			if (report_is_open(f))
				finding(&d, f);
		triage_gone(&say, run);
		triage_allowed(&say, run);
	}
	buf_release(&d.b);
	buf_release(&say.b);
}
