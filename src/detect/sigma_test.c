/* SPDX-License-Identifier: MIT */
#include "detect/sigma_test.h"

#include <stdio.h>

#include "base/ip.h"
#include "detect/regex.h"
#include "detect/sigma_value.h"

/* Parts of a time, in UTC. A week belongs to the year of its Thursday. */
static const struct time_part {
	unsigned bit;
	const char *name;
	int min, max;
	const char *before, *after; /* round the time in seconds */
} time_part[] = {
	{ MOD_MINUTE, "minute", 0, 59, "CAST(strftime('%M', ",
	    ", 'unixepoch') AS INTEGER)" },
	{ MOD_HOUR, "hour", 0, 23, "CAST(strftime('%H', ",
	    ", 'unixepoch') AS INTEGER)" },
	{ MOD_DAY, "day", 1, 31, "CAST(strftime('%d', ",
	    ", 'unixepoch') AS INTEGER)" },
	{ MOD_WEEK, "week", 1, 53, "((CAST(strftime('%j', date(",
	    ", 'unixepoch', '-3 days', 'weekday 4')) AS INTEGER) - 1) / 7 + "
	    "1)" },
	{ MOD_MONTH, "month", 1, 12, "CAST(strftime('%m', ",
	    ", 'unixepoch') AS INTEGER)" },
	{ MOD_YEAR, "year", 1, 9999, "CAST(strftime('%Y', ",
	    ", 'unixepoch') AS INTEGER)" },
};

static const struct time_part *
part_of(unsigned bits)
{
	for (size_t i = 0; i < countof(time_part); i++)
		if (bits & time_part[i].bit)
			return &time_part[i];
	return NULL;
}

sv
sigma_plain(struct arena *a, sv pattern)
{
	struct buf b = BUF_INIT;
	sv out;

	for (size_t i = 0; i < pattern.n; i++) {
		char c = pattern.p[i];

		if (c == '*' || c == '?') {
			buf_release(&b);
			return SV_NULL;
		}
		if (c == '\\' && i + 1 < pattern.n)
			c = pattern.p[++i];
		buf_byte(&b, c);
	}
	out = buf_keep(&b, a);
	return out;
}

/* --- reading --- */

struct reading {
	struct sigma_sql *c;
	struct sigma_tests *t;
	const struct yaml *at; /* value at hand */
};

static bool
is_scalar(const struct yaml *y)
{
	return y->kind != YAML_LIST && y->kind != YAML_MAP;
}

static bool
bad_value(struct reading *r, const char *what, sv v)
{
	return yaml_err(r->c->e, r->c->file, r->at, "'%.*s' is no %s",
	    v.n > 80 ? 80 : (int)v.n, v.p ? v.p : "", what);
}

static void
add_test(struct sigma_sql *c, struct sigma_group *g, struct sigma_test t)
{
	struct sigma_test *old = g->t;

	/* grows by powers of two, so that there is room until the next one */
	if ((g->n & (g->n - 1)) == 0) {
		g->t = arena_array(c->a, g->n ? 2 * g->n : 1, sizeof(*g->t));
		if (old)
			memcpy(g->t, old, g->n * sizeof(*old));
	}
	g->t[g->n++] = t;
}

static bool
is_network(sv v)
{
	struct ip_net net;

	return ip_net_parse(v, &net);
}

static bool
is_number(sv v)
{
	double d;

	return sv_to_double(v, &d);
}

/* How a text is compared: as the modifiers say, else as the field is. */
static enum sigma_how
how_of(const struct sigma_tests *t, sv plain)
{
	unsigned bits = t->mods.bits;

	if (bits & MOD_CIDR)
		return TEST_NET;
	if (bits & MODS_TIME)
		return TEST_TIME;
	if (bits & MODS_NUMERIC)
		return TEST_NUMBER;
	if (!t->f || (bits & MODS_AFFIX) || sv_null(plain))
		return TEST_WILD;
	if (t->f->type == SIGMA_NUMBER && is_number(plain))
		return TEST_NUMBER;
	return t->f->type == SIGMA_ADDRESS && is_network(plain) ? TEST_NET :
	    TEST_WILD;
}

