/* SPDX-License-Identifier: MIT */
#include "output/dashboard.h"

#include <math.h>

#include "base/attr.h"
#include "base/utc.h"
#include "output/card.h"
#include "output/sight.h"
#include "output/page.h"
#include "output/report.h"
#include "output/say.h"
#include "output/triage.h"
#include "output/waking.h"

static bool
is_dormant(const struct report_verdict *v)
{
	return sv_is(v->state, "DORMANT");
}

/* --- head of the page ----------------------------------------------------- */

/* What the record tells: a window that ends before the newest event looks
 * back. */
static const char *
run_type(const struct report_run *run)
{
	if (run->to == REPORT_NONE || run->now == REPORT_NONE)
		return "nothing was seen";
	return run->to < run->now ? "past window" : "current window";
}

static struct cell
rules_in_state(struct say *d, const struct report_run *run, bool dormant)
{
	size_t n = 0;

	for (const struct report_verdict *v = run->verdict; v; v = v->next)
		n += !report_is_posture(v) && is_dormant(v) == dormant;
	buf_u64(&d->b, n);
	n = 0;
	for (const struct report_verdict *v = run->verdict; v; v = v->next) {
		if (report_is_posture(v) || is_dormant(v) != dormant)
			continue;
		buf_str(&d->b, n++ ? ", " : ": ");
		buf_add(&d->b, v->rule);
	}
	return say_cell(d);
}

static struct cell
result_counts(struct say *d, const struct report_run *run)
{
	for (enum report_result i = 0; i < REPORT_RESULT_N; i++) {
		size_t n = 0;

		for (const struct report_verdict *v = run->verdict; v;
		     v = v->next)
			n += !report_is_posture(v) && v->result == i;
		if (n == 0)
			continue;
		say_sep(&d->b, 0, ", ");
		buf_str(&d->b, say_result[i].words);
		buf_printf(&d->b, " %zu", n);
	}
	return say_cell(d);
}

static struct cell
finding_counts(struct say *d, const struct report_run *run)
{
	size_t start;

	buf_u64(&d->b, run->nfindings - run->nsuppressed);
	start = d->b.n;
	for (size_t i = 0; i < SAY_LEVEL_N; i++) {
		size_t n = 0;

		for (const struct report_finding *f = run->finding; f;
		     f = f->next)
			n += report_is_open(f) && say_level_row(f->level) == i;
		if (n == 0)
			continue;
		buf_str(&d->b, d->b.n > start ? ", " : ": ");
		buf_str(&d->b, say_level[i].words);
		buf_printf(&d->b, " %zu", n);
	}
	if (run->nsuppressed)
		buf_printf(&d->b, "; %zu more suppressed", run->nsuppressed);
	return say_cell(d);
}

/* Posture checks of this result; REPORT_RESULT_N: all. */
static size_t
posture_checks(const struct report_run *run, enum report_result result)
{
	size_t n = 0;

	for (const struct report_verdict *v = run->verdict; v; v = v->next)
		n += report_is_posture(v) &&
		    (result == REPORT_RESULT_N || v->result == result);
	return n;
}

static struct cell
posture_counts(struct say *d, const struct report_run *run)
{
	size_t all = posture_checks(run, REPORT_RESULT_N);
	size_t bad = posture_checks(run, REPORT_FIRED);
	size_t good = posture_checks(run, REPORT_CLEAR);

	buf_printf(&d->b, "%zu bad, %zu good, %zu unverified", bad, good,
	    all - bad - good);
	return say_cell(d);
}

static struct cell
catalog(struct say *d, const struct report_run *run)
{
	size_t posture = posture_checks(run, REPORT_RESULT_N);

	say_many(&d->b, run->nverdicts - posture, "rule");
	if (posture) {
		buf_lit(&d->b, " and ");
		say_many(&d->b, posture, "posture check");
	}
	if (run->rules != REPORT_NONE && (size_t)run->rules != run->nverdicts) {
		buf_lit(&d->b, " here; the catalog has ");
		buf_i64(&d->b, run->rules);
	}
	if (run->digest.n) {
		buf_lit(&d->b, ", digest ");
		buf_add(&d->b, sv_take(run->digest, 12));
	}
	return say_cell(d);
}

