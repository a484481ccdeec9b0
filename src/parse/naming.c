/* SPDX-License-Identifier: MIT */
#include "parse/naming.h"

#include "base/ascii.h"
#include "base/attr.h"
#include "base/utc.h"

enum { STAMP_LEN = 16 };

/* -1 when there is another byte than a digit. */
static int64_t
number(sv v, size_t at, size_t n)
{
	uint64_t num;

	return sv_to_u64(sv_take(sv_skip(v, at), n), &num) ? (int64_t)num : -1;
}

/* "20260612T130212Z" */
static bool
read_stamp(sv v, int64_t *us)
{
	int64_t year, month, day, h, m, s;

	if (v.n != STAMP_LEN || v.p[8] != 'T' || v.p[15] != 'Z')
		return false;
	year = number(v, 0, 4);
	month = number(v, 4, 2);
	day = number(v, 6, 2);
	h = number(v, 9, 2);
	m = number(v, 11, 2);
	s = number(v, 13, 2);
	if (month < 0 || day < 0 || h < 0 || h > 23 || m < 0 || m > 59 ||
	    s < 0 || s > 59 ||
	    !utc_civil_valid(year, (unsigned)month, (unsigned)day))
		return false;
	*us = utc_days(year, (unsigned)month, (unsigned)day) * UTC_DAY +
	    h * UTC_HOUR + m * UTC_MINUTE + s * UTC_SECOND;
	return true;
}

/* "_STAMP" or ".STAMP" at the end. */
static void
cut_stamp(sv *name, int64_t *taken)
{
	size_t cut = name->n > STAMP_LEN ? name->n - STAMP_LEN : 0;

	if (cut > 1 && (name->p[cut - 1] == '_' || name->p[cut - 1] == '.') &&
	    read_stamp(sv_skip(*name, cut), taken))
		*name = sv_take(*name, cut - 1);
}

/* APP.releases.json, APP.releases.STAMP.json, sentry-events.json. */
static void
read_doc(sv name, struct naming *out)
{
	static const struct { sv word; const char *table; } words[] = {
		{ { "config", 6 }, "config_var" }, { { "drains", 6 }, "drain" },
		{ { "formation", 9 }, "formation" }, { { "ps", 2 }, "dyno" },
		{ { "releases", 8 }, "release" },
		{ { "sentry-events", 13 }, "sentry_event" },
		{ { "sentry-issues", 13 }, "sentry_issue" },
		{ { "usage", 5 }, "usage" },
	};
	size_t dot;

	cut_stamp(&name, &out->taken);
	dot = sv_rfind(name, SV("."));
	for (size_t i = 0; i < countof(words); i++) {
		sv last = dot < name.n ? sv_skip(name, dot + 1) : name;

		if (!sv_eq(last, words[i].word))
			continue;
		out->doc = sv_str(words[i].table);
		if (dot < name.n && dot > 0)
			out->app = sv_take(name, dot);
	}
}

/* The app stands before ".heroku-logs." or ".drain.", the STAMP behind. */
static bool
read_log(sv name, sv mark, struct naming *out)
{
	size_t at = sv_find(name, mark);

	if (at == name.n || at == 0)
		return false;
	out->app = sv_take(name, at);
	read_stamp(sv_take(sv_skip(name, at + mark.n), STAMP_LEN), &out->taken);
	return true;
}

/* "2026-06-12.tsv" of a day or "2026-06-12-13.tsv" of an hour: it was complete
 * at the end of it. */
static bool
read_archive(sv name, int64_t *taken)
{
	sv v = sv_take(name, name.n - 4);
	int64_t year = number(v, 0, 4), month = number(v, 5, 2);
	int64_t day = number(v, 8, 2), hour = number(v, 11, 2);

	if (!sv_ends(name, SV(".tsv")) || (v.n != 10 && v.n != 13) ||
	    v.p[4] != '-' || v.p[7] != '-')
		return false;
	if (v.n == 13 && (v.p[10] != '-' || hour < 0 || hour > 23))
		return false;
	if (month < 1 || day < 1 ||
	    !utc_civil_valid(year, (unsigned)month, (unsigned)day))
		return false;
	if (year < 9999) /* the end of its last day is out of range */
		*taken = utc_days(year, (unsigned)month, (unsigned)day) *
		    UTC_DAY + (v.n == 13 ? (hour + 1) * UTC_HOUR : UTC_DAY);
	return true;
}

void
naming_read(sv path, struct naming *out)
{
	size_t slash = sv_rfind(path, SV("/"));
	sv name = slash < path.n ? sv_skip(path, slash + 1) : path;

	*out = (struct naming){ .taken = UTC_NONE };
	if (sv_ends(name, SV(".gz")))
		name.n -= 3;
	if (sv_ends(name, SV(".csv"))) {
		out->table = sv_take(name, name.n - 4);
		cut_stamp(&out->table, &out->taken);
		return;
	}
	if (sv_ends(name, SV(".json"))) {
		read_doc(sv_take(name, name.n - 5), out);
		return;
	}
	out->pull = read_log(name, SV(".heroku-logs."), out);
	out->drain = !out->pull && (read_log(name, SV(".drain."), out) ||
	    read_archive(name, &out->taken));
}
