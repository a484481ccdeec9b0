/* SPDX-License-Identifier: MIT */
#include "record/secretcommand.h"

#include "base/attr.h"
#include "record/secretmark.h"
#include "record/secretname.h"
#include "record/secretstring.h"
#include "record/secrettext.h"

/* How far before its option a command is looked for. */
enum { WORDS_BEFORE = 8, BYTES_BEFORE = 512 };

/* Does the byte end a word that no quotes hold? */
static bool
is_word_end(int c)
{
	return is_space(c) || c == ';' || c == '&' || c == '|' || c == '`' ||
	    c == ')' || c == '<' || c == '>';
}

/* Does the quote text[at] open a string? Not when it ends the one that holds
 * the command, as what follows tells; before what an earlier pass left it does
 * not, which finds no more in a second pass than in the first. */
static bool
is_open(sv text, size_t at, bool assigned)
{
	static const sv ends = W(",:}])");
	int next = byte_at(text, at + 1);

	return is_quote(byte_at(text, at)) && next != '\0' &&
	    sv_find_byte(ends, (char)next) == ends.n &&
	    !secretmark_length(sv_skip(text, at + 1)) &&
	    (assigned || !is_space(next));
}

/* Index behind the string that opens at text[at], with the backslashes before
 * its quote; `at` when none does. */
static size_t
string_end(sv text, size_t at)
{
	size_t slashes, quote = skip_slashes(text, at, &slashes), end;
	sv spelled = secretstring_quote(text, at, false);

	if (spelled.n)
		end = at + 2 * spelled.n +
		    secretstring_spelled(text, at, spelled).n;
	else if (quote == at + slashes &&
	    is_open(text, quote, at > 0 && text.p[at - 1] == '='))
		end = 1 + secretstring_close(text, quote + 1, text.p[quote],
		    slashes);
	else
		return at;
	return end < text.n ? end : text.n;
}

/* Index behind the shell word at text[at]. */
static size_t
word_end(sv text, size_t at)
{
	size_t i = at, slashes, end;

	while (i < text.n) {
		size_t mark = secretmark_length(sv_skip(text, i));

		end = mark ? i + mark : string_end(text, i);
		if (end > i) {
			i = end;
			continue;
		}
		if (is_word_end(text.p[i]))
			break;
		i = skip_slashes(text, i, &slashes);
		if (is_quote(byte_at(text, i)))
			return i - slashes;
		if (slashes == 0 || !secretmark_length(sv_skip(text, i)))
			i++; /* behind a backslash any byte is of the word */
	}
	return i < text.n ? i : text.n;
}

/* The word at text[at], without the quotes when they hold all of it. */
static sv
word_at(sv text, size_t at)
{
	size_t end = word_end(text, at), slashes;
	size_t quote = skip_slashes(text, at, &slashes);

	if (secretstring_quote(text, at, false).n == 0 &&
	    is_quote(byte_at(text, quote)) && string_end(text, at) == end &&
	    end > at)
		return secretstring_inside(text, quote, slashes);
	return sv_of(text.p + at, end - at);
}

/* Does the byte go on with the line of words? What ends it is nothing that could
 * stand in a secret: a second pass must see the same end. */
static bool
goes_on(sv text, size_t at)
{
	int c = byte_at(text, at), next = byte_at(text, at + 1);

	if (c == '`')
		return next != '\0' && !is_space(next) && !is_quote(next);
	return is_blank(c) || (is_word_end(c) && !is_space(c));
}

/* Index behind the words from text[at] on, those behind ';' and '|' too. */
static size_t
words_end(sv text, size_t at)
{
	size_t i = at;

	for (;;) {
		i = word_end(text, i);
		if (!goes_on(text, i))
			return i;
		i++;
	}
}

/* Commands and their option of one letter: "-p x", "-px", "-u user:x". */
static const struct secretcommand_option {
	sv command;
	char letter;
	bool apart, joined;
	bool login;
} options[] = {
	{ W("curl"), 'u', true, true, true },
	{ W("docker login"), 'p', true, true, false },
	{ W("podman login"), 'p', true, true, false },
	{ W("mysql"), 'p', false, true, false },
	{ W("mysqldump"), 'p', false, true, false },
	{ W("redis-cli"), 'a', true, false, false },
	{ W("sshpass"), 'p', true, true, false },
};