static void
put_head(struct say *d, const struct report_run *run)
{
	buf_lit(&d->b, "Detection dashboard");
	if (run->to != REPORT_NONE) {
		buf_lit(&d->b, ", ");
		say_date(&d->b, run->to);
	}
	buf_lit(&d->b, ": ");
	buf_str(&d->b, run_type(run));
	page_put(d->page, BLOCK_TITLE, say_cell(d));
	page_fields(d->page);
	say_window(&d->b, run->from, say_end(run->to));
	page_field(d->page, "Run window", say_cell(d));
	say_time(&d->b, run->now);
	page_field(d->page, "Now", say_cell(d));
	page_field(d->page, "Catalog size", catalog(d, run));
	page_field(d->page, "Active rules", rules_in_state(d, run, false));
	page_field(d->page, "Dormant rules", rules_in_state(d, run, true));
	page_field(d->page, "Results", result_counts(d, run));
	if (posture_checks(run, REPORT_RESULT_N))
		page_field(d->page, "Posture", posture_counts(d, run));
	page_field(d->page, "Findings", finding_counts(d, run));
	if (run->version.n)
		page_field(d->page, "Raxx version", say_words(run->version));
}

/* --- rule status summary -------------------------------------------------- */

static struct cell
result_cell(struct say *d, const struct report_verdict *v)
{
	struct cell c;

	buf_str(&d->b, say_result[v->result].words);
	if (v->result == REPORT_OTHER && v->result_name.n) {
		buf_byte(&d->b, ' ');
		buf_add(&d->b, v->result_name);
	}
	c = say_cell(d);
	c.tone = say_result[v->result].tone;
	return c;
}

/* What a dormant rule waits for; the reason names the source. Without a missing
 * source a prerequisite would change nothing: the reason alone counts. */
static void
put_needs(struct buf *b, const struct report_verdict *v)
{
	if (v->missing.n == 0)
		return;
	say_sep(b, 0, "; ");
	buf_add(b, v->prerequisite);
	say_sep(b, 0, "; ");
	if (v->prerequisite.n == 0) {
		buf_lit(b, "missing ");
		say_texts(b, &v->missing);
		buf_lit(b, ", ");
	}
	if (v->last_seen == REPORT_NONE) {
		buf_lit(b, "never seen");
	} else {
		buf_lit(b, "last seen ");
		say_second(b, v->last_seen);
	}
}

static double
reached(const struct report_arm *arm)
{
	if (!isfinite(arm->peak) || !isfinite(arm->threshold))
		return 0;
	return arm->threshold > 0 ? arm->peak / arm->threshold : arm->peak;
}

static void
put_peak(struct buf *b, const struct report_arm *arm)
{
	buf_add(b, arm->name);
	buf_lit(b, ": peak ");
	say_real(b, arm->peak);
	buf_lit(b, " of ");
	say_real(b, arm->threshold);
}

/* Arms that fired; without one, that which came closest. */
static void
put_peaks(struct buf *b, const struct report_arms *arms)
{
	const struct report_arm *best = NULL;
	bool fired = false;

	for (size_t i = 0; i < arms->n; i++) {
		const struct report_arm *arm = &arms->item[i];

		if (reached(arm) > (best ? reached(best) : 0))
			best = arm;
		if (arm->findings <= 0 || reached(arm) <= 0)
			continue;
		fired = true;
		say_sep(b, 0, "; ");
		put_peak(b, arm);
	}
	if (fired || !best)
		return;
	say_sep(b, 0, "; ");
	buf_lit(b, "closest ");
	put_peak(b, best);
}

/* "runs under 11 to 62 may be missed": of the arms. */
static void
put_smallest(struct buf *b, const struct report_arms *arms)
{
	double lo = INFINITY, hi = 0;

	for (size_t i = 0; i < arms->n; i++) {
		double n = arms->item[i].smallest;

		if (!isfinite(n))
			continue;
		lo = n < lo ? n : lo;
		hi = n > hi ? n : hi;
	}
	if (hi <= 0)
		return;
	say_sep(b, 0, "; ");
	buf_lit(b, "runs under ");
	say_real(b, lo);
	if (hi > lo) {
		buf_lit(b, " to ");
		say_real(b, hi);
	}
	buf_lit(b, " may be missed");
}

static void
put_arms(struct buf *b, const struct report_arms *arms)
{
	size_t dropped = 0;

	put_peaks(b, arms);
	put_smallest(b, arms);
	for (size_t i = 0; i < arms->n; i++)
		if (arms->item[i].dropped_keys > 0)
			dropped += (size_t)arms->item[i].dropped_keys;
	if (!dropped)
		return;
	say_sep(b, 0, "; ");
	say_many(b, dropped, "event");
	buf_lit(b, " without a key left out");
}

