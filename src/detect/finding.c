/* SPDX-License-Identifier: MIT */
#include "detect/finding.h"

#include <stdlib.h>

#include "base/jsonw.h"
#include "base/sha256.h"
#include "base/utc.h"
#include "detect/hits.h"
#include "detect/incident.h"
#include "detect/meta.h"
#include "store/kind.h"
#include "store/query.h"

enum { SUMMARY_MAX = 240 };

/* "9f86d081884c7d65", "#2" behind it when it is a repeat. */
static void
record_id(struct buf *b, uint64_t hash, int64_t nth)
{
	buf_hex64(b, hash);
	if (nth > 1) {
		buf_byte(b, '#');
		buf_i64(b, nth);
	}
}

static void
add_part(struct sha256 *s, sv v)
{
	static const char zero;

	sha256_add(s, v.p, v.n);
	sha256_add(s, &zero, 1);
}

void
finding_id(char out[FINDING_ID_LEN + 1], const struct rule *r,
    const struct arm *arm, const struct hit *fired)
{
	uint8_t digest[SHA256_LEN];
	struct buf b = BUF_INIT;
	struct sha256 s;

	sha256_init(&s);
	add_part(&s, r->id);
	add_part(&s, arm->name);
	add_part(&s, fired->key);
	if (!r->posture) {
		utc_write(&b, fired->ts);
		buf_byte(&b, '\0');
		record_id(&b, fired->hash, fired->nth);
	}
	add_part(&s, buf_sv(&b));
	sha256_end(&s, digest);
	buf_clear(&b);
	buf_hex(&b, digest, FINDING_ID_LEN / 2);
	memcpy(out, b.p, FINDING_ID_LEN);
	out[FINDING_ID_LEN] = '\0';
	buf_release(&b);
}

int64_t
arm_join(const struct rule *r, const struct arm *arm)
{
	int64_t join = r->suppress > 0 ? r->suppress : UTC_HOUR;

	return arm->window > join ? arm->window : join;
}

/* --- from runs to findings ------------------------------------------------ */

static struct finding *
grow(struct arena *a, struct findings *f)
{
	if (f->n == f->cap) {
		size_t cap = f->cap ? 2 * f->cap : 8;
		struct finding *v = arena_array(a, cap, sizeof(*v));

		if (f->n)
			memcpy(v, f->v, f->n * sizeof(*v));
		f->v = v;
		f->cap = cap;
	}
	return &f->v[f->n++];
}

/* Does one of the hits from `start` on show the record of h[i] too? Sorted, they
 * are neighbours; what two apps wrote alike at one time is two records. */
static bool
shown_before(const struct hit *h, size_t start, size_t i)
{
	for (size_t k = i; k-- > start && h[k].ts == h[i].ts &&
	    h[k].hash == h[i].hash && h[k].nth == h[i].nth;)
		if (h[k].rec == h[i].rec)
			return true;
	return false;
}

static void
add_evidence(struct finding *f, size_t i, const struct hit *h)
{
	f->evidence[i] = (struct evidence){ h->ts, h->rec, h->hash, h->nth,
		SV_NULL, SV_NULL, SV_NULL, 0, 0 };
}

/* The first records of the run; the one that fired is always among them. */
static void
take_evidence(struct arena *a, struct finding *f, const struct hit *h,
    const struct window_run *run)
{
	size_t fired = 0;

	f->evidence = arena_array(a, FINDING_EVIDENCE_MAX,
	    sizeof(*f->evidence));
	for (size_t i = run->start; i <= run->last; i++) {
		if (h[i].rec == 0 || shown_before(h, run->start, i))
			continue;
		if (f->nevidence < FINDING_EVIDENCE_MAX)
			add_evidence(f, f->nevidence++, &h[i]);
		if (i <= run->first)
			fired = f->events;
		f->events++;
	}
	if (fired >= FINDING_EVIDENCE_MAX && h[run->first].rec)
		add_evidence(f, FINDING_EVIDENCE_MAX - 1, &h[run->first]);
}

