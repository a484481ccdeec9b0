/* SPDX-License-Identifier: MIT */
/*
 * SQLite's operators, from the loosest on: OR, AND, NOT, then all of = == <> !=
 * IS IN BETWEEN and the like at one level, then < <= > >= (see
 * https://www.sqlite.org/lang_expr.html). What a side of a comparison is made
 * of is not looked at. Where comparisons follow one another, which no rule
 * means, nothing is understood.
 */
#include "detect/sqlexpr.h"

#include "base/ascii.h"
#include "base/attr.h"
#include "detect/sqlscan.h"

enum { DEPTH = 150 };

struct reader {
	struct arena *a;
	sv text;
	struct sqlscan scan;
	struct sqltok tok; /* next one; empty text: the end */
	int depth;
	bool bad;
};

static void
advance(struct reader *r)
{
	if (!sqlscan_next(&r->scan, &r->tok))
		r->tok = (struct sqltok){ SQLTOK_SIGN, SV(""), r->text.n };
	if (r->tok.kind == SQLTOK_OPEN)
		r->bad = true;
}

static bool
at_end(const struct reader *r)
{
	return r->tok.text.n == 0 || r->bad;
}

static bool
take_word(struct reader *r, const char *word)
{
	if (at_end(r) || !sqltok_is(&r->tok, word))
		return false;
	advance(r);
	return true;
}

static struct sqlexpr *
node(struct reader *r, enum sqlexpr_kind kind, size_t from, size_t to)
{
	struct sqlexpr *x = arena_new(r->a, struct sqlexpr);

	x->kind = kind;
	x->text = sv_trim(sv_of(r->text.p + from, to - from));
	return x;
}

static struct sqlexpr *
wrap(struct reader *r, enum sqlexpr_kind kind, struct sqlexpr *kid)
{
	struct sqlexpr *x = arena_new(r->a, struct sqlexpr);

	x->kind = kind;
	x->text = kid->text;
	x->kid = kid;
	return x;
}

/* --- sides of comparisons ------------------------------------------------- */

static bool
is_comparison(const struct sqltok *t)
{
	static const char *const word[] = { "IS", "IN", "LIKE", "GLOB",
		"REGEXP", "MATCH", "BETWEEN", "ISNULL", "NOTNULL", "NOT",
		"ESCAPE", "COLLATE" };
	static const char *const sign[] = { "=", "==", "<>", "!=", "<", "<=",
		">", ">=" };

	for (size_t i = 0; i < countof(word); i++)
		if (sqltok_is(t, word[i]))
			return true;
	for (size_t i = 0; i < countof(sign); i++)
		if (sqltok_is_sign(t, sign[i]))
			return true;
	return false;
}

/* How the token changes how deep in parentheses and CASE the text is. */
static int
deeper(const struct sqltok *t)
{
	if (sqltok_is_sign(t, "(") || sqltok_is(t, "CASE"))
		return 1;
	return sqltok_is_sign(t, ")") || sqltok_is(t, "END") ? -1 : 0;
}

/* The text up to what joins or compares; empty: there is none. */
static sv
operand(struct reader *r)
{
	size_t from = r->tok.at, end = from;
	int depth = 0;

	while (!at_end(r)) {
		if (depth == 0 && (sqltok_is(&r->tok, "AND") ||
		    sqltok_is(&r->tok, "OR") || is_comparison(&r->tok)))
			break;
		depth += deeper(&r->tok);
		if (depth < 0)
			break;
		end = r->tok.at + r->tok.text.n;
		advance(r);
	}
	return sv_of(r->text.p + from, end - from);
}

/* Is all of it one pair of parentheses? */
static bool
is_group(sv text)
{
	struct sqlscan s = { text, 0 };
	struct sqltok t;
	int depth = 0;

	while (sqlscan_next(&s, &t)) {
		if (sqltok_is_sign(&t, "("))
			depth++;
		else if (depth == 0)
			return false;
		if (sqltok_is_sign(&t, ")") && --depth == 0)
			return !sqlscan_next(&s, &t);
	}
	return false;
}