static bool
add_number(struct reading *r, struct sigma_group *g, enum sigma_how how, sv v)
{
	struct sigma_test t = { .how = how };
	int64_t i;
	double d;

	if (sv_to_i64(v, &i))
		t.bind = sigma_bind(r->c, (struct bind){ .kind = BIND_I64,
		    .num = i });
	else if (sv_to_double(v, &d))
		t.bind = sigma_bind(r->c, (struct bind){ .kind = BIND_REAL,
		    .real = d });
	else
		return bad_value(r, "number", v);
	add_test(r->c, g, t);
	return true;
}

static bool
add_time(struct reading *r, struct sigma_group *g, sv v)
{
	const struct time_part *part = part_of(r->t->mods.bits);
	char what[48];
	int64_t i;

	if (sv_to_i64(v, &i) && i >= part->min && i <= part->max)
		return add_number(r, g, TEST_TIME, v);
	snprintf(what, sizeof(what), "%s: %d to %d", part->name, part->min,
	    part->max);
	return bad_value(r, what, v);
}

static bool
add_net(struct reading *r, struct sigma_group *g, sv v)
{
	struct sigma_test t = { .how = TEST_NET };

	if (!is_network(v))
		return bad_value(r, "network", v);
	t.bind = sigma_bind_text(r->c, v);
	add_test(r->c, g, t);
	return true;
}

static bool
add_form(struct reading *r, struct sigma_group *g, sv pattern)
{
	sv plain = r->at->kind == YAML_BOOL && r->t->f &&
	    r->t->f->type == SIGMA_NUMBER ? r->at->num ? SV("1") : SV("0") :
	    sigma_plain(r->c->a, pattern);
	sv shown = sv_null(plain) ? pattern : plain;

	switch (how_of(r->t, plain)) {
	case TEST_NET:
		return add_net(r, g, shown);
	case TEST_TIME:
		return add_time(r, g, shown);
	case TEST_NUMBER:
		return add_number(r, g, TEST_NUMBER, shown);
	case TEST_NULL:
	case TEST_RE:
	case TEST_REF:
	case TEST_WILD:
		break;
	}
	add_test(r->c, g, (struct sigma_test){ .how = TEST_WILD,
	    .text = pattern });
	return true;
}

static bool
add_regex(struct reading *r, struct sigma_group *g, sv pattern)
{
	struct err why = ERR_INIT;
	size_t at;

	if (!regex_check(pattern, 0, &at, &why))
		return yaml_err(r->c->e, r->c->file, r->at, "%s", why.msg);
	add_test(r->c, g, (struct sigma_test){ .how = TEST_RE,
	    .text = pattern });
	return true;
}

/* The place of what is wrong is known only in the pattern as written. */
static bool
check_regex(struct reading *r)
{
	struct err why = ERR_INIT;
	size_t at;

	if ((r->t->mods.bits & MOD_EXPAND) ||
	    regex_check(r->at->text, 0, &at, &why))
		return true;
	return yaml_err_in(r->c->e, r->c->file, r->at, at, "%s", why.msg);
}

/* What the modifiers make of the value. False with *e set only for values that
 * are wrong; one that cannot be known here makes the rule unserved. */
static bool
add_forms(struct reading *r, struct sigma_group *g)
{
	bool re = r->t->mods.bits & MOD_RE;
	char why[SIGMA_WHY];
	struct sigma_forms f;
	enum sigma_value_end end;
	bool ok = !re || check_regex(r);

	if (!ok)
		return false;
	end = (re ? sigma_regex : sigma_value)(r->c->a, r->c->site,
	    r->at->text, &r->t->mods, &f, why);
	if (end == VALUE_UNKNOWN)
		sigma_unserved(r->c, r->at->line, r->at->col, why, SV(""), "");
	if (end == VALUE_BAD)
		return yaml_err(r->c->e, r->c->file, r->at, "%s", why);
	for (size_t i = 0; ok && end == VALUE_OK && i < f.n; i++)
		ok = (re ? add_regex : add_form)(r, g, f.v[i]);
	return ok;
}

