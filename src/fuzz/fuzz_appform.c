/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "record/appform.h"
#include "record/redact.h"
#include "store/form.h"

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

/* Messages apart of one run: the number of all but their values, and the form. */
enum { REST_MAX = 64 };
static struct {
	uint64_t rest;
	size_t n;
	sv form;
} rests[REST_MAX];
static size_t nrests;

/* Messages of one number that have no values but those that are known are of one
 * form. */
static void
check_rest(uint64_t rest, const struct form *f, struct arena *a)
{
	size_t i = 0;

	while (i < nrests && rests[i].rest != rest)
		i++;
	if (i == nrests && nrests < REST_MAX) {
		rests[nrests].rest = rest;
		rests[nrests].n = f->n;
		rests[nrests++].form = arena_sv(a, buf_sv(&f->text));
	} else if (i < nrests) {
		assert(rests[i].n == f->n);
		assert(sv_eq(rests[i].form, buf_sv(&f->text)));
	}
}

static bool
is_same(const struct apart_value *v, sv word)
{
	struct buf b = BUF_INIT;
	bool same;

	if (v->kind == APART_HASH)
		buf_hex64(&b, v->hash);
	else
		buf_add(&b, v->text);
	same = sv_eq(buf_sv(&b), word);
	buf_release(&b);
	return same;
}

/* The values are those that form_cut() finds, some of them at least. */
static void
check_apart(const struct appform_match *m, sv text, struct arena *a)
{
	struct form f = { .text = BUF_INIT };
	size_t n = 0;

	if (!form_are_values(m->apart, m->n))
		return;
	if (form_cut(&f, text)) {
		for (size_t i = 0; i < f.n && n < m->n; i++)
			n += is_same(&m->apart[n], f.value[i]);
		assert(n == m->n);
		if (f.n == m->n)
			check_rest(m->rest, &f, a);
	}
	buf_release(&f.text);
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

	assert(n <= APPFORM_SPANS && m->n <= m->form->json.holes);
	if (!redact_spans(&r, &got, span, n, path, a, &secret, &hash)) {
		assert(got.p == text.p);
		return;
	}
	assert(sv_eq(got, redact_text(&r, text, a)));
	if (sv_null(secret) || appform_hide(m, secret, hash))
		check_apart(m, got, a);
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
	nrests = 0;
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
