/* SPDX-License-Identifier: MIT */
#include "record/appform.h"

#include <string.h>

#include "base/near.h"
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
	return jsonform_match(&f->json, text, m->value);
}

/* Where the string of value i is remembered; NULL: nowhere. */
static struct appform_seen *
seen_place(struct appform *f, sv text, size_t i, sv raw)
{
	enum { BITS = 6 };
	size_t end = (size_t)(raw.p - text.p) + raw.n;
	uint64_t x;

	_Static_assert(APPFORM_SEEN == 1 << BITS, "one for each number");
	if (raw.n > APPFORM_SEEN_MAX || end < sizeof(x))
		return NULL;
	x = swar_load(text.p + end - sizeof(x)) + i * 0x101 + raw.n;
	return &f->seen[x * UINT64_C(0x9e3779b97f4a7c15) >> (64 - BITS)];
}

/* A path has a slash, or an escape in which one may hide. */
static bool
has_path(sv v)
{
	const char *end = v.p + v.n;

	return near_either(v.p, end, '/', '%') < end;
}

enum { UUID = 36 };

/* Is there nothing to search for, as nothing is decided at the colon before it?
 * A JSON number has no groups, and no secret is a uuid, a time or an address by its
 * shape. */
static bool
is_idle(const struct json_value *v, bool before_name)
{
	uint8_t id[16];
	int64_t us;

	if (v->kind != JSON_STRING)
		return v->raw.n < SECRETSHAPE_CARD;
	if (!before_name)
		return false;
	return (v->raw.n == UUID + 2 && rec_uuid(sv_of(v->raw.p + 1, UUID), id)) ||
	    (v->raw.n == UTC_MILLIS + 2 && utc_read_millis(v->raw.p + 1, &us)) ||
	    (is_digit(v->raw.p[1]) &&
	    secretshape_is_quads(sv_of(v->raw.p + 1, v->raw.n - 2)));
}

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

/* The same of a string, from memory if it was there before. */
static bool
string_span(const struct appform_match *m, const struct secretfind *find,
    sv text, size_t i, struct secretfind_span *out, bool *path)
{
	sv raw = m->value[i].raw;
	struct appform_seen *s = seen_place(m->form, text, i, raw);
	bool has;

	if (s && s->n == raw.n && s->hole == i &&
	    near_begins(raw, s->raw, raw.n)) {
		*path |= s->path;
		return false;
	}
	has = has_path(raw);
	*path |= has;
	if (value_span(m, find, text, i, out))
		return true;
	if (s) {
		*s = (struct appform_seen){ .hole = (uint8_t)i,
			.n = (uint8_t)raw.n, .path = has };
		memcpy(s->raw, raw.p, raw.n);
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

	if (!(f->secret >> i & 1) || v->kind != JSON_STRING || v->esc ||
	    secretvalue_is_harmless(inner))
		return false;
	*out = inner;
	return true;
}

/* The place `at` of the form's text, before value i. */
static struct secretfind_span
look_span(const struct appform_match *m, sv text, size_t i, size_t at)
{
	const struct jsonform *json = &m->form->json;
	size_t start = i == json->holes ? text.n :
	    (size_t)(m->value[i].raw.p - text.p);
	size_t end = i == json->holes ? json->n : json->hole[i].at;

	at = start - (end - at);
	return (struct secretfind_span){ at, at + 1 };
}

size_t
appform_spans(const struct appform_match *m, const struct secretfind *find,
    sv text, struct secretfind_span span[APPFORM_SPANS], bool *path, sv *secret)
{
	const struct appform *f = m->form;
	size_t n = 0, look = 0;

	*path = f->path;
	*secret = SV_NULL;
	for (size_t i = 0; i < f->json.holes; i++) {
		const struct json_value *v = &m->value[i];

		for (; look < f->looks && f->look[look].hole == i; look++)
			span[n++] = look_span(m, text, i, f->look[look].at);
		if (f->fixed >> i & 1 && is_idle(v, f->json.hole[i].before_name))
			continue;
		if (sv_null(*secret) && is_named_secret(f, i, v, secret))
			continue;
		n += v->kind == JSON_STRING ?
		    string_span(m, find, text, i, &span[n], path) :
		    value_span(m, find, text, i, &span[n]);
	}
	for (; look < f->looks; look++)
		span[n++] = look_span(m, text, f->json.holes,
		    f->look[look].at);
	return n;
}

/* text[from..to) is json.text up to `end`, before value number `hole`. */
static bool
learn_looks(struct appform *f, const struct secretfind *find, sv text,
    size_t from, size_t to, size_t hole)
{
	size_t end = hole == f->json.holes ? f->json.n : f->json.hole[hole].at;
	size_t last = to == text.n ? to : to - 1; /* that one is the value's */

	for (size_t i = from; i < last; i++) {
		i = secretfind_place(find, text, i, last);
		if (i == last || secretfind_is_fixed(text, i))
			continue;
		if (f->looks == APPFORM_LOOKS)
			return false;
		f->look[f->looks].at = (uint16_t)(end - (to - i));
		f->look[f->looks++].hole = (uint16_t)hole;
	}
	return true;
}

static bool
learn_secrets(struct appform *f, const struct secretfind *find, sv text,
    const struct json_value *value)
{
	size_t from = 0;

	f->looks = 0;
	f->fixed = f->secret = 0;
	for (size_t i = 0; i < f->json.holes; i++) {
		size_t start = (size_t)(value[i].raw.p - text.p);

		if (!learn_looks(f, find, text, from, start, i))
			return false;
		if (secretfind_is_fixed(text, start - 1))
			f->fixed |= UINT64_C(1) << i;
		else if (f->json.hole[i].before_name &&
		    secretfind_names_secret(text, start - 1))
			f->secret |= UINT64_C(1) << i;
		from = start + value[i].raw.n;
	}
	return learn_looks(f, find, text, from, text.n, f->json.holes);
}

/* False: it is not the scalars alone from which a record takes something. */
static bool
learn_names(struct appform *f, sv text,
    bool (*takes)(sv name, struct appform_use *use))
{
	struct json_value key, v;
	struct json_walk walk;
	size_t i = 0;

	f->taken = 0;
	memset(f->seen, 0, sizeof(f->seen));
	f->path = has_path(sv_of(f->json.text, f->json.n));
	json_walk(&walk, text);
	while (json_next(&walk, &key, &v)) {
		struct appform_use use;
		bool is_taken = takes(sv_of(key.raw.p + 1, key.raw.n - 2), &use);

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
    bool (*takes)(sv name, struct appform_use *use))
{
	struct json_value value[JSONFORM_HOLES];

	return jsonform_learn(&f->json, text) &&
	    jsonform_match(&f->json, text, value) &&
	    learn_secrets(f, find, text, value) && learn_names(f, text, takes);
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
    bool (*takes)(sv name, struct appform_use *use))
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
