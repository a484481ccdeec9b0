/* SPDX-License-Identifier: MIT */
#include "detect/rule.h"

#include <dirent.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/io.h"
#include "base/sha256.h"
#include "detect/meta.h"
#include "detect/sigma.h"
#include "detect/sqlrule.h"
#include "record/site.h"

const char *const level_name[LEVEL_N] = {
	[LEVEL_INFORMATIONAL] = "informational",
	[LEVEL_LOW] = "low",
	[LEVEL_MEDIUM] = "medium",
	[LEVEL_HIGH] = "high",
	[LEVEL_CRITICAL] = "critical",
};

_Static_assert(countof(level_name) == LEVEL_N, "a name per level");

bool
level_parse(sv v, enum level *out)
{
	if (sv_is(v, "info"))
		v = SV("informational");
	for (size_t i = 0; i < LEVEL_N; i++)
		if (sv_is(v, level_name[i])) {
			*out = (enum level)i;
			return true;
		}
	return false;
}

/* --- one file --- */

static bool
is_yaml(sv name)
{
	return sv_ends(name, SV(".yml")) || sv_ends(name, SV(".yaml"));
}

/* The array grows by powers of two, so that there is room until the next. */
void
rules_append(struct arena *a, struct rule ***out, size_t *n, struct rule *r)
{
	struct rule **old = *out;

	if ((*n & (*n - 1)) == 0) {
		*out = arena_array(a, *n ? 2 * *n : 1, sizeof(*old));
		if (*n)
			memcpy(*out, old, *n * sizeof(*old));
	}
	(*out)[(*n)++] = r;
}

/* --- files that belong together --- */

/* How far one file has come. */
struct load {
	struct rule_file f;
	bool sigma;
	size_t number; /* in the Sigma set */
	struct err e;  /* ST_OK as long as all is well */
};

struct loader {
	struct arena *a;
	struct sigma *s;
	bool strict;
	struct load *file;
	size_t n;
	struct rules *out;
};

static void
read_one(struct loader *l, struct load *f)
{
	f->f.name = arena_sv(l->a, f->f.name);
	f->f.text = arena_sv(l->a, f->f.text);
	if (f->f.text.n > RULE_FILE_MAX)
		err_set(&f->e, ST_USAGE, "%.*s:1:1: %zu bytes are too many "
		    "(at most %d)", SV_ARG(f->f.name), f->f.text.n,
		    RULE_FILE_MAX);
	else if (is_yaml(f->f.name))
		f->sigma = sigma_add(l->s, f->f, l->strict, &f->number, &f->e);
	else if (!sv_ends(f->f.name, SV(".sql")))
		err_set(&f->e, ST_USAGE, "%.*s:1:1: neither .yml, .yaml nor "
		    ".sql", SV_ARG(f->f.name));
}

static void
make_one(struct loader *l, struct load *f)
{
	struct rule *r;

	if (f->e.status != ST_OK)
		return;
	if (f->sigma) {
		sigma_make(l->s, f->number, &l->out->rule, &l->out->n, &f->e);
		return;
	}
	r = sqlrule_read(l->a, f->f, &f->e);
	if (r)
		rules_append(l->a, &l->out->rule, &l->out->n, r);
}

/* One message per file; what is wrong in a file that others refer to is said
 * once. */
static void
add_error(struct rules *out, const struct err *e)
{
	for (size_t i = 0; i < out->nerrors; i++)
		if (strcmp(out->error[i].msg, e->msg) == 0)
			return;
	out->error[out->nerrors++] = *e;
}

static void
load_all(struct loader *l)
{
	for (size_t i = 0; i < l->n; i++)
		if (l->file[i].e.status == ST_OK)
			read_one(l, &l->file[i]);
	for (size_t i = 0; i < l->n; i++)
		if (l->file[i].sigma)
			sigma_link(l->s, l->file[i].number, &l->file[i].e);
	for (size_t i = 0; i < l->n; i++)
		make_one(l, &l->file[i]);
	l->out->error = arena_array(l->a, l->n, sizeof(struct err));
	for (size_t i = 0; i < l->n; i++)
		if (l->file[i].e.status != ST_OK)
			add_error(l->out, &l->file[i].e);
	sigma_warnings(l->s, &l->out->warning, &l->out->nwarnings);
}

