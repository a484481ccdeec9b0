/* SPDX-License-Identifier: MIT */
/* Conditions and patterns of rules: all that is found lies in the text. */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "detect/patlit.h"
#include "detect/sqlexpr.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
check(sv text, sv v)
{
	assert(v.n == 0 || (v.p >= text.p && v.p + v.n <= text.p + text.n));
}

static void
walk(sv text, const struct sqlexpr *e)
{
	check(text, e->text);
	check(text, e->left);
	check(text, e->right);
	for (const struct sqlexpr *k = e->kid; k; k = k->next)
		walk(text, k);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	sv text = sv_of((const char *)data, n), literal;
	struct arena a = ARENA_INIT;
	bool at_start, at_end;

	walk(text, sqlexpr_read(&a, text));
	if (patlit_regex(&a, text, &literal))
		assert(literal.n > 0 && literal.n <= n);
	if (patlit_wildcard(&a, text, &literal, &at_start, &at_end))
		assert(literal.n > 0 && literal.n <= n);
	arena_release(&a);
	return 0;
}
