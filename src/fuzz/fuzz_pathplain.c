/* SPDX-License-Identifier: MIT */
#include "base/pathplain.h"

#include <assert.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Every segment is one: not empty, no dots, nothing behind a ';'. */
static void
check_segments(sv path)
{
	sv rest = sv_skip(path, 1);

	assert(path.n > 0 && path.p[0] == '/');
	while (path.n > 1 && !sv_null(rest)) {
		sv seg = sv_cut(&rest, '/');

		assert(seg.n > 0 && !sv_is(seg, ".") && !sv_is(seg, ".."));
		assert(seg.p[seg.n - 1] != '.' && seg.p[seg.n - 1] != ' ');
		assert(sv_find_byte(seg, ';') == seg.n);
		assert(sv_find_byte(seg, '\\') == seg.n);
	}
}

/* Never much longer than the target, and as plain as can be. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	sv target = sv_of((const char *)data, size), path;
	struct arena a = ARENA_INIT;

	path = pathplain(target, &a);
	assert(path.n <= target.n + 1);
	check_segments(path);
	if (sv_find_byte(path, '%') == path.n &&
	    sv_find_byte(path, '?') == path.n &&
	    sv_find_byte(path, '#') == path.n)
		assert(sv_eq(pathplain(path, &a), path));
	arena_release(&a);
	return 0;
}
