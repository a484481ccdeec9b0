/* SPDX-License-Identifier: MIT */
/*
 * rule.h: the catalog in memory. A rule is one file (Sigma .yml or .sql) with
 * one id and one or more arms; an arm is one way to fire, with its own window
 * and threshold. Both file kinds compile to the same thing: an SQL text whose
 * rows are hits (candidate events), so that evaluation knows one form.
 */
#ifndef DETECT_RULE_H
#define DETECT_RULE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/sv.h"

struct site;
struct window_term;

enum level {
	LEVEL_INFORMATIONAL,
	LEVEL_LOW,
	LEVEL_MEDIUM,
	LEVEL_HIGH,
	LEVEL_CRITICAL,
	LEVEL_N
};

extern const char *const level_name[LEVEL_N]; /* "informational" ... */
/* False when the text is no level. "info" is accepted too. */
bool level_parse(sv v, enum level *out);

/*
 * How the rows of an arm become findings.
 *   ARM_EVENT            each hit fires
 *   ARM_EVENT_COUNT      hits in the window satisfy the condition
 *   ARM_VALUE_COUNT      distinct `val` in the window satisfy the condition
 *   ARM_VALUE_SUM        so does the sum of those `val` that are numbers,
 *   ARM_VALUE_AVG        their mean,
 *   ARM_VALUE_PERCENTILE their percentile (see struct arm),
 *   ARM_VALUE_MEDIAN     that of 50; without a number nothing fires
 *   ARM_TEMPORAL         hits of the steps of a term lie within one window
 *   ARM_TEMPORAL_ORDERED the same, in the order of the steps
 *   ARM_SQL              the statement says itself which hits fire
 */
enum arm_kind {
	ARM_EVENT,
	ARM_EVENT_COUNT,
	ARM_VALUE_COUNT,
	ARM_VALUE_SUM,
	ARM_VALUE_AVG,
	ARM_VALUE_PERCENTILE,
	ARM_VALUE_MEDIAN,
	ARM_TEMPORAL,
	ARM_TEMPORAL_ORDERED,
	ARM_SQL,
	ARM_KIND_N
};

enum cmp_op { CMP_GTE, CMP_GT, CMP_LTE, CMP_LT, CMP_EQ, CMP_NEQ, CMP_N };

struct condition {
	enum cmp_op op;
	int param; /* index in rule.param: the number compared with */
};

/* A named number of a rule. For a Sigma correlation the parameter has the
 * arm's name (a second bound of a range: "ARM.max"). */
struct param {
	sv name;
	double value;    /* in force */
	double floor;    /* as the rule file has it */
	const char *from; /* "rule", "site" or "command line" */
};

struct bind { /* a bound value of a compiled statement, ?1 first */
	enum { BIND_TEXT, BIND_I64, BIND_REAL } kind;
	sv text;
	int64_t num;
	double real;
};

/* In which state of its rule an arm runs. */
enum arm_on {
	ARM_ON_SOURCES,  /* all sources are there */
	ARM_ON_FALLBACK, /* DEGRADED: on what the fallback has */
	ARM_ON_ANY
};

struct arm {
	sv name;        /* "fast"; "main" when a rule has only one */
	enum arm_kind kind;
	enum arm_on on;
	sv *need;       /* "source" or "source.column": without one of them this */
	size_t nneeds;  /* arm alone does not run */
	int64_t window; /* microseconds; 0 for ARM_EVENT */
	struct condition cond[2]; /* all must hold, of the metric */
	size_t ncond;
	double percentile; /* 0 to 100 */
	struct window_term *term; /* temporal kinds without cond: any holds */
	size_t nterms;
	int threshold;  /* index in rule.param a baseline may move, -1 none */
	sv metric;      /* what is counted, in words: "distinct tokens" */
	sv key_name;    /* what the key is, in words: "client" */
	size_t nsteps;  /* temporal kinds: number of base rules, else 1 */
	bool never_baselined; /* threshold 1 by nature */
	bool standing; /* what fired before the window still holds: told too */
	int level;      /* enum level, or -1: the rule's */
	int line;       /* of an ARM_SQL arm in the rule's header */
	sv author, license; /* null: the rule's */
	/*
	 * Correlations of which this one is made: step `step` of its hits are
	 * the records at which such a link fires, in counts only those at which
	 * it begins to.
	 */
	struct arm *link;
	size_t nlinks;
	int step;       /* of a link */
	/*
	 * Sigma arms: own statement with columns rec, ts, hash, nth, key (text,
	 * NULL: dropped and counted), val (any, for value_count), step (from 0).
	 * It takes :from and :to (event time, inclusive) and binds ?1...
	 * ARM_SQL: empty; rule.sql serves all arms and has a column `arm`.
	 */
	sv sql;
	struct bind *bind;
	size_t nbinds;
};

/* A table that a statement may read as a whole, and why. */
struct scan_waiver {
	sv table, why;
	int line;
};

enum rule_status {
	RULE_ACTIVE,
	RULE_PLANNED,  /* metadata only; `reason` says why */
	RULE_UNSERVED  /* needs a log source or column no source has; `reason` */
};

