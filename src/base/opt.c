/* SPDX-License-Identifier: MIT */
#include "base/opt.h"

#include <string.h>

#include "base/sv.h"

struct args {
	char **v;
	int n;
	int at; /* next word to look at */
};

static const struct opt *
find_letter(const struct opt *table, size_t n, char c)
{
	for (size_t i = 0; i < n; i++)
		if (table[i].letter == c)
			return &table[i];
	return NULL;
}

static const struct opt *
find_name(const struct opt *table, size_t n, sv name)
{
	for (size_t i = 0; i < n; i++)
		if (table[i].name && sv_is(name, table[i].name))
			return &table[i];
	return NULL;
}

static bool
needs_value(const struct opt *o)
{
	return o->many || (o->value && !o->flag);
}

static void
apply(const struct opt *o, const char *value)
{
	if (o->flag)
		*o->flag = true;
	if (value && o->value)
		*o->value = value;
	if (value && o->many)
		o->many[(*o->nmany)++] = value;
}

/* The word after the current one, or NULL at the end. */
static const char *
next_word(struct args *a)
{
	return a->at < a->n ? a->v[a->at++] : NULL;
}

static bool
long_option(const struct opt *table, size_t n, struct args *a, sv word,
    struct err *e)
{
	size_t eq = sv_find_byte(word, '=');
	sv name = sv_take(word, eq);
	const struct opt *o = find_name(table, n, name);
	const char *value = eq < word.n ? word.p + eq + 1 : NULL;

	if (!o || name.n == 0)
		return err_set(e, ST_USAGE, "unknown option '--%.*s'",
		    SV_ARG(name));
	if (value && !o->value && !o->many)
		return err_set(e, ST_USAGE, "option '--%.*s' takes no value",
		    SV_ARG(name));
	if (!value && needs_value(o) && !(value = next_word(a)))
		return err_set(e, ST_USAGE, "option '--%.*s' needs a value",
		    SV_ARG(name));
	apply(o, value);
	return true;
}

/* One word of letters, the last of which may take the rest as its value. */
static bool
letters(const struct opt *table, size_t n, struct args *a, const char *p,
    struct err *e)
{
	for (; *p; p++) {
		const struct opt *o = find_letter(table, n, *p);
		const char *value = NULL;

		if (!o)
			return err_set(e, ST_USAGE, "unknown option '-%c'", *p);
		if (needs_value(o)) {
			value = p[1] ? p + 1 : next_word(a);
			if (!value)
				return err_set(e, ST_USAGE,
				    "option '-%c' needs a value", *p);
		}
		apply(o, value);
		if (value)
			break;
	}
	return true;
}

bool
opt_parse(const struct opt *table, size_t n, int *argc, char **argv,
    struct err *e)
{
	struct args a = { argv, *argc, 1 };
	int kept = 1;
	bool only_operands = false;

	/* invariant: kept <= a.at, so no unread word is overwritten */
	while (a.at < a.n) {
		char *word = argv[a.at++];

		if (only_operands || word[0] != '-' || word[1] == '\0') {
			argv[kept++] = word;
		} else if (strcmp(word, "--") == 0) {
			only_operands = true;
		} else if (word[1] == '-') {
			if (!long_option(table, n, &a, sv_str(word + 2), e))
				return false;
		} else if (!letters(table, n, &a, word + 1, e)) {
			return false;
		}
	}
	*argc = kept;
	return true;
}

bool
opt_bytes(const char *text, uint64_t *out)
{
	static const char units[] = "KMGT";
	sv v = sv_str(text);
	const char *unit = v.n ? strchr(units, v.p[v.n - 1]) : NULL;
	unsigned shift = unit ? 10 * (unsigned)(unit - units + 1) : 0;
	uint64_t n;

	if (!sv_to_u64(unit ? sv_take(v, v.n - 1) : v, &n) ||
	    n > UINT64_MAX >> shift)
		return false;
	*out = n << shift;
	return true;
}
