/* SPDX-License-Identifier: MIT */
#include "detect/sqlrule.h"

#include <stdio.h>

#include "base/ascii.h"
#include "base/buf.h"
#include "detect/hits.h"
#include "detect/meta.h"

/* One header entry: key, value joined over its lines, and where they stand. */
struct entry {
	sv key, value;
	int line, key_col, col;
};

struct reader {
	struct arena *a;
	struct rule_file f;
	struct err *e;
	struct rule *r;
	sv rest;  /* file text not read yet */
	int line; /* of rest */
	bool seen_level;
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

/* The entry that starts at the current line, with the lines that go on. */
static bool
read_entry(struct reader *r, struct entry *en)
{
	sv line = peek_line(r), body = sv_skip(line, 2 + indent(line));
	size_t colon = sv_find_byte(body, ':');
	struct buf b = BUF_INIT;
	sv value;

	*en = (struct entry){ .line = r->line, .key_col = 3 + (int)indent(line) };
	if (indent(line) > 1 || colon == body.n)
		return fail(r, r->line, en->key_col,
		    "expected 'key: value', not", body);
	en->key = sv_trim(sv_take(body, colon));
	value = sv_trim_left(sv_skip(body, colon + 1));
	en->col = (int)(line.n - value.n) + 1;
	buf_add(&b, value);
	skip_line(r);
	while (is_comment(line = peek_line(r)) && indent(line) > 1) {
		buf_byte(&b, ' ');
		buf_add(&b, sv_trim(sv_skip(line, 2)));
		skip_line(r);
	}
	en->value = arena_sv(r->a, buf_sv(&b));
	buf_release(&b);
	return true;
}

/* --- name=value words --- */

/* Next word of *rest: name, and its value, perhaps in single quotes. */
static bool
next_pair(struct reader *r, const struct entry *en, sv *rest, sv *name, sv *val,
    int *col)
{
	size_t at;

	*rest = sv_trim_left(*rest);
	*col = en->col + (int)(en->value.n - rest->n);
	at = sv_find_byte(*rest, '=');
	*name = sv_take(*rest, at);
	if (at == rest->n || !meta_is_name(*name))
		return fail(r, en->line, *col, "expected name=value at", *rest);
	*rest = sv_skip(*rest, at + 1);
	if (!sv_starts(*rest, SV("'"))) {
		*val = sv_word(rest);
		return true;
	}
	*rest = sv_skip(*rest, 1);
	at = sv_find_byte(*rest, '\'');
	if (at == rest->n)
		return fail(r, en->line, *col, "no closing quote after", *name);
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
	double value;
	int col;

	r->r->param = arena_array(r->a, en->value.n / 2 + 1,
	    sizeof(*r->r->param));
	while (sv_trim(rest).n) {
		if (!next_pair(r, en, &rest, &name, &val, &col))
			return false;
		if (!is_param_name(name) || hits_is_given(name))
			return fail(r, en->line, col, "no parameter name:",
			    name);
		if (meta_find_param(r->r, name) >= 0)
			return fail(r, en->line, col, "parameter stands twice:",
			    name);
		if (!sv_to_double(val, &value))
			return fail(r, en->line, col, "no number:", val);
		meta_param(r->r, name, value);
	}
	return true;
}

/* One word of an arm; a threshold is looked up when all is read. */
static bool
arm_word(struct reader *r, const struct entry *en, struct arm *arm, sv name,
    sv val, int col)
{
	enum level level;
	char why[META_WHY];

	if (sv_is(name, "metric")) {
		arm->metric = val;
	} else if (sv_is(name, "key")) {
		arm->key_name = val;
	} else if (sv_is(name, "window")) {
		if (!meta_span(val, &arm->window))
			return fail(r, en->line, col,
			    "no duration such as 10m:", val);
	} else if (sv_is(name, "needs")) {
		if (!meta_needs(r->a, arm, val, why))
			return fail_plain(r, en->line, col, why);
	} else if (sv_is(name, "on")) {
		if (!meta_on(arm, val, why))
			return fail_plain(r, en->line, col, why);
	} else if (sv_is(name, "level")) {
		if (!level_parse(val, &level))
			return fail(r, en->line, col, "unknown level", val);
		arm->level = (int)level;
	} else if (sv_is(name, "baseline")) {
		arm->never_baselined = true;
		if (!sv_is(val, "never"))
			return fail(r, en->line, col,
			    "baseline can only be never, not", val);
	} else if (sv_is(name, "standing")) {
		arm->standing = true;
		if (!sv_is(val, "yes"))
			return fail(r, en->line, col,
			    "standing can only be yes, not", val);
	} else if (sv_is(name, "threshold")) {
		arm->threshold = meta_find_param(r->r, val);
		if (arm->threshold < 0)
			return fail(r, en->line, col,
			    "no parameter (params come before arms):", val);
	} else {
		return fail(r, en->line, col, "unknown word of an arm:", name);
	}
	return true;
}

static bool
read_arm(struct reader *r, const struct entry *en)
{
	struct rule *rule = r->r;
	struct arm *old = rule->arm, *arm;
	sv rest = en->value, name = sv_word(&rest), val;
	int col;

	if (!meta_is_name(name))
		return fail(r, en->line, en->col, "no arm name:", name);
	for (size_t i = 0; i < rule->narms; i++)
		if (sv_eq(rule->arm[i].name, name))
			return fail(r, en->line, en->col,
			    "arm stands twice:", name);
	rule->arm = arena_array(r->a, rule->narms + 1, sizeof(*arm));
	if (rule->narms)
		memcpy(rule->arm, old, rule->narms * sizeof(*arm));
	arm = &rule->arm[rule->narms++];
	*arm = (struct arm){ .name = name, .kind = ARM_SQL, .threshold = -1,
		.nsteps = 1, .level = -1 };
	while (sv_trim(rest).n) {
		if (!next_pair(r, en, &rest, &name, &val, &col) ||
		    !arm_word(r, en, arm, name, val, col))
			return false;
	}
	if (arm->window == 0 && !arm->never_baselined)
		return fail(r, en->line, en->col, "no window= in arm",
		    arm->name);
	return true;
}

static bool
read_key(struct reader *r, const struct entry *en)
{
	char why[META_WHY];

	if (sv_is(en->key, "params"))
		return read_params(r, en);
	if (sv_is(en->key, "arm"))
		return read_arm(r, en);
	r->seen_level = r->seen_level || sv_is(en->key, "level");
	if (meta_set(r->a, r->r, en->key, en->value, why))
		return true;
	return fail_plain(r, en->line, sv_starts(sv_str(why), SV("unknown key")) ?
	    en->key_col : en->col, why);
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
		if (!read_entry(r, &en))
			return false;
		for (size_t i = 0; i < nseen; i++)
			if (sv_eq(seen[i], en.key) && !sv_is(en.key, "arm"))
				return fail(r, en.line, en.key_col,
				    "key stands twice:", en.key);
		if (nseen < countof(seen))
			seen[nseen++] = en.key;
		if (!read_key(r, &en))
			return false;
	}
	return true;
}

