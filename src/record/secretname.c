/* SPDX-License-Identifier: MIT */
#include "record/secretname.h"

#include <stdint.h>

#include "base/ascii.h"
#include "base/attr.h"
#include "record/secrettext.h"

/* A name is secret when it contains one of these, by their first byte... */
static const sv parts_a[] = {
	W("api_key"), W("apikey"), W("api-key"), W("authorization"),
	W("access_key"), W("accesskey"), W("access-key"), W("account_key"),
	W("accountkey"), W("auth_key"), W("authkey"), W("attach_url"),
	{ NULL, 0 },
};
static const sv parts_c[] = {
	W("cookie"), W("credential"), W("csrf"), W("code_verifier"),
	{ NULL, 0 },
};
static const sv parts_d[] = { W("database_url"), { NULL, 0 } };
static const sv parts_e[] = {
	W("encryption_key"), W("encryptionkey"), { NULL, 0 },
};
static const sv parts_m[] = {
	W("master_key"), W("masterkey"), { NULL, 0 },
};
static const sv parts_o[] = {
	W("otp_code"), W("otpcode"), W("output_stream_url"), { NULL, 0 },
};
static const sv parts_p[] = {
	W("passw"), W("passphrase"), W("passcode"), W("private_key"),
	W("privatekey"), W("private-key"), { NULL, 0 },
};
static const sv parts_r[] = { W("redis_url"), { NULL, 0 } };
static const sv parts_s[] = {
	W("secret"), W("signature"), W("sessionid"), W("session_id"),
	W("session-id"), W("sentry_key"), W("signing_key"), W("signingkey"),
	W("samlresponse"), W("samlrequest"), W("security_code"),
	W("securitycode"), { NULL, 0 },
};
static const sv parts_t[] = { W("token"), { NULL, 0 } };
static const sv parts_v[] = {
	W("verification_code"), W("verificationcode"), { NULL, 0 },
};
static const sv parts_x[] = { W("xsrf"), { NULL, 0 } };
static const sv parts_other[] = {
	W("_dsn"), W("_pass"), W("_pwd"), W("_otp"), { NULL, 0 },
};

#define BIT(c) (1u << ((c) & 31))

/* The list of a first byte. */
static const sv *const parts[128] = {
	['a'] = parts_a, ['c'] = parts_c, ['d'] = parts_d, ['e'] = parts_e,
	['m'] = parts_m, ['o'] = parts_o, ['p'] = parts_p, ['r'] = parts_r,
	['s'] = parts_s, ['t'] = parts_t, ['v'] = parts_v, ['x'] = parts_x,
	['_'] = parts_other,
};

/* Every key of every line comes here: what a name holds is compared only where
 * the first two bytes of a part stand, in either case. By the second byte: which
 * first ones; a bit of one is that of a letter, of '_' that of DEL. */
#define PAIR(c, upper, bits) [c] = (bits), [upper] = (bits)
static const uint32_t before[256] = {
	PAIR('a', 'A', BIT('d') | BIT('m') | BIT('p') | BIT('s')),
	PAIR('c', 'C', BIT('a')),
	PAIR('d', 'D', BIT('_')),
	PAIR('e', 'E', BIT('r') | BIT('s') | BIT('v')),
	PAIR('i', 'I', BIT('s')),
	PAIR('n', 'N', BIT('e')),
	PAIR('o', 'O', BIT('c') | BIT('t') | BIT('_')),
	PAIR('p', 'P', BIT('a') | BIT('_')),
	PAIR('r', 'R', BIT('c') | BIT('p')),
	PAIR('s', 'S', BIT('c') | BIT('x')),
	PAIR('t', 'T', BIT('a') | BIT('o')),
	PAIR('u', 'U', BIT('a') | BIT('o')),
};

/* The same of the words below, at their start. */
static const uint32_t before_in_word[256] = {
	PAIR('a', 'A', BIT('p') | BIT('h')),
	PAIR('e', 'E', BIT('s') | BIT('b') | BIT('k')),
	PAIR('i', 'I', BIT('s') | BIT('p')),
	PAIR('o', 'O', BIT('t') | BIT('c')),
	PAIR('s', 'S', BIT('d')),
	PAIR('t', 'T', BIT('o')),
	PAIR('u', 'U', BIT('a')),
	PAIR('v', 'V', BIT('c')),
	PAIR('w', 'W', BIT('p') | BIT('j')),
};
#undef PAIR

/* ... or is one of these. */
static const sv words[] = {
	W("session"), W("sid"), W("sig"), W("pwd"), W("pass"), W("otp"),
	W("totp"), W("pin"), W("cvv"), W("cvc"), W("jwt"), W("auth"),
	W("bearer"), W("dsn"),
};

enum { WORD_MAX = 7 }; /* the longest of them */

