/* SPDX-License-Identifier: MIT */
#include "output/sight.h"

#include "base/attr.h"
#include "base/utc.h"
#include "output/say.h"

enum {
	BLIND_MAX = 12, /* blind spans shown; the rest is counted */
	INPUTS_MAX = 20 /* more are summed per format */
};

/* --- telemetry sources ---------------------------------------------------- */

static struct cell
gates_cell(struct say *d, const struct report_source *s)
{
	if (s->gates.n == 0)
		return say_words(SV("none"));
	say_many(&d->b, s->gates.n, "rule");
	buf_lit(&d->b, ": ");
	say_texts(&d->b, &s->gates);
	return say_cell(d);
}

/* No record of any time, but a fact. */
static bool
is_of_site(const struct report_source *s)
{
	return sv_is(s->name, "audit_chain_key") && s->records > 0;
}

static struct cell
status_cell(struct say *d, const struct report_source *s)
{
	bool absent = sv_is(s->status, "absent");
	struct cell c;

	buf_add(&d->b, is_of_site(s) ? SV("from site.yml") : s->status);
	if (absent && s->prerequisite.n) {
		buf_lit(&d->b, ": ");
		buf_add(&d->b, s->prerequisite);
	}
	if (s->flaw.n) {
		buf_lit(&d->b, "; ");
		buf_add(&d->b, s->flaw);
	}
	c = say_cell(d);
	c.tone = absent || s->flaw.n ? TONE_WARN : TONE_PLAIN;
	return c;
}

void
sight_sources(struct say *d, const struct report_run *run)
{
	static const struct column col[] = {
		{ "Source", false }, { "Status", false }, { "Records", true },
		{ "Last seen", false }, { "Gates", false },
	};

	say_section(d, "Telemetry source availability");
	if (run->sources.n == 0) {
		buf_lit(&d->b, "The run names no source.");
		say_para(d);
		return;
	}
	page_table(d->page, col, countof(col));
	for (size_t i = 0; i < run->sources.n; i++) {
		const struct report_source *s = &run->sources.item[i];
		struct cell c[countof(col)] = {
			say_words(s->label.n ? s->label : s->name)
		};

		c[1] = status_cell(d, s);
		say_count(&d->b, s->records);
		c[2] = say_cell(d);
		if (s->last == REPORT_NONE)
			buf_str(&d->b, is_of_site(s) ? "has no time" : "never");
		else
			say_second(&d->b, s->last);
		c[3] = say_cell(d);
		c[4] = gates_cell(d, s);
		page_row(d->page, c);
	}
}

/* --- inputs --------------------------------------------------------------- */

struct tally {
	size_t n;
	int64_t read, stored, duplicates, rejected, blank;
};

/* An unknown number makes the sum unknown, and so does an overflow. */
static void
add_count(int64_t *sum, int64_t n)
{
	if (*sum == REPORT_NONE || n == REPORT_NONE || n > INT64_MAX - *sum)
		*sum = REPORT_NONE;
	else
		*sum += n;
}

static void
add_input(struct tally *t, const struct report_input *in)
{
	t->n++;
	add_count(&t->read, in->read);
	add_count(&t->stored, in->stored);
	add_count(&t->duplicates, in->duplicates);
	add_count(&t->rejected, in->rejected);
	add_count(&t->blank, in->blank);
}

static void
put_tally(struct say *d, struct cell name, struct cell format,
    const struct tally *t)
{
	const int64_t count[] = { t->read, t->stored, t->duplicates,
		t->rejected, t->blank };
	struct cell c[2 + countof(count)] = { name, format };

	for (size_t i = 0; i < countof(count); i++) {
		say_count(&d->b, count[i]);
		c[2 + i] = say_cell(d);
	}
	if (t->rejected > 0)
		c[5].tone = TONE_WARN;
	page_row(d->page, c);
}

