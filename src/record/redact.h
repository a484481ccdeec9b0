/* SPDX-License-Identifier: MIT */
/*
 * redact.h: secrets leave a record before anything is printed or stored. A
 * value that is secret by its key (password=, "token":, Authorization:), by its
 * shape (JWT, AWS key id, PEM, URL user info) or by its place (secret_paths of
 * site.yml) becomes a keyed hash: <secret:HEX> or <token:HEX>, 16 hex digits of
 * HMAC-SHA-256. Equal values give equal hashes under one key.
 */
#ifndef RECORD_REDACT_H
#define RECORD_REDACT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/sha256.h"
#include "base/sv.h"
#include "record/secretfind.h"
#include "record/secrettext.h"
#include "record/site.h"

enum { REDACT_KEY_LEN = 32 };

struct redact {
	struct hmac_key key;
	const struct site_list *paths; /* "/api/beta/preview/{token}" */
	bool begins[256]; /* can a path of them go on so behind its first slash? */
	uint64_t seed; /* secret, from the key: seeds hashes of secret content */
	uint64_t search; /* tells apart by what is searched: key and paths */
	struct secretfind find;
};

/* What is kept of a path's secret segment, so that rules can count and compare
 * tokens they never see. Null views: the path has none. */
struct token {
	sv hash;  /* 16 hex digits */
	sv shape; /* "22:Aa0:17": length, classes A a 0 -, trailing number */
	/* Keyed hashes, 8 hex digits each, between dots: of its thirds, of the
	 * first 8 bytes of its core (its head), of all but the trailing number
	 * of the shape (its stem). */
	sv parts;
	sv core;  /* hash of its core (record/mangle.h); null: that is itself */
};

void redact_init(struct redact *r, const uint8_t key[REDACT_KEY_LEN],
    const struct site_list *paths);

/* The text itself when nothing in it is secret, else a copy in the arena. */
sv redact_text(const struct redact *r, sv text, struct arena *scratch);
/* The same of a text in which secrets may only be decided in the spans (see
 * secretfind.h), and a path only stand if `path`; it takes the place of *text.
 * *secret: what is known to be secret, outside of the spans, or null; then what was
 * secret in it, or null, and *hash the number of its mark. False: there is more in it
 * than one word between quotes, or a path; nothing was done then, ask redact_text. */
bool redact_spans(const struct redact *r, sv *text,
    const struct secretfind_span *span, size_t n, bool path,
    struct arena *scratch, sv *secret, uint64_t *hash);
/* The same for a path with query; *tok describes its first secret segment, if
 * the path itself has one (see record/secretpath.h for its spellings). Of
 * several secret_paths, the one with the longest beginning says which that is. */
sv redact_path(const struct redact *r, sv path, struct arena *scratch,
    struct token *tok);
/* Is it a path like most, with nothing secret in it and no byte escaped? False
 * means no more than: ask redact_path. */
bool redact_is_plain_path(const struct redact *r, sv path);
/* Where begins[] says that one can begin, by the byte behind the slash text[at]: also by
 * what follows? */
bool redact_begins_path(const struct redact *r, sv text, size_t at);

/* Can one of the secret paths begin at the slash text[at]? */
static inline bool
redact_may_begin(const struct redact *r, sv text, size_t at)
{
	return unlikely(r->begins[byte_at(text, at + 1)]) &&
	    redact_begins_path(r, text, at);
}

/* The keyed hash of a value that is secret as a whole. */
sv redact_value(const struct redact *r, sv value, struct arena *scratch);

#endif
