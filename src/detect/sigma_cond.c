/* SPDX-License-Identifier: MIT */
#include "detect/sigma_cond.h"

#include "base/ascii.h"
#include "base/attr.h"
#include "parse/yaml.h"

enum {
	TERMS_MAX = 100,
	NESTED_MAX = 16
};

struct parser {
	struct arena *a;
	sv file;
	const struct yaml *at;
	const struct sigma_names *names;
	struct err *e;
	sv rest;
	sv word; /* current one; empty at the end */
	int depth;
	int terms;
};

sv
sigma_cond_word(sv *rest)
{
	size_t n = 0;

	*rest = sv_trim_left(*rest);
	if (rest->n && (rest->p[0] == '(' || rest->p[0] == ')'))
		return sv_cut_n(rest, 1);
	while (n < rest->n && !is_space(rest->p[n]) && rest->p[n] != '(' &&
	    rest->p[n] != ')')
		n++;
	return sv_cut_n(rest, n);
}

static const char *const reserved[] = { "and", "or", "not", "of", "them",
	"all", "any" };

bool
sigma_cond_reserved(sv word)
{
	for (size_t i = 0; i < countof(reserved); i++)
		if (sv_is(word, reserved[i]))
			return true;
	return false;
}

static void
advance(struct parser *p)
{
	p->word = sigma_cond_word(&p->rest);
}

/* At the current word; at the end of the condition when there is none. */
static struct sigma_cond *
fail_plain(struct parser *p, const char *what)
{
	yaml_err_in(p->e, p->file, p->at,
	    (size_t)(p->word.p - p->at->text.p), "%s", what);
	return NULL;
}

static struct sigma_cond *
fail(struct parser *p, const char *what)
{
	yaml_err_in(p->e, p->file, p->at,
	    (size_t)(p->word.p - p->at->text.p), "%s '%.*s'", what,
	    p->word.n > 80 ? 80 : (int)p->word.n, p->word.p);
	return NULL;
}

/* Index of the name, or the number of names. */
static size_t
find_name(const struct parser *p, sv word)
{
	size_t i = 0;

	while (i < p->names->n && !sv_eq(p->names->v[i], word))
		i++;
	return i;
}

static struct sigma_cond *
unknown_word(struct parser *p)
{
	if (p->word.n == 0)
		return fail_plain(p, "the condition ends too early");
	if (sv_has(p->word, SV("|")))
		return fail_plain(p, "the pipe form of conditions is gone from "
		    "Sigma 2: write a correlation");
	if (sv_eq_nocase(p->word, SV("near")))
		return fail_plain(p, "'near' is gone from Sigma 2: write a "
		    "temporal correlation");
	for (size_t i = 0; i < countof(reserved); i++)
		if (sv_eq_nocase(p->word, sv_str(reserved[i])))
			return fail(p, sv_is(p->word, reserved[i]) ?
			    "misplaced word" : "write in lower case:");
	yaml_err_in(p->e, p->file, p->at,
	    (size_t)(p->word.p - p->at->text.p), "no %s is called '%.*s'",
	    p->names->what, p->word.n > 80 ? 80 : (int)p->word.n, p->word.p);
	return NULL;
}

static struct sigma_cond *
new_node(struct parser *p, enum sigma_cond_kind kind)
{
	struct sigma_cond *c = arena_new(p->a, struct sigma_cond);

	c->kind = kind;
	return c;
}

static void
add_kid(struct sigma_cond *c, struct sigma_cond ***end, struct sigma_cond *kid)
{
	**end = kid;
	*end = &kid->next;
	c->nkids++;
}

