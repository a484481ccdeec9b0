/* SPDX-License-Identifier: MIT */
#include "detect/wake.h"

#include <stdlib.h>
#include <string.h>

#include "base/attr.h"
#include "base/jsonw.h"
#include "base/utc.h"
#include "detect/eval.h"
#include "record/site.h"

/* What a person does about a source, by why there is something to do. */
enum why { WHY_ABSENT, WHY_MANUAL, WHY_STALE, WHY_N };

static const char *const why_name[] = {
	[WHY_ABSENT] = "absent",
	[WHY_MANUAL] = "manual",
	[WHY_STALE] = "stale",
};
_Static_assert(countof(why_name) == WHY_N, "a name per reason");

/* The drain brings the log; where it does, a stream of it may lack. */
static const struct {
	const char *todo[WHY_N];
} actions[SRC_N] = {
	[SRC_HEROKU_ROUTER] = { { "find out why the log has no router lines",
	    NULL, NULL } },
	[SRC_HEROKU_APP] = { { "find out why the log has no app lines", NULL,
	    NULL } },
	[SRC_HEROKU_PLATFORM] = { {
	    "find out why the log has no platform lines", NULL, NULL } },
	[SRC_HEROKU_DRAIN] = { { "wire the log drain", "wire the log drain",
	    "make the log drain deliver again" } },
	[SRC_AUTH_EVENTS] = { { "log sign-ins as JSON events with evt", NULL,
	    NULL } },
	[SRC_PREVIEW_EVENTS] = { { "log the preview as JSON events with evt",
	    NULL, NULL } },
	[SRC_WAITLIST_SIGNUPS] = { { "dump waitlist_signups",
	    "let a job dump waitlist_signups",
	    "dump waitlist_signups again" } },
	[SRC_CONSOLE_AUDIT_EVENTS] = { { "dump console_audit_events",
	    "let a job dump console_audit_events",
	    "dump console_audit_events again" } },
	[SRC_CUSTOMER_AUDIT_EVENTS] = { { "dump customer_audit_events",
	    "let a job dump customer_audit_events",
	    "dump customer_audit_events again" } },
	[SRC_SENTRY_EVENTS] = { {
	    "turn sentry_backend on and export its events",
	    "let a job export the events of Sentry",
	    "export the events of Sentry again" } },
	[SRC_PG_STAT_STATEMENTS] = { {
	    "dump pg_stat_statements, at least three times",
	    "let a job dump pg_stat_statements",
	    "dump pg_stat_statements again" } },
	[SRC_PLATFORM_API] = { {
	    "export formation, releases and ps of the Platform API",
	    "let a job export formation, releases and ps",
	    "export formation, releases and ps again" } },
	[SRC_CONFIG_VARS] = { { "export the config vars (heroku config --json)",
	    "let a job export the config vars",
	    "export the config vars again" } },
	[SRC_DRAIN_LIST] = { { "export the drains (heroku drains --json)",
	    "let a job export the drains", "export the drains again" } },
	[SRC_AUDIT_CHAIN_KEY] = { {
	    "wire the hash chain and name its key file in site.yml", NULL,
	    NULL } },
	[SRC_STRIPE_WEBHOOKS] = { { "wire the Stripe webhooks", NULL, NULL } },
};

/* --- what is to do -------------------------------------------------------- */

static int64_t
period_of(const struct site *site, const char *name)
{
	for (size_t i = 0; i < site->nsources; i++)
		if (sv_is(site->source[i].name, name))
			return site->source[i].period;
	return 0;
}

/* Older than twice its period. */
static bool
is_stale(const struct source_fact *source, const struct site *site, int i,
    int64_t now)
{
	const struct source_fact *f = &source[i];
	int64_t period = period_of(site, source_def[i].name);
	int64_t newest = f->dumps.until != UTC_NONE ? f->dumps.until
	    : f->last;

	return f->status != SOURCE_ABSENT && period > 0 &&
	    newest != UTC_NONE && now != UTC_NONE && newest < now &&
	    (now - newest) / 2 >= period;
}

static bool
log_is(const struct source_fact *source, enum source_status status)
{
	return source[SRC_HEROKU_ROUTER].status == status ||
	    source[SRC_HEROKU_APP].status == status ||
	    source[SRC_HEROKU_PLATFORM].status == status;
}

static bool
is_stream(int i)
{
	return i == SRC_HEROKU_ROUTER || i == SRC_HEROKU_APP ||
	    i == SRC_HEROKU_PLATFORM;
}

static enum why
why_of(const struct source_fact *source, const struct site *site, int i,
    int64_t now)
{
	enum source_status status = source[i].status;

	if (i == SRC_HEROKU_DRAIN && is_stale(source, site, i, now))
		return WHY_STALE; /* pulls may stand in for it */
	if (i == SRC_HEROKU_DRAIN)
		status = log_is(source, SOURCE_MANUAL) ? SOURCE_MANUAL
		    : log_is(source, SOURCE_AUTOMATED) ? SOURCE_AUTOMATED
		    : SOURCE_ABSENT;
	else if (is_stream(i) && !log_is(source, SOURCE_AUTOMATED))
		return WHY_N; /* the drain is what to do */
	if (status != SOURCE_AUTOMATED)
		return status == SOURCE_ABSENT ? WHY_ABSENT : WHY_MANUAL;
	return is_stale(source, site, i, now) ? WHY_STALE : WHY_N;
}

