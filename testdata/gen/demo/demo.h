/* SPDX-License-Identifier: MIT */
/*
 * demo.h: what the parts of raxx-demo share: the calendar of the week, the
 * world that is made in memory, and the verbs with which traffic is made.
 */
#ifndef DEMO_H
#define DEMO_H

#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#ifdef __GNUC__
#define PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#else
#define PRINTF(fmt, args)
#endif
#define countof(a) (sizeof(a) / sizeof(*(a)))

/* A time is microseconds since 2026-06-01T00:00:00Z: all of it is in June. */
#define SEC INT64_C(1000000)
#define MINUTE (60 * SEC)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)
#define AT(day, h, m, s) (((day)-1) * DAY + (h)*HOUR + (m)*MINUTE + (s)*SEC)
#define JUNE_1 INT64_C(1780272000) /* as seconds since 1970 */

#define FIRST_DAY 12
#define LAST_DAY 18
#define WEEK_START AT(12, 0, 0, 0)
#define WEEK_END AT(19, 0, 0, 0)
#define ROUTER2_AT AT(16, 9, 0, 0)  /* the app moves to Router 2.0 */
#define SCALED_UP AT(17, 16, 40, 0) /* web.2 exists between these two */
#define SCALED_DOWN AT(17, 17, 30, 0)
#define WORKER_UP AT(15, 0, 30, 0) /* by somebody who may not */
#define WORKER_DOWN AT(15, 8, 40, 0)
#define MISCONFIGURED AT(18, 19, 46, 0) /* nothing of the preview works */
#define SURGE_START AT(17, 16, 8, 0)    /* flushes the buffer of 1500 lines */
#define SURGE_END AT(17, 16, 32, 0)
#define DRAIN_START AT(15, 0, 0, 0)
#define DRAIN_END AT(16, 12, 0, 0)
#define LOSS_SINCE AT(15, 3, 40, 12) /* LOSS_LINES are really missing */
#define LOSS_UNTIL AT(15, 3, 41, 30)
#define LOSS_LINES 13
#define EARLY_DUMP AT(15, 12, 0, 0)
#define LATE_DUMP AT(19, 0, 5, 0)
#define PULL_LINES 1500
#define SERVICE_ACCOUNT "e2e"
#define REGULAR "regular"
#define MONITOR_TOKEN "own tests"
#define SCREENSHOT_JOB "192.0.2.70"
#define SCREENS 60

#define APP "raxx-api-prod"
#define HOST "api.raxx.example"
#define PREVIEW "/api/beta/preview/"

enum source {
	ROUTER,
	ROUTER2,
	DYNO1,
	DYNO2,
	APP1,
	APP2,
	API,
	LOGPLEX,
	WORKER,
	RUN,
	RUN2,
	RELEASE,
	POSTGRES,
	SOURCE_N
};

struct list {
	void *items;
	size_t n, cap;
};

struct event {
	int64_t at;
	size_t order; /* breaks ties: events keep the order they were made in */
	enum source source;
	const char *text;
};

struct signup {
	int64_t at, confirmed; /* confirmed 0: never */
	size_t order;
	const char *email, *origin, *ip, *agent, *referrer;
};

struct console {
	int64_t at;
	size_t order;
	const char *actor, *role, *tenant; /* tenant NULL: our own staff */
	const char *action, *type, *resource, *owner;
	const char *outcome, *reason, *ip, *rid;
};

/* What becomes of an audit row between the early dump and the late one. */
enum fate {
	KEPT,
	EDITED,    /* another detail under the old MAC */
	REWRITTEN, /* another detail, and all MACs from there on made anew */
	REMOVED,
	UNDONE, /* a restored backup does not have it: its seq comes again */
	ERASED, /* the rows of its tenant begin behind it */
	CHECKPOINT, /* says where the erased rows ended */
	RESEAL      /* says where the backup ended */
};

struct customer {
	int64_t at; /* when it was inserted: rows get their ids in that order */
	int64_t created;
	size_t order;
	const char *tenant, *actor, *action, *detail;
	const char *key; /* key_id */
	enum fate fate;
	int64_t id;
};

/* What Sentry groups errors by. */
enum issue {
	CONSOLE_DOWN,
	PARTIAL_FAILS,
	SCREEN_FAILS,
	REPORT_FAILS,
	SEARCH_TIMEOUT,
	CACHE_STALE,
	MAIL_REFUSED,
	PAYMENT_TIMEOUT,
	SHARE_LINK, /* new with release v89 */
	WORKER_BOOT,
	CLIENT_GONE,
	STAGING_ONLY,
	IMPORT_LOOP,
	THEME_MISSING, /* new with release v90 */
	ISSUE_N
};

