/* SPDX-License-Identifier: MIT */
#include "record/apppayload.h"

#include "base/attr.h"
#include "base/jsonw.h"
#include "base/near.h"
#include "base/swar.h"
#include "parse/json.h"
#include "parse/jsonpayload.h"
#include "parse/kv.h"
#include "parse/pglog.h"
#include "parse/pytrace.h"
#include "parse/textlog.h"
#include "record/appfield.h"
#include "record/appform.h"
#include "record/normalline.h"

/* Values of APP_payload. */
enum {
	PAYLOAD_TEXT, PAYLOAD_JSON, PAYLOAD_LOGFMT, PAYLOAD_LOGGER,
	PAYLOAD_TRACEBACK, PAYLOAD_POSTGRES
};

static void
take_member(struct normalline *l, struct rec *r,
    struct jsonpayload_search *found, sv name, const struct json_value *v)
{
	jsonpayload_add(found, name, v);
	if (v->kind != JSON_OBJECT && v->kind != JSON_ARRAY)
		appfield_put(l, r, appfield_find(name), json_text(l->scratch, v),
		    v->kind != JSON_STRING);
}

/* False: the text is no object. Then r is as it was. */
static bool
take_object(struct normalline *l, sv text, struct rec *r)
{
	const uint64_t set = r->set;
	const struct normalline before = *l;
	struct jsonpayload_search found;
	struct json_value key, v;
	struct json_walk walk;

	jsonpayload_begin(&found, l->scratch);
	json_walk(&walk, text);
	while (json_next(&walk, &key, &v))
		take_member(l, r, &found, json_text(l->scratch, &key), &v);
	if (walk.bad) {
		*l = before;
		r->set = set;
		return false;
	}
	appfield_put_common(l, r, &found);
	return true;
}

/* Odd bytes in a string make no event a text, nor does a number that is none:
 * then `fields` has the JSON. */
static bool
take_mended(struct normalline *l, sv text, struct rec *r)
{
	bool bad_number;
	sv mended;

	if (!sv_ends(text, SV("}")))
		return false;
	mended = jsonpayload_mend(l->scratch, text, &bad_number);
	if (mended.p == text.p || !take_object(l, mended, r))
		return false;
	rec_put_sv(r, APP_fields, mended);
	if (bad_number)
		l->notes |= NOTE_BIT(NOTE_BAD_NUMBER);
	return true;
}

static bool
read_json(struct normalline *l, sv text, struct rec *r)
{
	if (!sv_starts(text, SV("{")) ||
	    (!take_object(l, text, r) && !take_mended(l, text, r)))
		return false;
	rec_put_i64(r, APP_payload, PAYLOAD_JSON);
	return true;
}

/* False: the text is no logfmt. */
static bool
put_pairs(struct normalline *l, sv text, struct rec *r)
{
	struct kv_looks looks = { 0, 0 };
	struct kv kv;

	while (kv_next(&text, &kv)) {
		int field;

		if (!kv_looks_add(&looks, &kv))
			return false;
		if (l->n->unseen || sv_null(kv.val))
			continue;
		field = appfield_find(kv.key);
		if (field >= 0)
			appfield_put(l, r, field, kv_text(l->scratch, &kv),
			    false);
	}
	return kv_looks_end(&looks);
}

static bool
read_pairs(struct normalline *l, sv text, struct rec *r)
{
	const uint64_t set = r->set;
	const struct normalline before = *l;

	if (!put_pairs(l, text, r)) {
		*l = before;
		r->set = set;
		return false;
	}
	r->pairs = true;
	rec_put_text(r, APP_fields, SV_NULL); /* see rectext.h */
	rec_put_i64(r, APP_payload, PAYLOAD_LOGFMT);
	return true;
}

/* As logfmt must: most texts do not. */
static bool
begins_with_key(sv text)
{
	const char *end, *p;

	text = sv_trim(text);
	end = text.p + text.n;
	p = near_name_end(text.p, end);
	return p < end && (*p == '=' || *p == '#' || *p == '@');
}

