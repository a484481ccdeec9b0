/* SPDX-License-Identifier: MIT */
/*
 * Every map of the format is a table of rows: key, whether it must be there,
 * and who reads its value.
 */
#include "detect/trialfile.h"

#include "base/attr.h"
#include "base/utc.h"
#include "detect/trialevents.h"
#include "detect/trialread.h"
#include "parse/yaml.h"

const char *const trial_kind_name[] = {
	[TRIAL_POSITIVE] = "positive",
	[TRIAL_BELOW] = "below",
	[TRIAL_AT] = "at",
	[TRIAL_EDGE] = "edge",
	[TRIAL_LOOKALIKE] = "lookalike",
	[TRIAL_MISSING] = "missing",
	[TRIAL_PARTIAL] = "partial",
	[TRIAL_OTHER] = "other",
};
_Static_assert(countof(trial_kind_name) == TRIAL_KIND_N, "a name per kind");

/* --- what is expected ----------------------------------------------------- */

static bool
read_arm(struct trialread *r, const struct yaml *y, void *out)
{
	return trialread_full_text(r, y, &((struct trial_finding *)out)->arm);
}

static bool
read_key(struct trialread *r, const struct yaml *y, void *out)
{
	return trialread_text(r, y, &((struct trial_finding *)out)->key);
}

static bool
read_note(struct trialread *r, const struct yaml *y, void *out)
{
	return trialread_full_text(r, y, &((struct trial_finding *)out)->note);
}

static bool
read_metric(struct trialread *r, const struct yaml *y, void *out)
{
	struct trial_finding *f = out;

	f->has_metric = true;
	return trialread_number(r, y, &f->metric);
}

static bool
read_finding_events(struct trialread *r, const struct yaml *y, void *out)
{
	struct trial_finding *f = out;

	f->has_events = true;
	return trialread_count(r, y, &f->events);
}

static bool
read_level(struct trialread *r, const struct yaml *y, void *out)
{
	return trialread_name(r, y, level_name, LEVEL_N,
	    &((struct trial_finding *)out)->level);
}

static bool
read_finding(struct trialread *r, const struct yaml *y, void *out)
{
	static const struct trialrow rows[] = {
		{ "arm", true, read_arm }, { "key", false, read_key },
		{ "metric", false, read_metric },
		{ "events", false, read_finding_events },
		{ "level", false, read_level }, { "note", false, read_note },
	};
	struct trial_finding *f = out;

	*f = (struct trial_finding){ .level = -1, .line = y->line,
		.col = y->col };
	return trialread_map(r, y, rows, countof(rows), f);
}

static bool
read_result(struct trialread *r, const struct yaml *y, void *out)
{
	int i;

	if (!trialread_name(r, y, result_name, RESULT_N, &i))
		return false;
	((struct trial_expect *)out)->result = (enum result)i;
	return true;
}

static bool
read_state(struct trialread *r, const struct yaml *y, void *out)
{
	return trialread_name(r, y, state_name, STATE_N,
	    &((struct trial_expect *)out)->state);
}

static bool
read_reason(struct trialread *r, const struct yaml *y, void *out)
{
	return trialread_full_text(r, y, &((struct trial_expect *)out)->reason);
}

/* [0.55, 0.65] */
static bool
read_share(struct trialread *r, const struct yaml *y, void *out)
{
	double *v = ((struct trial_expect *)out)->share;

	if (y->kind != YAML_LIST || y->nkids != 2)
		return yaml_err(r->e, r->name, y, "'coverage' must be a list "
		    "of two numbers, least and most");
	return trialread_number(r, y->kid, &v[0]) &&
	    trialread_number(r, y->kid->next, &v[1]);
}

static bool
read_rejected(struct trialread *r, const struct yaml *y, void *out)
{
	int64_t n;

	if (!trialread_count(r, y, &n))
		return false;
	((struct trial_expect *)out)->rejected = (uint64_t)n;
	return true;
}

static bool
read_findings(struct trialread *r, const struct yaml *y, void *out)
{
	struct trial_expect *x = out;

	if (!trialread_need_list(r, y))
		return false;
	x->nfindings = y->nkids;
	x->finding = arena_array(r->a, y->nkids, sizeof(*x->finding));
	return trialread_items(r, y, sizeof(*x->finding), x->finding,
	    read_finding);
}