static void
put_each_input(struct say *d, const struct report_run *run)
{
	for (size_t i = 0; i < run->inputs.n; i++) {
		const struct report_input *in = &run->inputs.item[i];
		struct tally t = { 0 };

		add_input(&t, in);
		buf_add(&d->b, in->format);
		if (in->form.n) {
			say_sep(&d->b, 0, ", ");
			buf_add(&d->b, in->form);
		}
		put_tally(d, say_value(in->name), say_cell(d), &t);
	}
}

static bool
format_seen(const struct report_inputs *in, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (sv_eq(in->item[j].format, in->item[i].format))
			return true;
	return false;
}

static void
put_each_format(struct say *d, const struct report_run *run)
{
	const struct report_inputs *in = &run->inputs;

	for (size_t i = 0; i < in->n; i++) {
		struct tally t = { 0 };

		if (format_seen(in, i))
			continue;
		for (size_t j = i; j < in->n; j++)
			if (sv_eq(in->item[j].format, in->item[i].format))
				add_input(&t, &in->item[j]);
		say_many(&d->b, t.n, "input");
		put_tally(d, say_cell(d), say_words(in->item[i].format), &t);
	}
}

static void
put_damaged(struct say *d, const struct report_run *run)
{
	for (size_t i = 0; i < run->inputs.n; i++) {
		const struct report_input *in = &run->inputs.item[i];

		if (in->damaged.n == 0)
			continue;
		buf_lit(&d->b, "Ended early: ");
		buf_add(&d->b, in->name);
		buf_lit(&d->b, ": ");
		buf_add(&d->b, in->damaged);
		say_para(d);
	}
}

static void
put_balance(struct say *d, const struct report_run *run)
{
	size_t wrong = 0;

	for (size_t i = 0; i < run->inputs.n; i++)
		wrong += report_unaccounted(&run->inputs.item[i]) != 0;
	if (wrong == 0)
		buf_lit(&d->b, "Read = stored + duplicates + rejected + blank "
		    "holds for every input.");
	else
		buf_printf(&d->b, "Read = stored + duplicates + rejected + "
		    "blank does not hold, or cannot be told, for %zu of %zu "
		    "inputs.", wrong, run->inputs.n);
	say_para(d);
}

void
sight_inputs(struct say *d, const struct report_run *run)
{
	static const struct column col[] = {
		{ "Input", false }, { "Format", false }, { "Read", true },
		{ "Stored", true }, { "Duplicates", true },
		{ "Rejected", true }, { "Blank", true },
	};
	struct tally t = { 0 };

	say_section(d, "Inputs");
	if (run->inputs.n == 0) {
		buf_lit(&d->b, "The run names no input.");
		say_para(d);
		return;
	}
	page_table(d->page, col, countof(col));
	if (run->inputs.n > INPUTS_MAX)
		put_each_format(d, run);
	else
		put_each_input(d, run);
	for (size_t i = 0; i < run->inputs.n; i++)
		add_input(&t, &run->inputs.item[i]);
	buf_lit(&d->b, "Total, ");
	say_many(&d->b, t.n, "input");
	put_tally(d, say_cell(d), say_words(SV("")), &t);
	put_balance(d, run);
	put_damaged(d, run);
}

/* --- coverage ------------------------------------------------------------- */

static bool
is_dump(const struct report_stream *s)
{
	return s->taken != REPORT_NONE;
}

static bool
same_number(double x, double y)
{
	return !(x < y) && !(x > y);
}

static bool
same_blinds(const struct report_blinds *x, const struct report_blinds *y)
{
	if (x->n != y->n)
		return false;
	for (size_t i = 0; i < x->n; i++)
		if (x->item[i].from != y->item[i].from ||
		    x->item[i].to != y->item[i].to ||
		    !sv_eq(x->item[i].why, y->item[i].why))
			return false;
	return true;
}

/* Most of the time the streams of an app were seen alike. */
static bool
seen_alike(const struct report_stream *x, const struct report_stream *y)
{
	return !is_dump(x) && !is_dump(y) && sv_eq(x->app, y->app) &&
	    same_number(x->share, y->share) &&
	    same_number(x->share_low, y->share_low) &&
	    same_number(x->unknown_s, y->unknown_s) &&
	    same_blinds(&x->blind, &y->blind);
}

