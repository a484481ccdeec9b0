/* SPDX-License-Identifier: MIT */
#include "detect/trial.h"

#include <sys/stat.h>

#include "base/io.h"
#include "detect/rule.h"
#include "detect/trialrun.h"
#include "parse/yaml.h"
#include "record/site.h"

enum { SITE_MAX = 4 << 20 };

struct trials {
	struct arena *perm;
	const struct trial_options *o;
	struct buf *out;
	struct trial_total *total;
	struct err *e;
	struct trial_base base;
	struct site site;
	struct catalog catalog;
	struct trial_doc *doc;   /* by rule of the catalog; no rule: no file */
};

/* --- what there is -------------------------------------------------------- */

static bool
load_site(struct trials *t)
{
	const char *file = t->o->site;
	struct yaml *doc;
	sv text;

	site_default(t->perm, &t->site);
	if (!file)
		return true;
	if (!io_read_file(t->perm, file, SITE_MAX, &text, t->e) ||
	    !yaml_parse(t->perm, sv_str(file), text, &doc, t->e) ||
	    !site_read_tree(t->perm, sv_str(file), doc, &t->site, t->e))
		return false;
	t->base.facts = doc;
	return true;
}

static bool
is_there(const char *path)
{
	struct stat sb;

	return stat(path, &sb) == 0;
}

/* "DIR/tests/DET-X.yml" of rule "DET-X". */
static const char *
test_path(struct trials *t, sv id)
{
	struct buf b = BUF_INIT;
	const char *path;

	buf_printf(&b, "%s/tests/%.*s.yml", t->o->rules, SV_ARG(id));
	path = arena_str(t->perm, buf_sv(&b));
	buf_release(&b);
	return path;
}

static bool
load_doc(struct trials *t, size_t i)
{
	const struct rule *r = t->catalog.rule[i];
	const char *path = test_path(t, r->id);
	sv text;

	if (!is_there(path))
		return true;
	if (!io_read_file(t->perm, path, YAML_SIZE_MAX, &text, t->e) ||
	    !trialfile_read(t->perm, sv_str(path), text, &t->doc[i], t->e))
		return false;
	return sv_eq(t->doc[i].rule, r->id) || err_set(t->e, ST_USAGE,
	    "%s: tests of rule '%.*s': expected '%.*s', as the file is named",
	    path, SV_ARG(t->doc[i].rule), SV_ARG(r->id));
}

/* Is the rule to be tested? */
static bool
is_chosen(const struct trials *t, sv id)
{
	for (size_t i = 0; i < t->o->nrules; i++)
		if (sv_is(id, t->o->rule[i]))
			return true;
	return t->o->nrules == 0;
}

static bool
check_chosen(struct trials *t)
{
	for (size_t i = 0; i < t->o->nrules; i++)
		if (!catalog_find(&t->catalog, sv_str(t->o->rule[i])))
			return err_set(t->e, ST_USAGE, "no rule '%s' in %s",
			    t->o->rule[i], t->o->rules);
	return true;
}

/* A file that tests no rule would never be run. */
static bool
check_strays(struct trials *t)
{
	const char **file, *dir;
	struct buf b = BUF_INIT;
	size_t n;

	buf_printf(&b, "%s/tests", t->o->rules);
	dir = arena_str(t->perm, buf_sv(&b));
	buf_release(&b);
	if (!is_there(dir))
		return true;
	if (!rule_files(t->perm, dir, &file, &n, t->e))
		return false;
	for (size_t i = 0; i < n; i++) {
		sv id = sv_skip(sv_str(file[i]), strlen(dir) + 1);

		if (!sv_ends(id, SV(".yml")) ||
		    !catalog_find(&t->catalog, sv_take(id, id.n - 4)))
			return err_set(t->e, ST_USAGE, "%s: no rule has this "
			    "name: expected ID.yml of a rule in %s", file[i],
			    t->o->rules);
	}
	return true;
}

static bool
load_all(struct trials *t)
{
	if (!load_site(t) || !catalog_load(t->perm, t->o->rules, &t->site,
	    &t->catalog, t->e) || !check_chosen(t) || !check_strays(t))
		return false;
	t->doc = arena_array(t->perm, t->catalog.n, sizeof(*t->doc));
	for (size_t i = 0; i < t->catalog.n; i++)
		if (is_chosen(t, t->catalog.rule[i]->id) && !load_doc(t, i))
			return false;
	t->base.rules = t->o->rules;
	t->base.site = &t->site;
	t->base.catalog = &t->catalog;
	return true;
}

/* --- running -------------------------------------------------------------- */

static bool
is_wanted(const struct trials *t, const struct trial_case *c)
{
	return !t->o->only || sv_has(c->name, sv_str(t->o->only));
}

