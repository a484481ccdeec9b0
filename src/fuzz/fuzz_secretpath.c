/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdint.h>

#include "base/attr.h"
#include "record/secretpath.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static sv templates[] = {
	{ "/api/beta/preview/{token}", 25 }, { "/t/{a}/y/{b}.pdf", 16 },
	{ "/a.b/{c}", 8 },
};

/* Index behind the segment, which lies at or behind text[from]. */
static size_t
check_segment(sv text, sv segment, size_t from)
{
	size_t start = (size_t)(segment.p - text.p);

	assert(start >= from && segment.n > 0);
	assert(start + segment.n <= text.n);
	return start + segment.n;
}

/* The segments of one mention go forward, and so do the mentions. */
static void
check_mentions(sv template, sv text, bool encoded, bool dots)
{
	struct secretpath m;
	size_t from = 0;
	sv segment;

	secretpath_init(&m, template, text, 0, true);
	m.dots = dots;
	while (secretpath_find(&m, encoded, &segment)) {
		do
			from = check_segment(text, segment, from);
		while (secretpath_next(&m, &segment));
		assert(m.at >= from);
		secretpath_init(&m, template, text, m.at, true);
		m.dots = dots;
	}
}

/* What a path holds from its start a text that begins with it mentions too. */
static void
check_path(sv template, sv text)
{
	struct secretpath m;
	sv segment, found;
	size_t from = 0;

	secretpath_init(&m, template, text, 0, true);
	if (!secretpath_next(&m, &segment))
		return;
	from = check_segment(text, segment, from);
	secretpath_init(&m, template, text, 0, true);
	assert(secretpath_find(&m, true, &found));
	assert(found.p == segment.p && found.n == segment.n);
	while (secretpath_next(&m, &segment))
		from = check_segment(text, segment, from);
}

static void
check_bytes(sv text)
{
	size_t width;
	unsigned depth;

	for (size_t at = 0; at < text.n; at += width) {
		int c = secretpath_byte(text, at, &width, &depth);

		assert(c >= 0 && c <= 255 && width > 0);
		assert(at + width <= text.n);
		assert(width == (depth ? 2 * (size_t)depth + 1 : 1) ||
		    (width == 1 && c == '%'));
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	sv text = sv_of((const char *)data, size);

	check_bytes(text);
	for (size_t i = 0; i < countof(templates); i++) {
		check_path(templates[i], text);
		check_mentions(templates[i], text, true, false);
		check_mentions(templates[i], text, true, true);
		if (sv_find_byte(text, '%') == text.n)
			check_mentions(templates[i], text, false, false);
	}
	return 0;
}
