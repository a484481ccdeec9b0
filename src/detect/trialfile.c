/* SPDX-License-Identifier: MIT */
/*
 * Every map of the format is a table of rows: key, whether it must be there,
 * and who reads its value.
 */
#include "detect/trialfile.h"

#include "base/attr.h"
#include "base/utc.h"
#include "parse/envelope.h"
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

#define FAR (TRIAL_DAYS_MAX * UTC_DAY)

struct reader {
	struct arena *a;
	sv name;
	struct err *e;
	int64_t window;          /* of the whole file */
	const struct yaml *site;
};

struct row {
	const char *key;
	bool needed;
	bool (*read)(struct reader *r, const struct yaml *y, void *out);
};

static bool
is_scalar(const struct yaml *y)
{
	return y->kind != YAML_NULL && y->kind != YAML_LIST &&
	    y->kind != YAML_MAP;
}

/* Has the map the keys of the rows and no others? */
static bool
check_keys(struct reader *r, const struct yaml *map, const struct row *row,
    size_t n)
{
	for (const struct yaml *k = map->kid; k; k = k->next) {
		size_t i = 0;

		while (i < n && !sv_is(k->key, row[i].key))
			i++;
		if (i == n)
			return err_set(r->e, ST_USAGE,
			    "%.*s:%d:%d: unknown key '%.*s'", SV_ARG(r->name),
			    k->key_line, k->key_col, SV_ARG(k->key));
	}
	for (size_t i = 0; i < n; i++)
		if (row[i].needed && !yaml_get(map, sv_str(row[i].key)))
			return yaml_err(r->e, r->name, map, "'%s' is missing",
			    row[i].key);
	return true;
}

/* In the order of the rows, so that one may build on what another read. */
static bool
read_map(struct reader *r, const struct yaml *map, const struct row *row,
    size_t n, void *out)
{
	if (map->kind != YAML_MAP)
		return yaml_err(r->e, r->name, map, "a map is expected");
	if (!check_keys(r, map, row, n))
		return false;
	for (size_t i = 0; i < n; i++) {
		const struct yaml *y = yaml_get(map, sv_str(row[i].key));

		if (y && row[i].read && !row[i].read(r, y, out))
			return false;
	}
	return true;
}

/* --- values --------------------------------------------------------------- */

static bool
read_text(struct reader *r, const struct yaml *y, sv *out)
{
	if (!is_scalar(y))
		return yaml_err(r->e, r->name, y, "'%.*s' must be a text",
		    SV_ARG(y->key));
	*out = y->text;
	return true;
}

static bool
read_full_text(struct reader *r, const struct yaml *y, sv *out)
{
	if (!read_text(r, y, out))
		return false;
	return out->n > 0 || yaml_err(r->e, r->name, y, "'%.*s' is empty",
	    SV_ARG(y->key));
}

/* A text with placeholders. */
static bool
read_event_text(struct reader *r, const struct yaml *y, sv *out)
{
	static const struct trialevent any = { .seed = { "", 0 } };
	struct buf b = BUF_INIT;
	size_t at;
	bool ok;

	if (!read_text(r, y, out))
		return false;
	ok = trialtext_put(&b, *out, &any, &at);
	buf_release(&b);
	return ok || yaml_err(r->e, r->name, y, "'%.*s' is no placeholder; "
	    "a dollar is '$$'", SV_ARG(sv_take(sv_skip(*out, at), 16)));
}

/* "0s", "90", "5m", "-3d". */
static bool
is_offset(sv text, int64_t *us)
{
	bool back = sv_skip_lit(&text, SV("-"));

	*us = 0;
	if (sv_is(text, "0") || sv_is(text, "0s"))
		return true;
	if (!utc_span_parse(text, us) || *us > FAR)
		return false;
	*us = back ? -*us : *us;
	return true;
}

static bool
read_offset(struct reader *r, const struct yaml *y, int64_t *us)
{
	return (is_scalar(y) && is_offset(y->text, us)) ||
	    yaml_err(r->e, r->name, y, "'%.*s' is no time such as 0s, 70s, "
	    "5m, 1h30m, -3d (%d days at most)", SV_ARG(y->text),
	    (int)TRIAL_DAYS_MAX);
}

