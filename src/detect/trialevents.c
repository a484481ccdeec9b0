/* SPDX-License-Identifier: MIT */
#include "detect/trialevents.h"

#include "base/attr.h"
#include "base/utc.h"
#include "detect/trialfile.h"
#include "detect/trialread.h"
#include "parse/envelope.h"
#include "parse/yaml.h"

#define FAR (TRIAL_DAYS_MAX * UTC_DAY)

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
read_members(struct trialread *r, const struct yaml *y, struct trial_event *ev)
{
	if (!trialread_need_map(r, y))
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
		if (!trialread_pattern(r, k, &ev->member[i]))
			return false;
	}
	return true;
}

static bool
read_at(struct trialread *r, const struct yaml *y, void *out)
{
	return trialread_offset(r, y, &((struct trial_event *)out)->at);
}

static bool
read_times(struct trialread *r, const struct yaml *y, void *out)
{
	struct trial_event *ev = out;

	ev->times = y->num;
	return (y->kind == YAML_INT && y->num >= 1 &&
	    y->num <= TRIAL_TIMES_MAX) || yaml_err(r->e, r->name, y,
	    "'times' must be a number from 1 to %d", TRIAL_TIMES_MAX);
}

static bool
read_every(struct trialread *r, const struct yaml *y, void *out)
{
	struct trial_event *ev = out;

	return trialread_offset(r, y, &ev->every) && (ev->every >= 0 ||
	    yaml_err(r->e, r->name, y, "'every' must not be negative"));
}

static bool
read_seed(struct trialread *r, const struct yaml *y, void *out)
{
	return trialread_full_text(r, y, &((struct trial_event *)out)->seed);
}

static bool
read_dyno(struct trialread *r, const struct yaml *y, void *out)
{
	return trialread_pattern(r, y, &((struct trial_event *)out)->dyno);
}

static bool
read_row(struct trialread *r, const struct yaml *y, void *out)
{
	return trialread_pattern(r, y, &((struct trial_event *)out)->text);
}

static bool
begin_log(struct trialread *r, const struct yaml *y, struct trial_event *ev,
    enum trial_log log)
{
	ev->log = log;
	return sv_null(ev->source) || yaml_err(r->e, r->name, y,
	    "one of app, platform, router, access and web is expected");
}

static bool
read_app(struct trialread *r, const struct yaml *y, void *out)
{
	struct trial_event *ev = out;

	if (!begin_log(r, y, ev, TL_APP))
		return false;
	ev->source = SV("app");
	if (sv_null(ev->dyno))
		ev->dyno = SV("web.1");
	return trialread_pattern(r, y, &ev->text);
}

/* "app[api]: Release v42 created by user ops@raxx.example" */
static bool
read_platform(struct trialread *r, const struct yaml *y, void *out)
{
	struct trial_event *ev = out;
	struct envelope env;
	sv rest;

	if (!begin_log(r, y, ev, TL_PLATFORM) ||
	    !trialread_pattern(r, y, &rest))
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
read_request(struct trialread *r, const struct yaml *y, struct trial_event *ev,
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
read_router(struct trialread *r, const struct yaml *y, void *out)
{
	return read_request(r, y, out, TL_ROUTER);
}

static bool
read_access(struct trialread *r, const struct yaml *y, void *out)
{
	return read_request(r, y, out, TL_ACCESS);
}

static bool
read_web(struct trialread *r, const struct yaml *y, void *out)
{
	return read_request(r, y, out, TL_WEB);
}

/* Everything lies within FAR of the start, so no sum overflows. */
static bool
check_reach(struct trialread *r, const struct yaml *y, struct trial_event *ev)
{
	if (ev->times > 1 && yaml_get(y, SV("every")) == NULL)
		return yaml_err(r->e, r->name, y, "'every' is missing");
	if (ev->times > 1 && ev->every > (FAR - ev->at) / (ev->times - 1))
		return yaml_err(r->e, r->name, y, "the last is more than %d "
		    "days from the start", (int)TRIAL_DAYS_MAX);
	return true;
}

static bool
read_event(struct trialread *r, const struct yaml *y,
    const struct trialrow *row, size_t n, struct trial_event *ev)
{
	struct buf b = BUF_INIT;

	*ev = (struct trial_event){ .line = y->line, .col = y->col,
		.times = 1 };
	if (!trialread_map(r, y, row, n, ev) || !check_reach(r, y, ev))
		return false;
	if (sv_null(ev->seed)) {
		buf_printf(&b, "%d:%d", y->line, y->col);
		ev->seed = buf_keep(&b, r->a);
	}
	return true;
}

static bool
read_log_event(struct trialread *r, const struct yaml *y, void *out)
{
	static const struct trialrow rows[] = {
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
read_file_event(struct trialread *r, const struct yaml *y, void *out)
{
	static const struct trialrow rows[] = {
		{ "at", true, read_at }, { "times", false, read_times },
		{ "every", false, read_every }, { "rid", false, read_seed },
		{ "row", true, read_row },
	};

	return read_event(r, y, rows, countof(rows), out);
}

static bool
read_events(struct trialread *r, const struct yaml *y, struct trial_events *out,
    bool (*read)(struct trialread *r, const struct yaml *y, void *out))
{
	if (!trialread_need_list(r, y))
		return false;
	out->n = y->nkids;
	out->v = arena_array(r->a, out->n, sizeof(*out->v));
	return trialread_items(r, y, sizeof(*out->v), out->v, read);
}

static bool
read_file_name(struct trialread *r, const struct yaml *y, void *out)
{
	struct trial_file *f = out;

	return trialread_full_text(r, y, &f->name) &&
	    (!sv_has(f->name, SV("/")) || yaml_err(r->e, r->name, y,
	    "'%.*s' is no name of a file without folder", SV_ARG(f->name)));
}

static bool
read_taken(struct trialread *r, const struct yaml *y, void *out)
{
	return trialread_offset(r, y, &((struct trial_file *)out)->taken);
}

static bool
read_header(struct trialread *r, const struct yaml *y, void *out)
{
	return trialread_full_text(r, y, &((struct trial_file *)out)->header);
}

static bool
read_file_text(struct trialread *r, const struct yaml *y, void *out)
{
	return trialread_pattern(r, y, &((struct trial_file *)out)->text);
}

static bool
read_rows(struct trialread *r, const struct yaml *y, void *out)
{
	return read_events(r, y, &((struct trial_file *)out)->row,
	    read_file_event);
}

static bool
read_file(struct trialread *r, const struct yaml *y, void *out)
{
	static const struct trialrow rows[] = {
		{ "name", true, read_file_name },
		{ "taken", false, read_taken },
		{ "header", false, read_header },
		{ "rows", false, read_rows }, { "text", false, read_file_text },
	};
	struct trial_file *f = out;

	*f = (struct trial_file){ .taken = UTC_NONE };
	if (!trialread_map(r, y, rows, countof(rows), f))
		return false;
	return sv_null(f->text) == (yaml_get(y, SV("rows")) ||
	    !sv_null(f->header)) || yaml_err(r->e, r->name, y,
	    "either 'text', or 'header' and 'rows' are expected");
}

bool
trialevents_log(struct trialread *r, const struct yaml *y,
    struct trial_events *out)
{
	return read_events(r, y, out, read_log_event);
}

bool
trialevents_files(struct trialread *r, const struct yaml *y,
    struct trial_case *out)
{
	if (!trialread_need_list(r, y))
		return false;
	out->nfiles = y->nkids;
	out->file = arena_array(r->a, y->nkids, sizeof(*out->file));
	return trialread_items(r, y, sizeof(*out->file), out->file, read_file);
}
