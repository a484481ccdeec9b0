/* SPDX-License-Identifier: MIT */
/*
 * apart.h: a message apart, as who read it found it: values, and all else, which
 * is the same in many messages. A sink that stores messages so (store/form.h) need
 * not look for the values again.
 */
#ifndef RECORD_APART_H
#define RECORD_APART_H

#include <stddef.h>
#include <stdint.h>

#include "base/sv.h"

enum { APART_VALUES = 16 };

enum apart_kind {
	APART_TEXT,   /* any bytes but quotes */
	APART_NUMBER, /* as JSON has it */
	APART_TIME,   /* of this very form: "2025-03-03T00:00:23.411Z" */
	APART_ID,     /* a uuid in lower case */
	APART_V4,     /* a dotted quad */
	APART_HASH    /* 16 hexadecimal digits in lower case, of a mark */
};

/* It stands between quotes or the colon and bracket of a mark, or between commas,
 * colons, brackets and blanks. */
struct apart_value {
	enum apart_kind kind;
	sv text; /* equal to what the message has there; not of HASH */
	union {
		int64_t us;      /* of TIME: microseconds since 1970 */
		uint8_t id[16];  /* of ID */
		uint8_t addr[4]; /* of V4 */
		uint64_t hash;   /* of HASH */
	};
};

struct apart {
	uint64_t rest; /* equal numbers: all but the values is equal */
	size_t n;
	struct apart_value value[]; /* as they come in the message */
};

/* A number for something that has none yet, another one for each call in any
 * thread: APART_FREE or more. */
enum { APART_FREE = 1 << 16 };
uint64_t apart_number(void);
/* The number of what `rest` stands for, changed by what `change` stands for. Each
 * thread remembers some; those that it forgot have a new number then. */
uint64_t apart_rest(uint64_t rest, uint64_t change);

#endif
