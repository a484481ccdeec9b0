/* SPDX-License-Identifier: MIT */
#include "parse/textlog.h"

#include "base/ascii.h"
#include "base/attr.h"
#include "base/utc.h"

#define LEVEL(word, name) \
	{ { word, sizeof(word) - 1 }, { name, sizeof(name) - 1 } }

static const struct {
	sv word, name;
} levels[] = {
	LEVEL("INFO", "info"), LEVEL("WARNING", "warning"),
	LEVEL("WARN", "warning"), LEVEL("ERROR", "error"),
	LEVEL("DEBUG", "debug"), LEVEL("CRITICAL", "critical"),
	LEVEL("FATAL", "critical"), LEVEL("TRACE", "debug"),
	LEVEL("NOTICE", "info"), LEVEL("ERR", "error"),
	LEVEL("CRIT", "critical"), LEVEL("SUCCESS", "info"),
	LEVEL("INFORMATION", "info"), LEVEL("INFORMATIONAL", "info"),
	LEVEL("VERBOSE", "debug"), LEVEL("SILLY", "debug"),
	LEVEL("SEVERE", "error"), LEVEL("EXCEPTION", "error"),
	LEVEL("ALERT", "critical"), LEVEL("EMERG", "critical"),
	LEVEL("EMERGENCY", "critical"), LEVEL("PANIC", "critical"),
	LEVEL("DPANIC", "critical"),
	/* zerolog and Serilog on a console */
	LEVEL("TRC", "debug"), LEVEL("VRB", "debug"), LEVEL("DBG", "debug"),
	LEVEL("INF", "info"), LEVEL("WRN", "warning"), LEVEL("FTL", "critical"),
	LEVEL("PNC", "critical"),
	/* Postgres */
	LEVEL("LOG", "info"), LEVEL("DEBUG1", "debug"),
	LEVEL("DEBUG2", "debug"), LEVEL("DEBUG3", "debug"),
	LEVEL("DEBUG4", "debug"), LEVEL("DEBUG5", "debug"),
};

sv
textlog_level(sv word)
{
	for (size_t i = 0; i < countof(levels); i++)
		if (sv_eq_nocase(word, levels[i].word))
			return levels[i].name;
	return SV_NULL;
}

/* --- pieces of heads: each takes its piece off the front or is false ------ */

static bool
skip(sv *rest, const char *lit)
{
	return sv_skip_lit(rest, sv_str(lit));
}

static bool
take_digits(sv *rest, sv *out)
{
	size_t n = 0;

	while (n < rest->n && is_digit(rest->p[n]))
		n++;
	*out = sv_cut_n(rest, n);
	return n > 0;
}

static bool
take_name(sv *rest, sv *out)
{
	size_t n = 0;

	while (n < rest->n && is_name_byte(rest->p[n]))
		n++;
	*out = sv_cut_n(rest, n);
	return n > 0;
}

/* A word of letters of one case that is a level. */
static bool
take_level(sv *rest, bool (*is_letter)(int), sv *level)
{
	size_t n = 0;

	while (n < rest->n && is_letter(rest->p[n]))
		n++;
	if (n == 0 || (n < rest->n && is_name_byte(rest->p[n])))
		return false;
	*level = textlog_level(sv_take(*rest, n));
	if (sv_null(*level))
		return false;
	*rest = sv_skip(*rest, n);
	return true;
}

/* Python's milliseconds, which utc_read does not take. */
static void
take_millis(sv *rest, int64_t *us)
{
	sv r = *rest, digits;
	uint64_t n;

	if (skip(&r, ",") && take_digits(&r, &digits) && digits.n == 3 &&
	    sv_to_u64(digits, &n)) {
		*us += (int64_t)n * 1000;
		*rest = r;
	}
}

/* " +0000": strftime's zone, set off by a blank. */
static void
take_zone(sv *rest, int64_t *us)
{
	sv r = *rest, digits;
	uint64_t n;
	bool west;

	if (!skip(&r, " ") || r.n == 0 || (r.p[0] != '+' && r.p[0] != '-'))
		return;
	west = sv_cut_n(&r, 1).p[0] == '-';
	if (take_digits(&r, &digits) && digits.n == 4 &&
	    sv_to_u64(digits, &n) && n / 100 < 16 && n % 100 < 60) {
		int64_t east = (int64_t)(n / 100) * UTC_HOUR +
		    (int64_t)(n % 100) * UTC_MINUTE;

		*us += west ? east : -east;
		*rest = r;
	}
}

