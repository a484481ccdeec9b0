/* SPDX-License-Identifier: MIT */
/* raxx-eval: the rule catalog over a store, or over records from a pipe. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/io.h"
#include "base/opt.h"
#include "base/utc.h"
#include "detect/deploy.h"
#include "detect/place.h"
#include "detect/profile.h"
#include "detect/rule.h"
#include "detect/run.h"
#include "output/brief.h"
#include "output/page.h"
#include "output/report.h"
#include "output/text.h"
#include "record/site.h"
#include "store/db.h"
#include "store/load.h"
#include "store/runlog.h"

enum { WIDTH = 100, RUN_MAX = 1 << 30 };

struct options {
	bool help, version, exit_findings, record, profile;
	const char *rules, *site, *format, *level;
	const char *from, *to, *every, *now, *as_of, *previous, *limit,
	    *threads;
	const char **param;
	size_t nparams;
	const char *store; /* NULL: NDJSON on stdin */
	/* from the texts above */
	struct run_options run;
	int64_t arrived; /* UTC_NONE: whatever is in the store */
	int64_t step; /* 0: one window */
	bool table;
	enum level least;
};

/* What all windows together found. */
struct total {
	int level_max; /* -1: nothing */
	bool blind;    /* or the input was not whole */
};

static const char usage[] =
    "usage: raxx-eval [--from T] [--to T [--every D]] [--now T] [--as-of T]\n"
    "                 [-R DIR] [--site FILE] [--param RULE.NAME=N]\n"
    "                 [--format F] [--previous FILE] [--record] [--profile]\n"
    "                 [--limit D] [--threads N] [--exit-findings[=LEVEL]] [STORE]\n"
    "Without STORE records are read from standard input (raxx-parse).\n"
    "  --from, --to T   window of event time; all events without it\n"
    "  --every D        replay: windows of length D from --from until --to\n"
    "  --now T          instead of the time of the newest event\n"
    "  --as-of T        only with inputs that had arrived by T\n"
    "  -R DIR           rule directory\n"
    "  --site FILE      facts of the deployment\n"
    "  --param R.N=X    another number for parameter N of rule R\n"
    "  --format F       table or ndjson; table on a terminal\n"
    "  --previous FILE  compare with this run (what raxx-eval printed) rather\n"
    "                   than with the newest one recorded in STORE\n"
    "  --record         keep the run in STORE (tables run, verdict, finding)\n"
    "  --profile        say on standard error what each rule cost\n"
    "  --limit D        time that one rule may take; 10s\n"
    "  --threads N      1 or 2; 2 where there are two processors\n"
    "  --exit-findings[=LEVEL]  exit 10 if something of this level or higher\n"
    "                   was found (low), 11 if not but partly blind\n"
    "  -h, -V           help, version\n";

static bool
parse_time(const char *name, const char *text, int64_t *us, struct err *e)
{
	*us = UTC_NONE;
	if (!text || utc_parse(sv_str(text), us))
		return true;
	return err_set(e, ST_USAGE, "%s: '%s' is no time; expected "
	    "2026-06-12T13:00Z or 2026-06-12", name, text);
}

static bool
parse_step(struct options *o, struct err *e)
{
	if (!o->every)
		return true;
	if (!utc_span_parse(sv_str(o->every), &o->step))
		return err_set(e, ST_USAGE, "--every: '%s' is no length of "
		    "time; expected 1h, 90m, 7d", o->every);
	if (!o->from || !o->to)
		return err_set(e, ST_USAGE,
		    "--every needs both --from and --to");
	return true;
}

static bool
parse_limit(struct options *o, struct err *e)
{
	int64_t us;

	if (!o->limit)
		return true;
	if (!utc_span_parse(sv_str(o->limit), &us))
		return err_set(e, ST_USAGE, "--limit: '%s' is no length of "
		    "time; expected 30s, 2m", o->limit);
	o->run.rule_seconds = (double)us / UTC_SECOND;
	return true;
}

/* Two, if they need not share a processor. */
static bool
parse_threads(struct options *o, struct err *e)
{
	sv v = sv_str(o->threads);

	if (sv_null(v))
		o->run.threads = sysconf(_SC_NPROCESSORS_ONLN) > 1 ? 2 : 1;
	else if (sv_is(v, "1") || sv_is(v, "2"))
		o->run.threads = sv_is(v, "1") ? 1 : 2;
	else
		return err_set(e, ST_USAGE, "--threads: '%s' is neither 1 nor "
		    "2", o->threads);
	return true;
}

static bool
parse_format(struct options *o, struct err *e)
{
	sv f = sv_str(o->format);

	o->table = sv_null(f) ? isatty(STDOUT_FILENO) : sv_is(f, "table");
	if (sv_null(f) || o->table || sv_is(f, "ndjson"))
		return true;
	return err_set(e, ST_USAGE, "unknown format '%s': table or ndjson",
	    o->format);
}

