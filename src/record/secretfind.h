/* SPDX-License-Identifier: MIT */
/*
 * secretfind.h: the secrets of a text, one after the other: by key
 * (secretkey.h), shape (secretshape.h), URL (secreturl.h), command
 * (secretcommand.h), word before it (secretword.h) or the name of its field
 * (secretfield.h). Most bytes of a log begin none: a table of pairs of bytes
 * tells where to look.
 */
#ifndef RECORD_SECRETFIND_H
#define RECORD_SECRETFIND_H

#include <stdbool.h>
#include <stdint.h>

#include "record/secretcommand.h"

struct secretfind {
	/* where to look: first[text[i]] & second[text[i + 1]] is not 0 */
	uint32_t first[256], second[256];
};

/* A secret, a view into the text, and the quotes that a replacement needs where
 * a JSON number was. */
struct secret {
	sv text;
	sv quote;
	struct secretcommand command; /* in which it may stand */
};

#define SECRET_INIT { SV(""), SV(""), { 0, NULL } }

void secretfind_init(struct secretfind *f);
/* The first secret that is decided at text[from] or behind; false: none. To go
 * on, continue behind it with the same *s, which is SECRET_INIT at first. */
bool secretfind_next(const struct secretfind *f, sv text, size_t from,
    struct secret *s);

/*
 * For texts that are like one before but for what stands in some spans: only
 * there is searched. Spans are in order; outside of them nothing may be decided
 * that is not what it was in the other text: no secret.
 */
struct secretfind_span {
	size_t from, to; /* text[from..to) */
};

bool secretfind_in_spans(const struct secretfind *f, sv text,
    const struct secretfind_span *span, size_t n, size_t from,
    struct secret *s);
/* The first place in text[from..to) at which anything can be decided, or `to`. It
 * depends on that byte and the next. */
size_t secretfind_place(const struct secretfind *f, sv text, size_t from,
    size_t to);
/* Is text[at] the colon behind a JSON key that tells nothing, so that there is no
 * secret whatever follows? A digit that follows may begin a card's number all the
 * same. It depends on the key, from its quote on, and on the next byte. */
bool secretfind_is_fixed(sv text, size_t at);

/* Is text[at] the colon behind a JSON key that names a secret, so that a string
 * right behind it is one, unless secretvalue_is_harmless? It depends on the key,
 * from its quote on. */
bool secretfind_names_secret(sv text, size_t at);

/* Is nothing decided at the place text[at] inside a JSON string or at the quotes
 * around it, whatever the other strings of the object are? It depends on nothing
 * but that string, what stands right before it, and that a blank, comma or bracket
 * follows. Of a path it says nothing. */
bool secretfind_is_settled(sv text, size_t at);

/* Could one of the shapes of secretshape.h begin at the letter text[at]? */
static inline bool
secretfind_begins(const struct secretfind *f, sv text, size_t at)
{
	return at + 1 < text.n && f->first[(unsigned char)text.p[at]] &
	    f->second[(unsigned char)text.p[at + 1]];
}

/* Adds the slashes of paths that begin with one of these bytes behind them. */
void secretfind_paths(struct secretfind *f, const bool begins[256]);

enum secretfind_clue {
	SECRETFIND_NOTHING,
	SECRETFIND_PATH,  /* a slash that secretfind_paths added */
	SECRETFIND_SECRET /* there is one, or an escape that may hide one */
};

/* What is first at text[*at] or behind; then *at is set. To go on behind a path,
 * continue with the same *s, which is SECRET_INIT at first. */
enum secretfind_clue secretfind_look(const struct secretfind *f, sv text,
    size_t *at, struct secret *s);

#endif
