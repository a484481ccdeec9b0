/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdint.h>

#include "record/secretfind.h"
#include "record/secretkey.h"
#include "record/secretmark.h"
#include "record/secretvalue.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Is the view in the text, at or behind text[from]? */
static bool
is_inside(sv text, sv v, size_t from)
{
	return v.p >= text.p + from && v.p + v.n <= text.p + text.n;
}

/* Secrets go forward, one behind the other, and are no marks. */
static void
check_secrets(const struct secretfind *f, sv text)
{
	struct secret s = SECRET_INIT;
	size_t from = 0;

	while (secretfind_next(f, text, from, &s)) {
		assert(s.text.n > 0 && is_inside(text, s.text, from));
		assert(!secretmark_is(s.text));
		assert(s.quote.n == 0 || is_inside(text, s.quote, 0));
		from = (size_t)(s.text.p - text.p) + s.text.n;
	}
}

/* A key ends before its sign, a value begins behind it. */
static void
check_key(sv text, size_t at)
{
	sv wrap = SV(""), value;
	struct secretkey k;

	if (!secretkey_at(text, at, &k))
		return;
	assert(k.next > at && k.next <= text.n);
	assert(sv_is(k.text, "api_key") || k.text.n == 0 ||
	    is_inside(sv_take(text, at), k.text, 0));
	value = secretvalue_of(text, &k, &wrap);
	assert(value.n == 0 || is_inside(text, value, k.next));
	assert(wrap.n == 0 || is_inside(text, wrap, 0));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	sv text = sv_of((const char *)data, size);
	static struct secretfind f;
	static bool ready;

	if (!ready)
		secretfind_init(&f);
	ready = true;
	if (size == 0 || size > 4096)
		return 0;
	check_secrets(&f, text);
	for (size_t i = 0; i < text.n; i++)
		check_key(text, i);
	return 0;
}
