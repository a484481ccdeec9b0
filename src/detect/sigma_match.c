/* SPDX-License-Identifier: MIT */
/*
 * A text column holds a number of the dictionary, or seldom the text itself.
 * So a pattern is one subquery over the dictionary, which SQLite runs once, and
 * the rows compare numbers. Chains of OR and AND are written as balanced trees:
 * SQLite limits the depth of an expression, and keyword lists are long.
 */
#include "detect/sigma_match.h"

#include <stdio.h>

#include "base/ascii.h"
#include "base/ip.h"
#include "detect/regex.h"

enum {
	SQL_MAX = 900000,  /* SQLite takes a million bytes */
	BINDS_MAX = 30000, /* and 32766 parameters */
	TERMS_MAX = 100,   /* of one condition */
	NESTED_MAX = 16
};

enum modifier {
	MOD_CONTAINS = 1 << 0,
	MOD_STARTS = 1 << 1,
	MOD_ENDS = 1 << 2,
	MOD_ALL = 1 << 3,
	MOD_CASED = 1 << 4,
	MOD_EXISTS = 1 << 5,
	MOD_NEQ = 1 << 6,
	MOD_RE = 1 << 7,
	MOD_I = 1 << 8,
	MOD_M = 1 << 9,
	MOD_S = 1 << 10,
	MOD_LT = 1 << 11,
	MOD_LTE = 1 << 12,
	MOD_GT = 1 << 13,
	MOD_GTE = 1 << 14,
	MOD_CIDR = 1 << 15,
	MOD_UNSUPPORTED = 1 << 16
};

enum {
	NUMERIC = MOD_LT | MOD_LTE | MOD_GT | MOD_GTE,
	AFFIX = MOD_CONTAINS | MOD_STARTS | MOD_ENDS,
	RE_FLAGS = MOD_I | MOD_M | MOD_S
};

static const struct {
	const char *name;
	unsigned bit;
	unsigned with; /* what it may stand beside */
} modifiers[] = {
	{ "contains", MOD_CONTAINS, MOD_ALL | MOD_CASED | MOD_NEQ },
	{ "startswith", MOD_STARTS, MOD_ALL | MOD_CASED | MOD_NEQ | MOD_ENDS },
	{ "endswith", MOD_ENDS, MOD_ALL | MOD_CASED | MOD_NEQ | MOD_STARTS },
	{ "all", MOD_ALL, ~(unsigned)MOD_EXISTS },
	{ "cased", MOD_CASED, AFFIX | MOD_ALL | MOD_NEQ },
	{ "exists", MOD_EXISTS, 0 },
	{ "neq", MOD_NEQ, ~(unsigned)MOD_EXISTS },
	{ "re", MOD_RE, RE_FLAGS | MOD_ALL | MOD_NEQ },
	{ "i", MOD_I, MOD_RE | RE_FLAGS | MOD_ALL | MOD_NEQ },
	{ "ignorecase", MOD_I, MOD_RE | RE_FLAGS | MOD_ALL | MOD_NEQ },
	{ "m", MOD_M, MOD_RE | RE_FLAGS | MOD_ALL | MOD_NEQ },
	{ "multiline", MOD_M, MOD_RE | RE_FLAGS | MOD_ALL | MOD_NEQ },
	{ "s", MOD_S, MOD_RE | RE_FLAGS | MOD_ALL | MOD_NEQ },
	{ "dotall", MOD_S, MOD_RE | RE_FLAGS | MOD_ALL | MOD_NEQ },
	{ "lt", MOD_LT, MOD_ALL | MOD_NEQ },
	{ "lte", MOD_LTE, MOD_ALL | MOD_NEQ },
	{ "gt", MOD_GT, MOD_ALL | MOD_NEQ },
	{ "gte", MOD_GTE, MOD_ALL | MOD_NEQ },
	{ "cidr", MOD_CIDR, MOD_ALL | MOD_NEQ },
	{ "windash", MOD_UNSUPPORTED, 0 },
	{ "base64", MOD_UNSUPPORTED, 0 },
	{ "base64offset", MOD_UNSUPPORTED, 0 },
	{ "wide", MOD_UNSUPPORTED, 0 },
	{ "utf16", MOD_UNSUPPORTED, 0 },
	{ "utf16le", MOD_UNSUPPORTED, 0 },
	{ "utf16be", MOD_UNSUPPORTED, 0 },
	{ "fieldref", MOD_UNSUPPORTED, 0 },
	{ "expand", MOD_UNSUPPORTED, 0 },
	{ "minute", MOD_UNSUPPORTED, 0 },
	{ "hour", MOD_UNSUPPORTED, 0 },
	{ "day", MOD_UNSUPPORTED, 0 },
	{ "week", MOD_UNSUPPORTED, 0 },
	{ "month", MOD_UNSUPPORTED, 0 },
	{ "year", MOD_UNSUPPORTED, 0 },
};