/* A level given with a row wins over the arm's, the arm's over the rule's. */
static int
run_level(const struct rule *r, const struct arm *arm, const struct hit *h,
    const struct window_run *run)
{
	int base = arm->level >= 0 ? arm->level : (int)r->level, max = -1;

	for (size_t i = run->first; i <= run->last; i++) {
		int level = h[i].level >= 0 ? h[i].level : base;

		if (h[i].fire && level > max)
			max = level;
	}
	return max;
}

/* Of the first row that has the finding's metric, so that their numbers agree;
 * where that has none, or of what lasts, whose beginning matters, of the first
 * row with one. */
static sv
run_note(const struct arm *arm, const struct hit *h,
    const struct window_run *run)
{
	sv first = SV_NULL;

	for (size_t i = run->first; i <= run->last; i++) {
		if (!h[i].fire || sv_null(h[i].note))
			continue;
		if (arm->standing || h[i].metric >= run->peak)
			return h[i].note;
		if (sv_null(first))
			first = h[i].note;
	}
	return first;
}

/* `began`: the hit at which its first finding fired. */
static void
take_incident(struct finding *f, const struct hit *began, int64_t loaded)
{
	int64_t join = arm_join(f->rule, f->arm);
	int64_t gap = join > INCIDENT_GAP ? join : INCIDENT_GAP;

	finding_id(f->incident, f->rule, f->arm, began);
	f->unsettled = began->ts - loaded <= gap;
}

void
findings_add(struct arena *a, const struct rule *r, const struct arm *arm,
    const struct hit *h, size_t n, int64_t from, int64_t loaded, bool *open,
    struct findings *out)
{
	int64_t join = arm_join(r, arm);
	struct window_run *run;
	/* a fact of the deployment is one, however far apart what shows it */
	size_t nruns = window_runs(a, h, n, arm->window,
	    r->posture ? INT64_MAX : join, &run);
	struct incident *chain = arena_array(a, nruns, sizeof(*chain));

	incident_chain(h, run, nruns, chain);
	for (size_t i = 0; i < nruns; i++) {
		const struct hit *fired = &h[run[i].first];
		struct finding *f;

		if (h[run[i].last].ts < from)
			continue;
		if (fired->ts - loaded <= join)
			*open = true;
		f = grow(a, out);
		*f = (struct finding){ .rule = r, .arm = arm,
			.level = run_level(r, arm, h, &run[i]),
			.key = fired->key, .metric = run[i].peak,
			.first = h[run[i].start].ts, .last = h[run[i].last].ts,
			.fired_at = fired->ts, .note = run_note(arm, h, &run[i]),
			.near = NEARBY_NONE };
		finding_id(f->id, r, arm, fired);
		take_evidence(a, f, h, &run[i]);
		take_incident(f, &h[run[chain[i].first].first], loaded);
		f->repeats = chain[i].repeats;
	}
}

static int
finding_cmp(const void *pa, const void *pb)
{
	const struct finding *a = pa, *b = pb;
	int c = sv_cmp(a->rule->id, b->rule->id);

	if (!c)
		c = sv_cmp(a->arm->name, b->arm->name);
	if (!c)
		c = (a->first > b->first) - (a->first < b->first);
	if (!c)
		c = sv_cmp(a->key, b->key);
	return c ? c : memcmp(a->id, b->id, FINDING_ID_LEN);
}

void
findings_sort(struct findings *f)
{
	if (f->n)
		qsort(f->v, f->n, sizeof(*f->v), finding_cmp);
}

/* --- places --------------------------------------------------------------- */

/*
 * ?1 is rec. A view's rec cannot be looked up, its ts can (see store/timed.h),
 * so the base table gives the time. Columns: source, line, byte, summary,
 * request id, time.
 */
#define BY_VIEW(view, table, request, summary) \
	"SELECT source, line, byte, " summary ", " request ", ts FROM " view \
	" WHERE ts = (SELECT ts FROM " table " WHERE id = ?1 >> 4) " \
	"AND rec = ?1"
#define BY_TABLE(table, request, summary) \
	"SELECT (SELECT name FROM source WHERE id = r.source), line, byte, " \
	summary ", " request ", ts FROM " table " AS r WHERE id = ?1 >> 4"
#define WORD(x) " || coalesce(' ' || " x ", '')"

_Static_assert(REC_KIND_BITS == 4, "?1 >> 4 above");

