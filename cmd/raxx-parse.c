/* SPDX-License-Identifier: MIT */
/* raxx-parse: log files, CSV dumps and pipes into records or a store. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/io.h"
#include "base/opt.h"
#include "base/pipesize.h"
#include "base/outfile.h"
#include "base/stop.h"
#include "base/utc.h"
#include "detect/deploy.h"
#include "detect/place.h"
#include "output/account.h"
#include "output/explain.h"
#include "parse/format.h"
#include "record/ingest.h"
#include "record/keyfile.h"
#include "record/ndjson.h"
#include "record/site.h"
#include "store/db.h"
#include "store/load.h"

struct options {
	bool help, version, list, verbose, quiet, dry_run, explain, force;
	const char *store, *format, *table, *app, *site, *key_file, *taken_at;
	const char *rejects, *year, *delimiter, *null, *max_plain, *threads;
};

/* One run over all inputs. */
struct parse {
	const struct options *o;
	struct ingest ingest;
	struct account account; /* of the current input */
	struct source total;
	unsigned inputs;
	bool partial;           /* something was rejected or damaged */
	struct outfile rejects; /* open with --rejects */
	struct account_pace pace;
	struct err *e;
};

static const char usage[] =
    "usage: raxx-parse [-nqv] [-o STORE] [--rejects FILE] [--format F]\n"
    "                  [--table T] [--app A] [--taken-at TIME] [--year YEAR]\n"
    "                  [--delimiter C] [--null TEXT] [--site FILE]\n"
    "                  [--key-file FILE] [--max-plain BYTES] [--threads N]\n"
    "                  [FILE...]\n"
    "       raxx-parse --explain [OPTION...] [FILE...]\n"
    "Without FILE, or for -, standard input is read. Records go to standard\n"
    "output as NDJSON, or into STORE.\n"
    "  -o STORE         SQLite file to add to; made when missing\n"
    "  -n, --dry-run    parse and account only\n"
    "  --explain        show what was seen in each line, field by field\n"
    "  --rejects FILE   also write what was not understood, as NDJSON\n"
    "  --force          overwrite that file when it exists\n"
    "  --format F       shape of the inputs instead of looking (-L lists)\n"
    "  --table T        the inputs are CSV dumps of table T\n"
    "  --app A          the inputs are of app A\n"
    "  --taken-at TIME  when the inputs were taken\n"
    "  --year YEAR      of the first line, where lines tell no year\n"
    "  --delimiter C    of CSV: one byte, or 'tab'; otherwise the header tells\n"
    "  --null TEXT      what stands for NULL in CSV instead of nothing\n"
    "  --site FILE      facts of the deployment (secret paths, proxies)\n"
    "  --key-file FILE  key of the keyed hashes (made on first use)\n"
    "  --max-plain N    bytes read of an input, unpacked (64K, 10M ...); 1T\n"
    "  --threads N      1 or 2; 2 where there are two processors\n"
    "  -v, --verbose    account of every input, and what it was taken for\n"
    "  -q, --quiet      no account when all was understood\n"
    "  -L, --list       list the formats\n"
    "  -h, -V           help, version\n";

static bool
parse_options(int *argc, char **argv, struct options *o, struct err *e)
{
	const struct opt table[] = {
		{ 'h', "help", .flag = &o->help },
		{ 'V', "version", .flag = &o->version },
		{ 'L', "list", .flag = &o->list },
		{ 'v', "verbose", .flag = &o->verbose },
		{ 'q', "quiet", .flag = &o->quiet },
		{ 'n', "dry-run", .flag = &o->dry_run },
		{ 0, "explain", .flag = &o->explain },
		{ 'o', "output", .value = &o->store },
		{ 0, "rejects", .value = &o->rejects },
		{ 0, "force", .flag = &o->force },
		{ 0, "format", .value = &o->format },
		{ 0, "table", .value = &o->table },
		{ 0, "app", .value = &o->app },
		{ 0, "site", .value = &o->site },
		{ 0, "key-file", .value = &o->key_file },
		{ 0, "taken-at", .value = &o->taken_at },
		{ 0, "max-plain", .value = &o->max_plain },
		{ 0, "threads", .value = &o->threads },
		{ 0, "year", .value = &o->year },
		{ 0, "delimiter", .value = &o->delimiter },
		{ 0, "null", .value = &o->null },
	};

	if (!opt_parse(table, countof(table), argc, argv, e))
		return false;
	if (o->store && o->dry_run)
		return err_set(e, ST_USAGE, "-o and --dry-run exclude each other");
	if (o->explain && (o->store || o->dry_run))
		return err_set(e, ST_USAGE,
		    "--explain excludes -o and --dry-run");
	return true;
}