/* One "field|modifiers: value" of a selection, or a keyword list. */
struct item {
	const struct sigma_field *f; /* NULL: the field is missing */
	unsigned mods;
	const struct yaml **val;     /* scalars */
	size_t nvals;
	size_t bind;                 /* number of the first value's bind */
};

static bool
key_err(struct sigma_sql *c, const struct yaml *y, const char *what, sv value)
{
	return err_set(c->e, ST_USAGE, "%.*s:%d:%d: %s '%.*s'",
	    SV_ARG(c->file), y->key_line, y->key_col, what,
	    value.n > 80 ? 80 : (int)value.n, value.p ? value.p : "");
}

static bool
check_size(struct sigma_sql *c, const struct yaml *at)
{
	return (c->sql.n <= SQL_MAX && c->nbinds <= BINDS_MAX) ||
	    yaml_err(c->e, c->file, at, "the rule is too large");
}

/* Number of the new parameter. */
static size_t
add_bind(struct sigma_sql *c, struct bind b)
{
	if (c->nbinds == c->cap) {
		struct bind *old = c->bind;

		c->cap = c->cap ? c->cap * 2 : 16;
		c->bind = arena_array(c->a, c->cap, sizeof(*c->bind));
		if (old)
			memcpy(c->bind, old, c->nbinds * sizeof(*old));
	}
	c->bind[c->nbinds] = b;
	return ++c->nbinds;
}

/* --- values --- */

static bool
is_scalar(const struct yaml *y)
{
	return y->kind != YAML_LIST && y->kind != YAML_MAP;
}

/*
 * A Sigma string as a pattern of wildcard(): there a backslash always makes the
 * next byte plain, here only before '\', '*' and '?'.
 */
static sv
to_pattern(struct arena *a, sv v, unsigned mods)
{
	struct buf b = BUF_INIT;
	sv out;

	if (mods & (MOD_CONTAINS | MOD_ENDS))
		buf_byte(&b, '*');
	for (size_t i = 0; i < v.n; i++) {
		char c = v.p[i];

		if (c == '\\' && i + 1 < v.n && (v.p[i + 1] == '\\' ||
		    v.p[i + 1] == '*' || v.p[i + 1] == '?')) {
			buf_byte(&b, '\\');
			buf_byte(&b, v.p[++i]);
		} else if (c == '\\') {
			buf_lit(&b, "\\\\");
		} else {
			buf_byte(&b, c);
		}
	}
	if (mods & (MOD_CONTAINS | MOD_STARTS))
		buf_byte(&b, '*');
	out = arena_sv(a, buf_sv(&b));
	buf_release(&b);
	return out;
}

static bool
bind_regex(struct sigma_sql *c, unsigned mods, const struct yaml *y)
{
	struct err why = ERR_INIT;
	struct buf b = BUF_INIT;
	size_t at;

	if (!regex_check(y->text, 0, &at, &why))
		return yaml_err_in(c->e, c->file, y, at, "%s", why.msg);
	if (mods & RE_FLAGS)
		buf_printf(&b, "(?%s%s%s)", mods & MOD_I ? "i" : "",
		    mods & MOD_M ? "m" : "", mods & MOD_S ? "s" : "");
	buf_add(&b, y->text);
	add_bind(c, (struct bind){ .kind = BIND_TEXT,
	    .text = arena_sv(c->a, buf_sv(&b)) });
	buf_release(&b);
	return true;
}