/* --- what it changes ------------------------------------------------------ */

static enum rule_state
state_of(struct arena *a, const struct source_fact *source,
    const struct rule *r)
{
	struct verdict v = { .rule = r };

	eval_state(a, source, r, &v);
	return v.state;
}

static bool
brings(int action, int source, const struct source_fact *f)
{
	if (action != SRC_HEROKU_DRAIN ||
	    source_def[source].feed != FEED_LOG)
		return action == source;
	return source == SRC_HEROKU_DRAIN || is_stream(source) ||
	    f->status != SOURCE_ABSENT;
}

static void
act(int action, const struct source_fact *now, struct source_fact *then)
{
	memcpy(then, now, SRC_N * sizeof(*then));
	for (int i = 0; i < SRC_N; i++)
		if (brings(action, i, &now[i]))
			then[i].status = SOURCE_AUTOMATED;
}

/* Does the rule name, among these, a source that the action brings? */
static bool
names_one(int action, const struct source_fact *f, const sv *name, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		int k = source_find(name[i]);

		if (k >= 0 && brings(action, k, &f[k]))
			return true;
	}
	return false;
}

static void
add_rule(struct wake *w, const struct rule *r, const struct source_fact *now,
    bool asleep, enum rule_state before, enum rule_state then)
{
	bool own = names_one(w->source, now, r->source, r->nsources);
	bool stale = strcmp(w->why, why_name[WHY_STALE]) == 0;

	if (r->status != RULE_ACTIVE)
		return;
	if (asleep || (before == STATE_DORMANT && then == STATE_DORMANT)) {
		if (own)
			w->helps[w->nhelps++] = r->id;
		return;
	}
	/* The states go from LIVE, the best, down. */
	if (before == STATE_DORMANT)
		w->wakes[w->nwakes++] = r->id;
	else if (then < before || (stale && own))
		w->lifts[w->nlifts++] = r->id;
	else
		return;
	w->high += r->level >= LEVEL_HIGH;
}

static void
look_at(struct arena *a, const struct source_fact *now,
    const struct catalog *c, const bool *asleep, int source, enum why why,
    struct wake *w)
{
	struct source_fact then[SRC_N];

	*w = (struct wake){ .source = source, .why = why_name[why],
		.action = actions[source].todo[why],
		.wakes = arena_array(a, c->n, sizeof(sv)),
		.lifts = arena_array(a, c->n, sizeof(sv)),
		.helps = arena_array(a, c->n, sizeof(sv)) };
	act(source, now, then);
	for (size_t i = 0; i < c->n; i++)
		add_rule(w, c->rule[i], now, asleep && asleep[i],
		    state_of(a, now, c->rule[i]),
		    state_of(a, then, c->rule[i]));
}

/* --- the list ------------------------------------------------------------- */

static int
more_first(size_t x, size_t y)
{
	return (x < y) - (x > y);
}

static int
wake_cmp(const void *pa, const void *pb)
{
	const struct wake *x = pa, *y = pb;
	int c = more_first(x->high, y->high);

	if (c == 0)
		c = more_first(x->nwakes + x->nlifts, y->nwakes + y->nlifts);
	if (c == 0)
		c = more_first(x->nwakes, y->nwakes);
	if (c == 0)
		c = more_first(x->nhelps, y->nhelps);
	return c ? c : x->source - y->source;
}

void
wake_make(struct arena *a, const struct source_fact source[SRC_N],
    const struct site *site, const struct catalog *c, const bool *asleep,
    int64_t now, struct wakes *out)
{
	*out = (struct wakes){ arena_array(a, SRC_N, sizeof(*out->v)), 0 };
	for (int i = 0; i < SRC_N; i++) {
		struct wake *w = &out->v[out->n];
		enum why why = why_of(source, site, i, now);

		if (why == WHY_N || !actions[i].todo[why])
			continue;
		look_at(a, source, c, asleep, i, why, w);
		out->n += w->nwakes + w->nlifts + w->nhelps > 0;
	}
	if (out->n)
		qsort(out->v, out->n, sizeof(*out->v), wake_cmp);
}

void
wake_write(struct jsonw *w, const struct wakes *l)
{
	jsonw_key(w, SV("wake"));
	jsonw_open(w, '[');
	for (size_t i = 0; i < l->n; i++) {
		const struct wake *k = &l->v[i];

		jsonw_open(w, '{');
		jsonw_put_str(w, "action", k->action);
		jsonw_put_str(w, "source", source_def[k->source].name);
		jsonw_put_str(w, "why", k->why);
		jsonw_put_svs(w, "wakes", k->wakes, k->nwakes);
		jsonw_put_svs(w, "lifts", k->lifts, k->nlifts);
		jsonw_put_svs(w, "helps", k->helps, k->nhelps);
		jsonw_put_i64(w, "high", k->high);
		jsonw_close(w, '}');
	}
	jsonw_close(w, ']');
}
