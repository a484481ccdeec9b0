/* SPDX-License-Identifier: MIT */
/*
 * report.h: what raxx-eval printed (detect/run.h), as plain structs. Text is
 * borrowed from the input or lives in the arena; unless asked otherwise every
 * e-mail address in it is masked already, so that no writer of pages can
 * forget to. A member that the record lacks, or has as null, is a null view,
 * REPORT_NONE or NAN. Nothing here is escaped.
 */
#ifndef OUTPUT_REPORT_H
#define OUTPUT_REPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/sv.h"

#define REPORT_NONE INT64_MIN /* no number, or no time (UTC_NONE) */

/* FIRED is worst; the order says nothing else. OTHER is a word we do not
 * know: it is shown as it came. */
enum report_result {
	REPORT_FIRED,
	REPORT_CLEAR,
	REPORT_CLEAR_PARTIAL,
	REPORT_INSUFFICIENT_DATA,
	REPORT_NOT_EVALUATED,
	REPORT_UNDECIDED,
	REPORT_CANNOT_VERIFY,
	REPORT_OTHER,
	REPORT_RESULT_N
};

struct report_texts {
	sv *item;
	size_t n;
};

struct report_blind { /* a span in which nothing could be seen */
	int64_t from, to;
	sv why;
};

struct report_blinds {
	struct report_blind *item;
	size_t n;
};

struct report_input {
	sv name, format, form, damaged;
	int64_t read, stored, duplicates, rejected, blank; /* NONE or >= 0 */
};

struct report_inputs {
	struct report_input *item;
	size_t n;
};

struct report_source {
	sv name, label, status, prerequisite, flaw;
	int64_t records, first, last;
	struct report_texts gates; /* rule ids */
};

struct report_sources {
	struct report_source *item;
	size_t n;
};

struct report_stream { /* of log lines, or a dump */
	sv stream, app;
	double share, share_low, covered_s, unknown_s, window_s;
	int64_t taken, rows, max_id; /* of a dump */
	sv flaw;
	struct report_blinds blind;
};

struct report_streams {
	struct report_stream *item;
	size_t n;
};

struct report_side { /* of the cross-check */
	double estimate, claimed;
	sv flagged; /* "true", "false" */
};

struct report_wake { /* what to do next for sight */
	sv action, source, why;
	struct report_texts wakes, lifts, helps; /* rule ids */
	int64_t high;
};

struct report_wakes {
	struct report_wake *item;
	size_t n;
};

struct report_arm {
	sv name, threshold_from, metric;
	double window_s, threshold, peak, smallest;
	int64_t dropped_keys, findings;
};

struct report_arms {
	struct report_arm *item;
	size_t n;
};

struct report_verdict {
	struct report_verdict *next;
	sv rule, title, kind, state, result_name, reason, prerequisite;
	enum report_result result;
	struct report_texts missing;
	struct report_blinds blind;
	struct report_arms arms;
	int64_t last_seen;
	int64_t flips; /* of its state, within the window */
	int64_t claimed; /* findings as the record says */
	int64_t hidden;  /* of these suppressed, as the record says */
	double coverage, share_low;
	size_t nfindings; /* finding records of this rule */
	size_t nsuppressed; /* of these */
};

struct report_evidence {
	struct report_evidence *next;
	sv source, summary, request_id;
	int64_t ts, line;
};

struct report_finding {
	struct report_finding *next;
	sv id, rule, title, arm, level, route, key_name, key, metric_name;
	sv threshold_from, note, next_step, author, license;
	double metric, threshold, window_s;
	int64_t events, first, last, fired_at, evidence_total;
	struct {
		sv version;
		int64_t ts;
	} release;
	struct {
		sv dyno, event;
		int64_t ts;
	} restart;
	struct {
		sv names;
		int64_t ts;
	} config;
	/* from its status record */
	sv status, incident, route_to;
	int64_t since, repeats;
	double coverage;
	struct {
		int64_t entry; /* of the allow list; NONE: it is open */
		sv owner, reason;
		int64_t expires;
	} suppressed;
	struct report_evidence *evidence, *evidence_end;
	size_t nevidence;
};

/* A finding of the run before that is gone. */
struct report_gone {
	struct report_gone *next;
	sv id, rule, arm, key, status, why;
	int64_t first, last;
};

/* An entry of the allow list, and what it hid. */
struct report_allow {
	struct report_allow *next;
	sv rule, arm, key, client, user_agent, owner, reason, state;
	int64_t entry, line, expires, hid;
};

struct report_run {
	struct report_run *next;
	sv version, digest;
	int64_t line; /* of the input, for messages */
	int64_t from, to, now, rules;
	struct report_inputs inputs;
	struct report_sources sources;
	struct report_streams coverage;
	struct report_wakes wake;
	bool has_wake; /* the record has the list, if only an empty one */
	struct {
		int64_t every, n_router, n_app, matched, n_expected, n_found;
		struct report_side router, app;
	} cross;
	struct {
		sv daily, hourly, next;
	} next_run;
	struct {
		sv have_days, need_days, due, trigger;
	} rebaseline;
	struct report_verdict *verdict, *verdict_end;
	struct report_finding *finding, *finding_end;
	struct report_gone *gone, *gone_end;
	struct report_allow *allow, *allow_end;
	size_t nverdicts;
	size_t nfindings, nsuppressed; /* all, and those that are not open */
};

/* A check of the deployment, no detection. */
static inline bool
report_is_posture(const struct report_verdict *v)
{
	return sv_is(v->kind, "posture");
}

static inline bool
report_is_open(const struct report_finding *f)
{
	return f->suppressed.entry == REPORT_NONE;
}

/* Something in the input that is not as it should be. */
struct report_problem {
	struct report_problem *next;
	int64_t line; /* from 1 */
	sv text;
};

struct report {
	struct report_run *run, *run_end;
	struct report_problem *problem, *problem_end;
	size_t nruns, nproblems;
};

/*
 * Reads NDJSON text. A line that cannot be used is a problem and the rest is
 * read; so is a run whose own numbers do not agree with the records that
 * follow it (rules, findings, lines of an input).
 */
void report_read(struct arena *a, sv text, bool show_personal,
    struct report *out);

/* read - (stored + duplicates + rejected + blank); REPORT_NONE when one of
 * the numbers is missing. 0 is how it must be. */
int64_t report_unaccounted(const struct report_input *in);

#endif
