/* SPDX-License-Identifier: MIT */
/* What is recorded of each event. */
#include "demo.h"

#include <stdarg.h>
#include <string.h>

const struct source_name source_of[] = {
	[ROUTER] = { "heroku", "router", 158 },
	[ROUTER2] = { "heroku", "router", 134 },
	[DYNO1] = { "heroku", "web.1", 45 },
	[DYNO2] = { "heroku", "web.2", 45 },
	[APP1] = { "app", "web.1", 190 },
	[APP2] = { "app", "web.2", 190 },
	[API] = { "app", "api", 133 },
	[LOGPLEX] = { "heroku", "logplex", 172 },
	[WORKER] = { "heroku", "worker.1", 45 },
	[RUN] = { "heroku", "run.4711", 45 },
	[RUN2] = { "heroku", "run.4712", 45 },
	[RELEASE] = { "heroku", "release.6203", 45 },
	[POSTGRES] = { "app", "postgres.18231", 190 },
};
_Static_assert(countof(source_of) == SOURCE_N, "a row per source");

PRINTF(4, 5)
void
say(struct world *w, int64_t at, enum source source, const char *fmt, ...)
{
	struct event *e = slot(&w->events, sizeof *e);
	va_list ap;

	va_start(ap, fmt);
	*e = (struct event){ at, w->events.n, source, vtext(w, fmt, ap) };
	va_end(ap);
}

void
plant(struct world *w, struct truth t)
{
	*(struct truth *)slot(&w->truths, sizeof t) = t;
}

/* Valid until the next one; the caller may say what becomes of the row. */
struct customer *
audit(struct world *w, int64_t at, const char *tenant, const char *actor,
    const char *action, const char *detail)
{
	struct customer *c = slot(&w->customers, sizeof *c);

	*c = (struct customer){ .at = at,
		.created = at,
		.order = w->customers.n,
		.tenant = tenant,
		.actor = actor,
		.action = action,
		.detail = detail,
		.key = "k1" };
	return c;
}

static int64_t
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
	return done;
}

int64_t
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
		w->accessed = q->at + q->ms * 1000 + below(&w->ids, 900);
	if (!q->fault && !q->unserved)
		say(w, w->accessed, app,
		    "10.1.%d.%d - - [%02d/Jun/2026:%02d:%02d:%02d +0000]"
		    " \"%s %s HTTP/1.1\" %d %d \"-\" \"%s\"",
		    q->bytes % 250, q->ms % 250, c.day, c.hour, c.min, c.sec,
		    q->method, q->path, q->status, q->bytes, q->agent);
	return route(w, q, dyno);
}

static int
size_of(const char *path, int status)
{
	if (status != 200)
		return status == 304 ? 0 : 207;
	return strcmp(path, "/healthz") ? 90 + (int)(hash(path) % 9000) : 2;
}

int64_t
fetch(struct world *w, struct rng *r, int64_t at, const char *method,
    const char *path, const char *client, const char *agent, int status)
{
	return serve(w,
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
