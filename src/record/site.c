/* SPDX-License-Identifier: MIT */
/*
 * Every key is a row: how its value must look and who reads it. Scalars and
 * lists of scalars are facts; the rest has a reader of its own, or is only
 * checked for its shape until a rule wants it.
 */
#include "record/site.h"

#include "base/buf.h"
#include "base/jsonw.h"
#include "base/sha256.h"
#include "base/utc.h"
#include "parse/yaml.h"
#include "record/siteallow.h"

struct reader {
	struct arena *a;
	sv name;
	struct site *s;
	struct err *e;
};

enum shape { TEXT, NUMBER, TEXTS, NUMBERS, MAP, MAPS };

static const char *const shape_name[] = {
	[TEXT] = "a text",
	[NUMBER] = "a whole number",
	[TEXTS] = "a list of texts",
	[NUMBERS] = "a list of whole numbers",
	[MAP] = "a map",
	[MAPS] = "a list of maps",
};

static bool
is_scalar(const struct yaml *y)
{
	return y->kind != YAML_NULL && y->kind != YAML_LIST &&
	    y->kind != YAML_MAP;
}

/* One value of a list, or a value alone. */
static bool
item_fits(const struct yaml *y, enum shape want)
{
	switch (want) {
	case TEXT:
	case TEXTS:
		return is_scalar(y);
	case NUMBER:
	case NUMBERS:
		return y->kind == YAML_INT;
	case MAP:
	case MAPS:
		break;
	}
	return y->kind == YAML_MAP;
}

static bool
check_shape(struct reader *r, const struct yaml *y, enum shape want)
{
	bool list = y->kind == YAML_LIST &&
	    (want == TEXTS || want == NUMBERS || want == MAPS);

	if (!list) {
		if (item_fits(y, want) && want != MAPS)
			return true;
		return yaml_err(r->e, r->name, y, "'%.*s' must be %s",
		    SV_ARG(y->key), shape_name[want]);
	}
	for (const struct yaml *k = y->kid; k; k = k->next)
		if (!item_fits(k, want))
			return yaml_err(r->e, r->name, k, "'%.*s' must be %s",
			    SV_ARG(y->key), shape_name[want]);
	return true;
}

static struct site_list
read_list(struct reader *r, const struct yaml *y)
{
	struct site_list l = { NULL, 0 };

	if (is_scalar(y)) {
		l.item = arena_new(r->a, sv);
		l.item[l.n++] = y->text;
		return l;
	}
	l.item = arena_array(r->a, y->nkids, sizeof(*l.item));
	for (const struct yaml *k = y->kid; k; k = k->next)
		l.item[l.n++] = k->text;
	return l;
}

/* The only members a map may have, and that each is a scalar. */
static bool
only_keys(struct reader *r, const struct yaml *map, const char *const *key,
    size_t n)
{
	if (map->kind != YAML_MAP)
		return yaml_err(r->e, r->name, map, "a map is expected");
	for (const struct yaml *k = map->kid; k; k = k->next) {
		size_t i = 0;

		while (i < n && !sv_is(k->key, key[i]))
			i++;
		if (i == n)
			return err_set(r->e, ST_USAGE,
			    "%.*s:%d:%d: unknown key '%.*s'", SV_ARG(r->name),
			    k->key_line, k->key_col, SV_ARG(k->key));
	}
	return true;
}

static bool
need_text(struct reader *r, const struct yaml *map, const char *key, sv *out)
{
	const struct yaml *y = yaml_get(map, sv_str(key));

	if (!y || !is_scalar(y))
		return yaml_err(r->e, r->name, y ? y : map,
		    "'%s' must be a text", key);
	*out = y->text;
	return true;
}

static bool
read_host(struct reader *r, const struct yaml *y)
{
	r->s->host = y->text;
	return true;
}

