/* SPDX-License-Identifier: MIT */
/*
 * raxx-demo: a seeded week of beta traffic, as a user of raxx would hold it.
 *
 *	raxx-demo [--seed N] [--hours-only] OUTDIR
 *
 * First the whole week of one app is made in memory, event by event: ordinary
 * traffic from random numbers, attacks and look-alikes from the tables below.
 * Then the files are written, and they hold only what exports would hold:
 * hourly pulls of at most 1500 lines, one drain archive of a day and a half
 * (not with --hours-only) and dumps of three tables. truth.json names what was
 * planted. The same seed gives the same bytes.
 *
 * Addresses: 198.51.100.0/24 attacks, 192.0.2.0/24 testers, staff and
 * look-alikes, 203.0.113.0/24 customers and visitors, 2001:db8::/32 any.
 */
#define _POSIX_C_SOURCE 200809L
#define ZLIB_CONST
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

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

static const struct {
	const char *app, *proc;
	int pri;
} source_of[] = {
	[ROUTER] = { "heroku", "router", 158 },
	[ROUTER2] = { "heroku", "router", 134 },
	[DYNO1] = { "heroku", "web.1", 45 },
	[DYNO2] = { "heroku", "web.2", 45 },
	[APP1] = { "app", "web.1", 190 },
	[APP2] = { "app", "web.2", 190 },
	[API] = { "app", "api", 133 },
	[LOGPLEX] = { "heroku", "logplex", 172 },
};
_Static_assert(countof(source_of) == SOURCE_N, "a row per source");

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

static const struct {
	const char *client, *away; /* away: a second network, e.g. a phone */
	const char *agent;
} holders[HOLDER_N] = {
	{ "192.0.2.11", NULL, "Mozilla/5.0 (Macintosh) Safari/619.1" },
	{ "192.0.2.12", "2001:db8:12:7::52", "Mozilla/5.0 (iPhone) Mobile" },
	{ "192.0.2.13", NULL, "Mozilla/5.0 (X11; Linux) Firefox/139.0" },
	{ "2001:db8:14:1::9", NULL, "Mozilla/5.0 (Windows) Edg/137.0" },
	{ "192.0.2.15", NULL, "Mozilla/5.0 (Windows) Chrome/137.0" },
	{ "192.0.2.16", "2001:db8:16:2::a4", "Mozilla/5.0 (Android) Chrome" },
	{ "2001:db8:17:3::1", NULL, "Mozilla/5.0 (Macintosh) Chrome/137.0" },
	{ "192.0.2.18", NULL, "Mozilla/5.0 (X11; Linux) Chrome/137.0" },
	{ "192.0.2.19", NULL, "Mozilla/5.0 (iPad) Safari/619.1" },
	{ "2001:db8:20:1::77", NULL, "Mozilla/5.0 (Windows) Firefox/139.0" },
	{ "192.0.2.21", NULL, "Mozilla/5.0 (Macintosh) Firefox/139.0" },
	{ "192.0.2.22", NULL, "Mozilla/5.0 (Windows) Chrome/136.0" },
	[MONITOR] = { "192.0.2.251", NULL, "RaxxMonitor/1.4" },
	[FAST_SCRAPER] = { "198.51.100.150", NULL, "Mozilla/5.0 Chrome/120.0" },
	[SLOW_SCRAPER] = { "198.51.100.160", NULL, "Mozilla/5.0 Chrome/121.0" },
};

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

/* --- memory, text, chance ------------------------------------------------ */

static void
die(const char *what, const char *name)
{
	fprintf(stderr, "raxx-demo: %s: %s: %s\n", what, name, strerror(errno));
	exit(3);
}

/* A new zeroed item at the end of l; valid until the next slot(). */
static void *
slot(struct list *l, size_t size)
{
	if (l->n == l->cap) {
		size_t cap = l->cap ? 2 * l->cap : 256;
		void *p = realloc(l->items, cap * size);

		if (!p)
			die("out of memory", "list");
		l->items = p;
		l->cap = cap;
	}
	return memset((char *)l->items + l->n++ * size, 0, size);
}

static char *
keep(struct world *w, const char *s, size_t n)
{
	char *p;

	if (!w->blocks || sizeof w->blocks->bytes - w->blocks->used <= n) {
		struct block *b = malloc(sizeof *b);

		if (!b)
			die("out of memory", "text");
		b->next = w->blocks;
		b->used = 0;
		w->blocks = b;
	}
	p = w->blocks->bytes + w->blocks->used;
	memcpy(p, s, n);
	p[n] = '\0';
	w->blocks->used += n + 1;
	return p;
}

PRINTF(2, 0)
static char *
vtext(struct world *w, const char *fmt, va_list ap)
{
	char buf[2048];
	int n = vsnprintf(buf, sizeof buf, fmt, ap);

	if (n < 0 || (size_t)n >= sizeof buf)
		die("text too long", fmt);
	return keep(w, buf, (size_t)n);
}

PRINTF(2, 3)
static char *
text(struct world *w, const char *fmt, ...)
{
	va_list ap;
	char *s;

	va_start(ap, fmt);
	s = vtext(w, fmt, ap);
	va_end(ap);
	return s;
}

static void
world_release(struct world *w)
{
	struct block *b, *next;

	for (b = w->blocks; b; b = next) {
		next = b->next;
		free(b);
	}
	free(w->events.items);
	free(w->signups.items);
	free(w->consoles.items);
	free(w->customers.items);
	free(w->truths.items);
	free(w->holes.items);
}

static uint64_t
mix(uint64_t z)
{
	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

static uint64_t
draw(struct rng *r)
{
	return mix(r->state += UINT64_C(0x9e3779b97f4a7c15));
}

static uint64_t
hash(const char *s)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	for (; *s; s++)
		h = (h ^ (unsigned char)*s) * UINT64_C(0x100000001b3);
	return mix(h);
}

/*
 * Each kind of traffic has its own stream: one does not disturb another. Never
 * draw twice in one call or initializer: C leaves open which comes first.
 */
static struct rng
stream(const struct world *w, const char *name)
{
	return (struct rng){ mix(w->seed) ^ hash(name) };
}

static int
below(struct rng *r, int n)
{
	return (int)(draw(r) % (uint64_t)n);
}

static int
between(struct rng *r, int lo, int hi)
{
	return lo + below(r, hi - lo + 1);
}

static int64_t
within(struct rng *r, int64_t span)
{
	return (int64_t)(draw(r) % (uint64_t)span);
}

/*
 * n times from within a second of start, span apart from first to last. loose
 * is how far, in thousandths, a gap may differ from the mean gap: 0 is a clock,
 * 750 a person.
 */
static void
pace(struct rng *r, int64_t start, int64_t span, int loose, int n, int64_t *out)
{
	int64_t sum = 0;
	int i;

	out[0] = start += within(r, SEC);
	for (i = 1; i < n; i++)
		out[i] = sum += 1000 - loose + below(r, 2 * loose + 1);
	for (i = 1; i < n; i++)
		out[i] = start + span / sum * out[i];
}

static char *
new_id(struct world *w)
{
	uint64_t a = draw(&w->ids), b = draw(&w->ids);

	return text(w, "%08x-%04x-4%03x-%04x-%012" PRIx64, (unsigned)(a >> 32),
	    (unsigned)(a >> 16 & 0xffff), (unsigned)(a & 0xfff),
	    (unsigned)(0x8000 | (b >> 48 & 0x3fff)),
	    b & UINT64_C(0xffffffffffff));
}

