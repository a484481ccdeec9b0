/* SPDX-License-Identifier: MIT */
#include "record/secretshape.h"

#include "base/ascii.h"
#include "base/attr.h"
#include "base/lanes.h"
#include "record/secretmark.h"
#include "record/secrettext.h"

enum { JWT_MIN = 31, JWT_HEAD_MAX = 1024, PEM_HEAD = 60, MIX_MAX = 256 };

enum {
	ALNUM = 1, /* only letters and digits behind the start */
	MIXED = 2, /* upper case and digits among them, or it is a word */
	EXACT = 4  /* no longer than min */
};

/* Sorted by the first two bytes; of equal ones the first that fits is it. */
static const struct {
	sv start;
	size_t min; /* bytes in all, start included */
	unsigned rules;
} shapes[] = {
	{ { "-----BEGIN ", 11 }, PEM_HEAD, 0 }, { { "AIza", 4 }, 34, 0 },
	{ { "AKIA", 4 }, 20, ALNUM | EXACT },
	{ { "ASIA", 4 }, 20, ALNUM | EXACT }, { { "HRKU-", 5 }, 20, 0 },
	{ { "SG.", 3 }, 30, MIXED }, { { "SK", 2 }, 34, ALNUM | EXACT },
	{ { "dop_v1_", 7 }, 30, 0 }, { { "eyJ", 3 }, JWT_MIN, 0 },
	{ { "ghp_", 4 }, 13, 0 }, { { "gho_", 4 }, 13, 0 },
	{ { "ghu_", 4 }, 13, 0 }, { { "ghs_", 4 }, 13, 0 },
	{ { "ghr_", 4 }, 13, 0 }, { { "github_pat_", 11 }, 20, 0 },
	{ { "glpat-", 6 }, 16, 0 }, { { "hf_", 3 }, 24, ALNUM | MIXED },
	{ { "hvs.", 4 }, 24, MIXED }, { { "key-", 4 }, 36, ALNUM | EXACT },
	{ { "npm_", 4 }, 24, ALNUM }, { { "pypi-", 5 }, 20, MIXED },
	{ { "rk_live_", 8 }, 13, 0 }, { { "rk_test_", 8 }, 13, 0 },
	{ { "shpat_", 6 }, 24, 0 }, { { "shpss_", 6 }, 24, 0 },
	{ { "sk_live_", 8 }, 13, 0 }, { { "sk_test_", 8 }, 13, 0 },
	{ { "sk-ant-", 7 }, 24, 0 }, { { "sk-proj-", 8 }, 24, 0 },
	{ { "sk-", 3 }, 20, MIXED }, { { "whsec_", 6 }, 16, 0 },
	{ { "xapp-", 5 }, 16, MIXED }, { { "xoxa-", 5 }, 13, 0 },
	{ { "xoxb-", 5 }, 13, 0 }, { { "xoxe-", 5 }, 13, 0 },
	{ { "xoxp-", 5 }, 13, 0 }, { { "xoxr-", 5 }, 13, 0 },
	{ { "xoxs-", 5 }, 13, 0 }, { { "ya29.", 5 }, 16, 0 },
};

bool
secretshape_start(size_t i, sv *start)
{
	if (i < countof(shapes))
		*start = shapes[i].start;
	return i < countof(shapes);
}

static bool
is_token_byte(int c)
{
	return is_alnum(c) || c == '_' || c == '-' || c == '.' || c == '%' ||
	    c == '+' || c == '/' || c == '=';
}

/* Number of bytes at the start of v that tokens are made of. */
static size_t
token_run(sv v)
{
	size_t n = 0;

	while (n < v.n && is_token_byte(v.p[n]))
		n++;
	return n;
}

static size_t
alnum_run(sv v)
{
	size_t n = 0;

	while (n < v.n && is_alnum(v.p[n]))
		n++;
	return n;
}

