/* SPDX-License-Identifier: MIT */
/*
 * kv.h: logfmt pairs: key=value, key="quoted \"value\"", key= (empty), bare
 * words. Pairs are separated by blanks.
 */
#ifndef PARSE_KV_H
#define PARSE_KV_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/sv.h"

struct kv {
	sv key;
	sv val;      /* without the quotes, escapes still in; null for a bare word */
	bool named;  /* known to have a key that is a name, see kv_is_logfmt */
	bool quoted;
	bool esc;    /* quoted and holds a backslash; elsewhere that is a byte */
	bool open;   /* the closing quote is missing: val runs to the end */
};

/* Next pair; false at the end. Views into *rest. Never stops early: what is
 * no pair is a bare word. */
bool kv_next(sv *rest, struct kv *out);
/* The value with \" \\ \n \t \r resolved (other escapes kept as they are). */
sv kv_text(struct arena *a, const struct kv *kv);
/* What a line has so far. */
struct kv_looks {
	size_t pairs, words;
};

/* Pair by pair what kv_is_logfmt tells. kv_looks_add: false: the line is none,
 * whatever follows. kv_looks_end: at its end: is it one? */
bool kv_looks_add(struct kv_looks *l, const struct kv *kv);
bool kv_looks_end(const struct kv_looks *l);
/*
 * Does the line look like logfmt as a whole? At least two pairs with keys of
 * [A-Za-z_@][A-Za-z0-9_.#@-]*, starting with one, at most one bare word in four
 * items, no open quote.
 */
bool kv_is_logfmt(sv line);

/* Appends the pairs of a line as a JSON object; words are left out. */
void kv_write(struct buf *b, sv line);

#endif