static bool
read_length(struct reader *r, const struct yaml *y, int64_t *us)
{
	return (is_scalar(y) && is_offset(y->text, us) && *us > 0) ||
	    yaml_err(r->e, r->name, y, "'%.*s' is no length of time such as "
	    "70s, 10m, 24h (%d days at most)", SV_ARG(y->text),
	    (int)TRIAL_DAYS_MAX);
}

/* The row of the table whose name it is, or -1. */
static int
find_name(sv text, const char *const *name, int n)
{
	for (int i = 0; i < n; i++)
		if (sv_is(text, name[i]))
			return i;
	return -1;
}

static bool
read_name(struct reader *r, const struct yaml *y, const char *const *name,
    int n, int *out)
{
	struct buf b = BUF_INIT;

	*out = is_scalar(y) ? find_name(y->text, name, n) : -1;
	if (*out >= 0)
		return true;
	for (int i = 0; i < n; i++)
		buf_printf(&b, "%s%s", i == 0 ? "" : i + 1 < n ? ", " : " or ",
		    name[i]);
	yaml_err(r->e, r->name, y, "unknown %.*s '%.*s': %.*s", SV_ARG(y->key),
	    SV_ARG(y->text), SV_ARG(buf_sv(&b)));
	buf_release(&b);
	return false;
}

static bool
read_items(struct reader *r, const struct yaml *y, size_t size, void *out,
    bool (*read)(struct reader *r, const struct yaml *item, void *out))
{
	char *at = out;

	for (const struct yaml *k = y->kid; k; k = k->next, at += size)
		if (!read(r, k, at))
			return false;
	return true;
}

static bool
need_list(struct reader *r, const struct yaml *y)
{
	return y->kind == YAML_LIST || yaml_err(r->e, r->name, y,
	    "'%.*s' must be a list", SV_ARG(y->key));
}

static bool
need_map(struct reader *r, const struct yaml *y)
{
	return y->kind == YAML_MAP || yaml_err(r->e, r->name, y,
	    "'%.*s' must be a map", SV_ARG(y->key));
}

/* --- events --------------------------------------------------------------- */

enum { R = 1 << TL_ROUTER, A = 1 << TL_ACCESS, W = 1 << TL_WEB };

static const struct {
	const char *name;
	unsigned logs;   /* that have it */
	const char *def;
} member[] = {
	[TM_METHOD] = { "method", R | A | W, "GET" },
	[TM_PATH] = { "path", R | A | W, "/" },
	[TM_STATUS] = { "status", R | A | W, "200" },
	[TM_BYTES] = { "bytes", R | A | W, "1200" },
	[TM_PROTOCOL] = { "protocol", R | W, "https" },
	[TM_CLIENT] = { "client", R | W, "192.0.2.10" },
	[TM_FWD] = { "fwd", R | W, NULL },
	[TM_HOST] = { "host", R | W, "api.raxx.example" },
	[TM_DYNO] = { "dyno", R | A | W, "web.1" },
	[TM_SERVICE] = { "service", R | W, "14" },
	[TM_CONNECT] = { "connect", R | W, "1" },
	[TM_CODE] = { "code", R | W, NULL },
	[TM_DESC] = { "desc", R | W, NULL },
	[TM_REQUEST_ID] = { "request_id", R | W, "$rid" },
	[TM_AGENT] = { "agent", A | W, "Mozilla/5.0" },
	[TM_REFERER] = { "referer", A | W, "-" },
	[TM_PEER] = { "peer", A | W, "10.1.2.3" },
};
_Static_assert(countof(member) == TM_N, "a row per member");

static int
find_member(sv key, enum trial_log log)
{
	for (int i = 0; i < TM_N; i++)
		if (sv_is(key, member[i].name) && member[i].logs >> log & 1)
			return i;
	return -1;
}

