/* SPDX-License-Identifier: MIT */
/* raxx-rules: shows and checks the rule catalog. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/io.h"
#include "base/opt.h"
#include "base/utc.h"
#include "detect/allow.h"
#include "detect/deploy.h"
#include "detect/eval.h"
#include "detect/explainpage.h"
#include "detect/explanation.h"
#include "detect/hits.h"
#include "detect/lint.h"
#include "detect/listing.h"
#include "detect/place.h"
#include "detect/plainsql.h"
#include "detect/rule.h"
#include "detect/trial.h"
#include "output/page.h"
#include "output/text.h"
#include "record/site.h"
#include "store/db.h"

enum { WIDTH = 100 };

struct options {
	bool help, version, verbose, strict;
	const char *rules, *site, *format, *only, *keep, *from, *to;
	const char *verb;
	const char **file;
	size_t nfiles;
	enum status done; /* when nothing failed */
};

static const char option_usage[] =
    "  -R DIR       rule directory\n"
    "  --site FILE  facts of the deployment\n"
    "  --format F   table or ndjson; table on a terminal\n"
    "  --from, --to T   explain, sql: the window; all events of STORE\n"
    "  --case TEXT  only test cases whose name contains TEXT\n"
    "  --keep FILE  keep the store of the one test case in FILE\n"
    "  -v           list: the arms too; test: also the cases that pass\n"
    "  --strict     warnings are errors, and so is a rule that no source serves\n"
    "  -h, -V       help, version\n";

static bool
parse_options(int argc, char **argv, struct options *o, struct err *e)
{
	const struct opt table[] = {
		{ 'h', "help", .flag = &o->help },
		{ 'V', "version", .flag = &o->version },
		{ 'R', "rules", .value = &o->rules },
		{ 0, "site", .value = &o->site },
		{ 0, "format", .value = &o->format },
		{ 'v', "verbose", .flag = &o->verbose },
		{ 0, "case", .value = &o->only },
		{ 0, "from", .value = &o->from },
		{ 0, "to", .value = &o->to },
		{ 0, "keep", .value = &o->keep },
		{ 0, "strict", .flag = &o->strict },
	};

	if (!opt_parse(table, countof(table), &argc, argv, e))
		return false;
	if (o->help || o->version)
		return true;
	if (argc < 2)
		return err_set(e, ST_USAGE, "no command (-h for help)");
	o->verb = argv[1];
	for (int i = 2; i < argc; i++)
		o->file[o->nfiles++] = argv[i];
	if (o->format && !sv_is(sv_str(o->format), "table") &&
	    !sv_is(sv_str(o->format), "ndjson"))
		return err_set(e, ST_USAGE,
		    "unknown format '%s': table or ndjson", o->format);
	return true;
}

static bool
as_table(const struct options *o)
{
	return o->format ? sv_is(sv_str(o->format), "table") :
	    isatty(STDOUT_FILENO);
}

static bool
print(struct buf *b, struct err *e)
{
	bool ok = io_write_all(STDOUT_FILENO, buf_sv(b), e);

	buf_release(b);
	return ok;
}

static bool
list(struct arena *a, struct options *o, const struct place *at, struct err *e)
{
	static const struct look look = { false, WIDTH };
	struct buf b = BUF_INIT;
	struct catalog c;
	struct page page;
	struct site s;

	if (o->nfiles)
		return err_set(e, ST_USAGE, "list takes no files");
	/* To show rules their statements need not be compiled. */
	if (!deploy_site(a, at->site, &s, e) ||
	    !catalog_load(a, at->rules, &s, &c, e))
		return false;
	if (as_table(o)) {
		page_init(&page, a);
		listing_page(&page, &c, o->verbose);
		text_render(&b, &page, &look);
	} else {
		listing_ndjson(&b, &c);
	}
	return print(&b, e);
}

static void
print_count(const char *before, size_t n, const char *what)
{
	printf("%s%zu %s%s", before, n, what, n == 1 ? "" : "s");
}