static const char *const place_sql[1 << REC_KIND_BITS] = {
	[1] = BY_VIEW("requests", "request", "request_id",
	    "coalesce(method, '-')"
	    WORD("path") WORD("status") WORD("code") WORD("client")),
	[2] = BY_VIEW("access_lines", "access", "request_id",
	    "coalesce(method, '-')"
	    WORD("path") WORD("status") WORD("user_agent")),
	[3] = BY_VIEW("app_events", "app", "request_id", "message"),
	[4] = BY_VIEW("platform_events", "platform", "NULL", "message"),
	[5] = BY_VIEW("metrics", "metric", "NULL", "coalesce(subject, origin)"
	    WORD("name") WORD("value") WORD("unit")),
	[6] = BY_VIEW("losses", "loss", "NULL", "message"),
	[7] = BY_TABLE("dump_row", "NULL",
	    "(SELECT s FROM str WHERE id = r.dump)" WORD("fields")),
	[8] = BY_TABLE("dump_waitlist_signups", "NULL", "coalesce(email, '-')"
	    WORD("origin") WORD("ip")),
	[9] = BY_TABLE("dump_console_audit_events", "request_id",
	    "coalesce(outcome, '-')"
	    WORD("action") WORD("resource_type") WORD("resource_id")
	    WORD("actor_id")),
	[10] = BY_TABLE("dump_customer_audit_events", "NULL",
	    "coalesce(tenant_id, '-')"
	    WORD("seq") WORD("action") WORD("actor_id")),
	[11] = BY_TABLE("dump_pg_stat_statements", "NULL",
	    "coalesce(queryid, '-')" WORD("calls") WORD("query")),
	[12] = BY_VIEW("parts", "part", "NULL", "joined || ' of ' || head"),
};

/* At most SUMMARY_MAX bytes, not cut inside a character. The mark of a cut also
 * tells an output that half an e-mail address may stand before it. */
static sv
shorten(struct arena *a, sv v)
{
	static const char mark[] = "\xe2\x80\xa6";
	size_t n = SUMMARY_MAX - (sizeof(mark) - 1);
	struct buf b = BUF_INIT;
	sv cut;

	if (v.n <= SUMMARY_MAX)
		return arena_sv(a, v);
	while (n > 0 && ((unsigned char)v.p[n] & 0xc0) == 0x80)
		n--;
	buf_add(&b, sv_take(v, n));
	buf_lit(&b, mark);
	cut = buf_keep(&b, a);
	return cut;
}

bool
finding_locate_one(struct arena *a, struct store *st, struct evidence *ev,
    struct err *e)
{
	const char *sql = place_sql[ev->rec & ((1 << REC_KIND_BITS) - 1)];
	struct query *q;
	enum query_end end;

	if (!sql)
		return true;
	q = query_open(st, sv_str(sql), NULL, e);
	if (!q)
		return false;
	query_bind_i64_at(q, 1, ev->rec);
	end = query_next(q, e);
	if (end == QUERY_MORE) {
		ev->source = arena_sv(a, query_text(q, 0));
		ev->line = query_i64(q, 1);
		ev->byte = query_i64(q, 2);
		ev->summary = shorten(a, query_text(q, 3));
		ev->request_id = arena_sv(a, query_text(q, 4));
		ev->ts = query_i64(q, 5); /* a rule may tell of another */
	}
	query_close(q);
	if (ev->ts < UTC_MIN || ev->ts > UTC_MAX)
		return err_set(e, ST_FAIL, "store-refused: store: a record "
		    "has a time that is none");
	return end != QUERY_FAILED;
}

/* The numbers of records tell in which order inputs were loaded: records that
 * are alike stand in the order of their inputs' names. */
static void
sort_alike(struct finding *f)
{
	for (size_t i = 1; i < f->nevidence; i++)
		for (size_t k = i; k > 0; k--) {
			struct evidence *x = &f->evidence[k - 1], y = x[1];

			if (x->ts != y.ts || x->hash != y.hash ||
			    x->nth != y.nth || sv_cmp(x->source, y.source) <= 0)
				break;
			x[1] = *x;
			*x = y;
		}
}