/* Does a name belong to "them" or to a pattern? */
static bool
selected(sv name, sv pattern)
{
	sv rest = pattern, part;
	bool first = true;

	if (sv_starts(name, SV("_")) && !sv_starts(pattern, SV("_")))
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

/* The word at hand is what follows "of". */
static struct sigma_cond *
read_of(struct parser *p, bool all)
{
	struct sigma_cond *c = new_node(p, all ? COND_AND : COND_OR);
	struct sigma_cond **end = &c->kid;

	if (p->word.n == 0 || sv_is(p->word, "(") || sv_is(p->word, ")"))
		return unknown_word(p);
	for (size_t i = 0; i < p->names->n; i++) {
		struct sigma_cond *kid;

		if (!selected(p->names->v[i], p->word))
			continue;
		kid = new_node(p, COND_NAME);
		kid->name = i;
		add_kid(c, &end, kid);
	}
	if (c->nkids == 0)
		return fail(p, "no selection fits");
	advance(p);
	return c;
}

static struct sigma_cond *read_or(struct parser *p);

static struct sigma_cond *
read_nested(struct parser *p)
{
	struct sigma_cond *c;

	advance(p);
	c = read_or(p);
	if (!c)
		return NULL;
	if (!sv_is(p->word, ")"))
		return p->word.n ? fail(p, "')' is missing before") :
		    fail_plain(p, "')' is missing");
	advance(p);
	return c;
}

static struct sigma_cond *
read_name(struct parser *p)
{
	size_t i = find_name(p, p->word);
	struct sigma_cond *c;

	if (i == p->names->n)
		return unknown_word(p);
	c = new_node(p, COND_NAME);
	c->name = i;
	advance(p);
	return c;
}

static struct sigma_cond *
read_primary(struct parser *p)
{
	sv word = p->word, rest = p->rest;

	if (++p->terms > TERMS_MAX)
		return fail_plain(p, "the condition has too many terms");
	if (sv_is(word, "("))
		return read_nested(p);
	if (!sv_is(sigma_cond_word(&rest), "of") || !p->names->of)
		return read_name(p);
	if (!sv_is(word, "1") && !sv_is(word, "any") && !sv_is(word, "all"))
		return fail(p, "only '1 of', 'any of' and 'all of' are known, "
		    "not");
	advance(p);
	advance(p);
	return read_of(p, sv_is(word, "all"));
}

static struct sigma_cond *
read_unary(struct parser *p)
{
	struct sigma_cond *c;

	if (!sv_is(p->word, "not"))
		return read_primary(p);
	if (++p->depth > NESTED_MAX)
		return fail_plain(p, "nested too deeply");
	advance(p);
	c = new_node(p, COND_NOT);
	c->kid = read_unary(p);
	c->nkids = 1;
	p->depth--;
	return c->kid ? c : NULL;
}

/* One or more operands with the same word between them. */
static struct sigma_cond *
read_list(struct parser *p, enum sigma_cond_kind kind, const char *word,
    struct sigma_cond *(*operand)(struct parser *))
{
	struct sigma_cond *c = new_node(p, kind), **end = &c->kid, *kid;

	for (;;) {
		kid = operand(p);
		if (!kid)
			return NULL;
		add_kid(c, &end, kid);
		if (!sv_is(p->word, word))
			return c->nkids == 1 ? kid : c;
		advance(p);
	}
}

static struct sigma_cond *
read_and(struct parser *p)
{
	return read_list(p, COND_AND, "and", read_unary);
}

static struct sigma_cond *
read_or(struct parser *p)
{
	struct sigma_cond *c;

	if (++p->depth > NESTED_MAX)
		return fail_plain(p, "nested too deeply");
	c = read_list(p, COND_OR, "or", read_and);
	p->depth--;
	return c;
}

struct sigma_cond *
sigma_cond_read(struct arena *a, sv file, const struct yaml *y,
    const struct sigma_names *names, struct err *e)
{
	struct parser p = { .a = a, .file = file, .at = y, .names = names,
		.e = e, .rest = y->text };
	struct sigma_cond *c;

	if (y->kind == YAML_LIST || y->kind == YAML_MAP ||
	    y->kind == YAML_NULL) {
		yaml_err(e, file, y, "'condition' must be a text");
		return NULL;
	}
	advance(&p);
	c = read_or(&p);
	if (!c || p.word.n == 0)
		return c;
	if (find_name(&p, p.word) < names->n)
		return fail(&p, "'and' or 'or' is missing before");
	return sv_is(p.word, ")") ? fail(&p, "no '(' for") : unknown_word(&p);
}