/* Ends of the calendar are left out, so that zones cannot lead out of it. */
static bool
take_time(sv *rest, int64_t *us)
{
	enum { YEAR = 4 };
	sv r = *rest;
	int64_t t;

	if (r.n <= YEAR || r.p[YEAR] != '-' || !utc_read(&r, true, &t) ||
	    t < utc_days(2, 1, 1) * UTC_DAY ||
	    t > utc_days(9998, 12, 31) * UTC_DAY)
		return false;
	take_millis(&r, &t);
	take_zone(&r, &t);
	*us = t;
	*rest = r;
	return true;
}

/* The message is what follows one blank; there may be none. */
static bool
take_message(sv rest, struct textlog *out)
{
	if (rest.n && !skip(&rest, " "))
		return false;
	out->message = rest;
	return true;
}

/* "  - " and the like: blanks that pad the piece before, then a mark. */
static bool
skip_padded(sv *rest, const char *mark)
{
	while (skip(rest, " "))
		;
	return skip(rest, mark);
}

/* --- forms ---------------------------------------------------------------- */

/* [TIME] [PID] [LEVEL] text */
static bool
read_gunicorn(sv r, struct textlog *out)
{
	return skip(&r, "[") && take_time(&r, &out->time) &&
	    skip(&r, "] [") && take_digits(&r, &out->process) &&
	    skip(&r, "] [") && take_level(&r, is_upper, &out->level) &&
	    skip(&r, "]") && take_message(r, out);
}

/* [TIME: LEVEL/PROCESS] text */
static bool
read_celery(sv r, struct textlog *out)
{
	return skip(&r, "[") && take_time(&r, &out->time) &&
	    skip(&r, ": ") && take_level(&r, is_upper, &out->level) &&
	    skip(&r, "/") && take_name(&r, &out->process) &&
	    skip(&r, "]") && take_message(r, out);
}

/* [TIME] LEVEL in MODULE: text */
static bool
read_flask(sv r, struct textlog *out)
{
	return skip(&r, "[") && take_time(&r, &out->time) &&
	    skip(&r, "] ") && take_level(&r, is_upper, &out->level) &&
	    skip(&r, " in ") && take_name(&r, &out->location) &&
	    skip(&r, ":") && take_message(r, out);
}

/* [TIME] [LEVEL] CATEGORY - text */
static bool
read_log4js(sv r, struct textlog *out)
{
	return skip(&r, "[") && take_time(&r, &out->time) &&
	    skip(&r, "] [") && take_level(&r, is_upper, &out->level) &&
	    skip(&r, "] ") && take_name(&r, &out->logger) &&
	    skip(&r, " -") && take_message(r, out);
}

/* TIME - NAME - LEVEL - text. A level as name is a head without a name, whose
 * text says " - LEVEL - " again. */
static bool
read_dashes(sv r, struct textlog *out)
{
	return take_time(&r, &out->time) && skip(&r, " - ") &&
	    take_name(&r, &out->logger) &&
	    sv_null(textlog_level(out->logger)) && skip_padded(&r, "- ") && take_level(&r, is_upper, &out->level) &&
	    skip_padded(&r, "-") && take_message(r, out);
}

/* TIME - LEVEL - text */
static bool
read_dashes_short(sv r, struct textlog *out)
{
	return take_time(&r, &out->time) && skip(&r, " - ") &&
	    take_level(&r, is_upper, &out->level) &&
	    skip_padded(&r, "-") && take_message(r, out);
}

/* NAME:FUNCTION:LINE; a function may be <lambda>. */
static bool
take_place(sv *rest, struct textlog *out)
{
	sv r = sv_take(*rest, sv_find_byte(*rest, ' '));
	sv whole = r, function, line;

	if (!take_name(&r, &out->logger) || !skip(&r, ":"))
		return false;
	function = sv_cut(&r, ':');
	if (function.n == 0 || !take_digits(&r, &line) || r.n)
		return false;
	out->location = whole;
	*rest = sv_skip(*rest, whole.n);
	return true;
}

/* TIME | LEVEL    | NAME:FUNCTION:LINE - text */
static bool
read_loguru(sv r, struct textlog *out)
{
	return take_time(&r, &out->time) && skip(&r, " | ") &&
	    take_level(&r, is_upper, &out->level) &&
	    skip_padded(&r, "| ") && take_place(&r, out) &&
	    skip(&r, " -") && take_message(r, out);
}

