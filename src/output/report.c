/* SPDX-License-Identifier: MIT */
#include "output/report.h"

#include <math.h>
#include <stddef.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/utc.h"
#include "output/escape.h"
#include "parse/json.h"

/* Up to here JSON readers agree on integers; counts beyond are nonsense. */
static const int64_t count_max = INT64_C(1) << 53;

struct reader {
	struct arena *a;
	struct report *out;
	struct buf tmp;
	int64_t line;
	bool show_personal;
};

/* --- values ----------------------------------------------------------------
 * Each puts a JSON value into the member at `to`; false: not of its type. */

struct field {
	const char *name;
	size_t at; /* offset of the member */
	bool (*read)(struct reader *r, const struct json_value *v, void *to);
};

struct shape {
	const struct field *field;
	size_t n;
	size_t size;
};

#define SHAPE(fields, type) { fields, countof(fields), sizeof(type) }

static sv
keep(struct reader *r)
{
	return arena_sv(r->a, buf_sv(&r->tmp));
}

static sv
masked(struct reader *r, sv text)
{
	if (r->show_personal)
		return text;
	buf_clear(&r->tmp);
	mask_email(&r->tmp, text);
	return sv_eq(text, buf_sv(&r->tmp)) ? text : keep(r);
}

static bool
read_any(struct reader *r, const struct json_value *v, void *to)
{
	*(sv *)to = masked(r, json_text(r->a, v));
	return true;
}

static bool
read_text(struct reader *r, const struct json_value *v, void *to)
{
	return v->kind == JSON_STRING && read_any(r, v, to);
}

static bool
read_count(struct reader *r, const struct json_value *v, void *to)
{
	int64_t n;

	(void)r;
	if (v->kind != JSON_NUMBER || !json_i64(v, &n) || n < 0 ||
	    n > count_max)
		return false;
	*(int64_t *)to = n;
	return true;
}

static bool
read_real(struct reader *r, const struct json_value *v, void *to)
{
	double d;

	(void)r;
	if (v->kind != JSON_NUMBER || !json_double(v, &d) || !isfinite(d))
		return false;
	*(double *)to = d;
	return true;
}

static bool
read_time(struct reader *r, const struct json_value *v, void *to)
{
	return v->kind == JSON_STRING &&
	    utc_parse(json_text(r->a, v), (int64_t *)to);
}

/* --- problems ------------------------------------------------------------- */

static void
problem_at(struct reader *r, int64_t line)
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
static void
problem(struct reader *r, const char *before, sv value, const char *after)
{
	sv shown = masked(r, value);

	buf_clear(&r->tmp);
	buf_str(&r->tmp, before);
	buf_add(&r->tmp, sv_take(shown, 64));
	buf_str(&r->tmp, after);
	problem_at(r, r->line);
}

/* --- objects and arrays --------------------------------------------------- */

static const struct field *
find_field(const struct shape *s, const struct json_value *key)
{
	for (size_t i = 0; i < s->n; i++)
		if (json_key_is(key, sv_str(s->field[i].name)))
			return &s->field[i];
	return NULL;
}

/* A null is as good as a missing member; one of the wrong type is reported
 * and left out. */
static bool
read_members(struct reader *r, const struct json_value *obj,
    const struct shape *s, void *to)
{
	struct json_value key, v;
	sv it;

	if (obj->kind != JSON_OBJECT)
		return false;
	it = json_begin(obj);
	while (json_member(&it, &key, &v)) {
		const struct field *f = find_field(s, &key);

		if (f && v.kind != JSON_NULL &&
		    !f->read(r, &v, (char *)to + f->at))
			problem(r, "\"", sv_str(f->name),
			    "\" has a value of the wrong type");
	}
	return true;
}

/* Numbers and times that no member has set are NONE or NAN, not zero. */
static void
clear_members(const struct shape *s, void *to)
{
	for (size_t i = 0; i < s->n; i++) {
		void *at = (char *)to + s->field[i].at;

		if (s->field[i].read == read_count ||
		    s->field[i].read == read_time)
			*(int64_t *)at = REPORT_NONE;
		else if (s->field[i].read == read_real)
			*(double *)at = (double)NAN;
	}
}

