/* SPDX-License-Identifier: MIT */
#include "parse/jsonpayload.h"

#include <assert.h>
#include <pthread.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/swar.h"
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

enum { KEY_MAX = 31 }; /* bytes of the longest name, and more */

enum field { LEVEL, EVENT, MESSAGE, LOGGER, EXCEPTION, FIELD_N };
_Static_assert((int)FIELD_N == (int)JSONPAYLOAD_FIELDS, "a place per field");

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

/* Rows by what rules out nearly every other key of the payload itself: its length
 * and its first byte. A bit per row. */
static struct {
	uint64_t length[KEY_MAX + 1], first[256];
} rows;
_Static_assert(countof(members) <= 64, "a bit per row");

static void
index_rows(void)
{
	for (size_t i = 0; i < countof(members); i++) {
		sv parent = members[i].parent, name = members[i].name;
		size_t n = parent.n ? parent.n + 1 + name.n : name.n;
		char c = parent.n ? parent.p[0] : name.p[0];

		assert(n <= KEY_MAX);
		rows.length[n] |= UINT64_C(1) << i;
		rows.first[(unsigned char)c] |= UINT64_C(1) << i;
	}
}

/* Is it a better one than that which gave the value? */
static bool
is_better(const struct jsonpayload_search *s, size_t row)
{
	return row < s->row[members[row].field];
}

static void
put_row(struct jsonpayload_search *s, size_t row, sv val)
{
	if (sv_null(val))
		return;
	s->val[members[row].field] = val;
	s->row[members[row].field] = row;
}

static void
take_row(struct jsonpayload_search *s, size_t row, const struct json_value *v)
{
	if (is_better(s, row))
		put_row(s, row, members[row].read(s->a, v));
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
look_inside(struct jsonpayload_search *s, sv parent,
    const struct json_value *obj)
{
	sv it = json_begin(obj);
	struct json_value key, v;

	while (json_member(&it, &key, &v)) {
		sv name = json_text(s->a, &key);

		for (size_t i = 0; i < countof(members); i++)
			if (is_member(&members[i], parent, name))
				take_row(s, i, &v);
	}
}

static void
need_rows(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, index_rows);
}

uint64_t
jsonpayload_rows(sv key)
{
	uint64_t some, is = 0;

	need_rows();
	some = key.n == 0 || key.n > KEY_MAX ? 0 :
	    rows.length[key.n] & rows.first[(unsigned char)key.p[0]];
	for (size_t i = 0; some >> i; i++)
		if (some >> i & 1 && is_member(&members[i], SV(""), key))
			is |= UINT64_C(1) << i;
	return is;
}

bool
jsonpayload_is_text(uint64_t some)
{
	uint64_t left = some;

	while (left && members[swar_low_bit(left)].field == MESSAGE)
		left &= left - 1;
	return some && left == 0;
}

bool
jsonpayload_knows(sv key)
{
	return jsonpayload_rows(key) != 0 || is_parent(key);
}

void
jsonpayload_begin(struct jsonpayload_search *s, struct arena *a)
{
	*s = (struct jsonpayload_search){ .a = a };
	for (size_t i = 0; i < FIELD_N; i++)
		s->row[i] = countof(members);
}

void
jsonpayload_add_scalar(struct jsonpayload_search *s, uint64_t left,
    const struct json_value *v)
{
	for (; left; left &= left - 1)
		take_row(s, swar_low_bit(left), v);
}

void
jsonpayload_add_level(struct jsonpayload_search *s, uint64_t left, sv level)
{
	for (; left; left &= left - 1) {
		size_t row = swar_low_bit(left);

		assert(members[row].read == read_level);
		if (is_better(s, row))
			put_row(s, row, level);
	}
}

void
jsonpayload_add(struct jsonpayload_search *s, sv key,
    const struct json_value *v)
{
	jsonpayload_add_scalar(s, jsonpayload_rows(key), v);
	if (v->kind == JSON_OBJECT && is_parent(key))
		look_inside(s, key, v);
}

void
jsonpayload_end(const struct jsonpayload_search *s, struct jsonpayload *out)
{
	size_t row = s->row[LOGGER];
	bool weak = row < countof(members) && members[row].weak &&
	    sv_null(s->val[LEVEL]);

	*out = (struct jsonpayload){ s->val[LEVEL], s->val[EVENT],
		s->val[MESSAGE], weak ? SV_NULL : s->val[LOGGER],
		s->val[EXCEPTION] };
}

bool
jsonpayload_read(struct arena *a, const struct json_value *obj,
    struct jsonpayload *out)
{
	struct jsonpayload_search s;
	struct json_value key, v;
	sv it;

	jsonpayload_begin(&s, a);
	if (obj->kind == JSON_OBJECT)
		for (it = json_begin(obj); json_member(&it, &key, &v);)
			jsonpayload_add(&s, json_text(a, &key), &v);
	jsonpayload_end(&s, out);
	return obj->kind == JSON_OBJECT;
}

/* Length of what stands at the front of a string's inside, mended into b. */
static size_t
mend_inside(struct buf *b, sv v)
{
	if (v.p[0] == '\\' && v.n > 1 && v.p[1] == 'x') {
		buf_lit(b, "\\\\");
		return 1;
	}
	if ((unsigned char)v.p[0] < 0x20) {
		buf_printf(b, "\\u%04x", (unsigned)v.p[0]);
		return 1;
	}
	return 0;
}

static size_t
mend_number(struct buf *b, sv v)
{
	static const sv words[] = {
		{ "NaN", 3 }, { "Infinity", 8 }, { "-Infinity", 9 },
	};

	for (size_t i = 0; i < countof(words); i++)
		if (sv_starts(v, words[i])) {
			buf_lit(b, "null");
			return words[i].n;
		}
	return 0;
}

sv
jsonpayload_mend(struct arena *a, sv text, bool *bad_number)
{
	struct buf b = BUF_INIT;
	bool inside = false, changed = false;
	sv out = text;

	*bad_number = false;
	for (size_t i = 0, n; i < text.n; i += n) {
		sv rest = sv_skip(text, i);

		n = inside ? mend_inside(&b, rest) : mend_number(&b, rest);
		changed |= n > 0;
		*bad_number |= n > 0 && !inside;
		if (n)
			continue;
		n = inside && rest.p[0] == '\\' && rest.n > 1 &&
		    (unsigned char)rest.p[1] >= 0x20 ? 2 : 1;
		inside ^= n == 1 && rest.p[0] == '"';
		if (rest.p[0] == '\n' || rest.p[0] == '\r')
			buf_byte(&b, ' ');
		else
			buf_add(&b, sv_take(rest, n));
	}
	if (changed)
		out = arena_sv(a, buf_sv(&b));
	buf_release(&b);
	return out;
}
