/* SPDX-License-Identifier: MIT */
/*
 * textlog.h: the head that a logging library writes before a line of text:
 * time, level, logger, process, place in the code.
 *
 * A line is claimed only if its front has the exact shape of one of the forms;
 * a line that merely mentions a level is not. What a client made an app log
 * comes behind the head and cannot change it, but an app that writes without
 * any head lets its clients forge one.
 *
 * Sources: the format strings of gunicorn/glogging.py, hypercorn/logging.py,
 * flask/logging.py, celery/app/defaults.py, Python's logging.BASIC_FORMAT, the
 * logging pages of the Python and Django manuals, loguru/_defaults.py,
 * uvicorn/logging.py, structlog.dev.ConsoleRenderer, Ruby's Logger::Formatter,
 * sidekiq/logger.rb, log4js layouts, redis server.c (the marks . - * #), the
 * Datadog agent, django/core/handlers/exception.py and middleware/csrf.py,
 * Python's warnings.formatwarning.
 */
#ifndef PARSE_TEXTLOG_H
#define PARSE_TEXTLOG_H

#include <stdbool.h>
#include <stdint.h>

#include "base/sv.h"

/* Null views: not in the line. Views into the line, or static text. */
struct textlog {
	sv level;    /* as textlog_level() says it */
	sv logger;
	sv process;  /* pid or name of the process */
	sv location; /* module or file, line, function, as written */
	int64_t time; /* UTC_NONE: not in the line. No zone given: taken as UTC,
		       * which dynos have unless TZ is set. */
	sv message;  /* behind the head; the whole line when that implies the
		      * rest */
	const char *form; /* name of the row of textlog_forms */
};

/* False: no form fits; *out is then empty but for message, the whole line. */
bool textlog_parse(sv message, struct textlog *out);

/*
 * One name for each usual spelling, in either case: "debug", "info",
 * "warning", "error", "critical". Null for any other word, for single letters
 * too. NOTICE and SUCCESS are info, TRACE is debug, FATAL and PANIC critical;
 * Postgres' LOG is info.
 */
sv textlog_level(sv word);

/* The forms, tried in this order; ends with a row without a name. */
struct textlog_form {
	const char *name, *example;
	bool (*read)(sv line, struct textlog *out);
	unsigned begins; /* with one of these, see textlog.c */
};
extern const struct textlog_form textlog_forms[];

#endif