static bool
parse_level(struct options *o, struct err *e)
{
	o->least = LEVEL_LOW;
	if (!o->level || level_parse(sv_str(o->level), &o->least))
		return true;
	return err_set(e, ST_USAGE, "--exit-findings: unknown level '%s': "
	    "informational, low, medium, high or critical", o->level);
}

static bool
parse_values(struct options *o, struct err *e)
{
	return parse_time("--from", o->from, &o->run.from, e) &&
	    parse_time("--to", o->to, &o->run.to, e) &&
	    parse_time("--now", o->now, &o->run.now, e) &&
	    parse_time("--as-of", o->as_of, &o->arrived, e) &&
	    parse_step(o, e) && parse_limit(o, e) && parse_threads(o, e) &&
	    parse_format(o, e) && parse_level(o, e);
}

static bool
parse_options(int argc, char **argv, struct options *o, struct err *e)
{
	const struct opt table[] = {
		{ 'h', "help", .flag = &o->help },
		{ 'V', "version", .flag = &o->version },
		{ 'R', "rules", .value = &o->rules },
		{ 0, "site", .value = &o->site },
		{ 0, "from", .value = &o->from },
		{ 0, "to", .value = &o->to },
		{ 0, "every", .value = &o->every },
		{ 0, "now", .value = &o->now },
		{ 0, "as-of", .value = &o->as_of },
		{ 0, "param", .many = o->param, .nmany = &o->nparams },
		{ 0, "format", .value = &o->format },
		{ 0, "previous", .value = &o->previous },
		{ 0, "record", .flag = &o->record },
		{ 0, "profile", .flag = &o->profile },
		{ 0, "limit", .value = &o->limit },
		{ 0, "threads", .value = &o->threads },
		{ 0, "exit-findings", .flag = &o->exit_findings,
		    .value = &o->level },
	};

	if (!opt_parse(table, countof(table), &argc, argv, e))
		return false;
	if (o->help || o->version)
		return true;
	if (argc > 2)
		return err_set(e, ST_USAGE, "one STORE, not %d", argc - 1);
	o->store = argc == 2 ? argv[1] : NULL;
	if (o->record && !o->store)
		return err_set(e, ST_USAGE, "--record needs a STORE");
	if (!o->store && isatty(STDIN_FILENO))
		return err_set(e, ST_USAGE, "no STORE, and standard input is "
		    "a terminal (-h for help)");
	return parse_values(o, e);
}

/* Records of a pipe go into a private store that lives as long as the run. */
static struct store *
read_pipe(unsigned threads, struct total *t, struct err *e)
{
	struct store *st = store_open(NULL, STORE_MEMORY, e);
	struct load_total total = { 0 };

	if (!st)
		return NULL;
	if (!load_ndjson(STDIN_FILENO, threads, st, &total, e)) {
		store_close(st);
		return NULL;
	}
	if (total.bad > 0)
		fprintf(stderr, "raxx-eval: standard input: %llu lines are no "
		    "records of raxx-parse: %s\n",
		    (unsigned long long)total.bad, total.first_bad);
	t->blind = total.bad > 0 || total.rejected > 0;
	return st;
}

static bool
print_run(const struct options *o, const struct buf *run, struct err *e)
{
	const struct look look = { false, WIDTH };
	struct arena a = ARENA_INIT;
	struct buf out = BUF_INIT;
	struct report r;
	struct page page;
	bool ok;

	if (!o->table)
		return io_write_all(STDOUT_FILENO, buf_sv(run), e);
	report_read(&a, buf_sv(run), false, &r);
	page_init(&page, &a);
	brief_make(&page, &r);
	text_render(&out, &page, &look);
	ok = io_write_all(STDOUT_FILENO, buf_sv(&out), e);
	buf_release(&out);
	arena_release(&a);
	return ok;
}

/* Evaluation reads only; a run is added through a connection of its own. */
static bool
record_run(const struct options *o, const struct buf *run, struct err *e)
{
	struct store *st;
	bool ok;

	if (!o->record)
		return true;
	st = store_open(o->store, STORE_WRITE, e);
	ok = st && runlog_add(st, buf_sv(run), e);
	store_close(st);
	return ok;
}

/* The run before, and after it this one. */
struct history {
	struct run_before before;
	bool known;      /* else what STORE recorded is looked at */
	struct buf last; /* what `before` shows, once it is a run of ours */
};

static bool
eval_window(const struct options *o, struct store *st, const struct catalog *c,
    const struct site *site, const struct run_options *run,
    struct history *history, struct total *t, struct err *e)
{
	struct buf out = BUF_INIT;
	struct run_summary sum;
	bool ok = run_eval(st, c, site, run, history->known ? &history->before
	    : NULL, &out, &sum, e) &&
	    print_run(o, &out, e) && record_run(o, &out, e);

