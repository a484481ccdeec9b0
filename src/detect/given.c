/* SPDX-License-Identifier: MIT */
#include "detect/given.h"

#include <math.h>

#include "base/attr.h"
#include "detect/hits.h"
#include "detect/meta.h"
#include "record/site.h"
#include "store/query.h"

enum word {
	WORD_FROM, WORD_TO, WORD_NOW, WORD_DAYS, WORD_SEEN, WORD_DUMPS, WORD_N
};
static const char *const word_name[] = {
	"from", "to", "now", "covered_days", "seen", "dumps"
};
_Static_assert(countof(word_name) == WORD_N, "a name per parameter");

static enum word
find_word(sv name)
{
	size_t i = 0;

	while (i < WORD_N && !sv_is(name, word_name[i]))
		i++;
	return (enum word)i;
}

bool
given_is(sv name)
{
	return find_word(name) < WORD_N;
}

static struct bind
of_i64(int64_t v)
{
	return (struct bind){ .kind = BIND_I64, .num = v };
}

static struct bind
of_text(sv v)
{
	return (struct bind){ .kind = BIND_TEXT, .text = v };
}

/* Whole numbers are integers, so that division stays theirs. */
static struct bind
of_real(double v)
{
	if (fabs(v) < 9e15 && !(floor(v) < v))
		return of_i64((int64_t)v);
	return (struct bind){ .kind = BIND_REAL, .real = v };
}

static bool
known_to_run(const struct hits_env *env, int64_t from, int64_t to, sv name,
    struct bind *out)
{
	switch (find_word(name)) {
	case WORD_FROM:
		*out = of_i64(from);
		return true;
	case WORD_TO:
		*out = of_i64(to);
		return true;
	case WORD_NOW:
		*out = of_i64(env->now);
		return true;
	case WORD_DAYS:
		*out = of_i64(env->covered_days);
		return true;
	case WORD_SEEN:
		*out = of_text(env->seen);
		return true;
	case WORD_DUMPS:
		*out = of_text(env->dumps);
		return true;
	case WORD_N:
		break;
	}
	return false;
}

static bool
is_fact(const struct rule *r, sv name)
{
	for (size_t i = 0; i < r->nsite_facts; i++)
		if (sv_eq(r->site_fact[i], name))
			return true;
	return false;
}

enum given_end
given_find(const struct hits_env *env, const struct rule *r, int64_t from,
    int64_t to, sv name, struct bind *out)
{
	int i = meta_find_param(r, name);
	sv json;

	if (known_to_run(env, from, to, name, out))
		return GIVEN_OK;
	if (i >= 0) {
		*out = of_real(r->param[i].value);
		return GIVEN_OK;
	}
	if (!is_fact(r, name))
		return GIVEN_UNKNOWN;
	json = site_fact_json(env->site, name);
	*out = of_text(json);
	return sv_null(json) ? GIVEN_FACT : GIVEN_OK;
}

static void
put(struct query *q, int at, const struct bind *b)
{
	if (b->kind == BIND_TEXT)
		query_bind_text_at(q, at, b->text);
	else if (b->kind == BIND_I64)
		query_bind_i64_at(q, at, b->num);
	else
		query_bind_real_at(q, at, b->real);
}

enum given_end
given_bind(struct query *q, const struct hits_env *env, const struct rule *r,
    int64_t from, int64_t to, sv *name)
{
	const char *p;

	for (int i = 1; (p = query_param(q, i)) != NULL; i++) {
		struct bind b;
		enum given_end end = given_find(env, r, from, to, sv_str(p),
		    &b);

		if (end != GIVEN_OK) {
			*name = sv_str(p);
			return end;
		}
		put(q, i, &b);
	}
	return GIVEN_OK;
}

void
given_bind_arm(struct query *q, const struct bind *b, size_t n, int64_t from,
    int64_t to)
{
	query_bind_i64(q, "from", from);
	query_bind_i64(q, "to", to);
	for (size_t i = 0; i < n; i++)
		put(q, (int)i + 1, &b[i]);
}
