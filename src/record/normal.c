/* SPDX-License-Identifier: MIT */
#include "record/normal.h"

#include "base/attr.h"
#include "base/glance.h"
#include "base/jsonw.h"
#include "base/utc.h"
#include "base/utf8.h"
#include "parse/accessline.h"
#include "parse/ansi.h"
#include "parse/loss.h"
#include "parse/metric.h"
#include "parse/platform.h"
#include "parse/sampleline.h"
#include "record/apppayload.h"
#include "record/normalline.h"
#include "record/routerline.h"
#include "record/site.h"

void
normal_init(struct normal *n, const uint8_t key[REDACT_KEY_LEN],
    const struct site *site)
{
	redact_init(&n->redact, key, &site->secret_paths);
	n->trusted = site->trusted;
	n->ntrusted = site->ntrusted;
	n->unseen = false;
}

static void
put_number(struct normalline *l, struct rec *r, int field, sv text)
{
	int64_t n = -1;

	if (text.n == 0)
		return;
	sv_to_i64(text, &n);
	normalline_note_count(l, text, n);
	normalline_put_count(r, field, n);
}

/* Cedar writes heroku[router], Fir heroku-router. */
static bool
is_router(const struct envelope *env)
{
	return (sv_is(env->source, "heroku") && sv_is(env->dyno, "router")) ||
	    sv_is(env->source, "heroku-router");
}

/* The numbers that are none. */
static void
put_bad_numbers(struct normalline *l, const struct accessline *in, struct rec *r)
{
	const struct normalline_item items[] = {
		{ SV("peer_port"), in->port, ACCESS_peer_port },
		{ SV("status"), in->status, ACCESS_status },
		{ SV("bytes"), in->bytes, ACCESS_bytes },
	};
	struct buf b = BUF_INIT;
	struct jsonw w = JSONW_INIT(&b);

	jsonw_open(&w, '{');
	normalline_items(l, &w, r, items, countof(items));
	normalline_object(l, r, ACCESS_extra, &w);
}

static bool
may_be_access(const struct envelope *env)
{
	return !sv_is(env->source, "heroku") || sv_is(env->dyno, "nginx");
}

static bool
read_access(struct normalline *l, struct rec *r)
{
	attr_unset struct accessline in;
	struct token tok;

	if (!(l->n->unseen ? accessline_parse_front : accessline_parse)(l->msg,
	    &in))
		return false;
	rec_init(r, REC_ACCESS);
	put_number(l, r, ACCESS_peer_port, in.port);
	put_number(l, r, ACCESS_status, in.status);
	put_number(l, r, ACCESS_bytes, in.bytes);
	if (l->n->unseen)
		return true;
	if (l->notes & NOTE_BIT(NOTE_BAD_NUMBER))
		put_bad_numbers(l, &in, r);
	rec_put_sv(r, ACCESS_origin, l->origin);
	rec_put_sv(r, ACCESS_method, in.method);
	if (normalline_path(l, r, ACCESS_path, ACCESS_path_decoded,
	    sv_null(in.path) ? in.request : in.path, &tok))
		rec_put_sv(r, ACCESS_token, tok.hash);
	rec_put_sv(r, ACCESS_request_id, in.request_id);
	rec_put_sv(r, ACCESS_host, normalline_redact(l,
	    sv_is(l->env->source, "heroku") ? in.last : in.host));
	rec_put_ip(r, ACCESS_peer, in.ip);
	rec_put_sv(r, ACCESS_protocol, in.protocol);
	rec_put_sv(r, ACCESS_referer, normalline_redact(l, in.referer));
	rec_put_sv(r, ACCESS_user_agent, normalline_redact(l, in.user_agent));
	return true;
}

static bool
may_be_loss(const struct envelope *env)
{
	return loss_is_source(env->source, env->dyno);
}

