/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as the rest of an input of any shape: a unit lies at their start
 * and is found at the end at the latest. Of lines, frames and rows it is the
 * same however many bytes behind it are there.
 */
#include <assert.h>
#include <stdint.h>

#include "record/rawunit.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
check(const struct format *f, sv text)
{
	size_t step = text.n / 16 + 1;
	sv whole, part;

	assert(rawunit_cut(f, ',', text, true, &whole));
	assert(whole.n == 0 || (whole.p == text.p && whole.n <= text.n));
	if (f->unit != UNIT_LINES && f->unit != UNIT_FRAMES &&
	    f->unit != UNIT_ROWS && f->unit != UNIT_CSVLOG)
		return;
	for (size_t n = 0; n < text.n && !f->batch; n += step)
		if (rawunit_cut(f, ',', sv_take(text, n), false, &part))
			assert(part.n == whole.n);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	sv text = sv_of((const char *)data, n);

	for (size_t i = 0; i < nformats; i++)
		check(&formats[i], text);
	return 0;
}
