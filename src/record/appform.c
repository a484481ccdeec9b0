/* SPDX-License-Identifier: MIT */
#include "record/appform.h"

#include <string.h>

#include "base/attr.h"
#include "base/near.h"
#include "base/slot.h"
#include "base/swar.h"
#include "base/utc.h"
#include "record/rec.h"
#include "record/secretshape.h"
#include "record/secretvalue.h"

_Static_assert(JSONFORM_HOLES <= 64, "a bit per value");

bool
appform_match(struct appform *f, sv text, struct appform_match *m)
{
	m->form = f;
	return jsonform_match(&f->json, text, m->value, &m->same);
}

/* The first of two places where the string of value i is remembered; NULL:
 * nowhere. */
static struct appform_seen *
seen_place(struct appform *f, sv text, size_t i, sv raw)
{
	enum { BITS = 5 };
	size_t end = (size_t)(raw.p - text.p) + raw.n;
	uint64_t x;

	_Static_assert(APPFORM_SEEN == 2 << BITS, "two for each number");
	if (raw.n > APPFORM_SEEN_MAX || end < sizeof(x))
		return NULL;
	x = swar_load(text.p + end - sizeof(x)) + i * 0x101 + raw.n;
	return &f->seen[2 * slot_by(x, BITS)];
}

static inline bool
is_seen(const struct appform_seen *s, size_t i, sv raw)
{
	return s->n == raw.n && s->hole == i && near_begins(raw, s->raw, raw.n);
}

/* In one of two places; NULL: in none. */
static const struct appform_seen *
find_seen(const struct appform_seen *s, size_t i, sv raw)
{
	if (s == NULL || is_seen(s, i, raw))
		return s;
	return is_seen(s + 1, i, raw) ? s + 1 : NULL;
}

/* A path has a slash, or an escape in which one may hide. */
static bool
has_path(sv v)
{
	const char *end = v.p + v.n;

	return near_either(v.p, end, '/', '%') < end;
}

/* --- values --- */

static bool
has_digit(sv v)
{
	size_t i = 0;

	while (i < v.n && !is_digit(v.p[i]))
		i++;
	return i < v.n;
}

enum { UUID = 36 };

/* A string that is no secret by its shape: a uuid, a time or an address. */
static bool
read_known(sv inner, struct apart_value *out)
{
	attr_unset struct ip ip;

	out->text = inner;
	if (inner.n == UUID && rec_uuid(inner, out->id)) {
		out->kind = APART_ID;
	} else if (inner.n == UTC_MILLIS &&
	    utc_read_millis(inner.p, &out->us)) {
		out->kind = APART_TIME;
	} else if (is_digit(inner.p[0]) && ip_parse_v4(inner, &ip)) {
		out->kind = APART_V4;
		memcpy(out->addr, ip.addr, sizeof(out->addr));
	} else {
		out->kind = APART_TEXT;
		return is_digit(inner.p[0]) && secretshape_is_quads(inner);
	}
	return true;
}

/* The next value of the message, to be written. */
static struct apart_value *
next_value(struct appform_match *m)
{
	return &m->apart[m->n];
}

/* Scalar i is something else than the form has there: the value of a STRING, a
 * NUMBER, true, false or null (its first byte), a SECRET known by its name, where the
 * form has no string, or a word (see struct appform_seen). Or value i is a MARK. */
enum { STRING = '"', NUMBER = '0', SECRET = 's', MARK = 'm' };

static void
put_change(struct appform_match *m, size_t i, int what)
{
	_Static_assert(JSONFORM_HOLES << 8 <= APART_FREE, "small numbers");
	m->rest = apart_rest(m->rest, i << 8 | (unsigned)what);
}

/* The next value has been written, that of a string or number. */
static inline void
put_value(struct appform_match *m, size_t i, enum json_kind kind)
{
	const struct appform *f = m->form;

	m->place[i] = (uint8_t)m->n++;
	if ((f->plain | f->secret) >> i & 1 || f->json.hole[i].kind != kind)
		put_change(m, i, kind == JSON_STRING ? STRING : NUMBER);
}

