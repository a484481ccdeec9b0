/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdint.h>

#include "store/formtree.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { TEXTS = 64 };

static struct form cut, found;
static struct formtree tree;

static void
check_values(void)
{
	assert(found.n == cut.n);
	for (size_t i = 0; i < cut.n; i++)
		assert(found.value[i].p == cut.value[i].p &&
		    found.value[i].n == cut.value[i].n);
}

/* The number of a form: of the first text that has it. */
static int64_t
number_of(struct buf form[TEXTS], int64_t n)
{
	int64_t id = 0;

	while (id < n && !sv_eq(buf_sv(&form[id]), buf_sv(&cut.text)))
		id++;
	if (id == n)
		buf_add(&form[id], buf_sv(&cut.text));
	return id + 1;
}

/* A text in each line: what the tree says of it is what form_cut() says. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	sv rest = sv_of((const char *)data, size);
	struct buf form[TEXTS] = { BUF_INIT };
	int64_t n = 0;

	formtree_clear(&tree);
	while (rest.n && n < TEXTS) {
		sv text = sv_cut(&rest, '\n');
		int64_t id, got = formtree_find(&tree, text, &found);

		if (!form_cut(&cut, text)) {
			assert(got == 0);
			continue;
		}
		id = number_of(form, n);
		if (id > n)
			n++;
		assert(got == 0 || got == id);
		if (got)
			check_values();
		formtree_add(&tree, text, &cut, id);
		assert(formtree_find(&tree, text, &found) == id);
		check_values();
	}
	for (int64_t i = 0; i < n; i++)
		buf_release(&form[i]);
	return 0;
}
