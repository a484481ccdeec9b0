/* SPDX-License-Identifier: MIT */
/* evalopen.c: what every rule of a run shares. */
#include "detect/evalpriv.h"

#include "base/jsonw.h"
#include "base/utc.h"
#include "detect/chainkey.h"
#include "detect/sift.h"
#include "detect/sqlfn.h"
#include "record/site.h"
#include "store/query.h"
#include "store/shadow.h"

#define EACH_TABLE(f) \
	"SELECT " f "(x) FROM (SELECT " f "(ts) AS x FROM request " \
	"UNION ALL SELECT " f "(ts) FROM access " \
	"UNION ALL SELECT " f "(ts) FROM app " \
	"UNION ALL SELECT " f "(ts) FROM platform " \
	"UNION ALL SELECT " f "(ts) FROM metric " \
	"UNION ALL SELECT " f "(ts) FROM loss " \
	"UNION ALL SELECT " f "(ts) FROM part " \
	"UNION ALL SELECT " f "(ts) FROM dump_waitlist_signups " \
	"UNION ALL SELECT " f "(ts) FROM dump_console_audit_events " \
	"UNION ALL SELECT " f "(ts) FROM dump_customer_audit_events " \
	"UNION ALL SELECT " f "(ts) FROM dump_pg_stat_statements " \
	"UNION ALL SELECT " f "(ts) FROM dump_row)"

static bool
set_window(struct eval *ev, const struct run_options *opt, struct err *e)
{
	struct span w = { opt->from, opt->to };

	if (w.from == UTC_NONE)
		w.from = ev->first;
	/* An app gone quiet: a window of what is not there, not an error. */
	if (w.to == UTC_NONE)
		w.to = ev->last < w.from ? w.from : ev->last;
	ev->now = opt->now == UTC_NONE ? ev->last : opt->now;
	ev->open_end = opt->to == UTC_NONE;
	ev->empty = w.from == UTC_NONE || w.to == UTC_NONE;
	if (ev->empty)
		w = (struct span){ 0, 0 };
	ev->window = w;
	if (w.from > w.to)
		return err_set(e, ST_USAGE, "the window ends before it begins");
	return true;
}

static int64_t
covered_days(const struct eval *ev)
{
	const struct stream *s = &ev->streams.v[0];
	int64_t next = INT64_MIN, days = 0;

	for (size_t i = 0; i < s->nseen; i++) {
		int64_t day = day_start(s->seen[i].from);

		for (day = day > next ? day : next;
		    day <= s->seen[i].to && day <= ev->window.to;
		    day += UTC_DAY) {
			days += coverage_day(ev->a, s, day) >= 0.8;
			next = day + UTC_DAY;
		}
	}
	return days;
}

static sv
seen_json(const struct eval *ev)
{
	const struct stream *s = &ev->streams.v[0];
	struct buf b = BUF_INIT;
	struct jsonw w = JSONW_INIT(&b);

	jsonw_open(&w, '[');
	for (size_t i = 0; i < s->nseen; i++) {
		jsonw_open(&w, '[');
		jsonw_i64(&w, s->seen[i].from);
		jsonw_i64(&w, s->seen[i].to);
		jsonw_close(&w, ']');
	}
	jsonw_close(&w, ']');
	return buf_keep(&b, ev->a);
}

static sv
dumps_json(const struct eval *ev)
{
	struct buf b = BUF_INIT;
	struct jsonw w = JSONW_INIT(&b);

	jsonw_open(&w, '{');
	for (int i = 0; i < SRC_N; i++) {
		if (ev->source[i].dumps.until == UTC_NONE)
			continue;
		jsonw_key(&w, sv_str(source_def[i].name));
		jsonw_i64(&w, ev->source[i].dumps.until);
	}
	jsonw_close(&w, '}');
	return buf_keep(&b, ev->a);
}

/* The functions of rules, for the connection, and what stands before the tables
 * of the store, which the first look at these needs. */
static bool
load_functions(struct store *st, const struct run_kept *kept, struct err *e)
{
	return (kept && kept->ring) ||
	    (sqlfn_register(st, e) && shadow_install(st, e));
}

/* The keys of the audit chain. A key is there when it can be read now. */
static bool
load_keys(struct eval *ev, struct run_kept *kept, struct err *e)
{
	struct source_fact *f = &ev->source[SRC_AUDIT_CHAIN_KEY];
	const struct chainkey *ring = kept ? kept->ring : NULL;

	if (!ring) {
		struct chainkey *read = chainkey_open(&ev->site->chain);

		ring = read;
		if (!sqlfn_set_keys(ev->st, read, e))
			return false;
	}
	if (kept)
		kept->ring = ring;
	f->records = (int64_t)chainkey_usable(ring);
	if (f->records)
		f->status = SOURCE_AUTOMATED;
	return true;
}

/* The streams of a store do not depend on the window. */
static bool
load_streams(struct eval *ev, const struct run_options *opt, struct err *e)
{
	struct tally *tally = sift_tally(opt->sift);
	struct run_kept *kept = opt->kept;

	if (!kept)
		return streams_load(ev->a, ev->st, ev->site, tally,
		    &ev->streams, e);
	if (!kept->streams) {
		kept->streams = arena_new(&kept->a, struct streams);
		if (!streams_load(&kept->a, ev->st, ev->site, tally,
		    kept->streams, e))
			return false;
	}
	ev->streams = *kept->streams;
	return true;
}

bool
eval_open(struct arena *a, struct store *st, const struct site *site,
    const struct run_options *opt, struct eval *out, struct err *e)
{
	if (!load_functions(st, opt->kept, e))
		return false;
	*out = (struct eval){ .a = a, .st = st, .site = site,
		.first = UTC_NONE, .last = UTC_NONE };
	if (!query_read_i64(st, EACH_TABLE("min"), &out->first, e) ||
	    !query_read_i64(st, EACH_TABLE("max"), &out->last, e) ||
	    !set_window(out, opt, e) ||
	    !source_load(a, st, site, out->window.to, opt->sift, out->source,
	    e) ||
	    !load_keys(out, opt->kept, e) || !load_streams(out, opt, e))
		return false;
	out->env = (struct hits_env){ .st = st, .site = site,
		.seconds = opt->rule_seconds > 0 ? opt->rule_seconds : 10,
		.now = out->now, .covered_days = covered_days(out),
		.seen = seen_json(out), .dumps = dumps_json(out),
		.sift = opt->sift };
	return true;
}