/* Is it shown with one before it? */
static bool
is_told(const struct report_run *run, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (seen_alike(&run->coverage.item[k], &run->coverage.item[i]))
			return true;
	return false;
}

/* "router, app of raxx-api-prod": all that are shown with i. */
static struct cell
group_cell(struct say *d, const struct report_run *run, size_t i)
{
	const struct report_stream *s = &run->coverage.item[i];

	buf_add(&d->b, s->stream);
	for (size_t k = i + 1; k < run->coverage.n; k++) {
		if (!seen_alike(s, &run->coverage.item[k]))
			continue;
		buf_lit(&d->b, ", ");
		buf_add(&d->b, run->coverage.item[k].stream);
	}
	if (s->app.n) {
		buf_lit(&d->b, " of ");
		buf_add(&d->b, s->app);
	}
	return say_cell(d);
}

static void
put_stream(struct say *d, const struct report_run *run, size_t i)
{
	const struct report_stream *s = &run->coverage.item[i];
	struct cell c[6] = { group_cell(d, run, i) };

	say_shares(&d->b, s->share, s->share_low);
	c[1] = say_cell(d);
	c[1].tone = s->share < 1 ? TONE_WARN : TONE_PLAIN;
	say_span(&d->b, s->covered_s);
	c[2] = say_cell(d);
	say_span(&d->b, s->unknown_s);
	c[3] = say_cell(d);
	say_span(&d->b, s->window_s);
	c[4] = say_cell(d);
	buf_u64(&d->b, s->blind.n);
	c[5] = say_cell(d);
	page_row(d->page, c);
}

static void
put_streams(struct say *d, const struct report_run *run)
{
	static const struct column col[] = {
		{ "Stream", false }, { "Seen", true }, { "Covered", true },
		{ "Unknown", true }, { "Window", true },
		{ "Blind spans", true },
	};

	page_table(d->page, col, countof(col));
	for (size_t i = 0; i < run->coverage.n; i++)
		if (!is_dump(&run->coverage.item[i]) && !is_told(run, i))
			put_stream(d, run, i);
}

static void
put_dump(struct say *d, const struct report_stream *s)
{
	struct cell c[5] = { say_words(s->stream) };

	say_share(&d->b, s->share);
	c[1] = say_cell(d);
	c[1].tone = s->share < 1 ? TONE_WARN : TONE_PLAIN;
	say_second(&d->b, s->taken);
	c[2] = say_cell(d);
	say_count(&d->b, s->rows);
	c[3] = say_cell(d);
	if (s->flaw.n)
		buf_lit(&d->b, "not known");
	else if (s->max_id == REPORT_NONE)
		buf_lit(&d->b, "not gapless");
	else
		say_count(&d->b, s->max_id);
	c[4] = say_cell(d);
	page_row(d->page, c);
}

static void
put_flaws(struct say *d, const struct report_run *run)
{
	for (size_t i = 0; i < run->coverage.n; i++) {
		const struct report_stream *s = &run->coverage.item[i];

		if (!is_dump(s) || s->flaw.n == 0)
			continue;
		buf_lit(&d->b, "Not whole: ");
		buf_add(&d->b, s->stream);
		buf_lit(&d->b, ": ");
		buf_add(&d->b, s->flaw);
		say_para(d);
	}
}

static void
put_dumps(struct say *d, const struct report_run *run)
{
	static const struct column col[] = {
		{ "Dump", false }, { "Seen", true }, { "Taken", false },
		{ "Rows", true }, { "Highest of gapless numbers", true },
	};
	bool any = false;

	for (size_t i = 0; i < run->coverage.n; i++) {
		if (!is_dump(&run->coverage.item[i]))
			continue;
		if (!any)
			page_table(d->page, col, countof(col));
		any = true;
		put_dump(d, &run->coverage.item[i]);
	}
	put_flaws(d, run);
}

