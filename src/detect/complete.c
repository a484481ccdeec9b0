/* SPDX-License-Identifier: MIT */
#include "detect/complete.h"

#include "store/query.h"

/* Rows, the highest number, 1 if no number of a group is missing. Dumps of
 * different days hold the same row more than once: each number counts once. */
#define NUMBERS(table, number, top, group) \
	"SELECT sum(n), max(top_), min(hi - lo + 1 = n AND odd = 0) FROM " \
	"(SELECT count(DISTINCT " number ") AS n, min(" number ") AS lo, " \
	"max(" number ") AS hi, max(" top ") AS top_, " \
	"sum(" number " IS NULL) AS odd FROM " table " AS r " \
	"JOIN source AS s ON s.id = r.source GROUP BY " group ")"
#define ROW_ID \
	"iif(row_id GLOB '*[^0-9]*' OR length(row_id) NOT BETWEEN 1 AND 18, " \
	"NULL, CAST(row_id AS INTEGER))"

static const char *const numbers[SRC_N] = {
	[SRC_WAITLIST_SIGNUPS] = NUMBERS("dump_waitlist_signups", ROW_ID,
	    ROW_ID, "s.app"),
	[SRC_CONSOLE_AUDIT_EVENTS] = NUMBERS("dump_console_audit_events",
	    "seq", "seq", "s.app"),
	[SRC_CUSTOMER_AUDIT_EVENTS] = NUMBERS("dump_customer_audit_events",
	    "seq", ROW_ID, "s.app, tenant_id"),
};

bool
complete_load(struct store *st, int source, const struct source_fact *f,
    struct complete *out, struct err *e)
{
	enum query_end end;
	struct query *q;

	*out = (struct complete){ f->records, -1 };
	if (!numbers[source])
		return true;
	q = query_open(st, sv_str(numbers[source]), NULL, e);
	if (!q)
		return false;
	end = query_next(q, e);
	if (end == QUERY_MORE && query_i64(q, 2) == 1 &&
	    !query_is_null(q, 1) && sv_null(f->dumps.flaw)) {
		out->rows = query_i64(q, 0);
		out->max_id = query_i64(q, 1);
	}
	query_close(q);
	return end != QUERY_FAILED;
}
