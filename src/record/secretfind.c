/* SPDX-License-Identifier: MIT */
#include "record/secretfind.h"

#include "base/ascii.h"
#include "base/attr.h"
#include "base/swar.h"
#include "record/secretcommand.h"
#include "record/secretkey.h"
#include "record/secretmark.h"
#include "record/secretname.h"
#include "record/secretshape.h"
#include "record/secretstring.h"
#include "record/secrettext.h"
#include "record/secreturl.h"
#include "record/secretvalue.h"

enum {
	COLUMNS_MAX = 256, /* bytes of the columns of a unique key */
	PLURAL_MAX = 4096  /* ... of a value that are looked at */
};

/* "name": "password", "value": "x" in lists of fields and in HTML, or the part
 * of a form: name="password"\r\n\r\nx. text[at] is behind the name. */
static sv
named_value(sv text, size_t at, sv *wrap)
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
			return secretvalue_of(text, &k, wrap);
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

static sv
named_field(sv text, const struct secretkey *k, sv *wrap)
{
	size_t slashes, i = k->spaced ? skip_blanks(text, k->next) : k->next;
	size_t start;
	sv name;

	i = skip_slashes(text, i, &slashes);
	if (!is_quote(byte_at(text, i)) ||
	    !is_one_of(k->text, name_keys, countof(name_keys)))
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
	return named_value(text, i + 1, wrap);
}