/* Does a word start at text[at]? Also behind "\n" and "%3D". */
static bool
is_start(sv text, size_t at)
{
	if (at == 0 || !is_alnum(text.p[at - 1]))
		return true;
	if (at >= 2 && text.p[at - 2] == '\\')
		return true;
	return at >= 3 && text.p[at - 3] == '%' &&
	    hex_value(text.p[at - 2]) >= 0 && hex_value(text.p[at - 1]) >= 0;
}

/* "eyJ...": header, claims and signature with dots between, or cut at the end
 * of the text. The header is short, which keeps many beginnings cheap. */
static sv
jwt_at(sv rest)
{
	size_t head = sv_find_byte(sv_take(rest, JWT_HEAD_MAX), '.');
	sv token, claims;

	if (token_run(sv_take(rest, head)) < head ||
	    byte_at(rest, head) != '.')
		return SV("");
	token = sv_take(rest, token_run(rest));
	claims = sv_skip(token, head + 1);
	if (token.n < JWT_MIN || (token.n < rest.n &&
	    sv_find_byte(claims, '.') == claims.n))
		return SV("");
	return token;
}

/* A private key and what is behind it. */
static sv
pem_at(sv rest)
{
	return sv_has(sv_take(rest, PEM_HEAD), SV("PRIVATE KEY")) ? rest : SV("");
}

/* Does the start of the run look random? Only its first bytes are read, which
 * keeps many beginnings in one run cheap. */
static bool
is_mixed(sv v)
{
	bool upper = false, digit = false;

	v = sv_take(v, MIX_MAX);
	for (size_t i = 0; i < v.n && is_token_byte(v.p[i]); i++) {
		upper |= is_upper(v.p[i]);
		digit |= is_digit(v.p[i]);
	}
	return upper && digit;
}

static sv
run_at(sv rest, size_t row)
{
	sv body = sv_skip(rest, shapes[row].start.n);
	unsigned rules = shapes[row].rules;
	size_t n = shapes[row].start.n;

	if ((rules & MIXED) && !is_mixed(body))
		return SV("");
	if (rules & EXACT)
		body = sv_take(body, shapes[row].min);
	n += (rules & ALNUM) ? alnum_run(body) : token_run(body);
	if (n < shapes[row].min || ((rules & EXACT) && n > shapes[row].min))
		return SV("");
	return sv_take(rest, n);
}

/* The same of LANES bytes to 64, which are looked at together. */
static bool
is_quads(sv v)
{
	uint64_t digits = 0, signs = 0, all = UINT64_MAX >> (64 - v.n);

	for (size_t i = 0; i < v.n; i += LANES) {
		size_t at = i < v.n - LANES ? i : v.n - LANES;
		lanes x = lanes_load(v.p + at);

		digits |= lanes_bits(lanes_marks(lanes_within(x, '0', '9'))) <<
		    at;
		signs |= lanes_bits(lanes_marks(lanes_or(lanes_within(x, '.',
		    '.'), lanes_within(x, ',', ',')))) << at;
	}
	return (digits | signs) == all &&
	    (digits & digits >> 1 & digits >> 2 & digits >> 3) == 0;
}

bool
secretshape_is_quads(sv v)
{
	size_t run = 0, i = 0;

	if (v.n >= LANES && v.n <= 64)
		return is_quads(v);

	for (; i < v.n && run <= 3; i++) {
		run = is_digit(v.p[i]) ? run + 1 : 0;
		if (run == 0 && v.p[i] != '.' && v.p[i] != ',')
			return false;
	}
	return run <= 3;
}

/* The first two bytes as a number. */
static int
pair_of(sv v)
{
	return byte_at(v, 0) << 8 | byte_at(v, 1);
}

/* The first row that begins with this pair, or one behind it. */
static size_t
first_row(int pair)
{
	size_t from = 0, to = countof(shapes);

	while (from < to) {
		size_t i = (from + to) / 2;

		if (pair_of(shapes[i].start) < pair)
			from = i + 1;
		else
			to = i;
	}
	return from;
}

