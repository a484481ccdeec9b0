/* SPDX-License-Identifier: MIT */
#include "detect/armtext.h"

#include "base/attr.h"
#include "base/jsonw.h"
#include "base/utc.h"

void
armtext_window(struct buf *b, const struct arm *arm)
{
	if (arm->window)
		utc_span_write(b, arm->window);
	else
		buf_byte(b, '-');
}

static void
put_metric(struct buf *b, const struct arm *arm)
{
	buf_add(b, arm->metric.n ? arm->metric : SV("events"));
	if (arm->key_name.n) {
		buf_lit(b, " per ");
		buf_add(b, arm->key_name);
	}
}

static const char *const op_text[] = {
	[CMP_GTE] = " >= ",
	[CMP_GT] = " > ",
	[CMP_LTE] = " <= ",
	[CMP_LT] = " < ",
	[CMP_EQ] = " = ",
	[CMP_NEQ] = " <> ",
};
_Static_assert(countof(op_text) == CMP_N, "a text per operator");

void
armtext_condition(struct buf *b, const struct rule *r, const struct arm *arm)
{
	put_metric(b, arm);
	for (size_t i = 0; i < arm->ncond; i++) {
		buf_str(b, i ? " and" : "");
		buf_str(b, op_text[arm->cond[i].op]);
		jsonw_double(b, r->param[arm->cond[i].param].value);
	}
	if (arm->ncond == 0 && arm->threshold >= 0) {
		buf_lit(b, ": ");
		jsonw_double(b, r->param[arm->threshold].value);
	}
}

/* The parameter whose number decides, or NULL. */
static const struct param *
param_of(const struct rule *r, const struct arm *arm)
{
	if (arm->threshold >= 0)
		return &r->param[arm->threshold];
	return arm->ncond ? &r->param[arm->cond[0].param] : NULL;
}

void
armtext_origin(struct buf *b, const struct rule *r, const struct arm *arm)
{
	const struct param *p = param_of(r, arm);

	buf_str(b, p ? p->from : "rule");
	if (!p || !(p->value < p->floor || p->value > p->floor))
		return;
	buf_lit(b, "; ");
	jsonw_double(b, p->floor);
	buf_lit(b, " in the rule");
}

void
armtext_when(struct buf *b, const struct arm *arm)
{
	static const char *const on[] = {
		[ARM_ON_SOURCES] = "",
		[ARM_ON_FALLBACK] = "on the fallback",
		[ARM_ON_ANY] = "in any state",
	};

	buf_str(b, on[arm->on]);
	for (size_t i = 0; i < arm->nneeds; i++) {
		buf_str(b, i ? ", " : arm->on == ARM_ON_SOURCES ? "needs " :
		    ", needs ");
		buf_add(b, arm->need[i]);
	}
}
