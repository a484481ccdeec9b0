/* SPDX-License-Identifier: MIT */
/*
 * jsonpayload.h: what the usual JSON loggers call level, event, message, logger
 * and exception.
 *
 * Sources: the manuals of structlog, python-json-logger, bunyan, pino, winston,
 * zap, zerolog, logrus, slog, hclog, Monolog, GELF, Google Cloud Logging
 * ("severity"), Datadog ("status") and the Elastic Common Schema.
 */
#ifndef PARSE_JSONPAYLOAD_H
#define PARSE_JSONPAYLOAD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/sv.h"
#include "parse/json.h"

/* Null: not there, or null. Text is unescaped, in the arena if need be. */
struct jsonpayload {
	sv level;     /* as textlog_level() says it; a word it does not know
		       * as it is; null for a number of no known scale */
	sv event;     /* structlog's is a name or a sentence */
	sv message;
	sv logger;
	sv exception; /* a stack or text; arrays and objects as raw JSON */
};

enum { JSONPAYLOAD_FIELDS = 5 };

/* The members of one object as they come, for a reader that looks at them for
 * other ends too. */
struct jsonpayload_search {
	struct arena *a;
	sv val[JSONPAYLOAD_FIELDS];
	size_t row[JSONPAYLOAD_FIELDS]; /* of the table, that gave the value */
};

/*
 * Members are looked for under several names; the earlier name in the table
 * wins, of two equal ones the first. "a.b" means a member "a.b" or a member "b"
 * of an object "a". Keys are unescaped.
 */
void jsonpayload_begin(struct jsonpayload_search *s, struct arena *a);
void jsonpayload_add(struct jsonpayload_search *s, sv key,
    const struct json_value *v);
void jsonpayload_end(const struct jsonpayload_search *s,
    struct jsonpayload *out);
/* What a member of this name may be, a bit for each row of the table, and how such
 * a member is added, if it is a scalar. */
uint64_t jsonpayload_rows(sv key);
void jsonpayload_add_scalar(struct jsonpayload_search *s, uint64_t rows,
    const struct json_value *v);
/* The same of a string in a row that is of level words: textlog_level() of it, which
 * is not null. */
void jsonpayload_add_level(struct jsonpayload_search *s, uint64_t rows,
    sv level);
/* Is a member with these rows a message or nothing else? */
bool jsonpayload_is_text(uint64_t rows);
/* False: a member of this name is none of them, nor does it hold one. */
bool jsonpayload_knows(sv key);
/* All three. False: obj is no object. */
bool jsonpayload_read(struct arena *a, const struct json_value *obj,
    struct jsonpayload *out);

/* JSON as a careless logger writes it, or with bytes that utf8_clean() wrote as
 * \xNN, as JSON: a control byte in a string becomes \u00NN, the backslash of \xNN
 * is doubled, NaN and Infinity, as Python writes them, become null; then
 * *bad_number is true, and it is one line. The text itself when there is none of
 * these. What else is wrong with it stays so. */
sv jsonpayload_mend(struct arena *a, sv text, bool *bad_number);

/* The name of a level given as a number: syslog's 0 to 7 (GELF), 10 to 69 as
 * bunyan and pino count, 100 to 600 as Monolog does; else null. */
sv jsonpayload_level(int64_t number);

#endif