sv
sqlexpr_bare(sv text)
{
	text = sv_trim(text);
	while (text.n >= 2 && is_group(text))
		text = sv_trim(sv_of(text.p + 1, text.n - 2));
	return text;
}

/* --- comparisons ---------------------------------------------------------- */

static struct sqlexpr *read_or(struct reader *r);

/* A side alone: what its parentheses hold, or nothing that is known. */
static struct sqlexpr *
read_side(struct reader *r, sv side)
{
	struct reader in = { .a = r->a, .text = sqlexpr_bare(side),
		.depth = r->depth + 1 };
	struct sqlexpr *x;
	size_t from = (size_t)(side.p - r->text.p);

	if (is_group(side) && in.depth < DEPTH) {
		in.scan = (struct sqlscan){ in.text, 0 };
		advance(&in);
		x = read_or(&in);
		if (!in.bad && in.tok.text.n == 0)
			return x;
	}
	return node(r, SQLEXPR_OTHER, from, from + side.n);
}

static struct sqlexpr *
compare(struct reader *r, enum sqlexpr_kind kind, size_t from, sv left,
    sv right)
{
	struct sqlexpr *x = node(r, left.n && right.n ? kind : SQLEXPR_OTHER,
	    from, (size_t)(right.p - r->text.p) + right.n);

	x->left = sqlexpr_bare(left);
	x->right = sqlexpr_bare(right);
	return x;
}

static struct sqlexpr *
read_is(struct reader *r, size_t from, sv left)
{
	bool not = take_word(r, "NOT");
	struct sqlexpr *x;

	if (take_word(r, "NULL"))
		x = compare(r, SQLEXPR_IS_NULL, from, left, left);
	else if (take_word(r, "TRUE"))
		x = wrap(r, SQLEXPR_IS_TRUE, read_side(r, left));
	else if (take_word(r, "FALSE"))
		x = wrap(r, SQLEXPR_IS_FALSE, read_side(r, left));
	else
		x = compare(r, SQLEXPR_IS, from, left, operand(r));
	return not ? wrap(r, SQLEXPR_NOT, x) : x;
}

static struct sqlexpr *
read_in(struct reader *r, size_t from, sv left)
{
	sv right = operand(r);
	struct sqlexpr *x = compare(r, SQLEXPR_IN, from, left, right);

	x->list = is_group(right);
	if (x->list)
		x->right = sv_trim(sv_of(right.p + 1, right.n - 2));
	return x;
}

static struct sqlexpr *
read_between(struct reader *r, size_t from, sv left)
{
	struct sqlexpr *x = node(r, SQLEXPR_AND, from, from);
	sv low = operand(r);

	if (!take_word(r, "AND")) {
		r->bad = true;
		return x;
	}
	x->kid = compare(r, SQLEXPR_GE, from, left, low);
	x->kid->next = compare(r, SQLEXPR_LE, from, left, operand(r));
	return x;
}

static struct sqlexpr *
read_sign(struct reader *r, size_t from, sv left)
{
	static const struct {
		const char *sign;
		enum sqlexpr_kind kind;
		bool not;
	} signs[] = {
		{ "=", SQLEXPR_EQ, false }, { "==", SQLEXPR_EQ, false },
		{ "<>", SQLEXPR_EQ, true }, { "!=", SQLEXPR_EQ, true },
		{ "<", SQLEXPR_LT, false }, { "<=", SQLEXPR_LE, false },
		{ ">", SQLEXPR_GT, false }, { ">=", SQLEXPR_GE, false },
	};

	for (size_t i = 0; i < countof(signs); i++) {
		struct sqlexpr *x;

		if (!sqltok_is_sign(&r->tok, signs[i].sign))
			continue;
		advance(r);
		x = compare(r, signs[i].kind, from, left, operand(r));
		return signs[i].not ? wrap(r, SQLEXPR_NOT, x) : x;
	}
	r->bad = true;
	return node(r, SQLEXPR_OTHER, from, from);
}

