/* SPDX-License-Identifier: MIT */
/*
 * appform.h: JSON payloads that are like one before. An app writes the same names
 * in the same order with other values; of such a message only the values need to
 * be looked at: for what the record takes from them, and for secrets.
 */
#ifndef RECORD_APPFORM_H
#define RECORD_APPFORM_H

#include "parse/jsonform.h"
#include "record/apart.h"
#include "record/secretfind.h"

enum { APPFORM_LOOKS = 16, APPFORM_SPANS = JSONFORM_HOLES + APPFORM_LOOKS };

/* What a record takes from a member, in the caller's words. */
struct appform_use {
	int field;
	uint64_t rows;
	sv level; /* what the form's text says is the level, or null */
};

/* A string of one of the values, in which nothing is decided: most values are a few
 * words that come again. */
enum { APPFORM_SEEN = 64, APPFORM_SEEN_MAX = 53 };
struct appform_seen {
	uint64_t number; /* its own; 0: it has a digit, so it may be a value */
	uint8_t hole, n; /* n is 0: none */
	bool path;       /* it has a byte of one */
	char raw[APPFORM_SEEN_MAX];
};

struct appform {
	struct jsonform json;
	uint16_t looks; /* places outside of the values to search for secrets */
	struct appform_look {
		uint16_t at;   /* index in json.text */
		uint16_t hole; /* of the first value behind it */
	} look[APPFORM_LOOKS];
	bool path;      /* outside of the values is a byte of one */
	/* A bit per value. */
	uint64_t holes; /* all */
	uint64_t fixed; /* nothing is decided at the colon before it */
	uint64_t secret; /* its name is that of a secret */
	uint64_t plain;  /* that in json.text is a word in which nothing is decided */
	uint64_t taken; /* a record may take something from the value */
	struct appform_use use[JSONFORM_HOLES];   /* what, of those */
	uint64_t number; /* its own */
	struct appform_seen seen[APPFORM_SEEN];
};

/* A message of a known form. */
struct appform_match {
	struct appform *form; /* remembers strings */
	struct json_value value[JSONFORM_HOLES];
	uint64_t same;        /* bit per value, see jsonform_match */
	/* What appform_spans found: the message apart (record/apart.h), and where
	 * each of value[] is there; JSONFORM_HOLES: nowhere. */
	uint64_t rest;
	size_t n, secret;     /* index of one that is by its name */
	struct apart_value apart[JSONFORM_HOLES + 1];
	uint8_t place[JSONFORM_HOLES];
};

/* The form of a message. False: it has none that would be of use, since it is no
 * object, too large, or a record may take more from it than scalars. takes(name, v):
 * does a record take anything from a member of that name? Here it has value v. */
bool appform_of(struct appform *f, const struct secretfind *find, sv text,
    bool (*takes)(sv name, const struct json_value *v,
    struct appform_use *use));
bool appform_match(struct appform *f, sv text, struct appform_match *m);
/* Where in the text a secret may be decided, see redact_spans. *path: is a '/' or
 * '%' in it? *secret: one that is known by its name, or null. */
size_t appform_spans(struct appform_match *m,
    const struct secretfind *find, sv text,
    struct secretfind_span span[APPFORM_SPANS], bool *path, sv *secret);

/* After that: a mark with this hash took the place of the secret. False: that was no
 * value. */
bool appform_hide(struct appform_match *m, sv secret, uint64_t hash);

/* Each thread remembers a few forms. False: the text is of none of them. m->form
 * lives until the next appform_remember. */
bool appform_known(sv text, struct appform_match *m);
/* After that: the form takes the place of the one that was of no use for longest.
 * Where forms differ each time, few are looked at. */
void appform_remember(const struct secretfind *find, sv text,
    bool (*takes)(sv name, const struct json_value *v,
    struct appform_use *use));

#endif