/* --- parameters of the statement --- */

struct scan {
	sv rest;
	int line, col;
};

static void
advance(struct scan *s, size_t n)
{
	sv v = sv_cut_n(&s->rest, n);

	for (size_t i = 0; i < v.n; i++) {
		s->col++;
		if (v.p[i] == '\n') {
			s->line++;
			s->col = 1;
		}
	}
}

/* Length of the comment, string or quoted name at the start of v, or 0. */
static size_t
opaque_len(sv v)
{
	static const char quote[] = "'\"`[";
	size_t end;
	char c = v.p[0];

	if (sv_starts(v, SV("--")))
		return sv_find_byte(v, '\n');
	if (sv_starts(v, SV("/*"))) {
		end = sv_find(sv_skip(v, 2), SV("*/"));
		return end + 4 < v.n ? end + 4 : v.n;
	}
	if (!c || !strchr(quote, c))
		return 0;
	end = sv_find_byte(sv_skip(v, 1), c == '[' ? ']' : c) + 2;
	return end < v.n ? end : v.n;
}

static size_t
word_len(sv v)
{
	size_t n = 0;

	while (n < v.n && (is_alnum(v.p[n]) || v.p[n] == '_' ||
	    (unsigned char)v.p[n] >= 0x80))
		n++;
	return n;
}

/* Moves *s to the next parameter; its text with the sigil, empty at end. */
static sv
next_param(struct scan *s)
{
	while (s->rest.n) {
		size_t n = opaque_len(s->rest), word = word_len(s->rest);
		char c = s->rest.p[0];

		if (n == 0 && word == 0 && c && strchr(":@$?", c))
			return sv_take(s->rest, 1 + word_len(sv_skip(s->rest, 1)));
		advance(s, n ? n : word ? word : 1);
	}
	return SV("");
}

static int
find_fact(const struct rule *r, sv name)
{
	for (size_t i = 0; i < r->nsite_facts; i++)
		if (sv_eq(r->site_fact[i], name))
			return (int)i;
	return -1;
}

static bool
check_params(struct reader *r)
{
	struct rule *rule = r->r;
	bool *used = arena_array(r->a, rule->nparams + rule->nsite_facts + 1,
	    sizeof(*used));
	struct scan s = { rule->sql, rule->sql_line, 1 };
	sv p, name;

	for (; (p = next_param(&s)).n; advance(&s, p.n)) {
		int i = meta_find_param(rule, name = sv_skip(p, 1));
		int fact = find_fact(rule, name);

		if (i >= 0)
			used[i] = true;
		else if (fact >= 0)
			used[rule->nparams + (size_t)fact] = true;
		else if (!hits_is_given(name))
			return fail(r, s.line, s.col, "undeclared parameter",
			    p);
		if (p.p[0] != ':')
			return fail(r, s.line, s.col, "parameters are written "
			    ":name, not", p);
	}
	for (size_t i = 0; i < rule->nparams; i++)
		if (!used[i])
			return fail(r, rule->sql_line, 1,
			    "the statement never uses parameter",
			    rule->param[i].name);
	for (size_t i = 0; i < rule->nsite_facts; i++)
		if (!used[rule->nparams + i])
			return fail(r, rule->sql_line, 1,
			    "the statement never uses site fact",
			    rule->site_fact[i]);
	return true;
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
	return check_params(r);
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
			return fail(r, 1, 1, "both parameter and site fact:",
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
	if (!read_header(&r))
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
