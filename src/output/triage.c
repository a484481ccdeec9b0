/* SPDX-License-Identifier: MIT */
#include "output/triage.h"

#include <stdlib.h>

#include "base/attr.h"
#include "base/utc.h"
#include "output/escape.h"

enum { ROWS_MAX = 100, KEY_MAX = 48 };

/* Findings of one incident. */
struct group {
	const struct report_finding *finding; /* its newest */
	size_t level;  /* row of say_level: the worst */
	int64_t first, last;
	int64_t times; /* findings in all, NONE: not known */
};

static sv
incident_of(const struct report_finding *f)
{
	return f->incident.n ? f->incident : f->id;
}

static int
finding_cmp(const void *pa, const void *pb)
{
	const struct report_finding *a = *(struct report_finding *const *)pa;
	const struct report_finding *b = *(struct report_finding *const *)pb;
	int c = sv_cmp(incident_of(a), incident_of(b));

	if (!c)
		c = (a->first > b->first) - (a->first < b->first);
	return c ? c : sv_cmp(a->id, b->id);
}

static int
group_cmp(const void *pa, const void *pb)
{
	const struct group *a = pa, *b = pb;
	int c = (a->level > b->level) - (a->level < b->level);

	if (!c)
		c = sv_cmp(a->finding->rule, b->finding->rule);
	if (!c)
		c = (a->first > b->first) - (a->first < b->first);
	return c ? c : sv_cmp(a->finding->id, b->finding->id);
}

static void
group_add(struct group *g, const struct report_finding *f)
{
	size_t level = say_level_row(f->level);

	if (!g->finding)
		*g = (struct group){ f, level, f->first, f->last,
			REPORT_NONE };
	g->finding = f;
	if (level < g->level)
		g->level = level;
	if (f->last > g->last)
		g->last = f->last;
	if (f->repeats != REPORT_NONE && f->repeats + 1 > g->times)
		g->times = f->repeats + 1;
}

/* Groups in the order of the table. */
static size_t
make_groups(struct arena *a, const struct report_run *run, bool open,
    struct group **out)
{
	const struct report_finding **v = arena_array(a, run->nfindings + 1,
	    sizeof(struct report_finding *));
	struct group *g = arena_array(a, run->nfindings + 1, sizeof(*g));
	size_t n = 0, ngroups = 0;

	for (const struct report_finding *f = run->finding; f; f = f->next)
		if (report_is_open(f) == open)
			v[n++] = f;
	if (n)
		qsort(v, n, sizeof(struct report_finding *), finding_cmp);
	for (size_t i = 0; i < n; i++) {
		if (i == 0 ||
		    !sv_eq(incident_of(v[i]), incident_of(v[i - 1])))
			ngroups++;
		group_add(&g[ngroups - 1], v[i]);
	}
	if (ngroups)
		qsort(g, ngroups, sizeof(*g), group_cmp);
	*out = g;
	return ngroups;
}

static struct cell
level_cell(const struct group *g)
{
	struct cell c = say_words(sv_str(say_level[g->level].words));

	c.tone = say_level[g->level].tone;
	return c;
}

/* A long key is shown whole in the finding's own block. */
static struct cell
key_cell(struct say *d, sv key)
{
	size_t n = 0;

	while (n < key.n && n < KEY_MAX)
		n += escape_char(sv_skip(key, n));
	buf_add(&d->b, sv_take(key, n));
	buf_str(&d->b, n < key.n ? "..." : "");
	return say_value(say_take(d));
}

static struct cell
minute_cell(struct say *d, int64_t us)
{
	/* Before 1970 the remainder is negative: left whole. */
	say_time(&d->b, us > 0 ? us - us % UTC_MINUTE : us);
	return say_cell(d);
}

static struct cell
length_cell(struct say *d, int64_t from, int64_t to)
{
	if (from != REPORT_NONE && to != REPORT_NONE && from <= to)
		say_length(&d->b, to - from);
	return say_cell(d);
}

static void
incident_row(struct say *d, const struct group *g)
{
	const struct report_finding *f = g->finding;
	struct cell c[] = { level_cell(g), say_words(f->rule),
		key_cell(d, f->key), minute_cell(d, g->first),
		length_cell(d, g->first, g->last),
		{ SV_NULL, TONE_PLAIN, false },
		say_words(f->status.n ? f->status : SV("-")) };

	say_count(&d->b, g->times);
	c[5] = say_cell(d);
	page_row(d->page, c);
}

