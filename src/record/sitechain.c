/* SPDX-License-Identifier: MIT */
#include "record/sitechain.h"

#include "base/attr.h"
#include "base/buf.h"
#include "parse/yaml.h"

struct reader {
	struct arena *a;
	sv name; /* of the file */
	struct site_chain *out;
	struct err *e;
};

static bool
is_text(const struct yaml *y)
{
	return y->kind != YAML_NULL && y->kind != YAML_LIST &&
	    y->kind != YAML_MAP && sv_trim(y->text).n > 0;
}

static bool
need_text(struct reader *r, const struct yaml *y)
{
	return is_text(y) || yaml_err(r->e, r->name, y,
	    "'%.*s' must be a text", SV_ARG(y->key));
}

/* The file as seen from here: names are those in the folder of site.yml. */
static sv
path_of(struct reader *r, sv file)
{
	size_t slash = sv_rfind(r->name, SV("/"));
	struct buf b = BUF_INIT;
	sv path;

	if (slash == r->name.n || sv_starts(file, SV("/")))
		return file;
	buf_add(&b, sv_take(r->name, slash + 1));
	buf_add(&b, file);
	path = arena_sv(r->a, buf_sv(&b));
	buf_release(&b);
	return path;
}

static bool
read_format(struct reader *r, const struct yaml *y)
{
	r->out->format = sv_trim(y->text);
	return need_text(r, y);
}

static bool
read_keys(struct reader *r, const struct yaml *y)
{
	struct site_chain *c = r->out;

	if (y->kind != YAML_MAP || y->nkids == 0)
		return yaml_err(r->e, r->name, y,
		    "'keys' must be a map such as {k1: FILE}");
	c->key = arena_array(r->a, y->nkids, sizeof(*c->key));
	for (const struct yaml *k = y->kid; k; k = k->next) {
		if (!need_text(r, k))
			return false;
		c->key[c->nkeys++] = (struct site_chain_key){ k->key,
			path_of(r, sv_trim(k->text)) };
	}
	return true;
}

static bool
is_tenant(const struct yaml *y)
{
	return is_text(y);
}

static bool
is_seq(const struct yaml *y)
{
	return y->kind == YAML_INT && y->num >= 0;
}

static bool
is_mac(const struct yaml *y)
{
	return y->kind == YAML_STRING && y->text.n == 64 &&
	    sv_is_hex(y->text);
}

static const struct {
	const char *name, *what;
	bool (*is)(const struct yaml *y);
} head_members[] = {
	{ "tenant", "a text", is_tenant },
	{ "seq", "a number", is_seq },
	{ "mac", "64 hexadecimal digits in quotes", is_mac },
};

static bool
check_member(struct reader *r, const struct yaml *y)
{
	size_t i = 0;

	while (i < countof(head_members) && !sv_is(y->key, head_members[i].name))
		i++;
	if (i == countof(head_members))
		return err_set(r->e, ST_USAGE, "%.*s:%d:%d: unknown key '%.*s'",
		    SV_ARG(r->name), y->key_line, y->key_col, SV_ARG(y->key));
	return head_members[i].is(y) || yaml_err(r->e, r->name, y,
	    "'%s' must be %s", head_members[i].name, head_members[i].what);
}

/* Heads are read by rules, as JSON: here only their form is checked. */
static bool
read_heads(struct reader *r, const struct yaml *y)
{
	if (y->kind != YAML_LIST)
		return yaml_err(r->e, r->name, y, "'heads' must be a list of "
		    "maps such as {tenant: t1, seq: 40, mac: '5da9...'}");
	for (const struct yaml *h = y->kid; h; h = h->next) {
		for (const struct yaml *m = h->kid; m; m = m->next)
			if (!check_member(r, m))
				return false;
		if (h->kind != YAML_MAP || h->nkids != countof(head_members))
			return yaml_err(r->e, r->name, h,
			    "a head needs 'tenant', 'seq' and 'mac'");
	}
	return true;
}

static const struct {
	const char *name;
	bool needed;
	bool (*read)(struct reader *r, const struct yaml *y);
} members[] = {
	{ "format", true, read_format },
	{ "keys", false, read_keys },
	{ "heads", false, read_heads },
};

static bool
read_member(struct reader *r, const struct yaml *y)
{
	for (size_t i = 0; i < countof(members); i++)
		if (sv_is(y->key, members[i].name))
			return members[i].read(r, y);
	return err_set(r->e, ST_USAGE, "%.*s:%d:%d: unknown key '%.*s'",
	    SV_ARG(r->name), y->key_line, y->key_col, SV_ARG(y->key));
}

bool
sitechain_read(struct arena *perm, sv name, const struct yaml *y,
    struct site_chain *out, struct err *e)
{
	struct reader r = { perm, name, out, e };

	*out = (struct site_chain){ SV_NULL, NULL, 0 };
	for (const struct yaml *k = y->kid; k; k = k->next)
		if (!read_member(&r, k))
			return false;
	for (size_t i = 0; i < countof(members); i++)
		if (members[i].needed && !yaml_get(y, sv_str(members[i].name)))
			return yaml_err(e, name, y, "'audit_chain' needs '%s'",
			    members[i].name);
	return true;
}