static bool
add_ref(struct reading *r, struct sigma_group *g)
{
	sv name = sv_trim(r->at->text);
	struct sigma_test t = { .how = TEST_REF,
		.other = sigma_field_find(r->c->table, name) };

	if (r->at->kind != YAML_STRING || sv_find_byte(name, '*') < name.n ||
	    sv_find_byte(name, '?') < name.n)
		return bad_value(r, "field name", r->at->text);
	if (!t.other)
		sigma_unserved(r->c, r->at->line, r->at->col, "field ", name,
		    " unavailable");
	add_test(r->c, g, t);
	return true;
}

static bool
add_value(struct reading *r, struct sigma_group *g)
{
	if (!sigma_sql_fits(r->c, r->at))
		return false;
	if (r->at->kind == YAML_NULL) {
		add_test(r->c, g, (struct sigma_test){ .how = TEST_NULL });
		return true;
	}
	return r->t->mods.bits & MOD_FIELDREF ? add_ref(r, g) :
	    add_forms(r, g);
}

static bool
check_values(struct sigma_sql *c, const struct yaml *y, unsigned bits)
{
	if (y->kind == YAML_MAP)
		return yaml_err(c->e, c->file, y, "a value or a list of values "
		    "is expected");
	if (y->kind == YAML_LIST && y->nkids == 0)
		return yaml_err(c->e, c->file, y, "the list is empty");
	if (y->kind == YAML_NULL && (bits & ~(unsigned)MOD_NEQ))
		return yaml_err(c->e, c->file, y, "null takes no modifier");
	for (const struct yaml *k = y->kid; k; k = k->next)
		if (!is_scalar(k) || k->kind == YAML_NULL)
			return yaml_err(c->e, c->file, k,
			    k->kind == YAML_NULL ? "null may not stand in a "
			    "list" : "a value is expected");
	return true;
}

bool
sigma_tests_read(struct sigma_sql *c, const struct yaml *y,
    struct sigma_tests *t)
{
	bool list = y->kind == YAML_LIST, all = t->mods.bits & MOD_ALL;
	struct reading r = { c, t, list ? y->kid : y };

	if (!check_values(c, y, t->mods.bits))
		return false;
	t->g = arena_array(c->a, list && all ? y->nkids : 1, sizeof(*t->g));
	for (; r.at; r.at = list ? r.at->next : NULL) {
		if (t->n == 0 || all)
			t->n++;
		if (!add_value(&r, &t->g[t->n - 1]))
			return false;
	}
	return true;
}

/* --- binding --- */

void
sigma_tests_bind(struct sigma_sql *c, struct sigma_tests *t)
{
	for (size_t i = 0; i < t->n; i++) {
		struct sigma_group *g = &t->g[i];
		struct buf b = BUF_INIT;
		size_t m = 0, wild = g->n;

		for (size_t k = 0; k < g->n; k++) {
			if (g->t[k].how == TEST_RE)
				g->t[k].bind = sigma_bind_text(c, g->t[k].text);
			if (g->t[k].how == TEST_WILD) {
				if (wild < g->n)
					buf_byte(&b, '\n');
				buf_add(&b, g->t[k].text);
			}
			if (g->t[k].how != TEST_WILD || wild == g->n)
				g->t[m++] = g->t[k];
			if (g->t[m - 1].how == TEST_WILD)
				wild = m - 1;
		}
		if (wild < g->n) {
			g->t[wild].text = arena_sv(c->a, buf_sv(&b));
			g->t[wild].bind = sigma_bind_text(c, g->t[wild].text);
		}
		g->n = m;
		buf_release(&b);
	}
}

/* --- SQL --- */

bool
sigma_tests_textual(const struct sigma_tests *t)
{
	for (size_t i = 0; i < t->n; i++)
		for (size_t k = 0; k < t->g[i].n; k++)
			if (t->g[i].t[k].how != TEST_WILD &&
			    t->g[i].t[k].how != TEST_RE)
				return false;
	return true;
}

struct writing {
	struct buf *b;
	const struct sigma_tests *t;
	const struct sigma_group *g;
	const char *before, *text, *after; /* text NULL: the field */
};

static const char *
text_function(const struct sigma_tests *t, enum sigma_how how)
{
	if (how == TEST_RE)
		return "regexp";
	return t->mods.bits & MOD_CASED ? "wildcard_cased" : "wildcard";
}

