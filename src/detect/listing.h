/* SPDX-License-Identifier: MIT */
/* listing.h: the catalog as data, one NDJSON record per rule, and as a page. */
#ifndef DETECT_LISTING_H
#define DETECT_LISTING_H

#include "base/buf.h"
#include "detect/rule.h"

struct page;

extern const char *const arm_kind_name[ARM_KIND_N];
extern const char *const rule_status_name[];

/*
 * {type: "rule", id, title, level, status, reason, route, sources[],
 * fallback[], prerequisite, params[{name,value,floor,from}],
 * arms[{name,kind,window_s,threshold,metric,key,level,never_baselined,on,
 * needs[]}], posture, file, digest}      on: sources, fallback or any
 */
void listing_ndjson(struct buf *b, const struct catalog *c);
/* A table of the rules; with `arms` also one of their arms. */
void listing_page(struct page *p, const struct catalog *c, bool arms);

#endif
