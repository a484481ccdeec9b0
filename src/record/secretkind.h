/* SPDX-License-Identifier: MIT */
/*
 * secretkind.h: what kind of key stands before a sign, told quickly: nearly all
 * are plain names that tell nothing, and keys come again in each line.
 */
#ifndef RECORD_SECRETKIND_H
#define RECORD_SECRETKIND_H

#include <stdbool.h>

#include "base/sv.h"

enum secretkind {
	SECRETKIND_OTHER, /* secretkey_at() must read it */
	SECRETKIND_PLAIN, /* as of secretkind_is_plain() */
	SECRETKIND_SECRET /* "name": of a secret, nothing in it spelled */
};

/* Is the key that ends before text[at] one like nearly all: a name that tells
 * nothing, with or without a quote, and nothing before it that makes it another?
 * Then what secretkey_at() would find is no secret's. */
bool secretkind_is_plain(sv text, size_t at);

/* What kind of key ends before the sign text[at], at > 0? This is from memory,
 * one for each thread, and looks at no more than the last 16 bytes before. */
enum secretkind secretkind_of(sv text, size_t at);

#endif
