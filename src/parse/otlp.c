/* SPDX-License-Identifier: MIT */
#include "parse/otlp.h"

#include "base/utc.h"

/* March 1973, as in jsonlog.h. */
#define NANOS_MIN UINT64_C(100000000000000000)

/* A name as protobuf's JSON has it, and as its .proto file has it. */
struct twin {
	const char *name[2];
};

static const struct twin resource_logs = { { "resourceLogs",
    "resource_logs" } };
static const struct twin scope_logs = { { "scopeLogs", "scope_logs" } };
static const struct twin log_records = { { "logRecords", "log_records" } };

bool
otlp_is(sv line)
{
	sv list;

	if (!jsonlog_enter(line, sv_str(resource_logs.name[0]), &list) &&
	    !jsonlog_enter(line, sv_str(resource_logs.name[1]), &list))
		return false;
	list = sv_trim_left(list);
	return sv_starts(list, SV("{")) || sv_starts(list, SV("]"));
}

/* False when the value has no such list. An empty one may be left out, but so
 * are lists under names of old versions, whose records must not vanish. */
static bool
open_list(const struct json_value *v, struct twin twin, sv *list)
{
	struct json_value got[2];

	jsonlog_pick(v, twin.name, got, 2);
	if (got[0].kind != JSON_ARRAY)
		got[0] = got[1];
	*list = got[0].kind == JSON_ARRAY ? json_begin(&got[0]) : SV_NULL;
	return got[0].kind == JSON_ARRAY;
}

void
otlp_begin(struct otlp_it *it, sv line)
{
	struct json_value obj;

	*it = (struct otlp_it){ .whole = { .record = line } };
	it->refused = !jsonlog_object(line, &obj, &it->whole.bad);
	if (it->refused)
		return;
	it->refused = !open_list(&obj, resource_logs, &it->resources);
	it->whole.bad =
	    (struct bad_line){ "no-header", "no list \"resourceLogs\"", 0 };
}

static const struct json_value none = { JSON_NULL, { NULL, 0 }, false };

/* What is inside {"stringValue": "x"}; lists and maps stay as they are. */
static struct json_value
any_value(const struct json_value *v)
{
	struct json_value key, val;
	sv it = v->kind == JSON_OBJECT ? json_begin(v) : SV_NULL;

	if (v->kind != JSON_OBJECT)
		return *v;
	if (!json_member(&it, &key, &val))
		return none;
	return val.kind == JSON_OBJECT || val.kind == JSON_ARRAY ? *v : val;
}

enum { SERVICE, DYNO_NAME, DYNO_OLD, DYNO_PLAIN, INSTANCE, ATTR_N };

static const char *const attrs[] = { [SERVICE] = "service.name",
	[DYNO_NAME] = "heroku.dyno.name",
	[DYNO_OLD] = "heroku.dyno",
	[DYNO_PLAIN] = "dyno",
	[INSTANCE] = "service.instance.id" };

/* The first value of each of the attributes above. */
static void
pick_attributes(const struct json_value *list, struct json_value *out)
{
	static const char *const pair[] = { "key", "value" };
	struct json_value attr, got[2];
	sv it = list->kind == JSON_ARRAY ? json_begin(list) : SV_NULL;

	for (size_t i = 0; i < ATTR_N; i++)
		out[i] = none;
	while (json_item(&it, &attr)) {
		jsonlog_pick(&attr, pair, got, 2);
		for (size_t i = 0; i < ATTR_N; i++)
			if (sv_null(out[i].raw) &&
			    json_key_is(&got[0], sv_str(attrs[i])))
				out[i] = any_value(&got[1]);
	}
}

static struct json_value
find_dyno(const struct json_value *got)
{
	size_t i = DYNO_NAME;

	while (i < INSTANCE && !jsonlog_has(&got[i]))
		i++;
	return got[i];
}

