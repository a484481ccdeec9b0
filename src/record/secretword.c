/* SPDX-License-Identifier: MIT */
#include "record/secretword.h"

#include "base/ascii.h"
#include "record/secretkey.h"
#include "record/secretmark.h"
#include "record/secretname.h"
#include "record/secretshape.h"
#include "record/secrettext.h"
#include "record/secretvalue.h"

/* "user:password", not "1000:1000", nor what an earlier pass left. */
static bool
is_login(sv v)
{
	size_t at = sv_find_byte(v, ':');

	if (at == 0 || at + 1 >= v.n || v.p[at + 1] == '/' || secretmark_has(v))
		return false;
	for (size_t i = 0; i < v.n; i++)
		if (!is_digit(v.p[i]) && i != at)
			return true;
	return false;
}

/* A secret by its shape that begins in text[from..to). */
static sv
shape_within(sv text, size_t from, size_t to)
{
	sv v = SV("");

	while (from < to && v.n == 0)
		v = secretshape_at(text, from++);
	return v;
}

sv
secretword_option(sv text, size_t at, sv *quote)
{
	size_t start = at + 2, i = start, slashes;
	struct secretkey k = { .next = 0 };
	sv name, v;

	while (i - start < SECRETNAME_MAX &&
	    is_key_byte(byte_at(text, i)) && text.p[i] != '%')
		i++;
	name = sv_of(text.p + start, i - start);
	if (!is_blank(byte_at(text, i)))
		i = skip_slashes(text, i, &slashes);
	if (is_quote(byte_at(text, i)))
		i += byte_at(text, i + 1) == ',' ? 2 : 1;
	k.next = skip_blanks(text, i);
	if (k.next == i || byte_at(text, k.next) == '-' ||
	    !(secretname_is(name, false) || sv_is(name, "user")))
		return SV("");
	v = shape_within(text, start, start + name.n);
	if (v.n)
		return v;
	v = secretvalue_of(text, &k, quote);
	if (secretvalue_is_harmless(v) || (sv_is(name, "user") && !is_login(v)))
		return SV("");
	return v;
}

sv
secretword_letter(sv text, size_t at, struct secretcommand *command, sv *quote)
{
	struct secretkey k = { .next = skip_blanks(text, at + 3) };
	sv v;

	secretcommand_open(text, at, command);
	v = secretcommand_value(text, at, command);
	if (v.n)
		return secretvalue_is_harmless(v) ? SV("") : v;
	if (byte_at(text, at + 2) != 'u' || k.next == at + 3)
		return SV("");
	v = secretvalue_of(text, &k, quote);
	return is_login(v) ? v : SV("");
}

sv
secretword_setting(sv text, size_t at)
{
	sv v = secretcommand_setting(text, at), shape;

	if (v.n == 0)
		return v;
	shape = shape_within(text, at, (size_t)(v.p - text.p));
	if (shape.n)
		return shape;
	return secretvalue_is_harmless(v) ? SV("") : v;
}

/* Does text[..at) end in "IDENTIFIED BY" or "IDENTIFIED WITH plugin BY"? What
 * stands between holds no sign, so no mark of an earlier pass. */
static bool
is_identified(sv text, size_t at)
{
	size_t i = at;

	while (i > 0 && at - i < SECRETNAME_MAX && (is_alnum(text.p[i - 1]) ||
	    is_blank(text.p[i - 1]) || is_quote(text.p[i - 1]) ||
	    text.p[i - 1] == '_'))
		i--;
	text = sv_of(text.p + i, at - i);
	return sv_has(text, SV("IDENTIFIED")) || sv_has(text, SV("identified"));
}

sv
secretword_sql(sv text, size_t at, sv *quote)
{
	struct secretkey k = { .next = 0 };
	size_t slashes, i = skip_slashes(text, at, &slashes);
	sv v;

	if (at == 0 || !is_alpha(text.p[at - 1]) || !is_quote(byte_at(text, i)))
		return SV("");
	secretkey_read(text, at, &k);
	if (!secretname_is_word(k.text) &&
	    !(sv_eq_nocase(k.text, SV("by")) && is_identified(text, at)))
		return SV("");
	k.next = at + 1;
	v = secretvalue_of(text, &k, quote);
	return secretvalue_is_harmless(v) ? SV("") : v;
}

bool
secretword_is_plain(sv text, size_t at)
{
	size_t start = at;
	sv word;

	if (at == 0 || byte_at(text, at + 1) == '-')
		return false;
	while (start > 0 && is_alpha(text.p[start - 1]))
		start--;
	word = sv_of(text.p + start, at - start);
	return word.n == 0 || (word.n < SECRETNAME_MAX && start > 0 &&
	    (text.p[start - 1] == ' ' || text.p[start - 1] == '"') &&
	    !secretname_is_word(word) && !sv_eq_nocase(word, SV("by")));
}
