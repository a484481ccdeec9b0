/* SPDX-License-Identifier: MIT */
/* Any bytes: a tree whose places and counts hold, or one message. */
#include <assert.h>
#include <stdint.h>

#include "parse/yaml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* An error inside of a scalar is not before it, nor behind the input. */
static void
check_place(const struct yaml *y, size_t byte)
{
	struct err e = ERR_INIT;
	sv rest, line;
	int64_t n, lines = 2;

	yaml_err_in(&e, SV("f"), y, byte, "x");
	rest = sv_str(e.msg);
	sv_cut(&rest, ':');
	line = sv_cut(&rest, ':');
	assert(sv_to_i64(line, &n) && n >= y->line);
	for (size_t i = 0; i < y->source.n; i++)
		lines += strchr("\n\r\x85\xa8\xa9", y->source.p[i]) != NULL;
	assert(n <= lines);
}

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
	if (y->kind < YAML_LIST && y->source.n < 4096)
		for (size_t i = 0; i <= 2; i++)
			check_place(y, y->text.n * i / 2);
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