static void
new_token(struct rng *r, char out[TOKEN_LEN + 1])
{
	static const char base62[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz";
	int i;

	for (i = 0; i < TOKEN_LEN; i++)
		out[i] = base62[below(r, 62)];
	out[TOKEN_LEN] = '\0';
}

/* What the app's own keyed hash looks like. */
static char *
hashed(struct world *w, const char *s)
{
	return text(w, "%016" PRIx64, mix(hash(s) ^ w->seed));
}

struct civil {
	int day, hour, min, sec, us;
};

static struct civil
civil(int64_t at)
{
	return (struct civil){ (int)(at / DAY) + 1, (int)(at / HOUR % 24),
		(int)(at / MINUTE % 60), (int)(at / SEC % 60),
		(int)(at % SEC) };
}

static const char *
log_time(int64_t at, char out[64])
{
	struct civil c = civil(at);

	snprintf(out, 64, "2026-06-%02dT%02d:%02d:%02d.%06d+00:00", c.day,
	    c.hour, c.min, c.sec, c.us);
	return out;
}

static const char *
zulu(int64_t at, char out[64])
{
	struct civil c = civil(at);

	snprintf(out, 64, "2026-06-%02dT%02d:%02d:%02d.%06dZ", c.day, c.hour,
	    c.min, c.sec, c.us);
	return out;
}

static const char *
file_stamp(int64_t at, char out[64])
{
	struct civil c = civil(at);

	snprintf(
	    out, 64, "202606%02dT%02d%02d%02dZ", c.day, c.hour, c.min, c.sec);
	return out;
}

/* timestamptz as psql prints it: no zeros at the end of the fraction. */
static const char *
sql_time(struct world *w, int64_t at)
{
	struct civil c = civil(at);
	char us[16];
	size_t n;

	if (!at)
		return NULL;
	snprintf(us, sizeof us, ".%06d", c.us);
	for (n = strlen(us); us[n - 1] == '0'; n--)
		;
	us[n == 1 ? 0 : n] = '\0';
	return text(w, "2026-06-%02d %02d:%02d:%02d%s+00", c.day, c.hour, c.min,
	    c.sec, us);
}

/* --- what is recorded ---------------------------------------------------- */

PRINTF(4, 5)
static void
say(struct world *w, int64_t at, enum source source, const char *fmt, ...)
{
	struct event *e = slot(&w->events, sizeof *e);
	va_list ap;

	va_start(ap, fmt);
	*e = (struct event){ at, w->events.n, source, vtext(w, fmt, ap) };
	va_end(ap);
}

static void
plant(struct world *w, struct truth t)
{
	*(struct truth *)slot(&w->truths, sizeof t) = t;
}

static void
audit(struct world *w, int64_t at, const char *tenant, const char *actor,
    const char *action, const char *detail)
{
	struct customer *c = slot(&w->customers, sizeof *c);

	*c = (struct customer){ at, w->customers.n, tenant, actor, action,
		detail };
}

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

static void
route(struct world *w, const struct request *q, int dyno)
{
	bool new = q->at >= ROUTER2_AT;
	int64_t done = q->at + q->ms * 1000 + 900 + below(&w->ids, 2600);

	say(w, done, new ? ROUTER2 : ROUTER,
	    "%s method=%s path=\"%s\" host=" HOST " request_id=%s"
	    " fwd=\"%s%s%s\" dyno=web.%d connect=%dms service=%dms status=%d"
	    " bytes=%d protocol=%s",
	    q->fault ? q->fault : "at=info", q->method, q->path, q->rid,
	    q->forged ? q->forged : "", q->forged ? ", " : "", q->client, dyno,
	    q->bytes % 2, q->ms, q->status, q->bytes,
	    new ? "http1.1 tls=true tls_version=tls1.3" : "https");
}

static void
serve(struct world *w, const struct request *q)
{
	bool two = q->at >= SCALED_UP + MINUTE && q->at < SCALED_DOWN;
	int dyno = two && draw(&w->ids) % 2 ? 2 : 1;
	enum source app = dyno == 2 ? APP2 : APP1;
	struct civil c = civil(q->at + q->ms * 1000);
	size_t i;

	for (i = 0; i < countof(q->event); i++)
		if (q->event[i])
			say(w, q->at + (int64_t)i * 900, app, "%s",
			    q->event[i]);
	if (!q->fault) /* else the worker never finished it */
		say(w, q->at + q->ms * 1000 + below(&w->ids, 900), app,
		    "10.1.%d.%d - - [%02d/Jun/2026:%02d:%02d:%02d +0000]"
		    " \"%s %s HTTP/1.1\" %d %d \"-\" \"%s\"",
		    q->bytes % 250, q->ms % 250, c.day, c.hour, c.min, c.sec,
		    q->method, q->path, q->status, q->bytes, q->agent);
	route(w, q, dyno);
}

static int
size_of(const char *path, int status)
{
	if (status != 200)
		return status == 304 ? 0 : 207;
	return strcmp(path, "/healthz") ? 90 + (int)(hash(path) % 9000) : 2;
}

static void
fetch(struct world *w, struct rng *r, int64_t at, const char *method,
    const char *path, const char *client, const char *agent, int status)
{
	serve(w,
	    &(struct request){ .at = at,
		.method = method,
		.path = path,
		.client = client,
		.agent = agent,
		.rid = new_id(w),
		.status = status,
		.bytes = size_of(path, status),
		.ms = between(r, 2, 60) });
}

/* --- the preview --------------------------------------------------------- */

struct visit {
	const char *token, *client, *forged, *agent;
};

static struct visit
visit_of(const struct world *w, int holder)
{
	return (struct visit){ w->token[holder], holders[holder].client, NULL,
		holders[holder].agent };
}

static const char *
outcome(int status)
{
	switch (status) {
	case 200:
		return "ok";
	case 302:
		return "nda_interstitial";
	case 403:
		return "nda_required";
	case 401:
	case 404:
		return "invalid";
	default:
		return "error";
	}
}

/* screen 0 is the entry page. */
static void
preview(struct world *w, struct rng *r, const struct visit *v, int64_t at,
    int screen, int status)
{
	const char *rid = new_id(w);
	const char *name = screen ? text(w, "\"s%02d\"", screen) : "null";
	const char *tail = screen ? text(w, "/screens/s%02d", screen) : "";
	const char *event = text(w,
	    "{\"evt\":\"preview.request\","
	    "\"rid\":\"%s\",\"ip\":\"%s\",\"token_h\":\"%s\",\"screen\":%s,"
	    "\"outcome\":\"%s\"}",
	    rid, v->client, hashed(w, v->token), name, outcome(status));
	int bytes = status == 200 ? between(r, 9000, 60000) : 96;

	serve(w,
	    &(struct request){ .at = at,
		.method = "GET",
		.path = text(w, PREVIEW "%s%s", v->token, tail),
		.client = v->client,
		.forged = v->forged,
		.agent = v->agent,
		.rid = rid,
		.status = status,
		.bytes = bytes,
		.ms = between(r, 6, 90),
		.event = { event } });
}

static void
assets(struct world *w, struct rng *r, const struct visit *v, int64_t at)
{
	static const char *const name[] = { "app.77be01.js", "ui.4f1c9b.css",
		"icons.svg", "fonts.woff2" };
	int i, which, n = between(r, 1, 3);

	for (i = 0; i < n; i++) {
		at += within(r, 400000);
		which = below(r, 4);
		fetch(w, r, at, "GET",
		    text(w, "/static/preview/%s", name[which]), v->client,
		    v->agent, below(r, 3) ? 200 : 304);
	}
}

static void
nda_step(struct world *w, const struct visit *v, int64_t at, const char *method,
    const char *evt, int bytes)
{
	const char *rid = new_id(w);
	bool accept = !strcmp(method, "POST");

	serve(w,
	    &(struct request){ .at = at,
		.method = method,
		.path = text(w, PREVIEW "%s/nda", v->token),
		.client = v->client,
		.agent = v->agent,
		.rid = rid,
		.status = 200,
		.bytes = bytes,
		.ms = 14,
		.event = { text(w,
		    "{\"evt\":\"%s\",\"rid\":\"%s\","
		    "\"ip\":\"%s\",\"token_h\":\"%s\"%s}",
		    evt, rid, v->client, hashed(w, v->token),
		    accept ? ",\"version\":\"2026-06\"" : "") } });
	if (accept)
		audit(w, at + 2000, "t-beta",
		    text(w, "tester:%s", hashed(w, v->token)), "nda.accepted",
		    text(w, "{\"token_h\":\"%s\",\"request_id\":\"%s\"}",
			hashed(w, v->token), rid));
}

/* First visit: sent to the NDA page, reads it, accepts; returns when done. */
static int64_t
accept_nda(struct world *w, struct rng *r, const struct visit *v, int64_t at)
{
	preview(w, r, v, at, 0, 302);
	nda_step(w, v, at + 400000, "GET", "nda.shown", 8421);
	at += between(r, 25, 120) * SEC;
	nda_step(w, v, at, "POST", "nda.accepted", 311);
	return at + 2 * SEC;
}

/* Those who accepted before the week have only the row in the audit table. */
static void
accept_earlier(struct world *w, int holder)
{
	const char *h = hashed(w, w->token[holder]);

	audit(w, AT(11, 15, 0, 0) + holder * 7 * MINUTE, "t-beta",
	    text(w, "tester:%s", h), "nda.accepted",
	    text(
		w, "{\"token_h\":\"%s\",\"request_id\":\"%s\"}", h, new_id(w)));
}

#define SESSION_MAX 9

static void
session(
    struct world *w, struct rng *r, const struct visit *v, int64_t at, int base)
{
	int64_t when[SESSION_MAX];
	int i, n = between(r, 4, SESSION_MAX);

	preview(w, r, v, at, 0, 200);
	assets(w, r, v, at + 200000);
	pace(r, at + 9 * SEC, n * 50 * SEC, 750, n, when);
	for (i = 0; i < n; i++) {
		preview(
		    w, r, v, when[i], 1 + (base + below(r, 18)) % SCREENS, 200);
		assets(w, r, v, when[i] + 120000);
	}
}

/* On these days a tester does only what a table below says. */
static const struct {
	int holder, first, last;
} reserved[] = { { 4, 14, 14 }, { 6, 13, 15 }, { 8, 15, 17 } };

static bool
is_reserved(int holder, int day)
{
	size_t i;

	for (i = 0; i < countof(reserved); i++)
		if (reserved[i].holder == holder && day >= reserved[i].first &&
		    day <= reserved[i].last)
			return true;
	return false;
}

static int64_t
session_time(struct rng *r, int day)
{
	if (below(r, 5))
		return AT(day, 12, 0, 0) + within(r, 460 * MINUTE);
	return AT(day, 6, 0, 0) + within(r, 17 * HOUR);
}

static void
tester_week(struct world *w, struct rng *r, int holder)
{
	struct visit v = visit_of(w, holder);
	const char *away = holders[holder].away;
	bool fresh = holder < 5; /* has yet to accept the NDA */
	int day, n;

	if (!fresh)
		accept_earlier(w, holder);
	for (day = FIRST_DAY; day <= LAST_DAY; day++) {
		if (is_reserved(holder, day))
			continue;
		for (n = fresh ? 1 : below(r, 3); n > 0; n--) {
			int64_t at = session_time(r, day);

			if (away && below(r, 2))
				v.client = away;
			if (fresh)
				at = accept_nda(w, r, &v, at);
			fresh = false;
			session(w, r, &v, at, holder * 5);
			v.client = holders[holder].client;
		}
	}
}

static void
testers(struct world *w)
{
	struct rng r = stream(w, "testers");
	int i;

	for (i = 0; i < TESTERS; i++)
		tester_week(w, &r, i);
	for (; i < HOLDER_N; i++)
		accept_earlier(w, i);
}

/* --- ordinary traffic ---------------------------------------------------- */

/* How busy an hour of the day is, in percent. */
static int
busy(int64_t at)
{
	static const int percent[24] = { 12, 8, 6, 5, 5, 8, 15, 25, 40, 55, 70,
		80, 90, 100, 100, 95, 100, 100, 90, 90, 75, 50, 30, 20 };

	return percent[civil(at).hour];
}

/* The next time something happens that a full hour has rate of. */
static int64_t
next_time(struct rng *r, int64_t at, int rate)
{
	return at + 1000 + within(r, 2 * HOUR * 100 / (rate * busy(at)));
}

static const char *instance(struct world *w, int64_t at, int dyno);

static void
sample(struct world *w, struct rng *r, int64_t at, int dyno)
{
	enum source s = dyno == 2 ? DYNO2 : DYNO1;
	const char *id = instance(w, at, dyno);
	int load = between(r, 1, 4) + busy(at) / 6;
	int mem = 18400 + busy(at) * 20 + below(r, 900);

	say(w, at, s,
	    "source=web.%d dyno=%s sample#load_avg_1m=0.%02d"
	    " sample#load_avg_5m=0.%02d sample#load_avg_15m=0.%02d",
	    dyno, id, load, load + 1, load / 2 + 1);
	say(w, at + 87, s,
	    "source=web.%d dyno=%s sample#memory_total=%d.%02dMB"
	    " sample#memory_rss=%d.%02dMB sample#memory_cache=0.66MB"
	    " sample#memory_swap=0.00MB sample#memory_pgpgin=%dpages"
	    " sample#memory_pgpgout=%dpages sample#memory_quota=512.00MB",
	    dyno, id, mem / 100, mem % 100, mem / 100 - 1, mem % 100,
	    48000 + mem, 11000 + mem % 7000);
}

static void
metrics(struct world *w)
{
	struct rng r = stream(w, "metrics");
	int64_t t;

	for (t = WEEK_START + 7 * SEC; t < WEEK_END; t += 20 * SEC) {
		sample(w, &r, t + within(&r, 300000), 1);
		if (t >= SCALED_UP + MINUTE && t < SCALED_DOWN)
			sample(w, &r, t + 6 * SEC + within(&r, 300000), 2);
	}
}

static void
probes(struct world *w)
{
	struct rng r = stream(w, "probes");
	struct visit v = visit_of(w, MONITOR);
	int64_t t;

	for (t = WEEK_START; t < WEEK_END; t += MINUTE)
		fetch(w, &r, t + 31 * SEC + within(&r, 200000), "GET",
		    "/healthz", "192.0.2.250", "UptimeProbe/2.1", 200);
	for (t = WEEK_START; t < WEEK_END; t += 5 * MINUTE)
		preview(w, &r, &v, t + 44 * SEC + within(&r, 3 * SEC), 1, 200);
	plant(w,
	    (struct truth){ .rule = "DET-BETA-002",
		.key = w->token[MONITOR],
		.client = v.client,
		.note =
		    "a monitor polls one screen every 5 minutes all week" });
}

static const struct tenant {
	const char *id, *user, *client, *agent;
} tenants[] = {
	{ "t-acme", "u-acme-1", "203.0.113.21", "acme-sync/3.2" },
	{ "t-acme", "u-acme-2", "203.0.113.21", "Mozilla/5.0 Chrome/137.0" },
	{ "t-birch", "u-birch-1", "203.0.113.34", "Mozilla/5.0 Firefox/139" },
	{ "t-cove", "u-cove-1", "2001:db8:c0:1::11", "Mozilla/5.0 Safari" },
	{ "t-delta", "u-delta-4", "203.0.113.58", "python-requests/2.32" },
	{ "t-ember", "u-ember-2", "203.0.113.71", "Mozilla/5.0 Edg/137.0" },
};

static void
api_call(struct world *w, struct rng *r, int64_t at)
{
	static const struct {
		const char *method, *path, *action;
		bool numbered;
	} calls[] = {
		{ "GET", "/api/v1/projects", NULL, false },
		{ "GET", "/api/v1/projects/", NULL, true },
		{ "GET", "/api/v1/items?page=", NULL, true },
		{ "GET", "/api/v1/me", NULL, false },
		{ "POST", "/api/v1/items", "item.create", false },
		{ "PATCH", "/api/v1/items/", "item.update", true },
		{ "DELETE", "/api/v1/items/", "item.delete", true },
	};
	const struct tenant *t = &tenants[below(r, countof(tenants))];
	size_t i = (size_t)below(r, below(r, 4) ? 4 : countof(calls));
	const char *path = calls[i].path;

	if (calls[i].numbered)
		path = text(w, "%s%d", path, 100 + below(r, 40));
	fetch(w, r, at, calls[i].method, path, t->client, t->agent,
	    i == 4 ? 201 : 200);
	if (calls[i].action) /* detail: NULL, empty and JSON all occur */
		audit(w, at + 3000, t->id, t->user, calls[i].action,
		    i == 6 ? NULL
			: i == 5 && below(r, 2)
			? ""
			: text(w, "{\"path\":\"%s\"}", path));
	if (!below(r, 12))
		say(w, at + 5000, APP1,
		    "level=info msg=\"cache refreshed\""
		    " tenant=%s keys=%d",
		    t->id, between(r, 2, 40));
}

static void
customers(struct world *w)
{
	struct rng r = stream(w, "customers");
	int64_t t = WEEK_START;

	while ((t = next_time(&r, t, 55)) < WEEK_END)
		api_call(w, &r, t);
}

static const char *
visitor(struct world *w, struct rng *r)
{
	int site = between(r, 0x100, 0x1ff), net = below(r, 64);

	if (below(r, 2))
		return text(w, "203.0.113.%d", between(r, 100, 179));
	return text(w, "2001:db8:%x:%x::%x", (unsigned)site, (unsigned)net,
	    (unsigned)between(r, 1, 250));
}

static void
visitors(struct world *w)
{
	static const struct {
		const char *path;
		int status;
	} pages[] = { { "/", 200 }, { "/", 200 }, { "/waitlist", 200 },
		{ "/waitlist", 200 }, { "/robots.txt", 200 },
		{ "/favicon.ico", 200 }, { "/wp-login.php", 404 },
		{ "/.env", 404 } };
	struct rng r = stream(w, "visitors");
	int64_t t = WEEK_START;
	int i;

	while ((t = next_time(&r, t, 30)) < WEEK_END) {
		i = below(&r, countof(pages));
		fetch(w, &r, t, "GET", pages[i].path, visitor(w, &r),
		    "Mozilla/5.0 (compatible)", pages[i].status);
	}
}

/* So many requests that two hourly pulls do not meet. */
static void
surge(struct world *w)
{
	struct rng r = stream(w, "surge");
	int64_t t = SURGE_START;

	while ((t += 1000 + within(&r, 1200000)) < SURGE_END) {
		const char *who = visitor(w, &r);

		fetch(w, &r, t, "GET",
		    below(&r, 3) ? "/" : "/static/site.2ab9.css", who,
		    "Mozilla/5.0 (link preview)", 200);
	}
}

static void
passkey_step(struct world *w, struct rng *r, const struct tenant *t, int64_t at,
    bool finish, const char *fields)
{
	const char *rid = new_id(w);
	const char *created = finish
	    ? text(w,
		  "{\"evt\":\"session.created\","
		  "\"rid\":\"%s\",\"ip\":\"%s\",\"user_h\":\"%s\","
		  "\"method\":\"passkey\",\"ua\":\"%s\"}",
		  rid, t->client, hashed(w, t->user), t->agent)
	    : NULL;

	serve(w,
	    &(struct request){ .at = at,
		.method = "POST",
		.path = text(w, "/api/auth/passkey/login/%s",
		    finish ? "finish" : "options"),
		.client = t->client,
		.agent = t->agent,
		.rid = rid,
		.status = 200,
		.bytes = finish ? 240 : 611,
		.ms = between(r, 8, 30),
		.event = {
		    text(w,
			"{\"evt\":\"auth.passkey.%s\",\"rid\":\"%s\","
			"\"ip\":\"%s\"%s}",
			finish ? "finish" : "begin", rid, t->client, fields),
		    created } });
}

static void
login(struct world *w, struct rng *r, int64_t at)
{
	const struct tenant *t = &tenants[below(r, countof(tenants))];
	const char *id = hashed(w, text(w, "%s@customer.example", t->user));

	if (below(r, 3) == 0) { /* autofill: the page asks, nobody answers */
		passkey_step(w, r, t, at, false, "");
		return;
	}
	passkey_step(
	    w, r, t, at, false, text(w, ",\"id_h\":\"%s\",\"known\":true", id));
	passkey_step(w, r, t, at + between(r, 3, 14) * SEC, true,
	    text(w, ",\"id_h\":\"%s\",\"ok\":true", id));
}

static void
logins(struct world *w)
{
	struct rng r = stream(w, "logins");
	int64_t t = WEEK_START;

	while ((t = next_time(&r, t, 6)) < WEEK_END)
		login(w, &r, t);
}

/* --- the platform -------------------------------------------------------- */

/* What people did, in order of time; a restart makes a new dyno instance. */
static const struct {
	int64_t at;
	const char *line[2];
	bool restart;
} operations[] = {
	{ AT(12, 11, 42, 3),
	    { "Deploy 4f1c9b02 by user dev@raxx.example",
		"Release v86 created by user dev@raxx.example" },
	    true },
	{ AT(13, 13, 31, 10),
	    { "Set CONSOLE_INTERNAL_URL config vars by user ops@raxx.example",
		"Release v87 created by user ops@raxx.example" },
	    true },
	{ AT(14, 14, 5, 48), { NULL, NULL }, true }, /* daily cycling */
	{ AT(15, 15, 17, 30), { NULL, NULL }, true },
	{ AT(16, 8, 58, 20),
	    { "Deploy 9be0c417 by user dev@raxx.example",
		"Release v88 created by user dev@raxx.example" },
	    true },
	{ AT(17, 13, 40, 0),
	    { "Deploy d20a77e1 by user dev@raxx.example",
		"Release v89 created by user dev@raxx.example" },
	    true },
	{ SCALED_UP,
	    { "Scaled to web@2:Standard-1X by user ops@raxx.example", NULL },
	    false },
	{ SCALED_DOWN,
	    { "Scaled to web@1:Standard-1X by user ops@raxx.example", NULL },
	    false },
	{ AT(18, 12, 20, 9),
	    { "Deploy 77ad1c3f by user dev@raxx.example",
		"Release v90 created by user dev@raxx.example" },
	    true },
};

static const char *
instance(struct world *w, int64_t at, int dyno)
{
	uint64_t n = 0, h;
	size_t i;

	for (i = 0; i < countof(operations) && operations[i].at <= at; i++)
		n += operations[i].restart;
	h = mix(w->seed * 1000 + n * 10 + (uint64_t)dyno);
	return text(w, "heroku.2808254.%08x-51c2-4b7e-9d10-%012" PRIx64,
	    (unsigned)(h >> 32), mix(h) >> 16);
}

static void
stop_dyno(struct world *w, int64_t at, enum source dyno, enum source app)
{
	say(w, at, dyno, "Stopping all processes with SIGTERM");
	say(w, at + 40000, app,
	    "[2026-06-%02d %02d:%02d:%02d +0000] [2] "
	    "[INFO] Handling signal: term",
	    civil(at).day, civil(at).hour, civil(at).min, civil(at).sec);
	say(w, at + 900000, dyno, "Process exited with status 0");
}

static void
start_dyno(struct world *w, int64_t at, enum source dyno, enum source app)
{
	static const char *const boot[] = { "Starting gunicorn 23.0.0",
		"Listening at: http://0.0.0.0:24816 (2)",
		"Using worker: gthread", "Booting worker with pid: 9",
		"Booting worker with pid: 10" };
	struct civil c = civil(at + 4 * SEC);
	size_t i;

	say(w, at, dyno,
	    "Starting process with command "
	    "`gunicorn raxx.wsgi:app --workers 2 --access-logfile -`");
	for (i = 0; i < countof(boot); i++)
		say(w, at + 4 * SEC + (int64_t)i * 130, app,
		    "[2026-06-%02d %02d:%02d:%02d +0000] [%d] [INFO] %s", c.day,
		    c.hour, c.min, c.sec, i < 3 ? 2 : (int)i + 6, boot[i]);
	say(w, at + 5 * SEC, dyno, "State changed from starting to up");
}

static void
restart(struct world *w, int64_t at, bool cycling)
{
	say(w, at, DYNO1, cycling ? "Cycling" : "Restarting");
	say(w, at + 2000, DYNO1, "State changed from up to starting");
	stop_dyno(w, at + SEC, DYNO1, APP1);
	start_dyno(w, at + 3 * SEC, DYNO1, APP1);
}

static void
platform(struct world *w)
{
	size_t i, k;

	for (i = 0; i < countof(operations); i++) {
		int64_t at = operations[i].at + 246644;

		for (k = 0; k < 2; k++) /* both at the same microsecond */
			if (operations[i].line[k])
				say(w, at, API, "%s", operations[i].line[k]);
		if (operations[i].restart)
			restart(w, at + 2 * SEC, !operations[i].line[0]);
	}
	start_dyno(w, SCALED_UP + 3 * SEC, DYNO2, APP2);
	stop_dyno(w, SCALED_DOWN + SEC, DYNO2, APP2);
	say(w, SCALED_DOWN + 3 * SEC, DYNO2, "State changed from up to down");
}

/* The drain keeps the blanks in front; `heroku logs` does not. */
static void
traceback(struct world *w, struct rng *r, int64_t at)
{
	static const char *const lines[] = {
		"Internal Server Error: /api/v1/reports",
		"Traceback (most recent call last):",
		"  File \"/app/raxx/reports.py\", line 88, in build",
		"    total = sum(row.amount for row in rows)",
		"            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^",
		"  File \"/app/raxx/models.py\", line 31, in amount",
		"    return self.price * self.count",
		"           ~~~~~~~~~~~^~~~~~~~~~~~",
		"TypeError: can't multiply sequence by 'NoneType'",
	};
	size_t i;

	for (i = 0; i < countof(lines); i++)
		say(w, at + (int64_t)(i / 3) * 21, APP1, "%s", lines[i]);
	fetch(w, r, at, "GET", "/api/v1/reports", "203.0.113.34",
	    "Mozilla/5.0 Firefox/139", 500);
}

static void
faulty(struct world *w, int64_t at, const char *fault, int ms, int status)
{
	serve(w,
	    &(struct request){ .at = at,
		.method = "GET",
		.path = "/api/v1/reports?range=year",
		.client = "203.0.113.58",
		.agent = "-",
		.rid = new_id(w),
		.status = status,
		.ms = ms,
		.fault = fault });
}

static void
incidents(struct world *w)
{
	struct rng r = stream(w, "incidents");
	int i;

	traceback(w, &r, AT(12, 15, 20, 11) + 4410);
	traceback(w, &r, AT(15, 2, 12, 40) + 88120);
	traceback(w, &r, AT(18, 16, 48, 2) + 700);
	faulty(w, AT(13, 17, 9, 0),
	    "at=error code=H12 "
	    "desc=\"Request timeout\"",
	    30000, 503);
	faulty(w, AT(16, 13, 25, 0),
	    "sock=client at=warning code=H27 "
	    "desc=\"Client Request Interrupted\"",
	    4120, 499);
	say(w, AT(14, 16, 0, 1), DYNO1, "Process running mem=523M(102.2%%)");
	say(w, AT(14, 16, 0, 1), DYNO1, "Error R14 (Memory quota exceeded)");
	for (i = 0; i < 3; i++) /* equal lines, and each of them is real */
		say(w, AT(15, 14, 30, 8) + 5150, APP1,
		    "WARNING pool: connection refused, trying again");
}

/* --- planted: DET-BETA-001, guessing preview tokens ---------------------- */

enum guise { PLAIN, ROTATES, FORGES }; /* how they try to hide */

static const struct guess {
	const char *arm; /* NULL: a look-alike */
	const char *client;
	enum guise guise;
	int64_t start, span;
	int loose, n, distinct;
	const char *note;
} guesses[] = {
	{ "fast", "198.51.100.23", PLAIN, AT(12, 14, 21, 30), 7 * MINUTE, 700,
	    14, 14, "14 invalid tokens in 7 minutes" },
	{ "fast", "198.51.100.61", PLAIN, AT(13, 15, 55, 10), 580 * SEC, 200, 8,
	    8, "exactly the threshold, over a 10-minute clock edge" },
	{ "fast", "2001:db8:5a:7::/64", ROTATES, AT(14, 17, 10, 5), 8 * MINUTE,
	    600, 10, 10, "one /64, a new address every time" },
	{ "fast", "198.51.100.77", FORGES, AT(17, 18, 10, 20), 9 * MINUTE, 500,
	    12, 12, "a new forged left X-Forwarded-For every time" },
	{ "slow", "198.51.100.140", PLAIN, AT(15, 11, 40, 0), 8 * HOUR, 600, 18,
	    18, "one invalid token about every 28 minutes" },
	{ NULL, "192.0.2.88", PLAIN, AT(12, 17, 0, 40), 25 * MINUTE, 750, 40, 1,
	    "one expired link reloaded 40 times" },
	{ NULL, "192.0.2.91", PLAIN, AT(16, 14, 30, 15), 9 * MINUTE, 600, 7, 7,
	    "7 invalid tokens in 9 minutes, one under the threshold" },
};

static const char *
guess_address(struct world *w, const struct guess *g, int i)
{
	if (g->guise != ROTATES)
		return g->client;
	return text(w, "2001:db8:5a:7:%x:%x:0:%x", 0x31 * (i + 1),
	    0x1f3 * (i + 5), i + 2);
}

static void
guess(struct world *w, struct rng *r, const struct guess *g)
{
	char token[TOKEN_LEN + 1];
	struct visit v = { token, NULL, NULL, "Mozilla/5.0 (X11) Chrome/125" };
	int64_t when[64];
	int i;

	pace(r, g->start, g->span, g->loose, g->n, when);
	for (i = 0; i < g->n; i++) {
		if (i < g->distinct)
			new_token(r, token);
		v.client = guess_address(w, g, i);
		if (g->guise == FORGES)
			v.forged = text(w, "203.0.113.%d", 3 + 17 * i);
		preview(w, r, &v, when[i], 0, i % 3 ? 404 : 401);
	}
	plant(w,
	    (struct truth){ .rule = "DET-BETA-001",
		.arm = g->arm,
		.key = g->client,
		.client = g->client,
		.start = when[0],
		.end = when[g->n - 1],
		.metric = g->distinct,
		.note = g->note });
}

/* A mail program glued punctuation to the link of a real tester. */
static void
mangled_link(struct world *w, struct rng *r)
{
	static const char *const tail[] = { ".", "%3E", "", ")" };
	struct visit v = visit_of(w, 4);
	const char *token = v.token;
	int64_t at = AT(14, 13, 20, 12);
	size_t i;

	for (i = 0; i < countof(tail); i++, at += 70 * SEC) {
		v.token = text(w, "%s%s", token, tail[i]);
		preview(w, r, &v, at, 0, *tail[i] ? 404 : 200);
	}
	plant(w,
	    (struct truth){ .rule = "DET-BETA-001",
		.key = v.client,
		.client = v.client,
		.metric = 3,
		.note = "mail-mangled variants of one valid token" });
}

/* Mistyped links of unrelated people, over an afternoon. */
static void
strays(struct world *w, struct rng *r)
{
	char token[TOKEN_LEN + 1];
	struct visit v = { token, NULL, NULL, "Mozilla/5.0 (Macintosh)" };
	int64_t when[16];
	int i;

	pace(r, AT(13, 13, 10, 0), 6 * HOUR, 700, 16, when);
	for (i = 0; i < 16; i++) {
		new_token(r, token);
		v.client = text(w, "203.0.113.%d", 180 + i % 10);
		preview(w, r, &v, when[i], 0, 404);
	}
	plant(w,
	    (struct truth){ .rule = "DET-BETA-001",
		.key = "203.0.113.180 .. 203.0.113.189",
		.metric = 2,
		.note = "ten clients with one or two invalid tokens each" });
}

static void
guessers(struct world *w)
{
	struct rng r = stream(w, "guessers");
	size_t i;

	for (i = 0; i < countof(guesses); i++)
		guess(w, &r, &guesses[i]);
	mangled_link(w, &r);
	strays(w, &r);
}

/* --- planted: DET-BETA-002, harvesting screens --------------------------- */

static const struct scrape {
	const char *arm;
	int holder;
	int64_t start, span;
	int n, burst; /* burst: screens fetched within a second of each one */
	const char *note;
} scrapes[] = {
	{ "fast", FAST_SCRAPER, AT(13, 18, 21, 0), 560 * SEC, 31, 0,
	    "31 screens in under 10 minutes on a valid token" },
	{ "slow", SLOW_SCRAPER, AT(15, 12, 5, 0), 390 * MINUTE, 46, 0,
	    "46 screens in a day, about one every 9 minutes" },
	{ NULL, 6, AT(14, 15, 0, 30), 570 * SEC, 24, 0,
	    "an enthusiastic tester: 24 screens in 10 minutes, one under the"
	    " threshold, no more that day" },
	{ NULL, 8, AT(16, 16, 20, 0), 440 * SEC, 5, 5,
	    "5 navigations, each prefetches 5 other screens within 2 seconds,"
	    " then the same ones again on reload" },
};

static void
prefetch(struct world *w, struct rng *r, const struct visit *v, int64_t at,
    int screen, int n)
{
	int i;

	for (i = 1; i <= n; i++)
		preview(
		    w, r, v, at + 250000 * i, 1 + (screen + i) % SCREENS, 200);
}

static void
scrape(struct world *w, struct rng *r, const struct scrape *s)
{
	struct visit v = visit_of(w, s->holder);
	int64_t when[SCREENS];
	int i, k, screen;

	preview(w, r, &v, s->start - 6 * SEC, 0, 200);
	pace(r, s->start, s->span, 850, s->n, when);
	for (i = 0; i < s->n; i++) {
		screen = (s->holder + i * (s->burst + 1)) % SCREENS;
		for (k = 0; k <= (s->burst && i % 2); k++) {
			preview(
			    w, r, &v, when[i] + k * 9 * SEC, 1 + screen, 200);
			prefetch(
			    w, r, &v, when[i] + k * 9 * SEC, screen, s->burst);
		}
		if (!s->arm || i % 4 == 0)
			assets(w, r, &v, when[i] + 1600000);
	}
	plant(w,
	    (struct truth){ .rule = "DET-BETA-002",
		.arm = s->arm,
		.key = v.token,
		.client = v.client,
		.start = when[0],
		.end = when[s->n - 1],
		.metric = s->n,
		.note = s->note });
}

static void
scrapers(struct world *w)
{
	struct rng r = stream(w, "scrapers");
	size_t i;

	for (i = 0; i < countof(scrapes); i++)
		scrape(w, &r, &scrapes[i]);
}

/* --- planted: DET-AUTH-003, refused in the console ----------------------- */

static const struct {
	const char *action, *type;
} permissions[] = {
	{ "billing.refund", "invoice" },
	{ "user.impersonate", "user" },
	{ "flag.update", "feature_flag" },
	{ "key.read", "api_key" },
	{ "tenant.export", "tenant" },
	{ "audit.purge", "audit_log" },
	{ "role.list", "role" }, /* and from here on, new with release v89: */
	{ "report.schedule", "report" },
	{ "report.share", "report_link" },
	{ "report.delete", "report" },
};
#define NEW_PERMISSIONS 7

static const struct denial {
	const char *arm, *actor, *role;
	int64_t start, span;
	int n, first, kinds; /* permissions[first .. first + kinds) */
	bool revoked;        /* their role is taken away just before */
	const char *note;
} denials[] = {
	{ "fast", "op-07", "support", AT(16, 10, 12, 0), 6 * MINUTE, 7, 0, 4,
	    false, "7 denials of 4 different permissions in 6 minutes" },
	{ "slow", "op-11", "support", AT(14, 7, 30, 0), 13 * HOUR, 17, 0, 7,
	    false, "17 denials of 7 different permissions, 49 minutes apart" },
	{ NULL, "op-02", "support", AT(13, 14, 0, 0), 25 * MINUTE, 50, 3, 1,
	    false, "a widget polls one forbidden thing 50 times" },
	{ NULL, "op-05", "analyst", AT(15, 16, 1, 0), 8 * MINUTE, 6, 1, 3, true,
	    "refused within 10 minutes after their role was revoked" },
	{ NULL, "op-01", "admin", AT(17, 13, 46, 0), 8 * MINUTE, 5, 7, 3, false,
	    "misdeploy: four actors meet the same new denials after v89" },
	{ NULL, "op-03", "support", AT(17, 13, 47, 10), 8 * MINUTE, 5, 7, 3,
	    false, "misdeploy: as op-01" },
	{ NULL, "op-04", "support", AT(17, 13, 49, 30), 8 * MINUTE, 6, 7, 3,
	    false, "misdeploy: as op-01" },
	{ NULL, "op-06", "analyst", AT(17, 13, 50, 0), 9 * MINUTE, 5, 7, 3,
	    false, "misdeploy: as op-01" },
};

static void
console(struct world *w, struct console row)
{
	row.order = w->consoles.n;
	row.rid = new_id(w);
	*(struct console *)slot(&w->consoles, sizeof row) = row;
}

static void
deny(struct world *w, int64_t at, const char *actor, const char *role, int i)
{
	console(w,
	    (struct console){ .at = at,
		.actor = actor,
		.role = role,
		.action = permissions[i].action,
		.type = permissions[i].type,
		.resource = text(w, "%s-1", permissions[i].type),
		.outcome = "denied",
		.reason = "missing permission",
		.ip = text(w, "192.0.2.%d", 40 + (int)(hash(actor) % 9)) });
}

static void
denial(struct world *w, struct rng *r, const struct denial *d)
{
	int64_t when[64];
	int i;

	if (d->revoked)
		console(w,
		    (struct console){ .at = d->start - 40 * SEC,
			.actor = "op-01",
			.role = "admin",
			.action = "role.revoke",
			.type = "user",
			.resource = d->actor,
			.outcome = "allowed",
			.ip = "192.0.2.44" });
	pace(r, d->start, d->span, 300, d->n, when);
	for (i = 0; i < d->n; i++)
		deny(w, when[i], d->actor, d->role, d->first + i % d->kinds);
	plant(w,
	    (struct truth){ .rule = "DET-AUTH-003",
		.arm = d->arm,
		.key = d->actor,
		.start = when[0],
		.end = when[d->n - 1],
		.metric = d->n,
		.note = d->note });
}

/* Everyday console work, with a lone denial now and then. */
static void
console_work(struct world *w)
{
	static const char *const actors[] = { "op-01", "op-02", "op-03",
		"op-04", "op-05", "op-06", "op-08" };
	static const char *const work[][2] = { { "tenant.view", "tenant" },
		{ "user.view", "user" }, { "waitlist.invite", "waitlist" },
		{ "ticket.close", "ticket" } };
	struct rng r = stream(w, "console");
	int64_t t = WEEK_START;
	int i, k, n;

	while ((t = next_time(&r, t, 5)) < WEEK_END) {
		i = below(&r, countof(actors));
		k = below(&r, countof(work));
		n = below(&r, 90);
		if (!below(&r, 25)) {
			deny(w, t, "op-08", "support", 0);
			continue;
		}
		console(w,
		    (struct console){ .at = t,
			.actor = actors[i],
			.role = i ? "support" : "admin",
			.action = work[k][0],
			.type = work[k][1],
			.resource = text(w, "%s-%d", work[k][1], n),
			.outcome = "allowed",
			.reason = below(&r, 3) ? NULL : "",
			.ip = text(w, "192.0.2.%d", 40 + i) });
	}
}

static void
refusals(struct world *w)
{
	struct rng r = stream(w, "refusals");
	size_t i;

	for (i = 0; i < countof(denials); i++)
		denial(w, &r, &denials[i]);
	console_work(w);
}

/* --- planted: DET-SIGNUP-001, waitlist velocity -------------------------- */

enum naming { ONE_DOMAIN, MANY_DOMAINS, ALIASES, STAFF };

static const struct join {
	const char *arm, *client;
	enum naming naming;
	int64_t start, span;
	int loose, n, distinct;
	const char *allowed, *note;
} joins[] = {
	{ "fast", "198.51.100.200", ONE_DOMAIN, AT(12, 16, 30, 4), 96 * SEC,
	    100, 7, 7, NULL, "7 addresses of one domain in 96 seconds" },
	{ "hour", "198.51.100.205", ONE_DOMAIN, AT(13, 14, 0, 20), 58 * MINUTE,
	    100, 11, 11, NULL, "11 in an hour, at most 2 in any 10 minutes" },
	{ "slow", "198.51.100.210", ONE_DOMAIN, AT(16, 1, 10, 0), 22 * HOUR,
	    200, 23, 23, NULL, "23 in a day, one an hour" },
	{ NULL, "192.0.2.200", MANY_DOMAINS, AT(14, 18, 0, 30), 50 * MINUTE,
	    400, 12, 12, "INFO",
	    "campus NAT: 12 people, 12 domains, minutes"
	    " apart" },
	{ NULL, "192.0.2.77", ALIASES, AT(17, 15, 3, 0), 8 * MINUTE, 500, 8, 1,
	    NULL, "one mailbox submitted 8 times, with case and plus aliases" },
	{ NULL, "192.0.2.60", STAFF, AT(18, 14, 10, 0), 9 * MINUTE, 400, 9, 9,
	    NULL, "9 staff test rows of the internal domain" },
};

static const char *const people[] = { "ana", "bela", "chidi", "dora", "emre",
	"farah", "goran", "hana", "ivo", "jun", "kofi", "lena", "mira", "nils",
	"oya", "pavel", "quinn", "rosa", "sami", "tove", "uma", "vik", "wen",
	"yara", "zoe" };
static const char *const domains[] = { "example.com", "example.org",
	"example.net", "mailhaven.example", "postbox.test", "letters.example",
	"northmail.test", "studio.example", "uni.example", "homelink.test",
	"harbour.example", "quill.test", "fern.example", "atlas.example" };

static const char *
email(struct world *w, struct rng *r, enum naming naming, int i)
{
	static const char *const alias[] = { "jo.park", "Jo.Park", "jo.park+a",
		"jo.park", "jo.park+beta", "jo.park+c", "JO.PARK+list",
		"jo.park+2" };
	const char *who = people[i % (int)countof(people)];

	switch (naming) {
	case ONE_DOMAIN:
		return text(
		    w, "%s%d@dropbox-mail.test", who, between(r, 100, 999));
	case MANY_DOMAINS:
		return text(
		    w, "%s@%s", who, domains[i % (int)countof(domains)]);
	case ALIASES:
		return text(w, "%s@example.com", alias[i]);
	case STAFF:
		break;
	}
	return text(w, "qa-%s@raxx.example", who);
}

static void
signup(struct world *w, struct rng *r, struct signup row, int status)
{
	row.order = w->signups.n;
	*(struct signup *)slot(&w->signups, sizeof row) = row;
	if (row.ip)
		fetch(w, r, row.at - 9000, "POST", "/api/waitlist", row.ip,
		    row.agent, status);
}

static void
join(struct world *w, struct rng *r, const struct join *j)
{
	int64_t when[64];
	int i;

	pace(r, j->start, j->span, j->loose, j->n, when);
	for (i = 0; i < j->n; i++)
		signup(w, r,
		    (struct signup){ .at = when[i],
			.email = email(w, r, j->naming, i),
			.origin = "landing",
			.ip = j->client,
			.agent = "Mozilla/5.0 Chrome/136.0",
			.referrer = j->arm ? NULL : "",
			.confirmed =
			    j->arm ? 0 : when[i] + (2 + i) * MINUTE + 350000 },
		    i < j->distinct ? 201 : 200);
	plant(w,
	    (struct truth){ .rule = "DET-SIGNUP-001",
		.arm = j->arm,
		.key = j->client,
		.client = j->client,
		.start = when[0],
		.end = when[j->n - 1],
		.metric = j->distinct,
		.note = j->note,
		.allowed = j->allowed });
}

static void
bulk_import(struct world *w, struct rng *r)
{
	int64_t at = AT(15, 9, 30, 0) + 512300;
	int i;

	for (i = 0; i < 120; i++)
		signup(w, r,
		    (struct signup){ .at = at,
			.origin = "import",
			.email = text(w, "%s.%d@%s", people[i % 25], i,
			    domains[i % 14]) },
		    0);
	plant(w,
	    (struct truth){ .rule = "DET-SIGNUP-001",
		.key = "import",
		.start = at,
		.end = at,
		.metric = 120,
		.note = "bulk import: 120 rows at the same microsecond" });
}

/* People: each from a network of their own, most of them confirm. */
static void
ordinary_signup(struct world *w, struct rng *r, int i)
{
	static const char *const origin[] = { "landing", "landing", "referral",
		"newsletter", "" };
	static const char *const referrer[] = { "https://news.example/raxx",
		"https://news.example/raxx", "", NULL };
	struct signup s = { .agent = "Mozilla/5.0 (Macintosh) Safari/619.1" };
	const char *who = people[below(r, countof(people))];

	s.at = AT(FIRST_DAY + i / 10, 7, 0, 0) + within(r, 15 * HOUR);
	s.email = text(w, "%s.%s@%s", who, people[i % (int)countof(people)],
	    domains[below(r, countof(domains))]);
	s.origin = origin[below(r, countof(origin))];
	s.referrer = referrer[below(r, countof(referrer))];
	s.ip = i % 2
	    ? text(w, "203.0.113.%d", 100 + i)
	    : text(w, "2001:db8:2%02x:1::%x", (unsigned)i, (unsigned)i + 1);
	if (below(r, 5))
		s.confirmed = s.at + within(r, 30 * HOUR);
	signup(w, r, s, 201);
}

static void
waitlist(struct world *w)
{
	struct rng r = stream(w, "waitlist");
	size_t i;
	int n;

	for (i = 0; i < countof(joins); i++)
		join(w, &r, &joins[i]);
	bulk_import(w, &r);
	for (n = 0; n < 10 * (LAST_DAY - FIRST_DAY + 1); n++)
		ordinary_signup(w, &r, n);
}

/* --- files --------------------------------------------------------------- */

/* For qsort: by time, and what has one time in the order it was made. */
#define BY_TIME(name, type)                                            \
	static int name(const void *a, const void *b)                  \
	{                                                              \
		const type *x = a, *y = b;                             \
                                                                       \
		if (x->at != y->at)                                    \
			return x->at < y->at ? -1 : 1;                 \
		return x->order < y->order ? -1 : x->order > y->order; \
	}
BY_TIME(by_time, struct event)
BY_TIME(by_signup, struct signup)
BY_TIME(by_console, struct console)
BY_TIME(by_customer, struct customer)

/* The router reports a little later than the dynos: drains are not sorted. */
static int64_t
arrival(const struct event *e)
{
	bool router = e->source == ROUTER || e->source == ROUTER2;

	return e->at + (router ? 200000 : 0);
}

static int
by_arrival(const void *a, const void *b)
{
	const struct event *x = a, *y = b;

	if (arrival(x) != arrival(y))
		return arrival(x) < arrival(y) ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

static FILE *
create(const char *path)
{
	FILE *f = fopen(path, "wb");

	if (!f)
		die("cannot write", path);
	return f;
}

static void
finish(FILE *f, const char *path)
{
	bool bad = ferror(f) != 0;

	if (fclose(f) || bad)
		die("cannot write", path);
}

static void
cli_line(FILE *f, const struct event *e)
{
	const char *s = e->text + strspn(e->text, " ");
	char time[64];

	fprintf(f, "%s %s[%s]: %s\n", log_time(e->at, time),
	    source_of[e->source].app, source_of[e->source].proc, s);
}

/* The first of the last PULL_LINES events before time at; *end gets the end. */
static size_t
pull_range(const struct world *w, int64_t at, size_t *end)
{
	const struct event *e = w->events.items;
	size_t i = *end;

	while (i < w->events.n && e[i].at < at)
		i++;
	*end = i;
	return i > PULL_LINES ? i - PULL_LINES : 0;
}

static void
write_pull(struct world *w, int64_t at, size_t from, size_t to)
{
	const struct event *e = w->events.items;
	char stamp[64],
	    *path = text(w, "%s/logs/" APP ".heroku-logs.%s.log", w->dir,
		file_stamp(at, stamp));
	FILE *f = create(path);

	w->pulls++;
	w->pulled_lines += to - from;
	for (; from < to; from++)
		cli_line(f, &e[from]);
	finish(f, path);
}

static void
write_pulls(struct world *w)
{
	const struct event *e = w->events.items;
	size_t from, to = 0, last = 0;
	int day, hour;

	for (day = FIRST_DAY; day <= LAST_DAY; day++)
		for (hour = 13; hour <= 20; hour++) {
			int64_t at = AT(day, hour, 2, 9 + (3 * hour + day) % 7);

			from = pull_range(w, at, &to);
			if (last && from >= last)
				*(struct hole *)slot(
				    &w->holes, sizeof(struct hole)) =
				    (struct hole){ e[last - 1].at, e[from].at };
			write_pull(w, at, from, to);
			last = to;
		}
}

struct gz {
	z_stream z;
	FILE *f;
};

/* No file name and no time go into the header: the bytes depend on s only. */
static void
gz_write(struct gz *g, const char *s, size_t n, int flush)
{
	unsigned char out[16384];

	g->z.next_in = (const unsigned char *)s;
	g->z.avail_in = (uInt)n;
	do {
		g->z.next_out = out;
		g->z.avail_out = sizeof out;
		if (deflate(&g->z, flush) == Z_STREAM_ERROR)
			die("deflate", "stream error");
		fwrite(out, 1, sizeof out - g->z.avail_out, g->f);
	} while (g->z.avail_out == 0);
}

/* newline: a notice of logplex has none, so the next frame follows at once. */
static void
frame(struct gz *g, const struct event *e, bool newline)
{
	char time[64], body[2304], head[16];
	int n = snprintf(body, sizeof body, "<%d>1 %s host %s %s - %s%s",
	    source_of[e->source].pri, log_time(e->at, time),
	    source_of[e->source].app, source_of[e->source].proc, e->text,
	    newline ? "\n" : "");
	int k = snprintf(head, sizeof head, "%d ", n);

	gz_write(g, head, (size_t)k, Z_NO_FLUSH);
	gz_write(g, body, (size_t)n, Z_NO_FLUSH);
}

static void
loss_notice(struct gz *g)
{
	char since[64], line[160];
	struct event e = { LOSS_UNTIL, 0, LOGPLEX, line };

	snprintf(line, sizeof line,
	    "Error L10 (output buffer overflow): %d "
	    "messages dropped since %s.",
	    LOSS_LINES, log_time(LOSS_SINCE, since));
	frame(g, &e, false);
}

static void
drain_frames(struct world *w, struct gz *g)
{
	const struct event *e = w->events.items;
	int lost = 0;
	bool told = false;
	size_t i;

	for (i = 0; i < w->events.n; i++) {
		if (e[i].at < DRAIN_START || e[i].at >= DRAIN_END)
			continue;
		if (e[i].at >= LOSS_SINCE && lost < LOSS_LINES) {
			lost++;
			continue;
		}
		if (e[i].at >= LOSS_UNTIL && !told) {
			loss_notice(g);
			told = true;
		}
		frame(g, &e[i], true);
		w->drained_lines++;
	}
}

/* Reorders the events: to be called when everything else has been written. */
static void
write_drain(struct world *w)
{
	char stamp[64],
	    *path = text(w, "%s/logs/" APP ".drain.%s.log.gz", w->dir,
		file_stamp(DRAIN_START, stamp));
	struct gz g = { .f = NULL };

	if (w->hours_only) {
		unlink(path);
		return;
	}
	g.f = create(path);
	if (deflateInit2(&g.z, 9, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY))
		die("deflate", "init");
	qsort(w->events.items, w->events.n, sizeof(struct event), by_arrival);
	drain_frames(w, &g);
	gz_write(&g, "", 0, Z_FINISH);
	deflateEnd(&g.z);
	finish(g.f, path);
}

/* psql csv: NULL is nothing at all, an empty string is "". */
static void
csv_field(FILE *f, const char *s)
{
	if (!s)
		return;
	if (*s && !strpbrk(s, ",\"\n\r")) {
		fputs(s, f);
		return;
	}
	putc('"', f);
	for (; *s; s++) {
		if (*s == '"')
			putc('"', f);
		putc(*s, f);
	}
	putc('"', f);
}

static void
csv_row(FILE *f, const char *const *field, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (i)
			putc(',', f);
		csv_field(f, field[i]);
	}
	putc('\n', f);
}

#define ROW(f, ...)                                      \
	csv_row(f, (const char *const[]){ __VA_ARGS__ }, \
	    countof(((const char *const[]){ __VA_ARGS__ })))

/* A dump at a time knows no later row, and no later confirmation either. */
static void
dump_signups(struct world *w, int64_t at)
{
	const struct signup *s = w->signups.items;
	char stamp[64],
	    *path = text(w, "%s/dumps/waitlist_signups_%s.csv", w->dir,
		file_stamp(at, stamp));
	FILE *f = create(path);
	size_t i;

	ROW(f, "id", "created_at", "email", "origin", "ip", "user_agent",
	    "referrer", "confirmed_at");
	for (i = 0; i < w->signups.n && s[i].at < at; i++)
		ROW(f, text(w, "%zu", 101 + i), sql_time(w, s[i].at),
		    s[i].email, s[i].origin, s[i].ip, s[i].agent, s[i].referrer,
		    sql_time(w, s[i].confirmed < at ? s[i].confirmed : 0));
	finish(f, path);
}

static void
dump_console(struct world *w)
{
	const struct console *c = w->consoles.items;
	char stamp[64],
	    *path = text(w, "%s/dumps/console_audit_events_%s.csv", w->dir,
		file_stamp(LATE_DUMP, stamp));
	FILE *f = create(path);
	size_t i;

	ROW(f, "seq", "created_at", "actor_id", "actor_role", "actor_tenant_id",
	    "action", "resource_type", "resource_id", "resource_tenant_id",
	    "outcome", "reason", "ip", "request_id");
	for (i = 0; i < w->consoles.n; i++)
		ROW(f, text(w, "%zu", 5001 + i), sql_time(w, c[i].at),
		    c[i].actor, c[i].role, NULL, c[i].action, c[i].type,
		    c[i].resource, NULL, c[i].outcome, c[i].reason, c[i].ip,
		    c[i].rid);
	finish(f, path);
}

/* How many rows of its tenant come before row i. */
static size_t
tenant_seq(const struct customer *c, size_t i)
{
	size_t k, n = 0;

	for (k = 0; k < i; k++)
		n += !strcmp(c[k].tenant, c[i].tenant);
	return n;
}

/* This one has no time in its name: the file's own time says when. */
static void
dump_customer(struct world *w)
{
	const struct customer *c = w->customers.items;
	const char *path =
	    text(w, "%s/dumps/customer_audit_events.csv", w->dir);
	struct timespec t = { JUNE_1 + LATE_DUMP / SEC, 0 };
	FILE *f = create(path);
	size_t i;

	ROW(f, "id", "seq", "created_at", "tenant_id", "actor_id", "action",
	    "detail");
	for (i = 0; i < w->customers.n; i++)
		ROW(f, text(w, "%zu", 20001 + i),
		    text(w, "%zu", 1 + tenant_seq(c, i)), sql_time(w, c[i].at),
		    c[i].tenant, c[i].actor, c[i].action, c[i].detail);
	finish(f, path);
	if (utimensat(AT_FDCWD, path, (struct timespec[]){ t, t }, 0))
		die("cannot set time", path);
}

static void
put_span(FILE *f, int64_t start, int64_t end)
{
	char a[64], b[64];

	fprintf(
	    f, "\"start\":\"%s\",\"end\":\"%s\"", zulu(start, a), zulu(end, b));
}

static void
put_truth(FILE *f, const struct truth *t)
{
	fprintf(f, "{\"rule\":\"%s\",", t->rule);
	if (t->arm)
		fprintf(f, "\"arm\":\"%s\",", t->arm);
	fprintf(f, "\"key\":\"%s\",", t->key);
	if (t->client)
		fprintf(f, "\"client\":\"%s\",", t->client);
	if (t->start) {
		put_span(f, t->start, t->end);
		fprintf(f, ",\"metric\":%d,", t->metric);
	}
	if (t->allowed)
		fprintf(f, "\"allowed\":\"%s\",", t->allowed);
	fprintf(f, "\"%s\":\"%s\"}", t->arm ? "note" : "why", t->note);
}

static void
put_truths(FILE *f, const struct world *w, const char *name, bool attacks)
{
	const struct truth *t = w->truths.items;
	const char *sep = "";
	size_t i;

	fprintf(f, "\"%s\":[\n", name);
	for (i = 0; i < w->truths.n; i++)
		if (!t[i].arm != attacks) {
			fputs(sep, f);
			put_truth(f, &t[i]);
			sep = ",\n";
		}
	fputs("],\n", f);
}

static void
put_holes(FILE *f, const struct world *w)
{
	const struct hole *h = w->holes.items;
	size_t i;

	fputs("\"holes_between_pulls\":[\n", f);
	for (i = 0; i < w->holes.n; i++) {
		fputs(i ? ",\n{" : "{", f);
		put_span(f, h[i].start, h[i].end);
		putc('}', f);
	}
	fputs("],\n", f);
}

static void
write_truth(struct world *w)
{
	const char *path = text(w, "%s/truth.json", w->dir);
	FILE *f = create(path);

	fprintf(f, "{\"seed\":%" PRIu64 ",\n", w->seed);
	put_truths(f, w, "attacks", true);
	put_truths(f, w, "lookalikes", false);
	put_holes(f, w);
	if (!w->hours_only) {
		fputs("\"drain\":{", f);
		put_span(f, DRAIN_START, DRAIN_END);
		fprintf(f, ",\"frames\":%zu,\"lost\":%d},\n",
		    w->drained_lines + 1, LOSS_LINES);
	}
	fprintf(f, "\"pulls\":%zu,\"pulled_lines\":%zu,\"events\":%zu}\n",
	    w->pulls, w->pulled_lines, w->events.n);
	finish(f, path);
}

/* --- the week ------------------------------------------------------------ */

static void (*const traffic[])(struct world *) = { testers, metrics, probes,
	customers, visitors, surge, logins, platform, incidents, guessers,
	scrapers, refusals, waitlist };

static void
make_week(struct world *w)
{
	struct rng r = stream(w, "tokens");
	size_t i;

	w->ids = stream(w, "ids");
	for (i = 0; i < HOLDER_N; i++)
		new_token(&r, w->token[i]);
	for (i = 0; i < countof(traffic); i++)
		traffic[i](w);
	qsort(w->events.items, w->events.n, sizeof(struct event), by_time);
	qsort(w->signups.items, w->signups.n, sizeof(struct signup), by_signup);
	qsort(w->consoles.items, w->consoles.n, sizeof(struct console),
	    by_console);
	qsort(w->customers.items, w->customers.n, sizeof(struct customer),
	    by_customer);
}

static void
make_dir(struct world *w, const char *tail)
{
	const char *path = text(w, "%s%s", w->dir, tail);

	if (mkdir(path, 0777) && errno != EEXIST)
		die("cannot make", path);
}

static void
write_week(struct world *w)
{
	make_dir(w, "");
	make_dir(w, "/logs");
	make_dir(w, "/dumps");
	write_pulls(w);
	dump_signups(w, EARLY_DUMP);
	dump_signups(w, LATE_DUMP);
	dump_console(w);
	dump_customer(w);
	write_drain(w);
	write_truth(w);
}

static int
usage(void)
{
	fputs("usage: raxx-demo [--seed N] [--hours-only] OUTDIR\n", stderr);
	return 2;
}

static bool
parse_seed(const char *s, uint64_t *out)
{
	char *end;

	errno = 0;
	*out = strtoull(s, &end, 10);
	return *s >= '0' && *s <= '9' && !*end && !errno;
}

int
main(int argc, char **argv)
{
	static struct world w = { .seed = 1 };
	int i;

	for (i = 1; i < argc && argv[i][0] == '-'; i++) {
		if (!strcmp(argv[i], "--hours-only"))
			w.hours_only = true;
		else if (strcmp(argv[i], "--seed") || ++i == argc ||
		    !parse_seed(argv[i], &w.seed))
			return usage();
	}
	if (i != argc - 1)
		return usage();
	w.dir = argv[i];
	make_week(&w);
	write_week(&w);
	world_release(&w);
	return 0;
}
