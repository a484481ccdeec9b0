/* SPDX-License-Identifier: MIT */
/* raxx-report: verdicts and findings as a dashboard. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/io.h"
#include "base/opt.h"
#include "base/utc.h"
#include "detect/deploy.h"
#include "detect/docket.h"
#include "detect/exhibit.h"
#include "detect/place.h"
#include "detect/rule.h"
#include "detect/run.h"
#include "output/dashboard.h"
#include "output/escape.h"
#include "output/evidence.h"
#include "output/page.h"
#include "output/report.h"
#include "record/keyfile.h"
#include "record/normal.h"
#include "record/site.h"
#include "store/db.h"

enum { WIDTH = 100, PROBLEMS_MAX = 20, RUN_MAX = 1 << 30 };

struct options {
	bool help, version, list, personal;
	const char *format, *rules, *site;
	const char *store; /* NULL: NDJSON on stdin */
	/* for the lines of one finding */
	bool all, raw;
	const char *evidence, *run, *logs, *key_file;
};

static const char usage[] =
    "usage: raxx-report [--format text|md] [--show-personal] [-R DIR]\n"
    "                   [--site FILE] [STORE]\n"
    "       raxx-report --evidence ID [--all] [--raw] [--run FILE]\n"
    "                   [--logs DIR] [--key-file FILE] [OPTION...] STORE\n"
    "Without STORE the output of raxx-eval is read from standard input.\n"
    "  --evidence ID    the lines of one finding, out of your own files; six\n"
    "                   digits of its id are enough\n"
    "  --all            every record of it, not only ten\n"
    "  --raw            lines as they are, secrets and all; what was found\n"
    "                   where goes to standard error\n"
    "  --run FILE       the finding is in this output of raxx-eval (-: standard\n"
    "                   input) rather than in a run that STORE recorded\n"
    "  --logs DIR       look for the files in DIR\n"
    "  --key-file FILE  key of the keyed hashes\n"
    "  --format F       text (default) or md\n"
    "  --show-personal  do not mask e-mail addresses\n"
    "  -R DIR           rule directory, to evaluate a STORE with\n"
    "  --site FILE      facts of the deployment\n"
    "  -L               list the formats\n"
    "  -h, -V           help, version\n";

static bool
check_evidence(const struct options *o, struct err *e)
{
	bool other = o->all || o->raw || o->run || o->logs || o->key_file;

	if (!o->evidence)
		return !other || err_set(e, ST_USAGE, "--all, --raw, --run, "
		    "--logs and --key-file need --evidence");
	if (!docket_is_id(sv_str(o->evidence)))
		return err_set(e, ST_USAGE, "--evidence: '%s' is no id of a "
		    "finding: 6 to 16 of the digits 0-9 and a-f", o->evidence);
	return o->store || err_set(e, ST_USAGE, "--evidence needs a STORE");
}

static bool
parse_options(int argc, char **argv, struct options *o, struct err *e)
{
	const struct opt table[] = {
		{ 'h', "help", .flag = &o->help },
		{ 'V', "version", .flag = &o->version },
		{ 'L', "list-formats", .flag = &o->list },
		{ 0, "format", .value = &o->format },
		{ 0, "show-personal", .flag = &o->personal },
		{ 'R', "rules", .value = &o->rules },
		{ 0, "site", .value = &o->site },
		{ 0, "evidence", .value = &o->evidence },
		{ 0, "all", .flag = &o->all },
		{ 0, "raw", .flag = &o->raw },
		{ 0, "run", .value = &o->run },
		{ 0, "logs", .value = &o->logs },
		{ 0, "key-file", .value = &o->key_file },
	};

	if (!opt_parse(table, countof(table), &argc, argv, e))
		return false;
	if (o->help || o->version || o->list)
		return true;
	if (argc > 2)
		return err_set(e, ST_USAGE, "one STORE, not %d", argc - 1);
	if (!page_format_find(sv_str(o->format)))
		return err_set(e, ST_USAGE, "unknown format '%s' (-L lists them)",
		    o->format);
	o->store = argc == 2 ? argv[1] : NULL;
	if (!check_evidence(o, e))
		return false;
	if (!o->store && isatty(STDIN_FILENO))
		return err_set(e, ST_USAGE, "no STORE, and standard input is "
		    "a terminal (-h for help)");
	return true;
}