/* An error as Sentry has it. */
struct error {
	int64_t at;
	size_t order;
	enum issue issue;
	const char *path, *person, *ip;
};

struct truth {
	const char *rule, *arm, *key, *client, *note;
	const char *level;   /* of its finding; NULL: a look-alike */
	const char *allowed; /* level of the finding a look-alike may raise */
	int64_t start, end;
	double metric;
	bool open;       /* other events too, before and behind, are in it */
	bool suppressed; /* by the allow list */
	bool drained;    /* only the drain holds all of it */
};

struct hole {
	int64_t start, end;
};

struct block {
	struct block *next;
	size_t used;
	char bytes[1 << 20];
};

struct rng {
	uint64_t state;
};

/* People who hold a valid preview token; the last three are scripted only. */
enum { MONITOR = 12, FAST_SCRAPER, SLOW_SCRAPER, HOLDER_N };
#define TESTERS MONITOR
#define TOKEN_LEN 22

struct world {
	uint64_t seed;
	bool hours_only;
	const char *dir;
	struct rng ids;
	struct block *blocks;
	struct list events, signups, consoles, customers, errors, truths, holes;
	char token[HOLDER_N][TOKEN_LEN + 1];
	size_t pulls, pulled_lines, drained_lines;
	int64_t accessed; /* when the app server logged the last request */
};

struct source_name {
	const char *app, *proc;
	int pri;
};
extern const struct source_name source_of[SOURCE_N];

struct holder {
	const char *client, *away; /* away: a second network, e.g. a phone */
	const char *agent;
};
extern const struct holder holders[HOLDER_N];

struct civil {
	int day, hour, min, sec, us;
};

/* One request as the router, the app server and the app see it. */
struct request {
	int64_t at;
	const char *method, *path;
	const char *client, *forged; /* forged: X-Forwarded-For they sent */
	const char *agent, *rid;
	int status, bytes, ms;
	const char *fault;    /* replaces at=info */
	bool unserved;        /* the app server's own line is missing */
	const char *event[2]; /* app events */
};

/* Somebody who signs in or registers. */
struct ceremony {
	const char *id; /* NULL: the page asks without an identifier */
	const char *client, *forged, *agent;
	bool known, registers;
	int bytes; /* of the answer; 0: as always */
};

/* What people did, in order of time; a restart makes a new dyno instance. */
struct operation {
	int64_t at;
	const char *line[2];
	bool restart;
	int release; /* 0: none */
};
extern const struct operation operations[];
extern const size_t operation_n;

enum guise { PLAIN, ROTATES, FORGES }; /* how they try to hide */

struct visit {
	const char *token, *client, *forged, *agent;
};

/* A page of the preview, in whatever spelling. */
struct view {
	const char *method; /* NULL: GET */
	const char *tail;   /* of the path, behind the token */
	int screen, status;
	bool unserved; /* the app server's line of it is missing */
};

/* world.c */
void die(const char *what, const char *name);
void *slot(struct list *l, size_t size);
PRINTF(2, 0)
char *vtext(struct world *w, const char *fmt, va_list ap);
PRINTF(2, 3)
char *text(struct world *w, const char *fmt, ...);
void world_release(struct world *w);
uint64_t mix(uint64_t z);
uint64_t draw(struct rng *r);
uint64_t hash(const char *s);
struct rng stream(const struct world *w, const char *name);
int below(struct rng *r, int n);
int between(struct rng *r, int lo, int hi);
int64_t within(struct rng *r, int64_t span);
void pace(
    struct rng *r, int64_t start, int64_t span, int loose, int n, int64_t *out);
char *new_id(struct world *w);
void new_token(struct rng *r, char out[TOKEN_LEN + 1]);
char *hashed(struct world *w, const char *s);
struct civil civil(int64_t at);
const char *log_time(int64_t at, char out[64]);
const char *zulu(int64_t at, char out[64]);
const char *file_stamp(int64_t at, char out[64]);
const char *sql_time(struct world *w, int64_t at);

/* record.c */
PRINTF(4, 5)
void say(struct world *w, int64_t at, enum source source, const char *fmt, ...);
void plant(struct world *w, struct truth t);
struct customer *audit(struct world *w, int64_t at, const char *tenant,
    const char *actor, const char *action, const char *detail);