/* "12:30": no key ends in a digit before a colon and a digit. */
static bool
is_clock(sv text, size_t at)
{
	return at > 0 && text.p[at] == ':' && is_digit(text.p[at - 1]) &&
	    is_digit(byte_at(text, at + 1));
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

/* "Key (token)=(x) already exists." of Postgres, at the sign: what stands in
 * the second brackets, up to one that a word does not follow. */
static sv
column_values(sv text, size_t at)
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

/* Letters, and digits or capitals: no count, no words of a text. */
static bool
is_random(sv v)
{
	bool letter = false, other = false;

	for (size_t i = 0; i < v.n; i++) {
		letter |= is_alpha(v.p[i]);
		other |= is_digit(v.p[i]) || is_upper(v.p[i]);
	}
	return letter && other;
}

/* "tokens":["x1"]: under a name that mostly counts a string or list of them. */
static sv
plural_value(sv text, const struct secretkey *k, sv *wrap)
{
	size_t slashes, i = skip_blanks(text, k->next);
	sv v;

	i = skip_slashes(text, byte_at(text, i) == '[' ? i + 1 : i, &slashes);
	if (!is_quote(byte_at(text, i)))
		return SV("");
	v = secretvalue_of(text, k, wrap);
	return is_random(sv_take(v, PLURAL_MAX)) && !secretmark_has(v) ? v :
	    SV("");
}

/* Is the key that ends before text[at] one like nearly all: a name that tells
 * nothing, with or without a quote, and nothing before it that makes it another?
 * Then what secretkey_at() would find is no secret's. */
static bool
has_plain_key(sv text, size_t at)
{
	size_t end = at && text.p[at - 1] == '"' ? at - 1 : at, start = end;
	int before, last;
	sv key;

	while (start > 0 && is_name_byte(text.p[start - 1]))
		start--;
	key = sv_of(text.p + start, end - start);
	before = start ? text.p[start - 1] : ' ';
	last = key.n ? key.p[key.n - 1] : '2'; /* 2, 7: of a spelled quote */
	return last != '2' && last != '7' && before != '\\' &&
	    before != '%' && before != '[' &&
	    !(key.n <= NAME_KEY_MAX && is_one_of(key, name_keys,
	    countof(name_keys))) && !ends_nocase(key, SV("tokens")) &&
	    secretname_is_plain(key);
}

/* The number of a card starts with one of these. */
static bool
is_card_start(int c)
{
	return c >= '2' && c <= '6';
}

/* Is there one, perhaps? */
static bool
is_card_at(sv text, size_t at)
{
	return is_card_start(byte_at(text, at)) &&
	    secretshape_may_be_card(sv_skip(text, at));
}

/* A key and the byte before it, packed: at most 15 bytes of a name. */
struct packed {
	uint64_t head, tail;
};

/* Marks what a key stands behind: a quote, or in text, and in a query, one of
 * these. */
static inline uint64_t
key_opens(uint64_t x, bool quoted)
{
	return quoted ? swar_each(x, '"') :
	    swar_each(x, ' ') | swar_each(x, '?') | swar_each(x, '&');
}

/* The key that ends before text[end], with what it stands behind; false when it
 * is longer. Before the text there are blanks. */
static bool
pack_key(sv text, size_t end, bool quoted, struct packed *out)
{
	enum { ROOM = 16 };
	const char *from;
	attr_unset char front[ROOM];
	uint64_t marks;

	if (unlikely(end < ROOM)) {
		memset(front, ' ', sizeof(front));
		memcpy(front + ROOM - end, text.p, end);
	}
	from = end < ROOM ? front : text.p + end - ROOM;
	out->head = 0;
	out->tail = swar_load(from + 8);
	marks = key_opens(out->tail, quoted);
	if (marks == 0) {
		out->head = swar_load(from);
		marks = key_opens(out->head, quoted);
		if (marks)
			out->head = out->head >> 8 * swar_last(marks);
		return marks != 0;
	}
	out->tail = out->tail >> 8 * swar_last(marks);
	return true;
}

/* Is the key that ends before the ':' text[at] the name of a secret, with one quote
 * on each side and nothing in it that is spelled? */
static bool
has_bare_secret_key(sv text, size_t at)
{
	struct secretkey k;

	return text.p[at] == ':' && text.p[at - 1] == '"' &&
	    secretkey_at(text, at, &k) && k.quote.n == 1 && !k.query &&
	    k.text.p + k.text.n == text.p + at - 1 && k.text.p[-1] == '"' &&
	    sv_find_byte(k.text, '%') == k.text.n &&
	    !ends_nocase(k.text, SV("tokens")) && secretname_is(k.text, false);
}

enum key_kind { KEY_OTHER, KEY_PLAIN, KEY_SECRET };

/* What kind of key ends before the sign text[at]? Keys come again in each line:
 * this is from memory, and looks at no other bytes than those that are packed. */
static enum key_kind
key_kind(sv text, size_t at)
{
	enum { SLOT_BITS = 8 };
	static _Thread_local struct {
		struct packed key;
		enum key_kind kind;
	} known[1 << SLOT_BITS], *slot;
	bool quoted = text.p[at - 1] == '"';
	struct packed key;
	enum key_kind kind;

	if (!pack_key(text, quoted ? at - 1 : at, quoted, &key))
		return KEY_OTHER;
	slot = &known[(key.head * UINT64_C(0xc2b2ae3d27d4eb4f) + key.tail) *
	    UINT64_C(0x9e3779b97f4a7c15) >> (64 - SLOT_BITS)];
	if (slot->key.head == key.head && slot->key.tail == key.tail &&
	    slot->kind)
		return slot->kind;
	kind = has_plain_key(text, at) ? KEY_PLAIN :
	    has_bare_secret_key(text, at) ? KEY_SECRET : KEY_OTHER;
	if (kind) {
		slot->key = key;
		slot->kind = kind;
	}
	return kind;
}

/* Does a string that is a key stand behind "\"," at text[at]? Then what stands
 * before is in no list: see pair_at. */
static bool
goes_on_with_key(sv text, size_t at)
{
	size_t end = at + 3;

	if (byte_at(text, at + 2) != '"')
		return false;
	while (is_name_byte(byte_at(text, end)))
		end++;
	return byte_at(text, end) == '"' && byte_at(text, end + 1) == ':';
}

static bool
is_sign(int c)
{
	return c == ':' || c == '=' || c == '%';
}

/* What is at nearly all places in JSON and logfmt, quickly: nothing. */
static bool
is_idle(sv text, size_t at, const struct secret *s)
{
	int next = byte_at(text, at + 1);
	bool card = is_card_at(text, at + 1);

	if (is_card_start(next) && !is_sign(text.p[at]))
		return !card; /* of a card, or of nothing */
	if (text.p[at] == '/' || (text.p[at] == '%' && next != '2' &&
	    next != '3'))
		return true; /* of a path, if it is any */
	if (text.p[at] == '"')
		return next == ',' && goes_on_with_key(text, at);
	if (at == 0 || at < s->command.end || card)
		return false;
	if (is_clock(text, at))
		return true;
	if (text.p[at] == ':' && (next == '/' || next == '\\' ||
	    next == 's' || next == 'a'))
		return false;
	if (text.p[at] == ':' && text.p[at - 1] == ':')
		return true; /* it has no key */
	return (text.p[at] == ':' || text.p[at] == '=') &&
	    key_kind(text, at) == KEY_PLAIN;
}

bool
secretfind_names_secret(sv text, size_t at)
{
	return text.p[at] == ':' && at > 0 && text.p[at - 1] == '"' &&
	    key_kind(text, at) == KEY_SECRET;
}

/* The value of a key as in "name":, of which it is known that it names a secret. */
static sv
bare_secret(sv text, size_t at, struct secretkey *k, sv *quote)
{
	secretkey_quoted(text, at, k);
	return secretvalue_of(text, k, quote);
}

/* What the key before the sign text[at] says is secret. */
static sv
value_by_key(sv text, size_t at, struct secretkey *k, sv *quote)
{
	bool is_sign = text.p[at] == ':' || text.p[at] == '=';

	if (secretfind_names_secret(text, at))
		return bare_secret(text, at, k, quote);
	if (is_clock(text, at) || (is_sign && has_plain_key(text, at)) ||
	    !secretkey_at(text, at, k))
		return SV("");
	if (k->text.n == 0)
		return column_values(text, at);
	if (ends_nocase(k->text, SV("tokens")))
		return plural_value(text, k, quote);
	if (!secretname_is(k->text, k->query))
		return named_field(text, k, quote);
	return secretmark_around(text, at) ? SV("") :
	    secretvalue_of(text, k, quote);
}

/* "key=value", "key: value" */
static sv
keyed_value(sv text, size_t at, struct secret *s)
{
	sv *quote = &s->quote;
	struct secretkey k;
	double d;
	sv v;

	v = secretcommand_value(text, at, &s->command);
	if (v.n)
		return secretvalue_is_harmless(v) ? SV("") : v;
	v = value_by_key(text, at, &k, quote);
	if (secretvalue_is_harmless(v))
		return SV("");
	if (k.colon && k.quote.n && (v.p[-1] == ':' || is_blank(v.p[-1])) &&
	    sv_to_double(v, &d))
		*quote = k.quote;
	return v;
}

/* ':', "%3A": of a URL, of "config:set" or behind a key. */
static sv
colon_at(sv text, size_t at, struct secret *s)
{
	int next = byte_at(text, at + 1);
	unsigned depth;
	size_t behind = next == '/' || next == '\\' || text.p[at] == '%' ?
	    secreturl_sign(text, at, &depth) : 0;

	if (behind)
		return secreturl_secret(text, behind, depth);
	if (next == 's' || next == 'a')
		secretcommand_open(text, at, &s->command);
	return keyed_value(text, at, s);
}

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

/* "--password x", "'--password', 'x'"; a name that holds a secret is none. */
static sv
option_at(sv text, size_t at, sv *quote)
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

/* "-u user:password" of curl and others, "-p x", at the blank before. */
static sv
letter_at(sv text, size_t at, struct secret *s)
{
	struct secretkey k = { .next = skip_blanks(text, at + 3) };
	sv v;

	secretcommand_open(text, at, &s->command);
	v = secretcommand_value(text, at, &s->command);
	if (v.n)
		return secretvalue_is_harmless(v) ? SV("") : v;
	if (byte_at(text, at + 2) != 'u' || k.next == at + 3)
		return SV("");
	v = secretvalue_of(text, &k, &s->quote);
	return is_login(v) ? v : SV("");
}

/* "aws configure set NAME x"; a name that holds a secret is none. */
static sv
setting_at(sv text, size_t at)
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

/* PASSWORD 'x', IDENTIFIED BY 'x', at the blank before the string. */
static sv
sql_at(sv text, size_t at, sv *quote)
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

/* ("Cookie", "a=b") in a list of headers, ["token", "x"], at the quote behind
 * the name. */
static sv
pair_at(sv text, size_t at, sv *quote)
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

/* <password>x</password>, <wsse:Password Type="a">x</wsse:Password>. */
static sv
element_at(sv text, size_t at)
{
	size_t start = at + 1, i = start, slashes;
	sv name, value;

	while (i - start < SECRETNAME_MAX && (is_key_byte(byte_at(text, i)) ||
	    byte_at(text, i) == ':'))
		i++;
	name = sv_of(text.p + start, i - start);
	if (!secretname_is(name, false))
		return SV("");
	while (i < text.n && text.p[i] != '<' && text.p[i] != '>')
		i++;
	if (byte_at(text, i) != '>' || text.p[i - 1] == '/')
		return SV("");
	value = sv_skip(text, i + 1);
	value = sv_take(value, sv_find_byte(value, '<'));
	i = skip_slashes(text, i + 1 + value.n + 1, &slashes);
	if (byte_at(text, i) != '/' || !sv_starts(sv_skip(text, i + 1), name) ||
	    secretvalue_is_harmless(value))
		return SV("");
	return value;
}

static sv
card_at(sv text, size_t at, sv *quote)
{
	sv card = secretshape_card(text, at);
	struct secretkey k;

	if (card.n == 0 || at == 0)
		return card;
	while (at > 0 && is_blank(text.p[at - 1]))
		at--;
	if (at == 0 || text.p[at - 1] != ':')
		return card;
	if (secretmark_around(text, at - 1))
		return SV("");
	secretkey_read(text, at - 1, &k);
	*quote = k.quote;
	return card;
}

/* The secret that is decided by the bytes from text[at] on, or empty. */
static sv
secret_from(sv text, size_t at, struct secret *s)
{
	sv *quote = &s->quote;

	switch (text.p[at]) {
	case ':':
	case '%':
		return colon_at(text, at, s);
	case '=':
	case '\\':
		return keyed_value(text, at, s);
	case '-':
		if (byte_at(text, at + 2) == '-')
			return secretshape_at(text, at);
		return option_at(text, at, quote);
	case ' ':
		return byte_at(text, at + 1) == '-' ?
		    letter_at(text, at, s) : sql_at(text, at, quote);
	case '"':
	case '\'':
		return pair_at(text, at, quote);
	case '<':
		return element_at(text, at);
	case 'a':
		return setting_at(text, at);
	case 'b':
	case 'B':
		return secretshape_scheme(text, at);
	default:
		return secretshape_at(text, at);
	}
}

/* The secret that is decided at text[at]; empty when there is none. A card is
 * looked for behind the byte that stands before it. */
static sv
secret_at(sv text, size_t at, struct secret *s)
{
	size_t next = at + (text.p[at] == '%' ? 3 : 1);
	sv found = SV("");

	if (!is_card_start(byte_at(text, at + 1)) || is_sign(text.p[at]))
		found = secret_from(text, at, s);
	return found.n || !is_card_at(text, next) ? found :
	    card_at(text, next, &s->quote);
}

/* Pairs of bytes at which secret_at() has something to decide; those of the
 * shapes are added to them. Behind a byte alone any other may stand. */
static const sv pairs[] = {
	W(":"), W("="), W("%"), W("\\u"), W("--"), W(" \""),
	W(" '"), W(" \\"), W(" -"), W("\","), W("',"), W("be"), W("Be"), W("BE"),
	W("ba"), W("Ba"), W("BA"), W("<"), W("aw"),
};

#define CARD_BIT (1u << 31)
#define PATH_BIT (1u << 30)

/* What may stand before the number of a card. */
static bool
is_card_border(int c)
{
	return !is_alnum(c) && c != '.' && c != '-' && c != '_' && c != '+' &&
	    c != '%';
}

/* Every first byte has a bit of its own, while there are bits. */
static void
add_pair(struct secretfind *f, sv pair, unsigned *next)
{
	uint32_t *first = &f->first[(unsigned char)pair.p[0]];

	if (*first == 0)
		*first = 1u << (*next)++ % 30;
	if (pair.n > 1)
		f->second[(unsigned char)pair.p[1]] |= *first;
	for (size_t i = 0; pair.n == 1 && i < 256; i++)
		f->second[i] |= *first;
}

void
secretfind_init(struct secretfind *f)
{
	unsigned next = 0;
	sv start;

	*f = (struct secretfind){ .first = { 0 } };
	for (size_t i = 0; i < countof(pairs); i++)
		add_pair(f, pairs[i], &next);
	for (size_t i = 0; secretshape_start(i, &start); i++)
		add_pair(f, sv_take(start, 2), &next);
	for (int c = 0; c < 256; c++) {
		f->first[c] |= is_card_border(c) ? CARD_BIT : 0;
		f->second[c] |= is_card_start(c) ? CARD_BIT : 0;
	}
}

void
secretfind_paths(struct secretfind *f, const bool begins[256])
{
	f->first['/'] |= PATH_BIT;
	for (int c = 0; c < 256; c++)
		f->second[c] |= begins[c] ? PATH_BIT : 0;
}

/* It can only be a card. */
static inline bool
find_at_start(sv text, struct secret *found)
{
	if (!is_card_at(text, 0))
		return false;
	found->quote = SV("");
	found->text = card_at(text, 0, &found->quote);
	return found->text.n > 0;
}

/* Is there a place among p[0..4)? */
static inline bool
has_place(const struct secretfind *f, const unsigned char *p)
{
	return ((f->first[p[0]] & f->second[p[1]]) |
	    (f->first[p[1]] & f->second[p[2]]) |
	    (f->first[p[2]] & f->second[p[3]]) |
	    (f->first[p[3]] & f->second[p[4]])) != 0;
}

/* Index of the first place in text[from..to) to look at, or `to`. */
static attr_inline size_t
next_place(const struct secretfind *f, sv text, size_t from, size_t to)
{
	const unsigned char *start = (const unsigned char *)text.p;
	const unsigned char *p = start + from;
	const unsigned char *last = start + (to < text.n ? to : text.n - 1);

	while (last - p >= 4 && !has_place(f, p))
		p += 4;
	while (p < last && !(f->first[p[0]] & f->second[p[1]]))
		p++;
	return p < last || (to == text.n && f->first[*p] & f->second[0]) ?
	    (size_t)(p - start) : to;
}

static bool
next_within(const struct secretfind *f, sv text, size_t from, size_t to,
    struct secret *found)
{
	for (size_t i = from; i < to; i++) {
		i = next_place(f, text, i, to);
		if (i == to)
			break;
		if (is_idle(text, i, found))
			continue;
		found->quote = SV("");
		found->text = secret_at(text, i, found);
		if (found->text.n)
			return true;
	}
	return false;
}

bool
secretfind_next(const struct secretfind *f, sv text, size_t from,
    struct secret *found)
{
	if (from == 0 && find_at_start(text, found))
		return true;
	return next_within(f, text, from, text.n, found);
}

bool
secretfind_in_spans(const struct secretfind *f, sv text,
    const struct secretfind_span *span, size_t n, size_t from,
    struct secret *found)
{
	for (size_t i = 0; i < n; i++) {
		size_t start = span[i].from > from ? span[i].from : from;

		if (start < span[i].to &&
		    next_within(f, text, start, span[i].to, found))
			return true;
	}
	return false;
}

bool
secretfind_is_fixed(sv text, size_t at)
{
	int next = byte_at(text, at + 1);

	return text.p[at] == ':' && at > 0 && text.p[at - 1] == '"' &&
	    next != '/' && next != '\\' && next != 's' && next != 'a' &&
	    has_plain_key(text, at);
}

/* A whole string that, as the first of a pair, is no name of a secret; text[at] is
 * the quote behind it. See pair_at. */
static bool
is_plain_item(sv text, size_t at)
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

/* Does the blank text[at] stand behind what SQL has no secret behind? That is a
 * word with nothing before it that belongs to it, or none. See sql_at. */
static bool
is_plain_word(sv text, size_t at)
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

bool
secretfind_is_settled(sv text, size_t at)
{
	const struct secret none = SECRET_INIT;
	sv rest = sv_skip(text, at);
	int c = text.p[at];

	if (is_card_at(text, at + 1))
		return false;
	if (c == '"' && !is_card_start(byte_at(rest, 1)))
		return is_plain_item(text, at);
	if (c == 'a')
		return !sv_starts(rest, SV("aws"));
	if (c == 'b' || c == 'B')
		return !sv_starts_nocase(rest, SV("bearer")) &&
		    !sv_starts_nocase(rest, SV("basic"));
	if (is_alpha(c))
		return secretshape_at(text, at).n == 0;
	return is_idle(text, at, &none) ||
	    (c == ' ' && is_plain_word(text, at));
}

size_t
secretfind_place(const struct secretfind *f, sv text, size_t from, size_t to)
{
	return from < to ? next_place(f, text, from, to) : to;
}

enum secretfind_clue
secretfind_look(const struct secretfind *f, sv text, size_t *at,
    struct secret *s)
{
	size_t i = *at;

	if (i == 0 && find_at_start(text, s))
		return SECRETFIND_SECRET;
	for (; i < text.n; i++) {
		i = next_place(f, text, i, text.n);
		if (i == text.n)
			break;
		if (text.p[i] == '%')
			return SECRETFIND_SECRET;
		if (text.p[i] == '/' && f->second[byte_at(text, i + 1)] &
		    PATH_BIT) {
			*at = i;
			return SECRETFIND_PATH;
		}
		if (!is_idle(text, i, s) && secret_at(text, i, s).n)
			return SECRETFIND_SECRET;
	}
	return SECRETFIND_NOTHING;
}
