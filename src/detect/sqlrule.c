/* SPDX-License-Identifier: MIT */
#include "detect/sqlrule.h"

#include <stdio.h>

#include "base/ascii.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "detect/given.h"
#include "detect/meta.h"
#include "detect/sqlcheck.h"
#include "detect/sqlscan.h"

/* A header entry's value is joined over its lines: piece i starts at byte `at`
 * of it and stands at line and col of the file. */
struct piece {
	size_t at;
	int line, col;
	struct piece *before;
};

struct entry {
	sv key, value;
	int line, key_col;
	struct piece *last;
};

struct spot {
	int line, col;
};

struct reader {
	struct arena *a;
	struct rule_file f;
	struct err *e;
	struct rule *r;
	sv rest;  /* file text not read yet */
	int line; /* of rest */
	bool seen_level;
	struct spot *param_at; /* by parameter: where it is declared */
	struct entry site;     /* of the list of site facts */
};

static bool
fail(struct reader *r, int line, int col, const char *what, sv value)
{
	return err_set(r->e, ST_USAGE, "%.*s:%d:%d: %s '%.*s'",
	    SV_ARG(r->f.name), line, col, what,
	    value.n > 80 ? 80 : (int)value.n, value.p ? value.p : "");
}

static bool
fail_plain(struct reader *r, int line, int col, const char *what)
{
	return err_set(r->e, ST_USAGE, "%.*s:%d:%d: %s", SV_ARG(r->f.name),
	    line, col, what);
}

/* Where byte `at` of the value stands. */
static struct spot
spot_of(const struct entry *en, size_t at)
{
	const struct piece *p = en->last;

	while (p->at > at && p->before)
		p = p->before;
	return (struct spot){ p->line, p->col + (int)(at - p->at) };
}

/* At a view into the value of the entry. */
static struct spot
spot_in(const struct entry *en, sv part)
{
	return spot_of(en, (size_t)(part.p - en->value.p));
}

static bool
fail_in(struct reader *r, const struct entry *en, const char *what, sv part)
{
	struct spot at = spot_in(en, part);

	return fail(r, at.line, at.col, what, part);
}

/* The same with a reason that holds what is wrong. */
static bool
fail_word(struct reader *r, const struct entry *en, sv part, const char *why)
{
	struct spot at = spot_in(en, part);

	return fail_plain(r, at.line, at.col, why);
}

/* --- bytes --- */

/* Rules are UTF-8 without NUL bytes, which would end a statement early. */
static bool
check_bytes(struct reader *r)
{
	sv text = r->f.text;
	size_t at = 0, n;
	int line, col;

	while (at < text.n && text.p[at] &&
	    (n = utf8_len(sv_skip(text, at))) > 0)
		at += n;
	if (at == text.n)
		return true;
	sqlscan_place(text, at, &line, &col);
	return fail_plain(r, line, col, text.p[at] ? "a byte that is no UTF-8" :
	    "a NUL byte");
}

/* --- header lines --- */

static sv
peek_line(const struct reader *r)
{
	sv rest = r->rest;

	return sv_trim_right(sv_cut(&rest, '\n'));
}

static void
skip_line(struct reader *r)
{
	sv_cut(&r->rest, '\n');
	r->line++;
}

static bool
is_comment(sv line)
{
	return sv_starts(line, SV("--"));
}

/* Blanks after "--"; a header key has one at most. */
static size_t
indent(sv line)
{
	sv v = sv_skip(line, 2);

	return v.n - sv_trim_left(v).n;
}

/* A piece of the value, the end of the current line. */
static void
add_piece(struct reader *r, struct entry *en, struct buf *b, sv line, sv text)
{
	struct piece *p = arena_new(r->a, struct piece);

	if (b->n)
		buf_byte(b, ' ');
	*p = (struct piece){ b->n, r->line, 1 + (int)(line.n - text.n),
		en->last };
	en->last = p;
	buf_add(b, text);
	skip_line(r);
}

/* The entry that starts at the current line, with the lines that go on. */
static bool
read_entry(struct reader *r, struct entry *en)
{
	sv line = peek_line(r), body = sv_skip(line, 2 + indent(line));
	size_t colon = sv_find_byte(body, ':');
	struct buf b = BUF_INIT;

	*en = (struct entry){ .line = r->line, .key_col = 3 + (int)indent(line) };
	if (indent(line) > 1 || colon == body.n)
		return fail(r, r->line, en->key_col,
		    "expected 'key: value', not", body);
	en->key = sv_trim(sv_take(body, colon));
	add_piece(r, en, &b, line, sv_trim_left(sv_skip(body, colon + 1)));
	while (is_comment(line = peek_line(r)) && indent(line) > 1)
		add_piece(r, en, &b, line, sv_skip(line, 2 + indent(line)));
	en->value = buf_keep(&b, r->a);
	return true;
}