static bool
read_loss(struct normalline *l, struct rec *r)
{
	attr_unset struct loss in;

	if (!loss_parse(l->env->source, l->env->dyno, l->msg, &in))
		return false;
	rec_init(r, REC_LOSS);
	rec_put_sv(r, LOSS_origin, l->origin);
	rec_put_sv(r, LOSS_code, in.code);
	if (in.lost >= 0)
		rec_put_i64(r, LOSS_lost, in.lost);
	if (in.since != UTC_NONE)
		rec_put_i64(r, LOSS_since, in.since);
	rec_put_sv(r, LOSS_scope, sv_str(in.scope));
	rec_put_sv(r, LOSS_drain, in.drain);
	rec_put_sv(r, LOSS_message, normalline_redact(l, l->msg));
	return true;
}

static bool
is_addon(sv dyno)
{
	return sv_starts(dyno, SV("heroku-postgres")) ||
	    sv_starts(dyno, SV("heroku-redis"));
}

static bool
has_metrics(const struct envelope *env)
{
	return sv_is(env->source, "heroku") || is_addon(env->dyno);
}

static void
put_metric(struct normalline *l, const struct metric *in, struct rec *r)
{
	rec_init(r, REC_METRIC);
	rec_put_sv(r, METRIC_origin, l->origin);
	rec_put_sv(r, METRIC_subject, normalline_redact(l, in->subject));
	rec_put_sv(r, METRIC_instance, normalline_redact(l, in->instance));
	rec_put_sv(r, METRIC_addon, normalline_redact(l, in->addon));
	if (in->bad_number)
		l->notes |= NOTE_BIT(NOTE_BAD_NUMBER);
}

/* Any samples. */
static bool
read_odd_metric(struct normalline *l, struct rec *r)
{
	struct buf json = BUF_INIT, more = BUF_INIT;
	attr_unset struct metric in;
	bool ok;

	if (sv_find_byte(l->msg, '#') == l->msg.n)
		return false;
	ok = metric_parse(l->msg, &in, &json, &more);
	if (ok && (in.texts || more.n)) { /* numbers hold no secrets */
		buf_clear(&json);
		buf_clear(&more);
		ok = metric_parse(normalline_redact(l, l->msg), &in, &json,
		    &more);
	}
	if (ok) {
		put_metric(l, &in, r);
		rec_put_sv(r, METRIC_samples,
		    arena_sv(l->scratch, buf_sv(&json)));
		if (more.n)
			rec_put_sv(r, METRIC_extra,
			    arena_sv(l->scratch, buf_sv(&more)));
	}
	buf_release(&json);
	buf_release(&more);
	return ok;
}