sv
secretshape_at(sv text, size_t at)
{
	sv rest = sv_skip(text, at);
	int pair = pair_of(rest);

	if (rest.p[0] != '-' && !is_start(text, at))
		return SV("");
	for (size_t i = first_row(pair); i < countof(shapes) &&
	    pair_of(shapes[i].start) == pair; i++) {
		if (!sv_starts(rest, shapes[i].start))
			continue;
		if (rest.p[0] == '-')
			return pem_at(rest);
		return rest.p[0] == 'e' ? jwt_at(rest) : run_at(rest, i);
	}
	return SV("");
}

/* Words behind a scheme. */

enum { BEARER_MIN = 8, BASIC_MAX = 64 };

static size_t
digits_in(sv v)
{
	size_t n = 0;

	for (size_t i = 0; i < v.n; i++)
		n += is_digit(v.p[i]) ? 1 : 0;
	return n;
}

static unsigned
base64_value(int c)
{
	return is_upper(c) ? (unsigned)(c - 'A') :
	    is_lower(c) ? (unsigned)(c - 'a') + 26 :
	    is_digit(c) ? (unsigned)(c - '0') + 52 : c == '+' ? 62u : 63u;
}

/* Does base64 text hold "user:password"? */
static bool
is_basic(sv v)
{
	uint32_t bits = 0;

	v = sv_take(v, BASIC_MAX);
	for (size_t i = 0; i < v.n && v.p[i] != '='; i++) {
		bits = bits << 6 | base64_value(v.p[i]);
		if (i % 4 == 3 && ((bits >> 16 & 255) == ':' ||
		    (bits >> 8 & 255) == ':' || (bits & 255) == ':'))
			return true;
		if ((i % 4 == 1 && (bits >> 4 & 255) == ':') ||
		    (i % 4 == 2 && (bits >> 2 & 255) == ':'))
			return true;
	}
	return false;
}

/* "total=5": what credentials hold of '=' stands at their end. */
static bool
has_inner_equals(sv v)
{
	size_t at = sv_find_byte(v, '=');

	while (at < v.n && v.p[at] == '=')
		at++;
	return at < v.n;
}

sv
secretshape_scheme(sv text, size_t at)
{
	sv rest = sv_skip(text, at), v;
	bool bearer = sv_eq_nocase(sv_take(rest, 6), SV("bearer"));
	size_t n = bearer ? 6 : 5, i = at + n;

	if ((!bearer && !sv_eq_nocase(sv_take(rest, n), SV("basic"))) ||
	    !is_start(text, at))
		return SV("");
	if (sv_starts(sv_skip(text, i), SV("%20")))
		i += 3;
	else if (byte_at(text, i) == '+')
		i++;
	else
		i = skip_blanks(text, i);
	rest = sv_skip(text, i);
	if (i == at + n || rest.n < BEARER_MIN)
		return SV("");
	v = sv_take(rest, token_run(sv_take(rest, BASIC_MAX)));
	/* before a mark it is the key of what was hidden */
	if (v.n < BEARER_MIN || has_inner_equals(v) ||
	    secretmark_length(sv_skip(rest, v.n)) ||
	    (bearer ? digits_in(v) == 0 : !is_basic(v)))
		return SV("");
	return sv_take(rest, token_run(rest));
}

/* Cards. */

enum { CARD_MAX = 19 };

/* Ranges of the first four digits, and the lengths as bits. */
#define LEN(n) (1u << (n))
#define LEN_16_19 (LEN(16) | LEN(17) | LEN(18) | LEN(19))

static const struct {
	unsigned from, to, lengths;
} networks[] = {
	{ 4000, 4999, LEN(13) | LEN(16) | LEN(19) }, /* Visa */
	{ 5100, 5599, LEN(16) },                     /* Mastercard */
	{ 2221, 2720, LEN(16) },
	{ 3400, 3499, LEN(15) }, { 3700, 3799, LEN(15) }, /* Amex */
	{ 6011, 6011, LEN_16_19 }, { 6440, 6599, LEN_16_19 }, /* Discover */
	{ 3528, 3589, LEN_16_19 },                   /* JCB */
	{ 6200, 6299, LEN_16_19 },                   /* UnionPay */
	{ 3000, 3059, LEN(14) }, { 3600, 3699, LEN(14) }, /* Diners */
	{ 3800, 3999, LEN(14) },
};

