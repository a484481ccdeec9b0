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

static struct cell
status_cell(struct say *d, const struct report_source *s)
{
	bool absent = sv_is(s->status, "absent");
	struct cell c;

	buf_add(&d->b, s->status);
	if (absent && s->prerequisite.n) {
		buf_lit(&d->b, ": ");
		buf_add(&d->b, s->prerequisite);
	}
	c = say_cell(d);
	c.tone = absent ? TONE_WARN : TONE_PLAIN;
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
			buf_lit(&d->b, "never");
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

static void
put_streams(struct say *d, const struct report_run *run)
{
	static const struct column col[] = {
		{ "Stream", false }, { "Seen", true }, { "Covered", true },
		{ "Window", true }, { "Blind spans", true },
	};

	page_table(d->page, col, countof(col));
	for (size_t i = 0; i < run->coverage.n; i++) {
		const struct report_stream *s = &run->coverage.item[i];
		struct cell c[countof(col)] = { say_words(s->stream) };

		say_share(&d->b, s->share);
		c[1] = say_cell(d);
		c[1].tone = s->share < 1 ? TONE_WARN : TONE_PLAIN;
		say_span(&d->b, s->covered_s);
		c[2] = say_cell(d);
		say_span(&d->b, s->window_s);
		c[3] = say_cell(d);
		buf_u64(&d->b, s->blind.n);
		c[4] = say_cell(d);
		page_row(d->page, c);
	}
}

static void
put_blind(struct say *d, const struct report_stream *s,
    const struct report_blind *blind)
{
	struct cell c[5] = { say_words(s->stream) };

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

		for (size_t j = 0; j < s->blind.n && n < BLIND_MAX; j++, n++)
			put_blind(d, s, &s->blind.item[j]);
	}
	if (n == total)
		return;
	buf_lit(&d->b, "And ");
	say_many(&d->b, total - n, "more blind span");
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
	for (size_t i = 0; i < run->coverage.n; i++)
		blinds += run->coverage.item[i].blind.n;
	if (blinds)
		put_blinds(d, run, blinds);
}
