/* SPDX-License-Identifier: MIT */
#include "parse/jsonpayload.h"

#include "base/attr.h"
#include "parse/textlog.h"

static const struct {
	int64_t from, to; /* both included */
	const char *name;
} scales[] = {
	{ 0, 2, "critical" }, { 3, 3, "error" }, { 4, 4, "warning" },
	{ 5, 6, "info" }, { 7, 7, "debug" },
	{ 10, 29, "debug" }, { 30, 39, "info" }, { 40, 49, "warning" },
	{ 50, 59, "error" }, { 60, 69, "critical" },
	{ 100, 199, "debug" }, { 200, 299, "info" }, { 300, 399, "warning" },
	{ 400, 499, "error" }, { 500, 600, "critical" },
};

sv
jsonpayload_level(int64_t number)
{
	for (size_t i = 0; i < countof(scales); i++)
		if (number >= scales[i].from && number <= scales[i].to)
			return sv_str(scales[i].name);
	return SV_NULL;
}

/* --- readers: null when the value is not of the kind they take ------------ */

static sv
read_text(struct arena *a, const struct json_value *v)
{
	return v->kind == JSON_STRING ? json_text(a, v) : SV_NULL;
}

static sv
read_level(struct arena *a, const struct json_value *v)
{
	int64_t n;
	sv word, name;

	if (v->kind == JSON_NUMBER)
		return json_i64(v, &n) ? jsonpayload_level(n) : SV_NULL;
	word = read_text(a, v);
	if (sv_null(word))
		return word;
	name = textlog_level(word);
	if (!sv_null(name))
		return name;
	return sv_to_i64(word, &n) ? jsonpayload_level(n) : word;
}

/* Elsewhere a status is of HTTP, or of anything. */
static sv
read_known_level(struct arena *a, const struct json_value *v)
{
	return textlog_level(read_text(a, v));
}

/* Python's numbers: 10 debug, 20 info, 30 warning, 40 error, 50 critical. */
static sv
read_python_level(struct arena *a, const struct json_value *v)
{
	int64_t n;

	(void)a;
	if (v->kind != JSON_NUMBER || !json_i64(v, &n) || n < 1 || n > 59)
		return SV_NULL;
	return jsonpayload_level(n < 10 ? 10 : n + 10);
}

/* Booleans and null say only that there is none to see. */
static sv
read_exception(struct arena *a, const struct json_value *v)
{
	bool any = v->kind == JSON_STRING || v->kind == JSON_ARRAY ||
	    v->kind == JSON_OBJECT;

	return any ? json_text(a, v) : SV_NULL;
}

enum field { LEVEL, EVENT, MESSAGE, LOGGER, EXCEPTION, FIELD_N };

/* Sorted by field; within one, the better name first. */
static const struct member {
	sv parent, name;
	enum field field;
	sv (*read)(struct arena *a, const struct json_value *v);
	bool weak; /* means it only beside a level: apps use the word as well */
} members[] = {
#define ROW(parent, name, field, read, weak) \
	{ { parent, sizeof(parent) - 1 }, { name, sizeof(name) - 1 }, field, \
	    read, weak }
#define TOP(name, field, read) ROW("", name, field, read, false)
#define WEAK(name, field, read) ROW("", name, field, read, true)
#define IN(parent, name, field, read) ROW(parent, name, field, read, false)
	TOP("level", LEVEL, read_level), /* most of them */
	TOP("levelname", LEVEL, read_level), /* python-json-logger */
	TOP("level_name", LEVEL, read_level), /* Monolog */
	TOP("severity", LEVEL, read_level), /* Google, Ruby, lograge */
	TOP("lvl", LEVEL, read_level),
	TOP("loglevel", LEVEL, read_level),
	TOP("log_level", LEVEL, read_level),
	IN("log", "level", LEVEL, read_level), /* ECS */
	TOP("@level", LEVEL, read_level), /* hclog */
	TOP("levelno", LEVEL, read_python_level),
	TOP("level_number", LEVEL, read_python_level), /* structlog */
	TOP("status", LEVEL, read_known_level), /* Datadog */

	TOP("event", EVENT, read_text), /* structlog */
	TOP("evt", EVENT, read_text),
	IN("event", "action", EVENT, read_text), /* ECS */
	IN("event", "name", EVENT, read_text),

	TOP("message", MESSAGE, read_text),
	TOP("msg", MESSAGE, read_text), /* bunyan, pino, logrus, zap, slog */
	TOP("@message", MESSAGE, read_text),
	TOP("short_message", MESSAGE, read_text), /* GELF */
	TOP("full_message", MESSAGE, read_text),
	TOP("text", MESSAGE, read_text),

	TOP("logger", LOGGER, read_text), /* structlog, zap */
	TOP("logger_name", LOGGER, read_text), /* logstash encoders */
	WEAK("name", LOGGER, read_text), /* python-json-logger, bunyan */
	IN("log", "logger", LOGGER, read_text), /* ECS */
	TOP("@module", LOGGER, read_text),
	WEAK("channel", LOGGER, read_text), /* Monolog */
	TOP("progname", LOGGER, read_text), /* Ruby */

	TOP("exc_info", EXCEPTION, read_exception),
	TOP("exception", EXCEPTION, read_exception), /* structlog */
	TOP("traceback", EXCEPTION, read_exception),
	IN("err", "stack", EXCEPTION, read_exception), /* bunyan, pino */
	IN("error", "stack_trace", EXCEPTION, read_exception), /* ECS */
	IN("error", "stack", EXCEPTION, read_exception),
	TOP("stack_trace", EXCEPTION, read_exception),
	TOP("stacktrace", EXCEPTION, read_exception), /* zap */
	TOP("stack", EXCEPTION, read_exception), /* winston */
	IN("err", "message", EXCEPTION, read_exception),
	IN("error", "message", EXCEPTION, read_exception),
	TOP("error", EXCEPTION, read_text), /* logrus, zap */
	TOP("err", EXCEPTION, read_text), /* slog, go-kit */
#undef ROW
#undef TOP
#undef WEAK
#undef IN
};