static bool
read_prefix(struct reader *r, const struct yaml *y)
{
	if (!sv_starts(y->text, SV("/")))
		return yaml_err(r->e, r->name, y, "'%.*s' is no path",
		    SV_ARG(y->text));
	r->s->preview_prefix = y->text;
	return true;
}

/* "/p/{token}", "/t/{a}/x/{b}": placeholders start a segment. */
static bool
is_secret_path(sv path)
{
	bool any = false, open = false;

	for (size_t i = 0; i < path.n; i++) {
		if (path.p[i] == '{') {
			if (open || i == 0 || path.p[i - 1] != '/')
				return false;
			any = open = true;
		} else if (path.p[i] == '}') {
			if (!open || path.p[i - 1] == '{')
				return false;
			open = false;
		} else if (open && path.p[i] == '/') {
			return false;
		}
	}
	return any && !open && path.p[0] == '/';
}

static bool
read_secret_paths(struct reader *r, const struct yaml *y)
{
	for (const struct yaml *k = y->kind == YAML_LIST ? y->kid : y; k;
	    k = y->kind == YAML_LIST ? k->next : NULL)
		if (!is_secret_path(k->text))
			return yaml_err(r->e, r->name, k,
			    "'%.*s' is no path with a {token}", SV_ARG(k->text));
	r->s->secret_paths = read_list(r, y);
	return true;
}

static bool
read_proxies(struct reader *r, const struct yaml *y)
{
	struct site *s = r->s;
	struct site_list l = read_list(r, y);

	s->trusted = arena_array(r->a, l.n, sizeof(*s->trusted));
	for (size_t i = 0; i < l.n; i++)
		if (!ip_net_parse(l.item[i], &s->trusted[s->ntrusted++]))
			return yaml_err(r->e, r->name, y,
			    "'%.*s' is no network", SV_ARG(l.item[i]));
	return true;
}

static bool
read_catalogue(struct reader *r, const struct yaml *y)
{
	if (y->kind != YAML_LIST)
		return yaml_err(r->e, r->name, y,
		    "a file of screens is not supported: write the list");
	return true;
}

static bool
read_apps(struct reader *r, const struct yaml *y)
{
	static const char *const keys[] = { "name", "dynos" };
	struct site_list *l = &r->s->apps;

	l->item = arena_array(r->a, y->nkids, sizeof(*l->item));
	for (const struct yaml *k = y->kid; k; k = k->next) {
		const struct yaml *d = yaml_get(k, SV("dynos"));

		if (!only_keys(r, k, keys, countof(keys)) ||
		    !need_text(r, k, "name", &l->item[l->n++]))
			return false;
		if (d && d->kind != YAML_MAP)
			return yaml_err(r->e, r->name, d,
			    "'dynos' must be a map");
	}
	return true;
}

static bool
read_sources(struct reader *r, const struct yaml *y)
{
	static const char *const keys[] = { "name", "period", "mode" };
	struct site *s = r->s;

	s->source = arena_array(r->a, y->nkids, sizeof(*s->source));
	for (const struct yaml *k = y->kid; k; k = k->next) {
		struct site_source *src = &s->source[s->nsources++];
		const struct yaml *period = yaml_get(k, SV("period"));
		const struct yaml *mode = yaml_get(k, SV("mode"));

		if (!only_keys(r, k, keys, countof(keys)) ||
		    !need_text(r, k, "name", &src->name))
			return false;
		if (period && (!is_scalar(period) ||
		    !utc_span_parse(period->text, &src->period)))
			return yaml_err(r->e, r->name, period,
			    "'%.*s' is no duration such as 1h",
			    SV_ARG(period->text));
		src->automated = mode && sv_is(mode->text, "automated");
		if (mode && !src->automated && !sv_is(mode->text, "manual"))
			return yaml_err(r->e, r->name, mode,
			    "'mode' must be manual or automated");
	}
	return true;
}