/* TIME UTC | COMPONENT | LEVEL | (FILE:LINE in FUNCTION) | text */
static bool
read_datadog(sv r, struct textlog *out)
{
	size_t end;

	if (!take_time(&r, &out->time) || !skip(&r, " | ") ||
	    !take_name(&r, &out->logger) || !skip(&r, " | ") ||
	    !take_level(&r, is_upper, &out->level) || !skip(&r, " | ("))
		return false;
	end = sv_find(r, SV(") |"));
	out->location = sv_cut_n(&r, end);
	return skip(&r, ") |") && end < 200 && take_message(r, out);
}

/* TIME [level    ] event key=value: the level fills nine columns. */
static bool
read_structlog(sv r, struct textlog *out)
{
	size_t left;

	if (!take_time(&r, &out->time) || !skip(&r, " ["))
		return false;
	left = r.n;
	return take_level(&r, is_lower, &out->level) && skip_padded(&r, "]") &&
	    left - r.n >= 10 && take_message(r, out);
}

/* TIME [LEVEL] NAME: text, or without the name */
static bool
read_brackets(sv r, struct textlog *out)
{
	sv after;

	if (!take_time(&r, &out->time) || !skip(&r, " [") ||
	    !take_level(&r, is_upper, &out->level) || !skip_padded(&r, "]"))
		return false;
	after = r;
	if (skip(&after, " ") && take_name(&after, &out->logger) &&
	    skip(&after, ":") && take_message(after, out))
		return true;
	out->logger = SV_NULL;
	return take_message(r, out);
}

/* Several identifiers joined by dots, or a logger's name that no text starts
 * with: anything else may be the first word of the message. */
static bool
is_surely_logger(sv name)
{
	sv rest = name;
	int parts = 0;

	if (sv_is(name, "root") || sv_is(name, "__main__"))
		return true;
	for (; !sv_null(rest); parts++) {
		sv part = sv_cut(&rest, '.');

		if (part.n == 0 || is_digit(part.p[0]) ||
		    sv_find_byte(part, '-') < part.n)
			return false;
	}
	return parts > 1;
}

/* TIME LEVEL NAME text; a name that may be text is left in the text. */
static bool
read_words(sv r, struct textlog *out)
{
	sv after, name;

	if (!take_time(&r, &out->time) || !skip(&r, " ") ||
	    !take_level(&r, is_upper, &out->level) ||
	    (r.n && !is_space(r.p[0])))
		return false;
	r = sv_trim_left(r);
	out->message = after = r;
	if (skip(&after, "[") && take_name(&after, &name) &&
	    skip(&after, "]") && take_message(after, out)) {
		out->logger = name;
		return true;
	}
	after = r;
	if (take_name(&after, &name) && is_surely_logger(name) &&
	    take_message(after, out))
		out->logger = name;
	return true;
}

/* LEVEL TIME MODULE PID THREAD text: "verbose" of the Django manual */
static bool
read_django_verbose(sv r, struct textlog *out)
{
	sv thread;

	return take_level(&r, is_upper, &out->level) && skip(&r, " ") &&
	    take_time(&r, &out->time) && skip(&r, " ") &&
	    take_name(&r, &out->location) && skip(&r, " ") &&
	    take_digits(&r, &out->process) && skip(&r, " ") &&
	    take_digits(&r, &thread) && take_message(r, out);
}

/* LEVEL:NAME:text */
static bool
read_python(sv r, struct textlog *out)
{
	if (!take_level(&r, is_upper, &out->level) || !skip(&r, ":") ||
	    !take_name(&r, &out->logger) || !skip(&r, ":"))
		return false;
	out->message = r;
	return true;
}

/* LEVEL:    text: level and colon fill nine columns, a blank follows. */
static bool
read_uvicorn(sv r, struct textlog *out)
{
	size_t n = r.n;

	if (!take_level(&r, is_upper, &out->level) || !skip(&r, ":"))
		return false;
	for (n -= r.n; n < 10; n++)
		if (!skip(&r, " "))
			return false;
	out->message = r;
	return r.n && !is_space(r.p[0]);
}

static const struct {
	const char *phrase, *level;
} answers[] = {
	{ "Internal Server Error", "error" },
	{ "Not Implemented", "error" },
	{ "Bad Gateway", "error" },
	{ "Service Unavailable", "error" },
	{ "Gateway Timeout", "error" },
	{ "Not Found", "warning" },
	{ "Bad Request", "warning" },
	{ "Bad request", "warning" },
	{ "Unauthorized", "warning" },
	{ "Payment Required", "warning" },
	{ "Forbidden", "warning" },
	{ "Method Not Allowed", "warning" },
	{ "Not Acceptable", "warning" },
	{ "Conflict", "warning" },
	{ "Gone", "warning" },
	{ "Unsupported Media Type", "warning" },
	{ "Unprocessable Entity", "warning" },
	{ "Too Many Requests", "warning" },
};

