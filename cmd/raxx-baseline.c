/* SPDX-License-Identifier: MIT */
/* raxx-baseline: what thresholds the traffic of a store supports. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/io.h"
#include "base/opt.h"
#include "detect/baseline.h"
#include "detect/deploy.h"
#include "detect/place.h"
#include "detect/rule.h"
#include "record/site.h"
#include "store/db.h"

struct options {
	bool help, version;
	const char *rules, *site, *format;
	const char *store;
	enum baseline_format as;
};

static const char usage[] =
    "usage: raxx-baseline [--format text|ndjson] [-R DIR] [--site FILE] STORE\n"
    "Prints threshold proposals; changes nothing.\n"
    "  --format F   text (default) or ndjson\n"
    "  -R DIR       rule directory\n"
    "  --site FILE  facts of the deployment\n"
    "  -h, -V       help, version\n";

static bool
parse_format(struct options *o, struct err *e)
{
	o->as = BASELINE_TEXT;
	if (!o->format || strcmp(o->format, "text") == 0)
		return true;
	o->as = BASELINE_NDJSON;
	return strcmp(o->format, "ndjson") == 0 ||
	    err_set(e, ST_USAGE, "unknown format '%s': text or ndjson",
		o->format);
}

static bool
parse_options(int argc, char **argv, struct options *o, struct err *e)
{
	const struct opt table[] = {
		{ 'h', "help", .flag = &o->help },
		{ 'V', "version", .flag = &o->version },
		{ 'R', "rules", .value = &o->rules },
		{ 0, "site", .value = &o->site },
		{ 0, "format", .value = &o->format },
	};

	if (!opt_parse(table, countof(table), &argc, argv, e) ||
	    !parse_format(o, e))
		return false;
	if (o->help || o->version)
		return true;
	if (argc != 2)
		return err_set(e, ST_USAGE, "one STORE is needed, not %d",
		    argc - 1);
	o->store = argv[1];
	return true;
}

static bool
baseline(const struct options *o, struct err *e)
{
	struct arena a = ARENA_INIT;
	struct buf out = BUF_INIT;
	struct place at = place_find(&a, o->rules, getenv("RAXX_RULES"),
	    o->site, getenv("RAXX_SITE"), RAXX_DATADIR);
	struct catalog catalog;
	struct site site;
	struct store *st = NULL;
	bool ok;

	ok = deploy_load(&a, at.rules, at.site, &catalog, &site, e) &&
	    (st = store_open(o->store, STORE_READ, e)) != NULL &&
	    baseline_print(st, &catalog, &site, o->as, &out, e) &&
	    io_write_all(STDOUT_FILENO, buf_sv(&out), e);
	store_close(st);
	buf_release(&out);
	arena_release(&a);
	return ok;
}

int
main(int argc, char **argv)
{
	struct options o = { .format = NULL };
	struct err e = ERR_INIT;

	io_reserve_std();
	if (parse_options(argc, argv, &o, &e)) {
		if (o.help)
			fputs(usage, stdout);
		else if (o.version)
			puts("raxx-baseline " RAXX_VERSION);
		else
			baseline(&o, &e);
	}
	if (e.status == ST_OK)
		io_close_stdout(&e);
	if (e.status != ST_OK)
		fprintf(stderr, "raxx-baseline: %s\n", e.msg);
	return (int)e.status;
}
