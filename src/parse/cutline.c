/* SPDX-License-Identifier: MIT */
#include "parse/cutline.h"

#include "base/ascii.h"
#include "base/attr.h"

bool
cutline_opens_command(sv message)
{
	return sv_skip_lit(&message, SV("Starting process with command `")) &&
	    !cutline_ends_command(message, true);
}

bool
cutline_odd_ticks(sv message, bool before)
{
	bool odd = before;

	for (size_t i = 0; i < message.n; i++)
		odd ^= message.p[i] == '`';
	return odd;
}

bool
cutline_ends_command(sv message, bool odd)
{
	size_t at = sv_rfind(message, SV("` by "));
	sv who = sv_skip(message, at + 5);

	if (sv_ends(message, SV("`")))
		return !cutline_odd_ticks(message, odd);
	if (at == message.n)
		return false;
	if (sv_skip_lit(&who, SV("user ")))
		return who.n > 0;
	return who.n && sv_find_byte(who, ' ') == who.n;
}

/* What can be a whole value can also be the first half of one, but for these. A
 * line cut at protocol=http is taken for whole: so most lines really end. */
static const sv router_ends[] = {
	{ "tls_version=tls1.3", 18 },
	{ "tls_version=tls1.2", 18 },
	{ "protocol=https", 14 },
	{ "protocol=http", 13 },
	{ "protocol=http1.0", 16 },
	{ "protocol=http1.1", 16 },
	{ "protocol=http2.0", 16 },
	{ "tls_version=tls1.0", 18 },
	{ "tls_version=tls1.1", 18 },
	{ "tls_version=unknown", 19 },
	{ "tls_version=ssl3.0", 18 },
};

static sv
last_word(sv text)
{
	size_t n = text.n;

	while (n > 0 && text.p[n - 1] != ' ')
		n--;
	return sv_skip(text, n);
}

/* Is the word the last one of the message? */
static bool
ends_with_word(sv message, sv word)
{
	size_t at = message.n - word.n;

	return message.n >= word.n && (at == 0 || message.p[at - 1] == ' ') &&
	    memcmp(message.p + at, word.p, word.n) == 0;
}

/* By far the most end in the same way. */
bool
cutline_ends_router(sv message)
{
	if (likely(sv_ends(message, SV(" tls_version=tls1.3"))))
		return true;
	for (size_t i = 0; i < countof(router_ends); i++)
		if (ends_with_word(message, router_ends[i]))
			return true;
	return sv_ends(message, SV("\"")) && sv_has(message, SV(" agent=\""));
}

bool
cutline_router_goes_on(sv message, sv rest)
{
	if (!sv_starts(last_word(message), SV("bytes=")) || rest.n == 0)
		return true;
	return is_digit(rest.p[0]) || rest.p[0] == ' ' ||
	    sv_starts(rest, SV("protocol=")) || sv_starts(rest, SV("tls"));
}
