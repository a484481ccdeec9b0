/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdint.h>

#include "base/attr.h"
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
takes(sv name, const struct json_value *v, struct appform_use *use)
{
	(void)v;
	*use = (struct appform_use){ .field = -1 };
	return name.n % 2 == 1;
}

/* What the spans say is what a search of the whole text says. */
static void
check_secrets(struct appform_match *m, sv text, struct arena *a)
{
	struct secretfind_span span[APPFORM_SPANS];
	uint64_t hash;
	bool path;
	sv got = text, secret;
	size_t n = appform_spans(m, &r.find, text, span, &path, &secret);

	assert(n <= APPFORM_SPANS);
	if (redact_spans(&r, &got, span, n, path, a, &secret, &hash))
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
		    jsonform_key(&m->form->json, i), &v, &use));
		i++;
	}
	assert(!walk.bad);
}

/* The object of form `own->form` with scalars of another, but for those of its own
 * that have a bit in `keep`. */
static sv
refilled(const struct appform_match *own, const struct appform_match *other,
    uint64_t keep, struct arena *a)
{
	const struct jsonform *f = &own->form->json;
	size_t from = 0, n = other->form->json.holes;
	struct buf b = BUF_INIT;
	sv out;

	for (size_t i = 0; i < f->holes; i++) {
		buf_add(&b, sv_of(f->text + from, f->hole[i].at - from));
		buf_add(&b, keep >> i & 1 ? own->value[i].raw :
		    n ? other->value[i % n].raw : SV("0"));
		from = f->hole[i].at + f->hole[i].n;
	}
	buf_add(&b, sv_of(f->text + from, f->n - from));
	out = arena_sv(a, buf_sv(&b));
	buf_release(&b);
	return out;
}

/* Values of both in turn: what is remembered of one must hold beside others. */
static void
check_mixed(const struct appform_match *own, const struct appform_match *other,
    struct arena *a)
{
	static const uint64_t keep[] = { 0, 0, 0x5555555555555555,
		0xaaaaaaaaaaaaaaaa, 0x3333333333333333, 0x6666666666666666 };

	for (size_t i = 0; i < countof(keep); i++) {
		sv text = refilled(own, other, keep[i], a);
		struct appform_match m;

		assert(appform_match(own->form, text, &m));
		check_values(&m, text);
		check_secrets(&m, text, a);
	}
}

/* Two objects, a line each. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	sv rest = sv_of((const char *)data, size);
	sv one = sv_cut(&rest, '\n'), two = sv_cut(&rest, '\n');
	struct appform form, other;
	struct appform_match m, n;
	struct arena a = ARENA_INIT;

	start();
	if (appform_of(&form, &r.find, one, takes) &&
	    appform_of(&other, &r.find, two, takes) &&
	    appform_match(&other, two, &n)) {
		assert(appform_match(&form, one, &m));
		check_secrets(&m, one, &a);
		check_mixed(&m, &n, &a);
	}
	arena_release(&a);
	return 0;
}
