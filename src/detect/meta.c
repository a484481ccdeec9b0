/* SPDX-License-Identifier: MIT */
#include "detect/meta.h"

#include <assert.h>
#include <stdio.h>

#include "base/ascii.h"
#include "base/buf.h"
#include "base/sha256.h"
#include "base/utc.h"
#include "detect/source.h"
#include "record/site.h"

static bool
no(char *why, const char *what, sv text)
{
	snprintf(why, META_WHY, "'%.*s' is %s", text.n > 80 ? 80 : (int)text.n,
	    text.p ? text.p : "", what);
	return false;
}

bool
meta_is_name(sv v)
{
	for (size_t i = 0; i < v.n; i++)
		if (!is_alnum(v.p[i]) && v.p[i] != '.' && v.p[i] != '_' &&
		    v.p[i] != '-')
			return false;
	return v.n > 0;
}

bool
meta_span(sv v, int64_t *us)
{
	sv number = sv_take(v, v.n ? v.n - 1 : 0);
	uint64_t u;

	return sv_to_u64(number, &u) && sv_has(SV("smhd"), sv_skip(v, v.n - 1)) &&
	    utc_span_parse(v, us);
}

static bool
text_ok(sv v, char *why)
{
	(void)v;
	(void)why;
	return true;
}

static bool
id_ok(sv v, char *why)
{
	return meta_is_name(v) ||
	    no(why, "no id: letters, digits, '.', '_' and '-' only", v);
}

static bool
route_ok(sv v, char *why)
{
	return sv_is(v, "immediate") || sv_is(v, "same-day") ||
	    sv_is(v, "digest") ||
	    no(why, "no route: immediate, same-day or digest", v);
}

static const struct text_field {
	const char *name;
	size_t at; /* of an sv in struct rule */
	bool (*ok)(sv v, char *why);
} text_field[] = {
	{ "id", offsetof(struct rule, id), id_ok },
	{ "title", offsetof(struct rule, title), text_ok },
	{ "description", offsetof(struct rule, description), text_ok },
	{ "author", offsetof(struct rule, author), text_ok },
	{ "license", offsetof(struct rule, license), text_ok },
	{ "reason", offsetof(struct rule, reason), text_ok },
	{ "route", offsetof(struct rule, route), route_ok },
	{ "prerequisite", offsetof(struct rule, prerequisite), text_ok },
	{ "next_step", offsetof(struct rule, next_step), text_ok },
};

static bool
source_ok(sv v, char *why)
{
	return source_find(v) >= 0 || no(why, "no source", v);
}

static bool
fact_ok(sv v, char *why)
{
	return site_is_fact(v) || no(why, "no fact of site.yml", v);
}

static const struct list_field {
	const char *name;
	size_t at;  /* of an sv * in struct rule */
	size_t nat; /* of its size_t */
	bool (*ok)(sv v, char *why);
} list_field[] = {
	{ "sources", offsetof(struct rule, source),
	    offsetof(struct rule, nsources), source_ok },
	{ "fallback", offsetof(struct rule, fallback),
	    offsetof(struct rule, nfallbacks), source_ok },
	{ "site", offsetof(struct rule, site_fact),
	    offsetof(struct rule, nsite_facts), fact_ok },
};

static const struct list_field *
find_list(sv key)
{
	for (size_t i = 0; i < countof(list_field); i++)
		if (sv_is(key, list_field[i].name))
			return &list_field[i];
	return NULL;
}

bool
meta_is_list(sv key)
{
	return find_list(key) != NULL || sv_is(key, "needs");
}

static bool
set_list(struct arena *a, struct rule *r, const struct list_field *f, sv text,
    size_t *at, char *why)
{
	const char *start = text.p;
	sv **item = (sv **)(void *)((char *)r + f->at);
	size_t *n = (size_t *)(void *)((char *)r + f->nat), max = 1;

	for (size_t i = 0; i < text.n; i++)
		max += text.p[i] == ',';
	*item = arena_array(a, max, sizeof(sv));
	for (*n = 0; !sv_null(text); ) {
		sv v = sv_trim(sv_cut(&text, ','));

		if (v.n && !f->ok(v, why)) {
			*at = (size_t)(v.p - start);
			return false;
		}
		if (v.n)
			(*item)[(*n)++] = v;
	}
	return true;
}

bool
meta_needs(struct arena *a, struct arm *arm, sv text, char why[META_WHY])
{
	size_t max = 1;

	for (size_t i = 0; i < text.n; i++)
		max += text.p[i] == ',';
	arm->need = arena_array(a, max, sizeof(sv));
	for (arm->nneeds = 0; !sv_null(text); ) {
		sv v = sv_trim(sv_cut(&text, ',')), rest = v;
		int src = source_find(sv_cut(&rest, '.'));

		if (src < 0)
			return no(why, "no source", v);
		if (!sv_null(rest) && (!source_def[src].view ||
		    !meta_is_name(rest)))
			return no(why, "no column of a source", v);
		arm->need[arm->nneeds++] = v;
	}
	return true;
}

