/* SPDX-License-Identifier: MIT */
/* markdown.h: a page as Markdown, GitHub's dialect. `look` does not matter. */
#ifndef OUTPUT_MARKDOWN_H
#define OUTPUT_MARKDOWN_H

#include "base/buf.h"

struct page;
struct look;

void markdown_render(struct buf *b, const struct page *p,
    const struct look *look);

#endif
