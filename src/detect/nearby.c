/* SPDX-License-Identifier: MIT */
#include "detect/nearby.h"

#include "base/attr.h"
#include "store/query.h"

/* The newest row, of equal times by content. ?1 to ?2 are the ten minutes. */
#define NEWEST(columns, where) "SELECT ts, " columns " FROM platform_events " \
	"WHERE ts BETWEEN ?1 AND ?2 AND " where \
	" ORDER BY ts DESC, hash DESC, nth DESC LIMIT 1"

static const char release_sql[] = NEWEST("version", "event = 'release'");

static const char restart_sql[] = NEWEST("origin, coalesce(to_state, event)",
	"event IN ('state', 'restart', 'stop', 'exit', 'idle', 'unidle') "
	"AND origin NOT GLOB '*[[]run.*' "
	"AND origin NOT GLOB '*[[]release.*' "
	"AND origin NOT GLOB '*[[]scheduler.*'");

static const char config_sql[] = NEWEST("subject",
	"event = 'config' AND subject IS NOT NULL");

/* "heroku[web.1]" -> "web.1" */
static sv
dyno_of(sv origin)
{
	sv inside = origin;

	sv_cut(&inside, '[');
	if (sv_null(inside))
		return origin;
	return sv_cut(&inside, ']');
}

static void
take_release(struct arena *a, struct query *q, struct nearby *out)
{
	(void)a;
	out->release.ts = query_i64(q, 0);
	out->release.version = query_i64(q, 1);
}

static void
take_restart(struct arena *a, struct query *q, struct nearby *out)
{
	out->restart.ts = query_i64(q, 0);
	out->restart.dyno = arena_sv(a, dyno_of(query_text(q, 1)));
	out->restart.event = arena_sv(a, query_text(q, 2));
}

static void
take_config(struct arena *a, struct query *q, struct nearby *out)
{
	out->config.ts = query_i64(q, 0);
	out->config.names = arena_sv(a, query_text(q, 1));
}

static const struct {
	const char *sql;
	void (*take)(struct arena *a, struct query *q, struct nearby *out);
} kinds[] = {
	{ release_sql, take_release },
	{ restart_sql, take_restart },
	{ config_sql, take_config },
};

bool
nearby_load(struct arena *a, struct store *st, int64_t first,
    struct nearby *out, struct err *e)
{
	*out = NEARBY_NONE;
	for (size_t i = 0; i < countof(kinds); i++) {
		struct query *q = query_open(st, sv_str(kinds[i].sql), NULL, e);
		enum query_end end;

		if (!q)
			return false;
		query_bind_i64_at(q, 1, first - NEARBY_BEFORE);
		query_bind_i64_at(q, 2, first);
		end = query_next(q, e);
		if (end == QUERY_MORE)
			kinds[i].take(a, q, out);
		query_close(q);
		if (end == QUERY_FAILED)
			return false;
	}
	return true;
}

/* Opens the object `key`; for what was not there it is null and closed. */
static bool
open_near(struct jsonw *w, const char *key, int64_t ts)
{
	jsonw_key(w, sv_str(key));
	if (ts == UTC_NONE) {
		jsonw_null(w);
		return false;
	}
	jsonw_open(w, '{');
	return true;
}

static void
close_near(struct jsonw *w, int64_t ts)
{
	jsonw_put_utc(w, "ts", ts);
	jsonw_close(w, '}');
}

void
nearby_write(struct jsonw *w, const struct nearby *n)
{
	if (open_near(w, "near_release", n->release.ts)) {
		jsonw_put_i64(w, "version", n->release.version);
		close_near(w, n->release.ts);
	}
	if (open_near(w, "near_restart", n->restart.ts)) {
		jsonw_put_sv(w, "dyno", n->restart.dyno);
		jsonw_put_sv(w, "event", n->restart.event);
		close_near(w, n->restart.ts);
	}
	if (open_near(w, "near_config", n->config.ts)) {
		jsonw_put_sv(w, "names", n->config.names);
		close_near(w, n->config.ts);
	}
}