static bool
bind_number(struct sigma_sql *c, const struct yaml *y)
{
	int64_t i;
	double d;

	if (y->kind == YAML_BOOL || sv_to_i64(y->text, &i))
		add_bind(c, (struct bind){ .kind = BIND_I64,
		    .num = y->kind == YAML_BOOL ? y->num : i });
	else if (sv_to_double(y->text, &d))
		add_bind(c, (struct bind){ .kind = BIND_REAL, .real = d });
	else
		return yaml_err(c->e, c->file, y, "'%.*s' is no number",
		    SV_ARG(y->text));
	return true;
}

static bool
is_number(const struct yaml *y)
{
	double d;

	return y->kind == YAML_BOOL || sv_to_double(y->text, &d);
}

static bool
is_network(sv v)
{
	struct ip_net net;

	return ip_net_parse(v, &net);
}

/* How one value of an item is compared. */
enum how { HOW_NULL, HOW_WILD, HOW_RE, HOW_NUMBER, HOW_NET };

static enum how
how_of(const struct item *it, const struct yaml *y)
{
	if (y->kind == YAML_NULL)
		return HOW_NULL;
	if (it->mods & MOD_RE)
		return HOW_RE;
	if (it->mods & MOD_CIDR)
		return HOW_NET;
	if (it->mods & NUMERIC)
		return HOW_NUMBER;
	if (it->f && !(it->mods & AFFIX)) {
		if (it->f->type == FIELD_NUMBER && is_number(y))
			return HOW_NUMBER;
		if (it->f->type == FIELD_ADDRESS && is_network(y->text))
			return HOW_NET;
	}
	return HOW_WILD;
}

static bool
bind_value(struct sigma_sql *c, const struct item *it, const struct yaml *y)
{
	switch (how_of(it, y)) {
	case HOW_RE:
		return bind_regex(c, it->mods, y);
	case HOW_NUMBER:
		return bind_number(c, y);
	case HOW_NET:
		if (!is_network(y->text))
			return yaml_err(c->e, c->file, y,
			    "'%.*s' is no network", SV_ARG(y->text));
		add_bind(c, (struct bind){ .kind = BIND_TEXT, .text = y->text });
		return true;
	case HOW_NULL: /* keeps the numbers in step */
	case HOW_WILD:
		break;
	}
	add_bind(c, (struct bind){ .kind = BIND_TEXT,
	    .text = to_pattern(c->a, y->text, it->mods) });
	return true;
}

static bool
bind_values(struct sigma_sql *c, struct item *it)
{
	it->bind = c->nbinds + 1;
	for (size_t i = 0; i < it->nvals; i++)
		if (!check_size(c, it->val[i]) || !bind_value(c, it, it->val[i]))
			return false;
	return true;
}

/* --- predicates --- */

static const char *
text_function(unsigned mods)
{
	if (mods & MOD_RE)
		return "regexp";
	return mods & MOD_CASED ? "wildcard_cased" : "wildcard";
}

/* Values at..at+n-1 against a text expression. */
static void
text_tests(struct sigma_sql *c, const struct item *it, size_t at, size_t n,
    const char *before, const char *text, const char *after)
{
	if (n == 1) {
		buf_printf(&c->sql, "%s(?%zu, %s%s%s)", text_function(it->mods),
		    it->bind + at, before, text, after);
		return;
	}
	buf_lit(&c->sql, "(");
	text_tests(c, it, at, n / 2, before, text, after);
	buf_str(&c->sql, it->mods & MOD_ALL ? " AND " : " OR ");
	text_tests(c, it, at + n / 2, n - n / 2, before, text, after);
	buf_lit(&c->sql, ")");
}