/* What no rule of this file tells apart, up to what joins. */
static struct sqlexpr *
skip_chain(struct reader *r, size_t from)
{
	while (!at_end(r) && is_comparison(&r->tok)) {
		bool between = sqltok_is(&r->tok, "BETWEEN");

		advance(r);
		operand(r);
		if (between && take_word(r, "AND"))
			operand(r);
	}
	return node(r, SQLEXPR_OTHER, from, r->tok.at);
}

static struct sqlexpr *
read_operator(struct reader *r, size_t from, sv left)
{
	bool not;
	struct sqlexpr *x;

	if (take_word(r, "ISNULL"))
		return compare(r, SQLEXPR_IS_NULL, from, left, left);
	if (take_word(r, "NOTNULL"))
		return wrap(r, SQLEXPR_NOT, compare(r, SQLEXPR_IS_NULL, from,
		    left, left));
	if (take_word(r, "IS"))
		return read_is(r, from, left);
	not = take_word(r, "NOT");
	if (not && take_word(r, "NULL"))
		return wrap(r, SQLEXPR_NOT, compare(r, SQLEXPR_IS_NULL, from,
		    left, left));
	if (take_word(r, "IN"))
		x = read_in(r, from, left);
	else if (take_word(r, "BETWEEN"))
		x = read_between(r, from, left);
	else if (r->tok.kind == SQLTOK_SIGN && !not)
		return read_sign(r, from, left);
	else
		x = skip_chain(r, from);
	return not ? wrap(r, SQLEXPR_NOT, x) : x;
}

static struct sqlexpr *
read_comparison(struct reader *r)
{
	size_t from = r->tok.at;
	sv left = operand(r);
	struct sqlexpr *x;

	if (left.n == 0) {
		r->bad = true;
		return node(r, SQLEXPR_OTHER, from, from);
	}
	if (at_end(r) || !is_comparison(&r->tok))
		return read_side(r, left);
	x = read_operator(r, from, left);
	if (!at_end(r) && is_comparison(&r->tok))
		return skip_chain(r, from);
	return x;
}

/* --- what joins ----------------------------------------------------------- */

static struct sqlexpr *
read_not(struct reader *r)
{
	struct sqlexpr *x;

	if (++r->depth > DEPTH)
		r->bad = true;
	if (!r->bad && take_word(r, "NOT"))
		x = wrap(r, SQLEXPR_NOT, read_not(r));
	else
		x = read_comparison(r);
	r->depth--;
	return x;
}

static struct sqlexpr *
read_joined(struct reader *r, const char *word, enum sqlexpr_kind kind,
    struct sqlexpr *(*one)(struct reader *))
{
	size_t from = r->tok.at;
	struct sqlexpr *first = one(r), *last = first, *x;

	if (r->bad || !sqltok_is(&r->tok, word))
		return first;
	while (!r->bad && take_word(r, word))
		last = last->next = one(r);
	x = node(r, kind, from, r->tok.at);
	x->kid = first;
	return x;
}

static struct sqlexpr *
read_and(struct reader *r)
{
	return read_joined(r, "AND", SQLEXPR_AND, read_not);
}

static struct sqlexpr *
read_or(struct reader *r)
{
	return read_joined(r, "OR", SQLEXPR_OR, read_and);
}

struct sqlexpr *
sqlexpr_read(struct arena *a, sv text)
{
	struct reader r = { .a = a, .text = text, .scan = { text, 0 } };
	struct sqlexpr *x;

	advance(&r);
	x = read_or(&r);
	if (!r.bad && r.tok.text.n == 0)
		return x;
	return node(&r, SQLEXPR_OTHER, 0, text.n);
}