struct search {
	struct arena *a;
	sv val[FIELD_N];
	size_t row[FIELD_N]; /* of the value; countof(members): none yet */
};

/* Is the member `key` of the object `parent` ("": the payload itself) what the
 * row means? */
static bool
is_member(const struct member *m, sv parent, sv key)
{
	if (sv_eq(parent, m->parent))
		return sv_eq(key, m->name);
	return parent.n == 0 && sv_skip_lit(&key, m->parent) &&
	    sv_skip_lit(&key, SV(".")) && sv_eq(key, m->name);
}

static void
look_at(struct search *s, sv parent, sv key, const struct json_value *v)
{
	if (key.n == 0)
		return;
	for (size_t i = 0; i < countof(members); i++) {
		const struct member *m = &members[i];
		sv val;

		/* the first byte rules out nearly every row */
		if ((m->name.p[0] != key.p[0] &&
		    (m->parent.n == 0 || m->parent.p[0] != key.p[0])) ||
		    i >= s->row[m->field] || !is_member(m, parent, key))
			continue;
		val = m->read(s->a, v);
		if (sv_null(val))
			continue;
		s->val[m->field] = val;
		s->row[m->field] = i;
	}
}

static bool
is_parent(sv key)
{
	for (size_t i = 0; i < countof(members); i++)
		if (members[i].parent.n && sv_eq(key, members[i].parent))
			return true;
	return false;
}

static void
look_inside(struct search *s, sv parent, const struct json_value *obj)
{
	sv it = json_begin(obj);
	struct json_value key, v;

	while (json_member(&it, &key, &v))
		look_at(s, parent, json_text(s->a, &key), &v);
}

bool
jsonpayload_read(struct arena *a, const struct json_value *obj,
    struct jsonpayload *out)
{
	struct search s = { .a = a };
	struct json_value key, v;
	size_t row;
	sv it;

	*out = (struct jsonpayload){ .level = SV_NULL };
	if (obj->kind != JSON_OBJECT)
		return false;
	for (size_t i = 0; i < FIELD_N; i++)
		s.row[i] = countof(members);
	for (it = json_begin(obj); json_member(&it, &key, &v);) {
		sv name = json_text(a, &key);

		look_at(&s, SV(""), name, &v);
		if (v.kind == JSON_OBJECT && is_parent(name))
			look_inside(&s, name, &v);
	}
	row = s.row[LOGGER];
	if (row < countof(members) && members[row].weak &&
	    sv_null(s.val[LEVEL]))
		s.val[LOGGER] = SV_NULL;
	*out = (struct jsonpayload){ s.val[LEVEL], s.val[EVENT],
		s.val[MESSAGE], s.val[LOGGER], s.val[EXCEPTION] };
	return true;
}
