/* SPDX-License-Identifier: MIT */
#include "output/report.h"

#include "base/attr.h"
#include "base/buf.h"
#include "output/reportread.h"
#include "output/reportshape.h"
#include "parse/json.h"

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
read_run(struct reportread *r, const struct json_value *obj)
{
	struct report_run *run = arena_new(r->a, struct report_run);
	struct json_value window;

	reportread_clear(&report_run_shape, run);
	reportread_clear(&report_window_shape, run);
	reportread_clear(&report_catalog_shape, run);
	reportread_clear(&report_cross_shape, run);
	reportread_clear(&report_side_shape, &run->cross.router);
	reportread_clear(&report_side_shape, &run->cross.app);
	run->line = r->line;
	reportread_members(r, obj, &report_run_shape, run);
	if (r->out->run_end)
		r->out->run_end->next = run;
	else
		r->out->run = run;
	r->out->run_end = run;
	r->out->nruns++;
	run->has_wake = json_find(obj, SV("wake"), &window);
	/* Over an empty store its ends are null. */
	if (!json_find(obj, SV("window"), &window))
		reportread_problem(r, "run record without a ", SV("window"), "");
}

static void
read_result(struct reportread *r, struct report_verdict *v)
{
	v->result = 0;
	while (v->result < REPORT_OTHER &&
	    !sv_is(v->result_name, result_name[v->result]))
		v->result++;
	if (v->result == REPORT_OTHER)
		reportread_problem(r, "unknown result '", v->result_name, "'");
}

static void
read_verdict(struct reportread *r, const struct json_value *obj)
{
	struct report_run *run = r->out->run_end;
	struct report_verdict *v = arena_new(r->a, struct report_verdict);

	reportread_clear(&report_verdict_shape, v);
	reportread_members(r, obj, &report_verdict_shape, v);
	read_result(r, v);
	if (sv_null(v->rule))
		reportread_problem(r, "verdict record without a ", SV("rule"), "");
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
	static const struct reportread_shape *const shape[] = {
		&report_finding_shape, &report_near_shape,
		&report_restart_shape, &report_config_shape,
		&report_status_shape, &report_suppressed_shape };

	for (size_t i = 0; i < countof(shape); i++)
		reportread_clear(shape[i], f);
}

static void
read_finding(struct reportread *r, const struct json_value *obj)
{
	struct report_run *run = r->out->run_end;
	struct report_finding *f = arena_new(r->a, struct report_finding);
	struct report_verdict *v;

	clear_finding(f);
	reportread_members(r, obj, &report_finding_shape, f);
	v = find_verdict(run, f->rule);
	if (v)
		v->nfindings++;
	else
		reportread_problem(r, "finding of '", f->rule, "', which has no verdict");
	if (run->finding_end)
		run->finding_end->next = f;
	else
		run->finding = f;
	run->finding_end = f;
	run->nfindings++;
}

/* The finding just read, if it is the one that the record is about. */
static struct report_finding *
finding_of(struct reportread *r, const struct json_value *obj,
    const char *record)
{
	struct report_finding *f = r->out->run_end->finding_end;
	struct json_value id;

	if (f && json_find(obj, SV("finding"), &id) &&
	    sv_eq(json_text(r->a, &id), f->id))
		return f;
	reportread_problem(r, record, SV(" does not follow its "), "finding");
	return NULL;
}

static void
read_status(struct reportread *r, const struct json_value *obj)
{
	struct report_finding *f = finding_of(r, obj, "status");
	struct report_verdict *v;

	if (!f || !report_is_open(f))
		return;
	reportread_members(r, obj, &report_status_shape, f);
	if (report_is_open(f))
		return;
	r->out->run_end->nsuppressed++;
	v = find_verdict(r->out->run_end, f->rule);
	if (v)
		v->nsuppressed++;
}

