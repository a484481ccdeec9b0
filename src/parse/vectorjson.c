/* SPDX-License-Identifier: MIT */
#include "parse/vectorjson.h"

#include "base/utc.h"
#include "parse/frame.h"
#include "parse/jsonlog.h"

enum { TIMESTAMP, MESSAGE, HOST, APP_NAME, PROC_ID, SOURCE_TYPE, MEMBER_N };

static const char *const names[] = { [TIMESTAMP] = "timestamp",
	[MESSAGE] = "message",
	[HOST] = "host",
	[APP_NAME] = "app_name",
	[PROC_ID] = "proc_id",
	[SOURCE_TYPE] = "source_type" };

bool
vectorjson_is(sv line)
{
	struct json_value obj, got[MEMBER_N];
	struct bad_line bad;

	if (!jsonlog_object(line, &obj, &bad))
		return false;
	jsonlog_pick(&obj, names, got, MEMBER_N);
	return jsonlog_has(&got[MESSAGE]) &&
	    (json_key_is(&got[SOURCE_TYPE], SV("heroku_logs")) ||
		json_key_is(&got[SOURCE_TYPE], SV("logplex")));
}

/* The frame's own time counts, not the one at which vector got it. */
static bool
read_frame(const struct json_value *message, struct arena *scratch,
    struct envelope *out, struct bad_line *bad)
{
	sv frame = jsonlog_text(scratch, message);

	if (frame_is_head(frame))
		sv_cut(&frame, ' ');
	if (envelope_syslog(frame, scratch, out, bad))
		return true;
	*bad = (struct bad_line){ "no-header",
		"no \"app_name\", and \"message\" is no syslog frame", 0 };
	return false;
}

bool
vectorjson_envelope(
    sv line, struct arena *scratch, struct envelope *out, struct bad_line *bad)
{
	struct json_value obj, got[MEMBER_N];
	struct jsonlog_parts parts = { .when = UTC_NONE,
		.no_time = "no \"timestamp\"",
		.no_message = "no \"message\"",
		.no_source = "no \"app_name\"" };

	if (!jsonlog_object(line, &obj, bad))
		return false;
	jsonlog_pick(&obj, names, got, MEMBER_N);
	if (jsonlog_has(&got[MESSAGE]) && !jsonlog_has(&got[APP_NAME]) &&
	    !jsonlog_has(&got[PROC_ID]))
		return read_frame(&got[MESSAGE], scratch, out, bad);
	parts.time = got[TIMESTAMP];
	parts.message = got[MESSAGE];
	parts.source = jsonlog_name(scratch, &got[APP_NAME]);
	parts.dyno = jsonlog_name(scratch, &got[PROC_ID]);
	parts.host = jsonlog_name(scratch, &got[HOST]);
	return jsonlog_envelope(&parts, scratch, out, bad);
}