static bool
read_members(struct reader *r, const struct yaml *y, struct trial_event *ev)
{
	if (!need_map(r, y))
		return false;
	for (int i = 0; i < TM_N; i++)
		if (member[i].logs >> ev->log & 1)
			ev->member[i] = sv_str(member[i].def);
	for (const struct yaml *k = y->kid; k; k = k->next) {
		int i = find_member(k->key, ev->log);

		if (i < 0)
			return err_set(r->e, ST_USAGE,
			    "%.*s:%d:%d: '%.*s' has no '%.*s'", SV_ARG(r->name),
			    k->key_line, k->key_col, SV_ARG(y->key),
			    SV_ARG(k->key));
		if (!read_event_text(r, k, &ev->member[i]))
			return false;
	}
	return true;
}

static bool
read_at(struct reader *r, const struct yaml *y, void *out)
{
	return read_offset(r, y, &((struct trial_event *)out)->at);
}

static bool
read_times(struct reader *r, const struct yaml *y, void *out)
{
	struct trial_event *ev = out;

	ev->times = y->num;
	return (y->kind == YAML_INT && y->num >= 1 &&
	    y->num <= TRIAL_TIMES_MAX) || yaml_err(r->e, r->name, y,
	    "'times' must be a number from 1 to %d", TRIAL_TIMES_MAX);
}

static bool
read_every(struct reader *r, const struct yaml *y, void *out)
{
	struct trial_event *ev = out;

	return read_offset(r, y, &ev->every) && (ev->every >= 0 ||
	    yaml_err(r->e, r->name, y, "'every' must not be negative"));
}

static bool
read_seed(struct reader *r, const struct yaml *y, void *out)
{
	return read_full_text(r, y, &((struct trial_event *)out)->seed);
}

static bool
read_dyno(struct reader *r, const struct yaml *y, void *out)
{
	return read_event_text(r, y, &((struct trial_event *)out)->dyno);
}

static bool
read_row(struct reader *r, const struct yaml *y, void *out)
{
	return read_event_text(r, y, &((struct trial_event *)out)->text);
}

static bool
begin_log(struct reader *r, const struct yaml *y, struct trial_event *ev,
    enum trial_log log)
{
	ev->log = log;
	return sv_null(ev->source) || yaml_err(r->e, r->name, y,
	    "one of app, platform, router, access and web is expected");
}

static bool
read_app(struct reader *r, const struct yaml *y, void *out)
{
	struct trial_event *ev = out;

	if (!begin_log(r, y, ev, TL_APP))
		return false;
	ev->source = SV("app");
	if (sv_null(ev->dyno))
		ev->dyno = SV("web.1");
	return read_event_text(r, y, &ev->text);
}

/* "app[api]: Release v42 created by user ops@raxx.example" */
static bool
read_platform(struct reader *r, const struct yaml *y, void *out)
{
	struct trial_event *ev = out;
	struct envelope env;
	sv rest;

	if (!begin_log(r, y, ev, TL_PLATFORM) || !read_event_text(r, y, &rest))
		return false;
	if (!sv_null(ev->dyno) || !envelope_source(&rest, &env) ||
	    env.source.n == 0 || !sv_skip_lit(&rest, SV(": ")))
		return yaml_err(r->e, r->name, y, "'platform' must be a line "
		    "such as 'app[api]: Release v42 created by user ...'");
	ev->source = env.source;
	ev->dyno = env.dyno;
	ev->text = rest;
	return true;
}

static bool
read_request(struct reader *r, const struct yaml *y, struct trial_event *ev,
    enum trial_log log)
{
	if (!begin_log(r, y, ev, log))
		return false;
	if (!sv_null(ev->dyno))
		return yaml_err(r->e, r->name, y, "'dyno' belongs into "
		    "'%.*s'", SV_ARG(y->key));
	ev->source = SV("heroku");
	return read_members(r, y, ev);
}

static bool
read_router(struct reader *r, const struct yaml *y, void *out)
{
	return read_request(r, y, out, TL_ROUTER);
}

static bool
read_access(struct reader *r, const struct yaml *y, void *out)
{
	return read_request(r, y, out, TL_ACCESS);
}

