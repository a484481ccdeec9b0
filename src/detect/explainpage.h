/* SPDX-License-Identifier: MIT */
/* explainpage.h: an explanation as a page for people. */
#ifndef DETECT_EXPLAINPAGE_H
#define DETECT_EXPLAINPAGE_H

struct explanation;
struct page;

void explainpage_put(struct page *p, const struct explanation *x);

#endif
