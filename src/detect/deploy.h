/* SPDX-License-Identifier: MIT */
/*
 * deploy.h: what a program needs to know about a deployment before it can
 * evaluate: the facts of site.yml and the rule catalog with the site's
 * thresholds. raxx-eval, raxx-report and raxx-baseline load both this way.
 */
#ifndef DETECT_DEPLOY_H
#define DETECT_DEPLOY_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"

struct catalog;
struct rule;
struct site;

/* The facts alone, for programs without rules. */
bool deploy_site(struct arena *perm, const char *site_file, struct site *s,
    struct err *e);

/* Without a site_file (NULL) the deployment is unknown: site_default(). A rule
 * whose statement does not compile does not load; what the site says of rules
 * must be of rules of the catalog. */
bool deploy_load(struct arena *perm, const char *rules_dir,
    const char *site_file, struct catalog *c, struct site *s, struct err *e);

/* One rule: that of the catalog called `name`, or, where it ends as the name of
 * a rule file does, the only rule of that file. NULL with *e set. */
struct rule *deploy_rule(struct arena *perm, const char *rules_dir,
    const char *site_file, const char *name, struct site *s, struct err *e);

#endif
