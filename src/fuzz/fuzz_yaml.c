/* SPDX-License-Identifier: MIT */
/* Any bytes: a tree whose places and counts hold, or one message. */
#include <assert.h>
#include <stdint.h>

#include "parse/yaml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
check(const struct yaml *y, int depth)
{
	size_t kids = 0;

	assert(y->line > 0 && y->col > 0 && depth <= YAML_DEPTH_MAX);
	for (const struct yaml *k = y->kid; k; k = k->next, kids++) {
		if (y->kind == YAML_MAP) {
			assert(k->key.n > 0 && k->key_line > 0);
			assert(kids > 20 || yaml_get(y, k->key) == k);
		}
		check(k, depth + 1);
	}
	assert(kids == y->nkids);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena a = ARENA_INIT;
	struct err e = ERR_INIT;
	struct yaml *doc;

	if (yaml_parse(&a, SV("f"), sv_of((const char *)data, n), &doc, &e))
		for (; doc; doc = doc->next)
			check(doc, 0);
	else
		assert(e.status == ST_USAGE && e.msg[0] && !doc);
	arena_release(&a);
	return 0;
}