static const sv query_words[] = { W("code"), W("key"), W("hash") };

/* A name that ends like this is none: hashes the app made, counts, limits. */
static const sv harmless_ends[] = {
	W("_h"), W("_count"), W("_type"), W("_name"), W("_id_h"), W("tokens"),
	W("tokentype"), W("tokencount"), W("_used"), W("_limit"), W("_at"),
	W("_ttl"), W("_version"), W("_length"), W("_expires"), W("_expiry"),
	W("expires_in"), W("expiresin"), W("_consent"), W("_per_second"),
};

static const sv key_kinds[] = {
	W("api"), W("secret"), W("access"), W("private"), W("auth"),
	W("encryption"), W("signing"), W("master"),
};

static const sv headers[] = { W("authorization"), W("cookie") };

static bool
any_of(sv name, const sv *list, size_t n, bool (*test)(sv, sv))
{
	for (size_t i = 0; i < n; i++)
		if (test(name, list[i]))
			return true;
	return false;
}

static sv
lower_name(sv raw, char low[SECRETNAME_MAX])
{
	if (raw.n > SECRETNAME_MAX)
		raw = sv_skip(raw, raw.n - SECRETNAME_MAX);
	for (size_t i = 0; i < raw.n; i++)
		low[i] = (char)to_lower(raw.p[i]);
	return sv_of(low, raw.n);
}

/* "tokens_used" counts; "tokenstring" is one. */
static bool
is_plural_token(sv rest)
{
	return sv_starts_nocase(rest, SV("tokens")) &&
	    (rest.n == 6 || !is_alnum(rest.p[6]));
}

/* Its first two bytes are those of the parts on the list. */
static bool
has_part_at(sv rest, const sv *list)
{
	for (; list->n; list++)
		if (rest.n >= list->n && to_lower(rest.p[2]) == list->p[2] &&
		    sv_starts_nocase(rest, *list) && !is_plural_token(rest))
			return true;
	return false;
}

static bool
has_part(sv name)
{
	for (size_t i = 0; i + 1 < name.n; i++) {
		unsigned char c = (unsigned char)name.p[i];
		const sv *list;

		if (likely(!(before[(unsigned char)name.p[i + 1]] & BIT(c))))
			continue;
		list = c < 128 ? parts[to_lower(c)] : NULL;
		if (list && has_part_at(sv_skip(name, i), list))
			return true;
	}
	return false;
}

static bool
is_word(sv name)
{
	if (name.n > WORD_MAX)
		return false;
	for (size_t i = 0; i < countof(words); i++)
		if (words[i].p[0] == name.p[0] && sv_eq(words[i], name))
			return true;
	return false;
}

/* Is it one of the words? Of most the first two bytes tell that it is not. */
static bool
is_secret_word(sv raw, bool query)
{
	char low[SECRETNAME_MAX];
	sv name;

	if (raw.n > WORD_MAX || !(before_in_word[(unsigned char)raw.p[1]] &
	    BIT(raw.p[0])))
		return false;
	name = lower_name(raw, low);
	return is_word(name) ||
	    (query && any_of(name, query_words, countof(query_words), sv_eq));
}

static bool
is_harmless(sv raw)
{
	char low[SECRETNAME_MAX];

	return any_of(lower_name(raw, low), harmless_ends,
	    countof(harmless_ends), sv_ends);
}

bool
secretname_is_plain(sv raw)
{
	return raw.n <= SECRETNAME_MAX && (raw.n < 3 ||
	    (!has_part(raw) && !is_secret_word(raw, true)));
}

bool
secretname_is(sv raw, bool query)
{
	if (raw.n > SECRETNAME_MAX)
		raw = sv_skip(raw, raw.n - SECRETNAME_MAX);
	return raw.n >= 3 && (has_part(raw) || is_secret_word(raw, query)) &&
	    !is_harmless(raw);
}

bool
secretname_is_cookie(sv raw)
{
	char low[SECRETNAME_MAX];

	return sv_has(lower_name(raw, low), SV("cookie"));
}

bool
secretname_is_header(sv raw)
{
	char low[SECRETNAME_MAX];
	sv name = lower_name(raw, low);

	return any_of(name, headers, countof(headers), sv_eq) ||
	    (sv_find_byte(name, '-') < name.n && secretname_is(name, false));
}

bool
secretname_is_word(sv raw)
{
	char low[SECRETNAME_MAX];
	sv name = lower_name(raw, low);

	return sv_has(name, SV("passw")) || sv_has(name, SV("passphrase")) ||
	    sv_ends(name, SV("secret"));
}

bool
secretname_is_key_kind(sv raw)
{
	char low[SECRETNAME_MAX];

	return any_of(lower_name(raw, low), key_kinds, countof(key_kinds),
	    sv_eq);
}
