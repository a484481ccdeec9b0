/* SPDX-License-Identifier: MIT */
/*
 * naming.h: what a file's name says about it:
 * APP.heroku-logs.STAMP.log, APP.drain.STAMP.log[.gz], TABLE[_STAMP].csv, with
 * STAMP = 20260612T130212Z, the time it was taken; and Papertrail's archives,
 * YYYY-MM-DD.tsv.gz and YYYY-MM-DD-HH.tsv.gz, which a drain feeds.
 */
#ifndef PARSE_NAMING_H
#define PARSE_NAMING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/sv.h"

struct naming {
	sv app;        /* null: the name does not say */
	sv table;      /* of a .csv: its name without STAMP, else null */
	sv doc;        /* of a .json: table of its items, else null */
	bool pull;     /* ".heroku-logs." */
	bool drain;    /* ".drain.", or an archive */
	int64_t taken; /* STAMP, end of an archive's hour or day, or UTC_NONE */
};

/* Folders before the last '/' do not matter. Views into path. */
void naming_read(sv path, struct naming *out);

#endif
