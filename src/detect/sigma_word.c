/* SPDX-License-Identifier: MIT */
/*
 * To put a record's line together is dear. So before it is searched, the
 * fields are for a word of the keyword that can only stand in one of them.
 */
#include "detect/sigma_word.h"

#include "base/ascii.h"
#include "detect/sigma_column.h"
#include "detect/sigma_test.h"

static const char digits[] = "0123456789";
static const char address_bytes[] = "0123456789abcdefABCDEF.:/";
static const char uuid_bytes[] = "0123456789abcdefABCDEF-";
static const char between_words[] = " \"=,*?\\\n";

enum { UUID_LEAST = 8 }; /* a status is not looked for in request ids */

/* Patterns against all fields of a record; in each only those that it could
 * hold. */
struct spread {
	struct sigma_tests text, number, address, uuid;
};

struct words {
	struct sigma_sql *c;
	struct spread fields; /* all keywords but regular expressions */
	struct sigma_tests line; /* what must be asked of the line */
	struct spread guard;     /* words of which each of `line` has one ... */
	bool guarded;            /* ... if that is so */
};

static const struct sigma_part *
parts_of(const struct sigma_sql *c)
{
	return sigma_source[c->table].part;
}

/* Is the text of a record more than one field? */
static bool
has_line(const struct sigma_sql *c)
{
	return parts_of(c)[1].field != NULL;
}

/* --- which patterns for what --- */

/* Could the pattern fit a text of these bytes? */
static bool
made_of(sv pattern, const char *bytes, size_t least)
{
	size_t n = 0;

	for (size_t i = 0; i < pattern.n; i++) {
		if (pattern.p[i] == '*' || pattern.p[i] == '?')
			continue;
		if (!strchr(bytes, pattern.p[i]))
			return false;
		n++;
	}
	return n >= least;
}

/* Does it hold a byte that the line has between fields? */
static bool
has_separator(sv plain, sv between)
{
	for (size_t i = 0; i < between.n; i++)
		if (!is_alnum(between.p[i]) && between.p[i] != '_' &&
		    sv_find_byte(plain, between.p[i]) < plain.n)
			return true;
	return false;
}

/* Does the text begin with the unit, or end inside of it? */
static bool
starts_unit(sv text, sv unit)
{
	sv head = sv_take(text, unit.n);

	if (!sv_starts_nocase(unit, head))
		return false;
	return text.n <= unit.n || !is_alnum(text.p[unit.n]);
}

/* Is a digit followed by what the line has behind a number ("7ms")? */
static bool
has_unit(sv plain, sv after)
{
	if (after.n == 0 || !is_alnum(after.p[0]))
		return false;
	for (size_t i = 1; i < plain.n; i++)
		if (is_digit(plain.p[i - 1]) &&
		    starts_unit(sv_skip(plain, i), after))
			return true;
	return false;
}

/* Could it stand in more than one field of the line, or beside one? */
static bool
crosses(const struct sigma_sql *c, sv pattern)
{
	const struct sigma_part *p = parts_of(c);
	sv inner = sv_take(sv_skip(pattern, 1), pattern.n - 2);
	sv plain = sigma_plain(c->a, inner);

	if (sv_null(plain))
		return true; /* a wildcard inside */
	for (size_t i = 0; i < SIGMA_PARTS_MAX && p[i].field; i++) {
		sv after = sv_str(p[i].before ? p[i].after : "");

		if (has_separator(plain, sv_str(p[i].before)) ||
		    has_separator(plain, after) || has_unit(plain, after))
			return true;
	}
	return false;
}

/* Those of *t that `wanted` wants, in the same groups, not bound. */
static struct sigma_tests
choose(struct sigma_sql *c, const struct sigma_tests *t,
    bool (*wanted)(const struct sigma_sql *, const struct sigma_test *))
{
	struct sigma_tests out = *t;

	out.g = arena_array(c->a, t->n, sizeof(*out.g));
	for (size_t i = 0; i < t->n; i++) {
		struct sigma_group *g = &out.g[i];

		g->t = arena_array(c->a, t->g[i].n, sizeof(*g->t));
		for (size_t k = 0; k < t->g[i].n; k++)
			if (wanted(c, &t->g[i].t[k]))
				g->t[g->n++] = t->g[i].t[k];
	}
	return out;
}

