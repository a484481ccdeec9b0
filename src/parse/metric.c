/* SPDX-License-Identifier: MIT */
#include "parse/metric.h"

#include "base/ascii.h"
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

static void
put_text(struct jsonw *w, sv name, sv val)
{
	jsonw_open(w, '[');
	jsonw_sv(w, name);
	jsonw_sv(w, val);
	jsonw_sv(w, SV(""));
	jsonw_close(w, ']');
}

static void
put_sample(struct jsonw *w, sv name, sv val)
{
	sv unit = val, number = cut_number(&unit);
	double d;

	if (!sv_to_double(number, &d)) {
		put_text(w, name, val);
		return;
	}
	jsonw_open(w, '[');
	jsonw_sv(w, name);
	jsonw_real(w, d);
	jsonw_sv(w, unit);
	jsonw_close(w, ']');
}

bool
metric_parse(sv message, struct metric *out, struct buf *json)
{
	struct jsonw w = JSONW_INIT(json);
	size_t samples = 0, start = json->n;
	struct kv kv;

	*out = (struct metric){ SV_NULL, SV_NULL, SV_NULL };
	if (sv_find_byte(message, '#') == message.n)
		return false;
	jsonw_open(&w, '[');
	while (kv_next(&message, &kv)) {
		if (sv_is(kv.key, "source"))
			out->subject = kv.val;
		else if (sv_is(kv.key, "dyno"))
			out->instance = kv.val;
		else if (sv_is(kv.key, "addon"))
			out->addon = kv.val;
		if (sv_null(kv.val))
			continue;
		if (sv_skip_lit(&kv.key, SV("sample#")) ||
		    sv_skip_lit(&kv.key, SV("measure#")) ||
		    sv_skip_lit(&kv.key, SV("count#"))) {
			put_sample(&w, kv.key, kv.val);
			samples++;
		} else if (sv_skip_lit(&kv.key, SV("tag#"))) {
			put_text(&w, kv.key, kv.val);
		}
	}
	jsonw_close(&w, ']');
	if (samples == 0)
		json->n = start;
	return samples > 0;
}
