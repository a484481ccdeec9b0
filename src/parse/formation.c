/* SPDX-License-Identifier: MIT */
#include "parse/formation.h"

#include "base/attr.h"

static const struct docrow_column columns[] = {
	{ "type", "type", DOC_TEXT },
	{ "quantity", "quantity", DOC_NUMBER },
	{ "size", "size", DOC_TEXT },
	{ "command", "command", DOC_TEXT },
	{ "id", "formation_id", DOC_TEXT },
	{ "app.name", "app_name", DOC_TEXT },
	{ "app.id", "app_id", DOC_TEXT },
	{ "created_at", "created_at", DOC_TIME },
	{ "updated_at", "updated_at", DOC_TIME },
};
static const struct docrow_layout layout = {
	columns, countof(columns), NULL, NULL
};

static bool
is_formation(const struct json_value *item)
{
	static const char *const need[] = {
		"quantity", "type", "size", "command"
	};

	return docrow_has(item, need, countof(need));
}

const struct doc_shape formation_shape = {
	"formation", "process types of an app", true, &layout,
	is_formation, doc_next_flat
};
