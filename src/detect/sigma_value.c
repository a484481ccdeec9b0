/* SPDX-License-Identifier: MIT */
/*
 * Every change takes one pattern and gives one or more; they are chained. A
 * pattern is text in the language of wildcard.h between the changes, and is
 * taken apart into units (a plain byte or a wildcard) inside of one.
 */
#include "detect/sigma_value.h"

#include <stdio.h>

#include "base/ascii.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "record/site.h"

struct units {
	char *c;
	bool *wild;
	size_t n;
};

/* A stretch of a pattern that may be any of these. */
struct segment {
	const sv *alt;
	size_t n;
};

struct maker {
	struct arena *a;
	const struct site *site;
	struct sigma_forms *out;
	size_t cap;
	char *why;
};

static enum sigma_value_end
no(struct maker *k, enum sigma_value_end end, const char *what, sv v)
{
	snprintf(k->why, SIGMA_WHY, "%s '%.*s'", what,
	    v.n > 80 ? 80 : (int)v.n, v.p ? v.p : "");
	return end;
}

/* --- units --- */

static void
put_plain(struct buf *b, char c)
{
	if (c == '\\' || c == '*' || c == '?' || c == '\n')
		buf_byte(b, '\\');
	buf_byte(b, c);
}

static void
put_unit(struct buf *b, const struct units *u, size_t i)
{
	if (u->wild[i])
		buf_byte(b, u->c[i]);
	else
		put_plain(b, u->c[i]);
}

static struct units
take_apart(struct arena *a, sv pattern)
{
	struct units u = { arena_alloc(a, pattern.n + 1),
		arena_array(a, pattern.n + 1, sizeof(bool)), 0 };

	for (size_t i = 0; i < pattern.n; i++, u.n++) {
		char c = pattern.p[i];

		u.wild[u.n] = c == '*' || c == '?';
		if (c == '\\' && i + 1 < pattern.n)
			c = pattern.p[++i];
		u.c[u.n] = c;
	}
	return u;
}

static bool
has_wildcard(const struct units *u)
{
	for (size_t i = 0; i < u->n; i++)
		if (u->wild[i])
			return true;
	return false;
}

/* A Sigma string as a pattern. */
static sv
from_sigma(struct arena *a, sv v)
{
	struct buf b = BUF_INIT;

	for (size_t i = 0; i < v.n; i++) {
		char c = v.p[i], next = i + 1 < v.n ? v.p[i + 1] : '\0';

		if (c == '\\' && (next == '\\' || next == '*' || next == '?'))
			put_plain(&b, v.p[++i]);
		else if (c == '*' || c == '?')
			buf_byte(&b, c);
		else
			put_plain(&b, c);
	}
	return buf_keep(&b, a);
}

/* --- forms --- */

static void
add_form(struct maker *k, sv pattern)
{
	struct sigma_forms *f = k->out;

	if (f->n == k->cap) {
		sv *old = f->v;

		k->cap = k->cap ? 2 * k->cap : 4;
		f->v = arena_array(k->a, k->cap, sizeof(sv));
		if (f->n)
			memcpy(f->v, old, f->n * sizeof(sv));
	}
	f->v[f->n++] = pattern;
}

/* Every way to choose one of each segment, the last varying fastest. */
static enum sigma_value_end
add_product(struct maker *k, const struct segment *seg, size_t n, sv about)
{
	size_t total = 1, *at = arena_array(k->a, n + 1, sizeof(*at));

	for (size_t i = 0; i < n && total <= SIGMA_FORMS_MAX; i++)
		total *= seg[i].n;
	if (k->out->n + total > SIGMA_FORMS_MAX)
		return no(k, VALUE_BAD, "too many forms of", about);
	for (; total > 0; total--) {
		struct buf b = BUF_INIT;

		for (size_t i = 0; i < n; i++)
			buf_add(&b, seg[i].alt[at[i]]);
		add_form(k, buf_keep(&b, k->a));
		for (size_t i = n; i-- > 0 && ++at[i] == seg[i].n; )
			at[i] = 0;
	}
	return VALUE_OK;
}