static bool
for_field(const struct sigma_sql *c, const struct sigma_test *t)
{
	return t->how == TEST_WILD || !has_line(c);
}

static bool
for_line(const struct sigma_sql *c, const struct sigma_test *t)
{
	return has_line(c) && (t->how == TEST_RE || crosses(c, t->text));
}

static bool
for_number(const struct sigma_sql *c, const struct sigma_test *t)
{
	(void)c;
	return t->how == TEST_WILD && made_of(t->text, digits, 1);
}

static bool
for_address(const struct sigma_sql *c, const struct sigma_test *t)
{
	(void)c;
	return t->how == TEST_WILD && made_of(t->text, address_bytes, 1);
}

static bool
for_uuid(const struct sigma_sql *c, const struct sigma_test *t)
{
	(void)c;
	return t->how == TEST_WILD && made_of(t->text, uuid_bytes, UUID_LEAST);
}

/* Part of a keyword whose rest is asked of the line. */
static bool
for_uuid_part(const struct sigma_sql *c, const struct sigma_test *t)
{
	(void)c;
	return t->how == TEST_WILD && made_of(t->text, uuid_bytes, 1);
}

static struct spread
spread_of(struct sigma_sql *c, const struct sigma_tests *t, bool guard)
{
	struct spread s = { choose(c, t, for_field), choose(c, t, for_number),
		choose(c, t, for_address),
		choose(c, t, guard ? for_uuid_part : for_uuid) };

	sigma_tests_bind(c, &s.text);
	sigma_tests_bind(c, &s.number);
	sigma_tests_bind(c, &s.address);
	sigma_tests_bind(c, &s.uuid);
	return s;
}

/* --- words that are in one field --- */

static bool
has_nocase(sv text, sv word)
{
	for (size_t i = 0; i + word.n <= text.n; i++)
		if (sv_starts_nocase(sv_skip(text, i), word))
			return true;
	return false;
}

/* Not a part of a key, nor with the end of what the line has behind a value. */
static bool
is_safe(const struct sigma_sql *c, sv word)
{
	const struct sigma_part *p = parts_of(c);

	for (size_t i = 0; i < SIGMA_PARTS_MAX && p[i].field; i++) {
		sv before = sv_str(p[i].before ? p[i].before : "");
		sv after = sv_str(p[i].before ? p[i].after : "");

		if (has_nocase(before, word) || has_nocase(after, word) ||
		    has_unit(word, after))
			return false;
	}
	return true;
}

/* How rare it may be: letters are common, other bytes less so. */
static size_t
rarity(sv word)
{
	size_t n = 0;

	for (size_t i = 0; i < word.n; i++)
		n += is_alpha(word.p[i]) ? 1 : 3;
	return n;
}

/* The rarest such word of a pattern; empty: none. */
static sv
safe_word(const struct sigma_sql *c, sv pattern)
{
	sv best = SV("");

	for (size_t i = 0, n; i < pattern.n; i += n + 1) {
		sv word = sv_skip(pattern, i);

		for (n = 0; n < word.n && !strchr(between_words, word.p[n]); )
			n++;
		word = sv_take(word, n);
		if (rarity(word) > rarity(best) && is_safe(c, word))
			best = word;
	}
	return best;
}

static sv
anywhere(struct arena *a, sv word)
{
	struct buf b = BUF_INIT;
	sv out;

	buf_byte(&b, '*');
	buf_add(&b, word);
	buf_byte(&b, '*');
	out = buf_keep(&b, a);
	return out;
}

/* In place of the patterns of *t a word of each; false when one has none. */
static bool
guard_of(struct sigma_sql *c, const struct sigma_tests *t,
    struct sigma_tests *out)
{
	*out = choose(c, t, for_line);
	for (size_t i = 0; i < out->n; i++)
		for (size_t k = 0; k < out->g[i].n; k++) {
			struct sigma_test *one = &out->g[i].t[k];
			sv word = one->how == TEST_RE ? SV("") :
			    safe_word(c, one->text);

			if (word.n == 0)
				return false;
			one->text = anywhere(c->a, word);
		}
	return true;
}

/* --- SQL --- */

/* Group i of *t alone. */
static struct sigma_tests
only(const struct sigma_tests *t, size_t i)
{
	struct sigma_tests out = *t;

	out.g = &t->g[i];
	out.n = 1;
	return out;
}

