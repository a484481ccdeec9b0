/* SPDX-License-Identifier: MIT */
#include "detect/sifttext.h"

#include "base/attr.h"
#include "detect/patlit.h"
#include "detect/sqlscan.h"
#include "parse/json.h"

/* --- values --------------------------------------------------------------- */

/* The only token of the text. */
static bool
one_token(sv text, struct sqltok *t)
{
	struct sqlscan s = { sqlexpr_bare(text), 0 };
	struct sqltok more;

	return sqlscan_next(&s, t) && !sqlscan_next(&s, &more);
}

static sv
param_name(const struct sqltok *t)
{
	return sv_starts(t->text, SV(":")) ? sv_skip(t->text, 1) : t->text;
}

bool
sifttext_int(const struct sifttext *t, sv text, int64_t *out)
{
	struct sqltok tok;
	struct bind b;

	if (!one_token(text, &tok))
		return false;
	if (tok.kind == SQLTOK_NUMBER)
		return sv_to_i64(tok.text, out);
	if (tok.kind != SQLTOK_PARAM || !t->param(t->ctx, param_name(&tok),
	    &b) || b.kind != BIND_I64)
		return false;
	*out = b.num;
	return true;
}

/* The text of a literal: quotes inside are doubled. */
static bool
literal_text(struct arena *a, const struct sqltok *t, sv *out)
{
	struct buf b = BUF_INIT;

	if (t->kind != SQLTOK_TEXT || t->text.p[0] != '\'')
		return false;
	for (size_t i = 1; i + 1 < t->text.n; i++) {
		buf_byte(&b, t->text.p[i]);
		i += t->text.p[i] == '\'';
	}
	*out = buf_keep(&b, a);
	return true;
}

static bool
value_of(const struct sifttext *t, const struct sqltok *tok, sv *out)
{
	struct bind b;

	if (tok->kind != SQLTOK_PARAM)
		return literal_text(t->a, tok, out);
	if (!t->param(t->ctx, param_name(tok), &b) || b.kind != BIND_TEXT ||
	    sv_null(b.text))
		return false;
	*out = b.text;
	return true;
}

/* Does the text go like this? "?": a parameter, "$": a text, "*": a name; they
 * are put down in order. */
static bool
goes_like(sv text, const char *const *like, size_t n, struct sqltok *found)
{
	struct sqlscan s = { text, 0 };
	struct sqltok t;

	for (size_t i = 0; i < n; i++) {
		if (!sqlscan_next(&s, &t))
			return false;
		if (strcmp(like[i], "?") == 0 && t.kind == SQLTOK_PARAM)
			*found++ = t;
		else if (strcmp(like[i], "*") == 0 && t.kind == SQLTOK_WORD)
			*found++ = t;
		else if (!sqltok_is(&t, like[i]) && !sqltok_is_sign(&t, like[i]))
			return false;
	}
	return !sqlscan_next(&s, &t);
}

/* The items of a JSON array of texts. */
static bool
array_items(const struct sifttext *t, const struct sqltok *param,
    struct sifttext_list *out)
{
	struct json_value list, item;
	struct bind b;
	size_t n = 0;
	sv it;

	if (!t->param(t->ctx, param_name(param), &b) || b.kind != BIND_TEXT ||
	    sv_null(b.text) || !json_parse(b.text, &list) ||
	    list.kind != JSON_ARRAY)
		return false;
	for (it = json_begin(&list); json_item(&it, &item); n++)
		if (item.kind != JSON_STRING)
			return false;
	out->v = arena_array(t->a, n + 1, sizeof(sv));
	out->n = 0;
	for (it = json_begin(&list); json_item(&it, &item);)
		out->v[out->n++] = json_text(t->a, &item);
	return true;
}

