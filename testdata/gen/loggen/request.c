/* SPDX-License-Identifier: MIT */
/* Lines of the router. */
#include "loggen.h"

#include "base/attr.h"

enum { TIMEOUT = 0, CRASH = 2 };
static const struct trouble troubles[] = {
	{ "H12", "Request timeout", 503 },
	{ "H18", "Server Request Interrupted", 503 },
	{ "H10", "App crashed", 503 },
	{ "H27", "Client Request Interrupted", 499 },
	{ "H13", "Connection closed without response", 503 },
};

static void
put_fault(struct buf *b, const struct trouble *t)
{
	if (t)
		buf_printf(b, "error code=%s desc=\"%s\"", t->code,
		    t->description);
	else
		buf_lit(b, "info");
}

static void
put_number(struct buf *b, const char *name, unsigned v)
{
	buf_str(b, name);
	buf_u64(b, v);
}

static void
put_request(struct gen *g, const struct request *r)
{
	struct buf *b = &g->out;

	put_time(b, r->at);
	buf_lit(b, "+00:00 heroku[router]: at=");
	put_fault(b, r->trouble);
	buf_lit(b, " method=");
	buf_str(b, r->method);
	buf_lit(b, " path=\"");
	put_path(b, r->page, r->id, r->session);
	buf_lit(b, "\" host=");
	buf_str(b, r->host);
	buf_lit(b, " request_id=");
	put_random_uuid(g);
	buf_lit(b, " fwd=\"");
	put_ip(b, r->client);
	if (r->proxy) {
		buf_byte(b, ',');
		put_ip(b, r->proxy);
	}
	buf_lit(b, "\" dyno=");
	if (r->trouble != &troubles[CRASH])
		put_number(b, "web.", r->dyno);
	put_number(b, " connect=", r->connect_ms);
	put_number(b, "ms service=", r->service_ms);
	put_number(b, "ms status=", r->status);
	put_number(b, " bytes=", r->bytes);
	buf_lit(b, " protocol=https tls=true tls_version=tls1.3\n");
}

void
request_line(struct gen *g, const struct request *r)
{
	bool refused = r->status >= 400 && r->status < 500;

	put_request(g, r);
	g->router++;
	g->by_status[r->status]++;
	g->status_4xx += refused;
	g->preview_4xx += refused && r->page == PREVIEW;
}

static uint64_t
draw_id(struct gen *g, enum page page)
{
	if (page == PREVIEW)
		return mix(below(g, 2000000));
	if (page != PRODUCT)
		return draw(g) >> 8;
	double u = 50000 * fraction(g);

	return (uint64_t)(u * fraction(g));
}

static unsigned
draw_status(struct gen *g, enum page page)
{
	static const struct choice statuses[] = { { 860, 200 }, { 900, 302 },
		{ 930, 304 }, { 965, 404 }, { 975, 401 }, { 980, 403 },
		{ 985, 422 }, { 988, 429 }, { 992, 500 }, { 1000, 201 } };
	unsigned status = CHOOSE(g, statuses);

	if (page == PREVIEW && below(g, 100) < 6)
		status = below(g, 2) ? 404 : 410;
	return status;
}

static const char *
draw_host(struct gen *g)
{
	if (below(g, 20) < 12)
		return "www.acme-shop.com";
	if (below(g, 8) < 5)
		return "api.acme-shop.com";
	return below(g, 3) < 2 ? "acme-shop.herokuapp.com"
			       : "admin.acme-shop.com";
}

static unsigned
draw_bytes(struct gen *g)
{
	double u = 4000 * fraction(g);

	return (unsigned)(200 + u / (fraction(g) + 0.05));
}

static void
draw_trouble(struct gen *g, struct request *r)
{
	r->trouble = &troubles[below(g, countof(troubles))];
	r->status = r->trouble->status;
	r->bytes = 0;
	if (r->trouble == &troubles[TIMEOUT])
		r->service_ms = 30000 + below(g, 3);
	if (r->trouble == &troubles[CRASH])
		r->service_ms = 0;
}

void
draw_request(struct gen *g, int64_t at, struct request *r)
{
	static const struct choice pages[] = { { 30, STATIC }, { 58, PRODUCT },
		{ 64, PREVIEW }, { 74, ORDER }, { 82, PROFILE }, { 92, SEARCH },
		{ 100, SESSION } };
	static const char *const method[] = { "GET", "POST", "PUT", "DELETE",
		"HEAD", "PATCH" };
	static const struct choice methods[] = { { 82, 0 }, { 94, 1 },
		{ 96, 2 }, { 97, 3 }, { 99, 4 }, { 100, 5 } };

	*r = (struct request){ .at = at };
	r->client = draw_client(g);
	r->session = below(g, SESSIONS);
	r->page = (enum page)CHOOSE(g, pages);
	r->id = draw_id(g, r->page);
	if (below(g, 100) < 12)
		r->proxy = UINT32_C(0xa29e0000) | below(g, 65536);
	r->status = draw_status(g, r->page);
	r->method = method[CHOOSE(g, methods)];
	r->connect_ms = below(g, 3);
	r->service_ms = (unsigned)(2 + 20 / (fraction(g) + 0.01));
	r->bytes = r->status == 304 ? 0 : draw_bytes(g);
	r->host = draw_host(g);
	r->dyno = 1 + below(g, 8);
	if (below(g, 1000) < 4)
		draw_trouble(g, r);
}
