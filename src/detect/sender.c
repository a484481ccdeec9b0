/* SPDX-License-Identifier: MIT */
#include "detect/sender.h"

#include "base/utc.h"
#include "store/kind.h"
#include "store/query.h"

/* Lines of one request lie no further apart. */
#define REQUEST_SPAN UTC_MINUTE

/* ?1 is rec. Columns: ts, request id, client, user agent. */
#define BY_VIEW(view, table, columns) "SELECT ts, " columns " FROM " view \
	" WHERE ts = (SELECT ts FROM " table " WHERE id = ?1 >> 4) AND rec = ?1"
#define BY_TABLE(table, columns) "SELECT ts, " columns " FROM " table \
	" WHERE id = ?1 >> 4"

_Static_assert(REC_KIND_BITS == 4, "?1 >> 4 above");

static const char *const record_sql[1 << REC_KIND_BITS] = {
	[1] = BY_VIEW("requests", "request", "request_id, client, NULL"),
	[2] = BY_VIEW("access_lines", "access",
	    "request_id, NULL, user_agent"),
	[3] = BY_VIEW("app_events", "app", "request_id, client, user_agent"),
	[8] = BY_TABLE("dump_waitlist_signups", "NULL, ip, user_agent"),
	[9] = BY_TABLE("dump_console_audit_events", "request_id, ip, NULL"),
};

/* ?1 is the request id, ?2 to ?3 the time. Columns: the smallest and the
 * largest value, and whether a line has none. */
static const char client_sql[] =
    "SELECT min(client), max(client), total(client IS NULL) FROM requests "
    "WHERE ts BETWEEN ?2 AND ?3 AND request_id = ?1";

static const char agent_sql[] =
    "SELECT min(agent), max(agent), 0 FROM ("
    "SELECT user_agent AS agent FROM access_lines "
    "WHERE ts BETWEEN ?2 AND ?3 AND request_id = ?1 UNION ALL "
    "SELECT user_agent FROM app_events "
    "WHERE ts BETWEEN ?2 AND ?3 AND request_id = ?1)";

struct asked {
	int64_t ts;
	sv request;
};

/* *out is the one value that the lines of the request agree on; it stays when
 * there is none, and becomes null when they do not agree. */
static bool
agree(struct arena *a, struct store *st, const char *sql,
    const struct asked *of, sv *out, struct err *e)
{
	struct query *q = query_open(st, sv_str(sql), NULL, e);
	enum query_end end;

	if (!q)
		return false;
	query_bind_text_at(q, 1, of->request);
	query_bind_i64_at(q, 2, of->ts - REQUEST_SPAN);
	query_bind_i64_at(q, 3, of->ts + REQUEST_SPAN);
	end = query_next(q, e);
	if (end == QUERY_MORE && query_i64(q, 2) > 0)
		*out = SV_NULL;
	else if (end == QUERY_MORE && !query_is_null(q, 0))
		*out = sv_eq(query_text(q, 0), query_text(q, 1))
		    ? arena_sv(a, query_text(q, 0)) : SV_NULL;
	query_close(q);
	return end != QUERY_FAILED;
}

/* False when the store fails; the request is null when nothing is known. */
static bool
record(struct arena *a, struct store *st, int64_t rec, struct asked *of,
    struct sender *out, struct err *e)
{
	const char *sql = record_sql[rec & ((1 << REC_KIND_BITS) - 1)];
	struct query *q = sql ? query_open(st, sv_str(sql), NULL, e) : NULL;
	enum query_end end;

	if (!q)
		return sql == NULL;
	query_bind_i64_at(q, 1, rec);
	end = query_next(q, e);
	if (end == QUERY_MORE) {
		of->ts = query_i64(q, 0);
		of->request = arena_sv(a, query_text(q, 1));
		out->client = arena_sv(a, query_text(q, 2));
		out->agent = arena_sv(a, query_text(q, 3));
	}
	query_close(q);
	return end != QUERY_FAILED;
}

bool
sender_load(struct arena *a, struct store *st, int64_t rec, struct sender *out,
    struct err *e)
{
	struct asked of = { 0, SV_NULL };
	bool router = (rec & ((1 << REC_KIND_BITS) - 1)) == 1;

	*out = (struct sender){ SV_NULL, SV_NULL };
	if (!record(a, st, rec, &of, out, e))
		return false;
	if (of.request.n == 0)
		return true;
	return (router || agree(a, st, client_sql, &of, &out->client, e)) &&
	    agree(a, st, agent_sql, &of, &out->agent, e);
}
