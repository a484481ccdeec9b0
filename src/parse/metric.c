/* SPDX-License-Identifier: MIT */
#include "parse/metric.h"

#include "base/ascii.h"
#include "base/attr.h"
#include "base/jsonw.h"
#include "parse/kv.h"

/* Length of "e-05", "E3" at `at`; 0 when the letter belongs to a unit. */
static size_t
exponent(sv v, size_t at)
{
	size_t n = at + 1, digits;

	if (at >= v.n || to_lower(v.p[at]) != 'e')
		return 0;
	if (n < v.n && (v.p[n] == '-' || v.p[n] == '+'))
		n++;
	for (digits = n; n < v.n && is_digit(v.p[n]);)
		n++;
	return n > digits ? n - at : 0;
}

/* "512.00MB" -> "512.00" and "MB"; "15405636.0kB", "0.99", "42pages". */
static sv
cut_number(sv *val)
{
	size_t n = 0;

	if (n < val->n && val->p[n] == '-')
		n++;
	while (n < val->n && (is_digit(val->p[n]) || val->p[n] == '.'))
		n++;
	if (n)
		n += exponent(*val, n);
	return sv_cut_n(val, n);
}

/* "MB", "pages", "%": what may stand behind a number. */
static bool
is_unit(sv v)
{
	for (size_t i = 0; i < v.n; i++)
		if (!is_alpha(v.p[i]) && v.p[i] != '%')
			return false;
	return true;
}

/* [name, value, unit], and what it is when it is no sample. */
static void
put_sample(struct jsonw *w, sv kind, sv name, sv val, struct metric *m)
{
	bool tag = sv_is(kind, "tag");
	sv unit = val, number = cut_number(&unit);

	jsonw_open(w, '[');
	jsonw_sv(w, name);
	if (!tag && is_unit(unit) && jsonw_decimal(w, number)) {
		jsonw_sv(w, unit);
	} else {
		jsonw_sv(w, val);
		jsonw_sv(w, SV(""));
		m->texts = true;
		m->bad_number |= !tag && val.n;
	}
	if (!sv_is(kind, "sample"))
		jsonw_sv(w, kind);
	jsonw_close(w, ']');
	m->samples += !tag;
}

/* "sample#load_avg_1m": cuts the kind off the key. */
static bool
cut_kind(sv *key, sv *kind)
{
	static const sv kinds[] = {
		{ "sample#", 7 }, { "measure#", 8 }, { "count#", 6 },
		{ "tag#", 4 },
	};

	for (size_t i = 0; i < countof(kinds); i++)
		if (sv_skip_lit(key, kinds[i])) {
			*kind = sv_take(kinds[i], kinds[i].n - 1);
			return true;
		}
	return false;
}

/* What the samples are about; the first of a name. */
static bool
take_about(const struct kv *kv, struct metric *m)
{
	sv *to = sv_is(kv->key, "source") ? &m->subject :
	    sv_is(kv->key, "dyno") ? &m->instance :
	    sv_is(kv->key, "addon") ? &m->addon : NULL;

	if (to == NULL || !sv_null(*to))
		return false;
	*to = kv->val;
	return true;
}

static void
add_word(struct buf *b, size_t start, sv word)
{
	if (b->n > start)
		buf_byte(b, ' ');
	buf_add(b, word);
}

bool
metric_parse(sv message, struct metric *out, struct buf *json,
    struct buf *more)
{
	struct jsonw w = JSONW_INIT(json);
	size_t start = json->n, more_start = more->n;
	sv left = message, kind;
	struct kv kv;

	*out = (struct metric){ .subject = SV_NULL, .instance = SV_NULL,
		.addon = SV_NULL };
	if (sv_find_byte(message, '#') == message.n)
		return false;
	jsonw_open(&w, '[');
	for (; kv_next(&left, &kv); message = left) {
		if (!sv_null(kv.val) && cut_kind(&kv.key, &kind))
			put_sample(&w, kind, kv.key, kv.val, out);
		else if (sv_null(kv.val) || !take_about(&kv, out))
			add_word(more, more_start, sv_trim(sv_take(message,
			    message.n - left.n)));
	}
	jsonw_close(&w, ']');
	if (out->samples)
		return true;
	json->n = start;
	more->n = more_start;
	return false;
}