static void
column_test(struct sigma_sql *c, const struct item *it, size_t at, size_t n,
    const char *column)
{
	const struct sigma_field *f = it->f;
	char name[64];

	snprintf(name, sizeof(name), "\"%s\"", column);
	buf_printf(&c->sql, "(%s IN (SELECT id FROM str WHERE ", name);
	text_tests(c, it, at, n, f->before, "s", f->after);
	buf_printf(&c->sql, ") OR (typeof(%s) = 'text' AND ", name);
	text_tests(c, it, at, n, f->before, name, f->after);
	buf_lit(&c->sql, "))");
}

/* All values at once: one pass over the dictionary. A second one for another
 * form of the text is made only when a record has such. */
static void
dictionary_test(struct sigma_sql *c, const struct item *it, size_t at, size_t n)
{
	const char *also = it->f->also;

	buf_lit(&c->sql, "((");
	column_test(c, it, at, n, it->f->column);
	if (also) {
		buf_printf(&c->sql, " OR (\"%s\" IS NOT NULL AND ", also);
		column_test(c, it, at, n, also);
		buf_lit(&c->sql, ")");
	}
	buf_lit(&c->sql, ") IS TRUE)");
}

static const char *
comparison(unsigned mods)
{
	if (mods & MOD_LT)
		return "<";
	if (mods & MOD_LTE)
		return "<=";
	if (mods & MOD_GT)
		return ">";
	return mods & MOD_GTE ? ">=" : "=";
}

/* One value that is no pattern over a dictionary column. */
static void
value_test(struct sigma_sql *c, const struct item *it, size_t i)
{
	struct buf *b = &c->sql;

	buf_lit(b, "((");
	switch (how_of(it, it->val[i])) {
	case HOW_NULL:
		sigma_field_value(b, it->f);
		buf_lit(b, " IS NULL");
		break;
	case HOW_WILD:
	case HOW_RE:
		buf_printf(b, "%s(?%zu, ", text_function(it->mods),
		    it->bind + i);
		sigma_field_text(b, it->f);
		buf_lit(b, ")");
		break;
	case HOW_NUMBER:
		buf_str(b, it->f->type == FIELD_NUMBER ? "(" : "number(");
		sigma_field_value(b, it->f);
		buf_printf(b, ") %s ?%zu", comparison(it->mods), it->bind + i);
		break;
	case HOW_NET:
		buf_lit(b, "ip_in(");
		if (it->f->type == FIELD_ADDRESS)
			buf_printf(b, "\"%s\"", it->f->column);
		else
			sigma_field_value(b, it->f);
		buf_printf(b, ", ?%zu)", it->bind + i);
		break;
	}
	buf_lit(b, ") IS TRUE)");
}

static void
value_tests(struct sigma_sql *c, const struct item *it, size_t at, size_t n)
{
	if (n == 1) {
		value_test(c, it, at);
		return;
	}
	buf_lit(&c->sql, "(");
	value_tests(c, it, at, n / 2);
	buf_str(&c->sql, it->mods & MOD_ALL ? " AND " : " OR ");
	value_tests(c, it, at + n / 2, n - n / 2);
	buf_lit(&c->sql, ")");
}

static bool
by_dictionary(const struct item *it)
{
	return it->f->type == FIELD_TEXT && it->val[0]->kind != YAML_NULL &&
	    !(it->mods & (NUMERIC | MOD_CIDR));
}

static void
field_test(struct sigma_sql *c, const struct item *it)
{
	if (by_dictionary(it))
		dictionary_test(c, it, 0, it->nvals);
	else
		value_tests(c, it, 0, it->nvals);
}

/* Values at..at+n-1 in any of the columns that keywords search. */
static void
keyword_test(struct sigma_sql *c, const struct item *it, size_t at, size_t n)
{
	const char *const *name = sigma_source[c->table].keywords;
	struct item one = *it;

	buf_lit(&c->sql, "(");
	for (size_t k = 0; k < countof(sigma_source[0].keywords) && name[k];
	    k++) {
		if (k)
			buf_lit(&c->sql, " OR ");
		one.f = sigma_field_find(c->table, sv_str(name[k]));
		dictionary_test(c, &one, at, n);
	}
	buf_lit(&c->sql, ")");
}