static void
read_evidence(struct reportread *r, const struct json_value *obj)
{
	struct report_finding *f = finding_of(r, obj, "evidence");
	struct report_evidence *e;

	if (!f)
		return;
	e = arena_new(r->a, struct report_evidence);
	reportread_clear(&report_evidence_shape, e);
	reportread_members(r, obj, &report_evidence_shape, e);
	if (f->evidence_end)
		f->evidence_end->next = e;
	else
		f->evidence = e;
	f->evidence_end = e;
	f->nevidence++;
}

static void
read_gone(struct reportread *r, const struct json_value *obj)
{
	struct report_run *run = r->out->run_end;
	struct report_gone *g = arena_new(r->a, struct report_gone);

	reportread_clear(&report_gone_shape, g);
	reportread_members(r, obj, &report_gone_shape, g);
	if (run->gone_end)
		run->gone_end->next = g;
	else
		run->gone = g;
	run->gone_end = g;
}

static void
read_allow(struct reportread *r, const struct json_value *obj)
{
	struct report_run *run = r->out->run_end;
	struct report_allow *al = arena_new(r->a, struct report_allow);

	reportread_clear(&report_allow_shape, al);
	reportread_members(r, obj, &report_allow_shape, al);
	if (run->allow_end)
		run->allow_end->next = al;
	else
		run->allow = al;
	run->allow_end = al;
}

static const struct record {
	const char *type;
	void (*read)(struct reportread *r, const struct json_value *obj);
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
read_line(struct reportread *r, sv line)
{
	struct json_value obj, type;
	const struct record *rec;
	sv name;

	if (!json_parse(line, &obj) || obj.kind != JSON_OBJECT) {
		reportread_problem(r, "not a JSON object: '", line, "'");
		return;
	}
	if (!json_find(&obj, SV("type"), &type)) {
		reportread_problem(r, "record without a \"type\": ", SV("not printed by "),
		    "raxx-eval");
		return;
	}
	name = json_text(r->a, &type);
	rec = find_record(name);
	if (!rec)
		reportread_problem(r, "unknown record type '", name, "'");
	else if (!r->out->run && rec->read != read_run)
		reportread_problem(r, "no run record before this ", name, "");
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
check_inputs(struct reportread *r, const struct report_run *run)
{
	for (size_t i = 0; i < run->inputs.n; i++) {
		const struct report_input *in = &run->inputs.item[i];
		int64_t left = report_unaccounted(in);

		if (left != 0 && left != REPORT_NONE)
			reportread_problem(r, "input '", in->name,
			    "': read is not stored + duplicates + rejected + "
			    "blank");
	}
}

static void
check_findings(struct reportread *r, const struct report_verdict *v)
{
	if (v->claimed != REPORT_NONE && (size_t)v->claimed != v->nfindings) {
		buf_clear(&r->tmp);
		buf_printf(&r->tmp, "%.*s: the verdict counts %lld findings, "
		    "%zu follow", SV_ARG(sv_take(v->rule, 64)),
		    (long long)v->claimed, v->nfindings);
		reportread_tell(r, r->line);
	} else if (v->hidden != REPORT_NONE &&
	    (size_t)v->hidden != v->nsuppressed) {
		reportread_problem(r, "", v->rule, ": the verdict counts other suppressed "
		    "findings than follow");
	} else if (v->nfindings ? v->result == REPORT_CLEAR
				: v->result == REPORT_FIRED) {
		reportread_problem(r, "", v->rule, ": result and findings do not agree");
	}
}

static void
check_run(struct reportread *r, const struct report_run *run)
{
	r->line = run->line;
	if (run->rules != REPORT_NONE && (size_t)run->rules != run->nverdicts) {
		buf_clear(&r->tmp);
		buf_printf(&r->tmp, "the catalog has %lld rules, %zu verdicts "
		    "follow", (long long)run->rules, run->nverdicts);
		reportread_tell(r, r->line);
	}
	check_inputs(r, run);
	for (const struct report_verdict *v = run->verdict; v; v = v->next)
		check_findings(r, v);
}

void
report_read(struct arena *a, sv text, bool show_personal, struct report *out)
{
	struct reportread r = { a, out, BUF_INIT, 0, show_personal };

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
