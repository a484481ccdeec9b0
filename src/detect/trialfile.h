/* SPDX-License-Identifier: MIT */
/*
 * trialfile.h: a file of tests that a rule ships, as data. RULES/tests/ID.yml
 * is one YAML document; raxx-rules(1) describes it. A case says which events
 * there were and what of them the log shows, and what the rule must then say.
 * Every text of an event was tried for its placeholders: they resolve.
 */
#ifndef DETECT_TRIALFILE_H
#define DETECT_TRIALFILE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/sv.h"
#include "detect/rule.h"
#include "detect/run.h"
#include "detect/trialtext.h"

struct yaml;

enum trial_kind {
	TRIAL_POSITIVE,  /* the rule fires */
	TRIAL_BELOW,     /* one event less than the threshold */
	TRIAL_AT,        /* exactly the threshold */
	TRIAL_EDGE,      /* a run across a border of clock buckets */
	TRIAL_LOOKALIKE, /* looks like it and is none */
	TRIAL_MISSING,   /* a source is not there */
	TRIAL_PARTIAL,   /* a part of the window was not seen */
	TRIAL_OTHER,     /* anything else; the only kind that may be missing */
	TRIAL_KIND_N
};

extern const char *const trial_kind_name[TRIAL_KIND_N];

/* Members of router:, access: and web:. */
enum trial_member {
	TM_METHOD, TM_PATH, TM_STATUS, TM_BYTES, TM_PROTOCOL,
	TM_CLIENT, TM_FWD, TM_HOST, TM_DYNO, TM_SERVICE, TM_CONNECT, TM_CODE,
	TM_DESC, TM_REQUEST_ID,
	TM_AGENT, TM_REFERER, TM_PEER,
	TM_N
};

enum trial_log { TL_APP, TL_PLATFORM, TL_ROUTER, TL_ACCESS, TL_WEB, TL_N };

/* `times` events, the first `at` behind the start, the others `every` apart. */
struct trial_event {
	int line, col;     /* where it stands in the file */
	int64_t at, every; /* microseconds; every is 0 for one event */
	int64_t times;
	sv seed;
	enum trial_log log;
	sv source, dyno;   /* of app and platform: "app", "web.1" */
	sv text;           /* the message of these; the row of a file */
	sv member[TM_N];   /* of the others; null: not there */
};

struct trial_events {
	struct trial_event *v;
	size_t n;
};

struct trial_span { /* microseconds behind the start */
	int64_t from, to;
};

struct trial_file { /* another input than the log */
	sv name;
	int64_t taken;     /* behind the start; UTC_NONE: its name tells it,
	                    * or it is the end of the window */
	sv header, text;   /* null: none */
	struct trial_events row;
};

enum trial_cover { TC_FULL, TC_NONE, TC_SPANS };
/* How the log came: as a drain, as pulls, or every line in both. */
enum trial_form { TF_DRAIN, TF_PULL, TF_BOTH };

/* Null texts and negative levels are not compared. */
struct trial_finding {
	sv arm, key, note;
	bool has_metric, has_events;
	double metric;
	int64_t events;
	int level; /* enum level */
	int line, col;
};

struct trial_expect {
	enum result result;
	int state;           /* enum rule_state, or -1 */
	sv reason;           /* a part of it, or null */
	double share[2];     /* of the coverage: least, most; -1, 2 */
	uint64_t rejected;   /* lines of the inputs that are none */
	struct trial_finding *finding;
	size_t nfindings;
};

struct trial_case {
	int line, col;
	sv name;
	enum trial_kind kind;
	int64_t window;
	const struct yaml *site[2]; /* facts of file and case, or NULL */
	enum trial_cover cover;
	struct trial_span *span;
	size_t nspans;
	enum trial_form form;
	struct trial_events log;
	struct trial_file *file;
	size_t nfiles;
	struct trial_expect expect;
};

struct trial_doc {
	sv name;             /* of the file, for messages */
	sv rule;
	int64_t start;
	sv not_applicable[TRIAL_KIND_N]; /* reason, or null */
	struct trial_case *c;
	size_t n;
};

enum {
	TRIAL_TIMES_MAX = 100000, /* events of one line */
	TRIAL_DAYS_MAX = 90       /* from the start to anywhere */
};

/* The file's text. Everything in *out lives in the arena or in `text`. False
 * with ST_USAGE "name:line:col: ...": what is wrong and what was expected. */
bool trialfile_read(struct arena *a, sv name, sv text, struct trial_doc *out,
    struct err *e);

/* How each event of *ev stands to the placeholders; i from 0. */
struct trialevent trial_at(const struct trial_event *ev, int64_t start,
    int64_t i, bool dump);

#endif