static bool
read_web(struct reader *r, const struct yaml *y, void *out)
{
	return read_request(r, y, out, TL_WEB);
}

/* Everything lies within FAR of the start, so no sum overflows. */
static bool
check_reach(struct reader *r, const struct yaml *y, struct trial_event *ev)
{
	if (ev->times > 1 && yaml_get(y, SV("every")) == NULL)
		return yaml_err(r->e, r->name, y, "'every' is missing");
	if (ev->times > 1 && ev->every > (FAR - ev->at) / (ev->times - 1))
		return yaml_err(r->e, r->name, y, "the last is more than %d "
		    "days from the start", (int)TRIAL_DAYS_MAX);
	return true;
}

static bool
read_event(struct reader *r, const struct yaml *y, const struct row *row,
    size_t n, struct trial_event *ev)
{
	struct buf b = BUF_INIT;

	*ev = (struct trial_event){ .line = y->line, .col = y->col,
		.times = 1 };
	if (!read_map(r, y, row, n, ev) || !check_reach(r, y, ev))
		return false;
	if (sv_null(ev->seed)) {
		buf_printf(&b, "%d:%d", y->line, y->col);
		ev->seed = arena_sv(r->a, buf_sv(&b));
		buf_release(&b);
	}
	return true;
}

static bool
read_log_event(struct reader *r, const struct yaml *y, void *out)
{
	static const struct row rows[] = {
		{ "at", true, read_at }, { "times", false, read_times },
		{ "every", false, read_every }, { "rid", false, read_seed },
		{ "dyno", false, read_dyno }, { "app", false, read_app },
		{ "platform", false, read_platform },
		{ "router", false, read_router },
		{ "access", false, read_access }, { "web", false, read_web },
	};
	struct trial_event *ev = out;

	return read_event(r, y, rows, countof(rows), ev) &&
	    (!sv_null(ev->source) || yaml_err(r->e, r->name, y,
	    "one of app, platform, router, access and web is expected"));
}

static bool
read_file_event(struct reader *r, const struct yaml *y, void *out)
{
	static const struct row rows[] = {
		{ "at", true, read_at }, { "times", false, read_times },
		{ "every", false, read_every }, { "rid", false, read_seed },
		{ "row", true, read_row },
	};

	return read_event(r, y, rows, countof(rows), out);
}

static bool
read_events(struct reader *r, const struct yaml *y, struct trial_events *out,
    bool (*read)(struct reader *r, const struct yaml *y, void *out))
{
	if (!need_list(r, y))
		return false;
	out->n = y->nkids;
	out->v = arena_array(r->a, out->n, sizeof(*out->v));
	return read_items(r, y, sizeof(*out->v), out->v, read);
}

/* --- files ---------------------------------------------------------------- */

static bool
read_file_name(struct reader *r, const struct yaml *y, void *out)
{
	struct trial_file *f = out;

	return read_full_text(r, y, &f->name) &&
	    (!sv_has(f->name, SV("/")) || yaml_err(r->e, r->name, y,
	    "'%.*s' is no name of a file without folder", SV_ARG(f->name)));
}

static bool
read_taken(struct reader *r, const struct yaml *y, void *out)
{
	return read_offset(r, y, &((struct trial_file *)out)->taken);
}

static bool
read_header(struct reader *r, const struct yaml *y, void *out)
{
	return read_full_text(r, y, &((struct trial_file *)out)->header);
}

static bool
read_file_text(struct reader *r, const struct yaml *y, void *out)
{
	return read_event_text(r, y, &((struct trial_file *)out)->text);
}

static bool
read_rows(struct reader *r, const struct yaml *y, void *out)
{
	return read_events(r, y, &((struct trial_file *)out)->row,
	    read_file_event);
}

static bool
read_file(struct reader *r, const struct yaml *y, void *out)
{
	static const struct row rows[] = {
		{ "name", true, read_file_name }, { "taken", false, read_taken },
		{ "header", false, read_header },
		{ "rows", false, read_rows }, { "text", false, read_file_text },
	};
	struct trial_file *f = out;

	*f = (struct trial_file){ .taken = UTC_NONE };
	if (!read_map(r, y, rows, countof(rows), f))
		return false;
	return sv_null(f->text) == (yaml_get(y, SV("rows")) ||
	    !sv_null(f->header)) || yaml_err(r->e, r->name, y,
	    "either 'text', or 'header' and 'rows' are expected");
}