/* The one other reason of a 403 is an exception the app raised. */
static bool
is_csrf(const char *phrase, sv reason)
{
	return !sv_null(reason) && !sv_is(reason, "Permission denied") &&
	    sv_is(SV("Forbidden"), phrase);
}

/* PHRASE: /path or PHRASE (reason): /path */
static bool
read_django(sv r, struct textlog *out)
{
	sv reason = SV_NULL, line = r;
	size_t i = 0;

	if (r.n == 0 || !is_upper(r.p[0]))
		return false;
	while (i < countof(answers) && (r.p[0] != answers[i].phrase[0] ||
	    !skip(&r, answers[i].phrase)))
		i++;
	if (i == countof(answers))
		return false;
	if (skip(&r, " ("))
		reason = sv_cut_n(&r, sv_find(r, SV("): /")));
	if (!skip(&r, sv_null(reason) ? ": /" : "): /"))
		return false;
	out->level = sv_str(answers[i].level);
	out->logger = is_csrf(answers[i].phrase, reason) ?
	    SV("django.security.csrf") : SV("django.request");
	out->message = line;
	return true;
}

static bool
read_django_host(sv r, struct textlog *out)
{
	if (!sv_starts(r, SV("Invalid HTTP_HOST header: '")))
		return false;
	out->level = SV("error");
	out->logger = SV("django.security.DisallowedHost");
	out->message = r;
	return true;
}

/* I, [TIME #PID]  INFO -- NAME: text */
static bool
read_ruby(sv r, struct textlog *out)
{
	sv letter = sv_cut_n(&r, 1);
	size_t colon;

	if (!skip(&r, ", [") || !take_time(&r, &out->time) || !skip(&r, " #") ||
	    !take_digits(&r, &out->process) || !skip(&r, "] "))
		return false;
	r = sv_trim_left(r);
	if (!sv_starts(r, letter))
		return false;
	if (!skip(&r, "ANY") && !take_level(&r, is_upper, &out->level))
		return false;
	if (!skip(&r, " -- "))
		return false;
	colon = sv_find_byte(r, ':');
	if (colon == r.n)
		return false;
	if (colon > 0)
		out->logger = sv_take(r, colon);
	return take_message(sv_skip(r, colon + 1), out);
}

/* [TIME ]pid=N tid=X [KEY=VALUE ]...LEVEL: text; no time on Heroku */
static bool
read_sidekiq(sv r, struct textlog *out)
{
	sv word;

	if (take_time(&r, &out->time) && !skip(&r, " "))
		return false;
	if (!skip(&r, "pid=") || !take_digits(&r, &out->process) ||
	    !skip(&r, " tid=") || !take_name(&r, &word) || !skip(&r, " "))
		return false;
	while (!take_level(&r, is_upper, &out->level)) {
		word = sv_cut(&r, ' ');
		if (sv_null(r) || sv_find_byte(word, '=') == word.n)
			return false;
	}
	return skip(&r, ":") && take_message(r, out);
}

static const struct {
	const char *mark, *level;
} redis_marks[] = {
	{ "] . ", "debug" }, { "] - ", "debug" },
	{ "] * ", "info" }, { "] # ", "warning" },
};

/* [ADD-ON] # text. Names of add-ons are word-word-number. */
static bool
read_redis(sv r, struct textlog *out)
{
	sv name, number;
	size_t dash;

	if (!skip(&r, "[") || r.n == 0 || !is_lower(r.p[0]) ||
	    !take_name(&r, &name))
		return false;
	dash = sv_rfind(name, SV("-"));
	number = sv_skip(name, dash + 1);
	if (sv_find_byte(name, '-') >= dash || !take_digits(&number, &number) ||
	    sv_find_byte(name, '.') < name.n)
		return false;
	for (size_t i = 0; i < countof(redis_marks); i++) {
		if (!skip(&r, redis_marks[i].mark))
			continue;
		out->level = sv_str(redis_marks[i].level);
		out->logger = name;
		out->message = r;
		return true;
	}
	return false;
}

