/* SPDX-License-Identifier: MIT */
#include "parse/sentryissue.h"

#include "base/attr.h"

static const struct docrow_column columns[] = {
	{ "id", "issue_id", DOC_TEXT },
	{ "shortId", "short_id", DOC_TEXT },
	{ "title", "title", DOC_TEXT },
	{ "culprit", "culprit", DOC_TEXT },
	{ "permalink", "permalink", DOC_TEXT },
	{ "level", "level", DOC_TEXT },
	{ "status", "status", DOC_TEXT },
	{ "type", "type", DOC_TEXT },
	{ "platform", "platform", DOC_TEXT },
	{ "isUnhandled", "unhandled", DOC_BOOL },
	{ "count", "count", DOC_NUMBER },
	{ "userCount", "user_count", DOC_NUMBER },
	{ "firstSeen", "first_seen", DOC_TIME },
	{ "lastSeen", "last_seen", DOC_TIME },
	{ "project.slug", "project", DOC_TEXT },
	{ "project.id", "project_id", DOC_TEXT },
	{ "metadata.type", "exception_type", DOC_TEXT },
	{ "metadata.value", "exception_value", DOC_TEXT },
	{ "metadata.filename", "exception_file", DOC_TEXT },
	{ "metadata.function", "exception_function", DOC_TEXT },
};
static const char *const left[] = {
	"annotations", "assignedTo", "stats", NULL
};
static const struct docrow_layout layout = {
	columns, countof(columns), "last_seen", left
};

static bool
is_issue(const struct json_value *item)
{
	static const char *const need[] = {
		"shortId", "lastSeen", "culprit"
	};

	return docrow_has(item, need, countof(need));
}

const struct doc_shape sentryissue_shape = {
	"sentry_issue", "issues of Sentry", false, &layout,
	is_issue, doc_next_flat
};
