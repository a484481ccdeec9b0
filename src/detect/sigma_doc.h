/* SPDX-License-Identifier: MIT */
/*
 * sigma_doc.h: the documents of Sigma files, before they become rules, and how
 * they refer to each other: correlations to rules and correlations, filters to
 * rules, by id or name, over all files of the set. Everything lives in the
 * arena of the set.
 */
#ifndef DETECT_SIGMA_DOC_H
#define DETECT_SIGMA_DOC_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "detect/rule.h"
#include "detect/sigma_sql.h"
#include "parse/yaml.h"

struct sigma_file;

struct sigma_doc {
	struct sigma_file *file;
	const struct yaml *y, *raxx; /* raxx: NULL without one */
	sv id, name, title;
	const struct yaml *detection, *correlation, *filter; /* exactly one */
	bool generate;   /* correlation: its base rules stay rules */
	bool referenced; /* a correlation is made of it */
	bool wanted;     /* ... that says generate */
	bool visited, sound; /* while circles are looked for; none from here */
	struct sigma_doc **base; /* correlation: what it refers to */
	sv *ref;                 /* ... and in which words */
	size_t nbases;
	const struct sigma_doc **with; /* rule: filters that apply to it */
	size_t nwith;
};

struct sigma_file {
	struct rule_file f;
	sv digest;       /* SHA-256 of the text, hexadecimal */
	bool shared;     /* its documents are one rule: raxx has an id */
	bool strict;     /* a field or log source that raxx lacks is an error */
	struct sigma_doc *doc;
	size_t ndocs;
};

struct sigma {
	struct arena *a;
	const struct site *site; /* or NULL */
	struct sigma_file **file;
	size_t nfiles, cap;
	bool filtered;           /* filters were dealt out */
	struct sigma_notes notes;
};

enum { SIGMA_BASES_MAX = 32 };

/* Parses a file and adds it; its number is s->nfiles before. */
bool sigma_doc_add(struct sigma *s, struct rule_file f, bool strict,
    struct err *e);
/* Resolves what the documents of one file refer to; all files must have been
 * added. */
bool sigma_doc_link(struct sigma *s, struct sigma_file *f, struct err *e);
/* Does a document make a rule, or an arm of one? */
bool sigma_doc_fires(const struct sigma_doc *d);

/* The text of a member; null view when it is absent or no scalar. */
sv sigma_doc_text(const struct yaml *map, const char *key);
/* Tables that may serve a rule document, see sigma_tables_of; NULL: none. */
const enum sigma_table *sigma_doc_tables(const struct sigma_doc *d);
/* Appends "(detection AND filters)" of a rule document for c->table. */
bool sigma_doc_match(struct sigma_sql *c, const struct sigma_doc *d);

#endif