static bool
read_stdin(struct buf *in, struct err *e)
{
	for (;;) {
		ssize_t n = read(STDIN_FILENO, buf_reserve(in, 65536), 65536);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_sys(e, ST_FAIL, "standard input");
		if (n == 0)
			return true;
		in->n += (size_t)n;
	}
}

/* What a store is evaluated with. */
struct with {
	struct catalog catalog;
	struct site site;
};

static bool
load(struct arena *a, const struct options *o, struct with *w, struct err *e)
{
	struct place at = place_find(a, o->rules, getenv("RAXX_RULES"),
	    o->site, getenv("RAXX_SITE"), RAXX_DATADIR);

	return deploy_load(a, at.rules, at.site, &w->catalog, &w->site, e);
}

static bool
eval_open_store(struct store *st, const struct with *w, struct buf *in,
    struct err *e)
{
	const struct run_options run = { .from = UTC_NONE,
		.to = UTC_NONE, .now = UTC_NONE };
	struct run_summary sum;

	return run_eval(st, &w->catalog, &w->site, &run, NULL, in, &sum, e);
}

static bool
eval_store(struct arena *a, const struct options *o, struct buf *in,
    struct err *e)
{
	struct store *st;
	struct with w;
	bool ok;

	if (!load(a, o, &w, e))
		return false;
	st = store_open(o->store, STORE_READ, e);
	ok = st && eval_open_store(st, &w, in, e);
	store_close(st);
	return ok;
}

/* Says on stderr what was wrong with the input; the first few in full. */
static void
print_problems(const struct report *r, const char *name)
{
	struct buf b = BUF_INIT;
	size_t n = 0;

	for (const struct report_problem *p = r->problem;
	     p && n < PROBLEMS_MAX; p = p->next, n++) {
		buf_printf(&b, "raxx-report: ");
		escape_text(&b, sv_str(name));
		buf_printf(&b, ":%lld: ", (long long)p->line);
		escape_text(&b, p->text);
		buf_byte(&b, '\n');
	}
	if (n < r->nproblems)
		buf_printf(&b, "raxx-report: and %zu more\n", r->nproblems - n);
	if (b.n)
		fwrite(b.p, 1, b.n, stderr);
	buf_release(&b);
}

static bool
wants_colour(void)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	return isatty(STDOUT_FILENO) && !(no && *no) &&
	    !(term && strcmp(term, "dumb") == 0);
}

static bool
render(struct arena *a, const struct options *o, const struct report *r,
    struct err *e)
{
	const struct look look = { wants_colour(), WIDTH };
	struct buf out = BUF_INIT;
	struct page page;
	bool ok;

	page_init(&page, a);
	dashboard_make(&page, r);
	page_format_find(sv_str(o->format))->render(&out, &page, &look);
	ok = io_write_all(STDOUT_FILENO, buf_sv(&out), e);
	buf_release(&out);
	return ok;
}

/* The report is partial when the input was: what a rule could not see is on
 * the page and is raxx-eval's to judge. */
static bool
report(const struct options *o, bool *partial, struct err *e)
{
	const char *name = o->store ? o->store : "-";
	struct arena a = ARENA_INIT;
	struct buf in = BUF_INIT;
	struct report r;
	bool ok = o->store ? eval_store(&a, o, &in, e) : read_stdin(&in, e);

	if (ok) {
		report_read(&a, buf_sv(&in), o->personal, &r);
		print_problems(&r, name);
		*partial = r.nproblems > 0;
		ok = r.nruns > 0 ? render(&a, o, &r, e) :
		    err_set(e, ST_USAGE, "%s: no run record: this is not the "
			"output of raxx-eval", name);
	}
	buf_release(&in);
	arena_release(&a);
	return ok;
}

/* --- the lines of one finding --------------------------------------------- */

