/* SPDX-License-Identifier: MIT */
#include "output/waking.h"

#include "base/attr.h"
#include "output/say.h"

/* --- what sources would do ------------------------------------------------ */

/* "2: A, B"; nothing when there is none. */
static struct cell
rules_cell(struct say *d, const struct report_texts *t)
{
	if (t->n) {
		buf_u64(&d->b, t->n);
		buf_lit(&d->b, ": ");
		say_texts(&d->b, t);
	}
	return say_cell(d);
}

/* The drain stands for the log, part of which may come some other way. */
static bool
is_log_by_hand(const struct report_wake *w)
{
	return sv_is(w->source, "heroku_drain") && sv_is(w->why, "manual");
}

static struct cell
action_cell(struct say *d, const struct report_wake *w)
{
	buf_add(&d->b, w->action.n ? w->action : w->source);
	if (is_log_by_hand(w)) {
		buf_lit(&d->b, " (the log comes by hand)");
	} else if (w->why.n) {
		buf_lit(&d->b, " (");
		buf_add(&d->b, w->source);
		buf_lit(&d->b, ": ");
		buf_add(&d->b, w->why);
		buf_byte(&d->b, ')');
	}
	return say_cell(d);
}

static void
put_actions(struct say *d, const struct report_run *run)
{
	static const struct column col[] = {
		{ "What to do", false }, { "Wakes", false },
		{ "Lifts", false }, { "High", true }, { "Needs more", false },
	};

	page_table(d->page, col, countof(col));
	for (size_t i = 0; i < run->wake.n; i++) {
		const struct report_wake *w = &run->wake.item[i];
		struct cell c[countof(col)] = { action_cell(d, w) };

		c[1] = rules_cell(d, &w->wakes);
		c[2] = rules_cell(d, &w->lifts);
		say_count(&d->b, w->high);
		c[3] = say_cell(d);
		c[4] = rules_cell(d, &w->helps);
		page_row(d->page, c);
	}
	buf_lit(&d->b, "Wakes: dormant now, would run. Lifts: runs by hand, on "
	    "its fallback or on old data now, would run on better. High: how "
	    "many of these are of level high or critical. Needs more: dormant "
	    "for want of something else too.");
	say_para(d);
}

/* --- what no source would do ---------------------------------------------- */

struct need {
	struct need *next;
	sv what;
	sv rules; /* "A, B" */
	size_t nrules;
	bool done;
};

/* A missing source is the reason itself; any other reason keeps the rule
 * asleep even if the source came. */
static sv
need_of(struct say *d, const struct report_verdict *v)
{
	bool other = v->reason.n && !sv_starts(v->reason, SV("missing"));

	if (v->missing.n)
		buf_add(&d->b, v->prerequisite);
	if (other || d->b.n == 0) {
		say_sep(&d->b, 0, "; ");
		buf_add(&d->b, v->reason.n ? v->reason : SV("not said"));
	}
	return say_take(d);
}

static void
add_need(struct say *d, struct need **end, const struct report_verdict *v)
{
	sv what = need_of(d, v);

	while (*end && !sv_eq((*end)->what, what))
		end = &(*end)->next;
	if (!*end) {
		*end = arena_new(d->page->a, struct need);
		(*end)->what = what;
	}
	buf_add(&d->b, (*end)->rules);
	say_sep(&d->b, 0, ", ");
	buf_add(&d->b, v->rule);
	(*end)->rules = say_take(d);
	(*end)->nrules++;
}

/* Most rules first; of equals, the one met first. */
static struct need *
next_need(struct need *first)
{
	struct need *best = NULL;

	for (struct need *n = first; n; n = n->next)
		if (!n->done && (!best || n->nrules > best->nrules))
			best = n;
	if (best)
		best->done = true;
	return best;
}

static bool
in_texts(const struct report_texts *t, sv rule)
{
	for (size_t i = 0; i < t->n; i++)
		if (sv_eq(t->item[i], rule))
			return true;
	return false;
}

/* Does one action wake the rule? */
static bool
is_told(const struct report_run *run, sv rule)
{
	for (size_t i = 0; i < run->wake.n; i++)
		if (in_texts(&run->wake.item[i].wakes, rule))
			return true;
	return false;
}

static struct need *
needs_of(struct say *d, const struct report_run *run)
{
	struct need *first = NULL;

	for (const struct report_verdict *v = run->verdict; v; v = v->next)
		if (sv_is(v->state, "DORMANT") && !is_told(run, v->rule))
			add_need(d, &first, v);
	return first;
}

static void
put_needs(struct say *d, struct need *first)
{
	static const struct column col[] = {
		{ "What is missing", false }, { "Rules", true },
		{ "Rule IDs", false },
	};
	struct need *n;

	page_table(d->page, col, countof(col));
	while ((n = next_need(first))) {
		struct cell c[countof(col)] = { say_words(n->what) };

		buf_u64(&d->b, n->nrules);
		c[1] = say_cell(d);
		c[2] = say_words(n->rules);
		page_row(d->page, c);
	}
}

void
waking_put(struct say *d, const struct report_run *run)
{
	struct need *needs = needs_of(d, run);

	say_section(d, run->has_wake ? "What would wake or lift rules"
	    : "What would wake dormant rules");
	if (run->wake.n)
		put_actions(d, run);
	if (needs)
		put_needs(d, needs);
	if (run->wake.n || needs)
		return;
	buf_str(&d->b, run->has_wake ? "No rule is dormant, and what the rules "
	    "need comes by itself." : "No rule is dormant.");
	say_para(d);
}