static struct cell
notes_cell(struct say *d, const struct report_verdict *v)
{
	if (!(v->coverage < 0.95)) /* else that is the reason */
		buf_add(&d->b, v->reason);
	put_needs(&d->b, v);
	if (v->result != REPORT_NOT_EVALUATED)
		put_arms(&d->b, &v->arms);
	if (v->blind.n) {
		say_sep(&d->b, 0, "; ");
		say_many(&d->b, v->blind.n, "blind span");
	}
	if (v->nsuppressed) {
		say_sep(&d->b, 0, "; ");
		say_many(&d->b, v->nsuppressed, "finding");
		buf_lit(&d->b, " suppressed");
	}
	if (v->flips > 0) {
		say_sep(&d->b, 0, "; ");
		say_many(&d->b, (size_t)v->flips, "change");
		buf_lit(&d->b, " of state");
	}
	return say_cell(d);
}

static void
put_rules(struct say *d, const struct report_run *run)
{
	static const struct column col[] = {
		{ "Rule ID", false }, { "Name", false }, { "State", false },
		{ "Result", false }, { "Findings", true }, { "Coverage", true },
		{ "Notes", false },
	};

	say_section(d, "Rule status summary");
	page_table(d->page, col, countof(col));
	for (const struct report_verdict *v = run->verdict; v; v = v->next) {
		struct cell c[countof(col)] = { say_words(v->rule),
			say_words(v->title) };

		if (report_is_posture(v))
			continue;
		say_lower(&d->b, v->state);
		c[2] = say_cell(d);
		c[3] = result_cell(d, v);
		buf_u64(&d->b, v->nfindings - v->nsuppressed);
		c[4] = say_cell(d);
		say_shares(&d->b, v->coverage, v->share_low);
		c[5] = say_cell(d);
		c[6] = notes_cell(d, v);
		page_row(d->page, c);
	}
}

/* What a result says of a fact. */
static const char *
posture_words(enum report_result result)
{
	return result == REPORT_FIRED ? "confirmed bad"
	    : result == REPORT_CLEAR ? "confirmed good" : "unverified";
}

static struct cell
posture_notes(struct say *d, const struct report_verdict *v)
{
	buf_add(&d->b, v->reason);
	put_needs(&d->b, v);
	if (v->missing.n == 0 && v->last_seen != REPORT_NONE) {
		say_sep(&d->b, 0, "; ");
		buf_lit(&d->b, "as of ");
		say_second(&d->b, v->last_seen);
	}
	return say_cell(d);
}

static void
put_posture(struct say *d, const struct report_run *run)
{
	static const struct column col[] = {
		{ "Check", false }, { "Name", false }, { "Is", false },
		{ "Findings", true }, { "Notes", false },
	};

	if (!posture_checks(run, REPORT_RESULT_N))
		return;
	say_section(d, "Posture");
	page_table(d->page, col, countof(col));
	for (const struct report_verdict *v = run->verdict; v; v = v->next) {
		struct cell c[countof(col)] = { say_words(v->rule),
			say_words(v->title) };

		if (!report_is_posture(v))
			continue;
		c[2] = say_words(sv_str(posture_words(v->result)));
		c[2].tone = say_result[v->result].tone;
		buf_u64(&d->b, v->nfindings - v->nsuppressed);
		c[3] = say_cell(d);
		c[4] = posture_notes(d, v);
		page_row(d->page, c);
	}
}

static void
put_none(struct say *d, size_t findings, size_t suppressed)
{
	if (findings > suppressed)
		return;
	if (findings == 0)
		buf_lit(&d->b, "No rule fired in what was evaluated.");
	else
		buf_lit(&d->b, "Nothing but what the allow list covers.");
	say_para(d);
}

static void
put_findings(struct say *d, const struct report_run *run)
{
	say_section(d, "Findings");
	put_none(d, run->nfindings, run->nsuppressed);
	triage_incidents(d, run, true);
	card_put_all(d, run);
}

/* --- what comes next ------------------------------------------------------ */

/* A full time is shortened; other text stays. */
static struct cell
time_cell(struct say *d, sv text)
{
	int64_t us;

	if (text.n > 10 && utc_parse(text, &us))
		say_time(&d->b, us);
	else
		buf_add(&d->b, text.n ? text : SV("not scheduled"));
	return say_cell(d);
}

static void
put_next(struct say *d, const struct report_run *run)
{
	say_section(d, "Next scheduled run");
	page_fields(d->page);
	page_field(d->page, "Next", time_cell(d, run->next_run.next));
	page_field(d->page, "Daily", time_cell(d, run->next_run.daily));
	page_field(d->page, "Hourly", time_cell(d, run->next_run.hourly));
}

