/* SPDX-License-Identifier: MIT */
/*
 * pglog.h: lines of a Heroku Postgres server, app[postgres.PID].
 *
 *	[DATABASE] [7-1]  sql_error_code = 00000 LOG:  duration: 4 ms ...
 *	[DATABASE] [7-2] <tab>SELECT 1
 *
 * Sources. The head: pganalyze/collector, logs/parse.go (the three
 * log_line_prefix settings Heroku used) and input/system/heroku/logs.go (the
 * chunk mark). The chunks: PostgreSQL, src/backend/utils/error/elog.c,
 * write_syslog(): a message is cut at each newline, empty lines are dropped,
 * and pieces longer than 900 bytes are cut again, before the last blank that
 * fits (which then starts the next piece) or, without one, at 900 bytes, or up
 * to 3 less to keep a character whole. append_with_tabs() puts a tab behind
 * each newline of a message. pganalyze/collector joins with a newline
 * always; pglog_glue() tells the two cuts apart.
 */
#ifndef PARSE_PGLOG_H
#define PARSE_PGLOG_H

#include <stdbool.h>
#include <stdint.h>

#include "base/sv.h"

/* A piece of a message. Pieces of one dyno with equal attachment and line are
 * one message, in the order of their chunks (from 1). */
struct pglog_chunk {
	sv attachment; /* "DATABASE"; "PINK" for HEROKU_POSTGRESQL_PINK */
	uint64_t line; /* per dyno; up by one for each message */
	uint32_t chunk;
	sv text; /* behind one blank; tabs and further blanks kept; not null */
};

bool pglog_chunk(sv message, struct pglog_chunk *out);

/* What stood between the texts of a chunk and of the next: "\n" or nothing. */
sv pglog_glue(sv before, sv after);

/* Null views: not in the text, empty, or "[unknown]". Views into the text. */
struct pglog {
	sv level; /* as written: LOG, ERROR, FATAL ...; DETAIL, HINT, CONTEXT,
		   * STATEMENT, QUERY ... add to the line before of the dyno */
	sv severity; /* as textlog_level() says it; null for the adding ones */
	sv sqlstate; /* five letters or digits; "00000": no error */
	sv pid;      /* of the backend; not always the number in the dyno */
	sv database, user, application_name, session_id;
	sv address, port; /* of the client; "[local]" has no port */
	sv attachment;    /* of the old form; a chunk tells it of the new one */
	int64_t time;     /* to the millisecond, if there, else UTC_NONE */
	sv message;
	bool ambiguous; /* can be read in two ways */
};

/*
 * A whole message (chunks joined) as pglog_chunk() gives it, or the old
 * "[DATABASE] statement: ..." and "... duration: ...", which have no level.
 * False: no head, such as a chunk that is not the first.
 *
 * Values are not escaped: the first `" key=` or `" LEVEL:  ` in the known order
 * ends one. So who chooses user, database or application_name can forge what
 * follows it in his own line, and nothing before it. To take the last instead
 * would let the text of a statement forge what stands before it, and many more
 * can write that. Where another end is possible the line is ambiguous.
 */
bool pglog_parse(sv text, struct pglog *out);

/* Is it the id of a session, HEX.HEX (when it began, its pid)? That opens no
 * door, whatever the name of its key. */
bool pglog_is_session(sv id);

#endif