static void *
read_array(struct reader *r, const struct json_value *v, const struct shape *s,
    size_t *n)
{
	struct json_value item;
	sv it = json_begin(v);
	char *base, *to;

	for (*n = 0; json_item(&it, &item); ++*n)
		;
	base = to = arena_array(r->a, *n + 1, s->size);
	for (it = json_begin(v); json_item(&it, &item); to += s->size) {
		clear_members(s, to);
		if (!read_members(r, &item, s, to))
			problem(r, "not an object: ", item.raw, "");
	}
	return base;
}

static bool
read_texts(struct reader *r, const struct json_value *v, void *to)
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
		read_any(r, &item, &t->item[t->n++]);
	return true;
}

/* --- objects and their members -------------------------------------------- */

#define AT(type, member) offsetof(struct type, member)

/* A reader of arrays of that shape. */
#define ARRAY_READER(name, type, shape)                                    \
	static bool name(struct reader *r, const struct json_value *v,     \
	    void *to)                                                      \
	{                                                                  \
		struct type *list = to;                                    \
                                                                           \
		if (v->kind != JSON_ARRAY)                                 \
			return false;                                      \
		list->item = read_array(r, v, &(shape), &list->n);         \
		return true;                                               \
	}

/* A reader of an object whose members are members of our struct. */
#define MEMBERS_READER(name, shape)                                        \
	static bool name(struct reader *r, const struct json_value *v,     \
	    void *to)                                                      \
	{                                                                  \
		return read_members(r, v, &(shape), to);                   \
	}

static const struct field blind_field[] = {
	{ "from", AT(report_blind, from), read_time },
	{ "to", AT(report_blind, to), read_time },
	{ "why", AT(report_blind, why), read_text },
};

static const struct shape blind_shape = SHAPE(blind_field, struct report_blind);
ARRAY_READER(read_blinds, report_blinds, blind_shape)

static const struct field input_field[] = {
	{ "name", AT(report_input, name), read_text },
	{ "format", AT(report_input, format), read_text },
	{ "form", AT(report_input, form), read_text },
	{ "damaged", AT(report_input, damaged), read_any },
	{ "read", AT(report_input, read), read_count },
	{ "stored", AT(report_input, stored), read_count },
	{ "duplicates", AT(report_input, duplicates), read_count },
	{ "rejected", AT(report_input, rejected), read_count },
	{ "blank", AT(report_input, blank), read_count },
};

static const struct shape input_shape = SHAPE(input_field, struct report_input);
ARRAY_READER(read_inputs, report_inputs, input_shape)

static const struct field source_field[] = {
	{ "name", AT(report_source, name), read_text },
	{ "label", AT(report_source, label), read_text },
	{ "status", AT(report_source, status), read_text },
	{ "records", AT(report_source, records), read_count },
	{ "first", AT(report_source, first), read_time },
	{ "last", AT(report_source, last), read_time },
	{ "gates", AT(report_source, gates), read_texts },
	{ "prerequisite", AT(report_source, prerequisite), read_text },
	{ "flaw", AT(report_source, flaw), read_text },
};

static const struct shape source_shape =
    SHAPE(source_field, struct report_source);
ARRAY_READER(read_sources, report_sources, source_shape)

static const struct field stream_field[] = {
	{ "stream", AT(report_stream, stream), read_text },
	{ "app", AT(report_stream, app), read_text },
	{ "share", AT(report_stream, share), read_real },
	{ "share_low", AT(report_stream, share_low), read_real },
	{ "covered_s", AT(report_stream, covered_s), read_real },
	{ "unknown_s", AT(report_stream, unknown_s), read_real },
	{ "window_s", AT(report_stream, window_s), read_real },
	{ "taken", AT(report_stream, taken), read_time },
	{ "rows", AT(report_stream, rows), read_count },
	{ "max_id", AT(report_stream, max_id), read_count },
	{ "flaw", AT(report_stream, flaw), read_text },
	{ "blind", AT(report_stream, blind), read_blinds },
};

static const struct shape stream_shape =
    SHAPE(stream_field, struct report_stream);
ARRAY_READER(read_streams, report_streams, stream_shape)