static void
or_text(struct words *w, struct sigma_tests t, const struct sigma_field *f)
{
	struct buf text = BUF_INIT;

	if (t.g[0].n == 0)
		return;
	sigma_field_text(&text, f);
	buf_byte(&text, '\0');
	buf_lit(&w->c->sql, " OR ");
	sigma_tests_text(&w->c->sql, &t, "", text.p, "");
	buf_release(&text);
}

/* A field that is no dictionary column. */
static void
or_field(struct words *w, const struct spread *s, size_t i,
    const struct sigma_field *f)
{
	switch (f->type) {
	case SIGMA_PLAIN:
		or_text(w, only(&s->text, i), f);
		break;
	case SIGMA_NUMBER:
		or_text(w, only(&s->number, i), f);
		break;
	case SIGMA_ADDRESS:
		or_text(w, only(&s->address, i), f);
		break;
	case SIGMA_UUID:
		or_text(w, only(&s->uuid, i), f);
		break;
	case SIGMA_WORD:
	case SIGMA_TEXT:
	case SIGMA_FWD:
	case SIGMA_TIME: /* a line's text starts behind its time */
		break;
	}
}

/* Is any pattern of group i in any field? */
static void
write_fields(struct words *w, const struct spread *s, size_t i)
{
	const struct sigma_part *p = parts_of(w->c);
	const struct sigma_field *column[SIGMA_PARTS_MAX], *f;
	struct sigma_tests text = only(&s->text, i);
	size_t n = 0;

	buf_lit(&w->c->sql, "(0");
	for (size_t k = 0; k < SIGMA_PARTS_MAX && p[k].field; k++) {
		f = sigma_field_find(w->c->table, sv_str(p[k].field));
		/* the client of which a fwd is made is a part of its own */
		if (sigma_column_is(f) || f->type == SIGMA_FWD)
			column[n++] = f;
		or_field(w, s, i, f);
	}
	if (n && text.g[0].n) {
		buf_lit(&w->c->sql, " OR ");
		sigma_columns(w->c, &text, column, n);
	}
	buf_lit(&w->c->sql, ")");
}

static void
write_line(struct words *w, size_t i)
{
	struct sigma_tests t = only(&w->line, i);
	struct buf text = BUF_INIT;

	sigma_field_line(&text, w->c->table);
	buf_byte(&text, '\0');
	if (w->guarded) {
		write_fields(w, &w->guard, i);
		buf_lit(&w->c->sql, " AND ");
	}
	sigma_tests_text(&w->c->sql, &t, "", text.p, "");
	buf_release(&text);
}

static bool
write_group(void *ctx, size_t i)
{
	struct words *w = ctx;
	struct buf *b = &w->c->sql;

	buf_lit(b, "(");
	write_fields(w, &w->fields, i);
	if (w->line.g[i].n) {
		buf_lit(b, " OR (");
		write_line(w, i);
		buf_lit(b, ")");
	}
	buf_lit(b, ")");
	return true;
}

bool
sigma_words(struct sigma_sql *c, const struct yaml *y,
    const struct sigma_mods *mods)
{
	struct sigma_tests t = { .keywords = true }, guard;
	struct words w = { .c = c };

	if (mods)
		t.mods = *mods;
	if (t.mods.bits & (MODS_NUMERIC | MODS_TIME | MOD_CIDR | MOD_EXISTS |
	    MOD_STARTS | MOD_ENDS | MOD_FIELDREF))
		return sigma_key_err(c->e, c->file, y,
		    "keywords do not take these modifiers:", y->key);
	if (y->kind == YAML_NULL)
		return yaml_err(c->e, c->file, y, "a keyword is null");
	if (!(t.mods.bits & MOD_RE))
		t.mods.bits |= MOD_CONTAINS;
	if (!sigma_tests_read(c, y, &t))
		return false;
	w.fields = spread_of(c, &t, false);
	w.line = choose(c, &t, for_line);
	sigma_tests_bind(c, &w.line);
	w.guarded = guard_of(c, &t, &guard);
	if (w.guarded)
		w.guard = spread_of(c, &guard, true);
	buf_lit(&c->sql, "(");
	sigma_tree(&c->sql, t.n, " AND ", write_group, &w);
	buf_str(&c->sql, t.mods.bits & MOD_NEQ ? " IS NOT TRUE)" :
	    " IS TRUE)");
	return sigma_sql_fits(c, y);
}
