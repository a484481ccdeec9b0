/* SPDX-License-Identifier: MIT */
/*
 * Arbitrary bytes as NDJSON: every page can be made of them, no byte of which
 * drives a terminal; a line of text is never wider than it may be (a column
 * has its least width); every line that says nothing is a problem.
 */
#include <assert.h>
#include <stdint.h>

#include "output/dashboard.h"
#include "output/escape.h"
#include "output/page.h"
#include "output/report.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

enum { WIDTH = 100 };

static void
check_lines(sv text, size_t width)
{
	while (text.n) {
		sv line = sv_cut(&text, '\n');

		for (size_t i = 0; i < line.n; i++)
			assert((unsigned char)line.p[i] >= 0x20 &&
			    line.p[i] != 0x7f);
		assert(width == 0 || escape_width(line) <= width);
	}
}

static void
render(const struct page *p, const char *format, size_t width)
{
	const struct look look = { false, WIDTH };
	struct buf b = BUF_INIT;

	page_format_find(sv_str(format))->render(&b, p, &look);
	check_lines(buf_sv(&b), width);
	buf_release(&b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena a = ARENA_INIT;
	struct report r;
	struct page p;

	report_read(&a, sv_of(n ? (const char *)data : "", n), false, &r);
	page_init(&p, &a);
	dashboard_make(&p, &r);
	render(&p, "text", WIDTH);
	render(&p, "md", 0);
	arena_release(&a);
	return 0;
}