/* It is a secret by its name. */
static void
put_secret(struct appform_match *m, size_t i)
{
	m->secret = m->n;
	m->place[i] = (uint8_t)m->n++;
	if (m->form->json.hole[i].kind != JSON_STRING)
		put_change(m, i, SECRET);
}

static size_t
find_value(const struct appform_match *m, const char *p)
{
	size_t i = 0;

	while (i < m->n && m->apart[i].text.p != p)
		i++;
	return i;
}

bool
appform_hide(struct appform_match *m, sv secret, uint64_t hash)
{
	struct apart_value *v;

	if (m->secret == JSONFORM_HOLES) {
		m->secret = find_value(m, secret.p);
		put_change(m, m->secret, MARK);
	}
	v = &m->apart[m->secret];
	v->kind = APART_HASH;
	v->hash = hash;
	return m->secret < m->n && v->text.n == secret.n;
}

/* --- spans --- */

/* The byte before a value and the quote behind it belong to it, unless it is known
 * what is decided there. False: there is nothing to search. */
static bool
value_span(const struct appform_match *m, const struct secretfind *find,
    sv text, size_t i, struct secretfind_span *out)
{
	const struct json_value *v = &m->value[i];
	size_t from = (size_t)(v->raw.p - text.p), to = from + v->raw.n;
	bool string = v->kind == JSON_STRING;

	from -= !string || !(m->form->fixed >> i & 1);
	to -= string && m->form->json.hole[i].before_name;
	out->to = to;
	for (out->from = from; out->from < to; out->from++) {
		out->from = secretfind_place(find, text, out->from, to);
		if (out->from < to && (!string ||
		    !secretfind_is_settled(text, out->from)))
			return true;
	}
	return false;
}

/* In the first of two places; what was there goes to the other. */
static void
remember(struct appform_seen s[2], size_t i, sv raw, bool path)
{
	s[1] = s[0];
	s[0] = (struct appform_seen){ .hole = (uint8_t)i,
		.n = (uint8_t)raw.n, .path = path };
	memcpy(s[0].raw, raw.p, raw.n);
	s[0].number = has_digit(raw) ? 0 : apart_number();
}

/* The same of a string, from memory if it was there before: *number is its own then,
 * unless it may be a value. */
static bool
seen_span(const struct appform_match *m, const struct secretfind *find, sv text,
    size_t i, struct secretfind_span *out, bool *path, uint64_t *number)
{
	sv raw = m->value[i].raw;
	struct appform_seen *place = seen_place(m->form, text, i, raw);
	const struct appform_seen *s = find_seen(place, i, raw);
	bool has;

	*number = 0;
	if (s) {
		*path |= s->path;
		*number = s->number;
		return false;
	}
	has = has_path(raw);
	*path |= has;
	if (value_span(m, find, text, i, out))
		return true;
	if (place) {
		remember(place, i, raw, has);
		*number = place->number;
	}
	return false;
}

/* Is the string a secret by its name, whatever is in it? Then *out is what stands
 * between its quotes. */
static bool
is_named_secret(const struct appform *f, size_t i, const struct json_value *v,
    sv *out)
{
	sv inner = sv_of(v->raw.p + 1, v->raw.n - 2);

	if (!(f->secret >> i & 1) || v->esc ||
	    secretvalue_is_harmless(inner))
		return false;
	*out = inner;
	return true;
}

/* Of a string, with what it is apart. */
static bool
string_span(struct appform_match *m, const struct secretfind *find, sv text,
    size_t i, struct secretfind_span *out, bool *path, sv *secret)
{
	const struct appform *f = m->form;
	const struct json_value *v = &m->value[i];
	bool known = read_known(sv_of(v->raw.p + 1, v->raw.n - 2),
	    next_value(m)), any;
	uint64_t number;

	if (known && f->fixed >> i & 1 && f->json.hole[i].before_name) {
		put_value(m, i, JSON_STRING);
		return false;
	}
	if (sv_null(*secret) && is_named_secret(f, i, v, secret)) {
		put_secret(m, i);
		return false;
	}
	any = seen_span(m, find, text, i, out, path, &number);
	if (number)
		m->rest = apart_rest(m->rest, number);
	else
		put_value(m, i, JSON_STRING);
	return any;
}

