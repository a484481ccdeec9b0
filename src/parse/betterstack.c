/* SPDX-License-Identifier: MIT */
#include "parse/betterstack.h"

#include "base/utc.h"
#include "parse/jsonlog.h"

enum { DT, MESSAGE, RAW, MEMBER_N };

static const char *const names[] = {
	[DT] = "dt", [MESSAGE] = "message", [RAW] = "raw"
};

/* Goes into "raw"; the time outside is kept when there is one. */
static bool
enter_raw(struct arena *a, struct json_value *obj, struct json_value *got,
    struct bad_line *bad)
{
	struct json_value dt = got[DT];

	if (!jsonlog_object(json_text(a, &got[RAW]), obj, bad)) {
		*bad = (struct bad_line){ "no-header",
			"\"raw\" holds no JSON object", 0 };
		return false;
	}
	jsonlog_pick(obj, names, got, MEMBER_N);
	if (jsonlog_has(&dt))
		got[DT] = dt;
	return true;
}

static bool
find_parts(
    sv line, struct arena *a, struct jsonlog_parts *parts, struct bad_line *bad)
{
	struct json_value obj, got[MEMBER_N];

	*parts = (struct jsonlog_parts){ .when = UTC_NONE,
		.no_time = "no \"dt\"",
		.no_message = "no \"message\"",
		.no_source = "no \"syslog.appname\"" };
	if (!jsonlog_object(line, &obj, bad))
		return false;
	jsonlog_pick(&obj, names, got, MEMBER_N);
	if (!jsonlog_has(&got[MESSAGE]) && got[RAW].kind == JSON_STRING &&
	    !enter_raw(a, &obj, got, bad))
		return false;
	parts->time = got[DT];
	parts->message = got[MESSAGE];
	jsonlog_syslog(a, &obj, parts);
	return true;
}

bool
betterstack_is(sv line)
{
	struct arena a = ARENA_INIT;
	struct jsonlog_parts parts;
	struct bad_line bad;
	bool found = find_parts(line, &a, &parts, &bad) &&
	    jsonlog_has(&parts.time) && !sv_null(parts.source);

	arena_release(&a);
	return found;
}

bool
betterstack_envelope(
    sv line, struct arena *scratch, struct envelope *out, struct bad_line *bad)
{
	struct jsonlog_parts parts;

	return find_parts(line, scratch, &parts, bad) &&
	    jsonlog_envelope(&parts, scratch, out, bad);
}