	buf_release(&history->last);
	history->last = out;
	history->before = (struct run_before){ SV("the window before"),
		buf_sv(&out) };
	history->known = true;
	if (!ok)
		return false;
	if (sum.level_max > t->level_max)
		t->level_max = sum.level_max;
	t->blind = t->blind || sum.blind;
	return true;
}

/* One window, or with --every each [from, from + step) until --to; each is
 * compared with the one before it. */
static bool
eval_windows(const struct options *o, struct store *st,
    const struct catalog *c, const struct site *site, struct history *history,
    struct total *t, struct err *e)
{
	struct run_kept kept = { .a = ARENA_INIT };
	struct run_options run = o->run;
	bool ok = true;

	if (!o->step)
		return eval_window(o, st, c, site, &run, history, t, e);
	if (run.from >= o->run.to)
		return err_set(e, ST_USAGE, "--from must be before --to");
	run.kept = &kept;
	while (ok && run.from < o->run.to) {
		run.to = o->run.to - run.from > o->step
		    ? run.from + o->step - 1 : o->run.to - 1;
		ok = eval_window(o, st, c, site, &run, history, t, e);
		run.from = run.to + 1;
	}
	run_kept_release(&kept);
	return ok;
}

/* What it cost is for people: never among the data. */
static bool
print_profile(const struct options *o, struct profile *p, struct err *e)
{
	static const struct look look = { false, WIDTH };
	struct buf out = BUF_INIT;
	struct page page;
	bool ok;

	profile_sort(p);
	if (o->format && sv_is(sv_str(o->format), "ndjson")) {
		profile_ndjson(&out, p);
	} else {
		page_init(&page, p->a);
		profile_page(&page, p);
		text_render(&out, &page, &look);
	}
	ok = io_write_all(STDERR_FILENO, buf_sv(&out), e);
	buf_release(&out);
	return ok;
}

static bool
read_previous(struct arena *a, const struct options *o,
    struct history *history, struct err *e)
{
	history->known = o->previous != NULL;
	history->before.name = sv_str(o->previous);
	return !history->known || io_read_file(a, o->previous, RUN_MAX,
	    &history->before.ndjson, e);
}

static bool
eval(struct arena *a, struct options *o, struct total *t, struct err *e)
{
	struct place at = place_find(a, o->rules, getenv("RAXX_RULES"),
	    o->site, getenv("RAXX_SITE"), RAXX_DATADIR);
	struct history history = { .last = BUF_INIT };
	struct catalog catalog;
	struct site site;
	struct store *st;
	struct profile profile = { .a = a };
	bool ok;

	if (!deploy_load(a, at.rules, at.site, &catalog, &site, e) ||
	    !read_previous(a, o, &history, e))
		return false;
	if (o->profile)
		o->run.profile = &profile;
	for (size_t i = 0; i < o->nparams; i++)
		if (!catalog_override(&catalog, sv_str(o->param[i]), e))
			return false;
	st = o->store ? store_open(o->store, STORE_READ, e) :
	    read_pipe(o->run.threads, t, e);
	ok = st && (o->arrived == UTC_NONE ||
	    store_as_of(st, o->arrived, e)) &&
	    eval_windows(o, st, &catalog, &site, &history, t, e);
	buf_release(&history.last);
	store_close(st);
	o->run.profile = NULL;
	return ok && (!o->profile || print_profile(o, &profile, e));
}

static enum status
exit_status(const struct options *o, const struct total *t)
{
	if (!o->exit_findings)
		return t->blind ? ST_PARTIAL : ST_OK;
	if (t->level_max >= (int)o->least)
		return ST_FOUND;
	return t->blind ? ST_BLIND : ST_OK;
}

int
main(int argc, char **argv)
{
	struct arena a = ARENA_INIT;
	struct options o = { .step = 0 };
	struct total t = { -1, false };
	struct err e = ERR_INIT;

	io_reserve_std();
	o.param = arena_array(&a, (size_t)argc + 1, sizeof(*o.param));
	if (parse_options(argc, argv, &o, &e)) {
		if (o.help)
			fputs(usage, stdout);
		else if (o.version)
			puts("raxx-eval " RAXX_VERSION);
		else
			eval(&a, &o, &t, &e);
	}
	if (e.status == ST_OK)
		io_close_stdout(&e);
	arena_release(&a);
	if (e.status != ST_OK) {
		fprintf(stderr, "raxx-eval: %s\n", e.msg);
		return (int)e.status;
	}
	return o.help || o.version ? ST_OK : (int)exit_status(&o, &t);
}
