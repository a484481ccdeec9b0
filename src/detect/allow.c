/* SPDX-License-Identifier: MIT */
#include "detect/allow.h"

#include "base/jsonw.h"
#include "base/utc.h"
#include "detect/eval.h"
#include "detect/hits.h"
#include "detect/members.h"
#include "detect/sender.h"
#include "record/site.h"
#include "record/siteallow.h"

static bool
check_entry(const struct catalog *c, const struct site *s,
    const struct site_allow *al, bool whole, struct err *e)
{
	const struct rule *r = catalog_find(c, al->rule);

	if (sv_is(al->rule, "*") || (!r && !whole))
		return true;
	if (!r)
		return err_set(e, ST_USAGE, "%.*s:%d:%d: allow: the catalog "
		    "has no rule '%.*s'", SV_ARG(s->file), al->line, al->col,
		    SV_ARG(al->rule));
	if (sv_null(al->arm) || r->narms == 0 || rule_arm(r, al->arm) >= 0)
		return true;
	return err_set(e, ST_USAGE, "%.*s:%d:%d: allow: rule '%.*s' has no arm "
	    "'%.*s'", SV_ARG(s->file), al->line, al->col, SV_ARG(al->rule),
	    SV_ARG(al->arm));
}

bool
allow_check(const struct catalog *c, const struct site *site, bool whole,
    struct err *e)
{
	for (size_t i = 0; i < site->nallows; i++)
		if (!check_entry(c, site, &site->allow[i], whole, e))
			return false;
	return true;
}

void
allow_init(struct allow *al, struct eval *ev)
{
	al->ev = ev;
	al->looks = 0;
	al->hid = arena_array(ev->a, ev->site->nallows + 1, sizeof(*al->hid));
}

/* --- one entry and one finding -------------------------------------------- */

/* Is the whole of `text`, an address or a network, inside of the entry's? */
static bool
in_net(sv text, const struct site_allow *al)
{
	struct ip_net net;

	return ip_net_parse(text, &net) && net.bits >= al->net.bits &&
	    ip_in_net(&net.ip, &al->net);
}

/* A key that is an address because evaluation made it one. Of "network or
 * origin" the text may be anyone's. */
static bool
key_is_client(const struct finding *f)
{
	return sv_is(f->arm->key_name, "client") ||
	    sv_is(f->arm->key_name, "network");
}

static bool
names(const struct site_allow *al, const struct finding *f)
{
	return (sv_is(al->rule, "*") || sv_eq(al->rule, f->rule->id)) &&
	    (sv_null(al->arm) || sv_eq(al->arm, f->arm->name)) &&
	    (sv_null(al->key) || sv_eq(al->key, f->key));
}

static bool
sent_so(const struct site_allow *al, const struct finding *f,
    const struct sender *s)
{
	if (!key_is_client(f) && !in_net(s->client, al))
		return false;
	return sv_null(al->user_agent) || sv_has(s->agent, al->user_agent);
}

/* Was every record sent by whom the entry describes? */
static bool
all_sent_so(struct allow *al, const struct site_allow *entry,
    const struct finding *f, bool *covers, struct err *e)
{
	const struct members_of of = { f->rule, f->arm, f->key, f->first,
		f->last, f->first, f->last };
	struct eval *ev = al->ev;
	struct arena scratch = ARENA_INIT;
	struct members m;
	bool ok = true;

	members_load(&scratch, &ev->env, &of, &m);
	*covers = m.n > 0 && m.n >= f->events;
	for (size_t i = 0; ok && *covers && i < m.n; i++) {
		struct arena_mark mark = arena_mark(&scratch);
		struct sender s;

		ok = sender_load(&scratch, ev->st, m.v[i].rec, &s, e);
		*covers = ok && sent_so(entry, f, &s);
		arena_rewind(&scratch, mark);
	}
	arena_release(&scratch);
	return ok;
}

static bool
covers(struct allow *al, const struct site_allow *entry,
    const struct finding *f, bool *out, struct err *e)
{
	bool by_key = sv_null(entry->client) || key_is_client(f);

	*out = names(entry, f);
	if (*out && by_key && !sv_null(entry->client))
		*out = in_net(f->key, entry);
	if (!*out || (by_key && sv_null(entry->user_agent)))
		return true;
	*out = f->events <= ALLOW_RECORDS_MAX &&
	    al->looks++ < ALLOW_LOOKS_MAX;
	return !*out || all_sent_so(al, entry, f, out, e);
}

static bool
expired(const struct allow *al, const struct site_allow *entry)
{
	return al->ev->now != UTC_NONE && al->ev->now >= entry->expires;
}

bool
allow_find(struct allow *al, struct finding *f, struct err *e)
{
	const struct site *site = al->ev->site;

	f->allowed = 0;
	for (size_t i = 0; i < site->nallows; i++) {
		const struct site_allow *entry = &site->allow[i];
		bool yes;

		if (expired(al, entry))
			continue;
		if (!covers(al, entry, f, &yes, e))
			return false;
		al->hid[i] += yes;
		if (yes && f->allowed == 0)
			f->allowed = i + 1;
	}
	return true;
}

/* --- NDJSON --------------------------------------------------------------- */

static const char *
state_of(const struct allow *al, size_t i)
{
	if (expired(al, &al->ev->site->allow[i]))
		return "expired";
	return al->hid[i] ? "active" : "unused";
}

void
allow_write(struct buf *b, const struct allow *al)
{
	const struct site *site = al->ev->site;

	for (size_t i = 0; i < site->nallows; i++) {
		const struct site_allow *entry = &site->allow[i];
		struct jsonw w = JSONW_INIT(b);

		jsonw_open(&w, '{');
		jsonw_put_str(&w, "type", "allow");
		jsonw_put_i64(&w, "entry", (int64_t)i + 1);
		jsonw_put_i64(&w, "line", entry->line);
		jsonw_put_sv(&w, "rule", entry->rule);
		jsonw_put_sv(&w, "arm", entry->arm);
		jsonw_put_sv(&w, "key", entry->key);
		jsonw_put_sv(&w, "client", entry->client);
		jsonw_put_sv(&w, "user_agent", entry->user_agent);
		jsonw_put_sv(&w, "owner", entry->owner);
		jsonw_put_sv(&w, "reason", entry->reason);
		jsonw_put_utc(&w, "expires", entry->expires);
		jsonw_put_str(&w, "state", state_of(al, i));
		jsonw_put_i64(&w, "hid", (int64_t)al->hid[i]);
		jsonw_close(&w, '}');
		buf_byte(b, '\n');
	}
}
