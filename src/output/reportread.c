/* SPDX-License-Identifier: MIT */
#include "output/reportread.h"

#include <math.h>

#include "base/attr.h"
#include "base/utc.h"
#include "output/escape.h"

/* Up to here JSON readers agree on integers; counts beyond are nonsense. */
static const int64_t count_max = INT64_C(1) << 53;

static sv
keep(struct reportread *r)
{
	return arena_sv(r->a, buf_sv(&r->tmp));
}

static sv
masked(struct reportread *r, sv text)
{
	if (r->show_personal)
		return text;
	buf_clear(&r->tmp);
	mask_email(&r->tmp, text);
	return sv_eq(text, buf_sv(&r->tmp)) ? text : keep(r);
}

bool
reportread_any(struct reportread *r, const struct json_value *v, void *to)
{
	*(sv *)to = masked(r, json_text(r->a, v));
	return true;
}

bool
reportread_text(struct reportread *r, const struct json_value *v, void *to)
{
	return v->kind == JSON_STRING && reportread_any(r, v, to);
}

bool
reportread_count(struct reportread *r, const struct json_value *v, void *to)
{
	int64_t n;

	(void)r;
	if (v->kind != JSON_NUMBER || !json_i64(v, &n) || n < 0 ||
	    n > count_max)
		return false;
	*(int64_t *)to = n;
	return true;
}

bool
reportread_real(struct reportread *r, const struct json_value *v, void *to)
{
	double d;

	(void)r;
	if (v->kind != JSON_NUMBER || !json_double(v, &d) || !isfinite(d))
		return false;
	*(double *)to = d;
	return true;
}

bool
reportread_time(struct reportread *r, const struct json_value *v, void *to)
{
	return v->kind == JSON_STRING &&
	    utc_parse(json_text(r->a, v), (int64_t *)to);
}

/* --- problems ------------------------------------------------------------- */

void
reportread_tell(struct reportread *r, int64_t line)
{
	struct report_problem *p = arena_new(r->a, struct report_problem);

	p->line = line;
	p->text = keep(r);
	if (r->out->problem_end)
		r->out->problem_end->next = p;
	else
		r->out->problem = p;
	r->out->problem_end = p;
	r->out->nproblems++;
}

/* "before 'value' after", at the current line. */
void
reportread_problem(struct reportread *r, const char *before, sv value,
    const char *after)
{
	sv shown = masked(r, value);

	buf_clear(&r->tmp);
	buf_str(&r->tmp, before);
	buf_add(&r->tmp, sv_take(shown, 64));
	buf_str(&r->tmp, after);
	reportread_tell(r, r->line);
}

/* --- objects and arrays --------------------------------------------------- */

static const struct reportread_field *
find_field(const struct reportread_shape *s, const struct json_value *key)
{
	for (size_t i = 0; i < s->n; i++)
		if (json_key_is(key, sv_str(s->field[i].name)))
			return &s->field[i];
	return NULL;
}

/* A null is as good as a missing member; one of the wrong type is reported
 * and left out. */
bool
reportread_members(struct reportread *r, const struct json_value *obj,
    const struct reportread_shape *s, void *to)
{
	struct json_value key, v;
	sv it;

	if (obj->kind != JSON_OBJECT)
		return false;
	it = json_begin(obj);
	while (json_member(&it, &key, &v)) {
		const struct reportread_field *f = find_field(s, &key);

		if (f && v.kind != JSON_NULL &&
		    !f->read(r, &v, (char *)to + f->at))
			reportread_problem(r, "\"", sv_str(f->name),
			    "\" has a value of the wrong type");
	}
	return true;
}

/* Numbers and times that no member has set are NONE or NAN, not zero. */
void
reportread_clear(const struct reportread_shape *s, void *to)
{
	for (size_t i = 0; i < s->n; i++) {
		void *at = (char *)to + s->field[i].at;

		if (s->field[i].read == reportread_count ||
		    s->field[i].read == reportread_time)
			*(int64_t *)at = REPORT_NONE;
		else if (s->field[i].read == reportread_real)
			*(double *)at = (double)NAN;
	}
}

void *
reportread_array(struct reportread *r, const struct json_value *v,
    const struct reportread_shape *s, size_t *n)
{
	struct json_value item;
	sv it = json_begin(v);
	char *base, *to;

	for (*n = 0; json_item(&it, &item); ++*n)
		;
	base = to = arena_array(r->a, *n + 1, s->size);
	for (it = json_begin(v); json_item(&it, &item); to += s->size) {
		reportread_clear(s, to);
		if (!reportread_members(r, &item, s, to))
			reportread_problem(r, "not an object: ", item.raw, "");
	}
	return base;
}

bool
reportread_texts(struct reportread *r, const struct json_value *v, void *to)
{
	struct report_texts *t = to;
	struct json_value item;
	size_t n = 0;
	sv it;

	if (v->kind != JSON_ARRAY)
		return false;
	for (it = json_begin(v); json_item(&it, &item);)
		n++;
	t->item = arena_array(r->a, n + 1, sizeof(*t->item));
	t->n = 0;
	for (it = json_begin(v); json_item(&it, &item);)
		reportread_any(r, &item, &t->item[t->n++]);
	return true;
}
