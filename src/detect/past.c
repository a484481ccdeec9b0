/* SPDX-License-Identifier: MIT */
#include "detect/past.h"

#include <stdlib.h>

#include "base/attr.h"
#include "base/buf.h"
#include "detect/finding.h"
#include "detect/hits.h"
#include "detect/rule.h"
#include "parse/json.h"
#include "store/query.h"

static int
who_cmp(const struct past_finding *f, sv rule, sv arm, sv key)
{
	int c = sv_cmp(f->rule, rule);

	if (!c)
		c = sv_cmp(f->arm, arm);
	return c ? c : sv_cmp(f->key, key);
}

static int
past_cmp(const void *pa, const void *pb)
{
	const struct past_finding *a = pa, *b = pb;
	int c = who_cmp(a, b->rule, b->arm, b->key);

	if (!c)
		c = (a->first > b->first) - (a->first < b->first);
	return c ? c : sv_cmp(a->id, b->id);
}

size_t
past_find(const struct past *p, sv rule, sv arm, sv key, size_t *n)
{
	size_t lo = 0, hi = p->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (who_cmp(&p->v[mid], rule, arm, key) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	for (*n = 0; lo + *n < p->n &&
	    who_cmp(&p->v[lo + *n], rule, arm, key) == 0; ++*n)
		;
	return lo;
}

/* Findings as they come. */
struct list {
	struct arena *a;
	struct buf mem; /* of struct past_finding */
	size_t n;
};

static void
list_add(struct list *l, const struct past_finding *f)
{
	buf_mem(&l->mem, f, sizeof(*f));
	l->n++;
}

/* A reference does not outlive the next list_add. */
static struct past_finding *
list_last(struct list *l)
{
	return l->n ? (struct past_finding *)(void *)l->mem.p + l->n - 1 : NULL;
}

static void
list_end(struct list *l, struct past *out)
{
	out->n = l->n;
	out->v = arena_array(l->a, l->n, sizeof(*out->v));
	if (l->n)
		memcpy(out->v, l->mem.p, l->n * sizeof(*out->v));
	qsort(out->v, out->n, sizeof(*out->v), past_cmp);
	buf_release(&l->mem);
}

/* The arm it is of; NULL: the catalog does not have it, and nobody can tell
 * what became of the finding. */
static const struct arm *
arm_of(const struct catalog *c, const struct past_finding *f)
{
	const struct rule *r = catalog_find(c, f->rule);
	int i = r ? rule_arm(r, f->arm) : -1;

	return i < 0 ? NULL : &r->arm[i];
}

/* --- recorded ------------------------------------------------------------- */

static const char newest_sql[] = "SELECT max(stop) FROM run WHERE stop < ?1";

/* Each finding as the last run had it that did. ?2 is when the newest run
 * ended, ?3 how old what only others had may be. */
static const char finding_sql[] = "SELECT id, rule, arm, key, start, stop, "
    "since, seen FROM (SELECT f.id, f.rule, f.arm, f.key, f.start, f.stop, "
    "min(r.now) OVER (PARTITION BY f.id) AS since, r.stop AS seen, "
    "row_number() OVER (PARTITION BY f.id ORDER BY r.stop DESC, r.now DESC, "
    "r.id DESC) AS nr FROM finding AS f JOIN run AS r ON r.id = f.run "
    "WHERE r.stop < ?1) WHERE nr = 1 AND (seen = ?2 OR stop >= ?3)";

/* Did a run see it end? Of arm ?5 of rule ?1, between ?2 and ?3, at ?4 or later;
 * the share that it had to see is eval_gate's. */
static const char ended_sql[] = "SELECT 1 FROM verdict AS v JOIN run AS r "
    "ON r.id = v.run WHERE v.rule = ?1 AND r.stop > ?2 AND r.stop < ?3 "
    "AND r.stop > ?4 AND v.result IN ('FIRED', 'CLEAR', 'CLEAR_PARTIAL') "
    "AND coalesce(v.body ->> '$.coverage', 1) >= 0.95 "
    "AND EXISTS (SELECT 1 FROM json_each(v.body, '$.arms') "
    "WHERE value ->> '$.name' = ?5 AND value ->> '$.on' "
    "AND value ->> '$.undecided' IS NULL) LIMIT 1";

struct recorded {
	struct arena *a;
	struct store *st;
	const struct catalog *catalog;
	int64_t before, newest; /* newest: when it ended */
	struct list list;
	struct err *e;
};

static bool
newest_run(struct recorded *r, bool *known)
{
	struct query *q = query_open(r->st, SV(newest_sql), NULL, r->e);
	enum query_end end;

	if (!q)
		return false;
	query_bind_i64_at(q, 1, r->before);
	end = query_next(q, r->e);
	*known = end == QUERY_MORE && !query_is_null(q, 0);
	if (*known)
		r->newest = query_i64(q, 0);
	query_close(q);
	return end != QUERY_FAILED;
}

/* Is it still to be asked after, though the newest run did not have it? */
static bool
is_open(struct recorded *r, const struct past_finding *f, int64_t seen,
    bool *open)
{
	const struct arm *arm = arm_of(r->catalog, f);
	struct query *q;
	enum query_end end;

	*open = false;
	if (!arm)
		return true;
	q = query_open(r->st, SV(ended_sql), NULL, r->e);
	if (!q)
		return false;
	query_bind_text_at(q, 1, f->rule);
	query_bind_i64_at(q, 2, seen);
	query_bind_i64_at(q, 3, r->before);
	query_bind_text_at(q, 5, f->arm);
	query_bind_i64_at(q, 4, f->last +
	    arm_join(catalog_find(r->catalog, f->rule), arm));
	end = query_next(q, r->e);
	*open = end == QUERY_DONE;
	query_close(q);
	return end != QUERY_FAILED;
}

static bool
take_row(struct recorded *r, struct query *q)
{
	struct past_finding f = { .first = query_i64(q, 4),
		.last = query_i64(q, 5), .since = query_i64(q, 6) };
	int64_t seen = query_i64(q, 7);
	bool open = true;

	f.id = arena_sv(r->a, query_text(q, 0));
	f.rule = arena_sv(r->a, query_text(q, 1));
	f.arm = arena_sv(r->a, query_text(q, 2));
	f.key = arena_sv(r->a, query_text(q, 3));
	if (seen < r->newest && !is_open(r, &f, seen, &open))
		return false;
	if (open)
		list_add(&r->list, &f);
	return true;
}

static bool
take_rows(struct recorded *r)
{
	struct query *q = query_open(r->st, SV(finding_sql), NULL, r->e);
	enum query_end end;
	bool ok = true;

	if (!q)
		return false;
	query_bind_i64_at(q, 1, r->before);
	query_bind_i64_at(q, 2, r->newest);
	query_bind_i64_at(q, 3, r->before - PAST_CARRIED);
	while (ok && (end = query_next(q, r->e)) == QUERY_MORE)
		ok = take_row(r, q);
	query_close(q);
	return ok && end == QUERY_DONE;
}

bool
past_recorded(struct arena *a, struct store *st, const struct catalog *c,
    int64_t before, struct past *out, struct err *e)
{
	struct recorded r = { .a = a, .st = st, .catalog = c,
		.before = before, .list = { a, BUF_INIT, 0 }, .e = e };
	bool ok;

	*out = (struct past){ false, NULL, 0 };
	if (!newest_run(&r, &out->known))
		return false;
	ok = !out->known || take_rows(&r);
	list_end(&r.list, out);
	return ok;
}

/* --- printed -------------------------------------------------------------- */

struct reader {
	struct arena *a;
	const struct catalog *catalog;
	int64_t before;
	bool in;      /* the lines belong to a run that counts ... */
	bool known;   /* ... and there was one */
	int64_t now;  /* of it */
	struct list list;
};

static sv
text_of(struct reader *r, const struct json_value *obj, const char *name)
{
	struct json_value v;

	return json_find(obj, sv_str(name), &v) && v.kind == JSON_STRING
	    ? json_text(r->a, &v) : SV_NULL;
}

static int64_t
time_of(struct reader *r, const struct json_value *obj, const char *name)
{
	int64_t us;

	return utc_parse(text_of(r, obj, name), &us) ? us : UTC_NONE;
}

static bool
read_run(struct reader *r, const struct json_value *obj)
{
	struct json_value window;
	int64_t to;

	if (!json_find(obj, SV("window"), &window))
		return false;
	to = time_of(r, &window, "to");
	r->in = to < r->before; /* that of an empty store is UTC_NONE */
	if (!r->in)
		return true;
	r->known = true;
	r->now = time_of(r, obj, "now");
	buf_clear(&r->list.mem);
	r->list.n = 0;
	return true;
}

static bool
finding_of(struct reader *r, const struct json_value *obj,
    struct past_finding *f)
{
	*f = (struct past_finding){ .first = time_of(r, obj, "first"),
		.last = time_of(r, obj, "last") };
	f->id = text_of(r, obj, "id");
	f->rule = text_of(r, obj, "rule");
	f->arm = text_of(r, obj, "arm");
	f->key = text_of(r, obj, "key");
	return f->id.n > 0 && f->first != UTC_NONE && f->last != UTC_NONE;
}

static bool
read_finding(struct reader *r, const struct json_value *obj)
{
	struct past_finding f;

	if (!finding_of(r, obj, &f))
		return false;
	f.since = r->now;
	if (r->in)
		list_add(&r->list, &f);
	return true;
}

/* What that run did not see end either. */
static bool
read_unresolved(struct reader *r, const struct json_value *obj)
{
	struct past_finding f;

	if (!finding_of(r, obj, &f))
		return false;
	f.since = time_of(r, obj, "since");
	if (r->in && f.last >= r->before - PAST_CARRIED &&
	    arm_of(r->catalog, &f))
		list_add(&r->list, &f);
	return true;
}

/* It follows its finding. */
static bool
read_status(struct reader *r, const struct json_value *obj)
{
	struct past_finding *f = list_last(&r->list);
	int64_t since = time_of(r, obj, "since");

	if (r->in && f && since != UTC_NONE &&
	    sv_eq(f->id, text_of(r, obj, "finding")))
		f->since = since;
	return true;
}

static bool
read_nothing(struct reader *r, const struct json_value *obj)
{
	(void)r;
	(void)obj;
	return true;
}

static const struct {
	const char *type;
	bool (*read)(struct reader *r, const struct json_value *obj);
} types[] = {
	{ "run", read_run },
	{ "finding", read_finding },
	{ "status", read_status },
	{ "verdict", read_nothing },
	{ "evidence", read_nothing },
	{ "resolved", read_nothing },
	{ "unresolved", read_unresolved },
	{ "allow", read_nothing },
};

static bool
read_line(struct reader *r, sv line)
{
	struct json_value obj;
	sv type;

	if (!json_parse(line, &obj))
		return false;
	type = text_of(r, &obj, "type");
	for (size_t i = 0; i < countof(types); i++)
		if (sv_is(type, types[i].type))
			return types[i].read(r, &obj);
	return false;
}

bool
past_read(struct arena *a, sv name, sv ndjson, const struct catalog *c,
    int64_t before, struct past *out, struct err *e)
{
	struct reader r = { .a = a, .catalog = c, .before = before,
		.list = { a, BUF_INIT, 0 } };
	long long nr = 0;
	bool ok = true;

	while (ok && ndjson.n) {
		sv line = sv_cut(&ndjson, '\n');

		nr++;
		if (sv_trim(line).n && !read_line(&r, line))
			ok = err_set(e, ST_USAGE, "%.*s:%lld: this is no line "
			    "of raxx-eval", SV_ARG(name), nr);
	}
	if (ok && !r.known)
		ok = err_set(e, ST_USAGE, "%.*s: no run in it that ended "
		    "before this window ends", SV_ARG(name));
	out->known = ok;
	list_end(&r.list, out);
	return ok;
}