static const struct field arm_field[] = {
	{ "name", AT(report_arm, name), read_text },
	{ "window_s", AT(report_arm, window_s), read_real },
	{ "threshold", AT(report_arm, threshold), read_real },
	{ "threshold_from", AT(report_arm, threshold_from), read_text },
	{ "metric", AT(report_arm, metric), read_text },
	{ "peak", AT(report_arm, peak), read_real },
	{ "findings", AT(report_arm, findings), read_count },
	{ "dropped_keys", AT(report_arm, dropped_keys), read_count },
	{ "smallest", AT(report_arm, smallest), read_real },
};

static const struct shape arm_shape = SHAPE(arm_field, struct report_arm);
ARRAY_READER(read_arms, report_arms, arm_shape)

static const struct field wake_field[] = {
	{ "action", AT(report_wake, action), read_text },
	{ "source", AT(report_wake, source), read_text },
	{ "why", AT(report_wake, why), read_text },
	{ "wakes", AT(report_wake, wakes), read_texts },
	{ "lifts", AT(report_wake, lifts), read_texts },
	{ "helps", AT(report_wake, helps), read_texts },
	{ "high", AT(report_wake, high), read_count },
};

static const struct shape wake_shape = SHAPE(wake_field, struct report_wake);
ARRAY_READER(read_wakes, report_wakes, wake_shape)

static const struct field side_field[] = {
	{ "estimate", AT(report_side, estimate), read_real },
	{ "claimed", AT(report_side, claimed), read_real },
	{ "flagged", AT(report_side, flagged), read_any },
};

static const struct shape side_shape = SHAPE(side_field, struct report_side);
MEMBERS_READER(read_side, side_shape)

static const struct field cross_field[] = {
	{ "every", AT(report_run, cross.every), read_count },
	{ "n_router", AT(report_run, cross.n_router), read_count },
	{ "n_app", AT(report_run, cross.n_app), read_count },
	{ "matched", AT(report_run, cross.matched), read_count },
	{ "n_expected", AT(report_run, cross.n_expected), read_count },
	{ "n_found", AT(report_run, cross.n_found), read_count },
	{ "router", AT(report_run, cross.router), read_side },
	{ "app", AT(report_run, cross.app), read_side },
};

static const struct shape cross_shape = SHAPE(cross_field, struct report_run);
MEMBERS_READER(read_cross, cross_shape)

static const struct field window_field[] = {
	{ "from", AT(report_run, from), read_time },
	{ "to", AT(report_run, to), read_time },
};

static const struct shape window_shape = SHAPE(window_field, struct report_run);
MEMBERS_READER(read_window, window_shape)

static const struct field catalog_field[] = {
	{ "digest", AT(report_run, digest), read_text },
	{ "rules", AT(report_run, rules), read_count },
};

static const struct shape catalog_shape =
    SHAPE(catalog_field, struct report_run);
MEMBERS_READER(read_catalog, catalog_shape)

static const struct field next_run_field[] = {
	{ "daily", AT(report_run, next_run.daily), read_any },
	{ "hourly", AT(report_run, next_run.hourly), read_any },
	{ "next", AT(report_run, next_run.next), read_any },
};

static const struct shape next_run_shape =
    SHAPE(next_run_field, struct report_run);
MEMBERS_READER(read_next_run, next_run_shape)

static const struct field rebaseline_field[] = {
	{ "have_days", AT(report_run, rebaseline.have_days), read_any },
	{ "need_days", AT(report_run, rebaseline.need_days), read_any },
	{ "due", AT(report_run, rebaseline.due), read_any },
	{ "trigger", AT(report_run, rebaseline.trigger), read_any },
};

static const struct shape rebaseline_shape =
    SHAPE(rebaseline_field, struct report_run);
MEMBERS_READER(read_rebaseline, rebaseline_shape)

static const struct field near_field[] = {
	{ "version", AT(report_finding, release.version), read_any },
	{ "ts", AT(report_finding, release.ts), read_time },
};

static const struct shape near_shape = SHAPE(near_field, struct report_finding);
MEMBERS_READER(read_near, near_shape)

static const struct field restart_field[] = {
	{ "dyno", AT(report_finding, restart.dyno), read_text },
	{ "event", AT(report_finding, restart.event), read_text },
	{ "ts", AT(report_finding, restart.ts), read_time },
};

