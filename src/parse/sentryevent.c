/* SPDX-License-Identifier: MIT */
#include "parse/sentryevent.h"

#include "base/attr.h"
#include "base/buf.h"
#include "base/jsonw.h"

/* REST names first, then the SDK's. */
static const struct docrow_column columns[] = {
	{ "eventID", "event_id", DOC_TEXT },
	{ "event_id", "event_id", DOC_TEXT },
	{ "groupID", "group_id", DOC_TEXT },
	{ "title", "title", DOC_TEXT },
	{ "message", "message", DOC_TEXT },
	{ "message.formatted", "message", DOC_TEXT },
	{ "level", "level", DOC_TEXT },
	{ "platform", "platform", DOC_TEXT },
	{ "type", "type", DOC_TEXT },
	{ "culprit", "culprit", DOC_TEXT },
	{ "transaction", "transaction", DOC_TEXT },
	{ "release", "release", DOC_TEXT },
	{ "release.version", "release", DOC_TEXT },
	{ "environment", "environment", DOC_TEXT },
	{ "server_name", "server_name", DOC_TEXT },
	{ "logger", "logger", DOC_TEXT },
	{ "user.id", "user_id", DOC_TEXT },
	{ "user.email", "user_email", DOC_TEXT },
	{ "user.ip_address", "user_ip", DOC_TEXT },
	{ "user.username", "user_name", DOC_TEXT },
	{ "dateCreated", "created_at", DOC_TIME },
	{ "timestamp", "created_at", DOC_TIME },
	{ "dateReceived", "received_at", DOC_TIME },
	{ "received", "received_at", DOC_TIME },
	{ "projectID", "project", DOC_TEXT },
	{ "project", "project", DOC_TEXT },
	{ "project.slug", "project", DOC_TEXT },
};
/* What is read from these are cells. */
static const char *const left[] = {
	"entries", "exception", "logentry", "request", "tags", NULL
};
static const struct docrow_layout layout = {
	columns, countof(columns), "created_at", left
};

/* Where in the event its larger parts are. Kind JSON_NULL: nowhere. */
struct parts {
	struct json_value exception; /* a list, or an object that has one */
	struct json_value request, tags, logentry;
};

enum { ID_DIGITS = 32 };

static bool
is_id(const struct json_value *v)
{
	sv hex = sv_take(sv_skip(v->raw, 1), ID_DIGITS);

	return v->kind == JSON_STRING && v->raw.n == ID_DIGITS + 2 &&
	    sv_is_hex(hex);
}

/* An SDK sends these with a sign, or with an id such as Sentry makes them. */
static bool
is_event(const struct json_value *item)
{
	static const char *const rest[] = { "eventID", "dateCreated" };
	static const char *const sdk[] = { "event_id", "timestamp" };
	static const char *const sign[] = {
		"platform", "exception", "level", "logentry", "sdk"
	};
	struct json_value id;

	if (docrow_has(item, rest, countof(rest)))
		return true;
	if (!docrow_has(item, sdk, countof(sdk)))
		return false;
	for (size_t i = 0; i < countof(sign); i++)
		if (docrow_has(item, &sign[i], 1))
			return true;
	return json_find(item, SV("event_id"), &id) && is_id(&id);
}

static bool
is_nested(const struct json_value *v)
{
	return v->kind == JSON_OBJECT || v->kind == JSON_ARRAY;
}

/* The first of a name that can be the part. */
static void
take_part(struct json_value *part, const struct json_value *v)
{
	if (is_nested(v) && part->kind == JSON_NULL)
		*part = *v;
}

/* {"type": "exception", "data": {...}} of a REST event. */
static void
take_entry(struct parts *p, const struct json_value *entry)
{
	struct json_value type, data;

	if (!json_find(entry, SV("type"), &type) ||
	    !json_find(entry, SV("data"), &data))
		return;
	if (json_key_is(&type, SV("exception")))
		take_part(&p->exception, &data);
	else if (json_key_is(&type, SV("request")))
		take_part(&p->request, &data);
	else if (json_key_is(&type, SV("message")))
		take_part(&p->logentry, &data);
}