static const struct secretcommand_option *
find_option(sv before)
{
	for (size_t n = 0; n < countof(options); n++)
		if (sv_ends(before, options[n].command) &&
		    !is_alnum(byte_at(before, before.n - 1 -
		    options[n].command.n)))
			return &options[n];
	return NULL;
}

/* The command that ends at the blank text[*at] or has a few words between:
 * *at is then the blank behind it. */
static const struct secretcommand_option *
find_command(sv text, size_t *at)
{
	const struct secretcommand_option *o;
	size_t i = *at, words = 0;

	for (;;) {
		o = find_option(sv_take(text, i));
		if (o || ++words > WORDS_BEFORE)
			break;
		while (i > 0 && *at - i < BYTES_BEFORE &&
		    !is_word_end(text.p[i - 1]))
			i--;
		if (i == 0 || text.p[--i] != ' ')
			return NULL;
	}
	*at = i;
	return o;
}

static bool
sets_vars(sv text, size_t at)
{
	sv rest = sv_skip(text, at + 1);

	return sv_ends(sv_take(text, at), SV("config")) &&
	    (sv_starts(rest, SV("set ")) || sv_starts(rest, SV("add ")));
}

void
secretcommand_open(sv text, size_t at, struct secretcommand *c)
{
	bool vars = text.p[at] == ':' && sets_vars(text, at);
	const struct secretcommand_option *o = NULL;
	size_t start = vars ? at + 4 : at, end;

	if (text.p[at] == ' ' && is_alpha(byte_at(text, at + 2)))
		o = find_command(text, &start);
	if (!vars && o == NULL)
		return;
	if (at >= c->end) { /* else it stands among the words of another */
		end = words_end(text, start);
		if (end < at)
			return;
		c->end = end;
	}
	c->option = o;
}

/* The value of the var whose '=' is text[at], or empty. */
static sv
var_at(sv text, size_t at)
{
	size_t start = at, slashes = 0;

	while (start > 0 && (is_alnum(text.p[start - 1]) ||
	    text.p[start - 1] == '_'))
		start--;
	if (start == at || start == 0)
		return SV("");
	if (is_space(text.p[start - 1]))
		return word_at(text, at + 1);
	if (!is_quote(text.p[start - 1]))
		return SV("");
	while (slashes + 1 < start && text.p[start - 2 - slashes] == '\\')
		slashes++;
	/* "NAME=value": the quotes hold the name too */
	start = secretstring_close(text, at + 1, text.p[start - 1], slashes);
	return sv_of(text.p + at + 1, start - at - 1 -
	    (start < text.n ? slashes : 0));
}

/* Index of the letter behind those of curl that have no value: "-sSu". */
static size_t
last_letter(sv text, size_t at)
{
	static const sv plain = W("sSfLkgivIN");
	size_t i = at;

	while (sv_find_byte(plain, (char)byte_at(text, i)) < plain.n)
		i++;
	return i;
}

/* The secret behind the command's option at the blank text[at], or empty. */
static sv
option_at(sv text, size_t at, const struct secretcommand_option *o)
{
	size_t i = last_letter(text, at + 2);
	bool apart = is_blank(byte_at(text, i + 1));
	sv v;

	if (byte_at(text, at + 1) != '-' || byte_at(text, i) != o->letter ||
	    !(apart ? o->apart : o->joined))
		return SV("");
	v = word_at(text, skip_blanks(text, i + 1));
	if (sv_starts(v, SV("-")) || (o->login &&
	    (sv_find_byte(v, ':') == v.n ||
	    secretmark_has(v)))) /* of an earlier pass */
		return SV("");
	return v;
}

sv
secretcommand_value(sv text, size_t at, const struct secretcommand *c)
{
	if (at >= c->end)
		return SV("");
	if (c->option)
		return text.p[at] == ' ' ? option_at(text, at, c->option) :
		    SV("");
	return text.p[at] == '=' ? var_at(text, at) : SV("");
}

sv
secretcommand_setting(sv text, size_t at)
{
	static const sv verb = W("aws configure set ");
	size_t start = at + verb.n, i;

	if (!sv_starts(sv_skip(text, at), verb))
		return SV("");
	for (i = start; i - start < SECRETNAME_MAX && text.n > i &&
	    is_key_byte(text.p[i]) && text.p[i] != '%';)
		i++;
	if (!is_blank(byte_at(text, i)) ||
	    !secretname_is(sv_of(text.p + start, i - start), false))
		return SV("");
	return word_at(text, skip_blanks(text, i));
}
