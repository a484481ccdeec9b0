/* SPDX-License-Identifier: MIT */
/*
 * SQL's logic has three values, and of a condition that is known in part more
 * than one may come out: so the value of a node is the set of those that can.
 */
#include "detect/siftcond.h"

#include "base/attr.h"
#include "detect/sifttext.h"
#include "detect/sqlexpr.h"
#include "detect/sqlscan.h"

/* The numbers of the payloads that the view names; 0 is all that is else. */
static const char *const payload_name[] = { NULL, "json", "logfmt", "logger",
	"traceback", "postgres" };

/* --- nodes ---------------------------------------------------------------- */

enum { CAN_TRUE = 1, CAN_FALSE = 2, CAN_NULL = 4, CAN_ALL = 7 };

enum node_kind {
	NODE_ANY,
	NODE_AND, NODE_OR, NODE_NOT, NODE_IS_TRUE, NODE_IS_FALSE,
	NODE_NULL,  /* of a cell, and of `also` if there is one */
	NODE_INT,   /* from low to high */
	NODE_TEXT   /* has one of the needles */
};

struct node {
	enum node_kind kind;
	struct node *kid, *next;
	int cell, also;     /* also: -1 without */
	bool view_text;     /* NULL: also if its number is in no dictionary */
	bool empty;         /* TEXT: what is NULL counts as an empty text */
	bool narrow;        /* TEXT: of a column with few values */
	bool null_is_false; /* TEXT: what is NULL may also give false, as in an
	                     * empty list and in EXISTS it does */
	int64_t low, high;
	uint32_t *needle;
	size_t n;
};

struct siftcond {
	struct node *root;
	struct siftgate gate;
};

struct maker {
	const struct siftscope *s;
	struct sifttext text;
};

static struct node *
new_node(struct maker *m, enum node_kind kind)
{
	struct node *x = arena_new(m->s->a, struct node);

	x->kind = kind;
	x->also = -1;
	return x;
}

/* --- leaves --------------------------------------------------------------- */

/* The column that the text names, NULL for everything else. */
static const struct siftcol *
find_column(struct maker *m, sv text)
{
	struct sqlscan scan = { sqlexpr_bare(text), 0 };
	struct sqltok t[4];
	size_t n = 0;
	sv name;

	while (n < countof(t) && sqlscan_next(&scan, &t[n]))
		n++;
	if (n == 3 && sqltok_is_sign(&t[1], ".") && m->s->alias.n &&
	    sv_eq_nocase(sqltok_name(&t[0]), m->s->alias))
		name = sqltok_name(&t[2]);
	else if (n == 1 && m->s->alone)
		name = sqltok_name(&t[0]);
	else
		return NULL;
	for (const struct siftcol *c = m->s->table->column; c->name; c++)
		if (sv_eq_nocase(name, sv_str(c->name)))
			return c;
	return NULL;
}

static bool
set_cells(struct maker *m, struct node *x, const struct siftcol *c)
{
	x->cell = siftcells_add(m->s->cells, c->name);
	if (c->also)
		x->also = siftcells_add(m->s->cells, c->also);
	x->narrow = c->kind == SIFT_WORD;
	return x->cell >= 0 && (!c->also || x->also >= 0);
}

static struct node *
any(struct maker *m)
{
	return new_node(m, NODE_ANY);
}

static struct node *
make_null(struct maker *m, const struct sqlexpr *e)
{
	const struct siftcol *c = find_column(m, e->left);
	struct node *x = new_node(m, NODE_NULL);

	if (!c || !set_cells(m, x, c))
		return any(m);
	if (c->kind == SIFT_PAYLOAD)
		return any(m);
	x->view_text = sifttable_is_view(m->s->table) &&
	    (c->kind == SIFT_WORD || c->kind == SIFT_TEXT);
	return x;
}