static struct parts
find_parts(const struct json_value *item)
{
	struct parts p = { .exception = { .kind = JSON_NULL } };
	struct json_value key, v, entry;
	sv it = json_begin(item), entries;

	while (json_member(&it, &key, &v)) {
		if (json_key_is(&key, SV("exception"))) {
			take_part(&p.exception, &v);
		} else if (json_key_is(&key, SV("request"))) {
			take_part(&p.request, &v);
		} else if (json_key_is(&key, SV("tags"))) {
			take_part(&p.tags, &v);
		} else if (json_key_is(&key, SV("logentry"))) {
			take_part(&p.logentry, &v);
		} else if (json_key_is(&key, SV("entries")) &&
		    v.kind == JSON_ARRAY) {
			entries = json_begin(&v);
			while (json_item(&entries, &entry))
				take_entry(&p, &entry);
		}
	}
	return p;
}

static bool
last_item(const struct json_value *list, struct json_value *last)
{
	struct json_value v;
	sv it = json_begin(list);
	bool any = false;

	if (list->kind != JSON_ARRAY)
		return false;
	for (; json_item(&it, &v); any = true)
		*last = v;
	return any;
}

static void
put(struct arena *a, struct doc_row *row, const char *name, enum doc_type type,
    const struct json_value *obj, const char *member)
{
	struct json_value v;

	if (json_find(obj, sv_str(member), &v))
		docrow_set(a, row, name, type, &v);
}

/* The REST API and the SDKs write some names differently. */
static void
put_either(struct arena *a, struct doc_row *row, const char *name,
    enum doc_type type, const struct json_value *obj, const char *member,
    const char *other)
{
	struct json_value v;

	if (json_find(obj, sv_str(member), &v) ||
	    json_find(obj, sv_str(other), &v))
		docrow_set(a, row, name, type, &v);
}

static void
put_frame(struct arena *a, struct doc_row *row, const struct json_value *raised)
{
	struct json_value trace, frames, frame;

	if (!json_find(raised, SV("stacktrace"), &trace) ||
	    !json_find(&trace, SV("frames"), &frames) ||
	    !last_item(&frames, &frame))
		return;
	put_either(a, row, "exception_file", DOC_TEXT, &frame, "filename",
	    "absPath");
	put(a, row, "exception_function", DOC_TEXT, &frame, "function");
	put_either(a, row, "exception_line", DOC_NUMBER, &frame, "lineNo",
	    "lineno");
}

static void
put_exception(struct arena *a, struct doc_row *row, struct json_value list)
{
	struct json_value raised = list, values, how;

	if (json_find(&list, SV("values"), &values))
		list = values;
	if (list.kind == JSON_ARRAY && !last_item(&list, &raised))
		return;
	put(a, row, "exception_type", DOC_TEXT, &raised, "type");
	put(a, row, "exception_value", DOC_TEXT, &raised, "value");
	put_frame(a, row, &raised);
	if (json_find(&raised, SV("mechanism"), &how))
		put(a, row, "handled", DOC_BOOL, &how, "handled");
}

/* SDKs send the text under `formatted` only if it has parameters. */
static void
put_message(struct arena *a, struct doc_row *row,
    const struct json_value *entry)
{
	const struct doc_cell *old = docrow_find(row, SV("message"));

	if (!old || old->text.n == 0)
		put_either(a, row, "message", DOC_TEXT, entry, "formatted",
		    "message");
}

/* One tag of an object, of [["k", "v"]] or of [{"key": "k", "value": "v"}].
 * Others are passed over. */
static bool
next_tag(const struct json_value *tags, sv *it, struct json_value *key,
    struct json_value *v)
{
	struct json_value tag;
	sv pair;

