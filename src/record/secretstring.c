/* SPDX-License-Identifier: MIT */
#include "record/secretstring.h"

#include "base/ascii.h"
#include "base/attr.h"
#include "base/near.h"
#include "record/secretpath.h"
#include "record/secrettext.h"

/* Quotes as they are spelled inside strings of other languages: behind a backslash
 * or '&'. */
static const sv spelled_quotes[] = {
	W("\\u0022"), W("\\u0027"), W("&quot;"), W("&#39;"), W("&#x27;"),
	W("&#34;"), W("\\u0026quot;"), W("\\u0026#39;"), W("\\u0026#x27;"),
	W("\\u0026#34;"),
};

enum { PREFIX_MAX = 24 }; /* bytes before a string that belong to it */

size_t
secretstring_before(sv text, size_t end)
{
	sv head = sv_take(text, end);
	int c = end ? text.p[end - 1] : 0;

	if (c != ';' && c != '2' && c != '7')
		return end;
	for (size_t i = 0; i < countof(spelled_quotes); i++)
		if (sv_ends(head, spelled_quotes[i]))
			end -= spelled_quotes[i].n;
	while (end < head.n && end > 0 && text.p[end - 1] == '\\')
		end--;
	return end;
}

size_t
secretstring_close(sv text, size_t from, int quote, size_t slashes)
{
	size_t run = 0, i = from;

	if (from < text.n) /* nothing counts before */
		i = (size_t)(near_either(text.p + from, text.p + text.n,
		    (char)quote, '\\') - text.p);
	for (; i < text.n; i++) {
		if (text.p[i] == quote && run % (2 * slashes + 2) == slashes)
			return i;
		run = text.p[i] == '\\' ? run + 1 : 0;
	}
	return text.n;
}

sv
secretstring_inside(sv text, size_t at, size_t slashes)
{
	size_t close = secretstring_close(text, at + 1, text.p[at], slashes);
	size_t end = close < text.n ? close - slashes : close;

	return sv_of(text.p + at + 1, end - at - 1);
}

sv
secretstring_list(sv text, size_t at, sv *wrap)
{
	size_t slashes, i = skip_slashes(text, at + 1, &slashes);
	size_t start = i + 1, end = start, first = slashes;
	int quote = byte_at(text, i), last = quote;

	while (is_quote(byte_at(text, i)) && slashes == first) {
		sv s = secretstring_inside(text, i, slashes);

		last = text.p[i];
		end = (size_t)(s.p - text.p) + s.n;
		i = end + slashes + 1;
		while (is_blank(byte_at(text, i)))
			i++;
		if (byte_at(text, i) != ',')
			break;
		i = skip_slashes(text, i + 1, &slashes);
	}
	if (last == quote)
		return end == start ? SV("") :
		    sv_of(text.p + start, end - start);
	*wrap = sv_of(text.p + start - 1 - first, first + 1);
	return sv_take(sv_skip(text, start - 1 - first),
	    end - start + 2 * (first + 1));
}

/* The quote of a string inside a CSV cell or another string: ""x"". Not an
 * empty string, which the end of a value follows. */
static bool
is_doubled(sv rest)
{
	int c = byte_at(rest, 0), next = byte_at(rest, 2);

	return is_quote(c) && byte_at(rest, 1) == c && rest.n > 2 &&
	    (next == c || !is_value_end(next, false));
}

sv
secretstring_quote(sv text, size_t i, bool encoded)
{
	sv rest = sv_skip(text, i);
	int c = byte_at(text, i);
	size_t width;
	unsigned depth;

	if (c == '%' && encoded &&
	    is_quote(secretpath_byte(text, i, &width, &depth)))
		return sv_take(rest, width);
	if (c == '\\' || c == '&')
		for (size_t n = 0; n < countof(spelled_quotes); n++)
			if (sv_starts(rest, spelled_quotes[n]))
				return spelled_quotes[n];
	return is_doubled(rest) ? sv_take(rest, 2) : SV("");
}

/* Is the quote behind `head` escaped? "\" or "%5C", an odd number of them. */
static bool
is_escaped(sv head)
{
	size_t n = 0;

	for (;; n++) {
		size_t width = sv_ends(head, SV("\\")) ? 1 :
		    ends_nocase(head, SV("%5c")) ? 3 :
		    ends_nocase(head, SV("%255c")) ? 5 : 0;

		if (width == 0)
			return n % 2 == 1;
		head.n -= width;
	}
}

sv
secretstring_spelled(sv text, size_t at, sv quote)
{
	size_t start = at + quote.n, i = start;

	while (i < text.n) {
		i += sv_find(sv_skip(text, i), quote);
		if (i == text.n || !is_escaped(sv_of(text.p + start, i - start)))
			break;
		i += quote.n;
	}
	i = i < text.n ? i : text.n;
	return sv_of(text.p + start, i - start);
}

size_t
secretstring_prefix(sv text, size_t at)
{
	static const sv kinds = W("bBuUrRfFnNeE");
	size_t i = at, slashes, quote;

	while (i - at < PREFIX_MAX && (is_alnum(byte_at(text, i)) ||
	    byte_at(text, i) == '_' || byte_at(text, i) == '.'))
		i++;
	if (i == at)
		return at;
	if (byte_at(text, i) == '(')
		i++;
	else if (i - at > 2 || sv_find_byte(kinds, text.p[at]) == kinds.n)
		return at;
	quote = skip_slashes(text, i, &slashes);
	return is_quote(byte_at(text, quote)) && quote == i + slashes ? i : at;
}