static bool
read_expect(struct trialread *r, const struct yaml *y, void *out)
{
	static const struct trialrow rows[] = {
		{ "result", true, read_result }, { "state", false, read_state },
		{ "reason", false, read_reason },
		{ "coverage", false, read_share },
		{ "rejected", false, read_rejected },
		{ "findings", false, read_findings },
	};
	struct trial_expect *x = &((struct trial_case *)out)->expect;

	*x = (struct trial_expect){ .state = -1, .share = { -1, 2 } };
	if (!trialread_map(r, y, rows, countof(rows), x))
		return false;
	return x->result != RESULT_FIRED || x->nfindings > 0 ||
	    yaml_err(r->e, r->name, y, "FIRED needs 'findings'");
}

/* --- cases ---------------------------------------------------------------- */

static bool
read_case_name(struct trialread *r, const struct yaml *y, void *out)
{
	return trialread_full_text(r, y, &((struct trial_case *)out)->name);
}

static bool
read_kind(struct trialread *r, const struct yaml *y, void *out)
{
	int i;

	if (!trialread_name(r, y, trial_kind_name, TRIAL_KIND_N, &i))
		return false;
	((struct trial_case *)out)->kind = (enum trial_kind)i;
	return true;
}

static bool
read_window(struct trialread *r, const struct yaml *y, void *out)
{
	return trialread_length(r, y, &((struct trial_case *)out)->window);
}

static bool
read_site(struct trialread *r, const struct yaml *y, void *out)
{
	((struct trial_case *)out)->site[1] = y;
	return trialread_need_map(r, y);
}

static bool
read_from(struct trialread *r, const struct yaml *y, void *out)
{
	return trialread_offset(r, y, &((struct trial_span *)out)->from);
}

static bool
read_to(struct trialread *r, const struct yaml *y, void *out)
{
	return trialread_offset(r, y, &((struct trial_span *)out)->to);
}

static bool
read_span(struct trialread *r, const struct yaml *y, void *out)
{
	static const struct trialrow rows[] = { { "from", true, read_from },
		{ "to", true, read_to } };
	struct trial_span *s = out;

	return trialread_map(r, y, rows, countof(rows), s) &&
	    (s->from < s->to || yaml_err(r->e, r->name, y, "the span ends "
	    "before it begins"));
}

static bool
read_cover(struct trialread *r, const struct yaml *y, void *out)
{
	static const char *const names[] = { "full", "none" };
	struct trial_case *c = out;
	int i;

	if (y->kind != YAML_LIST) {
		if (!trialread_name(r, y, names, countof(names), &i))
			return false;
		c->cover = (enum trial_cover)i;
		return true;
	}
	c->cover = TC_SPANS;
	c->nspans = y->nkids;
	c->span = arena_array(r->a, y->nkids, sizeof(*c->span));
	if (!trialread_items(r, y, sizeof(*c->span), c->span, read_span))
		return false;
	for (size_t k = 1; k < c->nspans; k++)
		if (c->span[k].from <= c->span[k - 1].to)
			return yaml_err(r->e, r->name, y, "spans must be in "
			    "order and apart");
	return c->nspans > 0 || yaml_err(r->e, r->name, y,
	    "a list of no spans: 'none' is expected");
}

static bool
read_form(struct trialread *r, const struct yaml *y, void *out)
{
	static const char *const names[] = { "drain", "pull", "both" };
	int i;

	if (!trialread_name(r, y, names, countof(names), &i))
		return false;
	((struct trial_case *)out)->form = (enum trial_form)i;
	return true;
}

static bool
read_log(struct trialread *r, const struct yaml *y, void *out)
{
	return trialevents_log(r, y, &((struct trial_case *)out)->log);
}

static bool
read_files(struct trialread *r, const struct yaml *y, void *out)
{
	return trialevents_files(r, y, out);
}

static bool
read_case(struct trialread *r, const struct yaml *y, void *out)
{
	static const struct trialrow rows[] = {
		{ "case", true, read_case_name }, { "kind", true, read_kind },
		{ "window", false, read_window }, { "site", false, read_site },
		{ "cover", false, read_cover }, { "form", false, read_form },
		{ "log", false, read_log }, { "files", false, read_files },
		{ "expect", true, read_expect },
	};
	struct trial_case *c = out;

	*c = (struct trial_case){ .line = y->line, .col = y->col,
		.window = r->window, .site = { r->site, NULL } };
	if (!trialread_map(r, y, rows, countof(rows), c))
		return false;
	if (c->kind == TRIAL_POSITIVE && c->expect.result != RESULT_FIRED)
		return yaml_err(r->e, r->name, y, "a positive case expects "
		    "FIRED");
	return true;
}

