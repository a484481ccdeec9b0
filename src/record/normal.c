/* SPDX-License-Identifier: MIT */
#include "record/normal.h"

#include "base/ascii.h"
#include "base/attr.h"
#include "base/jsonw.h"
#include "base/utc.h"
#include "base/utf8.h"
#include "parse/accessline.h"
#include "parse/ansi.h"
#include "parse/json.h"
#include "parse/kv.h"
#include "parse/loss.h"
#include "parse/metric.h"
#include "parse/platform.h"
#include "parse/router.h"

/* What the readers below share. */
struct line {
	const struct normal *n;
	const struct envelope *env;
	struct arena *scratch;
	sv msg;      /* clean and trimmed, secrets still in it */
	bool secret; /* something was replaced */
	uint32_t notes;
};

static sv
redacted(struct line *l, sv text)
{
	sv out;

	if (sv_null(text))
		return text;
	out = redact_text(&l->n->redact, text, l->scratch);
	l->secret |= out.p != text.p;
	return out;
}

static sv
redacted_path(struct line *l, sv path, struct token *tok)
{
	sv out;

	*tok = (struct token){ SV_NULL, SV_NULL, SV_NULL };
	if (sv_null(path))
		return path;
	out = redact_path(&l->n->redact, path, l->scratch, tok);
	l->secret |= out.p != path.p;
	return out;
}

static void
put_number(struct line *l, struct rec *r, int field, sv text)
{
	int64_t n;

	if (sv_to_i64(text, &n))
		rec_put_i64(r, field, n);
	else if (text.n)
		l->notes |= NOTE_BIT(NOTE_BAD_NUMBER);
}

static void
put_ms(struct line *l, struct rec *r, int field, sv text)
{
	int64_t n;

	if (router_ms(text, &n))
		rec_put_i64(r, field, n);
	else if (text.n)
		l->notes |= NOTE_BIT(NOTE_BAD_NUMBER);
}

/* Empty is how the router says "none". */
static void
put_filled(struct rec *r, int field, sv text)
{
	if (text.n)
		rec_put_sv(r, field, text);
}

static void
put_fwd(struct line *l, const struct router *in, struct rec *r)
{
	bool extra = false;

	if (!sv_null(in->fwd)) {
		rec_put_sv(r, REQUEST_fwd, redacted(l, in->fwd));
		rec_put_ip(r, REQUEST_client, ip_client(in->fwd, l->n->trusted,
		    l->n->ntrusted, &extra));
	}
	rec_put_i64(r, REQUEST_flags, (int64_t)in->flags | (extra ? 2 : 0));
	if (in->flags & ROUTER_AMBIGUOUS)
		l->notes |= NOTE_BIT(NOTE_AMBIGUOUS);
}

static void
put_token(struct rec *r, const struct token *tok)
{
	rec_put_sv(r, REQUEST_token, tok->hash);
	rec_put_sv(r, REQUEST_token_shape, tok->shape);
	rec_put_sv(r, REQUEST_token_parts, tok->parts);
}

static bool
read_router(struct line *l, struct rec *r)
{
	struct token tok;
	struct router in;

	if (!sv_is(l->env->source, "heroku") || !sv_is(l->env->dyno, "router") ||
	    !router_parse(l->msg, &in))
		return false;
	rec_init(r, REC_REQUEST);
	put_filled(r, REQUEST_at, in.at);
	put_filled(r, REQUEST_code, in.code);
	put_filled(r, REQUEST_description, in.desc);
	put_filled(r, REQUEST_sock, in.sock);
	put_filled(r, REQUEST_cause, in.cause);
	put_filled(r, REQUEST_method, in.method);
	rec_put_sv(r, REQUEST_path, redacted_path(l, in.path, &tok));
	put_token(r, &tok);
	rec_put_sv(r, REQUEST_host, in.host);
	put_filled(r, REQUEST_request_id, in.request_id);
	put_fwd(l, &in, r);
	put_filled(r, REQUEST_dyno, in.dyno);
	put_ms(l, r, REQUEST_connect_ms, in.connect);
	put_ms(l, r, REQUEST_service_ms, in.service);
	put_number(l, r, REQUEST_status, in.status);
	put_number(l, r, REQUEST_bytes, in.bytes);
	put_filled(r, REQUEST_protocol, in.protocol);
	if (in.tls.n)
		rec_put_i64(r, REQUEST_tls, sv_is(in.tls, "true"));
	put_filled(r, REQUEST_tls_version, in.tls_version);
	return true;
}