void
rules_load(struct arena *perm, const struct rule_file *f, size_t nfiles,
    const struct site *site, bool strict, struct rules *out)
{
	struct loader l = { perm, sigma_open(perm, site), strict,
		arena_array(perm, nfiles, sizeof(*l.file)), nfiles, out };

	*out = (struct rules){ 0 };
	for (size_t i = 0; i < nfiles; i++)
		l.file[i].f = f[i];
	load_all(&l);
}

void
rules_read(struct arena *perm, const char *const *path, size_t nfiles,
    const struct site *site, bool strict, struct rules *out)
{
	struct loader l = { perm, sigma_open(perm, site), strict,
		arena_array(perm, nfiles, sizeof(*l.file)), nfiles, out };

	*out = (struct rules){ 0 };
	for (size_t i = 0; i < nfiles; i++) {
		l.file[i].f.name = sv_str(path[i]);
		io_read_file(perm, path[i], RULE_FILE_MAX, &l.file[i].f.text,
		    &l.file[i].e);
	}
	load_all(&l);
}

bool
rule_load(struct arena *perm, struct rule_file f, bool strict,
    struct rule ***out, size_t *n, struct err *e)
{
	struct rules r;

	rules_load(perm, &f, 1, NULL, strict, &r);
	if (r.nerrors)
		return err_set(e, r.error[0].status, "%s", r.error[0].msg);
	for (size_t i = 0; i < r.n; i++)
		rules_append(perm, out, n, r.rule[i]);
	return true;
}

bool
rule_read(struct arena *perm, const char *path, struct rule ***out, size_t *n,
    struct err *e)
{
	struct rule_file f = { .name = sv_str(path) };

	return io_read_file(perm, path, RULE_FILE_MAX, &f.text, e) &&
	    rule_load(perm, f, false, out, n, e);
}

/* --- the catalog --- */

bool
rule_is_file(sv name)
{
	return is_yaml(name) || sv_ends(name, SV(".sql"));
}

static int
rule_file_name(const struct dirent *d)
{
	sv name = sv_str(d->d_name);

	return !sv_starts(name, SV(".")) && rule_is_file(name);
}

