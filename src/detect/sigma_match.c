/* SPDX-License-Identifier: MIT */
#include "detect/sigma_match.h"

#include "detect/sigma_cond.h"
#include "detect/sigma_item.h"
#include "detect/sigma_word.h"

enum { CONDITIONS_MAX = 16 };

struct match {
	struct sigma_sql *c;
	const struct yaml *map;         /* detection or filter */
	const struct yaml **selection;
	sv *name;
	size_t n;
};

/* Nodes with the same parent, to be written as a tree. */
struct nodes {
	struct match *m;
	const void **v;
	bool (*write)(struct match *m, const void *node);
};

static bool
write_node(void *ctx, size_t i)
{
	struct nodes *n = ctx;

	return n->write(n->m, n->v[i]);
}

static bool
is_scalar(const struct yaml *y)
{
	return y->kind != YAML_LIST && y->kind != YAML_MAP;
}

/* --- selections --- */

static bool
write_item(struct match *m, const void *y)
{
	return sigma_item(m->c, y);
}

static bool write_selection(struct match *m, const void *y);

static bool
write_members(struct match *m, const struct yaml *y, const char *op,
    bool (*one)(struct match *, const void *))
{
	struct nodes n = { m, arena_array(m->c->a, y->nkids, sizeof(void *)),
		one };
	size_t i = 0;

	for (const struct yaml *k = y->kid; k; k = k->next)
		n.v[i++] = k;
	return sigma_tree(&m->c->sql, i, op, write_node, &n);
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
write_selection(struct match *m, const void *node)
{
	const struct yaml *y = node;
	struct sigma_sql *c = m->c;

	if (is_scalar(y) || (y->nkids && y->kind == YAML_LIST &&
	    only_scalars(y)))
		return sigma_words(c, y, NULL);
	if (y->nkids == 0)
		return yaml_err(c->e, c->file, y, "the selection is empty");
	if (y->kind == YAML_MAP)
		return write_members(m, y, " AND ", write_item);
	for (const struct yaml *k = y->kid; k; k = k->next)
		if (k->kind == YAML_LIST)
			return yaml_err(c->e, c->file, k,
			    "a map or a keyword is expected");
	return write_members(m, y, " OR ", write_selection);
}

/* --- conditions --- */

static bool
write_cond(struct match *m, const void *node)
{
	const struct sigma_cond *cond = node;
	struct nodes n = { m, arena_array(m->c->a, cond->nkids,
	    sizeof(void *)), write_cond };
	struct buf *b = &m->c->sql;
	size_t i = 0;
	bool ok;

	for (const struct sigma_cond *k = cond->kid; k; k = k->next)
		n.v[i++] = k;
	switch (cond->kind) {
	case COND_OR:
		return sigma_tree(b, i, " OR ", write_node, &n);
	case COND_AND:
		return sigma_tree(b, i, " AND ", write_node, &n);
	case COND_NOT:
		buf_lit(b, "((");
		ok = write_cond(m, cond->kid);
		buf_lit(b, ") IS NOT TRUE)");
		return ok;
	case COND_NAME:
		break;
	}
	return write_selection(m, m->selection[cond->name]) &&
	    sigma_sql_fits(m->c, m->map);
}

static bool
write_condition(struct match *m, const struct yaml *y)
{
	struct sigma_names names = { m->name, m->n, true, "selection" };
	const struct sigma_cond *cond = sigma_cond_read(m->c->a, m->c->file, y,
	    &names, m->c->e);

	return cond && write_cond(m, cond);
}

/* Any of a list of conditions. */
static bool
write_conditions(struct match *m, const struct yaml *y)
{
	struct sigma_sql *c = m->c;
	bool list = y->kind == YAML_LIST;

	if (list && (y->nkids == 0 || y->nkids > CONDITIONS_MAX))
		return yaml_err(c->e, c->file, y, "one to %d conditions are "
		    "expected", CONDITIONS_MAX);
	buf_lit(&c->sql, "(");
	for (const struct yaml *k = list ? y->kid : y; k;
	    k = list ? k->next : NULL) {
		if (list && k != y->kid)
			buf_lit(&c->sql, " OR ");
		if (!write_condition(m, k))
			return false;
	}
	buf_lit(&c->sql, ")");
	return true;
}

/* --- the whole --- */

/* Also what the condition does not use must be sound. */
static bool
check_selections(struct match *m)
{
	struct sigma_sql *c = m->c, before = *c;

	for (size_t i = 0; i < m->n; i++) {
		if (!write_selection(m, m->selection[i]) ||
		    !sigma_sql_fits(c, m->selection[i]))
			return false;
		c->sql.n = before.sql.n;
		c->with.n = before.with.n;
		c->nbinds = before.nbinds;
	}
	return true;
}

static bool
read_selections(struct match *m, bool filter)
{
	struct sigma_sql *c = m->c;

	m->selection = arena_array(c->a, m->map->nkids, sizeof(void *));
	m->name = arena_array(c->a, m->map->nkids, sizeof(sv));
	for (const struct yaml *k = m->map->kid; k; k = k->next) {
		if (sv_is(k->key, "condition") ||
		    (filter && sv_is(k->key, "rules")))
			continue;
		if (sv_is(k->key, "timeframe"))
			return sigma_key_err(c->e, c->file, k, "gone from "
			    "Sigma 2, write a correlation:", k->key);
		if (sigma_cond_reserved(k->key))
			return sigma_key_err(c->e, c->file, k, "a word of "
			    "conditions names no selection:", k->key);
		m->name[m->n] = k->key;
		m->selection[m->n++] = k;
	}
	return true;
}

static bool
match(struct sigma_sql *c, const struct yaml *map, bool filter)
{
	const struct yaml *cond = yaml_get(map, SV("condition"));
	struct match m = { .c = c, .map = map };

	if (map->kind != YAML_MAP)
		return yaml_err(c->e, c->file, map, "'%s' must be a map",
		    filter ? "filter" : "detection");
	if (!cond)
		return yaml_err(c->e, c->file, map, "'condition' is missing");
	if (filter && cond->kind == YAML_LIST)
		return yaml_err(c->e, c->file, cond,
		    "'condition' must be a text");
	return read_selections(&m, filter) && check_selections(&m) &&
	    write_conditions(&m, cond);
}

bool
sigma_match(struct sigma_sql *c, const struct yaml *detection)
{
	return match(c, detection, false);
}

bool
sigma_match_filter(struct sigma_sql *c, const struct yaml *filter)
{
	return match(c, filter, true);
}