static bool
read_access(struct line *l, struct rec *r)
{
	struct accessline in;
	struct token tok;
	struct ip peer;

	if (sv_is(l->env->source, "heroku") && !sv_is(l->env->dyno, "nginx"))
		return false;
	if (!accessline_parse(l->msg, &in))
		return false;
	rec_init(r, REC_ACCESS);
	rec_put_sv(r, ACCESS_origin, l->env->origin);
	rec_put_sv(r, ACCESS_method, in.method);
	rec_put_sv(r, ACCESS_path, redacted_path(l, in.path, &tok));
	rec_put_sv(r, ACCESS_token, tok.hash);
	rec_put_sv(r, ACCESS_host, in.host);
	if (ip_parse(in.peer, true, &peer))
		rec_put_ip(r, ACCESS_peer, peer);
	put_number(l, r, ACCESS_status, in.status);
	put_number(l, r, ACCESS_bytes, in.bytes);
	rec_put_sv(r, ACCESS_protocol, in.protocol);
	rec_put_sv(r, ACCESS_referer, redacted(l, in.referer));
	rec_put_sv(r, ACCESS_user_agent, redacted(l, in.user_agent));
	return true;
}

static bool
read_loss(struct line *l, struct rec *r)
{
	struct loss in;

	if (!loss_parse(l->env->source, l->env->dyno, l->msg, &in))
		return false;
	rec_init(r, REC_LOSS);
	rec_put_sv(r, LOSS_origin, l->env->origin);
	rec_put_sv(r, LOSS_code, in.code);
	if (in.lost >= 0)
		rec_put_i64(r, LOSS_lost, in.lost);
	if (in.since != UTC_NONE)
		rec_put_i64(r, LOSS_since, in.since);
	rec_put_sv(r, LOSS_scope, sv_str(in.scope));
	rec_put_sv(r, LOSS_drain, in.drain);
	rec_put_sv(r, LOSS_message, redacted(l, l->msg));
	return true;
}

static bool
is_addon(sv dyno)
{
	return sv_starts(dyno, SV("heroku-postgres")) ||
	    sv_starts(dyno, SV("heroku-redis"));
}

static bool
read_metric(struct line *l, struct rec *r)
{
	struct buf json = BUF_INIT;
	sv subject, addon;
	bool ok;

	if (!sv_is(l->env->source, "heroku") && !is_addon(l->env->dyno))
		return false;
	ok = metric_parse(l->msg, &subject, &addon, &json);
	if (ok) {
		rec_init(r, REC_METRIC);
		rec_put_sv(r, METRIC_origin, l->env->origin);
		rec_put_sv(r, METRIC_subject, subject);
		rec_put_sv(r, METRIC_addon, addon);
		rec_put_sv(r, METRIC_samples,
		    arena_sv(l->scratch, buf_sv(&json)));
	}
	buf_release(&json);
	return ok;
}

/* Lines of the platform: heroku[...], app[api], Logplex without brackets. */
static bool
is_platform(const struct envelope *env)
{
	if (sv_is(env->source, "app"))
		return sv_is(env->dyno, "api");
	return sv_starts(env->source, SV("heroku")) ||
	    sv_eq_nocase(env->source, SV("logplex"));
}

static bool
read_platform(struct line *l, struct rec *r)
{
	struct platform in;

	if (!is_platform(l->env))
		return false;
	if (!platform_parse(l->msg, &in))
		l->notes |= NOTE_BIT(NOTE_UNTYPED);
	rec_init(r, REC_PLATFORM);
	rec_put_sv(r, PLATFORM_origin, l->env->origin);
	rec_put_sv(r, PLATFORM_event, sv_str(in.event));
	rec_put_sv(r, PLATFORM_code, in.code);
	rec_put_sv(r, PLATFORM_actor, redacted(l, in.actor));
	if (in.version >= 0)
		rec_put_i64(r, PLATFORM_version, in.version);
	if (in.status >= 0)
		rec_put_i64(r, PLATFORM_status, in.status);
	rec_put_sv(r, PLATFORM_from_state, in.from);
	rec_put_sv(r, PLATFORM_to_state, in.to);
	rec_put_sv(r, PLATFORM_message, redacted(l, l->msg));
	return true;
}

