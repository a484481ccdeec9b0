/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdint.h>

#include "base/buf.h"
#include "parse/toolline.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Blanks round a line do not matter, nor what is behind the beginning that told
 * it. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	sv line = sv_of((const char *)data, size);
	struct buf b = BUF_INIT;
	bool is = toolline_is(line);

	assert(toolline_is(sv_trim(line)) == is);
	buf_lit(&b, " \t");
	buf_add(&b, line);
	buf_lit(&b, "\r\n");
	assert(toolline_is(buf_sv(&b)) == is);
	buf_lit(&b, "x");
	assert(!is || toolline_is(buf_sv(&b)));
	buf_clear(&b);
	buf_lit(&b, "$ heroku ");
	buf_add(&b, line);
	assert(toolline_is(buf_sv(&b)) || sv_trim(line).n == 0);
	buf_release(&b);
	return 0;
}
