/* SPDX-License-Identifier: MIT */
/*
 * dashboard.h: what the dashboard says about a report, as a page. Every number
 * on it is counted from records. One run gives the whole dashboard, several
 * (a replay) a table of the windows and what fired in each.
 */
#ifndef OUTPUT_DASHBOARD_H
#define OUTPUT_DASHBOARD_H

struct page;
struct report;

/* Pieces live in the page's arena and borrow from the report. */
void dashboard_make(struct page *p, const struct report *r);

#endif
