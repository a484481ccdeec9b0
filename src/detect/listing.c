/* SPDX-License-Identifier: MIT */
#include "detect/listing.h"

#include "base/jsonw.h"
#include "base/utc.h"
#include "detect/armtext.h"
#include "output/page.h"

const char *const arm_kind_name[ARM_KIND_N] = {
	[ARM_EVENT] = "event",
	[ARM_EVENT_COUNT] = "event_count",
	[ARM_VALUE_COUNT] = "value_count",
	[ARM_VALUE_SUM] = "value_sum",
	[ARM_VALUE_AVG] = "value_avg",
	[ARM_VALUE_PERCENTILE] = "value_percentile",
	[ARM_VALUE_MEDIAN] = "value_median",
	[ARM_TEMPORAL] = "temporal",
	[ARM_TEMPORAL_ORDERED] = "temporal_ordered",
	[ARM_SQL] = "sql",
};

_Static_assert(countof(arm_kind_name) == ARM_KIND_N, "a name per kind");

const char *const rule_status_name[] = {
	[RULE_ACTIVE] = "active",
	[RULE_PLANNED] = "planned",
	[RULE_UNSERVED] = "unserved",
};

static const char *const arm_on_name[] = {
	[ARM_ON_SOURCES] = "sources",
	[ARM_ON_FALLBACK] = "fallback",
	[ARM_ON_ANY] = "any",
};

static void
put_params(struct jsonw *w, const struct rule *r)
{
	jsonw_key(w, SV("params"));
	jsonw_open(w, '[');
	for (size_t i = 0; i < r->nparams; i++) {
		jsonw_open(w, '{');
		jsonw_put_sv(w, "name", r->param[i].name);
		jsonw_put_real(w, "value", r->param[i].value);
		jsonw_put_real(w, "floor", r->param[i].floor);
		jsonw_put_str(w, "from", r->param[i].from);
		jsonw_close(w, '}');
	}
	jsonw_close(w, ']');
}

static void
put_arm(struct jsonw *w, const struct rule *r, const struct arm *arm)
{
	jsonw_open(w, '{');
	jsonw_put_sv(w, "name", arm->name);
	jsonw_put_str(w, "kind", arm_kind_name[arm->kind]);
	jsonw_put_real(w, "window_s", (double)arm->window / UTC_SECOND);
	jsonw_key(w, SV("threshold"));
	if (arm->threshold < 0)
		jsonw_null(w);
	else
		jsonw_real(w, r->param[arm->threshold].value);
	jsonw_put_sv(w, "metric", arm->metric);
	jsonw_put_sv(w, "key", arm->key_name);
	jsonw_put_str(w, "level",
	    level_name[arm->level < 0 ? (int)r->level : arm->level]);
	jsonw_put_bool(w, "never_baselined", arm->never_baselined);
	jsonw_put_str(w, "on", arm_on_name[arm->on]);
	jsonw_put_svs(w, "needs", arm->need, arm->nneeds);
	jsonw_close(w, '}');
}

static void
put_rule(struct jsonw *w, const struct rule *r)
{
	jsonw_open(w, '{');
	jsonw_put_str(w, "type", "rule");
	jsonw_put_sv(w, "id", r->id);
	jsonw_put_sv(w, "title", r->title);
	jsonw_put_str(w, "level", level_name[r->level]);
	jsonw_put_str(w, "status", rule_status_name[r->status]);
	jsonw_put_sv(w, "reason", r->reason);
	jsonw_put_sv(w, "route", r->route);
	jsonw_put_svs(w, "sources", r->source, r->nsources);
	jsonw_put_svs(w, "fallback", r->fallback, r->nfallbacks);
	jsonw_put_sv(w, "prerequisite", r->prerequisite);
	put_params(w, r);
	jsonw_key(w, SV("arms"));
	jsonw_open(w, '[');
	for (size_t i = 0; i < r->narms; i++)
		put_arm(w, r, &r->arm[i]);
	jsonw_close(w, ']');
	jsonw_put_bool(w, "posture", r->posture);
	jsonw_put_sv(w, "file", r->file);
	jsonw_put_sv(w, "digest", r->digest);
	jsonw_close(w, '}');
}

void
listing_ndjson(struct buf *b, const struct catalog *c)
{
	for (size_t i = 0; i < c->n; i++) {
		struct jsonw w = JSONW_INIT(b);

		put_rule(&w, c->rule[i]);
		buf_byte(b, '\n');
	}
}

static struct cell
cell_of(sv text)
{
	return (struct cell){ .text = text };
}

static void
put_rules(struct page *p, const struct catalog *c)
{
	static const struct column col[] = { { "Rule", false },
		{ "Status", false }, { "Level", false }, { "Route", false },
		{ "Title", false } };

	page_table(p, col, countof(col));
	for (size_t i = 0; i < c->n; i++) {
		const struct rule *r = c->rule[i];
		const struct cell row[] = { cell_of(r->id),
			cell_of(sv_str(rule_status_name[r->status])),
			cell_of(sv_str(level_name[r->level])),
			cell_of(r->route), cell_of(r->title) };

		page_row(p, row);
	}
}

static struct cell
take(struct page *p, struct buf *b)
{
	struct cell c = cell_of(arena_sv(p->a, buf_sv(b)));

	buf_clear(b);
	return c;
}

static void
put_arm_row(struct page *p, const struct rule *r, const struct arm *arm)
{
	struct cell row[] = { cell_of(r->id), cell_of(arm->name),
		cell_of(SV("")), cell_of(SV("")), cell_of(SV("")),
		cell_of(SV("")) };
	struct buf b = BUF_INIT;

	armtext_window(&b, arm);
	row[2] = take(p, &b);
	armtext_condition(&b, r, arm);
	row[3] = take(p, &b);
	armtext_origin(&b, r, arm);
	row[4] = take(p, &b);
	armtext_when(&b, arm);
	row[5] = take(p, &b);
	page_row(p, row);
	buf_release(&b);
}

static void
put_arms(struct page *p, const struct catalog *c)
{
	static const struct column col[] = { { "Rule", false },
		{ "Arm", false }, { "Window", true }, { "Fires at", false },
		{ "Set by", false }, { "Runs", false } };

	page_put(p, BLOCK_SECTION, cell_of(SV("Arms")));
	page_table(p, col, countof(col));
	for (size_t i = 0; i < c->n; i++)
		for (size_t k = 0; k < c->rule[i]->narms; k++)
			put_arm_row(p, c->rule[i], &c->rule[i]->arm[k]);
}

void
listing_page(struct page *p, const struct catalog *c, bool arms)
{
	put_rules(p, c);
	if (arms)
		put_arms(p, c);
}
