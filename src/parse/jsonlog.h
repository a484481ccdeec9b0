/* SPDX-License-Identifier: MIT */
/*
 * jsonlog.h: what the readers of JSON log exports share: picking members,
 * reading times, and making an envelope of what was found. Exports carry what
 * a drain sent, so the grammar of names is that of envelope.h.
 */
#ifndef PARSE_JSONLOG_H
#define PARSE_JSONLOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/sv.h"
#include "parse/envelope.h"
#include "parse/json.h"

/* The line is one JSON object. Else false: "bad-json" with the byte where
 * parsing stopped, or "no-header" for JSON that is no object. */
bool jsonlog_object(sv line, struct json_value *obj, struct bad_line *bad);

/* One pass over an object: out[i] is its first member called names[i]. What is
 * not there, as everything in a value that is no object, gets a null raw. */
void jsonlog_pick(const struct json_value *obj, const char *const *names,
    struct json_value *out, size_t n);

/* Was it there, and not JSON's null? */
bool jsonlog_has(const struct json_value *v);

/* Text of a string, raw JSON of anything else, null if not there. */
sv jsonlog_text(struct arena *a, const struct json_value *v);
/* The same for a name; what is too long for one stays raw JSON, so that many
 * records can share it in linear time, and is refused later. */
sv jsonlog_name(struct arena *a, const struct json_value *v);

/*
 * The inside of the first member called `name`, when the line is an object in
 * which that member is an array; the line may be cut behind its bracket, so
 * that a head is enough to know a shape.
 */
bool jsonlog_enter(sv line, sv name, sv *inside);

/*
 * A time as microseconds. Strings: what utc_read takes, also with the offset
 * behind a blank; no zone means UTC. Numbers, also as strings: time since 1970
 * in seconds from 10^8 on, milliseconds from 10^11, microseconds from 10^14,
 * nanoseconds from 10^17: each begins in March 1973, and what is less is no
 * time. What is finer than a microsecond is cut off.
 */
bool jsonlog_time(struct arena *a, const struct json_value *v, int64_t *us);

/* What a record is made of. Views and values may be null: not there. */
struct jsonlog_parts {
	int64_t when; /* microseconds; UTC_NONE: read `time` */
	struct json_value time, message;
	sv source, dyno; /* a dyno of "-" is none */
	sv host;         /* a drain token, if it begins with "d." */
	/* what to say when it is missing; names the member */
	const char *no_time, *no_message, *no_source;
};

/* Source, dyno and host out of the member "syslog" with appname, procid, host
 * or hostname, or out of members called "syslog.appname" and so on. */
void jsonlog_syslog(
    struct arena *a, const struct json_value *obj, struct jsonlog_parts *parts);

/* False with bad->at 0: "no-header" when a part is missing or a name is none,
 * "bad-time". The message is trimmed. */
bool jsonlog_envelope(const struct jsonlog_parts *parts, struct arena *a,
    struct envelope *out, struct bad_line *bad);

/* One of several records of a line. */
struct jsonlog_item {
	sv record; /* its bytes, a view into the line */
	bool ok;   /* env is set; else bad, whose `at` counts from the record */
	struct envelope env;
	struct bad_line bad;
};

#endif