static struct segment
one(struct arena *a, struct buf *b)
{
	sv *v = arena_new(a, sv);

	*v = arena_sv(a, buf_sv(b));
	buf_clear(b);
	return (struct segment){ v, 1 };
}

/* --- windash --- */

static const sv dashes[] = { { "-", 1 }, { "/", 1 }, { "\xe2\x80\x93", 3 },
	{ "\xe2\x80\x94", 3 }, { "\xe2\x80\x95", 3 } };

/* Bytes i.. (or those that end at i) are a dash beyond ASCII. */
static bool
is_long_dash(const struct units *u, size_t i)
{
	sv here = sv_of(u->c + i, u->n - i);

	for (size_t k = 2; k < countof(dashes); k++)
		if (sv_starts(here, dashes[k]))
			return true;
	return false;
}

/* Letters beyond ASCII are told by their first byte, or by any. */
static bool
starts_word(const struct units *u, size_t i)
{
	return i < u->n && !u->wild[i] && (is_alnum(u->c[i]) ||
	    u->c[i] == '_' || ((unsigned char)u->c[i] >= 0x80 &&
	    !is_long_dash(u, i)));
}

static bool
ends_word(const struct units *u, size_t end)
{
	if (end == 0 || u->wild[end - 1])
		return false;
	if ((unsigned char)u->c[end - 1] >= 0x80)
		return end < 3 || !is_long_dash(u, end - 3);
	return is_alnum(u->c[end - 1]) || u->c[end - 1] == '_';
}

/* \B[-/]\b */
static bool
is_option(const struct units *u, size_t i)
{
	return !u->wild[i] && (u->c[i] == '-' || u->c[i] == '/') &&
	    !ends_word(u, i) && starts_word(u, i + 1);
}

static enum sigma_value_end
change_windash(struct maker *k, sv pattern)
{
	struct units u = take_apart(k->a, pattern);
	struct segment *seg = arena_array(k->a, 2 * u.n + 1, sizeof(*seg));
	struct buf b = BUF_INIT;
	size_t n = 0;

	for (size_t i = 0; i < u.n; i++) {
		if (!is_option(&u, i)) {
			put_unit(&b, &u, i);
			continue;
		}
		seg[n++] = one(k->a, &b);
		seg[n++] = (struct segment){ dashes, countof(dashes) };
	}
	seg[n++] = one(k->a, &b);
	buf_release(&b);
	return add_product(k, seg, n, pattern);
}

/* --- placeholders --- */

/* The values of a fact: one for a plain text, none for a list of exceptions
 * that the site does not have. False when the site does not say. */
static bool
fact_list(struct arena *a, const struct site *s, sv key, struct site_list *out)
{
	const struct site_list *l;
	sv one;

	*out = (struct site_list){ NULL, 0 };
	if (!s)
		return false;
	one = sv_is(key, "preview_prefix") ? s->preview_prefix
	    : sv_is(key, "host") ? s->host : SV_NULL;
	if (!sv_null(one)) {
		out->item = arena_new(a, sv);
		out->item[out->n++] = one;
		return true;
	}
	l = sv_is(key, "secret_paths") ? &s->secret_paths
	    : sv_is(key, "apps") ? &s->apps : site_fact(s, key);
	if (l)
		*out = *l;
	return l || site_is_exception(key);
}

static enum sigma_value_end
placeholder(struct maker *k, sv name, sv (*write)(struct arena *, sv),
    struct segment *out)
{
	struct site_list l;
	sv *v;