static struct node *
int_range(struct maker *m, const struct siftcol *c, int64_t low, int64_t high)
{
	struct node *x = new_node(m, NODE_INT);

	x->low = low;
	x->high = high;
	return set_cells(m, x, c) ? x : any(m);
}

static struct node *
make_int(struct maker *m, const struct sqlexpr *e, const struct siftcol *c)
{
	int64_t v;

	if (!sifttext_int(&m->text, e->right, &v))
		return any(m);
	if (e->kind == SQLEXPR_EQ)
		return int_range(m, c, v, v);
	if (e->kind == SQLEXPR_LE)
		return int_range(m, c, INT64_MIN, v);
	if (e->kind == SQLEXPR_GE)
		return int_range(m, c, v, INT64_MAX);
	if (e->kind == SQLEXPR_LT && v > INT64_MIN)
		return int_range(m, c, INT64_MIN, v - 1);
	if (e->kind == SQLEXPR_GT && v < INT64_MAX)
		return int_range(m, c, v + 1, INT64_MAX);
	return any(m);
}

/* The payload that has the name; -1: none, or that of all others. */
static int64_t
payload_of(sv name)
{
	for (size_t i = 1; i < countof(payload_name); i++)
		if (sv_is(name, payload_name[i]))
			return (int64_t)i;
	return -1;
}

static struct node *
make_payload(struct maker *m, const struct sqlexpr *e, const struct siftcol *c)
{
	struct sifttext_list list = { NULL, 0 };
	int64_t v = -1;

	if (e->kind == SQLEXPR_EQ &&
	    sifttext_values(&m->text, e->right, false, &list) && list.n == 1)
		v = payload_of(list.v[0]);
	return v < 0 ? any(m) : int_range(m, c, v, v);
}

static struct node *
text_node(struct maker *m, const struct siftcol *c, struct buf *needles)
{
	struct node *x = new_node(m, NODE_TEXT);

	x->n = needles->n / sizeof(*x->needle);
	x->needle = arena_array(m->s->a, x->n + 1, sizeof(*x->needle));
	if (x->n)
		memcpy(x->needle, needles->p, needles->n);
	if (!set_cells(m, x, c))
		return any(m);
	m->s->cells->text[x->cell] = true;
	if (x->also >= 0)
		m->s->cells->text[x->also] = true;
	return x;
}

/* column = text, column IN texts; in a table, where the column is a number,
 * texts are asked for through the dictionary. */
static struct node *
make_equal(struct maker *m, const struct sqlexpr *e, const struct siftcol *c,
    bool null_is_empty)
{
	struct sifttext_list list = { NULL, 0 };
	bool base = !sifttable_is_view(m->s->table), empty = false;
	struct buf b = BUF_INIT;
	struct node *x;

	if (base && e->kind == SQLEXPR_IN && !e->list && !null_is_empty) {
		x = sifttext_table(&m->text, e->right, &b) ? text_node(m, c, &b)
		    : any(m);
		x->null_is_false = true;
		buf_release(&b);
		return x;
	}
	if (base ? !sifttext_ids(&m->text, e->right, &list)
	    : !sifttext_values(&m->text, e->right, e->kind == SQLEXPR_IN,
	    &list))
		return any(m);
	for (size_t i = 0; i < list.n; i++) {
		empty |= list.v[i].n == 0;
		if (list.v[i].n)
			sifttext_need(&m->text, list.v[i], true, true, &b);
	}
	/* An empty text has no literal to be told by. */
	x = empty && !null_is_empty ? any(m) : text_node(m, c, &b);
	x->null_is_false = e->kind == SQLEXPR_IN;
	if (x->kind == NODE_TEXT)
		x->empty = null_is_empty;
	if (x->kind == NODE_TEXT && empty)
		x = any(m);
	buf_release(&b);
	return x;
}

