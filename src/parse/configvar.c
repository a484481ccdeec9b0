/* SPDX-License-Identifier: MIT */
#include "parse/configvar.h"

#include "base/ascii.h"
#include "base/attr.h"
#include "base/utc.h"

bool
configvar_is_name(sv v)
{
	for (size_t i = 0; i < v.n; i++)
		if (!is_alnum(v.p[i]) && v.p[i] != '_' && v.p[i] != '.' &&
		    v.p[i] != '-')
			return false;
	return v.n && (is_alpha(v.p[0]) || v.p[0] == '_');
}

bool
configvar_is_upper(sv v)
{
	for (size_t i = 0; i < v.n; i++)
		if (is_lower(v.p[i]))
			return false;
	return configvar_is_name(v) && sv_find_byte(v, '.') == v.n &&
	    sv_find_byte(v, '-') == v.n;
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

/* Names of what lines of logs and messages of errors have. */
static bool
is_log_word(sv name)
{
	static const char *const words[] = {
		"error", "event", "evt", "id", "level", "lvl", "message",
		"msg", "severity", "time", "timestamp", "ts"
	};

	for (size_t i = 0; i < countof(words); i++)
		if (sv_eq_nocase(name, sv_str(words[i])))
			return true;
	return false;
}

/* What the members of an object say about it. */
struct votes {
	size_t members, upper, texts, log;
};

static bool
vote(struct votes *votes, const struct json_value *key,
    const struct json_value *v)
{
	sv name = sv_take(sv_skip(key->raw, 1), key->raw.n - 2);

	votes->members++;
	votes->upper += configvar_is_upper(name);
	votes->log += is_log_word(name);
	votes->texts += v->kind == JSON_STRING || v->kind == JSON_NULL;
	return configvar_is_name(name) && !is_journal(name) &&
	    v->kind != JSON_OBJECT && v->kind != JSON_ARRAY;
}

/* False: it is no flat object of names. */
static bool
ask(struct votes *votes, const struct json_value *item)
{
	struct json_value key, v;
	sv it = json_begin(item);

	*votes = (struct votes){ 0, 0, 0, 0 };
	while (json_member(&it, &key, &v))
		if (!vote(votes, &key, &v))
			return false;
	return item->kind == JSON_OBJECT && votes->members;
}

static bool
is_configvars(const struct json_value *item)
{
	struct votes v;

	return ask(&v, item) && v.texts == v.members &&
	    v.upper > v.members / 2;
}

bool
configvar_is_document(const struct json_value *item)
{
	struct votes v;

	return ask(&v, item) && v.upper >= v.log &&
	    (v.texts == v.members || v.upper > v.members / 2);
}

/* One member; of a value that is no text, its JSON. */
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
	*ok = key.raw.n > 2;
	if (!*ok) {
		*bad = (struct bad_line){ "bad-item", "a value without a name",
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