/* All keywords: each may stand in another column. */
static void
all_keywords(struct sigma_sql *c, const struct item *it, size_t at, size_t n)
{
	if (n == 1 || !(it->mods & MOD_ALL)) {
		keyword_test(c, it, at, n);
		return;
	}
	buf_lit(&c->sql, "(");
	all_keywords(c, it, at, n / 2);
	buf_lit(&c->sql, " AND ");
	all_keywords(c, it, at + n / 2, n - n / 2);
	buf_lit(&c->sql, ")");
}

/* --- items --- */

/* At a modifier in the key of y. */
static bool
mod_err(struct sigma_sql *c, const struct yaml *y, const char *what, sv name)
{
	return yaml_err_key(c->e, c->file, y, (size_t)(name.p - y->key.p),
	    "%s '%.*s'", what, name.n > 80 ? 80 : (int)name.n, name.p);
}

static bool
read_modifiers(struct sigma_sql *c, const struct yaml *y, sv rest,
    unsigned *mods)
{
	*mods = 0;
	for (bool first = true; !sv_null(rest); first = false) {
		sv name = sv_cut(&rest, '|');
		size_t i = 0;

		while (i < countof(modifiers) && !sv_is(name, modifiers[i].name))
			i++;
		if (i == countof(modifiers))
			return mod_err(c, y, "unknown modifier", name);
		if (modifiers[i].bit == MOD_UNSUPPORTED)
			return mod_err(c, y, "not supported: modifier", name);
		if (modifiers[i].bit == MOD_RE && !first)
			return mod_err(c, y, "it must be the first modifier:",
			    name);
		if ((*mods & ~modifiers[i].with) ||
		    ((modifiers[i].bit & RE_FLAGS) && !(*mods & MOD_RE)))
			return mod_err(c, y, "cannot follow the modifiers "
			    "before it:", name);
		*mods |= modifiers[i].bit;
	}
	return true;
}

/* The scalars of the value: itself, or the items of a list. */
static bool
read_values(struct sigma_sql *c, const struct yaml *y, struct item *it)
{
	bool list = y->kind == YAML_LIST;

	if (y->kind == YAML_MAP)
		return yaml_err(c->e, c->file, y, "a value or a list of values "
		    "is expected");
	if (list && y->nkids == 0)
		return yaml_err(c->e, c->file, y, "the list is empty");
	it->val = arena_array(c->a, list ? y->nkids : 1, sizeof(struct yaml *));
	for (const struct yaml *k = list ? y->kid : y; k;
	    k = list ? k->next : NULL) {
		if (list && (!is_scalar(k) || k->kind == YAML_NULL))
			return yaml_err(c->e, c->file, k, k->kind == YAML_NULL ?
			    "null may not stand in a list" :
			    "a value is expected");
		it->val[it->nvals++] = k;
	}
	return it->val[0]->kind != YAML_NULL || !(it->mods & ~(unsigned)MOD_NEQ) ||
	    yaml_err(c->e, c->file, y, "null takes no modifier");
}

static bool
exists_item(struct sigma_sql *c, const struct yaml *y,
    const struct sigma_field *f)
{
	if (y->kind != YAML_BOOL)
		return yaml_err(c->e, c->file, y,
		    "'exists' takes true or false");
	if (!f) {
		buf_lit(&c->sql, "0");
		return true;
	}
	buf_lit(&c->sql, "(");
	sigma_field_value(&c->sql, f);
	buf_str(&c->sql, y->num ? " IS NOT NULL)" : " IS NULL)");
	return true;
}

static bool
emit_keywords(struct sigma_sql *c, const struct yaml *y, unsigned mods)
{
	struct item it = { .mods = mods };

	if (mods & (NUMERIC | MOD_CIDR | MOD_EXISTS | MOD_STARTS | MOD_ENDS))
		return key_err(c, y, "keywords do not take these modifiers:",
		    y->key);
	if (!(mods & MOD_RE))
		it.mods |= MOD_CONTAINS;
	if (!read_values(c, y, &it) || !bind_values(c, &it))
		return false;
	if (it.val[0]->kind == YAML_NULL)
		return yaml_err(c->e, c->file, y, "a keyword is null");
	buf_str(&c->sql, mods & MOD_NEQ ? "((" : "(");
	all_keywords(c, &it, 0, it.nvals);
	buf_str(&c->sql, mods & MOD_NEQ ? ") IS NOT TRUE)" : ")");
	return true;
}

