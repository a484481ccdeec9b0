/* SPDX-License-Identifier: MIT */
#include "parse/fluentjson.h"

#include "base/utc.h"
#include "parse/jsonlog.h"

enum { DRAIN_ID, IDENT, PID, MESSAGE, TIME, TIMESTAMP, MEMBER_N };

static const char *const names[] = { [DRAIN_ID] = "drain_id",
	[IDENT] = "ident",
	[PID] = "pid",
	[MESSAGE] = "message",
	[TIME] = "time",
	[TIMESTAMP] = "timestamp" };

/* Cuts "TIME<tab>TAG<tab>" off; UTC_NONE when there is no such thing. */
static int64_t
cut_columns(sv *line)
{
	sv rest = *line, time = sv_cut(&rest, '\t');
	int64_t us;

	sv_cut(&rest, '\t');
	if (!sv_starts(rest, SV("{")) || !utc_read(&time, false, &us) || time.n)
		return UTC_NONE;
	*line = rest;
	return us;
}

bool
fluentjson_is(sv line)
{
	struct json_value obj, got[MEMBER_N];
	struct bad_line bad;

	cut_columns(&line);
	if (!jsonlog_object(line, &obj, &bad))
		return false;
	jsonlog_pick(&obj, names, got, MEMBER_N);
	return got[DRAIN_ID].kind == JSON_STRING &&
	    got[IDENT].kind == JSON_STRING && jsonlog_has(&got[MESSAGE]);
}

/* MSGID and structured data, a nil each; the platform says nothing that begins
 * with a dash. */
static sv
drop_nils(sv message)
{
	while (sv_skip_lit(&message, SV("- ")))
		;
	return sv_is(message, "-") ? SV("") : sv_trim_left(message);
}

bool
fluentjson_envelope(
    sv line, struct arena *scratch, struct envelope *out, struct bad_line *bad)
{
	struct json_value obj, got[MEMBER_N];
	struct jsonlog_parts parts = { .no_time = "no \"time\"",
		.no_message = "no \"message\"",
		.no_source = "no \"ident\"" };
	sv json = line;

	parts.when = cut_columns(&json);
	if (!jsonlog_object(json, &obj, bad)) {
		bad->at += line.n - json.n;
		return false;
	}
	jsonlog_pick(&obj, names, got, MEMBER_N);
	parts.time = got[jsonlog_has(&got[TIME]) ? TIME : TIMESTAMP];
	parts.message = got[MESSAGE];
	parts.source = jsonlog_name(scratch, &got[IDENT]);
	parts.dyno = jsonlog_name(scratch, &got[PID]);
	parts.host = jsonlog_name(scratch, &got[DRAIN_ID]);
	if (!jsonlog_envelope(&parts, scratch, out, bad))
		return false;
	if (sv_is(out->source, "heroku"))
		out->message = drop_nils(out->message);
	return true;
}