/* --- what is expected ----------------------------------------------------- */

static bool
read_arm(struct reader *r, const struct yaml *y, void *out)
{
	return read_full_text(r, y, &((struct trial_finding *)out)->arm);
}

static bool
read_key(struct reader *r, const struct yaml *y, void *out)
{
	return read_text(r, y, &((struct trial_finding *)out)->key);
}

static bool
read_note(struct reader *r, const struct yaml *y, void *out)
{
	return read_full_text(r, y, &((struct trial_finding *)out)->note);
}

static bool
read_number(struct reader *r, const struct yaml *y, double *out)
{
	*out = y->real;
	return y->kind == YAML_INT || y->kind == YAML_REAL || yaml_err(r->e,
	    r->name, y, "'%.*s' is no number", SV_ARG(y->text));
}

static bool
read_metric(struct reader *r, const struct yaml *y, void *out)
{
	struct trial_finding *f = out;

	f->has_metric = true;
	return read_number(r, y, &f->metric);
}

static bool
read_count(struct reader *r, const struct yaml *y, int64_t *out)
{
	*out = y->num;
	return (y->kind == YAML_INT && y->num >= 0) || yaml_err(r->e, r->name,
	    y, "'%.*s' must be a whole number", SV_ARG(y->key));
}

static bool
read_finding_events(struct reader *r, const struct yaml *y, void *out)
{
	struct trial_finding *f = out;

	f->has_events = true;
	return read_count(r, y, &f->events);
}

static bool
read_level(struct reader *r, const struct yaml *y, void *out)
{
	return read_name(r, y, level_name, LEVEL_N,
	    &((struct trial_finding *)out)->level);
}

static bool
read_finding(struct reader *r, const struct yaml *y, void *out)
{
	static const struct row rows[] = {
		{ "arm", true, read_arm }, { "key", false, read_key },
		{ "metric", false, read_metric },
		{ "events", false, read_finding_events },
		{ "level", false, read_level }, { "note", false, read_note },
	};
	struct trial_finding *f = out;

	*f = (struct trial_finding){ .level = -1, .line = y->line,
		.col = y->col };
	return read_map(r, y, rows, countof(rows), f);
}

static bool
read_result(struct reader *r, const struct yaml *y, void *out)
{
	int i;

	if (!read_name(r, y, result_name, RESULT_N, &i))
		return false;
	((struct trial_expect *)out)->result = (enum result)i;
	return true;
}

static bool
read_state(struct reader *r, const struct yaml *y, void *out)
{
	return read_name(r, y, state_name, STATE_N,
	    &((struct trial_expect *)out)->state);
}

static bool
read_reason(struct reader *r, const struct yaml *y, void *out)
{
	return read_full_text(r, y, &((struct trial_expect *)out)->reason);
}

/* [0.55, 0.65] */
static bool
read_share(struct reader *r, const struct yaml *y, void *out)
{
	double *v = ((struct trial_expect *)out)->share;

	if (y->kind != YAML_LIST || y->nkids != 2)
		return yaml_err(r->e, r->name, y, "'coverage' must be a list "
		    "of two numbers, least and most");
	return read_number(r, y->kid, &v[0]) &&
	    read_number(r, y->kid->next, &v[1]);
}

static bool
read_rejected(struct reader *r, const struct yaml *y, void *out)
{
	int64_t n;

	if (!read_count(r, y, &n))
		return false;
	((struct trial_expect *)out)->rejected = (uint64_t)n;
	return true;
}

static bool
read_findings(struct reader *r, const struct yaml *y, void *out)
{
	struct trial_expect *x = out;

	if (!need_list(r, y))
		return false;
	x->nfindings = y->nkids;
	x->finding = arena_array(r->a, y->nkids, sizeof(*x->finding));
	return read_items(r, y, sizeof(*x->finding), x->finding, read_finding);
}

