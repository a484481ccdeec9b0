/* SPDX-License-Identifier: MIT */
#include "detect/past.h"

#include <stdlib.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/utc.h"
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

/* --- recorded ------------------------------------------------------------- */

static const char run_sql[] = "SELECT id FROM run WHERE stop < ?1 "
    "ORDER BY stop DESC, now DESC, id DESC";

static const char finding_sql[] = "SELECT f.id, f.rule, f.arm, f.key, f.start, "
    "f.stop, (SELECT min(r.now) FROM finding AS o JOIN run AS r "
    "ON r.id = o.run WHERE o.id = f.id AND r.stop < ?2) "
    "FROM finding AS f WHERE f.run = ?1";

static bool
newest_run(struct store *st, int64_t before, int64_t *run, bool *known,
    struct err *e)
{
	struct query *q = query_open(st, SV(run_sql), NULL, e);
	enum query_end end;

	if (!q)
		return false;
	query_bind_i64_at(q, 1, before);
	end = query_next(q, e);
	*known = end == QUERY_MORE;
	if (*known)
		*run = query_i64(q, 0);
	query_close(q);
	return end != QUERY_FAILED;
}

static void
take_row(struct list *l, struct query *q)
{
	struct past_finding f = { .first = query_i64(q, 4),
		.last = query_i64(q, 5), .since = query_i64(q, 6) };

	f.id = arena_sv(l->a, query_text(q, 0));
	f.rule = arena_sv(l->a, query_text(q, 1));
	f.arm = arena_sv(l->a, query_text(q, 2));
	f.key = arena_sv(l->a, query_text(q, 3));
	list_add(l, &f);
}

bool
past_recorded(struct arena *a, struct store *st, int64_t before,
    struct past *out, struct err *e)
{
	struct list l = { a, BUF_INIT, 0 };
	struct query *q;
	enum query_end end;
	int64_t run;

	*out = (struct past){ false, NULL, 0 };
	if (!newest_run(st, before, &run, &out->known, e))
		return false;
	if (!out->known)
		return true;
	q = query_open(st, SV(finding_sql), NULL, e);
	if (!q)
		return false;
	query_bind_i64_at(q, 1, run);
	query_bind_i64_at(q, 2, before);
	while ((end = query_next(q, e)) == QUERY_MORE)
		take_row(&l, q);
	query_close(q);
	list_end(&l, out);
	return end == QUERY_DONE;
}

/* --- printed -------------------------------------------------------------- */

struct reader {
	struct arena *a;
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
read_finding(struct reader *r, const struct json_value *obj)
{
	struct past_finding f = { .first = time_of(r, obj, "first"),
		.last = time_of(r, obj, "last"), .since = r->now };

	f.id = text_of(r, obj, "id");
	f.rule = text_of(r, obj, "rule");
	f.arm = text_of(r, obj, "arm");
	f.key = text_of(r, obj, "key");
	if (r->in)
		list_add(&r->list, &f);
	return f.id.n > 0 && f.first != UTC_NONE && f.last != UTC_NONE;
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
	{ "unresolved", read_nothing },
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
past_read(struct arena *a, sv name, sv ndjson, int64_t before,
    struct past *out, struct err *e)
{
	struct reader r = { .a = a, .before = before,
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
