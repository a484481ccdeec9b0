/* SPDX-License-Identifier: MIT */
#include "record/siteallow.h"

#include "base/attr.h"
#include "base/utc.h"
#include "parse/yaml.h"

struct reader {
	sv name; /* of the file */
	struct err *e;
};

static bool
put_text(struct reader *r, const struct yaml *y, sv *out)
{
	bool scalar = y->kind != YAML_NULL && y->kind != YAML_LIST &&
	    y->kind != YAML_MAP;

	*out = sv_trim(y->text);
	if (scalar && out->n)
		return true;
	return yaml_err(r->e, r->name, y, scalar ? "'%.*s' is empty" :
	    "'%.*s' must be a text", SV_ARG(y->key));
}

static bool
read_rule(struct reader *r, const struct yaml *y, struct site_allow *a)
{
	return put_text(r, y, &a->rule);
}

static bool
read_arm(struct reader *r, const struct yaml *y, struct site_allow *a)
{
	return put_text(r, y, &a->arm);
}

static bool
read_key(struct reader *r, const struct yaml *y, struct site_allow *a)
{
	return put_text(r, y, &a->key);
}

/* Clients are known as an IPv4 address or as the /64 of an IPv6 one. */
static bool
read_client(struct reader *r, const struct yaml *y, struct site_allow *a)
{
	if (!put_text(r, y, &a->client))
		return false;
	if (!ip_net_parse(a->client, &a->net))
		return yaml_err(r->e, r->name, y, "'%.*s' is no address or "
		    "network such as 192.0.2.0/24", SV_ARG(a->client));
	if (a->net.bits == 0)
		return yaml_err(r->e, r->name, y, "'%.*s' is every address",
		    SV_ARG(a->client));
	if (a->net.ip.family == 6 && a->net.bits > 64)
		return yaml_err(r->e, r->name, y, "'%.*s': a client is told "
		    "apart by its /64; write the network", SV_ARG(a->client));
	return true;
}

static bool
read_user_agent(struct reader *r, const struct yaml *y, struct site_allow *a)
{
	return put_text(r, y, &a->user_agent);
}

static bool
read_owner(struct reader *r, const struct yaml *y, struct site_allow *a)
{
	return put_text(r, y, &a->owner);
}

static bool
read_reason(struct reader *r, const struct yaml *y, struct site_allow *a)
{
	return put_text(r, y, &a->reason);
}

static bool
read_expires(struct reader *r, const struct yaml *y, struct site_allow *a)
{
	sv text;

	if (!put_text(r, y, &text))
		return false;
	if (utc_parse(text, &a->expires))
		return true;
	return yaml_err(r->e, r->name, y, "'%.*s' is no day such as "
	    "2026-07-01", SV_ARG(text));
}

static const struct member {
	const char *name;
	bool needed;
	bool (*read)(struct reader *r, const struct yaml *y,
	    struct site_allow *a);
} members[] = {
	{ "rule", true, read_rule },
	{ "arm", false, read_arm },
	{ "key", false, read_key },
	{ "client", false, read_client },
	{ "user_agent", false, read_user_agent },
	{ "owner", true, read_owner },
	{ "reason", true, read_reason },
	{ "expires", true, read_expires },
};

static const struct member *
find_member(sv key)
{
	for (size_t i = 0; i < countof(members); i++)
		if (sv_is(key, members[i].name))
			return &members[i];
	return NULL;
}

/* What all members together must say. */
static bool
check_whole(struct reader *r, const struct yaml *y, const struct site_allow *a)
{
	bool what = !sv_null(a->key) || !sv_null(a->client);

	for (size_t i = 0; i < countof(members); i++)
		if (members[i].needed && !yaml_get(y, sv_str(members[i].name)))
			return yaml_err(r->e, r->name, y, "an entry of 'allow' "
			    "needs '%s'", members[i].name);
	if (!sv_null(a->user_agent) && sv_null(a->client))
		return yaml_err(r->e, r->name, yaml_get(y, SV("user_agent")),
		    "'user_agent' needs a 'client': anyone can send it");
	if (sv_is(a->rule, "*") && !what)
		return yaml_err(r->e, r->name, y,
		    "every rule ('*') needs a 'key' or a 'client'");
	if (what || !sv_null(a->arm))
		return true;
	return yaml_err(r->e, r->name, y, "an entry of 'allow' needs one of "
	    "'arm', 'key' and 'client'");
}

static bool
read_entry(struct reader *r, const struct yaml *y, struct site_allow *a)
{
	a->line = y->line;
	a->col = y->col;
	for (const struct yaml *k = y->kid; k; k = k->next) {
		const struct member *m = find_member(k->key);

		if (!m)
			return err_set(r->e, ST_USAGE,
			    "%.*s:%d:%d: unknown key '%.*s'", SV_ARG(r->name),
			    k->key_line, k->key_col, SV_ARG(k->key));
		if (!m->read(r, k, a))
			return false;
	}
	return check_whole(r, y, a);
}

bool
siteallow_read(struct arena *perm, sv name, const struct yaml *y,
    struct site_allow **out, size_t *n, struct err *e)
{
	struct reader r = { name, e };

	*n = 0;
	*out = arena_array(perm, y->nkids, sizeof(**out));
	for (const struct yaml *k = y->kid; k; k = k->next)
		if (!read_entry(&r, k, &(*out)[(*n)++]))
			return false;
	return true;
}
