/* SPDX-License-Identifier: MIT */
#include "detect/sqlscan.h"

#include "base/ascii.h"

static bool
is_word_byte(char c)
{
	return is_alnum(c) || c == '_' || c == '$' || (unsigned char)c >= 0x80;
}

static size_t
word_len(sv v)
{
	size_t n = 0;

	while (n < v.n && is_word_byte(v.p[n]))
		n++;
	return n;
}

/* Length of the blanks and comments at the start of v. A comment without end
 * is none of them. */
static size_t
skip_len(sv v)
{
	size_t n = 0, end;

	for (;;) {
		sv rest = sv_skip(v, n);

		if (rest.n && is_space(rest.p[0])) {
			n++;
		} else if (sv_starts(rest, SV("--"))) {
			n += sv_find_byte(rest, '\n');
		} else if (sv_starts(rest, SV("/*"))) {
			end = sv_find(sv_skip(rest, 2), SV("*/"));
			if (end + 2 == rest.n)
				return n;
			n += end + 4;
		} else {
			return n;
		}
	}
}

/* A quoted run at the start of v; *open: it does not end. A doubled quote is
 * one that stays inside. */
static size_t
quoted_len(sv v, bool *open)
{
	char end = v.p[0] == '[' ? ']' : v.p[0];
	size_t n = 1;

	while (n < v.n) {
		if (v.p[n++] != end)
			continue;
		if (end == ']' || n == v.n || v.p[n] != end) {
			*open = false;
			return n;
		}
		n++;
	}
	*open = true;
	return n;
}

static size_t
digits(sv v, size_t n)
{
	while (n < v.n && is_digit(v.p[n]))
		n++;
	return n;
}

/* Digits, a fraction, an exponent; what letters follow belongs to it too: an
 * error, but SQLite's to tell. */
static size_t
number_len(sv v)
{
	size_t n = digits(v, 0);

	if (n < v.n && v.p[n] == '.')
		n = digits(v, n + 1);
	if (n + 1 < v.n && (v.p[n] == 'e' || v.p[n] == 'E') &&
	    (v.p[n + 1] == '+' || v.p[n + 1] == '-'))
		n = digits(v, n + 2);
	return n + word_len(sv_skip(v, n));
}

static size_t
sign_len(sv v)
{
	static const char *const sign[] = { "->>", "->", "||", "<=", ">=", "<>",
		"!=", "==", "<<", ">>" };

	for (size_t i = 0; i < countof(sign); i++)
		if (sv_starts(v, sv_str(sign[i])))
			return sv_str(sign[i]).n;
	return 1;
}

static bool
starts_number(sv v)
{
	return is_digit(v.p[0]) ||
	    (v.p[0] == '.' && v.n > 1 && is_digit(v.p[1]));
}

static bool
starts_blob(sv v)
{
	return (v.p[0] == 'x' || v.p[0] == 'X') && v.n > 1 && v.p[1] == '\'';
}

static enum sqltok_kind
cut(sv v, size_t *n)
{
	char c = v.p[0];
	bool open = false;

	if (starts_blob(v)) {
		*n = 1 + quoted_len(sv_skip(v, 1), &open);
		return open ? SQLTOK_OPEN : SQLTOK_TEXT;
	}
	if (c == '\'' || c == '"' || c == '`' || c == '[') {
		*n = quoted_len(v, &open);
		return open ? SQLTOK_OPEN : c == '\'' ? SQLTOK_TEXT :
		    SQLTOK_NAME;
	}
	if (sv_starts(v, SV("/*"))) {
		*n = v.n;
		return SQLTOK_OPEN;
	}
	if (starts_number(v)) {
		*n = number_len(v);
		return SQLTOK_NUMBER;
	}
	if (c == ':' || c == '@' || c == '$' || c == '?') {
		*n = 1 + word_len(sv_skip(v, 1));
		return SQLTOK_PARAM;
	}
	*n = word_len(v);
	if (*n)
		return SQLTOK_WORD;
	*n = sign_len(v);
	return SQLTOK_SIGN;
}

bool
sqlscan_next(struct sqlscan *s, struct sqltok *t)
{
	sv rest = sv_skip(s->text, s->at);
	size_t n;

	s->at += skip_len(rest);
	rest = sv_skip(s->text, s->at);
	if (rest.n == 0)
		return false;
	t->kind = cut(rest, &n);
	t->text = sv_take(rest, n);
	t->at = s->at;
	s->at += n;
	return true;
}

bool
sqltok_is(const struct sqltok *t, const char *word)
{
	return t->kind == SQLTOK_WORD && sv_eq_nocase(t->text, sv_str(word));
}

bool
sqltok_is_sign(const struct sqltok *t, const char *sign)
{
	return t->kind == SQLTOK_SIGN && sv_is(t->text, sign);
}

sv
sqltok_name(const struct sqltok *t)
{
	if (t->kind == SQLTOK_WORD)
		return t->text;
	if (t->kind != SQLTOK_NAME)
		return SV_NULL;
	return sv_take(sv_skip(t->text, 1), t->text.n - 2);
}

void
sqlscan_place(sv text, size_t at, int *line, int *col)
{
	sv before = sv_take(text, at);
	size_t newline = sv_rfind(before, SV("\n"));

	*line = 1 + (int)sv_count_byte(before, '\n');
	*col = 1 + (int)(newline < before.n ? before.n - newline - 1 :
	    before.n);
}

void
sqlscan_plain(struct buf *b, sv text)
{
	struct sqlscan s = { text, 0 };
	struct sqltok t;

	for (size_t end = 0; sqlscan_next(&s, &t); end = s.at) {
		if (end && t.at > end)
			buf_byte(b, ' ');
		buf_add(b, t.text);
	}
}