bool
meta_on(struct arm *arm, sv text, char why[META_WHY])
{
	static const char *const name[] = {
		[ARM_ON_SOURCES] = "sources",
		[ARM_ON_FALLBACK] = "fallback",
		[ARM_ON_ANY] = "any",
	};

	for (size_t i = 0; i < countof(name); i++)
		if (sv_is(text, name[i])) {
			arm->on = (enum arm_on)i;
			return true;
		}
	return no(why, "neither sources, fallback nor any", text);
}

bool
meta_check_arms(const struct rule *r, char why[META_WHY])
{
	size_t back = 0;

	for (size_t i = 0; i < r->narms; i++)
		back += r->arm[i].on != ARM_ON_SOURCES;
	if (r->nfallbacks && !back)
		return no(why, "of no use: no arm has on=fallback or on=any",
		    SV("fallback"));
	if (!r->nfallbacks && back)
		return no(why, "of no use: the rule names no fallback",
		    SV("on=fallback"));
	return true;
}

static bool
set_kind(struct rule *r, sv text, char *why)
{
	r->posture = sv_is(text, "posture");
	return r->posture || sv_is(text, "detection") ||
	    no(why, "no kind: detection or posture", text);
}

static bool
set_status(struct rule *r, sv text, char *why)
{
	if (sv_is(text, "planned"))
		r->status = RULE_PLANNED;
	else if (!sv_is(text, "active"))
		return no(why, "no status: active or planned", text);
	return true;
}

bool
meta_set(struct arena *a, struct rule *r, sv key, sv text, size_t *at,
    char why[META_WHY])
{
	const struct list_field *list = find_list(key);

	*at = 0;
	for (size_t i = 0; i < countof(text_field); i++) {
		const struct text_field *f = &text_field[i];

		if (!sv_is(key, f->name))
			continue;
		*(sv *)(void *)((char *)r + f->at) = text;
		return f->ok(text, why);
	}
	if (list)
		return set_list(a, r, list, text, at, why);
	if (sv_is(key, "level"))
		return level_parse(text, &r->level) ||
		    no(why, "no level: informational, low, medium, high or "
		    "critical", text);
	if (sv_is(key, "status"))
		return set_status(r, text, why);
	if (sv_is(key, "kind"))
		return set_kind(r, text, why);
	if (sv_is(key, "suppress"))
		return meta_span(text, &r->suppress) ||
		    no(why, "no duration such as 60m", text);
	*at = META_KEY;
	snprintf(why, META_WHY, "unknown key '%.*s'",
	    key.n > 80 ? 80 : (int)key.n, key.p);
	return false;
}

sv
meta_digest(struct arena *a, sv text)
{
	struct sha256 s;
	uint8_t d[SHA256_LEN];
	struct buf b = BUF_INIT;
	sv hex;

	sha256_init(&s);
	sha256_add(&s, text.p, text.n);
	sha256_end(&s, d);
	buf_hex(&b, d, sizeof(d));
	hex = buf_keep(&b, a);
	return hex;
}

struct rule *
meta_new(struct arena *a, struct rule_file f)
{
	struct rule *r = arena_new(a, struct rule);

	r->file = arena_sv(a, f.name);
	r->line = 1;
	r->level = LEVEL_MEDIUM;
	r->suppress = 60 * UTC_MINUTE;
	r->digest = meta_digest(a, f.text);
	return r;
}

sv
meta_route(enum level level)
{
	static const char *const route[] = {
		[LEVEL_INFORMATIONAL] = "digest",
		[LEVEL_LOW] = "digest",
		[LEVEL_MEDIUM] = "same-day",
		[LEVEL_HIGH] = "same-day",
		[LEVEL_CRITICAL] = "immediate",
	};

	_Static_assert(countof(route) == LEVEL_N, "a route per level");
	return sv_str(route[level]);
}

void
meta_finish(struct rule *r)
{
	if (sv_null(r->route))
		r->route = meta_route(r->level);
	for (size_t i = 0; i < r->narms; i++)
		if (r->arm[i].window > r->lookback)
			r->lookback = r->arm[i].window;
}

int
meta_param(struct rule *r, sv name, double value)
{
	r->param[r->nparams] = (struct param){ name, value, value, "rule" };
	return (int)r->nparams++;
}

int
meta_find_param(const struct rule *r, sv name)
{
	for (size_t i = 0; i < r->nparams; i++)
		if (sv_eq(r->param[i].name, name))
			return (int)i;
	return -1;
}
