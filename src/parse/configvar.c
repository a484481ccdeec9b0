/* SPDX-License-Identifier: MIT */
#include "parse/configvar.h"

#include "base/ascii.h"
#include "base/utc.h"

bool
configvar_is_name(sv v)
{
	for (size_t i = 0; i < v.n; i++)
		if (!is_alnum(v.p[i]) && v.p[i] != '_')
			return false;
	return v.n && !is_digit(v.p[0]);
}

bool
configvar_is_upper(sv v)
{
	for (size_t i = 0; i < v.n; i++)
		if (is_lower(v.p[i]))
			return false;
	return configvar_is_name(v);
}

void
configvar_row(struct arena *a, sv name, sv value, struct doc_row *out)
{
	*out = (struct doc_row)DOCROW_INIT;
	docrow_text(a, out, "name", name);
	docrow_add(a, out, (struct doc_cell){ SV("value"), DOC_SECRET, value,
	    0 });
	docrow_count(a, out, "length", value.n);
	docrow_url(a, out, value);
}

/* The journal of systemd has such names and values too. */
static bool
is_journal(sv key)
{
	return sv_is(key, "__REALTIME_TIMESTAMP");
}

static bool
is_configvars(const struct json_value *item)
{
	struct json_value key, v;
	sv it = json_begin(item);
	size_t n = 0, upper = 0;

	for (; json_member(&it, &key, &v); n++) {
		sv name = sv_take(sv_skip(key.raw, 1), key.raw.n - 2);

		if (!configvar_is_name(name) || is_journal(name) ||
		    (v.kind != JSON_STRING && v.kind != JSON_NULL))
			return false;
		upper += configvar_is_upper(name);
	}
	return upper > n / 2;
}

/* One member; a value that is no text is kept as it stands, but is odd. */
static bool
next(struct doc_it *it, struct arena *a, struct doc_row *out,
    struct bad_line *bad, bool *ok)
{
	struct json_value key, v;

	if (it->n++ == 0) {
		it->outer = json_begin(it->item);
		*ok = it->item->kind == JSON_OBJECT;
		*bad = (struct bad_line){ "bad-item", "no object", 0 };
		if (!*ok)
			return true;
	}
	if (it->item->kind != JSON_OBJECT ||
	    !json_member(&it->outer, &key, &v))
		return false;
	*ok = v.kind != JSON_OBJECT && v.kind != JSON_ARRAY;
	if (!*ok) {
		*bad = (struct bad_line){ "bad-item", "value is no text",
			(size_t)(v.raw.p - it->item->raw.p) };
		return true;
	}
	configvar_row(a, json_text(a, &key), json_text(a, &v), out);
	if (v.kind == JSON_NULL) {
		out->ncell = 1;
		docrow_set(a, out, "value", DOC_NULL, &v);
	}
	return true;
}

const struct doc_shape configvar_shape = {
	"config_var", "config vars of an app", true, NULL,
	is_configvars, next
};
