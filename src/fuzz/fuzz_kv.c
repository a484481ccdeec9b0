/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdint.h>

#include "base/ascii.h"
#include "parse/kv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A key that is known for a name is one. */
static void
check_named(struct kv kv)
{
	struct kv_looks known = { 0, 0 }, looked = { 0, 0 };
	bool go_on = kv_looks_add(&known, &kv);

	kv.named = false;
	assert(kv_looks_add(&looked, &kv) == go_on);
	assert(looked.pairs == known.pairs);
}

/* Views lie inside the line in order, every call moves on, and only marks and
 * blanks are between them; unescaping never makes text longer. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	sv text = sv_of((const char *)data, size), rest = text;
	struct arena a = ARENA_INIT;
	const char *at = text.p;
	struct kv kv;

	while (kv_next(&rest, &kv)) {
		assert(kv.key.n && kv.key.p >= at);
		check_named(kv);
		for (; at < kv.key.p; at++)
			assert(is_space(*at) || *at == '"');
		at = kv.key.p + kv.key.n;
		if (!sv_null(kv.val)) {
			assert(kv.val.p == at + 1 + kv.quoted);
			at = kv.val.p + kv.val.n;
		}
		assert(rest.p == at + (kv.quoted && !kv.open));
		assert(rest.p + rest.n == text.p + size);
		assert(kv_text(&a, &kv).n <= kv.val.n);
		assert(!kv.open || (rest.n == 0 && !kv_is_logfmt(text)));
	}
	assert(rest.n == 0);
	arena_release(&a);
	return 0;
}
