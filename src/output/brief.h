/* SPDX-License-Identifier: MIT */
/*
 * brief.h: what raxx-eval shows a person at a terminal: a line per rule, then
 * the findings with the lines that show them. The dashboard is raxx-report's.
 */
#ifndef OUTPUT_BRIEF_H
#define OUTPUT_BRIEF_H

struct page;
struct report;

/* Pieces live in the page's arena and borrow from the report. */
void brief_make(struct page *p, const struct report *r);

#endif
