/* SPDX-License-Identifier: MIT */
#include "record/normal.h"

#include "base/ascii.h"
#include "base/attr.h"
#include "base/glance.h"
#include "base/jsonw.h"
#include "base/percent.h"
#include "base/utc.h"
#include "base/utf8.h"
#include "parse/accessline.h"
#include "parse/ansi.h"
#include "parse/loss.h"
#include "parse/metric.h"
#include "parse/platform.h"
#include "parse/router.h"
#include "parse/routerusual.h"
#include "parse/sampleline.h"
#include "record/apppayload.h"
#include "record/normalline.h"
#include "record/secretshape.h"
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

/* A status, a size, milliseconds: never negative. `n` is what the text says. */
static inline void
note_count(struct normalline *l, sv text, int64_t n)
{
	if (n < 0 && text.n)
		l->notes |= NOTE_BIT(NOTE_BAD_NUMBER);
}

static inline void
put_count(struct rec *r, int field, int64_t n)
{
	if (n >= 0)
		rec_put_i64(r, field, n);
}

static void
put_number(struct normalline *l, struct rec *r, int field, sv text)
{
	int64_t n = -1;

	if (text.n == 0)
		return;
	sv_to_i64(text, &n);
	note_count(l, text, n);
	put_count(r, field, n);
}

/* Of three digits, 100 to 999: what is cut is none. */
static int64_t
router_status(const struct router *in)
{
	return in->status.n == 3 && in->status.p[0] != '0' ?
	    in->status_number : -1;
}

/* Empty is how the router says "none". */
static void
put_filled(struct rec *r, int field, sv text)
{
	if (text.n)
		rec_put_sv(r, field, text);
}

/* Several addresses, or what is none. */
static attr_apart bool
put_fwd_list(struct normalline *l, sv fwd, struct rec *r)
{
	bool extra = false;

	rec_put_sv(r, REQUEST_fwd, secretshape_is_quads(fwd) ? fwd :
	    normalline_redact(l, fwd));
	rec_put_ip(r, REQUEST_client, ip_client(fwd, l->n->trusted,
	    l->n->ntrusted, &extra));
	return extra;
}

static void
put_fwd(struct normalline *l, const struct router *in, struct rec *r)
{
	bool extra = false;
	struct ip ip;

	if (ip_parse_v4(in->fwd, &ip)) {
		rec_put_sv(r, REQUEST_fwd, in->fwd);
		if (ip_is_client(&ip, l->n->trusted, l->n->ntrusted))
			rec_put_client(r, &ip);
	} else if (!sv_null(in->fwd)) {
		extra = put_fwd_list(l, in->fwd, r);
	}
	rec_put_i64(r, REQUEST_flags, (int64_t)in->flags | (extra ? 2 : 0));
}

/* Of a path with escapes the other form too: probes hide in either. Once decoded
 * it may show a secret that was hidden. */
static void
put_decoded(struct normalline *l, struct rec *r, int field, sv path)
{
	sv decoded = percent_decode(path, l->scratch);

	if (decoded.p != path.p)
		rec_put_sv(r, field, normalline_redact(l,
		    utf8_clean(decoded, l->scratch)));
}

/* Of a path that is not plain. */
static attr_apart void
put_odd_path(struct normalline *l, struct rec *r, int field, int decoded,
    sv path, struct token *tok)
{
	sv out;

	*tok = (struct token){ .hash = SV_NULL };
	if (sv_null(path))
		return;
	out = redact_path(&l->n->redact, path, l->scratch, tok);
	l->secret |= out.p != path.p;
	rec_put_sv(r, field, out);
	put_decoded(l, r, decoded, out);
}

/* Is it no plain one? Then *tok says what is secret in it. */
static attr_inline bool
put_path(struct normalline *l, struct rec *r, int field, int decoded, sv path,
    struct token *tok)
{
	bool plain = redact_is_plain_path(&l->n->redact, path);

	if (likely(plain))
		rec_put_sv(r, field, path);
	else
		put_odd_path(l, r, field, decoded, path, tok);
	return !plain;
}