/* Names that apps give to the fields raxx knows. */
static const struct {
	sv key;
	int field;
} app_keys[] = {
	{ { "evt", 3 }, APP_event }, { { "event", 5 }, APP_event },
	{ { "level", 5 }, APP_level }, { { "levelname", 9 }, APP_level },
	{ { "severity", 8 }, APP_level }, { { "lvl", 3 }, APP_level },
	{ { "rid", 3 }, APP_request_id },
	{ { "request_id", 10 }, APP_request_id },
	{ { "ip", 2 }, APP_client }, { { "id_h", 4 }, APP_id_h },
	{ { "user_h", 6 }, APP_user_h }, { { "token_h", 7 }, APP_token_h },
	{ { "screen", 6 }, APP_screen }, { { "outcome", 7 }, APP_outcome },
	{ { "method", 6 }, APP_method }, { { "ua", 2 }, APP_user_agent },
	{ { "user_agent", 10 }, APP_user_agent }, { { "known", 5 }, APP_known },
	{ { "ok", 2 }, APP_ok },
};

static sv
lower(struct arena *a, sv v)
{
	char *p = arena_str(a, v);

	for (size_t i = 0; i < v.n; i++)
		p[i] = (char)to_lower(p[i]);
	return sv_of(p, v.n);
}

/* The first of several keys for one field wins. */
static void
put_app_field(struct line *l, struct rec *r, sv key, sv text, bool literal)
{
	size_t i = 0;
	struct ip ip;
	int f;

	while (i < countof(app_keys) && !sv_eq(key, app_keys[i].key))
		i++;
	if (i == countof(app_keys) || rec_has(r, app_keys[i].field))
		return;
	f = app_keys[i].field;
	if (f == APP_known || f == APP_ok) {
		if (sv_is(text, "true") || sv_is(text, "false"))
			rec_put_i64(r, f, sv_is(text, "true"));
	} else if (literal) {
		return;
	} else if (f == APP_client) {
		if (ip_parse(text, true, &ip))
			rec_put_ip(r, f, ip);
	} else if (f == APP_level) {
		rec_put_sv(r, f, lower(l->scratch,
		    utf8_clean(text, l->scratch)));
	} else {
		rec_put_sv(r, f, utf8_clean(text, l->scratch));
	}
}

static bool
read_json(struct line *l, struct rec *r)
{
	struct json_value obj, key, v;
	sv text, it;

	if (!sv_starts(l->msg, SV("{")))
		return false;
	text = redacted(l, l->msg);
	if (!json_parse(text, &obj))
		return false;
	rec_init(r, REC_APP);
	for (it = json_begin(&obj); json_member(&it, &key, &v);)
		if (v.kind != JSON_OBJECT && v.kind != JSON_ARRAY)
			put_app_field(l, r, json_text(l->scratch, &key),
			    json_text(l->scratch, &v), v.kind != JSON_STRING);
	rec_put_sv(r, APP_message, text);
	rec_put_i64(r, APP_payload, 1);
	return true;
}

static bool
read_logfmt(struct line *l, struct rec *r)
{
	struct buf b = BUF_INIT;
	struct jsonw w = JSONW_INIT(&b);
	struct kv kv;
	sv text, rest;

	if (!kv_is_logfmt(l->msg))
		return false;
	text = rest = redacted(l, l->msg);
	rec_init(r, REC_APP);
	jsonw_open(&w, '{');
	while (kv_next(&rest, &kv)) {
		sv val = kv_text(l->scratch, &kv);

		if (sv_null(kv.val))
			continue;
		jsonw_key(&w, kv.key);
		jsonw_sv(&w, val);
		put_app_field(l, r, kv.key, val, false);
	}
	jsonw_close(&w, '}');
	rec_put_sv(r, APP_fields, arena_sv(l->scratch, buf_sv(&b)));
	rec_put_sv(r, APP_message, text);
	rec_put_i64(r, APP_payload, 2);
	buf_release(&b);
	return true;
}