/* /FILE.py:LINE: CATEGORY: text, the category ending in Warning */
static bool
read_warnings(sv r, struct textlog *out)
{
	sv line = r, digits, category;
	size_t end;

	if (!sv_starts(r, SV("/")))
		return false;
	end = sv_find(r, SV(".py:"));
	r = sv_skip(r, end + 4);
	if (end == line.n || !take_digits(&r, &digits))
		return false;
	out->location = sv_take(line, line.n - r.n);
	if (!skip(&r, ": ") || !take_name(&r, &category) ||
	    !sv_ends(category, SV("Warning")) || !skip(&r, ":"))
		return false;
	out->level = SV("warning");
	out->logger = SV("py.warnings");
	out->message = sv_skip(line, end + 4 + digits.n + 2);
	return true;
}

/* How a form begins. */
enum {
	TIME = 1, BRACKET = 2, BRACKET_TIME = 4, UPPER = 8, SLASH = 16, PID = 32
};

const struct textlog_form textlog_forms[] = {
	{ "gunicorn", "[2026-06-12 13:00:00 +0000] [2] [INFO] Starting up",
	    read_gunicorn, BRACKET_TIME },
	{ "celery", "[2026-06-12 13:00:00,010: INFO/MainProcess] ready",
	    read_celery, BRACKET_TIME },
	{ "flask", "[2026-06-12 13:00:00,781] INFO in _client: text",
	    read_flask, BRACKET_TIME },
	{ "log4js", "[2026-06-12T13:00:00.781] [INFO] default - text",
	    read_log4js, BRACKET_TIME },
	{ "dashes", "2026-06-12 13:00:00,123 - app.mail - ERROR - text",
	    read_dashes, TIME },
	{ "dashes-short", "2026-06-12 13:00:00,123 - ERROR - text",
	    read_dashes_short, TIME },
	{ "loguru", "2026-06-12 13:00:00.123 | ERROR    | app:send:12 - text",
	    read_loguru, TIME },
	{ "datadog", "2026-06-12 13:00:00 UTC | CORE | INFO | "
	    "(run/api.go:458 in Start) | text", read_datadog, TIME },
	{ "structlog", "2026-06-12 13:00:00 [info     ] event key=value",
	    read_structlog, TIME },
	{ "brackets", "2026-06-12 13:00:00,123 [INFO] app.mail: text",
	    read_brackets, TIME },
	{ "words", "2026-06-12 13:00:00,123 ERROR app.mail text",
	    read_words, TIME },
	{ "django-verbose", "ERROR 2026-06-12 13:00:00,123 views 4 1407 text",
	    read_django_verbose, UPPER },
	{ "python", "WARNING:root:text", read_python, UPPER },
	{ "uvicorn", "INFO:     Started server process [9]",
	    read_uvicorn, UPPER },
	{ "django", "Internal Server Error: /x", read_django, UPPER },
	{ "django-host", "Invalid HTTP_HOST header: 'x'",
	    read_django_host, UPPER },
	{ "ruby", "I, [2026-06-12T13:00:00.123456 #4]  INFO -- : text",
	    read_ruby, UPPER },
	{ "sidekiq", "pid=4 tid=1k class=Mail jid=b4a5 INFO: start",
	    read_sidekiq, TIME | PID },
	{ "redis", "[maturing-daily-1187] # CONFIG REWRITE executed",
	    read_redis, BRACKET },
	{ "warnings", "/app/app.py:12: UserWarning: text",
	    read_warnings, SLASH },
	{ NULL, NULL, NULL, 0 },
};

/* What a message begins with, of what forms begin with. A time is read here for
 * all of them: most messages have none. */
static unsigned
begins_with(sv message)
{
	char c = message.n ? message.p[0] : ' ';
	sv r = sv_skip(message, c == '[' ? 1 : 0);
	int64_t time;

	if (is_upper(c))
		return UPPER;
	if (is_digit(c))
		return take_time(&r, &time) ? TIME : 0;
	if (c == '[')
		return take_time(&r, &time) ? BRACKET | BRACKET_TIME : BRACKET;
	return c == '/' ? SLASH : c == 'p' ? PID : 0;
}

bool
textlog_parse(sv message, struct textlog *out)
{
	const struct textlog none = { .time = UTC_NONE, .message = message };
	unsigned begins = begins_with(message);

	for (const struct textlog_form *f = textlog_forms; f->name; f++) {
		if (!(f->begins & begins))
			continue;
		*out = none;
		if (!f->read(message, out))
			continue;
		out->form = f->name;
		return true;
	}
	*out = none;
	return false;
}
