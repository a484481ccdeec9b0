/* SPDX-License-Identifier: MIT */
/*
 * The literals are a trie whose missing branches lead where the longest end of
 * what was read goes on, so that a byte is one step. Bytes that no literal has
 * are one class, and the table stays small.
 */
#include "detect/needles.h"

#include <assert.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/ascii.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/oom.h"

enum { NONE = -1 };
#define ENDS (UINT32_C(1) << 31)

struct needle {
	sv text; /* folded */
	bool at_start, at_end;
	int32_t next; /* that ends in the same state, or NONE */
};

struct needles {
	struct arena a;
	struct buf list;      /* of struct needle */
	uint8_t class[256];   /* of a byte; 0: no literal has it */
	size_t nclasses;
	/* [state * nclasses + class]: the row of the next state, ENDS if a
	 * literal ends there; NULL: not built */
	uint32_t *step;
	int32_t *ends;        /* per state: first needle that ends there */
	uint32_t *shorter;    /* per state: next with ends, of an end of it */
	size_t nstates;
};

static struct needle *
at(const struct needles *n, size_t i)
{
	return (struct needle *)(void *)n->list.p + i;
}

struct needles *
needles_open(void)
{
	struct needles *n = calloc(1, sizeof(*n));

	if (n == NULL)
		oom();
	return n;
}

void
needles_close(struct needles *n)
{
	if (n == NULL)
		return;
	arena_release(&n->a);
	buf_release(&n->list);
	free(n->step);
	free(n->ends);
	free(n->shorter);
	free(n);
}

size_t
needles_count(const struct needles *n)
{
	return n->list.n / sizeof(struct needle);
}

size_t
needles_length(const struct needles *n, size_t i)
{
	return at(n, i)->text.n;
}

size_t
needles_add(struct needles *n, sv literal, bool at_start, bool at_end)
{
	struct needle new = { SV_NULL, at_start, at_end, NONE };
	char *p = arena_alloc(&n->a, literal.n);

	assert(literal.n && n->step == NULL);
	for (size_t i = 0; i < literal.n; i++)
		p[i] = (char)to_lower(literal.p[i]);
	new.text = sv_of(p, literal.n);
	for (size_t i = 0; i < needles_count(n); i++)
		if (sv_eq(at(n, i)->text, new.text) &&
		    at(n, i)->at_start == at_start &&
		    at(n, i)->at_end == at_end)
			return i;
	buf_mem(&n->list, &new, sizeof(new));
	return needles_count(n) - 1;
}

/* --- the table ------------------------------------------------------------ */

static void *
room(size_t n, size_t size)
{
	void *p = calloc(n ? n : 1, size);

	if (p == NULL)
		oom();
	return p;
}

/* Returns the most states there can be. */
static size_t
find_classes(struct needles *n)
{
	size_t states = 1;

	n->nclasses = 1;
	for (size_t i = 0; i < needles_count(n); i++) {
		sv t = at(n, i)->text;

		states += t.n;
		for (size_t k = 0; k < t.n; k++) {
			uint8_t *c = &n->class[(uint8_t)t.p[k]];

			if (*c == 0)
				*c = (uint8_t)n->nclasses++;
		}
	}
	for (int c = 'A'; c <= 'Z'; c++)
		n->class[c] = n->class[c - 'A' + 'a'];
	return states;
}

static uint32_t *
step_of(const struct needles *n, uint32_t state, uint8_t class)
{
	return &n->step[state * n->nclasses + class];
}

static void
add_branch(struct needles *n, size_t i)
{
	struct needle *needle = at(n, i);
	uint32_t state = 0;

	for (size_t k = 0; k < needle->text.n; k++) {
		uint32_t *to = step_of(n, state,
		    n->class[(uint8_t)needle->text.p[k]]);

		if (*to == 0)
			*to = (uint32_t)n->nstates++;
		state = *to;
	}
	needle->next = n->ends[state];
	n->ends[state] = (int32_t)i;
}

/* Breadth first, so that what is shorter is known: `fail` is the state of the
 * longest end of what a state has read that is a state too. */
static void
link_states(struct needles *n)
{
	uint32_t *fail = room(n->nstates, sizeof(*fail));
	uint32_t *queue = room(n->nstates, sizeof(*queue));
	size_t head = 0, tail = 1;

	while (head < tail) {
		uint32_t state = queue[head++];

		for (size_t c = 0; c < n->nclasses; c++) {
			uint32_t *to = step_of(n, state, (uint8_t)c);
			uint32_t back = state ? *step_of(n, fail[state],
			    (uint8_t)c) : 0;

			if (*to == 0) {
				*to = back;
				continue;
			}
			fail[*to] = back;
			n->shorter[*to] = n->ends[back] != NONE ? back
			    : n->shorter[back];
			queue[tail++] = *to;
		}
	}
	free(fail);
	free(queue);
}

/* From states to rows of the table, so that a step is one look-up. */
static void
number_rows(struct needles *n)
{
	for (size_t i = 0; i < n->nstates * n->nclasses; i++) {
		uint32_t state = n->step[i];

		n->step[i] = state * (uint32_t)n->nclasses |
		    (n->ends[state] != NONE || n->shorter[state] ? ENDS : 0);
	}
}

static void
build(struct needles *n)
{
	size_t states = find_classes(n);

	n->step = room(states * n->nclasses, sizeof(*n->step));
	n->ends = room(states, sizeof(*n->ends));
	n->shorter = room(states, sizeof(*n->shorter));
	for (size_t i = 0; i < states; i++)
		n->ends[i] = NONE;
	n->nstates = 1;
	for (size_t i = 0; i < needles_count(n); i++)
		add_branch(n, i);
	link_states(n);
	assert(n->nstates * n->nclasses < ENDS);
	number_rows(n);
}

/* --- finding -------------------------------------------------------------- */

/* The literals that end in the state, behind byte `end` of a text of n. */
static bool
take_ends(const struct needles *n, uint32_t state, size_t end, size_t len,
    uint64_t *bits)
{
	bool any = false;

	for (; state; state = n->shorter[state])
		for (int32_t i = n->ends[state]; i != NONE;
		    i = at(n, (size_t)i)->next) {
			const struct needle *x = at(n, (size_t)i);

			if ((x->at_start && x->text.n != end) ||
			    (x->at_end && end != len))
				continue;
			bits[i / 64] |= (uint64_t)1 << (i % 64);
			any = true;
		}
	return any;
}

bool
needles_find(struct needles *n, sv text, uint64_t *bits)
{
	const uint32_t *step;
	uint32_t row = 0;
	bool any = false;

	if (n->step == NULL)
		build(n);
	step = n->step;
	for (size_t i = 0; i < text.n; i++) {
		row = step[row + n->class[(uint8_t)text.p[i]]];
		if (likely(!(row & ENDS)))
			continue;
		row &= ~ENDS;
		if (!any)
			memset(bits, 0, (needles_count(n) + 63) / 64 *
			    sizeof(*bits));
		any |= take_ends(n, row / (uint32_t)n->nclasses, i + 1, text.n,
		    bits);
	}
	if (!any)
		memset(bits, 0, (needles_count(n) + 63) / 64 * sizeof(*bits));
	return any;
}