static bool
read_text(struct line *l, struct rec *r)
{
	rec_init(r, REC_APP);
	rec_put_sv(r, APP_message, redacted(l, l->msg));
	rec_put_i64(r, APP_payload, 0);
	l->notes |= NOTE_BIT(NOTE_UNTYPED);
	return true;
}

/* In the order in which a line is tried; the last takes everything. */
static const struct {
	const char *name;
	bool (*read)(struct line *, struct rec *);
} readers[] = {
	{ "router", read_router },
	{ "access line", read_access },
	{ "loss notice", read_loss },
	{ "metric", read_metric },
	{ "platform", read_platform },
	{ "JSON payload", read_json },
	{ "logfmt payload", read_logfmt },
	{ "text", read_text },
};

/* The CLI makes one blank of several in router lines: do so for every shape,
 * or one event would have two contents. */
static sv
single_blanks(sv msg, struct arena *a)
{
	char *p;
	size_t n = 0;

	if (!sv_has(msg, SV("  ")))
		return msg;
	p = arena_str(a, msg);
	for (size_t i = 0; i < msg.n; i++)
		if (msg.p[i] != ' ' || i == 0 || msg.p[i - 1] != ' ')
			p[n++] = msg.p[i];
	return sv_of(p, n);
}

/* Text that rules and sinks can take: no NUL, no colours, valid UTF-8. */
static sv
clean(struct line *l, sv raw)
{
	sv text = ansi_strip(utf8_clean(raw, l->scratch), l->scratch);

	if (text.p == raw.p)
		return text;
	if (sv_find_byte(raw, '\0') < raw.n)
		l->notes |= NOTE_BIT(NOTE_NUL_BYTES);
	if (!utf8_valid(raw))
		l->notes |= NOTE_BIT(NOTE_INVALID_UTF8);
	return sv_trim(text);
}

void
normal_line(const struct normal *n, const struct envelope *env,
    struct arena *scratch, struct rec *out)
{
	struct envelope own = *env;
	struct line l = { n, &own, scratch, SV_NULL, false, 0 };
	size_t i = 0;

	l.msg = clean(&l, env->message);
	own.origin = clean(&l, env->origin);
	if (sv_is(env->dyno, "router"))
		l.msg = single_blanks(l.msg, scratch);
	while (!readers[i].read(&l, out))
		i++;
	if (out->kind == REC_APP)
		rec_put_sv(out, APP_origin, own.origin);
	if (l.secret)
		l.notes |= NOTE_BIT(NOTE_REDACTED);
	out->reader = readers[i].name;
	out->notes = l.notes;
	out->ts = env->ts;
	out->hash = rec_hash(env->ts, own.origin, l.msg,
	    l.secret ? n->redact.seed : 0);
}

void
normal_head(const struct normal *n, const struct envelope *env,
    const struct normal_join *join, struct arena *scratch, struct rec *out)
{
	struct envelope whole = *env;
	uint64_t hash;

	normal_line(n, env, scratch, out);
	hash = out->hash;
	whole.message = sv_trim(join->text);
	normal_line(n, &whole, scratch, out);
	out->hash = hash;
	if (out->kind == REC_APP) {
		rec_put_sv(out, APP_joined, sv_str(join->how));
		rec_put_i64(out, APP_lines, join->lines);
	} else if (out->kind == REC_PLATFORM) {
		rec_put_sv(out, PLATFORM_joined, sv_str(join->how));
		rec_put_i64(out, PLATFORM_lines, join->lines);
	}
}

void
normal_part(const struct normal *n, const struct envelope *env,
    const struct envelope *head, const struct normal_join *join,
    struct arena *scratch, struct rec *out)
{
	struct buf b = BUF_INIT;
	struct rec lone;

	normal_line(n, head, scratch, &lone);
	buf_hex64(&b, lone.hash);
	normal_line(n, env, scratch, &lone);
	rec_init(out, REC_PART);
	out->ts = env->ts;
	out->hash = lone.hash;
	out->reader = "part";
	rec_put_sv(out, PART_origin, utf8_clean(env->origin, scratch));
	rec_put_sv(out, PART_head, arena_sv(scratch, buf_sv(&b)));
	rec_put_sv(out, PART_joined, sv_str(join->how));
	rec_put_i64(out, PART_place, join->lines);
	buf_release(&b);
}