static bool
read_logfmt(struct normalline *l, sv text, struct rec *r)
{
	return begins_with_key(text) && read_pairs(l, text, r);
}

static void
put_if(struct jsonw *w, const char *key, sv text)
{
	if (sv_null(text))
		return;
	jsonw_key(w, sv_str(key));
	jsonw_sv(w, text);
}

/* Of a line inside a group of exceptions: what stands behind its bars. */
static sv
behind_bars(sv line)
{
	while (sv_skip_lit(&line, SV("|")))
		line = sv_trim_left(line);
	return line;
}

/* The line that says what was raised: the last that names an exception. Of a
 * group it is the first, since those of its members stand below. */
static sv
raised_line(sv text)
{
	sv group = SV_NULL;

	while (text.n) {
		size_t at = sv_rfind(text, SV("\n"));
		sv line = sv_trim(at < text.n ? sv_skip(text, at + 1) : text);
		enum pytrace_kind kind = pytrace_look(line);

		text = sv_take(text, at < text.n ? at : 0);
		if (kind == PYTRACE_BAR &&
		    pytrace_look(behind_bars(line)) == PYTRACE_ERROR)
			group = behind_bars(line);
		if (!sv_null(group) && (kind == PYTRACE_GROUP ||
		    kind == PYTRACE_GROUP_BEHIND))
			break;
		if (sv_null(group) && (kind == PYTRACE_ERROR ||
		    kind == PYTRACE_NAMED))
			return line;
	}
	return group;
}

/* A message of several lines with "Traceback (most recent call last):" in it. */
static bool
read_traceback(struct normalline *l, sv text, struct rec *r)
{
	struct buf b = BUF_INIT;
	struct jsonw w = JSONW_INIT(&b);
	sv line, name;

	if (sv_find_byte(text, '\n') == text.n ||
	    !sv_has(text, SV("(most recent call last):")))
		return false;
	line = raised_line(text);
	jsonw_open(&w, '{');
	name = sv_cut(&line, ':');
	put_if(&w, "exception", name);
	put_if(&w, "reason", sv_null(line) ? line : sv_trim(line));
	normalline_object(l, r, APP_fields, &w);
	appfield_put_level(l, r, SV("error"));
	rec_put_i64(r, APP_payload, PAYLOAD_TRACEBACK);
	return true;
}

/* The server's lines come from app[postgres.PID]. */
static bool
is_postgres(const struct normalline *l)
{
	return sv_starts(l->env->dyno, SV("postgres."));
}

static bool
parse_postgres(sv text, struct pglog *out)
{
	struct pglog_chunk chunk;
	bool is_chunk = pglog_chunk(text, &chunk);

	if (!pglog_parse(is_chunk ? chunk.text : text, out))
		return false;
	if (is_chunk)
		out->attachment = chunk.attachment;
	return true;
}

static bool
read_postgres(struct normalline *l, sv text, struct rec *r)
{
	struct buf b = BUF_INIT;
	struct jsonw w = JSONW_INIT(&b);
	attr_unset struct pglog in;

	if (!is_postgres(l) || !parse_postgres(text, &in))
		return false;
	jsonw_open(&w, '{');
	put_if(&w, "attachment", in.attachment);
	put_if(&w, "severity", in.level);
	put_if(&w, "sqlstate", in.sqlstate);
	put_if(&w, "pid", in.pid);
	put_if(&w, "database", in.database);
	put_if(&w, "user", in.user);
	put_if(&w, "application_name", in.application_name);
	put_if(&w, "session_id", in.session_id);
	put_if(&w, "address", in.address);
	if (in.ambiguous) {
		jsonw_put_bool(&w, "ambiguous", true);
		l->notes |= NOTE_BIT(NOTE_AMBIGUOUS);
	}
	normalline_object(l, r, APP_fields, &w);
	appfield_put_level(l, r, in.severity);
	rec_put_sv(r, APP_logger, SV("postgres"));
	rec_put_i64(r, APP_payload, PAYLOAD_POSTGRES);
	return true;
}

