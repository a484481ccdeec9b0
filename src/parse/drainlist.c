/* SPDX-License-Identifier: MIT */
#include "parse/drainlist.h"

#include "base/attr.h"

static const struct docrow_column columns[] = {
	{ "token", "token", DOC_TEXT },
	{ "url", "url", DOC_SECRET },
	{ "addon.name", "addon_name", DOC_TEXT },
	{ "addon.id", "addon_id", DOC_TEXT },
	{ "id", "drain_id", DOC_TEXT },
	{ "created_at", "created_at", DOC_TIME },
	{ "updated_at", "updated_at", DOC_TIME },
};
static const struct docrow_layout layout = {
	columns, countof(columns), NULL, NULL
};

static bool
is_drain(const struct json_value *item)
{
	static const char *const need[] = {
		"token", "url", "addon"
	};

	return docrow_has(item, need, countof(need));
}

static bool
next(struct doc_it *it, struct arena *a, struct doc_row *out,
    struct bad_line *bad, bool *ok)
{
	const struct doc_cell *url;

	if (!doc_next_flat(it, a, out, bad, ok))
		return false;
	url = *ok ? docrow_find(out, SV("url")) : NULL;
	if (url)
		docrow_url(a, out, url->text);
	return true;
}

const struct doc_shape drainlist_shape = {
	"drain", "log drains of an app", true, &layout,
	is_drain, next
};