static const char *
comparison(unsigned bits)
{
	if (bits & MOD_LT)
		return "<";
	if (bits & MOD_LTE)
		return "<=";
	if (bits & MOD_GT)
		return ">";
	return bits & MOD_GTE ? ">=" : "=";
}

static const char *
ref_mode(unsigned bits)
{
	bool starts = bits & MOD_STARTS, ends = bits & MOD_ENDS;

	if ((bits & MOD_CONTAINS) || (starts && ends))
		return "contains";
	return starts ? "starts" : ends ? "ends" : "is";
}

/* Either form of one field may stand in the relation to either of the other. */
static void
write_ref(struct writing *w, const struct sigma_test *test)
{
	const struct sigma_field *other = test->other ? test->other : w->t->f;
	struct sigma_field left[2] = { *w->t->f, *w->t->f };
	struct sigma_field right[2] = { *other, *other };
	unsigned bits = w->t->mods.bits;

	left[1].column = left[1].also;
	right[1].column = right[1].also;
	buf_lit(w->b, "(0");
	for (size_t i = 0; i < 4; i++) {
		if (!left[i / 2].column || !right[i % 2].column)
			continue;
		buf_printf(w->b, " OR text_%s%s(", ref_mode(bits),
		    bits & MOD_CASED ? "_cased" : "");
		sigma_field_text(w->b, &left[i / 2]);
		buf_lit(w->b, ", ");
		sigma_field_text(w->b, &right[i % 2]);
		buf_lit(w->b, ")");
	}
	buf_lit(w->b, ")");
}

static void
write_field(struct writing *w, const struct sigma_test *test)
{
	const struct sigma_field *f = w->t->f;
	const struct time_part *part = part_of(w->t->mods.bits);
	struct buf *b = w->b;

	switch (test->how) {
	case TEST_NULL:
		sigma_field_value(b, f);
		buf_lit(b, " IS NULL");
		break;
	case TEST_WILD:
	case TEST_RE:
		buf_printf(b, "%s(?%zu, ", text_function(w->t, test->how),
		    test->bind);
		sigma_field_text(b, f);
		buf_lit(b, ")");
		break;
	case TEST_NUMBER:
		buf_str(b, f->type == SIGMA_NUMBER ? "(" : "number(");
		sigma_field_value(b, f);
		buf_printf(b, ") %s ?%zu", comparison(w->t->mods.bits),
		    test->bind);
		break;
	case TEST_NET:
		buf_lit(b, "ip_in(");
		if (f->type == SIGMA_ADDRESS)
			buf_printf(b, "\"%s\"", f->column);
		else
			sigma_field_value(b, f);
		buf_printf(b, ", ?%zu)", test->bind);
		break;
	case TEST_TIME:
		buf_printf(b, "%s\"%s\" / 1000000%s %s ?%zu", part->before,
		    f->column, part->after, comparison(w->t->mods.bits),
		    test->bind);
		break;
	case TEST_REF:
		write_ref(w, test);
		break;
	}
}

static bool
write_test(void *ctx, size_t i)
{
	struct writing *w = ctx;
	const struct sigma_test *test = &w->g->t[i];

	buf_byte(w->b, '(');
	if (w->text)
		buf_printf(w->b, "%s(?%zu, %s%s%s)", text_function(w->t,
		    test->how), test->bind, w->before, w->text, w->after);
	else
		write_field(w, test);
	buf_byte(w->b, ')');
	return true;
}

static bool
write_group(void *ctx, size_t i)
{
	struct writing *w = ctx;

	w->g = &w->t->g[i];
	return sigma_tree(w->b, w->g->n, " OR ", write_test, w);
}

void
sigma_tests_text(struct buf *b, const struct sigma_tests *t,
    const char *before, const char *text, const char *after)
{
	struct writing w = { b, t, NULL, before, text, after };

	sigma_tree(b, t->n, " AND ", write_group, &w);
}

void
sigma_tests_field(struct buf *b, const struct sigma_tests *t)
{
	struct writing w = { b, t, NULL, "", NULL, "" };

	sigma_tree(b, t->n, " AND ", write_group, &w);
}