static bool
read_logger(struct normalline *l, sv text, struct rec *r)
{
	struct buf b = BUF_INIT;
	struct jsonw w = JSONW_INIT(&b);
	attr_unset struct textlog in;

	if (!textlog_parse(text, &in))
		return false;
	rec_put_i64(r, APP_payload, PAYLOAD_LOGGER);
	if (l->n->unseen)
		return true;
	appfield_put_level(l, r, in.level);
	appfield_put_text(l, r, APP_logger, in.logger);
	jsonw_open(&w, '{');
	put_if(&w, "form", sv_str(in.form));
	put_if(&w, "process", in.process);
	put_if(&w, "location", in.location);
	normalline_object(l, r, APP_fields, &w);
	return true;
}

static bool
read_text(struct normalline *l, sv text, struct rec *r)
{
	(void)text;
	rec_put_i64(r, APP_payload, PAYLOAD_TEXT);
	l->notes |= NOTE_BIT(NOTE_UNTYPED);
	return true;
}

/* In the order in which a text is tried. */
static const struct {
	const char *name;
	bool (*read)(struct normalline *l, sv text, struct rec *r);
} readers[] = {
	{ "JSON payload", read_json },
	{ "logfmt payload", read_logfmt },
	{ "traceback", read_traceback },
	{ "Postgres server line", read_postgres },
	{ "logger's line", read_logger },
	{ "text", read_text },
};

/* What joins the lines of a Postgres session is no secret, though its key has
 * the name of one: what stands before and behind it is searched. */
static sv
redact_payload(struct normalline *l)
{
	sv text = l->msg, id, before, behind, out;
	struct buf b = BUF_INIT;
	attr_unset struct pglog in;

	if (!is_postgres(l) || !parse_postgres(text, &in) ||
	    !pglog_is_session(in.session_id))
		return normalline_redact(l, text);
	id = in.session_id;
	before = sv_take(text, (size_t)(id.p - text.p));
	behind = sv_skip(text, before.n + id.n);
	buf_add(&b, normalline_redact(l, before));
	buf_add(&b, id);
	buf_add(&b, normalline_redact(l, behind));
	out = sv_eq(buf_sv(&b), text) ? text : arena_sv(l->scratch, buf_sv(&b));
	buf_release(&b);
	return out;
}

static bool
takes(sv name, const struct json_value *v, struct appform_use *use)
{
	use->field = appfield_find(name);
	use->rows = jsonpayload_rows(name);
	use->level = use->field == APP_level && v->kind == JSON_STRING ?
	    textlog_level(sv_of(v->raw.p + 1, v->raw.n - 2)) : SV_NULL;
	if (use->field < 0 && jsonpayload_is_text(use->rows))
		return false; /* appfield_put_common() takes none of it */
	return use->field >= 0 || jsonpayload_knows(name);
}

/* What is known of value i of the message. */
static enum apart_kind
kind_of(const struct appform_match *m, size_t i, const struct apart_value **out)
{
	*out = &m->apart[m->place[i]];
	return m->place[i] < JSONFORM_HOLES ? (*out)->kind : APART_TEXT;
}

static void
put_v4(struct rec *r, int field, const uint8_t addr[4])
{
	struct ip ip = { .family = 4 };

	memcpy(ip.addr, addr, 4);
	rec_put_v4(r, field, &ip);
}

static void
take_scalar(struct normalline *l, struct rec *r,
    struct jsonpayload_search *found, const struct appform_match *m, size_t i)
{
	const struct appform_use *use = &m->form->use[i];
	const struct json_value *v = &m->value[i];
	const struct apart_value *known;
	enum apart_kind kind = kind_of(m, i, &known);

	jsonpayload_add_scalar(found, use->rows, v);
	if (use->field < 0 || rec_has(r, use->field))
		return;
	if (kind == APART_ID && use->field == APP_request_id) {
		rec_put_text(r, use->field, known->text);
	} else if (kind == APART_V4 && use->field == APP_client) {
		put_v4(r, use->field, known->addr);
	} else {
		appfield_put(l, r, use->field, json_text(l->scratch, v),
		    v->kind != JSON_STRING);
	}
}

