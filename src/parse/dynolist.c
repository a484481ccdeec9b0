/* SPDX-License-Identifier: MIT */
#include "parse/dynolist.h"

#include "base/attr.h"

static const struct docrow_column columns[] = {
	{ "name", "name", DOC_TEXT },
	{ "type", "type", DOC_TEXT },
	{ "size", "size", DOC_TEXT },
	{ "state", "state", DOC_TEXT },
	{ "command", "command", DOC_TEXT },
	{ "release.version", "release_version", DOC_NUMBER },
	{ "release.id", "release_id", DOC_TEXT },
	{ "id", "dyno_id", DOC_TEXT },
	{ "created_at", "created_at", DOC_TIME },
	{ "updated_at", "updated_at", DOC_TIME },
	{ "attach_url", "attach_url", DOC_SECRET },
	{ "app.name", "app_name", DOC_TEXT },
	{ "app.id", "app_id", DOC_TEXT },
};
static const struct docrow_layout layout = {
	columns, countof(columns), NULL, NULL
};

static bool
is_dyno(const struct json_value *item)
{
	static const char *const need[] = {
		"state", "type", "command", "attach_url"
	};

	return docrow_has(item, need, countof(need));
}

const struct doc_shape dynolist_shape = {
	"dyno", "dynos of an app", true, &layout,
	is_dyno, doc_next_flat
};
