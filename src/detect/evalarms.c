/* SPDX-License-Identifier: MIT */
/* evalarms.c: what a rule runs on: its state, and which of its arms. */
#include "detect/evalpriv.h"

#include "base/buf.h"
#include "base/utc.h"
#include "record/site.h"
#include "store/query.h"

const struct source_fact *
eval_fact(const struct source_fact *source, sv name)
{
	int i = source_find(name);

	return i < 0 ? NULL : &source[i];
}

static bool
is_there(const struct source_fact *source, sv name)
{
	const struct source_fact *f = eval_fact(source, name);

	return f && f->status != SOURCE_ABSENT;
}

static bool
all_there(const struct source_fact *source, const sv *name, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!is_there(source, name[i]))
			return false;
	return n > 0;
}

static bool
all_automated(const struct source_fact *source, const struct rule *r)
{
	for (size_t i = 0; i < r->nsources; i++)
		if (eval_fact(source, r->source[i])->status != SOURCE_AUTOMATED)
			return false;
	return r->nsources > 0 || r->posture;
}

static sv
prerequisite_of(const struct rule *r, const struct verdict *v)
{
	int i = v->nmissing ? source_find(v->missing[0]) : -1;

	if (r->prerequisite.n)
		return r->prerequisite;
	return i < 0 ? SV_NULL : sv_str(source_def[i].prerequisite);
}

/* The oldest of the newest records; a source without any says nothing. */
static int64_t
last_seen(const struct source_fact *source, const sv *name, size_t n)
{
	int64_t last = UTC_NONE;

	for (size_t i = 0; i < n; i++) {
		const struct source_fact *f = eval_fact(source, name[i]);

		if (f && f->last != UTC_NONE &&
		    (last == UTC_NONE || f->last < last))
			last = f->last;
	}
	return last;
}

void
eval_state(struct arena *a, const struct source_fact *source,
    const struct rule *r, struct verdict *v)
{
	v->missing = arena_array(a, r->nsources + 1, sizeof(*v->missing));
	for (size_t i = 0; i < r->nsources; i++)
		if (!is_there(source, r->source[i]))
			v->missing[v->nmissing++] = r->source[i];
	v->last_seen = v->nmissing
	    ? last_seen(source, v->missing, v->nmissing)
	    : last_seen(source, r->source, r->nsources);
	if (r->status != RULE_ACTIVE)
		v->state = STATE_DORMANT;
	else if (v->nmissing == 0)
		v->state = all_automated(source, r) ? STATE_LIVE : STATE_MANUAL;
	else if (all_there(source, r->fallback, r->nfallbacks))
		v->state = STATE_DEGRADED;
	else
		v->state = STATE_DORMANT;
	if (v->state == STATE_DORMANT || v->nmissing)
		v->prerequisite = prerequisite_of(r, v);
}

/* --- arms --- */

sv
eval_need_text(struct arena *a, const char *about, sv need, const char *why)
{
	struct buf b = BUF_INIT;

	buf_printf(&b, "%s%.*s%s", about, SV_ARG(need), why);
	return buf_keep(&b, a);
}

/* Null when the column is set in some row, or there is no row, where nothing
 * can be missed; else why the arm cannot run. */
static sv
column_lacks(struct eval *ev, const char *view, sv column, sv need,
    struct err *e)
{
	struct err why = ERR_INIT;
	struct buf b = BUF_INIT;
	enum query_end end;
	struct query *q;

	buf_printf(&b, "SELECT 1 FROM %s WHERE \"%.*s\" IS NOT NULL UNION ALL "
	    "SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM %s)", view,
	    SV_ARG(column), view);
	q = query_open(ev->st, buf_sv(&b), NULL, &why);
	buf_release(&b);
	if (!q)
		return eval_need_text(ev->a, "rule error: needs ", need, ": no such "
		    "column");
	end = query_next(q, e);
	query_close(q);
	return end == QUERY_MORE ? SV_NULL
	    : eval_need_text(ev->a, "needs ", need, "");
}

/* A need is "source" or "source.column". */
static sv
need_lacks(struct eval *ev, sv need, struct err *e)
{
	sv column = need, source = sv_cut(&column, '.');
	int i = source_find(source);

	if (!is_there(ev->source, source))
		return eval_need_text(ev->a, "needs ", need, "");
	return sv_null(column) ? SV_NULL
	    : column_lacks(ev, source_def[i].view, column, need, e);
}

bool
eval_state_allows(const struct verdict *v, const struct arm *arm)
{
	return arm->on == ARM_ON_ANY ||
	    (arm->on == ARM_ON_FALLBACK) == (v->state == STATE_DEGRADED);
}

bool
eval_arms(struct eval *ev, struct verdict *v, struct err *e)
{
	const struct rule *r = v->rule;

	v->arm = arena_array(ev->a, r->narms + 1, sizeof(*v->arm));
	v->on = arena_array(ev->a, r->narms + 1, sizeof(*v->on));
	for (size_t i = 0; i < r->narms; i++) {
		const struct arm *arm = &r->arm[i];
		sv *why = &v->arm[i].why;

		if (!eval_state_allows(v, arm))
			*why = v->state == STATE_DEGRADED
			    ? SV("not on the fallback")
			    : SV("only on the fallback");
		for (size_t k = 0; sv_null(*why) && k < arm->nneeds; k++)
			*why = need_lacks(ev, arm->need[k], e);
		if (e->status != ST_OK)
			return false;
		v->on[i] = v->arm[i].on = sv_null(*why);
		v->narms_on += v->on[i];
	}
	return true;
}