	if (!fact_list(k->a, k->site, name, &l))
		return no(k, VALUE_UNKNOWN, "site.yml has no list for "
		    "placeholder", name);
	v = arena_array(k->a, l.n, sizeof(sv));
	for (size_t i = 0; i < l.n; i++)
		v[i] = write(k->a, l.item[i]);
	*out = (struct segment){ v, l.n };
	return VALUE_OK;
}

/* The end of the placeholder that starts at i ("%name%"), or i. */
static size_t
placeholder_end(const struct units *u, size_t i)
{
	size_t end = i + 1;

	if (u->wild[i] || u->c[i] != '%' ||
	    (i && !u->wild[i - 1] && u->c[i - 1] == '\\'))
		return i;
	while (end < u->n && !u->wild[end] && u->c[end] != '%')
		end++;
	return end < u->n && !u->wild[end] && end > i + 1 ? end + 1 : i;
}

/* `put` writes a unit that stands outside of placeholders. */
static enum sigma_value_end
expand(struct maker *k, const struct units *u, sv about,
    sv (*write)(struct arena *, sv),
    void (*put)(struct buf *, const struct units *, size_t))
{
	struct segment *seg = arena_array(k->a, 2 * u->n + 1, sizeof(*seg));
	enum sigma_value_end end = VALUE_OK;
	struct buf b = BUF_INIT;
	size_t n = 0, stop;

	for (size_t i = 0; i < u->n && end == VALUE_OK; i = stop) {
		stop = placeholder_end(u, i);
		if (stop > i) {
			seg[n++] = one(k->a, &b);
			end = placeholder(k, sv_of(u->c + i + 1, stop - i - 2),
			    write, &seg[n++]);
			continue;
		}
		stop = i + 1; /* "\%" is a percent sign */
		if (u->wild[i] || u->c[i] != '\\' || stop == u->n ||
		    u->wild[stop] || u->c[stop] != '%')
			put(&b, u, i);
	}
	seg[n++] = one(k->a, &b);
	buf_release(&b);
	return end == VALUE_OK ? add_product(k, seg, n, about) : end;
}

static enum sigma_value_end
change_expand(struct maker *k, sv pattern)
{
	struct units u = take_apart(k->a, pattern);

	return expand(k, &u, pattern, from_sigma, put_unit);
}

/* --- UTF-16 --- */

static void
put_half(struct buf *b, uint32_t v, bool big)
{
	put_plain(b, (char)(unsigned char)(big ? v >> 8 : v & 0xff));
	put_plain(b, (char)(unsigned char)(big ? v & 0xff : v >> 8));
}

static void
put_utf16(struct buf *b, uint32_t cp, bool big)
{
	if (cp >= 0x10000) {
		put_half(b, 0xd800 + ((cp - 0x10000) >> 10), big);
		cp = 0xdc00 + ((cp - 0x10000) & 0x3ff);
	}
	put_half(b, cp, big);
}

/* Plain units that are no UTF-8 (of an encoding before this one) are taken as
 * characters of their own number. */
static enum sigma_value_end
to_utf16(struct maker *k, sv pattern, bool big, bool mark)
{
	struct units u = take_apart(k->a, pattern);
	struct buf b = BUF_INIT;

	if (mark)
		put_utf16(&b, 0xfeff, big);
	for (size_t i = 0, len; i < u.n; i += len) {
		uint32_t cp = (unsigned char)u.c[i];

		len = 1;
		if (u.wild[i])
			buf_byte(&b, u.c[i]);
		else
			len = utf8_decode(sv_of(u.c + i, u.n - i), &cp);
		if (!u.wild[i])
			put_utf16(&b, cp, big);
		len = len ? len : 1;
	}
	add_form(k, buf_keep(&b, k->a));
	return VALUE_OK;
}

static enum sigma_value_end
change_utf16le(struct maker *k, sv pattern)
{
	return to_utf16(k, pattern, false, false);
}

static enum sigma_value_end
change_utf16be(struct maker *k, sv pattern)
{
	return to_utf16(k, pattern, true, false);
}

