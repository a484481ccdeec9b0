/* SPDX-License-Identifier: MIT */
#include "record/secretkind.h"

#include <string.h>

#include "base/ascii.h"
#include "base/attr.h"
#include "base/slot.h"
#include "base/swar.h"
#include "record/secretfield.h"
#include "record/secretkey.h"
#include "record/secretname.h"
#include "record/secrettext.h"

bool
secretkind_is_plain(sv text, size_t at)
{
	size_t end = at && text.p[at - 1] == '"' ? at - 1 : at, start = end;
	int before, last;
	sv key;

	while (start > 0 && is_name_byte(text.p[start - 1]))
		start--;
	key = sv_of(text.p + start, end - start);
	before = start ? text.p[start - 1] : ' ';
	last = key.n ? key.p[key.n - 1] : '2'; /* 2, 7: of a spelled quote */
	return last != '2' && last != '7' && before != '\\' &&
	    before != '%' && before != '[' &&
	    !secretfield_is_key(key) && !ends_nocase(key, SV("tokens")) &&
	    secretname_is_plain(key);
}

/* A key and the byte before it, packed: at most 15 bytes of a name. */
struct packed {
	uint64_t head, tail;
};

/* Marks what a key stands behind: a quote, or in text, and in a query, one of
 * these. */
static inline uint64_t
key_opens(uint64_t x, bool quoted)
{
	return quoted ? swar_each(x, '"') :
	    swar_each(x, ' ') | swar_each(x, '?') | swar_each(x, '&');
}

/* The key that ends before text[end], with what it stands behind; false when it
 * is longer. Before the text there are blanks. */
static bool
pack_key(sv text, size_t end, bool quoted, struct packed *out)
{
	enum { ROOM = 16 };
	const char *from;
	attr_unset char front[ROOM];
	uint64_t marks;

	if (unlikely(end < ROOM)) {
		memset(front, ' ', sizeof(front));
		memcpy(front + ROOM - end, text.p, end);
	}
	from = end < ROOM ? front : text.p + end - ROOM;
	out->head = 0;
	out->tail = swar_load(from + 8);
	marks = key_opens(out->tail, quoted);
	if (marks == 0) {
		out->head = swar_load(from);
		marks = key_opens(out->head, quoted);
		if (marks)
			out->head = out->head >> 8 * swar_last(marks);
		return marks != 0;
	}
	out->tail = out->tail >> 8 * swar_last(marks);
	return true;
}

/* Is the key that ends before the ':' text[at] the name of a secret, with one quote
 * on each side and nothing in it that is spelled? */
static bool
has_bare_secret_key(sv text, size_t at)
{
	struct secretkey k;

	return text.p[at] == ':' && text.p[at - 1] == '"' &&
	    secretkey_at(text, at, &k) && k.quote.n == 1 && !k.query &&
	    k.text.p + k.text.n == text.p + at - 1 && k.text.p[-1] == '"' &&
	    sv_find_byte(k.text, '%') == k.text.n &&
	    !ends_nocase(k.text, SV("tokens")) && secretname_is(k.text, false);
}

enum secretkind
secretkind_of(sv text, size_t at)
{
	enum { SLOT_BITS = 8 };
	static _Thread_local struct {
		struct packed key;
		enum secretkind kind;
	} known[1 << SLOT_BITS], *slot;
	bool quoted = text.p[at - 1] == '"';
	struct packed key;
	enum secretkind kind;

	if (!pack_key(text, quoted ? at - 1 : at, quoted, &key))
		return SECRETKIND_OTHER;
	slot = &known[slot_by_two(key.head, key.tail, SLOT_BITS)];
	if (slot->key.head == key.head && slot->key.tail == key.tail &&
	    slot->kind)
		return slot->kind;
	kind = secretkind_is_plain(text, at) ? SECRETKIND_PLAIN :
	    has_bare_secret_key(text, at) ? SECRETKIND_SECRET : SECRETKIND_OTHER;
	if (kind) {
		slot->key = key;
		slot->kind = kind;
	}
	return kind;
}