static const struct shape restart_shape =
    SHAPE(restart_field, struct report_finding);
MEMBERS_READER(read_restart, restart_shape)

static const struct field config_field[] = {
	{ "names", AT(report_finding, config.names), read_any },
	{ "ts", AT(report_finding, config.ts), read_time },
};

static const struct shape config_shape =
    SHAPE(config_field, struct report_finding);
MEMBERS_READER(read_config, config_shape)

static const struct field suppressed_field[] = {
	{ "entry", AT(report_finding, suppressed.entry), read_count },
	{ "owner", AT(report_finding, suppressed.owner), read_any },
	{ "reason", AT(report_finding, suppressed.reason), read_any },
	{ "expires", AT(report_finding, suppressed.expires), read_time },
};

static const struct shape suppressed_shape =
    SHAPE(suppressed_field, struct report_finding);
MEMBERS_READER(read_suppressed, suppressed_shape)

static const struct field run_field[] = {
	{ "version", AT(report_run, version), read_any },
	{ "window", 0, read_window },
	{ "now", AT(report_run, now), read_time },
	{ "catalog", 0, read_catalog },
	{ "inputs", AT(report_run, inputs), read_inputs },
	{ "sources", AT(report_run, sources), read_sources },
	{ "coverage", AT(report_run, coverage), read_streams },
	{ "wake", AT(report_run, wake), read_wakes },
	{ "cross_check", 0, read_cross },
	{ "next_run", 0, read_next_run },
	{ "rebaseline", 0, read_rebaseline },
};

static const struct shape run_shape = SHAPE(run_field, struct report_run);

static const struct field verdict_field[] = {
	{ "rule", AT(report_verdict, rule), read_text },
	{ "title", AT(report_verdict, title), read_text },
	{ "kind", AT(report_verdict, kind), read_text },
	{ "state", AT(report_verdict, state), read_text },
	{ "result", AT(report_verdict, result_name), read_text },
	{ "reason", AT(report_verdict, reason), read_text },
	{ "missing", AT(report_verdict, missing), read_texts },
	{ "prerequisite", AT(report_verdict, prerequisite), read_text },
	{ "last_seen", AT(report_verdict, last_seen), read_time },
	{ "flips", AT(report_verdict, flips), read_count },
	{ "coverage", AT(report_verdict, coverage), read_real },
	{ "share_low", AT(report_verdict, share_low), read_real },
	{ "blind", AT(report_verdict, blind), read_blinds },
	{ "arms", AT(report_verdict, arms), read_arms },
	{ "findings", AT(report_verdict, claimed), read_count },
	{ "suppressed", AT(report_verdict, hidden), read_count },
};

static const struct shape verdict_shape =
    SHAPE(verdict_field, struct report_verdict);

static const struct field finding_field[] = {
	{ "id", AT(report_finding, id), read_text },
	{ "rule", AT(report_finding, rule), read_text },
	{ "title", AT(report_finding, title), read_text },
	{ "arm", AT(report_finding, arm), read_text },
	{ "level", AT(report_finding, level), read_text },
	{ "route", AT(report_finding, route), read_text },
	{ "key_name", AT(report_finding, key_name), read_text },
	{ "key", AT(report_finding, key), read_any },
	{ "metric_name", AT(report_finding, metric_name), read_text },
	{ "metric", AT(report_finding, metric), read_real },
	{ "events", AT(report_finding, events), read_count },
	{ "threshold", AT(report_finding, threshold), read_real },
	{ "threshold_from", AT(report_finding, threshold_from), read_text },
	{ "window_s", AT(report_finding, window_s), read_real },
	{ "first", AT(report_finding, first), read_time },
	{ "last", AT(report_finding, last), read_time },
	{ "fired_at", AT(report_finding, fired_at), read_time },
	{ "evidence_total", AT(report_finding, evidence_total), read_count },
	{ "note", AT(report_finding, note), read_any },
	{ "near_release", 0, read_near },
	{ "near_restart", 0, read_restart },
	{ "near_config", 0, read_config },
	{ "next_step", AT(report_finding, next_step), read_text },
	{ "author", AT(report_finding, author), read_text },
	{ "license", AT(report_finding, license), read_text },
};