void
triage_incidents(struct say *d, const struct report_run *run, bool open)
{
	static const struct column col[] = {
		{ "Level", false }, { "Rule", false }, { "Key", false },
		{ "First", false }, { "For", true }, { "Times", true },
		{ "Status", false },
	};
	struct group *g;
	size_t n = make_groups(d->page->a, run, open, &g);

	if (n == 0)
		return;
	page_table(d->page, col, countof(col));
	for (size_t i = 0; i < n && i < ROWS_MAX; i++)
		incident_row(d, &g[i]);
	if (n <= ROWS_MAX)
		return;
	say_many(&d->b, n - ROWS_MAX, "more incident");
	buf_lit(&d->b, " not shown.");
	say_para(d);
}

/* --- since the run before ------------------------------------------------- */

static struct cell
outcome_cell(struct say *d, const struct report_gone *g)
{
	buf_add(&d->b, g->status);
	if (g->why.n) {
		buf_lit(&d->b, ": ");
		buf_add(&d->b, g->why);
	}
	return say_cell(d);
}

void
triage_gone(struct say *d, const struct report_run *run)
{
	static const struct column col[] = {
		{ "Rule", false }, { "Key", false }, { "First", false },
		{ "For", true }, { "Now", false }, { "Finding", false },
	};
	size_t n = 0;

	if (!run->gone)
		return;
	say_section(d, "Findings of the run before that are gone");
	page_table(d->page, col, countof(col));
	for (const struct report_gone *g = run->gone; g; g = g->next) {
		struct cell c[countof(col)] = { say_words(g->rule),
			key_cell(d, g->key), minute_cell(d, g->first),
			length_cell(d, g->first, g->last), outcome_cell(d, g),
			say_value(g->id) };

		if (n++ < ROWS_MAX)
			page_row(d->page, c);
	}
	if (n <= ROWS_MAX)
		return;
	buf_printf(&d->b, "%zu more not shown.", n - ROWS_MAX);
	say_para(d);
}

/* --- the allow list ------------------------------------------------------- */

static void
put_part(struct buf *b, size_t start, const char *name, sv value)
{
	if (value.n == 0)
		return;
	say_sep(b, start, ", ");
	buf_str(b, name);
	buf_byte(b, ' ');
	buf_add(b, value);
}

static struct cell
covers_cell(struct say *d, const struct report_allow *al)
{
	buf_add(&d->b, sv_is(al->rule, "*") ? SV("any rule") : al->rule);
	put_part(&d->b, 0, "arm", al->arm);
	put_part(&d->b, 0, "key", al->key);
	put_part(&d->b, 0, "client", al->client);
	put_part(&d->b, 0, "user agent", al->user_agent);
	return say_cell(d);
}

static struct cell
state_cell(const struct report_allow *al)
{
	struct cell c = say_words(al->state);

	c.tone = sv_is(al->state, "active") ? TONE_PLAIN : TONE_WARN;
	return c;
}

static void
allow_row(struct say *d, const struct report_allow *al)
{
	struct cell c[] = { { SV_NULL, TONE_PLAIN, false },
		covers_cell(d, al), state_cell(al),
		{ SV_NULL, TONE_PLAIN, false }, minute_cell(d, al->expires),
		say_words(al->owner), say_words(al->reason) };

	say_count(&d->b, al->line);
	c[0] = say_cell(d);
	say_count(&d->b, al->hid);
	c[3] = say_cell(d);
	page_row(d->page, c);
}

void
triage_suppressed(struct say *d, size_t n)
{
	say_many(&d->b, n, "finding");
	buf_str(&d->b, n == 1 ? " is" : " are");
	buf_lit(&d->b, " suppressed by the allow list of site.yml.");
	say_para(d);
}

void
triage_allowed(struct say *d, const struct report_run *run)
{
	static const struct column col[] = {
		{ "Line", true }, { "Covers", false }, { "State", false },
		{ "Hid", true }, { "Expires", false }, { "Owner", false },
		{ "Reason", false },
	};

	if (!run->allow && run->nsuppressed == 0)
		return;
	say_section(d, "Allowed");
	triage_suppressed(d, run->nsuppressed);
	if (run->allow)
		page_table(d->page, col, countof(col));
	for (const struct report_allow *al = run->allow; al; al = al->next)
		allow_row(d, al);
	triage_incidents(d, run, false);
}