static bool
read_expect(struct reader *r, const struct yaml *y, void *out)
{
	static const struct row rows[] = {
		{ "result", true, read_result }, { "state", false, read_state },
		{ "reason", false, read_reason },
		{ "coverage", false, read_share },
		{ "rejected", false, read_rejected },
		{ "findings", false, read_findings },
	};
	struct trial_expect *x = &((struct trial_case *)out)->expect;

	*x = (struct trial_expect){ .state = -1, .share = { -1, 2 } };
	if (!read_map(r, y, rows, countof(rows), x))
		return false;
	return x->result != RESULT_FIRED || x->nfindings > 0 ||
	    yaml_err(r->e, r->name, y, "FIRED needs 'findings'");
}

/* --- cases ---------------------------------------------------------------- */

static bool
read_case_name(struct reader *r, const struct yaml *y, void *out)
{
	return read_full_text(r, y, &((struct trial_case *)out)->name);
}

static bool
read_kind(struct reader *r, const struct yaml *y, void *out)
{
	int i;

	if (!read_name(r, y, trial_kind_name, TRIAL_KIND_N, &i))
		return false;
	((struct trial_case *)out)->kind = (enum trial_kind)i;
	return true;
}

static bool
read_window(struct reader *r, const struct yaml *y, void *out)
{
	return read_length(r, y, &((struct trial_case *)out)->window);
}

static bool
read_site(struct reader *r, const struct yaml *y, void *out)
{
	((struct trial_case *)out)->site[1] = y;
	return need_map(r, y);
}

static bool
read_from(struct reader *r, const struct yaml *y, void *out)
{
	return read_offset(r, y, &((struct trial_span *)out)->from);
}

static bool
read_to(struct reader *r, const struct yaml *y, void *out)
{
	return read_offset(r, y, &((struct trial_span *)out)->to);
}

static bool
read_span(struct reader *r, const struct yaml *y, void *out)
{
	static const struct row rows[] = { { "from", true, read_from },
		{ "to", true, read_to } };
	struct trial_span *s = out;

	return read_map(r, y, rows, countof(rows), s) && (s->from < s->to ||
	    yaml_err(r->e, r->name, y, "the span ends before it begins"));
}

static bool
read_cover(struct reader *r, const struct yaml *y, void *out)
{
	static const char *const names[] = { "full", "none" };
	struct trial_case *c = out;
	int i;

	if (y->kind != YAML_LIST) {
		if (!read_name(r, y, names, countof(names), &i))
			return false;
		c->cover = (enum trial_cover)i;
		return true;
	}
	c->cover = TC_SPANS;
	c->nspans = y->nkids;
	c->span = arena_array(r->a, y->nkids, sizeof(*c->span));
	if (!read_items(r, y, sizeof(*c->span), c->span, read_span))
		return false;
	for (size_t k = 1; k < c->nspans; k++)
		if (c->span[k].from <= c->span[k - 1].to)
			return yaml_err(r->e, r->name, y, "spans must be in "
			    "order and apart");
	return c->nspans > 0 || yaml_err(r->e, r->name, y,
	    "a list of no spans: 'none' is expected");
}

static bool
read_form(struct reader *r, const struct yaml *y, void *out)
{
	static const char *const names[] = { "drain", "pull" };
	int i;

	if (!read_name(r, y, names, countof(names), &i))
		return false;
	((struct trial_case *)out)->pull = i;
	return true;
}

static bool
read_log(struct reader *r, const struct yaml *y, void *out)
{
	return read_events(r, y, &((struct trial_case *)out)->log,
	    read_log_event);
}

static bool
read_files(struct reader *r, const struct yaml *y, void *out)
{
	struct trial_case *c = out;

	if (!need_list(r, y))
		return false;
	c->nfiles = y->nkids;
	c->file = arena_array(r->a, y->nkids, sizeof(*c->file));
	return read_items(r, y, sizeof(*c->file), c->file, read_file);
}

