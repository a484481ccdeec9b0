/* SPDX-License-Identifier: MIT */
#include "detect/explainpage.h"

#include "base/attr.h"
#include "base/jsonw.h"
#include "base/utc.h"
#include "detect/armtext.h"
#include "detect/explanation.h"
#include "detect/listing.h"
#include "output/page.h"
#include "record/site.h"

enum { FACT_SHOWN = 200 };

struct pager {
	struct page *p;
	const struct explanation *x;
	struct buf b; /* a text being put together */
};

static struct cell
words(sv text)
{
	return (struct cell){ .text = text };
}

static struct cell
taken(struct pager *g)
{
	struct cell c = words(arena_sv(g->p->a, buf_sv(&g->b)));

	buf_clear(&g->b);
	return c;
}

static void
field(struct pager *g, const char *label, sv text)
{
	if (text.n)
		page_field(g->p, label, words(text));
}

/* --- what it is ----------------------------------------------------------- */

static void
put_source(struct pager *g, const char *label, sv name)
{
	const struct explanation *x = g->x;
	int i = source_find(name);

	buf_add(&g->b, name);
	if (x->counted && i >= 0) {
		const struct source_fact *f = &x->ev.source[i];

		buf_printf(&g->b, ": %s, %lld records",
		    source_status_name[f->status], (long long)f->records);
		if (f->last != UTC_NONE) {
			buf_lit(&g->b, ", the newest of ");
			utc_write_short(&g->b, f->last);
		}
	}
	page_field(g->p, label, taken(g));
}

static void
put_sources(struct pager *g)
{
	const struct rule *r = g->x->rule;

	for (size_t i = 0; i < r->nsources; i++)
		put_source(g, i ? "" : "Sources", r->source[i]);
	for (size_t i = 0; i < r->nfallbacks; i++)
		put_source(g, i ? "" : "Fallback", r->fallback[i]);
}

static void
put_fact(struct pager *g, const char *label, sv name)
{
	sv value = explanation_fact(g->x, name);

	buf_add(&g->b, name);
	buf_lit(&g->b, " = ");
	buf_add(&g->b, sv_null(value) ? SV("not said in site.yml") :
	    sv_take(value, FACT_SHOWN));
	if (value.n > FACT_SHOWN)
		buf_printf(&g->b, "... (%zu bytes)", value.n);
	page_field(g->p, label, taken(g));
}

static void
put_facts(struct pager *g, const char *label, bool leaves_out)
{
	const struct rule *r = g->x->rule;

	for (size_t i = 0; i < r->nsite_facts; i++) {
		if (site_is_exception(r->site_fact[i]) != leaves_out)
			continue;
		put_fact(g, label, r->site_fact[i]);
		label = "";
	}
}

static void
put_window(struct pager *g)
{
	const struct eval *ev = &g->x->ev;

	if (!g->x->counted || ev->empty)
		return;
	utc_write_short(&g->b, ev->window.from);
	buf_lit(&g->b, " to ");
	utc_write_short(&g->b, ev->window.to);
	page_field(g->p, "Window", taken(g));
}

static void
put_state(struct pager *g)
{
	const struct verdict *v = &g->x->verdict;

	if (!g->x->counted)
		return;
	buf_printf(&g->b, "%s, %s", state_name[v->state],
	    result_name[v->result]);
	if (v->reason.n) {
		buf_lit(&g->b, ": ");
		buf_add(&g->b, v->reason);
	}
	page_field(g->p, "State", taken(g));
	if (v->prerequisite.n)
		field(g, "Would wake it", v->prerequisite);
}

static void
put_head(struct pager *g)
{
	const struct rule *r = g->x->rule;

	buf_add(&g->b, r->id);
	buf_lit(&g->b, ": ");
	buf_add(&g->b, r->title);
	page_put(g->p, BLOCK_SECTION, taken(g));
	if (r->description.n)
		page_put(g->p, BLOCK_PARA, words(r->description));
	page_fields(g->p);
	buf_printf(&g->b, "%.*s:%d", SV_ARG(r->file), r->line);
	page_field(g->p, "File", taken(g));
	buf_printf(&g->b, "%s, route %.*s", level_name[r->level],
	    SV_ARG(r->route));
	page_field(g->p, "Level", taken(g));
	buf_str(&g->b, rule_status_name[r->status]);
	if (r->reason.n)
		buf_printf(&g->b, ": %.*s", SV_ARG(r->reason));
	page_field(g->p, "Status", taken(g));
	put_state(g);
	put_window(g);
	put_sources(g);
	put_facts(g, "Facts", false);
	put_facts(g, "Leaves out", true);
}