static const struct shape finding_shape =
    SHAPE(finding_field, struct report_finding);

/* `finding`, which says whose status or evidence it is, is read apart. */
static const struct field status_field[] = {
	{ "status", AT(report_finding, status), read_text },
	{ "since", AT(report_finding, since), read_time },
	{ "incident", AT(report_finding, incident), read_text },
	{ "repeats", AT(report_finding, repeats), read_count },
	{ "coverage", AT(report_finding, coverage), read_real },
	{ "route_to", AT(report_finding, route_to), read_any },
	{ "suppressed", 0, read_suppressed },
};

static const struct shape status_shape =
    SHAPE(status_field, struct report_finding);

static const struct field gone_field[] = {
	{ "id", AT(report_gone, id), read_text },
	{ "rule", AT(report_gone, rule), read_text },
	{ "arm", AT(report_gone, arm), read_text },
	{ "key", AT(report_gone, key), read_any },
	{ "first", AT(report_gone, first), read_time },
	{ "last", AT(report_gone, last), read_time },
	{ "status", AT(report_gone, status), read_text },
	{ "why", AT(report_gone, why), read_text },
};

static const struct shape gone_shape = SHAPE(gone_field, struct report_gone);

static const struct field allow_field[] = {
	{ "entry", AT(report_allow, entry), read_count },
	{ "line", AT(report_allow, line), read_count },
	{ "rule", AT(report_allow, rule), read_text },
	{ "arm", AT(report_allow, arm), read_text },
	{ "key", AT(report_allow, key), read_any },
	{ "client", AT(report_allow, client), read_text },
	{ "user_agent", AT(report_allow, user_agent), read_any },
	{ "owner", AT(report_allow, owner), read_any },
	{ "reason", AT(report_allow, reason), read_any },
	{ "expires", AT(report_allow, expires), read_time },
	{ "state", AT(report_allow, state), read_text },
	{ "hid", AT(report_allow, hid), read_count },
};

static const struct shape allow_shape =
    SHAPE(allow_field, struct report_allow);

static const struct field evidence_field[] = {
	{ "ts", AT(report_evidence, ts), read_time },
	{ "source", AT(report_evidence, source), read_text },
	{ "line", AT(report_evidence, line), read_count },
	{ "summary", AT(report_evidence, summary), read_any },
	{ "request_id", AT(report_evidence, request_id), read_any },
};

static const struct shape evidence_shape =
    SHAPE(evidence_field, struct report_evidence);

/* --- records -------------------------------------------------------------- */

static const char *const result_name[] = {
	[REPORT_FIRED] = "FIRED",
	[REPORT_CLEAR] = "CLEAR",
	[REPORT_CLEAR_PARTIAL] = "CLEAR_PARTIAL",
	[REPORT_INSUFFICIENT_DATA] = "INSUFFICIENT_DATA",
	[REPORT_NOT_EVALUATED] = "NOT_EVALUATED",
	[REPORT_UNDECIDED] = "UNDECIDED",
	[REPORT_CANNOT_VERIFY] = "CANNOT_VERIFY",
	[REPORT_OTHER] = "",
};
_Static_assert(countof(result_name) == REPORT_RESULT_N, "a name per result");

static void
read_run(struct reader *r, const struct json_value *obj)
{
	struct report_run *run = arena_new(r->a, struct report_run);
	struct json_value window;

	clear_members(&run_shape, run);
	clear_members(&window_shape, run);
	clear_members(&catalog_shape, run);
	clear_members(&cross_shape, run);
	clear_members(&side_shape, &run->cross.router);
	clear_members(&side_shape, &run->cross.app);
	run->line = r->line;
	read_members(r, obj, &run_shape, run);
	if (r->out->run_end)
		r->out->run_end->next = run;
	else
		r->out->run = run;
	r->out->run_end = run;
	r->out->nruns++;
	run->has_wake = json_find(obj, SV("wake"), &window);
	/* Over an empty store its ends are null. */
	if (!json_find(obj, SV("window"), &window))
		problem(r, "run record without a ", SV("window"), "");
}

