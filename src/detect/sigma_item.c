/* SPDX-License-Identifier: MIT */
#include "detect/sigma_item.h"

#include "detect/sigma_column.h"
#include "detect/sigma_test.h"
#include "detect/sigma_word.h"

static void
field_test(struct sigma_sql *c, const struct sigma_tests *t)
{
	buf_lit(&c->sql, "(");
	if (sigma_column_is(t->f) && sigma_tests_textual(t))
		sigma_column(c, t, t->f);
	else
		sigma_tests_field(&c->sql, t);
	buf_str(&c->sql, t->mods.bits & MOD_NEQ ? " IS NOT TRUE)" :
	    " IS TRUE)");
}

static bool
read_mods(struct sigma_sql *c, const struct yaml *y, sv text,
    struct sigma_mods *out)
{
	static const char *const what[] = {
		[MODS_UNKNOWN] = "unknown modifier",
		[MODS_LATE] = "it must be the first modifier:",
		[MODS_CLASH] = "cannot follow the modifiers before it:",
	};
	sv name = SV_NULL;
	enum sigma_mods_end end = sigma_mods_read(text, out, &name);

	return end == MODS_OK || yaml_err_key(c->e, c->file, y,
	    (size_t)(name.p - y->key.p), "%s '%.*s'", what[end],
	    name.n > 80 ? 80 : (int)name.n, name.p);
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

static void
check_field(struct sigma_sql *c, const struct yaml *y,
    const struct sigma_tests *t, sv name)
{
	if (!t->f)
		sigma_unserved(c, y->key_line, y->key_col, "field ", name,
		    " unavailable");
	else if ((t->mods.bits & MODS_TIME) && t->f->type != SIGMA_TIME)
		sigma_unserved(c, y->key_line, y->key_col, "field ", name,
		    " is no time");
	if ((t->mods.bits & MOD_ALL) && y->kind != YAML_LIST)
		sigma_note(c->notes, c->a, c->file, y->key_line, y->key_col,
		    "'all' needs a list of values");
}

bool
sigma_item(struct sigma_sql *c, const struct yaml *y)
{
	struct sigma_tests t = { 0 };
	sv rest = y->key, name = sv_trim(sv_cut(&rest, '|'));

	if (!read_mods(c, y, rest, &t.mods))
		return false;
	if (name.n == 0)
		return sigma_words(c, y, &t.mods);
	t.f = sigma_field_find(c->table, name);
	check_field(c, y, &t, name);
	if (t.mods.bits & MOD_EXISTS)
		return exists_item(c, y, t.f);
	if (!sigma_tests_read(c, y, &t))
		return false;
	sigma_tests_bind(c, &t);
	if (t.f)
		field_test(c, &t);
	else
		buf_lit(&c->sql, "0");
	return sigma_sql_fits(c, y);
}
