/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdint.h>

#include "parse/format.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_lines(const struct format *f, sv text, struct arena *a)
{
	while (!sv_null(text)) {
		sv line = sv_cut(&text, '\n');
		struct envelope env;
		struct bad_line bad;

		if (f->envelope(line, a, &env, &bad))
			assert(env.source.n && env.message.n <= line.n);
		else
			assert(bad.reason && bad.detail);
	}
}

static sv
name_part(const struct naming *n)
{
	return sv_null(n->app) ? n->table : n->app;
}

/* What is settled by the first bytes does not change when more come. */
static void
check_settled(sv text, const struct naming *name)
{
	const struct format *all = format_sniff(text, name);
	sv lines = text;

	while (!sv_null(lines)) {
		const struct format *some;
		sv head;

		sv_cut(&lines, '\n');
		head = sv_take(text, text.n - lines.n + (lines.n > 2));
		some = format_sniff(head, name);
		assert(some == all || !format_is_settled(some, head, name));
	}
}

/* The first line is a file name, the rest its bytes. One shape takes them, is
 * the same when asked again, and its reader has an answer for every line. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	sv text = sv_of((const char *)data, size), path = sv_cut(&text, '\n');
	struct arena a = ARENA_INIT;
	const struct format *f;
	struct naming name;

	naming_read(path, &name);
	assert(sv_null(name.app) || sv_null(name.table));
	assert(sv_has(path, name_part(&name)));
	f = format_sniff(text, &name);
	assert(format_find(sv_str(f->name)) == f);
	assert(f == format_sniff(text, &name));
	if (text.n < 2048)
		check_settled(text, &name);
	for (size_t i = 0; i < nformats; i++)
		if (formats[i].envelope)
			check_lines(&formats[i], text, &a);
	arena_release(&a);
	return 0;
}
