/* SPDX-License-Identifier: MIT */
#include "record/secreturl.h"

#include "base/ascii.h"
#include "base/attr.h"
#include "record/secretmark.h"
#include "record/secretpath.h"
#include "record/secrettext.h"

/* Of a password with a '/' in it: a limit, as many may start in one another. */
enum { WORD_MAX = 1024 };

/* Behind these a URL holds nothing but a secret. */
static const sv secret_urls[] = {
	W("hooks.slack.com/services/"), W("hooks.slack.com/workflows/"),
	W("discord.com/api/webhooks/"), W("discordapp.com/api/webhooks/"),
	W("api.telegram.org/bot"),
	W("outlook.office.com/webhook/"), W("outlook.office365.com/webhook/"),
};

/* "user:passw", not "host:8080", nor what an earlier pass left. */
static bool
is_cut_password(sv v)
{
	size_t i = 0;

	while (i < v.n && is_key_byte(v.p[i]))
		i++;
	if (byte_at(v, i) != ':' || sv_find_byte(v, '<') < v.n)
		return false;
	while (++i < v.n)
		if (!is_digit(v.p[i]))
			return true;
	return false;
}

size_t
secreturl_sign(sv text, size_t at, unsigned *depth)
{
	size_t i = at, n, slashes;
	unsigned d;

	if (secretpath_byte(text, i, &n, depth) != ':')
		return 0;
	for (int k = 0; k < 2; k++) {
		i += n;
		i = skip_slashes(text, i, &slashes);
		if (i >= text.n || secretpath_byte(text, i, &n, &d) != '/' ||
		    d != *depth)
			return 0;
	}
	return i + n;
}

/* "user:pa/ss@host": a '/' of a password that was not encoded. Where the word
 * with an '@' ends, or 0. */
static size_t
slashed_end(sv rest, size_t n)
{
	size_t end = 0;

	if (byte_at(rest, n) == '\0' || !is_cut_password(sv_take(rest, n)))
		return 0;
	rest = sv_take(rest, WORD_MAX);
	for (; n < rest.n && !is_space(rest.p[n]) && !is_quote(rest.p[n]); n++)
		if (rest.p[n] == '@')
			end = n;
	return end;
}

/* "user:password@host", also with one of the two only: what is before the
 * last '@', or all when the text is cut in it; or empty. */
static sv
userinfo_of(sv rest, unsigned most)
{
	size_t n = 0, end = 0, width = 1;
	unsigned depth;

	for (; n < rest.n; n += width) {
		int c = secretpath_byte(rest, n, &width, &depth);

		if (depth > most)
			c = '%';
		if (is_space(c) || is_quote(c) || c == '/' || c == '?' ||
		    c == '#' || (most && c == '&'))
			break;
		if (c == '@')
			end = n;
	}
	n = n < rest.n ? n : rest.n;
	if (end == 0)
		end = n == rest.n ? (is_cut_password(rest) ? n : 0) :
		    slashed_end(rest, n);
	rest = sv_take(rest, end);
	/* a mark in it: an earlier pass, which saw a '/' there, left it */
	return secretmark_has(rest) ? SV("") : rest;
}

/* The rest of a hook's URL; slashes may be written "\/". */
static sv
hook_secret(sv text, size_t at)
{
	static const sv ends = W("\"'`<>,;)]}|");
	size_t i = at;
	sv v;

	while (i < text.n && !is_space(text.p[i]) &&
	    sv_find_byte(ends, text.p[i]) == ends.n &&
	    (text.p[i] != '\\' || byte_at(text, i + 1) == '/' ||
	    byte_at(text, i + 1) == '\\'))
		i++;
	v = sv_of(text.p + at, i - at);
	return secretmark_length(sv_skip(text, at)) ? SV("") : v;
}

/* Index behind "NAME.webhook.office.com/webhookb2/" at text[at], or `at`. */
static size_t
team_hook(sv text, size_t at)
{
	static const sv host = W(".webhook.office.com/webhookb2/");
	size_t i = at, behind;

	while (is_alnum(byte_at(text, i)) || byte_at(text, i) == '-')
		i++;
	behind = secretpath_literal(text, i, host, false);
	return i > at && behind > i ? behind : at;
}

sv
secreturl_secret(sv text, size_t from, unsigned depth)
{
	sv rest = sv_skip(text, from);
	size_t at = team_hook(text, from);

	for (size_t i = 0; i < countof(secret_urls) && at == from; i++)
		at = secretpath_literal(text, from, secret_urls[i], false);
	if (at > from)
		return hook_secret(text, at);
	return userinfo_of(rest, depth);
}