/* A level that is the same as in the form's text. */
static void
take_level(struct rec *r, struct jsonpayload_search *found,
    const struct appform_use *use)
{
	jsonpayload_add_level(found, use->rows, use->level);
	if (!rec_has(r, APP_level))
		rec_put_text(r, APP_level, use->level);
}

/* What a record takes from the values of a message whose form is known, of which
 * `secret` is gone. */
static bool
take_values(struct normalline *l, const struct appform_match *m, sv secret,
    struct rec *r)
{
	uint64_t left = m->form->taken;
	struct jsonpayload_search found;

	jsonpayload_begin(&found, l->scratch);
	for (; left; left &= left - 1) {
		size_t i = swar_low_bit(left);

		if (appfield_is_piece(secret, m->value[i].raw))
			return false;
		if (m->same >> i & 1 && !sv_null(m->form->use[i].level))
			take_level(r, &found, &m->form->use[i]);
		else
			take_scalar(l, r, &found, m, i);
	}
	appfield_put_common(l, r, &found);
	return true;
}

/* *secret: what is gone from *text, or null. False also when that is more or less
 * than a value: keys may be gone with it. */
static bool
redact_known(struct normalline *l, struct appform_match *m, sv *text,
    sv *secret)
{
	attr_unset struct secretfind_span span[APPFORM_SPANS];
	const struct redact *r = &l->n->redact;
	uint64_t hash;
	bool path;
	size_t n = appform_spans(m, &r->find, *text, span, &path, secret);

	if (!redact_spans(r, text, span, n, path, l->scratch, secret, &hash))
		return false;
	return sv_null(*secret) || appform_hide(m, *secret, hash);
}

/* The message apart. */
static void
put_apart(struct normalline *l, const struct appform_match *m, struct rec *r)
{
	size_t size = m->n * sizeof(m->apart[0]);
	struct apart *a;

	if (m->n > APART_VALUES)
		return;
	a = (void *)arena_bytes(l->scratch, sizeof(*a) + size);
	a->rest = m->rest;
	a->n = m->n;
	memcpy(a->value, m->apart, size);
	r->apart = a;
}

/* A JSON message that is like one before but for its values. False: r and *l are
 * as they were. */
static bool
read_known_form(struct normalline *l, struct rec *r)
{
	const bool secret_before = l->secret;
	const uint32_t notes_before = l->notes;
	attr_unset struct appform_match m;
	sv text = l->msg, secret = SV_NULL;

	if (!sv_starts(text, SV("{")) || is_postgres(l) ||
	    !appform_known(text, &m))
		return false;
	rec_init(r, REC_APP);
	r->reader = readers[0].name;
	rec_put_i64(r, APP_payload, PAYLOAD_JSON);
	if (!l->n->unseen && !redact_known(l, &m, &text, &secret))
		return false;
	rec_put_sv(r, APP_message, text);
	l->secret |= text.p != l->msg.p;
	if (l->n->unseen)
		return true;
	if (take_values(l, &m, secret, r)) {
		put_apart(l, &m, r);
		return true;
	}
	l->secret = secret_before;
	l->notes = notes_before;
	return false;
}

bool
apppayload_read(struct normalline *l, struct rec *r)
{
	size_t i = 0;
	sv text;

	if (read_known_form(l, r))
		return true;
	text = redact_payload(l);
	rec_init(r, REC_APP);
	rec_put_sv(r, APP_message, text);
	while (!readers[i].read(l, text, r))
		i++;
	r->reader = readers[i].name;
	if (i == 0 && !rec_has(r, APP_fields))
		appform_remember(&l->n->redact.find, l->msg, takes);
	return true;
}

bool
apppayload_is_closed(const struct rec *r)
{
	int64_t payload = r->v[APP_payload].u.num;

	return payload == PAYLOAD_JSON || payload == PAYLOAD_LOGFMT;
}