static void
put_blind(struct say *d, struct cell name, const struct report_blind *blind)
{
	struct cell c[5] = { name };

	say_second(&d->b, blind->from);
	c[1] = say_cell(d);
	say_second(&d->b, blind->to);
	c[2] = say_cell(d);
	if (blind->from == REPORT_NONE || blind->to == REPORT_NONE)
		buf_byte(&d->b, '?');
	else
		say_length(&d->b, blind->to - blind->from);
	c[3] = say_cell(d);
	c[4] = say_words(blind->why);
	page_row(d->page, c);
}

static void
put_blinds(struct say *d, const struct report_run *run, size_t total)
{
	static const struct column col[] = {
		{ "Blind stream", false }, { "From", false }, { "To", false },
		{ "Length", true }, { "Why", false },
	};
	size_t n = 0;

	page_table(d->page, col, countof(col));
	for (size_t i = 0; i < run->coverage.n; i++) {
		const struct report_stream *s = &run->coverage.item[i];

		if (is_told(run, i))
			continue;
		for (size_t j = 0; j < s->blind.n && n < BLIND_MAX; j++, n++)
			put_blind(d, group_cell(d, run, i), &s->blind.item[j]);
	}
	if (n == total)
		return;
	buf_lit(&d->b, "And ");
	say_many(&d->b, total - n, "more blind span");
	buf_byte(&d->b, '.');
	say_para(d);
}

/* --- cross-check ---------------------------------------------------------- */

static void
put_side(struct say *d, const char *stream, int64_t of, int64_t found,
    const struct report_side *s)
{
	bool flagged = sv_is(s->flagged, "true");
	struct cell c[6] = { say_words(sv_str(stream)) };

	say_count(&d->b, of);
	c[1] = say_cell(d);
	say_count(&d->b, found);
	c[2] = say_cell(d);
	say_share(&d->b, s->estimate);
	c[3] = say_cell(d);
	c[3].tone = flagged ? TONE_BAD : TONE_PLAIN;
	say_share(&d->b, s->claimed);
	c[4] = say_cell(d);
	c[5] = say_words(flagged ? SV("less than is claimed: lines are missing "
	    "of which nothing tells") : SV("agrees"));
	if (of == 0)
		c[5] = say_words(SV("nothing to tell it by"));
	page_row(d->page, c);
}

/* Of ids that one stream names, how many does the other name too? */
static void
put_cross(struct say *d, const struct report_run *run)
{
	static const struct column col[] = {
		{ "Cross-check by request id", false }, { "Expected", true },
		{ "Found", true }, { "Estimate", true }, { "Claimed", true },
		{ "Result", false },
	};

	if (run->cross.n_app == REPORT_NONE) {
		if (run->has_wake) { /* as new as the cross-check */
			buf_lit(&d->b, "No cross-check: the app's lines name "
			    "no request ids.");
			say_para(d);
		}
		return;
	}
	page_table(d->page, col, countof(col));
	put_side(d, "router", run->cross.n_app, run->cross.matched,
	    &run->cross.router);
	put_side(d, "app", run->cross.n_expected, run->cross.n_found,
	    &run->cross.app);
	buf_lit(&d->b, "Expected: ids that the other stream names. Estimate "
	    "and claim are of the time that counts as seen");
	if (run->cross.every > 1) {
		buf_lit(&d->b, ", in one of ");
		say_count(&d->b, run->cross.every);
		buf_lit(&d->b, " blocks of ten minutes");
	}
	buf_byte(&d->b, '.');
	say_para(d);
}

void
sight_coverage(struct say *d, const struct report_run *run)
{
	size_t blinds = 0;

	say_section(d, "Coverage");
	if (run->coverage.n == 0) {
		buf_lit(&d->b, "The run tells nothing about coverage.");
		say_para(d);
		return;
	}
	put_streams(d, run);
	put_dumps(d, run);
	for (size_t i = 0; i < run->coverage.n; i++)
		blinds += is_told(run, i) ? 0 : run->coverage.item[i].blind.n;
	if (blinds)
		put_blinds(d, run, blinds);
	put_cross(d, run);
}