/* --- the file ------------------------------------------------------------- */

static bool
read_rule(struct trialread *r, const struct yaml *y, void *out)
{
	return trialread_full_text(r, y, &((struct trial_doc *)out)->rule);
}

/* Far enough from the ends of time for every offset. */
static bool
read_start(struct trialread *r, const struct yaml *y, void *out)
{
	struct trial_doc *d = out;

	return (trialread_is_scalar(y) && utc_parse(y->text, &d->start) &&
	    d->start >= utc_days(1990, 1, 1) * UTC_DAY &&
	    d->start < utc_days(2100, 1, 1) * UTC_DAY) ||
	    yaml_err(r->e, r->name, y, "'%.*s' is no time such as "
	    "2026-06-12T12:00:00Z", SV_ARG(y->text));
}

static bool
read_file_window(struct trialread *r, const struct yaml *y, void *out)
{
	(void)out;
	return trialread_length(r, y, &r->window);
}

static bool
read_file_site(struct trialread *r, const struct yaml *y, void *out)
{
	(void)out;
	r->site = y;
	return trialread_need_map(r, y);
}

static bool
read_not_applicable(struct trialread *r, const struct yaml *y, void *out)
{
	struct trial_doc *d = out;

	if (!trialread_need_map(r, y))
		return false;
	for (const struct yaml *k = y->kid; k; k = k->next) {
		int i = trialread_find(k->key, trial_kind_name, TRIAL_OTHER);

		if (i < 0)
			return err_set(r->e, ST_USAGE, "%.*s:%d:%d: '%.*s' is "
			    "no kind of case that is asked for",
			    SV_ARG(r->name), k->key_line, k->key_col,
			    SV_ARG(k->key));
		if (!trialread_full_text(r, k, &d->not_applicable[i]))
			return false;
	}
	return true;
}

/* A name once, and no case of a kind that is said not to apply. */
static bool
check_case(struct trialread *r, const struct trial_doc *d, size_t i,
    const struct yaml *at)
{
	const struct trial_case *c = &d->c[i];

	for (size_t k = 0; k < i; k++)
		if (sv_eq(d->c[k].name, c->name))
			return yaml_err(r->e, r->name, at, "case '%.*s' stands "
			    "at line %d too", SV_ARG(c->name), d->c[k].line);
	return sv_null(d->not_applicable[c->kind]) || yaml_err(r->e, r->name,
	    at, "kind %s is said not to be applicable",
	    trial_kind_name[c->kind]);
}

static bool
read_cases(struct trialread *r, const struct yaml *y, void *out)
{
	struct trial_doc *d = out;
	size_t i = 0;

	if (!trialread_need_list(r, y))
		return false;
	d->n = y->nkids;
	d->c = arena_array(r->a, y->nkids, sizeof(*d->c));
	if (!trialread_items(r, y, sizeof(*d->c), d->c, read_case))
		return false;
	for (const struct yaml *k = y->kid; k; k = k->next, i++)
		if (!check_case(r, d, i, k))
			return false;
	return true;
}

bool
trialfile_read(struct arena *a, sv name, sv text, struct trial_doc *out,
    struct err *e)
{
	static const struct trialrow rows[] = {
		{ "rule", true, read_rule }, { "start", false, read_start },
		{ "window", false, read_file_window },
		{ "site", false, read_file_site },
		{ "not_applicable", false, read_not_applicable },
		{ "cases", true, read_cases },
	};
	struct trialread r = { .a = a, .name = name, .e = e,
		.window = UTC_HOUR };
	struct yaml *doc;

	*out = (struct trial_doc){ .name = name,
		.start = utc_days(2026, 6, 12) * UTC_DAY + 12 * UTC_HOUR };
	if (!yaml_parse(a, name, text, &doc, e))
		return false;
	if (!doc || doc->next)
		return err_set(e, ST_USAGE, "%.*s:1:1: one document is "
		    "expected", SV_ARG(name));
	return trialread_map(&r, doc, rows, countof(rows), out);
}

struct trialevent
trial_at(const struct trial_event *ev, int64_t start, int64_t i, bool dump)
{
	return (struct trialevent){ i, start + ev->at + i * ev->every, dump,
		ev->seed };
}
