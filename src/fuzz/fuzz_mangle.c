/* SPDX-License-Identifier: MIT */
#include "record/mangle.h"

#include <assert.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Are the bytes of `part` in `whole`, in their order? */
static bool
is_within(sv part, sv whole)
{
	size_t k = 0;

	for (size_t i = 0; i < whole.n && k < part.n; i++)
		k += whole.p[i] == part.p[k];
	return k == part.n;
}

static sv
glued(const char *front, sv core, const char *back, struct arena *a)
{
	size_t nf = strlen(front), nb = strlen(back);
	char *p = arena_alloc(a, nf + core.n + nb + 1);

	memcpy(p, front, nf);
	if (core.n)
		memcpy(p + nf, core.p, core.n);
	memcpy(p + nf + core.n, back, nb);
	return sv_of(p, nf + core.n + nb);
}

/* Never empty for nothing, in the order of the token, its own core; and the
 * same with something glued to it. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	sv token = sv_of((const char *)data, size), core;
	struct arena a = ARENA_INIT;

	core = mangle_core(token, &a);
	assert((core.n == 0) == (token.n == 0));
	assert(is_within(core, token));
	assert(sv_eq(mangle_core(core, &a), core));
	if (core.n && !sv_eq(core, token)) {
		assert(sv_eq(mangle_core(glued("<", core, ">.", &a), &a), core));
		assert(sv_eq(mangle_core(glued("=3D", core, "=", &a), &a),
		    core));
	}
	arena_release(&a);
	return 0;
}
