/* SPDX-License-Identifier: MIT */
#include "record/routerline.h"

#include "base/attr.h"
#include "parse/router.h"
#include "parse/routerusual.h"
#include "record/normalline.h"
#include "record/secretshape.h"

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
		rec_put_text(r, field, text);
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
		rec_put_text(r, REQUEST_fwd, in->fwd);
		if (ip_is_client(&ip, l->n->trusted, l->n->ntrusted))
			rec_put_client(r, &ip);
	} else if (!sv_null(in->fwd)) {
		extra = put_fwd_list(l, in->fwd, r);
	}
	rec_put_i64(r, REQUEST_flags, (int64_t)in->flags | (extra ? 2 : 0));
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

/* What has no column: keys of rare lines, and values that could not be read. */
static void
put_extra(struct normalline *l, const struct router *in, struct rec *r)
{
	const struct normalline_item items[] = {
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
	normalline_items(l, &w, r, items, countof(items));
	normalline_object(l, r, REQUEST_extra, &w);
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
	normalline_note_count(l, in->connect, in->connect_ms);
	normalline_note_count(l, in->service, in->service_ms);
	normalline_note_count(l, in->status, router_status(in));
	normalline_note_count(l, in->bytes, in->bytes_number);
	if (in->flags & ROUTER_AMBIGUOUS)
		l->notes |= NOTE_BIT(NOTE_AMBIGUOUS);
}

/* What any form has, if not all of it in each line. */
static attr_inline void
put_request(struct normalline *l, const struct router *in, struct rec *r)
{
	struct token tok;

	put_filled(r, REQUEST_method, in->method);
	if (normalline_path(l, r, REQUEST_path, REQUEST_path_decoded, in->path, &tok))
		put_token(r, &tok);
	rec_put_sv(r, REQUEST_host, in->host);
	put_filled(r, REQUEST_request_id, in->request_id);
	put_fwd(l, in, r);
	put_filled(r, REQUEST_dyno, in->dyno);
}

/* Of a usual line, whose numbers are good and which has nothing else. Only the last
 * digit of its tls_version differs. */
static void
put_usual(const struct router *in, struct rec *r)
{
	rec_put_text(r, REQUEST_at, in->at);
	rec_put_i64(r, REQUEST_connect_ms, in->connect_ms);
	rec_put_i64(r, REQUEST_service_ms, in->service_ms);
	rec_put_i64(r, REQUEST_status, in->status_number);
	rec_put_i64(r, REQUEST_bytes, in->bytes_number);
	rec_put_text(r, REQUEST_protocol, in->protocol);
	rec_put_i64(r, REQUEST_tls, true);
	rec_put_text(r, REQUEST_tls_version, in->tls_version);
	r->usual = (uint8_t)in->tls_version.p[in->tls_version.n - 1];
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
	normalline_put_count(r, REQUEST_connect_ms, in->connect_ms);
	normalline_put_count(r, REQUEST_service_ms, in->service_ms);
	normalline_put_count(r, REQUEST_status, router_status(in));
	normalline_put_count(r, REQUEST_bytes, in->bytes_number);
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
read_usual(struct normalline *l, struct rec *r)
{
	attr_unset struct router in;

	if (!routerusual_parse(l->msg, &in))
		return false;
	put_request(l, &in, r);
	put_usual(&in, r);
	return true;
}

static attr_apart bool
read_other(struct normalline *l, struct rec *r)
{
	attr_unset struct router in;

	if (!parse_router(l, &in))
		return false;
	put_request(l, &in, r);
	put_others(l, &in, r);
	return true;
}

bool
routerline_read(struct normalline *l, struct rec *r)
{
	rec_init(r, REC_REQUEST);
	if (l->n->unseen)
		return note_unseen_router(l);
	return likely(read_usual(l, r)) || read_other(l, r);
}
