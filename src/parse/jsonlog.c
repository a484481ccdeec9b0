/* SPDX-License-Identifier: MIT */
#include "parse/jsonlog.h"

#include "base/ascii.h"
#include "base/attr.h"
#include "base/utc.h"

/* In bytes, and as JSON with every byte escaped. */
enum { NAME_LEN_MAX = 255, NAME_RAW_MAX = 6 * NAME_LEN_MAX + 2 };

static bool
refuse(struct bad_line *bad, const char *reason, const char *detail)
{
	*bad = (struct bad_line){ reason, detail, 0 };
	return false;
}

bool
jsonlog_object(sv line, struct json_value *obj, struct bad_line *bad)
{
	sv rest = line;

	if (!json_parse(line, obj)) {
		*bad = (struct bad_line){ "bad-json",
			json_value(&rest, obj)
			    ? "expected the end of the line"
			    : "the JSON is malformed or cut off",
			0 };
		bad->at = line.n - rest.n;
		return false;
	}
	if (obj->kind != JSON_OBJECT)
		return refuse(bad, "no-header", "expected a JSON object");
	return true;
}

void
jsonlog_pick(const struct json_value *obj, const char *const *names,
    struct json_value *out, size_t n)
{
	struct json_value key, val;
	sv it = obj->kind == JSON_OBJECT ? json_begin(obj) : SV_NULL;

	for (size_t i = 0; i < n; i++)
		out[i] = (struct json_value){ JSON_NULL, SV_NULL, false };
	while (json_member(&it, &key, &val)) {
		for (size_t i = 0; i < n; i++) {
			if (sv_null(out[i].raw) &&
			    json_key_is(&key, sv_str(names[i]))) {
				out[i] = val;
				break;
			}
		}
	}
}

bool
jsonlog_has(const struct json_value *v)
{
	return v->kind != JSON_NULL && !sv_null(v->raw);
}

sv
jsonlog_text(struct arena *a, const struct json_value *v)
{
	return jsonlog_has(v) ? json_text(a, v) : SV_NULL;
}

sv
jsonlog_name(struct arena *a, const struct json_value *v)
{
	return v->raw.n > NAME_RAW_MAX ? v->raw : jsonlog_text(a, v);
}

bool
jsonlog_enter(sv line, sv name, sv *inside)
{
	struct json_value key, val;

	line = sv_trim_left(line);
	if (!sv_skip_lit(&line, SV("{")))
		return false;
	while (json_value(&line, &key) && key.kind == JSON_STRING) {
		line = sv_trim_left(line);
		if (!sv_skip_lit(&line, SV(":")))
			return false;
		line = sv_trim_left(line);
		if (json_key_is(&key, name)) {
			*inside = line;
			return sv_skip_lit(inside, SV("["));
		}
		if (!json_value(&line, &val))
			return false;
		line = sv_trim_left(line);
		if (!sv_skip_lit(&line, SV(",")))
			return false;
	}
	return false;
}

/* Digits alone; a fraction counts in the unit of the whole. */
static bool
add_fraction(sv digits, int64_t unit, int64_t *us)
{
	if (digits.n == 0)
		return false;
	for (size_t i = 0; i < digits.n; i++) {
		if (!is_digit(digits.p[i]))
			return false;
		unit /= 10;
		*us += unit * (digits.p[i] - '0');
	}
	return true;
}

/* Which unit a number is in; *unit in microseconds, 0 for nanoseconds. */
static bool
scale(uint64_t n, int64_t *unit, int64_t *us)
{
	static const struct {
		uint64_t below;
		int64_t us;
	} units[] = {
		{ UINT64_C(100000000000), UTC_SECOND },
		{ UINT64_C(100000000000000), 1000 },
		{ UINT64_C(100000000000000000), 1 },
	};
	size_t i = 0;

	while (i < countof(units) && n >= units[i].below)
		i++;
	*unit = i < countof(units) ? units[i].us : 0;
	*us = *unit ? (int64_t)n * *unit : (int64_t)(n / 1000);
	return n >= 100000000;
}

static bool
read_epoch(sv text, int64_t *us)
{
	sv rest = text, whole = sv_cut(&rest, '.');
	int64_t unit;
	uint64_t n;

	if (!sv_to_u64(whole, &n) || !scale(n, &unit, us))
		return false;
	return sv_null(rest) || add_fraction(rest, unit, us);
}

