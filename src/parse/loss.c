/* SPDX-License-Identifier: MIT */
#include "parse/loss.h"

#include "base/ascii.h"
#include "base/attr.h"
#include "base/utc.h"

static const struct {
	const char *code;
	const char *scope;
} codes[] = {
	{ "L10", "drain" }, /* drain buffer of 1,024 messages overflowed */
	{ "L11", "tail" },  /* this tail session was too slow */
	{ "L12", "dyno" },  /* the dyno's log-shuttle buffer overflowed */
	{ "L13", "dyno" },  /* delivery from the dyno failed */
	{ "L14", "drain" }, /* the drain's certificate was refused */
	{ "L15", "tail" },  /* tail buffer unavailable */
	{ "L20", "tail" },  /* tail sessions forbidden */
};

bool
loss_is_source(sv source, sv dyno)
{
	if (sv_is(source, "heroku"))
		return sv_is(dyno, "logplex");
	if (sv_is(source, "app"))
		return sv_is(dyno, "log-shuttle");
	return sv_eq_nocase(source, SV("logplex")) && dyno.n == 0;
}

/* "L10" off the front, and no longer one. */
static bool
take_code(sv *text, sv *code)
{
	if (text->n < 3 || text->p[0] != 'L' || !is_digit(text->p[1]) ||
	    !is_digit(text->p[2]) || (text->n > 3 && is_digit(text->p[3])))
		return false;
	*code = sv_cut_n(text, 3);
	return true;
}

/* Of a code that nobody knows: all of the app's lines, which is the most. */
static const char *
find_scope(sv code)
{
	for (size_t i = 0; i < countof(codes); i++)
		if (sv_is(code, codes[i].code))
			return codes[i].scope;
	return "app";
}

/* The number before " messages": "dropped 12 messages", "222 messages lost". */
static int64_t
find_count(sv text)
{
	size_t at = sv_find(text, SV(" messages")), n = at;
	int64_t num;

	while (n > 0 && is_digit(text.p[n - 1]))
		n--;
	if (at == text.n || !sv_to_i64(sv_of(text.p + n, at - n), &num))
		return -1;
	return num;
}

/* After " since ": RFC 3339 with or without a final dot, or Go's text
 * "2025-03-23 21:35:57.035136457 +0000 UTC". */
static int64_t
find_since(sv text)
{
	size_t at = sv_rfind(text, SV(" since "));
	int64_t us;
	sv rest;

	if (at == text.n)
		return UTC_NONE;
	rest = sv_skip(text, at + 7);
	if (!utc_read(&rest, true, &us))
		return UTC_NONE;
	/* An offset that was not read would make the time a wrong one. */
	if (sv_starts(rest, SV(" +")) || sv_starts(rest, SV(" -")))
		return UTC_NONE;
	return us;
}

static sv
find_drain(sv text)
{
	size_t at = sv_find(text, SV("drain 'd."));
	sv rest = sv_skip(text, at + 7);

	return at == text.n ? SV_NULL : sv_take(rest, sv_find_byte(rest, '\''));
}

bool
loss_parse(sv source, sv dyno, sv message, struct loss *out)
{
	sv rest = message;

	if (!loss_is_source(source, dyno))
		return false;
	*out = (struct loss){ .lost = -1, .since = UTC_NONE };
	if (sv_has(message, SV("log history discarded"))) {
		out->code = SV("history");
		out->scope = "app";
		return true;
	}
	sv_skip_lit(&rest, SV("Error "));
	if (!take_code(&rest, &out->code))
		return false;
	out->scope = find_scope(out->code);
	out->lost = find_count(rest);
	out->since = find_since(rest);
	out->drain = find_drain(rest);
	return true;
}