static bool
read_routes(struct reader *r, const struct yaml *y)
{
	static const char *const keys[] = { "immediate", "same-day", "digest" };
	struct site *s = r->s;

	if (!only_keys(r, y, keys, countof(keys)))
		return false;
	s->route = arena_array(r->a, y->nkids, sizeof(*s->route));
	for (const struct yaml *k = y->kid; k; k = k->next) {
		if (!is_scalar(k))
			return yaml_err(r->e, r->name, k,
			    "a route goes to one text");
		s->route[s->nroutes++] = (struct site_route){ k->key, k->text };
	}
	return true;
}

static bool
read_chain(struct reader *r, const struct yaml *y)
{
	return sitechain_read(r->a, r->name, y, &r->s->chain, r->e);
}

static bool
read_allow(struct reader *r, const struct yaml *y)
{
	return siteallow_read(r->a, r->name, y, &r->s->allow, &r->s->nallows,
	    r->e);
}

static bool
read_thresholds(struct reader *r, const struct yaml *y)
{
	struct site *s = r->s;
	size_t n = 0;

	for (const struct yaml *k = y->kid; k; k = k->next) {
		if (k->kind != YAML_MAP)
			return yaml_err(r->e, r->name, k,
			    "thresholds of a rule must be a map");
		n += k->nkids;
	}
	s->threshold = arena_array(r->a, n, sizeof(*s->threshold));
	for (const struct yaml *k = y->kid; k; k = k->next)
		for (const struct yaml *t = k->kid; t; t = t->next) {
			if (t->kind != YAML_INT && t->kind != YAML_REAL)
				return yaml_err(r->e, r->name, t,
				    "a threshold must be a number");
			s->threshold[s->nthresholds++] =
			    (struct site_threshold){ k->key, t->key, t->real,
			    { k->key_line, k->key_col },
			    { t->key_line, t->key_col }, { t->line, t->col } };
		}
	return true;
}

/* "07:00" as minutes after midnight. */
static bool
read_minutes(struct reader *r, const struct yaml *map, const char *key,
    int32_t *out)
{
	const struct yaml *y = yaml_get(map, sv_str(key));
	sv rest = y ? y->text : SV_NULL, hh = sv_cut(&rest, ':');
	uint64_t h, m;

	if (y && hh.n == 2 && rest.n == 2 && sv_to_u64(hh, &h) &&
	    sv_to_u64(rest, &m) && h < 24 && m < 60) {
		*out = (int32_t)(h * 60 + m);
		return true;
	}
	return yaml_err(r->e, r->name, y ? y : map,
	    "'%s' must be a time such as '07:00'", key);
}

static bool
read_day(struct reader *r, const struct yaml *map, const char *key,
    int64_t *out)
{
	const struct yaml *y = yaml_get(map, sv_str(key));

	if (y && is_scalar(y) && utc_parse(y->text, out) && *out % UTC_DAY == 0)
		return true;
	return yaml_err(r->e, r->name, y ? y : map,
	    "'%s' must be a day such as 2026-06-12", key);
}

static bool
read_hourly(struct reader *r, const struct yaml *y)
{
	static const char *const keys[] = { "from", "to", "first", "last" };
	struct site *s = r->s;

	if (!only_keys(r, y, keys, countof(keys)) ||
	    !read_minutes(r, y, "from", &s->schedule.hourly_from) ||
	    !read_minutes(r, y, "to", &s->schedule.hourly_to) ||
	    !read_day(r, y, "first", &s->schedule.hourly_first) ||
	    !read_day(r, y, "last", &s->schedule.hourly_last))
		return false;
	if (s->schedule.hourly_from > s->schedule.hourly_to ||
	    s->schedule.hourly_first > s->schedule.hourly_last)
		return yaml_err(r->e, r->name, y, "'hourly' ends before it "
		    "starts");
	return true;
}