static void
read_result(struct reader *r, struct report_verdict *v)
{
	v->result = 0;
	while (v->result < REPORT_OTHER &&
	    !sv_is(v->result_name, result_name[v->result]))
		v->result++;
	if (v->result == REPORT_OTHER)
		problem(r, "unknown result '", v->result_name, "'");
}

static void
read_verdict(struct reader *r, const struct json_value *obj)
{
	struct report_run *run = r->out->run_end;
	struct report_verdict *v = arena_new(r->a, struct report_verdict);

	clear_members(&verdict_shape, v);
	read_members(r, obj, &verdict_shape, v);
	read_result(r, v);
	if (sv_null(v->rule))
		problem(r, "verdict record without a ", SV("rule"), "");
	if (run->verdict_end)
		run->verdict_end->next = v;
	else
		run->verdict = v;
	run->verdict_end = v;
	run->nverdicts++;
}

static struct report_verdict *
find_verdict(const struct report_run *run, sv rule)
{
	struct report_verdict *v = run->verdict;

	while (v && !sv_eq(v->rule, rule))
		v = v->next;
	return v;
}

static void
clear_finding(struct report_finding *f)
{
	static const struct shape *const shape[] = { &finding_shape,
		&near_shape, &restart_shape, &config_shape, &status_shape,
		&suppressed_shape };

	for (size_t i = 0; i < countof(shape); i++)
		clear_members(shape[i], f);
}

static void
read_finding(struct reader *r, const struct json_value *obj)
{
	struct report_run *run = r->out->run_end;
	struct report_finding *f = arena_new(r->a, struct report_finding);
	struct report_verdict *v;

	clear_finding(f);
	read_members(r, obj, &finding_shape, f);
	v = find_verdict(run, f->rule);
	if (v)
		v->nfindings++;
	else
		problem(r, "finding of '", f->rule, "', which has no verdict");
	if (run->finding_end)
		run->finding_end->next = f;
	else
		run->finding = f;
	run->finding_end = f;
	run->nfindings++;
}

/* The finding just read, if it is the one that the record is about. */
static struct report_finding *
finding_of(struct reader *r, const struct json_value *obj, const char *record)
{
	struct report_finding *f = r->out->run_end->finding_end;
	struct json_value id;

	if (f && json_find(obj, SV("finding"), &id) &&
	    sv_eq(json_text(r->a, &id), f->id))
		return f;
	problem(r, record, SV(" does not follow its "), "finding");
	return NULL;
}

static void
read_status(struct reader *r, const struct json_value *obj)
{
	struct report_finding *f = finding_of(r, obj, "status");
	struct report_verdict *v;

	if (!f || !report_is_open(f))
		return;
	read_members(r, obj, &status_shape, f);
	if (report_is_open(f))
		return;
	r->out->run_end->nsuppressed++;
	v = find_verdict(r->out->run_end, f->rule);
	if (v)
		v->nsuppressed++;
}

static void
read_evidence(struct reader *r, const struct json_value *obj)
{
	struct report_finding *f = finding_of(r, obj, "evidence");
	struct report_evidence *e;

	if (!f)
		return;
	e = arena_new(r->a, struct report_evidence);
	clear_members(&evidence_shape, e);
	read_members(r, obj, &evidence_shape, e);
	if (f->evidence_end)
		f->evidence_end->next = e;
	else
		f->evidence = e;
	f->evidence_end = e;
	f->nevidence++;
}

static void
read_gone(struct reader *r, const struct json_value *obj)
{
	struct report_run *run = r->out->run_end;
	struct report_gone *g = arena_new(r->a, struct report_gone);

	clear_members(&gone_shape, g);
	read_members(r, obj, &gone_shape, g);
	if (run->gone_end)
		run->gone_end->next = g;
	else
		run->gone = g;
	run->gone_end = g;
}

static void
read_allow(struct reader *r, const struct json_value *obj)
{
	struct report_run *run = r->out->run_end;
	struct report_allow *al = arena_new(r->a, struct report_allow);

	clear_members(&allow_shape, al);
	read_members(r, obj, &allow_shape, al);
	if (run->allow_end)
		run->allow_end->next = al;
	else
		run->allow = al;
	run->allow_end = al;
}

