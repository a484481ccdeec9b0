/* SPDX-License-Identifier: MIT */
#include "record/secretfind.h"

#include "base/ascii.h"
#include "base/attr.h"
#include "record/secretcommand.h"
#include "record/secretfield.h"
#include "record/secretkey.h"
#include "record/secretkind.h"
#include "record/secretmark.h"
#include "record/secretname.h"
#include "record/secretshape.h"
#include "record/secrettext.h"
#include "record/secreturl.h"
#include "record/secretvalue.h"
#include "record/secretword.h"

enum { PLURAL_MAX = 4096 }; /* bytes of a value that are looked at */

/* "12:30": no key ends in a digit before a colon and a digit. */
static bool
is_clock(sv text, size_t at)
{
	return at > 0 && text.p[at] == ':' && is_digit(text.p[at - 1]) &&
	    is_digit(byte_at(text, at + 1));
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

/* "\n", "\r", "\t" in a string: a number may begin behind it. */
static bool
is_blank_escape(sv text, size_t at)
{
	int next = byte_at(text, at + 1);

	return text.p[at] == '\\' && (next == 'n' || next == 'r' || next == 't');
}

/* Does a string that is a key stand behind "\"," at text[at]? Then what stands
 * before is in no list: see secretfield_pair. */
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
	bool card;

	if (text.p[at] == '=' && !is_card_start(next))
		return at > 0 && at >= s->command.end &&
		    secretkind_of(text, at) == SECRETKIND_PLAIN;
	if (is_blank_escape(text, at))
		return !is_card_at(text, at + 2);
	card = is_card_at(text, at + 1);
	if (is_card_start(next) && !is_sign(text.p[at]))
		return !card; /* of a card, or of nothing */
	if (text.p[at] == '/')
		return true; /* of a path, if it is any */
	if (text.p[at] == '%' && next != '2' && next != '3')
		return !is_card_at(text, at + 3); /* the same, or of a card */
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
	    secretkind_of(text, at) == SECRETKIND_PLAIN;
}

bool
secretfind_names_secret(sv text, size_t at)
{
	return text.p[at] == ':' && at > 0 && text.p[at - 1] == '"' &&
	    secretkind_of(text, at) == SECRETKIND_SECRET;
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
	if (is_clock(text, at) || (is_sign && secretkind_is_plain(text, at)) ||
	    !secretkey_at(text, at, k))
		return SV("");
	if (k->text.n == 0)
		return secretfield_columns(text, at);
	if (ends_nocase(k->text, SV("tokens")))
		return plural_value(text, k, quote);
	if (!secretname_is(k->text, k->query))
		return secretfield_named(text, k, quote);
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
	sv *quote = &s->quote, v;

	switch (text.p[at]) {
	case ':':
	case '%':
		return colon_at(text, at, s);
	case '\\':
		v = secretfield_element(text, at);
		return v.n ? v : keyed_value(text, at, s);
	case '=':
		return keyed_value(text, at, s);
	case '-':
		if (byte_at(text, at + 2) == '-')
			return secretshape_at(text, at);
		return secretword_option(text, at, quote);
	case ' ':
		return byte_at(text, at + 1) == '-' ?
		    secretword_letter(text, at, &s->command, quote) :
		    secretword_sql(text, at, quote);
	case '"':
	case '\'':
		return secretfield_pair(text, at, quote);
	case '<':
		return secretfield_element(text, at);
	case 'a':
		return secretword_setting(text, at);
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
	bool escape = is_blank_escape(text, at);
	size_t next = at + (text.p[at] == '%' ? 3 : escape ? 2 : 1);
	sv found = SV("");

	if (escape)
		return is_card_at(text, next) ?
		    card_at(text, next, &s->quote) : found;
	if (!is_card_start(byte_at(text, at + 1)) || is_sign(text.p[at]))
		found = secret_from(text, at, s);
	return found.n || !is_card_at(text, next) ? found :
	    card_at(text, next, &s->quote);
}

/* Pairs of bytes at which secret_at() has something to decide; those of the
 * shapes are added to them. Behind a byte alone any other may stand. */
static const sv pairs[] = {
	W(":"), W("="), W("%"), W("\\u"), W("\\n"), W("\\r"), W("\\t"), W("--"),
	W(" \""), W(" '"), W(" \\"), W(" -"), W("\","), W("',"), W("be"), W("Be"),
	W("BE"), W("ba"), W("Ba"), W("BA"), W("<"), W("aw"),
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
	    secretkind_is_plain(text, at);
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
		return secretfield_is_plain_item(text, at);
	if (c == 'a')
		return !sv_starts(rest, SV("aws"));
	if (c == 'b' || c == 'B')
		return !sv_starts_nocase(rest, SV("bearer")) &&
		    !sv_starts_nocase(rest, SV("basic"));
	if (is_alpha(c))
		return secretshape_at(text, at).n == 0;
	return is_idle(text, at, &none) ||
	    (c == ' ' && secretword_is_plain(text, at));
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
