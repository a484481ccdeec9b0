/* SPDX-License-Identifier: MIT */
#include "record/secretfield.h"

#include "base/ascii.h"
#include "base/attr.h"
#include "record/secretkey.h"
#include "record/secretmark.h"
#include "record/secretname.h"
#include "record/secretstring.h"
#include "record/secrettext.h"
#include "record/secretvalue.h"

enum { COLUMNS_MAX = 256 }; /* bytes of the columns of a unique key */

/* "name": "password", "value": "x" in lists of fields and in HTML, or the part
 * of a form: name="password"\r\n\r\nx. text[at] is behind the name. */
static sv
named_value(sv text, size_t at, sv *quote)
{
	static const sv names[] = { W("value"), W("val"), W("content") };
	size_t i = at, slashes, width = 1, start;
	struct secretkey k = { .colon = false };
	sv v;

	while (i < text.n && (is_space(text.p[i]) || text.p[i] == ',' ||
	    text.p[i] == '\\' || is_quote(text.p[i]) ||
	    ((text.p[i] == 'r' || text.p[i] == 'n') && text.p[i - 1] == '\\')))
		i++;
	start = i;
	while (is_alpha(byte_at(text, i)))
		i++;
	if (is_one_of(sv_of(text.p + start, i - start), names,
	    countof(names))) {
		i = skip_slashes(text, i, &slashes);
		while (is_quote(byte_at(text, i)))
			i++;
		i = skip_blanks(text, i);
		if (i < text.n && secretkey_sign(text, i, &width, &k.depth)) {
			k.next = i + width;
			k.spaced = k.colon = true;
			return secretvalue_of(text, &k, quote);
		}
	}
	v = sv_of(text.p + at, start - at);
	return sv_has(v, SV("\n")) || sv_has(v, SV("\\n")) ?
	    secretvalue_bare(text, start) : SV("");
}

static const sv name_keys[] = {
	W("name"), W("key"), W("field"), W("header"), W("param"),
};

enum { NAME_KEY_MAX = 6 }; /* the longest of them */

bool
secretfield_is_key(sv key)
{
	return key.n <= NAME_KEY_MAX &&
	    is_one_of(key, name_keys, countof(name_keys));
}

sv
secretfield_named(sv text, const struct secretkey *k, sv *quote)
{
	size_t slashes, i = k->spaced ? skip_blanks(text, k->next) : k->next;
	size_t start;
	sv name;

	i = skip_slashes(text, i, &slashes);
	if (!is_quote(byte_at(text, i)) ||
	    !secretfield_is_key(k->text))
		return SV("");
	start = i + 1 + (is_quote(byte_at(text, i + 1)) ? 1 : 0);
	for (i = start; i - start < SECRETNAME_MAX &&
	    is_key_byte(byte_at(text, i));)
		i++;
	name = sv_of(text.p + start, i - start);
	while (byte_at(text, i) == '\\')
		i++;
	if (!is_quote(byte_at(text, i)) || sv_find_byte(name, '%') < name.n ||
	    !secretname_is(name, false))
		return SV("");
	return named_value(text, i + 1, quote);
}

/* Is one of the columns before text[at] secret? "(user_id, token)", also in
 * an expression: "(lower(token))". */
static bool
has_secret_column(sv text, size_t at)
{
	size_t end = at, start, open = 1;

	while (end > 0 && open > 0 && at - end < COLUMNS_MAX) {
		for (start = end; start > 0 && is_key_byte(text.p[start - 1]);)
			start--;
		if (start > 0 && secretmark_length(sv_skip(text, start - 1)))
			return false; /* left by an earlier pass */
		if (secretname_is(sv_of(text.p + start, end - start), false))
			return true;
		end = start > 0 ? start - 1 : 0;
		open += byte_at(text, end) == ')' ? 1 : 0;
		open -= byte_at(text, end) == '(' ? 1 : 0;
	}
	return false;
}

sv
secretfield_columns(sv text, size_t at)
{
	size_t i = at + 2;

	if (at == 0 || text.p[at] != '=' || text.p[at - 1] != ')' ||
	    byte_at(text, at + 1) != '(' || !has_secret_column(text, at - 1))
		return SV("");
	for (; i < text.n && text.p[i] != '\n'; i++) {
		int next = byte_at(text, i + 1);

		if (text.p[i] == ')' && (next == '\0' || next == '.' ||
		    next == '\\' || is_value_end(next, false)))
			break;
	}
	return sv_of(text.p + at + 2, i - at - 2);
}

/* The name in the string that ends at the quote text[at], and the index behind
 * the bracket before it, or 0: ["name", (b'name', [""name"". */