/* A member of a selection map. */
static bool
emit_item(struct sigma_sql *c, const struct yaml *y)
{
	struct item it = { 0 };
	sv rest = y->key, name = sv_trim(sv_cut(&rest, '|'));

	if (!read_modifiers(c, y, rest, &it.mods))
		return false;
	if (name.n == 0)
		return emit_keywords(c, y, it.mods);
	it.f = sigma_field_find(c->table, name);
	if (!it.f && sv_null(c->missing)) {
		c->missing = name;
		c->missing_at = y;
	}
	if (it.mods & MOD_EXISTS)
		return exists_item(c, y, it.f);
	if (!read_values(c, y, &it) || !bind_values(c, &it))
		return false;
	buf_str(&c->sql, it.mods & MOD_NEQ ? "((" : "(");
	if (it.f)
		field_test(c, &it);
	else
		buf_lit(&c->sql, "0");
	buf_str(&c->sql, it.mods & MOD_NEQ ? ") IS NOT TRUE)" : ")");
	return check_size(c, y);
}

/* --- selections --- */

static bool emit_selection(struct sigma_sql *c, const struct yaml *y);

/* n siblings from *y on, joined; *y moves behind them. */
static bool
emit_siblings(struct sigma_sql *c, const struct yaml **y, size_t n,
    const char *op, bool (*one)(struct sigma_sql *, const struct yaml *))
{
	if (n == 1) {
		const struct yaml *k = *y;

		*y = k->next;
		return one(c, k);
	}
	buf_lit(&c->sql, "(");
	if (!emit_siblings(c, y, n / 2, op, one))
		return false;
	buf_str(&c->sql, op);
	if (!emit_siblings(c, y, n - n / 2, op, one))
		return false;
	buf_lit(&c->sql, ")");
	return true;
}

static bool
only_scalars(const struct yaml *list)
{
	for (const struct yaml *k = list->kid; k; k = k->next)
		if (!is_scalar(k))
			return false;
	return true;
}

static bool
emit_selection(struct sigma_sql *c, const struct yaml *y)
{
	const struct yaml *kid = y->kid;

	if (is_scalar(y) || (y->kind == YAML_LIST && y->nkids &&
	    only_scalars(y)))
		return emit_keywords(c, y, 0);
	if (y->nkids == 0)
		return yaml_err(c->e, c->file, y, "the selection is empty");
	if (y->kind == YAML_MAP)
		return emit_siblings(c, &kid, y->nkids, " AND ", emit_item);
	for (const struct yaml *k = y->kid; k; k = k->next)
		if (k->kind == YAML_LIST)
			return yaml_err(c->e, c->file, k,
			    "a map or a keyword is expected");
	return emit_siblings(c, &kid, y->nkids, " OR ", emit_selection);
}

/* --- condition --- */

struct cond {
	struct sigma_sql *c;
	const struct yaml *at;
	const struct yaml *detection;
	sv rest;
	sv tok; /* current token; empty at the end */
	int depth;
	int terms;
};

static void
next_token(struct cond *p)
{
	size_t n = 0;

	p->rest = sv_trim_left(p->rest);
	if (p->rest.n && (p->rest.p[0] == '(' || p->rest.p[0] == ')'))
		n = 1;
	else
		while (n < p->rest.n && !is_space(p->rest.p[n]) &&
		    p->rest.p[n] != '(' && p->rest.p[n] != ')')
			n++;
	p->tok = sv_cut_n(&p->rest, n);
}

/* At the current token; at the end of the condition when there is none. */
static bool
cond_say(struct cond *p, const char *what)
{
	return yaml_err_in(p->c->e, p->c->file, p->at,
	    (size_t)(p->tok.p - p->at->text.p), "%s", what);
}

