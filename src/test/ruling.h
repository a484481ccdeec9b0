/* SPDX-License-Identifier: MIT */
/*
 * ruling.h: one rule over log lines, evaluated as raxx-eval does: what it prints.
 * On top of stock.h, whose folder and arena it uses.
 */
#ifndef TEST_RULING_H
#define TEST_RULING_H

#include <stddef.h>

#include "base/sv.h"
#include "detect/run.h"

struct store;

/* As setup and teardown of a fixture. */
void ruling_setup(void);
void ruling_teardown(void);
extern struct store *ruling_store;

/* The catalog is this one rule: text of an .sql file. */
void ruling_rule(const char *sql);
/* Text of site.yml. */
void ruling_site(const char *yaml);
/* The message with which the site does not fit the rule. */
const char *ruling_site_error(const char *yaml);

/* Router lines of an app's pull are added: a line for each time "13:05:00" of
 * 12 June 2026, with this client and path. The pull was taken at the hour
 * after the last line, so the file's name is another each time. */
void ruling_requests(const char *client, const char *path,
    const char *const *time, size_t n);

/* The NDJSON of a run over a window "13:00".."14:00" of that day. */
sv ruling_run(const char *from, const char *to, const struct run_before *before);
extern struct run_summary ruling_sum; /* of the last run */

/* The n-th line of a type, from 0; null when there is none. */
sv ruling_line(sv ndjson, const char *type, size_t n);
/* Raw JSON of a member of a line. */
sv ruling_member(sv line, const char *name);

#endif
