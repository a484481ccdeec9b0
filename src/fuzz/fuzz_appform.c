/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdint.h>

#include "base/buf.h"
#include "record/appform.h"
#include "record/redact.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct redact r;

static void
start(void)
{
	static sv item[] = { { "/api/beta/preview/{token}", 25 } };
	static const struct site_list paths = { item, 1 };
	static const uint8_t key[REDACT_KEY_LEN];

	if (r.paths == NULL)
		redact_init(&r, key, &paths);
}

static bool
takes(sv name, struct appform_use *use)
{
	*use = (struct appform_use){ .field = -1 };
	return name.n % 2 == 1;
}

/* What the spans say is what a search of the whole text says. */
static void
check_secrets(const struct appform_match *m, sv text, struct arena *a)
{
	struct secretfind_span span[APPFORM_SPANS];
	size_t n = appform_spans(m, &r.find, text, span);
	sv got = text, secret;

	assert(n <= APPFORM_SPANS);
	if (redact_spans(&r, &got, span, n, a, &secret))
		assert(sv_eq(got, redact_text(&r, text, a)));
	else
		assert(got.p == text.p);
}

/* The scalars are those of a reader that knows no forms. */
static void
check_values(const struct appform_match *m, sv text)
{
	struct json_value key, v;
	struct appform_use use;
	struct json_walk walk;
	size_t i = 0;

	json_walk(&walk, text);
	while (json_next(&walk, &key, &v)) {
		if (v.kind == JSON_OBJECT || v.kind == JSON_ARRAY)
			continue;
		while (!m->form->json.hole[i].top)
			i++;
		assert(v.raw.p == m->value[i].raw.p &&
		    v.raw.n == m->value[i].raw.n &&
		    v.kind == m->value[i].kind && v.esc == m->value[i].esc);
		assert(json_key_is(&key, jsonform_key(&m->form->json, i)));
		assert((m->form->taken >> i & 1) == takes(
		    jsonform_key(&m->form->json, i), &use));
		i++;
	}
	assert(!walk.bad);
}

/* The object of form f with the scalars of another. */
static sv
refilled(const struct appform *f, const struct appform_match *other,
    struct arena *a)
{
	struct buf b = BUF_INIT;
	size_t from = 0, n = other->form->json.holes;
	sv out;

	for (size_t i = 0; i < f->json.holes; i++) {
		buf_add(&b, sv_of(f->json.text + from,
		    f->json.hole[i].at - from));
		buf_add(&b, n ? other->value[i % n].raw : SV("0"));
		from = f->json.hole[i].at;
	}
	buf_add(&b, sv_of(f->json.text + from, f->json.n - from));
	out = arena_sv(a, buf_sv(&b));
	buf_release(&b);
	return out;
}

/* Two objects, a line each. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	sv rest = sv_of((const char *)data, size);
	sv one = sv_cut(&rest, '\n'), two = sv_cut(&rest, '\n');
	struct appform form, other;
	struct appform_match m;
	struct arena a = ARENA_INIT;

	start();
	if (appform_of(&form, &r.find, one, takes) &&
	    appform_of(&other, &r.find, two, takes) &&
	    appform_match(&other, two, &m)) {
		sv text = refilled(&form, &m, &a);

		assert(appform_match(&form, one, &m));
		check_secrets(&m, one, &a);
		assert(appform_match(&form, text, &m));
		check_values(&m, text);
		check_secrets(&m, text, &a);
		check_secrets(&m, text, &a); /* some values are known now */
	}
	arena_release(&a);
	return 0;
}