static struct node *
make_comparison(struct maker *m, const struct sqlexpr *e)
{
	const struct siftcol *c = find_column(m, e->left);
	sv inner;

	if (!c && sifttext_coalesced(e->left, &inner)) {
		c = find_column(m, inner);
		return c && (c->kind == SIFT_WORD || c->kind == SIFT_TEXT) &&
		    sifttable_is_view(m->s->table) &&
		    (e->kind == SQLEXPR_EQ || e->kind == SQLEXPR_IN)
		    ? make_equal(m, e, c, true) : any(m);
	}
	if (!c)
		return any(m);
	if (c->kind == SIFT_INT && e->kind != SQLEXPR_IN)
		return make_int(m, e, c);
	if (c->kind == SIFT_PAYLOAD)
		return make_payload(m, e, c);
	if ((c->kind == SIFT_WORD || c->kind == SIFT_TEXT) &&
	    (e->kind == SQLEXPR_EQ || e->kind == SQLEXPR_IN))
		return make_equal(m, e, c, false);
	return any(m);
}

/* A call whose text is of one column: what it needs to have. */
static struct node *
make_call(struct maker *m, const struct sqlexpr *e)
{
	struct buf b = BUF_INIT;
	sv column;
	const struct siftcol *c;
	struct node *x = any(m);

	if (sifttext_call(&m->text, e, &column, &b)) {
		c = find_column(m, column);
		if (c && (c->kind == SIFT_WORD || c->kind == SIFT_TEXT))
			x = text_node(m, c, &b);
		x->null_is_false = true;
	}
	buf_release(&b);
	return x;
}

/* status IS 200: two values, not three. */
static struct node *
make_is(struct maker *m, const struct sqlexpr *e)
{
	struct sqlexpr eq = *e;
	struct node *x = new_node(m, NODE_IS_TRUE);

	eq.kind = SQLEXPR_EQ;
	x->kid = make_comparison(m, &eq);
	/* The number of a text that is in no dictionary is NULL, as a cell is. */
	return x->kid->kind == NODE_TEXT && !sifttable_is_view(m->s->table) ?
	    any(m) : x;
}

static struct node *make_node(struct maker *m, const struct sqlexpr *e);

/* Numbers before texts, and these before what has kids. */
static void
add_kid(struct node *x, struct node *kid)
{
	static const int dear[] = { [NODE_NULL] = 0, [NODE_INT] = 0,
		[NODE_NOT] = 1, [NODE_TEXT] = 2, [NODE_ANY] = 4,
		[NODE_AND] = 3, [NODE_OR] = 3, [NODE_IS_TRUE] = 3,
		[NODE_IS_FALSE] = 3 };
	struct node **at = &x->kid;

	while (*at && dear[(*at)->kind] <= dear[kid->kind])
		at = &(*at)->next;
	kid->next = *at;
	*at = kid;
}

static struct node *
make_kids(struct maker *m, enum node_kind kind, const struct sqlexpr *e)
{
	struct node *x = new_node(m, kind);

	for (const struct sqlexpr *k = e->kid; k; k = k->next)
		add_kid(x, make_node(m, k));
	return x;
}

static struct node *
make_node(struct maker *m, const struct sqlexpr *e)
{
	struct node *x;

	switch (e->kind) {
	case SQLEXPR_AND:
		return make_kids(m, NODE_AND, e);
	case SQLEXPR_OR:
		return make_kids(m, NODE_OR, e);
	case SQLEXPR_NOT:
		return make_kids(m, NODE_NOT, e);
	case SQLEXPR_IS_TRUE:
		return make_kids(m, NODE_IS_TRUE, e);
	case SQLEXPR_IS_FALSE:
		return make_kids(m, NODE_IS_FALSE, e);
	case SQLEXPR_IS_NULL:
		return make_null(m, e);
	case SQLEXPR_IS:
		return make_is(m, e);
	case SQLEXPR_OTHER: case SQLEXPR_EQ: case SQLEXPR_LT: case SQLEXPR_LE:
	case SQLEXPR_GT: case SQLEXPR_GE: case SQLEXPR_IN:
		break;
	}
	x = make_comparison(m, e);
	return x->kind == NODE_ANY ? make_call(m, e) : x;
}