static bool
cond_err(struct cond *p, const char *what)
{
	return yaml_err_in(p->c->e, p->c->file, p->at,
	    (size_t)(p->tok.p - p->at->text.p), "%s '%.*s'", what,
	    p->tok.n > 80 ? 80 : (int)p->tok.n, p->tok.p);
}

static const struct yaml *
identifier(const struct cond *p, sv name)
{
	return sv_is(name, "condition") ? NULL : yaml_get(p->detection, name);
}

static bool
unknown_word(struct cond *p)
{
	static const char *const words[] = { "and", "or", "not", "of", "them",
		"all", "any" };

	if (p->tok.n == 0)
		return cond_say(p, "the condition ends too early");
	if (sv_has(p->tok, SV("|")))
		return cond_say(p, "the pipe form of conditions is gone from "
		    "Sigma 2: write a correlation");
	for (size_t i = 0; i < countof(words); i++)
		if (sv_eq_nocase(p->tok, sv_str(words[i])))
			return cond_err(p, sv_is(p->tok, words[i]) ?
			    "misplaced word" : "write in lower case:");
	return cond_err(p, "no selection is called");
}

/* Does an identifier belong to "them" or to a pattern? */
static bool
selected(sv name, sv pattern)
{
	sv rest = pattern, part;
	bool first = true;

	if (sv_is(name, "condition") ||
	    (sv_starts(name, SV("_")) && !sv_starts(pattern, SV("_"))))
		return false;
	if (sv_is(pattern, "them"))
		return true;
	for (; !sv_null(rest); first = false) {
		size_t at;

		part = sv_cut(&rest, '*');
		if (first && !sv_starts(name, part))
			return false;
		if (first && sv_null(rest))
			return sv_eq(name, part);
		if (!first && sv_null(rest))
			return sv_ends(name, part);
		at = sv_find(name, part);
		if (at == name.n && part.n)
			return false;
		name = sv_skip(name, at + part.n);
	}
	return true;
}

/* "1 of x*": the selections as a balanced tree. */
static bool
emit_set(struct cond *p, const struct yaml **set, size_t n, const char *op)
{
	struct buf *b = &p->c->sql;

	if (n == 1)
		return emit_selection(p->c, set[0]) &&
		    check_size(p->c, p->at);
	buf_lit(b, "(");
	if (!emit_set(p, set, n / 2, op))
		return false;
	buf_str(b, op);
	if (!emit_set(p, set + n / 2, n - n / 2, op))
		return false;
	buf_lit(b, ")");
	return true;
}

static bool
emit_of(struct cond *p, bool all)
{
	const struct yaml **set = arena_array(p->c->a, p->detection->nkids,
	    sizeof(struct yaml *));
	size_t n = 0;

	next_token(p);
	if (p->tok.n == 0 || p->tok.p[0] == '(' || p->tok.p[0] == ')')
		return unknown_word(p);
	for (const struct yaml *k = p->detection->kid; k; k = k->next)
		if (selected(k->key, p->tok))
			set[n++] = k;
	if (n == 0)
		return cond_err(p, "no selection fits");
	if (!emit_set(p, set, n, all ? " AND " : " OR "))
		return false;
	next_token(p);
	return true;
}

static bool emit_or(struct cond *p);

static bool
emit_primary(struct cond *p)
{
	sv word = p->tok;
	struct cond ahead = *p;

	if (++p->terms > TERMS_MAX)
		return cond_say(p, "the condition has too many terms");
	if (sv_is(word, "(")) {
		next_token(p);
		if (!emit_or(p))
			return false;
		if (!sv_is(p->tok, ")"))
			return p->tok.n ? cond_err(p, "')' is missing before") :
			    cond_say(p, "')' is missing");
		next_token(p);
		return true;
	}
	next_token(&ahead);
	if (sv_is(ahead.tok, "of")) {
		next_token(p);
		if (sv_is(word, "1") || sv_is(word, "any") || sv_is(word, "all"))
			return emit_of(p, sv_is(word, "all"));
		p->tok = word;
		return cond_err(p, "only '1 of', 'any of' and 'all of' are "
		    "known, not");
	}
	if (!identifier(p, word))
		return unknown_word(p);
	if (!emit_selection(p->c, identifier(p, word)) ||
	    !check_size(p->c, p->at))
		return false;
	next_token(p);
	return true;
}