static bool
enter_resource(struct otlp_it *it, const struct json_value *v)
{
	struct json_value resource, list = none, got[ATTR_N];

	if (json_find(v, SV("resource"), &resource))
		json_find(&resource, SV("attributes"), &list);
	pick_attributes(&list, got);
	it->service = got[SERVICE];
	it->dyno = find_dyno(got);
	return open_list(v, scope_logs, &it->scopes);
}

/* 0 says that it is not known. Seconds put there would be some day of 1970:
 * false, as for what is no number. */
static bool
read_nanos(struct arena *a, const struct json_value *v, int64_t *us)
{
	uint64_t n = 0;
	int64_t whole;

	if (jsonlog_has(v) && !sv_to_u64(json_text(a, v), &n)) {
		if (!json_i64(v, &whole) || whole < 0)
			return false;
		n = (uint64_t)whole;
	}
	if (n)
		*us = (int64_t)(n / 1000);
	return n == 0 || n >= NANOS_MIN;
}

/* Empty when neither the service nor a dyno is known. */
static sv
find_source(struct arena *a, const struct otlp_it *it, sv dyno)
{
	sv service = jsonlog_name(a, &it->service);

	if (sv_starts(service, SV("heroku-")))
		return service;
	return service.n || dyno.n ? SV("app") : SV_NULL;
}

enum { BODY, ATTRIBUTES, OBSERVED, OBSERVED_TWIN, TIME, TIME_TWIN, MEMBER_N };

static const char *const members[] = { [BODY] = "body",
	[ATTRIBUTES] = "attributes",
	[OBSERVED] = "observedTimeUnixNano",
	[OBSERVED_TWIN] = "observed_time_unix_nano",
	[TIME] = "timeUnixNano",
	[TIME_TWIN] = "time_unix_nano" };

static bool
read_record(const struct otlp_it *it, const struct json_value *record,
    struct arena *a, struct envelope *out, struct bad_line *bad)
{
	struct json_value got[MEMBER_N], own[ATTR_N], dyno = it->dyno;
	struct jsonlog_parts parts = { .when = UTC_NONE,
		.no_time = "no \"timeUnixNano\" or \"observedTimeUnixNano\"",
		.no_message = "no \"body\"",
		.no_source = "no \"service.name\" and no dyno" };

	jsonlog_pick(record, members, got, MEMBER_N);
	/* The last that is known counts: when it happened. */
	for (size_t i = OBSERVED; i < MEMBER_N; i++) {
		if (!read_nanos(a, &got[i], &parts.when)) {
			*bad = (struct bad_line){ "bad-time",
				"the time is no number of nanoseconds", 0 };
			return false;
		}
	}
	parts.message = any_value(&got[BODY]);
	pick_attributes(&got[ATTRIBUTES], own);
	if (!jsonlog_has(&dyno))
		dyno = find_dyno(own);
	parts.dyno = jsonlog_name(a, &dyno);
	parts.source = find_source(a, it, parts.dyno);
	return jsonlog_envelope(&parts, a, out, bad);
}

/* The next thing to give: a record, or what could not be entered. */
static bool
find_next(struct otlp_it *it, struct json_value *v, const char **wrong)
{
	*wrong = NULL;
	while (!json_item(&it->records, v)) {
		if (json_item(&it->scopes, v)) {
			if (open_list(v, log_records, &it->records))
				continue;
			*wrong = "no list \"logRecords\"";
			return true;
		}
		if (!json_item(&it->resources, v))
			return false;
		if (!enter_resource(it, v)) {
			*wrong = "no list \"scopeLogs\"";
			return true;
		}
	}
	return true;
}

bool
otlp_next(struct otlp_it *it, struct arena *scratch, struct jsonlog_item *out)
{
	struct json_value v;
	const char *wrong;

	if (it->refused) {
		*out = it->whole;
		it->refused = false;
		it->resources = SV_NULL;
		return true;
	}
	if (!find_next(it, &v, &wrong))
		return false;
	*out = (struct jsonlog_item){ .record = v.raw,
		.bad = { "no-header", wrong, 0 } };
	if (!wrong)
		out->ok = read_record(it, &v, scratch, &out->env, &out->bad);
	return true;
}
