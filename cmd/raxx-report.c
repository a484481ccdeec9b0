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
#include "detect/place.h"
#include "detect/rule.h"
#include "detect/run.h"
#include "output/dashboard.h"
#include "output/escape.h"
#include "output/page.h"
#include "output/report.h"
#include "record/site.h"
#include "store/db.h"

enum { WIDTH = 100, PROBLEMS_MAX = 20 };

struct options {
	bool help, version, list, personal;
	const char *format, *rules, *site;
	const char *store; /* NULL: NDJSON on stdin */
};

static const char usage[] =
    "usage: raxx-report [--format text|md] [--show-personal] [-R DIR]\n"
    "                   [--site FILE] [STORE]\n"
    "Without STORE the output of raxx-eval is read from standard input.\n"
    "  --format F       text (default) or md\n"
    "  --show-personal  do not mask e-mail addresses\n"
    "  -R DIR           rule directory, to evaluate a STORE with\n"
    "  --site FILE      facts of the deployment\n"
    "  -L               list the formats\n"
    "  -h, -V           help, version\n";

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

static bool
eval_store(struct arena *a, const struct options *o, struct buf *in,
    struct err *e)
{
	struct place at = place_find(a, o->rules, getenv("RAXX_RULES"),
	    o->site, getenv("RAXX_SITE"), RAXX_DATADIR);
	const struct run_options run = { .from = UTC_NONE, .to = UTC_NONE,
		.now = UTC_NONE };
	struct run_summary sum;
	struct catalog catalog;
	struct site site;
	struct store *st;
	bool ok;

	if (!deploy_load(a, at.rules, at.site, &catalog, &site, e))
		return false;
	st = store_open(o->store, STORE_READ, e);
	ok = st && run_eval(st, &catalog, &site, &run, NULL, in, &sum, e);
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