/* SELECT value FROM json_each(:list), or a UNION of such. */
static bool
add_arrays(const struct sifttext *t, sv text, struct sifttext_list *out)
{
	static const char *const each[] = { "SELECT", "value", "FROM",
		"json_each", "(", "?", ")" };
	struct sqlpart *p;
	size_t n = sqlshape_parts(t->a, text, &p), max = 0;

	*out = (struct sifttext_list){ NULL, 0 };
	for (size_t i = 0; i < n; i++) {
		struct sifttext_list one;
		struct sqltok param;
		sv *v;

		if (!goes_like(p[i].text, each, countof(each), &param) ||
		    !array_items(t, &param, &one))
			return false;
		max += one.n;
		v = arena_array(t->a, max + 1, sizeof(*v));
		if (out->n)
			memcpy(v, out->v, out->n * sizeof(*v));
		if (one.n)
			memcpy(v + out->n, one.v, one.n * sizeof(*v));
		*out = (struct sifttext_list){ v, max };
	}
	return n > 0;
}

static bool
add_list(const struct sifttext *t, sv text, struct sifttext_list *out)
{
	struct sqlscan s = { text, 0 };
	struct sqltok tok;
	size_t max = 2 + sv_count_byte(text, ',');

	out->v = arena_array(t->a, max, sizeof(sv));
	out->n = 0;
	for (;;) {
		if (!sqlscan_next(&s, &tok) || out->n == max ||
		    !value_of(t, &tok, &out->v[out->n++]))
			return false;
		if (!sqlscan_next(&s, &tok))
			return true;
		if (!sqltok_is_sign(&tok, ","))
			return false;
	}
}

bool
sifttext_values(const struct sifttext *t, sv text, bool in,
    struct sifttext_list *out)
{
	struct sqltok first;

	if (in && sv_starts_nocase(text, SV("SELECT")))
		return add_arrays(t, text, out);
	if (!in && !one_token(text, &first))
		return false;
	return add_list(t, in ? text : sqlexpr_bare(text), out);
}

/* The condition of SELECT id FROM str WHERE ...; false for everything else. */
static bool
str_condition(struct arena *a, sv select, sv *where)
{
	struct sqlpart *p;

	if (sqlshape_parts(a, select, &p) != 1 ||
	    !sv_eq_nocase(sv_trim(p->list), SV("id")) ||
	    !sv_eq_nocase(sv_trim(p->from), SV("str")) || p->group.n ||
	    p->having.n || p->window.n || p->rest.n)
		return false;
	*where = p->where;
	return p->where.n > 0;
}

bool
sifttext_ids(const struct sifttext *t, sv text, struct sifttext_list *out)
{
	const struct sqlexpr *e;
	sv where;

	if (!str_condition(t->a, text, &where))
		return false;
	e = sqlexpr_read(t->a, where);
	return (e->kind == SQLEXPR_EQ || (e->kind == SQLEXPR_IN && e->list)) &&
	    sv_is(e->left, "s") &&
	    sifttext_values(t, e->right, e->kind == SQLEXPR_IN, out);
}

/* --- calls ---------------------------------------------------------------- */

enum { ARGS = 4 };

/* NAME(a, b, ...): its arguments; 0 when it is no call. */
static size_t
read_call(sv text, sv *name, sv arg[ARGS])
{
	struct sqlscan s = { sqlexpr_bare(text), 0 };
	struct sqltok t;
	size_t n = 0, from;
	int depth = 1;

	if (!sqlscan_next(&s, &t) || t.kind != SQLTOK_WORD)
		return 0;
	*name = t.text;
	if (!sqlscan_next(&s, &t) || !sqltok_is_sign(&t, "("))
		return 0;
	from = t.at + 1;
	while (depth > 0 && sqlscan_next(&s, &t)) {
		if (sqltok_is_sign(&t, "("))
			depth++;
		if (sqltok_is_sign(&t, ")"))
			depth--;
		if (depth > 1 || (depth == 1 && !sqltok_is_sign(&t, ",")))
			continue;
		if (n == ARGS)
			return 0;
		arg[n++] = sv_trim(sv_of(s.text.p + from, t.at - from));
		from = t.at + 1;
	}
	return depth == 0 && !sqlscan_next(&s, &t) ? n : 0;
}

bool
sifttext_coalesced(sv text, sv *column)
{
	sv name, arg[ARGS];

	if (read_call(text, &name, arg) != 2 ||
	    !sv_eq_nocase(name, SV("coalesce")) || !sv_is(arg[1], "''"))
		return false;
	*column = arg[0];
	return true;
}