static size_t
pair_name(sv text, size_t at, sv *name)
{
	size_t end = at, i;

	while (end > 0 && (text.p[end - 1] == '\\' ||
	    text.p[end - 1] == text.p[at]))
		end--;
	for (i = end; i > 0 && end - i < SECRETNAME_MAX &&
	    is_key_byte(text.p[i - 1]);)
		i--;
	*name = sv_of(text.p + i, end - i);
	if (i == 0 || text.p[--i] != text.p[at])
		return 0;
	while (i > 0 && (text.p[i - 1] == '\\' || text.p[i - 1] == 'b' ||
	    text.p[i - 1] == text.p[at]))
		i--;
	return i > 0 && (text.p[i - 1] == '[' || text.p[i - 1] == '(') ? i : 0;
}

/* Index of what stands behind the string of which v is the inside. */
static size_t
behind_string(sv text, sv v)
{
	size_t slashes, i = (size_t)(v.p - text.p) + v.n;

	i = skip_slashes(text, i, &slashes);
	while (is_quote(byte_at(text, i)))
		i++;
	return skip_blanks(text, i);
}

/* Does the string end a list of two? Also where the text is cut. */
static bool
ends_pair(sv text, sv v)
{
	size_t i = behind_string(text, v);

	return i >= text.n || text.p[i] == ']' || text.p[i] == ')';
}

/* Are the two names of fields, the list the value of a key or the arguments of
 * a function? missing: ["password", "email"]. It opens before text[at]. */
static bool
is_field_list(sv text, size_t at, sv v)
{
	for (size_t i = 0; i < v.n; i++)
		if (!is_lower(v.p[i]) && v.p[i] != '_')
			return false;
	if (secretname_is(v, false))
		return true;
	at--;
	if (at > 0 && is_alnum(text.p[at - 1]))
		return true;
	while (at > 0 && is_blank(text.p[at - 1]))
		at--;
	return at > 0 && (text.p[at - 1] == ':' || text.p[at - 1] == '=');
}

/* A name of which no list of field names has a value behind it. */
static bool
is_header(sv name)
{
	int last = name.n ? to_lower(name.p[name.n - 1]) : 0;

	return (last == 'n' || last == 'e' || last == 'y') && name.n >= 6 &&
	    secretname_is_header(name); /* most are no name */
}

sv
secretfield_pair(sv text, size_t at, sv *quote)
{
	struct secretkey k = { .next = skip_blanks(text, at + 2) };
	size_t slashes, bracket;
	bool header;
	sv name, v;

	k.next = secretstring_prefix(text, k.next);
	if (!is_quote(byte_at(text, skip_slashes(text, k.next, &slashes))))
		return SV("");
	bracket = pair_name(text, at, &name);
	header = is_header(name);
	if (!header && (bracket == 0 || !secretname_is(name, false)))
		return SV("");
	v = secretvalue_of(text, &k, quote);
	if (byte_at(text, behind_string(text, v)) == ':')
		return SV(""); /* a key, of another pair */
	if (secretvalue_is_harmless(v) || (!header && (secretmark_has(v) ||
	    !ends_pair(text, v) || is_field_list(text, bracket, v))))
		return SV("");
	return v;
}

sv
secretfield_element(sv text, size_t at)
{
	size_t start = at + angle_at(text, at, '<'), i = start, end, slashes;
	sv name, value;

	while (i - start < SECRETNAME_MAX && (is_key_byte(byte_at(text, i)) ||
	    byte_at(text, i) == ':'))
		i++;
	name = sv_of(text.p + start, i - start);
	if (start == at || !secretname_is(name, false))
		return SV("");
	while (i < text.n && !angle_at(text, i, '<') && !angle_at(text, i, '>'))
		i++;
	if (!angle_at(text, i, '>') || text.p[i - 1] == '/')
		return SV("");
	end = i += angle_at(text, i, '>');
	while (end < text.n && !angle_at(text, end, '<'))
		end++;
	value = sv_of(text.p + i, end - i);
	i = skip_slashes(text, end + angle_at(text, end, '<'), &slashes);
	if (byte_at(text, i) != '/' || !sv_starts(sv_skip(text, i + 1), name) ||
	    secretvalue_is_harmless(value))
		return SV("");
	return value;
}

bool
secretfield_is_plain_item(sv text, size_t at)
{
	size_t start = at;
	sv name;

	while (start > 0 && is_name_byte(text.p[start - 1]))
		start--;
	name = sv_of(text.p + start, at - start);
	return name.n > 0 && name.n < SECRETNAME_MAX && start > 0 &&
	    text.p[start - 1] == '"' && !is_header(name) &&
	    !secretname_is(name, false);
}
