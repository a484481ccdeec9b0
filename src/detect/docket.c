/* SPDX-License-Identifier: MIT */
#include "detect/docket.h"

#include "base/attr.h"
#include "base/buf.h"
#include "base/utc.h"
#include "detect/finding.h"
#include "parse/json.h"
#include "store/query.h"

bool
docket_is_id(sv v)
{
	for (size_t i = 0; i < v.n; i++)
		if (!(v.p[i] >= '0' && v.p[i] <= '9') &&
		    !(v.p[i] >= 'a' && v.p[i] <= 'f'))
			return false;
	return v.n >= DOCKET_DIGITS && v.n <= FINDING_ID_LEN;
}

static sv
text_of(struct arena *a, const struct json_value *obj, const char *name)
{
	struct json_value v;

	return json_find(obj, sv_str(name), &v) && v.kind == JSON_STRING
	    ? json_text(a, &v) : SV_NULL;
}

static int64_t
time_of(struct arena *a, const struct json_value *obj, const char *name)
{
	int64_t us;

	return utc_parse(text_of(a, obj, name), &us) ? us : UTC_NONE;
}

static void
take_evidence(struct arena *a, const struct json_value *obj,
    struct docket *out)
{
	struct json_value list, item;
	size_t n = 0;
	sv it;

	if (!json_find(obj, SV("evidence"), &list) || list.kind != JSON_ARRAY)
		return;
	for (it = json_begin(&list); json_item(&it, &item);)
		n++;
	out->evidence = arena_array(a, n, sizeof(*out->evidence));
	for (it = json_begin(&list); json_item(&it, &item);)
		out->evidence[out->nevidence++] = json_text(a, &item);
}

static bool
take(struct arena *a, const struct json_value *obj, struct docket *out)
{
	struct json_value total;

	*out = (struct docket){ .first = time_of(a, obj, "first"),
		.last = time_of(a, obj, "last") };
	out->id = text_of(a, obj, "id");
	out->rule = text_of(a, obj, "rule");
	out->title = text_of(a, obj, "title");
	out->arm = text_of(a, obj, "arm");
	out->level = text_of(a, obj, "level");
	out->key_name = text_of(a, obj, "key_name");
	out->key = text_of(a, obj, "key");
	out->rule_digest = text_of(a, obj, "rule_digest");
	take_evidence(a, obj, out);
	if (!json_find(obj, SV("evidence_total"), &total) ||
	    !json_i64(&total, &out->total))
		out->total = (int64_t)out->nevidence;
	out->found = out->first != UTC_NONE && out->last != UTC_NONE;
	return out->found;
}

/* When a run looked, and at what. */
struct sitting {
	int64_t from, to, now;
};

static const struct sitting unknown = { UTC_NONE, UTC_NONE, UTC_NONE };

static void
take_run(struct arena *a, const struct json_value *obj, struct sitting *run)
{
	struct json_value window;

	*run = unknown;
	run->now = time_of(a, obj, "now");
	if (!json_find(obj, SV("window"), &window) ||
	    window.kind != JSON_OBJECT)
		return;
	run->from = time_of(a, &window, "from");
	run->to = time_of(a, &window, "to");
}

/* A replay has one finding in several runs: the last is as good as any. */
static bool
take_line(struct arena *a, sv line, sv id, struct sitting *run,
    struct docket *out, struct err *e)
{
	struct json_value obj;
	struct docket d;
	sv type, found;

	if (!json_parse(line, &obj))
		return true;
	type = text_of(a, &obj, "type");
	if (sv_is(type, "run"))
		take_run(a, &obj, run);
	if (!sv_is(type, "finding"))
		return true;
	found = text_of(a, &obj, "id");
	if (!sv_starts(found, id))
		return true;
	if (out->found && !sv_eq(found, out->id))
		return err_set(e, ST_USAGE, "--evidence: '%.*s' begins the ids "
		    "of several findings: %.*s and %.*s", SV_ARG(id),
		    SV_ARG(out->id), SV_ARG(found));
	if (!take(a, &obj, &d))
		return true;
	d.from = run->from;
	d.to = run->to;
	d.now = run->now;
	*out = d;
	return true;
}

bool
docket_read(struct arena *a, sv ndjson, sv id, struct docket *out,
    struct err *e)
{
	struct sitting run = unknown;

	*out = (struct docket){ .found = false };
	while (ndjson.n)
		if (!take_line(a, sv_cut(&ndjson, '\n'), id, &run, out, e))
			return false;
	return true;
}

static const char recorded_sql[] = "SELECT f.body, r.start, r.stop, r.now "
    "FROM finding AS f "
    "JOIN run AS r ON r.id = f.run WHERE substr(f.id, 1, length(?1)) = ?1 "
    "ORDER BY r.stop, r.now, r.id, f.id";

bool
docket_recorded(struct arena *a, struct store *st, sv id, struct docket *out,
    struct err *e)
{
	struct query *q = query_open(st, SV(recorded_sql), NULL, e);
	enum query_end end = QUERY_FAILED;
	bool ok = q != NULL;

	*out = (struct docket){ .found = false };
	if (!q)
		return false;
	query_bind_text_at(q, 1, id);
	while (ok && (end = query_next(q, e)) == QUERY_MORE) {
		struct sitting run = { query_i64(q, 1), query_i64(q, 2),
			query_i64(q, 3) };

		ok = take_line(a, arena_sv(a, query_text(q, 0)), id, &run, out,
		    e);
	}
	query_close(q);
	return ok && end == QUERY_DONE;
}
