/* SPDX-License-Identifier: MIT */
#include "detect/mailaddr.h"

#include "base/ascii.h"
#include "base/attr.h"
#include "base/utf8.h"

/* --- folding -------------------------------------------------------------- */

enum {
	FULLWIDTH_FIRST = 0xff01, /* of U+0021 ... U+007E */
	FULLWIDTH_LAST = 0xff5e,
	FULLWIDTH_OFFSET = 0xfee0,
	IDEOGRAPHIC_STOP = 0x3002,
	HALFWIDTH_STOP = 0xff61
};

/* The ASCII character that cp stands for, or 0. */
static int
ascii_of(uint32_t cp)
{
	if (cp >= FULLWIDTH_FIRST && cp <= FULLWIDTH_LAST)
		return to_lower((int)(cp - FULLWIDTH_OFFSET));
	if (cp == IDEOGRAPHIC_STOP || cp == HALFWIDTH_STOP)
		return '.';
	return 0;
}

static void
add_folded(struct buf *b, sv v)
{
	while (v.n) {
		uint32_t cp = 0;
		size_t n = utf8_decode(v, &cp);
		int c = n > 1 ? ascii_of(cp) : n ? to_lower(v.p[0]) : 0;

		if (n == 0 || c == 0)
			buf_add(b, sv_take(v, n ? n : 1));
		else
			buf_byte(b, (char)c);
		v = sv_skip(v, n ? n : 1);
	}
}

struct halves {
	struct buf text;
	sv local, domain; /* domain null: no '@' */
};

static void
fold(struct halves *h, sv address)
{
	sv v;
	size_t at;

	*h = (struct halves){ .text = BUF_INIT };
	add_folded(&h->text, sv_trim(address));
	v = buf_sv(&h->text);
	at = sv_rfind(v, SV("@"));
	h->local = sv_take(v, at);
	h->domain = at < v.n ? sv_skip(v, at + 1) : SV_NULL;
	while (sv_ends(h->domain, SV(".")))
		h->domain = sv_take(h->domain, h->domain.n - 1);
}

static bool
ignores_dots(sv domain)
{
	return sv_is(domain, "gmail.com") || sv_is(domain, "googlemail.com");
}

static void
add_mailbox(struct buf *b, const struct halves *h)
{
	size_t plus = sv_find_byte(h->local, '+');
	sv local = h->local;

	if (!sv_null(h->domain) && plus > 0)
		local = sv_take(local, plus);
	for (size_t i = 0; i < local.n; i++)
		if (local.p[i] != '.' || !ignores_dots(h->domain))
			buf_byte(b, local.p[i]);
}

void
mail_canonical(struct buf *b, sv address)
{
	struct halves h;

	fold(&h, address);
	add_mailbox(b, &h);
	if (!sv_null(h.domain)) {
		buf_byte(b, '@');
		buf_add(b, ignores_dots(h.domain) ? SV("gmail.com") : h.domain);
	}
	buf_release(&h.text);
}

bool
mail_domain(struct buf *b, sv address)
{
	struct halves h;
	bool has;

	fold(&h, address);
	has = !sv_null(h.domain);
	buf_add(b, h.domain);
	buf_release(&h.text);
	return has;
}

void
mail_local(struct buf *b, sv address)
{
	struct halves h;

	fold(&h, address);
	add_mailbox(b, &h);
	buf_release(&h.text);
}

/* --- shape ---------------------------------------------------------------- */

/* 'a' for letters, '0' for digits, else the character itself. */
static char
kind_of(char c)
{
	return is_alpha(c) ? 'a' : is_digit(c) ? '0' : c;
}

void
mail_shape(struct buf *b, sv local)
{
	while (local.n) {
		char kind = kind_of(local.p[0]);
		bool counts = kind == 'a' || kind == '0';
		size_t n = 1;

		while (counts && n < local.n && kind_of(local.p[n]) == kind)
			n++;
		buf_byte(b, kind);
		if (counts)
			buf_u64(b, n);
		local = sv_skip(local, n);
	}
}

bool
mail_number(sv local, sv *stem, int64_t *number)
{
	size_t at = local.n;

	while (at > 0 && is_digit(local.p[at - 1]))
		at--;
	if (at == 0 || at == local.n || local.n - at > 15)
		return false;
	*stem = sv_take(local, at);
	return sv_to_i64(sv_skip(local, at), number);
}

bool
mail_is_numeric(sv local)
{
	size_t i = 0;

	while (i < local.n && is_digit(local.p[i]))
		i++;
	return i > 0 && i == local.n;
}

/* --- scripts -------------------------------------------------------------- */

enum script { NO_LETTER, LATIN, GREEK, CYRILLIC, ARMENIAN, OTHER_SCRIPT };

/* By Unicode's blocks: the alphabets whose letters look like one another's. */
static const struct {
	uint32_t first, last;
	enum script script;
} block[] = {
	{ 0x0000, 0x0040, NO_LETTER },
	{ 0x0041, 0x005a, LATIN },
	{ 0x005b, 0x0060, NO_LETTER },
	{ 0x0061, 0x007a, LATIN },
	{ 0x007b, 0x00bf, NO_LETTER },
	{ 0x00c0, 0x024f, LATIN },
	{ 0x0370, 0x03ff, GREEK },
	{ 0x0400, 0x052f, CYRILLIC },
	{ 0x0530, 0x058f, ARMENIAN },
	{ 0x1e00, 0x1eff, LATIN },
	{ 0x1f00, 0x1fff, GREEK },
	{ 0x2de0, 0x2dff, CYRILLIC },
	{ 0xa640, 0xa69f, CYRILLIC },
};

static enum script
script_of(uint32_t cp)
{
	for (size_t i = 0; i < countof(block); i++)
		if (cp >= block[i].first && cp <= block[i].last)
			return block[i].script;
	return OTHER_SCRIPT;
}

bool
mail_is_mixed(sv v)
{
	enum script word = NO_LETTER; /* of the letters so far */
	bool mixed = false;

	while (v.n && !mixed) {
		uint32_t cp = 0;
		size_t n = utf8_decode(v, &cp);
		enum script s = n ? script_of(cp) : NO_LETTER;

		if (s == NO_LETTER || s == OTHER_SCRIPT)
			word = s == NO_LETTER ? NO_LETTER : word;
		else if (word == NO_LETTER)
			word = s;
		mixed = n && (utf8_is_unsafe(cp) ||
		    (s != NO_LETTER && s != OTHER_SCRIPT && s != word));
		v = sv_skip(v, n ? n : 1);
	}
	return mixed;
}
