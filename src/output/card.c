/* SPDX-License-Identifier: MIT */
#include "output/card.h"

#include <math.h>

#include "base/ascii.h"
#include "output/say.h"

enum { PER_RULE_MAX = 25 }; /* findings of one rule and level shown */

static void
field(struct say *d, const char *label, struct cell c)
{
	if (c.text.n == 0)
		return;
	c.text = say_clip(d, c.text);
	page_field(d->page, label, c);
}

static struct cell
metric_cell(struct say *d, const struct report_finding *f)
{
	if (f->metric_name.n) {
		buf_add(&d->b, f->metric_name);
		buf_byte(&d->b, ' ');
	}
	say_real(&d->b, f->metric);
	if (isfinite(f->threshold)) {
		buf_lit(&d->b, ", threshold ");
		say_real(&d->b, f->threshold);
	}
	if (isfinite(f->threshold) && f->threshold_from.n) {
		buf_lit(&d->b, " (from ");
		buf_add(&d->b, f->threshold_from);
		buf_byte(&d->b, ')');
	}
	if (f->window_s > 0) {
		buf_lit(&d->b, " in ");
		say_span(&d->b, f->window_s);
	}
	if (f->events != REPORT_NONE) {
		buf_lit(&d->b, "; ");
		say_many(&d->b, (size_t)f->events, "event");
	}
	return say_cell(d);
}

static struct cell
seen_cell(struct say *d, const struct report_finding *f)
{
	say_window(&d->b, f->first, f->last);
	if (f->fired_at != REPORT_NONE) {
		buf_lit(&d->b, ", fired at ");
		say_time(&d->b, f->fired_at);
	}
	return say_cell(d);
}

static struct cell
key_cell(struct say *d, const struct report_finding *f)
{
	if (f->key_name.n && f->key.n) {
		buf_add(&d->b, f->key_name);
		buf_byte(&d->b, ' ');
	}
	buf_add(&d->b, f->key);
	return say_cell(d);
}

static struct cell
release_cell(struct say *d, const struct report_finding *f)
{
	if (f->release.version.n == 0 && f->release.ts == REPORT_NONE)
		return say_words(SV_NULL);
	if (f->release.version.n && is_digit(f->release.version.p[0]))
		buf_byte(&d->b, 'v');
	buf_add(&d->b, f->release.version);
	buf_lit(&d->b, " at ");
	say_time(&d->b, f->release.ts);
	return say_cell(d);
}

static struct cell
restart_cell(struct say *d, const struct report_finding *f)
{
	if (f->restart.ts == REPORT_NONE)
		return say_words(SV_NULL);
	buf_add(&d->b, f->restart.dyno);
	buf_lit(&d->b, ": ");
	buf_add(&d->b, f->restart.event);
	buf_lit(&d->b, " at ");
	say_time(&d->b, f->restart.ts);
	return say_cell(d);
}

static struct cell
config_cell(struct say *d, const struct report_finding *f)
{
	if (f->config.ts == REPORT_NONE)
		return say_words(SV_NULL);
	buf_add(&d->b, f->config.names);
	buf_lit(&d->b, " at ");
	say_time(&d->b, f->config.ts);
	return say_cell(d);
}

/* "ongoing since T; finding 3 of its incident". */
static struct cell
status_cell(struct say *d, const struct report_finding *f)
{
	buf_add(&d->b, f->status);
	if (f->status.n && f->since != REPORT_NONE) {
		buf_lit(&d->b, " since ");
		say_second(&d->b, f->since);
	}
	if (f->repeats > 0) {
		say_sep(&d->b, 0, "; ");
		buf_printf(&d->b, "finding %lld of incident ",
		    (long long)f->repeats + 1);
		buf_add(&d->b, f->incident);
	}
	return say_cell(d);
}

static struct cell
route_cell(struct say *d, const struct report_finding *f)
{
	buf_add(&d->b, f->route);
	if (f->route_to.n) {
		say_sep(&d->b, 0, ", ");
		buf_lit(&d->b, "to ");
		buf_add(&d->b, f->route_to);
	}
	return say_cell(d);
}

/* Nothing to say when all of its time was seen. */
static struct cell
coverage_cell(struct say *d, const struct report_finding *f)
{
	if (f->coverage >= 0 && f->coverage < 1) {
		say_share(&d->b, f->coverage);
		buf_lit(&d->b, " of its time was seen: there may be more");
	}
	return say_cell(d);
}