static const struct record {
	const char *type;
	void (*read)(struct reader *r, const struct json_value *obj);
} record[] = {
	{ "run", read_run },
	{ "verdict", read_verdict },
	{ "finding", read_finding },
	{ "status", read_status },
	{ "evidence", read_evidence },
	{ "resolved", read_gone },
	{ "unresolved", read_gone },
	{ "allow", read_allow },
};

static const struct record *
find_record(sv type)
{
	for (size_t i = 0; i < countof(record); i++)
		if (sv_is(type, record[i].type))
			return &record[i];
	return NULL;
}

static void
read_line(struct reader *r, sv line)
{
	struct json_value obj, type;
	const struct record *rec;
	sv name;

	if (!json_parse(line, &obj) || obj.kind != JSON_OBJECT) {
		problem(r, "not a JSON object: '", line, "'");
		return;
	}
	if (!json_find(&obj, SV("type"), &type)) {
		problem(r, "record without a \"type\": ", SV("not printed by "),
		    "raxx-eval");
		return;
	}
	name = json_text(r->a, &type);
	rec = find_record(name);
	if (!rec)
		problem(r, "unknown record type '", name, "'");
	else if (!r->out->run && rec->read != read_run)
		problem(r, "no run record before this ", name, "");
	else
		rec->read(r, &obj);
}

/* --- do the numbers agree? ------------------------------------------------ */

int64_t
report_unaccounted(const struct report_input *in)
{
	const int64_t part[] = { in->stored, in->duplicates, in->rejected,
		in->blank };
	int64_t left = in->read;

	/* Each is at most 2^53: no sum overflows. */
	for (size_t i = 0; i < countof(part); i++) {
		if (left == REPORT_NONE || part[i] == REPORT_NONE)
			return REPORT_NONE;
		left -= part[i];
	}
	return left;
}

static void
check_inputs(struct reader *r, const struct report_run *run)
{
	for (size_t i = 0; i < run->inputs.n; i++) {
		const struct report_input *in = &run->inputs.item[i];
		int64_t left = report_unaccounted(in);

		if (left != 0 && left != REPORT_NONE)
			problem(r, "input '", in->name,
			    "': read is not stored + duplicates + rejected + "
			    "blank");
	}
}

static void
check_findings(struct reader *r, const struct report_verdict *v)
{
	if (v->claimed != REPORT_NONE && (size_t)v->claimed != v->nfindings) {
		buf_clear(&r->tmp);
		buf_printf(&r->tmp, "%.*s: the verdict counts %lld findings, "
		    "%zu follow", SV_ARG(sv_take(v->rule, 64)),
		    (long long)v->claimed, v->nfindings);
		problem_at(r, r->line);
	} else if (v->hidden != REPORT_NONE &&
	    (size_t)v->hidden != v->nsuppressed) {
		problem(r, "", v->rule, ": the verdict counts other suppressed "
		    "findings than follow");
	} else if (v->nfindings ? v->result == REPORT_CLEAR
				: v->result == REPORT_FIRED) {
		problem(r, "", v->rule, ": result and findings do not agree");
	}
}

static void
check_run(struct reader *r, const struct report_run *run)
{
	r->line = run->line;
	if (run->rules != REPORT_NONE && (size_t)run->rules != run->nverdicts) {
		buf_clear(&r->tmp);
		buf_printf(&r->tmp, "the catalog has %lld rules, %zu verdicts "
		    "follow", (long long)run->rules, run->nverdicts);
		problem_at(r, r->line);
	}
	check_inputs(r, run);
	for (const struct report_verdict *v = run->verdict; v; v = v->next)
		check_findings(r, v);
}

void
report_read(struct arena *a, sv text, bool show_personal, struct report *out)
{
	struct reader r = { a, out, BUF_INIT, 0, show_personal };

	*out = (struct report){ NULL, NULL, NULL, NULL, 0, 0 };
	while (text.n) {
		sv line = sv_trim(sv_cut(&text, '\n'));

		r.line++;
		if (line.n)
			read_line(&r, line);
	}
	for (const struct report_run *run = out->run; run; run = run->next)
		check_run(&r, run);
	buf_release(&r.tmp);
}
