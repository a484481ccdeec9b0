/* SPDX-License-Identifier: MIT */
/*
 * demo.h: what the parts of raxx-demo share: the calendar of the week, the world
 * that is made in memory, and the verbs with which traffic is made.
 */
#ifndef DEMO_H
#define DEMO_H

#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

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
#define SURGE_START AT(17, 16, 8, 0) /* flushes the buffer of 1500 lines */
#define SURGE_END AT(17, 16, 32, 0)
#define DRAIN_START AT(15, 0, 0, 0)
#define DRAIN_END AT(16, 12, 0, 0)
#define LOSS_SINCE AT(15, 3, 40, 12) /* LOSS_LINES are really missing */
#define LOSS_UNTIL AT(15, 3, 41, 30)
#define LOSS_LINES 13
#define EARLY_DUMP AT(15, 12, 0, 0)
#define LATE_DUMP AT(19, 0, 5, 0)
#define PULL_LINES 1500
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
	const char *actor, *role, *action, *type, *resource, *outcome, *reason;
	const char *ip, *rid;
};

struct customer {
	int64_t at;
	size_t order;
	const char *tenant, *actor, *action, *detail;
};

struct truth {
	const char *rule, *arm, *key, *client, *note; /* arm NULL: look-alike */
	const char *allowed; /* highest finding a look-alike may raise */
	int64_t start, end;
	int metric;
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
	struct list events, signups, consoles, customers, truths, holes;
	char token[HOLDER_N][TOKEN_LEN + 1];
	size_t pulls, pulled_lines, drained_lines;
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
	const char *event[2]; /* app events */
};

struct visit {
	const char *token, *client, *forged, *agent;
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
void audit(struct world *w, int64_t at, const char *tenant, const char *actor,
    const char *action, const char *detail);
void serve(struct world *w, const struct request *q);
void fetch(struct world *w, struct rng *r, int64_t at, const char *method,
    const char *path, const char *client, const char *agent, int status);

/* preview.c */
struct visit visit_of(const struct world *w, int holder);
void preview(struct world *w, struct rng *r, const struct visit *v, int64_t at,
    int screen, int status);
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
void platform(struct world *w);
void incidents(struct world *w);

/* tokens.c */
void guessers(struct world *w);

/* screens.c */
void scrapers(struct world *w);

/* console.c */
void refusals(struct world *w);

/* waitlist.c */
void waitlist(struct world *w);

/* files.c */
/* By time; what has one time stays in the order it was made. */
void sort_week(struct world *w);
void write_pulls(struct world *w);
void write_drain(struct world *w);
void dump_signups(struct world *w, int64_t at);
void dump_console(struct world *w);
void dump_customer(struct world *w);
void write_truth(struct world *w);

#endif