static int
by_bytes(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

bool
rule_files(struct arena *a, const char *dir, const char ***out, size_t *n,
    struct err *e)
{
	struct dirent **entry;
	int found = scandir(dir, &entry, rule_file_name, by_bytes);
	struct buf path = BUF_INIT;

	*n = 0;
	if (found < 0)
		return err_sys(e, ST_USAGE,
		    "rule directory %s (-R DIR or RAXX_RULES names another)",
		    dir);
	*out = arena_array(a, (size_t)found, sizeof(**out));
	for (int i = 0; i < found; i++) {
		buf_clear(&path);
		buf_printf(&path, "%s/%s", dir, entry[i]->d_name);
		(*out)[(*n)++] = arena_str(a, buf_sv(&path));
		free(entry[i]); /* scandir's, hence not ours to pool */
	}
	free(entry);
	buf_release(&path);
	return true;
}

static int
by_id(const void *pa, const void *pb)
{
	const struct rule *a = *(const struct rule *const *)pa;
	const struct rule *b = *(const struct rule *const *)pb;
	int c = sv_cmp(a->id, b->id);

	return c ? c : sv_cmp(a->file, b->file);
}

static sv
catalog_digest(struct arena *a, const struct catalog *c)
{
	struct sha256 s;
	uint8_t d[SHA256_LEN];
	struct buf b = BUF_INIT;
	sv hex;

	sha256_init(&s);
	for (size_t i = 0; i < c->n; i++) {
		const struct rule *r = c->rule[i];

		sha256_add(&s, r->id.p, r->id.n);
		sha256_add(&s, "\n", 1);
		sha256_add(&s, r->digest.p, r->digest.n);
	}
	sha256_end(&s, d);
	buf_hex(&b, d, sizeof(d));
	hex = buf_keep(&b, a);
	return hex;
}

bool
rule_twice(const struct rule *old, const struct rule *r, struct err *e)
{
	return err_set(e, ST_USAGE, "%.*s:%d:%d: rule '%.*s' is already in %.*s",
	    SV_ARG(r->file), r->id_at.line, r->id_at.col, SV_ARG(r->id),
	    SV_ARG(old->file));
}

static bool
sort_rules(struct catalog *c, struct err *e)
{
	if (c->n)
		qsort(c->rule, c->n, sizeof(struct rule *), by_id);
	for (size_t i = 1; i < c->n; i++)
		if (sv_eq(c->rule[i - 1]->id, c->rule[i]->id))
			return rule_twice(c->rule[i - 1], c->rule[i], e);
	return true;
}

/* Counts, spans and shares are not negative; a number that may be has a floor
 * that is not above zero. */
static bool
takes(const struct param *p, double value)
{
	return value >= 0 || !(p->floor > 0);
}

static bool
site_err(const struct site *s, struct site_place at, struct err *e, sv rule,
    const char *what, sv value)
{
	return err_set(e, ST_USAGE, "%.*s:%d:%d: thresholds: %s%.*s%s '%.*s'",
	    SV_ARG(s->file), at.line, at.col, rule.n ? "rule '" : "",
	    SV_ARG(rule), what, SV_ARG(value));
}

static bool
apply_one(struct catalog *c, const struct site *site,
    const struct site_threshold *t, struct err *e)
{
	struct rule *r = catalog_find(c, t->rule);
	int i;

	if (!r)
		return site_err(site, t->rule_at, e, SV_NULL, "no rule",
		    t->rule);
	i = meta_find_param(r, t->name);
	if (i < 0)
		return site_err(site, t->name_at, e, r->id, "' has no parameter",
		    t->name);
	if (!takes(&r->param[i], t->value))
		return site_err(site, t->value_at, e, SV_NULL,
		    "a negative number for", t->name);
	r->param[i].value = t->value;
	r->param[i].from = "site";
	return true;
}

static bool
apply_site(struct catalog *c, const struct site *site, struct err *e)
{
	for (size_t i = 0; i < site->nthresholds; i++)
		if (!apply_one(c, site, &site->threshold[i], e))
			return false;
	return true;
}

bool
catalog_load(struct arena *perm, const char *dir, const struct site *site,
    struct catalog *out, struct err *e)
{
	const char **path;
	struct rules r;
	size_t n;

	*out = (struct catalog){ 0 };
	if (!rule_files(perm, dir, &path, &n, e))
		return false;
	rules_read(perm, path, n, site, false, &r);
	if (r.nerrors)
		return err_set(e, r.error[0].status, "%s", r.error[0].msg);
	*out = (struct catalog){ .rule = r.rule, .n = r.n };
	if (!sort_rules(out, e))
		return false;
	out->digest = catalog_digest(perm, out);
	return !site || apply_site(out, site, e);
}

/* A rule id may hold dots, a parameter too ("slow.max"): the id is the longest
 * prefix before a dot that names a rule. */
static struct rule *
split_override(const struct catalog *c, sv left, sv *name)
{
	for (size_t at = left.n; at-- > 0; ) {
		struct rule *r = left.p[at] == '.' ?
		    catalog_find(c, sv_take(left, at)) : NULL;

		*name = sv_skip(left, at + 1);
		if (r)
			return r;
	}
	return NULL;
}

bool
catalog_override(struct catalog *c, sv text, struct err *e)
{
	size_t eq = sv_find_byte(text, '=');
	sv left = sv_take(text, eq), name;
	struct rule *r = split_override(c, left, &name);
	double value;
	int i;

	if (eq == text.n || !sv_to_double(sv_skip(text, eq + 1), &value))
		return err_set(e, ST_USAGE,
		    "'%.*s' is not RULE.parameter=number", SV_ARG(text));
	if (!r)
		return err_set(e, ST_USAGE, "'%.*s' names no rule",
		    SV_ARG(left));
	i = meta_find_param(r, name);
	if (i < 0)
		return err_set(e, ST_USAGE, "rule '%.*s' has no parameter "
		    "'%.*s'", SV_ARG(r->id), SV_ARG(name));
	if (!takes(&r->param[i], value))
		return err_set(e, ST_USAGE, "'%.*s': a negative number",
		    SV_ARG(text));
	r->param[i].value = value;
	r->param[i].from = "command line";
	return true;
}

struct rule *
catalog_find(const struct catalog *c, sv id)
{
	for (size_t i = 0; i < c->n; i++)
		if (sv_eq(c->rule[i]->id, id))
			return c->rule[i];
	return NULL;
}