static bool
read_number(const struct json_value *v, int64_t *us)
{
	int64_t n, unit;

	if (read_epoch(v->raw, us))
		return true;
	return json_i64(v, &n) && n > 0 && scale((uint64_t)n, &unit, us);
}

/* "2026-06-12 13:02:11 -0700": read again without the last blank. */
static bool
read_spaced(struct arena *a, sv text, sv offset, int64_t *us)
{
	size_t head = text.n - offset.n;
	char *p = arena_str(a, text);

	offset = sv_skip(offset, 1);
	memcpy(p + head, offset.p, offset.n);
	text = sv_of(p, text.n - 1);
	return utc_read(&text, false, us) && text.n == 0;
}

static bool
read_date(struct arena *a, sv text, int64_t *us)
{
	sv rest = text;

	if (!utc_read(&rest, true, us))
		return false;
	if (sv_starts(rest, SV(" +")) || sv_starts(rest, SV(" -")))
		return read_spaced(a, text, rest, us);
	return rest.n == 0;
}

bool
jsonlog_time(struct arena *a, const struct json_value *v, int64_t *us)
{
	sv text;

	if (v->kind == JSON_NUMBER)
		return read_number(v, us);
	if (v->kind != JSON_STRING)
		return false;
	text = sv_trim(json_text(a, v));
	return read_epoch(text, us) || read_date(a, text, us);
}

enum { SYSLOG, APPNAME, PROCID, HOST, HOSTNAME, SYSLOG_N };

void
jsonlog_syslog(
    struct arena *a, const struct json_value *obj, struct jsonlog_parts *parts)
{
	static const char *const dotted[] = { [SYSLOG] = "syslog",
		[APPNAME] = "syslog.appname",
		[PROCID] = "syslog.procid",
		[HOST] = "syslog.host",
		[HOSTNAME] = "syslog.hostname" };
	static const char *const nested[] = { [SYSLOG] = "syslog",
		[APPNAME] = "appname",
		[PROCID] = "procid",
		[HOST] = "host",
		[HOSTNAME] = "hostname" };
	struct json_value got[SYSLOG_N], in[SYSLOG_N];

	jsonlog_pick(obj, dotted, got, SYSLOG_N);
	jsonlog_pick(&got[SYSLOG], nested, in, SYSLOG_N);
	for (size_t i = APPNAME; i < SYSLOG_N; i++)
		if (jsonlog_has(&in[i]))
			got[i] = in[i];
	parts->source = jsonlog_name(a, &got[APPNAME]);
	parts->dyno = jsonlog_name(a, &got[PROCID]);
	parts->host = jsonlog_name(
	    a, &got[jsonlog_has(&got[HOSTNAME]) ? HOSTNAME : HOST]);
}

static bool
is_name(sv v)
{
	if (v.n > NAME_LEN_MAX)
		return false;
	for (size_t i = 0; i < v.n; i++)
		if (!is_alnum(v.p[i]) && v.p[i] != '_' && v.p[i] != '.' &&
		    v.p[i] != '-')
			return false;
	return true;
}

static bool
take_names(
    const struct jsonlog_parts *p, struct envelope *out, struct bad_line *bad)
{
	if (p->source.n == 0)
		return refuse(bad, "no-header", p->no_source);
	if (!is_name(p->source))
		return refuse(bad, "no-header", "the source is no name");
	if (!is_name(p->dyno))
		return refuse(bad, "no-header", "the dyno is no name");
	out->source = p->source;
	out->dyno = p->dyno.n == 0 || sv_is(p->dyno, "-") ? SV("") : p->dyno;
	out->drain = sv_starts(p->host, SV("d.")) && is_name(p->host) ?
	    p->host : SV_NULL;
	return true;
}

bool
jsonlog_envelope(const struct jsonlog_parts *p, struct arena *a,
    struct envelope *out, struct bad_line *bad)
{
	out->ts = p->when;
	if (p->when == UTC_NONE && !jsonlog_has(&p->time))
		return refuse(bad, "no-header", p->no_time);
	if (p->when == UTC_NONE && !jsonlog_time(a, &p->time, &out->ts))
		return refuse(bad, "bad-time", "the time has no known form");
	if (!jsonlog_has(&p->message))
		return refuse(bad, "no-header", p->no_message);
	if (!take_names(p, out, bad))
		return false;
	out->origin = envelope_origin(a, out->source, out->dyno);
	envelope_message(out, json_text(a, &p->message));
	return true;
}