	if (tags->kind == JSON_OBJECT)
		return json_member(it, key, v);
	while (tags->kind == JSON_ARRAY && json_item(it, &tag)) {
		pair = json_begin(&tag);
		if (tag.kind == JSON_ARRAY && json_item(&pair, key) &&
		    json_item(&pair, v))
			return true;
		if (json_find(&tag, SV("key"), key) &&
		    json_find(&tag, SV("value"), v))
			return true;
	}
	return false;
}

static void
fill_in(struct arena *a, struct doc_row *row, sv key,
    const struct json_value *v)
{
	static const char *const from_tag[] = {
		"level", "environment", "release", "transaction", "server_name"
	};

	for (size_t i = 0; i < countof(from_tag); i++) {
		const struct doc_cell *old;

		if (!sv_is(key, from_tag[i]))
			continue;
		old = docrow_find(row, key);
		if (!old || old->type == DOC_NULL)
			docrow_set(a, row, from_tag[i], DOC_TEXT, v);
	}
}

static void
put_tags(struct arena *a, struct doc_row *row, const struct json_value *tags)
{
	struct buf b = BUF_INIT;
	struct jsonw w = JSONW_INIT(&b);
	struct json_value key, v;
	sv it = json_begin(tags);

	jsonw_open(&w, '{');
	while (next_tag(tags, &it, &key, &v)) {
		sv name = json_text(a, &key);

		jsonw_key(&w, name);
		jsonw_sv(&w, v.kind == JSON_NULL ? SV_NULL : json_text(a, &v));
		if (v.kind != JSON_NULL)
			fill_in(a, row, name, &v);
	}
	jsonw_close(&w, '}');
	docrow_add(a, row, (struct doc_cell){ SV("tags"), DOC_JSON,
	    arena_sv(a, buf_sv(&b)), 0 });
	buf_release(&b);
}

static bool
is_part(const struct json_value *entry)
{
	struct json_value type;

	return json_find(entry, SV("type"), &type) &&
	    (json_key_is(&type, SV("exception")) ||
	    json_key_is(&type, SV("request")) ||
	    json_key_is(&type, SV("message")));
}

/* The entries that are no parts, as they are. */
static void
put_entries(struct arena *a, struct doc_row *row, const struct json_value *item)
{
	struct buf b = BUF_INIT;
	struct jsonw w = JSONW_INIT(&b);
	struct json_value list, entry;
	size_t n = 0;
	sv it;

	if (!json_find(item, SV("entries"), &list) || list.kind != JSON_ARRAY)
		return;
	jsonw_open(&w, '[');
	for (it = json_begin(&list); json_item(&it, &entry);) {
		if (is_part(&entry))
			continue;
		jsonw_raw(&w, entry.raw);
		n++;
	}
	jsonw_close(&w, ']');
	if (n)
		docrow_add(a, row, (struct doc_cell){ SV("entries"), DOC_JSON,
		    arena_sv(a, buf_sv(&b)), 0 });
	buf_release(&b);
}

static void
put_parts(struct arena *a, struct doc_row *row, const struct json_value *item)
{
	struct parts p = find_parts(item);

	if (p.exception.kind != JSON_NULL)
		put_exception(a, row, p.exception);
	put(a, row, "request_method", DOC_TEXT, &p.request, "method");
	put(a, row, "request_url", DOC_TEXT, &p.request, "url");
	if (p.logentry.kind == JSON_OBJECT)
		put_message(a, row, &p.logentry);
	if (p.tags.kind != JSON_NULL)
		put_tags(a, row, &p.tags);
	put_entries(a, row, item);
}

static bool
next(struct doc_it *it, struct arena *a, struct doc_row *out,
    struct bad_line *bad, bool *ok)
{
	if (!doc_next_flat(it, a, out, bad, ok))
		return false;
	if (*ok)
		put_parts(a, out, it->item);
	return true;
}

const struct doc_shape sentryevent_shape = {
	"sentry_event", "events of Sentry", false, &layout,
	is_event, next
};
