/* SPDX-License-Identifier: MIT */
#include "parse/usage.h"

#include "base/attr.h"

/* The lists inside are read as rows of their own, not as columns. */
static const struct docrow_column columns[] = {
	{ "id", "usage_id", DOC_TEXT },
	{ "name", "name", DOC_TEXT },
	{ "app_name", "name", DOC_TEXT },
	{ "date", "date", DOC_TIME },
	{ "month", "month", DOC_TEXT },
	{ "dynos", "dynos", DOC_NUMBER },
	{ "data", "data", DOC_NUMBER },
	{ "addons", "addons", DOC_NUMBER },
	{ "partner", "partner", DOC_NUMBER },
	{ "space", "space", DOC_NUMBER },
	{ "connect", "connect", DOC_NUMBER },
};
/* They have rows of their own. */
static const char *const left[] = { "apps", "teams", NULL };
static const struct docrow_layout layout = {
	columns, countof(columns), "date", left
};

static bool
is_usage(const struct json_value *item)
{
	static const char *const need[] = { "dynos", "addons", "partner" };
	static const char *const date[] = { "date" };
	static const char *const month[] = { "month" };

	return docrow_has(item, need, countof(need)) &&
	    (docrow_has(item, date, 1) || docrow_has(item, month, 1));
}

static sv
list_of(const struct json_value *obj, sv name)
{
	struct json_value list;

	if (!json_find(obj, name, &list) || list.kind != JSON_ARRAY)
		return SV_NULL;
	return json_begin(&list);
}

/* What the whole says of the time is true of its parts. */
static bool
add_time(const struct doc_it *it, struct arena *a, struct doc_row *row)
{
	const struct doc_cell *date;

	if (it->date.raw.n &&
	    !docrow_set(a, row, "date", DOC_TIME, &it->date))
		return false;
	if (it->month.raw.n)
		docrow_set(a, row, "month", DOC_TEXT, &it->month);
	date = docrow_find(row, SV("date"));
	if (date && date->type == DOC_TIME)
		row->ts = date->num;
	return true;
}

/* The whole first, then each team with its apps behind it, or the apps. */
static bool
next_part(struct doc_it *it, struct json_value *part)
{
	if (it->n++ == 0) {
		*part = *it->item;
		it->outer = list_of(part, SV("teams"));
		it->inner = list_of(part, SV("apps"));
		it->level = sv_null(it->outer) ? "team" : "account";
		json_find(part, SV("date"), &it->date);
		json_find(part, SV("month"), &it->month);
		return true;
	}
	if (json_item(&it->inner, part)) {
		it->level = "app";
		return true;
	}
	if (!json_item(&it->outer, part))
		return false;
	it->inner = list_of(part, SV("apps"));
	it->level = "team";
	return true;
}

static bool
next(struct doc_it *it, struct arena *a, struct doc_row *out,
    struct bad_line *bad, bool *ok)
{
	struct json_value part;

	if (!next_part(it, &part))
		return false;
	*ok = docrow_read(&layout, &part, a, out, bad);
	if (!*ok)
		return true;
	docrow_text(a, out, "level", sv_str(it->level));
	*ok = add_time(it, a, out);
	if (!*ok)
		docrow_no_time(a, "date", 0, bad);
	return true;
}

const struct doc_shape usage_shape = {
	"usage", "use of dynos, add-ons and data", false, &layout,
	is_usage, next
};
