/* SPDX-License-Identifier: MIT */
/*
 * secretpath.h: the segments of a path that secret_paths of site.yml mark, as
 * "/api/beta/preview/{token}" or "/t/{a}/x/{b}". They are found in every
 * spelling a server takes for the same path: in either case, percent-encoded once
 * or more, with "//" and "/./", with "\/" of JSON; also where
 * "x/../" stands in them, which a server undoes.
 */
#ifndef RECORD_SECRETPATH_H
#define RECORD_SECRETPATH_H

#include <stdbool.h>

#include "base/sv.h"

struct secretpath {
	sv template; /* what is not matched yet */
	sv text;
	size_t at;   /* index in text from which the next is looked for */
	bool inside; /* of text, where quotes and commas end a segment */
	bool dots;   /* "x/../" is undone */
};

/* Starts at text[at]. Template is one of secret_paths. */
void secretpath_init(struct secretpath *m, sv template, sv text, size_t at,
    bool inside);
/* Could "../" stand in the text? Then each path is looked at in both ways, with
 * dots and without: "/preview/a/../b" has two marked segments. */
bool secretpath_has_dots(sv text, bool encoded);
/* The next marked segment, a view into text, without what the template holds
 * behind it in the same segment. It ends at a slash in any spelling, at '?', in
 * text at what is no part of a path; other bytes that are encoded belong to it.
 * False: no more, the text goes on otherwise. */
bool secretpath_next(struct secretpath *m, sv *segment);
/* The first marked segment of a path that starts anywhere behind. encoded: a
 * '%' may stand in the text. */
bool secretpath_find(struct secretpath *m, bool encoded, sv *segment);
/* Index behind the literal at text[at], however it is spelled; `at` when it is
 * not there. dots: "x/../" is undone. */
size_t secretpath_literal(sv text, size_t at, sv literal, bool dots);
/* False: no path of the template begins at the slash text[at], however it is
 * spelled. */
bool secretpath_may_begin(sv text, size_t at, sv template);
/* The byte that text[at] spells, percent-encoding undone however often; *width
 * bytes wide. */
int secretpath_byte(sv text, size_t at, size_t *width, unsigned *depth);

#endif