/* Of a number, true, false or null. A JSON number has no groups, as those of cards
 * may. */
static bool
scalar_span(struct appform_match *m, const struct secretfind *find, sv text,
    size_t i, struct secretfind_span *out)
{
	const struct json_value *v = &m->value[i];
	struct apart_value *value = next_value(m);

	if (v->kind == JSON_NUMBER) {
		value->kind = APART_NUMBER;
		value->text = v->raw;
		put_value(m, i, JSON_NUMBER);
	} else {
		put_change(m, i, v->raw.p[0]);
	}
	return (v->raw.n >= SECRETSHAPE_CARD || !(m->form->fixed >> i & 1)) &&
	    value_span(m, find, text, i, out);
}

/* The place in the text that is `look` in the form's. */
static struct secretfind_span
look_span(const struct appform_match *m, sv text,
    const struct appform_look *look)
{
	const struct jsonform *json = &m->form->json;
	bool last = look->hole == json->holes;
	size_t start = last ? text.n :
	    (size_t)(m->value[look->hole].raw.p - text.p);
	size_t end = last ? json->n : json->hole[look->hole].at;
	size_t at = start - (end - look->at);

	return (struct secretfind_span){ at, at + 1 };
}

size_t
appform_spans(struct appform_match *m, const struct secretfind *find,
    sv text, struct secretfind_span span[APPFORM_SPANS], bool *path, sv *secret)
{
	const struct appform *f = m->form;
	uint64_t left = f->holes & ~(f->plain & m->same);
	size_t n = 0, look = 0;

	m->rest = f->number;
	m->n = 0;
	m->secret = JSONFORM_HOLES;
	memset(m->place, JSONFORM_HOLES, sizeof(m->place));
	*path = f->path;
	*secret = SV_NULL;
	for (; left; left &= left - 1) {
		size_t i = swar_low_bit(left);

		for (; look < f->looks && f->look[look].hole <= i; look++)
			span[n++] = look_span(m, text, &f->look[look]);
		n += m->value[i].kind == JSON_STRING ?
		    string_span(m, find, text, i, &span[n], path, secret) :
		    scalar_span(m, find, text, i, &span[n]);
	}
	for (; look < f->looks; look++)
		span[n++] = look_span(m, text, &f->look[look]);
	return n;
}

/* text[from..to), before value number `hole`. */
static bool
learn_looks(struct appform *f, const struct secretfind *find, sv text,
    size_t from, size_t to, size_t hole)
{
	size_t last = to == text.n ? to : to - 1; /* that one is the value's */

	f->path |= has_path(sv_of(text.p + from, to - from));
	for (size_t i = from; i < last; i++) {
		i = secretfind_place(find, text, i, last);
		if (i == last || secretfind_is_fixed(text, i))
			continue;
		if (f->looks == APPFORM_LOOKS)
			return false;
		f->look[f->looks++] = (struct appform_look){ (uint16_t)i,
			(uint16_t)hole };
	}
	return true;
}

/* What of value i is known by the colon before it, and by what it is now. */
static void
learn_value(struct appform *f, const struct secretfind *find, sv text,
    const struct appform_match *m, size_t i)
{
	size_t before = (size_t)(m->value[i].raw.p - text.p) - 1;
	uint64_t bit = UINT64_C(1) << i;
	struct secretfind_span span;

	if (secretfind_is_fixed(text, before))
		f->fixed |= bit;
	else if (f->json.hole[i].before_name &&
	    secretfind_names_secret(text, before))
		f->secret |= bit;
	if (f->json.hole[i].words && !(f->secret & bit) &&
	    !has_path(m->value[i].raw) &&
	    !value_span(m, find, text, i, &span))
		f->plain |= bit;
}