/* --- stages --------------------------------------------------------------- */

static struct cell
number(struct pager *g, int64_t n)
{
	if (n != STAGE_UNKNOWN)
		buf_i64(&g->b, n);
	return taken(g);
}

static bool
is_zero(const struct explanation *x, size_t i)
{
	for (size_t k = 0; k < x->stages.nways; k++)
		if (x->stages.way[k].zero == i)
			return true;
	return false;
}

static void
put_stages(struct pager *g)
{
	static const struct column col[] = { { "Step", false },
		{ "What", false }, { "In", true }, { "Out", true } };
	const struct stages *l = &g->x->stages;

	if (l->n == 0)
		return;
	page_put(g->p, BLOCK_SECTION, words(SV("Steps")));
	page_table(g->p, col, countof(col));
	for (size_t i = 0; i < l->n; i++) {
		const struct stage *s = &l->v[i];
		struct cell row[] = { words(s->of), words(s->what),
			number(g, s->in), number(g, s->out) };

		if (s->why.n)
			row[3] = words(s->why);
		if (is_zero(g->x, i))
			row[1].tone = row[3].tone = TONE_WARN;
		page_row(g->p, row);
	}
}

static void
put_zeros(struct pager *g)
{
	struct explained_zero z;

	for (size_t k = 0; k < g->x->stages.nways; k++) {
		if (!explanation_zero(g->x, k, &z))
			continue;
		if (z.arm.n)
			buf_printf(&g->b, "%.*s: ", SV_ARG(z.arm));
		buf_printf(&g->b, "first to reach zero: %.*s (%.*s)",
		    SV_ARG(z.what), SV_ARG(z.of));
		page_put(g->p, BLOCK_PARA, taken(g));
	}
}

/* Rows came to the end, and none was enough. */
static void
put_short(struct pager *g)
{
	const struct rule *r = g->x->rule;

	for (size_t i = 0; g->x->counted && i < r->narms; i++) {
		const struct explained_arm *n = &g->x->arm[i];
		bool number = r->arm[i].threshold >= 0 || r->arm[i].ncond;
		const char *from;

		if (n->rows == 0 || n->fire > 0)
			continue;
		buf_printf(&g->b, "%.*s: no row fires: the highest is ",
		    SV_ARG(r->arm[i].name));
		jsonw_double(&g->b, n->peak);
		buf_str(&g->b, number ? " of " : "");
		if (number)
			jsonw_double(&g->b,
			    arm_threshold(r, &r->arm[i], &from));
		page_put(g->p, BLOCK_PARA, taken(g));
	}
}

/* --- arms ----------------------------------------------------------------- */

static struct cell
number_or(struct pager *g, bool known, double v)
{
	if (known)
		jsonw_double(&g->b, v);
	return taken(g);
}

static void
put_arm(struct pager *g, size_t i)
{
	const struct explanation *x = g->x;
	const struct arm *arm = &x->rule->arm[i];
	struct cell row[] = { words(arm->name), words(SV("")), words(SV("")),
		words(SV("")), number_or(g, x->counted, (double)x->arm[i].rows),
		number_or(g, x->counted, (double)x->arm[i].fire),
		number_or(g, x->counted, x->arm[i].peak), words(SV("")) };

	armtext_window(&g->b, arm);
	row[1] = taken(g);
	armtext_condition(&g->b, x->rule, arm);
	row[2] = taken(g);
	armtext_origin(&g->b, x->rule, arm);
	row[3] = taken(g);
	armtext_when(&g->b, arm);
	if (g->b.n && explanation_arm_why(x, i).n)
		buf_lit(&g->b, ": ");
	buf_add(&g->b, explanation_arm_why(x, i));
	row[7] = taken(g);
	page_row(g->p, row);
}

static void
put_arms(struct pager *g)
{
	static const struct column col[] = { { "Arm", false },
		{ "Window", true }, { "Fires at", false }, { "Set by", false },
		{ "Rows", true }, { "Fire", true }, { "Highest", true },
		{ "Runs", false } };

	if (g->x->rule->narms == 0)
		return;
	page_put(g->p, BLOCK_SECTION, words(SV("Arms")));
	page_table(g->p, col, countof(col));
	for (size_t i = 0; i < g->x->rule->narms; i++)
		put_arm(g, i);
}

void
explainpage_put(struct page *p, const struct explanation *x)
{
	struct pager g = { p, x, BUF_INIT };

	put_head(&g);
	put_stages(&g);
	put_zeros(&g);
	put_short(&g);
	put_arms(&g);
	buf_release(&g.b);
}