/* An identifier wins over the word "not" only where it is one whole token. */
static bool
emit_unary(struct cond *p)
{
	bool ok;

	if (!sv_is(p->tok, "not"))
		return emit_primary(p);
	if (++p->depth > NESTED_MAX)
		return cond_say(p, "nested too deeply");
	next_token(p);
	buf_lit(&p->c->sql, "((");
	ok = emit_unary(p);
	buf_lit(&p->c->sql, ") IS NOT TRUE)");
	p->depth--;
	return ok;
}

static bool
emit_and(struct cond *p)
{
	buf_lit(&p->c->sql, "(");
	if (!emit_unary(p))
		return false;
	while (sv_is(p->tok, "and")) {
		next_token(p);
		buf_lit(&p->c->sql, " AND ");
		if (!emit_unary(p))
			return false;
	}
	buf_lit(&p->c->sql, ")");
	return true;
}

static bool
emit_or(struct cond *p)
{
	if (++p->depth > NESTED_MAX)
		return cond_say(p, "nested too deeply");
	buf_lit(&p->c->sql, "(");
	if (!emit_and(p))
		return false;
	while (sv_is(p->tok, "or")) {
		next_token(p);
		buf_lit(&p->c->sql, " OR ");
		if (!emit_and(p))
			return false;
	}
	buf_lit(&p->c->sql, ")");
	p->depth--;
	return true;
}

static bool
emit_condition(struct sigma_sql *c, const struct yaml *y,
    const struct yaml *detection)
{
	struct cond p = { .c = c, .at = y, .detection = detection,
		.rest = y->text };

	if (!is_scalar(y) || y->kind == YAML_NULL)
		return yaml_err(c->e, c->file, y,
		    "'condition' must be a text");
	next_token(&p);
	if (!emit_or(&p))
		return false;
	return p.tok.n == 0 || (identifier(&p, p.tok) ?
	    cond_err(&p, "'and' or 'or' is missing before") :
	    sv_is(p.tok, ")") ? cond_err(&p, "no '(' for") : unknown_word(&p));
}

/* --- the whole --- */

/* Also what the condition does not use must be sound. */
static bool
check_selections(struct sigma_sql *c, const struct yaml *detection)
{
	size_t n = c->sql.n, binds = c->nbinds;

	for (const struct yaml *k = detection->kid; k; k = k->next) {
		if (sv_is(k->key, "condition"))
			continue;
		if (sv_is(k->key, "timeframe"))
			return key_err(c, k, "gone from Sigma 2, write a "
			    "correlation:", k->key);
		if (!emit_selection(c, k) || !check_size(c, k))
			return false;
		c->sql.n = n;
		c->nbinds = binds;
	}
	return true;
}

bool
sigma_match(struct sigma_sql *c, const struct yaml *detection)
{
	const struct yaml *cond = yaml_get(detection, SV("condition")), *kid;
	bool list = cond && cond->kind == YAML_LIST;

	if (detection->kind != YAML_MAP)
		return yaml_err(c->e, c->file, detection,
		    "'detection' must be a map");
	if (!cond)
		return yaml_err(c->e, c->file, detection,
		    "'condition' is missing");
	if (!check_selections(c, detection))
		return false;
	if (list && (cond->nkids == 0 || cond->nkids > NESTED_MAX))
		return yaml_err(c->e, c->file, cond, "one to %d conditions are "
		    "expected", NESTED_MAX);
	buf_lit(&c->sql, "(");
	kid = list ? cond->kid : cond;
	for (const struct yaml *k = kid; k; k = list ? k->next : NULL) {
		if (k != kid)
			buf_lit(&c->sql, " OR ");
		if (!emit_condition(c, k, detection))
			return false;
	}
	buf_lit(&c->sql, ")");
	return true;
}