static bool
read_case(struct reader *r, const struct yaml *y, void *out)
{
	static const struct row rows[] = {
		{ "case", true, read_case_name }, { "kind", true, read_kind },
		{ "window", false, read_window }, { "site", false, read_site },
		{ "cover", false, read_cover }, { "form", false, read_form },
		{ "log", false, read_log }, { "files", false, read_files },
		{ "expect", true, read_expect },
	};
	struct trial_case *c = out;

	*c = (struct trial_case){ .line = y->line, .col = y->col,
		.window = r->window, .site = { r->site, NULL } };
	if (!read_map(r, y, rows, countof(rows), c))
		return false;
	if (c->kind == TRIAL_POSITIVE && c->expect.result != RESULT_FIRED)
		return yaml_err(r->e, r->name, y, "a positive case expects "
		    "FIRED");
	return true;
}

/* --- the file ------------------------------------------------------------- */

static bool
read_rule(struct reader *r, const struct yaml *y, void *out)
{
	return read_full_text(r, y, &((struct trial_doc *)out)->rule);
}

/* Far enough from the ends of time for every offset. */
static bool
read_start(struct reader *r, const struct yaml *y, void *out)
{
	struct trial_doc *d = out;

	return (is_scalar(y) && utc_parse(y->text, &d->start) &&
	    d->start >= utc_days(1990, 1, 1) * UTC_DAY &&
	    d->start < utc_days(2100, 1, 1) * UTC_DAY) ||
	    yaml_err(r->e, r->name, y, "'%.*s' is no time such as "
	    "2026-06-12T12:00:00Z", SV_ARG(y->text));
}

static bool
read_file_window(struct reader *r, const struct yaml *y, void *out)
{
	(void)out;
	return read_length(r, y, &r->window);
}

static bool
read_file_site(struct reader *r, const struct yaml *y, void *out)
{
	(void)out;
	r->site = y;
	return need_map(r, y);
}

static bool
read_not_applicable(struct reader *r, const struct yaml *y, void *out)
{
	struct trial_doc *d = out;

	if (!need_map(r, y))
		return false;
	for (const struct yaml *k = y->kid; k; k = k->next) {
		int i = find_name(k->key, trial_kind_name, TRIAL_OTHER);

		if (i < 0)
			return err_set(r->e, ST_USAGE, "%.*s:%d:%d: '%.*s' is "
			    "no kind of case that is asked for",
			    SV_ARG(r->name), k->key_line, k->key_col,
			    SV_ARG(k->key));
		if (!read_full_text(r, k, &d->not_applicable[i]))
			return false;
	}
	return true;
}

/* A name once, and no case of a kind that is said not to apply. */
static bool
check_case(struct reader *r, const struct trial_doc *d, size_t i,
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
read_cases(struct reader *r, const struct yaml *y, void *out)
{
	struct trial_doc *d = out;
	size_t i = 0;

	if (!need_list(r, y))
		return false;
	d->n = y->nkids;
	d->c = arena_array(r->a, y->nkids, sizeof(*d->c));
	if (!read_items(r, y, sizeof(*d->c), d->c, read_case))
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
	static const struct row rows[] = {
		{ "rule", true, read_rule }, { "start", false, read_start },
		{ "window", false, read_file_window },
		{ "site", false, read_file_site },
		{ "not_applicable", false, read_not_applicable },
		{ "cases", true, read_cases },
	};
	struct reader r = { .a = a, .name = name, .e = e, .window = UTC_HOUR };
	struct yaml *doc;

	*out = (struct trial_doc){ .name = name, .line = 1, .col = 1,
		.start = utc_days(2026, 6, 12) * UTC_DAY + 12 * UTC_HOUR };
	if (!yaml_parse(a, name, text, &doc, e))
		return false;
	if (!doc || doc->next)
		return err_set(e, ST_USAGE, "%.*s:1:1: one document is "
		    "expected", SV_ARG(name));
	return read_map(&r, doc, rows, countof(rows), out);
}

struct trialevent
trial_at(const struct trial_event *ev, int64_t start, int64_t i, bool dump)
{
	return (struct trialevent){ i, start + ev->at + i * ev->every, dump,
		ev->seed };
}
