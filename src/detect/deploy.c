/* SPDX-License-Identifier: MIT */
#include "detect/deploy.h"

#include "base/io.h"
#include "detect/allow.h"
#include "detect/meta.h"
#include "detect/prove.h"
#include "detect/rule.h"
#include "record/site.h"

enum { SITE_MAX = 4 << 20 }; /* bytes; a catalogue of screens may be long */

bool
deploy_site(struct arena *perm, const char *file, struct site *s, struct err *e)
{
	sv text;

	if (!file) {
		site_default(perm, s);
		return true;
	}
	return io_read_file(perm, file, SITE_MAX, &text, e) &&
	    site_read(perm, sv_str(file), text, s, e);
}

bool
deploy_load(struct arena *perm, const char *rules_dir, const char *site_file,
    struct catalog *c, struct site *s, struct err *e)
{
	return deploy_site(perm, site_file, s, e) &&
	    catalog_load(perm, rules_dir, s, c, e) &&
	    prove_catalog(c, e) && allow_check(c, s, false, e);
}

static void
apply_site(struct rule *r, const struct site *s)
{
	for (size_t i = 0; i < s->nthresholds; i++) {
		const struct site_threshold *t = &s->threshold[i];
		int p = sv_eq(t->rule, r->id) ? meta_find_param(r, t->name) : -1;

		if (p < 0)
			continue;
		r->param[p].value = t->value;
		r->param[p].from = "site";
	}
}

static struct rule *
rule_of_file(struct arena *perm, const char *path, const struct site *s,
    struct err *e)
{
	struct catalog c = { NULL, 0, SV_NULL };
	struct rules r;

	rules_read(perm, &path, 1, s, false, &r);
	if (r.nerrors) {
		err_set(e, r.error[0].status, "%s", r.error[0].msg);
		return NULL;
	}
	c.rule = r.rule;
	c.n = r.n;
	if (c.n != 1) {
		err_set(e, ST_USAGE, "%s: one rule is expected, not %zu", path,
		    c.n);
		return NULL;
	}
	apply_site(c.rule[0], s);
	return prove_catalog(&c, e) ? c.rule[0] : NULL;
}

struct rule *
deploy_rule(struct arena *perm, const char *rules_dir, const char *site_file,
    const char *name, struct site *s, struct err *e)
{
	struct catalog c;
	struct rule *r;

	if (rule_is_file(sv_str(name)))
		return deploy_site(perm, site_file, s, e) ?
		    rule_of_file(perm, name, s, e) : NULL;
	if (!deploy_load(perm, rules_dir, site_file, &c, s, e))
		return NULL;
	r = catalog_find(&c, sv_str(name));
	if (!r)
		err_set(e, ST_USAGE, "no rule is called '%s' (raxx-rules list)",
		    name);
	return r;
}