static bool
end_check(const struct options *o, const struct lint *l, struct err *e)
{
	size_t bad = l->errors + (o->strict ? l->warnings : 0);

	if (bad)
		return err_set(e, ST_USAGE, "%zu error%s in %zu file%s", bad,
		    bad == 1 ? "" : "s", l->files, l->files == 1 ? "" : "s");
	print_count("", l->rules, "rule");
	print_count(" in ", l->files, "file");
	if (l->warnings)
		print_count(": no errors, ", l->warnings, "warning");
	puts(l->warnings ? "" : ": no errors");
	return true;
}

/* Without files: the whole catalog, and the site's thresholds for it. */
static bool
check(struct arena *a, struct options *o, const struct place *at,
    struct err *e)
{
	bool all = o->nfiles == 0;
	struct buf out = BUF_INIT;
	struct lint l;
	struct catalog c;
	struct site s;

	if (all && !rule_files(a, at->rules, &o->file, &o->nfiles, e))
		return false;
	if (!deploy_site(a, at->site, &s, e) ||
	    !lint_open(&l, a, o->strict, &out, e))
		return false;
	l.site = &s;
	lint_paths(&l, o->file, o->nfiles);
	lint_close(&l);
	if (out.n)
		fwrite(out.p, 1, out.n, stderr);
	buf_release(&out);
	if (all && !l.errors &&
	    (!deploy_load(a, at->rules, at->site, &c, &s, e) ||
	    !allow_check(&c, &s, true, e)))
		return false;
	return end_check(o, &l, e);
}

static bool
test(struct arena *a, struct options *o, const struct place *at, struct err *e)
{
	const struct trial_options t = { .rules = at->rules, .site = at->site,
		.rule = o->file, .nrules = o->nfiles, .only = o->only,
		.keep = o->keep, .verbose = o->verbose };
	struct buf out = BUF_INIT;
	struct trial_total sum;
	bool ok = trial_all(a, &t, &out, &sum, e);

	/* What was found before it failed is worth reading too. */
	ok = io_write_all(STDOUT_FILENO, buf_sv(&out), e) && ok;
	o->done = sum.failed ? ST_PARTIAL : ST_OK;
	buf_release(&out);
	return ok;
}

static bool
read_time(const char *name, const char *text, int64_t *us, struct err *e)
{
	*us = UTC_NONE;
	return !text || utc_parse(sv_str(text), us) ||
	    err_set(e, ST_USAGE, "%s: '%s' is no time; expected "
	    "2026-06-12T13:00Z or 2026-06-12", name, text);
}

/* What the operands of explain and sql name: RULE [STORE]. */
struct asked {
	struct rule *rule;
	struct site site;
	struct store *st; /* NULL: none was named */
	struct run_options run;
};

static bool
ask(struct arena *a, const struct options *o, const struct place *at,
    struct asked *k, struct err *e)
{
	*k = (struct asked){ .run = { .now = UTC_NONE } };
	if (o->nfiles < 1 || o->nfiles > 2)
		return err_set(e, ST_USAGE, "%s needs a RULE, and takes a "
		    "STORE (-h for help)", o->verb);
	if (!read_time("--from", o->from, &k->run.from, e) ||
	    !read_time("--to", o->to, &k->run.to, e))
		return false;
	k->rule = deploy_rule(a, at->rules, at->site, o->file[0], &k->site, e);
	if (!k->rule || o->nfiles == 1)
		return k->rule != NULL;
	k->st = store_open(o->file[1], STORE_READ, e);
	return k->st != NULL;
}

static bool
explain(struct arena *a, struct options *o, const struct place *at,
    struct err *e)
{
	static const struct look look = { false, WIDTH };
	struct buf b = BUF_INIT;
	struct explanation x;
	struct page page;
	struct asked k;
	bool ok = ask(a, o, at, &k, e) && explanation_make(a, k.st, &k.site,
	    k.rule, &k.run, &x, e);

