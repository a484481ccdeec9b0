/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdint.h>

#include "base/ascii.h"
#include "record/secretname.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MAX = 200 };

struct answers {
	bool is, query, cookie, header, word, kind;
};

static struct answers
ask(sv name)
{
	return (struct answers){ secretname_is(name, false),
		secretname_is(name, true), secretname_is_cookie(name),
		secretname_is_header(name), secretname_is_word(name),
		secretname_is_key_kind(name) };
}

static void
check_same(struct answers a, struct answers b)
{
	assert(a.is == b.is && a.query == b.query && a.cookie == b.cookie);
	assert(a.header == b.header && a.word == b.word && a.kind == b.kind);
}

/* Case does not matter, of a long name nothing but its end does, and what is
 * secret anywhere is so in a query string. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	sv name = sv_of((const char *)data, size);
	struct answers first = ask(name);
	char upper[MAX];

	assert(!first.is || first.query);
	if (size > MAX)
		return 0;
	for (size_t i = 0; i < size; i++)
		upper[i] = is_lower(name.p[i]) ?
		    (char)(name.p[i] - ('a' - 'A')) : name.p[i];
	check_same(first, ask(sv_of(upper, size)));
	if (size > SECRETNAME_MAX)
		check_same(first, ask(sv_skip(name, size - SECRETNAME_MAX)));
	return 0;
}
