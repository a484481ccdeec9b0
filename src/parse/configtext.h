/* SPDX-License-Identifier: MIT */
/*
 * configtext.h: config vars as text: `heroku config --shell` (NAME=value,
 * NAME='value', NAME="value", also .env files) and the listing of `heroku
 * config` ("=== APP Config Vars", then "NAME:   value", values in one column).
 * Every byte may be part of a secret, BAD ones too. Pure: bytes in, views out;
 * the caller supplies more bytes when told.
 *
 * Source of the quoting: heroku/cli src/lib/config/quote.ts. In single quotes
 * it doubles a backslash, in double quotes it escapes " \ $ ` and ! and writes
 * a newline as \n. Otherwise words are those of sh, as older clients wrote them
 * ('it'\''s', two\ words). Source of the listing: styledObject of oclif and
 * @heroku/heroku-cli-util, which shows an empty value as '' and one of several
 * lines as it is.
 */
#ifndef PARSE_CONFIGTEXT_H
#define PARSE_CONFIGTEXT_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/sv.h"

/* A value that spans lines has at most so many bytes: Heroku's limit for all
 * vars of an app (Dev Center, Configuration and Config Vars). */
enum { CONFIGTEXT_VALUE_MAX = 64 * 1024 };

enum configtext_result {
	CONFIGTEXT_VAR,  /* name and value were read */
	CONFIGTEXT_PASS, /* a blank line, a comment or a heading */
	CONFIGTEXT_MORE, /* give more bytes */
	CONFIGTEXT_BAD,  /* a line that is none of these */
	CONFIGTEXT_OPEN, /* NAME=, and a quote that is never closed */
	CONFIGTEXT_END   /* nothing left */
};

struct configtext {
	bool listing;  /* behind a heading */
	size_t vain;   /* values that did not end where a quote let them go on:
			* behind VAIN_MAX of them values have one line each */
	size_t column; /* where values of the listing begin; 0: not known */
};

#define CONFIGTEXT_INIT { false, 0, 0 }

struct configtext_item {
	sv name, value; /* of a VAR; of OPEN the name */
	bool listed;    /* VAR: "NAME: value" */
	bool word;      /* VAR: the value was a shell word */
	bool quoted;    /* VAR, OPEN: the value begins with a quote */
	sv app;         /* of a heading; else null */
	sv raw;         /* the bytes, line end included */
	size_t lines;   /* that it spans */
};

/*
 * configtext_next: cuts one item off the front of *rest; `eof` says that no
 * bytes will follow. Values are views into *rest or the arena. A line that is
 * no shell word behind '=' is the value as it stands, but not when it begins
 * with a quote that is open at its end: it is OPEN alone. A listed value goes on in
 * lines that begin no other var. CONFIGTEXT_MORE leaves *rest at the start of
 * the item, which is then read anew: double the bytes each time.
 */
enum configtext_result configtext_next(struct configtext *t, sv *rest,
    bool eof, struct arena *a, struct configtext_item *out);

/*
 * Is the text whose first bytes these are such a text? With a heading, or when
 * everything in head is a var, more than half of them without lower-case
 * letters; listed ones with one line each, not only "ERROR: ..." and such. One
 * such name or one quoted value will do if all are NAME=value with shell words
 * for values: of logfmt most lines hold more.
 */
bool configtext_is(sv head, struct arena *scratch);
/* DEBUG, WARNING, HINT: what programs put before a colon, and no name. */
bool configtext_is_level(sv name);

#endif