static struct cell
author_cell(struct say *d, const struct report_finding *f)
{
	buf_add(&d->b, f->author);
	if (f->author.n && f->license.n)
		buf_lit(&d->b, ", ");
	buf_add(&d->b, f->license);
	return say_cell(d);
}

static struct cell
evidence_cell(struct say *d, const struct report_evidence *e)
{
	buf_add(&d->b, e->source);
	buf_byte(&d->b, ':');
	say_count(&d->b, e->line);
	buf_byte(&d->b, ' ');
	say_time(&d->b, e->ts);
	if (e->summary.n) {
		buf_byte(&d->b, ' ');
		buf_add(&d->b, e->summary);
	}
	if (e->request_id.n) {
		buf_lit(&d->b, " request_id=");
		buf_add(&d->b, e->request_id);
	}
	return say_value(say_take(d));
}

static void
put_evidence(struct say *d, const struct report_finding *f)
{
	int64_t n = f->evidence_total;

	if (n == REPORT_NONE)
		n = (int64_t)f->nevidence;
	say_many(&d->b, (size_t)n, "record");
	if ((size_t)n != f->nevidence)
		buf_printf(&d->b, ", %zu shown", f->nevidence);
	field(d, "evidence", say_cell(d));
	for (const struct report_evidence *e = f->evidence; e; e = e->next)
		field(d, "", evidence_cell(d, e));
}

static struct cell
heading_cell(struct say *d, const struct report_finding *f)
{
	size_t rank = say_level_row(f->level);
	struct cell c;

	buf_byte(&d->b, '[');
	buf_add(&d->b, f->level);
	buf_lit(&d->b, "] ");
	buf_add(&d->b, f->rule);
	buf_byte(&d->b, ' ');
	buf_add(&d->b, f->title);
	if (f->arm.n && !sv_is(f->arm, "main")) {
		buf_lit(&d->b, " (");
		buf_add(&d->b, f->arm);
		buf_byte(&d->b, ')');
	}
	c = say_cell(d);
	c.text = say_clip(d, c.text);
	c.tone = say_level[rank].tone;
	return c;
}

static void
put_finding(struct say *d, const struct report_finding *f)
{
	struct cell key = key_cell(d, f);

	key.code = true;
	page_put(d->page, BLOCK_ITEM, heading_cell(d, f));
	page_fields(d->page);
	field(d, "key", key);
	field(d, "metric", metric_cell(d, f));
	field(d, "seen", seen_cell(d, f));
	field(d, "note", say_words(f->note));
	field(d, "status", status_cell(d, f));
	field(d, "coverage", coverage_cell(d, f));
	field(d, "near release", release_cell(d, f));
	field(d, "near restart", restart_cell(d, f));
	field(d, "near config", config_cell(d, f));
	field(d, "route", route_cell(d, f));
	field(d, "next step", say_words(f->next_step));
	put_evidence(d, f);
	field(d, "rule by", author_cell(d, f));
	field(d, "id", say_value(f->id));
}

/* Findings of one level. Those of a rule stand together: after PER_RULE_MAX
 * of them the rest is skipped. Returns how many were shown. */
static size_t
put_level(struct say *d, const struct report_run *run, size_t level)
{
	size_t shown = 0, of_rule = 0;
	sv rule = SV_NULL;

	for (const struct report_finding *f = run->finding; f; f = f->next) {
		if (say_level_row(f->level) != level || !report_is_open(f))
			continue;
		of_rule = sv_eq(rule, f->rule) ? of_rule + 1 : 1;
		rule = f->rule;
		if (of_rule > PER_RULE_MAX)
			continue;
		put_finding(d, f);
		shown++;
	}
	return shown;
}

void
card_put_all(struct say *d, const struct report_run *run)
{
	size_t shown = 0;

	for (size_t i = 0; i < SAY_LEVEL_N; i++)
		shown += put_level(d, run, i);
	if (shown == run->nfindings - run->nsuppressed)
		return;
	say_many(&d->b, run->nfindings - run->nsuppressed - shown,
	    "more finding");
	buf_printf(&d->b, " not shown here, where a rule has at most %d of a "
	    "level; raxx-eval prints all.", PER_RULE_MAX);
	say_para(d);
}