static bool
read_metric(struct normalline *l, struct rec *r)
{
	attr_unset struct sampleline samples;
	attr_unset struct metric in;

	if (l->n->unseen && sampleline_is_known(l->msg)) {
		rec_init(r, REC_METRIC);
		return true;
	}
	if (!sampleline_parse(l->msg, l->scratch, &in, &samples))
		return false;
	put_metric(l, &in, r);
	rec_put_text(r, METRIC_samples, SV_NULL); /* see rectext.h */
	r->samples = samples;
	return true;
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
read_platform(struct normalline *l, struct rec *r)
{
	attr_unset struct platform in;

	rec_init(r, REC_PLATFORM);
	if (!(l->n->unseen ? platform_knows(l->msg) :
	    platform_parse(l->msg, &in)))
		l->notes |= NOTE_BIT(NOTE_UNTYPED);
	if (l->n->unseen)
		return true;
	rec_put_sv(r, PLATFORM_origin, l->origin);
	rec_put_sv(r, PLATFORM_event, sv_str(in.event));
	rec_put_sv(r, PLATFORM_code, in.code);
	rec_put_sv(r, PLATFORM_actor, normalline_redact(l, in.actor));
	if (in.version >= 0)
		rec_put_i64(r, PLATFORM_version, in.version);
	if (in.status >= 0)
		rec_put_i64(r, PLATFORM_status, in.status);
	rec_put_sv(r, PLATFORM_from_state, normalline_redact(l, in.from));
	rec_put_sv(r, PLATFORM_to_state, normalline_redact(l, in.to));
	rec_put_sv(r, PLATFORM_subject, normalline_redact(l, in.subject));
	if (in.megabytes >= 0)
		rec_put_real(r, PLATFORM_megabytes, in.megabytes);
	if (in.percent >= 0)
		rec_put_real(r, PLATFORM_percent, in.percent);
	rec_put_sv(r, PLATFORM_message, normalline_redact(l, l->msg));
	return true;
}

/* In the order in which a line is tried; the last takes everything. A line of
 * samples and nothing else is no other. */
static const struct {
	const char *name;
	bool (*may_be)(const struct envelope *); /* from there? NULL: any */
	bool (*read)(struct normalline *, struct rec *);
} readers[] = {
	{ "router", is_router, routerline_read },
	{ "metric", has_metrics, read_metric },
	{ "access line", may_be_access, read_access },
	{ "loss notice", may_be_loss, read_loss },
	{ "metric", has_metrics, read_odd_metric },
	{ "platform", is_platform, read_platform },
	{ "payload", NULL, apppayload_read },
};

/* Index of the reader that read it. */
static size_t
read_line(struct normalline *l, struct rec *out)
{
	size_t i = 0;

	while ((readers[i].may_be && !readers[i].may_be(l->env)) ||
	    !readers[i].read(l, out))
		i++;
	return i;
}

enum { ODD_ORIGIN = 18 }; /* bytes of one */

/* Could a secret stand in it? Not in "app[web.1]", which nearly all are. */
static bool
is_odd_origin(sv origin)
{
	return origin.n >= ODD_ORIGIN || sv_find_byte(origin, '=') < origin.n;
}

/* Text that rules and sinks can take: no NUL, no colours, valid UTF-8. */
static sv
clean(struct normalline *l, sv raw)
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

static attr_apart sv
odd_origin(struct normalline *l, sv raw)
{
	sv origin = glance_odd(raw) ? clean(l, raw) : raw;

	return is_odd_origin(origin) ? normalline_redact(l, origin) : origin;
}

static inline sv
safe_origin(struct normalline *l, sv raw)
{
	if (l->env->named && (raw.n < ODD_ORIGIN || l->n->unseen))
		return raw;
	return odd_origin(l, raw);
}

void
normal_line(const struct normal *n, const struct envelope *env,
    struct arena *scratch, struct rec *out)
{
	struct normalline l = { .n = n, .env = env, .scratch = scratch };
	size_t i;

	l.msg = sv_by_halves(&env->message);
	if (env->odd)
		l.msg = clean(&l, l.msg);
	l.origin = safe_origin(&l, env->origin);
	i = read_line(&l, out);
	if (out->kind == REC_APP)
		rec_put_sv(out, APP_origin, l.origin);
	if (l.secret)
		l.notes |= NOTE_BIT(NOTE_REDACTED);
	if (out->reader[0] == '\0')
		out->reader = readers[i].name;
	out->notes = l.notes;
	out->ts = env->ts;
	if (!n->unseen)
		out->hash = rec_hash(env->ts, l.origin, l.msg,
		    l.secret ? n->redact.seed : 0);
}

void
normal_head(const struct normal *n, const struct envelope *env,
    const struct normal_join *join, struct arena *scratch, struct rec *out)
{
	struct envelope whole = *env;
	uint64_t hash;
	int lines;

	normal_line(n, env, scratch, out);
	hash = out->hash;
	whole.message = sv_trim(join->text);
	whole.odd = true;
	normal_line(n, &whole, scratch, out);
	out->hash = hash;
	lines = rec_lines_field(out->kind);
	rec_put_sv(out, lines - 1, sv_str(join->how));
	rec_put_i64(out, lines, join->lines);
}

void
normal_part(const struct normal *n, const struct envelope *env,
    uint64_t head, const struct normal_join *join, struct arena *scratch,
    struct rec *out)
{
	struct normalline l = { .n = n, .env = env, .scratch = scratch };
	struct buf b = BUF_INIT;
	struct rec lone;

	buf_hex64(&b, head);
	normal_line(n, env, scratch, &lone);
	rec_init(out, REC_PART);
	out->ts = env->ts;
	out->hash = lone.hash;
	out->reader = "part";
	rec_put_sv(out, PART_origin, safe_origin(&l, env->origin));
	rec_put_sv(out, PART_head, arena_sv(scratch, buf_sv(&b)));
	rec_put_sv(out, PART_joined, sv_str(join->how));
	rec_put_i64(out, PART_place, join->place);
	rec_put_i64(out, PART_lines, join->lines - join->place + 1);
	buf_release(&b);
}