static bool
has_extra(const struct normalline *l, const struct router *in,
    const struct rec *r)
{
	return !sv_null(in->agent) || in->queue.n || in->wait.n ||
	    in->more.n || in->rest.n ||
	    (in->tls.n && !rec_has(r, REQUEST_tls)) ||
	    l->notes & NOTE_BIT(NOTE_BAD_NUMBER);
}

static void
put_token(struct rec *r, const struct token *tok)
{
	rec_put_sv(r, REQUEST_token, tok->hash);
	rec_put_sv(r, REQUEST_token_shape, tok->shape);
	rec_put_sv(r, REQUEST_token_parts, tok->parts);
	rec_put_sv(r, REQUEST_token_core, tok->core);
}

/* A text and the column it should be in; -1: it has none. */
struct extra {
	sv key, text;
	int column;
};

/* Those that are in no column. */
static void
put_items(struct normalline *l, struct jsonw *w, const struct rec *r,
    const struct extra *items, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		int column = items[i].column;

		if (items[i].text.n == 0 || (column >= 0 && rec_has(r, column)))
			continue;
		jsonw_key(w, items[i].key);
		jsonw_sv(w, normalline_redact(l, items[i].text));
	}
}

/* What has no column: keys of rare lines, and values that could not be read. */
static void
put_extra(struct normalline *l, const struct router *in, struct rec *r)
{
	const struct extra items[] = {
		{ SV("queue"), in->queue, -1 }, { SV("wait"), in->wait, -1 },
		{ SV("more"), sv_trim(in->more), -1 },
		{ SV("rest"), in->rest, -1 },
		{ SV("connect"), in->connect, REQUEST_connect_ms },
		{ SV("service"), in->service, REQUEST_service_ms },
		{ SV("status"), in->status, REQUEST_status },
		{ SV("bytes"), in->bytes, REQUEST_bytes },
		{ SV("tls"), in->tls, REQUEST_tls },
	};
	struct buf b = BUF_INIT;
	struct jsonw w = JSONW_INIT(&b);

	jsonw_open(&w, '{');
	if (!sv_null(in->agent))
		jsonw_put_sv(&w, "agent", normalline_redact(l, in->agent));
	put_items(l, &w, r, items, countof(items));
	normalline_object(l, r, REQUEST_extra, &w);
}

/* Cedar writes heroku[router], Fir heroku-router. */
static bool
is_router(const struct envelope *env)
{
	return (sv_is(env->source, "heroku") && sv_is(env->dyno, "router")) ||
	    sv_is(env->source, "heroku-router");
}

/* The CLI makes one blank of several in router lines: do so for every shape, or
 * one event would have two contents. */
static sv
single_blanks(sv msg, struct arena *a)
{
	size_t n = 0;
	char *p;

	if (!sv_has(msg, SV("  ")))
		return msg;
	p = arena_str(a, msg);
	for (size_t i = 0; i < msg.n; i++)
		if (msg.p[i] != ' ' || i == 0 || msg.p[i - 1] != ' ')
			p[n++] = msg.p[i];
	return sv_of(p, n);
}

/* Of the form of today, which leaves little room for two blanks, or another. */
static bool
parse_router(struct normalline *l, struct router *in)
{
	if (likely(router_quick(l->msg, in)))
		return true;
	l->msg = single_blanks(l->msg, l->scratch);
	return router_parse(l->msg, in);
}

/* What there is to notice. */
static void
note_router(struct normalline *l, const struct router *in)
{
	note_count(l, in->connect, in->connect_ms);
	note_count(l, in->service, in->service_ms);
	note_count(l, in->status, router_status(in));
	note_count(l, in->bytes, in->bytes_number);
	if (in->flags & ROUTER_AMBIGUOUS)
		l->notes |= NOTE_BIT(NOTE_AMBIGUOUS);
}

/* What any form has, if not all of it in each line. */
static void
put_request(struct normalline *l, const struct router *in, struct rec *r)
{
	struct token tok;

	put_filled(r, REQUEST_method, in->method);
	if (put_path(l, r, REQUEST_path, REQUEST_path_decoded, in->path, &tok))
		put_token(r, &tok);
	rec_put_sv(r, REQUEST_host, in->host);
	put_filled(r, REQUEST_request_id, in->request_id);
	put_fwd(l, in, r);
	put_filled(r, REQUEST_dyno, in->dyno);
}

