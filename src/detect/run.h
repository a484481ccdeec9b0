/* SPDX-License-Identifier: MIT */
/*
 * run.h: what one evaluation prints. NDJSON, in this order: one `run` record,
 * then per rule (by id) its `verdict`, then every `finding` (by rule, arm, first,
 * key), each followed by its `status` and its `evidence` records, then what
 * became of findings of the run before (by rule, arm, key, first), then the
 * entries of the allow list. Times are RFC 3339 UTC with microseconds. A
 * `finding` line is a pure function of the events and the rule: where the events
 * were read from stands in the `evidence` lines, and what depends on the site,
 * on other runs and on what was seen in the `status` line, so that live use,
 * replay and another copy of the same log print equal finding lines.
 *
 * run      {type, version, window{from,to}, now, catalog{digest,rules},
 *          inputs[{name,digest,format,form,app,dump,arrived,bytes,read,stored,
 *          duplicates,rejected,blank,damaged}],
 *          sources[{name,label,status,records,first,last,gates[rule ids],
 *          prerequisite,flaw}],   status: automated | manual | absent
 *          flaw: what is wrong with the newest dump, or null
 *          wake[{action,source,why,wakes[],lifts[],helps[],high}], see wake.h
 *          coverage[{stream,app,share,share_low,covered_s,unknown_s,window_s,
 *          blind[{from,to,why}],taken,rows,max_id,flaw}], streams and
 *          dumps
 *          cross_check{every,n_router,n_app,matched,n_expected,n_found,
 *          router{estimate,claimed,flagged},app{...}}, null: see crosscheck.h
 *          next_run{daily,hourly,next}, (times or null)
 *          rebaseline{have_days,need_days,due,trigger}}
 * verdict  {type, rule, title, kind, level, route, state, result, reason, sources[],
 *          missing[], prerequisite, last_seen, coverage, share_low, unknown_s,
 *          blind[{from,to,why}], states[{from,to,state,reason}], flips,
 *          last_flip,
 *          arms[{name,on,why,undecided,window_s,threshold,threshold_from,
 *          metric,peak,hits,
 *          dropped_keys,findings,smallest,reach}], findings, suppressed, rule_digest}
 *          state: LIVE MANUAL DEGRADED DORMANT
 *          result: FIRED CLEAR CLEAR_PARTIAL INSUFFICIENT_DATA NOT_EVALUATED
 *          UNDECIDED CANNOT_VERIFY
 *          peak: of the rows that fire the greatest metric; where none does,
 *          the one nearest to the threshold that does not reach it
 *          smallest: size of the smallest run seen with 95 % probability at
 *          this coverage; null when everything was covered
 *          reach: of the window_s before the window's end, the share that was
 *          observed; null when that is all, or it begins within the window
 * finding  {type, id, rule, title, arm, level, route, key_name, key,
 *          metric_name, metric, events, threshold, threshold_from, window_s,
 *          first, last, fired_at, evidence[record ids, at most 10],
 *          evidence_total, note, near_release{version,ts},
 *          near_restart{dyno,event,ts}, near_config{names,ts}, next_step,
 *          author, license, rule_digest}
 * status   {type, finding, status, since, incident, repeats, coverage,
 *          route_to, suppressed{entry,owner,reason,expires}}
 *          status: new | ongoing; null when no run before is known
 *          since: the earliest known run's now that had it
 *          incident: id of its first finding; repeats: findings of it before
 *          this one; both null when a limit kept them from being known
 *          coverage: observed share of the finding's time; null of a posture
 *          finding and of one that rows of dumps alone show
 *          suppressed: by which entry of the allow list, or null
 * evidence {type, finding, record, ts, source, line, byte, summary,
 *          request_id}
 * resolved {type, id, rule, arm, key, first, last, since, status, why}: a
 *          finding of the run before that is gone, where this run could have
 *          seen it.
 *          status: resolved
 *          why: ended | withdrawn (its time is in this window, but the rule
 *          does not find it any more)
 * unresolved {as resolved}: gone, but that says nothing. status: unknown. It is
 *          asked after in later runs too, for seven days from its last event on
 * allow    {type, entry, line, rule, arm, key, client, user_agent, owner,
 *          reason, expires, state, hid}
 *          state: active | expired | unused; hid: findings it covers
 */
#ifndef DETECT_RUN_H
#define DETECT_RUN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/sv.h"

struct store;
struct catalog;
struct chainkey;
struct profile;
struct rule;
struct sift;
struct site;
struct streams;

enum rule_state { STATE_LIVE, STATE_MANUAL, STATE_DEGRADED, STATE_DORMANT, STATE_N };

enum result {
	RESULT_FIRED,
	RESULT_CLEAR,
	RESULT_CLEAR_PARTIAL,
	RESULT_INSUFFICIENT_DATA,
	RESULT_NOT_EVALUATED,
	RESULT_UNDECIDED,
	RESULT_CANNOT_VERIFY,
	RESULT_N
};

extern const char *const state_name[STATE_N];
extern const char *const result_name[RESULT_N];

/* What does not change between the windows of one replay: zero it before the
 * first, release the arena after the last. */
struct run_kept {
	struct arena a;
	struct streams *streams; /* NULL until the first window; so too */
	const struct chainkey *ring; /* the connection's */
	struct sift *sift; /* of the connection, of all windows */
};

struct run_options {
	int64_t from, to; /* window; UTC_NONE = first / last event of the store */
	int64_t now;      /* UTC_NONE = newest event */
	double rule_seconds; /* time limit of one rule; 0 = 10 s */
	struct profile *profile; /* NULL: nobody wants to know */
	struct run_kept *kept; /* NULL: nothing is kept */
	const struct sift *sift; /* NULL: statements run as they stand; set by
	                          * run_eval, unless no_sift */
	bool no_sift;
	unsigned threads; /* of that pass; 0 = 1. What it finds does not differ */
};

/* One pass over the store for those of these rules that may run, and for what a
 * run asks besides; close it (sift.h) before the store. False when the store
 * fails, *out then too. */
bool run_sift(struct store *st, const struct site *site,
    const struct rule *const *rule, size_t n, unsigned threads,
    struct sift **out, struct err *e);

/* Before the store is closed. */
void run_kept_release(struct run_kept *kept);

/* What an earlier run printed; `name` is for messages. */
struct run_before {
	sv name, ndjson;
};

struct run_summary {
	unsigned findings; /* open ones: without those that are suppressed */
	int level_max;     /* highest level of them, -1 none */
	bool blind;        /* a verdict is partial, not evaluated for lack of
	                    * data, or undecided */
};

/* Evaluates every rule over the window and appends the NDJSON to *out. Findings
 * are compared with those of `before`, or with NULL of the newest run recorded
 * in the store that ended before this window ends. Reads only. False when the
 * store fails or `before` is no such run; a rule that fails is a verdict. */
bool run_eval(struct store *st, const struct catalog *c, const struct site *site,
    const struct run_options *opt, const struct run_before *before,
    struct buf *out, struct run_summary *sum, struct err *e);

#endif
