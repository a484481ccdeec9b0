/* SPDX-License-Identifier: MIT */
/*
 * sqlrule.h: rules written in SQL. The file starts with one block of comment
 * lines, the header; the first line that is no comment ends it; what follows is
 * one SELECT (see struct rule in rule.h). In the header
 *
 *   -- key: value
 *   --     a line indented by two blanks or more goes on with the value
 *   -- params: name=number name=number
 *   -- arm: NAME window=10m threshold=PARAM metric='distinct screens'
 *   --     key='token' level=high baseline=never     (one line per arm)
 *   -- scan: request 'why all of this table must be read'    (per table)
 *
 * (standing=yes in an arm: its hits are facts that last, such as a broken chain;
 * those before the window fire too)
 *
 * and the fields of meta.h. Every parameter and site fact declared must be used
 * as :name, and every :name but :from and :to must be declared. What the text of
 * the statement alone tells is checked too: see sqlcheck.h.
 */
#ifndef DETECT_SQLRULE_H
#define DETECT_SQLRULE_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "detect/rule.h"

/* NULL with *e set ("file:line:col: ..."). Does not compile the SELECT. */
struct rule *sqlrule_read(struct arena *perm, struct rule_file f,
    struct err *e);

#endif
