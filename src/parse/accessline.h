/* SPDX-License-Identifier: MIT */
/*
 * accessline.h: access lines of web servers inside app output: the combined
 * form of gunicorn and nginx (also Heroku's old nginx), and uvicorn's.
 */
#ifndef PARSE_ACCESSLINE_H
#define PARSE_ACCESSLINE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/sv.h"

/* Null views: not in the line. "-" counts as not there. */
struct accessline {
	sv peer, method, path, protocol, status, bytes, referer, user_agent;
	sv host; /* last word of Heroku's old nginx lines */
};

bool accessline_parse(sv message, struct accessline *out);

#endif