struct rule_place { /* in the rule's file, from 1 */
	int line, col;
};

struct rule {
	sv id;          /* "DET-BETA-001", or the Sigma id, or its name/title */
	sv title, description, author, license;
	sv file;        /* path as loaded */
	int line;
	struct rule_place id_at;
	sv digest;      /* SHA-256 of the file, 64 hex digits; of that and the
	                 * others its parts stand in, if there are such */
	sv *part;       /* those other files */
	size_t nparts;
	enum level level;
	enum rule_status status;
	bool posture;   /* a fact about the deployment, not a detection */
	sv reason;      /* of planned and unserved rules */
	struct rule_place reason_at; /* of what no source has; line 0: in
	                              * another file */
	sv route;       /* immediate, same-day, digest */
	sv prerequisite; /* what would wake it when its sources are missing */
	sv next_step;   /* what a person should do with a finding */
	sv *source;     /* all needed: names of detect/source.h */
	size_t nsources;
	sv *fallback;   /* all needed instead: the rule is then DEGRADED */
	size_t nfallbacks;
	sv *site_fact;  /* keys of site.yml bound as JSON arrays :NAME */
	size_t nsite_facts;
	int64_t suppress; /* firing runs closer than this are one finding */
	int64_t lookback; /* largest window of its arms */
	struct param *param;
	size_t nparams;
	struct arm *arm;
	size_t narms;
	/*
	 * ARM_SQL rules: one SELECT with named parameters. Columns, by name:
	 * arm, key, ts, rec, hash, nth, metric (number), fire (0/1); optional
	 * note (text), level (text), result (text). rec is 0 where a finding is
	 * about something that is not there. A row with a result is no
	 * hit: it says that its arm cannot decide, and `note` why; see hits.h.
	 * Parameters: every param by name, site facts as JSON, and those of
	 * hits.h (microseconds; the statement itself looks back before :from
	 * as far as its windows need).
	 */
	sv sql;
	int sql_line;   /* line of the file where sql starts */
	struct scan_waiver *scan;
	size_t nscans;
};

struct catalog {
	struct rule **rule; /* sorted by id */
	size_t n;
	sv digest;          /* over ids and digests, 64 hex digits */
};

enum { RULE_FILE_MAX = 1 << 20 }; /* bytes */

/* An input of the loader, so that it can be tested without files. */
struct rule_file {
	sv name;
	sv text;
};

struct rules {
	struct rule **rule; /* in the order of the files */
	size_t n;
	struct err *error;  /* "file:line:col: message", one a bad file */
	size_t nerrors;
	sv *warning;        /* "file:line:col: warning: ...": what loads, but is
	                     * hardly meant so */
	size_t nwarnings;
};

/*
 * Loads files (kind by their ending .yml/.yaml/.sql) that belong together:
 * Sigma documents may refer to those of other files. A bad file does not stop
 * the others. A field that no source has is an error in a file with a raxx:
 * id, which is written for us; a public rule becomes RULE_UNSERVED, unless
 * `strict`. Placeholders stand for lists of the site, which may be NULL.
 */
void rules_load(struct arena *perm, const struct rule_file *f, size_t nfiles,
    const struct site *site, bool strict, struct rules *out);
/* rules_load of files. */
void rules_read(struct arena *perm, const char *const *path, size_t nfiles,
    const struct site *site, bool strict, struct rules *out);

/* Appends a rule to an array (*out, *n) in the arena. */
void rules_append(struct arena *a, struct rule ***out, size_t *n,
    struct rule *r);

/* rules_load of one file without a site; its rules are appended to the array
 * (*out, *n) in the arena. */
bool rule_load(struct arena *perm, struct rule_file f, bool strict,
    struct rule ***out, size_t *n, struct err *e);
/* rule_load, not strict, of a file. */
bool rule_read(struct arena *perm, const char *path, struct rule ***out,
    size_t *n, struct err *e);

/* Does the name of a file end as that of a rule does? */
bool rule_is_file(sv name);
/* Paths of all *.yml, *.yaml and *.sql of a directory, in byte order of their
 * names, not below it. */
bool rule_files(struct arena *a, const char *dir, const char ***out, size_t *n,
    struct err *e);

/* Says at the id of r that `old` has it; false. */
bool rule_twice(const struct rule *old, const struct rule *r, struct err *e);

/* Every *.yml, *.yaml and *.sql of a directory, in byte order of their names,
 * not below it. Duplicate ids are errors. Overrides from site.yml
 * `thresholds` are applied; an override that names no rule or parameter of
 * the catalog is an error, and so is one below 0 of what is above 0 in the
 * rule. */
bool catalog_load(struct arena *perm, const char *dir, const struct site *site,
    struct catalog *out, struct err *e);
/* "RULE.param=number" from a command line; as in site.yml. */
bool catalog_override(struct catalog *c, sv text, struct err *e);
struct rule *catalog_find(const struct catalog *c, sv id);

#endif
