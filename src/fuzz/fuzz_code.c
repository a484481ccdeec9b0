/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdint.h>

#include "parse/code.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Found is what is equal to a row's code, and nothing else. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	sv text = sv_of((const char *)data, size);
	const struct code *found = code_find(text), *want = NULL;

	for (size_t i = 0; i < ncodes; i++)
		if (sv_eq(sv_str(codes[i].code), text))
			want = &codes[i];
	assert(found == want);
	return 0;
}
