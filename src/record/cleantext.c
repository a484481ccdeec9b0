/* SPDX-License-Identifier: MIT */
#include "record/cleantext.h"

#include <string.h>

#include "base/slot.h"
#include "base/swar.h"

enum { SLOT_BITS = 5 };

static _Thread_local struct slot {
	uint64_t search;
	size_t n; /* 0: none */
	char text[CLEANTEXT_MAX];
} slots[1 << SLOT_BITS];

static bool
fits(sv text)
{
	return text.n >= CLEANTEXT_MIN && text.n <= CLEANTEXT_MAX;
}

static struct slot *
slot_of(sv text)
{
	uint64_t x = swar_load(text.p) + text.n;

	return &slots[slot_by_two(x, swar_load(text.p + text.n - 8),
	    SLOT_BITS)];
}

bool
cleantext_has(uint64_t search, sv text)
{
	const struct slot *s;

	if (!fits(text))
		return false;
	s = slot_of(text);
	return s->n == text.n && s->search == search &&
	    memcmp(s->text, text.p, text.n) == 0;
}

void
cleantext_add(uint64_t search, sv text)
{
	struct slot *s;

	if (!fits(text))
		return;
	s = slot_of(text);
	s->search = search;
	s->n = text.n;
	memcpy(s->text, text.p, text.n);
}