bool
finding_locate(struct arena *a, struct store *st, struct finding *f,
    struct err *e)
{
	for (size_t i = 0; i < f->nevidence; i++)
		if (!finding_locate_one(a, st, &f->evidence[i], e))
			return false;
	sort_alike(f);
	return nearby_load(a, st, f->first, &f->near, e);
}

sv
finding_route(const struct finding *f)
{
	bool own = f->level != (int)f->rule->level;

	return own || f->rule->route.n == 0 ? meta_route((enum level)f->level)
	    : f->rule->route;
}

/* --- NDJSON --------------------------------------------------------------- */

static void
put_record(struct jsonw *w, const struct evidence *ev)
{
	struct buf b = BUF_INIT;

	record_id(&b, ev->hash, ev->nth);
	jsonw_sv(w, buf_sv(&b));
	buf_release(&b);
}

static void
put_who(struct jsonw *w, const struct finding *f)
{
	jsonw_put_str(w, "type", "finding");
	jsonw_put_str(w, "id", f->id);
	jsonw_put_sv(w, "rule", f->rule->id);
	jsonw_put_sv(w, "title", f->rule->title);
	jsonw_put_sv(w, "arm", f->arm->name);
	jsonw_put_str(w, "level", level_name[f->level]);
	jsonw_put_sv(w, "route", finding_route(f));
	jsonw_put_sv(w, "key_name", f->arm->key_name);
	jsonw_put_sv(w, "key", f->key);
}

static void
put_measure(struct jsonw *w, const struct finding *f)
{
	const char *from;
	double threshold = arm_threshold(f->rule, f->arm, &from);

	jsonw_put_sv(w, "metric_name", f->arm->metric);
	jsonw_put_real(w, "metric", f->metric);
	jsonw_put_i64(w, "events", (int64_t)f->events);
	jsonw_put_real(w, "threshold", threshold);
	jsonw_put_str(w, "threshold_from", from);
	jsonw_put_real(w, "window_s", (double)f->arm->window / 1e6);
	jsonw_put_utc(w, "first", f->first);
	jsonw_put_utc(w, "last", f->last);
	jsonw_put_utc(w, "fired_at", f->fired_at);
}

void
finding_write(struct buf *b, const struct finding *f)
{
	struct jsonw w = JSONW_INIT(b);

	jsonw_open(&w, '{');
	put_who(&w, f);
	put_measure(&w, f);
	jsonw_key(&w, SV("evidence"));
	jsonw_open(&w, '[');
	for (size_t i = 0; i < f->nevidence; i++)
		put_record(&w, &f->evidence[i]);
	jsonw_close(&w, ']');
	jsonw_put_i64(&w, "evidence_total", (int64_t)f->events);
	jsonw_put_sv(&w, "note", f->note);
	nearby_write(&w, &f->near);
	jsonw_put_sv(&w, "next_step", f->rule->next_step);
	jsonw_put_sv(&w, "author", sv_null(f->arm->author) ? f->rule->author
	    : f->arm->author);
	jsonw_put_sv(&w, "license", sv_null(f->arm->license) ?
	    f->rule->license : f->arm->license);
	jsonw_put_sv(&w, "rule_digest", f->rule->digest);
	jsonw_close(&w, '}');
	buf_byte(b, '\n');
}

void
finding_write_evidence(struct buf *b, const struct finding *f)
{
	for (size_t i = 0; i < f->nevidence; i++) {
		const struct evidence *ev = &f->evidence[i];
		struct jsonw w = JSONW_INIT(b);

		jsonw_open(&w, '{');
		jsonw_put_str(&w, "type", "evidence");
		jsonw_put_str(&w, "finding", f->id);
		jsonw_key(&w, SV("record"));
		put_record(&w, ev);
		jsonw_put_utc(&w, "ts", ev->ts);
		jsonw_put_sv(&w, "source", ev->source);
		jsonw_put_i64(&w, "line", ev->line);
		jsonw_put_i64(&w, "byte", ev->byte);
		jsonw_put_sv(&w, "summary", ev->summary);
		jsonw_put_sv(&w, "request_id", ev->request_id);
		jsonw_close(&w, '}');
		buf_byte(b, '\n');
	}
}
