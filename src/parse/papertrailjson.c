/* SPDX-License-Identifier: MIT */
#include "parse/papertrailjson.h"

#include "base/utc.h"

enum { GENERATED_AT, RECEIVED_AT, PROGRAM, SOURCE_NAME, MESSAGE, MEMBER_N };

static const char *const names[] = { [GENERATED_AT] = "generated_at",
	[RECEIVED_AT] = "received_at",
	[PROGRAM] = "program",
	[SOURCE_NAME] = "source_name",
	[MESSAGE] = "message" };

static bool
is_event(const struct json_value *v)
{
	struct json_value got[MEMBER_N];

	jsonlog_pick(v, names, got, MEMBER_N);
	return got[RECEIVED_AT].kind == JSON_STRING &&
	    got[SOURCE_NAME].kind == JSON_STRING &&
	    !sv_null(got[PROGRAM].raw) && jsonlog_has(&got[MESSAGE]);
}

/* A search that found nothing: known by what else it says, or if it says
 * nothing else. `events` is behind the bracket that opens the list. */
static bool
is_empty_result(sv line, sv events)
{
	static const char *const ids[] = { "events", "min_id", "max_id" };
	struct json_value obj, got[3];
	struct bad_line bad;

	if (!sv_starts(events, SV("]")) || !jsonlog_object(line, &obj, &bad))
		return false;
	if (sv_starts(sv_trim_left(sv_skip(obj.raw, 1)), SV("\"events\"")) &&
	    sv_is(sv_trim(sv_skip(events, 1)), "}"))
		return true;
	jsonlog_pick(&obj, ids, got, 3);
	return got[0].kind == JSON_ARRAY && !sv_null(got[1].raw) &&
	    !sv_null(got[2].raw);
}

bool
papertrailjson_is(sv line)
{
	struct json_value first;
	struct bad_line bad;
	sv events;

	if (!jsonlog_enter(line, SV("events"), &events))
		return jsonlog_object(line, &first, &bad) && is_event(&first);
	if (json_value(&events, &first))
		return is_event(&first);
	return is_empty_result(line, events);
}

void
papertrailjson_begin(struct papertrailjson_it *it, sv line)
{
	struct json_value obj, events;

	*it = (struct papertrailjson_it){ .whole = { .record = line } };
	it->refused = !jsonlog_object(line, &obj, &it->whole.bad);
	if (it->refused)
		return;
	/* An event of its own is a list of one. */
	it->rest = obj.raw;
	if (!json_find(&obj, SV("events"), &events))
		return;
	it->rest = json_begin(&events);
	it->refused = events.kind != JSON_ARRAY;
	if (it->refused)
		it->whole.bad = (struct bad_line){ "no-header",
			"\"events\" is no list", 0 };
}

static bool
read_event(const struct json_value *event, struct arena *a,
    struct envelope *out, struct bad_line *bad)
{
	struct json_value got[MEMBER_N];
	struct jsonlog_parts parts = { .when = UTC_NONE,
		.no_time = "no \"generated_at\" or \"received_at\"",
		.no_message = "no \"message\"",
		.no_source = "no \"program\"" };

	jsonlog_pick(event, names, got, MEMBER_N);
	parts.time =
	    got[jsonlog_has(&got[GENERATED_AT]) ? GENERATED_AT : RECEIVED_AT];
	parts.message = got[MESSAGE];
	parts.dyno = jsonlog_name(a, &got[PROGRAM]);
	parts.source = sv_cut(&parts.dyno, '/');
	return jsonlog_envelope(&parts, a, out, bad);
}

bool
papertrailjson_next(struct papertrailjson_it *it, struct arena *scratch,
    struct jsonlog_item *out)
{
	struct json_value event;

	if (it->refused) {
		*out = it->whole;
		it->refused = false;
		it->rest = SV_NULL;
		return true;
	}
	if (!json_item(&it->rest, &event))
		return false;
	*out = (struct jsonlog_item){ .record = event.raw };
	out->ok = read_event(&event, scratch, &out->env, &out->bad);
	return true;
}
