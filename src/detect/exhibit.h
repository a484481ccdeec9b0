/* SPDX-License-Identifier: MIT */
/*
 * exhibit.h: the records of a finding and the lines that they were read from,
 * taken from the user's own files. A file is believed when its digest is that
 * of the input. From any other file of that name only what has the content of a
 * record is taken, never bytes for their place.
 */
#ifndef DETECT_EXHIBIT_H
#define DETECT_EXHIBIT_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "detect/docket.h"
#include "output/evidence.h"
#include "record/normal.h"

struct catalog;
struct site;
struct store;

struct exhibit {
	struct store *st;
	const struct catalog *catalog; /* needed with `all`, and so is site */
	const struct site *site;
	const struct normal *normal;
	const char *logs; /* folder to look in before the name, or NULL */
	bool all;         /* every record of the finding, not its evidence only:
	                   * the rule looks again, as it did in the run */
	bool raw;         /* lines as they are: secrets stay in them */
};

/*
 * Without `raw` secrets are replaced in the lines; those of a record of which
 * not every secret that intake replaced is found in its lines are hidden.
 * ST_USAGE when `all` needs a rule that the catalog does not have, ST_FAIL when
 * the rule or the store fails; a file that cannot be read is no error.
 */
bool exhibit_make(struct arena *a, const struct exhibit *x,
    const struct docket *d, struct evidence_page *out, struct err *e);

#endif