/* --- name=value words --- */

/* Next word of *rest: name, and its value, perhaps in single quotes. */
static bool
next_pair(struct reader *r, const struct entry *en, sv *rest, sv *name, sv *val)
{
	size_t at;

	*rest = sv_trim_left(*rest);
	at = sv_find_byte(*rest, '=');
	*name = sv_take(*rest, at);
	if (at == rest->n || !meta_is_name(*name))
		return fail_in(r, en, "expected name=value at", *rest);
	*rest = sv_skip(*rest, at + 1);
	if (!sv_starts(*rest, SV("'"))) {
		at = 0;
		while (at < rest->n && !is_space(rest->p[at]))
			at++;
		*val = sv_cut_n(rest, at);
		return true;
	}
	*val = *rest;
	*rest = sv_skip(*rest, 1);
	at = sv_find_byte(*rest, '\'');
	if (at == rest->n)
		return fail_in(r, en, "no closing quote after", *val);
	*val = sv_take(*rest, at);
	*rest = sv_skip(*rest, at + 1);
	return true;
}

static bool
is_param_name(sv v)
{
	for (size_t i = 0; i < v.n; i++)
		if (!is_alnum(v.p[i]) && v.p[i] != '_')
			return false;
	return v.n && v.n < 64 && !is_digit(v.p[0]);
}

static bool
read_params(struct reader *r, const struct entry *en)
{
	sv rest = en->value, name, val;
	size_t max = en->value.n / 2 + 1;
	double value;

	r->r->param = arena_array(r->a, max, sizeof(*r->r->param));
	r->param_at = arena_array(r->a, max, sizeof(*r->param_at));
	while (sv_trim(rest).n) {
		if (!next_pair(r, en, &rest, &name, &val))
			return false;
		if (!is_param_name(name) || given_is(name))
			return fail_in(r, en, "no parameter name:", name);
		if (meta_find_param(r->r, name) >= 0)
			return fail_in(r, en, "parameter stands twice:", name);
		if (!sv_to_double(val, &value))
			return fail_in(r, en, "no number:", val);
		r->param_at[r->r->nparams] = spot_in(en, name);
		meta_param(r->r, name, value);
	}
	return true;
}

/* One word of an arm; a threshold is looked up when all is read. */
static bool
arm_word(struct reader *r, const struct entry *en, struct arm *arm, sv name,
    sv val)
{
	enum level level;
	char why[META_WHY];

	if (sv_is(name, "metric")) {
		arm->metric = val;
	} else if (sv_is(name, "key")) {
		arm->key_name = val;
	} else if (sv_is(name, "window")) {
		if (!meta_span(val, &arm->window))
			return fail_in(r, en, "no duration such as 10m:", val);
	} else if (sv_is(name, "needs")) {
		if (!meta_needs(r->a, arm, val, why))
			return fail_word(r, en, val, why);
	} else if (sv_is(name, "on")) {
		if (!meta_on(arm, val, why))
			return fail_word(r, en, val, why);
	} else if (sv_is(name, "level")) {
		if (!level_parse(val, &level))
			return fail_in(r, en, "unknown level", val);
		arm->level = (int)level;
	} else if (sv_is(name, "baseline")) {
		arm->never_baselined = true;
		if (!sv_is(val, "never"))
			return fail_in(r, en, "baseline can only be never, not",
			    val);
	} else if (sv_is(name, "standing")) {
		arm->standing = true;
		if (!sv_is(val, "yes"))
			return fail_in(r, en, "standing can only be yes, not",
			    val);
	} else if (sv_is(name, "threshold")) {
		arm->threshold = meta_find_param(r->r, val);
		if (arm->threshold < 0)
			return fail_in(r, en, "no parameter (params come "
			    "before arms):", val);
	} else {
		return fail_in(r, en, "unknown word of an arm:", name);
	}
	return true;
}