static bool
learn_secrets(struct appform *f, const struct secretfind *find, sv text,
    const struct appform_match *m)
{
	size_t from = 0;

	f->looks = 0;
	f->path = false;
	f->holes = f->fixed = f->secret = f->plain = 0;
	for (size_t i = 0; i < f->json.holes; i++) {
		size_t start = (size_t)(m->value[i].raw.p - text.p);

		if (!learn_looks(f, find, text, from, start, i))
			return false;
		learn_value(f, find, text, m, i);
		f->holes |= UINT64_C(1) << i;
		from = start + m->value[i].raw.n;
	}
	return learn_looks(f, find, text, from, text.n, f->json.holes);
}

/* False: it is not the scalars alone from which a record takes something. */
static bool
learn_names(struct appform *f, sv text,
    bool (*takes)(sv name, const struct json_value *v,
    struct appform_use *use))
{
	struct json_value key, v;
	struct json_walk walk;
	size_t i = 0;

	f->taken = 0;
	memset(f->seen, 0, sizeof(f->seen));
	json_walk(&walk, text);
	while (json_next(&walk, &key, &v)) {
		struct appform_use use;
		bool is_taken = takes(sv_of(key.raw.p + 1, key.raw.n - 2), &v,
		    &use);

		if (v.kind == JSON_OBJECT || v.kind == JSON_ARRAY) {
			if (is_taken)
				return false;
			continue;
		}
		while (!f->json.hole[i].top)
			i++;
		f->use[i] = use;
		f->taken |= (uint64_t)is_taken << i++;
	}
	return true;
}

bool
appform_of(struct appform *f, const struct secretfind *find, sv text,
    bool (*takes)(sv name, const struct json_value *v,
    struct appform_use *use))
{
	attr_unset struct appform_match m;

	f->number = apart_number();
	return jsonform_learn(&f->json, text) && appform_match(f, text, &m) &&
	    learn_secrets(f, find, text, &m) && learn_names(f, text, takes);
}

/* --- memory --------------------------------------------------------------- */

enum {
	FORMS = 8,
	WAIT_MAX = 1024 /* messages, between two forms that are learnt */
};

/* What this thread has seen; order[0] was of use last. */
static _Thread_local struct {
	struct appform form[FORMS];
	bool of_use[FORMS];
	unsigned char order[FORMS];
	unsigned n;
	unsigned wait, left; /* messages until the next one is learnt */
} known = { .order = { 0, 1, 2, 3, 4, 5, 6, 7 } };

static void
to_front(unsigned place)
{
	unsigned char form = known.order[place];

	for (; place > 0; place--)
		known.order[place] = known.order[place - 1];
	known.order[0] = form;
}

bool
appform_known(sv text, struct appform_match *m)
{
	for (unsigned i = 0; i < known.n; i++) {
		if (!appform_match(&known.form[known.order[i]], text, m))
			continue;
		if (!known.of_use[known.order[i]])
			known.wait = 0;
		known.of_use[known.order[i]] = true;
		to_front(i);
		return true;
	}
	return false;
}

/* Is this one to be learnt? Until a new form is of use, ever fewer are. */
static bool
is_due(void)
{
	if (known.left > 0) {
		known.left--;
		return false;
	}
	known.wait = known.wait ? 2 * known.wait : 1;
	known.wait = known.wait > WAIT_MAX ? WAIT_MAX : known.wait;
	known.left = known.wait - 1;
	return true;
}

void
appform_remember(const struct secretfind *find, sv text,
    bool (*takes)(sv name, const struct json_value *v,
    struct appform_use *use))
{
	unsigned place = known.n < FORMS ? known.n : FORMS - 1;
	unsigned char form = known.order[place];

	if (!is_due())
		return;
	known.of_use[form] = false;
	known.n = place; /* until it is whole */
	if (!appform_of(&known.form[form], find, text, takes))
		return;
	known.n = place + 1;
	to_front(place);
}