static void
list_formats(void)
{
	for (size_t i = 0; i < nformats; i++)
		printf("%-14s %s\n", formats[i].name, formats[i].doc);
}

static void
say(const struct buf *b)
{
	fprintf(stderr, "%.*s", (int)b->n, b->p ? b->p : "");
}

static void
on_format(void *ctx, const struct source *src)
{
	const struct parse *p = ctx;
	struct buf b = BUF_INIT;

	if (!p->o->verbose)
		return;
	buf_lit(&b, "raxx-parse: ");
	account_format(&b, src);
	say(&b);
	buf_release(&b);
}

static double
monotonic(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void
on_progress(void *ctx, const struct source *src, uint64_t done, uint64_t size)
{
	struct parse *p = ctx;
	struct buf b = BUF_INIT;

	account_progress(&p->pace, &b, src, monotonic(), done, size);
	say(&b);
	buf_release(&b);
}

static void
on_reject(void *ctx, const struct source *src, const struct reject *j)
{
	struct parse *p = ctx;
	struct buf b = BUF_INIT;
	size_t head;

	buf_lit(&b, "raxx-parse: ");
	head = b.n;
	account_reject(&p->account, &b, src, j);
	if (b.n > head && !p->o->explain)
		say(&b);
	buf_clear(&b);
	if (p->o->rejects) {
		ndjson_reject(&b, j, src);
		outfile_write(&p->rejects, buf_sv(&b), p->e);
	}
	buf_release(&b);
}

static bool
set_normal(struct arena *a, const struct options *o, struct normal *n,
    struct site *site, struct err *e)
{
	struct place at = place_find(a, NULL, getenv("RAXX_RULES"), o->site,
	    getenv("RAXX_SITE"), RAXX_DATADIR);
	const char *key_file = place_key(a, o->key_file,
	    getenv("XDG_CONFIG_HOME"), getenv("HOME"));
	uint8_t key[REDACT_KEY_LEN];

	if (!deploy_site(a, at.site, site, e))
		return false;
	if (!key_file)
		return err_set(e, ST_USAGE, "no HOME or XDG_CONFIG_HOME to keep "
		    "the key of keyed hashes in: give --key-file");
	if (!keyfile_load(key_file, true, key, e))
		return false;
	normal_init(n, key, site);
	n->unseen = o->dry_run;
	return true;
}

/* Two, if they need not share a processor. */
static bool
read_threads(const char *text, unsigned *out)
{
	sv v = sv_str(text);

	*out = sysconf(_SC_NPROCESSORS_ONLN) > 1 ? 2 : 1;
	if (sv_null(v))
		return true;
	*out = sv_is(v, "1") ? 1 : 2;
	return *out == 1 || sv_is(v, "2");
}

static bool
read_year(const char *text, int *year)
{
	int64_t n;

	if (!sv_to_i64(sv_str(text), &n) || n < 1970 || n > 9999)
		return false;
	*year = (int)n;
	return true;
}

static bool
read_delimiter(const char *text, char *delim)
{
	sv v = sv_is(sv_str(text), "tab") ? SV("\t") : sv_str(text);

	if (v.n != 1 || sv_find_byte(SV("\"\r\n"), v.p[0]) < 3)
		return false;
	*delim = v.p[0];
	return true;
}

/* Rejects that took the place of the file would be all that is left of it.
 * What cannot be looked at is another file. */
static bool
check_apart(const char *rejects, const char *other, struct err *e)
{
	bool is_stdin = sv_is(sv_str(other), "-");
	struct stat a, b;

	if (stat(rejects, &a) != 0 ||
	    (is_stdin ? fstat(STDIN_FILENO, &b) : stat(other, &b)) != 0 ||
	    a.st_dev != b.st_dev || a.st_ino != b.st_ino)
		return true;
	return err_set(e, ST_FAIL, "output-refused: %s is an input or the store",
	    rejects);
}

static bool
open_rejects(struct parse *p, int argc, char **argv, struct err *e)
{
	const char *path = p->o->rejects;

	if (path == NULL)
		return true;
	if (!outfile_open(&p->rejects, path, p->o->force, e))
		return false;
	if (argc == 1 && !check_apart(path, "-", e))
		return false;
	for (int i = 1; i < argc; i++)
		if (!check_apart(path, argv[i], e))
			return false;
	return p->o->store == NULL || check_apart(path, p->o->store, e);
}

/* What a run that failed found is no whole list: what was there stays. */
static void
close_rejects(struct parse *p, enum status st, struct err *e)
{
	if (p->rejects.fd >= 0 && st <= ST_PARTIAL && !stop_asked())
		outfile_keep(&p->rejects, e);
	outfile_discard(&p->rejects);
}

static bool
set_ingest(struct parse *p, struct err *e)
{
	const struct options *o = p->o;
	struct ingest *g = &p->ingest;
	struct timespec now;

	if (o->format && !(g->format = format_find(sv_str(o->format))))
		return err_set(e, ST_USAGE, "--format: unknown format '%s' "
		    "(-L lists them)", o->format);
	g->taken = UTC_NONE;
	if (o->taken_at && !utc_parse(sv_str(o->taken_at), &g->taken))
		return err_set(e, ST_USAGE, "--taken-at: '%s' is no time; "
		    "expected 2026-06-12T13:00Z", o->taken_at);
	if (!opt_bytes(o->max_plain ? o->max_plain : "1T", &g->max_plain) ||
	    g->max_plain == 0)
		return err_set(e, ST_USAGE, "--max-plain: '%s' is no number of "
		    "bytes; expected one such as 64K, 10M, 2G or 1T",
		    o->max_plain);
	if (!read_threads(o->threads, &g->threads))
		return err_set(e, ST_USAGE, "--threads: '%s' is neither 1 nor 2",
		    o->threads);
	if (o->year && !read_year(o->year, &g->year))
		return err_set(e, ST_USAGE, "--year: '%s' is no year; "
		    "expected 1970 to 9999", o->year);
	if (o->delimiter && !read_delimiter(o->delimiter, &g->delim))
		return err_set(e, ST_USAGE, "--delimiter: '%s' is not one byte "
		    "that can part cells", o->delimiter);
	g->null_text = sv_str(o->null);
	clock_gettime(CLOCK_REALTIME, &now);
	g->now = (int64_t)now.tv_sec * UTC_SECOND + now.tv_nsec / 1000;
	g->table = sv_str(o->table);
	g->app = sv_str(o->app);
	g->on_format = on_format;
	g->on_reject = on_reject;
	g->on_progress = isatty(STDERR_FILENO) ? on_progress : NULL;
	g->ctx = p;
	return true;
}

static void
tell_source(struct parse *p, const struct source *s)
{
	struct buf b = BUF_INIT;

	account_input(&p->account, &b, s, p->o->verbose, p->o->quiet);
	say(&b);
	buf_release(&b);
}

/* False: nothing more can be written, or a signal stopped it. An input that
 * cannot be read is told and left out; the others are read. */
static bool
parse_input(struct parse *p, const char *path, enum status *worst)
{
	struct arena perm = ARENA_INIT;
	struct err e = ERR_INIT;
	struct source src;
	enum ingest_end end;

	p->account = (struct account){ .nreasons = 0 };
	p->pace = (struct account_pace){ .start = monotonic() };
	end = ingest_input(&p->ingest, path, &perm, &src, &e);
	if (p->pace.shown > 0)
		fputs(ACCOUNT_CLEAR, stderr);
	if (end == INGEST_DONE) {
		tell_source(p, &src);
		account_add(&p->total, &src);
		p->inputs++;
		p->partial |= src.rejected > 0 || !sv_null(src.damaged) ||
		    src.drift;
	} else if (end == INGEST_BAD_INPUT && !stop_asked()) {
		fprintf(stderr, "raxx-parse: %s\n", e.msg);
		*worst = ST_FAIL;
	} else {
		*p->e = e;
	}
	arena_release(&perm);
	return end == INGEST_DONE || (end == INGEST_BAD_INPUT && !stop_asked());
}

static bool
parse_inputs(struct parse *p, int argc, char **argv, enum status *worst)
{
	struct buf b = BUF_INIT;

	if (argc == 1 && !parse_input(p, "-", worst))
		return false;
	for (int i = 1; i < argc; i++) {
		if (stop_asked())
			return err_set(p->e, ST_FAIL, "%s: interrupted", argv[i]);
		if (!parse_input(p, argv[i], worst))
			return false;
	}
	if (p->partial || !p->o->quiet) {
		account_total(&b, &p->total, p->inputs, p->o->verbose);
		say(&b);
	}
	buf_release(&b);
	if (p->partial && *worst < ST_PARTIAL)
		*worst = ST_PARTIAL;
	return true;
}

/* A full disk or a closed pipe is an error of a write, which rolls back, not a
 * signal. Records on a pipe that nobody reads may end by SIGPIPE. */
static void
keep_files(const struct options *o)
{
	signal(SIGXFSZ, SIG_IGN);
	if (o->store || o->rejects)
		signal(SIGPIPE, SIG_IGN);
}

static void
tell_resumed(const char *path)
{
	struct buf b = BUF_INIT;

	account_resumed(&b, sv_str(path));
	say(&b);
	buf_release(&b);
}

static bool
parse_to_store(struct parse *p, int argc, char **argv, enum status *worst)
{
	struct store *st = store_open(p->o->store, STORE_WRITE, p->e);
	struct loader *l = st ? loader_open(st, p->e) : NULL;
	bool ok = false;

	if (st && store_recovered(st))
		tell_resumed(p->o->store);
	if (l) {
		p->ingest.sink = loader_sink(l);
		ok = parse_inputs(p, argc, argv, worst);
	}
	loader_close(l);
	store_close(st);
	return ok;
}

static bool
parse_to_people(struct parse *p, int argc, char **argv, enum status *worst)
{
	struct explain_sink out;

	explain_sink_init(&out, STDOUT_FILENO);
	p->ingest.sink = &out.sink;
	return parse_inputs(p, argc, argv, worst);
}

static bool
parse_to_pipe(struct parse *p, int argc, char **argv, enum status *worst)
{
	struct ndjson_sink out;
	bool ok;

	pipesize_widen(STDOUT_FILENO);
	ndjson_sink_init(&out, STDOUT_FILENO);
	p->ingest.sink = p->o->dry_run ? NULL : &out.sink;
	ok = parse_inputs(p, argc, argv, worst) &&
	    ndjson_sink_flush(&out, p->e);
	ndjson_sink_release(&out);
	return ok;
}

static enum status
parse_to(struct parse *p, int argc, char **argv, struct err *e)
{
	enum status worst = ST_OK;
	bool ok;

	ok = p->o->store ? parse_to_store(p, argc, argv, &worst) :
	    p->o->explain ? parse_to_people(p, argc, argv, &worst) :
	    parse_to_pipe(p, argc, argv, &worst);
	return ok && e->status == ST_OK ? worst : e->status;
}

static enum status
run(struct arena *a, const struct options *o, int argc, char **argv,
    struct err *e)
{
	struct parse p = { .o = o, .e = e, .rejects = OUTFILE_INIT };
	enum status st;
	struct normal normal;
	struct site site;

	keep_files(o);
	stop_catch();
	if (set_ingest(&p, e) && set_normal(a, o, &normal, &site, e) &&
	    open_rejects(&p, argc, argv, e)) {
		p.ingest.normal = &normal;
		st = parse_to(&p, argc, argv, e);
	} else {
		st = e->status;
	}
	close_rejects(&p, st, e);
	return st > e->status ? st : e->status;
}

int
main(int argc, char **argv)
{
	struct arena a = ARENA_INIT;
	struct options o = { .help = false };
	struct err e = ERR_INIT;
	enum status st = ST_OK;

	io_reserve_std();
	if (parse_options(&argc, argv, &o, &e)) {
		if (o.help)
			fputs(usage, stdout);
		else if (o.version)
			puts("raxx-parse " RAXX_VERSION);
		else if (o.list)
			list_formats();
		else
			st = run(&a, &o, argc, argv, &e);
	}
	if (e.status == ST_OK)
		io_close_stdout(&e);
	arena_release(&a);
	if (e.status != ST_OK) {
		fprintf(stderr, "raxx-parse: %s\n", e.msg);
		st = e.status;
	}
	if (stop_asked())
		stop_now();
	return (int)st;
}