/* Of a usual line, whose numbers are good and which has nothing else. */
static void
put_usual(const struct router *in, struct rec *r)
{
	rec_put_sv(r, REQUEST_at, in->at);
	rec_put_i64(r, REQUEST_connect_ms, in->connect_ms);
	rec_put_i64(r, REQUEST_service_ms, in->service_ms);
	rec_put_i64(r, REQUEST_status, in->status_number);
	rec_put_i64(r, REQUEST_bytes, in->bytes_number);
	rec_put_sv(r, REQUEST_protocol, in->protocol);
	rec_put_i64(r, REQUEST_tls, true);
	rec_put_sv(r, REQUEST_tls_version, in->tls_version);
}

/* Of any other. */
static attr_apart void
put_others(struct normalline *l, const struct router *in, struct rec *r)
{
	note_router(l, in);
	put_filled(r, REQUEST_at, in->at);
	put_filled(r, REQUEST_code, in->code);
	put_filled(r, REQUEST_description, in->desc);
	put_filled(r, REQUEST_sock, in->sock);
	put_filled(r, REQUEST_cause, in->cause);
	put_count(r, REQUEST_connect_ms, in->connect_ms);
	put_count(r, REQUEST_service_ms, in->service_ms);
	put_count(r, REQUEST_status, router_status(in));
	put_count(r, REQUEST_bytes, in->bytes_number);
	put_filled(r, REQUEST_protocol, in->protocol);
	if (sv_is(in->tls, "true") || sv_is(in->tls, "false"))
		rec_put_i64(r, REQUEST_tls, sv_is(in->tls, "true"));
	put_filled(r, REQUEST_tls_version, in->tls_version);
	if (has_extra(l, in, r))
		put_extra(l, in, r);
}

/* Nobody will see the record: its notes are all that is asked for. */
static bool
note_unseen_router(struct normalline *l)
{
	attr_unset struct router in;

	if (likely(routerusual_is(l->msg)))
		return true;
	if (!parse_router(l, &in))
		return false;
	note_router(l, &in);
	return true;
}

static bool
read_router(struct normalline *l, struct rec *r)
{
	attr_unset struct router in;
	bool usual;

	rec_init(r, REC_REQUEST);
	if (l->n->unseen)
		return note_unseen_router(l);
	usual = routerusual_parse(l->msg, &in);
	if (unlikely(!usual) && !parse_router(l, &in))
		return false;
	put_request(l, &in, r);
	if (likely(usual))
		put_usual(&in, r);
	else
		put_others(l, &in, r);
	return true;
}

/* The numbers that are none. */
static void
put_bad_numbers(struct normalline *l, const struct accessline *in, struct rec *r)
{
	const struct extra items[] = {
		{ SV("peer_port"), in->port, ACCESS_peer_port },
		{ SV("status"), in->status, ACCESS_status },
		{ SV("bytes"), in->bytes, ACCESS_bytes },
	};
	struct buf b = BUF_INIT;
	struct jsonw w = JSONW_INIT(&b);

	jsonw_open(&w, '{');
	put_items(l, &w, r, items, countof(items));
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
	if (put_path(l, r, ACCESS_path, ACCESS_path_decoded,
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
	attr_unset struct sampleline text;
	attr_unset struct metric in;

	if (l->n->unseen && sampleline_is_known(l->msg)) {
		rec_init(r, REC_METRIC);
		return true;
	}
	if (!sampleline_parse(l->msg, l->scratch, &in, &text))
		return false;
	put_metric(l, &in, r);
	rec_put_sv(r, METRIC_samples, text.json);
	r->names = text.names;
	r->values = text.values;
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
	{ "router", is_router, read_router },
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

static sv
safe_origin(struct normalline *l, sv raw)
{
	sv origin;

	if (l->env->named && (raw.n < ODD_ORIGIN || l->n->unseen))
		return raw;
	origin = glance_odd(raw) ? clean(l, raw) : raw;
	return is_odd_origin(origin) ? normalline_redact(l, origin) : origin;
}

void
normal_line(const struct normal *n, const struct envelope *env,
    struct arena *scratch, struct rec *out)
{
	struct normalline l = { .n = n, .env = env, .scratch = scratch };
	size_t i;

	l.msg = env->odd ? clean(&l, env->message) : env->message;
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