/* The column whose text, or a piece of it, in whatever case of its letters,
 * these calls give. *whole: all of it; *head: what it begins with. */
static sv
inner_column(sv text, bool *whole, bool *head)
{
	static const struct {
		const char *name;
		bool whole, head;
	} pieces[] = {
		{ "lower", true, true }, { "upper", true, true },
		{ "path_stem", false, true }, { "rtrim", false, true },
		{ "path_query", false, false }, { "ltrim", false, false },
		{ "path_extension", false, false }, { "trim", false, false },
		{ "path_segment", false, false },
	};
	sv name, arg[ARGS];

	*whole = *head = true;
	while (read_call(text, &name, arg) > 0) {
		size_t i = 0;

		while (i < countof(pieces) &&
		    !sv_eq_nocase(name, sv_str(pieces[i].name)))
			i++;
		if (i == countof(pieces))
			return SV_NULL;
		*whole = *whole && pieces[i].whole;
		*head = *head && pieces[i].head;
		text = arg[0];
	}
	return text;
}

void
sifttext_need(const struct sifttext *t, sv literal, bool at_start,
    bool at_end, struct buf *needs)
{
	uint32_t i = (uint32_t)needles_add(t->needles, literal, at_start,
	    at_end);

	buf_mem(needs, &i, sizeof(i));
}

/* Bytes up to a newline that no '\' makes plain; see wildcard.h. */
static sv
cut_pattern(sv *rest)
{
	size_t i = 0;
	sv head;

	while (i < rest->n && rest->p[i] != '\n')
		i += rest->p[i] == '\\' && i + 1 < rest->n ? 2 : 1;
	head = sv_take(*rest, i);
	*rest = i < rest->n ? sv_skip(*rest, i + 1) : SV_NULL;
	return head;
}

static bool
need_wildcards(const struct sifttext *t, sv patterns, bool whole, bool head,
    struct buf *needs)
{
	size_t before = needs->n;

	for (sv rest = patterns; !sv_null(rest);) {
		bool at_start, at_end;
		sv literal;

		if (!patlit_wildcard(t->a, cut_pattern(&rest), &literal,
		    &at_start, &at_end)) {
			needs->n = before;
			return false;
		}
		sifttext_need(t, literal, at_start && head, at_end && whole,
		    needs);
	}
	return true;
}

static bool
pattern_call(const struct sifttext *t, sv text, sv *column, struct buf *needs)
{
	sv name, arg[ARGS], pattern, literal;
	struct sqltok tok;
	bool whole, head;

	if (read_call(text, &name, arg) != 2 || !one_token(arg[0], &tok) ||
	    !value_of(t, &tok, &pattern))
		return false;
	*column = inner_column(arg[1], &whole, &head);
	if (sv_null(*column))
		return false;
	if (sv_is(name, "wildcard") || sv_is(name, "wildcard_cased"))
		return need_wildcards(t, pattern, whole, head, needs);
	if (!sv_is(name, "regexp") ||
	    !patlit_regex(t->a, pattern, &literal))
		return false;
	sifttext_need(t, literal, false, false, needs);
	return true;
}

/* EXISTS (SELECT 1 FROM json_each(:list) WHERE instr(COLUMN, value) = 1) */
static bool
prefix_call(const struct sifttext *t, sv text, sv *column, struct buf *needs)
{
	static const char *const each[] = { "json_each", "(", "?", ")" };
	struct sifttext_list list;
	struct sqltok param, more;
	const struct sqlexpr *e;
	struct sqlpart *p;
	sv name, arg[ARGS];
	struct sqlscan s = { text, 0 };

	if (!sqlscan_next(&s, &more) || !sqltok_is(&more, "EXISTS") ||
	    sqlshape_parts(t->a, sqlexpr_bare(sv_skip(text, s.at)), &p) != 1 ||
	    !goes_like(p->from, each, countof(each), &param) || p->group.n ||
	    p->having.n || p->rest.n)
		return false;
	e = sqlexpr_read(t->a, p->where);
	if (e->kind != SQLEXPR_EQ || !sv_is(e->right, "1") ||
	    read_call(e->left, &name, arg) != 2 || !sv_is(name, "instr") ||
	    !sv_is(arg[1], "value") || !array_items(t, &param, &list))
		return false;
	for (size_t i = 0; i < list.n; i++)
		if (list.v[i].n == 0)
			return false;
	for (size_t i = 0; i < list.n; i++)
		sifttext_need(t, list.v[i], true, false, needs);
	*column = arg[0];
	return true;
}

