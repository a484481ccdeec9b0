/* SPDX-License-Identifier: MIT */
#include "parse/datadog.h"

#include "base/utc.h"
#include "parse/jsonlog.h"

enum { TIMESTAMP, DATE, MESSAGE, ATTRIBUTES, CONTENT, MEMBER_N };

static const char *const names[] = { [TIMESTAMP] = "timestamp",
	[DATE] = "date",
	[MESSAGE] = "message",
	[ATTRIBUTES] = "attributes",
	[CONTENT] = "content" };

/* An object without any part of a log is a wrapper of the API. */
static void
unwrap(struct json_value *got)
{
	struct json_value inner =
	    got[CONTENT].kind == JSON_OBJECT ? got[CONTENT] : got[ATTRIBUTES];

	if (jsonlog_has(&got[TIMESTAMP]) || jsonlog_has(&got[DATE]) ||
	    jsonlog_has(&got[MESSAGE]) || inner.kind != JSON_OBJECT)
		return;
	jsonlog_pick(&inner, names, got, MEMBER_N);
}

static bool
find_parts(
    sv line, struct arena *a, struct jsonlog_parts *parts, struct bad_line *bad)
{
	struct json_value obj, got[MEMBER_N];

	*parts = (struct jsonlog_parts){ .when = UTC_NONE,
		.no_time = "no \"timestamp\"",
		.no_message = "no \"message\"",
		.no_source = "no \"attributes.syslog.appname\"" };
	if (!jsonlog_object(line, &obj, bad))
		return false;
	jsonlog_pick(&obj, names, got, MEMBER_N);
	unwrap(got);
	parts->time = got[jsonlog_has(&got[TIMESTAMP]) ? TIMESTAMP : DATE];
	parts->message = got[MESSAGE];
	jsonlog_syslog(a, &got[ATTRIBUTES], parts);
	return true;
}

bool
datadog_is(sv line)
{
	struct arena a = ARENA_INIT;
	struct jsonlog_parts parts;
	struct bad_line bad;
	bool found = find_parts(line, &a, &parts, &bad) &&
	    jsonlog_has(&parts.time) && jsonlog_has(&parts.message) &&
	    !sv_null(parts.source);

	arena_release(&a);
	return found;
}

bool
datadog_envelope(
    sv line, struct arena *scratch, struct envelope *out, struct bad_line *bad)
{
	struct jsonlog_parts parts;

	return find_parts(line, scratch, &parts, bad) &&
	    jsonlog_envelope(&parts, scratch, out, bad);
}
