/* SPDX-License-Identifier: MIT */
#include "detect/trialread.h"

#include "base/utc.h"
#include "detect/trialfile.h"
#include "parse/yaml.h"

bool
trialread_is_scalar(const struct yaml *y)
{
	return y->kind != YAML_NULL && y->kind != YAML_LIST &&
	    y->kind != YAML_MAP;
}

/* Has the map the keys of the rows and no others? */
static bool
check_keys(struct trialread *r, const struct yaml *map,
    const struct trialrow *row, size_t n)
{
	for (const struct yaml *k = map->kid; k; k = k->next) {
		size_t i = 0;

		while (i < n && !sv_is(k->key, row[i].key))
			i++;
		if (i == n)
			return err_set(r->e, ST_USAGE,
			    "%.*s:%d:%d: unknown key '%.*s'", SV_ARG(r->name),
			    k->key_line, k->key_col, SV_ARG(k->key));
	}
	for (size_t i = 0; i < n; i++)
		if (row[i].needed && !yaml_get(map, sv_str(row[i].key)))
			return yaml_err(r->e, r->name, map, "'%s' is missing",
			    row[i].key);
	return true;
}

bool
trialread_map(struct trialread *r, const struct yaml *map,
    const struct trialrow *row, size_t n, void *out)
{
	if (map->kind != YAML_MAP)
		return yaml_err(r->e, r->name, map, "a map is expected");
	if (!check_keys(r, map, row, n))
		return false;
	for (size_t i = 0; i < n; i++) {
		const struct yaml *y = yaml_get(map, sv_str(row[i].key));

		if (y && row[i].read && !row[i].read(r, y, out))
			return false;
	}
	return true;
}

bool
trialread_text(struct trialread *r, const struct yaml *y, sv *out)
{
	if (!trialread_is_scalar(y))
		return yaml_err(r->e, r->name, y, "'%.*s' must be a text",
		    SV_ARG(y->key));
	*out = y->text;
	return true;
}

bool
trialread_full_text(struct trialread *r, const struct yaml *y, sv *out)
{
	if (!trialread_text(r, y, out))
		return false;
	return out->n > 0 || yaml_err(r->e, r->name, y, "'%.*s' is empty",
	    SV_ARG(y->key));
}

bool
trialread_pattern(struct trialread *r, const struct yaml *y, sv *out)
{
	static const struct trialevent any = { .seed = { "", 0 } };
	struct buf b = BUF_INIT;
	size_t at;
	bool ok;

	if (!trialread_text(r, y, out))
		return false;
	ok = trialtext_put(&b, *out, &any, &at);
	buf_release(&b);
	return ok || yaml_err(r->e, r->name, y, "'%.*s' is no placeholder; "
	    "a dollar is '$$'", SV_ARG(sv_take(sv_skip(*out, at), 16)));
}

/* "0s", "90", "5m", "-3d". */
static bool
is_offset(sv text, int64_t *us)
{
	bool back = sv_skip_lit(&text, SV("-"));

	*us = 0;
	if (sv_is(text, "0") || sv_is(text, "0s"))
		return true;
	if (!utc_span_parse(text, us) || *us > TRIAL_DAYS_MAX * UTC_DAY)
		return false;
	*us = back ? -*us : *us;
	return true;
}

bool
trialread_offset(struct trialread *r, const struct yaml *y, int64_t *us)
{
	return (trialread_is_scalar(y) && is_offset(y->text, us)) ||
	    yaml_err(r->e, r->name, y, "'%.*s' is no time such as 0s, 70s, "
	    "5m, 1h30m, -3d (%d days at most)", SV_ARG(y->text),
	    (int)TRIAL_DAYS_MAX);
}

bool
trialread_length(struct trialread *r, const struct yaml *y, int64_t *us)
{
	return (trialread_is_scalar(y) && is_offset(y->text, us) && *us > 0) ||
	    yaml_err(r->e, r->name, y, "'%.*s' is no length of time such as "
	    "70s, 10m, 24h (%d days at most)", SV_ARG(y->text),
	    (int)TRIAL_DAYS_MAX);
}

int
trialread_find(sv text, const char *const *name, int n)
{
	for (int i = 0; i < n; i++)
		if (sv_is(text, name[i]))
			return i;
	return -1;
}

bool
trialread_name(struct trialread *r, const struct yaml *y,
    const char *const *name, int n, int *out)
{
	struct buf b = BUF_INIT;

	*out = trialread_is_scalar(y) ? trialread_find(y->text, name, n) : -1;
	if (*out >= 0)
		return true;
	for (int i = 0; i < n; i++)
		buf_printf(&b, "%s%s", i == 0 ? "" : i + 1 < n ? ", " : " or ",
		    name[i]);
	yaml_err(r->e, r->name, y, "unknown %.*s '%.*s': %.*s", SV_ARG(y->key),
	    SV_ARG(y->text), SV_ARG(buf_sv(&b)));
	buf_release(&b);
	return false;
}

bool
trialread_items(struct trialread *r, const struct yaml *list, size_t size,
    void *out, bool (*read)(struct trialread *r, const struct yaml *item,
    void *out))
{
	char *at = out;

	for (const struct yaml *k = list->kid; k; k = k->next, at += size)
		if (!read(r, k, at))
			return false;
	return true;
}

bool
trialread_need_list(struct trialread *r, const struct yaml *y)
{
	return y->kind == YAML_LIST || yaml_err(r->e, r->name, y,
	    "'%.*s' must be a list", SV_ARG(y->key));
}

bool
trialread_need_map(struct trialread *r, const struct yaml *y)
{
	return y->kind == YAML_MAP || yaml_err(r->e, r->name, y,
	    "'%.*s' must be a map", SV_ARG(y->key));
}

bool
trialread_number(struct trialread *r, const struct yaml *y, double *out)
{
	*out = y->real;
	return y->kind == YAML_INT || y->kind == YAML_REAL || yaml_err(r->e,
	    r->name, y, "'%.*s' is no number", SV_ARG(y->text));
}

bool
trialread_count(struct trialread *r, const struct yaml *y, int64_t *out)
{
	*out = y->num;
	return (y->kind == YAML_INT && y->num >= 0) || yaml_err(r->e, r->name,
	    y, "'%.*s' must be a whole number", SV_ARG(y->key));
}