static void
put_rebaseline(struct say *d, const struct report_run *run)
{
	say_section(d, "Re-baseline");
	if (run->rebaseline.need_days.n == 0) {
		buf_lit(&d->b, "No re-baseline is scheduled.");
		say_para(d);
		return;
	}
	page_fields(d->page);
	buf_add(&d->b, run->rebaseline.have_days);
	buf_lit(&d->b, " of ");
	buf_add(&d->b, run->rebaseline.need_days);
	buf_lit(&d->b, " covered days");
	page_field(d->page, "Progress", say_cell(d));
	if (sv_is(run->rebaseline.due, "true"))
		page_field(d->page, "Due", say_words(SV("yes: run raxx-baseline")));
	else if (sv_is(run->rebaseline.due, "false"))
		page_field(d->page, "Due", say_words(SV("not yet")));
	else if (run->rebaseline.due.n)
		page_field(d->page, "Due", time_cell(d, run->rebaseline.due));
	if (run->rebaseline.trigger.n)
		page_field(d->page, "Trigger", say_words(run->rebaseline.trigger));
}

/* --- pages ---------------------------------------------------------------- */

static void (*const section_of_run[])(struct say *d,
    const struct report_run *run) = {
	put_head,
	put_rules,
	put_posture,
	put_findings,
	triage_gone,
	triage_allowed,
	waking_put,
	sight_sources,
	sight_inputs,
	sight_coverage,
	put_next,
	put_rebaseline,
};

static struct cell
fired_cell(struct say *d, const struct report_run *run)
{
	struct cell c;

	for (const struct report_verdict *v = run->verdict; v; v = v->next) {
		if (v->result != REPORT_FIRED)
			continue;
		say_sep(&d->b, 0, ", ");
		buf_add(&d->b, v->rule);
	}
	c = say_cell(d);
	c.tone = TONE_BAD;
	if (c.text.n == 0)
		c = say_words(SV("none"));
	return c;
}

/* Rules whose "nothing" does not speak for the whole window. */
static size_t
count_unsure(const struct report_run *run)
{
	size_t n = 0;

	for (const struct report_verdict *v = run->verdict; v; v = v->next)
		n += v->result != REPORT_FIRED && v->result != REPORT_CLEAR;
	return n;
}

static void
put_windows(struct say *d, const struct report *r)
{
	static const struct column col[] = {
		{ "From", false }, { "To", false }, { "Fired", false },
		{ "Findings", true }, { "Not clear", true }, { "Rules", true },
	};

	page_table(d->page, col, countof(col));
	for (const struct report_run *run = r->run; run; run = run->next) {
		struct cell c[countof(col)];

		say_time(&d->b, run->from);
		c[0] = say_cell(d);
		say_time(&d->b, say_end(run->to));
		c[1] = say_cell(d);
		c[2] = fired_cell(d, run);
		buf_u64(&d->b, run->nfindings - run->nsuppressed);
		c[3] = say_cell(d);
		buf_u64(&d->b, count_unsure(run));
		c[4] = say_cell(d);
		buf_u64(&d->b, run->nverdicts);
		c[5] = say_cell(d);
		page_row(d->page, c);
	}
}

static void
put_replay(struct say *d, const struct report *r)
{
	size_t findings = 0, suppressed = 0;

	buf_lit(&d->b, "Detection dashboard, ");
	say_date(&d->b, r->run->from);
	buf_lit(&d->b, " to ");
	say_date(&d->b, r->run_end->to);
	buf_lit(&d->b, ": replay of ");
	say_many(&d->b, r->nruns, "window");
	page_put(d->page, BLOCK_TITLE, say_cell(d));
	put_windows(d, r);
	buf_lit(&d->b, "\"Not clear\" counts rules that neither fired nor are "
	    "clear for the whole window: partly seen, not evaluated or "
	    "undecided.");
	say_para(d);
	for (const struct report_run *run = r->run; run; run = run->next) {
		findings += run->nfindings;
		suppressed += run->nsuppressed;
		if (run->nfindings == run->nsuppressed)
			continue;
		buf_lit(&d->b, "Findings, ");
		say_window(&d->b, run->from, say_end(run->to));
		page_put(d->page, BLOCK_SECTION, say_cell(d));
		triage_incidents(d, run, true);
		card_put_all(d, run);
	}
	put_none(d, findings, suppressed);
	if (suppressed)
		triage_suppressed(d, suppressed);
}

void
dashboard_make(struct page *p, const struct report *r)
{
	struct say d = { p, BUF_INIT };

	if (r->nruns == 1)
		for (size_t i = 0; i < countof(section_of_run); i++)
			section_of_run[i](&d, r->run);
	else if (r->nruns > 1)
		put_replay(&d, r);
	buf_release(&d.b);
}