static bool
read_rebaseline(struct reader *r, const struct yaml *y)
{
	static const char *const keys[] = { "after_covered_days", "or" };
	const struct yaml *days, *or;

	if (!only_keys(r, y, keys, countof(keys)))
		return false;
	days = yaml_get(y, SV("after_covered_days"));
	or = yaml_get(y, SV("or"));
	if (!days || days->kind != YAML_INT || days->num < 1 ||
	    days->num > 3660)
		return yaml_err(r->e, r->name, days ? days : y,
		    "'after_covered_days' must be a number of days");
	if (or && !sv_is(or->text, "drain_wired"))
		return yaml_err(r->e, r->name, or, "'or' must be drain_wired");
	r->s->schedule.rebaseline_days = (int32_t)days->num;
	r->s->schedule.rebaseline_on_drain = or != NULL;
	return true;
}

static bool
read_schedule(struct reader *r, const struct yaml *y)
{
	static const char *const keys[] = { "daily", "hourly", "rebaseline" };
	const struct yaml *hourly = yaml_get(y, SV("hourly"));
	const struct yaml *again = yaml_get(y, SV("rebaseline"));

	if (!only_keys(r, y, keys, countof(keys)))
		return false;
	r->s->schedule.set = true;
	if (yaml_get(y, SV("daily")) &&
	    !read_minutes(r, y, "daily", &r->s->schedule.daily))
		return false;
	return (!hourly || read_hourly(r, hourly)) &&
	    (!again || read_rebaseline(r, again));
}

static const struct row {
	const char *key;
	enum shape shape;
	bool (*read)(struct reader *r, const struct yaml *y);
} rows[] = {
	{ "allow", MAPS, read_allow },
	{ "apps", MAPS, read_apps },
	{ "audit_chain", MAP, read_chain },
	{ "audited_routes", MAPS, NULL },
	{ "begin_paths", TEXTS, NULL },
	{ "config_expected", MAP, NULL },
	{ "dyno_hours_budget", NUMBER, NULL },
	{ "finish_paths", TEXTS, NULL },
	{ "host", TEXT, read_host },
	{ "internal_email_domains", TEXTS, NULL },
	{ "invalid_token_status", NUMBERS, NULL },
	{ "monitor_clients", TEXTS, NULL },
	{ "monitor_tokens", TEXTS, NULL },
	{ "nda_page_bytes", NUMBER, NULL },
	{ "nda_refused_status", NUMBERS, NULL },
	{ "preview_prefix", TEXT, read_prefix },
	{ "routes", MAP, read_routes },
	{ "scaling_actors", TEXTS, NULL },
	{ "schedule", MAP, read_schedule },
	{ "screen_catalogue", TEXTS, read_catalogue },
	{ "secret_paths", TEXTS, read_secret_paths },
	{ "service_accounts", TEXTS, NULL },
	{ "sources", MAPS, read_sources },
	{ "thresholds", MAP, read_thresholds },
	{ "trusted_proxies", TEXTS, read_proxies },
};

static const struct row *
find_row(sv key)
{
	for (size_t i = 0; i < countof(rows); i++)
		if (sv_is(key, rows[i].key))
			return &rows[i];
	return NULL;
}

static void
add_fact(struct reader *r, const struct yaml *y, bool map)
{
	struct site_fact *f = &r->s->fact[r->s->nfacts++];
	struct buf b = BUF_INIT;
	struct jsonw w = JSONW_INIT(&b);

	*f = (struct site_fact){ .key = y->key };
	if (!map)
		f->list = read_list(r, y);
	if (is_scalar(y))
		jsonw_open(&w, '[');
	yaml_json(&w, y);
	if (is_scalar(y))
		jsonw_close(&w, ']');
	f->json = arena_sv(r->a, buf_sv(&b));
	buf_release(&b);
}

static bool
read_key(struct reader *r, const struct yaml *y)
{
	const struct row *row = find_row(y->key);

	if (!row)
		return err_set(r->e, ST_USAGE, "%.*s:%d:%d: unknown key '%.*s'",
		    SV_ARG(r->name), y->key_line, y->key_col, SV_ARG(y->key));
	if (y->kind == YAML_NULL)
		return true;
	if (!check_shape(r, y, row->shape) || (row->read && !row->read(r, y)))
		return false;
	add_fact(r, y, row->shape == MAP || row->shape == MAPS);
	return true;
}

