/* SPDX-License-Identifier: MIT */
/*
 * text.h: a page as plain text. No line is wider than look->width (unless a
 * table has too many columns for it); what does not fit goes on in the next
 * line of its column. Colour only where look says so.
 */
#ifndef OUTPUT_TEXT_H
#define OUTPUT_TEXT_H

#include "base/buf.h"

struct page;
struct look;

void text_render(struct buf *b, const struct page *p, const struct look *look);

#endif