static bool
read_arm(struct reader *r, const struct entry *en)
{
	struct rule *rule = r->r;
	struct arm *old = rule->arm, *arm;
	sv rest = en->value, name = sv_word(&rest), val;

	if (!meta_is_name(name))
		return fail_in(r, en, "no arm name:", name);
	for (size_t i = 0; i < rule->narms; i++)
		if (sv_eq(rule->arm[i].name, name))
			return fail_in(r, en, "arm stands twice:", name);
	rule->arm = arena_array(r->a, rule->narms + 1, sizeof(*arm));
	if (rule->narms)
		memcpy(rule->arm, old, rule->narms * sizeof(*arm));
	arm = &rule->arm[rule->narms++];
	*arm = (struct arm){ .name = name, .kind = ARM_SQL, .threshold = -1,
		.nsteps = 1, .level = -1, .line = en->line };
	while (sv_trim(rest).n) {
		if (!next_pair(r, en, &rest, &name, &val) ||
		    !arm_word(r, en, arm, name, val))
			return false;
	}
	if (arm->window == 0 && !arm->never_baselined)
		return fail_in(r, en, "no window= in arm", arm->name);
	return true;
}

/* TABLE 'why it may be read as a whole' */
static bool
read_scan(struct reader *r, const struct entry *en)
{
	struct rule *rule = r->r;
	struct scan_waiver *old = rule->scan, *w;
	sv rest = en->value, table = sv_word(&rest), why = sv_trim(rest);

	if (!is_param_name(table))
		return fail_in(r, en, "no table name:", table);
	if (why.n < 3 || why.p[0] != '\'' || why.p[why.n - 1] != '\'')
		return fail_in(r, en, "expected a reason in single quotes at",
		    rest);
	rule->scan = arena_array(r->a, rule->nscans + 1, sizeof(*w));
	if (rule->nscans)
		memcpy(rule->scan, old, rule->nscans * sizeof(*w));
	w = &rule->scan[rule->nscans++];
	*w = (struct scan_waiver){ table, sv_take(sv_skip(why, 1), why.n - 2),
		en->line };
	return true;
}

static bool
read_field(struct reader *r, const struct entry *en)
{
	struct spot spot;
	char why[META_WHY];
	size_t at;

	r->seen_level = r->seen_level || sv_is(en->key, "level");
	if (sv_is(en->key, "site"))
		r->site = *en;
	spot = spot_of(en, 0);
	if (sv_is(en->key, "id"))
		r->r->id_at = (struct rule_place){ spot.line, spot.col };
	if (meta_set(r->a, r->r, en->key, en->value, &at, why))
		return true;
	if (at == META_KEY)
		return fail_plain(r, en->line, en->key_col, why);
	spot = spot_of(en, at);
	return fail_plain(r, spot.line, spot.col, why);
}

/* Keys that are not those of both rule formats. */
static const struct {
	const char *name;
	bool (*read)(struct reader *r, const struct entry *en);
	bool many;
} own_key[] = {
	{ "params", read_params, false },
	{ "arm", read_arm, true },
	{ "scan", read_scan, true },
};

static bool
read_key(struct reader *r, const struct entry *en, bool seen)
{
	bool (*read)(struct reader *, const struct entry *) = read_field;
	bool many = false;

	for (size_t i = 0; i < countof(own_key); i++)
		if (sv_is(en->key, own_key[i].name)) {
			read = own_key[i].read;
			many = own_key[i].many;
		}
	if (seen && !many)
		return fail(r, en->line, en->key_col, "key stands twice:",
		    en->key);
	return read(r, en);
}

static bool
was_seen(const sv *seen, size_t n, sv key)
{
	for (size_t i = 0; i < n; i++)
		if (sv_eq(seen[i], key))
			return true;
	return false;
}

static bool
read_header(struct reader *r)
{
	sv seen[64];
	size_t nseen = 0;
	struct entry en;

	while (!sv_null(r->rest) && peek_line(r).n == 0)
		skip_line(r);
	while (is_comment(peek_line(r))) {
		if (sv_trim(sv_skip(peek_line(r), 2)).n == 0) {
			skip_line(r);
			continue;
		}
		if (!read_entry(r, &en) ||
		    !read_key(r, &en, was_seen(seen, nseen, en.key)))
			return false;
		if (nseen < countof(seen))
			seen[nseen++] = en.key;
	}
	return true;
}

/* --- parameters of the statement --- */

static int
find_fact(const struct rule *r, sv name)
{
	for (size_t i = 0; i < r->nsite_facts; i++)
		if (sv_eq(r->site_fact[i], name))
			return (int)i;
	return -1;
}

