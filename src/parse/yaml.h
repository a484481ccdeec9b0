/* SPDX-License-Identifier: MIT */
/*
 * yaml.h: YAML text -> tree of nodes that know their line and column. Strict:
 * duplicate keys, anchors, aliases, tags and nesting beyond YAML_DEPTH_MAX are
 * errors, as are texts over YAML_SIZE_MAX. The only user of libyaml.
 */
#ifndef PARSE_YAML_H
#define PARSE_YAML_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/sv.h"

enum { YAML_DEPTH_MAX = 32, YAML_SIZE_MAX = 1 << 20 };

enum yaml_kind {
	YAML_NULL,   /* plain null, ~ or nothing */
	YAML_STRING, /* quoted, block, or plain text that is nothing else */
	YAML_INT,    /* plain decimal integer */
	YAML_REAL,   /* plain decimal with fraction or exponent */
	YAML_BOOL,   /* plain true or false; yes/no/on/off are strings */
	YAML_LIST,
	YAML_MAP,
	YAML_KIND_N
};

struct jsonw;

struct yaml {
	enum yaml_kind kind;
	int line, col;    /* of its first character, from 1 */
	sv text;          /* scalars: the text (unescaped) */
	int64_t num;      /* YAML_INT; YAML_BOOL: 0 or 1 */
	double real;      /* YAML_INT, YAML_REAL */
	sv key;           /* as a member of a map: its key ... */
	int key_line, key_col; /* ... and where the key stands */
	sv source;        /* the whole input: the caller's, for yaml_err_in() */
	struct yaml *kid; /* first item or member */
	struct yaml *next; /* next sibling, or next document at the top */
	size_t nkids;
};

/* Documents of the text as a list linked by next; *out is NULL when there is
 * none. Nodes and text live in the arena. On error the message starts with
 * "name:line:col: ". */
bool yaml_parse(struct arena *a, sv name, sv text, struct yaml **out,
    struct err *e);
/* Member of a map, or NULL (also when map is NULL or no map). */
struct yaml *yaml_get(const struct yaml *map, sv key);
/* The node as JSON: numbers and true, false, null as they are, texts quoted. */
void yaml_json(struct jsonw *w, const struct yaml *y);
/* "name:line:col: fmt..." with status ST_USAGE; returns false. */
bool yaml_err(struct err *e, sv name, const struct yaml *at, const char *fmt,
    ...) attr_printf(4, 5);
/* The same at byte `byte` of the text of a scalar, or of the key of a member,
 * wherever quotes, escapes, folded or indented lines put it. The input that
 * was parsed must still be there. */
bool yaml_err_in(struct err *e, sv name, const struct yaml *at, size_t byte,
    const char *fmt, ...) attr_printf(5, 6);
bool yaml_err_key(struct err *e, sv name, const struct yaml *at, size_t byte,
    const char *fmt, ...) attr_printf(5, 6);

#endif
