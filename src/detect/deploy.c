/* SPDX-License-Identifier: MIT */
#include "detect/deploy.h"

#include "base/io.h"
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
	    catalog_load(perm, rules_dir, s, c, e) && prove_catalog(c, e);
}