/* rtrim(path_stem(COLUMN), '/') IN (...) and the like. */
static bool
piece_in(const struct sifttext *t, const struct sqlexpr *e, sv *column,
    struct buf *needs)
{
	struct sifttext_list list;
	bool whole, head;

	*column = inner_column(e->left, &whole, &head);
	if (sv_null(*column) || (e->kind == SQLEXPR_IN && !e->list) ||
	    !sifttext_values(t, e->right, e->kind == SQLEXPR_IN, &list))
		return false;
	for (size_t i = 0; i < list.n; i++)
		if (list.v[i].n == 0)
			return false;
	for (size_t i = 0; i < list.n; i++)
		sifttext_need(t, list.v[i], head, whole, needs);
	return true;
}

bool
sifttext_call(const struct sifttext *t, const struct sqlexpr *e, sv *column,
    struct buf *needs)
{
	if (e->kind == SQLEXPR_EQ || e->kind == SQLEXPR_IN)
		return piece_in(t, e, column, needs);
	return e->kind == SQLEXPR_OTHER &&
	    (pattern_call(t, e->text, column, needs) ||
	    prefix_call(t, e->text, column, needs));
}

/* --- texts of the dictionary ---------------------------------------------- */

static size_t
shortest(const struct sifttext *t, const struct buf *needs)
{
	size_t best = SIZE_MAX;

	for (size_t i = 0; i < needs->n / sizeof(uint32_t); i++) {
		uint32_t at;
		size_t n;

		memcpy(&at, needs->p + i * sizeof(at), sizeof(at));
		n = needles_length(t->needles, at);
		best = n < best ? n : best;
	}
	return best;
}

/* Of what all must hold, that with the longest literals; of what one must,
 * all. */
static bool
need_expr(const struct sifttext *t, const struct sqlexpr *e, struct buf *needs)
{
	struct buf best = BUF_INIT, one = BUF_INIT;
	bool any = false, all = true;
	sv column;

	if (e->kind == SQLEXPR_IS_TRUE)
		return need_expr(t, e->kid, needs);
	if (e->kind != SQLEXPR_AND && e->kind != SQLEXPR_OR)
		return sifttext_call(t, e, &column, needs) &&
		    sv_is(sqlexpr_bare(column), "s");
	for (const struct sqlexpr *k = e->kid; k; k = k->next) {
		buf_clear(&one);
		if (!need_expr(t, k, &one)) {
			all = false;
			continue;
		}
		if (e->kind == SQLEXPR_AND && any &&
		    shortest(t, &one) <= shortest(t, &best))
			continue;
		if (e->kind == SQLEXPR_AND)
			buf_clear(&best);
		buf_add(&best, buf_sv(&one));
		any = true;
	}
	any = any && (all || e->kind == SQLEXPR_AND);
	if (any)
		buf_add(needs, buf_sv(&best));
	buf_release(&best);
	buf_release(&one);
	return any;
}

bool
sifttext_table(const struct sifttext *t, sv name, struct buf *needs)
{
	struct buf b = BUF_INIT;
	bool ok = false;
	sv where;

	for (size_t i = 0; i < t->shape->nctes; i++)
		if (sv_eq_nocase(t->shape->cte[i].name, name))
			ok = str_condition(t->a, t->shape->cte[i].body,
			    &where) &&
			    need_expr(t, sqlexpr_read(t->a, where), &b);
	if (ok)
		buf_add(needs, buf_sv(&b));
	buf_release(&b);
	return ok;
}