/* These return when the router logged it: that is the time rules see. */
int64_t serve(struct world *w, const struct request *q);
int64_t fetch(struct world *w, struct rng *r, int64_t at, const char *method,
    const char *path, const char *client, const char *agent, int status);

/* preview.c */
struct visit visit_of(const struct world *w, int holder);
const char *guest(struct world *w, const char *name);
void accepted(struct world *w, const char *token, int64_t at);
int preview_status(int64_t at, int status); /* what becomes of it then */
int64_t preview(struct world *w, struct rng *r, const struct visit *v,
    int64_t at, int screen, int status);
int64_t view(struct world *w, struct rng *r, const struct visit *v, int64_t at,
    const struct view *q);
int64_t show_nda(struct world *w, const struct visit *v, int64_t at);
int64_t accept_nda(struct world *w, const struct visit *v, int64_t at);
void assets(struct world *w, struct rng *r, const struct visit *v, int64_t at);
void testers(struct world *w);

/* ordinary.c */
int64_t next_time(struct rng *r, int64_t at, int rate);
void metrics(struct world *w);
void probes(struct world *w);
void customers(struct world *w);
void visitors(struct world *w);
void surge(struct world *w);
void logins(struct world *w);

/* platform.c */
const char *instance(struct world *w, int64_t at, int dyno);
int release_at(int64_t at); /* version of the release that runs then */
void platform(struct world *w);
void incidents(struct world *w);

/* dynos.c */
void dynos(struct world *w);

/* tokens.c */
const char *disguised(
    struct world *w, const char *client, enum guise guise, int i);
void guessers(struct world *w);
void forgers(struct world *w);

/* screens.c */
void scrapers(struct world *w);
void harvesters(struct world *w);

/* nda.c */
void strangers(struct world *w);

/* outages.c */
void outages(struct world *w);

/* signin.c */
const char *account(struct world *w, const char *id);
int64_t begin(
    struct world *w, struct rng *r, const struct ceremony *c, int64_t at);
int64_t finish(
    struct world *w, struct rng *r, const struct ceremony *c, int64_t at);
void signins(struct world *w);

/* sessions.c */
void sessions(struct world *w);

/* console.c */
void console(struct world *w, struct console row);
void change_role(struct world *w, int64_t at, const char *by,
    const char *action, const char *actor);
void refusals(struct world *w);

/* rbac.c */
void pokers(struct world *w);

/* waitlist.c */
const char *name_of(int i);
const char *domain_of(int i);
void signup(struct world *w, struct rng *r, struct signup row, int status);
void waitlist(struct world *w);
void waves_of_signups(struct world *w);

/* mails.c */
void batches_of_mails(struct world *w);

/* audit.c */
bool is_read_only(int64_t at);
void audit_log(struct world *w);
void number_rows(struct world *w);
void dump_customer(struct world *w, int64_t at);

/* sentry.c */
void report(struct world *w, int64_t at, enum issue issue, const char *path,
    const char *person, const char *ip);
void errors(struct world *w);
void write_sentry(struct world *w);

/* statements.c */
void slow_statements(struct world *w);
void write_statements(struct world *w);

/* exports.c */
void facts_of_the_deployment(struct world *w);
void write_exports(struct world *w);

/* keys.c */
#define AUDIT_KEY_LEN 32
void audit_key(
    const struct world *w, const char *id, uint8_t out[AUDIT_KEY_LEN]);
const char *hex(struct world *w, const uint8_t *bytes, size_t n);
const char *token_key(struct world *w, const char *token);
void write_keys(struct world *w);
void write_facts(struct world *w);

/* files.c */
FILE *create(const char *path);
void close_file(FILE *f, const char *path);
/* psql csv: NULL is nothing at all, an empty string is "". */
void csv_row(FILE *f, const char *const *field, size_t n);
#define ROW(f, ...)                                      \
	csv_row(f, (const char *const[]){ __VA_ARGS__ }, \
	    countof(((const char *const[]){ __VA_ARGS__ })))
/* By time; what has one time stays in the order it was made. */
void sort_week(struct world *w);
void write_pulls(struct world *w);
void write_drain(struct world *w);
void dump_signups(struct world *w, int64_t at);
void dump_console(struct world *w);

/* truth.c */
void write_truth(struct world *w);

#endif
