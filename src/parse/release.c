/* SPDX-License-Identifier: MIT */
#include "parse/release.h"

#include "base/attr.h"

static const struct docrow_column columns[] = {
	{ "version", "version", DOC_NUMBER },
	{ "status", "status", DOC_TEXT },
	{ "description", "description", DOC_TEXT },
	{ "current", "current", DOC_BOOL },
	{ "user.email", "user_email", DOC_TEXT },
	{ "user.id", "user_id", DOC_TEXT },
	{ "slug.id", "slug_id", DOC_TEXT },
	{ "id", "release_id", DOC_TEXT },
	{ "app.name", "app_name", DOC_TEXT },
	{ "app.id", "app_id", DOC_TEXT },
	{ "created_at", "created_at", DOC_TIME },
	{ "updated_at", "updated_at", DOC_TIME },
	{ "output_stream_url", "output_stream_url", DOC_SECRET },
	{ "addon_plan_names", "addon_plan_names", DOC_JSON },
};
static const struct docrow_layout layout = {
	columns, countof(columns), "created_at", NULL
};

static bool
is_release(const struct json_value *item)
{
	static const char *const need[] = { "version", "description", "user" };

	return docrow_has(item, need, countof(need));
}

const struct doc_shape release_shape = {
	"release", "releases of an app", false, &layout,
	is_release, doc_next_flat
};