/* --- values --------------------------------------------------------------- */

static int
null_value(const struct node *x, const struct rowcell *cell)
{
	if (cell[x->cell].kind == ROWCELL_NULL &&
	    (x->also < 0 || cell[x->also].kind == ROWCELL_NULL))
		return CAN_TRUE;
	return x->view_text ? CAN_FALSE | CAN_TRUE : CAN_FALSE;
}

static int
int_value(const struct node *x, const struct rowcell *cell)
{
	const struct rowcell *c = &cell[x->cell];

	if (c->kind == ROWCELL_NULL)
		return CAN_NULL;
	if (c->kind != ROWCELL_INT)
		return CAN_ALL;
	return c->i >= x->low && c->i <= x->high ? CAN_TRUE : CAN_FALSE;
}

static int
text_value(const struct node *x, const struct rowcell *cell,
    const struct siftclass *class)
{
	int at = x->also >= 0 && cell[x->cell].kind == ROWCELL_NULL ? x->also
	    : x->cell;

	if (cell[at].kind == ROWCELL_NULL)
		return x->empty ? CAN_FALSE :
		    x->null_is_false ? CAN_FALSE | CAN_NULL : CAN_NULL;
	if (class[at].bits)
		for (size_t i = 0; i < x->n; i++)
			if (class[at].bits[x->needle[i] / 64] >>
			    (x->needle[i] % 64) & 1)
				return CAN_ALL;
	return CAN_FALSE | CAN_NULL;
}

static int
not_value(int v)
{
	return (v & CAN_TRUE ? CAN_FALSE : 0) | (v & CAN_FALSE ? CAN_TRUE : 0) |
	    (v & CAN_NULL);
}

static int value(const struct node *x, const struct rowcell *cell,
    const struct siftclass *class);

/* True when all are, false when one is, else NULL. */
static int
and_value(const struct node *x, const struct rowcell *cell,
    const struct siftclass *class, bool is_or)
{
	int all = CAN_TRUE, some = 0, null = 0;

	for (const struct node *k = x->kid; k; k = k->next) {
		int v = value(k, cell, class);

		v = is_or ? not_value(v) : v;
		if (v == CAN_FALSE) {
			all = 0;
			some = CAN_FALSE;
			null = -1;
			break;
		}
		all &= v;
		some |= v & CAN_FALSE;
		null |= v & CAN_NULL;
	}
	if (null > 0)
		all |= CAN_NULL;
	all |= some;
	return is_or ? not_value(all) : all;
}

static int
value(const struct node *x, const struct rowcell *cell,
    const struct siftclass *class)
{
	int v;

	switch (x->kind) {
	case NODE_ANY:
		return CAN_ALL;
	case NODE_AND:
		return and_value(x, cell, class, false);
	case NODE_OR:
		return and_value(x, cell, class, true);
	case NODE_NOT:
		return not_value(value(x->kid, cell, class));
	case NODE_IS_TRUE:
	case NODE_IS_FALSE:
		v = value(x->kid, cell, class);
		v = x->kind == NODE_IS_FALSE ? not_value(v) : v;
		return (v & CAN_TRUE) | (v & ~CAN_TRUE ? CAN_FALSE : 0);
	case NODE_NULL:
		return null_value(x, cell);
	case NODE_INT:
		return int_value(x, cell);
	case NODE_TEXT:
		return text_value(x, cell, class);
	}
	return CAN_ALL;
}

