/* SPDX-License-Identifier: MIT */
/*
 * accessline.h: access lines of web servers inside app output.
 *
 * Sources: gunicorn/glogging.py (combined form; it writes \" for a quote),
 * nginx and Apache log modules, Rack::CommonLogger, aiohttp.web_log,
 * hypercorn/logging.py, uvicorn/protocols/utils.py, daphne/access.py, Python's
 * http.server (werkzeug, Django's runserver), and lines of Heroku's nginx of
 * 2012.
 */
#ifndef PARSE_ACCESSLINE_H
#define PARSE_ACCESSLINE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/ip.h"
#include "base/sv.h"

/* Null views: not in the line. "-" counts as not there. */
struct accessline {
	sv peer; /* an address, in brackets or not */
	struct ip ip; /* the same, read; family 0: there is none */
	sv port; /* its port; "0" with or without a peer: the address came out
	            of a header */
	sv method, path, protocol; /* all null when the request is garbage */
	sv request; /* garbage, as logged, in place of these three */
	sv status;  /* three digits; null only for websockets of daphne */
	sv bytes; /* as written, be it a number or not */
	sv referer, user_agent;
	sv last; /* a word alone behind the user agent: in old lines of Heroku's
	          * nginx the host */
	sv host; /* the same where it can be nothing else */
	sv request_id; /* a UUID or request_id=... behind the user agent */
	sv behind; /* what follows `bytes`, of which are the last five */
};

/*
 * Only lines that are an access line from their start; also behind the head of
 * a logger that writes such lines (INFO:werkzeug:...).
 *
 * Servers that escape quotes (known by the zone in their times) are read from
 * the left, those that do not from the right: so whatever a client sends, the
 * status is the server's.
 */
bool accessline_parse(sv message, struct accessline *out);
/* The same up to `bytes`. */
bool accessline_parse_front(sv message, struct accessline *out);

#endif