/* In FILE or else in recorded runs; last of all the store is evaluated. */
static bool
find_finding(struct arena *a, const struct options *o, struct store *st,
    const struct with *w, struct docket *d, struct err *e)
{
	sv id = sv_str(o->evidence), text;
	struct buf in = BUF_INIT;
	bool ok;

	if (o->run && !sv_is(sv_str(o->run), "-"))
		ok = io_read_file(a, o->run, RUN_MAX, &text, e) &&
		    docket_read(a, text, id, d, e);
	else if (o->run)
		ok = read_stdin(&in, e) &&
		    docket_read(a, arena_sv(a, buf_sv(&in)), id, d, e);
	else
		ok = docket_recorded(a, st, id, d, e) && (d->found ||
		    (eval_open_store(st, w, &in, e) &&
		    docket_read(a, arena_sv(a, buf_sv(&in)), id, d, e)));
	buf_release(&in);
	return ok && (d->found || err_set(e, ST_USAGE,
	    "%s: no finding whose id begins with '%s'",
	    o->run ? o->run : o->store, o->evidence));
}

static bool
load_key(struct arena *a, const struct options *o, const struct site *site,
    struct normal *n, struct err *e)
{
	const char *file = place_key(a, o->key_file, getenv("XDG_CONFIG_HOME"),
	    getenv("HOME"));
	uint8_t key[REDACT_KEY_LEN];

	if (!file)
		return err_set(e, ST_USAGE, "no HOME or XDG_CONFIG_HOME with "
		    "the key of keyed hashes: give --key-file");
	if (!keyfile_load(file, true, key, e))
		return false;
	normal_init(n, key, site);
	return true;
}

/* On a terminal raw lines are escaped still: they must not drive it. */
static bool
print_evidence(const struct options *o, const struct evidence_page *p,
    struct err *e)
{
	const struct evidence_look look = { o->raw, o->personal };
	bool apart = o->raw && !isatty(STDOUT_FILENO);
	const struct evidence_look on_tty = { false, true };
	struct buf page = BUF_INIT, raw = BUF_INIT;
	bool ok;

	evidence_write(&page, p, o->raw && !apart ? &on_tty : &look);
	if (apart)
		evidence_write_raw(&raw, p);
	ok = io_write_all(apart ? STDERR_FILENO : STDOUT_FILENO,
	    buf_sv(&page), e) && io_write_all(STDOUT_FILENO, buf_sv(&raw), e);
	buf_release(&page);
	buf_release(&raw);
	return ok;
}

static bool
show_evidence(struct arena *a, const struct options *o, struct store *st,
    bool *partial, struct err *e)
{
	struct evidence_page page;
	struct normal normal;
	struct exhibit x = { .st = st, .normal = &normal, .logs = o->logs,
		.all = o->all, .raw = o->raw };
	struct docket d;
	struct with w;

	if (!load(a, o, &w, e) || !load_key(a, o, &w.site, &normal, e) ||
	    !find_finding(a, o, st, &w, &d, e))
		return false;
	x.catalog = &w.catalog;
	x.site = &w.site;
	if (!exhibit_make(a, &x, &d, &page, e))
		return false;
	*partial = !evidence_is_whole(&page) ||
	    (o->all && (int64_t)page.n < page.total);
	return print_evidence(o, &page, e);
}

static bool
evidence(const struct options *o, bool *partial, struct err *e)
{
	struct store *st = store_open(o->store, STORE_READ, e);
	struct arena a = ARENA_INIT;
	bool ok = st && show_evidence(&a, o, st, partial, e);

	store_close(st);
	arena_release(&a);
	return ok;
}

static void
list_formats(void)
{
	for (size_t i = 0; i < page_nformats; i++)
		printf("%-6s %s\n", page_formats[i].name, page_formats[i].doc);
}

int
main(int argc, char **argv)
{
	struct options o = { .format = "text" };
	struct err e = ERR_INIT;
	bool partial = false;

	io_reserve_std();
	if (parse_options(argc, argv, &o, &e)) {
		if (o.help)
			fputs(usage, stdout);
		else if (o.version)
			puts("raxx-report " RAXX_VERSION);
		else if (o.list)
			list_formats();
		else if (o.evidence)
			evidence(&o, &partial, &e);
		else
			report(&o, &partial, &e);
	}
	if (e.status == ST_OK)
		io_close_stdout(&e);
	if (e.status != ST_OK) {
		fprintf(stderr, "raxx-report: %s\n", e.msg);
		return (int)e.status;
	}
	return partial ? ST_PARTIAL : ST_OK;
}