static void
tell_case(struct trials *t, const struct trial_doc *d,
    const struct trial_case *c, sv why)
{
	buf_printf(t->out, "%.*s: %.*s:%d: '%.*s': ", SV_ARG(d->rule),
	    SV_ARG(d->name), c->line, SV_ARG(c->name));
	buf_add(t->out, why);
	buf_byte(t->out, '\n');
}

static bool
run_case(struct trials *t, const struct trial_doc *d,
    const struct trial_case *c, size_t *failed)
{
	struct arena a = ARENA_INIT;
	struct buf why = BUF_INIT;
	bool ok = trialrun_case(&a, &t->base, d, c, &why, t->e);

	if (ok && why.n) {
		tell_case(t, d, c, buf_sv(&why));
		++*failed;
	} else if (ok && t->o->verbose) {
		tell_case(t, d, c, SV("passed"));
	}
	buf_release(&why);
	arena_release(&a);
	return ok;
}

/* Kinds that have neither a case nor a reason for having none. */
static void
put_missing(struct buf *b, const struct trial_doc *d)
{
	size_t have[TRIAL_KIND_N] = { 0 };

	for (size_t i = 0; i < d->n; i++)
		have[d->c[i].kind]++;
	for (int k = 0; k < TRIAL_OTHER; k++)
		if (!have[k] && sv_null(d->not_applicable[k]))
			buf_printf(b, "%s%s", b->n ? ", " : "",
			    trial_kind_name[k]);
}

/* Has the rule the tests that it must have? Else that is told. */
static bool
check_kinds(struct trials *t, const struct rule *r, const struct trial_doc *d)
{
	struct buf b = BUF_INIT;
	bool ok;

	if (t->o->only || r->status != RULE_ACTIVE)
		return true;
	if (sv_null(d->rule)) {
		buf_printf(t->out, "%.*s: no tests: expected %s\n",
		    SV_ARG(r->id), test_path(t, r->id));
		return false;
	}
	put_missing(&b, d);
	ok = b.n == 0;
	if (!ok)
		buf_printf(t->out, "%.*s: %.*s: no case, nor a reason in "
		    "not_applicable, of kind %.*s\n", SV_ARG(r->id),
		    SV_ARG(d->name), SV_ARG(buf_sv(&b)));
	buf_release(&b);
	return ok;
}

static bool
run_rule(struct trials *t, size_t i)
{
	const struct rule *r = t->catalog.rule[i];
	const struct trial_doc *d = &t->doc[i];
	size_t n = 0, failed = 0;

	for (size_t k = 0; k < d->n; k++) {
		if (!is_wanted(t, &d->c[k]))
			continue;
		n++;
		if (!run_case(t, d, &d->c[k], &failed))
			return false;
	}
	if (!check_kinds(t, r, d))
		t->total->failed++;
	if (n)
		buf_printf(t->out, "%.*s: %zu case%s, %zu failed\n",
		    SV_ARG(r->id), n, n == 1 ? "" : "s", failed);
	t->total->passed += n - failed;
	t->total->failed += failed;
	return true;
}

static size_t
count_wanted(const struct trials *t)
{
	size_t n = 0;

	for (size_t i = 0; i < t->catalog.n; i++)
		for (size_t k = 0; k < t->doc[i].n; k++)
			n += is_chosen(t, t->catalog.rule[i]->id) &&
			    is_wanted(t, &t->doc[i].c[k]);
	return n;
}

/* Nothing was tested, so nothing passed. */
static bool
check_case(struct trials *t)
{
	return !t->o->only || count_wanted(t) > 0 || err_set(t->e, ST_USAGE,
	    "no case has '%s' in its name", t->o->only);
}

/* A store is kept of one case. */
static bool
check_keep(struct trials *t)
{
	size_t n = t->o->keep ? count_wanted(t) : 0;

	if (!t->o->keep)
		return true;
	if (n != 1)
		return err_set(t->e, ST_USAGE, "--keep is for one case, and "
		    "%zu are chosen: name it with --case", n);
	if (is_there(t->o->keep))
		return err_set(t->e, ST_FAIL, "output-exists: %s", t->o->keep);
	t->base.keep = t->o->keep;
	return true;
}

bool
trial_all(struct arena *perm, const struct trial_options *o, struct buf *out,
    struct trial_total *total, struct err *e)
{
	struct trials t = { .perm = perm, .o = o, .out = out, .total = total,
		.e = e };

	*total = (struct trial_total){ 0, 0 };
	if (!load_all(&t) || !check_case(&t) || !check_keep(&t))
		return false;
	for (size_t i = 0; i < t.catalog.n; i++)
		if (is_chosen(&t, t.catalog.rule[i]->id) && !run_rule(&t, i))
			return false;
	buf_printf(out, "rules: %zu passed, %zu failed\n", total->passed,
	    total->failed);
	return true;
}