	if (ok && as_table(o)) {
		page_init(&page, a);
		explainpage_put(&page, &x);
		text_render(&b, &page, &look);
	} else if (ok) {
		explanation_ndjson(&b, &x);
	}
	store_close(k.st);
	return print(&b, e) && ok;
}

/* Without a store the window is all time, and what a run knows is nothing. */
static bool
sql(struct arena *a, struct options *o, const struct place *at, struct err *e)
{
	static const char last[] = "9999-12-31T23:59:59Z";
	struct hits_env env = { .seen = SV("[]"), .dumps = SV("{}") };
	struct buf b = BUF_INIT;
	struct asked k;
	struct eval ev;
	int64_t from, to;
	bool ok = ask(a, o, at, &k, e);

	if (ok && k.st) {
		ok = eval_open(a, k.st, &k.site, &k.run, &ev, e);
		env = ev.env;
		from = ev.window.from;
		to = ev.window.to;
	} else if (ok) {
		from = k.run.from == UTC_NONE ? 0 : k.run.from;
		to = k.run.to;
		ok = to != UTC_NONE || utc_parse(SV(last), &to);
		env.site = &k.site;
		env.now = to;
	}
	if (ok)
		plainsql_rule(&b, &env, k.rule, from, to);
	store_close(k.st);
	return print(&b, e) && ok;
}

/* What raxx-rules does, as the first operand names it. */
static const struct verb {
	const char *name;
	bool (*run)(struct arena *a, struct options *o, const struct place *at,
	    struct err *e);
	const char *operands, *doc;
} verbs[] = {
	{ "list", list, "[-v] [-R DIR] [--site FILE] [--format F]",
	    "prints the rules" },
	{ "check", check, "[-R DIR] [--site FILE] [--strict] [FILE...]",
	    "finds what is wrong with them" },
	{ "explain", explain, "[-R DIR] [--site FILE] [--from T] [--to T] "
	    "[--format F] RULE [STORE]", "tells what a rule is, and what "
	    "became of the events" },
	{ "sql", sql, "[-R DIR] [--site FILE] [--from T] [--to T] RULE [STORE]",
	    "prints its statements for the sqlite3 shell" },
	{ "test", test, "[-v] [-R DIR] [--site FILE] [--case TEXT] "
	    "[--keep FILE] [RULE...]", "runs the tests they ship" },
};

static void
print_usage(void)
{
	for (size_t i = 0; i < countof(verbs); i++)
		printf("%s raxx-rules %s %s\n", i ? "      " : "usage:",
		    verbs[i].name, verbs[i].operands);
	for (size_t i = 0; i < countof(verbs); i++)
		printf("  %-12s %s\n", verbs[i].name, verbs[i].doc);
	fputs(option_usage, stdout);
}

static bool
run(struct arena *a, struct options *o, struct err *e)
{
	struct place at = place_find(a, o->rules, getenv("RAXX_RULES"),
	    o->site, getenv("RAXX_SITE"), RAXX_DATADIR);

	for (size_t i = 0; i < countof(verbs); i++)
		if (sv_is(sv_str(o->verb), verbs[i].name))
			return verbs[i].run(a, o, &at, e);
	return err_set(e, ST_USAGE, "unknown command '%s' (-h for help)",
	    o->verb);
}

int
main(int argc, char **argv)
{
	struct arena a = ARENA_INIT;
	struct options o = { 0 };
	struct err e = ERR_INIT;

	io_reserve_std();
	o.file = arena_array(&a, (size_t)argc + 1, sizeof(*o.file));
	if (parse_options(argc, argv, &o, &e)) {
		if (o.help)
			print_usage();
		else if (o.version)
			puts("raxx-rules " RAXX_VERSION);
		else
			run(&a, &o, &e);
	}
	if (e.status == ST_OK)
		io_close_stdout(&e);
	arena_release(&a);
	if (e.status != ST_OK)
		fprintf(stderr, "raxx-rules: %s\n", e.msg);
	return (int)(e.status != ST_OK ? e.status : o.done);
}