/* value() has this bit, CAN_TRUE or CAN_FALSE: told as soon as it is known. */
static bool
can(const struct node *x, int bit, const struct rowcell *cell,
    const struct siftclass *class)
{
	bool all;

	switch (x->kind) {
	case NODE_AND: case NODE_OR:
		all = (x->kind == NODE_AND) == (bit == CAN_TRUE);
		for (const struct node *k = x->kid; k; k = k->next)
			if (can(k, bit, cell, class) != all)
				return !all;
		return all;
	case NODE_NOT:
		return can(x->kid, bit ^ CAN_TRUE ^ CAN_FALSE, cell, class);
	case NODE_IS_TRUE:
		if (bit == CAN_TRUE)
			return can(x->kid, bit, cell, class);
		return value(x, cell, class) & bit;
	case NODE_IS_FALSE:
		if (bit == CAN_TRUE)
			return can(x->kid, CAN_FALSE, cell, class);
		return value(x, cell, class) & bit;
	case NODE_ANY: case NODE_NULL: case NODE_INT: case NODE_TEXT:
		break;
	}
	return value(x, cell, class) & bit;
}

bool
siftcond_holds(const struct siftcond *c, const struct rowcell *cell,
    const struct siftclass *class)
{
	return can(c->root, CAN_TRUE, cell, class);
}

/* --- gates ---------------------------------------------------------------- */

/* How well a gate narrows; less is better. */
enum rank { RANK_TEXT, RANK_EVERY, RANK_NARROW, RANK_NONE };

struct gating {
	enum rank rank;
	struct siftneed *need;
	size_t n;
};

static struct gating
text_gate(struct arena *a, const struct node *x)
{
	size_t n = x->also >= 0 ? 2 * x->n : x->n;
	struct gating g = { x->narrow ? RANK_NARROW : RANK_TEXT,
		arena_array(a, n + 1, sizeof(*g.need)), 0 };

	for (size_t i = 0; i < x->n; i++) {
		g.need[g.n++] = (struct siftneed){ x->cell, x->needle[i] };
		if (x->also >= 0)
			g.need[g.n++] = (struct siftneed){ x->also,
				x->needle[i] };
	}
	return g;
}

static struct gating gate_of(struct arena *a, const struct node *x, bool want);

/* The best of what all must have, or what one must have of each. */
static struct gating
join_gates(struct arena *a, const struct node *x, bool want, bool all)
{
	struct gating out = { all ? RANK_NONE : RANK_TEXT, NULL, 0 };
	bool every = false, none = false;

	for (const struct node *k = x->kid; k; k = k->next) {
		struct gating g = gate_of(a, k, want);

		if (all) {
			if (g.rank < out.rank)
				out = g;
			continue;
		}
		every |= g.rank == RANK_EVERY;
		none |= g.rank == RANK_NONE;
		if (g.rank > out.rank)
			out.rank = g.rank;
		if (g.n) {
			struct siftneed *v = arena_array(a, out.n + g.n,
			    sizeof(*v));

			if (out.n)
				memcpy(v, out.need, out.n * sizeof(*v));
			memcpy(v + out.n, g.need, g.n * sizeof(*v));
			out.need = v;
			out.n += g.n;
		}
	}
	if (every && !none)
		out.rank = RANK_EVERY;
	return out;
}

/* What a row must have for the node to be true, or false. */
static struct gating
gate_of(struct arena *a, const struct node *x, bool want)
{
	const struct gating none = { RANK_NONE, NULL, 0 };
	const struct gating every = { RANK_EVERY, NULL, 0 };

	switch (x->kind) {
	case NODE_ANY:
		return none;
	case NODE_AND:
		return join_gates(a, x, want, want);
	case NODE_OR:
		return join_gates(a, x, want, !want);
	case NODE_NOT:
		return gate_of(a, x->kid, !want);
	case NODE_IS_TRUE:
		return want ? gate_of(a, x->kid, true) : none;
	case NODE_IS_FALSE:
		return want ? gate_of(a, x->kid, false) : none;
	case NODE_NULL:
		return every;
	case NODE_INT:
		return want ? every : none;
	case NODE_TEXT:
		return want ? text_gate(a, x) : none;
	}
	return none;
}

