/* SPDX-License-Identifier: MIT */
/*
 * Whatever the bytes, what is written holds no control byte, no invisible or
 * direction-changing character, only valid UTF-8; a Markdown cell stays one
 * cell and no address starts in it; a code span ends where its fence says.
 */
#include <assert.h>
#include <stdint.h>

#include "base/ascii.h"
#include "output/escape.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* Reads UTF-8 another way than escape.c does: by its bit patterns. */
static uint32_t
next_char(sv *rest)
{
	unsigned char c = (unsigned char)sv_cut_n(rest, 1).p[0];
	unsigned more = c >= 0xf0 ? 3 : c >= 0xe0 ? 2 : c >= 0xc0 ? 1 : 0;
	uint32_t cp = more ? c & (0x3fu >> more) : c;

	assert(c < 0x80 || (c >= 0xc2 && c <= 0xf4));
	for (; more; more--) {
		assert(rest->n && ((unsigned char)rest->p[0] & 0xc0) == 0x80);
		cp = cp << 6 | ((unsigned char)sv_cut_n(rest, 1).p[0] & 0x3fu);
	}
	return cp;
}

static void
check_shown(sv v)
{
	while (v.n) {
		uint32_t c = next_char(&v);

		assert(c >= 0x20 && c != 0x7f && !(c >= 0x80 && c < 0xa0));
		assert(!(c >= 0x200b && c <= 0x200f));
		assert(!(c >= 0x2028 && c <= 0x202e));
		assert(!(c >= 0x2060 && c <= 0x206f));
		assert(!(c >= 0xd800 && c <= 0xdfff));
		assert(c != 0x61c && c != 0xfeff && c <= 0x10ffff);
		assert(!(c >= 0xe0000 && c <= 0xe007f));
	}
}

static void
check_cell(sv v)
{
	for (size_t i = 0; i < v.n; i++) {
		if (v.p[i] == '\\') {
			i++;
			continue;
		}
		assert(!memchr("|`*_[]<>@", v.p[i], 9));
		assert(!sv_starts(sv_skip(v, i), SV("://")));
	}
}

static size_t
ticks(sv v)
{
	size_t n = 0;

	while (n < v.n && v.p[n] == '`')
		n++;
	return n;
}

/* The first run of as many backticks as the fence has is the last thing. */
static void
check_code(sv v)
{
	size_t fence = ticks(v);

	assert(fence > 0);
	v = sv_skip(v, fence);
	while (v.n) {
		size_t n = ticks(v);

		assert(n != fence || n == v.n);
		assert(n == fence || v.n > n);
		v = sv_skip(v, n ? n : 1);
	}
}

/* No pipe of a code span is seen by the table around it. */
static void
check_pipes(sv v)
{
	for (size_t i = 0; i < v.n; i++) {
		if (v.p[i] == '\\')
			i++;
		else
			assert(v.p[i] != '|');
	}
}

/* Does v start with "name.letters"? */
static bool
is_domain(sv v)
{
	size_t n = 0, top;

	while (n < v.n && is_alnum(v.p[n]))
		n++;
	if (n == 0 || n == v.n || v.p[n] != '.')
		return false;
	for (top = ++n; n < v.n && is_alpha(v.p[n]); n++)
		;
	return n - top >= 2 && (n == v.n || (!is_alnum(v.p[n]) &&
	    v.p[n] != '-' && v.p[n] != '_'));
}

static void
check_mask(sv v)
{
	struct buf once = BUF_INIT, twice = BUF_INIT;

	mask_email(&once, v);
	mask_email(&twice, buf_sv(&once));
	assert(sv_eq(buf_sv(&once), buf_sv(&twice)));
	/* "%40" and "\\u0040" are '@' themselves */
	for (size_t i = 2; i < once.n; i++)
		assert(sv_ends(sv_take(buf_sv(&once), i), SV("40")) ||
		    !(once.p[i] == '@' && is_alnum(once.p[i - 1]) &&
		    is_alnum(once.p[i - 2]) &&
		    is_domain(sv_skip(buf_sv(&once), i + 1))));
	buf_release(&once);
	buf_release(&twice);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	sv in = sv_of(n ? (const char *)data : "", n);
	struct buf b = BUF_INIT;

	escape_text(&b, in);
	check_shown(buf_sv(&b));
	buf_clear(&b);
	escape_md(&b, in);
	check_shown(buf_sv(&b));
	check_cell(buf_sv(&b));
	buf_clear(&b);
	escape_md_code(&b, in, false);
	check_shown(buf_sv(&b));
	check_code(buf_sv(&b));
	buf_clear(&b);
	escape_md_code(&b, in, true);
	check_code(buf_sv(&b));
	check_pipes(buf_sv(&b));
	buf_release(&b);
	check_mask(in);
	return 0;
}
