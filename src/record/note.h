/* SPDX-License-Identifier: MIT */
/*
 * note.h: oddities of an input that lose nothing and reject nothing, but that
 * somebody with a doubt wants to see counted.
 */
#ifndef RECORD_NOTE_H
#define RECORD_NOTE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/sv.h"

enum note {
	/* Of a record; rec.notes has a bit of each. */
	NOTE_NUL_BYTES,
	NOTE_INVALID_UTF8,
	NOTE_BAD_NUMBER,
	NOTE_BAD_TIME,
	NOTE_AMBIGUOUS,
	NOTE_REDACTED,
	NOTE_UNTYPED,
	/* Of lines among each other. */
	NOTE_OUT_OF_ORDER,
	NOTE_JOINED,
	NOTE_BROKEN,
	NOTE_TOOL_LINES,
	/* Of the input: 0 or 1. */
	NOTE_UTF16,
	NOTE_NAME,
	NOTE_N
};

struct note_def {
	sv name;
	const char *doc;
	bool loud; /* told without being asked */
};

extern const struct note_def note_def[NOTE_N];

/* The note called name, or NOTE_N. */
enum note note_find(sv name);

#define NOTE_BIT(note) (UINT32_C(1) << (note))

#endif