/* At byte `at` of the statement. */
static bool
fail_sql(struct reader *r, size_t at, const char *what, sv value)
{
	int line, col;

	sqlscan_place(r->r->sql, at, &line, &col);
	line += r->r->sql_line - 1;
	return sv_null(value) ? fail_plain(r, line, col, what) :
	    fail(r, line, col, what, value);
}

static bool
use_param(struct reader *r, const struct sqltok *t, bool *used)
{
	const struct rule *rule = r->r;
	sv name = sv_skip(t->text, 1);
	int i = meta_find_param(rule, name), fact = find_fact(rule, name);

	if (i >= 0)
		used[i] = true;
	else if (fact >= 0)
		used[rule->nparams + (size_t)fact] = true;
	else if (!given_is(name))
		return fail_sql(r, t->at, "undeclared parameter", t->text);
	return t->text.p[0] == ':' || fail_sql(r, t->at,
	    "parameters are written :name, not", t->text);
}

static bool
check_params(struct reader *r)
{
	struct rule *rule = r->r;
	bool *used = arena_array(r->a, rule->nparams + rule->nsite_facts + 1,
	    sizeof(*used));
	struct sqlscan s = { rule->sql, 0 };
	struct sqltok t;

	while (sqlscan_next(&s, &t))
		if (t.kind == SQLTOK_PARAM && !use_param(r, &t, used))
			return false;
	for (size_t i = 0; i < rule->nparams; i++)
		if (!used[i])
			return fail(r, r->param_at[i].line, r->param_at[i].col,
			    "the statement never uses parameter",
			    rule->param[i].name);
	for (size_t i = 0; i < rule->nsite_facts; i++)
		if (!used[rule->nparams + i])
			return fail_in(r, &r->site,
			    "the statement never uses site fact",
			    rule->site_fact[i]);
	return true;
}

static bool
check_statement(struct reader *r)
{
	char why[SQLCHECK_WHY];
	size_t at;

	return sqlcheck_text(r->a, r->r->sql, &at, why) ?
	    check_params(r) : fail_sql(r, at, why, SV_NULL);
}

/* --- the whole --- */

static bool
check_active(struct reader *r)
{
	char why[META_WHY];

	if (r->r->narms == 0)
		return fail_plain(r, 1, 1, "an active rule needs an arm");
	if (r->r->nsources == 0 && !r->r->posture)
		return fail_plain(r, 1, 1, "an active rule needs sources");
	if (r->r->sql.n == 0)
		return fail_plain(r, 1, 1, "the SELECT is missing");
	if (!meta_check_arms(r->r, why))
		return fail_plain(r, 1, 1, why);
	return check_statement(r);
}

static bool
check(struct reader *r)
{
	struct rule *rule = r->r;

	if (rule->id.n == 0)
		return fail_plain(r, 1, 1, "'id' is missing");
	if (rule->title.n == 0)
		return fail_plain(r, 1, 1, "'title' is missing");
	if (!r->seen_level)
		return fail_plain(r, 1, 1, "'level' is missing");
	for (size_t i = 0; i < rule->nparams; i++)
		if (find_fact(rule, rule->param[i].name) >= 0)
			return fail(r, r->param_at[i].line, r->param_at[i].col,
			    "both parameter and site fact:",
			    rule->param[i].name);
	if (rule->status == RULE_ACTIVE)
		return check_active(r);
	if (rule->reason.n == 0)
		return fail_plain(r, 1, 1, "a planned rule needs a reason");
	if (rule->sql.n)
		return fail_plain(r, rule->sql_line, 1,
		    "a planned rule has no SELECT");
	return true;
}

struct rule *
sqlrule_read(struct arena *perm, struct rule_file f, struct err *e)
{
	struct reader r = { .a = perm, .f = f, .e = e, .rest = f.text,
		.line = 1, .r = meta_new(perm, f) };

	sv_skip_lit(&r.rest, SV("\xef\xbb\xbf"));
	if (!check_bytes(&r) || !read_header(&r))
		return NULL;
	while (!sv_null(r.rest) && peek_line(&r).n == 0)
		skip_line(&r);
	r.r->sql_line = r.line;
	r.r->sql = arena_sv(perm, sv_trim_right(sv_null(r.rest) ? SV("") :
	    r.rest));
	if (!check(&r))
		return NULL;
	meta_finish(r.r);
	return r.r;
}