/* Lengths of the groups a number is printed in. */
static const char *const groupings[] = { "4444", "465", "464", "44443" };

static bool
is_of_network(const char *digit, size_t n)
{
	unsigned head = 0;

	for (size_t i = 0; i < 4; i++)
		head = head * 10 + (unsigned)(digit[i] - '0');
	for (size_t i = 0; i < countof(networks); i++)
		if (head >= networks[i].from && head <= networks[i].to &&
		    (networks[i].lengths & LEN(n)))
			return true;
	return false;
}

/* Luhn: every second digit from the right counts twice. */
static bool
has_check_digit(const char *digit, size_t n)
{
	unsigned sum = 0;

	for (size_t i = 0; i < n; i++) {
		unsigned d = (unsigned)(digit[n - 1 - i] - '0') << (i % 2);

		sum += d > 9 ? d - 9 : d;
	}
	return sum % 10 == 0;
}

/* The digits of v that stand in the groups, copied; 0 when they do not. */
static size_t
read_groups(sv v, const char *groups, char digit[CARD_MAX], size_t *width)
{
	size_t n = 0, i = 0;
	int sign = byte_at(v, 4);

	for (; *groups; groups++) {
		if (i > 0 && byte_at(v, i++) != sign)
			return 0;
		for (int k = 0; k < *groups - '0'; k++, i++) {
			if (!is_digit(byte_at(v, i)))
				return 0;
			digit[n++] = v.p[i];
		}
	}
	*width = i;
	return n;
}

static size_t
read_digits(sv v, char digit[CARD_MAX], size_t *width)
{
	size_t n = 0;

	for (; n < CARD_MAX && is_digit(byte_at(v, n)); n++)
		digit[n] = v.p[n];
	*width = n;
	return n;
}

/* Does the number go on, as part of an id, a fraction or a longer number? */
static bool
goes_on(sv rest)
{
	int c = byte_at(rest, 0), next = byte_at(rest, 1);

	return is_alnum(c) || c == '_' || ((c == '-' || c == '.') &&
	    (is_alnum(next) || secretmark_length(sv_skip(rest, 1))));
}

static bool
is_card(sv v, const char *digit, size_t n, size_t width)
{
	return n >= SECRETSHAPE_CARD && !goes_on(sv_skip(v, width)) &&
	    is_of_network(digit, n) && has_check_digit(digit, n);
}

sv
secretshape_card(sv text, size_t at)
{
	sv v = sv_skip(text, at);
	char digit[CARD_MAX];
	size_t n, width = 0;
	int before = at ? text.p[at - 1] : 0, sign = byte_at(v, 4);

	if (!secretshape_may_be_card(v) ||
	    before == '.' || before == '-' || before == '_' ||
	    !is_start(text, at))
		return SV("");
	if (sign != ' ' && sign != '-' && sign != '+') {
		n = read_digits(v, digit, &width);
		return is_card(v, digit, n, width) ? sv_take(v, width) : SV("");
	}
	for (size_t i = 0; i < countof(groupings); i++) {
		n = read_groups(v, groupings[i], digit, &width);
		if (is_card(v, digit, n, width))
			return sv_take(v, width);
	}
	return SV("");
}

bool
secretshape_is_base64(sv v)
{
	bool upper = false, lower = false, digit = false;

	for (size_t i = 0; i < v.n; i++) {
		int c = v.p[i];

		if (!is_alnum(c) && c != '+' && c != '/' && c != '=')
			return false;
		upper |= is_upper(c);
		lower |= is_lower(c);
		digit |= is_digit(c);
	}
	return upper && lower && digit;
}