void
site_default(struct arena *perm, struct site *out)
{
	*out = (struct site){ 0 };
	out->preview_prefix = SV("/api/beta/preview/");
	out->secret_paths.item = arena_new(perm, sv);
	out->secret_paths.item[0] = SV("/api/beta/preview/{token}");
	out->secret_paths.n = 1;
	out->schedule.daily = -1;
	out->schedule.hourly_from = -1;
	out->schedule.hourly_to = -1;
}

static void
digest(sv text, uint8_t out[SHA256_LEN])
{
	struct sha256 s;

	sha256_init(&s);
	sha256_add(&s, text.p, text.n);
	sha256_end(&s, out);
}

bool
site_read_tree(struct arena *perm, sv name, const struct yaml *doc,
    struct site *out, struct err *e)
{
	struct reader r = { perm, name, out, e };

	site_default(perm, out);
	out->loaded = true;
	out->file = arena_sv(perm, name);
	if (!doc || (doc->kind == YAML_NULL && !doc->next))
		return true;
	if (doc->kind != YAML_MAP)
		return yaml_err(e, name, doc, "a map of facts is expected");
	if (doc->next)
		return yaml_err(e, name, doc->next,
		    "one document is expected");
	out->fact = arena_array(perm, doc->nkids, sizeof(*out->fact));
	for (const struct yaml *k = doc->kid; k; k = k->next)
		if (!read_key(&r, k))
			return false;
	return true;
}

bool
site_read(struct arena *perm, sv name, sv text, struct site *out,
    struct err *e)
{
	struct yaml *doc;

	site_default(perm, out);
	if (!yaml_parse(perm, name, text, &doc, e) ||
	    !site_read_tree(perm, name, doc, out, e))
		return false;
	digest(text, out->digest);
	return true;
}

static const struct site_fact *
find_fact(const struct site *s, sv key)
{
	for (size_t i = 0; i < s->nfacts; i++)
		if (sv_eq(s->fact[i].key, key))
			return &s->fact[i];
	return NULL;
}

bool
site_counts_app(const struct site *s, sv app)
{
	for (size_t i = 0; i < s->apps.n; i++)
		if (sv_eq(s->apps.item[i], app))
			return true;
	return s->apps.n == 0;
}

const struct site_list *
site_fact(const struct site *s, sv key)
{
	const struct site_fact *f = find_fact(s, key);

	return f && f->list.item ? &f->list : NULL;
}

/* What holds where site.yml does not say otherwise. */
static sv
default_json(const struct site *s, sv key)
{
	if (sv_is(key, "preview_prefix") && sv_is(s->preview_prefix,
	    "/api/beta/preview/"))
		return SV("[\"/api/beta/preview/\"]");
	if (sv_is(key, "secret_paths") && s->secret_paths.n == 1)
		return SV("[\"/api/beta/preview/{token}\"]");
	if (sv_is(key, "audit_chain"))
		return SV("{}");
	if (sv_is(key, "dyno_hours_budget"))
		return SV("[]"); /* none */
	return site_is_exception(key) ? SV("[]") : SV_NULL;
}

sv
site_fact_json(const struct site *s, sv key)
{
	const struct site_fact *f = find_fact(s, key);

	return f ? f->json : default_json(s, key);
}

bool
site_is_exception(sv key)
{
	static const char *const keys[] = { "internal_email_domains",
		"monitor_clients", "monitor_tokens", "service_accounts" };

	for (size_t i = 0; i < countof(keys); i++)
		if (sv_is(key, keys[i]))
			return true;
	return false;
}

bool
site_is_fact(sv key)
{
	return find_row(key) != NULL;
}