static enum sigma_value_end
change_utf16(struct maker *k, sv pattern)
{
	return to_utf16(k, pattern, false, true);
}

/* --- base64 --- */

static void
put_base64(struct buf *b, const unsigned char *p, size_t n)
{
	static const char digit[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789+/";

	for (; n > 0; p += 3) {
		size_t m = n < 3 ? n : 3;
		unsigned v = (unsigned)p[0] << 16 |
		    (unsigned)(m > 1 ? p[1] : 0) << 8 | (m > 2 ? p[2] : 0);

		buf_byte(b, digit[v >> 18]);
		buf_byte(b, digit[v >> 12 & 63]);
		buf_byte(b, m > 1 ? digit[v >> 6 & 63] : '=');
		buf_byte(b, m > 2 ? digit[v & 63] : '=');
		n -= m;
	}
}

/* The text as it is in base64 behind `shift` other bytes, without the digits
 * that depend on what is around it. */
static sv
shifted(struct arena *a, const struct units *u, size_t shift)
{
	static const size_t front[] = { 0, 2, 3 }, back[] = { 0, 3, 2 };
	struct buf raw = BUF_INIT, b = BUF_INIT;
	size_t cut = front[shift] + back[(u->n + shift) % 3];
	sv out;

	buf_mem(&raw, "  ", shift);
	buf_mem(&raw, u->c, u->n);
	put_base64(&b, (const unsigned char *)raw.p, raw.n);
	out = b.n < cut ? SV("") : arena_sv(a, sv_take(sv_skip(buf_sv(&b),
	    front[shift]), b.n - cut));
	buf_release(&raw);
	buf_release(&b);
	return out;
}

static enum sigma_value_end
change_base64(struct maker *k, sv pattern)
{
	struct units u = take_apart(k->a, pattern);
	struct buf b = BUF_INIT;

	if (has_wildcard(&u))
		return no(k, VALUE_BAD, "base64 takes no wildcards:", pattern);
	put_base64(&b, (const unsigned char *)u.c, u.n);
	add_form(k, buf_keep(&b, k->a));
	return VALUE_OK;
}

static enum sigma_value_end
change_base64offset(struct maker *k, sv pattern)
{
	struct units u = take_apart(k->a, pattern);

	if (has_wildcard(&u))
		return no(k, VALUE_BAD, "base64 takes no wildcards:", pattern);
	for (size_t shift = 0; shift < 3; shift++) {
		sv form = shifted(k->a, &u, shift);

		if (form.n) /* a byte alone may leave no digit to look for */
			add_form(k, form);
	}
	return VALUE_OK;
}

/* --- the whole --- */

static const struct {
	unsigned bit;
	enum sigma_value_end (*make)(struct maker *k, sv pattern);
} changes[] = {
	{ MOD_EXPAND, change_expand },
	{ MOD_WINDASH, change_windash },
	{ MOD_UTF16LE, change_utf16le },
	{ MOD_UTF16BE, change_utf16be },
	{ MOD_UTF16, change_utf16 },
	{ MOD_BASE64, change_base64 },
	{ MOD_BASE64OFFSET, change_base64offset },
};

static enum sigma_value_end
change_all(struct maker *k, unsigned bit, const struct sigma_forms *from)
{
	enum sigma_value_end end = VALUE_OK;
	size_t c = 0;

	while (changes[c].bit != bit)
		c++;
	for (size_t i = 0; i < from->n && end == VALUE_OK; i++) {
		end = changes[c].make(k, from->v[i]);
		if (k->out->n > SIGMA_FORMS_MAX)
			return no(k, VALUE_BAD, "too many forms of",
			    from->v[i]);
	}
	return end;
}

/* Adds the outer '*', and writes as records do what they cannot hold. */
static sv
dress(struct arena *a, sv pattern, unsigned bits)
{
	struct units u = take_apart(a, pattern);
	struct buf b = BUF_INIT;

	if (bits & (MOD_CONTAINS | MOD_ENDS))
		buf_byte(&b, '*');
	for (size_t i = 0, stop; i < u.n; i = stop) {
		sv clean;

		for (stop = i; stop < u.n && !u.wild[stop]; )
			stop++;
		clean = utf8_clean(sv_of(u.c + i, stop - i), a);
		for (size_t k = 0; k < clean.n; k++)
			put_plain(&b, clean.p[k]);
		if (stop < u.n)
			buf_byte(&b, u.c[stop++]);
	}
	if (bits & (MOD_CONTAINS | MOD_STARTS))
		buf_byte(&b, '*');
	return buf_keep(&b, a);
}

enum sigma_value_end
sigma_value(struct arena *a, const struct site *site, sv text,
    const struct sigma_mods *m, struct sigma_forms *out, char why[SIGMA_WHY])
{
	struct maker k = { a, site, out, 0, why };

	*out = (struct sigma_forms){ NULL, 0 };
	add_form(&k, from_sigma(a, text));
	for (size_t i = 0; i < m->nchanges; i++) {
		struct sigma_forms from = *out;
		enum sigma_value_end end;

		*out = (struct sigma_forms){ NULL, 0 };
		k.cap = 0;
		end = change_all(&k, m->change[i], &from);
		if (end != VALUE_OK)
			return end;
	}
	for (size_t i = 0; i < out->n; i++)
		out->v[i] = dress(a, out->v[i], m->bits);
	return VALUE_OK;
}

/* --- regular expressions --- */

/* Any byte but a letter, digit or '_' may have a '\' before it. */
static sv
quote(struct arena *a, sv v)
{
	struct buf b = BUF_INIT;

	for (size_t i = 0; i < v.n; i++) {
		if (!is_alnum(v.p[i]) && v.p[i] != '_' &&
		    (unsigned char)v.p[i] < 0x80)
			buf_byte(&b, '\\');
		buf_byte(&b, v.p[i]);
	}
	return buf_keep(&b, a);
}

static void
put_raw(struct buf *b, const struct units *u, size_t i)
{
	buf_byte(b, u->c[i]);
}

/* Contains is what a search does anyway; both ends mean no more. */
static sv
dress_regex(struct arena *a, sv pattern, unsigned bits)
{
	bool starts = bits & MOD_STARTS, ends = bits & MOD_ENDS;
	struct buf b = BUF_INIT;

	if ((bits & MOD_CONTAINS) || (starts && ends))
		starts = ends = false;
	if (bits & MODS_RE_FLAGS)
		buf_printf(&b, "(?%s%s%s)", bits & MOD_I ? "i" : "",
		    bits & MOD_M ? "m" : "", bits & MOD_S ? "s" : "");
	if (starts)
		buf_lit(&b, "\\A");
	if (starts || ends)
		buf_lit(&b, "(?:");
	buf_add(&b, pattern);
	if (starts || ends)
		buf_lit(&b, ")");
	if (ends)
		buf_lit(&b, "\\z");
	return buf_keep(&b, a);
}

enum sigma_value_end
sigma_regex(struct arena *a, const struct site *site, sv text,
    const struct sigma_mods *m, struct sigma_forms *out, char why[SIGMA_WHY])
{
	struct maker k = { a, site, out, 0, why };
	enum sigma_value_end end = VALUE_OK;

	*out = (struct sigma_forms){ NULL, 0 };
	if (m->bits & MOD_EXPAND) {
		struct units u = { arena_str(a, text),
			arena_array(a, text.n + 1, sizeof(bool)), text.n };

		end = expand(&k, &u, text, quote, put_raw);
	} else {
		add_form(&k, text);
	}
	for (size_t i = 0; i < out->n; i++)
		out->v[i] = dress_regex(a, out->v[i], m->bits);
	return end;
}