static struct siftfirst first_of(const struct node *x);

/* One of what the kids of an OR ask for, if it is little. */
static struct siftfirst
first_of_any(const struct node *x)
{
	const struct siftfirst none = { .n = 0 };
	struct siftfirst out = none;

	for (const struct node *k = x->kid; k; k = k->next) {
		struct siftfirst f = first_of(k);

		if (f.n == 0 || out.n + f.n > countof(out.test))
			return none;
		memcpy(out.test + out.n, f.test, f.n * sizeof(*f.test));
		out.n += f.n;
	}
	return out;
}

static struct siftfirst
one_test(enum sifttest_kind kind, int cell, int64_t low, int64_t high)
{
	struct siftfirst f = { .n = 1 };

	f.test[0] = (struct sifttest){ kind, cell, low, high };
	return f;
}

/* Of a node that must hold, and of those that AND joins in it. */
static struct siftfirst
first_of(const struct node *x)
{
	struct siftfirst f = { .n = 0 };

	if (x->kind == NODE_AND || x->kind == NODE_IS_TRUE) {
		for (const struct node *k = x->kid; k && f.n == 0; k = k->next)
			f = first_of(k);
	} else if (x->kind == NODE_OR) {
		f = first_of_any(x);
	} else if (x->kind == NODE_INT) {
		f = one_test(SIFT_TEST_RANGE, x->cell, x->low, x->high);
	} else if (x->kind == NODE_TEXT && x->also < 0) {
		f = one_test(SIFT_TEST_TEXT, x->cell, 0, 0);
	} else if (x->kind == NODE_NULL && x->also < 0 && !x->view_text) {
		f = one_test(SIFT_TEST_NULL, x->cell, 0, 0);
	} else if (x->kind == NODE_NOT && x->kid->kind == NODE_NULL &&
	    x->kid->also < 0) {
		f = one_test(SIFT_TEST_SET, x->kid->cell, 0, 0);
	}
	return f;
}

struct siftfirst
siftcond_first(const struct siftcond *c)
{
	return first_of(c->root);
}

bool
siftfirst_equal(const struct siftfirst *a, const struct siftfirst *b)
{
	for (size_t i = 0; i < a->n && i < b->n; i++)
		if (a->test[i].kind != b->test[i].kind ||
		    a->test[i].cell != b->test[i].cell ||
		    a->test[i].low != b->test[i].low ||
		    a->test[i].high != b->test[i].high)
			return false;
	return a->n == b->n;
}

const struct siftgate *
siftcond_gate(const struct siftcond *c)
{
	return &c->gate;
}

/* What must hold, piece by piece; of the pieces those that say something. */
static void
add_condition(struct maker *m, struct node *root, const struct sqlexpr *e)
{
	struct node *x;

	if (e->kind == SQLEXPR_AND) {
		for (const struct sqlexpr *k = e->kid; k; k = k->next)
			add_condition(m, root, k);
		return;
	}
	x = make_node(m, e);
	if (x->kind != NODE_ANY)
		add_kid(root, x);
}

struct siftcond *
siftcond_make(const struct siftscope *scope, const sv *condition, size_t n)
{
	struct maker m = { scope, { scope->a, scope->needles, scope->shape,
		scope->param, scope->ctx } };
	struct siftcond *c = arena_new(scope->a, struct siftcond);
	struct gating g;

	c->root = new_node(&m, NODE_AND);
	for (size_t i = 0; i < n; i++)
		add_condition(&m, c->root, sqlexpr_read(scope->a,
		    condition[i]));
	g = gate_of(scope->a, c->root, true);
	if (g.rank == RANK_NONE)
		return NULL;
	c->gate = (struct siftgate){ g.rank == RANK_EVERY, g.need, g.n };
	return c;
}
